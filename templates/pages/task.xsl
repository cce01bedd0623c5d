<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- A task: the letter first, what can be done with it beside it, on a telephone below it. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><xsl:value-of select="view/task/name"/>: <xsl:value-of select="view/letter/subject"/></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:apply-templates select="view" mode="task-page"/>
  </xsl:template>

  <xsl:template match="view" mode="task-page">
    <p class="govuk-body nsk-task__do"><xsl:value-of select="task/name"/></p>
    <h1 class="govuk-heading-l"><xsl:value-of select="letter/subject"/></h1>
    <p class="nsk-tags"><xsl:apply-templates select="letter/urgency" mode="tag"/><xsl:text> </xsl:text><xsl:apply-templates select="letter/security" mode="tag"/></p>
    <xsl:if test="returned">
      <section class="govuk-inset-text" aria-labelledby="kembali">
        <h2 class="govuk-heading-m" id="kembali"><w:t>It came back to you</w:t></h2>
        <p class="govuk-body"><strong><xsl:value-of select="returned/reason"/></strong></p>
        <p class="govuk-body"><xsl:value-of select="returned/name"/><xsl:text>, </xsl:text><xsl:apply-templates select="returned/at" mode="time"/></p>
      </section>
    </xsl:if>
    <div class="nsk-split">
      <div class="nsk-split__letter">
        <xsl:if test="diff">
          <section class="govuk-inset-text" aria-labelledby="beda">
            <h2 class="govuk-heading-m" id="beda"><w:t>What changed since you last did something here</w:t></h2>
            <xsl:apply-templates select="diff/changes" mode="changes"/>
          </section>
        </xsl:if>
        <xsl:apply-templates select="incoming" mode="facts"/>
        <xsl:call-template name="letter-text">
          <xsl:with-param name="text" select="text"/>
          <xsl:with-param name="letter" select="letter/letter"/>
        </xsl:call-template>
        <xsl:apply-templates select="attachments" mode="files"/>
      </div>
      <section class="nsk-split__decision" aria-labelledby="keputusan">
        <h2 class="govuk-heading-m" id="keputusan"><w:t>Your decision</w:t></h2>
        <xsl:choose>
          <xsl:when test="nature = 'tanda-tangan'">
            <form action="{href}/siapkan" method="post">
              <xsl:call-template name="form-token"/>
              <button class="govuk-button" type="submit"><w:t>Make the pages and sign</w:t></button>
              <p class="govuk-hint"><w:t>The letter gets its number; you see the pages before you sign.</w:t></p>
            </form>
            <xsl:call-template name="return-form"/>
          </xsl:when>
          <xsl:when test="nature = 'disposisi'"><xsl:call-template name="disposition-form"/></xsl:when>
          <xsl:otherwise>
            <xsl:if test="nature = 'konsep'">
              <p class="govuk-body"><a class="govuk-link" href="/draf/{letter/letter}"><w:t>Change the letter</w:t></a></p>
            </xsl:if>
            <form action="{href}" method="post">
              <xsl:call-template name="hidden"/>
              <xsl:if test="not(nature = 'konsep')">
                <xsl:call-template name="typed-words">
                  <xsl:with-param name="label"><w:t>Your words; a reason if you return it</w:t></xsl:with-param>
                  <xsl:with-param name="value" select="note"/>
                </xsl:call-template>
              </xsl:if>
              <div class="nsk-bar"><xsl:apply-templates select="task/outcomes/item" mode="outcome"/></div>
            </form>
          </xsl:otherwise>
        </xsl:choose>
      </section>
      <div class="nsk-split__letter">
        <xsl:if test="given/item">
          <h2 class="govuk-heading-m"><w:t>To whom it was given</w:t></h2>
          <xsl:apply-templates select="given" mode="given"/>
        </xsl:if>
        <xsl:if test="letter/notes/item">
          <h2 class="govuk-heading-m"><w:t>Notes</w:t></h2>
          <xsl:apply-templates select="letter/notes" mode="notes"/>
        </xsl:if>
        <p class="govuk-body"><a class="govuk-link" href="/surat/{letter/letter}"><w:t>All about this letter</w:t></a></p>
      </div>
    </div>
  </xsl:template>

  <xsl:template name="hidden">
    <xsl:call-template name="form-token"/>
    <input type="hidden" name="isi" value="{letter/content}"/>
    <input type="hidden" name="permintaan" value="{request}"/>
  </xsl:template>

  <xsl:template match="outcomes/item" mode="outcome">
    <button type="submit" name="keputusan" value="{.}">
      <xsl:attribute name="class">govuk-button<xsl:if test="position() &gt; 1"> govuk-button--secondary</xsl:if></xsl:attribute>
      <xsl:choose>
        <xsl:when test=". = 'approve'"><w:t>Give my paraf</w:t></xsl:when>
        <xsl:when test=". = 'return'"><w:t>Return it</w:t></xsl:when>
        <xsl:when test=". = 'reject'"><w:t>Reject it</w:t></xsl:when>
        <xsl:when test=". = 'submit'"><w:t>Submit the draft</w:t></xsl:when>
        <xsl:when test=". = 'forward'"><w:t>Pass it on</w:t></xsl:when>
        <xsl:when test=". = 'file'"><w:t>File it</w:t></xsl:when>
        <xsl:otherwise><xsl:apply-templates select="." mode="words"/></xsl:otherwise>
      </xsl:choose>
    </button>
  </xsl:template>

  <xsl:template name="return-form">
    <form action="{href}" method="post">
      <xsl:call-template name="hidden"/>
      <xsl:call-template name="typed-words">
        <xsl:with-param name="label"><w:t>Why you return it</w:t></xsl:with-param>
        <xsl:with-param name="value" select="note"/>
      </xsl:call-template>
      <button class="govuk-button govuk-button--secondary" type="submit" name="keputusan" value="return"><w:t>Return it</w:t></button>
    </form>
  </xsl:template>

  <xsl:template name="disposition-form">
    <xsl:if test="proposal">
      <section class="govuk-inset-text" aria-labelledby="usul">
        <h3 class="govuk-heading-s" id="usul"><w:t>Prepared by <w:v select="proposal/proposer"/></w:t></h3>
        <xsl:apply-templates select="proposal" mode="prepared"/>
        <form action="{href}" method="post">
          <xsl:call-template name="hidden"/>
          <button class="govuk-button" type="submit" name="keputusan" value="confirm"><w:t>Give it as it is prepared</w:t></button>
        </form>
        <p class="govuk-body"><w:t>Or change it here:</w:t></p>
      </section>
    </xsl:if>
    <form action="{href}" method="post">
      <xsl:call-template name="hidden"/>
      <xsl:call-template name="disposition-taps"/>
      <details class="govuk-details">
        <xsl:if test="faults/item or chosen/note or chosen/due"><xsl:attribute name="open">open</xsl:attribute></xsl:if>
        <summary class="govuk-details__summary"><span class="govuk-details__summary-text"><w:t>Words, a term, somebody else, or another answer</w:t></span></summary>
        <div class="govuk-details__text">
          <xsl:call-template name="disposition-words">
            <xsl:with-param name="label"><w:t>Your words; a reason if you return it</w:t></xsl:with-param>
          </xsl:call-template>
          <button class="govuk-button govuk-button--secondary" type="submit" name="keputusan" value="follow-up"><w:t>I did it myself</w:t></button>
          <xsl:text> </xsl:text>
          <button class="govuk-button govuk-button--secondary" type="submit" name="keputusan" value="none"><w:t>Nothing is to be done</w:t></button>
          <xsl:text> </xsl:text>
          <button class="govuk-button govuk-button--secondary" type="submit" name="keputusan" value="return-given"><w:t>Return it</w:t></button>
        </div>
      </details>
      <div class="nsk-bar"><button class="govuk-button" type="submit" name="keputusan" value="dispose"><w:t>Give the disposition</w:t></button></div>
    </form>
  </xsl:template>

  <xsl:template match="notes" mode="notes">
    <ul class="govuk-list">
      <xsl:for-each select="item"><li><xsl:value-of select="text"/> (<xsl:value-of select="name"/>, <xsl:apply-templates select="at" mode="time"/>)</li></xsl:for-each>
    </ul>
  </xsl:template>
</xsl:stylesheet>
