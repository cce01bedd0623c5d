/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/office-private.h"

/*
 * Figures of work: whose, in which time, and how long something lay before somebody.  See
 * work-report.c.
 */

/* Whose work is asked for.  Zero it, find it, clear it. */
typedef struct {
    const char *type; /* "person", "position" or "unit"; static */
    char *id, *label;
    GHashTable
        *positions; /* set of ids: that of POSITION, those of UNIT; those that PERSON holds */
    char *zone;     /* in which days begin */
} NskWorkSubject;
/*
 * Whom the ask is about; the person himself if it names nobody.  Errors: INVALID if it names
 * several; NOT_FOUND; DENIED unless he asks for himself, or is a superior of all that is asked for.
 */
bool nsk_work_subject_find(NskWorkSubject *self,
                           NskOffice *office,
                           NskDbTxn *txn,
                           const NskWorkAsk *ask,
                           GError **error);
void nsk_work_subject_clear(NskWorkSubject *self);
/* Whether the event is of the subject's work. */
bool nsk_work_subject_did(const NskWorkSubject *self, const NskJournalEvent *event);

/* Days that count: working days on which he who did it was there.  All borrowed. */
typedef struct {
    const NskCalendar *calendar;
    const char *zone;
    const GPtrArray *turns; /* of NskTurn, of which leave is looked at; NULL: none */
} NskWorkDays;
/* Minutes between two moments, those of other days left out.  A year without a calendar has Monday
 * to Friday. */
bool nsk_work_minutes(const NskWorkDays *self,
                      NskInstant from,
                      NskInstant until,
                      int64_t *out_minutes,
                      GError **error);

/* How long tasks were held (work-held.c).  All borrowed. */
typedef struct {
    NskDbTxn *txn;
    NskCalendar *calendar;
    const char *zone;
} NskWorkTimes;
/* A task that was done by an entry. */
typedef struct {
    bool is; /* the entry is of a task that it ended */
    NskInstant from, due;
    int64_t minutes;
} NskWorkHeld;
/* Of the entry at @i of a letter's journal. */
bool nsk_work_held(const NskWorkTimes *self,
                   const GPtrArray *entries,
                   guint i,
                   NskWorkHeld *out,
                   GError **error);
/* Median and p90 of an array of int64_t, which gets sorted; 0 of none. */
void nsk_work_middle(GArray *minutes, int64_t *out_median, int64_t *out_p90);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskWorkSubject, nsk_work_subject_clear)
