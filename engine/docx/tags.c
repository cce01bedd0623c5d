/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of a document's tags: what is the same is listed once, with all its places. */
#include "base/message.h"
#include "docx/docx-private.h"

#include <string.h>

#define MAX_TAGS   2000 /* different ones; more are no template */
#define MAX_PLACES 200  /* of one of them; nobody reads more */

typedef struct {
    const NskDocx *docx;
    NskIssues *issues;
    GPtrArray *tags;
    GHashTable *seen; /* text -> NskDocxTag, borrowed from @tags */
} List;

static void
tag_free(void *data)
{
    NskDocxTag *self = data;

    g_free(self->text);
    g_free(self->nearest);
    g_ptr_array_unref(self->places);
    g_free(self);
}

static void
add_issue(const List *self, const char *tag, const char *text)
{
    g_autofree char *file = g_strdup(self->docx->name);
    const NskIssue place = { tag, NSK_SEVERITY_ERROR, file, 0, 0, NULL };

    nsk_issues_add(self->issues, &place, "%s", text);
}

static void
tell(const List *self, const NskDocxMatch *match, const char *text, const char *place)
{
    g_autoptr(GString) words = g_string_new(NULL);
    bool broken = match->meaning == NSK_DOCX_BROKEN;

    if (match->meaning < NSK_DOCX_UNKNOWN)
        return;
    if (broken)
        g_string_append_printf(words, nsk_tr("%s: '%s' is no tag: %s"), place, text,
                               nsk_tr(match->fault));
    else
        g_string_append_printf(words, nsk_tr("%s: nobody knows the tag '%s'"), place, text);
    if (match->nearest != NULL)
        g_string_append_printf(words, nsk_tr("; perhaps '${%s}' is meant"), match->nearest);
    add_issue(self, broken ? "docx-tag-broken" : "docx-tag-unknown", words->str);
}

static NskDocxTag *
tag_of(List *self, const NskDocxMatch *match, const char *text)
{
    NskDocxTag *tag = g_hash_table_lookup(self->seen, text);

    if (tag != NULL || self->tags->len >= MAX_TAGS)
        return tag;
    tag = g_new0(NskDocxTag, 1);
    tag->text = g_strdup(text);
    tag->meaning = match->meaning;
    tag->signatory = match->signatory;
    tag->nearest = g_strdup(match->nearest);
    tag->places = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(self->tags, tag);
    g_hash_table_insert(self->seen, tag->text, tag);
    return tag;
}

static void
list_tags(const NskDocxParagraph *paragraph, void *data)
{
    List *self = data;
    const char *text = paragraph->text->str;
    NskDocxMatch match = { 0 };

    while (nsk_docx_find_tag(text, match.end, &match)) {
        g_autofree char *found = g_strndup(text + match.start, match.end - match.start);
        char *place = nsk_docx_place_words(&paragraph->place);
        NskDocxTag *tag = tag_of(self, &match, found);

        tell(self, &match, found, place);
        if (tag != NULL)
            tag->count++;
        if (tag != NULL && tag->places->len < MAX_PLACES)
            g_ptr_array_add(tag->places, place);
        else
            g_free(place);
    }
}

GPtrArray *
nsk_docx_tags(const NskDocx *self, NskIssues *issues)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *tags = g_ptr_array_new_with_free_func(tag_free);
    List list = { self, issues, tags, seen };

    for (guint i = 0; i < self->stories->len; i++) {
        const NskDocxStory *story = g_ptr_array_index(self->stories, i);

        nsk_docx_each_paragraph(story->blocks, list_tags, &list);
    }
    return tags;
}
