/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <naskah/number-scheme.h>

#include <string.h>

/* Real numbers of agencies, each with a pattern that writes it exactly. */
static const struct {
    const char *pattern;
    NskNumberParts parts;
    const char *number;
} examples[] = {
    { "{class}-{seq}/{unit1}/{unit2}/{kka}/{month:2}/{year}",
      { .seq = 2217,
        .year = 2021,
        .month = 7,
        .security = "B",
        .units = { "DJ.I", "Set.I" },
        .kka = "KP.08.1" },
      "B-2217/DJ.I/Set.I/KP.08.1/07/2021" },
    { "{class}-{seq}/{post}/{kka}/{month:2}/{year}",
      { .seq = 99, .year = 2020, .month = 4, .security = "R", .post = "IJ", .kka = "KP.07.6" },
      "R-99/IJ/KP.07.6/04/2020" },
    { "{seq:2}/{post}[/{kka}]/{month:2}/{year}",
      { .seq = 5, .year = 2016, .month = 4, .post = "IJ", .kka = "OT.01" },
      "05/IJ/OT.01/04/2016" },
    { "{seq:2}/{post}[/{kka}]/{month:2}/{year}",
      { .seq = 5, .year = 2016, .month = 4, .post = "IJ" },
      "05/IJ/04/2016" },
    { "NOMOR {seq} TAHUN {year}", { .seq = 23, .year = 2020 }, "NOMOR 23 TAHUN 2020" },
    { "{class}-{seq}/{unit1}/{unit2}/{kka}/{month:2}/{year}",
      { .seq = 235,
        .year = 2012,
        .month = 6,
        .security = "B",
        .units = { "PANRB", "D-IV" },
        .kka = "KKA" },
      "B-235/PANRB/D-IV/KKA/06/2012" },
    { "{seq}/{unit}/{kka}/{month:2}/{year}",
      { .seq = 124, .year = 2012, .month = 2, .unit = "D-IV", .kka = "KKA" },
      "124/D-IV/KKA/02/2012" },
    { "{class}-{kka}/{seq}/{year}",
      { .seq = 57, .year = 2017, .security = "B", .kka = "PK.02.09" },
      "B-PK.02.09/57/2017" },
    { "{kind}.{seq}/{unit1}/{unit2}/{kka}/{month}/{year}",
      { .seq = 16,
        .year = 2023,
        .month = 1,
        .kind = "S",
        .units = { "SETJEN", "ROUM" },
        .kka = "Set.1" },
      "S.16/SETJEN/ROUM/Set.1/1/2023" },
    { "{kind}.{seq}/{unit1}/{unit2}/{unit3}/{month}/{year}",
      { .seq = 740,
        .year = 2022,
        .month = 7,
        .kind = "SK",
        .units = { "MENLHK", "SETJEN", "Set.2" } },
      "SK.740/MENLHK/SETJEN/Set.2/7/2022" },
    { "{kind}-{seq}/{unit}/{year}",
      { .seq = 5114, .year = 2009, .kind = "S", .unit = "PB" },
      "S-5114/PB/2009" },
    { "{kind}-{seq}/{unit}/{year}",
      { .seq = 16, .year = 2020, .kind = "PER", .unit = "PB" },
      "PER-16/PB/2020" },
    { "{kind}-{seq}/{unit}/{year}",
      { .seq = 17, .year = 2024, .kind = "SE", .unit = "MK.1" },
      "SE-17/MK.1/2024" },
    { "{unit}-{seq:2}.{kka} TAHUN {year}",
      { .seq = 4, .year = 2021, .unit = "SEK", .kka = "KP.05.02" },
      "SEK-04.KP.05.02 TAHUN 2021" },
    { "{kka}-{unit}/{seq}", { .seq = 150, .unit = "Sj", .kka = "UM 02.01" }, "UM 02.01-Sj/150" },
    { "{seq}/{kind}/{unit}/{year}",
      { .seq = 18, .year = 2016, .kind = "ND", .unit = "Sj" },
      "18/ND/Sj/2016" },
    { "{seq}/{kind}/{month:roman}/{year}",
      { .seq = 2, .year = 2019, .month = 7, .kind = "SE" },
      "2/SE/VII/2019" },
    { "{seq}/{kind}/{month:roman}/{year}",
      { .seq = 1, .year = 2021, .month = 1, .kind = "SE" },
      "1/SE/I/2021" },
    { "{kka}/{seq}/{unit}", { .seq = 15, .unit = "OR", .kka = "000.8.3.3" }, "000.8.3.3/15/OR" },
    { "{seq:3}/{unit}-{kka}/{month:roman}/{year}",
      { .seq = 1, .year = 2017, .month = 1, .unit = "KPA.1", .kka = "900" },
      "001/KPA.1-900/I/2017" },
    { "{kind} {seq:3}/{unit}-{kka}/{kind}/{month:roman}/{year}",
      { .seq = 12, .year = 2017, .month = 2, .kind = "SPT", .unit = "KPA.1", .kka = "800" },
      "SPT 012/KPA.1-800/SPT/II/2017" },
    { "{class}/{kind}-{seq}/{month:roman}/{kka}/{year}/{unit}",
      { .seq = 3,
        .year = 2023,
        .month = 2,
        .security = "B",
        .kind = "Speng",
        .unit = "Setum",
        .kka = "KKA" },
      "B/Speng-3/II/KKA/2023/Setum" },
    { "{seq}/{kka}/{post}", { .seq = 8, .kka = "KU.01", .post = "SU.1" }, "8/KU.01/SU.1" },
    { "{kind}/{seq}/{month:roman}/{year}",
      { .seq = 868, .year = 2022, .month = 9, .kind = "Kep" },
      "Kep/868/IX/2022" },
};

static void
test_examples(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(examples); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NskNumberScheme) scheme = nsk_number_scheme_parse(examples[i].pattern, &error);

        g_assert_no_error(error);
        g_assert_cmpstr(nsk_number_scheme_get_pattern(scheme), ==, examples[i].pattern);
        g_autofree char *number = nsk_number_scheme_format(scheme, &examples[i].parts, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(number, ==, examples[i].number);
    }
}

static void
test_optional_parts(void)
{
    static const struct {
        NskNumberParts parts;
        const char *number;
    } cases[] = {
        { { .seq = 7, .year = 2026, .security = "B", .units = { "SU", "BU" }, .kka = "KP.01" },
          "B-7/SU.BU/KP.01/2026" },
        { { .seq = 7, .year = 2026, .units = { "SU" } }, "7/SU/2026" },
        { { .seq = 7, .year = 2026, .security = "", .units = { "SU", "" } }, "7/SU/2026" },
    };
    g_autoptr(NskNumberScheme) scheme =
        nsk_number_scheme_parse("[{class}-]{seq}/{unit1}[.{unit2}][/{kka}]/{year}", NULL);

    g_assert_nonnull(scheme);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *number = nsk_number_scheme_format(scheme, &cases[i].parts, &error);

        g_assert_no_error(error);
        g_assert_cmpstr(number, ==, cases[i].number);
    }
}

static void
test_group_of_two_needs_both(void)
{
    NskNumberParts parts = { .seq = 1, .kka = "A" };
    g_autoptr(NskNumberScheme) scheme = nsk_number_scheme_parse("{seq}[/{kka}/{post}]", NULL);
    g_autofree char *one = nsk_number_scheme_format(scheme, &parts, NULL);

    g_assert_cmpstr(one, ==, "1");
    parts.post = "P";
    g_autofree char *both = nsk_number_scheme_format(scheme, &parts, NULL);
    g_assert_cmpstr(both, ==, "1/A/P");
}

static void
test_rejects(void)
{
    static const struct {
        const char *pattern;
        const char *words;
    } cases[] = {
        { "", "0 {seq} fields" },
        { "{year}", "0 {seq} fields" },
        { "{seq}{seq}", "2 {seq} fields" },
        { "{seq:0}", "unknown field at byte 0" },
        { "{seq:10}", "unknown field" },
        { "{seq", "unknown field" },
        { "{}", "unknown field" },
        { "}{seq}", "closing brace" },
        { "{seq}/{unit4}", "unknown field at byte 6" },
        { "{seq}/{Year}", "unknown field" },
        { "{seq}/{month:3}", "unknown field" },
        { "[{seq}]", "{seq} in brackets" },
        { "{seq}[/]", "brackets without a field at byte 7" },
        { "{seq}[[{kka}]]", "bracket inside brackets" },
        { "{seq}]", "closing bracket" },
        { "{seq}[/{kka}", "not closed" },
        { "{seq:4}\xff", "not one line of UTF-8" },
        { "{seq}\n", "not one line of UTF-8" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NskNumberScheme) scheme = nsk_number_scheme_parse(cases[i].pattern, &error);

        g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
        g_assert_nonnull(strstr(error->message, cases[i].words));
        g_assert_null(scheme);
    }
}

static void
test_rejects_a_long_pattern(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *longest = g_strnfill(NSK_NUMBER_SCHEME_MAX_LEN - 5, 'x');
    g_autofree char *fits = g_strconcat("{seq}", longest, NULL);
    g_autofree char *over = g_strconcat(fits, "x", NULL);
    g_autoptr(NskNumberScheme) scheme = nsk_number_scheme_parse(fits, &error);
    g_assert_no_error(error);
    g_assert_nonnull(scheme);

    g_assert_null(nsk_number_scheme_parse(over, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_LIMIT);
}

static void
test_format_refuses_bad_parts(void)
{
    static const char long_part[] =
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
    static const struct {
        NskNumberParts parts;
        const char *words;
    } cases[] = {
        { { .year = 2026, .month = 1, .kka = "A" }, "{seq}" },
        { { .seq = NSK_NUMBER_SEQ_MAX + 1, .year = 2026, .month = 1, .kka = "A" }, "{seq}" },
        { { .seq = 1, .year = 999, .month = 1, .kka = "A" }, "{year}" },
        { { .seq = 1, .year = 10000, .month = 1, .kka = "A" }, "{year}" },
        { { .seq = 1, .year = 2026, .month = 0, .kka = "A" }, "{month}" },
        { { .seq = 1, .year = 2026, .month = 13, .kka = "A" }, "{month}" },
        { { .seq = 1, .year = 2026, .month = 1 }, "{kka}" },
        { { .seq = 1, .year = 2026, .month = 1, .kka = "" }, "{kka}" },
        { { .seq = 1, .year = 2026, .month = 1, .kka = "a\nb" }, "{kka}" },
        { { .seq = 1, .year = 2026, .month = 1, .kka = "\xff" }, "{kka}" },
        { { .seq = 1, .year = 2026, .month = 1, .kka = long_part }, "{kka}" },
        { { .seq = 1, .year = 2026, .month = 1, .kka = "A", .units = { NULL, "a\tb" } },
          "{unit2}" },
    };
    g_autoptr(NskNumberScheme) scheme =
        nsk_number_scheme_parse("{seq}/{kka}/{month}/{year}[/{unit2}]", NULL);

    g_assert_cmpuint(strlen(long_part), ==, NSK_NUMBER_PART_MAX_LEN + 1);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *number = nsk_number_scheme_format(scheme, &cases[i].parts, &error);

        g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
        g_assert_nonnull(strstr(error->message, cases[i].words));
        g_assert_null(number);
    }
}

static void
test_draft_shows_what_is_missing(void)
{
    g_autoptr(NskNumberScheme) scheme =
        nsk_number_scheme_parse("[{class}-]{seq:4}/{kka}/{year}", NULL);
    NskNumberParts parts = { .seq = 9, .kka = "KP.08.1" };
    g_autofree char *text = nsk_number_scheme_draft(scheme, &parts);

    g_assert_cmpstr(text, ==, ".../KP.08.1/...");
}

static void
test_width_pads_but_never_cuts(void)
{
    g_autoptr(NskNumberScheme) scheme = nsk_number_scheme_parse("{seq:3}", NULL);
    g_autofree char *low = nsk_number_scheme_format(scheme, &(NskNumberParts){ .seq = 9 }, NULL);
    g_autofree char *high =
        nsk_number_scheme_format(scheme, &(NskNumberParts){ .seq = 12345 }, NULL);

    g_assert_cmpstr(low, ==, "009");
    g_assert_cmpstr(high, ==, "12345");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/registry/number-scheme/writes-the-numbers-of-real-agencies", test_examples);
    g_test_add_func("/registry/number-scheme/optional-parts-vanish-with-separators",
                    test_optional_parts);
    g_test_add_func("/registry/number-scheme/group-of-two-needs-both",
                    test_group_of_two_needs_both);
    g_test_add_func("/registry/number-scheme/bad-patterns-are-refused-with-place", test_rejects);
    g_test_add_func("/registry/number-scheme/long-pattern-is-refused", test_rejects_a_long_pattern);
    g_test_add_func("/registry/number-scheme/bad-parts-are-refused-by-name",
                    test_format_refuses_bad_parts);
    g_test_add_func("/registry/number-scheme/draft-shows-what-is-missing",
                    test_draft_shows_what_is_missing);
    g_test_add_func("/registry/number-scheme/width-pads-but-never-cuts",
                    test_width_pads_but_never_cuts);
    return g_test_run();
}
