<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Webhooks: other programs that are told what happens. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Webhooks</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:call-template name="back"><xsl:with-param name="href" select="'/kelola'"/><xsl:with-param name="words"><w:t>Administration</w:t></xsl:with-param></xsl:call-template>
    <h1 class="govuk-heading-l"><w:t>Webhooks</w:t></h1>
    <p class="govuk-body"><w:t>Other programs can be told what happens to letters. They are told which letter it was, never what it says; of secret letters they are not told at all.</w:t></p>
    <p class="govuk-body"><a class="govuk-button" href="/kelola/webhook/baru"><w:t>Add a webhook</w:t></a></p>
    <xsl:if test="not(view/webhooks/item)"><p class="govuk-body-l"><w:t>There is none.</w:t></p></xsl:if>
    <ul class="nsk-tasks">
      <xsl:for-each select="view/webhooks/item">
        <li class="nsk-task">
          <a class="nsk-task__link" href="/kelola/webhook/{id}"><span class="nsk-task__subject"><xsl:value-of select="label"/></span><span class="nsk-task__do nsk-proof"><xsl:value-of select="url"/></span></a>
          <p class="nsk-task__facts"><span><xsl:call-template name="webhook-state"><xsl:with-param name="webhook" select="."/></xsl:call-template></span><xsl:if test="waiting &gt; 0"><span><w:t>waiting: <w:v select="waiting"/></w:t></span></xsl:if></p>
        </li>
      </xsl:for-each>
    </ul>
  </xsl:template>
</xsl:stylesheet>
