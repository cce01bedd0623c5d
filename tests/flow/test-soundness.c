/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The checker against the engine: models that are sound by the way they are built have no fault,
 * and in models that were spoilt at random the checker and the token game of the step function,
 * gone through without any cleverness, find the same.  Last, what it says of every model of the
 * scenarios.
 */
#include "base/json.h"
#include "flow-helper.h"
#include "flow/flow-private.h"

static const char *folder;

/* Building at random */

typedef enum { PLAIN, CONDITIONAL, DEFAULT } WayKind;

/* A flow that has left a node and leads nowhere yet. */
typedef struct {
    unsigned from;
    WayKind kind;
} Way;

typedef struct {
    GString *text;
    unsigned n;
    unsigned n_tasks;
    int spoilt; /* percent of joins that are not of the kind of their split */
} Maker;

static unsigned
emit(Maker *self, const char *element, const char *attributes, const char *inside)
{
    g_string_append_printf(self->text, "<b:%s id='n%u' %s>%s</b:%s>", element, self->n, attributes,
                           inside, element);
    return self->n++;
}

static unsigned
emit_gateway(Maker *self, const char *element)
{
    g_autofree char *attribute = g_str_equal(element, "parallelGateway")
                                     ? g_strdup("")
                                     : g_strdup_printf("default='d%u'", self->n);

    return emit(self, element, attribute, "");
}

static void
lead(Maker *self, Way way, unsigned to)
{
    if (way.kind == DEFAULT)
        g_string_append_printf(self->text, "<b:sequenceFlow id='d%u'", way.from);
    else
        g_string_append_printf(self->text, "<b:sequenceFlow id='f%u'", self->n);
    g_string_append_printf(self->text, " sourceRef='n%u' targetRef='n%u'>", way.from, to);
    if (way.kind == CONDITIONAL)
        g_string_append_printf(
            self->text, "<b:conditionExpression>$letter/@c%u</b:conditionExpression>", self->n);
    g_string_append(self->text, "</b:sequenceFlow>");
    self->n++;
}

static Way
make_task(Maker *self, Way in)
{
    static const char owner[] =
        "<b:potentialOwner><b:resourceAssignmentExpression><b:formalExpression>drafter/@position"
        "</b:formalExpression></b:resourceAssignmentExpression></b:potentialOwner>";
    unsigned task = emit(self, "userTask", "", owner);

    self->n_tasks++;
    lead(self, in, task);
    return (Way){ task, PLAIN };
}

static Way make_block(Maker *self, Way in, int depth);

#define DAY "<b:timerEventDefinition><b:timeDuration>P1D</b:timeDuration></b:timerEventDefinition>"

/* A task on the way, and the way from an event on it that interrupts nothing. */
static Way
make_event(Maker *self, Way *way)
{
    g_autofree char *host = NULL;

    *way = make_task(self, *way);
    host = g_strdup_printf("attachedToRef='n%u' cancelActivity='false'", way->from);
    return (Way){ emit(self, "boundaryEvent", host, DAY), PLAIN };
}

static Way
make_split(Maker *self, Way in, int depth)
{
    static const char *const kinds[] = { "exclusiveGateway", "parallelGateway",
                                         "inclusiveGateway" };
    int kind = g_test_rand_int_range(0, 3);
    bool spoil = g_test_rand_int_range(0, 100) < self->spoilt;
    unsigned split = emit_gateway(self, kinds[kind]);
    unsigned join = emit(self, kinds[spoil ? g_test_rand_int_range(0, 3) : kind], "", "");
    int n = g_test_rand_int_range(2, 4);

    if (spoil)
        lead(self, make_event(self, &in), join);
    lead(self, in, split);
    for (int i = 0; i < n; i++) {
        Way way = { split, kind == 1 ? PLAIN : i == 0 ? DEFAULT : CONDITIONAL };

        if (i == 0 || g_test_rand_int_range(0, 4) > 0)
            way = make_block(self, way, depth - 1);
        if (i == 0 && spoil && g_test_rand_int_range(0, 2) == 0)
            lead(self, make_event(self, &way), join);
        lead(self, way, join);
    }
    return (Way){ join, PLAIN };
}

static Way
make_loop(Maker *self, Way in, int depth)
{
    unsigned merge = emit(self, "exclusiveGateway", "", "");
    Way way = { merge, PLAIN };
    unsigned split;

    lead(self, in, merge);
    way = make_block(self, make_task(self, way), depth - 1);
    split = emit_gateway(self, "exclusiveGateway");
    lead(self, way, split);
    lead(self, (Way){ split, CONDITIONAL }, merge);
    return (Way){ split, DEFAULT };
}

static Way
make_sub_process(Maker *self, Way in, int depth)
{
    GString *outer = self->text;
    g_autoptr(GString) inner = g_string_new(NULL);
    unsigned start;
    unsigned end;
    unsigned whole;

    self->text = inner;
    start = emit(self, "startEvent", "", "");
    end = emit(self, "endEvent", "", "");
    lead(self, make_block(self, (Way){ start, PLAIN }, depth - 1), end);
    self->text = outer;
    whole = emit(self, "subProcess", "", inner->str);
    lead(self, in, whole);
    return (Way){ whole, PLAIN };
}

static Way
make_deadline(Maker *self, Way in, int depth)
{
    Way task = make_task(self, in);
    g_autofree char *host = g_strdup_printf("attachedToRef='n%u'", task.from);
    unsigned event = emit(self, "boundaryEvent", host, DAY);
    unsigned merge = emit(self, "exclusiveGateway", "", "");

    lead(self, make_block(self, (Way){ event, PLAIN }, depth - 1), merge);
    lead(self, task, merge);
    return (Way){ merge, PLAIN };
}

static Way
make_reminder(Maker *self, Way in)
{
    Way event = make_event(self, &in);

    lead(self, event, emit(self, "endEvent", "", ""));
    return in;
}

/* A reply or a deadline, whichever comes first. */
static Way
make_reply(Maker *self, Way in, int depth)
{
    static const char message[] = "<b:messageEventDefinition messageRef='M1'/>";
    unsigned gateway = emit(self, "eventBasedGateway", "", "");
    unsigned merge = emit(self, "exclusiveGateway", "", "");
    unsigned reply = emit(self, "intermediateCatchEvent", "", message);
    unsigned deadline = emit(self, "intermediateCatchEvent", "", DAY);

    lead(self, in, gateway);
    lead(self, (Way){ gateway, PLAIN }, reply);
    lead(self, (Way){ gateway, PLAIN }, deadline);
    lead(self, make_block(self, (Way){ reply, PLAIN }, depth - 1), merge);
    lead(self, (Way){ deadline, PLAIN }, merge);
    return (Way){ merge, PLAIN };
}

static Way
make_block(Maker *self, Way in, int depth)
{
    int kind = depth <= 0 || self->n_tasks > 9 ? 0 : g_test_rand_int_range(0, 11);

    switch (kind) {
    case 1:
    case 2:
        return make_block(self, make_block(self, in, depth - 1), depth - 1);
    case 3:
    case 4:
    case 5:
    case 6:
        return make_split(self, in, depth);
    case 7:
        return make_loop(self, in, depth);
    case 8:
        return g_test_rand_int_range(0, 2) == 0 ? make_sub_process(self, in, depth)
                                                : make_deadline(self, in, depth);
    case 9:
        return make_reminder(self, in);
    case 10:
        return make_reply(self, in, depth);
    default:
        return make_task(self, in);
    }
}

static char *
make_model(int depth, int spoilt)
{
    Maker self = { .text = g_string_new(NULL), .spoilt = spoilt };
    unsigned start = emit(&self, "startEvent", "", "");
    unsigned end = emit(&self, "endEvent", "", "");

    lead(&self, make_block(&self, (Way){ start, PLAIN }, depth), end);
    return g_string_free(self.text, FALSE);
}

static NskFlow *
read_model(const char *model)
{
    g_autofree char *text =
        g_strconcat(HEAD "<b:message id='M1' name='m1'/><b:process id='pr' isExecutable='true'>",
                    model, "</b:process>\n" TAIL, NULL);

    return helper_parse(text);
}

/* The token game, gone through without cleverness */

#define MAX_SHAPES 400

typedef struct {
    GArray *choices; /* of bool: the answers of this play */
    guint asked;
    bool *visited; /* of the flow's nodes */
} Script;

static bool
on_test(void *data, G_GNUC_UNUSED const FlowAsk *ask)
{
    Script *script = data;
    const bool no = false;

    if (script->asked == script->choices->len)
        g_array_append_val(script->choices, no);
    return g_array_index(script->choices, bool, script->asked++);
}

static unsigned
on_count(G_GNUC_UNUSED void *data, G_GNUC_UNUSED unsigned node)
{
    return 2;
}

static void
on_visit(void *data, unsigned node, G_GNUC_UNUSED unsigned edge, G_GNUC_UNUSED unsigned scope)
{
    const Script *script = data;

    script->visited[node] = true;
}

/* The next answers, as one counts; false after the last. */
static bool
turn_over(Script *script)
{
    script->asked = 0;
    while (script->choices->len > 0) {
        bool *last = &g_array_index(script->choices, bool, script->choices->len - 1);

        if (!*last) {
            *last = true;
            return true;
        }
        g_array_set_size(script->choices, script->choices->len - 1);
    }
    return false;
}

typedef struct {
    const NskFlow *flow;
    GHashTable *index; /* shape -> its index in states + 1 */
    GPtrArray *states; /* of NskFlowState */
    GArray *from;      /* of unsigned: moves between them */
    GArray *to;
    unsigned at; /* the one that is left; G_MAXUINT: the start */
    bool *visited;
    bool deadlock;
    bool twice; /* a user task stood open twice in the same scope */
} Search;

static void
state_free(gpointer data)
{
    nsk_flow_state_unref(data);
}

static void
look_at(Search *self, const NskFlowState *state)
{
    g_autoptr(GPtrArray) rests = nsk_flow_state_get_rests(state, self->flow, NULL);

    g_assert_nonnull(rests);
    for (guint i = 0; i < rests->len; i++) {
        const NskFlowRest *one = g_ptr_array_index(rests, i);

        for (guint k = 0; k < i; k++) {
            const NskFlowRest *other = g_ptr_array_index(rests, k);

            self->twice =
                self->twice || (one->type == NSK_FLOW_REST_USER &&
                                other->type == NSK_FLOW_REST_USER && one->node == other->node);
        }
    }
}

static void
keep(Search *self, NskFlowState *state)
{
    const char *node;
    char *shape;
    unsigned index;

    if (nsk_flow_state_incident(state, &node) == NSK_FLOW_FAULT_DEADLOCK)
        self->deadlock = true;
    shape = nsk_flow_state_shape(state, self->flow);
    look_at(self, state);
    index = GPOINTER_TO_UINT(g_hash_table_lookup(self->index, shape));
    if (index == 0) {
        g_ptr_array_add(self->states, state);
        index = self->states->len;
        g_hash_table_insert(self->index, shape, GUINT_TO_POINTER(index));
    } else {
        nsk_flow_state_unref(state);
        g_free(shape);
    }
    index--;
    if (self->at == G_MAXUINT)
        return;
    g_array_append_val(self->from, self->at);
    g_array_append_val(self->to, index);
}

/* Whether moves lead from each state to the end. */
static bool
can_all_end(const Search *self)
{
    g_autofree bool *ends = g_new0(bool, self->states->len + 1);
    bool more = true;
    bool all = true;

    for (guint i = 0; i < self->states->len; i++)
        ends[i] = nsk_flow_state_is_ended(g_ptr_array_index(self->states, i));
    while (more) {
        more = false;
        for (guint i = self->from->len; i-- > 0;) {
            bool *end = &ends[g_array_index(self->from, unsigned, i)];

            more = more || (!*end && ends[g_array_index(self->to, unsigned, i)]);
            *end = *end || ends[g_array_index(self->to, unsigned, i)];
        }
    }
    for (guint i = 0; i < self->states->len; i++)
        all = all && ends[i];
    return all;
}

static void
play_all(Search *self, const NskFlowState *state, const FlowMove *move)
{
    g_autoptr(GArray) choices = g_array_new(FALSE, FALSE, sizeof(bool));
    Script script = { .choices = choices, .visited = self->visited };
    const FlowDecider decider = { .test = on_test,
                                  .count = on_count,
                                  .visit = on_visit,
                                  .data = &script };

    do {
        NskFlowState *next = NULL;
        NskFlowFault fault;

        if (nsk_flow_play(self->flow, state, move, &decider, &next, &fault))
            keep(self, next);
    } while (turn_over(&script));
}

/* False if there are too many states. */
static bool
search(Search *self)
{
    g_autoptr(GArray) starts = nsk_flow_moves(self->flow, NULL);

    for (guint i = 0; i < starts->len; i++)
        play_all(self, NULL, &g_array_index(starts, FlowMove, i));
    for (guint at = 0; at < self->states->len && self->states->len < MAX_SHAPES; at++) {
        const NskFlowState *state = g_ptr_array_index(self->states, at);
        g_autoptr(GArray) moves = NULL;
        const char *node;

        self->at = at;
        if (nsk_flow_state_is_ended(state) ||
            nsk_flow_state_incident(state, &node) == NSK_FLOW_FAULT_DEADLOCK)
            continue;
        moves = nsk_flow_moves(self->flow, state);
        for (guint i = 0; i < moves->len; i++)
            play_all(self, state, &g_array_index(moves, FlowMove, i));
    }
    return self->states->len < MAX_SHAPES;
}

/* Findings */

static bool
has_finding(const NskIssues *issues, const char *tag, const char *words)
{
    for (guint i = 0; i < issues->len; i++) {
        const NskIssue *issue = g_ptr_array_index(issues, i);

        if (issue->severity == NSK_SEVERITY_ERROR && strcmp(issue->tag, tag) == 0 &&
            strstr(issue->text, words) != NULL)
            return true;
    }
    return false;
}

static bool
has_warning(const NskIssues *issues, const char *tag)
{
    for (guint i = 0; i < issues->len; i++) {
        const NskIssue *issue = g_ptr_array_index(issues, i);

        if (issue->severity == NSK_SEVERITY_WARNING && strcmp(issue->tag, tag) == 0)
            return true;
    }
    return false;
}

static void
fail_with(const char *model, const NskIssues *issues, const char *what)
{
    for (guint i = 0; i < issues->len; i++)
        g_test_message("%s", ((const NskIssue *)g_ptr_array_index(issues, i))->text);
    g_test_message("%s", model);
    g_error("%s", what);
}

static void
test_sound(void)
{
    for (int i = 0; i < 150; i++) {
        g_autofree char *model = make_model(4, 0);
        g_autoptr(NskFlow) flow = read_model(model);
        g_autoptr(NskIssues) issues = nsk_issues_new();

        if (!nsk_flow_check(flow, NULL, issues))
            fail_with(model, issues, "a sound model has a fault");
    }
}

/* What nothing comes to is told, and only that; of what follows it only the first is told. */
static const char *
compare_visits(const Search *search, const NskIssues *issues)
{
    for (unsigned i = 0; i < search->flow->nodes->len; i++) {
        const FlowNode *node = nsk_flow_node(search->flow, i);
        g_autofree char *name = g_strdup_printf("'%s'", node->task.id);

        if (search->visited[i] && has_finding(issues, "flow-dead", name))
            return "a node is said to be dead, and is not";
        if (!search->visited[i] && !nsk_issues_has_error(issues))
            return "a dead node is not found";
    }
    return NULL;
}

static const char *
compare_findings(const Search *search, bool whole, const NskIssues *issues)
{
    bool deadlock = has_finding(issues, "flow-deadlock", "");
    bool perhaps = deadlock || has_warning(issues, "flow-deadlock");
    bool twice = has_finding(issues, "flow-twice", "");

    if (has_warning(issues, "flow-unproved"))
        return NULL;
    if (search->deadlock && !perhaps && !twice)
        return "a deadlock is not found";
    if (search->twice && !twice)
        return "what is done twice is not found";
    if (!whole)
        return NULL;
    if (perhaps && !search->deadlock)
        return "a deadlock is found that there is not";
    if (has_finding(issues, "flow-twice", "userTask") && !search->twice)
        return "something is said to be done twice, and is not";
    if (!can_all_end(search) && !perhaps && !nsk_issues_has_error(issues))
        return "there is no way to an end, and that is not found";
    return compare_visits(search, issues);
}

static void
compare(const char *model, const NskFlow *flow, const NskIssues *issues)
{
    g_autoptr(GHashTable) shapes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) states = g_ptr_array_new_with_free_func(state_free);
    g_autoptr(GArray) from = g_array_new(FALSE, FALSE, sizeof(unsigned));
    g_autoptr(GArray) to = g_array_new(FALSE, FALSE, sizeof(unsigned));
    g_autofree bool *visited = g_new0(bool, flow->nodes->len);
    Search self = { .flow = flow,
                    .index = shapes,
                    .states = states,
                    .from = from,
                    .to = to,
                    .at = G_MAXUINT,
                    .visited = visited };
    bool whole = search(&self);
    const char *difference = compare_findings(&self, whole, issues);

    if (difference != NULL)
        fail_with(model, issues, difference);
}

static void
test_spoilt(void)
{
    unsigned found = 0;

    for (int i = 0; i < 150; i++) {
        g_autofree char *model = make_model(3, 40);
        g_autoptr(NskFlow) flow = read_model(model);
        g_autoptr(NskIssues) issues = nsk_issues_new();

        found += nsk_flow_check(flow, NULL, issues) ? 0 : 1;
        compare(model, flow, issues);
    }
    /* Else nothing would have been compared. */
    g_assert_cmpuint(found, >, 10);
}

/* The models of the scenarios */

/* Those that show what happens in a model that nobody should draw: group/name, "tag id" of each
 * error of soundness. */
static const struct {
    const char *model;
    const char *wanted;
} odd[] = {
    { "boundary/two-tokens-two-hosts", "flow-twice a; flow-twice late" },
    { "call-activity/error-two-levels", "flow-dead e2" },
    { "error/outwards", "flow-dead e2" },
    { "exclusive/merge", "flow-twice c" },
    { "exclusive/split-and-merge", "flow-twice yes; flow-twice no" },
    { "inclusive/counts-flows-not-arrivals", "flow-twice join; flow-twice d" },
    { "inclusive/mutual-waiting", "flow-deadlock j1; flow-deadlock j2" },
    { "inclusive/non-interrupting-boundary-reaches-the-join", "flow-twice c" },
    { "inclusive/two-joins-that-could-wait-for-each-other", "flow-twice b; flow-twice a" },
    { "multi-instance-parallel/veto", "flow-dead redraft" },
    { "multi-instance-sequential/completion-condition", "flow-dead draft" },
    { "parallel/boundary-token-at-a-join", "flow-deadlock join" },
    { "parallel/join-that-never-fires", "flow-deadlock join" },
    { "parallel/surplus-token-waits-for-the-next-round", "flow-twice join; flow-twice done" },
    { "parallel/two-tokens-on-one-flow", "flow-twice join; flow-deadlock join" },
    { "sub-process/entered-twice", "flow-twice work; flow-twice next" },
    { "tasks/uncontrolled-merge", "flow-twice c" },
    { "timers/parallel-in-order", "flow-twice a" },
};

static GBytes *
load(const char *directory, const char *name)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    g_autoptr(GError) error = NULL;
    char *text = NULL;
    gsize size;

    g_file_get_contents(path, &text, &size, &error);
    g_assert_no_error(error);
    return g_bytes_new_take(text, size);
}

/* The file of the scenario that has the process. */
static GBytes *
find(void *data, const char *process, char **out_name)
{
    const GPtrArray *contents = data;
    g_autofree char *wanted = g_strdup_printf("<process id=\"%s\"", process);

    for (guint i = 0; i < contents->len; i++) {
        GBytes *content = g_ptr_array_index(contents, i);

        if (g_strstr_len(g_bytes_get_data(content, NULL), (gssize)g_bytes_get_size(content),
                         wanted) == NULL)
            continue;
        *out_name = g_strdup("called.bpmn");
        return g_bytes_ref(content);
    }
    return NULL;
}

/* Errors but those about people, variables and services, which strangers' models have none of. */
static char *
describe(const NskIssues *issues)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < issues->len; i++) {
        const NskIssue *issue = g_ptr_array_index(issues, i);
        g_auto(GStrv) words = g_strsplit(issue->text, "'", 3);

        if (issue->severity == NSK_SEVERITY_ERROR && strcmp(issue->tag, "flow-assignment") != 0 &&
            strcmp(issue->tag, "flow-variable") != 0 && strcmp(issue->tag, "flow-service") != 0)
            g_string_append_printf(text, "%s%s %s", text->len > 0 ? "; " : "", issue->tag,
                                   words[1]);
    }
    return g_string_free(text, FALSE);
}

static const char *
wanted_of(const char *model)
{
    for (size_t i = 0; i < G_N_ELEMENTS(odd); i++) {
        if (strcmp(odd[i].model, model) == 0)
            return odd[i].wanted;
    }
    return "";
}

static void
check_models(const char *directory, const char *model, const NskJson *json)
{
    const NskJson *names = nsk_json_get(json, "models");
    g_autoptr(GPtrArray) contents = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *got = NULL;

    for (size_t i = 0; i < nsk_json_length(names); i++)
        g_ptr_array_add(contents, load(directory, nsk_json_text_at(names, i)));

    GBytes *first = g_ptr_array_index(contents, 0);
    const NskFlowSource source = { .name = model,
                                   .content = g_bytes_get_data(first, NULL),
                                   .size = g_bytes_get_size(first),
                                   .process = nsk_json_get_text(json, "process"),
                                   .find = find,
                                   .data = contents };
    g_autoptr(NskFlow) flow = nsk_flow_load(&source, issues, &error);
    g_assert_no_error(error);
    g_ptr_array_set_size(issues, 0);
    (void)nsk_flow_check(flow, NULL, issues);
    got = describe(issues);
    if (strcmp(got, wanted_of(model)) != 0)
        g_error("%s: %s", model, got);
}

static void
test_model(gconstpointer data)
{
    const char *model = data;
    g_autofree char *path = g_strconcat(folder, "/", model, ".json", NULL);
    g_autofree char *directory = g_path_get_dirname(path);
    g_autoptr(GBytes) text = load("/", path);
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) json =
        nsk_json_parse(g_bytes_get_data(text, NULL), g_bytes_get_size(text), &error);

    g_assert_no_error(error);
    if (nsk_json_get(json, "refuse") == NULL)
        check_models(directory, model, json);
}

static void
add_group(const char *group)
{
    g_autofree char *directory = g_build_filename(folder, group, NULL);
    g_autoptr(GDir) dir = g_dir_open(directory, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *model = NULL;
        g_autofree char *test = NULL;

        if (!g_str_has_suffix(name, ".json"))
            continue;
        model = g_strdup_printf("%s/%.*s", group, (int)strlen(name) - 5, name);
        test = g_strdup_printf("/flow/soundness/%s", model);
        g_test_add_data_func_full(test, g_steal_pointer(&model), test_model, g_free);
    }
}

static void
add_models(void)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *group;

    while ((group = g_dir_read_name(dir)) != NULL)
        add_group(group);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(argc, ==, 2);
    folder = argv[1];
    g_test_add_func("/flow/soundness/what-is-built-of-blocks-has-no-fault", test_sound);
    g_test_add_func("/flow/soundness/the-token-game-finds-the-same", test_spoilt);
    add_models();
    return g_test_run();
}
