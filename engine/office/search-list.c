/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a search finds as a list of archives, to be printed or opened in a table calculator.
 *
 * Letters are read in the snapshot in which the search found that they may be; the sheet is made
 * after it.
 */
#include "base/message.h"
#include "office/register-private.h"
#include "office/search-private.h"
#include "office/search.h"

/* What was asked, as it stands above the list. */
static const struct {
    const char *label;
    size_t member;
    bool is_code; /* that has words */
} asked[] = {
    { N_("Words"), offsetof(NskSearchAsk, text), false },
    { N_("Period from"), offsetof(NskSearchAsk, from), false },
    { N_("Period until"), offsetof(NskSearchAsk, until), false },
    { N_("Sender"), offsetof(NskSearchAsk, sender), false },
    { N_("Addressee"), offsetof(NskSearchAsk, addressee), false },
    { N_("Classification"), offsetof(NskSearchAsk, classification), false },
    { N_("Official"), offsetof(NskSearchAsk, person), false },
    { N_("Kind"), offsetof(NskSearchAsk, kind), false },
    { N_("Year"), offsetof(NskSearchAsk, year), false },
    { N_("Unit"), offsetof(NskSearchAsk, unit), false },
    { N_("Security"), offsetof(NskSearchAsk, security), true },
    { N_("State"), offsetof(NskSearchAsk, state), true },
};

static bool
take(G_GNUC_UNUSED NskDbTxn *txn,
     const NskLetterRow *row,
     const NskSearchKnown *known,
     void *data,
     GError **error)
{
    NskBook *book = data;

    if (book->rows->len < NSK_SEARCH_LIST_MOST)
        return nsk_book_add_archived(book, row, known->dated ? known->day : "", error);
    g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                nsk_tr("over %d letters are found, which is too long for one list; ask for less, "
                       "such as one year or one unit"),
                NSK_SEARCH_LIST_MOST);
    return false;
}

bool
nsk_office_search_write(NskOffice *self,
                        const NskSearchAsk *ask,
                        bool pdf,
                        GBytes **out_bytes,
                        GError **error)
{
    size_t n = 0;
    g_auto(NskBook) book = { .office = self };
    NskSheetFact facts[G_N_ELEMENTS(asked) + 1];

    book.txn = nsk_db_snapshot(self->reader, error);
    nsk_book_begin_archived(&book);
    if (book.txn == NULL || !nsk_search_each(self, book.txn, ask, take, &book, error))
        return false;
    g_clear_pointer(&book.txn, nsk_db_snapshot_free);
    for (size_t i = 0; i < G_N_ELEMENTS(asked); i++) {
        const char *value =
            *(const char *const *)(const void *)((const char *)ask + asked[i].member);

        if (value != NULL && value[0] != '\0')
            facts[n++] = (NskSheetFact){ nsk_tr(asked[i].label),
                                         asked[i].is_code ? nsk_office_word(value) : value };
    }
    g_autofree char *lines = g_strdup_printf("%u", book.rows->len);
    facts[n++] = (NskSheetFact){ nsk_tr("Lines"), lines };
    NskSheet sheet = { .title = nsk_tr("List of archives"), .facts = facts, .n_facts = n };
    return nsk_book_write(&book, &sheet, pdf, out_bytes, error);
}
