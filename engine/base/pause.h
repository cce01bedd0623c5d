/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A thread that is about to wait says so.  A pool that lets only so many of its threads run at once
 * lets another one run meanwhile; to every other thread it is nothing.
 */

/* What a pool wants to hear of a thread of its own. */
typedef struct {
    void (*began)(void *data);
    void (*ended)(void *data); /* may wait until the thread may run again */
    void *data;
} NskPauseListener;

/* The listener of this thread, borrowed as long as the thread lives; NULL: none. */
void nsk_pause_listen(const NskPauseListener *listener);

/* Around a wait of this thread, with no lock held that another thread needs in order to run. */
void nsk_pause_begin(void);
void nsk_pause_end(void);
