<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- An older archive that is being taken in: how far it has come, then what was refused. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Take in an older archive</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:call-template name="back"><xsl:with-param name="href" select="'/arsip/impor'"/><xsl:with-param name="words"><w:t>Take in an older archive</w:t></xsl:with-param></xsl:call-template>
    <h1 class="govuk-heading-l"><xsl:value-of select="view/run/archive"/>, <xsl:value-of select="view/run/table"/></h1>
    <xsl:for-each select="view/run"><p class="govuk-body"><xsl:call-template name="import-state"/></p></xsl:for-each>
    <xsl:choose>
      <xsl:when test="view/run/state = 'done'"><xsl:apply-templates select="view/run" mode="done"/></xsl:when>
      <xsl:when test="view/run/state = 'failed'">
        <p class="govuk-inset-text"><xsl:value-of select="view/run/fault"/></p>
        <xsl:call-template name="again"><xsl:with-param name="words"><w:t>Begin again</w:t></xsl:with-param></xsl:call-template>
      </xsl:when>
      <xsl:otherwise><xsl:apply-templates select="view/run" mode="running"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="run" mode="running">
    <div class="nsk-follow" data-events="/api/v1/archive/imports/{import}/events">
      <p class="govuk-body-l"><w:t>Rows done:</w:t><xsl:text> </xsl:text><span class="nsk-follow__done"><xsl:value-of select="done"/></span> / <span class="nsk-follow__total"><xsl:choose><xsl:when test="total &gt; 0"><xsl:value-of select="total"/></xsl:when><xsl:otherwise>...</xsl:otherwise></xsl:choose></span></p>
      <progress value="{done}"><w:attr name="aria-label">Rows that are done</w:attr><xsl:attribute name="max"><xsl:choose><xsl:when test="total &gt; 0"><xsl:value-of select="total"/></xsl:when><xsl:otherwise>1</xsl:otherwise></xsl:choose></xsl:attribute></progress>
    </div>
    <p class="govuk-body"><a class="govuk-link" href="/arsip/impor/{import}"><w:t>Look again how far it is</w:t></a></p>
    <p class="govuk-body"><w:t>You may close this page; the work goes on. Should the server stop meanwhile, begin again: what is there is left out.</w:t></p>
  </xsl:template>

  <xsl:template match="run" mode="done">
    <xsl:choose>
      <xsl:when test="dry_run = 'true'"><p class="govuk-body-l"><w:t>Of <w:v select="rows"/> rows <w:v select="imported"/> can be taken in, <w:v select="there"/> are there already, <w:v select="refused"/> would be refused. Nothing was taken in yet.</w:t></p></xsl:when>
      <xsl:otherwise><p class="govuk-body-l"><w:t>Of <w:v select="rows"/> rows <w:v select="imported"/> were taken in, <w:v select="there"/> were there already, <w:v select="refused"/> were refused.</w:t></p></xsl:otherwise>
    </xsl:choose>
    <xsl:if test="dry_run = 'true' and imported &gt; 0"><xsl:call-template name="again"><xsl:with-param name="words"><w:t>Take the letters in</w:t></xsl:with-param></xsl:call-template></xsl:if>
    <xsl:if test="refusals/item">
      <h2 class="govuk-heading-m" id="ditolak"><w:t>What was refused</w:t></h2>
      <p class="govuk-body"><w:t>Mend these rows in the table, and begin again; the others are left out then.</w:t></p>
      <ul class="nsk-links nsk-noprint"><li><a class="govuk-link" href="/arsip/impor/{import}/ditolak.csv"><w:t>All of them as a table (CSV)</w:t></a></li></ul>
      <div class="nsk-wide" tabindex="0" role="region" aria-labelledby="ditolak">
        <table class="govuk-table">
          <thead class="govuk-table__head"><tr class="govuk-table__row">
            <th scope="col" class="govuk-table__header"><w:t>Line</w:t></th>
            <th scope="col" class="govuk-table__header"><w:t>Former id</w:t></th>
            <th scope="col" class="govuk-table__header"><w:t>Column</w:t></th>
            <th scope="col" class="govuk-table__header"><w:t>Why, and what to do</w:t></th>
          </tr></thead>
          <tbody class="govuk-table__body">
            <xsl:for-each select="refusals/item">
              <tr class="govuk-table__row">
                <td class="govuk-table__cell"><xsl:value-of select="line"/></td>
                <td class="govuk-table__cell"><xsl:value-of select="id"/></td>
                <td class="govuk-table__cell"><xsl:value-of select="what"/></td>
                <td class="govuk-table__cell"><xsl:value-of select="why"/>; <xsl:value-of select="todo"/></td>
              </tr>
            </xsl:for-each>
          </tbody>
        </table>
      </div>
      <xsl:if test="more &gt; 0"><p class="govuk-body"><w:t>And <w:v select="more"/> more, which stand in the table (CSV).</w:t></p></xsl:if>
    </xsl:if>
  </xsl:template>

  <!-- The same table, to be taken in. -->
  <xsl:template name="again">
    <xsl:param name="words"/>
    <form action="/arsip/impor" method="post">
      <xsl:call-template name="form-token"/>
      <input type="hidden" name="tabel" value="{/page/view/run/unit}/{/page/view/run/archive}/{/page/view/run/table}"/>
      <input type="hidden" name="sistem" value="{/page/view/run/system}"/>
      <button class="govuk-button" type="submit" name="cara" value="ambil"><xsl:copy-of select="$words"/></button>
    </form>
  </xsl:template>
</xsl:stylesheet>
