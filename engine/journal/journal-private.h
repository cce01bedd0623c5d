/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "journal/journal.h"

#define NSK_JOURNAL_VERSION    1
#define NSK_JOURNAL_ENTRY_SIZE 65535 /* bytes; a C2SP tlog-tiles entry */
#define NSK_JOURNAL_SALT_SIZE  16
#define NSK_JOURNAL_REASON     "reason"

/* A text's salt and what the entry says of it. */
typedef struct {
    const char *name; /* borrowed */
    const char *text; /* borrowed */
    uint8_t salt[NSK_JOURNAL_SALT_SIZE];
} NskSaltedText;

/* Where an entry stands in its chain. */
typedef struct {
    int64_t seq;
    uint8_t prev[NSK_SHA256_SIZE];
    uint8_t salt[NSK_JOURNAL_SALT_SIZE];
} NskJournalPlace;

/* Whether everything that goes into the entry is well formed.  Errors: INVALID, LIMIT. */
bool nsk_journal_event_check(const NskJournalEvent *event, GError **error);
/* The canonical bytes; @texts are NskSaltedText, the reason among them.  Errors: LIMIT. */
GBytes *nsk_journal_entry_format(const NskJournalEvent *event,
                                 const NskJournalPlace *place,
                                 const GArray *texts,
                                 GError **error);
/*
 * Reads canonical bytes.  The texts are not in them: see nsk_journal_entry_add_text().
 * Returns NULL if @bytes is not what nsk_journal_entry_format() writes.
 */
NskJournalEntry *nsk_journal_entry_parse(GBytes *bytes);
void nsk_journal_entry_free(NskJournalEntry *self);
/* What the entry says of the text @name: 64 hex digits, or NULL if it names no such text. */
const char *nsk_journal_entry_text_hash(const NskJournalEntry *self, const char *name);
/* Adds a text that lies beside the entry; @text NULL: erased. */
void nsk_journal_entry_add_text(NskJournalEntry *self, const char *name, const char *text);
/* Whether every text that the entry names was added. */
bool nsk_journal_entry_has_all_texts(const NskJournalEntry *self);
/* HMAC-SHA-256(salt, text) as hex. */
char *nsk_journal_text_hash(const void *salt, const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskJournalEntry, nsk_journal_entry_free)
