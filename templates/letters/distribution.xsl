<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!--
  The copies of a secret letter: the number on the first page of each, and the list of who gets which.
  Numbers and receivers come from the job, the words from the profile; without words for the list a
  profile has numbers alone.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:fo="http://www.w3.org/1999/XSL/Format"
                xmlns:j="urn:naskah:render-job:1" xmlns:p="urn:naskah:profile:1"
                exclude-result-prefixes="j p">
  <!-- Who gets which copy of a secret letter. -->
  <xsl:variable name="distribution" select="$profile/p:distribution[$class/@copy]"/>
  <xsl:variable name="receivers" select="$job/j:distribution/j:receiver[$distribution]"/>

  <!-- Which copy of a secret letter it is: "Salinan nomor 2 dari 5".  The letter itself, which is not for
       one alone, says where the numbers are. -->
  <xsl:template name="copy-number">
    <xsl:if test="$class/@copy and not($draft)">
      <fo:block text-align="end" font-size="9pt" line-height="1.2">
        <xsl:value-of select="concat($class/@copy, ' ')"/>
        <xsl:choose>
          <xsl:when test="not($distribution)"><xsl:value-of select="$copy"/></xsl:when>
          <xsl:when test="not($job/j:print) and count($receivers) &gt; 1"><xsl:value-of select="$distribution/@see"/></xsl:when>
          <xsl:otherwise><xsl:value-of select="concat($receivers[@n = $copy]/@number, ' ', $distribution/@of, ' ', $job/j:distribution/@of)"/></xsl:otherwise>
        </xsl:choose>
      </fo:block>
    </xsl:if>
  </xsl:template>

  <!-- A page of its own behind everything else, with the number and the date of the letter. -->
  <xsl:template name="distribution">
    <xsl:variable name="places" select="boolean($receivers[@place != ''])"/>
    <fo:page-sequence master-reference="rest" id="distribution">
      <xsl:call-template name="static"><xsl:with-param name="first" select="false()"/></xsl:call-template>
      <fo:flow flow-name="body">
        <fo:block role="H2" text-align="center" font-weight="bold" keep-with-next.within-page="always">
          <xsl:call-template name="capitals"><xsl:with-param name="text" select="$distribution/@title"/></xsl:call-template>
        </fo:block>
        <fo:block text-align="center" space-after="12pt" keep-with-next.within-page="always">
          <xsl:call-template name="label"><xsl:with-param name="field">number</xsl:with-param></xsl:call-template>
          <xsl:text> </xsl:text>
          <xsl:call-template name="number"/>
          <xsl:text>, </xsl:text>
          <xsl:call-template name="date"/>
        </fo:block>
        <fo:table table-layout="fixed" width="100%" border-collapse="collapse" line-height="1.2">
          <fo:table-column column-width="20mm"/>
          <fo:table-column column-width="proportional-column-width(5)"/>
          <xsl:if test="$places"><fo:table-column column-width="proportional-column-width(2)"/></xsl:if>
          <fo:table-column column-width="proportional-column-width(3)"/>
          <fo:table-header start-indent="0mm">
            <fo:table-row>
              <xsl:apply-templates select="$distribution/@copy" mode="column"/>
              <xsl:apply-templates select="$distribution/@party" mode="column"/>
              <xsl:apply-templates select="$distribution/@place[$places]" mode="column"/>
              <xsl:apply-templates select="$distribution/@as" mode="column"/>
            </fo:table-row>
          </fo:table-header>
          <fo:table-body start-indent="0mm">
            <xsl:for-each select="$receivers">
              <xsl:sort select="@number" data-type="number"/>
              <fo:table-row keep-together.within-page="always">
                <fo:table-cell border="0.5pt solid black" padding="1mm 1.5mm"><fo:block text-align="center"><xsl:value-of select="@number"/></fo:block></fo:table-cell>
                <fo:table-cell border="0.5pt solid black" padding="1mm 1.5mm">
                  <fo:block text-align="start"><xsl:value-of select="@print"/></fo:block>
                  <xsl:if test="@attention != ''"><fo:block text-align="start"><xsl:value-of select="@attention"/></fo:block></xsl:if>
                </fo:table-cell>
                <xsl:if test="$places"><fo:table-cell border="0.5pt solid black" padding="1mm 1.5mm"><fo:block text-align="start"><xsl:value-of select="@place"/></fo:block></fo:table-cell></xsl:if>
                <fo:table-cell border="0.5pt solid black" padding="1mm 1.5mm">
                  <fo:block text-align="start">
                    <xsl:value-of select="$distribution/@*[name() = current()/@role]"/>
                    <xsl:if test="@note != ''"> (<xsl:value-of select="@note"/>)</xsl:if>
                  </fo:block>
                </fo:table-cell>
              </fo:table-row>
            </xsl:for-each>
          </fo:table-body>
        </fo:table>
      </fo:flow>
    </fo:page-sequence>
  </xsl:template>

  <xsl:template match="@*" mode="column">
    <fo:table-cell border="0.5pt solid black" padding="1mm 1.5mm" display-align="center"><fo:block text-align="center" font-weight="bold"><xsl:value-of select="."/></fo:block></fo:table-cell>
  </xsl:template>
</xsl:stylesheet>
