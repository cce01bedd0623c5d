<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- What holds of these pages for people who use them in other ways than most, and what does not. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:w="urn:naskah:words:1">

  <xsl:template match="page" mode="title"><w:t>Accessibility</w:t></xsl:template>

  <xsl:template match="page" mode="main">
    <h1 class="govuk-heading-l"><w:t>Accessibility</w:t></h1>
    <p class="govuk-body"><w:t>These pages are for everybody who writes, reads or signs official letters, also without a mouse, with a screen reader, on a small telephone or with large letters.</w:t></p>
    <h2 class="govuk-heading-m"><w:t>What you can do</w:t></h2>
    <ul class="govuk-list govuk-list--bullet">
      <li><w:t>use every page by keyboard alone, and see where you are</w:t></li>
      <li><w:t>make the letters twice as large, or use a window of 320 pixels, without reading from side to side</w:t></li>
      <li><w:t>choose light, dark or high contrast colours; nothing is told by colour alone</w:t></li>
      <li><w:t>work without scripts: every form is sent and answered as a page</w:t></li>
      <li><w:t>read each letter as text, beside its PDF, because it is made of the same words</w:t></li>
      <li><w:t>paste passwords and codes; nothing has to be solved or remembered</w:t></li>
    </ul>
    <h2 class="govuk-heading-m"><w:t>Which rules they follow</w:t></h2>
    <p class="govuk-body"><w:t>The pages are made to follow the Web Content Accessibility Guidelines (WCAG) 2.2 at level AA. Each page is tried by machine in both languages, all colours, and on a small and a large window, before it may become part of the program. Machines find only a part of what hinders people.</w:t></p>
    <h2 class="govuk-heading-m"><w:t>What does not hold yet</w:t></h2>
    <ul class="govuk-list govuk-list--bullet">
      <li><w:t>No person with a disability has tested these pages yet.</w:t></li>
      <li><w:t>Scans of letters that came on paper are pictures: a screen reader reads only the summary that was typed.</w:t></li>
      <li><w:t>Files that others attach are as they made them.</w:t></li>
    </ul>
    <h2 class="govuk-heading-m"><w:t>If something hinders you</w:t></h2>
    <p class="govuk-body"><w:t>Tell the administrator of your office which page it was and what you wanted to do. Until it is mended, your office owes you the same service in another way.</w:t></p>
    <p class="govuk-body"><a class="govuk-link" href="/tampilan"><w:t>Change how pages look</w:t></a></p>
  </xsl:template>
</xsl:stylesheet>
