/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading of profiles and kinds: schema check and small helpers. */
#include "base/limits.h"
#include "base/message.h"
#include "render/letter/letter-private.h"

#include <string.h>

NskXmlDoc *
nsk_form_read(const char *schema,
              const char *name,
              GBytes *bytes,
              NskIssues *issues,
              GError **error)
{
    gsize size;
    const void *data = g_bytes_get_data(bytes, &size);

    if (size > NSK_LIMIT_FORM_SIZE) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("'%s' has %zu bytes; a profile or kind has at most %d"), name,
                    (size_t)size, NSK_LIMIT_FORM_SIZE);
        return NULL;
    }
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse(name, data, size, error);
    if (doc == NULL)
        return NULL;
    if (!nsk_xml_schema_check_by(schema, doc, issues, error) || !nsk_issues_to_error(issues, error))
        return NULL;
    return g_steal_pointer(&doc);
}

void
nsk_form_move_issues(NskIssues *from, NskIssues *to)
{
    if (to == NULL)
        return;
    nsk_issues_add_all(to, from);
    g_ptr_array_set_size(from, 0);
}

void
nsk_form_check_unique(const NskXmlDoc *doc,
                      const NskXmlNode *parent,
                      const char *name,
                      const char *attr,
                      NskIssues *issues)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    for (NskXmlNode *node = nsk_xml_first(parent); node != NULL; node = nsk_xml_next(node)) {
        const char *key = nsk_xml_attr(node, attr);

        if (key == NULL || strcmp(nsk_xml_name(node), name) != 0)
            continue;
        if (!g_hash_table_add(seen, (gpointer)(uintptr_t)key))
            nsk_xml_issue(doc, node, issues, "form-double",
                          nsk_tr("there are two elements '%s' with %s=\"%s\"; remove one"), name,
                          attr, key);
    }
}

bool
nsk_form_has_word(const NskXmlNode *node, const char *name, const char *word)
{
    const char *text = nsk_xml_attr(node, name);

    if (text == NULL)
        return false;
    g_auto(GStrv) words = g_strsplit_set(text, " \t\r\n", -1);
    return g_strv_contains((const char *const *)words, word);
}

int
nsk_form_mm(const NskXmlNode *node, const char *name)
{
    const char *text = nsk_xml_attr(node, name);

    return text == NULL ? 0 : (int)(g_ascii_strtod(text, NULL) * 100 + 0.5);
}

NskXmlNode *
nsk_form_find(const NskXmlNode *parent, const char *name, const char *attr, const char *value)
{
    if (value == NULL)
        return NULL;
    for (NskXmlNode *node = nsk_xml_first(parent); node != NULL; node = nsk_xml_next(node)) {
        if (strcmp(nsk_xml_name(node), name) == 0 &&
            g_strcmp0(nsk_xml_attr(node, attr), value) == 0)
            return node;
    }
    return NULL;
}
