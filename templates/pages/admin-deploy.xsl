<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- A file of rules: it is checked, or put in force. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><xsl:call-template name="rule-type"><xsl:with-param name="type" select="view/type"/></xsl:call-template></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:call-template name="back"><xsl:with-param name="href" select="'/kelola'"/><xsl:with-param name="words"><w:t>Administration</w:t></xsl:with-param></xsl:call-template>
    <h1 class="govuk-heading-l"><xsl:call-template name="rule-type"><xsl:with-param name="type" select="view/type"/></xsl:call-template></h1>
    <p class="govuk-body"><w:t>What is put in force here holds for letters that begin from now on. Letters that are on their way keep the version that they began with.</w:t></p>
    <xsl:if test="view/checked">
      <p class="govuk-inset-text"><xsl:choose><xsl:when test="view/issues/item"><w:t>The file was looked at; nothing was changed.</w:t></xsl:when><xsl:otherwise><w:t>The file has no fault; nothing was changed.</w:t></xsl:otherwise></xsl:choose></p>
    </xsl:if>
    <xsl:if test="view/issues/item">
      <h2 class="govuk-heading-m"><w:t>What was found</w:t></h2>
      <ul class="govuk-list govuk-list--bullet nsk-proof"><xsl:for-each select="view/issues/item"><li><xsl:value-of select="."/></li></xsl:for-each></ul>
    </xsl:if>
    <form action="/kelola/aturan/{view/type}/pasang" method="post" enctype="multipart/form-data">
      <xsl:call-template name="form-token"/>
      <div class="govuk-form-group">
        <label class="govuk-label" for="berkas"><w:t>File</w:t></label>
        <input class="govuk-file-upload" id="berkas" name="berkas" type="file"/>
      </div>
      <xsl:if test="view/checks = 'true'"><button class="govuk-button" type="submit" name="tindakan" value="periksa"><w:t>Only check it</w:t></button><xsl:text> </xsl:text></xsl:if>
      <button class="govuk-button govuk-button--warning" type="submit" name="tindakan" value="pasang"><w:t>Put it in force</w:t></button>
    </form>
    <p class="govuk-body"><a class="govuk-link" href="/kelola/aturan/{view/type}"><w:t>Versions</w:t></a></p>
  </xsl:template>
</xsl:stylesheet>
