<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Components that pages share. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <!-- A moment or a day in words, and for programs. -->
  <xsl:template match="*" mode="time">
    <xsl:if test=". != ''">
      <time datetime="{.}"><xsl:value-of select="@date"/><xsl:if test="@time"><xsl:value-of select="concat(', ', @time)"/></xsl:if></time>
    </xsl:if>
  </xsl:template>

  <!-- A code as people say it. -->
  <xsl:template match="*" mode="words">
    <xsl:choose>
      <xsl:when test="@words"><xsl:value-of select="@words"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="."/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- What makes a letter unlike others; nothing for what is usual.  Never by colour alone. -->
  <xsl:template match="urgency" mode="tag">
    <xsl:choose>
      <xsl:when test=". = 'sangat-segera'"><strong class="govuk-tag govuk-tag--red"><w:t>Very urgent</w:t></strong></xsl:when>
      <xsl:when test=". = 'segera'"><strong class="govuk-tag govuk-tag--orange"><w:t>Urgent</w:t></strong></xsl:when>
    </xsl:choose>
  </xsl:template>
  <xsl:template match="security" mode="tag">
    <xsl:choose>
      <xsl:when test=". = 'sangat-rahasia'"><strong class="govuk-tag govuk-tag--purple"><w:t>Top secret</w:t></strong></xsl:when>
      <xsl:when test=". = 'rahasia'"><strong class="govuk-tag govuk-tag--purple"><w:t>Secret</w:t></strong></xsl:when>
      <xsl:when test=". = 'terbatas'"><strong class="govuk-tag govuk-tag--magenta"><w:t>Restricted</w:t></strong></xsl:when>
    </xsl:choose>
  </xsl:template>

  <!-- In whose place somebody sees a task. -->
  <xsl:template match="as" mode="reason">
    <xsl:choose>
      <xsl:when test=". = 'assistant'"><w:t>as assistant</w:t></xsl:when>
      <xsl:when test=". = 'substitute'"><w:t>as substitute</w:t></xsl:when>
    </xsl:choose>
  </xsl:template>

  <!-- One fact of a list of facts. -->
  <xsl:template name="fact">
    <xsl:param name="name"/>
    <xsl:param name="value"/>
    <xsl:if test="string($value) != ''">
      <div class="govuk-summary-list__row">
        <dt class="govuk-summary-list__key"><xsl:copy-of select="$name"/></dt>
        <dd class="govuk-summary-list__value"><xsl:copy-of select="$value"/></dd>
      </div>
    </xsl:if>
  </xsl:template>

  <!-- The way to what follows. -->
  <xsl:template name="next-page">
    <xsl:param name="href"/>
    <nav class="govuk-pagination">
      <w:attr name="aria-label">Pages of the list</w:attr>
      <div class="govuk-pagination__next">
        <a class="govuk-link govuk-pagination__link" href="{$href}" rel="next"><span class="govuk-pagination__link-title"><w:t>Next page</w:t></span></a>
      </div>
    </nav>
  </xsl:template>

  <!-- What proves that a form is of this session. -->
  <xsl:template name="form-token">
    <input type="hidden" name="csrf" value="{/page/@token}"/>
  </xsl:template>

  <!-- One line to type, with its hint and what is wrong with it. -->
  <xsl:template name="typed">
    <xsl:param name="name"/>
    <xsl:param name="label"/>
    <xsl:param name="hint"/>
    <xsl:param name="type" select="'text'"/>
    <xsl:param name="complete" select="'off'"/>
    <xsl:param name="digits" select="false()"/>
    <xsl:param name="value"/>
    <xsl:variable name="fault" select="/page/view/faults/item[field = $name]/words"/>
    <div>
      <xsl:attribute name="class">govuk-form-group<xsl:if test="$fault"> govuk-form-group--error</xsl:if></xsl:attribute>
      <label class="govuk-label" for="{$name}"><xsl:copy-of select="$label"/></label>
      <xsl:if test="string($hint) != ''">
        <div class="govuk-hint" id="{$name}-petunjuk"><xsl:copy-of select="$hint"/></div>
      </xsl:if>
      <xsl:if test="$fault">
        <p class="govuk-error-message" id="{$name}-salah"><xsl:value-of select="$fault"/></p>
      </xsl:if>
      <input id="{$name}" name="{$name}" type="{$type}" autocomplete="{$complete}" spellcheck="false" autocapitalize="none">
        <xsl:attribute name="class">govuk-input<xsl:choose><xsl:when test="$digits"> govuk-input--width-10</xsl:when><xsl:otherwise> govuk-input--width-30</xsl:otherwise></xsl:choose><xsl:if test="$fault"> govuk-input--error</xsl:if></xsl:attribute>
        <xsl:if test="$digits"><xsl:attribute name="inputmode">numeric</xsl:attribute></xsl:if>
        <xsl:if test="string($value) != ''"><xsl:attribute name="value"><xsl:value-of select="$value"/></xsl:attribute></xsl:if>
        <xsl:if test="$fault"><xsl:attribute name="aria-invalid">true</xsl:attribute></xsl:if>
        <xsl:if test="string($hint) != '' or $fault">
          <xsl:attribute name="aria-describedby">
            <xsl:if test="string($hint) != ''"><xsl:value-of select="concat($name, '-petunjuk ')"/></xsl:if>
            <xsl:if test="$fault"><xsl:value-of select="concat($name, '-salah')"/></xsl:if>
          </xsl:attribute>
        </xsl:if>
      </input>
    </div>
  </xsl:template>
</xsl:stylesheet>
