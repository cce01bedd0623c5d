<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- The files attached to a letter. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Attachments: <w:v select="view/subject"/></w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:apply-templates select="view" mode="files"/>
  </xsl:template>

  <xsl:template match="view" mode="files">
    <xsl:choose>
      <xsl:when test="may = 'true'"><xsl:call-template name="back"><xsl:with-param name="href" select="concat('/draf/', letter)"/><xsl:with-param name="words"><w:t>Change the letter</w:t></xsl:with-param></xsl:call-template></xsl:when>
      <xsl:otherwise><xsl:call-template name="back"><xsl:with-param name="href" select="concat('/surat/', letter)"/><xsl:with-param name="words"><w:t>All about this letter</w:t></xsl:with-param></xsl:call-template></xsl:otherwise>
    </xsl:choose>
    <h1 class="govuk-heading-l"><w:t>Attachments</w:t></h1>
    <p class="govuk-body"><xsl:value-of select="subject"/></p>
    <xsl:choose>
      <xsl:when test="attachments/item">
        <ul class="govuk-list nsk-files">
          <xsl:for-each select="attachments/item">
            <li>
              <xsl:apply-templates select="." mode="file"/>
              <xsl:if test="/page/view/may = 'true'">
                <form action="/surat/{/page/view/letter}/lampiran-lepas" method="post">
                  <xsl:call-template name="form-token"/>
                  <input type="hidden" name="nama" value="{name}"/>
                  <button class="govuk-button govuk-button--secondary" type="submit"><w:t>Take it out</w:t><span class="govuk-visually-hidden"><xsl:value-of select="concat(': ', title)"/></span></button>
                </form>
              </xsl:if>
            </li>
          </xsl:for-each>
        </ul>
      </xsl:when>
      <xsl:otherwise><p class="govuk-body"><w:t>No file is attached.</w:t></p></xsl:otherwise>
    </xsl:choose>
    <xsl:choose>
      <xsl:when test="may = 'true'">
        <h2 class="govuk-heading-m"><w:t>Attach a file</w:t></h2>
        <p class="govuk-body"><w:t>Who gives a paraf or signs gives it for the attachments, too. A paraf that was given before is asked for again.</w:t></p>
        <form action="/surat/{letter}/lampiran" method="post" enctype="multipart/form-data" class="nsk-upload">
          <xsl:call-template name="form-token"/>
          <xsl:call-template name="file-field">
            <xsl:with-param name="name">berkas</xsl:with-param>
            <xsl:with-param name="label"><w:t>The file</w:t></xsl:with-param>
            <xsl:with-param name="hint"><w:t>At most 200 MB. You can choose several.</w:t></xsl:with-param>
            <xsl:with-param name="several" select="true()"/>
          </xsl:call-template>
          <xsl:call-template name="typed">
            <xsl:with-param name="name" select="'judul'"/>
            <xsl:with-param name="label"><w:t>What it is called in the letter</w:t></xsl:with-param>
            <xsl:with-param name="hint"><w:t>Such as Daftar Peserta. If it stays empty, the file's name is taken.</w:t></xsl:with-param>
          </xsl:call-template>
          <button class="govuk-button" type="submit"><w:t>Attach</w:t></button>
        </form>
      </xsl:when>
      <xsl:otherwise><p class="govuk-body"><w:t>Files are attached while the letter is with who writes it.</w:t></p></xsl:otherwise>
    </xsl:choose>
  </xsl:template>
</xsl:stylesheet>
