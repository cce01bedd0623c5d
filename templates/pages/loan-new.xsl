<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Asking for a loan of records. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Ask for a loan</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:call-template name="back"><xsl:with-param name="href" select="'/arsip/pinjaman'"/><xsl:with-param name="words"><w:t>Loans of records</w:t></xsl:with-param></xsl:call-template>
    <h1 class="govuk-heading-l"><w:t>Ask for a loan</w:t></h1>
    <xsl:apply-templates select="view"/>
  </xsl:template>

  <xsl:template match="view">
    <form action="/arsip/pinjaman/baru" method="post">
      <xsl:call-template name="form-token"/>
      <div class="govuk-form-group">
        <label class="govuk-label" for="unit"><w:t>Whose records: the unit</w:t></label>
        <select class="govuk-select" id="unit" name="unit">
          <xsl:for-each select="units/item"><option value="{id}"><xsl:if test="id = /page/view/unit"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if><xsl:value-of select="name"/></option></xsl:for-each>
        </select>
      </div>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'perlu'"/>
        <xsl:with-param name="label"><w:t>What you need</w:t></xsl:with-param>
        <xsl:with-param name="hint"><w:t>In words, such as: invitations to meetings of January 2026. The archivist finds what is meant.</w:t></xsl:with-param>
        <xsl:with-param name="value" select="perlu"/>
      </xsl:call-template>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'sampai'"/><xsl:with-param name="type" select="'date'"/><xsl:with-param name="digits" select="true()"/>
        <xsl:with-param name="label"><w:t>Until which day</w:t></xsl:with-param>
        <xsl:with-param name="value" select="sampai"/>
      </xsl:call-template>
      <xsl:call-template name="typed-words"><xsl:with-param name="name" select="'alasan'"/><xsl:with-param name="label"><w:t>What you need it for</w:t></xsl:with-param><xsl:with-param name="value" select="alasan"/></xsl:call-template>
      <button class="govuk-button" type="submit"><w:t>Send the request</w:t></button>
    </form>
  </xsl:template>
</xsl:stylesheet>
