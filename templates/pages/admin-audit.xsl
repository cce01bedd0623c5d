<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- The newest changes of all histories. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>History of the office</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:call-template name="back"><xsl:with-param name="href" select="'/kelola'"/><xsl:with-param name="words"><w:t>Administration</w:t></xsl:with-param></xsl:call-template>
    <h1 class="govuk-heading-l"><w:t>History of the office</w:t></h1>
    <form action="/kelola/riwayat" method="get">
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'orang'"/>
        <xsl:with-param name="label"><w:t>Short name of a person</w:t></xsl:with-param>
        <xsl:with-param name="value" select="view/orang"/>
      </xsl:call-template>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'surat'"/>
        <xsl:with-param name="label"><w:t>A letter: its number or the end of its id</w:t></xsl:with-param>
        <xsl:with-param name="value" select="view/surat"/>
      </xsl:call-template>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'dari'"/>
        <xsl:with-param name="label"><w:t>From</w:t></xsl:with-param>
        <xsl:with-param name="type" select="'date'"/>
        <xsl:with-param name="digits" select="true()"/>
        <xsl:with-param name="value" select="view/dari"/>
      </xsl:call-template>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'sampai'"/>
        <xsl:with-param name="label"><w:t>Until</w:t></xsl:with-param>
        <xsl:with-param name="type" select="'date'"/>
        <xsl:with-param name="digits" select="true()"/>
        <xsl:with-param name="value" select="view/sampai"/>
      </xsl:call-template>
      <button class="govuk-button" type="submit"><w:t>Show</w:t></button>
    </form>
    <xsl:if test="view/entries and not(view/entries/item)"><p class="govuk-body-l"><w:t>There is none.</w:t></p></xsl:if>
    <xsl:if test="view/entries/item">
    <div class="nsk-wide" tabindex="0" role="region" aria-labelledby="perubahan">
      <table class="govuk-table">
        <caption class="govuk-table__caption govuk-table__caption--m" id="perubahan"><w:t>Changes, the newest first</w:t></caption>
        <thead class="govuk-table__head"><tr class="govuk-table__row"><th scope="col" class="govuk-table__header"><w:t>When</w:t></th><th scope="col" class="govuk-table__header"><w:t>Who</w:t></th><th scope="col" class="govuk-table__header"><w:t>What</w:t></th><th scope="col" class="govuk-table__header"><w:t>Of</w:t></th></tr></thead>
        <tbody class="govuk-table__body">
          <xsl:for-each select="view/entries/item">
            <tr class="govuk-table__row"><td class="govuk-table__cell"><xsl:apply-templates select="at" mode="time"/></td><td class="govuk-table__cell"><xsl:value-of select="name"/></td><td class="govuk-table__cell"><xsl:apply-templates select="action" mode="words"/></td><td class="govuk-table__cell"><xsl:choose><xsl:when test="is_letter = 'true'"><a class="govuk-link" href="/surat/{history}"><xsl:value-of select="substring(history, string-length(history) - 11)"/></a></xsl:when><xsl:otherwise><xsl:value-of select="history"/></xsl:otherwise></xsl:choose></td></tr>
          </xsl:for-each>
        </tbody>
      </table>
    </div>
      <p class="govuk-body"><a class="govuk-link" href="/kelola/riwayat.csv?{view/query}"><w:t>As a table (CSV)</w:t></a></p>
    </xsl:if>
    <xsl:if test="view/next">
      <xsl:call-template name="next-page"><xsl:with-param name="href" select="concat('/kelola/riwayat?', view/query, 'setelah=', view/next)"/></xsl:call-template>
    </xsl:if>
  </xsl:template>
</xsl:stylesheet>
