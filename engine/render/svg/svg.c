/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tree of an SVG to the content of a form; svg.h says what of it.
 *
 * 1. Nothing is fetched; every reference out of the drawing is refused.
 * 2. Content is bounded by NSK_LIMIT_SVG_CONTENT, elements by SVG_MAX_ELEMENTS, and what refers to
 *    itself by SVG_MAX_DEPTH.
 * 3. self->ctm is what the operators so far have made of the form's coordinates.
 */
#include "base/limits.h"
#include "base/message.h"
#include "render/svg/svg-private.h"

#include <string.h>

#define MAX_SIDE 14400 /* points, of a drawing */
#define MIN_SIDE 0.01

static bool read_element(SvgReader *self, const NskXmlNode *node, const SvgLook *around);

/* ---- forms ---- */

NskPdfForm *
svg_begin(SvgReader *self)
{
    NskPdfForm *outer = self->form;
    SvgMatrix back;
    SvgBox seen = { outer->box[0], outer->box[1], outer->box[2] - outer->box[0],
                    outer->box[3] - outer->box[1] };

    if (svg_invert(&self->ctm, &back))
        seen = svg_move_box(&back, &seen);
    self->form = nsk_pdf_form_new();
    self->form->box[0] = seen.x;
    self->form->box[1] = seen.y;
    self->form->box[2] = seen.x + seen.width;
    self->form->box[3] = seen.y + seen.height;
    return outer;
}

int
svg_end(SvgReader *self, NskPdfForm *outer)
{
    self->size += self->form->content->len;
    g_ptr_array_add(outer->parts, self->form);
    self->form = outer;
    return (int)outer->parts->len - 1;
}

void
svg_concat(SvgReader *self, const SvgMatrix *matrix)
{
    svg_put(self->form->content, matrix->v, 6, "cm\n");
    self->ctm = svg_multiply(&self->ctm, matrix);
}

/* ---- drawings within the drawing ---- */

/* The content of a symbol or svg in its viewport; of the whole the form's box cuts what sticks out.
 */
static bool
draw_viewport(SvgReader *self, const NskXmlNode *node, const SvgLook *look, const SvgBox *view)
{
    bool whole = nsk_xml_parent(node) == NULL;
    SvgBox outer = self->view;
    SvgMatrix matrix;
    bool slice;

    if (view->width <= 0 || view->height <= 0)
        return true;
    self->node = node;
    if (!svg_view_box(self, view, &matrix, &slice))
        return false;
    if (!whole && g_strcmp0(nsk_xml_attr(node, "overflow"), "visible") != 0)
        svg_clip_box(self, view);
    if (nsk_xml_attr(node, "viewBox") != NULL || !whole)
        svg_concat(self, &matrix);

    const char *text = nsk_xml_attr(node, "viewBox");
    double box[4] = { 0, 0, view->width, view->height };
    if (text != NULL)
        svg_numbers(&text, box, 4);
    self->view = (SvgBox){ box[0], box[1], box[2], box[3] };
    bool ok = svg_children(self, node, look);
    self->view = outer;
    return ok;
}

/* x, y, width and height of the node; what is absent is 0 or all of the view. */
static bool
read_box(SvgReader *self, SvgBox *out)
{
    return svg_length(self, "x", self->view.width, 0, &out->x) &&
           svg_length(self, "y", self->view.height, 0, &out->y) &&
           svg_length(self, "width", self->view.width, self->view.width, &out->width) &&
           svg_length(self, "height", self->view.height, self->view.height, &out->height);
}

static bool
draw_use(SvgReader *self, const SvgLook *look)
{
    const NskXmlNode *use = self->node;
    const char *href = svg_href(use);
    const NskXmlNode *target = href != NULL ? svg_find(self, "href", href) : NULL;
    SvgLook inner;
    SvgBox box;

    if (href == NULL)
        return true;
    if (target == NULL || !read_box(self, &box))
        return false;
    SvgMatrix moved = { { 1, 0, 0, 1, box.x, box.y } };
    svg_concat(self, &moved);
    if (!nsk_xml_is(target, NSK_SVG_NS, "symbol") && !nsk_xml_is(target, NSK_SVG_NS, "svg"))
        return read_element(self, target, look);

    /* a size that the use does not give is the target's own */
    self->node = target;
    SvgBox own;
    if (!read_box(self, &own) || !svg_look_read(self, look, &inner))
        return false;
    box.x = box.y = 0;
    if (nsk_xml_attr(use, "width") == NULL)
        box.width = own.width;
    if (nsk_xml_attr(use, "height") == NULL)
        box.height = own.height;
    return inner.gone == 1 || draw_viewport(self, target, &inner, &box);
}

/* ---- elements ---- */

/* Elements that draw nothing by themselves. */
static bool
is_silent(const char *name)
{
    static const char *const names[] = { "title",          "desc",           "metadata", "defs",
                                         "style",          "symbol",         "clipPath", "marker",
                                         "linearGradient", "radialGradient", "pattern",  "mask",
                                         "filter" };

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (strcmp(names[i], name) == 0)
            return true;
    }
    return false;
}

/* What an element other than a shape draws. */
static bool
draw_other(SvgReader *self, const SvgLook *look)
{
    const NskXmlNode *node = self->node;
    const char *name = nsk_xml_name(node);
    SvgBox box;

    if (strcmp(name, "g") == 0 || strcmp(name, "a") == 0)
        return svg_children(self, node, look);
    if (strcmp(name, "use") == 0)
        return draw_use(self, look);
    if (strcmp(name, "text") == 0)
        return svg_text(self, look);
    if (strcmp(name, "svg") == 0)
        return read_box(self, &box) && draw_viewport(self, node, look, &box);
    return svg_refuse(self, nsk_tr("the element"), name);
}

static bool
draw_content(SvgReader *self, const SvgLook *look)
{
    SvgPath path;
    bool known = false, ok;

    svg_path_init(&path);
    ok = svg_shape(self, &path, &known) && svg_clip(self, look, known ? &path : NULL) &&
         (known ? svg_draw(self, look, &path) : draw_other(self, look));
    svg_path_clear(&path);
    return ok;
}

/* Section 14.5: what is see-through as a whole is drawn as a whole first. */
static bool
draw_group(SvgReader *self, const SvgLook *look)
{
    SvgMatrix ctm = self->ctm;
    NskPdfAlpha alpha = { look->opacity, look->opacity, -1 };
    NskPdfForm *outer = svg_begin(self);
    bool ok;

    self->ctm = svg_identity();
    ok = draw_content(self, look);
    int part = svg_end(self, outer);
    self->ctm = ctm;
    g_array_append_val(outer->alphas, alpha);
    g_string_append_printf(outer->content, "/A%u gs\n/X%d Do\n", outer->alphas->len - 1, part);
    return ok;
}

static bool
draw_element(SvgReader *self, const NskXmlNode *node, const SvgLook *around)
{
    const char *transform = nsk_xml_attr(node, "transform");
    SvgMatrix ctm = self->ctm, matrix = svg_identity(), back;
    SvgLook look;
    bool ok;

    if (!svg_look_read(self, around, &look) ||
        (transform != NULL && !svg_transform(self, "transform", transform, &matrix)))
        return false;
    if (look.gone == 1 || look.opacity <= 0 || !svg_invert(&matrix, &back))
        return true;
    g_string_append(self->form->content, "q\n");
    if (transform != NULL)
        svg_concat(self, &matrix);
    ok = look.opacity < 1 ? draw_group(self, &look) : draw_content(self, &look);
    g_string_append(self->form->content, "Q\n");
    self->ctm = ctm;
    return ok && !svg_is_full(self);
}

static bool
read_element(SvgReader *self, const NskXmlNode *node, const SvgLook *around)
{
    bool ok;

    self->node = node;
    if (strcmp(nsk_xml_ns(node), NSK_SVG_NS) != 0 || is_silent(nsk_xml_name(node)))
        return true; /* what drawing programs keep for themselves */
    self->n_elements++;
    if (++self->depth > SVG_MAX_DEPTH)
        ok = svg_refuse(self, nsk_tr("the depth"), nsk_xml_name(node));
    else
        ok = draw_element(self, node, around);
    self->depth--;
    return ok;
}

bool
svg_children(SvgReader *self, const NskXmlNode *node, const SvgLook *look)
{
    for (const NskXmlNode *child = nsk_xml_first(node); child != NULL;
         child = nsk_xml_next(child)) {
        if (!read_element(self, child, look))
            return false;
    }
    return true;
}

/* ---- the whole ---- */

static void
index_ids(GHashTable *ids, const NskXmlNode *node)
{
    const char *id = nsk_xml_attr(node, "id");

    if (id != NULL && !g_hash_table_contains(ids, id))
        g_hash_table_insert(ids, (gpointer)(uintptr_t)id, (gpointer)(uintptr_t)node);
    for (const NskXmlNode *child = nsk_xml_first(node); child != NULL; child = nsk_xml_next(child))
        index_ids(ids, child);
}

/* The size of the drawing: its own, or that of its viewBox. */
static bool
read_size(SvgReader *self, double *out_width, double *out_height)
{
    const char *text = nsk_xml_attr(self->node, "viewBox"), *at = text;
    const char *width = nsk_xml_attr(self->node, "width"),
               *height = nsk_xml_attr(self->node, "height");
    double box[4] = { 0, 0, 100, 100 };

    if (text != NULL && (svg_numbers(&at, box, 4) != 4 || box[2] <= 0 || box[3] <= 0))
        return svg_bad(self, "viewBox", text);
    *out_width = box[2];
    *out_height = box[3];
    if ((width != NULL && strchr(width, '%') == NULL &&
         !svg_length(self, "width", 0, box[2], out_width)) ||
        (height != NULL && strchr(height, '%') == NULL &&
         !svg_length(self, "height", 0, box[3], out_height)))
        return false;
    return (*out_width >= MIN_SIDE && *out_height >= MIN_SIDE && *out_width <= MAX_SIDE &&
            *out_height <= MAX_SIDE) ||
           svg_bad(self, "width", width != NULL ? width : "");
}

static bool
draw_root(SvgReader *self, const NskXmlNode *root)
{
    SvgLook initial = svg_look_initial(), look;
    double width, height;

    self->node = root;
    if (!nsk_xml_is(root, NSK_SVG_NS, "svg"))
        return svg_refuse(self, nsk_tr("the element"), nsk_xml_name(root));
    if (!read_size(self, &width, &height))
        return false;
    SvgBox view = { 0, 0, width, height };
    SvgMatrix flip = { { 1, 0, 0, -1, 0, height } };
    self->view = view;
    self->form->box[2] = width;
    self->form->box[3] = height;
    svg_concat(self, &flip);
    if (!svg_style_read(self, root))
        return false;
    self->node = root;
    return svg_look_read(self, &initial, &look) && draw_viewport(self, root, &look, &view) &&
           !svg_is_full(self);
}

static void
reader_clear(SvgReader *self)
{
    g_hash_table_unref(self->ids);
    g_array_unref(self->rules);
    g_string_chunk_free(self->strings);
}

NskPdfForm *
nsk_svg_read(const NskXmlDoc *doc, const NskFontSet *fonts, GError **error)
{
    const NskXmlNode *root = nsk_xml_doc_get_root(doc);
    SvgReader self = { .fonts = fonts,
                       .form = nsk_pdf_form_new(),
                       .ctm = svg_identity(),
                       .em = 12 };
    g_autoptr(NskPdfForm) form = self.form;

    self.ids = g_hash_table_new(g_str_hash, g_str_equal);
    self.rules = g_array_new(FALSE, FALSE, sizeof(SvgRule));
    g_array_set_clear_func(self.rules, svg_rule_clear);
    self.strings = g_string_chunk_new(512);
    index_ids(self.ids, root);
    bool ok = draw_root(&self, root);
    reader_clear(&self);
    if (!ok) {
        g_propagate_error(error, self.error);
        return NULL;
    }
    return g_steal_pointer(&form);
}
