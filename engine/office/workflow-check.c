/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Workflow files before they are deployed: what the checker of engine/flow finds, with the
 * directory and the services of an office if there is one.  Processes that call each other may lie
 * in several of the files.
 */
#include "base/message.h"
#include "flow/flow.h"
#include "office/advance-private.h"

#include <string.h>

#define BPMN_NS "http://www.omg.org/spec/BPMN/20100524/MODEL"

typedef struct {
    const NskOfficeFile *files;
    size_t n_files;
    NskDbTxn *txn; /* NULL: no office */
    GError *fault; /* of the directory */
} Ask;

static bool
knows_position(void *data, const char *id)
{
    Ask *ask = data;
    GError *fault = NULL;
    g_autoptr(NskPosition) position = nsk_directory_get_position(ask->txn, id, &fault);

    if (position != NULL)
        return true;
    if (g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND)) {
        g_error_free(fault);
        return false;
    }
    if (ask->fault == NULL)
        ask->fault = fault;
    else
        g_error_free(fault);
    return true;
}

static bool
knows_service(G_GNUC_UNUSED void *data, const char *service)
{
    return nsk_service_is_known(service);
}

static NskXmlDoc *
parse(const NskOfficeFile *file)
{
    return nsk_xml_parse(file->name, g_bytes_get_data(file->bytes, NULL),
                         g_bytes_get_size(file->bytes), NULL);
}

/* Ids of the processes that are to run by themselves, or of all; owned strings. */
static GPtrArray *
list_processes(const NskOfficeFile *file, bool all)
{
    GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(NskXmlDoc) doc = parse(file);
    NskXmlNode *child = doc != NULL ? nsk_xml_first(nsk_xml_doc_get_root(doc)) : NULL;

    for (; child != NULL; child = nsk_xml_next(child)) {
        const char *runs = nsk_xml_attr(child, "isExecutable");
        const char *id = nsk_xml_attr(child, "id");

        if (nsk_xml_is(child, BPMN_NS, "process") && id != NULL &&
            (all || (runs != NULL && (strcmp(runs, "true") == 0 || strcmp(runs, "1") == 0))))
            g_ptr_array_add(ids, g_strdup(id));
    }
    return ids;
}

static GBytes *
find_process(void *data, const char *process, char **out_name)
{
    const Ask *ask = data;

    for (size_t i = 0; i < ask->n_files; i++) {
        g_autoptr(GPtrArray) ids = list_processes(&ask->files[i], true);

        if (!g_ptr_array_find_with_equal_func(ids, process, g_str_equal, NULL))
            continue;
        *out_name = g_strdup(ask->files[i].name);
        return g_bytes_ref(ask->files[i].bytes);
    }
    return NULL;
}

/* What is wrong with the file is in @issues, so an error that repeats it is dropped. */
static bool
check_process(Ask *ask,
              const NskOfficeFile *file,
              const char *process,
              NskIssues *issues,
              GError **error)
{
    const NskFlowSource source = { .name = file->name,
                                   .content = g_bytes_get_data(file->bytes, NULL),
                                   .size = g_bytes_get_size(file->bytes),
                                   .process = process,
                                   .find = find_process,
                                   .data = ask };
    const NskFlowCheck options = { .knows_position = ask->txn != NULL ? knows_position : NULL,
                                   .knows_service = ask->txn != NULL ? knows_service : NULL,
                                   .data = ask,
                                   .letter = true };
    GError *refused = NULL;
    g_autoptr(NskFlow) flow = nsk_flow_load(&source, issues, &refused);

    if (flow != NULL)
        (void)nsk_flow_check(flow, &options, issues);
    else if (!nsk_issues_has_error(issues))
        g_propagate_error(error, refused);
    else
        g_error_free(refused);
    return flow != NULL || nsk_issues_has_error(issues);
}

/* Each process of the file that is to run by itself; the one that there is, if none says so. */
static bool
check_file(Ask *ask, const NskOfficeFile *file, NskIssues *issues, GError **error)
{
    g_autoptr(GPtrArray) ids = list_processes(file, false);

    if (ids->len < 2)
        return check_process(ask, file, NULL, issues, error);
    for (guint i = 0; i < ids->len; i++) {
        if (!check_process(ask, file, g_ptr_array_index(ids, i), issues, error))
            return false;
    }
    return true;
}

bool
nsk_office_workflow_check(NskOffice *self,
                          const NskOfficeFile *files,
                          size_t n_files,
                          NskIssues *issues,
                          GError **error)
{
    g_autoptr(NskDbTxn) txn = self != NULL ? nsk_db_snapshot(self->reader, error) : NULL;
    Ask ask = { files, n_files, txn, NULL };

    if (self != NULL && txn == NULL)
        return false;
    for (size_t i = 0; i < n_files; i++) {
        /* A list of issues is cut at its end, so each file has its own. */
        NskIssues *found = nsk_issues_new();
        bool done = check_file(&ask, &files[i], found, error);

        g_ptr_array_extend_and_steal(issues, found);
        if (!done)
            break;
        if (i + 1 == n_files && ask.fault == NULL)
            return true;
    }
    if (ask.fault != NULL)
        g_propagate_error(error, ask.fault);
    return false;
}
