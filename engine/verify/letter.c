/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The letter itself, by what its history says of it. */
#include "base/message.h"
#include "evidence/statement.h"
#include "sign/sign.h"
#include "verify/verify-private.h"

#include <string.h>

#define VERSIONS    "representations/versions/data/versions.json"
#define WORKFLOWS   "representations/workflow/data/"
#define PARAFS      NSK_JOURNAL_DATA "parafs/"
#define PARAF_GIVEN "paraf-given"

static const NskJson *
entry_at(const NskJudge *self, guint i)
{
    return g_ptr_array_index(self->entries, i);
}

/* The digest of the newest object of one of those kinds that the history tells of; or NULL. */
static const char *
find_newest(const NskJudge *self, const char *const *kinds)
{
    for (guint i = self->entries->len; i-- > 0;) {
        const NskJson *objects = nsk_json_get(entry_at(self, i), "object");

        for (size_t k = 0; k < nsk_json_length(objects); k++) {
            const char *kind = nsk_json_get_text(nsk_json_at(objects, k), "kind");

            if (kind != NULL && g_strv_contains(kinds, kind))
                return nsk_json_get_text(nsk_json_at(objects, k), "sha256");
        }
    }
    return NULL;
}

/* --- Versions --------------------------------------------------------------------------------- */

static const NskJson *
find_file(const NskJson *version, const char *name)
{
    const NskJson *files = nsk_json_get(version, "files");

    for (size_t i = 0; i < nsk_json_length(files); i++) {
        if (g_strcmp0(nsk_json_get_text(nsk_json_at(files, i), "name"), name) == 0)
            return nsk_json_at(files, i);
    }
    return NULL;
}

/* The object of an entry is a file of the version that the entry made. */
static bool
check_object(NskJudge *self, guint n, const NskJson *object, const NskJson *version)
{
    static const char *const kinds[][2] = { { "content", ".xml" },
                                            { "letter", ".xml" },
                                            { "pdf", ".pdf" } };
    const char *kind = nsk_json_get_text(object, "kind");

    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autofree char *name = g_strconcat(self->bag->id, kinds[i][1], NULL);
        const NskJson *file = find_file(version, name);

        /* an entry may tell of pages that it was about and did not store */
        if (g_strcmp0(kind, kinds[i][0]) == 0 && file != NULL &&
            g_strcmp0(nsk_json_get_text(file, "sha256"), nsk_json_get_text(object, "sha256")) != 0)
            return nsk_judge_wrong(
                self, nsk_tr("version %u has another '%s' than the history says"), n + 1, name);
    }
    return true;
}

static NskJson *
read_versions(NskJudge *self)
{
    size_t size;
    g_autoptr(GError) fault = NULL;
    GBytes *content = nsk_judge_find(self, VERSIONS);
    const char *text = content != NULL ? g_bytes_get_data(content, &size) : NULL;
    NskJson *list = content != NULL ? nsk_json_parse(text, size, &fault) : NULL;

    if (content != NULL && list == NULL)
        (void)nsk_judge_wrong(self, "%s: %s", VERSIONS, fault->message);
    return list;
}

/* Readings of a secret letter made no version: they name the one that was read, the newest then. */
static bool
is_reading(const NskJson *entry, const NskJson *read)
{
    static const char *const actions[] = { "letter-opened", "letter-taken", "history-opened",
                                           NULL };
    const char *action = nsk_json_get_text(entry, "action");

    return action != NULL && read != NULL && g_strv_contains(actions, action) &&
           g_strcmp0(nsk_json_get_text(entry, "commit"), nsk_json_get_text(read, "commit")) == 0;
}

static bool
check_version(NskJudge *self, guint n, const NskJson *version, const NskJson *entry)
{
    const NskJson *objects = nsk_json_get(entry, "object");

    if (version == NULL ||
        g_strcmp0(nsk_json_get_text(version, "commit"), nsk_json_get_text(entry, "commit")) != 0)
        return nsk_judge_wrong(self, nsk_tr("version %u is not the one that its entry made"),
                               n + 1);
    for (size_t k = 0; k < nsk_json_length(objects); k++) {
        if (!check_object(self, n, nsk_json_at(objects, k), version))
            return false;
    }
    return true;
}

static bool
check_versions(NskJudge *self, const NskJson *versions)
{
    guint n = 0;
    size_t total = nsk_json_length(versions);

    for (guint i = 0; i < self->entries->len; i++) {
        const NskJson *entry = entry_at(self, i);

        if (is_reading(entry, n > 0 ? nsk_json_at(versions, n - 1) : NULL))
            continue;
        if (!check_version(self, n, n < total ? nsk_json_at(versions, n) : NULL, entry))
            return false;
        n++;
    }
    return n == total ||
           nsk_judge_wrong(self, nsk_tr("there are %zu versions of %u entries"), total, n);
}

/* --- The files of the newest version ------------------------------------------------------------
 */

typedef struct {
    NskJudge *judge;
    const NskJson *version; /* the newest */
    GBytes *xml;            /* the letter's */
    bool ok;
} Files;

/* A file beside the letter is bound by its digest in the letter. */
static bool
is_named_in(GBytes *xml, GBytes *content)
{
    size_t size, length;
    const void *data = g_bytes_get_data(content, &size);
    const void *text = g_bytes_get_data(xml, &length);
    g_autofree char *sha256 = nsk_sha256_hex(data, size);

    return memmem(text, length, sha256, strlen(sha256)) != NULL;
}

static gboolean
check_letter_file(gpointer key, gpointer value, gpointer data)
{
    Files *files = data;
    NskJudge *self = files->judge;

    if (!g_str_has_prefix(key, NSK_LETTER_DATA))
        return FALSE;
    const char *name = (const char *)key + strlen(NSK_LETTER_DATA);
    const NskJson *told = find_file(files->version, name);
    files->ok = (told != NULL && nsk_judge_has_digest(value, nsk_json_get_text(told, "sha256"))) ||
                nsk_judge_wrong(self, nsk_tr("%s: it is not that of the newest version"), name);
    if (files->ok && !g_str_has_prefix(name, self->bag->id) && !is_named_in(files->xml, value))
        nsk_judge_note(self, nsk_tr("%s: neither the letter nor its history binds this file"),
                       name);
    return !files->ok;
}

/* The newest of one of those kinds is @content, which the history binds. */
static bool
check_newest(NskJudge *self, const char *ending, const char *const *kinds)
{
    g_autofree char *path = g_strconcat(NSK_LETTER_DATA, self->bag->id, ending, NULL);
    GBytes *content = nsk_bag_find(self->bag, path);
    const char *newest = find_newest(self, kinds);

    if (content == NULL || newest == NULL || nsk_judge_has_digest(content, newest))
        return true;
    return nsk_judge_wrong(self, nsk_tr("%s: it is not the one that the history tells of"),
                           path + strlen(NSK_LETTER_DATA));
}

static bool
check_files(NskJudge *self, const NskJson *versions)
{
    static const char *const texts[] = { "letter", "content", NULL };
    static const char *const pages[] = { "pdf", NULL };
    g_autofree char *path = g_strconcat(NSK_LETTER_DATA, self->bag->id, ".xml", NULL);
    GBytes *xml = nsk_judge_find(self, path);
    Files files = { self, nsk_json_at(versions, nsk_json_length(versions) - 1), xml, true };

    if (xml == NULL || !check_newest(self, ".xml", texts) || !check_newest(self, ".pdf", pages))
        return false;
    g_tree_foreach(self->bag->files, check_letter_file, &files);
    if (files.ok)
        nsk_judge_proved(self, nsk_tr("the letter and its files are those that the history tells "
                                      "of"));
    return files.ok;
}

/* --- The workflow ------------------------------------------------------------------------------
 */

/* A version of a workflow is the beginning of its definition's digest. */
static bool
check_workflow(NskJudge *self)
{
    const char *named = nsk_json_get_text(entry_at(self, self->entries->len - 1), "workflow");
    g_auto(GStrv) parts = g_strsplit(named != NULL ? named : "", "@", 2);

    if (g_strv_length(parts) != 2) {
        nsk_judge_note(self, nsk_tr("the history names no workflow"));
        return true;
    }
    g_autofree char *path = g_strconcat(WORKFLOWS, parts[0], "-", parts[1], ".bpmn", NULL);
    GBytes *content = nsk_judge_find(self, path);
    if (content == NULL)
        return false;
    size_t size;
    const void *data = g_bytes_get_data(content, &size);
    g_autofree char *sha256 = nsk_sha256_hex(data, size);
    return (parts[1][0] != '\0' && g_str_has_prefix(sha256, parts[1])) ||
           nsk_judge_wrong(self, nsk_tr("%s: it is not the workflow that the letter went by"),
                           path);
}

/* --- Signatures ---------------------------------------------------------------------------------
 */

static void
tell_signature(NskJudge *self, const NskSignature *signature)
{
    const char *subject =
        signature->signer != NULL ? nsk_cert_facts(signature->signer)->subject : "?";

    if (signature->is_time_stamp)
        return;
    if (signature->trusted)
        nsk_judge_proved(self,
                         nsk_tr("the pages are signed by %s, and an authority that you "
                                "brought vouches for that"),
                         subject);
    else
        nsk_judge_note(self,
                       nsk_tr("the pages are signed by somebody who is called %s in the "
                              "certificate; nobody that you brought vouches for that: give the "
                              "authority's certificate with --trust"),
                       subject);
}

static bool
check_pages(NskJudge *self)
{
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskVerdict) verdict = NULL;
    g_autofree char *path = g_strconcat(NSK_LETTER_DATA, self->bag->id, ".pdf", NULL);
    GBytes *pdf = nsk_bag_find(self->bag, path);

    if (pdf == NULL) {
        nsk_judge_note(self, nsk_tr("there are no pages: who took this out might not have them, or "
                                    "there are none yet"));
        return true;
    }
    if (!nsk_sign_verify(pdf, self->ask->trust, self->ask->now, &verdict, &fault))
        return nsk_judge_wrong(self, nsk_tr("the pages cannot be read: %s"), fault->message);
    if (verdict->result == NSK_VERDICT_INVALID)
        return nsk_judge_wrong(self, nsk_tr("a signature of the pages does not hold; 'naskah "
                                            "verify' tells more"));
    if (verdict->result == NSK_VERDICT_UNSIGNED)
        nsk_judge_note(self, nsk_tr("the pages are not signed"));
    for (guint i = 0; i < verdict->signatures->len; i++)
        tell_signature(self, g_ptr_array_index(verdict->signatures, i));
    return true;
}

/* What an entry's paraf covers (evidence/statement.h). */
static GBytes *
write_statement(const NskJson *entry)
{
    const NskJson *actor = nsk_json_get(entry, "actor"), *list = nsk_json_get(entry, "object");
    size_t n = nsk_json_length(list);
    g_autofree NskStatementObject *objects = g_new0(NskStatementObject, n);
    const NskStatement statement = { .letter = nsk_json_get_text(entry, "letter"),
                                     .person = nsk_json_get_text(actor, "id"),
                                     .position = nsk_json_get_text(actor, "position"),
                                     .capacity = nsk_json_get_text(actor, "capacity"),
                                     .at = nsk_json_get_text(entry, "time") };

    for (size_t i = 0; i < n; i++) {
        const char *kind = nsk_json_get_text(nsk_json_at(list, i), "kind");

        objects[i] = (NskStatementObject){ kind != NULL ? kind : "",
                                           nsk_json_get_text(nsk_json_at(list, i), "sha256") };
    }
    return nsk_statement_write(&statement, objects, n);
}

/* The paraf of an entry that has one with a certificate. */
static bool
check_paraf(NskJudge *self, guint n, GBytes *cms)
{
    g_autoptr(GBytes) statement = write_statement(entry_at(self, n));
    const NskCmsCheck check = { .cms = g_bytes_get_data(cms, NULL),
                                .cms_size = g_bytes_get_size(cms),
                                .content = &statement,
                                .n_content = 1,
                                .pades = true,
                                .trust = self->ask->trust,
                                .at = self->ask->now };
    g_autoptr(NskCmsVerdict) verdict = nsk_cms_check(&check);

    if (!verdict->intact)
        return nsk_judge_wrong(self, nsk_tr("the signature of the paraf in entry %u does not hold"),
                               n + 1);
    if (!verdict->trusted)
        nsk_judge_note(self,
                       nsk_tr("nobody that you brought vouches for who gave the paraf in "
                              "entry %u"),
                       n + 1);
    return true;
}

static bool
check_parafs(NskJudge *self)
{
    for (guint i = 0; i < self->entries->len; i++) {
        const NskJson *texts = nsk_json_get(entry_at(self, i), "texts");
        const char *action = nsk_json_get_text(entry_at(self, i), "action");
        g_autofree char *path = g_strdup_printf(PARAFS "%06u.p7s", i + 1);
        GBytes *cms = nsk_bag_find(self->bag, path);
        bool is_bound = g_strcmp0(action, PARAF_GIVEN) == 0 && nsk_json_get(texts, "cms") != NULL;

        if (cms != NULL && !is_bound)
            return nsk_judge_wrong(self, nsk_tr("%s: its entry tells of no such signature"), path);
        if (cms == NULL && is_bound)
            nsk_judge_note(
                self, nsk_tr("the signature of the paraf in entry %u is not in the file"), i + 1);
        if (cms != NULL && !check_paraf(self, i, cms))
            return false;
    }
    return true;
}

bool
nsk_judge_letter(NskJudge *self)
{
    g_autoptr(NskJson) versions = read_versions(self);

    return versions != NULL && check_versions(self, versions) && check_files(self, versions) &&
           check_workflow(self) && check_pages(self) && check_parafs(self);
}
