/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Witnesses: whoever was named with --witness must have cosigned a checkpoint of this log that has
 * entries of the letter, and that the log of the proofs grew from.  One of them is enough for
 * nobody else: each stands for itself.
 */
#include "base/clock.h"
#include "base/message.h"
#include "verify/verify-private.h"

#include <string.h>

/* The best that a witness gave. */
typedef struct {
    uint64_t size; /* 0: nothing */
    uint64_t time; /* seconds */
} Given;

/* What a witness says of one checkpoint; false: its signature does not hold. */
static bool
take_given(NskJudge *self,
           const NskLogNote *note,
           uint64_t size,
           const NskLogNoteKey *witness,
           Given *given)
{
    uint64_t time = 0;
    g_autoptr(GError) fault = NULL;

    if (nsk_log_note_check(note, witness, &time, &fault)) {
        if (size > given->size)
            *given = (Given){ size, time };
        return true;
    }
    return g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND) ||
           nsk_judge_wrong(self, "%s", fault->message);
}

static bool
is_asked(const NskJudge *self, const NskLogNoteLine *line, const NskLogNoteKey *log)
{
    if (line->id == log->id && strcmp(line->name, log->name) == 0)
        return true;
    for (size_t i = 0; i < self->ask->n_witnesses; i++) {
        const NskLogNoteKey *key = &self->ask->witnesses[i];

        if (line->id == key->id && strcmp(line->name, key->name) == 0)
            return true;
    }
    return false;
}

/* Lines that nobody asked about prove nothing. */
static void
note_others(NskJudge *self, const NskLogNote *note, const NskLogNoteKey *log)
{
    for (guint i = 0; i < note->lines->len; i++) {
        const NskLogNoteLine *line = g_ptr_array_index(note->lines, i);

        if (!is_asked(self, line, log))
            nsk_judge_note(self,
                           nsk_tr("'%s' stands there as a witness of the log, and that was not "
                                  "checked: give its key, from elsewhere, with --witness"),
                           line->name);
    }
}

static bool
tell_given(NskJudge *self, const NskLogNoteKey *witness, const Given *given)
{
    unsigned all = self->entries->len, n = nsk_judge_count(self, given->size);
    g_autofree char *at = nsk_instant_format((NskInstant)given->time * G_USEC_PER_SEC);

    if (n == 0)
        return nsk_judge_wrong(self,
                               nsk_tr("the witness '%s', whom you named, has cosigned nothing that "
                                      "has an entry of this letter"),
                               witness->name);
    self->report->n_cosigned++;
    nsk_judge_proved(self,
                     nsk_tr("the first %u of %u entries were in the log at %s: the witness '%s' "
                            "cosigned it"),
                     n, all, at, witness->name);
    if (n < all)
        nsk_judge_note(self, nsk_tr("the last %u entries are newer than what '%s' cosigned"),
                       all - n, witness->name);
    return true;
}

bool
nsk_judge_witnesses(NskJudge *self, const NskLogNoteKey *key)
{
    bool ok = true;
    size_t n = self->ask->n_witnesses;
    g_autofree Given *given = g_new0(Given, n + 1);

    for (unsigned number = 1; ok; number++) {
        NskCheckpoint said;
        g_autofree char *folder = g_strdup_printf(NSK_JOURNAL_DATA "cosigned/%u/", number);
        g_autofree char *path = g_strconcat(folder, "checkpoint", NULL);

        if (nsk_bag_find(self->bag, path) == NULL)
            break;
        g_autoptr(NskLogNote) note = nsk_judge_older(self, folder, key, &said);
        ok = note != NULL;
        for (size_t i = 0; ok && i < n; i++)
            ok = take_given(self, note, said.size, &self->ask->witnesses[i], &given[i]);
        if (ok)
            note_others(self, note, key);
    }
    for (size_t i = 0; ok && i < n; i++)
        ok = tell_given(self, &self->ask->witnesses[i], &given[i]);
    return ok;
}
