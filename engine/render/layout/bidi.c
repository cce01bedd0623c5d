/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text in two directions: the Unicode Bidirectional Algorithm (UAX #9) by FriBidi for the levels of
 * a whole paragraph, rule L2 of it for the order within a line.  Most paragraphs have one
 * direction, which is seen from their bytes.
 */
#include "render/layout/layout.h"

#include <fribidi.h>
#include <string.h>

enum { FIRST_RTL_BYTE = 0xd6 }; /* U+0590 in UTF-8 begins with it */

static bool
is_rtl(gunichar c)
{
    return (c >= 0x0590 && c <= 0x08ff) || c == 0x200f || c == 0x202b || c == 0x202e ||
           c == 0x2067 || (c >= 0xfb1d && c <= 0xfdff) || (c >= 0xfe70 && c <= 0xfeff) ||
           (c >= 0x10800 && c <= 0x10fff) || (c >= 0x1e800 && c <= 0x1efff);
}

static bool
has_rtl(const char *text, size_t size)
{
    for (const char *at = text; at < text + size; at = nsk_next_char(at)) {
        if ((unsigned char)*at >= FIRST_RTL_BYTE && is_rtl(g_utf8_get_char(at)))
            return true;
    }
    return false;
}

const uint8_t *
nsk_bidi_levels(NskLayout *self, const char *text, size_t size, bool rtl)
{
    FriBidiParType base = rtl ? FRIBIDI_PAR_RTL : FRIBIDI_PAR_LTR;
    glong n = 0;

    if (size == 0 || size > G_MAXINT / 2 || (!rtl && !has_rtl(text, size)))
        return NULL;

    g_autofree gunichar *chars = g_utf8_to_ucs4_fast(text, (glong)size, &n);
    g_autofree FriBidiCharType *types = g_new(FriBidiCharType, n);
    g_autofree FriBidiBracketType *brackets = g_new(FriBidiBracketType, n);
    g_autofree FriBidiLevel *levels = g_new(FriBidiLevel, n);
    uint8_t *bytes = NSK_ARENA_NEW(self->arena, uint8_t, size + 1);

    fribidi_get_bidi_types(chars, (FriBidiStrIndex)n, types);
    fribidi_get_bracket_types(chars, (FriBidiStrIndex)n, types, brackets);
    if (fribidi_get_par_embedding_levels_ex(types, brackets, (FriBidiStrIndex)n, &base, levels) ==
        0)
        return NULL;

    const char *at = text;
    for (glong i = 0; i < n; i++) {
        const char *next = nsk_next_char(at);

        memset(bytes + (at - text), levels[i], (size_t)(next - at));
        at = next;
    }
    return bytes;
}

/* Turns @n pieces round. */
static void
reverse(NskPiece *pieces, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        NskPiece piece = pieces[i];

        pieces[i] = pieces[n - 1 - i];
        pieces[n - 1 - i] = piece;
    }
}

void
nsk_bidi_reorder(NskPiece *pieces, size_t n, NskMpt x)
{
    unsigned highest = 0;

    for (size_t i = 0; i < n; i++)
        highest = MAX(highest, pieces[i].run->level);
    for (unsigned level = highest; level > 0; level--) {
        for (size_t i = 0, end; i < n; i = end + 1) {
            for (end = i; end < n && pieces[end].run->level >= level; end++)
                ;
            reverse(pieces + i, end - i);
        }
    }
    for (size_t i = 0; i < n && highest > 0; i++) {
        pieces[i].x = x;
        x = nsk_add(x, pieces[i].width);
    }
}
