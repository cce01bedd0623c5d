/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The expedition book of a unit and year, in the order in which letters were sent. */
#include "office/delivery-private.h"
#include "office/register-private.h"

#include <string.h>

#define PIECE 500 /* rows read at once */

/* The letter of the row before, and whether who asks may read it. */
typedef struct {
    NskLetterRow *row;
    bool readable;
} Seen;

static bool
see_letter(NskBook *book, const char *id, Seen *seen, GError **error)
{
    if (seen->row != NULL && strcmp(seen->row->id, id) == 0)
        return true;
    nsk_letter_row_free(seen->row);
    seen->row = nsk_letter_row_load(book->txn, id, error);
    return seen->row != NULL && nsk_book_may_read(book, seen->row, &seen->readable, error);
}

static bool
add_delivery(NskBook *book, const NskDeliveryRow *one, const Seen *seen, GError **error)
{
    g_autofree char *seq = g_strdup_printf("%u", book->rows->len + 1);
    g_autofree char *name = seen->readable ? nsk_delivery_name(book->txn, one) : NULL;
    g_autofree char *sent = nsk_book_time(book, one->sent);
    g_autofree char *at = nsk_book_time(book, one->at);
    const char *texts[] = { seq,
                            seen->row->number,
                            name,
                            one->channel,
                            sent,
                            one->state,
                            at,
                            seen->readable ? one->tracking : NULL,
                            seen->readable ? one->receiver : NULL,
                            seen->readable ? one->note : NULL };

    return nsk_book_add(book, texts, error);
}

static bool
add_piece(NskBook *book, const GPtrArray *rows, Seen *seen, GError **error)
{
    for (guint i = 0; i < rows->len; i++) {
        const NskDeliveryRow *one = g_ptr_array_index(rows, i);

        if (!see_letter(book, one->letter, seen, error) || !add_delivery(book, one, seen, error))
            return false;
    }
    return true;
}

static bool
list_pieces(NskBook *book, NskDeliveryAsk *ask, Seen *seen, GError **error)
{
    NskDeliveryPlace place = { 0 };
    g_autoptr(GPtrArray) before = NULL; /* what the place points into */

    for (;;) {
        GPtrArray *rows = nsk_delivery_book(book->txn, ask, error);

        if (rows == NULL)
            return false;
        g_clear_pointer(&before, g_ptr_array_unref);
        before = rows;
        if (!add_piece(book, rows, seen, error))
            return false;
        if (rows->len < ask->limit)
            return true;
        const NskDeliveryRow *last = g_ptr_array_index(rows, rows->len - 1);
        place = (NskDeliveryPlace){ last->opened, last->letter, last->role, last->n };
        ask->after = &place;
    }
}

bool
nsk_book_list_expedition(NskBook *book, GError **error)
{
    Seen seen = { 0 };
    NskDeliveryAsk ask = { .unit = book->unit->id, .limit = PIECE };

    if (!nsk_book_span(book, &ask.from, &ask.until, error))
        return false;
    bool ok = list_pieces(book, &ask, &seen, error);
    nsk_letter_row_free(seen.row);
    return ok;
}
