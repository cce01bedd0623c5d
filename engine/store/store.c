/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Making a version, and reading versions.
 *
 * INVARIANTS
 *   (1) Objects, head and outbox row of a version are in one transaction: there is never a head
 *       to a missing object.
 *   (2) A head moves only to a commit whose parent is the head before; or, when the letter is
 *       destroyed, to one without a parent, and then all other objects go in the same transaction.
 *   (3) Nothing is written before the whole request was found good.
 */
#include "base/id.h"
#include "base/limits.h"
#include "base/message.h"
#include "store/store-private.h"

#include <string.h>

#define OFFICE_PREFIX      "office/"
#define NAME_LIMIT         200
#define OFFSET_LIMIT       (14 * 60) /* minutes; the widest zone of the world */
#define DATE_LIMIT_SECONDS G_GINT64_CONSTANT(253402300800) /* the year 10000 */

static const char sql_add_head[] = "INSERT INTO head (letter, oid, repository, version, tree) "
                                   "VALUES ($1, $2, $3, 1, $4)";
static const char sql_move_head[] = "UPDATE head SET oid = $3, tree = $4, version = version + 1 "
                                    "WHERE n = $1 AND oid = $2";
static const char sql_replace_head[] =
    "UPDATE head SET oid = $2, tree = $3, repository = $4, version = 1 WHERE n = $1";
static const char sql_drop_objects[] = "DELETE FROM object WHERE history = $1";
static const char sql_drop_files[] = "DELETE FROM blob WHERE letter = $1";
/* apart from the rest, since an index names it */
static const char sql_move_repository[] = "UPDATE head SET repository = $2 WHERE n = $1";

static const NskHead no_head = { 0 };

#define HEADS_REMEMBERED 8192

static void
free_head(gpointer head)
{
    nsk_head_clear(head);
    g_free(head);
}

static const char *const head_tables[] = { "head", NULL };
/* after these the head is remembered anew, or all is rolled back */
static const char *const head_keepers[] = { sql_add_head, sql_move_head, sql_move_repository,
                                            NULL };
const NskDbMemo nsk_head_memo = { head_tables, head_keepers, free_head, HEADS_REMEMBERED };

static bool
letter_is_valid(const char *letter)
{
    if (letter == NULL)
        return false;
    if (g_str_has_prefix(letter, OFFICE_PREFIX))
        return nsk_name_is_valid(letter + strlen(OFFICE_PREFIX));
    return nsk_id_is_valid(letter);
}

char *
nsk_store_ref(const char *letter)
{
    if (!letter_is_valid(letter))
        return NULL;
    if (g_str_has_prefix(letter, OFFICE_PREFIX))
        return g_strconcat("refs/", letter, NULL);
    return g_strconcat("refs/letters/", letter, NULL);
}

/* Whether git takes @text as a part of "Name <mail> date". */
static bool
person_is_valid(const char *text)
{
    if (text == NULL || *text == '\0' || strlen(text) > NAME_LIMIT ||
        !g_utf8_validate(text, -1, NULL) || strpbrk(text, "<>") != NULL)
        return false;
    for (const char *at = text; *at != '\0'; at++) {
        if (g_ascii_iscntrl(*at))
            return false;
    }
    return *text != ' ' && text[strlen(text) - 1] != ' ';
}

static bool
invalid(GError **error, const char *what)
{
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID, nsk_tr("cannot store a version: %s"),
                nsk_tr(what));
    return false;
}

static bool
check_description(const NskStoreCommit *commit, GError **error)
{
    int64_t seconds = commit->at / G_USEC_PER_SEC;

    if (commit->message == NULL || strspn(commit->message, " \n") == strlen(commit->message) ||
        !g_utf8_validate(commit->message, -1, NULL))
        return invalid(error, N_("its message is empty or not UTF-8"));
    if (strlen(commit->message) > NSK_LIMIT_COMMIT_MESSAGE) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("the message of a version has %zu bytes; the limit is %d"),
                    strlen(commit->message), NSK_LIMIT_COMMIT_MESSAGE);
        return false;
    }
    if (!person_is_valid(commit->author_name))
        return invalid(error, N_("its author's name is empty or has characters that git forbids"));
    if (!person_is_valid(commit->author_email) || strchr(commit->author_email, ' ') != NULL)
        return invalid(error,
                       N_("its author's address is empty or has characters that git forbids"));
    if (commit->at < 0 || seconds >= DATE_LIMIT_SECONDS)
        return invalid(error, N_("its time is before 1970 or after 9999"));
    if (ABS(commit->offset_minutes) > OFFSET_LIMIT)
        return invalid(error, N_("its offset from UTC is over 14 hours"));
    return true;
}

bool
nsk_store_check_file(const char *letter, const NskStoreFile *file, GError **error)
{
    if (!letter_is_valid(letter))
        return invalid(error, N_("its letter is neither a letter id nor 'office/NAME'"));
    if (file->name == NULL || !nsk_file_name_is_valid(file->name))
        return invalid(error, N_("a file's name is not plain (letters, digits, '-', '.', '_')"));
    if (file->blob != NULL && strcmp(nsk_blob_get_letter(file->blob), letter) != 0)
        return invalid(error, N_("a file was prepared for another letter"));
    return true;
}

static bool
check_files(const NskStoreCommit *commit, GError **error)
{
    for (size_t i = 0; i < commit->n_put; i++) {
        const NskStoreFile *file = &commit->put[i];

        if (!nsk_store_check_file(commit->letter, file, error))
            return false;
        for (size_t j = 0; j < i; j++) {
            if (strcmp(commit->put[j].name, file->name) == 0)
                return invalid(error, N_("a file is put twice"));
        }
        if (commit->removed != NULL && g_strv_contains(commit->removed, file->name))
            return invalid(error, N_("a file is put and removed at once"));
    }
    return true;
}

static bool
check_commit(const NskStoreCommit *commit, GError **error)
{
    if (!letter_is_valid(commit->letter))
        return invalid(error, N_("its letter is neither a letter id nor 'office/NAME'"));
    if (commit->repository != NULL && !nsk_name_is_valid(commit->repository))
        return invalid(error, N_("its repository's name is not well formed"));
    if (commit->n_put > NSK_LIMIT_TREE_FILES) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT, nsk_tr("a version has at most %d files"),
                    NSK_LIMIT_TREE_FILES);
        return false;
    }
    return check_description(commit, error) && check_files(commit, error);
}

/* Index of the entry @name, or -1. */
static int
find_entry(const GArray *tree, const char *name)
{
    for (guint i = 0; i < tree->len; i++) {
        if (strcmp(g_array_index(tree, NskTreeEntry, i).name, name) == 0)
            return (int)i;
    }
    return -1;
}

static int
compare_entries(const void *a, const void *b)
{
    return strcmp(((const NskTreeEntry *)a)->name, ((const NskTreeEntry *)b)->name);
}

/* Takes the removed names out of @tree. */
static bool
remove_files(GArray *tree, const NskStoreCommit *commit, GError **error)
{
    for (size_t i = 0; commit->removed != NULL && commit->removed[i] != NULL; i++) {
        int at = find_entry(tree, commit->removed[i]);

        if (at < 0) {
            g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("cannot remove '%s' from '%s': the version before does not have it"),
                        commit->removed[i], commit->letter);
            return false;
        }
        g_array_remove_index(tree, (guint)at);
    }
    return true;
}

/* A version that is made but not stored yet. */
typedef struct {
    GPtrArray *blobs; /* NskStoreBlob: of the files that are put */
    NskObject tree;
    NskObject commit;
    GBytes *kept_tree; /* for the head; may be NULL; owned */
} Version;

static void
version_clear(Version *self)
{
    g_clear_pointer(&self->blobs, g_ptr_array_unref);
    nsk_object_clear(&self->tree);
    nsk_object_clear(&self->commit);
    g_clear_pointer(&self->kept_tree, g_bytes_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Version, version_clear)

static void
unref_blob(gpointer blob)
{
    nsk_store_blob_unref(blob);
}

/* Prepares the files that are not, and enters all in @tree. */
static bool
put_files(NskDbTxn *txn,
          GArray *tree,
          const NskStoreCommit *commit,
          Version *version,
          GError **error)
{
    version->blobs = g_ptr_array_new_with_free_func(unref_blob);
    for (size_t i = 0; i < commit->n_put; i++) {
        const NskStoreFile *file = &commit->put[i];
        NskStoreBlob *blob = file->blob != NULL
                                 ? nsk_store_blob_ref(file->blob)
                                 : nsk_blob_make(txn, commit->letter, tree, file, error);
        NskTreeEntry entry = { 0 };
        int at = find_entry(tree, file->name);

        if (blob == NULL)
            return false;
        g_ptr_array_add(version->blobs, blob);
        entry.oid = nsk_blob_get_object(blob)->oid;
        (void)g_strlcpy(entry.name, file->name, sizeof entry.name);
        if (at >= 0)
            g_array_index(tree, NskTreeEntry, at) = entry;
        else
            g_array_append_val(tree, entry);
    }
    g_array_sort(tree, compare_entries);
    return true;
}

/* Checks how many files the version would have. */
static bool
check_count(const GArray *tree, const NskStoreCommit *commit, GError **error)
{
    guint kept = tree->len;

    for (size_t i = 0; i < commit->n_put; i++)
        kept += find_entry(tree, commit->put[i].name) < 0;
    if (kept == 0)
        return invalid(error, N_("it would have no file"));
    if (kept <= NSK_LIMIT_TREE_FILES)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT, nsk_tr("a version has at most %d files, not %u"),
                NSK_LIMIT_TREE_FILES, kept);
    return false;
}

/* Fills in a commit or tree; takes @short_form, which may be NULL. */
static void
make_object(NskObject *object, git_object_t kind, GBytes *content, GBytes *short_form)
{
    *object = (NskObject){ .kind = kind,
                           .size = g_bytes_get_size(content),
                           .codec = short_form != NULL ? NSK_CODEC_SHORT : NSK_CODEC_PLAIN,
                           .data = short_form != NULL ? short_form : g_bytes_ref(content) };
    nsk_git_hash(kind, content, &object->oid);
}

/* Makes the tree of the new version, which begins as that of @head. */
static bool
make_tree(NskDbTxn *txn,
          const NskStoreCommit *commit,
          const NskHead *head,
          Version *version,
          GError **error)
{
    g_autoptr(GArray) tree = head->version > 0 ? nsk_head_tree(txn, commit->letter, head, error)
                                               : g_array_new(FALSE, FALSE, sizeof(NskTreeEntry));

    if (tree == NULL || !remove_files(tree, commit, error) || !check_count(tree, commit, error) ||
        !put_files(txn, tree, commit, version, error))
        return false;
    g_autoptr(GBytes) content = nsk_tree_format(tree);
    make_object(&version->tree, GIT_OBJECT_TREE, content, nsk_short_tree(tree, commit->letter));
    version->kept_tree = version->tree.codec == NSK_CODEC_SHORT
                             ? nsk_head_keep_tree(&version->tree.oid, version->tree.data)
                             : NULL;
    return true;
}

/* Makes the commit of the new version. */
static void
make_commit(const NskStoreCommit *commit, const NskHead *head, Version *version)
{
    NskCommitLinks links = { .tree = version->tree.oid, .parent = head->oid };
    g_autoptr(GBytes) content = nsk_commit_format(commit, &links);

    make_object(&version->commit, GIT_OBJECT_COMMIT, content,
                nsk_short_commit(content, commit->letter));
}

/* Whether the head kept the very tree that the new version has. */
static bool
tree_is_known(const NskHead *head, const Version *version)
{
    return head->tree != NULL && version->kept_tree != NULL &&
           g_bytes_equal(head->tree, version->kept_tree);
}

/* Adds the objects of a version to the history @n. */
static bool
store_version(NskDbTxn *txn, int64_t n, const NskHead *head, const Version *version, GError **error)
{
    for (guint i = 0; i < version->blobs->len; i++) {
        int64_t row;
        NskStoreBlob *blob = version->blobs->pdata[i];
        const NskLargeFile *large = nsk_blob_get_large(blob);

        if (!nsk_object_insert(txn, n, nsk_blob_get_object(blob), &row, error) ||
            (large != NULL && !nsk_large_check_there(txn, large, error)) ||
            (large != NULL && !nsk_large_note(txn, nsk_blob_get_letter(blob), large, error)))
            return false;
        nsk_blob_set_number(blob, row);
    }
    return (tree_is_known(head, version) ||
            nsk_object_insert(txn, n, &version->tree, NULL, error)) &&
           nsk_object_insert(txn, n, &version->commit, NULL, error);
}

/* The value of a column that may be NULL. */
static NskDbValue
blob_or_null(GBytes *bytes)
{
    size_t size = 0;
    const void *data = bytes != NULL ? g_bytes_get_data(bytes, &size) : NULL;

    return bytes != NULL ? NSK_DB_BLOB(data, size) : NSK_DB_NULL;
}

/* Begins the history of a letter; *out_n is its number. */
static bool
add_head(NskDbTxn *txn,
         const NskStoreCommit *commit,
         const Version *version,
         int64_t *out_n,
         GError **error)
{
    const git_oid *oid = &version->commit.oid;

    if (!nsk_db_exec(
            txn, sql_add_head,
            NSK_DB_PARAMS(NSK_DB_TEXT(commit->letter), NSK_DB_BLOB(oid->id, sizeof oid->id),
                          NSK_DB_TEXT(commit->repository), blob_or_null(version->kept_tree)),
            NULL, error))
        return false;
    *out_n = nsk_db_inserted_id(txn);
    return true;
}

/* The head at the version that was made. */
static void
remember_head(NskDbTxn *txn,
              const NskStoreCommit *commit,
              const NskHead *before,
              int64_t n,
              const Version *version)
{
    NskHead head = { .n = n,
                     .oid = version->commit.oid,
                     .repository = (char *)(uintptr_t)commit->repository,
                     .version = before->version + 1,
                     .tree = version->kept_tree };

    nsk_head_remember(txn, commit->letter, &head);
}

/* Moves the head from @head to the new version. */
static bool
move_head(NskDbTxn *txn,
          const NskStoreCommit *commit,
          const NskHead *head,
          const Version *version,
          GError **error)
{
    int64_t changed = 0;
    const git_oid *oid = &version->commit.oid;

    if (!nsk_db_exec(
            txn, sql_move_head,
            NSK_DB_PARAMS(NSK_DB_INT(head->n), NSK_DB_BLOB(head->oid.id, sizeof head->oid.id),
                          NSK_DB_BLOB(oid->id, sizeof oid->id), blob_or_null(version->kept_tree)),
            &changed, error))
        return false;
    if (changed != 1) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("'%s' got another version in the meantime: read it again"),
                    commit->letter);
        return false;
    }
    return g_strcmp0(head->repository, commit->repository) == 0 ||
           nsk_db_exec(txn, sql_move_repository,
                       NSK_DB_PARAMS(NSK_DB_INT(head->n), NSK_DB_TEXT(commit->repository)), NULL,
                       error);
}

static bool
ask_projection(NskDbTxn *txn, const NskStoreCommit *commit, const char *repository, GError **error)
{
    return repository == NULL ||
           nsk_outbox_add(txn, NSK_STORE_TOPIC, commit->letter, repository, commit->at, error);
}

bool
nsk_store_commit(NskDbTxn *txn, const NskStoreCommit *commit, char **out_oid, GError **error)
{
    bool found = false;
    g_auto(NskHead) head = no_head;
    g_auto(Version) version = { 0 };

    if (!check_commit(commit, error) || !nsk_head_find(txn, commit->letter, &found, &head, error) ||
        !make_tree(txn, commit, &head, &version, error))
        return false;
    make_commit(commit, &head, &version);
    int64_t n = head.n;
    if (found ? !move_head(txn, commit, &head, &version, error)
              : !add_head(txn, commit, &version, &n, error))
        return false;
    remember_head(txn, commit, &head, n, &version);
    if (!store_version(txn, n, &head, &version, error) ||
        !ask_projection(txn, commit, commit->repository, error))
        return false;
    /* a letter that moves must leave the repository where it was */
    if (g_strcmp0(head.repository, commit->repository) != 0 &&
        !ask_projection(txn, commit, head.repository, error))
        return false;
    if (out_oid != NULL)
        *out_oid = g_strdup(nsk_oid_text(&version.commit.oid, (char[NSK_OID_LEN + 1]){ 0 }));
    return true;
}

static bool need_head(NskDbTxn *txn, const char *letter, NskHead *out_head, GError **error);

/* Puts the version in place of all that the history @n has. */
static bool
replace_history(NskDbTxn *txn,
                const NskStoreCommit *commit,
                int64_t n,
                const Version *version,
                GError **error)
{
    const git_oid *oid = &version->commit.oid;

    return nsk_db_exec(txn, sql_drop_objects, NSK_DB_PARAMS(NSK_DB_INT(n)), NULL, error) &&
           nsk_db_exec(txn, sql_drop_files, NSK_DB_PARAMS(NSK_DB_TEXT(commit->letter)), NULL,
                       error) &&
           nsk_db_exec(txn, sql_replace_head,
                       NSK_DB_PARAMS(NSK_DB_INT(n), NSK_DB_BLOB(oid->id, sizeof oid->id),
                                     blob_or_null(version->kept_tree),
                                     NSK_DB_TEXT(commit->repository)),
                       NULL, error);
}

bool
nsk_store_replace(NskDbTxn *txn, const NskStoreCommit *commit, char **out_oid, GError **error)
{
    g_auto(NskHead) head = no_head;
    g_auto(Version) version = { 0 };

    if (!check_commit(commit, error) || !need_head(txn, commit->letter, &head, error) ||
        !make_tree(txn, commit, &no_head, &version, error))
        return false;
    make_commit(commit, &no_head, &version);
    if (!replace_history(txn, commit, head.n, &version, error) ||
        !store_version(txn, head.n, &no_head, &version, error) ||
        !ask_projection(txn, commit, commit->repository, error))
        return false;
    if (g_strcmp0(head.repository, commit->repository) != 0 &&
        !ask_projection(txn, commit, head.repository, error))
        return false;
    if (out_oid != NULL)
        *out_oid = g_strdup(nsk_oid_text(&version.commit.oid, (char[NSK_OID_LEN + 1]){ 0 }));
    return true;
}

/* The head of @letter, or NOT_FOUND. */
static bool
need_head(NskDbTxn *txn, const char *letter, NskHead *out_head, GError **error)
{
    bool found = false;

    if (!nsk_head_find(txn, letter, &found, out_head, error))
        return false;
    if (!found)
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND, nsk_tr("there is no letter '%s'"),
                    letter);
    return found;
}

bool
nsk_store_head(NskDbTxn *txn,
               const char *letter,
               char **out_oid,
               int64_t *out_version,
               GError **error)
{
    g_auto(NskHead) head = no_head;

    if (!need_head(txn, letter, &head, error))
        return false;
    if (out_oid != NULL)
        *out_oid = g_strdup(nsk_oid_text(&head.oid, (char[NSK_OID_LEN + 1]){ 0 }));
    if (out_version != NULL)
        *out_version = head.version;
    return true;
}

/* Files of the version that the caller named @oid, or of the newest. */
static GArray *
open_version(NskDbTxn *txn, const char *letter, const char *oid, GError **error)
{
    bool found = false;
    NskObjectStat stat = { 0 };
    g_auto(NskHead) head = no_head;

    if (!need_head(txn, letter, &head, error))
        return NULL;
    if (oid != NULL && !nsk_oid_parse(oid, &head.oid)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("the name of a version is 40 hex digits, not '%.80s'"), oid);
        return NULL;
    }
    if (!nsk_object_stat(txn, letter, &head.oid, &found, &stat, error))
        return NULL;
    if (oid != NULL && (!found || stat.kind != GIT_OBJECT_COMMIT)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND, nsk_tr("'%s' has no version %s"), letter,
                    oid);
        return NULL;
    }
    return nsk_history_tree(txn, letter, &head.oid, error);
}

/* The large file that @content stands for, or @content itself. */
static GBytes *
follow_text(NskDbTxn *txn, const char *letter, GBytes *content, GError **error)
{
    NskLargeFile file;
    bool noted = false;
    g_autofree char *folder = nsk_large_folder(txn);

    if (!nsk_large_is_text(content))
        return g_bytes_ref(content);
    bool whole = folder != NULL && nsk_large_read_text(content, &file);
    if (whole && !nsk_large_is_noted(txn, letter, &file, &noted, error))
        return NULL;
    if (noted)
        return nsk_large_read(folder, &file, error);
    g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                nsk_tr("a large file of '%s' is named in its history but not in the database: "
                       "restore a backup"),
                letter);
    return NULL;
}

GBytes *
nsk_store_read(NskDbTxn *txn, const char *letter, const char *oid, const char *name, GError **error)
{
    g_autoptr(GArray) tree = open_version(txn, letter, oid, error);

    if (tree == NULL)
        return NULL;
    int at = find_entry(tree, name);
    if (at < 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("'%s' has no file '%s' in version %s"), letter, name,
                    oid != NULL ? oid : nsk_tr("the newest"));
        return NULL;
    }
    g_autoptr(GBytes) content = nsk_object_need(
        txn, letter, &g_array_index(tree, NskTreeEntry, at).oid, GIT_OBJECT_BLOB, error);
    return content != NULL ? follow_text(txn, letter, content, error) : NULL;
}

char **
nsk_store_list_files(NskDbTxn *txn, const char *letter, const char *oid, GError **error)
{
    g_autoptr(GArray) tree = open_version(txn, letter, oid, error);

    if (tree == NULL)
        return NULL;
    char **names = g_new0(char *, tree->len + 1);
    for (guint i = 0; i < tree->len; i++)
        names[i] = g_strdup(g_array_index(tree, NskTreeEntry, i).name);
    return names;
}
