<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Help by what somebody has to do; one page, which can be printed. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Help</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><w:t>Help</w:t></h1>
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
        <li><a class="govuk-link" href="#warga"><w:t>Check a letter that I was given</w:t></a></li>
      </ul>
    </nav>

    <h2 class="govuk-heading-m" id="semua"><w:t>Find what waits for me</w:t></h2>
    <ol class="govuk-list govuk-list--number">
      <li><w:t>Sign in. The first page shows how much waits for you, and of what kind.</w:t></li>
      <li><w:t>Press a number to see those letters, the oldest first.</w:t></li>
      <li><w:t>Press a letter to read it. What you can do with it stands beside it; on a telephone, at the bottom.</w:t></li>
    </ol>
    <p class="govuk-body"><w:t>What waits for a colleague whom you stand in for is in the same list, and says so.</w:t></p>

    <h2 class="govuk-heading-m" id="konsep"><w:t>Write a letter</w:t></h2>
    <ol class="govuk-list govuk-list--number">
      <li><w:t>Choose the kind of letter. It already has its head, its parts and its reviewers.</w:t></li>
      <li><w:t>Write. What is wrong or missing is told in words, with its place.</w:t></li>
      <li><w:t>Submit it. It goes to its reviewers by itself; number and date come when it is signed.</w:t></li>
    </ol>
    <p class="govuk-body"><w:t>If it is returned, the reason stands at the top. You can take it back while nobody has read it.</w:t></p>

    <h2 class="govuk-heading-m" id="periksa"><w:t>Review a letter and give a paraf</w:t></h2>
    <ol class="govuk-list govuk-list--number">
      <li><w:t>Read the letter. If you had it before, what changed since then is shown.</w:t></li>
      <li><w:t>Give your paraf, or return it with a reason.</w:t></li>
    </ol>
    <p class="govuk-body"><w:t>Your paraf holds for the very words that you saw. If somebody changes them afterwards, you are asked again.</w:t></p>

    <h2 class="govuk-heading-m" id="tanda-tangan"><w:t>Sign a letter</w:t></h2>
    <ol class="govuk-list govuk-list--number">
      <li><w:t>Have the pages made: the letter gets its number.</w:t></li>
      <li><w:t>Look at the pages. They are exactly what will be signed.</w:t></li>
      <li><w:t>Type the passphrase or PIN of your key, and sign.</w:t></li>
    </ol>
    <p class="govuk-body"><w:t>If the signing service does not answer, the letter waits and nothing is lost; you are told what to do.</w:t></p>

    <h2 class="govuk-heading-m" id="disposisi"><w:t>Pass on a letter that came in</w:t></h2>
    <ol class="govuk-list govuk-list--number">
      <li><w:t>Press who is to do it; the first one leads.</w:t></li>
      <li><w:t>Press what is to be done.</w:t></li>
      <li><w:t>Give the disposition. You can take it back until somebody has answered.</w:t></li>
    </ol>

    <h2 class="govuk-heading-m" id="tata-usaha"><w:t>Register and send letters (TU)</w:t></h2>
    <ul class="govuk-list govuk-list--bullet">
      <li><w:t>What came in is on the page of letters that came in: register it with its scan, then pass it on.</w:t></li>
      <li><w:t>What is signed and has to go out is in the expedition book, an entry for each addressee.</w:t></li>
      <li><w:t>Registers of a year can be printed, or taken as a table.</w:t></li>
    </ul>

    <h2 class="govuk-heading-m" id="arsip"><w:t>Find a letter</w:t></h2>
    <p class="govuk-body"><w:t>Type words of the letter, its number or its sender. You find what you may read; secret letters are never found by their words.</w:t></p>

    <h2 class="govuk-heading-m" id="warga"><w:t>Check a letter that I was given</w:t></h2>
    <p class="govuk-body"><w:t>Type the code that stands beside the square picture (QR) on the first page of this site, or read the picture with a telephone. You need not sign in.</w:t></p>
  </xsl:template>
</xsl:stylesheet>
