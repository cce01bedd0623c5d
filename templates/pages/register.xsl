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
    <xsl:call-template name="which-lines"/>
    <xsl:if test="view/rows and not(view/rows/item)"><p class="govuk-body-l"><w:t>There is nothing in this book for that. Choose another year or month, or leave the words out.</w:t></p></xsl:if>
    <xsl:if test="view/rows/item">
      <div class="nsk-wide" tabindex="0" role="region" aria-labelledby="buku">
        <table class="govuk-table">
          <caption class="govuk-table__caption govuk-table__caption--m" id="buku"><xsl:value-of select="view/unit"/>, <xsl:if test="view/month &gt; 0"><xsl:call-template name="month"><xsl:with-param name="n" select="number(view/month)"/></xsl:call-template><xsl:text> </xsl:text></xsl:if><xsl:value-of select="view/year"/></caption>
          <thead class="govuk-table__head"><tr class="govuk-table__row"><xsl:for-each select="view/heads/item"><th scope="col" class="govuk-table__header"><xsl:apply-templates select="." mode="head"/></th></xsl:for-each></tr></thead>
          <tbody class="govuk-table__body">
            <xsl:for-each select="view/rows/item">
              <tr class="govuk-table__row"><xsl:for-each select="item"><td class="govuk-table__cell"><xsl:apply-templates select="." mode="words"/></td></xsl:for-each></tr>
            </xsl:for-each>
          </tbody>
        </table>
      </div>
      <xsl:if test="view/next">
        <xsl:call-template name="next-page">
          <xsl:with-param name="href" select="concat('/register?buku=', view/book, view/query, '&amp;setelah=', view/next)"/>
        </xsl:call-template>
      </xsl:if>
      <ul class="nsk-links nsk-noprint">
        <li><a class="govuk-link" href="/register.pdf?buku={view/book}{view/year_query}"><w:t>The whole year to print (PDF)</w:t></a></li>
        <li><a class="govuk-link" href="/register.csv?buku={view/book}{view/year_query}"><w:t>The whole year as a table (CSV)</w:t></a></li>
      </ul>
    </xsl:if>
  </xsl:template>

  <!-- Of which unit, year and month, and with which words. -->
  <xsl:template name="which-lines">
    <form action="/register" method="get" class="nsk-noprint">
      <input type="hidden" name="buku" value="{view/book}"/>
      <xsl:if test="view/units/item[2]">
        <div class="govuk-form-group">
          <label class="govuk-label" for="unit"><w:t>Of which unit</w:t></label>
          <select class="govuk-select" id="unit" name="unit">
            <xsl:for-each select="view/units/item"><option value="{id}"><xsl:if test="id = /page/view/of"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if><xsl:value-of select="name"/></option></xsl:for-each>
          </select>
        </div>
      </xsl:if>
      <xsl:call-template name="typed"><xsl:with-param name="name" select="'tahun'"/><xsl:with-param name="digits" select="true()"/><xsl:with-param name="label"><w:t>Year</w:t></xsl:with-param><xsl:with-param name="value"><xsl:if test="view/year &gt; 0"><xsl:value-of select="view/year"/></xsl:if></xsl:with-param></xsl:call-template>
      <div class="govuk-form-group">
        <label class="govuk-label" for="bulan"><w:t>Month</w:t></label>
        <select class="govuk-select" id="bulan" name="bulan">
          <option value=""><w:t>The whole year</w:t></option>
          <xsl:call-template name="month-choice"><xsl:with-param name="n" select="1"/></xsl:call-template>
        </select>
      </div>
      <xsl:call-template name="typed"><xsl:with-param name="name" select="'kata'"/><xsl:with-param name="label"><w:t>Lines with these words (may stay empty)</w:t></xsl:with-param><xsl:with-param name="value" select="view/text"/></xsl:call-template>
      <button class="govuk-button govuk-button--secondary" type="submit"><w:t>Show</w:t></button>
    </form>
  </xsl:template>

  <xsl:template name="month-choice">
    <xsl:param name="n"/>
    <option value="{$n}"><xsl:if test="$n = view/month"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if><xsl:call-template name="month"><xsl:with-param name="n" select="$n"/></xsl:call-template></option>
    <xsl:if test="$n &lt; 12"><xsl:call-template name="month-choice"><xsl:with-param name="n" select="$n + 1"/></xsl:call-template></xsl:if>
  </xsl:template>

  <xsl:template name="book">
    <xsl:param name="book"/>
    <xsl:param name="words"/>
    <li><a href="/register?buku={$book}{view/query}"><xsl:if test="view/book = string($book)"><xsl:attribute name="aria-current">true</xsl:attribute></xsl:if><xsl:copy-of select="$words"/></a></li>
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
