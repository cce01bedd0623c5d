/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files that come in pieces (office/upload.h), after the core of tus 1.0.0 <https://tus.io>.
 *
 *     POST   /api/v1/uploads             {"name", "size", "sha256"}: 201 with the address
 *     HEAD   /api/v1/uploads/{upload}    Upload-Offset: how much is here for good
 *     PATCH  /api/v1/uploads/{upload}    a piece at Upload-Offset: 204, or 409 with the right one
 *     DELETE /api/v1/uploads/{upload}
 *
 * Any program that may write letters or register what came in may upload.  Pages send by the same
 * addresses, with the session's cookie and X-CSRF-Token.
 */
#include "base/message.h"
#include "http/api-private.h"
#include "office/upload.h"

#include <string.h>

#define PATH  "/api/v1/uploads"
#define PIECE "application/offset+octet-stream"

/* The scopes of which one is enough. */
static bool
may_upload(NskHttpVisit *visit)
{
    const char *const *scopes = visit->visitor->scopes;

    if (scopes == NULL || g_strv_contains(scopes, "letters:write") ||
        g_strv_contains(scopes, "incoming:write"))
        return true;
    nsk_api_refuse(visit, 403, "scope",
                   nsk_tr("this token is not for letters:write or incoming:write, which an upload "
                          "needs"),
                   NULL);
    return false;
}

static void
add_headers(NskHttpVisit *visit, const NskJson *upload)
{
    g_autofree char *offset =
        g_strdup_printf("%" G_GINT64_FORMAT, nsk_json_get_int(upload, "offset", 0));
    g_autofree char *size =
        g_strdup_printf("%" G_GINT64_FORMAT, nsk_json_get_int(upload, "size", 0));

    nsk_http_response_add_header(visit->response, "Tus-Resumable", "1.0.0");
    nsk_http_response_add_header(visit->response, "Upload-Offset", offset);
    nsk_http_response_add_header(visit->response, "Upload-Length", size);
}

static bool
list(NskHttpVisit *visit, GError **error)
{
    NskJson *result = NULL;

    if (!may_upload(visit))
        return true;
    bool ok = nsk_office_upload_list(visit->office, &result, error);
    return nsk_api_finish(visit, ok, result, error);
}

static bool
make(NskHttpVisit *visit, GError **error)
{
    static const NskApiMember members[] = { { "name", NSK_API_TEXT, true },
                                            { "size", NSK_API_NUMBER, true },
                                            { "sha256", NSK_API_TEXT, false },
                                            { NULL, NSK_API_TEXT, false } };
    NskJson *result = NULL;
    g_autoptr(NskJson) body = nsk_api_read(visit, members);

    if (body == NULL || !may_upload(visit))
        return true;
    const NskUploadWish wish = { nsk_json_get_text(body, "name"), nsk_json_get_int(body, "size", 0),
                                 nsk_json_get_text(body, "sha256") };
    if (nsk_office_upload_make(visit->office, &wish, &result, error)) {
        g_autofree char *path = g_strconcat(PATH "/", nsk_json_get_text(result, "upload"), NULL);

        nsk_http_response_set_status(visit->response, 201);
        nsk_http_response_add_header(visit->response, "Location", path);
        add_headers(visit, result);
    }
    return nsk_api_finish(visit, result != NULL, result, error);
}

static bool
show(NskHttpVisit *visit, GError **error)
{
    NskJson *result = NULL;
    const char *id = nsk_http_request_get_piece(visit->request, "upload");

    if (!may_upload(visit))
        return true;
    bool ok = nsk_office_upload_show(visit->office, id, &result, error);
    if (ok)
        add_headers(visit, result);
    return nsk_api_finish(visit, ok, result, error);
}

/* Where the piece begins; false: the response is a problem. */
static bool
read_offset(NskHttpVisit *visit, int64_t *out_offset)
{
    gint64 offset = 0;
    const char *type = nsk_http_request_get_header(visit->request, "Content-Type");
    const char *text = nsk_http_request_get_header(visit->request, "Upload-Offset");

    if (g_strcmp0(type, PIECE) != 0) {
        nsk_api_refuse(visit, 415, "type",
                       nsk_tr("a piece of a file is application/offset+octet-stream"), NULL);
        return false;
    }
    if (text == NULL || !g_ascii_string_to_signed(text, 10, 0, NSK_UPLOAD_SIZE, &offset, NULL)) {
        nsk_api_refuse(visit, 400, "upload-offset",
                       nsk_tr("say by Upload-Offset where the piece begins: a number of bytes"),
                       NULL);
        return false;
    }
    *out_offset = offset;
    return true;
}

/* The sender lost count: told with the right offset. */
static bool
refuse_offset(NskHttpVisit *visit, const char *id, GError **error)
{
    g_autoptr(NskJson) upload = NULL;

    if (!g_error_matches(*error, NSK_ERROR, NSK_ERROR_CONFLICT) ||
        !nsk_office_upload_show(visit->office, id, &upload, NULL))
        return false;
    nsk_api_refuse(visit, 409, "conflict", (*error)->message, NULL);
    add_headers(visit, upload);
    g_clear_error(error);
    return true;
}

static bool
add(NskHttpVisit *visit, GError **error)
{
    NskUploadPiece piece = { .upload = nsk_http_request_get_piece(visit->request, "upload"),
                             .fd = -1 };
    const NskHttpFile *file = nsk_http_request_get_file(visit->request, "");
    g_autoptr(NskJson) upload = NULL;

    if (!may_upload(visit) || !read_offset(visit, &piece.offset))
        return true;
    if (file != NULL) {
        piece.fd = file->fd;
        piece.size = (int64_t)file->size;
    }
    if (!nsk_office_upload_add(visit->office, &piece, &upload, error))
        return refuse_offset(visit, piece.upload, error);
    nsk_http_response_set_status(visit->response, 204);
    add_headers(visit, upload);
    return true;
}

static bool
drop(NskHttpVisit *visit, GError **error)
{
    if (!may_upload(visit))
        return true;
    if (!nsk_office_upload_drop(visit->office, nsk_http_request_get_piece(visit->request, "upload"),
                                error))
        return false;
    nsk_http_response_set_status(visit->response, 204);
    return true;
}

/* clang-format off */
const NskHttpRoute nsk_http_routes_api_uploads[] = {
    { .method = "GET", .pattern = PATH, .visit = list, .scope = "" },
    { .method = "POST", .pattern = PATH, .visit = make, .scope = "",
      .body = NSK_HTTP_BODY_MEMORY },
    { .method = "GET", .pattern = PATH "/{upload}", .visit = show, .scope = "" },
    { .method = "PATCH", .pattern = PATH "/{upload}", .visit = add, .scope = "",
      .body = NSK_HTTP_BODY_FILE, .body_limit = NSK_UPLOAD_PIECE },
    { .method = "DELETE", .pattern = PATH "/{upload}", .visit = drop, .scope = "" },
    { .method = NULL },
};
/* clang-format on */
