<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- What there is to look after. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Administration</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><w:t>Administration</w:t></h1>
    <h2 class="govuk-heading-m"><w:t>People</w:t></h2>
    <ul class="nsk-tasks">
        <li class="nsk-task"><a class="nsk-task__link" href="/kelola/orang"><span class="nsk-task__subject"><w:t>People</w:t></span><span class="nsk-task__do"><w:t>Find, add, give or end positions, accounts</w:t></span></a></li>
        <li class="nsk-task"><a class="nsk-task__link" href="/kelola/jabatan"><span class="nsk-task__subject"><w:t>Positions</w:t></span><span class="nsk-task__do"><w:t>Who holds what today</w:t></span></a></li>
        <li class="nsk-task"><a class="nsk-task__link" href="/kelola/mandat"><span class="nsk-task__subject"><w:t>Mandates</w:t></span><span class="nsk-task__do"><w:t>Who may sign a.n., u.b., as Plt. or Plh.</w:t></span></a></li>
        <li class="nsk-task"><a class="nsk-task__link" href="/kelola/akun"><span class="nsk-task__subject"><w:t>Accounts</w:t></span><span class="nsk-task__do"><w:t>Who can sign in; new passwords, locking</w:t></span></a></li>
        <li class="nsk-task"><a class="nsk-task__link" href="/kelola/penyedia"><span class="nsk-task__subject"><w:t>Identity provider</w:t></span><span class="nsk-task__do"><w:t>Signing in with an account of elsewhere</w:t></span></a></li>
        <li class="nsk-task"><a class="nsk-task__link" href="/kelola/muat"><span class="nsk-task__subject"><w:t>Load a file</w:t></span><span class="nsk-task__do"><w:t>Many changes of the directory at once</w:t></span></a></li>
    </ul>
    <h2 class="govuk-heading-m"><w:t>Rules</w:t></h2>
    <ul class="nsk-tasks">
        <li class="nsk-task"><a class="nsk-task__link" href="/kelola/aturan/profil"><span class="nsk-task__subject"><w:t>Profile</w:t></span><span class="nsk-task__do"><w:t>Letterheads, numbers, classes</w:t></span></a></li>
        <li class="nsk-task"><a class="nsk-task__link" href="/kelola/aturan/templat"><span class="nsk-task__subject"><w:t>Templates</w:t></span><span class="nsk-task__do"><w:t>Kinds of letters</w:t></span></a></li>
        <li class="nsk-task"><a class="nsk-task__link" href="/kelola/aturan/alur"><span class="nsk-task__subject"><w:t>Workflows</w:t></span><span class="nsk-task__do"><w:t>The way that letters go</w:t></span></a></li>
        <li class="nsk-task"><a class="nsk-task__link" href="/kelola/aturan/kalender"><span class="nsk-task__subject"><w:t>Calendar</w:t></span><span class="nsk-task__do"><w:t>Working days and holidays</w:t></span></a></li>
    </ul>
    <h2 class="govuk-heading-m"><w:t>Watching</w:t></h2>
    <ul class="nsk-tasks">
        <li class="nsk-task"><a class="nsk-task__link" href="/kelola/kesehatan"><span class="nsk-task__subject"><w:t>Health</w:t></span><span class="nsk-task__do"><w:t>Disk, backup, mail, what is wrong</w:t></span></a></li>
        <li class="nsk-task"><a class="nsk-task__link" href="/kelola/kunci"><span class="nsk-task__subject"><w:t>Keys</w:t></span><span class="nsk-task__do"><w:t>Who signs with what, and when certificates end</w:t></span></a></li>
        <li class="nsk-task"><a class="nsk-task__link" href="/kelola/nomor"><span class="nsk-task__subject"><w:t>Numbers</w:t></span><span class="nsk-task__do"><w:t>Registers and where they stand</w:t></span></a></li>
        <li class="nsk-task"><a class="nsk-task__link" href="/pekerjaan?semua=1"><span class="nsk-task__subject"><w:t>In the background</w:t></span><span class="nsk-task__do"><w:t>Signatures, mail, work of programs</w:t></span></a></li>
        <li class="nsk-task"><a class="nsk-task__link" href="/kelola/webhook"><span class="nsk-task__subject"><w:t>Webhooks</w:t></span><span class="nsk-task__do"><w:t>Other programs that are told what happens</w:t></span></a></li>
        <li class="nsk-task"><a class="nsk-task__link" href="/kelola/riwayat"><span class="nsk-task__subject"><w:t>History</w:t></span><span class="nsk-task__do"><w:t>Who changed what</w:t></span></a></li>
    </ul>
  </xsl:template>
</xsl:stylesheet>
