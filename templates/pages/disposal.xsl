<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- A proposal of disposal: what GET /api/v1/disposals/{id} answers, with what the person may do. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><xsl:apply-templates select="view/form" mode="fate"/></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:call-template name="back"><xsl:with-param name="href" select="'/arsip/penyusutan'"/><xsl:with-param name="words"><w:t>Disposal of records</w:t></xsl:with-param></xsl:call-template>
    <xsl:apply-templates select="view"/>
  </xsl:template>

  <xsl:template match="view">
    <h1 class="govuk-heading-l"><xsl:apply-templates select="form" mode="fate"/></h1>
    <p class="nsk-tags"><strong class="govuk-tag"><xsl:value-of select="state_words"/></strong></p>
    <div class="govuk-inset-text"><xsl:apply-templates select="." mode="disposal-standing"/></div>
    <xsl:apply-templates select="." mode="do"/>
    <xsl:apply-templates select="." mode="facts"/>
    <xsl:apply-templates select="opinions"/>
    <xsl:apply-templates select="." mode="disposal-files"/>
    <xsl:if test="may/withdraw">
      <h2 class="govuk-heading-m"><w:t>Withdraw the proposal</w:t></h2>
      <p class="govuk-body"><w:t>Nothing becomes of the files then; they may be proposed again.</w:t></p>
      <form action="/arsip/penyusutan/{disposal}/tarik" method="post">
        <xsl:call-template name="form-token"/>
        <button class="govuk-button govuk-button--secondary" type="submit"><w:t>Withdraw the proposal</w:t></button>
      </form>
    </xsl:if>
  </xsl:template>

  <xsl:template match="view" mode="facts">
    <h2 class="govuk-heading-m"><w:t>The proposal</w:t></h2>
    <dl class="govuk-summary-list">
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Unit</w:t></xsl:with-param><xsl:with-param name="value" select="string(unit_name)"/></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Letters</w:t></xsl:with-param><xsl:with-param name="value" select="string(letters)"/></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Proposed</w:t></xsl:with-param><xsl:with-param name="value"><w:t><w:v select="at/@date"/>, by <w:v select="by_name"/></w:t></xsl:with-param></xsl:call-template>
      <xsl:if test="decided">
        <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Decided</w:t></xsl:with-param><xsl:with-param name="value"><w:t><w:v select="decided/@date"/>, by <w:v select="decided_name"/> as <w:v select="position_title"/></w:t></xsl:with-param></xsl:call-template>
      </xsl:if>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Consent of the national archives</w:t></xsl:with-param><xsl:with-param name="value" select="string(consent)"/></xsl:call-template>
      <xsl:if test="letter">
        <xsl:call-template name="fact"><xsl:with-param name="name"><xsl:choose><xsl:when test="form = 'destroy'"><w:t>Record of destruction</w:t></xsl:when><xsl:otherwise><w:t>Record of handing over</w:t></xsl:otherwise></xsl:choose></xsl:with-param><xsl:with-param name="value"><a class="govuk-link" href="/surat/{letter}"><xsl:choose><xsl:when test="signed = 'true'"><w:t>signed; look at it</w:t></xsl:when><xsl:otherwise><w:t>not signed by all yet; look at it</w:t></xsl:otherwise></xsl:choose></a></xsl:with-param></xsl:call-template>
      </xsl:if>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Receipt of who took them</w:t></xsl:with-param><xsl:with-param name="value" select="string(receipt)"/></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Carried out</w:t></xsl:with-param><xsl:with-param name="value"><xsl:apply-templates select="done_at" mode="time"/></xsl:with-param></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Digest of the list (SHA-256)</w:t></xsl:with-param><xsl:with-param name="value"><span class="nsk-proof"><xsl:value-of select="digest"/></span></xsl:with-param></xsl:call-template>
    </dl>
  </xsl:template>

  <!-- What the person can do with it now. -->
  <xsl:template match="view" mode="do">
    <xsl:if test="may/opinion"><xsl:apply-templates select="." mode="appraise"/></xsl:if>
    <xsl:if test="may/decide">
      <h2 class="govuk-heading-m"><w:t>Your decision</w:t></h2>
      <p class="govuk-body"><w:t>Read the list of letters and the opinions first. You are asked to show once more that it is you.</w:t></p>
      <p class="govuk-body"><a class="govuk-button" role="button" draggable="false" href="/arsip/penyusutan/{disposal}/putusan"><w:t>Decide</w:t></a></p>
    </xsl:if>
    <xsl:if test="may/certify">
      <h2 class="govuk-heading-m"><w:t>The record (berita acara)</w:t></h2>
      <p class="govuk-body"><w:t>It is drafted as a letter with the list and its digest, and is signed by the superior of the archivist and by the archivist. Before both have signed it nothing is carried out.</w:t></p>
      <form action="/arsip/penyusutan/{disposal}/berita-acara" method="post">
        <xsl:call-template name="form-token"/>
        <button class="govuk-button" type="submit"><w:t>Draft the record</w:t></button>
      </form>
    </xsl:if>
    <xsl:if test="may/destroy">
      <h2 class="govuk-heading-m"><w:t>The destruction</w:t></h2>
      <p class="govuk-body"><w:t>It takes minutes and cannot be undone. It is not done on this page: run this command on the office's server, or ask who looks after it.</w:t></p>
      <p class="govuk-body nsk-proof">naskah records destroy <xsl:value-of select="disposal"/> --confirm <xsl:value-of select="digits"/></p>
    </xsl:if>
    <xsl:if test="may/hand-over">
      <h2 class="govuk-heading-m"><w:t>Handing over</w:t></h2>
      <p class="govuk-body"><w:t>The letters are taken out into a folder with their proofs and a form for the receipt. They stay here, too. It is not done on this page: run this command on the office's server, or ask who looks after it.</w:t></p>
      <p class="govuk-body nsk-proof">naskah records transfer <xsl:value-of select="disposal"/> -o serah</p>
    </xsl:if>
    <xsl:if test="may/receipt">
      <h2 class="govuk-heading-m"><w:t>The receipt</w:t></h2>
      <form action="/arsip/penyusutan/{disposal}/tanda-terima" method="post">
        <xsl:call-template name="form-token"/>
        <xsl:call-template name="typed">
          <xsl:with-param name="name" select="'alasan'"/>
          <xsl:with-param name="label"><w:t>Number of the receipt, and who signed it</w:t></xsl:with-param>
          <xsl:with-param name="hint"><w:t>It ends the proposal and cannot be changed any more.</w:t></xsl:with-param>
          <xsl:with-param name="value" select="typed"/>
        </xsl:call-template>
        <button class="govuk-button" type="submit"><w:t>Enter the receipt</w:t></button>
      </form>
    </xsl:if>
  </xsl:template>

  <xsl:template match="view" mode="appraise">
    <h2 class="govuk-heading-m"><w:t>Your opinion</w:t></h2>
    <form action="/arsip/penyusutan/{disposal}/pendapat" method="post">
      <xsl:call-template name="form-token"/>
      <fieldset class="govuk-fieldset nsk-taps">
        <legend class="govuk-fieldset__legend govuk-fieldset__legend--s"><w:t>Is this to become of the files?</w:t></legend>
        <xsl:call-template name="radio"><xsl:with-param name="name" select="'pendapat'"/><xsl:with-param name="value" select="'setuju'"/><xsl:with-param name="label"><w:t>I agree</w:t></xsl:with-param></xsl:call-template>
        <xsl:call-template name="radio"><xsl:with-param name="name" select="'pendapat'"/><xsl:with-param name="value" select="'tidak'"/><xsl:with-param name="label"><w:t>I do not agree</w:t></xsl:with-param></xsl:call-template>
      </fieldset>
      <xsl:call-template name="typed-words"><xsl:with-param name="name" select="'alasan'"/><xsl:with-param name="label"><w:t>Why</w:t></xsl:with-param><xsl:with-param name="value" select="typed"/></xsl:call-template>
      <button class="govuk-button" type="submit"><w:t>Give the opinion</w:t></button>
    </form>
  </xsl:template>

  <xsl:template match="opinions">
    <h2 class="govuk-heading-m"><w:t>Opinions</w:t></h2>
    <xsl:if test="not(item)"><p class="govuk-body"><w:t>There is none yet. Without one that agrees nobody can approve it.</w:t></p></xsl:if>
    <ul class="govuk-list govuk-list--bullet">
      <xsl:for-each select="item"><li><strong><xsl:value-of select="view_words"/></strong>: <xsl:value-of select="concat(name, ', ', title)"/>, <xsl:value-of select="at/@date"/></li></xsl:for-each>
    </ul>
  </xsl:template>
</xsl:stylesheet>
