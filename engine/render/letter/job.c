/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The render job (urn:naskah:render-job:1): one document with all that a stylesheet may ask for.
 *
 *     <job language="id">
 *       <letter>, <kind>                 copies of the documents
 *       <profile>                        what it says for this letter (select.c)
 *       <issuer unit name place zone/>
 *       <addressee n print attention place/> ... <copy n print note/> ...
 *       <distribution of> <receiver n number role print attention place note/> ... </distribution>?
 *       <signatory n field capacity holding position for through person plain-name nip rank>
 * <p:names/> </signatory> ... <paraf n position person date/> ... <print n alone/>?  <draft/>?  <qr
 * text/>?  <original text/>?  <printed-date/>? <page attachment n of image width height> <line x y
 * width height/> <mark name .../> </page>
 *     </job>
 *
 * Invariant: there is one addressee, copy and signatory for each that the letter has, in its order;
 * but in a copy for one addressee he stands alone.  A secret letter has the distribution list: all
 * addressees, then all copies, each with the number of its copy.
 */
#include "base/message.h"
#include "render/letter/letter-private.h"

#include <string.h>

#define JOB_NS    "urn:naskah:render-job:1"
#define LETTER_NS "urn:naskah:letter:1"

static bool
check_count(const NskXmlDoc *letter, const char *part, size_t n, GError **error)
{
    NskXmlNode *node = nsk_xml_child(nsk_xml_doc_get_root(letter), part);
    size_t expected = 0;

    if (node != NULL) {
        for (NskXmlNode *child = nsk_xml_first(node); child != NULL; child = nsk_xml_next(child))
            expected++;
    }
    if (n == expected)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("letter '%s' has %zu in '%s', but %zu names were resolved"),
                nsk_xml_doc_get_name(letter), expected, part, n);
    return false;
}

static bool
check_job(const NskRenderJob *job, const NskXmlDoc *letter, GError **error)
{
    NskXmlNode *root = nsk_xml_doc_get_root(letter);

    if (!nsk_xml_is(root, LETTER_NS, "letter")) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID, nsk_tr("'%s' is not a letter of %s"),
                    nsk_xml_doc_get_name(letter), LETTER_NS);
        return false;
    }
    if (g_strcmp0(nsk_xml_attr(root, "kind"), nsk_kind_get_id(job->kind)) != 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("letter '%s' is not of the kind '%s' that it is to be rendered as"),
                    nsk_xml_doc_get_name(letter), nsk_kind_get_id(job->kind));
        return false;
    }
    return check_count(letter, "to", job->n_addressees, error) &&
           check_count(letter, "copies", job->n_copies, error) &&
           check_count(letter, "signatories", job->n_signatories, error);
}

bool
nsk_job_date(const NskXmlDoc *letter, NskDate *out_date, GError **error)
{
    g_autofree char *text = nsk_xml_child_text(nsk_xml_doc_get_root(letter), "date");

    if (text == NULL || *text == '\0') {
        *out_date = (NskDate){ 0 };
        return true;
    }
    return nsk_date_parse(text, out_date, error);
}

static void
set(NskXmlNode *node, const char *name, const char *value)
{
    nsk_xml_set_attr(node, name, value != NULL ? value : "");
}

/* A numbered element; numbers begin at 1. */
static NskXmlNode *
add_numbered(NskXmlNode *root, const char *name, size_t index)
{
    NskXmlNode *node = nsk_xml_add(root, JOB_NS, name);
    g_autofree char *n = g_strdup_printf("%zu", index + 1);

    nsk_xml_set_attr(node, "n", n);
    return node;
}

static void
add_people(NskXmlNode *root, const NskRenderJob *job)
{
    for (size_t i = 0; i < job->n_addressees; i++) {
        if (job->only != 0 && i + 1 != job->only)
            continue;
        NskXmlNode *node = add_numbered(root, "addressee", i);

        set(node, "print", job->addressees[i].print);
        set(node, "attention", job->addressees[i].attention);
        set(node, "place", job->addressees[i].place);
    }
    for (size_t i = 0; i < job->n_copies; i++) {
        NskXmlNode *node = add_numbered(root, "copy", i);

        set(node, "print", job->copies[i].print);
        set(node, "note", job->copies[i].note);
    }
}

/* The receivers of one list of the letter; *n_all counts them, *last is the highest number. */
static void
add_receivers(NskXmlNode *list,
              const NskXmlNode *parties,
              const NskRenderParty *prints,
              unsigned *n_all,
              unsigned *last)
{
    const NskXmlNode *party = parties != NULL ? nsk_xml_first(parties) : NULL;

    for (size_t i = 0; party != NULL; party = nsk_xml_next(party), i++) {
        NskXmlNode *node = add_numbered(list, "receiver", *n_all);
        const char *given = nsk_xml_attr(party, "copy");
        g_autofree char *number =
            given != NULL ? g_strdup(given) : g_strdup_printf("%u", *n_all + 1);

        set(node, "number", number);
        set(node, "role", nsk_xml_name(parties));
        set(node, "print", prints[i].print);
        set(node, "attention", prints[i].attention);
        set(node, "place", prints[i].place);
        set(node, "note", prints[i].note);
        *n_all += 1;
        *last = MAX(*last, (unsigned)g_ascii_strtoull(number, NULL, 10));
    }
}

static void
add_distribution(NskXmlNode *root, const NskRenderJob *job, const NskXmlNode *letter)
{
    g_autofree char *text = nsk_xml_child_text(letter, "security");
    unsigned n_all = 0, last = 0;

    if (g_strcmp0(text, "rahasia") != 0 && g_strcmp0(text, "sangat-rahasia") != 0)
        return;
    NskXmlNode *list = nsk_xml_add(root, JOB_NS, "distribution");
    add_receivers(list, nsk_xml_child(letter, "to"), job->addressees, &n_all, &last);
    add_receivers(list, nsk_xml_child(letter, "copies"), job->copies, &n_all, &last);
    g_autofree char *of = g_strdup_printf("%u", MAX(n_all, last));
    set(list, "of", of);
}

static void
add_signatory(NskXmlNode *root, const NskRenderJob *job, const NskXmlNode *signatory, size_t index)
{
    const NskRenderSignatory *person = &job->signatories[index];
    NskXmlNode *node = add_numbered(root, "signatory", index);
    g_autofree char *field = g_strdup_printf("signatory-%zu", index + 1);

    set(node, "field", person->field != NULL ? person->field : field);
    set(node, "capacity", person->capacity);
    set(node, "holding", person->holding);
    set(node, "position", person->position);
    set(node, "for", person->for_position);
    set(node, "through", person->through);
    set(node, "person", person->person);
    set(node, "plain-name", person->plain_name);
    set(node, "nip", person->nip);
    set(node, "rank", person->rank);
    nsk_profile_add_names(job->profile, job->kind, signatory, node);
}

static void
add_parafs(NskXmlNode *root, const NskRenderJob *job)
{
    for (size_t i = 0; i < job->n_parafs; i++) {
        const NskRenderParaf *paraf = &job->parafs[i];
        NskXmlNode *node = add_numbered(root, "paraf", i);
        g_autofree char *printed = nsk_date_format_id(paraf->date);

        set(node, "position", paraf->position);
        set(node, "person", paraf->person);
        set(node, "date", printed);
    }
}

static void
add_print(NskXmlNode *root, const NskRenderJob *job)
{
    NskXmlNode *node = add_numbered(root, "print", job->copy - 1);

    nsk_xml_set_attr(node, "alone", job->only != 0 ? "yes" : "no");
}

/* Copies a kind without what no page shows, which is most of it. */
static void
add_kind(NskXmlNode *root, const NskXmlNode *kind)
{
    static const char *const unseen[] = { "rule", "skeleton", "summary", NULL };
    NskXmlNode *copy = nsk_xml_add(root, nsk_xml_ns(kind), nsk_xml_name(kind));
    const char *ns, *name, *value;

    for (size_t i = 0; nsk_xml_attr_at(kind, i, &ns, &name, &value); i++) {
        if (*ns == '\0')
            nsk_xml_set_attr(copy, name, value);
    }
    for (NskXmlNode *part = nsk_xml_first(kind); part != NULL; part = nsk_xml_next(part)) {
        if (!g_strv_contains(unseen, nsk_xml_name(part)))
            nsk_xml_add_copy(copy, part);
    }
}

/* Of a certified copy: where the letter that it is of is looked up. */
static void
add_original(NskXmlNode *root, const NskRenderJob *job, const NskXmlNode *letter)
{
    const NskXmlNode *list = nsk_xml_child(letter, "references");
    const NskXmlNode *first = list != NULL ? nsk_xml_first(list) : NULL;
    const char *id = first != NULL ? nsk_xml_attr(first, "letter") : NULL;

    if (id == NULL || strcmp(nsk_kind_get_layout(job->kind), "copy") != 0)
        return;
    g_autofree char *text = nsk_profile_qr_text(job->profile, id);
    set(nsk_xml_add(root, JOB_NS, "original"), "text", text);
}

NskXmlDoc *
nsk_job_build(const NskRenderJob *job, const NskXmlDoc *letter, GError **error)
{
    NskDate date;

    if (!check_job(job, letter, error) || !nsk_job_date(letter, &date, error))
        return NULL;
    NskXmlDoc *doc = nsk_xml_doc_new(JOB_NS, "job");
    NskXmlNode *root = nsk_xml_doc_get_root(doc);
    const char *language = nsk_xml_attr_ns(nsk_xml_doc_get_root(letter),
                                           "http://www.w3.org/XML/1998/namespace", "lang");

    const NskXmlNode *signatories = nsk_xml_child(nsk_xml_doc_get_root(letter), "signatories");
    const NskXmlNode *signatory = signatories != NULL ? nsk_xml_first(signatories) : NULL;

    nsk_xml_set_attr(root, "language", language != NULL ? language : "id");
    nsk_xml_add_copy(root, nsk_xml_doc_get_root(letter));
    nsk_profile_add_chosen(job->profile, job->kind, signatory, root);
    add_kind(root, nsk_kind_get_root(job->kind));
    NskXmlNode *issuer = nsk_xml_add(root, JOB_NS, "issuer");
    set(issuer, "unit", job->unit);
    set(issuer, "name", job->unit_name);
    set(issuer, "place", job->place);
    set(issuer, "zone", job->zone);
    add_people(root, job);
    add_distribution(root, job, nsk_xml_doc_get_root(letter));
    for (size_t i = 0; i < job->n_signatories; i++, signatory = nsk_xml_next(signatory))
        add_signatory(root, job, signatory, i);
    add_parafs(root, job);
    if (job->copy != 0)
        add_print(root, job);
    if (!nsk_job_add_pages(job, root, error)) {
        nsk_xml_doc_free(doc);
        return NULL;
    }
    if (job->draft)
        nsk_xml_add(root, JOB_NS, "draft");
    else if (job->qr_text != NULL)
        set(nsk_xml_add(root, JOB_NS, "qr"), "text", job->qr_text);
    add_original(root, job, nsk_xml_doc_get_root(letter));
    if (nsk_date_is_set(date)) {
        g_autofree char *printed = nsk_date_format_id(date);

        nsk_xml_add_text_element(root, "printed-date", printed);
    }
    return doc;
}
