/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What happens in workflows without anybody: timers that are due, and what changes left to be told
 * to other letters (signals, messages, another try of a service).
 *
 * Looking is done from a snapshot, firing by a change of its own, so any number of processes may
 * look: the step knows whether the timer is still armed and due, and who comes second changes
 * nothing.  That also holds if the clock is set back: what fired is not armed any more.
 *
 * What was left comes first: it happened before, and may be what a time was kept for, such as the
 * decision on an application.
 *
 * Many timers are fired in one change.  If one of them fails, each gets a change of its own; what
 * fails then becomes an incident of its letter.
 */
#include "base/message.h"
#include "office/advance-private.h"
#include "office/remote-private.h"

#include <string.h>
#include <unistd.h>

#define PART       "naskah-flow" /* who acts, in journal and history */
#define AT_ONCE    256           /* timers looked up together */
#define A_CHANGE   32            /* timers fired in one change */
#define MAX_TRIES  30            /* of a service, over some hours */
#define MAX_FAULTS 8             /* that one change may turn into incidents */

char *
nsk_flow_word(char what, const char *name)
{
    g_autofree char *escaped = g_uri_escape_string(name, NULL, false);

    return g_strdup_printf("%c:%s", what, escaped);
}

/* --- One letter. ------------------------------------------------------------------------------ */

/* What is to be told to the workflow of a letter. */
typedef struct {
    NskOffice *office;
    const char *letter;
    const char *name; /* key, or name of a message or signal */
    NskFlowEventType type;
    const char *action; /* for the history */
    const char *sentence;
    NskInstant now;
    GPtrArray *failures; /* NskFlowFailure; NULL: none becomes an incident */
    bool passed;         /* the letter does not, or no longer, wait for it */
} Telling;

/* The letter's row; a letter that is gone waits for nothing. */
static NskLetterRow *
find_row(NskDbTxn *txn, Telling *telling, GError **error)
{
    g_autoptr(GError) fault = NULL;
    NskLetterRow *row = nsk_letter_row_load(txn, telling->letter, &fault);

    telling->passed = row == NULL && g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND);
    if (row == NULL)
        g_propagate_error(error, g_steal_pointer(&fault));
    return row;
}

static bool
tell(NskDbTxn *txn, Telling *telling, GError **error)
{
    NskDate today;
    bool by_name = telling->type == NSK_FLOW_SIGNAL || telling->type == NSK_FLOW_MESSAGE;
    g_autoptr(NskLetterRow) row = find_row(txn, telling, error);

    if (row == NULL || !nsk_office_today(txn, row->unit, telling->now, &today, error))
        return false;
    NskAct act = { telling->office, txn, row, telling->now, today, PART };
    g_autofree char *state = g_strdup(row->state);
    NskAdvance advance = { .flow_event = { .type = telling->type,
                                           .key = by_name ? NULL : telling->name,
                                           .name = by_name ? telling->name : NULL },
                           .failures = telling->failures,
                           .passed = &telling->passed };
    advance.record = (NskEvent){ .action = telling->action,
                                 .sentence = telling->sentence,
                                 .task = by_name ? NULL : telling->name,
                                 .state_from = state };
    if (telling->type == NSK_FLOW_MESSAGE)
        return nsk_advance_message(&act, &advance, NSK_MESSAGE_TTL, error);
    return nsk_advance(&act, &advance, error);
}

static bool
apply_telling(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    return tell(txn, data, error);
}

/* Tells the letter, in a change of its own; *out_told: whether it still waited for it. */
static bool
tell_alone(Telling *telling, bool *out_told, GError **error)
{
    g_autoptr(GPtrArray) failures = g_ptr_array_new_with_free_func(nsk_flow_failure_free);

    telling->failures = failures;
    for (;;) {
        guint known = failures->len;
        g_autoptr(GError) fault = NULL;

        *out_told = nsk_office_commit(telling->office, apply_telling, telling, NULL, &fault);
        if (*out_told)
            return true;
        if (failures->len > known && failures->len <= MAX_FAULTS)
            continue;
        if (telling->passed)
            return true;
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
}

/* --- Timers. ---------------------------------------------------------------------------------- */

typedef struct {
    NskOffice *office;
    const GPtrArray *timers; /* NskDueTimer */
    guint from, to;          /* of those in this change */
    NskInstant now;
} Firing;

static Telling
firing_telling(const Firing *firing, guint i)
{
    const NskDueTimer *timer = g_ptr_array_index(firing->timers, i);

    return (Telling){ .office = firing->office,
                      .letter = timer->letter,
                      .name = timer->key,
                      .type = NSK_FLOW_TIMER,
                      .action = "timer-fired",
                      .sentence = "A time of the workflow has come",
                      .now = firing->now };
}

static bool
apply_firing(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Firing *firing = data;

    for (guint i = firing->from; i < firing->to; i++) {
        Telling telling = firing_telling(firing, i);

        if (!tell(txn, &telling, error))
            return false;
    }
    return true;
}

/* Fires them together, or if that fails each for itself. */
static bool
fire_some(const Firing *firing, int64_t *fired, GError **error)
{
    Firing together = *firing;
    bool ok = true;

    if (firing->to - firing->from > 1 &&
        nsk_office_commit(firing->office, apply_firing, &together, NULL, NULL)) {
        *fired += firing->to - firing->from;
        return true;
    }
    for (guint i = firing->from; i < firing->to; i++) {
        bool told = false;
        Telling telling = firing_telling(firing, i);

        /* one that cannot be does not hold up the others; its fault is the last word */
        if (!tell_alone(&telling, &told, ok ? error : NULL))
            ok = false;
        *fired += told ? 1 : 0;
    }
    return ok;
}

static bool
fire_timers(NskOffice *self, const GPtrArray *timers, int64_t *fired, GError **error)
{
    bool ok = true;
    Firing firing = { .office = self, .timers = timers, .now = nsk_clock_now(self->clock) };

    for (; firing.from < timers->len; firing.from = firing.to) {
        firing.to = MIN(firing.from + A_CHANGE, timers->len);
        if (!fire_some(&firing, fired, ok ? error : NULL))
            ok = false;
        if (self->service != NULL && nsk_office_service_is_stopping(self->service))
            break;
    }
    return ok;
}

static GPtrArray *
look_for_timers(NskOffice *self, const NskDueTimer *after, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);

    return txn != NULL ? nsk_wait_list_due(txn, nsk_clock_now(self->clock), after, AT_ONCE, error)
                       : NULL;
}

/* All that are due, in the order in which they were. */
static bool
run_timers(NskOffice *self, int64_t *fired, GError **error)
{
    bool ok = true;
    g_autoptr(GPtrArray) timers = look_for_timers(self, NULL, error);

    if (timers == NULL)
        return false;
    while (timers->len > 0) {
        bool more = timers->len == AT_ONCE;

        if (!fire_timers(self, timers, fired, ok ? error : NULL))
            ok = false;
        if (!more || (self->service != NULL && nsk_office_service_is_stopping(self->service)))
            break;
        g_autoptr(GPtrArray) done = timers;
        timers = look_for_timers(self, g_ptr_array_index(done, done->len - 1), ok ? error : NULL);
        if (timers == NULL)
            return false;
    }
    return ok;
}

/* --- What changes left to be told. ------------------------------------------------------------ */

/* Whether the incident @key of the letter is still there. */
static bool
is_incident(NskOffice *self, const char *letter, const char *key, bool *out_is, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(GPtrArray) incidents =
        txn != NULL ? nsk_incident_list(txn, letter, UINT_MAX, error) : NULL;

    *out_is = false;
    for (guint i = 0; incidents != NULL && i < incidents->len; i++) {
        const NskIncidentRow *incident = g_ptr_array_index(incidents, i);

        *out_is = *out_is || strcmp(incident->key, key) == 0;
    }
    return incidents != NULL;
}

/* Tells the letter one word; *out_again: it has to be told once more, later. */
static bool
tell_word(NskOffice *self, const char *letter, const char *word, bool *out_again, GError **error)
{
    bool told = false;
    Telling telling = { .office = self, .letter = letter, .now = nsk_clock_now(self->clock) };
    g_autofree char *name =
        word[0] != '\0' && word[1] == ':' ? g_uri_unescape_string(word + 2, NULL) : NULL;

    *out_again = false;
    if (name == NULL)
        return true;
    telling.name = name;
    switch (word[0]) {
    case 's':
        telling.type = NSK_FLOW_SIGNAL;
        telling.action = "signal-received";
        telling.sentence = "The workflow hears a signal";
        return tell_alone(&telling, &told, error);
    case 'm':
        telling.type = NSK_FLOW_MESSAGE;
        telling.action = "message-sent";
        telling.sentence = "A message comes for the workflow";
        return tell_alone(&telling, &told, error);
    case 'a':
        return nsk_reply_close(self, letter, name, error);
    case 'c':
        telling.type = NSK_FLOW_RECKON;
        telling.name = NULL;
        telling.action = "timers-reckoned";
        telling.sentence = "Reckon times anew: the calendar of working days changed";
        return tell_alone(&telling, &told, error);
    case 'r':
        telling.type = NSK_FLOW_RETRY;
        telling.action = "incident-retried";
        telling.sentence = "What failed is tried again";
        return tell_alone(&telling, &told, error) &&
               (!told || is_incident(self, letter, name, out_again, error));
    default:
        return true;
    }
}

/* A row whose service still fails waits for longer and longer; in the end somebody has to look. */
static bool
tell_row(NskOffice *self, NskOutboxRow *row, GError **error)
{
    g_auto(GStrv) words = g_strsplit(row->body, " ", -1);

    for (int i = 0; words[i] != NULL; i++) {
        bool again = false;
        g_autoptr(GError) fault = NULL;

        if (tell_word(self, row->letter, words[i], &again, &fault)) {
            if (again && row->tries < MAX_TRIES && row->fault == NULL)
                row->fault = g_strdup(nsk_tr("a service of the workflow still fails"));
            continue;
        }
        if (row->fault == NULL)
            row->fault = g_strdup(fault->message);
        if (error != NULL && *error == NULL)
            g_propagate_error(error, g_steal_pointer(&fault));
    }
    return error == NULL || *error == NULL;
}

static bool
tell_rows(NskOffice *self, const GPtrArray *rows, void *data, GError **error)
{
    int64_t *told = data;
    g_autoptr(GError) first = NULL;

    for (guint i = 0; i < rows->len; i++) {
        g_autoptr(GError) fault = NULL;

        if (tell_row(self, g_ptr_array_index(rows, i), &fault))
            ++*told;
        else if (first == NULL)
            first = g_steal_pointer(&fault);
    }
    if (first == NULL)
        return true;
    g_propagate_error(error, g_steal_pointer(&first));
    return false;
}

/* Whether the office has a server, whose worker looks all the time. */
static bool
find_server(NskOffice *self, bool *out_is, GError **error)
{
    int fd;

    if (!nsk_remote_reach(self, &fd, error))
        return false;
    *out_is = fd >= 0;
    if (fd >= 0)
        (void)close(fd);
    return true;
}

/* One that fails does not hold up the other; the first fault is the error. */
static bool
run_all(NskOffice *self, int64_t *fired, int64_t *told, GError **error)
{
    bool ok = nsk_office_work(self, NSK_FLOW_TOPIC, tell_rows, told, error);

    ok = run_timers(self, fired, ok ? error : NULL) && ok;
    /* what the timers left */
    return (*fired == 0 ||
            nsk_office_work(self, NSK_FLOW_TOPIC, tell_rows, told, ok ? error : NULL)) &&
           ok;
}

bool
nsk_office_run_flow(NskOffice *self, NskJson **out_result, GError **error)
{
    bool served = false;
    int64_t fired = 0, told = 0;

    if (!find_server(self, &served, error) || (!served && !run_all(self, &fired, &told, error)))
        return false;
    if (out_result == NULL)
        return true;
    *out_result = nsk_json_object();
    nsk_json_set_int(*out_result, "timers", fired);
    nsk_json_set_int(*out_result, "letters", told);
    nsk_json_set_bool(*out_result, "served", served);
    return true;
}
