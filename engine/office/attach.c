/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files attached to a draft: stored with the version, and named in the letter's XML with size and
 * digest, which is what a paraf binds.
 *
 * A large file does not travel: it is put in its place beside the database first, where it is for
 * good, and the change names it by its digest.  Then the letter is edited like any other: refused
 * if somebody changed it meanwhile, and parafs on another content no longer hold.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/message.h"
#include "office/office-private.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_LIMIT 100 /* characters that are kept of a file's name */
#define PIECE      ((size_t)1 << 20)

/* The draft that is to be edited. */
typedef struct {
    char *id;
    int64_t version;
    NskXmlDoc *doc;
    bool uploaded; /* its document is the first file */
    size_t n_signatories;
} Draft;

static void
draft_clear(Draft *self)
{
    g_free(self->id);
    g_clear_pointer(&self->doc, nsk_xml_doc_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Draft, draft_clear)

/*
 * The answer, if the pending request was done before as @act; NULL without error if not.  It is
 * looked for before anything else, since what was done may have changed the letter so that it
 * cannot be done again.
 */
static bool
find_answer(NskOffice *self,
            const char *letter,
            const char *act,
            NskJson **out_answer,
            GError **error)
{
    bool done = false;
    g_autofree char *answer = NULL;

    *out_answer = NULL;
    if (self->request_id == NULL || act == NULL)
        return true;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskLetterRow) row = txn != NULL ? nsk_access_letter(self, txn, letter, error) : NULL;
    if (row == NULL)
        return false;
    NSK_REQUEST(self, "letter-edit", row->id, act);
    if (!nsk_office_find_request(self, txn, &done, &answer, error))
        return false;
    if (done)
        *out_answer = nsk_office_read_answer(answer, error);
    return !done || *out_answer != NULL;
}

/* The draft that the person may change now. */
static bool
open_draft(NskOffice *self, NskDbTxn *txn, const char *letter, Draft *out_draft, GError **error)
{
    g_autoptr(NskDuty) duty = nsk_access_draft(self, txn, letter, error);
    g_autoptr(NskLetter) read =
        duty != NULL ? nsk_office_read_letter(txn, duty->row->id, error) : NULL;
    const NskKind *kind =
        read != NULL ? nsk_office_kind(self, txn, duty->row->kind, duty->row->kind_version, error)
                     : NULL;
    int64_t version;

    if (kind == NULL || !nsk_store_head(txn, duty->row->id, NULL, &version, error))
        return false;
    out_draft->uploaded = nsk_kind_is_uploaded(kind);
    out_draft->n_signatories = nsk_letter_get_facts(read)->n_signatories;
    out_draft->id = g_strdup(duty->row->id);
    out_draft->version = version;
    out_draft->doc = nsk_xml_doc_copy(nsk_letter_get_node(read));
    return true;
}

/* A name that the store takes, made of what @path ends in. */
static char *
plain_name(const char *path)
{
    char *name = g_path_get_basename(path);
    char *out = name;
    const char *dot = strrchr(name, '.');
    size_t ending = dot != NULL ? strlen(dot) : 0;

    /* a long name loses its middle, not its ending */
    if (strlen(name) > NAME_LIMIT && ending < NAME_LIMIT / 2)
        memmove(name + NAME_LIMIT - ending, dot, ending + 1);
    for (const char *at = name; *at != '\0'; at++) {
        bool plain = g_ascii_isalnum(*at) || (strchr("._-", *at) != NULL && out > name);

        if (plain && !(*at == '.' && out[-1] == '.'))
            *out++ = *at;
        else if (out > name && out[-1] != '-')
            *out++ = '-';
    }
    *out = '\0';
    if (out == name) {
        g_free(name);
        name = g_strdup("berkas");
    }
    return name;
}

/* The element of the file @name, or NULL. */
static NskXmlNode *
find_attachment(const NskXmlNode *list, const char *name)
{
    NskXmlNode *child = list != NULL ? nsk_xml_first(list) : NULL;

    for (; child != NULL; child = nsk_xml_next(child)) {
        const NskXmlNode *file = nsk_xml_child(child, "file");

        if (file != NULL && g_strcmp0(nsk_xml_attr(file, "name"), name) == 0)
            return child;
    }
    return NULL;
}

static char *
digest_hex(const NskStoreBlob *blob)
{
    uint8_t digest[NSK_SHA256_SIZE];

    nsk_store_blob_digest(blob, digest);
    return nsk_hex(digest, sizeof digest);
}

/* The empty list in its place among the parts of a letter. */
static NskXmlNode *
add_attachments(NskXmlNode *root)
{
    static const char *const behind[] = { "reviewers", "coordinators", "consultants", "signatories",
                                          "body" };

    for (size_t i = 0; i < G_N_ELEMENTS(behind); i++) {
        NskXmlNode *next = nsk_xml_child(root, behind[i]);

        if (next != NULL)
            return nsk_xml_add_before(next, "attachments");
    }
    return nsk_xml_add(root, nsk_xml_ns(root), "attachments");
}

void
nsk_attach_enter(NskXmlDoc *doc, const char *name, const char *title, const NskStoreBlob *blob)
{
    NskXmlNode *root = nsk_xml_doc_get_root(doc);
    const char *ns = nsk_xml_ns(root);
    NskXmlNode *list = nsk_xml_child(root, "attachments");
    g_autofree char *sha256 = digest_hex(blob);
    g_autofree char *size = g_strdup_printf("%" G_GUINT64_FORMAT, nsk_store_blob_get_size(blob));

    if (list == NULL)
        list = add_attachments(root);
    NskXmlNode *attachment = find_attachment(list, name);
    if (attachment == NULL) {
        attachment = nsk_xml_add(list, ns, "attachment");
        nsk_xml_set_attr(attachment, "title", title != NULL ? title : name);
        nsk_xml_set_attr(nsk_xml_add(attachment, ns, "file"), "name", name);
    } else if (title != NULL) {
        nsk_xml_set_attr(attachment, "title", title);
    }
    NskXmlNode *file = nsk_xml_child(attachment, "file");
    nsk_xml_set_attr(file, "size", size);
    nsk_xml_set_attr(file, "sha256", sha256);
}

/* Takes the file out of the letter. */
static bool
leave_out_file(const Draft *draft, const char *name, GError **error)
{
    NskXmlNode *list = nsk_xml_child(nsk_xml_doc_get_root(draft->doc), "attachments");
    NskXmlNode *attachment = find_attachment(list, name);

    if (attachment == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("letter %s has no attached file '%s'"), draft->id, name);
        return false;
    }
    nsk_xml_remove(attachment);
    if (nsk_xml_first(list) == NULL)
        nsk_xml_remove(list);
    return true;
}

static void
tell_file(NskJson *result, const char *name, const char *sha256, int64_t size)
{
    nsk_json_set_text(result, "file", name);
    nsk_json_set_int(result, "size", size);
    nsk_json_set_text(result, "sha256", sha256);
}

/* Has the draft edited, and says in the result which file it was about. */
static bool
edit_draft(NskOffice *self,
           const Draft *draft,
           NskLetterEdit *edit,
           const NskStoreBlob *blob,
           NskJson **out_result,
           GError **error)
{
    g_autoptr(GBytes) xml = nsk_xml_canonical(nsk_xml_doc_get_root(draft->doc), error);

    edit->letter = draft->id;
    edit->name = draft->id;
    edit->xml = xml;
    edit->base = draft->version;
    if (xml == NULL || !nsk_office_letter_edit(self, edit, out_result, error))
        return false;
    if (blob != NULL) {
        g_autofree char *sha256 = digest_hex(blob);

        tell_file(*out_result, edit->file_name, sha256, (int64_t)nsk_store_blob_get_size(blob));
    }
    return true;
}

/* The bytes of a file that travels with the change; NULL without a fault for a large one. */
static bool
read_small(const NskAttachFile *attach, const NskStoreBlob *blob, GBytes **out, GError **error)
{
    if (nsk_store_blob_get_size(blob) > NSK_LIMIT_ATTACHMENT)
        return true;
    *out = nsk_file_read(attach->path, NSK_LIMIT_ATTACHMENT, error);
    return *out != NULL;
}

/* Reads the file for its digest, in hex, and its size.  False for what cannot be attached. */
static bool
digest_file(const char *path, char **out_sha256, int64_t *out_size)
{
    struct stat st;
    uint8_t digest[NSK_SHA256_SIZE];
    ssize_t n = 1;
    int64_t size = 0;
    g_autofree uint8_t *piece = g_malloc(PIECE);
    g_autoptr(NskSha256) sha = nsk_sha256_new();
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

    if (fd < 0)
        return false;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        n = -1;
    while (n > 0 && size <= NSK_LIMIT_LARGE_FILE) {
        n = read(fd, piece, PIECE);
        nsk_sha256_add(sha, piece, (size_t)MAX(n, 0));
        size += MAX(n, 0);
    }
    (void)close(fd);
    if (n != 0)
        return false;
    nsk_sha256_finish(sha, digest);
    *out_sha256 = nsk_hex(digest, sizeof digest);
    *out_size = size;
    return true;
}

/* The same for attaching; *out_act is what its request id is good for, NULL if it has none. */
static bool
find_attached(NskOffice *self,
              const NskAttachFile *attach,
              const char *name,
              char **out_act,
              NskJson **out_answer,
              GError **error)
{
    int64_t size;
    g_autofree char *sha256 = NULL;

    *out_answer = NULL;
    if (self->request_id == NULL || !digest_file(attach->path, &sha256, &size))
        return true;
    *out_act = g_strdup_printf("attach %s %s %s", name, sha256,
                               attach->title != NULL ? attach->title : "");
    if (!find_answer(self, attach->letter, *out_act, out_answer, error))
        return false;
    if (*out_answer != NULL)
        tell_file(*out_answer, name, sha256, size);
    return true;
}

/* Whether the file is, or becomes, the first of the letter. */
static bool
is_first(const Draft *draft, const char *name)
{
    const NskXmlNode *list = nsk_xml_child(nsk_xml_doc_get_root(draft->doc), "attachments");
    const NskXmlNode *first = list != NULL ? nsk_xml_first(list) : NULL;

    return first == NULL || first == find_attachment(list, name);
}

/* What cannot become pages, though it is to, is refused before it is stored. */
static bool
check_pages(NskOffice *self,
            const Draft *draft,
            const char *name,
            const char *path,
            NskIssues *issues,
            GError **error)
{
    NskPagesInFile file = { .name = name,
                            .path = path,
                            .document = draft->uploaded && is_first(draft, name),
                            .n_signatories = draft->n_signatories };

    if (file.document)
        file.renderer = nsk_office_get_renderer(self, error);
    return (!file.document || file.renderer != NULL) && nsk_pages_in_check(&file, issues, error);
}

/* The draft may be made whole later: what is wrong now is only told. */
static void
tell_warnings(NskJson *result, const NskIssues *issues)
{
    NskJson *warnings = nsk_json_array();

    for (guint i = 0; i < issues->len; i++)
        nsk_json_add_text(warnings, ((const NskIssue *)g_ptr_array_index(issues, i))->text);
    if (issues->len > 0)
        nsk_json_set(result, "warnings", warnings);
    else
        nsk_json_unref(warnings);
}

bool
nsk_office_letter_attach(NskOffice *self,
                         const NskAttachFile *attach,
                         NskJson **out_result,
                         GError **error)
{
    g_auto(Draft) draft = { 0 };
    g_autoptr(GBytes) small = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autofree char *act = NULL;
    g_autofree char *name =
        attach->name != NULL ? g_strdup(attach->name)
                             : plain_name(attach->called != NULL ? attach->called : attach->path);

    if (!find_attached(self, attach, name, &act, out_result, error))
        return false;
    if (*out_result != NULL)
        return true;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    /* nobody fills the disk who may not change the letter */
    if (txn == NULL || !open_draft(self, txn, attach->letter, &draft, error) ||
        !check_pages(self, &draft, name, attach->path, issues, error))
        return false;
    g_autoptr(NskStoreBlob) blob = nsk_store_prepare_file(txn, draft.id, name, attach->path, error);
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    if (blob == NULL || !read_small(attach, blob, &small, error))
        return false;
    nsk_attach_enter(draft.doc, name, attach->title, blob);
    g_autofree char *sha256 = digest_hex(blob);
    NskLetterEdit edit = { .file_name = name,
                           .file = small,
                           .file_sha256 = small == NULL ? sha256 : NULL,
                           .act = act };
    if (!edit_draft(self, &draft, &edit, blob, out_result, error))
        return false;
    tell_warnings(*out_result, issues);
    return true;
}

bool
nsk_office_letter_detach(NskOffice *self,
                         const char *letter,
                         const char *name,
                         NskJson **out_result,
                         GError **error)
{
    g_auto(Draft) draft = { 0 };
    g_autofree char *act = g_strconcat("detach ", name, NULL);

    if (!find_answer(self, letter, act, out_result, error))
        return false;
    if (*out_result != NULL) {
        nsk_json_set_text(*out_result, "file", name);
        return true;
    }
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    if (txn == NULL || !open_draft(self, txn, letter, &draft, error) ||
        !leave_out_file(&draft, name, error))
        return false;
    g_auto(GStrv) names = nsk_store_list_files(txn, draft.id, NULL, error);
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    if (names == NULL)
        return false;
    /* a letter may name a file that was never stored with it */
    bool stored = g_strv_contains((const char *const *)names, name);
    NskLetterEdit edit = { .removed = stored ? name : NULL, .act = act };
    if (!edit_draft(self, &draft, &edit, NULL, out_result, error))
        return false;
    nsk_json_set_text(*out_result, "file", name);
    return true;
}

bool
nsk_attach_prepare(NskDbTxn *txn,
                   const NskLetterEdit *edit,
                   NskStoreBlob **out_blob,
                   GError **error)
{
    if (edit->file_name == NULL)
        return true;
    if (g_str_has_prefix(edit->file_name, edit->letter)) {
        g_set_error(
            error, NSK_ERROR, NSK_ERROR_INVALID,
            nsk_tr("a file '%s' cannot be attached: files of this name are the letter's own"),
            edit->file_name);
        return false;
    }
    *out_blob =
        edit->file != NULL
            ? nsk_store_prepare(txn, edit->letter, edit->file_name, edit->file, error)
            : nsk_store_prepare_kept(txn, edit->letter, edit->file_name, edit->file_sha256, error);
    return *out_blob != NULL;
}

/* The letter's words about the file @name; NULL if it has none. */
static const NskLetterAttachment *
find_words(const NskLetter *letter, const char *name)
{
    const NskLetterFacts *facts = nsk_letter_get_facts(letter);

    for (size_t i = 0; i < facts->n_attachments; i++) {
        if (g_strcmp0(facts->attachments[i].file_name, name) == 0)
            return &facts->attachments[i];
    }
    return NULL;
}

bool
nsk_attach_check(const NskLetterEdit *edit,
                 const NskLetter *letter,
                 const NskStoreBlob *blob,
                 GError **error)
{
    bool as_said = edit->removed == NULL || (find_words(letter, edit->removed) == NULL &&
                                             !g_str_has_prefix(edit->removed, edit->letter));

    if (blob != NULL) {
        g_autofree char *sha256 = digest_hex(blob);
        const NskLetterAttachment *words = find_words(letter, edit->file_name);

        as_said = as_said && words != NULL && words->file_size == nsk_store_blob_get_size(blob) &&
                  strcmp(words->file_sha256, sha256) == 0;
    }
    if (!as_said)
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("the letter does not say what is stored as '%s'"),
                    blob != NULL ? edit->file_name : edit->removed);
    return as_said;
}

NskJournalObject
nsk_attach_describe(const NskStoreBlob *blob)
{
    NskJournalObject object = { .kind = "attachment",
                                .size = (int64_t)nsk_store_blob_get_size(blob) };

    nsk_store_blob_digest(blob, object.sha256);
    return object;
}

bool
nsk_office_letter_attachments(NskOffice *self,
                              const char *letter,
                              NskJson **out_result,
                              GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskLetterRow) row = txn != NULL ? nsk_access_letter(self, txn, letter, error) : NULL;
    bool kept = row != NULL && nsk_reading_keep(self, &txn, row, NSK_READING_OPENED, error);
    g_autoptr(NskLetter) read = kept ? nsk_office_read_letter(txn, row->id, error) : NULL;
    const NskLetterFacts *facts = read != NULL ? nsk_letter_get_facts(read) : NULL;

    if (facts == NULL)
        return false;
    NskJson *list = nsk_json_array();
    for (size_t i = 0; i < facts->n_attachments; i++) {
        const NskLetterAttachment *attachment = &facts->attachments[i];
        NskJson *one;

        if (attachment->file_name == NULL)
            continue;
        one = nsk_json_object();
        nsk_json_set_text(one, "name", attachment->file_name);
        nsk_json_set_text(one, "title", attachment->title);
        nsk_json_set_int(one, "size", (int64_t)attachment->file_size);
        nsk_json_set_text(one, "sha256", attachment->file_sha256);
        nsk_json_add(list, one);
    }
    *out_result = nsk_json_object();
    nsk_json_set(*out_result, "attachments", list);
    return true;
}

bool
nsk_attach_export(NskDbTxn *txn,
                  const char *id,
                  const char *name,
                  GBytes **out_bytes,
                  GError **error)
{
    g_autoptr(NskLetter) letter = nsk_office_read_letter(txn, id, error);
    const NskLetterAttachment *words = letter != NULL ? find_words(letter, name) : NULL;

    if (letter == NULL)
        return false;
    if (words == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("letter %s has no attached file '%s'"), id, name);
        return false;
    }
    g_autoptr(GBytes) bytes = nsk_store_read(txn, id, NULL, name, error);
    if (bytes == NULL)
        return false;
    g_autofree char *sha256 =
        nsk_sha256_hex(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    if (strcmp(sha256, words->file_sha256) != 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED,
                    nsk_tr("the attached file '%s' is not the one that letter %s names"), name, id);
        return false;
    }
    *out_bytes = g_steal_pointer(&bytes);
    return true;
}
