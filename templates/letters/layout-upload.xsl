<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!--
  Documents that are uploaded as a PDF: peraturan, SOP, perjanjian.  A draft whose document is not
  there yet shows which file it will be.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:fo="http://www.w3.org/1999/XSL/Format" xmlns:nf="urn:naskah:fo:1"
                xmlns:j="urn:naskah:render-job:1" xmlns:k="urn:naskah:kind:1"
                xmlns:l="urn:naskah:letter:1" xmlns:p="urn:naskah:profile:1"
                exclude-result-prefixes="j k l p">
  <xsl:import href="common.xsl"/>

  <xsl:template name="main-pages">
    <xsl:choose>
      <xsl:when test="$job/j:page[@attachment = 1]"><xsl:apply-templates select="$job/j:page[@attachment = 1]" mode="own"/></xsl:when>
      <xsl:otherwise><xsl:call-template name="composed-pages"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="opening">
    <xsl:call-template name="title"/>
    <fo:block text-align="center" font-weight="bold" space-before="6pt" space-after="12pt">
      <xsl:choose>
        <xsl:when test="normalize-space($letter/l:subject) != ''"><xsl:value-of select="normalize-space($letter/l:subject)"/></xsl:when>
        <xsl:otherwise><fo:inline color="{$grey}">[Hal]</fo:inline></xsl:otherwise>
      </xsl:choose>
    </fo:block>
    <xsl:apply-templates select="$letter/l:attachments/l:attachment[1]/l:file" mode="body"/>
  </xsl:template>
</xsl:stylesheet>
