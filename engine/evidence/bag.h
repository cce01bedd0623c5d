/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * Reading an evidence file (package.h): the zip, the bag in it (RFC 8493) and the package in that.
 * Strict: what package.h writes is read, and everything else is refused, so that nothing is in the
 * file that no digest covers.
 */
typedef struct {
    char *id;     /* of the letter; name of bag and package */
    GTree *files; /* path in the package -> GBytes */
    GBytes *zip;  /* from which they borrow */
} NskBag;

/* Errors: INVALID if it is no such file; UNTRUSTED if a file in it is not what manifests or METS
 * say of it.  Each names the first file that is wrong. */
NskBag *nsk_bag_read(GBytes *zip, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void nsk_bag_free(NskBag *self);
/* Borrowed; NULL if there is none.  @path: in the package. */
GBytes *nsk_bag_find(const NskBag *self, const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskBag, nsk_bag_free)
