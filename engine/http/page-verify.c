/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What anybody may check about a letter by the code on it.
 *
 *     /v?kode=CODE          for who types it
 *     /v (POST)             a letter's file: whether it is as it was signed; it is not kept
 *     /v/berkas/{sha256}    what /v/{code} says, of the published letter whose file has this
 * digest: a browser takes the digest, and the file stays where it is /v/{code}             that
 * there is such a letter, and the least that tells it from another /v/{code}/surat.pdf   the
 * letter, as it was signed and published
 *
 * What codes and digests show comes from the public folder alone (engine/office/publish.c): what is
 * not published is not told apart from what does not exist.
 *
 * A file is judged in a process of its own, few at a time and not too often: from one address 30 at
 * once, then one each two seconds; of all together 300, then five a second.  A whole office may be
 * behind one address: who is turned away is told how many seconds to wait, and waiting is enough,
 * for what is refused costs nothing.  Codes and digests are not counted: they cost a look.
 */
#include "base/bytes.h"
#include "base/id.h"
#include "base/message.h"
#include "http/http-private.h"
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
#define DIGEST_FOLDER "digest"  /* in the public folder */
#define DIGEST_LENGTH 64
#define MOST_JUDGED   4 /* at a time */
#define BUSY_SECONDS  "5"

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

/* Shows what is known under @code (NULL: nothing), and that it was found by its file. */
static bool
show_facts(NskHttpRequest *request,
           NskHttpResponse *response,
           NskHttpSite *site,
           const char *code,
           NskJson *view,
           GError **error)
{
    g_autoptr(NskJson) facts = code != NULL ? read_facts(site, code) : NULL;
    g_autofree char *address = g_strconcat("/v/", code, "/surat.pdf", NULL);

    nsk_json_set_bool(view, "found", facts != NULL);
    for (size_t i = 0; facts != NULL && i < G_N_ELEMENTS(told); i++)
        nsk_json_set_text(view, told[i], nsk_json_get_text(facts, told[i]));
    if (facts != NULL)
        nsk_json_set_text(view, "pdf", address);
    else
        nsk_http_response_set_status(response, 404);
    return nsk_http_site_show(site, request, response, "verify", view, error);
}

static bool
show_letter(NskHttpRequest *request, NskHttpResponse *response, void *data, GError **error)
{
    const char *code = nsk_http_request_get_piece(request, "code");
    g_autoptr(NskJson) view = nsk_json_object();

    return show_facts(request, response, data, code, view, error);
}

/* The code of the published letter whose file has the digest @hex; NULL if there is none.  Owned.
 */
static char *
find_code(const NskHttpSite *site, const char *hex)
{
    g_autofree char *path = g_build_filename(site->dir, PUBLIC_FOLDER, DIGEST_FOLDER, hex, NULL);
    g_autoptr(GBytes) bytes = nsk_file_read(path, FACTS_LIMIT, NULL);

    return bytes != NULL ? g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes)) : NULL;
}

static bool
show_by_digest(NskHttpRequest *request, NskHttpResponse *response, void *data, GError **error)
{
    const char *hex = nsk_http_request_get_piece(request, "sha256");
    g_autoptr(NskJson) view = nsk_json_object();

    if (strlen(hex) != DIGEST_LENGTH || strspn(hex, "0123456789abcdef") != DIGEST_LENGTH) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("a digest is 64 characters of 0-9 and a-f"));
        return false;
    }
    g_autofree char *code = find_code(data, hex);
    nsk_json_set_bool(view, "by_file", true);
    return show_facts(request, response, data, code, view, error);
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

static bool
keep_pace(NskHttpRequest *request, NskHttpResponse *response, void *data)
{
    const NskHttpSite *site = data;
    g_autofree char *key = nsk_http_address_text_key(nsk_http_request_get_address(request));
    int64_t now = g_get_monotonic_time();
    NskHttpRate rate;

    if ((key[0] == '\0' || nsk_http_rates_take(site->files, key, now, &rate)) &&
        nsk_http_rates_take(site->all_files, "", now, &rate))
        return true;
    g_autofree char *seconds = g_strdup_printf("%u", rate.wait);
    g_autofree char *words = g_strdup_printf(
        nsk_tr("so many files were sent that not all are checked at once; wait %u seconds and send "
               "yours again, or check the code on the letter, which is possible at any time"),
        rate.wait);
    nsk_http_response_set_problem(response, request, 429, "pace", words);
    nsk_http_response_add_header(response, "Retry-After", seconds);
    return false;
}

/* What to tell of a file without a verdict; NULL: the fault is not the file's. */
static const char *
tell_fault(const GError *fault)
{
    if (fault->domain != NSK_ERROR)
        return NULL;
    switch (fault->code) {
    case NSK_ERROR_INVALID:
        return nsk_tr("this file is no PDF that can be read; choose the letter as you got it");
    case NSK_ERROR_LIMIT:
        return nsk_tr("this file is so large or complicated that checking it was stopped; choose "
                      "the letter as you got it, or ask the agency for it");
    case NSK_ERROR_IO: /* the process that read it has died of it */
        return nsk_tr("this file could not be checked: it is damaged, or made to do harm; ask the "
                      "agency for the letter");
    default:
        return NULL;
    }
}

/* Judges the file that was sent.  Whatever cannot be read as a PDF is told, never passed on. */
static bool
judge(NskHttpSite *site,
      NskHttpRequest *request,
      NskHttpResponse *response,
      const NskHttpFile *file,
      GError **error)
{
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", file->fd);
    g_autoptr(GBytes) pdf = nsk_file_read(path, MOST_FILE, error);
    NskJson *judged = NULL;
    g_autoptr(GError) fault = NULL;

    if (pdf == NULL)
        return false;
    if (!nsk_office_judge(site->dir, pdf, nsk_clock_now(site->clock), &judged, &fault)) {
        const char *words = tell_fault(fault);

        if (words != NULL)
            return ask_again(request, response, site, words, error);
        g_set_error(error, NSK_ERROR, NSK_ERROR_INTERNAL, "%s", fault->message);
        return false;
    }
    g_autoptr(NskJson) view = judged;
    return nsk_http_site_show(site, request, response, "verify-file", view, error);
}

static bool
judge_file(NskHttpRequest *request, NskHttpResponse *response, void *data, GError **error)
{
    NskHttpSite *site = data;
    const NskHttpFile *file = nsk_http_request_get_file(request, "berkas");
    bool done = true;

    if (!nsk_http_site_check_origin(request, error))
        return false;
    if (file == NULL || file->size == 0)
        return ask_again(request, response, site,
                         nsk_tr("choose the letter's file first; it is a PDF of at most 32 MB"),
                         error);
    if (atomic_fetch_add(&site->judging, 1) < MOST_JUDGED) {
        done = judge(site, request, response, file, error);
    } else {
        nsk_http_response_set_problem(
            response, request, 503, "busy",
            nsk_tr("other files are being checked just now; send yours again in a moment"));
        nsk_http_response_add_header(response, "Retry-After", BUSY_SECONDS);
    }
    (void)atomic_fetch_sub(&site->judging, 1);
    return done;
}

const NskHttpRoute nsk_http_routes_verify[] = {
    { .method = "POST",
      .pattern = "/v",
      .run = judge_file,
      .keeper = keep_pace,
      .place = NSK_HTTP_OFFICE, /* it waits: another process works */
      .body = NSK_HTTP_BODY_FORM,
      .body_limit = MOST_FILE,
      .is_page = true },
    { .method = "GET",
      .pattern = "/v",
      .run = find_letter,
      .place = NSK_HTTP_QUICK,
      .is_page = true },
    { .method = "GET",
      .pattern = "/v/berkas/{sha256}",
      .run = show_by_digest,
      .place = NSK_HTTP_OFFICE,
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
