<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- The envelope of a letter that came in, as TU sees it: what "naskah incoming show" answers. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>A letter that came in</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:call-template name="back"><xsl:with-param name="href">/masuk-surat</xsl:with-param><xsl:with-param name="words"><w:t>Letters that came in</w:t></xsl:with-param></xsl:call-template>
    <xsl:apply-templates select="view/incoming" mode="envelope"/>
  </xsl:template>

  <xsl:template match="incoming" mode="envelope">
    <h1 class="govuk-heading-l"><w:t>Agenda number <w:v select="agenda"/></w:t></h1>
    <p class="govuk-body"><w:t>Write this number on the letter.</w:t></p>
    <xsl:if test="subject"><p class="govuk-body-l"><xsl:value-of select="subject"/></p></xsl:if>
    <xsl:apply-templates select="." mode="facts"/>
    <xsl:if test="not(forwarded)"><p><a class="govuk-button" href="/tugas" role="button"><w:t>Pass it on in My tasks</w:t></a></p></xsl:if>
    <ul class="nsk-links">
      <li><a class="govuk-link" href="/masuk-surat/baru"><w:t>Register another letter</w:t></a></li>
      <li><a class="govuk-link" href="/masuk-surat/{letter}/tanda-terima.pdf"><w:t>Receipt for who brought it (PDF)</w:t></a></li>
      <xsl:if test="not(unopened = 'true')"><li><a class="govuk-link" href="/surat/{letter}"><w:t>The letter, its scan and its way</w:t></a></li></xsl:if>
    </ul>
  </xsl:template>
</xsl:stylesheet>
