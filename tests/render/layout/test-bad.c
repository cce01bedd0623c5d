/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bad input: a sentence with its place for each, in little time and memory. */
#include "base/limits.h"
#include "fixture.h"

#include <string.h>
#include <sys/resource.h>

#define SECONDS 15  /* of one case, with sanitizers on a busy machine */
#define MEMORY  600 /* megabytes at most that all cases together add */

#define TABLE(columns, cells)                                                                      \
    "<table table-layout=\"fixed\" width=\"200pt\">" columns "<table-body><table-row>" cells       \
    "</table-row></table-body></table>"
#define CELL(more, text) "<table-cell " more "><block>" text "</block></table-cell>"
#define SVG(text)                                                                                  \
    "<block><instream-foreign-object><svg xmlns=\"http://www.w3.org/2000/svg\">" text              \
    "</svg></instream-foreign-object></block>"

static GBytes *
load_nothing(void *data, const char *name, GError **error)
{
    static const uint8_t bomb[] = {
        0x89, 'P',  'N',  'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I',  'H',  'D',  'R', 0,
        0,    0x75, 0x30, 0,   0,    0x75, 0x30, 8,    6, 0, 0, 0,  0x66, 0x27, 0xf8, 0xba
    };

    (void)data;
    if (strcmp(name, "bom.png") == 0)
        return g_bytes_new_static(bomb, sizeof bomb);
    if (strcmp(name, "teks.png") == 0)
        return g_bytes_new_static("bukan gambar", 12);
    g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND, "there is no file '%s'", name);
    return NULL;
}

typedef struct {
    const char *flow;
    const char *tag;   /* of the issue; NULL: an error of its own */
    const char *words; /* are in it */
    bool printed;      /* it is a warning, and there are pages */
} BadCase;

static const BadCase bad_cases[] = {
    /* fonts and images */
    { "<block font-family=\"Huruf Rekaan\">x</block>", NULL, "Huruf Rekaan", false },
    { "<block><external-graphic src=\"tiada.png\"/></block>", "fo-image",
      "image 'tiada.png': there is no file 'tiada.png'", false },
    { "<block><external-graphic src=\"teks.png\"/></block>", "fo-image",
      "image 'teks.png': the image is neither PNG nor JPEG; save it as one of them", false },
    { "<block><external-graphic src=\"bom.png\"/></block>", "fo-image",
      "image 'bom.png': the image has 30000 x 30000 pixels, too many to print; scale it down",
      false },
    { "<block background-image=\"tiada.png\">x</block>", "fo-image", "there is no file", false },
    { SVG("<script>alert(1)</script>"), "fo-image",
      "image 'svg': line 1: the element 'script' of SVG is not supported", false },
    { SVG("<image href=\"file:///etc/passwd\"/>"), "fo-image", "the element 'image'", false },
    { SVG("<use href=\"http://contoh.example/a.svg#a\"/>"), "fo-image",
      "leads out of the drawing, and nothing is fetched", false },
    { "<block><basic-link external-destination=\"javascript:alert(1)\">x</basic-link></block>",
      "fo-link", "a link cannot lead to 'javascript:alert(1)'; use http, https or mailto", false },
    /* what does not fit */
    { TABLE("<table-column column-width=\"20pt\"/><table-column column-width=\"180pt\"/>",
            CELL("", "pertanggungjawaban") CELL("", "b")),
      "fo-overflow", "wider than the 20.0pt there are: 'pertanggungjawaban'", true },
    { "<block-container height=\"20pt\" overflow=\"error-if-overflow\"><block>a</block>"
      "<block>b</block></block-container>",
      "fo-overflow", "is 24pt high and overflows its height of 20pt", false },
    { TABLE("<table-column/>",
            CELL("", "<block-container height=\"300pt\"><block>x</block></block-container>")),
      "fo-overflow", "this is higher than a whole page and sticks out of it", true },
    { "<block><inline-container><block>a</block><block break-before=\"page\">b</block>"
      "</inline-container></block>",
      "fo-break", "a forced break before block is not supported here", false },
    /* numbers out of all measure */
    { TABLE("<table-column number-columns-repeated=\"1000000\"/>", CELL("", "a")), NULL, NULL,
      false },
    { TABLE("<table-column/>", CELL("number-columns-spanned=\"1000000\"", "a")), NULL, NULL,
      false },
    { TABLE("<table-column/>", CELL("number-rows-spanned=\"1000000\"", "a")), NULL, NULL, false },
    { "<block font-size=\"1000000pt\">x</block>", NULL, NULL, false },
    { "<block line-height=\"-5pt\" font-size=\"0pt\">x</block>", NULL, NULL, false },
    { "<block>a<leader leader-length=\"1000000pt\" leader-pattern=\"dots\"/>b</block>", NULL, NULL,
      false },
    { "<block space-before=\"1e30pt\" start-indent=\"-1e30pt\">x</block>", NULL, NULL, false },
    { "<block widows=\"999999\" orphans=\"999999\">x</block>", NULL, NULL, false },
};

/* Lays the flow out with no images but those of load_nothing(). */
static void
lay(Fixture *self, const char *flow)
{
    fixture_lay(self, "<block>x</block>");
    g_assert_no_error(self->error);
    nsk_layout_free(self->layout);
    nsk_xml_doc_free(self->doc);
    g_ptr_array_set_size(self->issues, 0);

    g_autofree char *text = g_strdup_printf(
        "<root xmlns=\"" NSK_FO_NS "\" font-size=\"10pt\" line-height=\"12pt\">"
        "<layout-master-set><simple-page-master master-name=\"p\" page-width=\"240pt\" "
        "page-height=\"140pt\" margin=\"20pt\"><region-body/></simple-page-master>"
        "</layout-master-set><page-sequence master-reference=\"p\">"
        "<flow flow-name=\"xsl-region-body\">%s</flow></page-sequence></root>",
        flow);
    self->layout = NULL;
    self->doc = nsk_xml_parse("buruk.fo", text, strlen(text), &self->error);
    if (self->doc == NULL)
        return;
    self->options.load_image = load_nothing;
    self->layout = nsk_layout_new(self->doc, &self->options, &self->error);
}

static int64_t
memory_mb(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

static void
check_words(Fixture *self, const BadCase *it)
{
    /* what is drawn behind things is looked at when they are */
    g_autoptr(GBytes) pdf = self->layout != NULL ? fixture_print(self) : NULL;
    const char *said = it->tag != NULL       ? fixture_issue(self, it->tag)
                       : self->error != NULL ? self->error->message
                                             : NULL;

    if (it->words == NULL)
        return;
    if (said == NULL || strstr(said, it->words) == NULL)
        g_error("%s: %s", it->flow, said != NULL ? said : "nothing was said");
    g_assert_true((pdf != NULL) == it->printed);
}

static void
test_sentences(void)
{
    int64_t before = memory_mb();

    for (size_t i = 0; i < G_N_ELEMENTS(bad_cases); i++) {
        Fixture self;
        gint64 start = g_get_monotonic_time();

        g_test_message("%s", bad_cases[i].flow);
        lay(&self, bad_cases[i].flow);
        g_assert_cmpint(g_get_monotonic_time() - start, <, SECONDS * G_USEC_PER_SEC);
        check_words(&self, &bad_cases[i]);
        fixture_clear(&self);
    }
    g_assert_cmpint(memory_mb() - before, <, MEMORY);
}

/* The place of a fault is said, and what to install for a font. */
static void
test_places(void)
{
    Fixture self;
    const NskIssue *issue;

    lay(&self, "<block>\n<external-graphic\n src=\"tiada.png\"/></block>");
    g_assert_cmpuint(self.issues->len, ==, 1);
    issue = g_ptr_array_index(self.issues, 0);
    g_assert_cmpstr(issue->file, ==, "buruk.fo");
    g_assert_cmpuint(issue->line, >=, 2);
    fixture_clear(&self);

    lay(&self, "<block>\n<inline font-family=\"Huruf Rekaan\">x</inline></block>");
    g_assert_error(self.error, NSK_ERROR, NSK_ERROR_NOT_FOUND);
    g_assert_true(g_str_has_prefix(self.error->message, "buruk.fo:2: "));
    g_assert_nonnull(strstr(self.error->message, "install"));
    fixture_clear(&self);

    lay(&self, "<block>\n<inline></block>");
    g_assert_error(self.error, NSK_ERROR, NSK_ERROR_INVALID);
    g_assert_nonnull(strstr(self.error->message, "buruk.fo:2:"));
    fixture_clear(&self);

    lay(&self, "<blok>x</blok><block warna=\"merah\">x</block>");
    g_assert_error(self.error, NSK_ERROR, NSK_ERROR_INVALID);
    g_assert_cmpstr(fixture_issue(&self, "fo-element"), ==, "element 'blok' is not supported");
    g_assert_cmpstr(fixture_issue(&self, "fo-property"), ==,
                    "property 'warna' of block is not supported");
    fixture_clear(&self);
}

/* What is all to be kept together is broken where a page ends, and said once. */
static void
test_endless_keeps(void)
{
    static const char *const keeps[] = { "keep-with-next=\"always\"",
                                         "keep-with-previous=\"always\"",
                                         "keep-together=\"always\" keep-with-next=\"always\"" };

    for (size_t k = 0; k < G_N_ELEMENTS(keeps); k++) {
        g_autoptr(GString) flow = g_string_new(NULL);
        gint64 start = g_get_monotonic_time();
        Fixture self;

        for (int i = 0; i < 2000; i++)
            g_string_append_printf(flow, "<block %s>baris %d</block>", keeps[k], i);
        lay(&self, flow->str);
        g_assert_no_error(self.error);
        g_assert_cmpuint(self.layout->pages->len, >=, 250);
        g_assert_cmpuint(self.layout->pages->len, <=, 260);
        g_assert_cmpstr(fixture_issue(&self, "fo-keep"), ==,
                        "what is to be kept together here does not fit on one page; it is broken");
        g_assert_cmpint(g_get_monotonic_time() - start, <, SECONDS * G_USEC_PER_SEC);
        fixture_clear(&self);
    }
}

/* Objects within each other, as deep as a file can have them. */
static void
test_depth(void)
{
    static const char *const names[] = { "block", "block-container", "inline-container", "inline" };

    for (size_t k = 0; k < G_N_ELEMENTS(names); k++) {
        for (int depth = 20; depth <= 20000; depth *= 10) {
            g_autoptr(GString) flow = g_string_new("<block>");
            Fixture self;
            bool inside = k == 2;

            for (int i = 0; i < depth; i++)
                g_string_append_printf(flow, "<%s>%s", names[k], inside ? "<block>" : "");
            if (k == 1)
                g_string_append(flow, "<block>x</block>");
            else
                g_string_append(flow, "x");
            for (int i = 0; i < depth; i++)
                g_string_append_printf(flow, "%s</%s>", inside ? "</block>" : "", names[k]);
            g_string_append(flow, "</block>");
            lay(&self, flow->str);
            g_assert_true((self.layout != NULL) == (self.error == NULL));
            if (depth == 20)
                g_assert_no_error(self.error);
            if (depth == 20000)
                g_assert_nonnull(self.error);
            fixture_clear(&self);
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/layout/bad/each-has-its-sentence", test_sentences);
    g_test_add_func("/layout/bad/a-fault-has-its-place", test_places);
    g_test_add_func("/layout/bad/endless-keeps-are-broken-and-told", test_endless_keeps);
    g_test_add_func("/layout/bad/depth-ends", test_depth);
    return g_test_run();
}
