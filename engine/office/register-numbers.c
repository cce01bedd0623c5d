/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Books that follow the registers of numbers, position by position: what was given, is reserved, is
 * void with the reason, lies on paper, or was skipped.  A register of the whole agency is shown in
 * the book of every unit, since only all of it is without gaps.
 */
#include "base/message.h"
#include "office/delivery-private.h"
#include "office/register-private.h"

#include <string.h>

#define PIECE 500 /* entries read at once */

/* An entry, and the letter that it stands for. */
typedef struct {
    const NskRegisterEntry *entry;
    NskLetterRow *row;  /* NULL: there is none */
    bool readable;      /* by who asks */
    NskLetter *content; /* NULL unless it is readable and asked for */
} Line;

static void
line_clear(Line *line)
{
    g_clear_pointer(&line->row, nsk_letter_row_free);
    g_clear_pointer(&line->content, nsk_letter_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Line, line_clear)

/* The letter of an entry, if there is one: "ID", or "ID/agenda". */
static bool
open_line(NskBook *book, const NskRegisterEntry *entry, Line *line, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autofree char *id = g_strndup(entry->letter, strcspn(entry->letter, "/"));

    line->entry = entry;
    if (id[0] == '\0')
        return true;
    line->row = nsk_letter_row_load(book->txn, id, &fault);
    if (line->row != NULL)
        return nsk_book_may_read(book, line->row, &line->readable, error);
    if (g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND))
        return true;
    g_propagate_error(error, g_steal_pointer(&fault));
    return false;
}

static void
add_name(GString *names, const char *name)
{
    g_string_append_printf(names, "%s%s", names->len > 0 ? "; " : "", name);
}

char *
nsk_book_list_addressees(NskBook *book, const NskLetterFacts *facts)
{
    GString *names = g_string_new(NULL);

    for (size_t i = 0; i < facts->n_addressees; i++) {
        const NskLetterParty *party = &facts->addressees[i];
        g_autoptr(NskPosition) position =
            party->position != NULL ? nsk_directory_get_position(book->txn, party->position, NULL)
                                    : NULL;

        add_name(names, position != NULL          ? position->title
                        : party->position != NULL ? party->position
                                                  : party->name);
    }
    return g_string_free(names, FALSE);
}

/* "12", or "12-15" of what was skipped; owned. */
static char *
say_position(const NskRegisterEntry *entry)
{
    return entry->last_seq > entry->seq ? g_strdup_printf("%u-%u", entry->seq, entry->last_seq)
                                        : g_strdup_printf("%u", entry->seq);
}

static char *
say_date(NskDate date)
{
    return nsk_date_is_set(date) ? nsk_date_format(date) : g_strdup("");
}

static bool
add_outgoing(NskBook *book, const Line *line, GError **error)
{
    const NskRegisterEntry *entry = line->entry;
    const NskLetterRow *row = line->row;
    bool shown = line->readable && line->content != NULL;
    g_autofree char *seq = say_position(entry);
    g_autofree char *date = say_date(entry->letter_date);
    g_autofree char *to =
        shown ? nsk_book_list_addressees(book, nsk_letter_get_facts(line->content)) : NULL;
    g_autofree char *sent = nsk_book_time(book, row != NULL ? row->dispatched : 0);
    const char *texts[] = { seq,
                            entry->number,
                            date,
                            shown ? row->subject : NULL,
                            to,
                            nsk_entry_state_to_text(entry->state),
                            row != NULL ? row->state : NULL,
                            sent,
                            entry->reason };

    return nsk_book_add(book, texts, error);
}

static bool
add_incoming(NskBook *book, const Line *line, GError **error)
{
    const NskRegisterEntry *entry = line->entry;
    const NskLetterRow *row = line->row;
    const NskLetterFacts *facts =
        line->content != NULL ? nsk_letter_get_facts(line->content) : NULL;
    const NskLetterReceived *received = facts != NULL ? facts->received : NULL;
    bool shown = line->readable && received != NULL;
    g_autofree char *seq = say_position(entry);
    g_autofree char *at = nsk_book_time(book, shown         ? received->at
                                              : row != NULL ? row->created
                                                            : 0);
    g_autofree char *date = say_date(shown ? received->date : (NskDate){ 0 });
    g_autofree char *to =
        shown ? nsk_book_list_addressees(book, nsk_letter_get_facts(line->content)) : NULL;
    const char *texts[] = { seq,
                            entry->number,
                            at,
                            shown ? received->origin.name : NULL,
                            shown ? received->number : NULL,
                            date,
                            shown ? row->subject : NULL,
                            to,
                            row != NULL ? row->state : nsk_entry_state_to_text(entry->state),
                            entry->reason };

    return nsk_book_add(book, texts, error);
}

typedef bool (*AddLine)(NskBook *, const Line *, GError **);

static bool
add_entry(NskBook *book, const NskRegisterEntry *entry, AddLine add, GError **error)
{
    g_auto(Line) line = { 0 };

    if (!open_line(book, entry, &line, error))
        return false;
    if (line.readable) {
        line.content = nsk_office_read_letter(book->txn, line.row->id, error);
        if (line.content == NULL)
            return false;
    }
    return add(book, &line, error);
}

static bool
add_register(NskBook *book, const NskRegister *which, AddLine add, GError **error)
{
    for (uint32_t after = 0;;) {
        g_autoptr(GPtrArray) entries = nsk_registry_list(book->txn, which, after, PIECE, error);

        if (entries == NULL)
            return false;
        for (guint i = 0; i < entries->len; i++) {
            if (!add_entry(book, g_ptr_array_index(entries, i), add, error))
                return false;
        }
        if (entries->len < PIECE)
            return true;
        after = ((const NskRegisterEntry *)entries->pdata[entries->len - 1])->last_seq;
    }
}

/* Whether the register is the unit's, or the agency's, and of the year; one that runs on through
 * the years is of each. */
static bool
is_of_book(const NskBook *book, const NskRegister *one)
{
    g_autofree char *year = g_strdup_printf("year=%04d", book->year);

    return (one->unit[0] == '\0' || strcmp(one->unit, book->unit->id) == 0) &&
           (strstr(one->scope, "year=") == NULL || strstr(one->scope, year) != NULL);
}

static bool
list_registers(NskBook *book, bool of_incoming, AddLine add, GError **error)
{
    g_autoptr(GPtrArray) registers = nsk_registry_registers(book->txn, error);

    for (guint i = 0; registers != NULL && i < registers->len; i++) {
        const NskRegister *one = g_ptr_array_index(registers, i);
        bool incoming = strcmp(one->series, NSK_SERIES_INCOMING) == 0;

        if (incoming == of_incoming && is_of_book(book, one) &&
            !add_register(book, one, add, error))
            return false;
    }
    return registers != NULL;
}

bool
nsk_book_list_outgoing(NskBook *book, GError **error)
{
    return list_registers(book, false, add_outgoing, error);
}

bool
nsk_book_list_incoming(NskBook *book, GError **error)
{
    return list_registers(book, true, add_incoming, error);
}
