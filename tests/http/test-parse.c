/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The texts of a request, without a network. */
#include "http/http-private.h"

#include <string.h>

static void
test_a_target_has_one_reading(void)
{
    static const struct {
        const char *text;
        const char *pieces; /* joined by '|'; NULL: refused */
        const char *a;      /* the query's "a" */
    } rows[] = {
        { "/", "", NULL },
        { "/surat/12", "surat|12", NULL },
        { "/surat/a%20b?a=1&a=2", "surat|a b", "1" },
        { "/s?a=%C3%A9+x", "s", "é x" },
        { "/s?a", "s", "" },
        { "/s?&&a=b=c&", "s", "b=c" },
        { "http://Kantor:80/x", "x", NULL },
        { "https://kantor:80", "", NULL },
        { "/x/", NULL, NULL },
        { "//x", NULL, NULL },
        { "/a//b", NULL, NULL },
        { "/./a", NULL, NULL },
        { "/a/..", NULL, NULL },
        { "/a/%2E%2e/b", NULL, NULL },
        { "/a%2fb", NULL, NULL },
        { "/a%5cb", NULL, NULL },
        { "/a\\b", NULL, NULL },
        { "/a%00", NULL, NULL },
        { "/a%0d%0a", NULL, NULL },
        { "/a%", NULL, NULL },
        { "/a%4", NULL, NULL },
        { "/a%zz", NULL, NULL },
        { "/%ff", NULL, NULL },
        { "/%c0%af", NULL, NULL },
        { "/a?b=%ff", NULL, NULL },
        { "/a#b", NULL, NULL },
        { "*", NULL, NULL },
        { "a", NULL, NULL },
        { "", NULL, NULL },
        { "http://kantor:80.lain/x", NULL, NULL },
        { "http://kantor:80@lain/x", NULL, NULL },
        { "ftp://kantor:80/x", NULL, NULL },
        { "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17", NULL, NULL },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(NskHttpTarget) target = { 0 };
        bool ok = nsk_http_target_parse(rows[i].text, "kantor:80", &target);

        g_test_message("%s", rows[i].text);
        g_assert_true(ok == (rows[i].pieces != NULL));
        if (!ok)
            continue;
        g_autofree char *joined = g_strjoinv("|", target.pieces);
        g_assert_cmpstr(joined, ==, rows[i].pieces);
        g_assert_cmpstr(nsk_http_pairs_find(target.query, "a", 0), ==, rows[i].a);
    }
}

static void
test_a_form_has_an_end(void)
{
    g_autoptr(GString) many = g_string_new(NULL);

    for (int i = 0; i < 600; i++)
        g_string_append(many, "a=1&");
    g_autoptr(GArray) refused = nsk_http_parse_form(many->str, many->len);
    g_assert_null(refused);
    g_autoptr(GArray) nul = nsk_http_parse_form("a=%00", 5);
    g_assert_null(nul);
    g_autoptr(GArray) lines = nsk_http_parse_form("a=x%0D%0Ay", 10);
    g_assert_cmpstr(nsk_http_pairs_find(lines, "a", 0), ==, "x\r\ny");
}

static void
test_the_language_is_what_is_liked_most(void)
{
    static const struct {
        const char *accept, *language;
    } rows[] = {
        { NULL, "id" },
        { "", "id" },
        { "en", "en" },
        { "en-US,en;q=0.9", "en" },
        { "id,en;q=0.9", "id" },
        { "en;q=0.3, id;q=0.7", "id" },
        { "id;q=0.3, EN-gb ; q=0.7", "en" },
        { "*", "id" },
        { "de, fr", "id" },
        { "en;q=0", "en" },
        { "english", "id" },
        { "en;q=nan", "en" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("%s", rows[i].accept);
        g_assert_cmpstr(nsk_http_choose_language(rows[i].accept), ==, rows[i].language);
    }
}

static void
test_cookies_names_and_parameters(void)
{
    g_autoptr(GArray) cookies = nsk_http_parse_cookies("a=1; b=\"x y\";c; d e=1;=2; a=3;f=g=h");
    g_autofree char *plain = nsk_http_clean_name("C:\\x\\scan 1.pdf");
    g_autofree char *up = nsk_http_clean_name("../..");
    g_autofree char *line = nsk_http_clean_name("a\nb");
    g_autofree char *quoted =
        nsk_http_header_param("form-data; x=\"a;name=b\"; name=\"c\\\"d\"", "name");
    g_autofree char *bare =
        nsk_http_header_param("multipart/form-data;Boundary=abc ; x", "boundary");
    g_autofree char *open = nsk_http_header_param("form-data; name=\"a", "name");

    g_assert_cmpstr(nsk_http_pairs_find(cookies, "a", 0), ==, "1");
    g_assert_cmpstr(nsk_http_pairs_find(cookies, "b", 0), ==, "x y");
    g_assert_cmpstr(nsk_http_pairs_find(cookies, "f", 0), ==, "g=h");
    g_assert_cmpuint(cookies->len, ==, 4);
    g_assert_cmpstr(plain, ==, "scan 1.pdf");
    g_assert_null(up);
    g_assert_null(line);
    g_assert_cmpstr(quoted, ==, "c\"d");
    g_assert_cmpstr(bare, ==, "abc");
    g_assert_null(open);
}

static void
test_who_is_spoken_for_is_the_last_that_is_not_trusted(void)
{
    static const struct {
        const char *list, *address;
    } rows[] = {
        { "203.0.113.9", "203.0.113.9" },
        { "evil, 203.0.113.9", "203.0.113.9" },
        { "203.0.113.9, 192.0.2.1", "203.0.113.9" },
        { "203.0.113.9, ::ffff:192.0.2.1", "203.0.113.9" },
        { "1.1.1.1, 203.0.113.9, 192.0.2.1, 192.0.2.2", "203.0.113.9" },
        { "192.0.2.1", "192.0.2.1" },
        { "2001:DB8::1", "2001:db8::1" },
        { "203.0.113.9:80", NULL },
        { "", NULL },
        { "x", NULL },
    };
    g_autoptr(GHashTable) trusted = g_hash_table_new(g_str_hash, g_str_equal);

    g_hash_table_add(trusted, (gpointer)(guintptr) "192.0.2.1");
    g_hash_table_add(trusted, (gpointer)(guintptr) "192.0.2.2");
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *address = nsk_http_forwarded_for(rows[i].list, trusted);

        g_assert_cmpstr(address, ==, rows[i].address);
    }
}

static bool
nothing(NskHttpRequest *request, NskHttpResponse *response, void *data, GError **error)
{
    (void)request, (void)response, (void)data, (void)error;
    return true;
}

static void
test_what_is_written_out_goes_before_braces(void)
{
    static const NskHttpRoute first[] = {
        { .method = "GET", .pattern = "/surat/{id}", .run = nothing },
        { .method = "DELETE", .pattern = "/surat/{id}", .run = nothing },
        { .method = "GET", .pattern = "/", .run = nothing },
        { .method = NULL },
    };
    static const NskHttpRoute second[] = {
        { .method = "GET", .pattern = "/surat/baru", .run = nothing },
        { .method = "POST", .pattern = "/surat/{id}/catatan", .run = nothing },
        { .method = NULL },
    };
    static const NskHttpRoute *const tables[] = { first, second, NULL };
    static const struct {
        const char *method, *path, *pattern, *allow, *id;
    } rows[] = {
        { "GET", "surat|baru", "/surat/baru", "GET, HEAD, OPTIONS", NULL },
        { "DELETE", "surat|baru", NULL, "GET, HEAD, OPTIONS", NULL },
        { "GET", "surat|1", "/surat/{id}", "GET, HEAD, DELETE, OPTIONS", "1" },
        { "POST", "surat|1", NULL, "GET, HEAD, DELETE, OPTIONS", NULL },
        { "POST", "surat|1|catatan", "/surat/{id}/catatan", "POST, OPTIONS", "1" },
        { "GET", "", "/", "GET, HEAD, OPTIONS", NULL },
        { "GET", "surat", NULL, NULL, NULL },
        { "GET", "surat|1|2|3", NULL, NULL, NULL },
    };
    NskHttpRoutes *routes = nsk_http_routes_new(tables);

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(GStrv) pieces = g_strsplit(rows[i].path, "|", -1);
        NskHttpMatch match;

        if (rows[i].path[0] == '\0')
            g_clear_pointer(&pieces[0], g_free);
        nsk_http_routes_find(routes, rows[i].method, pieces, &match);
        g_test_message("%s %s", rows[i].method, rows[i].path);
        g_assert_cmpstr(match.route != NULL ? match.route->pattern : NULL, ==, rows[i].pattern);
        g_assert_cmpstr(match.allow, ==, rows[i].allow);
        g_assert_cmpstr(nsk_http_pairs_find(match.pieces, "id", 0), ==, rows[i].id);
        nsk_http_match_clear(&match);
    }
    nsk_http_routes_free(routes);
}

static void
test_the_bytes_of_a_head_have_one_form(void)
{
#define RAW(text, ok)                                                                              \
    {                                                                                              \
        text, sizeof text - 1, ok                                                                  \
    }
    static const struct {
        const char *bytes;
        gsize size;
        bool ok;
    } rows[] = {
        RAW("\0\0", true),
        RAW("Host\0 a\0\0\0\0", true),
        RAW("Host\0 a\0\0X\0\0\0\0\0", true),
        RAW("", false),
        RAW("\0", false),
        RAW("\0\0\0", false),
        RAW("Host\0 a\0\0", false),
        RAW("Host\0 a\0\0\0", false),
        RAW("Host\0 a\0X\0 b\0\0\0\0", false),
        RAW("Host\0 a\0\0 b\0\0\0\0", false),
        RAW("Host\0 a\0\0\tb\0 c\0\0\0\0", false),
        RAW("Host\0 a\0b\0\0\0\0", false),
        RAW("Host", false),
        RAW("Host\0 a", false),
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("row %zu", i);
        g_assert_true(nsk_http_guard_raw(rows[i].bytes, rows[i].size) == rows[i].ok);
    }
}

#define TRACE "0af7651916cd43dd8448eb211c80319c"
#define SPAN  "b7ad6b7169203331"

static void
test_a_trace_is_taken_as_it_is_written_or_not_at_all(void)
{
    static const struct {
        const char *header;
        bool ok;
    } rows[] = {
        { "00-" TRACE "-" SPAN "-01", true },
        { "00-" TRACE "-" SPAN "-00", true },
        { "cc-" TRACE "-" SPAN "-01", true },
        { "cc-" TRACE "-" SPAN "-01-what-comes-later", true },
        { "cc-" TRACE "-" SPAN "-01.what", false },
        { "00-" TRACE "-" SPAN "-01-more", false },
        { "ff-" TRACE "-" SPAN "-01", false },
        { "00-" TRACE "-" SPAN "-0", false },
        { "00-" TRACE "-" SPAN "-0x", false },
        { "00-" TRACE "-" SPAN, false },
        { "00-0AF7651916CD43DD8448EB211C80319C-" SPAN "-01", false },
        { "00-00000000000000000000000000000000-" SPAN "-01", false },
        { "00-" TRACE "-0000000000000000-01", false },
        { "00-" TRACE "-b7ad6b716920333\"-01", false },
        { "00_" TRACE "-" SPAN "-01", false },
        { "0-" TRACE "-" SPAN "-01-", false },
        { "", false },
        { NULL, false },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        char trace[NSK_HTTP_TRACE_SIZE], span[NSK_HTTP_SPAN_SIZE];
        const NskHttpLogLine line = { .id = "x",
                                      .method = "GET",
                                      .route = "/",
                                      .trace = rows[i].header };
        g_autofree char *text = nsk_http_log_request(&nsk_clock_system, &line);

        g_test_message("row %zu", i);
        g_assert_true(nsk_http_read_trace(rows[i].header, trace, span) == rows[i].ok);
        g_assert_true((strstr(text, "\"trace\":") != NULL) == rows[i].ok);
        if (!rows[i].ok)
            continue;
        g_assert_cmpstr(trace, ==, TRACE);
        g_assert_cmpstr(span, ==, SPAN);
        g_assert_nonnull(strstr(text, "\"trace\":\"" TRACE "\",\"span\":\"" SPAN "\""));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/http/parse/target-has-one-reading", test_a_target_has_one_reading);
    g_test_add_func("/http/parse/form-has-an-end", test_a_form_has_an_end);
    g_test_add_func("/http/parse/language", test_the_language_is_what_is_liked_most);
    g_test_add_func("/http/parse/cookies-names-parameters", test_cookies_names_and_parameters);
    g_test_add_func("/http/parse/spoken-for",
                    test_who_is_spoken_for_is_the_last_that_is_not_trusted);
    g_test_add_func("/http/route/plainer-first", test_what_is_written_out_goes_before_braces);
    g_test_add_func("/http/guard/bytes-of-a-head", test_the_bytes_of_a_head_have_one_form);
    g_test_add_func("/http/log/trace-as-it-is-written",
                    test_a_trace_is_taken_as_it_is_written_or_not_at_all);
    return g_test_run();
}
