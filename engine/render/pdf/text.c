/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs of glyphs as text-showing operators (ISO 32000-1, 9.4).
 *
 * 1. The pen is followed exactly in thousandths of a millipoint with the widths that the file has;
 *    where it would leave the wanted place by more than the tolerance, TJ moves it.  So errors of
 *    rounding never add up.
 * 2. A glyph is written as the two bytes of its number in the whole font; a fixup remembers the
 *    string, and the writer puts one of the subset's codes there at the end.
 * 3. Glyphs that share a cluster stand for the cluster's text together.  Where ToUnicode cannot say
 *    it, they are a marked-content sequence of their own with ActualText (14.9.4).  It is not
 * nested in the element's sequence, because poppler's reader of structure loses what follows a
 * nested one.
 */
#include "pdf-private.h"

#include <string.h>

enum { TOLERANCE = 40 }; /* millipoints */

/* The run being written. */
typedef struct {
    NskPdf *pdf;
    const NskPdfText *run;
    NskPdfFont *font;
    GString *to;
    int64_t pen;    /* where the file's widths have led, thousandths of a millipoint from run->x */
    NskMpt wanted;  /* where the next glyph's origin is to be, millipoints from run->x */
    NskMpt rise;    /* text rise in force */
    bool in_text;   /* within BT ... ET */
    bool in_array;  /* within [...]TJ */
    bool in_string; /* within a string of glyphs */
} Pen;

/* Glyphs from..to of the run that stand for size bytes from text. */
typedef struct {
    size_t from, to;
    const char *text;
    size_t size;
} Cluster;

static void
end_string(Pen *pen)
{
    pen->in_string = false;
}

static void
end_array(Pen *pen)
{
    end_string(pen);
    if (pen->in_array)
        nsk_pdf_put(pen->to, "]TJ\n");
    pen->in_array = false;
}

static void
set_font(NskPdf *self, GString *to, const NskPdfFont *font, NskMpt size)
{
    int index = (int)nsk_pdf_font_get_index(font);

    if (self->state.font == index && self->state.font_size == size)
        return;
    nsk_pdf_put(to, "/F");
    nsk_pdf_put_int(to, index);
    g_string_append_c(to, ' ');
    nsk_pdf_put_mpt(to, size);
    nsk_pdf_put(to, " Tf\n");
    self->state.font = index;
    self->state.font_size = size;
}

/* Begins a text object at the place of the next glyph. */
static void
begin_text(Pen *pen)
{
    NskPdf *pdf = pen->pdf;

    if (pen->in_text)
        return;
    pen->in_text = true;
    nsk_pdf_set_fill(pdf, pen->run->colour);
    nsk_pdf_put(pen->to, "BT\n");
    set_font(pdf, pen->to, pen->font, pen->run->font_size);
    nsk_pdf_put_mpt(pen->to, (int64_t)pen->run->x + pen->wanted);
    g_string_append_c(pen->to, ' ');
    nsk_pdf_put_mpt(pen->to, pdf->state.bottom - pen->run->y);
    nsk_pdf_put(pen->to, " Td\n");
    pen->pen = (int64_t)pen->wanted * 1000;
}

static void
begin_array(Pen *pen)
{
    if (!pen->in_array)
        g_string_append_c(pen->to, '[');
    pen->in_array = true;
}

static void
set_rise(Pen *pen, NskMpt rise)
{
    if (rise == pen->rise)
        return;
    end_array(pen);
    nsk_pdf_put_mpt(pen->to, rise);
    nsk_pdf_put(pen->to, " Ts\n");
    pen->rise = rise;
}

static void
end_text(Pen *pen)
{
    if (!pen->in_text)
        return;
    end_array(pen);
    set_rise(pen, 0); /* it would outlive the text object */
    nsk_pdf_put(pen->to, "ET\n");
    pen->in_text = false;
}

static int64_t
round_div(int64_t value, int64_t by)
{
    return (value + (value < 0 ? -by : by) / 2) / by;
}

/* Moves the pen to @place, millipoints from run->x, if it is too far from it. */
static void
move_to(Pen *pen, int64_t place)
{
    int64_t off = place * 1000 - pen->pen, size = pen->run->font_size;

    if (off < TOLERANCE * 1000 && off > -TOLERANCE * 1000)
        return;
    int64_t step = round_div(off, size);
    if (step == 0)
        return;
    begin_array(pen);
    end_string(pen);
    nsk_pdf_put_int(pen->to, -step);
    pen->pen += step * size;
}

static void
begin_string(Pen *pen)
{
    NskPdfFixup fixup = { .at = pen->to->len, .font = nsk_pdf_font_get_index(pen->font) };

    g_array_append_val(pen->pdf->page->fixups, fixup);
    pen->in_string = true;
}

static void
put_glyph(Pen *pen, const NskGlyph *glyph)
{
    GArray *fixups = pen->pdf->page->fixups;

    if (glyph->dy != pen->rise)
        set_rise(pen, glyph->dy);
    move_to(pen, (int64_t)pen->wanted + glyph->dx);
    begin_array(pen);
    if (!pen->in_string)
        begin_string(pen);
    g_array_index(fixups, NskPdfFixup, fixups->len - 1).n++;
    g_string_append_c(pen->to, (char)(glyph->id >> 8));
    g_string_append_c(pen->to, (char)glyph->id);
    pen->pen += (int64_t)nsk_pdf_font_get_width(pen->font, glyph->id) * pen->run->font_size;
    pen->wanted += glyph->advance;
}

/* What ToUnicode says for a character that is not to be told apart there: kinds of blanks. */
static const char *
plain(const char *text, size_t *size)
{
    gunichar c = g_utf8_get_char(text);

    if ((size_t)g_utf8_skip[(unsigned char)*text] != *size)
        return text;
    if (c < 0x20 || c == 0x7f || c == 0xa0 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f ||
        c == 0xfeff || c == 0xfffe) {
        *size = 1;
        return " ";
    }
    return text;
}

/* Gives the cluster's glyphs their texts; false if they say something else already. */
static bool
map_cluster(Pen *pen, const Cluster *cluster)
{
    const NskGlyph *glyphs = pen->run->glyphs;
    const char *p = cluster->text, *end = p + cluster->size;
    bool fits = true;

    if (cluster->to - cluster->from == 1) {
        size_t size = cluster->size;
        bool is_ascii = size == 1 && *p > 0x20 && *p < 0x7f;
        const char *text = is_ascii ? p : plain(p, &size);

        if (size == 2 && memcmp(text, "\xc2\xad", 2) == 0) { /* a hyphen put in at a line's end */
            (void)nsk_pdf_font_map(pen->font, glyphs[cluster->from].id, "-", 1);
            return false;
        }
        return nsk_pdf_font_map(pen->font, glyphs[cluster->from].id, text, size);
    }
    for (size_t i = cluster->from; i < cluster->to; i++) {
        size_t n = (size_t)g_utf8_skip[(unsigned char)*p];

        fits = nsk_pdf_font_map(pen->font, glyphs[i].id, p, n) && fits;
        if (p + n < end)
            p += n;
        else if (i + 1 < cluster->to)
            fits = false; /* fewer characters than glyphs */
    }
    return fits && p + g_utf8_skip[(unsigned char)*p] == end;
}

static void
put_cluster(Pen *pen, const Cluster *cluster)
{
    bool fits = map_cluster(pen, cluster);

    if (fits) {
        nsk_pdf_content(pen->pdf);
    } else {
        end_text(pen);
        nsk_pdf_content_for(pen->pdf, cluster->text, cluster->size);
    }
    begin_text(pen);
    for (size_t i = cluster->from; i < cluster->to; i++)
        put_glyph(pen, &pen->run->glyphs[i]);
    if (!fits) {
        end_text(pen);
        nsk_pdf_content_end(pen->pdf);
    }
}

/* The cluster that begins at glyph @from.  Texts reach to the logically next cluster. */
static Cluster
find_cluster(const NskPdfText *run, size_t from, bool rtl)
{
    uint32_t start = run->glyphs[from].cluster;
    size_t to = from + 1, end = run->size;

    while (to < run->n_glyphs && run->glyphs[to].cluster == start)
        to++;
    if (rtl && from > 0)
        end = run->glyphs[from - 1].cluster;
    else if (!rtl && to < run->n_glyphs)
        end = run->glyphs[to].cluster;
    g_assert(start < end && end <= run->size);
    return (Cluster){ .from = from, .to = to, .text = run->text + start, .size = end - start };
}

static NskPdfFont *
find_font(NskPdf *self, const NskFont *font)
{
    NskPdfFont *it = g_hash_table_lookup(self->fonts_by_font, font);

    if (!it) {
        it = nsk_pdf_font_new(font, self->fonts->len);
        g_ptr_array_add(self->fonts, it);
        g_hash_table_insert(self->fonts_by_font, (gpointer)(uintptr_t)font, it);
    }
    return it;
}

void
nsk_pdf_text(NskPdf *self, const NskPdfText *run)
{
    Pen pen = { .pdf = self, .run = run };

    g_assert(self->page && run->font_size > 0);
    if (run->n_glyphs == 0)
        return;
    bool rtl = run->glyphs[0].cluster > run->glyphs[run->n_glyphs - 1].cluster;
    pen.to = self->page->content;
    pen.font = find_font(self, run->font);
    for (size_t at = 0; at < run->n_glyphs;) {
        Cluster cluster = find_cluster(run, at, rtl);

        put_cluster(&pen, &cluster);
        at = cluster.to;
    }
    end_text(&pen);
}
