/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "directory/directory.h"

/*
 * Shared by the files of this module.
 *
 * A directory in memory is seven tables of text, described once (table.c), so that XML, CSV and the
 * database are read and written by the same few loops.
 */
typedef enum {
    TABLE_UNITS,
    TABLE_POSITIONS,
    TABLE_PEOPLE,
    TABLE_HOLDINGS,
    TABLE_MANDATES,
    TABLE_ASSISTANTS,
    TABLE_ROSTER,
    N_TABLES
} TableId;

typedef enum {
    COLUMN_ID,       /* a name, see nsk_name_is_valid() */
    COLUMN_LINE,     /* one line of text */
    COLUMN_CODE,     /* text without blanks, for numbers */
    COLUMN_DATE,     /* YYYY-MM-DD */
    COLUMN_CAPACITY, /* see nsk_capacity_parse() */
    COLUMN_KINDS,    /* names separated by blanks */
    COLUMN_ECHELON,
    COLUMN_NIP,
    COLUMN_TURN,  /* leave, duty or shift */
    COLUMN_HOURS, /* such as 08.00-16.00 */
} ColumnType;

#define MAX_COLUMNS 8
#define MAX_KEYS    5
#define NO_TABLE    N_TABLES

typedef struct {
    const char *name; /* of the XML attribute and the CSV column; NULL after the last */
    ColumnType type;
    bool required;
    TableId names; /* the table whose ids it names, or NO_TABLE */
} ColumnSpec;

typedef struct {
    const char *name;    /* "units": element around the rows, and name of the CSV file */
    const char *element; /* "unit": element of a row */
    ColumnSpec columns[MAX_COLUMNS + 1];
    int keys[MAX_KEYS + 1]; /* columns of the key, ended by -1 */
    bool young;             /* left out of a document where it is empty: older ones lack it */
} TableSpec;

extern const TableSpec nsk_directory_tables[N_TABLES];

/* Columns by name. */
enum { UNIT_ID, UNIT_CODE, UNIT_NAME, UNIT_PARENT, UNIT_PLACE, UNIT_ZONE, UNIT_ARCHIVIST };
enum {
    POSITION_ID,
    POSITION_UNIT,
    POSITION_TITLE,
    POSITION_CODE,
    POSITION_ECHELON,
    POSITION_SUPERIOR
};
enum { PERSON_ID, PERSON_NAME, PERSON_PRINTED, PERSON_NIP, PERSON_RANK, PERSON_EMAIL };
enum { HOLDING_PERSON, HOLDING_POSITION, HOLDING_CAPACITY, HOLDING_FROM, HOLDING_UNTIL };
enum {
    MANDATE_ID,
    MANDATE_GIVER,
    MANDATE_RECEIVER,
    MANDATE_CAPACITY,
    MANDATE_KINDS,
    MANDATE_FROM,
    MANDATE_UNTIL,
    MANDATE_DOCUMENT
};
enum { ASSISTANT_POSITION, ASSISTANT_PERSON, ASSISTANT_BY, ASSISTANT_FROM, ASSISTANT_UNTIL };
enum {
    ROSTER_PERSON,
    ROSTER_WHAT,
    ROSTER_POSITION,
    ROSTER_FROM,
    ROSTER_UNTIL,
    ROSTER_HOURS,
    ROSTER_SUBSTITUTE,
    ROSTER_NOTE
};

/* One row: values never NULL, "" for none; reference counted. */
typedef struct {
    char *values[MAX_COLUMNS];
    char *file; /* reference-counted string; where it was read; "" for the database */
    unsigned line;
} DirectoryRow;

struct _NskDirectory {
    GPtrArray *rows[N_TABLES]; /* owned arrays of DirectoryRow */
};

NskDirectory *nsk_directory_new(void);
/* A new row of @table, all values "".  @file is a reference-counted string, or NULL. */
DirectoryRow *nsk_directory_add_row(NskDirectory *self, TableId table, char *file, unsigned line);
/* Sets a value, blanks at its ends cut off; NULL is "". */
void nsk_directory_set_value(DirectoryRow *row, int column, const char *value);
/* Adds what is wrong with the row's values one by one, and completes those that have a default. */
void nsk_directory_finish_row(TableId table, DirectoryRow *row, NskIssues *issues);
/* The key of a row as one string.  Freed with g_free(). */
char *nsk_directory_row_key(TableId table, const DirectoryRow *row);
/* Sorts all tables by key. */
void nsk_directory_sort(NskDirectory *self);
/* What stands in @base, replaced and completed by @over; rows are shared. */
NskDirectory *nsk_directory_overlay(const NskDirectory *base, const NskDirectory *over);
/* Adds a finding at @row. */
void nsk_directory_issue(NskIssues *issues,
                         const DirectoryRow *row,
                         const char *tag,
                         NskSeverity severity,
                         const char *format,
                         ...) G_GNUC_PRINTF(5, 6);

/* A date of the database; its open end is unset. */
NskDate nsk_directory_date_from_text(const char *text);
/* The row under the cursor, whose columns are id, giver, receiver, capacity, kinds, since, until,
 * document. */
NskMandate *nsk_directory_mandate_from_row(NskDbRows *rows);
