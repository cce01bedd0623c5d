/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The book of dispositions of a unit and year, in the order in which they were given, a row a
 * receiver.
 *
 * Dispositions have no numbers that could have a gap, so what who asks may not see (of a secret
 * letter, or of a branch of the tree that is not his) is not there at all.
 */
#include "base/message.h"
#include "office/disposition-private.h"
#include "office/register-private.h"

#include <string.h>

#define PIECE 500 /* dispositions read at once */

/* The letter of the row before. */
typedef struct {
    NskLetterRow *row; /* NULL: none yet */
    bool readable;     /* by who asks */
    char *number;      /* in the agenda, or its own; NULL: none */
    NskTree tree;
    const NskProfile *profile;
} Seen;

static void
seen_clear(Seen *seen)
{
    g_clear_pointer(&seen->row, nsk_letter_row_free);
    g_clear_pointer(&seen->number, g_free);
    nsk_tree_clear(&seen->tree);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Seen, seen_clear)

static bool
see_letter(NskBook *book, const char *id, Seen *seen, GError **error)
{
    g_autoptr(NskIncomingRow) incoming = NULL;

    if (seen->row != NULL && strcmp(seen->row->id, id) == 0)
        return true;
    seen_clear(seen);
    memset(seen, 0, sizeof *seen);
    seen->row = nsk_letter_row_load(book->txn, id, error);
    if (seen->row == NULL || !nsk_book_may_read(book, seen->row, &seen->readable, error) ||
        !nsk_incoming_find(book->txn, id, &incoming, error) ||
        !nsk_tree_load(&seen->tree, book->txn, id, error))
        return false;
    nsk_tree_look_through(&seen->tree, book->readings, seen->row);
    seen->number = g_strdup(incoming != NULL ? incoming->agenda : seen->row->number);
    seen->profile = nsk_office_profile(book->office, book->txn, seen->row->profile,
                                       seen->row->profile_version, error);
    return seen->profile != NULL;
}

/* What a directory has no more stands as its id; owned. */
static char *
find_title(const NskBook *book, const char *position)
{
    g_autoptr(NskPosition) found = nsk_directory_get_position(book->txn, position, NULL);

    return g_strdup(found != NULL ? found->title : position);
}

/* "Bramantya (Kepala Badan)": who gave it, from which position; owned. */
static char *
say_giver(const NskBook *book, const NskDispositionRow *row)
{
    g_autofree char *title = find_title(book, row->giver);
    g_autoptr(NskPerson) person =
        row->person != NULL ? nsk_directory_get_person(book->txn, row->person, NULL) : NULL;

    return person != NULL ? g_strdup_printf("%s (%s)", person->printed, title)
                          : g_steal_pointer(&title);
}

/* The agency's instructions as they are printed, and the giver's free words; owned. */
static char *
say_instructions(const Seen *seen, const NskDispositionRow *row)
{
    GString *text = g_string_new(NULL);
    g_auto(GStrv) ids = g_strsplit(row->instructions, " ", -1);

    for (int i = 0; ids[i] != NULL; i++) {
        const char *print = nsk_profile_find_instruction(seen->profile, ids[i]);

        if (ids[i][0] != '\0')
            g_string_append_printf(text, "%s%s", text->len > 0 ? "; " : "",
                                   print != NULL ? print : ids[i]);
    }
    if (row->note[0] != '\0')
        g_string_append_printf(text, "%s%s", text->len > 0 ? "; " : "", row->note);
    return g_string_free(text, FALSE);
}

static bool
add_receiver(NskBook *book,
             const Seen *seen,
             const NskDispositionRow *row,
             const NskReceiverRow *receiver,
             GError **error)
{
    bool ended = receiver->answered != 0 && !nsk_receiver_is_open(receiver);
    g_autofree char *seq = g_strdup_printf("%u", book->rows->len + 1);
    g_autofree char *at = nsk_book_time(book, row->at);
    g_autofree char *giver = say_giver(book, row);
    g_autofree char *to = find_title(book, receiver->position);
    g_autofree char *instructions = say_instructions(seen, row);
    g_autofree char *done = nsk_book_time(book, ended           ? receiver->answered
                                                : row->recalled ? row->recalled
                                                                : 0);
    const char *texts[] = { seq,
                            seen->number,
                            seen->row->subject,
                            at,
                            giver,
                            to,
                            receiver->lead ? "lead" : NULL,
                            instructions,
                            row->due,
                            receiver->state,
                            done };

    return nsk_book_add(book, texts, error);
}

static bool
add_disposition(NskBook *book, const Seen *seen, int64_t n, GError **error)
{
    const NskDispositionRow *row = nsk_tree_disposition(&seen->tree, n);

    for (guint i = 0; row != NULL && seen->readable && i < seen->tree.receivers->len; i++) {
        const NskReceiverRow *receiver = g_ptr_array_index(seen->tree.receivers, i);

        if (receiver->n == n && nsk_tree_sees(&seen->tree, receiver) &&
            !add_receiver(book, seen, row, receiver, error))
            return false;
    }
    return true;
}

bool
nsk_book_list_dispositions(NskBook *book, GError **error)
{
    g_auto(Seen) seen = { 0 };
    g_autoptr(GPtrArray) before = NULL; /* what @ask goes on behind */
    NskDispositionBookAsk ask = { .unit = book->unit->id, .limit = PIECE };

    if (!nsk_book_span(book, &ask.from, &ask.until, error))
        return false;
    for (;;) {
        GPtrArray *places = nsk_disposition_book(book->txn, &ask, error);

        if (places == NULL)
            return false;
        g_clear_pointer(&before, g_ptr_array_unref);
        before = places;
        for (guint i = 0; i < places->len; i++) {
            const NskDispositionPlace *place = g_ptr_array_index(places, i);

            if (!see_letter(book, place->letter, &seen, error) ||
                !add_disposition(book, &seen, place->n, error))
                return false;
        }
        if (places->len < PIECE)
            return true;
        ask.after = g_ptr_array_index(places, places->len - 1);
    }
}
