<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!--
  The body of a letter and of its attachments: paragraphs, lists, tables, label rows.

  Keeps: the end of the body stays with the signatures that follow.  Its last paragraph is kept with
  them (widows and orphans of two lines see to it that two lines go along); where that paragraph is
  so short that it may be one line, the one before is kept with it too.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:fo="http://www.w3.org/1999/XSL/Format" xmlns:nf="urn:naskah:fo:1"
                xmlns:k="urn:naskah:kind:1" xmlns:l="urn:naskah:letter:1" xmlns:p="urn:naskah:profile:1"
                exclude-result-prefixes="k l p">
  <xsl:strip-space elements="l:letter l:body l:section l:attachments l:attachment l:ol l:ul l:table l:thead l:tbody l:tr l:rows"/>

  <!-- Widths of columns of labels are those of Arial of 11 points; Bookman is wider. -->
  <xsl:variable name="scale" select="substring-before($text/@size, 'pt') div 11 * (1 + 0.15 * contains($text/@font, 'Bookman'))"/>

  <xsl:template match="l:body" mode="body">
    <fo:block role="Div" space-before="4pt" text-align="{$text/@align}" widows="2" orphans="2">
      <xsl:apply-templates mode="block"/>
    </fo:block>
  </xsl:template>

  <xsl:template match="l:attachment" mode="body">
    <fo:block role="Div" text-align="{$text/@align}" widows="2" orphans="2">
      <xsl:apply-templates mode="block"/>
    </fo:block>
  </xsl:template>

  <!-- A file that goes with the letter: its name, size and digest, so that the signature on the
       letter covers it. -->
  <xsl:template match="l:file" mode="body">
    <fo:block space-after="{$text/@gap}">Lampiran ini disertakan sebagai berkas terpisah:</fo:block>
    <fo:table table-layout="fixed" width="100%" role="Div">
      <fo:table-column column-width="28mm"/>
      <fo:table-column column-width="4mm"/>
      <fo:table-column column-width="proportional-column-width(1)"/>
      <fo:table-body start-indent="0mm" role="Div">
        <xsl:call-template name="line"><xsl:with-param name="label">Nama berkas</xsl:with-param><xsl:with-param name="value" select="string(@name)"/></xsl:call-template>
        <xsl:call-template name="line"><xsl:with-param name="label">Ukuran</xsl:with-param><xsl:with-param name="value" select="concat(translate(format-number(@size, '#,##0'), ',', '.'), ' bita')"/></xsl:call-template>
        <xsl:call-template name="line">
          <xsl:with-param name="label">SHA-256</xsl:with-param>
          <xsl:with-param name="value">
            <fo:block><xsl:value-of select="substring(@sha256, 1, 32)"/></fo:block>
            <fo:block><xsl:value-of select="substring(@sha256, 33)"/></fo:block>
          </xsl:with-param>
        </xsl:call-template>
      </fo:table-body>
    </fo:table>
  </xsl:template>

  <!-- ==== Keeps ==== -->

  <!-- Whether a block at the top of the body must stay with what follows. -->
  <xsl:template name="keep">
    <!-- Only the neighbours are looked at: a body may have thousands of blocks. -->
    <xsl:choose>
      <xsl:when test="following-sibling::*[2]">
        <xsl:if test="self::l:p"><xsl:call-template name="keep-announced"/></xsl:if>
      </xsl:when>
      <xsl:otherwise>
        <xsl:variable name="at-end" select="boolean(parent::l:body | parent::l:section[not(following-sibling::*[1])][parent::l:body | parent::l:section[not(following-sibling::*[1])]])"/>
        <xsl:variable name="last" select="$at-end and not(following-sibling::*[1])"/>
        <xsl:variable name="before-short" select="$at-end and following-sibling::*[1]/self::l:p and string-length(normalize-space(following-sibling::*[1])) &lt; 100"/>
        <xsl:choose>
          <xsl:when test="$last or $before-short"><xsl:attribute name="keep-with-next.within-page">always</xsl:attribute></xsl:when>
          <xsl:when test="self::l:p"><xsl:call-template name="keep-announced"/></xsl:when>
        </xsl:choose>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- "... sebagai berikut:" stays with the list or table that it announces. -->
  <xsl:template name="keep-announced">
    <xsl:if test="following-sibling::*[1] and not(following-sibling::*[1]/self::l:p)"><xsl:attribute name="keep-with-next.within-page">always</xsl:attribute></xsl:if>
  </xsl:template>

  <!-- ==== Sections ==== -->

  <!-- How the kind numbers headings of a section's depth. -->
  <xsl:template name="section-format">
    <xsl:variable name="formats" select="concat(normalize-space($kind/k:sections/@number), ' ')"/>
    <xsl:choose>
      <xsl:when test="not(parent::l:section)"><xsl:value-of select="substring-before($formats, ' ')"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="substring-before(substring-after($formats, ' '), ' ')"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- "section", and which of its siblings it and each part around it is. -->
  <xsl:template name="section-id">
    <xsl:text>section</xsl:text>
    <xsl:if test="ancestor::l:attachment"><xsl:value-of select="concat('-in-', count(ancestor::l:attachment/preceding-sibling::l:attachment) + 1)"/></xsl:if>
    <xsl:for-each select="ancestor-or-self::l:section"><xsl:value-of select="concat('-', count(preceding-sibling::l:section) + 1)"/></xsl:for-each>
  </xsl:template>

  <xsl:template match="l:section" mode="bookmark">
    <xsl:variable name="format"><xsl:call-template name="section-format"/></xsl:variable>
    <fo:bookmark>
      <xsl:attribute name="internal-destination"><xsl:call-template name="section-id"/></xsl:attribute>
      <fo:bookmark-title><xsl:if test="$format != ''"><xsl:number value="count(preceding-sibling::l:section) + 1" format="{$format}"/>. </xsl:if><xsl:value-of select="@title"/></fo:bookmark-title>
      <xsl:apply-templates select="l:section" mode="bookmark"/>
    </fo:bookmark>
  </xsl:template>

  <!-- A heading, numbered as the kind says for its depth, which stays with what follows. -->
  <xsl:template match="l:section" mode="block">
    <xsl:variable name="depth" select="count(ancestor::l:section)"/>
    <xsl:variable name="format"><xsl:call-template name="section-format"/></xsl:variable>
    <xsl:variable name="indent"><xsl:choose><xsl:when test="$format = ''">0</xsl:when><xsl:when test="$format = 'I'">10</xsl:when><xsl:otherwise>7</xsl:otherwise></xsl:choose></xsl:variable>
    <fo:list-block role="H{$depth + 2}" font-weight="bold" text-align="start" text-indent="0mm"
                   provisional-distance-between-starts="{$indent}mm" provisional-label-separation="1mm"
                   space-before="6pt" space-after="3pt" keep-with-next.within-page="always">
      <xsl:attribute name="id"><xsl:call-template name="section-id"/></xsl:attribute>
      <fo:list-item role="Span">
        <fo:list-item-label end-indent="label-end()" role="Span">
          <fo:block role="Span"><xsl:if test="$format != ''"><xsl:number value="count(preceding-sibling::l:section) + 1" format="{$format}"/>.</xsl:if></fo:block>
        </fo:list-item-label>
        <fo:list-item-body start-indent="body-start()" role="Span"><fo:block role="Span"><xsl:value-of select="@title"/></fo:block></fo:list-item-body>
      </fo:list-item>
    </fo:list-block>
    <fo:block role="Div" start-indent="{$indent}mm" text-indent="0mm"><xsl:apply-templates mode="block"/></fo:block>
  </xsl:template>

  <!-- ==== Paragraphs ==== -->

  <xsl:template match="l:p" mode="block">
    <fo:block>
      <xsl:attribute name="space-after">
        <xsl:choose>
          <xsl:when test="parent::l:body or not(parent::l:li or parent::l:td or parent::l:th or parent::l:row)"><xsl:value-of select="$text/@gap"/></xsl:when>
          <xsl:when test="following-sibling::*[1]">2pt</xsl:when>
          <xsl:otherwise>0pt</xsl:otherwise>
        </xsl:choose>
      </xsl:attribute>
      <xsl:choose>
        <xsl:when test="@align"><xsl:attribute name="text-align"><xsl:value-of select="@align"/></xsl:attribute></xsl:when>
        <xsl:when test="parent::l:body"><xsl:attribute name="text-indent"><xsl:value-of select="$text/@indent"/></xsl:attribute></xsl:when>
      </xsl:choose>
      <xsl:call-template name="keep"/>
      <xsl:if test="not(node())">&#160;</xsl:if>
      <xsl:apply-templates mode="inline"/>
    </fo:block>
  </xsl:template>

  <xsl:template match="l:b" mode="inline"><fo:inline font-weight="bold"><xsl:apply-templates mode="inline"/></fo:inline></xsl:template>
  <xsl:template match="l:i" mode="inline"><fo:inline font-style="italic"><xsl:apply-templates mode="inline"/></fo:inline></xsl:template>
  <xsl:template match="l:u" mode="inline"><fo:inline text-decoration="underline"><xsl:apply-templates mode="inline"/></fo:inline></xsl:template>
  <xsl:template match="l:sup" mode="inline"><fo:inline baseline-shift="0.48em" font-size="0.7em"><xsl:apply-templates mode="inline"/></fo:inline></xsl:template>
  <xsl:template match="l:sub" mode="inline"><fo:inline baseline-shift="-0.28em" font-size="0.7em"><xsl:apply-templates mode="inline"/></fo:inline></xsl:template>
  <xsl:template match="l:br" mode="inline"><fo:inline linefeed-treatment="preserve"><xsl:text>&#10;</xsl:text></fo:inline></xsl:template>

  <!-- ==== Lists ==== -->

  <!-- Numbers stand at the left of a column of fixed width, so that those of ten and more, and the
       text of all, are aligned.  The column of "(1)" is a little wider. -->
  <xsl:template match="l:ol | l:ul" mode="block">
    <xsl:variable name="depth" select="count(ancestor::l:ol | ancestor::l:ul)"/>
    <fo:list-block provisional-label-separation="1.5mm">
      <xsl:attribute name="space-after">
        <xsl:choose><xsl:when test="$depth = 0"><xsl:value-of select="$text/@gap"/></xsl:when><xsl:otherwise>2pt</xsl:otherwise></xsl:choose>
      </xsl:attribute>
      <xsl:attribute name="provisional-distance-between-starts">
        <xsl:choose>
          <xsl:when test="self::l:ul">6mm</xsl:when>
          <xsl:when test="starts-with(@type, '(')"><xsl:value-of select="8 * $scale"/>mm</xsl:when>
          <xsl:when test="count(l:li) + @start &gt; 99 or count(l:li) &gt; 99"><xsl:value-of select="9.5 * $scale"/>mm</xsl:when>
          <xsl:when test="@type = 'i'"><xsl:value-of select="8 * $scale"/>mm</xsl:when>
          <xsl:otherwise><xsl:value-of select="7 * $scale"/>mm</xsl:otherwise>
        </xsl:choose>
      </xsl:attribute>
      <xsl:if test="$depth = 0"><xsl:call-template name="keep"/></xsl:if>
      <xsl:apply-templates select="l:li" mode="block"/>
    </fo:list-block>
  </xsl:template>

  <xsl:template match="l:li" mode="block">
    <fo:list-item>
      <xsl:if test="following-sibling::l:li[1]"><xsl:attribute name="space-after">2pt</xsl:attribute></xsl:if>
      <!-- At the end of a letter's body two items at least stay with the signatures. -->
      <xsl:if test="not(following-sibling::l:li[1]) and position() &gt; 1 and ../parent::l:body and not(../following-sibling::*[1])">
        <xsl:attribute name="keep-with-previous.within-page">always</xsl:attribute>
      </xsl:if>
      <fo:list-item-label end-indent="label-end()">
        <fo:block text-align="start" text-indent="0mm"><xsl:call-template name="list-label"/></fo:block>
      </fo:list-item-label>
      <fo:list-item-body start-indent="body-start()">
        <xsl:choose>
          <xsl:when test="* and (l:p | l:ol | l:ul | l:table | l:rows)">
            <xsl:apply-templates select="l:p | l:ol | l:ul | l:table | l:rows" mode="block"/>
          </xsl:when>
          <xsl:otherwise><fo:block text-indent="0mm"><xsl:if test="not(node())">&#160;</xsl:if><xsl:apply-templates mode="inline"/></fo:block></xsl:otherwise>
        </xsl:choose>
      </fo:list-item-body>
    </fo:list-item>
  </xsl:template>

  <!-- Called for an item in its place among the items. -->
  <xsl:template name="list-label">
    <xsl:choose>
      <xsl:when test="parent::l:ul">
        <xsl:choose>
          <xsl:when test="count(ancestor::l:ul) mod 2 = 1">•</xsl:when>
          <xsl:otherwise>–</xsl:otherwise>
        </xsl:choose>
      </xsl:when>
      <xsl:otherwise>
        <xsl:variable name="start" select="../@start"/>
        <xsl:variable name="type" select="string(../@type)"/>
        <xsl:variable name="n" select="position() - 1 + concat($start, substring('1', 1 + boolean($start)))"/>
        <xsl:choose>
          <xsl:when test="contains($type, ')')">
            <xsl:if test="starts-with($type, '(')">(</xsl:if>
            <xsl:number value="$n" format="{translate($type, '()', '')}"/>
            <xsl:text>)</xsl:text>
          </xsl:when>
          <xsl:when test="$type = '' or $type = '1'"><xsl:value-of select="$n"/>.</xsl:when>
          <xsl:otherwise><xsl:number value="$n" format="{$type}"/>.</xsl:otherwise>
        </xsl:choose>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- ==== Tables ==== -->

  <!-- Without a width of their own: they are as wide as the text where they stand, which in a section or
       an item is less than the page's. -->

  <xsl:template match="l:table" mode="block">
    <fo:table table-layout="fixed" border-collapse="collapse" space-before="2pt" space-after="8pt"
              text-indent="0mm" line-height="1.2">
      <xsl:if test="parent::l:body | parent::l:section"><xsl:call-template name="keep"/></xsl:if>
      <xsl:call-template name="columns"/>
      <xsl:if test="l:thead"><fo:table-header start-indent="0mm"><xsl:apply-templates select="l:thead/l:tr" mode="block"/></fo:table-header></xsl:if>
      <fo:table-body start-indent="0mm"><xsl:apply-templates select="l:tbody/l:tr" mode="block"/></fo:table-body>
    </fo:table>
  </xsl:template>

  <!-- Columns as the letter says, or else equal ones. -->
  <xsl:template name="columns">
    <xsl:choose>
      <xsl:when test="l:col">
        <xsl:for-each select="l:col">
          <fo:table-column>
            <xsl:attribute name="column-width">
              <xsl:choose>
                <xsl:when test="contains(@width, 'mm')"><xsl:value-of select="@width"/></xsl:when>
                <xsl:otherwise>proportional-column-width(<xsl:value-of select="@width"/>)</xsl:otherwise>
              </xsl:choose>
            </xsl:attribute>
          </fo:table-column>
        </xsl:for-each>
      </xsl:when>
      <xsl:otherwise>
        <xsl:for-each select="(l:thead/l:tr | l:tbody/l:tr)[1]/*">
          <xsl:call-template name="equal-columns"><xsl:with-param name="n"><xsl:choose><xsl:when test="@colspan"><xsl:value-of select="@colspan"/></xsl:when><xsl:otherwise>1</xsl:otherwise></xsl:choose></xsl:with-param></xsl:call-template>
        </xsl:for-each>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="equal-columns">
    <xsl:param name="n"/>
    <fo:table-column column-width="proportional-column-width(1)"/>
    <xsl:if test="$n &gt; 1 and $n &lt; 100"><xsl:call-template name="equal-columns"><xsl:with-param name="n" select="$n - 1"/></xsl:call-template></xsl:if>
  </xsl:template>

  <xsl:template match="l:tr" mode="block">
    <fo:table-row keep-together.within-page="always">
      <xsl:if test="not(following-sibling::l:tr[1]) and position() &gt; 1 and parent::l:tbody/parent::l:table/parent::l:body and not(../../following-sibling::*[1])">
        <xsl:attribute name="keep-with-previous.within-page">always</xsl:attribute>
      </xsl:if>
      <xsl:apply-templates select="l:th | l:td" mode="block"/>
    </fo:table-row>
  </xsl:template>

  <!-- Most cells say nothing but their text: that is asked first. -->
  <xsl:template match="l:td" mode="block">
    <fo:table-cell border="0.5pt solid black" padding="1mm 1.5mm" text-align="left">
      <xsl:if test="@*"><xsl:call-template name="cell-attributes"/></xsl:if>
      <xsl:call-template name="cell-content"/>
    </fo:table-cell>
  </xsl:template>

  <xsl:template match="l:th" mode="block">
    <fo:table-cell border="0.5pt solid black" padding="1mm 1.5mm" text-align="center" font-weight="bold" display-align="center">
      <xsl:if test="@*"><xsl:call-template name="cell-attributes"/></xsl:if>
      <xsl:call-template name="cell-content"/>
    </fo:table-cell>
  </xsl:template>

  <xsl:template name="cell-attributes">
    <xsl:if test="@align"><xsl:attribute name="text-align"><xsl:value-of select="@align"/></xsl:attribute></xsl:if>
    <xsl:if test="@colspan"><xsl:attribute name="number-columns-spanned"><xsl:value-of select="@colspan"/></xsl:attribute></xsl:if>
    <xsl:if test="@rowspan"><xsl:attribute name="number-rows-spanned"><xsl:value-of select="@rowspan"/></xsl:attribute></xsl:if>
  </xsl:template>

  <xsl:template name="cell-content">
    <xsl:choose>
      <xsl:when test="not(*)"><fo:block><xsl:value-of select="."/></fo:block></xsl:when>
      <xsl:when test="l:p | l:ol | l:ul | l:table"><xsl:apply-templates select="l:p | l:ol | l:ul | l:table" mode="block"/></xsl:when>
      <xsl:otherwise><fo:block><xsl:apply-templates mode="inline"/></fo:block></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- ==== Label rows ==== -->

  <!-- KESATU ... are the words of a decision's parts; the profile may want others, and bold. -->
  <xsl:template name="row-label">
    <xsl:variable name="part" select="starts-with(@label, 'KE') and not(translate(@label, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ ', ''))"/>
    <xsl:if test="$part and $profile/p:dictum/@bold = 'yes'"><xsl:attribute name="font-weight">bold</xsl:attribute></xsl:if>
    <xsl:choose>
      <xsl:when test="@label = 'KESATU'"><xsl:value-of select="$profile/p:dictum/@first"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="@label"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- The labels' column is as wide as the longest of them, roughly. -->
  <xsl:template name="longest-label">
    <xsl:param name="rows"/>
    <xsl:for-each select="$rows">
      <xsl:sort select="string-length(@label)" data-type="number" order="descending"/>
      <xsl:if test="position() = 1"><xsl:value-of select="string-length(@label)"/></xsl:if>
    </xsl:for-each>
  </xsl:template>

  <xsl:template match="l:rows" mode="block">
    <xsl:variable name="own"><xsl:call-template name="longest-label"><xsl:with-param name="rows" select="l:row"/></xsl:call-template></xsl:variable>
    <xsl:variable name="all"><xsl:call-template name="longest-label"><xsl:with-param name="rows" select="../l:rows/l:row"/></xsl:call-template></xsl:variable>
    <!-- blocks of one body have their colons below each other, unless one has very long labels -->
    <xsl:variable name="longest"><xsl:choose><xsl:when test="parent::l:body and $all &lt; 22"><xsl:value-of select="$all"/></xsl:when><xsl:otherwise><xsl:value-of select="$own"/></xsl:otherwise></xsl:choose></xsl:variable>
    <xsl:variable name="label-width">
      <xsl:choose>
        <xsl:when test="$longest &lt; 9"><xsl:value-of select="20 * $scale"/></xsl:when>
        <xsl:when test="$longest &lt; 22"><xsl:value-of select="($longest * 2.1 + 3) * $scale"/></xsl:when>
        <xsl:otherwise>50</xsl:otherwise>
      </xsl:choose>
    </xsl:variable>
    <xsl:variable name="indent"><xsl:choose><xsl:when test="parent::l:body"><xsl:value-of select="$text/@indent"/></xsl:when><xsl:otherwise>0mm</xsl:otherwise></xsl:choose></xsl:variable>
    <xsl:variable name="after"><xsl:choose><xsl:when test="parent::l:li | parent::l:row">2pt</xsl:when><xsl:otherwise><xsl:value-of select="$text/@gap"/></xsl:otherwise></xsl:choose></xsl:variable>
    <fo:table table-layout="fixed" space-after="{$after}" role="Div">
      <xsl:if test="parent::l:body | parent::l:section"><xsl:call-template name="keep"/></xsl:if>
      <fo:table-column column-width="{$indent}"/>
      <fo:table-column column-width="{$label-width}mm"/>
      <fo:table-column column-width="4mm"/>
      <fo:table-column column-width="proportional-column-width(1)"/>
      <fo:table-body start-indent="0mm" role="Div">
        <xsl:for-each select="l:row">
          <fo:table-row role="Div">
            <xsl:if test="not(l:p | l:ol | l:ul | l:rows)"><xsl:attribute name="keep-together.within-page">always</xsl:attribute></xsl:if>
            <fo:table-cell role="Div"><fo:block/></fo:table-cell>
            <fo:table-cell role="Div"><fo:block text-align="start"><xsl:call-template name="row-label"/></fo:block></fo:table-cell>
            <fo:table-cell role="Div"><fo:block>:</fo:block></fo:table-cell>
            <fo:table-cell role="Div">
              <xsl:choose>
                <xsl:when test="l:p | l:ol | l:ul | l:rows"><xsl:apply-templates select="l:p | l:ol | l:ul | l:rows" mode="block"/></xsl:when>
                <xsl:otherwise><fo:block text-align="start"><xsl:apply-templates mode="inline"/></fo:block></xsl:otherwise>
              </xsl:choose>
            </fo:table-cell>
          </fo:table-row>
        </xsl:for-each>
      </fo:table-body>
    </fo:table>
  </xsl:template>
</xsl:stylesheet>
