/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pictures of workflows: what of a file is drawn, and how the pictures stand on the page.
 *
 * A file gives one picture for each collaboration and for each process outside of one, and one more
 * for each sub-process that is drawn closed, so that everything is seen somewhere.  They stand one
 * beneath the other.
 */
#include "flow/diagram.h"

#include "base/limits.h"
#include "base/message.h"
#include "flow/diagram-private.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define SVG_NS     "http://www.w3.org/2000/svg"
#define MARGIN     10.0
#define GAP        40.0 /* between pictures */
#define HEADING    18.0 /* size of the title's font */
#define SUBHEADING 14.0
#define DI_NS      "http://www.omg.org/spec/BPMN/20100524/DI"

void
nsk_diagram_warn(const Diagram *self, NskXmlNode *at, const char *format, ...)
{
    NskIssue place = { .tag = "flow-diagram",
                       .severity = NSK_SEVERITY_WARNING,
                       .file = (char *)(uintptr_t)nsk_xml_doc_get_name(self->doc),
                       .line = nsk_xml_line(at),
                       .column = nsk_xml_column(at) };
    va_list args;

    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    nsk_issues_add(self->issues, &place, "%s", text);
}

/* --- What there is --- */

static bool
is_process(NskXmlNode *node)
{
    return nsk_xml_is(node, DIAGRAM_BPMN_NS, "process") ||
           nsk_xml_is(node, DIAGRAM_BPMN_NS, "choreography");
}

static bool
is_collaboration(NskXmlNode *node)
{
    return nsk_xml_is(node, DIAGRAM_BPMN_NS, "collaboration") ||
           nsk_xml_is(node, DIAGRAM_BPMN_NS, "globalConversation");
}

static bool
is_root(NskXmlNode *node)
{
    return is_process(node) || is_collaboration(node);
}

/* Notes ids, planes and what is attached to what, in all of the file. */
static bool
list_elements(Diagram *self, NskXmlNode *node, unsigned *n_drawn, GError **error)
{
    const char *id = nsk_xml_attr(node, "id");
    bool is_bpmn = strcmp(nsk_xml_ns(node), DIAGRAM_BPMN_NS) == 0;

    GHashTable *ids = is_root(node) ? self->root_ids : self->ids;

    if (is_bpmn && id != NULL && !g_hash_table_contains(ids, id))
        g_hash_table_insert(ids, (char *)(uintptr_t)id, node);
    if (nsk_xml_is(node, DI_NS, "BPMNPlane"))
        g_ptr_array_add(self->planes, node);
    if (nsk_diagram_kind(node) != NULL && ++*n_drawn > NSK_LIMIT_DIAGRAM_SHAPES) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("%s has more than %d elements to draw, the limit here; divide it"),
                    nsk_xml_doc_get_name(self->doc), NSK_LIMIT_DIAGRAM_SHAPES);
        return false;
    }
    for (NskXmlNode *child = nsk_xml_first(node); child != NULL; child = nsk_xml_next(child)) {
        if (!list_elements(self, child, n_drawn, error))
            return false;
    }
    return true;
}

static void
list_boundary(Diagram *self, NskXmlNode *node)
{
    for (NskXmlNode *child = nsk_xml_first(node); child != NULL; child = nsk_xml_next(child)) {
        NskXmlNode *host = NULL;
        GPtrArray *events = NULL;

        list_boundary(self, child);
        if (!nsk_diagram_is_boundary(child))
            continue;
        host = nsk_diagram_find(self, nsk_xml_attr(child, "attachedToRef"));
        if (host == NULL || nsk_xml_parent(host) != node || nsk_diagram_kind(host) == NULL ||
            nsk_diagram_kind(host)->class != DIAGRAM_ACTIVITY)
            continue;
        events = g_hash_table_lookup(self->boundary, host);
        if (events == NULL) {
            events = g_ptr_array_new();
            g_hash_table_insert(self->boundary, host, events);
        }
        g_ptr_array_add(events, child);
    }
}

static void
list_marks(Diagram *self)
{
    const NskFlowDiagram *ask = self->ask;

    for (size_t i = 0; i < ask->n_marks; i++) {
        gpointer mark = (gpointer)(uintptr_t)&ask->marks[i];

        if (g_hash_table_contains(self->marks, ask->marks[i].node) ||
            (nsk_diagram_find(self, ask->marks[i].node) == NULL && ask->marks[i].name == NULL))
            continue;
        g_hash_table_insert(self->marks, (gpointer)(uintptr_t)ask->marks[i].node, mark);
        g_hash_table_insert(self->numbers, mark,
                            GUINT_TO_POINTER(g_hash_table_size(self->numbers) + 1));
    }
    for (size_t i = 0; i < ask->n_taken; i++) {
        if (!g_hash_table_contains(self->taken, ask->taken[i].flow))
            g_hash_table_insert(self->taken, (gpointer)(uintptr_t)ask->taken[i].flow,
                                (gpointer)(uintptr_t)&ask->taken[i]);
    }
}

/* --- What is drawn by itself --- */

static bool
has_anything(NskXmlNode *root)
{
    for (NskXmlNode *child = nsk_xml_first(root); child != NULL; child = nsk_xml_next(child)) {
        if (nsk_diagram_kind(child) != NULL)
            return true;
    }
    return false;
}

/* Which pool shows which process: the first that names it. */
static void
list_pools(Diagram *self)
{
    NskXmlNode *definitions = nsk_xml_doc_get_root(self->doc);

    for (NskXmlNode *node = nsk_xml_first(definitions); node != NULL; node = nsk_xml_next(node)) {
        if (!is_collaboration(node))
            continue;
        for (NskXmlNode *child = nsk_xml_first(node); child != NULL; child = nsk_xml_next(child)) {
            NskXmlNode *process = nsk_diagram_find_root(self, nsk_xml_attr(child, "processRef"));

            if (nsk_xml_is(child, DIAGRAM_BPMN_NS, "participant") && process != NULL &&
                is_process(process) && !g_hash_table_contains(self->pools, process))
                g_hash_table_insert(self->pools, process, child);
        }
    }
}

NskXmlNode *
nsk_diagram_process_of(const Diagram *self, NskXmlNode *element)
{
    NskXmlNode *process = NULL;

    if (!nsk_xml_is(element, DIAGRAM_BPMN_NS, "participant"))
        return NULL;
    process = nsk_diagram_find_root(self, nsk_xml_attr(element, "processRef"));
    return process != NULL && g_hash_table_lookup(self->pools, process) == element ? process : NULL;
}

/* Collaborations, and processes that no pool shows, in the file's order. */
static GPtrArray *
list_roots(const Diagram *self)
{
    NskXmlNode *definitions = nsk_xml_doc_get_root(self->doc);
    GPtrArray *roots = g_ptr_array_new();

    for (NskXmlNode *node = nsk_xml_first(definitions); node != NULL; node = nsk_xml_next(node)) {
        if (is_collaboration(node) && has_anything(node))
            g_ptr_array_add(roots, node);
    }
    for (NskXmlNode *node = nsk_xml_first(definitions); node != NULL; node = nsk_xml_next(node)) {
        if (is_process(node) && has_anything(node) && !g_hash_table_contains(self->pools, node))
            g_ptr_array_add(roots, node);
    }
    return roots;
}

static GPtrArray *
find_roots(const Diagram *self, GError **error)
{
    NskXmlNode *definitions = nsk_xml_doc_get_root(self->doc);
    const char *name = nsk_xml_doc_get_name(self->doc);
    NskXmlNode *process = nsk_diagram_find_root(self, self->ask->process);
    g_autoptr(GPtrArray) roots = NULL;

    if (!nsk_xml_is(definitions, DIAGRAM_BPMN_NS, "definitions")) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("%s is no BPMN 2.0 file: its root is '%s', not 'definitions' of %s"),
                    name, nsk_xml_name(definitions), DIAGRAM_BPMN_NS);
        return NULL;
    }
    if (self->ask->process != NULL && (process == NULL || !is_process(process))) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND, nsk_tr("%s has no process '%s'"), name,
                    self->ask->process);
        return NULL;
    }
    if (self->ask->process != NULL) {
        roots = g_ptr_array_new();
        g_ptr_array_add(roots, process);
        return g_steal_pointer(&roots);
    }
    roots = list_roots(self);
    if (roots->len > 0)
        return g_steal_pointer(&roots);
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("%s has nothing to draw: no process in it has an element"), name);
    return NULL;
}

/* --- Pictures --- */

/* Notes @plane for what it may show although it is not named as what it shows: the pools of its
 * collaboration, or the collaboration of its process. */
static void
note_other_use(const Diagram *self, NskXmlNode *owner, NskXmlNode *plane)
{
    NskXmlNode *pool = g_hash_table_lookup(self->pools, owner);
    GHashTable *planes = self->other_planes;

    if (pool != NULL && !g_hash_table_contains(planes, nsk_xml_parent(pool)))
        g_hash_table_insert(planes, nsk_xml_parent(pool), plane);
    for (NskXmlNode *child = is_collaboration(owner) ? nsk_xml_first(owner) : NULL; child != NULL;
         child = nsk_xml_next(child)) {
        NskXmlNode *process = nsk_diagram_process_of(self, child);

        if (process != NULL && !g_hash_table_contains(planes, process))
            g_hash_table_insert(planes, process, plane);
    }
}

/* Of several planes of one thing the first counts. */
static void
list_planes(Diagram *self)
{
    for (unsigned i = 0; i < self->planes->len; i++) {
        NskXmlNode *plane = g_ptr_array_index(self->planes, i);
        NskXmlNode *owner = nsk_diagram_find_root(self, nsk_xml_attr(plane, "bpmnElement"));

        if (owner == NULL || nsk_xml_first(plane) == NULL ||
            g_hash_table_contains(self->own_planes, owner))
            continue;
        g_hash_table_insert(self->own_planes, owner, plane);
        note_other_use(self, owner, plane);
    }
}

static DiagramPicture *
make_picture(const Diagram *self, NskXmlNode *root)
{
    NskXmlNode *own = g_hash_table_lookup(self->own_planes, root);
    NskXmlNode *plane = own != NULL ? own : g_hash_table_lookup(self->other_planes, root);
    DiagramPicture *picture = plane != NULL ? nsk_diagram_read_plane(self, plane, root) : NULL;

    return picture != NULL ? picture : nsk_diagram_lay_out(self, root);
}

static bool
has_flow_nodes(NskXmlNode *scope)
{
    for (NskXmlNode *child = nsk_xml_first(scope); child != NULL; child = nsk_xml_next(child)) {
        if (nsk_diagram_is_flow_node(nsk_diagram_kind(child)))
            return true;
    }
    return false;
}

/* The picture of @root, and of what is closed in it. */
static void
add_pictures(const Diagram *self, NskXmlNode *root, GHashTable *done, GPtrArray *pictures)
{
    g_autoptr(GPtrArray) roots = g_ptr_array_new();

    g_ptr_array_add(roots, root);
    for (unsigned i = 0; i < roots->len; i++) {
        DiagramPicture *picture = NULL;

        if (!g_hash_table_add(done, g_ptr_array_index(roots, i)))
            continue;
        picture = make_picture(self, g_ptr_array_index(roots, i));
        g_ptr_array_add(pictures, picture);
        for (unsigned k = 0; k < picture->shapes->len; k++) {
            const DiagramShape *shape = g_ptr_array_index(picture->shapes, k);

            if (nsk_diagram_is_scope(shape->element) && !shape->is_expanded &&
                has_flow_nodes(shape->element))
                g_ptr_array_add(roots, shape->element);
        }
    }
}

/* --- The page --- */

typedef struct {
    const Diagram *diagram;
    NskXmlNode *svg;
    double y;     /* where the next thing begins */
    double right; /* of all so far */
} Page;

static void
write_line(Page *page, const char *text, double size)
{
    DiagramType type = { DIAGRAM_INK, size, DIAGRAM_START, true, false };
    char *lines[] = { (char *)(uintptr_t)text, NULL };
    DiagramBox box = nsk_diagram_measure(lines, size);

    nsk_svg_text(page->svg, text, (DiagramPoint){ MARGIN, page->y + size }, &type);
    page->right = MAX(page->right, MARGIN + box.w * 1.1); /* bold */
    page->y += size * 1.6;
}

/* The name of what a picture shows; "" if it has none or the picture says it itself. */
static char *
heading_of(const Diagram *self, const DiagramPicture *picture)
{
    const char *name = nsk_xml_attr(picture->root, "name");

    if (nsk_diagram_is_scope(picture->root))
        return g_strdup_printf(nsk_tr("Inside of '%s'"), name != NULL && *name != '\0'
                                                             ? name
                                                             : nsk_diagram_id(picture->root));
    if (is_collaboration(picture->root))
        return g_strdup("");
    return nsk_diagram_name(self, picture->root);
}

static int
by_layer(gconstpointer a, gconstpointer b)
{
    const DiagramShape *x = *(const DiagramShape *const *)a;
    const DiagramShape *y = *(const DiagramShape *const *)b;

    return (int)nsk_diagram_layer(x) - (int)nsk_diagram_layer(y);
}

/* Containers, lines over them, then everything else. */
static void
draw_picture(Page *page, const DiagramPicture *picture)
{
    g_autoptr(GPtrArray) sorted = g_ptr_array_copy(picture->shapes, NULL, NULL);
    unsigned i = 0;

    g_ptr_array_set_free_func(sorted, NULL);
    g_ptr_array_sort(sorted, by_layer);
    for (; i < sorted->len; i++) {
        const DiagramShape *shape = g_ptr_array_index(sorted, i);

        if (nsk_diagram_layer(shape) >= DIAGRAM_LAYER_NODES)
            break;
        nsk_diagram_draw_shape(page->diagram, page->svg, shape);
    }
    for (unsigned k = 0; k < picture->edges->len; k++)
        nsk_diagram_draw_edge(page->diagram, page->svg, g_ptr_array_index(picture->edges, k));
    for (unsigned k = 0; k < picture->edges->len; k++)
        nsk_diagram_draw_edge_name(page->svg, g_ptr_array_index(picture->edges, k));
    for (; i < sorted->len; i++)
        nsk_diagram_draw_shape(page->diagram, page->svg, g_ptr_array_index(sorted, i));
}

static void
place_picture(Page *page, DiagramPicture *picture, bool has_heading)
{
    DiagramBox bounds = nsk_diagram_picture_bounds(picture);
    g_autofree char *heading = heading_of(page->diagram, picture);
    DiagramBox marks = { .w = -1 };

    if (bounds.w < 0)
        return;
    if (has_heading && *heading != '\0')
        write_line(page, heading, SUBHEADING);
    nsk_diagram_picture_move(picture, MARGIN - floor(bounds.x), page->y - floor(bounds.y));
    nsk_diagram_note_attached(page->diagram, picture);
    draw_picture(page, picture);
    bounds = nsk_diagram_picture_bounds(picture);
    marks = nsk_diagram_draw_marks(page->diagram, page->svg, picture);
    nsk_box_join(&bounds, &marks);
    page->right = MAX(page->right, bounds.x + bounds.w);
    page->y = ceil(bounds.y + bounds.h) + GAP;
}

static void
set_size(const Page *page)
{
    double w = ceil(page->right + MARGIN);
    double h = ceil(page->y - GAP + MARGIN);
    g_autoptr(GString) view = g_string_new(NULL);

    nsk_svg_append(view, "0 0 ", (DiagramPoint){ w, h });
    nsk_xml_set_attr(page->svg, "viewBox", view->str);
    nsk_svg_number(page->svg, "width", w);
    nsk_svg_number(page->svg, "height", h);
}

/* What the whole is called: the title given, or the name of the only process. */
static char *
title_of(const Diagram *self, const GPtrArray *pictures)
{
    const char *title = self->ask->title;
    const DiagramPicture *first = g_ptr_array_index(pictures, 0);
    g_autofree char *heading = NULL;

    if (title != NULL && *title != '\0')
        return g_strdup(title);
    heading = heading_of(self, first);
    return g_strdup(*heading != '\0' ? heading : nsk_xml_doc_get_name(self->doc));
}

static GBytes *
draw_page(const Diagram *self, const GPtrArray *pictures, GError **error)
{
    g_autoptr(NskXmlDoc) doc = nsk_xml_doc_new(SVG_NS, "svg");
    g_autofree char *title = title_of(self, pictures);
    Page page = { .diagram = self, .svg = nsk_xml_doc_get_root(doc), .y = MARGIN };
    bool has_title = self->ask->title != NULL && *self->ask->title != '\0';

    nsk_xml_set_attr(page.svg, "version", "1.1");
    nsk_xml_set_attr(page.svg, "font-family", "'Liberation Sans', Arial, Helvetica, sans-serif");
    nsk_svg_number(page.svg, "font-size", DIAGRAM_FONT_SIZE);
    nsk_xml_set_attr(page.svg, "role", "group");
    nsk_xml_set_attr(page.svg, "aria-label", title);
    (void)nsk_xml_add_text_element(page.svg, "title", title);

    NskXmlNode *ground = nsk_svg_add(page.svg, "rect");
    nsk_xml_set_attr(ground, "width", "100%");
    nsk_xml_set_attr(ground, "height", "100%");
    nsk_xml_set_attr(ground, "fill", DIAGRAM_GROUND);
    if (has_title)
        write_line(&page, title, HEADING);
    for (unsigned i = 0; i < pictures->len; i++)
        place_picture(&page, g_ptr_array_index(pictures, i), has_title || pictures->len > 1);
    DiagramBox list =
        nsk_diagram_draw_list(self, page.svg, (DiagramPoint){ MARGIN, page.y - GAP / 2 });
    if (list.w >= 0) {
        page.right = MAX(page.right, list.x + list.w);
        page.y = list.y + list.h + GAP;
    }
    set_size(&page);
    return nsk_xml_pretty(doc, error);
}

static GBytes *
draw(Diagram *self, GError **error)
{
    unsigned n_drawn = 0;
    g_autoptr(GHashTable) done = g_hash_table_new(NULL, NULL);
    g_autoptr(GPtrArray) roots = NULL;
    g_autoptr(GPtrArray) pictures =
        g_ptr_array_new_with_free_func((GDestroyNotify)nsk_diagram_picture_free);

    if (!list_elements(self, nsk_xml_doc_get_root(self->doc), &n_drawn, error))
        return NULL;
    list_boundary(self, nsk_xml_doc_get_root(self->doc));
    list_marks(self);
    list_pools(self);
    list_planes(self);
    roots = find_roots(self, error);
    for (unsigned i = 0; roots != NULL && i < roots->len; i++)
        add_pictures(self, g_ptr_array_index(roots, i), done, pictures);
    return roots != NULL ? draw_page(self, pictures, error) : NULL;
}

GBytes *
nsk_flow_diagram(const NskFlowDiagram *ask,
                 const void *data,
                 size_t size,
                 NskIssues *issues,
                 GError **error)
{
    g_autoptr(NskXmlDoc) doc = NULL;
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) root_ids = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) marks = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) numbers = g_hash_table_new(NULL, NULL);
    g_autoptr(GHashTable) taken = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) boundary =
        g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_ptr_array_unref);
    g_autoptr(GPtrArray) planes = g_ptr_array_new();
    g_autoptr(GHashTable) pools = g_hash_table_new(NULL, NULL);
    g_autoptr(GHashTable) own_planes = g_hash_table_new(NULL, NULL);
    g_autoptr(GHashTable) other_planes = g_hash_table_new(NULL, NULL);
    Diagram self = { .ask = ask,
                     .issues = issues,
                     .ids = ids,
                     .root_ids = root_ids,
                     .marks = marks,
                     .numbers = numbers,
                     .taken = taken,
                     .boundary = boundary,
                     .planes = planes,
                     .pools = pools,
                     .own_planes = own_planes,
                     .other_planes = other_planes };

    if (size > NSK_LIMIT_FLOW_SIZE) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("%s has %zu bytes; a workflow has at most %d"), ask->name, size,
                    NSK_LIMIT_FLOW_SIZE);
        return NULL;
    }
    doc = nsk_xml_parse(ask->name, data, size, error);
    if (doc == NULL)
        return NULL;
    self.doc = doc;
    return draw(&self, error);
}
