<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- A new webhook. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Add a webhook</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:call-template name="back"><xsl:with-param name="href" select="'/kelola/webhook'"/><xsl:with-param name="words"><w:t>Webhooks</w:t></xsl:with-param></xsl:call-template>
    <h1 class="govuk-heading-l"><w:t>Add a webhook</w:t></h1>
    <form action="/kelola/webhook/baru" method="post">
      <xsl:call-template name="form-token"/>
      <xsl:call-template name="webhook-fields">
        <xsl:with-param name="label" select="view/label"/>
        <xsl:with-param name="url" select="view/url"/>
      </xsl:call-template>
      <button class="govuk-button" type="submit"><w:t>Add it, and show its secret</w:t></button>
    </form>
  </xsl:template>
</xsl:stylesheet>
