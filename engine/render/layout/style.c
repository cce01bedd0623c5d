/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The look of inline text, computed once a formatting object from its properties. */
#include "render/layout/layout.h"

#include <string.h>

/* The fonts of the node's families, NULL-terminated; NULL if there is none. */
static const NskFont *const *
search_fonts(NskLayout *self, const NskFoNode *node, bool bold, bool italic)
{
    const NskFont *found[21];
    size_t n = 0;
    g_auto(GStrv) families = g_strsplit(nsk_fo_text(node, NSK_P_FONT_FAMILY), ",", 20);
    g_autoptr(GError) first_error = NULL;

    for (size_t i = 0; families[i] != NULL; i++) {
        char *name = g_strstrip(families[i]);
        size_t length = strlen(name);
        g_autoptr(GError) error = NULL;

        if (length >= 2 && (name[0] == '\'' || name[0] == '"') && name[length - 1] == name[0]) {
            name[length - 1] = '\0';
            name++;
        }

        const NskFont *font = nsk_font_set_find(self->options->fonts, name, bold, italic, &error);
        if (font != NULL)
            found[n++] = font;
        else if (first_error == NULL)
            first_error = g_steal_pointer(&error);
    }
    if (n > 0) {
        const NskFont **fonts = NSK_ARENA_NEW(self->document, const NskFont *, n + 1);

        memcpy(fonts, found, n * sizeof *found);
        return fonts;
    }
    if (self->error == NULL && first_error != NULL) {
        g_prefix_error(&first_error, "%s:%u: ", self->tree->file, node->line);
        self->error = g_steal_pointer(&first_error);
    }
    return NULL;
}

/* The fonts of the node's families and style, remembered by the text of the property. */
static const NskFont *const *
find_fonts(NskLayout *self, const NskFoNode *node)
{
    const NskFoValue *weight = nsk_fo_get(node, NSK_P_FONT_WEIGHT);
    bool bold = weight->word == NSK_W_BOLD || weight->number >= 600;
    bool italic = nsk_fo_word(node, NSK_P_FONT_STYLE) != NSK_W_NORMAL;
    GHashTable *known = self->fonts[(bold ? 1 : 0) + (italic ? 2 : 0)];
    const char *families = nsk_fo_text(node, NSK_P_FONT_FAMILY);
    gpointer found = g_hash_table_lookup(known, families);

    if (found == NULL) {
        const NskFont *const *fonts = search_fonts(self, node, bold, italic);

        found = (gpointer)(uintptr_t)fonts;
        g_hash_table_insert(known, (gpointer)(uintptr_t)families, found);
    }
    return found;
}

static NskMpt
line_height(const NskFoNode *node, NskMpt size)
{
    const NskFoValue *value = nsk_fo_get(node, NSK_P_LINE_HEIGHT);

    if (value->kind == NSK_V_LENGTH)
        return nsk_fo_resolve(value, size);
    return (NskMpt)(size * (value->kind == NSK_V_NUMBER ? MIN(value->number, 1000) : 1.2) + 0.5);
}

/* ---- baselines (section 7.14) ---- */

/* The height of a baseline of the style's font over the alphabetic one. */
static NskMpt
baseline_of(const NskStyle *style, NskFoWord word)
{
    const NskFontMetrics *metrics = nsk_font_get_metrics(style->font);

    /* clang-format off */
    switch ((int)word) {
    case NSK_W_BEFORE_EDGE:
    case NSK_W_TEXT_BEFORE_EDGE: return style->altitude;
    case NSK_W_AFTER_EDGE:
    case NSK_W_TEXT_AFTER_EDGE:
    case NSK_W_IDEOGRAPHIC:      return -style->depth;
    case NSK_W_CENTRAL:          return (style->altitude - style->depth) / 2;
    case NSK_W_MIDDLE:           return nsk_font_scale(style->font, metrics->x_height, style->size) / 2;
    case NSK_W_HANGING:          return style->altitude * 4 / 5;
    case NSK_W_MATHEMATICAL:     return style->altitude / 2;
    default:                     return 0;
    }
    /* clang-format on */
}

/* @height is of a graphic, -1 for text. */
static NskMpt
baseline_shift(const NskStyle *style, const NskStyle *parent, NskMpt height)
{
    const NskFoValue *value = nsk_fo_get(style->node, NSK_P_BASELINE_SHIFT);
    const NskFontMetrics *metrics = nsk_font_get_metrics(style->font);

    if (value->word == NSK_W_SUPER)
        return nsk_font_scale(parent->font, nsk_font_get_metrics(parent->font)->x_height,
                              parent->size);
    if (value->word == NSK_W_SUB && height >= 0)
        return -height / 2;
    if (value->word == NSK_W_SUB)
        return -nsk_font_scale(style->font, metrics->x_height, style->size) / 2;
    return nsk_fo_resolve(value, parent->line_height);
}

/* The same of a graphic that stands on its after-edge and is @height high. */
static NskMpt
object_baseline(NskMpt height, NskFoWord word)
{
    /* clang-format off */
    switch ((int)word) {
    case NSK_W_BEFORE_EDGE:
    case NSK_W_TEXT_BEFORE_EDGE: return height;
    case NSK_W_CENTRAL:
    case NSK_W_MIDDLE:
    case NSK_W_MATHEMATICAL:     return height / 2;
    case NSK_W_HANGING:          return height * 4 / 5;
    default:                     return 0;
    }
    /* clang-format on */
}

/* How far the style's own alphabetic baseline, of a graphic its after-edge, lies over that of the
 * block.  @height is of a graphic, -1 for text. */
static NskMpt
shift_of(const NskStyle *style, const NskStyle *parent, NskMpt height)
{
    NskFoWord to = nsk_fo_word(style->node, NSK_P_ALIGNMENT_BASELINE), own = to;
    const NskFoValue *adjust = nsk_fo_get(style->node, NSK_P_ALIGNMENT_ADJUST);
    NskMpt point;

    if (adjust->kind == NSK_V_WORD && adjust->word != NSK_W_AUTO)
        own = adjust->word;
    if (adjust->kind == NSK_V_LENGTH)
        point = nsk_fo_resolve(adjust, height >= 0 ? height : style->line_height);
    else
        point = height >= 0 ? object_baseline(height, own) : baseline_of(style, own);
    return parent->shift + baseline_of(parent->table, to) - point +
           baseline_shift(style, parent, height);
}

/* Where the style's text stands, and whose font its children are aligned by. */
static void
align(NskStyle *style, const NskStyle *parent)
{
    NskFoWord to = nsk_fo_word(style->node, NSK_P_ALIGNMENT_BASELINE);

    style->table = style;
    if (parent == NULL)
        return;
    if (to == NSK_W_BEFORE_EDGE || to == NSK_W_AFTER_EDGE)
        style->edge = to;
    style->shift = shift_of(style, parent, -1);
    if (baseline_shift(style, parent, -1) == 0 &&
        nsk_fo_word(style->node, NSK_P_DOMINANT_BASELINE) != NSK_W_RESET_SIZE)
        style->table = parent->table;
}

const NskStyle *
nsk_style_of_object(NskLayout *self, const NskStyle *style, NskMpt height)
{
    NskMpt shift = style->parent != NULL ? shift_of(style, style->parent, height) : 0;
    NskStyle *moved;

    if (shift == style->shift)
        return style;
    moved = nsk_arena_copy(self->arena, style, sizeof *style, 1);
    moved->shift = shift;
    return moved;
}

/* ---- spacing (sections 7.17.2 and 7.17.8) ---- */

static void
space_out(NskStyle *style)
{
    const NskFoNode *node = style->node;
    NskMpt blank = nsk_font_advance(style->font, ' ', style->size);
    NskMpt opt = nsk_fo_length(node, NSK_P_LETTER_SPACING, style->size);

    style->letter_spacing = opt;
    if (nsk_fo_get(node, NSK_P_LETTER_SPACING)->kind == NSK_V_LENGTH) {
        style->letter_stretch =
            MAX(0, nsk_fo_length(node, NSK_P_LETTER_SPACING_MAX, style->size) - opt);
        style->letter_shrink =
            MAX(0, opt - nsk_fo_length(node, NSK_P_LETTER_SPACING_MIN, style->size));
    }
    if (nsk_fo_get(node, NSK_P_WORD_SPACING)->kind == NSK_V_LENGTH) {
        opt = nsk_fo_length(node, NSK_P_WORD_SPACING, style->size);
        style->word_spacing = opt - style->letter_spacing;
        style->word_stretch =
            MAX(0, nsk_fo_length(node, NSK_P_WORD_SPACING_MAX, style->size) - opt);
        style->word_shrink = MAX(0, opt - nsk_fo_length(node, NSK_P_WORD_SPACING_MIN, style->size));
    } else {
        style->word_stretch = blank / 2;
        style->word_shrink = blank / 3;
    }
}

static bool
is_boxed(const NskFoNode *node)
{
    bool boxed = nsk_fo_get(node, NSK_P_BACKGROUND_COLOR)->kind == NSK_V_COLOR;

    for (int side = 0; side < 4; side++)
        boxed |= nsk_fo_border_width(node, side) > 0 ||
                 nsk_fo_is_set(node, NSK_P_PADDING_BEFORE + (NskFoProperty)side);
    return boxed && node->tag != NSK_FO_EXTERNAL_GRAPHIC && node->tag != NSK_FO_INSTREAM_OBJECT &&
           node->tag != NSK_FO_INLINE_CONTAINER;
}

const NskStyle *
nsk_style_small(NskLayout *self, const NskStyle *style)
{
    NskStyle *small = NSK_ARENA_NEW(self->arena, NskStyle, 1);

    *small = *style;
    small->size = style->size * 4 / 5;
    small->word_stretch = small->word_stretch * 4 / 5;
    small->word_shrink = small->word_shrink * 4 / 5;
    return small;
}

static void
decorate(NskStyle *style, const NskStyle *parent)
{
    const NskFoValue *value = nsk_fo_get(style->node, NSK_P_TEXT_DECORATION);
    unsigned bits = value->kind == NSK_V_NUMBER ? (unsigned)value->number : 0;

    style->decoration = (parent != NULL ? parent->decoration : 0) | (bits & 7);
    style->decoration &= ~(bits >> NSK_FO_NO_SHIFT);
    style->no_break = parent != NULL && (parent->no_break ||
                                         (nsk_fo_is_set(style->node, NSK_P_KEEP_TOGETHER_LINE) &&
                                          nsk_fo_keep(style->node, NSK_P_KEEP_TOGETHER_LINE) > 0));
    if (nsk_fo_word(style->node, NSK_P_WRAP_OPTION) == NSK_W_NO_WRAP)
        style->no_break = true;
}

const char *
nsk_style_hyphen(const NskStyle *self)
{
    const char *text = nsk_fo_text(self->node, NSK_P_HYPHENATION_CHARACTER);

    return text[0] != '\0' && nsk_font_has(self->font, g_utf8_get_char(text)) ? text : "-";
}

NskMpt
nsk_style_hyphen_width(const NskStyle *self)
{
    return nsk_font_advance(self->font, g_utf8_get_char(nsk_style_hyphen(self)), self->size);
}

const NskStyle *
nsk_style_new(NskLayout *self, NskFoNode *node, NskFoNode *owner, const NskStyle *parent)
{
    NskStyle *style = NSK_ARENA_NEW(self->arena, NskStyle, 1);
    const char *language = nsk_fo_text(node, NSK_P_LANGUAGE);
    const NskFoValue *color = nsk_fo_get(node, NSK_P_COLOR);

    style->node = node;
    style->owner = owner;
    style->parent = parent;

    const NskFont *const *fonts = find_fonts(self, node);
    if (fonts == NULL)
        return NULL;
    style->font = fonts[0];
    style->others = fonts + 1;

    const NskFontMetrics *metrics = nsk_font_get_metrics(style->font);
    style->size = nsk_fo_length(node, NSK_P_FONT_SIZE, 0);
    style->altitude = nsk_font_scale(style->font, metrics->altitude, style->size);
    style->depth = nsk_font_scale(style->font, metrics->depth, style->size);
    style->line_height = line_height(node, style->size);
    style->color = color->color;
    style->transparent = color->kind == NSK_V_WORD;
    style->language = strcmp(language, "none") == 0 ? NULL : language;
    style->hyphenate = nsk_fo_word(node, NSK_P_HYPHENATE) == NSK_W_TRUE;
    style->hidden = nsk_fo_word(node, NSK_P_VISIBILITY) == NSK_W_HIDDEN;
    style->boxed = parent != NULL && is_boxed(node);
    align(style, parent);
    space_out(style);
    decorate(style, parent);
    return style;
}
