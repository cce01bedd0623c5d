/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * What the CMS of a paraf with a certificate covers: canonical JSON of nothing but the words of its
 * journal entry, so that who has the entry and the CMS can check it without anything else:
 *
 *     {"at":"2026-07-22T02:00:00.000000Z","attachments":"HEX","capacity":"definitive",
 *      "content":"HEX","decision":"approve","letter":"ID","person":"budi","position":"kabag-tu"}
 *
 * with a member for each object that it binds ("attachments" only if there are any).
 */
typedef struct {
    const char *letter, *person, *position;
    const char *capacity; /* NULL: definitive */
    const char *at;       /* as the entry spells it */
} NskStatement;

typedef struct {
    const char *kind;
    const char *sha256; /* hex */
} NskStatementObject;

/* The bytes; owned.  All is borrowed. */
GBytes *
nsk_statement_write(const NskStatement *self, const NskStatementObject *objects, size_t n_objects);
