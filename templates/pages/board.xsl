<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!--
  Figures of work: what GET /api/v1/board answers, with NAME_bars (whole, part: hundredths of the
  longest), times (median, p90 in words) and same (the query).  The tables say what is so; a chart
  repeats one, in outlines and filled bars that need no colour.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Figures</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><w:t>Figures: <w:v select="view/name"/></w:t></h1>
    <p class="govuk-body"><w:t>Of the work of positions, not of people: no person and no letter is named here. Everybody sees the figures of the positions that he holds, a superior those of the units below him.</w:t></p>
    <form method="get" action="/laporan" class="nsk-noprint">
      <xsl:if test="view/units/item">
        <div class="govuk-form-group">
          <label class="govuk-label" for="unit"><w:t>Of which unit</w:t></label>
          <select class="govuk-select" id="unit" name="unit">
            <option value=""><w:t>The positions that I hold</w:t></option>
            <xsl:for-each select="view/units/item">
              <option value="{id}"><xsl:if test="/page/view/of = 'unit' and id = /page/view/id"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if><xsl:value-of select="name"/></option>
            </xsl:for-each>
          </select>
        </div>
      </xsl:if>
      <div class="govuk-form-group">
        <label class="govuk-label" for="dari"><w:t>First day</w:t></label>
        <input class="govuk-input govuk-input--width-10" type="date" id="dari" name="dari" value="{view/from}"/>
      </div>
      <div class="govuk-form-group">
        <label class="govuk-label" for="sampai"><w:t>Last day</w:t></label>
        <input class="govuk-input govuk-input--width-10" type="date" id="sampai" name="sampai" value="{view/until}"/>
      </div>
      <button class="govuk-button" type="submit"><w:t>Show</w:t></button>
    </form>
    <xsl:if test="view/complete = 'false'">
      <div class="govuk-inset-text"><w:t>There is more than a page can count: what is older is left out of the figures below. Choose a smaller unit for whole figures.</w:t></div>
    </xsl:if>

    <h2 class="govuk-heading-m" id="menunggu"><w:t>What waits now, by position</w:t></h2>
    <xsl:call-template name="chart">
      <xsl:with-param name="id">menunggu</xsl:with-param>
      <xsl:with-param name="lines" select="view/waiting/item"/>
      <xsl:with-param name="bars" select="view/waiting_bars/item"/>
      <xsl:with-param name="title"><w:t>What waits now, by position</w:t></xsl:with-param>
      <xsl:with-param name="words"><w:t>The frame is what waits, the filled part what is overdue. The table below has the same numbers.</w:t></xsl:with-param>
    </xsl:call-template>
    <div class="nsk-wide" tabindex="0" role="region" aria-labelledby="menunggu">
      <table class="govuk-table">
        <thead class="govuk-table__head"><tr class="govuk-table__row"><th scope="col" class="govuk-table__header"><w:t>Position</w:t></th><th scope="col" class="govuk-table__header govuk-table__header--numeric"><w:t>Waiting</w:t></th><th scope="col" class="govuk-table__header govuk-table__header--numeric"><w:t>Overdue</w:t></th><th scope="col" class="govuk-table__header"><w:t>Oldest since</w:t></th></tr></thead>
        <tbody class="govuk-table__body">
          <xsl:for-each select="view/waiting/item">
            <tr class="govuk-table__row"><th scope="row" class="govuk-table__header"><xsl:value-of select="title"/></th><td class="govuk-table__cell govuk-table__cell--numeric"><xsl:value-of select="open"/></td><td class="govuk-table__cell govuk-table__cell--numeric"><xsl:value-of select="overdue"/></td><td class="govuk-table__cell"><xsl:apply-templates select="oldest" mode="time"/></td></tr>
          </xsl:for-each>
        </tbody>
      </table>
    </div>
    <xsl:call-template name="csv"><xsl:with-param name="name">menunggu</xsl:with-param></xsl:call-template>

    <h2 class="govuk-heading-m" id="umur"><w:t>How long it has been waiting</w:t></h2>
    <p class="govuk-body"><w:t>In working days since the task was opened.</w:t></p>
    <xsl:call-template name="chart">
      <xsl:with-param name="id">umur</xsl:with-param>
      <xsl:with-param name="lines" select="view/ages/item"/>
      <xsl:with-param name="bars" select="view/ages_bars/item"/>
      <xsl:with-param name="title"><w:t>How long it has been waiting</w:t></xsl:with-param>
      <xsl:with-param name="words"><w:t>A bar for each age. The table below has the same numbers.</w:t></xsl:with-param>
    </xsl:call-template>
    <table class="govuk-table" aria-labelledby="umur">
      <thead class="govuk-table__head"><tr class="govuk-table__row"><th scope="col" class="govuk-table__header"><w:t>Age</w:t></th><th scope="col" class="govuk-table__header govuk-table__header--numeric"><w:t>Waiting</w:t></th></tr></thead>
      <tbody class="govuk-table__body">
        <xsl:for-each select="view/ages/item">
          <tr class="govuk-table__row"><th scope="row" class="govuk-table__header"><xsl:apply-templates select="." mode="label"/></th><td class="govuk-table__cell govuk-table__cell--numeric"><xsl:value-of select="open"/></td></tr>
        </xsl:for-each>
      </tbody>
    </table>
    <xsl:call-template name="csv"><xsl:with-param name="name">umur</xsl:with-param></xsl:call-template>

    <h2 class="govuk-heading-m" id="penyelesaian"><w:t>How long a letter took here, by kind</w:t></h2>
    <p class="govuk-body"><w:t>Of each letter on which something was done in the period: the time that its tasks lay before these positions, added up, until they were done. Counted are working days, each of 24 hours, on which he who did it was there. What the letter waited at others, before it came or after it went, is not counted.</w:t></p>
    <xsl:choose>
      <xsl:when test="view/kinds/item">
        <xsl:call-template name="chart">
          <xsl:with-param name="id">penyelesaian</xsl:with-param>
          <xsl:with-param name="lines" select="view/kinds/item"/>
          <xsl:with-param name="bars" select="view/kinds_bars/item"/>
          <xsl:with-param name="title"><w:t>How long a letter took here, by kind</w:t></xsl:with-param>
          <xsl:with-param name="words"><w:t>The frame is the time within which nine of ten letters were done, the filled part the median. The table below has the same numbers.</w:t></xsl:with-param>
        </xsl:call-template>
        <div class="nsk-wide" tabindex="0" role="region" aria-labelledby="penyelesaian">
          <table class="govuk-table">
            <thead class="govuk-table__head"><tr class="govuk-table__row"><th scope="col" class="govuk-table__header"><w:t>Kind of letter</w:t></th><th scope="col" class="govuk-table__header govuk-table__header--numeric"><w:t>Letters</w:t></th><th scope="col" class="govuk-table__header govuk-table__header--numeric"><w:t>Half within</w:t></th><th scope="col" class="govuk-table__header govuk-table__header--numeric"><w:t>Nine of ten within</w:t></th><th scope="col" class="govuk-table__header govuk-table__header--numeric"><w:t>Tasks</w:t></th><th scope="col" class="govuk-table__header govuk-table__header--numeric"><w:t>Done late</w:t></th></tr></thead>
            <tbody class="govuk-table__body">
              <xsl:for-each select="view/kinds/item">
                <xsl:variable name="n" select="position()"/>
                <tr class="govuk-table__row"><th scope="row" class="govuk-table__header"><xsl:value-of select="title"/></th><td class="govuk-table__cell govuk-table__cell--numeric"><xsl:value-of select="letters"/></td><td class="govuk-table__cell govuk-table__cell--numeric"><xsl:value-of select="../../times/item[$n]/median"/></td><td class="govuk-table__cell govuk-table__cell--numeric"><xsl:value-of select="../../times/item[$n]/p90"/></td><td class="govuk-table__cell govuk-table__cell--numeric"><xsl:value-of select="done"/></td><td class="govuk-table__cell govuk-table__cell--numeric"><xsl:value-of select="late"/></td></tr>
              </xsl:for-each>
            </tbody>
          </table>
        </div>
        <xsl:call-template name="csv"><xsl:with-param name="name">penyelesaian</xsl:with-param></xsl:call-template>
      </xsl:when>
      <xsl:otherwise><p class="govuk-body"><w:t>Nothing was done in the period.</w:t></p></xsl:otherwise>
    </xsl:choose>

    <h2 class="govuk-heading-m" id="volume"><w:t>How much was done, by month</w:t></h2>
    <xsl:call-template name="chart">
      <xsl:with-param name="id">volume</xsl:with-param>
      <xsl:with-param name="lines" select="view/months/item"/>
      <xsl:with-param name="bars" select="view/months_bars/item"/>
      <xsl:with-param name="title"><w:t>How much was done, by month</w:t></xsl:with-param>
      <xsl:with-param name="words"><w:t>The frame is the tasks that were done, the filled part those done late. The table below has the same numbers.</w:t></xsl:with-param>
    </xsl:call-template>
    <div class="nsk-wide" tabindex="0" role="region" aria-labelledby="volume">
      <table class="govuk-table">
        <thead class="govuk-table__head"><tr class="govuk-table__row"><th scope="col" class="govuk-table__header"><w:t>Month</w:t></th><th scope="col" class="govuk-table__header govuk-table__header--numeric"><w:t>Letters begun</w:t></th><th scope="col" class="govuk-table__header govuk-table__header--numeric"><w:t>Letters signed</w:t></th><th scope="col" class="govuk-table__header govuk-table__header--numeric"><w:t>Tasks done</w:t></th><th scope="col" class="govuk-table__header govuk-table__header--numeric"><w:t>Done late</w:t></th></tr></thead>
        <tbody class="govuk-table__body">
          <xsl:for-each select="view/months/item">
            <tr class="govuk-table__row"><th scope="row" class="govuk-table__header"><xsl:apply-templates select="." mode="label"/></th><td class="govuk-table__cell govuk-table__cell--numeric"><xsl:value-of select="drafted"/></td><td class="govuk-table__cell govuk-table__cell--numeric"><xsl:value-of select="signed"/></td><td class="govuk-table__cell govuk-table__cell--numeric"><xsl:value-of select="done"/></td><td class="govuk-table__cell govuk-table__cell--numeric"><xsl:value-of select="late"/></td></tr>
          </xsl:for-each>
        </tbody>
      </table>
    </div>
    <xsl:call-template name="csv"><xsl:with-param name="name">volume</xsl:with-param></xsl:call-template>
  </xsl:template>

  <xsl:template name="csv">
    <xsl:param name="name"/>
    <ul class="nsk-links nsk-noprint"><li><a class="govuk-link" href="/laporan/{$name}.csv?{/page/view/same}" aria-describedby="{$name}"><w:t>As a table (CSV)</w:t></a></li></ul>
  </xsl:template>

  <!-- Bars below each other, each under its words; 320 wide and 40 a line. -->
  <xsl:template name="chart">
    <xsl:param name="id"/>
    <xsl:param name="lines"/>
    <xsl:param name="bars"/>
    <xsl:param name="title"/>
    <xsl:param name="words"/>
    <svg xmlns="http://www.w3.org/2000/svg" class="nsk-chart" role="img" viewBox="0 0 320 {count($lines) * 40}" aria-labelledby="{$id}-judul {$id}-isi">
      <title id="{$id}-judul"><xsl:copy-of select="$title"/></title>
      <desc id="{$id}-isi"><xsl:copy-of select="$words"/></desc>
      <xsl:for-each select="$lines">
        <xsl:variable name="n" select="position()"/>
        <xsl:variable name="top" select="($n - 1) * 40"/>
        <text x="0" y="{$top + 14}" font-size="13" fill="currentColor"><xsl:apply-templates select="." mode="label"/></text>
        <text x="318" y="{$top + 31}" font-size="13" text-anchor="end" fill="currentColor"><xsl:apply-templates select="." mode="figure"><xsl:with-param name="n" select="$n"/></xsl:apply-templates></text>
        <rect x="1" y="{$top + 20}" height="13" width="{$bars[$n]/whole * 1.9 + 1}" fill="none" stroke="currentColor" stroke-width="1.5"/>
        <rect x="1" y="{$top + 20}" height="13" width="{$bars[$n]/part * 1.9}" fill="currentColor"/>
      </xsl:for-each>
    </svg>
    <p class="govuk-body-s"><xsl:copy-of select="$words"/></p>
  </xsl:template>

  <xsl:template match="item" mode="label">
    <xsl:choose>
      <xsl:when test="age = 'day'"><w:t>one day at most</w:t></xsl:when>
      <xsl:when test="age = 'three-days'"><w:t>more than one day, three at most</w:t></xsl:when>
      <xsl:when test="age = 'week'"><w:t>more than three days, seven at most</w:t></xsl:when>
      <xsl:when test="age = 'longer'"><w:t>more than seven days</w:t></xsl:when>
      <xsl:when test="month"><xsl:call-template name="month"><xsl:with-param name="n" select="number(substring(month, 6))"/></xsl:call-template><xsl:text> </xsl:text><xsl:value-of select="substring(month, 1, 4)"/></xsl:when>
      <xsl:when test="string-length(title) &gt; 46"><xsl:value-of select="concat(substring(title, 1, 45), '&#x2026;')"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="title"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="item" mode="figure">
    <xsl:param name="n"/>
    <xsl:choose>
      <xsl:when test="kind"><xsl:value-of select="../../times/item[$n]/p90"/></xsl:when>
      <xsl:when test="month"><xsl:value-of select="done"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="open"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>
</xsl:stylesheet>
