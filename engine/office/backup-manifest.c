/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The manifest of a backup: manifest.json says what the backup holds, each file with size and
 * SHA-256; manifest.sha256 holds the digest of manifest.json in the form of sha256sum(1), so that
 * no byte of either can change unseen.
 *
 * That finds damage, and who changed a file without knowing more; somebody who makes all the
 * digests anew can only be found by the digest of the manifest noted elsewhere when the backup was
 * made.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/message.h"
#include "office/backup-private.h"

#include <string.h>

#define FORMAT        "naskah-backup"
#define VERSION       1
#define MANIFEST      "manifest.json"
#define MANIFEST_SUM  "manifest.sha256"
#define SUM_SIZE      256 /* bytes that manifest.sha256 may have */
#define DATABASE      "office.db"
#define MAX_FILE_SIZE (INT64_C(1) << 50)

static const char sql_count_letters[] = "SELECT count(*) FROM letter";
static const char sql_count_entries[] = "SELECT count(*) FROM journal";

void
nsk_manifest_free(NskManifest *self)
{
    if (self == NULL)
        return;
    g_free(self->origin);
    g_free(self->taken);
    g_clear_pointer(&self->files, g_ptr_array_unref);
    g_free(self);
}

static bool
count_rows(NskDbTxn *txn, const char *sql, int64_t *out_count, GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql, NSK_DB_NO_PARAMS, error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    *out_count = nsk_db_rows_int(rows, 0);
    return true;
}

bool
nsk_manifest_count(NskDbTxn *txn, int64_t *out_letters, int64_t *out_entries, GError **error)
{
    return count_rows(txn, sql_count_letters, out_letters, error) &&
           count_rows(txn, sql_count_entries, out_entries, error);
}

static NskJson *
to_json(const NskManifest *self)
{
    NskJson *json = nsk_json_object();
    NskJson *files = nsk_json_array();

    nsk_json_set_text(json, "format", FORMAT);
    nsk_json_set_int(json, "version", VERSION);
    nsk_json_set_text(json, "holds", self->keys ? "keys" : "office");
    nsk_json_set_text(json, "program", NSK_VERSION);
    nsk_json_set_text(json, "origin", self->origin);
    nsk_json_set_text(json, "taken", self->taken);
    nsk_json_set_int(json, "schema", self->schema);
    nsk_json_set_int(json, "letters", self->letters);
    nsk_json_set_int(json, "entries", self->entries);
    nsk_json_set(json, "files", files);
    for (guint i = 0; i < self->files->len; i++) {
        const NskBackupFile *file = g_ptr_array_index(self->files, i);
        NskJson *row = nsk_json_object();

        nsk_json_set_text(row, "path", file->path);
        nsk_json_set_int(row, "size", file->size);
        nsk_json_set_text(row, "sha256", file->sha256);
        nsk_json_add(files, row);
    }
    return json;
}

bool
nsk_manifest_write(const NskManifest *self, const char *folder, char **out_sha256, GError **error)
{
    g_autofree char *path = g_build_filename(folder, MANIFEST, NULL);
    g_autofree char *sum_path = g_build_filename(folder, MANIFEST_SUM, NULL);
    g_autoptr(NskJson) json = to_json(self);
    g_autofree char *pretty = nsk_json_pretty(json);
    g_autofree char *text = g_strconcat(pretty, "\n", NULL);
    g_autofree char *sha256 = nsk_sha256_hex(text, strlen(text));
    g_autofree char *line = g_strdup_printf("%s  %s\n", sha256, MANIFEST);

    if (!nsk_file_write(path, text, strlen(text), 0600, error) ||
        !nsk_file_write(sum_path, line, strlen(line), 0600, error))
        return false;
    *out_sha256 = g_steal_pointer(&sha256);
    return true;
}

static bool
fail(GError **error, const char *path)
{
    g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                nsk_tr("'%s' is damaged or was changed: take another backup"), path);
    return false;
}

/* The bytes of manifest.json, if they are what manifest.sha256 says. */
static GBytes *
read_sealed(const char *folder, const char *wanted, GError **error)
{
    size_t size;
    g_autofree char *path = g_build_filename(folder, MANIFEST, NULL);
    g_autofree char *sum_path = g_build_filename(folder, MANIFEST_SUM, NULL);
    g_autoptr(GBytes) text = nsk_file_read(path, NSK_LIMIT_BACKUP_MANIFEST, error);

    if (text == NULL) {
        g_prefix_error(error, nsk_tr("there is no whole backup in '%s': "), folder);
        return NULL;
    }
    g_autoptr(GBytes) sum = nsk_file_read(sum_path, SUM_SIZE, error);
    if (sum == NULL) {
        g_prefix_error(error, nsk_tr("there is no whole backup in '%s': "), folder);
        return NULL;
    }
    const void *data = g_bytes_get_data(text, &size);
    g_autofree char *sha256 = nsk_sha256_hex(data, size);
    g_autofree char *line = g_strdup_printf("%s  %s\n", sha256, MANIFEST);
    data = g_bytes_get_data(sum, &size);
    if (size != strlen(line) || memcmp(data, line, size) != 0) {
        (void)fail(error, path);
        return NULL;
    }
    if (wanted != NULL && g_ascii_strcasecmp(wanted, sha256) != 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED,
                    nsk_tr("'%s' is not the manifest whose SHA-256 was given: it has %s"), path,
                    sha256);
        return NULL;
    }
    return g_steal_pointer(&text);
}

/* Whether a path stays where it belongs: in the folders that a backup of that sort has. */
static bool
is_good_path(const NskManifest *self, const char *path)
{
    g_auto(GStrv) parts = g_strsplit(path, "/", -1);

    for (int i = 0; parts[i] != NULL; i++) {
        if (parts[i][0] == '\0' || strcmp(parts[i], ".") == 0 || strcmp(parts[i], "..") == 0)
            return false;
    }
    if (parts[0] == NULL)
        return false;
    if (parts[1] == NULL)
        return !self->keys && strcmp(path, DATABASE) == 0;
    return self->keys ? strcmp(parts[0], "keys") == 0 || strcmp(parts[0], "signers") == 0
                      : strcmp(parts[0], "blob") == 0 || strcmp(parts[0], "trust") == 0;
}

static bool
read_file(NskManifest *self, const NskJson *row, GError **error)
{
    uint8_t digest[NSK_SHA256_SIZE];
    const char *path = nsk_json_get_text(row, "path");
    const char *sha256 = nsk_json_get_text(row, "sha256");
    int64_t size = nsk_json_get_int(row, "size", -1);

    if (path == NULL || sha256 == NULL || size < 0 || size > MAX_FILE_SIZE ||
        !is_good_path(self, path) || !nsk_unhex(sha256, digest, sizeof digest))
        return fail(error, MANIFEST);
    NskBackupFile *file = nsk_backup_file_new(path);
    file->size = size;
    (void)g_strlcpy(file->sha256, sha256, sizeof file->sha256);
    g_ptr_array_add(self->files, file);
    return true;
}

/* Refuses what a newer program wrote. */
static bool
check_age(const NskJson *json, GError **error)
{
    int64_t version = nsk_json_get_int(json, "version", -1);
    int64_t schema = nsk_json_get_int(json, "schema", -1);

    if (g_strcmp0(nsk_json_get_text(json, "format"), FORMAT) != 0 || version < 1 || schema < 1)
        return fail(error, MANIFEST);
    if (version <= VERSION && schema <= nsk_db_schema_newest())
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_UNSUPPORTED,
                nsk_tr("the backup has format %d and schema %d, this program knows only up to %d "
                       "and %d: use the newer program that wrote it"),
                (int)version, (int)schema, VERSION, nsk_db_schema_newest());
    return false;
}

NskManifest *
nsk_manifest_read(const char *folder, const char *sha256, GError **error)
{
    g_autoptr(NskManifest) self = g_new0(NskManifest, 1);
    g_autoptr(GBytes) text = read_sealed(folder, sha256, error);

    if (text == NULL)
        return NULL;
    g_autoptr(NskJson) json =
        nsk_json_parse(g_bytes_get_data(text, NULL), g_bytes_get_size(text), error);
    if (json == NULL || !check_age(json, error))
        return NULL;
    const NskJson *files = nsk_json_get(json, "files");
    self->keys = g_strcmp0(nsk_json_get_text(json, "holds"), "keys") == 0;
    self->schema = (int)nsk_json_get_int(json, "schema", 0);
    self->origin = g_strdup(nsk_json_get_text(json, "origin"));
    self->taken = g_strdup(nsk_json_get_text(json, "taken"));
    self->letters = nsk_json_get_int(json, "letters", 0);
    self->entries = nsk_json_get_int(json, "entries", 0);
    self->files = g_ptr_array_new_with_free_func(nsk_backup_file_free);
    if (files == NULL || self->origin == NULL || self->taken == NULL) {
        (void)fail(error, MANIFEST);
        return NULL;
    }
    for (size_t i = 0; i < nsk_json_length(files); i++) {
        if (!read_file(self, nsk_json_at(files, i), error))
            return NULL;
    }
    return g_steal_pointer(&self);
}
