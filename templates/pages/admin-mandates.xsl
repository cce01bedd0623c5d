<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Mandates. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Mandates</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:call-template name="back"><xsl:with-param name="href" select="'/kelola'"/><xsl:with-param name="words"><w:t>Administration</w:t></xsl:with-param></xsl:call-template>
    <h1 class="govuk-heading-l"><w:t>Mandates</w:t></h1>
    <p class="govuk-body"><w:t>A mandate comes with a file of the directory, as its decision says it.</w:t> <a class="govuk-link" href="/kelola/muat"><w:t>Load a file</w:t></a></p>
    <div class="nsk-wide" tabindex="0" role="region" aria-labelledby="mandat">
      <table class="govuk-table">
        <caption class="govuk-table__caption govuk-table__caption--m" id="mandat"><w:t>Mandates</w:t></caption>
        <thead class="govuk-table__head"><tr class="govuk-table__row"><th scope="col" class="govuk-table__header"><w:t>Giver</w:t></th><th scope="col" class="govuk-table__header"><w:t>Receiver</w:t></th><th scope="col" class="govuk-table__header"><w:t>How</w:t></th><th scope="col" class="govuk-table__header"><w:t>When</w:t></th><th scope="col" class="govuk-table__header"><w:t>Decision</w:t></th></tr></thead>
        <tbody class="govuk-table__body">
          <xsl:for-each select="view/mandates/item">
            <tr class="govuk-table__row"><td class="govuk-table__cell"><xsl:value-of select="giver_title"/></td><td class="govuk-table__cell"><xsl:value-of select="receiver_title"/></td><td class="govuk-table__cell"><xsl:choose><xsl:when test="capacity = 'definitive'"><w:t>definitive</w:t></xsl:when><xsl:when test="capacity = 'plt'">Plt.</xsl:when><xsl:when test="capacity = 'plh'">Plh.</xsl:when><xsl:when test="capacity = 'pj'">Pj.</xsl:when><xsl:when test="capacity = 'an'">a.n.</xsl:when><xsl:when test="capacity = 'ub'">u.b.</xsl:when><xsl:otherwise><xsl:value-of select="capacity"/></xsl:otherwise></xsl:choose></td><td class="govuk-table__cell"><w:t>from <w:v select="from/@date"/></w:t><xsl:if test="until"><xsl:text> </xsl:text><w:t>until <w:v select="until/@date"/></w:t></xsl:if></td><td class="govuk-table__cell"><xsl:value-of select="document"/></td></tr>
          </xsl:for-each>
        </tbody>
      </table>
    </div>
  </xsl:template>
</xsl:stylesheet>
