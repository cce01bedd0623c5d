/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Taking in an older archive, for TU of a unit.
 *
 *     /arsip/impor                     what lies ready, and what was begun
 *     /arsip/impor (POST)              begins: tabel (UNIT/ARCHIVE/TABLE), sistem, cara (lihat:
 *                                      take in nothing)
 *     /arsip/impor/{id}                how far it has come, then what was refused
 *     /arsip/impor/{id}/ditolak.csv    all that was refused
 */
#include "base/message.h"
#include "http/imports.h"

#include <string.h>

#define PATH        "/arsip/impor"
#define MOST_FAULTS 200 /* shown on the page; the table has all */

static const char *
get_field(const NskHttpVisit *visit, const char *name)
{
    const char *value = nsk_http_request_get_field(visit->request, name);

    return value != NULL && value[strspn(value, " ")] != '\0' ? value : NULL;
}

static bool
show_with(NskHttpVisit *visit, const GError *fault, GError **error)
{
    g_autoptr(NskJson) view = NULL;

    if (!nsk_office_import_ready(visit->office, &view, error))
        return false;
    nsk_json_set(view, "imports", nsk_http_imports_of(visit));
    nsk_json_set_text(view, "system", get_field(visit, "sistem"));
    nsk_json_set_text(view, "chosen", get_field(visit, "tabel"));
    if (fault != NULL) {
        nsk_http_add_fault(view, NULL, fault->message);
        nsk_http_response_set_status(visit->response, 422);
    }
    return nsk_http_visit_show(visit, "import", view, error);
}

static bool
show(NskHttpVisit *visit, GError **error)
{
    return show_with(visit, NULL, error);
}

/* --- Beginning ------------------------------------------------------------------------------- */

static bool
begin_chosen(NskHttpVisit *visit, NskJson **out_told, GError **error)
{
    const char *chosen = get_field(visit, "tabel");
    g_auto(GStrv) parts = g_strsplit(chosen != NULL ? chosen : "", "/", -1);

    if (g_strv_length(parts) != 3) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("choose the table that is to be taken in"));
        return false;
    }
    const NskHttpImportWish wish = {
        .place = { .unit = parts[0], .name = parts[1], .table = parts[2] },
        .system = get_field(visit, "sistem"),
        .dry_run = g_strcmp0(get_field(visit, "cara"), "lihat") == 0,
    };
    return nsk_http_imports_begin(visit, &wish, out_told, error);
}

static bool
begin(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) told = NULL;
    g_autoptr(GError) fault = NULL;

    if (begin_chosen(visit, &told, &fault)) {
        g_autofree char *address = g_strconcat(PATH "/", nsk_json_get_text(told, "import"), NULL);

        nsk_http_response_redirect(visit->response, address);
        return true;
    }
    if (nsk_http_can_mend(fault) || g_error_matches(fault, NSK_ERROR, NSK_ERROR_CONFLICT))
        return show_with(visit, fault, error);
    g_propagate_error(error, g_steal_pointer(&fault));
    return false;
}

/* --- One of them ----------------------------------------------------------------------------- */

static NskJson *
find(NskHttpVisit *visit, GError **error)
{
    return nsk_http_imports_tell(visit, nsk_http_request_get_piece(visit->request, "id"), error);
}

/* The counts and the first refusals of its result, in place of all. */
static void
tell_result(NskJson *run)
{
    static const char *const counts[] = { "rows", "imported", "there", "refused" };
    NskJson *shown = nsk_json_array();
    const NskJson *result = nsk_json_get(run, "result");
    const NskJson *faults = nsk_json_get(result, "faults");
    size_t n = nsk_json_length(faults);

    for (size_t i = 0; result != NULL && i < G_N_ELEMENTS(counts); i++)
        nsk_json_set_int(run, counts[i], nsk_json_get_int(result, counts[i], 0));
    for (size_t i = 0; i < n && i < MOST_FAULTS; i++)
        nsk_json_add(shown, nsk_json_ref(nsk_json_at(faults, i)));
    nsk_json_set(run, "refusals", shown);
    nsk_json_set_int(run, "more", n > MOST_FAULTS ? (int64_t)(n - MOST_FAULTS) : 0);
    nsk_json_set(run, "result", nsk_json_object());
}

static bool
show_one(NskHttpVisit *visit, GError **error)
{
    NskJson *run = find(visit, error);
    g_autoptr(NskJson) view = nsk_json_object();

    if (run == NULL)
        return false;
    tell_result(run);
    nsk_json_set(view, "run", run);
    return nsk_http_visit_show(visit, "import-one", view, error);
}

static bool
send_report(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) told = find(visit, error);

    if (told == NULL)
        return false;
    g_autoptr(GBytes) bytes = nsk_office_import_report(nsk_json_get(told, "result"));
    nsk_http_response_set_bytes(visit->response, "text/csv; charset=utf-8", bytes);
    nsk_http_response_add_header(visit->response, "Content-Disposition",
                                 "attachment; filename=\"ditolak.csv\"");
    return true;
}

/* clang-format off */
const NskHttpRoute nsk_http_routes_import[] = {
    { .method = "GET", .pattern = PATH, .visit = show, .is_page = true },
    { .method = "POST", .pattern = PATH, .visit = begin, .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = "GET", .pattern = PATH "/{id}", .visit = show_one, .is_page = true },
    { .method = "GET", .pattern = PATH "/{id}/ditolak.csv", .visit = send_report,
      .is_page = true },
    { .method = NULL },
};
/* clang-format on */
