/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page/page.h"

#include <string.h>

static const char tasks[] =
    "{\"next\":null,\"notices\":[],\"tasks\":[{\"as\":\"substitute\",\"kind\":\"surat-masuk\","
    "\"name\":\"Baca dan disposisikan\",\"opened\":\"2026-11-10T18:25:00.002000Z\","
    "\"subject\":\"Air <sumur> & "
    "\\\"warga\\\"\",\"task\":\"01a/baca#11\",\"urgency\":\"segera\"}]}";

static NskJson *
parse(const char *text)
{
    g_autoptr(GError) error = NULL;
    NskJson *json = nsk_json_parse(text, strlen(text), &error);

    g_assert_no_error(error);
    return json;
}

static const char *
word(const char *code)
{
    return strcmp(code, "letter-signed") == 0 ? "surat ditandatangani" : NULL;
}

static const NskPageFrame usual = {
    .language = "id",
    .theme = "auto",
    .path = "/tugas",
    .zone = "Asia/Jakarta",
    .word = word,
};

static char *
render(const char *name, const NskPageFrame *frame, const char *view)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) json = parse(view);
    g_autoptr(GBytes) html = nsk_page_render(name, frame, json, &error);

    g_assert_no_error(error);
    return g_strndup(g_bytes_get_data(html, NULL), g_bytes_get_size(html));
}

#define HAS(html, text)   g_assert_nonnull(strstr((html), (text)))
#define LACKS(html, text) g_assert_null(strstr((html), (text)))

static void
test_sentences_are_in_the_language_of_the_page(void)
{
    NskPageFrame english = usual;

    english.language = "en";
    g_autofree char *id = render("tasks", &usual, tasks);
    g_autofree char *en = render("tasks", &english, tasks);

    HAS(id, " lang=\"id\">");
    HAS(id, "Yang menunggu saya");
    HAS(id, "sejak <time");
    HAS(id, "sebagai pengganti");
    HAS(en, " lang=\"en\">");
    HAS(en, "What waits for me");
    HAS(en, "since <time");
    LACKS(en, "menunggu saya");
}

static void
test_times_are_told_in_the_zone_of_the_frame(void)
{
    NskPageFrame east = usual;

    east.zone = "Asia/Jayapura";
    g_autofree char *west_html = render("tasks", &usual, tasks);
    g_autofree char *east_html = render("tasks", &east, tasks);

    HAS(west_html, ">11 November 2026, 01.25</time>");
    HAS(east_html, ">11 November 2026, 03.25</time>");
    HAS(west_html, "datetime=\"2026-11-10T18:25:00.002000Z\"");
}

static void
test_what_people_wrote_is_text(void)
{
    g_autofree char *html = render("tasks", &usual, tasks);

    HAS(html, "Air &lt;sumur&gt; &amp; \"warga\"");
    LACKS(html, "<sumur>");
}

static void
test_a_hole_in_a_sentence_is_filled_where_its_language_has_it(void)
{
    g_autofree char *html =
        render("history", &usual,
               "{\"entries\":[{\"seq\":7,\"action\":\"letter-signed\",\"name\":\"Wening\","
               "\"at\":\"2026-11-10T18:25:00.002000Z\",\"hash\":\"00ff\"}]}");

    HAS(html, "Bukti catatan 7");
    HAS(html, "surat ditandatangani");
    LACKS(html, "letter-signed");
}

static void
test_a_fragment_is_the_main_part_alone(void)
{
    NskPageFrame fragment = usual;

    fragment.is_fragment = true;
    g_autofree char *html = render("tasks", &fragment, tasks);

    LACKS(html, "<html");
    LACKS(html, "<head");
    HAS(html, "<h1");
}

static void
test_faults_stand_first_and_lead_to_their_fields(void)
{
    g_autofree char *html =
        render("tasks", &usual,
               "{\"tasks\":[],\"faults\":[{\"field\":\"alasan\",\"words\":\"Tulis alasannya\"}]}");

    HAS(html, "<title>Belum selesai: ");
    HAS(html, "<a href=\"#alasan\">Tulis alasannya</a>");
    g_assert_true(strstr(html, "role=\"alert\"") < strstr(html, "<h1"));
}

static void
test_every_page_is_made_in_both_languages_of_an_empty_view(void)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) names = nsk_page_list(&error);

    g_assert_no_error(error);
    g_assert_cmpuint(g_strv_length(names), >=, 3);
    for (int i = 0; names[i] != NULL; i++) {
        for (int language = 0; language < 2; language++) {
            NskPageFrame frame = usual;

            frame.language = language == 0 ? "id" : "en";
            g_autofree char *html = render(names[i], &frame, "{}");
            HAS(html, "<!DOCTYPE html");
            HAS(html, "</html>");
            LACKS(html, "urn:naskah:words");
        }
    }
}

static void
test_a_page_that_is_not_there_is_refused(void)
{
    static const char *const names[] = { "none", "base", "parts", "../letters/html", "" };
    g_autoptr(NskJson) view = parse("{}");

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(nsk_page_render(names[i], &usual, view, &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND);
    }
}

static void
test_an_asset_is_found_by_the_address_that_pages_name(void)
{
    const char *type = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *html = render("tasks", &usual, tasks);
    const char *address = strstr(html, "/aset/naskah-");

    g_assert_nonnull(address);
    g_autofree char *name = g_strndup(address + strlen("/aset/"), strcspn(address + 6, "\""));
    g_autoptr(GBytes) bytes = nsk_page_asset(name, &type, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(type, ==, "text/css; charset=utf-8");
    g_assert_cmpuint(g_bytes_get_size(bytes), >, 10000);
    name[7] = name[7] == '0' ? '1' : '0';
    g_assert_null(nsk_page_asset(name, &type, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND);
}

static void
test_members_whose_names_are_no_names_of_xml_are_items(void)
{
    g_autofree char *html =
        render("letter", &usual, "{\"subject\":\"A\",\"2026\":1,\"a b\":2,\"<x>\":3}");

    HAS(html, "<h1 class=\"govuk-heading-l\">A</h1>");
}

int
main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/page/sentences-are-in-the-language-of-the-page",
                    test_sentences_are_in_the_language_of_the_page);
    g_test_add_func("/page/times-are-told-in-the-zone-of-the-frame",
                    test_times_are_told_in_the_zone_of_the_frame);
    g_test_add_func("/page/what-people-wrote-is-text", test_what_people_wrote_is_text);
    g_test_add_func("/page/a-hole-in-a-sentence-is-filled-where-its-language-has-it",
                    test_a_hole_in_a_sentence_is_filled_where_its_language_has_it);
    g_test_add_func("/page/a-fragment-is-the-main-part-alone",
                    test_a_fragment_is_the_main_part_alone);
    g_test_add_func("/page/faults-stand-first-and-lead-to-their-fields",
                    test_faults_stand_first_and_lead_to_their_fields);
    g_test_add_func("/page/every-page-is-made-in-both-languages-of-an-empty-view",
                    test_every_page_is_made_in_both_languages_of_an_empty_view);
    g_test_add_func("/page/a-page-that-is-not-there-is-refused",
                    test_a_page_that_is_not_there_is_refused);
    g_test_add_func("/page/an-asset-is-found-by-the-address-that-pages-name",
                    test_an_asset_is_found_by_the_address_that_pages_name);
    g_test_add_func("/page/members-whose-names-are-no-names-of-xml-are-items",
                    test_members_whose_names_are_no_names_of_xml_are_items);
    return g_test_run();
}
