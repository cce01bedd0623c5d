/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/json.h"
#include "flow/flow.h"

/*
 * Running workflows without an office: a scenario says what people, senders and the clock do, and
 * what must be seen after it.
 *
 * A scenario file is JSON:
 *
 *     {"name": "...", "models": ["surat.bpmn", "called.bpmn"], "process": "surat",
 *      "scenarios": [{"name": "approved", "steps": [{"start": null}, ...]}]}
 *
 * or, where the models must be refused, {"models": [...], "refuse": ["complexGateway", ...]}: each
 * word stands in what is said about them.  Every executable process of the models is deployed
 * before anything starts, and `process`.  A step is one of
 *
 *     {"start": id or null, "vars": {...}, "other": true}   {"start_message": name}
 *     {"complete": node, "vars": {...}}   {"message": name}   {"signal": name}
 *     {"advance_timer": "PT1H"}
 *     {"expect_active": [ids]}   {"expect_active_includes": [ids]}   {"expect_waiting": [ids]}
 *     {"expect_ended": true}     {"expect_error": class}
 *
 * and of our own, for workflows of letters and of an office:
 *
 *     {"facts": "<facts>...</facts>"}   each child takes the place of the fact of its name; also as
 *                                       a second key of a step that acts, before it
 *     {"fail_service": node, "error": code or null}   the next service there fails
 *     {"downtime": "PT5H"}   the clock moves on and nobody looks; then what is overdue is seen
 *
 * with "now": "2026-01-05T08:00:00Z" of the file or of a scenario: where the clock begins.
 * `complete` means the oldest open task of that id in the observed instance, or else in another.
 * Variables are numbers, strings and booleans.  The variable `outcome` of `complete` is the task's
 * outcome, if it is one that the task allows.  A service is done at once.  A message that is thrown
 * goes to the oldest that waits for it, or starts the process that begins with it.  A timer that is
 * due fires; when the clock moves on, it stops at each.  Working days are Monday to Friday, the
 * zone is UTC.
 */

/* Gives the bytes of the model @name, as the scenario writes it.  Errors: any. */
typedef GBytes *(*NskFlowModelLoad)(void *data, const char *name, GError **error);
/* Is told what happens, a line of words at a time. */
typedef void (*NskFlowTell)(void *data, const char *line);

/* Says in words who holds the position @position.  Freed with g_free(). */
typedef char *(*NskFlowWho)(void *data, const char *position);

/* All borrowed. */
typedef struct {
    const NskJson *scenario;
    const char *model; /* one more, deployed first; NULL: none.  If the scenario names a file of
                        * that base name, it is meant. */
    NskFlowModelLoad load;
    NskFlowTell tell; /* may be NULL */
    NskFlowWho who;   /* NULL: assignments are not looked at */
    void *data;       /* for all three */
} NskFlowSimulation;

/*
 * Runs all scenarios of a file, each with a fresh engine, to its end or the first step that fails:
 *
 *     {"ok": bool, "scenarios": [{"name", "ok", "steps": N, "failed_step": index from 0 or null,
 *      "expected": ..., "got": ...}]}
 *
 * with "refused": the reasons, if models were refused that should not be; with @who each scenario
 * has "tasks": [{"key", "node", "position", "who"}], what was put before whom, in that order.
 * Errors: INVALID for a scenario file that is none, naming scenario and step; what @load gives;
 * LIMIT.
 */
NskJson *nsk_flow_simulate(const NskFlowSimulation *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
