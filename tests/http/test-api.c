/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The description of the API against the routes that there are. */
#include "base/resource.h"
#include "http/api-private.h"

#include <string.h>

static NskJson *
read_description(void)
{
    size_t size;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = nsk_resource_load("templates/api/openapi.json", &error);

    g_assert_no_error(error);
    const char *text = g_bytes_get_data(bytes, &size);
    NskJson *api = nsk_json_parse(text, size, &error);
    g_assert_no_error(error);
    return api;
}

static const NskJson *
find_operation(const NskJson *api, const NskHttpRoute *route)
{
    g_autofree char *method = g_ascii_strdown(route->method, -1);

    return nsk_json_get(nsk_json_get(nsk_json_get(api, "paths"), route->pattern), method);
}

/* The scopes that the description asks for: 'none' without a token, else "" or one. */
static const char *
described_scope(const NskJson *operation)
{
    const NskJson *security = nsk_json_get(operation, "security");

    if (nsk_json_length(security) == 0)
        return "none";
    const NskJson *scopes = nsk_json_get(nsk_json_at(security, 0), "token");
    g_assert_nonnull(scopes);
    return nsk_json_length(scopes) > 0 ? nsk_json_text_at(scopes, 0) : "";
}

static bool
has_path_parameter(const NskJson *operation, const char *name)
{
    const NskJson *parameters = nsk_json_get(operation, "parameters");

    for (size_t i = 0; i < nsk_json_length(parameters); i++) {
        const NskJson *one = nsk_json_at(parameters, i);

        if (g_strcmp0(nsk_json_get_text(one, "in"), "path") == 0 &&
            g_strcmp0(nsk_json_get_text(one, "name"), name) == 0)
            return true;
    }
    return false;
}

static void
check_route(const NskJson *api, const NskHttpRoute *route)
{
    const NskJson *operation = find_operation(api, route);
    g_auto(GStrv) pieces = g_strsplit_set(route->pattern, "{}", -1);

    g_test_message("%s %s", route->method, route->pattern);
    g_assert_nonnull(operation);
    g_assert_cmpstr(described_scope(operation), ==, route->scope != NULL ? route->scope : "none");
    g_assert_true((route->scope == NULL) == (route->run != NULL));
    const NskJson *body = nsk_json_get(operation, "requestBody");
    g_assert_true((body != NULL) == (route->body != NSK_HTTP_BODY_NONE));
    const NskJson *json = nsk_json_get(nsk_json_get(body, "content"), "application/json");
    g_assert_true((json != NULL) == (route->body == NSK_HTTP_BODY_MEMORY));
    if (json != NULL) {
        const NskJson *schema = nsk_json_get(json, "schema");
        g_assert_false(nsk_json_get_bool(schema, "additionalProperties", true));
        g_assert_nonnull(nsk_json_get(json, "example"));
    }
    for (size_t i = 1; pieces[i] != NULL; i += 2)
        g_assert_true(has_path_parameter(operation, pieces[i]));
}

static void
test_every_route_is_described(void)
{
    g_autoptr(NskJson) api = read_description();

    for (size_t t = 0; nsk_http_api_tables[t] != NULL; t++) {
        for (const NskHttpRoute *route = nsk_http_api_tables[t]; route->method != NULL; route++)
            check_route(api, route);
    }
}

static bool
is_routed(const char *method, const char *path)
{
    for (size_t t = 0; nsk_http_api_tables[t] != NULL; t++) {
        for (const NskHttpRoute *route = nsk_http_api_tables[t]; route->method != NULL; route++) {
            if (g_ascii_strcasecmp(route->method, method) == 0 && strcmp(route->pattern, path) == 0)
                return true;
        }
    }
    return false;
}

static void
test_all_that_is_described_is_routed(void)
{
    g_autoptr(NskJson) api = read_description();
    const NskJson *paths = nsk_json_get(api, "paths");
    g_autoptr(GPtrArray) names = nsk_json_keys(paths);
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);

    g_assert_cmpuint(names->len, >, 20);
    for (guint i = 0; i < names->len; i++) {
        const char *path = g_ptr_array_index(names, i);
        const NskJson *methods = nsk_json_get(paths, path);
        g_autoptr(GPtrArray) of_path = nsk_json_keys(methods);

        for (guint k = 0; k < of_path->len; k++) {
            const char *method = g_ptr_array_index(of_path, k);
            const NskJson *operation = nsk_json_get(methods, method);

            g_test_message("%s %s", method, path);
            g_assert_true(is_routed(method, path));
            g_assert_true(g_hash_table_add(
                ids, (gpointer)(uintptr_t)nsk_json_get_text(operation, "operationId")));
        }
    }
}

/* Every "$ref" within @value is of something that is there. */
static void
check_references(const NskJson *api, const NskJson *value)
{
    const char *target = nsk_json_get_text(value, "$ref");
    g_autoptr(GPtrArray) keys = nsk_json_keys(value);

    if (target != NULL) {
        g_auto(GStrv) pieces = g_strsplit(target, "/", -1);
        const NskJson *at = api;

        g_test_message("%s", target);
        for (size_t i = 1; pieces[i] != NULL; i++)
            at = nsk_json_get(at, pieces[i]);
        g_assert_nonnull(at);
    }
    for (guint i = 0; i < keys->len; i++)
        check_references(api, nsk_json_get(value, g_ptr_array_index(keys, i)));
    if (nsk_json_type(value) == NSK_JSON_ARRAY) {
        for (size_t i = 0; i < nsk_json_length(value); i++)
            check_references(api, nsk_json_at(value, i));
    }
}

static void
test_references_lead_somewhere(void)
{
    g_autoptr(NskJson) api = read_description();

    check_references(api, api);
}

int
main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/http/api/every-route-is-described", test_every_route_is_described);
    g_test_add_func("/http/api/all-that-is-described-is-routed",
                    test_all_that_is_described_is_routed);
    g_test_add_func("/http/api/references-lead-somewhere", test_references_lead_somewhere);
    return g_test_run();
}
