<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- What a letter's file is worth: what "naskah verify" answers, in words for anybody. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Verdict on a file</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:apply-templates select="view[verdict]" mode="verdict"/>
    <xsl:choose>
      <xsl:when test="view/verdict"><h2 class="govuk-heading-m"><w:t>Check another file</w:t></h2></xsl:when>
      <xsl:otherwise><h1 class="govuk-heading-l"><w:t>Check a letter's file</w:t></h1></xsl:otherwise>
    </xsl:choose>
    <xsl:call-template name="file-to-check"/>
  </xsl:template>

  <xsl:template match="view" mode="verdict">
    <xsl:choose>
      <xsl:when test="verdict = 'valid'"><h1 class="govuk-heading-l"><w:t>The letter is genuine and unchanged</w:t></h1><p class="govuk-body-l"><w:t>It is signed, and not one byte was changed since.</w:t></p></xsl:when>
      <xsl:when test="verdict = 'invalid'"><h1 class="govuk-heading-l"><w:t>The file was changed, or a signature is wrong</w:t></h1><p class="govuk-body-l"><strong><w:t>Do not trust this file. Ask the agency for the letter again.</w:t></strong></p></xsl:when>
      <xsl:when test="verdict = 'unsigned'"><h1 class="govuk-heading-l"><w:t>This file has no signature</w:t></h1><p class="govuk-body-l"><w:t>It may be a copy or a print. Check the code on the letter instead.</w:t></p></xsl:when>
      <xsl:otherwise><h1 class="govuk-heading-l"><w:t>It cannot be told for certain</w:t></h1><p class="govuk-body-l"><w:t>The file is as it was signed, but who signed it cannot be proven here.</w:t></p></xsl:otherwise>
    </xsl:choose>
    <xsl:if test="findings/item"><ul class="govuk-list govuk-list--bullet"><xsl:for-each select="findings/item"><li><xsl:value-of select="text"/></li></xsl:for-each></ul></xsl:if>
    <xsl:if test="signatures/item">
      <h2 class="govuk-heading-m"><w:t>Signatures</w:t></h2>
      <ul class="govuk-list govuk-list--bullet">
        <xsl:for-each select="signatures/item[kind = 'signature']">
          <li><strong><xsl:value-of select="signer"/></strong><xsl:if test="at/@date"><xsl:text>, </xsl:text><w:t>signed on <w:v select="at/@date"/></w:t></xsl:if><xsl:text>: </xsl:text><xsl:choose><xsl:when test="intact = 'true'"><w:t>unchanged</w:t></xsl:when><xsl:otherwise><strong><w:t>changed</w:t></strong></xsl:otherwise></xsl:choose>
            <xsl:for-each select="findings/item"><p><xsl:value-of select="text"/></p></xsl:for-each></li>
        </xsl:for-each>
      </ul>
    </xsl:if>
    <details class="govuk-details">
      <summary class="govuk-details__summary"><span class="govuk-details__summary-text"><w:t>Digest of the file (SHA-256)</w:t></span></summary>
      <div class="govuk-details__text"><code class="nsk-proof"><xsl:value-of select="sha256"/></code></div>
    </details>
  </xsl:template>
</xsl:stylesheet>
