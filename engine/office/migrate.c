/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bringing an office to the program's schema.
 *
 * A kill leaves the old schema or the newest (db/migrate.c).  A step that is wrong is another
 * matter, so the database is first copied to office.db.schema-N beside it, unless the caller has a
 * backup.  That copy holds letters: it is to be removed once the office is seen to be well.
 */
#include "office/office-private.h"

bool
nsk_office_migrate(const char *dir, bool keep_copy, NskJson **out_result, GError **error)
{
    int from, to;
    g_autofree char *path = nsk_office_path(dir, "office.db");

    from = nsk_db_schema_version(path, error);
    if (from < 0)
        return false;
    g_autofree char *copy = keep_copy ? g_strdup_printf("%s.schema-%d", path, from) : NULL;
    if (!nsk_db_migrate(path, copy, &from, &to, error) ||
        !nsk_office_keep_records(dir, nsk_clock_now(&nsk_clock_system), error))
        return false;
    NskJson *result = nsk_json_object();
    nsk_json_set_int(result, "from", from);
    nsk_json_set_int(result, "to", to);
    nsk_json_set_text(result, "copy", from < to ? copy : NULL);
    *out_result = result;
    return true;
}
