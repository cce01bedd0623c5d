/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Doing a task: the drafter submits, a reviewer gives a paraf or returns, the signatory returns.
 * (A signature has steps of its own: sign-prepare.c, sign-confirm.c.)
 */
#include "base/bytes.h"
#include "base/message.h"
#include "office/advance-private.h"
#include "office/sign-private.h"
#include "office/token-private.h"

#include <string.h>

#define MIN_CONTENT 8 /* hex digits that tell two contents of a letter apart */

typedef struct {
    NskOffice *office;
    const NskTaskAct *act;
    char *checked_oid;  /* a submitted draft: the version that was found without fault */
    NskBond bond;       /* of a review */
    NskDuty *duty;      /* of a paraf that is to be signed; else NULL */
    char *name;         /* of its reviewer */
    NskStoreBlob *scan; /* of a signature on paper that is confirmed; else NULL */
    NskInstant now;
} Work;

/* A letter must be whole before others spend time on it.  Leaves the checked version in @work. */
static bool
check_before_submit(Work *work, const NskDuty *duty, NskDbTxn *txn, GError **error)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();

    return nsk_store_head(txn, duty->row->id, &work->checked_oid, NULL, error) &&
           nsk_letter_find_faults(work->office, txn, duty->row, issues, error) &&
           nsk_issues_to_error(issues, error);
}

/* The content that was checked must still be the content. */
static bool
still_as_checked(const Work *work, const NskDuty *duty, NskDbTxn *txn, GError **error)
{
    g_autofree char *oid = NULL;

    if (!nsk_store_head(txn, duty->row->id, &oid, NULL, error))
        return false;
    if (g_strcmp0(oid, work->checked_oid) == 0)
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                        nsk_tr("the draft was changed while it was being submitted; look at it "
                               "and submit again"));
    return false;
}

/* A signature is of what it was made for, and is there where one is asked for. */
static bool
check_signature(const NskAct *act,
                const NskDuty *duty,
                bool was_bound,
                NskBond *bond,
                GError **error)
{
    NskProfileParaf rule;

    if (!nsk_paraf_rule(act->office, act->txn, duty->row, duty->position, &rule, error))
        return false;
    if (!rule.needs_certificate || (was_bound && bond->cms != NULL))
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                        nsk_tr("the letter changed while your paraf was signed; look at it and "
                               "give it again"));
    return false;
}

static bool
give_paraf(NskAct *act, const NskDuty *duty, NskBond *bond, GError **error)
{
    bool was_bound = nsk_bond_holds(bond, duty->row);
    NskParafRow paraf = { .position = duty->position,
                          .person = act->office->person,
                          .capacity = (char *)(uintptr_t)nsk_capacity_name(duty->capacity),
                          .at = act->now };

    memcpy(paraf.content, duty->row->content, sizeof paraf.content);
    /* mostly it was described before the change: reading a letter takes longer than all the rest */
    return check_signature(act, duty, was_bound, bond, error) &&
           (was_bound || nsk_bond_make(act->office, act->txn, duty->row, bond, error)) &&
           nsk_paraf_add(act->txn, act->row->id, &paraf, error);
}

/* A review may have other outcomes (a proposal that is refused, a question): none binds anybody. */
static bool
gives_paraf(const NskDuty *duty, const NskTaskAct *act)
{
    return strcmp(duty->task->role, "review") == 0 && strcmp(act->outcome, "approve") == 0;
}

/* Whether the letter is signed and gone: what goes back then is somebody's work about it (a report
 * that is not accepted), and no longer the letter. */
static bool
is_out(const NskLetterRow *row)
{
    return row->dispatched != 0 || strcmp(row->state, "signed") == 0 ||
           strcmp(row->state, "archived") == 0;
}

/* What an act is called in journal and history. */
static void
name_event(const NskDuty *duty, const NskTaskAct *act, NskEvent *event)
{
    if (strcmp(act->outcome, "return") == 0 && !is_out(duty->row)) {
        event->action = "letter-returned";
        event->sentence = "Return the letter to its drafter";
    } else if (gives_paraf(duty, act)) {
        event->action = "paraf-given";
        event->sentence = "Give the paraf";
    } else if (strcmp(act->outcome, NSK_OUTCOME_FORWARD) == 0) {
        event->action = "letter-forwarded";
        event->sentence = "Pass the letter on to its addressees";
    } else if (strcmp(duty->task->role, "draft") == 0) {
        event->action = "letter-submitted";
        event->sentence = "Submit the draft";
    } else {
        event->action = "task-done";
        event->sentence = "Do a task";
    }
}

/* Outcomes that nobody understands later without a word. */
static bool
needs_words(const char *outcome)
{
    return strcmp(outcome, "return") == 0 || strcmp(outcome, "refuse") == 0 ||
           strcmp(outcome, "mismatch") == 0;
}

static bool
check_act(const NskDuty *duty, const NskTaskAct *act, GError **error)
{
    bool is_return = strcmp(act->outcome, "return") == 0;
    g_autofree char *content = nsk_hex(duty->row->content, sizeof duty->row->content);

    if (act->content != NULL &&
        (strlen(act->content) < MIN_CONTENT || !g_str_has_prefix(content, act->content))) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                            nsk_tr("the content is not the one that you saw; look at the letter "
                                   "again with 'naskah letter show'"));
        return false;
    }
    if (!nsk_duty_check_kept(duty, error))
        return false;
    if (strcmp(duty->task->role, "sign") == 0 && !is_return) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("this task is a signature: use 'naskah task sign'"));
        return false;
    }
    if (strcmp(act->outcome, "dispose") == 0) {
        g_set_error_literal(
            error, NSK_ERROR, NSK_ERROR_INVALID,
            nsk_tr("a letter is given on with 'naskah disposition give', which says "
                   "to whom"));
        return false;
    }
    if (needs_words(act->outcome) && (act->note == NULL || act->note[0] == '\0')) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            is_return ? nsk_tr("say why the letter goes back, with --note")
                                      : nsk_tr("say why, with --note"));
        return false;
    }
    if (strcmp(act->outcome, NSK_OUTCOME_UPLOAD) == 0) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("this task ends with the scan itself: use 'naskah task scan'"));
        return false;
    }
    return true;
}

bool
nsk_task_complete(NskAct *act,
                  const NskDuty *duty,
                  const NskTaskAct *done,
                  NskBond *bond,
                  char **out_answer,
                  GError **error)
{
    bool goes_back = strcmp(done->outcome, "return") == 0 && !is_out(duty->row);
    g_autofree char *before = g_strdup(duty->row->state);
    g_autofree char *task = g_strdup(duty->task->key);
    NskJournalText signature = { NSK_PARAF_TEXT, NULL };
    NskAdvance advance = {
        .flow_event = { .type = NSK_FLOW_COMPLETE, .key = task, .outcome = done->outcome },
        .person = act->office->person
    };

    advance.record.task = task;
    advance.record.position = duty->position;
    advance.record.capacity = duty->assisting ? NULL : nsk_capacity_name(duty->capacity);
    advance.record.on_behalf_of = duty->assisting ? duty->position : NULL;
    advance.record.state_from = before;
    advance.record.reason = done->note;
    name_event(duty, done, &advance.record);
    if (gives_paraf(duty, done)) {
        if (!give_paraf(act, duty, bond, error))
            return false;
        signature.text = bond->cms;
        advance.record.objects = bond->objects;
        advance.record.n_objects = bond->n_objects;
        advance.record.texts = &signature;
        advance.record.n_texts = bond->cms != NULL ? 1 : 0;
    }
    if (goes_back && !nsk_unlock(act, &advance.record, error))
        return false;
    if (strcmp(done->outcome, NSK_OUTCOME_FORWARD) == 0 &&
        !nsk_incoming_set_forwarded(act->txn, act->row, act->now, error))
        return false;
    if (!nsk_advance(act, &advance, error))
        return false;
    *out_answer = nsk_act_answer(act, task, done->outcome, error);
    return *out_answer != NULL;
}

static bool
apply_act(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    Work *work = data;
    g_autoptr(NskDuty) duty = nsk_access_duty(work->office, txn, work->act->task, error);

    if (duty == NULL || !check_act(duty, work->act, error))
        return false;
    NskAct act = { work->office, txn, duty->row, work->now, duty->today, NULL };
    if (work->scan != NULL)
        return nsk_paper_confirm(&act, duty, work->act, work->scan, out_answer, error);
    if (strcmp(work->act->outcome, NSK_OUTCOME_ANSWERED) == 0 && !nsk_reply_decide(&act, error))
        return false;
    return (strcmp(duty->task->role, "draft") != 0 || still_as_checked(work, duty, txn, error)) &&
           nsk_task_complete(&act, duty, work->act, &work->bond, out_answer, error);
}

char *
nsk_act_answer(const NskAct *act, const char *task, const char *outcome, GError **error)
{
    g_autoptr(GPtrArray) tasks = nsk_task_list_letter(act->txn, act->row->id, error);
    g_autoptr(NskJson) answer = nsk_json_object();
    NskJson *next = nsk_json_array();

    nsk_json_set(answer, "next", next);
    if (tasks == NULL)
        return NULL;
    for (guint i = 0; i < tasks->len; i++)
        nsk_json_add(next, nsk_task_to_json(g_ptr_array_index(tasks, i)));
    nsk_json_set_text(answer, "letter", act->row->id);
    nsk_json_set_text(answer, "task", task);
    nsk_json_set_text(answer, "outcome", outcome);
    nsk_json_set_text(answer, "state", act->row->state);
    nsk_json_set_text(answer, "number", act->row->number);
    return nsk_json_canonical(answer);
}

/* Keeps what a signature of the paraf is about, if the profile wants one. */
static bool
note_signature(Work *work, NskDbTxn *txn, NskDuty **duty, GError **error)
{
    NskProfileParaf rule;
    g_autoptr(NskPerson) person = NULL;

    if (!nsk_paraf_rule(work->office, txn, (*duty)->row, (*duty)->position, &rule, error))
        return false;
    if (!rule.needs_certificate)
        return true;
    person = nsk_directory_get_person(txn, work->office->person, error);
    if (person == NULL)
        return false;
    work->name = g_strdup(person->name);
    work->duty = g_steal_pointer(duty);
    return true;
}

/* Has the paraf signed, with no snapshot open: that may take as long as a service does. */
static bool
sign_paraf(Work *work, GError **error)
{
    const NskParafAsk ask = { work->act, work->duty, work->name, &work->bond, work->now };

    return work->duty == NULL || (nsk_token_refuse_signing(work->office, error) &&
                                  nsk_paraf_sign(work->office, &ask, &work->bond.cms, error));
}

/* What is looked at before the change, not under the writer's lock: schema and rules above all.
 * *out_done: the request was done before, and *out_answer is its answer. */
static bool
look_first(Work *work, bool *out_done, char **out_answer, GError **error)
{
    NskOffice *office = work->office;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(office->reader, error);

    if (txn == NULL || !nsk_office_find_request(office, txn, out_done, out_answer, error))
        return false;
    if (*out_done)
        return true;
    g_autoptr(NskDuty) duty = nsk_access_duty(office, txn, work->act->task, error);
    if (duty == NULL || !check_act(duty, work->act, error))
        return false;
    if (strcmp(duty->task->role, "draft") == 0)
        return check_before_submit(work, duty, txn, error);
    if (nsk_paper_needs_scan(duty, work->act)) {
        work->scan = nsk_paper_read_scan(txn, duty, error);
        return work->scan != NULL;
    }
    return !gives_paraf(duty, work->act) ||
           (nsk_bond_make(office, txn, duty->row, &work->bond, error) &&
            note_signature(work, txn, &duty, error));
}

bool
nsk_do_task_act(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    const NskTaskAct *act = arguments;
    Work work = { .office = self, .act = act, .now = nsk_clock_now(self->clock) };
    g_autofree char *answer = NULL;
    bool done = false;

    NSK_REQUEST(self, "task-act", act->task, act->outcome, act->note != NULL ? act->note : "");
    bool ok = look_first(&work, &done, &answer, error) &&
              (done || (sign_paraf(&work, error) &&
                        nsk_office_commit(self, apply_act, &work, &answer, error)));

    g_free(work.checked_oid);
    g_free(work.name);
    nsk_duty_free(work.duty);
    nsk_store_blob_unref(work.scan);
    nsk_bond_clear(&work.bond);
    if (!ok)
        return false;
    *out_result = nsk_office_read_answer(answer, error);
    return *out_result != NULL;
}

/* The outcome of one of several: its result, or why it was not done. */
static NskJson *
batch_item(const char *task, NskJson *result, const GError *fault)
{
    NskJson *item = nsk_json_object();

    nsk_json_set_text(item, "task", task);
    if (result != NULL) {
        nsk_json_set(item, "result", result);
        return item;
    }
    nsk_json_set_int(item, "code", fault->code);
    nsk_json_set_text(item, "error", fault->message);
    return item;
}

bool
nsk_office_task_batch(NskOffice *self,
                      const NskTaskAct *acts,
                      size_t n,
                      NskJson **out_result,
                      GError **error)
{
    int64_t failed = 0;
    g_autofree char *id = g_strdup(self->request_id);
    g_autoptr(NskJson) answer = nsk_json_object();
    NskJson *results = nsk_json_array();

    nsk_json_set(answer, "results", results);
    for (size_t i = 0; i < n; i++) {
        NskJson *result = NULL;
        g_autoptr(GError) fault = NULL;
        g_autofree char *own = id != NULL ? g_strdup_printf("%s.%zu", id, i) : NULL;

        /* each is a request of its own, so that all can be repeated safely */
        if (id != NULL && !nsk_office_set_request(self, own, error))
            return false;
        if (!nsk_office_task_act(self, &acts[i], &result, &fault))
            failed++;
        nsk_json_add(results, batch_item(acts[i].task, result, fault));
    }
    nsk_json_set_int(answer, "failed", failed);
    *out_result = g_steal_pointer(&answer);
    return true;
}
