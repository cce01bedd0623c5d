/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RELAX NG by libxml2. */
#include "xml/xml-private.h"

#include <libxml/relaxng.h>

struct _NskXmlSchema {
    xmlRelaxNG *schema;
};

NskXmlSchema *
nsk_xml_schema_parse(const char *name, const void *data, size_t size, GError **error)
{
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse(name, data, size, error);

    if (doc == NULL)
        return NULL;
    nsk_xml_catch_begin();
    xmlRelaxNGParserCtxt *context = xmlRelaxNGNewDocParserCtxt(doc->doc);
    xmlRelaxNG *schema = xmlRelaxNGParse(context);
    xmlRelaxNGFreeParserCtxt(context);
    g_autofree char *why = nsk_xml_catch_end();
    if (schema == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID, "schema '%s' cannot be used: %s", name,
                    why != NULL ? why : "unknown reason");
        return NULL;
    }
    NskXmlSchema *self = g_new0(NskXmlSchema, 1);
    self->schema = schema;
    return self;
}

void
nsk_xml_schema_free(NskXmlSchema *self)
{
    if (self == NULL)
        return;
    xmlRelaxNGFree(self->schema);
    g_free(self);
}

typedef struct {
    const NskXmlDoc *doc;
    NskIssues *issues;
    bool found;
} Check;

static void
on_finding(void *data, xmlErrorPtr fault)
{
    Check *check = data;
    const NskXmlNode *node = fault->node != NULL ? fault->node : nsk_xml_doc_get_root(check->doc);
    g_autofree char *text = nsk_xml_tidy_message(fault->message);

    check->found = true;
    nsk_xml_issue(check->doc, node, check->issues, "xml-schema", "%s", text);
}

bool
nsk_xml_schema_check(const NskXmlSchema *self, const NskXmlDoc *doc, NskIssues *issues)
{
    g_autoptr(xmlDoc) copy = nsk_xml_doc_clone(doc);
    Check check = { doc, issues, false };
    xmlRelaxNGValidCtxt *context = xmlRelaxNGNewValidCtxt(self->schema);

    xmlRelaxNGSetValidStructuredErrors(context, on_finding, &check);
    int result = xmlRelaxNGValidateDoc(context, copy);
    xmlRelaxNGFreeValidCtxt(context);
    return result == 0 && !check.found;
}
