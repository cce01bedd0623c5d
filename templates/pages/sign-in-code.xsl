<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- The second step: a code. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>The second step</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><w:t>The second step</w:t></h1>
    <form action="/masuk/kode" method="post" novalidate="novalidate">
      <input type="hidden" name="ke" value="{view/ke}"/>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'kode'"/>
        <xsl:with-param name="label"><w:t>Code</w:t></xsl:with-param>
        <xsl:with-param name="hint"><w:t>The six digits that the app on your telephone shows now.</w:t></xsl:with-param>
        <xsl:with-param name="complete" select="'one-time-code'"/>
      </xsl:call-template>
      <button class="govuk-button" type="submit"><w:t>Go on</w:t></button>
    </form>
    <details class="govuk-details">
      <summary class="govuk-details__summary"><span class="govuk-details__summary-text"><w:t>I do not have my telephone</w:t></span></summary>
      <div class="govuk-details__text"><w:t>Type one of the recovery codes that you printed instead. Each can be used once. Without them, ask the administrator of your office.</w:t></div>
    </details>
  </xsl:template>
</xsl:stylesheet>
