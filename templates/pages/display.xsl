<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- How pages look on this device: colours, size of the letters, language. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>How pages look</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><w:t>How pages look</w:t></h1>
    <p class="govuk-body"><w:t>This holds for this device and browser.</w:t></p>
    <form action="/tampilan" method="post">
      <input type="hidden" name="kembali" value="{view/back}"/>
      <xsl:call-template name="choice">
        <xsl:with-param name="field">tema</xsl:with-param>
        <xsl:with-param name="legend"><w:t>Colours</w:t></xsl:with-param>
        <xsl:with-param name="choices" select="view/themes/item"/>
        <xsl:with-param name="chosen" select="@theme"/>
      </xsl:call-template>
      <xsl:call-template name="choice">
        <xsl:with-param name="field">ukuran</xsl:with-param>
        <xsl:with-param name="legend"><w:t>Size of the letters</w:t></xsl:with-param>
        <xsl:with-param name="choices" select="view/sizes/item"/>
        <xsl:with-param name="chosen" select="@size"/>
      </xsl:call-template>
      <xsl:call-template name="choice">
        <xsl:with-param name="field">bahasa</xsl:with-param>
        <xsl:with-param name="legend"><w:t>Language</w:t></xsl:with-param>
        <xsl:with-param name="choices" select="view/languages/item"/>
        <xsl:with-param name="chosen" select="@language"/>
      </xsl:call-template>
      <button class="govuk-button" type="submit"><w:t>Keep</w:t></button>
    </form>
  </xsl:template>

  <xsl:template name="choice">
    <xsl:param name="field"/>
    <xsl:param name="legend"/>
    <xsl:param name="choices"/>
    <xsl:param name="chosen"/>
    <div class="govuk-form-group">
      <fieldset class="govuk-fieldset">
        <legend class="govuk-fieldset__legend govuk-fieldset__legend--m"><xsl:copy-of select="$legend"/></legend>
        <div class="govuk-radios">
          <xsl:for-each select="$choices">
            <div class="govuk-radios__item">
              <input class="govuk-radios__input" type="radio" id="{$field}-{.}" name="{$field}" value="{.}">
                <xsl:if test=". = $chosen or (not($chosen) and position() = 1)"><xsl:attribute name="checked">checked</xsl:attribute></xsl:if>
              </input>
              <label class="govuk-label govuk-radios__label" for="{$field}-{.}"><xsl:apply-templates select="." mode="choice"/></label>
            </div>
          </xsl:for-each>
        </div>
      </fieldset>
    </div>
  </xsl:template>

  <xsl:template match="item" mode="choice">
    <xsl:choose>
      <xsl:when test=". = 'auto'"><w:t>As on this device</w:t></xsl:when>
      <xsl:when test=". = 'light'"><w:t>Light</w:t></xsl:when>
      <xsl:when test=". = 'dark'"><w:t>Dark</w:t></xsl:when>
      <xsl:when test=". = 'contrast'"><w:t>High contrast</w:t></xsl:when>
      <xsl:when test=". = 'usual'"><w:t>Usual</w:t></xsl:when>
      <xsl:when test=". = 'large'"><w:t>Large</w:t></xsl:when>
      <xsl:when test=". = 'largest'"><w:t>Very large</w:t></xsl:when>
      <xsl:when test=". = 'id'"><span lang="id">Bahasa Indonesia</span></xsl:when>
      <xsl:when test=". = 'en'"><span lang="en">English</span></xsl:when>
    </xsl:choose>
  </xsl:template>
</xsl:stylesheet>
