/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flow/flow-private.h"

/*
 * The checker of definitions that are to be deployed (nsk_flow_check()), by subject:
 *
 *   check-deploy.c   the order of things
 *   check-rules.c    what one element shows by itself: assignments, services, duties, labels
 *   check-names.c    what expressions name
 *   check-circle.c   circles in which nobody acts
 *   check-net.c      a level of the definition as a net of tokens
 *   check-fold.c     the net made smaller without changing what can go wrong in it
 *   check-run.c      one token game move on the net, run to its next rest
 *   check-explore.c  all markings of a net
 *   check-states.c   the markings that were found, and the way to each
 *   check-tell.c     what is found there, in words
 *   check-level.c    a level with what runs beside it, and recursion
 *   check-throw.c    which errors and escalations can come where
 *   check-condition.c  what is known of conditions
 *   check-letter.c   what a letter has gone through, and the proofs about it
 *   check-words.c    findings and the ways that lead to them, in words
 *
 * Each level of the definition is proved by itself, a sub-process or call in it being one node
 * that rests until it is done.  That is exact, because tokens never cross levels (BPMN 2.0.2,
 * 13.3.4): what a body can do to the level around it is to finish, to throw an error or escalation
 * of a known code, or to be interrupted, and all of that is a choice at the one node.  What the
 * letter has gone through does cross levels; it is a small number (FlowLetter), and a body is
 * explored once for each such number that comes in, giving the numbers that may come out.
 */

/* What a letter has gone through; see check-letter.c. */
typedef uint8_t FlowLetter;
#define LETTER_SIGNED         0x01U
#define LETTER_ARCHIVED       0x02U
#define LETTER_REFUSED        0x04U /* somebody refused it, and no human has it again yet */
#define LETTER_RETURNED       0x08U /* as REFUSED, and by an outcome that promises to give it back */
#define LETTER_NUMBER_SHIFT   4
#define LETTER_NUMBER_MASK    0x70U /* 0: no number; the ordinal of the service that gave it */
#define LETTER_NUMBER_SIGNING 7U    /* by the act of signing */
#define N_LETTERS             128U

typedef enum {
    EFFECT_NONE,
    EFFECT_DRAFT,
    EFFECT_REVIEW,
    EFFECT_SIGN,
    EFFECT_CONFIRM,
    EFFECT_NUMBER,
    EFFECT_VOID,
    EFFECT_DISPATCH,
    EFFECT_ARCHIVE,
} FlowEffect;

/* A set of FlowLetter. */
typedef struct {
    uint64_t bits[N_LETTERS / 64];
} FlowLetters;

static inline void
letters_add(FlowLetters *set, FlowLetter letter)
{
    set->bits[letter / 64] |= UINT64_C(1) << (letter % 64);
}

static inline bool
letters_has(const FlowLetters *set, unsigned letter)
{
    return (set->bits[letter / 64] >> (letter % 64) & 1) != 0;
}

/* A condition as it is decided: the same text is the same condition wherever it stands, and not(it)
 * its opposite. */
typedef struct {
    char *text;
    NskXPath *expression; /* of the text, without not(); compiled for the checker */
    GPtrArray *names;     /* of char *: variables, and facts that a path begins with */
    bool of_outcome;      /* names nothing but `outcome` */
    bool kept;            /* asked at two gateways or more, so its value lasts from move to move */
    unsigned gateway;     /* the first that asks it */
    int8_t *values;       /* by outcome, if of_outcome: 1 true, 0 false, -1 not known yet */
} CheckCondition;

/* The set of what an error or escalation may be caught by: codes, and whether there are others. */
typedef struct {
    GPtrArray *errors;      /* of const char *, borrowed */
    GPtrArray *escalations; /* of const char *, borrowed */
    bool any_error;         /* a service may fail in it, with any code */
    bool busy;
} CheckThrows;

/* What a body may make of a letter, as far as it is known. */
typedef struct {
    FlowLetters exits;  /* when it is done */
    FlowLetters during; /* when it is interrupted */
    bool is_done;
    unsigned pass; /* the pass over a recursion that it was last explored in */
    unsigned busy; /* how deep it is among those that are being explored, from 1; 0: it is not */
} CheckSummary;

typedef struct {
    const NskFlow *flow;
    const NskFlowCheck *options;
    NskIssues *issues;
    bool failed;              /* an error was found */
    GHashTable *found;        /* of char *, owned: what was told */
    GPtrArray *outcomes;      /* of const char *: all that a task may end with; [0] is "" */
    GPtrArray *conditions;    /* of CheckCondition */
    GHashTable *condition_of; /* edge -> its condition, doubled, + 1 if it is negated */
    CheckThrows *throws;      /* of each level: what leaves it */
    GHashTable *summaries;    /* level * N_LETTERS + letter -> CheckSummary, owned */
    bool *effects_in; /* of each level: something in it, at any depth, concerns the letter */
    bool *visited;    /* of each node: a token came there */
    bool *explored;   /* of each level */
    bool *broken;     /* of each level: it has a fault, or was not explored to the end */
    bool quiet;       /* findings are not told, but noticed: */
    bool noticed;
    unsigned depth;       /* of levels that are being explored */
    unsigned lowest_busy; /* the outermost of those that was asked for again */
    unsigned pass;
    uint8_t *effects;  /* of each node: FlowEffect */
    uint8_t *ordinals; /* of each node that gives a number: which, from 1 */
    bool is_letter;    /* there is anything to prove about letters */
    bool can_refuse;   /* ... and somebody may refuse one */
    int64_t work;      /* token moves that may still be made */
    unsigned max_states;
} Checker;

/* check-words.c */
typedef struct {
    unsigned node; /* FLOW_NONE: the process */
    unsigned edge; /* FLOW_NONE; else the place is the flow's */
    const char *tag;
    NskSeverity severity;
    const char *way; /* how one comes there, in words; NULL: said by the sentence */
} CheckPlace;

/* Tells a finding, once for a tag, node and edge.  An error makes the check fail. */
void nsk_check_tell(Checker *self, const CheckPlace *place, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
/* "userTask 'paraf'", with the name if it has one; freed with g_free(). */
char *nsk_check_name(const Checker *self, unsigned node);

/* check-rules.c: what one element shows by itself. */
void nsk_check_rules(Checker *self);
/* check-names.c */
void nsk_check_names(Checker *self);

typedef enum {
    NAME_VARIABLE, /* $name */
    NAME_FACT,     /* a path outside of predicates begins with it; getDataObject('name') */
} CheckNameType;

/* Calls @found for the names that an expression uses, in their order. */
void nsk_check_each_name(const char *text,
                         void (*found)(void *data, CheckNameType type, const char *name),
                         void *data);
/* check-circle.c */
void nsk_check_circles(Checker *self);

/* check-letter.c */
void nsk_check_find_effects(Checker *self);
/* Whether what happens at @node, or in it, changes what is known of a letter. */
bool nsk_check_concerns_letter(const Checker *self, unsigned node);
/* A token comes to @node.  If nsk_check_letter_is_wrong(), that is told, with @way. */
bool nsk_check_letter_is_wrong(const Checker *self, FlowLetter letter, unsigned node);
void nsk_check_letter_tell(Checker *self, FlowLetter letter, unsigned node, const char *way);
FlowLetter nsk_check_letter_arrive(const Checker *self, FlowLetter letter, unsigned node);
/* @node is done with the outcome of that index. */
FlowLetter
nsk_check_letter_done(const Checker *self, FlowLetter letter, unsigned node, unsigned outcome);
/* The same at the end of the process. */
bool nsk_check_letter_ends_wrong(const Checker *self, FlowLetter letter);
void nsk_check_letter_tell_end(Checker *self, FlowLetter letter, unsigned node, const char *way);

/* check-throw.c */
void nsk_check_find_throws(Checker *self);
/* Whether what the boundary event @event waits for can happen while its host is active. */
bool nsk_check_can_happen(const Checker *self, unsigned event);
/* The same for the event sub-process @node of a level. */
bool nsk_check_can_begin(Checker *self, unsigned node);
/* Whether an error that an event throws in the body of @node leaves the level around it, too. */
bool nsk_check_escapes(Checker *self, unsigned node);
void nsk_check_free_throws(Checker *self);

/* check-condition.c */
void nsk_check_find_conditions(Checker *self);
/* Index of the condition of @edge in self->conditions (FLOW_NONE: it has none), and whether the
 * edge wants its opposite. */
unsigned nsk_check_condition(const Checker *self, unsigned edge, bool *out_negated);
/* Its value after that outcome: 1 true, 0 false, -1 not to be known by that alone. */
int nsk_check_condition_value(Checker *self, unsigned condition, unsigned outcome);
/* Whether what @node does may change the value of the condition. */
bool nsk_check_may_write(const Checker *self, unsigned node, unsigned condition);
void nsk_check_condition_free(gpointer data);
/* Index in self->outcomes; 0 ("") if no task has it. */
unsigned nsk_check_outcome(const Checker *self, const char *outcome);

/* check-deploy.c */
static inline const FlowNode *
check_node(const Checker *self, unsigned index)
{
    return nsk_flow_node(self->flow, index);
}

/* Whether a token stays there until something from outside happens. */
bool nsk_check_rests(const FlowNode *node);
/* The level inside of a sub-process, or of the process that is called; FLOW_NONE. */
unsigned nsk_check_body(const FlowNode *node);
/* Whether only compensation ever comes there. */
bool nsk_check_is_apart(const FlowNode *node);
