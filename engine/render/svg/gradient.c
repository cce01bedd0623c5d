/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Gradients (section 13.2) as patterns of shadings.  What a gradient does not say itself it takes
 * from the one that its href names.  Where its stops differ in opacity, a mask says how much of it
 * is seen: the same gradient in greys.
 */
#include "base/message.h"
#include "render/svg/svg-private.h"

#include <math.h>
#include <string.h>

#define MAX_CHAIN 10
#define MAX_STOPS 256
#define APART     1e-5 /* of two stops, so that their order is kept */

typedef struct {
    const NskXmlNode *chain[MAX_CHAIN]; /* from the one named to what it builds on */
    size_t n;
    bool radial, of_box;
} Server;

static bool
follow(SvgReader *self, const NskXmlNode *first, Server *server)
{
    const NskXmlNode *node = first;

    *server = (Server){ .radial = strcmp(nsk_xml_name(first), "radialGradient") == 0 };
    while (node != NULL) {
        self->node = node;
        const char *href = svg_href(node);

        if (server->n == MAX_CHAIN)
            return svg_bad(self, "href", href != NULL ? href : "");
        server->chain[server->n++] = node;
        node = href != NULL ? svg_find(self, "href", href) : NULL;
    }
    return self->error == NULL;
}

/* An attribute of the first in the chain that has it; NULL for none. */
static const char *
look_up(SvgReader *self, const Server *server, const char *name)
{
    for (size_t i = 0; i < server->n; i++) {
        self->node = server->chain[i];
        const char *text = nsk_xml_attr(self->node, name);

        if (text != NULL)
            return text;
    }
    return NULL;
}

/* A coordinate, of the box or of the drawing; the default is a share of it. */
static bool
coordinate(SvgReader *self, const Server *server, const char *name, double share, double *out)
{
    const char *text = look_up(self, server, name);
    double width = self->view.width, height = self->view.height, whole = width;

    if (server->of_box)
        whole = 1;
    else if (name[0] == 'r')
        whole = hypot(width, height) / G_SQRT2;
    else if (strchr(name, 'y') != NULL)
        whole = height;
    *out = share * whole;
    return text == NULL || svg_length_of(self, name, text, whole, out);
}

static bool
read_coords(SvgReader *self, const Server *server, double c[6])
{
    if (!server->radial)
        return coordinate(self, server, "x1", 0, &c[0]) &&
               coordinate(self, server, "y1", 0, &c[1]) &&
               coordinate(self, server, "x2", 1, &c[2]) && coordinate(self, server, "y2", 0, &c[3]);
    if (!coordinate(self, server, "cx", 0.5, &c[3]) ||
        !coordinate(self, server, "cy", 0.5, &c[4]) || !coordinate(self, server, "r", 0.5, &c[5]))
        return false;
    if (c[5] < 0)
        return svg_bad(self, "r", "");
    c[2] = 0;
    c[0] = c[3];
    c[1] = c[4];
    if (look_up(self, server, "fx") != NULL && !coordinate(self, server, "fx", 0, &c[0]))
        return false;
    if (look_up(self, server, "fy") != NULL && !coordinate(self, server, "fy", 0, &c[1]))
        return false;

    /* a focus outside is moved to the edge */
    double away = hypot(c[0] - c[3], c[1] - c[4]), most = c[5] * 0.999;
    if (away > most && away > 0) {
        c[0] = c[3] + (c[0] - c[3]) * most / away;
        c[1] = c[4] + (c[1] - c[4]) * most / away;
    }
    return true;
}

/* One stop and its opacity as a grey. */
static bool
read_stop(SvgReader *self, GArray *stops, GArray *greys)
{
    SvgLook initial = svg_look_initial(), look;
    const char *text = nsk_xml_attr(self->node, "offset"), *at = text;
    double offset = 0;

    if (!svg_look_read(self, &initial, &look))
        return false;
    if (text != NULL && (!svg_number(&at, &offset) || (*at != '\0' && strcmp(at, "%") != 0) ||
                         stops->len >= MAX_STOPS))
        return svg_bad(self, "offset", text);
    if (text != NULL && *at == '%')
        offset /= 100;

    double opacity = look.stop.kind == SVG_NO_PAINT ? 0 : look.stop_opacity;
    uint32_t grey = (uint32_t)lround(opacity * 255);
    NskPdfStop stop = { CLAMP(offset, 0, 1),
                        look.stop.kind == SVG_CURRENT ? look.color : look.stop.colour };
    NskPdfStop shade = { stop.offset, grey << 16 | grey << 8 | grey };
    g_array_append_val(stops, stop);
    g_array_append_val(greys, shade);
    return true;
}

static bool
read_stops(SvgReader *self, const Server *server, GArray *stops, GArray *greys)
{
    for (size_t i = 0; i < server->n && stops->len == 0; i++) {
        for (const NskXmlNode *child = nsk_xml_first(server->chain[i]); child != NULL;
             child = nsk_xml_next(child)) {
            self->node = child;
            if (nsk_xml_is(child, NSK_SVG_NS, "stop") && !read_stop(self, stops, greys))
                return false;
        }
    }
    self->node = server->chain[0];
    return true;
}

/* From 0 to 1, each behind the other. */
static void
tidy(GArray *stops)
{
    NskPdfStop first = g_array_index(stops, NskPdfStop, 0), *all;

    if (first.offset > 0 || stops->len == 1) {
        first.offset = 0;
        g_array_prepend_val(stops, first);
    }
    NskPdfStop last = g_array_index(stops, NskPdfStop, stops->len - 1);
    if (last.offset < 1) {
        last.offset = 1;
        g_array_append_val(stops, last);
    }
    all = (NskPdfStop *)(void *)stops->data;
    for (guint i = 1; i < stops->len; i++)
        all[i].offset = MAX(all[i].offset, all[i - 1].offset + APART);
    all[stops->len - 1].offset = 1;
    for (guint i = stops->len - 1; i > 0; i--)
        all[i - 1].offset = MIN(all[i - 1].offset, all[i].offset - APART);
    all[0].offset = 0;
}

/* From the gradient's coordinates to user space; false if nothing is drawn or there is a fault. */
static bool
find_matrix(SvgReader *self, const Server *server, const SvgPath *path, SvgMatrix *out)
{
    const char *text = look_up(self, server, "gradientTransform");
    SvgMatrix box = svg_identity(), own = svg_identity();

    if (text != NULL && !svg_transform(self, "gradientTransform", text, &own))
        return false;
    if (server->of_box)
        box = (SvgMatrix){ { path->right - path->left, 0, 0, path->bottom - path->top, path->left,
                             path->top } };
    *out = svg_multiply(&box, &own);
    return svg_invert(out, &own);
}

static void
add_gradient(NskPdfForm *form,
             const Server *server,
             const double coords[6],
             const SvgMatrix *matrix,
             GArray *stops)
{
    NskPdfGradient gradient = { .radial = server->radial, .stops = g_array_ref(stops) };

    memcpy(gradient.coords, coords, sizeof gradient.coords);
    memcpy(gradient.matrix, matrix->v, sizeof gradient.matrix);
    g_array_append_val(form->gradients, gradient);
}

/* The gradient's opacity over all that can be seen, as a part of the form. */
static int
add_mask(SvgReader *self,
         const Server *server,
         const double coords[6],
         const SvgMatrix *matrix,
         GArray *greys)
{
    NskPdfForm *outer = svg_begin(self);

    self->form->grey = true;
    add_gradient(self->form, server, coords, matrix, greys);
    g_string_append(self->form->content, "/Pattern cs /P0 scn\n");
    const double *box = self->form->box;
    svg_put(self->form->content, (double[]){ box[0], box[1], box[2] - box[0], box[3] - box[1] }, 4,
            "re f\n");
    return svg_end(self, outer);
}

static bool
are_alike(const GArray *stops)
{
    for (guint i = 1; i < stops->len; i++) {
        if (g_array_index(stops, NskPdfStop, i).colour !=
            g_array_index(stops, NskPdfStop, 0).colour)
            return false;
    }
    return true;
}

int
svg_gradient(SvgReader *self,
             const SvgPaint *paint,
             const SvgPath *path,
             int *out_mask,
             double *out_opacity)
{
    g_autoptr(GArray) stops = g_array_new(FALSE, FALSE, sizeof(NskPdfStop));
    g_autoptr(GArray) greys = g_array_new(FALSE, FALSE, sizeof(NskPdfStop));
    double coords[6] = { 0 };
    SvgMatrix matrix;
    Server server;

    *out_mask = -1;
    *out_opacity = 1;
    if (!follow(self, paint->gradient, &server))
        return -2;
    const char *spread = look_up(self, &server, "spreadMethod");
    if (spread != NULL && strcmp(spread, "pad") != 0) {
        svg_refuse(self, "spreadMethod", spread);
        return -2;
    }
    server.of_box = g_strcmp0(look_up(self, &server, "gradientUnits"), "userSpaceOnUse") != 0;
    if (!read_stops(self, &server, stops, greys) || !read_coords(self, &server, coords))
        return -2;
    if (stops->len == 0 || !find_matrix(self, &server, path, &matrix))
        return self->error != NULL ? -2 : -1;
    tidy(stops);
    tidy(greys);
    if (are_alike(greys))
        *out_opacity = (g_array_index(greys, NskPdfStop, 0).colour & 255) / 255.0;
    else
        *out_mask = add_mask(self, &server, coords, &matrix, greys);

    SvgMatrix placed = svg_multiply(&self->ctm, &matrix);
    add_gradient(self->form, &server, coords, &placed, stops);
    return (int)self->form->gradients->len - 1;
}
