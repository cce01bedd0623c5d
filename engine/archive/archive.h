/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <naskah/error.h>

#include "base/clock.h"
#include "crypto/crypto.h"
#include "db/db.h"
#include "letter/letter.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The archive: finding letters by their words.
 *
 * The search index is a file of its own beside the office's database (SQLite FTS5, unicode61
 * without diacritics).  It is a copy: it may lag, and it may be deleted and made again.  It holds
 * subject, number, addressees, copies and running text of the newest version of each letter, drafts
 * too, and who may read it: the positions, and the unit whose archivist keeps it.
 *
 * A search is an AND of the words with the tokens of the asker's positions and units, so that the
 * list of letters he may read bounds it.  The index can lag behind, so a hit is only a candidate:
 * the caller checks it against the exact rule before it shows anything of it, its number in a count
 * too.  What cannot be hidden is time: a search takes some microseconds longer when its words are
 * frequent in letters of others.
 *
 * Secret letters (rahasia and above) are not indexed at all, neither words nor readers: their bytes
 * are encrypted elsewhere, and an index would undo that.  nsk_search_apply() has no way to see the
 * class: the caller removes such a letter instead of putting it.
 *
 * Errors of all: NOT_FOUND if there is no index; UNSUPPORTED if it is of another program version;
 * CORRUPT; each says to run 'naskah rebuild'.  BUSY, IO.  A handle, with all that came from it:
 * one thread at a time.
 */
typedef struct _NskSearch NskSearch;

/* NSK_DB_WRITE makes an empty index, which is not whole, if there is none, and holds the index's
 * own writer's lock (waiting up to 10 seconds for it) until freed: the office's lock is not taken.
 */
NskSearch *
nsk_search_open(const char *path, NskDbMode mode, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void nsk_search_free(NskSearch *self);
/* Whether the file was removed or made again since: then open it anew. */
bool nsk_search_is_stale(const NskSearch *self);
/* Removes the files of the index.  Errors: BUSY while somebody writes; IO. */
bool nsk_search_destroy(const char *path, GError **error);

/* --- Writing -------------------------------------------------------------------------------- */

/* Something by which a letter is found that nobody types as a word: a value of a sort. */
typedef enum {
    NSK_SEARCH_BY_SENDER = 's',    /* id of a position that signs it, or that it came from */
    NSK_SEARCH_BY_ADDRESSEE = 't', /* id of a position that it, or a copy of it, is for */
    NSK_SEARCH_BY_CLASS = 'c',
    NSK_SEARCH_BY_MONTH = 'm', /* YYYY-MM */
    NSK_SEARCH_BY_YEAR = 'y',  /* YYYY */
    NSK_SEARCH_BY_KIND = 'k',  /* id of a kind of letters */
    NSK_SEARCH_BY_UNIT = 'u',  /* id of the unit that it is of: put in with the unit itself */
} NskSearchSort;

typedef struct {
    NskSearchSort sort;
    char *value; /* owned by the array that the mark is in */
} NskSearchMark;

/* An empty array of NskSearchMark; freed with g_array_unref(). */
GArray *nsk_search_marks_new(void);
/* Copies @size bytes of @value, or all of it if that is negative. */
void nsk_search_marks_add(GArray *marks, NskSearchSort sort, const char *value, gssize size);

/* What is indexed of a letter; all borrowed, texts may be NULL.  Of a text over
 * NSK_LIMIT_SEARCH_TEXT bytes the beginning is. */
typedef struct {
    NskInstant begun; /* newest first is by this */
    int64_t version;  /* of the letter's history; an older one than that in the index is dropped */
    const uint8_t *source; /* digest of all that the rest is made from; NULL: it may have changed */
    const char *subject;
    const char *number;
    const char *parties;
    const char *body;
    const char *const *positions; /* that may read it; NULL-terminated */
    const char *unit;             /* whose archivist may read it; NULL: none */
    const GArray *marks;          /* NskSearchMark; NULL: none */
} NskSearchDoc;

typedef struct {
    const char *letter;
    const NskSearchDoc *doc; /* NULL: take the letter out */
} NskSearchChange;

/* How far a rebuild came: @letter is the last id that is in, in the order of ids. */
typedef struct {
    bool whole;
    char *letter; /* owned by who got it; "" at the beginning */
} NskSearchProgress;

/*
 * Puts letters in and takes them out, in one durable transaction; may be repeated.  @progress (may
 * be NULL) is stored with it.
 */
bool nsk_search_apply(NskSearch *self,
                      const NskSearchChange *changes,
                      size_t n,
                      const NskSearchProgress *progress,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* *out_has: what is in the index of the letter was made from @source (NSK_SHA256_SIZE bytes), so
 * that there is nothing to put. */
bool nsk_search_has(NskSearch *self,
                    const char *letter,
                    const uint8_t *source,
                    bool *out_has,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes one letter out: no search finds it from now on.  Its bytes go with nsk_search_purge(). */
bool nsk_search_remove(NskSearch *self, const char *letter, GError **error);
/*
 * Merges the index into one piece, writes the file anew and empties its log: no byte of a letter
 * or version that was taken out is left in the files, neither words nor their beginnings.  Takes
 * seconds for 100,000 letters.  Errors: BUSY while a search is being read: try again.
 */
bool nsk_search_purge(NskSearch *self, GError **error);
bool nsk_search_get_progress(NskSearch *self, NskSearchProgress *out_progress, GError **error);

/* Running text of a letter's body and attachments; blocks are parted by a blank.  Freed with
 * g_free(). */
char *nsk_search_letter_text(const NskLetterFacts *facts);

/* --- Asking --------------------------------------------------------------------------------- */

/*
 * What somebody typed: words that must all be there, "words in this order", and beginnings of
 * words with a star ("rapat*").  Marks between letters and digits part words: 005/12/BU/2026 and
 * undang-undang are words in this order.  Whatever else is typed is no syntax.
 * Errors: INVALID for no word at all, unless @may_be_none; a beginning of under
 * NSK_LIMIT_SEARCH_PREFIX characters, or what is not UTF-8; LIMIT.
 */
typedef struct _NskSearchQuery NskSearchQuery;
NskSearchQuery *nsk_search_query_parse(const char *text,
                                       bool may_be_none,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void nsk_search_query_free(NskSearchQuery *self);
/*
 * One thing more that must be there: one of @marks (of NskSearchMark; copied), or the words of
 * @words (NULL: none) in their order, the last of which may go on.  Without any of both no letter
 * is found.  False if that would narrow nothing, since of @words too little is left: the query is
 * as it was.
 */
bool nsk_search_query_narrow(NskSearchQuery *self, const GArray *marks, const char *words);
/* How many things must all be there, and the FTS5 string of one; borrowed. */
size_t nsk_search_query_count(const NskSearchQuery *self);
const char *nsk_search_query_match(const NskSearchQuery *self, size_t index);

/* Through what the asker reads; borrowed, NULL-terminated. */
typedef struct {
    const char *const *positions; /* held or assisted */
    const char *const *units;     /* whose archive he keeps */
} NskSearchAsker;

/* A candidate; borrowed until the next step. */
typedef struct {
    int64_t key; /* for going on after it */
    int64_t version;
    const char *letter;
} NskSearchHit;

/* Candidates, newest first, those behind @after (0: from the newest).  @query: until freed. */
typedef struct _NskSearchRows NskSearchRows;
NskSearchRows *nsk_search_find(NskSearch *self,
                               const NskSearchQuery *query,
                               const NskSearchAsker *asker,
                               int64_t after,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* *out_has is false after the last one. */
bool nsk_search_rows_next(NskSearchRows *self, NskSearchHit *out_hit, bool *out_has, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* Some words of the present candidate about the first that was asked for, one line.  Owned. */
char *nsk_search_rows_snippet(NskSearchRows *self, GError **error);
void nsk_search_rows_free(NskSearchRows *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskSearch, nsk_search_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskSearchQuery, nsk_search_query_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskSearchRows, nsk_search_rows_free)
