/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The public page's files: what a workflow publishes is put into the folder "public" of the office,
 * from where a web server may take it.
 *
 *     public/<id>.pdf     the letter as it was signed
 *     public/<id>.json    one canonical line: what a list of publications shows of it
 *     public/digest/<SHA-256 of a PDF>    the <id>: of each form in which it was published
 *
 * The same letter always gives the same files, so doing it again changes nothing; when what proves
 * its signatures is added to a letter that was published, its files are written again.  The PDF
 * comes first: what is listed is there.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "office/office-private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PUBLIC_FOLDER "public"
#define DIGEST_FOLDER "digest"
#define FACTS_LIMIT   ((size_t)64 * 1024)
#define FOLDER_MODE   0755
#define FILE_MODE     0644

/* An entry is canonical JSON: what people wrote has its quotes escaped. */
static const char sql_find_published[] =
    "SELECT 1 FROM journal WHERE letter = $1"
    " AND instr(entry, CAST('\"action\":\"letter-published\"' AS BLOB)) > 0 LIMIT 1";

bool
nsk_publish_find_reason(NskDbTxn *txn,
                        const NskLetterRow *row,
                        const char **out_reason,
                        GError **error)
{
    bool is_signed = true;
    g_autoptr(GPtrArray) parts = nsk_route_load(txn, row->id, "signatory", error);

    if (parts == NULL)
        return false;
    for (guint i = 0; i < parts->len; i++)
        is_signed = is_signed && ((const NskRoutePart *)g_ptr_array_index(parts, i))->done;
    *out_reason = NULL;
    if (strcmp(row->security, nsk_security_name(NSK_SECURITY_BIASA)) != 0)
        *out_reason = nsk_tr("its security class is not for the public");
    else if (parts->len == 0 || !is_signed)
        *out_reason = nsk_tr("not all its signatories have signed it");
    return true;
}

bool
nsk_publish_again(const NskAct *act, GError **error)
{
    bool published = false;
    const char *reason = NULL;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(act->txn, sql_find_published, NSK_DB_PARAMS(NSK_DB_TEXT(act->row->id)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &published, error) ||
        (published && !nsk_publish_find_reason(act->txn, act->row, &reason, error)))
        return false;
    return !published || reason != NULL ||
           nsk_outbox_add(act->txn, NSK_PUBLISH_TOPIC, act->row->id, "publish", act->now, error);
}

/* What is to be written of one letter; all owned. */
typedef struct {
    GBytes *pdf;
    GBytes *words;
} Publication;

static void
publication_clear(Publication *self)
{
    g_clear_pointer(&self->pdf, g_bytes_unref);
    g_clear_pointer(&self->words, g_bytes_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Publication, publication_clear)

static GBytes *
describe(const NskProfile *profile, const NskUnit *unit, const NskLetterRow *row, GBytes *pdf)
{
    g_autoptr(NskJson) words = nsk_json_object();
    g_autofree char *address = nsk_profile_qr_text(profile, row->id);

    g_autofree char *hex = nsk_sha256_hex(g_bytes_get_data(pdf, NULL), g_bytes_get_size(pdf));
    nsk_json_set_text(words, "letter", row->id);
    nsk_json_set_text(words, "agency", nsk_profile_get_agency(profile));
    nsk_json_set_text(words, "unit", unit->name);
    nsk_json_set_text(words, "kind", row->kind);
    nsk_json_set_text(words, "number", row->number);
    nsk_json_set_text(words, "date", row->letter_date);
    nsk_json_set_text(words, "subject", row->subject);
    nsk_json_set_text(words, "verification", address);
    nsk_json_set_text(words, "sha256", hex);
    nsk_json_set_int(words, "size", (int64_t)g_bytes_get_size(pdf));
    char *text = nsk_json_canonical(words);
    return g_bytes_new_take(text, strlen(text));
}

static bool
gather(NskOffice *self, const char *letter, Publication *out, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskLetterRow) row = txn != NULL ? nsk_letter_row_load(txn, letter, error) : NULL;
    g_autoptr(NskUnit) unit = row != NULL ? nsk_directory_get_unit(txn, row->unit, error) : NULL;
    const NskProfile *profile =
        unit != NULL ? nsk_office_profile(self, txn, row->profile, row->profile_version, error)
                     : NULL;

    const char *reason = NULL;
    if (profile == NULL || !nsk_publish_find_reason(txn, row, &reason, error) ||
        !nsk_office_find_pages(txn, letter, &out->pdf, error))
        return false;
    if (reason != NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED, nsk_tr("letter %s is not published: %s"),
                    letter, reason);
        return false;
    }
    if (out->pdf == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                    nsk_tr("letter %s is signed and has no pages; run 'naskah doctor'"), letter);
        return false;
    }
    out->words = describe(profile, unit, row, out->pdf);
    return true;
}

static bool
make_folder(const char *folder, GError **error)
{
    if (mkdir(folder, FOLDER_MODE) == 0 || errno == EEXIST)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot make the folder '%s': %s"), folder,
                g_strerror(errno));
    return false;
}

/* Leaves alone what is there already. */
static bool
put_file(const char *folder, const char *name, GBytes *bytes, GError **error)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(GBytes) there = nsk_file_read(path, g_bytes_get_size(bytes) + 1, NULL);

    if (there != NULL && g_bytes_equal(there, bytes))
        return true;
    return nsk_file_write(path, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), FILE_MODE,
                          error);
}

/* Has the digest that @words (of a publication) tell lead to its letter. */
static bool
put_digest(const char *folder, GBytes *words, GError **error)
{
    g_autoptr(NskJson) facts =
        nsk_json_parse(g_bytes_get_data(words, NULL), g_bytes_get_size(words), NULL);
    const char *hex = nsk_json_get_text(facts, "sha256");
    const char *letter = nsk_json_get_text(facts, "letter");

    if (letter == NULL || hex == NULL || strlen(hex) != 2 * NSK_SHA256_SIZE ||
        strspn(hex, "0123456789abcdef") != 2 * NSK_SHA256_SIZE)
        return true; /* somebody else's file */
    g_autoptr(GBytes) bytes = g_bytes_new(letter, strlen(letter));
    return put_file(folder, hex, bytes, error);
}

/* Makes the digests of what was published before there were any: all of them, or none. */
static bool
fill_digests(const char *folder, const char *digests, GError **error)
{
    g_autofree char *half = g_strconcat(digests, ".new", NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    if (dir == NULL || g_file_test(digests, G_FILE_TEST_IS_DIR))
        return true;
    if (!make_folder(half, error))
        return false;
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_autoptr(GBytes) words =
            g_str_has_suffix(name, ".json") ? nsk_file_read(path, FACTS_LIMIT, NULL) : NULL;

        if (words != NULL && !put_digest(half, words, error))
            return false;
    }
    if (rename(half, digests) == 0)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot make the folder '%s': %s"), digests,
                g_strerror(errno));
    return false;
}

static bool
publish_letter(NskOffice *self, const char *letter, GError **error)
{
    g_auto(Publication) publication = { 0 };
    g_autofree char *folder = nsk_office_path(self->dir, PUBLIC_FOLDER);
    g_autofree char *digests = g_build_filename(folder, DIGEST_FOLDER, NULL);
    g_autofree char *pdf = nsk_office_file_name(letter, ".pdf");
    g_autofree char *words = nsk_office_file_name(letter, ".json");

    return gather(self, letter, &publication, error) && make_folder(folder, error) &&
           fill_digests(folder, digests, error) && put_file(folder, pdf, publication.pdf, error) &&
           put_file(folder, words, publication.words, error) &&
           put_digest(digests, publication.words, error);
}

/* A letter that cannot be published does not hold up the others. */
static bool
publish_rows(NskOffice *self, const GPtrArray *rows, G_GNUC_UNUSED void *data, GError **error)
{
    bool ok = true;

    for (guint i = 0; i < rows->len; i++) {
        NskOutboxRow *row = g_ptr_array_index(rows, i);
        g_autoptr(GError) fault = NULL;

        if (publish_letter(self, row->letter, &fault))
            continue;
        row->fault = g_strdup(fault->message);
        if (ok)
            g_propagate_error(error, g_steal_pointer(&fault));
        ok = false;
    }
    return ok;
}

static bool
remove_file(const char *path, GError **error)
{
    if (unlink(path) == 0 || errno == ENOENT)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot remove '%s': %s"), path,
                g_strerror(errno));
    return false;
}

/* Those that lead to the letter. */
static bool
remove_digests(const char *folder, const char *letter, GError **error)
{
    const char *name;
    g_autofree char *digests = g_build_filename(folder, DIGEST_FOLDER, NULL);
    g_autoptr(GDir) dir = g_dir_open(digests, 0, NULL);

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        size_t size = 0;
        g_autofree char *path = g_build_filename(digests, name, NULL);
        g_autoptr(GBytes) bytes = nsk_file_read(path, FACTS_LIMIT, NULL);
        const char *text = bytes != NULL ? g_bytes_get_data(bytes, &size) : NULL;

        if (text != NULL && size == strlen(letter) && memcmp(text, letter, size) == 0 &&
            !remove_file(path, error))
            return false;
    }
    return true;
}

bool
nsk_publish_remove(NskOffice *self, const char *letter, GError **error)
{
    static const char *const endings[] = { ".pdf", ".json" };
    g_autofree char *folder = nsk_office_path(self->dir, PUBLIC_FOLDER);

    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
        g_autofree char *name = nsk_office_file_name(letter, endings[i]);
        g_autofree char *path = g_build_filename(folder, name, NULL);

        if (!remove_file(path, error))
            return false;
    }
    return remove_digests(folder, letter, error);
}

bool
nsk_office_publish(NskOffice *self, GError **error)
{
    g_autofree char *folder = nsk_office_path(self->dir, PUBLIC_FOLDER);
    g_autofree char *digests = g_build_filename(folder, DIGEST_FOLDER, NULL);

    if (!fill_digests(folder, digests, error))
        return false;
    return nsk_office_work(self, NSK_PUBLISH_TOPIC, publish_rows, NULL, error);
}
