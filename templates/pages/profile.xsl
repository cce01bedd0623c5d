<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Oneself: who one is here, the ways in, the sessions. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>My profile</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><xsl:value-of select="view/name"/></h1>
    <xsl:apply-templates select="view" mode="facts"/>
    <h2 class="govuk-heading-m"><w:t>How I sign in</w:t></h2>
    <p class="govuk-body"><w:t>Under the name <w:v select="view/account"/>, with a password of <w:v select="view/since/@date"/>.</w:t></p>
    <p class="govuk-body"><a class="govuk-link" href="/profil/sandi"><w:t>Change the password</w:t></a></p>
    <xsl:choose>
      <xsl:when test="view/codes = 'true'"><xsl:apply-templates select="view" mode="codes"/></xsl:when>
      <xsl:otherwise>
        <p class="govuk-body"><w:t>Your password alone lets you in. A code from your telephone makes it safe.</w:t></p>
        <p class="govuk-body"><a class="govuk-link" href="/profil/kode"><w:t>Sign in with a code as well</w:t></a></p>
      </xsl:otherwise>
    </xsl:choose>
    <xsl:if test="view/has_place = 'true' or view/passkeys/item">
      <h3 class="govuk-heading-s"><w:t>Passkeys</w:t></h3>
      <p class="govuk-body"><w:t>With a passkey you sign in by fingerprint, face or PIN of your own telephone or computer, without password and code.</w:t></p>
      <xsl:if test="view/passkeys/item"><ul class="govuk-list nsk-sessions"><xsl:apply-templates select="view/passkeys/item"/></ul></xsl:if>
      <xsl:if test="view/has_place = 'true'"><p class="govuk-body"><a class="govuk-link" href="/profil/kunci"><w:t>Add a passkey</w:t></a></p></xsl:if>
    </xsl:if>
    <xsl:apply-templates select="view/sso"/>
    <h2 class="govuk-heading-m"><w:t>Where I am signed in</w:t></h2>
    <ul class="govuk-list nsk-sessions"><xsl:apply-templates select="view/sessions/item"/></ul>
    <xsl:if test="count(view/sessions/item) &gt; 1">
      <form action="/profil/sesi" method="post">
      <xsl:call-template name="form-token"/>
        <button class="govuk-button govuk-button--secondary" type="submit"><w:t>Sign out everywhere else</w:t></button>
      </form>
    </xsl:if>
    <p class="govuk-body"><a class="govuk-link" href="/profil/riwayat"><w:t>What happened to my account</w:t></a></p>
    <h2 class="govuk-heading-m"><w:t>How pages look to me</w:t></h2>
    <p class="govuk-body"><a class="govuk-link" href="/tampilan"><w:t>Colours, size of the letters, language</w:t></a></p>
    <xsl:apply-templates select="view/mail[sends = 'true']"/>
    <form action="/keluar" method="post">
      <xsl:call-template name="form-token"/>
      <button class="govuk-button" type="submit"><w:t>Sign out</w:t></button>
    </form>
  </xsl:template>

  <xsl:template match="view" mode="facts">
    <dl class="govuk-summary-list">
      <xsl:call-template name="fact">
        <xsl:with-param name="name"><w:t>NIP</w:t></xsl:with-param>
        <xsl:with-param name="value" select="string(nip)"/>
      </xsl:call-template>
      <xsl:call-template name="fact">
        <xsl:with-param name="name"><w:t>Rank</w:t></xsl:with-param>
        <xsl:with-param name="value" select="string(rank)"/>
      </xsl:call-template>
      <xsl:call-template name="fact">
        <xsl:with-param name="name"><w:t>E-mail</w:t></xsl:with-param>
        <xsl:with-param name="value" select="string(email)"/>
      </xsl:call-template>
      <xsl:for-each select="positions/item">
        <xsl:call-template name="fact">
          <xsl:with-param name="name"><w:t>Position</w:t></xsl:with-param>
          <xsl:with-param name="value" select="string(title)"/>
        </xsl:call-template>
      </xsl:for-each>
    </dl>
  </xsl:template>

  <!-- What he is told by mail. -->
  <xsl:template match="mail">
    <h2 class="govuk-heading-m"><xsl:choose><xsl:when test="chats = 'true'"><w:t>What I am told</w:t></xsl:when><xsl:otherwise><w:t>What I am told by mail</w:t></xsl:otherwise></xsl:choose></h2>
    <xsl:choose>
      <xsl:when test="string(address)"><p class="govuk-body"><w:t>Mails to <w:v select="address"/> say that something waits, never what it is.</w:t></p></xsl:when>
      <xsl:when test="chats = 'true'"/>
      <xsl:otherwise><p class="govuk-body"><w:t>The office knows no address of yours: nothing is sent to you.</w:t></p></xsl:otherwise>
    </xsl:choose>
    <form action="/profil/surel" method="post">
      <xsl:call-template name="form-token"/>
      <div class="govuk-form-group">
        <fieldset class="govuk-fieldset">
          <legend class="govuk-fieldset__legend"><w:t>When something waits for me</w:t></legend>
          <div class="govuk-radios">
            <xsl:call-template name="wish"><xsl:with-param name="value">now</xsl:with-param><xsl:with-param name="words"><w:t>Tell me within a minute or two</w:t></xsl:with-param></xsl:call-template>
            <xsl:call-template name="wish"><xsl:with-param name="value">daily</xsl:with-param><xsl:with-param name="words"><w:t>Tell me once a day, in the morning</w:t></xsl:with-param></xsl:call-template>
            <xsl:call-template name="wish"><xsl:with-param name="value">never</xsl:with-param><xsl:with-param name="words"><xsl:choose><xsl:when test="chats = 'true'"><w:t>Tell me nothing</w:t></xsl:when><xsl:otherwise><w:t>Send me no mail</w:t></xsl:otherwise></xsl:choose></xsl:with-param></xsl:call-template>
          </div>
        </fieldset>
      </div>
      <xsl:if test="chats = 'true'">
        <div class="govuk-form-group">
          <fieldset class="govuk-fieldset">
            <legend class="govuk-fieldset__legend"><w:t>How I am told</w:t></legend>
            <div class="govuk-radios">
              <div class="govuk-radios__item">
                <input class="govuk-radios__input" type="radio" id="jalan-surel" name="jalan" value="surel"><xsl:if test="not(handle)"><xsl:attribute name="checked">checked</xsl:attribute></xsl:if></input>
                <label class="govuk-label govuk-radios__label" for="jalan-surel"><w:t>By mail</w:t></label>
              </div>
              <div class="govuk-radios__item">
                <input class="govuk-radios__input" type="radio" id="jalan-obrolan" name="jalan" value="obrolan"><xsl:if test="handle"><xsl:attribute name="checked">checked</xsl:attribute></xsl:if></input>
                <label class="govuk-label govuk-radios__label" for="jalan-obrolan"><w:t>By WhatsApp or chat</w:t></label>
              </div>
            </div>
          </fieldset>
        </div>
        <xsl:call-template name="typed">
          <xsl:with-param name="name" select="'nomor'"/>
          <xsl:with-param name="label"><w:t>My number, or my name in the chat</w:t></xsl:with-param>
          <xsl:with-param name="hint"><w:t>Such as 0812-3456-7890. The message says that something waits, never what it is.</w:t></xsl:with-param>
          <xsl:with-param name="value" select="handle"/>
        </xsl:call-template>
      </xsl:if>
      <div class="govuk-form-group">
        <label class="govuk-label" for="bahasa"><w:t>Language of the mails</w:t></label>
        <select class="govuk-select" id="bahasa" name="bahasa">
          <option value="id" lang="id"><xsl:if test="language = 'id'"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if>Bahasa Indonesia</option>
          <option value="en" lang="en"><xsl:if test="language = 'en'"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if>English</option>
        </select>
      </div>
      <button class="govuk-button govuk-button--secondary" type="submit"><w:t>Keep my choice</w:t></button>
    </form>
  </xsl:template>

  <xsl:template name="wish">
    <xsl:param name="value"/>
    <xsl:param name="words"/>
    <div class="govuk-radios__item">
      <input class="govuk-radios__input" type="radio" id="surel-{$value}" name="surel" value="{$value}">
        <xsl:if test="tasks = $value"><xsl:attribute name="checked">checked</xsl:attribute></xsl:if>
      </input>
      <label class="govuk-label govuk-radios__label" for="surel-{$value}"><xsl:copy-of select="$words"/></label>
    </div>
  </xsl:template>

  <xsl:template match="view" mode="codes">
    <p class="govuk-body"><w:t>A code from your telephone is asked as well. <w:v select="recovery"/> recovery codes are left.</w:t></p>
    <p class="govuk-body"><a class="govuk-link" href="/profil/kode"><w:t>Another telephone, or new recovery codes</w:t></a></p>
    <form action="/profil/kode/akhir" method="post">
      <xsl:call-template name="form-token"/>
      <button class="govuk-button govuk-button--warning" type="submit"><w:t>Ask for no code any more</w:t></button>
    </form>
  </xsl:template>

  <!-- The provider of identities. -->
  <xsl:template match="sso">
    <h3 class="govuk-heading-s"><xsl:value-of select="name"/></h3>
    <xsl:choose>
      <xsl:when test="linked = 'true'">
        <p class="govuk-body"><w:t>Your account is linked with <w:v select="name"/>: you can sign in there instead of typing your password here.</w:t></p>
        <form action="/profil/sso/akhir" method="post">
          <xsl:call-template name="form-token"/>
          <button class="govuk-button govuk-button--secondary" type="submit"><w:t>Undo the link</w:t></button>
        </form>
      </xsl:when>
      <xsl:otherwise>
        <p class="govuk-body"><w:t>Once your account is linked with <w:v select="name"/>, you can sign in there instead of typing your password here.</w:t></p>
        <form action="/profil/sso" method="post">
          <xsl:call-template name="form-token"/>
          <button class="govuk-button govuk-button--secondary" type="submit"><w:t>Link my account</w:t></button>
        </form>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="passkeys/item">
    <li class="nsk-session">
      <p class="govuk-body">
        <xsl:value-of select="label"/><br/>
        <w:t>added </w:t><xsl:apply-templates select="made" mode="time"/>
        <xsl:if test="used"><w:t>, last used </w:t><xsl:apply-templates select="used" mode="time"/></xsl:if>
      </p>
      <form action="/profil/kunci/akhir" method="post">
        <xsl:call-template name="form-token"/>
        <input type="hidden" name="kunci" value="{id}"/>
        <button class="govuk-button govuk-button--secondary" type="submit"><w:t>Remove this passkey</w:t></button>
      </form>
    </li>
  </xsl:template>

  <xsl:template match="sessions/item">
    <li class="nsk-session">
      <p class="govuk-body">
        <xsl:value-of select="device"/><br/>
        <w:t>from <w:v select="address"/>, since </w:t><xsl:apply-templates select="begun" mode="time"/>
        <w:t>, last used </w:t><xsl:apply-templates select="seen" mode="time"/>
      </p>
      <xsl:choose>
        <xsl:when test="session = /page/view/session"><p class="govuk-body"><strong class="govuk-tag"><w:t>This one</w:t></strong></p></xsl:when>
        <xsl:otherwise>
          <form action="/profil/sesi" method="post">
      <xsl:call-template name="form-token"/>
            <input type="hidden" name="sesi" value="{session}"/>
            <button class="govuk-button govuk-button--secondary" type="submit"><w:t>End this session</w:t></button>
          </form>
        </xsl:otherwise>
      </xsl:choose>
    </li>
  </xsl:template>
</xsl:stylesheet>
