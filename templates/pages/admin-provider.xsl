<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- The provider of identities: how it is set, and whether it would let people in. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Identity provider</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:variable name="is-set" select="string(view/provider/issuer) != ''"/>
    <xsl:call-template name="back"><xsl:with-param name="href" select="'/kelola'"/><xsl:with-param name="words"><w:t>Administration</w:t></xsl:with-param></xsl:call-template>
    <h1 class="govuk-heading-l"><w:t>Identity provider</w:t></h1>
    <p class="govuk-body"><w:t>People can sign in with the account that they have elsewhere, such as that of the regency. It says who they are; what they may do here follows from their positions.</w:t></p>
    <xsl:apply-templates select="view/tried"/>
    <xsl:if test="$is-set"><xsl:apply-templates select="view/provider"/></xsl:if>
    <xsl:apply-templates select="view" mode="change"/>
    <xsl:if test="$is-set">
      <h2 class="govuk-heading-m"><w:t>Do without it</w:t></h2>
      <p class="govuk-body"><w:t>People go on signing in with their passwords. Their links stay, for the day on which the same provider is named again.</w:t></p>
      <form action="/kelola/penyedia" method="post">
        <xsl:call-template name="form-token"/>
        <button class="govuk-button govuk-button--warning" type="submit" name="tindakan" value="lepas"><w:t>Nobody signs in by it any more</w:t></button>
      </form>
    </xsl:if>
  </xsl:template>

  <!-- What came of trying it. -->
  <xsl:template match="tried">
    <h2 class="govuk-heading-m" id="uji"><xsl:choose><xsl:when test="good = 'true'"><w:t>The connection works</w:t></xsl:when><xsl:otherwise><w:t>The connection does not work yet</w:t></xsl:otherwise></xsl:choose></h2>
    <ul class="govuk-list" aria-labelledby="uji">
      <xsl:for-each select="checks/item">
        <li>
          <xsl:choose><xsl:when test="good = 'true'"><strong class="govuk-tag govuk-tag--green"><w:t>good</w:t></strong></xsl:when><xsl:otherwise><strong class="govuk-tag govuk-tag--red"><w:t>to be mended</w:t></strong></xsl:otherwise></xsl:choose>
          <xsl:text> </xsl:text><span class="nsk-proof"><xsl:value-of select="says"/></span>
        </li>
      </xsl:for-each>
    </ul>
    <xsl:if test="good = 'true'"><p class="govuk-body"><w:t>Whether the provider knows the addresses below shows itself when somebody signs in: try it once yourself.</w:t></p></xsl:if>
  </xsl:template>

  <!-- What the provider has to know. -->
  <xsl:template match="provider">
    <form action="/kelola/penyedia" method="post">
      <xsl:call-template name="form-token"/>
      <button class="govuk-button govuk-button--secondary" type="submit" name="tindakan" value="uji"><w:t>Test the connection</w:t></button>
    </form>
    <h2 class="govuk-heading-m"><w:t>What the provider has to know</w:t></h2>
    <xsl:choose>
      <xsl:when test="addresses/item">
        <p class="govuk-body"><w:t>Give these addresses to who looks after the provider; it sends people back to them.</w:t></p>
        <ul class="govuk-list govuk-list--bullet nsk-proof"><xsl:for-each select="addresses/item"><li><xsl:value-of select="."/></li></xsl:for-each></ul>
      </xsl:when>
      <xsl:otherwise><p class="govuk-inset-text"><w:t>This server does not know its own name, so nobody can sign in by the provider yet. Whoever starts it says it with: naskah serve --site https://…</w:t></p></xsl:otherwise>
    </xsl:choose>
    <details class="govuk-details">
      <summary class="govuk-details__summary"><span class="govuk-details__summary-text"><w:t>The office's public key</w:t></span></summary>
      <div class="govuk-details__text">
        <p class="govuk-body"><w:t>By it the provider knows the office (private_key_jwt, ES512). It is no secret; the provider can also fetch it from /masuk/sso/kunci.</w:t></p>
        <pre class="nsk-proof" tabindex="0"><xsl:value-of select="set"/></pre>
      </div>
    </details>
  </xsl:template>

  <xsl:template match="view" mode="change">
    <h2 class="govuk-heading-m"><xsl:choose><xsl:when test="string(provider/issuer) != ''"><w:t>Change it</w:t></xsl:when><xsl:otherwise><w:t>Name a provider</w:t></xsl:otherwise></xsl:choose></h2>
    <form action="/kelola/penyedia" method="post">
      <xsl:call-template name="form-token"/>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'penerbit'"/>
        <xsl:with-param name="label"><w:t>Issuer</w:t></xsl:with-param>
        <xsl:with-param name="hint"><w:t>Its address, just as the provider writes it, such as https://sso.example.go.id</w:t></xsl:with-param>
        <xsl:with-param name="value" select="typed/issuer"/>
      </xsl:call-template>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'klien'"/>
        <xsl:with-param name="label"><w:t>The office's name at the provider</w:t></xsl:with-param>
        <xsl:with-param name="hint"><w:t>The provider calls it client ID.</w:t></xsl:with-param>
        <xsl:with-param name="value" select="typed/client"/>
      </xsl:call-template>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'nama'"/>
        <xsl:with-param name="label"><w:t>What people call it</w:t></xsl:with-param>
        <xsl:with-param name="hint"><w:t>It stands on the button to sign in, such as: SSO Pemda</w:t></xsl:with-param>
        <xsl:with-param name="value" select="typed/name"/>
      </xsl:call-template>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'klaim'"/>
        <xsl:with-param name="label"><w:t>By what it names a person for ever</w:t></xsl:with-param>
        <xsl:with-param name="hint"><w:t>Leave it as sub unless who looks after the provider says otherwise. After a change people link their accounts anew.</w:t></xsl:with-param>
        <xsl:with-param name="value" select="typed/claim"/>
      </xsl:call-template>
      <button class="govuk-button" type="submit" name="tindakan" value="ubah"><w:t>Keep it</w:t></button>
    </form>
  </xsl:template>
</xsl:stylesheet>
