<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Older archives that lie ready, and taking them in. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Take in an older archive</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:call-template name="back"><xsl:with-param name="href" select="'/arsip'"/><xsl:with-param name="words"><w:t>Find a letter</w:t></xsl:with-param></xsl:call-template>
    <h1 class="govuk-heading-l"><w:t>Take in an older archive</w:t></h1>
    <p class="govuk-body"><w:t>Letters of a former system come in from a table (CSV), which has a row for each letter, and a PDF for each row. They are filed at once, and found by their old number.</w:t></p>
    <xsl:choose>
      <xsl:when test="view/may = 'false'"><p class="govuk-inset-text"><w:t>This is done by the administration (TU) of a unit.</w:t></p></xsl:when>
      <xsl:when test="not(view/archives/item/tables/item)"><p class="govuk-inset-text"><w:t>No archive lies ready. Ask who looks after the server to put the table and its PDFs into a folder for your unit; 'naskah help archive-import' says where.</w:t></p></xsl:when>
      <xsl:otherwise><xsl:apply-templates select="view"/></xsl:otherwise>
    </xsl:choose>
    <xsl:call-template name="table-of-archive"/>
    <xsl:if test="view/imports/item">
      <h2 class="govuk-heading-m"><w:t>What was begun</w:t></h2>
      <ul class="nsk-tasks">
        <xsl:for-each select="view/imports/item">
          <li class="nsk-task">
            <a class="nsk-task__link" href="/arsip/impor/{import}"><span class="nsk-task__subject"><xsl:value-of select="archive"/>, <xsl:value-of select="table"/></span></a>
            <p class="nsk-task__facts">
              <xsl:call-template name="import-state"/>
              <xsl:if test="dry_run = 'true'"><span><w:t>only looked at</w:t></span></xsl:if>
              <xsl:if test="total &gt; 0"><span><w:t><w:v select="done"/> of <w:v select="total"/> rows</w:t></span></xsl:if>
              <span><xsl:apply-templates select="begun" mode="time"/></span>
            </p>
          </li>
        </xsl:for-each>
      </ul>
    </xsl:if>
  </xsl:template>

  <xsl:template match="view">
    <form action="/arsip/impor" method="post">
      <xsl:call-template name="form-token"/>
      <div class="govuk-form-group">
        <fieldset class="govuk-fieldset">
          <legend class="govuk-fieldset__legend"><w:t>Which table</w:t></legend>
          <div class="govuk-radios">
            <xsl:for-each select="archives/item/tables/item">
              <xsl:variable name="value" select="concat(../../unit, '/', ../../name, '/', .)"/>
              <div class="govuk-radios__item">
                <input class="govuk-radios__input" type="radio" id="tabel-{position()}" name="tabel" value="{$value}">
                  <xsl:if test="/page/view/chosen = $value or (last() = 1)"><xsl:attribute name="checked">checked</xsl:attribute></xsl:if>
                </input>
                <label class="govuk-label govuk-radios__label" for="tabel-{position()}"><xsl:value-of select="../../name"/>, <xsl:value-of select="."/><xsl:if test="/page/view/archives/item/unit != ../../unit"> (<xsl:value-of select="../../unit_name"/>)</xsl:if></label>
              </div>
            </xsl:for-each>
          </div>
        </fieldset>
      </div>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'sistem'"/>
        <xsl:with-param name="label"><w:t>Name of the former system (may stay empty)</w:t></xsl:with-param>
        <xsl:with-param name="hint"><w:t>Small letters and digits, such as sisurat. It keeps the numbers of two systems apart.</w:t></xsl:with-param>
        <xsl:with-param name="value" select="system"/>
      </xsl:call-template>
      <div class="govuk-button-group">
        <button class="govuk-button" type="submit" name="cara" value="lihat"><w:t>Look at everything first</w:t></button>
        <button class="govuk-button govuk-button--secondary" type="submit" name="cara" value="ambil"><w:t>Take the letters in</w:t></button>
      </div>
    </form>
    <p class="govuk-body"><w:t>Looking takes nothing in: it says which rows would be refused, and why. A row that was taken in before is left out, so you may repeat this as often as you like.</w:t></p>
  </xsl:template>

  <xsl:template name="table-of-archive">
    <details class="govuk-details">
      <summary class="govuk-details__summary"><span class="govuk-details__summary-text"><w:t>How the table is made</w:t></span></summary>
      <div class="govuk-details__text">
        <p class="govuk-body"><w:t>The first row names the columns, in any order:</w:t></p>
        <ul class="govuk-list govuk-list--bullet">
          <li><w:t>id, asal, tujuan, hal, klasifikasi, berkas: needed in every row; berkas is the name of the PDF</w:t></li>
          <li><w:t>nomor, tanggal (2011-03-14), tempat, ringkasan, keamanan, unit: where they are known</w:t></li>
        </ul>
      </div>
    </details>
  </xsl:template>
</xsl:stylesheet>
