/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Clipping (section 14.3) by one shape.  Its transforms move the pen while the path is made and are
 * undone after it; the path stays where it was drawn.
 */
#include "base/message.h"
#include "render/svg/svg-private.h"

#include <string.h>

void
svg_clip_box(SvgReader *self, const SvgBox *box)
{
    svg_put(self->form->content, (double[]){ box->x, box->y, box->width, box->height }, 4,
            "re W n\n");
}

/* The only shape within the clip path; NULL with a fault. */
static const NskXmlNode *
only_shape(SvgReader *self, const NskXmlNode *clip)
{
    const NskXmlNode *found = NULL;

    for (const NskXmlNode *child = nsk_xml_first(clip); child != NULL;
         child = nsk_xml_next(child)) {
        const char *name = nsk_xml_name(child);

        if (strcmp(nsk_xml_ns(child), NSK_SVG_NS) != 0 || strcmp(name, "title") == 0 ||
            strcmp(name, "desc") == 0)
            continue;
        self->node = child;
        if (found != NULL) {
            svg_refuse(self, "clipPath", name);
            return NULL;
        }
        found = child;
    }
    if (found != NULL && nsk_xml_is(found, NSK_SVG_NS, "use") && svg_href(found) != NULL)
        found = svg_find(self, "href", svg_href(found));
    return found;
}

/* The clip path's own transform, that of its units, and its shape's. */
static bool
find_matrix(SvgReader *self, const NskXmlNode *clip, const SvgPath *target, SvgMatrix *out)
{
    const NskXmlNode *nodes[3] = { clip, nsk_xml_first(clip), NULL };
    const char *units = nsk_xml_attr(clip, "clipPathUnits");

    *out = svg_identity();
    if (nodes[1] != NULL && nsk_xml_is(nodes[1], NSK_SVG_NS, "use"))
        nodes[2] = self->node;
    for (int i = 0; i < 3; i++) {
        const char *text = nodes[i] != NULL ? nsk_xml_attr(nodes[i], "transform") : NULL;
        SvgMatrix one = svg_identity();

        if (text != NULL && !svg_transform(self, "transform", text, &one))
            return false;
        *out = svg_multiply(out, &one);
        if (i > 0 || g_strcmp0(units, "objectBoundingBox") != 0)
            continue;
        if (target == NULL || !target->drawn)
            return svg_refuse(self, "clipPathUnits", units);
        one = (SvgMatrix){ { target->right - target->left, 0, 0, target->bottom - target->top,
                             target->left, target->top } };
        *out = svg_multiply(out, &one);
    }
    return true;
}

static bool
put_clip(SvgReader *self, const SvgPath *shape, const SvgMatrix *matrix, bool even_odd)
{
    GString *to = self->form->content;
    SvgMatrix back;

    if (!shape->drawn || !svg_invert(matrix, &back)) {
        g_string_append(to, "0 0 0 0 re W n\n"); /* nothing is left */
        return true;
    }
    svg_put(to, matrix->v, 6, "cm\n");
    g_string_append_len(to, shape->to->str, (gssize)shape->to->len);
    g_string_append(to, even_odd ? "W* n\n" : "W n\n");
    svg_put(to, back.v, 6, "cm\n");
    return true;
}

bool
svg_clip(SvgReader *self, const SvgLook *look, const SvgPath *target)
{
    const NskXmlNode *before = self->node, *shape;
    SvgLook initial = svg_look_initial(), own;
    SvgMatrix matrix = svg_identity();
    SvgPath path;
    bool known = true, ok;

    if (look->clip == NULL)
        return true;
    svg_path_init(&path);
    own = initial;
    shape = only_shape(self, look->clip);
    self->node = shape != NULL ? shape : look->clip;
    ok = self->error == NULL && (shape == NULL || find_matrix(self, look->clip, target, &matrix));
    if (ok && shape != NULL)
        ok = svg_look_read(self, &initial, &own) && svg_shape(self, &path, &known);
    if (ok && (!known || own.clip != NULL || nsk_xml_attr(look->clip, "clip-path") != NULL))
        ok = svg_refuse(self, "clipPath", nsk_xml_name(self->node));
    ok = ok && put_clip(self, &path, &matrix, own.clip_rule == 1);
    svg_path_clear(&path);
    self->node = before;
    return ok;
}
