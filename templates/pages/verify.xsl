<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- What anybody may know of a published letter by its code: the least that tells it from another. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Check a letter</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:choose>
      <xsl:when test="view/found = 'true'"><xsl:apply-templates select="view" mode="found"/></xsl:when>
      <!-- a script puts the part "hasil" beside the file (check.js) -->
      <xsl:when test="view/by_file = 'true'">
        <div id="hasil">
          <h1 class="govuk-heading-m"><w:t>It is not the file of a published letter</w:t></h1>
          <p class="govuk-body"><w:t>That alone does not make it false: many letters are not for everybody, and a copy is another file. Press the button to have its signatures checked. The file is sent for that, and not kept.</w:t></p>
        </div>
      </xsl:when>
      <xsl:otherwise>
        <h1 class="govuk-heading-l"><w:t>No letter is published under this code</w:t></h1>
        <p class="govuk-body"><w:t>Compare the code with the one on the letter. A letter that is not meant for everybody is not found here either: ask the agency that sent it.</w:t></p>
        <p class="govuk-body"><a class="govuk-link" href="/"><w:t>Try another code</w:t></a></p>
      </xsl:otherwise>
    </xsl:choose>
    <h2 class="govuk-heading-m"><w:t>Check a letter's file</w:t></h2>
    <xsl:call-template name="file-to-check"/>
  </xsl:template>

  <xsl:template match="view" mode="found">
    <div>
    <xsl:choose>
      <xsl:when test="by_file = 'true'">
        <xsl:attribute name="id">hasil</xsl:attribute>
        <h1 class="govuk-heading-m"><w:t>The file is genuine: a published letter, not one byte changed</w:t></h1>
      </xsl:when>
      <xsl:otherwise>
        <h1 class="govuk-heading-l"><w:t>This letter is known and published</w:t></h1>
        <p class="govuk-body"><w:t>Compare what stands here with the letter before you. If it differs, the letter was changed.</w:t></p>
      </xsl:otherwise>
    </xsl:choose>
    <dl class="govuk-summary-list">
      <xsl:call-template name="fact">
        <xsl:with-param name="name"><w:t>Agency</w:t></xsl:with-param>
        <xsl:with-param name="value" select="string(agency)"/>
      </xsl:call-template>
      <xsl:call-template name="fact">
        <xsl:with-param name="name"><w:t>Unit</w:t></xsl:with-param>
        <xsl:with-param name="value" select="string(unit)"/>
      </xsl:call-template>
      <xsl:call-template name="fact">
        <xsl:with-param name="name"><w:t>Number</w:t></xsl:with-param>
        <xsl:with-param name="value" select="string(number)"/>
      </xsl:call-template>
      <xsl:call-template name="fact">
        <xsl:with-param name="name"><w:t>Date of the letter</w:t></xsl:with-param>
        <xsl:with-param name="value"><xsl:apply-templates select="date" mode="time"/></xsl:with-param>
      </xsl:call-template>
      <xsl:call-template name="fact">
        <xsl:with-param name="name"><w:t>Subject</w:t></xsl:with-param>
        <xsl:with-param name="value" select="string(subject)"/>
      </xsl:call-template>
    </dl>
    <p class="govuk-body"><a class="govuk-link" href="{pdf}"><w:t>The letter as it was signed (PDF)</w:t></a></p>
    </div>
    <details class="govuk-details">
      <summary class="govuk-details__summary"><span class="govuk-details__summary-text"><w:t>Digest of the file (SHA-256)</w:t></span></summary>
      <div class="govuk-details__text"><code class="nsk-proof"><xsl:value-of select="sha256"/></code></div>
    </details>
  </xsl:template>
</xsl:stylesheet>
