/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The document: pages, and putting the file together.
 *
 * Page content stays in memory until the end, because the codes of its glyphs are known only when
 * the fonts have been cut down.  The order in the file is the order of writing: images as they are
 * loaded, then pages, fonts, structure, files, metadata, catalog.
 */
#include "base/limits.h"
#include "base/message.h"
#include "pdf-private.h"

static void
page_free(void *data)
{
    NskPdfPage *page = data;

    g_string_free(page->content, TRUE);
    g_array_unref(page->fixups);
    g_array_unref(page->annots);
    g_free(page);
}

static void
font_free(void *font)
{
    nsk_pdf_font_free(font);
}

NskPdf *
nsk_pdf_new(const NskPdfInfo *info)
{
    NskPdf *self = g_new0(NskPdf, 1);

    nsk_pdf_out_init(&self->out);
    /* PDF/UA-1, 7.1 wants a title: a document always has one here */
    self->title = g_strdup(info->title && *info->title ? info->title : "Naskah dinas");
    self->language = g_strdup(info->language && *info->language ? info->language : "id");
    self->author = g_strdup(info->author);
    self->subject = g_strdup(info->subject);
    self->keywords = g_strdup(info->keywords);
    self->date = info->date;
    self->offset_minutes = info->offset_minutes;
    self->pages = g_ptr_array_new_with_free_func(page_free);
    self->states = g_array_new(FALSE, FALSE, sizeof(NskPdfState));
    self->structure = nsk_pdf_structure_new();
    self->fonts = g_ptr_array_new_with_free_func(font_free);
    self->fonts_by_font = g_hash_table_new(NULL, NULL);
    self->images = g_array_new(FALSE, FALSE, sizeof(NskPdfRef));
    self->images_by_data =
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, g_free);
    self->annotations = g_ptr_array_new_with_free_func(nsk_pdf_annotation_free);
    self->bookmarks = nsk_pdf_bookmarks_new();
    self->files = g_ptr_array_new_with_free_func(nsk_pdf_embedded_free);
    self->pages_ref = nsk_pdf_out_reserve(&self->out);
    self->resources_ref = nsk_pdf_out_reserve(&self->out);
    return self;
}

void
nsk_pdf_free(NskPdf *self)
{
    if (!self)
        return;
    nsk_pdf_out_clear(&self->out);
    g_free(self->title);
    g_free(self->language);
    g_free(self->author);
    g_free(self->subject);
    g_free(self->keywords);
    g_ptr_array_unref(self->pages);
    g_array_unref(self->states);
    nsk_pdf_structure_free(self->structure);
    g_ptr_array_unref(self->fonts);
    g_hash_table_unref(self->fonts_by_font);
    g_array_unref(self->images);
    g_hash_table_unref(self->images_by_data);
    g_ptr_array_unref(self->annotations);
    g_array_unref(self->bookmarks);
    g_ptr_array_unref(self->files);
    g_free(self);
}

bool
nsk_pdf_page_begin(NskPdf *self, NskMpt width, NskMpt height, GError **error)
{
    nsk_pdf_page_end(self);
    if (self->pages->len >= NSK_LIMIT_PAGES) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("the document has more than %d pages; divide it"), NSK_LIMIT_PAGES);
        return false;
    }
    NskPdfPage *page = g_new0(NskPdfPage, 1);
    page->ref = nsk_pdf_out_reserve(&self->out);
    page->content_ref = nsk_pdf_out_reserve(&self->out);
    page->width = width;
    page->height = height;
    page->key = nsk_pdf_structure_add_key(self->structure);
    page->content = g_string_sized_new(8192);
    page->fixups = g_array_new(FALSE, FALSE, sizeof(NskPdfFixup));
    page->annots = g_array_new(FALSE, FALSE, sizeof(NskPdfRef));
    g_ptr_array_add(self->pages, page);
    self->page = page;
    self->state = (NskPdfState){ .bottom = height, .font = -1 };
    self->marked = NSK_PDF_ARTIFACT;
    return true;
}

void
nsk_pdf_page_end(NskPdf *self)
{
    if (!self->page)
        return;
    while (self->states->len > 0)
        nsk_pdf_pop(self);
    nsk_pdf_content_end(self);
    self->page = NULL;
}

unsigned
nsk_pdf_get_n_pages(const NskPdf *self)
{
    return self->pages->len;
}

/* A code of two bytes in a literal string (7.3.4.2). */
static void
put_code(GString *to, unsigned code)
{
    const char bytes[] = { (char)(code >> 8), (char)code };

    for (size_t i = 0; i < G_N_ELEMENTS(bytes); i++) {
        if (bytes[i] == '(' || bytes[i] == ')' || bytes[i] == '\\')
            g_string_append_c(to, '\\');
        if (bytes[i] == '\r')
            nsk_pdf_put(to, "\\r"); /* readers take a bare one for a line feed */
        else
            g_string_append_c(to, bytes[i]);
    }
}

/* The page's content with codes of the subset for glyph numbers. */
static GString *
apply_fixups(const NskPdf *self, const NskPdfPage *page)
{
    const GString *from = page->content;
    GString *to = g_string_sized_new(from->len + from->len / 4);
    size_t at = 0;

    for (unsigned i = 0; i < page->fixups->len; i++) {
        const NskPdfFixup *fixup = &g_array_index(page->fixups, NskPdfFixup, i);
        const NskPdfFont *font = self->fonts->pdata[fixup->font];
        const uint8_t *glyphs = (const uint8_t *)from->str + fixup->at;

        nsk_pdf_put_bytes(to, from->str + at, fixup->at - at);
        g_string_append_c(to, '(');
        for (size_t j = 0; j < fixup->n; j++)
            put_code(to, nsk_pdf_font_get_code(font,
                                               (uint32_t)(glyphs[2 * j] << 8 | glyphs[2 * j + 1])));
        g_string_append_c(to, ')');
        at = fixup->at + 2 * fixup->n;
    }
    nsk_pdf_put_bytes(to, from->str + at, from->len - at);
    return to;
}

static void
write_page(NskPdf *self, NskPdfPage *page)
{
    GString *to = self->out.bytes;
    g_autoptr(GString) content = apply_fixups(self, page);

    nsk_pdf_out_deflated(&self->out, page->content_ref, "", content->str, content->len);
    nsk_pdf_out_begin(&self->out, page->ref);
    nsk_pdf_put(to, "<</Type/Page/Parent ");
    nsk_pdf_put_ref(to, self->pages_ref);
    nsk_pdf_put(to, "/MediaBox[0 0 ");
    nsk_pdf_put_mpt(to, page->width);
    g_string_append_c(to, ' ');
    nsk_pdf_put_mpt(to, page->height);
    nsk_pdf_put(to, "]/Resources ");
    nsk_pdf_put_ref(to, self->resources_ref);
    nsk_pdf_put(to, "/Contents ");
    nsk_pdf_put_ref(to, page->content_ref);
    nsk_pdf_put(to, "/StructParents ");
    nsk_pdf_put_int(to, page->key);
    nsk_pdf_put(to, "/Tabs/S");
    for (unsigned i = 0; i < page->annots->len; i++) {
        nsk_pdf_put(to, i == 0 ? "/Annots[" : " ");
        nsk_pdf_put_ref(to, g_array_index(page->annots, NskPdfRef, i));
    }
    nsk_pdf_put(to, page->annots->len > 0 ? "]>>" : ">>");
    nsk_pdf_out_end(&self->out);
}

static void
write_pages(NskPdf *self)
{
    GString *to = self->out.bytes;

    for (unsigned i = 0; i < self->pages->len; i++)
        write_page(self, self->pages->pdata[i]);
    nsk_pdf_out_begin(&self->out, self->pages_ref);
    nsk_pdf_put(to, "<</Type/Pages/Count ");
    nsk_pdf_put_int(to, self->pages->len);
    nsk_pdf_put(to, "/Kids[");
    for (unsigned i = 0; i < self->pages->len; i++) {
        if (i > 0)
            g_string_append_c(to, ' ');
        nsk_pdf_put_ref(to, ((NskPdfPage *)self->pages->pdata[i])->ref);
    }
    nsk_pdf_put(to, "]>>");
    nsk_pdf_out_end(&self->out);
}

/* Fonts and the one resource dictionary that all pages share. */
static void
write_resources(NskPdf *self)
{
    g_autoptr(GString) fonts = g_string_new(NULL);
    GString *to = self->out.bytes;

    for (unsigned i = 0; i < self->fonts->len; i++) {
        g_string_append_printf(fonts, "/F%u ", i);
        nsk_pdf_put_ref(fonts, nsk_pdf_font_write(self->fonts->pdata[i], &self->out));
    }
    nsk_pdf_out_begin(&self->out, self->resources_ref);
    g_string_append_printf(to, "<</Font<<%s>>/XObject<<", fonts->str);
    for (unsigned i = 0; i < self->images->len; i++) {
        g_string_append_printf(to, "/I%u ", i);
        nsk_pdf_put_ref(to, g_array_index(self->images, NskPdfRef, i));
    }
    nsk_pdf_put(to, ">>>>");
    nsk_pdf_out_end(&self->out);
}

/* The files of the catalog: a name tree, and AF as PDF/A-3 wants it. */
static void
put_files(NskPdf *self, GString *to)
{
    if (self->files->len == 0)
        return;
    nsk_pdf_put(to, "/Names<</EmbeddedFiles<</Names[");
    for (unsigned i = 0; i < self->files->len; i++) {
        const NskPdfEmbedded *file = self->files->pdata[i];

        nsk_pdf_put_text(to, file->name);
        nsk_pdf_put_ref(to, file->ref);
    }
    nsk_pdf_put(to, "]>>>>/AF[");
    for (unsigned i = 0; i < self->files->len; i++) {
        if (i > 0)
            g_string_append_c(to, ' ');
        nsk_pdf_put_ref(to, ((NskPdfEmbedded *)self->files->pdata[i])->ref);
    }
    g_string_append_c(to, ']');
}

static void
put_entry(GString *to, const char *key, NskPdfRef ref)
{
    nsk_pdf_put(to, key);
    nsk_pdf_put_ref(to, ref);
}

static NskPdfRef
write_catalog(NskPdf *self)
{
    NskPdfRef form = nsk_pdf_annotations_write(self);
    NskPdfRef structure = nsk_pdf_structure_write(self->structure, &self->out);
    NskPdfRef outline = nsk_pdf_bookmarks_write(self);
    NskPdfRef metadata = nsk_pdf_metadata_write(self);
    NskPdfRef intent = nsk_pdf_intent_write(self);
    NskPdfRef ref = nsk_pdf_out_reserve(&self->out);
    GString *to = self->out.bytes;

    nsk_pdf_files_write(self);
    nsk_pdf_out_begin(&self->out, ref);
    put_entry(to, "<</Type/Catalog/Pages ", self->pages_ref);
    nsk_pdf_put(to, "/Lang");
    nsk_pdf_put_text(to, self->language);
    put_entry(to, "/MarkInfo<</Marked true>>/StructTreeRoot ", structure);
    put_entry(to, "/ViewerPreferences<</DisplayDocTitle true>>/Metadata ", metadata);
    put_entry(to, "/OutputIntents[", intent);
    g_string_append_c(to, ']');
    if (form)
        put_entry(to, "/AcroForm ", form);
    if (outline)
        put_entry(to, "/PageMode/UseOutlines/Outlines ", outline);
    put_files(self, to);
    nsk_pdf_put(to, ">>");
    nsk_pdf_out_end(&self->out);
    return ref;
}

GBytes *
nsk_pdf_finish(NskPdf *self, GError **error)
{
    nsk_pdf_page_end(self);
    if (self->pages->len == 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("the document has no page; a PDF needs at least one"));
        return NULL;
    }
    for (unsigned i = 0; i < self->fonts->len; i++)
        if (!nsk_pdf_font_close(self->fonts->pdata[i], error))
            return NULL;
    write_pages(self);
    write_resources(self);
    NskPdfRef catalog = write_catalog(self);
    NskPdfRef info = nsk_pdf_info_write(self);
    nsk_pdf_out_finish(&self->out, catalog, info);
    if (self->out.bytes->len > NSK_LIMIT_PDF_SIZE) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("the PDF would have %zu bytes and the limit is %d; use smaller images"),
                    self->out.bytes->len, NSK_LIMIT_PDF_SIZE);
        return NULL;
    }
    return g_string_free_to_bytes(g_steal_pointer(&self->out.bytes));
}
