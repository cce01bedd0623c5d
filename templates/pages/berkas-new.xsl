<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Opening a file of records. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Open a file</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:call-template name="back"><xsl:with-param name="href" select="'/arsip/berkas'"/><xsl:with-param name="words"><w:t>Files of records</w:t></xsl:with-param></xsl:call-template>
    <h1 class="govuk-heading-l"><w:t>Open a file</w:t></h1>
    <xsl:choose>
      <xsl:when test="not(view/units/item)"><p class="govuk-inset-text"><w:t>You keep no files. They are kept by the archivist of a unit, who is named in the directory.</w:t></p></xsl:when>
      <xsl:when test="not(view/schemes/item)"><p class="govuk-inset-text"><w:t>No classification is in force yet. Who looks after the office puts one in force with 'naskah records load'.</w:t></p></xsl:when>
      <xsl:otherwise><xsl:apply-templates select="view"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="view">
    <form action="/arsip/berkas/baru" method="post">
      <xsl:call-template name="form-token"/>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'judul'"/>
        <xsl:with-param name="label"><w:t>What the file is about</w:t></xsl:with-param>
        <xsl:with-param name="hint"><w:t>Matter and year, such as: Undangan rapat 2026.</w:t></xsl:with-param>
        <xsl:with-param name="value" select="judul"/>
      </xsl:call-template>
      <div class="govuk-form-group">
        <label class="govuk-label" for="unit"><w:t>Of which unit</w:t></label>
        <select class="govuk-select" id="unit" name="unit">
          <xsl:for-each select="units/item"><option value="{id}"><xsl:if test="id = /page/view/unit"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if><xsl:value-of select="name"/></option></xsl:for-each>
        </select>
      </div>
      <xsl:choose>
        <xsl:when test="schemes/item[2]">
          <div class="govuk-form-group">
            <label class="govuk-label" for="skema"><w:t>Classification</w:t></label>
            <select class="govuk-select" id="skema" name="skema">
              <xsl:for-each select="schemes/item"><option value="{scheme}"><xsl:if test="scheme = /page/view/skema"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if><xsl:value-of select="scheme"/></option></xsl:for-each>
            </select>
          </div>
        </xsl:when>
        <xsl:otherwise><input type="hidden" name="skema" value="{schemes/item/scheme}"/></xsl:otherwise>
      </xsl:choose>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'kode'"/>
        <xsl:with-param name="label"><w:t>Code of its class</w:t></xsl:with-param>
        <xsl:with-param name="hint"><w:t>A class with a retention rule, such as KP.08.1; headings have none.</w:t></xsl:with-param>
        <xsl:with-param name="value" select="kode"/>
      </xsl:call-template>
      <p class="govuk-body"><a class="govuk-link" href="/arsip/klasifikasi"><w:t>Look the class up</w:t></a></p>
      <button class="govuk-button" type="submit"><w:t>Open the file</w:t></button>
    </form>
  </xsl:template>
</xsl:stylesheet>
