/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What somebody may do with a proposal as it stands.
 *
 * It only says what is worth trying: whoever acts is judged again by what he does.
 */
#include "office/disposal-private.h"

#include <string.h>

typedef struct {
    const NskDisposalWork *work;
    NskDbTxn *txn;
    const NskDisposalRow *row;
} Look;

static bool
is_state(const Look *look, const char *state)
{
    return strcmp(look->row->state, state) == 0;
}

static bool
proposed_it(const Look *look)
{
    return strcmp(look->row->by, look->work->office->person) == 0;
}

static bool
keeps_it(const Look *look)
{
    return nsk_berkas_check_archivist(look->work->office, look->txn, look->row->unit, NULL);
}

static bool
may_appraise(const Look *look)
{
    g_autofree char *position = NULL;

    return is_state(look, "proposed") && !proposed_it(look) &&
           nsk_disposal_find_appraiser(look->work, look->txn, look->row, &position, NULL);
}

static bool
may_decide(const Look *look)
{
    NskCapacity capacity;
    g_autofree char *position = NULL;

    return is_state(look, "proposed") && !proposed_it(look) &&
           nsk_disposal_check_head(look->work, look->txn, look->row, &position, &capacity, NULL);
}

static bool
may_withdraw(const Look *look)
{
    return (is_state(look, "proposed") || is_state(look, "approved")) && proposed_it(look);
}

/* A record of destruction that was withdrawn is drafted anew. */
static bool
may_certify(const Look *look)
{
    if (!is_state(look, "approved") || strcmp(look->row->form, "review") == 0 || !keeps_it(look))
        return false;
    if (look->row->letter == NULL)
        return true;
    g_autoptr(NskLetterRow) letter = nsk_letter_row_load(look->txn, look->row->letter, NULL);
    return letter != NULL && strcmp(letter->state, "withdrawn") == 0;
}

/* To @form: signed, or begun already. */
static bool
may_carry_out(const Look *look, const char *form)
{
    return strcmp(look->row->form, form) == 0 && keeps_it(look) &&
           (is_state(look, "running") ||
            (is_state(look, "approved") && nsk_disposal_check_letter(look->txn, look->row, NULL)));
}

static bool
may_destroy(const Look *look)
{
    return may_carry_out(look, "destroy");
}

static bool
may_hand_over(const Look *look)
{
    return may_carry_out(look, "transfer");
}

static bool
may_enter_receipt(const Look *look)
{
    return strcmp(look->row->form, "transfer") == 0 && is_state(look, "running") && keeps_it(look);
}

static const struct {
    const char *name;
    bool (*may)(const Look *look);
} acts[] = { { "opinion", may_appraise },     { "decide", may_decide },
             { "withdraw", may_withdraw },    { "certify", may_certify },
             { "destroy", may_destroy },      { "hand-over", may_hand_over },
             { "receipt", may_enter_receipt } };

/* Approved without a consent, it would be refused for want of it. */
static bool
set_consent(const Look *look, NskJson *json, GError **error)
{
    bool needed = false;
    g_autoptr(GError) refusal = NULL;

    if (is_state(look, "proposed") && strcmp(look->row->form, "destroy") == 0 &&
        !nsk_disposal_check_consent(look->work, look->txn, look->row, &refusal)) {
        needed = g_error_matches(refusal, NSK_ERROR, NSK_ERROR_CONFLICT);
        if (!needed) {
            g_propagate_error(error, g_steal_pointer(&refusal));
            return false;
        }
    }
    nsk_json_set_bool(json, "consent_needed", needed);
    return true;
}

bool
nsk_disposal_add_acts(NskOffice *self,
                      NskDbTxn *txn,
                      const NskDisposalRow *row,
                      NskJson *json,
                      GError **error)
{
    NskJson *list = nsk_json_array();
    const NskDisposalAct nothing = { .act = "" };
    const NskDisposalWork work = { self, &nothing, row->id, nsk_clock_now(self->clock) };
    const Look look = { &work, txn, row };

    nsk_json_set(json, "acts", list);
    for (size_t i = 0; i < G_N_ELEMENTS(acts); i++) {
        if (acts[i].may(&look))
            nsk_json_add_text(list, acts[i].name);
    }
    return set_consent(&look, json, error);
}
