/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who may read a letter today, and why: everybody is put before the judge, so that what is told
 * here cannot differ from what is done.
 */
#include "base/message.h"
#include "office/access-private.h"
#include "office/access.h"

#include <string.h>

#define AT_ONCE 500 /* people, read from the directory */

static const char sql_part[] =
    "SELECT CASE"
    " WHEN EXISTS (SELECT 1 FROM letter WHERE id = $1 AND drafter = $2) THEN"
    "  CASE WHEN EXISTS (SELECT 1 FROM incoming WHERE letter = $1) THEN 'registrar'"
    "  ELSE 'writer' END"
    " WHEN EXISTS (SELECT 1 FROM route WHERE letter = $1 AND position = $2"
    "  AND role = 'signatory') THEN 'signer'"
    " WHEN EXISTS (SELECT 1 FROM route WHERE letter = $1 AND position = $2"
    "  AND role IN ('reviewer', 'coordinator')) THEN 'reviewer'"
    " WHEN EXISTS (SELECT 1 FROM paraf WHERE letter = $1 AND position = $2) THEN 'reviewer'"
    " WHEN EXISTS (SELECT 1 FROM disposition_receiver WHERE letter = $1 AND position = $2"
    "  AND task IS NOT NULL) THEN 'receiver'"
    " WHEN EXISTS (SELECT 1 FROM route WHERE letter = $1 AND position = $2 AND role = 'to')"
    "  THEN 'addressee'"
    " WHEN EXISTS (SELECT 1 FROM route WHERE letter = $1 AND position = $2 AND role = 'copy')"
    "  THEN 'copy'"
    " WHEN EXISTS (SELECT 1 FROM notice WHERE letter = $1 AND position = $2) THEN 'told' END";

typedef struct {
    NskDbTxn *txn;
    const NskLetterRow *row;
    NskDate today;
    NskJson *readers;
} Asking;

/* What the position is to the letter; NULL without error if it is no part of it. */
static bool
find_part(const Asking *self, const char *position, char **out_part, GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(self->txn, sql_part,
                     NSK_DB_PARAMS(NSK_DB_TEXT(self->row->id), NSK_DB_TEXT(position)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    *out_part = has_row ? g_strdup(nsk_db_rows_text(rows, 0)) : NULL;
    return true;
}

/* The name of the relation, as in the table of rules. */
static bool
name_relation(const Asking *self,
              const NskReading *reading,
              NskTie tie,
              char **out_relation,
              GError **error)
{
    static const char *const names[NSK_TIE_COUNT] = { [NSK_TIE_HELPS] = "assistant",
                                                      [NSK_TIE_COVERS] = "substitute",
                                                      [NSK_TIE_KEEPS] = "keeper",
                                                      [NSK_TIE_LAID] = "task" };

    *out_relation = g_strdup(names[tie]);
    return *out_relation != NULL || find_part(self, reading->position, out_relation, error);
}

static bool
add_way(const Asking *self,
        const NskReading *reading,
        const NskOpening *opening,
        NskJson *ways,
        GError **error)
{
    g_autofree char *relation = NULL;
    NskJson *way = nsk_json_object();

    nsk_json_add(ways, way);
    g_autoptr(NskPosition) position =
        nsk_directory_get_position(self->txn, reading->position, error);
    if (position == NULL || !name_relation(self, reading, opening->tie, &relation, error))
        return false;
    nsk_json_set_text(way, "position", reading->position);
    nsk_json_set_text(way, "title", position->title);
    nsk_json_set_text(way, "relation", relation);
    nsk_json_set_text(way, "why", relation != NULL ? nsk_access_relation_words(relation) : NULL);
    nsk_json_set_text(way, "level", nsk_access_level_name(opening->level));
    return true;
}

/* The loan that opens the letter to him, beside what his positions open. */
static bool
add_loan(const Asking *self,
         const char *person,
         NskJson *ways,
         NskReaderLevel *best,
         GError **error)
{
    NskOpening opening;

    if (!nsk_access_open_lent(self->txn, self->row, person, self->today, &opening, error))
        return false;
    if (opening.level == NSK_READER_NONE)
        return true;
    NskJson *way = nsk_json_object();
    nsk_json_set_text(way, "position", NULL);
    nsk_json_set_text(way, "title", NULL);
    nsk_json_set_text(way, "relation", "borrower");
    nsk_json_set_text(way, "why", nsk_access_relation_words("borrower"));
    nsk_json_set_text(way, "level", nsk_access_level_name(opening.level));
    nsk_json_add(ways, way);
    *best = MAX(*best, opening.level);
    return true;
}

/* Puts a person before the judge; adds him if he may read, or in any case with @always. */
static bool
ask_for(const Asking *self, const char *person, const char *name, bool always, GError **error)
{
    NskReaderLevel best = NSK_READER_NONE;
    g_autoptr(NskJson) ways = nsk_json_array();
    g_autoptr(GPtrArray) readings = nsk_directory_readings(self->txn, person, self->today, error);

    for (guint i = 0; readings != NULL && i < readings->len; i++) {
        const NskReading *reading = g_ptr_array_index(readings, i);
        NskOpening opening;

        if (!nsk_access_open(self->txn, self->row, reading, &opening, error) ||
            (opening.level != NSK_READER_NONE && !add_way(self, reading, &opening, ways, error)))
            return false;
        best = MAX(best, opening.level);
    }
    if (readings == NULL || !add_loan(self, person, ways, &best, error))
        return false;
    if (best == NSK_READER_NONE && !always)
        return true;
    NskJson *reader = nsk_json_object();
    nsk_json_set_text(reader, "person", person);
    nsk_json_set_text(reader, "name", name);
    nsk_json_set_text(reader, "level", nsk_access_level_name(best));
    nsk_json_set(reader, "ways", g_steal_pointer(&ways));
    nsk_json_add(self->readers, reader);
    return true;
}

static bool
ask_for_all(const Asking *self, GError **error)
{
    bool more = true;
    g_autofree char *after = g_strdup("");

    while (more) {
        g_autoptr(GPtrArray) people =
            nsk_directory_list(self->txn, NSK_DIRECTORY_PERSON, NULL, after, AT_ONCE, error);

        for (guint i = 0; people != NULL && i < people->len; i++) {
            const NskDirectoryHit *hit = g_ptr_array_index(people, i);

            if (!ask_for(self, hit->id, hit->label, false, error))
                return false;
            g_free(after);
            after = g_strdup(hit->id);
        }
        if (people == NULL)
            return false;
        more = people->len == AT_ONCE;
    }
    return true;
}

/* One may ask about oneself; about others, who may see how the letter came to be. */
bool
nsk_office_access(NskOffice *self,
                  const char *letter,
                  const char *person,
                  NskJson **out_result,
                  GError **error)
{
    g_autoptr(NskJson) result = nsk_json_object();
    Asking asking = { .readers = nsk_json_array() };
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    bool oneself = person != NULL && g_strcmp0(person, self->person) == 0;

    nsk_json_set(result, "readers", asking.readers);
    g_autoptr(NskLetterRow) row = txn == NULL ? NULL
                                  : oneself   ? nsk_access_letter(self, txn, letter, error)
                                              : nsk_access_route(self, txn, letter, error);
    g_autoptr(NskPerson) one =
        row != NULL && person != NULL ? nsk_directory_get_person(txn, person, error) : NULL;
    if (row == NULL || (person != NULL && one == NULL) ||
        !nsk_office_today(txn, row->unit, nsk_clock_now(self->clock), &asking.today, error))
        return false;
    asking.txn = txn;
    asking.row = row;
    if (one != NULL ? !ask_for(&asking, one->id, one->printed, true, error)
                    : !ask_for_all(&asking, error))
        return false;
    nsk_json_set_text(result, "letter", row->id);
    nsk_json_set_text(result, "security", row->security);
    *out_result = g_steal_pointer(&result);
    return true;
}
