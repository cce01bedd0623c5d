/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The document of a letter whose kind is uploaded: its first attached file.
 *
 * A DOCX is read by the worker, laid out anew, and is a PDF from then on: its marks are found in
 * the same way as those of any other, and what it looks like does not depend on a word processor.
 */
#include "base/limits.h"
#include "base/message.h"
#include "docx/docx.h"
#include "office/office-private.h"
#include "worker/worker.h"

#include <string.h>

bool
nsk_document_is_docx_name(const char *name)
{
    size_t size = strlen(name);

    return size > 5 && g_ascii_strcasecmp(name + size - 5, ".docx") == 0;
}

/* What people name .docx and is none. */
static bool
check_content(GBytes *bytes, GError **error)
{
    static const char compound[] = "\xd0\xcf\x11\xe0";
    size_t size;
    const char *data = g_bytes_get_data(bytes, &size);

    if (size >= 5 && memcmp(data, "%PDF-", 5) == 0) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("it is a PDF by its content; give it a name that ends in .pdf"));
        return false;
    }
    if (size >= 4 && memcmp(data, compound, 4) == 0) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_UNSUPPORTED,
                            nsk_tr("it is an old DOC, or locked with a password; save it as a DOCX "
                                   "without a password"));
        return false;
    }
    return true;
}

static NskDocx *
read_docx(const NskOfficeFile *file, NskIssues *issues, GError **error)
{
    g_autoptr(GHashTable) parts = NULL;

    if (!check_content(file->bytes, error) || !nsk_worker_docx(file->bytes, NULL, &parts, error))
        return NULL;
    return nsk_docx_read(file->name, parts, issues, error);
}

bool
nsk_document_from_docx(NskRenderer *renderer,
                       const NskOfficeFile *docx,
                       NskIssues *issues,
                       GBytes **out_pdf,
                       GError **error)
{
    g_autoptr(NskDocx) read = read_docx(docx, issues, error);
    g_autoptr(GBytes) fo = read != NULL ? nsk_docx_to_fo(read, issues, error) : NULL;

    return fo != NULL && nsk_render_fo(renderer, docx->name, fo, issues, out_pdf, error);
}

GBytes *
nsk_document_docx_words(GBytes *docx)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskDocx) read = read_docx(&(NskOfficeFile){ "docx", docx }, issues, NULL);
    char *words = read != NULL ? nsk_docx_text(read) : NULL;
    const char *end;

    if (words == NULL)
        return NULL;
    if (strlen(words) > NSK_LIMIT_SEARCH_TEXT) {
        words[NSK_LIMIT_SEARCH_TEXT] = '\0';
        (void)g_utf8_validate(words, -1, &end);
        words[end - words] = '\0';
    }
    return g_bytes_new_take(words, strlen(words));
}

/* The marks in a page's text; @kept owns what they point to. */
static void
collect_marks(const char *text, unsigned page, GArray *marks, GPtrArray *kept)
{
    for (const char *at = strstr(text, "${"); at != NULL; at = strstr(at + 1, "${")) {
        size_t size = nsk_worker_mark_size(at);

        if (size == 0)
            continue;
        NskRenderMark mark = { g_strndup(at, size), page };
        g_ptr_array_add(kept, (void *)(uintptr_t)mark.text);
        g_array_append_val(marks, mark);
    }
}

bool
nsk_document_check_marks(const NskOfficeFile *pdf,
                         size_t n_signatories,
                         NskIssues *issues,
                         GError **error)
{
    g_autoptr(GPtrArray) pages = NULL;
    g_autoptr(GPtrArray) kept = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) marks = g_array_new(FALSE, FALSE, sizeof(NskRenderMark));

    if (!nsk_worker_text(pdf->bytes, NULL, &pages, error))
        return false;
    for (guint i = 0; i < pages->len; i++)
        collect_marks(g_ptr_array_index(pages, i), i + 1, marks, kept);
    nsk_render_check_marks(pdf->name, (const NskRenderMark *)(void *)marks->data, marks->len,
                           n_signatories, issues);
    return true;
}

/* The document as a PDF, if it is there and can be one. */
static bool
open_document(NskOffice *office,
              NskDbTxn *txn,
              const char *id,
              const char *name,
              GBytes **out_pdf,
              GError **error)
{
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(NskIssues) lost = nsk_issues_new(); /* told when it was attached */
    NskRenderer *renderer = nsk_office_get_renderer(office, error);

    if (renderer == NULL || !nsk_attach_export(txn, id, name, &bytes, error))
        return false;
    if (nsk_document_is_docx_name(name))
        return nsk_document_from_docx(renderer, &(NskOfficeFile){ name, bytes }, lost, out_pdf,
                                      error);
    *out_pdf = g_steal_pointer(&bytes);
    return true;
}

/* What somebody can mend by attaching another file; other errors stay errors. */
static bool
report(const char *name, GError *fault, NskIssues *issues, GError **error)
{
    static const int of_file[] = { NSK_ERROR_NOT_FOUND, NSK_ERROR_INVALID, NSK_ERROR_UNSUPPORTED,
                                   NSK_ERROR_LIMIT };
    g_autofree char *file = g_strdup(name);
    const NskIssue place = { "document-file", NSK_SEVERITY_ERROR, file, 0, 0, NULL };

    for (size_t i = 0; i < G_N_ELEMENTS(of_file); i++) {
        if (g_error_matches(fault, NSK_ERROR, of_file[i])) {
            nsk_issues_add(issues, &place,
                           nsk_tr("the document cannot become pages; attach it anew: %s"),
                           fault->message);
            g_error_free(fault);
            return true;
        }
    }
    g_propagate_error(error, fault);
    return false;
}

bool
nsk_document_find_faults(NskOffice *office,
                         NskDbTxn *txn,
                         const NskLetterRow *row,
                         const NskLetter *letter,
                         NskIssues *issues,
                         GError **error)
{
    const NskKind *kind = nsk_office_kind(office, txn, row->kind, row->kind_version, error);
    const NskLetterFacts *facts = nsk_letter_get_facts(letter);
    const char *name = facts->n_attachments > 0 ? facts->attachments[0].file_name : NULL;
    g_autoptr(GBytes) pdf = NULL;
    GError *fault = NULL;

    if (kind == NULL)
        return false;
    if (!nsk_kind_is_uploaded(kind) || name == NULL)
        return true; /* that there is none is a rule of the kind */
    if (open_document(office, txn, row->id, name, &pdf, &fault) &&
        nsk_document_check_marks(&(NskOfficeFile){ name, pdf }, facts->n_signatories, issues,
                                 &fault))
        return true;
    return report(name, fault, issues, error);
}
