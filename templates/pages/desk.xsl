<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- The first page of who is signed in: how much waits for him, the newest of it, who is away. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>My desk</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><w:t>My desk</w:t></h1>
    <ul class="nsk-counts">
      <xsl:apply-templates select="view/counts/item"/>
      <li>
        <a href="/tugas?mendesak=1"><span class="nsk-counts__n"><xsl:value-of select="view/urgent"/></span>
        <xsl:text> </xsl:text><w:t>of them urgent</w:t></a>
      </li>
    </ul>
    <h2 class="govuk-heading-m"><w:t>The newest</w:t></h2>
    <xsl:choose>
      <xsl:when test="view/tasks/item">
        <ul class="nsk-tasks"><xsl:apply-templates select="view/tasks/item" mode="task"/></ul>
        <p class="govuk-body"><a class="govuk-link" href="/tugas"><w:t>All that waits for me</w:t></a></p>
      </xsl:when>
      <xsl:otherwise><p class="govuk-body-l"><w:t>Nothing waits for you.</w:t></p></xsl:otherwise>
    </xsl:choose>
    <xsl:if test="view/away/item">
      <h2 class="govuk-heading-m"><w:t>Who is away</w:t></h2>
      <ul class="govuk-list govuk-list--bullet">
        <xsl:for-each select="view/away/item">
          <li>
            <xsl:value-of select="name"/>
            <xsl:if test="until"><xsl:text>, </xsl:text><w:t>until </w:t><xsl:apply-templates select="until" mode="time"/></xsl:if>
            <xsl:if test="substitute_name"><xsl:text>; </xsl:text><w:t>in the place: <w:v select="substitute_name"/></w:t></xsl:if>
          </li>
        </xsl:for-each>
      </ul>
    </xsl:if>
    <p class="govuk-body"><a class="govuk-link" href="/pekerjaan"><w:t>What goes on in the background</w:t></a></p>
  </xsl:template>

  <xsl:template match="counts/item">
    <li>
      <a href="/tugas?jenis={nature}"><span class="nsk-counts__n"><xsl:value-of select="n"/></span>
      <xsl:text> </xsl:text><xsl:apply-templates select="nature" mode="nature"/></a>
    </li>
  </xsl:template>
</xsl:stylesheet>
