/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/office-private.h"

/* What the files about letters that come in share; see incoming-register.c. */

/* The TU of a unit, who acts; owned. */
typedef struct {
    NskUnit *unit;
    NskDate today;        /* in its zone */
    NskCapacity capacity; /* how the archivist's position is held, unless: */
    bool assisting;       /* by assisting a position of the unit */
} NskReceivingClerk;
/* Whether through @reading the person is TU of its unit. */
bool nsk_receiving_clerk_is(const NskReading *reading);
void nsk_receiving_clerk_free(NskReceivingClerk *self);
/* The person as TU of @unit.  Errors: DENIED; NOT_FOUND. */
NskReceivingClerk *nsk_receiving_clerk_find(NskOffice *office,
                                            NskDbTxn *txn,
                                            const char *unit,
                                            NskInstant now,
                                            GError **error);
/* The unit as whose TU the person registers a letter for @position (may be NULL): the nearest
 * around it, else the only one.  Owned.  Errors: DENIED; INVALID if there are several. */
char *nsk_receiving_clerk_choose_unit(NskOffice *office,
                                      NskDbTxn *txn,
                                      const char *position,
                                      NskDate date,
                                      GError **error);

/* The letter that @text means, an id, its end, a number, an agenda number or the sender's own, if
 * it came in and the person may know of it: by reading it, or as TU of its unit.  Both owned.
 * Errors: NOT_FOUND; INVALID if it may mean several. */
NskLetterRow *nsk_incoming_access(NskOffice *office,
                                  NskDbTxn *txn,
                                  const char *text,
                                  NskIncomingRow **out_incoming,
                                  GError **error);

/* Whether the person may know what the envelope of a letter that came in says. */
bool nsk_incoming_may_know(NskOffice *office,
                           NskDbTxn *txn,
                           const NskLetterRow *row,
                           bool *out_may,
                           GError **error);

/* --- incoming-scan.c --- */

#define NSK_INCOMING_SCAN "naskah-masuk.pdf" /* what it is called beside the letter */

/* A scan; all owned. */
typedef struct {
    GBytes *pdf; /* NULL: there is none */
    char *sha256;
    GBytes *text; /* its words; NULL: none */
} NskIncomingScan;
void nsk_incoming_scan_clear(NskIncomingScan *self);
/* Reads the file at @path (NULL: there is none).  Errors: INVALID for what is no PDF; LIMIT. */
bool nsk_incoming_scan_read(const char *path, NskIncomingScan *out_scan, GError **error);
/* The same, and whether the file holds scripts. */
bool nsk_incoming_scan_look(const char *path,
                            NskIncomingScan *out_scan,
                            bool *out_scripts,
                            GError **error);
/* Whether it is too large to travel. */
bool nsk_incoming_scan_is_large(const NskIncomingScan *self);
/* Puts a large scan in its place, *out_sha256 then being borrowed from it; the bytes of a small
 * one, borrowed too, travel. */
typedef struct {
    const NskIncomingScan *scan;
    const char *path;
    const char *letter;
} NskIncomingPlace;
bool nsk_incoming_scan_place(NskOffice *office,
                             const NskIncomingPlace *place,
                             GBytes **out_file,
                             const char **out_sha256,
                             GError **error);

/* By how much before it is registered a letter may have come. */
#define NSK_INCOMING_PAST (3660 * G_TIME_SPAN_DAY)

/* What is registered anew of a letter, as it travels; all borrowed.  NULL stays as it is, "" is
 * taken away. */
typedef struct {
    const char *letter; /* its id */
    const char *act;    /* "correct" or "open" */
    const char *reason; /* of a correction */
    const char *channel, *origin, *attention, *place, *number, *date, *due, *at;
    const char *subject, *summary, *classification, *urgency;
    const char *file_name; /* of another scan; NULL: it stays */
    GBytes *file;
    const char *file_sha256;
    GBytes *text;
    const char *request; /* what its request id is good for */
    int64_t double_said; /* 1: it was said that it repeats no other letter */
} NskIncomingAmend;
#define NSK_INCOMING_OPEN "open"

/* --- incoming-rewrite.c --- */

/* Borrowed, but @changed. */
typedef struct {
    const NskIncomingAmend *asked;
    NskInstant now;
    NskStoreBlob *scan; /* NULL: the letter's stays */
    GPtrArray *changed; /* names, static; owned */
    bool opened;        /* the letter was, after it was registered by its envelope */
    bool inside;        /* something that its envelope does not say is among them */
    bool compared;      /* something is by which letters are compared */
} NskRewrite;
/* The version after @before, and what of @self tells of it.  Errors: INVALID. */
GBytes *nsk_incoming_rewrite(NskRewrite *self,
                             NskDbTxn *txn,
                             const NskLetterRow *row,
                             const NskLetter *before,
                             GError **error);
/* What the request is, whenever it is repeated; owned. */
char *nsk_incoming_amend_describe(const NskIncomingAmend *amend, const NskIncomingScan *scan);

/* --- incoming-amend.c --- */

bool nsk_do_incoming_amend(NskOffice *self, const void *arguments, NskJson **out, GError **error);
bool nsk_call_incoming_amend(NskOffice *self,
                             const NskIncomingAmend *amend,
                             NskJson **out_result,
                             GError **error);

/* --- incoming-register.c, also for what is registered anew --- */

/* Errors: INVALID, naming those that the profile has. */
bool
nsk_incoming_check_channel(NskOffice *office, NskDbTxn *txn, const char *channel, GError **error);
/* Sets "warnings" of what was registered: sentences. */
void nsk_incoming_add_warnings(NskJson *result, const NskIssues *issues);
/* Errors: CONFLICT if the letter seems to be registered already. */
bool nsk_incoming_check_double(NskOffice *office,
                               NskDbTxn *txn,
                               const NskIncomingRow *row,
                               GError **error);

/* What travels to the writer; all borrowed. */
typedef struct {
    const char *letter;      /* its id, made by who asks, under which a large scan lies already */
    GBytes *xml;             /* <letter> with <received> */
    const char *unit;        /* whose TU registers it */
    const char *file_name;   /* of the scan; NULL: none */
    GBytes *file;            /* its bytes; NULL: it lies beside the database already */
    const char *file_sha256; /* of that, in hex */
    GBytes *text;            /* the words of the scan; NULL: none */
    const char *act;         /* what its request id is good for */
    int64_t double_said;     /* 1: it was said whether it repeats another letter */
    const char *system;      /* it is taken in from this system's archive; NULL: it came today */
    const char *former_id, *former_number; /* there */
} NskIncomingChange;
/* The only kind of what is taken in from an archive, and how it is said to have come. */
#define NSK_IMPORT_KIND    "arsip-lama"
#define NSK_IMPORT_CHANNEL "impor"

/* What is done with a task of TU; all borrowed. */
typedef struct {
    const char *task;
    const char *outcome; /* "forward" or "file" */
    const char *to; /* positions parted by blanks, in place of the addressees; NULL: as it is */
    const char *note;
} NskIncomingAct;
bool nsk_call_incoming_act(NskOffice *self,
                           const NskIncomingAct *act,
                           NskJson **out_result,
                           GError **error);
/* call.c: has it done here or by the server. */
bool nsk_call_incoming_register(NskOffice *self,
                                const NskIncomingChange *change,
                                NskJson **out_result,
                                GError **error);
/* Whether the change would be refused as things stand; before a large scan is put in its place. */
bool nsk_incoming_check(NskOffice *self, const NskIncomingChange *change, GError **error);
/* The answer of an act: as nsk_act_answer(), and agenda, unit. */
char *nsk_incoming_answer(const NskAct *act, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskIncomingScan, nsk_incoming_scan_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskReceivingClerk, nsk_receiving_clerk_free)
