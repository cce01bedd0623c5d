/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The letter's entries, and that each is in the log. */
#include "base/bytes.h"
#include "base/message.h"
#include "journal/proof.h"
#include "verify/verify-private.h"

#include <string.h>

#define EVENTS     NSK_JOURNAL_DATA "events.jsonl"
#define TEXTS      NSK_JOURNAL_DATA "texts.jsonl"
#define CHECKPOINT NSK_JOURNAL_DATA "checkpoint"
#define PROOFS     NSK_JOURNAL_DATA "proofs/"
#define LOG_KEY    NSK_COMPARISON_DATA "log.vkey"
#define MOST_SALT  64 /* bytes */
#define MOST_LINE  65535

/* Calls @take for each line, without its end; false when one of them does. */
typedef bool (*TakeLine)(NskJudge *self, unsigned number, const char *line, size_t size);

static bool
each_line(NskJudge *self, const char *path, TakeLine take)
{
    size_t size;
    GBytes *content = nsk_judge_find(self, path);
    const char *at = content != NULL ? g_bytes_get_data(content, &size) : NULL;

    if (content == NULL)
        return false;
    unsigned number = 0;
    for (const char *end = at + size; at < end; number++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));

        if (stop == NULL || stop - at > MOST_LINE)
            return nsk_judge_wrong(self, nsk_tr("%s: line %u does not end, or is too long"), path,
                                   number + 1);
        if (!take(self, number + 1, at, (size_t)(stop - at)))
            return false;
        at = stop + 1;
    }
    return true;
}

NskJson *
nsk_judge_parse(const char *line, size_t size)
{
    g_autoptr(NskJson) json = nsk_json_parse(line, size, NULL);
    g_autofree char *again = json != NULL ? nsk_json_canonical(json) : NULL;

    return again != NULL && strlen(again) == size && memcmp(again, line, size) == 0
               ? g_steal_pointer(&json)
               : NULL;
}

/* --- The chain -------------------------------------------------------------------------------- */

static bool
take_entry(NskJudge *self, unsigned number, const char *line, size_t size)
{
    g_autoptr(NskJson) entry = nsk_judge_parse(line, size);

    if (entry == NULL || nsk_json_type(entry) != NSK_JSON_OBJECT ||
        nsk_json_get_int(entry, "v", 0) != 1)
        return nsk_judge_wrong(self, nsk_tr("entry %u of the history is not written as one is"),
                               number);
    if (g_strcmp0(nsk_json_get_text(entry, "letter"), self->bag->id) != 0)
        return nsk_judge_wrong(self, nsk_tr("entry %u of the history is of another letter"),
                               number);
    if (nsk_json_get_int(entry, "letter_seq", 0) != number)
        return nsk_judge_wrong(self, nsk_tr("entry %u of the history has another number"), number);
    if (g_strcmp0(nsk_json_get_text(entry, "prev"), self->last) != 0)
        return nsk_judge_wrong(
            self, nsk_tr("entry %u of the history does not follow the one before it"), number);
    g_free(self->last);
    self->last = nsk_sha256_hex(line, size);
    g_ptr_array_add(self->entries, g_steal_pointer(&entry));
    return true;
}

/* --- Words beside the entries ------------------------------------------------------------------
 */

/* What an entry says of its text of that name, in hex; NULL: nothing. */
static const char *
find_said(const NskJudge *self, int64_t seq, const char *name)
{
    if (seq < 1 || seq > self->entries->len || name == NULL)
        return NULL;
    const NskJson *entry = g_ptr_array_index(self->entries, seq - 1);
    return strcmp(name, "reason") == 0 ? nsk_json_get_text(entry, "reason_hash")
                                       : nsk_json_get_text(nsk_json_get(entry, "texts"), name);
}

static bool
take_text(NskJudge *self, unsigned number, const char *line, size_t size)
{
    uint8_t salt[MOST_SALT], mac[NSK_SHA256_SIZE];
    g_autoptr(NskJson) row = nsk_judge_parse(line, size);
    const char *hex = nsk_json_get_text(row, "salt"), *text = nsk_json_get_text(row, "text");
    const char *said =
        find_said(self, nsk_json_get_int(row, "seq", 0), nsk_json_get_text(row, "name"));
    size_t length = hex != NULL ? strlen(hex) / 2 : 0;

    if (said == NULL || text == NULL || length == 0 || length > MOST_SALT ||
        !nsk_unhex(hex, salt, length))
        return nsk_judge_wrong(self, nsk_tr("%s: line %u is of no entry"), TEXTS, number);
    nsk_hmac_sha256(salt, length, text, strlen(text), mac);
    g_autofree char *found = nsk_hex(mac, sizeof mac);
    return strcmp(found, said) == 0 ||
           nsk_judge_wrong(self, nsk_tr("%s: line %u is not what its entry binds"), TEXTS, number);
}

/* --- The log ---------------------------------------------------------------------------------- */

static bool
read_own_key(NskJudge *self, NskLogNoteKey *out)
{
    g_autoptr(GError) fault = NULL;
    GBytes *content = nsk_judge_find(self, LOG_KEY);
    size_t size;
    const char *data = content != NULL ? g_bytes_get_data(content, &size) : NULL;

    if (content == NULL)
        return false;
    g_autofree char *text = g_strchomp(g_strndup(data, size));
    return nsk_log_note_key_parse(text, out, &fault) ||
           nsk_judge_wrong(self, "%s: %s", LOG_KEY, fault->message);
}

static bool
choose_key(NskJudge *self, NskLogNoteKey *out)
{
    if (self->ask->key != NULL) {
        *out = *self->ask->key;
        return true;
    }
    if (!read_own_key(self, out))
        return false;
    nsk_judge_note(self,
                   nsk_tr("whose log this is was not asked for: the key is the file's own; get the "
                          "office's key from elsewhere and give it with --key"));
    return true;
}

bool
nsk_judge_proof(NskJudge *self,
                const char *path,
                GBytes *entry,
                const NskLogNoteKey *key,
                uint64_t *out_index,
                GError **fault)
{
    size_t size, whole;
    g_autoptr(GError) malformed = NULL;
    GBytes *content = nsk_judge_find(self, path);
    const void *data = content != NULL ? g_bytes_get_data(content, &size) : NULL;
    g_autoptr(NskProof) proof = content != NULL ? nsk_proof_parse(data, size, &malformed) : NULL;

    if (content == NULL)
        return false;
    if (proof == NULL)
        return nsk_judge_wrong(self, "%s: %s", path, malformed->message);
    GBytes *note = nsk_bag_find(self->bag, CHECKPOINT);
    const char *text = g_bytes_get_data(note, &whole);
    if (strlen(proof->checkpoint) != whole || memcmp(proof->checkpoint, text, whole) != 0)
        return nsk_judge_wrong(self, nsk_tr("%s: it is against another checkpoint"), path);
    *out_index = proof->index;
    return nsk_proof_check(proof, g_bytes_get_data(entry, NULL), g_bytes_get_size(entry), key, NULL,
                           fault);
}

static bool
check_proof(NskJudge *self, unsigned number, GBytes *line, const NskLogNoteKey *key)
{
    uint64_t index;
    g_autoptr(GError) fault = NULL;
    g_autofree char *path = g_strdup_printf(PROOFS "%06u.tlog-proof", number);

    if (nsk_judge_proof(self, path, line, key, &index, &fault)) {
        g_array_append_val(self->leaves, index);
        return true;
    }
    return fault != NULL &&
           nsk_judge_wrong(self, nsk_tr("entry %u of the history is not in the log: %s"), number,
                           fault->message);
}

static bool
check_proofs(NskJudge *self, const NskLogNoteKey *key)
{
    GBytes *events = nsk_bag_find(self->bag, EVENTS);
    const char *begin = g_bytes_get_data(events, NULL), *at = begin;

    for (unsigned n = 1; n <= self->entries->len; n++) {
        size_t size = strcspn(at, "\n");
        g_autoptr(GBytes) line = g_bytes_new_from_bytes(events, (size_t)(at - begin), size);

        if (!check_proof(self, n, line, key))
            return false;
        at += size + 1;
    }
    return true;
}

static gboolean
count_proof(gpointer key, G_GNUC_UNUSED gpointer value, gpointer data)
{
    unsigned *n = data;

    *n += g_str_has_prefix(key, PROOFS) ? 1 : 0;
    return FALSE;
}

/* The checkpoint itself, which the proofs repeat. */
static bool
check_checkpoint(NskJudge *self, const NskLogNoteKey *key)
{
    size_t size;
    NskCheckpoint *said = &self->log;
    g_autoptr(GError) fault = NULL;
    GBytes *content = nsk_judge_find(self, CHECKPOINT);
    const void *data = content != NULL ? g_bytes_get_data(content, &size) : NULL;
    g_autoptr(NskLogNote) note = content != NULL ? nsk_log_note_parse(data, size, &fault) : NULL;

    if (content == NULL)
        return false;
    if (note == NULL || !nsk_checkpoint_parse(note->text, said, &fault) ||
        !nsk_log_note_check(note, key, NULL, &fault))
        return nsk_judge_wrong(self, "%s: %s", CHECKPOINT, fault->message);
    if (strcmp(said->origin, key->name) != 0)
        return nsk_judge_wrong(self, nsk_tr("%s: it is of another log, '%s'"), CHECKPOINT,
                               said->origin);
    self->report->origin = g_strdup(said->origin);
    self->report->log_size = said->size;
    return true;
}

bool
nsk_judge_history(NskJudge *self)
{
    unsigned proofs = 0;
    NskLogNoteKey key;

    self->last = g_strnfill((gsize)2 * NSK_SHA256_SIZE, '0');
    if (!each_line(self, EVENTS, take_entry))
        return false;
    self->report->n_entries = self->entries->len;
    if (self->entries->len == 0)
        return nsk_judge_wrong(self, nsk_tr("%s: the history is empty"), EVENTS);
    if (!each_line(self, TEXTS, take_text) || !choose_key(self, &key) ||
        !check_checkpoint(self, &key) || !check_proofs(self, &key))
        return false;
    g_tree_foreach(self->bag->files, count_proof, &proofs);
    if (proofs != self->entries->len)
        return nsk_judge_wrong(self, nsk_tr("there are %u proofs of %u entries"), proofs,
                               self->entries->len);
    g_autofree char *size = g_strdup_printf("%" G_GUINT64_FORMAT, self->report->log_size);
    nsk_judge_proved(self,
                     nsk_tr("%u entries follow each other, and each is in the log '%s' of %s "
                            "entries"),
                     self->entries->len, self->report->origin, size);
    return nsk_judge_anchor(self, &key) && nsk_judge_witnesses(self, &key) &&
           nsk_judge_day(self, &key);
}
