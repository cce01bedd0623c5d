/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Simulated time: it stops at each timer, so that what a timer arms counts from there. */
#include "flow/simulate-private.h"

static SimWait *
first_timer(const SimWorld *self, NskInstant to)
{
    SimWait *first = NULL;

    for (guint i = 0; i < self->waits->len; i++) {
        SimWait *wait = g_ptr_array_index(self->waits, i);

        if (wait->type == NSK_FLOW_REST_TIMER && !wait->stuck && wait->due <= to &&
            (first == NULL || wait->due < first->due))
            first = wait;
    }
    return first;
}

static SimStarter *
first_starter(const SimWorld *self, NskInstant to)
{
    SimStarter *first = NULL;

    for (guint i = 0; i < self->starters->len; i++) {
        SimStarter *starter = g_ptr_array_index(self->starters, i);

        if (starter->next.due != 0 && starter->next.due <= to &&
            (first == NULL || starter->next.due < first->next.due))
            first = starter;
    }
    return first;
}

bool
nsk_sim_advance(SimWorld *self, NskInstant to, GError **error)
{
    bool moved = to > self->now;

    while (true) {
        SimWait *timer = first_timer(self, to);
        SimStarter *starter = first_starter(self, to);
        bool is_start = starter != NULL && (timer == NULL || starter->next.due < timer->due);

        if (timer == NULL && starter == NULL)
            break;
        self->now = MAX(self->now, is_start ? starter->next.due : timer->due);
        if (!(is_start ? nsk_sim_fire_starter(self, starter, error)
                       : nsk_sim_fire(self, timer, error)))
            return false;
    }
    self->now = MAX(self->now, to);
    return !moved || nsk_sim_facts_changed(self, error);
}
