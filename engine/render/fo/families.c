/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which font families a document of formatting objects names, before anything else is read of it.
 */
#include "render/fo/fo.h"

#include <string.h>

enum { MAX_FAMILIES = 100 }; /* more are no font list but an attack */

static void
add_family(GPtrArray *families, char *name)
{
    size_t length = strlen(g_strstrip(name));

    if (length >= 2 && (name[0] == '\'' || name[0] == '"') && name[length - 1] == name[0]) {
        name[length - 1] = '\0';
        name++;
    }
    if (name[0] == '\0' || families->len == MAX_FAMILIES)
        return;
    for (guint i = 0; i < families->len; i++) {
        if (g_ascii_strcasecmp(families->pdata[i], name) == 0)
            return;
    }
    g_ptr_array_add(families, g_strdup(name));
}

static void
add_list(GPtrArray *families, const char *list)
{
    g_auto(GStrv) names = g_strsplit(list, ",", MAX_FAMILIES);

    for (size_t i = 0; names[i] != NULL; i++)
        add_family(families, names[i]);
}

/* The families of the shorthand "font" stand behind the size; words before it name no font. */
static void
add_shorthand(GPtrArray *families, const char *value)
{
    const char *comma = strchr(value, ',');
    g_auto(GStrv) words = g_strsplit_set(value, " \t\r\n", 20);
    const char *rest = value;

    for (size_t i = 0; words[i] != NULL; i++) {
        if (comma != NULL && rest > comma)
            break;
        add_list(families, rest);
        rest += strlen(words[i]) + (words[i + 1] != NULL ? 1 : 0);
    }
}

static void
collect(GPtrArray *families, const NskXmlNode *node)
{
    const char *list = nsk_xml_attr(node, "font-family");
    const char *font = nsk_xml_attr(node, "font");

    if (list != NULL)
        add_list(families, list);
    if (font != NULL)
        add_shorthand(families, font);
    for (const NskXmlNode *child = nsk_xml_first(node); child != NULL; child = nsk_xml_next(child))
        collect(families, child);
}

char **
nsk_fo_families(const NskXmlDoc *fo)
{
    GPtrArray *families = g_ptr_array_new();

    collect(families, nsk_xml_doc_get_root(fo));
    g_ptr_array_add(families, NULL);
    return (char **)g_ptr_array_free(families, FALSE);
}
