/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Deeds: what people do to tasks and workflows beside doing the tasks.  Each is one change, an
 * entry of the letter's history, and a version.
 */
#include "base/id.h"
#include "base/message.h"
#include "office/deed-private.h"

#include <string.h>

typedef enum {
    NEEDS_TO = 1 << 0,   /* says to whom or what */
    NEEDS_NOTE = 1 << 1, /* says why */
} Needs;

static const struct {
    const char *name;
    unsigned needs;
    bool (*run)(NskDeedWork *, GError **);
} deeds[] = {
    { "recall", 0, nsk_deed_recall },
    { "claim", 0, nsk_deed_claim },
    { "unclaim", 0, nsk_deed_unclaim },
    { "assign", NEEDS_TO, nsk_deed_assign },
    { "reassign", NEEDS_TO | NEEDS_NOTE, nsk_deed_reassign },
    { "delegate", NEEDS_TO, nsk_deed_delegate },
    { "hand-back", 0, nsk_deed_hand_back },
    { "urge", 0, nsk_deed_urge },
    { "return-to", NEEDS_TO | NEEDS_NOTE, nsk_deed_return_to },
    { "add", NEEDS_TO, nsk_deed_add },
    { "suspend", NEEDS_NOTE, nsk_deed_suspend },
    { "resume", 0, nsk_deed_resume },
    { "retry", 0, nsk_deed_retry },
    { "message", NEEDS_TO, nsk_deed_message },
};

static bool
is_empty(const char *text)
{
    return text == NULL || text[0] == '\0';
}

/* The place of the deed in the table.  Errors: INVALID, also if it does not say what it needs. */
static bool
find_deed(const NskDeed *deed, size_t *out_i, GError **error)
{
    size_t i = 0;

    while (i < G_N_ELEMENTS(deeds) && g_strcmp0(deeds[i].name, deed->deed) != 0)
        i++;
    if (i == G_N_ELEMENTS(deeds)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("there is nothing called '%s' that could be done to a task"),
                    deed->deed != NULL ? deed->deed : "");
        return false;
    }
    if ((deeds[i].needs & NEEDS_TO) != 0 && is_empty(deed->to)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID, nsk_tr("say to whom or what, for '%s'"),
                    deed->deed);
        return false;
    }
    if ((deeds[i].needs & NEEDS_NOTE) != 0 && is_empty(deed->note)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID, nsk_tr("say why, with --note, for '%s'"),
                    deed->deed);
        return false;
    }
    *out_i = i;
    return true;
}

NskDuty *
nsk_deed_find_task(NskDeedWork *self, GError **error)
{
    const char *slash = strchr(self->deed->task, '/');
    g_autofree char *head =
        slash != NULL ? g_strndup(self->deed->task, (size_t)(slash - self->deed->task)) : NULL;
    g_autoptr(NskDuty) duty = g_new0(NskDuty, 1);

    if (slash == NULL || strchr(slash, '#') == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("write which task is meant, as LETTER/KEY, not '%s'"), self->deed->task);
        return NULL;
    }
    duty->row = nsk_access_route(self->office, self->txn, head, error);
    if (duty->row == NULL)
        return NULL;
    duty->task = nsk_task_load(self->txn, duty->row->id, slash + 1, error);
    if (duty->task == NULL ||
        !nsk_office_today(self->txn, duty->row->unit, self->now, &duty->today, error))
        return NULL;
    return g_steal_pointer(&duty);
}

NskAct
nsk_deed_act(const NskDeedWork *self, NskLetterRow *row, NskDate today)
{
    return (NskAct){ self->office, self->txn, row, self->now, today, NULL };
}

bool
nsk_deed_check_holder(const NskDeedWork *self,
                      const char *position,
                      NskDate today,
                      NskCapacity *out_capacity,
                      GError **error)
{
    return nsk_directory_may_act(self->txn, self->office->person, position, today, out_capacity,
                                 error);
}

bool
nsk_deed_advance(NskDeedWork *self, NskAct *act, const NskAdvance *advance, GError **error)
{
    if (!nsk_advance(act, advance, error))
        return false;
    self->answer = nsk_act_answer(act, advance->record.task, self->deed->deed, error);
    return self->answer != NULL;
}

typedef struct {
    NskOffice *office;
    const NskDeed *deed;
    size_t i;
    NskInstant now;
} Asked;

static bool
apply_deed(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    const Asked *asked = data;
    NskDeedWork work = { .office = asked->office,
                         .deed = asked->deed,
                         .txn = txn,
                         .now = asked->now };

    if (!deeds[asked->i].run(&work, error)) {
        g_free(work.answer);
        return false;
    }
    *out_answer = work.answer;
    return true;
}

bool
nsk_do_deed(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    const NskDeed *deed = arguments;
    Asked asked = { .office = self, .deed = deed, .now = nsk_clock_now(self->clock) };
    g_autofree char *answer = NULL;
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, deed->number);

    if (!find_deed(deed, &asked.i, error))
        return false;
    NSK_REQUEST(self, "deed", deed->deed, deed->task, deed->to != NULL ? deed->to : "",
                deed->note != NULL ? deed->note : "", number);
    if (!nsk_office_commit(self, apply_deed, &asked, &answer, error))
        return false;
    *out_result = nsk_office_read_answer(answer, error);
    return *out_result != NULL;
}
