<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Classes of a scheme: what GET /api/v1/classifications/{scheme} answers. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Classes, and how long each is kept</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><w:t>Classes, and how long each is kept</w:t></h1>
    <p class="govuk-body"><w:t>The classification and the retention schedule (JRA) of this office. Nothing is ever destroyed by itself: when the time is over, people decide.</w:t></p>
    <xsl:choose>
      <xsl:when test="view/schemes/item"><xsl:apply-templates select="view"/></xsl:when>
      <xsl:otherwise><p class="govuk-inset-text"><w:t>No classification is in force yet. Who looks after the office puts one in force with 'naskah records load'.</w:t></p></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="view">
    <xsl:if test="schemes/item[2]">
      <nav class="nsk-filter">
        <w:attr name="aria-label">Which classification</w:attr>
        <ul class="nsk-filter__list">
          <xsl:for-each select="schemes/item"><li><a href="/arsip/klasifikasi?skema={scheme}"><xsl:if test="scheme = /page/view/scheme"><xsl:attribute name="aria-current">true</xsl:attribute></xsl:if><xsl:value-of select="scheme"/></a></li></xsl:for-each>
        </ul>
      </nav>
    </xsl:if>
    <form action="/arsip/klasifikasi" method="get" role="search" class="nsk-noprint">
      <input type="hidden" name="skema" value="{scheme}"/>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'kata'"/>
        <xsl:with-param name="label"><w:t>A word of its name, or its code</w:t></xsl:with-param>
        <xsl:with-param name="value" select="kata"/>
      </xsl:call-template>
      <button class="govuk-button govuk-button--secondary" type="submit"><w:t>Find</w:t></button>
    </form>
    <xsl:if test="kelas or kata"><p class="govuk-body"><a class="govuk-link" href="/arsip/klasifikasi?skema={scheme}"><w:t>All classes</w:t></a></p></xsl:if>
    <xsl:if test="shortened = 'true'"><p class="govuk-body"><w:t>There are too many to show at once. Choose a class to see what is below it, or type a word.</w:t></p></xsl:if>
    <xsl:if test="not(classes/item)"><p class="govuk-body-l"><w:t>There is no such class.</w:t></p></xsl:if>
    <ul class="nsk-classes">
      <xsl:for-each select="classes/item">
        <li class="nsk-class">
          <xsl:attribute name="class">nsk-class nsk-class--<xsl:choose><xsl:when test="level &gt; 3">3</xsl:when><xsl:otherwise><xsl:value-of select="level"/></xsl:otherwise></xsl:choose></xsl:attribute>
          <p class="govuk-body"><strong><xsl:choose><xsl:when test="parted = 'true'"><a class="govuk-link" href="/arsip/klasifikasi?skema={/page/view/scheme}&amp;kelas={code}"><xsl:value-of select="code"/><xsl:text> </xsl:text><xsl:value-of select="name"/></a></xsl:when><xsl:otherwise><xsl:value-of select="code"/><xsl:text> </xsl:text><xsl:value-of select="name"/></xsl:otherwise></xsl:choose></strong></p>
          <xsl:if test="trigger">
            <p class="govuk-body-s"><xsl:apply-templates select="." mode="retention-rule"/>
              <xsl:if test="/page/view/units/item"><xsl:text> </xsl:text><a class="govuk-link" href="/arsip/berkas/baru?skema={/page/view/scheme}&amp;kode={code}"><w:t>Open a file</w:t><span class="govuk-visually-hidden"><xsl:text>: </xsl:text><xsl:value-of select="code"/></span></a></xsl:if>
            </p>
          </xsl:if>
        </li>
      </xsl:for-each>
    </ul>
    <xsl:if test="units/item"><p class="govuk-body"><a class="govuk-link" href="/arsip/berkas"><w:t>Files of records</w:t></a></p></xsl:if>
  </xsl:template>
</xsl:stylesheet>
