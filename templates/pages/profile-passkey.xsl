<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- A new passkey. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Add a passkey</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:call-template name="back"><xsl:with-param name="href" select="'/profil'"/><xsl:with-param name="words"><w:t>My profile</w:t></xsl:with-param></xsl:call-template>
    <h1 class="govuk-heading-l"><w:t>Add a passkey</w:t></h1>
    <xsl:choose>
      <xsl:when test="view/passkey">
        <p class="govuk-body"><w:t>Your telephone or computer will ask for your fingerprint, face or PIN, and keep the passkey. It is never sent to the office.</w:t></p>
        <p class="govuk-body"><w:t>Add one only on a device that is yours alone.</w:t></p>
        <xsl:call-template name="passkey">
          <xsl:with-param name="action" select="'/profil/kunci'"/>
          <xsl:with-param name="words"><w:t>Add it to this device</w:t></xsl:with-param>
          <xsl:with-param name="is-new" select="true()"/>
        </xsl:call-template>
        <noscript><p class="govuk-body"><w:t>Passkeys need scripts, which this browser has switched off.</w:t></p></noscript>
      </xsl:when>
      <xsl:otherwise><p class="govuk-body"><w:t>Passkeys cannot be used in this office yet: its administrator has to tell the server by which name people open these pages.</w:t></p></xsl:otherwise>
    </xsl:choose>
  </xsl:template>
</xsl:stylesheet>
