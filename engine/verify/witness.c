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

/* A checkpoint that a witness cosigned. */
typedef struct {
    uint64_t size;
    uint64_t time; /* seconds */
} Given;

static int
compare_size(gconstpointer a, gconstpointer b)
{
    const Given *left = a, *right = b;

    return left->size < right->size ? -1 : left->size > right->size;
}

/* What a witness says of one checkpoint; false: its signature does not hold. */
static bool
take_given(NskJudge *self,
           const NskLogNote *note,
           uint64_t size,
           const NskLogNoteKey *witness,
           GArray *given)
{
    Given one = { .size = size };
    g_autoptr(GError) fault = NULL;

    if (nsk_log_note_check(note, witness, &one.time, &fault)) {
        g_array_append_val(given, one);
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

/* Each entry was there when a checkpoint with it was first cosigned. */
static bool
tell_given(NskJudge *self, const NskLogNoteKey *witness, GArray *given)
{
    unsigned all = self->entries->len, known = 0;

    g_array_sort(given, compare_size);
    for (guint i = 0; i < given->len; i++) {
        const Given *one = &g_array_index(given, Given, i);
        unsigned n = nsk_judge_count(self, one->size);
        g_autofree char *at = nsk_instant_format((NskInstant)one->time * G_USEC_PER_SEC);

        if (n > known)
            nsk_judge_proved(self,
                             nsk_tr("the first %u of %u entries were in the log at %s: the witness "
                                    "'%s' cosigned it"),
                             n, all, at, witness->name);
        known = MAX(known, n);
    }
    if (known == 0)
        return nsk_judge_wrong(self,
                               nsk_tr("the witness '%s', whom you named, has cosigned nothing that "
                                      "has an entry of this letter"),
                               witness->name);
    self->report->n_cosigned++;
    if (known < all)
        nsk_judge_note(self, nsk_tr("the last %u entries are newer than what '%s' cosigned"),
                       all - known, witness->name);
    return true;
}

/* What is told of others is told once. */
static void
tell_others(NskJudge *self, GHashTable *others)
{
    g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(others), (GCompareFunc)strcmp);

    for (const GList *at = names; at != NULL; at = at->next)
        nsk_judge_note(self,
                       nsk_tr("'%s' stands there as a witness of the log, and that was not "
                              "checked: give its key, from elsewhere, with --witness"),
                       (const char *)at->data);
}

/* Reads the checkpoint in @folder for all who are asked; @given: a GArray of each. */
static bool
take_folder(NskJudge *self,
            const char *folder,
            const NskLogNoteKey *key,
            GPtrArray *given,
            GHashTable *others)
{
    NskCheckpoint said;
    g_autoptr(NskLogNote) note = nsk_judge_older(self, folder, key, &said);
    bool ok = note != NULL;

    for (size_t i = 0; ok && i < self->ask->n_witnesses; i++)
        ok = take_given(self, note, said.size, &self->ask->witnesses[i], given->pdata[i]);
    for (guint i = 0; ok && i < note->lines->len; i++) {
        const NskLogNoteLine *line = g_ptr_array_index(note->lines, i);

        if (!is_asked(self, line, key))
            g_hash_table_add(others, g_strdup(line->name));
    }
    return ok;
}

bool
nsk_judge_witnesses(NskJudge *self, const NskLogNoteKey *key)
{
    bool ok = true;
    size_t n = self->ask->n_witnesses;
    g_autoptr(GPtrArray) given = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    g_autoptr(GHashTable) others = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (size_t i = 0; i < n; i++)
        g_ptr_array_add(given, g_array_new(FALSE, FALSE, sizeof(Given)));
    for (unsigned number = 1; ok; number++) {
        g_autofree char *folder = g_strdup_printf(NSK_JOURNAL_DATA "cosigned/%u/", number);
        g_autofree char *path = g_strconcat(folder, "checkpoint", NULL);

        if (nsk_bag_find(self->bag, path) == NULL)
            break;
        ok = take_folder(self, folder, key, given, others);
    }
    for (size_t i = 0; ok && i < n; i++)
        ok = tell_given(self, &self->ask->witnesses[i], given->pdata[i]);
    if (ok)
        tell_others(self, others);
    return ok;
}
