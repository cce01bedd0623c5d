<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- The visitor is about to link his account with the provider of identities, or something was wrong
     with what it answered. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Link my account</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><w:t>Link my account</w:t></h1>
    <xsl:choose>
      <xsl:when test="string(view/href)">
        <p class="govuk-body"><w:t>On the next page <w:v select="view/sso/name"/> asks who you are. Sign in there as yourself, even if somebody else is signed in there on this computer.</w:t></p>
        <p class="govuk-body"><w:t>What you may do in this office stays as it is: it follows from your positions.</w:t></p>
        <p class="govuk-body"><a class="govuk-button" role="button" draggable="false" href="{view/href}"><w:t>Go on to <w:v select="view/sso/name"/></w:t></a></p>
      </xsl:when>
      <xsl:otherwise>
        <p class="govuk-body" id="sso"><w:t>Nothing was changed. Tell who looks after the office if it happens again.</w:t></p>
      </xsl:otherwise>
    </xsl:choose>
    <p class="govuk-body"><a class="govuk-link" href="/profil"><w:t>Back to my profile</w:t></a></p>
  </xsl:template>
</xsl:stylesheet>
