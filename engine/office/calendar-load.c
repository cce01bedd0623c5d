/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Putting a calendar of working days in force: that of another year, or one that was amended.
 *
 * What was reckoned by the one before is reckoned anew: every letter that waits for a time is told
 * after the change, in one of its own, and its history says so if a time of its is another now.
 * Terms themselves are never stored (clock.c), so they follow without being told.
 */
#include "base/message.h"
#include "office/admin-private.h"
#include "office/advance-private.h"

#include <string.h>

#define PART "naskah-calendar"

static const char sql_waiting_letters[] =
    "SELECT DISTINCT letter FROM wait WHERE due IS NOT NULL ORDER BY letter";

typedef struct {
    NskOffice *office;
    const NskOfficeFile *file;
    char *year; /* owned */
    NskInstant now;
} Work;

/* The year of a calendar without fault. */
static bool
read_year(Work *work, GError **error)
{
    GBytes *bytes = work->file->bytes;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse(work->file->name, g_bytes_get_data(bytes, NULL),
                                             g_bytes_get_size(bytes), error);
    const NskXmlDoc *docs[] = { doc };
    g_autoptr(NskCalendar) calendar =
        doc != NULL ? nsk_calendar_read(docs, 1, issues, error) : NULL;

    if (calendar == NULL)
        return false;
    work->year = g_strdup(nsk_xml_attr(nsk_xml_doc_get_root(doc), "year"));
    return true;
}

static bool
tell_letters(const Work *work, NskDbTxn *txn, guint *out_n, GError **error)
{
    g_autofree char *word = nsk_flow_word('c', work->year);
    g_autoptr(GPtrArray) letters =
        nsk_db_list_texts(txn, sql_waiting_letters, NSK_DB_NO_PARAMS, error);

    for (guint i = 0; letters != NULL && i < letters->len; i++) {
        if (!nsk_outbox_add(txn, NSK_FLOW_TOPIC, g_ptr_array_index(letters, i), word, work->now,
                            error))
            return false;
    }
    *out_n = letters != NULL ? letters->len : 0;
    return letters != NULL;
}

static bool
apply_calendar(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    guint n = 0;
    const Work *work = data;
    g_autofree char *name = g_strdup_printf("calendar.%s.xml", work->year);
    NskStoreFile file = { .name = name, .content = work->file->bytes };
    NskOfficeEvent event = { .origin = work->office->origin,
                             .history = NSK_RULES_HISTORY,
                             .actor = nsk_admin_actor(work->office, PART),
                             .auth = work->office->auth,
                             .action = "rules-in-force",
                             .sentence = "Put a calendar in force",
                             .files = &file,
                             .n_files = 1,
                             .now = work->now };

    if (!nsk_admin_check(work->office, txn, error) ||
        !nsk_rule_put(txn, "calendar", work->year, work->file->bytes, work->now, error) ||
        !nsk_record_office(txn, &event, error) || !tell_letters(work, txn, &n, error))
        return false;
    g_autoptr(NskJson) answer = nsk_json_object();
    nsk_json_set_text(answer, "year", work->year);
    nsk_json_set_int(answer, "letters", n);
    *out_answer = nsk_json_canonical(answer);
    return true;
}

bool
nsk_do_calendar_load(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    const NskOfficeFile *file = arguments;
    g_autofree char *answer = NULL;
    Work work = { .office = self, .file = file, .now = nsk_clock_now(self->clock) };

    /* the same again changes nothing, so a request id is not needed */
    g_clear_pointer(&self->request_id, g_free);
    bool ok =
        read_year(&work, error) && nsk_office_commit(self, apply_calendar, &work, &answer, error);
    g_free(work.year);
    if (!ok)
        return false;
    *out_result = nsk_office_read_answer(answer, error);
    return *out_result != NULL;
}
