<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Five minutes with a demo office: six steps, one of them to do now, and whom one can be. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Try it for 5 minutes</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><w:t>Try it for 5 minutes</w:t></h1>
    <p class="govuk-body"><w:t>One letter, from the post to the citizen, in six steps. The yellow line above every page brings you back here.</w:t></p>
    <xsl:apply-templates select="view/verdicts"/>
    <xsl:if test="view/done_steps = 6">
      <p class="govuk-body-l"><w:t>All six steps are done.</w:t></p>
    </xsl:if>
    <ol class="nsk-steps">
      <xsl:apply-templates select="view/steps/item"/>
    </ol>
    <xsl:if test="view/done_steps &gt; 0">
      <form action="/coba/lagi" method="post">
        <button class="govuk-button govuk-button--secondary" type="submit"><w:t>Begin again with step 1</w:t></button>
      </form>
    </xsl:if>
    <h2 class="govuk-heading-m"><w:t>Your letterhead</w:t></h2>
    <p class="govuk-body"><a class="govuk-link" href="/coba/kop"><w:t>Write a first letter under the name of your own agency</w:t></a></p>
    <h2 class="govuk-heading-m"><w:t>For the head of IT</w:t></h2>
    <p class="govuk-body"><a class="govuk-link" href="/coba/ti"><w:t>Kill the server while people write, switch the signing service off, and see that nothing is lost</w:t></a></p>
    <h2 class="govuk-heading-m"><w:t>Or look around by yourself</w:t></h2>
    <p class="govuk-body"><w:t>Choose who you want to be. No password is needed in this demo.</w:t></p>
    <xsl:for-each select="view/people/item">
      <form action="/coba/masuk" method="post">
        <input type="hidden" name="orang" value="{person}"/>
        <input type="hidden" name="ke" value="/beranda"/>
        <button class="govuk-button govuk-button--secondary" type="submit"><xsl:value-of select="name"/>, <xsl:value-of select="role"/></button>
      </form>
    </xsl:for-each>
  </xsl:template>

  <xsl:template match="steps/item">
    <li>
      <xsl:if test="now = 'true'"><xsl:attribute name="aria-current">step</xsl:attribute></xsl:if>
      <span class="nsk-steps__name"><xsl:value-of select="position()"/>. <xsl:value-of select="words"/></span>
      <xsl:if test="done = 'true'"><xsl:text> </xsl:text><strong class="govuk-tag govuk-tag--green"><w:t>done</w:t></strong></xsl:if>
      <xsl:if test="now = 'true'">
        <xsl:choose>
          <xsl:when test="/page/view/deed"><xsl:apply-templates select="/page/view/deed"/></xsl:when>
          <xsl:otherwise><p class="govuk-body"><w:t>This letter went another way. Look at it in the archive, or begin again with step 1.</w:t></p></xsl:otherwise>
        </xsl:choose>
      </xsl:if>
    </li>
  </xsl:template>

  <xsl:template match="deed">
    <p class="govuk-body"><xsl:value-of select="words"/></p>
    <xsl:if test="act = 'register'">
      <p class="govuk-body"><a class="govuk-link" href="/coba/pindaian.pdf"><w:t>The scan of the letter (PDF)</w:t></a></p>
    </xsl:if>
    <xsl:if test="act = 'check'">
      <p class="govuk-body"><a class="govuk-link" href="/coba/surat.pdf"><w:t>The signed letter (PDF)</w:t></a></p>
      <p class="govuk-body"><a class="govuk-link" href="/coba/surat-diubah.pdf"><w:t>The copy with one changed bit (PDF)</w:t></a></p>
    </xsl:if>
    <xsl:if test="/page/view/passphrase">
      <p class="govuk-body"><w:t>Passphrase of the demo key, to copy: </w:t><code class="nsk-proof"><xsl:value-of select="/page/view/passphrase"/></code></p>
    </xsl:if>
    <xsl:choose>
      <xsl:when test="act">
        <form action="/coba/langkah" method="post">
          <input type="hidden" name="langkah" value="{act}"/>
          <button class="govuk-button" type="submit"><xsl:value-of select="button"/></button>
        </form>
      </xsl:when>
      <xsl:otherwise>
        <form action="/coba/masuk" method="post">
          <input type="hidden" name="orang" value="{person}"/>
          <input type="hidden" name="ke" value="{href}"/>
          <button class="govuk-button" type="submit"><xsl:value-of select="button"/></button>
        </form>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="verdicts">
    <div class="govuk-notification-banner" role="alert" aria-labelledby="hasil">
      <div class="govuk-notification-banner__header"><h2 class="govuk-notification-banner__title" id="hasil"><w:t>What verification says</w:t></h2></div>
      <div class="govuk-notification-banner__content">
        <p class="govuk-notification-banner__heading">
          <w:t>The signed letter: </w:t>
          <xsl:choose>
            <xsl:when test="right = 'valid'"><w:t>genuine, unchanged since it was signed</w:t></xsl:when>
            <xsl:otherwise><xsl:value-of select="right"/></xsl:otherwise>
          </xsl:choose>
        </p>
        <p class="govuk-notification-banner__heading">
          <w:t>The copy with one changed bit: </w:t>
          <xsl:choose>
            <xsl:when test="changed = 'invalid'"><w:t>not genuine, it was changed after signing</w:t></xsl:when>
            <xsl:otherwise><xsl:value-of select="changed"/></xsl:otherwise>
          </xsl:choose>
        </p>
        <p class="govuk-body">
          <a class="govuk-link" href="/coba/surat.pdf"><w:t>The signed letter (PDF)</w:t></a><xsl:text> </xsl:text>
          <a class="govuk-link" href="/coba/surat-diubah.pdf"><w:t>The copy with one changed bit (PDF)</w:t></a>
        </p>
      </div>
    </div>
  </xsl:template>
</xsl:stylesheet>
