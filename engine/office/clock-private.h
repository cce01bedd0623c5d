/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/advance-private.h"

/* What the files about legal clocks share; see clock.c. */

/* A stretch in which the clock ran. */
typedef struct {
    NskDate since; /* does not count */
    NskDate until; /* counts; unset: it runs */
} NskTermSpan;

typedef struct {
    NskTerm term;
    GArray *spans;  /* NskTermSpan; NULL: there is no clock */
    NskDate deemed; /* from when on silence counted as consent; unset: it did not */
    NskDate ended;  /* decided and sent, or filed; unset: not yet */
} NskTermClock;
void nsk_term_clock_clear(NskTermClock *self);

typedef enum {
    NSK_TERM_NONE,
    NSK_TERM_RUNNING,
    NSK_TERM_STOPPED,
    NSK_TERM_DEEMED,
    NSK_TERM_ENDED,
} NskTermState;
NskTermState nsk_term_clock_get_state(const NskTermClock *self);
/* The clock of a letter; one of state NONE if it has none. */
bool
nsk_term_clock_load(NskDbTxn *txn, const char *letter, NskTermClock *out_clock, GError **error);
/* The days of one that runs. */
bool nsk_term_clock_days(const NskTermClock *self,
                         const NskCalendar *calendar,
                         NskTermDays *out_days,
                         GError **error);

/* Services of workflows. */
bool nsk_term_do_start(NskAct *act, NskEvent *event, GError **error);
bool nsk_term_do_stop(NskAct *act, NskEvent *event, GError **error);
bool nsk_term_do_deemed(NskAct *act, NskEvent *event, GError **error);
/* The letter was sent or filed; nothing if it has no clock. */
bool nsk_term_end(NskAct *act, GError **error);
/* Fills the fact "clock", whose attributes say that none runs, if one does. */
bool nsk_term_fill_fact(NskXmlNode *fact, const NskAct *act, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskTermClock, nsk_term_clock_clear)
