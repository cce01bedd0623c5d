<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- One loan of records, with what its asker or the archivist can do. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>A loan of records</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:call-template name="back"><xsl:with-param name="href" select="'/arsip/pinjaman'"/><xsl:with-param name="words"><w:t>Loans of records</w:t></xsl:with-param></xsl:call-template>
    <xsl:apply-templates select="view"/>
  </xsl:template>

  <xsl:template match="view">
    <h1 class="govuk-heading-l"><xsl:value-of select="what"/></h1>
    <p class="nsk-tags">
      <strong class="govuk-tag"><xsl:value-of select="state_words"/></strong>
      <xsl:if test="overdue = 'true'"><xsl:text> </xsl:text><strong class="govuk-tag govuk-tag--red"><w:t>should have come back</w:t></strong></xsl:if>
    </p>
    <dl class="govuk-summary-list">
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Asked for by</w:t></xsl:with-param><xsl:with-param name="value" select="string(name)"/></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>What for</w:t></xsl:with-param><xsl:with-param name="value" select="string(why)"/></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Unit</w:t></xsl:with-param><xsl:with-param name="value" select="string(unit_name)"/></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Last day of the loan</w:t></xsl:with-param><xsl:with-param name="value"><xsl:apply-templates select="until" mode="time"/></xsl:with-param></xsl:call-template>
      <xsl:if test="letter">
        <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Letter</w:t></xsl:with-param><xsl:with-param name="value"><xsl:choose>
          <xsl:when test="keeps = 'true' or open = 'true'"><a class="govuk-link" href="/surat/{letter}"><w:t>Look at it</w:t></a></xsl:when>
          <xsl:otherwise><w:t>not open any more</w:t></xsl:otherwise>
        </xsl:choose></xsl:with-param></xsl:call-template>
      </xsl:if>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Where the paper is kept</w:t></xsl:with-param><xsl:with-param name="value" select="string(place)"/></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Asked for</w:t></xsl:with-param><xsl:with-param name="value"><xsl:apply-templates select="asked" mode="time"/></xsl:with-param></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Decided</w:t></xsl:with-param><xsl:with-param name="value"><xsl:apply-templates select="decided" mode="time"/></xsl:with-param></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Given</w:t></xsl:with-param><xsl:with-param name="value"><xsl:apply-templates select="given" mode="time"/></xsl:with-param></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Ended</w:t></xsl:with-param><xsl:with-param name="value"><xsl:apply-templates select="ended" mode="time"/></xsl:with-param></xsl:call-template>
    </dl>
    <xsl:if test="keeps = 'true' and state = 'asked' and not(mine = 'true')"><xsl:apply-templates select="." mode="grant"/></xsl:if>
    <xsl:if test="keeps = 'true' and state = 'granted'">
      <h2 class="govuk-heading-m"><w:t>Give it</w:t></h2>
      <p class="govuk-body"><w:t>A letter that is lent opens at once, without its versions and its history. Hand a paper over before you enter it.</w:t></p>
      <xsl:call-template name="press"><xsl:with-param name="act" select="'serah'"/><xsl:with-param name="words"><w:t>It was given</w:t></xsl:with-param></xsl:call-template>
    </xsl:if>
    <xsl:if test="keeps = 'true' and state = 'given'">
      <h2 class="govuk-heading-m"><w:t>Take it back</w:t></h2>
      <p class="govuk-body"><w:t>A letter that was lent closes at once. Look at a paper before you enter it.</w:t></p>
      <xsl:call-template name="press"><xsl:with-param name="act" select="'kembali'"/><xsl:with-param name="words"><w:t>It came back</w:t></xsl:with-param></xsl:call-template>
    </xsl:if>
    <xsl:if test="mine = 'true' and (state = 'asked' or state = 'granted')">
      <h2 class="govuk-heading-m"><w:t>You do not need it any more?</w:t></h2>
      <xsl:call-template name="press"><xsl:with-param name="act" select="'tarik'"/><xsl:with-param name="words"><w:t>Withdraw the request</w:t></xsl:with-param></xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template name="press">
    <xsl:param name="act"/>
    <xsl:param name="words"/>
    <form action="/arsip/pinjaman/{loan}/{$act}" method="post">
      <xsl:call-template name="form-token"/>
      <button class="govuk-button" type="submit"><xsl:copy-of select="$words"/></button>
    </form>
  </xsl:template>

  <xsl:template match="view" mode="grant">
    <h2 class="govuk-heading-m"><w:t>Lend it</w:t></h2>
    <form action="/arsip/pinjaman/{loan}/kabul" method="post">
      <xsl:call-template name="form-token"/>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'surat'"/>
        <xsl:with-param name="label"><w:t>Number of the letter, or its agenda number</w:t></xsl:with-param>
        <xsl:with-param name="hint"><w:t>Empty if a paper alone is lent. Secret letters are not lent.</w:t></xsl:with-param>
        <xsl:with-param name="value" select="typed_letter"/>
      </xsl:call-template>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'tempat'"/>
        <xsl:with-param name="label"><w:t>Where the paper is kept</w:t></xsl:with-param>
        <xsl:with-param name="hint"><w:t>Such as: shelf 3, box 12. Empty if no paper is lent.</w:t></xsl:with-param>
        <xsl:with-param name="value" select="typed_place"/>
      </xsl:call-template>
      <button class="govuk-button" type="submit"><w:t>Grant the loan</w:t></button>
    </form>
    <h2 class="govuk-heading-m"><w:t>Or refuse it</w:t></h2>
    <form action="/arsip/pinjaman/{loan}/tolak" method="post">
      <xsl:call-template name="form-token"/>
      <xsl:call-template name="typed-words"><xsl:with-param name="name" select="'alasan'"/><xsl:with-param name="label"><w:t>Why</w:t></xsl:with-param><xsl:with-param name="value" select="typed_note"/></xsl:call-template>
      <button class="govuk-button govuk-button--secondary" type="submit"><w:t>Refuse the loan</w:t></button>
    </form>
  </xsl:template>
</xsl:stylesheet>
