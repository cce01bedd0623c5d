/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flow/check-private.h"

/*
 * A level of the definition as a net.  Its nodes are those of the level that a token of the main
 * course can come to, in a normal form: what is no gateway has one way in and one way out at most,
 * a merge or split that the file leaves unsaid being a node of its own (BPMN 2.0.2, 10.6, 13.3.1:
 * ways into an activity merge as at an exclusive gateway, ways out of it split as at a parallel
 * one, or an inclusive one if they have conditions).
 *
 * 1. A token lies in a cell: at a node that rests, or on a flow into a gateway that joins.  Every
 *    other token moves on at once.
 * 2. No cell ever holds two tokens: that is the lack of synchronisation that is looked for, and
 *    exploration ends there.
 */
#define NET_CELL_BITS 2
#define NET_WORDS     64 /* of 64 bits, of a marking; the last holds the letter */
#define NET_CELLS     ((NET_WORDS - 1) * 64 / NET_CELL_BITS)
#define NET_QUEUE     512     /* tokens that move at a time */
#define NET_TRAIL     96      /* nodes of one move that are kept for words */
#define NET_KEPT      24      /* conditions whose value is kept from move to move */
#define NET_VISITS    4000    /* of nodes in one move */
#define NET_LEAVE     0x8000U /* in a queue: a token that leaves a node, not one on a flow */

typedef enum {
    NET_PASS,
    NET_REST,
    NET_XOR,
    NET_AND,
    NET_OR,
    NET_END,
} NetKind;

typedef struct {
    unsigned source; /* nodes of the net */
    unsigned target;
    unsigned edge;      /* of the flow; FLOW_NONE: of the normal form */
    unsigned condition; /* of the checker; FLOW_NONE: none */
    bool negated;
    bool is_default;
    bool free;     /* taken or not, whatever the condition: what remains of several flows */
    unsigned slot; /* which of the ways into the flow's node @target it is */
    unsigned cell; /* where a token waits for others; FLOW_NONE: it does not */
    bool gone;
} NetEdge;

/* What may happen to a node that rests, other than that it is done. */
typedef struct {
    unsigned
        node; /* of the net: boundary event, event sub-process, or target of an event gateway */
    bool interrupts;
    unsigned fired; /* cell that says that it did; FLOW_NONE if it interrupts */
} NetAlternative;

typedef struct {
    NetKind kind;
    unsigned node; /* of the flow; of a helper: the one that it helps */
    bool helper;
    bool gone;
    unsigned cell;   /* REST */
    uint32_t writes; /* REST: slots of conditions that change when it is done, a bit each */
    GArray *in;      /* of unsigned: edges of the net */
    GArray *out;
    GArray *alternatives; /* of NetAlternative */
} NetNode;

typedef struct {
    Checker *checker;
    unsigned level;
    bool is_aside;
    GPtrArray *nodes; /* of NetNode, owned */
    GPtrArray *edges; /* of NetEdge, owned */
    GArray *joins;    /* of unsigned: inclusive gateways that join */
    GArray *halves;   /* of NetRun; see check-run.c */
    GArray *starts;   /* of unsigned: each begins an exploration */
    bool all_at_once; /* ... or, there being no start event, all begin together */
    GArray *handlers; /* of NetAlternative: event sub-processes */
    unsigned *entry;  /* node of the flow -> node of the net; FLOW_NONE */
    unsigned *exit;
    unsigned *condition_cell;      /* condition of the checker -> cell; FLOW_NONE */
    uint64_t kept[NET_WORDS];      /* the cells of a marking that last from move to move */
    uint64_t tokens[NET_WORDS];    /* the cells that tokens lie in */
    unsigned kept_cells[NET_KEPT]; /* of kept conditions, by their order; FLOW_NONE */
    unsigned n_cells;
    unsigned n_words;
    bool asks_outcome;
    unsigned *merged_into; /* nodes, then edges: by what a folded part is seen; see check-fold.c */
    bool *seen;            /* nodes, then edges: a token came there */
} CheckNet;

static inline NetNode *
net_node(const CheckNet *self, unsigned index)
{
    return g_ptr_array_index(self->nodes, index);
}

static inline NetEdge *
net_edge(const CheckNet *self, unsigned index)
{
    return g_ptr_array_index(self->edges, index);
}

static inline unsigned
net_at(const GArray *array, guint i)
{
    return g_array_index(array, unsigned, i);
}

/* check-net.c: the main course of the level, or (@aside not FLOW_NONE) what follows the boundary
 * event @aside that interrupts nothing and never meets the main course again. */
CheckNet *nsk_check_net_new(Checker *checker, unsigned level, unsigned aside);
void nsk_check_net_free(CheckNet *self);
/* Gives out cells, once the net has its shape; false if there are too many. */
bool nsk_check_net_lay_out(CheckNet *self);
/* The boundary events of the level that may be explored by themselves: of unsigned. */
GArray *nsk_check_net_asides(Checker *checker, unsigned level);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CheckNet, nsk_check_net_free)

/* A node of the net that helps the flow's node @node if @helper; its index. */
unsigned nsk_check_net_add_node(CheckNet *self, unsigned node, NetKind kind, bool helper);
/* Borrowed; @flow_edge may be FLOW_NONE. */
NetEdge *
nsk_check_net_add_edge(CheckNet *self, unsigned source, unsigned target, unsigned flow_edge);
/* Once all nodes and flows are there that there will be; see check-fold.c. */
void nsk_check_net_begin_merging(CheckNet *self);
/* check-fold.c; before nsk_check_net_lay_out(). */
void nsk_check_net_fold(CheckNet *self);

/* A marking that is on its way to the next rest. */
typedef struct {
    uint64_t words[NET_WORDS];
    uint16_t queue[NET_QUEUE];
    uint16_t trail[NET_TRAIL]; /* nodes of the flow */
    unsigned n_queue;
    unsigned n_trail;
    unsigned n_visits;
    unsigned outcome; /* index in checker->outcomes */
} NetRun;

static inline unsigned
net_cell(const uint64_t *words, unsigned cell)
{
    return (unsigned)(words[cell / 32] >> (cell % 32 * NET_CELL_BITS) & 3);
}

static inline void
net_set_cell(uint64_t *words, unsigned cell, unsigned value)
{
    unsigned shift = cell % 32 * NET_CELL_BITS;

    words[cell / 32] = (words[cell / 32] & ~(UINT64_C(3) << shift)) | (uint64_t)value << shift;
}

static inline FlowLetter
net_letter(const CheckNet *self, const uint64_t *words)
{
    return (FlowLetter)words[self->n_words - 1];
}

static inline void
net_set_letter(const CheckNet *self, uint64_t *words, FlowLetter letter)
{
    words[self->n_words - 1] = letter;
}

/* How a run ended. */
typedef enum {
    NET_RESTS,    /* in a marking with tokens */
    NET_FINISHED, /* no token is left, or a terminate end event took them */
    NET_THROWN,   /* an error left the level */
    NET_TWICE,    /* a second token came where one was; node: of the flow */
    NET_STUCK,    /* no flow of the gateway `node` is true for the outcome */
    NET_TOO_MUCH, /* more than a run may hold */
} NetEndType;

typedef struct {
    NetEndType type;
    unsigned node;
} NetEnd;

/* check-run.c */
typedef struct {
    /* A token came to the node that rests; may change the run's letter. */
    void (*arrive)(void *data, NetRun *run, unsigned node);
    void (*end)(void *data, NetRun *run, const NetEnd *end);
    void *data;
} NetWatch;

/* Makes all runs that begin as @first. */
void nsk_check_run(CheckNet *net, const NetRun *first, const NetWatch *watch);
void nsk_check_run_push(NetRun *run, unsigned token);
/* The node, of the net, is passed: it stands in the trail, and is not dead. */
void nsk_check_run_visit(CheckNet *net, NetRun *run, unsigned node);

/* check-level.c */
/* Explores the level for a letter that comes into it as @letter; @way: how one comes there, in
 * words, NULL for the process itself. */
const CheckSummary *
nsk_check_level(Checker *self, unsigned level, FlowLetter letter, const char *way);
/* Once all is explored: nodes that no token ever came to. */
void nsk_check_dead(Checker *self);
