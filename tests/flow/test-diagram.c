/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures of workflows: what is in them, and that the file cannot spoil them. */
#include "base/limits.h"
#include "base/message.h"
#include "diagram-helper.h"
#include "flow/diagram-private.h"

#define HEAD                                                                                       \
    "<b:definitions xmlns:b='http://www.omg.org/spec/BPMN/20100524/MODEL' "                        \
    "xmlns:bpmndi='http://www.omg.org/spec/BPMN/20100524/DI' "                                     \
    "xmlns:dc='http://www.omg.org/spec/DD/20100524/DC' "                                           \
    "xmlns:di='http://www.omg.org/spec/DD/20100524/DI' "                                           \
    "xmlns:bioc='http://bpmn.io/schema/bpmn/biocolor/1.0' targetNamespace='urn:contoh'>\n"
#define TAIL "</b:definitions>"

#define TWO                                                                                        \
    "<b:process id='p' name='Contoh'><b:startEvent id='s'/><b:userTask id='t' name='Periksa'/>"    \
    "<b:sequenceFlow id='f' sourceRef='s' targetRef='t'/></b:process>"

static char *
with_plane(const char *model, const char *plane)
{
    return g_strconcat(HEAD, model, "<bpmndi:BPMNDiagram><bpmndi:BPMNPlane bpmnElement='p'>", plane,
                       "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>" TAIL, NULL);
}

#define SHAPE(id, x, y, w, h)                                                                      \
    "<bpmndi:BPMNShape bpmnElement='" id "'><dc:Bounds x='" x "' y='" y "' width='" w              \
    "' height='" h "'/></bpmndi:BPMNShape>"
#define EDGE(id, points) "<bpmndi:BPMNEdge bpmnElement='" id "'>" points "</bpmndi:BPMNEdge>"
#define POINT(x, y)      "<di:waypoint x='" x "' y='" y "'/>"

/* --- What stands where --- */

/* Every form and every line of text lies within the picture. */
static void
check_inside(const Picture *self, NskXmlNode *node)
{
    const char *name = nsk_xml_name(node);
    bool is_moved = nsk_xml_attr(node, "transform") != NULL;

    if (strcmp(name, "rect") == 0 && g_strcmp0(nsk_xml_attr(node, "width"), "100%") != 0) {
        Box box = { picture_number(node, "x"), picture_number(node, "y"),
                    picture_number(node, "width"), picture_number(node, "height") };

        g_assert_true(box_holds(self->view, box));
    } else if (strcmp(name, "text") == 0) {
        Box dot = { picture_number(node, "x"), picture_number(node, "y"), 0, 0 };

        g_assert_true(box_holds(self->view, dot));
    } else if (strcmp(name, "path") == 0 && !is_moved) {
        g_autoptr(GArray) points = picture_points(nsk_xml_attr(node, "d"));

        for (guint i = 0; i < points->len; i++) {
            const double *point = &g_array_index(points, double, 2 * i);

            g_assert_true(box_holds(self->view, (Box){ point[0], point[1], 0, 0 }));
        }
    }
    for (NskXmlNode *child = nsk_xml_first(node); child != NULL; child = nsk_xml_next(child))
        check_inside(self, child);
}

static void
test_uses_the_places_of_the_file(void)
{
    g_auto(Picture) picture = { 0 };
    g_autofree char *text =
        with_plane(TWO, SHAPE("s", "100", "122", "36", "36") SHAPE("t", "200", "100", "100", "80")
                            EDGE("f", POINT("136", "140") POINT("200", "140")));

    picture_draw(&picture, text);
    Box start = picture_box(&picture, "s");
    Box task = picture_box(&picture, "t");
    g_assert_cmpuint(picture.issues->len, ==, 0);
    g_assert_cmpfloat_with_epsilon(task.x - start.x, 100, 0.01);
    g_assert_cmpfloat_with_epsilon(task.y - start.y, -22, 0.01);
    g_assert_cmpfloat(task.w, ==, 100);
    g_assert_cmpfloat(picture.view.w, ==, 220); /* 10 around all */
    g_assert_cmpfloat(picture.view.h, ==, 100);
    check_inside(&picture, picture.root);
}

/* --- Names: they lie over nothing. --- */

/* A line of words, and what it must not meet. */
typedef struct {
    const char *id; /* of its group */
    const char *words;
    Box box;
} Line;

/* What is drawn of nodes: @lines of words, and @things, among which are the symbols of tasks. */
typedef struct {
    GArray *lines;  /* of Line */
    GArray *things; /* of Line */
} Places;

static void
add_line(Places *places, const char *id, const NskXmlNode *text)
{
    g_autofree char *words = nsk_xml_text(text);
    char *const one[] = { words, NULL };
    double size = nsk_xml_attr(text, "font-size") != NULL ? picture_number(text, "font-size") : 12;
    DiagramBox measured = nsk_diagram_measure(one, size);
    Line line = { id,
                  "",
                  { picture_number(text, "x"), picture_number(text, "y") - 0.8 * size, measured.w,
                    0.9 * size } };

    if (g_strcmp0(nsk_xml_attr(text, "text-anchor"), "middle") == 0)
        line.box.x -= measured.w / 2;
    g_array_append_val(places->lines, line);
}

static bool
is_any(const NskXmlNode *group, const char *const *classes)
{
    for (; *classes != NULL; classes++) {
        if (group_is(group, *classes))
            return true;
    }
    return false;
}

static void
add_group(Places *places, NskXmlNode *group)
{
    static const char *const containers[] = { "subProcess",   "participant", "lane",
                                              "sequenceFlow", "messageFlow", NULL };
    static const char *const typed[] = { "userTask",   "serviceTask", "sendTask",
                                         "manualTask", "receiveTask", NULL };
    const char *id = nsk_xml_attr(group, "data-id");

    for (NskXmlNode *child = nsk_xml_first(group); child != NULL; child = nsk_xml_next(child)) {
        if (strcmp(nsk_xml_name(child), "text") == 0)
            add_line(places, id, child);
    }
    if (is_any(group, containers))
        return;
    Line thing = { id, "", picture_outline(group) };
    if (strstr(nsk_xml_attr(group, "class"), "Gateway") != NULL)
        thing.box = (Box){ thing.box.x + thing.box.w / 4, thing.box.y + thing.box.h / 4,
                           thing.box.w / 2, thing.box.h / 2 }; /* it has no corners there */
    g_array_append_val(places->things, thing);
    if (!is_any(group, typed))
        return;
    thing = (Line){ NULL, "symbol", { thing.box.x + 6, thing.box.y + 6, 18, 18 } };
    g_array_append_val(places->things, thing);
}

static bool
is_label_of(const Line *line, const Line *thing)
{
    return thing->id != NULL && strcmp(line->id, thing->id) == 0;
}

static void
check_names_are_clear(const Picture *picture, const char *name)
{
    GHashTableIter iter;
    gpointer groups;
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(Line));
    g_autoptr(GArray) things = g_array_new(FALSE, FALSE, sizeof(Line));
    Places places = { lines, things };

    g_hash_table_iter_init(&iter, picture->groups);
    while (g_hash_table_iter_next(&iter, NULL, &groups))
        add_group(&places, g_ptr_array_index((GPtrArray *)groups, 0));
    for (guint i = 0; i < lines->len; i++) {
        const Line *line = &g_array_index(lines, Line, i);

        for (guint k = 0; k < things->len; k++) {
            const Line *thing = &g_array_index(things, Line, k);

            if (!is_label_of(line, thing) && box_meets(line->box, thing->box))
                g_error("%s: the name of '%s' lies over %s '%s'", name, line->id, thing->words,
                        thing->id != NULL ? thing->id : "");
        }
        for (guint k = 0; k < i; k++) {
            const Line *other = &g_array_index(lines, Line, k);

            if (box_meets(line->box, other->box))
                g_error("%s: the names of '%s' and '%s' lie over each other", name, line->id,
                        other->id);
        }
    }
}

static void
test_draws_every_shipped_workflow_whole(void)
{
    g_autofree char *folder = g_build_filename(g_getenv("NASKAH_SOURCE"), "workflows", NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    unsigned n = 0;

    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_autofree char *text = NULL;
        g_auto(Picture) picture = { 0 };

        if (!g_str_has_suffix(name, ".bpmn"))
            continue;
        g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
        picture_draw(&picture, text);
        for (guint i = 0; i < picture.issues->len; i++)
            g_test_message("%s: %s", name,
                           ((NskIssue *)g_ptr_array_index(picture.issues, i))->text);
        g_assert_cmpuint(picture.issues->len, ==, 0);
        check_inside(&picture, picture.root);
        check_names_are_clear(&picture, name);
        n++;
    }
    g_assert_cmpuint(n, >=, 2);
}

typedef struct {
    const char *name;
    const char *plane;
    const char *said; /* in the warning */
} BadPlane;

static const BadPlane bad_planes[] = {
    { "a-number-that-is-none", SHAPE("s", "NaN", "1", "36", "36"), "'s'" },
    { "an-infinite-place", SHAPE("s", "1", "inf", "36", "36"), "'s'" },
    { "a-place-that-is-too-far", SHAPE("s", "1e300", "1", "36", "36"), "'s'" },
    { "a-size-of-nothing", SHAPE("s", "1", "1", "0", "36"), "'s'" },
    { "a-size-that-is-negative", SHAPE("s", "1", "1", "-36", "36"), "'s'" },
    { "a-size-that-is-too-large", SHAPE("s", "1", "1", "36", "50000"), "'s'" },
    { "a-number-with-words-behind-it", SHAPE("s", "1px", "1", "36", "36"), "'s'" },
    { "no-bounds", "<bpmndi:BPMNShape bpmnElement='s'/>", "'s'" },
    { "a-node-that-is-not-shown", SHAPE("s", "1", "1", "36", "36"), "'t'" },
    { "a-node-on-top-of-another",
      SHAPE("s", "100", "100", "36", "36") SHAPE("t", "68", "78", "100", "80"), "'t'" },
    { "a-line-to-nowhere",
      SHAPE("s", "1", "1", "36", "36") SHAPE("t", "100", "1", "100", "80")
          EDGE("f", POINT("1", "1") POINT("1", "-1e99")),
      "'f'" },
};

static void
test_lays_out_what_it_cannot_trust(gconstpointer data)
{
    const BadPlane *bad = data;
    g_auto(Picture) picture = { 0 };
    g_autofree char *text = with_plane(TWO, bad->plane);

    picture_draw(&picture, text);
    g_assert_cmpuint(picture.issues->len, ==, 1);
    const NskIssue *issue = g_ptr_array_index(picture.issues, 0);
    g_assert_cmpstr(issue->tag, ==, "flow-diagram");
    g_assert_cmpint(issue->severity, ==, NSK_SEVERITY_WARNING);
    g_assert_cmpuint(issue->line, ==, 2);
    g_assert_nonnull(strstr(issue->text, bad->said));
    Box task = picture_box(&picture, "t");
    Box start = picture_box(&picture, "s");
    g_assert_cmpfloat(task.w, ==, 100);
    g_assert_false(box_meets(task, start));
    g_assert_cmpfloat(picture.view.w, <, 400);
    check_inside(&picture, picture.root);
}

static void
test_makes_up_for_a_missing_line(void)
{
    g_auto(Picture) picture = { 0 };
    g_autofree char *text =
        with_plane(TWO, SHAPE("s", "100", "122", "36", "36") SHAPE("t", "200", "100", "100", "80"));

    picture_draw(&picture, text);
    g_assert_cmpuint(picture.issues->len, ==, 1);
    Box line = picture_outline(picture_group(&picture, "f"));
    Box start = picture_box(&picture, "s");
    g_assert_cmpfloat_with_epsilon(line.x, start.x + 36, 1);
    g_assert_cmpfloat(line.h, <, 1);
}

/* --- Text of the file --- */

static void
count_elements(NskXmlNode *node, const char *name, unsigned *count)
{
    *count += strcmp(nsk_xml_name(node), name) == 0;
    for (NskXmlNode *child = nsk_xml_first(node); child != NULL; child = nsk_xml_next(child))
        count_elements(child, name, count);
}

static void
test_shows_names_as_text_and_nothing_else(void)
{
    static const char evil[] = HEAD
        "<b:process id='p'><b:task id='\"&gt;&lt;x' name='&lt;script&gt;alert(1)&lt;/script&gt;' "
        "/><b:textAnnotation id='n'><b:text>&lt;a href=\"javascript:x\"&gt;]]&gt; &amp;amp;"
        "</b:text></b:textAnnotation></b:process>"
        "<bpmndi:BPMNDiagram><bpmndi:BPMNPlane bpmnElement='p'>"
        "<bpmndi:BPMNShape bpmnElement='n' bioc:fill='url(#x)' bioc:stroke='red;}'>"
        "<dc:Bounds x='1' y='1' width='100' height='30'/></bpmndi:BPMNShape>"
        "<bpmndi:BPMNShape bpmnElement='\"&gt;&lt;x' bioc:fill='#ffe' bioc:stroke='#00ff00'>"
        "<dc:Bounds x='200' y='1' width='200' height='80'/></bpmndi:BPMNShape>"
        "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>" TAIL;
    g_auto(Picture) picture = { 0 };
    unsigned scripts = 0;
    unsigned links = 0;

    picture_draw(&picture, evil);
    count_elements(picture.root, "script", &scripts);
    count_elements(picture.root, "a", &links);
    g_assert_cmpuint(scripts + links, ==, 0);
    NskXmlNode *group = picture_group(&picture, "\"><x");
    g_assert_cmpstr(nsk_xml_attr(group, "aria-label"), ==, "task: <script>alert(1)</script>");
    NskXmlNode *rect = nsk_xml_child(group, "rect");
    g_assert_cmpstr(nsk_xml_attr(rect, "fill"), ==, "#ffe");
    g_assert_cmpstr(nsk_xml_attr(rect, "stroke"), ==, "#00ff00");
    NskXmlNode *note = nsk_xml_child(picture_group(&picture, "n"), "path");
    g_assert_cmpstr(nsk_xml_attr(note, "stroke"), ==, "#1d1d1b");
}

static void
collect_text(NskXmlNode *node, GString *all)
{
    if (strcmp(nsk_xml_name(node), "text") == 0) {
        g_autofree char *text = nsk_xml_text(node);

        g_string_append_printf(all, "%s%s", all->len > 0 ? "|" : "", text);
    }
    for (NskXmlNode *child = nsk_xml_first(node); child != NULL; child = nsk_xml_next(child))
        collect_text(child, all);
}

typedef struct {
    const char *name; /* of the task */
    const char *lines;
} Wrapped;

static const Wrapped wrapped[] = {
    { "Periksa", "Periksa" },
    { "Periksa dan paraf", "Periksa dan|paraf" },
    { "  Periksa \n\t dan  paraf ", "Periksa dan|paraf" },
    { "Pertanggungjawaban", "Pertanggungja|waban" },
};

static void
test_breaks_names_at_blanks(gconstpointer data)
{
    const Wrapped *one = data;
    g_auto(Picture) picture = { 0 };
    g_autofree char *text = g_strconcat(HEAD "<b:process id='p'><b:userTask id='t' name='",
                                        one->name, "'/></b:process>" TAIL, NULL);
    g_autoptr(GString) lines = g_string_new(NULL);

    picture_draw(&picture, text);
    collect_text(picture_group(&picture, "t"), lines);
    g_assert_cmpstr(lines->str, ==, one->lines);
}

static void
test_cuts_a_name_that_is_too_long(void)
{
    g_autoptr(GString) text = g_string_new(HEAD "<b:process id='p'><b:task id='t' name='");
    g_auto(Picture) picture = { 0 };
    g_autoptr(GString) lines = g_string_new(NULL);

    for (unsigned i = 0; i < 500; i++)
        g_string_append(text, "naskah ");
    g_string_append(text, "'/></b:process>" TAIL);
    picture_draw(&picture, text->str);
    collect_text(picture_group(&picture, "t"), lines);
    g_assert_true(g_str_has_suffix(lines->str, "\xe2\x80\xa6"));
    g_assert_cmpuint(lines->len, <, 200);
    check_inside(&picture, picture.root);
}

/* --- What is refused --- */

typedef struct {
    const char *name;
    const char *text;
    const char *process;
    int code;
} Refused;

static const Refused refused[] = {
    { "no-xml", "surat", NULL, NSK_ERROR_INVALID },
    { "a-doctype", "<!DOCTYPE x><x/>", NULL, NSK_ERROR_INVALID },
    { "another-language", "<svg xmlns='http://www.w3.org/2000/svg'/>", NULL, NSK_ERROR_INVALID },
    { "nothing-in-it", HEAD TAIL, NULL, NSK_ERROR_INVALID },
    { "a-process-without-elements", HEAD "<b:process id='p'/>" TAIL, NULL, NSK_ERROR_INVALID },
    { "a-process-that-is-not-there", HEAD TWO TAIL, "q", NSK_ERROR_NOT_FOUND },
    { "a-process-that-is-none", HEAD TWO TAIL, "t", NSK_ERROR_NOT_FOUND },
};

static void
test_refuses(gconstpointer data)
{
    const Refused *one = data;
    NskFlowDiagram ask = { .name = "contoh.bpmn", .process = one->process };
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GError) error = NULL;
    GBytes *svg = nsk_flow_diagram(&ask, one->text, strlen(one->text), issues, &error);

    g_assert_null(svg);
    g_assert_error(error, NSK_ERROR, one->code);
    g_assert_nonnull(strstr(error->message, "contoh.bpmn"));
}

static void
test_refuses_more_than_can_be_looked_at(void)
{
    g_autoptr(GString) text = g_string_new(HEAD "<b:process id='p'>");
    NskFlowDiagram ask = { .name = "contoh.bpmn" };
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GError) error = NULL;

    for (unsigned i = 0; i <= NSK_LIMIT_DIAGRAM_SHAPES; i++)
        g_string_append_printf(text, "<b:task id='t%u'/>", i);
    g_string_append(text, "</b:process>" TAIL);
    GBytes *svg = nsk_flow_diagram(&ask, text->str, text->len, issues, &error);
    g_assert_null(svg);
    g_assert_error(error, NSK_ERROR, NSK_ERROR_LIMIT);
}

/* --- Where an instance stands --- */

static const NskFlowMark some_marks[] = {
    { .node = "s", .status = NSK_FLOW_MARK_DONE, .since = "22 Juli 2026 09.00" },
    { .node = "t",
      .status = NSK_FLOW_MARK_OVERDUE,
      .who = "Kepala Biro <Umum>",
      .since = "22 Juli 2026 09.05",
      .due = "23 Juli 2026",
      .count = 2 },
    { .node = "tidak-ada", .status = NSK_FLOW_MARK_DONE },
    { .node = "dipanggil", .name = "Telaah bawahan", .status = NSK_FLOW_MARK_WAITING },
};
static const NskFlowTaken some_taken[] = { { "f", 3 } };

static void
test_tells_the_state_in_words_and_symbols(void)
{
    NskFlowDiagram ask = { .name = "contoh.bpmn",
                           .title = "Undangan & rapat",
                           .marks = some_marks,
                           .n_marks = G_N_ELEMENTS(some_marks),
                           .taken = some_taken,
                           .n_taken = G_N_ELEMENTS(some_taken) };
    g_auto(Picture) picture = { 0 };
    g_autoptr(GString) lines = g_string_new(NULL);

    picture_draw_ask(&picture, &ask, HEAD TWO TAIL);
    NskXmlNode *task = picture_group(&picture, "t");
    g_assert_true(group_is(task, "overdue"));
    g_assert_cmpstr(
        nsk_xml_attr(task, "aria-label"), ==,
        "user task: Periksa. overdue: Kepala Biro <Umum>; since 22 Juli 2026 09.05; due "
        "23 Juli 2026; 2 times");
    g_assert_true(group_is(picture_group(&picture, "s"), "done"));
    g_assert_true(group_is(picture_group(&picture, "f"), "taken"));
    g_assert_cmpstr(nsk_xml_attr(picture.root, "aria-label"), ==, "Undangan & rapat");
    collect_text(picture.root, lines);
    g_assert_nonnull(strstr(lines->str, "Undangan & rapat"));
    g_assert_nonnull(strstr(lines->str, "3\xc3\x97"));
    g_assert_nonnull(strstr(lines->str, "Periksa \xe2\x80\x93 overdue: Kepala Biro <Umum>"));
    g_assert_null(strstr(lines->str, "tidak-ada"));
    g_assert_nonnull(strstr(lines->str, "|3|Telaah bawahan \xe2\x80\x93 waiting"));
    check_inside(&picture, picture.root);
}

static void
test_speaks_the_language_of_the_thread(void)
{
    NskFlowDiagram ask = { .name = "contoh.bpmn",
                           .marks = some_marks,
                           .n_marks = G_N_ELEMENTS(some_marks) };
    const char *before = nsk_language_use("id");
    g_auto(Picture) picture = { 0 };

    picture_draw_ask(&picture, &ask, HEAD TWO TAIL);
    g_assert_cmpstr(nsk_xml_attr(picture_group(&picture, "s"), "aria-label"), ==,
                    "kejadian awal. selesai; pada 22 Juli 2026 09.00");
    (void)nsk_language_use(before);
}

static void
test_gives_the_same_bytes_for_the_same_input(void)
{
    NskFlowDiagram ask = { .name = "contoh.bpmn",
                           .marks = some_marks,
                           .n_marks = G_N_ELEMENTS(some_marks) };
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GBytes) one = picture_bytes(&ask, HEAD TWO TAIL, issues);
    g_autoptr(GBytes) two = picture_bytes(&ask, HEAD TWO TAIL, issues);

    g_assert_true(g_bytes_equal(one, two));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flow/diagram/uses-the-places-of-the-file", test_uses_the_places_of_the_file);
    g_test_add_func("/flow/diagram/draws-every-shipped-workflow-whole",
                    test_draws_every_shipped_workflow_whole);
    for (size_t i = 0; i < G_N_ELEMENTS(bad_planes); i++) {
        g_autofree char *path =
            g_strdup_printf("/flow/diagram/does-not-trust/%s", bad_planes[i].name);

        g_test_add_data_func(path, &bad_planes[i], test_lays_out_what_it_cannot_trust);
    }
    g_test_add_func("/flow/diagram/makes-up-for-a-missing-line", test_makes_up_for_a_missing_line);
    g_test_add_func("/flow/diagram/shows-names-as-text-and-nothing-else",
                    test_shows_names_as_text_and_nothing_else);
    for (size_t i = 0; i < G_N_ELEMENTS(wrapped); i++) {
        g_autofree char *path = g_strdup_printf("/flow/diagram/breaks-names-at-blanks/%zu", i);

        g_test_add_data_func(path, &wrapped[i], test_breaks_names_at_blanks);
    }
    g_test_add_func("/flow/diagram/cuts-a-name-that-is-too-long",
                    test_cuts_a_name_that_is_too_long);
    for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_autofree char *path = g_strdup_printf("/flow/diagram/refuses/%s", refused[i].name);

        g_test_add_data_func(path, &refused[i], test_refuses);
    }
    g_test_add_func("/flow/diagram/refuses-more-than-can-be-looked-at",
                    test_refuses_more_than_can_be_looked_at);
    g_test_add_func("/flow/diagram/tells-the-state-in-words-and-symbols",
                    test_tells_the_state_in_words_and_symbols);
    g_test_add_func("/flow/diagram/speaks-the-language-of-the-thread",
                    test_speaks_the_language_of_the_thread);
    g_test_add_func("/flow/diagram/gives-the-same-bytes-for-the-same-input",
                    test_gives_the_same_bytes_for_the_same_input);
    return g_test_run();
}
