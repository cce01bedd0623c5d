/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rules of the agency: profiles, kinds of letters (templates), workflows, calendars.
 *
 *     /kelola/aturan/{type}                         versions, and how many letters use each
 *     /kelola/aturan/{type}/pasang                  a page of its own to check a file, or put it in
 *                                                   force (POST)
 *     /kelola/aturan/{type}/{name}/{version}        that version as a file
 *     /kelola/aturan/alur/{name}/{version}/gambar   its diagram
 *
 * {type} is profil, templat, alur or kalender.
 */
#include "base/limits.h"
#include "base/message.h"
#include "http/admin-private.h"
#include "office/admin.h"

#include <string.h>

/* What is done with a file. */
typedef bool (*Check)(NskOffice *office,
                      const NskOfficeFile *file,
                      NskIssues *issues,
                      GError **error);
typedef bool (*Deploy)(NskOffice *office, const NskOfficeFile *file, NskJson **out, GError **error);

static bool
check_workflow(NskOffice *office, const NskOfficeFile *file, NskIssues *issues, GError **error)
{
    return nsk_office_workflow_check(office, file, 1, issues, error);
}

static bool
deploy_profile(NskOffice *office, const NskOfficeFile *file, NskJson **out, GError **error)
{
    const NskDeployment deployment = { file->name, file->bytes };

    return nsk_office_profile_deploy(office, &deployment, out, error);
}

static bool
deploy_workflow(NskOffice *office, const NskOfficeFile *file, NskJson **out, GError **error)
{
    const NskDeployment deployment = { file->name, file->bytes };

    return nsk_office_workflow_deploy(office, &deployment, out, error);
}

static const struct {
    const char *word; /* of the address */
    const char *type; /* of the office */
    Check check;      /* NULL: a file is checked when it is put in force */
    Deploy deploy;    /* NULL: it comes with the program */
    size_t limit;     /* bytes of a file */
} types[] = {
    { "profil", "profile", nsk_office_profile_check, deploy_profile, NSK_LIMIT_FORM_SIZE },
    { "alur", "workflow", check_workflow, deploy_workflow, NSK_LIMIT_FLOW_SIZE },
    { "templat", "kind", NULL, NULL, 0 },
    { "kalender", "calendar", NULL, nsk_office_calendar_load, NSK_LIMIT_XML_SIZE },
};

/* Which of them the address names; -1 with NOT_FOUND if none. */
static int
find_type(const NskHttpVisit *visit, GError **error)
{
    const char *word = nsk_http_request_get_piece(visit->request, "type");

    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        if (strcmp(types[i].word, word) == 0)
            return (int)i;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND, nsk_tr("there are no rules called '%s'"),
                word);
    return -1;
}

static bool
show_rules(NskHttpVisit *visit, GError **error)
{
    int type = find_type(visit, error);
    g_autoptr(NskJson) view = NULL;

    if (type < 0 || !nsk_office_rules(visit->office, types[type].type, &view, error))
        return false;
    nsk_json_set_text(view, "type", types[type].word);
    nsk_json_set_bool(view, "deploys", types[type].deploy != NULL);
    nsk_http_admin_tell(visit, view);
    return nsk_http_visit_show(visit, "admin-rules", view, error);
}

static bool
send_rule(NskHttpVisit *visit, GError **error)
{
    int type = find_type(visit, error);
    g_autoptr(GBytes) bytes = NULL;

    if (type < 0)
        return false;
    const NskRuleName rule = { types[type].type, nsk_http_request_get_piece(visit->request, "name"),
                               nsk_http_request_get_piece(visit->request, "version") };
    if (!nsk_office_rule_read(visit->office, &rule, &bytes, error))
        return false;
    nsk_http_response_set_bytes(visit->response, "application/xml", bytes);
    nsk_http_response_add_header(visit->response, "Content-Disposition",
                                 "attachment; filename=\"aturan.xml\"");
    nsk_http_response_set_policy(visit->response, "default-src 'none'; sandbox");
    return true;
}

static bool
send_picture(NskHttpVisit *visit, GError **error)
{
    const NskRuleName rule = { "workflow", nsk_http_request_get_piece(visit->request, "name"),
                               nsk_http_request_get_piece(visit->request, "version") };
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(GBytes) svg = NULL;

    if (!nsk_office_rule_read(visit->office, &rule, &bytes, error) ||
        !nsk_office_workflow_diagram(&(NskOfficeFile){ rule.name, bytes }, &svg, error))
        return false;
    nsk_http_send_svg(visit->response, svg);
    return true;
}

/* --- A file ---------------------------------------------------------------------------------- */

static bool
show_form(NskHttpVisit *visit, int type, NskJson *view, GError **error)
{
    nsk_json_set_text(view, "type", types[type].word);
    nsk_json_set_bool(view, "checks", types[type].check != NULL);
    return nsk_http_visit_show(visit, "admin-deploy", view, error);
}

/* One that can be put in force; -1 with NOT_FOUND if not. */
static int
find_deployed(const NskHttpVisit *visit, GError **error)
{
    int type = find_type(visit, error);

    if (type < 0 || types[type].deploy != NULL)
        return type;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                        nsk_tr("there is no such page here"));
    return -1;
}

static bool
show_deploy(NskHttpVisit *visit, GError **error)
{
    int type = find_deployed(visit, error);
    g_autoptr(NskJson) view = nsk_json_object();

    if (type < 0)
        return false;
    return !nsk_http_visit_demand_proof(visit, NULL) || show_form(visit, type, view, error);
}

/* What was found, without changing anything. */
static bool
check_file(NskHttpVisit *visit, int type, const NskOfficeFile *file, NskJson *view, GError **error)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();

    if (!types[type].check(visit->office, file, issues, error))
        return false;
    nsk_http_admin_add_issues(view, issues);
    nsk_json_set_text(view, "checked", file->name);
    return true;
}

static bool
deploy_file(NskHttpVisit *visit, int type, const NskOfficeFile *file, NskJson *view, GError **error)
{
    g_autoptr(NskJson) result = NULL;

    if (!types[type].deploy(visit->office, file, &result, error))
        return false;
    nsk_json_set_text(view, "done", nsk_tr("It is in force for letters that begin from now on."));
    NskJson *lines = nsk_json_array();
    const NskJson *warnings = nsk_json_get(result, "warnings");
    for (size_t i = 0; i < nsk_json_length(warnings); i++)
        nsk_json_add_text(lines, nsk_json_get_text(nsk_json_at(warnings, i), "text"));
    nsk_json_set(view, "issues", lines);
    return true;
}

static bool
take_file(NskHttpVisit *visit, GError **error)
{
    int type = find_deployed(visit, error);
    const char *act = nsk_http_request_get_field(visit->request, "tindakan");
    NskOfficeFile file = { 0 };
    g_autoptr(NskJson) view = nsk_json_object();
    g_autoptr(GError) fault = NULL;

    if (type < 0)
        return false;
    bool checks = types[type].check != NULL && g_strcmp0(act, "pasang") != 0;
    g_autofree char *back = g_strconcat("/kelola/aturan/", types[type].word, "/pasang", NULL);
    if (!checks && !nsk_http_visit_demand_proof(visit, back))
        return true;
    bool ok = nsk_http_admin_file(visit, &file, types[type].limit, &fault) &&
              (checks ? check_file(visit, type, &file, view, &fault)
                      : deploy_file(visit, type, &file, view, &fault));
    g_clear_pointer(&file.bytes, g_bytes_unref);
    if (!ok && !nsk_http_admin_is_plain(fault)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    if (!ok) {
        nsk_http_admin_add_lines(view, fault->message);
        nsk_http_response_set_status(visit->response, 422);
    }
    return show_form(visit, type, view, error);
}

#define TYPE NSK_HTTP_ADMIN_PATH "/aturan/{type}"

const NskHttpRoute nsk_http_routes_admin_rules[] = {
    { .method = "GET", .pattern = TYPE, .visit = show_rules, .is_page = true },
    { .method = "GET", .pattern = TYPE "/pasang", .visit = show_deploy, .is_page = true },
    { .method = "POST",
      .pattern = TYPE "/pasang",
      .visit = take_file,
      .place = NSK_HTTP_HEAVY,
      .body = NSK_HTTP_BODY_FORM,
      .body_limit = NSK_HTTP_ADMIN_FILE,
      .is_page = true },
    { .method = "GET", .pattern = TYPE "/{name}/{version}", .visit = send_rule, .is_page = true },
    { .method = "GET",
      .pattern = NSK_HTTP_ADMIN_PATH "/aturan/alur/{name}/{version}/gambar",
      .visit = send_picture,
      .place = NSK_HTTP_HEAVY,
      .is_page = true },
    { .method = NULL },
};
