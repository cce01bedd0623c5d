/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mail as text, and addresses of mail. */
#include "net/net.h"

#include <string.h>

static void
test_addresses(void)
{
    static const struct {
        const char *text;
        bool is;
    } cases[] = {
        { "budi@bpatn.example", true },
        { "budi.hargotama+surat@mail.bpatn.go.id", true },
        { "a@b", true },
        { "", false },
        { "budi", false },
        { "@bpatn.example", false },
        { "budi@", false },
        { "budi@bpatn..example", false },
        { "budi@.example", false },
        { "budi@example.", false },
        { ".budi@bpatn.example", false },
        { "budi@bpatn@example", false },
        { "budi hargotama@bpatn.example", false },
        { "budi@bpatn.example\r\nRCPT TO:<x@y>", false },
        { "<budi@bpatn.example>", false },
        { "\"budi\"@bpatn.example", false },
        { "b\xc3\xbc"
          "di@bpatn.example",
          false },
        { "1234567890123456789012345678901234567890123456789012345678901234@a.b", true },
        { "12345678901234567890123456789012345678901234567890123456789012345@a.b", false },
        { "a@1234567890123456789012345678901234567890123456789012345678901234.b", false },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].text);
        g_assert_cmpint(nsk_net_is_mail_address(cases[i].text), ==, cases[i].is);
    }
    g_autofree char *longest = g_strnfill(10000, 'a');
    g_assert_false(nsk_net_is_mail_address(longest));
}

static char *
compose(const char *subject, const char *text)
{
    const NskNetMailText mail = {
        .from_name = "Naskah",
        .from = "naskah@bpatn.example",
        .to = "budi@bpatn.example",
        .subject = subject,
        .text = text,
        .id = "01a2058c-3326-7a1b-8de3-e578b4a86fa6",
        .at = G_GINT64_CONSTANT(1784701800000000), /* 2026-07-22 06:30 UTC */
    };
    g_autoptr(GBytes) message = nsk_net_mail_compose(&mail);
    size_t size;
    const char *data = g_bytes_get_data(message, &size);

    return g_strndup(data, size);
}

static void
test_plain(void)
{
    g_autofree char *message = compose("Ada tugas", "Satu.\nDua.\n");

    g_assert_cmpstr(message, ==,
                    "From: Naskah <naskah@bpatn.example>\r\n"
                    "To: <budi@bpatn.example>\r\n"
                    "Subject: Ada tugas\r\n"
                    "Date: Wed, 22 Jul 2026 06:30:00 +0000\r\n"
                    "Message-ID: <01a2058c-3326-7a1b-8de3-e578b4a86fa6@bpatn.example>\r\n"
                    "Auto-Submitted: auto-generated\r\n"
                    "MIME-Version: 1.0\r\n"
                    "Content-Type: text/plain; charset=utf-8\r\n"
                    "Content-Transfer-Encoding: base64\r\n"
                    "\r\n"
                    "U2F0dS4NCkR1YS4NCg==\r\n");
}

/* Whoever chooses a subject cannot add lines; characters are not cut in two. */
static void
test_subject(void)
{
    g_autofree char *injected = compose("Ada\r\nBcc: x@y.z\r\n\r\nteks", "x");
    g_autofree char *long_one =
        compose("\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
                "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
                "a\xc3\xa9\xc3\xa9",
                "x");

    g_assert_null(strstr(injected, "\r\nBcc"));
    g_assert_nonnull(strstr(injected, "Subject: Ada  Bcc: x@y.z    teks\r\n"));
    /* 41 bytes, so that the next character begins the second word */
    g_assert_nonnull(strstr(long_one, "w6nDqcOpw6nDqWE=?=\r\n =?UTF-8?B?w6nDqQ==?=\r\n"));
}

static void
test_lines(void)
{
    g_autofree char *long_text = g_strnfill(5000, 'x');
    g_autofree char *message = compose("Ada tugas", long_text);
    g_auto(GStrv) lines = g_strsplit(message, "\r\n", -1);

    for (int i = 0; lines[i] != NULL; i++)
        g_assert_cmpuint(strlen(lines[i]), <=, 78);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/net/mail/an-address-is-one-that-can-be-written-to", test_addresses);
    g_test_add_func("/net/mail/a-message-is-the-same-for-the-same-text", test_plain);
    g_test_add_func("/net/mail/a-subject-adds-no-lines-and-cuts-no-characters", test_subject);
    g_test_add_func("/net/mail/no-line-is-too-long", test_lines);
    return g_test_run();
}
