<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- For the head of IT: a demo's server is killed while people write, its signing service is switched
     off, and nothing is lost. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>When something breaks</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><w:t>When something breaks</w:t></h1>
    <xsl:choose>
      <xsl:when test="view/running = 'true'">
        <p class="govuk-body-l"><w:t>Four clerks are writing at once. In two seconds the server is killed.</w:t></p>
        <p class="govuk-body"><w:t>This page comes back by itself after five seconds.</w:t><xsl:text> </xsl:text><a class="govuk-link" href="/coba/ti"><w:t>Look now</w:t></a></p>
      </xsl:when>
      <xsl:otherwise>
        <h2 class="govuk-heading-m"><w:t>Kill the server</w:t></h2>
        <p class="govuk-body"><w:t>Four clerks write for two seconds, as fast as they can. Then the server kills itself with kill -9, in the middle of it, and is started again. What was answered before must be there after.</w:t></p>
        <xsl:apply-templates select="view/result"/>
        <form action="/coba/ti" method="post">
          <button class="govuk-button govuk-button--warning" type="submit"><w:t>Kill it while they write</w:t></button>
        </form>
        <p class="govuk-body"><w:t>Memory of the server now: <w:v select="view/memory"/> MiB</w:t></p>
        <xsl:call-template name="signing-service"/>
      </xsl:otherwise>
    </xsl:choose>
    <p class="govuk-body"><a class="govuk-link" href="/coba"><w:t>To the six steps</w:t></a></p>
  </xsl:template>

  <xsl:template name="signing-service">
    <h2 class="govuk-heading-m"><w:t>Switch the signing service off</w:t></h2>
    <p class="govuk-body"><w:t>Dr. Sekar signs by a signing service, as officials do. Here it can be switched off, as if it were down. A letter that she wants to sign meanwhile stays as it is, with its number and its pages; when the service is back she signs it.</w:t></p>
    <form action="/coba/ti/layanan" method="post">
      <xsl:choose>
        <xsl:when test="view/signer_is_off = 'true'">
          <p class="govuk-body"><strong class="govuk-tag govuk-tag--red"><w:t>Off</w:t></strong><xsl:text> </xsl:text><w:t>It was asked <w:v select="view/signer_missed"/> times since, and did not answer.</w:t></p>
          <input type="hidden" name="layanan" value="hidup"/>
          <button class="govuk-button" type="submit"><w:t>Switch it on</w:t></button>
        </xsl:when>
        <xsl:otherwise>
          <p class="govuk-body"><strong class="govuk-tag govuk-tag--green"><w:t>On</w:t></strong></p>
          <input type="hidden" name="layanan" value="mati"/>
          <button class="govuk-button govuk-button--warning" type="submit"><w:t>Switch it off</w:t></button>
        </xsl:otherwise>
      </xsl:choose>
    </form>
    <p class="govuk-body"><w:t>Her passphrase at the service:</w:t><xsl:text> </xsl:text><code class="nsk-proof"><xsl:value-of select="view/passphrase"/></code></p>
    <form action="/coba/masuk" method="post">
      <input type="hidden" name="orang" value="sekar"/>
      <input type="hidden" name="ke" value="/tugas"/>
      <button class="govuk-button govuk-button--secondary" type="submit"><w:t>See what Dr. Sekar has to sign</w:t></button>
    </form>
  </xsl:template>

  <xsl:template match="result">
    <h3 class="govuk-heading-s">
      <xsl:choose>
        <xsl:when test="lost = 0"><w:t>Nothing was lost.</w:t></xsl:when>
        <xsl:otherwise><w:t>Changes were lost; tell those who made this program.</w:t></xsl:otherwise>
      </xsl:choose>
    </h3>
    <dl class="govuk-summary-list">
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Changes answered before the kill</w:t></xsl:with-param><xsl:with-param name="value" select="string(answered)"/></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Changes there after it</w:t></xsl:with-param><xsl:with-param name="value" select="string(there)"/></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Lost</w:t></xsl:with-param><xsl:with-param name="value" select="string(lost)"/></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Changes a second on this machine</w:t></xsl:with-param><xsl:with-param name="value" select="string(rate)"/></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Away, in thousandths of a second</w:t></xsl:with-param><xsl:with-param name="value" select="string(away_ms)"/></xsl:call-template>
    </dl>
    <p class="govuk-body"><w:t>The letter's history was checked entry by entry while it was counted. A change may be there that was not answered any more; never the other way round.</w:t></p>
  </xsl:template>
</xsl:stylesheet>
