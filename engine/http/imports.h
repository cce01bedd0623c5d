/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "http/site-private.h"
#include "office/import.h"

/*
 * Older archives that are being taken in, one after another, by a thread of its own (imports.c).
 *
 * What is told of one: import (id), unit, archive, table, system, dry_run, state ("waiting",
 * "running", "done", "failed"), done and total (rows; total is 0 until the table is read), begun;
 * "fault" (words) if it failed; "result" of nsk_office_archive_import() when it is done.
 *
 * It is known to the person alone who began it, and lives in memory: each letter is there for good
 * when it is counted, and after a restart who begins the same again gets the rest.  Any thread.
 */

/* Borrowed. */
typedef struct {
    NskImportPlace place;
    const char *system; /* NULL: as nsk_office_archive_import() does */
    bool dry_run;
    const char *request; /* of nsk_api_name_parts(), as its digest; NULL: none */
    const char *digest;
} NskHttpImportWish;

/* Begins for the visitor, and tells with what; what the same request began before is told again.
 * Errors: as
 * nsk_office_import_open(); CONFLICT while the same table is being taken in; LIMIT if too many
 * wait. */
bool nsk_http_imports_begin(NskHttpVisit *visit,
                            const NskHttpImportWish *wish,
                            NskJson **out_told,
                            GError **error);
/* The visitor's import @id; owned.  Errors: NOT_FOUND. */
NskJson *nsk_http_imports_tell(NskHttpVisit *visit, const char *id, GError **error);
/* Those of the visitor, the newest first, without their results; owned. */
NskJson *nsk_http_imports_of(NskHttpVisit *visit);
/* As nsk_http_imports_tell(), but waits some seconds for more than @seen rows. */
NskJson *nsk_http_imports_wait(NskHttpVisit *visit, const char *id, int64_t seen, GError **error);
