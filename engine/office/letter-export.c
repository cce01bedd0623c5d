/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What leaves the office by a person: a letter's pages, its XML, its attached files, pictures.
 *
 * INVARIANTS
 *   (1) Whatever of a secret letter leaves is a copy with a number, in the register before it goes.
 *   (2) Its pages go with their reader's name on each.  The signed bytes go to who has to send or
 *       sign them, and to nobody else.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "office/delivery-private.h"
#include "office/disposition-private.h"
#include "office/duty-private.h"
#include "office/reader-copy-private.h"

#include <string.h>

#define PREVIEW_WIDTH 1000 /* pixels */
#define HEAD_SIZE     1024 /* where readers look for "%PDF-" */

/* --- Pages ----------------------------------------------------------------------------------- */

/* Whether the stored pages may leave the office by this person.  They say "signed" from the moment
 * they are frozen: until somebody did, they are for the eyes of who is to sign them. */
bool
nsk_office_may_take_pages(NskOffice *self,
                          NskDbTxn *txn,
                          const NskLetterRow *row,
                          bool *out_may,
                          GError **error)
{
    g_autoptr(GPtrArray) signatories = nsk_route_load(txn, row->id, "signatory", error);

    if (signatories == NULL || !nsk_paper_is(self, txn, row, out_may, error))
        return false;
    /* what is signed on paper does not say so before it is */
    if (*out_may)
        return true;
    for (guint i = 0; i < signatories->len; i++) {
        const NskRoutePart *part = g_ptr_array_index(signatories, i);

        if (part->done) {
            *out_may = true;
            return true;
        }
    }
    return nsk_access_may_sign(self, txn, row, out_may, error);
}

/* The scan of a letter that came in, of which there are no pages of ours; NULL if it has none. */
static bool
find_scan(NskDbTxn *txn, const NskLetterRow *row, GBytes **out_pdf, GError **error)
{
    g_autoptr(NskIncomingRow) incoming = NULL;

    if (!nsk_incoming_find(txn, row->id, &incoming, error))
        return false;
    if (incoming == NULL || incoming->file[0] == '\0')
        return true;
    g_autoptr(NskLetter) letter = nsk_office_read_letter(txn, row->id, error);
    if (letter == NULL)
        return false;
    const NskLetterFacts *facts = nsk_letter_get_facts(letter);
    return facts->body != NULL ||
           nsk_attach_export(txn, row->id, facts->attachments[0].file_name, out_pdf, error);
}

/* The stored pages, or pages of the draft made now; @out_row: owned.  No snapshot is left open. */
static GBytes *
find_pdf(NskOffice *self, const char *letter, NskLetterRow **out_row, GError **error)
{
    bool may_take = false;
    g_autoptr(GBytes) pages = NULL;
    GBytes *draft = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskLetterRow) row = txn != NULL ? nsk_access_letter(self, txn, letter, error) : NULL;

    if (row == NULL || !find_scan(txn, row, &pages, error))
        return NULL;
    may_take = pages != NULL;
    if (pages == NULL &&
        (!nsk_office_find_pages(txn, row->id, &pages, error) ||
         (pages != NULL && !nsk_office_may_take_pages(self, txn, row, &may_take, error))))
        return NULL;
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    if (!may_take &&
        !nsk_office_render_letter(self, row, &(NskLetterForm){ .draft = true }, &draft, error))
        return NULL;
    *out_row = g_steal_pointer(&row);
    return may_take ? g_steal_pointer(&pages) : draft;
}

static bool
export_pages(NskOffice *self, const char *letter, GBytes **out_pdf, GError **error)
{
    g_autoptr(NskLetterRow) row = NULL;
    g_autoptr(GBytes) pdf = find_pdf(self, letter, &row, error);

    if (pdf == NULL)
        return false;
    if (!nsk_letter_row_is_secret(row)) {
        *out_pdf = g_steal_pointer(&pdf);
        return true;
    }
    return nsk_copy_give(self, row, NSK_COPY_PAGES, pdf, out_pdf, error);
}

static bool
export_picture(NskOffice *self,
               const char *letter,
               const NskExport *what,
               GBytes **out_png,
               GError **error)
{
    g_autoptr(NskLetterRow) row = NULL;
    g_autoptr(GBytes) pdf = find_pdf(self, letter, &row, error);
    NskPreview preview = { .pdf = pdf,
                           .page = MAX(what->page, 1),
                           .width = what->width > 0 ? what->width : PREVIEW_WIDTH };

    if (pdf == NULL)
        return false;
    if (nsk_letter_row_is_secret(row))
        return nsk_copy_picture(self, row, &preview, out_png, error);
    return nsk_office_preview(self, &preview, out_png, error);
}

/* --- The original ---------------------------------------------------------------------------- */

/* Whether the person is one of those who sign it. */
static bool
is_signatory(NskOffice *self,
             NskDbTxn *txn,
             const NskLetterRow *row,
             NskDate today,
             bool *out_is,
             GError **error)
{
    NskCapacity capacity;
    g_autoptr(GPtrArray) parts = nsk_route_load(txn, row->id, "signatory", error);

    *out_is = false;
    for (guint i = 0; parts != NULL && i < parts->len && !*out_is; i++) {
        const NskRoutePart *part = g_ptr_array_index(parts, i);

        *out_is = nsk_directory_may_act(txn, self->person, part->position, today, &capacity, NULL);
    }
    return parts != NULL;
}

/* Of a secret letter: who sends it, who signs it, and, of one that is signed by hand, who prints it
 * for that. */
static bool
may_take_original(NskOffice *self, const char *letter, bool *out_may, GError **error)
{
    NskDate today;
    bool on_paper = false;
    g_auto(NskClerk) clerk = { 0 };
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskLetterRow) row = txn != NULL ? nsk_access_letter(self, txn, letter, error) : NULL;

    if (row == NULL || !nsk_office_today(txn, row->unit, nsk_clock_now(self->clock), &today, error))
        return false;
    *out_may =
        !nsk_letter_row_is_secret(row) || nsk_access_clerk(self, txn, row, today, &clerk, NULL);
    if (*out_may)
        return true;
    if (!is_signatory(self, txn, row, today, out_may, error) ||
        !nsk_paper_is(self, txn, row, &on_paper, error))
        return false;
    *out_may = *out_may || (on_paper && strcmp(row->state, "signed") != 0 &&
                            strcmp(row->state, "archived") != 0);
    return *out_may || nsk_access_may_sign(self, txn, row, out_may, error);
}

static bool
export_original(NskOffice *self, const char *letter, GBytes **out_pdf, GError **error)
{
    bool may = false;
    g_autoptr(NskLetterRow) row = NULL;

    if (!may_take_original(self, letter, &may, error))
        return false;
    if (!may) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                    nsk_tr("letter %s is secret: its original goes to who sends or signs it; take "
                           "your reader's copy instead"),
                    letter);
        return false;
    }
    g_autoptr(GBytes) pdf = find_pdf(self, letter, &row, error);
    if (pdf == NULL)
        return false;
    if (nsk_letter_row_is_secret(row)) {
        g_autoptr(NskCopy) copy = nsk_copy_take(self, row, NSK_COPY_ORIGINAL, pdf, error);

        if (copy == NULL)
            return false;
    }
    *out_pdf = g_steal_pointer(&pdf);
    return true;
}

/* --- Copies for many ------------------------------------------------------------------------- */

/* Whether there are pages of which a copy may be printed: signed ones, or such as are signed by
 * hand.
 */
static bool
may_copy(NskOffice *self, NskDbTxn *txn, const NskLetterRow *row, bool *out_may, GError **error)
{
    bool has, is_paper, may_take = false;
    bool is_signed = strcmp(row->state, "signed") == 0 || strcmp(row->state, "archived") == 0;

    if (!nsk_office_has_pages(txn, row->id, &has, error) ||
        !nsk_paper_is(self, txn, row, &is_paper, error) ||
        (has && !nsk_office_may_take_pages(self, txn, row, &may_take, error)))
        return false;
    *out_may = may_take && (is_paper || is_signed);
    return true;
}

/* For the route. */
static bool
export_copy(NskOffice *self, const char *letter, unsigned n, GBytes **out_pdf, GError **error)
{
    bool may = false;
    GBytes *made = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskLetterRow) row = txn != NULL ? nsk_access_route(self, txn, letter, error) : NULL;

    if (row == NULL || !may_copy(self, txn, row, &may, error))
        return false;
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    if (!may || n == 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    n == 0 ? nsk_tr("copies of letter %s are counted from 1")
                           : nsk_tr("letter %s has no copies yet: they are made of the pages that "
                                    "are signed"),
                    row->id);
        return false;
    }
    if (!nsk_office_render_letter(self, row, &(NskLetterForm){ .copy = n }, &made, error))
        return false;
    g_autoptr(GBytes) pdf = made;
    if (nsk_letter_row_is_secret(row)) {
        g_autoptr(NskCopy) copy = nsk_copy_take(self, row, NSK_COPY_ADDRESSEE, pdf, error);

        if (copy == NULL)
            return false;
    }
    *out_pdf = g_steal_pointer(&pdf);
    return true;
}

/* --- Other forms ----------------------------------------------------------------------------- */

static bool
export_xml(NskOffice *self, const char *letter, GBytes **out_xml, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskLetterRow) row = txn != NULL ? nsk_access_letter(self, txn, letter, error) : NULL;
    g_autoptr(NskLetter) read = row != NULL ? nsk_office_read_letter(txn, row->id, error) : NULL;
    g_autoptr(GBytes) xml = read != NULL ? nsk_letter_to_xml_pretty(read) : NULL;

    g_clear_pointer(&txn, nsk_db_snapshot_free);
    if (xml == NULL)
        return false;
    if (nsk_letter_row_is_secret(row)) {
        g_autoptr(NskCopy) copy = nsk_copy_take(self, row, NSK_COPY_XML, xml, error);

        if (copy == NULL)
            return false;
    }
    *out_xml = g_steal_pointer(&xml);
    return true;
}

static bool
is_pdf(GBytes *bytes)
{
    static const char mark[] = "%PDF-";
    gsize size;
    const void *data = g_bytes_get_data(bytes, &size);

    return size > 0 && memmem(data, MIN(size, (gsize)HEAD_SIZE), mark, strlen(mark)) != NULL;
}

/* A PDF is marked like the letter itself; other files only have their number in the register. */
static bool
copy_file(NskOffice *self,
          const NskLetterRow *row,
          const char *name,
          GBytes *file,
          GBytes **out_bytes,
          GError **error)
{
    g_autoptr(NskCopy) copy = nsk_copy_take(self, row, NSK_COPY_FILE, file, error);

    if (copy == NULL)
        return false;
    if (!is_pdf(file)) {
        *out_bytes = g_bytes_ref(file);
        return true;
    }
    if (nsk_copy_mark(self, copy, file, 0, out_bytes, error))
        return true;
    g_prefix_error(error, nsk_tr("letter %s is secret, and no reader's copy of '%s' can be made: "),
                   row->id, name);
    return false;
}

static bool
export_attachment(NskOffice *self,
                  const char *letter,
                  const char *name,
                  GBytes **out_bytes,
                  GError **error)
{
    g_autoptr(GBytes) file = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskLetterRow) row = txn != NULL ? nsk_access_letter(self, txn, letter, error) : NULL;

    if (row == NULL || !nsk_attach_export(txn, row->id, name, &file, error))
        return false;
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    if (nsk_letter_row_is_secret(row))
        return copy_file(self, row, name, file, out_bytes, error);
    *out_bytes = g_steal_pointer(&file);
    return true;
}

static bool
export_html(NskOffice *self, const char *letter, GBytes **out_bytes, GError **error)
{
    bool final;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskLetterRow) row = txn != NULL ? nsk_access_letter(self, txn, letter, error) : NULL;

    if (row == NULL || !nsk_reading_keep(self, &txn, row, NSK_READING_OPENED, error) ||
        !nsk_office_has_pages(txn, row->id, &final, error))
        return false;
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    NskLetterForm form = { .draft = !final, .html = true };
    return nsk_office_render_letter(self, row, &form, out_bytes, error);
}

bool
nsk_office_letter_export(NskOffice *self,
                         const char *letter,
                         const NskExport *what,
                         GBytes **out_bytes,
                         GError **error)
{
    switch (what->form) {
    case NSK_EXPORT_XML:
        return export_xml(self, letter, out_bytes, error);
    case NSK_EXPORT_PREVIEW:
        return export_picture(self, letter, what, out_bytes, error);
    case NSK_EXPORT_ATTACHMENT:
        return export_attachment(self, letter, what->name, out_bytes, error);
    case NSK_EXPORT_COPY:
        return export_copy(self, letter, what->page, out_bytes, error);
    case NSK_EXPORT_HTML:
        return export_html(self, letter, out_bytes, error);
    case NSK_EXPORT_ORIGINAL:
        return export_original(self, letter, out_bytes, error);
    case NSK_EXPORT_PDF:
    default:
        return export_pages(self, letter, out_bytes, error);
    }
}
