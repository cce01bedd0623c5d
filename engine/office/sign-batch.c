/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Many signatures in one confirmation.
 *
 * The signatory is shown the digest of each letter's pages, and one of all of them; that one is
 * what he confirms.  Before the first signature the pages of all are looked at again: if a letter
 * came or went, or its pages are others, nothing is signed.
 */
#include "base/message.h"
#include "office/office-private.h"

#include <string.h>

/* What became of one of them; takes over @result. */
static NskJson *
make_item(const char *task, NskJson *result, const GError *fault)
{
    NskJson *item = nsk_json_object();

    nsk_json_set_text(item, "task", task);
    if (result != NULL) {
        nsk_json_set(item, "result", result);
        return item;
    }
    nsk_json_set_int(item, "code", fault->code);
    nsk_json_set_text(item, "error", fault->message);
    return item;
}

static NskJson *
make_answer(NskJson *results, int64_t failed, const char *digest)
{
    NskJson *answer = nsk_json_object();

    nsk_json_set_text(answer, "digest", digest);
    nsk_json_set(answer, "results", results);
    nsk_json_set_int(answer, "failed", failed);
    return answer;
}

bool
nsk_office_sign_prepare_all(NskOffice *self,
                            const char *const *tasks,
                            size_t n,
                            NskJson **out_result,
                            GError **error)
{
    int64_t failed = 0;
    NskJson *results = nsk_json_array();
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

    if (!nsk_office_set_request(self, NULL, error)) {
        nsk_json_unref(results);
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        NskJson *result = NULL;
        g_autoptr(GError) fault = NULL;

        if (nsk_office_sign_prepare(self, tasks[i], &result, &fault)) {
            g_autofree char *line = g_strdup_printf("%s %s\n", nsk_json_get_text(result, "letter"),
                                                    nsk_json_get_text(result, "sha256"));

            g_checksum_update(sum, (const guchar *)line, -1);
        } else {
            failed++;
        }
        nsk_json_add(results, make_item(tasks[i], result, fault));
    }
    *out_result = make_answer(results, failed, failed == 0 ? g_checksum_get_string(sum) : NULL);
    return true;
}

/* Makes sure that the pages are those that were shown; *out_shown as of preparing. */
static bool
check_shown(NskOffice *self,
            const char *const *tasks,
            size_t n,
            const char *digest,
            NskJson **out_shown,
            GError **error)
{
    g_autoptr(NskJson) shown = NULL;

    if (!nsk_office_sign_prepare_all(self, tasks, n, &shown, error))
        return false;
    if (g_strcmp0(nsk_json_get_text(shown, "digest"), digest) == 0) {
        *out_shown = g_steal_pointer(&shown);
        return true;
    }
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                        nsk_tr("nothing was signed: the letters or their pages are not those that "
                               "you were shown; look at them again"));
    return false;
}

bool
nsk_office_sign_confirm_all(NskOffice *self,
                            const char *const *tasks,
                            size_t n,
                            const NskSignAct *act,
                            NskJson **out_result,
                            GError **error)
{
    int64_t failed = 0;
    g_autoptr(NskJson) shown = NULL;

    if (!check_shown(self, tasks, n, act->sha256, &shown, error))
        return false;
    const NskJson *pages = nsk_json_get(shown, "results");
    NskJson *results = nsk_json_array();
    for (size_t i = 0; i < n; i++) {
        NskJson *result = NULL;
        g_autoptr(GError) fault = NULL;
        NskSignAct one = *act;

        one.task = tasks[i];
        one.sha256 = nsk_json_get_text(nsk_json_get(nsk_json_at(pages, i), "result"), "sha256");
        if (!nsk_office_sign_confirm(self, &one, &result, &fault))
            failed++;
        nsk_json_add(results, make_item(tasks[i], result, fault));
    }
    *out_result = make_answer(results, failed, act->sha256);
    return true;
}
