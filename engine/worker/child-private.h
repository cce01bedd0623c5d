/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "worker/child-docx-private.h"
#include "worker/child-photo-private.h"

#include <poppler.h>

/* The files of the worker program itself; no part of the library. */

/*
 * Locks the process down for good; called once, before a byte of the stranger's file is looked at.
 * @out_flags: NSK_WORKER_FLAG_...  False with @error IO if anything but Landlock cannot be had;
 * then no job may run.
 */
bool nsk_worker_lock(const NskWorkerRequest *request,
                     uint32_t *out_flags,
                     uint32_t *out_landlock_abi,
                     GError **error);

/* The library behind poppler's checking of signatures, with no database.  Called before the lock:
 * it loads code. */
bool nsk_worker_open_nss(GError **error);

/* Has the library for signatures read its settings, and gives way to others.  Before the lock. */
void nsk_worker_open_judge(void);
/* Judges a case, as worker-private.h has it. */
bool nsk_worker_do_judge(GBytes *file, GByteArray *message, GError **error);

/* A document that has pages, not more than asked for; the caller owns it. */
PopplerDocument *nsk_worker_open_pdf(GBytes *pdf, const NskWorkerRequest *request, GError **error);

/* The jobs over poppler: each adds what it gives to @message, or fails. */
bool nsk_worker_do_text(GBytes *pdf,
                        const NskWorkerRequest *request,
                        GByteArray *message,
                        GError **error);
bool nsk_worker_do_info(GBytes *pdf,
                        const NskWorkerRequest *request,
                        GByteArray *message,
                        GError **error);
bool nsk_worker_do_scan(GBytes *pdf,
                        const NskWorkerRequest *request,
                        GByteArray *message,
                        GError **error);
bool nsk_worker_do_preview(GBytes *pdf,
                           const NskWorkerRequest *request,
                           GByteArray *message,
                           GError **error);
bool nsk_worker_do_opinions(GBytes *pdf,
                            const NskWorkerRequest *request,
                            GByteArray *message,
                            GError **error);
bool nsk_worker_do_import(GBytes *pdf,
                          const NskWorkerRequest *request,
                          GByteArray *message,
                          GError **error);
/* @file: title, marks and PDF, as worker-private.h has it. */
bool nsk_worker_do_mark(GBytes *file,
                        const NskWorkerRequest *request,
                        GByteArray *message,
                        GError **error);
#ifdef NSK_FAULTS
/* Tries what must be refused and adds the errno. */
void nsk_worker_do_hostile(const NskWorkerRequest *request, GByteArray *message);
#endif
