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
    NskHttpServer *server;
    NskHttpServer *admin; /* NULL: there is none */
    _Atomic bool stopping;
};

extern const NskHttpRoute nsk_http_routes_health[];       /* /livez, /readyz */
extern const NskHttpRoute nsk_http_routes_health_admin[]; /* the same in detail, /metrics */
