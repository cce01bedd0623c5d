/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "demo-job.h"

#include "base/bytes.h"
#include "base/resource.h"

#include <string.h>

static GBytes *
load(const char *path)
{
    g_autoptr(GError) error = NULL;
    GBytes *bytes = nsk_resource_load(path, &error);

    g_assert_no_error(error);
    return bytes;
}

static void
kind_free(void *data)
{
    nsk_kind_unref(data);
}

DemoForms *
demo_forms_new(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) directory = load("templates/demo/directory.xml");
    g_autoptr(GBytes) profile = load("templates/profiles/demo.xml");
    DemoForms *self = g_new0(DemoForms, 1);
    gsize size;
    const void *data = g_bytes_get_data(directory, &size);

    self->directory = nsk_xml_parse("directory.xml", data, size, &error);
    g_assert_no_error(error);
    data = g_bytes_get_data(profile, &size);
    self->profile = nsk_profile_parse("demo.xml", data, size, NULL, &error);
    g_assert_no_error(error);
    self->kinds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, kind_free);
    return self;
}

void
demo_forms_free(DemoForms *self)
{
    g_hash_table_unref(self->kinds);
    nsk_profile_unref(self->profile);
    nsk_xml_doc_free(self->agency);
    nsk_xml_doc_free(self->directory);
    g_free(self);
}

static NskXmlDoc *
load_agency(const char *id)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *file = g_strconcat(id, ".xml", NULL);
    g_autofree char *path =
        g_build_filename(g_getenv("NASKAH_SOURCE"), "tests", "data", "agencies", file, NULL);

    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return NULL;
    g_autoptr(GBytes) bytes = nsk_file_read(path, 1024 * 1024, &error);
    g_assert_no_error(error);
    NskXmlDoc *doc =
        nsk_xml_parse(file, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), &error);
    g_assert_no_error(error);
    return doc;
}

void
demo_forms_use_profile(DemoForms *self, const char *id)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_strdup_printf("templates/profiles/%s.xml", id);
    g_autoptr(GBytes) bytes = load(path);

    nsk_profile_unref(self->profile);
    nsk_xml_doc_free(self->agency);
    self->profile = nsk_profile_parse(path, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes),
                                      NULL, &error);
    g_assert_no_error(error);
    self->agency = load_agency(id);
}

const NskKind *
demo_forms_kind(DemoForms *self, const char *id)
{
    NskKind *kind = g_hash_table_lookup(self->kinds, id);

    if (kind == NULL) {
        g_autoptr(GError) error = NULL;
        g_autofree char *path = g_strdup_printf("templates/letters/%s.xml", id);
        g_autoptr(GBytes) bytes = load(path);
        gsize size;
        const void *data = g_bytes_get_data(bytes, &size);

        kind = nsk_kind_parse(path, data, size, NULL, &error);
        g_assert_no_error(error);
        g_hash_table_insert(self->kinds, g_strdup(id), kind);
    }
    return kind;
}

/* The entry with that id in one of the directory's lists. */
static NskXmlNode *
entry(DemoForms *forms, const char *list, const char *id)
{
    NskXmlNode *parent = nsk_xml_child(nsk_xml_doc_get_root(forms->directory), list);

    for (NskXmlNode *node = nsk_xml_first(parent); node != NULL; node = nsk_xml_next(node)) {
        if (g_strcmp0(nsk_xml_attr(node, "id"), id) == 0)
            return node;
    }
    g_error("no '%s' in the list '%s' of the demo directory", id, list);
}

/* @attr of the unit or position @id in the agency of the profile, if that has other names. */
static const char *
own_name(const DemoForms *forms, const char *element, const char *id, const char *attr)
{
    NskXmlNode *root = forms->agency != NULL ? nsk_xml_doc_get_root(forms->agency) : NULL;

    for (NskXmlNode *node = root != NULL ? nsk_xml_first(root) : NULL; node != NULL;
         node = nsk_xml_next(node)) {
        if (strcmp(nsk_xml_name(node), element) == 0 &&
            g_strcmp0(nsk_xml_attr(node, "id"), id) == 0)
            return nsk_xml_attr(node, attr);
    }
    return NULL;
}

static const char *
title_of(DemoForms *forms, const char *position)
{
    const char *own = own_name(forms, "position", position, "title");

    return own != NULL ? own : nsk_xml_attr(entry(forms, "positions", position), "title");
}

static const char *
superior_of(DemoForms *forms, const char *position)
{
    return nsk_xml_attr(entry(forms, "positions", position), "superior");
}

static NskXmlNode *
holder_of(DemoForms *forms, const char *position, const char *capacity)
{
    NskXmlNode *list = nsk_xml_child(nsk_xml_doc_get_root(forms->directory), "holdings");
    bool acting = strcmp(capacity, "plt") == 0 || strcmp(capacity, "plh") == 0;
    const char *wanted = acting ? capacity : "definitive";
    const char *person = NULL;

    for (NskXmlNode *node = nsk_xml_first(list); node != NULL; node = nsk_xml_next(node)) {
        if (g_strcmp0(nsk_xml_attr(node, "position"), position) == 0 &&
            g_strcmp0(nsk_xml_attr(node, "capacity"), wanted) == 0)
            person = nsk_xml_attr(node, "person");
    }
    g_assert_nonnull(person);
    return entry(forms, "people", person);
}

/* Keeps the string for as long as the job. */
static const char *
keep(DemoJob *self, char *text)
{
    if (text != NULL)
        g_ptr_array_add(self->texts, text);
    return text;
}

static NskRenderParty *
resolve_parties(DemoForms *forms, DemoJob *self, const char *part, size_t *out_n)
{
    NskXmlNode *list = nsk_xml_child(nsk_xml_doc_get_root(self->doc), part);
    GArray *parties = g_array_new(FALSE, TRUE, sizeof(NskRenderParty));

    for (NskXmlNode *node = list != NULL ? nsk_xml_first(list) : NULL; node != NULL;
         node = nsk_xml_next(node)) {
        const char *position = nsk_xml_attr(node, "ref");
        NskRenderParty party = { .note = nsk_xml_attr(node, "note") };

        if (position != NULL) {
            party.print = title_of(forms, position);
        } else {
            party.print = keep(self, nsk_xml_child_text(node, "name"));
            party.attention = keep(self, nsk_xml_child_text(node, "attention"));
            party.place = keep(self, nsk_xml_child_text(node, "place"));
        }
        g_array_append_val(parties, party);
    }
    *out_n = parties->len;
    return (NskRenderParty *)(void *)g_array_free(parties, FALSE);
}

static NskRenderSignatory
resolve_signatory(DemoForms *forms, const NskXmlNode *node)
{
    const char *position = nsk_xml_attr(node, "position");
    const char *capacity = nsk_xml_attr(node, "capacity");
    NskXmlNode *person = holder_of(forms, position, capacity);
    NskRenderSignatory signatory = {
        .capacity = capacity,
        .position = title_of(forms, position),
        .person = nsk_xml_attr(person, "printed"),
        .plain_name = nsk_xml_attr(person, "name"),
        .nip = nsk_xml_attr(person, "nip"),
        .rank = nsk_xml_attr(person, "rank"),
    };

    if (strcmp(capacity, "an") == 0) {
        signatory.for_position = title_of(forms, superior_of(forms, position));
    } else if (strcmp(capacity, "ub") == 0) {
        const char *through = superior_of(forms, position);

        signatory.through = title_of(forms, through);
        signatory.for_position = title_of(forms, superior_of(forms, through));
    }
    return signatory;
}

static void
resolve_signatories(DemoForms *forms, DemoJob *self)
{
    NskXmlNode *list = nsk_xml_child(nsk_xml_doc_get_root(self->doc), "signatories");
    GArray *signatories = g_array_new(FALSE, TRUE, sizeof(NskRenderSignatory));

    for (NskXmlNode *node = nsk_xml_first(list); node != NULL; node = nsk_xml_next(node)) {
        NskRenderSignatory signatory = resolve_signatory(forms, node);

        g_array_append_val(signatories, signatory);
    }
    self->job.n_signatories = signatories->len;
    self->signatories = (NskRenderSignatory *)(void *)g_array_free(signatories, FALSE);
}

static GBytes *
load_letter(const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *file = g_strconcat(name, ".xml", NULL);

    if (g_str_has_suffix(name, ".sample")) {
        g_autofree char *path = g_build_filename("templates", "letters", file, NULL);

        return load(path);
    }
    g_autofree char *path =
        g_build_filename(g_getenv("NASKAH_SOURCE"), "tests", "data", "letters", file, NULL);
    GBytes *bytes = nsk_file_read(path, 1024 * 1024, &error);
    g_assert_no_error(error);
    return bytes;
}

DemoJob *
demo_job_new(DemoForms *forms, const char *name)
{
    return demo_job_new_for(forms, name, load_letter(name));
}

static void
fill_issuer(DemoForms *forms, DemoJob *self, const NskXmlNode *unit)
{
    const char *id = nsk_xml_attr(unit, "id");
    const char *own = own_name(forms, "unit", id, "name");
    const char *place =
        forms->agency != NULL ? nsk_xml_attr(nsk_xml_doc_get_root(forms->agency), "place") : NULL;

    self->job.unit = id;
    self->job.unit_name = own != NULL ? own : nsk_xml_attr(unit, "name");
    self->job.place = place != NULL ? place : nsk_xml_attr(unit, "place");
    self->job.zone = nsk_xml_attr(unit, "zone");
}

void
demo_job_unit_codes(DemoForms *forms, const DemoJob *self, const char *out_codes[2])
{
    NskXmlNode *unit = entry(forms, "units", self->job.unit);
    const char *parent = nsk_xml_attr(unit, "parent");
    const char *own = own_name(forms, "unit", self->job.unit, "code");
    const char *code = own != NULL ? own : nsk_xml_attr(unit, "code");

    out_codes[0] = code;
    out_codes[1] = NULL;
    if (parent != NULL && nsk_xml_attr(entry(forms, "units", parent), "parent") != NULL) {
        own = own_name(forms, "unit", parent, "code");
        out_codes[0] = own != NULL ? own : nsk_xml_attr(entry(forms, "units", parent), "code");
        out_codes[1] = code;
    }
}

DemoJob *
demo_job_new_for(DemoForms *forms, const char *name, GBytes *letter)
{
    g_autoptr(GError) error = NULL;
    DemoJob *self = g_new0(DemoJob, 1);
    gsize size;

    self->texts = g_ptr_array_new_with_free_func(g_free);
    self->letter = letter;
    const void *data = g_bytes_get_data(self->letter, &size);
    self->doc = nsk_xml_parse(name, data, size, &error);
    g_assert_no_error(error);
    self->addressees = resolve_parties(forms, self, "to", &self->job.n_addressees);
    self->copies = resolve_parties(forms, self, "copies", &self->job.n_copies);
    resolve_signatories(forms, self);

    NskXmlNode *root = nsk_xml_doc_get_root(self->doc);
    const char *signs = nsk_xml_attr(nsk_xml_first(nsk_xml_child(root, "signatories")), "position");
    NskXmlNode *unit =
        entry(forms, "units", nsk_xml_attr(entry(forms, "positions", signs), "unit"));
    self->job.name = "letter.xml";
    self->job.letter = self->letter;
    self->job.profile = forms->profile;
    self->job.kind = demo_forms_kind(forms, nsk_xml_attr(root, "kind"));
    fill_issuer(forms, self, unit);
    self->job.addressees = self->addressees;
    self->job.copies = self->copies;
    self->job.signatories = self->signatories;
    self->job.draft = nsk_xml_child(root, "number") == NULL;
    self->job.qr_text = "https://naskah.bpatn.example/v/0198a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";
    return self;
}

void
demo_job_free(DemoJob *self)
{
    g_ptr_array_unref(self->texts);
    g_bytes_unref(self->letter);
    nsk_xml_doc_free(self->doc);
    g_free(self->addressees);
    g_free(self->copies);
    g_free(self->signatories);
    g_free(self);
}
