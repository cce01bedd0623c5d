/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The pipeline: render job, stylesheet, formatter.
 *
 * Dates inside the PDF are the letter's date at noon UTC (the first of January 1970 for a draft
 * without one): the clock is never read, so the same job gives the same bytes.
 */
#include "base/limits.h"
#include "base/message.h"
#include "base/resource.h"
#include "render/fo/fo.h"
#include "render/font/font.h"
#include "render/letter/letter-private.h"

#include <string.h>

/* Of kinds, as templates/schema/kind.rng names them. */
static const char *const layout_names[] = { "letter", "memo",   "directive",
                                            "record", "upload", "copy" };
#define N_LAYOUTS G_N_ELEMENTS(layout_names)

struct _NskRenderer {
    NskFontSet *fonts;
    NskXmlStyle *styles[N_LAYOUTS];
};

static NskXmlStyle *
load_style(const char *layout, GError **error)
{
    g_autofree char *path = g_strdup_printf("templates/letters/layout-%s.xsl", layout);
    g_autoptr(GBytes) bytes = nsk_resource_load(path, error);
    gsize size;

    if (bytes == NULL)
        return NULL;
    const void *data = g_bytes_get_data(bytes, &size);
    return nsk_xml_style_parse(path, data, size, error);
}

NskRenderer *
nsk_renderer_new(GError **error)
{
    static const char *const families[] = { "Arial", NULL };
    g_autoptr(NskRenderer) self = g_new0(NskRenderer, 1);

    self->fonts = nsk_font_set_open(families, error);
    return self->fonts != NULL ? g_steal_pointer(&self) : NULL;
}

void
nsk_renderer_free(NskRenderer *self)
{
    if (self == NULL)
        return;
    for (size_t i = 0; i < N_LAYOUTS; i++)
        nsk_xml_style_free(self->styles[i]);
    nsk_font_set_free(self->fonts);
    g_free(self);
}

/* The stylesheet of the kind's layout, compiled when it is first asked for. */
static const NskXmlStyle *
find_style(NskRenderer *self, const NskKind *kind, GError **error)
{
    size_t which = 0;

    while (which + 1 < N_LAYOUTS && strcmp(nsk_kind_get_layout(kind), layout_names[which]) != 0)
        which++;
    if (self->styles[which] == NULL)
        self->styles[which] = load_style(layout_names[which], error);
    return self->styles[which];
}

static NskXmlDoc *
make_fo(NskRenderer *self, const NskRenderJob *job, const NskXmlDoc *letter, GError **error)
{
    const NskXmlStyle *style = find_style(self, job->kind, error);
    NskXmlDoc *doc = style != NULL ? nsk_job_build(job, letter, error) : NULL;

    if (doc == NULL)
        return NULL;
    NskXmlDoc *fo = nsk_xml_style_apply_once(style, doc, NULL, error);
    if (fo == NULL)
        g_prefix_error(error, nsk_tr("letter '%s' cannot be laid out: "), job->name);
    return fo;
}

static NskXmlDoc *
parse_letter(const NskRenderJob *job, GError **error)
{
    gsize size;
    const void *data = g_bytes_get_data(job->letter, &size);

    if (size > NSK_LIMIT_LETTER_SIZE) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("letter '%s' has %zu bytes, the limit is %d"), job->name, (size_t)size,
                    NSK_LIMIT_LETTER_SIZE);
        return NULL;
    }
    return nsk_xml_parse(job->name, data, size, error);
}

/* Images of @data, the job or NULL, by name, or of its profile; else of the built-in profiles. */
static GBytes *
load_image(void *data, const char *name, GError **error)
{
    const NskRenderJob *job = data;

    for (size_t i = 0; job != NULL && i < job->n_images; i++) {
        if (strcmp(job->images[i].name, name) == 0)
            return g_bytes_ref(job->images[i].png);
    }
    if (job != NULL && nsk_job_page_image(job, name) != NULL)
        return g_bytes_ref(nsk_job_page_image(job, name));
    if (job != NULL && nsk_profile_get_image(job->profile, name) != NULL)
        return g_bytes_ref(nsk_profile_get_image(job->profile, name));
    if (strchr(name, '/') != NULL || *name == '.') {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("image '%s': name a file of the profile, without a folder"), name);
        return NULL;
    }
    g_autofree char *path = g_strconcat("templates/profiles/", name, NULL);
    return nsk_resource_load(path, error);
}

/* The letter's own values for the PDF; @out_title and @attachment are filled for @options. */
static bool
letter_options(NskRenderer *self,
               const NskRenderJob *job,
               const NskXmlDoc *letter,
               NskFoOptions *out_options,
               GError **error)
{
    NskDate date;
    NskInstant at = 0;

    if (!nsk_job_date(letter, &date, error))
        return false;
    if (nsk_date_is_set(date)) {
        g_autofree char *day = nsk_date_format(date);
        g_autofree char *text = g_strconcat(day, "T12:00:00.000000Z", NULL);

        if (!nsk_instant_parse(text, &at, error))
            return false;
    }
    const char *language = nsk_xml_attr_ns(nsk_xml_doc_get_root(letter),
                                           "http://www.w3.org/XML/1998/namespace", "lang");
    *out_options = (NskFoOptions){
        .fonts = self->fonts,
        .load_image = load_image,
        .load_data = (void *)(uintptr_t)job,
        .author = nsk_profile_get_agency(job->profile),
        .language = language != NULL ? language : "id",
        .at = at,
    };
    return true;
}

bool
nsk_render_letter(NskRenderer *self,
                  const NskRenderJob *job,
                  NskIssues *issues,
                  GBytes **out_pdf,
                  GError **error)
{
    g_autoptr(NskIssues) found = nsk_issues_new();
    g_autoptr(NskXmlDoc) letter = parse_letter(job, error);
    NskFoOptions options;

    if (letter == NULL || !letter_options(self, job, letter, &options, error))
        return false;
    g_autoptr(NskXmlDoc) fo = make_fo(self, job, letter, error);
    if (fo == NULL)
        return false;
    g_autofree char *title = nsk_xml_child_text(nsk_xml_doc_get_root(letter), "subject");
    const NskFoAttachment source = {
        .name = job->name,
        .media_type = "application/xml",
        .description = nsk_kind_get_title(job->kind, "id"),
        .bytes = job->letter,
    };
    options.title = title != NULL && *title != '\0' ? title : nsk_kind_get_title(job->kind, "id");
    options.attachments = &source;
    options.n_attachments = 1;
    options.issues = found;
    GBytes *pdf = nsk_fo_render(fo, &options, error);
    nsk_form_move_issues(found, issues);
    if (pdf == NULL) {
        g_prefix_error(error, nsk_tr("letter '%s' cannot be rendered: "), job->name);
        return false;
    }
    *out_pdf = pdf;
    return true;
}

bool
nsk_render_letter_html(NskRenderer *self,
                       const NskRenderJob *job,
                       GBytes **out_html,
                       GError **error)
{
    g_autoptr(NskXmlDoc) letter = parse_letter(job, error);
    NskXmlDoc *fo = letter != NULL ? make_fo(self, job, letter, error) : NULL;

    if (fo == NULL)
        return false;
    g_autofree char *title = nsk_xml_child_text(nsk_xml_doc_get_root(letter), "subject");
    if (title == NULL || *title == '\0') {
        g_free(title);
        title = g_strdup(nsk_kind_get_title(job->kind, "id"));
    }
    GBytes *html = nsk_html_make(fo, title, load_image, (void *)(uintptr_t)job, error);
    if (html == NULL)
        return false;
    *out_html = html;
    return true;
}

bool
nsk_render_letter_fo(NskRenderer *self, const NskRenderJob *job, GBytes **out_fo, GError **error)
{
    g_autoptr(NskXmlDoc) letter = parse_letter(job, error);

    if (letter == NULL)
        return false;
    g_autoptr(NskXmlDoc) fo = make_fo(self, job, letter, error);
    if (fo == NULL)
        return false;
    GBytes *bytes = nsk_xml_canonical(nsk_xml_doc_get_root(fo), error);
    if (bytes == NULL)
        return false;
    *out_fo = bytes;
    return true;
}

bool
nsk_render_fo(NskRenderer *self,
              const char *name,
              GBytes *fo,
              NskIssues *issues,
              GBytes **out_pdf,
              GError **error)
{
    g_autoptr(NskIssues) found = nsk_issues_new();
    gsize size;
    const void *data = g_bytes_get_data(fo, &size);
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse(name, data, size, error);

    if (doc == NULL)
        return false;
    NskFoOptions options = {
        .fonts = self->fonts,
        .load_image = load_image,
        .issues = found,
    };
    GBytes *pdf = nsk_fo_render(doc, &options, error);
    nsk_form_move_issues(found, issues);
    if (pdf == NULL)
        return false;
    *out_pdf = pdf;
    return true;
}
