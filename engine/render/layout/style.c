/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The look of inline text, computed once a formatting object from its properties. */
#include "render/layout/layout.h"

#include <string.h>

static const NskFont *
search_font(NskLayout *self, const NskFoNode *node, bool bold, bool italic)
{
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
            return font;
        if (first_error == NULL)
            first_error = g_steal_pointer(&error);
    }
    if (self->error == NULL && first_error != NULL) {
        g_prefix_error(&first_error, "%s:%u: ", self->tree->file, node->line);
        self->error = g_steal_pointer(&first_error);
    }
    return NULL;
}

/* The font of the node's families and style, remembered by the text of the property. */
static const NskFont *
find_font(NskLayout *self, const NskFoNode *node)
{
    const NskFoValue *weight = nsk_fo_get(node, NSK_P_FONT_WEIGHT);
    bool bold = weight->word == NSK_W_BOLD || weight->number >= 600;
    bool italic = nsk_fo_word(node, NSK_P_FONT_STYLE) != NSK_W_NORMAL;
    GHashTable *known = self->fonts[(bold ? 1 : 0) + (italic ? 2 : 0)];
    const char *families = nsk_fo_text(node, NSK_P_FONT_FAMILY);
    gpointer found = g_hash_table_lookup(known, families);

    if (found == NULL) {
        const NskFont *font = search_font(self, node, bold, italic);

        found = (gpointer)(uintptr_t)font;
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

/* What the style asks of its line: half the leading over and half under its letters. */
static void
measure(NskStyle *style)
{
    const NskFontMetrics *metrics = nsk_font_get_metrics(style->font);
    NskMpt ascent = nsk_font_scale(style->font, metrics->altitude, style->size);
    NskMpt descent = nsk_font_scale(style->font, metrics->depth, style->size);
    NskMpt height = line_height(style->node, style->size);

    style->above = (height - ascent - descent) / 2 + ascent;
    style->below = height - style->above;
    style->above += style->shift;
    style->below -= style->shift;
}

static NskMpt
baseline_shift(const NskFoNode *node, const NskStyle *parent)
{
    const NskFoValue *value = nsk_fo_get(node, NSK_P_BASELINE_SHIFT);

    if (parent == NULL)
        return 0;
    if (value->word == NSK_W_SUPER)
        return parent->shift + parent->size / 3;
    if (value->word == NSK_W_SUB)
        return parent->shift - parent->size / 5;
    return parent->shift + nsk_fo_resolve(value, parent->size);
}

static void
decorate(NskStyle *style, const NskStyle *parent)
{
    NskFoWord word = nsk_fo_word(style->node, NSK_P_TEXT_DECORATION);
    NskFoWord shift = nsk_fo_word(style->node, NSK_P_BASELINE_SHIFT);

    style->underline = word == NSK_W_UNDERLINE || (parent != NULL && parent->underline);
    style->overline = word == NSK_W_OVERLINE || (parent != NULL && parent->overline);
    style->line_through = word == NSK_W_LINE_THROUGH || (parent != NULL && parent->line_through);
    style->no_break = parent != NULL && (parent->no_break ||
                                         (nsk_fo_is_set(style->node, NSK_P_KEEP_TOGETHER_LINE) &&
                                          nsk_fo_keep(style->node, NSK_P_KEEP_TOGETHER_LINE) > 0));
    if (nsk_fo_word(style->node, NSK_P_WRAP_OPTION) == NSK_W_NO_WRAP)
        style->no_break = true;
    /* a raised or lowered letter shall not push its line away from the others */
    if (shift == NSK_W_SUPER || shift == NSK_W_SUB) {
        style->above = 0;
        style->below = 0;
    }
}

const NskStyle *
nsk_style_new(NskLayout *self, NskFoNode *node, NskFoNode *owner, const NskStyle *parent)
{
    NskStyle *style = NSK_ARENA_NEW(self->arena, NskStyle, 1);
    const char *language = nsk_fo_text(node, NSK_P_LANGUAGE);

    style->node = node;
    style->owner = owner;
    style->font = find_font(self, node);
    if (style->font == NULL)
        return NULL;
    style->size = nsk_fo_length(node, NSK_P_FONT_SIZE, 0);
    style->color = nsk_fo_get(node, NSK_P_COLOR)->color;
    style->letter_spacing = nsk_fo_length(node, NSK_P_LETTER_SPACING, style->size);
    style->language = strcmp(language, "none") == 0 ? NULL : language;
    style->hyphenate = nsk_fo_word(node, NSK_P_HYPHENATE) == NSK_W_TRUE;
    style->hidden = nsk_fo_word(node, NSK_P_VISIBILITY) == NSK_W_HIDDEN;
    style->shift = baseline_shift(node, parent);
    measure(style);
    decorate(style, parent);
    return style;
}
