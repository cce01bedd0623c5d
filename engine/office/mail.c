/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people want to be told by mail, and how it goes. */
#include "base/message.h"
#include "office/mail-private.h"
#include "office/remote-private.h"

#include <string.h>

#define FAULTS_SHOWN 20

static const char sql_count[] =
    "SELECT coalesce(sum(done IS NULL), 0), coalesce(sum(fault <> ''), 0),"
    " coalesce(sum(done IS NOT NULL AND fault = ''), 0) FROM mail";
static const char sql_list_faults[] = "SELECT id, person, made, tries, done, fault FROM mail"
                                      " WHERE fault <> '' ORDER BY made DESC, id LIMIT $1";

static const char sql_recent_faults[] =
    "SELECT fault FROM mail WHERE fault <> '' AND done IS NULL AND tries > 2 ORDER BY made LIMIT 1";

/* --- Choices ---------------------------------------------------------------------------------- */

/* Errors: INVALID. */
static bool
check_word(const char *word, const char *const *words, GError **error)
{
    g_autofree char *all = g_strjoinv(", ", (char **)(uintptr_t)words);

    if (word == NULL || g_strv_contains(words, word))
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID, nsk_tr("'%s' is none of: %s"), word, all);
    return false;
}

static NskJson *
show_choice(NskOffice *self, NskDbTxn *txn, GError **error)
{
    g_auto(NskMailChoice) choice = { 0 };
    g_autofree char *url = NULL;
    g_autofree char *chat = NULL;
    g_autoptr(NskPerson) person = nsk_directory_get_person(txn, self->person, error);

    if (person == NULL || !nsk_mail_choice_load(txn, self->person, &choice, error) ||
        !nsk_mail_server_find(txn, &url, error) || !nsk_chat_find(txn, &chat, error))
        return NULL;
    NskJson *result = nsk_json_object();
    nsk_json_set_text(result, "tasks", choice.tasks);
    nsk_json_set_text(result, "language", choice.language);
    nsk_json_set_text(result, "address", person->email);
    nsk_json_set_bool(result, "sends", url != NULL || chat != NULL);
    nsk_json_set_bool(result, "chats", chat != NULL);
    nsk_json_set_text(result, "handle", choice.handle);
    return result;
}

typedef struct {
    NskOffice *office;
    const NskMailWish *wish;
    const char *handle; /* as it is kept; "": by mail; NULL: as before */
} Choosing;

static bool
apply_choose(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    const Choosing *self = data;
    const char *person = self->office->person;
    const NskMailWish *wish = self->wish;
    g_auto(NskMailChoice) before = { 0 };

    if (!nsk_mail_choice_load(txn, person, &before, error) ||
        !nsk_mail_choice_put(txn, person, wish->tasks != NULL ? wish->tasks : before.tasks,
                             wish->language != NULL ? wish->language : before.language, error) ||
        (self->handle != NULL &&
         !nsk_mail_choice_put_handle(txn, person, self->handle[0] != '\0' ? self->handle : NULL,
                                     error)))
        return false;
    g_autoptr(NskJson) result = show_choice(self->office, txn, error);
    *out_answer = result != NULL ? nsk_json_canonical(result) : NULL;
    return result != NULL;
}

bool
nsk_do_mail_choose(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    static const char *const tasks[] = { "now", "daily", "never", NULL };
    static const char *const languages[] = { "id", "en", NULL };
    const NskMailWish *wish = arguments;
    g_autofree char *handle = NULL;
    g_autofree char *answer = NULL;

    if (wish->handle != NULL) {
        handle = wish->handle[0] != '\0' ? nsk_chat_read_handle(wish->handle, error) : g_strdup("");
        if (handle == NULL)
            return false;
    }
    Choosing choosing = { self, wish, handle };
    if (!check_word(wish->tasks, tasks, error) || !check_word(wish->language, languages, error))
        return false;
    NSK_REQUEST(self, "mail-choose", wish->tasks != NULL ? wish->tasks : "",
                wish->language != NULL ? wish->language : "", handle != NULL ? handle : "-");
    if (!nsk_office_commit(self, apply_choose, &choosing, &answer, error))
        return false;
    *out_result = nsk_office_read_answer(answer, error);
    return *out_result != NULL;
}

bool
nsk_office_mail_show(NskOffice *self, NskJson **out_result, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    NskJson *result = txn != NULL ? show_choice(self, txn, error) : NULL;

    if (result != NULL)
        *out_result = result;
    return result != NULL;
}

/* --- How it goes ------------------------------------------------------------------------------ */

static bool
add_counts(NskDbTxn *txn, NskJson *result, GError **error)
{
    static const char *const names[] = { "waiting", "failing", "sent" };
    bool has_row = false;
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql_count, NSK_DB_NO_PARAMS, error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    for (int i = 0; has_row && i < (int)G_N_ELEMENTS(names); i++)
        nsk_json_set_int(result, names[i], nsk_db_rows_int(rows, i));
    return true;
}

static void
set_moment(NskJson *row, const char *name, NskDbRows *rows, int column)
{
    g_autofree char *text = nsk_instant_format(nsk_db_rows_int(rows, column));

    nsk_json_set_text(row, name, nsk_db_rows_is_null(rows, column) ? NULL : text);
}

static bool
add_faults(NskDbTxn *txn, NskJson *result, GError **error)
{
    bool has_row = true;
    g_autoptr(NskJson) list = nsk_json_array();
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_list_faults, NSK_DB_PARAMS(NSK_DB_INT(FAULTS_SHOWN)), error);

    while (rows != NULL && has_row) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (!has_row)
            break;
        NskJson *row = nsk_json_object();
        nsk_json_set_text(row, "id", nsk_db_rows_text(rows, 0));
        nsk_json_set_text(row, "person", nsk_db_rows_text(rows, 1));
        set_moment(row, "made", rows, 2);
        nsk_json_set_int(row, "tries", nsk_db_rows_int(rows, 3));
        set_moment(row, "done", rows, 4);
        nsk_json_set_text(row, "fault", nsk_db_rows_text(rows, 5));
        nsk_json_add(list, row);
    }
    nsk_json_set(result, "faults", g_steal_pointer(&list));
    return rows != NULL;
}

static bool
add_server(NskOffice *self, NskDbTxn *txn, NskJson *result, GError **error)
{
    g_auto(NskMailServer) server = { 0 };
    NskJson *row = nsk_json_object();

    nsk_json_set(result, "server", row);
    if (!nsk_mail_server_load(self, txn, &server, error))
        return false;
    nsk_json_set_text(row, "url", server.url);
    nsk_json_set_text(row, "from", server.from);
    nsk_json_set_text(row, "site", server.site);
    nsk_json_set_text(row, "user", server.user);
    return true;
}

bool
nsk_office_mail_status(NskOffice *self, NskJson **out_result, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskJson) result = nsk_json_object();

    if (txn == NULL || !add_server(self, txn, result, error) || !add_counts(txn, result, error) ||
        !add_faults(txn, result, error))
        return false;
    *out_result = g_steal_pointer(&result);
    return true;
}

bool
nsk_mail_check(NskDbTxn *txn, NskIssues *issues, char **out_url, GError **error)
{
    const NskIssue where = { "mail-fails", NSK_SEVERITY_WARNING, NULL, 0, 0, NULL };
    g_autoptr(GPtrArray) faults = NULL;

    if (!nsk_mail_server_find(txn, out_url, error))
        return false;
    faults = nsk_db_list_texts(txn, sql_recent_faults, NSK_DB_NO_PARAMS, error);
    if (faults != NULL && faults->len > 0 && *out_url != NULL)
        nsk_issues_add(issues, &where,
                       nsk_tr("mails do not reach people, such as: %s; see 'naskah mail status'"),
                       (const char *)faults->pdata[0]);
    return faults != NULL;
}
