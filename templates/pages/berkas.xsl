<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Files of records that somebody keeps: what GET /api/v1/files answers. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Files of records</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><w:t>Files of records</w:t></h1>
    <p class="govuk-body"><w:t>Letters of one matter, kept together. How long they are kept follows from the class that the file was opened under.</w:t></p>
    <xsl:choose>
      <xsl:when test="view/units/item">
        <p class="govuk-body"><a class="govuk-button" role="button" draggable="false" href="/arsip/berkas/baru"><w:t>Open a file</w:t></a></p>
        <xsl:apply-templates select="view" mode="filters"/>
        <xsl:apply-templates select="view" mode="files"/>
      </xsl:when>
      <xsl:otherwise><p class="govuk-inset-text"><w:t>You keep no files. They are kept by the archivist of a unit, who is named in the directory.</w:t></p></xsl:otherwise>
    </xsl:choose>
    <ul class="nsk-links">
      <li><a class="govuk-link" href="/arsip/penyusutan"><w:t>Disposal of records: what is due, and the proposals</w:t></a></li>
      <li><a class="govuk-link" href="/arsip/pinjaman"><w:t>Loans of records</w:t></a></li>
      <li><a class="govuk-link" href="/arsip/klasifikasi"><w:t>Classes, and how long each is kept</w:t></a></li>
      <li><a class="govuk-link" href="/bantuan/berkas"><w:t>Help with files of records</w:t></a></li>
    </ul>
  </xsl:template>

  <xsl:template match="view" mode="filters">
    <form action="/arsip/berkas" method="get" role="search" class="nsk-noprint">
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'kata'"/>
        <xsl:with-param name="label"><w:t>Words of its title or class</w:t></xsl:with-param>
        <xsl:with-param name="value" select="kata"/>
      </xsl:call-template>
      <div class="govuk-form-group">
        <label class="govuk-label" for="status"><w:t>Where it stands</w:t></label>
        <select class="govuk-select" id="status" name="status">
          <option value=""><w:t>All</w:t></option>
          <xsl:call-template name="state"><xsl:with-param name="state" select="'open'"/><xsl:with-param name="words"><w:t>open</w:t></xsl:with-param></xsl:call-template>
          <xsl:call-template name="state"><xsl:with-param name="state" select="'waiting'"/><xsl:with-param name="words"><w:t>closed, a day is missing</w:t></xsl:with-param></xsl:call-template>
          <xsl:call-template name="state"><xsl:with-param name="state" select="'active'"/><xsl:with-param name="words"><w:t>active</w:t></xsl:with-param></xsl:call-template>
          <xsl:call-template name="state"><xsl:with-param name="state" select="'inactive'"/><xsl:with-param name="words"><w:t>inactive</w:t></xsl:with-param></xsl:call-template>
          <xsl:call-template name="state"><xsl:with-param name="state" select="'due'"/><xsl:with-param name="words"><w:t>retention is over</w:t></xsl:with-param></xsl:call-template>
        </select>
      </div>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'kode'"/>
        <xsl:with-param name="label"><w:t>Code of its class</w:t></xsl:with-param>
        <xsl:with-param name="hint"><w:t>Such as KP.08; the classes below it are in it.</w:t></xsl:with-param>
        <xsl:with-param name="value" select="kode"/>
      </xsl:call-template>
      <xsl:if test="units/item[2]">
        <div class="govuk-form-group">
          <label class="govuk-label" for="unit"><w:t>Of which unit</w:t></label>
          <select class="govuk-select" id="unit" name="unit">
            <option value=""><w:t>All</w:t></option>
            <xsl:for-each select="units/item"><option value="{id}"><xsl:if test="id = /page/view/unit"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if><xsl:value-of select="name"/></option></xsl:for-each>
          </select>
        </div>
      </xsl:if>
      <button class="govuk-button govuk-button--secondary" type="submit"><w:t>Show</w:t></button>
    </form>
  </xsl:template>

  <xsl:template name="state">
    <xsl:param name="state"/>
    <xsl:param name="words"/>
    <option value="{$state}"><xsl:if test="/page/view/status = $state"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if><xsl:copy-of select="$words"/></option>
  </xsl:template>

  <xsl:template match="view" mode="files">
    <xsl:if test="files and not(files/item)"><p class="govuk-body-l"><w:t>There is no such file.</w:t></p></xsl:if>
    <ul class="nsk-tasks">
      <xsl:for-each select="files/item">
        <li class="nsk-task">
          <a class="nsk-task__link" href="/arsip/berkas/{berkas}">
            <span class="nsk-task__do"><xsl:value-of select="code"/></span>
            <span class="nsk-task__subject"><xsl:value-of select="title"/></span>
          </a>
          <p class="nsk-task__facts">
            <strong class="govuk-tag"><xsl:value-of select="state_words"/></strong>
            <xsl:if test="holds/item"><strong class="govuk-tag govuk-tag--orange"><w:t>held</w:t></strong></xsl:if>
            <span><xsl:value-of select="class"/></span>
            <span><xsl:apply-templates select="." mode="retention"/></span>
          </p>
        </li>
      </xsl:for-each>
    </ul>
    <xsl:if test="next">
      <xsl:call-template name="next-page">
        <xsl:with-param name="href" select="concat('/arsip/berkas?', query, 'setelah=', next)"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>
</xsl:stylesheet>
