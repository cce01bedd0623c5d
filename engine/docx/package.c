/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The package around a document: which part is what (ISO/IEC 29500-2, section 9), and what in it is
 * dangerous.  A part is found by relationships, never by its usual name; a relationship that leads
 * out of the package is told and not followed.
 */
#include "base/message.h"
#include "docx/docx-private.h"

#include <string.h>

#define MAX_RELATED 200

/* "word/_rels/document.xml.rels" */
static char *
relations_of(const char *part)
{
    const char *slash = strrchr(part, '/');
    gsize folder = slash != NULL ? (gsize)(slash - part) + 1 : 0;

    return g_strdup_printf("%.*s_rels/%s.rels", (int)folder, part, part + folder);
}

NskXmlDoc *
nsk_docx_part(GHashTable *parts, const char *document, const char *part, GError **error)
{
    GBytes *bytes = g_hash_table_lookup(parts, part);
    gsize size = 0;
    const void *data = bytes != NULL ? g_bytes_get_data(bytes, &size) : NULL;
    g_autofree char *name = g_strdup_printf("%s:%s", document, part);

    return bytes != NULL ? nsk_xml_parse(name, data, size, error) : NULL;
}

/* @target as it is written in a part of @part's folder, without "." and ".."; owned. */
static char *
resolve(const char *part, const char *target)
{
    g_autoptr(GPtrArray) steps = g_ptr_array_new();
    const char *slash = strrchr(part, '/');
    g_autofree char *whole =
        *target == '/'
            ? g_strdup(target + 1)
            : g_strdup_printf("%.*s%s", slash != NULL ? (int)(slash - part + 1) : 0, part, target);
    g_auto(GStrv) written = g_strsplit(whole, "/", -1);

    for (char **step = written; *step != NULL; step++) {
        if (strcmp(*step, "..") == 0 && steps->len > 0)
            g_ptr_array_set_size(steps, (gint)steps->len - 1);
        else if (**step != '\0' && strcmp(*step, ".") != 0 && strcmp(*step, "..") != 0)
            g_ptr_array_add(steps, *step);
    }
    g_ptr_array_add(steps, NULL);
    return g_strjoinv("/", (char **)steps->pdata);
}

static bool
is_external(const NskXmlNode *relation)
{
    return g_strcmp0(nsk_xml_attr(relation, "TargetMode"), "External") == 0;
}

static bool
is_of_type(const NskXmlNode *relation, const char *type)
{
    const char *whole = nsk_xml_attr(relation, "Type");
    const char *slash = whole != NULL ? strrchr(whole, '/') : NULL;

    return slash != NULL && strcmp(slash + 1, type) == 0;
}

GPtrArray *
nsk_docx_related(GHashTable *parts, const char *part, const char *type, GError **error)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) fault = NULL;
    g_autofree char *path = relations_of(part);
    g_autoptr(NskXmlDoc) doc = nsk_docx_part(parts, path, path, &fault);

    if (fault != NULL) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return NULL;
    }
    const NskXmlNode *node = doc != NULL ? nsk_xml_first(nsk_xml_doc_get_root(doc)) : NULL;
    for (; node != NULL && found->len < MAX_RELATED; node = nsk_xml_next(node)) {
        const char *target = nsk_xml_attr(node, "Target");

        if (target == NULL || is_external(node) || !is_of_type(node, type))
            continue;
        g_autofree char *name = resolve(part, target);
        if (!g_ptr_array_find_with_equal_func(found, name, g_str_equal, NULL))
            g_ptr_array_add(found, g_steal_pointer(&name));
    }
    return g_steal_pointer(&found);
}

GHashTable *
nsk_docx_relations(GHashTable *parts, const char *part, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autofree char *path = relations_of(part);
    g_autoptr(NskXmlDoc) doc = nsk_docx_part(parts, path, path, &fault);

    if (fault != NULL) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return NULL;
    }
    GHashTable *relations = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    const NskXmlNode *node = doc != NULL ? nsk_xml_first(nsk_xml_doc_get_root(doc)) : NULL;
    for (; node != NULL; node = nsk_xml_next(node)) {
        const char *id = nsk_xml_attr(node, "Id");
        const char *target = nsk_xml_attr(node, "Target");

        if (id != NULL && target != NULL && !is_external(node))
            g_hash_table_replace(relations, g_strdup(id), resolve(part, target));
    }
    return relations;
}

static void G_GNUC_PRINTF(4, 5)
    warn(const char *document, NskIssues *issues, const char *tag, const char *format, ...)
{
    g_autofree char *file = g_strdup(document);
    const NskIssue place = { tag, NSK_SEVERITY_WARNING, file, 0, 0, NULL };
    va_list args;

    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    nsk_issues_add(issues, &place, "%s", text);
}

/* The names in the order of the alphabet, so that findings do not depend on the hash. */
static GList *
sorted_names(GHashTable *parts)
{
    return g_list_sort(g_hash_table_get_keys(parts), (GCompareFunc)g_strcmp0);
}

static void
check_macro(const char *document, const char *part, NskIssues *issues)
{
    g_autofree char *lower = g_ascii_strdown(part, -1);

    if (strstr(lower, "vbaproject") != NULL || strstr(lower, "vbadata") != NULL)
        warn(document, issues, "docx-macro",
             nsk_tr("'%s' holds macros; they are not read, and an office should not pass them on"),
             part);
    else if (strstr(lower, "embeddings/") != NULL || strstr(lower, "activex/") != NULL)
        warn(document, issues, "docx-macro",
             nsk_tr("'%s' is a file or a program within the document; it is not read"), part);
}

/* Links are for readers, and nothing follows them. */
static void
check_relations(const char *document, const NskXmlDoc *doc, NskIssues *issues)
{
    const NskXmlNode *node = nsk_xml_first(nsk_xml_doc_get_root(doc));

    for (; node != NULL; node = nsk_xml_next(node)) {
        const char *target = nsk_xml_attr(node, "Target");

        if (is_external(node) && target != NULL && !is_of_type(node, "hyperlink"))
            warn(document, issues, "docx-external",
                 nsk_tr("the document wants to fetch '%s'; it is not fetched, but Word would"),
                 target);
    }
}

bool
nsk_docx_check_package(GHashTable *parts, const char *document, NskIssues *issues, GError **error)
{
    g_autoptr(GList) names = sorted_names(parts);

    for (GList *at = names; at != NULL; at = at->next) {
        g_autoptr(GError) fault = NULL;
        g_autoptr(NskXmlDoc) doc = g_str_has_suffix(at->data, ".rels")
                                       ? nsk_docx_part(parts, document, at->data, &fault)
                                       : NULL;

        if (fault != NULL) {
            g_propagate_error(error, g_steal_pointer(&fault));
            return false;
        }
        check_macro(document, at->data, issues);
        if (doc != NULL)
            check_relations(document, doc, issues);
    }
    return true;
}
