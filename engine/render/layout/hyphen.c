/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Hyphenation by libhyphen with the patterns of Debian's packages, loaded once a process when first
 * needed and never freed.  libhyphen wants the word in lower case in the pattern file's own
 * encoding, UTF-8 or ISO 8859-1; marks are carried back to byte offsets in UTF-8.
 */
#include "base/message.h"
#include "render/layout/layout.h"

#include <hyphen.h>
#include <stdlib.h>
#include <string.h>

#define MAX_WORD 100

typedef struct {
    const char *language;
    const char *file;
    const char *package;
} Pattern;

static const Pattern patterns[] = {
    { "id", "/usr/share/hyphen/hyph_id_ID.dic", "hyphen-id" },
    { "en", "/usr/share/hyphen/hyph_en_US.dic", "hyphen-en-us" },
};

static HyphenDict *dictionaries[G_N_ELEMENTS(patterns)];
static GMutex lock;

static HyphenDict *
load(size_t index, GError **error)
{
    g_mutex_lock(&lock);
    if (dictionaries[index] == NULL)
        dictionaries[index] = hnj_hyphen_load(patterns[index].file);
    HyphenDict *found = dictionaries[index];
    g_mutex_unlock(&lock);

    if (found == NULL)
        g_set_error(
            error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
            nsk_tr("no hyphenation patterns for language '%s' at %s; install the package %s"),
            patterns[index].language, patterns[index].file, patterns[index].package);
    return found;
}

/* The word in lower case and in the patterns' encoding; 0 if it cannot be written in it. */
static size_t
encode(const char *word, size_t size, bool utf8, char *out, uint8_t *out_starts)
{
    size_t n = 0;

    for (const char *at = word; at < word + size; at = nsk_next_char(at)) {
        gunichar c = g_unichar_tolower(g_utf8_get_char(at));
        size_t start = (size_t)(at - word);

        if (n + 6 >= MAX_WORD || (!utf8 && c > 0xff))
            return 0;
        if (utf8) {
            size_t length = (size_t)g_unichar_to_utf8(c, out + n);

            memset(out_starts + n, (int)start, length);
            n += length;
        } else {
            out_starts[n] = (uint8_t)start;
            out[n++] = (char)(unsigned char)c;
        }
    }
    out[n] = '\0';
    return n;
}

bool
nsk_hyphen_word(const char *language,
                const char *word,
                size_t size,
                uint8_t *out_marks,
                GError **error)
{
    char encoded[MAX_WORD + 8], hyphens[MAX_WORD + 8] = { 0 };
    uint8_t starts[MAX_WORD + 8];
    size_t index = 0;

    memset(out_marks, 0, size);
    while (index < G_N_ELEMENTS(patterns) && g_strcmp0(patterns[index].language, language) != 0)
        index++;
    if (index == G_N_ELEMENTS(patterns) || size >= MAX_WORD)
        return true;

    HyphenDict *dictionary = load(index, error);
    if (dictionary == NULL)
        return false;
    size_t n = encode(word, size, dictionary->utf8 != 0, encoded, starts);
    /* the first level of a dictionary with two parts words at hyphens only, which ours have not */
    if (dictionary->nextlevel != NULL)
        dictionary = dictionary->nextlevel;
    if (n < 4 || hnj_hyphen_hyphenate(dictionary, encoded, (int)n, hyphens) != 0)
        return true;
    for (size_t i = 0; i + 1 < n; i++) {
        if ((hyphens[i] & 1) != 0 && starts[i + 1] != starts[i])
            out_marks[starts[i + 1]] = 1;
    }
    return true;
}
