<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- The pages that will be signed, and the signature. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Sign</w:t>: <xsl:value-of select="view/subject"/></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:apply-templates select="view" mode="sign-page"/>
  </xsl:template>

  <xsl:template match="view" mode="sign-page">
    <h1 class="govuk-heading-l"><w:t>Sign</w:t>: <xsl:value-of select="subject"/></h1>
    <div class="nsk-split">
      <div class="nsk-split__letter">
        <xsl:for-each select="numbers/item">
          <img class="nsk-page" src="/surat/{/page/view/pages/letter}/halaman/{.}" loading="lazy" width="900" height="1273">
            <w:attr name="alt">Page <w:v select="."/> as it will be signed; its words are on the page of the letter</w:attr>
          </img>
        </xsl:for-each>
        <p class="govuk-body"><a class="govuk-link" href="/surat/{pages/letter}/berkas.pdf"><w:t>The pages that will be signed (PDF)</w:t></a></p>
        <p class="govuk-body"><a class="govuk-link" href="/surat/{pages/letter}"><w:t>All about this letter</w:t></a></p>
      </div>
      <section class="nsk-split__decision" aria-labelledby="tanda">
        <h2 class="govuk-heading-m" id="tanda"><w:t>Your signature</w:t></h2>
        <dl class="govuk-summary-list">
          <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Number</w:t></xsl:with-param><xsl:with-param name="value" select="string(pages/number)"/></xsl:call-template>
          <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Date of the letter</w:t></xsl:with-param><xsl:with-param name="value"><xsl:apply-templates select="pages/date" mode="time"/></xsl:with-param></xsl:call-template>
          <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Pages</w:t></xsl:with-param><xsl:with-param name="value" select="string(pages/pages)"/></xsl:call-template>
        </dl>
        <form action="{href}/tanda-tangan" method="post">
          <xsl:call-template name="form-token"/>
          <input type="hidden" name="sha256" value="{pages/sha256}"/>
          <input type="hidden" name="permintaan" value="{request}"/>
          <xsl:call-template name="typed">
            <xsl:with-param name="name" select="'sandi'"/>
            <xsl:with-param name="label"><w:t>Passphrase or PIN of your key</w:t></xsl:with-param>
            <xsl:with-param name="type" select="'password'"/>
          </xsl:call-template>
          <xsl:call-template name="typed">
            <xsl:with-param name="name" select="'kode'"/>
            <xsl:with-param name="label"><w:t>One-time code, if your signing service sends one</w:t></xsl:with-param>
            <xsl:with-param name="digits" select="true()"/>
          </xsl:call-template>
          <div class="nsk-bar"><button class="govuk-button" type="submit"><w:t>Sign</w:t></button></div>
        </form>
        <p class="govuk-body"><a class="govuk-link" href="{href}"><w:t>Not now; back to the task</w:t></a></p>
      </section>
    </div>
  </xsl:template>
</xsl:stylesheet>
