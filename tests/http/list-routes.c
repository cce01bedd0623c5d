/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every route of an office's site, a line of JSON each: what is attacked is the whole table. */
#include "http/site-private.h"

#include <stdio.h>

static void
print_route(const NskHttpRoute *route)
{
    static const char *const bodies[] = { "none", "memory", "form", "file" };
    g_autoptr(NskJson) row = nsk_json_object();

    nsk_json_set_text(row, "method", route->method);
    nsk_json_set_text(row, "path", route->pattern);
    nsk_json_set_text(row, "body", bodies[route->body]);
    nsk_json_set_bool(row, "page", route->is_page);
    nsk_json_set_bool(row, "visit", route->visit != NULL);
    if (route->scope != NULL)
        nsk_json_set_text(row, "scope", route->scope);
    g_autofree char *text = nsk_json_canonical(row);
    (void)puts(text);
}

static void
print_tables(const NskHttpRoute *const *tables)
{
    for (size_t t = 0; tables[t] != NULL; t++) {
        for (const NskHttpRoute *route = tables[t]; route->method != NULL; route++)
            print_route(route);
    }
}

int
main(void)
{
    print_tables(nsk_http_site_tables);
    print_tables(nsk_http_api_tables);
    return 0;
}
