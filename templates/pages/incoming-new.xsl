<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- TU registers a letter that came in, as "naskah incoming register" does. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Register a letter</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:call-template name="back"><xsl:with-param name="href">/masuk-surat</xsl:with-param><xsl:with-param name="words"><w:t>Letters that came in</w:t></xsl:with-param></xsl:call-template>
    <h1 class="govuk-heading-l"><w:t>Register a letter</w:t></h1>
    <p class="govuk-body"><w:t>It gets its agenda number when you press the button at the end.</w:t></p>
    <form action="/masuk-surat/baru" method="post" enctype="multipart/form-data" class="nsk-upload">
      <xsl:call-template name="form-token"/>
      <input type="hidden" name="permintaan" value="{view/request}"/>
      <xsl:if test="view/seems_double = 'true'"><xsl:apply-templates select="view" mode="double"/></xsl:if>
      <xsl:apply-templates select="view/typed" mode="letter"/>
      <xsl:apply-templates select="view/typed" mode="way"/>
      <button class="govuk-button" type="submit"><w:t>Register</w:t></button>
    </form>
  </xsl:template>

  <!-- What it seems to be, and what to say of it. -->
  <xsl:template match="view" mode="double">
    <fieldset class="govuk-fieldset nsk-taps" id="ganda">
      <legend class="govuk-fieldset__legend govuk-fieldset__legend--m"><w:t>Is it the letter that is registered already?</w:t></legend>
      <xsl:apply-templates select="other" mode="facts"/>
      <xsl:if test="other/letter">
        <xsl:call-template name="radio"><xsl:with-param name="name">ganda</xsl:with-param><xsl:with-param name="value" select="other/letter"/><xsl:with-param name="label"><w:t>It is the same, which came once more</w:t></xsl:with-param><xsl:with-param name="hint"><w:t>It gets an agenda number of its own, which points to the first.</w:t></xsl:with-param></xsl:call-template>
      </xsl:if>
      <xsl:call-template name="radio"><xsl:with-param name="name">ganda</xsl:with-param><xsl:with-param name="value">lain</xsl:with-param><xsl:with-param name="label"><w:t>It is another letter</w:t></xsl:with-param></xsl:call-template>
    </fieldset>
  </xsl:template>

  <xsl:template match="typed" mode="letter">
    <xsl:call-template name="typed"><xsl:with-param name="name">dari</xsl:with-param><xsl:with-param name="label"><w:t>From whom</w:t></xsl:with-param><xsl:with-param name="hint"><w:t>As the letter's head says it, such as Dinas Pengairan Kabupaten Arunika.</w:t></xsl:with-param><xsl:with-param name="value" select="dari"/></xsl:call-template>
    <xsl:call-template name="typed"><xsl:with-param name="name">nomor</xsl:with-param><xsl:with-param name="label"><w:t>Their number</w:t></xsl:with-param><xsl:with-param name="value" select="nomor"/></xsl:call-template>
    <xsl:call-template name="typed"><xsl:with-param name="name">tanggal</xsl:with-param><xsl:with-param name="type">date</xsl:with-param><xsl:with-param name="digits" select="true()"/><xsl:with-param name="label"><w:t>Date of the letter</w:t></xsl:with-param><xsl:with-param name="value" select="tanggal"/></xsl:call-template>
    <xsl:call-template name="typed"><xsl:with-param name="name">hal</xsl:with-param><xsl:with-param name="label"><w:t>What it is about</w:t></xsl:with-param><xsl:with-param name="value" select="hal"/></xsl:call-template>
    <xsl:variable name="fault" select="/page/view/faults/item[field = 'untuk']/words"/>
    <fieldset class="govuk-fieldset">
      <legend class="govuk-fieldset__legend govuk-fieldset__legend--s"><w:t>For whom</w:t></legend>
      <div>
        <xsl:attribute name="class">govuk-form-group<xsl:if test="$fault"> govuk-form-group--error</xsl:if></xsl:attribute>
        <div class="govuk-hint" id="untuk-petunjuk"><w:t>Begin to type the post, and choose it from the list.</w:t></div>
        <xsl:for-each select="$fault"><p class="govuk-error-message"><xsl:value-of select="."/></p></xsl:for-each>
        <xsl:for-each select="untuk/item">
          <p><input name="untuk" class="govuk-input" list="jabatan" type="text" autocomplete="off" value="{.}" aria-describedby="untuk-petunjuk">
            <xsl:attribute name="id">untuk<xsl:if test="position() &gt; 1">-<xsl:value-of select="position()"/></xsl:if></xsl:attribute>
            <xsl:choose>
              <xsl:when test="position() = 1"><w:attr name="aria-label">The first</w:attr></xsl:when>
              <xsl:when test="position() = 2"><w:attr name="aria-label">The second, if there is one</w:attr></xsl:when>
              <xsl:otherwise><w:attr name="aria-label">The third, if there is one</w:attr></xsl:otherwise>
            </xsl:choose>
          </input></p>
        </xsl:for-each>
        <datalist id="jabatan">
          <xsl:for-each select="/page/view/positions/item"><option value="{title}"/></xsl:for-each>
        </datalist>
      </div>
    </fieldset>
    <xsl:call-template name="file-field">
      <xsl:with-param name="name">pindaian</xsl:with-param>
      <xsl:with-param name="label"><w:t>The scan, or photographs of the pages</w:t></xsl:with-param>
      <xsl:with-param name="several" select="true()"/>
      <xsl:with-param name="hint"><w:t>A PDF of at most 200 MB, or photographs of the pages in their order (JPEG or PNG).</w:t><xsl:if test="/page/view/faults"><xsl:text> </xsl:text><strong><w:t>Choose the scan again: a browser keeps no files.</w:t></strong></xsl:if></xsl:with-param>
      <xsl:with-param name="accept">application/pdf,.pdf,image/jpeg,image/png</xsl:with-param>
    </xsl:call-template>
    <details class="govuk-details">
      <summary class="govuk-details__summary"><span class="govuk-details__summary-text"><w:t>Photograph the letter with this telephone</w:t></span></summary>
      <div class="govuk-details__text">
        <p class="govuk-body"><w:t>One page after the other, from straight above, in good light. They become one PDF; where and with what they were taken is left out.</w:t></p>
        <xsl:call-template name="photo"/>
      </div>
    </details>
    <xsl:call-template name="typed-words"><xsl:with-param name="name">ringkas</xsl:with-param><xsl:with-param name="label"><w:t>Summary, if it helps who reads it</w:t></xsl:with-param><xsl:with-param name="value" select="ringkas"/></xsl:call-template>
  </xsl:template>

  <!-- A page to be photographed, and those after it; a script shows each when it is its turn. -->
  <xsl:template name="photo">
    <xsl:param name="page" select="1"/>
    <div>
      <xsl:attribute name="class">nsk-file nsk-photo govuk-form-group<xsl:if test="$page &gt; 1"> nsk-photo--later</xsl:if></xsl:attribute>
      <w:attr name="data-sending">Being sent:</w:attr>
      <w:attr name="data-waiting">The line is down. It goes on by itself from where it was.</w:attr>
      <w:attr name="data-sent">Sent:</w:attr>
      <w:attr name="data-failed">It could not be sent. Try again.</w:attr>
      <label class="govuk-label" for="foto-{$page}"><w:t>Page <w:v select="$page"/></w:t></label>
      <input class="govuk-file-upload" id="foto-{$page}" name="foto" type="file" accept="image/jpeg,image/png" capture="environment"/>
      <div class="nsk-file__way" role="status" hidden="hidden"></div>
    </div>
    <xsl:if test="$page &lt; 8"><xsl:call-template name="photo"><xsl:with-param name="page" select="$page + 1"/></xsl:call-template></xsl:if>
  </xsl:template>

  <xsl:template match="typed" mode="way">
    <xsl:variable name="typed" select="."/>
    <xsl:call-template name="typed"><xsl:with-param name="name">klasifikasi</xsl:with-param><xsl:with-param name="digits" select="true()"/><xsl:with-param name="label"><w:t>Classification</w:t></xsl:with-param><xsl:with-param name="hint"><w:t>The code of its subject, such as KP.08.1.</w:t></xsl:with-param><xsl:with-param name="value" select="klasifikasi"/></xsl:call-template>
    <div class="govuk-form-group">
      <label class="govuk-label" for="cara"><w:t>How it came</w:t></label>
      <select class="govuk-select" id="cara" name="cara">
        <xsl:for-each select="/page/view/channels/item">
          <option value="{channel}"><xsl:if test="channel = $typed/cara"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if><xsl:value-of select="print"/></option>
        </xsl:for-each>
      </select>
    </div>
    <fieldset class="govuk-fieldset">
      <legend class="govuk-fieldset__legend govuk-fieldset__legend--s"><w:t>How urgent it is</w:t></legend>
      <div class="govuk-form-group">
        <xsl:call-template name="radio"><xsl:with-param name="name">urgensi</xsl:with-param><xsl:with-param name="value">biasa</xsl:with-param><xsl:with-param name="chosen" select="not(urgensi = 'segera' or urgensi = 'sangat-segera')"/><xsl:with-param name="label"><w:t>Usual</w:t></xsl:with-param></xsl:call-template>
        <xsl:call-template name="radio"><xsl:with-param name="name">urgensi</xsl:with-param><xsl:with-param name="value">segera</xsl:with-param><xsl:with-param name="chosen" select="urgensi = 'segera'"/><xsl:with-param name="label"><w:t>Urgent</w:t></xsl:with-param></xsl:call-template>
        <xsl:call-template name="radio"><xsl:with-param name="name">urgensi</xsl:with-param><xsl:with-param name="value">sangat-segera</xsl:with-param><xsl:with-param name="chosen" select="urgensi = 'sangat-segera'"/><xsl:with-param name="label"><w:t>Very urgent</w:t></xsl:with-param></xsl:call-template>
      </div>
    </fieldset>
    <fieldset class="govuk-fieldset">
      <legend class="govuk-fieldset__legend govuk-fieldset__legend--s"><w:t>Who may read it</w:t></legend>
      <div class="govuk-form-group">
        <xsl:call-template name="radio"><xsl:with-param name="name">sifat</xsl:with-param><xsl:with-param name="value">biasa</xsl:with-param><xsl:with-param name="chosen" select="not(sifat = 'terbatas' or contains(sifat, 'rahasia'))"/><xsl:with-param name="label"><w:t>Usual</w:t></xsl:with-param></xsl:call-template>
        <xsl:call-template name="radio"><xsl:with-param name="name">sifat</xsl:with-param><xsl:with-param name="value">terbatas</xsl:with-param><xsl:with-param name="chosen" select="sifat = 'terbatas'"/><xsl:with-param name="label"><w:t>Restricted</w:t></xsl:with-param></xsl:call-template>
        <xsl:call-template name="radio"><xsl:with-param name="name">sifat</xsl:with-param><xsl:with-param name="value">rahasia</xsl:with-param><xsl:with-param name="chosen" select="sifat = 'rahasia'"/><xsl:with-param name="label"><w:t>Secret</w:t></xsl:with-param><xsl:with-param name="hint"><w:t>Registered by its envelope: whom it is for opens it.</w:t></xsl:with-param></xsl:call-template>
        <xsl:call-template name="radio"><xsl:with-param name="name">sifat</xsl:with-param><xsl:with-param name="value">sangat-rahasia</xsl:with-param><xsl:with-param name="chosen" select="sifat = 'sangat-rahasia'"/><xsl:with-param name="label"><w:t>Top secret</w:t></xsl:with-param></xsl:call-template>
        <label class="nsk-tap"><input type="checkbox" name="tutup" value="1"><xsl:if test="tutup"><xsl:attribute name="checked">checked</xsl:attribute></xsl:if></input><span><w:t>It stays closed: only the envelope is registered</w:t></span></label>
      </div>
    </fieldset>
    <xsl:call-template name="typed"><xsl:with-param name="name">tenggat</xsl:with-param><xsl:with-param name="type">date</xsl:with-param><xsl:with-param name="digits" select="true()"/><xsl:with-param name="label"><w:t>To be answered by, if it says so</w:t></xsl:with-param><xsl:with-param name="value" select="tenggat"/></xsl:call-template>
  </xsl:template>
</xsl:stylesheet>
