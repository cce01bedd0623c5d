/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Entries of the journal as they lie in the database. */
#include "journal/journal-private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GBytes) bytes = g_bytes_new(data, size);
    g_autoptr(NskJournalEntry) entry = nsk_journal_entry_parse(bytes);

    if (entry != NULL) {
        nsk_journal_entry_add_text(entry, "reason", NULL);
        g_assert(entry->seq >= 1);
        g_assert(entry->event.letter != NULL && entry->event.actor != NULL);
        (void)nsk_journal_entry_has_all_texts(entry);
    }
    return 0;
}
