/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A letter as a form, and back: draft.h says which fields there are.
 *
 * INVARIANTS
 *   (1) A line that was not changed gives the element that it was made of, with all it has.
 *   (2) What the form does not show is copied from the letter it was made of.
 */
#include "office/draft.h"

#include "base/message.h"
#include "office/office-private.h"

#include <string.h>

#define NAME       "draft" /* what messages call it; people never see it */
#define MOST_FOUND 6       /* positions that are named where a line means several */

/* Lists of the form, with the element that each is in. */
typedef struct {
    const char *field;
    const char *list;
    const char *item;      /* NULL: parties */
    const char *attribute; /* that names the position */
} List;

static const List lists[] = {
    { "to", "to", NULL, "ref" },
    { "copies", "copies", NULL, "ref" },
    { "reviewers", "reviewers", "reviewer", "position" },
    { "assignees", "assignment", "assignee", "position" },
    { "signatories", "signatories", "signatory", "position" },
};

static const struct {
    const char *prefix;
    const char *capacity;
} capacities[] = {
    { "a.n. ", "an" }, { "u.b. ", "ub" }, { "plt. ", "plt" }, { "plh. ", "plh" }, { "pj. ", "pj" },
};

typedef struct {
    NskDbTxn *txn;
    const NskJson *fields;
    NskJson *faults;
    const NskXmlNode *base; /* root */
    NskXmlNode *root;       /* of what is made */
} Draft;

static void
add_fault(NskJson *faults, const char *field, const char *words)
{
    NskJson *fault = nsk_json_object();

    if (field != NULL)
        nsk_json_set_text(fault, "field", field);
    nsk_json_set_text(fault, "words", words);
    nsk_json_add(faults, fault);
}

/* --- From a letter --------------------------------------------------------------------------- */

static char *
write_position(NskDbTxn *txn, const char *id)
{
    g_autoptr(NskPosition) position = nsk_directory_get_position(txn, id, NULL);

    return g_strdup(position != NULL ? position->title : id);
}

/* "Dinas Pendidikan; u.p. Sekretaris; Bandung" */
static char *
write_outsider(const NskXmlNode *node)
{
    g_autofree char *name = nsk_xml_child_text(node, "name");
    g_autofree char *attention = nsk_xml_child_text(node, "attention");
    g_autofree char *place = nsk_xml_child_text(node, "place");

    return g_strconcat(name != NULL ? name : "", attention != NULL ? "; u.p. " : "",
                       attention != NULL ? attention : "", "; ", place != NULL ? place : "", NULL);
}

/* The line that stands for an item of a list. */
static char *
write_line(NskDbTxn *txn, const List *list, const NskXmlNode *node)
{
    const char *id = nsk_xml_attr(node, list->attribute);
    const char *capacity = nsk_xml_attr(node, "capacity");
    const char *prefix = "";

    if (id == NULL)
        return write_outsider(node);
    for (size_t i = 0; i < G_N_ELEMENTS(capacities); i++) {
        if (g_strcmp0(capacity, capacities[i].capacity) == 0)
            prefix = capacities[i].prefix;
    }
    g_autofree char *title = write_position(txn, id);
    return g_strconcat(prefix, title, NULL);
}

static void
set_list(NskJson *fields, NskDbTxn *txn, const List *list, const NskXmlNode *root)
{
    const NskXmlNode *parent = nsk_xml_child(root, list->list);
    g_autoptr(GString) text = g_string_new(NULL);

    for (NskXmlNode *node = parent != NULL ? nsk_xml_first(parent) : NULL; node != NULL;
         node = nsk_xml_next(node)) {
        g_autofree char *line = write_line(txn, list, node);

        g_string_append_printf(text, "%s%s", text->len > 0 ? "\n" : "", line);
    }
    nsk_json_set_text(fields, list->field, text->str);
}

/* The body without paragraphs that say nothing, which a skeleton has to be filled in. */
static void
set_body(NskJson *fields, const NskXmlNode *root)
{
    const NskXmlNode *body = nsk_xml_child(root, "body");
    g_autoptr(NskXmlDoc) doc = nsk_xml_doc_new(NSK_LETTER_NS, "body");
    NskXmlNode *to = nsk_xml_doc_get_root(doc);

    for (NskXmlNode *block = body != NULL ? nsk_xml_first(body) : NULL; block != NULL;
         block = nsk_xml_next(block)) {
        if (strcmp(nsk_xml_name(block), "p") != 0 || nsk_xml_first_any(block) != NULL)
            (void)nsk_xml_add_copy(to, block);
    }
    g_autofree char *text = nsk_letter_plain_write(to);
    g_autoptr(GBytes) xml = nsk_xml_canonical(to, NULL);
    gsize size = 0;
    const char *data = xml != NULL ? g_bytes_get_data(xml, &size) : "";
    g_autofree char *written = g_strndup(data, size);
    nsk_json_set_text(fields, "text", text);
    nsk_json_set_text(fields, "body", written);
}

static void
set_attr(NskJson *fields, const char *field, const NskXmlNode *node, const char *name)
{
    nsk_json_set_text(fields, field, node != NULL ? nsk_xml_attr(node, name) : NULL);
}

/* A stored letter in its normal form; a skeleton, which is none yet, as it stands. */
static NskXmlDoc *
read_base(GBytes *xml, GError **error)
{
    gsize size;
    const char *data = g_bytes_get_data(xml, &size);
    g_autoptr(NskLetter) letter = nsk_letter_parse(NAME, data, size, NULL, NULL);

    return letter != NULL ? nsk_xml_doc_copy(nsk_letter_get_node(letter))
                          : nsk_xml_parse(NAME, data, size, error);
}

bool
nsk_office_draft_fields(NskOffice *self, GBytes *xml, NskJson **out_fields, GError **error)
{
    static const char *const lines[] = { "security", "urgency", "classification", "subject" };
    g_autoptr(NskXmlDoc) doc = read_base(xml, error);
    g_autoptr(NskDbTxn) txn = doc != NULL ? nsk_db_snapshot(self->reader, error) : NULL;

    if (txn == NULL)
        return false;
    NskJson *fields = nsk_json_object();
    const NskXmlNode *root = nsk_xml_doc_get_root(doc);
    const NskXmlNode *meeting = nsk_xml_child(root, "meeting");
    const NskXmlNode *assignment = nsk_xml_child(root, "assignment");

    nsk_json_set_text(fields, "kind", nsk_xml_attr(root, "kind"));
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autofree char *text = nsk_xml_child_text(root, lines[i]);

        nsk_json_set_text(fields, lines[i], text);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        set_list(fields, txn, &lists[i], root);
    nsk_json_set_bool(fields, "has_meeting", meeting != NULL);
    nsk_json_set_bool(fields, "has_assignment", assignment != NULL);
    set_attr(fields, "day", meeting, "day");
    set_attr(fields, "time", meeting, "time");
    set_attr(fields, "begins", assignment, "begins");
    set_attr(fields, "ends", assignment, "ends");
    set_body(fields, root);
    *out_fields = fields;
    return true;
}

/* --- To a letter ----------------------------------------------------------------------------- */

static const char *
get_field(const Draft *self, const char *name)
{
    const char *text = nsk_json_get_text(self->fields, name);

    return text != NULL ? text : "";
}

/* "Kepala Biro Umum; Kepala Biro Hukum" */
static char *
list_labels(const GPtrArray *hits)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < hits->len && i < MOST_FOUND; i++) {
        const NskDirectoryHit *hit = g_ptr_array_index(hits, i);

        g_string_append_printf(text, "%s%s", i > 0 ? "; " : "", hit->label);
    }
    return g_string_free(text, FALSE);
}

/* The id of the one position that a line means; NULL with a fault told.  Owned. */
static char *
find_position(const Draft *self, const char *field, const char *line)
{
    g_autoptr(GPtrArray) hits =
        nsk_directory_list(self->txn, NSK_DIRECTORY_POSITION, line, NULL, 50, NULL);
    g_autofree char *folded = g_utf8_casefold(line, -1);

    for (guint i = 0; hits != NULL && i < hits->len; i++) {
        const NskDirectoryHit *hit = g_ptr_array_index(hits, i);
        g_autofree char *label = g_utf8_casefold(hit->label, -1);

        if (hits->len == 1 || strcmp(hit->id, line) == 0 || strcmp(label, folded) == 0)
            return g_strdup(hit->id);
    }
    g_autofree char *labels = hits != NULL && hits->len > 0 ? list_labels(hits) : NULL;
    g_autofree char *words =
        labels != NULL
            ? g_strdup_printf(nsk_tr("'%s' means several positions: %s; type the whole name"), line,
                              labels)
            : g_strdup_printf(nsk_tr("no position here is called '%s'; for somebody outside the "
                                     "office type the name, a semicolon and the place"),
                              line);
    add_fault(self->faults, field, words);
    return NULL;
}

static void
add_outsider(NskXmlNode *parent, const char *line)
{
    g_auto(GStrv) pieces = g_strsplit(line, ";", 3);
    NskXmlNode *node = nsk_xml_add(parent, NULL, "outsider");

    nsk_xml_add_text_element(node, "name", g_strstrip(pieces[0]));
    for (char **piece = pieces + 1; *piece != NULL; piece++) {
        g_strstrip(*piece);
        if (g_ascii_strncasecmp(*piece, "u.p.", 4) == 0)
            nsk_xml_add_text_element(node, "attention", g_strstrip(*piece + 4));
        else if (**piece != '\0')
            nsk_xml_add_text_element(node, "place", *piece);
    }
}

static void
add_line(const Draft *self, const List *list, NskXmlNode *parent, const char *line)
{
    bool is_party = list->item == NULL;
    const char *capacity = "definitive";

    if (is_party && strchr(line, ';') != NULL) {
        add_outsider(parent, line);
        return;
    }
    for (size_t i = 0; strcmp(list->field, "signatories") == 0 && i < G_N_ELEMENTS(capacities);
         i++) {
        size_t length = strlen(capacities[i].prefix);

        if (g_ascii_strncasecmp(line, capacities[i].prefix, length) == 0) {
            capacity = capacities[i].capacity;
            line += length;
            break;
        }
    }
    g_autofree char *id = find_position(self, list->field, line);
    if (id == NULL)
        return;
    NskXmlNode *node = nsk_xml_add(parent, NULL, is_party ? "position" : list->item);
    nsk_xml_set_attr(node, list->attribute, id);
    if (strcmp(list->field, "signatories") == 0)
        nsk_xml_set_attr(node, "capacity", capacity);
}

/* The item of the letter before that gave exactly @line. */
static const NskXmlNode *
find_unchanged(const Draft *self, const List *list, const char *line)
{
    const NskXmlNode *parent = nsk_xml_child(self->base, list->list);

    for (NskXmlNode *node = parent != NULL ? nsk_xml_first(parent) : NULL; node != NULL;
         node = nsk_xml_next(node)) {
        g_autofree char *before = write_line(self->txn, list, node);

        if (strcmp(before, line) == 0)
            return node;
    }
    return NULL;
}

static void
add_lines(const Draft *self, const List *list, NskXmlNode *parent)
{
    g_auto(GStrv) lines = g_strsplit(get_field(self, list->field), "\n", -1);

    for (char **line = lines; *line != NULL; line++) {
        g_strstrip(*line);
        if (**line == '\0')
            continue;
        const NskXmlNode *before = find_unchanged(self, list, *line);
        if (before != NULL)
            (void)nsk_xml_add_copy(parent, before);
        else
            add_line(self, list, parent, *line);
    }
}

static void
copy_attributes(NskXmlNode *to, const NskXmlNode *from)
{
    const char *ns, *name, *value;

    for (size_t i = 0; nsk_xml_attr_at(from, i, &ns, &name, &value); i++)
        nsk_xml_set_attr(to, strcmp(name, "lang") == 0 ? "xml:lang" : name, value);
}

/* A list that must not be empty is left out if it is, except where the schema wants it. */
static void
make_list(const Draft *self, const List *list)
{
    const NskXmlNode *before = nsk_xml_child(self->base, list->list);
    NskXmlNode *node = nsk_xml_add(self->root, NULL, list->list);

    if (before != NULL)
        copy_attributes(node, before);
    if (strcmp(list->field, "assignees") == 0) {
        nsk_xml_set_attr(node, "begins", get_field(self, "begins"));
        nsk_xml_set_attr(node, "ends", get_field(self, "ends"));
    }
    add_lines(self, list, node);
    if (nsk_xml_first(node) == NULL && strcmp(list->field, "copies") == 0)
        nsk_xml_remove(node);
}

static void
make_meeting(const Draft *self, const NskXmlNode *before)
{
    const char *time = get_field(self, "time");

    if (get_field(self, "day")[0] == '\0')
        return;
    NskXmlNode *node = nsk_xml_add(self->root, NULL, "meeting");
    if (before != NULL)
        copy_attributes(node, before);
    nsk_xml_set_attr(node, "day", get_field(self, "day"));
    nsk_xml_set_attr(node, "time", time[0] != '\0' ? time : NULL);
}

static void
make_body(const Draft *self)
{
    NskXmlNode *body = nsk_xml_add(self->root, NULL, "body");
    const char *xml = get_field(self, "body");
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskXmlDoc) doc =
        xml[0] != '\0' ? nsk_xml_parse(NAME, xml, strlen(xml), &fault) : NULL;

    if (fault != NULL) {
        g_autofree char *words =
            g_strdup_printf(nsk_tr("what the editor sent cannot be read: %s"), fault->message);
        add_fault(self->faults, "text", words);
        return;
    }
    if (doc != NULL) {
        for (NskXmlNode *block = nsk_xml_first(nsk_xml_doc_get_root(doc)); block != NULL;
             block = nsk_xml_next(block))
            (void)nsk_xml_add_copy(body, block);
        return;
    }
    /* text as browsers send it has CR LF */
    g_auto(GStrv) lines = g_strsplit(get_field(self, "text"), "\r", -1);
    g_autofree char *text = g_strjoinv("", lines);
    g_autoptr(NskXmlDoc) whole = nsk_xml_doc_new(NSK_LETTER_NS, "body");
    NskXmlNode *before = nsk_xml_doc_get_root(whole);
    const NskXmlNode *old = nsk_xml_child(self->base, "body");
    for (NskXmlNode *block = old != NULL ? nsk_xml_first(old) : NULL; block != NULL;
         block = nsk_xml_next(block)) {
        if (strcmp(nsk_xml_name(block), "p") != 0 || nsk_xml_first_any(block) != NULL)
            (void)nsk_xml_add_copy(before, block);
    }
    nsk_letter_plain_read(body, text, before);
}

static const List *
find_list(const char *element)
{
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
        if (strcmp(lists[i].list, element) == 0)
            return &lists[i];
    }
    return NULL;
}

/* One part of the letter, in the order of the schema. */
static void
make_part(const Draft *self, const char *name)
{
    static const char *const lines[] = { "security", "urgency", "classification", "subject", NULL };
    const NskXmlNode *before = nsk_xml_child(self->base, name);
    const List *list = find_list(name);
    bool optional = strcmp(name, "assignment") == 0 || strcmp(name, "reviewers") == 0;

    if (g_strv_contains(lines, name)) {
        g_autofree char *text = g_strstrip(g_strdup(get_field(self, name)));

        nsk_xml_add_text_element(self->root, name, text);
    } else if (strcmp(name, "meeting") == 0) {
        make_meeting(self, before);
    } else if (strcmp(name, "body") == 0) {
        make_body(self);
    } else if (list != NULL) {
        if (!optional || before != NULL || get_field(self, list->field)[0] != '\0')
            make_list(self, list);
    } else if (before != NULL) {
        (void)nsk_xml_add_copy(self->root, before);
    }
}

/* What must be typed, in plain words before the schema's. */
static void
check_typed(const Draft *self)
{
    static const struct {
        const char *field;
        const char *words;
    } needed[] = {
        { "classification", N_("type the classification code, such as KP.08.1") },
        { "subject", N_("type what the letter is about") },
        { "to", N_("type to whom the letter goes") },
        { "signatories", N_("type who signs the letter") },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(needed); i++) {
        const char *text = get_field(self, needed[i].field);

        if (text[strspn(text, " \t\r\n")] == '\0')
            add_fault(self->faults, needed[i].field, nsk_tr(needed[i].words));
    }
    if (nsk_xml_first(nsk_xml_child(self->root, "body")) == NULL)
        add_fault(self->faults, "text", nsk_tr("type what the letter says"));
}

bool
nsk_office_draft_compose(NskOffice *self,
                         GBytes *base,
                         const NskJson *fields,
                         NskJson *faults,
                         GBytes **out_xml,
                         GError **error)
{
    static const char *const parts[] = {
        "security",  "urgency",      "classification", "subject",     "date",       "place",
        "to",        "copies",       "references",     "meeting",     "assignment", "attachments",
        "reviewers", "coordinators", "consultants",    "signatories", "body",
    };
    g_autoptr(NskXmlDoc) before = read_base(base, error);
    g_autoptr(NskXmlDoc) doc = nsk_xml_doc_new(NSK_LETTER_NS, "letter");
    g_autoptr(NskDbTxn) txn = before != NULL ? nsk_db_snapshot(self->reader, error) : NULL;

    if (txn == NULL)
        return false;
    const Draft draft = { txn, fields, faults, nsk_xml_doc_get_root(before),
                          nsk_xml_doc_get_root(doc) };
    copy_attributes(draft.root, draft.base);
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        make_part(&draft, parts[i]);
    check_typed(&draft);
    static const char *const mixed[] = { "p", "li", "row", "td", "th", NULL };
    *out_xml = nsk_xml_pretty_mixed(doc, mixed, error);
    return *out_xml != NULL;
}

/* --- What is wrong with it ------------------------------------------------------------------- */

/* The field of the part that @line of the XML is in; static or borrowed from @root. */
static const char *
find_field(const NskXmlNode *root, unsigned line)
{
    static const char *const shown[] = { "security", "urgency", "classification", "subject", NULL };
    const NskXmlNode *part = NULL;

    for (const NskXmlNode *node = nsk_xml_first(root); node != NULL; node = nsk_xml_next(node)) {
        if (nsk_xml_line(node) <= line)
            part = node;
    }
    if (part == NULL)
        return NULL;
    const char *name = nsk_xml_name(part);
    const List *list = find_list(name);
    if (list != NULL)
        return list->field;
    if (strcmp(name, "body") == 0)
        return "text";
    if (strcmp(name, "meeting") == 0)
        return "day";
    return g_strv_contains(shown, name) ? name : NULL;
}

bool
nsk_office_draft_check(NskOffice *self,
                       GBytes *xml,
                       NskJson *faults,
                       bool *out_is_whole,
                       GError **error)
{
    gsize size;
    const char *data = g_bytes_get_data(xml, &size);
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse(NAME, data, size, error);

    if (doc == NULL || !nsk_office_file_check(self, NAME, xml, issues, error))
        return false;
    g_autoptr(NskLetter) letter = nsk_letter_parse(NAME, data, size, NULL, NULL);
    *out_is_whole = letter != NULL;
    for (guint i = 0; i < issues->len; i++) {
        const NskIssue *issue = g_ptr_array_index(issues, i);

        add_fault(faults, find_field(nsk_xml_doc_get_root(doc), issue->line), issue->text);
    }
    return true;
}
