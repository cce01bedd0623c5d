/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding a page of the manual. */
#include "base/message.h"
#include "base/resource.h"
#include "manual/manual-private.h"

#include <string.h>

#define FOLDER      "templates/manual"
#define SCHEMA_PATH "templates/schema/manual.rng"
#define ENDING      ".xml"
#define XML_NS      "http://www.w3.org/XML/1998/namespace"
#define LEAST_WIDTH 40

char **
nsk_manual_list(GError **error)
{
    char **names = nsk_resource_list(FOLDER, error);

    for (int i = 0; names != NULL && names[i] != NULL; i++) {
        char *end = g_strrstr(names[i], ENDING);

        if (end != NULL)
            *end = '\0';
    }
    return names;
}

static bool
check_page(const NskXmlDoc *doc, GError **error)
{
    g_autoptr(GBytes) bytes = nsk_resource_load(SCHEMA_PATH, error);
    g_autoptr(NskXmlSchema) schema =
        bytes != NULL ? nsk_xml_schema_parse(SCHEMA_PATH, g_bytes_get_data(bytes, NULL),
                                             g_bytes_get_size(bytes), error)
                      : NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();

    if (schema == NULL)
        return false;
    if (nsk_xml_schema_check(schema, doc, issues))
        return true;
    g_autofree char *first = nsk_issue_format(g_ptr_array_index(issues, 0));
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID, nsk_tr("a page of the manual is damaged: %s"),
                first);
    return false;
}

/* Sets the error for a page that there is not. */
static void
refuse_name(const char *name, GError **error)
{
    g_auto(GStrv) names = nsk_manual_list(error);

    if (names == NULL)
        return;
    g_autofree char *list = g_strjoinv(", ", names);
    g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                nsk_tr("the manual has no page '%s'; there are: %s"), name, list);
}

static NskXmlDoc *
load_page(const char *name, GError **error)
{
    g_autofree char *path = g_strconcat(FOLDER "/", name, ENDING, NULL);
    g_autoptr(GBytes) bytes = nsk_resource_load(path, NULL);

    if (bytes == NULL) {
        refuse_name(name, error);
        return NULL;
    }
    g_autoptr(NskXmlDoc) doc =
        nsk_xml_parse(path, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), error);
    return doc != NULL && check_page(doc, error) ? g_steal_pointer(&doc) : NULL;
}

char *
nsk_manual_page(const char *name,
                const char *language,
                NskManualForm form,
                unsigned width,
                GError **error)
{
    g_autoptr(NskXmlDoc) doc = load_page(name, error);

    if (doc == NULL)
        return NULL;
    const NskXmlNode *text = nsk_xml_child(nsk_xml_doc_get_root(doc), "text");
    /* the schema has both, Indonesian first */
    if (g_strcmp0(nsk_xml_attr_ns(text, XML_NS, "lang"), language) != 0)
        text = nsk_xml_next(text);
    return form == NSK_MANUAL_ROFF ? nsk_manual_to_roff(name, text)
                                   : nsk_manual_to_terminal(text, MAX(width, LEAST_WIDTH));
}
