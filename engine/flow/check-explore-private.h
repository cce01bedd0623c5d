/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flow/check-net-private.h"

/* The markings of a net that were found, in the order found, and the moves between them. */
typedef struct {
    CheckNet *net;
    GArray *words;      /* of uint64_t: net->n_words for each */
    GArray *parents;    /* of uint32_t: where it was first found from; UINT32_MAX: from the start */
    GArray *trail_ends; /* of uint32_t: of each, in `trails` */
    GArray *trails;     /* of uint16_t: nodes passed on the move that found it */
    GArray *from;       /* of uint32_t: the moves */
    GArray *to;
    GArray *finishes; /* of uint8_t: whether a move from it ends the level */
    uint32_t *slots;  /* hash table of index + 1; 0: free */
    uint32_t n_slots; /* a power of two */
    uint32_t n;
} CheckStates;

#define CHECK_START UINT32_MAX

void nsk_check_states_init(CheckStates *self, CheckNet *net);
void nsk_check_states_clear(CheckStates *self);
const uint64_t *nsk_check_states_words(const CheckStates *self, uint32_t index);
/* The marking that the run came to from @from; adds it if it is new. */
uint32_t nsk_check_states_add(CheckStates *self, const NetRun *run, uint32_t from);
/* The first marking that no moves lead to an end from; CHECK_START if there is none. */
uint32_t nsk_check_states_find_endless(const CheckStates *self);
/* How one comes to the marking and on by @run (NULL: no further), in words, behind @before (NULL:
 * nothing).  Freed with g_free(). */
char *nsk_check_states_way(const CheckStates *self,
                           uint32_t index,
                           const NetRun *run,
                           const char *before);

/* A deadlock that would not be if an event happened that interrupts nothing. */
typedef struct {
    unsigned node;
    char *missing; /* ids of the flows that no token comes on */
    char *way;
} CheckDoubt;

typedef struct {
    Checker *checker;
    CheckNet *net;
    CheckStates states;
    CheckSummary *summary;
    const char *way; /* to the level; NULL */
    uint32_t at;     /* the marking that is left */
    unsigned mover;  /* node of the flow that is done, or left by a boundary event */
    bool broken;     /* a fault of the token game was told */
    bool too_much;
    GPtrArray *doubts; /* of CheckDoubt: told last, if the same was not found for certain */
    bool forced; /* no activity is done before its events have happened that interrupt nothing */
} Explore;

/* check-tell.c.  The way to the marking that is left, and on by @run (may be NULL); freed with
 * g_free(). */
char *nsk_explore_way(const Explore *self, const NetRun *run);
void nsk_explore_prove_letter(Explore *self, FlowLetter letter, const NetRun *run, unsigned node);
void nsk_explore_tell_twice(Explore *self, const NetRun *run, unsigned node);
void nsk_explore_tell_stuck(Explore *self, const NetRun *run, unsigned node);
void nsk_explore_warn_of_terminate(Explore *self, const NetRun *run, unsigned node);
void nsk_explore_tell_uncaught(Explore *self, unsigned node);
/* @node waits for ever in the marking @words. */
void nsk_explore_tell_deadlock(Explore *self, const NetNode *node, const uint64_t *words);
void nsk_explore_tell_doubt(Explore *self, const CheckDoubt *doubt);
void nsk_explore_doubt_free(gpointer data);
/* No way leads from the marking to an end. */
void nsk_explore_tell_endless(Explore *self, uint32_t index);

typedef enum {
    CHECK_SOUND,
    CHECK_BROKEN,   /* a fault of the token game was told */
    CHECK_UNPROVED, /* there are too many markings */
} CheckVerdict;

/* All markings of the net, laid out, for a letter that comes in as @letter; fills @summary. */
CheckVerdict
nsk_check_explore(CheckNet *net, FlowLetter letter, CheckSummary *summary, const char *way);
