/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flow/flow-private.h"
#include "flow/simulate.h"

/* simulate-models.c: the files that a scenario names, and the processes in them. */
typedef struct {
    GPtrArray *files; /* of SimFile */
    GPtrArray *flows; /* of NskFlow: what is deployed, in the order of the files */
    NskFlow *main;    /* borrowed from flows: what {"start": null} starts */
} SimModels;

SimModels *nsk_sim_models_new(void);
void nsk_sim_models_free(SimModels *self);
/* Loads the files and finds the processes in them; *out_refused (owned, or NULL) is what is wrong
 * with one of them as XML.  Errors: INVALID for a list that is none; what load gives. */
bool nsk_sim_models_load(SimModels *self,
                         const NskFlowSimulation *simulation,
                         char **out_refused,
                         GError **error);
/* Deploys all that may run; what is refused is said in *out_refused (owned), else NULL.  Errors:
 * INVALID for a `process` that there is not. */
bool
nsk_sim_models_deploy(SimModels *self, const NskJson *scenario, char **out_refused, GError **error);
/* The process @id, deployed now if it was not; NULL with @error. */
NskFlow *nsk_sim_models_find(SimModels *self, const char *id, GError **error);

/* simulate-read.c: the steps of a scenario. */
typedef enum {
    SIM_START,
    SIM_START_MESSAGE,
    SIM_COMPLETE,
    SIM_MESSAGE,
    SIM_SIGNAL,
    SIM_ADVANCE,
    SIM_DOWNTIME,
    SIM_FAIL_SERVICE,
    SIM_FACTS,
    SIM_EXPECT_ACTIVE, /* from here on: looks and does nothing */
    SIM_EXPECT_INCLUDES,
    SIM_EXPECT_WAITING,
    SIM_EXPECT_ENDED,
    SIM_EXPECT_ERROR,
} SimStepType;

/* What is pointed to is borrowed from the JSON but for what is said to be owned. */
typedef struct {
    SimStepType type;
    const char *text;    /* an id, name, class or duration; NULL of {"start": null} */
    const char *error;   /* FAIL_SERVICE: the code; NULL */
    FlowTime time;       /* ADVANCE, DOWNTIME */
    bool flag;           /* EXPECT_ENDED: whether; START: whether it is another */
    GPtrArray *ids;      /* EXPECT_ACTIVE ...: of const char *, sorted; owned */
    GArray *variables;   /* of NskFlowVariable; owned */
    NskXmlDoc *facts;    /* NULL: none; owned */
    const char *outcome; /* COMPLETE: the variable of that name if it is a text; NULL */
} SimStep;

typedef struct {
    const char *name;
    NskInstant now;
    GPtrArray *steps; /* of SimStep */
} SimScenario;

void nsk_sim_scenario_free(SimScenario *self);
/* All scenarios of a file, of SimScenario; empty if it has "refuse".  Errors: INVALID with scenario
 * and step. */
GPtrArray *nsk_sim_read(const NskJson *file, GError **error);
/* The words of "refuse", of const char *; NULL if there is none.  Errors: INVALID. */
bool nsk_sim_read_refuse(const NskJson *file, GPtrArray **out_words, GError **error);

/* simulate-world.c: an engine without an office. */
typedef struct {
    unsigned number; /* from 1 */
    NskFlow *flow;   /* borrowed from the models */
    NskFlowState *state;
} SimInstance;

/* What is open or armed, as the actions said it. */
typedef struct {
    SimInstance *instance;
    NskFlowRestType type;
    char *key;
    char *node;
    char *name;
    NskInstant due;
    bool stuck; /* has an incident: a timer does not fire until that is over */
} SimWait;

/* A start event with a trigger. */
typedef struct {
    NskFlow *flow;
    size_t trigger;
    NskFlowTurn next; /* of a timer */
} SimStarter;

typedef struct {
    SimModels *models; /* borrowed */
    const NskFlowSimulation *simulation;
    NskInstant now;
    GPtrArray *instances;  /* of SimInstance */
    SimInstance *observed; /* NULL: none yet */
    GPtrArray *waits;      /* of SimWait, oldest first */
    GPtrArray *starters;   /* of SimStarter */
    GQueue *pending;       /* of SimPending: what was asked for and is not done */
    GHashTable *failing;   /* node -> error code, "" for none: the next service there fails */
    NskXmlDoc *facts;      /* NULL: none */
    NskJson *tasks;        /* what was put before whom; NULL: nobody asks */
    const char *fault;     /* class of what the last act failed with or ended in; NULL: nothing */
    unsigned left;         /* events that the act may still take */
} SimWorld;

typedef enum { SIM_PENDING_SERVICE, SIM_PENDING_MESSAGE, SIM_PENDING_SIGNAL } SimPendingType;

/* What an instance asked for. */
typedef struct {
    SimPendingType type;
    SimInstance *from;
    char *key;  /* of a service */
    char *name; /* its node, or of message or signal */
} SimPending;

void nsk_sim_pending_free(gpointer data);
/* Errors: INVALID if a start timer gives no time. */
SimWorld *nsk_sim_world_new(SimModels *models,
                            const NskFlowSimulation *simulation,
                            NskInstant now,
                            GError **error);
void nsk_sim_world_free(SimWorld *self);
/* What instances see now. */
void nsk_sim_fill_facts(const SimWorld *self, NskFlowFacts *out_facts);
/* One event of one instance.  On an error nothing happened; `fault` is its class. */
bool nsk_sim_apply(SimWorld *self, SimInstance *instance, const NskFlowEvent *event, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* The same where nobody stands behind the event: a failure becomes an incident at @key. */
bool nsk_sim_apply_alone(SimWorld *self,
                         SimInstance *instance,
                         const NskFlowEvent *event,
                         const char *key,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A new instance, borrowed; it is there only if it could start. */
SimInstance *
nsk_sim_start(SimWorld *self, NskFlow *flow, const NskFlowEvent *event, GError **error);
/* *out_index may be NULL. */
SimWait *nsk_sim_find_wait(const SimWorld *self,
                           const SimInstance *instance,
                           const char *key,
                           guint *out_index);
/* "2026-01-05T01:00:00Z".  Freed with g_free(). */
char *nsk_sim_format_time(NskInstant at);
void nsk_sim_tell(const NskFlowSimulation *simulation, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* simulate-act.c: does what @step says, with all that follows from it, up to the next rest.  On an
 * error what was asked for did not happen; `fault` is its class. */
bool nsk_sim_act(SimWorld *self, const SimStep *step, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* For the clock. */
bool nsk_sim_fire(SimWorld *self, SimWait *timer, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool
nsk_sim_fire_starter(SimWorld *self, SimStarter *starter, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Conditions are looked at again in all that lives. */
bool nsk_sim_facts_changed(SimWorld *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* simulate-clock.c: fires what is due up to @to, each at its time (what is overdue: now), and moves
 * the clock there. */
bool nsk_sim_advance(SimWorld *self, NskInstant to, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* simulate-expect.c: ids of open tasks, sorted, borrowed; of const char *.  Errors: as below. */
GPtrArray *nsk_sim_active(const SimWorld *self, GError **error);
/* simulate-expect.c: whether what @step expects is so.  If not, what was expected and what there is
 * instead (owned).  Errors: CORRUPT; INTERNAL if actions and states do not agree. */
bool nsk_sim_expect(const SimWorld *self,
                    const SimStep *step,
                    NskJson **out_expected,
                    NskJson **out_got,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
