<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- What goes on by itself. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>In the background</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><w:t>In the background</w:t></h1>
    <p class="govuk-body"><w:t>This goes on by itself; you need not wait, and nothing is lost if it takes long.</w:t></p>
    <xsl:if test="view/may_all = 'true'">
      <p class="govuk-body">
        <xsl:choose>
          <xsl:when test="view/all = 'true'"><a class="govuk-link" href="/pekerjaan"><w:t>Only mine</w:t></a></xsl:when>
          <xsl:otherwise><a class="govuk-link" href="/pekerjaan?semua=1"><w:t>Those of everybody</w:t></a></xsl:otherwise>
        </xsl:choose>
      </p>
    </xsl:if>
    <xsl:if test="not(view/signings/item) and not(view/completions/item) and not(view/mail/item) and not(view/jobs/item)"><p class="govuk-body-l"><w:t>Nothing is going on.</w:t></p></xsl:if>
    <xsl:if test="view/signings/item">
      <h2 class="govuk-heading-m"><w:t>Signatures</w:t></h2>
      <ul class="nsk-tasks"><xsl:for-each select="view/signings/item"><li class="nsk-task"><xsl:call-template name="job-letter"/><p class="nsk-task__facts"><strong class="govuk-tag"><xsl:value-of select="says"/></strong><span><w:t>since </w:t><xsl:apply-templates select="at" mode="time"/></span></p></li></xsl:for-each></ul>
    </xsl:if>
    <xsl:if test="view/completions/item">
      <h2 class="govuk-heading-m"><w:t>Making signatures last</w:t></h2>
      <p class="govuk-body"><w:t>A signature holds already; what proves it for decades is fetched and added.</w:t></p>
      <ul class="nsk-tasks"><xsl:for-each select="view/completions/item"><li class="nsk-task"><xsl:call-template name="job-letter"/><p class="nsk-task__facts"><span><w:t>next try </w:t><xsl:apply-templates select="due" mode="time"/></span><xsl:call-template name="job-fault"/></p></li></xsl:for-each></ul>
    </xsl:if>
    <xsl:if test="view/mail/item">
      <h2 class="govuk-heading-m"><w:t>Mail that is not sent yet</w:t></h2>
      <ul class="nsk-tasks"><xsl:for-each select="view/mail/item"><li class="nsk-task"><p class="nsk-task__facts"><span><w:t>since </w:t><xsl:apply-templates select="made" mode="time"/></span><xsl:call-template name="job-fault"/></p></li></xsl:for-each></ul>
    </xsl:if>
    <xsl:if test="view/jobs/item">
      <h2 class="govuk-heading-m"><w:t>Asked for by programs</w:t></h2>
      <ul class="nsk-tasks"><xsl:for-each select="view/jobs/item"><li class="nsk-task"><p class="nsk-task__facts"><xsl:choose><xsl:when test="state = 'done'"><strong class="govuk-tag govuk-tag--green"><w:t>Done</w:t></strong></xsl:when><xsl:otherwise><strong class="govuk-tag"><w:t>running</w:t></strong></xsl:otherwise></xsl:choose><span><w:t><w:v select="done"/> of <w:v select="total"/> done, <w:v select="failed"/> failed</w:t></span></p></li></xsl:for-each></ul>
    </xsl:if>
  </xsl:template>

  <xsl:template name="job-letter">
    <a class="nsk-task__link" href="/surat/{letter}"><span class="nsk-task__subject"><xsl:choose><xsl:when test="subject"><xsl:value-of select="subject"/></xsl:when><xsl:otherwise><xsl:value-of select="substring(letter, string-length(letter) - 11)"/></xsl:otherwise></xsl:choose></span></a>
  </xsl:template>

  <xsl:template name="job-fault">
    <xsl:if test="fault != ''"><strong class="govuk-tag govuk-tag--orange"><w:t>tried <w:v select="tries"/> times</w:t></strong><span class="nsk-proof"><xsl:value-of select="fault"/></span></xsl:if>
  </xsl:template>
</xsl:stylesheet>
