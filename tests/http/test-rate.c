/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often somebody may ask. */
#include "http/rate.h"

#include <glib.h>

#define SECOND ((int64_t)G_USEC_PER_SEC)
#define NOW    (1000 * SECOND)

static void
test_a_quota_is_used_up_and_comes_back(void)
{
    NskHttpRate rate;
    NskHttpRates *rates = nsk_http_rates_new(6, 10);

    for (unsigned i = 0; i < 6; i++) {
        g_assert_true(nsk_http_rates_take(rates, "a", NOW, &rate));
        g_assert_cmpuint(rate.quota, ==, 6);
        g_assert_cmpuint(rate.left, ==, 5 - i);
        g_assert_cmpuint(rate.wait, ==, 10 * (i + 1));
    }
    for (int i = 0; i < 3; i++) { /* what is refused does not count */
        g_assert_false(nsk_http_rates_take(rates, "a", NOW + SECOND, &rate));
        g_assert_cmpuint(rate.left, ==, 0);
        g_assert_cmpuint(rate.wait, ==, 9);
    }
    g_assert_true(nsk_http_rates_take(rates, "b", NOW, &rate));
    g_assert_true(nsk_http_rates_take(rates, "a", NOW + 10 * SECOND, &rate));
    g_assert_false(nsk_http_rates_take(rates, "a", NOW + 10 * SECOND, &rate));
    g_assert_true(nsk_http_rates_take(rates, "a", NOW + 1000 * SECOND, &rate));
    g_assert_cmpuint(rate.left, ==, 5);
    nsk_http_rates_free(rates);
}

/* A crowd of strangers shares one quota, and takes nobody's place; who is counted stays so. */
static void
test_a_crowd_is_counted_as_one(void)
{
    NskHttpRate rate;
    NskHttpRates *rates = nsk_http_rates_new(2, 3);

    for (const char *who = "abc"; *who != '\0'; who++) {
        char name[2] = { *who, '\0' };

        g_assert_true(nsk_http_rates_take(rates, name, NOW, &rate));
    }
    g_assert_true(nsk_http_rates_take(rates, "d", NOW, &rate));
    g_assert_true(nsk_http_rates_take(rates, "e", NOW, &rate));
    g_assert_false(nsk_http_rates_take(rates, "f", NOW, &rate));
    g_assert_true(nsk_http_rates_take(rates, "a", NOW, &rate));
    g_assert_false(nsk_http_rates_take(rates, "a", NOW, &rate));
    /* in time those who came once are forgotten, and there is room */
    g_assert_true(nsk_http_rates_take(rates, "f", NOW + 61 * SECOND, &rate));
    g_assert_true(nsk_http_rates_take(rates, "g", NOW + 61 * SECOND, &rate));
    g_assert_cmpuint(rate.left, ==, 1);
    nsk_http_rates_free(rates);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/http/rate/a-quota-is-used-up-and-comes-back",
                    test_a_quota_is_used_up_and_comes_back);
    g_test_add_func("/http/rate/a-crowd-is-counted-as-one", test_a_crowd_is_counted_as_one);
    return g_test_run();
}
