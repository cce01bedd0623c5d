<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!--
  Certified copies: a directive's title and number, what is certified, who signs it; below that a stamp
  with the code by which the original is looked up, and the same words above every page of the copy.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:fo="http://www.w3.org/1999/XSL/Format" xmlns:nf="urn:naskah:fo:1"
                xmlns:j="urn:naskah:render-job:1" xmlns:k="urn:naskah:kind:1"
                xmlns:l="urn:naskah:letter:1" xmlns:p="urn:naskah:profile:1"
                exclude-result-prefixes="j k l p">
  <xsl:import href="layout-directive.xsl"/>

  <xsl:variable name="original" select="$letter/l:references/l:reference"/>

  <!-- Where the original is looked up: what its own QR code says. -->
  <xsl:variable name="original-address" select="$job/j:original/@text"/>

  <xsl:template name="copies">
    <fo:table table-layout="fixed" width="100%" role="Div" space-before="16pt" border="1pt solid black" keep-together.within-page="always">
      <fo:table-column column-width="26mm"/>
      <fo:table-column column-width="proportional-column-width(1)"/>
      <fo:table-body start-indent="0mm" role="Div">
        <fo:table-row role="Div">
          <fo:table-cell role="Div" padding="2mm">
            <fo:block line-height="1" font-size="2pt" line-stacking-strategy="max-height" text-indent="0mm">
              <fo:instream-foreign-object content-width="20mm" content-height="20mm" nf:alt="Kode QR naskah asli: {$original-address}"><nf:qr text="{$original-address}"/></fo:instream-foreign-object>
            </fo:block>
          </fo:table-cell>
          <fo:table-cell role="Div" padding="2mm" display-align="center">
            <fo:block text-align="start" text-indent="0mm" font-weight="bold">SALINAN sesuai dengan aslinya</fo:block>
            <fo:block text-align="start" text-indent="0mm" font-size="9pt" line-height="1.2">
              <xsl:value-of select="concat('Naskah asli Nomor ', $original/@number, ' dapat diperiksa di:')"/>
            </fo:block>
            <fo:block text-align="start" text-indent="0mm" font-size="8pt" line-height="1.2"><xsl:value-of select="$original-address"/></fo:block>
          </fo:table-cell>
        </fo:table-row>
      </fo:table-body>
    </fo:table>
    <xsl:call-template name="directive-copies"/>
  </xsl:template>

  <xsl:template name="sheet-mark">
    <fo:block text-align="center" text-indent="0mm" font-size="10pt" line-height="1.1" font-weight="bold">SALINAN sesuai dengan aslinya</fo:block>
  </xsl:template>
</xsl:stylesheet>
