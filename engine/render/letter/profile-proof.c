/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A profile on this machine: what it names beside itself (fonts, emblems, kinds), what the
 * guidelines ask of margins, and what the shipped samples look like in it.
 *
 * Findings:
 *   profile-font     a family or a style of it that is not installed; names the package
 *   profile-emblem   an image that is nowhere, or is no PNG; stretched or coarse: a warning
 *   profile-kind     a kind or family that nobody has: a warning
 *   profile-series   a kind whose letters get no number: a warning
 *   profile-minimum  margins below what the guidelines ask: a warning
 *   profile-page     what does not fit when a sample is laid out: a warning
 */
#include "base/message.h"
#include "base/resource.h"
#include "render/font/font.h"
#include "render/letter/letter-private.h"

#include <string.h>

#define SAMPLE_ENDING ".sample.xml"
#define MIN_DPI       150

/* Of ANRI's guidelines, hundredths of a millimetre; that of the top is the page number's room. */
static const struct {
    const char *attr;
    int least;
} minima[] = { { "left", 3000 }, { "right", 2000 }, { "bottom", 2500 } };

typedef struct {
    NskProfile *profile;
    const NskXmlDoc *doc;
    NskIssues *issues;
    GBytes *(*load)(void *data, const char *file); /* may be NULL */
    void *data;
    GHashTable *told; /* what was said of pages, so that it is said of one kind alone */
} Proof;

static void
warn(const Proof *self, const NskXmlNode *node, const char *tag, const char *text)
{
    const NskIssue place = { .tag = tag,
                             .severity = NSK_SEVERITY_WARNING,
                             .file = (char *)(uintptr_t)nsk_xml_doc_get_name(self->doc),
                             .line = nsk_xml_line(node),
                             .column = nsk_xml_column(node) };

    nsk_issues_add(self->issues, &place, "%s", text);
}

/* ---- fonts ---- */

static void
prove_font(const Proof *self, const NskXmlNode *node, GHashTable *seen)
{
    const char *family = nsk_xml_attr(node, "font");
    const char *const families[] = { family, NULL };
    g_autoptr(GError) missing = NULL;

    if (family == NULL || !g_hash_table_add(seen, (gpointer)(uintptr_t)family))
        return;
    g_autoptr(NskFontSet) set = nsk_font_set_open(families, &missing);
    for (unsigned style = 0; set != NULL && missing == NULL && style < 4; style++)
        (void)nsk_font_set_find(set, family, (style & 1) != 0, (style & 2) != 0, &missing);
    if (missing != NULL)
        nsk_xml_issue(self->doc, node, self->issues, "profile-font", "%s", missing->message);
}

/* ---- emblems ---- */

static GBytes *
find_emblem(const Proof *self, const char *file)
{
    g_autofree char *path = g_strconcat("templates/profiles/", file, NULL);
    GBytes *own = nsk_profile_get_image(self->profile, file);

    if (own != NULL)
        return g_bytes_ref(own);
    own = self->load != NULL ? self->load(self->data, file) : NULL;
    return own != NULL ? own : nsk_resource_load(path, NULL);
}

static unsigned
big_endian(const uint8_t *bytes)
{
    return (unsigned)bytes[0] << 24 | (unsigned)bytes[1] << 16 | (unsigned)bytes[2] << 8 | bytes[3];
}

static void
prove_emblem(const Proof *self, const NskXmlNode *logo)
{
    const char *file = nsk_xml_attr(logo, "file");
    g_autoptr(GBytes) png = find_emblem(self, file);

    if (png == NULL) {
        nsk_xml_issue(self->doc, logo, self->issues, "profile-emblem",
                      nsk_tr("there is no emblem '%s'; put it beside the profile, or correct the "
                             "name"),
                      file);
        return;
    }
    gsize size;
    const uint8_t *data = g_bytes_get_data(png, &size);
    if (size < 24 || memcmp(data, NSK_PNG_BEGINNING, 8) != 0 || memcmp(data + 12, "IHDR", 4) != 0) {
        nsk_xml_issue(self->doc, logo, self->issues, "profile-emblem",
                      nsk_tr("the emblem '%s' is no PNG; save it as one"), file);
        return;
    }
    double width = big_endian(data + 16), height = big_endian(data + 20);
    double print_width = nsk_form_mm(logo, "width"), print_height = nsk_form_mm(logo, "height");
    if (width < 1 || height < 1 || print_width < 1 || print_height < 1)
        return;
    double stretch = (print_width / print_height) / (width / height);
    if (stretch < 0.98 || stretch > 1.02) {
        g_autofree char *text = g_strdup_printf(
            nsk_tr("the emblem '%s' is stretched; for this width its height is %.1f mm"), file,
            print_width * height / width / 100);

        warn(self, logo, "profile-emblem", text);
    }
    if (width / (print_width / 2540) < MIN_DPI) {
        g_autofree char *text = g_strdup_printf(
            nsk_tr(
                "the emblem '%s' has %.0f pixels an inch and looks coarse; at least %d are good"),
            file, width / (print_width / 2540), MIN_DPI);

        warn(self, logo, "profile-emblem", text);
    }
}

/* ---- margins ---- */

static void
prove_margins(const Proof *self, const NskXmlNode *page)
{
    for (size_t i = 0; i < G_N_ELEMENTS(minima); i++) {
        if (nsk_form_mm(page, minima[i].attr) >= minima[i].least)
            continue;
        g_autofree char *text =
            g_strdup_printf(nsk_tr("the margin '%s' is smaller than the %d mm that the guidelines "
                                   "ask at least"),
                            minima[i].attr, minima[i].least / 100);
        warn(self, page, "profile-minimum", text);
    }
}

/* ---- kinds ---- */

static bool
is_family(const char *word)
{
    return strcmp(word, "arahan") == 0 || strcmp(word, "korespondensi") == 0 ||
           strcmp(word, "khusus") == 0;
}

static void
prove_word(const Proof *self, const NskXmlNode *node, const char *word)
{
    g_autofree char *path = g_strdup_printf("templates/letters/%s.xml", word);
    g_autoptr(GBytes) kind = is_family(word) ? NULL : nsk_resource_load(path, NULL);

    if (kind != NULL || is_family(word))
        return;
    g_autofree char *text = g_strdup_printf(
        nsk_tr("'%s' is no family and no shipped kind; correct it, unless it is a kind of yours"),
        word);
    warn(self, node, "profile-kind", text);
}

static void
prove_words(const Proof *self, const NskXmlNode *node)
{
    const char *value = nsk_xml_attr(node, "kinds");

    if (value == NULL)
        return;
    g_auto(GStrv) words = g_strsplit_set(value, " \t\r\n", -1);
    for (char **word = words; *word != NULL; word++) {
        if (**word != '\0')
            prove_word(self, node, *word);
    }
}

static void
prove_node(const Proof *self, const NskXmlNode *node, GHashTable *fonts)
{
    const char *name = nsk_xml_name(node);

    prove_words(self, node);
    prove_font(self, node, fonts);
    if (strcmp(name, "page") == 0)
        prove_margins(self, node);
    else if (strcmp(name, "logo") == 0)
        prove_emblem(self, node);
    for (NskXmlNode *child = nsk_xml_first(node); child != NULL; child = nsk_xml_next(child))
        prove_node(self, child, fonts);
}

/* ---- pages ---- */

/* Parties and signatories with names of no length to speak of, as many as the letter has. */
static size_t
count(const NskXmlDoc *letter, const char *part)
{
    NskXmlNode *list = nsk_xml_child(nsk_xml_doc_get_root(letter), part);
    size_t n = 0;

    for (NskXmlNode *node = list != NULL ? nsk_xml_first(list) : NULL; node != NULL;
         node = nsk_xml_next(node))
        n++;
    return n;
}

static void
fill_names(NskRenderJob *job, const NskXmlDoc *letter, GArray *parties, GArray *signatories)
{
    const NskRenderParty party = { .print = "Kepala Biro Umum" };
    NskXmlNode *list = nsk_xml_child(nsk_xml_doc_get_root(letter), "signatories");

    job->n_addressees = count(letter, "to");
    job->n_copies = count(letter, "copies");
    for (size_t i = 0; i < MAX(job->n_addressees, job->n_copies); i++)
        g_array_append_val(parties, party);
    for (NskXmlNode *node = list != NULL ? nsk_xml_first(list) : NULL; node != NULL;
         node = nsk_xml_next(node)) {
        const NskRenderSignatory signatory = { .capacity = nsk_xml_attr(node, "capacity"),
                                               .position = "Kepala Biro Umum",
                                               .for_position = "Kepala Badan",
                                               .through = "Sekretaris Utama",
                                               .person = "Dr. Sekar Wulandari, S.H., M.Si.",
                                               .plain_name = "Sekar Wulandari",
                                               .nip = "198001012005012001",
                                               .rank = "Pembina Utama Muda (IV/c)" };

        g_array_append_val(signatories, signatory);
    }
    job->addressees = job->copies = (const NskRenderParty *)(void *)parties->data;
    job->signatories = (const NskRenderSignatory *)(void *)signatories->data;
    job->n_signatories = signatories->len;
}

static bool
render_sample(const Proof *self, NskRenderer *renderer, const char *id, GBytes *xml, GError **error)
{
    g_autofree char *kind_path = g_strdup_printf("templates/letters/%s.xml", id);
    g_autoptr(GBytes) kind_xml = nsk_resource_load(kind_path, error);
    g_autoptr(NskKind) kind = kind_xml != NULL
                                  ? nsk_kind_parse(kind_path, g_bytes_get_data(kind_xml, NULL),
                                                   g_bytes_get_size(kind_xml), NULL, error)
                                  : NULL;
    g_autoptr(NskXmlDoc) letter =
        kind != NULL ? nsk_xml_parse(id, g_bytes_get_data(xml, NULL), g_bytes_get_size(xml), error)
                     : NULL;
    g_autoptr(NskIssues) found = nsk_issues_new();
    g_autoptr(GBytes) pdf = NULL;
    g_autoptr(GArray) parties = g_array_new(FALSE, FALSE, sizeof(NskRenderParty));
    g_autoptr(GArray) signatories = g_array_new(FALSE, FALSE, sizeof(NskRenderSignatory));

    if (letter == NULL)
        return false;
    /* what came in, or is uploaded, has pages of its own */
    if (nsk_kind_requires(kind, "received") || nsk_kind_is_uploaded(kind))
        return true;
    const NskXmlNode *root = nsk_xml_doc_get_root(self->doc);
    const char *file = nsk_profile_get_logo(self->profile, 0);
    g_autoptr(GBytes) png = file != NULL ? find_emblem(self, file) : NULL;
    const NskRenderImage image = { file, png };
    NskRenderJob job = { .name = id,
                         .letter = xml,
                         .profile = self->profile,
                         .kind = kind,
                         .unit_name = "Biro Umum",
                         .place = "Arunika",
                         .images = &image,
                         .n_images = png != NULL ? 1 : 0,
                         .qr_text = "https://naskah.example/0198a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b" };

    fill_names(&job, letter, parties, signatories);
    if (!nsk_render_letter(renderer, &job, found, &pdf, error))
        return false;
    for (guint i = 0; i < found->len; i++) {
        const NskIssue *issue = g_ptr_array_index(found, i);
        g_autofree char *text =
            g_strdup_printf(nsk_tr("on the pages of '%s': %s"), id, issue->text);

        if (!g_hash_table_add(self->told, g_strdup(issue->text)))
            continue;
        warn(self, root, "profile-page", text);
    }
    return true;
}

static bool
prove_pages(const Proof *self, GError **error)
{
    g_auto(GStrv) names = nsk_resource_list("templates/letters", error);
    g_autoptr(NskRenderer) renderer = names != NULL ? nsk_renderer_new(error) : NULL;

    for (size_t i = 0; renderer != NULL && names[i] != NULL; i++) {
        if (!g_str_has_suffix(names[i], SAMPLE_ENDING))
            continue;
        g_autoptr(GError) fault = NULL;
        g_autofree char *id = g_strndup(names[i], strlen(names[i]) - strlen(SAMPLE_ENDING));
        g_autofree char *path = g_build_filename("templates/letters", names[i], NULL);
        g_autoptr(GBytes) xml = nsk_resource_load(path, error);

        if (xml == NULL)
            return false;
        if (!render_sample(self, renderer, id, xml, &fault))
            nsk_xml_issue(self->doc, nsk_xml_doc_get_root(self->doc), self->issues, "profile-page",
                          "%s", fault->message);
    }
    return renderer != NULL;
}

/* Kinds that are shipped and go out, and get no number. */
static bool
prove_numbers(const Proof *self, GError **error)
{
    g_auto(GStrv) names = nsk_resource_list("templates/letters", error);
    NskXmlNode *numbering = nsk_xml_child(nsk_xml_doc_get_root(self->doc), "numbering");

    for (size_t i = 0; names != NULL && names[i] != NULL; i++) {
        if (!g_str_has_suffix(names[i], SAMPLE_ENDING))
            continue;
        g_autofree char *id = g_strndup(names[i], strlen(names[i]) - strlen(SAMPLE_ENDING));

        if (nsk_profile_find_series(self->profile, id) != NULL || strcmp(id, "surat-masuk") == 0 ||
            strcmp(id, "arsip-lama") == 0)
            continue;
        g_autofree char *text = g_strdup_printf(
            nsk_tr(
                "letters of the kind '%s' get no number; add <use kind=\"%s\" series=\"...\"/> if "
                "the agency writes them"),
            id, id);
        warn(self, numbering, "profile-series", text);
    }
    return names != NULL;
}

bool
nsk_profile_prove(const NskProfileProof *request, NskIssues *issues, GError **error)
{
    g_autoptr(GError) refused = NULL;
    gsize size;
    const void *data = g_bytes_get_data(request->bytes, &size);
    guint before = issues->len;
    g_autoptr(NskProfile) profile = nsk_profile_parse(request->name, data, size, issues, &refused);

    if (profile == NULL) {
        if (issues->len > before)
            return true;
        g_propagate_error(error, g_steal_pointer(&refused));
        return false;
    }
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse(request->name, data, size, error);
    if (doc == NULL)
        return false;
    g_autoptr(GHashTable) fonts = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const Proof proof = { profile, doc, issues, request->load, request->data, told };
    guint so_far = issues->len;

    prove_node(&proof, nsk_xml_doc_get_root(doc), fonts);
    if (!prove_numbers(&proof, error))
        return false;
    for (guint i = so_far; i < issues->len; i++) {
        if (((NskIssue *)g_ptr_array_index(issues, i))->severity == NSK_SEVERITY_ERROR)
            return true; /* pages without their font or emblem say nothing new */
    }
    return prove_pages(&proof, error);
}
