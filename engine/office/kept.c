/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Records: rows of index tables that content and journal do not say, as a file of a version in git.
 * nsk_office_rebuild() makes the rows again from them.
 *
 *     {"form":1,"inbox":[{"key":"paraf-1","opened":1784690000000000,"position":"kepala-biro"}],
 * ...}
 *
 * One canonical line: a member a table, a row an object of its columns, keys sorted, rows in the
 * order of the primary key, blobs in hex, NULL left out; so are the younger tables without rows,
 * that what an older program wrote still says what the rows say.  The owner's id, which is in every
 * row of a letter's record, is left out too.
 *
 * INVARIANTS
 *   (1) The same rows always give the same bytes.
 *   (2) A letter's record names people and positions by their ids alone, and has no reason and no
 *       note: git keeps it for good.
 *   (3) A new index table, or column, either stands here or is derived in rebuild-letter.c; a test
 *       compares.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "office/office-private.h"

#include <string.h>

#define FORM        1
#define MAX_COLUMNS 17
#define MAX_BLOB    64 /* bytes; the only blobs are digests */

/* A column; they stand sorted by name. */
typedef struct {
    const char *name; /* NULL: there are no more */
    NskDbType type;
} Column;

/* The statements take the owner as $1; inserting takes the columns from $2 on. */
typedef struct {
    const char *name;
    const char *select;
    const char *insert;
    Column columns[MAX_COLUMNS + 1];
} Table;

#define TEXT(name)                                                                                 \
    {                                                                                              \
        name, NSK_DB_VALUE_TEXT                                                                    \
    }
#define INT(name)                                                                                  \
    {                                                                                              \
        name, NSK_DB_VALUE_INT                                                                     \
    }
#define BLOB(name)                                                                                 \
    {                                                                                              \
        name, NSK_DB_VALUE_BLOB                                                                    \
    }

/* --- The record of a letter. ------------------------------------------------------------------ */

/* who it is for stands in the content; what was said of it in the journal */
static const char sql_keep_delivery[] =
    "SELECT at, channel, n, opened, proof, role, sent, state, tries FROM delivery"
    " WHERE letter = $1 ORDER BY role, n";
static const char sql_restore_delivery[] =
    "INSERT INTO delivery (letter, at, channel, n, opened, proof, role, sent, state, tries, unit,"
    " position, party, tracking, receiver, note) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10,"
    " unit, '', '', '', '', '' FROM letter WHERE id = $1";
static const char sql_keep_inbox[] =
    "SELECT key, opened, position FROM inbox WHERE letter = $1 ORDER BY position, opened, key";
static const char sql_restore_inbox[] =
    "INSERT INTO inbox (letter, key, opened, position, drafting) VALUES ($1, $2, $3, $4,"
    " coalesce((SELECT role = 'draft' FROM task WHERE letter = $1 AND key = $2), 0))";
/* notes, reasons and reports stand in the journal, where they can be erased */
static const char sql_keep_disposition[] =
    "SELECT at, capacity, due, from_k, from_n, giver, instructions, n, person, proposer, recalled,"
    " state, task FROM disposition WHERE letter = $1 ORDER BY n";
static const char sql_restore_disposition[] =
    "INSERT INTO disposition (letter, at, capacity, due, from_k, from_n, giver, instructions, n,"
    " person, proposer, recalled, state, task)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
static const char sql_keep_receiver[] =
    "SELECT answered, doer, k, lead, n, position, read, reader, state, task, urged"
    " FROM disposition_receiver WHERE letter = $1 ORDER BY n, k";
static const char sql_restore_receiver[] =
    "INSERT INTO disposition_receiver (letter, answered, doer, k, lead, n, position, read, reader,"
    " state, task, urged) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
/* what went wrong in words stands in the journal, where it can be erased */
static const char sql_keep_incident[] =
    "SELECT class, key, node, opened FROM incident WHERE letter = $1 ORDER BY key";
static const char sql_restore_incident[] =
    "INSERT INTO incident (letter, class, key, node, opened, reason)"
    " VALUES ($1, $2, $3, $4, $5, 'erased')";
/* what the content says, and the register, comes after */
static const char sql_keep_incoming[] = "SELECT forwarded, words FROM incoming WHERE letter = $1";
static const char sql_restore_incoming[] =
    "INSERT INTO incoming (letter, forwarded, words, unit, at, channel, origin, place, number,"
    " dated, due, unopened, sender, file)"
    " VALUES ($1, $2, $3, '', 0, '', '', '', '', '', '', 0, '', '')";
static const char sql_keep_batch[] =
    "SELECT batch, content, line FROM letter_batch WHERE letter = $1";
static const char sql_restore_batch[] =
    "INSERT INTO letter_batch (letter, batch, content, line) VALUES ($1, $2, $3, $4)";
static const char sql_keep_external[] =
    "SELECT at, id, number, system FROM letter_external WHERE letter = $1 ORDER BY system";
static const char sql_restore_external[] =
    "INSERT INTO letter_external (letter, at, id, number, system) VALUES ($1, $2, $3, $4, $5)";
static const char sql_keep_letter[] =
    "SELECT created, dispatched, draft, drafter, drafter_person, flow, kind, kind_version,"
    " letter_date, locked, number, profile, profile_version, state, unit, workflow,"
    " workflow_version FROM letter WHERE id = $1";
/* what the content says comes after */
static const char sql_restore_letter[] =
    "INSERT INTO letter (id, created, dispatched, draft, drafter, drafter_person, flow, kind,"
    " kind_version, letter_date, locked, number, profile, profile_version, state, unit, workflow,"
    " workflow_version, changed, content, subject, security, urgency)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $2,"
    " zeroblob(32), '', '', '')";
static const char sql_keep_message[] =
    "SELECT at, n, name, until FROM message WHERE letter = $1 ORDER BY n";
static const char sql_restore_message[] =
    "INSERT INTO message (letter, at, n, name, until) VALUES ($1, $2, $3, $4, $5)";
static const char sql_keep_notice[] =
    "SELECT at, done, position, rung FROM notice WHERE letter = $1 ORDER BY position, rung";
static const char sql_restore_notice[] =
    "INSERT INTO notice (letter, at, done, position, rung) VALUES ($1, $2, $3, $4, $5)";
static const char sql_keep_paraf[] = "SELECT at, capacity, content, n, person, position, voided"
                                     " FROM paraf WHERE letter = $1 ORDER BY n";
static const char sql_restore_paraf[] =
    "INSERT INTO paraf (letter, at, capacity, content, n, person, position, voided)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
/* where the registers of the letter's numbers begin; "letter <> ''" is what the index is of,
 * without which all of the register would be looked at */
static const char sql_keep_counters[] =
    "SELECT DISTINCT c.first_seq, c.scope, c.series, c.unit FROM register_entry e"
    " JOIN register_counter c ON c.unit = e.unit AND c.series = e.series AND c.scope = e.scope"
    " WHERE e.letter IN ($1, $1 || '/agenda') AND e.letter <> '' ORDER BY c.unit, c.series, "
    "c.scope";
static const char sql_restore_counter[] =
    "INSERT INTO register_counter (first_seq, scope, series, unit, last_seq)"
    " SELECT $2, $3, $4, $5, $2 - 1 WHERE $1 <> '' ON CONFLICT DO NOTHING";
/* part: what stands behind the letter's id, "/agenda" */
static const char sql_keep_entries[] =
    "SELECT at, letter_date, number, CASE letter WHEN $1 THEN NULL ELSE '/agenda' END, pdf, scope,"
    " seq, series, state, unit FROM register_entry"
    " WHERE letter IN ($1, $1 || '/agenda') AND letter <> '' ORDER BY unit, series, scope, seq";
/* why a number is void stands in the journal, where it can be erased */
static const char sql_restore_entry[] =
    "INSERT INTO register_entry (letter, at, letter_date, number, pdf, scope, seq, series, state,"
    " unit, reason) VALUES ($1 || coalesce($5, ''), $2, $3, $4, $6, $7, $8, $9, $10, $11,"
    " CASE $10 WHEN 2 THEN 'erased' ELSE '' END)";
static const char sql_keep_signing[] =
    "SELECT at, capacity, field, n, pdf, person, position, state FROM signing"
    " WHERE letter = $1 ORDER BY n";
static const char sql_restore_signing[] =
    "INSERT INTO signing (letter, at, capacity, field, n, pdf, person, position, state)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
static const char sql_keep_task[] =
    "SELECT assignee, closed, due, follow_up, key, name, opened, outcome, outcomes, owner, person,"
    " priority, role FROM task WHERE letter = $1 ORDER BY key";
static const char sql_restore_task[] =
    "INSERT INTO task (letter, assignee, closed, due, follow_up, key, name, opened, outcome,"
    " outcomes, owner, person, priority, role)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
static const char sql_keep_clock[] =
    "SELECT days, deemed, ended, escalate, warn FROM term_clock WHERE letter = $1";
static const char sql_restore_clock[] =
    "INSERT INTO term_clock (letter, days, deemed, ended, escalate, warn)"
    " VALUES ($1, $2, $3, $4, $5, $6)";
static const char sql_keep_span[] =
    "SELECT n, since, until FROM term_span WHERE letter = $1 ORDER BY n";
static const char sql_restore_span[] =
    "INSERT INTO term_span (letter, n, since, until) VALUES ($1, $2, $3, $4)";
static const char sql_keep_wait[] =
    "SELECT due, held, key, name, type FROM wait WHERE letter = $1 ORDER BY key";
static const char sql_restore_wait[] =
    "INSERT INTO wait (letter, due, held, key, name, type) VALUES ($1, $2, $3, $4, $5, $6)";

/* The tables that few letters have rows in, and which of them this letter has rows in.  Tables that
 * are not named here are always asked. */
static const char *const rare_tables[] = { "delivery",
                                           "disposition",
                                           "disposition_receiver",
                                           "incident",
                                           "incoming",
                                           "letter_batch",
                                           "letter_external",
                                           "message",
                                           "notice",
                                           "paraf",
                                           "register_counter",
                                           "register_entry",
                                           "signing",
                                           "term_clock",
                                           "term_span",
                                           "wait",
                                           NULL };
static const char sql_used_tables[] =
    "SELECT"
    " EXISTS (SELECT 1 FROM delivery WHERE letter = $1),"
    " EXISTS (SELECT 1 FROM disposition WHERE letter = $1),"
    " EXISTS (SELECT 1 FROM disposition_receiver WHERE letter = $1),"
    " EXISTS (SELECT 1 FROM incident WHERE letter = $1),"
    " EXISTS (SELECT 1 FROM incoming WHERE letter = $1),"
    " EXISTS (SELECT 1 FROM letter_batch WHERE letter = $1),"
    " EXISTS (SELECT 1 FROM letter_external WHERE letter = $1),"
    " EXISTS (SELECT 1 FROM message WHERE letter = $1),"
    " EXISTS (SELECT 1 FROM notice WHERE letter = $1),"
    " EXISTS (SELECT 1 FROM paraf WHERE letter = $1),"
    " EXISTS (SELECT 1 FROM register_entry WHERE letter IN ($1, $1 || '/agenda')"
    " AND letter <> ''),"
    " EXISTS (SELECT 1 FROM register_entry WHERE letter IN ($1, $1 || '/agenda')"
    " AND letter <> ''),"
    " EXISTS (SELECT 1 FROM signing WHERE letter = $1),"
    " EXISTS (SELECT 1 FROM term_clock WHERE letter = $1),"
    " EXISTS (SELECT 1 FROM term_span WHERE letter = $1),"
    " EXISTS (SELECT 1 FROM wait WHERE letter = $1)";

/* Written in this order, by name; made again in that of nsk_kept_restore(). */
static const Table letter_tables[] = {
    { "delivery",
      sql_keep_delivery,
      sql_restore_delivery,
      { INT("at"), TEXT("channel"), INT("n"), INT("opened"), TEXT("proof"), TEXT("role"),
        INT("sent"), TEXT("state"), INT("tries") } },
    { "disposition",
      sql_keep_disposition,
      sql_restore_disposition,
      { INT("at"), TEXT("capacity"), TEXT("due"), INT("from_k"), INT("from_n"), TEXT("giver"),
        TEXT("instructions"), INT("n"), TEXT("person"), TEXT("proposer"), INT("recalled"),
        TEXT("state"), TEXT("task") } },
    { "disposition_receiver",
      sql_keep_receiver,
      sql_restore_receiver,
      { INT("answered"), TEXT("doer"), INT("k"), INT("lead"), INT("n"), TEXT("position"),
        INT("read"), TEXT("reader"), TEXT("state"), TEXT("task"), INT("urged") } },
    { "inbox",
      sql_keep_inbox,
      sql_restore_inbox,
      { TEXT("key"), INT("opened"), TEXT("position") } },
    { "incident",
      sql_keep_incident,
      sql_restore_incident,
      { TEXT("class"), TEXT("key"), TEXT("node"), INT("opened") } },
    { "incoming", sql_keep_incoming, sql_restore_incoming, { INT("forwarded"), TEXT("words") } },
    { "letter",
      sql_keep_letter,
      sql_restore_letter,
      { INT("created"), INT("dispatched"), TEXT("draft"), TEXT("drafter"), TEXT("drafter_person"),
        TEXT("flow"), TEXT("kind"), TEXT("kind_version"), TEXT("letter_date"), INT("locked"),
        TEXT("number"), TEXT("profile"), TEXT("profile_version"), TEXT("state"), TEXT("unit"),
        TEXT("workflow"), TEXT("workflow_version") } },
    { "letter_batch",
      sql_keep_batch,
      sql_restore_batch,
      { TEXT("batch"), TEXT("content"), INT("line") } },
    { "letter_external",
      sql_keep_external,
      sql_restore_external,
      { INT("at"), TEXT("id"), TEXT("number"), TEXT("system") } },
    { "message",
      sql_keep_message,
      sql_restore_message,
      { INT("at"), INT("n"), TEXT("name"), INT("until") } },
    { "notice",
      sql_keep_notice,
      sql_restore_notice,
      { INT("at"), INT("done"), TEXT("position"), TEXT("rung") } },
    { "paraf",
      sql_keep_paraf,
      sql_restore_paraf,
      { INT("at"), TEXT("capacity"), BLOB("content"), INT("n"), TEXT("person"), TEXT("position"),
        INT("voided") } },
    { "register_counter",
      sql_keep_counters,
      sql_restore_counter,
      { INT("first_seq"), TEXT("scope"), TEXT("series"), TEXT("unit") } },
    { "register_entry",
      sql_keep_entries,
      sql_restore_entry,
      { INT("at"), TEXT("letter_date"), TEXT("number"), TEXT("part"), TEXT("pdf"), TEXT("scope"),
        INT("seq"), TEXT("series"), INT("state"), TEXT("unit") } },
    { "signing",
      sql_keep_signing,
      sql_restore_signing,
      { INT("at"), TEXT("capacity"), TEXT("field"), INT("n"), BLOB("pdf"), TEXT("person"),
        TEXT("position"), TEXT("state") } },
    { "task",
      sql_keep_task,
      sql_restore_task,
      { TEXT("assignee"), INT("closed"), INT("due"), INT("follow_up"), TEXT("key"), TEXT("name"),
        INT("opened"), TEXT("outcome"), TEXT("outcomes"), TEXT("owner"), TEXT("person"),
        INT("priority"), TEXT("role") } },
    { "term_clock",
      sql_keep_clock,
      sql_restore_clock,
      { INT("days"), TEXT("deemed"), TEXT("ended"), INT("escalate"), INT("warn") } },
    { "term_span", sql_keep_span, sql_restore_span, { INT("n"), TEXT("since"), TEXT("until") } },
    { "wait",
      sql_keep_wait,
      sql_restore_wait,
      { INT("due"), INT("held"), TEXT("key"), TEXT("name"), TEXT("type") } },
};

/* --- The record of the registers: what no letter has. ----------------------------------------- */

static const char sql_keep_all_counters[] =
    "SELECT first_seq, last_seq, scope, series, unit FROM register_counter WHERE $1 <> ''"
    " ORDER BY unit, series, scope";
static const char sql_restore_whole_counter[] =
    "INSERT INTO register_counter (first_seq, last_seq, scope, series, unit)"
    " SELECT $2, $3, $4, $5, $6 WHERE $1 <> '' ON CONFLICT DO NOTHING";
static const char sql_keep_paper[] =
    "SELECT at, letter, letter_date, number, pdf, reason, scope, seq, series, state, unit"
    " FROM register_entry e WHERE $1 <> ''"
    " AND NOT EXISTS (SELECT 1 FROM head h WHERE h.letter = substr(e.letter, 1, 36))"
    " ORDER BY unit, series, scope, seq";
static const char sql_restore_paper[] =
    "INSERT INTO register_entry (at, letter, letter_date, number, pdf, reason, scope, seq, series,"
    " state, unit) SELECT $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 WHERE $1 <> ''";
static const char sql_keep_skips[] =
    "SELECT at, from_seq, reason, scope, series, to_seq, unit FROM register_skip WHERE $1 <> ''"
    " ORDER BY unit, series, scope, from_seq";
static const char sql_restore_skip[] =
    "INSERT INTO register_skip (at, from_seq, reason, scope, series, to_seq, unit)"
    " SELECT $2, $3, $4, $5, $6, $7, $8 WHERE $1 <> ''";

static const Table register_tables[] = {
    { "register_counter",
      sql_keep_all_counters,
      sql_restore_whole_counter,
      { INT("first_seq"), INT("last_seq"), TEXT("scope"), TEXT("series"), TEXT("unit") } },
    { "register_entry",
      sql_keep_paper,
      sql_restore_paper,
      { INT("at"), TEXT("letter"), TEXT("letter_date"), TEXT("number"), TEXT("pdf"), TEXT("reason"),
        TEXT("scope"), INT("seq"), TEXT("series"), INT("state"), TEXT("unit") } },
    { "register_skip",
      sql_keep_skips,
      sql_restore_skip,
      { INT("at"), INT("from_seq"), TEXT("reason"), TEXT("scope"), TEXT("series"), INT("to_seq"),
        TEXT("unit") } },
};

/* --- The record of the settings. -------------------------------------------------------------- */

static const char sql_keep_settings[] =
    "SELECT name, value FROM setting WHERE $1 <> '' ORDER BY name";
static const char sql_restore_setting[] =
    "INSERT INTO setting (name, value) SELECT $2, $3 WHERE $1 <> ''";

static const Table setting_tables[] = {
    { "setting", sql_keep_settings, sql_restore_setting, { TEXT("name"), TEXT("value") } },
};

/* --- The record of a handover, whose id follows in the name of its history. ------------------- */

static const char sql_keep_handover[] =
    "SELECT at, by, given, given_by, giver, position, received, receiver, replaced FROM handover"
    " WHERE 'office/handover-' || id = $1";
static const char sql_restore_handover[] =
    "INSERT INTO handover (id, at, by, given, given_by, giver, position, received, receiver,"
    " replaced) VALUES (substr($1, 17), $2, $3, $4, $5, $6, $7, $8, $9, $10)";
static const char sql_keep_items[] = "SELECT due, letter, n, opened, task FROM handover_item"
                                     " WHERE 'office/handover-' || handover = $1 ORDER BY n";
static const char sql_restore_item[] =
    "INSERT INTO handover_item (handover, due, letter, n, opened, task)"
    " VALUES (substr($1, 17), $2, $3, $4, $5, $6)";

static const Table handover_tables[] = {
    { "handover",
      sql_keep_handover,
      sql_restore_handover,
      { INT("at"), TEXT("by"), INT("given"), TEXT("given_by"), TEXT("giver"), TEXT("position"),
        INT("received"), TEXT("receiver"), INT("replaced") } },
    { "handover_item",
      sql_keep_items,
      sql_restore_item,
      { INT("due"), TEXT("letter"), INT("n"), INT("opened"), TEXT("task") } },
};

/* --- The record of a file of records, whose id follows in the name of its history. ------------ */

static const char sql_keep_berkas[] =
    "SELECT closed, closed_by, code, counted, moved, moved_by, opened, opened_by, scheme, title,"
    " unit, version FROM berkas WHERE 'office/berkas-' || id = $1";
static const char sql_restore_berkas[] =
    "INSERT INTO berkas (id, closed, closed_by, code, counted, moved, moved_by, opened, opened_by,"
    " scheme, title, unit, version)"
    " VALUES (substr($1, 15), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
static const char sql_keep_berkas_items[] =
    "SELECT at, by, letter, n FROM berkas_item WHERE 'office/berkas-' || berkas = $1 ORDER BY n";
static const char sql_restore_berkas_item[] = "INSERT INTO berkas_item (berkas, at, by, letter, n)"
                                              " VALUES (substr($1, 15), $2, $3, $4, $5)";
static const char sql_keep_holds[] = "SELECT by, n, since, until, until_by FROM berkas_hold"
                                     " WHERE 'office/berkas-' || berkas = $1 ORDER BY n";
static const char sql_restore_hold[] =
    "INSERT INTO berkas_hold (berkas, by, n, since, until, until_by)"
    " VALUES (substr($1, 15), $2, $3, $4, $5, $6)";

static const Table berkas_tables[] = {
    { "berkas",
      sql_keep_berkas,
      sql_restore_berkas,
      { INT("closed"), TEXT("closed_by"), TEXT("code"), TEXT("counted"), INT("moved"),
        TEXT("moved_by"), INT("opened"), TEXT("opened_by"), TEXT("scheme"), TEXT("title"),
        TEXT("unit"), TEXT("version") } },
    { "berkas_hold",
      sql_keep_holds,
      sql_restore_hold,
      { TEXT("by"), INT("n"), INT("since"), INT("until"), TEXT("until_by") } },
    { "berkas_item",
      sql_keep_berkas_items,
      sql_restore_berkas_item,
      { INT("at"), TEXT("by"), TEXT("letter"), INT("n") } },
};

/* --- The record of what is left of a destroyed letter. ---------------------------------------- */

static const char sql_keep_residual[] =
    "SELECT at, berkas, by, code, content, created, disposal, entries, kind, letter_date, number,"
    " readers, record, security, state, unit, versions FROM residual WHERE letter = $1";
static const char sql_restore_residual[] =
    "INSERT INTO residual (letter, at, berkas, by, code, content, created, disposal, entries, kind,"
    " letter_date, number, readers, record, security, state, unit, versions)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";

static const Table residual_tables[] = {
    { "register_counter",
      sql_keep_counters,
      sql_restore_counter,
      { INT("first_seq"), TEXT("scope"), TEXT("series"), TEXT("unit") } },
    { "register_entry",
      sql_keep_entries,
      sql_restore_entry,
      { INT("at"), TEXT("letter_date"), TEXT("number"), TEXT("part"), TEXT("pdf"), TEXT("scope"),
        INT("seq"), TEXT("series"), INT("state"), TEXT("unit") } },
    { "residual",
      sql_keep_residual,
      sql_restore_residual,
      { INT("at"), TEXT("berkas"), TEXT("by"), TEXT("code"), TEXT("content"), INT("created"),
        TEXT("disposal"), INT("entries"), TEXT("kind"), TEXT("letter_date"), TEXT("number"),
        TEXT("readers"), TEXT("record"), TEXT("security"), TEXT("state"), TEXT("unit"),
        INT("versions") } },
};

bool
nsk_record_is_residual(const NskJson *record)
{
    return nsk_json_get(record, "residual") != NULL;
}

/* --- The record of a proposal, whose id follows in the name of its history. ------------------- */

static const char sql_keep_disposal[] =
    "SELECT at, by, capacity, consent, decided, decided_by, digest, done, done_by, form, letter,"
    " position, state, unit FROM disposal WHERE 'office/disposal-' || id = $1";
static const char sql_restore_disposal[] =
    "INSERT INTO disposal (id, at, by, capacity, consent, decided, decided_by, digest, done,"
    " done_by, form, letter, position, state, unit)"
    " VALUES (substr($1, 17), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
static const char sql_keep_disposal_items[] =
    "SELECT berkas, n FROM disposal_item WHERE 'office/disposal-' || disposal = $1 ORDER BY n";
static const char sql_restore_disposal_item[] =
    "INSERT INTO disposal_item (disposal, berkas, n) VALUES (substr($1, 17), $2, $3)";
static const char sql_keep_opinions[] = "SELECT at, n, person, position, view FROM disposal_opinion"
                                        " WHERE 'office/disposal-' || disposal = $1 ORDER BY n";
static const char sql_restore_opinion[] =
    "INSERT INTO disposal_opinion (disposal, at, n, person, position, view)"
    " VALUES (substr($1, 17), $2, $3, $4, $5, $6)";

static const char sql_keep_disposal_blobs[] =
    "SELECT sha256 FROM disposal_blob WHERE 'office/disposal-' || disposal = $1 ORDER BY sha256";
static const char sql_restore_disposal_blob[] =
    "INSERT INTO disposal_blob (disposal, sha256) VALUES (substr($1, 17), $2)";

static const Table disposal_tables[] = {
    { "disposal",
      sql_keep_disposal,
      sql_restore_disposal,
      { INT("at"), TEXT("by"), TEXT("capacity"), TEXT("consent"), INT("decided"),
        TEXT("decided_by"), TEXT("digest"), INT("done"), TEXT("done_by"), TEXT("form"),
        TEXT("letter"), TEXT("position"), TEXT("state"), TEXT("unit") } },
    { "disposal_blob", sql_keep_disposal_blobs, sql_restore_disposal_blob, { TEXT("sha256") } },
    { "disposal_item",
      sql_keep_disposal_items,
      sql_restore_disposal_item,
      { TEXT("berkas"), INT("n") } },
    { "disposal_opinion",
      sql_keep_opinions,
      sql_restore_opinion,
      { INT("at"), INT("n"), TEXT("person"), TEXT("position"), TEXT("view") } },
};

/* --- The record of a loan, whose id follows in the name of its history. ----------------------- */

static const char sql_keep_loan[] =
    "SELECT asked, decided, decided_by, ended, ended_by, given, given_by, letter, person, place,"
    " state, unit, until, what, why FROM loan WHERE 'office/loan-' || id = $1";
static const char sql_restore_loan[] =
    "INSERT INTO loan (id, asked, decided, decided_by, ended, ended_by, given, given_by, letter,"
    " person, place, state, unit, until, what, why)"
    " VALUES (substr($1, 13), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";

static const Table loan_tables[] = {
    { "loan",
      sql_keep_loan,
      sql_restore_loan,
      { INT("asked"), INT("decided"), TEXT("decided_by"), INT("ended"), TEXT("ended_by"),
        INT("given"), TEXT("given_by"), TEXT("letter"), TEXT("person"), TEXT("place"),
        TEXT("state"), TEXT("unit"), TEXT("until"), TEXT("what"), TEXT("why") } },
};

/* --- Writing and reading. --------------------------------------------------------------------- */

typedef struct {
    const Table *tables;
    size_t n_tables;
} Set;

#define SET(tables)                                                                                \
    {                                                                                              \
        (tables), G_N_ELEMENTS(tables)                                                             \
    }

static const Set sets[] = {
    [NSK_KEPT_LETTER] = SET(letter_tables),    [NSK_KEPT_REGISTERS] = SET(register_tables),
    [NSK_KEPT_SETTINGS] = SET(setting_tables), [NSK_KEPT_HANDOVER] = SET(handover_tables),
    [NSK_KEPT_BERKAS] = SET(berkas_tables),    [NSK_KEPT_DISPOSAL] = SET(disposal_tables),
    [NSK_KEPT_LOAN] = SET(loan_tables),        [NSK_KEPT_RESIDUAL] = SET(residual_tables),
};

/* Text that needs no escapes. */
static void
add_quoted(GString *out, const char *text)
{
    g_string_append_c(out, '"');
    g_string_append(out, text);
    g_string_append_c(out, '"');
}

static void
add_value(GString *out, NskDbRows *rows, int at, NskDbType type)
{
    size_t size;

    switch (type) {
    case NSK_DB_VALUE_TEXT:
        nsk_json_append_text(out, nsk_db_rows_text(rows, at));
        return;
    case NSK_DB_VALUE_BLOB: {
        const void *data = nsk_db_rows_blob(rows, at, &size);
        g_autofree char *hex = nsk_hex(data, size);

        add_quoted(out, hex);
        return;
    }
    case NSK_DB_VALUE_INT:
    case NSK_DB_VALUE_NULL:
    default:
        nsk_json_append_int(out, nsk_db_rows_int(rows, at));
    }
}

static void
add_row(GString *out, NskDbRows *rows, const Column *columns)
{
    const char *comma = "";

    g_string_append_c(out, '{');
    for (int i = 0; columns[i].name != NULL; i++) {
        if (nsk_db_rows_is_null(rows, i))
            continue;
        g_string_append(out, comma);
        add_quoted(out, columns[i].name);
        g_string_append_c(out, ':');
        add_value(out, rows, i, columns[i].type);
        comma = ",";
    }
    g_string_append_c(out, '}');
}

/* Tables that the oldest records do not have: left out where there are no rows. */
static bool
is_young(const char *name)
{
    static const char *const young[] = { "delivery",    "disposition",   "disposition_receiver",
                                         "incident",    "incoming",      "message",
                                         "notice",      "term_clock",    "term_span",
                                         "wait",        "letter_batch",  "letter_external",
                                         "berkas_hold", "disposal_blob", NULL };

    return g_strv_contains(young, name);
}

/* What a table without rows adds. */
static void
add_empty(GString *out, const Table *table)
{
    if (is_young(table->name))
        return;
    g_string_append_c(out, ',');
    add_quoted(out, table->name);
    g_string_append(out, ":[]");
}

/* Of which rare tables the letter has no rows: one bit each.  Asked of all at once. */
static bool
find_unused(NskDbTxn *txn, const char *letter, unsigned *out_unused, GError **error)
{
    bool has_row = false;
    unsigned unused = 0;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_used_tables, NSK_DB_PARAMS(NSK_DB_TEXT(letter)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    for (int i = 0; rare_tables[i] != NULL; i++)
        unused |= (unsigned)(nsk_db_rows_int(rows, i) == 0) << i;
    *out_unused = unused;
    return true;
}

static bool
is_unused(const Table *table, unsigned unused)
{
    for (int i = 0; unused != 0 && rare_tables[i] != NULL; i++) {
        if (strcmp(rare_tables[i], table->name) == 0)
            return (unused >> i & 1) != 0;
    }
    return false;
}

static bool
add_table(GString *out, NskDbTxn *txn, const Table *table, const char *owner, GError **error)
{
    bool has_row = false;
    const char *comma = "";
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, table->select, NSK_DB_PARAMS(NSK_DB_TEXT(owner)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    if (!has_row && is_young(table->name))
        return true;
    g_string_append_c(out, ',');
    add_quoted(out, table->name);
    g_string_append(out, ":[");
    while (has_row) {
        g_string_append(out, comma);
        add_row(out, rows, table->columns);
        comma = ",";
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
    }
    g_string_append_c(out, ']');
    return true;
}

GBytes *
nsk_kept_write(NskDbTxn *txn, NskKeptSet set, const char *owner, GError **error)
{
    unsigned unused = 0;
    g_autoptr(GString) out = g_string_sized_new(2048);

    if (set == NSK_KEPT_LETTER && !find_unused(txn, owner, &unused, error))
        return NULL;
    g_string_append(out, "{\"form\":");
    nsk_json_append_int(out, FORM);
    for (size_t i = 0; i < sets[set].n_tables; i++) {
        const Table *table = &sets[set].tables[i];

        if (is_unused(table, unused))
            add_empty(out, table);
        else if (!add_table(out, txn, table, owner, error))
            return NULL;
    }
    g_string_append_c(out, '}');
    return g_string_free_to_bytes(g_steal_pointer(&out));
}

static bool
set_unreadable(const char *owner, const char *what, GError **error)
{
    g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                nsk_tr("the record of '%s' cannot be read (%s): restore it from a backup"), owner,
                what);
    return false;
}

NskJson *
nsk_kept_parse(const char *owner, GBytes *record, GError **error)
{
    size_t size;
    const char *text = g_bytes_get_data(record, &size);
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskJson) json = nsk_json_parse(text, size, &fault);

    if (json != NULL && nsk_json_get_int(json, "form", 0) == FORM)
        return g_steal_pointer(&json);
    (void)set_unreadable(owner, fault != NULL ? fault->message : nsk_tr("a newer program wrote it"),
                         error);
    return NULL;
}

/* Where the bytes of a row's blobs lie while it is inserted. */
typedef struct {
    NskDbValue values[MAX_COLUMNS + 1];
    uint8_t blobs[MAX_COLUMNS][MAX_BLOB];
} Row;

/* Reads one value; a column that is not there is NULL. */
static bool
read_value(const NskJson *json, const Column *column, NskDbValue *out, uint8_t *blob)
{
    const char *text = nsk_json_get_text(json, column->name);

    *out = NSK_DB_NULL;
    if (nsk_json_get(json, column->name) == NULL)
        return true;
    if (column->type == NSK_DB_VALUE_INT) {
        *out = NSK_DB_INT(nsk_json_get_int(json, column->name, 0));
        return text == NULL;
    }
    if (text == NULL)
        return false;
    *out = NSK_DB_TEXT(text);
    if (column->type == NSK_DB_VALUE_TEXT)
        return true;
    *out = NSK_DB_BLOB(blob, strlen(text) / 2);
    return strlen(text) <= 2 * MAX_BLOB && nsk_unhex(text, blob, strlen(text) / 2);
}

static bool
restore_row(NskDbTxn *txn,
            const Table *table,
            const char *owner,
            const NskJson *json,
            GError **error)
{
    Row row;
    size_t n = 0;

    row.values[0] = NSK_DB_TEXT(owner);
    for (; table->columns[n].name != NULL; n++) {
        if (!read_value(json, &table->columns[n], &row.values[n + 1], row.blobs[n]))
            return set_unreadable(owner, table->columns[n].name, error);
    }
    if (nsk_db_exec(txn, table->insert, row.values, n + 1, NULL, error))
        return true;
    g_prefix_error(error, nsk_tr("a row of '%s' cannot be made again: "), owner);
    return false;
}

static const Table *
find_table(const Set *set, const char *name)
{
    for (size_t i = 0; i < set->n_tables; i++) {
        if (strcmp(set->tables[i].name, name) == 0)
            return &set->tables[i];
    }
    return NULL;
}

bool
nsk_kept_restore(NskDbTxn *txn,
                 NskKeptSet set,
                 const char *owner,
                 const NskJson *record,
                 GError **error)
{
    /* what is referred to comes first */
    static const char *const order[] = {
        "letter",
        "task",
        "inbox",
        "wait",
        "incident",
        "incoming",
        "message",
        "paraf",
        "signing",
        "register_counter",
        "register_entry",
        "register_skip",
        "setting",
        "delivery",
        "term_clock",
        "term_span",
        "notice",
        "handover",
        "handover_item",
        "letter_batch",
        "disposition",
        "disposition_receiver",
        "letter_external",
        "berkas",
        "berkas_item",
        "berkas_hold",
        "disposal",
        "disposal_item",
        "disposal_opinion",
        "loan",
        "disposal_blob",
        "residual",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(order); i++) {
        const Table *table = find_table(&sets[set], order[i]);
        const NskJson *rows = nsk_json_get(record, order[i]);

        for (size_t j = 0; table != NULL && j < nsk_json_length(rows); j++) {
            if (!restore_row(txn, table, owner, nsk_json_at(rows, j), error))
                return false;
        }
    }
    return true;
}
