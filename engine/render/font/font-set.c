/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Families to fonts.
 *
 * 1. A family is served under its own name or by the stand-in of the table below, nothing else.
 * 2. After opening, the set never changes but for this: which file a font is was decided then, and
 *    the file is opened when the font is first wanted, for most letters want two of forty.
 */
#include "base/message.h"
#include "font-private.h"

#include <string.h>

/* Families that letters name, what has the same widths, and the Debian package of that. */
static const struct {
    const char *family;
    const char *stand_in;
    const char *package;
} families[] = {
    { "Arial", "Liberation Sans", "fonts-liberation2" },
    { "Helvetica", "Liberation Sans", "fonts-liberation2" },
    { "sans-serif", "Liberation Sans", "fonts-liberation2" },
    { "Liberation Sans", "Liberation Sans", "fonts-liberation2" },
    { "Times New Roman", "Liberation Serif", "fonts-liberation2" },
    { "Times", "Liberation Serif", "fonts-liberation2" },
    { "serif", "Liberation Serif", "fonts-liberation2" },
    { "Liberation Serif", "Liberation Serif", "fonts-liberation2" },
    { "Courier New", "Liberation Mono", "fonts-liberation2" },
    { "Courier", "Liberation Mono", "fonts-liberation2" },
    { "monospace", "Liberation Mono", "fonts-liberation2" },
    { "Liberation Mono", "Liberation Mono", "fonts-liberation2" },
    { "Bookman Old Style", "TeX Gyre Bonum", "fonts-texgyre" },
    { "Bookman", "TeX Gyre Bonum", "fonts-texgyre" },
    { "TeX Gyre Bonum", "TeX Gyre Bonum", "fonts-texgyre" },
    { "Noto Sans", "Noto Sans", "fonts-noto-core" },
};

/* Packages of other families by the beginning of their names; the first that fits. */
static const struct {
    const char *family;
    const char *package;
} packages[] = {
    { "Calibri", "fonts-crosextra-carlito and name Carlito" },
    { "Carlito", "fonts-crosextra-carlito" },
    { "Cambria", "fonts-crosextra-caladea and name Caladea" },
    { "Caladea", "fonts-crosextra-caladea" },
    { "DejaVu", "fonts-dejavu-core" },
    { "Free", "fonts-freefont-ttf" },
    { "TeX Gyre", "fonts-texgyre" },
    { "Palatino", "fonts-texgyre and name TeX Gyre Pagella" },
    { "Book Antiqua", "fonts-texgyre and name TeX Gyre Pagella" },
    { "Century Schoolbook", "fonts-texgyre and name TeX Gyre Schola" },
    { "Garamond", "fonts-ebgaramond and name EB Garamond" },
    { "EB Garamond", "fonts-ebgaramond" },
    { "Linux ", "fonts-linuxlibertine" },
    { "Roboto", "fonts-roboto" },
    { "Open Sans", "fonts-open-sans" },
    { "Lato", "fonts-lato" },
    { "Ubuntu", "fonts-ubuntu" },
    { "Cantarell", "fonts-cantarell" },
    { "Inconsolata", "fonts-inconsolata" },
    { "Noto Serif CJK", "fonts-noto-cjk" },
    { "Noto Sans CJK", "fonts-noto-cjk" },
    { "Noto Color Emoji", "fonts-noto-color-emoji" },
    { "Noto", "fonts-noto-core" },
};

/* Loaded where installed; also the order in which they stand in for missing characters. */
static const char *const shipped[] = {
    "Liberation Sans",     "Liberation Serif",    "Noto Sans",          "Noto Sans Symbols",
    "Noto Sans Symbols 2", "Noto Sans Math",      "Noto Sans Arabic",   "Noto Sans Javanese",
    "Noto Sans Balinese",  "Noto Sans Sundanese", "Noto Sans Buginese", "Noto Sans Batak",
    "Liberation Mono",     "TeX Gyre Bonum",
};

enum { N_STYLES = 4 }; /* bit 0 bold, bit 1 italic */

typedef struct {
    char *family;
    NskFontFile files[N_STYLES]; /* without a name where the family has no such style */
    NskFont *styles[N_STYLES];   /* atomic; NULL until it is wanted */
} Slot;

struct _NskFontSet {
    GPtrArray *slots; /* of Slot: the shipped ones in their order, then those asked for */
};

static void
slot_free(void *data)
{
    Slot *slot = data;

    for (unsigned i = 0; i < N_STYLES; i++) {
        nsk_font_free(slot->styles[i]);
        nsk_font_file_clear(&slot->files[i]);
    }
    g_free(slot->family);
    g_free(slot);
}

/* The font of a style; NULL where the family has none, and with @error set for a damaged file. */
static const NskFont *
slot_get(Slot *slot, unsigned style, GError **error)
{
    NskFont *font = g_atomic_pointer_get(&slot->styles[style]);

    if (font || !slot->files[style].file)
        return font;
    font = nsk_font_new(&slot->files[style], slot->family, error);
    if (font && !g_atomic_pointer_compare_and_exchange(&slot->styles[style], NULL, font)) {
        nsk_font_free(font);
        font = g_atomic_pointer_get(&slot->styles[style]);
    }
    return font;
}

static const char *
style_name(bool bold, bool italic)
{
    static const char *const names[N_STYLES] = { "regular", "bold", "italic", "bold italic" };

    return names[(bold ? 1 : 0) | (italic ? 2 : 0)];
}

static const char *
find_stand_in(const char *family)
{
    for (size_t i = 0; i < G_N_ELEMENTS(families); i++)
        if (g_ascii_strcasecmp(families[i].family, family) == 0)
            return families[i].stand_in;
    return NULL;
}

static bool
is_prefix(const char *beginning, const char *family)
{
    return g_ascii_strncasecmp(beginning, family, strlen(beginning)) == 0;
}

static void
set_missing(GError **error, const char *family, const char *style)
{
    for (size_t i = 0; i < G_N_ELEMENTS(families); i++) {
        if (g_ascii_strcasecmp(families[i].family, family) != 0)
            continue;
        g_set_error(
            error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
            nsk_tr("the font '%s' (%s) is not installed, nor '%s' of the same widths; install the "
                   "package %s"),
            family, style, families[i].stand_in, families[i].package);
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(packages); i++) {
        if (!is_prefix(packages[i].family, family))
            continue;
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("the font '%s' (%s) is not installed; install the package %s"), family,
                    style, packages[i].package);
        return;
    }
    g_set_error(
        error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
        nsk_tr("the font '%s' (%s) is not known; install it and name it in the profile, or use "
               "Arial (package fonts-liberation2)"),
        family, style);
}

static Slot *
find_slot(const NskFontSet *self, const char *family)
{
    for (unsigned i = 0; i < self->slots->len; i++) {
        Slot *slot = self->slots->pdata[i];

        if (g_ascii_strcasecmp(slot->family, family) == 0)
            return slot;
    }
    return NULL;
}

/* Finds what is installed of @family. */
static void
add_family(NskFontSet *self, const NskFontFiles *files, const char *family)
{
    Slot *slot = NULL;

    if (find_slot(self, family))
        return;
    for (unsigned style = 0; style < N_STYLES; style++) {
        NskFontFile file = { 0 };

        if (!nsk_font_files_find(files, family, style & 1, style & 2, &file))
            continue;
        if (!slot) {
            slot = g_new0(Slot, 1);
            slot->family = g_strdup(family);
            g_ptr_array_add(self->slots, slot);
        }
        slot->files[style] = file;
    }
}

static NskFontSet *
open_set(const char *const *wanted, bool required, GError **error)
{
    g_autoptr(NskFontFiles) files = nsk_font_files_open(error);

    if (!files)
        return NULL;
    g_autoptr(NskFontSet) self = g_new0(NskFontSet, 1);
    self->slots = g_ptr_array_new_with_free_func(slot_free);
    for (size_t i = 0; i < G_N_ELEMENTS(shipped); i++)
        add_family(self, files, shipped[i]);
    for (size_t i = 0; wanted && wanted[i]; i++) {
        add_family(self, files, wanted[i]);
        if (required && !nsk_font_set_find(self, wanted[i], false, false, error))
            return NULL;
    }
    return g_steal_pointer(&self);
}

NskFontSet *
nsk_font_set_open(const char *const *wanted, GError **error)
{
    return open_set(wanted, true, error);
}

NskFontSet *
nsk_font_set_open_installed(const char *const *wanted, GError **error)
{
    return open_set(wanted, false, error);
}

void
nsk_font_set_free(NskFontSet *self)
{
    if (!self)
        return;
    g_ptr_array_unref(self->slots);
    g_free(self);
}

const NskFont *
nsk_font_set_find(const NskFontSet *self,
                  const char *family,
                  bool bold,
                  bool italic,
                  GError **error)
{
    const char *stand_in = find_stand_in(family);
    Slot *slot = find_slot(self, family);
    GError *damage = NULL;
    const NskFont *font;

    if (!slot && stand_in)
        slot = find_slot(self, stand_in);
    font = slot ? slot_get(slot, (bold ? 1 : 0) | (italic ? 2 : 0), &damage) : NULL;
    if (damage)
        g_propagate_error(error, damage);
    else if (!font)
        set_missing(error, family, style_name(bold, italic));
    return font;
}

/* The font of a fallback family in @font's style, or its regular if it has no such style. */
static const NskFont *
pick_style(Slot *slot, const NskFont *font)
{
    const NskFontMetrics *metrics = nsk_font_get_metrics(font);
    const NskFont *same = slot_get(slot, (metrics->bold ? 1 : 0) | (metrics->italic ? 2 : 0), NULL);

    return same ? same : slot_get(slot, 0, NULL);
}

/* The first font that has @c: @font, a shipped one of its class, any other. */
static const NskFont *
find_for_character(const NskFontSet *self, const NskFont *font, gunichar c)
{
    bool serif = nsk_font_get_metrics(font)->serif;

    if (nsk_font_has(font, c))
        return font;
    for (unsigned pass = 0; pass < 2; pass++)
        for (unsigned i = 0; i < self->slots->len; i++) {
            const NskFont *other = pick_style(self->slots->pdata[i], font);

            if (other && (pass == 1 || nsk_font_get_metrics(other)->serif == serif) &&
                nsk_font_has(other, c))
                return other;
        }
    return NULL;
}

/* Characters that take the font of what stands before them. */
static bool
follows(gunichar c)
{
    return g_unichar_isspace(c) || g_unichar_ismark(c) || g_unichar_type(c) == G_UNICODE_FORMAT;
}

size_t
nsk_font_set_split(const NskFontSet *self,
                   const NskFont *font,
                   const char *text,
                   size_t size,
                   const NskFont **out_font)
{
    const char *end = text + size, *p = text;
    const NskFont *current = NULL;

    g_assert(size > 0);
    /* most text is ASCII, and most fonts have all of it */
    while (p < end && (unsigned char)*p < 0x80 && nsk_font_has(font, (unsigned char)*p))
        p++;
    if (p > text)
        current = font;
    while (p < end) {
        gunichar c = g_utf8_get_char(p);
        const NskFont *next = find_for_character(self, font, c);

        if (p == text)
            current = next;
        else if (next != current && !(current && follows(c) && nsk_font_has(current, c)))
            break;
        p += g_utf8_skip[(unsigned char)*p];
    }
    *out_font = current;
    return MIN((size_t)(p - text), size);
}

char *
nsk_font_missing_text(gunichar c)
{
    char utf8[7] = "";

    utf8[g_unichar_to_utf8(c, utf8)] = '\0';
    return g_strdup_printf("no installed font has the character U+%04X '%s'; install the package "
                           "fonts-noto-core or write it otherwise",
                           (unsigned)c, g_unichar_isprint(c) ? utf8 : "?");
}
