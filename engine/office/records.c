/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Classification schemes with their retention schedules, as rules of the office: each version that
 * was ever in force stays, and a file keeps the one it was opened under.
 */
#include "base/id.h"
#include "base/message.h"
#include "office/admin-private.h"
#include "office/records-private.h"

#include <string.h>

#define PART   "naskah-records"
#define TYPE   "scheme"
#define ENDING ".csv"

static const char sql_in_force[] =
    "SELECT version FROM rule WHERE type = 'scheme' AND name = $1 AND in_force = 1";

NskClassScheme *
nsk_records_scheme(NskDbTxn *txn, const char *name, const char *version, GError **error)
{
    size_t size;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GBytes) bytes = nsk_rule_read(txn, TYPE, name, version, error);

    if (bytes == NULL)
        return NULL;
    const void *data = g_bytes_get_data(bytes, &size);
    return nsk_class_scheme_parse(name, data, size, issues, error);
}

typedef struct {
    NskOffice *office;
    const NskOfficeFile *file;
    char *name;             /* of the scheme; owned */
    NskClassScheme *scheme; /* owned */
    NskInstant now;
} Work;

static void
work_clear(Work *work)
{
    g_free(work->name);
    nsk_class_scheme_free(work->scheme);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, work_clear)

/* The scheme is named as its file. */
static bool
read_scheme(Work *work, GError **error)
{
    size_t size;
    const void *data = g_bytes_get_data(work->file->bytes, &size);
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autofree char *base = g_path_get_basename(work->file->name);

    if (g_str_has_suffix(base, ENDING))
        work->name = g_strndup(base, strlen(base) - strlen(ENDING));
    if (work->name == NULL || !nsk_name_is_valid(work->name)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("the scheme is called as its file, and '%s' gives no name; call it such "
                           "as kementerian.csv: small letters, digits and hyphens"),
                    base);
        return false;
    }
    work->scheme = nsk_class_scheme_parse(work->file->name, data, size, issues, error);
    return work->scheme != NULL;
}

static bool
is_same(const NskRecordClass *a, const NskRecordClass *b)
{
    return strcmp(a->name, b->name) == 0 && a->has_rule == b->has_rule &&
           a->trigger == b->trigger && a->active == b->active && a->inactive == b->inactive &&
           a->fate == b->fate;
}

/* Classes of @scheme that are not the same in @other, which may be NULL; those that it lacks are
 * counted in @out_lacking. */
static int64_t
count_other(const NskClassScheme *scheme, const NskClassScheme *other, int64_t *out_lacking)
{
    int64_t changed = 0;

    *out_lacking = 0;
    for (size_t i = 0; i < nsk_class_scheme_size(scheme); i++) {
        const NskRecordClass *class = nsk_class_scheme_at(scheme, i);
        const NskRecordClass *twin =
            other != NULL ? nsk_class_scheme_find(other, class->code) : NULL;

        *out_lacking += twin == NULL;
        changed += twin != NULL && !is_same(class, twin);
    }
    return changed;
}

static int64_t
count_rules(const NskClassScheme *scheme)
{
    int64_t n = 0;

    for (size_t i = 0; i < nsk_class_scheme_size(scheme); i++)
        n += nsk_class_scheme_at(scheme, i)->has_rule;
    return n;
}

/* What the scheme would change in the one in force. */
static NskJson *
compare(const Work *work, NskDbTxn *txn, GError **error)
{
    int64_t added, gone = 0;
    g_autoptr(NskClassScheme) before = NULL;
    g_autoptr(NskJson) result = nsk_json_object();
    g_autoptr(GPtrArray) versions =
        nsk_db_list_texts(txn, sql_in_force, NSK_DB_PARAMS(NSK_DB_TEXT(work->name)), error);

    if (versions == NULL)
        return NULL;
    if (versions->len > 0) {
        before = nsk_records_scheme(txn, work->name, g_ptr_array_index(versions, 0), error);
        if (before == NULL)
            return NULL;
        (void)count_other(before, work->scheme, &gone);
    }
    nsk_json_set_text(result, "scheme", work->name);
    nsk_json_set_int(result, "classes", (int64_t)nsk_class_scheme_size(work->scheme));
    nsk_json_set_int(result, "rules", count_rules(work->scheme));
    nsk_json_set_int(result, "changed", count_other(work->scheme, before, &added));
    nsk_json_set_int(result, "added", added);
    nsk_json_set_int(result, "gone", gone);
    return g_steal_pointer(&result);
}

static bool
apply_load(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    const Work *work = data;
    g_autofree char *name = g_strconcat(TYPE, ".", work->name, ENDING, NULL);
    const NskStoreFile file = { .name = name, .content = work->file->bytes };
    const NskOfficeEvent event = { .origin = work->office->origin,
                                   .history = NSK_RULES_HISTORY,
                                   .actor = nsk_admin_actor(work->office, PART),
                                   .auth = work->office->auth,
                                   .action = "rules-in-force",
                                   .sentence = "Put a classification scheme in force",
                                   .files = &file,
                                   .n_files = 1,
                                   .now = work->now };
    g_autoptr(NskJson) answer = NULL;

    if (!nsk_admin_check(work->office, txn, error))
        return false;
    answer = compare(work, txn, error);
    if (answer == NULL ||
        !nsk_rule_put(txn, TYPE, work->name, work->file->bytes, work->now, error) ||
        !nsk_record_office(txn, &event, error))
        return false;
    *out_answer = nsk_json_canonical(answer);
    return true;
}

bool
nsk_do_records_load(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    g_autofree char *answer = NULL;
    g_auto(Work) work = { .office = self, .file = arguments, .now = nsk_clock_now(self->clock) };

    /* the same again changes nothing, so a request id is not needed */
    g_clear_pointer(&self->request_id, g_free);
    if (!read_scheme(&work, error) || !nsk_office_commit(self, apply_load, &work, &answer, error))
        return false;
    *out_result = nsk_office_read_answer(answer, error);
    return *out_result != NULL;
}

bool
nsk_office_records_check(NskOffice *self,
                         const NskOfficeFile *file,
                         NskJson **out_result,
                         GError **error)
{
    g_auto(Work) work = { .office = self, .file = file };
    g_autoptr(NskDbTxn) txn = NULL;

    if (!read_scheme(&work, error))
        return false;
    txn = nsk_db_snapshot(self->reader, error);
    *out_result = txn != NULL ? compare(&work, txn, error) : NULL;
    return *out_result != NULL;
}
