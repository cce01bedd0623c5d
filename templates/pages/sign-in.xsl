<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- The way in: name and password. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Sign in</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><w:t>Sign in</w:t></h1>
    <form action="/masuk" method="post" novalidate="novalidate">
      <input type="hidden" name="ke" value="{view/ke}"/>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'nama'"/>
        <xsl:with-param name="label"><w:t>Name</w:t></xsl:with-param>
        <xsl:with-param name="hint"><w:t>As your administrator gave it to you.</w:t></xsl:with-param>
        <xsl:with-param name="complete" select="'username'"/>
        <xsl:with-param name="value" select="view/name"/>
      </xsl:call-template>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'sandi'"/>
        <xsl:with-param name="label"><w:t>Password</w:t></xsl:with-param>
        <xsl:with-param name="type" select="'password'"/>
        <xsl:with-param name="complete" select="'current-password'"/>
      </xsl:call-template>
      <button class="govuk-button" type="submit"><w:t>Sign in</w:t></button>
    </form>
    <xsl:call-template name="passkey">
      <xsl:with-param name="action" select="'/masuk/kunci'"/>
      <xsl:with-param name="words"><w:t>Sign in with a passkey</w:t></xsl:with-param>
    </xsl:call-template>
    <xsl:if test="view/sso">
      <p class="govuk-body"><a class="govuk-button govuk-button--secondary" role="button" draggable="false" id="sso" href="{view/sso/href}"><w:t>Sign in with <w:v select="view/sso/name"/></w:t></a></p>
    </xsl:if>
    <details class="govuk-details">
      <summary class="govuk-details__summary"><span class="govuk-details__summary-text"><w:t>I cannot sign in</w:t></span></summary>
      <div class="govuk-details__text"><w:t>Ask the administrator of your office for a new password. Nobody else can give you one, and nobody will ever ask you for yours.</w:t></div>
    </details>
  </xsl:template>
</xsl:stylesheet>
