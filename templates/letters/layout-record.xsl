<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!--
  Records: berita acara, notula, surat kuasa, surat pengantar and their relatives.  A directive's head,
  and at the end

    place and date                      at the right, over the last block of the first row
    the blocks of those who sign        in the order of the kind's roles, two beside each other; an
                                        odd last one stands in the middle
    a part to be sent back              where the kind has one
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:fo="http://www.w3.org/1999/XSL/Format" xmlns:nf="urn:naskah:fo:1"
                xmlns:j="urn:naskah:render-job:1" xmlns:k="urn:naskah:kind:1"
                xmlns:l="urn:naskah:letter:1" xmlns:p="urn:naskah:profile:1"
                exclude-result-prefixes="j k l p">
  <xsl:import href="layout-directive.xsl"/>

  <!-- Numbers of the signatories in the order of their roles, a blank behind each. -->
  <xsl:template name="order">
    <xsl:for-each select="$kind/k:role">
      <xsl:variable name="role" select="@name"/>
      <xsl:for-each select="$letter/l:signatories/l:signatory[@role = $role]">
        <xsl:value-of select="concat(count(preceding-sibling::l:signatory) + 1, ' ')"/>
      </xsl:for-each>
    </xsl:for-each>
    <xsl:for-each select="$letter/l:signatories/l:signatory[not(@role = $kind/k:role/@name)]">
      <xsl:value-of select="concat(count(preceding-sibling::l:signatory) + 1, ' ')"/>
    </xsl:for-each>
  </xsl:template>

  <xsl:template name="signatures-beside">
    <xsl:variable name="order"><xsl:call-template name="order"/></xsl:variable>
    <fo:block role="Div" space-before="14pt" keep-together.within-page="always">
      <xsl:if test="$kind/k:enacted or $kind/@family != 'korespondensi'">
        <xsl:call-template name="place-line"><xsl:with-param name="start" select="floor($width div 2) + 3"/></xsl:call-template>
      </xsl:if>
      <fo:table table-layout="fixed" width="100%" role="Div">
        <fo:table-column column-width="proportional-column-width(1)"/>
        <fo:table-column column-width="proportional-column-width(1)"/>
        <fo:table-body start-indent="0mm" role="Div">
          <xsl:call-template name="pairs"><xsl:with-param name="order" select="$order"/></xsl:call-template>
        </fo:table-body>
      </fo:table>
    </fo:block>
  </xsl:template>

  <!-- Rows of two blocks; posts above, so that the boxes are level. -->
  <xsl:template name="pairs">
    <xsl:param name="order"/>
    <xsl:variable name="left" select="number(substring-before($order, ' '))"/>
    <xsl:variable name="rest" select="substring-after($order, ' ')"/>
    <xsl:variable name="right" select="number(substring-before($rest, ' '))"/>
    <xsl:choose>
      <xsl:when test="$right &gt; 0">
        <fo:table-row role="Div" keep-together.within-page="always" keep-with-next.within-page="always">
          <fo:table-cell role="Div" padding-right="3mm"><xsl:apply-templates select="$job/j:signatory[@n = $left]" mode="role-and-posts"/></fo:table-cell>
          <fo:table-cell role="Div" padding-left="3mm"><xsl:apply-templates select="$job/j:signatory[@n = $right]" mode="role-and-posts"/></fo:table-cell>
        </fo:table-row>
        <fo:table-row role="Div" keep-together.within-page="always">
          <fo:table-cell role="Div" padding-right="3mm" padding-top="1mm" padding-bottom="4mm"><xsl:apply-templates select="$job/j:signatory[@n = $left]" mode="hand"/></fo:table-cell>
          <fo:table-cell role="Div" padding-left="3mm" padding-top="1mm" padding-bottom="4mm"><xsl:apply-templates select="$job/j:signatory[@n = $right]" mode="hand"/></fo:table-cell>
        </fo:table-row>
        <xsl:call-template name="pairs"><xsl:with-param name="order" select="substring-after($rest, ' ')"/></xsl:call-template>
      </xsl:when>
      <xsl:when test="$left &gt; 0">
        <xsl:variable name="start" select="floor($width div 2) - 34"/>
        <fo:table-row role="Div" keep-together.within-page="always">
          <fo:table-cell role="Div" number-columns-spanned="2">
            <xsl:apply-templates select="$job/j:signatory[@n = $left]" mode="role-and-posts"><xsl:with-param name="start" select="$start"/></xsl:apply-templates>
            <xsl:apply-templates select="$job/j:signatory[@n = $left]" mode="hand"><xsl:with-param name="start" select="$start"/></xsl:apply-templates>
          </fo:table-cell>
        </fo:table-row>
      </xsl:when>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="j:signatory" mode="role-and-posts">
    <xsl:param name="start" select="0"/>
    <xsl:call-template name="role-line"><xsl:with-param name="start" select="$start"/></xsl:call-template>
    <xsl:apply-templates select="." mode="posts"><xsl:with-param name="start" select="$start"/></xsl:apply-templates>
  </xsl:template>

  <!-- What the receiver writes, below a line to cut at. -->
  <xsl:template name="copies">
    <xsl:call-template name="directive-copies"/>
    <xsl:for-each select="$kind/k:receipt">
      <fo:block role="Div" space-before="14pt" padding-top="3mm" border-top="0.5pt dashed black" keep-together.within-page="always">
        <fo:block font-weight="bold" text-align="start" space-after="4pt" keep-with-next.within-page="always"><xsl:value-of select="@title"/></fo:block>
        <fo:table table-layout="fixed" width="100%" role="Div">
          <fo:table-column column-width="45mm"/>
          <fo:table-column column-width="4mm"/>
          <fo:table-column column-width="70mm"/>
          <fo:table-column column-width="proportional-column-width(1)"/>
          <fo:table-body start-indent="0mm" role="Div">
            <xsl:for-each select="k:line">
              <fo:table-row role="Div" keep-together.within-page="always">
                <fo:table-cell role="Div" padding-top="1.5mm"><fo:block text-align="start"><xsl:value-of select="."/></fo:block></fo:table-cell>
                <fo:table-cell role="Div" padding-top="1.5mm"><fo:block>:</fo:block></fo:table-cell>
                <fo:table-cell role="Div" padding-top="1.5mm" border-bottom="0.5pt dotted black"><fo:block>&#160;</fo:block></fo:table-cell>
                <fo:table-cell role="Div"><fo:block/></fo:table-cell>
              </fo:table-row>
            </xsl:for-each>
          </fo:table-body>
        </fo:table>
      </fo:block>
    </xsl:for-each>
  </xsl:template>
</xsl:stylesheet>
