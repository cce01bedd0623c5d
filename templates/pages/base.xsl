<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!--
  The frame around every page: head, name of the agency, where one can go, what the page says, foot.

  Source: <page name language theme path token size fragment style script><frame>...</frame><view/></page>.
  A page gives its words with match="page" mode="title" and mode="main"; a page with @fragment is its
  main part alone, which replaces the one that is there.  Nothing here needs a script.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">
  <xsl:output method="html" encoding="UTF-8" indent="no" doctype-system="about:legacy-compat"/>

  <xsl:template match="/page[@fragment]" priority="1">
    <xsl:apply-templates select="." mode="body"/>
  </xsl:template>

  <xsl:template match="/page">
    <html lang="{@language}" class="govuk-template" data-theme="{@theme}" data-size="{@size}">
      <head>
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
        <meta name="color-scheme" content="light dark"/>
        <title>
          <xsl:if test="view/faults/item"><w:t>Not done yet: </w:t></xsl:if>
          <xsl:apply-templates select="." mode="title"/>
          <xsl:value-of select="concat(' - ', frame/agency)"/>
        </title>
        <link rel="stylesheet" href="{@style}"/>
        <script src="{@script}" defer="defer"></script>
      </head>
      <body class="govuk-template__body">
        <a href="#utama" class="govuk-skip-link"><w:t>Skip to what the page says</w:t></a>
        <xsl:if test="frame/demo = 'true'">
          <div class="nsk-demo"><div class="govuk-width-container"><strong>DEMO</strong><xsl:text> </xsl:text><w:t>Everything here is invented, and no signature has legal force.</w:t><xsl:text> </xsl:text><a href="/coba"><w:t>To the six steps</w:t></a></div></div>
        </xsl:if>
        <xsl:call-template name="head"/>
        <div class="govuk-width-container">
          <main class="govuk-main-wrapper" id="utama" tabindex="-1">
            <xsl:apply-templates select="." mode="body"/>
          </main>
        </div>
        <xsl:call-template name="foot"/>
      </body>
    </html>
  </xsl:template>

  <xsl:template match="page" mode="body">
    <xsl:call-template name="faults"/>
    <xsl:call-template name="done"/>
    <xsl:apply-templates select="." mode="main"/>
  </xsl:template>

  <xsl:template name="head">
    <header class="nsk-head">
      <div class="govuk-width-container nsk-head__row">
        <a class="nsk-head__name" href="/"><xsl:value-of select="frame/agency"/></a>
        <xsl:if test="frame/person">
          <a class="nsk-head__person" href="/profil"><xsl:value-of select="frame/person/name"/></a>
        </xsl:if>
      </div>
    </header>
    <xsl:if test="frame/places/item">
      <nav class="nsk-places">
        <w:attr name="aria-label">Where to go</w:attr>
        <ul class="govuk-width-container nsk-places__list">
          <xsl:apply-templates select="frame/places/item" mode="place"/>
        </ul>
      </nav>
    </xsl:if>
  </xsl:template>

  <xsl:template match="item" mode="place">
    <li>
      <a href="{href}">
        <xsl:if test="href = /page/frame/here"><xsl:attribute name="aria-current">page</xsl:attribute></xsl:if>
        <xsl:value-of select="name"/>
        <xsl:if test="count &gt; 0">
          <xsl:text> </xsl:text><span class="nsk-count"><xsl:value-of select="count"/></span>
        </xsl:if>
      </a>
    </li>
  </xsl:template>

  <!-- What is wrong with what was sent, each with the field that it is about. -->
  <xsl:template name="faults">
    <xsl:if test="view/faults/item">
      <div class="govuk-error-summary" data-module="govuk-error-summary" tabindex="-1">
        <div role="alert">
          <h2 class="govuk-error-summary__title"><w:t>This is not done yet</w:t></h2>
          <ul class="govuk-list govuk-error-summary__list">
            <xsl:for-each select="view/faults/item">
              <li>
                <xsl:choose>
                  <xsl:when test="field"><a href="#{field}"><xsl:value-of select="words"/></a></xsl:when>
                  <xsl:otherwise><xsl:value-of select="words"/></xsl:otherwise>
                </xsl:choose>
              </li>
            </xsl:for-each>
          </ul>
        </div>
      </div>
    </xsl:if>
  </xsl:template>

  <!-- What was just done. -->
  <xsl:template name="done">
    <xsl:if test="view/done">
      <div class="govuk-notification-banner govuk-notification-banner--success" role="alert" aria-labelledby="selesai">
        <div class="govuk-notification-banner__header">
          <h2 class="govuk-notification-banner__title" id="selesai"><w:t>Done</w:t></h2>
        </div>
        <div class="govuk-notification-banner__content">
          <p class="govuk-notification-banner__heading"><xsl:value-of select="view/done"/></p>
        </div>
      </div>
    </xsl:if>
  </xsl:template>

  <xsl:template name="foot">
    <footer class="nsk-foot">
      <div class="govuk-width-container">
        <ul class="nsk-foot__list">
          <li><a href="/bantuan"><w:t>Help</w:t></a></li>
          <li><a href="/aksesibilitas"><w:t>Accessibility</w:t></a></li>
          <li>
            <xsl:choose>
              <xsl:when test="@language = 'id'"><a href="/bahasa/en" lang="en" hreflang="en">English</a></xsl:when>
              <xsl:otherwise><a href="/bahasa/id" lang="id" hreflang="id">Bahasa Indonesia</a></xsl:otherwise>
            </xsl:choose>
          </li>
          <li><a href="/tampilan"><w:t>Light, dark, contrast</w:t></a></li>
        </ul>
      </div>
    </footer>
  </xsl:template>
</xsl:stylesheet>
