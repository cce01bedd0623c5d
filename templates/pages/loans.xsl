<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Loans of records: what "naskah loan list" answers. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Loans of records</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:call-template name="back"><xsl:with-param name="href" select="'/arsip'"/><xsl:with-param name="words"><w:t>Find a letter</w:t></xsl:with-param></xsl:call-template>
    <h1 class="govuk-heading-l"><w:t>Loans of records</w:t></h1>
    <p class="govuk-body"><w:t>Ask the archivist of a unit for what you need, in words. A letter that is lent is open to you until the last day of the loan; a paper you bring back.</w:t></p>
    <p class="govuk-body"><a class="govuk-button" role="button" draggable="false" href="/arsip/pinjaman/baru"><w:t>Ask for a loan</w:t></a></p>
    <xsl:apply-templates select="view"/>
  </xsl:template>

  <xsl:template match="view">
    <xsl:choose>
      <xsl:when test="only_late = 'true'">
        <h2 class="govuk-heading-m"><w:t>Papers that should have come back</w:t></h2>
        <p class="govuk-body"><a class="govuk-link" href="/arsip/pinjaman"><w:t>Show all loans</w:t></a></p>
      </xsl:when>
      <xsl:otherwise><p class="govuk-body"><a class="govuk-link" href="/arsip/pinjaman?terlambat=1"><w:t>Only papers that should have come back</w:t></a></p></xsl:otherwise>
    </xsl:choose>
    <xsl:if test="not(loans/item)"><p class="govuk-body-l"><w:t>There is no loan.</w:t></p></xsl:if>
    <ul class="nsk-tasks">
      <xsl:for-each select="loans/item">
        <li class="nsk-task">
          <a class="nsk-task__link" href="/arsip/pinjaman/{loan}">
            <span class="nsk-task__do"><xsl:value-of select="name"/></span>
            <span class="nsk-task__subject"><xsl:value-of select="what"/></span>
          </a>
          <p class="nsk-task__facts">
            <strong class="govuk-tag"><xsl:value-of select="state_words"/></strong>
            <xsl:if test="overdue = 'true'"><strong class="govuk-tag govuk-tag--red"><w:t>should have come back</w:t></strong></xsl:if>
            <span><w:t>until <w:v select="until/@date"/></w:t></span>
          </p>
        </li>
      </xsl:for-each>
    </ul>
  </xsl:template>
</xsl:stylesheet>
