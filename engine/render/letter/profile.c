/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The profile of an agency (templates/schema/profile.rng).
 *
 * Invariant: what is kept has passed the schema and the rules of profile-check.c.
 */
#include "base/message.h"
#include "render/letter/letter-private.h"

#include <string.h>

#define PROFILE_NS     "urn:naskah:profile:1"
#define PROFILE_SCHEMA "templates/schema/profile.rng"

struct _NskProfile {
    NskXmlDoc *doc;
    char *agency;
    GArray *series;   /* of NskProfileSeries; the pattern is owned, the rest is borrowed from doc */
    GPtrArray *owned; /* patterns */
    GArray *desks;    /* of NskProfileDesk; borrowed from doc */
    GHashTable *images;   /* file name -> GBytes: those whose bytes stand in the profile */
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
    g_clear_pointer(&self->images, g_hash_table_unref);
    g_clear_pointer(&self->doc, nsk_xml_doc_free);
    g_free(self->agency);
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

/* The emblems whose bytes stand in the profile. */
static void
take_images(const NskXmlDoc *doc, GHashTable *images, NskIssues *issues)
{
    const NskXmlNode *root = nsk_xml_doc_get_root(doc);

    for (NskXmlNode *node = nsk_xml_first(root); node != NULL; node = nsk_xml_next(node)) {
        NskXmlNode *logo = nsk_xml_child(node, "logo");
        g_autofree char *text = logo != NULL ? nsk_xml_text(logo) : NULL;

        if (text == NULL || *g_strstrip(text) == '\0')
            continue;
        gsize size = 0;
        guchar *data = g_base64_decode(text, &size);
        GBytes *bytes = g_bytes_new_take(data, size);

        if (size < strlen(NSK_PNG_BEGINNING) ||
            memcmp(data, NSK_PNG_BEGINNING, strlen(NSK_PNG_BEGINNING)) != 0)
            nsk_xml_issue(
                doc, logo, issues, "profile-emblem",
                nsk_tr("the emblem '%s' is no PNG in base64; take its text away and write "
                       "it with \"naskah profile pack\""),
                nsk_xml_attr(logo, "file"));
        g_hash_table_insert(images, g_strdup(nsk_xml_attr(logo, "file")), bytes);
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
    g_autoptr(GHashTable) images =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
    bool ok = doc != NULL;

    if (ok) {
        nsk_profile_check_doc(doc, found);
        take_images(doc, images, found);
        ok = nsk_issues_to_error(found, error);
    }
    nsk_form_move_issues(found, issues);
    if (!ok)
        return NULL;

    NskProfile *self = g_atomic_rc_box_new0(NskProfile);
    self->doc = g_steal_pointer(&doc);
    self->images = g_steal_pointer(&images);
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
nsk_profile_get_logo(const NskProfile *self, size_t index)
{
    const NskXmlNode *root = nsk_profile_get_root(self);

    for (NskXmlNode *node = nsk_xml_first(root); node != NULL; node = nsk_xml_next(node)) {
        NskXmlNode *logo = nsk_xml_child(node, "logo");

        if (logo != NULL && index-- == 0)
            return nsk_xml_attr(logo, "file");
    }
    return NULL;
}

GBytes *
nsk_profile_get_image(const NskProfile *self, const char *file)
{
    return g_hash_table_lookup(self->images, file);
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

    return named_series(self, nsk_form_find(numbering, "use", "kind", kind));
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
    NskXmlNode *found =
        channels != NULL ? nsk_form_find(channels, "channel", "name", channel) : NULL;

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

static NskXmlNode *
find_term(const NskProfile *self, const char *kind)
{
    NskXmlNode *terms = nsk_xml_child(nsk_profile_get_root(self), "terms");

    return terms != NULL ? nsk_form_find(terms, "term", "kind", kind) : NULL;
}

GArray *
nsk_profile_list_tells(const NskProfile *self, const char *kind)
{
    const NskXmlNode *term = find_term(self, kind);
    GArray *tells = g_array_new(FALSE, FALSE, sizeof(NskProfileTell));

    for (NskXmlNode *node = term != NULL ? nsk_xml_first(term) : NULL; node != NULL;
         node = nsk_xml_next(node)) {
        NskProfileTell tell = { nsk_xml_attr(node, "on"), nsk_xml_attr(node, "position"),
                                small_number(node, "up") };

        g_array_append_val(tells, tell);
    }
    return tells;
}

bool
nsk_profile_find_term(const NskProfile *self, const char *kind, NskProfileTerm *out_term)
{
    const NskXmlNode *term = find_term(self, kind);

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
    NskXmlNode *found = nsk_form_find(parent, "class", attr, value);

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
