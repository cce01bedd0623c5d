<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Versions of rules. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><xsl:call-template name="rule-type"><xsl:with-param name="type" select="view/type"/></xsl:call-template></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:call-template name="back"><xsl:with-param name="href" select="'/kelola'"/><xsl:with-param name="words"><w:t>Administration</w:t></xsl:with-param></xsl:call-template>
    <h1 class="govuk-heading-l"><xsl:call-template name="rule-type"><xsl:with-param name="type" select="view/type"/></xsl:call-template></h1>
    <xsl:if test="view/deploys = 'true'"><p class="govuk-body"><a class="govuk-link" href="/kelola/aturan/{view/type}/pasang"><w:t>Check a file, or put it in force</w:t></a></p></xsl:if>
    <xsl:if test="view/deploys = 'false'"><p class="govuk-body"><w:t>Kinds of letters come with the program.</w:t></p></xsl:if>
    <div class="nsk-wide" tabindex="0" role="region" aria-labelledby="versi">
      <table class="govuk-table">
        <caption class="govuk-table__caption govuk-table__caption--m" id="versi"><w:t>Versions</w:t></caption>
        <thead class="govuk-table__head"><tr class="govuk-table__row"><th scope="col" class="govuk-table__header"><w:t>Name</w:t></th><th scope="col" class="govuk-table__header"><w:t>Version</w:t></th><th scope="col" class="govuk-table__header"><w:t>Since</w:t></th><th scope="col" class="govuk-table__header"><w:t>State</w:t></th><th scope="col" class="govuk-table__header"><w:t>Letters made under it</w:t></th><th scope="col" class="govuk-table__header"><w:t>File</w:t></th></tr></thead>
        <tbody class="govuk-table__body">
          <xsl:for-each select="view/rules/item">
            <tr class="govuk-table__row"><td class="govuk-table__cell"><xsl:value-of select="name"/></td><td class="govuk-table__cell"><xsl:value-of select="version"/></td><td class="govuk-table__cell"><xsl:apply-templates select="at" mode="time"/></td><td class="govuk-table__cell"><xsl:choose><xsl:when test="in_force = 'true'"><strong class="govuk-tag govuk-tag--green"><w:t>in force</w:t></strong></xsl:when><xsl:otherwise><w:t>earlier</w:t></xsl:otherwise></xsl:choose></td><td class="govuk-table__cell"><xsl:value-of select="letters"/></td><td class="govuk-table__cell"><a class="govuk-link" href="/kelola/aturan/{/page/view/type}/{name}/{version}">XML<span class="govuk-visually-hidden"><xsl:text> </xsl:text><xsl:value-of select="concat(name, ' ', version)"/></span></a><xsl:if test="/page/view/type = 'alur'"><xsl:text> </xsl:text><a class="govuk-link" href="/kelola/aturan/alur/{name}/{version}/gambar"><w:t>Diagram</w:t><span class="govuk-visually-hidden"><xsl:text> </xsl:text><xsl:value-of select="concat(name, ' ', version)"/></span></a></xsl:if></td></tr>
          </xsl:for-each>
        </tbody>
      </table>
    </div>
  </xsl:template>
</xsl:stylesheet>
