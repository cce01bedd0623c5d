/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Basic shapes (section 9) as paths, and painting (section 11). */
#include "base/limits.h"
#include "base/message.h"
#include "render/svg/svg-private.h"

#include <math.h>
#include <string.h>

/* ---- shapes ---- */

static void
put_ellipse(SvgPath *path, double cx, double cy, double rx, double ry)
{
    SvgEllipse e = { cx, cy, rx, ry, 1, 0 };

    svg_path_move(path, cx + rx, cy);
    svg_path_arc(path, &e, 0, 2 * G_PI);
    svg_path_close(path);
}

static void
put_rounded(SvgPath *path, const double box[4], double rx, double ry)
{
    double x = box[0], y = box[1], w = box[2], h = box[3];
    const double corners[4][3] = { { x + w - rx, y + ry, -G_PI / 2 },
                                   { x + w - rx, y + h - ry, 0 },
                                   { x + rx, y + h - ry, G_PI / 2 },
                                   { x + rx, y + ry, G_PI } };

    for (int i = 0; i < 4; i++) {
        SvgEllipse e = { corners[i][0], corners[i][1], rx, ry, 1, 0 };
        double px = e.cx + rx * cos(corners[i][2]), py = e.cy + ry * sin(corners[i][2]);

        if (i == 0)
            svg_path_move(path, px, py);
        else
            svg_path_line(path, px, py);
        svg_path_arc(path, &e, corners[i][2], G_PI / 2);
    }
    svg_path_close(path);
}

static bool
put_rectangle(SvgReader *self, SvgPath *path)
{
    double width = self->view.width, height = self->view.height, box[4], rx, ry;

    if (!svg_length(self, "x", width, 0, &box[0]) || !svg_length(self, "y", height, 0, &box[1]) ||
        !svg_length(self, "width", width, 0, &box[2]) ||
        !svg_length(self, "height", height, 0, &box[3]) ||
        !svg_length(self, "rx", width, -1, &rx) || !svg_length(self, "ry", height, rx, &ry))
        return false;
    if (box[2] <= 0 || box[3] <= 0)
        return true;
    rx = MIN(rx < 0 ? ry : rx, box[2] / 2);
    ry = MIN(ry, box[3] / 2);
    if (rx > 0 && ry > 0) {
        put_rounded(path, box, rx, ry);
        return true;
    }
    svg_path_move(path, box[0], box[1]);
    svg_path_line(path, box[0] + box[2], box[1]);
    svg_path_line(path, box[0] + box[2], box[1] + box[3]);
    svg_path_line(path, box[0], box[1] + box[3]);
    svg_path_close(path);
    return true;
}

static bool
put_points(SvgReader *self, SvgPath *path, bool close)
{
    const char *text = nsk_xml_attr(self->node, "points"), *at = text;
    double point[2];
    bool first = true;

    if (text == NULL)
        return true;
    for (; svg_numbers(&at, point, 2) == 2; first = false) {
        if (first)
            svg_path_move(path, point[0], point[1]);
        else
            svg_path_line(path, point[0], point[1]);
    }
    svg_skip(&at);
    if (*at != '\0' || path->to->len > NSK_LIMIT_SVG_CONTENT)
        return svg_bad(self, "points", text);
    if (close && !first)
        svg_path_close(path);
    return true;
}

static bool
put_line(SvgReader *self, SvgPath *path)
{
    double v[4];

    if (!svg_length(self, "x1", self->view.width, 0, &v[0]) ||
        !svg_length(self, "y1", self->view.height, 0, &v[1]) ||
        !svg_length(self, "x2", self->view.width, 0, &v[2]) ||
        !svg_length(self, "y2", self->view.height, 0, &v[3]))
        return false;
    svg_path_move(path, v[0], v[1]);
    svg_path_line(path, v[2], v[3]);
    return true;
}

static bool
put_round(SvgReader *self, SvgPath *path, bool circle)
{
    double rx, ry, cx, cy, width = self->view.width, height = self->view.height;
    double both = hypot(width, height) / G_SQRT2;

    if (!svg_length(self, circle ? "r" : "rx", circle ? both : width, 0, &rx) ||
        !svg_length(self, circle ? "r" : "ry", circle ? both : height, 0, &ry) ||
        !svg_length(self, "cx", width, 0, &cx) || !svg_length(self, "cy", height, 0, &cy))
        return false;
    if (rx > 0 && ry > 0)
        put_ellipse(path, cx, cy, rx, ry);
    return true;
}

bool
svg_shape(SvgReader *self, SvgPath *path, bool *out_known)
{
    const char *name = nsk_xml_name(self->node), *data = nsk_xml_attr(self->node, "d");

    *out_known = true;
    if (strcmp(name, "path") == 0)
        return data == NULL || svg_path_read(self, path, data);
    if (strcmp(name, "rect") == 0)
        return put_rectangle(self, path);
    if (strcmp(name, "circle") == 0 || strcmp(name, "ellipse") == 0)
        return put_round(self, path, name[0] == 'c');
    if (strcmp(name, "line") == 0)
        return put_line(self, path);
    if (strcmp(name, "polyline") == 0 || strcmp(name, "polygon") == 0)
        return put_points(self, path, name[4] == 'g');
    *out_known = false;
    return true;
}

/* ---- painting ---- */

/* The pen, as far as it is not as a content stream has it at first (8.4.1 of ISO 32000-1). */
static void
put_pen(GString *to, const SvgLook *look)
{
    const char *at = look->dashes;
    double dashes[20];

    svg_put(to, &look->stroke_width, 1, "w\n");
    svg_put(to, (double[]){ MAX(1, look->miter) }, 1, "M\n");
    svg_put(to, (double[]){ look->cap }, 1, "J\n");
    svg_put(to, (double[]){ look->join }, 1, "j\n");
    if (at == NULL)
        return;
    size_t n = svg_numbers(&at, dashes, G_N_ELEMENTS(dashes));
    g_string_append_c(to, '[');
    svg_put(to, dashes, n, "] ");
    svg_put(to, &look->dash_offset, 1, "d\n");
}

static void
set_alpha(SvgReader *self, double fill, double stroke, int mask)
{
    GArray *alphas = self->form->alphas;
    NskPdfAlpha alpha = { fill, stroke, mask };
    guint number = 0;

    while (number < alphas->len) {
        const NskPdfAlpha *known = &g_array_index(alphas, NskPdfAlpha, number);

        if (known->fill == fill && known->stroke == stroke && known->mask == mask)
            break;
        number++;
    }
    if (number == alphas->len)
        g_array_append_val(alphas, alpha);
    g_string_append_printf(self->form->content, "/A%u gs\n", number);
}

/* Sets the colour or pattern; *out_drawn is false if nothing is. */
static bool
set_paint(SvgReader *self, const SvgLook *look, const SvgPath *path, bool fill, bool *out_drawn)
{
    const SvgPaint *paint = fill ? &look->fill : &look->stroke;
    double opacity = fill ? look->fill_opacity : look->stroke_opacity, own = 1;
    uint32_t colour = paint->kind == SVG_CURRENT ? look->color : paint->colour;
    int mask = -1, pattern = -1;

    *out_drawn = paint->kind != SVG_NO_PAINT && opacity > 0 && (fill || look->stroke_width > 0);
    if (!*out_drawn)
        return true;
    if (paint->kind == SVG_GRADIENT) {
        pattern = svg_gradient(self, paint, path, &mask, &own);
        *out_drawn = pattern >= 0;
        if (pattern < 0)
            return pattern == -1;
    }
    if (opacity * own < 1 || mask >= 0)
        set_alpha(self, opacity * own, opacity * own, mask);
    if (pattern >= 0)
        g_string_append_printf(self->form->content, "/Pattern %s /P%d %s\n", fill ? "cs" : "CS",
                               pattern, fill ? "scn" : "SCN");
    else
        svg_put(self->form->content,
                (double[]){ (colour >> 16 & 255) / 255.0, (colour >> 8 & 255) / 255.0,
                            (colour & 255) / 255.0 },
                3, fill ? "rg\n" : "RG\n");
    return true;
}

/* Fill and stroke that are seen through differently are two drawings. */
static bool
is_simple(const SvgLook *look)
{
    return look->fill.kind != SVG_GRADIENT && look->stroke.kind != SVG_GRADIENT &&
           look->fill_opacity >= 1 && look->stroke_opacity >= 1;
}

static bool
draw_part(SvgReader *self, const SvgLook *look, const SvgPath *path, bool fill)
{
    bool drawn = false;

    g_string_append(self->form->content, "q\n");
    if (!set_paint(self, look, path, fill, &drawn))
        return false;
    if (drawn && !fill)
        put_pen(self->form->content, look);
    if (drawn) {
        g_string_append_len(self->form->content, path->to->str, (gssize)path->to->len);
        g_string_append(self->form->content, !fill ? "S\n" : look->fill_rule == 1 ? "f*\n" : "f\n");
    }
    g_string_append(self->form->content, "Q\n");
    return true;
}

bool
svg_draw(SvgReader *self, const SvgLook *look, const SvgPath *path)
{
    bool filled = false, stroked = false;

    if (!path->drawn || look->visibility != 0)
        return true;
    if (!is_simple(look))
        return draw_part(self, look, path, true) && draw_part(self, look, path, false);
    if (!set_paint(self, look, path, true, &filled) ||
        !set_paint(self, look, path, false, &stroked))
        return false;
    if (stroked)
        put_pen(self->form->content, look);
    if (!filled && !stroked)
        return true;
    g_string_append_len(self->form->content, path->to->str, (gssize)path->to->len);
    if (filled)
        g_string_append(self->form->content, stroked ? "B" : "f");
    else
        g_string_append(self->form->content, "S");
    g_string_append(self->form->content, filled && look->fill_rule == 1 ? "*\n" : "\n");
    return true;
}
