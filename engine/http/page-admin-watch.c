/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What who looks after the office watches.
 *
 *     /kelola/nomor                 registers and where they stand
 *     /kelola/kunci                 signers and certificates; POST asks each whether it could sign
 *     /kelola/kesehatan             disk, backup, mail; ?periksa=1 what the doctor finds
 *     /kelola/riwayat?orang=&surat=&dari=&sampai=&setelah=    the newest changes
 *     /kelola/riwayat.csv           the same as a table
 */
#include "base/message.h"
#include "http/admin-private.h"
#include "office/admin.h"

#include <string.h>
#include <sys/statvfs.h>

#define GIB ((uint64_t)1 << 30)

static bool
show_numbers(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) view = NULL;

    return nsk_office_registers(visit->office, &view, error) &&
           nsk_http_visit_show(visit, "admin-numbers", view, error);
}

/* --- Keys ------------------------------------------------------------------------------------ */

/* Settings name files and addresses: what is told of a signer is its kind. */
static bool
show_keys_with(NskHttpVisit *visit, NskJson *view, GError **error)
{
    g_autoptr(NskJson) signers = NULL;
    g_autoptr(NskJson) certificates = NULL;

    if (!nsk_office_signer_list(visit->office, &signers, error) ||
        !nsk_office_certificate_status(visit->office, &certificates, error))
        return false;
    NskJson *list = nsk_json_get(signers, "signers");
    for (size_t i = 0; i < nsk_json_length(list); i++)
        nsk_json_set(nsk_json_at(list, i), "settings", nsk_json_object());
    nsk_json_set(view, "signers", nsk_json_ref(list));
    nsk_json_set(view, "certificates", nsk_json_ref(nsk_json_get(certificates, "certificates")));
    return nsk_http_visit_show(visit, "admin-keys", view, error);
}

static bool
show_keys(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();

    return show_keys_with(visit, view, error);
}

static bool
try_keys(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();
    g_autoptr(NskJson) result = NULL;

    if (!nsk_office_signer_check(visit->office, NULL, &result, error))
        return false;
    nsk_json_set(view, "keys", nsk_json_ref(nsk_json_get(result, "keys")));
    nsk_json_set_bool(view, "tried", true);
    return show_keys_with(visit, view, error);
}

/* --- Health ---------------------------------------------------------------------------------- */

static void
add_disk(const NskHttpVisit *visit, NskJson *view)
{
    struct statvfs disk;
    NskJson *row = nsk_json_object();

    if (statvfs(visit->site->dir, &disk) == 0 && disk.f_blocks > 0) {
        uint64_t left = (uint64_t)disk.f_bavail * disk.f_frsize;

        nsk_json_set_int(row, "left_gib", (int64_t)(left / GIB));
        nsk_json_set_int(row, "left_percent", (int64_t)(disk.f_bavail * 100 / disk.f_blocks));
    }
    nsk_json_set(view, "disk", row);
}

/* The doctor's findings: first what is wrong, then what weakens. */
static bool
add_findings(NskHttpVisit *visit, NskJson *view, GError **error)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskJson) result = NULL;
    NskJson *lists[] = { nsk_json_array(), nsk_json_array() };

    nsk_json_set(view, "errors", lists[0]);
    nsk_json_set(view, "warnings", lists[1]);
    if (!nsk_office_doctor(visit->office, issues, &result, error))
        return false;
    for (guint i = 0; i < issues->len; i++) {
        const NskIssue *issue = g_ptr_array_index(issues, i);

        nsk_json_add_text(lists[issue->severity == NSK_SEVERITY_ERROR ? 0 : 1], issue->text);
    }
    nsk_json_set(view, "doctor", g_steal_pointer(&result));
    return true;
}

static bool
show_health(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) view = NULL;
    g_autoptr(NskJson) mail = NULL;
    bool looks = g_strcmp0(nsk_http_request_get_query(visit->request, "periksa"), "1") == 0;

    if (!nsk_office_last_backup(visit->office, &view, error) ||
        !nsk_office_mail_status(visit->office, &mail, error) ||
        (looks && !add_findings(visit, view, error)))
        return false;
    add_disk(visit, view);
    nsk_json_set(view, "mail", g_steal_pointer(&mail));
    nsk_json_set_bool(view, "looked", looks);
    return nsk_http_visit_show(visit, "admin-health", view, error);
}

/* --- History --------------------------------------------------------------------------------- */

static const char *
get_query(const NskHttpVisit *visit, const char *name)
{
    const char *text = nsk_http_request_get_query(visit->request, name);

    return text != NULL && text[strspn(text, " ")] != '\0' ? text : NULL;
}

static NskAuditAsk
read_ask(const NskHttpVisit *visit, bool whole)
{
    return (NskAuditAsk){ .person = get_query(visit, "orang"),
                          .letter = get_query(visit, "surat"),
                          .from = get_query(visit, "dari"),
                          .until = get_query(visit, "sampai"),
                          .after = whole ? NULL : get_query(visit, "setelah"),
                          .whole = whole };
}

/* The filters as a part of an address. */
static char *
write_query(const NskHttpVisit *visit)
{
    static const char *const names[] = { "orang", "surat", "dari", "sampai" };
    GString *text = g_string_new("");

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        const char *value = get_query(visit, names[i]);
        g_autofree char *escaped = value != NULL ? g_uri_escape_string(value, NULL, FALSE) : NULL;

        if (escaped != NULL)
            g_string_append_printf(text, "%s=%s&", names[i], escaped);
    }
    return g_string_free(text, FALSE);
}

static bool
show_audit(NskHttpVisit *visit, GError **error)
{
    const NskAuditAsk ask = read_ask(visit, false);
    g_autofree char *query = write_query(visit);
    g_autoptr(NskJson) view = NULL;
    g_autoptr(GError) fault = NULL;

    if (!nsk_office_audit(visit->office, &ask, &view, &fault)) {
        if (!g_error_matches(fault, NSK_ERROR, NSK_ERROR_INVALID)) {
            g_propagate_error(error, g_steal_pointer(&fault));
            return false;
        }
        view = nsk_json_object();
        nsk_http_add_fault(view, NULL, fault->message);
        nsk_http_response_set_status(visit->response, 422);
    }
    nsk_json_set_text(view, "query", query);
    nsk_json_set_text(view, "orang", ask.person);
    nsk_json_set_text(view, "surat", ask.letter);
    nsk_json_set_text(view, "dari", ask.from);
    nsk_json_set_text(view, "sampai", ask.until);
    return nsk_http_visit_show(visit, "admin-audit", view, error);
}

/* A field of a table; one that a table calculator could take for a formula is marked as text. */
static void
add_field(GString *out, const char *text, char end)
{
    g_string_append_c(out, '"');
    if (text != NULL && text[0] != '\0' && strchr("=+-@\t", text[0]) != NULL)
        g_string_append_c(out, '\'');
    for (const char *c = text != NULL ? text : ""; *c != '\0'; c++) {
        if (*c == '"')
            g_string_append_c(out, '"');
        g_string_append_c(out, *c);
    }
    g_string_append_c(out, '"');
    g_string_append_c(out, end);
}

static bool
send_audit(NskHttpVisit *visit, GError **error)
{
    const NskAuditAsk ask = read_ask(visit, true);
    g_autoptr(NskJson) result = NULL;
    g_autoptr(GString) out = g_string_new("at,history,seq,actor,name,position,action\r\n");

    if (!nsk_office_audit(visit->office, &ask, &result, error))
        return false;
    const NskJson *entries = nsk_json_get(result, "entries");
    for (size_t i = 0; i < nsk_json_length(entries); i++) {
        const NskJson *row = nsk_json_at(entries, i);

        add_field(out, nsk_json_get_text(row, "at"), ',');
        add_field(out, nsk_json_get_text(row, "history"), ',');
        g_string_append_printf(out, "%d,", (int)nsk_json_get_int(row, "seq", 0));
        add_field(out, nsk_json_get_text(row, "actor"), ',');
        add_field(out, nsk_json_get_text(row, "name"), ',');
        add_field(out, nsk_json_get_text(row, "position"), ',');
        add_field(out, nsk_json_get_text(row, "action"), '\r');
        g_string_append_c(out, '\n');
    }
    nsk_http_response_set_text(visit->response, "text/csv; charset=utf-8", out->str);
    nsk_http_response_add_header(visit->response, "Content-Disposition",
                                 "attachment; filename=\"riwayat.csv\"");
    return true;
}

#define ADMIN NSK_HTTP_ADMIN_PATH

const NskHttpRoute nsk_http_routes_admin_watch[] = {
    { .method = "GET", .pattern = ADMIN "/nomor", .visit = show_numbers, .is_page = true },
    { .method = "GET", .pattern = ADMIN "/kunci", .visit = show_keys, .is_page = true },
    { .method = "POST",
      .pattern = ADMIN "/kunci",
      .visit = try_keys,
      .place = NSK_HTTP_HEAVY,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = "GET",
      .pattern = ADMIN "/kesehatan",
      .visit = show_health,
      .place = NSK_HTTP_HEAVY,
      .is_page = true },
    { .method = "GET", .pattern = ADMIN "/riwayat", .visit = show_audit, .is_page = true },
    { .method = "GET", .pattern = ADMIN "/riwayat.csv", .visit = send_audit, .is_page = true },
    { .method = NULL },
};
