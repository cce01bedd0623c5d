/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/resource.h"
#include "directory/directory.h"

#include <string.h>

/* A database in memory that holds the demo office's directory. */

typedef struct {
    const NskDirectory *directory;
    NskDirectoryMode mode;
    NskIssues *issues;
} StoreJob;

static inline bool
apply_store(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    StoreJob *job = data;

    return nsk_directory_store(job->directory, txn, job->mode, job->issues, error);
}

static inline bool
store(NskDb *db,
      const NskDirectory *directory,
      NskDirectoryMode mode,
      NskIssues *issues,
      GError **error)
{
    StoreJob job = { directory, mode, issues };

    return nsk_db_commit(db, &(NskChange){ .apply = apply_store, .data = &job }, NULL, error);
}

static inline NskDirectory *
read_text(const char *text, NskIssues *issues, GError **error)
{
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse("d.xml", text, strlen(text), error);

    g_assert_nonnull(doc);
    return nsk_directory_read_xml(doc, issues, error);
}

static inline NskDirectory *
read_demo(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GBytes) bytes = nsk_resource_load("templates/demo/directory.xml", &error);
    g_assert_no_error(error);
    g_autoptr(NskXmlDoc) doc =
        nsk_xml_parse("demo", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), &error);
    g_assert_no_error(error);
    NskDirectory *directory = nsk_directory_read_xml(doc, issues, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(issues->len, ==, 0);
    return directory;
}

static inline NskDb *
open_demo(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskDirectory) directory = read_demo();
    NskDb *db = nsk_db_open(":memory:", NSK_DB_WRITE, &error);

    g_assert_no_error(error);
    g_assert_true(store(db, directory, NSK_DIRECTORY_REPLACE, issues, &error));
    g_assert_no_error(error);
    return db;
}
