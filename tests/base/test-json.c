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

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/json/canonical-form-does-not-depend-on-order",
                    test_canonical_form_does_not_depend_on_order);
    g_test_add_func("/base/json/faults-have-a-place", test_faults_have_a_place);
    g_test_add_func("/base/json/any-bytes-become-text", test_any_bytes_become_text);
    g_test_add_func("/base/json/getters-check-types", test_getters_check_types);
    return g_test_run();
}
