/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <naskah/issue.h>

#include "base/clock.h"
#include "base/json.h"
#include "db/db.h"
#include "letter/letter.h"
#include "xml/xml.h"

/*
 * The directory of an office: units, positions, people, who holds which position when, mandates,
 * assistants and the roster, and from these who may act as whom on a day and who is there to do it;
 * and the calendar of working days.
 *
 * Specification: the rules of signature blocks (a.n., u.b., Pj., Plt., Plh.) of the Tata Naskah
 * Dinas and architecture.md, invariant 4.  Days are civil dates in the zone of the unit, and both
 * ends of a period belong to it; an unset `until` is an open end.
 *
 * By what right somebody acts is NskCapacity of letter/letter.h.
 *
 * Functions that take an NskDbTxn read through a snapshot or the writer's transaction; only
 * nsk_directory_store() and nsk_directory_set_account() write.  Each query is a few indexed
 * look-ups, whatever the size of the office.  Errors of the database (IO, BUSY ...) pass through
 * every one.  Strings in results are owned by the result and are never NULL unless said; "" means
 * "none".
 */

/* What is printed before a position: "", "Pj. ", "Plt. ", "Plh. ", "a.n. ", "u.b. "; static. */
const char *nsk_capacity_print(NskCapacity self);

typedef struct {
    char *id;
    char *code; /* as numbers print it, case kept; may be "" */
    char *name;
    char *parent; /* unit id; "" at the top */
    char *place;
    char *zone;      /* IANA name, such as "Asia/Jakarta" */
    char *archivist; /* position id; may be "" */
} NskUnit;

typedef struct {
    char *id;
    char *unit;
    char *title;    /* as printed */
    char *code;     /* post code for numbers; may be "" */
    char *echelon;  /* "I.a" to "V.a"; "" for other posts */
    char *superior; /* position id; "" at the top */
} NskPosition;

typedef struct {
    char *id;
    char *name;    /* without titles */
    char *printed; /* with titles */
    char *nip;     /* 18 digits; may be "" */
    char *rank;    /* such as "Pembina Utama Muda (IV/c)"; may be "" */
    char *email;   /* may be "" */
} NskPerson;

typedef struct {
    char *person;
    char *position;
    NskCapacity capacity; /* DEFINITIVE, PJ, PLT or PLH */
    NskDate from;
    NskDate until; /* unset: open */
} NskHolding;

/*
 * A mandate lets the holder of @receiver act for @giver.  For AN and UB both are the positions of
 * the block.  For PLT and PLH @giver is the position that is acted in and @receiver a position of
 * the one who acts; such a mandate is the document behind the holding and limits its kinds.
 */
typedef struct {
    char *id;
    char *giver;
    char *receiver;
    NskCapacity capacity; /* AN, UB, PLT or PLH */
    char **kinds;         /* NULL-terminated, sorted; empty: all kinds */
    NskDate from;
    NskDate until;  /* unset: open */
    char *document; /* the decision that grants it; may be "" */
} NskMandate;

void nsk_unit_free(NskUnit *self);
void nsk_position_free(NskPosition *self);
void nsk_person_free(NskPerson *self);
void nsk_holding_free(NskHolding *self);
void nsk_mandate_free(NskMandate *self);

/* --- A whole directory as a value: read, check, store, write.  One thread at a time. --- */

typedef struct _NskDirectory NskDirectory;

/*
 * Reads a document of namespace urn:naskah:directory:1 (templates/schema/directory.rng), all faults
 * of which, with those of nsk_directory_check(), become @issues.  Returns NULL with INVALID if
 * there is any error among @issues.
 */
NskDirectory *nsk_directory_read_xml(const NskXmlDoc *doc,
                                     NskIssues *issues,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Reads a part of a directory, for NSK_DIRECTORY_MERGE: as nsk_directory_read_xml(), but what
 * stands between rows is not checked, since the other rows are stored. */
NskDirectory *nsk_directory_read_part(const NskXmlDoc *doc,
                                      NskIssues *issues,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/*
 * Reads units.csv, positions.csv, people.csv, holdings.csv, mandates.csv, assistants.csv and
 * roster.csv of @folder; one that is not there is empty, but units.csv must be.  RFC 4180, UTF-8, a
 * header line that names the columns in any order, the names being those of the XML attributes
 * (mandates: kinds, separated by blanks).  Errors: as nsk_directory_read_xml(); NOT_FOUND, LIMIT,
 * IO.
 */
NskDirectory *nsk_directory_read_csv(const char *folder,
                                     NskIssues *issues,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/*
 * Reads one CSV table as a part of a directory, for NSK_DIRECTORY_MERGE: which table it is follows
 * from its columns.  What a column that is not there would say is taken from the row of @base with
 * the same key.  Form and errors as nsk_directory_read_csv(), of its rows one by one.
 */
NskDirectory *nsk_directory_read_table(const char *name,
                                       GBytes *bytes,
                                       const NskDirectory *base,
                                       NskIssues *issues,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/*
 * What @base would become by @part: changes (table, key, is_new, line, values: column, before,
 * after), the first @most of them; n_new, n_changed, n_same (rows).  What is wrong with the whole
 * goes to @issues.  Owned.
 */
NskJson *nsk_directory_compare(const NskDirectory *base,
                               const NskDirectory *part,
                               size_t most,
                               NskIssues *issues);
/* Reads everything there is in the database; for export, checks and whole listings only. */
NskDirectory *nsk_directory_read_db(NskDbTxn *txn, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void nsk_directory_free(NskDirectory *self);

/*
 * Checks what no schema can: ids that name nothing, cycles, two holders on a day,
 * periods that end before they begin, NIP, levels of mandates ...  Adds findings to @issues with
 * file and line; returns true if there was no error.
 */
bool nsk_directory_check(const NskDirectory *self, NskIssues *issues);

typedef enum {
    NSK_DIRECTORY_REPLACE, /* a whole office: what it does not name is gone */
    NSK_DIRECTORY_MERGE,   /* changes: rows with the same key are replaced, others stay */
} NskDirectoryMode;

/*
 * Checks @self (merged: together with what is stored) and stores it.  Keys: id; for a holding
 * person, position and from; for an assistance position, assistant and from; for a turn of the
 * roster person, what, position, from and hours.  Accounts of people
 * who are gone go too.  @issues gets what a merge finds (REPLACE: what reading has found already is
 * not repeated). Errors: INVALID with all error findings, and nothing is written.
 */
bool nsk_directory_store(const NskDirectory *self,
                         NskDbTxn *txn,
                         NskDirectoryMode mode,
                         NskIssues *issues,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The document that nsk_directory_read_xml() reads, rows sorted by key (those of @self too), so
 * that the same directory gives the same canonical bytes.  Without accounts.  Never NULL. */
NskXmlDoc *nsk_directory_to_xml(NskDirectory *self);

/* --- Tables of anybody. --- */

/* A line of a CSV table: as many fields as it has. */
typedef struct {
    char **fields; /* owned, NULL-terminated */
    unsigned line; /* where it begins, from 1 */
} NskCsvRow;
/*
 * Reads a CSV table (RFC 4180; UTF-8 with or without BOM; LF or CRLF; blank lines are left out).
 * Faults go to @issues with file and line, tag csv.  Returns an owned array of NskCsvRow, the
 * header first; rows with a fault are left out.
 */
GPtrArray *nsk_csv_read(const char *name, const void *data, size_t size, NskIssues *issues);

/* --- Looking up.  Errors of the _get_ functions: NOT_FOUND, with words. --- */

NskUnit *nsk_directory_get_unit(NskDbTxn *txn, const char *id, GError **error);
NskPosition *nsk_directory_get_position(NskDbTxn *txn, const char *id, GError **error);
NskPerson *nsk_directory_get_person(NskDbTxn *txn, const char *id, GError **error);
NskMandate *nsk_directory_get_mandate(NskDbTxn *txn, const char *id, GError **error);
/* Codes of the units from below the top down to @unit, those without a code left out: unit1, unit2
 * ... of a number.  The top unit's own code stands only if @unit is the top.  Freed with
 * g_strfreev().  Errors: NOT_FOUND. */
char **nsk_directory_unit_codes(NskDbTxn *txn, const char *unit, GError **error);

typedef enum { NSK_DIRECTORY_UNIT, NSK_DIRECTORY_POSITION, NSK_DIRECTORY_PERSON } NskDirectoryWhat;
/* One line of a listing. */
typedef struct {
    char *id;
    char *label; /* name, title or printed name */
    char *unit;  /* of a position; parent of a unit; "" for a person */
} NskDirectoryHit;
/*
 * Things in the order of id whose id is after @after ("" or NULL: from the beginning), at most
 * @limit of them; with @text (may be NULL) only those whose id or label contains it, ignoring ASCII
 * case. Returns an owned array of NskDirectoryHit.
 */
GPtrArray *nsk_directory_list(NskDbTxn *txn,
                              NskDirectoryWhat what,
                              const char *text,
                              const char *after,
                              unsigned limit,
                              GError **error);

/* Positions of @unit and of the units below it, by title, at most @limit; as above. */
GPtrArray *
nsk_directory_list_below(NskDbTxn *txn, const char *unit, unsigned limit, GError **error);

/* Who holds @position on @date (definitive first, then Pj., Plt., Plh.); owned array of NskHolding.
 */
GPtrArray *nsk_directory_holders(NskDbTxn *txn, const char *position, NskDate date, GError **error);
/* What @person holds on @date, in the order of position id; owned array of NskHolding. */
GPtrArray *nsk_directory_held_by(NskDbTxn *txn, const char *person, NskDate date, GError **error);
/* When @person held, holds or will hold @position, by first day; owned array of NskHolding. */
GPtrArray *
nsk_directory_ever_held(NskDbTxn *txn, const char *person, const char *position, GError **error);
/* Whether @person assists @position on @date: named himself, or holding a position that does. */
bool nsk_directory_is_assistant(NskDbTxn *txn,
                                const char *person,
                                const char *position,
                                NskDate date,
                                bool *out_is,
                                GError **error);

/* Through what a person may read. */
typedef enum {
    NSK_READS_AS_HOLDER,
    NSK_READS_AS_ASSISTANT,
    NSK_READS_AS_ARCHIVIST,
    NSK_READS_AS_SUBSTITUTE, /* of a holder who is away, or of his substitute who is away too */
} NskReadsAs;
typedef struct {
    NskReadsAs as;
    char *position; /* held, assisted, stood in for, or the archivist's own */
    char *unit;     /* unit of the position; ARCHIVIST: the unit whose letters he keeps */
} NskReading;
/* All of them on @date, each once; owned array of NskReading in the order of as, position, unit. */
GPtrArray *nsk_directory_readings(NskDbTxn *txn, const char *person, NskDate date, GError **error);

/* Operating-system accounts.  *out_person is NULL if @user has none.  NULL @person forgets @user.
 */
bool nsk_directory_find_account(NskDbTxn *txn, const char *user, char **out_person, GError **error);
bool nsk_directory_set_account(NskDbTxn *txn, const char *user, const char *person, GError **error);

/* --- Authority on a day. --- */

typedef struct {
    const char *giver;
    const char *receiver;
    NskCapacity capacity; /* AN, UB, PLT or PLH */
    const char *kind;     /* kind of letter; NULL: any */
    NskDate date;
} NskMandateQuery;
typedef enum {
    NSK_MANDATE_VALID,
    NSK_MANDATE_NONE,       /* there never was one */
    NSK_MANDATE_NOT_YET,    /* begins later: see its from */
    NSK_MANDATE_ENDED,      /* is over: see its until */
    NSK_MANDATE_OTHER_KIND, /* valid on the day, not for this kind */
} NskMandateState;
/*
 * The best mandate there is: a valid one before one of another kind, before the one that ended
 * last, before the one that begins first.  *out_mandate is NULL if NONE; out_mandate itself may be
 * NULL.
 */
bool nsk_directory_find_mandate(NskDbTxn *txn,
                                const NskMandateQuery *query,
                                NskMandateState *out_state,
                                NskMandate **out_mandate,
                                GError **error);

/*
 * Whether @person may act in @position on @date: he holds it, definitive, Plt. or Plh. (in this
 * order), and is not on leave from it while another is its Plh.; who only travels may.  Assistants
 * and receivers of mandates may not; those act in their own position.  Errors: NOT_FOUND for an id
 * that names nothing; DENIED; EXPIRED if he held it until some day before.
 */
bool nsk_directory_may_act(NskDbTxn *txn,
                           const char *person,
                           const char *position,
                           NskDate date,
                           NskCapacity *out_capacity,
                           GError **error);

/* What a letter says of a signatory; all borrowed. */
typedef struct {
    const char *position; /* the one who signs; for AN and UB the receiver of the mandate */
    NskCapacity capacity; /* as the letter names it */
    const char *mandate;  /* id, or NULL to look for one */
    const char *kind;     /* kind of the letter */
    const char *person;   /* who is to sign; NULL: whoever holds the position in that capacity */
    NskDate date;
} NskSignatoryQuery;
/*
 * How the block is printed.
 *     definitive          TITLE
 *     plt, plh            Plt. TITLE
 *     an                  a.n. FOR, / TITLE
 *     ub                  a.n. FOR, / THROUGH / u.b. / TITLE
 */
typedef struct {
    char *position;       /* id */
    char *title;          /* as printed, without "Plt." */
    NskCapacity capacity; /* as the letter names it */
    NskCapacity
        holding;     /* how the person holds the position: an acting holder may sign "a.n." too */
    char *for_title; /* AN, UB; else "" */
    char *through_title; /* UB; else "" */
    char *mandate;       /* id of the mandate that allows it (UB: the u.b. one); may be "" */
    NskPerson *person;
} NskSignatory;
void nsk_signatory_free(NskSignatory *self);
/*
 * Checks a signatory by the rules: definitive, Plt. and Plh. from holdings (a Plt. or Plh. mandate,
 * if there is one, must cover the kind); a.n. by a mandate of the direct superior; u.b. by a
 * mandate of the direct superior who has himself an a.n. of his direct superior for the same kind
 * and day. Errors: NOT_FOUND; DENIED, EXPIRED with one sentence; INVALID for a mandate that is not
 * of these positions.
 */
bool nsk_directory_check_signatory(NskDbTxn *txn,
                                   const NskSignatoryQuery *query,
                                   NskSignatory **out_signatory,
                                   GError **error);

/* --- The roster. --- */

typedef enum {
    NSK_TURN_LEAVE,  /* away */
    NSK_TURN_TRAVEL, /* away for the office, and to be reached: he may act all the same */
    NSK_TURN_DUTY,   /* of those who hold the position, the one to turn to on these days */
    NSK_TURN_SHIFT,  /* the same, in these hours of them */
} NskTurnWhat;
/* "leave", "travel", "duty", "shift"; static. */
const char *nsk_turn_name(NskTurnWhat self);
bool nsk_turn_parse(const char *text, NskTurnWhat *out_what);
/* "14.30": the minute of the day. */
bool nsk_minute_parse(const char *text, int *out_minute);
/* "22.00-06.00": minutes of the day of the beginning and of the end, which is the next day's if it
 * is not after the beginning. */
bool nsk_hours_parse(const char *text, int *out_begin, int *out_end);

typedef struct {
    char *person;
    NskTurnWhat what;
    char *position;   /* of LEAVE and TRAVEL "": from all that he holds */
    char *substitute; /* of LEAVE and TRAVEL: person; may be "" */
    NskDate from;
    NskDate until; /* unset: open */
    char *hours;   /* of SHIFT: as nsk_hours_parse(); else "" */
    char *note;    /* may be "" */
} NskTurn;
void nsk_turn_free(NskTurn *self);
/* Turns that have a day in common with @from to @until, of @person and of @position (NULL: of all;
 * leave from everything is of every position that he holds then), by person, what, position and
 * first day; owned array of NskTurn. */
typedef struct {
    const char *person;
    const char *position;
    NskDate from;
    NskDate until;
} NskTurnsAsk;
GPtrArray *nsk_directory_turns(NskDbTxn *txn, const NskTurnsAsk *ask, GError **error);
/* Takes the turn of that key (person, what, position, from, hours) out of the database.  Errors:
 * NOT_FOUND. */
bool nsk_directory_drop_turn(NskDbTxn *txn, const NskTurn *turn, GError **error);
/* A directory of this one turn, for NSK_DIRECTORY_MERGE.  Errors: INVALID with all findings. */
NskDirectory *nsk_directory_of_turn(const NskTurn *turn, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether somebody is there for a position; from good to bad. */
typedef enum {
    NSK_PRESENCE_HOLDER,     /* who holds it definitive */
    NSK_PRESENCE_ACTING,     /* a Plt., or the Plh. of one who is away */
    NSK_PRESENCE_SUBSTITUTE, /* nobody who may act in it; work is shown to a substitute */
    NSK_PRESENCE_AWAY,       /* all who hold it are away, and nobody stands in for them */
    NSK_PRESENCE_VACANT,     /* nobody holds it */
} NskPresence;
/* "holder", "acting", "substitute", "away", "vacant"; static. */
const char *nsk_presence_name(NskPresence self);

/* Somebody who is, or ought to be, there. */
typedef struct {
    char *person;
    NskCapacity capacity; /* as he holds it; of a substitute that of whom he stands in for */
    char *substitutes;    /* person whom he stands in for; "" for a holder */
    bool on_duty;         /* the roster names him for this moment */
    bool away;
    bool travels; /* not away, but not in the office either */
    NskDate back; /* away, travels: the day after; unset: open */
} NskAttendant;
typedef struct {
    NskPresence presence;
    GPtrArray *people; /* owned array of NskAttendant: first those to turn to, in that order */
} NskAttendance;
void nsk_attendance_clear(NskAttendance *self);
/*
 * Who is there for @position on @date at @minute of the day in the zone of its unit (negative: at
 * some time of it).  Who holds it and is not away, those on duty first, then definitive, Plt.,
 * Plh.; of those who are away the substitutes, followed through substitutes who are away
 * themselves.  A substitute holds nothing: work is shown to him, and he may prepare it.
 */
bool nsk_directory_attendance(NskDbTxn *txn,
                              const char *position,
                              NskDate date,
                              int minute,
                              NskAttendance *out_attendance,
                              GError **error);
/* Whether @person stands in for a holder of @position on @date. */
bool nsk_directory_is_substitute(NskDbTxn *txn,
                                 const char *person,
                                 const char *position,
                                 NskDate date,
                                 bool *out_is,
                                 GError **error);

/* --- The calendar of working days.  Immutable; any thread. --- */

typedef struct _NskCalendar NskCalendar;

/*
 * Reads one document of namespace urn:naskah:calendar:1 a year (templates/schema/calendar.rng).
 * Errors: INVALID with all findings, which are also added to @issues; also for a year given twice.
 */
NskCalendar *nsk_calendar_read(const NskXmlDoc *const *docs,
                               size_t n_docs,
                               NskIssues *issues,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The calendars built into the program. */
NskCalendar *nsk_calendar_load_shipped(GError **error) G_GNUC_WARN_UNUSED_RESULT;
NskCalendar *nsk_calendar_ref(NskCalendar *self);
void nsk_calendar_unref(NskCalendar *self);
/* Each day that is looked at must lie in a year that has data: else NOT_FOUND, naming the year. */
bool
nsk_calendar_is_working_day(const NskCalendar *self, NskDate date, bool *out_is, GError **error);
/* The same; in a year that nobody has loaded a calendar of, Monday to Friday are worked. */
bool nsk_calendar_works(const NskCalendar *self, NskDate date);
/* The @days-th working day after @date (before it, if negative); @date itself is not counted. */
bool nsk_calendar_add_working_days(const NskCalendar *self,
                                   NskDate date,
                                   int days,
                                   NskDate *out_date,
                                   GError **error);
/* How many working days are after @from, up to and with @until; negative if @until is before @from.
 */
bool nsk_calendar_working_days_between(const NskCalendar *self,
                                       NskDate from,
                                       NskDate until,
                                       int *out_days,
                                       GError **error);
/* Name of the holiday on @date, or NULL; borrowed. */
const char *nsk_calendar_get_holiday(const NskCalendar *self, NskDate date);

/* --- Terms in working days, with stops.  A year without a calendar counts Monday to Friday. --- */

#define NSK_TERM_MAX 366 /* working days */
typedef struct {
    int days;     /* 1 to NSK_TERM_MAX working days */
    int warn;     /* so many working days before the deemed day */
    int escalate; /* the same */
} NskTerm;
typedef struct {
    NskDate warn;
    NskDate escalate;
    NskDate last;   /* of the term */
    NskDate deemed; /* the day after it, from whose beginning on silence is consent */
} NskTermDays;
/* The @days-th counting day after @date (before it, if negative). */
NskDate nsk_term_move(const NskCalendar *calendar, NskDate date, int days);
/* How many days count after @from, up to and with @until; none if that is not after it. */
int nsk_term_spend(const NskCalendar *calendar, NskDate from, NskDate until);
/* The days of a clock that starts on @from with @spent days used up before.  With nothing left the
 * last day is @from itself.  Errors: INVALID. */
bool nsk_term_run(const NskCalendar *calendar,
                  const NskTerm *term,
                  NskDate from,
                  int spent,
                  NskTermDays *out_days,
                  GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskTurn, nsk_turn_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskAttendance, nsk_attendance_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskUnit, nsk_unit_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskPosition, nsk_position_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskPerson, nsk_person_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskHolding, nsk_holding_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskMandate, nsk_mandate_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskSignatory, nsk_signatory_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskDirectory, nsk_directory_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskCalendar, nsk_calendar_unref)
