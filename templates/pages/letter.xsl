<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- A letter and where it stands: what "naskah letter show" answers. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><xsl:value-of select="view/subject"/></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:apply-templates select="view"/>
  </xsl:template>

  <xsl:template match="view">
    <h1 class="govuk-heading-l"><xsl:value-of select="subject"/></h1>
    <p class="nsk-tags">
      <strong class="govuk-tag"><xsl:apply-templates select="state" mode="words"/></strong>
      <xsl:text> </xsl:text><xsl:apply-templates select="urgency" mode="tag"/>
      <xsl:text> </xsl:text><xsl:apply-templates select="security" mode="tag"/>
    </p>
    <dl class="govuk-summary-list">
      <xsl:call-template name="fact">
        <xsl:with-param name="name"><w:t>Number</w:t></xsl:with-param>
        <xsl:with-param name="value" select="string(number)"/>
      </xsl:call-template>
      <xsl:call-template name="fact">
        <xsl:with-param name="name"><w:t>Date of the letter</w:t></xsl:with-param>
        <xsl:with-param name="value"><xsl:apply-templates select="date" mode="time"/></xsl:with-param>
      </xsl:call-template>
      <xsl:call-template name="fact">
        <xsl:with-param name="name"><w:t>Last change</w:t></xsl:with-param>
        <xsl:with-param name="value"><xsl:apply-templates select="changed" mode="time"/></xsl:with-param>
      </xsl:call-template>
    </dl>
    <xsl:if test="tasks/item">
      <h2 class="govuk-heading-m"><w:t>Who is next</w:t></h2>
      <ul class="govuk-list govuk-list--bullet">
        <xsl:for-each select="tasks/item">
          <li>
            <xsl:value-of select="name"/>
            <xsl:text>: </xsl:text>
            <xsl:for-each select="positions/item">
              <xsl:if test="position() &gt; 1">, </xsl:if><xsl:value-of select="."/>
            </xsl:for-each>
            <xsl:text>, </xsl:text><w:t>since </w:t><xsl:apply-templates select="opened" mode="time"/>
          </li>
        </xsl:for-each>
      </ul>
    </xsl:if>
    <p class="govuk-body"><a class="govuk-link" href="/surat/{letter}/riwayat"><w:t>What happened to this letter</w:t></a></p>
  </xsl:template>
</xsl:stylesheet>
