/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/late.h"

#include <math.h>

static __typeof__(&cos) cosine;
static void *nothing;
static unsigned starts;

static bool
count_start(void)
{
    return ++starts > 0;
}

static bool
refuse_start(void)
{
    return false;
}

static const NskLateFunction known[] = { { "cos", &cosine }, { NULL, NULL } };
static const NskLateFunction unknown[] = { { "cos", &cosine },
                                           { "no_such_function", &nothing },
                                           { NULL, NULL } };

static void
test_a_library_is_loaded_and_started_once(void)
{
    static const NskLateLibrary library = { "libm.so.6", "libc6", known, count_start };
    static const char *missing;
    static gsize done;

    for (unsigned i = 0; i < 3; i++) {
        g_autoptr(GError) error = NULL;

        g_assert_true(nsk_late_load(&library, &done, &missing, &error));
        g_assert_no_error(error);
    }
    g_assert_cmpfloat(cosine(0), ==, 1);
    g_assert_cmpuint(starts, ==, 1);
}

static void
test_what_is_missing_is_named_each_time(void)
{
    static const struct {
        NskLateLibrary library;
        const char *named;
    } cases[] = {
        { { "libno-such.so.7", "libno-such7", known, NULL }, "'libno-such.so.7'" },
        { { "libm.so.6", "libc6", unknown, NULL }, "'no_such_function'" },
        { { "libm.so.6", "libc6", known, refuse_start }, "'libm.so.6'" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *missing = NULL;
        gsize done = 0;

        for (unsigned again = 0; again < 2; again++) {
            g_autoptr(GError) error = NULL;

            g_assert_false(nsk_late_load(&cases[i].library, &done, &missing, &error));
            g_assert_error(error, NSK_ERROR, NSK_ERROR_IO);
            g_assert_nonnull(strstr(error->message, cases[i].named));
            g_assert_nonnull(strstr(error->message, cases[i].library.package));
        }
    }
}

#define ADD(NAME, FUNCTION) g_test_add_func("/base/late/" NAME, FUNCTION)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("a-library-is-loaded-and-started-once", test_a_library_is_loaded_and_started_once);
    ADD("what-is-missing-is-named-each-time", test_what_is_missing_is_named_each_time);
    return g_test_run();
}
