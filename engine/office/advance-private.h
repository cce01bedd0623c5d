/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/office-private.h"

/* What the files that move workflows on share; see advance.c. */

/* Class of the incident of a service that failed; it is tried again by itself. */
#define NSK_FAILED_SERVICE "service"
/* How long a message waits for somebody to listen, if nobody says. */
#define NSK_MESSAGE_TTL     ((int64_t)7 * G_TIME_SPAN_DAY)
#define NSK_MESSAGE_TTL_MAX ((int64_t)366 * G_TIME_SPAN_DAY)

/* --- flow-rows.c: what workflows listen to, what went wrong, what came too early. --- */

/* Keeps what the ARM action asks for; the same key again is its next turn. */
bool nsk_wait_put(NskDbTxn *txn, const char *letter, const NskFlowAction *action, GError **error);
bool nsk_wait_drop(NskDbTxn *txn, const char *letter, const char *key, GError **error);
/* Whether the letter's workflow listens to the message @name. */
bool nsk_wait_hears(NskDbTxn *txn, const char *letter, const char *name, bool *out, GError **error);
/* Timers of a letter that is suspended do not fire until it goes on. */
bool nsk_wait_hold(NskDbTxn *txn, const char *letter, bool hold, GError **error);
/* Ids of the letters, but @letter, that listen to the signal @name, @limit at most. */
GPtrArray *nsk_wait_list_signal(NskDbTxn *txn,
                                const char *letter,
                                const char *name,
                                unsigned limit,
                                GError **error);

/* A timer; all owned. */
typedef struct {
    char *letter, *key;
    NskInstant due;
} NskDueTimer;
void nsk_due_timer_free(gpointer timer);
/* Those that are due at @now and come behind @after (NULL: from the oldest), in the order of due,
 * letter, key; @limit at most.  Owned array of NskDueTimer. */
GPtrArray *nsk_wait_list_due(NskDbTxn *txn,
                             NskInstant now,
                             const NskDueTimer *after,
                             unsigned limit,
                             GError **error);

/* Keeps a message for @ttl microseconds; at most NSK_LIMIT_FLOW_MESSAGES a letter.  What is too old
 * goes.  Errors: LIMIT. */
bool nsk_message_put(NskAct *act, const char *name, int64_t ttl, GError **error);
/* The oldest message @name that still counts; *out_n is 0 if there is none. */
bool nsk_message_find(NskAct *act, const char *name, int64_t *out_n, GError **error);
bool nsk_message_drop(NskDbTxn *txn, const char *letter, int64_t n, GError **error);

bool
nsk_incident_open(NskAct *act, const NskFlowAction *action, const char *reason, GError **error);
bool nsk_incident_close(NskDbTxn *txn, const char *letter, const char *key, GError **error);

/* An incident; all owned. */
typedef struct {
    char *letter, *key, *node, *class, *reason;
    NskInstant opened;
} NskIncidentRow;
void nsk_incident_row_free(gpointer incident);
/* Of @letter, or NULL: of all, the oldest letter first, @limit at most. */
GPtrArray *nsk_incident_list(NskDbTxn *txn, const char *letter, unsigned limit, GError **error);

/* --- advance.c --- */

/* The start event at which a letter begins, or NULL: the one without trigger.  Where there is none,
 * it is the only one that waits for a message, the letter being that message; NULL with *out_none
 * if no letter can begin. */
const char *nsk_letter_start(const NskFlow *flow, bool *out_none);

/* --- flow-facts.c: what a workflow's expressions see. --- */

#define NSK_DESK_OFFICE "tata-usaha" /* the desk of a unit that is its archivist's by itself */

/* Zero it, fill it, clear it. */
typedef struct {
    NskXmlDoc *doc;
    NskAct *act;
    char *zone; /* of the letter's unit; NULL: not looked up yet */
    NskFlowFacts facts;
} NskSeen;
/* @outcome: of the event; NULL: none. */
bool nsk_seen_fill(NskSeen *self, NskAct *act, const char *outcome, GError **error);
/* Whom the disposition names that the step carries out; NULL: it is none. */
void nsk_seen_add_receivers(NskSeen *self, char *const *receivers);
void nsk_seen_clear(NskSeen *self);

/* --- flow-service.c: what service tasks may ask for. --- */

/* Whether this program has the service. */
bool nsk_service_is_known(const char *service);
/* Carries it out; @event says what was done.  Its reason is that of the act that led here. */
bool nsk_service_do(NskAct *act, const char *service, NskEvent *event, GError **error);

/* --- reply.c: letters that answer others. --- */

/* Leaves it to be told to those that the letter of @act answers, now that it is sent. */
bool nsk_reply_tell(NskAct *act, GError **error);
/* The letter that answers @letter and was sent first; *out_reply is NULL if none was. */
bool
nsk_reply_find_sent(NskDbTxn *txn, const char *letter, NskLetterRow **out_reply, GError **error);
/* The outcome of a task that a sent letter ends, which answers that of the task. */
#define NSK_OUTCOME_ANSWERED "answered"
/* Somebody gives that outcome himself: stops the legal clock on the day on which the first letter
 * that answers that of @act was sent.  Errors: INVALID if none was. */
bool nsk_reply_decide(NskAct *act, GError **error);
/* Does what those who made @reply still had to do about @letter, in a change of its own. */
bool nsk_reply_close(NskOffice *self, const char *letter, const char *reply, GError **error);

/* --- flow-run.c: what happens without anybody. --- */

/* Of the outbox: what to tell a letter's workflow after the change.  Words of it are a letter that
 * says what ('s' a signal, 'm' a message, 'r' to try an incident again, 'a' it was answered by that
 * letter, 'c' the calendar changed), a colon, and the escaped
 * name or key. */
#define NSK_FLOW_TOPIC "flow"
char *nsk_flow_word(char what, const char *name);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskSeen, nsk_seen_clear)
