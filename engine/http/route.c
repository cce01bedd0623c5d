/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which route takes a path: all patterns are tried in order, a piece that is written out before one
 * in braces, so that what stands in another table may not hide it.  An office has some hundred
 * routes; comparing their first pieces is cheap beside anything that follows.
 */
#include "http/http-private.h"

#include <string.h>

typedef struct {
    const NskHttpRoute *route;
    char **pieces; /* of the pattern, NULL-terminated */
    size_t n_pieces;
} Entry;

struct _NskHttpRoutes {
    GArray *entries; /* Entry */
};

static void
clear_entry(gpointer data)
{
    g_strfreev(((Entry *)data)->pieces);
}

NskHttpRoutes *
nsk_http_routes_new(const NskHttpRoute *const *tables)
{
    NskHttpRoutes *self = g_new0(NskHttpRoutes, 1);

    self->entries = g_array_new(FALSE, FALSE, sizeof(Entry));
    g_array_set_clear_func(self->entries, clear_entry);
    for (size_t i = 0; tables[i] != NULL; i++) {
        for (const NskHttpRoute *route = tables[i]; route->method != NULL; route++) {
            Entry entry = { .route = route };

            g_assert(route->pattern[0] == '/');
            g_assert((route->run != NULL) != (route->visit != NULL));
            g_assert(route->visit == NULL || route->place != NSK_HTTP_QUICK);
            entry.pieces = route->pattern[1] != '\0' ? g_strsplit(route->pattern + 1, "/", -1)
                                                     : g_new0(char *, 1);
            entry.n_pieces = g_strv_length(entry.pieces);
            g_array_append_val(self->entries, entry);
        }
    }
    return self;
}

void
nsk_http_routes_free(NskHttpRoutes *self)
{
    if (self == NULL)
        return;
    g_array_unref(self->entries);
    g_free(self);
}

size_t
nsk_http_routes_count(const NskHttpRoutes *self)
{
    return self->entries->len;
}

const NskHttpRoute *
nsk_http_routes_at(const NskHttpRoutes *self, size_t index)
{
    return g_array_index(self->entries, Entry, index).route;
}

/* Whether @entry is of that path. */
static bool
takes(const Entry *entry, char *const *pieces, size_t n)
{
    if (entry->n_pieces != n)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (entry->pieces[i][0] != '{' && strcmp(entry->pieces[i], pieces[i]) != 0)
            return false;
    }
    return true;
}

/* Whether @a is written out where @b, of the same path, has braces first. */
static bool
is_plainer(const Entry *a, const Entry *b)
{
    for (size_t i = 0; i < a->n_pieces; i++) {
        bool open_a = a->pieces[i][0] == '{', open_b = b->pieces[i][0] == '{';

        if (open_a != open_b)
            return open_b;
    }
    return false;
}

static GArray *
name_pieces(const Entry *entry, char *const *pieces)
{
    GArray *pairs = nsk_http_pairs_new();

    for (size_t i = 0; i < entry->n_pieces; i++) {
        const char *name = entry->pieces[i];

        if (name[0] == '{')
            nsk_http_pairs_add(pairs, g_strndup(name + 1, strlen(name) - 2), g_strdup(pieces[i]));
    }
    return pairs;
}

static void
allow(GString *methods, const char *method)
{
    if (strcmp(method, "GET") == 0)
        g_string_append(methods, "GET, HEAD, ");
    else
        g_string_append_printf(methods, "%s, ", method);
}

void
nsk_http_routes_find(const NskHttpRoutes *self,
                     const char *method,
                     char *const *pieces,
                     NskHttpMatch *out)
{
    g_autoptr(GString) methods = g_string_new(NULL);
    size_t n = 0;
    const Entry *path = NULL; /* the plainest of any method: its methods are allowed */

    while (pieces[n] != NULL)
        n++;
    *out = (NskHttpMatch){ .index = self->entries->len };
    for (guint i = 0; i < self->entries->len; i++) {
        const Entry *entry = &g_array_index(self->entries, Entry, i);

        if (takes(entry, pieces, n) && (path == NULL || is_plainer(entry, path)))
            path = entry;
    }
    for (guint i = 0; path != NULL && i < self->entries->len; i++) {
        const Entry *entry = &g_array_index(self->entries, Entry, i);

        if (!takes(entry, pieces, n) || is_plainer(path, entry))
            continue;
        allow(methods, entry->route->method);
        if (out->route == NULL && strcmp(entry->route->method, method) == 0) {
            out->route = entry->route;
            out->index = i;
            out->pieces = name_pieces(entry, pieces);
        }
    }
    if (path != NULL) {
        g_string_append(methods, "OPTIONS");
        out->allow = g_string_free(g_steal_pointer(&methods), FALSE);
    }
}

void
nsk_http_match_clear(NskHttpMatch *self)
{
    g_clear_pointer(&self->allow, g_free);
    g_clear_pointer(&self->pieces, g_array_unref);
}
