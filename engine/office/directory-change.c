/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Changing the directory of an office that is in use: rows come or go, and the whole of it is the
 * next version of its history, from which nsk_office_rebuild() makes the tables again.
 *
 *     load     a file with some rows: by the owner of the office's folder, or who looks after it
 *     roster   one turn: see roster.c
 */
#include "base/message.h"
#include "office/admin-private.h"
#include "office/duty-private.h"

#include <string.h>

/* The directory as it stands now, as a file; NULL on error. */
static GBytes *
write_directory(NskDbTxn *txn, GError **error)
{
    g_autoptr(NskDirectory) whole = nsk_directory_read_db(txn, error);
    g_autoptr(NskXmlDoc) doc = whole != NULL ? nsk_directory_to_xml(whole) : NULL;

    return doc != NULL ? nsk_xml_pretty(doc, error) : NULL;
}

bool
nsk_directory_change(NskDbTxn *txn, const NskDirectoryChange *change, GError **error)
{
    if (change->drop != NULL && !nsk_directory_drop_turn(txn, change->drop, error))
        return false;
    if (change->part != NULL &&
        !nsk_directory_store(change->part, txn, NSK_DIRECTORY_MERGE, change->issues, error))
        return false;
    g_autoptr(GBytes) bytes = write_directory(txn, error);
    NskStoreFile file = { .name = NSK_DIRECTORY_FILE, .content = bytes };
    NskOfficeEvent event = change->event;

    event.history = NSK_DIRECTORY_HISTORY;
    event.files = &file;
    event.n_files = 1;
    return bytes != NULL && nsk_record_office(txn, &event, error);
}

/* --- Loading. --------------------------------------------------------------------------------- */

typedef struct {
    NskOffice *office;
    const NskDirectory *part;
    NskIssues *issues;
    NskInstant now;
} Load;

static bool
apply_load(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Load *load = data;
    NskDirectoryChange change = { .part = load->part, .issues = load->issues };

    g_ptr_array_set_size(load->issues, 0); /* of an apply that was rolled back */
    change.event = (NskOfficeEvent){ .origin = load->office->origin,
                                     .actor = nsk_admin_actor(load->office, "naskah-directory"),
                                     .auth = load->office->auth,
                                     .action = "directory-loaded",
                                     .sentence = "Load a part of the directory",
                                     .now = load->now };
    return nsk_admin_check(load->office, txn, error) && nsk_directory_change(txn, &change, error);
}

/* What was found, as it travels. */
static NskJson *
issues_to_json(const NskIssues *issues)
{
    NskJson *list = nsk_json_array();

    for (guint i = 0; i < issues->len; i++) {
        const NskIssue *issue = g_ptr_array_index(issues, i);
        NskJson *row = nsk_json_object();

        nsk_json_add(list, row);
        nsk_json_set_text(row, "tag", issue->tag);
        nsk_json_set_int(row, "severity", issue->severity);
        nsk_json_set_text(row, "file", issue->file);
        nsk_json_set_int(row, "line", issue->line);
        nsk_json_set_int(row, "column", issue->column);
        nsk_json_set_text(row, "text", issue->text);
    }
    return list;
}

static void
add_issues(const NskJson *list, NskIssues *issues)
{
    for (size_t i = 0; i < nsk_json_length(list); i++) {
        const NskJson *row = nsk_json_at(list, i);
        const NskIssue place = { .tag = g_intern_string(nsk_json_get_text(row, "tag")),
                                 .severity = (NskSeverity)nsk_json_get_int(row, "severity", 0),
                                 .file = (char *)(uintptr_t)nsk_json_get_text(row, "file"),
                                 .line = (unsigned)nsk_json_get_int(row, "line", 0),
                                 .column = (unsigned)nsk_json_get_int(row, "column", 0) };

        nsk_issues_add(issues, &place, "%s", nsk_json_get_text(row, "text"));
    }
}

bool
nsk_do_directory_load(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    const NskOfficeFile *file = arguments;
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse(file->name, g_bytes_get_data(file->bytes, NULL),
                                             g_bytes_get_size(file->bytes), error);
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskDirectory) part = doc != NULL ? nsk_directory_read_part(doc, issues, error) : NULL;
    g_autoptr(NskIssues) found = nsk_issues_new();
    Load load = { self, part, found, nsk_clock_now(self->clock) };

    /* the same again changes nothing, so a request id is not needed */
    g_clear_pointer(&self->request_id, g_free);
    if (part == NULL || !nsk_office_commit(self, apply_load, &load, NULL, error))
        return false;
    g_ptr_array_extend_and_steal(issues, g_steal_pointer(&found));
    *out_result = nsk_json_object();
    nsk_json_set(*out_result, "issues", issues_to_json(issues));
    return true;
}

bool
nsk_office_directory_load(NskOffice *self,
                          const NskOfficeFile *file,
                          NskIssues *issues,
                          GError **error)
{
    NskJson *result = NULL;

    if (!nsk_call_directory_load(self, file, &result, error))
        return false;
    add_issues(nsk_json_get(result, "issues"), issues);
    nsk_json_unref(result);
    return true;
}
