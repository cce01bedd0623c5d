/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Accounts: who signs in, and what is done about it.
 *
 *     /kelola/akun                           all of them
 *     /kelola/orang/{person}/akun/{act}      asks; POST does it: buat, sandi (a new password),
 * kunci
 *
 * A password that is given is shown once, to be told to the person, who must change it.
 */
#include "base/message.h"
#include "http/admin-private.h"

#include <string.h>

static const struct {
    const char *word; /* of the address */
    const char *act;  /* of the office */
    bool gives;       /* a password */
} acts[] = {
    { "buat", "add", true },
    { "sandi", "reset", true },
    { "kunci", "lock", false },
};

static bool
show_accounts(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) view = NULL;

    if (!nsk_office_account_list(visit->office, &view, error))
        return false;
    nsk_http_admin_tell(visit, view);
    return nsk_http_visit_show(visit, "admin-accounts", view, error);
}

static int
find_act(const NskHttpVisit *visit, GError **error)
{
    const char *word = nsk_http_request_get_piece(visit->request, "act");

    for (size_t i = 0; i < G_N_ELEMENTS(acts); i++) {
        if (strcmp(acts[i].word, word) == 0)
            return (int)i;
    }
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                        nsk_tr("there is no such page here"));
    return -1;
}

static bool
show_question(NskHttpVisit *visit, int act, NskJson *view, GError **error)
{
    nsk_json_set_text(view, "act", acts[act].act);
    nsk_json_set_text(view, "word", acts[act].word);
    nsk_json_set_text(view, "person", nsk_http_request_get_piece(visit->request, "person"));
    return nsk_http_visit_show(visit, "admin-confirm", view, error);
}

static bool
ask(NskHttpVisit *visit, GError **error)
{
    int act = find_act(visit, error);
    g_autoptr(NskJson) view = nsk_json_object();

    if (act < 0)
        return false;
    return !nsk_http_visit_demand_proof(visit, NULL) || show_question(visit, act, view, error);
}

/* *out_password: what was made up, wiped by the caller; NULL if none is given. */
static bool
change_account(NskHttpVisit *visit, int act, char **out_password, GError **error)
{
    const char *person = nsk_http_request_get_piece(visit->request, "person");
    const char *name = nsk_http_admin_field(visit, "nama");
    g_autofree char *hash = NULL;
    g_autoptr(NskJson) result = NULL;

    if (acts[act].gives) {
        *out_password = nsk_office_account_invent();
        g_autoptr(NskLocked) locked = nsk_locked_new(*out_password, strlen(*out_password), error);
        hash = locked != NULL ? nsk_office_account_hash(locked, name != NULL ? name : person, error)
                              : NULL;
        if (hash == NULL)
            return false;
    }
    const NskAccountAct wanted = { person, acts[act].act, name, hash };
    return nsk_office_account_act(visit->office, &wanted, &result, error);
}

static bool
act_on_account(NskHttpVisit *visit, GError **error)
{
    int act = find_act(visit, error);
    const char *person = nsk_http_request_get_piece(visit->request, "person");
    g_autofree char *back = g_strconcat("/kelola/orang/", person, NULL);
    g_autofree char *password = NULL;
    g_autoptr(NskJson) view = nsk_json_object();
    g_autoptr(GError) fault = NULL;

    if (act < 0)
        return false;
    if (!nsk_http_visit_demand_proof(visit, back))
        return true;
    if (!change_account(visit, act, &password, &fault)) {
        if (!nsk_http_admin_is_plain(fault)) {
            g_propagate_error(error, g_steal_pointer(&fault));
            return false;
        }
        nsk_http_admin_add_lines(view, fault->message);
        nsk_http_response_set_status(visit->response, 422);
        return show_question(visit, act, view, error);
    }
    if (password == NULL) {
        g_autofree char *address = g_strconcat(back, "?pesan=terkunci", NULL);

        nsk_http_response_redirect(visit->response, address);
        return true;
    }
    nsk_http_response_set_uncompressed(visit->response);
    nsk_json_set_text(view, "password", password);
    return show_question(visit, act, view, error);
}

#define ACT NSK_HTTP_ADMIN_PATH "/orang/{person}/akun/{act}"

const NskHttpRoute nsk_http_routes_admin_accounts[] = {
    { .method = "GET",
      .pattern = NSK_HTTP_ADMIN_PATH "/akun",
      .visit = show_accounts,
      .is_page = true },
    { .method = "GET", .pattern = ACT, .visit = ask, .is_page = true },
    { .method = "POST",
      .pattern = ACT,
      .visit = act_on_account,
      .place = NSK_HTTP_HEAVY,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = NULL },
};
