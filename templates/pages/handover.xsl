<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- The list by which a position is handed over: what "naskah handover show" answers. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Handing over: <w:v select="view/position"/></w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:call-template name="back"><xsl:with-param name="href" select="'/wakil'"/><xsl:with-param name="words"><w:t>Deputies and absences</w:t></xsl:with-param></xsl:call-template>
    <h1 class="govuk-heading-l"><w:t>Handing over: <w:v select="view/position"/></w:t></h1>
    <dl class="govuk-summary-list">
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Given by</w:t></xsl:with-param><xsl:with-param name="value" select="string(view/giver)"/></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>To whom</w:t></xsl:with-param><xsl:with-param name="value" select="string(view/receiver)"/></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>State</w:t></xsl:with-param><xsl:with-param name="value" select="string(view/says)"/></xsl:call-template>
    </dl>
    <h2 class="govuk-heading-m"><w:t>Open work</w:t></h2>
    <xsl:if test="not(view/items/item)"><p class="govuk-body"><w:t>There is none.</w:t></p></xsl:if>
    <ul class="nsk-tasks">
      <xsl:for-each select="view/items/item">
        <li class="nsk-task">
          <a class="nsk-task__link" href="/surat/{letter}">
            <span class="nsk-task__do"><xsl:value-of select="name"/></span>
            <span class="nsk-task__subject"><xsl:choose><xsl:when test="subject"><xsl:value-of select="subject"/></xsl:when><xsl:otherwise><w:t>Not to be read by you</w:t></xsl:otherwise></xsl:choose></span>
          </a>
          <p class="nsk-task__facts"><span><w:t>since </w:t><xsl:apply-templates select="opened" mode="time"/></span><xsl:if test="not(open = 'true')"><strong class="govuk-tag"><w:t>Done</w:t></strong></xsl:if></p>
        </li>
      </xsl:for-each>
    </ul>
    <xsl:if test="view/since &gt; 0"><p class="govuk-body"><w:t>Since then <w:v select="view/since"/> pieces of work came.</w:t></p></xsl:if>
    <xsl:if test="not(view/state = 'complete') and not(view/state = 'replaced')">
      <form action="/wakil/serah/{view/handover}" method="post">
        <xsl:call-template name="form-token"/>
        <button class="govuk-button" type="submit"><w:t>Confirm this list</w:t></button>
      </form>
    </xsl:if>
  </xsl:template>
</xsl:stylesheet>
