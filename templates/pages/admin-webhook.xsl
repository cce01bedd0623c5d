<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- One webhook, and what it was told. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><xsl:value-of select="view/webhook/label"/></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:call-template name="back"><xsl:with-param name="href" select="'/kelola/webhook'"/><xsl:with-param name="words"><w:t>Webhooks</w:t></xsl:with-param></xsl:call-template>
    <h1 class="govuk-heading-l"><xsl:value-of select="view/webhook/label"/></h1>
    <xsl:if test="view/secret">
      <h2 class="govuk-heading-m"><w:t>Its secret</w:t></h2>
      <p class="govuk-inset-text"><strong class="nsk-proof"><xsl:value-of select="view/secret"/></strong></p>
      <p class="govuk-body"><w:t>It is shown this once. Give it to who looks after the program; by it the program knows that a message is of this office.</w:t></p>
    </xsl:if>
    <dl class="govuk-summary-list">
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Address</w:t></xsl:with-param><xsl:with-param name="value" select="string(view/webhook/url)"/></xsl:call-template>
      <div class="govuk-summary-list__row"><dt class="govuk-summary-list__key"><w:t>State</w:t></dt><dd class="govuk-summary-list__value"><xsl:call-template name="webhook-state"><xsl:with-param name="webhook" select="view/webhook"/></xsl:call-template></dd></div>
      <xsl:if test="view/webhook/failing"><div class="govuk-summary-list__row"><dt class="govuk-summary-list__key"><w:t>Fails since</w:t></dt><dd class="govuk-summary-list__value"><xsl:apply-templates select="view/webhook/failing" mode="time"/></dd></div></xsl:if>
      <xsl:if test="view/webhook/old_secret_until"><div class="govuk-summary-list__row"><dt class="govuk-summary-list__key"><w:t>The old secret is good until</w:t></dt><dd class="govuk-summary-list__value"><xsl:apply-templates select="view/webhook/old_secret_until" mode="time"/></dd></div></xsl:if>
    </dl>
    <form action="/kelola/webhook/{view/webhook/id}" method="post">
      <xsl:call-template name="form-token"/>
      <button class="govuk-button govuk-button--secondary" type="submit" name="tindakan" value="coba"><w:t>Send something to try it</w:t></button>
    </form>
    <xsl:apply-templates select="view/deliveries"/>
    <xsl:apply-templates select="view" mode="replay"/>
    <xsl:apply-templates select="view" mode="change"/>
  </xsl:template>

  <xsl:template match="deliveries">
    <h2 class="govuk-heading-m" id="catatan"><w:t>What it was told</w:t></h2>
    <xsl:if test="not(item)"><p class="govuk-body"><w:t>There is none.</w:t></p></xsl:if>
    <xsl:if test="item">
    <div class="nsk-wide" tabindex="0" role="region" aria-labelledby="catatan">
      <table class="govuk-table">
        <thead class="govuk-table__head"><tr class="govuk-table__row"><th scope="col" class="govuk-table__header"><w:t>When</w:t></th><th scope="col" class="govuk-table__header"><w:t>What</w:t></th><th scope="col" class="govuk-table__header"><w:t>State</w:t></th><th scope="col" class="govuk-table__header"><w:t>Last answer</w:t></th><th scope="col" class="govuk-table__header"><w:t>Once more</w:t></th></tr></thead>
        <tbody class="govuk-table__body"><xsl:apply-templates select="item"/></tbody>
      </table>
    </div>
    </xsl:if>
    <xsl:if test="/page/view/next">
      <xsl:call-template name="next-page"><xsl:with-param name="href" select="concat('/kelola/webhook/', /page/view/webhook/id, '?setelah=', /page/view/next)"/></xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="deliveries/item">
    <tr class="govuk-table__row">
      <td class="govuk-table__cell"><xsl:apply-templates select="at" mode="time"/></td>
      <td class="govuk-table__cell"><xsl:value-of select="type"/></td>
      <td class="govuk-table__cell">
        <xsl:choose>
          <xsl:when test="state = 'sent'"><strong class="govuk-tag govuk-tag--green"><w:t>it came</w:t></strong></xsl:when>
          <xsl:when test="state = 'failed'"><strong class="govuk-tag govuk-tag--red"><w:t>given up</w:t></strong></xsl:when>
          <xsl:when test="state = 'withheld'"><w:t>withheld: secret</w:t></xsl:when>
          <xsl:otherwise><strong class="govuk-tag govuk-tag--orange"><w:t>waits</w:t></strong></xsl:otherwise>
        </xsl:choose>
        <xsl:if test="tries &gt; 1"><xsl:text> </xsl:text><w:t>after <w:v select="tries"/> tries</w:t></xsl:if>
      </td>
      <td class="govuk-table__cell"><xsl:for-each select="attempts/item[1]"><xsl:choose><xsl:when test="fault"><xsl:value-of select="fault"/></xsl:when><xsl:otherwise><xsl:value-of select="status"/></xsl:otherwise></xsl:choose></xsl:for-each></td>
      <td class="govuk-table__cell">
        <xsl:if test="state != 'withheld'">
        <form action="/kelola/webhook/{/page/view/webhook/id}" method="post">
          <xsl:call-template name="form-token"/>
          <input type="hidden" name="peristiwa" value="{event}"/>
          <button class="govuk-button govuk-button--secondary" type="submit" name="tindakan" value="ulang"><w:t>Send again</w:t><span class="govuk-visually-hidden"><xsl:text> </xsl:text><xsl:value-of select="concat(type, ' ', at)"/></span></button>
        </form>
        </xsl:if>
      </td>
    </tr>
  </xsl:template>

  <xsl:template match="view" mode="replay">
    <h2 class="govuk-heading-m"><w:t>Send all of it again</w:t></h2>
    <form action="/kelola/webhook/{webhook/id}" method="post">
      <xsl:call-template name="form-token"/>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'sejak'"/>
        <xsl:with-param name="label"><w:t>What happened since this day</w:t></xsl:with-param>
        <xsl:with-param name="type" select="'date'"/>
      </xsl:call-template>
      <button class="govuk-button govuk-button--secondary" type="submit" name="tindakan" value="sejak"><w:t>Send it again</w:t></button>
    </form>
  </xsl:template>

  <xsl:template match="view" mode="change">
    <h2 class="govuk-heading-m"><w:t>Change it</w:t></h2>
    <form action="/kelola/webhook/{webhook/id}" method="post">
      <xsl:call-template name="form-token"/>
      <input type="hidden" name="versi" value="{webhook/version}"/>
      <xsl:call-template name="webhook-fields">
        <xsl:with-param name="label" select="webhook/label"/>
        <xsl:with-param name="url" select="webhook/url"/>
      </xsl:call-template>
      <div class="govuk-form-group">
        <div class="govuk-checkboxes"><div class="govuk-checkboxes__item">
          <input class="govuk-checkboxes__input" type="checkbox" id="nyala" name="nyala" value="1"><xsl:if test="webhook/active = 'true'"><xsl:attribute name="checked">checked</xsl:attribute></xsl:if></input>
          <label class="govuk-label govuk-checkboxes__label" for="nyala"><w:t>Switched on</w:t></label>
        </div></div>
      </div>
      <button class="govuk-button" type="submit" name="tindakan" value="ubah"><w:t>Keep it</w:t></button>
    </form>
    <form action="/kelola/webhook/{webhook/id}" method="post">
      <xsl:call-template name="form-token"/>
      <input type="hidden" name="versi" value="{webhook/version}"/>
      <p class="govuk-body"><w:t>After a new secret, messages carry proofs by both for 24 hours, so that none is missed meanwhile.</w:t></p>
      <button class="govuk-button govuk-button--secondary" type="submit" name="tindakan" value="rahasia"><w:t>Give it a new secret</w:t></button>
      <xsl:text> </xsl:text>
      <button class="govuk-button govuk-button--warning" type="submit" name="tindakan" value="hapus"><w:t>Remove it, with what it was told</w:t></button>
    </form>
  </xsl:template>
</xsl:stylesheet>
