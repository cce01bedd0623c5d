/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "worker/worker.h"

#include <stdint.h>

/*
 * What the two sides of a job say to each other: one message each way.
 *
 * A message is its length without these four bytes, then the body.  Numbers are 32 bits, the
 * highest byte first; a text is its length and its bytes, UTF-8 without NUL.
 *
 *   request  job, page, width_px, pages, cpu_seconds, memory in megabytes, language (1: Indonesian)
 *   reply    status; 0 and what the job gives, or 1 + an NskError and a text
 *     text     n, then n texts
 *     info     n, then n of (width, height in 1/1000 point); m, then m of (text, flags); 1 if the
 *              file holds scripts
 *     scan     1 if the file holds scripts; n, then n texts
 *     preview  length and bytes of a PNG
 *     opinions n, then n of (text, NskWorkerOpinion)
 *     docx     n, then n of (name, 1 if unpacked, length and bytes)
 *     import   pages of the file; width and height in 1/1000 point; length and bytes of a PNG;
 *              n, then n of (x, y, width, height, room, size in 1/1000 point, font, text); m
 *              marks, the same
 *     judge    the verdict as JSON; the file is moment (two numbers), roots, PDF
 *     photos   length and bytes of a PDF; the file is n, then n photographs
 *     mark     length and bytes of a PDF; the file is title, marks (PDF), PDF; @page counted from
 * 1, 0: all sandbox  flags, Landlock ABI hostile  errno of what was tried; 0: nobody stopped it
 *
 * The reply comes from a process that a stranger's file may have taken over: the reader trusts no
 * number in it.
 */
typedef enum {
    NSK_WORKER_JOB_TEXT = 1,
    NSK_WORKER_JOB_INFO,
    NSK_WORKER_JOB_PREVIEW,
    NSK_WORKER_JOB_SANDBOX,
    NSK_WORKER_JOB_OPINIONS,
    NSK_WORKER_JOB_DOCX,
    NSK_WORKER_JOB_IMPORT, /* @width_px: dots an inch */
    NSK_WORKER_JOB_JUDGE,
    NSK_WORKER_JOB_PHOTOS,
    NSK_WORKER_JOB_MARK,
    NSK_WORKER_JOB_HOSTILE, /* @page says what to try; builds with NSK_FAULTS only */
    NSK_WORKER_JOB_SCAN,    /* what is asked of a scan */
} NskWorkerJob;

typedef struct {
    uint32_t job;
    uint32_t page;
    uint32_t width_px;
    uint32_t pages;
    uint32_t cpu_seconds;
    uint32_t memory_mb;
    uint32_t indonesian; /* 1: what is wrong with the file is said so, 0: in English */
} NskWorkerRequest;

/* What a hostile job tries. */
typedef enum {
    NSK_WORKER_TRY_SOCKET,
    NSK_WORKER_TRY_EXEC,
    NSK_WORKER_TRY_WRITE,
    NSK_WORKER_TRY_READ,
    NSK_WORKER_TRY_FORK,
    NSK_WORKER_TRY_KILL_PARENT,
    NSK_WORKER_TRY_CODE,       /* memory that can be run */
    NSK_WORKER_TRY_CHANGE_PDF, /* write to the descriptor passed in */
    NSK_WORKER_TRY_LEAKED,     /* any descriptor beyond those passed in */
    NSK_WORKER_TRY_READ_FONT,  /* allowed where Landlock works */
    NSK_WORKER_TRY_SPIN,       /* those below do not answer */
    NSK_WORKER_TRY_SLEEP_SILENT,
    NSK_WORKER_TRY_MEMORY,
    NSK_WORKER_TRY_ABORT,
    NSK_WORKER_TRY_LIE,   /* a length larger than what follows */
    NSK_WORKER_TRY_FLOOD, /* more than a reply may have */
} NskWorkerTry;

#define NSK_WORKER_REQUEST_SIZE    (4 + 7 * 4) /* of a whole message */
#define NSK_WORKER_PDF_FD          3
#define NSK_WORKER_MOST_FONTS      2000
#define NSK_WORKER_MOST_SIGNATURES 200
#define NSK_WORKER_MOST_LINES      2000 /* of text on a page */
#define NSK_WORKER_MOST_MARKS      100

#define NSK_WORKER_VERDICT_SIZE ((size_t)4 * 1024 * 1024) /* bytes of a verdict */

#define NSK_WORKER_UNPACKED 1u

#define NSK_WORKER_FLAG_EMBEDDED 1u
#define NSK_WORKER_FLAG_SUBSET   2u

#define NSK_WORKER_FLAG_NO_NEW_PRIVS 1u
#define NSK_WORKER_FLAG_SECCOMP      2u
#define NSK_WORKER_FLAG_MEMORY       4u

/* Writing: a message is begun, filled and finished; _finish fills in the length. */
GByteArray *nsk_worker_message_begin(void);
void nsk_worker_put_number(GByteArray *message, uint32_t number);
void nsk_worker_put_data(GByteArray *message, const void *data, size_t size);
void nsk_worker_put_text(GByteArray *message, const char *text);
void nsk_worker_message_finish(GByteArray *message);

/* Reading: after the first fault @bad stays set and everything taken is zero or empty. */
typedef struct {
    const uint8_t *at;
    size_t left;
    bool bad;
} NskWorkerReader;

/* Begins reading a whole message of @size bytes; @bad unless its length says the same. */
NskWorkerReader nsk_worker_reader(const void *data, size_t size);
uint32_t nsk_worker_take_number(NskWorkerReader *self);
/* How many elements of at least @each bytes follow; @bad if they cannot all be there, or are more
 * than @most. */
size_t nsk_worker_take_count(NskWorkerReader *self, size_t each, size_t most);
/* Never NULL; "" when bad. */
char *nsk_worker_take_text(NskWorkerReader *self);
/* Borrowed from the message. */
const uint8_t *nsk_worker_take_data(NskWorkerReader *self, size_t *out_size);
/* Nothing was bad and nothing is left. */
bool nsk_worker_reader_is_done(const NskWorkerReader *self);

/* The parts of a request in order; false if it is malformed. */
void nsk_worker_put_request(GByteArray *message, const NskWorkerRequest *request);
bool nsk_worker_take_request(NskWorkerReader *self, NskWorkerRequest *out_request);

/* Reads the replies.  IO if a reply is malformed, else the error that it tells of. */
bool nsk_worker_read_text(NskWorkerReader *self, GPtrArray **out_pages, GError **error);
bool nsk_worker_read_info(NskWorkerReader *self, NskWorkerInfo **out_info, GError **error);
bool nsk_worker_read_scan(NskWorkerReader *self,
                          bool *out_scripts,
                          GPtrArray **out_pages,
                          GError **error);
bool nsk_worker_read_import(NskWorkerReader *self, NskWorkerImport **out_import, GError **error);
bool nsk_worker_read_preview(NskWorkerReader *self, GBytes **out_png, GError **error);
bool nsk_worker_read_opinions(NskWorkerReader *self, GPtrArray **out_opinions, GError **error);
bool nsk_worker_read_docx(NskWorkerReader *self, GHashTable **out_parts, GError **error);
bool nsk_worker_read_judge(NskWorkerReader *self, NskJson **out_verdict, GError **error);
/* Of photographs, and of a reader's copy. */
bool nsk_worker_read_pdf(NskWorkerReader *self, GBytes **out_pdf, GError **error);
bool nsk_worker_read_sandbox(NskWorkerReader *self, NskWorkerSandbox *out, GError **error);
bool nsk_worker_read_hostile(NskWorkerReader *self, uint32_t *out_errno, GError **error);

/*
 * Runs one job to its end: starts the worker, gives it @pdf (NULL: none) and @request, waits at
 * most @wall_ms, reaps it.  @out_reply is the whole message, not yet read.
 */
bool nsk_worker_run(GBytes *pdf,
                    const NskWorkerRequest *request,
                    unsigned wall_ms,
                    GBytes **out_reply,
                    GError **error);
/* @request's bounds from @limits. */
void nsk_worker_request_limit(NskWorkerRequest *request, const NskWorkerLimits *limits);
