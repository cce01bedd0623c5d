/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "journal/audit.h"

/* What the files of the audit share; see audit.c. */

#define NSK_AUDIT_MOST_TOLD     200 /* findings; the first ones of each thread */
#define NSK_AUDIT_MOST_THREADS  8
#define NSK_AUDIT_MOST_PORTIONS 4096

/* A finding with what sorts it; freed by the array that it is in. */
typedef struct {
    char *letter, *text;
    const char *tag;
    int64_t seq, leaf;
} NskAuditFinding;

void nsk_audit_find(GPtrArray *findings,
                    const char *tag,
                    const char *letter,
                    int64_t seq,
                    int64_t leaf,
                    const char *what);

/* How many threads there are to be, at most NSK_AUDIT_MOST_THREADS. */
unsigned nsk_audit_threads(void);
/* Runs @work once for each of @n @parts of @size bytes, each in a thread of its own, calling
 * @meanwhile (may be NULL) now and then until all have ended. */
void nsk_audit_run(void (*work)(void *part),
                   void *parts,
                   size_t size,
                   unsigned n,
                   void (*meanwhile)(void *data),
                   void *data);

/* ---- audit-keep.c: how far the audit is ------------------------------------------------------ */

/*
 * The letters are read in portions: of portion i those from bounds[i - 1] on and before bounds[i];
 * the first has no beginning, the last no end.
 */
typedef struct {
    const NskLogAudit *audit;
    GPtrArray *bounds;  /* texts, in their order; one less than there are portions */
    unsigned n;         /* portions; at most NSK_AUDIT_MOST_PORTIONS */
    int64_t *counts;    /* entries by portion; below 0: it is not read, or something is wrong */
    uint16_t *portions; /* by leaf: in which it was read, counted from 1; 0: in none */
    NskHash *leaves;    /* the audit's; borrowed */
    int64_t entries;    /* in portions that are read */
    int64_t skipped;    /* of them those that an earlier run read */
    int64_t kept;       /* how many they were when the file was written last */
    NskInstant since;   /* when the first of them was read */
    GMutex lock;
} NskAuditKeep;

/* Takes @bounds. */
void nsk_audit_keep_init(NskAuditKeep *self,
                         const NskLogAudit *audit,
                         GPtrArray *bounds,
                         NskHash *leaves);
void nsk_audit_keep_clear(NskAuditKeep *self);
/* Goes on where an earlier run was, if that may be; if not, everything is to be read.  Errors: IO.
 */
bool
nsk_audit_keep_load(NskAuditKeep *self, NskDbTxn *txn, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* @places: uint64_t, of the leaves that the portion has.  Any thread. */
void
nsk_audit_keep_portion(NskAuditKeep *self, unsigned portion, const GArray *places, int64_t entries);
/* Nothing is left to go on with. */
void nsk_audit_keep_end(NskAuditKeep *self);

/* ---- audit-walk.c: reading the entries ------------------------------------------------------- */

/* What the threads share. */
typedef struct {
    const NskLogAudit *audit;
    NskHash *leaves; /* by place; each is written by one thread */
    NskAuditKeep keep;
    gint next; /* portion; atomic */
    gint done; /* entries; atomic */
} NskAuditWork;

/* What a thread has read. */
typedef struct {
    NskAuditWork *work;
    GPtrArray *findings; /* NskAuditFinding */
    GError *error;
    int64_t entries;
} NskAuditWalk;

/* Reads and judges portions until all are read; @walk: NskAuditWalk, for nsk_audit_run(). */
void nsk_audit_walk(void *walk);

/* ---- audit-tree.c: the tree over all leaves ---------------------------------------------------
 */

/* What the tree is built from, and where it is told what is wrong; all borrowed. */
typedef struct {
    const NskLogAudit *audit;
    NskDbTxn *txn;
    const NskHash *leaves;
    GPtrArray *findings; /* NskAuditFinding */
    NskIssues *issues;
} NskAuditTree;

/* Compares the tree over the leaves with edge, tiles and what was kept.  Errors: IO. */
bool nsk_audit_tree(const NskAuditTree *self,
                    NskHash *out_root,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whose leaf @leaf is, as far as the database says; *out_letter is owned. */
bool nsk_audit_name_leaf(NskDbTxn *txn,
                         uint64_t leaf,
                         char **out_letter,
                         int64_t *out_seq,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
