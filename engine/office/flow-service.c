/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the service tasks of a workflow may ask for: generic, none knows an office.  Each is carried
 * out in the change of the step that asked for it, so what it does is done with the step or not at
 * all; what takes long is left to the outbox.
 */
#include "base/message.h"
#include "office/clock-private.h"
#include "office/copy-private.h"
#include "office/delivery-private.h"

#include <string.h>

/* Lets addressees and copies read the letter, which is how it reaches positions of the office. */
static bool
deliver_inside(NskAct *act, const char *role, GError **error)
{
    g_autoptr(GPtrArray) parts = nsk_route_load(act->txn, act->row->id, role, error);

    if (parts == NULL)
        return false;
    for (guint i = 0; i < parts->len; i++) {
        const NskRoutePart *part = g_ptr_array_index(parts, i);

        if (part->position[0] != '\0' &&
            !nsk_reader_deliver(act->txn, act->row->id, part->position, error))
            return false;
    }
    return true;
}

static bool
do_dispatch(NskAct *act, NskEvent *event, GError **error)
{
    event->action = "letter-dispatched";
    event->sentence = "Send the letter to its addressees";
    act->row->dispatched = act->now;
    return nsk_reply_tell(act, error) && deliver_inside(act, "to", error) &&
           deliver_inside(act, "copy", error) && nsk_delivery_open(act, error) &&
           nsk_supersede_tell(act, error) && nsk_copy_tell(act, error);
}

static bool
do_archive(NskAct *act, NskEvent *event, GError **error)
{
    event->action = "letter-archived";
    event->sentence = "File the letter in the archive";
    nsk_act_set_state(act, "archived");
    return nsk_term_end(act, error);
}

/* A number that the letter has, and that still holds, stays. */
static bool
do_number(NskAct *act, NskEvent *event, GError **error)
{
    NskEvent because = { .task = event->task,
                         .state_from = event->state_from,
                         .kept = NSK_RECORD_LATER };

    event->action = "service-done";
    event->sentence = "Give number and date";
    return act->row->locked || nsk_number_take_before(act, &because, error);
}

/* The reason is that of the act before, which @event carries. */
static bool
do_void_number(NskAct *act, NskEvent *event, GError **error)
{
    NskEvent because = { .task = event->task, .state_from = event->state_from };

    event->action = "service-done";
    event->sentence = "Give the number up";
    return nsk_void_number(
        act, &because, event->reason != NULL ? event->reason : nsk_tr("the workflow gave it up"),
        error);
}

/* The history tells it, and whom: those whom the ladder of a legal term names, and who have it in
 * their lists from now on; what is to be mailed waits in the outbox. */
static bool
do_notify(NskAct *act, NskEvent *event, GError **error)
{
    event->action = "notice-given";
    event->sentence = "Tell those whom it concerns";
    g_clear_pointer(&act->row->told, g_free);
    if (!nsk_notice_tell(act, &act->row->told, error))
        return false;
    if (act->row->told != NULL)
        event->reason = act->row->told;
    return nsk_outbox_add(act->txn, NSK_MAIL_TOPIC, act->row->id, "notice", act->now, error);
}

/* Files are written after the change, by the outbox.  What may not be public holds nobody up: it is
 * withheld, and the history says so. */
static bool
do_publish(NskAct *act, NskEvent *event, GError **error)
{
    if (!nsk_publish_find_reason(act->txn, act->row, &event->reason, error))
        return false;
    if (event->reason != NULL) {
        event->action = "publication-withheld";
        event->sentence = "Do not publish the letter";
        return true;
    }
    event->action = "letter-published";
    event->sentence = "Publish the letter";
    return nsk_outbox_add(act->txn, NSK_PUBLISH_TOPIC, act->row->id, "publish", act->now, error);
}

/* The letter's number in the agenda of its unit. */
static bool
do_register(NskAct *act, NskEvent *event, GError **error)
{
    event->action = "agenda-entered";
    event->sentence = "Enter the letter in the agenda";
    g_clear_pointer(&act->row->agenda, g_free);
    if (!nsk_agenda_enter(act, &act->row->agenda, error))
        return false;
    event->text = (NskJournalText){ "agenda", act->row->agenda };
    event->texts = &event->text;
    event->n_texts = 1;
    return true;
}

static const struct {
    const char *name;
    bool (*run)(NskAct *, NskEvent *, GError **);
} services[] = {
    { "archive", do_archive },
    { "dispatch", do_dispatch },
    { "notify", do_notify },
    { "number", do_number },
    { "publish", do_publish },
    { "record-deemed", nsk_term_do_deemed },
    { "clock-start", nsk_term_do_start },
    { "clock-stop", nsk_term_do_stop },
    { "register", do_register },
    { "void-number", do_void_number },
};

bool
nsk_service_is_known(const char *service)
{
    for (size_t i = 0; i < G_N_ELEMENTS(services); i++) {
        if (strcmp(services[i].name, service) == 0)
            return true;
    }
    return false;
}

bool
nsk_service_do(NskAct *act, const char *service, NskEvent *event, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(services); i++) {
        if (strcmp(services[i].name, service) == 0)
            return services[i].run(act, event, error);
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_UNSUPPORTED,
                nsk_tr("the workflow asks for the service '%s', which this program does not have"),
                service);
    return false;
}
