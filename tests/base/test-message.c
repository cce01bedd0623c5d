/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/message.h"

#include <errno.h>
#include <string.h>

static void
test_the_language_is_the_users(void)
{
    static const struct {
        const char *all, *lang, *expected;
    } cases[] = {
        { NULL, "id_ID.UTF-8", "id" },
        { NULL, "en_US.UTF-8", "en" },
        { "C.UTF-8", "id_ID", "en" },
        { "id_ID", "en_US", "id" },
        { "", "id", "id" },
        { NULL, NULL, "en" },
    };

    g_unsetenv("LC_MESSAGES");
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_unsetenv("LC_ALL");
        g_unsetenv("LANG");
        if (cases[i].all != NULL)
            g_setenv("LC_ALL", cases[i].all, TRUE);
        if (cases[i].lang != NULL)
            g_setenv("LANG", cases[i].lang, TRUE);
        g_assert_cmpstr(nsk_language(), ==, cases[i].expected);
    }
}

static void
test_unknown_words_stay(void)
{
    static const char odd[] = "a sentence that nobody translated";

    g_setenv("LC_ALL", "id_ID", TRUE);
    g_assert_true(nsk_tr(odd) == odd);
    g_assert_cmpstr(nsk_tr("Commands:"), ==, "Perintah:");
    g_setenv("LC_ALL", "C", TRUE);
    g_assert_cmpstr(nsk_tr("Commands:"), ==, "Commands:");
}

static void
test_a_reason_is_the_systems_in_the_users_language(void)
{
    static const int codes[] = { EACCES,    EDQUOT,       EEXIST, EIO,    EISDIR, ELOOP,
                                 EMFILE,    ENAMETOOLONG, ENOENT, ENOMEM, ENOSPC, ENOTDIR,
                                 ENOTEMPTY, EPERM,        EPIPE,  EROFS };

    for (size_t i = 0; i < G_N_ELEMENTS(codes); i++) {
        g_setenv("LC_ALL", "C", TRUE);
        g_assert_cmpstr(nsk_reason(codes[i]), ==, g_strerror(codes[i]));
        g_setenv("LC_ALL", "id_ID", TRUE);
        g_assert_cmpstr(nsk_reason(codes[i]), !=, g_strerror(codes[i]));
    }
    g_assert_cmpstr(nsk_reason(EDOM), ==, g_strerror(EDOM));
}

static void
test_errno_stays(void)
{
    g_setenv("LC_ALL", "id_ID", TRUE);
    errno = ENOSPC;
    (void)nsk_tr("Commands:");
    g_assert_cmpint(errno, ==, ENOSPC);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/message/the-language-is-the-users", test_the_language_is_the_users);
    g_test_add_func("/base/message/errno-stays", test_errno_stays);
    g_test_add_func("/base/message/a-reason-is-the-systems-in-the-users-language",
                    test_a_reason_is_the_systems_in_the_users_language);
    g_test_add_func("/base/message/unknown-words-stay", test_unknown_words_stay);
    return g_test_run();
}
