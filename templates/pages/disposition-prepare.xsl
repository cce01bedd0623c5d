<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- TU prepares a disposition, which a leader gives. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Prepare a disposition</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:call-template name="back"><xsl:with-param name="href" select="concat('/surat/', view/letter)"/><xsl:with-param name="words"><xsl:value-of select="view/subject"/></xsl:with-param></xsl:call-template>
    <h1 class="govuk-heading-l"><w:t>Prepare a disposition</w:t></h1>
    <p class="govuk-body"><w:t>For <w:v select="view/task/title"/>, who sees it filled in, and gives it with one tap or changes it. Nobody else sees it before.</w:t></p>
    <xsl:apply-templates select="view/incoming" mode="facts"/>
    <xsl:apply-templates select="view" mode="prepare"/>
  </xsl:template>

  <xsl:template match="view" mode="prepare">
    <form action="/surat/{letter}/usul" method="post">
      <xsl:call-template name="form-token"/>
      <input type="hidden" name="tugas" value="{task/task}"/>
      <xsl:call-template name="disposition-taps"/>
      <xsl:call-template name="disposition-words"><xsl:with-param name="label"><w:t>Words of the disposition, if it needs any</w:t></xsl:with-param></xsl:call-template>
      <button class="govuk-button" type="submit"><w:t>Put it before the leader</w:t></button>
    </form>
  </xsl:template>
</xsl:stylesheet>
