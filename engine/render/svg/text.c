/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text (section 10) as the outlines of its letters: one font program less in the PDF, and the same
 * picture wherever it is drawn.  Its words are those of the figure's alternative text.
 *
 * A chunk begins where x or y is given; text-anchor moves the whole of it, so it is gathered first.
 */
#include "base/message.h"
#include "render/svg/svg-private.h"

#include <string.h>

#define MAX_TEXT 20000 /* bytes of one text element */
#define EM       50000 /* millipoints to shape at: MAX_TEXT of the widest letters are still a length */

/* Letters of one look. */
typedef struct {
    SvgLook look;
    char *text;
    double dx, dy; /* before them */
} Span;

typedef struct {
    SvgReader *reader;
    GArray *spans; /* of one chunk */
    double x, y;
    bool blank; /* the text so far ends in a blank or is empty */
    size_t size;
} Writer;

static void
span_clear(void *span)
{
    g_free(((Span *)span)->text);
}

/* ---- outlines ---- */

typedef struct {
    SvgPath *path;
    double x, y, scale, at_x, at_y;
} Pen;

static void
pen_move(void *data, double x, double y)
{
    Pen *pen = data;

    pen->at_x = pen->x + x * pen->scale;
    pen->at_y = pen->y - y * pen->scale;
    svg_path_move(pen->path, pen->at_x, pen->at_y);
}

static void
pen_line(void *data, double x, double y)
{
    Pen *pen = data;

    pen->at_x = pen->x + x * pen->scale;
    pen->at_y = pen->y - y * pen->scale;
    svg_path_line(pen->path, pen->at_x, pen->at_y);
}

static void
pen_curve(void *data, const double c[6])
{
    Pen *pen = data;
    double placed[6];

    for (int i = 0; i < 6; i++)
        placed[i] = i % 2 == 0 ? pen->x + c[i] * pen->scale : pen->y - c[i] * pen->scale;
    svg_path_curve(pen->path, pen->at_x, pen->at_y, placed);
    pen->at_x = placed[4];
    pen->at_y = placed[5];
}

static void
pen_close(void *data)
{
    svg_path_close(((Pen *)data)->path);
}

/* ---- fonts ---- */

static const NskFont *
find_font(SvgReader *self, const SvgLook *look)
{
    g_auto(GStrv) names = g_strsplit(look->family, ",", 20);
    g_autoptr(GError) first = NULL;

    for (size_t i = 0; names[i] != NULL; i++) {
        char *name = g_strstrip(names[i]);
        size_t length = strlen(name);
        g_autoptr(GError) error = NULL;

        if (length >= 2 && strchr("'\"", name[0]) != NULL && name[length - 1] == name[0]) {
            name[length - 1] = '\0';
            name++;
        }
        const NskFont *font =
            nsk_font_set_find(self->fonts, name, look->weight != 0, look->style != 0, &error);
        if (font != NULL)
            return font;
        if (first == NULL)
            first = g_steal_pointer(&error);
    }
    if (self->error == NULL && first != NULL) {
        g_prefix_error(&first, nsk_tr("line %u: "), nsk_xml_line(self->node));
        self->error = g_steal_pointer(&first);
    } else if (self->error == NULL) {
        svg_bad(self, "font-family", look->family);
    }
    return NULL;
}

static bool
is_from_right(const char *text)
{
    for (const char *at = text; *at != '\0'; at += g_utf8_skip[(unsigned char)*at]) {
        gunichar c = g_utf8_get_char(at);

        if ((c >= 0x590 && c < 0x900) || (c >= 0xfb1d && c < 0xfe00) || (c >= 0xfe70 && c < 0xff00))
            return true;
    }
    return false;
}

/* Appends the letters to @path if there is one; returns how wide they are, -1 with a fault. */
static double
shape(SvgReader *self, const Span *span, SvgPath *path, double x, double y)
{
    const NskFont *font = find_font(self, &span->look), *part = NULL;
    const char *at = span->text;
    static const NskFontPen callbacks = { pen_move, pen_line, pen_curve, pen_close };
    double start = x;

    if (font == NULL)
        return -1;
    for (size_t left = strlen(at), n; left > 0; at += n, left -= n) {
        n = nsk_font_set_split(self->fonts, font, at, left, &part);
        part = part != NULL ? part : font;

        g_autoptr(GArray) glyphs = g_array_new(FALSE, FALSE, sizeof(NskGlyph));
        NskShape request = { .text = at, .size = n, .font_size = EM };
        double em = span->look.font_size / EM;
        nsk_font_shape(part, &request, glyphs);
        for (guint i = 0; i < glyphs->len; i++) {
            const NskGlyph *glyph = &g_array_index(glyphs, NskGlyph, i);
            Pen pen = { path,
                        x + glyph->dx * em,
                        y - glyph->dy * em,
                        span->look.font_size / nsk_font_get_metrics(part)->units_per_em,
                        0,
                        0 };

            if (path != NULL)
                nsk_font_outline(part, glyph->id, &callbacks, &pen);
            x += glyph->advance * em;
        }
    }
    return x - start;
}

/* ---- chunks ---- */

/* Draws what has been gathered. */
static bool
flush(Writer *self)
{
    SvgReader *reader = self->reader;
    double width = 0, x = self->x, y = self->y;

    for (guint i = 0; i < self->spans->len; i++) {
        const Span *span = &g_array_index(self->spans, Span, i);
        double own = shape(reader, span, NULL, 0, 0);

        if (own < 0)
            return false;
        width += own + span->dx;
    }
    if (self->spans->len > 0)
        x -= width * g_array_index(self->spans, Span, 0).look.anchor / 2;
    for (guint i = 0; i < self->spans->len && !svg_is_full(reader); i++) {
        const Span *span = &g_array_index(self->spans, Span, i);
        SvgPath path;

        x += span->dx;
        y += span->dy;
        svg_path_init(&path);
        g_string_append(reader->form->content, "q\n");
        x += shape(reader, span, &path, x, y);
        bool ok = svg_draw(reader, &span->look, &path);
        g_string_append(reader->form->content, "Q\n");
        svg_path_clear(&path);
        if (!ok)
            return false;
    }
    self->x = x;
    self->y = y;
    g_array_set_size(self->spans, 0);
    return reader->error == NULL;
}

/* White space as section 10.15 has it by default. */
static char *
fold(Writer *self, const char *text)
{
    GString *folded = g_string_new(NULL);

    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '\n' || *at == '\r')
            continue;
        if (*at != ' ' && *at != '\t')
            g_string_append_c(folded, *at);
        else if (!self->blank)
            g_string_append_c(folded, ' ');
        self->blank = *at == ' ' || *at == '\t';
    }
    return g_string_free(folded, FALSE);
}

static bool
add_text(Writer *self, const SvgLook *look, const NskXmlNode *node, double *dx, double *dy)
{
    g_autofree char *raw = nsk_xml_text(node);
    Span span = { .look = *look, .text = fold(self, raw), .dx = *dx, .dy = *dy };

    if (*span.text == '\0') {
        g_free(span.text);
        return true;
    }
    self->size += strlen(span.text);
    g_array_append_val(self->spans, span);
    *dx = *dy = 0;
    if (self->size > MAX_TEXT)
        return svg_refuse(self->reader, nsk_tr("the size"), "text");
    return !is_from_right(span.text) ||
           svg_refuse(self->reader, nsk_tr("text from right to left"), span.text);
}

/* x, y, dx or dy: one length; places for single letters are refused. */
static bool
read_place(SvgReader *self, const char *name, double whole, double *out, bool *out_given)
{
    const char *text = nsk_xml_attr(self->node, name), *at = text;
    double two[2];

    *out_given = text != NULL;
    if (text != NULL && svg_numbers(&at, two, 2) == 2)
        return svg_refuse(self, name, text);
    return svg_length(self, name, whole, 0, out);
}

static bool
add_children(Writer *self, const NskXmlNode *node, const SvgLook *look)
{
    static const char *const refused[] = { "rotate", "textLength" };
    SvgReader *reader = self->reader;
    double x, y, dx, dy;
    bool has_x, has_y, moved;

    reader->node = node;
    for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
        if (nsk_xml_attr(node, refused[i]) != NULL)
            return svg_refuse(reader, nsk_tr("the property"), refused[i]);
    }
    if (!read_place(reader, "x", reader->view.width, &x, &has_x) ||
        !read_place(reader, "y", reader->view.height, &y, &has_y) ||
        !read_place(reader, "dx", reader->view.width, &dx, &moved) ||
        !read_place(reader, "dy", reader->view.height, &dy, &moved))
        return false;
    if (has_x || has_y) {
        if (!flush(self))
            return false;
        self->x = has_x ? x : self->x;
        self->y = has_y ? y : self->y;
    }
    for (const NskXmlNode *child = nsk_xml_first_any(node); child != NULL;
         child = nsk_xml_next_any(child)) {
        SvgLook inner;

        reader->node = node;
        if (nsk_xml_is_text(child)) {
            if (!add_text(self, look, child, &dx, &dy))
                return false;
            continue;
        }
        reader->node = child;
        if (nsk_xml_is(child, NSK_SVG_NS, "title") || nsk_xml_is(child, NSK_SVG_NS, "desc"))
            continue;
        if (!nsk_xml_is(child, NSK_SVG_NS, "tspan") || ++reader->n_elements > SVG_MAX_ELEMENTS)
            return svg_refuse(reader, nsk_tr("the element"), nsk_xml_name(child));
        if (!svg_look_read(reader, look, &inner))
            return false;
        if (inner.opacity < 1 || inner.clip != NULL)
            return svg_refuse(reader, nsk_tr("the property"), "opacity");
        if (inner.gone != 1 && !add_children(self, child, &inner))
            return false;
    }
    return true;
}

/* A blank at the end is not seen and does not count for text-anchor. */
static void
drop_last_blank(Writer *self)
{
    if (self->spans->len > 0)
        g_strchomp(g_array_index(self->spans, Span, self->spans->len - 1).text);
}

bool
svg_text(SvgReader *self, const SvgLook *look)
{
    Writer writer = { .reader = self, .blank = true };
    const NskXmlNode *node = self->node;
    bool ok;

    writer.spans = g_array_new(FALSE, FALSE, sizeof(Span));
    g_array_set_clear_func(writer.spans, span_clear);
    ok = add_children(&writer, node, look);
    drop_last_blank(&writer);
    self->node = node;
    ok = ok && flush(&writer);
    g_array_unref(writer.spans);
    return ok;
}
