/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Holds on files of records, and their move to the records centre.
 *
 * INVARIANTS
 *   (1) A file may be held by several causes, a lawsuit and an audit: each is lifted alone, and
 * while one is left nothing is due of the file. (2) Why a hold was laid or lifted stands in the
 * journal, where it can be erased.
 */
#include "base/message.h"
#include "office/records-private.h"

#include <string.h>

static const char sql_move[] = "UPDATE berkas SET moved = $2, moved_by = $3 WHERE id = $1";
static const char sql_hold[] =
    "INSERT INTO berkas_hold (berkas, n, since, by)"
    " SELECT $1, coalesce(max(n), 0) + 1, $2, $3 FROM berkas_hold WHERE berkas = $1";
static const char sql_find_running[] =
    "SELECT d.id FROM disposal_item i JOIN disposal d ON d.id = i.disposal"
    " WHERE i.berkas = $1 AND (d.state = 'running' OR d.state = 'done' AND d.form <> 'review')";
static const char sql_list_holds[] =
    "SELECT n, since, by FROM berkas_hold WHERE berkas = $1 AND until IS NULL ORDER BY n";
static const char sql_release[] =
    "UPDATE berkas_hold SET until = $3, until_by = $4 WHERE berkas = $1 AND n = $2";

bool
nsk_berkas_add_holds(NskDbTxn *txn, const char *id, NskJson *json, GError **error)
{
    bool has_row = true;
    NskJson *list = nsk_json_array();
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_list_holds, NSK_DB_PARAMS(NSK_DB_TEXT(id)), error);

    nsk_json_set(json, "holds", list);
    while (rows != NULL && has_row) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (!has_row)
            break;
        NskJson *hold = nsk_json_object();
        g_autofree char *since = nsk_instant_format(nsk_db_rows_int(rows, 1));
        nsk_json_set_int(hold, "n", nsk_db_rows_int(rows, 0));
        nsk_json_set_text(hold, "since", since);
        nsk_json_set_text(hold, "by", nsk_db_rows_text(rows, 2));
        nsk_json_add(list, hold);
    }
    return rows != NULL;
}

bool
nsk_berkas_is_held(NskDbTxn *txn, const char *id, bool *out_held, GError **error)
{
    g_autoptr(NskJson) json = nsk_json_object();

    if (!nsk_berkas_add_holds(txn, id, json, error))
        return false;
    *out_held = nsk_json_length(nsk_json_get(json, "holds")) > 0;
    return true;
}

/* Why it is done has to be said. */
static bool
check_note(const NskBerkasWork *work, GError **error)
{
    const char *note = work->act->note;

    if (note != NULL && note[strspn(note, " \t\n")] != '\0')
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("say why the file is held, or not held any more, with --reason"));
    return false;
}

bool
nsk_berkas_move(const NskBerkasWork *work, NskDbTxn *txn, const NskBerkasRow *row, GError **error)
{
    NskBerkasStanding standing;

    if (!nsk_berkas_stand(work->office, txn, row, (NskDate){ 0 }, &standing, error))
        return false;
    if (row->moved != 0 ||
        (standing.state != NSK_RECORD_INACTIVE && standing.state != NSK_RECORD_DUE)) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                            row->moved != 0 ? nsk_tr("the file was moved already")
                                            : nsk_tr("the file is not inactive yet; see 'naskah "
                                                     "records due'"));
        return false;
    }
    return nsk_db_exec(txn, sql_move,
                       NSK_DB_PARAMS(NSK_DB_TEXT(row->id), NSK_DB_INT(work->now),
                                     NSK_DB_TEXT(work->office->person)),
                       NULL, error) &&
           nsk_berkas_record(work, txn, "berkas-moved", "Move the file to the records centre",
                             error);
}

/* What was begun cannot be held any more. */
static bool
check_not_running(NskDbTxn *txn, const char *id, GError **error)
{
    g_autoptr(GPtrArray) found =
        nsk_db_list_texts(txn, sql_find_running, NSK_DB_PARAMS(NSK_DB_TEXT(id)), error);

    if (found == NULL || found->len == 0)
        return found != NULL;
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                nsk_tr("the file %s is disposed of already, or that was begun (proposal %s): it "
                       "cannot be held any more"),
                id, (const char *)g_ptr_array_index(found, 0));
    return false;
}

bool
nsk_berkas_hold(const NskBerkasWork *work, NskDbTxn *txn, const NskBerkasRow *row, GError **error)
{
    return check_note(work, error) && check_not_running(txn, row->id, error) &&
           nsk_db_exec(txn, sql_hold,
                       NSK_DB_PARAMS(NSK_DB_TEXT(row->id), NSK_DB_INT(work->now),
                                     NSK_DB_TEXT(work->office->person)),
                       NULL, error) &&
           nsk_berkas_record(work, txn, "berkas-held", "Lay a hold on the file", error);
}

/* The number of the hold that is meant; 0 with an error. */
static int64_t
find_hold(const NskBerkasWork *work, NskDbTxn *txn, const char *id, GError **error)
{
    const char *said = work->act->hold;
    g_autoptr(NskJson) json = nsk_json_object();

    if (!nsk_berkas_add_holds(txn, id, json, error))
        return 0;
    const NskJson *holds = nsk_json_get(json, "holds");
    if (said == NULL && nsk_json_length(holds) > 1) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                            nsk_tr("several holds are on the file; say which of them is lifted, by "
                                   "its number"));
        return 0;
    }
    for (size_t i = 0; i < nsk_json_length(holds); i++) {
        int64_t n = nsk_json_get_int(nsk_json_at(holds, i), "n", 0);
        g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, n);

        if (said == NULL || strcmp(said, text) == 0)
            return n;
    }
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                        nsk_tr("there is no such hold on the file"));
    return 0;
}

bool
nsk_berkas_release(const NskBerkasWork *work,
                   NskDbTxn *txn,
                   const NskBerkasRow *row,
                   GError **error)
{
    int64_t n = check_note(work, error) ? find_hold(work, txn, row->id, error) : 0;

    return n != 0 &&
           nsk_db_exec(txn, sql_release,
                       NSK_DB_PARAMS(NSK_DB_TEXT(row->id), NSK_DB_INT(n), NSK_DB_INT(work->now),
                                     NSK_DB_TEXT(work->office->person)),
                       NULL, error) &&
           nsk_berkas_record(work, txn, "berkas-released", "Lift a hold on the file", error);
}
