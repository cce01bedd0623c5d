<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- A second factor is begun: a picture for the app, and a first code from it. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Sign in with a code as well</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><w:t>Sign in with a code as well</w:t></h1>
    <p class="govuk-body"><w:t>An app on your telephone shows a code that changes every half minute. Who knows your password alone cannot sign in any more.</w:t></p>
    <ol class="govuk-list govuk-list--number">
      <li><w:t>Open an app for codes on your telephone, such as FreeOTP, Aegis or Google Authenticator.</w:t></li>
      <li><w:t>Let it read this picture.</w:t></li>
      <li><w:t>Type the six digits that it shows.</w:t></li>
    </ol>
    <svg class="nsk-qr" role="img" viewBox="-4 -4 {view/modules + 8} {view/modules + 8}" width="240" height="240" xmlns="http://www.w3.org/2000/svg">
      <w:attr name="aria-label">Picture for the app (QR)</w:attr>
      <rect x="-4" y="-4" width="{view/modules + 8}" height="{view/modules + 8}" fill="#fff"/>
      <path d="{view/picture}" fill="#000" shape-rendering="crispEdges"/>
    </svg>
    <details class="govuk-details">
      <summary class="govuk-details__summary"><span class="govuk-details__summary-text"><w:t>I cannot use the picture</w:t></span></summary>
      <div class="govuk-details__text"><w:t>Type this key into the app: </w:t><code class="nsk-proof"><xsl:value-of select="view/secret"/></code></div>
    </details>
    <form action="/profil/kode" method="post" novalidate="novalidate">
      <xsl:call-template name="form-token"/>
      <input type="hidden" name="tiket" value="{view/ticket}"/>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'kode'"/>
        <xsl:with-param name="label"><w:t>Code</w:t></xsl:with-param>
        <xsl:with-param name="complete" select="'one-time-code'"/>
        <xsl:with-param name="digits" select="true()"/>
      </xsl:call-template>
      <button class="govuk-button" type="submit"><w:t>Go on</w:t></button>
    </form>
  </xsl:template>
</xsl:stylesheet>
