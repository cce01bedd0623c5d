/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A request's texts, as anybody may send them.  The input is a head: a request line, headers, an
 * empty line, and a form behind it.  Whatever is accepted has one reading: writing it out and
 * reading it again says the same.
 */
#include "http/http-private.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
get_nothing(NskHttpRequest *request, NskHttpResponse *response, void *data, GError **error)
{
    (void)request, (void)response, (void)data, (void)error;
    return true;
}

static const NskHttpRoute routes[] = {
    { .method = "GET", .pattern = "/", .run = get_nothing },
    { .method = "GET", .pattern = "/surat/{id}", .run = get_nothing },
    { .method = "POST", .pattern = "/surat/baru", .run = get_nothing },
    { .method = NULL },
};

static const NskHttpRoute *const tables[] = { routes, NULL };

static void
check_form(const char *text, size_t size)
{
    g_autoptr(GArray) pairs = nsk_http_parse_form(text, size);
    g_autoptr(GString) again = g_string_new(NULL);

    if (pairs == NULL)
        return;
    for (guint i = 0; i < pairs->len; i++) {
        const NskHttpPair *pair = &g_array_index(pairs, NskHttpPair, i);
        g_autofree char *name = g_uri_escape_string(pair->name, NULL, FALSE);
        g_autofree char *value = g_uri_escape_string(pair->value, NULL, FALSE);

        g_string_append_printf(again, "%s%s=%s", i > 0 ? "&" : "", name, value);
    }
    g_autoptr(GArray) second = nsk_http_parse_form(again->str, again->len);
    g_assert_nonnull(second);
    g_assert_cmpuint(second->len, ==, pairs->len);
    for (guint i = 0; i < pairs->len; i++) {
        g_assert_cmpstr(g_array_index(second, NskHttpPair, i).name, ==,
                        g_array_index(pairs, NskHttpPair, i).name);
        g_assert_cmpstr(g_array_index(second, NskHttpPair, i).value, ==,
                        g_array_index(pairs, NskHttpPair, i).value);
    }
}

static void
check_target(const char *method, const char *text)
{
    g_auto(NskHttpTarget) target = { 0 };
    NskHttpMatch match;

    if (!nsk_http_target_parse(text, "kantor", &target))
        return;
    for (size_t i = 0; target.pieces[i] != NULL; i++) {
        g_assert_cmpstr(target.pieces[i], !=, "");
        g_assert_cmpstr(target.pieces[i], !=, "..");
        g_assert_null(strpbrk(target.pieces[i], "/\\\r\n"));
    }
    NskHttpRoutes *table = nsk_http_routes_new(tables);
    nsk_http_routes_find(table, method, target.pieces, &match);
    g_assert_true(match.route == NULL || match.allow != NULL);
    nsk_http_match_clear(&match);
    nsk_http_routes_free(table);
}

static void
check_header(const NskHttpPair *pair)
{
    g_autoptr(GArray) cookies = nsk_http_parse_cookies(pair->value);
    g_autofree char *name = nsk_http_clean_name(pair->value);
    g_autofree char *param = nsk_http_header_param(pair->value, "filename");
    g_autofree char *address = nsk_http_address_normal(pair->value);
    g_autoptr(GHashTable) trusted = g_hash_table_new(g_str_hash, g_str_equal);
    g_autofree char *sender = nsk_http_forwarded_for(pair->value, trusted);

    for (guint i = 0; i < cookies->len; i++)
        g_assert_true(nsk_http_is_token(g_array_index(cookies, NskHttpPair, i).name,
                                        strlen(g_array_index(cookies, NskHttpPair, i).name)));
    g_assert_true(name == NULL || (strpbrk(name, "/\\\n") == NULL && strcmp(name, "..") != 0));
    g_assert_cmpint(nsk_http_weigh(pair->value, "id", true), <=, 1000);
    g_assert_true(strcmp(nsk_http_choose_language(pair->value), "id") == 0 ||
                  strcmp(nsk_http_choose_language(pair->value), "en") == 0);
    (void)nsk_http_names_etag(pair->value, "abc");
}

/* Cuts the head into lines as a strict reader does. */
static GArray *
read_headers(char **lines)
{
    GArray *headers = nsk_http_pairs_new();

    for (size_t i = 1; lines[0] != NULL && lines[i] != NULL && lines[i][0] != '\0'; i++) {
        char *colon = strchr(lines[i], ':');

        if (colon == NULL)
            continue;
        nsk_http_pairs_add(headers, g_strndup(lines[i], (size_t)(colon - lines[i])),
                           g_strdup(colon + 1 + strspn(colon + 1, " \t")));
    }
    return headers;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *end = memmem(data, size, "\r\n\r\n", 4);
    size_t head_size = end != NULL ? (size_t)(end - (const char *)data) : size;
    g_autofree char *head = g_strndup((const char *)data, head_size);
    g_auto(GStrv) lines = g_strsplit(head, "\r\n", 200);
    g_auto(GStrv) first = g_strsplit(lines[0] != NULL ? lines[0] : "", " ", 3);
    g_autoptr(GArray) headers = read_headers(lines);

    (void)nsk_http_guard_raw((const char *)data, size);
    if (end != NULL)
        check_form(end + 4, size - head_size - 4);
    for (guint i = 0; i < headers->len; i++)
        check_header(&g_array_index(headers, NskHttpPair, i));
    if (g_strv_length(first) < 2 || nsk_http_guard_check(headers, first[0], first[1]) != NULL)
        return 0;
    g_assert_nonnull(nsk_http_headers_find(headers, "host", 0));
    g_assert_null(nsk_http_headers_find(headers, "HOST", 1));
    g_assert_null(nsk_http_headers_find(headers, "content-length", 1));
    check_target(first[0], first[1]);
    return 0;
}
