<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Where a letter is in its workflow: a picture, and the same as a list. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Where the letter is: <w:v select="view/subject"/></w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:call-template name="back"><xsl:with-param name="href" select="concat('/surat/', view/letter)"/><xsl:with-param name="words"><w:t>The letter</w:t></xsl:with-param></xsl:call-template>
    <h1 class="govuk-heading-l"><xsl:value-of select="view/subject"/></h1>
    <h2 class="govuk-heading-m" id="langkah"><w:t>Where it is now, and who did what</w:t></h2>
    <ol class="nsk-history" aria-labelledby="langkah"><xsl:apply-templates select="view/steps/item"/></ol>
    <h2 class="govuk-heading-m" id="gambar"><w:t>The same as a picture</w:t></h2>
    <div class="nsk-wide nsk-diagram" tabindex="0" role="region" aria-labelledby="gambar">
      <img src="/alur/{view/letter}/gambar.svg"><w:attr name="alt">Diagram of the workflow; the list above says the same</w:attr></img>
    </div>
    <p class="govuk-body"><a class="govuk-link" href="/alur/{view/letter}/gambar.svg"><w:t>The picture alone</w:t></a></p>
  </xsl:template>

  <xsl:template match="steps/item">
    <li>
      <p class="nsk-history__what"><xsl:value-of select="name"/><xsl:text> </xsl:text><xsl:apply-templates select="status" mode="step"/></p>
      <p class="nsk-history__who">
        <xsl:for-each select="who/item"><xsl:if test="position() &gt; 1">, </xsl:if><xsl:value-of select="."/></xsl:for-each>
        <xsl:if test="since"><xsl:if test="who/item">, </xsl:if><xsl:choose><xsl:when test="status = 'waiting' or status = 'overdue'"><w:t>since </w:t></xsl:when></xsl:choose><xsl:apply-templates select="since" mode="time"/></xsl:if>
        <xsl:if test="due"><xsl:text>; </xsl:text><w:t>by </w:t><xsl:apply-templates select="due" mode="time"/></xsl:if>
        <xsl:if test="count &gt; 1"><xsl:text>; </xsl:text><w:t><w:v select="count"/> times</w:t></xsl:if>
      </p>
      <xsl:if test="note"><p class="nsk-history__why"><xsl:value-of select="note"/></p></xsl:if>
    </li>
  </xsl:template>

  <xsl:template match="status" mode="step">
    <xsl:choose>
      <xsl:when test=". = 'done'"><strong class="govuk-tag govuk-tag--green"><w:t>Done</w:t></strong></xsl:when>
      <xsl:when test=". = 'waiting'"><strong class="govuk-tag"><w:t>waits here</w:t></strong></xsl:when>
      <xsl:when test=". = 'overdue'"><strong class="govuk-tag govuk-tag--red"><w:t>waits here, late</w:t></strong></xsl:when>
      <xsl:when test=". = 'incident'"><strong class="govuk-tag govuk-tag--red"><w:t>something went wrong</w:t></strong></xsl:when>
      <xsl:otherwise><strong class="govuk-tag govuk-tag--grey"><w:t>not needed any more</w:t></strong></xsl:otherwise>
    </xsl:choose>
  </xsl:template>
</xsl:stylesheet>
