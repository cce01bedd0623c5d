/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Properties (section 6): attributes first, then style sheets, then the style attribute.  Each row
 * of the table says how a property is read; what would change the picture in a way that is not
 * known here is refused unless it says the initial value.
 */
#include "base/message.h"
#include "render/fo/tree.h"
#include "render/svg/svg-private.h"

#include <stddef.h>
#include <string.h>

typedef struct _Row Row;

/* Puts the value into the field at @field of the look. */
typedef bool (*Set)(SvgReader *self, SvgLook *look, const Row *row, const char *value);

struct _Row {
    const char *name;
    Set set;
    size_t field;
    const char *words; /* of WORD; of FIXED: those that change nothing */
};

SvgLook
svg_look_initial(void)
{
    return (SvgLook){ .fill = { .kind = SVG_COLOUR },
                      .fill_opacity = 1,
                      .stroke_opacity = 1,
                      .stroke_width = 1,
                      .miter = 4,
                      .family = "sans-serif",
                      .font_size = 12,
                      .opacity = 1,
                      .stop = { .kind = SVG_COLOUR },
                      .stop_opacity = 1 };
}

static void *
field_of(SvgLook *look, const Row *row)
{
    return (char *)look + row->field;
}

static bool
is_word(const char *words, const char *value, int *out)
{
    g_auto(GStrv) all = g_strsplit(words, " ", 0);

    for (int i = 0; all[i] != NULL; i++) {
        if (strcmp(all[i], value) == 0) {
            *out = i;
            return true;
        }
    }
    return false;
}

static bool
set_word(SvgReader *self, SvgLook *look, const Row *row, const char *value)
{
    return is_word(row->words, value, field_of(look, row)) || svg_bad(self, row->name, value);
}

/* What has one value that is drawn. */
static bool
set_fixed(SvgReader *self, G_GNUC_UNUSED SvgLook *look, const Row *row, const char *value)
{
    int which;

    return is_word(row->words, value, &which) ||
           svg_refuse(self, nsk_tr("the property"), row->name);
}

static bool
set_length(SvgReader *self, SvgLook *look, const Row *row, const char *value)
{
    double number = 0;

    if (!svg_length_of(self, row->name, value, (self->view.width + self->view.height) / 2, &number))
        return false;
    *(double *)field_of(look, row) = number;
    return number >= 0 || svg_bad(self, row->name, value);
}

static bool
set_any_length(SvgReader *self, SvgLook *look, const Row *row, const char *value)
{
    return svg_length_of(self, row->name, value, (self->view.width + self->view.height) / 2,
                         field_of(look, row));
}

static bool
set_opacity(SvgReader *self, SvgLook *look, const Row *row, const char *value)
{
    const char *at = value;
    double number = 0;

    if (!svg_number(&at, &number) || (*at != '\0' && strcmp(at, "%") != 0))
        return svg_bad(self, row->name, value);
    *(double *)field_of(look, row) = CLAMP(*at == '%' ? number / 100 : number, 0, 1);
    return true;
}

/* A colour alone; @value may be "currentColor". */
static bool
read_colour(SvgReader *self, const char *name, const char *value, SvgPaint *paint)
{
    paint->kind = SVG_COLOUR;
    if (g_ascii_strcasecmp(value, "currentColor") == 0)
        paint->kind = SVG_CURRENT;
    else if (strcmp(value, "none") == 0 || strcmp(value, "transparent") == 0)
        paint->kind = SVG_NO_PAINT;
    else if (!nsk_fo_color_parse(value, &paint->colour))
        return svg_bad(self, name, value);
    return true;
}

static bool
set_paint(SvgReader *self, SvgLook *look, const Row *row, const char *value)
{
    SvgPaint *paint = field_of(look, row);
    const char *end = strchr(value, ')');

    if (!g_str_has_prefix(value, "url("))
        return read_colour(self, row->name, value, paint);

    g_autofree char *reference =
        end != NULL ? g_strndup(value, (gsize)(end + 1 - value)) : g_strdup(value);
    const NskXmlNode *node = svg_find(self, row->name, reference);
    if (node == NULL)
        return false;
    if (!nsk_xml_is(node, NSK_SVG_NS, "linearGradient") &&
        !nsk_xml_is(node, NSK_SVG_NS, "radialGradient"))
        return svg_refuse(self, row->name, nsk_xml_name(node));
    *paint = (SvgPaint){ .kind = SVG_GRADIENT, .gradient = node };
    return true;
}

static bool
set_stop(SvgReader *self, SvgLook *look, const Row *row, const char *value)
{
    return read_colour(self, row->name, value, field_of(look, row));
}

static bool
set_colour(SvgReader *self, SvgLook *look, const Row *row, const char *value)
{
    SvgPaint paint = { .colour = look->color };

    if (!read_colour(self, row->name, value, &paint))
        return false;
    if (paint.kind == SVG_COLOUR)
        look->color = paint.colour;
    return true;
}

static bool
set_dashes(SvgReader *self, SvgLook *look, const Row *row, const char *value)
{
    const char *at = value;
    double dashes[20], sum = 0;
    size_t n = svg_numbers(&at, dashes, G_N_ELEMENTS(dashes));

    look->dashes = NULL;
    if (strcmp(value, "none") == 0)
        return true;
    for (size_t i = 0; i < n; i++) {
        sum += dashes[i];
        if (dashes[i] < 0)
            return svg_bad(self, row->name, value);
    }
    svg_skip(&at);
    if (*at != '\0' || n == 0)
        return svg_bad(self, row->name, value);
    if (sum > 0)
        look->dashes = g_string_chunk_insert_const(self->strings, value);
    return true;
}

static bool
set_clip(SvgReader *self, SvgLook *look, const Row *row, const char *value)
{
    look->clip = NULL;
    if (strcmp(value, "none") == 0)
        return true;
    look->clip = svg_find(self, row->name, value);
    if (look->clip != NULL && !nsk_xml_is(look->clip, NSK_SVG_NS, "clipPath"))
        return svg_bad(self, row->name, value);
    return look->clip != NULL;
}

static bool
set_family(SvgReader *self, SvgLook *look, G_GNUC_UNUSED const Row *row, const char *value)
{
    look->family = g_string_chunk_insert_const(self->strings, value);
    return true;
}

static bool
set_weight(SvgReader *self, SvgLook *look, const Row *row, const char *value)
{
    const char *at = value;
    double number = 0;

    if (svg_number(&at, &number) && *at == '\0') {
        look->weight = number >= 600;
        return true;
    }
    return set_word(self, look, row, value);
}

#define LOOK(field) offsetof(SvgLook, field)

/* Sorted by name. */
static const Row rows[] = {
    { "alignment-baseline", set_fixed, 0, "auto baseline" },
    { "baseline-shift", set_fixed, 0, "baseline 0" },
    { "clip-path", set_clip, 0, NULL },
    { "clip-rule", set_word, LOOK(clip_rule), "nonzero evenodd" },
    { "color", set_colour, 0, NULL },
    { "display", set_word, LOOK(gone), "inline none block" },
    { "dominant-baseline", set_fixed, 0, "auto alphabetic" },
    { "fill", set_paint, LOOK(fill), NULL },
    { "fill-opacity", set_opacity, LOOK(fill_opacity), NULL },
    { "fill-rule", set_word, LOOK(fill_rule), "nonzero evenodd" },
    { "filter", set_fixed, 0, "none" },
    { "font", set_fixed, 0, "" },
    { "font-family", set_family, 0, NULL },
    { "font-size", set_length, LOOK(font_size), NULL },
    { "font-style", set_word, LOOK(style), "normal italic oblique" },
    { "font-variant", set_fixed, 0, "normal" },
    { "font-weight", set_weight, LOOK(weight), "normal bold" },
    { "letter-spacing", set_fixed, 0, "normal 0 0px" },
    { "marker", set_fixed, 0, "none" },
    { "marker-end", set_fixed, 0, "none" },
    { "marker-mid", set_fixed, 0, "none" },
    { "marker-start", set_fixed, 0, "none" },
    { "mask", set_fixed, 0, "none" },
    { "mix-blend-mode", set_fixed, 0, "normal" },
    { "opacity", set_opacity, LOOK(opacity), NULL },
    { "paint-order", set_fixed, 0, "normal" },
    { "stop-color", set_stop, LOOK(stop), NULL },
    { "stop-opacity", set_opacity, LOOK(stop_opacity), NULL },
    { "stroke", set_paint, LOOK(stroke), NULL },
    { "stroke-dasharray", set_dashes, 0, NULL },
    { "stroke-dashoffset", set_any_length, LOOK(dash_offset), NULL },
    { "stroke-linecap", set_word, LOOK(cap), "butt round square" },
    { "stroke-linejoin", set_word, LOOK(join), "miter round bevel" },
    { "stroke-miterlimit", set_length, LOOK(miter), NULL },
    { "stroke-opacity", set_opacity, LOOK(stroke_opacity), NULL },
    { "stroke-width", set_length, LOOK(stroke_width), NULL },
    { "text-anchor", set_word, LOOK(anchor), "start middle end" },
    { "text-decoration", set_fixed, 0, "none" },
    { "vector-effect", set_fixed, 0, "none" },
    { "visibility", set_word, LOOK(visibility), "visible hidden collapse" },
    { "word-spacing", set_fixed, 0, "normal 0 0px" },
    { "writing-mode", set_fixed, 0, "lr-tb lr horizontal-tb" },
};

static int
compare_row(const void *key, const void *row)
{
    return strcmp(key, ((const Row *)row)->name);
}

bool
svg_look_set(SvgReader *self, SvgLook *look, const char *name, const char *value)
{
    const Row *row = bsearch(name, rows, G_N_ELEMENTS(rows), sizeof *rows, compare_row);

    if (g_ascii_strncasecmp(name, "on", 2) == 0)
        return svg_refuse(self, nsk_tr("the script"), name);
    if (row == NULL)
        return true;
    g_autofree char *trimmed = g_strstrip(g_strdup(value));
    return strcmp(trimmed, "inherit") == 0 || row->set(self, look, row, trimmed);
}

bool
svg_look_read(SvgReader *self, const SvgLook *around, SvgLook *out)
{
    const char *ns, *name, *value, *style = nsk_xml_attr(self->node, "style");
    SvgLook initial = svg_look_initial();

    *out = *around;
    self->em = around->font_size;
    out->gone = 0;
    out->opacity = 1;
    out->clip = NULL;
    out->stop = initial.stop;
    out->stop_opacity = 1;
    for (size_t i = 0; nsk_xml_attr_at(self->node, i, &ns, &name, &value); i++) {
        if (ns[0] == '\0' && !svg_look_set(self, out, name, value))
            return false;
    }
    if (!svg_style_apply(self, out) || (style != NULL && !svg_style_declare(self, out, style)))
        return false;
    self->em = out->font_size;
    return true;
}
