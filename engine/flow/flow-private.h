/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flow/flow.h"

/*
 * The definition as the step function walks it: nodes and edges by index, so that a token is two
 * small numbers.  `scope` is the level (process, later sub-process) a node belongs to; there is one
 * level in this issue, 0.
 */
#define BPMN_NS    "http://www.omg.org/spec/BPMN/20100524/MODEL"
#define CAMUNDA_NS "http://camunda.org/schema/1.0/bpmn"

#define FLOW_NONE G_MAXUINT

typedef enum {
    FLOW_START_EVENT,
    FLOW_END_EVENT,
    FLOW_USER_TASK,
    FLOW_SERVICE_TASK,
    FLOW_PASS_TASK,
    FLOW_EXCLUSIVE,
    FLOW_UNSUPPORTED, /* while reading only; such a definition is refused */
} FlowNodeKind;

/* An expression, or a list of position ids as the file gives it. */
typedef struct {
    NskXPath *expression;
    char **literal;
} FlowAssignment;

typedef struct {
    char *id;
    NskXPath *condition; /* NULL: none */
    bool has_condition;  /* the file gives one, be it good or not; while reading */
    unsigned source;
    unsigned target;
    NskXmlNode *element;
} FlowEdge;

typedef struct {
    FlowNodeKind kind;
    unsigned scope;
    NskFlowTask task; /* id and name of every node; the rest of tasks */
    char **outcomes;  /* what task.outcomes borrows */
    char *texts[4];   /* what task borrows: id, name, documentation, service */
    GArray *in;       /* of unsigned, indices of edges, in the file's order */
    GArray *out;
    unsigned default_edge;  /* FLOW_NONE */
    GPtrArray *assignments; /* of FlowAssignment */
    NskXmlNode *element;
} FlowNode;

struct _NskFlow {
    NskXmlDoc *doc; /* expressions take their prefixes from it */
    char *id;
    char *name;
    char *documentation;
    GPtrArray *nodes;       /* of FlowNode */
    GPtrArray *edges;       /* of FlowEdge */
    GPtrArray *tasks;       /* of const NskFlowTask, borrowed from nodes */
    GHashTable *node_by_id; /* id, borrowed from the node -> index */
    unsigned start;
};

/* A place where the instance rests.  Its key is "node#id". */
typedef struct {
    unsigned id; /* from the instance's own count; never used twice */
    unsigned scope;
    char *node;
} FlowToken;

struct _NskFlowState {
    char *process;
    unsigned next; /* id of the next token */
    char *end;     /* the reason; NULL while it runs */
    GPtrArray *tokens;
};

const FlowNode *nsk_flow_node(const NskFlow *self, unsigned index);
const FlowEdge *nsk_flow_edge(const NskFlow *self, unsigned index);
/* FLOW_NONE if there is none. */
unsigned nsk_flow_node_index(const NskFlow *self, const char *id);

/* state.c */
NskFlowState *nsk_flow_state_new(const char *process);
NskFlowState *nsk_flow_state_copy(const NskFlowState *self);
/* A new token at @node; borrowed. */
const FlowToken *nsk_flow_state_add(NskFlowState *self, unsigned scope, const char *node);
char *nsk_flow_token_key(const FlowToken *token);

/* What reading a file needs at hand. */
typedef struct {
    NskFlow *flow;
    NskIssues *issues;
    GHashTable *ids;   /* id -> element, of all BPMN elements */
    NskXmlDoc *sample; /* facts of an imaginary letter, to try expressions on */
} FlowReader;

void
nsk_flow_issue(FlowReader *self, const NskXmlNode *node, const char *tag, const char *format, ...)
    G_GNUC_PRINTF(4, 5);
void nsk_flow_assignment_free(gpointer data);
/* "userTask 'paraf'", for messages.  Freed with g_free(). */
char *nsk_flow_describe(const NskXmlNode *element);

/* read.c: fills the flow from the process element. */
void nsk_flow_read_process(FlowReader *self, const NskXmlNode *process);
/* read-task.c: a node with what all nodes have; then what a user or service task has.  The id is
 * there. */
FlowNode *nsk_flow_node_new(NskXmlNode *element, FlowNodeKind kind);
void nsk_flow_read_user_task(FlowReader *self, FlowNode *node);
void nsk_flow_read_service_task(FlowReader *self, FlowNode *node);
/* The one child of BPMN's own namespace with that name, NULL if there is none; a second is an
 * issue, because only one would be obeyed. */
NskXmlNode *nsk_flow_only_child(FlowReader *self, const NskXmlNode *element, const char *name);
/* Our extensions in @element: any that is not @attribute or @child (NULL: none) is an issue. */
void nsk_flow_check_extensions(FlowReader *self,
                               const NskXmlNode *element,
                               const char *attribute,
                               const char *child);
/* check.c: the graph. */
void nsk_flow_check_graph(FlowReader *self);

/*
 * expression.c.  Reads the text of @element as an expression of @owner; NULL after an issue.
 * @is_condition: a text as result is refused, being always true.
 */
NskXPath *nsk_flow_read_expression(FlowReader *self,
                                   const NskXmlNode *element,
                                   const NskXmlNode *owner,
                                   bool is_condition);
/* Whether @language is XPath 1.0, or not said. */
bool nsk_flow_language_is_xpath(const char *language);
/* The child of @facts of that name, without namespace; NULL if there is none. */
NskXmlNode *nsk_flow_find_fact(const NskXmlNode *facts, const char *name);
/* Facts that hold every name and nothing else. */
NskXmlDoc *nsk_flow_sample_facts(void);
bool nsk_flow_evaluate(const NskXPath *expression,
                       const NskFlowFacts *facts,
                       NskXPathValue *out_value,
                       GError **error);
