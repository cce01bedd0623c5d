/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The small symbols of activities: what sort of task in the upper left corner, how it is carried
 * out in a row at the lower side (BPMN 2.0.2, sections 10.3.3, 10.3.5, 10.3.8).
 */
#include "flow/diagram-private.h"

#include <string.h>

#define SIZE 7.0 /* half the side of a marker */
#define STEP 20.0
#define MOST 5

static bool
has_child(NskXmlNode *element, const char *name)
{
    NskXmlNode *child = nsk_xml_child(element, name);

    return child != NULL && strcmp(nsk_xml_ns(child), DIAGRAM_BPMN_NS) == 0;
}

/* A pool that stands for several parties. */
static bool
is_many(const NskXmlNode *pool)
{
    NskXmlNode *multiplicity = nsk_xml_child(pool, "participantMultiplicity");
    const char *most = multiplicity != NULL ? nsk_xml_attr(multiplicity, "maximum") : NULL;

    return most != NULL && g_ascii_strtoull(most, NULL, 10) > 1;
}

/* Names of symbols, at most MOST; "box-plus" is a plus in a box. */
static unsigned
list_markers(const DiagramShape *shape, const char *markers[MOST])
{
    NskXmlNode *element = shape->element;
    NskXmlNode *many = nsk_xml_child(element, "multiInstanceLoopCharacteristics");
    const char *loop = nsk_xml_attr(element, "loopType"); /* of choreography activities */
    unsigned n = 0;

    if (shape->kind->class == DIAGRAM_POOL && is_many(element))
        markers[n++] = "parallel-instances";
    if (shape->kind->class != DIAGRAM_ACTIVITY)
        return n;
    if (has_child(element, "standardLoopCharacteristics") || g_strcmp0(loop, "Standard") == 0)
        markers[n++] = "loop";
    if (many != NULL || (loop != NULL && g_str_has_prefix(loop, "MultiInstance")))
        markers[n++] = (many != NULL && nsk_diagram_is_true(many, "isSequential", false)) ||
                               g_strcmp0(loop, "MultiInstanceSequential") == 0
                           ? "sequential-instances"
                           : "parallel-instances";
    if (nsk_diagram_is_true(element, "isForCompensation", false))
        markers[n++] = "compensateEventDefinition";
    if (strcmp(nsk_xml_name(element), "adHocSubProcess") == 0)
        markers[n++] = "ad-hoc";
    if (nsk_diagram_is_scope(element) ? !shape->is_expanded
                                      : strcmp(nsk_xml_name(element), "callActivity") == 0)
        markers[n++] = "box-plus";
    return n;
}

bool
nsk_diagram_draws_markers(const DiagramShape *shape)
{
    const char *markers[MOST];

    return list_markers(shape, markers) > 0;
}

static void
draw_marker(NskXmlNode *group, const char *name, DiagramPoint centre, const char *ink)
{
    DiagramStamp stamp = { centre, SIZE, ink, DIAGRAM_GROUND, false, 0 };
    bool is_boxed = strcmp(name, "box-plus") == 0;

    if (is_boxed) {
        DiagramBox box = { centre.x - SIZE, centre.y - SIZE, 2 * SIZE, 2 * SIZE };
        DiagramPen pen = { NULL, ink, 1.2, NULL };

        nsk_svg_box(group, &box, 0, &pen);
    }
    nsk_svg_symbol(group, is_boxed ? "plus" : name, &stamp);
}

/* An event sub-process that is drawn closed shows what starts it. */
static const char *
start_symbol(const Diagram *self, NskXmlNode *scope)
{
    NskXmlNode *start = nsk_xml_child(scope, "startEvent");

    return start != NULL && nsk_diagram_is_true(scope, "triggeredByEvent", false)
               ? nsk_diagram_event_symbol(self, start)
               : NULL;
}

void
nsk_diagram_draw_markers(const Diagram *self,
                         NskXmlNode *group,
                         const DiagramShape *shape,
                         const char *ink)
{
    const DiagramBox *box = &shape->box;
    const char *markers[MOST];
    unsigned n = list_markers(shape, markers);
    double x = box->x + box->w / 2 - (n - 1.0) * STEP / 2;
    const char *start = shape->is_expanded ? NULL : start_symbol(self, shape->element);
    const char *symbol = shape->kind->symbol != NULL ? shape->kind->symbol : start;
    DiagramStamp stamp = { { box->x + 15, box->y + 15 }, 9, ink, DIAGRAM_GROUND, false, 0 };

    if (symbol != NULL)
        nsk_svg_symbol(group, symbol, &stamp);
    if (strcmp(nsk_xml_name(shape->element), "receiveTask") == 0 &&
        nsk_diagram_is_true(shape->element, "instantiate", false)) {
        DiagramPen pen = { NULL, ink, 1.2, NULL };

        nsk_svg_circle(group, stamp.centre, 12, &pen);
    }
    for (unsigned i = 0; i < n; i++)
        draw_marker(group, markers[i], (DiagramPoint){ x + i * STEP, box->y + box->h - SIZE - 3 },
                    ink);
}
