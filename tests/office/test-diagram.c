/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a letter stands, on the picture of its workflow. */
#include "fixture.h"
#include "xml/xml.h"

#include <string.h>

static const char sql_set_due[] =
    "UPDATE task SET due = opened + 1 WHERE letter = $1 AND closed IS NULL";
static const char sql_add_incident[] =
    "INSERT INTO incident (letter, key, node, class, reason, opened)"
    " VALUES ($1, 'kirim#9', 'kirim', 'service', 'surel <tidak> terkirim', 1784685600000000)";

static GBytes *
draw(Fixture *f, const char *person, const char *letter, const NskOfficeFile *file)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GError) error = NULL;
    GBytes *svg = NULL;

    fixture_as(f, person);
    (void)nsk_office_letter_diagram(f->office, letter, file, issues, &svg, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(issues->len, ==, 0);
    return svg;
}

static NskXmlNode *
find_group(NskXmlNode *node, const char *id)
{
    if (g_strcmp0(nsk_xml_attr(node, "data-id"), id) == 0)
        return node;
    for (NskXmlNode *child = nsk_xml_first(node); child != NULL; child = nsk_xml_next(child)) {
        NskXmlNode *found = find_group(child, id);

        if (found != NULL)
            return found;
    }
    return NULL;
}

/* "class: label" of a node in the picture. */
static char *
say(GBytes *svg, const char *id)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskXmlDoc) doc =
        nsk_xml_parse("svg", g_bytes_get_data(svg, NULL), g_bytes_get_size(svg), &error);
    NskXmlNode *group = NULL;

    g_assert_no_error(error);
    group = find_group(nsk_xml_doc_get_root(doc), id);
    g_assert_nonnull(group);
    return g_strdup_printf("%s: %s", nsk_xml_attr(group, "class"),
                           nsk_xml_attr(group, "aria-label"));
}

static void
check(GBytes *svg, const char *id, const char *said)
{
    g_autofree char *words = say(svg, id);

    g_assert_cmpstr(words, ==, said);
}

/* A letter that was returned once and waits for the second reviewer. */
static char *
letter_in_review(Fixture *f)
{
    char *letter = fixture_draft(f, &(Words){ 0 });
    g_autoptr(NskJson) first = fixture_act(f, "damar", letter, "submit", NULL);
    g_autoptr(NskJson) back = fixture_act(f, "kirana", letter, "return", "Salah hari.");
    g_autoptr(NskJson) again = fixture_act(f, "damar", letter, "submit", NULL);
    g_autoptr(NskJson) paraf = fixture_act(f, "kirana", letter, "approve", NULL);

    return letter;
}

static void
test_shows_what_is_done_and_what_waits(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = letter_in_review(f);
    g_autoptr(GBytes) svg = draw(f, "damar", letter, NULL);

    (void)data;
    check(svg, "konsep",
          "bpmn userTask done: user task: Susun konsep. done: Damar Wicaksana Putra, A.Md.; at "
          "2026-07-22 09:04; 2 times");
    check(svg, "paraf",
          "bpmn userTask waiting: user task: Periksa dan paraf. waiting: Kepala Bagian Tata Usaha "
          "dan Kearsipan; since 2026-07-22 09:05; due 2026-07-24 09:05");
    check(svg, "tanda-tangan", "bpmn userTask: user task: Tanda tangani");
}

static void
test_tells_what_is_late_and_what_went_wrong(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = letter_in_review(f);

    (void)data;
    fixture_tamper(f, sql_set_due, letter);
    fixture_tamper(f, sql_add_incident, letter);
    g_autoptr(GBytes) svg = draw(f, "damar", letter, NULL);
    g_autofree char *late = say(svg, "paraf");
    g_autofree char *wrong = say(svg, "kirim");
    g_assert_true(g_str_has_prefix(late, "bpmn userTask overdue: "));
    g_assert_nonnull(strstr(late, "; due 2026-07-22 09:05"));
    g_assert_true(g_str_has_prefix(wrong, "bpmn serviceTask incident: "));
    g_assert_nonnull(strstr(wrong, "; surel <tidak> terkirim"));
}

static void
test_draws_another_file_in_its_place(Fixture *f, gconstpointer data)
{
    static const char text[] =
        "<b:definitions xmlns:b='http://www.omg.org/spec/BPMN/20100524/MODEL'><b:process id='p'>"
        "<b:userTask id='paraf' name='Baca'/></b:process></b:definitions>";
    g_autofree char *letter = letter_in_review(f);
    g_autoptr(GBytes) bytes = g_bytes_new_static(text, sizeof text - 1);
    NskOfficeFile file = { "lain.bpmn", bytes };
    g_autoptr(GBytes) svg = draw(f, "damar", letter, &file);
    g_autofree char *words = say(svg, "paraf");

    (void)data;
    g_assert_true(g_str_has_prefix(words, "bpmn userTask waiting: user task: Baca. "));
}

static void
refuse(Fixture *f, const char *person, const char *letter, int code, const char *said)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();
    GError *error = NULL;
    GBytes *svg = NULL;

    fixture_as(f, person);
    g_assert_false(nsk_office_letter_diagram(f->office, letter, NULL, issues, &svg, &error));
    g_assert_null(svg);
    fixture_refused(&error, code, said);
}

static void
test_is_for_those_who_made_the_letter(Fixture *f, gconstpointer data)
{
    g_autofree char *letter =
        fixture_to_signatory(f, &(Words){ .copies = "deputi-bidang-pemantauan" });
    g_autoptr(NskJson) paraf = fixture_sign(f, "sekar", letter);

    (void)data;
    g_autoptr(GBytes) svg = draw(f, "sekar", letter, NULL);
    g_autofree char *words = say(svg, "tanda-tangan");
    g_assert_true(g_str_has_prefix(words, "bpmn userTask done: "));
    refuse(f, "tirta", letter, NSK_ERROR_DENIED, "was sent to you");
    refuse(f, "ilham", letter, NSK_ERROR_NOT_FOUND, "");
    refuse(f, "damar", "tidak-ada", NSK_ERROR_NOT_FOUND, "tidak-ada");
}

int
main(int argc, char **argv)
{
    static const FixtureTest tests[] = {
        { "/office/diagram/shows-what-is-done-and-what-waits",
          test_shows_what_is_done_and_what_waits, NULL },
        { "/office/diagram/tells-what-is-late-and-what-went-wrong",
          test_tells_what_is_late_and_what_went_wrong, NULL },
        { "/office/diagram/draws-another-file-in-its-place", test_draws_another_file_in_its_place,
          NULL },
        { "/office/diagram/is-for-those-who-made-the-letter", test_is_for_those_who_made_the_letter,
          NULL },
    };

    return fixture_main(argc, argv, tests, G_N_ELEMENTS(tests));
}
