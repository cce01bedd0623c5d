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
  <xsl:import href="pages.xsl"/>
  <xsl:import href="distribution.xsl"/>
  <xsl:output method="xml" encoding="UTF-8" indent="no"/>
  <xsl:strip-space elements="j:* k:* p:*"/>

  <xsl:variable name="job" select="/j:job"/>
  <xsl:variable name="letter" select="$job/l:letter"/>
  <xsl:variable name="profile" select="$job/p:profile"/>
  <xsl:variable name="kind" select="$job/k:kind"/>
  <xsl:variable name="draft" select="boolean($job/j:draft)"/>
  <xsl:variable name="grey">#808080</xsl:variable>
  <!-- Which copy it is. -->
  <xsl:variable name="copy"><xsl:choose><xsl:when test="$job/j:print"><xsl:value-of select="$job/j:print/@n"/></xsl:when><xsl:otherwise>1</xsl:otherwise></xsl:choose></xsl:variable>
  <!-- Whether it is signed by hand: no field and no words of an electronic signature. -->
  <xsl:variable name="paper" select="$kind/@signature = 'paper'"/>

  <!-- The job's profile is what it says for this letter: one element of each name, no attribute absent
       that has a value of its own then. -->
  <xsl:variable name="page" select="$profile/p:page"/>
  <xsl:variable name="text" select="$profile/p:text"/>
  <xsl:variable name="own-rows" select="$profile/p:head/p:rows/p:row"/>
  <xsl:variable name="rows" select="$own-rows | $kind/k:head/k:row[not($own-rows)]"/>
  <xsl:variable name="class" select="$profile/p:classes/p:class[@security = $letter/l:security]"/>
  <xsl:variable name="spacing" select="$profile/p:spacing"/>
  <xsl:variable name="addressing" select="$profile/p:addressing"/>
  <xsl:variable name="mark" select="$profile/p:signature/p:mark"/>
  <!-- Whether the field of a signature is to have room for what its certificate says, instead of the words
       of the mark; a printed copy is not signed and has the words. -->
  <xsl:variable name="certified" select="$mark/@appearance = 'certificate'"/>
  <xsl:variable name="worded" select="not($certified) or boolean($job/j:print)"/>
  <xsl:variable name="centred" select="$profile/p:signature/@align = 'center'"/>
  <xsl:variable name="signature-align"><xsl:choose><xsl:when test="$centred">center</xsl:when><xsl:otherwise>start</xsl:otherwise></xsl:choose></xsl:variable>

  <!-- Lengths in millimetres, as numbers. -->
  <xsl:variable name="paper-width">
    <xsl:choose><xsl:when test="$page/@paper = 'F4'">215</xsl:when><xsl:when test="$page/@paper = 'A5'">148</xsl:when><xsl:otherwise>210</xsl:otherwise></xsl:choose>
  </xsl:variable>
  <xsl:variable name="paper-height">
    <xsl:choose><xsl:when test="starts-with($page/@paper, 'F4')">330</xsl:when><xsl:when test="$page/@paper = 'A5'">210</xsl:when><xsl:otherwise>297</xsl:otherwise></xsl:choose>
  </xsl:variable>
  <xsl:variable name="bottom" select="number(substring-before($page/@bottom, 'mm'))"/>
  <xsl:variable name="left" select="number(substring-before($page/@left, 'mm'))"/>
  <xsl:variable name="right" select="number(substring-before($page/@right, 'mm'))"/>
  <xsl:variable name="width" select="$paper-width - $left - $right"/>

  <!-- Attachments that print: the list of addressees, then those of the letter. -->
  <xsl:variable name="list-attached" select="$letter/l:to/@list = 'attachment' and not($job/j:print/@alone = 'yes')"/>
  <xsl:variable name="n-attachments" select="count($letter/l:attachments/l:attachment[not($uploaded and position() = 1)]) + $list-attached"/>

  <!-- ==== The whole ==== -->

  <xsl:template match="/j:job">
    <fo:root line-height-shift-adjustment="disregard-shifts" font-family="{$text/@font}" font-size="{$text/@size}" line-height="{$text/@line-height}"
             line-stacking-strategy="font-height" language="{$job/@language}" hyphenate="{$text/@hyphenate = 'yes'}">
      <xsl:call-template name="masters"/>
      <xsl:call-template name="bookmarks"/>
      <xsl:call-template name="main-pages"/>
      <xsl:if test="$list-attached">
        <xsl:call-template name="attachment">
          <xsl:with-param name="n" select="1"/>
          <xsl:with-param name="title" select="$addressing/@list-title"/>
        </xsl:call-template>
      </xsl:if>
      <xsl:for-each select="$letter/l:attachments/l:attachment[not($uploaded and position() = 1)]">
        <xsl:call-template name="attachment">
          <xsl:with-param name="n" select="position() + $list-attached"/>
          <xsl:with-param name="title" select="@title"/>
          <xsl:with-param name="content" select="."/>
        </xsl:call-template>
      </xsl:for-each>
      <xsl:if test="$receivers"><xsl:call-template name="distribution"/></xsl:if>
    </fo:root>
  </xsl:template>

  <!-- Bookmarks, where there is more than one thing to go to and the pages are many. -->
  <xsl:template name="bookmarks">
    <xsl:if test="$n-attachments &gt; 0 or $receivers or count($letter/l:body/l:section) &gt; 1">
      <fo:bookmark-tree nf:min-pages="4">
        <fo:bookmark internal-destination="letter">
          <fo:bookmark-title>
            <xsl:choose>
              <xsl:when test="normalize-space($kind/k:title) != ''"><xsl:call-template name="title-words"/></xsl:when>
              <xsl:otherwise><xsl:value-of select="normalize-space($letter/l:subject)"/></xsl:otherwise>
            </xsl:choose>
          </fo:bookmark-title>
          <xsl:apply-templates select="$letter/l:body/l:section" mode="bookmark"/>
        </fo:bookmark>
        <xsl:if test="$list-attached">
          <xsl:call-template name="attachment-bookmark">
            <xsl:with-param name="n" select="1"/>
            <xsl:with-param name="title" select="$addressing/@list-title"/>
          </xsl:call-template>
        </xsl:if>
        <xsl:for-each select="$letter/l:attachments/l:attachment[not($uploaded and position() = 1)]">
          <xsl:call-template name="attachment-bookmark">
            <xsl:with-param name="n" select="position() + $list-attached"/>
            <xsl:with-param name="title" select="@title"/>
          </xsl:call-template>
        </xsl:for-each>
        <xsl:if test="$receivers">
          <fo:bookmark internal-destination="distribution"><fo:bookmark-title><xsl:value-of select="$distribution/@title"/></fo:bookmark-title></fo:bookmark>
        </xsl:if>
      </fo:bookmark-tree>
    </xsl:if>
  </xsl:template>

  <xsl:template name="attachment-bookmark">
    <xsl:param name="n"/>
    <xsl:param name="title"/>
    <fo:bookmark internal-destination="attachment-{$n}" starting-state="hide">
      <fo:bookmark-title><xsl:call-template name="attachment-name"><xsl:with-param name="n" select="$n"/></xsl:call-template>: <xsl:value-of select="$title"/></fo:bookmark-title>
      <xsl:apply-templates select="self::l:attachment/l:section" mode="bookmark"/>
    </fo:bookmark>
  </xsl:template>

  <!-- The letter itself: composed by us, unless a layout says otherwise. -->
  <xsl:template name="main-pages"><xsl:call-template name="composed-pages"/></xsl:template>

  <xsl:template name="composed-pages">
    <fo:page-sequence master-reference="letter" id="letter">
      <xsl:call-template name="static"/>
      <fo:flow flow-name="body">
        <xsl:if test="$kind/k:letterhead/@print = 'yes'"><xsl:call-template name="letterhead"/></xsl:if>
        <xsl:call-template name="opening"/>
        <xsl:apply-templates select="$letter/l:body" mode="body"/>
        <xsl:call-template name="signatures"/>
        <xsl:call-template name="parafs"/>
        <xsl:call-template name="copies"/>
      </fo:flow>
    </fo:page-sequence>
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
      <xsl:apply-templates select="$job/j:page" mode="master"/>
    </fo:layout-master-set>
  </xsl:template>

  <!-- A page: the head lies in the top margin, the foot in the bottom margin. -->
  <xsl:template name="master">
    <xsl:param name="name"/>
    <xsl:param name="top"/>
    <xsl:variable name="foot">
      <xsl:choose><xsl:when test="$name = 'rest' and $profile/p:page-number/@place = 'bottom'">foot-rest</xsl:when><xsl:otherwise>foot</xsl:otherwise></xsl:choose>
    </xsl:variable>
    <fo:simple-page-master master-name="{$name}" page-width="{$paper-width}mm" page-height="{$paper-height}mm"
                           margin-left="{$left}mm" margin-right="{$right}mm" margin-top="0mm" margin-bottom="9mm">
      <fo:region-body region-name="body" margin-top="{$top}" margin-bottom="{$bottom - 9}mm"/>
      <fo:region-before region-name="head-{$name}" extent="{$top}" display-align="before"/>
      <fo:region-after region-name="{$foot}" extent="{$bottom - 11}mm" display-align="after"/>
    </fo:simple-page-master>
  </xsl:template>

  <!-- ==== Head and foot of the pages ==== -->

  <xsl:template name="static">
    <xsl:param name="first" select="true()"/>
    <xsl:variable name="number" select="$profile/p:page-number"/>
    <xsl:if test="$first">
      <fo:static-content flow-name="head-first">
        <fo:block/>
        <xsl:call-template name="marks"><xsl:with-param name="before">3.5mm</xsl:with-param></xsl:call-template>
        <xsl:call-template name="copy-number"/>
      </fo:static-content>
    </xsl:if>
    <fo:static-content flow-name="head-rest">
      <xsl:call-template name="marks"><xsl:with-param name="before">5mm</xsl:with-param></xsl:call-template>
      <xsl:if test="$number/@place = 'top'">
        <xsl:call-template name="page-number">
          <xsl:with-param name="before">
            <xsl:choose><xsl:when test="$draft or $class/@mark = 'yes'">3mm</xsl:when><xsl:otherwise>13mm</xsl:otherwise></xsl:choose>
          </xsl:with-param>
        </xsl:call-template>
      </xsl:if>
      <xsl:if test="$number/@place = 'bottom'"><fo:block/></xsl:if>
    </fo:static-content>
    <xsl:if test="$first or $number/@place = 'top'">
      <fo:static-content flow-name="foot"><xsl:call-template name="foot"/></fo:static-content>
    </xsl:if>
    <xsl:if test="$number/@place = 'bottom'">
      <fo:static-content flow-name="foot-rest">
        <xsl:call-template name="page-number"><xsl:with-param name="before">0mm</xsl:with-param></xsl:call-template>
        <xsl:call-template name="foot"/>
      </fo:static-content>
    </xsl:if>
  </xsl:template>

  <xsl:template name="page-number">
    <xsl:param name="before"/>
    <xsl:for-each select="$profile/p:page-number">
      <fo:block text-align="{@align}" space-before="{$before}" space-before.conditionality="retain">
        <xsl:if test="@size"><xsl:attribute name="font-size"><xsl:value-of select="@size"/></xsl:attribute></xsl:if>
        <xsl:value-of select="@before"/>
        <fo:page-number/>
        <xsl:value-of select="@after"/>
      </fo:block>
    </xsl:for-each>
  </xsl:template>

  <xsl:template name="foot">
    <fo:block/>
    <xsl:if test="$profile/p:catch-word/@print = 'yes'"><fo:block text-align="end"><nf:next-word/></fo:block></xsl:if>
    <xsl:if test="$paper and not($draft)"><xsl:call-template name="paper-foot"/></xsl:if>
    <xsl:if test="$profile/p:statement and not($draft) and not($paper)"><xsl:call-template name="statement"/></xsl:if>
    <xsl:if test="$class/@mark = 'yes'">
      <fo:block text-align="center" color="#c00000" font-weight="bold" font-size="10pt" space-before="1mm">
        <xsl:call-template name="capitals"><xsl:with-param name="text" select="$class/@print"/></xsl:call-template>
      </fo:block>
    </xsl:if>
  </xsl:template>

  <!-- The statement of electronic signature, with the QR code beside it where the profile wants it. -->
  <xsl:template name="statement">
    <xsl:variable name="qr" select="$job/j:qr/@text"/>
    <xsl:choose>
      <xsl:when test="$profile/p:statement/@qr = 'yes' and $qr">
        <fo:table table-layout="fixed" width="100%" role="Div" border-top="0.5pt solid {$grey}" padding-top="1mm">
          <fo:table-column column-width="14mm"/>
          <fo:table-column column-width="proportional-column-width(1)"/>
          <fo:table-body start-indent="0mm" role="Div">
            <fo:table-row role="Div">
              <fo:table-cell role="Div"><xsl:call-template name="qr"><xsl:with-param name="size">12mm</xsl:with-param></xsl:call-template></fo:table-cell>
              <fo:table-cell display-align="center" role="Div">
                <fo:block font-size="7.5pt" line-height="1.2" color="#404040" text-align="start"><xsl:value-of select="$profile/p:statement"/></fo:block>
              </fo:table-cell>
            </fo:table-row>
          </fo:table-body>
        </fo:table>
      </xsl:when>
      <xsl:otherwise>
        <fo:block border-top="0.5pt solid {$grey}" padding-top="1.2mm" font-size="7.5pt" line-height="1.2"
                  color="#404040" text-align="center">
          <xsl:value-of select="$profile/p:statement"/>
        </fo:block>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="qr">
    <xsl:param name="size"/>
    <xsl:variable name="qr" select="$job/j:qr/@text"/>
    <fo:block line-height="1" font-size="2pt" line-stacking-strategy="max-height">
      <fo:instream-foreign-object content-width="{$size}" content-height="{$size}" nf:alt="Kode QR: {$qr}"><nf:qr text="{$qr}"/></fo:instream-foreign-object>
    </fo:block>
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

  <!-- Kop: emblem, lines, rule. -->
  <xsl:template name="letterhead">
    <xsl:variable name="kop" select="$profile/p:letterhead"/>
    <xsl:choose>
      <xsl:when test="$kop/p:rule/@style = 'thick-thin'">
        <fo:block role="Div" padding-bottom="0.7mm" space-after="{$kop/@after}" border-bottom="0.6pt solid black">
          <fo:block role="Div" padding-bottom="2mm" border-bottom="{$kop/p:rule/@thickness} solid black"><xsl:call-template name="kop"/></fo:block>
        </fo:block>
      </xsl:when>
      <xsl:otherwise>
        <fo:block role="Div" space-after="{$kop/@after}">
          <xsl:if test="$kop/p:rule">
            <xsl:attribute name="padding-bottom">2mm</xsl:attribute>
            <xsl:attribute name="border-bottom"><xsl:value-of select="concat($kop/p:rule/@thickness, ' ', $kop/p:rule/@style, ' black')"/></xsl:attribute>
          </xsl:if>
          <xsl:call-template name="kop"/>
        </fo:block>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="kop">
    <xsl:variable name="kop" select="$profile/p:letterhead"/>
    <xsl:variable name="logo" select="$kop/p:logo"/>
    <xsl:variable name="lines" select="$kop/p:line | $kop/p:post | $kop/p:unit"/>
    <xsl:choose>
      <xsl:when test="not($logo) or $logo/@place = 'above'">
        <xsl:for-each select="$logo">
          <fo:block text-align="center" line-height="1" font-size="2pt" line-stacking-strategy="max-height" space-after="1.5mm"><xsl:call-template name="emblem"/></fo:block>
        </xsl:for-each>
        <xsl:apply-templates select="$lines" mode="kop"/>
      </xsl:when>
      <xsl:otherwise>
        <xsl:variable name="beside" select="concat(number(substring-before($logo/@width, 'mm')) + 4, 'mm')"/>
        <xsl:variable name="both" select="$kop/@center-on = 'width'"/>
        <fo:table table-layout="fixed" width="100%" role="Div">
          <xsl:if test="$both or $logo/@place = 'left'"><fo:table-column column-width="{$beside}"/></xsl:if>
          <fo:table-column column-width="proportional-column-width(1)"/>
          <xsl:if test="$both or $logo/@place = 'right'"><fo:table-column column-width="{$beside}"/></xsl:if>
          <fo:table-body role="Div">
            <fo:table-row role="Div">
              <xsl:if test="$logo/@place = 'left'"><xsl:call-template name="kop-emblem"/></xsl:if>
              <xsl:if test="$logo/@place = 'right' and $both"><fo:table-cell role="Div"><fo:block/></fo:table-cell></xsl:if>
              <fo:table-cell display-align="center" role="Div"><xsl:apply-templates select="$lines" mode="kop"/></fo:table-cell>
              <xsl:if test="$logo/@place = 'right'"><xsl:call-template name="kop-emblem"/></xsl:if>
              <xsl:if test="$logo/@place = 'left' and $both"><fo:table-cell role="Div"><fo:block/></fo:table-cell></xsl:if>
            </fo:table-row>
          </fo:table-body>
        </fo:table>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="kop-emblem">
    <xsl:for-each select="$profile/p:letterhead/p:logo">
      <fo:table-cell display-align="center" role="Div">
        <fo:block line-height="1" font-size="2pt" line-stacking-strategy="max-height">
          <xsl:if test="@place = 'right'"><xsl:attribute name="text-align">end</xsl:attribute></xsl:if>
          <xsl:call-template name="emblem"/>
        </fo:block>
      </fo:table-cell>
    </xsl:for-each>
  </xsl:template>

  <xsl:template name="emblem">
    <fo:external-graphic src="url({@file})" content-width="{@width}" content-height="{@height}" nf:alt="{@alt}"/>
  </xsl:template>

  <!-- A unit whose name a line of the kop has already is not said again. -->
  <xsl:template match="p:line | p:unit | p:post" mode="kop">
    <xsl:variable name="words">
      <xsl:choose>
        <xsl:when test="self::p:unit"><xsl:value-of select="$job/j:issuer/@name"/></xsl:when>
        <xsl:when test="self::p:post"><xsl:value-of select="$job/j:signatory[1]/@position"/></xsl:when>
        <xsl:otherwise><xsl:value-of select="."/></xsl:otherwise>
      </xsl:choose>
    </xsl:variable>
    <xsl:variable name="capitals"><xsl:call-template name="capitals"><xsl:with-param name="text" select="$words"/></xsl:call-template></xsl:variable>
    <xsl:if test="not(self::p:unit and (../p:line = $words or ../p:line = string($capitals)))">
      <fo:block text-align="center" font-size="{@size}" line-height="1.25">
        <xsl:if test="../@font"><xsl:attribute name="font-family"><xsl:value-of select="../@font"/></xsl:attribute></xsl:if>
        <xsl:if test="@bold = 'yes'"><xsl:attribute name="font-weight">bold</xsl:attribute></xsl:if>
        <xsl:choose>
          <xsl:when test="@capitals = 'yes'"><xsl:value-of select="$capitals"/></xsl:when>
          <xsl:otherwise><xsl:value-of select="$words"/></xsl:otherwise>
        </xsl:choose>
      </fo:block>
    </xsl:if>
  </xsl:template>

  <!-- ==== Lines at the head ==== -->

  <!-- The value of a line; empty if the letter has none and the line is to be left out. -->
  <xsl:template name="field">
    <xsl:param name="field"/>
    <xsl:choose>
      <xsl:when test="$field = 'number'"><xsl:call-template name="number"/></xsl:when>
      <xsl:when test="$field = 'date'"><xsl:call-template name="date"/></xsl:when>
      <xsl:when test="$field = 'class'">
        <xsl:variable name="what" select="$profile/p:head/@class-prints"/>
        <xsl:if test="$what != 'urgency'"><xsl:value-of select="$class/@print"/></xsl:if>
        <xsl:if test="$what = 'both'">/</xsl:if>
        <xsl:if test="$what != 'security'"><xsl:value-of select="$profile/p:urgencies/p:class[@urgency = $letter/l:urgency]/@print"/></xsl:if>
      </xsl:when>
      <xsl:when test="$field = 'copies'"><xsl:call-template name="copies-list"/></xsl:when>
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
          <fo:block><xsl:apply-templates select="." mode="post-line"><xsl:with-param name="plain" select="true()"/></xsl:apply-templates></fo:block>
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
      <xsl:when test="$field = 'copies' and not($job/j:copy)">no</xsl:when>
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
    <!-- files whose pages nobody counted -->
    <xsl:if test="$all[not(@count)]">
      <xsl:call-template name="count-words">
        <xsl:with-param name="n" select="count($all[not(@count)])"/>
        <xsl:with-param name="style" select="$profile/p:head/@count"/>
      </xsl:call-template>
      <xsl:text> berkas</xsl:text>
    </xsl:if>
    <xsl:for-each select="$all[@count][not(@unit = preceding-sibling::l:attachment/@unit)]">
      <xsl:if test="position() &gt; 1 or $all[not(@count)]"><xsl:text>, </xsl:text></xsl:if>
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

  <!-- One addressee: post, u.p. line, place; "di" before the place where the profile has it, in a line of
       its own if there is one addressee. -->
  <xsl:template match="j:addressee" mode="lines">
    <xsl:variable name="in" select="$addressing/@in"/>
    <fo:block><xsl:value-of select="@print"/></fo:block>
    <xsl:if test="@attention != ''"><fo:block><xsl:value-of select="@attention"/></fo:block></xsl:if>
    <xsl:choose>
      <xsl:when test="@place = ''"/>
      <xsl:when test="$in and count($job/j:addressee) = 1">
        <fo:block keep-with-next.within-page="always"><xsl:value-of select="$in"/></fo:block>
        <fo:block text-indent="8mm"><xsl:value-of select="@place"/></fo:block>
      </xsl:when>
      <xsl:when test="$in"><fo:block><xsl:value-of select="concat($in, ' ', @place)"/></fo:block></xsl:when>
      <xsl:otherwise><fo:block><xsl:value-of select="@place"/></fo:block></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- All of them, as a numbered list if there are several. -->
  <xsl:template name="addressees-cell">
    <xsl:choose>
      <xsl:when test="$list-attached"><fo:block><xsl:value-of select="$addressing/@attached"/></fo:block></xsl:when>
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
    <fo:block role="Div" space-before="{$spacing/@addressees}" space-after="{$spacing/@addressees}" text-align="start">
      <xsl:call-template name="addressees-block"><xsl:with-param name="wide" select="$width - 109"/></xsl:call-template>
    </fo:block>
  </xsl:template>

  <!-- @wide: how much room, in mm, is to be left at the right of a single addressee. -->
  <xsl:template name="addressees-block">
    <xsl:param name="wide" select="0"/>
    <xsl:if test="$addressing/@before">
      <fo:block keep-with-next.within-page="always"><xsl:value-of select="$addressing/@before"/></fo:block>
    </xsl:if>
    <xsl:choose>
      <xsl:when test="$list-attached">
        <fo:block><xsl:value-of select="concat($addressing/@lead, ' ', $addressing/@attached)"/></fo:block>
      </xsl:when>
      <xsl:when test="count($job/j:addressee) &gt; 1">
        <fo:block keep-with-next.within-page="always"><xsl:value-of select="$addressing/@lead"/></fo:block>
        <xsl:call-template name="addressees-list"/>
      </xsl:when>
      <xsl:otherwise>
        <fo:table table-layout="fixed" width="100%" role="Div">
          <fo:table-column column-width="9mm"/>
          <fo:table-column column-width="proportional-column-width(1)"/>
          <xsl:if test="$wide &gt; 0"><fo:table-column column-width="{$wide}mm"/></xsl:if>
          <fo:table-body start-indent="0mm" role="Div">
            <fo:table-row role="Div" keep-together.within-page="always">
              <fo:table-cell role="Div"><fo:block><xsl:value-of select="$addressing/@lead"/></fo:block></fo:table-cell>
              <fo:table-cell role="Div"><xsl:call-template name="addressees-cell"/></fo:table-cell>
              <xsl:if test="$wide &gt; 0"><fo:table-cell role="Div"><fo:block/></fo:table-cell></xsl:if>
            </fo:table-row>
          </fo:table-body>
        </fo:table>
      </xsl:otherwise>
    </xsl:choose>
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
        <fo:block space-before="{$spacing/@signature}" start-indent="{$profile/p:signature/@start}" color="{$grey}">[Penanda tangan]</fo:block>
      </xsl:when>
      <xsl:when test="count($job/j:signatory) = 1">
        <xsl:variable name="start" select="number(substring-before($profile/p:signature/@start, 'mm'))"/>
        <fo:block role="Div" space-before="{$spacing/@signature}" keep-together.within-page="always">
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

  <!-- What stands above the post: nothing, or place and date; a layout may say otherwise. -->
  <xsl:template name="enacting">
    <xsl:param name="start"/>
    <xsl:if test="$profile/p:date-line/@place = 'signature'">
      <fo:block start-indent="{$start}mm" text-align="{$signature-align}"><xsl:call-template name="place-and-date"/></fo:block>
    </xsl:if>
  </xsl:template>

  <xsl:template name="place">
    <xsl:choose>
      <xsl:when test="normalize-space($letter/l:place) != ''"><xsl:value-of select="normalize-space($letter/l:place)"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="$job/j:issuer/@place"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="place-and-date">
    <xsl:call-template name="place"/>
    <xsl:text>, </xsl:text>
    <xsl:call-template name="date"/>
  </xsl:template>

  <!-- Two or more: two in a row, the first at the left; posts above, so that the boxes are level. -->
  <xsl:template name="signatures-beside">
    <fo:table table-layout="fixed" width="100%" space-before="{$spacing/@signature}" keep-together.within-page="always" role="Div">
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

  <!-- Who gave a paraf, and when: small, at the left below the signatures. -->
  <xsl:template name="parafs">
    <xsl:if test="$job/j:paraf">
      <fo:table table-layout="fixed" width="125mm" space-before="4mm" font-size="8pt" line-height="1.2" hyphenate="false">
        <fo:table-column column-width="proportional-column-width(1)"/>
        <fo:table-column column-width="40mm"/>
        <fo:table-column column-width="31mm"/>
        <fo:table-header start-indent="0mm">
          <fo:table-row keep-with-next.within-page="always">
            <fo:table-cell border="0.5pt solid #606060" padding="0.7mm 1.2mm"><fo:block text-align="start">Paraf elektronik</fo:block></fo:table-cell>
            <fo:table-cell border="0.5pt solid #606060" padding="0.7mm 1.2mm"><fo:block text-align="start">Nama</fo:block></fo:table-cell>
            <fo:table-cell border="0.5pt solid #606060" padding="0.7mm 1.2mm"><fo:block text-align="start">Tanggal</fo:block></fo:table-cell>
          </fo:table-row>
        </fo:table-header>
        <fo:table-body start-indent="0mm">
          <xsl:for-each select="$job/j:paraf">
            <fo:table-row keep-together.within-page="always">
              <fo:table-cell border="0.5pt solid #606060" padding="0.7mm 1.2mm"><fo:block text-align="start"><xsl:value-of select="@position"/></fo:block></fo:table-cell>
              <fo:table-cell border="0.5pt solid #606060" padding="0.7mm 1.2mm"><fo:block text-align="start"><xsl:value-of select="@person"/></fo:block></fo:table-cell>
              <fo:table-cell border="0.5pt solid #606060" padding="0.7mm 1.2mm"><fo:block text-align="start"><xsl:value-of select="@date"/></fo:block></fo:table-cell>
            </fo:table-row>
          </xsl:for-each>
        </fo:table-body>
      </fo:table>
    </xsl:if>
  </xsl:template>

  <!-- The post as one line, for "Dari": "Plt. Kepala Biro Umum". -->
  <xsl:template match="j:signatory" mode="post-line">
    <xsl:param name="plain" select="false()"/>
    <xsl:variable name="acting">
      <xsl:choose>
        <xsl:when test="@capacity = 'plt' or @capacity = 'plh' or @capacity = 'pj'"><xsl:value-of select="@capacity"/></xsl:when>
        <xsl:otherwise><xsl:value-of select="@holding"/></xsl:otherwise>
      </xsl:choose>
    </xsl:variable>
    <xsl:variable name="lead" select="$profile/p:signature/p:capacity[@name = $acting]/@lead"/>
    <xsl:if test="$lead"><xsl:value-of select="$lead"/><xsl:text>&#160;</xsl:text></xsl:if>
    <xsl:if test="not($lead) and $acting = 'pj'"><xsl:text>Pj.&#160;</xsl:text></xsl:if>
    <xsl:choose>
      <xsl:when test="$plain"><xsl:value-of select="@position"/></xsl:when>
      <xsl:otherwise><xsl:call-template name="post"><xsl:with-param name="text" select="@position"/></xsl:call-template></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- A post above a signature, in capitals where the profile wants it. -->
  <xsl:template name="post">
    <xsl:param name="text"/>
    <xsl:choose>
      <xsl:when test="p:names/@post-capitals = 'yes'"><xsl:call-template name="capitals"><xsl:with-param name="text" select="$text"/></xsl:call-template></xsl:when>
      <xsl:otherwise><xsl:value-of select="$text"/></xsl:otherwise>
    </xsl:choose>
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
      <xsl:when test="$mark/@form = 'box' and not($draft or $paper)"/>
      <xsl:when test="(@capacity = 'an' or @capacity = 'ub') and not($centred)">
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
        <fo:block start-indent="{$start}mm" text-align="{$signature-align}" role="Div"><xsl:apply-templates select="." mode="stacked-posts"/></fo:block>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- All posts one below the other, with their leads. -->
  <xsl:template match="j:signatory" mode="stacked-posts">
    <xsl:choose>
      <xsl:when test="@capacity = 'an' or @capacity = 'ub'">
        <xsl:apply-templates select="." mode="delegated-posts"><xsl:with-param name="lead" select="concat($profile/p:signature/p:capacity[@name = 'an']/@lead, '&#160;')"/></xsl:apply-templates>
      </xsl:when>
      <xsl:otherwise><fo:block><xsl:apply-templates select="." mode="post-line"/><xsl:call-template name="post-comma"/></fo:block></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="post-comma"><xsl:if test="$profile/p:signature/@post-comma != 'no'">,</xsl:if></xsl:template>

  <xsl:template match="j:signatory" mode="delegated-posts">
    <xsl:param name="lead"/>
    <fo:block text-align="{$signature-align}">
      <xsl:value-of select="$lead"/>
      <xsl:call-template name="post"><xsl:with-param name="text" select="@for"/></xsl:call-template>
      <xsl:if test="$profile/p:signature/@mandator-comma = 'yes'">,</xsl:if>
    </fo:block>
    <xsl:if test="@capacity = 'ub'">
      <fo:block text-align="{$signature-align}"><xsl:call-template name="post"><xsl:with-param name="text" select="@through"/></xsl:call-template></fo:block>
      <fo:block text-align="{$signature-align}"><xsl:value-of select="$profile/p:signature/p:capacity[@name = 'ub']/@lead"/></fo:block>
    </xsl:if>
    <fo:block text-align="{$signature-align}"><xsl:apply-templates select="." mode="post-line"/><xsl:call-template name="post-comma"/></fo:block>
  </xsl:template>

  <!-- Below the post: room or box for the signature, name, rank, NIP. -->
  <xsl:template match="j:signatory" mode="hand">
    <xsl:param name="start" select="0"/>
    <xsl:choose>
      <xsl:when test="(@capacity = 'an' or @capacity = 'ub') and $start &lt; 9 and not($centred)">
        <xsl:apply-templates select="." mode="hand-at"><xsl:with-param name="start" select="9"/></xsl:apply-templates>
      </xsl:when>
      <xsl:otherwise><xsl:apply-templates select="." mode="hand-at"><xsl:with-param name="start" select="$start"/></xsl:apply-templates></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="j:signatory" mode="hand-at">
    <xsl:param name="start"/>
    <xsl:choose>
      <xsl:when test="$paper and not($draft)"><fo:block start-indent="{$start}mm" space-before="{$spacing/@hand}" space-before.conditionality="retain"/></xsl:when>
      <xsl:when test="$draft"><fo:block start-indent="{$start}mm" text-align="{$signature-align}" space-before="9mm" space-after="9mm" color="{$grey}">[Tanda tangan]</fo:block></xsl:when>
      <xsl:when test="$mark/@form = 'plain'"><xsl:apply-templates select="." mode="room"><xsl:with-param name="start" select="$start"/></xsl:apply-templates></xsl:when>
      <xsl:when test="$mark/@form = 'box'"><xsl:apply-templates select="." mode="frame"><xsl:with-param name="start" select="$start"/></xsl:apply-templates></xsl:when>
      <xsl:otherwise><xsl:apply-templates select="." mode="box"><xsl:with-param name="start" select="$start"/></xsl:apply-templates></xsl:otherwise>
    </xsl:choose>
    <xsl:if test="$draft or $paper or $mark/@form != 'box'">
      <fo:block role="Div" start-indent="{$start}mm" text-align="{$signature-align}"><xsl:apply-templates select="." mode="name"/></fo:block>
    </xsl:if>
  </xsl:template>

  <!-- Name, rank, NIP. -->
  <xsl:template match="j:signatory" mode="name">
    <xsl:variable name="how" select="p:names"/>
    <xsl:variable name="name">
      <xsl:choose>
        <xsl:when test="$how/@titles = 'yes'"><xsl:value-of select="@person"/></xsl:when>
        <xsl:otherwise><xsl:value-of select="@plain-name"/></xsl:otherwise>
      </xsl:choose>
    </xsl:variable>
    <fo:block>
      <xsl:if test="$how/@bold = 'yes'"><xsl:attribute name="font-weight">bold</xsl:attribute></xsl:if>
      <xsl:choose>
        <xsl:when test="@person = ''"><fo:inline color="{$grey}">[Nama]</fo:inline></xsl:when>
        <xsl:otherwise>
          <fo:inline>
            <xsl:if test="$how/@underline = 'yes'"><xsl:attribute name="text-decoration">underline</xsl:attribute></xsl:if>
            <xsl:choose>
              <xsl:when test="$how/@capitals = 'yes'">
                <!-- titles stay as they are -->
                <xsl:if test="$how/@titles = 'yes'"><xsl:value-of select="substring-before(@person, @plain-name)"/></xsl:if>
                <xsl:call-template name="capitals"><xsl:with-param name="text" select="@plain-name"/></xsl:call-template>
                <xsl:if test="$how/@titles = 'yes'"><xsl:value-of select="substring-after(@person, @plain-name)"/></xsl:if>
              </xsl:when>
              <xsl:otherwise><xsl:value-of select="$name"/></xsl:otherwise>
            </xsl:choose>
          </fo:inline>
        </xsl:otherwise>
      </xsl:choose>
    </fo:block>
    <xsl:if test="$how/@rank = 'yes' and @rank != ''"><fo:block><xsl:value-of select="@rank"/></fo:block></xsl:if>
    <xsl:if test="$how/@nip = 'yes' and @nip != ''"><fo:block><xsl:value-of select="concat($profile/p:signature/@nip-label, ' ', @nip)"/></fo:block></xsl:if>
  </xsl:template>

  <!-- Nothing but room, where a signature may show itself. -->
  <xsl:template match="j:signatory" mode="room">
    <xsl:param name="start"/>
    <fo:block start-indent="{$start}mm" text-align="{$signature-align}" line-height="1" font-size="2pt" line-stacking-strategy="max-height" space-before="2mm" space-after="2mm">
      <xsl:call-template name="signature-field">
        <xsl:with-param name="height">16mm</xsl:with-param>
        <xsl:with-param name="room"><xsl:call-template name="signature-room"><xsl:with-param name="start" select="$start"/></xsl:call-template></xsl:with-param>
      </xsl:call-template>
    </fo:block>
  </xsl:template>

  <!-- Millimetres from @start to the end of the line, or of one of two signatures that stand side by side. -->
  <xsl:template name="signature-room">
    <xsl:param name="start"/>
    <xsl:value-of select="($start &gt; 9) * ($width - $start) + ($start &lt;= 9) * ($width div 2 - 3 - $start)"/>
  </xsl:template>

  <!-- @room: millimetres that there are.  A printed copy has the room of it alone. -->
  <xsl:template name="signature-field">
    <xsl:param name="height"/>
    <xsl:param name="room"/>
    <xsl:variable name="wide" select="70 * ($room &gt;= 70) + $room * ($room &lt; 70)"/>
    <xsl:choose>
      <xsl:when test="$job/j:print"><fo:block space-before="{$height}" space-before.conditionality="retain"/></xsl:when>
      <xsl:when test="$certified">
        <fo:instream-foreign-object content-width="{format-number($wide, '0.##')}mm" content-height="20mm" scaling="non-uniform">
          <nf:signature-field name="{@field}" tooltip="Tanda tangan elektronik {@position}"/>
        </fo:instream-foreign-object>
      </xsl:when>
      <xsl:otherwise>
        <fo:instream-foreign-object content-width="47mm" content-height="{$height}">
          <nf:signature-field name="{@field}" tooltip="Tanda tangan elektronik {@position}"/>
        </fo:instream-foreign-object>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- A frame around emblem, words, posts, name, and QR code. -->
  <xsl:template match="j:signatory" mode="frame">
    <xsl:param name="start"/>
    <xsl:variable name="qr" select="$job/j:qr/@text"/>
    <xsl:variable name="logo" select="$profile/p:letterhead/p:logo"/>
    <xsl:variable name="wide" select="$width * ($start &gt; 9) + ($width div 2 - 3) * ($start &lt;= 9) - $start"/>
    <fo:table start-indent="{$start}mm" table-layout="fixed" space-before="1mm" space-after="2mm" role="Div" width="{$wide}mm" border="0.75pt solid #606060">
      <xsl:if test="$logo"><fo:table-column column-width="16mm"/></xsl:if>
      <fo:table-column column-width="proportional-column-width(1)"/>
      <xsl:if test="$qr"><fo:table-column column-width="20mm"/></xsl:if>
      <fo:table-body start-indent="0mm" role="Div">
        <fo:table-row role="Div">
          <xsl:for-each select="$logo">
            <fo:table-cell display-align="center" padding="1.5mm 1mm 1.5mm 2mm" role="Div">
              <fo:block line-height="1" font-size="2pt" line-stacking-strategy="max-height">
                <fo:external-graphic src="url({@file})" content-width="12mm" content-height="{12 * substring-before(@height, 'mm') div substring-before(@width, 'mm')}mm" nf:alt="{@alt}"/>
              </fo:block>
            </fo:table-cell>
          </xsl:for-each>
          <fo:table-cell display-align="center" padding="1.5mm 1mm" role="Div">
            <xsl:if test="$worded"><fo:block font-size="6.5pt" line-height="1.2" color="#404040" text-align="start"><xsl:value-of select="$mark"/></fo:block></xsl:if>
            <fo:block role="Div" font-size="8pt" line-height="1.2" text-align="start"><xsl:apply-templates select="." mode="framed-posts"/></fo:block>
            <fo:block line-height="1" font-size="2pt" line-stacking-strategy="max-height"><xsl:call-template name="signature-field"><xsl:with-param name="height">6mm</xsl:with-param><xsl:with-param name="room" select="$wide - 2 - 16 * count($logo) - 20 * count($qr)"/></xsl:call-template></fo:block>
            <fo:block role="Div" font-size="8pt" line-height="1.2" text-align="start"><xsl:apply-templates select="." mode="name"/></fo:block>
          </fo:table-cell>
          <xsl:if test="$qr">
            <fo:table-cell display-align="center" padding="1.5mm 1.5mm 1.5mm 1mm" role="Div">
              <xsl:call-template name="qr"><xsl:with-param name="size">17mm</xsl:with-param></xsl:call-template>
            </fo:table-cell>
          </xsl:if>
        </fo:table-row>
      </fo:table-body>
    </fo:table>
  </xsl:template>

  <xsl:template match="j:signatory" mode="framed-posts"><xsl:apply-templates select="." mode="stacked-posts"/></xsl:template>

  <!-- The box of an electronic signature: QR code, words, and the field itself; at most @room mm wide. -->
  <xsl:template match="j:signatory" mode="box">
    <xsl:param name="start"/>
    <xsl:param name="room"><xsl:call-template name="signature-room"><xsl:with-param name="start" select="$start"/></xsl:call-template></xsl:param>
    <xsl:variable name="qr" select="$job/j:qr/@text"/>
    <xsl:variable name="most" select="70 + 21 * count($qr)"/>
    <xsl:variable name="wide" select="68 * not($certified) + $certified * ($most * ($room &gt;= $most) + $room * ($room &lt; $most))"/>
    <xsl:variable name="field" select="47 * not($certified) + $certified * ($wide - 21 * count($qr))"/>
    <xsl:variable name="rest" select="($start &gt; 9) * ($width - $start - $wide) + ($start &lt;= 9) * ($width div 2 - 6 - $wide)"/>
    <fo:table start-indent="{$start + $centred * ($rest &gt; 0) * $rest div 2}mm" table-layout="fixed" space-before="2mm" space-after="2mm" role="Div" width="{$wide}mm">
      <xsl:if test="$qr"><fo:table-column column-width="21mm"/></xsl:if>
      <fo:table-column column-width="{$field}mm"/>
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
            <xsl:if test="$worded"><fo:block font-size="7pt" line-height="1.2" color="#404040" text-align="start"><xsl:value-of select="$mark"/></fo:block></xsl:if>
            <fo:block line-height="1" font-size="2pt" line-stacking-strategy="max-height">
              <xsl:call-template name="signature-field"><xsl:with-param name="height">16mm</xsl:with-param><xsl:with-param name="room" select="$field"/></xsl:call-template>
            </fo:block>
          </fo:table-cell>
        </fo:table-row>
      </fo:table-body>
    </fo:table>
  </xsl:template>

  <!-- ==== Copies ==== -->

  <xsl:template name="copies"><xsl:call-template name="plain-copies"/></xsl:template>

  <!-- At the end, unless they stand at the head. -->
  <xsl:template name="plain-copies">
    <xsl:if test="$job/j:copy and not($rows[@field = 'copies'])">
      <fo:block role="Div" space-before="{$spacing/@copies}" keep-together.within-page="always" keep-with-previous.within-page="5" font-size="0.95em">
        <fo:block keep-with-next.within-page="always"><xsl:value-of select="$profile/p:copies/@label"/></fo:block>
        <xsl:call-template name="copies-list"/>
      </fo:block>
    </xsl:if>
  </xsl:template>

  <xsl:template name="copies-list">
    <xsl:choose>
      <xsl:when test="count($job/j:copy) = 1 and $profile/p:copies/@numbered = 'no'"><xsl:apply-templates select="$job/j:copy" mode="line"/></xsl:when>
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
  </xsl:template>

  <xsl:template match="j:copy" mode="line">
    <fo:block text-align="start">
      <xsl:if test="$profile/p:copies/@lead"><xsl:value-of select="concat($profile/p:copies/@lead, ' ')"/></xsl:if>
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
    <xsl:variable name="pages" select="$job/j:page[$content/l:file][@attachment = count($content/preceding-sibling::l:attachment) + 1]"/>
    <xsl:choose>
      <xsl:when test="$pages">
        <xsl:apply-templates select="$pages" mode="sheet">
          <xsl:with-param name="id" select="concat('attachment-', $n)"/>
          <xsl:with-param name="name"><xsl:call-template name="attachment-name"><xsl:with-param name="n" select="$n"/></xsl:call-template></xsl:with-param>
          <xsl:with-param name="title" select="$title"/>
        </xsl:apply-templates>
      </xsl:when>
      <xsl:otherwise>
        <fo:page-sequence master-reference="rest" id="attachment-{$n}">
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
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- At the upper right: Lampiran II, and the number and date of the letter, or of a directive its
       title, its number and what it is about. -->
  <xsl:template name="attachment-head">
    <xsl:param name="n"/>
    <xsl:variable name="start" select="number(substring-before($profile/p:attachment/@start, 'mm'))"/>
    <xsl:choose>
      <xsl:when test="$profile/p:attachment/@form = 'directive'">
        <fo:block role="Div" start-indent="{$start}mm" text-align="start" space-after="9pt">
          <fo:block><xsl:call-template name="attachment-name"><xsl:with-param name="n" select="$n"/></xsl:call-template></fo:block>
          <fo:block><xsl:call-template name="title-words"/></fo:block>
          <fo:block><xsl:value-of select="concat($profile/p:title/@number, ' ')"/><xsl:call-template name="number"/></fo:block>
          <fo:block>TENTANG</fo:block>
          <fo:block><xsl:call-template name="capitals"><xsl:with-param name="text" select="normalize-space($letter/l:subject)"/></xsl:call-template></fo:block>
        </fo:block>
      </xsl:when>
      <xsl:otherwise>
        <fo:table table-layout="fixed" width="{$width - $start}mm" start-indent="{$start}mm" role="Div">
          <fo:table-column column-width="17mm"/>
          <fo:table-column column-width="4mm"/>
          <fo:table-column column-width="proportional-column-width(1)"/>
          <fo:table-body start-indent="0mm" role="Div">
            <fo:table-row role="Div">
              <fo:table-cell number-columns-spanned="3" role="Div">
                <fo:block><xsl:call-template name="attachment-name"><xsl:with-param name="n" select="$n"/></xsl:call-template></fo:block>
              </fo:table-cell>
            </fo:table-row>
            <xsl:call-template name="line"><xsl:with-param name="label"><xsl:call-template name="label"><xsl:with-param name="field">number</xsl:with-param></xsl:call-template></xsl:with-param><xsl:with-param name="value"><xsl:call-template name="number"/></xsl:with-param></xsl:call-template>
            <xsl:call-template name="line"><xsl:with-param name="label"><xsl:call-template name="label"><xsl:with-param name="field">date</xsl:with-param></xsl:call-template></xsl:with-param><xsl:with-param name="value"><xsl:call-template name="date"/></xsl:with-param></xsl:call-template>
          </fo:table-body>
        </fo:table>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="attachment-name">
    <xsl:param name="n"/>
    <xsl:value-of select="$profile/p:attachment/@label"/>
    <xsl:if test="$n-attachments &gt; 1 or $profile/p:attachment/@numbered = 'yes'"><xsl:text> </xsl:text><xsl:number value="$n" format="I"/></xsl:if>
  </xsl:template>

  <!-- ==== Title ==== -->

  <!-- The kind's title, with the signatory's post where the kind has it. -->
  <xsl:template name="title-words">
    <xsl:value-of select="$kind/k:title"/>
    <xsl:if test="$kind/k:title/@post = 'yes'">
      <xsl:text> </xsl:text>
      <xsl:call-template name="capitals"><xsl:with-param name="text" select="$job/j:signatory[1]/@position"/></xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- The title, and the number below it unless that is a line of the head. -->
  <xsl:template name="title">
    <xsl:variable name="how" select="$profile/p:title"/>
    <xsl:variable name="numbered" select="not($kind/k:title/@number = 'no') and ($kind/@layout != 'memo' or not($rows[@field = 'number']))"/>
    <fo:block role="H1" text-align="center" font-size="1.1em" space-before="{$spacing/@title}">
      <xsl:if test="$how/@size"><xsl:attribute name="font-size"><xsl:value-of select="$how/@size"/></xsl:attribute></xsl:if>
      <xsl:if test="$how/@bold = 'yes'"><xsl:attribute name="font-weight">bold</xsl:attribute></xsl:if>
      <xsl:if test="not($numbered)"><xsl:attribute name="space-after"><xsl:value-of select="$spacing/@after-title"/></xsl:attribute></xsl:if>
      <fo:inline>
        <xsl:if test="$how/@underline = 'yes'"><xsl:attribute name="text-decoration">underline</xsl:attribute></xsl:if>
        <xsl:call-template name="title-words"/>
      </fo:inline>
    </fo:block>
    <xsl:if test="$numbered">
      <fo:block text-align="center" space-after="{$spacing/@after-title}">
        <xsl:value-of select="concat($how/@number, ' ')"/>
        <xsl:call-template name="number"/>
      </fo:block>
    </xsl:if>
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
