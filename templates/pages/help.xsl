<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Help by what somebody has to do; one page, which can be printed. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Help</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><w:t>Help</w:t></h1>
    <xsl:if test="view/role"><p class="govuk-body nsk-noprint"><a class="govuk-link" href="/bantuan"><w:t>All of the help</w:t></a></p></xsl:if>
    <xsl:if test="not(view/role)">
    <nav class="nsk-noprint" aria-labelledby="untuk-siapa">
      <h2 class="govuk-heading-m" id="untuk-siapa"><w:t>What do you want to do?</w:t></h2>
      <ul class="nsk-links">
        <li><a class="govuk-link" href="#semua"><w:t>Find what waits for me</w:t></a></li>
        <li><a class="govuk-link" href="#konsep"><w:t>Write a letter</w:t></a></li>
        <li><a class="govuk-link" href="#periksa"><w:t>Review a letter and give a paraf</w:t></a></li>
        <li><a class="govuk-link" href="#tanda-tangan"><w:t>Sign a letter</w:t></a></li>
        <li><a class="govuk-link" href="#disposisi"><w:t>Pass on a letter that came in</w:t></a></li>
        <li><a class="govuk-link" href="#tata-usaha"><w:t>Register and send letters (TU)</w:t></a></li>
        <li><a class="govuk-link" href="#arsip"><w:t>Find a letter</w:t></a></li>
        <li><a class="govuk-link" href="#berkas"><w:t>Keep files of records (archivist)</w:t></a></li>
        <li><a class="govuk-link" href="#wakil"><w:t>Be away, and stand in for others</w:t></a></li>
        <li><a class="govuk-link" href="#kelola"><w:t>Look after the office</w:t></a></li>
        <li><a class="govuk-link" href="#warga"><w:t>Check a letter that I was given</w:t></a></li>
      </ul>
    </nav>
    </xsl:if>

    <xsl:if test="not(view/role) or view/role = 'semua'">
      <section class="nsk-role" aria-labelledby="semua">
        <h2 class="govuk-heading-m" id="semua"><w:t>Find what waits for me</w:t></h2>
        <ol class="govuk-list govuk-list--number">
          <li><w:t>Sign in. The first page shows how much waits for you, and of what kind.</w:t></li>
          <li><w:t>Press a number to see those letters, the oldest first.</w:t></li>
          <li><w:t>Press a letter to read it. What you can do with it stands beside it; on a telephone, at the bottom.</w:t></li>
        </ol>
        <p class="govuk-body"><w:t>What waits for a colleague whom you stand in for is in the same list, and says so.</w:t></p>
        <xsl:if test="not(view/role)"><p class="govuk-body nsk-noprint"><a class="govuk-link" href="/bantuan/semua"><w:t>This part alone, to print</w:t><span class="govuk-visually-hidden">: semua</span></a></p></xsl:if>
      </section>
    </xsl:if>
    <xsl:if test="not(view/role) or view/role = 'konsep'">
      <section class="nsk-role" aria-labelledby="konsep">
        <h2 class="govuk-heading-m" id="konsep"><w:t>Write a letter</w:t></h2>
        <ol class="govuk-list govuk-list--number">
          <li><w:t>Choose the kind of letter. It already has its head, its parts and its reviewers.</w:t></li>
          <li><w:t>Write. What is wrong or missing is told in words, with its place.</w:t></li>
          <li><w:t>Paste from Word as you are used to: lists and tables stay. What you type is kept for you alone until you store it, also if the line breaks.</w:t></li>
          <li><w:t>Submit it. It goes to its reviewers by itself; number and date come when it is signed.</w:t></li>
        </ol>
        <p class="govuk-body"><w:t>If it is returned, the reason stands at the top. You can take it back while nobody has read it.</w:t></p>
        <xsl:if test="not(view/role)"><p class="govuk-body nsk-noprint"><a class="govuk-link" href="/bantuan/konsep"><w:t>This part alone, to print</w:t><span class="govuk-visually-hidden">: konsep</span></a></p></xsl:if>
      </section>
    </xsl:if>
    <xsl:if test="not(view/role) or view/role = 'periksa'">
      <section class="nsk-role" aria-labelledby="periksa">
        <h2 class="govuk-heading-m" id="periksa"><w:t>Review a letter and give a paraf</w:t></h2>
        <ol class="govuk-list govuk-list--number">
          <li><w:t>Read the letter. If you had it before, what changed since then is shown.</w:t></li>
          <li><w:t>Give your paraf, or return it with a reason.</w:t></li>
        </ol>
        <p class="govuk-body"><w:t>Your paraf holds for the very words that you saw. If somebody changes them afterwards, you are asked again.</w:t></p>
        <xsl:if test="not(view/role)"><p class="govuk-body nsk-noprint"><a class="govuk-link" href="/bantuan/periksa"><w:t>This part alone, to print</w:t><span class="govuk-visually-hidden">: periksa</span></a></p></xsl:if>
      </section>
    </xsl:if>
    <xsl:if test="not(view/role) or view/role = 'tanda-tangan'">
      <section class="nsk-role" aria-labelledby="tanda-tangan">
        <h2 class="govuk-heading-m" id="tanda-tangan"><w:t>Sign a letter</w:t></h2>
        <ol class="govuk-list govuk-list--number">
          <li><w:t>Have the pages made: the letter gets its number.</w:t></li>
          <li><w:t>Look at the pages. They are exactly what will be signed.</w:t></li>
          <li><w:t>Type the passphrase or PIN of your key, and sign.</w:t></li>
        </ol>
        <p class="govuk-body"><w:t>If the signing service does not answer, the letter waits and nothing is lost; you are told what to do.</w:t></p>
        <xsl:if test="not(view/role)"><p class="govuk-body nsk-noprint"><a class="govuk-link" href="/bantuan/tanda-tangan"><w:t>This part alone, to print</w:t><span class="govuk-visually-hidden">: tanda-tangan</span></a></p></xsl:if>
      </section>
    </xsl:if>
    <xsl:if test="not(view/role) or view/role = 'disposisi'">
      <section class="nsk-role" aria-labelledby="disposisi">
        <h2 class="govuk-heading-m" id="disposisi"><w:t>Pass on a letter that came in</w:t></h2>
        <ol class="govuk-list govuk-list--number">
          <li><w:t>Press who is to do it; the first one leads.</w:t></li>
          <li><w:t>Press what is to be done.</w:t></li>
          <li><w:t>Give the disposition. You can take it back until somebody has answered.</w:t></li>
        </ol>
        <p class="govuk-body"><w:t>If TU has prepared it, it stands there filled in: give it with one tap, or change it. A slip can be undone for ten minutes, as long as nobody has opened it.</w:t></p>
        <xsl:if test="not(view/role)"><p class="govuk-body nsk-noprint"><a class="govuk-link" href="/bantuan/disposisi"><w:t>This part alone, to print</w:t><span class="govuk-visually-hidden">: disposisi</span></a></p></xsl:if>
      </section>
    </xsl:if>
    <xsl:if test="not(view/role) or view/role = 'tata-usaha'">
      <section class="nsk-role" aria-labelledby="tata-usaha">
        <h2 class="govuk-heading-m" id="tata-usaha"><w:t>Register and send letters (TU)</w:t></h2>
        <ul class="govuk-list govuk-list--bullet">
          <li><w:t>What came in is on the page of letters that came in: register it with its scan, then pass it on.</w:t></li>
          <li><w:t>Without a scanner, photograph the letter with your telephone, page after page; it becomes one PDF.</w:t></li>
          <li><w:t>On the page of a letter that lies before your leader you can prepare its disposition: to whom, and what is to be done.</w:t></li>
          <li><w:t>What is signed and has to go out is in the expedition book, an entry for each addressee.</w:t></li>
          <li><w:t>Registers of a year can be printed, or taken as a table.</w:t></li>
        </ul>
        <xsl:if test="not(view/role)"><p class="govuk-body nsk-noprint"><a class="govuk-link" href="/bantuan/tata-usaha"><w:t>This part alone, to print</w:t><span class="govuk-visually-hidden">: tata-usaha</span></a></p></xsl:if>
      </section>
    </xsl:if>
    <xsl:if test="not(view/role) or view/role = 'arsip'">
      <section class="nsk-role" aria-labelledby="arsip">
        <h2 class="govuk-heading-m" id="arsip"><w:t>Find a letter</w:t></h2>
        <p class="govuk-body"><w:t>Type words of the letter, its number or its sender. You find what you may read; secret letters are never found by their words.</w:t></p>
        <p class="govuk-body"><w:t>Where a letter is, and who did what, is on its page under 'Where it is in its workflow'. A search that you need often can be kept under a name.</w:t></p>
        <xsl:if test="not(view/role)"><p class="govuk-body nsk-noprint"><a class="govuk-link" href="/bantuan/arsip"><w:t>This part alone, to print</w:t><span class="govuk-visually-hidden">: arsip</span></a></p></xsl:if>
      </section>
    </xsl:if>
    <xsl:if test="not(view/role) or view/role = 'berkas'">
      <section class="nsk-role" aria-labelledby="berkas">
        <h2 class="govuk-heading-m" id="berkas"><w:t>Keep files of records (archivist)</w:t></h2>
        <ol class="govuk-list govuk-list--number">
          <li><w:t>Open a file under a class, from 'Search', 'Files of records'.</w:t></li>
          <li><w:t>Put letters into it whose way has ended: by their number on the page of the file, or on the letter's own page.</w:t></li>
          <li><w:t>Close it when the matter is finished. If retention counts from something else, such as the end of a contract, enter that day when it has come.</w:t></li>
        </ol>
        <p class="govuk-body"><w:t>The page of the file says until when it is kept, and why. When the time is over the file is only marked; people decide what becomes of it.</w:t></p>
        <p class="govuk-body"><w:t>What is due stands under 'Disposal of records': propose there what is to become of it. Another person gives an opinion, and the head of the agency decides. Hold a file that a lawsuit or an audit needs.</w:t></p>
        <xsl:if test="not(view/role)"><p class="govuk-body nsk-noprint"><a class="govuk-link" href="/bantuan/berkas"><w:t>This part alone, to print</w:t><span class="govuk-visually-hidden">: berkas</span></a></p></xsl:if>
      </section>
    </xsl:if>
    <xsl:if test="not(view/role) or view/role = 'wakil'">
      <section class="nsk-role" aria-labelledby="wakil">
        <h2 class="govuk-heading-m" id="wakil"><w:t>Be away, and stand in for others</w:t></h2>
        <ol class="govuk-list govuk-list--number">
          <li><w:t>Open the page of deputies and enter your days, and who stands in for you.</w:t></li>
          <li><w:t>When you are back sooner, press 'I am back' there.</w:t></li>
          <li><w:t>When a position goes over to somebody else, make the list of open work there; both of you confirm it.</w:t></li>
        </ol>
        <p class="govuk-body"><w:t>A substitute prepares; only a Plh. with a letter of assignment signs in your place.</w:t></p>
        <xsl:if test="not(view/role)"><p class="govuk-body nsk-noprint"><a class="govuk-link" href="/bantuan/wakil"><w:t>This part alone, to print</w:t><span class="govuk-visually-hidden">: wakil</span></a></p></xsl:if>
      </section>
    </xsl:if>
    <xsl:if test="not(view/role) or view/role = 'kelola'">
      <section class="nsk-role" aria-labelledby="kelola">
        <h2 class="govuk-heading-m" id="kelola"><w:t>Look after the office</w:t></h2>
        <ul class="govuk-list govuk-list--bullet">
          <li><w:t>The page 'Administration' is there for who was named to look after the office.</w:t></li>
          <li><w:t>People come, move and leave on 'People': give and end positions there, make accounts, give new passwords.</w:t></li>
          <li><w:t>Check a file of rules before you put it in force; letters that are on their way keep their version.</w:t></li>
          <li><w:t>Look at 'Health' and 'Keys' once a week: room on the disk, the last backup, certificates that end.</w:t></li>
        </ul>
        <xsl:if test="not(view/role)"><p class="govuk-body nsk-noprint"><a class="govuk-link" href="/bantuan/kelola"><w:t>This part alone, to print</w:t><span class="govuk-visually-hidden">: kelola</span></a></p></xsl:if>
      </section>
    </xsl:if>
    <xsl:if test="not(view/role) or view/role = 'warga'">
      <section class="nsk-role" aria-labelledby="warga">
        <h2 class="govuk-heading-m" id="warga"><w:t>Check a letter that I was given</w:t></h2>
        <p class="govuk-body"><w:t>Type the code that stands beside the square picture (QR) on the first page of this site, or read the picture with a telephone. You need not sign in.</w:t></p>
        <p class="govuk-body"><w:t>If you have the letter as a file, choose it below the code, or drop it there. Your device compares it with the letters that were published, without sending it. If it is none of those, press the button: its signatures are checked, and the file is not kept.</w:t></p>
        <xsl:if test="not(view/role)"><p class="govuk-body nsk-noprint"><a class="govuk-link" href="/bantuan/warga"><w:t>This part alone, to print</w:t><span class="govuk-visually-hidden">: warga</span></a></p></xsl:if>
      </section>
    </xsl:if>
  </xsl:template>
</xsl:stylesheet>
