/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a signature looks where the profile says appearance="certificate": a page of the field's
 * size, through the stylesheet templates/sheets/signature-look.xsl.  It is a part of the letter, so
 * its words are Indonesian.
 *
 * Words that do not fit are set smaller; at the smallest size the longest of them end in an
 * ellipsis, shorter and shorter, until they do.  Nothing is ever drawn over anything else, or
 * outside of the field.
 *
 * The page is made once, when the signatory says yes, and kept with the session: what it is made of
 * may have another name the day after.  No clock is read; the time is the session's.
 */
#include "base/resource.h"
#include "office/sign-private.h"

#include <string.h>

#define STYLE   "templates/sheets/signature-look.xsl"
#define LOOK_NS "urn:naskah:signature-look:1"
#define MINUTE  60
/* Where less is free the field stays as it is: nobody could read it.  All in points. */
#define LEAST_WIDTH  72.0
#define LEAST_HEIGHT 40.0
#define LARGEST_TEXT 8.0
#define LEAST_TEXT   5.0
#define STEP         0.5
#define LINE_HEIGHT  1.2
#define MARGINS      2.0
/* Characters that are left of the longest words, at most and at least. */
#define MOST_LEFT  160
#define LEAST_LEFT 8

enum { NAME, POST, AGENCY, TIME, ISSUER, N_LINES };

static const char *const line_names[N_LINES] = { "name", "post", "agency", "time", "issuer" };

typedef struct {
    NskRenderer *renderer;
    NskXmlStyle *style;
    double width, height; /* points */
    const char *lines[N_LINES];
} Look;

void
nsk_sign_look_load(NskSignWork *work,
                   const NskProfile *profile,
                   const NskKind *kind,
                   const NskSignatory *signatory)
{
    bool acts = signatory->capacity != NSK_CAPACITY_AN && signatory->capacity != NSK_CAPACITY_UB;
    const char *lead = nsk_profile_get_lead(
        profile, nsk_capacity_name(acts ? signatory->capacity : signatory->holding));

    if (!nsk_profile_shows_certificate(profile, kind))
        return;
    work->post = lead != NULL ? g_strdup_printf("%s %s", lead, signatory->title)
                              : g_strdup(signatory->title);
    work->agency = g_strdup(nsk_profile_get_agency(profile));
}

/* "22 Juli 2026 09.00 WIB"; a zone outside of the country by its offset. */
static char *
write_time(const NskSessionRow *session)
{
    static const char *const months[] = { "Januari",   "Februari", "Maret",    "April",
                                          "Mei",       "Juni",     "Juli",     "Agustus",
                                          "September", "Oktober",  "November", "Desember" };
    int offset = session->offset_minutes;
    g_autofree char *utc = nsk_instant_format(session->signed_at);
    g_autoptr(GDateTime) at = g_date_time_new_from_iso8601(utc, NULL);
    g_autoptr(GDateTime) there = g_date_time_add_minutes(at, offset);
    g_autofree char *other = g_strdup_printf("UTC%c%02d.%02d", offset < 0 ? '-' : '+',
                                             ABS(offset) / MINUTE, ABS(offset) % MINUTE);
    const char *zone = offset == 7 * MINUTE   ? "WIB"
                       : offset == 8 * MINUTE ? "WITA"
                       : offset == 9 * MINUTE ? "WIT"
                                              : other;

    return g_strdup_printf("%d %s %d %02d.%02d %s", g_date_time_get_day_of_month(there),
                           months[g_date_time_get_month(there) - 1], g_date_time_get_year(there),
                           g_date_time_get_hour(there), g_date_time_get_minute(there), zone);
}

static void
set_points(NskXmlNode *node, const char *attr, double points)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];

    nsk_xml_set_attr(node, attr, g_ascii_formatd(number, sizeof number, "%.2f", points));
}

/* Without what nobody sees: a certificate may have characters in it that turn the order of others
 * about, or that no document can have. */
static char *
clean(const char *text)
{
    GString *out = g_string_new(NULL);

    for (const char *p = text; *p != '\0'; p += g_utf8_skip[(unsigned char)*p]) {
        gunichar c = g_utf8_get_char(p);
        GUnicodeType type = g_unichar_type(c);
        bool joins = c == 0x200c || c == 0x200d;

        if (type == G_UNICODE_CONTROL)
            g_string_append_c(out, ' ');
        else if (joins || (type != G_UNICODE_FORMAT && type != G_UNICODE_UNASSIGNED &&
                           type != G_UNICODE_PRIVATE_USE && type != G_UNICODE_SURROGATE))
            g_string_append_unichar(out, c);
    }
    return g_strstrip(g_string_free(out, FALSE));
}

/* @line of at most @most characters, the last of them an ellipsis if it had more. */
static char *
shorten(const char *line, glong most)
{
    char *text = clean(line);

    if (g_utf8_strlen(text, -1) <= most)
        return text;
    g_autofree char *head = g_utf8_substring(text, 0, most - 1);
    g_free(text);
    return g_strconcat(g_strchomp(head), "…", NULL);
}

static NskXmlDoc *
make_doc(const Look *look, double size, glong most)
{
    NskXmlDoc *doc = nsk_xml_doc_new(LOOK_NS, "look");
    NskXmlNode *root = nsk_xml_doc_get_root(doc);

    set_points(root, "width", look->width);
    set_points(root, "height", look->height);
    set_points(root, "size", size);
    for (size_t i = 0; i < N_LINES; i++) {
        g_autofree char *text = shorten(look->lines[i], most);

        nsk_xml_add_text(nsk_xml_add(root, NULL, line_names[i]), text);
    }
    return doc;
}

static bool
has_overflow(const NskIssues *issues)
{
    for (guint i = 0; i < issues->len; i++) {
        const NskIssue *issue = g_ptr_array_index(issues, i);

        if (strcmp(issue->tag, "fo-overflow") == 0)
            return true;
    }
    return false;
}

/* One try; *out_fits: whether all of it has room. */
static GBytes *
draw(const Look *look, double size, glong most, bool *out_fits, GError **error)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskXmlDoc) doc = make_doc(look, size, most);
    g_autoptr(NskXmlDoc) fo = nsk_xml_style_apply(look->style, doc, NULL, error);
    g_autoptr(GBytes) bytes =
        fo != NULL ? nsk_xml_canonical(nsk_xml_doc_get_root(fo), error) : NULL;
    GBytes *pdf = NULL;

    if (bytes == NULL || !nsk_render_fo(look->renderer, "signature", bytes, issues, &pdf, error))
        return NULL;
    *out_fits = !has_overflow(issues);
    return pdf;
}

/* As large as it fits, and then as long. */
static GBytes *
draw_fitting(const Look *look, GError **error)
{
    double size = MIN(LARGEST_TEXT, (look->height - MARGINS) / (N_LINES + 1) / LINE_HEIGHT);
    glong most = MOST_LEFT;
    bool fits = false;

    size = MAX(size, LEAST_TEXT);
    for (;;) {
        g_autoptr(GBytes) pdf = draw(look, size, most, &fits, error);

        if (pdf == NULL || fits || most < LEAST_LEFT)
            return g_steal_pointer(&pdf);
        if (size > LEAST_TEXT)
            size = MAX(size - STEP, LEAST_TEXT);
        else
            most = most * 4 / 5;
    }
}

static NskXmlStyle *
load_style(GError **error)
{
    g_autoptr(GBytes) bytes = nsk_resource_load(STYLE, error);

    return bytes != NULL ? nsk_xml_style_parse(STYLE, g_bytes_get_data(bytes, NULL),
                                               g_bytes_get_size(bytes), error)
                         : NULL;
}

/* Width and height of the field; 0 and 0 if it has none. */
static bool
find_size(const NskSignWork *work, Look *look, GError **error)
{
    g_autoptr(GPtrArray) fields = nsk_sign_fields(work->pages, error);

    for (guint i = 0; fields != NULL && i < fields->len; i++) {
        const NskSignField *field = g_ptr_array_index(fields, i);

        if (strcmp(field->name, work->field) != 0)
            continue;
        look->width = field->rect[2] - field->rect[0];
        look->height = field->rect[3] - field->rect[1];
    }
    return fields != NULL;
}

bool
nsk_sign_look(const NskSignWork *work, GPtrArray *chain, GBytes **out_look, GError **error)
{
    Look look = { 0 };

    *out_look = NULL;
    if (work->post == NULL || chain == NULL || chain->len == 0)
        return true;
    if (!find_size(work, &look, error))
        return false;
    if (look.width < LEAST_WIDTH || look.height < LEAST_HEIGHT)
        return true;
    look.renderer = nsk_office_get_renderer(work->office, error);
    g_autoptr(NskXmlStyle) style = look.renderer != NULL ? load_style(error) : NULL;
    if (style == NULL)
        return false;
    const NskCertFacts *facts = nsk_cert_facts(g_ptr_array_index(chain, 0));
    g_autofree char *time = write_time(work->session);
    g_autofree char *issuer = g_strdup_printf("Penerbit: %s", facts->issuer);
    look.style = style;
    look.lines[NAME] = facts->subject;
    look.lines[POST] = work->post;
    look.lines[AGENCY] = facts->organization != NULL ? facts->organization : work->agency;
    look.lines[TIME] = time;
    look.lines[ISSUER] = issuer;
    *out_look = draw_fitting(&look, error);
    return *out_look != NULL;
}
