/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The profile of an agency (templates/schema/profile.rng).
 *
 * Rules beyond the schema, each an issue at its place:
 *   (1) of page and text there is exactly one element that holds for all kinds, and no kind is
 * named by two of them; (2) the margins leave room for text, and for the page number above it; (3)
 * labels, classes, urgencies, capacities, names, series and uses are there once each; no label,
 *       security class, urgency, capacity or family is missing;
 *   (4) a use names a series that exists;
 *   (5) a desk of a unit is there once.
 */
#include "base/message.h"
#include "render/letter/letter-private.h"

#include <string.h>

#define PROFILE_NS     "urn:naskah:profile:1"
#define PROFILE_SCHEMA "templates/schema/profile.rng"

/* Hundredths of a millimetre. */
#define MIN_TEXT_WIDTH 9000
#define MIN_TOP        2000
#define MIN_BOTTOM     2000

struct _NskProfile {
    NskXmlDoc *doc;
    char *agency;
    GArray *series;   /* of NskProfileSeries; the pattern is owned, the rest is borrowed from doc */
    GPtrArray *owned; /* patterns */
    GArray *desks;    /* of NskProfileDesk; borrowed from doc */
    GArray *instructions; /* of NskProfileInstruction, borrowed from doc */
};

static void
profile_clear(void *data)
{
    NskProfile *self = data;

    g_clear_pointer(&self->series, g_array_unref);
    g_clear_pointer(&self->instructions, g_array_unref);
    g_clear_pointer(&self->owned, g_ptr_array_unref);
    g_clear_pointer(&self->desks, g_array_unref);
    g_clear_pointer(&self->doc, nsk_xml_doc_free);
    g_free(self->agency);
}

/* (1) */
static void
check_scoped(const NskXmlDoc *doc, const char *name, NskIssues *issues)
{
    g_autoptr(GHashTable) kinds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    NskXmlNode *root = nsk_xml_doc_get_root(doc);
    unsigned n_general = 0;

    for (NskXmlNode *node = nsk_xml_first(root); node != NULL; node = nsk_xml_next(node)) {
        const char *text = nsk_xml_attr(node, "kinds");

        if (strcmp(nsk_xml_name(node), name) != 0)
            continue;
        if (text == NULL) {
            n_general++;
            if (n_general == 2)
                nsk_xml_issue(
                    doc, node, issues, "profile-scope",
                    nsk_tr("a second element '%s' without 'kinds'; say which kinds it is for"),
                    name);
            continue;
        }
        g_auto(GStrv) words = g_strsplit_set(text, " \t\r\n", -1);
        for (char **word = words; *word != NULL; word++) {
            if (**word != '\0' && !g_hash_table_add(kinds, g_strdup(*word)))
                nsk_xml_issue(doc, node, issues, "profile-scope",
                              nsk_tr("the kind '%s' has two elements '%s'; remove it from one"),
                              *word, name);
        }
    }
    if (n_general == 0)
        nsk_xml_issue(
            doc, root, issues, "profile-scope",
            nsk_tr("no element '%s' without 'kinds'; add one that holds for all other kinds"),
            name);
}

/* (2) */
static void
check_margins(const NskXmlDoc *doc, NskIssues *issues)
{
    NskXmlNode *root = nsk_xml_doc_get_root(doc);
    int start = nsk_form_mm(nsk_xml_child(root, "signature"), "start");

    for (NskXmlNode *page = nsk_xml_first(root); page != NULL; page = nsk_xml_next(page)) {
        int paper = g_strcmp0(nsk_xml_attr(page, "paper"), "F4") == 0 ? 21500 : 21000;
        int width = paper - nsk_form_mm(page, "left") - nsk_form_mm(page, "right");

        if (strcmp(nsk_xml_name(page), "page") != 0)
            continue;
        if (width < MIN_TEXT_WIDTH)
            nsk_xml_issue(
                doc, page, issues, "profile-margins",
                nsk_tr("the margins leave %d mm for text; make them smaller, at least %d mm are "
                       "needed"),
                width / 100, MIN_TEXT_WIDTH / 100);
        else if (start > width - 5000)
            nsk_xml_issue(
                doc, page, issues, "profile-margins",
                nsk_tr("the signature block begins at %d mm and has less than 50 mm of the "
                       "%d mm; make signature/@start smaller"),
                start / 100, width / 100);
        if (nsk_form_mm(page, "top") < MIN_TOP || nsk_form_mm(page, "bottom") < MIN_BOTTOM)
            nsk_xml_issue(
                doc, page, issues, "profile-margins",
                nsk_tr("top and bottom margins are at least 20 mm, for page number and statement; "
                       "make them larger"));
    }
}

typedef struct {
    const char *parent;
    const char *child;
    const char *attr;
    const char *values; /* those that must be there, with blanks between; "" for none */
} Table;

/* (3) */
static const Table tables[] = {
    { "head", "label", "field", "number class attachments subject to from date" },
    { "classes", "class", "security", "biasa terbatas rahasia sangat-rahasia" },
    { "urgencies", "class", "urgency", "biasa segera sangat-segera" },
    { "signature", "capacity", "name", "plt plh an ub" },
    { "signature", "names", "family", "arahan korespondensi khusus" },
    { "numbering", "series", "name", "" },
    { "numbering", "use", "kind", "" },
};

/* The element @name beneath @parent whose attribute @attr is @value, or NULL. */
static NskXmlNode *
find_by(const NskXmlNode *parent, const char *name, const char *attr, const char *value)
{
    if (value == NULL)
        return NULL;
    for (NskXmlNode *node = nsk_xml_first(parent); node != NULL; node = nsk_xml_next(node)) {
        if (strcmp(nsk_xml_name(node), name) == 0 &&
            g_strcmp0(nsk_xml_attr(node, attr), value) == 0)
            return node;
    }
    return NULL;
}

static void
check_table(const NskXmlDoc *doc, const Table *table, NskIssues *issues)
{
    NskXmlNode *parent = nsk_xml_child(nsk_xml_doc_get_root(doc), table->parent);
    g_auto(GStrv) values = g_strsplit(table->values, " ", -1);

    nsk_form_check_unique(doc, parent, table->child, table->attr, issues);
    for (char **value = values; *value != NULL; value++) {
        if (find_by(parent, table->child, table->attr, *value) == NULL)
            nsk_xml_issue(doc, parent, issues, "profile-missing",
                          nsk_tr("'%s' has no element '%s' with %s=\"%s\"; add it"), table->parent,
                          table->child, table->attr, *value);
    }
}

/* (4) */
static void
check_uses(const NskXmlDoc *doc, NskIssues *issues)
{
    NskXmlNode *numbering = nsk_xml_child(nsk_xml_doc_get_root(doc), "numbering");

    for (NskXmlNode *use = nsk_xml_first(numbering); use != NULL; use = nsk_xml_next(use)) {
        const char *series = nsk_xml_attr(use, "series");

        if (series != NULL && find_by(numbering, "series", "name", series) == NULL)
            nsk_xml_issue(doc, use, issues, "profile-series",
                          nsk_tr("there is no series '%s'; add it, or correct the name"), series);
    }
}

/* (5) */
static void
check_desks(const NskXmlDoc *doc, NskIssues *issues)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const NskXmlNode *desks = nsk_xml_child(nsk_xml_doc_get_root(doc), "desks");
    const NskXmlNode *desk = desks != NULL ? nsk_xml_first(desks) : NULL;

    for (; desk != NULL; desk = nsk_xml_next(desk)) {
        const char *name = nsk_xml_attr(desk, "name");
        const char *unit = nsk_xml_attr(desk, "unit");

        if (name != NULL &&
            !g_hash_table_add(seen, g_strconcat(name, " ", unit != NULL ? unit : "", NULL)))
            nsk_xml_issue(doc, desk, issues, "profile-desk",
                          nsk_tr("the desk '%s' stands there twice; take one away"), name);
    }
}

static void
check_channels(const NskXmlDoc *doc, NskIssues *issues)
{
    NskXmlNode *channels = nsk_xml_child(nsk_xml_doc_get_root(doc), "channels");

    if (channels != NULL)
        nsk_form_check_unique(doc, channels, "channel", "name", issues);
}

static void
take_desks(NskProfile *self)
{
    const NskXmlNode *desks = nsk_xml_child(nsk_xml_doc_get_root(self->doc), "desks");
    const NskXmlNode *node = desks != NULL ? nsk_xml_first(desks) : NULL;

    for (; node != NULL; node = nsk_xml_next(node)) {
        NskProfileDesk desk = { nsk_xml_attr(node, "name"), nsk_xml_attr(node, "unit"),
                                nsk_xml_attr(node, "position") };

        g_array_append_val(self->desks, desk);
    }
}

static void
take_series(NskProfile *self)
{
    NskXmlNode *numbering = nsk_xml_child(nsk_xml_doc_get_root(self->doc), "numbering");

    for (NskXmlNode *node = nsk_xml_first(numbering); node != NULL; node = nsk_xml_next(node)) {
        if (strcmp(nsk_xml_name(node), "series") != 0)
            continue;
        char *pattern = nsk_xml_child_text(node, "pattern");
        NskProfileSeries series = {
            .name = nsk_xml_attr(node, "name"),
            .scope = nsk_xml_attr(node, "scope"),
            .taken = nsk_xml_attr(node, "taken"),
            .max_lag_days = nsk_xml_attr(node, "max-lag-days"),
            .width = nsk_xml_attr(node, "width"),
            .start = nsk_xml_attr(node, "start"),
            .pattern = pattern,
        };
        g_ptr_array_add(self->owned, pattern);
        g_array_append_val(self->series, series);
    }
}

static void
check_instructions(const NskXmlDoc *doc, NskIssues *issues)
{
    NskXmlNode *list = nsk_xml_child(nsk_xml_doc_get_root(doc), "dispositions");

    if (list != NULL)
        nsk_form_check_unique(doc, list, "instruction", "name", issues);
}

static void
take_instructions(NskProfile *self)
{
    NskXmlNode *list = nsk_xml_child(nsk_profile_get_root(self), "dispositions");
    NskXmlNode *node = list != NULL ? nsk_xml_first(list) : NULL;

    for (; node != NULL; node = nsk_xml_next(node)) {
        NskProfileInstruction instruction = { nsk_xml_attr(node, "name"),
                                              nsk_xml_attr(node, "print") };

        g_array_append_val(self->instructions, instruction);
    }
}

NskProfile *
nsk_profile_parse(const char *name,
                  const void *data,
                  size_t size,
                  NskIssues *issues,
                  GError **error)
{
    g_autoptr(GBytes) bytes = g_bytes_new_static(data, size);
    g_autoptr(NskIssues) found = nsk_issues_new();
    g_autoptr(NskXmlDoc) doc = nsk_form_read(PROFILE_SCHEMA, name, bytes, found, error);
    bool ok = doc != NULL;

    if (ok) {
        check_scoped(doc, "page", found);
        check_scoped(doc, "text", found);
        check_margins(doc, found);
        for (size_t i = 0; i < G_N_ELEMENTS(tables); i++)
            check_table(doc, &tables[i], found);
        check_uses(doc, found);
        check_desks(doc, found);
        check_channels(doc, found);
        check_instructions(doc, found);
        ok = nsk_issues_to_error(found, error);
    }
    nsk_form_move_issues(found, issues);
    if (!ok)
        return NULL;

    NskProfile *self = g_atomic_rc_box_new0(NskProfile);
    self->doc = g_steal_pointer(&doc);
    self->agency = nsk_xml_child_text(nsk_profile_get_root(self), "agency");
    self->series = g_array_new(FALSE, FALSE, sizeof(NskProfileSeries));
    self->owned = g_ptr_array_new_with_free_func(g_free);
    self->instructions = g_array_new(FALSE, FALSE, sizeof(NskProfileInstruction));
    take_series(self);
    self->desks = g_array_new(FALSE, FALSE, sizeof(NskProfileDesk));
    take_desks(self);
    take_instructions(self);
    return self;
}

NskProfile *
nsk_profile_ref(const NskProfile *self)
{
    return g_atomic_rc_box_acquire((NskProfile *)(uintptr_t)self);
}

void
nsk_profile_unref(NskProfile *self)
{
    if (self != NULL)
        g_atomic_rc_box_release_full(self, profile_clear);
}

const NskXmlNode *
nsk_profile_get_root(const NskProfile *self)
{
    return nsk_xml_doc_get_root(self->doc);
}

const char *
nsk_profile_get_id(const NskProfile *self)
{
    return nsk_xml_attr(nsk_profile_get_root(self), "id");
}

const char *
nsk_profile_get_agency(const NskProfile *self)
{
    return self->agency;
}

const char *
nsk_profile_get_logo(const NskProfile *self)
{
    NskXmlNode *head = nsk_xml_child(nsk_profile_get_root(self), "letterhead");
    NskXmlNode *logo = nsk_xml_child(head, "logo");

    return logo != NULL ? nsk_xml_attr(logo, "file") : NULL;
}

size_t
nsk_profile_count_series(const NskProfile *self)
{
    return self->series->len;
}

const NskProfileSeries *
nsk_profile_get_series(const NskProfile *self, size_t index)
{
    g_assert(index < self->series->len);
    return &g_array_index(self->series, NskProfileSeries, index);
}

/* The series that @node names; NULL if @node is. */
static const NskProfileSeries *
named_series(const NskProfile *self, const NskXmlNode *node)
{
    for (size_t i = 0; node != NULL && i < self->series->len; i++) {
        const NskProfileSeries *series = nsk_profile_get_series(self, i);

        if (strcmp(series->name, nsk_xml_attr(node, "series")) == 0)
            return series;
    }
    return NULL;
}

const NskProfileSeries *
nsk_profile_find_series(const NskProfile *self, const char *kind)
{
    NskXmlNode *numbering = nsk_xml_child(nsk_profile_get_root(self), "numbering");

    return named_series(self, find_by(numbering, "use", "kind", kind));
}

const NskProfileSeries *
nsk_profile_get_agenda(const NskProfile *self)
{
    NskXmlNode *numbering = nsk_xml_child(nsk_profile_get_root(self), "numbering");

    return named_series(self, nsk_xml_child(numbering, "agenda"));
}

const char *
nsk_profile_get_channel_print(const NskProfile *self, const char *channel)
{
    NskXmlNode *channels = nsk_xml_child(nsk_profile_get_root(self), "channels");
    NskXmlNode *found = channels != NULL ? find_by(channels, "channel", "name", channel) : NULL;

    return found != NULL ? nsk_xml_attr(found, "print") : NULL;
}

char *
nsk_profile_list_channels(const NskProfile *self)
{
    GString *names = g_string_new(NULL);
    NskXmlNode *channels = nsk_xml_child(nsk_profile_get_root(self), "channels");
    NskXmlNode *node = channels != NULL ? nsk_xml_first(channels) : NULL;

    for (; node != NULL; node = nsk_xml_next(node))
        g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "",
                               nsk_xml_attr(node, "name"));
    return g_string_free(names, FALSE);
}

size_t
nsk_profile_count_desks(const NskProfile *self)
{
    return self->desks->len;
}

const NskProfileDesk *
nsk_profile_get_desk(const NskProfile *self, size_t index)
{
    g_assert(index < self->desks->len);
    return &g_array_index(self->desks, NskProfileDesk, index);
}

const NskProfileDesk *
nsk_profile_find_desk(const NskProfile *self, const char *name, const char *unit)
{
    const NskProfileDesk *found = NULL;

    for (size_t i = 0; i < self->desks->len; i++) {
        const NskProfileDesk *desk = nsk_profile_get_desk(self, i);

        if (strcmp(desk->name, name) != 0)
            continue;
        if (g_strcmp0(desk->unit, unit) == 0)
            return desk;
        if (desk->unit == NULL)
            found = desk;
    }
    return found;
}

/* A number that the schema has bounded. */
static int
small_number(const NskXmlNode *node, const char *name)
{
    const char *text = nsk_xml_attr(node, name);

    return text != NULL ? (int)g_ascii_strtoll(text, NULL, 10) : 0;
}

bool
nsk_profile_find_term(const NskProfile *self, const char *kind, NskProfileTerm *out_term)
{
    NskXmlNode *terms = nsk_xml_child(nsk_profile_get_root(self), "terms");
    NskXmlNode *term = terms != NULL ? find_by(terms, "term", "kind", kind) : NULL;

    if (term == NULL)
        return false;
    *out_term = (NskProfileTerm){ small_number(term, "days"), small_number(term, "warn"),
                                  small_number(term, "escalate") };
    return true;
}

size_t
nsk_profile_count_instructions(const NskProfile *self)
{
    return self->instructions->len;
}

const NskProfileInstruction *
nsk_profile_get_instruction(const NskProfile *self, size_t index)
{
    g_assert(index < self->instructions->len);
    return &g_array_index(self->instructions, NskProfileInstruction, index);
}

const char *
nsk_profile_find_instruction(const NskProfile *self, const char *id)
{
    for (size_t i = 0; i < self->instructions->len; i++) {
        const NskProfileInstruction *instruction = nsk_profile_get_instruction(self, i);

        if (strcmp(instruction->id, id) == 0)
            return instruction->print;
    }
    return NULL;
}

/* @wanted of the element "class" beneath @table whose attribute @attr is @value; NULL if none. */
static const char *
class_attr(const NskProfile *self,
           const char *table,
           const char *attr,
           const char *value,
           const char *wanted)
{
    NskXmlNode *parent = nsk_xml_child(nsk_profile_get_root(self), table);
    NskXmlNode *found = find_by(parent, "class", attr, value);

    return found != NULL ? nsk_xml_attr(found, wanted) : NULL;
}

const char *
nsk_profile_get_class_code(const NskProfile *self, const char *security)
{
    return class_attr(self, "classes", "security", security, "code");
}

const char *
nsk_profile_get_class_print(const NskProfile *self, const char *security)
{
    return class_attr(self, "classes", "security", security, "print");
}

const char *
nsk_profile_get_urgency_print(const NskProfile *self, const char *urgency)
{
    return class_attr(self, "urgencies", "urgency", urgency, "print");
}

char *
nsk_profile_qr_text(const NskProfile *self, const char *letter_id)
{
    NskXmlNode *place = nsk_xml_child(nsk_profile_get_root(self), "verification");

    if (place == NULL)
        return g_strconcat("naskah:", letter_id, NULL);
    g_auto(GStrv) parts = g_strsplit(nsk_xml_attr(place, "address"), "{id}", -1);
    return g_strjoinv(letter_id, parts);
}
