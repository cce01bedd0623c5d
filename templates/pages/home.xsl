<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- The first page of who is not signed in: whose office this is, and checking a letter's code. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Official letters</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-xl"><w:t>Official letters of <w:v select="frame/agency"/></w:t></h1>
    <p class="govuk-body-l"><w:t>Letters are drafted, reviewed, signed and kept here, from the first line to the archive.</w:t></p>
    <form class="govuk-form-group" action="/v" method="get">
      <h2 class="govuk-heading-m"><w:t>Check a letter</w:t></h2>
      <label class="govuk-label" for="kode"><w:t>The code on the letter</w:t></label>
      <div class="govuk-hint" id="kode-petunjuk"><w:t>It stands beside or in the square picture (QR) on the letter.</w:t></div>
      <input class="govuk-input" id="kode" name="kode" type="text" autocomplete="off" spellcheck="false" aria-describedby="kode-petunjuk" required="required"/>
      <p><button class="govuk-button" type="submit"><w:t>Check</w:t></button></p>
    </form>
    <h2 class="govuk-heading-m"><w:t>Check a letter's file</w:t></h2>
    <xsl:call-template name="file-to-check"/>
  </xsl:template>
</xsl:stylesheet>
