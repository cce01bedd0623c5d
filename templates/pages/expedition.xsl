<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- The expedition book: what "naskah dispatch list" answers. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Expedition book</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><w:t>Expedition book</w:t></h1>
    <p class="govuk-body">
      <xsl:choose>
        <xsl:when test="view/all = 'true'"><a class="govuk-link" href="/ekspedisi"><w:t>Only what is not there yet</w:t></a></xsl:when>
        <xsl:otherwise><a class="govuk-link" href="/ekspedisi?semua=1"><w:t>Also what is with its receiver</w:t></a></xsl:otherwise>
      </xsl:choose>
    </p>
    <xsl:if test="not(view/deliveries/item)"><p class="govuk-body-l"><w:t>There is none.</w:t></p></xsl:if>
    <ul class="nsk-tasks">
      <xsl:for-each select="view/deliveries/item">
        <li class="nsk-task">
          <a class="nsk-task__link" href="/surat/{letter}">
            <span class="nsk-task__do"><xsl:value-of select="name"/></span>
            <span class="nsk-task__subject"><xsl:value-of select="subject"/></span>
          </a>
          <p class="nsk-task__facts">
            <strong class="govuk-tag"><xsl:apply-templates select="state" mode="words"/></strong>
            <span><xsl:value-of select="number"/></span>
            <span><xsl:apply-templates select="channel" mode="words"/></span>
            <xsl:apply-templates select="at" mode="time"/>
          </p>
        </li>
      </xsl:for-each>
    </ul>
    <xsl:if test="view/next">
      <xsl:call-template name="next-page">
        <xsl:with-param name="href"><xsl:text>/ekspedisi?</xsl:text><xsl:if test="view/all = 'true'">semua=1&amp;</xsl:if>setelah=<xsl:value-of select="view/next"/></xsl:with-param>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>
</xsl:stylesheet>
