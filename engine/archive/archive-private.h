/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "archive/archive.h"

#include <sys/types.h>

struct _NskSearch {
    NskDb *db;
    char *path;
    dev_t device; /* of the file that was opened */
    ino_t inode;
};

/* One word that was asked for. */
typedef struct {
    gunichar *folded; /* owned; ends in 0 */
    bool prefix;
} NskSearchWord;

/* What is one operand of the search: a word, a beginning, or words in order.  Owned. */
typedef struct {
    char *match; /* FTS5 string */
    char *probe; /* the longest word as an FTS5 string; NULL for a beginning */
} NskSearchItem;

struct _NskSearchQuery {
    GArray *items; /* NskSearchItem */
    GArray *words; /* NskSearchWord */
};

/* Says in an error of the index how to get a good one; returns false. */
bool nsk_search_explain(GError *fault, GError **error);

/* Appends the token of a reader or a mark: a character for private use, which the tokeniser takes
 * for a letter and which no text or query keeps, @sort, and @id in hex. */
void nsk_search_append_token(GString *to, char sort, const char *id);
#define NSK_SEARCH_POSITION 'p' /* that may read it; the others are NskSearchSort */
/* What is in no letter, as an FTS5 string. */
#define NSK_SEARCH_NEVER "\"\xee\x80\x80x\""

/* The character after the one at @c. */
static inline const char *
nsk_search_next(const char *c)
{
    return c + g_utf8_skip[(unsigned char)*c];
}

/* @text without characters for private use, at most @limit bytes of it; NULL is "". */
char *nsk_search_clean(const char *text, size_t limit);

/* The letter, digit or mark as searches compare it: lower case, no diacritics; 0 for a mark. */
gunichar nsk_search_fold(gunichar c);
bool nsk_search_is_word_char(gunichar c);

/* Some 160 characters of @text about the first of @query's words; *out_found whether one is there,
 * else the beginning.  Owned. */
char *nsk_search_snippet(const char *text, const NskSearchQuery *query, bool *out_found);
