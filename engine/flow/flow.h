/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <naskah/issue.h>

#include "base/clock.h"
#include "xml/xml.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Workflows: BPMN 2.0 (formal/13-12-09) files, read natively, and the pure function that moves one
 * instance on.
 *
 * What runs in this issue: none start and end events, user, service, abstract and manual tasks
 * (the last two pass through), the exclusive gateway with XPath 1.0 conditions and a default flow.
 * Everything else in an executable process is refused by name when the file is read; nothing is
 * passed over in silence.  Diagram data, documentation, lanes, data objects, artifacts and the
 * extensions of foreign tools are for people and are skipped.
 *
 * Extensions, namespace NSK_FLOW_NS: attribute `role` (draft, review, sign) and, inside
 * extensionElements, element `outcomes` (names parted by blanks) of a user task; attribute
 * `service` of a service task.  Anything else in that namespace is refused, being a slip of the
 * pen.
 */
#define NSK_FLOW_NS "urn:naskah:bpmn:1"

/* A definition.  A value: immutable, any thread. */
typedef struct _NskFlow NskFlow;

/* Where one instance stands: its tokens.  A value: immutable, any thread. */
typedef struct _NskFlowState NskFlowState;

typedef enum {
    NSK_FLOW_ROLE_NONE,
    NSK_FLOW_ROLE_DRAFT,
    NSK_FLOW_ROLE_REVIEW,
    NSK_FLOW_ROLE_SIGN,
} NskFlowRole;

/* A user or service task of a definition, in the file's order.  Borrowed from the flow. */
typedef struct {
    const char *id;
    const char *name;            /* the id if the file gives no name */
    const char *documentation;   /* "" if none */
    const char *service;         /* NULL: a user task */
    NskFlowRole role;            /* of a user task */
    const char *const *outcomes; /* of a user task, NULL-terminated, at least one */
} NskFlowTask;

/*
 * Reads a definition.  All that is wrong with the document goes into @issues (tags below); if any
 * of it is an error, the result is NULL with @error INVALID repeating the errors, a line each.  A
 * file that is no XML, or has a DOCTYPE, is one issue as well.  @name is what messages call the
 * document.
 *
 * Tags: flow-xml, flow-unsupported, flow-reference, flow-id, flow-start, flow-end,
 * flow-unreachable, flow-crossing, flow-condition, flow-expression, flow-assignment,
 * flow-outcomes, flow-service, flow-cycle, flow-process, flow-size.  Warnings: flow-diagram.
 * Errors: INVALID, LIMIT.
 */
NskFlow *nsk_flow_parse(const char *name,
                        const void *data,
                        size_t size,
                        NskIssues *issues,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
NskFlow *nsk_flow_ref(NskFlow *self);
void nsk_flow_unref(NskFlow *self);

const char *nsk_flow_get_id(const NskFlow *self);            /* of the process */
const char *nsk_flow_get_name(const NskFlow *self);          /* the id if it has none */
const char *nsk_flow_get_documentation(const NskFlow *self); /* "" if none */
size_t nsk_flow_get_n_tasks(const NskFlow *self);
const NskFlowTask *nsk_flow_get_task(const NskFlow *self, size_t index);
/* NULL if the definition has no such task. */
const NskFlowTask *nsk_flow_find_task(const NskFlow *self, const char *id);

NskFlowState *nsk_flow_state_ref(NskFlowState *self);
void nsk_flow_state_unref(NskFlowState *self);
/* Canonical JSON, under 1 KB: the same state always gives the same bytes.  Freed with g_free(). */
char *nsk_flow_state_format(const NskFlowState *self);
/* Reads what nsk_flow_state_format() wrote.  Errors: CORRUPT. */
NskFlowState *
nsk_flow_state_parse(const char *json, size_t size, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool nsk_flow_state_is_ended(const NskFlowState *self);
/* Keys of what the instance waits for, oldest first; NULL-terminated, freed with g_strfreev(). */
char **nsk_flow_state_get_keys(const NskFlowState *self);

typedef enum {
    NSK_FLOW_START,        /* begins an instance; the state is NULL */
    NSK_FLOW_COMPLETE,     /* somebody did the task @key with @outcome */
    NSK_FLOW_SERVICE_DONE, /* the service @key was carried out */
    NSK_FLOW_CANCEL,       /* the instance is given up */
} NskFlowEventType;

/* All borrowed. */
typedef struct {
    NskFlowEventType type;
    const char *key;     /* COMPLETE, SERVICE_DONE */
    const char *outcome; /* COMPLETE; one of the task's outcomes */
    const char *reason;  /* CANCEL; a short word for the END action; NULL: "cancelled" */
} NskFlowEvent;

/*
 * What expressions see, as it stands after the act that the event tells of: a paraf just given is
 * already approved="true".  All borrowed; not changed.
 *
 * The children of @facts without namespace are `letter`, `outcome`, `drafter`, `reviewers`,
 * `signatories`.  The context node is @facts; each child is the variable of its name and
 * getDataObject('name') in BPMN's namespace.  `outcome` is the event's, whatever @facts says of it.
 * {urn:naskah:bpmn:1}today() is @today as "2026-07-22".
 */
typedef struct {
    const NskXmlNode *facts;
    NskDate today; /* civil date of the letter's unit */
} NskFlowFacts;

typedef enum {
    NSK_FLOW_OPEN_TASK,  /* put a task before @positions */
    NSK_FLOW_CLOSE_TASK, /* @key is no longer waited for: a task or service done or given up */
    NSK_FLOW_SERVICE,    /* carry out @service, then say SERVICE_DONE with @key */
    NSK_FLOW_END,        /* the instance is over */
} NskFlowActionType;

/* What the caller has to do.  All owned by the action; NULL where it does not apply. */
typedef struct {
    NskFlowActionType type;
    char *key;        /* unique in the instance: "node#n"; all but END */
    char *node;       /* id; of END the end event's, NULL when cancelled */
    char *name;       /* OPEN_TASK, SERVICE, END */
    NskFlowRole role; /* OPEN_TASK */
    char **outcomes;  /* OPEN_TASK; allowed ones in the file's order */
    char **positions; /* OPEN_TASK; ids of positions, at least one, none twice */
    char *service;    /* SERVICE */
    char *reason;     /* END; "completed", or the CANCEL event's */
} NskFlowAction;

/* What one event does. */
typedef struct {
    const NskFlow *flow;       /* the definition that the instance was started with */
    const NskFlowState *state; /* NULL at START */
    const NskFlowEvent *event;
    const NskFlowFacts *facts; /* not needed for CANCEL */
} NskFlowStep;

/*
 * Moves an instance on: pure and repeatable, no I/O, at most NSK_LIMIT_FLOW_STEPS visits of nodes.
 * @out_actions holds owned NskFlowAction in the order to be taken.  Every key that was opened by
 * OPEN_TASK or SERVICE is closed by exactly one CLOSE_TASK in its life.  On an error nothing
 * changed and nothing is to be done.
 *
 * Errors: CONFLICT if the task or service is not open, or the instance is over; INVALID for an
 * outcome the task does not allow (the message lists those it does), for a gateway with no true
 * condition and no default flow, for an assignment that gives nobody or no position id, and for an
 * expression that fails; LIMIT; CORRUPT if the state is not one of this definition.
 */
bool nsk_flow_step(const NskFlowStep *step,
                   NskFlowState **out_state,
                   GPtrArray **out_actions,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskFlow, nsk_flow_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskFlowState, nsk_flow_state_unref)
