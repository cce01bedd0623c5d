/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flow/flow-private.h"

/*
 * Where an instance stands, as the step function changes it: a tree of items.  An inner item is a
 * scope, a leaf is a token; both have an id of the instance's own count, and an item is behind its
 * scope in the array, which is sorted by id.  The root is item 0; an instance that is over has no
 * items.
 *
 * A scope stands for the token at its node in the scope around it, so an activity with something
 * inside and one without are handled alike: cancelled, completed, bounded by events.
 */
typedef enum {
    FLOW_AT_TASK,  /* leaf: open user or receive task, service not done */
    FLOW_AT_EVENT, /* leaf: intermediate event or event-based gateway that listens */
    FLOW_AT_JOIN,  /* leaf: at a gateway, come by `edge` */
    FLOW_AT_FAULT, /* leaf: could not do what its node says; RETRY visits the node again */
    FLOW_SCOPE_ROOT,
    FLOW_SCOPE_SUB,      /* run of a sub-process */
    FLOW_SCOPE_EVENT,    /* run of an event sub-process, in the scope that it handles for */
    FLOW_SCOPE_CALL,     /* run of a called process */
    FLOW_SCOPE_BODY,     /* a loop or multi-instance activity; its children are instances */
    FLOW_SCOPE_INSTANCE, /* one instance; inside is the activity proper */
    FLOW_SCOPE_UNDO,     /* compensation: a thrower with its handlers, or a sub-process again */
} FlowItemKind;

typedef struct {
    unsigned id;
    unsigned scope; /* id; the root is in itself */
    unsigned node;  /* FLOW_NONE of the root */
    FlowItemKind kind;
    unsigned edge;       /* AT_JOIN */
    unsigned total;      /* BODY of a multi-instance: numberOfInstances */
    unsigned started;    /* BODY */
    unsigned completed;  /* BODY */
    unsigned terminated; /* BODY */
    unsigned index;      /* INSTANCE: loopCounter */
    unsigned target;     /* UNDO: whose log is undone: id of a scope, live or done; AT_TASK: the
                          * token at the event-based gateway that the receive task races for */
    unsigned mark;       /* UNDO: only what was done before this serial */
    bool released;       /* UNDO: the thrower did not wait */
    bool handled;        /* UNDO: an event sub-process does it */
} FlowItem;

typedef struct {
    unsigned scope;   /* id of the item that it is a variable of, live or done */
    GRefString *name; /* an NCName; or a decimal number: the element of a sequential multi-instance
                       * that instance has not begun */
    NskFlowValueType type;
    double number; /* finite, of at most 15 digits; 0 of others */
    bool boolean;
    GRefString *text; /* NULL of others */
    bool kept;        /* of a CALL: not set in there, but the caller's as it was at the call */
    bool absent;      /* ... which had none of that name */
} FlowVariable;

/* Something that is listened to. */
typedef struct {
    unsigned id;    /* of the same count */
    unsigned owner; /* item: the activity with the boundary event, the scope with the event
                     * sub-process, the token at the event or event-based gateway */
    unsigned node;  /* boundary, start or catch event, or receive task */
    FlowTurn turn;  /* timer */
    int turns;      /* timer: how often it will fire, -1 for ever */
    bool was_true;  /* condition */
} FlowSub;

/* A completed activity that can be compensated. */
typedef struct {
    unsigned id;    /* that its item had; variables of a sub-process are kept under it */
    unsigned scope; /* that it was in: an item, or a sub-process that is done */
    unsigned node;
    unsigned serial;
} FlowDone;

typedef struct {
    unsigned id;       /* of an item or subscription */
    GRefString *what;  /* the class */
    GRefString *words; /* what else is known, such as the error code; "" if nothing */
} FlowIncident;

struct _NskFlowState {
    NskFlow *flow;    /* whose indices the nodes and edges are; NULL: those of `names` */
    GPtrArray *names; /* of char *: "node", or "process/node" of a called process; NULL if bound */
    GRefString *process;
    unsigned next;   /* id of the next item, subscription or serial; the first is 1 */
    GRefString *end; /* the reason; NULL while it runs */
    bool suspended;
    GArray *items;     /* of FlowItem */
    GArray *variables; /* of FlowVariable */
    GArray *subs;      /* of FlowSub, sorted by id */
    GArray *done;      /* of FlowDone, in the order of completion */
    GArray *incidents; /* of FlowIncident */
};

/* state.c */
NskFlowState *nsk_flow_state_new(const char *process); /* with the root; not bound */
NskFlowState *nsk_flow_state_copy(const NskFlowState *self);
/* A copy of a bound state, or (@from NULL) a new bound one. */
NskFlowState *nsk_flow_state_begin(const NskFlow *flow, const NskFlowState *from);
/* Pointers to items live until the next one is added or removed. */
FlowItem *nsk_flow_state_item(const NskFlowState *self, unsigned id); /* NULL if there is none */
FlowItem *
nsk_flow_state_add_item(NskFlowState *self, unsigned scope, unsigned node, FlowItemKind kind);
void nsk_flow_state_remove_item(NskFlowState *self, unsigned id);
FlowSub *nsk_flow_state_sub(const NskFlowState *self, unsigned id); /* NULL if there is none */
FlowSub *nsk_flow_state_add_sub(NskFlowState *self, unsigned owner, unsigned node);
void nsk_flow_state_remove_sub(NskFlowState *self, unsigned id);
/* A variable of exactly that scope; NULL if there is none. */
FlowVariable *nsk_flow_state_variable(const NskFlowState *self, unsigned scope, const char *name);
void nsk_flow_state_set(NskFlowState *self, unsigned scope, const NskFlowVariable *variable);
/* As nsk_flow_state_set(), of a variable that is kept; @value NULL: there was none. */
void nsk_flow_state_keep(NskFlowState *self,
                         unsigned scope,
                         const char *name,
                         const FlowVariable *value);
void nsk_flow_state_forget(NskFlowState *self, unsigned scope); /* all variables of it */
void nsk_flow_state_unset(NskFlowState *self, const FlowVariable *variable);
void nsk_flow_state_add_done(NskFlowState *self, unsigned id, unsigned scope, unsigned node);
/* With the variables and the log that it kept. */
void nsk_flow_state_drop_done(NskFlowState *self, unsigned id);
FlowIncident *nsk_flow_state_incident_of(const NskFlowState *self, unsigned id);
void
nsk_flow_state_add_incident(NskFlowState *self, unsigned id, const char *what, const char *words);
bool nsk_flow_state_remove_incident(NskFlowState *self, unsigned id);

static inline const FlowItem *
nsk_flow_item_at(const NskFlowState *self, guint i)
{
    return &g_array_index(self->items, FlowItem, i);
}

static inline const FlowSub *
nsk_flow_sub_at(const NskFlowState *self, guint i)
{
    return &g_array_index(self->subs, FlowSub, i);
}

/* "node#id".  Freed with g_free(). */
char *nsk_flow_key(const char *node, unsigned id);
/* Whether @key is that of @node and @id. */
bool nsk_flow_key_is(const char *key, const char *node, unsigned id);

/* The number behind the last '#'; 0 if that is no number of at most 9 digits. */
unsigned nsk_flow_key_id(const char *key);

/* state-bind.c: the state with the indices of @flow, new, and certain to fit it.  Errors: CORRUPT.
 */
NskFlowState *nsk_flow_state_bind(const NskFlowState *self, const NskFlow *flow, GError **error);
/* Whether the item can be at its node and in its scope; its scope fits. */
bool nsk_flow_item_fits(const NskFlowState *self, const FlowItem *item);
/* Whether the owner of the subscription can listen at its node. */
bool nsk_flow_sub_fits(const NskFlowState *self, const FlowSub *sub);
/* The start event of an event sub-process; FLOW_NONE if it has none. */
unsigned nsk_flow_start_of(const NskFlow *flow, unsigned handler);
/* The level that the children of an item are in; FLOW_NONE of one without. */
unsigned nsk_flow_item_level(const NskFlow *flow, const FlowItem *item);
