/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Handing a position over: the list of its open work, made by one of the two or by who looks after
 * the position, and confirmed by both.
 *
 *     prepare   tasks that lie before the position, tasks that it delegated, and letters of its own
 *               that are on their way; a list that was there before and not confirmed by both goes
 *     confirm   by the giver, by the receiver; for a giver who has left the office, by the
 * superior, who says why
 *
 * INVARIANTS
 *   (1) What was confirmed never changes: another list is another handover.
 *   (2) The list names letters by their ids alone; what they are about is looked up for who may
 *       read them.
 *   (3) While the giver still holds the position, he confirms only a list that has all of it.
 */
#include "base/id.h"
#include "base/message.h"
#include "office/handover-private.h"

#include <string.h>

static const char sql_load[] = "SELECT id, position, giver, receiver, by, given_by, at, given,"
                               " received, replaced FROM handover WHERE id = $1";
static const char sql_list[] = "SELECT id FROM handover WHERE $1 = '' OR position = $1"
                               " ORDER BY at DESC, id DESC LIMIT $2";
static const char sql_unfinished[] =
    "SELECT id FROM handover WHERE position = $1 AND replaced IS NULL"
    " AND (given IS NULL OR received IS NULL) ORDER BY at, id";
static const char sql_add[] = "INSERT INTO handover (id, position, giver, receiver, by, at)"
                              " VALUES ($1, $2, $3, $4, $5, $6)";
static const char sql_add_items[] =
    "INSERT INTO handover_item (handover, n, letter, task, opened, due)"
    " SELECT $1, row_number() OVER (ORDER BY opened, letter, task), letter, task, opened, due FROM "
    "("
    "  SELECT i.letter AS letter, i.key AS task, i.opened AS opened, t.due AS due"
    "   FROM inbox i JOIN task t ON t.letter = i.letter AND t.key = i.key WHERE i.position = $2"
    "  UNION SELECT letter, key, opened, due FROM task WHERE owner = $2 AND closed IS NULL"
    "  UNION SELECT id, '', created, NULL FROM letter WHERE drafter = $2"
    "   AND state NOT IN ('archived', 'withdrawn')) WHERE true";
static const char sql_count_new[] =
    "SELECT count(*) FROM inbox i WHERE i.position = $2 AND NOT EXISTS"
    " (SELECT 1 FROM handover_item h WHERE h.handover = $1 AND h.letter = i.letter"
    "  AND h.task = i.key)";
static const char sql_give[] = "UPDATE handover SET given = $2, given_by = $3 WHERE id = $1";
static const char sql_receive[] = "UPDATE handover SET received = $2 WHERE id = $1";
static const char sql_replace[] = "UPDATE handover SET replaced = $2 WHERE id = $1";

void
nsk_handover_row_free(NskHandoverRow *self)
{
    if (self == NULL)
        return;
    g_free(self->id);
    g_free(self->position);
    g_free(self->giver);
    g_free(self->receiver);
    g_free(self->by);
    g_free(self->given_by);
    g_free(self);
}

NskHandoverRow *
nsk_handover_load(NskDbTxn *txn, const char *id, GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql_load, NSK_DB_PARAMS(NSK_DB_TEXT(id)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return NULL;
    if (!has_row) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("there is no handover '%s'; see 'naskah handover list'"), id);
        return NULL;
    }
    NskHandoverRow *row = g_new0(NskHandoverRow, 1);
    row->id = g_strdup(nsk_db_rows_text(rows, 0));
    row->position = g_strdup(nsk_db_rows_text(rows, 1));
    row->giver = g_strdup(nsk_db_rows_text(rows, 2));
    row->receiver = g_strdup(nsk_db_rows_text(rows, 3));
    row->by = g_strdup(nsk_db_rows_text(rows, 4));
    row->given_by = g_strdup(nsk_db_rows_text(rows, 5));
    row->at = nsk_db_rows_int(rows, 6);
    row->given = nsk_db_rows_int(rows, 7);
    row->received = nsk_db_rows_int(rows, 8);
    row->replaced = nsk_db_rows_int(rows, 9);
    return row;
}

GPtrArray *
nsk_handover_list_ids(NskDbTxn *txn, const char *position, unsigned limit, GError **error)
{
    return nsk_db_list_texts(
        txn, sql_list,
        NSK_DB_PARAMS(NSK_DB_TEXT(position != NULL ? position : ""), NSK_DB_INT(limit)), error);
}

bool
nsk_handover_count_new(NskDbTxn *txn, const NskHandoverRow *row, int64_t *out_n, GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows = nsk_db_query(
        txn, sql_count_new, NSK_DB_PARAMS(NSK_DB_TEXT(row->id), NSK_DB_TEXT(row->position)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    *out_n = nsk_db_rows_int(rows, 0);
    return true;
}

/* --- Who may. --------------------------------------------------------------------------------- */

/* What is needed of a position. */
typedef struct {
    NskPosition *position;
    NskDate today;
    NskCaring caring; /* of who acts */
} Place;

static void
place_clear(Place *self)
{
    g_clear_pointer(&self->position, nsk_position_free);
    nsk_caring_clear(&self->caring);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Place, place_clear)

static bool
find_place(NskOffice *office, NskDbTxn *txn, const char *position, Place *out, GError **error)
{
    out->position = nsk_directory_get_position(txn, position, error);
    return out->position != NULL &&
           nsk_office_today(txn, out->position->unit, nsk_clock_now(office->clock), &out->today,
                            error) &&
           nsk_duty_find_care(office, txn, out->position, out->today, &out->caring, error);
}

static bool
is_party(const NskOffice *office, const char *giver, const char *receiver)
{
    return strcmp(office->person, giver) == 0 || strcmp(office->person, receiver) == 0;
}

static bool
refuse_stranger(const NskPosition *position, GError **error)
{
    g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                nsk_tr("the handover of '%s' is for the two who hand it over, its superior, its "
                       "assistants and the archivist of its unit"),
                position->title);
    return false;
}

bool
nsk_handover_check_access(NskOffice *self, NskDbTxn *txn, const NskHandoverRow *row, GError **error)
{
    g_auto(Place) place = { 0 };

    if (!find_place(self, txn, row->position, &place, error))
        return false;
    return is_party(self, row->giver, row->receiver) || place.caring.care != NSK_CARE_NONE ||
           refuse_stranger(place.position, error);
}

/* --- Preparing. ------------------------------------------------------------------------------- */

typedef struct {
    NskOffice *office;
    const NskHandoverAct *act;
    const char *id; /* of a new one */
    NskInstant now;
} HandoverWork;

/* The person held the position by @today (the giver), or holds it now or later (the receiver). */
static bool
check_holding(NskDbTxn *txn, const char *person, const Place *place, bool giver, GError **error)
{
    g_autoptr(NskPerson) row = nsk_directory_get_person(txn, person, error);
    g_autoptr(GPtrArray) ever =
        row != NULL ? nsk_directory_ever_held(txn, person, place->position->id, error) : NULL;

    for (guint i = 0; ever != NULL && i < ever->len; i++) {
        const NskHolding *holding = g_ptr_array_index(ever, i);
        bool open = !nsk_date_is_set(holding->until);

        if (giver ? nsk_date_compare(holding->from, place->today) <= 0
                  : open || nsk_date_compare(holding->until, place->today) >= 0)
            return true;
    }
    if (ever != NULL)
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    giver
                        ? nsk_tr("%s never held '%s', so there is nothing to hand over from him")
                        : nsk_tr("%s does not hold '%s' now or later by the directory; enter that "
                                 "first"),
                    row->printed, place->position->title);
    return false;
}

static bool
check_prepare(const HandoverWork *work, NskDbTxn *txn, const Place *place, GError **error)
{
    const NskHandoverAct *act = work->act;

    if (strcmp(act->giver, act->receiver) == 0) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("a position is not handed over to the one who hands it over"));
        return false;
    }
    if (!is_party(work->office, act->giver, act->receiver) && place->caring.care == NSK_CARE_NONE)
        return refuse_stranger(place->position, error);
    return check_holding(txn, act->giver, place, true, error) &&
           check_holding(txn, act->receiver, place, false, error);
}

/* Writes what became of the handover into its history. */
static bool
record(const HandoverWork *work,
       NskDbTxn *txn,
       const char *id,
       const char *action,
       const char *sentence,
       GError **error)
{
    g_autofree char *history = g_strconcat(NSK_HANDOVER_HISTORY, id, NULL);
    const NskOfficeEvent event = { .origin = work->office->origin,
                                   .history = history,
                                   .actor = work->office->person,
                                   .auth = work->office->auth,
                                   .reason = work->act->note,
                                   .action = action,
                                   .sentence = sentence,
                                   .now = work->now };

    return nsk_record_office_rows(txn, NSK_KEPT_HANDOVER, &event, error);
}

/* Lists of the position that were not confirmed by both make way. */
static bool
replace_unfinished(const HandoverWork *work, NskDbTxn *txn, GError **error)
{
    g_autoptr(GPtrArray) ids = nsk_db_list_texts(
        txn, sql_unfinished, NSK_DB_PARAMS(NSK_DB_TEXT(work->act->position)), error);

    for (guint i = 0; ids != NULL && i < ids->len; i++) {
        const char *id = g_ptr_array_index(ids, i);

        if (!nsk_db_exec(txn, sql_replace, NSK_DB_PARAMS(NSK_DB_TEXT(id), NSK_DB_INT(work->now)),
                         NULL, error) ||
            !record(work, txn, id, "handover-replaced", "A newer list takes the place of this one",
                    error))
            return false;
    }
    return ids != NULL;
}

static bool
prepare(const HandoverWork *work, NskDbTxn *txn, GError **error)
{
    const NskHandoverAct *act = work->act;
    g_auto(Place) place = { 0 };

    return find_place(work->office, txn, act->position, &place, error) &&
           check_prepare(work, txn, &place, error) && replace_unfinished(work, txn, error) &&
           nsk_db_exec(txn, sql_add,
                       NSK_DB_PARAMS(NSK_DB_TEXT(work->id), NSK_DB_TEXT(act->position),
                                     NSK_DB_TEXT(act->giver), NSK_DB_TEXT(act->receiver),
                                     NSK_DB_TEXT(work->office->person), NSK_DB_INT(work->now)),
                       NULL, error) &&
           nsk_db_exec(txn, sql_add_items,
                       NSK_DB_PARAMS(NSK_DB_TEXT(work->id), NSK_DB_TEXT(act->position)), NULL,
                       error) &&
           record(work, txn, work->id, "handover-prepared", "List the open work of a position",
                  error);
}

/* --- Confirming. ------------------------------------------------------------------------------ */

static bool
refuse_confirming(const char *why, GError **error)
{
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CONFLICT, why);
    return false;
}

/* While he holds the position, nothing may be missing in the giver's list. */
static bool
check_whole(NskDbTxn *txn, const NskHandoverRow *row, const Place *place, GError **error)
{
    int64_t n = 0;
    NskCapacity capacity;

    if (!nsk_directory_may_act(txn, row->giver, row->position, place->today, &capacity, NULL))
        return true;
    if (!nsk_handover_count_new(txn, row, &n, error))
        return false;
    if (n == 0)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                nsk_tr("%d pieces of work came since the list was made; prepare it again"), (int)n);
    return false;
}

/* Who is not the giver confirms for him if he acts in the superior position, the giver has left the
 * office, and a reason is given. */
static bool
check_for_giver(const HandoverWork *work,
                NskDbTxn *txn,
                const NskHandoverRow *row,
                const Place *place,
                GError **error)
{
    g_autoptr(GPtrArray) held = nsk_directory_held_by(txn, row->giver, place->today, error);

    if (held == NULL)
        return false;
    if (place->caring.care == NSK_CARE_SUPERIOR && held->len == 0) {
        if (work->act->note != NULL && work->act->note[0] != '\0')
            return true;
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("say with --note why you confirm for the one who has left"));
        return false;
    }
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_DENIED,
                        nsk_tr("a handover is confirmed by the two who hand it over; only for one "
                               "who holds no position any more by the superior"));
    return false;
}

static bool
confirm_giving(const HandoverWork *work, NskDbTxn *txn, const NskHandoverRow *row, GError **error)
{
    const char *person = work->office->person;
    g_auto(Place) place = { 0 };

    if (!find_place(work->office, txn, row->position, &place, error) ||
        (strcmp(person, row->giver) != 0 && !check_for_giver(work, txn, row, &place, error)))
        return false;
    if (row->given != 0)
        return refuse_confirming(nsk_tr("the handover is confirmed for its giver already"), error);
    return check_whole(txn, row, &place, error) &&
           nsk_db_exec(
               txn, sql_give,
               NSK_DB_PARAMS(NSK_DB_TEXT(row->id), NSK_DB_INT(work->now), NSK_DB_TEXT(person)),
               NULL, error) &&
           record(work, txn, row->id, "handover-given", "Confirm what is handed over", error);
}

static bool
confirm_receiving(const HandoverWork *work,
                  NskDbTxn *txn,
                  const NskHandoverRow *row,
                  GError **error)
{
    if (row->received != 0)
        return refuse_confirming(nsk_tr("you have confirmed this handover already"), error);
    return nsk_db_exec(txn, sql_receive, NSK_DB_PARAMS(NSK_DB_TEXT(row->id), NSK_DB_INT(work->now)),
                       NULL, error) &&
           record(work, txn, row->id, "handover-received", "Confirm what was received", error);
}

static bool
confirm(const HandoverWork *work, NskDbTxn *txn, GError **error)
{
    g_autoptr(NskHandoverRow) row = nsk_handover_load(txn, work->act->id, error);

    if (row == NULL || !nsk_handover_check_access(work->office, txn, row, error))
        return false;
    if (row->replaced != 0)
        return refuse_confirming(
            nsk_tr("a newer list took the place of this one; see 'naskah handover list'"), error);
    return strcmp(work->office->person, row->receiver) == 0
               ? confirm_receiving(work, txn, row, error)
               : confirm_giving(work, txn, row, error);
}

static bool
apply_handover(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    const HandoverWork *work = data;
    bool is_new = work->act->id == NULL;

    if (!(is_new ? prepare(work, txn, error) : confirm(work, txn, error)))
        return false;
    g_autoptr(NskHandoverRow) row =
        nsk_handover_load(txn, is_new ? work->id : work->act->id, error);
    g_autoptr(NskJson) answer =
        row != NULL ? nsk_handover_to_json(work->office, txn, row, error) : NULL;
    if (answer == NULL)
        return false;
    *out_answer = nsk_json_canonical(answer);
    return true;
}

bool
nsk_do_handover(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    const NskHandoverAct *act = arguments;
    g_autofree char *answer = NULL;
    g_autofree char *id = nsk_id_new(self->clock);
    HandoverWork work = { self, act, id, nsk_clock_now(self->clock) };

    if (act->id == NULL && (act->position == NULL || act->giver == NULL || act->receiver == NULL)) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("a handover is of a position, from one person to another"));
        return false;
    }
    if (act->id != NULL)
        NSK_REQUEST(self, "handover-confirm", act->id);
    else
        NSK_REQUEST(self, "handover-prepare", act->position, act->giver, act->receiver);
    if (!nsk_office_commit(self, apply_handover, &work, &answer, error))
        return false;
    *out_result = nsk_office_read_answer(answer, error);
    return *out_result != NULL;
}
