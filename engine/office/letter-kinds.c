/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kinds of letters that people may begin here. */
#include "base/message.h"
#include "office/copy-private.h"
#include "office/office-private.h"

#include <string.h>

static const char sql_list_kinds[] =
    "SELECT name, version FROM rule WHERE type = 'kind' AND in_force = 1 ORDER BY name";

/* What came in is registered, and a copy is made of a letter: neither is begun. */
static bool
add_kind(NskOffice *self, NskDbTxn *txn, NskDbRows *rows, NskJson *kinds, GError **error)
{
    const NskKind *kind =
        nsk_office_kind(self, txn, nsk_db_rows_text(rows, 0), nsk_db_rows_text(rows, 1), error);

    if (kind == NULL || nsk_kind_requires(kind, "received") ||
        strcmp(nsk_kind_get_id(kind), NSK_COPY_KIND) == 0)
        return kind != NULL;
    NskJson *row = nsk_json_object();
    nsk_json_set_text(row, "kind", nsk_kind_get_id(kind));
    nsk_json_set_text(row, "title", nsk_kind_get_title(kind, nsk_language()));
    nsk_json_set_text(row, "family", nsk_kind_get_family(kind));
    nsk_json_set_bool(row, "uploaded", nsk_kind_is_uploaded(kind));
    nsk_json_set_int(row, "signatories", nsk_kind_get_max_signatories(kind));
    nsk_json_add(kinds, row);
    return true;
}

bool
nsk_office_kinds(NskOffice *self, NskJson **out_result, GError **error)
{
    g_autoptr(NskJson) result = nsk_json_object();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskDbRows) rows =
        txn != NULL ? nsk_db_query(txn, sql_list_kinds, NSK_DB_NO_PARAMS, error) : NULL;
    NskJson *kinds = nsk_json_array();
    bool has_row = false;

    nsk_json_set(result, "kinds", kinds);
    while (rows != NULL) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (!has_row) {
            *out_result = g_steal_pointer(&result);
            return true;
        }
        if (!add_kind(self, txn, rows, kinds, error))
            return false;
    }
    return false;
}
