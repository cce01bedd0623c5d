/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/incoming-private.h"

/* What the files about taking in an older archive share; see import.c. */

/* What a table may say of a letter. */
typedef enum {
    NSK_IMPORT_ID,
    NSK_IMPORT_NUMBER,
    NSK_IMPORT_DATE,
    NSK_IMPORT_SENDER,
    NSK_IMPORT_PLACE,
    NSK_IMPORT_RECEIVER,
    NSK_IMPORT_SUBJECT,
    NSK_IMPORT_SUMMARY,
    NSK_IMPORT_CLASSIFICATION,
    NSK_IMPORT_SECURITY,
    NSK_IMPORT_UNIT,
    NSK_IMPORT_FILE,
    NSK_IMPORT_N_COLUMNS
} NskImportColumn;

/* Why a row is refused; all owned. */
typedef struct {
    unsigned line;
    char *id;   /* in the former system; "" if the row does not say */
    char *what; /* the column, or "" */
    char *why;
    char *todo;
} NskImportFault;

/* A row of the table. */
typedef struct {
    unsigned line;
    const char *values[NSK_IMPORT_N_COLUMNS]; /* borrowed from the table; never NULL */
    NskDate date;                             /* none if it has none */
    char *path;                               /* of the file, through links; owned */
    NskIncomingScan scan;
    GError *scan_fault; /* why the file is not taken */
    char *there;        /* the letter that it was taken in as before; owned, or NULL */
    bool refused;
} NskImportRow;

/* --- import-table.c --- */

typedef struct _NskImportTable NskImportTable;

/* Reads and looks at every row by itself; @files is the folder of the files.  Errors: INVALID for
 * what is no table of an archive; NOT_FOUND without the folder; LIMIT. */
NskImportTable *nsk_import_table_new(const char *name,
                                     GBytes *bytes,
                                     const char *files,
                                     NskDate today,
                                     GError **error);
void nsk_import_table_free(NskImportTable *self);
/* Of NskImportRow, in the order of the table; with those that are refused. */
GPtrArray *nsk_import_table_get_rows(const NskImportTable *self);
/* Of NskImportFault. */
GPtrArray *nsk_import_table_get_faults(const NskImportTable *self);
/* Refuses the row; @column may be NSK_IMPORT_N_COLUMNS.  @words: why, and what to do behind the
 * last semicolon. */
void nsk_import_table_refuse(NskImportTable *self,
                             NskImportRow *row,
                             NskImportColumn column,
                             const char *words);

/* --- import-letter.c --- */

/* Looks at the file of the row, away from the database; any thread. */
void nsk_import_scan(NskImportRow *row);
/* The letter of the row, canonical. */
GBytes *nsk_import_write(const NskImportRow *row, NskInstant now, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskImportTable, nsk_import_table_free)
