/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Dates and text strings of PDF (ISO 32000-1, 7.9.2 and 7.9.4), and the issues of this module.
 */
#include "sign/sign-private.h"

#include <string.h>

#define USEC G_GINT64_CONSTANT(1000000)

/* Two digits at *@at, which moves on; -1 if there are none. */
static int
take_two(const char **at)
{
    if (!g_ascii_isdigit((*at)[0]) || !g_ascii_isdigit((*at)[1]))
        return -1;
    int number = ((*at)[0] - '0') * 10 + ((*at)[1] - '0');
    *at += 2;
    return number;
}

/* "Z", "+07'00'", "+07'00" or nothing. */
static bool
parse_offset(const char *at, int *out_minutes)
{
    *out_minutes = 0;
    if (*at == '\0')
        return true;
    char sign = *at++;
    if (sign == 'Z')
        return *at == '\0' || strcmp(at, "00'00'") == 0 || strcmp(at, "00'00") == 0;
    if (sign != '+' && sign != '-')
        return false;
    int hours = take_two(&at), minutes = 0;
    if (hours < 0 || hours > 23)
        return false;
    if (*at == '\'' && at[1] != '\0') {
        at++;
        minutes = take_two(&at);
    }
    if (minutes < 0 || minutes > 59 || (*at != '\0' && strcmp(at, "'") != 0))
        return false;
    *out_minutes = (hours * 60 + minutes) * (sign == '-' ? -1 : 1);
    return true;
}

bool
pdf_date_parse(const char *text, NskInstant *out_at, int *out_offset_minutes)
{
    int parts[7], offset;

    if (!g_str_has_prefix(text, "D:"))
        return false;
    text += 2;
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        parts[i] = take_two(&text);
        if (parts[i] < 0)
            return false;
    }
    if (!parse_offset(text, &offset))
        return false;
    g_autoptr(GDateTime) local = g_date_time_new_utc(parts[0] * 100 + parts[1], parts[2], parts[3],
                                                     parts[4], parts[5], parts[6]);
    if (local == NULL)
        return false;
    *out_at = (g_date_time_to_unix(local) - (int64_t)offset * 60) * USEC;
    *out_offset_minutes = offset;
    return true;
}

char *
pdf_date_format(NskInstant at, int offset_minutes)
{
    int64_t seconds = at / USEC - (at % USEC < 0) + (int64_t)offset_minutes * 60;
    g_autoptr(GDateTime) local = g_date_time_new_from_unix_utc(seconds);
    int minutes = ABS(offset_minutes);

    if (local == NULL)
        return NULL;
    g_autofree char *civil = g_date_time_format(local, "D:%Y%m%d%H%M%S");
    return g_strdup_printf("%s%c%02d'%02d'", civil, offset_minutes < 0 ? '-' : '+', minutes / 60,
                           minutes % 60);
}

char *
pdf_text(const PdfValue *value)
{
    if (value == NULL || value->type != PDF_STRING)
        return NULL;
    if (value->n >= 2 && memcmp(value->u.bytes, "\xfe\xff", 2) == 0) {
        char *text = g_convert(value->u.bytes + 2, (gssize)value->n - 2, "UTF-8", "UTF-16BE", NULL,
                               NULL, NULL);
        return text != NULL ? text : g_strdup("");
    }
    if (value->n >= 3 && memcmp(value->u.bytes, "\xef\xbb\xbf", 3) == 0)
        return g_utf8_make_valid(value->u.bytes + 3, (gssize)value->n - 3);
    if (g_utf8_validate(value->u.bytes, value->n, NULL))
        return g_strndup(value->u.bytes, value->n);
    return g_convert(value->u.bytes, value->n, "UTF-8", "ISO-8859-1", NULL, NULL, NULL);
}

void
add_issue(NskIssues *issues, const char *tag, NskSeverity severity, const char *format, ...)
{
    NskIssue place = { .tag = tag, .severity = severity };
    va_list args;

    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    nsk_issues_add(issues, &place, "%s", text);
}
