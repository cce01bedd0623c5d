/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flow/diagram.h"
#include "xml/xml.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Reading a picture back: its groups by data-id, their outlines, and the corners of lines. */

typedef struct {
    double x, y, w, h;
} Box;

typedef struct {
    NskXmlDoc *doc;
    NskXmlNode *root;
    GHashTable *groups; /* data-id -> GPtrArray of the groups of that id */
    Box view;
    NskIssues *issues;
} Picture;

static inline double
picture_number(const NskXmlNode *node, const char *name)
{
    const char *text = nsk_xml_attr(node, name);
    char *end = NULL;
    double value;

    g_assert_nonnull(text);
    value = g_ascii_strtod(text, &end);
    g_assert_cmpstr(end, ==, "");
    g_assert_true(isfinite(value));
    return value;
}

static inline void
picture_list(Picture *self, NskXmlNode *node)
{
    const char *id = nsk_xml_attr(node, "data-id");

    if (id != NULL) {
        GPtrArray *groups = g_hash_table_lookup(self->groups, id);

        if (groups == NULL) {
            groups = g_ptr_array_new();
            g_hash_table_insert(self->groups, g_strdup(id), groups);
        }
        g_ptr_array_add(groups, node);
    }
    for (NskXmlNode *child = nsk_xml_first(node); child != NULL; child = nsk_xml_next(child))
        picture_list(self, child);
}

static inline void
picture_clear(Picture *self)
{
    g_clear_pointer(&self->doc, nsk_xml_doc_free);
    g_clear_pointer(&self->groups, g_hash_table_unref);
    g_clear_pointer(&self->issues, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Picture, picture_clear)

static inline GBytes *
picture_bytes(const NskFlowDiagram *ask, const char *text, NskIssues *issues)
{
    g_autoptr(GError) error = NULL;
    GBytes *svg = nsk_flow_diagram(ask, text, strlen(text), issues, &error);

    g_assert_no_error(error);
    g_assert_nonnull(svg);
    return svg;
}

/* Draws what must be drawable. */
static inline void
picture_draw_ask(Picture *self, const NskFlowDiagram *ask, const char *text)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) view = NULL;
    size_t size;

    self->issues = nsk_issues_new();
    g_autoptr(GBytes) svg = picture_bytes(ask, text, self->issues);
    const char *data = g_bytes_get_data(svg, &size);
    self->doc = nsk_xml_parse("svg", data, size, &error);
    g_assert_no_error(error);
    self->root = nsk_xml_doc_get_root(self->doc);
    g_assert_true(nsk_xml_is(self->root, "http://www.w3.org/2000/svg", "svg"));
    self->groups =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    picture_list(self, self->root);
    view = g_strsplit(nsk_xml_attr(self->root, "viewBox"), " ", -1);
    g_assert_cmpuint(g_strv_length(view), ==, 4);
    self->view = (Box){ g_ascii_strtod(view[0], NULL), g_ascii_strtod(view[1], NULL),
                        g_ascii_strtod(view[2], NULL), g_ascii_strtod(view[3], NULL) };
}

static inline void
picture_draw(Picture *self, const char *text)
{
    NskFlowDiagram ask = { .name = "contoh.bpmn" };

    picture_draw_ask(self, &ask, text);
}

/* The only group of that id. */
static inline NskXmlNode *
picture_group(const Picture *self, const char *id)
{
    const GPtrArray *groups = g_hash_table_lookup(self->groups, id);

    g_assert_nonnull(groups);
    g_assert_cmpuint(groups->len, ==, 1);
    return g_ptr_array_index(groups, 0);
}

/* The corners of a path; control points of round corners count as corners. */
static inline GArray *
picture_points(const char *data)
{
    GArray *points = g_array_new(FALSE, FALSE, sizeof(double[2]));
    const char *p = data;

    while (*p != '\0') {
        char *end = NULL;
        double point[2];

        while (*p != '\0' && strchr("MLQCZ ", *p) != NULL)
            p++;
        if (*p == '\0')
            break;
        point[0] = g_ascii_strtod(p, &end);
        g_assert_true(end != p);
        p = end;
        point[1] = g_ascii_strtod(p, &end);
        g_assert_true(end != p);
        p = end;
        g_array_append_val(points, point);
    }
    return points;
}

/* What the first form in a group takes. */
static inline Box
picture_outline(NskXmlNode *group)
{
    NskXmlNode *form = nsk_xml_next(nsk_xml_first(group)); /* behind the title */

    g_assert_nonnull(form);
    if (strcmp(nsk_xml_name(form), "rect") == 0)
        return (Box){ picture_number(form, "x"), picture_number(form, "y"),
                      picture_number(form, "width"), picture_number(form, "height") };
    if (strcmp(nsk_xml_name(form), "circle") == 0) {
        double r = picture_number(form, "r");

        return (Box){ picture_number(form, "cx") - r, picture_number(form, "cy") - r, 2 * r,
                      2 * r };
    }
    g_assert_cmpstr(nsk_xml_name(form), ==, "path");
    g_autoptr(GArray) points = picture_points(nsk_xml_attr(form, "d"));
    Box box = { HUGE_VAL, HUGE_VAL, 0, 0 };
    double right = -HUGE_VAL;
    double bottom = -HUGE_VAL;
    for (guint i = 0; i < points->len; i++) {
        const double *point = &g_array_index(points, double, 2 * i);

        box.x = MIN(box.x, point[0]);
        box.y = MIN(box.y, point[1]);
        right = MAX(right, point[0]);
        bottom = MAX(bottom, point[1]);
    }
    box.w = right - box.x;
    box.h = bottom - box.y;
    return box;
}

static inline Box
picture_box(const Picture *self, const char *id)
{
    return picture_outline(picture_group(self, id));
}

static inline bool
box_meets(Box a, Box b)
{
    return a.x < b.x + b.w - 0.5 && b.x < a.x + a.w - 0.5 && a.y < b.y + b.h - 0.5 &&
           b.y < a.y + a.h - 0.5;
}

static inline bool
box_holds(Box outer, Box inner)
{
    return inner.x >= outer.x - 0.5 && inner.y >= outer.y - 0.5 &&
           inner.x + inner.w <= outer.x + outer.w + 0.5 &&
           inner.y + inner.h <= outer.y + outer.h + 0.5;
}

/* Whether the class of a group has @word. */
static inline bool
group_is(const NskXmlNode *group, const char *word)
{
    g_auto(GStrv) words = g_strsplit(nsk_xml_attr(group, "class"), " ", -1);

    return g_strv_contains((const char *const *)words, word);
}
