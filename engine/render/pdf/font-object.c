/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fonts in the file: Type 0 fonts over a subset (ISO 32000-1, 9.7 to 9.10).
 *
 * 1. Codes are two bytes and equal the glyph numbers of the subset (Identity-H), so they are known
 *    only when all pages are drawn.
 * 2. Every used glyph stands for some text in ToUnicode; where one glyph stands for two texts the
 *    later run carries ActualText (text.c).
 * 3. Widths are whole thousandths of an em, the same numbers that text.c positions by.
 */
#include "crypto/crypto.h"
#include "pdf-private.h"

#include <string.h>

struct _NskPdfFont {
    const NskFont *font;
    unsigned index;
    unsigned n_glyphs; /* of the whole font */
    uint32_t *texts;   /* by glyph: 1 + offset in pool of its text; 0: not used */
    int *widths;       /* by glyph: 1 + what W says; 0: not asked yet */
    GByteArray *pool;  /* texts, each with a zero behind it */
    GArray *used;      /* of uint32_t: glyphs in ascending order, once closed */
    uint16_t *codes;   /* by glyph, once closed */
    NskFontSubset subset;
};

NskPdfFont *
nsk_pdf_font_new(const NskFont *font, unsigned index)
{
    NskPdfFont *self = g_new0(NskPdfFont, 1);

    self->font = font;
    self->index = index;
    self->n_glyphs = nsk_font_get_n_glyphs(font);
    self->texts = g_new0(uint32_t, self->n_glyphs);
    self->widths = g_new0(int, self->n_glyphs);
    self->pool = g_byte_array_new();
    return self;
}

void
nsk_pdf_font_free(NskPdfFont *self)
{
    if (!self)
        return;
    g_free(self->texts);
    g_free(self->widths);
    g_byte_array_unref(self->pool);
    g_clear_pointer(&self->used, g_array_unref);
    g_free(self->codes);
    nsk_font_subset_clear(&self->subset);
    g_free(self);
}

const NskFont *
nsk_pdf_font_get(const NskPdfFont *self)
{
    return self->font;
}

unsigned
nsk_pdf_font_get_index(const NskPdfFont *self)
{
    return self->index;
}

static const char *
get_text(const NskPdfFont *self, uint32_t glyph)
{
    return (const char *)self->pool->data + self->texts[glyph] - 1;
}

bool
nsk_pdf_font_map(NskPdfFont *self, uint32_t glyph, const char *text, size_t size)
{
    g_assert(glyph < self->n_glyphs);
    if (self->texts[glyph]) {
        const char *before = get_text(self, glyph);

        return size == 1 ? before[0] == text[0] && before[1] == '\0'
                         : strlen(before) == size && memcmp(before, text, size) == 0;
    }
    self->texts[glyph] = self->pool->len + 1;
    g_byte_array_append(self->pool, (const uint8_t *)text, (guint)size);
    g_byte_array_append(self->pool, (const uint8_t *)"", 1);
    return true;
}

/* Font units to thousandths of an em. */
static int
to_thousandths(const NskPdfFont *self, int units)
{
    return nsk_font_scale(self->font, units, 1000);
}

int
nsk_pdf_font_get_width(const NskPdfFont *self, uint32_t glyph)
{
    int *width = &self->widths[glyph];

    if (*width == 0)
        *width = to_thousandths(self, nsk_font_get_glyph_width(self->font, glyph)) + 1;
    return *width - 1;
}

bool
nsk_pdf_font_close(NskPdfFont *self, GError **error)
{
    self->used = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (uint32_t glyph = 0; glyph < self->n_glyphs; glyph++)
        if (self->texts[glyph])
            g_array_append_val(self->used, glyph);
    const uint32_t *glyphs = (const uint32_t *)(const void *)self->used->data;
    if (!nsk_font_subset(self->font, glyphs, self->used->len, &self->subset, error))
        return false;
    self->codes = g_new0(uint16_t, self->n_glyphs);
    for (unsigned i = 0; i < self->used->len; i++)
        self->codes[glyphs[i]] = self->subset.new_ids[i];
    return true;
}

uint16_t
nsk_pdf_font_get_code(const NskPdfFont *self, uint32_t glyph)
{
    return self->codes[glyph];
}

/* "ABCDEF+LiberationSans": the tag differs for different sets of glyphs (9.6.4). */
static char *
make_name(const NskPdfFont *self)
{
    g_autoptr(NskSha256) sha = nsk_sha256_new();
    uint8_t digest[NSK_SHA256_SIZE];
    char tag[8] = "";
    const char *name = nsk_font_get_name(self->font);

    nsk_sha256_add(sha, name, strlen(name));
    for (unsigned i = 0; i < self->used->len; i++) {
        uint32_t glyph = g_array_index(self->used, uint32_t, i);
        uint8_t bytes[2] = { (uint8_t)(glyph >> 8), (uint8_t)glyph };

        nsk_sha256_add(sha, bytes, sizeof bytes);
    }
    nsk_sha256_finish(sha, digest);
    for (int i = 0; i < 6; i++)
        tag[i] = (char)('A' + digest[i] % 26);
    return g_strdup_printf("%s+%s", tag, name);
}

/* Runs of codes, "first [w w w]" (9.7.4.3). */
static void
put_widths(const NskPdfFont *self, GString *to)
{
    int last = -2;

    nsk_pdf_put(to, "/W[");
    for (unsigned i = 0; i < self->used->len; i++) {
        uint32_t glyph = g_array_index(self->used, uint32_t, i);
        int code = self->codes[glyph];

        if (code == last + 1) {
            g_string_append_c(to, ' ');
        } else {
            if (i > 0)
                nsk_pdf_put(to, "]");
            nsk_pdf_put_int(to, code);
            g_string_append_c(to, '[');
        }
        nsk_pdf_put_int(to, nsk_pdf_font_get_width(self, glyph));
        last = code;
    }
    nsk_pdf_put(to, "]]");
}

static void
put_mapping(const NskPdfFont *self, GString *to, uint32_t glyph)
{
    const char *text = get_text(self, glyph);

    g_string_append_c(to, '<');
    nsk_pdf_put_hex4(to, self->codes[glyph]);
    g_string_append_c(to, '>');
    nsk_pdf_put_utf16(to, text, strlen(text), false);
    g_string_append_c(to, '\n');
}

/* ToUnicode (9.10.3); a block has at most 100 entries. */
static NskPdfRef
write_to_unicode(const NskPdfFont *self, NskPdfOut *out)
{
    g_autoptr(GString) to =
        g_string_new("/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n"
                     "/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n"
                     "/CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n"
                     "1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n");
    NskPdfRef ref = nsk_pdf_out_reserve(out);

    for (unsigned i = 0; i < self->used->len; i += 100) {
        unsigned n = MIN(self->used->len - i, 100);

        g_string_append_printf(to, "%u beginbfchar\n", n);
        for (unsigned j = i; j < i + n; j++)
            put_mapping(self, to, g_array_index(self->used, uint32_t, j));
        nsk_pdf_put(to, "endbfchar\n");
    }
    nsk_pdf_put(to, "endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend\n");
    nsk_pdf_out_deflated(out, ref, "", to->str, to->len);
    return ref;
}

static NskPdfRef
write_program(const NskPdfFont *self, NskPdfOut *out)
{
    NskPdfRef ref = nsk_pdf_out_reserve(out);
    size_t size;
    const void *data = g_bytes_get_data(self->subset.program, &size);
    g_autofree char *dict = self->subset.cff ? g_strdup("/Subtype/CIDFontType0C")
                                             : g_strdup_printf("/Length1 %zu", size);

    nsk_pdf_out_deflated(out, ref, dict, data, size);
    return ref;
}

static unsigned
get_flags(const NskFontMetrics *metrics)
{
    return (metrics->fixed_pitch ? 1u : 0u) | (metrics->serif ? 2u : 0u) | 4u /* symbolic */
           | (metrics->italic ? 64u : 0u);
}

/* The font descriptor (9.8). */
static NskPdfRef
write_descriptor(const NskPdfFont *self, NskPdfOut *out, const char *name)
{
    const NskFontMetrics *m = nsk_font_get_metrics(self->font);
    NskPdfRef program = write_program(self, out), ref = nsk_pdf_out_reserve(out);
    GString *to = out->bytes;

    nsk_pdf_out_begin(out, ref);
    nsk_pdf_put(to, "<</Type/FontDescriptor/FontName");
    nsk_pdf_put_name(to, name);
    g_string_append_printf(to, "/Flags %u/FontBBox[%d %d %d %d]/ItalicAngle ", get_flags(m),
                           to_thousandths(self, m->bbox[0]), to_thousandths(self, m->bbox[1]),
                           to_thousandths(self, m->bbox[2]), to_thousandths(self, m->bbox[3]));
    nsk_pdf_put_mpt(to, m->italic_angle);
    /* no font file tells the stem's width: a usual one for the weight */
    g_string_append_printf(to, "/Ascent %d/Descent %d/CapHeight %d/StemV %d/FontFile%d ",
                           to_thousandths(self, m->ascent), to_thousandths(self, m->descent),
                           to_thousandths(self, m->cap_height), 50 + m->weight * m->weight / 4225,
                           self->subset.cff ? 3 : 2);
    nsk_pdf_put_ref(to, program);
    nsk_pdf_put(to, ">>");
    nsk_pdf_out_end(out);
    return ref;
}

static NskPdfRef
write_cid_font(const NskPdfFont *self, NskPdfOut *out, const char *name)
{
    NskPdfRef descriptor = write_descriptor(self, out, name), ref = nsk_pdf_out_reserve(out);
    GString *to = out->bytes;

    nsk_pdf_out_begin(out, ref);
    g_string_append_printf(to, "<</Type/Font/Subtype/CIDFontType%d/BaseFont",
                           self->subset.cff ? 0 : 2);
    nsk_pdf_put_name(to, name);
    nsk_pdf_put(to, "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>");
    if (!self->subset.cff)
        nsk_pdf_put(to, "/CIDToGIDMap/Identity");
    nsk_pdf_put(to, "/DW 0");
    put_widths(self, to);
    nsk_pdf_put(to, "/FontDescriptor ");
    nsk_pdf_put_ref(to, descriptor);
    nsk_pdf_put(to, ">>");
    nsk_pdf_out_end(out);
    return ref;
}

NskPdfRef
nsk_pdf_font_write(NskPdfFont *self, NskPdfOut *out)
{
    g_autofree char *name = make_name(self);
    g_autofree char *whole = g_strconcat(name, self->subset.cff ? "-Identity-H" : "", NULL);
    NskPdfRef cid_font = write_cid_font(self, out, name);
    NskPdfRef to_unicode = write_to_unicode(self, out), ref = nsk_pdf_out_reserve(out);
    GString *to = out->bytes;

    nsk_pdf_out_begin(out, ref);
    nsk_pdf_put(to, "<</Type/Font/Subtype/Type0/BaseFont");
    nsk_pdf_put_name(to, whole);
    nsk_pdf_put(to, "/Encoding/Identity-H/DescendantFonts[");
    nsk_pdf_put_ref(to, cid_font);
    nsk_pdf_put(to, "]/ToUnicode ");
    nsk_pdf_put_ref(to, to_unicode);
    nsk_pdf_put(to, ">>");
    nsk_pdf_out_end(out);
    return ref;
}
