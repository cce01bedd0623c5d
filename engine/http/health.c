/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether the server lives, whether it may be sent requests, and its figures.
 *
 *     /livez     the process answers
 *     /readyz    the office can be opened, there is room on its disk and in the queues, and it is
 *                not being closed; why not is told on the admin's address alone
 *     /metrics   Prometheus, on the admin's address alone
 */
#include "base/message.h"
#include "http/site-private.h"

#include <errno.h>
#include <sys/statvfs.h>

#define LEAST_DISK ((uint64_t)256 * 1024 * 1024) /* bytes that must be free */
#define MOST_LOAD  90                            /* percent of a queue */

static bool
answer_live(G_GNUC_UNUSED NskHttpRequest *request,
            NskHttpResponse *response,
            G_GNUC_UNUSED void *data,
            G_GNUC_UNUSED GError **error)
{
    nsk_http_response_set_text(response, "text/plain; charset=utf-8", "ok\n");
    return true;
}

/* Each check: whether it holds; words for the admin if not. */
static bool
check_open(NskHttpSite *site, char **out_why)
{
    const NskOfficeOptions options = { .dir = site->dir,
                                       .service = site->service,
                                       .nobody = true,
                                       .clock = site->clock };
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskOffice) office = nsk_office_open(&options, &fault);

    if (office == NULL)
        *out_why = g_strdup(fault->message);
    return office != NULL;
}

static bool
check_disk(NskHttpSite *site, char **out_why)
{
    struct statvfs disk;

    if (statvfs(site->dir, &disk) != 0) {
        *out_why = g_strdup(nsk_reason(errno));
        return false;
    }
    if ((uint64_t)disk.f_bavail * disk.f_frsize >= LEAST_DISK)
        return true;
    *out_why = g_strdup(nsk_tr("the office's disk is nearly full"));
    return false;
}

static bool
check_queue(NskHttpSite *site, char **out_why)
{
    if (nsk_http_server_get_load(site->server) < MOST_LOAD)
        return true;
    *out_why = g_strdup(nsk_tr("too many requests wait for a thread"));
    return false;
}

static bool
check_staying(NskHttpSite *site, char **out_why)
{
    if (!atomic_load(&site->stopping))
        return true;
    *out_why = g_strdup(nsk_tr("the office is being closed"));
    return false;
}

static const struct {
    const char *name;
    bool (*check)(NskHttpSite *, char **);
} checks[] = {
    { "office", check_open },
    { "disk", check_disk },
    { "queue", check_queue },
    { "open", check_staying },
};

/* Runs all; @details gets "ok" or why not of each, if it is not NULL. */
static bool
check_all(NskHttpSite *site, NskJson *details)
{
    bool ok = true;

    for (size_t i = 0; i < G_N_ELEMENTS(checks); i++) {
        g_autofree char *why = NULL;
        bool holds = checks[i].check(site, &why);

        if (details != NULL)
            nsk_json_set_text(details, checks[i].name, holds ? "ok" : why);
        ok = ok && holds;
    }
    return ok;
}

static bool
answer_ready(G_GNUC_UNUSED NskHttpRequest *request,
             NskHttpResponse *response,
             void *data,
             G_GNUC_UNUSED GError **error)
{
    bool ok = check_all(data, NULL);

    nsk_http_response_set_status(response, ok ? 200 : 503);
    nsk_http_response_set_text(response, "text/plain; charset=utf-8", ok ? "ok\n" : "not ready\n");
    return true;
}

static bool
answer_ready_in_detail(G_GNUC_UNUSED NskHttpRequest *request,
                       NskHttpResponse *response,
                       void *data,
                       G_GNUC_UNUSED GError **error)
{
    NskJson *details = nsk_json_object();
    bool ok = check_all(data, details);

    nsk_http_response_set_status(response, ok ? 200 : 503);
    nsk_http_response_set_json(response, details);
    return true;
}

static void
write_office(NskHttpSite *site, GString *out)
{
    NskOfficeStats stats;

    nsk_office_service_get_stats(site->service, &stats);
    g_string_append_printf(
        out,
        "# HELP naskah_changes_total Changes that were answered.\n"
        "# TYPE naskah_changes_total counter\n"
        "naskah_changes_total %" G_GUINT64_FORMAT "\n"
        "# HELP naskah_change_batches_total Transactions that they were in.\n"
        "# TYPE naskah_change_batches_total counter\n"
        "naskah_change_batches_total %" G_GUINT64_FORMAT "\n"
        "# HELP naskah_changes_refused_total Changes that were refused as busy.\n"
        "# TYPE naskah_changes_refused_total counter\n"
        "naskah_changes_refused_total %" G_GUINT64_FORMAT "\n"
        "# HELP naskah_disk_syncs_total Waits for the disk.\n"
        "# TYPE naskah_disk_syncs_total counter\n"
        "naskah_disk_syncs_total %" G_GINT64_FORMAT "\n"
        "# HELP naskah_build_info The program's version.\n"
        "# TYPE naskah_build_info gauge\n"
        "naskah_build_info{version=\"" NSK_VERSION "\"} 1\n",
        stats.changes, stats.batches, stats.refused, stats.syncs);
}

static bool
answer_metrics(G_GNUC_UNUSED NskHttpRequest *request,
               NskHttpResponse *response,
               void *data,
               G_GNUC_UNUSED GError **error)
{
    NskHttpSite *site = data;
    g_autoptr(GString) out = g_string_new(NULL);

    nsk_http_server_write_metrics(site->server, out);
    write_office(site, out);
    nsk_http_response_set_text(response, "text/plain; version=0.0.4; charset=utf-8", out->str);
    return true;
}

const NskHttpRoute nsk_http_routes_health[] = {
    { .method = "GET", .pattern = "/livez", .run = answer_live, .place = NSK_HTTP_QUICK },
    { .method = "GET", .pattern = "/readyz", .run = answer_ready, .place = NSK_HTTP_OFFICE },
    { .method = NULL },
};

const NskHttpRoute nsk_http_routes_health_admin[] = {
    { .method = "GET", .pattern = "/livez", .run = answer_live, .place = NSK_HTTP_QUICK },
    { .method = "GET",
      .pattern = "/readyz",
      .run = answer_ready_in_detail,
      .place = NSK_HTTP_OFFICE },
    { .method = "GET", .pattern = "/metrics", .run = answer_metrics, .place = NSK_HTTP_OFFICE },
    { .method = NULL },
};
