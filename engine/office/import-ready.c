/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Archives that lie ready to be taken in; see import.h. */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/message.h"
#include "office/import-private.h"
#include "office/import.h"

#include <string.h>

#define FOLDER        "import"
#define TABLE         ".csv"
#define MOST_ARCHIVES 200 /* of a unit that are told, and tables of one */

static int
by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A name in a folder, and no way to another one. */
static bool
is_name(const char *name)
{
    return name[0] != '\0' && name[0] != '.' && strchr(name, '/') == NULL &&
           g_utf8_validate(name, -1, NULL);
}

static bool
is_table(const char *name)
{
    size_t size = strlen(name);

    return is_name(name) && size > strlen(TABLE) &&
           g_ascii_strcasecmp(name + size - strlen(TABLE), TABLE) == 0;
}

/* The names in the folder that @wanted, in order; none if it cannot be read. */
static GPtrArray *
list_names(const char *path, bool (*wanted)(const char *name))
{
    const char *name;
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);

    while (dir != NULL && names->len < MOST_ARCHIVES && (name = g_dir_read_name(dir)) != NULL) {
        if (wanted(name))
            g_ptr_array_add(names, g_strdup(name));
    }
    g_ptr_array_sort(names, by_name);
    return names;
}

static void
add_archives(const NskOffice *self, const NskUnit *unit, NskJson *list)
{
    g_autofree char *path = g_build_filename(self->dir, FOLDER, unit->id, NULL);
    g_autoptr(GPtrArray) names = list_names(path, is_name);

    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        g_autofree char *folder = g_build_filename(path, name, NULL);
        g_autoptr(GPtrArray) tables = list_names(folder, is_table);
        NskJson *told = NULL;
        NskJson *archive = NULL;

        if (!g_file_test(folder, G_FILE_TEST_IS_DIR))
            continue;
        archive = nsk_json_object();
        told = nsk_json_array();
        for (guint k = 0; k < tables->len; k++)
            nsk_json_add_text(told, g_ptr_array_index(tables, k));
        nsk_json_set_text(archive, "unit", unit->id);
        nsk_json_set_text(archive, "unit_name", unit->name);
        nsk_json_set_text(archive, "name", name);
        nsk_json_set(archive, "tables", told);
        nsk_json_add(list, archive);
    }
}

/* The ids of the units whose TU the person is, in order; owned. */
static GPtrArray *
list_units(NskOffice *self, NskDbTxn *txn, GError **error)
{
    NskDate today;
    g_autoptr(GPtrArray) units = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) readings = NULL;

    if (!nsk_office_common_day(nsk_clock_now(self->clock), &today, error) ||
        (readings = nsk_directory_readings(txn, self->person, today, error)) == NULL)
        return NULL;
    for (guint i = 0; i < readings->len; i++) {
        const NskReading *reading = g_ptr_array_index(readings, i);

        if (nsk_receiving_clerk_is(reading) &&
            !g_ptr_array_find_with_equal_func(units, reading->unit, g_str_equal, NULL))
            g_ptr_array_add(units, g_strdup(reading->unit));
    }
    g_ptr_array_sort(units, by_name);
    return g_steal_pointer(&units);
}

bool
nsk_office_import_ready(NskOffice *self, NskJson **out_result, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(GPtrArray) units = txn != NULL ? list_units(self, txn, error) : NULL;
    g_autoptr(NskJson) result = nsk_json_object();
    NskJson *list = nsk_json_array();

    nsk_json_set(result, "archives", list);
    if (units == NULL)
        return false;
    for (guint i = 0; i < units->len; i++) {
        g_autoptr(NskUnit) unit = nsk_directory_get_unit(txn, g_ptr_array_index(units, i), error);

        if (unit == NULL)
            return false;
        add_archives(self, unit, list);
    }
    nsk_json_set_bool(result, "may", units->len > 0);
    *out_result = g_steal_pointer(&result);
    return true;
}

static bool
set_missing(const NskImportPlace *place, GError **error)
{
    g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                nsk_tr("there is no table '%s' in an archive '%s' that lies ready for unit '%s'; "
                       "whoever looks after the server puts it there"),
                place->table, place->name, place->unit);
    return false;
}

bool
nsk_office_import_open(NskOffice *self,
                       const NskImportPlace *place,
                       GBytes **out_table,
                       char **out_files,
                       GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskReceivingClerk) clerk =
        txn != NULL
            ? nsk_receiving_clerk_find(self, txn, place->unit, nsk_clock_now(self->clock), error)
            : NULL;

    if (clerk == NULL)
        return false;
    if (!is_name(place->name) || !is_table(place->table))
        return set_missing(place, error);
    g_autofree char *files = g_build_filename(self->dir, FOLDER, place->unit, place->name, NULL);
    g_autofree char *path = g_build_filename(files, place->table, NULL);
    if (!g_file_test(path, G_FILE_TEST_IS_REGULAR))
        return set_missing(place, error);
    *out_table = nsk_file_read(path, NSK_LIMIT_CSV_SIZE, error);
    if (*out_table == NULL)
        return false;
    *out_files = g_steal_pointer(&files);
    return true;
}
