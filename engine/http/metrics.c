/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Figures for Prometheus (text format 0.0.4).  Labels are routes, methods, statuses and reasons:
 * all of them words of this program, so that there are only so many, and none is about a person.
 */
#include "http/http-private.h"

#include <string.h>

/* Upper ends of the classes of time, seconds; what takes longer is in none but the last. */
static const double classes[] = { 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                  0.25,  0.5,    1,     2.5,  5,     10 };
#define N_CLASSES (G_N_ELEMENTS(classes))
#define STATUSES  600

typedef struct {
    uint64_t by_class[N_CLASSES]; /* each request in one */
    uint64_t count;
    int64_t us;
    uint32_t by_status[STATUSES];
} Figures;

struct _NskHttpMetrics {
    const NskHttpRoutes *routes;
    size_t n_routes;
    GMutex lock;         /* of all that follows */
    Figures *figures;    /* of each route; behind them of what has none */
    GHashTable *refused; /* static reason -> count as a pointer */
};

NskHttpMetrics *
nsk_http_metrics_new(const NskHttpRoutes *routes)
{
    NskHttpMetrics *self = g_new0(NskHttpMetrics, 1);

    self->routes = routes;
    self->n_routes = nsk_http_routes_count(routes);
    g_mutex_init(&self->lock);
    self->figures = g_new0(Figures, self->n_routes + 1);
    self->refused = g_hash_table_new(g_str_hash, g_str_equal);
    return self;
}

void
nsk_http_metrics_free(NskHttpMetrics *self)
{
    if (self == NULL)
        return;
    g_hash_table_unref(self->refused);
    g_free(self->figures);
    g_mutex_clear(&self->lock);
    g_free(self);
}

void
nsk_http_metrics_add(NskHttpMetrics *self, size_t route, unsigned status, int64_t us)
{
    Figures *figures = &self->figures[MIN(route, self->n_routes)];
    size_t class = 0;

    while (class < N_CLASSES && (double)us / G_USEC_PER_SEC > classes[class])
        class ++;
    g_mutex_lock(&self->lock);
    if (class < N_CLASSES)
        figures->by_class[class]++;
    figures->count++;
    figures->us += us;
    figures->by_status[status < STATUSES ? status : 0]++;
    g_mutex_unlock(&self->lock);
}

void
nsk_http_metrics_refuse(NskHttpMetrics *self, const char *reason)
{
    g_mutex_lock(&self->lock);
    gsize count = GPOINTER_TO_SIZE(g_hash_table_lookup(self->refused, reason));
    g_hash_table_insert(self->refused, (gpointer)(uintptr_t)reason, GSIZE_TO_POINTER(count + 1));
    g_mutex_unlock(&self->lock);
}

static void
name_route(const NskHttpMetrics *self, size_t i, const char **out_method, const char **out_route)
{
    const NskHttpRoute *route = i < self->n_routes ? nsk_http_routes_at(self->routes, i) : NULL;

    *out_method = route != NULL ? route->method : "";
    *out_route = route != NULL ? route->pattern : "";
}

static void
write_counts(const NskHttpMetrics *self, GString *out)
{
    const char *method, *route;

    g_string_append(out, "# HELP naskah_http_requests_total Requests that were answered.\n"
                         "# TYPE naskah_http_requests_total counter\n");
    for (size_t i = 0; i <= self->n_routes; i++) {
        name_route(self, i, &method, &route);
        for (unsigned status = 0; status < STATUSES; status++) {
            if (self->figures[i].by_status[status] > 0)
                g_string_append_printf(out,
                                       "naskah_http_requests_total{route=\"%s\",method=\"%s\","
                                       "code=\"%u\"} %u\n",
                                       route, method, status,
                                       (unsigned)self->figures[i].by_status[status]);
        }
    }
}

static void
write_times(const NskHttpMetrics *self, size_t i, GString *out)
{
    static const char name[] = "naskah_http_request_duration_seconds";
    const Figures *figures = &self->figures[i];
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    const char *method, *route;
    uint64_t sum = 0;

    if (figures->count == 0)
        return;
    name_route(self, i, &method, &route);
    for (size_t class = 0; class < N_CLASSES; class ++) {
        sum += figures->by_class[class];
        g_string_append_printf(
            out, "%s_bucket{route=\"%s\",method=\"%s\",le=\"%s\"} %" G_GUINT64_FORMAT "\n", name,
            route, method, g_ascii_formatd(number, sizeof number, "%g", classes[class]), sum);
    }
    g_string_append_printf(
        out, "%s_bucket{route=\"%s\",method=\"%s\",le=\"+Inf\"} %" G_GUINT64_FORMAT "\n", name,
        route, method, figures->count);
    g_string_append_printf(
        out, "%s_sum{route=\"%s\",method=\"%s\"} %s\n", name, route, method,
        g_ascii_formatd(number, sizeof number, "%.6f", (double)figures->us / G_USEC_PER_SEC));
    g_string_append_printf(out, "%s_count{route=\"%s\",method=\"%s\"} %" G_GUINT64_FORMAT "\n",
                           name, route, method, figures->count);
}

void
nsk_http_metrics_write(NskHttpMetrics *self, GString *out)
{
    GHashTableIter iter;
    gpointer reason, count;

    g_mutex_lock(&self->lock);
    write_counts(self, out);
    g_string_append(out, "# HELP naskah_http_request_duration_seconds From the whole head to the "
                         "end of the answer.\n"
                         "# TYPE naskah_http_request_duration_seconds histogram\n");
    for (size_t i = 0; i <= self->n_routes; i++)
        write_times(self, i, out);
    g_string_append(out, "# HELP naskah_http_refused_total Requests that were refused unread.\n"
                         "# TYPE naskah_http_refused_total counter\n");
    g_hash_table_iter_init(&iter, self->refused);
    while (g_hash_table_iter_next(&iter, &reason, &count))
        g_string_append_printf(out,
                               "naskah_http_refused_total{reason=\"%s\"} %" G_GSIZE_FORMAT "\n",
                               (const char *)reason, GPOINTER_TO_SIZE(count));
    g_mutex_unlock(&self->lock);
}
