<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Letters with number and date at the head: surat dinas and its relatives. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:fo="http://www.w3.org/1999/XSL/Format" xmlns:nf="urn:naskah:fo:1"
                xmlns:j="urn:naskah:render-job:1" xmlns:k="urn:naskah:kind:1"
                xmlns:l="urn:naskah:letter:1" xmlns:p="urn:naskah:profile:1"
                exclude-result-prefixes="j k l p">
  <xsl:import href="common.xsl"/>

  <xsl:template name="opening">
    <xsl:if test="$profile/p:date-line/@place = 'above'">
      <fo:block text-align="end" space-after="4pt"><xsl:call-template name="place-and-date"/></fo:block>
    </xsl:if>
    <xsl:choose>
      <xsl:when test="$addressing/@place = 'right'"><xsl:call-template name="head-and-addressees"/></xsl:when>
      <xsl:otherwise>
        <xsl:call-template name="head"/>
        <xsl:call-template name="addressees"/>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- Label, colon, value.  Place and date stand at the right end of the first line; the other lines
       may be longer, but leave some room at the right. -->
  <xsl:template name="head">
    <fo:table table-layout="fixed" width="100%" role="Div">
      <fo:table-column column-width="{$profile/p:head/@width}"/>
      <fo:table-column column-width="4mm"/>
      <fo:table-column column-width="proportional-column-width(1)"/>
      <fo:table-column column-width="62mm"/>
      <fo:table-body start-indent="0mm" role="Div">
        <xsl:for-each select="$rows">
          <xsl:variable name="has"><xsl:call-template name="has-field"><xsl:with-param name="field" select="@field"/></xsl:call-template></xsl:variable>
          <xsl:if test="$has = 'yes'"><xsl:call-template name="head-row"/></xsl:if>
        </xsl:for-each>
      </fo:table-body>
    </fo:table>
  </xsl:template>

  <!-- The lines at the left; date and addressees at the right, beginning at the same height. -->
  <xsl:template name="head-and-addressees">
    <xsl:variable name="start" select="substring-before($addressing/@start, 'mm')"/>
    <fo:table table-layout="fixed" width="100%" space-after="{$spacing/@addressees}" role="Div">
      <fo:table-column column-width="{$start - 4}mm"/>
      <fo:table-column column-width="4mm"/>
      <fo:table-column column-width="proportional-column-width(1)"/>
      <fo:table-body start-indent="0mm" role="Div">
        <fo:table-row role="Div">
          <fo:table-cell role="Div">
            <xsl:if test="$profile/p:date-line/@place = 'row'"><fo:block space-after="{$spacing/@addressees}" space-after.conditionality="retain">&#160;</fo:block></xsl:if>
            <fo:table table-layout="fixed" width="100%" role="Div">
              <fo:table-column column-width="{$profile/p:head/@width}"/>
              <fo:table-column column-width="4mm"/>
              <fo:table-column column-width="proportional-column-width(1)"/>
              <fo:table-body role="Div">
                <xsl:for-each select="$rows">
                  <xsl:variable name="has"><xsl:call-template name="has-field"><xsl:with-param name="field" select="@field"/></xsl:call-template></xsl:variable>
                  <xsl:if test="$has = 'yes'">
                    <fo:table-row role="Div" keep-together.within-page="always">
                      <fo:table-cell role="Div"><fo:block><xsl:call-template name="label"><xsl:with-param name="field" select="@field"/></xsl:call-template></fo:block></fo:table-cell>
                      <fo:table-cell role="Div"><fo:block>:</fo:block></fo:table-cell>
                      <fo:table-cell role="Div"><xsl:call-template name="head-value"/></fo:table-cell>
                    </fo:table-row>
                  </xsl:if>
                </xsl:for-each>
              </fo:table-body>
            </fo:table>
          </fo:table-cell>
          <fo:table-cell role="Div"><fo:block/></fo:table-cell>
          <fo:table-cell role="Div" text-align="start">
            <xsl:if test="$profile/p:date-line/@place = 'row'">
              <fo:block space-after="{$spacing/@addressees}" space-after.conditionality="retain"><xsl:call-template name="place-and-date"/></fo:block>
            </xsl:if>
            <xsl:call-template name="addressees-block"/>
          </fo:table-cell>
        </fo:table-row>
      </fo:table-body>
    </fo:table>
  </xsl:template>

  <xsl:template name="head-row">
    <fo:table-row role="Div" keep-together.within-page="always">
      <fo:table-cell role="Div"><fo:block><xsl:call-template name="label"><xsl:with-param name="field" select="@field"/></xsl:call-template></fo:block></fo:table-cell>
      <fo:table-cell role="Div"><fo:block>:</fo:block></fo:table-cell>
      <xsl:choose>
        <xsl:when test="position() = 1">
          <fo:table-cell role="Div" padding-right="3mm"><xsl:call-template name="head-value"/></fo:table-cell>
          <fo:table-cell role="Div"><fo:block text-align="end"><xsl:if test="$profile/p:date-line/@place = 'row'"><xsl:call-template name="place-and-date"/></xsl:if></fo:block></fo:table-cell>
        </xsl:when>
        <xsl:otherwise>
          <fo:table-cell role="Div" number-columns-spanned="2" padding-right="30mm"><xsl:call-template name="head-value"/></fo:table-cell>
        </xsl:otherwise>
      </xsl:choose>
    </fo:table-row>
  </xsl:template>

  <xsl:template name="head-value">
    <fo:block text-align="start">
      <xsl:if test="@field = 'subject'"><xsl:attribute name="role">H1</xsl:attribute></xsl:if>
      <xsl:call-template name="field"><xsl:with-param name="field" select="@field"/></xsl:call-template>
    </fo:block>
  </xsl:template>
</xsl:stylesheet>
