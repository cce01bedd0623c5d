<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- What happened to a letter: what "naskah letter history" answers. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>What happened to this letter</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><w:t>What happened to this letter</w:t></h1>
    <ol class="nsk-history">
      <xsl:apply-templates select="view/entries/item"/>
    </ol>
  </xsl:template>

  <xsl:template match="entries/item">
    <li class="nsk-history__entry">
      <h2 class="nsk-history__what"><xsl:apply-templates select="action" mode="words"/></h2>
      <p class="nsk-history__who">
        <xsl:value-of select="name"/>
        <xsl:text>, </xsl:text>
        <xsl:apply-templates select="at" mode="time"/>
      </p>
      <xsl:if test="reason"><p class="nsk-history__why"><xsl:value-of select="reason"/></p></xsl:if>
      <details class="govuk-details">
        <summary class="govuk-details__summary"><span class="govuk-details__summary-text"><w:t>Proof of entry <w:v select="seq"/></w:t></span></summary>
        <div class="govuk-details__text"><code class="nsk-proof"><xsl:value-of select="hash"/></code></div>
      </details>
    </li>
  </xsl:template>
</xsl:stylesheet>
