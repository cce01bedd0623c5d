<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!--
  The sheet of a disposition (lembar disposisi), after the form of the national archive: what the
  letter is, to whom it goes (the lead has a 1, the others a tick), what they are to do, and who gave
  it when.  Its document is made in engine/office/disposition-sheet.c.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:fo="http://www.w3.org/1999/XSL/Format" xmlns:d="urn:naskah:disposition-sheet:1"
                exclude-result-prefixes="d">
  <xsl:output method="xml"/>
  <xsl:variable name="line">0.5pt solid #202020</xsl:variable>

  <xsl:template match="/d:sheet">
    <fo:root font-family="Arial" font-size="8.5pt" line-height="1.2" language="id">
      <fo:layout-master-set>
        <fo:simple-page-master master-name="sheet" page-width="148mm" page-height="210mm" margin-top="9mm" margin-bottom="7mm" margin-left="10mm" margin-right="10mm">
          <fo:region-body region-name="body" margin-bottom="7mm"/>
          <fo:region-after region-name="foot" extent="5mm" display-align="after"/>
        </fo:simple-page-master>
      </fo:layout-master-set>
      <fo:page-sequence master-reference="sheet">
        <fo:static-content flow-name="foot">
          <fo:block font-size="6.5pt" text-align="end"><xsl:value-of select="d:foot"/></fo:block>
        </fo:static-content>
        <fo:flow flow-name="body">
          <fo:block text-align="center" font-size="9pt" font-weight="bold"><xsl:value-of select="d:agency"/></fo:block>
          <xsl:if test="d:unit">
            <fo:block text-align="center"><xsl:value-of select="d:unit"/></fo:block>
          </xsl:if>
          <fo:block role="H1" text-align="center" font-weight="bold" font-size="12pt" space-before="1.5mm" padding-top="1.5mm" border-top="1pt solid black">LEMBAR DISPOSISI</fo:block>
          <xsl:if test="d:state">
            <fo:block text-align="center" font-weight="bold"><xsl:value-of select="d:state"/></fo:block>
          </xsl:if>
          <xsl:call-template name="letter"/>
          <xsl:call-template name="orders"/>
          <xsl:call-template name="words"/>
          <xsl:call-template name="giver"/>
        </fo:flow>
      </fo:page-sequence>
    </fo:root>
  </xsl:template>

  <!-- Label and value, side by side. -->
  <xsl:template name="fact">
    <xsl:param name="label"/>
    <xsl:param name="value"/>
    <fo:table-cell role="Div" padding="0.7mm 1.2mm"><fo:block><xsl:value-of select="$label"/></fo:block></fo:table-cell>
    <fo:table-cell role="Div" padding="0.7mm 1.2mm 0.7mm 0mm">
      <fo:block>
        <xsl:text>: </xsl:text>
        <xsl:choose><xsl:when test="string($value)"><xsl:value-of select="$value"/></xsl:when><xsl:otherwise>–</xsl:otherwise></xsl:choose>
      </fo:block>
    </fo:table-cell>
  </xsl:template>

  <xsl:template name="letter">
    <fo:table role="Div" table-layout="fixed" width="100%" space-before="2mm" border="{$line}">
      <fo:table-column column-width="23mm"/>
      <fo:table-column column-width="proportional-column-width(1)"/>
      <fo:table-column column-width="21mm"/>
      <fo:table-column column-width="31mm"/>
      <fo:table-body role="Div">
        <xsl:for-each select="d:fact">
          <fo:table-row role="Div">
            <xsl:call-template name="fact"><xsl:with-param name="label" select="@label"/><xsl:with-param name="value" select="@value"/></xsl:call-template>
            <xsl:call-template name="fact"><xsl:with-param name="label" select="@label2"/><xsl:with-param name="value" select="@value2"/></xsl:call-template>
          </fo:table-row>
        </xsl:for-each>
        <fo:table-row role="Div">
          <fo:table-cell role="Div" padding="0.7mm 1.2mm"><fo:block>Hal</fo:block></fo:table-cell>
          <fo:table-cell role="Div" number-columns-spanned="3" padding="0.7mm 1.2mm 0.7mm 0mm"><fo:block><xsl:text>: </xsl:text><xsl:value-of select="d:subject"/></fo:block></fo:table-cell>
        </fo:table-row>
      </fo:table-body>
    </fo:table>
  </xsl:template>

  <!-- A line with a box before it. -->
  <xsl:template name="line">
    <xsl:param name="mark"/>
    <xsl:param name="text"/>
    <fo:table-row keep-together.within-page="always">
      <fo:table-cell border="{$line}" padding="0.6mm 0mm"><fo:block text-align="center" font-weight="bold"><xsl:value-of select="$mark"/></fo:block></fo:table-cell>
      <fo:table-cell border="{$line}" padding="0.6mm 1.2mm"><fo:block><xsl:value-of select="$text"/></fo:block></fo:table-cell>
    </fo:table-row>
  </xsl:template>

  <xsl:template name="orders">
    <fo:block font-weight="bold" space-before="3mm" space-after="1mm" keep-with-next.within-page="always">Diteruskan kepada</fo:block>
    <fo:table table-layout="fixed" width="100%" border-collapse="collapse">
      <fo:table-column column-width="7mm"/>
      <fo:table-column column-width="proportional-column-width(1)"/>
      <fo:table-body>
        <xsl:for-each select="d:receiver">
          <xsl:call-template name="line"><xsl:with-param name="mark" select="@mark"/><xsl:with-param name="text" select="@title"/></xsl:call-template>
        </xsl:for-each>
      </fo:table-body>
    </fo:table>
    <fo:block font-weight="bold" space-before="3mm" space-after="1mm" keep-with-next.within-page="always">Isi disposisi</fo:block>
    <fo:table table-layout="fixed" width="100%" border-collapse="collapse">
      <fo:table-column column-width="7mm"/>
      <fo:table-column column-width="proportional-column-width(1)"/>
      <fo:table-body>
        <xsl:for-each select="d:instruction">
          <xsl:call-template name="line"><xsl:with-param name="mark" select="@mark"/><xsl:with-param name="text" select="@print"/></xsl:call-template>
        </xsl:for-each>
      </fo:table-body>
    </fo:table>
  </xsl:template>

  <xsl:template name="words">
    <fo:block font-weight="bold" space-before="3mm" space-after="1mm" keep-with-next.within-page="always">Catatan</fo:block>
    <fo:block border="{$line}" padding="1.2mm" margin-left="0mm" margin-right="0mm">
      <xsl:choose><xsl:when test="string(d:note)"><xsl:value-of select="d:note"/></xsl:when><xsl:otherwise>–</xsl:otherwise></xsl:choose>
    </fo:block>
    <xsl:if test="d:due">
      <fo:block space-before="1.5mm"><xsl:text>Diselesaikan paling lambat: </xsl:text><xsl:value-of select="d:due"/></fo:block>
    </xsl:if>
  </xsl:template>

  <xsl:template name="giver">
    <fo:block space-before="4mm" start-indent="62mm" keep-with-next.within-page="always"><xsl:value-of select="d:giver/@at"/></fo:block>
    <fo:block start-indent="62mm" keep-with-next.within-page="always"><xsl:value-of select="d:giver/@title"/><xsl:text>,</xsl:text></fo:block>
    <fo:block start-indent="62mm" space-before="1.5mm" font-size="7pt" keep-with-next.within-page="always">Paraf elektronik, tercatat dalam riwayat surat</fo:block>
    <fo:block start-indent="62mm" font-weight="bold" space-before="1mm"><xsl:value-of select="d:giver/@name"/></fo:block>
    <xsl:if test="d:giver/@proposer">
      <fo:block start-indent="62mm" font-size="7pt"><xsl:text>Disiapkan oleh </xsl:text><xsl:value-of select="d:giver/@proposer"/></fo:block>
    </xsl:if>
  </xsl:template>
</xsl:stylesheet>
