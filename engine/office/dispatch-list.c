/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the expedition book says: of one letter to those of its route, of a unit to the office (TU)
 * that keeps it, piece by piece.  Secret letters are in no unit's list.
 */
#include "base/limits.h"
#include "base/message.h"
#include "office/delivery-private.h"

#include <string.h>

#define DEFAULT_ROWS 50

static void
set_time(NskJson *json, const char *key, NskInstant at)
{
    g_autofree char *text = at != 0 ? nsk_instant_format(at) : NULL;

    nsk_json_set_text(json, key, text);
}

NskJson *
nsk_delivery_to_json(NskDbTxn *txn, const NskDeliveryRow *row, const NskLetterRow *letter)
{
    NskJson *json = nsk_json_object();
    g_autofree char *name = nsk_delivery_name(txn, row);
    g_autofree char *party = g_strdup_printf("%s-%" G_GINT64_FORMAT, row->role, row->n);

    nsk_json_set_text(json, "letter", row->letter);
    nsk_json_set_text(json, "number", letter->number);
    nsk_json_set_text(json, "subject", letter->subject);
    nsk_json_set_text(json, "party", party);
    nsk_json_set_text(json, "name", name);
    nsk_json_set_text(json, "position", row->position[0] != '\0' ? row->position : NULL);
    nsk_json_set_text(json, "channel", row->channel[0] != '\0' ? row->channel : NULL);
    nsk_json_set_text(json, "state", row->state);
    nsk_json_set_int(json, "tries", row->tries);
    set_time(json, "opened", row->opened);
    set_time(json, "sent", row->sent);
    set_time(json, "at", row->at);
    nsk_json_set_text(json, "tracking", row->tracking);
    nsk_json_set_text(json, "receiver", row->receiver);
    nsk_json_set_text(json, "note", row->note);
    nsk_json_set_text(json, "proof", row->proof);
    return json;
}

static bool
list_letter(NskOffice *self, NskDbTxn *txn, const char *letter, NskJson *list, GError **error)
{
    g_autoptr(NskLetterRow) row = nsk_access_route(self, txn, letter, error);
    g_autoptr(GPtrArray) rows = row != NULL ? nsk_delivery_list(txn, row->id, error) : NULL;

    for (guint i = 0; rows != NULL && i < rows->len; i++)
        nsk_json_add(list, nsk_delivery_to_json(txn, g_ptr_array_index(rows, i), row));
    return rows != NULL;
}

/* --- Of units -------------------------------------------------------------------------------- */

/* The units whose letters the person keeps, in order; only @wanted, if it is not NULL. */
static GPtrArray *
kept_units(NskOffice *self, NskDbTxn *txn, const char *wanted, GError **error)
{
    NskDate day;
    g_autoptr(GPtrArray) units = g_ptr_array_new_with_free_func(g_free);

    if (!nsk_office_common_day(nsk_clock_now(self->clock), &day, error))
        return NULL;
    g_autoptr(GPtrArray) readings = nsk_directory_readings(txn, self->person, day, error);
    for (guint i = 0; readings != NULL && i < readings->len; i++) {
        const NskReading *reading = g_ptr_array_index(readings, i);

        if (reading->as == NSK_READS_AS_ARCHIVIST &&
            (wanted == NULL || strcmp(reading->unit, wanted) == 0) &&
            !g_ptr_array_find_with_equal_func(units, reading->unit, g_str_equal, NULL))
            g_ptr_array_add(units, g_strdup(reading->unit));
    }
    if (readings == NULL)
        return NULL;
    if (units->len > 0)
        return g_steal_pointer(&units);
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_DENIED,
                        nsk_tr("the expedition book of a unit is for the office (TU) that keeps "
                               "its letters; name a letter to see what became of it"));
    return NULL;
}

/* The place that @text names, in @out_unit as well; what points into it is freed with *out_words.
 */
static bool
read_place(const char *text,
           char ***out_words,
           const char **out_unit,
           NskDeliveryPlace *out,
           GError **error)
{
    g_auto(GStrv) words = g_strsplit(text, "/", 6);

    if (g_strv_length(words) != 5 ||
        !g_ascii_string_to_signed(words[1], 10, 0, G_MAXINT64, &out->opened, NULL) ||
        !g_ascii_string_to_signed(words[4], 10, 0, G_MAXINT64, &out->n, NULL)) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("--after takes what the page before gave as its end"));
        return false;
    }
    *out_unit = words[0];
    out->letter = words[2];
    out->role = words[3];
    *out_words = g_steal_pointer(&words);
    return true;
}

static char *
write_place(const NskDeliveryRow *row)
{
    return g_strdup_printf("%s/%" G_GINT64_FORMAT "/%s/%s/%" G_GINT64_FORMAT, row->unit,
                           row->opened, row->letter, row->role, row->n);
}

/* A page that is being filled. */
typedef struct {
    NskDbTxn *txn;
    NskJson *list;
    unsigned left;
    char *next;
    NskLetterRow *letter; /* of the row before */
} Page;

static bool
add_row(Page *page, const NskDeliveryRow *row, GError **error)
{
    if (page->letter == NULL || strcmp(page->letter->id, row->letter) != 0) {
        nsk_letter_row_free(page->letter);
        page->letter = nsk_letter_row_load(page->txn, row->letter, error);
    }
    if (page->letter == NULL)
        return false;
    if (!nsk_letter_row_is_secret(page->letter))
        nsk_json_add(page->list, nsk_delivery_to_json(page->txn, row, page->letter));
    return true;
}

static bool
add_unit(Page *page, NskDeliveryAsk *ask, GError **error)
{
    ask->limit = page->left;
    g_autoptr(GPtrArray) rows = nsk_delivery_book(page->txn, ask, error);

    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        if (!add_row(page, g_ptr_array_index(rows, i), error))
            return false;
    }
    if (rows == NULL)
        return false;
    page->left -= rows->len;
    if (page->left == 0)
        page->next = write_place(g_ptr_array_index(rows, rows->len - 1));
    return true;
}

static gint
compare_texts(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool
list_units(NskOffice *self, const NskDispatchAsk *ask, Page *page, GError **error)
{
    const char *from = "";
    g_auto(GStrv) words = NULL;
    NskDeliveryPlace place = { 0 };
    g_autoptr(GPtrArray) units = kept_units(self, page->txn, ask->unit, error);

    if (units == NULL ||
        (ask->after != NULL && !read_place(ask->after, &words, &from, &place, error)))
        return false;
    g_ptr_array_sort(units, compare_texts);
    for (guint i = 0; i < units->len && page->left > 0; i++) {
        const char *unit = g_ptr_array_index(units, i);
        NskDeliveryAsk part = { .unit = unit,
                                .open = !ask->all,
                                .until = G_MAXINT64,
                                .after = strcmp(unit, from) == 0 ? &place : NULL };

        if (strcmp(unit, from) >= 0 && !add_unit(page, &part, error))
            return false;
    }
    return true;
}

bool
nsk_office_dispatch_list(NskOffice *self,
                         const NskDispatchAsk *ask,
                         NskJson **out_result,
                         GError **error)
{
    g_autoptr(NskJson) result = nsk_json_object();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    Page page = { .txn = txn,
                  .list = nsk_json_array(),
                  .left = MIN(ask->limit > 0 ? ask->limit : DEFAULT_ROWS, NSK_LIMIT_TASK_PAGE) };

    nsk_json_set(result, "deliveries", page.list);
    bool ok =
        txn != NULL && (ask->letter != NULL ? list_letter(self, txn, ask->letter, page.list, error)
                                            : list_units(self, ask, &page, error));
    nsk_json_set_text(result, "next", page.next);
    nsk_letter_row_free(page.letter);
    g_free(page.next);
    if (ok)
        *out_result = g_steal_pointer(&result);
    return ok;
}
