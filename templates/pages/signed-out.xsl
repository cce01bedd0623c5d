<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Who came in by the provider of identities is signed out here, and can sign out there as well. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>You are signed out</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><w:t>You are signed out</w:t></h1>
    <p class="govuk-body"><w:t>Nobody can see your letters on this device any more without signing in.</w:t></p>
    <p class="govuk-body"><w:t>At <w:v select="view/name"/> you may still be signed in. If others use this device too, sign out there as well: else they could come in here as you.</w:t></p>
    <p class="govuk-body"><a class="govuk-button" role="button" draggable="false" href="{view/href}"><w:t>Sign out of <w:v select="view/name"/></w:t></a></p>
    <p class="govuk-body"><a class="govuk-link" href="/masuk"><w:t>This device is mine alone; I stay signed in there</w:t></a></p>
  </xsl:template>
</xsl:stylesheet>
