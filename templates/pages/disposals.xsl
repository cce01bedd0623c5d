<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- What is due of files of records, and the proposals to dispose of them. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Disposal of records</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:call-template name="back"><xsl:with-param name="href" select="'/arsip/berkas'"/><xsl:with-param name="words"><w:t>Files of records</w:t></xsl:with-param></xsl:call-template>
    <h1 class="govuk-heading-l"><w:t>Disposal of records</w:t></h1>
    <p class="govuk-body"><w:t>Nothing goes by itself. The archivist of the unit proposes, another person gives an opinion, the head of the agency decides, and a record of destruction is signed. Only then is anything destroyed.</w:t></p>
    <xsl:apply-templates select="view"/>
    <ul class="nsk-links">
      <li><a class="govuk-link" href="/arsip/klasifikasi"><w:t>Classes, and how long each is kept</w:t></a></li>
      <li><a class="govuk-link" href="/bantuan/berkas"><w:t>Help with files of records</w:t></a></li>
    </ul>
  </xsl:template>

  <xsl:template match="view">
    <xsl:if test="not(units/item) and not(disposals/item)"><p class="govuk-inset-text"><w:t>There is nothing here for you. What is due is shown to the archivist of a unit; proposals also to those who give an opinion, and to the head of the agency.</w:t></p></xsl:if>
    <xsl:if test="disposals/item">
      <h2 class="govuk-heading-m"><w:t>Proposals</w:t></h2>
      <ul class="nsk-tasks"><xsl:apply-templates select="disposals/item" mode="proposal"/></ul>
    </xsl:if>
    <xsl:if test="units/item"><xsl:apply-templates select="." mode="due"/></xsl:if>
  </xsl:template>

  <xsl:template match="item" mode="proposal">
    <li class="nsk-task">
      <a class="nsk-task__link" href="/arsip/penyusutan/{disposal}">
        <span class="nsk-task__do"><xsl:apply-templates select="form" mode="fate"/></span>
        <span class="nsk-task__subject"><xsl:value-of select="unit_name"/></span>
      </a>
      <p class="nsk-task__facts">
        <strong class="govuk-tag"><xsl:value-of select="state_words"/></strong>
        <span><w:t>proposed on <w:v select="at/@date"/> by <w:v select="by_name"/></w:t></span>
      </p>
    </li>
  </xsl:template>

  <xsl:template match="view" mode="due">
    <h2 class="govuk-heading-m"><w:t>What is due of the files that you keep</w:t></h2>
    <form action="/arsip/penyusutan" method="get" class="nsk-noprint">
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'per'"/><xsl:with-param name="type" select="'date'"/><xsl:with-param name="digits" select="true()"/>
        <xsl:with-param name="label"><w:t>On which day</w:t></xsl:with-param>
        <xsl:with-param name="hint"><w:t>Empty: today. A later day shows what is coming.</w:t></xsl:with-param>
        <xsl:with-param name="value" select="per"/>
      </xsl:call-template>
      <button class="govuk-button govuk-button--secondary" type="submit"><w:t>Show</w:t></button>
    </form>
    <xsl:if test="groups and not(groups/item) and not(moves/item) and not(held/item)"><p class="govuk-body-l"><w:t>Nothing is due.</w:t></p></xsl:if>
    <xsl:if test="moves/item">
      <h3 class="govuk-heading-s"><w:t>To be moved to the records centre</w:t></h3>
      <p class="govuk-body"><w:t>Open the file, hand it over, and enter it there.</w:t></p>
      <ul class="nsk-tasks"><xsl:apply-templates select="moves/item" mode="file"/></ul>
    </xsl:if>
    <xsl:apply-templates select="groups/item" mode="group"/>
    <xsl:if test="held/item">
      <h3 class="govuk-heading-s"><w:t>Held</w:t></h3>
      <p class="govuk-body"><w:t>While it is held nothing becomes of the file.</w:t></p>
      <ul class="nsk-tasks"><xsl:apply-templates select="held/item" mode="file"/></ul>
    </xsl:if>
  </xsl:template>

  <xsl:template match="item" mode="file">
    <li class="nsk-task">
      <a class="nsk-task__link" href="/arsip/berkas/{berkas}">
        <span class="nsk-task__do"><xsl:value-of select="code"/></span>
        <span class="nsk-task__subject"><xsl:value-of select="title"/></span>
      </a>
      <p class="nsk-task__facts"><span><xsl:value-of select="class"/></span><span><xsl:apply-templates select="." mode="retention"/></span></p>
    </li>
  </xsl:template>

  <!-- Files of one unit with one fate are proposed together; of a later day they are only shown. -->
  <xsl:template match="item" mode="group">
    <h3 class="govuk-heading-s"><w:t>Retention is over: <w:v select="/page/view/units/item[id = current()/unit]/name"/></w:t></h3>
    <p class="govuk-body"><xsl:call-template name="group-words"><xsl:with-param name="fate" select="string(fate)"/></xsl:call-template></p>
    <xsl:choose>
      <xsl:when test="/page/view/per"><ul class="nsk-tasks"><xsl:apply-templates select="files/item" mode="file"/></ul></xsl:when>
      <xsl:otherwise>
        <form action="/arsip/penyusutan" method="post">
          <xsl:call-template name="form-token"/>
          <fieldset class="govuk-fieldset nsk-taps">
            <legend class="govuk-fieldset__legend govuk-fieldset__legend--s"><w:t>Files of the proposal</w:t></legend>
            <xsl:for-each select="files/item">
              <label class="nsk-tap"><input type="checkbox" name="berkas" value="{berkas}" checked="checked"/><span><xsl:value-of select="concat(code, ' ', title)"/><small><xsl:apply-templates select="." mode="retention"/></small></span></label>
              <p class="govuk-body-s"><a class="govuk-link" href="/arsip/berkas/{berkas}"><w:t>Look at the letters of <w:v select="title"/></w:t></a></p>
            </xsl:for-each>
          </fieldset>
          <xsl:choose>
            <xsl:when test="fate = 'review'">
              <fieldset class="govuk-fieldset nsk-taps">
                <legend class="govuk-fieldset__legend govuk-fieldset__legend--s"><w:t>What is to become of them</w:t></legend>
                <xsl:call-template name="radio"><xsl:with-param name="name" select="'nasib'"/><xsl:with-param name="value" select="'review'"/><xsl:with-param name="chosen" select="true()"/><xsl:with-param name="label"><w:t>Keep them, and assess them again later</w:t></xsl:with-param></xsl:call-template>
                <xsl:call-template name="radio"><xsl:with-param name="name" select="'nasib'"/><xsl:with-param name="value" select="'transfer'"/><xsl:with-param name="label"><w:t>Hand them over as a static archive</w:t></xsl:with-param></xsl:call-template>
                <xsl:call-template name="radio"><xsl:with-param name="name" select="'nasib'"/><xsl:with-param name="value" select="'destroy'"/><xsl:with-param name="label"><w:t>Destroy them</w:t></xsl:with-param></xsl:call-template>
              </fieldset>
            </xsl:when>
            <xsl:otherwise><input type="hidden" name="nasib" value="{fate}"/></xsl:otherwise>
          </xsl:choose>
          <p class="govuk-body"><w:t>The proposal fixes the list of their letters. It destroys nothing, and you can withdraw it.</w:t></p>
          <button class="govuk-button" type="submit"><w:t>Make the proposal</w:t></button>
        </form>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="group-words">
    <xsl:param name="fate"/>
    <xsl:choose>
      <xsl:when test="$fate = 'destroy'"><w:t>By their class these files may be proposed for destruction.</w:t></xsl:when>
      <xsl:when test="$fate = 'transfer'"><w:t>By their class these files are kept for good: they may be proposed for handing over as a static archive.</w:t></xsl:when>
      <xsl:otherwise><w:t>By their class these files are assessed again: you propose what is to become of them.</w:t></xsl:otherwise>
    </xsl:choose>
  </xsl:template>
</xsl:stylesheet>
