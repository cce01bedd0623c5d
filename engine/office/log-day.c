/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The days of the log: an entry that binds how many entries every history has.
 *
 * INVARIANTS
 *   (1) A day has one such entry at most; a day on which the office did not run has none, and the
 *       next covers it.
 *   (2) An entry is of a tree that was signed before it: what it says can be proved at once.
 */
#include "base/bytes.h"
#include "base/fault.h"
#include "base/message.h"
#include "office/log-day-private.h"

#include <string.h>

#define PART      "naskah-log" /* who acts, in the journal */
#define MOST_DAYS 30           /* whose maps are made again to be compared */

/* --- Making one ------------------------------------------------------------------------------- */

typedef struct {
    const NskOffice *office;
    NskLogDay before; /* the newest that there is */
    NskLogDay day;    /* to be written */
} Work;

static bool
is_same_day(NskInstant a, NskInstant b, bool *out_same, GError **error)
{
    NskDate day, other;

    if (!nsk_office_common_day(a, &day, error) || !nsk_office_common_day(b, &other, error))
        return false;
    *out_same = nsk_date_compare(day, other) == 0;
    return true;
}

static bool
apply_day(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Work *work = data;
    NskLogDay newest;
    NskJournalNext next;
    NskJournalObject objects[] = { { .kind = NSK_DAY_MAP, .size = (int64_t)work->day.histories },
                                   { .kind = NSK_DAY_LOG, .size = (int64_t)work->day.leaves } };

    memcpy(objects[0].sha256, work->day.map.bytes, sizeof objects[0].sha256);
    memcpy(objects[1].sha256, work->day.tree.bytes, sizeof objects[1].sha256);
    const NskJournalEvent entry = { .origin = work->office->origin,
                                    .letter = NSK_LOG_HISTORY,
                                    .at = work->day.at,
                                    .actor = PART,
                                    .action = NSK_DAY_ACTION,
                                    .objects = objects,
                                    .n_objects = G_N_ELEMENTS(objects) };
    if (!nsk_log_find_day(txn, NSK_LOG_HISTORY, 0, &newest, error))
        return false;
    /* another process was first */
    return newest.seq != work->before.seq ||
           (nsk_journal_next(txn, NSK_LOG_HISTORY, &next, error) &&
            nsk_journal_append(txn, &entry, &next, error) && NSK_FAULT("log.day", error));
}

/* *out_due: there is none of today, and something was signed. */
static bool
read_day(NskOffice *self, Work *work, bool *out_due, GError **error)
{
    bool same = false;
    g_auto(NskLogState) state = { 0 };
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);

    *out_due = false;
    if (txn == NULL || !nsk_log_load(txn, &state, error) ||
        !nsk_log_find_day(txn, NSK_LOG_HISTORY, 0, &work->before, error) ||
        (work->before.seq != 0 && !is_same_day(work->before.at, work->day.at, &same, error)))
        return false;
    if (same || state.checkpoint == NULL || state.tree.size == 0)
        return true;
    g_autoptr(NskDayMap) map = nsk_log_map(txn, state.tree.size, &work->day.histories, error);
    if (map == NULL)
        return false;
    work->day.map = nsk_day_map_root(map);
    work->day.leaves = state.tree.size;
    work->day.tree = nsk_tree_root(&state.tree);
    *out_due = true;
    return true;
}

bool
nsk_office_map_day(NskOffice *self, GError **error)
{
    bool due;
    Work work = { .office = self, .day = { .at = nsk_clock_now(self->clock) } };

    return read_day(self, &work, &due, error) &&
           (!due || nsk_office_commit(self, apply_day, &work, NULL, error));
}

bool
nsk_office_audit_day(NskOffice *self, NskJson **out_result, GError **error)
{
    NskLogDay day;

    /* what waits for its leaf is to be in the map, and then the map's own entry in the log */
    if (!nsk_office_sequence(self, error) || !nsk_office_map_day(self, error) ||
        !nsk_office_sequence(self, error))
        return false;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    if (txn == NULL || !nsk_log_find_day(txn, NSK_LOG_HISTORY, 0, &day, error))
        return false;
    if (day.seq == 0) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                            nsk_tr("nothing of the log is signed yet; the next change signs it"));
        return false;
    }
    g_autofree char *at = nsk_instant_format(day.at);
    g_autofree char *root = nsk_hex(day.map.bytes, sizeof day.map.bytes);
    *out_result = nsk_json_object();
    nsk_json_set_text(*out_result, "at", at);
    nsk_json_set_int(*out_result, "histories", (int64_t)day.histories);
    nsk_json_set_int(*out_result, "entries", (int64_t)day.leaves);
    nsk_json_set_text(*out_result, "map", root);
    return true;
}

/* --- What one says of a letter ---------------------------------------------------------------- */

bool
nsk_log_prove_day(NskDbTxn *txn,
                  uint64_t leaves,
                  const char *letter,
                  NskLogDay *out_day,
                  NskDayMapProof *out_proof,
                  GError **error)
{
    uint64_t n, leaf;
    g_autoptr(GError) fault = NULL;

    for (*out_day = (NskLogDay){ 0 };;) {
        if (!nsk_log_find_day(txn, NSK_LOG_HISTORY, out_day->seq, out_day, error))
            return false;
        if (out_day->seq == 0)
            return true;
        /* one that was written just now has no leaf yet */
        if (nsk_log_find_leaf(txn, NSK_LOG_HISTORY, out_day->seq, &leaf, &fault) && leaf < leaves)
            break;
        if (fault != NULL && !g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND)) {
            g_propagate_error(error, g_steal_pointer(&fault));
            return false;
        }
        g_clear_error(&fault);
    }
    g_autoptr(NskDayMap) map = nsk_log_map(txn, out_day->leaves, &n, error);
    if (map == NULL)
        return false;
    if (!nsk_day_map_prove(map, letter, out_proof))
        out_day->seq = 0; /* it is younger */
    else if (!nsk_day_map_check(out_proof, letter, &out_day->map)) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                            nsk_tr("the newest day's map of the log does not fit the histories: "
                                   "run 'naskah audit verify'"));
        return false;
    }
    return true;
}

/* --- Checking them ---------------------------------------------------------------------------- */

static void
find(NskIssues *issues, const NskLogDay *day, const char *what)
{
    const NskIssue issue = { .tag = "audit-day",
                             .severity = NSK_SEVERITY_ERROR,
                             .file = (char *)(uintptr_t)NSK_LOG_HISTORY,
                             .line = (unsigned)day->seq };

    nsk_issues_add(issues, &issue, "%s", what);
}

static bool
check_map(NskDbTxn *txn, const NskLogDay *day, NskIssues *issues, GError **error)
{
    uint64_t n;
    g_autoptr(NskDayMap) map = nsk_log_map(txn, day->leaves, &n, error);

    if (map == NULL)
        return false;
    NskHash root = nsk_day_map_root(map);
    if (n != day->histories || !nsk_hash_equal(&root, &day->map))
        find(issues, day, nsk_tr("the map of that day does not fit the histories as they were"));
    return true;
}

/* Whether the log began as the day says that it was. */
static bool
check_tree(const NskTreeSource *source,
           uint64_t size,
           const NskLogDay *day,
           NskIssues *issues,
           GError **error)
{
    NskTree then = { 0 };
    g_autoptr(GError) fault = NULL;

    if (day->leaves <= size && !nsk_tree_read(source, day->leaves, &then, &fault)) {
        if (g_error_matches(fault, NSK_ERROR, NSK_ERROR_CORRUPT)) {
            find(issues, day, fault->message);
            return true;
        }
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    NskHash root = nsk_tree_root(&then);
    if (day->leaves > size || !nsk_hash_equal(&root, &day->tree))
        find(issues, day,
             nsk_tr("the log was not the one that it is now when that day was mapped"));
    return true;
}

bool
nsk_log_check_days(NskDbTxn *txn, NskTiles *tiles, uint64_t size, NskIssues *issues, GError **error)
{
    NskLogDay day = { 0 };
    NskTreeSource source = nsk_tiles_source(tiles);

    for (unsigned n = 0;; n++) {
        g_autoptr(GError) fault = NULL;
        int64_t before = day.seq;

        if (!nsk_log_find_day(txn, NSK_LOG_HISTORY, before, &day, &fault)) {
            if (!g_error_matches(fault, NSK_ERROR, NSK_ERROR_UNTRUSTED)) {
                g_propagate_error(error, g_steal_pointer(&fault));
                return false;
            }
            find(issues, &day, fault->message);
            return true;
        }
        if (day.seq == 0)
            return true;
        if (!check_tree(&source, size, &day, issues, error) ||
            (n < MOST_DAYS && !check_map(txn, &day, issues, error)))
            return false;
    }
}
