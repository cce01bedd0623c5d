/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stored pages of a letter, and how the journal names bytes. */
#include "office/office-private.h"

bool
nsk_office_has_pages(NskDbTxn *txn, const char *id, bool *out_has, GError **error)
{
    g_autofree char *name = nsk_office_file_name(id, ".pdf");
    g_auto(GStrv) names = nsk_store_list_files(txn, id, NULL, error);

    if (names == NULL)
        return false;
    *out_has = g_strv_contains((const char *const *)names, name);
    return true;
}

bool
nsk_office_find_pages(NskDbTxn *txn, const char *id, GBytes **out_pdf, GError **error)
{
    bool has;
    g_autofree char *name = nsk_office_file_name(id, ".pdf");

    if (!nsk_office_has_pages(txn, id, &has, error))
        return false;
    /* from here on "not found" is a fault like any other: never make new pages in its place, for
     * the old ones may carry a signature */
    *out_pdf = has ? nsk_store_read(txn, id, NULL, name, error) : NULL;
    return !has || *out_pdf != NULL;
}

NskJournalObject
nsk_describe_bytes(const char *kind, GBytes *bytes)
{
    size_t size;
    const void *data = g_bytes_get_data(bytes, &size);
    NskJournalObject object = { .kind = kind, .size = (int64_t)size };

    nsk_sha256(data, size, object.sha256);
    return object;
}
