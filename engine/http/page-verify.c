/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What anybody may check about a letter by the code on it.
 *
 *     /v?kode=CODE          for who types it
 *     /v (POST)             a letter's file: whether it is as it was signed; it is not kept
 *     /v/{code}             that there is such a letter, and the least that tells it from another
 *     /v/{code}/surat.pdf   the letter, as it was signed and published
 *
 * What codes show comes from the public folder alone (engine/office/publish.c): what is not
 * published is not told apart from what does not exist.
 */
#include "base/bytes.h"
#include "base/id.h"
#include "base/message.h"
#include "http/site-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PUBLIC_FOLDER "public"
#define FACTS_LIMIT   ((size_t)64 * 1024)
#define MOST_FILE     ((uint64_t)32 * 1024 * 1024)
#define CODE_PREFIX   "naskah:" /* of a code that names no address */

/* What a letter's page tells; nothing else of the file is passed on. */
static const char *const told[] = { "agency", "unit", "number", "date", "subject", "sha256" };

static char *
find_file(const NskHttpSite *site, const char *code, const char *ending)
{
    g_autofree char *name = g_strconcat(code, ending, NULL);

    return g_build_filename(site->dir, PUBLIC_FOLDER, name, NULL);
}

/* NULL if nothing is published under @code. */
static NskJson *
read_facts(const NskHttpSite *site, const char *code)
{
    if (!nsk_id_is_valid(code))
        return NULL;
    g_autofree char *path = find_file(site, code, ".json");
    g_autoptr(GBytes) bytes = nsk_file_read(path, FACTS_LIMIT, NULL);
    return bytes != NULL
               ? nsk_json_parse(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), NULL)
               : NULL;
}

static bool
show_letter(NskHttpRequest *request, NskHttpResponse *response, void *data, GError **error)
{
    const char *code = nsk_http_request_get_piece(request, "code");
    g_autoptr(NskJson) facts = read_facts(data, code);
    g_autoptr(NskJson) view = nsk_json_object();
    g_autofree char *address = g_strconcat("/v/", code, "/surat.pdf", NULL);

    nsk_json_set_bool(view, "found", facts != NULL);
    for (size_t i = 0; facts != NULL && i < G_N_ELEMENTS(told); i++)
        nsk_json_set_text(view, told[i], nsk_json_get_text(facts, told[i]));
    if (facts != NULL)
        nsk_json_set_text(view, "pdf", address);
    else
        nsk_http_response_set_status(response, 404);
    return nsk_http_site_show(data, request, response, "verify", view, error);
}

static bool
find_letter(NskHttpRequest *request,
            NskHttpResponse *response,
            G_GNUC_UNUSED void *data,
            G_GNUC_UNUSED GError **error)
{
    const char *typed = nsk_http_request_get_query(request, "kode");
    g_autofree char *code = g_ascii_strdown(typed != NULL ? typed : "", -1);
    const char *plain = g_strstrip(code);

    if (g_str_has_prefix(plain, CODE_PREFIX))
        plain += strlen(CODE_PREFIX);
    /* the address may have been typed whole */
    const char *last = strrchr(plain, '/');
    g_autofree char *escaped = g_uri_escape_string(last != NULL ? last + 1 : plain, NULL, FALSE);
    g_autofree char *address =
        escaped[0] != '\0' && strcmp(escaped, ".") != 0 && strcmp(escaped, "..") != 0
            ? g_strconcat("/v/", escaped, NULL)
            : g_strdup("/");
    nsk_http_response_redirect(response, address);
    return true;
}

static bool
send_letter(NskHttpRequest *request, NskHttpResponse *response, void *data, GError **error)
{
    const char *code = nsk_http_request_get_piece(request, "code");
    g_autoptr(NskJson) facts = read_facts(data, code);
    g_autofree char *path = facts != NULL ? find_file(data, code, ".pdf") : NULL;
    int fd = path != NULL ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
    struct stat st;

    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        if (fd >= 0)
            (void)close(fd);
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                            nsk_tr("no letter is published under this code"));
        return false;
    }
    nsk_http_response_set_file(response, "application/pdf", fd, (uint64_t)st.st_size);
    nsk_http_response_add_header(response, "Content-Disposition", "inline; filename=\"surat.pdf\"");
    nsk_http_response_set_policy(response, "default-src 'none'; frame-ancestors 'none'; sandbox");
    if (nsk_json_get_text(facts, "sha256") != NULL)
        nsk_http_response_set_etag(response, nsk_json_get_text(facts, "sha256"));
    nsk_http_response_set_cache(response, "public, no-cache");
    return true;
}

/* --- A file ---------------------------------------------------------------------------------- */

static bool
ask_again(NskHttpRequest *request,
          NskHttpResponse *response,
          NskHttpSite *site,
          const char *words,
          GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();

    nsk_http_add_fault(view, "berkas", words);
    nsk_http_response_set_status(response, 422);
    return nsk_http_site_show(site, request, response, "verify-file", view, error);
}

/* Judges the file that was sent.  Whatever cannot be read as a PDF is told, never passed on. */
static bool
judge_file(NskHttpRequest *request, NskHttpResponse *response, void *data, GError **error)
{
    NskHttpSite *site = data;
    const NskHttpFile *file = nsk_http_request_get_file(request, "berkas");
    g_autoptr(NskJson) view = NULL;
    g_autoptr(GError) fault = NULL;

    if (!nsk_http_site_check_origin(request, error))
        return false;
    if (file == NULL || file->size == 0)
        return ask_again(request, response, site,
                         nsk_tr("choose the letter's file first; it is a PDF of at most 32 MB"),
                         error);
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", file->fd);
    g_autoptr(GBytes) pdf = nsk_file_read(path, MOST_FILE, error);
    if (pdf == NULL)
        return false;
    if (!nsk_office_verify(site->dir, pdf, NULL, nsk_clock_now(site->clock), &view, &fault)) {
        if (g_error_matches(fault, NSK_ERROR, NSK_ERROR_INVALID) ||
            g_error_matches(fault, NSK_ERROR, NSK_ERROR_LIMIT))
            return ask_again(request, response, site,
                             nsk_tr("this file is no PDF that can be read; choose the letter as "
                                    "you got it"),
                             error);
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    return nsk_http_site_show(site, request, response, "verify-file", view, error);
}

const NskHttpRoute nsk_http_routes_verify[] = {
    { .method = "POST",
      .pattern = "/v",
      .run = judge_file,
      .place = NSK_HTTP_HEAVY,
      .body = NSK_HTTP_BODY_FORM,
      .body_limit = MOST_FILE,
      .is_page = true },
    { .method = "GET",
      .pattern = "/v",
      .run = find_letter,
      .place = NSK_HTTP_QUICK,
      .is_page = true },
    { .method = "GET",
      .pattern = "/v/{code}",
      .run = show_letter,
      .place = NSK_HTTP_OFFICE,
      .is_page = true },
    { .method = "GET",
      .pattern = "/v/{code}/surat.pdf",
      .run = send_letter,
      .place = NSK_HTTP_OFFICE,
      .is_page = true },
    { .method = NULL },
};
