<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- What two versions of a letter say differently: what "naskah letter diff" answers. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Versions compared</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><w:t>Versions compared</w:t></h1>
    <p class="govuk-body"><a class="govuk-link" href="/surat/{view/letter}"><xsl:value-of select="view/subject"/></a></p>
    <form class="nsk-inline" action="/surat/{view/letter}/banding" method="get">
      <xsl:call-template name="typed"><xsl:with-param name="name" select="'dari'"/><xsl:with-param name="label"><w:t>From version</w:t></xsl:with-param><xsl:with-param name="value" select="view/from"/><xsl:with-param name="digits" select="true()"/></xsl:call-template>
      <xsl:call-template name="typed"><xsl:with-param name="name" select="'ke'"/><xsl:with-param name="label"><w:t>To version</w:t></xsl:with-param><xsl:with-param name="value" select="view/to"/><xsl:with-param name="digits" select="true()"/></xsl:call-template>
      <button class="govuk-button govuk-button--secondary" type="submit"><w:t>Compare</w:t></button>
    </form>
    <xsl:choose>
      <xsl:when test="view/changes/item"><xsl:apply-templates select="view/changes" mode="changes"/></xsl:when>
      <xsl:otherwise><p class="govuk-body"><w:t>Nothing in the words of the letter is different.</w:t></p></xsl:otherwise>
    </xsl:choose>
  </xsl:template>
</xsl:stylesheet>
