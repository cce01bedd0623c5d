<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Registers of a unit and year: what "naskah register list" answers. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Registers</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><w:t>Registers</w:t></h1>
    <nav class="nsk-filter">
      <w:attr name="aria-label">Which book</w:attr>
      <ul class="nsk-filter__list">
        <xsl:call-template name="book"><xsl:with-param name="book">outgoing</xsl:with-param><xsl:with-param name="words"><w:t>Letters that went out</w:t></xsl:with-param></xsl:call-template>
        <xsl:call-template name="book"><xsl:with-param name="book">incoming</xsl:with-param><xsl:with-param name="words"><w:t>Letters that came in</w:t></xsl:with-param></xsl:call-template>
        <xsl:call-template name="book"><xsl:with-param name="book">expedition</xsl:with-param><xsl:with-param name="words"><w:t>Expedition book</w:t></xsl:with-param></xsl:call-template>
        <xsl:call-template name="book"><xsl:with-param name="book">disposition</xsl:with-param><xsl:with-param name="words"><w:t>Dispositions</w:t></xsl:with-param></xsl:call-template>
        <xsl:call-template name="book"><xsl:with-param name="book">archive</xsl:with-param><xsl:with-param name="words"><w:t>List of archives</w:t></xsl:with-param></xsl:call-template>
      </ul>
    </nav>
    <xsl:if test="view/rows">
      <div class="nsk-wide" tabindex="0" role="region" aria-labelledby="buku">
        <table class="govuk-table">
          <caption class="govuk-table__caption govuk-table__caption--m" id="buku"><xsl:value-of select="view/unit"/>, <xsl:value-of select="view/year"/></caption>
          <thead class="govuk-table__head"><tr class="govuk-table__row"><xsl:for-each select="view/heads/item"><th scope="col" class="govuk-table__header"><xsl:apply-templates select="." mode="head"/></th></xsl:for-each></tr></thead>
          <tbody class="govuk-table__body">
            <xsl:for-each select="view/rows/item">
              <tr class="govuk-table__row"><xsl:for-each select="item"><td class="govuk-table__cell"><xsl:apply-templates select="." mode="words"/></td></xsl:for-each></tr>
            </xsl:for-each>
          </tbody>
        </table>
      </div>
      <ul class="nsk-links">
        <li><a class="govuk-link" href="/register.pdf?buku={view/book}&amp;tahun={view/year}"><w:t>To print (PDF)</w:t></a></li>
        <li><a class="govuk-link" href="/register.csv?buku={view/book}&amp;tahun={view/year}"><w:t>As a table (CSV)</w:t></a></li>
      </ul>
    </xsl:if>
  </xsl:template>

  <xsl:template name="book">
    <xsl:param name="book"/>
    <xsl:param name="words"/>
    <li><a href="/register?buku={$book}"><xsl:if test="view/book = string($book)"><xsl:attribute name="aria-current">true</xsl:attribute></xsl:if><xsl:copy-of select="$words"/></a></li>
  </xsl:template>

  <xsl:template match="item" mode="head">
    <xsl:choose>
      <xsl:when test=". = 'classification'"><w:t>Code</w:t></xsl:when>
      <xsl:when test=". = 'number'"><w:t>Number</w:t></xsl:when>
      <xsl:when test=". = 'date'"><w:t>Date of the letter</w:t></xsl:when>
      <xsl:when test=". = 'subject'"><w:t>Subject</w:t></xsl:when>
      <xsl:when test=". = 'to'"><w:t>To whom</w:t></xsl:when>
      <xsl:when test=". = 'state'"><w:t>State</w:t></xsl:when>
      <xsl:when test=". = 'at'"><w:t>When</w:t></xsl:when>
      <xsl:when test=". = 'origin'"><w:t>From</w:t></xsl:when>
      <xsl:when test=". = 'channel'"><w:t>Way</w:t></xsl:when>
      <xsl:when test=". = 'receiver'"><w:t>Receiver</w:t></xsl:when>
      <xsl:when test=". = 'giver'"><w:t>Given by</w:t></xsl:when>
      <xsl:when test=". = 'due'"><w:t>By when</w:t></xsl:when>
    </xsl:choose>
  </xsl:template>
</xsl:stylesheet>
