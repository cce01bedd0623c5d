<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Letters by their words and all else that they are known by: what "naskah archive search" answers. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Find a letter</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><w:t>Find a letter</w:t></h1>
    <form action="/arsip" method="get" role="search">
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'kata'"/>
        <xsl:with-param name="label"><w:t>Words, a number or a sender</w:t></xsl:with-param>
        <xsl:with-param name="hint"><w:t>Words of the letter and of its attachments are looked for, in any order.</w:t></xsl:with-param>
        <xsl:with-param name="value" select="view/text"/>
      </xsl:call-template>
      <xsl:for-each select="view/chosen/item"><input type="hidden" name="{name}" value="{value}"/></xsl:for-each>
      <xsl:call-template name="narrow"/>
      <button class="govuk-button" type="submit"><w:t>Find</w:t></button>
    </form>
    <xsl:if test="view/complete = 'false'"><p class="govuk-body"><w:t>The index is still being made; some letters may be missing.</w:t></p></xsl:if>
    <xsl:if test="view/hits and not(view/hits/item)"><p class="govuk-body-l"><w:t>No letter that you may read is like this. Look with fewer words, or leave out what you know least.</w:t></p></xsl:if>
    <xsl:if test="view/hits/item or view/facets/item/values/item[chosen = 'true']">
      <details class="govuk-details">
        <xsl:if test="view/facets/item/values/item[chosen = 'true']"><xsl:attribute name="open">open</xsl:attribute></xsl:if>
        <summary class="govuk-details__summary"><span class="govuk-details__summary-text"><w:t>Narrow it down: kind, year, unit, class, state</w:t></span></summary>
        <div class="govuk-details__text">
          <xsl:if test="view/counted = 'false'"><p class="govuk-body"><w:t>The counts are of the newest 500 letters.</w:t></p></xsl:if>
          <xsl:apply-templates select="view/facets/item[values/item]"/>
        </div>
      </details>
    </xsl:if>
    <xsl:if test="view/hits/item">
      <ul class="nsk-links nsk-noprint">
        <li><a class="govuk-link" href="/arsip.pdf?{view/query}"><w:t>All of these, up to 5,000, as a list to print (PDF)</w:t></a></li>
        <li><a class="govuk-link" href="/arsip.csv?{view/query}"><w:t>All of these, up to 5,000, as a table (CSV)</w:t></a></li>
      </ul>
    </xsl:if>
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
        <xsl:with-param name="href" select="concat('/arsip?', view/query, '&amp;setelah=', view/next)"/>
      </xsl:call-template>
    </xsl:if>
    <ul class="nsk-links nsk-noprint">
      <xsl:if test="view/units/item"><li><a class="govuk-link" href="/arsip/berkas"><w:t>Files of records</w:t></a></li></xsl:if>
      <li><a class="govuk-link" href="/arsip/pinjaman"><w:t>Loans of records</w:t></a></li>
      <xsl:if test="view/units/item"><li><a class="govuk-link" href="/arsip/impor"><w:t>Take in an older archive</w:t></a></li></xsl:if>
      <li><a class="govuk-link" href="/arsip/klasifikasi"><w:t>Classes, and how long each is kept</w:t></a></li>
    </ul>
    <xsl:call-template name="searches"><xsl:with-param name="place" select="'arsip'"/><xsl:with-param name="query" select="string(view/query)"/></xsl:call-template>
  </xsl:template>

  <!-- What a letter is known by beside its words. -->
  <xsl:template name="narrow">
    <details class="govuk-details">
      <xsl:if test="view/narrow = 'true'"><xsl:attribute name="open">open</xsl:attribute></xsl:if>
      <summary class="govuk-details__summary"><span class="govuk-details__summary-text"><w:t>By date, sender, addressee, classification or official</w:t></span></summary>
      <div class="govuk-details__text">
        <p class="govuk-body"><w:t>Fill in what you know; the rest may stay empty.</w:t></p>
        <xsl:call-template name="typed"><xsl:with-param name="name" select="'dari'"/><xsl:with-param name="type" select="'date'"/><xsl:with-param name="label"><w:t>Letters of this day and later</w:t></xsl:with-param><xsl:with-param name="value" select="view/asked/dari"/></xsl:call-template>
        <xsl:call-template name="typed"><xsl:with-param name="name" select="'sampai'"/><xsl:with-param name="type" select="'date'"/><xsl:with-param name="label"><w:t>Letters of this day and earlier</w:t></xsl:with-param><xsl:with-param name="value" select="view/asked/sampai"/></xsl:call-template>
        <xsl:call-template name="typed"><xsl:with-param name="name" select="'pengirim'"/><xsl:with-param name="label"><w:t>Who wrote it</w:t></xsl:with-param><xsl:with-param name="hint"><w:t>A part of the name is enough, such as Pengairan.</w:t></xsl:with-param><xsl:with-param name="value" select="view/asked/pengirim"/></xsl:call-template>
        <xsl:call-template name="typed"><xsl:with-param name="name" select="'penerima'"/><xsl:with-param name="label"><w:t>Whom it is for, or who gets a copy</w:t></xsl:with-param><xsl:with-param name="value" select="view/asked/penerima"/></xsl:call-template>
        <xsl:call-template name="typed"><xsl:with-param name="name" select="'klasifikasi'"/><xsl:with-param name="label"><w:t>Classification code</w:t></xsl:with-param><xsl:with-param name="hint"><w:t>KP.08 also finds KP.08.01 and all others below it.</w:t></xsl:with-param><xsl:with-param name="digits" select="false()"/><xsl:with-param name="value" select="view/asked/klasifikasi"/></xsl:call-template>
        <xsl:call-template name="typed"><xsl:with-param name="name" select="'pejabat'"/><xsl:with-param name="label"><w:t>Who was in office then</w:t></xsl:with-param><xsl:with-param name="hint"><w:t>The name of a person: letters that he signed or got in the position that he held on the day of the letter.</w:t></xsl:with-param><xsl:with-param name="value" select="view/asked/pejabat"/></xsl:call-template>
      </div>
    </details>
  </xsl:template>

  <xsl:template match="facets/item">
    <h2 class="govuk-heading-s" id="pilah-{name}">
      <xsl:choose>
        <xsl:when test="name = 'kind'"><w:t>Kind</w:t></xsl:when>
        <xsl:when test="name = 'year'"><w:t>Year</w:t></xsl:when>
        <xsl:when test="name = 'unit'"><w:t>Unit</w:t></xsl:when>
        <xsl:when test="name = 'class'"><w:t>Class</w:t></xsl:when>
        <xsl:otherwise><w:t>State</w:t></xsl:otherwise>
      </xsl:choose>
    </h2>
    <ul class="nsk-filter__list" aria-labelledby="pilah-{name}">
      <xsl:for-each select="values/item">
        <li><a href="{href}"><xsl:if test="chosen = 'true'"><xsl:attribute name="aria-current">true</xsl:attribute></xsl:if><xsl:apply-templates select="name" mode="words"/><xsl:text> (</xsl:text><xsl:value-of select="n"/><xsl:text>)</xsl:text><xsl:if test="chosen = 'true'"><xsl:text> </xsl:text><span aria-hidden="true">&#x2715;</span><span class="govuk-visually-hidden"><w:t>take away</w:t></span></xsl:if></a></li>
      </xsl:for-each>
    </ul>
  </xsl:template>
</xsl:stylesheet>
