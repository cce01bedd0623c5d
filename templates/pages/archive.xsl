<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Letters by their words: what "naskah archive search" answers. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Find a letter</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><w:t>Find a letter</w:t></h1>
    <form action="/arsip" method="get" role="search">
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'kata'"/>
        <xsl:with-param name="label"><w:t>Words, a number or a sender</w:t></xsl:with-param>
        <xsl:with-param name="value" select="view/text"/>
      </xsl:call-template>
      <button class="govuk-button" type="submit"><w:t>Find</w:t></button>
    </form>
    <xsl:if test="view/complete = 'false'"><p class="govuk-body"><w:t>The index is still being made; some letters may be missing.</w:t></p></xsl:if>
    <xsl:if test="view/hits and not(view/hits/item)"><p class="govuk-body-l"><w:t>No letter that you may read has these words.</w:t></p></xsl:if>
    <ul class="nsk-tasks">
      <xsl:for-each select="view/hits/item">
        <li class="nsk-task">
          <a class="nsk-task__link" href="/surat/{letter}">
            <span class="nsk-task__do"><xsl:value-of select="number"/></span>
            <span class="nsk-task__subject"><xsl:value-of select="subject"/></span>
          </a>
          <p class="nsk-task__facts">
            <strong class="govuk-tag"><xsl:apply-templates select="state" mode="words"/></strong>
            <xsl:apply-templates select="date" mode="time"/>
            <span><xsl:value-of select="snippet"/></span>
          </p>
        </li>
      </xsl:for-each>
    </ul>
    <xsl:if test="view/next">
      <xsl:call-template name="next-page">
        <xsl:with-param name="href" select="concat('/arsip?kata=', view/escaped, '&amp;setelah=', view/next)"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>
</xsl:stylesheet>
