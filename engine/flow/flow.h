/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <naskah/issue.h>

#include "base/clock.h"
#include "xml/xml.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Workflows: BPMN 2.0.2 (formal/13-12-09) files, read natively, and the pure function that moves
 * one instance on.
 *
 * Reading a definition, checking it, and running it are three things.  Reading (nsk_flow_parse,
 * nsk_flow_load) refuses by name what could not be executed exactly as chapter 13 says; it asks
 * for nothing that only an office needs, so models by strangers can be simulated.  Checking
 * (nsk_flow_check) is for a definition that is to be deployed.  Running is nsk_flow_step.
 *
 * Nothing here reads a file, a clock or a database: the caller brings what is seen (NskFlowFacts)
 * and carries out what is asked for (NskFlowAction).
 *
 * Own extensions, namespace NSK_FLOW_NS, only for what neither BPMN nor the attributes of Camunda
 * Modeler have: `role` (draft, review, sign, confirm), `separate` (ids of user tasks of the same
 * process, parted by blanks: who did one of them may not do this one) and, inside
 * extensionElements, `outcomes` (names parted by blanks) of a user task; `service` of a service,
 * send or business rule task; `workingDays` ("true": days of a duration are working days) of a
 * timer and of a user task with a due date.  Anything else in that namespace is refused, being a
 * slip of the pen.
 */
#define NSK_FLOW_NS "urn:naskah:bpmn:1"

/*
 * A definition: a process, and linked to it every process that its call activities name, down to
 * the last.  A value: immutable, any thread.
 */
typedef struct _NskFlow NskFlow;

/* Where one instance stands: scopes, tokens, what it listens to, variables.  A value: immutable,
 * any thread. */
typedef struct _NskFlowState NskFlowState;

typedef enum {
    NSK_FLOW_ROLE_NONE,
    NSK_FLOW_ROLE_DRAFT,
    NSK_FLOW_ROLE_REVIEW,
    NSK_FLOW_ROLE_SIGN,
    /* A second person confirms that what was uploaded is the letter signed on paper; in proofs
     * that counts as the signature. */
    NSK_FLOW_ROLE_CONFIRM,
} NskFlowRole;

/* A user task, or a task that is a service, in the file's order; those of called processes come
 * behind those of the processes that call them.  Borrowed from the flow. */
typedef struct {
    const char *id;
    const char *name;            /* the id if the file gives no name */
    const char *documentation;   /* "" if none */
    const char *service;         /* NULL: a user task */
    NskFlowRole role;            /* of a user task */
    const char *const *outcomes; /* of a user task, NULL-terminated, at least one */
    const char *const *separate; /* of a user task: ids of those whose doer may not do this one;
                                  * NULL-terminated, NULL if none */
    const char *process;         /* id of the process that it is in */
    const char *lane;            /* name of the innermost lane; "" if none */
    const char *form;            /* camunda:formKey; "" if none */
    int priority;                /* camunda:priority; 50 if none */
} NskFlowTask;

/* Reading */

/*
 * How a process that a call activity names is found if the file itself has none of that id.  Gives
 * the file's bytes and, in *out_name, what messages call it, both owned by the caller; NULL if
 * there is no such process, which is an issue `flow-reference` of the call activity.
 */
typedef GBytes *(*NskFlowFind)(void *data, const char *process, char **out_name);

/* All borrowed. */
typedef struct {
    const char *name; /* what messages call the document */
    const void *content;
    size_t size;
    const char
        *process;     /* the id of the one to run; NULL: the only executable one, or the only one */
    NskFlowFind find; /* may be NULL */
    void *data;       /* for @find */
} NskFlowSource;

/*
 * Reads a definition.  All that is wrong with the documents goes into @issues (tags below); if any
 * of it is an error, the result is NULL with @error INVALID repeating the errors, a line each.  A
 * file that is no XML, or has a DOCTYPE, is one issue as well.
 *
 * Tags: flow-xml, flow-unsupported, flow-reference, flow-id, flow-start, flow-end,
 * flow-unreachable, flow-crossing, flow-condition, flow-expression, flow-outcomes, flow-duties,
 * flow-service, flow-cycle, flow-process, flow-size, flow-timer, flow-event, flow-loop.  Warnings:
 * flow-diagram, flow-condition, flow-assignment and flow-foreign (attributes of other engines that
 * are left out).  Errors: INVALID, LIMIT.
 */
NskFlow *nsk_flow_load(const NskFlowSource *source,
                       NskIssues *issues,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for one file with one process that calls none but those in it. */
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
/* The first of that id; NULL if the definition has no such task. */
const NskFlowTask *nsk_flow_find_task(const NskFlow *self, const char *id);

/* Checking */

/*
 * What the checker may ask of an office.  A function that is NULL is not asked, and what it would
 * have been asked is not checked.  All borrowed.
 */
typedef struct {
    bool (*knows_position)(void *data, const char *position);
    bool (*knows_service)(void *data, const char *service);
    void *data;
    unsigned max_states; /* markings that are explored; 0: 65536 */
    bool letter;         /* prove what a letter's workflow must keep (workflow.md 6) as well */
} NskFlowCheck;

/*
 * Whether the definition may be deployed: assignments, variables, soundness, the proofs about
 * letters.  Findings go into @issues, with the way that leads there in words; false if any of them
 * is an error.  @options may be NULL.  The work is bounded by counts, not by a clock: some 50 ms.
 *
 * Tags: flow-assignment, flow-variable, flow-service, flow-condition (an outcome without a way),
 * flow-deadlock, flow-twice, flow-dead, flow-livelock, flow-sign, flow-number, flow-refused (a
 * refusal that no human receives), flow-archive, flow-duties.  Warnings: flow-unproved, and
 * flow-uncaught, flow-terminate, flow-default, flow-inclusive, flow-split, flow-boundary,
 * flow-instances, flow-path, flow-label, flow-due; flow-deadlock if an event could avert it,
 * flow-dead of an event that nothing causes, flow-duties of the same expression.
 */
bool nsk_flow_check(const NskFlow *self, const NskFlowCheck *options, NskIssues *issues);

/* Variables */

typedef enum { NSK_FLOW_NUMBER, NSK_FLOW_TEXT, NSK_FLOW_BOOLEAN } NskFlowValueType;

/* A variable of an instance.  All borrowed. */
typedef struct {
    const char *name; /* an NCName of at most 64 bytes */
    NskFlowValueType type;
    double number; /* finite */
    bool boolean;
    const char *text; /* UTF-8, at most NSK_LIMIT_FLOW_TEXT bytes */
} NskFlowVariable;

/* State */

NskFlowState *nsk_flow_state_ref(NskFlowState *self);
void nsk_flow_state_unref(NskFlowState *self);
/* Canonical JSON, under 1 KB for a waiting letter: the same state always gives the same bytes.
 * Freed with g_free(). */
char *nsk_flow_state_format(const NskFlowState *self);
/* Reads what nsk_flow_state_format() wrote, now and in format 1.  Errors: CORRUPT. */
NskFlowState *
nsk_flow_state_parse(const char *json, size_t size, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool nsk_flow_state_is_ended(const NskFlowState *self);
bool nsk_flow_state_is_suspended(const NskFlowState *self);
/* Keys of the tasks and services that the instance waits for, oldest first; NULL-terminated, freed
 * with g_strfreev(). */
char **nsk_flow_state_get_keys(const NskFlowState *self);

typedef enum {
    NSK_FLOW_REST_USER,    /* a user task is open */
    NSK_FLOW_REST_RECEIVE, /* a receive task is open; a subscription MESSAGE may be beside it */
    NSK_FLOW_REST_SERVICE, /* a service was asked for and is not done */
    NSK_FLOW_REST_TIMER,   /* from here on: what is armed */
    NSK_FLOW_REST_MESSAGE,
    NSK_FLOW_REST_SIGNAL,
    NSK_FLOW_REST_CONDITION,
    NSK_FLOW_REST_JOIN,     /* a token waits at a gateway for others; no key */
    NSK_FLOW_REST_INCIDENT, /* something went wrong; RETRY with the key */
} NskFlowRestType;

/* One thing that an instance waits for. */
typedef struct {
    NskFlowRestType type;
    char *key;           /* "node#n", unique in the life of the instance; owned; NULL of JOIN */
    const char *node;    /* id; borrowed from the flow, as what follows */
    const char *process; /* id of the process that the node is in */
    const char *name;    /* of message or signal; the class of an incident; else "" */
    NskInstant due;      /* of TIMER */
    bool beside; /* armed by a boundary event or an event sub-process, not by an intermediate event
                  * or an event-based gateway that a token waits at */
} NskFlowRest;

/* All of them, oldest first: owned NskFlowRest.  Errors: CORRUPT if the state is not one of @flow.
 */
GPtrArray *nsk_flow_state_get_rests(const NskFlowState *self,
                                    const NskFlow *flow,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A variable as an expression at the top of the process sees it; borrowed from the state. */
bool nsk_flow_state_get_variable(const NskFlowState *self,
                                 const char *name,
                                 NskFlowVariable *out_variable);

/* Events */

typedef enum {
    /* Begins an instance; the state is NULL.  @node: id of a start event; or @name: of the message
     * or signal of one; or neither: the start event without trigger. */
    NSK_FLOW_START,
    NSK_FLOW_COMPLETE,     /* somebody did the user or receive task @key with @outcome */
    NSK_FLOW_SERVICE_DONE, /* the service @key was carried out */
    NSK_FLOW_CANCEL,       /* the instance is given up */
    /* The service @key failed for good with the error code @name (NULL: none): the boundary event
     * or event sub-process that catches it takes over; nobody catches it: an incident. */
    NSK_FLOW_SERVICE_FAILED,
    /* A message @name came: for the subscription @key, or (NULL) the oldest of that name. */
    NSK_FLOW_MESSAGE,
    NSK_FLOW_SIGNAL, /* the signal @name was thrown elsewhere; all subscriptions of that name */
    NSK_FLOW_TIMER,  /* the timer @key is due at the facts' now */
    NSK_FLOW_FACTS,  /* the facts changed; conditions are tested again, as after every event */
    /*
     * Takes back the completion of a task: @before and @after are the states before and after that
     * step.  What the step opened must stand untouched; what others did since stays.  The task is
     * open again under a new key.
     */
    NSK_FLOW_RECALL,
    /* All that stands in the scope of the node @node (around the task @key, if given) is given up,
     * and one token is put at the node. */
    NSK_FLOW_RETURN_TO,
    /* One more instance of the multi-instance activity @node (the one around the task @key, if
     * given) for the element @name: of a parallel one at once, of a sequential one as the @place-th
     * of those that have not begun (from 0). */
    NSK_FLOW_ADD_INSTANCE,
    NSK_FLOW_INCIDENT, /* what @key stands for failed with the class @name, and nobody is there to
                        * be told; it waits for RETRY */
    NSK_FLOW_RETRY,    /* tries the incident @key again: the service, the timer, the node */
    /* The calendar of working days changed: timers that are armed for a date, or some working days
     * after a moment, are reckoned anew, and those whose time is another now are ARMed again.
     * CONFLICT if there is none; also taken while suspended. */
    NSK_FLOW_RECKON,
    NSK_FLOW_SUSPEND, /* until RESUME only CANCEL, RECKON and RESUME are taken */
    NSK_FLOW_RESUME,
} NskFlowEventType;

/* All borrowed. */
typedef struct {
    NskFlowEventType type;
    const char *key;     /* see above; COMPLETE, SERVICE_DONE and others */
    const char *outcome; /* COMPLETE; one of the task's outcomes */
    const char *reason;  /* CANCEL; a short word for the END action; NULL: "cancelled" */
    const char *node;
    const char *name;
    unsigned place;
    const NskFlowVariable
        *variables;             /* START, COMPLETE, SERVICE_DONE, MESSAGE, SIGNAL, FACTS: set */
    size_t n_variables;         /* where they are known, else on the process, beforehand */
    const NskFlowState *before; /* RECALL */
    const NskFlowState *after;
} NskFlowEvent;

/*
 * What expressions see, as it stands after the act that the event tells of: a paraf just given is
 * already approved="true".  All borrowed; not changed.
 *
 * The children of @facts without namespace are `letter`, `outcome`, `drafter`, `reviewers`,
 * `signatories` and others, as the office has them.  The context node is @facts; each child is the
 * variable of its name and getDataObject('name') in BPMN's namespace; a variable of the instance
 * hides a fact of its name.  `outcome` is the event's, whatever @facts says of it.
 *
 * Functions of {urn:naskah:bpmn:1}, dates being texts such as "2026-07-22", or with a time, of
 * which the day counts: today() is @today; now() is @now as "2026-07-22T02:00:00.000000Z";
 * add-days(date, n) and add-working-days(date, n) give a date, n may be negative;
 * days-between(from, to) a number; in-role(position, name) whether the facts have an element of
 * that name with that position, such as a `signatory`.  Of BPMN's namespace (table 10.66), or
 * without prefix: getDataObject() and its like, all of which look their last argument up as a
 * variable; an activity's attribute such as loopCounter is the variable of its name, a process'
 * attribute `state` is "Active".
 */
typedef struct {
    const NskXmlNode *facts; /* NULL: none */
    NskDate today;           /* civil date of the letter's unit */
    NskInstant now;          /* for timers and due dates */
    /* Minutes east of UTC of the unit's zone at @at; NULL: UTC. */
    int (*zone_minutes)(void *data, NskInstant at);
    /* The civil date @days working days after @from (before, if negative); NULL: Monday to Friday.
     * Errors: any. */
    bool (*add_working_days)(void *data, NskDate from, int days, NskDate *out_date, GError **error);
    void *data;
    /* Nobody is there: assignments are not evaluated, so tasks are put before no position, and the
     * outcome of COMPLETE may be NULL.  For simulation. */
    bool simulated;
    bool
        assigned; /* with @simulated: assignments are evaluated all the same, and may give nobody */
} NskFlowFacts;

/* Actions */

typedef enum {
    NSK_FLOW_OPEN_TASK,  /* put a task before @positions */
    NSK_FLOW_CLOSE_TASK, /* @key is no longer waited for: a task or service done or given up */
    NSK_FLOW_SERVICE,    /* carry out @service, then say SERVICE_DONE or SERVICE_FAILED with @key */
    NSK_FLOW_END,        /* the instance is over */
    /* Keep the subscription @key to a timer (@due), message or signal (@message); if the key is
     * armed already, it is the next turn of a cycle.  Conditions need nothing and have no ARM. */
    NSK_FLOW_ARM,
    NSK_FLOW_DISARM,        /* drop the subscription @key: it was used up or given up */
    NSK_FLOW_THROW_MESSAGE, /* to exactly one receiver of the name @message, may be this instance */
    NSK_FLOW_THROW_SIGNAL, /* to all other instances and start events; this instance has heard it */
    NSK_FLOW_OPEN_INCIDENT, /* @reason: class; @message: what is known about it */
    NSK_FLOW_CLOSE_INCIDENT,
} NskFlowActionType;

typedef enum { NSK_FLOW_DONE, NSK_FLOW_CANCELLED, NSK_FLOW_RECALLED } NskFlowHow;

/* What the caller has to do.  All owned by the action; NULL or 0 where it does not apply. */
typedef struct {
    NskFlowActionType type;
    char *key;        /* unique in the instance: "node#n"; all but END and THROW */
    char *node;       /* id; of END the end event's, NULL when cancelled */
    char *name;       /* OPEN_TASK, SERVICE, END: the node's */
    NskFlowRole role; /* OPEN_TASK */
    char **outcomes;  /* OPEN_TASK; allowed ones in the file's order; NULL: a receive task */
    char **positions; /* OPEN_TASK; ids of positions, at least one unless simulated, none twice */
    char *service;    /* SERVICE */
    char *reason;  /* END: "completed", "terminated" or the CANCEL event's; OPEN_INCIDENT: class */
    char *process; /* id of the process of the node */
    char *message; /* ARM, THROW: name of the message or signal; OPEN_INCIDENT: words */
    NskFlowRestType arm;  /* ARM: TIMER, MESSAGE or SIGNAL */
    NskFlowHow how;       /* CLOSE_TASK */
    NskInstant due;       /* OPEN_TASK: 0 none; ARM of a timer */
    NskInstant follow_up; /* OPEN_TASK: 0 none */
    int priority;         /* OPEN_TASK */
    unsigned missed; /* ARM, DISARM: turns of a cycle that passed unseen and are not made up for */
} NskFlowAction;

/* Step */

/* Why a step failed, for machines. */
typedef enum {
    NSK_FLOW_FAULT_NONE,
    NSK_FLOW_FAULT_OTHER,
    NSK_FLOW_FAULT_NO_FLOW,            /* no true condition and no default flow */
    NSK_FLOW_FAULT_UNDEFINED_VARIABLE, /* an expression names what there is not */
    NSK_FLOW_FAULT_NO_SUBSCRIPTION,    /* nothing waits for that message, timer, task */
    NSK_FLOW_FAULT_NO_NONE_START, /* a start without trigger, but there is no such start event */
    NSK_FLOW_FAULT_SUSPENDED,
    NSK_FLOW_FAULT_EXPRESSION, /* an expression gives what cannot be used */
    NSK_FLOW_FAULT_NOBODY,     /* a task would be put before nobody */
    NSK_FLOW_FAULT_UNCAUGHT,   /* only of incidents: an error that nobody catches */
    NSK_FLOW_FAULT_DEADLOCK,   /* only of incidents: tokens wait for each other */
} NskFlowFaultClass;

typedef struct {
    NskFlowFaultClass class;
    const char *node; /* id, borrowed from the flow; NULL: none in particular */
} NskFlowFault;

/* "no_flow", "undefined_variable", ... ; "" of NONE. */
const char *nsk_flow_fault_name(NskFlowFaultClass class);

/* What one event does. */
typedef struct {
    const NskFlow *flow;       /* the definition that the instance was started with */
    const NskFlowState *state; /* NULL at START */
    const NskFlowEvent *event;
    const NskFlowFacts *facts; /* not needed for CANCEL, SUSPEND, RESUME */
    NskFlowFault *fault;       /* filled if the step fails; may be NULL */
} NskFlowStep;

/*
 * Moves an instance on to its next rest: pure and repeatable, no I/O, at most NSK_LIMIT_FLOW_STEPS
 * visits of nodes.  @out_actions holds owned NskFlowAction in the order to be taken.  Every key
 * that was opened by OPEN_TASK or SERVICE is closed by exactly one CLOSE_TASK in its life; every
 * key that was armed is disarmed once.  On an error nothing changed and nothing is to be done.
 *
 * A human's act that cannot go on is an error of that act.  Where none stands behind it (TIMER,
 * SERVICE_DONE, ...) the caller makes of the error an event INCIDENT with the fault's name.  An
 * error event that nobody catches, and tokens that wait for each other for ever, are incidents that
 * the step itself opens.
 *
 * Errors: CONFLICT if the task, service or subscription is not open, the timer is not due, or the
 * instance is suspended or over; INVALID for an outcome the task does not allow (the message lists
 * those it does), for a gateway with no true condition and no default flow, for an assignment that
 * gives nobody or no position id, and for an expression that fails; LIMIT; CORRUPT if the state is
 * not one of this definition.
 */
bool nsk_flow_step(const NskFlowStep *step,
                   NskFlowState **out_state,
                   GPtrArray **out_actions,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Starting by itself */

/* A start event with a trigger, of the process (not of those it calls).  Borrowed from the flow. */
typedef struct {
    const char *node;     /* id; the START event's @node */
    NskFlowRestType type; /* TIMER, MESSAGE, SIGNAL */
    const char *name;     /* of message or signal; "" of TIMER */
} NskFlowTrigger;

/* Whether it can be started without any: NSK_FLOW_START with neither node nor name. */
bool nsk_flow_has_plain_start(const NskFlow *self);
size_t nsk_flow_get_n_triggers(const NskFlow *self);
NskFlowTrigger nsk_flow_get_trigger(const NskFlow *self, size_t index);
/* One firing of a start timer. */
typedef struct {
    NskInstant due;  /* 0: never again */
    int turns;       /* how many follow; -1: without end */
    unsigned missed; /* turns before this one that passed unseen and are not made up for */
    NskInstant grid; /* of a cycle by the calendar: the date that turns are counted from */
    unsigned nth;    /* @due is so many intervals after @grid */
} NskFlowTurn;

/*
 * When the start timer @index fires after @last (NULL: it never fired; then counted from the facts'
 * now, the time of deployment).  @last and @out_turn may be the same.  Errors: INVALID for an
 * expression that gives no time.
 */
bool nsk_flow_trigger_next(const NskFlow *self,
                           size_t index,
                           const NskFlowTurn *last,
                           const NskFlowFacts *facts,
                           NskFlowTurn *out_turn,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Migration */

/* Nodes of the old definition to nodes of the new; a node that is not named goes to its namesake.
 */
typedef struct {
    const char *from;
    const char *to;
} NskFlowMove;

typedef struct {
    const NskFlow *from;
    const NskFlow *to;
    const NskFlowMove *moves; /* borrowed */
    size_t n_moves;
    const NskFlowFacts *facts;
} NskFlowMigration;

/*
 * The state moved to another definition.  Open tasks stay open under their keys if node and task
 * agree in kind; what is armed is disarmed and armed anew where the new definition differs.  What
 * cannot be moved is named in @issues (tag flow-migration, one each), and the result is false with
 * INVALID.
 */
bool nsk_flow_migrate(const NskFlowState *state,
                      const NskFlowMigration *migration,
                      NskIssues *issues,
                      NskFlowState **out_state,
                      GPtrArray **out_actions,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/*
 * For measuring: runs @n_instances of the definition from start to end, completing each task with
 * its first outcome and each service, in memory.  *out_completions counts the user tasks.  Errors:
 * as nsk_flow_step(); INVALID if an instance does not end that way.
 */
bool nsk_flow_drill(const NskFlow *self,
                    const NskFlowFacts *facts,
                    size_t n_instances,
                    size_t *out_completions,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskFlow, nsk_flow_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskFlowState, nsk_flow_state_unref)
