/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The index of letters: their rows, routes and readers. */
#include "base/id.h"
#include "base/json.h"
#include "base/message.h"
#include "office/office-private.h"

#include <string.h>

#define SAYS_SIZE 65 /* a name of 64 characters, or a day */

static const char sql_load_letter[] =
    "SELECT id, unit, kind, subject, security, urgency, state, drafter, drafter_person, number,"
    " letter_date, kind_version, profile, profile_version, workflow, workflow_version, flow,"
    " content, locked, created, changed, dispatched, draft FROM letter WHERE id = $1";
static const char sql_add_letter[] =
    "INSERT INTO letter (id, unit, kind, subject, security, urgency, state, drafter,"
    " drafter_person, number, letter_date, kind_version, profile, profile_version, workflow,"
    " workflow_version, flow, content, locked, created, changed, dispatched, draft)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,"
    " $19, $20, $21, $22, $23)";
/* without the number, which has an index of its own to be kept */
static const char sql_change_letter[] =
    "UPDATE letter SET subject = $2, security = $3, urgency = $4, state = $5, flow = $6,"
    " content = $7, locked = $8, changed = $9, dispatched = $10, draft = $11 WHERE id = $1";
static const char sql_change_number[] =
    "UPDATE letter SET number = $2, letter_date = $3 WHERE id = $1"
    " AND (number IS NOT $2 OR letter_date IS NOT $3)";
static const char sql_change_version[] = "UPDATE letter SET workflow_version = $2 WHERE id = $1";
/* three look-ups, each by an index of its own */
static const char sql_search_letter[] =
    "SELECT id FROM letter WHERE id = $1"
    " UNION SELECT id FROM letter WHERE number = $1"
    " UNION SELECT id FROM letter WHERE substr(id, -12) = $1"
    " UNION SELECT letter FROM incoming WHERE agenda = $1"
    " UNION SELECT letter FROM incoming WHERE number = $1"
    " AND number <> ''"
    " UNION SELECT letter FROM letter_external WHERE id = $1"
    " AND id <> ''"
    " UNION SELECT letter FROM letter_external WHERE number = $1"
    " LIMIT 100";
static const char sql_clear_route[] = "DELETE FROM route WHERE letter = $1";
static const char sql_whole_route[] = "SELECT role, n, position, capacity, mandate, says FROM route"
                                      " WHERE letter = $1 ORDER BY role, n";
static const char sql_add_route[] =
    "INSERT INTO route (letter, role, n, position, capacity, mandate, says)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7)";
static const char sql_load_route[] =
    "SELECT role, n, position, capacity, mandate, CASE WHEN role = 'reviewer'"
    " OR role = 'coordinator' THEN EXISTS (SELECT 1 FROM paraf p WHERE p.letter = route.letter"
    "  AND p.position = route.position AND p.voided IS NULL)"
    " WHEN role = 'signatory' THEN EXISTS (SELECT 1 FROM signing s WHERE s.letter = route.letter"
    "  AND s.n = route.n AND s.state = 'stored') ELSE 0 END, says"
    " FROM route WHERE letter = $1 AND role = $2 ORDER BY n";
static const char sql_load_parts[] =
    "SELECT role, n, position, capacity, mandate, CASE WHEN role = 'reviewer'"
    " OR role = 'coordinator' THEN EXISTS (SELECT 1 FROM paraf p WHERE p.letter = route.letter"
    "  AND p.position = route.position AND p.voided IS NULL)"
    " WHEN role = 'signatory' THEN EXISTS (SELECT 1 FROM signing s WHERE s.letter = route.letter"
    "  AND s.n = route.n AND s.state = 'stored') ELSE 0 END, says"
    " FROM route WHERE letter = $1 ORDER BY role, n";
static const char sql_clear_readers[] =
    "DELETE FROM reader WHERE letter = $1 AND position <>"
    " (SELECT drafter FROM letter WHERE id = $1) AND NOT EXISTS (SELECT 1 FROM paraf p"
    " WHERE p.letter = $1 AND p.position = reader.position)"
    " AND NOT EXISTS (SELECT 1 FROM disposition_receiver r WHERE r.letter = $1"
    " AND r.position = reader.position AND r.task IS NOT NULL)"
    " AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.letter = $1 AND n.position = reader.position)";
static const char sql_add_reader[] =
    "INSERT INTO reader (position, letter, level) VALUES ($1, $2, 'route')"
    " ON CONFLICT (position, letter) DO UPDATE SET level = excluded.level";
/* who is on the route stays so */
static const char sql_deliver_reader[] =
    "INSERT INTO reader (position, letter, level) VALUES ($1, $2, 'delivery')"
    " ON CONFLICT DO NOTHING";
static const char sql_reader_level[] =
    "SELECT level = 'route' FROM reader WHERE position = $1 AND letter = $2";

/* Where a row's texts are; whatever frees or copies a row goes by this list. */
static const size_t row_texts[] = {
    offsetof(NskLetterRow, id),
    offsetof(NskLetterRow, unit),
    offsetof(NskLetterRow, kind),
    offsetof(NskLetterRow, subject),
    offsetof(NskLetterRow, security),
    offsetof(NskLetterRow, urgency),
    offsetof(NskLetterRow, state),
    offsetof(NskLetterRow, drafter),
    offsetof(NskLetterRow, drafter_person),
    offsetof(NskLetterRow, number),
    offsetof(NskLetterRow, letter_date),
    offsetof(NskLetterRow, kind_version),
    offsetof(NskLetterRow, profile),
    offsetof(NskLetterRow, profile_version),
    offsetof(NskLetterRow, workflow),
    offsetof(NskLetterRow, workflow_version),
    offsetof(NskLetterRow, flow),
    offsetof(NskLetterRow, draft),
    offsetof(NskLetterRow, agenda),
    offsetof(NskLetterRow, told),
};

void
nsk_letter_row_free(NskLetterRow *self)
{
    if (self == NULL)
        return;
    for (size_t i = 0; i < G_N_ELEMENTS(row_texts); i++)
        g_free(G_STRUCT_MEMBER(char *, self, row_texts[i]));
    g_free(self);
}

static NskLetterRow *
copy_row(const NskLetterRow *row)
{
    NskLetterRow *copy = g_memdup2(row, sizeof *row);

    for (size_t i = 0; i < G_N_ELEMENTS(row_texts); i++)
        G_STRUCT_MEMBER(char *, copy, row_texts[i]) =
            g_strdup(G_STRUCT_MEMBER(char *, copy, row_texts[i]));
    return copy;
}

static NskLetterRow *
read_letter(NskDbRows *rows)
{
    NskLetterRow *row = g_new0(NskLetterRow, 1);
    char **texts[] = { &row->id,
                       &row->unit,
                       &row->kind,
                       &row->subject,
                       &row->security,
                       &row->urgency,
                       &row->state,
                       &row->drafter,
                       &row->drafter_person,
                       &row->number,
                       &row->letter_date,
                       &row->kind_version,
                       &row->profile,
                       &row->profile_version,
                       &row->workflow,
                       &row->workflow_version,
                       &row->flow };
    int column = 0;
    size_t size;

    for (; column < (int)G_N_ELEMENTS(texts); column++)
        *texts[column] = g_strdup(nsk_db_rows_text(rows, column));
    const void *content = nsk_db_rows_blob(rows, column++, &size);
    g_assert(size == sizeof row->content); /* a CHECK of the schema */
    memcpy(row->content, content, size);
    row->locked = nsk_db_rows_int(rows, column++) != 0;
    row->created = nsk_db_rows_int(rows, column++);
    row->changed = nsk_db_rows_int(rows, column++);
    row->dispatched = nsk_db_rows_int(rows, column++);
    row->draft = g_strdup(nsk_db_rows_text(rows, column));
    return row;
}

#define ROWS_REMEMBERED 4096
#define FLOW_REMEMBERED                                                                            \
    8192 /* bytes of where the workflow stands; rows with more are read anew                       \
          */

static void
free_row(gpointer row)
{
    nsk_letter_row_free(row);
}

static const char *const row_tables[] = { "letter", NULL };
static const char *const row_keepers[] = { sql_add_letter, sql_change_letter, sql_change_number,
                                           sql_change_version, NULL };
static const NskDbMemo remembered_rows = { row_tables, row_keepers, free_row, ROWS_REMEMBERED };

/* But for what the change alone knows. */
static void
remember_row(NskDbTxn *txn, const NskLetterRow *row)
{
    if (strlen(row->flow) > FLOW_REMEMBERED) {
        nsk_db_forget(txn, &remembered_rows, row->id);
        return;
    }
    NskLetterRow *copy = copy_row(row);
    g_clear_pointer(&copy->agenda, g_free);
    g_clear_pointer(&copy->told, g_free);
    nsk_db_remember(txn, &remembered_rows, row->id, copy);
}

NskLetterRow *
nsk_letter_row_load(NskDbTxn *txn, const char *id, GError **error)
{
    bool has_row = false;
    const NskLetterRow *known = nsk_db_recall(txn, &remembered_rows, id);

    if (known != NULL)
        return copy_row(known);
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_load_letter, NSK_DB_PARAMS(NSK_DB_TEXT(id)), error);
    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return NULL;
    if (has_row) {
        NskLetterRow *row = read_letter(rows);

        remember_row(txn, row);
        return row;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND, nsk_tr("there is no letter '%s'"), id);
    return NULL;
}

void
nsk_letter_row_take_content(NskLetterRow *row, const NskLetter *letter)
{
    const NskLetterFacts *facts = nsk_letter_get_facts(letter);

    g_free(row->subject);
    g_free(row->security);
    g_free(row->urgency);
    row->subject = g_strdup(facts->subject);
    row->security = g_strdup(nsk_security_name(facts->security));
    row->urgency = g_strdup(nsk_urgency_name(facts->urgency));
    nsk_letter_content_digest(letter, row->content);
}

bool
nsk_security_is_secret(const char *security)
{
    return strcmp(security, "rahasia") == 0 || strcmp(security, "sangat-rahasia") == 0;
}

bool
nsk_letter_row_is_secret(const NskLetterRow *row)
{
    return nsk_security_is_secret(row->security);
}

static NskDbValue
dispatched_value(const NskLetterRow *row)
{
    return row->dispatched != 0 ? NSK_DB_INT(row->dispatched) : NSK_DB_NULL;
}

static bool
add_row(NskDbTxn *txn, const NskLetterRow *row, GError **error)
{
    return nsk_db_exec(
        txn, sql_add_letter,
        NSK_DB_PARAMS(NSK_DB_TEXT(row->id), NSK_DB_TEXT(row->unit), NSK_DB_TEXT(row->kind),
                      NSK_DB_TEXT(row->subject), NSK_DB_TEXT(row->security),
                      NSK_DB_TEXT(row->urgency), NSK_DB_TEXT(row->state), NSK_DB_TEXT(row->drafter),
                      NSK_DB_TEXT(row->drafter_person), NSK_DB_TEXT(row->number),
                      NSK_DB_TEXT(row->letter_date), NSK_DB_TEXT(row->kind_version),
                      NSK_DB_TEXT(row->profile), NSK_DB_TEXT(row->profile_version),
                      NSK_DB_TEXT(row->workflow), NSK_DB_TEXT(row->workflow_version),
                      NSK_DB_TEXT(row->flow), NSK_DB_BLOB(row->content, sizeof row->content),
                      NSK_DB_INT(row->locked), NSK_DB_INT(row->created), NSK_DB_INT(row->changed),
                      dispatched_value(row), NSK_DB_TEXT(row->draft)),
        NULL, error);
}

/* Whether the row is known to have its number and date already. */
static bool
has_number(NskDbTxn *txn, const NskLetterRow *row)
{
    const NskLetterRow *known = nsk_db_recall(txn, &remembered_rows, row->id);

    return known != NULL && g_strcmp0(known->number, row->number) == 0 &&
           g_strcmp0(known->letter_date, row->letter_date) == 0;
}

static bool
save_row(NskDbTxn *txn, const NskLetterRow *row, GError **error)
{
    int64_t found = 0;
    bool numbered = has_number(txn, row);

    if (!nsk_db_exec(txn, sql_change_letter,
                     NSK_DB_PARAMS(NSK_DB_TEXT(row->id), NSK_DB_TEXT(row->subject),
                                   NSK_DB_TEXT(row->security), NSK_DB_TEXT(row->urgency),
                                   NSK_DB_TEXT(row->state), NSK_DB_TEXT(row->flow),
                                   NSK_DB_BLOB(row->content, sizeof row->content),
                                   NSK_DB_INT(row->locked), NSK_DB_INT(row->changed),
                                   dispatched_value(row), NSK_DB_TEXT(row->draft)),
                     &found, error))
        return false;
    if (found == 0)
        return add_row(txn, row, error);
    return numbered || nsk_db_exec(txn, sql_change_number,
                                   NSK_DB_PARAMS(NSK_DB_TEXT(row->id), NSK_DB_TEXT(row->number),
                                                 NSK_DB_TEXT(row->letter_date)),
                                   NULL, error);
}

bool
nsk_letter_row_add(NskDbTxn *txn, const NskLetterRow *row, GError **error)
{
    if (!add_row(txn, row, error))
        return false;
    remember_row(txn, row);
    return true;
}

bool
nsk_letter_row_save(NskDbTxn *txn, const NskLetterRow *row, GError **error)
{
    if (!save_row(txn, row, error))
        return false;
    remember_row(txn, row);
    return true;
}

bool
nsk_letter_row_set_version(NskDbTxn *txn, NskLetterRow *row, const char *version, GError **error)
{
    g_free(row->workflow_version);
    row->workflow_version = g_strdup(version);
    nsk_db_forget(txn, &remembered_rows, row->id);
    return nsk_db_exec(txn, sql_change_version,
                       NSK_DB_PARAMS(NSK_DB_TEXT(row->id), NSK_DB_TEXT(version)), NULL, error);
}

GPtrArray *
nsk_letter_row_search(NskDbTxn *txn, const char *text, GError **error)
{
    return nsk_db_list_texts(txn, sql_search_letter, NSK_DB_PARAMS(NSK_DB_TEXT(text)), error);
}

void
nsk_route_part_free(gpointer part)
{
    NskRoutePart *self = part;

    if (self == NULL)
        return;
    g_free(self->role);
    g_free(self->position);
    g_free(self->capacity);
    g_free(self->mandate);
    g_free(self->says);
    g_free(self);
}

/* A part to be written; all borrowed. */
typedef struct {
    const char *role, *position, *capacity, *mandate;
    size_t n; /* counted from 0 */
    char says[SAYS_SIZE];
} PartText;

static void
add_positions(GArray *parts, const char *role, const char *const *positions, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        PartText part = { role, positions[i], "", "", i, "" };

        g_array_append_val(parts, part);
    }
}

static void
add_parties(GArray *parts, const char *role, const NskLetterParty *parties, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *position = parties[i].position;
        PartText part = { role, position != NULL ? position : "", "", "", i, "" };

        g_array_append_val(parts, part);
    }
}

static void
add_day(GArray *parts, const char *role, NskDate date)
{
    PartText part = { role, "", "", "", 0, "" };

    if (!nsk_date_is_set(date))
        return;
    g_autofree char *day = nsk_date_format(date);
    (void)g_strlcpy(part.says, day, sizeof part.says);
    g_array_append_val(parts, part);
}

static void
add_consultants(GArray *parts, const NskLetterFacts *facts)
{
    for (size_t i = 0; i < facts->n_consultants; i++) {
        PartText part = { "consultant", "", "", "", i, "" };

        (void)g_strlcpy(part.says, facts->consultants[i], sizeof part.says);
        g_array_append_val(parts, part);
    }
}

static void
add_signatories(GArray *parts, const NskLetterFacts *facts)
{
    for (size_t i = 0; i < facts->n_signatories; i++) {
        const NskLetterSignatory *signatory = &facts->signatories[i];
        PartText part = { "signatory",
                          signatory->position,
                          nsk_capacity_name(signatory->capacity),
                          signatory->mandate != NULL ? signatory->mandate : "",
                          i,
                          "" };

        g_array_append_val(parts, part);
    }
}

/* The parts that the content names; in the order in which the index of routes has them. */
static GArray *
list_parts(const NskLetterFacts *facts)
{
    GArray *parts = g_array_new(FALSE, FALSE, sizeof(PartText));

    add_positions(parts, "assignee", facts->assignment.assignees, facts->assignment.n_assignees);
    add_day(parts, "assignment-begins", facts->assignment.begins);
    add_day(parts, "assignment-ends", facts->assignment.ends);
    add_consultants(parts, facts);
    add_positions(parts, "coordinator", facts->coordinators, facts->n_coordinators);
    add_parties(parts, "copy", facts->copies, facts->n_copies);
    add_day(parts, "meeting-day", facts->meeting.day);
    add_day(parts, "meeting-remind", facts->meeting.remind);
    add_day(parts, "meeting-until", facts->meeting.until);
    add_positions(parts, "reviewer", facts->reviewers, facts->n_reviewers);
    add_signatories(parts, facts);
    add_parties(parts, "to", facts->addressees, facts->n_addressees);
    return parts;
}

/* Whether the row is the part. */
static bool
row_is_part(NskDbRows *rows, const PartText *part)
{
    return strcmp(nsk_db_rows_text(rows, 0), part->role) == 0 &&
           nsk_db_rows_int(rows, 1) == (int64_t)part->n + 1 &&
           strcmp(nsk_db_rows_text(rows, 2), part->position) == 0 &&
           strcmp(nsk_db_rows_text(rows, 3), part->capacity) == 0 &&
           strcmp(nsk_db_rows_text(rows, 4), part->mandate) == 0 &&
           strcmp(nsk_db_rows_text(rows, 5), part->says) == 0;
}

#define ROUTES_REMEMBERED 8192

static const char *const route_tables[] = { "route", NULL };
static const char *const route_keepers[] = { sql_clear_route, sql_add_route, NULL };
/* The parts of a letter as spell_parts() writes them. */
static const NskDbMemo routes = { route_tables, route_keepers, g_free, ROUTES_REMEMBERED };

/* One text for the parts; no part has a line feed in it. */
static char *
spell_parts(const GArray *parts)
{
    GString *out = g_string_sized_new(256);

    for (guint i = 0; i < parts->len; i++) {
        const PartText *part = &g_array_index(parts, PartText, i);
        const char *const texts[] = { part->role, part->position, part->capacity, part->mandate,
                                      part->says };

        for (size_t j = 0; j < G_N_ELEMENTS(texts); j++) {
            g_string_append(out, texts[j]);
            g_string_append_c(out, '\n');
        }
        nsk_json_append_int(out, (int64_t)part->n);
    }
    return g_string_free(out, FALSE);
}

typedef enum { COMPARED_NONE, COMPARED_SAME, COMPARED_OTHER } Compared;

/* Whether the index has no parts, just these, or others.  Most changes of a letter leave its route
 * alone. */
static bool
compare_parts(NskDbTxn *txn, const char *id, const GArray *parts, Compared *out, GError **error)
{
    bool has_row = true;
    bool same = true;
    guint n = 0;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_whole_route, NSK_DB_PARAMS(NSK_DB_TEXT(id)), error);

    while (rows != NULL && has_row && same) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (has_row) {
            same = n < parts->len && row_is_part(rows, &g_array_index(parts, PartText, n));
            n++;
        }
    }
    *out = n == 0 && parts->len > 0  ? COMPARED_NONE
           : same && n == parts->len ? COMPARED_SAME
                                     : COMPARED_OTHER;
    return rows != NULL;
}

/* Adds one part, and lets a position that acts in it read the letter. */
static bool
add_part(NskDbTxn *txn, const char *id, const PartText *part, GError **error)
{
    bool acts = strcmp(part->role, "reviewer") == 0 || strcmp(part->role, "signatory") == 0 ||
                strcmp(part->role, "coordinator") == 0;

    return nsk_db_exec(txn, sql_add_route,
                       NSK_DB_PARAMS(NSK_DB_TEXT(id), NSK_DB_TEXT(part->role),
                                     NSK_DB_INT((int64_t)part->n + 1), NSK_DB_TEXT(part->position),
                                     NSK_DB_TEXT(part->capacity), NSK_DB_TEXT(part->mandate),
                                     NSK_DB_TEXT(part->says)),
                       NULL, error) &&
           (!acts || nsk_reader_add(txn, id, part->position, error));
}

/* Writes the parts. */
static bool
write_parts(NskDbTxn *txn, const char *id, const GArray *parts, Compared there, GError **error)
{
    if (there == COMPARED_OTHER &&
        (!nsk_db_exec(txn, sql_clear_route, NSK_DB_PARAMS(NSK_DB_TEXT(id)), NULL, error) ||
         !nsk_db_exec(txn, sql_clear_readers, NSK_DB_PARAMS(NSK_DB_TEXT(id)), NULL, error)))
        return false;
    for (guint i = 0; i < parts->len; i++) {
        if (!add_part(txn, id, &g_array_index(parts, PartText, i), error))
            return false;
    }
    return true;
}

bool
nsk_route_save(NskDbTxn *txn, const char *id, const NskLetter *letter, GError **error)
{
    Compared there;
    g_autoptr(GArray) parts = list_parts(nsk_letter_get_facts(letter));
    g_autofree char *spelt = spell_parts(parts);
    const char *known = nsk_db_recall(txn, &routes, id);

    if (known != NULL && strcmp(known, spelt) == 0)
        return true;
    if (!compare_parts(txn, id, parts, &there, error) ||
        (there != COMPARED_SAME && !write_parts(txn, id, parts, there, error)))
        return false;
    nsk_db_remember(txn, &routes, id, g_steal_pointer(&spelt));
    return true;
}

bool
nsk_route_is_right(NskDbTxn *txn,
                   const char *id,
                   const NskLetter *letter,
                   bool *out_right,
                   GError **error)
{
    Compared there;
    g_autoptr(GArray) parts = list_parts(nsk_letter_get_facts(letter));

    if (!compare_parts(txn, id, parts, &there, error))
        return false;
    *out_right = there == COMPARED_SAME;
    return true;
}

static gpointer
make_part(NskDbRows *row)
{
    NskRoutePart *part = g_new0(NskRoutePart, 1);

    part->role = g_strdup(nsk_db_rows_text(row, 0));
    part->n = nsk_db_rows_int(row, 1);
    part->position = g_strdup(nsk_db_rows_text(row, 2));
    part->capacity = g_strdup(nsk_db_rows_text(row, 3));
    part->mandate = g_strdup(nsk_db_rows_text(row, 4));
    part->done = nsk_db_rows_int(row, 5) != 0;
    part->says = g_strdup(nsk_db_rows_text(row, 6));
    return part;
}

GPtrArray *
nsk_route_load(NskDbTxn *txn, const char *id, const char *role, GError **error)
{
    NskDbRows *rows =
        role != NULL ? nsk_db_query(txn, sql_load_route,
                                    NSK_DB_PARAMS(NSK_DB_TEXT(id), NSK_DB_TEXT(role)), error)
                     : nsk_db_query(txn, sql_load_parts, NSK_DB_PARAMS(NSK_DB_TEXT(id)), error);

    return nsk_db_collect(rows, make_part, nsk_route_part_free, error);
}

bool
nsk_reader_add(NskDbTxn *txn, const char *letter, const char *position, GError **error)
{
    return nsk_db_exec(txn, sql_add_reader,
                       NSK_DB_PARAMS(NSK_DB_TEXT(position), NSK_DB_TEXT(letter)), NULL, error);
}

bool
nsk_reader_deliver(NskDbTxn *txn, const char *letter, const char *position, GError **error)
{
    return nsk_db_exec(txn, sql_deliver_reader,
                       NSK_DB_PARAMS(NSK_DB_TEXT(position), NSK_DB_TEXT(letter)), NULL, error);
}

bool
nsk_reader_find(NskDbTxn *txn,
                const char *letter,
                const char *position,
                NskReaderLevel *out_level,
                GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows = nsk_db_query(
        txn, sql_reader_level, NSK_DB_PARAMS(NSK_DB_TEXT(position), NSK_DB_TEXT(letter)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    if (!has_row)
        *out_level = NSK_READER_NONE;
    else
        *out_level = nsk_db_rows_int(rows, 0) != 0 ? NSK_READER_ROUTE : NSK_READER_DELIVERY;
    return true;
}
