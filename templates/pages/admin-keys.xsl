<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Signers and certificates: what "naskah signer" and "certificate status" answer. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Keys</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:call-template name="back"><xsl:with-param name="href" select="'/kelola'"/><xsl:with-param name="words"><w:t>Administration</w:t></xsl:with-param></xsl:call-template>
    <h1 class="govuk-heading-l"><w:t>Keys</w:t></h1>
    <xsl:if test="view/tried = 'true'">
    <div class="nsk-wide" tabindex="0" role="region" aria-labelledby="uji">
      <table class="govuk-table">
        <caption class="govuk-table__caption govuk-table__caption--m" id="uji"><w:t>Whether each could sign now</w:t></caption>
        <thead class="govuk-table__head"><tr class="govuk-table__row"><th scope="col" class="govuk-table__header"><w:t>Name</w:t></th><th scope="col" class="govuk-table__header"><w:t>Signer</w:t></th><th scope="col" class="govuk-table__header"><w:t>State</w:t></th></tr></thead>
        <tbody class="govuk-table__body">
          <xsl:for-each select="view/keys/item">
            <tr class="govuk-table__row"><td class="govuk-table__cell"><xsl:value-of select="name"/></td><td class="govuk-table__cell"><xsl:value-of select="signer"/></td><td class="govuk-table__cell"><xsl:choose><xsl:when test="state = 'ready'"><strong class="govuk-tag govuk-tag--green"><w:t>ready</w:t></strong></xsl:when><xsl:otherwise><strong class="govuk-tag govuk-tag--red"><xsl:value-of select="state"/></strong><xsl:text> </xsl:text><xsl:value-of select="error"/></xsl:otherwise></xsl:choose></td></tr>
          </xsl:for-each>
        </tbody>
      </table>
    </div>
    </xsl:if>
    <form action="/kelola/kunci" method="post">
      <xsl:call-template name="form-token"/>
      <button class="govuk-button govuk-button--secondary" type="submit"><w:t>Ask each key whether it could sign</w:t></button>
    </form>
    <h2 class="govuk-heading-m"><w:t>Signers</w:t></h2>
    <xsl:if test="not(view/signers/item)"><p class="govuk-body"><w:t>There is none: signatories use their key files.</w:t></p></xsl:if>
    <xsl:for-each select="view/signers/item">
      <h3 class="govuk-heading-s"><xsl:value-of select="signer"/> (<xsl:value-of select="kind"/>)</h3>
      <ul class="govuk-list govuk-list--bullet"><xsl:for-each select="people/item"><li><xsl:value-of select="name"/><xsl:if test="certificate/until"><xsl:text>, </xsl:text><w:t>certificate until <w:v select="certificate/until/@date"/></w:t></xsl:if></li></xsl:for-each></ul>
    </xsl:for-each>
    <div class="nsk-wide" tabindex="0" role="region" aria-labelledby="sertifikat">
      <table class="govuk-table">
        <caption class="govuk-table__caption govuk-table__caption--m" id="sertifikat"><w:t>Certificates</w:t></caption>
        <thead class="govuk-table__head"><tr class="govuk-table__row"><th scope="col" class="govuk-table__header"><w:t>Of</w:t></th><th scope="col" class="govuk-table__header"><w:t>Subject</w:t></th><th scope="col" class="govuk-table__header"><w:t>Ends</w:t></th><th scope="col" class="govuk-table__header"><w:t>Days left</w:t></th></tr></thead>
        <tbody class="govuk-table__body">
          <xsl:for-each select="view/certificates/item">
            <tr class="govuk-table__row"><td class="govuk-table__cell"><xsl:choose><xsl:when test="what = 'holder'"><w:t>Signatory</w:t></xsl:when><xsl:when test="what = 'authority'"><w:t>Authority</w:t></xsl:when><xsl:when test="what = 'root'"><w:t>Trusted root</w:t></xsl:when><xsl:otherwise><w:t>Time stamps</w:t></xsl:otherwise></xsl:choose></td><td class="govuk-table__cell"><span class="nsk-proof"><xsl:value-of select="subject"/></span></td><td class="govuk-table__cell"><xsl:apply-templates select="until" mode="time"/></td><td class="govuk-table__cell"><xsl:value-of select="days"/><xsl:if test="warning = 'ended'"><xsl:text> </xsl:text><strong class="govuk-tag govuk-tag--red"><w:t>ended</w:t></strong></xsl:if><xsl:if test="warning != '' and warning != 'ended'"><xsl:text> </xsl:text><strong class="govuk-tag govuk-tag--orange"><w:t>soon</w:t></strong></xsl:if></td></tr>
          </xsl:for-each>
        </tbody>
      </table>
    </div>
  </xsl:template>
</xsl:stylesheet>
