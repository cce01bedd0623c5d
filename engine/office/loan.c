/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Loans of records, as the slip of a records room:
 *
 *     ask -> grant -> give -> return          refuse, withdraw: the end of it
 *
 * INVARIANTS
 *   (1) Who asks names a unit and says in words what he needs, never a letter: he learns of none by
 *       asking.  The archivist finds what is meant.
 *   (2) Nobody lends to himself, and nobody lends what he may not read; secret letters are not
 * lent.
 */
#include "base/id.h"
#include "base/message.h"
#include "office/loan-private.h"

#include <string.h>

#define MAX_TEXT 400 /* bytes */

static const char sql_add[] = "INSERT INTO loan (id, unit, person, what, why, until, state, asked)"
                              " VALUES ($1, $2, $3, $4, $5, $6, 'asked', $7)";
static const char sql_decide[] =
    "UPDATE loan SET state = $2, decided = $3, decided_by = $4, until = $5, letter = $6,"
    " place = $7 WHERE id = $1";
static const char sql_give[] =
    "UPDATE loan SET state = 'given', given = $2, given_by = $3 WHERE id = $1";
static const char sql_end[] = "UPDATE loan SET state = $2, ended = $3, ended_by = $4 WHERE id = $1";

typedef struct {
    NskOffice *office;
    const NskLoanAct *act;
    const char *id;
    NskInstant now;
} Work;

static bool
refuse(int code, const char *words, GError **error)
{
    g_set_error_literal(error, NSK_ERROR, code, words);
    return false;
}

static bool
is_text(const char *text)
{
    return text != NULL && text[strspn(text, " \t\n")] != '\0' && strlen(text) <= MAX_TEXT;
}

static bool
record(const Work *work, NskDbTxn *txn, const char *action, const char *words, GError **error)
{
    g_autofree char *history = g_strconcat(NSK_LOAN_HISTORY, work->id, NULL);
    const NskOfficeEvent event = { .origin = work->office->origin,
                                   .history = history,
                                   .actor = work->office->person,
                                   .auth = work->office->auth,
                                   .reason = work->act->note,
                                   .action = action,
                                   .sentence = words,
                                   .now = work->now };

    return nsk_record_office_rows(txn, NSK_KEPT_LOAN, &event, error);
}

/* Today or later. */
static bool
check_until(const Work *work, NskDbTxn *txn, const char *unit, const char *until, GError **error)
{
    NskDate day, today;

    if (until == NULL)
        return refuse(NSK_ERROR_INVALID, nsk_tr("say until which day it is needed"), error);
    return nsk_date_parse(until, &day, error) &&
           nsk_office_today(txn, unit, work->now, &today, error) &&
           (nsk_date_compare(day, today) >= 0 ||
            refuse(NSK_ERROR_INVALID, nsk_tr("the last day of a loan is today or later"), error));
}

static bool
ask(const Work *work, NskDbTxn *txn, GError **error)
{
    const NskLoanAct *act = work->act;

    if (act->unit == NULL || !is_text(act->what) || !is_text(act->note))
        return refuse(NSK_ERROR_INVALID,
                      nsk_tr("a loan names the unit whose records they are, what is needed, and "
                             "why; each in at most 400 bytes"),
                      error);
    return check_until(work, txn, act->unit, act->until, error) &&
           nsk_db_exec(txn, sql_add,
                       NSK_DB_PARAMS(NSK_DB_TEXT(work->id), NSK_DB_TEXT(act->unit),
                                     NSK_DB_TEXT(work->office->person), NSK_DB_TEXT(act->what),
                                     NSK_DB_TEXT(act->note), NSK_DB_TEXT(act->until),
                                     NSK_DB_INT(work->now)),
                       NULL, error) &&
           record(work, txn, "loan-asked", "Ask for a loan of records", error);
}

/* --- By the archivist. ------------------------------------------------------------------------ */

static bool
decide(const Work *work, NskDbTxn *txn, const NskLoanRow *row, const char *letter, GError **error)
{
    const NskLoanAct *act = work->act;
    bool granted = strcmp(act->act, "grant") == 0;

    return nsk_db_exec(
        txn, sql_decide,
        NSK_DB_PARAMS(NSK_DB_TEXT(row->id), NSK_DB_TEXT(granted ? "granted" : "refused"),
                      NSK_DB_INT(work->now), NSK_DB_TEXT(work->office->person),
                      NSK_DB_TEXT(act->until != NULL && granted ? act->until : row->until),
                      letter != NULL ? NSK_DB_TEXT(letter) : NSK_DB_NULL,
                      granted && act->place != NULL ? NSK_DB_TEXT(act->place) : NSK_DB_NULL),
        NULL, error);
}

/* The letter that is lent; its unit's archivist may read it. */
static NskLetterRow *
find_letter(const Work *work, NskDbTxn *txn, const NskLoanRow *row, GError **error)
{
    g_autoptr(NskLetterRow) letter = nsk_access_letter(work->office, txn, work->act->letter, error);

    if (letter == NULL)
        return NULL;
    if (nsk_letter_row_is_secret(letter)) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_DENIED,
                            nsk_tr("secret letters are not lent"));
        return NULL;
    }
    if (strcmp(letter->unit, row->unit) != 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("the letter is of the unit '%s', and what is asked for is of '%s'"),
                    letter->unit, row->unit);
        return NULL;
    }
    return g_steal_pointer(&letter);
}

static bool
grant(const Work *work, NskDbTxn *txn, const NskLoanRow *row, GError **error)
{
    const NskLoanAct *act = work->act;
    g_autoptr(NskLetterRow) letter = NULL;

    if (strcmp(row->person, work->office->person) == 0)
        return refuse(NSK_ERROR_DENIED, nsk_tr("nobody grants a loan to himself"), error);
    if (act->letter == NULL && !is_text(act->place))
        return refuse(NSK_ERROR_INVALID,
                      nsk_tr("say which letter is lent, or where the paper is kept"), error);
    if (!check_until(work, txn, row->unit, act->until != NULL ? act->until : row->until, error))
        return false;
    if (act->letter != NULL) {
        letter = find_letter(work, txn, row, error);
        if (letter == NULL)
            return false;
    }
    return decide(work, txn, row, letter != NULL ? letter->id : NULL, error) &&
           record(work, txn, "loan-granted", "Grant the loan", error);
}

static bool
turn_down(const Work *work, NskDbTxn *txn, const NskLoanRow *row, GError **error)
{
    if (!is_text(work->act->note))
        return refuse(NSK_ERROR_INVALID, nsk_tr("say why the loan is refused"), error);
    return decide(work, txn, row, NULL, error) &&
           record(work, txn, "loan-refused", "Refuse the loan", error);
}

static bool
give(const Work *work, NskDbTxn *txn, const NskLoanRow *row, GError **error)
{
    return check_until(work, txn, row->unit, row->until, error) &&
           nsk_db_exec(txn, sql_give,
                       NSK_DB_PARAMS(NSK_DB_TEXT(row->id), NSK_DB_INT(work->now),
                                     NSK_DB_TEXT(work->office->person)),
                       NULL, error) &&
           record(work, txn, "loan-given", "Give what is lent", error);
}

static bool
end(const Work *work, NskDbTxn *txn, const char *state, GError **error)
{
    return nsk_db_exec(txn, sql_end,
                       NSK_DB_PARAMS(NSK_DB_TEXT(work->id), NSK_DB_TEXT(state),
                                     NSK_DB_INT(work->now), NSK_DB_TEXT(work->office->person)),
                       NULL, error);
}

static bool
take_back(const Work *work, NskDbTxn *txn, G_GNUC_UNUSED const NskLoanRow *row, GError **error)
{
    return end(work, txn, "returned", error) &&
           record(work, txn, "loan-returned", "Take back what was lent", error);
}

static bool
withdraw(const Work *work, NskDbTxn *txn, G_GNUC_UNUSED const NskLoanRow *row, GError **error)
{
    return end(work, txn, "withdrawn", error) &&
           record(work, txn, "loan-withdrawn", "Withdraw the request for a loan", error);
}

/* --- The change. ------------------------------------------------------------------------------ */

static const struct {
    const char *name;
    const char *from, *or_from; /* states in which it is done */
    bool by_asker;              /* else by the archivist */
    bool (*run)(const Work *work, NskDbTxn *txn, const NskLoanRow *row, GError **error);
} acts[] = {
    { "grant", "asked", NULL, false, grant },
    { "refuse", "asked", NULL, false, turn_down },
    { "give", "granted", NULL, false, give },
    { "return", "given", NULL, false, take_back },
    { "withdraw", "asked", "granted", true, withdraw },
};

/* To who neither asked for it nor keeps the files it is not there. */
static bool
check_known(const Work *work, NskDbTxn *txn, const NskLoanRow *row, bool *out_keeps, GError **error)
{
    g_autoptr(GError) refusal = NULL;

    *out_keeps = nsk_berkas_check_archivist(work->office, txn, row->unit, &refusal);
    if (*out_keeps || strcmp(row->person, work->office->person) == 0)
        return true;
    if (!g_error_matches(refusal, NSK_ERROR, NSK_ERROR_DENIED)) {
        g_propagate_error(error, g_steal_pointer(&refusal));
        return false;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                nsk_tr("there is no loan '%s'; see 'naskah loan list'"), row->id);
    return false;
}

static bool
act_on(const Work *work, NskDbTxn *txn, const NskLoanRow *row, bool keeps, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(acts); i++) {
        if (strcmp(acts[i].name, work->act->act) != 0)
            continue;
        if (!acts[i].by_asker && !keeps)
            return nsk_berkas_check_archivist(work->office, txn, row->unit, error);
        if (acts[i].by_asker && strcmp(row->person, work->office->person) != 0)
            return refuse(NSK_ERROR_DENIED, nsk_tr("a request is withdrawn by who made it"), error);
        if (strcmp(row->state, acts[i].from) != 0 && g_strcmp0(row->state, acts[i].or_from) != 0) {
            g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                        nsk_tr("the loan is not at that step: %s"),
                        nsk_office_word_of("loan", row->state));
            return false;
        }
        return acts[i].run(work, txn, row, error);
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("'%s' is nothing that is done with a "
                       "loan"),
                work->act->act);
    return false;
}

static bool
apply_loan(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    bool keeps = false;
    const Work *work = data;

    if (work->act->loan == NULL) {
        if (!ask(work, txn, error))
            return false;
    } else {
        g_autoptr(NskLoanRow) row = nsk_loan_load(txn, work->id, error);

        if (row == NULL || !check_known(work, txn, row, &keeps, error) ||
            !act_on(work, txn, row, keeps, error))
            return false;
    }
    g_autoptr(NskLoanRow) now = nsk_loan_load(txn, work->id, error);
    g_autoptr(NskJson) answer =
        now != NULL ? nsk_loan_to_json(work->office, txn, now, keeps, error) : NULL;
    if (answer == NULL)
        return false;
    *out_answer = nsk_json_canonical(answer);
    return true;
}

#define WORD(text) ((text) != NULL ? (text) : "")

bool
nsk_do_loan(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    const NskLoanAct *act = arguments;
    g_autofree char *answer = NULL;
    g_autofree char *id = nsk_id_new(self->clock);
    Work work = { self, act, act->loan != NULL ? act->loan : id, nsk_clock_now(self->clock) };

    if (act->loan == NULL && strcmp(act->act, "ask") != 0)
        return refuse(NSK_ERROR_INVALID, nsk_tr("say which loan it is about"), error);
    NSK_REQUEST(self, "loan", act->act, WORD(act->loan), WORD(act->unit), WORD(act->what),
                WORD(act->until), WORD(act->letter), WORD(act->place), WORD(act->note));
    if (!nsk_office_commit(self, apply_loan, &work, &answer, error))
        return false;
    *out_result = nsk_office_read_answer(answer, error);
    return *out_result != NULL;
}
