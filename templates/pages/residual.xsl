<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- What is left of a destroyed letter: what GET /api/v1/residuals/{letter} answers. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>A letter that was destroyed</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><w:t>A letter that was destroyed</w:t></h1>
    <xsl:apply-templates select="view"/>
  </xsl:template>

  <xsl:template match="view">
    <p class="govuk-inset-text"><w:t>It was destroyed on <w:v select="destroyed/@date"/>, when its retention was over, by a decision of people. Its words, attachments and versions are gone for good; nobody can bring them back. What follows is all that is left.</w:t></p>
    <dl class="govuk-summary-list">
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Number</w:t></xsl:with-param><xsl:with-param name="value" select="string(number)"/></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Date of the letter</w:t></xsl:with-param><xsl:with-param name="value"><xsl:apply-templates select="date" mode="time"/></xsl:with-param></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Kind</w:t></xsl:with-param><xsl:with-param name="value" select="string(kind)"/></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Class</w:t></xsl:with-param><xsl:with-param name="value" select="string(code)"/></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Unit</w:t></xsl:with-param><xsl:with-param name="value" select="string(unit)"/></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Begun</w:t></xsl:with-param><xsl:with-param name="value"><xsl:apply-templates select="created" mode="time"/></xsl:with-param></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Versions that there were</w:t></xsl:with-param><xsl:with-param name="value" select="string(versions)"/></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Destroyed</w:t></xsl:with-param><xsl:with-param name="value"><w:t><w:v select="destroyed/@told"/>, by <w:v select="destroyed_by"/></w:t></xsl:with-param></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>By which decision</w:t></xsl:with-param><xsl:with-param name="value"><a class="govuk-link" href="/arsip/penyusutan/{disposal}"><w:t>The proposal</w:t></a></xsl:with-param></xsl:call-template>
      <xsl:if test="record"><xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Record of destruction</w:t></xsl:with-param><xsl:with-param name="value"><a class="govuk-link" href="/surat/{record}"><w:t>Look at it</w:t></a></xsl:with-param></xsl:call-template></xsl:if>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Digest of what it said (SHA-256)</w:t></xsl:with-param><xsl:with-param name="value"><span class="nsk-proof"><xsl:value-of select="content"/></span></xsl:with-param></xsl:call-template>
    </dl>
    <p class="govuk-body"><w:t>Who still has a copy can compare its digest with this one.</w:t></p>
    <h2 class="govuk-heading-m"><w:t>What was done with it</w:t></h2>
    <p class="govuk-body"><w:t>The history is kept without its words, and still proves itself.</w:t></p>
    <ol class="govuk-list govuk-list--number">
      <xsl:for-each select="entries/item"><li><xsl:apply-templates select="action" mode="words"/>, <xsl:value-of select="actor"/>, <xsl:apply-templates select="at" mode="time"/></li></xsl:for-each>
    </ol>
  </xsl:template>
</xsl:stylesheet>
