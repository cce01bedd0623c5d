<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!--
  How a signature looks where the profile wants it made of the certificate: a page of the size of the
  signature's field.  Its document is made in engine/office/sign-look.c, which looks whether all of it
  fits and says how large the letters are.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:fo="http://www.w3.org/1999/XSL/Format" xmlns:l="urn:naskah:signature-look:1"
                exclude-result-prefixes="l">
  <xsl:output method="xml"/>

  <xsl:template match="/l:look">
    <fo:root font-family="Arial" font-size="{@size}pt" line-height="1.2" line-stacking-strategy="font-height" language="id">
      <fo:layout-master-set>
        <fo:simple-page-master master-name="field" page-width="{@width}pt" page-height="{@height}pt" margin="1pt 0pt">
          <fo:region-body region-name="body"/>
        </fo:simple-page-master>
      </fo:layout-master-set>
      <fo:page-sequence master-reference="field">
        <fo:flow flow-name="body">
          <fo:block-container height="{@height - 2}pt" display-align="center">
            <fo:block>Ditandatangani secara elektronik oleh:</fo:block>
            <fo:block font-weight="bold"><xsl:value-of select="l:name"/></fo:block>
            <xsl:for-each select="l:post | l:agency | l:time | l:issuer">
              <fo:block><xsl:value-of select="."/></fo:block>
            </xsl:for-each>
          </fo:block-container>
        </fo:flow>
      </fo:page-sequence>
    </fo:root>
  </xsl:template>
</xsl:stylesheet>
