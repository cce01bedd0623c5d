<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- What waits for a person: what "naskah task list" answers. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>What waits for me</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><w:t>What waits for me</w:t></h1>
    <xsl:apply-templates select="view/notices[item]"/>
    <xsl:choose>
      <xsl:when test="view/tasks/item">
        <ul class="nsk-tasks">
          <xsl:apply-templates select="view/tasks/item"/>
        </ul>
        <xsl:if test="view/next">
          <xsl:call-template name="next-page">
            <xsl:with-param name="href" select="concat('/tugas?setelah=', view/next)"/>
          </xsl:call-template>
        </xsl:if>
      </xsl:when>
      <xsl:otherwise>
        <p class="govuk-body-l"><w:t>Nothing waits for you.</w:t></p>
        <p class="govuk-body"><w:t>A letter that needs you comes here by itself, and you are told by e-mail.</w:t></p>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="tasks/item">
    <li class="nsk-task">
      <a class="nsk-task__link" href="/tugas/{task}">
        <span class="nsk-task__do"><xsl:value-of select="name"/></span>
        <span class="nsk-task__subject"><xsl:value-of select="subject"/></span>
      </a>
      <p class="nsk-task__facts">
        <xsl:apply-templates select="urgency" mode="tag"/>
        <span><w:t>since </w:t><xsl:apply-templates select="opened" mode="time"/></span>
        <xsl:if test="as != 'holder'"><span><xsl:apply-templates select="as" mode="reason"/></span></xsl:if>
        <xsl:if test="alarm and deemed">
          <strong class="govuk-tag govuk-tag--red"><w:t>granted by law on <w:v select="deemed/@date"/></w:t></strong>
        </xsl:if>
      </p>
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
