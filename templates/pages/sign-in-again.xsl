<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Who is inside shows that it is still he, before what weighs. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Is it still you?</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><w:t>Is it still you?</w:t></h1>
    <p class="govuk-body"><w:t>What comes next weighs much, so it is done by nobody who finds this screen open.</w:t></p>
    <form action="/masuk/ulang" method="post" novalidate="novalidate">
      <input type="hidden" name="ke" value="{view/ke}"/>
      <xsl:call-template name="form-token"/>
      <xsl:choose>
        <xsl:when test="view/codes = 'true'">
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'kode'"/>
        <xsl:with-param name="label"><w:t>Code</w:t></xsl:with-param>
        <xsl:with-param name="hint"><w:t>The six digits that the app on your telephone shows now.</w:t></xsl:with-param>
        <xsl:with-param name="complete" select="'one-time-code'"/>
      </xsl:call-template>
        </xsl:when>
        <xsl:otherwise>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'sandi'"/>
        <xsl:with-param name="label"><w:t>Password</w:t></xsl:with-param>
        <xsl:with-param name="type" select="'password'"/>
        <xsl:with-param name="complete" select="'current-password'"/>
      </xsl:call-template>
        </xsl:otherwise>
      </xsl:choose>
      <button class="govuk-button" type="submit"><w:t>Go on</w:t></button>
    </form>
    <xsl:call-template name="passkey">
      <xsl:with-param name="action" select="'/masuk/ulang/kunci'"/>
      <xsl:with-param name="words"><w:t>Go on with a passkey</w:t></xsl:with-param>
    </xsl:call-template>
    <xsl:if test="view/sso/linked = 'true' and not(view/codes = 'true')">
      <p class="govuk-body"><a class="govuk-button govuk-button--secondary" role="button" draggable="false" id="sso" href="{view/sso/again}"><w:t>Go on with <w:v select="view/sso/name"/></w:t></a></p>
    </xsl:if>
  </xsl:template>
</xsl:stylesheet>
