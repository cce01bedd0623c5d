/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The manual's list of what becomes of each element of BPMN is complete, and true. */
#include "base/resource.h"
#include "read-helper.h"

/* Flow nodes and event definitions of BPMN 2.0.2 (Semantic.xsd). */
static const char *const nodes[] = { "startEvent",
                                     "endEvent",
                                     "intermediateCatchEvent",
                                     "intermediateThrowEvent",
                                     "boundaryEvent",
                                     "userTask",
                                     "serviceTask",
                                     "businessRuleTask",
                                     "sendTask",
                                     "receiveTask",
                                     "manualTask",
                                     "task",
                                     "scriptTask",
                                     "exclusiveGateway",
                                     "parallelGateway",
                                     "inclusiveGateway",
                                     "eventBasedGateway",
                                     "complexGateway",
                                     "subProcess",
                                     "adHocSubProcess",
                                     "transaction",
                                     "callActivity",
                                     "callChoreography",
                                     "choreographyTask",
                                     "subChoreography" };
static const char *const definitions[] = {
    "messageEventDefinition",     "timerEventDefinition",      "signalEventDefinition",
    "conditionalEventDefinition", "errorEventDefinition",      "escalationEventDefinition",
    "linkEventDefinition",        "compensateEventDefinition", "terminateEventDefinition",
    "cancelEventDefinition",
};

/* The page in one language: 0 Indonesian, 1 English. */
static NskXmlNode *
text_of(NskXmlDoc *page, unsigned language)
{
    NskXmlNode *text = nsk_xml_first(nsk_xml_doc_get_root(page));

    return language == 0 ? text : nsk_xml_next(text);
}

/* The section that lists the element; NULL if none does. */
static const char *
section_of(NskXmlNode *text, const char *element)
{
    const char *found = NULL;

    for (NskXmlNode *section = nsk_xml_first(text); section != NULL;
         section = nsk_xml_next(section)) {
        const NskXmlNode *list = nsk_xml_child(section, "list");

        for (NskXmlNode *item = list != NULL ? nsk_xml_first(list) : NULL; item != NULL;
             item = nsk_xml_next(item)) {
            if (g_strcmp0(nsk_xml_attr(item, "term"), element) != 0)
                continue;
            g_assert_null(found);
            found = nsk_xml_attr(section, "id");
        }
    }
    return found;
}

/* Whether the reader says of the process that it does not carry out what is named. */
static bool
is_refused(const char *elements, const char *name)
{
    g_autofree char *text = helper_wrap(elements);
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskFlow) flow = nsk_flow_parse("x", text, strlen(text), issues, NULL);

    for (guint i = 0; i < issues->len; i++) {
        const NskIssue *issue = g_ptr_array_index(issues, i);

        if (g_str_equal(issue->tag, "flow-unsupported") && strstr(issue->text, name) != NULL) {
            g_assert_null(flow);
            return true;
        }
    }
    return false;
}

static NskXmlDoc *
load_page(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = nsk_resource_load("templates/manual/workflow-elements.xml", &error);
    NskXmlDoc *page = NULL;

    g_assert_no_error(error);
    page = nsk_xml_parse("page", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), &error);
    g_assert_no_error(error);
    return page;
}

static void
assert_told(NskXmlDoc *page, const char *element, bool refused)
{
    for (unsigned language = 0; language < 2; language++)
        g_assert_cmpstr(section_of(text_of(page, language), element), ==,
                        refused ? "refused" : "executed");
}

static void
test_nodes(void)
{
    g_autoptr(NskXmlDoc) page = load_page();

    for (size_t i = 0; i < G_N_ELEMENTS(nodes); i++) {
        g_autofree char *model = g_strdup_printf(START "<b:%s id='x'/>", nodes[i]);

        assert_told(page, nodes[i], is_refused(model, nodes[i]));
    }
}

static void
test_event_definitions(void)
{
    g_autoptr(NskXmlDoc) page = load_page();

    for (size_t i = 0; i < G_N_ELEMENTS(definitions); i++) {
        g_autofree char *model =
            g_strdup_printf(START "<b:endEvent id='x'><b:%s/></b:endEvent>", definitions[i]);

        assert_told(page, definitions[i], is_refused(model, definitions[i]));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flow/elements/nodes-are-told-of", test_nodes);
    g_test_add_func("/flow/elements/event-definitions-are-told-of", test_event_definitions);
    return g_test_run();
}
