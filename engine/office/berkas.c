/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files of records (berkas): opened by a unit's archivist under a class of a scheme, filled with
 * the unit's letters, and closed; their retention counts from what the class names.
 *
 *     open    add ...    close [the day that counts]    date (the day, where it came later)
 *     move (to the records centre)    hold    release: berkas-hold.c
 *
 * INVARIANTS
 *   (1) A letter is in one file at most, and in one of its own unit; letters that are still written
 *       or on their way are in none.
 *   (2) A closed file takes no letter any more.
 *   (3) The day that counts is set once: retention never moves silently.
 */
#include "base/id.h"
#include "base/message.h"
#include "office/records-private.h"

#include <string.h>

#define MAX_TITLE 400 /* bytes */

static const char sql_add[] =
    "INSERT INTO berkas (id, unit, scheme, version, code, title, opened, opened_by)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
static const char sql_add_item[] =
    "INSERT INTO berkas_item (berkas, n, letter, at, by)"
    " SELECT $1, coalesce(max(n), 0) + 1, $2, $3, $4 FROM berkas_item WHERE berkas = $1";
static const char sql_find_item[] = "SELECT berkas FROM berkas_item WHERE letter = $1";
static const char sql_close[] = "UPDATE berkas SET closed = $2, closed_by = $3 WHERE id = $1";
static const char sql_count[] = "UPDATE berkas SET counted = $2 WHERE id = $1";

static bool
refuse(int code, const char *words, GError **error)
{
    g_set_error_literal(error, NSK_ERROR, code, words);
    return false;
}

bool
nsk_berkas_check_archivist(NskOffice *self, NskDbTxn *txn, const char *unit, GError **error)
{
    NskDate today;
    NskCapacity capacity;
    g_autoptr(GError) refusal = NULL;
    g_autoptr(NskUnit) at = nsk_directory_get_unit(txn, unit, error);

    while (at != NULL && at->archivist[0] == '\0' && at->parent[0] != '\0') {
        NskUnit *parent = nsk_directory_get_unit(txn, at->parent, error);

        nsk_unit_free(at);
        at = parent;
    }
    if (at == NULL || !nsk_office_today(txn, unit, nsk_clock_now(self->clock), &today, error))
        return false;
    if (at->archivist[0] == '\0') {
        g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                    nsk_tr("no archivist is named for the unit '%s' or one above it; name one in "
                           "the directory"),
                    unit);
        return false;
    }
    if (nsk_directory_may_act(txn, self->person, at->archivist, today, &capacity, &refusal))
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                nsk_tr("files of records of '%s' are kept by who acts as '%s'"), unit,
                at->archivist);
    return false;
}

bool
nsk_berkas_record(const NskBerkasWork *work,
                  NskDbTxn *txn,
                  const char *action,
                  const char *words,
                  GError **error)
{
    g_autofree char *history = g_strconcat(NSK_BERKAS_HISTORY, work->id, NULL);
    const NskOfficeEvent event = { .origin = work->office->origin,
                                   .history = history,
                                   .actor = work->office->person,
                                   .auth = work->office->auth,
                                   .reason = work->act->note,
                                   .action = action,
                                   .sentence = words,
                                   .now = work->now };

    return nsk_record_office_rows(txn, NSK_KEPT_BERKAS, &event, error);
}

/* --- Opening. --------------------------------------------------------------------------------- */

static bool
check_class(const NskClassScheme *scheme, const NskBerkasAct *act, GError **error)
{
    const NskRecordClass *class = nsk_class_scheme_find(scheme, act->code);

    if (class == NULL)
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("the scheme '%s' has no class '%s'"), act->scheme, act->code);
    else if (!class->has_rule)
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%s' (%s) is a heading without a retention rule; open the file under a "
                           "class below it"),
                    act->code, class->name);
    return class != NULL && class->has_rule;
}

static bool
open_file(const NskBerkasWork *work, NskDbTxn *txn, GError **error)
{
    const NskBerkasAct *act = work->act;
    g_autofree char *version = NULL;
    g_autoptr(NskClassScheme) scheme = NULL;

    if (act->unit == NULL || act->scheme == NULL || act->code == NULL || act->title == NULL ||
        act->title[0] == '\0' || strlen(act->title) > MAX_TITLE)
        return refuse(NSK_ERROR_INVALID,
                      nsk_tr("a file of records is of a unit, under a scheme and a code, with a "
                             "title of at most 400 bytes"),
                      error);
    if (!nsk_berkas_check_archivist(work->office, txn, act->unit, error))
        return false;
    version = nsk_rule_current(txn, "scheme", act->scheme, error);
    scheme = version != NULL ? nsk_records_scheme(txn, act->scheme, version, error) : NULL;
    return scheme != NULL && check_class(scheme, act, error) &&
           nsk_db_exec(txn, sql_add,
                       NSK_DB_PARAMS(NSK_DB_TEXT(work->id), NSK_DB_TEXT(act->unit),
                                     NSK_DB_TEXT(act->scheme), NSK_DB_TEXT(version),
                                     NSK_DB_TEXT(act->code), NSK_DB_TEXT(act->title),
                                     NSK_DB_INT(work->now), NSK_DB_TEXT(work->office->person)),
                       NULL, error) &&
           nsk_berkas_record(work, txn, "berkas-opened", "Open a file of records", error);
}

/* --- Adding. ---------------------------------------------------------------------------------- */

/* In no file yet. */
static bool
check_alone(NskDbTxn *txn, const char *letter, GError **error)
{
    g_autoptr(GPtrArray) found =
        nsk_db_list_texts(txn, sql_find_item, NSK_DB_PARAMS(NSK_DB_TEXT(letter)), error);

    if (found == NULL || found->len == 0)
        return found != NULL;
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                nsk_tr("the letter is kept in the file %s already"),
                (const char *)g_ptr_array_index(found, 0));
    return false;
}

static bool
check_letter(NskDbTxn *txn, const NskBerkasRow *row, const NskLetterRow *letter, GError **error)
{
    if (strcmp(letter->unit, row->unit) != 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("the letter is of the unit '%s', the file of '%s'; a letter is kept in "
                           "a file of its own unit"),
                    letter->unit, row->unit);
        return false;
    }
    if (strcmp(letter->state, "archived") != 0 && strcmp(letter->state, "withdrawn") != 0)
        return refuse(NSK_ERROR_CONFLICT,
                      nsk_tr("the letter is still on its way; it is put into a file when its "
                             "route has ended"),
                      error);
    return check_alone(txn, letter->id, error);
}

static bool
add_letter(const NskBerkasWork *work, NskDbTxn *txn, const NskBerkasRow *row, GError **error)
{
    g_autoptr(NskLetterRow) letter = NULL;

    if (row->closed != 0)
        return refuse(NSK_ERROR_CONFLICT,
                      nsk_tr("the file is closed and takes no letter any more; open another"),
                      error);
    if (work->act->letter == NULL)
        return refuse(NSK_ERROR_INVALID, nsk_tr("say which letter is put into the file"), error);
    letter = nsk_access_letter(work->office, txn, work->act->letter, error);
    return letter != NULL && check_letter(txn, row, letter, error) &&
           nsk_db_exec(txn, sql_add_item,
                       NSK_DB_PARAMS(NSK_DB_TEXT(row->id), NSK_DB_TEXT(letter->id),
                                     NSK_DB_INT(work->now), NSK_DB_TEXT(work->office->person)),
                       NULL, error) &&
           nsk_berkas_record(work, txn, "berkas-filled", "Put a letter into the file", error);
}

/* --- Closing, and the day that counts. -------------------------------------------------------- */

/* The day as it was said, or today for a class that counts from the closing; unset if it is not
 * known yet. */
static bool
find_day(const NskBerkasWork *work,
         NskDbTxn *txn,
         const NskBerkasRow *row,
         NskDate *out_day,
         GError **error)
{
    NskDate today;
    const char *said = work->act->date;
    g_autoptr(NskClassScheme) scheme = nsk_records_scheme(txn, row->scheme, row->version, error);
    const NskRecordClass *class = scheme != NULL ? nsk_class_scheme_find(scheme, row->code) : NULL;

    *out_day = (NskDate){ 0 };
    if (scheme == NULL || !nsk_office_today(txn, row->unit, work->now, &today, error))
        return false;
    if (class != NULL && class->trigger == NSK_TRIGGER_CLOSED) {
        if (said != NULL)
            return refuse(NSK_ERROR_INVALID,
                          nsk_tr("the retention of this file counts from its closing, so no other "
                                 "day is entered"),
                          error);
        *out_day = today;
        return true;
    }
    if (said != NULL && !nsk_date_parse(said, out_day, error))
        return false;
    return said == NULL || nsk_date_compare(*out_day, today) <= 0 ||
           refuse(NSK_ERROR_INVALID,
                  nsk_tr("what the retention counts from lies in the future; enter it when it has "
                         "come"),
                  error);
}

static bool
set_day(NskDbTxn *txn, const char *id, NskDate day, GError **error)
{
    g_autofree char *text = nsk_date_format(day);

    return !nsk_date_is_set(day) ||
           nsk_db_exec(txn, sql_count, NSK_DB_PARAMS(NSK_DB_TEXT(id), NSK_DB_TEXT(text)), NULL,
                       error);
}

static bool
close_file(const NskBerkasWork *work, NskDbTxn *txn, const NskBerkasRow *row, GError **error)
{
    NskDate day;

    if (row->closed != 0)
        return refuse(NSK_ERROR_CONFLICT, nsk_tr("the file is closed already"), error);
    return find_day(work, txn, row, &day, error) &&
           nsk_db_exec(txn, sql_close,
                       NSK_DB_PARAMS(NSK_DB_TEXT(row->id), NSK_DB_INT(work->now),
                                     NSK_DB_TEXT(work->office->person)),
                       NULL, error) &&
           set_day(txn, row->id, day, error) &&
           nsk_berkas_record(work, txn, "berkas-closed", "Close the file", error);
}

static bool
date_file(const NskBerkasWork *work, NskDbTxn *txn, const NskBerkasRow *row, GError **error)
{
    NskDate day;

    if (row->closed == 0)
        return refuse(NSK_ERROR_CONFLICT, nsk_tr("the file is open; close it first"), error);
    if (nsk_date_is_set(row->counted))
        return refuse(NSK_ERROR_CONFLICT,
                      nsk_tr("the day from which the retention counts is set, and does not move"),
                      error);
    if (work->act->date == NULL)
        return refuse(NSK_ERROR_INVALID, nsk_tr("say from which day the retention counts"), error);
    return find_day(work, txn, row, &day, error) && set_day(txn, row->id, day, error) &&
           nsk_berkas_record(work, txn, "berkas-dated", "Enter the day from which retention counts",
                             error);
}

/* --- The change. ------------------------------------------------------------------------------ */

static const struct {
    const char *name;
    bool (*run)(const NskBerkasWork *work, NskDbTxn *txn, const NskBerkasRow *row, GError **error);
} acts[] = { { "add", add_letter },       { "close", close_file },
             { "date", date_file },       { "move", nsk_berkas_move },
             { "hold", nsk_berkas_hold }, { "release", nsk_berkas_release } };

static bool
act_on(const NskBerkasWork *work, NskDbTxn *txn, GError **error)
{
    g_autoptr(NskBerkasRow) row = nsk_berkas_load(txn, work->id, error);

    if (row == NULL || !nsk_berkas_check_archivist(work->office, txn, row->unit, error))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(acts); i++) {
        if (strcmp(work->act->act, acts[i].name) == 0)
            return acts[i].run(work, txn, row, error);
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("'%s' is nothing that is done with a file of records"), work->act->act);
    return false;
}

static bool
apply_berkas(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    const NskBerkasWork *work = data;

    if (!(work->act->berkas == NULL ? open_file(work, txn, error) : act_on(work, txn, error)))
        return false;
    g_autoptr(NskBerkasRow) row = nsk_berkas_load(txn, work->id, error);
    g_autoptr(NskJson) answer =
        row != NULL ? nsk_berkas_to_json(work->office, txn, row, error) : NULL;
    if (answer == NULL || (strcmp(work->act->act, "move") == 0 &&
                           !nsk_berkas_add_items(work->office, txn, row, answer, error)))
        return false;
    *out_answer = nsk_json_canonical(answer);
    return true;
}

bool
nsk_do_berkas(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    const NskBerkasAct *act = arguments;
    g_autofree char *answer = NULL;
    g_autofree char *id = nsk_id_new(self->clock);
    NskBerkasWork work = { self, act, act->berkas != NULL ? act->berkas : id,
                           nsk_clock_now(self->clock) };

    if (act->berkas != NULL)
        NSK_REQUEST(self, "berkas", act->act, act->berkas, act->letter != NULL ? act->letter : "",
                    act->date != NULL ? act->date : "", act->hold != NULL ? act->hold : "",
                    act->note != NULL ? act->note : "");
    else
        NSK_REQUEST(self, "berkas", "open", act->unit != NULL ? act->unit : "",
                    act->code != NULL ? act->code : "", act->title != NULL ? act->title : "");
    if (!nsk_office_commit(self, apply_berkas, &work, &answer, error))
        return false;
    *out_result = nsk_office_read_answer(answer, error);
    return *out_result != NULL;
}
