/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An office out of a backup.
 *
 * It is built in OFFICE.restoring, beside its place: files copied and compared with the manifest,
 * the database brought to the newest schema and examined as the doctor does, repositories
 * and search index made again.  Then it takes its place in one step, by exchanging the two folders.
 *
 *   (1) Nothing of the office that is there is touched before the new one is whole and durable.
 *   (2) A kill leaves the old office or the new one at the place, and whichever is not there lies
 *       beside it: the old one is never removed, only renamed to OFFICE.before-TIME.  Killed
 *       between those two steps the old one still has the name OFFICE.restoring; the next restore
 *       renames it.
 *   (3) The writer's lock of the old office is held from before the first look at it, that of the
 *       new one before it takes its place, so that nobody writes to either meanwhile.
 *
 * Keys go the same way, as OFFICE/keys; after them the credentials for services, as
 * OFFICE/signers.
 */
#include "base/bytes.h"
#include "base/fault.h"
#include "base/message.h"
#include "office/backup-private.h"
#include "office/log-private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DATABASE     "office.db"
#define CREDENTIALS  "signers"
#define LOCK_WAIT_MS 1000
#define MAX_ASIDE    1000

/* A restore at work. */
typedef struct {
    const NskRestoreOptions *options;
    NskManifest *manifest; /* owned */
    char *place;           /* owned; the folder that the backup is to become */
    bool occupied;         /* there is something at the place, to be moved aside */
    char *aside;           /* owned; where it goes */
    NskDbLock *old_lock;   /* owned */
    NskDbLock *new_lock;   /* owned */
    NskStage stage;
    int from; /* schema of the backup */
    int to;
} Job;

static void
job_clear(Job *job)
{
    nsk_stage_clear(&job->stage);
    g_clear_pointer(&job->new_lock, nsk_db_lock_free);
    g_clear_pointer(&job->old_lock, nsk_db_lock_free);
    g_clear_pointer(&job->manifest, nsk_manifest_free);
    g_free(job->place);
    g_free(job->aside);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Job, job_clear)

static void
tell(const Job *job, const char *what, int64_t done, int64_t total)
{
    if (job->options->progress != NULL)
        job->options->progress(what, done, total, job->options->progress_data);
}

static bool
fail_corrupt(const Job *job, const char *file, const char *why, GError **error)
{
    g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                nsk_tr("the backup is not whole: '%s/%s' %s; nothing was changed, take another "
                       "backup"),
                job->options->from, file, why);
    return false;
}

/* --- The place -------------------------------------------------------------------------------- */

static bool
has_content(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);

    return dir != NULL && g_dir_read_name(dir) != NULL;
}

/* The whole path of @dir, through links; owned. */
static char *
find_place(const char *dir)
{
    char *real = realpath(dir, NULL);

    return real != NULL ? real : g_canonicalize_filename(dir, NULL);
}

/* A name beside @place that is free; owned. */
static char *
choose_aside(const Job *job, const char *place)
{
    g_autofree char *stamp = nsk_backup_stamp(nsk_clock_now(job->options->clock));
    char *name = g_strdup_printf("%s.before-%s", place, stamp);

    for (int i = 2; i < MAX_ASIDE && g_file_test(name, G_FILE_TEST_EXISTS); i++) {
        g_free(name);
        name = g_strdup_printf("%s.before-%s-%d", place, stamp, i);
    }
    return name;
}

static bool
fail_occupied(const char *place, GError **error)
{
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                nsk_tr("there is something in '%s' already; name a new folder, or move what is "
                       "there aside with --replace"),
                place);
    return false;
}

/* Whether the backup may go to the place, and the locks of what is there. */
static bool
enter_place(Job *job, const char *database, GError **error)
{
    struct stat st;
    bool there = lstat(job->place, &st) == 0;

    if (there && !S_ISDIR(st.st_mode)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT, nsk_tr("'%s' is not a folder"),
                    job->place);
        return false;
    }
    job->occupied = there && has_content(job->place);
    if (job->occupied && !job->options->replace)
        return fail_occupied(job->place, error);
    if (!g_file_test(database, G_FILE_TEST_EXISTS)) {
        if (!job->occupied)
            return true;
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("what is in '%s' is no office; move it elsewhere yourself"), job->place);
        return false;
    }
    job->old_lock = nsk_db_lock_new(database, LOCK_WAIT_MS, error);
    return job->old_lock != NULL;
}

static bool
begin_stage(Job *job, GError **error)
{
    g_autofree char *path = g_strconcat(job->place, ".restoring", NULL);
    g_autofree char *aside = choose_aside(job, job->place);

    if (!nsk_stage_begin(&job->stage, path, aside, error))
        return false;
    job->aside = choose_aside(job, job->place);
    return NSK_FAULT("restore.begun", error);
}

/* Exchanges two folders in one step. */
static bool
exchange(const char *staged, const char *place, GError **error)
{
    if (renameat2(AT_FDCWD, staged, AT_FDCWD, place, RENAME_EXCHANGE) == 0)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_IO,
                nsk_tr("cannot exchange '%s' for '%s' in one step: %s; nothing was changed; move "
                       "what is there elsewhere yourself, then restore"),
                place, staged, nsk_reason(errno));
    return false;
}

static bool
move(const char *from, const char *to, GError **error)
{
    /* a folder is never renamed over one that has something in it */
    if (rename(from, to) == 0)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot rename '%s' to '%s': %s"), from, to,
                nsk_reason(errno));
    return false;
}

/* @staged takes its place; from the first rename on there is a whole office, and no way back. */
static bool
take_place(Job *job, const char *staged, GError **error)
{
    g_autofree char *parent = g_path_get_dirname(job->place);

    if (!nsk_stage_finish(&job->stage, error) || !NSK_FAULT("restore.ready", error))
        return false;
    if (!job->occupied) {
        if (!move(staged, job->place, error))
            return false;
        nsk_stage_keep(&job->stage);
        g_clear_pointer(&job->aside, g_free);
        return nsk_dir_sync(parent, error) && NSK_FAULT("restore.placed", error);
    }
    if (!exchange(staged, job->place, error))
        return false;
    nsk_stage_keep(&job->stage); /* what is there now is the old office */
    return nsk_dir_sync(parent, error) && NSK_FAULT("restore.exchanged", error) &&
           move(staged, job->aside, error) && nsk_dir_sync(parent, error) &&
           NSK_FAULT("restore.placed", error);
}

/* --- The content ------------------------------------------------------------------------------ */

/* Copies a file and sees that it is what the manifest says. */
static bool
copy_file(Job *job, const NskBackupFile *listed, GError **error)
{
    g_autoptr(GError) fault = NULL;
    NskBackupFile file = *listed;

    if (!nsk_backup_copy(&file, job->options->from, job->stage.path, listed->size, &fault)) {
        if (g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND))
            return fail_corrupt(job, listed->path, nsk_tr("is missing"), error);
        if (g_error_matches(fault, NSK_ERROR, NSK_ERROR_LIMIT) ||
            g_error_matches(fault, NSK_ERROR, NSK_ERROR_INVALID))
            return fail_corrupt(job, listed->path, nsk_tr("is not what it was"), error);
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    return (file.size == listed->size && strcmp(file.sha256, listed->sha256) == 0) ||
           fail_corrupt(job, listed->path, nsk_tr("is not what it was"), error);
}

static bool
copy_files(Job *job, GError **error)
{
    GPtrArray *files = job->manifest->files;

    for (guint i = 0; i < files->len; i++) {
        tell(job, N_("copying and comparing files"), i, files->len);
        if (!copy_file(job, g_ptr_array_index(files, i), error))
            return false;
    }
    return NSK_FAULT("restore.copied", error);
}

static bool
make_folders(const Job *job, GError **error)
{
    static const char *const names[] = { "keys", "trust", "repositories" };

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(job->stage.path, names[i], NULL);

        if (mkdir(path, 0700) != 0) {
            g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot make the folder '%s': %s"),
                        path, nsk_reason(errno));
            return false;
        }
    }
    return true;
}

static bool
is_listed(const Job *job, const char *path)
{
    for (guint i = 0; i < job->manifest->files->len; i++) {
        const NskBackupFile *file = g_ptr_array_index(job->manifest->files, i);

        if (strcmp(file->path, path) == 0)
            return true;
    }
    return false;
}

/* Every large file that the database names came with the backup. */
static bool
check_blobs(const Job *job, NskDbTxn *txn, GError **error)
{
    g_autoptr(GPtrArray) blobs = nsk_backup_list_blobs(txn, error);

    for (guint i = 0; blobs != NULL && i < blobs->len; i++) {
        const NskBackupFile *blob = g_ptr_array_index(blobs, i);
        g_autofree char *path = g_build_filename(job->stage.path, blob->path, NULL);

        if (access(path, F_OK) != 0)
            return fail_corrupt(job, blob->path, nsk_tr("is missing"), error);
    }
    return blobs != NULL;
}

static bool
check_facts(const Job *job, NskOffice *office, GError **error)
{
    int64_t letters, entries;
    const NskManifest *manifest = job->manifest;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(office->reader, error);

    if (txn == NULL || !nsk_manifest_count(txn, &letters, &entries, error) ||
        !check_blobs(job, txn, error))
        return false;
    return (strcmp(office->origin, manifest->origin) == 0 && letters == manifest->letters &&
            entries == manifest->entries) ||
           fail_corrupt(job, DATABASE, nsk_tr("is not the one that the manifest tells of"), error);
}

/* As the doctor looks at it; the first error that he finds is told. */
static bool
examine(const Job *job, NskOffice *office, GError **error)
{
    g_autofree char *words = NULL;

    return nsk_office_find_damage(office, &words, error) &&
           (words == NULL || fail_corrupt(job, DATABASE, words, error));
}

/* People may have given numbers after the backup, which this office does not know. */
static bool
mark_numbers(const Job *job, GError **error)
{
    NskOfficeOptions options = { .dir = job->stage.path,
                                 .nobody = true,
                                 .clock = job->options->clock };

    if (job->options->numbers_known)
        return true;
    g_autoptr(NskOffice) office = nsk_office_open(&options, error);
    return office != NULL && nsk_numbers_mark(office, job->manifest->taken, error);
}

/* Makes what a backup leaves out because it follows from the rest. */
static bool
make_again(const Job *job, NskOffice *office, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autofree char *folder = nsk_office_path(office->dir, "repositories");
    g_autoptr(NskProjector) projector = NULL;

    if (!nsk_office_keep_records(office->dir, nsk_clock_now(job->options->clock), error) ||
        !mark_numbers(job, error) || !nsk_log_record_restore(office, job->manifest->taken, error))
        return false;
    projector = nsk_projector_open(folder, error);
    if (projector == NULL || !nsk_projector_rebuild(projector, office->reader, error))
        return false;
    g_clear_pointer(&projector, nsk_projector_free);
    /* what waited when the backup was taken is there now; a row that cannot be done stays, and the
     * doctor tells of it */
    if (!nsk_office_project(office, &fault))
        g_debug("%s", fault->message);
    return nsk_office_index(office, error);
}

/* Everything inside the folder, verified. */
static bool
build_office(Job *job, GError **error)
{
    g_autofree char *database = g_build_filename(job->stage.path, DATABASE, NULL);
    NskOfficeOptions options = { .dir = job->stage.path,
                                 .nobody = true,
                                 .clock = job->options->clock };

    if (!is_listed(job, DATABASE))
        return fail_corrupt(job, "manifest.json", nsk_tr("lists no database"), error);
    if (!make_folders(job, error) || !copy_files(job, error))
        return false;
    tell(job, N_("checking the office"), 0, 1);
    if (!nsk_db_migrate(database, NULL, &job->from, &job->to, error))
        return false;
    if (job->from != job->manifest->schema)
        return fail_corrupt(job, "manifest.json", nsk_tr("tells of another schema"), error);
    g_autoptr(NskOffice) office = nsk_office_open(&options, error);
    if (office == NULL || !examine(job, office, error) || !check_facts(job, office, error))
        return false;
    tell(job, N_("making the repositories and the search index"), 0, 1);
    return NSK_FAULT("restore.checked", error) && make_again(job, office, error);
}

static bool
restore_office(Job *job, GError **error)
{
    job->place = find_place(job->options->dir);
    g_autofree char *database = g_build_filename(job->place, DATABASE, NULL);
    if (!enter_place(job, database, error) || !begin_stage(job, error) || !build_office(job, error))
        return false;
    g_autofree char *built = g_build_filename(job->stage.path, DATABASE, NULL);
    job->new_lock = nsk_db_lock_new(built, 0, error);
    g_autofree char *staged = g_strdup(job->stage.path);
    return job->new_lock != NULL && take_place(job, staged, error);
}

/* --- Keys ------------------------------------------------------------------------------------- */

/* The keys are those of the office in the folder. */
static bool
check_owner(const Job *job, GError **error)
{
    NskOfficeOptions options = { .dir = job->options->dir,
                                 .nobody = true,
                                 .clock = job->options->clock };
    g_autoptr(NskOffice) office = nsk_office_open(&options, error);

    if (office == NULL)
        return false;
    if (strcmp(office->origin, job->manifest->origin) == 0)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                nsk_tr("these are the keys of the office %s; the one in '%s' is %s"),
                job->manifest->origin, job->options->dir, office->origin);
    return false;
}

/* Whether the backup has credentials of services, and may put them to @place. */
static bool
check_credentials(const Job *job, const char *place, bool *out_has, GError **error)
{
    *out_has = false;
    for (guint i = 0; i < job->manifest->files->len; i++) {
        const NskBackupFile *file = g_ptr_array_index(job->manifest->files, i);

        *out_has = *out_has || g_str_has_prefix(file->path, CREDENTIALS "/");
    }
    return !*out_has || !has_content(place) || job->options->replace || fail_occupied(place, error);
}

/* The credentials follow the keys; what was there is moved aside. */
static bool
place_credentials(const Job *job, const char *staged, const char *place, GError **error)
{
    g_autofree char *parent = g_path_get_dirname(place);
    g_autofree char *aside = NULL;

    if (!has_content(place))
        return move(staged, place, error) && nsk_dir_sync(parent, error);
    aside = choose_aside(job, place);
    return exchange(staged, place, error) && move(staged, aside, error) &&
           nsk_dir_sync(parent, error);
}

static bool
restore_keys(Job *job, GError **error)
{
    bool has_credentials = false;
    g_autofree char *dir = find_place(job->options->dir);
    g_autofree char *database = g_build_filename(dir, DATABASE, NULL);

    g_autofree char *credentials = g_build_filename(dir, CREDENTIALS, NULL);

    job->place = g_build_filename(dir, "keys", NULL);
    if (!check_owner(job, error) || !enter_place(job, database, error) ||
        !check_credentials(job, credentials, &has_credentials, error) || !begin_stage(job, error) ||
        !copy_files(job, error))
        return false;
    g_autofree char *staged = g_build_filename(job->stage.path, "keys", NULL);
    g_autofree char *shell = g_strdup(job->stage.path);
    g_autofree char *others = g_build_filename(shell, CREDENTIALS, NULL);
    if (mkdir(staged, 0700) != 0 && errno != EEXIST) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot make the folder '%s': %s"),
                    staged, nsk_reason(errno));
        return false;
    }
    if (!take_place(job, staged, error) ||
        (has_credentials && !place_credentials(job, others, credentials, error)))
        return false;
    (void)rmdir(shell);
    return true;
}

bool
nsk_office_restore(const NskRestoreOptions *options, NskJson **out_result, GError **error)
{
    g_auto(Job) job = { .options = options, .stage = NSK_STAGE_NONE };

    job.manifest = nsk_manifest_read(options->from, options->sha256, error);
    if (job.manifest == NULL)
        return false;
    job.from = job.to = job.manifest->schema;
    if (!(job.manifest->keys ? restore_keys(&job, error) : restore_office(&job, error)))
        return false;
    NskJson *result = nsk_json_object();
    nsk_json_set_text(result, "office", options->dir);
    nsk_json_set_text(result, "holds", job.manifest->keys ? "keys" : "office");
    nsk_json_set_text(result, "taken", job.manifest->taken);
    nsk_json_set_int(result, "letters", job.manifest->letters);
    nsk_json_set_int(result, "from", job.from);
    nsk_json_set_int(result, "to", job.to);
    nsk_json_set_bool(result, "numbers_in_doubt", !job.manifest->keys && !options->numbers_known);
    nsk_json_set_text(result, "aside", job.aside);
    *out_result = result;
    return true;
}
