/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <naskah/issue.h>

#include "base/clock.h"

#include <glib.h>

/*
 * Classification schemes with their retention schedules (jadwal retensi arsip, JRA), and the
 * reckoning of retention.  Pure: no database, no clock.
 *
 * Sources: UU 43/2009 and PP 28/2012 (classification and JRA are instruments of each agency; a row
 * of the JRA has active years, inactive years and a fate), Permendagri 83/2022 (numeric codes of
 * regions) and the ministries' schemes of letters and digits.
 */

/* --- A scheme. -------------------------------------------------------------------------------- */

/* What the retention of a file counts from. */
typedef enum {
    NSK_TRIGGER_CLOSED,   /* the file was closed */
    NSK_TRIGGER_CONTRACT, /* the contract ended */
    NSK_TRIGGER_BUDGET,   /* the budget year ended: the last of December of the year named */
    NSK_TRIGGER_LEFT,     /* the person left the service */
} NskTrigger;
/* "closed", "contract", "budget", "left". */
const char *nsk_trigger_name(NskTrigger self);

/* What becomes of a file after its retention. */
typedef enum {
    NSK_FATE_DESTROY,   /* proposed for destruction */
    NSK_FATE_PERMANENT, /* handed over as a static archive */
    NSK_FATE_REVIEW,    /* assessed again */
} NskFate;
/* "destroy", "permanent", "review". */
const char *nsk_fate_name(NskFate self);

/* A class; all borrowed from its scheme. */
typedef struct {
    const char *code;
    const char *name;
    bool has_rule;      /* false: a heading, files are kept under what is below it */
    NskTrigger trigger; /* this and what follows only if has_rule */
    unsigned active;    /* years, 0 to 100 */
    unsigned inactive;  /* years, 0 to 100 */
    NskFate fate;
} NskRecordClass;

/* Immutable once read; any thread. */
typedef struct _NskClassScheme NskClassScheme;

/*
 * Reads a scheme from a table (RFC 4180, UTF-8) with the columns code, name, trigger, active,
 * inactive, fate in any order, others ignored.  A code is of letters and digits in parts with dots
 * between; the class above, if a code has a dot, must have a row too.  The last four columns are
 * all filled or all empty.  Every fault goes to @issues (tags csv and scheme, with the line).
 * Returns NULL with INVALID if there is any.  @name is what findings call the file.
 */
NskClassScheme *nsk_class_scheme_parse(const char *name,
                                       const void *data,
                                       size_t size,
                                       NskIssues *issues,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void nsk_class_scheme_free(NskClassScheme *self);
/* NULL if it has no such code. */
const NskRecordClass *nsk_class_scheme_find(const NskClassScheme *self, const char *code);
/* Classes in the order of their codes; @at is below the size. */
size_t nsk_class_scheme_size(const NskClassScheme *self);
const NskRecordClass *nsk_class_scheme_at(const NskClassScheme *self, size_t at);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskClassScheme, nsk_class_scheme_free)

/* --- Retention. ------------------------------------------------------------------------------- */

/* Where a file stands on a day. */
typedef enum {
    NSK_RECORD_OPEN,     /* not closed */
    NSK_RECORD_WAITING,  /* closed, but what its retention counts from has not come */
    NSK_RECORD_ACTIVE,   /* kept by its unit */
    NSK_RECORD_INACTIVE, /* kept by the records centre */
    NSK_RECORD_DUE,      /* retention is over: a person decides, by the fate of its class */
} NskRecordState;
/* "open", "waiting", "active", "inactive", "due". */
const char *nsk_record_state_name(NskRecordState self);

typedef struct {
    NskDate inactive_from; /* the first day on which it is not active any more */
    NskDate due_from;      /* the first day after its retention */
} NskRetention;

/*
 * Reckons the retention of a file of class @of (which has a rule), counted from @trigger.  The day
 * of the trigger itself does not count: of one year from 20 July 2026, 20 July 2027 is the last
 * day.  A year from 29 February begins on 1 March where there is no such day, so nothing is kept
 * shorter.  False if @trigger is unset or the years go beyond 9999.
 */
bool nsk_retention_reckon(const NskRecordClass *of, NskDate trigger, NskRetention *out);
/* @closed: whether the file is closed; @retention: NULL if it cannot be reckoned yet. */
NskRecordState
nsk_retention_state(bool closed, const NskRetention *retention, NskDate today) G_GNUC_PURE;
