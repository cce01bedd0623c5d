<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- What happened to one's account, and the way out if that was somebody else. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>What happened to my account</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><w:t>What happened to my account</w:t></h1>
    <p class="govuk-body"><w:t>The last three months, the newest first. Look whether each of it was you.</w:t></p>
    <xsl:if test="not(view/events/item)"><p class="govuk-body"><w:t>Nothing is written down yet.</w:t></p></xsl:if>
    <ul class="govuk-list nsk-sessions"><xsl:apply-templates select="view/events/item"/></ul>
    <h2 class="govuk-heading-m"><w:t>Was something of it not you?</w:t></h2>
    <p class="govuk-body"><w:t>Press the button: everybody else who is signed in under your name is signed out, tokens of your programs end, and you choose another password. Then look through your passkeys, and tell whoever looks after the office.</w:t></p>
    <form action="/profil/riwayat" method="post">
      <xsl:call-template name="form-token"/>
      <button class="govuk-button govuk-button--warning" type="submit"><w:t>That was not me</w:t></button>
    </form>
    <p class="govuk-body"><a class="govuk-link" href="/profil"><w:t>Back to my profile</w:t></a></p>
  </xsl:template>

  <xsl:template match="events/item">
    <li class="nsk-session">
      <p class="govuk-body">
        <strong><xsl:value-of select="says"/></strong><br/>
        <xsl:apply-templates select="at" mode="time"/>
        <xsl:if test="string(address)"><w:t>, from <w:v select="address"/></w:t></xsl:if>
        <xsl:if test="string(device)"><xsl:text>, </xsl:text><xsl:value-of select="device"/></xsl:if>
      </p>
    </li>
  </xsl:template>
</xsl:stylesheet>
