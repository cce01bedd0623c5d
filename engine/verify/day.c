/* SPDX-License-Identifier: GPL-3.0-or-later */
/* That no entry of the history was left out: what the map of a day says of it (journal/days.h). */
#include "base/bytes.h"
#include "base/message.h"
#include "journal/daymap.h"
#include "verify/verify-private.h"

#include <string.h>

#define ENTRY   NSK_JOURNAL_DATA "day.jsonl"
#define PROOF   NSK_JOURNAL_DATA "day.tlog-proof"
#define MAP     NSK_JOURNAL_DATA "day.map"
#define HISTORY "office/log"
#define ACTION  "day-mapped"

typedef struct {
    const char *at;  /* of its entry; borrowed */
    NskHash root;    /* of the map */
    uint64_t leaves; /* of the log, that the map covers */
} Day;

static const NskJson *
find_object(const NskJson *entry, const char *kind)
{
    const NskJson *objects = nsk_json_get(entry, "object");

    for (size_t i = 0; i < nsk_json_length(objects); i++) {
        const NskJson *object = nsk_json_at(objects, i);

        if (g_strcmp0(nsk_json_get_text(object, "kind"), kind) == 0)
            return object;
    }
    return NULL;
}

/* Whether the entry is one of a day, of the log that the letter's entries are of. */
static bool
read_day(const NskJudge *self, const NskJson *entry, Day *out)
{
    const NskJson *map = find_object(entry, "day-map");
    const NskJson *log = find_object(entry, "log");
    const NskJson *first = g_ptr_array_index(self->entries, 0);
    const char *root = nsk_json_get_text(map, "sha256");
    int64_t leaves = nsk_json_get_int(log, "size", -1);

    out->at = nsk_json_get_text(entry, "time");
    out->leaves = (uint64_t)leaves;
    return nsk_json_get_int(entry, "v", 0) == 1 &&
           g_strcmp0(nsk_json_get_text(entry, "letter"), HISTORY) == 0 &&
           g_strcmp0(nsk_json_get_text(entry, "action"), ACTION) == 0 &&
           g_strcmp0(nsk_json_get_text(entry, "log"), nsk_json_get_text(first, "log")) == 0 &&
           out->at != NULL && leaves >= 0 && root != NULL &&
           nsk_unhex(root, out->root.bytes, sizeof out->root.bytes);
}

static bool
check_entry(NskJudge *self, GBytes *bytes, const Day *day, const NskLogNoteKey *key)
{
    uint64_t index;
    g_autoptr(GError) fault = NULL;

    if (!nsk_judge_proof(self, PROOF, bytes, key, &index, &fault))
        return fault != NULL && nsk_judge_wrong(self, "%s: %s", PROOF, fault->message);
    return index >= day->leaves ||
           nsk_judge_wrong(self,
                           nsk_tr("%s: the day's map tells of entries that are newer than "
                                  "itself"),
                           ENTRY);
}

static bool
read_map(NskJudge *self, const Day *day, NskDayMapProof *out)
{
    size_t size;
    g_autoptr(GError) fault = NULL;
    GBytes *content = nsk_judge_find(self, MAP);
    const void *data = content != NULL ? g_bytes_get_data(content, &size) : NULL;

    if (content == NULL)
        return false;
    if (!nsk_day_map_proof_parse(data, size, out, &fault))
        return nsk_judge_wrong(self, "%s: %s", MAP, fault->message);
    return nsk_day_map_check(out, self->bag->id, &day->root) ||
           nsk_judge_wrong(
               self, nsk_tr("%s: it is not what the map of that day says of this letter"), MAP);
}

/* Whether the history is the one that the map knows. */
static bool
compare(NskJudge *self, const Day *day, const NskDayMapProof *said)
{
    unsigned n = self->entries->len;

    if (said->events > n) {
        g_autofree char *events = g_strdup_printf("%" G_GUINT64_FORMAT, said->events);

        return nsk_judge_wrong(self,
                               nsk_tr("on %s the history had %s entries, and here are %u: the last "
                                      "ones were left out"),
                               day->at, events, n);
    }
    g_autofree char *entry =
        nsk_json_canonical(g_ptr_array_index(self->entries, (guint)said->events - 1));
    g_autofree char *hash = nsk_sha256_hex(entry, strlen(entry));
    g_autofree char *last = nsk_hex(said->last.bytes, sizeof said->last.bytes);
    if (strcmp(hash, last) != 0)
        return nsk_judge_wrong(self, nsk_tr("entry %u of the history is not the last one of %s"),
                               (unsigned)said->events, day->at);
    nsk_judge_proved(self,
                     nsk_tr("on %s the history had %u entries and no more; of what came later "
                            "it has %u"),
                     day->at, (unsigned)said->events, n - (unsigned)said->events);
    return true;
}

bool
nsk_judge_day(NskJudge *self, const NskLogNoteKey *key)
{
    Day day;
    size_t size;
    NskDayMapProof said;
    GBytes *content = nsk_bag_find(self->bag, ENTRY);

    if (content == NULL && nsk_bag_find(self->bag, PROOF) == NULL &&
        nsk_bag_find(self->bag, MAP) == NULL) {
        nsk_judge_note(self, nsk_tr("no day's map of the log tells how many entries the history "
                                    "had: its last ones may have been left out"));
        return true;
    }
    content = nsk_judge_find(self, ENTRY);
    if (content == NULL)
        return false;
    const char *line = g_bytes_get_data(content, &size);
    bool is_line = size > 1 && memchr(line, '\n', size) == line + size - 1;
    g_autoptr(GBytes) bytes = g_bytes_new_from_bytes(content, 0, is_line ? size - 1 : 0);
    g_autoptr(NskJson) entry = is_line ? nsk_judge_parse(line, size - 1) : NULL;
    if (entry == NULL || !read_day(self, entry, &day))
        return nsk_judge_wrong(self, nsk_tr("%s: it is not the entry of a day of this log"), ENTRY);
    return check_entry(self, bytes, &day, key) && read_map(self, &day, &said) &&
           compare(self, &day, &said);
}
