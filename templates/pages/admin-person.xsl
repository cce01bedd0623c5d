<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- A person, with all that he held, and his account. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><xsl:value-of select="view/printed"/></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:call-template name="back"><xsl:with-param name="href" select="'/kelola/orang'"/><xsl:with-param name="words"><w:t>People</w:t></xsl:with-param></xsl:call-template>
    <h1 class="govuk-heading-l"><xsl:value-of select="view/printed"/></h1>
    <dl class="govuk-summary-list">
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Short name</w:t></xsl:with-param><xsl:with-param name="value" select="string(view/person)"/></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>NIP</w:t></xsl:with-param><xsl:with-param name="value" select="string(view/nip)"/></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Rank</w:t></xsl:with-param><xsl:with-param name="value" select="string(view/rank)"/></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>E-mail</w:t></xsl:with-param><xsl:with-param name="value" select="string(view/email)"/></xsl:call-template>
    </dl>
    <h2 class="govuk-heading-m"><w:t>Positions</w:t></h2>
    <ul class="nsk-tasks"><xsl:apply-templates select="view/holdings/item"/></ul>
    <xsl:if test="not(view/holdings/item)"><p class="govuk-body"><w:t>He never held one.</w:t></p></xsl:if>
    <xsl:apply-templates select="view" mode="give"/>
    <xsl:apply-templates select="view" mode="account"/>
  </xsl:template>

  <xsl:template match="holdings/item">
    <li class="nsk-task">
      <span class="nsk-task__subject"><xsl:value-of select="title"/></span>
      <p class="nsk-task__facts"><span><xsl:choose><xsl:when test="capacity = 'definitive'"><w:t>definitive</w:t></xsl:when><xsl:when test="capacity = 'plt'">Plt.</xsl:when><xsl:when test="capacity = 'plh'">Plh.</xsl:when><xsl:when test="capacity = 'pj'">Pj.</xsl:when><xsl:when test="capacity = 'an'">a.n.</xsl:when><xsl:when test="capacity = 'ub'">u.b.</xsl:when><xsl:otherwise><xsl:value-of select="capacity"/></xsl:otherwise></xsl:choose></span><span><w:t>from <w:v select="from/@date"/></w:t><xsl:if test="until"><xsl:text> </xsl:text><w:t>until <w:v select="until/@date"/></w:t></xsl:if></span>
        <xsl:choose>
          <xsl:when test="over = 'true'"><strong class="govuk-tag"><w:t>ended</w:t></strong></xsl:when>
          <xsl:otherwise><a class="govuk-link" href="/kelola/orang/{/page/view/person}/akhiri?jabatan={position}&amp;dari={from}&amp;macam={capacity}"><w:t>End <w:v select="title"/></w:t></a></xsl:otherwise>
        </xsl:choose></p>
    </li>
  </xsl:template>

  <xsl:template match="view" mode="give">
    <h2 class="govuk-heading-m"><w:t>Give a position</w:t></h2>
    <form action="/kelola/orang/{person}/jabatan" method="post">
      <xsl:call-template name="form-token"/>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'jabatan'"/>
        <xsl:with-param name="label"><w:t>Position</w:t></xsl:with-param>
        <xsl:with-param name="hint"><w:t>Its short name, as the list of positions has it.</w:t></xsl:with-param>
      </xsl:call-template>
      <fieldset class="govuk-fieldset nsk-taps">
        <legend class="govuk-fieldset__legend govuk-fieldset__legend--s"><w:t>How</w:t></legend>
        <xsl:call-template name="radio"><xsl:with-param name="name" select="'macam'"/><xsl:with-param name="value" select="'definitive'"/><xsl:with-param name="chosen" select="true()"/><xsl:with-param name="label"><w:t>definitive</w:t></xsl:with-param></xsl:call-template>
        <xsl:call-template name="radio"><xsl:with-param name="name" select="'macam'"/><xsl:with-param name="value" select="'plt'"/><xsl:with-param name="label">Plt.</xsl:with-param><xsl:with-param name="hint"><w:t>The position is vacant.</w:t></xsl:with-param></xsl:call-template>
        <xsl:call-template name="radio"><xsl:with-param name="name" select="'macam'"/><xsl:with-param name="value" select="'plh'"/><xsl:with-param name="label">Plh.</xsl:with-param><xsl:with-param name="hint"><w:t>Who holds it is away.</w:t></xsl:with-param></xsl:call-template>
      </fieldset>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'dari'"/>
        <xsl:with-param name="label"><w:t>First day</w:t></xsl:with-param>
        <xsl:with-param name="type" select="'date'"/>
        <xsl:with-param name="digits" select="true()"/>
        <xsl:with-param name="value" select="today"/>
      </xsl:call-template>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'sampai'"/>
        <xsl:with-param name="label"><w:t>Last day</w:t></xsl:with-param>
        <xsl:with-param name="hint"><w:t>Leave it empty if you do not know yet.</w:t></xsl:with-param>
        <xsl:with-param name="type" select="'date'"/>
        <xsl:with-param name="digits" select="true()"/>
      </xsl:call-template>
      <button class="govuk-button" type="submit"><w:t>Give the position</w:t></button>
    </form>
  </xsl:template>

  <xsl:template match="view" mode="account">
    <h2 class="govuk-heading-m"><w:t>Account</w:t></h2>
    <xsl:choose>
      <xsl:when test="account">
        <p class="govuk-body"><xsl:value-of select="account/name"/><xsl:text>: </xsl:text><xsl:call-template name="account-state"><xsl:with-param name="account" select="account"/></xsl:call-template></p>
        <ul class="nsk-links">
          <li><a class="govuk-link" href="/kelola/orang/{person}/akun/sandi"><w:t>Give a new password</w:t></a></li>
          <xsl:if test="account/state != 'locked'"><li><a class="govuk-link" href="/kelola/orang/{person}/akun/kunci"><w:t>Lock the account</w:t></a></li></xsl:if>
        </ul>
      </xsl:when>
      <xsl:otherwise>
        <p class="govuk-body"><w:t>He cannot sign in.</w:t></p>
        <p class="govuk-body"><a class="govuk-link" href="/kelola/orang/{person}/akun/buat"><w:t>Make an account</w:t></a></p>
      </xsl:otherwise>
    </xsl:choose>
    <xsl:if test="sessions/item">
      <h3 class="govuk-heading-s"><w:t>Where he is signed in</w:t></h3>
      <ul class="govuk-list govuk-list--bullet nsk-proof"><xsl:for-each select="sessions/item"><li><xsl:value-of select="agent"/><xsl:text>, </xsl:text><w:t>from <w:v select="address"/>, since </w:t><xsl:apply-templates select="begun" mode="time"/></li></xsl:for-each></ul>
      <p class="govuk-body"><w:t>A new password, or locking the account, ends all of them.</w:t></p>
    </xsl:if>
  </xsl:template>
</xsl:stylesheet>
