<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!--
  Directives: a title with the number below it, what it is about, and where and when it was set above
  the signature.  The rows of the kind say in which order: "to" are the addressees, "number" the title
  with the number, "subject" what it is about; others are lines with a label.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:fo="http://www.w3.org/1999/XSL/Format" xmlns:nf="urn:naskah:fo:1"
                xmlns:j="urn:naskah:render-job:1" xmlns:k="urn:naskah:kind:1"
                xmlns:l="urn:naskah:letter:1" xmlns:p="urn:naskah:profile:1"
                exclude-result-prefixes="j k l p">
  <xsl:import href="common.xsl"/>

  <xsl:template name="opening">
    <xsl:for-each select="$rows">
      <xsl:choose>
        <xsl:when test="@field = 'to'"><xsl:call-template name="addressees"/></xsl:when>
        <xsl:when test="@field = 'number'"><xsl:call-template name="title"/></xsl:when>
        <xsl:when test="@field = 'subject'"><xsl:call-template name="about"/></xsl:when>
        <xsl:otherwise>
          <xsl:variable name="has"><xsl:call-template name="has-field"><xsl:with-param name="field" select="@field"/></xsl:call-template></xsl:variable>
          <xsl:if test="$has = 'yes'"><xsl:call-template name="label-line"/></xsl:if>
        </xsl:otherwise>
      </xsl:choose>
    </xsl:for-each>
  </xsl:template>

  <xsl:template name="label-line">
    <fo:table table-layout="fixed" width="100%" role="Div" space-after="2pt">
      <fo:table-column column-width="21mm"/>
      <fo:table-column column-width="4mm"/>
      <fo:table-column column-width="proportional-column-width(1)"/>
      <fo:table-body start-indent="0mm" role="Div">
        <xsl:call-template name="line">
          <xsl:with-param name="label"><xsl:call-template name="label"><xsl:with-param name="field" select="@field"/></xsl:call-template></xsl:with-param>
          <xsl:with-param name="value"><xsl:call-template name="field"><xsl:with-param name="field" select="@field"/></xsl:call-template></xsl:with-param>
        </xsl:call-template>
      </fo:table-body>
    </fo:table>
  </xsl:template>

  <xsl:template name="about">
    <fo:block text-align="center" space-after="3pt">TENTANG</fo:block>
    <fo:block text-align="center" space-after="12pt">
      <xsl:if test="$profile/p:title/@bold = 'yes'"><xsl:attribute name="font-weight">bold</xsl:attribute></xsl:if>
      <xsl:choose>
        <xsl:when test="normalize-space($letter/l:subject) != ''">
          <xsl:call-template name="capitals"><xsl:with-param name="text" select="normalize-space($letter/l:subject)"/></xsl:call-template>
        </xsl:when>
        <xsl:otherwise><fo:inline color="{$grey}">[Hal]</fo:inline></xsl:otherwise>
      </xsl:choose>
    </fo:block>
  </xsl:template>

  <!-- Above the post: where and when, and as what somebody signs. -->
  <xsl:template name="enacting">
    <xsl:param name="start"/>
    <xsl:call-template name="place-line"><xsl:with-param name="start" select="$start"/></xsl:call-template>
    <xsl:for-each select="$job/j:signatory[1]">
      <xsl:call-template name="role-line"><xsl:with-param name="start" select="$start"/></xsl:call-template>
    </xsl:for-each>
  </xsl:template>

  <!-- "Ditetapkan di Arunika" and the day, or "Arunika, 3 Agustus 2026". -->
  <xsl:template name="place-line">
    <xsl:param name="start"/>
    <xsl:variable name="words" select="$profile/p:enacting"/>
    <xsl:choose>
      <xsl:when test="$kind/k:enacted and $words">
        <fo:block start-indent="{$start}mm" text-align="{$signature-align}"><xsl:value-of select="concat($words/@place, ' ')"/><xsl:call-template name="place"/></fo:block>
        <fo:block start-indent="{$start}mm" text-align="{$signature-align}"><xsl:value-of select="concat($words/@date, ' ')"/><xsl:call-template name="date"/></fo:block>
      </xsl:when>
      <xsl:when test="$kind/k:enacted">
        <fo:block start-indent="{$start}mm" text-align="{$signature-align}"><xsl:value-of select="concat($kind/k:enacted, ' ')"/><xsl:call-template name="place"/></fo:block>
        <fo:block start-indent="{$start}mm" text-align="{$signature-align}">pada tanggal <xsl:call-template name="date"/></fo:block>
      </xsl:when>
      <xsl:otherwise>
        <fo:block start-indent="{$start}mm" text-align="{$signature-align}"><xsl:call-template name="place-and-date"/></fo:block>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- "PIHAK PERTAMA", as the kind words the signatory's role. -->
  <xsl:template name="role-line">
    <xsl:param name="start"/>
    <xsl:variable name="role" select="$letter/l:signatories/l:signatory[position() = current()/@n]/@role"/>
    <xsl:for-each select="$kind/k:role[@name = $role]">
      <fo:block start-indent="{$start}mm" text-align="{$signature-align}"><xsl:value-of select="."/></fo:block>
    </xsl:for-each>
  </xsl:template>

  <!-- Before the copies: who receives it, where the opening does not say. -->
  <xsl:template name="copies"><xsl:call-template name="directive-copies"/></xsl:template>

  <xsl:template name="directive-copies">
    <xsl:if test="$kind/k:receivers and $job/j:addressee">
      <fo:block role="Div" space-before="12pt" keep-together.within-page="5" font-size="0.95em">
        <fo:block keep-with-next.within-page="always"><xsl:value-of select="$kind/k:receivers"/></fo:block>
        <xsl:call-template name="addressees-list"/>
      </fo:block>
    </xsl:if>
    <xsl:call-template name="plain-copies"/>
  </xsl:template>
</xsl:stylesheet>
