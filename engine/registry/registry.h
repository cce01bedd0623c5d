/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <naskah/number-scheme.h>

#include "base/clock.h"
#include "db/db.h"
#include "xml/xml.h"

/*
 * Registers: which letter has which number, gapless (architecture.md, invariant 5).
 *
 * A series is a rule of the agency's profile; a register is one run of it, such as the series
 * "keluar" of the unit "biro-umum" in 2026.  Every position of a register, from its first to its
 * last, has exactly one entry or lies in exactly one recorded skip; nothing takes an entry away.
 *
 *     reserve -> RESERVED -> bind -> BOUND        the letter's number is final
 *                    ^                  |         return or failed signature: release
 *                    +-----------------+
 *     RESERVED, BOUND -> void -> VOID             with the reason; never used again
 *     block -> PAPER -> bind_paper -> BOUND, or void_paper -> VOID
 *
 * Functions take the writer's transaction where they change something, and leave no trace if it is
 * rolled back: a failed change consumes no number.  Errors of the database pass through every one.
 */

/* --- A series; a value: immutable, reference counted, any thread. --- */

typedef struct _NskSeries NskSeries;

/* What makes registers of a series differ; bits. */
typedef enum {
    NSK_SCOPE_UNIT = 1 << 0,
    NSK_SCOPE_POST = 1 << 1,
    NSK_SCOPE_KIND = 1 << 2,
    NSK_SCOPE_CLASS = 1 << 3,
    NSK_SCOPE_YEAR = 1 << 4,
    NSK_SCOPE_MONTH = 1 << 5,
} NskScope;

typedef enum {
    NSK_TAKEN_SIGNING, /* when the signatory is about to sign */
    NSK_TAKEN_BEFORE,  /* by the office (TU) before */
    NSK_TAKEN_PAPER,   /* by the office after a signature on paper */
} NskTaken;

/* As the profile's <series> gives it; all borrowed; NULL where the attribute is absent. */
typedef struct {
    const char *name;         /* as nsk_name_is_valid() */
    const char *scope;        /* words of "unit post kind class year month"; NULL: "year" */
    const char *taken;        /* "signing", "before" or "paper"; NULL: "signing" */
    const char *max_lag_days; /* 0 to 366: how old a letter date may be; NULL: no limit */
    const char *width;        /* 1 to 9: digits of a {seq} without width; NULL: no zeros */
    const char *start;        /* first position of a new register; NULL: 1 */
    const char *pattern;      /* see <naskah/number-scheme.h> */
} NskSeriesText;

/* Errors: INVALID, LIMIT; the message names the series and the part. */
NskSeries *nsk_series_new(const NskSeriesText *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Reads <series name scope taken max-lag-days width start><pattern/></series>, in any namespace.
 * Faults become @issues at their place; NULL if there was one. */
NskSeries *nsk_series_read(const NskXmlDoc *doc,
                           const NskXmlNode *node,
                           NskIssues *issues) G_GNUC_WARN_UNUSED_RESULT;
NskSeries *nsk_series_ref(NskSeries *self);
void nsk_series_unref(NskSeries *self);
const char *nsk_series_get_name(const NskSeries *self);
unsigned nsk_series_get_scope(const NskSeries *self); /* bits of NskScope */
NskTaken nsk_series_get_taken(const NskSeries *self);
int nsk_series_get_max_lag_days(const NskSeries *self); /* -1: no limit */
const NskNumberScheme *nsk_series_get_scheme(const NskSeries *self);

/* --- Entries. --- */

typedef enum {
    NSK_ENTRY_RESERVED,
    NSK_ENTRY_BOUND,
    NSK_ENTRY_VOID,
    NSK_ENTRY_PAPER,   /* set aside for letters on paper, not used yet */
    NSK_ENTRY_SKIPPED, /* in listings only: seq to last_seq were passed over */
} NskEntryState;
const char *nsk_entry_state_to_text(NskEntryState self); /* "reserved", "bound" ...; static */

/* Which register: the values of its scope.  All borrowed; NULL where the series does not ask. */
typedef struct {
    const char *unit;     /* unit id */
    const char *post;     /* position id of the signatory */
    const char *kind;     /* kind of letter */
    const char *security; /* security class */
    NskDate date;         /* letter date: gives year and month */
} NskScopeValues;

/*
 * Who wants a number.  All borrowed.  The year and month of @parts come from the letter date and
 * its seq from the register: they need not be set.
 */
typedef struct {
    const char *letter; /* letter id, or the id of whatever is entered in a register; "ID/agenda"
                         * where a letter is entered a second time */
    NskScopeValues scope;
    NskNumberParts parts;
    bool date_asked; /* the letter date was asked for: it replaces that of a RESERVED number */
    NskDate today;   /* civil, in the unit's zone */
    NskInstant now;  /* kept in the entry */
} NskNumberRequest;

typedef struct {
    char *series;
    char *unit;  /* unit id; "" if the series' scope has no unit */
    char *scope; /* key of the register in its series, such as "year=2026" */
    uint32_t seq;
    uint32_t last_seq; /* SKIPPED: the last of them; else seq */
    char *number;      /* as printed; "" for PAPER, SKIPPED and paper never used */
    char *letter;      /* id; "" likewise */
    NskEntryState state;
    NskDate letter_date; /* unset likewise */
    NskInstant at;       /* of the last change of state */
    char *pdf;           /* SHA-256 in hex of the bound PDF; "" if there is none */
    char *reason;        /* VOID, SKIPPED: why; PAPER: for whom; else "" */
} NskRegisterEntry;
void nsk_register_entry_free(NskRegisterEntry *self);

/*
 * Gives a letter its number and fixes its letter date.
 *
 * A letter has at most one live (RESERVED or BOUND) number.  If it has one of the same series,
 * scope and year, that stays, with the letter date it was given; its text follows changed parts
 * while it is only RESERVED.  One of another series or scope, or of a letter date that is by now
 * older than the series' lag, is voided with the reason, and a new one is taken.
 *
 * Errors: INVALID if the letter date is after today or older than the lag allows, or a part is
 * missing; CONFLICT if the live number is BOUND and would have to change; LIMIT when the series is
 * full.
 */
bool nsk_registry_reserve(NskDbTxn *txn,
                          const NskSeries *series,
                          const NskNumberRequest *request,
                          NskRegisterEntry **out_entry,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Binds a RESERVED number to a PDF by its SHA-256 (64 hex digits).  The same again changes nothing.
 * Errors: NOT_FOUND, CONFLICT if bound to another, INVALID. */
bool nsk_registry_bind(NskDbTxn *txn,
                       const char *letter,
                       const char *pdf_sha256,
                       NskInstant now,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A return or a failed signature: a BOUND number is RESERVED again and stays the letter's.  Not for
 * a letter that carries a signature: the caller knows.  Errors: NOT_FOUND. */
bool nsk_registry_release(NskDbTxn *txn, const char *letter, NskInstant now, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* Withdrawal: the letter's live number is void for @reason (one line, not empty).  The letter may
 * get another.  Errors: NOT_FOUND, INVALID. */
bool nsk_registry_void(NskDbTxn *txn,
                       const char *letter,
                       const char *reason,
                       NskInstant now,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The live number of a letter, or the last void one; *out_entry is NULL if it never had one. */
bool nsk_registry_find(NskDbTxn *txn,
                       const char *letter,
                       NskRegisterEntry **out_entry,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The entry of the same position as it is now.  Errors: CORRUPT if there is none any more. */
bool nsk_registry_reload(NskDbTxn *txn,
                         const NskRegisterEntry *entry,
                         NskRegisterEntry **out_entry,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* --- Registers as a whole. --- */

/* A register and where it stands. */
typedef struct {
    char *series;
    char *unit;
    char *scope;
    uint32_t first_seq;
    uint32_t last_seq; /* first_seq - 1 if no number was given yet */
} NskRegister;

/* From where a register is to go on.  All borrowed. */
typedef struct {
    NskScopeValues scope;
    uint32_t next;      /* the position to be given next */
    const char *reason; /* one line, not empty */
    NskInstant now;
} NskContinue;

/*
 * Lets a register go on from a position (mid-year start, or numbers given elsewhere).  The
 * positions passed over are recorded as skipped for the reason.  Errors: CONFLICT if @wish->next is
 * not after the last position given; INVALID.
 */
bool nsk_registry_continue(NskDbTxn *txn,
                           const NskSeries *series,
                           const NskContinue *wish,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/*
 * The same for the register @which, by its names alone (its numbers are not looked at); one that is
 * not there yet has skipped all before it.  The scope of @wish is not looked at.  Its last position
 * being @wish->next - 1 already is no error.  Errors: CONFLICT, INVALID.
 */
bool nsk_registry_skip_to(NskDbTxn *txn,
                          const NskRegister *which,
                          const NskContinue *wish,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Positions for letters on paper.  All borrowed. */
typedef struct {
    NskScopeValues scope;
    uint32_t count;   /* how many */
    const char *note; /* for whom, or why they are void; one line, not empty */
    NskInstant now;
} NskPaperBlock;

/*
 * Sets @block->count (1 to 1000) positions aside for letters on paper; its note says for whom. Each
 * is later used or voided by one of the next two.  Errors: INVALID, LIMIT.
 */
bool nsk_registry_block(NskDbTxn *txn,
                        const NskSeries *series,
                        const NskPaperBlock *block,
                        uint32_t *out_first,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/*
 * Enters a letter that went out on paper under position @request->parts.seq of a block: BOUND at
 * once, to @pdf_sha256 of its scan, or NULL if there is none.  Errors: NOT_FOUND if that position
 * is not PAPER; CONFLICT if the letter has a live number; INVALID as nsk_registry_reserve(), but
 * for the lag.
 */
bool nsk_registry_bind_paper(NskDbTxn *txn,
                             const NskSeries *series,
                             const NskNumberRequest *request,
                             const char *pdf_sha256,
                             NskRegisterEntry **out_entry,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A position of a block that was spoilt or never used.  @spoilt->count is not looked at.  Errors:
 * NOT_FOUND if it is not PAPER; INVALID. */
bool nsk_registry_void_paper(NskDbTxn *txn,
                             const NskSeries *series,
                             const NskPaperBlock *spoilt,
                             uint32_t seq,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

void nsk_register_free(NskRegister *self);
/* All registers, sorted by unit, series, scope; owned array of NskRegister. */
GPtrArray *nsk_registry_registers(NskDbTxn *txn, GError **error);
/*
 * Entries and skips of one register above position @after, in order, at most @limit of them; owned
 * array of NskRegisterEntry.  Empty if there is no such register.
 */
GPtrArray *nsk_registry_list(NskDbTxn *txn,
                             const NskRegister *which,
                             uint32_t after,
                             unsigned limit,
                             GError **error);
/*
 * Proves that registers are gapless: each position from first to last has exactly one entry or
 * skip, and none lies outside; each live letter has one number.  Tags register-gap,
 * register-double, register-outside, register-lost.  Returns false only for an error of the
 * database.
 */
bool nsk_registry_check(NskDbTxn *txn, NskIssues *issues, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskSeries, nsk_series_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskRegisterEntry, nsk_register_entry_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskRegister, nsk_register_free)
