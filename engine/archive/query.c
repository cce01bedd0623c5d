/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What somebody typed, as an FTS5 expression.
 *
 *     query  = { blank } item { blank item }
 *     item   = '"' any but '"' ( '"' | end ) [ '*' ]  |  any but blank and '"' [ '*' ]
 *
 * Of an item only runs of letters, digits and marks are kept.  They are written as one FTS5 string,
 * within which FTS5 knows no syntax and a double quote is the only character with a meaning; it is
 * none of those kept.  So no input is a syntax error, and none can name a column or an operator.
 */
#include "archive/archive-private.h"
#include "base/limits.h"
#include "base/message.h"

#include <string.h>

gunichar
nsk_search_fold(gunichar c)
{
    gunichar base[1] = { c };

    if (c < 0x80)
        return (gunichar)g_ascii_tolower((char)c);
    if (g_unichar_ismark(c))
        return 0;
    (void)g_unichar_fully_decompose(c, FALSE, base, 1);
    return g_unichar_tolower(base[0]);
}

bool
nsk_search_is_word_char(gunichar c)
{
    return g_unichar_isalnum(c) || g_unichar_ismark(c);
}

static void
clear_word(gpointer data)
{
    g_free(((NskSearchWord *)data)->folded);
}

static void
clear_item(gpointer data)
{
    NskSearchItem *item = data;

    g_free(item->match);
    g_free(item->probe);
}

void
nsk_search_query_free(NskSearchQuery *self)
{
    if (self == NULL)
        return;
    g_array_unref(self->items);
    g_array_unref(self->words);
    g_free(self);
}

static void
clear_mark(gpointer data)
{
    g_free(((NskSearchMark *)data)->value);
}

GArray *
nsk_search_marks_new(void)
{
    GArray *marks = g_array_new(FALSE, FALSE, sizeof(NskSearchMark));

    g_array_set_clear_func(marks, clear_mark);
    return marks;
}

void
nsk_search_marks_add(GArray *marks, NskSearchSort sort, const char *value, gssize size)
{
    NskSearchMark mark = { sort, size < 0 ? g_strdup(value) : g_strndup(value, (gsize)size) };

    g_array_append_val(marks, mark);
}

size_t
nsk_search_query_count(const NskSearchQuery *self)
{
    return self->items->len;
}

const char *
nsk_search_query_match(const NskSearchQuery *self, size_t index)
{
    return g_array_index(self->items, NskSearchItem, index).match;
}

/* The word [@text, @end) folded; NULL if there is nothing but marks.  *out_length: characters. */
static gunichar *
fold_word(const char *text, const char *end, size_t *out_length)
{
    size_t length = 0;
    g_autofree gunichar *folded = g_new(gunichar, (size_t)(end - text) + 1);

    for (; text < end; text = nsk_search_next(text)) {
        gunichar c = nsk_search_fold(g_utf8_get_char(text));

        if (c != 0)
            folded[length++] = c;
    }
    folded[length] = 0;
    *out_length = length;
    return length > 0 ? g_steal_pointer(&folded) : NULL;
}

/* An item while it is read. */
typedef struct {
    GString *string;     /* the words, parted by blanks */
    size_t length;       /* characters of the last word */
    bool at_end;         /* the last word ends where the item does */
    const char *longest; /* word, of this many bytes */
    int longest_size;
} Item;

/* Adds the words of [@text, @end) to the query's and to @item. */
static void
add_words(NskSearchQuery *self, const char *text, const char *end, Item *item)
{
    while (text < end) {
        const char *stop = text;
        NskSearchWord word = { 0 };

        while (stop < end && nsk_search_is_word_char(g_utf8_get_char(stop)))
            stop = nsk_search_next(stop);
        if (stop == text) {
            text = nsk_search_next(text);
            item->at_end = false;
            continue;
        }
        word.folded = fold_word(text, stop, &item->length);
        if (word.folded != NULL) {
            g_string_append_printf(item->string, "%s%.*s", item->string->len > 0 ? " " : "",
                                   (int)(stop - text), text);
            g_array_append_val(self->words, word);
            item->at_end = true;
            if (stop - text > item->longest_size) {
                item->longest = text;
                item->longest_size = (int)(stop - text);
            }
        }
        text = stop;
    }
}

/* Adds one item, whose text is [@text, @end). */
static bool
add_item(NskSearchQuery *self, const char *text, const char *end, bool star, GError **error)
{
    g_autoptr(GString) string = g_string_new(NULL);
    Item item = { .string = string };
    NskSearchItem made = { 0 };

    add_words(self, text, end, &item);
    if (string->len == 0)
        return true;
    star = star && item.at_end;
    if (star && item.length < NSK_LIMIT_SEARCH_PREFIX) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%s*' is too short a beginning of a word; write at least %d letters "
                           "before the star"),
                    string->str, NSK_LIMIT_SEARCH_PREFIX);
        return false;
    }
    if (star)
        g_array_index(self->words, NskSearchWord, self->words->len - 1).prefix = true;
    made.match = g_strdup_printf("\"%s\"%s", string->str, star ? " *" : "");
    made.probe = star ? NULL : g_strdup_printf("\"%.*s\"", item.longest_size, item.longest);
    g_array_append_val(self->items, made);
    return true;
}

/* Reads the item at *@text, which is not blank, and moves behind it. */
static bool
read_item(NskSearchQuery *self, const char **text, GError **error)
{
    bool quoted = **text == '"';
    const char *begin = quoted ? *text + 1 : *text;
    const char *end = begin + strcspn(begin, quoted ? "\"" : " \"");
    const char *after = quoted && *end == '"' ? end + 1 : end;
    bool star = quoted && *after == '*';

    *text = star ? after + 1 : after;
    while (!quoted && end > begin && end[-1] == '*') {
        star = true;
        end--;
    }
    return add_item(self, begin, end, star, error);
}

/* What the words, all of them, may be. */
static bool
check_words(const NskSearchQuery *self, bool may_be_none, GError **error)
{
    if (self->words->len == 0 && !may_be_none) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("write at least one word or number to search for"));
        return false;
    }
    if (self->words->len <= NSK_LIMIT_SEARCH_WORDS)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                nsk_tr("the search has %u words; write at most %d"), self->words->len,
                NSK_LIMIT_SEARCH_WORDS);
    return false;
}

NskSearchQuery *
nsk_search_query_parse(const char *text, bool may_be_none, GError **error)
{
    size_t size = strlen(text);

    if (size > NSK_LIMIT_SEARCH_QUERY) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("the search is too long; write at most %d characters"),
                    NSK_LIMIT_SEARCH_QUERY);
        return NULL;
    }
    if (!g_utf8_validate(text, (gssize)size, NULL)) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("the search is not UTF-8 text; write it anew"));
        return NULL;
    }
    g_autofree char *clean = nsk_search_clean(text, size);
    g_autoptr(NskSearchQuery) self = g_new0(NskSearchQuery, 1);
    self->items = g_array_new(FALSE, FALSE, sizeof(NskSearchItem));
    g_array_set_clear_func(self->items, clear_item);
    self->words = g_array_new(FALSE, FALSE, sizeof(NskSearchWord));
    g_array_set_clear_func(self->words, clear_word);
    for (const char *rest = clean + strspn(clean, " "); *rest != '\0'; rest += strspn(rest, " ")) {
        if (!read_item(self, &rest, error))
            return NULL;
    }
    return check_words(self, may_be_none, error) ? g_steal_pointer(&self) : NULL;
}

/* --- Narrowing ------------------------------------------------------------------------------- */

/* The words of @text as one FTS5 string, the last of which may go on; "" if they are too few. */
static char *
match_words(const char *text)
{
    NskSearchQuery words = { .words = g_array_new(FALSE, FALSE, sizeof(NskSearchWord)) };
    g_autofree char *clean = nsk_search_clean(text, NSK_LIMIT_SEARCH_QUERY);
    g_autoptr(GString) string = g_string_new(NULL);
    Item item = { .string = string };

    g_array_set_clear_func(words.words, clear_word);
    add_words(&words, clean, clean + strlen(clean), &item);
    g_array_unref(words.words);
    if (string->len > 0 && item.length < NSK_LIMIT_SEARCH_PREFIX) {
        const char *last = strrchr(string->str, ' ');

        /* what so short a beginning goes on to is half of all words */
        g_string_truncate(string, last != NULL ? (gsize)(last - string->str) : 0);
        return string->len > 0 ? g_strdup_printf("\"%s\"", string->str) : g_strdup("");
    }
    return string->len > 0 ? g_strdup_printf("\"%s\" *", string->str) : g_strdup("");
}

bool
nsk_search_query_narrow(NskSearchQuery *self, const GArray *marks, const char *words)
{
    g_autofree char *match = words != NULL ? match_words(words) : g_strdup("");
    g_autoptr(GString) any = g_string_new(match);
    NskSearchItem item = { 0 };

    if (words != NULL && match[0] == '\0')
        return false;
    for (guint i = 0; i < marks->len; i++) {
        const NskSearchMark *mark = &g_array_index(marks, NskSearchMark, i);

        g_string_append(any, any->len > 0 ? " OR \"" : "\"");
        nsk_search_append_token(any, (char)mark->sort, mark->value);
        g_string_append_c(any, '"');
    }
    if (any->len == 0)
        g_string_append(any, NSK_SEARCH_NEVER);
    item.match = g_string_free(g_steal_pointer(&any), FALSE);
    /* a beginning is gathered from all its words before it can be probed */
    item.probe = words == NULL ? g_strdup(item.match) : NULL;
    g_array_append_val(self->items, item);
    return true;
}
