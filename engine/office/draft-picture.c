/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a letter looks that is being written: pages of what is typed, of which nothing is kept. */
#include "office/draft.h"
#include "office/office-private.h"
#include "office/reader-copy-private.h"
#include "worker/worker.h"

#define NAME "draft"

/* A letter that is stored has a unit, files and parafs of its own. */
static bool
render_stored(NskOffice *self,
              const NskDraftPage *what,
              GBytes **out_pdf,
              NskLetterRow **out_row,
              GError **error)
{
    const NskLetterForm form = { .draft = true, .typed = what->xml };
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskLetterRow) row =
        txn != NULL ? nsk_access_letter(self, txn, what->letter, error) : NULL;

    if (row == NULL || !nsk_reading_keep(self, &txn, row, NSK_READING_OPENED, error))
        return false;
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    if (!nsk_office_render_letter(self, row, &form, out_pdf, error))
        return false;
    *out_row = g_steal_pointer(&row);
    return true;
}

static bool
render_new(NskOffice *self, const NskDraftPage *what, GBytes **out_pdf, GError **error)
{
    const NskOfficeFile file = { NAME, what->xml };
    g_autoptr(NskIssues) issues = nsk_issues_new();

    return nsk_office_render(self, &file, &(NskOfficeRendering){ 0 }, issues, out_pdf, error);
}

bool
nsk_office_draft_picture(NskOffice *self,
                         const NskDraftPage *what,
                         GBytes **out_png,
                         unsigned *out_page,
                         unsigned *out_pages,
                         GError **error)
{
    g_autoptr(NskWorkerInfo) info = NULL;
    g_autoptr(NskLetterRow) row = NULL;
    GBytes *made = NULL;
    bool ok = what->letter != NULL ? render_stored(self, what, &made, &row, error)
                                   : render_new(self, what, &made, error);
    g_autoptr(GBytes) pdf = ok ? made : NULL;

    if (pdf == NULL || !nsk_worker_info(pdf, NULL, &info, error))
        return false;
    *out_pages = (unsigned)info->n_pages;
    *out_page = CLAMP(what->page, 1, *out_pages);
    const NskPreview preview = { .pdf = pdf,
                                 .page = *out_page,
                                 .width = what->width,
                                 .secret = true };
    return row != NULL && nsk_letter_row_is_secret(row)
               ? nsk_copy_picture(self, row, &preview, out_png, error)
               : nsk_office_preview(self, &preview, out_png, error);
}
