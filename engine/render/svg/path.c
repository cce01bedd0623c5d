/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Paths (section 8) as operators of a content stream, and the box around them (section 7.11). */
#include "base/limits.h"
#include "base/message.h"
#include "render/svg/svg-private.h"

#include <math.h>
#include <string.h>

void
svg_path_init(SvgPath *self)
{
    *self = (SvgPath){ .to = g_string_new(NULL) };
}

void
svg_path_clear(SvgPath *self)
{
    g_string_free(self->to, TRUE);
}

static void
touch(SvgPath *self, double x, double y)
{
    self->left = self->drawn ? MIN(self->left, x) : x;
    self->right = self->drawn ? MAX(self->right, x) : x;
    self->top = self->drawn ? MIN(self->top, y) : y;
    self->bottom = self->drawn ? MAX(self->bottom, y) : y;
    self->drawn = true;
}

void
svg_path_move(SvgPath *self, double x, double y)
{
    svg_put(self->to, (double[]){ x, y }, 2, "m\n");
    touch(self, x, y);
}

void
svg_path_line(SvgPath *self, double x, double y)
{
    svg_put(self->to, (double[]){ x, y }, 2, "l\n");
    touch(self, x, y);
}

static double
bezier(const double p[4], double t)
{
    double s = 1 - t;

    return s * s * s * p[0] + 3 * s * s * t * p[1] + 3 * s * t * t * p[2] + t * t * t * p[3];
}

/* Where between its ends the curve of one coordinate turns round; how often. */
static int
turns(const double p[4], double out[2])
{
    double a = p[3] - 3 * p[2] + 3 * p[1] - p[0], b = 2 * (p[2] - 2 * p[1] + p[0]), c = p[1] - p[0];
    double root = b * b - 4 * a * c, t[2];
    int n = 0;

    if (fabs(a) < 1e-12) {
        t[0] = t[1] = fabs(b) < 1e-12 ? -1 : -c / b;
    } else {
        t[0] = root < 0 ? -1 : (-b + sqrt(root)) / (2 * a);
        t[1] = root < 0 ? -1 : (-b - sqrt(root)) / (2 * a);
    }
    for (int i = 0; i < 2; i++) {
        if (t[i] > 0 && t[i] < 1)
            out[n++] = t[i];
    }
    return n;
}

void
svg_path_curve(SvgPath *self, double x, double y, const double c[6])
{
    const double xs[4] = { x, c[0], c[2], c[4] }, ys[4] = { y, c[1], c[3], c[5] };
    double t[2];

    svg_put(self->to, c, 6, "c\n");
    touch(self, c[4], c[5]);
    for (int n = turns(xs, t); n > 0; n--)
        touch(self, bezier(xs, t[n - 1]), bezier(ys, t[n - 1]));
    for (int n = turns(ys, t); n > 0; n--)
        touch(self, bezier(xs, t[n - 1]), bezier(ys, t[n - 1]));
}

void
svg_path_close(SvgPath *self)
{
    g_string_append(self->to, "h\n");
}

/* At most a quarter turn. */
static void
arc_piece(SvgPath *self, const SvgEllipse *e, double from, double to)
{
    double k = 4.0 / 3 * tan((to - from) / 4);
    double u[4] = { cos(from) - k * sin(from), cos(to) + k * sin(to), cos(to), cos(from) };
    double v[4] = { sin(from) + k * cos(from), sin(to) - k * cos(to), sin(to), sin(from) };
    double c[8];

    for (int i = 0; i < 4; i++) {
        c[2 * i] = e->cx + e->rx * u[i] * e->cos - e->ry * v[i] * e->sin;
        c[2 * i + 1] = e->cy + e->rx * u[i] * e->sin + e->ry * v[i] * e->cos;
    }
    svg_path_curve(self, c[6], c[7], c);
}

void
svg_path_arc(SvgPath *self, const SvgEllipse *e, double from, double sweep)
{
    int n = (int)ceil(fabs(sweep) / (G_PI / 2) - 1e-9);

    for (int i = 0; i < n; i++)
        arc_piece(self, e, from + sweep * i / n, from + sweep * (i + 1) / n);
}

/* ---- commands (section 8.3) ---- */

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
curve(SvgPath *self, Pen *pen, const double c[6])
{
    svg_path_curve(self, pen->x, pen->y, c);
    pen->control_x = c[2];
    pen->control_y = c[3];
    move_pen(pen, c[4], c[5]);
}

static void
line_to(SvgPath *self, Pen *pen, double x, double y)
{
    svg_path_line(self, x, y);
    move_pen(pen, x, y);
}

static void
quadratic(SvgPath *self, Pen *pen, double cx, double cy, double x, double y)
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

/* SVG 1.1, appendix F.6: from end points to centre; v is rx ry rotation large sweep x y. */
static void
arc_to(SvgPath *self, Pen *pen, const double v[7])
{
    double turn = v[2] * G_PI / 180, rx = fabs(v[0]), ry = fabs(v[1]);
    SvgEllipse e = { .cos = cos(turn), .sin = sin(turn) };
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
    svg_path_arc(self, &e, from, sweep);
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
run_command(SvgPath *self, Pen *pen, char command, const double v[7])
{
    double x, y;

    switch (command) {
    case 'M':
        svg_path_move(self, v[0], v[1]);
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
        svg_path_close(self);
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
            svg_skip(at);
            if (**at != '0' && **at != '1')
                return false;
            v[i] = *(*at)++ - '0';
        } else if (!svg_number(at, &v[i])) {
            return false;
        }
    }
    return true;
}

bool
svg_path_read(SvgReader *reader, SvgPath *self, const char *text)
{
    const char *at = text;
    Pen pen = { 0 };
    char letter = '\0';

    for (svg_skip(&at); *at != '\0'; svg_skip(&at)) {
        double v[7] = { 0 };

        if (g_ascii_isalpha(*at))
            letter = *at++;
        else if (letter == '\0' || letter == 'z' || letter == 'Z')
            return svg_bad(reader, "d", text);

        char command = g_ascii_toupper(letter);
        int n = arity(command);
        if (n < 0 || (pen.last == '\0' && command != 'M') || !read_arguments(&at, command, n, v))
            return svg_bad(reader, "d", text);
        if (letter != command)
            make_absolute(&pen, command, n, v);
        run_command(self, &pen, command, v);
        if (command == 'M')
            letter = letter == 'M' ? 'L' : 'l'; /* further pairs are lines */
        if (self->to->len > NSK_LIMIT_SVG_CONTENT)
            return svg_refuse(reader, nsk_tr("the size"), "path");
    }
    return true;
}
