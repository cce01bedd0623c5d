<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- A letter that is being written: a form that needs no script. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title">
    <xsl:choose>
      <xsl:when test="view/letter"><w:t>Change: <w:v select="view/title"/></w:t></xsl:when>
      <xsl:otherwise><w:t>New: <w:v select="view/title"/></w:t></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="page" mode="main">
    <xsl:choose>
      <xsl:when test="view/letter">
        <xsl:call-template name="back"><xsl:with-param name="href" select="concat('/surat/', view/letter)"/><xsl:with-param name="words"><w:t>All about this letter</w:t></xsl:with-param></xsl:call-template>
      </xsl:when>
      <xsl:otherwise>
        <xsl:call-template name="back"><xsl:with-param name="href" select="'/draf/baru'"/><xsl:with-param name="words"><w:t>Another kind of letter</w:t></xsl:with-param></xsl:call-template>
      </xsl:otherwise>
    </xsl:choose>
    <h1 class="govuk-heading-l"><xsl:value-of select="view/title"/></h1>
    <xsl:apply-templates select="view/kept"/>
    <xsl:apply-templates select="view/wishes"/>
    <xsl:apply-templates select="view/theirs"/>
    <xsl:apply-templates select="view" mode="draft"/>
    <xsl:if test="view/letter">
      <xsl:apply-templates select="view/attachments" mode="files"/>
      <p class="govuk-body"><a class="govuk-link" href="/surat/{view/letter}/lampiran"><w:t>Attach files, or take them out</w:t></a></p>
    </xsl:if>
  </xsl:template>

  <!-- What has to be mended before the letter goes on. -->
  <xsl:template match="wishes">
    <section class="govuk-inset-text" aria-labelledby="perlu">
      <h2 class="govuk-heading-s" id="perlu">
        <xsl:choose>
          <xsl:when test="item"><w:t>Before it goes on, mend this</w:t></xsl:when>
          <xsl:otherwise><w:t>Nothing is wrong with this letter</w:t></xsl:otherwise>
        </xsl:choose>
      </h2>
      <ul class="govuk-list govuk-list--bullet"><xsl:for-each select="item"><li><xsl:value-of select="words"/></li></xsl:for-each></ul>
      <xsl:if test="/page/view/checked"><p class="govuk-body"><w:t>Nothing is stored yet.</w:t></p></xsl:if>
    </section>
  </xsl:template>

  <!-- What he typed and did not store. -->
  <xsl:template match="kept">
    <xsl:variable name="address">/draf/<xsl:choose><xsl:when test="../letter"><xsl:value-of select="../letter"/></xsl:when><xsl:otherwise>baru</xsl:otherwise></xsl:choose></xsl:variable>
    <section class="govuk-inset-text" aria-labelledby="ketikan">
      <h2 class="govuk-heading-s" id="ketikan"><w:t>There is something that you typed and did not store, of <w:v select="@told"/></w:t></h2>
      <p class="govuk-body"><w:t>If you write on below without it, it is replaced by what you type then.</w:t></p>
      <form method="post" action="{$address}/buang">
        <xsl:call-template name="form-token"/>
        <input type="hidden" name="jenis" value="{../kind}"/>
        <div class="govuk-button-group">
          <a class="govuk-button" role="button" draggable="false">
            <xsl:attribute name="href"><xsl:value-of select="$address"/>?<xsl:if test="not(../letter)">jenis=<xsl:value-of select="../kind"/>&amp;</xsl:if>lanjut=1</xsl:attribute>
            <w:t>Go on with it</w:t>
          </a>
          <button class="govuk-button govuk-button--secondary" type="submit"><w:t>Throw it away</w:t></button>
        </div>
      </form>
    </section>
  </xsl:template>

  <!-- Who else is writing; a script shows it, too. -->
  <xsl:template name="other">
    <div class="govuk-inset-text nsk-other">
      <xsl:if test="not(lease)"><xsl:attribute name="hidden">hidden</xsl:attribute></xsl:if>
      <w:attr name="data-words"># has been writing this letter since #.</w:attr>
      <p class="govuk-body nsk-other__words" role="status"><xsl:if test="lease"><w:t><w:v select="lease/person"/> has been writing this letter since <w:v select="lease/since/@told"/>.</w:t></xsl:if></p>
      <p class="govuk-body"><w:t>If both of you write, the second one who stores it sees both. What you type is kept for you.</w:t></p>
      <button class="govuk-button govuk-button--secondary" type="submit" formnovalidate="formnovalidate" formaction="/draf/{letter}/ambil-alih"><w:t>Take over</w:t></button>
    </div>
  </xsl:template>

  <!-- What somebody else stored meanwhile. -->
  <xsl:template match="theirs">
    <section class="govuk-inset-text" aria-labelledby="mereka">
      <h2 class="govuk-heading-m" id="mereka"><w:t>What is stored now</w:t></h2>
      <p class="govuk-body"><w:t>Take over from here what you need. When you store the letter, what you typed below becomes the newest version; the other one stays in its history.</w:t></p>
      <p class="govuk-body"><strong><xsl:value-of select="subject"/></strong></p>
      <pre class="nsk-plain"><xsl:value-of select="text"/></pre>
    </section>
  </xsl:template>

  <xsl:template match="view" mode="draft">
    <form method="post" class="nsk-draft">
      <xsl:attribute name="action">/draf/<xsl:choose><xsl:when test="letter"><xsl:value-of select="letter"/></xsl:when><xsl:otherwise>baru</xsl:otherwise></xsl:choose></xsl:attribute>
      <xsl:call-template name="form-token"/>
      <input type="hidden" name="jenis" value="{kind}"/>
      <xsl:if test="version"><input type="hidden" name="versi" value="{version}"/></xsl:if>
      <!-- Enter in a field is to store, not to take over -->
      <button class="nsk-first" type="submit" tabindex="-1" aria-hidden="true"></button>
      <xsl:if test="letter"><xsl:call-template name="other"/></xsl:if>
      <xsl:apply-templates select="positions[count(item) &gt; 1]" mode="choose"/>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'hal'"/>
        <xsl:with-param name="label"><w:t>Subject</w:t></xsl:with-param>
        <xsl:with-param name="value" select="typed/subject"/>
      </xsl:call-template>
      <xsl:call-template name="lines">
        <xsl:with-param name="name" select="'kepada'"/>
        <xsl:with-param name="label"><w:t>To</w:t></xsl:with-param>
        <xsl:with-param name="hint"><w:t>One on each line: the position, or a part of its name. For somebody outside: name; place</w:t></xsl:with-param>
        <xsl:with-param name="value" select="typed/to"/>
      </xsl:call-template>
      <xsl:apply-templates select="typed" mode="parts"/>
      <xsl:call-template name="lines">
        <xsl:with-param name="name" select="'isi'"/>
        <xsl:with-param name="rows" select="16"/>
        <xsl:with-param name="label"><w:t>What the letter says</w:t></xsl:with-param>
        <xsl:with-param name="hint"><w:t>An empty line begins a new paragraph. Lines that begin with 1. or a. or - become a list.</w:t></xsl:with-param>
        <xsl:with-param name="value" select="typed/text"/>
      </xsl:call-template>
      <xsl:if test="string(typed/body) != ''">
        <textarea name="badan" hidden="hidden" disabled="disabled"><xsl:value-of select="concat('&#10;', typed/body)"/></textarea>
        <xsl:call-template name="tools"/>
      </xsl:if>
      <xsl:call-template name="writing-help"/>
      <xsl:call-template name="lines">
        <xsl:with-param name="name" select="'penandatangan'"/>
        <xsl:with-param name="rows" select="2"/>
        <xsl:with-param name="label"><w:t>Who signs</w:t></xsl:with-param>
        <xsl:with-param name="hint"><w:t>The position, or a part of its name; before it a.n., plt. or plh. if so.</w:t></xsl:with-param>
        <xsl:with-param name="value" select="typed/signatories"/>
      </xsl:call-template>
      <xsl:call-template name="lines">
        <xsl:with-param name="name" select="'pemeriksa'"/>
        <xsl:with-param name="rows" select="2"/>
        <xsl:with-param name="label"><w:t>Who gives a paraf before</w:t></xsl:with-param>
        <xsl:with-param name="hint"><w:t>One on each line, in their order. It may stay empty.</w:t></xsl:with-param>
        <xsl:with-param name="value" select="typed/reviewers"/>
      </xsl:call-template>
      <xsl:call-template name="lines">
        <xsl:with-param name="name" select="'tembusan'"/>
        <xsl:with-param name="rows" select="2"/>
        <xsl:with-param name="label"><w:t>Copies to</w:t></xsl:with-param>
        <xsl:with-param name="hint"><w:t>One on each line. It may stay empty.</w:t></xsl:with-param>
        <xsl:with-param name="value" select="typed/copies"/>
      </xsl:call-template>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'klasifikasi'"/>
        <xsl:with-param name="label"><w:t>Classification code</w:t></xsl:with-param>
        <xsl:with-param name="hint"><w:t>Such as KP.08.1</w:t></xsl:with-param>
        <xsl:with-param name="value" select="typed/classification"/>
      </xsl:call-template>
      <xsl:apply-templates select="typed" mode="classes"/>
      <xsl:call-template name="beside"/>
      <div class="govuk-button-group">
        <button class="govuk-button" type="submit" name="aksi" value="simpan"><w:t>Store the letter</w:t></button>
        <button class="govuk-button govuk-button--secondary" type="submit" name="aksi" value="periksa"><w:t>Only check it</w:t></button>
      </div>
      <p class="govuk-hint"><w:t>Number and date are given when the letter is signed.</w:t></p>
      <script src="{/page/@editor}" defer="defer"></script>
    </form>
  </xsl:template>

  <xsl:template match="positions" mode="choose">
    <div class="govuk-form-group">
      <label class="govuk-label" for="jabatan"><w:t>As which position you write</w:t></label>
      <select class="govuk-select" id="jabatan" name="jabatan">
        <xsl:for-each select="item">
          <option value="{position}"><xsl:if test="position = /page/view/position"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if><xsl:value-of select="title"/></option>
        </xsl:for-each>
      </select>
    </div>
  </xsl:template>

  <!-- Parts that only some kinds have. -->
  <xsl:template match="typed" mode="parts">
    <xsl:if test="has_meeting = 'true'">
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'hari'"/><xsl:with-param name="type" select="'date'"/><xsl:with-param name="digits" select="true()"/>
        <xsl:with-param name="label"><w:t>Day of the meeting</w:t></xsl:with-param>
        <xsl:with-param name="value" select="day"/>
      </xsl:call-template>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'jam'"/><xsl:with-param name="type" select="'time'"/><xsl:with-param name="digits" select="true()"/>
        <xsl:with-param name="label"><w:t>At what time</w:t></xsl:with-param>
        <xsl:with-param name="value" select="time"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="has_assignment = 'true'">
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'mulai'"/><xsl:with-param name="type" select="'date'"/><xsl:with-param name="digits" select="true()"/>
        <xsl:with-param name="label"><w:t>First day</w:t></xsl:with-param>
        <xsl:with-param name="value" select="begins"/>
      </xsl:call-template>
      <xsl:call-template name="typed">
        <xsl:with-param name="name" select="'selesai'"/><xsl:with-param name="type" select="'date'"/><xsl:with-param name="digits" select="true()"/>
        <xsl:with-param name="label"><w:t>Last day</w:t></xsl:with-param>
        <xsl:with-param name="value" select="ends"/>
      </xsl:call-template>
      <xsl:call-template name="lines">
        <xsl:with-param name="name" select="'petugas'"/>
        <xsl:with-param name="label"><w:t>Who is sent</w:t></xsl:with-param>
        <xsl:with-param name="hint"><w:t>One on each line; they are also under To.</w:t></xsl:with-param>
        <xsl:with-param name="value" select="assignees"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="typed" mode="classes">
    <div class="govuk-form-group">
      <label class="govuk-label" for="urgensi"><w:t>How urgent</w:t></label>
      <select class="govuk-select" id="urgensi" name="urgensi">
        <xsl:call-template name="option"><xsl:with-param name="value" select="'biasa'"/><xsl:with-param name="chosen" select="urgency"/><xsl:with-param name="label"><w:t>Usual</w:t></xsl:with-param></xsl:call-template>
        <xsl:call-template name="option"><xsl:with-param name="value" select="'segera'"/><xsl:with-param name="chosen" select="urgency"/><xsl:with-param name="label"><w:t>Urgent</w:t></xsl:with-param></xsl:call-template>
        <xsl:call-template name="option"><xsl:with-param name="value" select="'sangat-segera'"/><xsl:with-param name="chosen" select="urgency"/><xsl:with-param name="label"><w:t>Very urgent</w:t></xsl:with-param></xsl:call-template>
      </select>
    </div>
    <div class="govuk-form-group">
      <label class="govuk-label" for="keamanan"><w:t>Who may read it</w:t></label>
      <select class="govuk-select" id="keamanan" name="keamanan">
        <xsl:call-template name="option"><xsl:with-param name="value" select="'biasa'"/><xsl:with-param name="chosen" select="security"/><xsl:with-param name="label"><w:t>Usual</w:t></xsl:with-param></xsl:call-template>
        <xsl:call-template name="option"><xsl:with-param name="value" select="'terbatas'"/><xsl:with-param name="chosen" select="security"/><xsl:with-param name="label"><w:t>Restricted</w:t></xsl:with-param></xsl:call-template>
        <xsl:call-template name="option"><xsl:with-param name="value" select="'rahasia'"/><xsl:with-param name="chosen" select="security"/><xsl:with-param name="label"><w:t>Secret</w:t></xsl:with-param></xsl:call-template>
        <xsl:call-template name="option"><xsl:with-param name="value" select="'sangat-rahasia'"/><xsl:with-param name="chosen" select="security"/><xsl:with-param name="label"><w:t>Top secret</w:t></xsl:with-param></xsl:call-template>
      </select>
    </div>
  </xsl:template>

  <xsl:template name="option">
    <xsl:param name="value"/>
    <xsl:param name="chosen"/>
    <xsl:param name="label"/>
    <option value="{$value}"><xsl:if test="$chosen = $value"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if><xsl:copy-of select="$label"/></option>
  </xsl:template>

  <!-- Several lines to type, with their hint and what is wrong with them. -->
  <xsl:template name="lines">
    <xsl:param name="name"/>
    <xsl:param name="label"/>
    <xsl:param name="hint"/>
    <xsl:param name="rows" select="3"/>
    <xsl:param name="value"/>
    <xsl:variable name="faults" select="/page/view/faults/item[field = $name]/words"/>
    <div>
      <xsl:attribute name="class">govuk-form-group<xsl:if test="$faults"> govuk-form-group--error</xsl:if></xsl:attribute>
      <label class="govuk-label" for="{$name}"><xsl:copy-of select="$label"/></label>
      <div class="govuk-hint" id="{$name}-petunjuk"><xsl:copy-of select="$hint"/></div>
      <xsl:if test="$faults">
        <div class="govuk-error-message" id="{$name}-salah"><xsl:for-each select="$faults"><p class="nsk-fault"><xsl:value-of select="."/></p></xsl:for-each></div>
      </xsl:if>
      <textarea class="govuk-textarea" id="{$name}" name="{$name}" rows="{$rows}">
        <xsl:attribute name="aria-describedby"><xsl:value-of select="concat($name, '-petunjuk')"/><xsl:if test="$faults"><xsl:value-of select="concat(' ', $name, '-salah')"/></xsl:if></xsl:attribute>
        <xsl:if test="$faults"><xsl:attribute name="aria-invalid">true</xsl:attribute></xsl:if>
        <xsl:value-of select="concat('&#10;', $value)"/>
      </textarea>
    </div>
  </xsl:template>

  <!-- What scripts tell while somebody writes: what is to be mended, and how the letter looks. -->
  <xsl:template name="beside">
    <div class="nsk-beside">
      <p class="govuk-hint nsk-saved" role="status">
        <w:attr name="data-kept">What you type is kept for you alone, # o'clock. Others see it when you store the letter.</w:attr>
        <w:attr name="data-lost">What you type is not kept now: the line is down. It is tried again.</w:attr>
      </p>
      <div class="govuk-inset-text nsk-live" aria-live="polite" hidden="hidden">
        <w:attr name="data-mend">Before it goes on, mend this</w:attr>
        <w:attr name="data-fine">Nothing is wrong with this letter</w:attr>
      </div>
      <section class="nsk-look" hidden="hidden">
        <w:attr name="aria-label">How the letter looks</w:attr>
        <w:attr name="data-page">Page # of #</w:attr>
        <w:attr name="data-old">It cannot be shown before this is mended; below is how it was.</w:attr>
        <w:attr name="data-none">The letter can be shown when nothing is missing in it.</w:attr>
        <button class="govuk-button govuk-button--secondary" type="button" data-do="lihat" aria-expanded="false"><w:t>How the letter looks</w:t></button>
        <div class="nsk-look__pages" hidden="hidden">
          <p class="govuk-hint nsk-look__words"></p>
          <a class="nsk-look__link" target="_blank" rel="noopener" hidden="hidden"><img alt="" width="900" height="1273"/></a>
          <div class="govuk-button-group" hidden="hidden">
            <button class="govuk-button govuk-button--secondary" type="button" data-do="sebelum"><w:t>Page before</w:t></button>
            <button class="govuk-button govuk-button--secondary" type="button" data-do="sesudah"><w:t>Page after</w:t></button>
          </div>
        </div>
      </section>
    </div>
  </xsl:template>

  <!-- Buttons of the editor, which a script shows. -->
  <xsl:template name="tools">
    <div class="nsk-tools" role="group" hidden="hidden">
      <w:attr name="aria-label">How it looks</w:attr>
      <w:attr name="data-hint">Enter begins a new paragraph. What you paste from Word keeps its lists and tables.</w:attr>
      <button type="button" data-do="tebal" aria-pressed="false"><w:t>Bold</w:t></button>
      <button type="button" data-do="miring" aria-pressed="false"><w:t>Italic</w:t></button>
      <button type="button" data-do="garis-bawah" aria-pressed="false"><w:t>Underlined</w:t></button>
      <button type="button" data-do="judul" aria-pressed="false"><w:t>Heading</w:t></button>
      <button type="button" data-do="nomor" aria-pressed="false"><w:t>Numbers</w:t></button>
      <button type="button" data-do="butir" aria-pressed="false"><w:t>Bullets</w:t></button>
      <button type="button" data-do="masuk"><w:t>Further in</w:t></button>
      <button type="button" data-do="keluar"><w:t>Further out</w:t></button>
      <button type="button" data-do="tengah" aria-pressed="false"><w:t>In the middle</w:t></button>
      <button type="button" data-do="tabel"><w:t>Table</w:t></button>
      <button type="button" data-do="tambah-baris" data-where="table" hidden="hidden"><w:t>Add a row</w:t></button>
      <button type="button" data-do="tambah-kolom" data-where="table" hidden="hidden"><w:t>Add a column</w:t></button>
      <button type="button" data-do="hapus-baris" data-where="table" hidden="hidden"><w:t>Delete this row</w:t></button>
      <button type="button" data-do="hapus-kolom" data-where="table" hidden="hidden"><w:t>Delete this column</w:t></button>
      <button type="button" data-do="urung"><w:t>Undo</w:t></button>
    </div>
  </xsl:template>

  <!-- How tables and the like are typed. -->
  <xsl:template name="writing-help">
    <details class="govuk-details nsk-writing-help">
      <summary class="govuk-details__summary"><span class="govuk-details__summary-text"><w:t>How to type tables, headings and bold letters</w:t></span></summary>
      <div class="govuk-details__text">
        <dl class="nsk-signs">
          <dt><code>1. ...</code></dt><dd><w:t>A list; what stands further in belongs to the point above it.</w:t></dd>
          <dt><code>Hari : Senin</code></dt><dd><w:t>Lines with a blank before the colon are aligned below each other.</w:t></dd>
          <dt><code>| Nama | Jabatan |</code></dt><dd><w:t>A row of a table. A line |---| below it makes it the head.</w:t></dd>
          <dt><code># ...</code></dt><dd><w:t>A heading; ## for one below it.</w:t></dd>
          <dt><code>-&gt; ... &lt;-</code></dt><dd><w:t>A line in the middle.</w:t></dd>
          <dt><code>**...** ~~...~~ __...__</code></dt><dd><w:t>Bold, italic, underlined.</w:t></dd>
          <dt><code>[[1: ...]]</code></dt><dd><w:t>A part that stays as it is. Delete the line to delete the part.</w:t></dd>
        </dl>
      </div>
    </details>
  </xsl:template>
</xsl:stylesheet>
