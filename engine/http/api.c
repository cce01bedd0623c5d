/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the resources of the API share: reading what is asked strictly, and answering in one manner.
 *
 * INVARIANTS
 *   (1) A member that is not described is refused, so that nobody can set what he may not see.
 *   (2) An Idempotency-Key is good for one person, and for one method, path, state and body.
 *   (3) What is written to a state that was read names that state (If-Match), with a strong tag.
 */
#include "base/bytes.h"
#include "base/id.h"
#include "base/message.h"
#include "http/api-private.h"
#include "http/http-private.h"
#include "office/token.h"

#include <string.h>

#define KEY_MAX     255 /* bytes of an Idempotency-Key */
#define ID_DIGITS   40  /* hex digits of a request's id */
#define ETAG_HEX    32
#define DIGEST_SIZE 32 /* bytes of a SHA-256 */
#define ERRORS_MAX  20 /* told of one body */
#define FIELDS      "fields"
#define LIMIT       "limit"

/* clang-format off */
const NskHttpRoute *const nsk_http_api_tables[] = {
    nsk_http_routes_api_self,
    nsk_http_routes_api_letters,
    nsk_http_routes_api_tasks,
    nsk_http_routes_api_incoming,
    nsk_http_routes_api_berkas,
    nsk_http_routes_api_imports,
    nsk_http_routes_api_board,
    nsk_http_routes_api_books,
    nsk_http_routes_api_jobs,
    nsk_http_routes_api_uploads,
    nsk_http_routes_api_webhooks,
    NULL,
};
/* clang-format on */

/* --- Refusing -------------------------------------------------------------------------------- */

void
nsk_api_refuse(NskHttpVisit *visit,
               unsigned status,
               const char *code,
               const char *detail,
               NskJson *errors)
{
    nsk_http_response_set_problem(visit->response, visit->request, status, code, detail);
    if (errors == NULL)
        return;
    size_t size;
    const char *text = g_bytes_get_data(visit->response->bytes, &size);
    g_autoptr(NskJson) problem = nsk_json_parse(text, size, NULL);
    nsk_json_set(problem, "errors", errors);
    g_autofree char *whole = nsk_json_canonical(problem);
    nsk_http_response_set_text(visit->response, "application/problem+json", whole);
}

void
nsk_api_refuse_stale(NskHttpVisit *visit, const char *letter)
{
    g_autofree char *link =
        g_strconcat("</api/v1/letters/", letter, "/changes>; rel=\"describedby\"", NULL);

    nsk_api_refuse(visit, 412, "stale",
                   nsk_tr("it is not what you saw any more; look at it again and repeat what you "
                          "want"),
                   NULL);
    nsk_http_response_add_header(visit->response, "Link", link);
}

static void
refuse_unknown(NskHttpVisit *visit)
{
    nsk_api_refuse(visit, 404, "not-found", NULL, NULL);
}

static NskJson *
fault_to_problem(const GError *fault)
{
    const char *name;
    NskJson *problem = nsk_json_object();
    unsigned status = nsk_http_fault_status(fault->domain == NSK_ERROR ? fault->code : -1, &name);
    g_autofree char *type = g_strconcat("urn:naskah:problem:", name, NULL);

    nsk_json_set_text(problem, "type", type);
    nsk_json_set_text(problem, "code", name);
    nsk_json_set_int(problem, "status", status);
    if (status != 500)
        nsk_json_set_text(problem, "detail", fault->message);
    return problem;
}

NskJson *
nsk_api_told(const char *task, const NskJson *result, const GError *fault)
{
    NskJson *told = nsk_json_object();

    nsk_json_set_text(told, "task", task);
    if (result != NULL)
        nsk_json_set(told, "result", nsk_json_ref(result));
    else
        nsk_json_set(told, "problem", fault_to_problem(fault));
    return told;
}

/* --- Bodies ---------------------------------------------------------------------------------- */

static void
add_fault(NskJson *errors, const char *pointer, const char *name, const char *words)
{
    NskJson *error = nsk_json_object();
    g_autofree char *where = g_strconcat(pointer, "/", name, NULL);

    if (nsk_json_length(errors) < ERRORS_MAX) {
        nsk_json_set_text(error, "pointer", where);
        nsk_json_set_text(error, "detail", words);
        nsk_json_add(errors, error);
    } else {
        nsk_json_unref(error);
    }
}

static bool
is_of_type(const NskJson *value, NskApiType type)
{
    NskJsonType is = nsk_json_type(value);

    switch (type) {
    case NSK_API_TEXT:
        return is == NSK_JSON_TEXT;
    case NSK_API_NUMBER:
        return is == NSK_JSON_NUMBER;
    case NSK_API_BOOL:
        return is == NSK_JSON_BOOL;
    case NSK_API_TEXTS:
    case NSK_API_OBJECTS:
        break;
    }
    if (is != NSK_JSON_ARRAY)
        return false;
    for (size_t i = 0; i < nsk_json_length(value); i++) {
        if (nsk_json_type(nsk_json_at(value, i)) !=
            (type == NSK_API_TEXTS ? NSK_JSON_TEXT : NSK_JSON_OBJECT))
            return false;
    }
    return true;
}

static const NskApiMember *
find_member(const NskApiMember *members, const char *name)
{
    for (; members->name != NULL; members++) {
        if (strcmp(members->name, name) == 0)
            return members;
    }
    return NULL;
}

static void
check_members(const NskJson *object,
              const NskApiMember *members,
              const char *pointer,
              NskJson *errors)
{
    g_autoptr(GPtrArray) keys = nsk_json_keys(object);

    for (guint i = 0; i < keys->len; i++) {
        const char *name = g_ptr_array_index(keys, i);
        const NskApiMember *member = find_member(members, name);

        if (member == NULL)
            add_fault(errors, pointer, name, nsk_tr("there is no such member"));
        else if (!is_of_type(nsk_json_get(object, name), member->type))
            add_fault(errors, pointer, name, nsk_tr("this is of another type"));
    }
    for (; members->name != NULL; members++) {
        if (members->needed && nsk_json_get(object, members->name) == NULL)
            add_fault(errors, pointer, members->name, nsk_tr("this is missing"));
    }
}

bool
nsk_api_check(NskHttpVisit *visit,
              const NskJson *object,
              const NskApiMember *members,
              const char *pointer)
{
    NskJson *errors = nsk_json_array();

    check_members(object, members, pointer, errors);
    if (nsk_json_length(errors) == 0) {
        nsk_json_unref(errors);
        return true;
    }
    nsk_api_refuse(visit, 422, "members", nsk_tr("the body is not as this address takes it"),
                   errors);
    return false;
}

/* "application/json", with no character set but UTF-8. */
static bool
is_json(const char *type)
{
    static const char json[] = "application/json";

    if (type == NULL || g_ascii_strncasecmp(type, json, strlen(json)) != 0)
        return false;
    g_autofree char *rest = g_strstrip(g_strdup(type + strlen(json)));
    if (rest[0] == '\0')
        return true;
    g_autofree char *charset = nsk_http_header_param(type, "charset");
    return rest[0] == ';' && charset != NULL && g_ascii_strcasecmp(charset, "utf-8") == 0;
}

NskJson *
nsk_api_read(NskHttpVisit *visit, const NskApiMember *members)
{
    size_t size = 0;
    g_autoptr(GError) fault = NULL;
    GBytes *body = nsk_http_request_get_body(visit->request);
    const char *text = body != NULL ? g_bytes_get_data(body, &size) : "";

    if (!is_json(nsk_http_request_get_header(visit->request, "Content-Type"))) {
        nsk_api_refuse(visit, 415, "type", nsk_tr("this address takes application/json"), NULL);
        return NULL;
    }
    g_autoptr(NskJson) object = nsk_json_parse(text, size, &fault);
    if (object == NULL || nsk_json_type(object) != NSK_JSON_OBJECT) {
        nsk_api_refuse(visit, 400, "json",
                       fault != NULL ? fault->message : nsk_tr("the body is no JSON object"), NULL);
        return NULL;
    }
    return nsk_api_check(visit, object, members, "") && nsk_api_begin(visit)
               ? g_steal_pointer(&object)
               : NULL;
}

/* --- Idempotency-Key ------------------------------------------------------------------------- */

static bool
is_key(const char *key)
{
    size_t size = strlen(key);

    if (size == 0 || size > KEY_MAX)
        return false;
    for (; *key != '\0'; key++) {
        if (*key <= ' ' || *key > '~')
            return false;
    }
    return true;
}

/* What the key is good for: the digest of all that says what is to be done. */
static char *
digest_request(const NskHttpRequest *request)
{
    uint8_t digest[DIGEST_SIZE];
    size_t size = 0;
    GBytes *body = nsk_http_request_get_body(request);
    const NskHttpFile *file = nsk_http_request_get_file(request, "");
    const char *state = nsk_http_request_get_header(request, "If-Match");
    const void *data = body != NULL ? g_bytes_get_data(body, &size) : NULL;
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    gsize length = sizeof digest;

    g_checksum_update(sum, (const guchar *)nsk_http_request_get_method(request), -1);
    g_checksum_update(sum, (const guchar *)" ", 1);
    g_checksum_update(sum, (const guchar *)request->raw_target, -1);
    g_checksum_update(sum, (const guchar *)"\n", 1);
    g_checksum_update(sum, (const guchar *)(state != NULL ? state : ""), -1);
    g_checksum_update(sum, (const guchar *)"\n", 1);
    g_checksum_update(sum, (const guchar *)(file != NULL ? file->sha256 : ""), -1);
    if (size > 0)
        g_checksum_update(sum, data, (gssize)size);
    g_checksum_get_digest(sum, digest, &length);
    return nsk_hex(digest, sizeof digest);
}

/* The request id of that key of the visitor; owned. */
static char *
request_id(const NskHttpVisit *visit, const char *key)
{
    g_autofree char *text = g_strconcat(visit->visitor->person, "\n", key, NULL);
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);

    digest[ID_DIGITS] = '\0';
    return g_strconcat("api.", digest, NULL);
}

bool
nsk_api_begin(NskHttpVisit *visit)
{
    const char *key = nsk_http_request_get_header(visit->request, "Idempotency-Key");

    if (key == NULL)
        return true;
    if (!is_key(key)) {
        nsk_api_refuse(visit, 400, "idempotency-key",
                       nsk_tr("an Idempotency-Key is 1 to 255 visible characters"), NULL);
        return false;
    }
    g_autofree char *id = request_id(visit, key);
    g_autofree char *digest = digest_request(visit->request);
    nsk_office_add_to_request(visit->office, digest);
    return nsk_office_set_request(visit->office, id, NULL);
}

void
nsk_api_name_parts(const NskHttpVisit *visit, char **out_id, char **out_digest)
{
    const char *key = nsk_http_request_get_header(visit->request, "Idempotency-Key");

    *out_id = key != NULL ? request_id(visit, key) : NULL;
    *out_digest = key != NULL ? digest_request(visit->request) : NULL;
}

bool
nsk_api_wants_job(const NskHttpVisit *visit)
{
    const char *prefer = nsk_http_request_get_header(visit->request, "Prefer");
    g_auto(GStrv) words = prefer != NULL ? g_strsplit_set(prefer, ", ;", -1) : NULL;

    return words != NULL && g_strv_contains((const char *const *)words, "respond-async");
}

bool
nsk_api_is_repeated(NskHttpVisit *visit)
{
    const char *key = nsk_http_request_get_header(visit->request, "Idempotency-Key");
    g_autofree char *id = key != NULL ? request_id(visit, key) : NULL;

    return id != NULL && nsk_office_request_is_known(visit->office, id);
}

/* --- Queries and paths ----------------------------------------------------------------------- */

/* Of a list the members may be chosen (nsk_api_finish_page()). */
static bool
is_everywhere(const char *name, const char *const *names)
{
    return strcmp(name, "lang") == 0 ||
           (strcmp(name, FIELDS) == 0 && g_strv_contains(names, LIMIT));
}

bool
nsk_api_check_query(NskHttpVisit *visit, const char *const *names)
{
    const GArray *query = visit->request->target.query;

    for (guint i = 0; query != NULL && i < query->len; i++) {
        const char *name = g_array_index(query, NskHttpPair, i).name;

        if (is_everywhere(name, names) || g_strv_contains(names, name))
            continue;
        g_autofree char *words = g_strdup_printf(nsk_tr("there is no parameter '%s' here"), name);
        nsk_api_refuse(visit, 400, "query", words, NULL);
        return false;
    }
    return true;
}

bool
nsk_api_query_number(NskHttpVisit *visit, const char *name, int64_t most, int64_t *out)
{
    const char *text = nsk_http_request_get_query(visit->request, name);
    gint64 number = 0;

    if (text != NULL && !g_ascii_string_to_signed(text, 10, 1, most, &number, NULL)) {
        g_autofree char *words =
            g_strdup_printf(nsk_tr("'%s' is a number from 1 to %d"), name, (int)most);

        nsk_api_refuse(visit, 400, "query", words, NULL);
        return false;
    }
    *out = number;
    return true;
}

const char *
nsk_api_letter(NskHttpVisit *visit)
{
    const char *letter = nsk_http_request_get_piece(visit->request, "letter");

    if (nsk_id_is_valid(letter))
        return letter;
    refuse_unknown(visit);
    return NULL;
}

char *
nsk_api_task(NskHttpVisit *visit)
{
    const char *letter = nsk_api_letter(visit);

    return letter != NULL
               ? g_strconcat(letter, "/", nsk_http_request_get_piece(visit->request, "key"), NULL)
               : NULL;
}

/* The tag in quotes; NULL of a weak one, a list or anything else. */
static char *
read_tag(const char *text)
{
    size_t size = strlen(text);

    if (size < 3 || text[0] != '"' || text[size - 1] != '"' ||
        memchr(text + 1, '"', size - 2) != NULL)
        return NULL;
    char *tag = g_strndup(text + 1, size - 2);
    if (g_str_has_suffix(tag, "-gz"))
        tag[strlen(tag) - 3] = '\0';
    return tag;
}

char *
nsk_api_if_match(NskHttpVisit *visit)
{
    const char *text = nsk_http_request_get_header(visit->request, "If-Match");

    if (text == NULL || strcmp(text, "*") == 0) {
        nsk_api_refuse(visit, 428, "if-match",
                       nsk_tr("say by If-Match which state you saw: its ETag"), NULL);
        return NULL;
    }
    char *tag = read_tag(text);
    if (tag == NULL)
        nsk_api_refuse(visit, 400, "if-match", nsk_tr("If-Match takes one strong ETag, in quotes"),
                       NULL);
    return tag;
}

const char **
nsk_api_texts(const NskJson *array)
{
    size_t n = nsk_json_length(array);
    const char **texts = n > 0 ? g_new0(const char *, n + 1) : NULL;

    for (size_t i = 0; i < n; i++)
        texts[i] = nsk_json_text_at(array, i);
    return texts;
}

char *
nsk_api_words(const NskJson *array)
{
    g_autofree const char **texts = nsk_api_texts(array);

    return texts != NULL ? g_strjoinv(" ", (char **)(uintptr_t)texts) : NULL;
}

/* --- Answering ------------------------------------------------------------------------------- */

char *
nsk_api_etag(const NskJson *shown)
{
    g_autofree char *text = nsk_json_canonical(shown);
    char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);

    digest[ETAG_HEX] = '\0';
    return digest;
}

/* Whether the request's Idempotency-Key was of another request. */
static bool
is_key_of_other(NskHttpVisit *visit)
{
    const char *key = nsk_http_request_get_header(visit->request, "Idempotency-Key");
    g_autofree char *id = key != NULL ? request_id(visit, key) : NULL;

    return id != NULL && nsk_office_request_is_other(visit->office, id);
}

/* What the API says otherwise than the server; true: it is said, and the error is gone. */
static bool
refuse_fault(NskHttpVisit *visit, GError **error)
{
    if (g_error_matches(*error, NSK_ERROR, NSK_ERROR_CONFLICT) && is_key_of_other(visit)) {
        nsk_api_refuse(visit, 422, "idempotency-key",
                       nsk_tr("this Idempotency-Key was used for another request; take a new one"),
                       NULL);
    } else if (g_error_matches(*error, NSK_ERROR, NSK_ERROR_INVALID)) {
        nsk_api_refuse(visit, 422, "invalid", (*error)->message, NULL);
    } else {
        return false;
    }
    g_clear_error(error);
    return true;
}

bool
nsk_api_finish(NskHttpVisit *visit, bool ok, NskJson *result, GError **error)
{
    if (ok)
        nsk_http_response_set_json(visit->response, result);
    return ok || refuse_fault(visit, error);
}

bool
nsk_api_finish_made(NskHttpVisit *visit, bool ok, NskJson *result, const char *base, GError **error)
{
    g_autofree char *path =
        ok ? g_strconcat(base, nsk_json_get_text(result, "letter"), NULL) : NULL;

    if (ok) {
        nsk_http_response_set_status(visit->response, 201);
        nsk_http_response_add_header(visit->response, "Location", path);
    }
    return nsk_api_finish(visit, ok, result, error);
}

/* The request's own address, but that it goes on after @next. */
static char *
next_address(const NskHttpRequest *request, const char *next)
{
    const GArray *query = request->target.query;
    g_autofree char *after = g_uri_escape_string(next, NULL, FALSE);
    GString *address = g_string_new(nsk_http_request_get_path(request));

    g_string_append_printf(address, "?after=%s", after);
    for (guint i = 0; query != NULL && i < query->len; i++) {
        const NskHttpPair *pair = &g_array_index(query, NskHttpPair, i);
        g_autofree char *value = g_uri_escape_string(pair->value, NULL, FALSE);

        if (strcmp(pair->name, "after") != 0)
            g_string_append_printf(address, "&%s=%s", pair->name, value);
    }
    return g_string_free(address, FALSE);
}

/* The object's members of those names. */
static NskJson *
choose_members(const NskJson *object, const char *const *names)
{
    NskJson *chosen = nsk_json_object();

    for (; *names != NULL; names++) {
        NskJson *value = nsk_json_get(object, *names);

        if (value != NULL)
            nsk_json_set(chosen, *names, nsk_json_ref(value));
    }
    return chosen;
}

/* Leaves of each thing in the result's lists what the query's "fields" name. */
static void
choose_fields(const NskHttpVisit *visit, NskJson *result)
{
    const char *fields = nsk_http_request_get_query(visit->request, FIELDS);
    g_auto(GStrv) names = g_strsplit(fields != NULL ? fields : "", ",", -1);
    g_autoptr(GPtrArray) keys = nsk_json_keys(result);

    for (guint i = 0; fields != NULL && i < keys->len; i++) {
        const char *key = g_ptr_array_index(keys, i);
        const NskJson *list = nsk_json_get(result, key);
        NskJson *chosen = nsk_json_array();

        if (nsk_json_type(list) != NSK_JSON_ARRAY) {
            nsk_json_unref(chosen);
            continue;
        }
        for (size_t k = 0; k < nsk_json_length(list); k++)
            nsk_json_add(chosen, choose_members(nsk_json_at(list, k), (const char *const *)names));
        nsk_json_set(result, key, chosen);
    }
}

bool
nsk_api_finish_page(NskHttpVisit *visit, bool ok, NskJson *result, GError **error)
{
    const char *next = ok ? nsk_json_get_text(result, "next") : NULL;

    if (ok)
        choose_fields(visit, result);
    if (next != NULL) {
        g_autofree char *address = next_address(visit->request, next);
        g_autofree char *link = g_strconcat("<", address, ">; rel=\"next\"", NULL);

        nsk_http_response_add_header(visit->response, "Link", link);
    }
    return nsk_api_finish(visit, ok, result, error);
}

bool
nsk_api_finish_bytes(NskHttpVisit *visit, bool ok, const char *type, GBytes *bytes, GError **error)
{
    if (!ok)
        return refuse_fault(visit, error);
    nsk_http_response_set_bytes(visit->response, type, bytes);
    g_bytes_unref(bytes);
    return true;
}
