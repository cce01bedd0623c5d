/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any file becomes a picture that can be read again, or is refused with a reason; the same file
 * gives the same bytes. */
#include "flow/diagram.h"
#include "xml/xml.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const NskFlowMark marks[] = {
    { .node = "a", .status = NSK_FLOW_MARK_DONE, .who = "Kepala <Biro>", .count = 2 },
    { .node = "b", .status = NSK_FLOW_MARK_WAITING, .since = "kemarin", .due = "besok" },
    { .node = "c", .status = NSK_FLOW_MARK_INCIDENT, .note = "surel tidak terkirim" },
};
static const NskFlowTaken taken[] = { { "f", 2 }, { "g", 1 } };

static GBytes *
draw(const uint8_t *data, size_t size)
{
    NskFlowDiagram ask = { .name = "fuzz.bpmn",
                           .marks = marks,
                           .n_marks = G_N_ELEMENTS(marks),
                           .taken = taken,
                           .n_taken = G_N_ELEMENTS(taken) };
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GError) error = NULL;
    GBytes *svg = nsk_flow_diagram(&ask, data, size, issues, &error);

    g_assert_true((svg == NULL) == (error != NULL));
    g_assert_false(nsk_issues_has_error(issues));
    return svg;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GBytes) svg = draw(data, size);
    g_autoptr(GBytes) again = svg != NULL ? draw(data, size) : NULL;
    g_autoptr(GError) error = NULL;
    size_t length;

    if (svg == NULL)
        return 0;
    g_assert_true(g_bytes_equal(svg, again));
    const void *text = g_bytes_get_data(svg, &length);
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse("svg", text, length, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(nsk_xml_name(nsk_xml_doc_get_root(doc)), ==, "svg");
    return 0;
}
