/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json.h"

#include <string.h>

static void
test_canonical_form_does_not_depend_on_order(void)
{
    static const char one[] = "{\"b\": [1, true, null], \"a\": \"\\u00e9\\n\"}";
    static const char two[] = "{ \"a\":\"é\\n\",\"b\":[1,true,null]}";
    g_autoptr(NskJson) first = nsk_json_parse(one, strlen(one), NULL);
    g_autoptr(NskJson) second = nsk_json_parse(two, strlen(two), NULL);
    g_autofree char *a = nsk_json_canonical(first);
    g_autofree char *b = nsk_json_canonical(second);

    g_assert_cmpstr(a, ==, "{\"a\":\"é\\n\",\"b\":[1,true,null]}");
    g_assert_cmpstr(a, ==, b);
}

/* Journal entries are hashed as these bytes: what stood here once must stand here always. */
static void
test_canonical_form_of_each_value(void)
{
    static const struct {
        const char *given, *canonical;
    } cases[] = {
        { "{}", "{}" },
        { " [ ] ", "[]" },
        { "[-9223372036854775808, 9223372036854775807, 0, -0]",
          "[-9223372036854775808,9223372036854775807,0,0]" },
        { "[1.5, 0.1, 12.346, 1e300, 2.0]", "[1.5,0.1,12.346,1e300,2.0]" },
        { "[true, false, null]", "[true,false,null]" },
        { "[\"\\u0001\\u001f\\b\\f\\n\\r\\t\\\"\\\\\\/\\u007f\"]",
          "[\"\\u0001\\u001F\\b\\f\\n\\r\\t\\\"\\\\/\x7f\"]" },
        { "[\"\\ud83d\\ude00 \\u20ac\"]", "[\"\xf0\x9f\x98\x80 \xe2\x82\xac\"]" },
        { "{\"a\\\"b\": {\"\\n\": []}, \"\": [[], {}]}", "{\"\":[[],{}],\"a\\\"b\":{\"\\n\":[]}}" },
        { "{\"aa\": 1, \"a\": 2, \"B\": 3, \"\\u00e9\": 4, \"a_\": 5}",
          "{\"B\":3,\"a\":2,\"a_\":5,\"aa\":1,\"\xc3\xa9\":4}" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NskJson) value = nsk_json_parse(cases[i].given, strlen(cases[i].given), &error);

        g_assert_no_error(error);
        g_autofree char *text = nsk_json_canonical(value);
        g_assert_cmpstr(text, ==, cases[i].canonical);
    }
}

static void
test_many_members_are_sorted(void)
{
    g_autoptr(NskJson) object = nsk_json_object();
    GString *expected = g_string_new("{");

    for (int i = 0; i < 500; i++) {
        g_autofree char *key = g_strdup_printf("k%03d", (i * 263) % 500);

        nsk_json_set_int(object, key, (i * 263) % 500);
        g_string_append_printf(expected, "%s\"k%03d\":%d", i > 0 ? "," : "", i, i);
    }
    g_string_append_c(expected, '}');
    g_autofree char *text = nsk_json_canonical(object);
    g_autofree char *sorted = g_string_free(expected, FALSE);
    g_assert_cmpstr(text, ==, sorted);
}

static void
test_numbers_are_read_as_they_are(void)
{
    g_autoptr(NskJson) object = nsk_json_object();

    nsk_json_set_real(object, "real", 0.125);
    nsk_json_set_int(object, "int", 3);
    nsk_json_set_text(object, "text", "4");
    g_assert_cmpfloat(nsk_json_get_real(object, "real", -1), ==, 0.125);
    g_assert_cmpfloat(nsk_json_get_real(object, "int", -1), ==, 3);
    g_assert_cmpfloat(nsk_json_get_real(object, "text", -1), ==, -1);
}

static void
test_faults_have_a_place(void)
{
    static const char *const bad[] = { "{", "[1,]", "{\"a\":1,\"a\":2}", "\"\xff\"", "" };

    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(nsk_json_parse(bad[i], strlen(bad[i]), &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
        g_assert_nonnull(strstr(error->message, "line 1"));
    }
}

static void
test_any_bytes_become_text(void)
{
    g_autoptr(NskJson) object = nsk_json_object();
    g_autoptr(NskJson) array = nsk_json_array();

    nsk_json_set_text(object, "name", "a\xff.pdf");
    nsk_json_add_text(array, "\xc3");
    g_assert_cmpstr(nsk_json_get_text(object, "name"), ==, "a\xef\xbf\xbd.pdf");
    g_assert_cmpstr(nsk_json_text_at(array, 0), ==, "\xef\xbf\xbd");
}

static void
test_getters_check_types(void)
{
    g_autoptr(NskJson) object = nsk_json_object();

    nsk_json_set_text(object, "text", "x");
    nsk_json_set_int(object, "int", 42);
    nsk_json_set_bool(object, "yes", true);
    g_assert_cmpint(nsk_json_get_int(object, "text", -1), ==, -1);
    g_assert_cmpint(nsk_json_get_int(object, "int", -1), ==, 42);
    g_assert_null(nsk_json_get_text(object, "int"));
    g_assert_true(nsk_json_get_bool(object, "yes", false));
    g_assert_true(nsk_json_get_bool(object, "no", true));
}

static void
test_types_and_keys(void)
{
    static const char text[] = "{\"b\":null,\"a\":true,\"n\":1.5,\"i\":2,\"t\":\"\","
                               "\"l\":[],\"o\":{}}";
    static const NskJsonType types[] = { NSK_JSON_NULL,   NSK_JSON_BOOL, NSK_JSON_NUMBER,
                                         NSK_JSON_NUMBER, NSK_JSON_TEXT, NSK_JSON_ARRAY,
                                         NSK_JSON_OBJECT };
    static const char *const names[] = { "b", "a", "n", "i", "t", "l", "o" };
    g_autoptr(NskJson) object = nsk_json_parse(text, strlen(text), NULL);
    g_autoptr(GPtrArray) keys = nsk_json_keys(object);
    g_autoptr(GPtrArray) none = nsk_json_keys(nsk_json_get(object, "l"));

    g_assert_cmpuint(keys->len, ==, G_N_ELEMENTS(names));
    for (guint i = 0; i < keys->len; i++) {
        g_assert_cmpstr(g_ptr_array_index(keys, i), ==, names[i]);
        g_assert_cmpint(nsk_json_type(nsk_json_get(object, names[i])), ==, types[i]);
    }
    g_assert_cmpuint(none->len, ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/json/canonical-form-does-not-depend-on-order",
                    test_canonical_form_does_not_depend_on_order);
    g_test_add_func("/base/json/canonical-form-of-each-value", test_canonical_form_of_each_value);
    g_test_add_func("/base/json/many-members-are-sorted", test_many_members_are_sorted);
    g_test_add_func("/base/json/numbers-are-read-as-they-are", test_numbers_are_read_as_they_are);
    g_test_add_func("/base/json/faults-have-a-place", test_faults_have_a_place);
    g_test_add_func("/base/json/any-bytes-become-text", test_any_bytes_become_text);
    g_test_add_func("/base/json/getters-check-types", test_getters_check_types);
    g_test_add_func("/base/json/types-and-keys-in-order", test_types_and_keys);
    return g_test_run();
}
