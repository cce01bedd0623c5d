<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Letters with a title and label rows at the head: nota dinas and its relatives. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:fo="http://www.w3.org/1999/XSL/Format" xmlns:nf="urn:naskah:fo:1"
                xmlns:j="urn:naskah:render-job:1" xmlns:k="urn:naskah:kind:1"
                xmlns:l="urn:naskah:letter:1" xmlns:p="urn:naskah:profile:1"
                exclude-result-prefixes="j k l p">
  <xsl:import href="common.xsl"/>

  <xsl:template name="opening">
    <xsl:call-template name="title"/>
    <fo:block role="Div" padding-bottom="2.5mm" space-after="12pt" border-bottom="0.5pt solid black">
      <fo:table table-layout="fixed" width="100%" role="Div">
        <fo:table-column column-width="{$profile/p:head/@width}"/>
        <fo:table-column column-width="4mm"/>
        <fo:table-column column-width="proportional-column-width(1)"/>
        <fo:table-body start-indent="0mm" role="Div">
          <xsl:for-each select="$rows">
            <xsl:variable name="has"><xsl:call-template name="has-field"><xsl:with-param name="field" select="@field"/></xsl:call-template></xsl:variable>
            <xsl:if test="$has = 'yes'">
              <xsl:call-template name="line">
                <xsl:with-param name="label"><xsl:call-template name="label"><xsl:with-param name="field" select="@field"/></xsl:call-template></xsl:with-param>
                <xsl:with-param name="value"><xsl:call-template name="field"><xsl:with-param name="field" select="@field"/></xsl:call-template></xsl:with-param>
              </xsl:call-template>
            </xsl:if>
          </xsl:for-each>
        </fo:table-body>
      </fo:table>
    </fo:block>
  </xsl:template>

  <!-- The date without a place, where it does not stand at the head. -->
  <xsl:template name="enacting">
    <xsl:param name="start"/>
    <xsl:if test="$profile/p:date-line/@place = 'signature' and not($rows[@field = 'date'])">
      <fo:block start-indent="{$start}mm" text-align="{$signature-align}"><xsl:call-template name="date"/></fo:block>
    </xsl:if>
  </xsl:template>
</xsl:stylesheet>
