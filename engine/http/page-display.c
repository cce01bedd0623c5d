/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pages that need nobody to be signed in and say nothing of an office.
 *
 *     /tampilan        colours, size of letters and language, kept in cookies of this device
 *     /bantuan         help; /bantuan/{role} the part for one sort of work, to print
 *     /aksesibilitas   what holds for people who use pages in other ways than most
 */
#include "base/message.h"
#include "http/site-private.h"

#include <string.h>

#define YEAR ((int64_t)365 * 24 * 60 * 60) /* seconds */

static const char *const themes[] = { "auto", "light", "dark", "contrast", NULL };
static const char *const sizes[] = { "usual", "large", "largest", NULL };
static const char *const languages[] = { "id", "en", NULL };

/* What may be chosen: the form's field, the cookie that keeps it, the values. */
static const struct {
    const char *field;
    const char *cookie;
    const char *member; /* of the view */
    const char *const *values;
} choices[] = {
    { "tema", "theme", "themes", themes },
    { "ukuran", "size", "sizes", sizes },
    { "bahasa", "lang", "languages", languages },
};

const char *
nsk_http_request_size(const NskHttpRequest *request)
{
    const char *size = nsk_http_request_get_cookie(request, "size");

    return size != NULL && g_strv_contains(sizes, size) ? size : sizes[0];
}

/* A path of this server; else the first page. */
static const char *
check_path(const char *path)
{
    return path != NULL && path[0] == '/' && path[1] != '/' && strchr(path, '\\') == NULL ? path
                                                                                          : "/";
}

/* The page that the sender came from, to which he goes back. */
static const char *
find_way_back(const NskHttpRequest *request)
{
    const char *from = nsk_http_request_get_header(request, "Referer");
    const char *origin = nsk_http_request_get_origin(request);

    return from != NULL && g_str_has_prefix(from, origin) ? check_path(from + strlen(origin)) : "/";
}

static bool
show_display(NskHttpRequest *request, NskHttpResponse *response, void *data, GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();

    nsk_json_set_text(view, "back", find_way_back(request));
    for (size_t i = 0; i < G_N_ELEMENTS(choices); i++) {
        NskJson *list = nsk_json_array();

        for (int k = 0; choices[i].values[k] != NULL; k++)
            nsk_json_add_text(list, choices[i].values[k]);
        nsk_json_set(view, choices[i].member, list);
    }
    return nsk_http_site_show(data, request, response, "display", view, error);
}

/* What is no choice stays as it was. */
static bool
keep_display(NskHttpRequest *request,
             NskHttpResponse *response,
             G_GNUC_UNUSED void *data,
             GError **error)
{
    if (!nsk_http_site_check_origin(request, error))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(choices); i++) {
        const char *value = nsk_http_request_get_field(request, choices[i].field);

        if (value != NULL && g_strv_contains(choices[i].values, value))
            nsk_http_response_set_cookie(response, request, choices[i].cookie, value, YEAR);
    }
    nsk_http_response_redirect(response,
                               check_path(nsk_http_request_get_field(request, "kembali")));
    return true;
}

static bool
show_help(NskHttpRequest *request, NskHttpResponse *response, void *data, GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();

    return nsk_http_site_show(data, request, response, "help", view, error);
}

static bool
show_role(NskHttpRequest *request, NskHttpResponse *response, void *data, GError **error)
{
    static const char *const roles[] = { "semua",     "konsep",     "periksa", "tanda-tangan",
                                         "disposisi", "tata-usaha", "arsip",   "berkas",
                                         "wakil",     "kelola",     "warga",   NULL };
    const char *role = nsk_http_request_get_piece(request, "role");
    g_autoptr(NskJson) view = nsk_json_object();

    if (!g_strv_contains(roles, role)) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                            nsk_tr("there is no such page here"));
        return false;
    }
    nsk_json_set_text(view, "role", role);
    return nsk_http_site_show(data, request, response, "help", view, error);
}

static bool
show_accessibility(NskHttpRequest *request, NskHttpResponse *response, void *data, GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();

    return nsk_http_site_show(data, request, response, "accessibility", view, error);
}

const NskHttpRoute nsk_http_routes_display[] = {
    { .method = "GET",
      .pattern = "/tampilan",
      .run = show_display,
      .place = NSK_HTTP_QUICK,
      .is_page = true },
    { .method = "POST",
      .pattern = "/tampilan",
      .run = keep_display,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = "GET",
      .pattern = "/bantuan",
      .run = show_help,
      .place = NSK_HTTP_QUICK,
      .is_page = true },
    { .method = "GET",
      .pattern = "/bantuan/{role}",
      .run = show_role,
      .place = NSK_HTTP_QUICK,
      .is_page = true },
    { .method = "GET",
      .pattern = "/aksesibilitas",
      .run = show_accessibility,
      .place = NSK_HTTP_QUICK,
      .is_page = true },
    { .method = NULL },
};
