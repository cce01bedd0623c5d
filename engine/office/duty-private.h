/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/office-private.h"

/* What the files about duty share: roster, orphans, handover. */

/* --- directory-change.c --- */

/* All borrowed; what is NULL is left out. */
typedef struct {
    const NskTurn *drop;      /* goes first */
    const NskDirectory *part; /* comes, in place of rows with its keys */
    NskIssues *issues;        /* what storing finds */
    NskOfficeEvent event;     /* but for history and files */
} NskDirectoryChange;
/* Changes the tables and records the whole directory as they say it now.  Errors: as
 * nsk_directory_store(), nsk_directory_drop_turn(). */
bool nsk_directory_change(NskDbTxn *txn, const NskDirectoryChange *change, GError **error);

/* --- roster.c --- */

/* Who looks after a position beside those who hold it. */
typedef enum {
    NSK_CARE_NONE,
    NSK_CARE_SUPERIOR,  /* acts in its superior position */
    NSK_CARE_ARCHIVIST, /* keeps the letters of its unit */
    NSK_CARE_ASSISTANT,
} NskCare;
typedef struct {
    NskCare care;
    char *from; /* position that he acts from; NULL for one who assists by name; owned */
} NskCaring;
void nsk_caring_clear(NskCaring *self);
/* By what right the person looks after @position on @today, in place of what @out_caring said. */
bool nsk_duty_find_care(NskOffice *self,
                        NskDbTxn *txn,
                        const NskPosition *position,
                        NskDate today,
                        NskCaring *out_caring,
                        GError **error);
/* Who is there for @position then: presence, people (person, name, capacity, on_duty, away,
 * back, substitutes). */
bool nsk_duty_show_attendance(NskDbTxn *txn,
                              const char *position,
                              NskDate date,
                              int minute,
                              NskJson *into,
                              GError **error);

/* Adds "presence": that of the best of the positions before which the task lies. */
bool nsk_duty_add_presence(NskDbTxn *txn,
                           const NskTaskRow *task,
                           NskDate date,
                           NskJson *into,
                           GError **error);

/* --- orphans.c --- */

/* Adds what nobody is there for to @issues, as the doctor finds it. */
bool nsk_duty_examine(NskOffice *self, NskDbTxn *txn, NskIssues *issues, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskCaring, nsk_caring_clear)
