<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!--
  A letter for reading on a phone and by screen readers: XSL-FO, as the layouts give it, to HTML.

  The pages and this reading have the same words in the same order because both are made of the same
  formatting objects.  What only pages need is left out: page numbers, lengths, marks repeated on
  each page.  Structure comes from the roles (H1 to H6; "Div" says that a table only lays out label
  rows) and from the objects themselves.  The program adds two things before: @src of a graphic is a
  data: address, and nf:qr has @path and @modules.

  One file without scripts, without anything from outside, in light and dark, from 320 px on.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:fo="http://www.w3.org/1999/XSL/Format" xmlns:nf="urn:naskah:fo:1"
                exclude-result-prefixes="fo nf">
  <xsl:output method="html" encoding="UTF-8" indent="no" doctype-system="about:legacy-compat"/>
  <xsl:strip-space elements="fo:root fo:page-sequence fo:flow fo:static-content fo:list-block fo:list-item fo:list-item-label fo:list-item-body fo:table fo:table-header fo:table-footer fo:table-body fo:table-row fo:table-cell fo:block-container"/>

  <xsl:param name="title"/>
  <xsl:param name="letter">Surat</xsl:param>
  <xsl:param name="signature">Tanda tangan</xsl:param>
  <xsl:param name="attachment">Lampiran</xsl:param>
  <xsl:param name="table">Tabel</xsl:param>

  <xsl:template match="/fo:root">
    <html lang="{@language}">
      <head>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"/>
        <meta name="color-scheme" content="light dark"/>
        <title><xsl:value-of select="$title"/></title>
        <style><xsl:call-template name="style"/></style>
      </head>
      <body>
        <main aria-label="{$letter}">
          <xsl:apply-templates select="fo:page-sequence"/>
        </main>
        <xsl:variable name="foot" select="fo:page-sequence[1]/fo:static-content[@flow-name = 'foot']"/>
        <xsl:if test="normalize-space($foot) != ''">
          <footer><xsl:apply-templates select="$foot/*"/></footer>
        </xsl:if>
      </body>
    </html>
  </xsl:template>

  <!-- ==== The parts of a letter ==== -->

  <xsl:template match="fo:page-sequence[1]">
    <xsl:variable name="marks" select="fo:static-content[@flow-name = 'head-first']"/>
    <xsl:if test="normalize-space($marks) != ''"><div class="marks"><xsl:apply-templates select="$marks/*"/></div></xsl:if>
    <xsl:apply-templates select="fo:flow"/>
  </xsl:template>

  <xsl:template match="fo:page-sequence">
    <section aria-label="{$attachment}" class="attachment"><xsl:apply-templates select="fo:flow"/></section>
  </xsl:template>

  <xsl:template match="fo:flow"><xsl:apply-templates select="*"/></xsl:template>

  <!-- The kop is what begins a letter with an emblem or a rule beneath. -->
  <xsl:template match="fo:page-sequence[1]/fo:flow/*[1][self::fo:block and (descendant::fo:external-graphic or descendant-or-self::*[@border-bottom])]" priority="3">
    <header class="kop"><xsl:apply-templates/></header>
  </xsl:template>

  <xsl:template match="fo:flow/*[descendant::nf:signature-field]" priority="2">
    <section class="signature" aria-label="{$signature}"><xsl:apply-templates select="." mode="plain"/></section>
  </xsl:template>
  <xsl:template match="fo:table" mode="plain"><xsl:call-template name="table"/></xsl:template>
  <xsl:template match="*" mode="plain"><xsl:apply-templates/></xsl:template>

  <!-- ==== Blocks ==== -->

  <xsl:template match="fo:block">
    <xsl:variable name="holds-blocks" select="fo:block | fo:table | fo:list-block | fo:block-container | fo:table-and-caption"/>
    <xsl:choose>
      <xsl:when test="$holds-blocks"><div><xsl:call-template name="look"/><xsl:apply-templates/></div></xsl:when>
      <xsl:when test="not(normalize-space(.)) and not(descendant::fo:external-graphic or descendant::nf:qr)"/>
      <xsl:when test="@role = 'H1'"><h1><xsl:call-template name="look"/><xsl:apply-templates/></h1></xsl:when>
      <xsl:when test="@role = 'H2'"><h2><xsl:call-template name="look"/><xsl:apply-templates/></h2></xsl:when>
      <xsl:when test="@role = 'H3'"><h3><xsl:call-template name="look"/><xsl:apply-templates/></h3></xsl:when>
      <xsl:when test="@role = 'H4' or @role = 'H5' or @role = 'H6'"><h4><xsl:call-template name="look"/><xsl:apply-templates/></h4></xsl:when>
      <xsl:when test="parent::fo:table-cell or parent::fo:list-item-label or parent::fo:list-item-body">
        <div><xsl:call-template name="look"/><xsl:apply-templates/></div>
      </xsl:when>
      <xsl:otherwise><p><xsl:call-template name="look"/><xsl:apply-templates/></p></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="fo:block-container | fo:static-content"><div><xsl:apply-templates/></div></xsl:template>
  <xsl:template match="fo:wrapper"><xsl:apply-templates/></xsl:template>

  <!-- Names of looks; lengths and fonts of paper are not for screens. -->
  <xsl:template name="look">
    <xsl:variable name="class">
      <xsl:if test="@text-align = 'center'"> center</xsl:if>
      <xsl:if test="@font-weight = 'bold'"> bold</xsl:if>
      <xsl:if test="contains(@border, 'solid') and not(self::fo:table-cell)"> box</xsl:if>
      <xsl:if test="@color = '#808080'"> place</xsl:if>
      <xsl:if test="@color = '#c00000'"> secret</xsl:if>
      <xsl:if test="@font-size = '7pt' or @font-size = '7.5pt'"> small</xsl:if>
    </xsl:variable>
    <xsl:if test="$class != ''"><xsl:attribute name="class"><xsl:value-of select="normalize-space($class)"/></xsl:attribute></xsl:if>
  </xsl:template>

  <!-- ==== Lists: their labels are words of the letter ==== -->

  <xsl:template match="fo:list-block">
    <xsl:variable name="first" select="normalize-space(fo:list-item[1]/fo:list-item-label)"/>
    <xsl:choose>
      <xsl:when test="$first = '•' or $first = '–' or $first = '-'"><ul role="list"><xsl:apply-templates select="fo:list-item"/></ul></xsl:when>
      <xsl:otherwise><ol role="list"><xsl:apply-templates select="fo:list-item"/></ol></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="fo:list-item">
    <li>
      <div class="label"><xsl:apply-templates select="fo:list-item-label/*"/></div>
      <div class="item"><xsl:apply-templates select="fo:list-item-body/*"/></div>
    </li>
  </xsl:template>

  <!-- ==== Tables ==== -->

  <xsl:template match="fo:table"><xsl:call-template name="table"/></xsl:template>

  <xsl:template name="table">
    <xsl:choose>
      <xsl:when test="@role = 'Div'"><div class="rows"><xsl:apply-templates select="fo:table-header | fo:table-body" mode="rows"/></div></xsl:when>
      <xsl:otherwise>
        <xsl:variable name="before" select="preceding-sibling::*[1][self::fo:block]"/>
        <table>
          <!-- the words that announce a table name it -->
          <xsl:choose>
            <xsl:when test="$before and normalize-space($before) != ''"><xsl:attribute name="aria-label"><xsl:value-of select="normalize-space($before)"/></xsl:attribute></xsl:when>
            <xsl:otherwise><xsl:attribute name="aria-label"><xsl:value-of select="$table"/></xsl:attribute></xsl:otherwise>
          </xsl:choose>
          <xsl:if test="fo:table-header"><thead><xsl:apply-templates select="fo:table-header" mode="cells"/></thead></xsl:if>
          <tbody><xsl:apply-templates select="fo:table-body" mode="cells"/></tbody>
        </table>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="fo:table-header | fo:table-body" mode="cells">
    <xsl:for-each select="fo:table-row">
      <tr><xsl:apply-templates select="fo:table-cell" mode="cells"/></tr>
    </xsl:for-each>
  </xsl:template>

  <xsl:template match="fo:table-cell" mode="cells">
    <xsl:choose>
      <xsl:when test="ancestor::fo:table-header"><th scope="col"><xsl:call-template name="cell"/></th></xsl:when>
      <xsl:otherwise><td><xsl:call-template name="cell"/></td></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="cell">
    <xsl:if test="@number-columns-spanned &gt; 1"><xsl:attribute name="colspan"><xsl:value-of select="@number-columns-spanned"/></xsl:attribute></xsl:if>
    <xsl:if test="@number-rows-spanned &gt; 1"><xsl:attribute name="rowspan"><xsl:value-of select="@number-rows-spanned"/></xsl:attribute></xsl:if>
    <xsl:if test="@text-align = 'right' or @text-align = 'end' or @text-align = 'center'">
      <xsl:attribute name="class"><xsl:choose><xsl:when test="@text-align = 'center'">center</xsl:when><xsl:otherwise>end</xsl:otherwise></xsl:choose></xsl:attribute>
    </xsl:if>
    <xsl:apply-templates/>
  </xsl:template>

  <!-- Label, colon, value; or what stands beside each other on paper. -->
  <xsl:template match="fo:table-header | fo:table-body" mode="rows">
    <xsl:for-each select="fo:table-row">
      <div class="row">
        <xsl:for-each select="fo:table-cell[normalize-space(.) != '' or .//fo:external-graphic or .//nf:qr]">
          <div>
            <xsl:attribute name="class">
              <xsl:choose>
                <xsl:when test="normalize-space(.) = ':'">colon</xsl:when>
                <xsl:when test="normalize-space(following-sibling::fo:table-cell[1]) = ':'">name</xsl:when>
                <xsl:otherwise>value</xsl:otherwise>
              </xsl:choose>
            </xsl:attribute>
            <xsl:apply-templates/>
          </div>
        </xsl:for-each>
      </div>
    </xsl:for-each>
  </xsl:template>

  <!-- ==== Inside lines ==== -->

  <xsl:template match="fo:inline">
    <xsl:choose>
      <xsl:when test="@linefeed-treatment = 'preserve' and not(translate(., ' &#10;', ''))"><br/></xsl:when>
      <xsl:when test="@font-weight = 'bold'"><b><xsl:apply-templates/></b></xsl:when>
      <xsl:when test="@font-style = 'italic'"><i><xsl:apply-templates/></i></xsl:when>
      <xsl:when test="contains(@text-decoration, 'underline')"><u><xsl:apply-templates/></u></xsl:when>
      <xsl:when test="@baseline-shift = 'super'"><sup><xsl:apply-templates/></sup></xsl:when>
      <xsl:when test="@baseline-shift = 'sub'"><sub><xsl:apply-templates/></sub></xsl:when>
      <xsl:when test="@color"><span><xsl:call-template name="look"/><xsl:apply-templates/></span></xsl:when>
      <xsl:otherwise><xsl:apply-templates/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="fo:basic-link">
    <xsl:variable name="to" select="normalize-space(translate(@external-destination, '&quot;', ''))"/>
    <xsl:choose>
      <xsl:when test="starts-with($to, 'https://') or starts-with($to, 'http://') or starts-with($to, 'mailto:')"><a href="{$to}" rel="noreferrer"><xsl:apply-templates/></a></xsl:when>
      <xsl:otherwise><xsl:apply-templates/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="fo:external-graphic">
    <xsl:if test="starts-with(@src, 'data:image/')">
      <img src="{@src}" alt="{@nf:alt}">
        <xsl:if test="contains(@content-width, 'mm')"><xsl:attribute name="style">width:<xsl:value-of select="number(substring-before(@content-width, 'mm'))"/>mm</xsl:attribute></xsl:if>
      </img>
    </xsl:if>
  </xsl:template>

  <xsl:template match="fo:instream-foreign-object">
    <xsl:for-each select="nf:qr[@path]">
      <xsl:choose>
        <xsl:when test="starts-with(@text, 'https://')"><a href="{@text}" class="qr" rel="noreferrer"><xsl:call-template name="qr"/></a></xsl:when>
        <xsl:otherwise><span class="qr"><xsl:call-template name="qr"/></span></xsl:otherwise>
      </xsl:choose>
    </xsl:for-each>
  </xsl:template>

  <xsl:template name="qr">
    <svg role="img" aria-label="{../@nf:alt}" viewBox="-4 -4 {@modules + 8} {@modules + 8}" shape-rendering="crispEdges"><path fill="#fff" d="M-4-4h{@modules + 8}v{@modules + 8}h-{@modules + 8}z"/><path d="{@path}"/></svg>
  </xsl:template>

  <xsl:template match="fo:leader"><xsl:text> </xsl:text></xsl:template>
  <xsl:template match="fo:footnote"><xsl:apply-templates select="fo:inline"/><small><xsl:apply-templates select="fo:footnote-body"/></small></xsl:template>
  <xsl:template match="fo:page-number | fo:page-number-citation | fo:page-number-citation-last | fo:marker | fo:retrieve-marker"/>

  <xsl:template name="style">
:root{color-scheme:light dark;--ink:#16181d;--paper:#fff;--line:#767b86;--soft:#5a606b;--desk:#eceef1;--red:#b00000}
@media(prefers-color-scheme:dark){:root{--ink:#e8eaee;--paper:#1b1e24;--line:#8a909c;--soft:#a9afba;--desk:#101216;--red:#ff8a80}}
*{box-sizing:border-box}
body{margin:0;background:var(--desk);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",Arial,sans-serif;overflow-wrap:anywhere}
main,footer{max-width:46rem;margin:0 auto;padding:1rem;background:var(--paper)}
@media(min-width:48rem){main{margin-top:1.5rem;padding:2.5rem 3rem}footer{padding:0 3rem 2rem}}
p{margin:.6em 0}h1{font-size:1.15rem;line-height:1.35;margin:.2em 0}h2,h3,h4{font-size:1.05rem;margin:1.2em 0 .5em}
.kop{border-bottom:2px solid var(--ink);padding-bottom:.8rem;margin-bottom:1.2rem}.kop p,.kop .value div{margin:0;text-align:center}
.kop{font-size:.9rem}.kop .row{align-items:center;justify-content:center}.kop .value:has(img){flex:0 0 auto}
img{max-width:22vw;height:auto}
.center,.marks{text-align:center}.end{text-align:right}.bold{font-weight:700}.place,.small{color:var(--soft)}.small{font-size:.85rem}.secret{color:var(--red);font-weight:700}.box{border:1px solid var(--line);padding:.5rem}
.row{display:flex;flex-wrap:wrap;column-gap:.5rem}.name{flex:0 0 6.5rem}.colon{flex:0 0 auto}.value{flex:1 1 9rem;min-width:0}
ol,ul{list-style:none;margin:.5em 0;padding:0}li{display:flex;gap:.5rem;margin:.25em 0}.label{flex:0 0 auto;min-width:1.6rem}.item{flex:1;min-width:0}
table{border-collapse:collapse;width:100%;margin:.8em 0;font-size:.94rem}th,td{border:1px solid var(--line);padding:.3rem .4rem;vertical-align:top;text-align:left}th.center,td.center{text-align:center}td.end,th.end{text-align:right}
@media(max-width:30rem){table{font-size:.8rem}th,td{padding:.2rem;hyphens:auto}.name{flex-basis:5rem}}
.signature{margin-top:1.5rem}@media(min-width:40rem){.signature{margin-left:45%}}
.qr svg{width:6rem;height:6rem;display:block}
.attachment{border-top:1px solid var(--line);margin-top:2rem;padding-top:1rem}
footer{color:var(--soft);font-size:.85rem}a{color:inherit}a:focus-visible{outline:3px solid}
@media print{:root{--ink:#000;--paper:#fff;--line:#000;--soft:#333;--desk:#fff;--red:#b00000}body{font-size:11pt}main,footer{max-width:none;margin:0;padding:0}table,.signature{break-inside:avoid}.attachment{break-before:page;border:0}}
@page{size:A4;margin:20mm}
</xsl:template>
</xsl:stylesheet>
