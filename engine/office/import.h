/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/office.h"

/*
 * Archives of a former system that lie ready on the server: folders import/UNIT/NAME below that of
 * the office, or links to where they are, which whoever looks after the server fills with tables
 * (*.csv) and their PDFs.  TU of the unit takes them in, by nsk_office_archive_import().  Names
 * that begin with a dot are left out.  Any thread, a handle in one at a time.
 */

/* Result: may (whether the person is TU of a unit today), archives (unit, unit_name, name, tables:
 * names of its tables), by unit and name. */
bool nsk_office_import_ready(NskOffice *self, NskJson **out_result, GError **error);

/* nsk_office_archive_import() that ends before a row, with CANCELLED, once *@stop is true. */
bool nsk_office_archive_import_until(NskOffice *self,
                                     const NskImport *import,
                                     const _Atomic bool *stop,
                                     NskJson **out_result,
                                     GError **error);

/* A table of an archive that lies ready; borrowed. */
typedef struct {
    const char *unit;
    const char *name;
    const char *table;
} NskImportPlace;

/* Reads it.  *out_files: the folder of its files; both owned.  Errors: DENIED to who is not TU of
 * the unit; NOT_FOUND if it is not there; LIMIT if it is too large; IO. */
bool nsk_office_import_open(NskOffice *self,
                            const NskImportPlace *place,
                            GBytes **out_table,
                            char **out_files,
                            GError **error);
