/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Attached PDFs on their way into a letter's pages: read from the store, whose digests are those
 * that the letter names; then drawn by the worker, a process for each page.
 *
 * Only files that are PDFs by name and by content become pages; others go beside the letter.  The
 * document of an uploaded kind may be a DOCX as well, of which a PDF is made first.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/message.h"
#include "office/office-private.h"
#include "worker/worker.h"

#include <string.h>
#include <sys/stat.h>

#define DOTS_PER_INCH 200
#define HEAD_SIZE     1024 /* where readers look for "%PDF-" */

typedef struct {
    size_t attachment;
    char *name;
    GBytes *bytes;
    bool docx;
} File;

struct _NskPagesIn {
    GArray *files;      /* of File */
    GPtrArray *imports; /* owned NskWorkerImport, one a page */
    GArray *pages;      /* of NskRenderPage, over the imports */
    GPtrArray *texts;   /* owned GArray of NskRenderText, over the imports */
};

static void
clear_file(gpointer data)
{
    File *file = data;

    g_free(file->name);
    g_bytes_unref(file->bytes);
}

void
nsk_pages_in_free(NskPagesIn *self)
{
    if (self == NULL)
        return;
    g_array_unref(self->files);
    g_ptr_array_unref(self->imports);
    g_array_unref(self->pages);
    g_ptr_array_unref(self->texts);
    g_free(self);
}

static NskPagesIn *
pages_in_new(void)
{
    NskPagesIn *self = g_new0(NskPagesIn, 1);

    self->files = g_array_new(FALSE, FALSE, sizeof(File));
    g_array_set_clear_func(self->files, clear_file);
    self->imports = g_ptr_array_new_with_free_func((GDestroyNotify)nsk_worker_import_free);
    self->pages = g_array_new(FALSE, FALSE, sizeof(NskRenderPage));
    self->texts = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    return self;
}

static bool
is_pdf_name(const char *name)
{
    size_t size = strlen(name);

    return size > 4 && g_ascii_strcasecmp(name + size - 4, ".pdf") == 0;
}

static bool
is_pdf(GBytes *bytes)
{
    static const char mark[] = "%PDF-";
    size_t size;
    const void *data = g_bytes_get_data(bytes, &size);

    return size > 0 && memmem(data, MIN(size, HEAD_SIZE), mark, strlen(mark)) != NULL;
}

static bool
check_count(size_t count, GError **error)
{
    if (count <= NSK_LIMIT_UPLOADED_PAGES)
        return true;
    g_set_error(
        error, NSK_ERROR, NSK_ERROR_LIMIT,
        nsk_tr("the attached PDFs have %zu pages; at most %d become pages of a letter: send "
               "the rest on its own"),
        count, NSK_LIMIT_UPLOADED_PAGES);
    return false;
}

/* The document, whatever it is, as a PDF. */
static bool
check_document(const NskPagesInFile *file, GBytes *bytes, NskIssues *issues, GError **error)
{
    g_autoptr(GBytes) pdf = NULL;
    g_autoptr(NskWorkerInfo) info = NULL;

    if (nsk_document_is_docx_name(file->name)) {
        if (!nsk_document_from_docx(file->renderer, &(NskOfficeFile){ file->name, bytes }, issues,
                                    &pdf, error))
            return false;
    } else if (is_pdf_name(file->name) && is_pdf(bytes)) {
        pdf = g_bytes_ref(bytes);
    } else {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("the first attached file is the document of this letter, and "
                                   "must be a PDF or a DOCX; attach that first"));
        return false;
    }
    return nsk_worker_info(pdf, NULL, &info, error) && check_count(info->n_pages, error) &&
           nsk_document_check_marks(&(NskOfficeFile){ file->name, pdf }, file->n_signatories,
                                    issues, error);
}

static bool
check_pages(GBytes *bytes, GError **error)
{
    g_autoptr(NskWorkerInfo) info = NULL;

    return !is_pdf(bytes) ||
           (nsk_worker_info(bytes, NULL, &info, error) && check_count(info->n_pages, error));
}

bool
nsk_pages_in_check(const NskPagesInFile *file, NskIssues *issues, GError **error)
{
    struct stat st;

    if (!file->document &&
        (!is_pdf_name(file->name) || stat(file->path, &st) != 0 || st.st_size > NSK_LIMIT_PDF_SIZE))
        return true; /* it goes beside the letter, or is refused by who reads it */
    g_autoptr(GBytes) bytes = nsk_file_read(file->path, NSK_LIMIT_PDF_SIZE, error);
    if (bytes == NULL)
        return false;
    if (file->document ? check_document(file, bytes, issues, error) : check_pages(bytes, error))
        return true;
    g_prefix_error(error, nsk_tr("attached file '%s': "), file->name);
    return false;
}

bool
nsk_pages_in_read(NskDbTxn *txn,
                  const char *id,
                  const NskLetter *letter,
                  bool uploaded,
                  NskPagesIn **out_pages,
                  GError **error)
{
    const NskLetterFacts *facts = nsk_letter_get_facts(letter);
    g_autoptr(NskPagesIn) self = pages_in_new();

    for (size_t i = 0; i < facts->n_attachments; i++) {
        const char *name = facts->attachments[i].file_name;
        bool docx = uploaded && i == 0 && name != NULL && nsk_document_is_docx_name(name);
        g_autoptr(GBytes) bytes = NULL;
        g_autoptr(GError) fault = NULL;

        if (name == NULL || !(docx || is_pdf_name(name)) ||
            facts->attachments[i].file_size > NSK_LIMIT_PDF_SIZE)
            continue;
        if (!nsk_attach_export(txn, id, name, &bytes, &fault) &&
            !g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND)) {
            g_propagate_error(error, g_steal_pointer(&fault));
            return false;
        }
        /* a letter may name a file that was never stored with it */
        if (bytes == NULL || !(docx || is_pdf(bytes)))
            continue;
        File file = { i, g_strdup(name), g_steal_pointer(&bytes), docx };
        g_array_append_val(self->files, file);
    }
    *out_pages = g_steal_pointer(&self);
    return true;
}

void
nsk_pages_in_append_words(const NskPagesIn *self, GString *text)
{
    for (guint i = 0; i < self->files->len && text->len < NSK_LIMIT_SEARCH_TEXT; i++) {
        const File *file = &g_array_index(self->files, File, i);
        g_autoptr(GBytes) words =
            file->docx ? nsk_document_docx_words(file->bytes) : nsk_pdf_words(file->bytes);

        if (words != NULL) {
            g_string_append_c(text, ' ');
            g_string_append_len(text, g_bytes_get_data(words, NULL),
                                (gssize)g_bytes_get_size(words));
        }
    }
}

/* The same texts in the renderer's words; owned by @self. */
static const NskRenderText *
keep_texts(NskPagesIn *self, const GArray *texts)
{
    GArray *kept = g_array_new(FALSE, FALSE, sizeof(NskRenderText));

    for (guint i = 0; i < texts->len; i++) {
        const NskWorkerText *text = &g_array_index(texts, NskWorkerText, i);
        NskRenderText copy = { text->x,    text->y,    text->width, text->height,
                               text->room, text->text, text->size,  text->font };

        g_array_append_val(kept, copy);
    }
    g_ptr_array_add(self->texts, kept);
    return (const NskRenderText *)(const void *)kept->data;
}

static bool
draw_file(NskPagesIn *self, const File *file, GError **error)
{
    unsigned n_pages = 1;

    for (unsigned i = 0; i < n_pages; i++) {
        NskWorkerImport *import = NULL;

        if (!nsk_worker_import(file->bytes, i, DOTS_PER_INCH, &import, error)) {
            g_prefix_error(error, nsk_tr("attached file '%s': "), file->name);
            return false;
        }
        g_ptr_array_add(self->imports, import);
        if (i == 0 && !check_count(self->pages->len + (size_t)import->n_pages, error))
            return false;
        n_pages = i == 0 ? import->n_pages : n_pages;
        NskRenderPage page = { .attachment = file->attachment,
                               .n = i + 1,
                               .of = n_pages,
                               .width = import->width,
                               .height = import->height,
                               .png = import->png,
                               .lines = keep_texts(self, import->lines),
                               .n_lines = import->lines->len,
                               .marks = keep_texts(self, import->marks),
                               .n_marks = import->marks->len };
        g_array_append_val(self->pages, page);
    }
    return true;
}

/* The file as a PDF. */
static bool
make_pdf(NskRenderer *renderer, File *file, GError **error)
{
    g_autoptr(NskIssues) issues = nsk_issues_new(); /* told when it was attached */
    GBytes *pdf;

    if (!file->docx)
        return true;
    if (!nsk_document_from_docx(renderer, &(NskOfficeFile){ file->name, file->bytes }, issues, &pdf,
                                error)) {
        g_prefix_error(error, nsk_tr("attached file '%s': "), file->name);
        return false;
    }
    g_bytes_unref(file->bytes);
    file->bytes = pdf;
    file->docx = false;
    return true;
}

bool
nsk_pages_in_draw(NskPagesIn *self, NskRenderer *renderer, GError **error)
{
    for (guint i = 0; self != NULL && i < self->files->len; i++) {
        File *file = &g_array_index(self->files, File, i);

        if (!make_pdf(renderer, file, error) || !draw_file(self, file, error))
            return false;
    }
    return true;
}

const NskRenderPage *
nsk_pages_in_get(const NskPagesIn *self, size_t *out_n)
{
    *out_n = self != NULL ? self->pages->len : 0;
    return *out_n > 0 ? (const NskRenderPage *)(const void *)self->pages->data : NULL;
}
