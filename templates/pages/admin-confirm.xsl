<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Asks once before something that cannot be taken back easily. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><xsl:call-template name="question"/></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><xsl:call-template name="question"/></h1>
    <xsl:choose>
      <xsl:when test="view/password">
        <p class="govuk-body"><w:t>Tell it to the person; it is shown only now, and has to be changed at the first visit.</w:t></p>
        <p class="govuk-inset-text"><strong class="nsk-proof"><xsl:value-of select="view/password"/></strong></p>
        <p class="govuk-body"><a class="govuk-link" href="/kelola/orang/{view/person}"><w:t>Back to the person</w:t></a></p>
      </xsl:when>
      <xsl:otherwise><xsl:apply-templates select="view" mode="ask"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="question">
    <xsl:choose>
      <xsl:when test="view/password"><w:t>The password of <w:v select="view/person"/></w:t></xsl:when>
      <xsl:when test="view/act = 'add'"><w:t>Make an account for <w:v select="view/person"/>?</w:t></xsl:when>
      <xsl:when test="view/act = 'reset'"><w:t>Give <w:v select="view/person"/> a new password?</w:t></xsl:when>
      <xsl:when test="view/act = 'lock'"><w:t>Lock the account of <w:v select="view/person"/>?</w:t></xsl:when>
      <xsl:otherwise><w:t>End <w:v select="view/jabatan"/> of <w:v select="view/person"/>?</w:t></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="view" mode="ask">
    <xsl:choose>
      <xsl:when test="act = 'end'">
        <p class="govuk-body"><w:t>From the day after, what waits there goes to who holds the position then.</w:t></p>
        <form action="/kelola/orang/{person}/akhiri" method="post">
          <xsl:call-template name="form-token"/>
          <input type="hidden" name="jabatan" value="{jabatan}"/>
          <input type="hidden" name="dari" value="{dari}"/>
          <input type="hidden" name="macam" value="{macam}"/>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'sampai'"/>
        <xsl:with-param name="label"><w:t>Last day</w:t></xsl:with-param>
        <xsl:with-param name="type" select="'date'"/>
        <xsl:with-param name="digits" select="true()"/>
        <xsl:with-param name="value" select="today"/>
      </xsl:call-template>
          <button class="govuk-button govuk-button--warning" type="submit"><w:t>End the position</w:t></button>
        </form>
      </xsl:when>
      <xsl:otherwise>
        <xsl:choose>
          <xsl:when test="act = 'add'"><p class="govuk-body"><w:t>A password is made up, to be changed at the first visit. What the person may do follows from the positions.</w:t></p></xsl:when>
          <xsl:when test="act = 'reset'"><p class="govuk-body"><w:t>The old password, the codes of a telephone and every session end.</w:t></p></xsl:when>
          <xsl:otherwise><p class="govuk-body"><w:t>The person is signed out everywhere at once, and cannot sign in until a new password is given.</w:t></p></xsl:otherwise>
        </xsl:choose>
        <form action="/kelola/orang/{person}/akun/{word}" method="post">
          <xsl:call-template name="form-token"/>
          <button class="govuk-button govuk-button--warning" type="submit">
            <xsl:choose>
              <xsl:when test="act = 'add'"><w:t>Make an account</w:t></xsl:when>
              <xsl:when test="act = 'reset'"><w:t>Give a new password</w:t></xsl:when>
              <xsl:otherwise><w:t>Lock the account</w:t></xsl:otherwise>
            </xsl:choose>
          </button>
        </form>
      </xsl:otherwise>
    </xsl:choose>
    <p class="govuk-body"><a class="govuk-link" href="/kelola/orang/{person}"><w:t>No, go back</w:t></a></p>
  </xsl:template>
</xsl:stylesheet>
