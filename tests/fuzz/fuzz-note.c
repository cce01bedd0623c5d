/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signed notes of logs and witnesses, and the checkpoint in them. */
#include "journal/note.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    NskCheckpoint said;
    NskLogNoteKey key;
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autoptr(NskLogNote) note = nsk_log_note_parse(data, size, NULL);

    if (nsk_log_note_key_parse(text, &key, NULL)) {
        g_autofree char *again = nsk_log_note_key_format(&key);
        g_assert_cmpstr(again, ==, text);
    }
    if (note == NULL)
        return 0;
    g_autofree char *again = nsk_log_note_format(note);
    g_assert_cmpmem(again, strlen(again), data, size);
    if (nsk_checkpoint_parse(note->text, &said, NULL)) {
        g_autofree char *begun = nsk_checkpoint_format(&said);
        g_assert_true(g_str_has_prefix(note->text, begun));
    }
    return 0;
}
