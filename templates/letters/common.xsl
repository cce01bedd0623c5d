<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!--
  What all letters share: render job (urn:naskah:render-job:1) to XSL-FO 1.1.

  A layout (layout-letter.xsl, layout-memo.xsl, layout-directive.xsl) imports this file and gives the named template
  "opening": everything between the kop and the body.  Order of the pages: kop, opening, body,
  signatures, copies; then the list of addressees if it is an attachment, then the attachments.
  The words come from the profile, the choice of lines from the kind, the names from the job.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:fo="http://www.w3.org/1999/XSL/Format" xmlns:nf="urn:naskah:fo:1"
                xmlns:j="urn:naskah:render-job:1" xmlns:k="urn:naskah:kind:1"
                xmlns:l="urn:naskah:letter:1" xmlns:p="urn:naskah:profile:1"
                exclude-result-prefixes="j k l p">
  <xsl:import href="body.xsl"/>
  <xsl:import href="words.xsl"/>
  <xsl:output method="xml" encoding="UTF-8" indent="no"/>
  <xsl:strip-space elements="j:* k:* p:*"/>

  <xsl:variable name="job" select="/j:job"/>
  <xsl:variable name="letter" select="$job/l:letter"/>
  <xsl:variable name="profile" select="$job/p:profile"/>
  <xsl:variable name="kind" select="$job/k:kind"/>
  <xsl:variable name="draft" select="boolean($job/j:draft)"/>
  <xsl:variable name="grey">#808080</xsl:variable>
  <!-- Whether it is signed by hand: no field and no words of an electronic signature. -->
  <xsl:variable name="paper" select="$kind/@signature = 'paper'"/>

  <!-- What the profile says for this kind, or else for all. -->
  <xsl:variable name="mine" select="concat(' ', $kind/@id, ' ')"/>
  <xsl:variable name="own-page" select="$profile/p:page[contains(concat(' ', @kinds, ' '), $mine)]"/>
  <xsl:variable name="page" select="($own-page | $profile/p:page[not(@kinds) and not($own-page)])[1]"/>
  <xsl:variable name="own-text" select="$profile/p:text[contains(concat(' ', @kinds, ' '), $mine)]"/>
  <xsl:variable name="text" select="($own-text | $profile/p:text[not(@kinds) and not($own-text)])[1]"/>
  <xsl:variable name="own-rows" select="$profile/p:head/p:rows[contains(concat(' ', @kinds, ' '), $mine)]/p:row"/>
  <xsl:variable name="rows" select="$own-rows | $kind/k:head/k:row[not($own-rows)]"/>
  <xsl:variable name="names" select="$profile/p:signature/p:names[@family = $kind/@family]"/>
  <xsl:variable name="class" select="$profile/p:classes/p:class[@security = $letter/l:security]"/>

  <!-- Lengths in millimetres, as numbers. -->
  <xsl:variable name="paper-width">
    <xsl:choose><xsl:when test="$page/@paper = 'F4'">215</xsl:when><xsl:otherwise>210</xsl:otherwise></xsl:choose>
  </xsl:variable>
  <xsl:variable name="paper-height">
    <xsl:choose><xsl:when test="$page/@paper = 'F4'">330</xsl:when><xsl:otherwise>297</xsl:otherwise></xsl:choose>
  </xsl:variable>
  <xsl:variable name="bottom" select="number(substring-before($page/@bottom, 'mm'))"/>
  <xsl:variable name="left" select="number(substring-before($page/@left, 'mm'))"/>
  <xsl:variable name="right" select="number(substring-before($page/@right, 'mm'))"/>
  <xsl:variable name="width" select="$paper-width - $left - $right"/>

  <!-- Attachments that print: the list of addressees, then those of the letter. -->
  <xsl:variable name="list-attached" select="$letter/l:to/@list = 'attachment'"/>
  <xsl:variable name="n-attachments" select="count($letter/l:attachments/l:attachment) + $list-attached"/>

  <!-- ==== The whole ==== -->

  <xsl:template match="/j:job">
    <fo:root font-family="{$text/@font}" font-size="{$text/@size}" line-height="{$text/@line-height}"
             line-stacking-strategy="font-height" language="{$job/@language}" hyphenate="{$text/@hyphenate = 'yes'}">
      <xsl:call-template name="masters"/>
      <fo:page-sequence master-reference="letter">
        <xsl:call-template name="static"/>
        <fo:flow flow-name="body">
          <xsl:if test="$kind/k:letterhead/@print = 'yes'"><xsl:call-template name="letterhead"/></xsl:if>
          <xsl:call-template name="opening"/>
          <xsl:apply-templates select="$letter/l:body" mode="body"/>
          <xsl:call-template name="signatures"/>
          <xsl:call-template name="copies"/>
        </fo:flow>
      </fo:page-sequence>
      <xsl:if test="$list-attached">
        <xsl:call-template name="attachment">
          <xsl:with-param name="n" select="1"/>
          <xsl:with-param name="title" select="$profile/p:addressing/@list-title"/>
        </xsl:call-template>
      </xsl:if>
      <xsl:for-each select="$letter/l:attachments/l:attachment">
        <xsl:call-template name="attachment">
          <xsl:with-param name="n" select="position() + $list-attached"/>
          <xsl:with-param name="title" select="@title"/>
          <xsl:with-param name="content" select="."/>
        </xsl:call-template>
      </xsl:for-each>
    </fo:root>
  </xsl:template>

  <xsl:template name="masters">
    <fo:layout-master-set>
      <xsl:call-template name="master">
        <xsl:with-param name="name">first</xsl:with-param>
        <xsl:with-param name="top">
          <xsl:choose>
            <xsl:when test="$kind/k:letterhead/@print = 'yes'"><xsl:value-of select="$page/@first-top"/></xsl:when>
            <xsl:otherwise><xsl:value-of select="$page/@top"/></xsl:otherwise>
          </xsl:choose>
        </xsl:with-param>
      </xsl:call-template>
      <xsl:call-template name="master">
        <xsl:with-param name="name">rest</xsl:with-param>
        <xsl:with-param name="top" select="$page/@top"/>
      </xsl:call-template>
      <fo:page-sequence-master master-name="letter">
        <fo:repeatable-page-master-alternatives>
          <fo:conditional-page-master-reference master-reference="first" page-position="first"/>
          <fo:conditional-page-master-reference master-reference="rest" page-position="rest"/>
        </fo:repeatable-page-master-alternatives>
      </fo:page-sequence-master>
    </fo:layout-master-set>
  </xsl:template>

  <!-- A page: the head lies in the top margin, the foot in the bottom margin. -->
  <xsl:template name="master">
    <xsl:param name="name"/>
    <xsl:param name="top"/>
    <fo:simple-page-master master-name="{$name}" page-width="{$paper-width}mm" page-height="{$paper-height}mm"
                           margin-left="{$left}mm" margin-right="{$right}mm" margin-top="0mm" margin-bottom="9mm">
      <fo:region-body region-name="body" margin-top="{$top}" margin-bottom="{$bottom - 9}mm"/>
      <fo:region-before region-name="head-{$name}" extent="{$top}" display-align="before"/>
      <fo:region-after region-name="foot" extent="{$bottom - 11}mm" display-align="after"/>
    </fo:simple-page-master>
  </xsl:template>

  <!-- ==== Head and foot of the pages ==== -->

  <xsl:template name="static">
    <xsl:param name="first" select="true()"/>
    <xsl:if test="$first">
      <fo:static-content flow-name="head-first">
        <fo:block/>
        <xsl:call-template name="marks"><xsl:with-param name="before">4.5mm</xsl:with-param></xsl:call-template>
      </fo:static-content>
    </xsl:if>
    <fo:static-content flow-name="head-rest">
      <xsl:call-template name="marks"><xsl:with-param name="before">5mm</xsl:with-param></xsl:call-template>
      <fo:block text-align="{$profile/p:page-number/@align}">
        <xsl:attribute name="space-before">
          <xsl:choose><xsl:when test="$draft or $class/@mark = 'yes'">3mm</xsl:when><xsl:otherwise>13mm</xsl:otherwise></xsl:choose>
        </xsl:attribute>
        <xsl:attribute name="space-before.conditionality">retain</xsl:attribute>
        <xsl:value-of select="$profile/p:page-number/@before"/>
        <fo:page-number/>
        <xsl:value-of select="$profile/p:page-number/@after"/>
      </fo:block>
    </fo:static-content>
    <fo:static-content flow-name="foot">
      <fo:block/>
      <xsl:if test="$paper and not($draft)"><xsl:call-template name="paper-foot"/></xsl:if>
      <xsl:if test="$profile/p:statement and not($draft) and not($paper)">
        <fo:block border-top="0.5pt solid {$grey}" padding-top="1.2mm" font-size="7.5pt" line-height="1.2"
                  color="#404040" text-align="center">
          <xsl:value-of select="$profile/p:statement"/>
        </fo:block>
      </xsl:if>
      <xsl:if test="$class/@mark = 'yes'">
        <fo:block text-align="center" color="#c00000" font-weight="bold" font-size="10pt" space-before="1mm">
          <xsl:call-template name="capitals"><xsl:with-param name="text" select="$class/@print"/></xsl:call-template>
        </fo:block>
      </xsl:if>
    </fo:static-content>
  </xsl:template>

  <!-- On paper each page says what it belongs to, for the eye and for a scanner. -->
  <xsl:template name="paper-foot">
    <xsl:variable name="qr" select="$job/j:qr/@text"/>
    <fo:table table-layout="fixed" width="100%" role="Div">
      <xsl:if test="$qr"><fo:table-column column-width="15mm"/></xsl:if>
      <fo:table-column column-width="proportional-column-width(1)"/>
      <fo:table-body start-indent="0mm" role="Div">
        <fo:table-row role="Div">
          <xsl:if test="$qr">
            <fo:table-cell role="Div">
              <fo:block line-height="1" font-size="2pt" line-stacking-strategy="max-height">
                <fo:instream-foreign-object content-width="13mm" content-height="13mm" nf:alt="Kode QR: {$qr}"><nf:qr text="{$qr}"/></fo:instream-foreign-object>
              </fo:block>
            </fo:table-cell>
          </xsl:if>
          <fo:table-cell display-align="center" role="Div">
            <fo:block font-size="7.5pt" line-height="1.2" color="#404040" text-align="start">Nomor <xsl:call-template name="number"/></fo:block>
            <fo:block font-size="7.5pt" line-height="1.2" color="#404040" text-align="start"><xsl:value-of select="$qr"/></fo:block>
          </fo:table-cell>
        </fo:table-row>
      </fo:table-body>
    </fo:table>
  </xsl:template>

  <!-- KONSEP on drafts; the security class in red where it is marked. -->
  <xsl:template name="marks">
    <xsl:param name="before"/>
    <xsl:if test="$draft or $class/@mark = 'yes'">
      <fo:block space-before="{$before}" space-before.conditionality="retain" text-align="center"
                font-weight="bold" font-size="10pt" line-height="1.2">
        <xsl:if test="$class/@mark = 'yes'">
          <fo:inline color="#c00000">
            <xsl:call-template name="capitals"><xsl:with-param name="text" select="$class/@print"/></xsl:call-template>
          </fo:inline>
        </xsl:if>
        <xsl:if test="$draft and $class/@mark = 'yes'"><xsl:text> – </xsl:text></xsl:if>
        <xsl:if test="$draft"><fo:inline color="{$grey}">KONSEP</fo:inline></xsl:if>
      </fo:block>
    </xsl:if>
  </xsl:template>

  <!-- Kop.  The lines are centred on what the emblem leaves, as offices print it. -->
  <xsl:template name="letterhead">
    <xsl:variable name="kop" select="$profile/p:letterhead"/>
    <fo:block role="Div" padding-bottom="2mm" space-after="5mm"
              border-bottom="{$kop/p:rule/@thickness} {$kop/p:rule/@style} black">
      <fo:table table-layout="fixed" width="100%" role="Div">
        <xsl:if test="$kop/p:logo"><fo:table-column column-width="{number(substring-before($kop/p:logo/@width, 'mm')) + 4}mm"/></xsl:if>
        <fo:table-column column-width="proportional-column-width(1)"/>
        <fo:table-body role="Div">
          <fo:table-row role="Div">
            <xsl:for-each select="$kop/p:logo">
              <fo:table-cell display-align="center" role="Div">
                <fo:block line-height="1" font-size="2pt" line-stacking-strategy="max-height">
                  <fo:external-graphic src="url({@file})" content-width="{@width}" content-height="{@height}"
                                       nf:alt="{@alt}"/>
                </fo:block>
              </fo:table-cell>
            </xsl:for-each>
            <fo:table-cell display-align="center" role="Div">
              <xsl:apply-templates select="$kop/p:line | $kop/p:unit" mode="kop"/>
            </fo:table-cell>
          </fo:table-row>
        </fo:table-body>
      </fo:table>
    </fo:block>
  </xsl:template>

  <xsl:template match="p:line | p:unit" mode="kop">
    <xsl:variable name="words">
      <xsl:choose>
        <xsl:when test="self::p:unit"><xsl:value-of select="$job/j:issuer/@name"/></xsl:when>
        <xsl:otherwise><xsl:value-of select="."/></xsl:otherwise>
      </xsl:choose>
    </xsl:variable>
    <fo:block text-align="center" font-size="{@size}" line-height="1.25">
      <xsl:if test="@bold = 'yes'"><xsl:attribute name="font-weight">bold</xsl:attribute></xsl:if>
      <xsl:choose>
        <xsl:when test="@capitals = 'yes'">
          <xsl:call-template name="capitals"><xsl:with-param name="text" select="$words"/></xsl:call-template>
        </xsl:when>
        <xsl:otherwise><xsl:value-of select="$words"/></xsl:otherwise>
      </xsl:choose>
    </fo:block>
  </xsl:template>

  <!-- ==== Lines at the head ==== -->

  <!-- The value of a line; empty if the letter has none and the line is to be left out. -->
  <xsl:template name="field">
    <xsl:param name="field"/>
    <xsl:choose>
      <xsl:when test="$field = 'number'"><xsl:call-template name="number"/></xsl:when>
      <xsl:when test="$field = 'date'"><xsl:call-template name="date"/></xsl:when>
      <xsl:when test="$field = 'class'">
        <xsl:choose>
          <xsl:when test="$profile/p:head/@class-prints = 'urgency'">
            <xsl:value-of select="$profile/p:urgencies/p:class[@urgency = $letter/l:urgency]/@print"/>
          </xsl:when>
          <xsl:otherwise><xsl:value-of select="$class/@print"/></xsl:otherwise>
        </xsl:choose>
      </xsl:when>
      <xsl:when test="$field = 'attachments'"><xsl:call-template name="attachments-count"/></xsl:when>
      <xsl:when test="$field = 'subject'">
        <xsl:choose>
          <xsl:when test="normalize-space($letter/l:subject) != ''"><xsl:value-of select="normalize-space($letter/l:subject)"/></xsl:when>
          <xsl:otherwise><fo:inline color="{$grey}">[Hal]</fo:inline></xsl:otherwise>
        </xsl:choose>
      </xsl:when>
      <xsl:when test="$field = 'to'"><xsl:call-template name="addressees-cell"/></xsl:when>
      <xsl:when test="$field = 'from'">
        <xsl:for-each select="$job/j:signatory">
          <fo:block><xsl:apply-templates select="." mode="post-line"/></fo:block>
        </xsl:for-each>
      </xsl:when>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="number">
    <xsl:choose>
      <xsl:when test="normalize-space($letter/l:number) != ''"><xsl:value-of select="$letter/l:number"/></xsl:when>
      <xsl:otherwise><fo:inline color="{$grey}">[Nomor Naskah]</fo:inline></xsl:otherwise>
    </xsl:choose>
  </xsl:template>
  <xsl:template name="date">
    <xsl:choose>
      <xsl:when test="$job/j:printed-date"><xsl:call-template name="unbroken"><xsl:with-param name="text" select="$job/j:printed-date"/></xsl:call-template></xsl:when>
      <xsl:otherwise><fo:inline color="{$grey}">[Tanggal Naskah]</fo:inline></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- Whether a line has anything to say. -->
  <xsl:template name="has-field">
    <xsl:param name="field"/>
    <xsl:choose>
      <xsl:when test="$field = 'attachments' and $n-attachments = 0">no</xsl:when>
      <xsl:otherwise>yes</xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- Lampiran: "12 (dua belas) lembar".  Counts of one unit are added up; others stand side by
       side.  With a list of addressees, whose pages nobody counts, all is one bundle. -->
  <xsl:template name="attachments-count">
    <xsl:variable name="all" select="$letter/l:attachments/l:attachment[not($list-attached)]"/>
    <xsl:if test="$list-attached">
      <xsl:call-template name="count-words">
        <xsl:with-param name="n" select="1"/>
        <xsl:with-param name="style" select="$profile/p:head/@count"/>
      </xsl:call-template>
      <xsl:text> berkas</xsl:text>
    </xsl:if>
    <xsl:for-each select="$all[not(@unit = preceding-sibling::l:attachment/@unit)]">
      <xsl:if test="position() &gt; 1"><xsl:text>, </xsl:text></xsl:if>
      <xsl:call-template name="count-words">
        <xsl:with-param name="n" select="sum($all[@unit = current()/@unit]/@count)"/>
        <xsl:with-param name="style" select="$profile/p:head/@count"/>
      </xsl:call-template>
      <xsl:text> </xsl:text>
      <xsl:value-of select="@unit"/>
    </xsl:for-each>
  </xsl:template>

  <xsl:template name="label">
    <xsl:param name="field"/>
    <xsl:value-of select="$profile/p:head/p:label[@field = $field]"/>
  </xsl:template>

  <!-- ==== Addressees ==== -->

  <!-- One addressee: post, u.p. line, place. -->
  <xsl:template match="j:addressee" mode="lines">
    <fo:block><xsl:value-of select="@print"/></fo:block>
    <xsl:if test="@attention != ''"><fo:block><xsl:value-of select="@attention"/></fo:block></xsl:if>
    <xsl:if test="@place != ''"><fo:block><xsl:value-of select="@place"/></fo:block></xsl:if>
  </xsl:template>

  <!-- All of them, as a numbered list if there are several. -->
  <xsl:template name="addressees-cell">
    <xsl:choose>
      <xsl:when test="$list-attached"><fo:block><xsl:value-of select="$profile/p:addressing/@attached"/></fo:block></xsl:when>
      <xsl:when test="not($job/j:addressee)"><fo:block color="{$grey}">[Penerima]</fo:block></xsl:when>
      <xsl:when test="count($job/j:addressee) = 1"><xsl:apply-templates select="$job/j:addressee" mode="lines"/></xsl:when>
      <xsl:otherwise><xsl:call-template name="addressees-list"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="addressees-list">
    <xsl:param name="wide" select="count($job/j:addressee) &gt; 9"/>
    <fo:list-block provisional-label-separation="1.5mm">
      <xsl:attribute name="provisional-distance-between-starts">
        <xsl:choose><xsl:when test="$wide">8.5mm</xsl:when><xsl:otherwise>6.5mm</xsl:otherwise></xsl:choose>
      </xsl:attribute>
      <xsl:for-each select="$job/j:addressee">
        <fo:list-item keep-together.within-page="always">
          <fo:list-item-label end-indent="label-end()"><fo:block><xsl:value-of select="position()"/>.</fo:block></fo:list-item-label>
          <fo:list-item-body start-indent="body-start()"><xsl:apply-templates select="." mode="lines"/></fo:list-item-body>
        </fo:list-item>
      </xsl:for-each>
    </fo:list-block>
  </xsl:template>

  <!-- "Yth." with one post beside it, or with a numbered list below. -->
  <xsl:template name="addressees">
    <fo:block role="Div" space-before="14pt" space-after="14pt" text-align="start">
      <xsl:choose>
        <xsl:when test="$list-attached">
          <fo:block><xsl:value-of select="concat($profile/p:addressing/@lead, ' ', $profile/p:addressing/@attached)"/></fo:block>
        </xsl:when>
        <xsl:when test="count($job/j:addressee) &gt; 1">
          <fo:block keep-with-next.within-page="always"><xsl:value-of select="$profile/p:addressing/@lead"/></fo:block>
          <xsl:call-template name="addressees-list"/>
        </xsl:when>
        <xsl:otherwise>
          <fo:table table-layout="fixed" width="100%" role="Div">
            <fo:table-column column-width="9mm"/>
            <fo:table-column column-width="100mm"/>
            <fo:table-column column-width="proportional-column-width(1)"/>
            <fo:table-body start-indent="0mm" role="Div">
              <fo:table-row role="Div" keep-together.within-page="always">
                <fo:table-cell role="Div"><fo:block><xsl:value-of select="$profile/p:addressing/@lead"/></fo:block></fo:table-cell>
                <fo:table-cell role="Div"><xsl:call-template name="addressees-cell"/></fo:table-cell>
                <fo:table-cell role="Div"><fo:block/></fo:table-cell>
              </fo:table-row>
            </fo:table-body>
          </fo:table>
        </xsl:otherwise>
      </xsl:choose>
    </fo:block>
  </xsl:template>

  <!-- The attached list: number, addressee, place. -->
  <xsl:template name="addressees-table">
    <xsl:variable name="words" select="$profile/p:addressing"/>
    <xsl:variable name="places" select="boolean($job/j:addressee[@place != ''])"/>
    <fo:table table-layout="fixed" width="100%" border-collapse="collapse" line-height="1.2">
      <fo:table-column column-width="12mm"/>
      <fo:table-column column-width="proportional-column-width(3)"/>
      <xsl:if test="$places"><fo:table-column column-width="proportional-column-width(1)"/></xsl:if>
      <fo:table-header start-indent="0mm">
        <fo:table-row>
          <fo:table-cell border="0.5pt solid black" padding="1mm 1.5mm"><fo:block text-align="center" font-weight="bold"><xsl:value-of select="$words/@list-number"/></fo:block></fo:table-cell>
          <fo:table-cell border="0.5pt solid black" padding="1mm 1.5mm"><fo:block text-align="center" font-weight="bold"><xsl:value-of select="$words/@list-party"/></fo:block></fo:table-cell>
          <xsl:if test="$places"><fo:table-cell border="0.5pt solid black" padding="1mm 1.5mm"><fo:block text-align="center" font-weight="bold"><xsl:value-of select="$words/@list-place"/></fo:block></fo:table-cell></xsl:if>
        </fo:table-row>
      </fo:table-header>
      <fo:table-body start-indent="0mm">
        <xsl:for-each select="$job/j:addressee">
          <fo:table-row keep-together.within-page="always">
            <fo:table-cell border="0.5pt solid black" padding="1mm 1.5mm"><fo:block text-align="center"><xsl:value-of select="position()"/>.</fo:block></fo:table-cell>
            <fo:table-cell border="0.5pt solid black" padding="1mm 1.5mm">
              <fo:block text-align="start"><xsl:value-of select="@print"/></fo:block>
              <xsl:if test="@attention != ''"><fo:block text-align="start"><xsl:value-of select="@attention"/></fo:block></xsl:if>
            </fo:table-cell>
            <xsl:if test="$places"><fo:table-cell border="0.5pt solid black" padding="1mm 1.5mm"><fo:block text-align="start"><xsl:value-of select="@place"/></fo:block></fo:table-cell></xsl:if>
          </fo:table-row>
        </xsl:for-each>
      </fo:table-body>
    </fo:table>
  </xsl:template>

  <!-- ==== Signatures ==== -->

  <xsl:template name="signatures">
    <xsl:choose>
      <xsl:when test="not($job/j:signatory)">
        <fo:block space-before="14pt" start-indent="{$profile/p:signature/@start}" color="{$grey}">[Penanda tangan]</fo:block>
      </xsl:when>
      <xsl:when test="count($job/j:signatory) = 1">
        <xsl:variable name="start" select="number(substring-before($profile/p:signature/@start, 'mm'))"/>
        <fo:block role="Div" space-before="14pt" keep-together.within-page="always">
          <xsl:call-template name="enacting"><xsl:with-param name="start" select="$start"/></xsl:call-template>
          <xsl:apply-templates select="$job/j:signatory" mode="posts"><xsl:with-param name="start" select="$start"/></xsl:apply-templates>
          <xsl:apply-templates select="$job/j:signatory" mode="hand"><xsl:with-param name="start" select="$start"/></xsl:apply-templates>
        </fo:block>
      </xsl:when>
      <xsl:otherwise>
        <xsl:call-template name="signatures-beside"/>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- What stands above the post: nothing, unless the layout says otherwise. -->
  <xsl:template name="enacting">
    <xsl:param name="start"/>
  </xsl:template>

  <!-- Two or more: two in a row, the first at the left; posts above, so that the boxes are level. -->
  <xsl:template name="signatures-beside">
    <fo:table table-layout="fixed" width="100%" space-before="14pt" keep-together.within-page="always" role="Div">
      <fo:table-column column-width="proportional-column-width(1)"/>
      <fo:table-column column-width="proportional-column-width(1)"/>
      <fo:table-body start-indent="0mm" role="Div">
        <xsl:for-each select="$job/j:signatory[position() mod 2 = 1]">
          <xsl:variable name="beside" select="following-sibling::j:signatory[1]"/>
          <fo:table-row role="Div" keep-together.within-page="always" keep-with-next.within-page="always">
            <fo:table-cell role="Div" padding-right="3mm"><xsl:apply-templates select="." mode="posts"/></fo:table-cell>
            <fo:table-cell role="Div" padding-left="3mm"><xsl:if test="not($beside)"><fo:block/></xsl:if><xsl:apply-templates select="$beside" mode="posts"/></fo:table-cell>
          </fo:table-row>
          <fo:table-row role="Div" keep-together.within-page="always">
            <fo:table-cell role="Div" padding-right="3mm" padding-top="2mm" padding-bottom="3mm"><xsl:apply-templates select="." mode="hand"/></fo:table-cell>
            <fo:table-cell role="Div" padding-left="3mm" padding-top="2mm" padding-bottom="3mm"><xsl:if test="not($beside)"><fo:block/></xsl:if><xsl:apply-templates select="$beside" mode="hand"/></fo:table-cell>
          </fo:table-row>
        </xsl:for-each>
      </fo:table-body>
    </fo:table>
  </xsl:template>

  <!-- The post as one line, for "Dari": "Plt. Kepala Biro Umum". -->
  <xsl:template match="j:signatory" mode="post-line">
    <xsl:variable name="acting">
      <xsl:choose>
        <xsl:when test="@capacity = 'plt' or @capacity = 'plh'"><xsl:value-of select="@capacity"/></xsl:when>
        <xsl:otherwise><xsl:value-of select="@holding"/></xsl:otherwise>
      </xsl:choose>
    </xsl:variable>
    <xsl:variable name="lead" select="$profile/p:signature/p:capacity[@name = $acting]/@lead"/>
    <xsl:if test="$lead"><xsl:value-of select="$lead"/><xsl:text>&#160;</xsl:text></xsl:if>
    <xsl:value-of select="@position"/>
  </xsl:template>

  <!--
    The posts.  "a.n." hangs to the left, so that all posts and the name begin at the same place:

        Kepala Biro Umum,         a.n. Kepala Badan          a.n. Sekretaris Utama
                                       Sekretaris Utama,          Kepala Biro Umum
                                                                  u.b.
                                                                  Kepala Bagian Tata Usaha,

    @start is that place, in mm; beside another block there is no room to the left of it.
  -->
  <xsl:template match="j:signatory" mode="posts">
    <xsl:param name="start" select="0"/>
    <xsl:choose>
      <xsl:when test="@capacity = 'an' or @capacity = 'ub'">
        <fo:list-block provisional-distance-between-starts="9mm" provisional-label-separation="1mm" role="Div">
          <xsl:attribute name="start-indent">
            <xsl:choose><xsl:when test="$start &gt;= 9"><xsl:value-of select="$start - 9"/>mm</xsl:when><xsl:otherwise>0mm</xsl:otherwise></xsl:choose>
          </xsl:attribute>
          <fo:list-item role="Div">
            <fo:list-item-label end-indent="label-end()" role="Div">
              <fo:block><xsl:value-of select="$profile/p:signature/p:capacity[@name = 'an']/@lead"/></fo:block>
            </fo:list-item-label>
            <fo:list-item-body start-indent="body-start()" role="Div"><xsl:apply-templates select="." mode="delegated-posts"/></fo:list-item-body>
          </fo:list-item>
        </fo:list-block>
      </xsl:when>
      <xsl:otherwise>
        <fo:block start-indent="{$start}mm" text-align="start"><xsl:apply-templates select="." mode="post-line"/>,</fo:block>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="j:signatory" mode="delegated-posts">
    <fo:block text-align="start"><xsl:value-of select="@for"/><xsl:if test="$profile/p:signature/@mandator-comma = 'yes'">,</xsl:if></fo:block>
    <xsl:if test="@capacity = 'ub'">
      <fo:block text-align="start"><xsl:value-of select="@through"/></fo:block>
      <fo:block><xsl:value-of select="$profile/p:signature/p:capacity[@name = 'ub']/@lead"/></fo:block>
    </xsl:if>
    <fo:block text-align="start"><xsl:apply-templates select="." mode="post-line"/>,</fo:block>
  </xsl:template>

  <!-- Below the post: room or box for the signature, name, rank, NIP. -->
  <xsl:template match="j:signatory" mode="hand">
    <xsl:param name="start" select="0"/>
    <xsl:choose>
      <xsl:when test="(@capacity = 'an' or @capacity = 'ub') and $start &lt; 9">
        <xsl:apply-templates select="." mode="hand-at"><xsl:with-param name="start" select="9"/></xsl:apply-templates>
      </xsl:when>
      <xsl:otherwise><xsl:apply-templates select="." mode="hand-at"><xsl:with-param name="start" select="$start"/></xsl:apply-templates></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="j:signatory" mode="hand-at">
    <xsl:param name="start"/>
    <xsl:choose>
      <xsl:when test="$paper and not($draft)"><fo:block start-indent="{$start}mm" space-before="25mm" space-before.conditionality="retain"/></xsl:when>
      <xsl:when test="$draft"><fo:block start-indent="{$start}mm" space-before="9mm" space-after="9mm" color="{$grey}">[Tanda tangan]</fo:block></xsl:when>
      <xsl:otherwise><xsl:apply-templates select="." mode="box"><xsl:with-param name="start" select="$start"/></xsl:apply-templates></xsl:otherwise>
    </xsl:choose>
    <fo:block start-indent="{$start}mm" text-align="start">
      <xsl:choose>
        <xsl:when test="@person = ''"><fo:inline color="{$grey}">[Nama]</fo:inline></xsl:when>
        <xsl:when test="$names/@titles = 'yes'"><xsl:value-of select="@person"/></xsl:when>
        <xsl:otherwise><xsl:value-of select="@plain-name"/></xsl:otherwise>
      </xsl:choose>
    </fo:block>
    <xsl:if test="$names/@rank = 'yes' and @rank != ''"><fo:block start-indent="{$start}mm"><xsl:value-of select="@rank"/></fo:block></xsl:if>
    <xsl:if test="$names/@nip = 'yes' and @nip != ''"><fo:block start-indent="{$start}mm">NIP <xsl:value-of select="@nip"/></fo:block></xsl:if>
  </xsl:template>

  <!-- The box of an electronic signature: QR code, words, and the field itself. -->
  <xsl:template match="j:signatory" mode="box">
    <xsl:param name="start"/>
    <xsl:variable name="qr" select="$job/j:qr/@text"/>
    <fo:table start-indent="{$start}mm" table-layout="fixed" space-before="2mm" space-after="2mm" role="Div" width="68mm">
      <xsl:if test="$qr"><fo:table-column column-width="21mm"/></xsl:if>
      <fo:table-column column-width="47mm"/>
      <fo:table-body start-indent="0mm" role="Div">
        <fo:table-row role="Div">
          <xsl:if test="$qr">
            <fo:table-cell role="Div">
              <fo:block line-height="1" font-size="2pt" line-stacking-strategy="max-height">
                <fo:instream-foreign-object content-width="20mm" content-height="20mm" nf:alt="Kode QR: {$qr}"><nf:qr text="{$qr}"/></fo:instream-foreign-object>
              </fo:block>
            </fo:table-cell>
          </xsl:if>
          <fo:table-cell display-align="before" role="Div">
            <fo:block font-size="7pt" line-height="1.2" color="#404040" text-align="start"><xsl:value-of select="$profile/p:signature/p:mark"/></fo:block>
            <fo:block line-height="1" font-size="2pt" line-stacking-strategy="max-height">
              <fo:instream-foreign-object content-width="47mm" content-height="16mm">
                <nf:signature-field name="{@field}" tooltip="Tanda tangan elektronik {@position}"/>
              </fo:instream-foreign-object>
            </fo:block>
          </fo:table-cell>
        </fo:table-row>
      </fo:table-body>
    </fo:table>
  </xsl:template>

  <!-- ==== Copies ==== -->

  <xsl:template name="copies"><xsl:call-template name="plain-copies"/></xsl:template>

  <xsl:template name="plain-copies">
    <xsl:if test="$job/j:copy">
      <fo:block role="Div" space-before="12pt" keep-together.within-page="always" keep-with-previous.within-page="5" font-size="0.95em">
        <fo:block keep-with-next.within-page="always"><xsl:value-of select="$profile/p:copies/@label"/></fo:block>
        <xsl:choose>
          <xsl:when test="count($job/j:copy) = 1"><xsl:apply-templates select="$job/j:copy" mode="line"/></xsl:when>
          <xsl:otherwise>
            <fo:list-block provisional-distance-between-starts="6.5mm" provisional-label-separation="1.5mm">
              <xsl:for-each select="$job/j:copy">
                <fo:list-item>
                  <fo:list-item-label end-indent="label-end()"><fo:block><xsl:value-of select="position()"/>.</fo:block></fo:list-item-label>
                  <fo:list-item-body start-indent="body-start()"><xsl:apply-templates select="." mode="line"/></fo:list-item-body>
                </fo:list-item>
              </xsl:for-each>
            </fo:list-block>
          </xsl:otherwise>
        </xsl:choose>
      </fo:block>
    </xsl:if>
  </xsl:template>

  <xsl:template match="j:copy" mode="line">
    <fo:block text-align="start">
      <xsl:value-of select="@print"/>
      <xsl:if test="@note != ''"> (<xsl:value-of select="@note"/>)</xsl:if>
    </fo:block>
  </xsl:template>

  <!-- ==== Attachments ==== -->

  <!-- A page of its own; page numbers go on.  Without @content it is the list of addressees. -->
  <xsl:template name="attachment">
    <xsl:param name="n"/>
    <xsl:param name="title"/>
    <xsl:param name="content" select="/.."/>
    <fo:page-sequence master-reference="rest">
      <xsl:call-template name="static"><xsl:with-param name="first" select="false()"/></xsl:call-template>
      <fo:flow flow-name="body">
        <xsl:call-template name="attachment-head"><xsl:with-param name="n" select="$n"/></xsl:call-template>
        <fo:block role="H2" text-align="center" font-weight="bold" space-before="12pt" space-after="12pt"
                  keep-with-next.within-page="always">
          <xsl:call-template name="capitals"><xsl:with-param name="text" select="$title"/></xsl:call-template>
        </fo:block>
        <xsl:choose>
          <xsl:when test="not($content)"><xsl:call-template name="addressees-table"/></xsl:when>
          <xsl:when test="$content/l:file"><xsl:apply-templates select="$content/l:file" mode="body"/></xsl:when>
          <xsl:otherwise><xsl:apply-templates select="$content" mode="body"/></xsl:otherwise>
        </xsl:choose>
      </fo:flow>
    </fo:page-sequence>
  </xsl:template>

  <!-- At the upper right: Lampiran II, and the number and date of the letter. -->
  <xsl:template name="attachment-head">
    <xsl:param name="n"/>
    <fo:table table-layout="fixed" width="{$width - 85}mm" start-indent="85mm" role="Div">
      <fo:table-column column-width="17mm"/>
      <fo:table-column column-width="4mm"/>
      <fo:table-column column-width="proportional-column-width(1)"/>
      <fo:table-body start-indent="0mm" role="Div">
        <fo:table-row role="Div">
          <fo:table-cell number-columns-spanned="3" role="Div">
            <fo:block>
              <xsl:value-of select="$profile/p:attachment/@label"/>
              <xsl:if test="$n-attachments &gt; 1"><xsl:text> </xsl:text><xsl:number value="$n" format="I"/></xsl:if>
            </fo:block>
          </fo:table-cell>
        </fo:table-row>
        <xsl:call-template name="line"><xsl:with-param name="label"><xsl:call-template name="label"><xsl:with-param name="field">number</xsl:with-param></xsl:call-template></xsl:with-param><xsl:with-param name="value"><xsl:call-template name="number"/></xsl:with-param></xsl:call-template>
        <xsl:call-template name="line"><xsl:with-param name="label"><xsl:call-template name="label"><xsl:with-param name="field">date</xsl:with-param></xsl:call-template></xsl:with-param><xsl:with-param name="value"><xsl:call-template name="date"/></xsl:with-param></xsl:call-template>
      </fo:table-body>
    </fo:table>
  </xsl:template>

  <!-- Label, colon, value: one row of a three-column table. -->
  <xsl:template name="line">
    <xsl:param name="label"/>
    <xsl:param name="value"/>
    <fo:table-row role="Div" keep-together.within-page="always">
      <fo:table-cell role="Div"><fo:block text-align="start"><xsl:copy-of select="$label"/></fo:block></fo:table-cell>
      <fo:table-cell role="Div"><fo:block>:</fo:block></fo:table-cell>
      <fo:table-cell role="Div"><fo:block text-align="start"><xsl:copy-of select="$value"/></fo:block></fo:table-cell>
    </fo:table-row>
  </xsl:template>
</xsl:stylesheet>
