<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!--
  What stands on a reader's copy of a secret letter: page 1 the line below each page, page 2 what lies
  pale across it.  Its document is made in engine/office/copy-mark.c; the worker draws both.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:fo="http://www.w3.org/1999/XSL/Format" xmlns:c="urn:naskah:reader-copy:1"
                exclude-result-prefixes="c">
  <xsl:output method="xml"/>

  <xsl:template match="/c:copy">
    <fo:root font-family="Arial" font-size="7pt" line-height="1.2" line-stacking-strategy="font-height" language="id">
      <fo:layout-master-set>
        <fo:simple-page-master master-name="line" page-width="545pt" page-height="28pt" margin="1pt 0pt">
          <fo:region-body region-name="body"/>
        </fo:simple-page-master>
        <fo:simple-page-master master-name="across" page-width="500pt" page-height="96pt" margin="1pt 0pt">
          <fo:region-body region-name="body"/>
        </fo:simple-page-master>
      </fo:layout-master-set>
      <fo:page-sequence master-reference="line">
        <fo:flow flow-name="body">
          <fo:block border-top="0.5pt solid #404040" padding-top="1pt">
            <fo:inline font-weight="bold">SALINAN BACA <xsl:value-of select="c:number"/></fo:inline>
            <xsl:text> untuk </xsl:text>
            <fo:inline font-weight="bold"><xsl:value-of select="c:name"/></fo:inline>
            <xsl:if test="string(c:post)">, <xsl:value-of select="c:post"/></xsl:if>
            <xsl:text>, </xsl:text>
            <xsl:value-of select="c:time"/>
            <xsl:text>. Bukan naskah asli, dan tidak boleh diperbanyak.</xsl:text>
            <xsl:if test="string(c:address)"> Aslinya: <xsl:value-of select="c:address"/></xsl:if>
          </fo:block>
        </fo:flow>
      </fo:page-sequence>
      <fo:page-sequence master-reference="across" color="#dedede">
        <fo:flow flow-name="body" color="#dedede">
          <fo:block text-align="center" font-size="32pt" font-weight="bold"><xsl:value-of select="c:number"/></fo:block>
          <fo:block text-align="center" font-size="20pt"><xsl:value-of select="c:short"/></fo:block>
          <fo:block text-align="center" font-size="16pt"><xsl:value-of select="c:time"/></fo:block>
        </fo:flow>
      </fo:page-sequence>
    </fo:root>
  </xsl:template>
</xsl:stylesheet>
