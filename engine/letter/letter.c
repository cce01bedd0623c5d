/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The letter as a value.
 *
 * INVARIANTS of a letter that exists:
 *   (1) its document is allowed by the schema and the rules, and is in normal form;
 *   (2) its facts, canonical bytes and digest were made from that document and never change, so
 *       threads may share it.
 */
#include "letter/letter.h"

#include "base/limits.h"
#include "base/message.h"
#include "base/resource.h"
#include "letter/letter-private.h"

#include <string.h>

#define SCHEMA "templates/schema/letter.rng"

struct _NskLetter {
    char *name;
    NskXmlDoc *doc;
    GBytes *canonical;
    uint8_t content_digest[NSK_SHA256_SIZE];
    GStringChunk *text;
    NskLetterFacts facts;
    GArray *addressees;
    GArray *copies;
    GArray *references;
    GArray *attachments;
    GArray *signatories;
    GPtrArray *reviewers;
    GPtrArray *coordinators;
    GPtrArray *consultants;
    GPtrArray *assignees;
    NskLetterReceived received;
};

static const char *const security_names[] = { "biasa", "terbatas", "rahasia", "sangat-rahasia",
                                              NULL };
static const char *const urgency_names[] = { "biasa", "segera", "sangat-segera", NULL };
static const char *const capacity_names[] = { "definitive", "pj", "plt", "plh", "an", "ub", NULL };

static const char *const relation_names[] = { "about", "answers", "corrects", "revokes", NULL };

const char *
nsk_security_name(NskSecurity security)
{
    return security_names[security];
}

const char *
nsk_urgency_name(NskUrgency urgency)
{
    return urgency_names[urgency];
}

const char *
nsk_capacity_name(NskCapacity capacity)
{
    return capacity_names[capacity];
}

static bool
find_name(const char *const *names, const char *name, unsigned *out_index)
{
    for (unsigned i = 0; name != NULL && names[i] != NULL; i++) {
        if (strcmp(names[i], name) == 0) {
            *out_index = i;
            return true;
        }
    }
    return false;
}

bool
nsk_security_parse(const char *name, NskSecurity *out_security)
{
    return find_name(security_names, name, out_security);
}

bool
nsk_urgency_parse(const char *name, NskUrgency *out_urgency)
{
    return find_name(urgency_names, name, out_urgency);
}

bool
nsk_capacity_parse(const char *name, NskCapacity *out_capacity)
{
    return find_name(capacity_names, name, out_capacity);
}

const char *
nsk_relation_name(NskRelation relation)
{
    return relation_names[relation];
}

bool
nsk_relation_parse(const char *name, NskRelation *out_relation)
{
    return find_name(relation_names, name, out_relation);
}

/* Keeps @text, which is freed, for the life of the letter; NULL stays NULL. */
static const char *
keep(NskLetter *self, char *text)
{
    const char *kept = text != NULL ? g_string_chunk_insert(self->text, text) : NULL;

    g_free(text);
    return kept;
}

static NskDate
read_date(const char *text)
{
    NskDate date = { 0 };

    if (text != NULL && !nsk_date_parse(text, &date, NULL))
        return (NskDate){ 0 };
    return date;
}

static NskLetterParty
read_party(NskLetter *self, const NskXmlNode *node)
{
    return (NskLetterParty){ .position = nsk_xml_attr(node, "ref"),
                             .name = keep(self, nsk_xml_child_text(node, "name")),
                             .attention = keep(self, nsk_xml_child_text(node, "attention")),
                             .place = keep(self, nsk_xml_child_text(node, "place")),
                             .note = nsk_xml_attr(node, "note"),
                             .copy = nsk_xml_attr(node, "copy") };
}

static void
read_parties(NskLetter *self, const NskXmlNode *list, GArray *out_parties)
{
    const NskXmlNode *child = list != NULL ? nsk_xml_first(list) : NULL;

    for (; child != NULL; child = nsk_xml_next(child)) {
        NskLetterParty party = read_party(self, child);

        g_array_append_val(out_parties, party);
    }
}

static void
read_references(NskLetter *self, const NskXmlNode *list)
{
    const NskXmlNode *child = list != NULL ? nsk_xml_first(list) : NULL;

    for (; child != NULL; child = nsk_xml_next(child)) {
        NskLetterReference reference = { .number = nsk_xml_attr(child, "number"),
                                         .date = read_date(nsk_xml_attr(child, "date")),
                                         .letter = nsk_xml_attr(child, "letter"),
                                         .subject = keep(self, nsk_xml_text_folded(child)) };

        nsk_relation_parse(nsk_xml_attr(child, "type"), &reference.relation);
        g_array_append_val(self->references, reference);
    }
}

static void
read_attachments(NskLetter *self, const NskXmlNode *list)
{
    const NskXmlNode *child = list != NULL ? nsk_xml_first(list) : NULL;

    for (; child != NULL; child = nsk_xml_next(child)) {
        const NskXmlNode *file = nsk_xml_child(child, "file");
        const char *count = nsk_xml_attr(child, "count");
        NskLetterAttachment attachment = { .title = nsk_xml_attr(child, "title"),
                                           .unit = nsk_xml_attr(child, "unit") };

        if (count != NULL)
            attachment.count = (unsigned)g_ascii_strtoull(count, NULL, 10);
        if (file == NULL) {
            attachment.content = child;
        } else {
            attachment.file_name = nsk_xml_attr(file, "name");
            attachment.file_size = g_ascii_strtoull(nsk_xml_attr(file, "size"), NULL, 10);
            attachment.file_sha256 = nsk_xml_attr(file, "sha256");
        }
        g_array_append_val(self->attachments, attachment);
    }
}

/* The attribute of each child of @list, which may be NULL. */
static void
read_names(const NskXmlNode *list, const char *attribute, GPtrArray *out_names)
{
    const NskXmlNode *child = list != NULL ? nsk_xml_first(list) : NULL;

    for (; child != NULL; child = nsk_xml_next(child))
        g_ptr_array_add(out_names, (gpointer)(uintptr_t)nsk_xml_attr(child, attribute));
}

static void
read_days(NskLetter *self, const NskXmlNode *root)
{
    const NskXmlNode *meeting = nsk_xml_child(root, "meeting");
    const NskXmlNode *assignment = nsk_xml_child(root, "assignment");

    if (meeting != NULL)
        self->facts.meeting =
            (NskLetterMeeting){ .day = read_date(nsk_xml_attr(meeting, "day")),
                                .until = read_date(nsk_xml_attr(meeting, "until")),
                                .remind = read_date(nsk_xml_attr(meeting, "remind")),
                                .time = nsk_xml_attr(meeting, "time") };
    if (assignment != NULL) {
        self->facts.assignment.begins = read_date(nsk_xml_attr(assignment, "begins"));
        self->facts.assignment.ends = read_date(nsk_xml_attr(assignment, "ends"));
        read_names(assignment, "position", self->assignees);
    }
}

static void
read_people(NskLetter *self, const NskXmlNode *root)
{
    const NskXmlNode *list = nsk_xml_child(root, "signatories");
    const NskXmlNode *child = list != NULL ? nsk_xml_first(list) : NULL;

    read_names(nsk_xml_child(root, "reviewers"), "position", self->reviewers);
    read_names(nsk_xml_child(root, "coordinators"), "position", self->coordinators);
    read_names(nsk_xml_child(root, "consultants"), "desk", self->consultants);
    for (; child != NULL; child = nsk_xml_next(child)) {
        NskLetterSignatory signatory = { .position = nsk_xml_attr(child, "position"),
                                         .mandate = nsk_xml_attr(child, "mandate"),
                                         .role = nsk_xml_attr(child, "role") };

        nsk_capacity_parse(nsk_xml_attr(child, "capacity"), &signatory.capacity);
        g_array_append_val(self->signatories, signatory);
    }
}

/* A letter of ours leaves it as it is. */
static void
read_received(NskLetter *self, const NskXmlNode *node)
{
    if (node == NULL)
        return;
    self->received =
        (NskLetterReceived){ .channel = nsk_xml_attr(node, "channel"),
                             .number = nsk_xml_attr(node, "number"),
                             .date = read_date(nsk_xml_attr(node, "date")),
                             .origin = read_party(self, nsk_xml_child(node, "origin")),
                             .summary = keep(self, nsk_xml_child_text(node, "summary")),
                             .due = read_date(nsk_xml_attr(node, "due")),
                             .unopened = nsk_xml_attr(node, "unopened") != NULL };
    /* the rules allow no other */
    (void)nsk_instant_parse(nsk_xml_attr(node, "at"), &self->received.at, NULL);
    if (nsk_xml_attr(node, "opened") != NULL)
        (void)nsk_instant_parse(nsk_xml_attr(node, "opened"), &self->received.opened, NULL);
    self->facts.received = &self->received;
}

static void
read_head(NskLetter *self, const NskXmlNode *root)
{
    NskLetterFacts *facts = &self->facts;
    const char *list = nsk_xml_attr(nsk_xml_child(root, "to"), "list");

    facts->kind = nsk_xml_attr(root, "kind");
    facts->language = nsk_xml_attr_ns(root, "http://www.w3.org/XML/1998/namespace", "lang");
    nsk_security_parse(keep(self, nsk_xml_child_text(root, "security")), &facts->security);
    nsk_urgency_parse(keep(self, nsk_xml_child_text(root, "urgency")), &facts->urgency);
    facts->classification = keep(self, nsk_xml_child_text(root, "classification"));
    facts->subject = keep(self, nsk_xml_child_text(root, "subject"));
    facts->number = keep(self, nsk_xml_child_text(root, "number"));
    facts->date = read_date(keep(self, nsk_xml_child_text(root, "date")));
    facts->place = keep(self, nsk_xml_child_text(root, "place"));
    facts->list_attached = list != NULL && strcmp(list, "attachment") == 0;
    facts->body = nsk_xml_child(root, "body");
}

static void
read_facts(NskLetter *self)
{
    const NskXmlNode *root = nsk_xml_doc_get_root(self->doc);
    NskLetterFacts *facts = &self->facts;

    read_head(self, root);
    read_parties(self, nsk_xml_child(root, "to"), self->addressees);
    read_parties(self, nsk_xml_child(root, "copies"), self->copies);
    read_references(self, nsk_xml_child(root, "references"));
    read_attachments(self, nsk_xml_child(root, "attachments"));
    read_people(self, root);
    read_days(self, root);
    read_received(self, nsk_xml_child(root, "received"));
    facts->addressees = (const NskLetterParty *)(const void *)self->addressees->data;
    facts->n_addressees = self->addressees->len;
    facts->copies = (const NskLetterParty *)(const void *)self->copies->data;
    facts->n_copies = self->copies->len;
    facts->references = (const NskLetterReference *)(const void *)self->references->data;
    facts->n_references = self->references->len;
    facts->attachments = (const NskLetterAttachment *)(const void *)self->attachments->data;
    facts->n_attachments = self->attachments->len;
    facts->reviewers = (const char *const *)self->reviewers->pdata;
    facts->n_reviewers = self->reviewers->len;
    facts->coordinators = (const char *const *)self->coordinators->pdata;
    facts->n_coordinators = self->coordinators->len;
    facts->consultants = (const char *const *)self->consultants->pdata;
    facts->n_consultants = self->consultants->len;
    facts->assignment.assignees = (const char *const *)self->assignees->pdata;
    facts->assignment.n_assignees = self->assignees->len;
    facts->signatories = (const NskLetterSignatory *)(const void *)self->signatories->data;
    facts->n_signatories = self->signatories->len;
}

/* The namespace is absolute, so there is always a canonical form. */
static GBytes *
make_canonical(const NskXmlNode *root)
{
    g_autoptr(GError) error = NULL;
    GBytes *bytes = nsk_xml_canonical(root, &error);

    g_assert_no_error(error);
    return bytes;
}

/* Takes number and date away. */
static void
remove_number(NskXmlNode *root)
{
    static const char *const names[] = { "number", "date" };

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        NskXmlNode *child = nsk_xml_child(root, names[i]);

        if (child != NULL)
            nsk_xml_remove(child);
    }
}

static GBytes *
canonical_without_number(const NskLetter *self)
{
    const NskXmlNode *root = nsk_xml_doc_get_root(self->doc);

    /* a draft has neither: then these bytes are made already */
    if (nsk_xml_child(root, "number") == NULL && nsk_xml_child(root, "date") == NULL)
        return g_bytes_ref(self->canonical);
    g_autoptr(NskXmlDoc) copy = nsk_xml_doc_copy(root);
    remove_number(nsk_xml_doc_get_root(copy));
    return make_canonical(nsk_xml_doc_get_root(copy));
}

static void
make_digest(NskLetter *self)
{
    g_autoptr(GBytes) bytes = canonical_without_number(self);

    nsk_sha256(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), self->content_digest);
}

/* Takes @doc, which is allowed by schema and rules. */
static NskLetter *
letter_new(const char *name, NskXmlDoc *doc)
{
    NskLetter *self = g_atomic_rc_box_new0(NskLetter);
    NskXmlNode *root = nsk_xml_doc_get_root(doc);

    self->name = g_strdup(name);
    nsk_letter_tidy(root);
    if (nsk_letter_is_normal(root)) {
        self->doc = doc;
    } else {
        self->doc = nsk_letter_normalise(root);
        nsk_xml_doc_free(doc);
    }
    self->text = g_string_chunk_new(1024);
    self->addressees = g_array_new(FALSE, FALSE, sizeof(NskLetterParty));
    self->copies = g_array_new(FALSE, FALSE, sizeof(NskLetterParty));
    self->references = g_array_new(FALSE, FALSE, sizeof(NskLetterReference));
    self->attachments = g_array_new(FALSE, FALSE, sizeof(NskLetterAttachment));
    self->signatories = g_array_new(FALSE, FALSE, sizeof(NskLetterSignatory));
    self->reviewers = g_ptr_array_new();
    self->coordinators = g_ptr_array_new();
    self->consultants = g_ptr_array_new();
    self->assignees = g_ptr_array_new();
    read_facts(self);
    self->canonical = make_canonical(nsk_xml_doc_get_root(self->doc));
    make_digest(self);
    return self;
}

static void
letter_clear(void *data)
{
    NskLetter *self = data;

    g_array_unref(self->addressees);
    g_array_unref(self->copies);
    g_array_unref(self->references);
    g_array_unref(self->attachments);
    g_array_unref(self->signatories);
    g_ptr_array_unref(self->reviewers);
    g_ptr_array_unref(self->coordinators);
    g_ptr_array_unref(self->consultants);
    g_ptr_array_unref(self->assignees);
    g_string_chunk_free(self->text);
    g_bytes_unref(self->canonical);
    nsk_xml_doc_free(self->doc);
    g_free(self->name);
}

/* Compiled once for the process. */
static const NskXmlSchema *
get_schema(void)
{
    static gsize schema;

    if (g_once_init_enter(&schema)) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) bytes = nsk_resource_load(SCHEMA, &error);
        NskXmlSchema *compiled = NULL;

        if (bytes != NULL)
            compiled = nsk_xml_schema_parse(SCHEMA, g_bytes_get_data(bytes, NULL),
                                            g_bytes_get_size(bytes), &error);
        g_assert_no_error(error); /* it is part of the program */
        g_once_init_leave(&schema, (gsize)compiled);
    }
    return (const NskXmlSchema *)schema;
}

NskLetter *
nsk_letter_parse(const char *name, const void *data, size_t size, NskIssues *issues, GError **error)
{
    g_autoptr(NskIssues) found = nsk_issues_new();
    g_autoptr(NskXmlDoc) doc = NULL;

    if (size > NSK_LIMIT_LETTER_SIZE) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("%s: the letter has %zu bytes; at most %d are read"), name, size,
                    NSK_LIMIT_LETTER_SIZE);
        return NULL;
    }
    doc = nsk_xml_parse(name, data, size, error);
    if (doc == NULL)
        return NULL;
    if (nsk_xml_schema_check(get_schema(), doc, found))
        nsk_letter_check_rules(doc, found);
    nsk_issues_add_all(issues, found);
    if (!nsk_issues_to_error(found, error))
        return NULL;
    return letter_new(name, g_steal_pointer(&doc));
}

NskLetter *
nsk_letter_ref(const NskLetter *self)
{
    return g_atomic_rc_box_acquire((NskLetter *)(uintptr_t)self);
}

void
nsk_letter_unref(NskLetter *self)
{
    if (self != NULL)
        g_atomic_rc_box_release_full(self, letter_clear);
}

const NskLetterFacts *
nsk_letter_get_facts(const NskLetter *self)
{
    return &self->facts;
}

const NskXmlNode *
nsk_letter_get_node(const NskLetter *self)
{
    return nsk_xml_doc_get_root(self->doc);
}

const NskXmlDoc *
nsk_letter_get_doc(const NskLetter *self)
{
    return self->doc;
}

GBytes *
nsk_letter_canonical(const NskLetter *self)
{
    return g_bytes_ref(self->canonical);
}

void
nsk_letter_content_digest(const NskLetter *self, uint8_t out[NSK_SHA256_SIZE])
{
    memcpy(out, self->content_digest, NSK_SHA256_SIZE);
}

static bool
check_number(const char *number, NskDate date, GError **error)
{
    const char *wrong = NULL;

    if (*number == '\0' || strlen(number) > NSK_LIMIT_TEXT)
        wrong = nsk_tr("the number of the letter is empty or too long");
    else if (!g_utf8_validate(number, -1, NULL) || strpbrk(number, "\t\r\n") != NULL)
        wrong = nsk_tr("the number of the letter is not one line of UTF-8 text");
    if (wrong != NULL)
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID, wrong);
    else if (!nsk_date_is_set(date))
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("a letter with a number needs a letter date"));
    return wrong == NULL && nsk_date_is_set(date);
}

NskLetter *
nsk_letter_with_number(const NskLetter *self, const char *number, NskDate date, GError **error)
{
    g_autoptr(NskXmlDoc) copy = NULL;
    g_autoptr(GBytes) bytes = NULL;
    g_autofree char *day = NULL;
    NskXmlNode *next;

    if (!check_number(number, date, error))
        return NULL;
    day = nsk_date_format(date);
    copy = nsk_xml_doc_copy(nsk_xml_doc_get_root(self->doc));
    remove_number(nsk_xml_doc_get_root(copy));
    next = nsk_xml_next(nsk_xml_child(nsk_xml_doc_get_root(copy), "subject"));
    nsk_xml_set_text(nsk_xml_add_before(next, "number"), number);
    nsk_xml_set_text(nsk_xml_add_before(next, "date"), day);
    bytes = make_canonical(nsk_xml_doc_get_root(copy));
    return nsk_letter_parse(self->name, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes),
                            NULL, error);
}

NskLetter *
nsk_letter_without_number(const NskLetter *self)
{
    g_autoptr(NskXmlDoc) copy = nsk_xml_doc_copy(nsk_xml_doc_get_root(self->doc));

    remove_number(nsk_xml_doc_get_root(copy));
    return letter_new(self->name, g_steal_pointer(&copy));
}

GBytes *
nsk_letter_to_xml_pretty(const NskLetter *self)
{
    static const char *const mixed[] = { "p", "row", "li", "td", "th", NULL };
    g_autoptr(GError) error = NULL;
    GBytes *bytes = nsk_xml_pretty_mixed(self->doc, mixed, &error);

    g_assert_no_error(error); /* fails only without memory */
    return bytes;
}
