/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any text as an XPath expression over a small document; the names that it uses are those for which
 * the scope is asked. */
#include "xml/xml.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
find_variable(void *data, const char *name, NskXPathValue *out_value)
{
    g_assert_true(g_strv_contains((const char *const *)data, name));
    *out_value = (NskXPathValue){ .type = NSK_XPATH_NUMBER, .number = 1 };
    return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char facts[] = "<facts xmlns:b='u:b'><a k='1'>x</a><b>2</b></facts>";
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse("facts", facts, strlen(facts), NULL);
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(NskXPath) xpath = nsk_xpath_compile(text, nsk_xml_doc_get_root(doc), &error);
    g_auto(NskXPathValue) value = { 0 };

    if (xpath == NULL) {
        g_assert_nonnull(error);
        return 0;
    }
    g_auto(GStrv) variables = nsk_xpath_variables(xpath);
    G_GNUC_UNUSED g_auto(GStrv) functions = nsk_xpath_functions(xpath);
    NskXPathScope scope = { .variable = find_variable, .data = variables };
    bool ok = nsk_xpath_eval(xpath, nsk_xml_doc_get_root(doc), &scope, &value, &error);
    g_assert_true(ok == (error == NULL));
    if (ok) {
        G_GNUC_UNUSED g_autofree char *shown = nsk_xpath_value_text(&value);

        nsk_xpath_value_bool(&value);
    }
    return 0;
}
