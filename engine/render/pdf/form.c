/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Drawings as form XObjects (ISO 32000-1, 8.10), with the shadings of their gradients (8.7.4.5) and
 * their transparency (11.6).  What is partly transparent is a group of its own, which PDF/A-3 takes
 * because the document has an output intent (ISO 19005-3, 6.2.10).
 *
 * 1. A part is written before the form that draws it; a form is known by its parts alone.
 */
#include "base/limits.h"
#include "base/message.h"
#include "pdf-private.h"

static void
clear_gradient(void *gradient)
{
    g_array_unref(((NskPdfGradient *)gradient)->stops);
}

static void
free_form(void *form)
{
    nsk_pdf_form_free(form);
}

NskPdfForm *
nsk_pdf_form_new(void)
{
    NskPdfForm *self = g_new0(NskPdfForm, 1);

    self->content = g_string_new(NULL);
    self->alphas = g_array_new(FALSE, FALSE, sizeof(NskPdfAlpha));
    self->gradients = g_array_new(FALSE, FALSE, sizeof(NskPdfGradient));
    g_array_set_clear_func(self->gradients, clear_gradient);
    self->parts = g_ptr_array_new_with_free_func(free_form);
    return self;
}

void
nsk_pdf_form_free(NskPdfForm *self)
{
    if (self == NULL)
        return;
    g_string_free(self->content, TRUE);
    g_array_unref(self->alphas);
    g_array_unref(self->gradients);
    g_ptr_array_unref(self->parts);
    g_free(self);
}

static void
put_reals(GString *to, const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        g_string_append_c(to, i == 0 ? '[' : ' ');
        nsk_pdf_put_real(to, values[i]);
    }
    g_string_append_c(to, ']');
}

static void
put_colour(GString *to, NskPdfColour colour, bool grey)
{
    double parts[3] = { (colour >> 16 & 255) / 255.0, (colour >> 8 & 255) / 255.0,
                        (colour & 255) / 255.0 };

    put_reals(to, parts, grey ? 1 : 3);
}

/* From one colour to another (7.10.3). */
static void
put_step(GString *to, const NskPdfStop *from, bool grey)
{
    nsk_pdf_put(to, "<</FunctionType 2/Domain[0 1]/N 1/C0");
    put_colour(to, from[0].colour, grey);
    nsk_pdf_put(to, "/C1");
    put_colour(to, from[1].colour, grey);
    nsk_pdf_put(to, ">>");
}

/* Steps behind each other (7.10.4). */
static void
put_steps(GString *to, const GArray *stops, bool grey)
{
    const NskPdfStop *all = (const NskPdfStop *)(const void *)stops->data;

    if (stops->len == 2) {
        put_step(to, all, grey);
        return;
    }
    nsk_pdf_put(to, "<</FunctionType 3/Domain[0 1]/Functions[");
    for (guint i = 0; i + 1 < stops->len; i++)
        put_step(to, &all[i], grey);
    nsk_pdf_put(to, "]/Bounds[");
    for (guint i = 1; i + 1 < stops->len; i++) {
        nsk_pdf_put_real(to, all[i].offset);
        g_string_append_c(to, ' ');
    }
    nsk_pdf_put(to, "]/Encode[");
    for (guint i = 0; i + 1 < stops->len; i++)
        nsk_pdf_put(to, "0 1 ");
    nsk_pdf_put(to, "]>>");
}

static void
put_gradient(GString *to, const NskPdfGradient *gradient, bool grey)
{
    g_string_append_printf(to, "<</PatternType 2/Shading<</ShadingType %d/ColorSpace/%s/Coords",
                           gradient->radial ? 3 : 2, grey ? "DeviceGray" : "DeviceRGB");
    put_reals(to, gradient->coords, gradient->radial ? 6 : 4);
    nsk_pdf_put(to, "/Extend[true true]/Function");
    put_steps(to, gradient->stops, grey);
    nsk_pdf_put(to, ">>/Matrix");
    put_reals(to, gradient->matrix, 6);
    nsk_pdf_put(to, ">>");
}

static void
put_alpha(GString *to, const NskPdfAlpha *alpha, const NskPdfRef *parts)
{
    nsk_pdf_put(to, "<</ca ");
    nsk_pdf_put_real(to, alpha->fill);
    nsk_pdf_put(to, "/CA ");
    nsk_pdf_put_real(to, alpha->stroke);
    if (alpha->mask >= 0) {
        nsk_pdf_put(to, "/SMask<</S/Luminosity/G ");
        nsk_pdf_put_ref(to, parts[alpha->mask]);
        nsk_pdf_put(to, ">>");
    }
    nsk_pdf_put(to, ">>");
}

static void
put_resources(GString *to, const NskPdfForm *form, const NskPdfRef *parts)
{
    nsk_pdf_put(to, "/Resources<<");
    for (guint i = 0; i < form->alphas->len; i++) {
        g_string_append_printf(to, i == 0 ? "/ExtGState<</A%u" : "/A%u", i);
        put_alpha(to, &g_array_index(form->alphas, NskPdfAlpha, i), parts);
    }
    nsk_pdf_put(to, form->alphas->len > 0 ? ">>" : "");
    for (guint i = 0; i < form->gradients->len; i++) {
        g_string_append_printf(to, i == 0 ? "/Pattern<</P%u" : "/P%u", i);
        put_gradient(to, &g_array_index(form->gradients, NskPdfGradient, i), form->grey);
    }
    nsk_pdf_put(to, form->gradients->len > 0 ? ">>" : "");
    for (guint i = 0; i < form->parts->len; i++) {
        g_string_append_printf(to, i == 0 ? "/XObject<</X%u " : "/X%u ", i);
        nsk_pdf_put_ref(to, parts[i]);
    }
    nsk_pdf_put(to, form->parts->len > 0 ? ">>>>" : ">>");
}

/* @more stands in the form's dictionary. */
static NskPdfRef
write_form(NskPdf *self, const NskPdfForm *form, const char *more)
{
    g_autofree NskPdfRef *parts = g_new(NskPdfRef, form->parts->len + 1);
    g_autoptr(GString) dict = g_string_new("/Type/XObject/Subtype/Form/BBox");
    NskPdfRef ref;

    for (guint i = 0; i < form->parts->len; i++) {
        const NskPdfForm *part = g_ptr_array_index(form->parts, i);

        parts[i] = write_form(self, part,
                              part->grey ? "/Group<</S/Transparency/CS/DeviceGray/I true>>"
                                         : "/Group<</S/Transparency/CS/DeviceRGB/I true>>");
    }
    ref = nsk_pdf_out_reserve(&self->out);
    put_reals(dict, form->box, 4);
    nsk_pdf_put(dict, more);
    put_resources(dict, form, parts);
    nsk_pdf_out_deflated(&self->out, ref, dict->str, form->content->str, form->content->len);
    return ref;
}

static size_t
size_of(const NskPdfForm *form)
{
    size_t size = form->content->len;

    for (guint i = 0; i < form->parts->len; i++)
        size += size_of(g_ptr_array_index(form->parts, i));
    return size;
}

/* A form of the unit square, so that it is drawn as pixels are. */
bool
nsk_pdf_form_load(NskPdf *self, const NskPdfForm *form, NskPdfImage *out_image, GError **error)
{
    double width = form->box[2], height = form->box[3];
    g_autoptr(GString) matrix = g_string_new("/Matrix[");
    char text[64];

    g_assert(width > 0 && height > 0 && form->box[0] == 0 && form->box[1] == 0);
    if (!nsk_pdf_check_room(self, size_of(form), error))
        return false;
    nsk_pdf_put(matrix, g_ascii_formatd(text, sizeof text, "%.9f 0 0 ", 1 / width));
    nsk_pdf_put(matrix, g_ascii_formatd(text, sizeof text, "%.9f 0 0]", 1 / height));

    NskPdfRef ref = write_form(self, form, matrix->str);
    *out_image = (NskPdfImage){ .id = self->images->len,
                                .width = 1,
                                .height = 1,
                                .print_width = (NskMpt)(width * 1000 + 0.5),
                                .print_height = (NskMpt)(height * 1000 + 0.5) };
    g_array_append_val(self->images, ref);
    return true;
}
