<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Asks the head of the agency for the decision on a proposal of disposal. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Decide on the proposal</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:call-template name="back"><xsl:with-param name="href" select="concat('/arsip/penyusutan/', view/disposal)"/><xsl:with-param name="words"><w:t>The proposal</w:t></xsl:with-param></xsl:call-template>
    <xsl:apply-templates select="view"/>
  </xsl:template>

  <xsl:template match="view">
    <h1 class="govuk-heading-l"><w:t>Decide on the proposal</w:t></h1>
    <p class="govuk-body-l"><xsl:apply-templates select="form" mode="fate"/>: <xsl:value-of select="unit_name"/></p>
    <div class="govuk-warning-text">
      <span class="govuk-warning-text__icon" aria-hidden="true">!</span>
      <strong class="govuk-warning-text__text"><span class="govuk-visually-hidden"><w:t>Warning</w:t>: </span><xsl:apply-templates select="." mode="consequence"/></strong>
    </div>
    <p class="govuk-body"><w:t>Opinions that agree: <w:v select="agree"/>; that do not: <w:v select="disagree"/>.</w:t></p>
    <xsl:choose>
      <xsl:when test="may/decide"><xsl:apply-templates select="." mode="form"/></xsl:when>
      <xsl:otherwise><p class="govuk-inset-text"><w:t>You do not decide on this proposal now: it was decided already, or it is for the head of the agency, who may not be who proposed it.</w:t></p></xsl:otherwise>
    </xsl:choose>
    <xsl:apply-templates select="." mode="disposal-files"/>
  </xsl:template>

  <xsl:template match="view" mode="consequence">
    <xsl:choose>
      <xsl:when test="form = 'destroy'"><w:t>If you approve, the letters on the list (<w:v select="letters"/>) may be destroyed for good once the record of destruction is signed. Their words, attachments and versions cannot be brought back by anybody. Until then a hold stops it.</w:t></xsl:when>
      <xsl:when test="form = 'transfer'"><w:t>If you approve, the files are to be handed over as a static archive. Nothing is destroyed.</w:t></xsl:when>
      <xsl:otherwise><w:t>If you approve, the files stay, and are assessed again later. Nothing is destroyed.</w:t></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="view" mode="form">
    <form action="/arsip/penyusutan/{disposal}/putusan" method="post">
      <xsl:call-template name="form-token"/>
      <fieldset class="govuk-fieldset nsk-taps">
        <legend class="govuk-fieldset__legend govuk-fieldset__legend--s"><w:t>Your decision</w:t></legend>
        <xsl:call-template name="radio"><xsl:with-param name="name" select="'putusan'"/><xsl:with-param name="value" select="'setuju'"/><xsl:with-param name="label"><w:t>I approve it</w:t></xsl:with-param></xsl:call-template>
        <xsl:call-template name="radio"><xsl:with-param name="name" select="'putusan'"/><xsl:with-param name="value" select="'tolak'"/><xsl:with-param name="label"><w:t>I refuse it</w:t></xsl:with-param><xsl:with-param name="hint"><w:t>Nothing becomes of the files then.</w:t></xsl:with-param></xsl:call-template>
      </fieldset>
      <xsl:if test="consent_needed = 'true' or faults/item/field = 'persetujuan'">
        <xsl:call-template name="typed">
          <xsl:with-param name="name" select="'persetujuan'"/>
          <xsl:with-param name="label"><w:t>Number of the letter by which the national archives consent</w:t></xsl:with-param>
          <xsl:with-param name="hint"><w:t>Needed to approve: one of the files was kept for ten years or more.</w:t></xsl:with-param>
          <xsl:with-param name="value" select="typed_consent"/>
        </xsl:call-template>
      </xsl:if>
      <xsl:call-template name="typed-words"><xsl:with-param name="name" select="'alasan'"/><xsl:with-param name="label"><w:t>Why; needed if you refuse it</w:t></xsl:with-param><xsl:with-param name="value" select="typed"/></xsl:call-template>
      <button class="govuk-button govuk-button--warning" type="submit"><w:t>Enter my decision</w:t></button>
    </form>
  </xsl:template>
</xsl:stylesheet>
