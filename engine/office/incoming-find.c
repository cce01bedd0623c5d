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

/* each by an index of its own */
static const char sql_search[] = "SELECT letter FROM incoming WHERE letter = $1"
                                 " UNION SELECT letter FROM incoming WHERE agenda = $1"
                                 " UNION SELECT letter FROM incoming WHERE number = $1"
                                 " AND number <> '' UNION SELECT l.id FROM letter l"
                                 " JOIN incoming i ON i.letter = l.id WHERE substr(l.id, -12) = $1"
                                 " LIMIT 100";

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
    if (readings == NULL || !nsk_access_level(txn, row, readings, &level, error))
        return false;
    *out_may = level != NSK_READER_NONE;
    for (guint i = 0; i < readings->len && !*out_may; i++) {
        const NskReading *reading = g_ptr_array_index(readings, i);

        *out_may = nsk_receiving_clerk_is(reading) && strcmp(reading->unit, row->unit) == 0;
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
    g_autoptr(GPtrArray) ids =
        nsk_db_list_texts(txn, sql_search, NSK_DB_PARAMS(NSK_DB_TEXT(text)), error);

    for (guint i = 0; ids != NULL && i < ids->len; i++) {
        bool may = false;
        g_autoptr(NskLetterRow) row = nsk_letter_row_load(txn, g_ptr_array_index(ids, i), error);

        if (row == NULL || !nsk_incoming_may_know(office, txn, row, &may, error))
            return NULL;
        if (may && found != NULL) {
            g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("'%s' may mean several letters; write the whole id"), text);
            return NULL;
        }
        if (may)
            found = g_steal_pointer(&row);
    }
    if (ids == NULL)
        return NULL;
    if (found == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("no letter '%s' came in, or it is not one you may know of"), text);
        return NULL;
    }
    return nsk_incoming_find(txn, found->id, out_incoming, error) ? g_steal_pointer(&found) : NULL;
}
