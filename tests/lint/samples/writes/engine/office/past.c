/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ways past the one writer.  nsk_db_commit() in a comment is none. */
static const char sql_begin[] = "BEGIN IMMEDIATE"; /* expect: BEGIN: writes past */
static const char sql_point[] = "SAVEPOINT mine";  /* expect: SAVEPOINT: writes past */
static const char sql_fine[] = "SELECT 1";

bool
write_past(const char *path, GError **error)
{
    NskDb *db = nsk_db_open(path, NSK_DB_WRITE, error); /* expect: NSK_DB_WRITE: writes past */

    nsk_db_commit(db, &change, NULL, error); /* expect: nsk_db_commit: writes past */
    nsk_db_commit_batch(db, &change, 1, results, error); /* expect: nsk_db_commit_batch: writes */
    NskDbWriter *writer = nsk_db_writer_open(path, error); /* expect: nsk_db_writer_open: writes */
    return nsk_office_commit(office, apply, data, NULL, error);
}
