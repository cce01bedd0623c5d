<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- METS 1.12 of a package, by the profile E-ARK CSIP 2.2.0.  Its document: engine/evidence/package.c. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns="http://www.loc.gov/METS/" xmlns:xlink="http://www.w3.org/1999/xlink"
                xmlns:csip="https://DILCIS.eu/XML/METS/CSIPExtensionMETS"
                xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <xsl:output method="xml" encoding="UTF-8" indent="yes"/>
  <xsl:key name="use" match="file[@in = 'representations']" use="@use"/>
  <xsl:variable name="first" select="/package/file[@in = 'representations'][generate-id() = generate-id(key('use', @use)[1])]"/>

  <xsl:template match="/package">
    <mets OBJID="{@id}" TYPE="Mixed" LABEL="{describe[@name = 'title']}" PROFILE="https://earkcsip.dilcis.eu/profile/E-ARK-CSIP.xml"
          csip:CONTENTINFORMATIONTYPE="MIXED"
          xsi:schemaLocation="http://www.loc.gov/METS/ http://www.loc.gov/standards/mets/mets.xsd http://www.w3.org/1999/xlink http://www.loc.gov/standards/mets/xlink.xsd https://DILCIS.eu/XML/METS/CSIPExtensionMETS https://earkcsip.dilcis.eu/schema/DILCISExtensionMETS.xsd">
      <metsHdr CREATEDATE="{@created}" LASTMODDATE="{@created}" RECORDSTATUS="NEW" csip:OAISPACKAGETYPE="AIP">
        <agent ROLE="CREATOR" TYPE="OTHER" OTHERTYPE="SOFTWARE">
          <name><xsl:value-of select="@program"/></name>
          <note csip:NOTETYPE="SOFTWARE VERSION"><xsl:value-of select="@version"/></note>
        </agent>
      </metsHdr>
      <dmdSec ID="dmd-dc" CREATED="{@created}" STATUS="CURRENT">
        <mdRef LOCTYPE="URL" MDTYPE="DC">
          <xsl:apply-templates select="metadata[@name = 'dc']"/>
        </mdRef>
      </dmdSec>
      <amdSec ID="amd">
        <digiprovMD ID="amd-premis" CREATED="{@created}" STATUS="CURRENT">
          <mdRef LOCTYPE="URL" MDTYPE="PREMIS" MDTYPEVERSION="3.0">
            <xsl:apply-templates select="metadata[@name = 'premis']"/>
          </mdRef>
        </digiprovMD>
      </amdSec>
      <fileSec ID="files">
        <fileGrp ID="group-documentation" USE="Documentation" csip:CONTENTINFORMATIONTYPE="OTHER" csip:OTHERCONTENTINFORMATIONTYPE="urn:naskah:evidence:1">
          <xsl:apply-templates select="file[@use = 'documentation']"/>
        </fileGrp>
        <fileGrp ID="group-schemas" USE="Schemas" csip:CONTENTINFORMATIONTYPE="OTHER" csip:OTHERCONTENTINFORMATIONTYPE="urn:naskah:evidence:1">
          <xsl:apply-templates select="file[@use = 'schemas']"/>
        </fileGrp>
        <xsl:for-each select="$first">
          <fileGrp ID="group-{@use}" USE="Representations/{@use}" csip:CONTENTINFORMATIONTYPE="OTHER" csip:OTHERCONTENTINFORMATIONTYPE="urn:naskah:evidence:1">
            <xsl:apply-templates select="key('use', @use)"/>
          </fileGrp>
        </xsl:for-each>
      </fileSec>
      <structMap ID="structure" TYPE="PHYSICAL" LABEL="CSIP">
        <div ID="structure-package" LABEL="{@id}">
          <div ID="structure-metadata" LABEL="Metadata" DMDID="dmd-dc" ADMID="amd-premis"/>
          <div ID="structure-documentation" LABEL="Documentation"><fptr FILEID="group-documentation"/></div>
          <div ID="structure-schemas" LABEL="Schemas"><fptr FILEID="group-schemas"/></div>
          <div ID="structure-representations" LABEL="Representations">
            <xsl:for-each select="$first">
              <fptr FILEID="group-{@use}"/>
            </xsl:for-each>
          </div>
        </div>
      </structMap>
    </mets>
  </xsl:template>

  <xsl:template match="metadata">
    <xsl:call-template name="fixity"/>
    <xsl:attribute name="xlink:type">simple</xsl:attribute>
    <xsl:attribute name="xlink:href"><xsl:value-of select="@path"/></xsl:attribute>
  </xsl:template>

  <xsl:template match="file">
    <file ID="file-{count(preceding-sibling::file) + 1}">
      <xsl:call-template name="fixity"/>
      <FLocat LOCTYPE="URL" xlink:type="simple" xlink:href="{@path}"/>
    </file>
  </xsl:template>

  <xsl:template name="fixity">
    <xsl:attribute name="MIMETYPE"><xsl:value-of select="@mime"/></xsl:attribute>
    <xsl:attribute name="SIZE"><xsl:value-of select="@size"/></xsl:attribute>
    <xsl:attribute name="CREATED"><xsl:value-of select="/package/@created"/></xsl:attribute>
    <xsl:attribute name="CHECKSUM"><xsl:value-of select="@sha256"/></xsl:attribute>
    <xsl:attribute name="CHECKSUMTYPE">SHA-256</xsl:attribute>
  </xsl:template>
</xsl:stylesheet>
