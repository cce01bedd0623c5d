/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Mail as text: a head of ASCII and a plain body.
 *
 *     Subject: =?UTF-8?B?...?= =?UTF-8?B?...?=     where it is not of ASCII alone (RFC 2047)
 *     Content-Transfer-Encoding: base64            so that no line is too long or altered
 *
 * No value can begin a line of its own: what is not printable becomes a blank.
 */
#include "net/net.h"

#include <string.h>

#define MAX_ADDRESS 254 /* RFC 5321, section 4.5.3.1.3, without its brackets */
#define MAX_LOCAL   64
#define MAX_LABEL   63
#define WORD_BYTES  42 /* of text in an encoded word, whose length is then 68 */
#define LINE_BYTES  57 /* of a body in a line of 76 characters */

/* --- Addresses -------------------------------------------------------------------------------- */

/* A letter, a digit, or one of @others. */
static bool
is_one_of(char c, const char *others)
{
    return g_ascii_isalnum(c) || (c != '\0' && strchr(others, c) != NULL);
}

/* Pieces that are parted by dots, none empty. */
static bool
is_dotted(const char *text, size_t size, const char *others, size_t longest)
{
    size_t piece = 0;

    for (size_t i = 0; i < size; i++) {
        if (text[i] == '.' ? piece == 0 : !is_one_of(text[i], others))
            return false;
        piece = text[i] == '.' ? 0 : piece + 1;
        if (piece > longest)
            return false;
    }
    return piece > 0;
}

bool
nsk_net_is_mail_address(const char *text)
{
    size_t size = strnlen(text, MAX_ADDRESS + 1);
    const char *at = size <= MAX_ADDRESS ? strchr(text, '@') : NULL;
    size_t local = at != NULL ? (size_t)(at - text) : 0;

    return at != NULL && local <= MAX_LOCAL &&
           is_dotted(text, local, "!#$%&'*+-/=?^_`{|}~", MAX_LOCAL) &&
           is_dotted(at + 1, size - local - 1, "-", MAX_LABEL);
}

/* --- The head --------------------------------------------------------------------------------- */

static bool
is_plain(const char *text)
{
    for (; *text != '\0'; text++)
        if (!g_ascii_isprint(*text))
            return false;
    return true;
}

/* How many bytes of whole characters go into an encoded word. */
static size_t
word_size(const char *text)
{
    size_t size = 0;

    while (text[size] != '\0') {
        size_t next = size + (size_t)g_utf8_skip[(guchar)text[size]];

        if (next > WORD_BYTES)
            break;
        size = next;
    }
    return size;
}

/* A text without structure, such as a subject. */
static void
add_words(GString *out, const char *text)
{
    g_autofree char *line = g_utf8_make_valid(text, -1);
    const char *separator = "";

    for (char *c = line; *c != '\0'; c++)
        if (g_ascii_iscntrl(*c))
            *c = ' ';
    if (is_plain(line) && strlen(line) <= WORD_BYTES) {
        g_string_append(out, line);
        return;
    }
    for (const char *at = line; *at != '\0';) {
        size_t size = word_size(at);
        g_autofree char *code = g_base64_encode((const guchar *)at, size);

        g_string_append_printf(out, "%s=?UTF-8?B?%s?=", separator, code);
        separator = "\r\n ";
        at += size;
    }
}

static void
add_date(GString *out, NskInstant at)
{
    static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(at / G_USEC_PER_SEC);

    g_assert(time != NULL);
    g_string_append_printf(
        out, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n",
        days[g_date_time_get_day_of_week(time) - 1], g_date_time_get_day_of_month(time),
        months[g_date_time_get_month(time) - 1], g_date_time_get_year(time),
        g_date_time_get_hour(time), g_date_time_get_minute(time), g_date_time_get_second(time));
}

/* --- The body --------------------------------------------------------------------------------- */

/* Lines end in CRLF inside of it as well (RFC 2045, section 6.8). */
static void
add_body(GString *out, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_auto(GStrv) lines = g_strsplit(valid, "\n", -1);
    g_autofree char *whole = g_strjoinv("\r\n", lines);
    size_t size = strlen(whole);

    for (size_t at = 0; at < size; at += LINE_BYTES) {
        g_autofree char *line =
            g_base64_encode((const guchar *)whole + at, MIN(size - at, (size_t)LINE_BYTES));

        g_string_append_printf(out, "%s\r\n", line);
    }
}

GBytes *
nsk_net_mail_compose(const NskNetMailText *text)
{
    GString *out = g_string_new("From: ");
    const char *host = strchr(text->from, '@');

    add_words(out, text->from_name);
    g_string_append_printf(out, " <%s>\r\nTo: <%s>\r\nSubject: ", text->from, text->to);
    add_words(out, text->subject);
    g_string_append(out, "\r\n");
    add_date(out, text->at);
    g_string_append_printf(out, "Message-ID: <%s%s>\r\n", text->id, host != NULL ? host : "");
    g_string_append(out, "Auto-Submitted: auto-generated\r\n"
                         "MIME-Version: 1.0\r\n"
                         "Content-Type: text/plain; charset=utf-8\r\n"
                         "Content-Transfer-Encoding: base64\r\n"
                         "\r\n");
    add_body(out, text->text);
    return g_string_free_to_bytes(out);
}
