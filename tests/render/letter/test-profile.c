/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/resource.h"
#include "render/render.h"

#include <string.h>

static char *
shipped(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = nsk_resource_load("templates/profiles/demo.xml", &error);

    g_assert_no_error(error);
    return g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static NskProfile *
parse_shipped(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = shipped();
    NskProfile *profile = nsk_profile_parse("demo.xml", text, strlen(text), NULL, &error);

    g_assert_no_error(error);
    return profile;
}

static void
test_shipped_says_what_the_office_asks(void)
{
    g_autoptr(NskProfile) profile = parse_shipped();
    g_autoptr(NskProfile) again = nsk_profile_ref(profile);
    g_autofree char *qr = nsk_profile_qr_text(again, "0198");

    g_assert_cmpstr(nsk_profile_get_id(profile), ==, "demo");
    g_assert_cmpstr(nsk_profile_get_agency(profile), ==, "Badan Pengelola Air Tanah Nusantara");
    g_assert_cmpstr(nsk_profile_get_logo(profile, 0), ==, "demo.png");
    g_assert_cmpstr(nsk_profile_get_class_code(profile, "sangat-rahasia"), ==, "SR");
    g_assert_cmpstr(nsk_profile_get_class_print(profile, "terbatas"), ==, "Terbatas");
    g_assert_cmpstr(nsk_profile_get_urgency_print(profile, "sangat-segera"), ==, "Sangat Segera");
    g_assert_null(nsk_profile_get_class_code(profile, "penting"));
    g_assert_null(nsk_profile_get_urgency_print(profile, NULL));
    g_assert_cmpstr(qr, ==, "https://naskah.bpatn.example/v/0198");
    g_assert_cmpuint(nsk_profile_count_instructions(profile), ==, 9);
    g_assert_cmpstr(nsk_profile_get_instruction(profile, 1)->id, ==, "saran");
    g_assert_cmpstr(nsk_profile_find_instruction(profile, "saran"), ==, "Saran/pendapat");
    g_assert_null(nsk_profile_find_instruction(profile, "tari"));
}

static void
test_a_kind_has_its_series(void)
{
    g_autoptr(NskProfile) profile = parse_shipped();
    const NskProfileSeries *series = nsk_profile_find_series(profile, "nota-dinas");

    g_assert_cmpuint(nsk_profile_count_series(profile), ==, 6);
    g_assert_cmpstr(series->name, ==, "nota-dinas");
    g_assert_cmpstr(series->scope, ==, "year unit");
    g_assert_cmpstr(series->taken, ==, "signing");
    g_assert_cmpstr(series->max_lag_days, ==, "3");
    g_assert_null(series->width);
    g_assert_null(series->start);
    g_assert_cmpstr(series->pattern, ==, "{kind}-{seq}/{unit1}[/{unit2}]/{kka}/{month:2}/{year}");
    g_assert_true(nsk_profile_find_series(profile, "surat-dinas") ==
                  nsk_profile_get_series(profile, 0));
    g_assert_null(nsk_profile_find_series(profile, "surat-masuk"));
    g_assert_null(nsk_profile_find_series(profile, "telegram"));
    g_assert_cmpstr(nsk_profile_get_agenda(profile)->name, ==, "masuk");
}

static void
test_channels_and_desks_are_named(void)
{
    g_autoptr(NskProfile) profile = parse_shipped();
    g_autofree char *channels = nsk_profile_list_channels(profile);

    g_assert_cmpstr(nsk_profile_get_channel_print(profile, "langsung"), ==, "Diantar langsung");
    g_assert_null(nsk_profile_get_channel_print(profile, "merpati"));
    g_assert_true(g_str_has_prefix(channels, "pos, kurir, "));
    g_assert_cmpstr(nsk_profile_find_desk(profile, "teknis", "biro-umum")->position, ==,
                    "deputi-bidang-pemantauan");
    g_assert_cmpstr(nsk_profile_find_desk(profile, "teknis", "balai-sagara")->position, ==,
                    "staf-balai-sagara");
}

static void
test_an_emblem_and_an_address_may_be_missing(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = shipped();
    g_autoptr(GRegex) parts =
        g_regex_new("<logo[^>]*/>|<verification[^>]*/>|<statement>.*?</statement>", 0, 0, NULL);
    g_autofree char *bare = g_regex_replace(parts, text, -1, 0, "", 0, NULL);
    g_autoptr(NskProfile) profile = nsk_profile_parse("p", bare, strlen(bare), NULL, &error);

    g_assert_no_error(error);
    g_assert_null(nsk_profile_get_logo(profile, 0));
    g_autofree char *qr = nsk_profile_qr_text(profile, "0198");
    g_assert_cmpstr(qr, ==, "naskah:0198");
}

/* The shipped profile with one thing changed, and what is said about it. */
static const struct {
    const char *from, *to, *tag, *said;
    unsigned line;
} faults[] = {
    { "<text kinds=\"nota-dinas surat-tugas surat-edaran keputusan\"", "<text", "profile-scope",
      "a second element 'text'", 15 },
    { "<page paper=", "<page kinds=\"nota-dinas\" paper=", "profile-scope",
      "no element 'page' without 'kinds'", 3 },
    { "left=\"30mm\"", "left=\"110mm\"", "profile-margins", "leave 80 mm for text", 13 },
    { "start=\"80mm\"", "start=\"120mm\"", "profile-margins", "make signature/@start smaller", 13 },
    { "top=\"25mm\"", "top=\"10mm\"", "profile-margins", "at least 20 mm", 13 },
    { "<label field=\"class\">Sifat</label>", "", "profile-missing", "field=\"class\"", 19 },
    { "field=\"class\">", "field=\"date\">", "form-double", "field=\"date\"", 26 },
    { "security=\"terbatas\"", "security=\"biasa\"", "form-double", "security=\"biasa\"", 31 },
    { "<names family=\"arahan\" titles=\"no\" rank=\"no\" nip=\"no\"/>", "", "profile-missing",
      "family=\"arahan\"", 41 },
    { "series=\"keluar\"/>", "series=\"lain\"/>", "profile-series", "no series 'lain'", 86 },
    { "<use kind=\"nota-dinas\"", "<use kind=\"surat-dinas\"", "form-double",
      "kind=\"surat-dinas\"", 89 },
    { "<page-number before", "<page-number kinds=\"arahan\" before", "profile-scope",
      "no element 'page-number' without 'kinds'", 3 },
    { "alt=\"Lambang Badan Pengelola Air Tanah Nusantara\"/>", "alt=\"L\">bm90IGEgcG5n</logo>",
      "profile-emblem", "is no PNG in base64", 6 },
    { "<label field=\"date\">Tanggal</label>",
      "<label field=\"date\">Tanggal</label>"
      "<rows kinds=\"nota-dinas\"><row field=\"copies\"/></rows>",
      "profile-label", "add <label field=\"copies\">", 26 },
    { "<mark>", "<mark>a</mark><mark>", "profile-scope", "a second element 'mark'", 50 },
    { "<instruction name=\"saran\"", "<instruction name=\"kaji\"", "form-double", "name=\"kaji\"",
      58 },
    { "<distribution title",
      "<distribution title=\"x\" copy=\"x\" party=\"x\" place=\"x\" as=\"x\" "
      "to=\"x\" copies=\"x\" of=\"x\" see=\"x\"/><distribution title",
      "profile-scope", "a second element 'distribution'", 35 },
    { "<desk name=\"keuangan\"", "<desk name=\"hukum\"", "profile-desk", "'hukum'", 126 },
};

static void
test_faults_are_told_with_their_place(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(faults); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NskIssues) issues = nsk_issues_new();
        g_autofree char *text = shipped();
        g_auto(GStrv) parts = g_strsplit(text, faults[i].from, 2);

        g_test_message("%s", faults[i].from);
        g_assert_cmpuint(g_strv_length(parts), ==, 2);
        g_autofree char *changed = g_strconcat(parts[0], faults[i].to, parts[1], NULL);
        g_autoptr(NskProfile) profile =
            nsk_profile_parse("p.xml", changed, strlen(changed), issues, &error);
        g_assert_null(profile);
        g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
        g_assert_cmpuint(issues->len, >=, 1);
        const NskIssue *issue = g_ptr_array_index(issues, 0);
        g_assert_cmpstr(issue->tag, ==, faults[i].tag);
        g_assert_cmpstr(issue->file, ==, "p.xml");
        g_assert_nonnull(strstr(issue->text, faults[i].said));
        g_assert_cmpuint(issue->line, ==, faults[i].line);
        g_assert_nonnull(strstr(error->message, faults[i].said));
    }
}

/* What the schema refuses. */
static const struct {
    const char *from, *to;
} refused[] = {
    { "paper=\"A4\"", "paper=\"A9\"" },
    { "font=\"Arial\"", "font=\"Arial, url(x)\"" },
    { "size=\"11pt\"", "size=\"11\"" },
    { "line-height=\"1.25\"", "line-height=\"12\"" },
    { "print=\"no\"", "print=\"maybe\"" },
    { "file=\"demo.png\"", "file=\"../demo.png\"" },
    { "https://naskah", "javascript:naskah" },
    { "taken=\"signing\"", "taken=\"later\"" },
    { "scope=\"year unit\"", "scope=\"year moon\"" },
    { "<agency short=\"BPATN\">", "<agency>" },
    { "id=\"demo\"", "id=\"Demo Office\"" },
    { "<numbering>", "<numbering><extra/>" },
    { "max-lag-days=\"3\"", "max-lag-days=\"-3\"" },
};

static void
test_the_schema_refuses(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NskIssues) issues = nsk_issues_new();
        g_autofree char *text = shipped();
        g_auto(GStrv) parts = g_strsplit(text, refused[i].from, 2);

        g_test_message("%s", refused[i].to);
        g_assert_cmpuint(g_strv_length(parts), ==, 2);
        g_autofree char *changed = g_strconcat(parts[0], refused[i].to, parts[1], NULL);
        g_assert_null(nsk_profile_parse("p.xml", changed, strlen(changed), issues, &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
        g_assert_cmpuint(issues->len, >=, 1);
        g_assert_cmpuint(((NskIssue *)g_ptr_array_index(issues, 0))->line, >, 0);
    }
}

static void
test_what_is_no_profile_is_refused(void)
{
    static const struct {
        const char *text;
        NskError code;
    } cases[] = {
        { "", NSK_ERROR_INVALID },
        { "<profile", NSK_ERROR_INVALID },
        { "<profile/>", NSK_ERROR_INVALID },
        { "<!DOCTYPE profile><profile/>", NSK_ERROR_INVALID },
        { "<kind xmlns=\"urn:naskah:kind:1\"/>", NSK_ERROR_INVALID },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;

        g_test_message("%s", cases[i].text);
        g_assert_null(nsk_profile_parse("p", cases[i].text, strlen(cases[i].text), NULL, &error));
        g_assert_error(error, NSK_ERROR, (int)cases[i].code);
    }
    g_autoptr(GError) error = NULL;
    g_autofree char *big = g_strnfill(1024 * 1024, ' ');
    g_assert_null(nsk_profile_parse("p", big, strlen(big), NULL, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_LIMIT);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/render/profile/shipped-says-what-the-office-asks",
                    test_shipped_says_what_the_office_asks);
    g_test_add_func("/render/profile/a-kind-has-its-series", test_a_kind_has_its_series);
    g_test_add_func("/render/profile/channels-and-desks-are-named",
                    test_channels_and_desks_are_named);
    g_test_add_func("/render/profile/an-emblem-and-an-address-may-be-missing",
                    test_an_emblem_and_an_address_may_be_missing);
    g_test_add_func("/render/profile/faults-are-told-with-their-place",
                    test_faults_are_told_with_their_place);
    g_test_add_func("/render/profile/the-schema-refuses", test_the_schema_refuses);
    g_test_add_func("/render/profile/what-is-no-profile-is-refused",
                    test_what_is_no_profile_is_refused);
    return g_test_run();
}
