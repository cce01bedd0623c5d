/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The files attached to a letter.
 *
 *     /surat/{letter}/lampiran               which there are; POST attaches what was chosen
 *     /surat/{letter}/lampiran/{name}        one of them
 *     /surat/{letter}/lampiran-lepas (POST)  takes one out of a draft
 *
 * A file comes with the form, or came before it in pieces (api-uploads.c): then the form has its
 * upload's id instead, in a field of the same name with "-unggahan" behind.
 */
#include "base/message.h"
#include "http/site-private.h"
#include "office/upload.h"

#include <string.h>

#define LETTER     "/surat/{letter}/lampiran"
#define FIELD      "berkas"
#define MOST_FILES 10
#define MOST_BODY  ((uint64_t)201 * 1024 * 1024)

/* --- What was chosen ------------------------------------------------------------------------- */

static void
chosen_free(NskHttpChosen *self)
{
    g_free(self->path);
    g_free(self->name);
    nsk_uploaded_free(self->uploaded);
    g_free(self);
}

static void
add_sent(const NskHttpRequest *request, const char *field, GPtrArray *chosen)
{
    const NskHttpFile *file;

    for (size_t i = 0; (file = nsk_http_request_get_file_at(request, i)) != NULL; i++) {
        if (file->size == 0 || g_strcmp0(file->field, field) != 0)
            continue;
        NskHttpChosen *one = g_new0(NskHttpChosen, 1);
        one->path = g_strdup_printf("/proc/self/fd/%d", file->fd);
        one->name = g_strdup(file->name != NULL ? file->name : field);
        one->fd = file->fd;
        one->size = file->size;
        g_ptr_array_add(chosen, one);
    }
}

GPtrArray *
nsk_http_chosen(NskHttpVisit *visit, const char *field, GError **error)
{
    const char *id;
    g_autofree char *uploads = g_strconcat(field, "-unggahan", NULL);
    g_autoptr(GPtrArray) chosen = g_ptr_array_new_with_free_func((GDestroyNotify)chosen_free);

    add_sent(visit->request, field, chosen);
    for (size_t i = 0; (id = nsk_http_request_get_field_at(visit->request, uploads, i)) != NULL;
         i++) {
        NskUploaded *uploaded = NULL;

        if (id[0] == '\0')
            continue;
        if (!nsk_office_upload_open(visit->office, id, &uploaded, error))
            return NULL;
        NskHttpChosen *one = g_new0(NskHttpChosen, 1);
        one->path = g_strdup(uploaded->path);
        one->name = g_strdup(uploaded->name);
        one->fd = uploaded->fd;
        one->size = (uint64_t)uploaded->size;
        one->uploaded = uploaded;
        g_ptr_array_add(chosen, one);
    }
    return g_steal_pointer(&chosen);
}

void
nsk_http_chosen_use(NskHttpVisit *visit, const GPtrArray *chosen)
{
    for (guint i = 0; i < chosen->len; i++) {
        const NskHttpChosen *one = g_ptr_array_index(chosen, i);

        if (one->uploaded != NULL)
            nsk_office_upload_use(visit->office, one->uploaded);
    }
}

bool
nsk_http_can_mend(const GError *fault)
{
    static const int codes[] = { NSK_ERROR_INVALID, NSK_ERROR_LIMIT, NSK_ERROR_UNSUPPORTED,
                                 NSK_ERROR_UNTRUSTED, NSK_ERROR_NOT_FOUND };

    for (size_t i = 0; i < G_N_ELEMENTS(codes); i++) {
        if (g_error_matches(fault, NSK_ERROR, codes[i]))
            return true;
    }
    return false;
}

/* --- The page -------------------------------------------------------------------------------- */

static const char *
named(const NskHttpVisit *visit)
{
    return nsk_http_request_get_piece(visit->request, "letter");
}

void
nsk_http_add_attachments(NskHttpVisit *visit, const char *letter, NskJson *view)
{
    g_autoptr(NskJson) result = NULL;

    if (!nsk_office_letter_attachments(visit->office, letter, &result, NULL))
        return;
    NskJson *list = nsk_json_get(result, "attachments");
    for (size_t i = 0; i < nsk_json_length(list); i++) {
        NskJson *row = nsk_json_at(list, i);
        const char *name = nsk_json_get_text(row, "name");
        g_autofree char *coded = g_uri_escape_string(name, NULL, FALSE);
        g_autofree char *href = g_strconcat("/surat/", letter, "/lampiran/", coded, NULL);

        nsk_json_set_text(row, "href", href);
    }
    nsk_json_set(view, "attachments", nsk_json_ref(list));
}

/* Whether the letter is with its drafter. */
static bool
is_draft(const NskJson *letter)
{
    const NskJson *tasks = nsk_json_get(letter, "tasks");

    for (size_t i = 0; i < nsk_json_length(tasks); i++) {
        if (strcmp(nsk_http_task_nature(nsk_json_at(tasks, i)), "konsep") == 0)
            return true;
    }
    return false;
}

static bool
show_with(NskHttpVisit *visit, const char *fault, GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();
    g_autoptr(NskJson) letter = NULL;

    if (!nsk_office_letter_show(visit->office, named(visit), &letter, error))
        return false;
    nsk_json_set_text(view, "letter", named(visit));
    nsk_json_set_text(view, "subject", nsk_json_get_text(letter, "subject"));
    nsk_json_set_bool(view, "may", is_draft(letter));
    nsk_http_add_attachments(visit, named(visit), view);
    if (fault == NULL) {
        nsk_http_tell_done(visit, view);
    } else {
        nsk_http_add_fault(view, FIELD, fault);
        nsk_http_response_set_status(visit->response, 422);
    }
    return nsk_http_visit_show(visit, "attachments", view, error);
}

static bool
show(NskHttpVisit *visit, GError **error)
{
    return show_with(visit, NULL, error);
}

/* The page with what is wrong, or the error itself if a person cannot mend it there. */
static bool
refuse(NskHttpVisit *visit, GError *fault, GError **error)
{
    g_autoptr(GError) taken = fault;

    if (nsk_http_can_mend(taken))
        return show_with(visit, taken->message, error);
    g_propagate_error(error, g_steal_pointer(&taken));
    return false;
}

static bool
go_back(NskHttpVisit *visit, const char *code)
{
    g_autofree char *path = g_strconcat("/surat/", named(visit), "/lampiran?pesan=", code, NULL);

    nsk_http_response_redirect(visit->response, path);
    return true;
}

static bool
attach_one(NskHttpVisit *visit, const NskHttpChosen *chosen, const char *title, GError **error)
{
    g_autoptr(NskJson) result = NULL;
    const NskAttachFile attach = { .letter = named(visit),
                                   .path = chosen->path,
                                   .called = chosen->name,
                                   .title = title != NULL ? title : chosen->name };

    return nsk_office_letter_attach(visit->office, &attach, &result, error);
}

static bool
add(NskHttpVisit *visit, GError **error)
{
    GError *fault = NULL;
    const char *title = nsk_http_request_get_field(visit->request, "judul");
    g_autoptr(GPtrArray) chosen = nsk_http_chosen(visit, FIELD, &fault);

    if (chosen == NULL)
        return refuse(visit, fault, error);
    if (chosen->len == 0)
        return show_with(visit, nsk_tr("choose the file that is to go with the letter"), error);
    if (chosen->len > MOST_FILES)
        return show_with(visit, nsk_tr("choose at most 10 files at once"), error);
    if (title != NULL && (title[strspn(title, " \t\r\n")] == '\0' || chosen->len > 1))
        title = NULL;
    for (guint i = 0; i < chosen->len; i++) {
        if (!attach_one(visit, g_ptr_array_index(chosen, i), title, &fault))
            return refuse(visit, fault, error);
    }
    nsk_http_chosen_use(visit, chosen);
    return go_back(visit, "lampir");
}

static bool
take_out(NskHttpVisit *visit, GError **error)
{
    GError *fault = NULL;
    g_autoptr(NskJson) result = NULL;
    const char *name = nsk_http_request_get_field(visit->request, "nama");

    if (name == NULL ||
        !nsk_office_letter_detach(visit->office, named(visit), name, &result, &fault))
        return fault != NULL ? refuse(visit, fault, error) : show(visit, error);
    return go_back(visit, "lepas");
}

static bool
send_file(NskHttpVisit *visit, GError **error)
{
    const NskExport what = { .form = NSK_EXPORT_ATTACHMENT,
                             .name = nsk_http_request_get_piece(visit->request, "name") };
    g_autoptr(GBytes) bytes = NULL;

    if (!nsk_office_letter_export(visit->office, named(visit), &what, &bytes, error))
        return false;
    /* saved, and never shown as a page of this server */
    g_autofree char *coded = g_uri_escape_string(what.name, NULL, FALSE);
    g_autofree char *value = g_strconcat("attachment; filename*=UTF-8''", coded, NULL);
    nsk_http_response_set_bytes(visit->response, "application/octet-stream", bytes);
    nsk_http_response_add_header(visit->response, "Content-Disposition", value);
    nsk_http_response_set_policy(visit->response,
                                 "default-src 'none'; frame-ancestors 'none'; sandbox");
    return true;
}

const NskHttpRoute nsk_http_routes_files[] = {
    { .method = "GET", .pattern = LETTER, .visit = show, .is_page = true },
    { .method = "POST",
      .pattern = LETTER,
      .visit = add,
      .place = NSK_HTTP_HEAVY,
      .body = NSK_HTTP_BODY_FORM,
      .body_limit = MOST_BODY,
      .is_page = true },
    { .method = "GET", .pattern = LETTER "/{name}", .visit = send_file, .is_page = true },
    { .method = "POST",
      .pattern = LETTER "-lepas",
      .visit = take_out,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = NULL },
};
