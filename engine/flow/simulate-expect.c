/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a scenario says must be seen, against the states of the instances; and those against the
 * books that the actions kept.
 */
#include "base/message.h"
#include "flow/simulate-private.h"

#include <string.h>

/* Whether the receive task @node waits: then its message is no event that waits beside it. */
static bool
has_receive(const GPtrArray *rests, const NskFlowRest *message)
{
    for (guint i = 0; i < rests->len; i++) {
        const NskFlowRest *rest = g_ptr_array_index(rests, i);

        if (rest->type == NSK_FLOW_REST_RECEIVE && strcmp(rest->node, message->node) == 0 &&
            strcmp(rest->process, message->process) == 0)
            return true;
    }
    return false;
}

static bool
is_wanted(const GPtrArray *rests, const NskFlowRest *rest, bool active)
{
    switch (rest->type) {
    case NSK_FLOW_REST_USER:
    case NSK_FLOW_REST_RECEIVE:
        return active;
    case NSK_FLOW_REST_MESSAGE:
        return !active && !rest->beside && !has_receive(rests, rest);
    case NSK_FLOW_REST_TIMER:
    case NSK_FLOW_REST_SIGNAL:
    case NSK_FLOW_REST_CONDITION:
        return !active && !rest->beside;
    case NSK_FLOW_REST_SERVICE:
    case NSK_FLOW_REST_JOIN:
    case NSK_FLOW_REST_INCIDENT:
        break;
    }
    return false;
}

/* Rests that an office would have a row of. */
static bool
is_booked(const NskFlowRest *rest)
{
    return rest->type != NSK_FLOW_REST_JOIN && rest->type != NSK_FLOW_REST_CONDITION &&
           rest->type != NSK_FLOW_REST_INCIDENT;
}

static bool
check_books(const SimWorld *self,
            const SimInstance *instance,
            const GPtrArray *rests,
            GError **error)
{
    guint n_waits = 0;
    guint n_rests = 0;
    const char *odd = NULL;

    for (guint i = 0; i < self->waits->len; i++)
        n_waits += ((const SimWait *)g_ptr_array_index(self->waits, i))->instance == instance;
    for (guint i = 0; i < rests->len; i++) {
        const NskFlowRest *rest = g_ptr_array_index(rests, i);
        const SimWait *wait = NULL;

        if (!is_booked(rest))
            continue;
        n_rests++;
        wait = nsk_sim_find_wait(self, instance, rest->key, NULL);
        if (wait == NULL || wait->type != rest->type ||
            (rest->type == NSK_FLOW_REST_TIMER && wait->due != rest->due))
            odd = rest->key;
    }
    if (odd == NULL && n_waits == n_rests)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_INTERNAL,
                "instance %u rests at %u places and %u were opened; the first that differs is '%s'",
                instance->number, n_rests, n_waits, odd != NULL ? odd : "");
    return false;
}

static int
compare_ids(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Ids of tasks that are open, or of events that are waited for; sorted, borrowed. */
static GPtrArray *
list_ids(const SimWorld *self, bool active, GError **error)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new();

    for (guint i = 0; i < self->instances->len; i++) {
        const SimInstance *instance = g_ptr_array_index(self->instances, i);
        g_autoptr(GPtrArray) rests =
            nsk_flow_state_get_rests(instance->state, instance->flow, error);

        if (rests == NULL || !check_books(self, instance, rests, error))
            return NULL;
        for (guint j = 0; j < rests->len; j++) {
            const NskFlowRest *rest = g_ptr_array_index(rests, j);

            if (is_wanted(rests, rest, active))
                g_ptr_array_add(ids, (gpointer)(uintptr_t)rest->node);
        }
    }
    g_ptr_array_sort(ids, compare_ids);
    return g_steal_pointer(&ids);
}

GPtrArray *
nsk_sim_active(const SimWorld *self, GError **error)
{
    return list_ids(self, true, error);
}

/* Whether each of the sorted @ids is in the sorted @all, as often. */
static bool
is_part(const GPtrArray *ids, const GPtrArray *all)
{
    guint found = 0;

    for (guint i = 0; i < all->len && found < ids->len; i++)
        found += strcmp(g_ptr_array_index(all, i), g_ptr_array_index(ids, found)) == 0;
    return found == ids->len;
}

static NskJson *
ids_to_json(const GPtrArray *ids)
{
    NskJson *list = nsk_json_array();

    for (guint i = 0; i < ids->len; i++)
        nsk_json_add_text(list, g_ptr_array_index(ids, i));
    return list;
}

static NskJson *
text_to_json(const char *text)
{
    g_autoptr(NskJson) list = nsk_json_array();

    nsk_json_add_text(list, text);
    return nsk_json_ref(nsk_json_at(list, 0));
}

static NskJson *
bool_to_json(bool value)
{
    g_autoptr(NskJson) object = nsk_json_object();

    nsk_json_set_bool(object, "value", value);
    return nsk_json_ref(nsk_json_get(object, "value"));
}

static bool
expect_ids(const SimWorld *self,
           const SimStep *step,
           NskJson **out_expected,
           NskJson **out_got,
           GError **error)
{
    bool active = step->type != SIM_EXPECT_WAITING;
    g_autoptr(GPtrArray) ids = list_ids(self, active, error);

    if (ids == NULL)
        return false;
    if (is_part(step->ids, ids) &&
        (step->type == SIM_EXPECT_INCLUDES || ids->len == step->ids->len))
        return true;
    *out_expected = ids_to_json(step->ids);
    *out_got = ids_to_json(ids);
    return false;
}

static bool
expect_ended(const SimWorld *self, const SimStep *step, NskJson **out_expected, NskJson **out_got)
{
    bool ended = self->observed != NULL && nsk_flow_state_is_ended(self->observed->state);

    if (self->observed != NULL && ended == step->flag)
        return true;
    *out_expected = bool_to_json(step->flag);
    *out_got =
        self->observed != NULL ? bool_to_json(ended) : text_to_json(nsk_tr("nothing was started"));
    return false;
}

static bool
expect_error(const SimWorld *self, const SimStep *step, NskJson **out_expected, NskJson **out_got)
{
    if (g_strcmp0(self->fault, step->text) == 0)
        return true;
    *out_expected = text_to_json(step->text);
    *out_got = text_to_json(self->fault != NULL ? self->fault : nsk_tr("no error"));
    return false;
}

bool
nsk_sim_expect(const SimWorld *self,
               const SimStep *step,
               NskJson **out_expected,
               NskJson **out_got,
               GError **error)
{
    *out_expected = NULL;
    *out_got = NULL;
    if (step->type == SIM_EXPECT_ENDED)
        return expect_ended(self, step, out_expected, out_got);
    if (step->type == SIM_EXPECT_ERROR)
        return expect_error(self, step, out_expected, out_got);
    return expect_ids(self, step, out_expected, out_got, error);
}
