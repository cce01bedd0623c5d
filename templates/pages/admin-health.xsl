<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Disk, backup, mail, and what the doctor finds. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Health</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:call-template name="back"><xsl:with-param name="href" select="'/kelola'"/><xsl:with-param name="words"><w:t>Administration</w:t></xsl:with-param></xsl:call-template>
    <h1 class="govuk-heading-l"><w:t>Health</w:t></h1>
    <dl class="govuk-summary-list">
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Room on the disk</w:t></xsl:with-param><xsl:with-param name="value"><xsl:if test="view/disk/left_gib"><w:t><w:v select="view/disk/left_gib"/> GiB, <w:v select="view/disk/left_percent"/> percent</w:t></xsl:if></xsl:with-param></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Last backup</w:t></xsl:with-param><xsl:with-param name="value"><xsl:choose><xsl:when test="view/backup/taken"><xsl:apply-templates select="view/backup/taken" mode="time"/></xsl:when><xsl:otherwise><strong class="govuk-tag govuk-tag--red"><w:t>none is known</w:t></strong></xsl:otherwise></xsl:choose></xsl:with-param></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Mail</w:t></xsl:with-param><xsl:with-param name="value"><xsl:choose><xsl:when test="view/mail/server/url"><w:t><w:v select="view/mail/waiting"/> wait, <w:v select="view/mail/failing"/> fail</w:t></xsl:when><xsl:otherwise><w:t>no server for mail is named</w:t></xsl:otherwise></xsl:choose></xsl:with-param></xsl:call-template>
    </dl>
    <xsl:choose>
      <xsl:when test="view/looked = 'true'"><xsl:apply-templates select="view" mode="found"/></xsl:when>
      <xsl:otherwise><p class="govuk-body"><a class="govuk-link" href="/kelola/kesehatan?periksa=1"><w:t>Check all letters and histories now</w:t></a><xsl:text> </xsl:text><w:t>(this may take a minute)</w:t></p></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="view" mode="found">
    <h2 class="govuk-heading-m"><w:t>What is wrong</w:t></h2>
    <xsl:if test="not(errors/item)"><p class="govuk-body"><w:t>Nothing: <w:v select="doctor/letters"/> letters are as they were written.</w:t></p></xsl:if>
    <ul class="govuk-list govuk-list--bullet"><xsl:for-each select="errors/item"><li><xsl:value-of select="."/></li></xsl:for-each></ul>
    <xsl:if test="warnings/item">
      <h2 class="govuk-heading-m"><w:t>What could be better</w:t></h2>
      <ul class="govuk-list govuk-list--bullet"><xsl:for-each select="warnings/item"><li><xsl:value-of select="."/></li></xsl:for-each></ul>
    </xsl:if>
  </xsl:template>
</xsl:stylesheet>
