<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!--
  Pages of uploaded PDFs.  Each is a picture with its own text below it, white and in its places, so
  that it can be searched, copied and read aloud.

  A page of an attachment is set into a page of the letter, which is turned if it is wider than high:
  page number and foot as everywhere, and a line that says which attachment it belongs to.  A page of
  the document of an uploaded kind keeps its own size, and what is known stands in its marked places.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:fo="http://www.w3.org/1999/XSL/Format" xmlns:nf="urn:naskah:fo:1"
                xmlns:j="urn:naskah:render-job:1" xmlns:k="urn:naskah:kind:1"
                xmlns:l="urn:naskah:letter:1" xmlns:p="urn:naskah:profile:1"
                exclude-result-prefixes="j k l p">

  <xsl:variable name="uploaded" select="$kind/@layout = 'upload'"/>
  <!-- Room around a page of an attachment, in mm. -->
  <xsl:variable name="sheet-side" select="10"/>
  <xsl:variable name="sheet-top" select="32"/>
  <!-- Millimetres in a point. -->
  <xsl:variable name="mm" select="25.4 div 72"/>
  <!-- Of the size of a mark, what stands in its place has at least that share. -->
  <xsl:variable name="smallest" select="0.6"/>

  <xsl:template match="j:page" mode="master-name"><xsl:value-of select="concat('sheet-', count(preceding-sibling::j:page) + 1)"/></xsl:template>

  <xsl:template match="j:page" mode="master">
    <fo:simple-page-master>
      <xsl:attribute name="master-name"><xsl:apply-templates select="." mode="master-name"/></xsl:attribute>
      <xsl:choose>
        <xsl:when test="$uploaded and @attachment = 1">
          <xsl:attribute name="page-width"><xsl:value-of select="@width"/>pt</xsl:attribute>
          <xsl:attribute name="page-height"><xsl:value-of select="@height"/>pt</xsl:attribute>
          <fo:region-body region-name="body"/>
          <fo:region-before region-name="head-own" extent="12mm" display-align="before"/>
        </xsl:when>
        <xsl:otherwise>
          <xsl:variable name="turned" select="@width &gt; @height"/>
          <xsl:attribute name="page-width"><xsl:value-of select="$turned * $paper-height + not($turned) * $paper-width"/>mm</xsl:attribute>
          <xsl:attribute name="page-height"><xsl:value-of select="$turned * $paper-width + not($turned) * $paper-height"/>mm</xsl:attribute>
          <xsl:attribute name="margin-left"><xsl:value-of select="$sheet-side"/>mm</xsl:attribute>
          <xsl:attribute name="margin-right"><xsl:value-of select="$sheet-side"/>mm</xsl:attribute>
          <xsl:attribute name="margin-top">0mm</xsl:attribute>
          <xsl:attribute name="margin-bottom">9mm</xsl:attribute>
          <fo:region-body region-name="body" margin-top="{$sheet-top - 8}mm" margin-bottom="{$bottom - 9}mm"/>
          <fo:region-before region-name="head-rest" extent="{$sheet-top - 8}mm" display-align="before"/>
          <fo:region-after extent="{$bottom - 11}mm" display-align="after">
            <xsl:attribute name="region-name"><xsl:choose><xsl:when test="$profile/p:page-number/@place = 'bottom'">foot-rest</xsl:when><xsl:otherwise>foot</xsl:otherwise></xsl:choose></xsl:attribute>
          </fo:region-after>
        </xsl:otherwise>
      </xsl:choose>
    </fo:simple-page-master>
  </xsl:template>

  <!-- ==== A page of an attachment ==== -->

  <xsl:template match="j:page" mode="sheet">
    <xsl:param name="id"/>
    <xsl:param name="name"/>
    <xsl:param name="title"/>
    <xsl:variable name="turned" select="@width &gt; @height"/>
    <xsl:variable name="room-width" select="$turned * $paper-height + not($turned) * $paper-width - 2 * $sheet-side"/>
    <xsl:variable name="room-height" select="$turned * $paper-width + not($turned) * $paper-height - $sheet-top - $bottom"/>
    <xsl:variable name="wide" select="$room-width div @width"/>
    <xsl:variable name="high" select="$room-height div @height"/>
    <!-- mm a point: at most its own size -->
    <xsl:variable name="scale">
      <xsl:choose>
        <xsl:when test="$wide &gt; 25.4 div 72 and $high &gt; 25.4 div 72"><xsl:value-of select="25.4 div 72"/></xsl:when>
        <xsl:when test="$wide &lt; $high"><xsl:value-of select="$wide"/></xsl:when>
        <xsl:otherwise><xsl:value-of select="$high"/></xsl:otherwise>
      </xsl:choose>
    </xsl:variable>
    <fo:page-sequence>
      <xsl:attribute name="master-reference"><xsl:apply-templates select="." mode="master-name"/></xsl:attribute>
      <xsl:if test="@n = 1"><xsl:attribute name="id"><xsl:value-of select="$id"/></xsl:attribute></xsl:if>
      <xsl:call-template name="static"><xsl:with-param name="first" select="false()"/></xsl:call-template>
      <fo:flow flow-name="body">
        <xsl:call-template name="sheet-mark"/>
        <fo:block text-align="end" font-size="8pt" line-height="1.2">
          <xsl:if test="@n = 1"><xsl:attribute name="role">H2</xsl:attribute></xsl:if>
          <xsl:value-of select="concat($name, ' · ')"/>
          <xsl:call-template name="label"><xsl:with-param name="field">number</xsl:with-param></xsl:call-template>
          <xsl:text> </xsl:text>
          <xsl:call-template name="number"/>
          <xsl:text> · </xsl:text>
          <xsl:call-template name="date"/>
          <xsl:value-of select="concat(' · ', $title, ' · halaman ', @n, ' dari ', @of)"/>
        </fo:block>
        <xsl:call-template name="page-picture">
          <xsl:with-param name="x" select="$sheet-side + ($room-width - @width * $scale) div 2"/>
          <xsl:with-param name="y" select="$sheet-top"/>
          <xsl:with-param name="scale" select="$scale"/>
          <xsl:with-param name="title" select="$title"/>
        </xsl:call-template>
      </fo:flow>
    </fo:page-sequence>
  </xsl:template>

  <!-- What a layout says above each page of an attachment. -->
  <xsl:template name="sheet-mark"/>

  <!-- Text, and the picture over it.  Places in mm from the corner of the page. -->
  <xsl:template name="page-picture">
    <xsl:param name="x"/>
    <xsl:param name="y"/>
    <xsl:param name="scale"/>
    <xsl:param name="title"/>
    <xsl:variable name="width" select="format-number(@width * $scale, '0.###')"/>
    <xsl:variable name="height" select="format-number(@height * $scale, '0.###')"/>
    <xsl:for-each select="j:line">
      <xsl:variable name="size" select="@height * $scale * 72 div 25.4 * 0.85"/>
      <fo:block-container absolute-position="fixed" width="400mm" left="{format-number($x + @x * $scale, '0.###')}mm" top="{format-number($y + @y * $scale, '0.###')}mm" height="{format-number(@height * $scale + 1, '0.###')}mm">
        <fo:block font-size="{format-number($size * ($size &gt; 1) + ($size &lt;= 1), '0.##')}pt" line-height="1" text-align="start" text-indent="0mm" wrap-option="no-wrap" color="#ffffff"><xsl:call-template name="unmarked"><xsl:with-param name="text" select="string(.)"/></xsl:call-template></fo:block>
      </fo:block-container>
    </xsl:for-each>
    <fo:block-container absolute-position="fixed" left="{format-number($x, '0.###')}mm" top="{format-number($y, '0.###')}mm" width="{$width}mm" height="{$height + 3}mm">
      <fo:block line-height="1" font-size="2pt" line-stacking-strategy="max-height" text-indent="0mm">
        <fo:external-graphic src="url({@image})" content-width="{$width}mm" content-height="{$height}mm" scaling="non-uniform"
                             nf:alt="{$title}, halaman {@n} dari {@of}"/>
      </fo:block>
    </fo:block-container>
  </xsl:template>

  <!-- A line without the marks that something else stands in place of: nobody is to find "${nomor}" in a
       signed document, or have it read aloud. -->
  <xsl:template name="unmarked">
    <xsl:param name="text"/>
    <xsl:variable name="before" select="substring-before($text, '${')"/>
    <xsl:variable name="rest" select="substring-after($text, '${')"/>
    <xsl:choose>
      <xsl:when test="../j:mark and contains($text, '${') and contains($rest, '}')">
        <xsl:value-of select="$before"/>
        <xsl:call-template name="unmarked"><xsl:with-param name="text" select="substring-after($rest, '}')"/></xsl:call-template>
      </xsl:when>
      <xsl:otherwise><xsl:value-of select="$text"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- ==== A page of the document itself ==== -->

  <xsl:template match="j:page" mode="own">
    <fo:page-sequence>
      <xsl:attribute name="master-reference"><xsl:apply-templates select="." mode="master-name"/></xsl:attribute>
      <xsl:if test="@n = 1"><xsl:attribute name="id">letter</xsl:attribute></xsl:if>
      <fo:static-content flow-name="head-own">
        <fo:block/>
        <xsl:call-template name="marks"><xsl:with-param name="before">4.5mm</xsl:with-param></xsl:call-template>
        <xsl:if test="@n = 1"><xsl:call-template name="copy-number"/></xsl:if>
      </fo:static-content>
      <fo:flow flow-name="body">
        <fo:block font-size="1pt" line-height="1"/>
        <xsl:call-template name="page-picture">
          <xsl:with-param name="x" select="0"/>
          <xsl:with-param name="y" select="0"/>
          <xsl:with-param name="scale" select="25.4 div 72"/>
          <xsl:with-param name="title" select="normalize-space($letter/l:subject)"/>
        </xsl:call-template>
        <xsl:apply-templates select="j:mark" mode="fill"/>
      </fo:flow>
    </fo:page-sequence>
  </xsl:template>

  <!-- White over the mark, and over it what is known: smaller where it would run into what stands at its
       right, and in several lines where it would have to be too small for that. -->
  <xsl:template match="j:mark" mode="fill">
    <xsl:variable name="who" select="$job/j:signatory[@n = current()/@signatory]"/>
    <!-- A signature or code in a corner moves inwards as far as it has to: 5 mm stay free. -->
    <xsl:variable name="code" select="@name = 'qr' or @name = 'ttd'"/>
    <xsl:variable name="wide">
      <xsl:choose>
        <xsl:when test="@name = 'qr'">20</xsl:when>
        <xsl:when test="$certified and @room * $mm &gt;= 91">91</xsl:when>
        <xsl:when test="$certified and @room * $mm &gt; 68"><xsl:value-of select="@room * $mm"/></xsl:when>
        <xsl:otherwise>68</xsl:otherwise>
      </xsl:choose>
    </xsl:variable>
    <!-- where nothing stands over the mark, its brackets must not look out -->
    <xsl:variable name="pad" select="0.5 + 0.15 * @height * ($code and (@x &gt; ../@width - ($wide + 5) div $mm or @y &gt; ../@height - 27 div $mm))"/>
    <xsl:variable name="last-x" select="../@width - ($wide + 5) div $mm"/>
    <xsl:variable name="last-y" select="../@height - 27 div $mm"/>
    <xsl:variable name="x" select="@x * (not($code) or @x &lt;= $last-x) + $last-x * ($code and @x &gt; $last-x)"/>
    <xsl:variable name="y" select="@y * (not($code) or @y &lt;= $last-y) + $last-y * ($code and @y &gt; $last-y)"/>
    <xsl:variable name="text">
      <xsl:choose>
        <xsl:when test="@name = 'nomor'"><xsl:call-template name="number"/></xsl:when>
        <xsl:when test="@name = 'tanggal'"><xsl:call-template name="date"/></xsl:when>
        <xsl:when test="@name = 'hal'"><xsl:value-of select="normalize-space($letter/l:subject)"/></xsl:when>
        <xsl:when test="@name = 'nama'"><xsl:value-of select="$who/@person"/></xsl:when>
        <xsl:when test="@name = 'nip'"><xsl:value-of select="$who/@nip"/></xsl:when>
        <xsl:when test="@name = 'jabatan'"><xsl:apply-templates select="$who" mode="post-line"/></xsl:when>
      </xsl:choose>
      <xsl:value-of select="@tail"/>
    </xsl:variable>
    <!-- a box is about 1.14 times as high as its font, whose letters stand 0.805 of it below its top;
         in a line of ours they stand 0.855 of their size below its top -->
    <xsl:variable name="most" select="(@size &gt; 0) * @size + (@size = 0) * @height * 0.88"/>
    <xsl:variable name="line" select="@y + @height * 0.805"/>
    <!-- a character is about as wide as 0.54 of the size of its font -->
    <xsl:variable name="fits" select="@room div (0.54 * (string-length($text) + 1))"/>
    <xsl:variable name="least" select="$most * $smallest"/>
    <xsl:variable name="size" select="($fits &gt;= $most) * $most + ($fits &lt; $most and $fits &gt; $least) * $fits + ($fits &lt; $most and $fits &lt;= $least) * $least"/>
    <fo:block-container absolute-position="fixed" left="{@x - $pad}pt" width="{@width + 2 * $pad}pt" background-color="#ffffff">
      <xsl:choose>
        <xsl:when test="$code">
          <xsl:attribute name="top"><xsl:value-of select="@y - $pad"/>pt</xsl:attribute>
          <xsl:attribute name="height"><xsl:value-of select="@height + 2 * $pad"/>pt</xsl:attribute>
        </xsl:when>
        <xsl:otherwise>
          <xsl:attribute name="top"><xsl:value-of select="format-number($line - 0.8 * $most, '0.###')"/>pt</xsl:attribute>
          <xsl:attribute name="height"><xsl:value-of select="format-number(1.13 * $most, '0.###')"/>pt</xsl:attribute>
        </xsl:otherwise>
      </xsl:choose>
      <fo:block/>
    </fo:block-container>
    <fo:block-container absolute-position="fixed" left="{$x}pt" height="30mm">
      <xsl:choose>
        <xsl:when test="$code">
          <xsl:attribute name="top"><xsl:value-of select="$y"/>pt</xsl:attribute>
          <xsl:attribute name="width">95mm</xsl:attribute>
        </xsl:when>
        <xsl:otherwise>
          <xsl:attribute name="top"><xsl:value-of select="format-number($line - 0.855 * $size, '0.###')"/>pt</xsl:attribute>
          <xsl:attribute name="width"><xsl:value-of select="@room"/>pt</xsl:attribute>
        </xsl:otherwise>
      </xsl:choose>
      <xsl:choose>
        <xsl:when test="@name = 'qr'">
          <xsl:choose>
            <xsl:when test="$job/j:qr"><xsl:call-template name="qr"><xsl:with-param name="size">20mm</xsl:with-param></xsl:call-template></xsl:when>
            <xsl:otherwise><fo:block color="{$grey}">[Kode QR]</fo:block></xsl:otherwise>
          </xsl:choose>
        </xsl:when>
        <xsl:when test="@name = 'ttd'">
          <xsl:choose>
            <xsl:when test="$draft"><fo:block color="{$grey}">[Tanda tangan]</fo:block></xsl:when>
            <xsl:otherwise><xsl:apply-templates select="$who" mode="box"><xsl:with-param name="start" select="0"/><xsl:with-param name="room" select="$wide"/></xsl:apply-templates></xsl:otherwise>
          </xsl:choose>
        </xsl:when>
        <xsl:otherwise>
          <fo:block font-size="{format-number($size, '0.##')}pt" line-height="{format-number(1.2 * $size, '0.##')}pt" text-align="start" text-indent="0mm">
            <xsl:if test="@font"><xsl:attribute name="font-family"><xsl:value-of select="@font"/></xsl:attribute></xsl:if>
            <xsl:if test="@bold"><xsl:attribute name="font-weight">bold</xsl:attribute></xsl:if>
            <xsl:copy-of select="$text"/>
          </fo:block>
        </xsl:otherwise>
      </xsl:choose>
    </fo:block-container>
  </xsl:template>
</xsl:stylesheet>
