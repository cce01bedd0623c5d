/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "crypto/crypto.h"
#include "evidence/bag.h"
#include "journal/note.h"

#include <stdbool.h>

/*
 * Judging an evidence file (evidence/package.h) without the office that made it: no database, no
 * network, nothing but the file and what who asks brings along.
 *
 *   bag, METS       every byte of the file is told of by digests (evidence/bag.h)
 *   history         entries are canonical, numbered and chained; each is in the tree whose root the
 *                   log signed; words beside entries are those that the entries bind
 *   time stamp      where there is one on a checkpoint of the log: it is one over it, the log grew
 *                   from there, and so the entries before it were there then
 *   witnesses       each that was named cosigned a checkpoint that the log grew from, with entries
 * of the letter in it letter          text, pages and attached files are those of the newest
 * entries; the workflow is the one that they name; signatures of pages and parafs hold
 */

typedef enum {
    NSK_EVIDENCE_PROVEN,       /* by the key and the roots that were brought along */
    NSK_EVIDENCE_NOTES,        /* nothing is wrong; something is not proved, and told */
    NSK_EVIDENCE_CONTRADICTED, /* something is wrong, and told */
} NskEvidenceVerdict;

/* All borrowed. */
typedef struct {
    const NskLogNoteKey *key;       /* of the log, from elsewhere; NULL: the file's own is taken */
    const NskLogNoteKey *witnesses; /* each must have cosigned the log */
    size_t n_witnesses;
    const NskTrust *trust; /* roots of signers; NULL: nobody vouches for them */
    NskInstant now;        /* at which certificates must be good */
} NskEvidenceAsk;

typedef struct {
    NskEvidenceVerdict verdict;
    char *letter;
    char *origin;        /* of the log; NULL: not known */
    uint64_t log_size;   /* entries of the whole log that its root covers */
    unsigned n_entries;  /* of the letter */
    unsigned n_cosigned; /* witnesses that were asked for and hold */
    GPtrArray *wrong;    /* texts, the first thing first */
    GPtrArray *notes;    /* texts */
    GPtrArray *proved;   /* texts */
} NskEvidenceReport;

/* Never fails: a file that cannot be read is contradicted by what is told. */
NskEvidenceReport *nsk_evidence_judge(GBytes *zip, const NskEvidenceAsk *ask);
void nsk_evidence_report_free(NskEvidenceReport *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskEvidenceReport, nsk_evidence_report_free)
