<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Registers of numbers. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Numbers</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:call-template name="back"><xsl:with-param name="href" select="'/kelola'"/><xsl:with-param name="words"><w:t>Administration</w:t></xsl:with-param></xsl:call-template>
    <h1 class="govuk-heading-l"><w:t>Numbers</w:t></h1>
    <p class="govuk-body"><w:t>A number is given once and never again. What was skipped or is void stays in the register.</w:t></p>
    <div class="nsk-wide" tabindex="0" role="region" aria-labelledby="nomor">
      <table class="govuk-table">
        <caption class="govuk-table__caption govuk-table__caption--m" id="nomor"><w:t>Registers</w:t></caption>
        <thead class="govuk-table__head"><tr class="govuk-table__row"><th scope="col" class="govuk-table__header"><w:t>Unit</w:t></th><th scope="col" class="govuk-table__header"><w:t>Series</w:t></th><th scope="col" class="govuk-table__header"><w:t>Of</w:t></th><th scope="col" class="govuk-table__header"><w:t>Last number</w:t></th><th scope="col" class="govuk-table__header"><w:t>Bound</w:t></th><th scope="col" class="govuk-table__header"><w:t>Reserved</w:t></th><th scope="col" class="govuk-table__header"><w:t>Void</w:t></th></tr></thead>
        <tbody class="govuk-table__body">
          <xsl:for-each select="view/registers/item">
            <tr class="govuk-table__row"><td class="govuk-table__cell"><xsl:value-of select="unit_name"/></td><td class="govuk-table__cell"><xsl:value-of select="series"/></td><td class="govuk-table__cell"><xsl:value-of select="scope"/></td><td class="govuk-table__cell"><xsl:value-of select="last"/></td><td class="govuk-table__cell"><xsl:value-of select="bound"/></td><td class="govuk-table__cell"><xsl:value-of select="reserved"/></td><td class="govuk-table__cell"><xsl:value-of select="void"/></td></tr>
          </xsl:for-each>
        </tbody>
      </table>
    </div>
  </xsl:template>
</xsl:stylesheet>
