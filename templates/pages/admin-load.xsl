<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- A file of the directory. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Load a file into the directory</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:call-template name="back"><xsl:with-param name="href" select="'/kelola'"/><xsl:with-param name="words"><w:t>Administration</w:t></xsl:with-param></xsl:call-template>
    <h1 class="govuk-heading-l"><w:t>Load a file into the directory</w:t></h1>
    <p class="govuk-body"><w:t>Choose a table in CSV, or a file in XML. Rows with the same key are replaced, others stay. Either all of it is taken or nothing; first you see what would change.</w:t></p>
    <xsl:if test="view/issues/item">
      <h2 class="govuk-heading-m"><w:t>What was found</w:t></h2>
      <ul class="govuk-list govuk-list--bullet nsk-proof"><xsl:for-each select="view/issues/item"><li><xsl:value-of select="."/></li></xsl:for-each></ul>
    </xsl:if>
    <xsl:apply-templates select="view/preview[digest]"/>
    <xsl:if test="not(view/preview/digest)">
      <form action="/kelola/muat" method="post" enctype="multipart/form-data">
        <xsl:call-template name="form-token"/>
        <div class="govuk-form-group">
          <label class="govuk-label" for="berkas"><w:t>File</w:t></label>
          <input class="govuk-file-upload" id="berkas" name="berkas" type="file"/>
        </div>
        <button class="govuk-button" type="submit"><w:t>Show what it would change</w:t></button>
      </form>
      <details class="govuk-details">
        <summary class="govuk-details__summary"><span class="govuk-details__summary-text"><w:t>What a table looks like</w:t></span></summary>
        <div class="govuk-details__text">
          <p class="govuk-body"><w:t>The first line names the columns, and by them it is known which table it is. A column that you leave out stays as it is. In a spreadsheet save it as CSV UTF-8 with commas.</w:t></p>
          <pre class="nsk-proof" tabindex="0">id,name,nip,rank,email
sari,Sari Dewanti,199001012015012001,Penata (III/c),sari@instansi.example</pre>
          <pre class="nsk-proof" tabindex="0">id,unit,title,superior
kasubbag-umum,biro-umum,Kepala Subbagian Umum,kepala-biro-umum</pre>
          <pre class="nsk-proof" tabindex="0">person,position,capacity,from,until
sari,kasubbag-umum,definitive,2026-08-01,</pre>
        </div>
      </details>
    </xsl:if>
  </xsl:template>

  <!-- What the file would change, and the decision. -->
  <xsl:template match="preview">
    <h2 class="govuk-heading-m"><w:t>What <w:v select="name"/> would change</w:t></h2>
    <p class="govuk-body"><w:t>New: <w:v select="n_new"/>. Changed: <w:v select="n_changed"/>. As they were: <w:v select="n_same"/>.</w:t></p>
    <xsl:choose>
      <xsl:when test="changes/item">
        <div class="nsk-wide" tabindex="0" role="region" aria-labelledby="perubahan">
          <table class="govuk-table">
            <caption class="govuk-table__caption govuk-table__caption--s" id="perubahan"><w:t>Changes, by line of the file</w:t></caption>
            <thead class="govuk-table__head"><tr class="govuk-table__row"><th scope="col" class="govuk-table__header"><w:t>Line</w:t></th><th scope="col" class="govuk-table__header"><w:t>Of</w:t></th><th scope="col" class="govuk-table__header"><w:t>What changes</w:t></th></tr></thead>
            <tbody class="govuk-table__body"><xsl:apply-templates select="changes/item"/></tbody>
          </table>
        </div>
        <xsl:if test="count(changes/item) &lt; n_new + n_changed"><p class="govuk-body"><w:t>These are the first <w:v select="count(changes/item)"/>.</w:t></p></xsl:if>
        <form action="/kelola/muat" method="post">
          <xsl:call-template name="form-token"/>
          <input type="hidden" name="nama" value="{name}"/>
          <input type="hidden" name="sidik" value="{digest}"/>
          <textarea name="isi" hidden="hidden" aria-hidden="true" tabindex="-1"><xsl:text>&#10;</xsl:text><xsl:value-of select="content"/></textarea>
          <button class="govuk-button govuk-button--warning" type="submit" name="tindakan" value="ubah"><w:t>Change the directory</w:t></button>
        </form>
      </xsl:when>
      <xsl:otherwise><p class="govuk-inset-text"><w:t>Nothing: all of it stands in the directory already.</w:t></p></xsl:otherwise>
    </xsl:choose>
    <p class="govuk-body"><a class="govuk-link" href="/kelola/muat"><w:t>Choose another file</w:t></a></p>
  </xsl:template>

  <xsl:template match="changes/item">
    <tr class="govuk-table__row">
      <td class="govuk-table__cell"><xsl:value-of select="line"/></td>
      <td class="govuk-table__cell"><xsl:if test="is_new = 'true'"><strong class="govuk-tag govuk-tag--green"><w:t>new</w:t></strong><xsl:text> </xsl:text></xsl:if><xsl:value-of select="concat(table, ': ', key)"/></td>
      <td class="govuk-table__cell"><ul class="govuk-list"><xsl:for-each select="values/item"><li><xsl:value-of select="concat(column, ': ')"/><xsl:if test="before != ''"><del><xsl:value-of select="before"/></del><xsl:text> → </xsl:text></xsl:if><xsl:choose><xsl:when test="after != ''"><ins><xsl:value-of select="after"/></ins></xsl:when><xsl:otherwise><w:t>(empty)</w:t></xsl:otherwise></xsl:choose></li></xsl:for-each></ul></td>
    </tr>
  </xsl:template>
</xsl:stylesheet>
