/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "make-pdf.h"
#include "sign/pdf-private.h"
#include "sign/sign-private.h"

#include <string.h>

static void
test_values_are_read(void)
{
    static const struct {
        const char *text;
        PdfType type;
        const char *bytes;
    } cases[] = {
        { "null", PDF_NULL, NULL },
        { "true", PDF_BOOL, NULL },
        { "-17", PDF_INT, NULL },
        { "+.5", PDF_REAL, NULL },
        { "12 0 R", PDF_REF, NULL },
        { "/A#42c", PDF_NAME, "ABc" },
        { "(a(b)\\)\\101\\\nc)", PDF_STRING, "a(b))Ac" },
        { "<48 656C6c 6f>", PDF_STRING, "Hello" },
        { "<485>", PDF_STRING, "HP" },
        { "%x\n[1 0 R(a)/b<</c[]>>]", PDF_ARRAY, NULL },
        { "<</a 1/b 2 0 R/c<<>>>>", PDF_DICT, NULL },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        PdfArena *arena = pdf_arena_new();
        PdfParser parser = { (const uint8_t *)cases[i].text, strlen(cases[i].text), 0, 0, arena };
        g_autoptr(GError) error = NULL;
        const PdfValue *value = pdf_parse_value(&parser, &error);

        g_assert_no_error(error);
        g_assert_cmpint(value->type, ==, cases[i].type);
        g_assert_cmpuint(parser.at, ==, parser.size);
        if (cases[i].bytes != NULL)
            g_assert_cmpstr(value->u.bytes, ==, cases[i].bytes);
        pdf_arena_free(arena);
    }
}

static void
test_wrong_values_are_faults(void)
{
    g_autofree char *deep = g_strnfill(500, '[');
    const struct {
        const char *text;
        PdfFault fault;
    } cases[] = {
        { "", PDF_FAULT_SYNTAX },
        { "nul", PDF_FAULT_SYNTAX },
        { "1.2.3", PDF_FAULT_SYNTAX },
        { "--1", PDF_FAULT_SYNTAX },
        { "+", PDF_FAULT_SYNTAX },
        { "1e9", PDF_FAULT_SYNTAX },
        { "0 0 R", PDF_FAULT_SYNTAX },
        { "1 70000 R", PDF_FAULT_SYNTAX },
        { "1234567890123456", PDF_FAULT_SYNTAX },
        { "/a#4", PDF_FAULT_SYNTAX },
        { "/a#00", PDF_FAULT_SYNTAX },
        { "/a#zz", PDF_FAULT_SYNTAX },
        { "(a", PDF_FAULT_SYNTAX },
        { "(a\\", PDF_FAULT_SYNTAX },
        { "<4", PDF_FAULT_SYNTAX },
        { "<4x>", PDF_FAULT_SYNTAX },
        { "[1 2", PDF_FAULT_SYNTAX },
        { "<</a 1", PDF_FAULT_SYNTAX },
        { "<</a>>", PDF_FAULT_SYNTAX },
        { "<<1 2>>", PDF_FAULT_SYNTAX },
        { "<</a 1/a 1>>", PDF_FAULT_DUPLICATE },
        { "<</a 1/#61 1>>", PDF_FAULT_DUPLICATE },
        { ")", PDF_FAULT_SYNTAX },
        { deep, PDF_FAULT_LIMIT },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        PdfArena *arena = pdf_arena_new();
        PdfParser parser = { (const uint8_t *)cases[i].text, strlen(cases[i].text), 0, 0, arena };
        g_autoptr(GError) error = NULL;

        g_test_message("case %zu", i);
        g_assert_null(pdf_parse_value(&parser, &error));
        g_assert_error(error, PDF_FAULT, (int)cases[i].fault);
        pdf_arena_free(arena);
    }
}

static void
test_dates_round_trip(void)
{
    static const struct {
        const char *text;
        int64_t seconds;
        int offset;
    } cases[] = {
        { "D:20260722090000+07'00'", 1784685600, 420 },
        { "D:20260722090000+07'00", 1784685600, 420 },
        { "D:20260722020000Z", 1784685600, 0 },
        { "D:20260722020000", 1784685600, 0 },
        { "D:20260721223000-03'30'", 1784685600, -210 },
        { "D:20260722020000Z00'00'", 1784685600, 0 },
    };
    static const char *const wrong[] = { "",
                                         "20260722090000Z",
                                         "D:2026",
                                         "D:20261322090000Z",
                                         "D:20260722096000Z",
                                         "D:20260722090000+7",
                                         "D:20260722090000+07'00'x",
                                         "D:2026072209000x" };
    NskInstant at;
    int offset;

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_assert_true(pdf_date_parse(cases[i].text, &at, &offset));
        g_assert_cmpint(at, ==, cases[i].seconds * 1000000);
        g_assert_cmpint(offset, ==, cases[i].offset);
        g_autofree char *text = pdf_date_format(at, offset);
        NskInstant again;
        g_assert_true(pdf_date_parse(text, &again, &offset));
        g_assert_cmpint(again, ==, at);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_assert_false(pdf_date_parse(wrong[i], &at, &offset));
}

/* What another program makes of our base: object streams, linearisation, both. */
static void
test_foreign_structures_are_read(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    static const char *const options[][2] = {
        { "--object-streams=generate", "--compress-streams=y" },
        { "--linearize", "--object-streams=disable" },
        { "--linearize", "--object-streams=generate" },
        { "--object-streams=disable", "--qdf" },
    };
    g_autoptr(GBytes) base = make_pdf(&(MakePdf){ .n_fields = 2 });
    g_autofree char *in =
        demo_write(demo, "base.pdf", g_bytes_get_data(base, NULL), g_bytes_get_size(base));
    g_autofree char *out = g_build_filename(demo->folder, "out.pdf", NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(options); i++) {
        g_autofree char *text = NULL;
        char *bytes = NULL;
        gsize size;

        demo_run(demo, &text, "qpdf", "--deterministic-id", options[i][0], options[i][1], in, out,
                 NULL);
        g_assert_true(g_file_get_contents(out, &bytes, &size, NULL));
        g_autoptr(GBytes) foreign = g_bytes_new_take(bytes, size);
        g_autoptr(GBytes) once = make_signed(foreign, demo->signer, "signatory-1");
        g_autoptr(GBytes) twice = make_signed(once, demo->signer, "signatory-2");
        g_autoptr(NskVerdict) verdict = judge(demo, twice);
        g_autofree char *tags = list_tags(verdict);
        g_autofree char *path =
            demo_write(demo, "twice.pdf", g_bytes_get_data(twice, NULL), g_bytes_get_size(twice));

        g_test_message("%s: %s", options[i][0], tags);
        g_assert_cmpint(verdict->result, ==, NSK_VERDICT_VALID);
        g_assert_cmpuint(verdict->n_revisions, ==, 3);
        bool clean = demo_run(demo, &text, "qpdf", "--check", path, NULL);
        g_test_message("%s", text);
        g_assert_true(clean || strstr(text, "linearization") != NULL);
    }
}

static void
test_broken_files_have_a_reason(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        const char *from;
        const char *to;
        const char *tag;
    } cases[] = {
        { "%PDF-1.7", "%PDF-9.7", "pdf-syntax" },
        { "/Root 1 0 R", "/Root 9 1 R", "pdf-xref" },
        { "xref\n0 1\n", "xref\n0 9\n", "pdf-xref" },
        { "0000000015", "0000000016", "pdf-xref" },
        { "4 0 obj", "5 0 obj", "pdf-xref" },
        { "endstream", "endstrexm", "pdf-syntax" },
        { "/Length 51", "/Length 50", "pdf-syntax" },
        { "endobj", "endobx", "pdf-syntax" },
        { "/Kids[3 0 R]", "/Kids[2 0 R]", NULL }, /* a loop in the pages ends */
        { "/Fields[8 0 R", "/Fields[9 0 R", "pdf-duplicate-field" },
        { "/T(signatory-2)", "/T(signatory-1)", "pdf-duplicate-field" },
        { "/FT/Sig/T(signatory-1)", "/Kids[8 0 R]/T(sgntry)", "pdf-duplicate-field" },
        { "/Size 21", "/Prev 15", "pdf-xref" },
        { "/Size 21", "/Prev  0", "pdf-xref" },
        { "startxref", "startxxef", "pdf-xref" },
        { "%%EOF", "%%EOX", "pdf-xref" },
        { "<</Font<<", "<</Font<>", "pdf-syntax" },
    };
    g_autoptr(GBytes) base = make_pdf(&(MakePdf){ .n_fields = 2 });

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GBytes) broken = make_replaced(base, cases[i].from, cases[i].to);
        g_autoptr(NskVerdict) verdict = judge(demo, broken);
        g_autofree char *tags = list_tags(verdict);

        g_test_message("case %zu: %s", i, tags);
        if (cases[i].tag == NULL) {
            g_assert_cmpint(verdict->result, ==, NSK_VERDICT_UNSIGNED);
            continue;
        }
        g_assert_cmpint(verdict->result, ==, NSK_VERDICT_INVALID);
        g_assert_true(has_tag(verdict, cases[i].tag));
    }
}

/* A chain of cross-references that comes back to itself. */
static void
test_loop_of_sections_ends(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GString) text = g_string_new("%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n");
    size_t at = text->len;

    g_string_append_printf(text,
                           "xref\n0 1\n0000000000 65535 f \n1 1\n0000000009 00000 n \n"
                           "trailer\n<</Size 2/Root 1 0 R/Prev %zu>>\nstartxref\n%zu\n%%%%EOF\n",
                           at, at);
    g_autoptr(GBytes) pdf = g_bytes_new(text->str, text->len);
    g_autoptr(NskVerdict) verdict = judge(demo, pdf);
    g_assert_true(has_tag(verdict, "pdf-xref"));
}

/* A document time stamp in a field of its own is no change; its token must be one. */
static void
test_time_stamps_are_no_change(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GBytes) base = make_pdf(&(MakePdf){ .n_fields = 1 });
    g_autoptr(GBytes) done = make_signed(base, demo->signer, "signatory-1");
    static const char stamp[] = "<</Type/DocTimeStamp/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161"
                                "/Contents<3000>/ByteRange[0 AAAAAAAAAA BBBBBBBBBB CCCCCCCCCC]>>";
    const MakeObject objects[] = {
        { 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
             "/Resources<</Font<</F1 5 0 R>>>>/Annots[8 0 R 30 0 R]>>" },
        { 6, "<</Fields[8 0 R 30 0 R]/SigFlags 3>>" },
        { 30, "<</Type/Annot/Subtype/Widget/FT/Sig/T(ts)/F 132/P 3 0 R/Rect[0 0 0 0]/V 31 0 R>>" },
        { 31, stamp },
    };
    g_autoptr(GBytes) open = make_update(done, objects, G_N_ELEMENTS(objects), "");
    size_t gap = find_text(open, "/Contents<3000>") + 9, end = gap + 6;
    g_autofree char *a = g_strdup_printf("%010zu", gap);
    g_autofree char *b = g_strdup_printf("%010zu", end);
    g_autofree char *c = g_strdup_printf("%010zu", g_bytes_get_size(open) - end);
    g_autoptr(GBytes) with_a = make_replaced(open, "AAAAAAAAAA", a);
    g_autoptr(GBytes) with_b = make_replaced(with_a, "BBBBBBBBBB", b);
    g_autoptr(GBytes) stamped = make_replaced(with_b, "CCCCCCCCCC", c);
    g_autoptr(NskVerdict) verdict = judge(demo, stamped);
    g_autofree char *tags = list_tags(verdict);

    g_test_message("%s", tags);
    g_assert_cmpint(verdict->result, ==, NSK_VERDICT_INVALID);
    g_assert_cmpuint(verdict->signatures->len, ==, 2);
    const NskSignature *first = g_ptr_array_index(verdict->signatures, 0);
    const NskSignature *last = g_ptr_array_index(verdict->signatures, 1);
    g_assert_true(first->trusted);
    g_assert_true(last->is_time_stamp);
    g_assert_false(last->trusted);
    g_assert_true(has_tag(verdict, "pdf-time-stamp"));
    g_assert_false(has_tag(verdict, "pdf-change"));
    g_autoptr(GBytes) visible = make_replaced(stamped, "/Rect[0 0 0 0]", "/Rect[0 0 9 9]");
    g_autoptr(NskVerdict) refused = judge(demo, visible);
    g_assert_cmpint(refused->result, ==, NSK_VERDICT_INVALID);
    g_assert_true(has_tag(refused, "pdf-change"));
}

static void
add_demo(const char *path, void (*run)(Demo *, gconstpointer))
{
    g_test_add(path, Demo, NULL, demo_set_up, run, demo_tear_down);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sign/pdf/values-are-read", test_values_are_read);
    g_test_add_func("/sign/pdf/wrong-values-are-faults", test_wrong_values_are_faults);
    g_test_add_func("/sign/pdf/dates-round-trip", test_dates_round_trip);
    add_demo("/sign/pdf/foreign-structures-are-read", test_foreign_structures_are_read);
    add_demo("/sign/pdf/broken-files-have-a-reason", test_broken_files_have_a_reason);
    add_demo("/sign/pdf/loop-of-sections-ends", test_loop_of_sections_ends);
    add_demo("/sign/allowed/time-stamps-are-no-change", test_time_stamps_are_no_change);
    return g_test_run();
}
