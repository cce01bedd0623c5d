/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values of attributes: numbers, lengths, transforms (section 7.6), viewports (7.7, 7.8),
 * references. */
#include "base/limits.h"
#include "base/message.h"
#include "render/svg/svg-private.h"

#include <math.h>
#include <string.h>

#define XLINK_NS "http://www.w3.org/1999/xlink"

#define MAX_SCALE 1e6 /* of a viewport to its viewBox */

bool
svg_refuse(SvgReader *self, const char *what, const char *name)
{
    if (self->error == NULL)
        g_set_error(&self->error, NSK_ERROR, NSK_ERROR_UNSUPPORTED,
                    nsk_tr("line %u: %s '%.60s' of SVG is not supported; draw it as plain paths"),
                    nsk_xml_line(self->node), what, name);
    return false;
}

bool
svg_bad(SvgReader *self, const char *name, const char *value)
{
    if (self->error == NULL)
        g_set_error(&self->error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("line %u: '%.40s' of SVG cannot be '%.40s'"), nsk_xml_line(self->node),
                    name, value);
    return false;
}

bool
svg_is_full(SvgReader *self)
{
    if (self->size + self->form->content->len <= NSK_LIMIT_SVG_CONTENT &&
        self->n_elements <= SVG_MAX_ELEMENTS)
        return false;
    if (self->error == NULL)
        g_set_error(&self->error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("line %u: the SVG draws more than can be printed; draw it with fewer "
                           "paths"),
                    nsk_xml_line(self->node));
    return true;
}

void
svg_put(GString *to, const double *values, size_t n, const char *operator)
{
    for (size_t i = 0; i < n; i++) {
        nsk_pdf_put_real(to, values[i]);
        g_string_append_c(to, ' ');
    }
    g_string_append(to, operator);
}

void
svg_skip(const char **at)
{
    while (g_ascii_isspace(**at) || **at == ',')
        (*at)++;
}

bool
svg_number(const char **at, double *out)
{
    char *end = NULL;

    svg_skip(at);
    if (g_ascii_isalpha(**at))
        return false;
    *out = g_ascii_strtod(*at, &end);
    if (end == *at || !isfinite(*out))
        return false;
    *at = end;
    return true;
}

/* Up to @max numbers; how many there were. */
size_t
svg_numbers(const char **at, double *out, size_t max)
{
    size_t n = 0;

    while (n < max && svg_number(at, &out[n]))
        n++;
    return n;
}

bool
svg_length_of(SvgReader *self, const char *name, const char *text, double whole, double *out)
{
    const struct {
        const char *name;
        double points;
    } units[] = { { "", 1 },           { "px", 1 },        { "pt", 1 },
                  { "mm", 72 / 25.4 }, { "in", 72 },       { "cm", 720 / 25.4 },
                  { "pc", 12 },        { "em", self->em }, { "%", whole / 100 } };
    const char *at = text;

    if (!svg_number(&at, out))
        return svg_bad(self, name, text);
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
        if (strcmp(units[i].name, at) == 0) {
            *out *= units[i].points;
            return fabs(*out) < 1e6 || svg_bad(self, name, text);
        }
    }
    return svg_bad(self, name, text);
}

bool
svg_length(SvgReader *self, const char *name, double whole, double otherwise, double *out)
{
    const char *text = nsk_xml_attr(self->node, name);

    *out = otherwise;
    return text == NULL || strcmp(text, "auto") == 0 || svg_length_of(self, name, text, whole, out);
}

/* ---- transforms ---- */

SvgMatrix
svg_identity(void)
{
    return (SvgMatrix){ { 1, 0, 0, 1, 0, 0 } };
}

SvgMatrix
svg_multiply(const SvgMatrix *outer, const SvgMatrix *inner)
{
    const double *a = outer->v, *b = inner->v;

    return (SvgMatrix){ { a[0] * b[0] + a[2] * b[1], a[1] * b[0] + a[3] * b[1],
                          a[0] * b[2] + a[2] * b[3], a[1] * b[2] + a[3] * b[3],
                          a[0] * b[4] + a[2] * b[5] + a[4], a[1] * b[4] + a[3] * b[5] + a[5] } };
}

bool
svg_invert(const SvgMatrix *self, SvgMatrix *out)
{
    const double *m = self->v;
    double det = m[0] * m[3] - m[1] * m[2];

    if (!(fabs(det) > 1e-12))
        return false;
    *out = (SvgMatrix){ { m[3] / det, -m[1] / det, -m[2] / det, m[0] / det,
                          (m[2] * m[5] - m[3] * m[4]) / det, (m[1] * m[4] - m[0] * m[5]) / det } };
    return true;
}

SvgBox
svg_move_box(const SvgMatrix *self, const SvgBox *box)
{
    const double *m = self->v;
    double left = 0, right = 0, top = 0, bottom = 0;

    for (int i = 0; i < 4; i++) {
        double x = box->x + (i % 2) * box->width, y = box->y + (i / 2) * box->height;
        double px = m[0] * x + m[2] * y + m[4], py = m[1] * x + m[3] * y + m[5];

        left = i == 0 ? px : MIN(left, px);
        right = i == 0 ? px : MAX(right, px);
        top = i == 0 ? py : MIN(top, py);
        bottom = i == 0 ? py : MAX(bottom, py);
    }
    return (SvgBox){ left, top, right - left, bottom - top };
}

/* One function of @n numbers; false if it is none. */
static bool
read_function(const char *name, size_t length, const double v[6], size_t n, SvgMatrix *out)
{
    double angle = v[0] * G_PI / 180, *m = out->v;
    g_autofree char *word = g_strchomp(g_strndup(name, length));

    *out = svg_identity();
    if (strcmp(word, "matrix") == 0 && n == 6) {
        memcpy(m, v, sizeof out->v);
    } else if (strcmp(word, "translate") == 0 && n <= 2) {
        m[4] = v[0];
        m[5] = v[1];
    } else if (strcmp(word, "scale") == 0 && n <= 2) {
        m[0] = v[0];
        m[3] = n > 1 ? v[1] : v[0];
    } else if (strcmp(word, "skewX") == 0 && n == 1) {
        m[2] = tan(angle);
    } else if (strcmp(word, "skewY") == 0 && n == 1) {
        m[1] = tan(angle);
    } else if (strcmp(word, "rotate") == 0 && (n == 1 || n == 3)) {
        m[0] = m[3] = cos(angle);
        m[1] = sin(angle);
        m[2] = -m[1];
        m[4] = v[1] - m[0] * v[1] - m[2] * v[2];
        m[5] = v[2] - m[1] * v[1] - m[3] * v[2];
    } else {
        return false;
    }
    return true;
}

bool
svg_transform(SvgReader *self, const char *name, const char *text, SvgMatrix *out)
{
    const char *at = text;

    *out = svg_identity();
    for (svg_skip(&at); *at != '\0'; svg_skip(&at)) {
        const char *open = strchr(at, '('), *word = at;
        double v[6] = { 0 };
        SvgMatrix one;

        if (open == NULL)
            return svg_bad(self, name, text);
        at = open + 1;
        size_t n = svg_numbers(&at, v, 6);
        svg_skip(&at);
        if (*at++ != ')' || n == 0 || !read_function(word, (size_t)(open - word), v, n, &one))
            return svg_bad(self, name, text);
        *out = svg_multiply(out, &one);
    }
    for (int i = 0; i < 6; i++) {
        if (!(fabs(out->v[i]) < 1e9))
            return svg_bad(self, name, text);
    }
    return true;
}

/* ---- viewports ---- */

/* Blanks in a row as one, none at the ends. */
static char *
fold_blanks(const char *text)
{
    GString *folded = g_string_new(NULL);

    for (const char *at = text; *at != '\0'; at++) {
        if (!g_ascii_isspace(*at))
            g_string_append_c(folded, *at);
        else if (folded->len > 0 && folded->str[folded->len - 1] != ' ')
            g_string_append_c(folded, ' ');
    }
    return g_strchomp(g_string_free(folded, FALSE));
}

/* "xMidYMid meet": shares of the room that is left, and whether it is filled by cutting. */
static bool
read_ratio(SvgReader *self, double share[2], bool *out_none, bool *out_slice)
{
    static const char *const words[] = { "Min", "Mid", "Max" };
    const char *text = nsk_xml_attr(self->node, "preserveAspectRatio");
    g_autofree char *folded = fold_blanks(text != NULL ? text : "xMidYMid");
    g_auto(GStrv) parts = g_strsplit(folded, " ", 3);
    guint n = g_strv_length(parts);
    bool ok = n > 0 && n <= 2;

    *out_none = ok && strcmp(parts[0], "none") == 0;
    *out_slice = ok && n == 2 && strcmp(parts[1], "slice") == 0;
    ok = ok && (n == 1 || *out_slice || strcmp(parts[1], "meet") == 0);
    for (int axis = 0; ok && !*out_none && axis < 2; axis++) {
        const char *word = strlen(parts[0]) == 8 ? parts[0] + (ptrdiff_t)4 * axis : "";

        ok = *word == (axis == 0 ? 'x' : 'Y');
        share[axis] = -1;
        for (int i = 0; ok && i < 3; i++) {
            if (strncmp(word + 1, words[i], 3) == 0)
                share[axis] = i / 2.0;
        }
        ok = ok && share[axis] >= 0;
    }
    return ok || svg_bad(self, "preserveAspectRatio", text);
}

bool
svg_view_box(SvgReader *self, const SvgBox *view, SvgMatrix *out, bool *out_clip)
{
    const char *text = nsk_xml_attr(self->node, "viewBox"), *at = text;
    double box[4], share[2] = { 0, 0 };
    bool none = false, slice = false;

    *out = (SvgMatrix){ { 1, 0, 0, 1, view->x, view->y } };
    *out_clip = false;
    if (text == NULL)
        return true;
    if (svg_numbers(&at, box, 4) != 4 || box[2] <= 0 || box[3] <= 0)
        return svg_bad(self, "viewBox", text);
    if (!read_ratio(self, share, &none, &slice))
        return false;

    double sx = view->width / box[2], sy = view->height / box[3];
    if (!none)
        sx = sy = slice ? MAX(sx, sy) : MIN(sx, sy);
    if (!(sx < MAX_SCALE && sy < MAX_SCALE && fabs(box[0]) < 1e6 && fabs(box[1]) < 1e6))
        return svg_bad(self, "viewBox", text);
    *out_clip = slice;
    *out =
        (SvgMatrix){ { sx, 0, 0, sy, view->x + share[0] * (view->width - sx * box[2]) - sx * box[0],
                       view->y + share[1] * (view->height - sy * box[3]) - sy * box[1] } };
    return true;
}

/* ---- references ---- */

const char *
svg_href(const NskXmlNode *node)
{
    const char *plain = nsk_xml_attr(node, "href");

    return plain != NULL ? plain : nsk_xml_attr_ns(node, XLINK_NS, "href");
}

const NskXmlNode *
svg_find(SvgReader *self, const char *what, const char *reference)
{
    g_autofree char *id = g_strstrip(g_strdup(reference));
    size_t length = strlen(id);

    if (g_str_has_prefix(id, "url(") && id[length - 1] == ')') {
        id[length - 1] = '\0';
        memmove(id, id + 4, length - 4);
        g_strstrip(id);
        length = strlen(id);
        if (length >= 2 && (id[0] == '"' || id[0] == '\'') && id[length - 1] == id[0]) {
            id[length - 1] = '\0';
            memmove(id, id + 1, length - 1);
        }
    }
    if (id[0] != '#') {
        if (self->error == NULL)
            g_set_error(&self->error, NSK_ERROR, NSK_ERROR_UNSUPPORTED,
                        nsk_tr("line %u: %s '%.60s' of SVG leads out of the drawing, and nothing "
                               "is fetched; put what it names into the drawing"),
                        nsk_xml_line(self->node), what, reference);
        return NULL;
    }
    const NskXmlNode *node = g_hash_table_lookup(self->ids, id + 1);
    if (node == NULL)
        svg_bad(self, what, reference);
    return node;
}
