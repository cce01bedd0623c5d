<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- A letter and where it stands: what "naskah letter show" answers. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><xsl:value-of select="view/subject"/></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:apply-templates select="view"/>
  </xsl:template>

  <xsl:template match="view">
    <h1 class="govuk-heading-l"><xsl:value-of select="subject"/></h1>
    <p class="nsk-tags">
      <strong class="govuk-tag"><xsl:apply-templates select="state" mode="words"/></strong>
      <xsl:text> </xsl:text><xsl:apply-templates select="urgency" mode="tag"/>
      <xsl:text> </xsl:text><xsl:apply-templates select="security" mode="tag"/>
    </p>
    <dl class="govuk-summary-list">
      <xsl:if test="not(incoming)">
        <xsl:call-template name="fact">
          <xsl:with-param name="name"><w:t>Number</w:t></xsl:with-param>
          <xsl:with-param name="value" select="string(number)"/>
        </xsl:call-template>
        <xsl:call-template name="fact">
          <xsl:with-param name="name"><w:t>Date of the letter</w:t></xsl:with-param>
          <xsl:with-param name="value"><xsl:apply-templates select="date" mode="time"/></xsl:with-param>
        </xsl:call-template>
      </xsl:if>
      <xsl:call-template name="fact">
        <xsl:with-param name="name"><w:t>Last change</w:t></xsl:with-param>
        <xsl:with-param name="value"><xsl:apply-templates select="changed" mode="time"/></xsl:with-param>
      </xsl:call-template>
    </dl>
    <xsl:apply-templates select="incoming" mode="facts"/>
    <xsl:if test="is_draft = 'true'">
      <p class="govuk-body"><a class="govuk-link" href="/draf/{letter}"><w:t>Change the letter</w:t></a></p>
    </xsl:if>
    <xsl:if test="tasks/item">
      <h2 class="govuk-heading-m"><w:t>Who is next</w:t></h2>
      <ul class="govuk-list govuk-list--bullet">
        <xsl:for-each select="tasks/item">
          <li>
            <a class="govuk-link" href="/tugas/{translate(task, '#', '~')}"><xsl:value-of select="name"/></a>
            <xsl:text>: </xsl:text>
            <xsl:for-each select="positions/item">
              <xsl:if test="position() &gt; 1">, </xsl:if><xsl:value-of select="."/>
            </xsl:for-each>
            <xsl:text>, </xsl:text><w:t>since </w:t><xsl:apply-templates select="opened" mode="time"/>
          </li>
        </xsl:for-each>
      </ul>
    </xsl:if>
    <xsl:if test="route/item">
      <h2 class="govuk-heading-m"><w:t>Its way</w:t></h2>
      <ol class="govuk-list govuk-list--number">
        <xsl:for-each select="route/item">
          <li>
            <xsl:value-of select="title"/><xsl:if test="holder != ''"> (<xsl:value-of select="holder"/>)</xsl:if>
            <xsl:text>: </xsl:text>
            <xsl:choose>
              <xsl:when test="done = 'true' and role = 'signatory'"><w:t>signed</w:t></xsl:when>
              <xsl:when test="done = 'true'"><w:t>paraf given</w:t></xsl:when>
              <xsl:otherwise><w:t>not yet</w:t></xsl:otherwise>
            </xsl:choose>
          </li>
        </xsl:for-each>
      </ol>
    </xsl:if>
    <xsl:if test="given/item">
      <h2 class="govuk-heading-m"><w:t>To whom it was given</w:t></h2>
      <xsl:apply-templates select="given" mode="given"/>
      <form action="/surat/{letter}/tarik" method="post">
        <xsl:call-template name="form-token"/>
        <button class="govuk-button govuk-button--secondary" type="submit"><w:t>Take my last disposition back</w:t></button>
      </form>
    </xsl:if>
    <xsl:if test="prepares = 'true'">
      <p class="govuk-body"><a class="govuk-link" href="/surat/{letter}/usul"><w:t>Prepare a disposition for the leader</w:t></a></p>
    </xsl:if>
    <h2 class="govuk-heading-m"><w:t>The letter</w:t></h2>
    <xsl:call-template name="letter-text">
      <xsl:with-param name="text" select="text"/>
      <xsl:with-param name="letter" select="letter"/>
    </xsl:call-template>
    <xsl:apply-templates select="attachments" mode="files"/>
    <xsl:if test="is_draft = 'true'"><p class="govuk-body"><a class="govuk-link" href="/surat/{letter}/lampiran"><w:t>Attach files, or take them out</w:t></a></p></xsl:if>
    <xsl:if test="links/item">
      <h2 class="govuk-heading-m"><w:t>Letters that belong to it</w:t></h2>
      <ul class="govuk-list">
        <xsl:for-each select="links/item"><li><a class="govuk-link" href="/surat/{letter}"><xsl:value-of select="subject"/></a><xsl:text> </xsl:text><xsl:value-of select="number"/></li></xsl:for-each>
      </ul>
    </xsl:if>
    <xsl:apply-templates select="kept[keeps = 'true']"/>
    <xsl:apply-templates select="loan_requests[item]"/>
    <h2 class="govuk-heading-m"><w:t>Notes</w:t></h2>
    <ul class="govuk-list">
      <xsl:for-each select="notes/item"><li><xsl:value-of select="text"/> (<xsl:value-of select="name"/>, <xsl:apply-templates select="at" mode="time"/>)</li></xsl:for-each>
    </ul>
    <form action="/surat/{letter}/catatan" method="post">
      <xsl:call-template name="form-token"/>
      <xsl:call-template name="typed-words"><xsl:with-param name="label"><w:t>Write a note; it stays with the letter and is never sent</w:t></xsl:with-param></xsl:call-template>
      <button class="govuk-button govuk-button--secondary" type="submit"><w:t>Keep the note</w:t></button>
    </form>
    <ul class="nsk-links">
      <xsl:if test="route"><li><a class="govuk-link" href="/alur/{letter}"><w:t>Where it is in its workflow</w:t></a></li></xsl:if>
      <xsl:if test="(state = 'signed' or state = 'archived') and number != '' and not(incoming) and kind != 'salinan' and not(contains(security, 'rahasia'))"><li><a class="govuk-link" href="/surat/{letter}/salinan"><w:t>Certified copies</w:t></a></li></xsl:if>
      <li><a class="govuk-link" href="/surat/{letter}/riwayat"><w:t>What happened to this letter</w:t></a></li>
      <xsl:if test="version &gt; 1"><li><a class="govuk-link" href="/surat/{letter}/banding?dari=1&amp;ke={version}"><w:t>What changed since it was begun</w:t></a></li></xsl:if>
    </ul>
  </xsl:template>

  <!-- Requests for loans that the letter may answer, for its archivist. -->
  <xsl:template match="loan_requests">
    <h2 class="govuk-heading-m"><w:t>Lend this letter</w:t></h2>
    <p class="govuk-body"><w:t>It opens to who asked when it is entered as given, until the last day of the loan.</w:t></p>
    <form action="/surat/{/page/view/letter}/pinjam" method="post">
      <xsl:call-template name="form-token"/>
      <div class="govuk-form-group">
        <label class="govuk-label" for="pinjaman"><w:t>For which request</w:t></label>
        <select class="govuk-select" id="pinjaman" name="pinjaman">
          <xsl:for-each select="item"><option value="{loan}"><xsl:value-of select="concat(name, ': ', what)"/></option></xsl:for-each>
        </select>
      </div>
      <button class="govuk-button govuk-button--secondary" type="submit"><w:t>Grant the loan</w:t></button>
    </form>
  </xsl:template>

  <!-- The file of records that it is in, or may be put into, for who keeps those. -->
  <xsl:template match="kept">
    <xsl:if test="in/item or ended = 'true'">
      <h2 class="govuk-heading-m" id="arsipkan"><w:t>The file of records</w:t></h2>
      <xsl:choose>
        <xsl:when test="in/item"><p class="govuk-body"><w:t>It is kept in:</w:t><xsl:text> </xsl:text><a class="govuk-link" href="/arsip/berkas/{in/item/berkas}"><xsl:value-of select="in/item/code"/><xsl:text> </xsl:text><xsl:value-of select="in/item/title"/></a></p></xsl:when>
        <xsl:when test="open/item">
          <form action="/surat/{/page/view/letter}/berkas" method="post">
            <xsl:call-template name="form-token"/>
            <div class="govuk-form-group">
              <label class="govuk-label" for="berkas"><w:t>Into which file</w:t></label>
              <select class="govuk-select" id="berkas" name="berkas">
                <xsl:for-each select="open/item"><option value="{berkas}"><xsl:value-of select="code"/><xsl:text> </xsl:text><xsl:value-of select="title"/></option></xsl:for-each>
              </select>
            </div>
            <button class="govuk-button govuk-button--secondary" type="submit"><w:t>Put into the file</w:t></button>
          </form>
        </xsl:when>
        <xsl:otherwise><p class="govuk-body"><w:t>It is in none, and no file of its unit is open.</w:t><xsl:text> </xsl:text><a class="govuk-link" href="/arsip/berkas/baru"><w:t>Open a file</w:t></a></p></xsl:otherwise>
      </xsl:choose>
    </xsl:if>
  </xsl:template>
</xsl:stylesheet>
