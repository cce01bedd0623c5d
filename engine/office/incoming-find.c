/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finding a letter that came in, for who may know of it.
 *
 * TU of its unit knows what the envelope says of every letter in its agenda, also of a secret one
 * that it may not read.
 */
#include "base/message.h"
#include "office/incoming-private.h"

#include <string.h>

bool
nsk_incoming_may_know(NskOffice *office,
                      NskDbTxn *txn,
                      const NskLetterRow *row,
                      bool *out_may,
                      GError **error)
{
    NskDate today;
    NskReaderLevel level;

    *out_may = false;
    if (!nsk_office_today(txn, row->unit, nsk_clock_now(office->clock), &today, error))
        return false;
    g_autoptr(GPtrArray) readings = nsk_directory_readings(txn, office->person, today, error);
    if (readings == NULL || !nsk_access_level_today(office, txn, row, &level, error))
        return false;
    *out_may = level != NSK_READER_NONE;
    for (guint i = 0; i < readings->len && !*out_may; i++) {
        const NskReading *reading = g_ptr_array_index(readings, i);

        *out_may = nsk_receiving_clerk_is(reading) && strcmp(reading->unit, row->unit) == 0;
    }
    return true;
}

/* The letter @id if it came in and the person may know of it; else *out_row is NULL. */
static bool
load_known(NskOffice *office,
           NskDbTxn *txn,
           const char *id,
           NskLetterRow **out_row,
           NskIncomingRow **out_incoming,
           GError **error)
{
    bool may = false;
    g_autoptr(NskIncomingRow) incoming = NULL;

    *out_row = NULL;
    if (!nsk_incoming_find(txn, id, &incoming, error))
        return false;
    if (incoming == NULL)
        return true;
    g_autoptr(NskLetterRow) row = nsk_letter_row_load(txn, id, error);
    if (row == NULL || !nsk_incoming_may_know(office, txn, row, &may, error))
        return false;
    if (may) {
        *out_row = g_steal_pointer(&row);
        *out_incoming = g_steal_pointer(&incoming);
    }
    return true;
}

NskLetterRow *
nsk_incoming_access(NskOffice *office,
                    NskDbTxn *txn,
                    const char *text,
                    NskIncomingRow **out_incoming,
                    GError **error)
{
    g_autoptr(NskLetterRow) found = NULL;
    g_autoptr(NskIncomingRow) incoming = NULL;
    g_autoptr(GPtrArray) ids = nsk_letter_row_search(txn, text, error);

    if (ids == NULL)
        return NULL;
    for (guint i = 0; i < ids->len; i++) {
        g_autoptr(NskLetterRow) row = NULL;
        g_autoptr(NskIncomingRow) came = NULL;

        if (!load_known(office, txn, g_ptr_array_index(ids, i), &row, &came, error))
            return NULL;
        if (row != NULL && found != NULL) {
            g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("'%s' may mean several letters; write the whole id"), text);
            return NULL;
        }
        if (row != NULL) {
            found = g_steal_pointer(&row);
            incoming = g_steal_pointer(&came);
        }
    }
    if (found == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("no letter '%s' came in, or it is not one you may know of"), text);
        return NULL;
    }
    *out_incoming = g_steal_pointer(&incoming);
    return g_steal_pointer(&found);
}
