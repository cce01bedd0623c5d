/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A backup of an office, made while others work in it.
 *
 * A backup is a folder, one for each backup, of ordinary files, so that an administrator may copy,
 * encrypt, thin out and compare backups with the tools he has, and check one with sha256sum:
 *
 *   manifest.json     what is in it, each file with size and SHA-256
 *   manifest.sha256   the digest of manifest.json
 *   office.db         the database as it was at one moment
 *   blob/...          the large files that this database names
 *   trust/...         root certificates
 *
 * Not in it: repositories/ and search.db, which are made again from the database; and keys/, which
 * must not lie where the letters lie.  A backup of the keys is a backup of its own, of the same
 * form, with keys/... alone.
 *
 * Order and why it is consistent:
 *   (1) The database is copied from one snapshot.
 *   (2) Large files never change, and are durable before the change that names them: all that the
 *       copy names are there after it was made.  Each is hashed while it is copied and must have
 *       the digest that is its name.
 *   (3) The copy is examined as the doctor examines an office, and as restoring it would: every
 * object is hashed again.  A copy of a damaged office never gets a name, so that nobody counts on
 * it, or throws away an older one for it. (4) The manifest comes last, then everything is made
 * durable, and only then does the folder get its name.  A kill leaves a folder NAME.part, which the
 * next backup to NAME removes.
 */
#include "base/bytes.h"
#include "base/fault.h"
#include "base/message.h"
#include "office/admin-private.h"
#include "office/backup-private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define DATABASE     "office.db"
#define CREDENTIALS  "signers" /* by which services know this office; as secret as its keys */
#define MOST_LOG     (INT64_C(4) << 30) /* bytes by which the log may grow */
#define LEAST_LOG    (INT64_C(64) << 20)
#define FREE_FOR_LOG 4 /* which part of the free disk it may take */

/* A backup being made; all borrowed but what is freed below. */
typedef struct {
    NskOffice *office;
    const NskBackupOptions *options;
    NskStage stage;
    NskManifest *manifest; /* owned */
    int64_t log_growth;
} Job;

static void
job_clear(Job *job)
{
    nsk_stage_clear(&job->stage);
    g_clear_pointer(&job->manifest, nsk_manifest_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Job, job_clear)

static void
tell_pages(int64_t done, int64_t total, void *data)
{
    const NskBackupOptions *options = data;

    if (options->progress != NULL)
        options->progress(N_("copying the database"), done, total, options->progress_data);
}

/* What the log may grow by: a part of what is free on the office's disk. */
static int64_t
choose_log_limit(const Job *job)
{
    struct statvfs disk;

    if (job->options->log_limit > 0)
        return job->options->log_limit;
    if (statvfs(job->office->dir, &disk) != 0)
        return LEAST_LOG;
    return CLAMP((int64_t)disk.f_bavail * (int64_t)disk.f_frsize / FREE_FOR_LOG, LEAST_LOG,
                 MOST_LOG);
}

static bool
copy_database(Job *job, GError **error)
{
    g_autofree char *path = g_build_filename(job->stage.path, DATABASE, NULL);
    NskDbBackup how = { .log_limit = choose_log_limit(job),
                        .progress = tell_pages,
                        .data = (gpointer)(uintptr_t)job->options };
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(job->office->reader, error);

    if (txn == NULL)
        return false;
    job->manifest->taken = nsk_instant_format(nsk_clock_now(job->office->clock));
    return nsk_db_backup(txn, path, &how, &job->log_growth, error);
}

/* Reads from the copy, so that the snapshot of the office need not stay open. */
static GPtrArray *
read_copy(Job *job, GError **error)
{
    NskManifest *manifest = job->manifest;
    g_autofree char *path = g_build_filename(job->stage.path, DATABASE, NULL);
    g_autoptr(NskDb) copy = nsk_db_open(path, NSK_DB_READ, error);
    g_autoptr(NskDbTxn) txn = copy != NULL ? nsk_db_snapshot(copy, error) : NULL;

    if (txn == NULL || !nsk_manifest_count(txn, &manifest->letters, &manifest->entries, error))
        return NULL;
    GPtrArray *blobs = nsk_backup_list_blobs(txn, error);
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    return blobs;
}

/* Copies @files, each of which must have the digest that it has already, if it has one. */
static bool
copy_files(Job *job, GPtrArray *files, GError **error)
{
    const NskBackupOptions *options = job->options;

    for (guint i = 0; i < files->len; i++) {
        NskBackupFile *file = g_ptr_array_index(files, i);
        g_autofree char *wanted = g_strdup(file->sha256);

        if (options->progress != NULL)
            options->progress(N_("copying files"), i, files->len, options->progress_data);
        if (!nsk_backup_copy(file, job->office->dir, job->stage.path, -1, error))
            return false;
        if (wanted[0] != '\0' && strcmp(wanted, file->sha256) != 0) {
            g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                        nsk_tr("'%s/%s' is damaged; put it back from an older backup, then make "
                               "this one"),
                        job->office->dir, file->path);
            return false;
        }
    }
    return true;
}

/* Sees that the copy is sound; nothing holds a snapshot of the office meanwhile. */
static bool
examine_copy(Job *job, GError **error)
{
    const NskBackupOptions *options = job->options;
    NskOfficeOptions how = { .dir = job->stage.path, .nobody = true, .clock = job->office->clock };
    g_autofree char *words = NULL;
    g_autoptr(NskOffice) copy = nsk_office_open(&how, error);

    if (options->progress != NULL)
        options->progress(N_("checking the copy"), 0, 1, options->progress_data);
    if (copy == NULL || !nsk_office_find_damage(copy, &words, error))
        return false;
    if (words == NULL)
        return true;
    g_set_error(
        error, NSK_ERROR, NSK_ERROR_CORRUPT,
        nsk_tr("the office is damaged: %s; no backup was made of it, keep the older ones, and "
               "see 'naskah doctor'"),
        words);
    return false;
}

/* Takes everything out of @from. */
static void
move_files(GPtrArray *to, GPtrArray *from)
{
    g_ptr_array_extend_and_steal(to, g_ptr_array_ref(from));
}

static bool
copy_office(Job *job, GError **error)
{
    if (!copy_database(job, error))
        return false;
    g_autoptr(GPtrArray) files = read_copy(job, error);
    if (files == NULL || !nsk_backup_list(files, job->office->dir, "trust", error) ||
        !copy_files(job, files, error) || !examine_copy(job, error))
        return false;
    NskBackupFile *database = nsk_backup_file_new(DATABASE);
    g_ptr_array_add(job->manifest->files, database);
    move_files(job->manifest->files, files);
    return nsk_backup_measure(database, job->stage.path, error);
}

static bool
copy_keys(Job *job, GError **error)
{
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(nsk_backup_file_free);

    job->manifest->taken = nsk_instant_format(nsk_clock_now(job->office->clock));
    if (!nsk_backup_list(files, job->office->dir, "keys", error) ||
        !nsk_backup_list(files, job->office->dir, CREDENTIALS, error) ||
        !copy_files(job, files, error))
        return false;
    move_files(job->manifest->files, files);
    return true;
}

/* Where the backup goes, whole; NULL with @error if it may not go there. */
static char *
check_target(const Job *job, GError **error)
{
    g_autofree char *target = g_canonicalize_filename(job->options->to, NULL);
    g_autofree char *parent = g_path_get_dirname(target);
    g_autofree char *office = realpath(job->office->dir, NULL);
    g_autofree char *real_parent = realpath(parent, NULL);

    if (access(target, F_OK) == 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("'%s' exists already; a backup never replaces anything: name a new "
                           "folder"),
                    target);
        return NULL;
    }
    if (real_parent == NULL || office == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND, "'%s': %s", parent, nsk_reason(errno));
        return NULL;
    }
    g_autofree char *inside = g_strconcat(office, "/", NULL);
    if (strcmp(real_parent, office) == 0 || g_str_has_prefix(real_parent, inside)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%s' lies in the office itself; name a folder elsewhere, best on "
                           "another disk"),
                    target);
        return NULL;
    }
    return g_steal_pointer(&target);
}

/* Gives the finished folder its name. */
static bool
publish(Job *job, const char *target, GError **error)
{
    g_autofree char *parent = g_path_get_dirname(target);

    if (!nsk_stage_finish(&job->stage, error))
        return false;
    /* a folder is never renamed over one that has something in it */
    if (rename(job->stage.path, target) != 0) {
        g_set_error(error, NSK_ERROR,
                    errno == ENOTEMPTY || errno == EEXIST ? NSK_ERROR_CONFLICT : NSK_ERROR_IO,
                    nsk_tr("cannot write '%s': %s"), target, nsk_reason(errno));
        return false;
    }
    nsk_stage_keep(&job->stage);
    return nsk_dir_sync(parent, error) && NSK_FAULT("backup.named", error);
}

static NskJson *
describe(const Job *job, const char *target, const char *sha256)
{
    int64_t bytes = 0;
    NskJson *result = nsk_json_object();
    const NskManifest *manifest = job->manifest;

    for (guint i = 0; i < manifest->files->len; i++)
        bytes += ((const NskBackupFile *)g_ptr_array_index(manifest->files, i))->size;
    nsk_json_set_text(result, "backup", target);
    nsk_json_set_text(result, "holds", manifest->keys ? "keys" : "office");
    nsk_json_set_text(result, "taken", manifest->taken);
    nsk_json_set_int(result, "schema", manifest->schema);
    nsk_json_set_int(result, "letters", manifest->letters);
    nsk_json_set_int(result, "entries", manifest->entries);
    nsk_json_set_int(result, "files", manifest->files->len);
    nsk_json_set_int(result, "bytes", bytes);
    nsk_json_set_int(result, "log_growth", job->log_growth);
    nsk_json_set_text(result, "manifest_sha256", sha256);
    return result;
}

bool
nsk_office_backup(NskOffice *self,
                  const NskBackupOptions *options,
                  NskJson **out_result,
                  GError **error)
{
    g_auto(Job) job = { .office = self, .options = options, .stage = NSK_STAGE_NONE };
    g_autofree char *target = check_target(&job, error);
    g_autofree char *part = target != NULL ? g_strconcat(target, ".part", NULL) : NULL;
    g_autofree char *sha256 = NULL;

    if (target == NULL || !nsk_stage_begin(&job.stage, part, NULL, error))
        return false;
    job.manifest = g_new0(NskManifest, 1);
    job.manifest->keys = options->keys;
    job.manifest->schema = nsk_db_schema_newest(); /* no other office opens */
    job.manifest->origin = g_strdup(self->origin);
    job.manifest->files = g_ptr_array_new_with_free_func(nsk_backup_file_free);
    if (!NSK_FAULT("backup.begun", error) ||
        !(options->keys ? copy_keys(&job, error) : copy_office(&job, error)) ||
        !NSK_FAULT("backup.copied", error) ||
        !nsk_manifest_write(job.manifest, job.stage.path, &sha256, error) ||
        !publish(&job, target, error))
        return false;
    *out_result = describe(&job, target, sha256);
    if (!options->keys)
        nsk_admin_note_backup(self, *out_result);
    return true;
}
