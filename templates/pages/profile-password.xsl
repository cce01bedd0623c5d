<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Another password. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Change the password</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><w:t>Change the password</w:t></h1>
    <xsl:if test="view/given = 'true'">
      <div class="govuk-inset-text"><w:t>Your password was given to you. Choose one that nobody else knows; after that you go on.</w:t></div>
    </xsl:if>
    <form action="/profil/sandi" method="post" novalidate="novalidate">
      <xsl:call-template name="form-token"/>
      <input type="hidden" name="nama" value="{view/account}" autocomplete="username"/>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'sandi'"/>
        <xsl:with-param name="label"><w:t>The password that you have now</w:t></xsl:with-param>
        <xsl:with-param name="type" select="'password'"/>
        <xsl:with-param name="complete" select="'current-password'"/>
      </xsl:call-template>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'sandi-baru'"/>
        <xsl:with-param name="label"><w:t>The new password</w:t></xsl:with-param>
        <xsl:with-param name="hint"><w:t>At least ten characters; several words are easy to remember and hard to guess.</w:t></xsl:with-param>
        <xsl:with-param name="type" select="'password'"/>
        <xsl:with-param name="complete" select="'new-password'"/>
      </xsl:call-template>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'sandi-lagi'"/>
        <xsl:with-param name="label"><w:t>The new password once more</w:t></xsl:with-param>
        <xsl:with-param name="type" select="'password'"/>
        <xsl:with-param name="complete" select="'new-password'"/>
      </xsl:call-template>
      <button class="govuk-button" type="submit"><w:t>Change the password</w:t></button>
    </form>
  </xsl:template>
</xsl:stylesheet>
