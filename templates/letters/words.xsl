<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Small helpers with words: capitals, numbers in Indonesian words, text that does not break. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

  <xsl:template name="capitals">
    <xsl:param name="text"/>
    <xsl:value-of select="translate($text, 'abcdefghijklmnopqrstuvwxyzéèêëàâäóòôöúùûüíìîïçñ', 'ABCDEFGHIJKLMNOPQRSTUVWXYZÉÈÊËÀÂÄÓÒÔÖÚÙÛÜÍÌÎÏÇÑ')"/>
  </xsl:template>

  <!-- Blanks that no line breaks at. -->
  <xsl:template name="unbroken">
    <xsl:param name="text"/>
    <xsl:value-of select="translate($text, ' ', '&#160;')"/>
  </xsl:template>

  <!--
    How many: "words" writes numbers of one or two words in words (dua belas) and others in digits
    (23), as the guidelines ask; "digits" writes 12; "both" writes 12 (dua belas).
  -->
  <xsl:template name="count-words">
    <xsl:param name="n"/>
    <xsl:param name="style"/>
    <xsl:variable name="words">
      <xsl:call-template name="number-words"><xsl:with-param name="n" select="$n"/></xsl:call-template>
    </xsl:variable>
    <xsl:choose>
      <xsl:when test="$style = 'both' and $words != ''"><xsl:value-of select="concat($n, ' (', $words, ')')"/></xsl:when>
      <xsl:when test="$style = 'words' and $words != '' and not(contains(substring-after($words, ' '), ' '))">
        <xsl:call-template name="capitals"><xsl:with-param name="text" select="substring($words, 1, 1)"/></xsl:call-template>
        <xsl:value-of select="substring($words, 2)"/>
      </xsl:when>
      <xsl:otherwise><xsl:value-of select="$n"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- 1 to 999; nothing for others. -->
  <xsl:template name="number-words">
    <xsl:param name="n"/>
    <xsl:choose>
      <xsl:when test="not($n &gt;= 1 and $n &lt; 1000)"/>
      <xsl:when test="$n &lt; 10"><xsl:call-template name="digit-word"><xsl:with-param name="n" select="$n"/></xsl:call-template></xsl:when>
      <xsl:when test="$n = 10">sepuluh</xsl:when>
      <xsl:when test="$n = 11">sebelas</xsl:when>
      <xsl:when test="$n &lt; 20">
        <xsl:call-template name="digit-word"><xsl:with-param name="n" select="$n - 10"/></xsl:call-template>
        <xsl:text> belas</xsl:text>
      </xsl:when>
      <xsl:when test="$n &lt; 100">
        <xsl:call-template name="digit-word"><xsl:with-param name="n" select="floor($n div 10)"/></xsl:call-template>
        <xsl:text> puluh</xsl:text>
        <xsl:call-template name="rest-words"><xsl:with-param name="n" select="$n mod 10"/></xsl:call-template>
      </xsl:when>
      <xsl:when test="$n &lt; 200">
        <xsl:text>seratus</xsl:text>
        <xsl:call-template name="rest-words"><xsl:with-param name="n" select="$n mod 100"/></xsl:call-template>
      </xsl:when>
      <xsl:otherwise>
        <xsl:call-template name="digit-word"><xsl:with-param name="n" select="floor($n div 100)"/></xsl:call-template>
        <xsl:text> ratus</xsl:text>
        <xsl:call-template name="rest-words"><xsl:with-param name="n" select="$n mod 100"/></xsl:call-template>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="rest-words">
    <xsl:param name="n"/>
    <xsl:if test="$n &gt; 0">
      <xsl:text> </xsl:text>
      <xsl:call-template name="number-words"><xsl:with-param name="n" select="$n"/></xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template name="digit-word">
    <xsl:param name="n"/>
    <!-- Cells of eight letters. -->
    <xsl:value-of select="normalize-space(substring('satu    dua     tiga    empat   lima    enam    tujuh   delapan sembilan', ($n - 1) * 8 + 1, 8))"/>
  </xsl:template>
</xsl:stylesheet>
