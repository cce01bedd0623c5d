<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Letters that came in: what "naskah incoming list" answers. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Letters that came in</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><w:t>Letters that came in</w:t></h1>
    <xsl:if test="view/may_register = 'true'">
      <p><a class="govuk-button" href="/masuk-surat/baru" role="button"><w:t>Register a letter</w:t></a></p>
    </xsl:if>
    <p class="govuk-body">
      <xsl:choose>
        <xsl:when test="view/all = 'true'"><a class="govuk-link" href="/masuk-surat"><w:t>Only those that are not done</w:t></a></xsl:when>
        <xsl:otherwise><a class="govuk-link" href="/masuk-surat?semua=1"><w:t>Also those that are done</w:t></a></xsl:otherwise>
      </xsl:choose>
    </p>
    <xsl:if test="not(view/letters/item)"><p class="govuk-body-l"><w:t>There is none.</w:t></p></xsl:if>
    <ul class="nsk-tasks">
      <xsl:for-each select="view/letters/item">
        <li class="nsk-task">
          <a class="nsk-task__link" href="/surat/{letter}">
            <span class="nsk-task__do"><xsl:value-of select="agenda"/>, <xsl:value-of select="origin"/></span>
            <span class="nsk-task__subject"><xsl:choose><xsl:when test="subject"><xsl:value-of select="subject"/></xsl:when><xsl:otherwise><w:t>Not to be read by you</w:t></xsl:otherwise></xsl:choose></span>
          </a>
          <p class="nsk-task__facts">
            <xsl:apply-templates select="urgency" mode="tag"/><xsl:apply-templates select="security" mode="tag"/>
            <span><w:t>came in </w:t><xsl:apply-templates select="at" mode="time"/></span>
            <xsl:if test="not(forwarded)"><strong class="govuk-tag govuk-tag--orange"><w:t>not passed on yet</w:t></strong></xsl:if>
          </p>
        </li>
      </xsl:for-each>
    </ul>
  </xsl:template>
</xsl:stylesheet>
