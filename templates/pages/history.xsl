<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- What happened to a letter: what "naskah letter history" answers. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>What happened to this letter</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><w:t>What happened to this letter</w:t></h1>
    <p class="govuk-inset-text">
      <xsl:choose>
        <xsl:when test="view/proved = count(view/entries/item)"><w:t>Each of these <w:v select="view/proved"/> events is bound into the office's log, which is signed: nobody can change one, take one out or put one in between without its being found.</w:t></xsl:when>
        <xsl:otherwise><w:t><w:v select="view/proved"/> of these <w:v select="count(view/entries/item)"/> events are bound into the office's signed log; the newest follow within a second.</w:t></xsl:otherwise>
      </xsl:choose>
    </p>
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
        <div class="govuk-details__text">
          <p class="govuk-body"><w:t>Its hash:</w:t><xsl:text> </xsl:text><code class="nsk-proof"><xsl:value-of select="hash"/></code></p>
          <xsl:choose>
            <xsl:when test="leaf">
              <p class="govuk-body"><w:t>It is number <w:v select="leaf + 1"/> of the log.</w:t></p>
              <p class="govuk-body"><a class="govuk-link" href="/surat/{/page/view/letter}/bukti/{seq}" download="bukti.tlog-proof"><w:t>Take its proof away, for an auditor</w:t></a></p>
            </xsl:when>
            <xsl:otherwise><p class="govuk-body"><w:t>It gets its place in the log within a second.</w:t></p></xsl:otherwise>
          </xsl:choose>
        </div>
      </details>
    </li>
  </xsl:template>
</xsl:stylesheet>
