/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The site of an office: its routes in lists of tables, and the two addresses that it is served
 * at.  The admin's is on this machine alone: what it tells is for who looks after the server.
 */
#include "base/limits.h"
#include "base/message.h"
#include "http/demo-path.h"
#include "http/http-private.h"

#include <string.h>

#define FILES_OF_ONE      30 /* a minute, to be judged (page-verify.c) */
#define FILES_OF_ALL      300
#define ADDRESSES_COUNTED 10000
#define ADMIN_THREADS     2
#define TOKENS_COUNTED    10000   /* whose requests are counted by themselves */
#define DEMO_PERSON       "sekar" /* of every demo office */

/* clang-format off */
const NskHttpRoute *const nsk_http_site_tables[] = {
    nsk_http_routes_display,
    nsk_http_routes_desk,
    nsk_http_routes_deputies,
    nsk_http_routes_flow,
    nsk_http_routes_draft,
    nsk_http_routes_admin,
    nsk_http_routes_admin_accounts,
    nsk_http_routes_admin_rules,
    nsk_http_routes_admin_watch,
    nsk_http_routes_admin_sso,
    nsk_http_routes_admin_webhooks,
    nsk_http_routes_task,
    nsk_http_routes_disposition,
    nsk_http_routes_letter,
    nsk_http_routes_files,
    nsk_http_routes_board,
    nsk_http_routes_archive,
    nsk_http_routes_import,
    nsk_http_routes_books,
    nsk_http_routes_berkas,
    nsk_http_routes_copy,
    nsk_http_routes_disposal,
    nsk_http_routes_loan,
    nsk_http_routes_incoming,
    nsk_http_routes_common,
    nsk_http_routes_verify,
    nsk_http_routes_sign_in,
    nsk_http_routes_profile,
    nsk_http_routes_passkey,
    nsk_http_routes_sso,
    nsk_http_routes_health,
    NULL,
};
/* clang-format on */

static const NskHttpRoute *const admin_tables[] = {
    nsk_http_routes_health_admin,
    NULL,
};

static const NskHttpRoute *const demo_tables[] = {
    nsk_http_routes_demo,
    nsk_http_routes_demo_kill,
    nsk_http_routes_demo_letterhead,
    nsk_http_routes_demo_signer,
};

/* Those of this site. */
static const NskHttpRoute **
choose_tables(bool is_demo)
{
    GPtrArray *chosen = g_ptr_array_new();

    for (size_t i = 0; is_demo && i < G_N_ELEMENTS(demo_tables); i++)
        g_ptr_array_add(chosen, (gpointer)(uintptr_t)demo_tables[i]);
    for (size_t i = 0; nsk_http_site_tables[i] != NULL; i++)
        g_ptr_array_add(chosen, (gpointer)(uintptr_t)nsk_http_site_tables[i]);
    for (size_t i = 0; nsk_http_api_tables[i] != NULL; i++)
        g_ptr_array_add(chosen, (gpointer)(uintptr_t)nsk_http_api_tables[i]);
    g_ptr_array_add(chosen, NULL);
    return (const NskHttpRoute **)(void *)g_ptr_array_free(chosen, FALSE);
}

static void
free_site(NskHttpSite *self)
{
    g_clear_pointer(&self->jobs, nsk_http_jobs_free);
    g_clear_pointer(&self->imports, nsk_http_imports_free);
    nsk_http_rates_free(self->rates);
    g_clear_pointer(&self->offices, g_ptr_array_unref);
    nsk_http_rates_free(self->files);
    nsk_http_rates_free(self->all_files);
    g_mutex_clear(&self->lock);
    g_mutex_clear(&self->demo_lock);
    g_free(self->tables);
    g_free(self->dir);
    g_free(self->agency);
    g_free(self->pages);
    g_clear_pointer(&self->sso, nsk_sso_free);
    g_clear_pointer(&self->seen, g_hash_table_unref);
    g_free(self);
}

/* The unit that no other is above: its name stands on every page. */
static char *
find_agency(const NskJson *rows)
{
    for (size_t i = 0; i < nsk_json_length(rows); i++) {
        const NskJson *row = nsk_json_at(rows, i);
        const char *parent = nsk_json_get_text(row, "parent");

        if (parent == NULL || parent[0] == '\0')
            return g_strdup(nsk_json_get_text(row, "name"));
    }
    return NULL;
}

static bool
read_agency(NskHttpSite *self, GError **error)
{
    const NskOfficeOptions options = { .dir = self->dir,
                                       .service = self->service,
                                       .nobody = true,
                                       .clock = self->clock };
    g_autoptr(NskOffice) office = nsk_office_open(&options, error);
    g_autofree char *after = NULL;

    while (office != NULL && self->agency == NULL) {
        const NskDirectoryAsk ask = { .what = "units", .after = after };
        NskJson *result = NULL;

        if (!nsk_office_directory_list(office, &ask, &result, error))
            return false;
        g_autoptr(NskJson) page = result;
        self->agency = find_agency(nsk_json_get(page, "rows"));
        g_free(after);
        after = g_strdup(nsk_json_get_text(page, "next"));
        if (after == NULL && self->agency == NULL)
            self->agency = g_strdup("Naskah");
    }
    return office != NULL;
}

/* Only who works in a demo office can be somebody of it without signing in. */
static bool
check_demo(const NskHttpSiteOptions *options, GError **error)
{
    const NskOfficeOptions open = { .dir = options->dir,
                                    .service = options->service,
                                    .as = DEMO_PERSON,
                                    .clock = options->clock };

    if (options->demo == NULL)
        return true;
    if (!g_str_has_prefix(options->listen, "127.") || options->proxies != NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                    nsk_tr("'%s' is reached by other machines; in a demo anybody can be anybody, "
                           "so it is served on this machine alone, such as at 127.0.0.1:8080"),
                    options->listen);
        return false;
    }
    g_autoptr(NskOffice) office = nsk_office_open(&open, error);
    return office != NULL;
}

/* "127.0.0.1:9090": a port of this machine, or a socket. */
static bool
check_admin(const char *listen, GError **error)
{
    if (g_str_has_prefix(listen, "unix:") || g_str_has_prefix(listen, "127.") ||
        g_str_has_prefix(listen, "[::1]:"))
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                nsk_tr("'%s' is reached by other machines; what the server tells of itself is told "
                       "on this machine alone, such as at 127.0.0.1:9090"),
                listen);
    return false;
}

static bool
start_admin(NskHttpSite *self, const char *listen, GError **error)
{
    const NskHttpOptions options = { .listen = listen,
                                     .folder = self->dir,
                                     .tables = admin_tables,
                                     .data = self,
                                     .clock = self->clock,
                                     .network_threads = 1,
                                     .office_threads = ADMIN_THREADS,
                                     .heavy_threads = 1 };

    if (!check_admin(listen, error))
        return false;
    self->admin = nsk_http_server_start(&options, error);
    return self->admin != NULL;
}

NskHttpSite *
nsk_http_site_start(const NskHttpSiteOptions *options, GError **error)
{
    if (!check_demo(options, error) ||
        (options->pages != NULL && !nsk_office_passkeys_work_at(options->pages, error)))
        return NULL;
    NskHttpSite *self = g_new0(NskHttpSite, 1);

    self->service = options->service;
    self->clock = options->clock;
    self->dir = g_strdup(options->dir);
    self->demo = options->demo;
    self->pages = g_strdup(options->pages);
    self->sso = nsk_sso_new();
    self->tables = choose_tables(options->demo != NULL);
    g_mutex_init(&self->demo_lock);
    g_mutex_init(&self->lock);
    self->jobs = nsk_http_jobs_new(self);
    self->imports = nsk_http_imports_new(self);
    self->rates = nsk_http_rates_new(
        options->per_token != 0 ? options->per_token : NSK_LIMIT_HTTP_PER_TOKEN, TOKENS_COUNTED);
    self->files = nsk_http_rates_new(FILES_OF_ONE, ADDRESSES_COUNTED);
    self->all_files = nsk_http_rates_new(FILES_OF_ALL, 1);
    self->offices = g_ptr_array_new_with_free_func((GDestroyNotify)nsk_office_free);
    if (!read_agency(self, error)) {
        free_site(self);
        return NULL;
    }
    const NskHttpOptions server = { .listen = options->listen,
                                    .tls_cert = options->tls_cert,
                                    .tls_key = options->tls_key,
                                    .proxies = options->proxies,
                                    .folder = self->dir,
                                    .tables = self->tables,
                                    .visit = nsk_http_visit_run,
                                    .data = self,
                                    .clock = options->clock,
                                    .log = options->log,
                                    .log_data = options->log_data,
                                    .head_ms = options->wait_ms,
                                    .idle_ms = options->wait_ms,
                                    .body_ms = options->wait_ms,
                                    .connections = options->connections,
                                    .per_address = options->per_address };
    self->server = nsk_http_server_start(&server, error);
    if (self->server == NULL) {
        free_site(self);
        return NULL;
    }
    if (options->admin != NULL && !start_admin(self, options->admin, error)) {
        nsk_http_server_stop(self->server);
        free_site(self);
        return NULL;
    }
    if (self->demo != NULL)
        nsk_http_demo_came_back(self->demo);
    return self;
}

bool
nsk_http_site_reload(NskHttpSite *self, GError **error)
{
    return nsk_http_server_reload(self->server, error);
}

void
nsk_http_site_stop(NskHttpSite *self)
{
    if (self == NULL)
        return;
    atomic_store(&self->stopping, true);
    nsk_http_server_stop(g_steal_pointer(&self->admin));
    nsk_http_server_stop(self->server);
    free_site(self);
}

const char *
nsk_http_site_get_address(const NskHttpSite *self)
{
    return nsk_http_server_get_address(self->server);
}

const char *
nsk_http_site_get_admin(const NskHttpSite *self)
{
    return self->admin != NULL ? nsk_http_server_get_address(self->admin) : NULL;
}
