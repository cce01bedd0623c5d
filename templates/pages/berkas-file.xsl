<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- A file of records: what GET /api/v1/files/{id} answers, with its days and codes in words. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><xsl:value-of select="view/title"/></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:call-template name="back"><xsl:with-param name="href" select="'/arsip/berkas'"/><xsl:with-param name="words"><w:t>Files of records</w:t></xsl:with-param></xsl:call-template>
    <xsl:apply-templates select="view"/>
  </xsl:template>

  <xsl:template match="view">
    <h1 class="govuk-heading-l"><xsl:value-of select="title"/></h1>
    <p class="nsk-tags">
      <strong class="govuk-tag"><xsl:value-of select="state_words"/></strong>
      <xsl:if test="holds/item"><xsl:text> </xsl:text><strong class="govuk-tag govuk-tag--orange"><w:t>held</w:t></strong></xsl:if>
    </p>
    <p class="govuk-inset-text"><xsl:apply-templates select="." mode="retention"/></p>
    <dl class="govuk-summary-list">
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Code and class</w:t></xsl:with-param><xsl:with-param name="value" select="concat(code, ' ', class)"/></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Rule of the class</w:t></xsl:with-param><xsl:with-param name="value"><xsl:apply-templates select="." mode="retention-rule"/></xsl:with-param></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Unit</w:t></xsl:with-param><xsl:with-param name="value" select="string(units/item[id = /page/view/unit]/name)"/></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Opened</w:t></xsl:with-param><xsl:with-param name="value"><xsl:apply-templates select="opened" mode="time"/></xsl:with-param></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Closed</w:t></xsl:with-param><xsl:with-param name="value"><xsl:apply-templates select="closed" mode="time"/></xsl:with-param></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>At the records centre since</w:t></xsl:with-param><xsl:with-param name="value"><xsl:apply-templates select="moved" mode="time"/></xsl:with-param></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Mark of the file, for commands and programs</w:t></xsl:with-param><xsl:with-param name="value" select="string(berkas)"/></xsl:call-template>
    </dl>
    <xsl:if test="holds/item">
      <h2 class="govuk-heading-m"><w:t>Held</w:t></h2>
      <p class="govuk-body"><w:t>While it is held nothing becomes of the file.</w:t></p>
      <ul class="govuk-list govuk-list--bullet">
        <xsl:for-each select="holds/item"><li><w:t>since <w:v select="since/@date"/>, by <w:v select="by"/></w:t></li></xsl:for-each>
      </ul>
    </xsl:if>
    <xsl:if test="disposal">
      <p class="govuk-body"><a class="govuk-link" href="/arsip/penyusutan/{disposal}"><w:t>The proposal about this file</w:t></a>: <xsl:value-of select="disposal_words"/></p>
    </xsl:if>
    <xsl:if test="not(disposal) and (next = 'destroy' or next = 'transfer' or next = 'review')">
      <p class="govuk-body"><a class="govuk-link" href="/arsip/penyusutan"><w:t>Propose what becomes of it</w:t></a></p>
    </xsl:if>
    <h2 class="govuk-heading-m"><w:t>Letters in it</w:t></h2>
    <xsl:if test="not(letters/item)"><p class="govuk-body"><w:t>There is none.</w:t></p></xsl:if>
    <ul class="nsk-tasks">
      <xsl:for-each select="letters/item">
        <li class="nsk-task">
          <xsl:choose>
            <xsl:when test="destroyed">
              <a class="nsk-task__link" href="/arsip/musnah/{letter}">
                <span class="nsk-task__do"><xsl:value-of select="number"/></span>
                <span class="nsk-task__subject"><w:t>Destroyed; what is left of it</w:t></span>
              </a>
            </xsl:when>
            <xsl:when test="subject">
              <a class="nsk-task__link" href="/surat/{letter}">
                <span class="nsk-task__do"><xsl:value-of select="number"/></span>
                <span class="nsk-task__subject"><xsl:value-of select="subject"/></span>
              </a>
            </xsl:when>
            <xsl:otherwise><span class="nsk-task__subject"><w:t>A letter that is not open to you</w:t></span></xsl:otherwise>
          </xsl:choose>
          <p class="nsk-task__facts"><xsl:apply-templates select="date" mode="time"/><span><w:t>in the file since <w:v select="at/@date"/></w:t></span></p>
        </li>
      </xsl:for-each>
    </ul>
    <xsl:if test="state = 'open'"><xsl:apply-templates select="." mode="fill"/></xsl:if>
    <xsl:if test="state = 'waiting'"><xsl:apply-templates select="." mode="day"/></xsl:if>
    <xsl:if test="next = 'move'"><xsl:apply-templates select="." mode="move"/></xsl:if>
    <xsl:if test="holds/item"><xsl:apply-templates select="." mode="release"/></xsl:if>
    <xsl:if test="can_hold = 'true'"><xsl:apply-templates select="." mode="hold"/></xsl:if>
  </xsl:template>

  <xsl:template match="view" mode="fill">
    <h2 class="govuk-heading-m"><w:t>Put a letter in</w:t></h2>
    <form action="/arsip/berkas/{berkas}/surat" method="post">
      <xsl:call-template name="form-token"/>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'surat'"/>
        <xsl:with-param name="label"><w:t>Number of the letter, or its agenda number</w:t></xsl:with-param>
        <xsl:with-param name="hint"><w:t>A letter of the same unit whose way has ended. It is in one file only.</w:t></xsl:with-param>
        <xsl:with-param name="value"><xsl:if test="faults/item/field = 'surat'"><xsl:value-of select="typed"/></xsl:if></xsl:with-param>
      </xsl:call-template>
      <button class="govuk-button" type="submit"><w:t>Put it in</w:t></button>
    </form>
    <h2 class="govuk-heading-m"><w:t>Close the file</w:t></h2>
    <p class="govuk-body"><w:t>Close it when the matter is finished. A closed file takes no letter any more, and cannot be opened again.</w:t></p>
    <form action="/arsip/berkas/{berkas}/tutup" method="post">
      <xsl:call-template name="form-token"/>
      <xsl:if test="trigger != 'closed'"><xsl:apply-templates select="." mode="day-field"><xsl:with-param name="hint"><w:t>Leave it empty if that day has not come. It can be entered later, and once only.</w:t></xsl:with-param></xsl:apply-templates></xsl:if>
      <button class="govuk-button govuk-button--warning" type="submit"><w:t>Close the file</w:t></button>
    </form>
  </xsl:template>

  <xsl:template match="view" mode="day">
    <h2 class="govuk-heading-m"><w:t>The day from which retention counts</w:t></h2>
    <form action="/arsip/berkas/{berkas}/tanggal" method="post">
      <xsl:call-template name="form-token"/>
      <xsl:apply-templates select="." mode="day-field"><xsl:with-param name="hint"><w:t>It is entered once, and does not move any more. Look twice.</w:t></xsl:with-param></xsl:apply-templates>
      <button class="govuk-button" type="submit"><w:t>Enter the day</w:t></button>
    </form>
  </xsl:template>

  <xsl:template match="view" mode="move">
    <h2 class="govuk-heading-m"><w:t>Move it to the records centre</w:t></h2>
    <p class="govuk-body"><w:t>Hand the paper over with the list of its letters, which this page is. Then enter it here, once; it cannot be taken back.</w:t></p>
    <form action="/arsip/berkas/{berkas}/pindah" method="post">
      <xsl:call-template name="form-token"/>
      <button class="govuk-button" type="submit"><w:t>It was moved</w:t></button>
    </form>
  </xsl:template>

  <!-- A file that something may become of can be held: for a lawsuit, an audit, a case. -->
  <xsl:template match="view" mode="hold">
    <h2 class="govuk-heading-m"><w:t>Hold the file</w:t></h2>
    <p class="govuk-body"><w:t>For a lawsuit or an audit. While it is held nothing becomes of the file, even if that was approved. Who keeps the file lifts the hold.</w:t></p>
    <form action="/arsip/berkas/{berkas}/tahan" method="post">
      <xsl:call-template name="form-token"/>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'tahan'"/>
        <xsl:with-param name="label"><w:t>Why it is held</w:t></xsl:with-param>
        <xsl:with-param name="hint"><w:t>It stands in the history of the file.</w:t></xsl:with-param>
        <xsl:with-param name="value"><xsl:if test="faults/item/field = 'tahan'"><xsl:value-of select="typed"/></xsl:if></xsl:with-param>
      </xsl:call-template>
      <button class="govuk-button govuk-button--secondary" type="submit"><w:t>Hold the file</w:t></button>
    </form>
  </xsl:template>

  <xsl:template match="view" mode="release">
    <h2 class="govuk-heading-m"><w:t>Lift a hold</w:t></h2>
    <form action="/arsip/berkas/{berkas}/lepas" method="post">
      <xsl:call-template name="form-token"/>
      <xsl:choose>
        <xsl:when test="holds/item[2]">
          <fieldset class="govuk-fieldset nsk-taps">
            <legend class="govuk-fieldset__legend govuk-fieldset__legend--s"><w:t>Which of them</w:t></legend>
            <xsl:for-each select="holds/item"><xsl:call-template name="radio"><xsl:with-param name="name" select="'nomor'"/><xsl:with-param name="value" select="n"/><xsl:with-param name="chosen" select="position() = 1"/><xsl:with-param name="label"><w:t>since <w:v select="since/@date"/>, by <w:v select="by"/></w:t></xsl:with-param></xsl:call-template></xsl:for-each>
          </fieldset>
        </xsl:when>
        <xsl:otherwise><input type="hidden" name="nomor" value="{holds/item/n}"/></xsl:otherwise>
      </xsl:choose>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'lepas'"/>
        <xsl:with-param name="label"><w:t>Why it is lifted</w:t></xsl:with-param>
        <xsl:with-param name="hint"><w:t>It stands in the history of the file.</w:t></xsl:with-param>
        <xsl:with-param name="value"><xsl:if test="faults/item/field = 'lepas'"><xsl:value-of select="typed"/></xsl:if></xsl:with-param>
      </xsl:call-template>
      <button class="govuk-button govuk-button--secondary" type="submit"><w:t>Lift the hold</w:t></button>
    </form>
  </xsl:template>

  <xsl:template match="view" mode="day-field">
    <xsl:param name="hint"/>
    <xsl:call-template name="typed">
      <xsl:with-param name="name" select="'tanggal'"/><xsl:with-param name="type" select="'date'"/><xsl:with-param name="digits" select="true()"/>
      <xsl:with-param name="label"><w:t>Day: retention counts <w:v select="trigger_words"/></w:t></xsl:with-param>
      <xsl:with-param name="hint" select="$hint"/>
      <xsl:with-param name="value"><xsl:if test="faults/item/field = 'tanggal'"><xsl:value-of select="typed"/></xsl:if></xsl:with-param>
    </xsl:call-template>
  </xsl:template>
</xsl:stylesheet>
