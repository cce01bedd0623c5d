/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/id.h"

static NskInstant
fixed_now(void *data)
{
    return *(NskInstant *)data;
}

static void
test_ids_sort_by_time(void)
{
    NskInstant now = 1784711445000000;
    NskClock clock = { fixed_now, &now };
    g_autofree char *first = nsk_id_new(&clock);

    now += 1000;
    g_autofree char *second = nsk_id_new(&clock);
    g_autofree char *third = nsk_id_new(&clock);

    g_assert_true(nsk_id_is_valid(first));
    g_assert_cmpstr(first, <, second);
    g_assert_cmpstr(second, !=, third);
    g_assert_cmpint(first[14], ==, '7');
}

static void
test_only_ids_are_ids(void)
{
    g_assert_true(nsk_id_is_valid("019f8a1e-0a08-7c3a-9d6e-0123456789ab"));
    g_assert_false(nsk_id_is_valid("019F8A1E-0a08-7c3a-9d6e-0123456789ab"));
    g_assert_false(nsk_id_is_valid("019f8a1e-0a08-7c3a-9d6e-0123456789a"));
    g_assert_false(nsk_id_is_valid("../../../../../../../../etc/passwd.."));
}

static void
test_names_are_safe(void)
{
    static const char *const good[] = { "a", "kepala-biro.umum", "7th_floor" };
    static const char *const bad[] = { "",  "-x",  ".x",     "a..b", "a/b",
                                       "A", "a b", "x.lock", "a\nb", "end." };

    for (size_t i = 0; i < G_N_ELEMENTS(good); i++)
        g_assert_true(nsk_name_is_valid(good[i]));
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_false(nsk_name_is_valid(bad[i]));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/id/ids-sort-by-time", test_ids_sort_by_time);
    g_test_add_func("/base/id/only-ids-are-ids", test_only_ids_are_ids);
    g_test_add_func("/base/id/names-are-safe", test_names_are_safe);
    return g_test_run();
}
