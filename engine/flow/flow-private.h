/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flow/flow.h"

/*
 * The definition as the step function walks it: nodes, edges and levels by index, so that a token
 * is a few small numbers.  There is one table of nodes for the root process and all that it calls.
 *
 * A level is what tokens of one kind of scope move in: the body of a process, of an embedded
 * sub-process or of an event sub-process (BPMN 2.0.2, 10.3.5, 13.3.4).  Sequence flows never cross
 * levels.  Level 0 is the body of the root process; the level of a called process has no parent,
 * because its call activity is not part of it.
 *
 * What the reader guarantees (the step relies on it):
 * 1. Every index is valid or FLOW_NONE; a boundary event and its host, a flow and its ends, a link
 *    and its catch, a compensation handler and its activity lie in one level.
 * 2. Arrays of indices are in the order of the file.
 * 3. An expression compiled, has only functions that there are, and is XPath 1.0.
 * 4. A node has the parts that its kind wants: a timer has a time, a message and a signal a name,
 *    an error or escalation that is thrown a code, a link a partner, a call activity a process.
 * 5. A circle of call activities has a waiting node in it, as has a circle of flows.
 */
#define BPMN_NS    "http://www.omg.org/spec/BPMN/20100524/MODEL"
#define CAMUNDA_NS "http://camunda.org/schema/1.0/bpmn"

#define FLOW_NONE G_MAXUINT

typedef enum {
    FLOW_START_EVENT,
    FLOW_END_EVENT,
    FLOW_CATCH_EVENT,    /* intermediate; also a link that is jumped to */
    FLOW_THROW_EVENT,    /* intermediate; also a link that jumps, and none */
    FLOW_BOUNDARY_EVENT, /* not entered by a flow; its host has it in `boundary` */
    FLOW_USER_TASK,
    FLOW_SERVICE_TASK, /* any task with a service: waits for SERVICE_DONE */
    FLOW_RECEIVE_TASK, /* waits for its message, if it has one, or for COMPLETE */
    FLOW_SEND_TASK,    /* throws its message and goes on */
    FLOW_PASS_TASK,    /* abstract, manual, script, business rule ... without a service */
    FLOW_EXCLUSIVE,
    FLOW_PARALLEL,
    FLOW_INCLUSIVE,
    FLOW_EVENT_GATEWAY,
    FLOW_SUB_PROCESS,
    FLOW_EVENT_SUB_PROCESS,
    FLOW_CALL_ACTIVITY,
    FLOW_UNSUPPORTED, /* while reading only; such a definition is refused */
} FlowNodeKind;

/* What an event is about (10.5.5); a receive or send task has MESSAGE or NONE. */
typedef enum {
    FLOW_ABOUT_NONE,
    FLOW_ABOUT_MESSAGE,
    FLOW_ABOUT_TIMER,
    FLOW_ABOUT_SIGNAL,
    FLOW_ABOUT_CONDITION,
    FLOW_ABOUT_ERROR,
    FLOW_ABOUT_ESCALATION,
    FLOW_ABOUT_LINK,
    FLOW_ABOUT_COMPENSATION,
    FLOW_ABOUT_TERMINATE,
} FlowAbout;

/* timer.c: ISO 8601 times as timers have them (10.5.5.2). */
typedef enum {
    FLOW_TIME_DATE,     /* 2026-07-22, 2026-07-22T09:00:00, ...Z, ...+07:00 */
    FLOW_TIME_DURATION, /* P1Y2M3W4DT5H6M7.5S */
    FLOW_TIME_CYCLE,    /* R3/PT10H, R/2026-07-22T09:00:00Z/P1D, or a duration alone: R1 */
} FlowTimeKind;

typedef struct {
    FlowTimeKind kind;
    bool has_start; /* DATE; CYCLE with one */
    bool local;     /* the start is written without zone: of the unit's zone */
    NskInstant start;
    unsigned months; /* duration, or interval of a cycle */
    unsigned days;
    int64_t us;   /* hours, minutes, seconds, in microseconds */
    int turns;    /* CYCLE; -1: without end */
    bool working; /* `days` are working days */
} FlowTime;

/* Errors: INVALID with what is wrong and an example of what is right. */
bool nsk_flow_time_parse(FlowTimeKind kind, const char *text, FlowTime *out_time, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* Where a timer stands. */
typedef struct {
    NskInstant due;
    NskInstant grid; /* of a cycle by the calendar: the date that its turns are counted from */
    unsigned nth;    /* @due is so many intervals after @grid */
} FlowTurn;

/* The first time after @from (for a cycle with a start: not before it). */
bool nsk_flow_time_first(const FlowTime *time,
                         NskInstant from,
                         const NskFlowFacts *facts,
                         FlowTurn *out_turn,
                         GError **error);
/*
 * Sets a cycle to the turn after @turn, on its grid, that comes after the facts' now; *out_missed
 * counts those between that were passed over.
 */
bool nsk_flow_time_next(const FlowTime *time,
                        const NskFlowFacts *facts,
                        FlowTurn *turn,
                        unsigned *out_missed,
                        GError **error);

/* A time as the file gives it: read already, or by an expression whose text is read when it is
 * wanted. */
typedef struct {
    FlowTimeKind kind;
    FlowTime time;
    NskXPath *expression; /* NULL: `time` */
    bool working;
    bool either; /* of an expression: a date, or a duration, which begins with P */
} FlowTimer;

/* An expression, or a list of position ids as the file gives it. */
typedef struct {
    NskXPath *expression;
    char **literal;
} FlowAssignment;

/* Data that is carried over: @source evaluated where it stands, set as @target where it goes. */
typedef struct {
    NskXPath *source;
    char *target;
} FlowMapping;

typedef enum {
    FLOW_LOOP_NONE,
    FLOW_LOOP_STANDARD,   /* 13.3.6 */
    FLOW_LOOP_PARALLEL,   /* 13.3.7 */
    FLOW_LOOP_SEQUENTIAL, /* 13.3.7 */
} FlowLoopType;

typedef struct {
    FlowLoopType type;
    /*
     * Of a multi-instance, one of the two.  The collection gives nodes, one element each (a single
     * node with children: its children), whose value is the attribute `position` or else the text;
     * or a text, whose words are the elements.
     */
    NskXPath *cardinality;
    NskXPath *collection;
    char *element;        /* the variable of an instance that holds its element; may be NULL */
    NskXPath *completion; /* completionCondition; may be NULL */
    NskXPath *condition;  /* standard loop: goes on while true; NULL: always */
    bool test_before;     /* standard loop */
    unsigned maximum;     /* standard loop; 0: NSK_LIMIT_FLOW_INSTANCES */
} FlowLoop;

typedef struct {
    char *id;
    NskXPath *condition; /* NULL: none */
    bool has_condition;  /* the file gives one, be it good or not; while reading */
    unsigned source;
    unsigned target;
    NskXmlNode *element; /* borrowed from the flow's documents */
} FlowEdge;

typedef struct {
    FlowNodeKind kind;
    FlowAbout about;  /* of events, receive and send tasks */
    unsigned level;   /* the one it lies in */
    NskFlowTask task; /* id, name, process, lane of every node; the rest of tasks; all borrowed
                       * from flow->strings, outcomes from below */
    char **outcomes;
    char **separate; /* NULL: none; borrowed by task */
    GArray *in;      /* of unsigned, indices of edges, in the file's order */
    GArray *out;
    unsigned default_edge;  /* FLOW_NONE */
    GPtrArray *assignments; /* of FlowAssignment; empty: the file names nobody */
    bool unread;            /* the file names somebody in a way that was not understood; a warning
                             * of the reader, an error of the checker */
    FlowTimer *due;         /* user task; a date, or a duration from its opening; NULL: none */
    FlowTimer *follow_up;   /* as due */

    /* events */
    const char *event_name; /* message, signal: its name; error, escalation: its code, NULL catches
                             * all; link: its name; borrowed from flow->strings */
    FlowTimer *timer;       /* about TIMER */
    NskXPath *condition;    /* about CONDITION */
    bool interrupting;      /* boundary event, start of an event sub-process; true for errors */
    bool waits;             /* throws COMPENSATION: until the handlers are done */
    unsigned partner;       /* link that jumps: where to; boundary event: its host; throws
                             * COMPENSATION: the activity (FLOW_NONE: all of the scope); an activity
                             * for compensation: the one that it undoes */

    /* activities */
    FlowLoop loop;
    GArray *boundary;   /* of unsigned, indices of nodes, but for COMPENSATION */
    unsigned handler;   /* the activity that compensates this one; FLOW_NONE */
    bool compensates;   /* isForCompensation: runs only as a handler */
    unsigned body;      /* sub-processes: the level inside; call activity: level of the process */
    GPtrArray *inputs;  /* of FlowMapping; call activity: into the called process */
    GPtrArray *outputs; /* of FlowMapping; out of the called process; of other activities and of
                         * events: set when they are done */
    bool all_in;        /* call activity: all variables go in */
    bool all_out;       /* ... and those that were set in there come out */

    /* precomputed by nsk_flow_prepare() */
    GPtrArray
        *reach; /* inclusive gateway with two ways in or more, for each of `in`: a bit for each
                 * node of the flow that leads to it without passing the gateway: uint64_t[] */
    unsigned activity; /* event sub-process's start: that sub-process */

    NskXmlNode *element; /* borrowed from the flow's documents */
} FlowNode;

typedef struct {
    unsigned owner;      /* the sub-process that it is inside of; FLOW_NONE: body of a process */
    unsigned parent;     /* level; FLOW_NONE: body of a process */
    unsigned process;    /* index in flow->processes */
    GArray *starts;      /* of unsigned: start events; of an event sub-process exactly one */
    GArray *initial;     /* of unsigned: what starts if there is no start event (13.3.4) */
    GArray *handlers;    /* of unsigned: event sub-processes */
    GPtrArray *data;     /* of char *: names of data objects and properties of this level */
    bool may_compensate; /* something in it, at any depth, has a handler */
} FlowLevel;

typedef struct {
    const char *id; /* borrowed from flow->strings */
    const char *name;
    const char *documentation;
    unsigned level;
    GHashTable *node_by_id; /* id, borrowed -> index in flow->nodes; of all its levels */
    NskXmlDoc *doc;         /* borrowed from flow->docs */
} FlowProcess;

struct _NskFlow {
    GPtrArray *docs;       /* of NskXmlDoc; expressions take their prefixes from them */
    GStringChunk *strings; /* what nodes borrow */
    GPtrArray *processes;  /* of FlowProcess; the first is the one that runs */
    GPtrArray *levels;     /* of FlowLevel; the first is the body of that process */
    GPtrArray *nodes;      /* of FlowNode */
    GPtrArray *edges;      /* of FlowEdge */
    GPtrArray *tasks;      /* of const NskFlowTask, borrowed from nodes */
    NskXmlDoc *no_facts;   /* an empty <facts/>, where the caller has none */
};

static inline const FlowNode *
nsk_flow_node(const NskFlow *self, unsigned index)
{
    return (const FlowNode *)g_ptr_array_index(self->nodes, index);
}

static inline const FlowEdge *
nsk_flow_edge(const NskFlow *self, unsigned index)
{
    return (const FlowEdge *)g_ptr_array_index(self->edges, index);
}

static inline const FlowLevel *
nsk_flow_level(const NskFlow *self, unsigned index)
{
    return (const FlowLevel *)g_ptr_array_index(self->levels, index);
}

static inline const FlowProcess *
nsk_flow_process(const NskFlow *self, unsigned index)
{
    return (const FlowProcess *)g_ptr_array_index(self->processes, index);
}

/* Whether it is a task, a sub-process or a call activity (10.3). */
static inline bool
nsk_flow_is_activity(const FlowNode *node)
{
    return (node->kind >= FLOW_USER_TASK && node->kind <= FLOW_PASS_TASK) ||
           node->kind == FLOW_SUB_PROCESS || node->kind == FLOW_CALL_ACTIVITY;
}

/* "userTask 'paraf'", for messages.  Freed with g_free(). */
char *nsk_flow_describe(const NskXmlNode *element);
/* The node of that id in that process; FLOW_NONE if there is none. */
unsigned nsk_flow_node_index(const NskFlow *self, unsigned process, const char *id);

/* flow.c: the parts, for the reader.  What is added is owned by the flow. */
NskFlow *nsk_flow_new(void);
const char *nsk_flow_keep(NskFlow *self, const char *text); /* NULL: NULL */
FlowProcess *nsk_flow_add_process(NskFlow *self, const char *id, NskXmlDoc *doc);
/* Their indices. */
unsigned nsk_flow_add_level(NskFlow *self, unsigned process, unsigned parent, unsigned owner);
unsigned nsk_flow_add_node(NskFlow *self, FlowNode *node); /* task.id and level are there */
unsigned nsk_flow_add_edge(NskFlow *self, FlowEdge *edge); /* also into `in` and `out` */
/* A node of that kind with empty parts. */
FlowNode *nsk_flow_node_new(NskFlow *self, NskXmlNode *element, FlowNodeKind kind);
void nsk_flow_timer_free(FlowTimer *timer);
void nsk_flow_assignment_free(gpointer data);
void nsk_flow_mapping_free(gpointer data);
/* Once all is read without error: what the step wants to find ready. */
void nsk_flow_prepare(NskFlow *self);

/* expression.c: what an expression sees while it is evaluated. */
typedef struct {
    const NskFlow *flow;
    const NskFlowFacts *facts;
    const char *outcome; /* "" if none */
    /* A variable of the instance, or of a multi-instance; NULL function: none. */
    bool (*variable)(void *data, const char *name, NskXPathValue *out_value);
    void *data;
    bool undefined; /* out: the expression failed because it names a variable there is not */
    bool trial;     /* while reading: every variable is there and empty, values are not looked at */
} FlowSight;

bool nsk_flow_evaluate(const NskXPath *expression,
                       FlowSight *sight,
                       NskXPathValue *out_value,
                       GError **error);
/* The child of @facts of that name, without namespace; NULL if there is none. */
NskXmlNode *nsk_flow_find_fact(const NskXmlNode *facts, const char *name);
/* The variable or fact of that name as it is seen; false, and undefined, if there is none. */
bool nsk_flow_find_name(FlowSight *sight, const char *name, NskXPathValue *out_value);
/* Names of the facts that an office gives; NULL-terminated. */
extern const char *const nsk_flow_fact_names[];
/* function.c: calls {ns}name(args); false if there is none, with out_value->text if it failed. */
bool nsk_flow_call(void *sight,
                   const char *ns,
                   const char *name,
                   const NskXPathValue *args,
                   size_t n_args,
                   NskXPathValue *out_value);
bool nsk_flow_has_function(const char *ns, const char *name);
/* How many arguments one of them takes. */
bool nsk_flow_function_range(const char *name, size_t *out_least, size_t *out_most);

/*
 * The token game without data (explore.c), for the checker: the code that runs instances, but what
 * expressions, people and the world decide is asked of a decider.  No assignment, time or mapping
 * is evaluated; timers, messages, signals and conditions may come at any moment.
 */
typedef enum {
    FLOW_ASK_EDGE,       /* whether the condition of @edge, which leaves @node, is true */
    FLOW_ASK_AGAIN,      /* whether the standard loop @node goes round (again) */
    FLOW_ASK_COMPLETION, /* whether the completionCondition of @node is true */
} FlowAskType;

typedef struct {
    FlowAskType type;
    unsigned node;
    unsigned edge;              /* FLOW_NONE unless EDGE */
    const NskXPath *expression; /* NULL: there is none */
    unsigned scope;             /* id of the scope that it stands in */
} FlowAsk;

typedef struct {
    bool (*test)(void *data, const FlowAsk *ask);
    unsigned (*count)(void *data, unsigned node); /* instances of a multi-instance activity */
    /* A token comes to @node by @edge (FLOW_NONE: starts there) in the scope of that id.  May be
     * NULL. */
    void (*visit)(void *data, unsigned node, unsigned edge, unsigned scope);
    void *data;
} FlowDecider;

/* Something that may happen next. */
typedef struct {
    NskFlowEventType type; /* START, COMPLETE, SERVICE_DONE, SERVICE_FAILED, MESSAGE, SIGNAL, TIMER,
                            * FACTS (a condition came true) */
    unsigned id;           /* of token or subscription, the n of "node#n" */
    unsigned node;         /* START: the start event; else the node that it happens at */
    const char *name;      /* SERVICE_FAILED: an error code that is caught; borrowed */
} FlowMove;

/* All that may happen in @state, in the order of ids: of FlowMove.  @state NULL: the starts. */
GArray *nsk_flow_moves(const NskFlow *self, const NskFlowState *state);
/*
 * Makes a move.  False with @out_fault if the instance would stop there with a fault (no flow is
 * true ...).  A deadlock or an uncaught error is a state with an incident.
 */
bool nsk_flow_play(const NskFlow *self,
                   const NskFlowState *state,
                   const FlowMove *move,
                   const FlowDecider *decider,
                   NskFlowState **out_state,
                   NskFlowFault *out_fault);
/* Equal for two states if and only if they differ in nothing but the numbers of tokens, and
 * variables.  Freed with g_free(). */
char *nsk_flow_state_shape(const NskFlowState *self, const NskFlow *flow);
/* The class of the first incident; NONE. */
NskFlowFaultClass nsk_flow_state_incident(const NskFlowState *self, const char **out_node);
