<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Who stands in for whom: what "naskah duty", "handover" and "task orphans" answer. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Deputies and absences</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><w:t>Deputies and absences</w:t></h1>
    <p class="govuk-inset-text"><w:t>While you are on leave, your work is shown to your substitute, who may prepare it; only a Plh. with a letter of assignment signs in your place, and then you do not. While you travel you go on deciding yourself.</w:t></p>
    <h2 class="govuk-heading-m"><w:t>Who is there for my positions today</w:t></h2>
    <xsl:if test="not(view/positions/item)"><p class="govuk-body"><w:t>You hold no position today.</w:t></p></xsl:if>
    <ul class="nsk-tasks"><xsl:apply-templates select="view/positions/item"/></ul>
    <xsl:apply-templates select="view" mode="mine"/>
    <xsl:apply-templates select="view" mode="enter"/>
    <h2 class="govuk-heading-m"><w:t>What comes to me through others</w:t></h2>
    <xsl:choose>
      <xsl:when test="view/others/item">
        <ul class="govuk-list govuk-list--bullet">
          <xsl:for-each select="view/others/item"><li><xsl:value-of select="name"/><xsl:text>: </xsl:text><xsl:call-template name="days"/></li></xsl:for-each>
        </ul>
        <p class="govuk-body"><a class="govuk-link" href="/tugas"><w:t>Their work is in my list, and says so</w:t></a></p>
      </xsl:when>
      <xsl:otherwise><p class="govuk-body"><w:t>You stand in for nobody.</w:t></p></xsl:otherwise>
    </xsl:choose>
    <xsl:apply-templates select="view/orphans[item]"/>
    <xsl:apply-templates select="view" mode="handover"/>
  </xsl:template>

  <xsl:template match="positions/item">
    <li class="nsk-task">
      <span class="nsk-task__subject"><xsl:value-of select="title"/></span>
      <p class="nsk-task__facts"><span><xsl:value-of select="says"/></span></p>
      <ul class="govuk-list govuk-list--bullet">
        <xsl:for-each select="people/item">
          <li>
            <xsl:value-of select="name"/>
            <xsl:if test="substitutes"><xsl:text>, </xsl:text><w:t>as substitute</w:t></xsl:if>
            <xsl:if test="on_duty = 'true'"><xsl:text>, </xsl:text><w:t>on duty</w:t></xsl:if>
            <xsl:if test="away = 'true'"><xsl:text>, </xsl:text><w:t>away</w:t></xsl:if>
            <xsl:if test="travels = 'true'"><xsl:text>, </xsl:text><w:t>travels, can be reached</w:t></xsl:if>
            <xsl:if test="back"><xsl:text>, </xsl:text><w:t>back on <w:v select="back/@date"/></w:t></xsl:if>
          </li>
        </xsl:for-each>
      </ul>
    </li>
  </xsl:template>

  <!-- From when to when, and what. -->
  <xsl:template name="days">
    <xsl:choose>
      <xsl:when test="what = 'travel'"><w:t>travels</w:t></xsl:when>
      <xsl:otherwise><w:t>on leave</w:t></xsl:otherwise>
    </xsl:choose>
    <xsl:text> </xsl:text><w:t>from <w:v select="from/@date"/></w:t>
    <xsl:if test="until"><xsl:text> </xsl:text><w:t>until <w:v select="until/@date"/></w:t></xsl:if>
  </xsl:template>

  <xsl:template match="view" mode="mine">
    <h2 class="govuk-heading-m"><w:t>When I am away</w:t></h2>
    <xsl:if test="not(mine/item)"><p class="govuk-body"><w:t>Nothing is entered: you are there.</w:t></p></xsl:if>
    <ul class="nsk-tasks">
      <xsl:for-each select="mine/item">
        <li class="nsk-task">
          <p class="govuk-body"><xsl:call-template name="days"/>
            <xsl:choose>
              <xsl:when test="substitute_name"><xsl:text>; </xsl:text><w:t>in the place: <w:v select="substitute_name"/></w:t></xsl:when>
              <xsl:otherwise><xsl:text>; </xsl:text><strong><w:t>nobody stands in</w:t></strong></xsl:otherwise>
            </xsl:choose>
          </p>
          <form action="/wakil/akhir" method="post">
            <xsl:call-template name="form-token"/>
            <input type="hidden" name="macam" value="{what}"/>
            <input type="hidden" name="dari" value="{from}"/>
            <xsl:if test="position"><input type="hidden" name="jabatan" value="{position}"/></xsl:if>
            <button class="govuk-button govuk-button--secondary" type="submit">
              <xsl:choose>
                <xsl:when test="begun = 'true'"><w:t>I am back</w:t></xsl:when>
                <xsl:otherwise><w:t>Take it out</w:t></xsl:otherwise>
              </xsl:choose>
            </button>
          </form>
        </li>
      </xsl:for-each>
    </ul>
  </xsl:template>

  <xsl:template match="view" mode="enter">
    <h2 class="govuk-heading-m"><w:t>I shall be away</w:t></h2>
    <form action="/wakil" method="post">
      <xsl:call-template name="form-token"/>
      <fieldset class="govuk-fieldset nsk-taps">
        <legend class="govuk-fieldset__legend govuk-fieldset__legend--s"><w:t>Why</w:t></legend>
        <xsl:call-template name="radio">
          <xsl:with-param name="name" select="'macam'"/><xsl:with-param name="value" select="'leave'"/>
          <xsl:with-param name="chosen" select="not(typed/macam = 'travel')"/>
          <xsl:with-param name="label"><w:t>Leave or illness</w:t></xsl:with-param>
          <xsl:with-param name="hint"><w:t>My work is shown to my substitute.</w:t></xsl:with-param>
        </xsl:call-template>
        <xsl:call-template name="radio">
          <xsl:with-param name="name" select="'macam'"/><xsl:with-param name="value" select="'travel'"/>
          <xsl:with-param name="chosen" select="typed/macam = 'travel'"/>
          <xsl:with-param name="label"><w:t>Travel for the office</w:t></xsl:with-param>
          <xsl:with-param name="hint"><w:t>I can be reached and go on deciding.</w:t></xsl:with-param>
        </xsl:call-template>
      </fieldset>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'dari'"/><xsl:with-param name="type" select="'date'"/><xsl:with-param name="digits" select="true()"/>
        <xsl:with-param name="label"><w:t>First day</w:t></xsl:with-param>
        <xsl:with-param name="value"><xsl:choose><xsl:when test="typed/dari"><xsl:value-of select="typed/dari"/></xsl:when><xsl:otherwise><xsl:value-of select="today"/></xsl:otherwise></xsl:choose></xsl:with-param>
      </xsl:call-template>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'sampai'"/><xsl:with-param name="type" select="'date'"/><xsl:with-param name="digits" select="true()"/>
        <xsl:with-param name="label"><w:t>Last day</w:t></xsl:with-param>
        <xsl:with-param name="hint"><w:t>Leave it empty if you do not know yet.</w:t></xsl:with-param>
        <xsl:with-param name="value" select="typed/sampai"/>
      </xsl:call-template>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'pengganti'"/>
        <xsl:with-param name="label"><w:t>Who stands in for me</w:t></xsl:with-param>
        <xsl:with-param name="hint"><w:t>A part of the name is enough. It may be left empty.</w:t></xsl:with-param>
        <xsl:with-param name="value" select="typed/pengganti"/>
      </xsl:call-template>
      <button class="govuk-button" type="submit"><w:t>Enter it</w:t></button>
    </form>
  </xsl:template>

  <xsl:template match="orphans">
    <h2 class="govuk-heading-m"><w:t>Work that nobody is there for</w:t></h2>
    <ul class="nsk-tasks">
      <xsl:for-each select="item">
        <li class="nsk-task">
          <a class="nsk-task__link" href="/surat/{letter}">
            <span class="nsk-task__do"><xsl:value-of select="name"/></span>
            <span class="nsk-task__subject"><xsl:value-of select="subject"/></span>
          </a>
          <p class="nsk-task__facts"><span><xsl:value-of select="words"/></span><xsl:if test="back"><span><w:t>back on <w:v select="back/@date"/></w:t></span></xsl:if></p>
        </li>
      </xsl:for-each>
    </ul>
  </xsl:template>

  <xsl:template match="view" mode="handover">
    <h2 class="govuk-heading-m"><w:t>Handing a position over</w:t></h2>
    <xsl:if test="handovers/item">
      <ul class="nsk-links">
        <xsl:for-each select="handovers/item">
          <li><a class="govuk-link" href="/wakil/serah/{handover}"><xsl:value-of select="position"/><xsl:text>: </xsl:text><xsl:value-of select="giver"/><xsl:text> - </xsl:text><xsl:value-of select="receiver"/></a><xsl:text>, </xsl:text><xsl:value-of select="says"/></li>
        </xsl:for-each>
      </ul>
    </xsl:if>
    <xsl:if test="positions/item">
      <form action="/wakil/serah" method="post">
        <xsl:call-template name="form-token"/>
        <div class="govuk-form-group">
          <label class="govuk-label" for="jabatan"><w:t>Which position</w:t></label>
          <select class="govuk-select" id="jabatan" name="jabatan">
            <xsl:for-each select="positions/item"><option value="{position}"><xsl:value-of select="title"/></option></xsl:for-each>
          </select>
        </div>
        <xsl:call-template name="typed">
          <xsl:with-param name="name" select="'penerima'"/>
          <xsl:with-param name="label"><w:t>Who takes it over</w:t></xsl:with-param>
          <xsl:with-param name="hint"><w:t>A list of all open work is made; both of you confirm it.</w:t></xsl:with-param>
          <xsl:with-param name="value" select="typed/penerima"/>
        </xsl:call-template>
        <button class="govuk-button govuk-button--secondary" type="submit"><w:t>Make the list</w:t></button>
      </form>
    </xsl:if>
  </xsl:template>
</xsl:stylesheet>
