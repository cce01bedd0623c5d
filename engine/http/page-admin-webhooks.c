/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Webhooks, on pages.
 *
 *     /kelola/webhook                  all of them
 *     /kelola/webhook/baru             a new one; POST makes it and shows its secret, once
 *     /kelola/webhook/{id}?setelah=    one, and what it was told; POST: the field "tindakan" is
 *                                      coba, rahasia, ubah, hapus, ulang or sejak
 */
#include "base/id.h"
#include "base/message.h"
#include "http/admin-private.h"
#include "office/hook.h"

#include <string.h>

#define PATH      NSK_HTTP_ADMIN_PATH "/webhook"
#define OLD_HOURS 24 /* that a secret of before is good for */

static const char *
get_id(const NskHttpVisit *visit)
{
    return nsk_http_request_get_piece(visit->request, "id");
}

static char *
address_of(const NskHttpVisit *visit)
{
    return g_strconcat(PATH "/", get_id(visit), NULL);
}

static bool
show_hooks(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) view = NULL;

    if (!nsk_office_hook_list(visit->office, &view, error))
        return false;
    nsk_http_admin_tell(visit, view);
    return nsk_http_visit_show(visit, "admin-webhooks", view, error);
}

/* --- Forms ----------------------------------------------------------------------------------- */

/* The types there are, and which are chosen. */
static void
add_types(NskJson *view, const char *chosen)
{
    NskJson *list = nsk_json_array();
    g_auto(GStrv) words = g_strsplit(chosen, " ", -1);

    for (const char *const *type = nsk_hook_types; *type != NULL; type++) {
        NskJson *row = nsk_json_object();

        nsk_json_set_text(row, "type", *type);
        nsk_json_set_bool(row, "chosen", g_strv_contains((const char *const *)words, *type));
        nsk_json_add(list, row);
    }
    nsk_json_set(view, "types", list);
}

static const char *
get_field(const NskHttpVisit *visit, const char *name)
{
    const char *text = nsk_http_admin_field(visit, name);

    return text != NULL ? text : "";
}

/* The boxes that are ticked, as words; owned. */
static char *
read_types(const NskHttpVisit *visit)
{
    GString *words = g_string_new(NULL);

    for (const char *const *type = nsk_hook_types; *type != NULL; type++) {
        g_autofree char *name = g_strconcat("p-", *type, NULL);

        if (nsk_http_admin_field(visit, name) != NULL)
            g_string_append_printf(words, "%s%s", words->len > 0 ? " " : "", *type);
    }
    return g_string_free(words, FALSE);
}

static bool
show_form(NskHttpVisit *visit, NskJson *view, const char *types, GError **error)
{
    nsk_json_set_text(view, "label", get_field(visit, "nama"));
    nsk_json_set_text(view, "url", get_field(visit, "alamat"));
    add_types(view, types);
    return nsk_http_visit_show(visit, "admin-webhook-new", view, error);
}

static bool
show_new(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();

    return !nsk_http_visit_demand_proof(visit, NULL) || show_form(visit, view, "", error);
}

/* --- One of them ----------------------------------------------------------------------------- */

/* @view may have faults and a secret already. */
static bool
show_with(NskHttpVisit *visit, const char *id, NskJson *view, GError **error)
{
    g_autoptr(NskJson) hook = NULL;
    g_autoptr(NskJson) log = NULL;
    const char *after = nsk_http_request_get_query(visit->request, "setelah");
    const NskHookAsk ask = { .id = id,
                             .after = after != NULL && nsk_id_is_valid(after) ? after : NULL };

    if (!nsk_office_hook_show(visit->office, id, &hook, error) ||
        !nsk_office_hook_deliveries(visit->office, &ask, &log, error))
        return false;
    NskJson *events = nsk_json_get(hook, "events");
    g_autoptr(GString) types = g_string_new(NULL);
    for (size_t i = 0; i < nsk_json_length(events); i++)
        g_string_append_printf(types, "%s%s", i > 0 ? " " : "", nsk_json_text_at(events, i));
    add_types(view, types->str);
    nsk_json_set(view, "webhook", g_steal_pointer(&hook));
    nsk_json_set(view, "deliveries", nsk_json_ref(nsk_json_get(log, "deliveries")));
    nsk_json_set_text(view, "next", nsk_json_get_text(log, "next"));
    nsk_http_admin_tell(visit, view);
    return nsk_http_visit_show(visit, "admin-webhook", view, error);
}

static bool
show_hook(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();

    return show_with(visit, get_id(visit), view, error);
}

static bool
show_secret(NskHttpVisit *visit, const NskJson *result, GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();

    nsk_json_set_text(view, "secret", nsk_json_get_text(result, "secret"));
    nsk_http_response_set_uncompressed(visit->response);
    return show_with(visit, nsk_json_get_text(result, "id"), view, error);
}

static bool
make_hook(NskHttpVisit *visit, GError **error)
{
    g_autofree char *types = read_types(visit);
    g_autoptr(NskJson) result = NULL;
    g_autoptr(NskJson) view = nsk_json_object();
    g_autoptr(GError) fault = NULL;
    const NskHookWish wish = { .label = get_field(visit, "nama"),
                               .url = get_field(visit, "alamat"),
                               .events = types,
                               .active = true };

    if (!nsk_http_visit_demand_proof(visit, PATH "/baru"))
        return true;
    if (nsk_office_hook_put(visit->office, &wish, &result, &fault))
        return show_secret(visit, result, error);
    if (!nsk_http_admin_is_plain(fault)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    nsk_http_admin_add_lines(view, fault->message);
    nsk_http_response_set_status(visit->response, 422);
    return show_form(visit, view, types, error);
}

/* --- What is done about it -------------------------------------------------------------------- */

/* Each gives its result; what is told afterwards is @code. */
static bool
do_ping(NskHttpVisit *visit, NskJson **out_result, GError **error)
{
    return nsk_office_hook_ping(visit->office, get_id(visit), out_result, error);
}

static bool
do_renew(NskHttpVisit *visit, NskJson **out_result, GError **error)
{
    return nsk_office_hook_renew(visit->office, get_id(visit), OLD_HOURS, out_result, error);
}

static int64_t
get_version(const NskHttpVisit *visit)
{
    return g_ascii_strtoll(get_field(visit, "versi"), NULL, 10);
}

static bool
do_change(NskHttpVisit *visit, NskJson **out_result, GError **error)
{
    g_autofree char *types = read_types(visit);
    const NskHookWish wish = { .id = get_id(visit),
                               .version = get_version(visit),
                               .label = get_field(visit, "nama"),
                               .url = get_field(visit, "alamat"),
                               .events = types,
                               .active = nsk_http_admin_field(visit, "nyala") != NULL };

    return nsk_office_hook_put(visit->office, &wish, out_result, error);
}

static bool
do_remove(NskHttpVisit *visit, NskJson **out_result, GError **error)
{
    return nsk_office_hook_remove(visit->office, get_id(visit), get_version(visit), out_result,
                                  error);
}

static bool
do_replay(NskHttpVisit *visit, NskJson **out_result, GError **error)
{
    const NskHookReplay replay = { .id = get_id(visit), .event = get_field(visit, "peristiwa") };

    return nsk_office_hook_replay(visit->office, &replay, out_result, error);
}

/* From the beginning of a day, as people of the common zone have it. */
static bool
do_replay_since(NskHttpVisit *visit, NskJson **out_result, GError **error)
{
    g_autofree char *since = g_strconcat(get_field(visit, "sejak"), "T00:00:00+07:00", NULL);
    const NskHookReplay replay = { .id = get_id(visit), .since = since };

    return nsk_office_hook_replay(visit->office, &replay, out_result, error);
}

static const struct {
    const char *word;
    bool (*run)(NskHttpVisit *visit, NskJson **out_result, GError **error);
    const char *code; /* of what is told; NULL: the secret is shown */
    bool needs_proof;
} acts[] = {
    { "coba", do_ping, "webhook-coba", false },
    { "rahasia", do_renew, NULL, true },
    { "ubah", do_change, "webhook-ubah", true },
    { "hapus", do_remove, "webhook-hapus", true },
    { "ulang", do_replay, "webhook-ulang", false },
    { "sejak", do_replay_since, "webhook-ulang", false },
};

static bool
tell_done(NskHttpVisit *visit, size_t act, const NskJson *result, GError **error)
{
    bool is_gone = acts[act].run == do_remove;
    g_autofree char *back = is_gone ? g_strdup(PATH) : address_of(visit);
    g_autofree char *where = g_strconcat(back, "?pesan=", acts[act].code, NULL);

    if (acts[act].code == NULL)
        return show_secret(visit, result, error);
    nsk_http_response_redirect(visit->response, where);
    return true;
}

static bool
act_on_hook(NskHttpVisit *visit, GError **error)
{
    size_t act = 0;
    const char *word = get_field(visit, "tindakan");
    g_autofree char *back = address_of(visit);
    g_autoptr(NskJson) result = NULL;
    g_autoptr(NskJson) view = nsk_json_object();
    g_autoptr(GError) fault = NULL;

    while (act < G_N_ELEMENTS(acts) && strcmp(acts[act].word, word) != 0)
        act++;
    if (act == G_N_ELEMENTS(acts)) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                            nsk_tr("there is no such page here"));
        return false;
    }
    if (acts[act].needs_proof && !nsk_http_visit_demand_proof(visit, back))
        return true;
    if (acts[act].run(visit, &result, &fault))
        return tell_done(visit, act, result, error);
    if (!nsk_http_admin_is_plain(fault)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    nsk_http_admin_add_lines(view, fault->message);
    nsk_http_response_set_status(visit->response, 422);
    return show_with(visit, get_id(visit), view, error);
}

const NskHttpRoute nsk_http_routes_admin_webhooks[] = {
    { .method = "GET", .pattern = PATH, .visit = show_hooks, .is_page = true },
    { .method = "GET", .pattern = PATH "/baru", .visit = show_new, .is_page = true },
    { .method = "POST",
      .pattern = PATH "/baru",
      .visit = make_hook,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = "GET", .pattern = PATH "/{id}", .visit = show_hook, .is_page = true },
    { .method = "POST",
      .pattern = PATH "/{id}",
      .visit = act_on_hook,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = NULL },
};
