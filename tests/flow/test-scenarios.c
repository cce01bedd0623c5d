/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every scenario of tests/flow/scenarios and of the shipped workflows, one case each.  What must be
 * seen is written from the specification; each file names the section that it shows.
 */
#include "flow/simulate.h"

#include <string.h>

#define MAX_FILE (4 * 1024 * 1024)

typedef struct {
    char *folder;
    NskJson *scenario; /* with one scenario, or "refuse" */
} Case;

static void
case_free(gpointer data)
{
    Case *self = data;

    g_free(self->folder);
    nsk_json_unref(self->scenario);
    g_free(self);
}

static GBytes *
read_bytes(const char *path)
{
    char *text;
    gsize size;
    g_autoptr(GError) error = NULL;

    (void)g_file_get_contents(path, &text, &size, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(size, <, MAX_FILE);
    return g_bytes_new_take(text, size);
}

static GBytes *
load_model(void *data, const char *name, G_GNUC_UNUSED GError **error)
{
    const Case *self = data;
    g_autofree char *path = g_build_filename(self->folder, name, NULL);

    return read_bytes(path);
}

static void
tell(G_GNUC_UNUSED void *data, const char *line)
{
    g_test_message("%s", line);
}

static void
test_scenario(gconstpointer data)
{
    Case *self = (Case *)(uintptr_t)data;
    g_autoptr(GError) error = NULL;
    const NskFlowSimulation simulation = { .scenario = self->scenario,
                                           .load = load_model,
                                           .tell = tell,
                                           .data = self };
    g_autoptr(NskJson) result = nsk_flow_simulate(&simulation, &error);

    if (error != NULL) {
        g_test_message("%s", error->message);
        g_test_fail();
        return;
    }
    g_autofree char *text = nsk_json_canonical(result);
    if (!nsk_json_get_bool(result, "ok", false)) {
        g_test_message("%s", text);
        g_test_fail();
    }
}

/* "A join waits" is a-join-waits in a path. */
static char *
make_slug(const char *name)
{
    GString *slug = g_string_new(NULL);

    for (; *name != '\0'; name++) {
        if (g_ascii_isalnum(*name))
            g_string_append_c(slug, g_ascii_tolower(*name));
        else if (slug->len > 0 && slug->str[slug->len - 1] != '-')
            g_string_append_c(slug, '-');
    }
    return g_string_free(slug, FALSE);
}

/* The file with only the scenario at @index. */
static NskJson *
pick(const NskJson *file, size_t index)
{
    NskJson *one = nsk_json_object();
    NskJson *list = nsk_json_array();
    g_autoptr(GPtrArray) keys = nsk_json_keys(file);

    for (guint i = 0; i < keys->len; i++) {
        const char *key = g_ptr_array_index(keys, i);

        nsk_json_set(one, key, nsk_json_ref(nsk_json_get(file, key)));
    }
    nsk_json_add(list, nsk_json_ref(nsk_json_at(nsk_json_get(file, "scenarios"), index)));
    nsk_json_set(one, "scenarios", list);
    return one;
}

static void
add_case(const char *folder, NskJson *scenario, const char *stem, const char *name)
{
    Case *self = g_new0(Case, 1);
    g_autofree char *group = g_path_get_basename(folder);
    g_autofree char *slug = make_slug(name);
    g_autofree char *path = g_strdup_printf("/flow/%s/%s/%s", group, stem, slug);

    self->folder = g_strdup(folder);
    self->scenario = scenario;
    g_test_add_data_func_full(path, self, test_scenario, case_free);
}

static void
add_file(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(GBytes) bytes = read_bytes(path);
    g_autofree char *stem = g_strndup(name, strlen(name) - strlen(".json"));
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) file =
        nsk_json_parse(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), &error);

    g_assert_no_error(error);
    NskJson *scenarios = nsk_json_get(file, "scenarios");
    if (scenarios == NULL)
        add_case(folder, nsk_json_ref(file), stem, "is-refused");
    for (size_t i = 0; scenarios != NULL && i < nsk_json_length(scenarios); i++)
        add_case(folder, pick(file, i), stem, nsk_json_get_text(nsk_json_at(scenarios, i), "name"));
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted, so that the cases come in the same order everywhere. */
static GPtrArray *
list_folder(const char *folder)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    GDir *dir = g_dir_open(folder, 0, NULL);
    const char *name;

    g_assert_nonnull(dir);
    while ((name = g_dir_read_name(dir)) != NULL)
        g_ptr_array_add(names, g_strdup(name));
    g_dir_close(dir);
    g_ptr_array_sort(names, compare_names);
    return names;
}

static void
add_folder(const char *folder)
{
    g_autoptr(GPtrArray) names = list_folder(folder);

    for (guint i = 0; i < names->len; i++) {
        if (g_str_has_suffix(g_ptr_array_index(names, i), ".json"))
            add_file(folder, g_ptr_array_index(names, i));
    }
}

int
main(int argc, char **argv)
{
    g_autofree char *root = g_build_filename(g_getenv("G_TEST_SRCDIR"), "flow", "scenarios", NULL);
    g_autofree char *shipped = g_build_filename(g_getenv("NASKAH_SOURCE"), "workflows", NULL);

    g_test_init(&argc, &argv, NULL);
    g_autoptr(GPtrArray) groups = list_folder(root);
    for (guint i = 0; i < groups->len; i++) {
        g_autofree char *folder = g_build_filename(root, g_ptr_array_index(groups, i), NULL);

        if (g_file_test(folder, G_FILE_TEST_IS_DIR))
            add_folder(folder);
    }
    add_folder(shipped);
    return g_test_run();
}
