/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one judge of who may read (see access-private.h).
 *
 * INVARIANTS
 *   (1) Nobody reads more than his tie to the letter opens in its class, as the class is now.
 *   (2) Who helps or stands in never reads more than the position that he does it for.
 *   (3) Nobody reads because he runs the office or the machine, or because he is in the same unit.
 */
#include "base/message.h"
#include "office/access-private.h"
#include "office/access.h"

#include <string.h>

static const char sql_lies_before[] =
    "SELECT 1 FROM inbox INDEXED BY inbox_task WHERE letter = $1 AND position = $2 LIMIT 1";

#define CLASSES (NSK_SECURITY_SANGAT_RAHASIA + 1)

#define NO  NSK_READER_NONE
#define ALL NSK_READER_ROUTE
#define FIT NSK_READER_DELIVERY

/*
 * By tie and class.  FIT is the letter as it was signed; ALL its versions and its history too.
 *
 * Rahasia and sangat rahasia go under double cover to those named (domain.md 1.7): who opens
 * somebody's mail for him, the unit's office among them, knows of the cover alone.  Of what is
 * sangat rahasia, who only has a task at hand sees the letter and not how it came to be.
 */
static const NskReaderLevel rules[NSK_TIE_COUNT][CLASSES] = {
    /*                    biasa terbatas rahasia sangat rahasia */
    [NSK_TIE_NAMED] = { ALL, ALL, ALL, ALL }, [NSK_TIE_LAID] = { ALL, ALL, ALL, FIT },
    [NSK_TIE_SENT] = { FIT, FIT, FIT, FIT },  [NSK_TIE_HELPS] = { ALL, ALL, NO, NO },
    [NSK_TIE_COVERS] = { ALL, ALL, NO, NO },  [NSK_TIE_KEEPS] = { ALL, ALL, NO, NO },
    [NSK_TIE_LENT] = { FIT, FIT, NO, NO },    [NSK_TIE_UNIT] = { NO, NO, NO, NO },
    [NSK_TIE_RUNS] = { NO, NO, NO, NO },      [NSK_TIE_NONE] = { NO, NO, NO, NO },
};

/* Those whom people would ask about. */
typedef struct {
    const char *id;
    NskTie tie;
    const char *words;
} Relation;
static const Relation relations[] = {
    { "writer", NSK_TIE_NAMED, N_("wrote it") },
    { "reviewer", NSK_TIE_NAMED, N_("reviews it, or gave his paraf") },
    { "signer", NSK_TIE_NAMED, N_("signs it") },
    { "receiver", NSK_TIE_NAMED, N_("received a disposition of it") },
    { "told", NSK_TIE_NAMED, N_("was told of it by its workflow") },
    { "task", NSK_TIE_LAID, N_("has a task of it at hand") },
    { "addressee", NSK_TIE_SENT, N_("it is addressed to him, and was sent") },
    { "copy", NSK_TIE_SENT, N_("a copy of it was sent to him") },
    { "assistant", NSK_TIE_HELPS, N_("assists one of these") },
    { "substitute", NSK_TIE_COVERS, N_("stands in for one of these who is away") },
    { "registrar", NSK_TIE_KEEPS, N_("registered it when it came in") },
    { "keeper", NSK_TIE_KEEPS, N_("keeps its unit's records (archivist, TU)") },
    { "borrower", NSK_TIE_LENT, N_("has it on loan from its archivist") },
    { "colleague", NSK_TIE_UNIT, N_("is in the same unit, without a part in it") },
    { "administrator", NSK_TIE_RUNS, N_("owns or runs the office and its machine") },
    { "stranger", NSK_TIE_NONE, N_("everybody else") },
};

static const char *const level_names[] = { [NO] = "none", [FIT] = "letter", [ALL] = "history" };

NskReaderLevel
nsk_access_most(const char *security, NskTie tie)
{
    NskSecurity class;

    return rules[tie][nsk_security_parse(security, &class) ? class : NSK_SECURITY_SANGAT_RAHASIA];
}

const char *
nsk_access_level_name(NskReaderLevel level)
{
    return level_names[level];
}

const char *
nsk_access_relation_words(const char *id)
{
    for (size_t i = 0; i < G_N_ELEMENTS(relations); i++) {
        if (strcmp(relations[i].id, id) == 0)
            return nsk_tr(relations[i].words);
    }
    return id;
}

NskJson *
nsk_office_access_rules(void)
{
    NskJson *result = nsk_json_object();
    NskJson *list = nsk_json_array();

    for (size_t i = 0; i < G_N_ELEMENTS(relations); i++) {
        NskJson *row = nsk_json_object();

        nsk_json_set_text(row, "relation", relations[i].id);
        nsk_json_set_text(row, "words", nsk_tr(relations[i].words));
        for (int k = 0; k < CLASSES; k++)
            nsk_json_set_text(row, nsk_security_name((NskSecurity)k),
                              level_names[rules[relations[i].tie][k]]);
        nsk_json_add(list, row);
    }
    nsk_json_set(result, "relations", list);
    return result;
}

/* --- One reading ------------------------------------------------------------------------------ */

/* What a position is to the letter. */
static bool
find_tie(NskDbTxn *txn, const char *letter, const char *position, NskTie *out_tie, GError **error)
{
    bool lies = false;
    NskReaderLevel level;

    if (!nsk_reader_find(txn, letter, position, &level, error))
        return false;
    if (level == NSK_READER_ROUTE) {
        *out_tie = NSK_TIE_NAMED;
        return true;
    }
    /* a letter is open to a position as long as a task of it lies before it */
    g_autoptr(NskDbRows) rows = nsk_db_query(
        txn, sql_lies_before, NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_TEXT(position)), error);
    if (rows == NULL || !nsk_db_rows_next(rows, &lies, error))
        return false;
    if (lies)
        *out_tie = NSK_TIE_LAID;
    else
        *out_tie = level == NSK_READER_DELIVERY ? NSK_TIE_SENT : NSK_TIE_NONE;
    return true;
}

bool
nsk_access_open(NskDbTxn *txn,
                const NskLetterRow *row,
                const NskReading *reading,
                NskOpening *out,
                GError **error)
{
    static const NskTie as[] = { [NSK_READS_AS_ASSISTANT] = NSK_TIE_HELPS,
                                 [NSK_READS_AS_SUBSTITUTE] = NSK_TIE_COVERS };
    NskTie tie;

    if (reading->as == NSK_READS_AS_ARCHIVIST) {
        out->tie = strcmp(reading->unit, row->unit) == 0 ? NSK_TIE_KEEPS : NSK_TIE_NONE;
        out->level = nsk_access_most(row->security, out->tie);
        return true;
    }
    out->tie = reading->as == NSK_READS_AS_HOLDER ? NSK_TIE_NONE : as[reading->as];
    out->level = NSK_READER_NONE;
    if (reading->as != NSK_READS_AS_HOLDER &&
        nsk_access_most(row->security, out->tie) == NSK_READER_NONE)
        return true;
    if (!find_tie(txn, row->id, reading->position, &tie, error))
        return false;
    out->level = nsk_access_most(row->security, tie);
    if (reading->as == NSK_READS_AS_HOLDER)
        out->tie = tie;
    else
        out->level = MIN(out->level, nsk_access_most(row->security, out->tie));
    return true;
}

bool
nsk_access_open_lent(NskDbTxn *txn,
                     const NskLetterRow *row,
                     const char *person,
                     NskDate today,
                     NskOpening *out,
                     GError **error)
{
    bool lent = false;

    *out = (NskOpening){ NSK_TIE_NONE, NSK_READER_NONE };
    if (nsk_access_most(row->security, NSK_TIE_LENT) == NSK_READER_NONE)
        return true;
    if (!nsk_loan_opens(txn, row->id, person, today, &lent, error))
        return false;
    if (lent)
        *out = (NskOpening){ NSK_TIE_LENT, nsk_access_most(row->security, NSK_TIE_LENT) };
    return true;
}

bool
nsk_access_level(NskDbTxn *txn,
                 const NskLetterRow *row,
                 const GPtrArray *readings,
                 NskReaderLevel *out_level,
                 GError **error)
{
    *out_level = NSK_READER_NONE;
    for (guint i = 0; i < readings->len && *out_level != NSK_READER_ROUTE; i++) {
        NskOpening opening;

        if (!nsk_access_open(txn, row, g_ptr_array_index(readings, i), &opening, error))
            return false;
        *out_level = MAX(*out_level, opening.level);
    }
    return true;
}
