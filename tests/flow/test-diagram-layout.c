/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The layout of files without diagram data: what must hold for any process.  The processes are made
 * up by a generator of numbers, the same ones on every machine.
 */
#include "diagram-helper.h"

#include <stdint.h>

#define HEAD                                                                                       \
    "<b:definitions xmlns:b='http://www.omg.org/spec/BPMN/20100524/MODEL' "                        \
    "targetNamespace='urn:contoh'>"
#define TAIL "</b:definitions>"

#define PROCESSES  200
#define NODES_MOST 16
#define END_ROOM   10 /* an arrow's line ends under its head */

/* --- What must hold --- */

typedef struct {
    const char *id;
    NskXmlNode *group;
    Box box;
} Part;

static bool
is_line(const NskXmlNode *group)
{
    return group_is(group, "sequenceFlow");
}

static GArray *
list_parts(const Picture *picture, bool lines)
{
    GArray *parts = g_array_new(FALSE, FALSE, sizeof(Part));
    g_autoptr(GList) ids =
        g_list_sort(g_hash_table_get_keys(picture->groups), (GCompareFunc)strcmp);

    for (GList *at = ids; at != NULL; at = at->next) {
        Part part = { at->data, picture_group(picture, at->data), { 0, 0, 0, 0 } };

        if (is_line(part.group) != lines)
            continue;
        part.box = picture_outline(part.group);
        g_array_append_val(parts, part);
    }
    return parts;
}

/* A boundary event stands on its activity, which stands in its sub-process. */
static bool
may_meet(const Part *a, const Part *b)
{
    return box_holds(a->box, b->box) || box_holds(b->box, a->box) ||
           group_is(a->group, "boundaryEvent") || group_is(b->group, "boundaryEvent");
}

static void
check_parts(const GArray *parts, const Box *view)
{
    for (guint i = 0; i < parts->len; i++) {
        const Part *a = &g_array_index(parts, Part, i);

        g_assert_true(box_holds(*view, a->box));
        for (guint k = i + 1; k < parts->len; k++) {
            const Part *b = &g_array_index(parts, Part, k);

            if (box_meets(a->box, b->box) && !may_meet(a, b))
                g_error("'%s' and '%s' overlap", a->id, b->id);
        }
    }
}

static Box
span(const double *a, const double *b)
{
    return (Box){ MIN(a[0], b[0]), MIN(a[1], b[1]), fabs(a[0] - b[0]) + 1, fabs(a[1] - b[1]) + 1 };
}

/* How far a point is from a box. */
static double
distance(Box box, const double *point)
{
    double x = MAX(MAX(box.x - point[0], point[0] - box.x - box.w), 0);
    double y = MAX(MAX(box.y - point[1], point[1] - box.y - box.h), 0);

    return x + y;
}

static const Part *
find_part(const GArray *parts, const char *id)
{
    for (guint i = 0; i < parts->len; i++) {
        if (strcmp(g_array_index(parts, Part, i).id, id) == 0)
            return &g_array_index(parts, Part, i);
    }
    g_error("no '%s'", id);
}

/* A line runs from border to border and through nothing.  Its id is "source-target-n". */
static void
check_line(const GArray *parts, const Part *line)
{
    NskXmlNode *path = nsk_xml_child(line->group, "path");
    g_autoptr(GArray) points = picture_points(nsk_xml_attr(path, "d"));
    g_auto(GStrv) ends = g_strsplit(line->id, "-", -1);
    const Part *source = find_part(parts, ends[0]);
    const Part *target = find_part(parts, ends[1]);

    g_assert_cmpuint(points->len, >=, 2);
    g_assert_cmpfloat(distance(source->box, &g_array_index(points, double, 0)), <, 2);
    g_assert_cmpfloat(distance(target->box, &g_array_index(points, double, 2 * (points->len - 1))),
                      <, END_ROOM);
    for (guint i = 1; i < points->len; i++) {
        Box piece = span(&g_array_index(points, double, 2 * (i - 1)),
                         &g_array_index(points, double, 2 * i));

        for (guint k = 0; k < parts->len; k++) {
            const Part *part = &g_array_index(parts, Part, k);
            Box inner = { part->box.x + 2, part->box.y + 2, part->box.w - 4, part->box.h - 4 };

            if (part == source || part == target || box_holds(part->box, source->box) ||
                group_is(part->group, "boundaryEvent"))
                continue;
            if (box_meets(piece, inner))
                g_error("line '%s' runs through '%s'", line->id, part->id);
        }
    }
}

static void
check_picture(const Picture *picture)
{
    g_autoptr(GArray) parts = list_parts(picture, false);
    g_autoptr(GArray) lines = list_parts(picture, true);

    g_assert_cmpuint(picture->issues->len, ==, 0);
    check_parts(parts, &picture->view);
    for (guint i = 0; i < lines->len; i++)
        check_line(parts, &g_array_index(lines, Part, i));
}

/* --- Processes made up --- */

/* xorshift64 (Marsaglia 2003) */
static unsigned
roll(uint64_t *state, unsigned sides)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (unsigned)(*state >> 33) % sides;
}

/* Nodes "PREFIXn" in one level; activities may have boundary events "PREFIXnbk" and, down to
 * @depth, be sub-processes. */
static void
make_level(GString *text, uint64_t *state, const char *prefix, unsigned depth)
{
    static const char *const kinds[] = {
        "task",     "userTask",    "exclusiveGateway", "parallelGateway", "intermediateThrowEvent",
        "endEvent", "callActivity"
    };
    unsigned n = 2 + roll(state, NODES_MOST - 2);
    unsigned n_edges = n - 1 + roll(state, n);
    unsigned events[NODES_MOST] = { 0 };

    for (unsigned i = 0; i < n; i++) {
        bool is_scope = depth > 0 && roll(state, 8) == 0;
        const char *kind = is_scope ? "subProcess" : kinds[roll(state, G_N_ELEMENTS(kinds))];
        g_autofree char *inner = g_strdup_printf("%s%ui", prefix, i);

        g_string_append_printf(text, "<b:%s id='%s%u' name='Naskah nomor %u'>", kind, prefix, i, i);
        if (is_scope)
            make_level(text, state, inner, depth - 1);
        g_string_append_printf(text, "</b:%s>", kind);
        if (is_scope || g_str_has_suffix(kind, "ask"))
            events[i] = roll(state, 4) == 0 ? 1 + roll(state, 3) : 0;
        for (unsigned k = 0; k < events[i]; k++)
            g_string_append_printf(
                text,
                "<b:boundaryEvent id='%s%ub%u' name='%s' "
                "attachedToRef='%s%u'><b:timerEventDefinition/></b:boundaryEvent>",
                prefix, i, k, k == 0 ? "Lewat batas" : "", prefix, i);
    }
    for (unsigned i = 0; i < n_edges; i++) {
        unsigned a = i + 1 < n ? i : roll(state, n);
        unsigned b = i + 1 < n && roll(state, 4) > 0 ? i + 1 : roll(state, n);
        g_autofree char *event = events[a] > 0 && roll(state, 2) == 0
                                     ? g_strdup_printf("b%u", roll(state, events[a]))
                                     : g_strdup("");

        g_string_append_printf(text,
                               "<b:sequenceFlow id='%s%u%s-%s%u-%u' name='%s' sourceRef='%s%u%s' "
                               "targetRef='%s%u'/>",
                               prefix, a, event, prefix, b, i, roll(state, 3) == 0 ? "Ya" : "",
                               prefix, a, event, prefix, b);
    }
}

static void
test_nothing_overlaps_and_no_line_runs_through_a_node(void)
{
    for (unsigned i = 0; i < PROCESSES; i++) {
        uint64_t state = 88172645463325252u + i * 7919u;
        g_autoptr(GString) text = g_string_new(HEAD "<b:process id='p'>");
        g_auto(Picture) picture = { 0 };

        make_level(text, &state, "n", 2);
        g_string_append(text, "</b:process>" TAIL);
        g_test_message("process %u", i);
        picture_draw(&picture, text->str);
        check_picture(&picture);
    }
}

/* --- Single cases --- */

static void
test_reads_from_left_to_right(void)
{
    g_auto(Picture) picture = { 0 };

    picture_draw(&picture,
                 HEAD "<b:process id='p'><b:endEvent id='c'/><b:task id='b'/><b:startEvent id='a'/>"
                      "<b:sequenceFlow id='a-b-0' sourceRef='a' targetRef='b'/>"
                      "<b:sequenceFlow id='b-c-1' sourceRef='b' targetRef='c'/></b:process>" TAIL);
    Box a = picture_box(&picture, "a");
    Box b = picture_box(&picture, "b");
    Box c = picture_box(&picture, "c");
    g_assert_cmpfloat(a.x + a.w, <, b.x);
    g_assert_cmpfloat(b.x + b.w, <, c.x);
    g_assert_cmpfloat_with_epsilon(a.y + a.h / 2, b.y + b.h / 2, 0.01); /* in one row */
    g_assert_cmpfloat_with_epsilon(b.y + b.h / 2, c.y + c.h / 2, 0.01);
    check_picture(&picture);
}

static void
test_a_way_back_goes_around_what_it_passes(void)
{
    g_auto(Picture) picture = { 0 };

    picture_draw(&picture,
                 HEAD "<b:process id='p'><b:task id='a'/><b:task id='b'/><b:task id='c'/>"
                      "<b:sequenceFlow id='a-b-0' sourceRef='a' targetRef='b'/>"
                      "<b:sequenceFlow id='b-c-1' sourceRef='b' targetRef='c'/>"
                      "<b:sequenceFlow id='c-a-2' sourceRef='c' targetRef='a'/></b:process>" TAIL);
    Box back = picture_box(&picture, "c-a-2");
    Box b = picture_box(&picture, "b");
    g_assert_cmpfloat(back.y, <, b.y);
    check_picture(&picture);
}

static void
test_boundary_events_stand_on_the_border(void)
{
    g_auto(Picture) picture = { 0 };

    picture_draw(&picture,
                 HEAD "<b:process id='p'><b:task id='t'/><b:boundaryEvent id='x' name='Satu' "
                      "attachedToRef='t'/><b:boundaryEvent id='y' name='Dua' attachedToRef='t'/>"
                      "</b:process>" TAIL);
    Box t = picture_box(&picture, "t");
    Box x = picture_box(&picture, "x");
    Box y = picture_box(&picture, "y");
    g_assert_cmpfloat_with_epsilon(x.y + x.h / 2, t.y + t.h, 0.01);
    g_assert_cmpfloat_with_epsilon(y.y + y.h / 2, t.y + t.h, 0.01);
    g_assert_false(box_meets(x, y));
    g_assert_cmpfloat(y.x + y.w, <=, t.x + t.w);
}

static void
test_what_is_in_a_sub_process_stands_in_it(void)
{
    g_auto(Picture) picture = { 0 };

    picture_draw(&picture,
                 HEAD "<b:process id='p'><b:subProcess id='s' name='Telaah'><b:task id='a'/>"
                      "<b:subProcess id='i'><b:task id='b'/></b:subProcess></b:subProcess>"
                      "<b:task id='c'/></b:process>" TAIL);
    g_assert_true(box_holds(picture_box(&picture, "s"), picture_box(&picture, "a")));
    g_assert_true(box_holds(picture_box(&picture, "s"), picture_box(&picture, "i")));
    g_assert_true(box_holds(picture_box(&picture, "i"), picture_box(&picture, "b")));
    g_assert_false(box_meets(picture_box(&picture, "s"), picture_box(&picture, "c")));
}

static const char pools[] = HEAD
    "<b:collaboration id='k'><b:participant id='dinas' processRef='p'/><b:participant id='luar'/>"
    "<b:messageFlow id='pesan' sourceRef='luar' targetRef='a'/></b:collaboration>"
    "<b:process id='p'><b:laneSet><b:lane id='staf' name='Staf'><b:flowNodeRef>a</b:flowNodeRef>"
    "</b:lane><b:lane id='pejabat'><b:childLaneSet><b:lane id='kabag'><b:flowNodeRef>b"
    "</b:flowNodeRef></b:lane><b:lane id='kosong'/></b:childLaneSet></b:lane></b:laneSet>"
    "<b:task id='a'/><b:task id='b'/><b:task id='c'/>"
    "<b:sequenceFlow id='a-b-0' sourceRef='a' targetRef='b'/>"
    "<b:sequenceFlow id='b-c-0' sourceRef='b' targetRef='c'/></b:process>" TAIL;

static void
test_nodes_stand_in_their_lanes_and_pools(void)
{
    g_auto(Picture) picture = { 0 };

    picture_draw(&picture, pools);
    Box dinas = picture_box(&picture, "dinas");
    Box staf = picture_box(&picture, "staf");
    Box kabag = picture_box(&picture, "kabag");
    Box kosong = picture_box(&picture, "kosong");
    g_assert_true(box_holds(staf, picture_box(&picture, "a")));
    g_assert_true(box_holds(kabag, picture_box(&picture, "b")));
    g_assert_false(box_meets(staf, kabag));
    g_assert_false(box_meets(kabag, kosong));
    g_assert_true(box_holds(picture_box(&picture, "pejabat"), kabag));
    g_assert_true(box_holds(picture_box(&picture, "pejabat"), kosong));
    g_assert_true(box_holds(dinas, staf));
    g_assert_true(box_holds(dinas, picture_box(&picture, "c"))); /* of no lane */
    g_assert_false(box_meets(staf, picture_box(&picture, "c")));
    g_assert_false(box_meets(dinas, picture_box(&picture, "luar")));
    g_assert_nonnull(picture_group(&picture, "pesan"));
}

/* Everything that BPMN has a shape or line for. */
static const char *const elements[] = {
    "adHocSubProcess",
    "businessRuleTask",
    "callActivity",
    "callChoreography",
    "choreographyTask",
    "complexGateway",
    "dataInput",
    "dataObject",
    "dataObjectReference",
    "dataOutput",
    "dataStoreReference",
    "endEvent",
    "eventBasedGateway",
    "exclusiveGateway",
    "group",
    "inclusiveGateway",
    "intermediateCatchEvent",
    "intermediateThrowEvent",
    "manualTask",
    "parallelGateway",
    "receiveTask",
    "scriptTask",
    "sendTask",
    "serviceTask",
    "startEvent",
    "subChoreography",
    "subProcess",
    "task",
    "textAnnotation",
    "transaction",
    "userTask",
    "boundaryEvent",
};

static void
test_draws_every_element(void)
{
    g_autoptr(GString) text = g_string_new(HEAD "<b:process id='p'>");
    g_auto(Picture) picture = { 0 };

    for (size_t i = 0; i < G_N_ELEMENTS(elements); i++)
        g_string_append_printf(text, "<b:%s id='%s' name='x'/>", elements[i], elements[i]);
    g_string_append(text, "</b:process>" TAIL);
    picture_draw(&picture, text->str);
    for (size_t i = 0; i < G_N_ELEMENTS(elements); i++)
        g_assert_true(group_is(picture_group(&picture, elements[i]), elements[i]));
    check_picture(&picture);
}

/* Long and wide ones are drawn too, in time. */
static void
test_draws_a_thousand_tasks(void)
{
    g_autoptr(GString) text = g_string_new(HEAD "<b:process id='p'>");
    g_auto(Picture) picture = { 0 };
    uint64_t state = 1;

    for (unsigned i = 0; i < 1000; i++)
        g_string_append_printf(text, "<b:task id='n%u'/>", i);
    for (unsigned i = 0; i < 1500; i++)
        g_string_append_printf(text, "<b:sequenceFlow id='f%u' sourceRef='n%u' targetRef='n%u'/>",
                               i, i % 1000, i < 999 ? i + 1 : roll(&state, 1000));
    g_string_append(text, "</b:process>" TAIL);
    picture_draw(&picture, text->str);
    g_assert_nonnull(picture_group(&picture, "n999"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flow/diagram-layout/nothing-overlaps-and-no-line-runs-through-a-node",
                    test_nothing_overlaps_and_no_line_runs_through_a_node);
    g_test_add_func("/flow/diagram-layout/reads-from-left-to-right", test_reads_from_left_to_right);
    g_test_add_func("/flow/diagram-layout/a-way-back-goes-around-what-it-passes",
                    test_a_way_back_goes_around_what_it_passes);
    g_test_add_func("/flow/diagram-layout/boundary-events-stand-on-the-border",
                    test_boundary_events_stand_on_the_border);
    g_test_add_func("/flow/diagram-layout/what-is-in-a-sub-process-stands-in-it",
                    test_what_is_in_a_sub_process_stands_in_it);
    g_test_add_func("/flow/diagram-layout/nodes-stand-in-their-lanes-and-pools",
                    test_nodes_stand_in_their_lanes_and_pools);
    g_test_add_func("/flow/diagram-layout/draws-every-element", test_draws_every_element);
    g_test_add_func("/flow/diagram-layout/draws-a-thousand-tasks", test_draws_a_thousand_tasks);
    return g_test_run();
}
