<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!--
  PREMIS 3.0 of a package: every file with its digest, what happened by the journal, and who did it.
  Its document: engine/evidence/package.c.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns="http://www.loc.gov/premis/v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <xsl:output method="xml" encoding="UTF-8" indent="yes"/>

  <xsl:template match="/package">
    <premis version="3.0" xsi:schemaLocation="http://www.loc.gov/premis/v3 https://www.loc.gov/standards/premis/premis.xsd">
      <xsl:apply-templates select="file"/>
      <xsl:apply-templates select="event"/>
      <agent>
        <agentIdentifier>
          <agentIdentifierType>local</agentIdentifierType>
          <agentIdentifierValue>program</agentIdentifierValue>
        </agentIdentifier>
        <agentName><xsl:value-of select="@program"/></agentName>
        <agentType>software</agentType>
        <agentVersion><xsl:value-of select="@version"/></agentVersion>
      </agent>
      <xsl:apply-templates select="actor"/>
    </premis>
  </xsl:template>

  <xsl:template match="file">
    <object xsi:type="file">
      <objectIdentifier>
        <objectIdentifierType>path</objectIdentifierType>
        <objectIdentifierValue><xsl:value-of select="@path"/></objectIdentifierValue>
      </objectIdentifier>
      <objectCharacteristics>
        <fixity>
          <messageDigestAlgorithm>SHA-256</messageDigestAlgorithm>
          <messageDigest><xsl:value-of select="@sha256"/></messageDigest>
        </fixity>
        <size><xsl:value-of select="@size"/></size>
        <format>
          <formatDesignation>
            <formatName><xsl:value-of select="@mime"/></formatName>
          </formatDesignation>
        </format>
      </objectCharacteristics>
    </object>
  </xsl:template>

  <xsl:template match="event">
    <event>
      <eventIdentifier>
        <eventIdentifierType>journal</eventIdentifierType>
        <eventIdentifierValue><xsl:value-of select="concat(/package/@id, '/', @seq)"/></eventIdentifierValue>
      </eventIdentifier>
      <eventType><xsl:value-of select="@action"/></eventType>
      <eventDateTime><xsl:value-of select="@at"/></eventDateTime>
      <eventDetailInformation>
        <eventDetail><xsl:value-of select="concat('sha256:', @hash)"/></eventDetail>
      </eventDetailInformation>
      <linkingAgentIdentifier>
        <linkingAgentIdentifierType>actor</linkingAgentIdentifierType>
        <linkingAgentIdentifierValue><xsl:value-of select="@actor"/></linkingAgentIdentifierValue>
      </linkingAgentIdentifier>
    </event>
  </xsl:template>

  <xsl:template match="actor">
    <agent>
      <agentIdentifier>
        <agentIdentifierType>actor</agentIdentifierType>
        <agentIdentifierValue><xsl:value-of select="@id"/></agentIdentifierValue>
      </agentIdentifier>
    </agent>
  </xsl:template>
</xsl:stylesheet>
