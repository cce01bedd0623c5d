/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <naskah/issue.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/locked.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The office: its use cases, and nothing else, for the edges (command line, later HTTP).
 *
 * Every use case checks the authority of the person who asks, at the moment of the act, and answers
 * with a JSON value whose members are stable.  What changes something is one change of the writer
 * (architecture.md, section 2): done whole and durable, or not at all.
 *
 * A handle: one thread at a time.  *out_result: owned, set only on success.  Errors of all of them:
 * NOT_FOUND also for what the person may not know of; DENIED, EXPIRED if he may not do it; CONFLICT
 * if the thing changed under him; BUSY, IO, UNCERTAIN, CORRUPT from the store.
 */
typedef struct _NskOffice NskOffice;

/*
 * What the handles of one process share: the one writer of the office, which commits in groups
 * what they ask for.  A process that has many handles, one a thread, starts a service and opens
 * them with it; a handle without one starts its own at its first change.
 *
 * It outlives its handles.  Any thread.
 */
typedef struct _NskOfficeService NskOfficeService;
/* Takes the writer's lock.  Errors: NOT_FOUND; BUSY if another process writes; UNSUPPORTED. */
NskOfficeService *nsk_office_service_start(const char *dir,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Ends the workers, finishes what is queued, refuses what comes (BUSY), and gives the lock back. */
void nsk_office_service_stop(NskOfficeService *self);

/* All borrowed, as long as the service. */
typedef struct {
    const NskClock *clock;
    void (*log)(const char *line, void *data); /* what failed and is tried again; any thread */
    void *log_data;
    const char *at; /* from where the clock of its work goes on (demo offices); NULL: from now */
} NskServiceWork;
/*
 * Has a thread of the service do what changes leave to be done after them: the repositories, the
 * search index.  It is woken by each change, begins at most once a second, and tries again what
 * failed.  Errors: as nsk_office_open().
 */
bool
nsk_office_service_start_work(NskOfficeService *self, const NskServiceWork *work, GError **error);
/* Counted since the start. */
typedef struct {
    uint64_t changes; /* answered */
    uint64_t batches; /* transactions that they were in */
    uint64_t refused; /* with BUSY */
    int64_t syncs;    /* waits for the disk, of the whole process */
} NskOfficeStats;
void nsk_office_service_get_stats(NskOfficeService *self, NskOfficeStats *out_stats);

/*
 * The socket by which commands of this machine write through a service: "naskah.sock" in the
 * office's folder, for its owner alone.  A handle without a service, whose office has a server,
 * has it do what changes something: as the person of the account that asks, or in a demo office as
 * the one that the handle acts as.  Results and errors are the same; what was made through the
 * server does not count as written by the handle.  UNCERTAIN if the connection is lost, with the id
 * by which to repeat.
 */
typedef struct _NskOfficeSocket NskOfficeSocket;
typedef struct {
    const NskClock *clock;
    unsigned silence_ms; /* after which a peer that says nothing is dropped; 0: 10 seconds */
    unsigned threads;    /* that do requests; 0: 64 */
    unsigned room;       /* for requests that wait for one; above, BUSY with the seconds to wait; 0:
                          * 256 */
} NskSocketOptions;
NskOfficeSocket *nsk_office_socket_start(NskOfficeService *service,
                                         const NskSocketOptions *options,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Removes it, tells who comes that the office is being closed, and finishes what runs. */
void nsk_office_socket_stop(NskOfficeSocket *self);

/* All borrowed during the call, the service as long as the handle. */
typedef struct {
    const char *dir;           /* the office's folder */
    NskOfficeService *service; /* of that folder; NULL: the handle's own, when it is needed */
    const char *as;         /* id of the person to act as, in demo offices only; NULL: the person of
                             * this operating-system account */
    const char *at;         /* moment to act at, in demo offices only: "2026-07-22 09:00" in
                             * Asia/Jakarta, or as nsk_instant_format(); NULL: what @clock says */
    const char *account;    /* the operating-system account meant; NULL: this process's */
    bool nobody;            /* open for work that needs no person: doctor, projecting, rendering */
    const char *request_id; /* of the next change; NULL: none, repeating is a new request */
    const NskClock *clock;
} NskOfficeOptions;

NskOffice *nsk_office_open(const NskOfficeOptions *options,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
void nsk_office_free(NskOffice *self);
/* Whose acts follow: as NskOfficeOptions.as. */
bool nsk_office_act_as(NskOffice *self, const char *person, GError **error);
/* Names the next change, as NskOfficeOptions.request_id; NULL: nameless again.  Errors: INVALID. */
bool nsk_office_set_request(NskOffice *self, const char *id, GError **error);
const char *nsk_office_get_dir(const NskOffice *self);

/* --- Making and keeping an office --------------------------------------------------------------
 */

typedef struct {
    const char *dir;       /* must not exist, or be empty */
    bool demo;             /* an invented agency of 30 people, with keys of a demo authority */
    const char *directory; /* XML file, or folder of CSV files; NULL only with demo */
    const char *profile;   /* XML file; NULL: the shipped one */
    const char *person;    /* whom this operating-system account belongs to; NULL: nobody */
    const NskClock *clock;
} NskInitOptions;

/* Result: office, demo, rules (how many), keys (folder), trust (demo only: the authority's
 * certificate), password (demo only: everybody's, under his id).  Errors: CONFLICT if there is
 * something in the folder; INVALID with all findings. What fails removes what it made.
 */
bool nsk_office_init(const NskInitOptions *options, NskJson **out_result, GError **error);
/* Brings the office to the newest schema, whole or not at all.  @keep_copy: keeps a copy of the
 * database as it was beside it.  Result: from, to (schema numbers), copy (path, or null). */
bool nsk_office_migrate(const char *dir, bool keep_copy, NskJson **out_result, GError **error);

/* How far long work has come: @what is a sentence for nsk_tr(), static. */
typedef void (*NskOfficeProgress)(const char *what, int64_t done, int64_t total, void *data);

/* All borrowed; zero is the default. */
typedef struct {
    const char *to;    /* folder to make, outside the office; must not exist */
    bool keys;         /* the keys, and nothing else; without it everything but the keys */
    int64_t log_limit; /* bytes by which the database's log may grow meanwhile; 0: a quarter of what
                        * is free on its disk, at least 64 MiB and at most 4 GiB */
    NskOfficeProgress progress; /* may be NULL */
    void *progress_data;
} NskBackupOptions;
/*
 * Makes a backup of one moment while others go on working.  What fails leaves nothing under that
 * name.  Result: backup (its folder), holds ("office", "keys"), taken, schema, letters, entries,
 * files, bytes, log_growth (bytes), manifest_sha256 (to be noted elsewhere, against forgery).
 * Errors: CONFLICT if the folder exists; BUSY if the log grew over its limit; CORRUPT if a file of
 * the office is not what it was; IO.
 */
bool nsk_office_backup(NskOffice *self,
                       const NskBackupOptions *options,
                       NskJson **out_result,
                       GError **error);

/* All borrowed; zero is the default. */
typedef struct {
    const char *from;   /* the backup's folder */
    const char *dir;    /* where the office is to be; for a backup of keys, the office they belong
                         * to */
    bool replace;       /* moves aside what is there */
    bool numbers_known; /* no number was given after the backup: none is in doubt */
    const char *sha256; /* what manifest_sha256 must be; NULL: it is not known */
    const NskClock *clock;
    NskOfficeProgress progress;
    void *progress_data;
} NskRestoreOptions;
/*
 * Makes an office of a backup.  Everything is verified, brought to the newest schema and projected
 * beside the place before anything is replaced, in one step; the office that was there is kept.
 * Result: office, holds, taken, letters, from, to (schema numbers), aside (where the former office
 * or its keys are now, or null).
 * Errors: NOT_FOUND if there is no backup; CORRUPT and UNTRUSTED name the file that is not as it
 * was; UNSUPPORTED if a newer program wrote it; CONFLICT if something is there and @replace is not
 * set; BUSY if somebody writes there; IO.
 */
bool nsk_office_restore(const NskRestoreOptions *options, NskJson **out_result, GError **error);
/* All borrowed; zero is the default. */
typedef struct {
    const char *dir;
    bool skip_damaged; /* leaves the rows of damaged letters as they are */
    NskOfficeProgress progress;
    void *progress_data;
} NskRebuildOptions;
/*
 * Makes every index table again from git objects and journal, in one change, and the repositories
 * and the search index after it.  Everything is checked before anything is replaced; what is
 * damaged goes to @issues. Takes the writer's lock.  Result: letters (made again), damaged (ids of
 * those left as they were). Errors: CORRUPT if something is damaged and may not be skipped, and
 * then nothing was replaced; BUSY if somebody writes there.
 */
bool nsk_office_rebuild(const NskRebuildOptions *options,
                        NskIssues *issues,
                        NskJson **out_result,
                        GError **error);
/* Adds what is wrong with the office, and what weakens it, to @issues.  Result: letters, objects
 * checked and the state of the sandbox. */
bool nsk_office_doctor(NskOffice *self, NskIssues *issues, NskJson **out_result, GError **error);
/*
 * After a restore: says that the registers are right, which the doctor asks for until then.  @lasts
 * (NULL-terminated, or NULL): registers that had gone on, each "UNIT/SERIES/SCOPE:NUMBER" with the
 * last number that it gave; what is skipped is recorded so.  For an administrator.  Result: taken,
 * registers.  Errors: CONFLICT if nothing is in doubt, or a register is further already; INVALID.
 */
bool nsk_office_register_confirm(NskOffice *self,
                                 const char *const *lasts,
                                 NskJson **out_result,
                                 GError **error);
/* Whether a change was made by this handle, and not by a server for it. */
bool nsk_office_has_written(const NskOffice *self);
/* Brings the ordinary git repositories up to date.  Any person of the machine may call it. */
bool nsk_office_project(NskOffice *self, GError **error);
/* Puts what workflows published into the folder "public" of the office: of each letter the signed
 * PDF, and a line of JSON about it. */
bool nsk_office_publish(NskOffice *self, GError **error);
/* Makes repositories anew that are not there or lost something; quick where none has. */
bool nsk_office_heal(NskOffice *self, GError **error);
/*
 * Gives the entries of the journal that have none their place in the log, signs a checkpoint and
 * writes the log's files: after it, what was done is proved.  Errors: NOT_FOUND if the key of the
 * log is gone; UNTRUSTED if it is another than before; CORRUPT, IO.
 */
bool nsk_office_sequence(NskOffice *self, GError **error);
/*
 * The evidence of a letter as one zip for an outside auditor (see evidence.c for what is in it), by
 * those who may read its history.  That it was taken out is an entry of that history.  Errors: as
 * reading the history; NOT_FOUND while the newest change is not proved; LIMIT; CORRUPT, IO.
 */
bool
nsk_office_archive_export(NskOffice *self, const char *letter, GBytes **out_zip, GError **error);
/* --- audit-log.c: what the log proves -----------------------------------------------------------
 */

typedef struct {
    const char *against; /* a checkpoint, or a folder as nsk_office_audit_export() writes it, that
                          * was kept elsewhere; NULL: none */
    bool resume;         /* goes on where an interrupted run was; not with @against */
    int64_t every;       /* entries after which it keeps where it is; 0: as is best */
    NskOfficeProgress progress; /* may be NULL */
    void *progress_data;
} NskAuditVerify;
/*
 * Checks the whole log: every entry, chains, tree, tiles, checkpoints.  Findings go to @issues.
 * Result: origin, entries, proved (of them in the checkpoint), key, first (letter, entry, leaf: the
 * wrong entry that comes first; absent if none is wrong), anchors (how many time stamps of
 * checkpoints were checked), anchored (time of the newest), cosignatures (of witnesses) and
 * cosigned likewise, and if it went on: skipped (entries that the run before read), since (when
 * that began).  Errors: NOT_FOUND, INVALID for @against; IO.
 */
bool nsk_office_audit_verify(NskOffice *self,
                             const NskAuditVerify *ask,
                             NskIssues *issues,
                             NskJson **out_result,
                             GError **error);
/* Writes the day's map (journal/days.h) if there is none of today; the server does it by itself.
 * The second has it proved as well, for the owner of the folder.  Result: at, histories, entries,
 * map, of the newest.  Errors: NOT_FOUND if nothing is signed yet. */
bool nsk_office_map_day(NskOffice *self, GError **error);
bool nsk_office_audit_day(NskOffice *self, NskJson **out_result, GError **error);
/* Has the newest checkpoint time-stamped, once a day, where an authority is named.  What fails is
 * told by doctor and nsk_office_anchors() and tried again.  A service's worker does it by itself.
 */
bool nsk_office_run_anchor(NskOffice *self, GError **error);
/* The same at once, unless it has a time stamp.  Errors: INVALID if no authority is named;
 * UNTRUSTED if the office does not trust it; BUSY, IO; NOT_FOUND if nothing is signed yet. */
bool nsk_office_anchor_now(NskOffice *self, GError **error);
/* Result: count, anchors (at, entries, authority; the newest 100, the oldest of them first),
 * authority (its address), tries (in vain, since the last one), fault. */
bool nsk_office_anchors(NskOffice *self, NskJson **out_result, GError **error);
/* The proof of entry @seq (0: the last) of a letter or history, as a .tlog-proof whose "extra" is
 * the entry itself.  Errors: NOT_FOUND; CORRUPT. */
GBytes *nsk_office_audit_proof(NskOffice *self, const char *letter, int64_t seq, GError **error);
/* The same of a letter whose history the person may see. */
GBytes *nsk_office_letter_proof(NskOffice *self, const char *letter, int64_t seq, GError **error);
/* Writes the log as static files (c2sp.org/tlog-tiles) into @folder, which may have an older export
 * of it: checkpoint, key, tiles, entries.  Result: entries.  Errors: IO, CORRUPT. */
bool
nsk_office_audit_export(NskOffice *self, const char *folder, NskJson **out_result, GError **error);

/* Brings the search index up to date with what changed; makes it if there is none, and goes on with
 * one that is not whole.  A letter that cannot be read does not hold up the others: it stays in the
 * outbox with its fault.  Errors: BUSY if another process does so. */
bool nsk_office_index(NskOffice *self, GError **error);
/*
 * Does what waits in workflows without anybody: fires the timers that are due, and tells letters
 * what others left for them.  A service's worker does it by itself; an office that a command opened
 * does not, and leaves it to the server if there is one.  Any number of handles may do it at once.
 * Result (out_result may be NULL): timers (fired), letters (told), served (whether it was left).
 */
bool nsk_office_run_flow(NskOffice *self, NskJson **out_result, GError **error);
/* Goes on with signatures that a crash or an outage cut off and whose time has come.  A service's
 * worker does it by itself. */
bool nsk_office_run_signatures(NskOffice *self, GError **error);
/* Completes signatures to the level that the profile asks for (PAdES-BASELINE-LT, -LTA), and renews
 * them, where that is due.  A service's worker does it by itself. */
bool nsk_office_run_preservation(NskOffice *self, GError **error);
/* Tells people by mail what waits for them, where a server for mail is named.  A service's worker
 * does it by itself.  Errors: BUSY if that server cannot be asked. */
bool nsk_office_run_mail(NskOffice *self, GError **error);
/* Forgets mails that were sent long ago. */
bool nsk_office_forget_mail(NskOffice *self, GError **error);
/* Where time stamps come from, for the owner of the folder while no server runs; all borrowed. */
typedef struct {
    const char *url;   /* of a time-stamp authority, RFC 3161 over HTTP */
    const char *ca;    /* PEM file of authorities for TLS; NULL: the system's */
    const char *hosts; /* names, parted by blanks, that may be asked, and no others; NULL: public
                        * ones */
} NskStampSettings;
/* Errors: INVALID; BUSY. */
bool nsk_office_set_time_stamps(NskOffice *self, const NskStampSettings *settings, GError **error);
/* The server that takes the office's mail, for the owner of the folder while no server of Naskah
 * runs; all borrowed. */
typedef struct {
    const char *url;  /* smtp://HOST:PORT or smtps://HOST:PORT; NULL: no mail is sent any more */
    const char *from; /* address that it comes from */
    const char *site; /* where people open the pages: "https://surat.example.go.id" */
    const char *user; /* NULL: the server asks for none */
    const NskLocked *password;
    const char *ca; /* PEM file of authorities for TLS; NULL: the system's */
} NskMailSettings;
/* Errors: INVALID; BUSY; IO. */
bool nsk_office_set_mail(NskOffice *self, const NskMailSettings *settings, GError **error);
/* How mail goes.  Result: server (url, from, site, user; or null), waiting, failing, sent (mails of
 * the last 90 days), faults (id, person, made, tries, done, fault; the newest first, 20 at most).
 */
bool nsk_office_mail_status(NskOffice *self, NskJson **out_result, GError **error);
/* What the person wants to be told by mail.  @tasks: "now", "daily" or "never"; @language: "id" or
 * "en"; NULL: as it is.  Result: tasks, language, address ("" if the directory knows none), sends
 * (whether a server for mail is named at all). */
typedef struct {
    const char *tasks;
    const char *language;
    const char
        *handle; /* number or name in a chat, in place of mail; "": by mail; NULL: as before */
} NskMailWish;
bool nsk_office_mail_choose(NskOffice *self,
                            const NskMailWish *wish,
                            NskJson **out_result,
                            GError **error);
/* Names the gateway to WhatsApp or a chat; @url NULL: there is none.  @site: as in NskMailSettings;
 * NULL: as it is.  *out_secret: by which it knows the office's requests, owned; NULL without @url.
 * Errors: INVALID. */
bool nsk_office_set_chat(NskOffice *self,
                         const char *url,
                         const char *site,
                         char **out_secret,
                         GError **error);
/* Gives the gateway a new secret; the one before is good for 24 hours beside it: requests are
 * signed by both.  *out_secret: owned.  Errors: NOT_FOUND without a gateway. */
bool nsk_office_renew_chat(NskOffice *self, char **out_secret, GError **error);
/* The same without changing it. */
bool nsk_office_mail_show(NskOffice *self, NskJson **out_result, GError **error);
/*
 * When certificates end.  Result: certificates (what: "holder", "authority", "root", "time-stamp";
 * person, or null; subject, issuer, serial, fingerprint, until, days, warning: "", "30", "7", "1"
 * for fewer days than that, or "ended"), warnings (how many have one).  Of holders those with which
 * they signed last.
 */
bool nsk_office_certificate_status(NskOffice *self, NskJson **out_result, GError **error);
/* Deletes the search index and makes it again. */
bool nsk_office_search_rebuild(NskOffice *self, GError **error);
/* Leaves no byte in the search index of what was taken out of it (nsk_search_purge()). */
bool nsk_office_search_purge(NskOffice *self, GError **error);

/* --- Letters.  @letter is an id, its last twelve characters, or a number.
 * ---------------------- */

/* Result: kinds (kind, title in the language in use, family, uploaded: its document is a file,
 * signatories: how many at most) of letters that may be begun. */
bool nsk_office_kinds(NskOffice *self, NskJson **out_result, GError **error);
/* What a new letter of @kind starts from, to be filled in and given to nsk_office_letter_new(). */
bool
nsk_office_letter_skeleton(NskOffice *self, const char *kind, GBytes **out_xml, GError **error);
/*
 * A new draft.  @name is what messages call the XML.  @position: whose letter it is; NULL: the only
 * position that the person holds, or else assists.  Result: letter, version, state, next.
 */
typedef struct {
    const char *name;
    GBytes *xml;
    const char *position;
} NskNewLetter;
bool nsk_office_letter_new(NskOffice *self,
                           const NskNewLetter *draft,
                           NskJson **out_result,
                           GError **error);
/* A new version of a draft by who holds the task of drafting it, or assists.  @base: the version it
 * was made from, 0: whatever is there.  Result: letter, version, voided (names of those whose paraf
 * no longer holds). */
typedef struct {
    const char *letter;
    const char *name;
    GBytes *xml;
    int64_t base;
    /* for attach.c */
    const char *file_name;   /* a file that is stored with it; NULL: none */
    GBytes *file;            /* its bytes; NULL: it lies beside the database already */
    const char *file_sha256; /* of that, in hex */
    const char *removed;     /* a file that is left out from now on; NULL: none */
    const char *act;         /* what its request id is good for; NULL: this content */
    /*
     * Koreksi: who has the letter before him for a paraf or signature changes it himself, and with
     * the outcome "approve" gives the paraf in the same act (a signature still has to be given).
     * Only if no other review is open, and not once number and pages are in.  The result of a paraf
     * is that of nsk_office_task_act().
     */
    const char *outcome; /* NULL: an edit of a draft */
    const char *note;
} NskLetterEdit;
bool nsk_office_letter_edit(NskOffice *self,
                            const NskLetterEdit *edit,
                            NskJson **out_result,
                            GError **error);
/*
 * Attaches the file at @path to a draft, in place of one of the same name, as an edit of the draft;
 * or takes one out.  @title NULL: the name; @name NULL: made of the path.  Result: as of an edit,
 * and file; when attached size, sha256 and perhaps warnings: what a document in DOCX loses on its
 * way to pages, and which marks it lacks.
 */
typedef struct {
    const char *letter;
    const char *path;
    const char *title;
    const char *name;
    const char *called; /* what its sender calls it, of which a name is made; NULL: the path */
} NskAttachFile;
/* Result: attachments (name, title, size, sha256), in the letter's order; to whom its content may
 * be shown. */
bool nsk_office_letter_attachments(NskOffice *self,
                                   const char *letter,
                                   NskJson **out_result,
                                   GError **error);
bool nsk_office_letter_attach(NskOffice *self,
                              const NskAttachFile *attach,
                              NskJson **out_result,
                              GError **error);
bool nsk_office_letter_detach(NskOffice *self,
                              const char *letter,
                              const char *name,
                              NskJson **out_result,
                              GError **error);
/* Result: what is known of the letter: kind, subject, state, number, date, paper (it is signed by
 * hand), route with paraf, tasks (each with presence: whether somebody is there for it; of a
 * signature that was begun signing: what it waits for), signings (n, position, person, state,
 * signer, waits: "service", "time-stamp", "secret" or "", again, wrong_secrets, asked), parafs (of
 * one that stands for an older version: version, difference), preservation (of a signature that is
 * to last: wanted, level, due, renew_before, tries, fault), versions,
 * links (direction "to" or "from", type, letter, subject, number, date, state).  The parafs are for
 * the route: without them for those whom it was only sent to. */
bool
nsk_office_letter_show(NskOffice *self, const char *letter, NskJson **out_result, GError **error);
/* Checks a stored letter against schema, kind, profile and directory. */
bool
nsk_office_letter_check(NskOffice *self, const char *letter, NskIssues *issues, GError **error);
/* Checks a file in the same way, without storing it; without an office (NULL) not by a directory.
 */
bool nsk_office_file_check(NskOffice *self,
                           const char *name,
                           GBytes *xml,
                           NskIssues *issues,
                           GError **error);
/* What to compare: versions counted from 1; 0 stands for the newest, and for the one before it. */
typedef struct {
    const char *letter;
    int64_t from;
    int64_t to;
} NskLetterDiffAsk;
/* Result: letter, from, to, changes (where, kind, old, new), text.  Errors: DENIED to those whom
 * the letter was only sent to. */
bool nsk_office_letter_diff(NskOffice *self,
                            const NskLetterDiffAsk *ask,
                            NskJson **out_result,
                            GError **error);
/* Result: letter, verified, entries (seq, at, actor, action, ..., leaf: its place in the log, none
 * yet for the newest), oldest first, proved (how many have one; each was checked against the signed
 * tree).  Errors: UNTRUSTED if the history does not hold; DENIED to those whom the letter was only
 * sent to. */
bool nsk_office_letter_history(NskOffice *self,
                               const char *letter,
                               NskJson **out_result,
                               GError **error);
/* The copies of a letter to many, as COPY below counts them.  Result: letter, security, copies (n,
 * number of a secret letter's copy, role "to" or "copy", position if it is one of the office,
 * party).  For the route. */
bool
nsk_office_letter_copies(NskOffice *self, const char *letter, NskJson **out_result, GError **error);
/* ATTACHMENT: the attached file @name, hashed; to whom the letter's content may be shown.
 * PDF: the signed pages; before that, pages marked as a draft, but to who may sign now the very
 * pages that wait for it.  XML: the letter as it stands, readable.  PREVIEW: a PNG of @page,
 * counted from 1, @width pixels wide.  HTML: the same words for reading on a phone and by screen
 * readers.  COPY: the pages to be printed and sent to one of many: the @page-th addressee,
 * from 1, stands on it alone; copies behind those are for tembusan.  A secret letter's say which
 * copy they are.  For the route.
 *
 * Of a secret letter all of them are copies with a number, kept in its history (access.h): PDF,
 * PREVIEW and PDFs that are attached say on each page whose they are.  ORIGINAL: as PDF, but always
 * the very bytes; of a secret letter for who sends or signs it.  Errors: DENIED. */
typedef struct {
    enum {
        NSK_EXPORT_PDF,
        NSK_EXPORT_XML,
        NSK_EXPORT_PREVIEW,
        NSK_EXPORT_ATTACHMENT,
        NSK_EXPORT_COPY,
        NSK_EXPORT_HTML,
        NSK_EXPORT_ORIGINAL
    } form;
    unsigned page;  /* or copy */
    unsigned width; /* of a picture; 0: as wide as a page reads well */
    const char *name;
} NskExport;
bool nsk_office_letter_export(NskOffice *self,
                              const char *letter,
                              const NskExport *what,
                              GBytes **out_bytes,
                              GError **error);
/* Gives a letter up that is not signed yet; a number it had is void.  Result: letter, state. */
bool nsk_office_letter_withdraw(NskOffice *self,
                                const char *letter,
                                const char *reason,
                                NskJson **out_result,
                                GError **error);

/*
 * Letters that the person may read now, by their words (archive.h says how they are written),
 * newest first.  Secret letters are never among them.  Result: hits (letter, subject, number, date,
 * state, snippet; null where the index lags behind the letter), next (text to go on after, or
 * null), complete (false while the index is being made).
 *
 * With facets also: facets (name: "kind", "year", "unit", "class", "state"; values: value, name,
 * n), of the newest NSK_LIMIT_SEARCH_FACETS letters that are found, and counted (whether those are
 * all).
 */
typedef struct {
    const char *text;  /* may be "" if anything else is asked */
    unsigned limit;    /* 0: 20; at most NSK_LIMIT_SEARCH_HITS */
    const char *after; /* "next" of the page before; NULL: from the newest */
    bool facets;
    const char *kind, *year, *unit, *security, *state; /* only these; NULL: all */
    const char *from, *until;   /* days of letters, YYYY-MM-DD, both of it; NULL: any */
    const char *sender;         /* part of a sender's name, or a position that signs */
    const char *addressee;      /* part of an addressee's or copy's name, or a position */
    const char *classification; /* this code and all below it */
    const char *person;         /* who held, on the letter's day, a position of it */
} NskSearchAsk;
bool
nsk_office_search(NskOffice *self, const NskSearchAsk *ask, NskJson **out_result, GError **error);

/*
 * Makes a letter of each line of a table: @xml is its text, in which "${column}" stands for what
 * the line says there; the first line names the columns.  All lines are looked at first, and if one
 * is at fault nothing is made: findings have the table's name and line.  A line makes one letter:
 * who repeats a command that was cut off gets those that are missing.
 *
 * Result: batch, made, there (letters that were made before), letters (line, letter).  Errors:
 * INVALID if there is an error among @issues; LIMIT above NSK_LIMIT_MERGE_LINES; those of
 * nsk_office_letter_new().
 */
typedef struct {
    const char *name; /* what messages call the text */
    GBytes *xml;
    const char *table_name;
    GBytes *table;        /* CSV, RFC 4180 */
    const char *position; /* as of a new letter */
    const char *batch;    /* a name; NULL: made of both files, so that the same make the same */
    bool check_only;      /* makes nothing */
    NskOfficeProgress progress; /* may be NULL */
    void *progress_data;
} NskMerge;
bool nsk_office_letter_merge(NskOffice *self,
                             const NskMerge *merge,
                             NskIssues *issues,
                             NskJson **out_result,
                             GError **error);
/* Letters of a batch that the person may read.  Result: batch, letters (line, letter, subject,
 * number, state, task and role of what waits for the person, or null).  Errors: NOT_FOUND. */
bool
nsk_office_batch_show(NskOffice *self, const char *batch, NskJson **out_result, GError **error);

/*
 * Writes into a draft that it corrects (ralat) or revokes a letter of ours that was sent: for those
 * who keep the book of that letter.  When the draft is sent, the history of the first one says so,
 * and whoever had it may read the new one.  Errors: CONFLICT if it was not sent; DENIED.
 */
typedef struct {
    const char *name; /* what messages call the draft */
    GBytes *xml;
    const char *letter;
    bool revokes;
} NskReferral;
bool nsk_office_letter_refer(NskOffice *self,
                             const NskReferral *referral,
                             GBytes **out_xml,
                             GError **error);
/* What a letter is called in another application, in place of what was entered before.  Result:
 * letter, system, number, id.  Errors: CONFLICT if another letter has that id there. */
typedef struct {
    const char *letter;
    const char *system; /* NULL: the national one */
    const char *number;
    const char *id; /* NULL: none */
} NskExternal;
bool nsk_office_letter_external(NskOffice *self,
                                const NskExternal *external,
                                NskJson **out_result,
                                GError **error);
/* What the operators of the national application type when they enter the letter, in the order of
 * their form.  Result: letter, fields (label, value).  Errors: CONFLICT if it was not sent. */
bool nsk_office_letter_national(NskOffice *self,
                                const char *letter,
                                NskJson **out_result,
                                GError **error);

/* --- Sending.  The expedition book has a party for each addressee and each copy of a sent letter:
 * "to-1", "copy-2". ---
 */

/*
 * A step of the book, by the office (TU) that keeps the letter, its drafter or who assists him.
 *
 *   send    gives it to a channel: "email", "post", "courier" or "hand"; never one that is on its
 *           way or there: nothing is sent twice
 *   proof   says that it is there: receiver, tracking or a file; more proof may follow
 *   return  it came back, for a reason; it may be sent again
 *
 * What goes to positions of the office is there at once and has no steps.  Result: letter, number,
 * deliveries (as of the list), those of the step.  Errors: CONFLICT if the party is not at that
 * step; INVALID.
 */
typedef struct {
    const char *step;
    const char *letter;
    const char *parties; /* parted by blanks; NULL: all that the step fits */
    const char *channel; /* send */
    const char *tracking;
    const char *receiver; /* proof */
    const char *note;     /* return needs it */
    const char *path;     /* proof: a JPEG, PNG or PDF file; NULL: none */
} NskDispatchStep;
bool nsk_office_dispatch(NskOffice *self,
                         const NskDispatchStep *step,
                         NskJson **out_result,
                         GError **error);
/* The book of @letter, or of the units that the person keeps.  Result: deliveries (letter, number,
 * subject, party, name, position, channel, state, tries, opened, sent, at, tracking, receiver,
 * note, proof), next (text to go on after, or null). */
typedef struct {
    const char *letter; /* NULL: of units */
    const char *unit;   /* NULL: of all that the person keeps */
    bool all;           /* also what is with its receiver */
    unsigned limit;     /* 0: 50; at most NSK_LIMIT_TASK_PAGE */
    const char *after;
} NskDispatchAsk;
bool nsk_office_dispatch_list(NskOffice *self,
                              const NskDispatchAsk *ask,
                              NskJson **out_result,
                              GError **error);
/* The file that proves the delivery to @party.  Errors: NOT_FOUND. */
bool nsk_office_dispatch_proof(NskOffice *self,
                               const char *letter,
                               const char *party,
                               GBytes **out_bytes,
                               GError **error);

/*
 * Registers and agenda books of a unit and year: "outgoing", "incoming", "expedition",
 * "disposition".  Every position of a number stands there, void, reserved and skipped ones too; of
 * letters that the person may not read, the number alone.  The book of dispositions has a row for
 * each receiver of what was given of letters in the unit's agenda or by its positions, as far as
 * the person may see it.  Times are those of the unit.  Result: book, unit, unit_name, year, rows,
 * whose members are texts: seq and, by book,
 *
 *   outgoing     number, date, subject, to, entry, state, sent, note
 *   incoming     number, at, origin, their, date, subject, to, state, note
 *   expedition   number, to, channel, sent, state, at, tracking, receiver, note
 *   disposition  number, subject, at, giver, to, lead, instructions, due, state, done
 *
 * Errors: DENIED to those who neither keep the unit's letters nor are its officials.
 */
typedef struct {
    const char *book;
    const char *unit; /* NULL: the person's, if there is just one */
    int64_t year;     /* 0: the present */
} NskRegisterAsk;
bool nsk_office_register_list(NskOffice *self,
                              const NskRegisterAsk *ask,
                              NskJson **out_result,
                              GError **error);
/* The same as pages (PDF) or as a table (CSV), in the language of who asks. */
bool nsk_office_register_write(NskOffice *self,
                               const NskRegisterAsk *ask,
                               bool pdf,
                               GBytes **out_bytes,
                               GError **error);

/* --- Tasks.  @task is "LETTER/KEY", or LETTER where the person has just one task of it.
 * ------------ */

/* Which piece of what waits; borrowed. */
typedef struct {
    unsigned limit;       /* tasks at most, up to NSK_LIMIT_TASK_PAGE; 0: 20 */
    const char *after;    /* "next" of the piece before; NULL: from the oldest */
    const char *position; /* all that lies before this position, save secret letters if it is not
                           * the person's own; NULL: what waits for the person */
    bool brief;           /* what a page lists, and no more: of each task no letter, kind, position,
                           * positions and signing, and outcomes only where there is no role */
} NskTaskListAsk;
/*
 * What waits for the person, through all positions that he holds, assists or stands in for.  Takes
 * the same time however many letters there are and however much waits.  Result: tasks (task,
 * letter, name, role, subject, kind, urgency, opened, position, positions, outcomes, as: "holder",
 * "assistant", "substitute" or "archivist"), oldest first; next (where to go on, or null).  Errors:
 * NOT_FOUND and DENIED for a position whose inbox is not open to the person.
 */
bool nsk_office_task_list(NskOffice *self,
                          const NskTaskListAsk *ask,
                          NskJson **out_result,
                          GError **error);
/* Where pages show the task "LETTER/KEY#N": "/tugas/LETTER/KEY~N", since '#' has a meaning of its
 * own in addresses.  Owned. */
char *nsk_office_task_path(const char *task);
/* Does a task with @outcome ("submit", "approve", "return"); @note: words for the record, needed to
 * return.  A signature is not given this way, only refused.  Result: letter, task, outcome, state,
 * next (tasks now open). */
typedef struct {
    const char *task;
    const char *outcome;
    const char *note;
    const char *content; /* hex digest of the content that the person saw, or its first 8 or more
                          * digits; another is CONFLICT; NULL: whatever it is */
    /* a paraf for which the profile wants a certificate; else not looked at */
    GBytes *key;            /* PKCS#12; NULL: the person's own signer */
    const char *passphrase; /* of the key, or PIN */
    const char *code;       /* good once; NULL: none */
} NskTaskAct;
bool
nsk_office_task_act(NskOffice *self, const NskTaskAct *act, NskJson **out_result, GError **error);
/*
 * A letter that is signed on paper.  Printing makes its pages, with number and code, by who has a
 * task of it; printed again, they are the same.  Result: letter, number, date, pages, sha256; the
 * pages come from nsk_office_letter_export().
 */
bool
nsk_office_letter_print(NskOffice *self, const char *letter, NskJson **out_result, GError **error);
/* Does the task that waits for the scan of what was signed.  Who then does the task of comparing
 * ("match") must be somebody else, if the workflow says so; with that the scan is the letter.
 * Result: as of nsk_office_task_act(), and pages.  Errors: INVALID for what is no PDF, or has fewer
 * pages than were printed; LIMIT. */
typedef struct {
    const char *task;
    GBytes *pdf;
    const char *note; /* may be NULL */
} NskScan;
bool
nsk_office_task_scan(NskOffice *self, const NskScan *scan, NskJson **out_result, GError **error);
/* Does several tasks, each in a change of its own; a request id is good for all of them.  Result:
 * results (task, and result, or code and error), failed (how many). */
bool nsk_office_task_batch(NskOffice *self,
                           const NskTaskAct *acts,
                           size_t n,
                           NskJson **out_result,
                           GError **error);
/*
 * What can be done to a task or a workflow beside doing the task.  @task is "LETTER/KEY" or LETTER
 * as above, or LETTER where that is said.
 *
 *   recall     takes back what the person did last (or the done task LETTER/KEY), while nobody has
 *              touched what it led to
 *   claim      takes a task upon himself, away from the others before whom it lies; unclaim
 *   assign     @to, a person: he is to do it, of those who may; by one of them or a superior
 *   reassign   @to, a position: it goes over for good; not of a paraf or signature
 *   delegate   @to, a position: works at it, until it is handed back; hand-back
 *   urge       LETTER: reminds those who have it, in its history; at most once an hour
 *   return-to  @to, an earlier stage (id in the workflow): the letter goes back there
 *   add        @to, a position: one more instance of the multi-instance task, as @number-th of
 * those that have not begun (from 0) suspend    LETTER: nothing goes on until resume; by whose
 * letter it is retry      LETTER/KEY of an incident: it is tried again message    LETTER, @to, a
 * name: a message for its workflow, which waits @number seconds (0: a week) if nothing listens to
 * it
 *
 * Result: letter, task, outcome (the deed), state, next (tasks now open).
 */
typedef struct {
    const char *deed;
    const char *task;
    const char *to;
    const char *note; /* needed by reassign, return-to and suspend */
    int64_t number;
} NskDeed;
bool nsk_office_deed(NskOffice *self, const NskDeed *deed, NskJson **out_result, GError **error);
/* What went wrong in workflows where nobody stood behind it: of @letter, or NULL: of all letters
 * that the person may see.  Result: incidents (task, letter, node, class, reason, opened). */
bool
nsk_office_incidents(NskOffice *self, const char *letter, NskJson **out_result, GError **error);
/* Takes the number, freezes the content and makes the pages that will be signed.  May be repeated.
 * Result: letter, task, number, date, pages, sha256 (of the pages' bytes). */
bool
nsk_office_sign_prepare(NskOffice *self, const char *task, NskJson **out_result, GError **error);
/* Signs the pages that were shown.  Result: letter, number, state, sha256 (of the signed PDF). */
typedef struct {
    const char *task;
    const char *sha256;     /* of the pages that the signatory saw; NULL is refused (INVALID) */
    GBytes *key;            /* PKCS#12; NULL: the person's in the office's key folder */
    const char *passphrase; /* of the key, or PIN; NULL: none */
    const char *code;       /* good once; NULL: none */
} NskSignAct;
bool nsk_office_sign_confirm(NskOffice *self,
                             const NskSignAct *act,
                             NskJson **out_result,
                             GError **error);

/* Goes on with a signature that a crash or an outage cut off, as far as that needs nobody's secret:
 * stores an answer that came, asks the signer what it did.  Result: as of signing; or letter, task,
 * signing (its state) where the signatory has to confirm again.  Errors: BUSY while the signer is
 * away or at work. */
bool
nsk_office_sign_resume(NskOffice *self, const char *task, NskJson **out_result, GError **error);
/* Gives a signature up that waits for its signer; what he answers after that is evidence, and
 * nothing else.  The pages stay.  Result: letter, task, signing. */
bool
nsk_office_sign_cancel(NskOffice *self, const char *task, NskJson **out_result, GError **error);

/*
 * The same for several tasks in one confirmation.  The first makes the pages of all; the digest of
 * the whole is the SHA-256 of a line "LETTER DIGEST" a letter.  The second signs them if the pages
 * are still those, with one authorisation where the signer allows it, NSK_LIMIT_SIGNER_BATCH at
 * most; what fails stays to be signed, and what is signed already stays so (result: letter,
 * already).  Result: digest, results (task, and result, or code and error), failed; if one fails
 * while pages are made, digest is null.
 */
bool nsk_office_sign_prepare_all(NskOffice *self,
                                 const char *const *tasks,
                                 size_t n,
                                 NskJson **out_result,
                                 GError **error);
/* @act: sha256 is the digest of the whole; its task is not looked at. */
bool nsk_office_sign_confirm_all(NskOffice *self,
                                 const char *const *tasks,
                                 size_t n,
                                 const NskSignAct *act,
                                 NskJson **out_result,
                                 GError **error);

/* --- Dispositions, of letters that came in. ------------------------------------------------------
 */

/*
 * What is done with a disposition.  @task is "LETTER/KEY", or LETTER where the person has one task
 * of it, or where that is said.
 *
 * "give": @receivers are positions parted by blanks (or people, who stand for the position that
 * they hold), the lead first; @instructions are ids of the agency's list; @note free words; @due
 * working days from today, or a day.  "propose": the same, prepared by the tata usaha of a position
 * before which the letter lies; not of secret letters.  "confirm": gives what was prepared.
 *
 * "done": @note says what was done; or accepts what those below have answered.  "return": to who
 * gave it; needs @note.  "none": it needs no disposition.
 *
 * "recall": LETTER; takes the last disposition that the person gave back from all its receivers, or
 * from the position @receivers alone, also if they have read it; CONFLICT, saying who and when,
 * once one of them has answered.  "undo": LETTER; the same for ten minutes, as long as nobody has
 * seen it.  "urge": LETTER; reminds those below who have not answered
 * (@receivers: only that position), at most once an hour. "read": LETTER; it was seen by who holds
 * a position that it lies before.
 *
 * Result: letter, task, outcome (the act), state, next (tasks now open); of what is given, warnings
 * (sentences) if who holds a position is away and nobody stands in for him.
 */
typedef struct {
    const char *act;
    const char *task;
    const char *receivers;
    const char *instructions;
    const char *note;
    const char *due;
} NskDispositionAct;
bool nsk_office_disposition(NskOffice *self,
                            const NskDispositionAct *act,
                            NskJson **out_result,
                            GError **error);
/*
 * The tree as far as the person may see it: those above see all below them, those below their own
 * branch alone.  Result: letter, subject, unread (whether something lies unseen before a position
 * that the person holds), dispositions (n, state, giver, title, name, capacity, proposer, at,
 * instructions (id, print), note, due, overdue, recalled, why, receivers (position, title, holder,
 * lead, state, read, answered, name, urged, report, mine, dispositions (as above))).
 */
bool nsk_office_disposition_show(NskOffice *self,
                                 const char *letter,
                                 NskJson **out_result,
                                 GError **error);
/* What an edge says once it has shown the letter to the person: if something of it lies unseen
 * before a position that he holds, it is seen now, by the act "read".  Any letter will do. */
bool nsk_office_disposition_see(NskOffice *self, const char *letter, GError **error);
/*
 * What the person can do about the dispositions of a letter.  Result: letter, subject, tasks (those
 * of reading: task, position, title, mine, assists (he may prepare it), proposal: what is prepared,
 * with proposer), given: the last that he gave and that stands, with undo (whether it can be
 * undone), until, reader and read (who saw it first, and when).  A disposition: n, at, receivers
 * (position, title; the lead first), instructions (ids), note, due.
 */
bool nsk_office_disposition_own(NskOffice *self,
                                const char *letter,
                                NskJson **out_result,
                                GError **error);
/* The agency's list of instructions.  Result: instructions (id, print). */
bool nsk_office_disposition_instructions(NskOffice *self, NskJson **out_result, GError **error);
/* The positions directly below @position, to whom its dispositions go as a rule; at most 40.
 * Result: receivers (position, title, holders as nsk_office_position_holders()). */
bool nsk_office_disposition_receivers(NskOffice *self,
                                      const char *position,
                                      NskJson **out_result,
                                      GError **error);
/* The sheet (lembar disposisi) of the disposition @n, 0: the last that the person may see, as PDF.
 * Errors: NOT_FOUND. */
bool nsk_office_disposition_sheet(NskOffice *self,
                                  const char *letter,
                                  int64_t n,
                                  GBytes **out_pdf,
                                  GError **error);

/* Catatan: a note on a letter with name, capacity and time.  It stays with the letter and in its
 * history, and is never part of what is sent.  By those of the route.  Result: letter, at. */
typedef struct {
    const char *letter;
    const char *text;
} NskLetterNote;
bool nsk_office_letter_note(NskOffice *self,
                            const NskLetterNote *note,
                            NskJson **out_result,
                            GError **error);

/* What a reply of @kind to @letter starts from: with its addressee, subject and reference. */
bool nsk_office_reply_skeleton(NskOffice *self,
                               const char *kind,
                               const char *letter,
                               GBytes **out_xml,
                               GError **error);

/* How a code of a state, an action or a type of rule reads for people, in their language; static,
 * or the code itself. */
const char *nsk_office_word(const char *code);
/* The same where a code means another thing in @context: "disposition" and "handover" and "signing"
 * (states), "presence", "work" (figures). */
const char *nsk_office_word_of(const char *context, const char *code);

/* --- Workflows. --------------------------------------------------------------------------------
 */

/*
 * Puts a workflow in force for letters that begin from now on; letters that are on their way stay
 * on the version that they began with.  It is checked first, with the office's positions and
 * services; what it calls must be in the file or in force.  Result: workflow, version, warnings.
 * Errors: INVALID with all findings.
 */
typedef struct {
    const char *name; /* what messages call the file */
    GBytes *content;  /* BPMN */
} NskDeployment;
bool nsk_office_workflow_deploy(NskOffice *self,
                                const NskDeployment *deployment,
                                NskJson **out_result,
                                GError **error);

/*
 * Moves letters of a workflow that are on their way to the version in force.  @plan: JSON, a list
 * of nodes of the old version and those of the new that they become ([{"from": "paraf", "to":
 * "periksa"}]); a node that is not named goes to its namesake; NULL: all do.  @dry_run: says what
 * would happen.  Each letter is moved whole or not at all.  Result: results (letter, and done, or
 * error), failed.
 */
typedef struct {
    const char *workflow; /* its id */
    const char *letter;   /* only this; NULL: all that are not on the version in force */
    const char *plan;
    int64_t dry_run;
} NskInstanceMove;
bool nsk_office_workflow_migrate(NskOffice *self,
                                 const NskInstanceMove *move,
                                 NskJson **out_result,
                                 GError **error);

/* --- Letters that came in. ---------------------------------------------------------------------
 */

/* What is known of a letter that came in; all borrowed, NULL where nothing is. */
typedef struct {
    const char *kind;    /* NULL: "surat-masuk" */
    const char *unit;    /* whose TU registers it; NULL: the nearest around the first addressee */
    const char *channel; /* one of the profile's; needed */
    const char *origin, *attention, *place; /* the sender; @origin is needed */
    const char *number, *date;              /* the sender's own; YYYY-MM-DD */
    const char *subject;                    /* needed, but of an unopened one */
    const char *summary, *classification;   /* @classification is needed */
    const char *security, *urgency;         /* NULL: "biasa" */
    const char *language;                   /* NULL: "id" */
    const char *due;                        /* by when it is to be answered; YYYY-MM-DD */
    const char *at; /* when it came, civil in the unit's zone "2026-07-20 09:15"; NULL: now */
    const char *const *to;    /* positions, NULL-terminated; at least one */
    bool unopened;            /* registered by its envelope; secret letters always are */
    const char *path;         /* of the scan, a PDF; NULL: none */
    const char *duplicate_of; /* the letter that this one repeats; NULL: none */
    bool not_duplicate;       /* it repeats none, though it may seem so */
} NskIncomingAsk;
/*
 * Registers a letter, with its scan and its number in the agenda, and begins its workflow.  By TU
 * of the unit: its archivist, or who assists one of its positions.  Result: letter, agenda, unit,
 * state, next, warnings (sentences: what is odd about it).  Errors: INVALID, also for a file that
 * is no PDF; CONFLICT, naming the other letter, if it seems to be registered already; DENIED.
 * Nothing is stored then.
 */
bool nsk_office_incoming_register(NskOffice *self,
                                  const NskIncomingAsk *ask,
                                  NskJson **out_result,
                                  GError **error);

/*
 * Takes in the archive of a former system: each row of a table is a letter with its PDF, filed at
 * once, with its former number and id, by which it is found.  Its history says that it was taken in
 * and not witnessed.  Each row is a change of its own; one whose id was taken in before is left
 * out, so who repeats a command that was cut off gets the rest, and nothing twice.  A row that is
 * at fault, or whose file is, costs itself only.  By TU of the unit.
 *
 * Result: system, rows, imported, there, refused, dry_run, faults (line, id, what, why, todo).
 * Errors: INVALID if the table is none; NOT_FOUND without the folder; DENIED; else what stopped it
 * between two rows.
 */
typedef struct {
    const char *table_name;
    GBytes *table;      /* CSV, RFC 4180; import-table.c has its columns */
    const char *files;  /* folder that its files are in */
    const char *system; /* name of the former system; NULL: "lama" */
    const char *unit;   /* whose archive, where a row does not say; NULL: the person's only one */
    bool dry_run;       /* looks at everything and takes in nothing */
    NskOfficeProgress progress; /* may be NULL */
    void *progress_data;
} NskImport;
bool nsk_office_archive_import(NskOffice *self,
                               const NskImport *import,
                               NskJson **out_result,
                               GError **error);
/* The faults of its result as a table (CSV); owned. */
GBytes *nsk_office_import_report(const NskJson *result);

/* After the CONFLICT of a registration with this handle: the letter that it seems to repeat; NULL
 * if that is not why.  Borrowed until the next registration. */
const char *nsk_office_incoming_double(const NskOffice *self);

/* What TU chooses from when it registers: may (whether the person is TU of a unit today), keeps
 * (whether he is the archivist of one, who keeps its expedition book), channels (channel, print),
 * positions (position, title: of its units and those below, by title). */
bool nsk_office_incoming_desk(NskOffice *self, NskJson **out_result, GError **error);

/*
 * Corrects what was registered of the letter, for a reason: what of @ask is not NULL takes the
 * place of what is there ("" takes it away; @path: another scan).  By TU of its unit; what is in a
 * secret letter by who holds a position that it is for.  Agenda number, unit, kind, class, envelope
 * and addressees stay, so that they must not be set.  A new version of the letter; result: as of
 * registering, and changed (names), version.  Errors: INVALID, also if nothing is different;
 * DENIED; CONFLICT, naming the other letter, if it then seems to be registered already.
 */
typedef struct {
    const char *letter; /* also an agenda number, or the sender's */
    const NskIncomingAsk *ask;
    const char *reason; /* needed */
} NskIncomingCorrection;
bool nsk_office_incoming_correct(NskOffice *self,
                                 const NskIncomingCorrection *correction,
                                 NskJson **out_result,
                                 GError **error);
/* Opens a letter that was registered by its envelope and passed on: @inside says what is in it
 * (subject, which is needed, summary, number, date, attention, due, path).  By who holds a position
 * that it is for.  Its class stays, and of a secret one TU sees nothing of it.  Result: as above.
 * Errors: DENIED; CONFLICT if it is open. */
bool nsk_office_incoming_open(NskOffice *self,
                              const char *letter,
                              const NskIncomingAsk *inside,
                              NskJson **out_result,
                              GError **error);

/*
 * TU passes the letter on to the positions @to (NULL-terminated; NULL: those it is for), or files
 * it where nothing is to be done.  @task as of nsk_office_task_act().  Result: as of that, and
 * agenda, unit.
 */
bool nsk_office_incoming_forward(NskOffice *self,
                                 const char *task,
                                 const char *const *to,
                                 const char *note,
                                 NskJson **out_result,
                                 GError **error);
bool nsk_office_incoming_file(NskOffice *self,
                              const char *task,
                              const char *note,
                              NskJson **out_result,
                              GError **error);
/*
 * Letters that came in, the newest first: as TU those of @unit (NULL: of all units whose TU the
 * person is), else those that he may read.  @all: also those that are done with.  Result: letters
 * (each as of nsk_office_incoming_show()), more.
 */
typedef struct {
    const char *unit;
    bool all;
    int64_t limit; /* 0: 100; at most 1000 */
} NskIncomingList;
bool nsk_office_incoming_list(NskOffice *self,
                              const NskIncomingList *ask,
                              NskJson **out_result,
                              GError **error);
/* What its envelope says, for who reads it and for the TU of its unit: letter, agenda, unit, kind,
 * at, channel, origin, place, number, date, due, security, urgency, state, unopened, forwarded, to
 * (positions); and to who reads it subject, summary and file.  @letter also an agenda number, or
 * the sender's. */
bool
nsk_office_incoming_show(NskOffice *self, const char *letter, NskJson **out_result, GError **error);
/* A receipt (tanda terima) for the sender, as PDF. */
bool
nsk_office_incoming_receipt(NskOffice *self, const char *letter, GBytes **out_pdf, GError **error);

/* --- Files of anybody; no office needed (NULL)
 * -------------------------------------------------------- */

/* Photographs of the pages of a letter (files of JPEG or PNG; NULL-terminated) as one PDF, for
 * NskIncomingAsk.path.  Errors: as nsk_worker_photos() (worker/worker.h). */
bool nsk_office_photographs(const char *const *paths, GBytes **out_pdf, GError **error);
/* Reads a moment as people write it: "2026-07-22 09:15" of the common zone, or as
 * nsk_instant_format() writes it.  Errors: INVALID. */
bool nsk_office_read_moment(const char *text, NskInstant *out_moment, GError **error);
/* Verifies the signatures of a PDF as of @now.  @trust: PEM file of root certificates; NULL: those
 * of the office in @dir, which may be NULL too.  Result: verdict ("valid", "invalid",
 * "indeterminate", "unsigned"), sha256, signatures, findings. */
bool nsk_office_verify(const char *dir,
                       GBytes *pdf,
                       const char *trust,
                       NskInstant now,
                       NskJson **out_result,
                       GError **error);
/*
 * The same of a stranger's file, by the office's roots: judged in a process of its own
 * (worker/worker.h), which a file that is made to do harm can take no further than its own answer.
 * Errors: as of worker/worker.h.
 */
bool nsk_office_judge(const char *dir,
                      GBytes *pdf,
                      NskInstant now,
                      NskJson **out_result,
                      GError **error);
/*
 * Adds to a verdict of nsk_office_verify() what poppler says, under "poppler": signatures (field,
 * opinion "good", "bad" or "none") and differs, or problem if it could not be asked.  The verdict
 * stays as it is: poppler knows neither certificates here nor later changes.
 */
void nsk_office_add_opinion(GBytes *pdf, NskJson *verdict);
/* A file as somebody gave it; borrowed. */
typedef struct {
    const char *name; /* what messages call it */
    GBytes *bytes;
} NskOfficeFile;
/*
 * Signers: cards, modules and services (signer/signer.h), and who signs with which key there.  For
 * the owner of the folder.  @settings is a JSON object as nsk_signer_check_settings() takes it; a
 * signer of that name is changed.  Result: signer, kind.  Errors: INVALID; CONFLICT if people sign
 * with it and it is of another kind now.
 */
typedef struct {
    const char *name;
    const char *kind;
    const char *settings;
} NskSignerEntry;
bool nsk_office_signer_add(NskOffice *self,
                           const NskSignerEntry *entry,
                           NskJson **out_result,
                           GError **error);
/*
 * Says that a person signs with a key.  Its certificate is read from the signer, if it is not given
 * and the signer shows it without being unlocked, and must bear the person's name.  @signer NULL:
 * with none any more.  Result: person, signer, had, certificate (subject, issuer, serial,
 * fingerprint, until, days; empty if it is not known).  Errors: NOT_FOUND; UNTRUSTED for another
 * person's certificate; those of the signer.
 */
typedef struct {
    const char *person;
    const char *signer;
    const char *key;
    GBytes *certificate; /* PEM or DER with its issuers; NULL */
} NskSignerAssignment;
bool nsk_office_signer_assign(NskOffice *self,
                              const NskSignerAssignment *given,
                              NskJson **out_result,
                              GError **error);
/* Result: signers (signer, kind, settings, people (person, name, signer, key, certificate)). */
bool nsk_office_signer_list(NskOffice *self, NskJson **out_result, GError **error);
/* Asks each key (of the signer or person @only; NULL: all) whether it could sign, and signs
 * nothing.  Result: keys (as people above, and state: "ready" or nsk_signer_fault_name(); proof,
 * batch, whole_pdf, or error), failed. */
bool
nsk_office_signer_check(NskOffice *self, const char *only, NskJson **out_result, GError **error);
/*
 * Puts a calendar of working days in force, in place of that of the same year; timers of letters
 * are reckoned anew after the change, by the server or nsk_office_run_flow().  For the owner of the
 * folder.  Result: year, letters (that wait for a time).  Errors: INVALID with all findings.
 */
bool nsk_office_calendar_load(NskOffice *self,
                              const NskOfficeFile *file,
                              NskJson **out_result,
                              GError **error);
/* What is made of a file. */
typedef struct {
    bool html;             /* HTML in place of a PDF */
    bool lenient;          /* properties of XSL-FO that are not supported are warnings */
    NskOfficeFile kind;    /* of a letter; without bytes: as the letter says */
    NskOfficeFile profile; /* of a letter; without bytes: the office's */
} NskOfficeRendering;
/* Renders a letter's XML as a draft, with the names of the office (NULL: of the demo agency), or
 * plain XSL-FO, whose images lie where it says, beginning at the folder of @file->name.  HTML is
 * made of letters alone, and without issues.  Errors: UNSUPPORTED. */
bool nsk_office_render(NskOffice *self,
                       const NskOfficeFile *file,
                       const NskOfficeRendering *how,
                       NskIssues *issues,
                       GBytes **out_bytes,
                       GError **error);

/* A DOCX template; all but the file may be NULL. */
typedef struct {
    NskOfficeFile file;
    const char *kind;
    const char *letter;         /* of the list of tags: say what has no value in it */
    const char *classification; /* of a draft: a code */
    const char *signatory;      /* of a draft: a position */
    const char *to;             /* of a draft: a position */
} NskOfficeDocx;
/*
 * The tags of a DOCX (docx/docx.h), read in the worker; @self may be NULL if no letter is named.
 * Result: file, tags (tag, means, known, count, places; signatory, nearest; value, with a letter).
 * Findings: "docx-tag-unknown", "docx-tag-broken", "docx-tag-unfilled" (a warning if the signing
 * fills it), and those of nsk_docx_read().
 */
bool nsk_office_docx_tags(NskOffice *self,
                          const NskOfficeDocx *docx,
                          NskIssues *issues,
                          NskJson **out_result,
                          GError **error);
/* The text as a draft for nsk_office_letter_new(), with what is lost and what is to be filled in
 * among @issues, all warnings; *out_xml is owned. */
bool nsk_office_docx_draft(NskOffice *self,
                           const NskOfficeDocx *docx,
                           NskIssues *issues,
                           GBytes **out_xml,
                           GError **error);

/* Draws the workflow that the letter runs by, or @file in its place (NULL: none), with where the
 * letter stands, as SVG.  For those who made it.  Warnings go to @issues, as nsk_flow_diagram(). */
bool nsk_office_letter_diagram(NskOffice *self,
                               const char *letter,
                               const NskOfficeFile *file,
                               NskIssues *issues,
                               GBytes **out_svg,
                               GError **error);

/* The same as a list, for who cannot see the picture.  Result: letter, subject, workflow, version,
 * steps (node, name, status: "done", "cancelled", "waiting", "overdue", "incident"; who: names;
 * since, due, note, count): what is over by its time, then what waits. */
bool nsk_office_letter_standing(NskOffice *self,
                                const char *letter,
                                NskJson **out_result,
                                GError **error);

/* Checks a profile before it is put in force: nsk_profile_prove() with the images beside the file,
 * the patterns of its series, and with an office (NULL: none) the positions it names. */
bool nsk_office_profile_check(NskOffice *self,
                              const NskOfficeFile *file,
                              NskIssues *issues,
                              GError **error);
/* Puts a profile in force for letters that begin from now on; letters that there are keep the
 * version they were made under.  Its emblems are in the file or the program
 * (nsk_office_profile_pack()). Result: profile, version.  Errors: INVALID with all findings;
 * NOT_FOUND for an emblem. */
bool nsk_office_profile_deploy(NskOffice *self,
                               const NskDeployment *deployment,
                               NskJson **out_result,
                               GError **error);
/* The profile with the emblems beside it as one file; *out_bytes: owned. */
bool nsk_office_profile_pack(const NskOfficeFile *file, GBytes **out_bytes, GError **error);

/* Checks workflow files before they are deployed: structure, expressions, soundness, what must hold
 * of letters; with an office (NULL: none) also positions and services.  A process may call one of
 * another of the files.  Errors: as reading the directory; LIMIT. */
bool nsk_office_workflow_check(NskOffice *self,
                               const NskOfficeFile *files,
                               size_t n_files,
                               NskIssues *issues,
                               GError **error);

/* --- Duty: who is away, who is there, and what nobody is there for. ------------------------------
 */

/*
 * Enters a turn of the roster: "leave", "travel", "duty" or "shift"; or ends one that is there.
 * Leave and travel by the
 * person himself; all by who acts in the superior position, an assistant (TU), or the archivist of
 * the unit.  Days are civil, such as "2026-07-22".  Result: what, person, from, until, ended,
 * positions (what it leaves each of them with on its first day: position, presence, people).
 */
typedef struct {
    const char *what;
    const char *person;
    const char *position;   /* NULL: leave from all that he holds */
    const char *from;       /* first day; of an end: that of the turn */
    const char *until;      /* last day; NULL: open; of an end: it goes as a whole */
    const char *hours;      /* of a shift, such as "22.00-06.00" */
    const char *substitute; /* person; NULL: nobody */
    const char *note;       /* why; in the journal alone */
    int64_t end;            /* not 0: ends the turn of this key */
} NskTurnAct;
bool
nsk_office_roster(NskOffice *self, const NskTurnAct *act, NskJson **out_result, GError **error);

/* Borrowed; NULL is the default. */
typedef struct {
    const char *position;
    const char *person;
    const char *date;  /* today */
    const char *until; /* of a list: the same day */
    const char *time;  /* such as "14.30": now, or with a date at some time of it */
} NskDutyAsk;
/* Who is there for the position: presence ("holder", "acting", "substitute", "away", "vacant"),
 * people (person, name, capacity, on_duty, away, back, substitutes), those to turn to first;
 * position, title, date. */
bool
nsk_office_duty_show(NskOffice *self, const NskDutyAsk *ask, NskJson **out_result, GError **error);
/* Result: turns (what, person, name, position, from, until, hours, substitute, substitute_name) of
 * these days. */
bool
nsk_office_duty_list(NskOffice *self, const NskDutyAsk *ask, NskJson **out_result, GError **error);

/* Tasks that nobody is there for, of letters that the person may read or before positions that he
 * looks after.  Result: tasks (as of nsk_office_task_list(), and why: "vacant", "away", "unknown",
 * "assignee"; words, back, assignee, superior: who may hand it over). */
bool nsk_office_orphans(NskOffice *self, NskJson **out_result, GError **error);

/*
 * The legal clock of an application, for those who made it or handle it.  Result: letter, kind,
 * term (working days), state ("running", "stopped", "deemed", "ended"), spent, left (working days),
 * alarm ("", "warn", "escalate", "over"), warn, escalate, last, deemed, ended (days, or null),
 * spans (from, until, days, stopped_because), held (task, name, position, person, opened, closed,
 * days, minutes), sums (by position: days, minutes), ladder (on, what, to: positions).  Errors:
 * NOT_FOUND if there is none.
 */
bool
nsk_office_clock_show(NskOffice *self, const char *letter, NskJson **out_result, GError **error);
/* Those that run or stand still, of letters that the person may read, the nearest end first.
 * Result: clocks (as above, up to ended; subject). */
bool nsk_office_clock_list(NskOffice *self, NskJson **out_result, GError **error);

/*
 * Handing a position over: with @id NULL makes the list of its open work, from @giver, who held it,
 * to @receiver, who holds it or will; a list that both did not confirm makes way.  Else confirms
 * the list: as its receiver, as its giver, or as the superior for a giver who holds no position any
 * more.  Result: as nsk_office_handover_show().  Errors: CONFLICT if it is confirmed already, a
 * newer one is there, or the giver still holds the position and more work has come since.
 */
typedef struct {
    const char *id;
    const char *position;
    const char *giver, *receiver; /* people */
    const char *note;             /* in the journal alone */
} NskHandoverAct;
bool nsk_office_handover(NskOffice *self,
                         const NskHandoverAct *act,
                         NskJson **out_result,
                         GError **error);
/* Result: handover (id), position, giver, receiver, by, at, given, given_by, received, state
 * ("prepared", "given", "received", "complete", "replaced"), items (letter, task or null for a
 * letter of the position's own, name, subject for who may read it, opened, due, open: whether it
 * still is), since (how much came since).  For the two and for who looks after the position. */
bool
nsk_office_handover_show(NskOffice *self, const char *id, NskJson **out_result, GError **error);
/* Those of @position (NULL: of all) that the person may know of, newest first.  Result: handovers
 * (as above without items and since). */
bool nsk_office_handover_list(NskOffice *self,
                              const char *position,
                              NskJson **out_result,
                              GError **error);

/* A page of the directory, for whoever may read the office's folder. */
typedef struct {
    const char *what;  /* "people", "positions" or "units" */
    const char *text;  /* only those whose id or name contains it; NULL: all */
    const char *after; /* "next" of the page before; NULL: from the beginning */
} NskDirectoryAsk;
/* Result: rows (id, name; of a person positions: position, title, capacity, prefix; of a position
 * unit and holders as nsk_office_position_holders(); of a unit parent), as of today, by id; next
 * (where to go on, or null).  Errors: INVALID for another @what. */
bool nsk_office_directory_list(NskOffice *self,
                               const NskDirectoryAsk *ask,
                               NskJson **out_result,
                               GError **error);
/* What nsk_office_directory_load() would do with the file; nothing is changed.  Result: changes
 * (table, key, is_new, line, values: column, before, after), the first of them; n_new, n_changed,
 * n_same; digest (of all that, for who decides on it).  Errors as there. */
bool nsk_office_directory_preview(NskOffice *self,
                                  const NskOfficeFile *file,
                                  NskIssues *issues,
                                  NskJson **out_result,
                                  GError **error);
/* Replaces and adds rows of the directory from a file in XML, or a table in CSV (its name ends in
 * .csv), by the owner of the office's folder, or who looks after the office.  Warnings go to
 * @issues.  Errors: INVALID with all findings; BUSY. */
bool nsk_office_directory_load(NskOffice *self,
                               const NskOfficeFile *file,
                               NskIssues *issues,
                               GError **error);

/*
 * The way that a letter will go from where it stands, or from the start of the workflow in @file if
 * that is given, each task being done with the outcome that means yes; nothing is carried out.  For
 * those who may see its route.  Result: letter, workflow, steps (node, name, role, outcome,
 * positions: position, holders as nsk_office_position_holders()), ended, waits (type, node, name).
 * Errors: INVALID if the workflow cannot go on that way; LIMIT if the way goes round.
 */
typedef struct {
    const char *letter;
    const NskOfficeFile *file; /* BPMN; NULL: the letter's own workflow */
} NskRoutePreview;
bool nsk_office_route_preview(NskOffice *self,
                              const NskRoutePreview *wanted,
                              NskJson **out_result,
                              GError **error);

/* Who holds a position today, definitive first, then Pj., Plt., Plh.  Result: position, title,
 * holders (person, name, capacity, prefix: "Plt. " or "").  Errors: NOT_FOUND. */
bool nsk_office_position_holders(NskOffice *self,
                                 const char *position,
                                 NskJson **out_result,
                                 GError **error);

/* --- Figures of work ---------------------------------------------------------------------------
 */

/* Whose work, in which days; all borrowed; NULL: himself, this month until today. */
typedef struct {
    const char *person; /* at most one of the three */
    const char *position;
    const char *unit;
    const char *from;  /* civil date, "2026-07-01", in the zone of the unit */
    const char *until; /* civil date, included */
    bool evidence;     /* names every event that was counted */
} NskWorkAsk;
/*
 * What was done, counted from the journal: nothing else is watched.  Result: of ("person",
 * "position", "unit"), id, name, from, until; drafted, reviewed, letters_signed, disposed, returned
 * (by him), sent_back (drafts that came back to him), done (tasks), late (of them, after their
 * time), open and overdue (now, if the period reaches until now); held (how many tasks were timed),
 * held_median_minutes, held_p90_minutes (0 if none): of working days on which he was there;
 * zone; evidence (at, local, entry "LETTER/SEQ", hash of the entry, action, person, position, task,
 * minutes, late; number and subject of letters that the asker may read). Errors: DENIED unless he
 * asks for himself or is a superior.
 */
bool nsk_office_report_work(NskOffice *self,
                            const NskWorkAsk *ask,
                            NskJson **out_result,
                            GError **error);
/* The members with figures in their order, NULL-terminated; nsk_office_word() has their words.
 * Those that end in "_minutes" are times. */
extern const char *const nsk_office_work_figures[];
/* "3 h 05 min".  Freed with g_free(). */
char *nsk_office_hours_text(int64_t minutes);
/* The same with its evidence as a sheet: pages, or a table for a table calculator. */
typedef enum { NSK_SHEET_PDF, NSK_SHEET_CSV } NskSheetForm;
bool nsk_office_report_work_sheet(NskOffice *self,
                                  const NskWorkAsk *ask,
                                  NskSheetForm form,
                                  GBytes **out_bytes,
                                  GError **error);

/* --- Boards ------------------------------------------------------------------------------------
 */

/* Of whose positions, in which days; all borrowed; NULL: those that the asker holds, the last six
 * months until today. */
typedef struct {
    const char *position; /* at most one of the two */
    const char *unit;
    const char *from; /* civil date in the zone of the unit */
    const char *until;
} NskBoardAsk;
/*
 * Figures of the work of positions; they name nobody, and no letter.  Result: of, id, name, zone,
 * from, until; letters (how many were looked at), complete (false: there were more, which are left
 * out); waiting (position, title, open, overdue, oldest; now); ages (age: "day", "three-days",
 * "week", "longer", open: by working days since the task was opened); kinds (kind, title, letters,
 * done, late, median_minutes, p90_minutes: of the letters on which something was done in the
 * period, what their tasks lay before these positions, in working days on which who did it was
 * there: what a letter waited at others is not in it); months (month, drafted, signed, done, late);
 * units (id, name: those that the asker may choose).  Errors: INVALID of a period that touches more
 * than 24 months; DENIED as nsk_office_report_work().
 */
bool
nsk_office_board(NskOffice *self, const NskBoardAsk *ask, NskJson **out_result, GError **error);
/* The lines of "waiting", "ages", "kinds" or "months" as CSV; owned.  Errors: also NOT_FOUND. */
bool nsk_office_board_table(NskOffice *self,
                            const NskBoardAsk *ask,
                            const char *part,
                            GBytes **out_csv,
                            GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskOffice, nsk_office_free)
