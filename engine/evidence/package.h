/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/clock.h"

#include <glib.h>

/*
 * An archive package: one zip of a BagIt 1.0 bag (RFC 8493, SHA-256) around an information package
 * of E-ARK CSIP 2.2.0, with METS 1.12, PREMIS 3 and Dublin Core.
 *
 *   ID/bagit.txt, bag-info.txt, manifest-sha256.txt, tagmanifest-sha256.txt
 *   ID/data/ID/METS.xml
 *   ID/data/ID/metadata/descriptive/dc.xml
 *   ID/data/ID/metadata/preservation/premis.xml
 *   ID/data/ID/documentation/...
 *   ID/data/ID/representations/NAME/data/...
 *
 * The XML is made by templates/evidence/.  The same input gives the same bytes.
 */
typedef struct _NskPackage NskPackage;

/* What happened to what is in it; all borrowed. */
typedef struct {
    int64_t seq;
    NskInstant at;
    const char *action;
    const char *actor; /* id */
    const char *hash;  /* of its entry in the journal, hex */
} NskPackageEvent;

/* @id is the name of bag and package: letters, digits, '-'.  @at: when it is made. */
NskPackage *nsk_package_new(const char *id, NskInstant at);
void nsk_package_free(NskPackage *self);
/* Describes it: a Dublin Core element ("title", "identifier" ...); may be repeated. */
void nsk_package_describe(NskPackage *self, const char *element, const char *text);
void nsk_package_add_event(NskPackage *self, const NskPackageEvent *event);
/*
 * Adds a file; @path, such as "representations/letter/data/a.pdf", has parts of A-Z, a-z, 0-9, '-',
 * '.', '_' that do not begin with '.'.  Errors: INVALID for another path, or one that is there.
 */
bool nsk_package_add(NskPackage *self, const char *path, GBytes *content, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* The zip; owned.  Errors: LIMIT. */
GBytes *nsk_package_write(NskPackage *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskPackage, nsk_package_free)
