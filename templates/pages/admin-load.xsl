<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- A file of the directory. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Load a file into the directory</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:call-template name="back"><xsl:with-param name="href" select="'/kelola'"/><xsl:with-param name="words"><w:t>Administration</w:t></xsl:with-param></xsl:call-template>
    <h1 class="govuk-heading-l"><w:t>Load a file into the directory</w:t></h1>
    <p class="govuk-body"><w:t>A file in XML with units, positions, people, holdings, mandates and assistants: rows with the same key are replaced, others stay. Either all of it is taken or nothing.</w:t></p>
    <xsl:if test="view/issues/item">
      <h2 class="govuk-heading-m"><w:t>What was found</w:t></h2>
      <ul class="govuk-list govuk-list--bullet nsk-proof"><xsl:for-each select="view/issues/item"><li><xsl:value-of select="."/></li></xsl:for-each></ul>
    </xsl:if>
    <form action="/kelola/muat" method="post" enctype="multipart/form-data">
      <xsl:call-template name="form-token"/>
      <div class="govuk-form-group">
        <label class="govuk-label" for="berkas"><w:t>File</w:t></label>
        <input class="govuk-file-upload" id="berkas" name="berkas" type="file"/>
      </div>
      <button class="govuk-button govuk-button--warning" type="submit"><w:t>Check it and change the directory</w:t></button>
    </form>
  </xsl:template>
</xsl:stylesheet>
