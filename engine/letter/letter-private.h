/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "letter/letter.h"

/* Shared by the files of this module only. */

/* Whether @node is of the letter's namespace and has one of the names, NULL-terminated. */
bool nsk_letter_is_one_of(const NskXmlNode *node, const char *const *names);
/* Whether @node holds running text (paragraphs, table cells, one-line fields), not elements. */
bool nsk_letter_is_running(const NskXmlNode *node);
/* A new document: the normal form of a letter that its schema allows; places are kept. */
NskXmlDoc *nsk_letter_normalise(const NskXmlNode *letter);
/* Takes layout away in place, which leaves little to do for most letters: blanks between elements,
 * and the order of attributes.  @letter is allowed by its schema. */
void nsk_letter_tidy(NskXmlNode *letter);
/* Whether nsk_letter_normalise() would give the same document. */
bool nsk_letter_is_normal(const NskXmlNode *letter);
/* Adds what is wrong beyond the schema; @doc is as the schema wants it. */
void nsk_letter_check_rules(const NskXmlDoc *doc, NskIssues *issues);

/* A pair of a longest common subsequence, as indices. */
typedef struct {
    size_t old_index;
    size_t new_index;
} NskPair;

/*
 * The longest common subsequence of two lists of texts, in order; freed with g_array_unref().
 * Takes at most time and memory for 4 million comparisons: above that, only what both ends have in
 * common is found.
 */
GArray *nsk_lcs(const GPtrArray *old_texts, const GPtrArray *new_texts);

/* One comparable piece of a letter: a field, a paragraph, an entry of a list. */
typedef struct {
    const char *group; /* static: pieces are aligned within it */
    char *where[2];    /* by NskLetterWords */
    char *text;        /* what people read */
    char *key;         /* the same with markup; equal if and only if the pieces are */
} NskLetterPiece;

/* All pieces of a letter in its order; freed with g_ptr_array_unref(). */
GPtrArray *nsk_letter_pieces(const NskLetter *letter);
