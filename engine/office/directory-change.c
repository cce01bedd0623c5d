/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Changing the directory of an office that is in use: rows come or go, and the whole of it is the
 * next version of its history, from which nsk_office_rebuild() makes the tables again.
 *
 *     load     a file with some rows: by the owner of the office's folder, or who looks after it
 *     roster   one turn: see roster.c
 */
#include "base/bytes.h"
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
    const NskDirectory *part; /* NULL: a table in CSV, which is read over the rows that there are */
    const NskOfficeFile *file;
    NskIssues *issues;
    NskInstant now;
} Load;

static bool
is_table(const NskOfficeFile *file)
{
    g_autofree char *name = g_ascii_strdown(file->name, -1);

    return g_str_has_suffix(name, ".csv");
}

/* A file in XML; what it says follows from it alone. */
static NskDirectory *
read_document(const NskOfficeFile *file, NskIssues *issues, GError **error)
{
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse(file->name, g_bytes_get_data(file->bytes, NULL),
                                             g_bytes_get_size(file->bytes), error);

    return doc != NULL ? nsk_directory_read_part(doc, issues, error) : NULL;
}

static bool
apply_load(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Load *load = data;
    NskDirectoryChange change = { .part = load->part, .issues = load->issues };
    g_autoptr(NskDirectory) base = NULL;
    g_autoptr(NskDirectory) table = NULL;

    g_ptr_array_set_size(load->issues, 0); /* of an apply that was rolled back */
    if (load->part == NULL) {
        base = nsk_directory_read_db(txn, error);
        table = base != NULL ? nsk_directory_read_table(load->file->name, load->file->bytes, base,
                                                        load->issues, error)
                             : NULL;
        if (table == NULL)
            return false;
        change.part = table;
    }
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
    bool is_csv = is_table(file);
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskDirectory) part = is_csv ? NULL : read_document(file, issues, error);
    g_autoptr(NskIssues) found = nsk_issues_new();
    Load load = { self, part, file, found, nsk_clock_now(self->clock) };

    /* the same again changes nothing, so a request id is not needed */
    g_clear_pointer(&self->request_id, g_free);
    if ((part == NULL && !is_csv) || !nsk_office_commit(self, apply_load, &load, NULL, error))
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

/* --- Before that ------------------------------------------------------------------------------ */

#define MOST_SHOWN 500 /* changes */

/* Of what is shown and of the file; owned.  A page gives lines back with other ends. */
static char *
digest_of(const NskJson *result, const NskOfficeFile *file)
{
    gsize size;
    uint8_t digest[NSK_SHA256_SIZE];
    const char *content = g_bytes_get_data(file->bytes, &size);
    g_autofree char *shown = nsk_json_canonical(result);
    g_autoptr(GString) all = g_string_new(shown);

    for (gsize i = 0; i < size; i++) {
        if (content[i] != '\r')
            g_string_append_c(all, content[i]);
    }
    nsk_sha256(all->str, all->len, digest);
    return nsk_hex(digest, sizeof digest);
}

bool
nsk_office_directory_preview(NskOffice *self,
                             const NskOfficeFile *file,
                             NskIssues *issues,
                             NskJson **out_result,
                             GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskDirectory) base =
        txn != NULL && nsk_admin_check(self, txn, error) ? nsk_directory_read_db(txn, error) : NULL;

    if (base == NULL)
        return false;
    g_autoptr(NskDirectory) part =
        is_table(file) ? nsk_directory_read_table(file->name, file->bytes, base, issues, error)
                       : read_document(file, issues, error);
    if (part == NULL)
        return false;
    g_autoptr(NskJson) result = nsk_directory_compare(base, part, MOST_SHOWN, issues);
    if (!nsk_issues_to_error(issues, error))
        return false;
    g_autofree char *digest = digest_of(result, file);
    nsk_json_set_text(result, "digest", digest);
    *out_result = g_steal_pointer(&result);
    return true;
}
