<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Components that pages share. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <!-- A moment or a day in words, and for programs. -->
  <xsl:template match="*" mode="time">
    <xsl:if test="@told">
      <time datetime="{.}"><xsl:value-of select="@told"/></time>
    </xsl:if>
  </xsl:template>

  <!-- A code as people say it. -->
  <xsl:template match="*" mode="words">
    <xsl:choose>
      <xsl:when test="@words"><xsl:value-of select="@words"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="."/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- What makes a letter unlike others; nothing for what is usual.  Never by colour alone. -->
  <xsl:template match="urgency" mode="tag">
    <xsl:choose>
      <xsl:when test=". = 'sangat-segera'"><strong class="govuk-tag govuk-tag--red"><w:t>Very urgent</w:t></strong></xsl:when>
      <xsl:when test=". = 'segera'"><strong class="govuk-tag govuk-tag--orange"><w:t>Urgent</w:t></strong></xsl:when>
    </xsl:choose>
  </xsl:template>
  <xsl:template match="security" mode="tag">
    <xsl:choose>
      <xsl:when test=". = 'sangat-rahasia'"><strong class="govuk-tag govuk-tag--purple"><w:t>Top secret</w:t></strong></xsl:when>
      <xsl:when test=". = 'rahasia'"><strong class="govuk-tag govuk-tag--purple"><w:t>Secret</w:t></strong></xsl:when>
      <xsl:when test=". = 'terbatas'"><strong class="govuk-tag govuk-tag--magenta"><w:t>Restricted</w:t></strong></xsl:when>
    </xsl:choose>
  </xsl:template>

  <!-- In whose place somebody sees a task. -->
  <xsl:template match="as" mode="reason">
    <xsl:choose>
      <xsl:when test=". = 'assistant'"><span><w:t>as assistant</w:t></span></xsl:when>
      <xsl:when test=". = 'substitute'"><span><w:t>as substitute</w:t></span></xsl:when>
    </xsl:choose>
  </xsl:template>

  <!-- One fact of a list of facts. -->
  <xsl:template name="fact">
    <xsl:param name="name"/>
    <xsl:param name="value"/>
    <xsl:if test="string($value) != ''">
      <div class="govuk-summary-list__row">
        <dt class="govuk-summary-list__key"><xsl:copy-of select="$name"/></dt>
        <dd class="govuk-summary-list__value"><xsl:copy-of select="$value"/></dd>
      </div>
    </xsl:if>
  </xsl:template>

  <!-- A form that a script shows and fills (passkey.js), where the device can keep passkeys. -->
  <xsl:template name="passkey">
    <xsl:param name="action"/>
    <xsl:param name="words"/>
    <xsl:param name="is-new" select="false()"/>
    <xsl:if test="view/passkey">
      <form class="nsk-passkey" id="kunci" action="{$action}" method="post" hidden="hidden" data-host="{view/passkey/host}" data-question="{view/passkey/question}">
        <xsl:attribute name="data-keys"><xsl:for-each select="view/passkey/keys/item"><xsl:if test="position() &gt; 1"><xsl:text> </xsl:text></xsl:if><xsl:value-of select="."/></xsl:for-each></xsl:attribute>
        <w:attr name="data-refused">Nothing came of it. Try again, or take another way.</w:attr>
        <xsl:if test="$is-new">
          <xsl:attribute name="data-handle"><xsl:value-of select="view/passkey/handle"/></xsl:attribute>
          <xsl:attribute name="data-account"><xsl:value-of select="view/passkey/account"/></xsl:attribute>
          <xsl:attribute name="data-name"><xsl:value-of select="view/passkey/name"/></xsl:attribute>
          <xsl:attribute name="data-agency"><xsl:value-of select="/page/frame/agency"/></xsl:attribute>
        </xsl:if>
        <xsl:if test="/page/@token"><xsl:call-template name="form-token"/></xsl:if>
        <input type="hidden" name="ke" value="{view/ke}"/>
        <input type="hidden" name="kunci"/>
        <input type="hidden" name="peramban"/>
        <input type="hidden" name="perangkat"/>
        <input type="hidden" name="bukti"/>
        <xsl:if test="$is-new">
          <xsl:call-template name="typed">
            <xsl:with-param name="name" select="'nama'"/>
            <xsl:with-param name="label"><w:t>Your name of the device</w:t></xsl:with-param>
            <xsl:with-param name="hint"><w:t>Such as: my telephone.</w:t></xsl:with-param>
            <xsl:with-param name="value" select="view/label"/>
          </xsl:call-template>
        </xsl:if>
        <p class="govuk-error-message" role="alert" hidden="hidden"></p>
        <button type="submit">
          <xsl:attribute name="class">govuk-button<xsl:if test="not($is-new)"> govuk-button--secondary</xsl:if></xsl:attribute>
          <xsl:copy-of select="$words"/>
        </button>
      </form>
    </xsl:if>
  </xsl:template>

  <!-- The way to what follows. -->
  <xsl:template name="next-page">
    <xsl:param name="href"/>
    <nav class="govuk-pagination">
      <w:attr name="aria-label">Pages of the list</w:attr>
      <div class="govuk-pagination__next">
        <a class="govuk-link govuk-pagination__link" href="{$href}" rel="next"><span class="govuk-pagination__link-title"><w:t>Next page</w:t></span></a>
      </div>
    </nav>
  </xsl:template>

  <!-- What proves that a form is of this session. -->
  <xsl:template name="form-token">
    <input type="hidden" name="csrf" value="{/page/@token}"/>
  </xsl:template>

  <!-- One line to type, with its hint and what is wrong with it. -->
  <xsl:template name="typed">
    <xsl:param name="name"/>
    <xsl:param name="label"/>
    <xsl:param name="hint"/>
    <xsl:param name="type" select="'text'"/>
    <xsl:param name="complete" select="'off'"/>
    <xsl:param name="digits" select="false()"/>
    <xsl:param name="value"/>
    <xsl:variable name="fault" select="/page/view/faults/item[field = $name]/words"/>
    <div>
      <xsl:attribute name="class">govuk-form-group<xsl:if test="$fault"> govuk-form-group--error</xsl:if></xsl:attribute>
      <label class="govuk-label" for="{$name}"><xsl:copy-of select="$label"/></label>
      <xsl:if test="string($hint) != ''">
        <div class="govuk-hint" id="{$name}-petunjuk"><xsl:copy-of select="$hint"/></div>
      </xsl:if>
      <xsl:if test="$fault">
        <p class="govuk-error-message" id="{$name}-salah"><xsl:value-of select="$fault"/></p>
      </xsl:if>
      <input id="{$name}" name="{$name}" type="{$type}" autocomplete="{$complete}" spellcheck="false" autocapitalize="none">
        <xsl:attribute name="class">govuk-input<xsl:choose><xsl:when test="$digits"> govuk-input--width-10</xsl:when><xsl:otherwise> govuk-input--width-30</xsl:otherwise></xsl:choose><xsl:if test="$fault"> govuk-input--error</xsl:if></xsl:attribute>
        <xsl:if test="$digits"><xsl:attribute name="inputmode">numeric</xsl:attribute></xsl:if>
        <xsl:if test="string($value) != ''"><xsl:attribute name="value"><xsl:value-of select="$value"/></xsl:attribute></xsl:if>
        <xsl:if test="$fault"><xsl:attribute name="aria-invalid">true</xsl:attribute></xsl:if>
        <xsl:if test="string($hint) != '' or $fault">
          <xsl:attribute name="aria-describedby">
            <xsl:if test="string($hint) != ''"><xsl:value-of select="concat($name, '-petunjuk ')"/></xsl:if>
            <xsl:if test="$fault"><xsl:value-of select="concat($name, '-salah')"/></xsl:if>
          </xsl:attribute>
        </xsl:if>
      </input>
    </div>
  </xsl:template>

  <!-- What a task asks for. -->
  <xsl:template match="*" mode="nature">
    <xsl:call-template name="nature-words"><xsl:with-param name="nature" select="string(.)"/></xsl:call-template>
  </xsl:template>
  <xsl:template name="nature-words">
    <xsl:param name="nature"/>
    <xsl:choose>
      <xsl:when test="$nature = 'paraf'"><w:t>for my paraf</w:t></xsl:when>
      <xsl:when test="$nature = 'tanda-tangan'"><w:t>for my signature</w:t></xsl:when>
      <xsl:when test="$nature = 'disposisi'"><w:t>to pass on</w:t></xsl:when>
      <xsl:when test="$nature = 'konsep'"><w:t>to write or mend</w:t></xsl:when>
      <xsl:when test="$nature = 'lain'"><w:t>other work</w:t></xsl:when>
      <xsl:otherwise><w:t>All</w:t></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- A task in a list; one that was opened can be chosen for a paraf with others. -->
  <xsl:template match="item" mode="task">
    <li class="nsk-task">
      <a href="{href}">
        <span><xsl:value-of select="name"/></span>
        <b><xsl:value-of select="subject"/></b>
      </a>
      <p>
        <xsl:if test="urgency"><xsl:apply-templates select="urgency" mode="tag"/></xsl:if>
        <span><w:t>since </w:t><time datetime="{opened}"><xsl:value-of select="opened/@told"/></time></span>
        <xsl:if test="as"><xsl:apply-templates select="as" mode="reason"/></xsl:if>
        <xsl:if test="deemed">
          <strong class="govuk-tag govuk-tag--red"><w:t>granted by law on <w:v select="deemed/@date"/></w:t></strong>
        </xsl:if>
      </p>
      <xsl:if test="opened_by_me and /page/@name = 'tasks'">
        <label class="nsk-choose"><input type="checkbox" name="tugas" value="{task}"/><xsl:text> </xsl:text><w:t>Read; paraf with others: <w:v select="subject"/></w:t></label>
      </xsl:if>
    </li>
  </xsl:template>

  <!-- Differences of two versions, never by colour alone. -->
  <xsl:template match="changes" mode="changes">
    <ul class="nsk-changes">
      <xsl:for-each select="item">
        <li>
          <strong><xsl:value-of select="where"/></strong>
          <xsl:if test="old != ''"><p><span class="nsk-changes__word"><w:t>before</w:t></span><xsl:text> </xsl:text><del><xsl:value-of select="old"/></del></p></xsl:if>
          <xsl:if test="new != ''"><p><span class="nsk-changes__word"><w:t>now</w:t></span><xsl:text> </xsl:text><ins><xsl:value-of select="new"/></ins></p></xsl:if>
        </li>
      </xsl:for-each>
    </ul>
  </xsl:template>

  <!-- The letter's words, which are HTML made by the program, and its pages. -->
  <xsl:template name="letter-text">
    <xsl:param name="text"/>
    <xsl:param name="letter"/>
    <xsl:if test="string($text) != ''">
      <article class="nsk-letter">
        <w:attr name="aria-label">The letter</w:attr>
        <xsl:value-of select="$text" disable-output-escaping="yes"/>
      </article>
    </xsl:if>
    <p class="govuk-body"><a class="govuk-link" href="/surat/{$letter}/berkas.pdf"><w:t>Pages of the letter (PDF)</w:t></a></p>
  </xsl:template>

  <!-- To whom a letter was given, and what became of it. -->
  <xsl:template match="given | dispositions" mode="given">
    <ul class="nsk-given">
      <xsl:for-each select="item[not(state = 'proposed')]">
        <li>
          <p><strong><xsl:value-of select="name"/></strong><xsl:text>, </xsl:text><xsl:value-of select="title"/><xsl:text>, </xsl:text><xsl:apply-templates select="at" mode="time"/>
            <xsl:if test="recalled"><xsl:text>, </xsl:text><strong><w:t>taken back</w:t></strong></xsl:if></p>
          <xsl:if test="instructions/item"><p><xsl:for-each select="instructions/item"><xsl:if test="position() &gt; 1">; </xsl:if><xsl:value-of select="print"/></xsl:for-each></p></xsl:if>
          <xsl:if test="note"><p>"<xsl:value-of select="note"/>"</p></xsl:if>
          <xsl:if test="due"><p><w:t>by </w:t><xsl:apply-templates select="due" mode="time"/></p></xsl:if>
          <ul>
            <xsl:for-each select="receivers/item">
              <li>
                <p><xsl:value-of select="title"/><xsl:if test="holder != ''"> (<xsl:value-of select="holder"/>)</xsl:if>
                  <xsl:choose>
                    <xsl:when test="answered"><xsl:text>: </xsl:text><w:t>answered on <w:v select="answered/@date"/></w:t></xsl:when>
                    <xsl:when test="read"><xsl:text>: </xsl:text><w:t>read on <w:v select="read/@date"/></w:t></xsl:when>
                    <xsl:otherwise><xsl:text>: </xsl:text><w:t>not read yet</w:t></xsl:otherwise>
                  </xsl:choose>
                  <xsl:if test="overdue = 'true'"><xsl:text> </xsl:text><strong class="govuk-tag govuk-tag--red"><w:t>late</w:t></strong></xsl:if></p>
                <xsl:if test="report"><p>"<xsl:value-of select="report"/>"</p></xsl:if>
                <xsl:apply-templates select="dispositions[item]" mode="given"/>
              </li>
            </xsl:for-each>
          </ul>
        </li>
      </xsl:for-each>
    </ul>
  </xsl:template>

  <!-- What was registered of a letter that came in. -->
  <xsl:template match="incoming | other" mode="facts">
    <dl class="govuk-summary-list">
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>From</w:t></xsl:with-param><xsl:with-param name="value" select="string(origin)"/></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Agenda</w:t></xsl:with-param><xsl:with-param name="value" select="string(agenda)"/></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Their number</w:t></xsl:with-param><xsl:with-param name="value" select="string(number)"/></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Date of the letter</w:t></xsl:with-param><xsl:with-param name="value"><xsl:apply-templates select="date" mode="time"/></xsl:with-param></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Came in</w:t></xsl:with-param><xsl:with-param name="value"><xsl:apply-templates select="at" mode="time"/></xsl:with-param></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>Summary</w:t></xsl:with-param><xsl:with-param name="value" select="string(summary)"/></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>To be answered by</w:t></xsl:with-param><xsl:with-param name="value"><xsl:apply-templates select="due" mode="time"/></xsl:with-param></xsl:call-template>
    </dl>
  </xsl:template>

  <!-- Words to type, with what is wrong with them. -->
  <xsl:template name="typed-words">
    <xsl:param name="label"/>
    <xsl:param name="name" select="'catatan'"/>
    <xsl:param name="value"/>
    <xsl:variable name="fault" select="/page/view/faults/item[field = $name]/words"/>
    <div>
      <xsl:attribute name="class">govuk-form-group<xsl:if test="$fault"> govuk-form-group--error</xsl:if></xsl:attribute>
      <label class="govuk-label" for="{$name}"><xsl:copy-of select="$label"/></label>
      <xsl:if test="$fault"><p class="govuk-error-message" id="{$name}-salah"><xsl:value-of select="$fault"/></p></xsl:if>
      <textarea class="govuk-textarea" id="{$name}" name="{$name}" rows="3">
        <xsl:if test="$fault"><xsl:attribute name="aria-invalid">true</xsl:attribute><xsl:attribute name="aria-describedby"><xsl:value-of select="concat($name, '-salah')"/></xsl:attribute></xsl:if>
        <xsl:value-of select="$value"/>
      </textarea>
    </div>
  </xsl:template>

  <!-- One of several; the first if none was chosen. -->
  <xsl:template name="radio">
    <xsl:param name="name"/>
    <xsl:param name="value"/>
    <xsl:param name="chosen"/>
    <xsl:param name="label"/>
    <xsl:param name="hint"/>
    <label class="nsk-tap"><input type="radio" name="{$name}" value="{$value}"><xsl:if test="$chosen"><xsl:attribute name="checked">checked</xsl:attribute></xsl:if></input>
      <span><xsl:copy-of select="$label"/><xsl:if test="string($hint) != ''"><small><xsl:copy-of select="$hint"/></small></xsl:if></span></label>
  </xsl:template>

  <!-- Whom a disposition goes to and what is to be done, to be tapped; what was chosen before is
       chosen, and stands first, since the first leads. -->
  <xsl:template name="disposition-taps">
    <xsl:variable name="chosen" select="chosen"/>
    <xsl:variable name="known" select="receivers/item"/>
    <xsl:variable name="fault" select="/page/view/faults/item[field = 'penerima']/words"/>
    <xsl:if test="$known or $chosen/receivers/item">
      <fieldset class="govuk-fieldset nsk-taps" id="penerima">
        <legend class="govuk-fieldset__legend govuk-fieldset__legend--s"><w:t>To whom; the first leads</w:t></legend>
        <xsl:for-each select="$fault"><p class="govuk-error-message"><xsl:value-of select="."/></p></xsl:for-each>
        <xsl:for-each select="$chosen/receivers/item[position != '']">
          <xsl:variable name="id" select="string(position)"/>
          <xsl:if test="title or $known[position = $id]">
            <label class="nsk-tap"><input type="checkbox" name="penerima" value="{position}" checked="checked"/>
              <span><xsl:choose><xsl:when test="$known[position = $id]"><xsl:apply-templates select="$known[position = $id]" mode="receiver"/></xsl:when><xsl:otherwise><xsl:value-of select="title"/></xsl:otherwise></xsl:choose></span></label>
          </xsl:if>
        </xsl:for-each>
        <xsl:for-each select="$known[not(position = $chosen/receivers/item/position)]">
          <label class="nsk-tap"><input type="checkbox" name="penerima" value="{position}"/><span><xsl:apply-templates select="." mode="receiver"/></span></label>
        </xsl:for-each>
      </fieldset>
    </xsl:if>
    <fieldset class="govuk-fieldset nsk-taps">
      <legend class="govuk-fieldset__legend govuk-fieldset__legend--s"><w:t>What is to be done</w:t></legend>
      <xsl:for-each select="instructions/item">
        <label class="nsk-tap"><input type="checkbox" name="instruksi" value="{id}"><xsl:if test="id = $chosen/instructions/item"><xsl:attribute name="checked">checked</xsl:attribute></xsl:if></input><span><xsl:value-of select="print"/></span></label>
      </xsl:for-each>
    </fieldset>
  </xsl:template>

  <xsl:template match="item" mode="receiver">
    <xsl:value-of select="title"/><xsl:if test="holders/item"><small><xsl:value-of select="holders/item[1]/name"/></small></xsl:if>
  </xsl:template>

  <!-- The rest of it: words, a term, and who does not stand above. -->
  <xsl:template name="disposition-words">
    <xsl:param name="label"/>
    <xsl:call-template name="typed-words">
      <xsl:with-param name="label" select="$label"/>
      <xsl:with-param name="value" select="chosen/note"/>
    </xsl:call-template>
    <xsl:call-template name="typed">
      <xsl:with-param name="name" select="'tenggat'"/>
      <xsl:with-param name="label"><w:t>By when: working days from today</w:t></xsl:with-param>
      <xsl:with-param name="digits" select="true()"/>
      <xsl:with-param name="value" select="chosen/due"/>
    </xsl:call-template>
    <div class="govuk-form-group">
      <label class="govuk-label" for="penerima-lain"><w:t>Somebody else: position or person, by their short names</w:t></label>
      <input class="govuk-input" id="penerima-lain" name="penerima" type="text" autocomplete="off" spellcheck="false" autocapitalize="none">
        <xsl:attribute name="value"><xsl:for-each select="chosen/receivers/item[not(title) and not(position = ../../../receivers/item/position)]"><xsl:if test="position() &gt; 1"><xsl:text> </xsl:text></xsl:if><xsl:value-of select="position"/></xsl:for-each></xsl:attribute>
      </input>
    </div>
  </xsl:template>

  <!-- A disposition in words, with the agency's names of what is to be done. -->
  <xsl:template match="proposal | given" mode="prepared">
    <xsl:variable name="asked" select="instructions/item"/>
    <dl class="govuk-summary-list">
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>To whom</w:t></xsl:with-param><xsl:with-param name="value"><xsl:for-each select="receivers/item"><xsl:if test="position() &gt; 1">; </xsl:if><xsl:value-of select="title"/></xsl:for-each></xsl:with-param></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>What is to be done</w:t></xsl:with-param><xsl:with-param name="value"><xsl:for-each select="/page/view/instructions/item[id = $asked]"><xsl:if test="position() &gt; 1">; </xsl:if><xsl:value-of select="print"/></xsl:for-each></xsl:with-param></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>In words</w:t></xsl:with-param><xsl:with-param name="value" select="string(note)"/></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="name"><w:t>To be answered by</w:t></xsl:with-param><xsl:with-param name="value"><xsl:apply-templates select="due" mode="time"/></xsl:with-param></xsl:call-template>
    </dl>
  </xsl:template>

  <!-- Anybody gives a letter's file to be checked. -->
  <xsl:template name="file-to-check">
    <xsl:variable name="fault" select="/page/view/faults/item[field = 'berkas']/words"/>
    <form action="/v" method="post" enctype="multipart/form-data" class="nsk-check">
      <w:attr name="data-looking">The file is looked at on this device.</w:attr>
      <div>
        <xsl:attribute name="class">nsk-drop govuk-form-group<xsl:if test="$fault"> govuk-form-group--error</xsl:if></xsl:attribute>
        <label class="govuk-label" for="berkas"><w:t>The letter as you got it (PDF)</w:t></label>
        <div class="govuk-hint" id="berkas-petunjuk"><w:t>At most 32 MB. It is checked and not kept.</w:t>
          <span class="nsk-drop__words" hidden="hidden"><xsl:text> </xsl:text><w:t>Choose it, or drop it here: your device compares it with what was published, and does not send it.</w:t></span></div>
        <xsl:for-each select="$fault"><p class="govuk-error-message"><xsl:value-of select="."/></p></xsl:for-each>
        <input class="govuk-file-upload" id="berkas" name="berkas" type="file" accept="application/pdf,.pdf" required="required" aria-describedby="berkas-petunjuk"/>
      </div>
      <div class="nsk-check__told" role="status" hidden="hidden"></div>
      <button class="govuk-button" type="submit"><w:t>Check the file</w:t></button>
    </form>
  </xsl:template>

  <!-- A file that goes with a letter. -->
  <xsl:template match="item" mode="file">
    <a class="govuk-link" href="{href}"><xsl:value-of select="title"/></a>
    <xsl:text> (</xsl:text>
    <xsl:choose>
      <xsl:when test="size &gt;= 1048576"><xsl:value-of select="ceiling(size div 1048576)"/> MB</xsl:when>
      <xsl:otherwise><xsl:value-of select="ceiling(size div 1024)"/> KB</xsl:otherwise>
    </xsl:choose>
    <xsl:text>)</xsl:text>
  </xsl:template>
  <xsl:template match="attachments" mode="files">
    <xsl:if test="item">
      <h2 class="govuk-heading-m"><w:t>Attachments</w:t></h2>
      <ul class="govuk-list govuk-list--bullet">
        <xsl:for-each select="item"><li><xsl:apply-templates select="." mode="file"/></li></xsl:for-each>
      </ul>
    </xsl:if>
  </xsl:template>

  <!-- A field for a file.  In a form of the class nsk-upload a script sends it in pieces, and shows
       how far it is; a file may also be dropped or pasted there. -->
  <xsl:template name="file-field">
    <xsl:param name="name"/>
    <xsl:param name="label"/>
    <xsl:param name="hint"/>
    <xsl:param name="accept"/>
    <xsl:param name="several" select="false()"/>
    <xsl:variable name="fault" select="/page/view/faults/item[field = $name]/words"/>
    <div>
      <xsl:attribute name="class">nsk-file nsk-drop govuk-form-group<xsl:if test="$fault"> govuk-form-group--error</xsl:if></xsl:attribute>
      <w:attr name="data-sending">Being sent:</w:attr>
      <w:attr name="data-waiting">The line is down. It goes on by itself from where it was.</w:attr>
      <w:attr name="data-sent">Sent:</w:attr>
      <w:attr name="data-failed">It could not be sent. Try again.</w:attr>
      <label class="govuk-label" for="{$name}"><xsl:copy-of select="$label"/></label>
      <div class="govuk-hint" id="{$name}-petunjuk"><xsl:copy-of select="$hint"/><span class="nsk-drop__words" hidden="hidden"><xsl:text> </xsl:text><w:t>Choose, or drop or paste it here.</w:t></span></div>
      <xsl:for-each select="$fault"><p class="govuk-error-message"><xsl:value-of select="."/></p></xsl:for-each>
      <input class="govuk-file-upload" id="{$name}" name="{$name}" type="file" aria-describedby="{$name}-petunjuk">
        <xsl:if test="string($accept) != ''"><xsl:attribute name="accept"><xsl:value-of select="$accept"/></xsl:attribute></xsl:if>
        <xsl:if test="$several"><xsl:attribute name="multiple">multiple</xsl:attribute></xsl:if>
      </input>
      <div class="nsk-file__way" role="status" hidden="hidden"></div>
    </div>
  </xsl:template>

  <!-- Where one is, below a page of others. -->
  <xsl:template name="back">
    <xsl:param name="href"/>
    <xsl:param name="words"/>
    <p class="govuk-body nsk-noprint">&#x2190; <a class="govuk-link" href="{$href}"><xsl:copy-of select="$words"/></a></p>
  </xsl:template>

  <xsl:template name="rule-type">
    <xsl:param name="type"/>
    <xsl:choose><xsl:when test="$type = 'profil'"><w:t>Profile</w:t></xsl:when><xsl:when test="$type = 'alur'"><w:t>Workflows</w:t></xsl:when><xsl:when test="$type = 'kalender'"><w:t>Calendar</w:t></xsl:when><xsl:otherwise><w:t>Templates</w:t></xsl:otherwise></xsl:choose>
  </xsl:template>

  <xsl:template name="webhook-state">
    <xsl:param name="webhook"/>
    <xsl:choose>
      <xsl:when test="$webhook/why = 'failing'"><strong class="govuk-tag govuk-tag--red"><w:t>switched off</w:t></strong><xsl:text> </xsl:text><w:t>because it failed for days</w:t></xsl:when>
      <xsl:when test="$webhook/why = 'gone'"><strong class="govuk-tag govuk-tag--red"><w:t>switched off</w:t></strong><xsl:text> </xsl:text><w:t>because it said that it is gone</w:t></xsl:when>
      <xsl:when test="$webhook/active = 'false'"><w:t>switched off</w:t></xsl:when>
      <xsl:when test="$webhook/failing"><strong class="govuk-tag govuk-tag--orange"><w:t>fails</w:t></strong><xsl:text> </xsl:text><w:t>and is tried again</w:t></xsl:when>
      <xsl:otherwise><strong class="govuk-tag govuk-tag--green"><w:t>switched on</w:t></strong></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="webhook-fields">
    <xsl:param name="label"/>
    <xsl:param name="url"/>
    <xsl:call-template name="typed">
      <xsl:with-param name="name" select="'nama'"/>
      <xsl:with-param name="label"><w:t>What it is for</w:t></xsl:with-param>
      <xsl:with-param name="value" select="$label"/>
    </xsl:call-template>
    <xsl:call-template name="typed">
      <xsl:with-param name="name" select="'alamat'"/>
      <xsl:with-param name="label"><w:t>Address of the program</w:t></xsl:with-param>
      <xsl:with-param name="hint"><w:t>It begins with https:// and is given to you by who looks after the program.</w:t></xsl:with-param>
      <xsl:with-param name="value" select="$url"/>
    </xsl:call-template>
    <div class="govuk-form-group">
      <fieldset class="govuk-fieldset" aria-describedby="peristiwa-petunjuk">
        <legend class="govuk-fieldset__legend"><w:t>What it is told of</w:t></legend>
        <div class="govuk-hint" id="peristiwa-petunjuk"><w:t>If you choose none, it is told of all.</w:t></div>
        <div class="govuk-checkboxes govuk-checkboxes--small">
          <xsl:for-each select="/page/view/types/item">
            <div class="govuk-checkboxes__item">
              <input class="govuk-checkboxes__input" type="checkbox" id="p-{type}" name="p-{type}" value="1"><xsl:if test="chosen = 'true'"><xsl:attribute name="checked">checked</xsl:attribute></xsl:if></input>
              <label class="govuk-label govuk-checkboxes__label" for="p-{type}"><xsl:value-of select="type"/></label>
            </div>
          </xsl:for-each>
        </div>
      </fieldset>
    </div>
  </xsl:template>

  <xsl:template name="account-state">
    <xsl:param name="account"/>
    <xsl:choose>
      <xsl:when test="$account/state = 'locked'"><strong class="govuk-tag govuk-tag--red"><w:t>locked</w:t></strong></xsl:when>
      <xsl:when test="$account/state = 'given'"><w:t>with a password that was given</w:t></xsl:when>
      <xsl:otherwise><w:t>open</w:t></xsl:otherwise>
    </xsl:choose>
    <xsl:if test="$account/codes = 'true'"><xsl:text>, </xsl:text><w:t>with codes</w:t></xsl:if>
    <xsl:if test="$account/administers = 'true'"><xsl:text>, </xsl:text><w:t>looks after the office</w:t></xsl:if>
  </xsl:template>

  <!-- Searches that the person keeps of this list, and keeping the present one. -->
  <xsl:template name="searches">
    <xsl:param name="place"/>
    <xsl:param name="query"/>
    <xsl:if test="/page/view/searches/item or $query != ''">
      <section class="nsk-noprint" aria-labelledby="simpanan">
        <h2 class="govuk-heading-m" id="simpanan"><w:t>Kept searches</w:t></h2>
        <ul class="nsk-links">
          <xsl:for-each select="/page/view/searches/item">
            <li>
              <a class="govuk-link" href="/{$place}?{query}"><xsl:value-of select="name"/></a>
              <form action="/simpan/hapus" method="post">
                <xsl:call-template name="form-token"/>
                <input type="hidden" name="tempat" value="{$place}"/>
                <input type="hidden" name="nama" value="{name}"/>
                <button class="govuk-button govuk-button--secondary" type="submit"><w:t>Forget <w:v select="name"/></w:t></button>
              </form>
            </li>
          </xsl:for-each>
        </ul>
        <xsl:if test="$query != ''">
          <form action="/simpan" method="post">
            <xsl:call-template name="form-token"/>
            <input type="hidden" name="tempat" value="{$place}"/>
            <input type="hidden" name="kueri" value="{$query}"/>
            <xsl:call-template name="typed">
              <xsl:with-param name="name" select="'nama'"/>
              <xsl:with-param name="label"><w:t>Keep this search under a name</w:t></xsl:with-param>
            </xsl:call-template>
            <button class="govuk-button govuk-button--secondary" type="submit"><w:t>Keep it</w:t></button>
          </form>
        </xsl:if>
      </section>
    </xsl:if>
  </xsl:template>

  <!-- Where a file of records stands, and why; then the rule of its class. -->
  <xsl:template match="*" mode="retention">
    <xsl:choose>
      <xsl:when test="state = 'open'"><w:t>Open: retention does not count yet.</w:t></xsl:when>
      <xsl:when test="state = 'waiting'"><w:t>Closed, but retention does not count yet: it counts <w:v select="trigger_words"/>, and that day is not entered.</w:t></xsl:when>
      <xsl:when test="state = 'active'"><w:t>Active until <w:v select="active_until/@date"/>, because it counts <w:v select="trigger_words"/>, <w:v select="counted/@date"/> (years active: <w:v select="active_years"/>).</w:t></xsl:when>
      <xsl:when test="state = 'inactive'"><w:t>Inactive until <w:v select="kept_until/@date"/>, because it counts <w:v select="trigger_words"/>, <w:v select="counted/@date"/> (years active: <w:v select="active_years"/>, inactive: <w:v select="inactive_years"/>).</w:t></xsl:when>
      <xsl:otherwise><w:t>Retention was over on <w:v select="kept_until/@date"/>, because it counts <w:v select="trigger_words"/>, <w:v select="counted/@date"/> (years active: <w:v select="active_years"/>, inactive: <w:v select="inactive_years"/>). Now a person decides; nothing goes by itself.</w:t></xsl:otherwise>
    </xsl:choose>
  </xsl:template>
  <xsl:template match="*" mode="retention-rule">
    <w:t>Years active: <w:v select="active_years"/>; inactive: <w:v select="inactive_years"/>; counted <w:v select="trigger_words"/>; then <w:v select="fate_words"/>.</w:t>
  </xsl:template>

  <!-- An older archive that is being taken in. -->
  <xsl:template name="import-state">
    <xsl:choose>
      <xsl:when test="state = 'done'"><strong class="govuk-tag govuk-tag--green"><w:t>Done</w:t></strong></xsl:when>
      <xsl:when test="state = 'failed'"><strong class="govuk-tag govuk-tag--red"><w:t>stopped</w:t></strong></xsl:when>
      <xsl:when test="state = 'waiting'"><strong class="govuk-tag govuk-tag--grey"><w:t>waits for another</w:t></strong></xsl:when>
      <xsl:otherwise><strong class="govuk-tag"><w:t>running</w:t></strong></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- By its number. -->
  <xsl:template name="month">
    <xsl:param name="n"/>
    <xsl:choose>
      <xsl:when test="$n = 1"><w:t>January</w:t></xsl:when>
      <xsl:when test="$n = 2"><w:t>February</w:t></xsl:when>
      <xsl:when test="$n = 3"><w:t>March</w:t></xsl:when>
      <xsl:when test="$n = 4"><w:t>April</w:t></xsl:when>
      <xsl:when test="$n = 5"><w:t>May</w:t></xsl:when>
      <xsl:when test="$n = 6"><w:t>June</w:t></xsl:when>
      <xsl:when test="$n = 7"><w:t>July</w:t></xsl:when>
      <xsl:when test="$n = 8"><w:t>August</w:t></xsl:when>
      <xsl:when test="$n = 9"><w:t>September</w:t></xsl:when>
      <xsl:when test="$n = 10"><w:t>October</w:t></xsl:when>
      <xsl:when test="$n = 11"><w:t>November</w:t></xsl:when>
      <xsl:otherwise><w:t>December</w:t></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- What a proposal of disposal says is to become of files. -->
  <xsl:template match="*" mode="fate">
    <xsl:choose>
      <xsl:when test=". = 'destroy'"><w:t>Proposal to destroy files</w:t></xsl:when>
      <xsl:when test=". = 'transfer'"><w:t>Proposal to hand files over as a static archive</w:t></xsl:when>
      <xsl:otherwise><w:t>Proposal to assess files again later</w:t></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- Where the proposal stands, what comes next, and what cannot be undone. -->
  <xsl:template match="view" mode="disposal-standing">
    <xsl:choose>
      <xsl:when test="state = 'proposed'"><p><w:t>It is proposed. Next another person gives an opinion, and the head of the agency decides. Nothing is destroyed by that alone.</w:t></p></xsl:when>
      <xsl:when test="state = 'refused'"><p><w:t>It was refused. Nothing becomes of the files; they may be proposed again.</w:t></p></xsl:when>
      <xsl:when test="state = 'withdrawn'"><p><w:t>It was withdrawn. Nothing becomes of the files; they may be proposed again.</w:t></p></xsl:when>
      <xsl:when test="state = 'running' and form = 'transfer'"><p><w:t>The archives are being handed over. It is carried out when the receipt of who took them is entered. The letters stay here, too.</w:t></p></xsl:when>
      <xsl:when test="state = 'running'"><p><w:t>The destruction was begun and cannot be stopped any more. If it was cut off, the same command brings it to its end.</w:t></p></xsl:when>
      <xsl:when test="state = 'done' and form = 'destroy'"><p><w:t>The letters on the list are destroyed. No file of the office has them any more, and nobody can bring them back. Out of its reach are backups made before, until they expire, clones of the repositories, and what was printed, sent or taken out.</w:t></p></xsl:when>
      <xsl:when test="state = 'done'"><p><w:t>It was decided and carried out. Nothing was destroyed.</w:t></p></xsl:when>
      <xsl:when test="form != 'destroy' and signed = 'true'"><p><w:t>It is approved and the record is signed: the archivist may hand the archives over now. Nothing is destroyed.</w:t></p></xsl:when>
      <xsl:when test="form != 'destroy'"><p><w:t>It is approved. Next the record of handing over is drafted and signed. Nothing is destroyed.</w:t></p></xsl:when>
      <xsl:when test="signed = 'true'"><p><w:t>It is approved and the record of destruction is signed: the archivist may destroy the letters now, for good. A hold on one of the files still stops it.</w:t></p></xsl:when>
      <xsl:when test="letter"><p><w:t>It is approved. The record of destruction goes its way to be signed; before that nothing is destroyed. A hold on one of the files stops it.</w:t></p></xsl:when>
      <xsl:otherwise><p><w:t>It is approved. Next the archivist drafts the record of destruction; before it is signed nothing is destroyed. A hold on one of the files stops it.</w:t></p></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- The list that is decided on. -->
  <xsl:template match="view" mode="disposal-files">
    <h2 class="govuk-heading-m"><w:t>Files and letters of the proposal</w:t></h2>
    <xsl:for-each select="files/item">
      <details class="govuk-details">
        <xsl:if test="not(../item[2])"><xsl:attribute name="open">open</xsl:attribute></xsl:if>
        <summary class="govuk-details__summary"><span class="govuk-details__summary-text"><xsl:value-of select="concat(code, ' ', title)"/>: <w:t>letters: <w:v select="count"/></w:t></span></summary>
        <div class="govuk-details__text">
          <xsl:if test="held = 'true'"><p class="govuk-body"><strong class="govuk-tag govuk-tag--orange"><w:t>held</w:t></strong><xsl:text> </xsl:text><w:t>While it is held nothing becomes of the file.</w:t></p></xsl:if>
          <ul class="nsk-tasks">
            <xsl:for-each select="letters/item">
              <li class="nsk-task">
                <xsl:choose>
                  <xsl:when test="destroyed = 'true'">
                    <a class="nsk-task__link" href="/arsip/musnah/{letter}"><span class="nsk-task__do"><xsl:value-of select="number"/></span><span class="nsk-task__subject"><w:t>Destroyed; what is left of it</w:t></span></a>
                  </xsl:when>
                  <xsl:when test="subject">
                    <a class="nsk-task__link" href="/surat/{letter}"><span class="nsk-task__do"><xsl:value-of select="number"/></span><span class="nsk-task__subject"><xsl:value-of select="subject"/></span></a>
                  </xsl:when>
                  <xsl:otherwise><span class="nsk-task__do"><xsl:value-of select="number"/></span><span class="nsk-task__subject"><w:t>A letter that is not open to you</w:t></span></xsl:otherwise>
                </xsl:choose>
                <p class="nsk-task__facts"><span><xsl:value-of select="kind"/></span><xsl:apply-templates select="date" mode="time"/></p>
              </li>
            </xsl:for-each>
          </ul>
        </div>
      </details>
    </xsl:for-each>
    <xsl:if test="shortened = 'true'"><p class="govuk-body"><w:t>The list is longer than a page. 'naskah records proposals <w:v select="disposal"/>' prints it whole.</w:t></p></xsl:if>
  </xsl:template>
</xsl:stylesheet>
