<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Which kind of letter is begun. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Write a letter</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><w:t>Write a letter</w:t></h1>
    <p class="govuk-body"><w:t>Choose what you want to write. You can stop at any time and go on later.</w:t></p>
    <xsl:call-template name="kinds">
      <xsl:with-param name="title"><w:t>Letters and memoranda</w:t></xsl:with-param>
      <xsl:with-param name="kinds" select="view/kinds/item[family = 'korespondensi']"/>
    </xsl:call-template>
    <xsl:call-template name="kinds">
      <xsl:with-param name="title"><w:t>Rules, decisions and orders</w:t></xsl:with-param>
      <xsl:with-param name="kinds" select="view/kinds/item[family = 'arahan']"/>
    </xsl:call-template>
    <xsl:call-template name="kinds">
      <xsl:with-param name="title"><w:t>Other letters</w:t></xsl:with-param>
      <xsl:with-param name="kinds" select="view/kinds/item[not(family = 'korespondensi' or family = 'arahan')]"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template name="kinds">
    <xsl:param name="title"/>
    <xsl:param name="kinds"/>
    <xsl:if test="$kinds">
      <h2 class="govuk-heading-m"><xsl:copy-of select="$title"/></h2>
      <ul class="nsk-links">
        <xsl:for-each select="$kinds">
          <xsl:sort select="title"/>
          <li><a class="govuk-link" href="/draf/baru?jenis={kind}"><xsl:value-of select="title"/></a></li>
        </xsl:for-each>
      </ul>
    </xsl:if>
  </xsl:template>
</xsl:stylesheet>
