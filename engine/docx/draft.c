/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A document as the draft of a letter.
 *
 * The draft always passes the letter's schema and rules: a field that the document says nothing of
 * is filled with a word in brackets, or a code that no office has, and told as "docx-fill".
 */
#include "base/limits.h"
#include "base/message.h"
#include "docx/docx-private.h"
#include "letter/letter.h"

#include <string.h>

#define KIND           "surat-dinas"
#define CLASSIFICATION "ISI"
#define POSITION       "isi-jabatan"

static void
tell_missing(const NskDocxDrafter *self, const char *sentence)
{
    g_autofree char *file = g_strdup(self->docx->name);
    const NskIssue place = { "docx-fill", NSK_SEVERITY_WARNING, file, 0, 0, NULL };

    nsk_issues_add(self->issues, &place, "%s", nsk_tr(sentence));
}

static void
tell_tags(const NskDocxParagraph *paragraph, void *data)
{
    const NskDocxDrafter *self = data;
    NskDocxMatch match = { 0 };

    while (nsk_docx_find_tag(paragraph->text->str, match.end, &match)) {
        g_autofree char *tag =
            g_strndup(paragraph->text->str + match.start, match.end - match.start);

        nsk_docx_warn(self->docx->name, self->issues, "docx-fill", &paragraph->place,
                      nsk_tr("'%s' stays in the text; write there what belongs there"), tag);
    }
}

static void
tell_left_tags(NskDocxDrafter *self)
{
    for (guint i = 0; i < self->blocks->len; i++) {
        GPtrArray one = { .pdata = &self->blocks->pdata[i], .len = 1 };

        if (!self->taken[i])
            nsk_docx_each_paragraph(&one, tell_tags, self);
    }
}

/* Headers and footers say again what the profile prints; notes and boxes are told where they hang.
 */
static void
tell_other_stories(const NskDocxDrafter *self)
{
    for (guint i = 0; i < self->docx->stories->len; i++) {
        const NskDocxStory *story = g_ptr_array_index(self->docx->stories, i);
        const NskDocxPlace place = { .story = story->kind, .number = story->number };

        if (story->kind == NSK_DOCX_HEADER || story->kind == NSK_DOCX_FOOTER)
            nsk_docx_warn(self->docx->name, self->issues, "docx-printed", &place,
                          nsk_tr("it is left out: the profile prints letterhead and page numbers"));
    }
}

static void
add_parties(NskXmlNode *list, const GPtrArray *parties)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < parties->len; i++) {
        const NskDocxParty *party = g_ptr_array_index(parties, i);
        g_autofree char *name = nsk_docx_clean(party->name->str, -1);

        if (!g_hash_table_add(seen, g_strdup(name)))
            continue;
        NskXmlNode *node = nsk_xml_add(list, NULL, "outsider");
        nsk_xml_add_text_element(node, "name", name);
        if (party->attention != NULL)
            nsk_xml_add_text_element(node, "attention", party->attention);
        if (party->place != NULL)
            nsk_xml_add_text_element(node, "place", party->place);
    }
}

static void
add_addressees(const NskDocxDrafter *self, const NskDocxDraft *draft, NskXmlNode *letter)
{
    const GPtrArray *found = self->fields.to;
    NskXmlNode *to = nsk_xml_add(letter, NULL, "to");

    if (draft->to != NULL) {
        nsk_xml_set_attr(nsk_xml_add(to, NULL, "position"), "ref", draft->to);
    } else if (found != NULL && found->len > 0) {
        add_parties(to, found);
    } else {
        nsk_xml_add_text_element(nsk_xml_add(to, NULL, "outsider"), "name", "(isi penerima)");
        tell_missing(self, N_("no addressee was found; write one into <to>"));
    }
    if (self->fields.copies != NULL && self->fields.copies->len > 0)
        add_parties(nsk_xml_add(letter, NULL, "copies"), self->fields.copies);
}

static void
add_fields(const NskDocxDrafter *self, const NskDocxDraft *draft, NskXmlNode *letter)
{
    const NskDocxFields *fields = &self->fields;

    nsk_xml_add_text_element(letter, "security",
                             fields->security != NULL ? fields->security : "biasa");
    nsk_xml_add_text_element(letter, "urgency",
                             fields->urgency != NULL ? fields->urgency : "biasa");
    nsk_xml_add_text_element(letter, "classification",
                             draft->classification != NULL ? draft->classification
                                                           : CLASSIFICATION);
    if (draft->classification == NULL)
        tell_missing(self, N_("write the code of its classification into <classification>"));
    nsk_xml_add_text_element(letter, "subject",
                             fields->subject != NULL ? fields->subject : "(isi hal)");
    if (fields->subject == NULL)
        tell_missing(self, N_("no subject was found; write it into <subject>"));
    if (fields->place != NULL)
        nsk_xml_add_text_element(letter, "place", fields->place);
    add_addressees(self, draft, letter);
}

static void
add_signatory(const NskDocxDrafter *self, const NskDocxDraft *draft, NskXmlNode *letter)
{
    NskXmlNode *signatory =
        nsk_xml_add(nsk_xml_add(letter, NULL, "signatories"), NULL, "signatory");

    nsk_xml_set_attr(signatory, "position", draft->signatory != NULL ? draft->signatory : POSITION);
    nsk_xml_set_attr(signatory, "capacity", "definitive");
    if (draft->signatory == NULL)
        tell_missing(self, N_("write into <signatories> who signs: the name of a position"));
}

static NskXmlDoc *
make_draft(NskDocxDrafter *self, const NskDocxDraft *draft)
{
    NskXmlDoc *doc = nsk_xml_doc_new(NSK_LETTER_NS, "letter");
    NskXmlNode *letter = nsk_xml_doc_get_root(doc);

    nsk_xml_set_attr(letter, "kind", self->kind);
    nsk_xml_set_attr(letter, "xml:lang", "id");
    nsk_docx_take_head(self);
    add_fields(self, draft, letter);
    add_signatory(self, draft, letter);
    nsk_docx_add_body(self, nsk_xml_add(letter, NULL, "body"));
    tell_left_tags(self);
    tell_other_stories(self);
    return doc;
}

static void
tell_lost(const NskDocx *self, NskIssues *issues)
{
    for (guint i = 0; i < self->lost->len; i++) {
        NskIssue lost = *(const NskIssue *)g_ptr_array_index(self->lost, i);

        if (strcmp(lost.tag, NSK_DOCX_LOST_IN_LETTER) == 0)
            lost.tag = "docx-lost";
        nsk_issues_add(issues, &lost, "%s", lost.text);
    }
}

static void
clear_fields(NskDocxFields *self)
{
    g_free(self->subject);
    g_free(self->place);
    if (self->to != NULL)
        g_ptr_array_unref(self->to);
    if (self->copies != NULL)
        g_ptr_array_unref(self->copies);
}

GBytes *
nsk_docx_to_letter(const NskDocx *self,
                   const NskDocxDraft *draft,
                   NskIssues *issues,
                   GError **error)
{
    const NskDocxStory *body = g_ptr_array_index(self->stories, 0);
    g_autofree bool *taken = g_new0(bool, body->blocks->len + 1);
    NskDocxDrafter drafter = { .docx = self,
                               .kind = draft->kind != NULL ? draft->kind : KIND,
                               .issues = issues,
                               .blocks = body->blocks,
                               .taken = taken };
    g_autoptr(NskXmlDoc) doc = make_draft(&drafter, draft);

    clear_fields(&drafter.fields);
    tell_lost(self, issues);
    g_autoptr(GBytes) xml = nsk_xml_canonical(nsk_xml_doc_get_root(doc), error);
    if (xml == NULL)
        return NULL;
    if (g_bytes_get_size(xml) > NSK_LIMIT_LETTER_SIZE) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("the text of '%s' makes a letter of %zu bytes; at most %d are allowed"),
                    self->name, g_bytes_get_size(xml), NSK_LIMIT_LETTER_SIZE);
        return NULL;
    }
    g_autoptr(NskLetter) letter = nsk_letter_parse(self->name, g_bytes_get_data(xml, NULL),
                                                   g_bytes_get_size(xml), NULL, error);
    return letter != NULL ? nsk_letter_to_xml_pretty(letter) : NULL;
}
