/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "http/http.h"

#include <stdatomic.h>

/*
 * What the pages and the API of an office share.  A handler's @data is the site.  Each resource is
 * a file with a table of routes, named in site.c.
 */
struct _NskHttpSite {
    NskOfficeService *service;
    const NskClock *clock;
    char *dir;
    char *agency; /* its name */
    NskHttpServer *server;
    NskHttpServer *admin; /* NULL: there is none */
    _Atomic bool stopping;
};

/* Answers with the page @name (templates/pages) of @view.  Errors: as nsk_page_render(). */
bool nsk_http_site_show(NskHttpSite *site,
                        const NskHttpRequest *request,
                        NskHttpResponse *response,
                        const char *name,
                        const NskJson *view,
                        GError **error);

extern const NskHttpRoute nsk_http_routes_common[];       /* /, /aset/, /bahasa/ */
extern const NskHttpRoute nsk_http_routes_verify[];       /* /v/ */
extern const NskHttpRoute nsk_http_routes_health[];       /* /livez, /readyz */
extern const NskHttpRoute nsk_http_routes_health_admin[]; /* the same in detail, /metrics */
