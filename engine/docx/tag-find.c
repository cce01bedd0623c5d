/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finding tags in a line of text: "${name}", the name of letters, digits and "_".
 *
 * The names are those of SRIKANDI's templates, and the marks of documents that are uploaded.  Those
 * of signatories may end in the number of the signatory: "${ttd_pengirim2}", "${ttd_2}".  What was
 * meant as a tag and is none is told with the fault, the first of:
 *
 *   "${" with no "}" behind it; a tag within a tag; no name; quotes; blanks; signs that cannot be
 *   seen; "$" and "{" apart; other brackets; "{name}" or "$name}" of a name that is known.
 *
 * The last three only of names that are known or near to one: "$ 100 {a}" is no tag.
 */
#include "base/message.h"
#include "docx/docx-private.h"

#include <string.h>

#define MAX_INNER     80
#define MAX_SIGNATORY 9

static const struct {
    const char *name;
    NskDocxMeaning meaning;
} known[] = {
    { "nomor_naskah", NSK_DOCX_NUMBER },
    { "tanggal_naskah", NSK_DOCX_DATE },
    { "sifat", NSK_DOCX_CLASS },
    { "hal", NSK_DOCX_SUBJECT },
    { "nama_pengirim", NSK_DOCX_SIGNATORY_NAME },
    { "nip_pengirim", NSK_DOCX_SIGNATORY_NIP },
    { "jabatan_pengirim", NSK_DOCX_SIGNATORY_POST },
    { "ttd_pengirim", NSK_DOCX_SIGNATURE },
    { "nomor", NSK_DOCX_NUMBER },
    { "tanggal", NSK_DOCX_DATE },
    { "nama", NSK_DOCX_SIGNATORY_NAME },
    { "nip", NSK_DOCX_SIGNATORY_NIP },
    { "jabatan", NSK_DOCX_SIGNATORY_POST },
    { "ttd", NSK_DOCX_SIGNATURE },
    { "qr", NSK_DOCX_QR },
};

/* What other programs call the same. */
static const struct {
    const char *name;
    const char *known;
} others[] = {
    { "nomor_surat", "nomor_naskah" },
    { "no_surat", "nomor_naskah" },
    { "tanggal_surat", "tanggal_naskah" },
    { "tgl_surat", "tanggal_naskah" },
    { "tgl_naskah", "tanggal_naskah" },
    { "perihal", "hal" },
    { "sifat_naskah", "sifat" },
    { "sifat_surat", "sifat" },
    { "nama_penandatangan", "nama_pengirim" },
    { "nip_penandatangan", "nip_pengirim" },
    { "jabatan_penandatangan", "jabatan_pengirim" },
    { "qrcode", "ttd_pengirim" },
    { "qr_code", "ttd_pengirim" },
    { "tte", "ttd_pengirim" },
    { "tanda_tangan", "ttd_pengirim" },
};

const char *
nsk_docx_meaning_name(NskDocxMeaning meaning)
{
    static const char *const names[] = {
        [NSK_DOCX_NUMBER] = "number",
        [NSK_DOCX_DATE] = "date",
        [NSK_DOCX_CLASS] = "class",
        [NSK_DOCX_SUBJECT] = "subject",
        [NSK_DOCX_SIGNATORY_NAME] = "signatory-name",
        [NSK_DOCX_SIGNATORY_NIP] = "signatory-nip",
        [NSK_DOCX_SIGNATORY_POST] = "signatory-post",
        [NSK_DOCX_SIGNATURE] = "signature",
        [NSK_DOCX_QR] = "qr",
        [NSK_DOCX_UNKNOWN] = "unknown",
        [NSK_DOCX_BROKEN] = "broken",
    };

    return names[meaning];
}

static bool
is_name_sign(char c)
{
    return g_ascii_isalnum(c) || c == '_';
}

static unsigned
edit_distance(const char *a, const char *b)
{
    unsigned row[MAX_INNER + 1];
    size_t width = MIN(strlen(b), MAX_INNER);

    for (size_t i = 0; i <= width; i++)
        row[i] = (unsigned)i;
    for (size_t y = 1; *a != '\0'; a++, y++) {
        unsigned corner = row[0];

        row[0] = (unsigned)y;
        for (size_t x = 1; x <= width; x++) {
            unsigned above = row[x];

            row[x] = MIN(MIN(above, row[x - 1]) + 1, corner + (*a != b[x - 1] ? 1 : 0));
            corner = above;
        }
    }
    return row[width];
}

/* @inner as a name would be written: small letters, "_" for what parts words. */
static char *
make_plain(const char *inner, size_t size)
{
    GString *plain = g_string_new(NULL);

    for (size_t i = 0; i < MIN(size, MAX_INNER); i++) {
        char c = g_ascii_tolower(inner[i]);

        if (is_name_sign(c))
            g_string_append_c(plain, c);
        else if (strchr("- ./", c) != NULL && plain->len > 0 && plain->str[plain->len - 1] != '_')
            g_string_append_c(plain, '_');
    }
    while (plain->len > 0 && strchr("_0123456789", plain->str[plain->len - 1]) != NULL)
        g_string_truncate(plain, plain->len - 1);
    return g_string_free(plain, FALSE);
}

static const char *
find_nearest(const char *inner, size_t size)
{
    g_autofree char *plain = make_plain(inner, size);
    unsigned best = (unsigned)MAX(strlen(plain) / 3, 1) + 1;
    const char *nearest = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        if (strcmp(plain, others[i].name) == 0)
            return others[i].known;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        unsigned distance = edit_distance(plain, known[i].name);

        if (strlen(plain) >= 3 && g_str_has_prefix(known[i].name, plain))
            distance = MIN(distance, 1);
        if (distance < best) {
            best = distance;
            nearest = known[i].name;
        }
    }
    return strlen(plain) >= 2 ? nearest : NULL;
}

/* Whether it is a known name as it stands. */
static bool
find_known(const char *inner, size_t size, NskDocxMatch *out)
{
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        size_t n = strlen(known[i].name);
        bool of_signatory =
            known[i].meaning >= NSK_DOCX_SIGNATORY_NAME && known[i].meaning <= NSK_DOCX_SIGNATURE;

        if (size < n || memcmp(inner, known[i].name, n) != 0)
            continue;
        if (size == n + 2 && inner[n] == '_' && strchr(known[i].name, '_') == NULL)
            n++; /* marks part the number */
        if (size == n + 1 && of_signatory && inner[n] >= '1' && inner[n] <= '0' + MAX_SIGNATORY)
            out->signatory = (unsigned)(inner[n] - '0');
        else if (size == n)
            out->signatory = of_signatory ? 1 : 0;
        else
            continue;
        out->meaning = known[i].meaning;
        return true;
    }
    return false;
}

static bool
is_quote(gunichar c)
{
    return c == '"' || c == '\'' || c == '`' || c == 0xab || c == 0xbb ||
           (c >= 0x2018 && c <= 0x201f);
}

static bool
is_invisible(gunichar c)
{
    return c == 0xad || (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
           c == 0x2060 || c == 0xfeff || g_unichar_iscntrl(c);
}

/* What is wrong with what stands between the braces; NULL if nothing is. */
static const char *
find_fault(const char *inner, size_t size)
{
    bool quotes = false, blanks = false, invisible = false;

    if (size == 0)
        return N_("no name stands between the braces");
    for (const char *c = inner; c < inner + size; c += g_utf8_skip[(unsigned char)*c]) {
        gunichar sign = g_utf8_get_char(c);

        quotes = quotes || is_quote(sign);
        blanks = blanks || g_unichar_isspace(sign);
        invisible = invisible || is_invisible(sign);
    }
    if (quotes)
        return N_("quotes do not belong into the braces; take them out");
    if (blanks)
        return N_("blanks do not belong into the braces; take them out");
    return invisible ? N_("a sign that cannot be seen stands in the braces; write the tag anew")
                     : NULL;
}

static bool
set_broken(NskDocxMatch *out, guint start, guint end, const char *fault, const char *nearest)
{
    *out = (NskDocxMatch){ start, end, NSK_DOCX_BROKEN, 0, fault, nearest };
    return true;
}

/* How far a name goes that nothing closes: over blanks only if a known name is then nearer. */
static size_t
open_size(const char *inner)
{
    size_t n = 0;

    while (n < MAX_INNER && is_name_sign(inner[n]))
        n++;
    return n;
}

/* Behind the "}" that closes a tag in which others are; 0 if none does. */
static size_t
nested_size(const char *inner)
{
    size_t depth = 1;

    for (size_t i = 0; inner[i] != '\0' && i < (size_t)2 * MAX_INNER; i++) {
        depth += inner[i] == '{';
        if (inner[i] == '}' && --depth == 0)
            return i + 1;
    }
    return 0;
}

/* "${" stands at @start and what follows at @from. */
static bool
match_open(const char *text, guint start, guint from, NskDocxMatch *out)
{
    const char *inner = text + from;
    size_t size = strcspn(inner, "{}");

    if (inner[size] == '{') {
        size_t whole = nested_size(inner);

        if (whole > 0)
            return set_broken(out, start, from + (guint)whole,
                              N_("a tag stands within a tag; write them one after the other"),
                              NULL);
    }
    if (inner[size] != '}' || size > MAX_INNER) {
        size = open_size(inner);
        return set_broken(out, start, from + (guint)size, N_("its '}' is missing"),
                          find_nearest(inner, size));
    }
    const char *fault = find_fault(inner, size);
    guint end = from + (guint)size + 1;
    if (fault != NULL)
        return set_broken(out, start, end, fault, find_nearest(inner, size));
    *out = (NskDocxMatch){ .start = start, .end = end, .meaning = NSK_DOCX_UNKNOWN };
    if (!find_known(inner, size, out))
        out->nearest = find_nearest(inner, size);
    return true;
}

/* A "$" without "{" right behind it, or a "{" without "$" before it. */
static bool
match_odd(const char *text, guint start, NskDocxMatch *out)
{
    const char *at = text + start + (text[start] == '$' ? 1 : 0);
    size_t blanks = strspn(at, " \t\n\xc2\xa0");
    char opening = at[blanks];
    const char *inner = at + blanks + (opening != '\0' && strchr("{([<", opening) ? 1 : 0);
    size_t size = open_size(inner);
    NskDocxMatch ignored;
    guint end = (guint)(inner - text) + (guint)size;
    const char *nearest = find_nearest(inner, size);

    if (size == 0 || nearest == NULL)
        return false;
    bool closed = inner[size] != '\0' && strchr("})]>", inner[size]) != NULL;
    if (text[start] == '{')
        return closed && find_known(inner, size, &ignored) &&
               set_broken(out, start, end + 1, N_("its '$' is missing"), nearest);
    if (opening == '{' && blanks > 0)
        return set_broken(out, start, end + closed, N_("blanks stand between '$' and '{'"),
                          nearest);
    if (blanks > 0)
        return false;
    if (inner > at)
        return closed &&
               set_broken(out, start, end + 1, N_("its brackets must be '{' and '}'"), nearest);
    return inner[size] == '}' && set_broken(out, start, end + 1, N_("its '{' is missing"), nearest);
}

bool
nsk_docx_find_tag(const char *text, guint at, NskDocxMatch *out)
{
    for (; text[at] != '\0'; at++) {
        if (text[at] == '$' && text[at + 1] == '{')
            return match_open(text, at, at + 2, out);
        if ((text[at] == '$' || text[at] == '{') && match_odd(text, at, out))
            return true;
    }
    return false;
}
