/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every model of the scenarios is read, and those that must be refused are, by name. */
#include "base/json.h"
#include "definition-helper.h"
#include "flow-helper.h"

static const char *folder;

typedef struct {
    GPtrArray *contents; /* of GBytes */
} Models;

static GBytes *
load(const char *directory, const char *name)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    g_autoptr(GError) error = NULL;
    char *text = NULL;
    gsize size;

    g_file_get_contents(path, &text, &size, &error);
    g_assert_no_error(error);
    return g_bytes_new_take(text, size);
}

/* The file of the scenario that has the process. */
static GBytes *
find(void *data, const char *process, char **out_name)
{
    const Models *models = data;
    g_autofree char *wanted = g_strdup_printf("<process id=\"%s\"", process);

    for (guint i = 0; i < models->contents->len; i++) {
        GBytes *content = g_ptr_array_index(models->contents, i);

        if (g_strstr_len(g_bytes_get_data(content, NULL), (gssize)g_bytes_get_size(content),
                         wanted) == NULL)
            continue;
        *out_name = g_strdup("called.bpmn");
        return g_bytes_ref(content);
    }
    return NULL;
}

static void
assert_refused(const char *path, const NskJson *refuse, const NskIssues *issues)
{
    for (size_t i = 0; i < nsk_json_length(refuse); i++) {
        const char *word = nsk_json_text_at(refuse, i);
        bool found = false;

        for (guint k = 0; k < issues->len; k++) {
            const NskIssue *issue = g_ptr_array_index(issues, k);

            found = found || (issue->severity == NSK_SEVERITY_ERROR && issue->line > 0 &&
                              strstr(issue->text, word) != NULL);
        }
        if (!found)
            g_error("%s: nothing is said about '%s', but: %s", path, word,
                    issues->len > 0 ? ((NskIssue *)g_ptr_array_index(issues, 0))->text : "");
    }
}

static void
read_models(const char *path, const char *directory, const NskJson *json)
{
    const NskJson *names = nsk_json_get(json, "models");
    const NskJson *refuse = nsk_json_get(json, "refuse");
    g_autoptr(GPtrArray) contents = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GError) error = NULL;
    Models models = { .contents = contents };

    for (size_t i = 0; i < nsk_json_length(names); i++)
        g_ptr_array_add(contents, load(directory, nsk_json_text_at(names, i)));

    GBytes *first = g_ptr_array_index(contents, 0);
    const NskFlowSource source = { .name = path,
                                   .content = g_bytes_get_data(first, NULL),
                                   .size = g_bytes_get_size(first),
                                   .process = nsk_json_get_text(json, "process"),
                                   .find = find,
                                   .data = &models };
    g_autoptr(NskFlow) flow = nsk_flow_load(&source, issues, &error);
    if (refuse != NULL) {
        if (flow != NULL)
            g_error("%s is not refused", path);
        assert_refused(path, refuse, issues);
        return;
    }
    if (flow == NULL)
        g_error("%s is refused: %s", path, error->message);
    helper_check_definition(flow);
}

static void
test_model(gconstpointer data)
{
    const char *path = data;
    g_autofree char *directory = g_path_get_dirname(path);
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    gsize size;

    g_file_get_contents(path, &text, &size, &error);
    g_assert_no_error(error);
    g_autoptr(NskJson) json = nsk_json_parse(text, size, &error);
    g_assert_no_error(error);
    read_models(path, directory, json);
}

static void
add_group(const char *group)
{
    g_autofree char *directory = g_build_filename(folder, group, NULL);
    g_autoptr(GDir) dir = g_dir_open(directory, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *test = g_strdup_printf("/flow/models/%s/%s", group, name);

        if (g_str_has_suffix(name, ".json"))
            g_test_add_data_func_full(test, g_build_filename(directory, name, NULL), test_model,
                                      g_free);
    }
}

int
main(int argc, char **argv)
{
    const char *group;

    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(argc, ==, 2);
    folder = argv[1];

    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    while ((group = g_dir_read_name(dir)) != NULL)
        add_group(group);
    return g_test_run();
}
