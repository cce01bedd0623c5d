/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SVG 1.1 as vectors: shapes, paths, groups, transforms, plain colours and strokes become the
 * content of a form in the PDF.  What would be drawn but is not known here (text, gradients,
 * filters, clipping, images, scripts, transparency) is refused by name and line, for a logo with a
 * part missing is worse than none.  A pixel is a point, as for Apache FOP.
 *
 * 1. Nothing is fetched; every reference is refused.
 * 2. Content is bounded by NSK_LIMIT_SVG_CONTENT; depth and elements by the XML reader.
 */
#include "render/layout/svg.h"

#include "base/limits.h"
#include "base/message.h"

#include <math.h>
#include <string.h>

typedef struct {
    bool has_fill, has_stroke, even_odd, hidden;
    uint32_t fill, stroke, color;
    double width, miter;
    int cap, join;
    const char *dashes; /* NULL for none */
} Paint;

typedef struct {
    GString *to;
    const NskXmlNode *node; /* what is read, for messages */
    GError *error;
} Reader;

static bool read_children(Reader *self, const NskXmlNode *node, const Paint *paint);

static bool
refuse(Reader *self, const char *what, const char *name)
{
    if (self->error == NULL)
        g_set_error(&self->error, NSK_ERROR, NSK_ERROR_UNSUPPORTED,
                    nsk_tr("line %u: %s '%.60s' of SVG is not supported; draw it as plain paths"),
                    nsk_xml_line(self->node), what, name);
    return false;
}

static bool
bad(Reader *self, const char *name, const char *value)
{
    if (self->error == NULL)
        g_set_error(&self->error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("line %u: '%.40s' of SVG cannot be '%.40s'"), nsk_xml_line(self->node),
                    name, value);
    return false;
}

/* ---- numbers ---- */

/* Five decimals, which no reader of PDF tells from more. */
static void
put_real(GString *to, double value)
{
    int64_t scaled = (int64_t)llround(CLAMP(value, -1e9, 1e9) * 1e5);
    char digits[8];

    if (scaled < 0)
        g_string_append_c(to, '-');
    scaled = ABS(scaled);
    nsk_pdf_put_int(to, scaled / 100000);
    if (scaled % 100000 != 0) {
        g_snprintf(digits, sizeof digits, ".%05d", (int)(scaled % 100000));
        for (size_t i = 5; digits[i] == '0'; i--)
            digits[i] = '\0';
        g_string_append(to, digits);
    }
    g_string_append_c(to, ' ');
}

static void
put(GString *to, const double *values, size_t n, const char *operator)
{
    for (size_t i = 0; i < n; i++)
        put_real(to, values[i]);
    g_string_append(to, operator);
}

static void
skip_blanks(const char **at)
{
    while (g_ascii_isspace(**at) || **at == ',')
        (*at)++;
}

static bool
read_number(const char **at, double *out)
{
    char *end = NULL;

    skip_blanks(at);
    if (g_ascii_isalpha(**at))
        return false;
    *out = g_ascii_strtod(*at, &end);
    if (end == *at || !isfinite(*out))
        return false;
    *at = end;
    return true;
}

/* Up to @max numbers; how many there were. */
static size_t
read_numbers(const char **at, double *out, size_t max)
{
    size_t n = 0;

    while (n < max && read_number(at, &out[n]))
        n++;
    return n;
}

/* A length in points; @otherwise if there is none. */
static bool
read_length(Reader *self, const char *name, double otherwise, double *out)
{
    static const struct {
        const char *name;
        double points;
    } units[] = { { "", 1 },    { "px", 1 },          { "pt", 1 }, { "mm", 72 / 25.4 },
                  { "in", 72 }, { "cm", 720 / 25.4 }, { "pc", 12 } };
    const char *text = nsk_xml_attr(self->node, name), *at = text;

    *out = otherwise;
    if (text == NULL)
        return true;
    if (!read_number(&at, out))
        return bad(self, name, text);
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
        if (strcmp(units[i].name, at) == 0) {
            *out *= units[i].points;
            return fabs(*out) < 1e6 || bad(self, name, text);
        }
    }
    return bad(self, name, text);
}

/* ---- transforms ---- */

static bool
put_transform(Reader *self, const char *text)
{
    const char *at = text;

    for (skip_blanks(&at); *at != '\0'; skip_blanks(&at)) {
        const char *open = strchr(at, '('), *name = at;
        double v[6] = { 0 }, m[6] = { 1, 0, 0, 1, 0, 0 };

        if (open == NULL)
            return bad(self, "transform", text);
        at = open + 1;
        size_t n = read_numbers(&at, v, 6);
        skip_blanks(&at);
        double angle = v[0] * G_PI / 180;
        if (*at++ != ')' || n == 0)
            return bad(self, "transform", text);
        if (g_str_has_prefix(name, "matrix") && n == 6)
            memcpy(m, v, sizeof m);
        else if (g_str_has_prefix(name, "translate"))
            m[4] = v[0], m[5] = v[1];
        else if (g_str_has_prefix(name, "scale"))
            m[0] = v[0], m[3] = n > 1 ? v[1] : v[0];
        else if (g_str_has_prefix(name, "skewX"))
            m[2] = tan(angle);
        else if (g_str_has_prefix(name, "skewY"))
            m[1] = tan(angle);
        else if (g_str_has_prefix(name, "rotate")) {
            m[0] = m[3] = cos(angle);
            m[1] = sin(angle);
            m[2] = -m[1];
            m[4] = v[1] - m[0] * v[1] - m[2] * v[2];
            m[5] = v[2] - m[1] * v[1] - m[3] * v[2];
        } else
            return bad(self, "transform", text);
        put(self->to, m, 6, "cm\n");
    }
    return true;
}

/* ---- paths ---- */

typedef struct {
    double x, y;             /* pen */
    double start_x, start_y; /* of the subpath */
    double control_x, control_y;
    char last; /* command before, in capitals */
} Pen;

static void
move_pen(Pen *pen, double x, double y)
{
    pen->x = x;
    pen->y = y;
}

static void
curve(Reader *self, Pen *pen, const double c[6])
{
    put(self->to, c, 6, "c\n");
    pen->control_x = c[2];
    pen->control_y = c[3];
    move_pen(pen, c[4], c[5]);
}

static void
line_to(Reader *self, Pen *pen, double x, double y)
{
    put(self->to, (double[]){ x, y }, 2, "l\n");
    move_pen(pen, x, y);
}

static void
quadratic(Reader *self, Pen *pen, double cx, double cy, double x, double y)
{
    double c[6] = { pen->x + 2 * (cx - pen->x) / 3,
                    pen->y + 2 * (cy - pen->y) / 3,
                    x + 2 * (cx - x) / 3,
                    y + 2 * (cy - y) / 3,
                    x,
                    y };

    curve(self, pen, c);
    pen->control_x = cx;
    pen->control_y = cy;
}

/* Part of an ellipse around (cx, cy) as a curve of at most a quarter turn. */
typedef struct {
    double cx, cy, rx, ry, cos, sin;
} Ellipse;

static void
arc_piece(Reader *self, Pen *pen, const Ellipse *e, double from, double to)
{
    double k = 4.0 / 3 * tan((to - from) / 4);
    double u[3] = { cos(from) - k * sin(from), cos(to) + k * sin(to), cos(to) };
    double v[3] = { sin(from) + k * cos(from), sin(to) - k * cos(to), sin(to) };
    double c[6];

    for (int i = 0; i < 3; i++) {
        c[2 * i] = e->cx + e->rx * u[i] * e->cos - e->ry * v[i] * e->sin;
        c[2 * i + 1] = e->cy + e->rx * u[i] * e->sin + e->ry * v[i] * e->cos;
    }
    curve(self, pen, c);
}

static void
arc_pieces(Reader *self, Pen *pen, const Ellipse *e, double from, double sweep)
{
    int n = (int)ceil(fabs(sweep) / (G_PI / 2) - 1e-9);

    for (int i = 0; i < n; i++)
        arc_piece(self, pen, e, from + sweep * i / n, from + sweep * (i + 1) / n);
}

/* SVG 1.1, appendix F.6: from end points to centre; v is rx ry rotation large sweep x y. */
static void
arc_to(Reader *self, Pen *pen, const double v[7])
{
    double turn = v[2] * G_PI / 180, rx = fabs(v[0]), ry = fabs(v[1]);
    Ellipse e = { .cos = cos(turn), .sin = sin(turn) };
    double dx = (pen->x - v[5]) / 2, dy = (pen->y - v[6]) / 2;
    double px = e.cos * dx + e.sin * dy, py = -e.sin * dx + e.cos * dy;

    if (rx == 0 || ry == 0 || (dx == 0 && dy == 0)) {
        line_to(self, pen, v[5], v[6]);
        return;
    }
    double over = px * px / (rx * rx) + py * py / (ry * ry);
    double grow = over > 1 ? sqrt(over) : 1;
    e.rx = rx * grow;
    e.ry = ry * grow;
    double part = e.rx * e.rx * py * py + e.ry * e.ry * px * px;
    double root = sqrt(MAX(0, (e.rx * e.rx * e.ry * e.ry - part) / part));
    root = (v[3] != 0) == (v[4] != 0) ? -root : root;
    double qx = root * e.rx * py / e.ry, qy = -root * e.ry * px / e.rx;
    e.cx = e.cos * qx - e.sin * qy + (pen->x + v[5]) / 2;
    e.cy = e.sin * qx + e.cos * qy + (pen->y + v[6]) / 2;
    double from = atan2((py - qy) / e.ry, (px - qx) / e.rx);
    double sweep = atan2((-py - qy) / e.ry, (-px - qx) / e.rx) - from;
    if (v[4] != 0 && sweep < 0)
        sweep += 2 * G_PI;
    if (v[4] == 0 && sweep > 0)
        sweep -= 2 * G_PI;
    arc_pieces(self, pen, &e, from, sweep);
    move_pen(pen, v[5], v[6]);
}

/* Numbers a command takes; -1 for what is none. */
static int
arity(char command)
{
    static const char commands[] = "MLHVCSQTAZ";
    static const int numbers[] = { 2, 2, 1, 1, 6, 4, 4, 2, 7, 0 };
    const char *found = command != '\0' ? strchr(commands, command) : NULL;

    return found != NULL ? numbers[found - commands] : -1;
}

/* Where the control point before is reflected, if the command before was one of @family. */
static void
reflect(const Pen *pen, const char *family, double *x, double *y)
{
    bool smooth = pen->last != '\0' && strchr(family, pen->last) != NULL;

    *x = smooth ? 2 * pen->x - pen->control_x : pen->x;
    *y = smooth ? 2 * pen->y - pen->control_y : pen->y;
}

static void
run_command(Reader *self, Pen *pen, char command, const double v[7])
{
    double x, y;

    switch (command) {
    case 'M':
        put(self->to, v, 2, "m\n");
        move_pen(pen, v[0], v[1]);
        pen->start_x = v[0];
        pen->start_y = v[1];
        break;
    case 'L':
        line_to(self, pen, v[0], v[1]);
        break;
    case 'H':
        line_to(self, pen, v[0], pen->y);
        break;
    case 'V':
        line_to(self, pen, pen->x, v[0]);
        break;
    case 'C':
        curve(self, pen, v);
        break;
    case 'S':
        reflect(pen, "CS", &x, &y);
        curve(self, pen, (double[]){ x, y, v[0], v[1], v[2], v[3] });
        break;
    case 'Q':
        quadratic(self, pen, v[0], v[1], v[2], v[3]);
        break;
    case 'T':
        reflect(pen, "QT", &x, &y);
        quadratic(self, pen, x, y, v[0], v[1]);
        break;
    case 'A':
        arc_to(self, pen, v);
        break;
    default:
        g_string_append(self->to, "h\n");
        move_pen(pen, pen->start_x, pen->start_y);
        break;
    }
    pen->last = command;
}

static void
make_absolute(const Pen *pen, char command, int n, double v[7])
{
    if (command == 'H')
        v[0] += pen->x;
    else if (command == 'V')
        v[0] += pen->y;
    for (int i = command == 'A' ? 5 : 0; n > 1 && i < n; i++)
        v[i] += (i - (command == 'A' ? 5 : 0)) % 2 == 0 ? pen->x : pen->y;
}

/* A flag of an arc may stand without a blank after it. */
static bool
read_arguments(const char **at, char command, int n, double v[7])
{
    for (int i = 0; i < n; i++) {
        if (command == 'A' && (i == 3 || i == 4)) {
            skip_blanks(at);
            if (**at != '0' && **at != '1')
                return false;
            v[i] = *(*at)++ - '0';
        } else if (!read_number(at, &v[i])) {
            return false;
        }
    }
    return true;
}

static bool
put_path(Reader *self, const char *text)
{
    const char *at = text;
    Pen pen = { 0 };
    char letter = '\0';

    for (skip_blanks(&at); *at != '\0'; skip_blanks(&at)) {
        double v[7] = { 0 };

        if (g_ascii_isalpha(*at))
            letter = *at++;
        else if (letter == '\0' || letter == 'z' || letter == 'Z')
            return bad(self, "d", text);

        char command = g_ascii_toupper(letter);
        int n = arity(command);
        if (n < 0 || (pen.last == '\0' && command != 'M') || !read_arguments(&at, command, n, v))
            return bad(self, "d", text);
        if (letter != command)
            make_absolute(&pen, command, n, v);
        run_command(self, &pen, command, v);
        if (command == 'M')
            letter = letter == 'M' ? 'L' : 'l'; /* further pairs are lines */
        if (self->to->len > NSK_LIMIT_SVG_CONTENT)
            return refuse(self, nsk_tr("the size"), "path");
    }
    return true;
}

/* ---- shapes ---- */

static bool
put_ellipse(Reader *self, double rx, double ry)
{
    Ellipse e = { .rx = rx, .ry = ry, .cos = 1 };
    Pen pen = { 0 };

    if (!read_length(self, "cx", 0, &e.cx) || !read_length(self, "cy", 0, &e.cy))
        return false;
    put(self->to, (double[]){ e.cx + rx, e.cy }, 2, "m\n");
    arc_pieces(self, &pen, &e, 0, 2 * G_PI);
    g_string_append(self->to, "h\n");
    return true;
}

static bool
put_rounded(Reader *self, const double box[4], double rx, double ry)
{
    double x = box[0], y = box[1], w = box[2], h = box[3];
    Pen pen = { 0 };
    const double corners[4][3] = { { x + w - rx, y + ry, -G_PI / 2 },
                                   { x + w - rx, y + h - ry, 0 },
                                   { x + rx, y + h - ry, G_PI / 2 },
                                   { x + rx, y + ry, G_PI } };

    for (int i = 0; i < 4; i++) {
        Ellipse e = { corners[i][0], corners[i][1], rx, ry, 1, 0 };
        double from = corners[i][2];

        put(self->to, (double[]){ e.cx + rx * cos(from), e.cy + ry * sin(from) }, 2,
            i == 0 ? "m\n" : "l\n");
        arc_pieces(self, &pen, &e, from, G_PI / 2);
    }
    g_string_append(self->to, "h\n");
    return true;
}

static bool
put_rectangle(Reader *self)
{
    double box[4], rx, ry;

    if (!read_length(self, "x", 0, &box[0]) || !read_length(self, "y", 0, &box[1]) ||
        !read_length(self, "width", 0, &box[2]) || !read_length(self, "height", 0, &box[3]) ||
        !read_length(self, "rx", -1, &rx) || !read_length(self, "ry", rx, &ry))
        return false;
    if (box[2] <= 0 || box[3] <= 0)
        return true;
    rx = MIN(rx < 0 ? ry : rx, box[2] / 2);
    ry = MIN(ry, box[3] / 2);
    if (rx > 0 && ry > 0)
        return put_rounded(self, box, rx, ry);
    put(self->to, box, 4, "re\n");
    return true;
}

static bool
put_points(Reader *self, bool close)
{
    const char *text = nsk_xml_attr(self->node, "points"), *at = text;
    double point[2];
    bool first = true;

    if (text == NULL)
        return true;
    for (; read_numbers(&at, point, 2) == 2; first = false)
        put(self->to, point, 2, first ? "m\n" : "l\n");
    skip_blanks(&at);
    if (*at != '\0' || self->to->len > NSK_LIMIT_SVG_CONTENT)
        return bad(self, "points", text);
    if (close && !first)
        g_string_append(self->to, "h\n");
    return true;
}

static bool
put_line(Reader *self)
{
    double v[4];

    if (!read_length(self, "x1", 0, &v[0]) || !read_length(self, "y1", 0, &v[1]) ||
        !read_length(self, "x2", 0, &v[2]) || !read_length(self, "y2", 0, &v[3]))
        return false;
    put(self->to, v, 2, "m\n");
    put(self->to, v + 2, 2, "l\n");
    return true;
}

static bool
put_round(Reader *self, bool circle)
{
    double rx, ry;

    if (!read_length(self, circle ? "r" : "rx", 0, &rx) ||
        !read_length(self, circle ? "r" : "ry", 0, &ry))
        return false;
    return rx <= 0 || ry <= 0 || put_ellipse(self, rx, ry);
}

/* ---- paint ---- */

static bool
read_color(Reader *self, const char *name, const char *value, bool *out_has, uint32_t *out_color)
{
    *out_has = strcmp(value, "none") != 0;
    if (!*out_has || nsk_fo_color_parse(value, out_color))
        return true;
    return g_str_has_prefix(value, "url(") ? refuse(self, name, value) : bad(self, name, value);
}

static bool
read_choice(Reader *self, const char *name, const char *value, const char *choices, int *out)
{
    g_auto(GStrv) words = g_strsplit(choices, " ", 0);

    for (int i = 0; words[i] != NULL; i++) {
        if (strcmp(words[i], value) == 0) {
            *out = i;
            return true;
        }
    }
    return bad(self, name, value);
}

static bool
read_plain_number(Reader *self, const char *name, const char *value, double *out)
{
    const char *at = value;

    if (!read_number(&at, out) || *out < 0 || *out > 1e6)
        return bad(self, name, value);
    return *at == '\0' || strcmp(at, "px") == 0 || bad(self, name, value);
}

/* Properties that would change the picture in a way that is not known here. */
static bool
check_unknown(Reader *self, const char *name, const char *value)
{
    static const char *const drawn[] = { "clip-path",    "mask",          "filter",
                                         "marker",       "marker-end",    "marker-mid",
                                         "marker-start", "mix-blend-mode" };

    if (g_ascii_strncasecmp(name, "on", 2) == 0)
        return refuse(self, nsk_tr("the script"), name);
    for (size_t i = 0; i < G_N_ELEMENTS(drawn); i++) {
        if (strcmp(drawn[i], name) == 0 && strcmp(value, "none") != 0 &&
            strcmp(value, "normal") != 0)
            return refuse(self, nsk_tr("the property"), name);
    }
    return true;
}

static bool
read_property(Reader *self, Paint *paint, const char *name, const char *value)
{
    int choice = 0;
    double number = 1;
    bool ok = true;

    if (strcmp(value, "inherit") == 0)
        return true;
    if (strcmp(name, "fill") == 0 || strcmp(name, "stroke") == 0) {
        bool fill = name[0] == 'f';
        bool *has = fill ? &paint->has_fill : &paint->has_stroke;
        uint32_t *color = fill ? &paint->fill : &paint->stroke;

        if (strcmp(value, "currentColor") != 0)
            return read_color(self, name, value, has, color);
        *has = true;
        *color = paint->color;
        return true;
    }
    if (strcmp(name, "color") == 0)
        return nsk_fo_color_parse(value, &paint->color) || bad(self, name, value);
    if (strcmp(name, "fill-rule") == 0) {
        ok = read_choice(self, name, value, "nonzero evenodd", &choice);
        paint->even_odd = choice == 1;
        return ok;
    }
    if (strcmp(name, "stroke-width") == 0)
        return read_plain_number(self, name, value, &paint->width);
    if (strcmp(name, "stroke-miterlimit") == 0)
        return read_plain_number(self, name, value, &paint->miter);
    if (strcmp(name, "stroke-linecap") == 0)
        return read_choice(self, name, value, "butt round square", &paint->cap);
    if (strcmp(name, "stroke-linejoin") == 0)
        return read_choice(self, name, value, "miter round bevel", &paint->join);
    if (strcmp(name, "stroke-dasharray") == 0) {
        paint->dashes = strcmp(value, "none") == 0 ? NULL : g_intern_string(value);
        return true;
    }
    if (strcmp(name, "display") == 0 || strcmp(name, "visibility") == 0) {
        paint->hidden |= strcmp(value, "none") == 0 || strcmp(value, "hidden") == 0;
        return true;
    }
    if (g_str_has_suffix(name, "opacity")) {
        ok = read_plain_number(self, name, value, &number);
        return ok && (number >= 1 || refuse(self, nsk_tr("the property"), name));
    }
    return check_unknown(self, name, value);
}

static bool
read_style(Reader *self, Paint *paint, const char *style)
{
    g_auto(GStrv) parts = g_strsplit(style, ";", 200);

    for (size_t i = 0; parts[i] != NULL; i++) {
        char *colon = strchr(parts[i], ':');

        if (colon == NULL)
            continue;
        *colon = '\0';
        if (!read_property(self, paint, g_strstrip(parts[i]), g_strstrip(colon + 1)))
            return false;
    }
    return true;
}

static bool
read_paint(Reader *self, Paint *paint)
{
    const char *ns, *name, *value, *style = nsk_xml_attr(self->node, "style");

    for (size_t i = 0; nsk_xml_attr_at(self->node, i, &ns, &name, &value); i++) {
        if (ns[0] == '\0' && !read_property(self, paint, name, value))
            return false;
    }
    return style == NULL || read_style(self, paint, style);
}

static void
put_color(GString *to, uint32_t color, const char *operator)
{
    put(to,
        (double[]){ (color >> 16 & 255) / 255.0, (color >> 8 & 255) / 255.0,
                    (color & 255) / 255.0 },
        3, operator);
}

static bool
put_dashes(Reader *self, const char *text)
{
    const char *at = text;
    double dashes[20], sum = 0;
    size_t n = read_numbers(&at, dashes, G_N_ELEMENTS(dashes));

    for (size_t i = 0; i < n; i++) {
        sum += dashes[i];
        if (dashes[i] < 0)
            return bad(self, "stroke-dasharray", text);
    }
    skip_blanks(&at);
    if (*at != '\0')
        return bad(self, "stroke-dasharray", text);
    if (sum > 0) {
        g_string_append_c(self->to, '[');
        put(self->to, dashes, n, "] 0 d\n");
    }
    return true;
}

/* The state before a path; the state is saved around it. */
static bool
put_state(Reader *self, const Paint *paint)
{
    if (paint->has_fill)
        put_color(self->to, paint->fill, "rg\n");
    if (!paint->has_stroke || paint->width == 0)
        return true;
    put_color(self->to, paint->stroke, "RG\n");
    put(self->to, &paint->width, 1, "w\n");
    put(self->to, (double[]){ MAX(1, paint->miter) }, 1, "M\n");
    put(self->to, (double[]){ paint->cap }, 1, "J\n");
    put(self->to, (double[]){ paint->join }, 1, "j\n");
    return paint->dashes == NULL || put_dashes(self, paint->dashes);
}

static void
put_operator(Reader *self, const Paint *paint)
{
    bool stroke = paint->has_stroke && paint->width > 0;

    if (paint->has_fill)
        g_string_append(self->to, stroke ? "B" : "f");
    else
        g_string_append(self->to, stroke ? "S" : "n");
    g_string_append(self->to, paint->has_fill && paint->even_odd ? "*\n" : "\n");
}

/* ---- elements ---- */

static bool
put_shape(Reader *self, const char *name)
{
    const char *path = nsk_xml_attr(self->node, "d");

    if (strcmp(name, "path") == 0)
        return path == NULL || put_path(self, path);
    if (strcmp(name, "rect") == 0)
        return put_rectangle(self);
    if (strcmp(name, "circle") == 0 || strcmp(name, "ellipse") == 0)
        return put_round(self, name[0] == 'c');
    if (strcmp(name, "line") == 0)
        return put_line(self);
    if (strcmp(name, "polyline") == 0 || strcmp(name, "polygon") == 0)
        return put_points(self, name[4] == 'g');
    return refuse(self, nsk_tr("the element"), name);
}

/* Elements that draw nothing by themselves; references to what they define are refused. */
static bool
is_silent(const char *name)
{
    static const char *const names[] = { "title", "desc", "metadata", "defs" };

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (strcmp(names[i], name) == 0)
            return true;
    }
    return false;
}

static bool
read_element(Reader *self, const NskXmlNode *node, const Paint *around)
{
    const char *name = nsk_xml_name(node), *transform;
    Paint paint = *around;

    self->node = node;
    if (strcmp(nsk_xml_ns(node), NSK_SVG_NS) != 0 || is_silent(name))
        return true; /* what drawing programs keep for themselves */
    if (!read_paint(self, &paint))
        return false;
    if (paint.hidden)
        return true;
    transform = nsk_xml_attr(node, "transform");
    g_string_append(self->to, "q\n");
    if (transform != NULL && !put_transform(self, transform))
        return false;
    if (strcmp(name, "g") == 0) {
        if (!read_children(self, node, &paint))
            return false;
    } else {
        if (!put_state(self, &paint) || !put_shape(self, name))
            return false;
        put_operator(self, &paint);
    }
    g_string_append(self->to, "Q\n");
    return true;
}

static bool
read_children(Reader *self, const NskXmlNode *node, const Paint *paint)
{
    for (const NskXmlNode *child = nsk_xml_first(node); child != NULL;
         child = nsk_xml_next(child)) {
        if (!read_element(self, child, paint))
            return false;
        if (self->to->len > NSK_LIMIT_SVG_CONTENT)
            return refuse(self, nsk_tr("the size"), nsk_xml_name(child));
    }
    return true;
}

/* The size, and how the viewBox lies in it, centred and whole (preserveAspectRatio's default). */
static bool
begin(Reader *self, double *out_width, double *out_height)
{
    const char *text = nsk_xml_attr(self->node, "viewBox"), *at = text;
    const char *width = nsk_xml_attr(self->node, "width"),
               *height = nsk_xml_attr(self->node, "height");
    double box[4] = { 0, 0, 100, 100 };

    if (text != NULL && (read_numbers(&at, box, 4) != 4 || box[2] <= 0 || box[3] <= 0))
        return bad(self, "viewBox", text);
    *out_width = box[2];
    *out_height = box[3];
    if (width != NULL && strchr(width, '%') == NULL &&
        !read_length(self, "width", box[2], out_width))
        return false;
    if (height != NULL && strchr(height, '%') == NULL &&
        !read_length(self, "height", box[3], out_height))
        return false;
    if (!(*out_width > 0 && *out_height > 0 && *out_width <= 14400 && *out_height <= 14400))
        return bad(self, "width", width != NULL ? width : "");

    double m[6] = { 1, 0, 0, -1, 0, *out_height };
    if (text != NULL) {
        bool stretch = g_strcmp0(nsk_xml_attr(self->node, "preserveAspectRatio"), "none") == 0;
        double sx = *out_width / box[2], sy = *out_height / box[3], s = MIN(sx, sy);

        m[0] = stretch ? sx : s;
        m[3] = stretch ? -sy : -s;
        m[4] = (*out_width - m[0] * box[2]) / 2 - m[0] * box[0];
        m[5] = (*out_height - m[3] * box[3]) / 2 - m[3] * box[1];
    }
    put(self->to, m, 6, "cm\n");
    return true;
}

bool
nsk_svg_read(const NskXmlDoc *doc, NskPdfForm *out_form, GError **error)
{
    Reader reader = { .to = g_string_new(NULL), .node = nsk_xml_doc_get_root(doc) };
    Paint paint = { .has_fill = true, .width = 1, .miter = 4 };
    double width = 0, height = 0;
    bool ok = nsk_xml_is(reader.node, NSK_SVG_NS, "svg")
                  ? begin(&reader, &width, &height) && read_paint(&reader, &paint) &&
                        read_children(&reader, nsk_xml_doc_get_root(doc), &paint)
                  : refuse(&reader, nsk_tr("the element"), nsk_xml_name(reader.node));

    if (!ok) {
        g_string_free(reader.to, TRUE);
        g_propagate_error(error, reader.error);
        return false;
    }
    *out_form = (NskPdfForm){ .width = (NskMpt)llround(width * 1000),
                              .height = (NskMpt)llround(height * 1000),
                              .content = g_string_free_to_bytes(reader.to) };
    return true;
}
