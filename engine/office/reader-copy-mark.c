/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The reader's copy of pages: whose it is, when, and its number, drawn on each page by the worker
 * (worker.h); the signed bytes themselves are never changed.  The words are a part of what an
 * agency gives out, so they are Indonesian.
 *
 * No clock is read: the time is the entry's, so that the same copy is the same file.
 */
#include "base/resource.h"
#include "office/reader-copy-private.h"
#include "worker/worker.h"

#include <string.h>

#define STYLE     "templates/sheets/reader-copy.xsl"
#define COPY_NS   "urn:naskah:reader-copy:1"
#define MOST_NAME 60 /* characters of what stands on the line below a page */
#define MOST_POST 90
#define MOST_LOUD 36 /* and across it */

typedef struct {
    char *name, *post, *time, *address;
} Words;

static void
words_clear(Words *self)
{
    g_free(self->name);
    g_free(self->post);
    g_free(self->time);
    g_free(self->address);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Words, words_clear)

/* @text of at most @most characters, the last of them an ellipsis if it had more. */
static char *
shorten(const char *text, glong most)
{
    if (g_utf8_strlen(text, -1) <= most)
        return g_strdup(text);
    g_autofree char *head = g_utf8_substring(text, 0, most - 1);
    return g_strconcat(g_strchomp(head), "…", NULL);
}

/* "22 Juli 2026 09.15" there, with the zone's name where people have one for it. */
static char *
write_time(NskInstant at, const char *zone, GError **error)
{
    static const char *const names[] = { " WIB", " WITA", " WIT" };
    int offset;
    NskDate date;
    g_autofree char *civil = nsk_civil_format(at, zone, error);

    if (civil == NULL || !nsk_date_at(at, zone, &date, error) ||
        !nsk_zone_offset(at, zone, &offset, error))
        return NULL;
    g_autofree char *day = nsk_date_format_id(date);
    char *clock = strchr(civil, ' ') + 1;
    g_strdelimit(clock, ":", '.');
    bool known = offset % 60 == 0 && offset >= 7 * 60 && offset <= 9 * 60;
    return g_strconcat(day, " ", clock, known ? names[offset / 60 - 7] : "", NULL);
}

static bool
gather(NskOffice *self, const NskCopy *copy, Words *out, GError **error)
{
    bool has_pages = false;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskLetterRow) row =
        txn != NULL ? nsk_letter_row_load(txn, copy->letter, error) : NULL;
    g_autoptr(NskUnit) unit = row != NULL ? nsk_directory_get_unit(txn, row->unit, error) : NULL;
    g_autoptr(NskPerson) person =
        unit != NULL ? nsk_directory_get_person(txn, copy->person, error) : NULL;
    const NskProfile *profile =
        person != NULL ? nsk_office_profile(self, txn, row->profile, row->profile_version, error)
                       : NULL;

    if (profile == NULL || !nsk_office_has_pages(txn, row->id, &has_pages, error))
        return false;
    g_autoptr(NskPosition) position =
        copy->position != NULL ? nsk_directory_get_position(txn, copy->position, error) : NULL;
    if (copy->position != NULL && position == NULL)
        return false;
    out->name = g_strdup(person->printed);
    out->post = g_strdup(position != NULL ? position->title : "");
    out->time = write_time(copy->at, unit->zone, error);
    out->address = has_pages ? nsk_profile_qr_text(profile, row->id) : g_strdup("");
    return out->time != NULL;
}

static void
add(NskXmlNode *root, const char *name, const char *text, glong most)
{
    g_autofree char *shown = shorten(text, most);

    nsk_xml_add_text(nsk_xml_add(root, NULL, name), shown);
}

/* The two pages with the marks. */
static bool
make_marks(NskOffice *self,
           const NskCopy *copy,
           const Words *words,
           GBytes **out_marks,
           GError **error)
{
    NskRenderer *renderer = nsk_office_get_renderer(self, error);
    g_autoptr(GBytes) bytes = renderer != NULL ? nsk_resource_load(STYLE, error) : NULL;
    g_autoptr(NskXmlStyle) style = bytes != NULL
                                       ? nsk_xml_style_parse(STYLE, g_bytes_get_data(bytes, NULL),
                                                             g_bytes_get_size(bytes), error)
                                       : NULL;
    g_autoptr(NskXmlDoc) doc = nsk_xml_doc_new(COPY_NS, "copy");
    NskXmlNode *root = nsk_xml_doc_get_root(doc);

    add(root, "number", copy->number, MOST_LOUD);
    add(root, "name", words->name, MOST_NAME);
    add(root, "short", words->name, MOST_LOUD);
    add(root, "post", words->post, MOST_POST);
    add(root, "time", words->time, MOST_LOUD);
    add(root, "address", words->address, MOST_POST);
    g_autoptr(NskXmlDoc) made = style != NULL ? nsk_xml_style_apply(style, doc, NULL, error) : NULL;
    g_autoptr(GBytes) fo =
        made != NULL ? nsk_xml_canonical(nsk_xml_doc_get_root(made), error) : NULL;
    return fo != NULL && nsk_render_fo(renderer, "salinan", fo, NULL, out_marks, error);
}

bool
nsk_copy_mark(NskOffice *self,
              const NskCopy *copy,
              GBytes *pdf,
              unsigned page,
              GBytes **out_pdf,
              GError **error)
{
    g_auto(Words) words = { 0 };
    g_autoptr(GBytes) marks = NULL;

    if (!gather(self, copy, &words, error) || !make_marks(self, copy, &words, &marks, error))
        return false;
    g_autofree char *title = g_strconcat("Salinan baca ", copy->number, NULL);
    const NskWorkerMark what = { .pdf = pdf, .marks = marks, .title = title, .page = page };
    return nsk_worker_mark(&what, NULL, out_pdf, error);
}

bool
nsk_copy_give(NskOffice *self,
              const NskLetterRow *row,
              const char *what,
              GBytes *pdf,
              GBytes **out_pdf,
              GError **error)
{
    g_autoptr(NskCopy) copy = nsk_copy_take(self, row, what, pdf, error);

    return copy != NULL && nsk_copy_mark(self, copy, pdf, 0, out_pdf, error);
}

bool
nsk_copy_picture(NskOffice *self,
                 const NskLetterRow *row,
                 const NskPreview *what,
                 GBytes **out_png,
                 GError **error)
{
    g_autoptr(GBytes) marked = NULL;
    g_autoptr(NskCopy) copy = nsk_copy_on_screen(self, row, error);
    NskPreview preview = *what;

    if (copy == NULL || !nsk_copy_mark(self, copy, what->pdf, what->page, &marked, error))
        return false;
    preview.pdf = marked;
    preview.page = 1;
    preview.secret = true;
    return nsk_office_preview(self, &preview, out_png, error);
}
