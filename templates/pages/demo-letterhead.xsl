<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Somebody's own letterhead in a demo office, and a first letter under it. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Your letterhead</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><w:t>Your letterhead</w:t></h1>
    <xsl:if test="view/letter">
      <h2 class="govuk-heading-m"><w:t>This is your first letter</w:t></h2>
      <p class="govuk-body"><a class="govuk-link" href="/coba/kop.pdf"><w:t>Its pages (PDF)</w:t></a></p>
      <img class="nsk-page" src="/coba/kop.png?{view/letter}" width="700" height="990">
        <w:attr name="alt">First page of your letter, with your letterhead</w:attr>
      </img>
      <form action="/coba/masuk" method="post">
        <input type="hidden" name="orang" value="damar"/>
        <input type="hidden" name="ke" value="/surat/{view/letter}"/>
        <button class="govuk-button" type="submit"><w:t>Go on with this letter as Damar</w:t></button>
      </form>
      <h2 class="govuk-heading-m"><w:t>Change it and look again</w:t></h2>
    </xsl:if>
    <xsl:if test="not(view/letter)">
      <p class="govuk-body"><w:t>Type your agency's name and address, and what your first letter says. You see it at once as it will be printed.</w:t></p>
    </xsl:if>
    <form action="/coba/kop" method="post" enctype="multipart/form-data">
      <xsl:call-template name="typed"><xsl:with-param name="name" select="'nama'"/><xsl:with-param name="label"><w:t>Name of your agency</w:t></xsl:with-param><xsl:with-param name="value" select="string(view/nama)"/></xsl:call-template>
      <xsl:call-template name="typed"><xsl:with-param name="name" select="'alamat'"/><xsl:with-param name="label"><w:t>Address</w:t></xsl:with-param><xsl:with-param name="value" select="string(view/alamat)"/></xsl:call-template>
      <xsl:call-template name="typed"><xsl:with-param name="name" select="'kontak'"/><xsl:with-param name="label"><w:t>Telephone and e-mail</w:t></xsl:with-param><xsl:with-param name="value" select="string(view/kontak)"/></xsl:call-template>
      <xsl:variable name="fault" select="view/faults/item[field = 'lambang']/words"/>
      <div>
        <xsl:attribute name="class">govuk-form-group<xsl:if test="$fault"> govuk-form-group--error</xsl:if></xsl:attribute>
        <label class="govuk-label" for="lambang"><w:t>Emblem</w:t></label>
        <div class="govuk-hint" id="lambang-petunjuk"><w:t>A PNG picture of at most 512 KB; a letter without one is good, too.</w:t></div>
        <xsl:if test="$fault"><p class="govuk-error-message" id="lambang-salah"><xsl:value-of select="$fault"/></p></xsl:if>
        <input class="govuk-file-upload" id="lambang" name="lambang" type="file" accept="image/png,.png" aria-describedby="lambang-petunjuk"/>
      </div>
      <xsl:call-template name="typed"><xsl:with-param name="name" select="'pola'"/><xsl:with-param name="label"><w:t>Number pattern</w:t></xsl:with-param><xsl:with-param name="hint"><w:t>Leave it as it is if you are not sure. In braces stand the running number (seq), the unit (unit1) and the classification (kka).</w:t></xsl:with-param><xsl:with-param name="value" select="string(view/pola)"/></xsl:call-template>
      <xsl:call-template name="typed"><xsl:with-param name="name" select="'hal'"/><xsl:with-param name="label"><w:t>What the letter is about</w:t></xsl:with-param><xsl:with-param name="value" select="string(view/hal)"/></xsl:call-template>
      <xsl:call-template name="typed-words"><xsl:with-param name="name" select="'isi'"/><xsl:with-param name="label"><w:t>What the letter says</w:t></xsl:with-param><xsl:with-param name="value" select="string(view/isi)"/></xsl:call-template>
      <button class="govuk-button" type="submit"><w:t>Make the letter</w:t></button>
    </form>
    <p class="govuk-body"><a class="govuk-link" href="/coba"><w:t>To the six steps</w:t></a></p>
  </xsl:template>
</xsl:stylesheet>
