/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "db/db.h"
#include "office/office.h"

/*
 * The load of the fault tests: many clients on one office, doing what people do, at the same
 * letters.  What a client was answered is written to a log outside the office, after the answer, so
 * that a test can kill the program at any moment and then ask the office for all of it.
 *
 * A line of the log, fields parted by blanks, '-' for none:
 *
 *     ack REQUEST ACTION LETTER VERSION OID SEQ HASH NUMBER
 *
 * VERSION, OID: the newest version of the letter that could be read after the answer; SEQ, HASH:
 * likewise the newest entry of its journal.  ACTION "agenda" takes a number of a register for
 * REQUEST itself: LETTER is the request.  Other lines: "odd CODE words" for an answer that nobody
 * should get, "stumble CODE words" for one to try again after, "unsure REQUEST" where only a
 * repetition told what became of the request.
 */
typedef struct {
    /* as the command line gave it */
    char *dir;
    char *log; /* path */
    int clients;
    int seconds;      /* 0: until it is killed */
    int changes;      /* each client stops after so many; 0: any */
    gboolean sign;    /* some letters go as far as their pages */
    gboolean project; /* a thread brings the repositories up to date all the time */
    gboolean stumble; /* IO, UNCERTAIN and BUSY are answers: tell them and go on */
    int hold;         /* milliseconds for which one change holds up the writer now and then */
    int jump;         /* seconds by which the clock goes back and forth between changes */
    int shift;        /* seconds by which the clock is wrong */
    gboolean pin;     /* a snapshot is held from before the first change on */
    gboolean finish;
    gboolean heal; /* first of all, repositories that lost something */
    int64_t seed;

    NskOfficeService *service;
    int log_fd;
    NskClock clock;
    gint stop; /* atomic, as are the counters */
    gint acknowledged, refused, stumbled, unsure, odd, reads;
    GMutex lock;       /* of the rest */
    char *letters[32]; /* some that are at work: others meddle with them */
    GMutex pages;      /* held by the client that makes pages */
} Load;

/* A client, on a thread of its own. */
typedef struct {
    Load *load;
    int index;
    int done; /* changes */
    GRand *rand;
    NskOffice *office;
    NskDb *reader;
} LoadClient;

/* The thread of a client: lives of letters until the load stops. */
gpointer load_run_client(gpointer data);
/* The time with the jumps; data is a Load. */
NskInstant load_read_clock(void *data);

/* Notes an answer; @number may be NULL. */
void load_note(LoadClient *client,
               const char *request,
               const char *action,
               const char *letter,
               const char *number);
void load_note_odd(Load *load, const GError *fault);
void load_note_stumble(Load *load, const GError *fault);
void load_note_unsure(Load *load, const char *request);
/* Takes a number of a register for @request itself, in a change of its own. */
bool load_take_number(LoadClient *client, const char *request, char **out_number, GError **error);
/* Holds the writer up for the load's time. */
bool load_hold(LoadClient *client, GError **error);
