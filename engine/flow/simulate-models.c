/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The files that a scenario names, and what is deployed of them.
 *
 * 1. Of two processes with one id in two files, that of the file named on its own counts; between
 *    two files of the scenario it is a fault of the scenario.
 * 2. A process is deployed if it says that it is executable, if the scenario names it, or if it is
 *    the only one of its file and says nothing.
 */
#include "base/limits.h"
#include "base/message.h"
#include "flow/simulate-private.h"

#include <string.h>

typedef struct {
    char *id;
    bool executable;
    bool silent; /* says nothing about it */
} Process;

typedef struct {
    char *name;
    GBytes *content;
    GPtrArray *processes; /* of Process */
} File;

static void
process_free(gpointer data)
{
    Process *self = data;

    g_free(self->id);
    g_free(self);
}

static void
file_free(gpointer data)
{
    File *self = data;

    g_free(self->name);
    g_clear_pointer(&self->content, g_bytes_unref);
    g_clear_pointer(&self->processes, g_ptr_array_unref);
    g_free(self);
}

static void
flow_free(gpointer data)
{
    nsk_flow_unref(data);
}

SimModels *
nsk_sim_models_new(void)
{
    SimModels *self = g_new0(SimModels, 1);

    self->files = g_ptr_array_new_with_free_func(file_free);
    self->flows = g_ptr_array_new_with_free_func(flow_free);
    return self;
}

void
nsk_sim_models_free(SimModels *self)
{
    if (self == NULL)
        return;
    g_ptr_array_unref(self->flows);
    g_ptr_array_unref(self->files);
    g_free(self);
}

static const File *
find_file(const SimModels *self, const char *process, const Process **out_process)
{
    for (guint i = 0; i < self->files->len; i++) {
        const File *file = g_ptr_array_index(self->files, i);

        for (guint j = 0; j < file->processes->len; j++) {
            const Process *found = g_ptr_array_index(file->processes, j);

            if (strcmp(found->id, process) != 0)
                continue;
            if (out_process != NULL)
                *out_process = found;
            return file;
        }
    }
    return NULL;
}

static GBytes *
find_called(void *data, const char *process, char **out_name)
{
    const File *file = find_file(data, process, NULL);

    if (file == NULL)
        return NULL;
    *out_name = g_strdup(file->name);
    return g_bytes_ref(file->content);
}

static void
list_processes(File *file, const NskXmlDoc *doc)
{
    NskXmlNode *child = nsk_xml_first(nsk_xml_doc_get_root(doc));

    for (; child != NULL; child = nsk_xml_next(child)) {
        const char *id = nsk_xml_attr(child, "id");
        const char *executable = nsk_xml_attr(child, "isExecutable");

        if (!nsk_xml_is(child, BPMN_NS, "process") || id == NULL)
            continue;
        Process *process = g_new0(Process, 1);
        process->id = g_strdup(id);
        process->silent = executable == NULL;
        process->executable =
            executable != NULL && (strcmp(executable, "true") == 0 || strcmp(executable, "1") == 0);
        g_ptr_array_add(file->processes, process);
    }
}

/* The one that is there already from the file named on its own wins; else both are wrong. */
static bool
drop_known(SimModels *self, File *file, bool has_extra, GError **error)
{
    for (guint i = 0; i < file->processes->len;) {
        const Process *process = g_ptr_array_index(file->processes, i);
        const File *other = find_file(self, process->id, NULL);

        if (other == NULL) {
            i++;
            continue;
        }
        if (!has_extra || other != g_ptr_array_index(self->files, 0)) {
            g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("the process '%s' is both in '%s' and in '%s'; keep one"),
                        process->id, other->name, file->name);
            return false;
        }
        g_ptr_array_remove_index(file->processes, i);
    }
    return true;
}

static bool
load_file(SimModels *self,
          const NskFlowSimulation *simulation,
          const char *name,
          char **out_refused,
          GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskXmlDoc) doc = NULL;
    g_autoptr(GBytes) content = simulation->load(simulation->data, name, error);
    bool has_extra = simulation->model != NULL && self->files->len > 0;

    if (content == NULL)
        return false;
    File *file = g_new0(File, 1);
    file->name = g_strdup(name);
    file->content = g_bytes_ref(content);
    file->processes = g_ptr_array_new_with_free_func(process_free);
    doc = nsk_xml_parse(name, g_bytes_get_data(content, NULL), g_bytes_get_size(content), &fault);
    if (doc == NULL && *out_refused == NULL)
        *out_refused = g_strdup(fault->message);
    if (doc != NULL)
        list_processes(file, doc);
    if (!drop_known(self, file, has_extra, error)) {
        file_free(file);
        return false;
    }
    g_ptr_array_add(self->files, file);
    return true;
}

static bool
is_same_name(const char *a, const char *b)
{
    g_autofree char *base_a = g_path_get_basename(a);
    g_autofree char *base_b = g_path_get_basename(b);

    return strcmp(base_a, base_b) == 0;
}

bool
nsk_sim_models_load(SimModels *self,
                    const NskFlowSimulation *simulation,
                    char **out_refused,
                    GError **error)
{
    NskJson *models = nsk_json_get(simulation->scenario, "models");
    size_t n = models != NULL ? nsk_json_length(models) : 0;

    *out_refused = NULL;
    if (n > NSK_LIMIT_SIMULATED_MODELS) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("the scenario names %zu models; at most %d are read"), n,
                    NSK_LIMIT_SIMULATED_MODELS);
        return false;
    }
    if (simulation->model != NULL &&
        !load_file(self, simulation, simulation->model, out_refused, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        const char *name = nsk_json_text_at(models, i);

        if (name == NULL) {
            g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("entry %zu of \"models\" is no text; write the name of a file"),
                        i + 1);
            return false;
        }
        if (simulation->model != NULL && is_same_name(name, simulation->model))
            continue;
        if (!load_file(self, simulation, name, out_refused, error))
            return false;
    }
    if (self->files->len > 0)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("the scenario names no model; add \"models\": [\"file.bpmn\"], or name one "
                       "on the command line"));
    return false;
}

/* NULL, with what is wrong with it. */
static NskFlow *
deploy(SimModels *self, const File *file, const char *process, GError **error)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();
    const NskFlowSource source = {
        .name = file->name,
        .content = g_bytes_get_data(file->content, NULL),
        .size = g_bytes_get_size(file->content),
        .process = process,
        .find = find_called,
        .data = self,
    };
    NskFlow *flow = nsk_flow_load(&source, issues, error);

    if (flow != NULL)
        g_ptr_array_add(self->flows, flow);
    return flow;
}

static NskFlow *
find_deployed(const SimModels *self, const char *id)
{
    for (guint i = 0; i < self->flows->len; i++) {
        NskFlow *flow = g_ptr_array_index(self->flows, i);

        if (strcmp(nsk_flow_get_id(flow), id) == 0)
            return flow;
    }
    return NULL;
}

NskFlow *
nsk_sim_models_find(SimModels *self, const char *id, GError **error)
{
    NskFlow *flow = find_deployed(self, id);

    if (flow != NULL)
        return flow;
    const File *file = find_file(self, id, NULL);
    if (file != NULL)
        return deploy(self, file, id, error);
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("there is no process '%s' in the models; correct its name"), id);
    return NULL;
}

static bool
may_run(const File *file, const Process *process, const char *named)
{
    return process->executable || g_strcmp0(process->id, named) == 0 ||
           (process->silent && file->processes->len == 1);
}

/* Reasons are gathered, so that all that is wrong is seen at once. */
static bool
add_reason(GString *reasons, GError *fault, GError **error)
{
    if (!g_error_matches(fault, NSK_ERROR, NSK_ERROR_INVALID) &&
        !g_error_matches(fault, NSK_ERROR, NSK_ERROR_LIMIT)) {
        g_propagate_error(error, fault);
        return false;
    }
    if (strstr(reasons->str, fault->message) == NULL)
        g_string_append_printf(reasons, "%s%s", reasons->len > 0 ? "\n" : "", fault->message);
    g_error_free(fault);
    return true;
}

static bool
deploy_all(SimModels *self, const char *named, GString *reasons, GError **error)
{
    for (guint i = 0; i < self->files->len; i++) {
        const File *file = g_ptr_array_index(self->files, i);

        for (guint j = 0; j < file->processes->len; j++) {
            const Process *process = g_ptr_array_index(file->processes, j);
            GError *fault = NULL;

            if (may_run(file, process, named) && deploy(self, file, process->id, &fault) == NULL &&
                !add_reason(reasons, fault, error))
                return false;
        }
    }
    return true;
}

/* Nothing may run: the reader says why of the first file. */
static bool
explain_nothing(SimModels *self, GString *reasons, GError **error)
{
    GError *fault = NULL;

    if (self->flows->len > 0 || reasons->len > 0)
        return true;
    return deploy(self, g_ptr_array_index(self->files, 0), NULL, &fault) != NULL ||
           add_reason(reasons, fault, error);
}

bool
nsk_sim_models_deploy(SimModels *self, const NskJson *scenario, char **out_refused, GError **error)
{
    const char *named = nsk_json_get_text(scenario, "process");
    g_autoptr(GString) reasons = g_string_new(NULL);

    *out_refused = NULL;
    if (named != NULL && find_file(self, named, NULL) == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("\"process\" names '%s', which is in none of the models"), named);
        return false;
    }
    if (!deploy_all(self, named, reasons, error) || !explain_nothing(self, reasons, error))
        return false;
    if (reasons->len > 0)
        *out_refused = g_string_free(g_steal_pointer(&reasons), FALSE);
    else
        self->main = named != NULL ? find_deployed(self, named) : g_ptr_array_index(self->flows, 0);
    return true;
}
