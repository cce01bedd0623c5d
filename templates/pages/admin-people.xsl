<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- People or positions: what "naskah directory list" answers. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Directory</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:call-template name="back"><xsl:with-param name="href" select="'/kelola'"/><xsl:with-param name="words"><w:t>Administration</w:t></xsl:with-param></xsl:call-template>
    <h1 class="govuk-heading-l"><w:t>Directory</w:t></h1>
    <nav class="nsk-filter">
      <w:attr name="aria-label">Which list</w:attr>
      <ul class="nsk-filter__list">
        <li><a href="/kelola/orang"><xsl:if test="view/what = 'people'"><xsl:attribute name="aria-current">true</xsl:attribute></xsl:if><w:t>People</w:t></a></li>
        <li><a href="/kelola/jabatan"><xsl:if test="view/what = 'positions'"><xsl:attribute name="aria-current">true</xsl:attribute></xsl:if><w:t>Positions</w:t></a></li>
      </ul>
    </nav>
    <form method="get" role="search">
      <xsl:attribute name="action"><xsl:call-template name="list-path"/></xsl:attribute>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'cari'"/>
        <xsl:with-param name="label"><w:t>A part of the name</w:t></xsl:with-param>
        <xsl:with-param name="value" select="view/text"/>
      </xsl:call-template>
      <button class="govuk-button" type="submit"><w:t>Find</w:t></button>
    </form>
    <xsl:if test="not(view/rows/item)"><p class="govuk-body-l"><w:t>There is none.</w:t></p></xsl:if>
    <ul class="nsk-tasks"><xsl:apply-templates select="view/rows/item"/></ul>
    <xsl:if test="view/next">
      <xsl:call-template name="next-page">
        <xsl:with-param name="href"><xsl:call-template name="list-path"/>?cari=<xsl:value-of select="view/escaped"/>&amp;setelah=<xsl:value-of select="view/next"/></xsl:with-param>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="view/what = 'people'"><xsl:apply-templates select="view" mode="add"/></xsl:if>
  </xsl:template>

  <xsl:template name="list-path">/kelola/<xsl:choose><xsl:when test="/page/view/what = 'people'">orang</xsl:when><xsl:otherwise>jabatan</xsl:otherwise></xsl:choose></xsl:template>

  <xsl:template match="rows/item">
    <li class="nsk-task">
      <xsl:choose>
        <xsl:when test="/page/view/what = 'people'">
          <a class="nsk-task__link" href="/kelola/orang/{id}"><span class="nsk-task__subject"><xsl:value-of select="name"/></span><span class="nsk-task__do"><xsl:value-of select="id"/></span></a>
          <p class="nsk-task__facts"><xsl:for-each select="positions/item"><span><xsl:value-of select="concat(prefix, title)"/></span></xsl:for-each><xsl:if test="not(positions/item)"><span><w:t>holds no position today</w:t></span></xsl:if></p>
        </xsl:when>
        <xsl:otherwise>
          <span class="nsk-task__subject"><xsl:value-of select="name"/></span><span class="nsk-task__do"><xsl:value-of select="id"/></span>
          <p class="nsk-task__facts"><xsl:for-each select="holders/item"><a class="govuk-link" href="/kelola/orang/{person}"><xsl:value-of select="concat(prefix, name)"/></a></xsl:for-each><xsl:if test="not(holders/item)"><strong class="govuk-tag govuk-tag--orange"><w:t>nobody holds it</w:t></strong></xsl:if></p>
        </xsl:otherwise>
      </xsl:choose>
    </li>
  </xsl:template>

  <xsl:template match="view" mode="add">
    <h2 class="govuk-heading-m"><w:t>Add a person</w:t></h2>
    <form action="/kelola/orang" method="post">
      <xsl:call-template name="form-token"/>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'nama'"/>
        <xsl:with-param name="label"><w:t>Name</w:t></xsl:with-param>
        <xsl:with-param name="value" select="typed/nama"/>
      </xsl:call-template>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'cetak'"/>
        <xsl:with-param name="label"><w:t>Name with titles, as letters print it</w:t></xsl:with-param>
        <xsl:with-param name="value" select="typed/cetak"/>
      </xsl:call-template>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'id'"/>
        <xsl:with-param name="label"><w:t>Short name</w:t></xsl:with-param>
        <xsl:with-param name="hint"><w:t>Small letters and digits, such as sekar; it never changes.</w:t></xsl:with-param>
        <xsl:with-param name="value" select="typed/id"/>
      </xsl:call-template>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'nip'"/>
        <xsl:with-param name="label"><w:t>NIP</w:t></xsl:with-param>
        <xsl:with-param name="hint"><w:t>18 digits; may be left empty.</w:t></xsl:with-param>
        <xsl:with-param name="digits" select="true()"/>
        <xsl:with-param name="value" select="typed/nip"/>
      </xsl:call-template>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'pangkat'"/>
        <xsl:with-param name="label"><w:t>Rank</w:t></xsl:with-param>
        <xsl:with-param name="value" select="typed/pangkat"/>
      </xsl:call-template>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'surel'"/>
        <xsl:with-param name="label"><w:t>E-mail</w:t></xsl:with-param>
        <xsl:with-param name="type" select="'email'"/>
        <xsl:with-param name="value" select="typed/surel"/>
      </xsl:call-template>
      <button class="govuk-button" type="submit"><w:t>Add</w:t></button>
    </form>
  </xsl:template>
</xsl:stylesheet>
