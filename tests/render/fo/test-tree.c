/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Refinement: what an attribute's text becomes on its object and on the objects beneath. */
#include "render/fo/fo.h"
#include "render/fo/tree.h"

#include <string.h>

typedef struct {
    NskXmlDoc *doc;
    NskIssues *issues;
    NskFoTree *tree;
} Fixture;

/* One outer block with @outer, and one inner block with @inner, in a flow. */
static Fixture
read_blocks(const char *outer, const char *inner)
{
    Fixture self = { .issues = nsk_issues_new() };
    g_autoptr(GError) error = NULL;
    g_autofree char *text =
        g_strdup_printf("<root xmlns=\"" NSK_FO_NS "\" xmlns:nf=\"" NSK_FO_EXT_NS "\">"
                        "<page-sequence master-reference=\"p\"><flow flow-name=\"f\">\n"
                        "<block %s>\n<block %s>x</block></block></flow></page-sequence></root>",
                        outer, inner);

    self.doc = nsk_xml_parse("t.fo", text, strlen(text), &error);
    g_assert_no_error(error);
    self.tree = nsk_fo_tree_read(self.doc, self.issues, false, &error);
    g_assert_no_error(error);
    return self;
}

static void
clear(Fixture *self)
{
    nsk_fo_tree_free(self->tree);
    nsk_xml_doc_free(self->doc);
    g_ptr_array_unref(self->issues);
}

static const NskFoNode *
outer_of(const Fixture *self)
{
    return self->tree->root->first->first->first;
}

static const NskFoNode *
inner_of(const Fixture *self)
{
    const NskFoNode *node = outer_of(self)->first;

    while (node->tag != NSK_FO_BLOCK)
        node = node->next;
    return node;
}

typedef struct {
    const char *outer;
    const char *inner;
    NskFoProperty property;
    NskMpt reference;
    NskMpt expected; /* on the inner block */
} LengthCase;

static const LengthCase length_cases[] = {
    { "", "text-indent=\"10mm\"", NSK_P_TEXT_INDENT, 0, 28346 },
    { "", "text-indent=\"1cm\"", NSK_P_TEXT_INDENT, 0, 28346 },
    { "", "text-indent=\"0.5in\"", NSK_P_TEXT_INDENT, 0, 36000 },
    { "", "text-indent=\"-1.5pc\"", NSK_P_TEXT_INDENT, 0, -18000 },
    { "", "text-indent=\"25%\"", NSK_P_TEXT_INDENT, 80000, 20000 },
    { "", "text-indent=\"50% - 2pt * 3\"", NSK_P_TEXT_INDENT, 80000, 34000 },
    { "", "text-indent=\"(1pt + 2pt) * 2 div 4\"", NSK_P_TEXT_INDENT, 0, 1500 },
    { "", "text-indent=\"max(3pt, 2mm)\"", NSK_P_TEXT_INDENT, 0, 5669 },
    { "", "font-size=\"10pt\" text-indent=\"2em\"", NSK_P_TEXT_INDENT, 0, 20000 },
    { "font-size=\"20pt\"", "font-size=\"80%\"", NSK_P_FONT_SIZE, 0, 16000 },
    { "font-size=\"20pt\"", "font-size=\"0.5em\"", NSK_P_FONT_SIZE, 0, 10000 },
    /* what is inherited is the computed length, not the words */
    { "font-size=\"20pt\" text-indent=\"1em\"", "font-size=\"10pt\"", NSK_P_TEXT_INDENT, 0, 20000 },
    { "space-before=\"5pt\"", "", NSK_P_SPACE_BEFORE_OPT, 0, 0 },
    { "space-before=\"5pt\"", "space-before=\"inherit\"", NSK_P_SPACE_BEFORE_OPT, 0, 5000 },
    { "text-indent=\"4pt\"", "text-indent=\"from-parent() * 2\"", NSK_P_TEXT_INDENT, 0, 8000 },
    { "", "space-before=\"5pt\" space-before.minimum=\"2pt\"", NSK_P_SPACE_BEFORE_MIN, 0, 2000 },
    { "", "padding=\"1pt 2pt 3pt 4pt\"", NSK_P_PADDING_START, 0, 4000 },
    { "", "padding=\"1pt 2pt\"", NSK_P_PADDING_AFTER, 0, 1000 },
    { "", "padding-left=\"9pt\" padding=\"1pt\"", NSK_P_PADDING_START, 0, 9000 },
    { "margin-left=\"10pt\"", "margin-left=\"5pt\"", NSK_P_START_INDENT, 0, 15000 },
    { "start-indent=\"10pt\"", "margin-left=\"5pt\" padding-left=\"2pt\" border=\"1pt solid red\"",
      NSK_P_START_INDENT, 0, 18000 },
    { "", "margin-top=\"7pt\"", NSK_P_SPACE_BEFORE_OPT, 0, 7000 },
    { "", "border-width=\"thick\"", NSK_P_BORDER_AFTER_WIDTH, 0, 2000 },
    { "", "leader-length=\"50%\"", NSK_P_LEADER_LENGTH_MAX, 9000, 4500 },
    { "line-height=\"150%\" font-size=\"10pt\"", "font-size=\"20pt\"", NSK_P_LINE_HEIGHT, 0,
      15000 },
};

static void
test_lengths(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(length_cases); i++) {
        const LengthCase *row = &length_cases[i];
        Fixture self = read_blocks(row->outer, row->inner);

        g_test_message("%s | %s", row->outer, row->inner);
        g_assert_cmpuint(self.issues->len, ==, 0);
        g_assert_cmpint(nsk_fo_length(inner_of(&self), row->property, row->reference), ==,
                        row->expected);
        clear(&self);
    }
}

typedef struct {
    const char *inner;
    NskFoProperty property;
    NskFoWord expected;
} WordCase;

static const WordCase word_cases[] = {
    { "text-align=\"justify\"", NSK_P_TEXT_ALIGN, NSK_W_JUSTIFY },
    { "border-bottom=\"2pt double #000\"", NSK_P_BORDER_AFTER_STYLE, NSK_W_DOUBLE },
    { "border-bottom=\"2pt double #000\"", NSK_P_BORDER_BEFORE_STYLE, NSK_W_NONE },
    { "border=\"solid\" border-left-style=\"none\"", NSK_P_BORDER_START_STYLE, NSK_W_NONE },
    { "keep-together=\"always\"", NSK_P_KEEP_TOGETHER_PAGE, NSK_W_ALWAYS },
    { "page-break-before=\"always\"", NSK_P_BREAK_BEFORE, NSK_W_PAGE },
    { "page-break-inside=\"avoid\"", NSK_P_KEEP_TOGETHER_PAGE, NSK_W_ALWAYS },
    { "white-space=\"pre\"", NSK_P_LINEFEED_TREATMENT, NSK_W_PRESERVE },
    { "vertical-align=\"super\"", NSK_P_BASELINE_SHIFT, NSK_W_SUPER },
    { "font=\"italic bold 10pt/12pt Arial\"", NSK_P_FONT_STYLE, NSK_W_ITALIC },
    { "font=\"italic bold 10pt/12pt Arial\"", NSK_P_FONT_WEIGHT, NSK_W_BOLD },
    { "widows=\"3\"", NSK_P_WIDOWS, NSK_W_NONE_OF_THEM },
};

static void
test_words(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(word_cases); i++) {
        Fixture self = read_blocks("", word_cases[i].inner);

        g_test_message("%s", word_cases[i].inner);
        g_assert_cmpuint(self.issues->len, ==, 0);
        g_assert_cmpint(nsk_fo_word(inner_of(&self), word_cases[i].property), ==,
                        word_cases[i].expected);
        clear(&self);
    }
}

static void
test_colors(void)
{
    static const struct {
        const char *text;
        uint32_t color;
    } cases[] = { { "red", 0xff0000 },
                  { "#abc", 0xaabbcc },
                  { "#0F1e2d", 0x0f1e2d },
                  { "rgb(1, 2,3)", 0x010203 },
                  { "rgb(100%,0%,0%)", 0xff0000 } };
    uint32_t color = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_assert_true(nsk_fo_color_parse(cases[i].text, &color));
        g_assert_cmphex(color, ==, cases[i].color);
    }
    g_assert_false(nsk_fo_color_parse("#12", &color));
    g_assert_false(nsk_fo_color_parse("rgb(1,2)", &color));
    g_assert_false(nsk_fo_color_parse("rgb(1,2,300)", &color));
    g_assert_false(nsk_fo_color_parse("merah", &color));
}

typedef struct {
    const char *inner;
    const char *tag;
    const char *words; /* in the message */
} FaultCase;

static const FaultCase fault_cases[] = {
    { "colour=\"red\"", "fo-property", "'colour' of block is not supported" },
    { "xmlns:z=\"urn:z\" z:odd=\"1\"", "fo-property", "'odd'" },
    { "text-indent=\"3\"", "fo-value", "a length needs a unit" },
    { "text-indent=\"3furlong\"", "fo-value", "the unit must be" },
    { "text-indent=\"3pt 4pt\"", "fo-value", "something follows" },
    { "text-indent=\"3pt + 4\"", "fo-value", "cannot be added" },
    { "text-indent=\"1pt div 0\"", "fo-value", "division by zero" },
    { "text-indent=\"((((((((((((((((((((((((((((((((1pt\"", "fo-value", "too deeply" },
    { "text-indent=\"body-start()\"", "fo-value", "within a list-block" },
    { "text-indent=\"1e9pt\"", "fo-value", "unit" },
    { "text-indent=\"999999999999pt\"", "fo-value", "too large" },
    { "font-size=\"0.1pt\"", "fo-value", "between 1pt and 1000pt" },
    { "text-align=\"middle\"", "fo-value", "words allowed: start center" },
    { "color=\"merah\"", "fo-value", "a colour is" },
    { "border-style=\"wavy\"", "fo-value", "wavy" },
    { "padding=\"1pt 2pt 3pt 4pt 5pt\"", "fo-value", "shorthand padding" },
    { "reference-orientation=\"45\"", "fo-value", "0, 90, 180 or 270" },
    { "font=\"bold\"", "fo-value", "shorthand font" },
};

static void
test_faults(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(fault_cases); i++) {
        Fixture self = read_blocks("", fault_cases[i].inner);

        g_test_message("%s", fault_cases[i].inner);
        g_assert_true(self.tree->failed);
        g_assert_cmpuint(self.issues->len, >=, 1);

        const NskIssue *issue = g_ptr_array_index(self.issues, 0);
        g_assert_cmpstr(issue->tag, ==, fault_cases[i].tag);
        g_assert_nonnull(strstr(issue->text, fault_cases[i].words));
        g_assert_cmpuint(issue->line, ==, 3);
        clear(&self);
    }
}

static void
test_elements(void)
{
    static const struct {
        const char *content;
        const char *words;
    } cases[] = {
        { "<multi-switch/>", "'multi-switch' is not supported" },
        { "<table-row/>", "table-row cannot stand in block" },
        { "<x xmlns=\"urn:other\"/>", "'x' is not supported" },
        { "<block-container>kata</block-container>", "cannot hold text" },
        { "<instream-foreign-object><qr text=\"a\"/></instream-foreign-object>", "'qr'" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NskIssues) issues = nsk_issues_new();
        g_autofree char *text = g_strdup_printf("<root xmlns=\"" NSK_FO_NS
                                                "\"><page-sequence><flow>\n<block>%s</block></flow>"
                                                "</page-sequence></root>",
                                                cases[i].content);
        g_autoptr(NskXmlDoc) doc = nsk_xml_parse("t.fo", text, strlen(text), &error);
        g_autoptr(NskFoTree) tree = nsk_fo_tree_read(doc, issues, false, &error);

        g_assert_no_error(error);
        g_assert_true(tree->failed);

        const NskIssue *issue = g_ptr_array_index(issues, 0);
        g_assert_cmpstr(issue->tag, ==, "fo-element");
        g_assert_cmpuint(issue->line, ==, 2);
        g_assert_nonnull(strstr(issue->text, cases[i].words));
    }
}

/* Cells that say the same share what is known of them, and no others do. */
static void
test_sharing(void)
{
    static const char text[] =
        "<root xmlns=\"" NSK_FO_NS "\"><page-sequence><flow><table><table-body>"
        "<table-row><table-cell padding=\"1em\"><block font-size=\"2em\"/></table-cell>"
        "<table-cell padding=\"1em\"><block font-size=\"2em\"/></table-cell>"
        "<table-cell padding=\"1em\" color=\"red\"><block font-size=\"2em\"/></table-cell>"
        "</table-row></table-body></table></flow></page-sequence></root>";
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse("t.fo", text, strlen(text), &error);
    g_autoptr(NskFoTree) tree = nsk_fo_tree_read(doc, issues, false, &error);

    g_assert_no_error(error);
    const NskFoNode *first = tree->root->first->first->first->first->first->first;
    const NskFoNode *second = first->next, *third = second->next;
    g_assert_true(first->traits == second->traits && first->traits != third->traits);
    g_assert_true(first->first->traits == second->first->traits);
    g_assert_true(first->first->traits != third->first->traits);
    g_assert_cmpuint(nsk_fo_get(second->first, NSK_P_COLOR)->color, ==, 0);
    g_assert_cmpuint(nsk_fo_get(third->first, NSK_P_COLOR)->color, ==, 0xff0000);
    g_assert_cmpint(nsk_fo_length(third->first, NSK_P_FONT_SIZE, 0), ==, 24000);
    g_assert_cmpint(nsk_fo_length(third->first, NSK_P_PADDING_START, 0), ==, 0);
    g_assert_cmpint(nsk_fo_length(third, NSK_P_PADDING_START, 0), ==, 12000);
}

/* What looks at more than the ancestors is read each time, and a fault is told each time. */
static void
test_not_sharing(void)
{
    static const char text[] =
        "<root xmlns=\"" NSK_FO_NS "\"><page-sequence><flow><table>"
        "<table-column text-align=\"end\"/><table-column text-align=\"center\"/><table-body>"
        "<table-row>"
        "<table-cell><block text-align=\"from-table-column()\" color=\"reddish\"/></table-cell>"
        "<table-cell><block text-align=\"from-table-column()\" color=\"reddish\"/></table-cell>"
        "<table-cell><block wide=\"1\"/></table-cell><table-cell><block wide=\"1\"/></table-cell>"
        "</table-row></table-body></table></flow></page-sequence></root>";
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse("t.fo", text, strlen(text), &error);
    g_autoptr(NskFoTree) tree = nsk_fo_tree_read(doc, issues, false, &error);

    g_assert_no_error(error);
    const NskFoNode *table = tree->root->first->first->first;
    const NskFoNode *first = table->last->first->first, *second = first->next;
    g_assert_cmpint(nsk_fo_word(first->first, NSK_P_TEXT_ALIGN), ==, NSK_W_END);
    g_assert_cmpint(nsk_fo_word(second->first, NSK_P_TEXT_ALIGN), ==, NSK_W_CENTER);
    g_assert_cmpuint(issues->len, ==, 4);
}

static void
test_root(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse("t.fo", "<root/>", 7, &error);

    g_assert_no_error(error);
    g_assert_null(nsk_fo_tree_read(doc, issues, false, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
}

/* Every property's initial value can be read, and is found under its name. */
static void
test_table(void)
{
    Fixture self = read_blocks("", "");

    for (int i = 0; i < NSK_P_COUNT; i++) {
        NskFoProperty property = (NskFoProperty)i;

        g_assert_cmpint(nsk_fo_property_find(nsk_fo_property_name(property)), ==, i);
        g_assert_nonnull(nsk_fo_get(inner_of(&self), property));
    }
    g_assert_cmpint(nsk_fo_property_find("nothing"), ==, NSK_P_COUNT);
    clear(&self);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/fo/value/lengths-are-computed-and-inherited", test_lengths);
    g_test_add_func("/fo/value/words-and-shorthands-reach-their-properties", test_words);
    g_test_add_func("/fo/value/colours-are-read", test_colors);
    g_test_add_func("/fo/value/faults-name-property-and-line", test_faults);
    g_test_add_func("/fo/tree/unknown-or-misplaced-elements-are-errors", test_elements);
    g_test_add_func("/fo/tree/equal-objects-share-their-traits", test_sharing);
    g_test_add_func("/fo/tree/what-looks-elsewhere-is-read-each-time", test_not_sharing);
    g_test_add_func("/fo/tree/another-root-is-refused", test_root);
    g_test_add_func("/fo/table/every-property-has-an-initial-value", test_table);
    return g_test_run();
}
