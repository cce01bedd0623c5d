/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "archive/archive.h"
#include "crypto/crypto.h"
#include "db/db.h"
#include "directory/directory.h"
#include "flow/flow.h"
#include "journal/journal.h"
#include "letter/letter.h"
#include "office/office.h"
#include "registry/registry.h"
#include "render/render.h"
#include "signer/signer.h"
#include "store/store.h"

/* What the files of the use cases share.  See office.h for what an office is. */

typedef struct _NskRules NskRules;

struct _NskOffice {
    char *dir;
    const NskClock *clock;
    char *at;         /* as NskOfficeOptions.at, or NULL; then: */
    NskInstant moved; /* by how much the clock is moved */
    const NskClock *unmoved;
    NskClock moved_clock;
    NskDb *reader;                 /* for snapshots */
    NskOfficeService *service;     /* where changes go; borrowed, or own_service */
    NskOfficeService *own_service; /* started by the first change, if none was given */
    bool has_written;
    char *origin; /* name of the journal */
    bool demo;
    char *person;          /* who acts */
    const char *auth;      /* how that is known: "os-account", "demo" or "session"; static */
    char *request_act;     /* digest of what the next change is to do, and for whom */
    char *request_more;    /* more of it: nsk_office_add_to_request(); NULL: nothing */
    char *request_id;      /* of the next change, or NULL */
    NskRules *rules;       /* parsed; those of the service if there is one */
    NskRenderer *renderer; /* opened by the first use */
    NskSearch *search;     /* for asking; opened by the first search */
    char *incoming_double; /* what the last registration seemed to repeat, or NULL */
    GArray *stored;        /* files that the pending change stores; see nsk_office_note_stored() */
    uint8_t *door_key;     /* read by the first need; see door.c */
};

/* --- office.c --- */

char *nsk_office_path(const char *dir, const char *name); /* a file in the office's folder */
/* One change through the writer, with the pending request id.  *out_answer as nsk_db_commit(). */
bool nsk_office_commit(NskOffice *self,
                       bool (*apply)(NskDbTxn *, void *, char **, GError **),
                       void *data,
                       char **out_answer,
                       GError **error);
/* Where changes go: its own, if it was given none.  Borrowed.  Errors: as starting one. */
NskOfficeService *nsk_office_get_service(NskOffice *self, GError **error);
/* Inside a change: it stores the file @name, on which the next version may lean without a look at
 * the database once the change is committed. */
void nsk_office_note_stored(NskOffice *self, const char *name, NskStoreBlob *blob);
/* Files that were stored lately; NULL in a process that makes one change and ends. */
NskStoreRecent *nsk_office_recent(const NskOffice *self);
/* Says what the coming change is, so that its request id is good for that and this person alone.
 * @words: NULL-terminated. */
void nsk_office_name_request(NskOffice *self, const char *const *words);
#define NSK_REQUEST(office, ...)                                                                   \
    nsk_office_name_request((office), (const char *const[]){ __VA_ARGS__, NULL })
/* A file's bytes as such a word: their digest, or "" if the change has no request id; owned. */
char *nsk_office_digest(const NskOffice *self, GBytes *bytes);
/* Whether the pending request was done before, and then its answer: for use cases that look before
 * they commit.  False without error if there is no request id. */
bool nsk_office_find_request(NskOffice *self,
                             NskDbTxn *txn,
                             bool *out_found,
                             char **out_answer,
                             GError **error);
/* The answer of a change, owned.  NULL is that of another sort of request: CONFLICT. */
NskJson *nsk_office_read_answer(const char *answer, GError **error);
NskRenderer *nsk_office_get_renderer(NskOffice *self, GError **error);
/* A setting's value, or NULL without error if there is none. */
bool nsk_setting_find(NskDbTxn *txn, const char *name, char **out_value, GError **error);
bool nsk_setting_put(NskDbTxn *txn, const char *name, const char *value, GError **error);
/* Where no unit, and so no zone, is known: any zone of the country will do to find what somebody
 * holds. */
#define NSK_COMMON_ZONE "Asia/Jakarta"
/* Its civil date at @now. */
bool nsk_office_common_day(NskInstant now, NskDate *out, GError **error);
/* Today's civil date in the zone of a unit. */
bool
nsk_office_today(NskDbTxn *txn, const char *unit, NskInstant now, NskDate *out, GError **error);

/* --- search-index.c --- */

#define NSK_SEARCH_TOPIC                                                                           \
    "search" /* of the outbox: a letter whose words or readers may be others                       \
              */
#define NSK_SEARCH_FILE "search.db" /* in the office's folder */
/* Takes the letters (ids) out of the index, and leaves no byte of them in it.  Errors: BUSY. */
bool nsk_office_search_take_out(NskOffice *self, const GPtrArray *letters, GError **error);

/* --- work.c --- */

/*
 * Does the claimed rows (NskOutboxRow) of a topic.  A row that it cannot do gets its fault; then it
 * returns false with the first of them.  What it does may be done again.
 */
typedef bool (*NskWork)(NskOffice *self, const GPtrArray *rows, void *data, GError **error);
/* Does all that waits in the outbox under @topic.  A row that failed waits for a later call; the
 * first fault is the error, after everything was tried. */
bool nsk_office_work(NskOffice *self, const char *topic, NskWork work, void *data, GError **error);
/* Forgets answers older than NSK_LIMIT_REQUEST_DAYS, some thousand at most.  Needs a service. */
bool nsk_office_forget_requests(NskOffice *self, GError **error);

typedef struct _NskBonds NskBonds; /* see bond.c, below */

/* --- service.c --- */

/* Borrowed. */
NskRules *nsk_office_service_get_rules(NskOfficeService *self);
NskStoreRecent *nsk_office_service_get_recent(NskOfficeService *self);
NskBonds *nsk_office_service_get_bonds(NskOfficeService *self);
NskSigners *nsk_office_service_get_signers(NskOfficeService *self);
bool nsk_office_service_commit(NskOfficeService *self,
                               const NskChange *change,
                               char **out_answer,
                               GError **error);
/* nsk_db_writer_compact() of the office's database. */
bool nsk_office_service_compact(NskOfficeService *self, GError **error);
const char *nsk_office_service_get_dir(const NskOfficeService *self);
/* Why nothing may be written: the database is not the one whose log was signed.  NULL: it may. */
const char *nsk_office_service_get_alarm(const NskOfficeService *self);
/* From now on nothing is written, for that reason, unless there is one already.  Any thread. */
void nsk_office_service_raise_alarm(NskOfficeService *self, const char *alarm);
/* Whether its workers are to come to an end. */
bool nsk_office_service_is_stopping(NskOfficeService *self);

/* --- merge.c --- */

/* A new letter as it travels. */
typedef struct {
    NskNewLetter draft;
    const char *batch; /* made with others, from this line of a table; NULL: alone */
    int64_t line;
} NskBatchLetter;
/* Through the server, if there is one: call.c. */
bool nsk_office_letter_of_batch(NskOffice *self,
                                const NskBatchLetter *letter,
                                NskJson **out_result,
                                GError **error);
/* Keeps of which batch the letter @id is.  Errors: CONFLICT if the line made one already. */
bool nsk_batch_enter(NskDbTxn *txn, const char *id, const NskBatchLetter *letter, GError **error);

/* --- The use cases of call.c, done here and now; what @arguments points to is said there. --- */

typedef struct {
    const char *letter;
    const char *reason; /* NULL: none was given */
} NskWithdrawal;
bool nsk_do_letter_new(NskOffice *self, const void *arguments, NskJson **out, GError **error);
bool
nsk_do_incoming_register(NskOffice *self, const void *arguments, NskJson **out, GError **error);
bool nsk_do_incoming_act(NskOffice *self, const void *arguments, NskJson **out, GError **error);
bool nsk_do_letter_edit(NskOffice *self, const void *arguments, NskJson **out, GError **error);
bool nsk_do_letter_withdraw(NskOffice *self, const void *arguments, NskJson **out, GError **error);
bool nsk_do_task_act(NskOffice *self, const void *arguments, NskJson **out, GError **error);
bool nsk_do_workflow_migrate(NskOffice *self, const void *arguments, NskJson **out, GError **error);
bool nsk_do_handover(NskOffice *self, const void *arguments, NskJson **out, GError **error);
bool nsk_do_directory_load(NskOffice *self, const void *arguments, NskJson **out, GError **error);
bool nsk_do_calendar_load(NskOffice *self, const void *arguments, NskJson **out, GError **error);
bool nsk_do_records_load(NskOffice *self, const void *arguments, NskJson **out, GError **error);
bool nsk_do_berkas(NskOffice *self, const void *arguments, NskJson **out, GError **error);
bool nsk_do_loan(NskOffice *self, const void *arguments, NskJson **out, GError **error);
bool nsk_do_disposal(NskOffice *self, const void *arguments, NskJson **out, GError **error);
/* Through the server, if there is one. */
bool nsk_call_directory_load(NskOffice *self,
                             const NskOfficeFile *file,
                             NskJson **out_result,
                             GError **error);
bool nsk_do_signer_add(NskOffice *self, const void *arguments, NskJson **out, GError **error);
bool nsk_do_sso_link(NskOffice *self, const void *arguments, NskJson **out, GError **error);
bool nsk_do_account(NskOffice *self, const void *arguments, NskJson **out, GError **error);
bool nsk_do_mail_choose(NskOffice *self, const void *arguments, NskJson **out, GError **error);
bool nsk_do_signer_assign(NskOffice *self, const void *arguments, NskJson **out, GError **error);
bool nsk_do_roster(NskOffice *self, const void *arguments, NskJson **out, GError **error);
bool nsk_do_deed(NskOffice *self, const void *arguments, NskJson **out, GError **error);
bool nsk_do_disposition(NskOffice *self, const void *arguments, NskJson **out, GError **error);
bool nsk_do_letter_note(NskOffice *self, const void *arguments, NskJson **out, GError **error);
bool nsk_do_profile_deploy(NskOffice *self, const void *arguments, NskJson **out, GError **error);
bool nsk_do_workflow_deploy(NskOffice *self, const void *arguments, NskJson **out, GError **error);
typedef struct {
    const char *letter;
} NskPrint;
bool nsk_do_letter_print(NskOffice *self, const void *arguments, NskJson **out, GError **error);
/* That the evidence of a letter was taken out. */
typedef struct {
    const char *letter;
    const char *sha256; /* of the file, hex */
    int64_t size;       /* bytes */
} NskEvidenceRecord;
bool nsk_do_evidence_record(NskOffice *self, const void *arguments, NskJson **out, GError **error);
/* That a secret letter was read. */
typedef struct {
    const char *letter;
    const char *how; /* NSK_READING_OPENED and the like */
    /* of what was taken: as reader-copy-private.h has it; NULL: of what was not */
    const char *what;
    const char *sha256; /* of the bytes that the copy is made of, hex */
    int64_t size;
} NskReadingRecord;
bool nsk_do_reading_record(NskOffice *self, const void *arguments, NskJson **out, GError **error);
bool nsk_call_reading_record(NskOffice *self,
                             const NskReadingRecord *record,
                             NskJson **out_result,
                             GError **error);
/* Through the server, if there is one. */
bool nsk_call_evidence_record(NskOffice *self,
                              const NskEvidenceRecord *record,
                              NskJson **out_result,
                              GError **error);
bool nsk_do_task_scan(NskOffice *self, const void *arguments, NskJson **out, GError **error);
bool nsk_do_sign_prepare(NskOffice *self, const void *arguments, NskJson **out, GError **error);
bool nsk_do_sign_confirm(NskOffice *self, const void *arguments, NskJson **out, GError **error);
bool nsk_do_sign_batch(NskOffice *self, const void *arguments, NskJson **out, GError **error);
bool nsk_do_sign_resume(NskOffice *self, const void *arguments, NskJson **out, GError **error);
bool nsk_do_sign_cancel(NskOffice *self, const void *arguments, NskJson **out, GError **error);

/* --- rules.c: kinds, profiles and workflows, by version.  Borrowed from the office. --- */

/* Parsed rules, each version once; shared by the handles of a service.  Any thread. */
NskRules *nsk_rules_new(void);
NskRules *nsk_rules_ref(NskRules *self);
void nsk_rules_unref(NskRules *self);

/* Stores a rule and puts it in force; *out_version (may be NULL): owned. */
bool nsk_rule_put(NskDbTxn *txn,
                  const char *type,
                  const char *name,
                  GBytes *content,
                  NskInstant now,
                  GError **error);
/* The version of a rule that is in force.  Errors: NOT_FOUND, naming those there are. */
char *nsk_rule_current(NskDbTxn *txn, const char *type, const char *name, GError **error);
/* Where the processes are that a workflow of the office calls: those that were loaded last at @at,
 * which is when the version that calls them was, so that it calls the same for ever. */
typedef struct {
    NskDbTxn *txn;
    NskInstant at;
} NskFlowLibrary;
/* As NskFlowFind; @data is an NskFlowLibrary. */
GBytes *nsk_flow_library_find(void *data, const char *process, char **out_name);
/* The file of a version.  Errors: CORRUPT if the office does not have it. */
GBytes *nsk_rule_read(NskDbTxn *txn,
                      const char *type,
                      const char *name,
                      const char *version,
                      GError **error);
const NskFlow *nsk_office_flow(NskOffice *self,
                               NskDbTxn *txn,
                               const char *name,
                               const char *version,
                               GError **error);
/* The working days of all calendars in force.  Owned. */
NskCalendar *nsk_office_calendar(NskOffice *self, NskDbTxn *txn, GError **error);
const NskKind *nsk_office_kind(NskOffice *self,
                               NskDbTxn *txn,
                               const char *name,
                               const char *version,
                               GError **error);
const NskProfile *nsk_office_profile(NskOffice *self,
                                     NskDbTxn *txn,
                                     const char *name,
                                     const char *version,
                                     GError **error);

/* --- letter-rows.c, task-rows.c: the index of letters, tasks, parafs and signings. --- */

/* A row of table letter; all owned. */
typedef struct {
    char *id, *unit, *kind, *subject, *security, *urgency, *state;
    char *drafter, *drafter_person;
    char *number, *letter_date; /* NULL: none yet */
    char *draft;                /* version before it was locked; NULL while it is not */
    uint8_t content[NSK_SHA256_SIZE];
    char *kind_version, *profile, *profile_version, *workflow, *workflow_version, *flow;
    char *agenda; /* number in the agenda, if this change gave it; NULL: it did not */
    char *told;   /* positions that this change told of the term's end; NULL: none */
    bool locked;
    NskInstant created, changed, dispatched; /* dispatched 0: not sent */
} NskLetterRow;
void nsk_letter_row_free(NskLetterRow *self);
NskLetterRow *nsk_letter_row_load(NskDbTxn *txn, const char *id, GError **error);
/* Copies into the row what its content says. */
void nsk_letter_row_take_content(NskLetterRow *row, const NskLetter *letter);
/* The rules in force today, which the letter keeps for its life. */
bool nsk_letter_bind_rules(NskOffice *office, NskDbTxn *txn, NskLetterRow *row, GError **error);
/* Of class rahasia or above: assistants and archivists have no part in it. */
bool nsk_letter_row_is_secret(const NskLetterRow *row);
bool nsk_security_is_secret(const char *security);
/* Inserts.  Errors: CONFLICT if the letter is there. */
bool nsk_letter_row_add(NskDbTxn *txn, const NskLetterRow *row, GError **error);
/* Inserts or updates. */
bool nsk_letter_row_save(NskDbTxn *txn, const NskLetterRow *row, GError **error);
/* Ids of the letters that @text may mean, up to 100: an id, its last twelve characters, a number, a
 * place in the agenda, or the sender's own number. */
GPtrArray *nsk_letter_row_search(NskDbTxn *txn, const char *text, GError **error);

/* A part in a letter, or a day that it names for its workflow. */
typedef struct {
    char *role, *position, *capacity, *mandate;
    int64_t n;
    bool done;  /* reviewer, coordinator: paraf holds; signatory: signature stored */
    char *says; /* consultant: the desk; a day: YYYY-MM-DD; else "" */
} NskRoutePart;
void nsk_route_part_free(gpointer part);
/* Writes the route of @letter anew from its content. */
bool nsk_route_save(NskDbTxn *txn, const char *id, const NskLetter *letter, GError **error);
/* Whether the rows of the route are what @letter says. */
bool nsk_route_is_right(NskDbTxn *txn,
                        const char *id,
                        const NskLetter *letter,
                        bool *out_right,
                        GError **error);
/* Parts of one role (NULL: of all, by role) in order; owned array of NskRoutePart. */
GPtrArray *nsk_route_load(NskDbTxn *txn, const char *id, const char *role, GError **error);

/* --- letter-note.c: catatan. --- */

/* Through which position somebody has a letter, and as what: a capacity, or "substitute",
 * "assistant", "archivist". */
typedef struct {
    char *position;       /* owned */
    const char *capacity; /* static */
} NskNotePlace;
/* That of the person, who has a part in the letter.  Errors: DENIED. */
bool nsk_note_place(NskOffice *office,
                    NskDbTxn *txn,
                    const NskLetterRow *row,
                    NskDate today,
                    NskNotePlace *out_place,
                    GError **error);
/* Sets "notes" of @result (at, person, name, position, capacity, text), oldest first. */
bool nsk_notes_show(NskDbTxn *txn, const char *letter, NskJson *result, GError **error);
/* Makes the row of an entry of the letter's journal, if it is a note. */
bool
nsk_note_restore(NskDbTxn *txn, const char *letter, const NskJournalEntry *entry, GError **error);

/* --- letter-link.c: letters that refer to each other. --- */

/* All owned. */
typedef struct {
    char *letter; /* the one that refers */
    char *target; /* to this one, which need not exist while the other is a draft */
    NskRelation relation;
    int64_t n; /* which of the references of @letter, counted from 1 */
} NskLinkRow;
void nsk_link_row_free(gpointer link);
/* Writes the links of @letter anew from its content. */
bool nsk_link_save(NskDbTxn *txn, const char *id, const NskLetter *letter, GError **error);
/* Those from @letter, in order; owned array of NskLinkRow. */
GPtrArray *nsk_link_list(NskDbTxn *txn, const char *letter, GError **error);
/* Those to @target, also from drafts and withdrawn letters, by relation and letter. */
GPtrArray *nsk_link_list_to(NskDbTxn *txn, const char *target, GError **error);
/* For letter show: links in both directions (direction "to" or "from", type, letter, and of letters
 * that the person may read kind, subject, number, date, state).  Those from letters that he may not
 * read are left out. */
bool nsk_link_show(NskOffice *self,
                   NskDbTxn *txn,
                   const NskLetterRow *row,
                   NskJson *result,
                   GError **error);

typedef struct {
    char *letter, *key, *name, *role, *outcomes;
    char *assignee; /* person who took it upon himself or was given it; NULL: nobody */
    char *owner;    /* position that has it done by another; NULL: none */
    NskInstant opened;
    NskInstant due;       /* 0: none */
    NskInstant follow_up; /* 0: none */
    int priority;
    bool closed;
    char **positions; /* that may do it */
} NskTaskRow;
void nsk_task_row_free(gpointer task);
bool nsk_task_open(NskDbTxn *txn,
                   const char *letter,
                   const NskFlowAction *action,
                   NskInstant now,
                   GError **error);
/* As rows have it; "" of NONE.  Static. */
const char *nsk_role_text(NskFlowRole role);
/* How a task ended; all borrowed. */
typedef struct {
    const char *outcome; /* NULL: given up */
    const char *person;  /* who did it; NULL: nobody */
    NskInstant now;
} NskTaskEnd;
bool nsk_task_close(NskDbTxn *txn,
                    const char *letter,
                    const char *key,
                    const NskTaskEnd *end,
                    GError **error);
/* Waiting tasks of a letter, oldest first; owned array of NskTaskRow. */
GPtrArray *nsk_task_list_letter(NskDbTxn *txn, const char *letter, GError **error);
NskTaskRow *nsk_task_load(NskDbTxn *txn, const char *letter, const char *key, GError **error);

/* A task among those that wait, in the order of (opened, letter, key), with what a list shows of it
 * and of its letter. */
typedef struct {
    NskInstant opened;
    char *letter, *key;
    char *name, *role, *outcomes;
    char *subject, *kind, *urgency;
    bool secret;   /* the letter is */
    bool has_term; /* a legal one, which may have ended */
} NskTaskPlace;
void nsk_task_place_free(gpointer place);
int nsk_task_place_compare(const NskTaskPlace *a, const NskTaskPlace *b);
typedef struct {
    const char *position;
    bool drafting;             /* of drafting alone, which an assistant prepares */
    const NskTaskPlace *after; /* NULL: from the oldest; of it only what it is ordered by is read */
} NskTaskPlacesAsk;
/* Tasks in front of a position, to be read one by one; owned. */
NskDbRows *nsk_task_places(NskDbTxn *txn, const NskTaskPlacesAsk *ask, GError **error);
/* *out_place: the next one, owned; NULL behind the last. */
bool nsk_task_places_next(NskDbRows *places, NskTaskPlace **out_place, GError **error);
/* The positions in front of which a task lies, sorted; owned. */
char **nsk_task_positions(NskDbTxn *txn, const char *letter, const char *key, GError **error);

typedef struct {
    char *position, *person, *capacity;
    uint8_t content[NSK_SHA256_SIZE];
    NskInstant at, voided;
    int64_t n;
} NskParafRow;
void nsk_paraf_row_free(gpointer paraf);
/* Who gave a paraf may read the letter from then on, also if the route changes. */
bool nsk_paraf_add(NskDbTxn *txn, const char *letter, const NskParafRow *paraf, GError **error);
/* Whether a paraf of the position holds. */
bool nsk_paraf_holds(NskDbTxn *txn,
                     const char *letter,
                     const char *position,
                     bool *out_holds,
                     GError **error);
GPtrArray *nsk_paraf_list(NskDbTxn *txn, const char *letter, GError **error);
/* Those that hold and were given for another content. */
GPtrArray *
nsk_paraf_list_stale(NskDbTxn *txn, const char *letter, const uint8_t *content, GError **error);
bool nsk_paraf_void(NskDbTxn *txn, const char *letter, int64_t n, NskInstant now, GError **error);

typedef struct {
    int64_t n;
    char *state, *field, *position, *person, *capacity;
    bool has_pdf; /* from "prepared" on */
    uint8_t pdf[NSK_SHA256_SIZE];
} NskSigningRow;
void nsk_signing_row_free(gpointer signing);
/* NULL without error if there is none. */
bool nsk_signing_find(NskDbTxn *txn,
                      const char *letter,
                      int64_t n,
                      NskSigningRow **out_row,
                      GError **error);
bool nsk_signing_save(NskDbTxn *txn,
                      const char *letter,
                      const NskSigningRow *row,
                      NskInstant now,
                      GError **error);

/* For letter show: where each signature of the letter stands (n, position, person, state, signer,
 * waits, again, wrong_secrets, asked). */
bool nsk_signing_show(NskDbTxn *txn, const char *letter, NskJson *list, GError **error);
/* For a task of signing: sets "signing" of @row to what it waits for, "service", "time-stamp",
 * "secret", or else to the state of a signature that was begun. */
bool nsk_signing_mark(NskDbTxn *txn, const char *letter, NskJson *row, GError **error);

/* --- preserve.c: signatures that last. --- */

/* Sets "preservation" of @result, if the letter has one (office.h). */
bool nsk_preserve_show(NskDbTxn *txn, const char *letter, NskJson *result, GError **error);
/* Adds those that could not be completed, or renewed, to @issues. */
bool nsk_preserve_check(NskDbTxn *txn, NskIssues *issues, GError **error);

/* How much of a letter is open to a position; the higher includes the lower. */
typedef enum {
    NSK_READER_NONE,
    NSK_READER_DELIVERY, /* it was sent to them: the letter as it was signed */
    NSK_READER_ROUTE     /* they had a part in making it: its versions and its history too */
} NskReaderLevel;
/* Opens the letter to a position of its route. */
bool nsk_reader_add(NskDbTxn *txn, const char *letter, const char *position, GError **error);
/* Opens it to a position that it was sent to; takes nothing from one of the route. */
bool nsk_reader_deliver(NskDbTxn *txn, const char *letter, const char *position, GError **error);
bool nsk_reader_find(NskDbTxn *txn,
                     const char *letter,
                     const char *position,
                     NskReaderLevel *out_level,
                     GError **error);

/* --- position-holders.c --- */

/* Adds who holds the position on @today to @list (person, name, capacity). */
/* Who signs from a position: as the first who holds it today; all owned. */
typedef struct {
    char *position, *title, *name, *nip;
    NskCapacity capacity;
} NskParty;
void nsk_party_clear(NskParty *self);
/* Errors: NOT_FOUND; CONFLICT if nobody holds it today. */
bool nsk_party_find(NskDbTxn *txn, const char *id, NskDate today, NskParty *out, GError **error);
bool
nsk_list_holders(NskDbTxn *txn, const char *position, NskDate today, NskJson *list, GError **error);

/* --- residual.c: what is left of destroyed letters. --- */

/* What is left of the letter that @text means, if the person may know of it; NULL without error if
 * there is none. */
bool nsk_residual_find(NskOffice *self,
                       NskDbTxn *txn,
                       const char *text,
                       NskJson **out_found,
                       GError **error);
/* Whether @error was set: GONE, if the letter was destroyed, or why that could not be seen. */
bool nsk_residual_refuse(NskOffice *self, NskDbTxn *txn, const char *text, GError **error);
/* Whether the record in the letter's newest version is one of what is left. */
bool nsk_record_is_residual(const NskJson *record);

/* --- reading.c: that secret letters were read. --- */

#define NSK_READING_OPENED  "opened"  /* shown, as text or picture */
#define NSK_READING_TAKEN   "taken"   /* given away as a file */
#define NSK_READING_HISTORY "history" /* its versions and how it came to be */
/* Before @row, found in *txn, is shown to the person: if it is secret, the reading is recorded, and
 * *txn is a newer snapshot; NULL if that failed.  What cannot be recorded is not shown. */
bool nsk_reading_keep(NskOffice *self,
                      NskDbTxn **txn,
                      const NskLetterRow *row,
                      const char *how,
                      GError **error);
/* Whether an action of the journal is a reading, which changes nothing. */
bool nsk_reading_is(const char *action);
bool nsk_reading_restore(NskDbTxn *txn,
                         const char *letter,
                         const NskJournalEntry *entry,
                         GError **error);

/* Whether the rows of @letter's last readings are what its journal says. */
bool nsk_readings_are_right(NskDbTxn *txn,
                            const char *letter,
                            const GPtrArray *entries,
                            bool *out_right,
                            GError **error);

/* --- access.c: who may know of, read and touch a letter. --- */

/* Finds the letter that @text means among those the person may read.  Errors: NOT_FOUND also for
 * one he may not know of; INVALID if it means several. */
NskLetterRow *nsk_access_letter(NskOffice *self, NskDbTxn *txn, const char *text, GError **error);
/* loan-show.c: whether the letter is lent to the person on that day. */
bool nsk_loan_opens(NskDbTxn *txn,
                    const char *letter,
                    const char *person,
                    NskDate today,
                    bool *out_opens,
                    GError **error);
/* The same, and how much of it; *out_level is never NSK_READER_NONE. */
NskLetterRow *nsk_access_letter_level(NskOffice *self,
                                      NskDbTxn *txn,
                                      const char *text,
                                      NskReaderLevel *out_level,
                                      GError **error);
/* How much of @row is open through @readings, those of a day in the zone of its unit: the one rule
 * of who may read. */
bool nsk_access_level(NskDbTxn *txn,
                      const NskLetterRow *row,
                      const GPtrArray *readings,
                      NskReaderLevel *out_level,
                      GError **error);
/* How much of @row is open to the person who acts, now: through his positions, or on loan. */
bool nsk_access_level_today(NskOffice *self,
                            NskDbTxn *txn,
                            const NskLetterRow *row,
                            NskReaderLevel *out_level,
                            GError **error);
/* The same for what is the route's alone.  Errors: also DENIED. */
NskLetterRow *nsk_access_route(NskOffice *self, NskDbTxn *txn, const char *text, GError **error);
/* The task, and the position through which the person may do it, by its own holding or, for tasks
 * of drafting, as an assistant.  Errors: DENIED, EXPIRED, CONFLICT if it is done, NOT_FOUND;
 * INVALID if only a letter is named and several of its tasks are the person's. */
typedef struct {
    NskLetterRow *row;
    NskTaskRow *task;
    char *position;       /* acted from */
    NskCapacity capacity; /* how the person holds it */
    bool assisting;       /* as an assistant of the position */
    NskDate today;        /* in the unit's zone */
} NskDuty;
void nsk_duty_free(NskDuty *self);
/* What was delegated is worked at, and done by who delegated it.  Errors: DENIED. */
bool nsk_duty_check_kept(const NskDuty *duty, GError **error);
NskDuty *nsk_access_duty(NskOffice *self, NskDbTxn *txn, const char *task, GError **error);
/* Whether a signature of the letter waits for the person. */
bool nsk_access_may_sign(NskOffice *self,
                         NskDbTxn *txn,
                         const NskLetterRow *row,
                         bool *out_may,
                         GError **error);

/* --- kept.c: records, from which rows are made again that content and journal do not say. --- */

typedef enum {
    NSK_KEPT_LETTER,    /* of a letter: "<id>.json" in its versions */
    NSK_KEPT_REGISTERS, /* what no letter says of the registers: "registers.json", in
                         * NSK_REGISTERS_HISTORY */
    NSK_KEPT_SETTINGS,  /* "settings.json", in NSK_SETTINGS_HISTORY */
    NSK_KEPT_HANDOVER,  /* of a handover: "handover.json", in NSK_HANDOVER_HISTORY with its id */
    NSK_KEPT_BERKAS,    /* of a file of records: "berkas.json", in NSK_BERKAS_HISTORY with its id */
    NSK_KEPT_RESIDUAL,  /* of a destroyed letter: "<id>.json", in its only version */
    NSK_KEPT_DISPOSAL,  /* of a proposal: "disposal.json", in NSK_DISPOSAL_HISTORY with its id */
    NSK_KEPT_LOAN,      /* of a loan: "loan.json", in its history "office/loan-ID" */
} NskKeptSet;
#define NSK_REGISTERS_HISTORY "office/registers"
#define NSK_SETTINGS_HISTORY  "office/settings"
#define NSK_DIRECTORY_HISTORY "office/directory"
#define NSK_RULES_HISTORY     "office/rules"
#define NSK_LOG_HISTORY       "office/log"  /* entries alone, as of the door */
#define NSK_DOOR_HISTORY      "office/door" /* entries alone: it has no files, so no versions */
#define NSK_HANDOVER_HISTORY  "office/handover-"
#define NSK_HANDOVER_FILE     "handover.json"
#define NSK_BERKAS_HISTORY    "office/berkas-"
#define NSK_BERKAS_FILE       "berkas.json"
#define NSK_DISPOSAL_HISTORY  "office/disposal-"
#define NSK_DISPOSAL_FILE     "disposal.json"
#define NSK_LOAN_FILE         "loan.json"
#define NSK_REGISTERS_FILE    "registers.json"
#define NSK_SETTINGS_FILE     "settings.json"
#define NSK_DIRECTORY_FILE    "directory.xml"

/* The record of @owner, a letter or a history of the office, as its rows stand now; owned. */
GBytes *nsk_kept_write(NskDbTxn *txn, NskKeptSet set, const char *owner, GError **error);
/* Reads a record.  Errors: CORRUPT. */
NskJson *nsk_kept_parse(const char *owner, GBytes *record, GError **error);
/* Inserts its rows, of which there must be none yet.  Errors: CORRUPT, CONFLICT. */
bool nsk_kept_restore(NskDbTxn *txn,
                      NskKeptSet set,
                      const char *owner,
                      const NskJson *record,
                      GError **error);

/* Gives an office of an older program its records, in changes of its own; takes the writer's lock.
 * Does nothing if that was done. */
bool nsk_office_keep_records(const char *dir, NskInstant now, GError **error);

/* --- bond.c: what a paraf binds --- */

/* The content, and the files attached to it. */
typedef struct {
    uint8_t content[NSK_SHA256_SIZE];
    char *number; /* of the letter; NULL: it has none; owned */
    NskJournalObject objects[2];
    size_t n_objects; /* 0: nothing is described */
    char *cms;        /* the reviewer's signature over it, base64; NULL: signing in is enough */
} NskBond;

/* Bonds that were made lately, for the handles of a service.  Any thread. */
NskBonds *nsk_bonds_new(void);
void nsk_bonds_free(NskBonds *self);
void nsk_bond_clear(NskBond *self);
/* Whether it describes the letter as @row has it. */
bool nsk_bond_holds(const NskBond *self, const NskLetterRow *row);
/* Describes the letter of @row in place of what @out_bond described. */
bool nsk_bond_make(NskOffice *office,
                   NskDbTxn *txn,
                   const NskLetterRow *row,
                   NskBond *out_bond,
                   GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskBond, nsk_bond_clear)

/* --- paraf.c: paraf with a certificate --- */

#define NSK_PARAF_TEXT "cms" /* beside the journal's entry */

/* What the profile asks of the paraf of a position in this letter. */
bool nsk_paraf_rule(NskOffice *office,
                    NskDbTxn *txn,
                    const NskLetterRow *row,
                    const char *position,
                    NskProfileParaf *out_rule,
                    GError **error);
/* Whether the signatures of parafs among the entries of a letter hold; findings: paraf-signature.
 */
void nsk_paraf_check(const GPtrArray *entries, NskIssues *issues);

/* --- record.c: one event = one journal entry and one version in git. --- */

typedef struct {
    NskOffice *office;
    NskDbTxn *txn;
    NskLetterRow *row;
    NskInstant now;
    NskDate today;
    const char *part; /* of the program that acts; NULL: the office's person does */
} NskAct;
void nsk_act_set_state(NskAct *act, const char *state);

/* A letter's record (see below) must say, at the end of a change, what its rows say. */
typedef enum {
    NSK_RECORD_WRITE, /* writes it with this version */
    NSK_RECORD_LATER, /* another event of the same change follows, which writes it */
    NSK_RECORD_SAME,  /* only what the content says, or the time, changed: it says the same */
} NskEventRecord;

/* All borrowed; zero is the default. */
typedef struct {
    const char *action;       /* "letter-created" */
    const char *sentence;     /* first line of the commit's message */
    const char *position;     /* acted from */
    const char *capacity;     /* "plt" ...; NULL: definitive, or none */
    const char *on_behalf_of; /* position acted for */
    const char *task;
    const char *state_from;
    const char *reason;
    NskEventRecord kept; /* what becomes of the letter's record; it is right to leave it out */
    const NskStoreFile *files; /* new versions */
    size_t n_files;
    const char *const *removed; /* names of files that this version has no more */
    const NskJournalObject *objects;
    size_t n_objects;
    const NskJournalText *texts; /* kept beside the entry */
    size_t n_texts;
    NskJournalText text; /* room for the only one */
} NskEvent;
/* The repository that shows the letter: one a unit and year, a closed one for restricted letters,
 * none (*out_name is NULL) for secret ones. */
/* @unit: the letter's. */
bool nsk_letter_repository(const NskLetterRow *row,
                           const NskUnit *unit,
                           char **out_name,
                           GError **error);
/* An entry beside the versions, of what changes nothing of the letter: it names the newest version.
 */
bool nsk_record_aside(NskAct *act, const NskEvent *event, GError **error);
/* Saves the row (changed = now), commits the files and the letter's record, and writes the entry.
 */
bool nsk_record(NskAct *act, const NskEvent *event, GError **error);

/* An event that the program itself makes; all borrowed; zero is the default. */
typedef struct {
    const char *origin;   /* name of the journal */
    const char *history;  /* "office/directory", or a letter */
    const char *actor;    /* part of the program, "naskah-init", or a person */
    const char *auth;     /* of a person: as NskOffice has it */
    const char *position; /* of a person: acted from; NULL: none */
    const char *capacity; /* in which it is held */
    const char *reason;   /* kept beside the entry */
    const char *action;   /* "directory-loaded" */
    const char *sentence; /* first line of the commit's message */
    const NskStoreFile *files;
    size_t n_files;
    const NskJournalObject *objects;
    size_t n_objects;
    bool replaces;          /* the whole history of the letter: nsk_store_replace() */
    bool of_letter;         /* shown in @repository, if not NULL; else in the office's */
    const char *repository; /* of a letter */
    NskInstant now;
} NskOfficeEvent;
/* One version of that history and its entry. */
bool nsk_record_office(NskDbTxn *txn, const NskOfficeEvent *event, GError **error);
/* The same with the record of the set beside @event->files. */
bool
nsk_record_office_rows(NskDbTxn *txn, NskKeptSet set, const NskOfficeEvent *event, GError **error);

/* --- advance.c: the workflow. --- */

/* Why what @key stands for failed; all owned. */
typedef struct {
    char *key, *class, *words;
} NskFlowFailure;
void nsk_flow_failure_free(gpointer failure);

/* All borrowed. */
typedef struct {
    NskFlowEvent flow_event;
    NskEvent record;           /* the act itself; its state_to is what the step made of it */
    const char *person;        /* who closes the task; NULL: nobody */
    int64_t giving;            /* number of the disposition that it is; 0: none */
    char *const *receivers;    /* positions that it names; NULL: none */
    bool takes_back;           /* the task is taken from who had it by who gave it */
    const char *state_if_done; /* the letter's state if nobody has to act next; NULL: unchanged */
    GPtrArray *failures; /* NskFlowFailure: what becomes an incident at once; what fails is added,
                          * and the change is to be made again.  NULL: a person stands behind the
                          * act, to whom failing is an error */
    bool *passed;        /* set if the workflow does not, or no longer, wait for the event, which
                          * then is the error; NULL: nobody asks */
} NskAdvance;
/* Moves the letter's workflow on, opens and closes tasks, records the act, and carries out services
 * until somebody has to act.  The letter's row must be stored already. */
bool nsk_advance(NskAct *act, const NskAdvance *advance, GError **error);
/* The same for a message, the event's @name, which waits for @ttl microseconds if nothing listens
 * to it. */
bool nsk_advance_message(NskAct *act, const NskAdvance *advance, int64_t ttl, GError **error);

/* Does the task with the outcome: a paraf if it is one, and the workflow's next step.  What must be
 * checked before was checked. */
bool nsk_task_complete(NskAct *act,
                       const NskDuty *duty,
                       const NskTaskAct *done,
                       NskBond *bond,
                       char **out_answer,
                       GError **error);
/* Moves the letter to another version of its workflow; a dry run changes nothing and may be
 * followed by nothing. */
typedef struct {
    const char *version;
    const NskFlowMove *moves;
    size_t n_moves;
    bool dry_run;
} NskVersionMove;
bool nsk_advance_version(NskAct *act, const NskVersionMove *move, GError **error);
/* Sets the version of the row and in the database. */
bool
nsk_letter_row_set_version(NskDbTxn *txn, NskLetterRow *row, const char *version, GError **error);

/* The answer of an act: letter, task, outcome, state, number, next; owned JSON text. */
char *nsk_act_answer(const NskAct *act, const char *task, const char *outcome, GError **error);

/* --- incoming-rows.c, agenda.c: letters that came in. --- */

/* A row of table incoming; all owned, texts "" for what is not known. */
typedef struct {
    char *letter, *unit, *channel, *origin, *place, *number, *dated, *due, *sender, *file, *words;
    char *agenda; /* NULL: not entered yet */
    NskInstant at;
    NskInstant forwarded; /* 0: not yet */
    bool unopened;
} NskIncomingRow;
void nsk_incoming_row_free(NskIncomingRow *self);
/* NULL without error for a letter of ours. */
bool nsk_incoming_find(NskDbTxn *txn, const char *letter, NskIncomingRow **out_row, GError **error);
/* Keeps what the content of a letter that came in says; does nothing for one of ours. */
bool nsk_incoming_take_content(NskDbTxn *txn,
                               const NskLetterRow *row,
                               const NskLetter *letter,
                               GError **error);
/* A new version says of how a letter came what was registered.  Errors: INVALID. */
bool nsk_incoming_check_kept(NskDbTxn *txn,
                             const NskLetterRow *row,
                             const NskLetter *letter,
                             GError **error);
/* Keeps the signature of the scan's words (nsk_near_signature()). */
bool nsk_incoming_set_words(NskDbTxn *txn, const char *letter, const char *words, GError **error);
bool nsk_incoming_set_agenda(NskDbTxn *txn, const char *letter, const char *agenda, GError **error);
#define NSK_OUTCOME_FORWARD "forward" /* of the task in which TU passes a letter on */
/* It was passed on to its addressees, who may read it from now on. */
bool
nsk_incoming_set_forwarded(NskDbTxn *txn, const NskLetterRow *row, NskInstant now, GError **error);
/* Opens the letter to whose it is, and one that was passed on to its addressees.  TU has a secret
 * one before it only as long as it has to pass it on. */
bool nsk_incoming_add_readers(NskDbTxn *txn, const NskLetterRow *row, GError **error);
/* What content and registers say, behind what the letter's record says. */
bool nsk_incoming_rebuild(NskDbTxn *txn,
                          const NskLetterRow *row,
                          const NskLetter *letter,
                          GError **error);
/* What is compared of a letter that is not stored yet, and nothing else; owned. */
NskIncomingRow *
nsk_incoming_describe(const NskLetter *letter, const char *id, const char *unit, const char *words);
/* The letter that this one repeats: the same sender's number, the same file, or nearly the same
 * words; of the unit's agenda, or of another's if it is not secret.  NULL: there is none. */
bool nsk_incoming_find_double(NskDbTxn *txn,
                              const NskIncomingRow *row,
                              NskIncomingRow **out_other,
                              GError **error);

/* The id under which a letter is entered in the agenda: "<id>/agenda"; owned. */
char *nsk_agenda_id(const char *letter);
/* Gives the letter of @act its number in the agenda of its unit, once.  *out_number: owned. */
bool nsk_agenda_enter(NskAct *act, char **out_number, GError **error);

/* Voids it, if there is one, and tells so in the letter's history. */
bool nsk_agenda_void(NskAct *act, const NskEvent *because, const char *reason, GError **error);

/* --- incoming-near.c: letters of nearly the same words. --- */

#define NSK_NEAR_BANDS 8
/* What is compared of a text, in hex; "" if it has too few words.  Owned. */
char *nsk_near_signature(const char *text);
/* A part of it, by which near ones are found. */
int64_t nsk_near_band(const char *signature, unsigned band);
/* Whether two signatures are of nearly the same words. */
bool nsk_near_is(const char *a, const char *b);

/* --- sign-prepare.c, sign-rows.c, unlock.c: the signature. --- */

/* As nsk_access_duty(), for a task that is a signature. */
NskDuty *nsk_access_signature(NskOffice *office, NskDbTxn *txn, const char *task, GError **error);
/* Puts a sentence that says so in the place of a CONFLICT of somebody who has signed the letter.
 * Always false. */
bool nsk_explain_signed(NskOffice *office, const char *task, GError **error);
/* The signature that the person gave already to the letter that @task is of, with the letter's row;
 * NULL if there is none.  Both owned. */
NskSigningRow *nsk_find_signed(NskOffice *office, const char *task, NskLetterRow **out_row);
/* Several letters in one confirmation, as they travel. */
typedef struct {
    const char *tasks;  /* parted by line feeds */
    const char *sha256; /* of all of them together */
    GBytes *key;
    const char *passphrase;
    const char *code;
} NskSignBatch;
/* The signatory's part that the task is about. */
NskRoutePart *nsk_find_signatory(NskDbTxn *txn, const NskDuty *duty, GError **error);
/* Whether @person (NULL: whoever holds the position) may give this signature today, by the rules of
 * the directory. */
NskSignatory *nsk_check_signatory(const NskAct *act,
                                  const NskRoutePart *part,
                                  const char *person,
                                  GError **error);
/* Takes number, date and pages out of a letter that goes back, if they were in; the number stays
 * reserved, or is void if a signature was on it already.  @because: the act that makes it, whose
 * own record must follow in the same change, here and in the next. */
bool nsk_unlock(NskAct *act, const NskEvent *because, GError **error);
/* --- publish.c: what workflows make public. --- */

#define NSK_PUBLISH_TOPIC "publish" /* of the outbox: a letter to be put on the public page */
#define NSK_MAIL_TOPIC    "mail"    /* of the outbox: a letter of which people are to be told */

/* Takes the files of the letter out of the public folder.  Errors: IO. */
bool nsk_publish_remove(NskOffice *self, const char *letter, GError **error);
/* The letter's pages became others: if it was published, its copy on the public page follows. */
bool nsk_publish_again(const NskAct *act, GError **error);
/* Why the letter may not be public, in words (static); *out_reason is NULL if it may. */
bool nsk_publish_find_reason(NskDbTxn *txn,
                             const NskLetterRow *row,
                             const char **out_reason,
                             GError **error);

/* --- paper-print.c, paper-scan.c: signatures on paper. --- */

#define NSK_PAPER_FIELD    "paper" /* instead of a signature field of the PDF */
#define NSK_OUTCOME_UPLOAD "upload"
#define NSK_OUTCOME_MATCH  "match"

/* Whether the letter is of a kind that is signed on paper. */
bool nsk_paper_is(NskOffice *office,
                  NskDbTxn *txn,
                  const NskLetterRow *row,
                  bool *out_is,
                  GError **error);
/* Whether the act says that a scan is what was printed and signed; it then takes the scan. */
bool nsk_paper_needs_scan(const NskDuty *duty, const NskTaskAct *act);
NskStoreBlob *nsk_paper_read_scan(NskDbTxn *txn, const NskDuty *duty, GError **error);
/* The act itself: the scan is the letter from now on, and every signature is there. */
bool nsk_paper_confirm(NskAct *act,
                       const NskDuty *duty,
                       const NskTaskAct *done,
                       NskStoreBlob *scan,
                       char **out_answer,
                       GError **error);
/* What the office in @dir has of a confirmed scan: letter, number, date, signatory; *out_found is
 * NULL if it has none. */
bool nsk_paper_find(const char *dir, const uint8_t *sha256, NskJson **out_found, GError **error);

/* --- number.c: number and letter date. --- */

/* Whether the series of the letter's kind gives numbers when the signatory is about to sign. */
bool nsk_number_is_at_signing(NskOffice *office,
                              NskDbTxn *txn,
                              const NskLetterRow *row,
                              bool *out_is,
                              GError **error);
/* Reserves the number for the letter that @part signs, writes it in with the letter date, and
 * freezes the content.  A number that the letter has stays, if it still holds.  @because: the act
 * that makes it. */
bool
nsk_number_take(NskAct *act, const NskRoutePart *part, const NskEvent *because, GError **error);
/* The same before anybody is about to sign; settles who is to sign, too. */
bool nsk_number_take_before(NskAct *act, const NskEvent *because, GError **error);
/* Puts a signature at its beginning, for the person whose name the pages will show; a step taken
 * already stays, for the same person only. */
bool nsk_signing_reserve(NskAct *act,
                         const NskSignatory *signatory,
                         const NskRoutePart *part,
                         GError **error);
/* Settles who signs for all signatories but @own (NULL: for all). */
bool nsk_signing_reserve_others(NskAct *act, const NskRoutePart *own, GError **error);

/* Voids the letter's number, if it has one that is not void, and tells so in its history. */
bool nsk_void_number(NskAct *act, const NskEvent *because, const char *reason, GError **error);
/* Pages show who is to sign them: nobody else may.  Errors: CONFLICT. */
bool nsk_check_signing_person(NskDbTxn *txn,
                              const NskSigningRow *signing,
                              const NskSignatory *signatory,
                              GError **error);

/* --- verify.c --- */

/* The roots of @file, or else those in the office's trust folder.  @dir may be NULL.  Errors:
 * NOT_FOUND if there is no such office, or it has no trust folder where that is needed. */
NskTrust *nsk_office_load_trust(const char *dir, const char *file, GError **error);
/* Whether a certificate is of the person of that name (without titles). */
bool nsk_name_in_certificate(const char *name, const NskCert *signer);

/* --- letter-check.c --- */

/* Everything that is wrong with a stored letter: by its kind, and by the directory. */
bool nsk_letter_find_faults(NskOffice *office,
                            NskDbTxn *txn,
                            const NskLetterRow *row,
                            NskIssues *issues,
                            GError **error);

/* The kind in force, or without an office (NULL) the one that comes with the program; owned. */
NskKind *nsk_office_find_kind(NskOffice *office, NskDbTxn *txn, const char *id, GError **error);

/* --- render-job.c --- */

/* How a letter is to be shown. */
typedef struct {
    bool draft; /* marked as such, and not yet what was or is to be signed */
    unsigned
        copy;  /* 0: the letter itself.  From 1, of pages that are made already: for each addressee
                * a copy on which he stands alone, then one for each who gets a tembusan */
    bool html; /* for a screen: HTML, without the pages of attached PDFs */
    GBytes *typed; /* of a draft: its XML as it is being written, in place of what is stored; NULL:
                    * what is stored; borrowed */
} NskLetterForm;
/* The letter as PDF or HTML.  Reads through a snapshot of its own.  Errors: NOT_FOUND if it has no
 * such copy; INVALID if an attached PDF cannot become pages of it. */
bool nsk_office_render_letter(NskOffice *self,
                              const NskLetterRow *row,
                              const NskLetterForm *form,
                              GBytes **out_bytes,
                              GError **error);
/* A picture of a page of @pdf; pages count from 1.  Pictures of secret letters are not kept. */
typedef struct {
    GBytes *pdf;
    unsigned page;
    unsigned width; /* pixels */
    bool secret;
} NskPreview;
/* *out_picture: a PNG, owned.  Errors: as nsk_worker_preview(). */
bool nsk_office_preview(const NskOffice *self,
                        const NskPreview *what,
                        GBytes **out_picture,
                        GError **error);

/* Removes every picture that is kept.  Errors: IO. */
bool nsk_preview_forget(const NskOffice *self, GError **error);

/* --- task-list.c --- */

/* task, letter, name, role, opened, positions, outcomes. */
NskJson *nsk_task_to_json(const NskTaskRow *task);

/* --- letter-read.c --- */

/* The pages of the newest version (owned), or NULL if it has none.  Pages that are there and cannot
 * be read are an error. */
bool nsk_office_find_pages(NskDbTxn *txn, const char *id, GBytes **out_pdf, GError **error);
/* Whether the stored pages may leave the office by this person. */
bool nsk_office_may_take_pages(NskOffice *self,
                               NskDbTxn *txn,
                               const NskLetterRow *row,
                               bool *out_may,
                               GError **error);
/* Whether the newest version has pages; they are not read. */
bool nsk_office_has_pages(NskDbTxn *txn, const char *id, bool *out_has, GError **error);
/* @kind, size and digest, as the journal names what an event is about.  @kind is borrowed. */
NskJournalObject nsk_describe_bytes(const char *kind, GBytes *bytes);
/* The letter's newest version.  Errors: CORRUPT if it does not parse. */
/* Who may edit is who may do the waiting task of drafting.  Errors: DENIED, as
 * nsk_access_duty(). */
NskDuty *nsk_access_draft(NskOffice *self, NskDbTxn *txn, const char *letter, GError **error);

/* --- attach.c --- */

/* The file that an edit stores with the letter; *out_blob stays NULL if there is none. */
bool nsk_attach_prepare(NskDbTxn *txn,
                        const NskLetterEdit *edit,
                        NskStoreBlob **out_blob,
                        GError **error);
/* Whether the new content names the file as it is, and none that is left out.  Errors: INVALID. */
bool nsk_attach_check(const NskLetterEdit *edit,
                      const NskLetter *letter,
                      const NskStoreBlob *blob,
                      GError **error);
/* Names the file in a letter, in place of one of that name. */
void
nsk_attach_enter(NskXmlDoc *doc, const char *name, const char *title, const NskStoreBlob *blob);
NskJournalObject nsk_attach_describe(const NskStoreBlob *blob);
/* The attached file @name of the letter as it stands.  Errors: NOT_FOUND, UNTRUSTED, CORRUPT, IO.
 */
bool nsk_attach_export(NskDbTxn *txn,
                       const char *id,
                       const char *name,
                       GBytes **out_bytes,
                       GError **error);

/* The words of a PDF's pages for searching, at most NSK_LIMIT_SEARCH_TEXT bytes; NULL if it has
 * none or cannot be read, which is no fault.  Slow: a process.  (incoming-scan.c) */
GBytes *nsk_pdf_words(GBytes *pdf);

/*
 * The document of a letter whose kind is uploaded: its first attached file, a PDF or a DOCX.
 */
bool nsk_document_is_docx_name(const char *name);
/* A DOCX as a PDF of our own making, in which its marks stand; what it loses goes to @issues as
 * warnings.  Errors: INVALID, UNSUPPORTED, LIMIT in words for who attached the file. */
bool nsk_document_from_docx(NskRenderer *renderer,
                            const NskOfficeFile *docx,
                            NskIssues *issues,
                            GBytes **out_pdf,
                            GError **error);
/* The words of a DOCX, at most NSK_LIMIT_SEARCH_TEXT bytes; NULL if it cannot be read. */
GBytes *nsk_document_docx_words(GBytes *docx);
/* Findings "document-mark" about the marks of a PDF that is the document. */
bool nsk_document_check_marks(const NskOfficeFile *pdf,
                              size_t n_signatories,
                              NskIssues *issues,
                              GError **error);
/* What keeps the document of the letter from being signed: "document-file", "document-mark".  None
 * for kinds that are written here.  Slow: a process. */
bool nsk_document_find_faults(NskOffice *office,
                              NskDbTxn *txn,
                              const NskLetterRow *row,
                              const NskLetter *letter,
                              NskIssues *issues,
                              GError **error);

/* Attached PDFs that become pages of a letter.  Read within a snapshot, drawn after it. */
typedef struct _NskPagesIn NskPagesIn;
/* @uploaded: the first file is the document, and may be a DOCX.  Errors: UNTRUSTED, CORRUPT, IO. */
bool nsk_pages_in_read(NskDbTxn *txn,
                       const char *id,
                       const NskLetter *letter,
                       bool uploaded,
                       NskPagesIn **out_pages,
                       GError **error);
/* Appends what can be searched for in them.  Slow: a process a file. */
void nsk_pages_in_append_words(const NskPagesIn *self, GString *text);
/* Slow: a process a page.  Errors: INVALID, UNSUPPORTED, LIMIT in words for who attached the file.
 */
bool nsk_pages_in_draw(NskPagesIn *self, NskRenderer *renderer, GError **error);
/* A file that is going to be attached. */
typedef struct {
    const char *name;
    const char *path;
    bool document;         /* of an uploaded kind */
    size_t n_signatories;  /* of the letter */
    NskRenderer *renderer; /* for a document */
} NskPagesInFile;
/* Whether it can become pages, if it is to be: a PDF, and whatever is to be the document.  What the
 * document loses or lacks goes to @issues.  Errors: INVALID, UNSUPPORTED, LIMIT in words for who
 * attaches it. */
bool nsk_pages_in_check(const NskPagesInFile *file, NskIssues *issues, GError **error);
/* Borrowed; NULL if there are none. */
const NskRenderPage *nsk_pages_in_get(const NskPagesIn *self, size_t *out_n);
void nsk_pages_in_free(NskPagesIn *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskPagesIn, nsk_pages_in_free)

NskLetter *nsk_office_read_letter(NskDbTxn *txn, const char *id, GError **error);
/* Whether the last of @entries is the one that the newest version belongs to: a chain alone cannot
 * show that its end was cut off.  Errors: UNTRUSTED. */
bool nsk_history_check_end(NskDbTxn *txn, const char *id, GPtrArray *entries, GError **error);
/* Adds to @result, which has rows "entries" of them, where they are in the log, and "proved".
 * Errors: UNTRUSTED if one is not what was proved; CORRUPT, IO. */
bool nsk_log_prove_history(NskOffice *self,
                           NskDbTxn *txn,
                           const char *letter,
                           GPtrArray *entries,
                           NskJson *result,
                           GError **error);
char *nsk_office_file_name(const char *id, const char *ending); /* "<id>.xml" */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskLetterRow, nsk_letter_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskIncomingRow, nsk_incoming_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskRoutePart, nsk_route_part_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskTaskRow, nsk_task_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskTaskPlace, nsk_task_place_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskParafRow, nsk_paraf_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskSigningRow, nsk_signing_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskDuty, nsk_duty_free)
