/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <naskah/issue.h>

#include "base/clock.h"
#include "crypto/crypto.h"
#include "db/db.h"

/*
 * The journal: what happened to a letter, one canonical entry an event, chained by letter.
 *
 * An entry is one line of JSON, keys sorted, no blanks, integers only (RFC 8785 for these values),
 * at most 65,535 bytes (a C2SP tlog-tiles entry).  Its hash is the SHA-256 of its bytes; "prev" is
 * the hash of the letter's entry before, 64 zeros in the first; "letter_seq" counts from 1 without
 * gaps.  The order across letters (Merkle log) is given after the commit and is not in the entry.
 *
 * Names, notes, reasons never stand in an entry: they lie beside it, each with 16 random bytes of
 * salt, and the entry holds HMAC-SHA-256(salt, text).  With text and salt erased the chain still
 * holds.  Functions belong to the thread of their transaction.
 *
 * The order inside a change: nsk_journal_next(), nsk_journal_commit_message(), the commit of
 * the store, nsk_journal_append() with the commit's oid.
 */

/* A text kept beside the entry.  When read, @text is NULL once it was erased. */
typedef struct {
    const char *name; /* as nsk_name_is_valid() */
    const char *text; /* UTF-8, at most NSK_LIMIT_JOURNAL_TEXT bytes */
} NskJournalText;

/* A document that the event is about, by its content. */
typedef struct {
    const char *kind; /* "letter", "pdf", "attachment" ... */
    uint8_t sha256[NSK_SHA256_SIZE];
    int64_t size; /* bytes */
} NskJournalObject;

/*
 * One event.  All borrowed; zero is the default.  The fields that go into the entry itself are
 * ids and names: UTF-8 in NFC, no control characters, at most NSK_LIMIT_JOURNAL_FIELD bytes.
 */
typedef struct {
    const char *origin; /* name of the log: the office */
    const char *letter; /* letter id, or "office/NAME" */
    NskInstant at;
    const char *actor;        /* id of the person, or of the program's own part */
    const char *position;     /* id of the position acted from; NULL: none */
    const char *capacity;     /* in which it is held: \"plt\", \"an\" ...; NULL: none said */
    const char *auth_level;   /* how the actor's session was proved; NULL: none */
    const char *on_behalf_of; /* id of the position or person acted for; NULL: none */
    const char *action;       /* what happened: "letter-created", "paraf-given" ... */
    const NskJournalObject *objects;
    size_t n_objects;
    const char *state_from; /* NULL: none */
    const char *state_to;
    const char *reason;          /* text, kept beside under the name "reason"; NULL: none */
    const NskJournalText *texts; /* other texts */
    size_t n_texts;
    const char *task;     /* id; NULL: none */
    const char *workflow; /* id and version, such as "surat-keluar@3"; NULL: none */
    const char *commit;   /* oid of the version that the event made; NULL: none */
} NskJournalEvent;

/* An entry as read; one block with everything in it. */
typedef struct {
    NskJournalEvent event; /* texts are without the reason; erased ones, and reason, are NULL */
    bool has_reason;       /* a reason was given, erased or not */
    int64_t seq;
    uint8_t hash[NSK_SHA256_SIZE];
    uint8_t prev[NSK_SHA256_SIZE];
    GBytes *bytes; /* the entry itself */
    void *owner;   /* private */
} NskJournalEntry;

/* Where the next entry of a letter goes. */
typedef struct {
    int64_t seq;                   /* its number */
    uint8_t prev[NSK_SHA256_SIZE]; /* digest of the entry before */
} NskJournalNext;

/* Errors: CORRUPT if the letter's last entry is not what was written; IO. */
bool nsk_journal_next(NskDbTxn *txn, const char *letter, NskJournalNext *out_next, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/*
 * The message of the commit that carries @event: @summary (what happened, in plain words; control
 * characters become blanks), an empty line, and the trailers Event, Actor, On-Behalf-Of, Task,
 * Workflow, Journal.  Nothing of the event's texts is in it, and nothing that may have to be erased
 * may be in @summary.  Freed with g_free().
 */
char *nsk_journal_commit_message(const NskJournalEvent *event, const char *summary, int64_t seq);

/*
 * Adds the entry of @event at @next, which must be of the same letter and transaction, with no
 * entry added in between.  Errors: INVALID names the field; LIMIT; CONFLICT if an entry was; IO.
 */
bool nsk_journal_append(NskDbTxn *txn,
                        const NskJournalEvent *event,
                        const NskJournalNext *next,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/*
 * The entries of @letter, oldest first: NskJournalEntry, freed with g_ptr_array_unref(); empty if
 * there are none.  Errors: UNTRUSTED if an entry, the chain or a text is not what was written;
 * IO.
 */
GPtrArray *
nsk_journal_read(NskDbTxn *txn, const char *letter, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/*
 * Checks the entries of @letter (NULL: of all): form, hash, chain, numbers without gaps, texts.
 * Findings: journal-entry, journal-hash, journal-chain, journal-gap, journal-text; the file of a
 * finding is the letter, its line the entry's number.  A chain cannot show that its end was cut
 * off: compare the last number with the trailer of the letter's newest commit.
 * Errors: IO, when the check could not be made.
 */
bool nsk_journal_check(NskDbTxn *txn, const char *letter, NskIssues *issues, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/*
 * Erases the text @name and its salt from the entry @seq of @letter; with @name NULL all texts of
 * that entry, with @seq 0 all texts of all its entries.  Repeating it does nothing.  Errors: IO.
 */
bool nsk_journal_erase_texts(NskDbTxn *txn,
                             const char *letter,
                             int64_t seq,
                             const char *name,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
