<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Certified copies of a letter, and the form by which one is made. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Certified copies</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:call-template name="back"><xsl:with-param name="href" select="concat('/surat/', view/letter)"/><xsl:with-param name="words"><w:t>Back to the letter</w:t></xsl:with-param></xsl:call-template>
    <h1 class="govuk-heading-l"><w:t>Certified copies</w:t></h1>
    <xsl:apply-templates select="view"/>
  </xsl:template>

  <xsl:template match="view">
    <p class="govuk-body"><xsl:value-of select="subject"/><xsl:text>, </xsl:text><xsl:value-of select="number"/></p>
    <xsl:choose>
      <xsl:when test="copies/item"><ul class="nsk-tasks"><xsl:apply-templates select="copies/item"/></ul></xsl:when>
      <xsl:otherwise><p class="govuk-body"><w:t>No certified copy was made of this letter.</w:t></p></xsl:otherwise>
    </xsl:choose>
    <h2 class="govuk-heading-m"><w:t>Make a copy</w:t></h2>
    <p class="govuk-body"><w:t>The signed pages are copied as they are, with a number of their own. The official who certifies copies looks at them and signs. This letter stays as it is.</w:t></p>
    <form action="/surat/{letter}/salinan" method="post">
      <xsl:call-template name="form-token"/>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'untuk'"/>
        <xsl:with-param name="label"><w:t>Who gets the copy</w:t></xsl:with-param>
        <xsl:with-param name="hint"><w:t>It is printed on the copy.</w:t></xsl:with-param>
        <xsl:with-param name="value" select="untuk"/>
      </xsl:call-template>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'keperluan'"/>
        <xsl:with-param name="label"><w:t>What the copy is for</w:t></xsl:with-param>
        <xsl:with-param name="value" select="keperluan"/>
      </xsl:call-template>
      <xsl:apply-templates select="positions[count(item) &gt; 1]" mode="writer"/>
      <button class="govuk-button" type="submit"><w:t>Send it to who certifies</w:t></button>
    </form>
  </xsl:template>

  <xsl:template match="item">
    <li class="nsk-task">
      <xsl:choose>
        <xsl:when test="recipient != ''">
          <a class="nsk-task__link" href="/surat/{letter}"><span class="nsk-task__do"><xsl:value-of select="number"/></span><span class="nsk-task__subject"><xsl:value-of select="recipient"/></span></a>
        </xsl:when>
        <xsl:otherwise><p class="nsk-task__do"><xsl:value-of select="number"/></p></xsl:otherwise>
      </xsl:choose>
      <p class="nsk-task__facts"><span><xsl:apply-templates select="date" mode="time"/></span><xsl:if test="purpose != ''"><span><xsl:value-of select="purpose"/></span></xsl:if></p>
    </li>
  </xsl:template>

  <!-- Whose draft it is, for who holds several positions. -->
  <xsl:template match="positions" mode="writer">
    <div class="govuk-form-group">
      <label class="govuk-label" for="jabatan"><w:t>As which of your positions</w:t></label>
      <select class="govuk-select" id="jabatan" name="jabatan">
        <xsl:for-each select="item"><option value="{position}"><xsl:value-of select="title"/></option></xsl:for-each>
      </select>
    </div>
  </xsl:template>
</xsl:stylesheet>
