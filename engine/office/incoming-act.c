/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What TU does with a letter that came in: passes it on to positions, or files it.  Either is an
 * outcome of the task that the workflow put before it; other addressees are a new version of the
 * letter in the same change.
 */
#include "base/message.h"
#include "office/incoming-private.h"

#include <string.h>

typedef struct {
    NskOffice *office;
    const NskIncomingAct *act;
    NskInstant now;
} Work;

/* The task must let itself be done so. */
static bool
check_outcome(const Work *work, const NskDuty *duty, GError **error)
{
    g_auto(GStrv) outcomes = g_strsplit(duty->task->outcomes, " ", -1);

    if (!nsk_duty_check_kept(duty, error))
        return false;
    if (g_strv_contains((const char *const *)outcomes, work->act->outcome))
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                nsk_tr("the task '%s' has no outcome '%s'; it has: %s"), duty->task->name,
                work->act->outcome, duty->task->outcomes);
    return false;
}

static bool
check_positions(NskDbTxn *txn, char **to, GError **error)
{
    for (int i = 0; to[i] != NULL; i++) {
        g_autoptr(NskPosition) position = nsk_directory_get_position(txn, to[i], error);

        if (position == NULL)
            return false;
    }
    return true;
}

/* The letter to other addressees; NULL with @error unset if they are the same. */
static NskLetter *
readdress(const NskLetter *letter, char **to, GError **error)
{
    g_autoptr(NskXmlDoc) copy = nsk_xml_doc_copy(nsk_letter_get_node(letter));
    NskXmlNode *root = nsk_xml_doc_get_root(copy);
    NskXmlNode *old = nsk_xml_child(root, "to");
    NskXmlNode *list = nsk_xml_add_before(old, "to");

    for (int i = 0; to[i] != NULL; i++)
        nsk_xml_set_attr(nsk_xml_add(list, NSK_LETTER_NS, "position"), "ref", to[i]);
    nsk_xml_remove(old);
    g_autoptr(GBytes) xml = nsk_xml_canonical(root, error);
    return xml != NULL ? nsk_letter_parse("surat-masuk", g_bytes_get_data(xml, NULL),
                                          g_bytes_get_size(xml), NULL, error)
                       : NULL;
}

static bool
is_addressed_so(const NskLetterFacts *facts, char **to)
{
    size_t n = 0;

    for (; n < facts->n_addressees && to[n] != NULL; n++) {
        if (g_strcmp0(facts->addressees[n].position, to[n]) != 0)
            return false;
    }
    return n == facts->n_addressees && to[n] == NULL;
}

/* A version with these addressees, told before the task is done. */
static bool
change_addressees(NskAct *act, const NskDuty *duty, char **to, GError **error)
{
    g_autofree char *name = nsk_office_file_name(act->row->id, ".xml");
    g_autoptr(NskLetter) before = nsk_office_read_letter(act->txn, act->row->id, error);

    if (before == NULL || !check_positions(act->txn, to, error))
        return false;
    if (is_addressed_so(nsk_letter_get_facts(before), to))
        return true;
    g_autoptr(NskLetter) letter = readdress(before, to, error);
    if (letter == NULL)
        return false;
    g_autoptr(GBytes) xml = nsk_letter_canonical(letter);
    NskStoreFile file = { .name = name, .content = xml };
    NskJournalObject object = { .kind = "content", .size = (int64_t)g_bytes_get_size(xml) };
    NskEvent event = { .action = "letter-readdressed",
                       .sentence = "Change the addressees",
                       .position = duty->position,
                       .capacity = duty->assisting ? NULL : nsk_capacity_name(duty->capacity),
                       .on_behalf_of = duty->assisting ? duty->position : NULL,
                       .task = duty->task->key,
                       .state_from = act->row->state,
                       .kept = NSK_RECORD_LATER,
                       .files = &file,
                       .n_files = 1,
                       .objects = &object,
                       .n_objects = 1 };

    nsk_letter_row_take_content(act->row, letter);
    memcpy(object.sha256, act->row->content, sizeof object.sha256);
    return nsk_route_save(act->txn, act->row->id, letter, error) &&
           nsk_incoming_add_readers(act->txn, act->row, error) && nsk_record(act, &event, error);
}

static bool
apply_act(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    const Work *work = data;
    g_autoptr(NskDuty) duty = nsk_access_duty(work->office, txn, work->act->task, error);
    g_auto(NskBond) bond = { 0 };
    g_autofree char *answer = NULL;
    NskTaskAct done = { .outcome = work->act->outcome, .note = work->act->note };

    if (duty == NULL || !check_outcome(work, duty, error))
        return false;
    NskAct act = { work->office, txn, duty->row, work->now, duty->today, NULL };
    g_auto(GStrv) to = g_strsplit(work->act->to != NULL ? work->act->to : "", " ", -1);
    if ((work->act->to != NULL && !change_addressees(&act, duty, to, error)) ||
        !nsk_task_complete(&act, duty, &done, &bond, &answer, error))
        return false;
    *out_answer = nsk_incoming_answer(&act, error);
    return *out_answer != NULL;
}

bool
nsk_do_incoming_act(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    const NskIncomingAct *act = arguments;
    Work work = { .office = self, .act = act, .now = nsk_clock_now(self->clock) };
    g_autofree char *answer = NULL;

    NSK_REQUEST(self, "incoming-act", act->task, act->outcome, act->to != NULL ? act->to : "",
                act->note != NULL ? act->note : "");
    if (!nsk_office_commit(self, apply_act, &work, &answer, error))
        return false;
    *out_result = nsk_office_read_answer(answer, error);
    return *out_result != NULL;
}

/* @task, where only a letter is named as people name letters that came in; owned. */
static char *
find_task(NskOffice *self, const char *task, GError **error)
{
    g_autoptr(NskIncomingRow) incoming = NULL;
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);

    if (txn == NULL)
        return NULL;
    g_autoptr(NskLetterRow) row =
        strchr(task, '#') == NULL ? nsk_incoming_access(self, txn, task, &incoming, &fault) : NULL;
    if (g_error_matches(fault, NSK_ERROR, NSK_ERROR_INVALID)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return NULL;
    }
    return g_strdup(row != NULL ? row->id : task);
}

bool
nsk_office_incoming_forward(NskOffice *self,
                            const char *task,
                            const char *const *to,
                            const char *note,
                            NskJson **out_result,
                            GError **error)
{
    g_autofree char *positions = to != NULL ? g_strjoinv(" ", (char **)(uintptr_t)to) : NULL;
    g_autofree char *found = find_task(self, task, error);
    NskIncomingAct act = { .task = found,
                           .outcome = NSK_OUTCOME_FORWARD,
                           .to = positions,
                           .note = note };

    return found != NULL && nsk_call_incoming_act(self, &act, out_result, error);
}

bool
nsk_office_incoming_file(NskOffice *self,
                         const char *task,
                         const char *note,
                         NskJson **out_result,
                         GError **error)
{
    g_autofree char *found = find_task(self, task, error);
    NskIncomingAct act = { .task = found, .outcome = "file", .note = note };

    return found != NULL && nsk_call_incoming_act(self, &act, out_result, error);
}
