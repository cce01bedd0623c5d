/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The token game that the checker plays: the same gateways, joins and scopes as in a step, with
 * answers that are given instead of evaluated.
 */
#include "flow-helper.h"
#include "flow/flow-private.h"

#define TASK(id)   "<b:userTask id='" id "'/>"
#define FLOW(a, b) "<b:sequenceFlow id='" a "-" b "' sourceRef='" a "' targetRef='" b "'/>"
#define WHEN(a, b)                                                                                 \
    "<b:sequenceFlow id='" a "-" b "' sourceRef='" a "' targetRef='" b "'>"                        \
    "<b:conditionExpression>$x = 1</b:conditionExpression></b:sequenceFlow>"
#define ENDS "<b:startEvent id='s'/><b:endEvent id='e'/>"

typedef struct {
    bool answer;
    unsigned count;
    GString *path;
    const NskFlow *flow;
} World;

static bool
answer(void *data, G_GNUC_UNUSED const FlowAsk *ask)
{
    return ((World *)data)->answer;
}

static unsigned
count(void *data, G_GNUC_UNUSED unsigned node)
{
    return ((World *)data)->count;
}

static void
visit(void *data, unsigned node, G_GNUC_UNUSED unsigned edge, G_GNUC_UNUSED unsigned scope)
{
    World *self = data;

    g_string_append_printf(self->path, "%s%s", self->path->len > 0 ? " " : "",
                           nsk_flow_node(self->flow, node)->task.id);
}

/* Makes the @index-th move; tells the nodes that were visited. */
static NskFlowState *
play(const NskFlow *flow, NskFlowState *state, guint index, World world, const char *wanted)
{
    g_autoptr(GString) path = g_string_new(NULL);
    g_autoptr(GArray) moves = nsk_flow_moves(flow, state);
    NskFlowState *next = NULL;
    NskFlowFault fault = { 0 };

    world.path = path;
    world.flow = flow;
    const FlowDecider decider = { .test = answer, .count = count, .visit = visit, .data = &world };
    g_assert_cmpuint(index, <, moves->len);
    g_assert_true(nsk_flow_play(flow, state, &g_array_index(moves, FlowMove, index), &decider,
                                &next, &fault));
    g_assert_cmpstr(path->str, ==, wanted);
    nsk_flow_state_unref(state);
    return next;
}

static void
test_conditions_are_asked(void)
{
    g_autoptr(NskFlow) flow = helper_process(
        ENDS TASK("a") TASK("b") "<b:exclusiveGateway id='g' default='g-b'/>" FLOW("s", "g")
            WHEN("g", "a") FLOW("g", "b") FLOW("a", "e") FLOW("b", "e"));
    NskFlowState *yes = play(flow, NULL, 0, (World){ .answer = true }, "s g a");
    NskFlowState *no = play(flow, NULL, 0, (World){ .answer = false }, "s g b");
    g_autofree char *one = nsk_flow_state_shape(yes, flow);
    g_autofree char *other = nsk_flow_state_shape(no, flow);

    g_assert_cmpstr(one, !=, other);
    no = play(flow, no, 0, (World){ 0 }, "e");
    g_assert_true(nsk_flow_state_is_ended(no));
    nsk_flow_state_unref(yes);
    nsk_flow_state_unref(no);
}

static void
test_no_way_out_is_a_fault(void)
{
    g_autoptr(NskFlow) flow =
        helper_process(ENDS TASK("a") TASK("b") "<b:exclusiveGateway id='g'/>" FLOW("s", "g")
                           WHEN("g", "a") WHEN("g", "b") FLOW("a", "e") FLOW("b", "e"));
    World world = { .answer = false };
    const FlowDecider decider = { .test = answer, .count = count, .data = &world };
    const FlowMove move = { .type = NSK_FLOW_START, .node = FLOW_NONE };
    g_autoptr(NskFlowState) next = NULL;
    NskFlowFault fault = { 0 };

    g_assert_false(nsk_flow_play(flow, NULL, &move, &decider, &next, &fault));
    g_assert_cmpint(fault.class, ==, NSK_FLOW_FAULT_NO_FLOW);
    g_assert_cmpstr(fault.node, ==, "g");
}

/* Two ways to the same marking have the same shape, whatever the numbers of their tokens. */
static void
test_shape_forgets_the_order(void)
{
    g_autoptr(NskFlow) flow = helper_process(
        ENDS TASK("a") TASK("b") TASK("c") TASK("d") "<b:parallelGateway id='g'/>" FLOW("s", "g")
            FLOW("g", "a") FLOW("g", "b") FLOW("a", "c") FLOW("b", "d") FLOW("c", "e")
                FLOW("d", "e"));
    NskFlowState *first = play(flow, NULL, 0, (World){ 0 }, "s g a b");
    NskFlowState *second = nsk_flow_state_ref(first);

    first = play(flow, first, 0, (World){ 0 }, "c");
    first = play(flow, first, 0, (World){ 0 }, "d");
    second = play(flow, second, 1, (World){ 0 }, "d");
    g_autofree char *between = nsk_flow_state_shape(second, flow);
    second = play(flow, second, 0, (World){ 0 }, "c");
    g_autofree char *one = nsk_flow_state_shape(first, flow);
    g_autofree char *other = nsk_flow_state_shape(second, flow);

    g_assert_cmpstr(one, ==, other);
    g_assert_cmpstr(one, !=, between);
    nsk_flow_state_unref(first);
    nsk_flow_state_unref(second);
}

static void
test_deadlock_is_an_incident_of_the_state(void)
{
    g_autoptr(NskFlow) flow = helper_process(
        ENDS TASK("a") TASK("b") "<b:exclusiveGateway id='g' default='g-b'/>"
                                 "<b:parallelGateway id='j'/>" FLOW("s", "g") WHEN("g", "a")
                                     FLOW("g", "b") FLOW("a", "j") FLOW("b", "j") FLOW("j", "e"));
    NskFlowState *state = play(flow, NULL, 0, (World){ .answer = true }, "s g a");
    const char *node = NULL;

    g_assert_cmpint(nsk_flow_state_incident(state, &node), ==, NSK_FLOW_FAULT_NONE);
    state = play(flow, state, 0, (World){ 0 }, "j");
    g_assert_cmpint(nsk_flow_state_incident(state, &node), ==, NSK_FLOW_FAULT_DEADLOCK);
    g_assert_cmpstr(node, ==, "j");
    g_autoptr(GArray) moves = nsk_flow_moves(flow, state);
    g_assert_cmpuint(moves->len, ==, 0);
    nsk_flow_state_unref(state);
}

/* What may come of itself may come at any moment: the timer, and the error of the service. */
static void
test_events_beside_are_moves(void)
{
    static const struct {
        NskFlowEventType type;
        const char *name;
        const char *visited;
    } wanted[] = {
        { NSK_FLOW_SERVICE_DONE, NULL, "e" },
        { NSK_FLOW_SERVICE_FAILED, "E1", "salah a" },
        { NSK_FLOW_TIMER, NULL, "lewat a" },
    };
    g_autofree char *text = g_strconcat(
        HEAD "<b:error id='er' errorCode='E1'/><b:process id='pr' isExecutable='true'>" ENDS TASK(
            "a") "<b:serviceTask id='k' n:service='dispatch'/>"
                 "<b:boundaryEvent id='salah' attachedToRef='k'><b:errorEventDefinition "
                 "errorRef='er'/></b:boundaryEvent>"
                 "<b:boundaryEvent id='lewat' attachedToRef='k'><b:timerEventDefinition>"
                 "<b:timeDuration>PT1H</b:timeDuration></b:timerEventDefinition>"
                 "</b:boundaryEvent>" FLOW("s", "k") FLOW("k", "e") FLOW("salah", "a")
                     FLOW("lewat", "a") FLOW("a", "e") "</b:process>\n" TAIL,
        NULL);
    g_autoptr(NskFlow) flow = helper_parse(text);
    NskFlowState *state = play(flow, NULL, 0, (World){ 0 }, "s k");
    g_autoptr(GArray) moves = nsk_flow_moves(flow, state);

    g_assert_cmpuint(moves->len, ==, G_N_ELEMENTS(wanted));
    for (guint i = 0; i < moves->len; i++) {
        const FlowMove *move = &g_array_index(moves, FlowMove, i);

        g_assert_cmpint(move->type, ==, wanted[i].type);
        g_assert_cmpstr(move->name, ==, wanted[i].name);
        nsk_flow_state_unref(
            play(flow, nsk_flow_state_ref(state), i, (World){ 0 }, wanted[i].visited));
    }
    nsk_flow_state_unref(state);
}

static void
test_instances_are_counted_by_the_decider(void)
{
    g_autoptr(NskFlow) flow = helper_process(
        ENDS "<b:userTask id='m'><b:multiInstanceLoopCharacteristics><b:loopCardinality>$n"
             "</b:loopCardinality></b:multiInstanceLoopCharacteristics></b:userTask>" FLOW("s", "m")
                 FLOW("m", "e"));
    NskFlowState *none = play(flow, NULL, 0, (World){ .count = 0 }, "s m e");
    NskFlowState *two = play(flow, NULL, 0, (World){ .count = 2 }, "s m m m");

    g_assert_true(nsk_flow_state_is_ended(none));
    two = play(flow, two, 0, (World){ 0 }, "");
    two = play(flow, two, 0, (World){ 0 }, "e");
    g_assert_true(nsk_flow_state_is_ended(two));
    nsk_flow_state_unref(none);
    nsk_flow_state_unref(two);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flow/explore/conditions-are-asked", test_conditions_are_asked);
    g_test_add_func("/flow/explore/no-way-out-is-a-fault", test_no_way_out_is_a_fault);
    g_test_add_func("/flow/explore/shape-forgets-the-order", test_shape_forgets_the_order);
    g_test_add_func("/flow/explore/deadlock-is-an-incident-of-the-state",
                    test_deadlock_is_an_incident_of_the_state);
    g_test_add_func("/flow/explore/events-beside-are-moves", test_events_beside_are_moves);
    g_test_add_func("/flow/explore/instances-are-counted-by-the-decider",
                    test_instances_are_counted_by_the_decider);
    return g_test_run();
}
