/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/work-private.h"

/*
 * Counting of a board (board.c adds it up, board-count.c counts).
 */
typedef struct {
    int64_t drafted, signatures, done, late;
} NskBoardMonth;

/* Of the letters of a kind. */
typedef struct {
    char *id, *title;
    int64_t done, late;
    GArray *minutes; /* int64_t, one a letter: how long its tasks lay before these positions */
} NskBoardKind;
void nsk_board_kind_free(NskBoardKind *self);

#define NSK_BOARD_AGES 4 /* up to 1, 3, 7 working days, and more */

/* Of a position. */
typedef struct {
    char *id, *title;
    int64_t open, overdue;
    int64_t ages[NSK_BOARD_AGES];
    NskInstant oldest; /* 0: nothing waits */
} NskBoardPlace;
void nsk_board_place_free(NskBoardPlace *self);

typedef struct {
    NskOffice *office;
    NskDbTxn *txn;
    NskWorkSubject subject;
    NskCalendar *calendar;
    NskDate first, last;
    NskInstant from, until; /* of the period: until is behind it */
    bool is_complete;       /* nothing was left out for there being too much */
    int64_t letters;
    GArray *months;    /* of NskBoardMonth, from that of @first on */
    GHashTable *kinds; /* kind id -> NskBoardKind */
    GPtrArray *places; /* of NskBoardPlace */
} NskBoard;

/* What was done in the period by the subject's positions, from the journals of the letters. */
bool nsk_board_count_done(NskBoard *self, GError **error);
/* What waits before them now. */
bool nsk_board_count_open(NskBoard *self, GError **error);
