/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading the worker's replies.  The worker may be in a stranger's hands, so a reply is believed in
 * its form only: counts are bounded, texts are UTF-8, a picture is a PNG by its first bytes.
 */
#include "base/limits.h"
#include "base/message.h"
#include "worker/worker-private.h"

#include <string.h>

static bool
set_malformed(GError **error)
{
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_IO,
                        nsk_tr("the process that reads foreign files gave a malformed answer; "
                               "the file may be hostile, do not use it"));
    return false;
}

/* Only what a job can rightly end in; anything else is a worker that broke its rules. */
static NskError
error_from_status(uint32_t status)
{
    static const NskError known[] = { NSK_ERROR_INVALID, NSK_ERROR_UNSUPPORTED, NSK_ERROR_LIMIT,
                                      NSK_ERROR_NOT_FOUND };

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        if (status == (uint32_t)known[i] + 1)
            return known[i];
    }
    return NSK_ERROR_IO;
}

static bool
take_status(NskWorkerReader *self, GError **error)
{
    uint32_t status = nsk_worker_take_number(self);

    if (status == 0 && !self->bad)
        return true;

    g_autofree char *text = nsk_worker_take_text(self);
    if (!nsk_worker_reader_is_done(self))
        return set_malformed(error);
    g_set_error_literal(error, NSK_ERROR, (gint)error_from_status(status), text);
    return false;
}

static bool
read_pages(NskWorkerReader *self, GPtrArray **out_pages, GError **error)
{
    g_autoptr(GPtrArray) pages = g_ptr_array_new_with_free_func(g_free);
    size_t count = nsk_worker_take_count(self, 4, NSK_LIMIT_PAGES);

    for (size_t i = 0; i < count; i++)
        g_ptr_array_add(pages, nsk_worker_take_text(self));
    if (!nsk_worker_reader_is_done(self))
        return set_malformed(error);
    *out_pages = g_steal_pointer(&pages);
    return true;
}

bool
nsk_worker_read_text(NskWorkerReader *self, GPtrArray **out_pages, GError **error)
{
    return take_status(self, error) && read_pages(self, out_pages, error);
}

bool
nsk_worker_read_scan(NskWorkerReader *self,
                     bool *out_scripts,
                     GPtrArray **out_pages,
                     GError **error)
{
    if (!take_status(self, error))
        return false;
    *out_scripts = nsk_worker_take_number(self) != 0;
    return read_pages(self, out_pages, error);
}

bool
nsk_worker_read_info(NskWorkerReader *self, NskWorkerInfo **out_info, GError **error)
{
    if (!take_status(self, error))
        return false;

    g_autoptr(NskWorkerInfo) info = g_new0(NskWorkerInfo, 1);
    info->n_pages = nsk_worker_take_count(self, 8, NSK_LIMIT_PAGES);
    info->pages = g_new0(NskWorkerPage, info->n_pages);
    for (size_t i = 0; i < info->n_pages; i++) {
        info->pages[i].width = nsk_worker_take_number(self) / 1000.0;
        info->pages[i].height = nsk_worker_take_number(self) / 1000.0;
    }
    info->n_fonts = nsk_worker_take_count(self, 8, NSK_WORKER_MOST_FONTS);
    info->fonts = g_new0(NskWorkerFont, info->n_fonts);
    for (size_t i = 0; i < info->n_fonts; i++) {
        info->fonts[i].name = nsk_worker_take_text(self);
        uint32_t flags = nsk_worker_take_number(self);
        info->fonts[i].embedded = (flags & NSK_WORKER_FLAG_EMBEDDED) != 0;
        info->fonts[i].subset = (flags & NSK_WORKER_FLAG_SUBSET) != 0;
    }
    info->javascript = nsk_worker_take_number(self) != 0;
    if (!nsk_worker_reader_is_done(self))
        return set_malformed(error);
    *out_info = g_steal_pointer(&info);
    return true;
}

void
nsk_worker_info_free(NskWorkerInfo *self)
{
    if (self == NULL)
        return;
    for (size_t i = 0; i < self->n_fonts; i++)
        g_free(self->fonts[i].name);
    g_free(self->fonts);
    g_free(self->pages);
    g_free(self);
}

static void
signature_free(gpointer data)
{
    NskWorkerSignature *self = data;

    g_free(self->field);
    g_free(self);
}

bool
nsk_worker_read_opinions(NskWorkerReader *self, GPtrArray **out_opinions, GError **error)
{
    if (!take_status(self, error))
        return false;

    g_autoptr(GPtrArray) opinions = g_ptr_array_new_with_free_func(signature_free);
    size_t count = nsk_worker_take_count(self, 8, NSK_WORKER_MOST_SIGNATURES);
    for (size_t i = 0; i < count; i++) {
        NskWorkerSignature *signature = g_new0(NskWorkerSignature, 1);

        signature->field = nsk_worker_take_text(self);
        uint32_t opinion = nsk_worker_take_number(self);
        if (opinion <= NSK_WORKER_OPINION_BAD)
            signature->opinion = (NskWorkerOpinion)opinion;
        else
            self->bad = true;
        g_ptr_array_add(opinions, signature);
    }
    if (!nsk_worker_reader_is_done(self))
        return set_malformed(error);
    *out_opinions = g_steal_pointer(&opinions);
    return true;
}

/* A PNG by its first bytes; NULL if it is none. */
static GBytes *
take_png(NskWorkerReader *self)
{
    static const uint8_t png_head[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };
    size_t size;
    const uint8_t *data = nsk_worker_take_data(self, &size);

    if (self->bad || size < sizeof(png_head) || memcmp(data, png_head, sizeof(png_head)) != 0)
        return NULL;
    return g_bytes_new(data, size);
}

bool
nsk_worker_read_preview(NskWorkerReader *self, GBytes **out_png, GError **error)
{
    if (!take_status(self, error))
        return false;

    g_autoptr(GBytes) png = take_png(self);
    if (!nsk_worker_reader_is_done(self) || png == NULL)
        return set_malformed(error);
    *out_png = g_steal_pointer(&png);
    return true;
}

/* The next part of a DOCX; false if it is malformed or there twice. */
static bool
take_part(NskWorkerReader *self, GHashTable *parts)
{
    size_t size;
    g_autofree char *name = nsk_worker_take_text(self);
    bool unpacked = nsk_worker_take_number(self) == NSK_WORKER_UNPACKED;
    const uint8_t *data = nsk_worker_take_data(self, &size);

    return !self->bad && (unpacked || size == 0) &&
           g_hash_table_insert(parts, g_steal_pointer(&name),
                               unpacked ? g_bytes_new(data, size) : NULL);
}

static void
free_part(void *bytes)
{
    if (bytes != NULL)
        g_bytes_unref(bytes);
}

bool
nsk_worker_read_docx(NskWorkerReader *self, GHashTable **out_parts, GError **error)
{
    if (!take_status(self, error))
        return false;

    g_autoptr(GHashTable) parts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_part);
    size_t count = nsk_worker_take_count(self, 12, NSK_LIMIT_DOCX_ENTRIES);
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++)
        ok = take_part(self, parts);
    if (!ok || !nsk_worker_reader_is_done(self))
        return set_malformed(error);
    *out_parts = g_steal_pointer(&parts);
    return true;
}

static void
clear_text(gpointer text)
{
    g_free(((NskWorkerText *)text)->font);
    g_free(((NskWorkerText *)text)->text);
}

static GArray *
take_texts(NskWorkerReader *self, size_t most)
{
    GArray *texts = g_array_new(FALSE, FALSE, sizeof(NskWorkerText));
    size_t count = nsk_worker_take_count(self, 32, most);

    g_array_set_clear_func(texts, clear_text);
    for (size_t i = 0; i < count; i++) {
        NskWorkerText text;

        text.x = nsk_worker_take_number(self) / 1000.0;
        text.y = nsk_worker_take_number(self) / 1000.0;
        text.width = nsk_worker_take_number(self) / 1000.0;
        text.height = nsk_worker_take_number(self) / 1000.0;
        text.room = nsk_worker_take_number(self) / 1000.0;
        text.size = nsk_worker_take_number(self) / 1000.0;
        text.font = nsk_worker_take_text(self);
        text.text = nsk_worker_take_text(self);
        g_array_append_val(texts, text);
    }
    return texts;
}

bool
nsk_worker_read_import(NskWorkerReader *self, NskWorkerImport **out_import, GError **error)
{
    if (!take_status(self, error))
        return false;

    g_autoptr(NskWorkerImport) import = g_new0(NskWorkerImport, 1);
    import->n_pages = nsk_worker_take_number(self);
    import->width = nsk_worker_take_number(self) / 1000.0;
    import->height = nsk_worker_take_number(self) / 1000.0;
    import->png = take_png(self);
    import->lines = take_texts(self, NSK_WORKER_MOST_LINES);
    import->marks = take_texts(self, NSK_WORKER_MOST_MARKS);
    if (!nsk_worker_reader_is_done(self) || import->png == NULL || import->n_pages == 0 ||
        import->n_pages > NSK_LIMIT_PAGES || !(import->width > 0) || !(import->height > 0))
        return set_malformed(error);
    *out_import = g_steal_pointer(&import);
    return true;
}

void
nsk_worker_import_free(NskWorkerImport *self)
{
    if (self == NULL)
        return;
    g_clear_pointer(&self->png, g_bytes_unref);
    g_clear_pointer(&self->lines, g_array_unref);
    g_clear_pointer(&self->marks, g_array_unref);
    g_free(self);
}

/* --- A verdict ---------------------------------------------------------------------------------
 */

static void
copy_texts(const NskJson *from, NskJson *to, const char *const *names)
{
    for (; *names != NULL; names++)
        nsk_json_set_text(to, *names, nsk_json_get_text(from, *names));
}

static NskJson *
copy_findings(const NskJson *from)
{
    static const char *const texts[] = { "tag", "text", NULL };
    const NskJson *rows = nsk_json_get(from, "findings");
    NskJson *list = nsk_json_array();

    for (size_t i = 0; i < nsk_json_length(rows); i++) {
        NskJson *row = nsk_json_object();

        copy_texts(nsk_json_at(rows, i), row, texts);
        nsk_json_add(list, row);
    }
    return list;
}

static NskJson *
copy_signature(const NskJson *from)
{
    static const char *const texts[] = { "field", "signer", "issuer",    "at",
                                         "kind",  "level",  "proven_at", NULL };
    static const char *const flags[] = { "covers_document", "certifies", "intact", "trusted" };
    NskJson *row = nsk_json_object();

    copy_texts(from, row, texts);
    for (size_t i = 0; i < G_N_ELEMENTS(flags); i++)
        nsk_json_set_bool(row, flags[i], nsk_json_get_bool(from, flags[i], false));
    nsk_json_set(row, "findings", copy_findings(from));
    return row;
}

/* What a verdict has, each of its own type; NULL if it is none. */
static NskJson *
copy_verdict(const NskJson *from)
{
    static const char *const results[] = { "valid", "invalid", "indeterminate", "unsigned", NULL };
    const char *verdict = nsk_json_get_text(from, "verdict");
    const char *renew = nsk_json_get_text(from, "renew_before");
    const NskJson *rows = nsk_json_get(from, "signatures");

    if (verdict == NULL || !g_strv_contains(results, verdict))
        return NULL;
    NskJson *result = nsk_json_object();
    NskJson *signatures = nsk_json_array();
    for (size_t i = 0; i < nsk_json_length(rows); i++)
        nsk_json_add(signatures, copy_signature(nsk_json_at(rows, i)));
    nsk_json_set_text(result, "verdict", verdict);
    nsk_json_set(result, "signatures", signatures);
    nsk_json_set(result, "findings", copy_findings(from));
    if (renew != NULL)
        nsk_json_set_text(result, "renew_before", renew);
    return result;
}

bool
nsk_worker_read_judge(NskWorkerReader *self, NskJson **out_verdict, GError **error)
{
    if (!take_status(self, error))
        return false;

    g_autofree char *text = nsk_worker_take_text(self);
    size_t size = strlen(text);
    g_autoptr(NskJson) told = nsk_worker_reader_is_done(self) && size <= NSK_WORKER_VERDICT_SIZE
                                  ? nsk_json_parse(text, size, NULL)
                                  : NULL;
    NskJson *verdict = told != NULL ? copy_verdict(told) : NULL;
    if (verdict == NULL)
        return set_malformed(error);
    *out_verdict = verdict;
    return true;
}

bool
nsk_worker_read_pdf(NskWorkerReader *self, GBytes **out_pdf, GError **error)
{
    size_t size;

    if (!take_status(self, error))
        return false;
    const uint8_t *data = nsk_worker_take_data(self, &size);
    if (!nsk_worker_reader_is_done(self) || size < 5 || memcmp(data, "%PDF-", 5) != 0)
        return set_malformed(error);
    *out_pdf = g_bytes_new(data, size);
    return true;
}

bool
nsk_worker_read_sandbox(NskWorkerReader *self, NskWorkerSandbox *out, GError **error)
{
    if (!take_status(self, error))
        return false;

    uint32_t flags = nsk_worker_take_number(self);
    uint32_t abi = nsk_worker_take_number(self);
    if (!nsk_worker_reader_is_done(self))
        return set_malformed(error);
    *out = (NskWorkerSandbox){
        .no_new_privs = (flags & NSK_WORKER_FLAG_NO_NEW_PRIVS) != 0,
        .seccomp = (flags & NSK_WORKER_FLAG_SECCOMP) != 0,
        .memory_limit = (flags & NSK_WORKER_FLAG_MEMORY) != 0,
        .landlock_abi = abi,
    };
    return true;
}

bool
nsk_worker_read_hostile(NskWorkerReader *self, uint32_t *out_errno, GError **error)
{
    if (!take_status(self, error))
        return false;

    uint32_t number = nsk_worker_take_number(self);
    if (!nsk_worker_reader_is_done(self))
        return set_malformed(error);
    *out_errno = number;
    return true;
}
