/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An agency's profile before it is put in force: what engine/render finds, the patterns of its
 * number series, and with an office the positions that it names.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/message.h"
#include "office/admin-private.h"
#include "office/advance-private.h"

#include <string.h>

/* An image beside the profile; NULL if it is not there. */
static GBytes *
load_beside(void *data, const char *file)
{
    const NskOfficeFile *profile = data;
    g_autofree char *folder = g_path_get_dirname(profile->name);
    g_autofree char *path = g_build_filename(folder, file, NULL);

    return nsk_file_read(path, NSK_LIMIT_IMAGE_SIZE, NULL);
}

static void
check_series(const NskXmlDoc *doc, NskIssues *issues)
{
    NskXmlNode *numbering = nsk_xml_child(nsk_xml_doc_get_root(doc), "numbering");
    NskXmlNode *node = numbering != NULL ? nsk_xml_first(numbering) : NULL;

    for (; node != NULL; node = nsk_xml_next(node)) {
        NskSeries *series =
            strcmp(nsk_xml_name(node), "series") == 0 ? nsk_series_read(doc, node, issues) : NULL;

        nsk_series_unref(series);
    }
}

static bool
check_position(const NskXmlDoc *doc,
               const NskXmlNode *node,
               const char *id,
               NskDbTxn *txn,
               NskIssues *issues,
               GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskPosition) position = nsk_directory_get_position(txn, id, &fault);

    if (position != NULL)
        return true;
    if (!g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    nsk_xml_issue(
        doc, node, issues, "profile-position",
        nsk_tr("there is no position '%s' in this office; correct it, or add the position "
               "first"),
        id);
    return true;
}

static bool
check_positions(const NskXmlDoc *doc,
                const NskXmlNode *node,
                NskDbTxn *txn,
                NskIssues *issues,
                GError **error)
{
    const char *several = nsk_xml_attr(node, "positions");
    const char *one =
        strcmp(nsk_xml_name(node), "desk") == 0 ? nsk_xml_attr(node, "position") : NULL;

    if (one != NULL && !check_position(doc, node, one, txn, issues, error))
        return false;
    if (several != NULL) {
        g_auto(GStrv) words = g_strsplit_set(several, " \t\r\n", -1);

        for (char **word = words; *word != NULL; word++) {
            if (**word != '\0' && !check_position(doc, node, *word, txn, issues, error))
                return false;
        }
    }
    for (NskXmlNode *child = nsk_xml_first(node); child != NULL; child = nsk_xml_next(child)) {
        if (!check_positions(doc, child, txn, issues, error))
            return false;
    }
    return true;
}

bool
nsk_office_profile_check(NskOffice *self,
                         const NskOfficeFile *file,
                         NskIssues *issues,
                         GError **error)
{
    const NskProfileProof proof = { .name = file->name,
                                    .bytes = file->bytes,
                                    .load = load_beside,
                                    .data = (void *)(uintptr_t)file };

    if (!nsk_profile_prove(&proof, issues, error))
        return false;
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse(file->name, g_bytes_get_data(file->bytes, NULL),
                                             g_bytes_get_size(file->bytes), error);
    if (doc == NULL)
        return false;
    check_series(doc, issues);
    if (self == NULL)
        return true;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    bool ok = txn != NULL && check_positions(doc, nsk_xml_doc_get_root(doc), txn, issues, error);
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    return ok;
}

/* The faults of @content that stand in the way, as one error. */
static bool
check_deployment(const NskDeployment *deployment, NskDbTxn *txn, GError **error)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GBytes) whole = NULL;
    gsize size;
    const void *data = g_bytes_get_data(deployment->content, &size);
    const NskProfileProof proof = { .name = deployment->name, .bytes = deployment->content };

    if (!nsk_profile_pack(&proof, &whole, error))
        return false;
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse(deployment->name, data, size, error);
    if (doc == NULL)
        return false;
    check_series(doc, issues);
    return check_positions(doc, nsk_xml_doc_get_root(doc), txn, issues, error) &&
           nsk_issues_to_error(issues, error);
}

typedef struct {
    NskOffice *office;
    GBytes *content;
    NskInstant now;
} Deploy;

static bool
apply_deploy(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    const Deploy *work = data;
    NskStoreFile file = { .name = "profile.agency.xml", .content = work->content };
    NskOfficeEvent event = { .origin = work->office->origin,
                             .history = NSK_RULES_HISTORY,
                             .actor = work->office->person,
                             .action = "rules-in-force",
                             .sentence = "Put a profile in force",
                             .files = &file,
                             .n_files = 1,
                             .now = work->now };

    if (!nsk_admin_check(work->office, txn, error) ||
        !nsk_rule_put(txn, "profile", "agency", work->content, work->now, error) ||
        !nsk_record_office(txn, &event, error))
        return false;
    g_autofree char *version = nsk_rule_current(txn, "profile", "agency", error);
    if (version == NULL)
        return false;
    g_autoptr(NskJson) answer = nsk_json_object();
    nsk_json_set_text(answer, "profile", "agency");
    nsk_json_set_text(answer, "version", version);
    *out_answer = nsk_json_canonical(answer);
    return true;
}

bool
nsk_do_profile_deploy(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    const NskDeployment *deployment = arguments;
    g_autofree char *answer = NULL;
    g_autofree char *digest = nsk_office_digest(self, deployment->content);
    Deploy work = { self, deployment->content, nsk_clock_now(self->clock) };

    NSK_REQUEST(self, "profile-deploy", digest);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    bool ok = txn != NULL && check_deployment(deployment, txn, error);
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    if (!ok || !nsk_office_commit(self, apply_deploy, &work, &answer, error))
        return false;
    *out_result = nsk_office_read_answer(answer, error);
    return *out_result != NULL;
}

bool
nsk_office_profile_pack(const NskOfficeFile *file, GBytes **out_bytes, GError **error)
{
    const NskProfileProof proof = { .name = file->name,
                                    .bytes = file->bytes,
                                    .load = load_beside,
                                    .data = (void *)(uintptr_t)file };

    return nsk_profile_pack(&proof, out_bytes, error);
}
