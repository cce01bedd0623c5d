<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Accounts: what "naskah account list" answers. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Accounts</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:call-template name="back"><xsl:with-param name="href" select="'/kelola'"/><xsl:with-param name="words"><w:t>Administration</w:t></xsl:with-param></xsl:call-template>
    <h1 class="govuk-heading-l"><w:t>Accounts</w:t></h1>
    <div class="nsk-wide" tabindex="0" role="region" aria-labelledby="akun">
      <table class="govuk-table">
        <caption class="govuk-table__caption govuk-table__caption--m" id="akun"><w:t>Who can sign in</w:t></caption>
        <thead class="govuk-table__head"><tr class="govuk-table__row"><th scope="col" class="govuk-table__header"><w:t>Name</w:t></th><th scope="col" class="govuk-table__header"><w:t>Signs in as</w:t></th><th scope="col" class="govuk-table__header"><w:t>State</w:t></th></tr></thead>
        <tbody class="govuk-table__body">
          <xsl:for-each select="view/accounts/item">
            <tr class="govuk-table__row"><td class="govuk-table__cell"><a class="govuk-link" href="/kelola/orang/{person}"><xsl:value-of select="name"/></a></td><td class="govuk-table__cell"><xsl:value-of select="account"/></td><td class="govuk-table__cell"><xsl:call-template name="account-state"><xsl:with-param name="account" select="."/></xsl:call-template></td></tr>
          </xsl:for-each>
        </tbody>
      </table>
    </div>
  </xsl:template>
</xsl:stylesheet>
