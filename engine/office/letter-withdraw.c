/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/message.h"
#include "office/clock-private.h"

#include <string.h>

typedef struct {
    NskOffice *office;
    const char *letter;
    const char *reason;
    NskInstant now;
    NskCapacity capacity; /* how the person holds the drafter's position, unless he assists it */
    bool assisting;
} Work;

/* What came in and was passed on is disposed of by those who have it. */
static bool
check_not_forwarded(NskDbTxn *txn, const NskLetterRow *row, GError **error)
{
    g_autoptr(NskIncomingRow) incoming = NULL;

    if (!nsk_incoming_find(txn, row->id, &incoming, error))
        return false;
    if (incoming == NULL || incoming->forwarded == 0)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                nsk_tr("letter %s came in and was passed on; those who have it dispose of it"),
                row->id);
    return false;
}

/* Whose letter it is may give it up, or who assists him; not once it carries every signature. */
static bool
check_withdrawal(Work *work, NskDbTxn *txn, const NskLetterRow *row, NskDate today, GError **error)
{
    const char *person = work->office->person;
    g_autoptr(GError) refusal = NULL;

    if (strcmp(row->state, "signed") == 0 || strcmp(row->state, "archived") == 0 ||
        strcmp(row->state, "withdrawn") == 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("the letter cannot be withdrawn: its state is '%s'"),
                    nsk_office_word(row->state));
        return false;
    }
    if (!check_not_forwarded(txn, row, error))
        return false;
    work->assisting = false;
    if (nsk_directory_may_act(txn, person, row->drafter, today, &work->capacity, &refusal))
        return true;
    if (!nsk_directory_is_assistant(txn, person, row->drafter, today, &work->assisting, error))
        return false;
    if (!work->assisting)
        g_propagate_error(error, g_steal_pointer(&refusal));
    return work->assisting;
}

static bool
apply_withdraw(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    Work *work = data;
    NskDate today;
    g_autoptr(NskLetterRow) row = nsk_access_letter(work->office, txn, work->letter, error);

    if (row == NULL || !nsk_office_today(txn, row->unit, work->now, &today, error) ||
        !check_withdrawal(work, txn, row, today, error))
        return false;
    NskAct act = { work->office, txn, row, work->now, today, NULL };
    g_autofree char *before = g_strdup(row->state);
    NskAdvance advance = { .flow_event = { .type = NSK_FLOW_CANCEL, .reason = "withdrawn" },
                           .person = work->office->person,
                           .state_if_done = "withdrawn" };
    advance.record =
        (NskEvent){ .action = "letter-withdrawn",
                    .sentence = "Withdraw the letter",
                    .position = row->drafter,
                    .capacity = work->assisting ? NULL : nsk_capacity_name(work->capacity),
                    .on_behalf_of = work->assisting ? row->drafter : NULL,
                    .state_from = before,
                    .reason = work->reason };
    if (!nsk_unlock(&act, &advance.record, error) ||
        !nsk_void_number(&act, &advance.record, work->reason, error) ||
        !nsk_agenda_void(&act, &advance.record, work->reason, error) ||
        !nsk_term_end(&act, error) || !nsk_advance(&act, &advance, error))
        return false;
    *out_answer = nsk_act_answer(&act, NULL, "withdraw", error);
    return *out_answer != NULL;
}

bool
nsk_do_letter_withdraw(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    const NskWithdrawal *withdrawal = arguments;
    const char *reason = withdrawal->reason;
    Work work = { .office = self,
                  .letter = withdrawal->letter,
                  .reason = reason,
                  .now = nsk_clock_now(self->clock) };
    g_autofree char *answer = NULL;

    if (reason == NULL || reason[0] == '\0') {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("say why the letter is withdrawn, with --note"));
        return false;
    }
    NSK_REQUEST(self, "letter-withdraw", work.letter, reason);
    if (!nsk_office_commit(self, apply_withdraw, &work, &answer, error))
        return false;
    *out_result = nsk_office_read_answer(answer, error);
    return *out_result != NULL;
}
