<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- The recovery codes, shown once. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Keep these recovery codes</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><w:t>Keep these recovery codes</w:t></h1>
    <p class="govuk-body"><w:t>From now on a code is asked of you when you sign in. If your telephone is lost, each of these lets you in once. Print them or write them down, and keep them where you keep your passport; they are not shown again.</w:t></p>
    <ul class="govuk-list nsk-recovery">
      <xsl:for-each select="view/recovery/item"><li><code><xsl:value-of select="."/></code></li></xsl:for-each>
    </ul>
    <p class="govuk-body"><a class="govuk-link" href="/profil"><w:t>I have them</w:t></a></p>
  </xsl:template>
</xsl:stylesheet>
