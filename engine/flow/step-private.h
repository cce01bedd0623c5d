/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flow/state-private.h"

/*
 * One run of the step function, and its parts by subject.  A visit is a token on its way to a node;
 * visits are made in the order they were asked for, until none is left.  Then scopes that have
 * become empty complete, then inclusive joins are tested, then conditions; each may lead to new
 * visits. What is left at the end is a rest.
 *
 * Functions that return bool fail with @error set, and then the run is over and its state thrown
 * away.
 */
typedef struct {
    unsigned node;
    unsigned scope;
    unsigned edge; /* FLOW_NONE: not come by a flow */
} FlowVisit;

typedef struct {
    const NskFlow *flow;
    const NskFlowEvent *event;
    const NskFlowFacts *facts;
    const FlowDecider *decider; /* NULL: expressions are evaluated */
    NskFlowState *state;
    GPtrArray *actions;
    GArray *visits; /* of FlowVisit */
    guint visited;  /* how many of them were made */
    unsigned steps;
    GArray *touched; /* of unsigned: scopes that may have become empty */
    unsigned end_node;
    bool terminated;
    NskFlowFault fault;
    /* while an expression is evaluated */
    FlowSight sight;
    unsigned sight_scope;
} FlowRun;

/* run.c: what all parts use */
/* Remembers why the run fails; false, for `return`. */
bool nsk_flow_run_fail(FlowRun *self, NskFlowFaultClass class, unsigned node);
void nsk_flow_run_visit(FlowRun *self, unsigned node, unsigned edge, unsigned scope);
void nsk_flow_run_follow(FlowRun *self, unsigned edge, unsigned scope);
/* Looks again later whether the scope is empty. */
void nsk_flow_run_touch(FlowRun *self, unsigned scope);
/* Whether anything is in the scope, or on its way in it. */
bool nsk_flow_run_is_empty(const FlowRun *self, unsigned scope);
NskFlowAction *nsk_flow_run_act(FlowRun *self, NskFlowActionType type);
/* The same for an item or subscription at a node, with its key. */
NskFlowAction *
nsk_flow_run_act_at(FlowRun *self, NskFlowActionType type, unsigned node, unsigned id);
/* What is known about an incident goes to the caller. */
void nsk_flow_run_incident(FlowRun *self,
                           unsigned id,
                           unsigned node,
                           NskFlowFaultClass class,
                           const char *words);
/* Takes an item with all that is in it away; its tasks are closed as given up. */
void nsk_flow_run_cancel(FlowRun *self, unsigned id);
/* The same for all that is in it, and for visits; the scope itself stays. */
void nsk_flow_run_clear(FlowRun *self, unsigned scope);
/* Takes away an item that is done, with its own variables, subscriptions and incident. */
void nsk_flow_run_remove(FlowRun *self, unsigned id);

/* step-data.c: expressions and variables as seen from a scope */
bool nsk_flow_run_evaluate(FlowRun *self,
                           const NskXPath *expression,
                           unsigned scope,
                           unsigned node,
                           NskXPathValue *out_value,
                           GError **error);
/* -1 error, else the truth.  Asks the decider if there is one. */
int nsk_flow_run_test(FlowRun *self, const FlowAsk *ask, GError **error);
/* Whether there may be so many variables more. */
bool nsk_flow_run_has_room(FlowRun *self, unsigned more, GError **error);
/* Whether it can be set: name, value, room. */
bool nsk_flow_run_check(FlowRun *self, const NskFlowVariable *variable, GError **error);
bool
nsk_flow_run_set(FlowRun *self, unsigned scope, const NskFlowVariable *variable, GError **error);
/* Whether names known outside of the item are known in it. */
bool nsk_flow_run_sees_outside(const FlowRun *self, const FlowItem *item);
bool
nsk_flow_run_set_all(FlowRun *self, unsigned scope, GError **error); /* the event's variables */
/* Evaluates the mappings in @from and sets them in @to: @local exactly there. */
bool nsk_flow_run_map(FlowRun *self,
                      const GPtrArray *mappings,
                      unsigned from,
                      unsigned to,
                      unsigned node,
                      GError **error);
/* The variable of that scope will be set: the called processes that see it keep what it was. */
bool nsk_flow_run_keep(FlowRun *self, unsigned scope, const char *name, GError **error);
/* A called process is over: what comes out. */
bool nsk_flow_run_map_out(FlowRun *self, unsigned call, GError **error);
/* Who is to do a user task; NULL on error.  Freed with g_strfreev(). */
char **nsk_flow_run_positions(FlowRun *self, const FlowNode *node, unsigned scope, GError **error);
/* The elements of a value, as a multi-instance takes them: of char *. */
GPtrArray *nsk_flow_run_elements(const NskXPathValue *value);
/* The time of a timer; with a decider a time long ago. */
bool nsk_flow_run_time(FlowRun *self,
                       const FlowTimer *timer,
                       unsigned scope,
                       unsigned node,
                       FlowTime *out_time,
                       GError **error);

/* step-task.c: activities */
bool nsk_flow_run_activity(FlowRun *self, unsigned node, unsigned scope, GError **error);
/* An activity is done: its item goes, what it sets is set, and the token goes on. */
bool nsk_flow_run_complete(FlowRun *self, unsigned id, GError **error);
/* The same without an item; @id is the one it had or would have had. */
bool nsk_flow_run_finish(FlowRun *self, unsigned node, unsigned scope, unsigned id, GError **error);
/* Tells that a user or receive task is open. */
bool nsk_flow_run_tell_task(FlowRun *self, unsigned id, GError **error);
/* Asks again for a service that failed. */
void nsk_flow_run_ask_service(FlowRun *self, const FlowItem *item);

/* step-gateway.c */
/* Out of an activity or event: all ways whose conditions are true (13.3.1), or none: the end. */
bool nsk_flow_run_leave(FlowRun *self, unsigned node, unsigned scope, GError **error);
bool nsk_flow_run_exclusive(FlowRun *self, const FlowVisit *visit, GError **error);
bool nsk_flow_run_parallel(FlowRun *self, const FlowVisit *visit, GError **error);
bool nsk_flow_run_inclusive(FlowRun *self, const FlowVisit *visit, GError **error);
/* Fires one inclusive join that is enabled; *out_fired tells. */
bool nsk_flow_run_join(FlowRun *self, bool *out_fired, GError **error);

/* step-event.c */
bool nsk_flow_run_catch(FlowRun *self, const FlowVisit *visit, GError **error);
bool nsk_flow_run_throw(FlowRun *self, const FlowVisit *visit, GError **error);
bool nsk_flow_run_end(FlowRun *self, const FlowVisit *visit, GError **error);
bool nsk_flow_run_event_gateway(FlowRun *self, const FlowVisit *visit, GError **error);
bool nsk_flow_run_arm(FlowRun *self, unsigned owner, unsigned node, GError **error);
/* The token at an event-based gateway goes, with all receive tasks behind it but the winner. */
void nsk_flow_run_end_race(FlowRun *self, unsigned gateway, unsigned winner);
/* Whether the item listens at the node. */
bool nsk_flow_run_listens(const FlowRun *self, unsigned owner, unsigned node);
/* NSK_FLOW_RECKON. */
bool nsk_flow_run_reckon(FlowRun *self, GError **error);
/* Arms all boundary events of the activity that the item runs. */
bool nsk_flow_run_arm_boundary(FlowRun *self, unsigned id, GError **error);
NskFlowAction *nsk_flow_run_disarm(FlowRun *self, unsigned sub); /* NULL if nobody is told */
/* Tells that a subscription is armed, unless it is to a condition. */
NskFlowAction *nsk_flow_run_tell_sub(FlowRun *self, unsigned sub);
/* A subscription is met. */
bool nsk_flow_run_fire(FlowRun *self, unsigned sub, GError **error);
bool nsk_flow_run_boundary(FlowRun *self, unsigned host, unsigned node, GError **error);
bool nsk_flow_run_signal(FlowRun *self, const char *name, GError **error);
void nsk_flow_run_throw_message(FlowRun *self, const FlowNode *node);
/* Fires a condition that has come true; *out_fired tells. */
bool nsk_flow_run_conditions(FlowRun *self, bool *out_fired, GError **error);

/* step-scope.c */
/* Begins what is inside: handlers are armed, tokens start.  @start: FLOW_NONE: those without
 * trigger. */
bool nsk_flow_run_open(FlowRun *self, unsigned scope, unsigned start, GError **error);
/* Arms again what the handlers of a scope listen to, as far as nothing interrupts it. */
bool nsk_flow_run_rearm(FlowRun *self, unsigned scope, GError **error);
/* What happens to a scope in which nothing is left. */
bool nsk_flow_run_close(FlowRun *self, unsigned scope, GError **error);
bool nsk_flow_run_handler(FlowRun *self, unsigned scope, unsigned start, GError **error);
void nsk_flow_run_terminate(FlowRun *self, unsigned scope);

/* step-loop.c */
bool nsk_flow_run_loop(FlowRun *self, unsigned node, unsigned scope, GError **error);
bool nsk_flow_run_instance_done(FlowRun *self, unsigned instance, GError **error);
bool nsk_flow_run_add_instance(FlowRun *self, GError **error);

/* step-error.c */
/* Throws an error code in @scope; false in *out_caught: nobody caught it, nothing happened. */
bool nsk_flow_run_error(FlowRun *self,
                        const char *code,
                        unsigned thrower,
                        bool *out_caught,
                        GError **error);
bool nsk_flow_run_escalation(FlowRun *self, const char *code, unsigned thrower, GError **error);

/* compensation.c */
void nsk_flow_run_log(FlowRun *self, unsigned node, unsigned scope, unsigned id);
bool nsk_flow_run_compensate(FlowRun *self, const FlowVisit *visit, GError **error);
/* The next handler, or the end of it. */
bool nsk_flow_run_undo(FlowRun *self, unsigned id, GError **error);

/* step-operate.c: what people do to an instance from outside */
bool nsk_flow_run_return(FlowRun *self, GError **error);
bool nsk_flow_run_retry(FlowRun *self, GError **error);
bool nsk_flow_run_report(FlowRun *self, GError **error); /* INCIDENT */

/* recall.c */
bool nsk_flow_run_recall(FlowRun *self, GError **error);

/* step.c */
/* Makes all visits and what follows from them. */
bool nsk_flow_run_settle(FlowRun *self, GError **error);
/* An event or move on a bound state that is a copy. */
bool nsk_flow_run_dispatch(FlowRun *self, GError **error);
void nsk_flow_run_begin(FlowRun *self);
void nsk_flow_run_clear_up(FlowRun *self);
/* The item of an open task with that key; NULL with an error. */
FlowItem *nsk_flow_run_find(FlowRun *self, const char *key, GError **error);
