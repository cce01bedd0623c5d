/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/json.h"
#include "journal/anchor.h"
#include "verify/verify.h"

/* What the parts of a judgement share. */
typedef struct {
    const NskEvidenceAsk *ask;
    const NskBag *bag;
    NskEvidenceReport *report;
    GPtrArray *entries; /* NskJson, as they stand in events.jsonl */
    char *last;         /* hash of the last of them, hex */
    NskCheckpoint log;  /* that the proofs are against */
    GArray *leaves;     /* uint64_t: where in it each entry is */
} NskJudge;

#define NSK_JOURNAL_DATA    "representations/journal/data/"
#define NSK_LETTER_DATA     "representations/letter/data/"
#define NSK_COMPARISON_DATA "representations/comparison/data/"

/* Each takes a format; false for what is wrong, so that a check can end with it. */
bool nsk_judge_wrong(NskJudge *self, const char *format, ...) G_GNUC_PRINTF(2, 3);
void nsk_judge_note(NskJudge *self, const char *format, ...) G_GNUC_PRINTF(2, 3);
void nsk_judge_proved(NskJudge *self, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* The file at @path in the package, which must be there; NULL: it is wrong, and told. */
GBytes *nsk_judge_find(NskJudge *self, const char *path);
/* Whether @content has that digest. */
bool nsk_judge_has_digest(GBytes *content, const char *sha256);

/* An entry, from its one spelling; NULL if it is another one.  Owned. */
NskJson *nsk_judge_parse(const char *line, size_t size);
/* Whether @entry is in the log that @key signs, by the proof at @path; *out_index: its leaf.  False
 * with @fault set: it is not; without: what is wrong is told already. */
bool nsk_judge_proof(NskJudge *self,
                     const char *path,
                     GBytes *entry,
                     const NskLogNoteKey *key,
                     uint64_t *out_index,
                     GError **fault);

/* day.c: with the entries. */
bool nsk_judge_day(NskJudge *self, const NskLogNoteKey *key);
/* older.c: what others vouched for. */

/* A checkpoint in @folder that this log, of @key, signed before, and that its newest one grew from.
 * NULL: it is wrong, and told. */
NskLogNote *
nsk_judge_older(NskJudge *self, const char *folder, const NskLogNoteKey *key, NskCheckpoint *out);
/* How many entries of the letter are among the first @size of the log. */
unsigned nsk_judge_count(const NskJudge *self, uint64_t size);
/* The time stamp on a checkpoint, if there is one. */
bool nsk_judge_anchor(NskJudge *self, const NskLogNoteKey *key);
/* witness.c: cosignatures, and that every witness that was asked for has one. */
bool nsk_judge_witnesses(NskJudge *self, const NskLogNoteKey *key);
/* history.c: fills in the entries.  letter.c, with them. */
bool nsk_judge_history(NskJudge *self);
bool nsk_judge_letter(NskJudge *self);
