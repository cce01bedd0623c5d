<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- A disposition was given just now: to whom, and undoing it. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>The disposition is given</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:apply-templates select="view" mode="given-page"/>
  </xsl:template>

  <xsl:template match="view" mode="given-page">
    <xsl:choose>
      <xsl:when test="given">
        <h1 class="govuk-heading-l"><w:t>The disposition is given</w:t></h1>
        <p class="govuk-body-l"><xsl:value-of select="subject"/></p>
        <xsl:apply-templates select="given" mode="prepared"/>
        <xsl:apply-templates select="given" mode="undo"/>
      </xsl:when>
      <xsl:otherwise>
        <h1 class="govuk-heading-l"><xsl:value-of select="subject"/></h1>
        <p class="govuk-body"><w:t>No disposition of this letter from you stands.</w:t></p>
      </xsl:otherwise>
    </xsl:choose>
    <p><a class="govuk-button" href="/tugas" role="button"><w:t>To what waits for me</w:t></a></p>
    <p class="govuk-body"><a class="govuk-link" href="/surat/{letter}"><w:t>All about this letter</w:t></a></p>
  </xsl:template>

  <xsl:template match="given" mode="undo">
    <xsl:choose>
      <xsl:when test="undo = 'true'">
        <form action="/surat/{../letter}/batal" method="post">
          <xsl:call-template name="form-token"/>
          <button class="govuk-button govuk-button--secondary" type="submit"><w:t>Undo the disposition</w:t></button>
          <p class="govuk-hint"><w:t>Until <w:v select="substring-after(until/@told, ', ')"/>, as long as nobody has opened it.</w:t></p>
        </form>
      </xsl:when>
      <xsl:when test="reader">
        <p class="govuk-body"><w:t><w:v select="reader"/> has opened it, so it cannot be undone any more. As long as nobody has answered, you can take it back at the letter.</w:t></p>
      </xsl:when>
      <xsl:otherwise>
        <p class="govuk-body"><w:t>The time to undo it is over. As long as nobody has answered, you can take it back at the letter.</w:t></p>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>
</xsl:stylesheet>
