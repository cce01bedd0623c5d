<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- What a package is about, as simple Dublin Core.  Its document: engine/evidence/package.c. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:dc="http://purl.org/dc/elements/1.1/">
  <xsl:output method="xml" encoding="UTF-8" indent="yes"/>

  <xsl:template match="/package">
    <simpledc>
      <xsl:for-each select="describe">
        <xsl:element name="dc:{@name}"><xsl:value-of select="."/></xsl:element>
      </xsl:for-each>
    </simpledc>
  </xsl:template>
</xsl:stylesheet>
