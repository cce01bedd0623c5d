/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Links and signature fields (ISO 32000-1, 12.5 and 12.7; ISO 14289-1, 7.18).
 *
 * 1. Every annotation is on its page's list, has a key of the parent tree and a place in the
 *    structure tree.
 * 2. A signature field and its widget are one object, which a later signature replaces whole; page,
 *    form and structure already know it.
 */
#include "base/message.h"
#include "pdf-private.h"

#include <string.h>

void
nsk_pdf_annotation_free(void *data)
{
    NskPdfAnnotation *it = data;

    g_free(it->uri);
    g_free(it->name);
    g_free(it->text);
    g_free(it);
}

/* A new annotation on the current page, as a child of @element. */
static NskPdfAnnotation *
add(NskPdf *self, const NskPdfRect *rect, NskPdfElement element, const char *text)
{
    NskPdfAnnotation *it = g_new0(NskPdfAnnotation, 1);

    g_assert(self->page);
    it->ref = nsk_pdf_out_reserve(&self->out);
    it->page = self->page->ref;
    it->key = nsk_pdf_structure_add_key(self->structure);
    it->rect = nsk_pdf_flip(self, rect);
    it->text = g_strdup(text);
    nsk_pdf_structure_add_object(self->structure, element, it->key, it->page, it->ref);
    g_array_append_val(self->page->annots, it->ref);
    g_ptr_array_add(self->annotations, it);
    return it;
}

void
nsk_pdf_link_uri(NskPdf *self,
                 const NskPdfRect *rect,
                 const char *uri,
                 NskPdfElement element,
                 const char *text)
{
    add(self, rect, element, text)->uri = nsk_pdf_escape_uri(uri);
}

void
nsk_pdf_link_page(NskPdf *self,
                  const NskPdfRect *rect,
                  unsigned page,
                  NskMpt y,
                  NskPdfElement element,
                  const char *text)
{
    NskPdfAnnotation *it = add(self, rect, element, text);

    it->target = page;
    it->target_y = y;
}

static bool
check_name(const NskPdf *self, const char *name, GError **error)
{
    if (*name == '\0' || strchr(name, '.') || !g_str_is_ascii(name)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%s' cannot name a signature field; use letters, digits and hyphens"),
                    name);
        return false;
    }
    for (unsigned i = 0; i < self->annotations->len; i++) {
        const NskPdfAnnotation *other = self->annotations->pdata[i];

        if (g_strcmp0(other->name, name) != 0)
            continue;
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("two signature fields have the name '%s'; name each of them once"),
                    name);
        return false;
    }
    return true;
}

bool
nsk_pdf_add_signature_field(NskPdf *self, const NskPdfField *field, GError **error)
{
    const NskPdfTag form = { .role = NSK_PDF_FORM };
    NskPdfElement parent = field->parent ? field->parent : NSK_PDF_DOCUMENT;

    if (!check_name(self, field->name, error))
        return false;
    NskPdfAnnotation *it = add(self, &field->rect, nsk_pdf_element_add(self, parent, &form),
                               field->tooltip ? field->tooltip : field->name);
    it->name = g_strdup(field->name);
    return true;
}

static void
put_rect(GString *to, const NskPdfRect *rect)
{
    NskMpt corners[4] = { rect->x, rect->y, rect->x + rect->width, rect->y + rect->height };

    g_string_append_c(to, '[');
    for (int i = 0; i < 4; i++) {
        if (i > 0)
            g_string_append_c(to, ' ');
        nsk_pdf_put_mpt(to, corners[i]);
    }
    g_string_append_c(to, ']');
}

/* What is the same for all annotations; 4 is Print, which PDF/A demands. */
static void
put_common(GString *to, const NskPdfAnnotation *it)
{
    nsk_pdf_put(to, "<</Type/Annot/F 4/P ");
    nsk_pdf_put_ref(to, it->page);
    nsk_pdf_put(to, "/StructParent ");
    nsk_pdf_put_int(to, it->key);
    nsk_pdf_put(to, "/Rect");
    put_rect(to, &it->rect);
}

static void
write_link(NskPdf *self, const NskPdfAnnotation *it)
{
    GString *to = self->out.bytes;

    nsk_pdf_out_begin(&self->out, it->ref);
    put_common(to, it);
    nsk_pdf_put(to, "/Subtype/Link/Border[0 0 0]/Contents");
    nsk_pdf_put_text(to, it->text);
    if (it->uri) {
        nsk_pdf_put_uri(to, it->uri);
    } else {
        nsk_pdf_put_destination(self, to, it->target, it->target_y);
    }
    nsk_pdf_put(to, ">>");
    nsk_pdf_out_end(&self->out);
}

static void
write_field(NskPdf *self, const NskPdfAnnotation *it)
{
    NskPdfRef appearance = nsk_pdf_out_reserve(&self->out);
    NskPdfRect box = { 0, 0, it->rect.width, it->rect.height };
    g_autoptr(GString) dict = g_string_new("/Type/XObject/Subtype/Form/Resources<<>>/BBox");
    GString *to = self->out.bytes;

    put_rect(dict, &box);
    nsk_pdf_out_stream(&self->out, appearance, dict->str, "", 0);
    nsk_pdf_out_begin(&self->out, it->ref);
    put_common(to, it);
    nsk_pdf_put(to, "/Subtype/Widget/FT/Sig/T");
    nsk_pdf_put_text(to, it->name);
    nsk_pdf_put(to, "/TU");
    nsk_pdf_put_text(to, it->text);
    nsk_pdf_put(to, "/AP<</N ");
    nsk_pdf_put_ref(to, appearance);
    nsk_pdf_put(to, ">>>>");
    nsk_pdf_out_end(&self->out);
}

NskPdfRef
nsk_pdf_annotations_write(NskPdf *self)
{
    g_autoptr(GString) fields = g_string_new(NULL);
    NskPdfRef form;

    for (unsigned i = 0; i < self->annotations->len; i++) {
        const NskPdfAnnotation *it = self->annotations->pdata[i];

        if (!it->name) {
            write_link(self, it);
            continue;
        }
        write_field(self, it);
        if (fields->len > 0)
            g_string_append_c(fields, ' ');
        nsk_pdf_put_ref(fields, it->ref);
    }
    if (fields->len == 0)
        return 0;
    /* an object of its own, so that a signer need not touch the catalog */
    form = nsk_pdf_out_reserve(&self->out);
    nsk_pdf_out_begin(&self->out, form);
    g_string_append_printf(self->out.bytes, "<</Fields[%s]/SigFlags 3>>", fields->str);
    nsk_pdf_out_end(&self->out);
    return form;
}
