/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A piece of text about the first word that was asked for.  Reads the text once and compares word
 * by word, folded a character at a time: FTS5's own snippet() cuts every column of a hit into words
 * again, which costs more than the search.
 */
#include "archive/archive-private.h"

#include <string.h>

#define BEFORE 60  /* bytes shown before the word, about */
#define LENGTH 200 /* bytes shown, about */

/* Whether the word [@text, @end) is the one that was asked for. */
static bool
is_word(const char *text, const char *end, const NskSearchWord *word)
{
    const gunichar *wanted = word->folded;

    for (; text < end; text = nsk_search_next(text)) {
        gunichar c = nsk_search_fold(g_utf8_get_char(text));

        if (c == 0)
            continue;
        if (*wanted == 0)
            return word->prefix;
        if (c != *wanted++)
            return false;
    }
    return *wanted == 0;
}

static bool
is_asked(const char *text, const char *end, const NskSearchQuery *query)
{
    gunichar first = g_utf8_get_char(text);

    first = first < 0x80 ? (gunichar)g_ascii_tolower((char)first) : nsk_search_fold(first);
    for (guint i = 0; i < query->words->len; i++) {
        const NskSearchWord *word = &g_array_index(query->words, NskSearchWord, i);

        /* most words end here; one that begins with a mark (0) is looked at whole */
        if ((first == 0 || first == word->folded[0]) && is_word(text, end, word))
            return true;
    }
    return false;
}

/* The end of the word at @text, which is @text itself if there is none. */
static const char *
skip_word(const char *text)
{
    for (;; text = nsk_search_next(text)) {
        unsigned char c = (unsigned char)*text;

        if (c < 0x80 ? !g_ascii_isalnum((char)c) : !nsk_search_is_word_char(g_utf8_get_char(text)))
            return text;
    }
}

static const char *
find_asked(const char *text, const NskSearchQuery *query)
{
    while (*text != '\0') {
        const char *end = skip_word(text);

        if (end > text && is_asked(text, end, query))
            return text;
        text = end > text ? end : nsk_search_next(text);
    }
    return NULL;
}

/* The place to cut at: after the last blank before @at, or at a character within @reach bytes. */
static const char *
cut_before(const char *text, const char *at)
{
    const char *blank = at;

    while (blank > text && at - blank < BEFORE / 2 && blank[-1] != ' ')
        blank--;
    if (blank == text || blank[-1] == ' ')
        return blank;
    while (at > text && ((unsigned char)*at & 0xc0) == 0x80)
        at--;
    return at;
}

char *
nsk_search_snippet(const char *text, const NskSearchQuery *query, bool *out_found)
{
    const char *place = find_asked(text, query);
    const char *end = text + strlen(text);

    *out_found = place != NULL;
    place = place != NULL ? place : text;
    const char *from = place - text > BEFORE ? cut_before(text, place - BEFORE) : text;
    const char *to = end - from > LENGTH ? cut_before(place, from + LENGTH) : end;
    g_autofree char *piece = g_strndup(from, (size_t)(to - from));
    g_strstrip(piece);
    return g_strconcat(from > text ? "… " : "", piece, to < end ? " …" : "", NULL);
}
