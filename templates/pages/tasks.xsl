<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- What waits for a person: what "naskah task list" answers. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>What waits for me</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><w:t>What waits for me</w:t></h1>
    <nav class="nsk-filter">
      <w:attr name="aria-label">Which of them</w:attr>
      <ul class="nsk-filter__list">
        <xsl:call-template name="filter"><xsl:with-param name="nature"/></xsl:call-template>
        <xsl:call-template name="filter"><xsl:with-param name="nature">paraf</xsl:with-param></xsl:call-template>
        <xsl:call-template name="filter"><xsl:with-param name="nature">tanda-tangan</xsl:with-param></xsl:call-template>
        <xsl:call-template name="filter"><xsl:with-param name="nature">disposisi</xsl:with-param></xsl:call-template>
        <xsl:call-template name="filter"><xsl:with-param name="nature">konsep</xsl:with-param></xsl:call-template>
        <xsl:call-template name="filter"><xsl:with-param name="nature">lain</xsl:with-param></xsl:call-template>
        <li>
          <a href="/tugas?mendesak=1"><xsl:if test="view/urgent = 'true'"><xsl:attribute name="aria-current">true</xsl:attribute></xsl:if><w:t>Urgent</w:t></a>
        </li>
      </ul>
    </nav>
    <xsl:apply-templates select="view/notices[item]"/>
    <xsl:choose>
      <xsl:when test="view/tasks/item[opened_by_me]">
        <form action="/tugas" method="post">
          <xsl:call-template name="form-token"/>
          <xsl:call-template name="list"/>
          <div class="nsk-bar">
            <button class="govuk-button" type="submit"><w:t>Give my paraf to those chosen</w:t></button>
          </div>
        </form>
      </xsl:when>
      <xsl:otherwise><xsl:call-template name="list"/></xsl:otherwise>
    </xsl:choose>
    <xsl:call-template name="searches"><xsl:with-param name="place" select="'tugas'"/><xsl:with-param name="query" select="substring(view/query, 2)"/></xsl:call-template>
  </xsl:template>

  <xsl:template name="list">
    <xsl:choose>
      <xsl:when test="view/tasks/item">
        <ul class="nsk-tasks">
          <xsl:apply-templates select="view/tasks/item" mode="task"/>
        </ul>
        <xsl:if test="view/next">
          <xsl:call-template name="next-page">
            <xsl:with-param name="href" select="concat('/tugas?setelah=', view/next, view/query)"/>
          </xsl:call-template>
        </xsl:if>
      </xsl:when>
      <xsl:otherwise>
        <p class="govuk-body-l"><w:t>Nothing waits for you.</w:t></p>
        <p class="govuk-body"><w:t>A letter that needs you comes here by itself, and you are told by e-mail.</w:t></p>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="filter">
    <xsl:param name="nature"/>
    <li>
      <a>
        <xsl:attribute name="href">/tugas<xsl:if test="$nature != ''">?jenis=<xsl:value-of select="$nature"/></xsl:if></xsl:attribute>
        <xsl:if test="string(view/nature) = string($nature) and not(view/urgent = 'true')"><xsl:attribute name="aria-current">true</xsl:attribute></xsl:if>
        <xsl:call-template name="nature-words"><xsl:with-param name="nature" select="$nature"/></xsl:call-template>
      </a>
    </li>
  </xsl:template>

  <xsl:template match="notices">
    <section class="nsk-notices" aria-labelledby="batas">
      <h2 class="govuk-heading-m" id="batas"><w:t>Terms that end soon</w:t></h2>
      <ul class="govuk-list">
        <xsl:for-each select="item">
          <li>
            <a class="govuk-link" href="/surat/{letter}"><xsl:value-of select="subject"/></a>
            <xsl:text>: </xsl:text>
            <w:t>granted by law on <w:v select="deemed/@date"/></w:t>
          </li>
        </xsl:for-each>
      </ul>
    </section>
  </xsl:template>
</xsl:stylesheet>
