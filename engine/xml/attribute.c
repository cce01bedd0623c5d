/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Walking all attributes of an element, for readers that must refuse those they do not know. */
#include "xml/xml.h"

#include <libxml/tree.h>

bool
nsk_xml_attr_at(const NskXmlNode *node,
                size_t index,
                const char **out_ns,
                const char **out_name,
                const char **out_value)
{
    const xmlAttr *attr = node->type == XML_ELEMENT_NODE ? node->properties : NULL;

    for (; attr != NULL && index > 0; index--)
        attr = attr->next;
    if (attr == NULL)
        return false;

    const xmlNode *text = attr->children;
    *out_ns = attr->ns != NULL ? (const char *)attr->ns->href : "";
    *out_name = (const char *)attr->name;
    *out_value = text != NULL && text->content != NULL ? (const char *)text->content : "";
    return true;
}
