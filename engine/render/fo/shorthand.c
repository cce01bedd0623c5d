/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Shorthands, and names that mean the same as another (XSL 1.1, sections 5.2, 5.3 and 7.31).  The
 * more general one is expanded first (its rank is lower), so that the more particular one wins
 * whatever the order of the attributes.  Properties of properties.def have the rank 100.
 */
#include "render/fo/tree.h"

#include <stdlib.h>
#include <string.h>

typedef enum {
    SAME,        /* the same value for each target */
    BOX,         /* one to four values: before, end, after, start */
    BORDER,      /* width, style and colour in any order, for the sides of the targets */
    FONT,        /* style weight size/line-height family */
    WHITE_SPACE, /* normal, pre, nowrap */
    PAGE_BREAK,  /* always, avoid, auto */
    LANGUAGE,    /* xml:lang */
    VERTICAL,    /* vertical-align: baseline, super, sub, or a length */
    BACKGROUND,  /* a colour only */
    SPACING,     /* one or two lengths: inline and block progression */
    POSITION,    /* one or two places: across and down */
} Way;

/* Borders' targets are sides: 0 before, 1 after, 2 start, 3 end. */
typedef struct {
    const char *name;
    int rank;
    Way way;
    int n_targets;
    int targets[4];
} Shorthand;

#define SIDE(part, side) NSK_P_BORDER_##side##_##part
#define SIDES(part)                                                                                \
    {                                                                                              \
        SIDE(part, BEFORE), SIDE(part, END), SIDE(part, AFTER), SIDE(part, START)                  \
    }
#define SPACE(which)                                                                               \
    {                                                                                              \
        NSK_P_SPACE_##which##_MIN, NSK_P_SPACE_##which##_OPT, NSK_P_SPACE_##which##_MAX            \
    }

#define INLINE_SPACE(which)                                                                        \
    {                                                                                              \
        NSK_P_SPACE_##which##_MIN, NSK_P_SPACE_##which, NSK_P_SPACE_##which##_MAX                  \
    }
#define RANGE(which)                                                                               \
    {                                                                                              \
        NSK_P_##which##_SPACING_MIN, NSK_P_##which##_SPACING, NSK_P_##which##_SPACING_MAX          \
    }

/* Sorted by name. */
static const Shorthand shorthands[] = {
    { "background", 0, BACKGROUND, 1, { NSK_P_BACKGROUND_COLOR } },
    { "background-position", 0, POSITION, 0, { 0 } },
    { "block-progression-dimension.optimum", 3, SAME, 1, { NSK_P_HEIGHT } },
    { "border", 0, BORDER, 4, { 0, 1, 2, 3 } },
    { "border-after", 2, BORDER, 1, { 1 } },
    { "border-after-width.length", 4, SAME, 1, { SIDE(WIDTH, AFTER) } },
    { "border-before", 2, BORDER, 1, { 0 } },
    { "border-before-width.length", 4, SAME, 1, { SIDE(WIDTH, BEFORE) } },
    { "border-bottom", 2, BORDER, 1, { 1 } },
    { "border-bottom-color", 3, SAME, 1, { SIDE(COLOR, AFTER) } },
    { "border-bottom-style", 3, SAME, 1, { SIDE(STYLE, AFTER) } },
    { "border-bottom-width", 3, SAME, 1, { SIDE(WIDTH, AFTER) } },
    { "border-color", 1, BOX, 4, SIDES(COLOR) },
    { "border-end", 2, BORDER, 1, { 3 } },
    { "border-end-width.length", 4, SAME, 1, { SIDE(WIDTH, END) } },
    { "border-left", 2, BORDER, 1, { 2 } },
    { "border-left-color", 3, SAME, 1, { SIDE(COLOR, START) } },
    { "border-left-style", 3, SAME, 1, { SIDE(STYLE, START) } },
    { "border-left-width", 3, SAME, 1, { SIDE(WIDTH, START) } },
    { "border-right", 2, BORDER, 1, { 3 } },
    { "border-right-color", 3, SAME, 1, { SIDE(COLOR, END) } },
    { "border-right-style", 3, SAME, 1, { SIDE(STYLE, END) } },
    { "border-right-width", 3, SAME, 1, { SIDE(WIDTH, END) } },
    { "border-separation",
      3,
      SAME,
      2,
      { NSK_P_BORDER_SEPARATION_BLOCK, NSK_P_BORDER_SEPARATION_INLINE } },
    { "border-spacing", 0, SPACING, 0, { 0 } },
    { "border-start", 2, BORDER, 1, { 2 } },
    { "border-start-width.length", 4, SAME, 1, { SIDE(WIDTH, START) } },
    { "border-style", 1, BOX, 4, SIDES(STYLE) },
    { "border-top", 2, BORDER, 1, { 0 } },
    { "border-top-color", 3, SAME, 1, { SIDE(COLOR, BEFORE) } },
    { "border-top-style", 3, SAME, 1, { SIDE(STYLE, BEFORE) } },
    { "border-top-width", 3, SAME, 1, { SIDE(WIDTH, BEFORE) } },
    { "border-width", 1, BOX, 4, SIDES(WIDTH) },
    { "font", 0, FONT, 0, { 0 } },
    { "height", 3, SAME, 1, { NSK_P_HEIGHT } },
    { "keep-together",
      3,
      SAME,
      3,
      { NSK_P_KEEP_TOGETHER_LINE, NSK_P_KEEP_TOGETHER_COLUMN, NSK_P_KEEP_TOGETHER_PAGE } },
    { "keep-with-next", 3, SAME, 2, { NSK_P_KEEP_NEXT_COLUMN, NSK_P_KEEP_NEXT_PAGE } },
    { "keep-with-previous", 3, SAME, 2, { NSK_P_KEEP_PREVIOUS_COLUMN, NSK_P_KEEP_PREVIOUS_PAGE } },
    { "leader-length",
      3,
      SAME,
      3,
      { NSK_P_LEADER_LENGTH_MIN, NSK_P_LEADER_LENGTH_OPT, NSK_P_LEADER_LENGTH_MAX } },
    { "letter-spacing", 3, SAME, 3, RANGE(LETTER) },
    { "line-height.optimum", 4, SAME, 1, { NSK_P_LINE_HEIGHT } },
    { "margin",
      0,
      BOX,
      4,
      { NSK_P_MARGIN_TOP, NSK_P_MARGIN_RIGHT, NSK_P_MARGIN_BOTTOM, NSK_P_MARGIN_LEFT } },
    { "max-height", 3, SAME, 1, { NSK_P_MAX_HEIGHT } },
    { "min-height", 3, SAME, 1, { NSK_P_MIN_HEIGHT } },
    { "padding",
      0,
      BOX,
      4,
      { NSK_P_PADDING_BEFORE, NSK_P_PADDING_END, NSK_P_PADDING_AFTER, NSK_P_PADDING_START } },
    { "padding-after.length", 4, SAME, 1, { NSK_P_PADDING_AFTER } },
    { "padding-before.length", 4, SAME, 1, { NSK_P_PADDING_BEFORE } },
    { "padding-bottom", 3, SAME, 1, { NSK_P_PADDING_AFTER } },
    { "padding-end.length", 4, SAME, 1, { NSK_P_PADDING_END } },
    { "padding-left", 3, SAME, 1, { NSK_P_PADDING_START } },
    { "padding-right", 3, SAME, 1, { NSK_P_PADDING_END } },
    { "padding-start.length", 4, SAME, 1, { NSK_P_PADDING_START } },
    { "padding-top", 3, SAME, 1, { NSK_P_PADDING_BEFORE } },
    { "page-break-after", 0, PAGE_BREAK, 1, { NSK_P_BREAK_AFTER } },
    { "page-break-before", 0, PAGE_BREAK, 1, { NSK_P_BREAK_BEFORE } },
    { "page-break-inside", 0, PAGE_BREAK, 1, { NSK_P_KEEP_TOGETHER_PAGE } },
    { "space-after", 3, SAME, 3, SPACE(AFTER) },
    { "space-before", 3, SAME, 3, SPACE(BEFORE) },
    { "space-end", 3, SAME, 3, INLINE_SPACE(END) },
    { "space-start", 3, SAME, 3, INLINE_SPACE(START) },
    { "vertical-align", 0, VERTICAL, 1, { NSK_P_BASELINE_SHIFT } },
    { "white-space", 0, WHITE_SPACE, 0, { 0 } },
    { "width", 3, SAME, 1, { NSK_P_WIDTH } },
    { "word-spacing", 3, SAME, 3, RANGE(WORD) },
    { "xml:lang", 0, LANGUAGE, 0, { 0 } },
};

static int
compare_names(const void *key, const void *item)
{
    return strcmp(key, ((const Shorthand *)item)->name);
}

static const Shorthand *
find(const char *name)
{
    return bsearch(name, shorthands, G_N_ELEMENTS(shorthands), sizeof shorthands[0], compare_names);
}

int
nsk_fo_shorthand_rank(const char *name)
{
    const Shorthand *found = find(name);

    return found == NULL ? -1 : found->rank;
}

static bool
set_one(NskFoTree *self, NskFoNode *node, NskFoProperty property, const char *text)
{
    NskFoValue value;

    if (!nsk_fo_value_parse(self, node, property, text, &value))
        return false;
    nsk_fo_set(node, property, &value);
    return true;
}

/* Words separated by blanks, where blanks within parentheses do not count. */
static char **
split_words(const char *text)
{
    GPtrArray *words = g_ptr_array_new();
    const char *start = NULL;
    int depth = 0;

    for (const char *at = text;; at++) {
        bool blank = *at == '\0' || (depth == 0 && g_ascii_isspace(*at));

        depth += *at == '(' ? 1 : *at == ')' ? -1 : 0;
        if (!blank && start == NULL)
            start = at;
        if (blank && start != NULL) {
            g_ptr_array_add(words, g_strndup(start, (size_t)(at - start)));
            start = NULL;
        }
        if (*at == '\0')
            break;
    }
    g_ptr_array_add(words, NULL);
    return (char **)g_ptr_array_free(words, FALSE);
}

static bool
wrong(NskFoTree *self, const NskFoNode *node, const char *name, const char *text)
{
    nsk_fo_refuse(self, node, "fo-value", "shorthand %s of %s cannot be '%.60s'", name,
                  nsk_fo_tag_name(node->tag), text);
    return false;
}

static bool
expand_box(NskFoTree *self, NskFoNode *node, const Shorthand *row, const char *text)
{
    /* which of the 1 to 4 words is for before, end, after, start */
    static const int choice[4][4] = { { 0, 0, 0, 0 },
                                      { 0, 1, 0, 1 },
                                      { 0, 1, 2, 1 },
                                      { 0, 1, 2, 3 } };
    g_auto(GStrv) words = split_words(text);
    size_t n = g_strv_length(words);

    if (n < 1 || n > 4)
        return wrong(self, node, row->name, text);
    for (int i = 0; i < 4; i++) {
        if (!set_one(self, node, (NskFoProperty)row->targets[i], words[choice[n - 1][i]]))
            return false;
    }
    return true;
}

static bool
is_border_style(const char *word)
{
    static const char *const styles[] = { "none",   "hidden", "dotted", "dashed", "solid",
                                          "double", "groove", "ridge",  "inset",  "outset" };

    for (size_t i = 0; i < G_N_ELEMENTS(styles); i++) {
        if (strcmp(styles[i], word) == 0)
            return true;
    }
    return false;
}

static bool
expand_border(NskFoTree *self, NskFoNode *node, const Shorthand *row, const char *text)
{
    g_auto(GStrv) words = split_words(text);

    for (int i = 0; i < row->n_targets; i++) {
        NskFoProperty side = (NskFoProperty)row->targets[i];
        /* what is not said is set back to its initial value */
        if (!set_one(self, node, NSK_P_BORDER_BEFORE_STYLE + side, "none") ||
            !set_one(self, node, NSK_P_BORDER_BEFORE_WIDTH + side, "medium"))
            return false;
        for (size_t j = 0; words[j] != NULL; j++) {
            uint32_t color;
            NskFoProperty part = NSK_P_BORDER_BEFORE_WIDTH;

            if (is_border_style(words[j]))
                part = NSK_P_BORDER_BEFORE_STYLE;
            else if (nsk_fo_color_parse(words[j], &color))
                part = NSK_P_BORDER_BEFORE_COLOR;
            if (!set_one(self, node, part + side, words[j]))
                return false;
        }
    }
    return true;
}

static bool
is_font_size(const char *word)
{
    static const char *const sizes[] = { "xx-small", "x-small",  "small",   "medium", "large",
                                         "x-large",  "xx-large", "smaller", "larger" };
    size_t length = strcspn(word, "/");

    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
        if (strlen(sizes[i]) == length && strncmp(sizes[i], word, length) == 0)
            return true;
    }
    /* a weight has no unit */
    return g_ascii_isdigit(word[0]) && (strlen(word) != 3 || strspn(word, "0123456789") != 3);
}

static NskFoProperty
font_part(const char *word)
{
    if (strcmp(word, "italic") == 0 || strcmp(word, "oblique") == 0 ||
        strcmp(word, "backslant") == 0)
        return NSK_P_FONT_STYLE;
    return strcmp(word, "small-caps") == 0 ? NSK_P_FONT_VARIANT : NSK_P_FONT_WEIGHT;
}

/* Section 7.31.13: style, variant and weight in any order; size, /line height, families. */
static bool
expand_font(NskFoTree *self, NskFoNode *node, const char *text)
{
    static const NskFoProperty reset[] = { NSK_P_FONT_STYLE, NSK_P_FONT_VARIANT, NSK_P_FONT_WEIGHT,
                                           NSK_P_LINE_HEIGHT };
    g_auto(GStrv) words = split_words(text);
    size_t i = 0;

    for (size_t j = 0; j < G_N_ELEMENTS(reset); j++) {
        if (!set_one(self, node, reset[j], "normal"))
            return false;
    }
    for (; words[i] != NULL && !is_font_size(words[i]); i++) {
        if (strcmp(words[i], "normal") != 0 && !set_one(self, node, font_part(words[i]), words[i]))
            return false;
    }
    if (words[i] == NULL || words[i + 1] == NULL)
        return wrong(self, node, "font", text);

    g_auto(GStrv) sizes = g_strsplit(words[i], "/", 2);
    g_autofree char *family = g_strjoinv(" ", words + i + 1);
    return set_one(self, node, NSK_P_FONT_SIZE, sizes[0]) &&
           (sizes[1] == NULL || set_one(self, node, NSK_P_LINE_HEIGHT, sizes[1])) &&
           set_one(self, node, NSK_P_FONT_FAMILY, family);
}

static bool
expand_white_space(NskFoTree *self, NskFoNode *node, const char *text)
{
    bool pre = strcmp(text, "pre") == 0, nowrap = strcmp(text, "nowrap") == 0;

    if (!pre && !nowrap && strcmp(text, "normal") != 0)
        return wrong(self, node, "white-space", text);
    return set_one(self, node, NSK_P_LINEFEED_TREATMENT, pre ? "preserve" : "treat-as-space") &&
           set_one(self, node, NSK_P_WHITE_SPACE_COLLAPSE, pre ? "false" : "true") &&
           set_one(self, node, NSK_P_WHITE_SPACE_TREATMENT,
                   pre ? "preserve" : "ignore-if-surrounding-linefeed") &&
           set_one(self, node, NSK_P_WRAP_OPTION, pre || nowrap ? "no-wrap" : "wrap");
}

static bool
expand_page_break(NskFoTree *self, NskFoNode *node, const Shorthand *row, const char *text)
{
    NskFoProperty property = (NskFoProperty)row->targets[0];

    if (strcmp(text, "auto") == 0)
        return set_one(self, node, property, "auto");
    if (property == NSK_P_KEEP_TOGETHER_PAGE && strcmp(text, "avoid") == 0)
        return set_one(self, node, property, "always");
    if (property != NSK_P_KEEP_TOGETHER_PAGE && strcmp(text, "always") == 0)
        return set_one(self, node, property, "page");
    if (strcmp(text, "avoid") == 0) {
        NskFoProperty keep =
            property == NSK_P_BREAK_AFTER ? NSK_P_KEEP_NEXT_PAGE : NSK_P_KEEP_PREVIOUS_PAGE;

        return set_one(self, node, keep, "always");
    }
    return wrong(self, node, row->name, text);
}

/* One word stands for both @across and @down, unless a place down has its own default. */
static bool
expand_pair(NskFoTree *self,
            NskFoNode *node,
            const Shorthand *row,
            const char *text,
            const NskFoProperty pair[2])
{
    g_auto(GStrv) words = split_words(text);
    size_t n = g_strv_length(words);
    const char *down = n == 1 ? words[0] : words[1];

    if (n < 1 || n > 2)
        return wrong(self, node, row->name, text);
    if (n == 1 && row->way == POSITION)
        down = "center";
    return set_one(self, node, pair[0], words[0]) && set_one(self, node, pair[1], down);
}

/* Section 7.31.25. */
static bool
expand_vertical_align(NskFoTree *self, NskFoNode *node, const char *text)
{
    static const struct {
        const char *word;
        NskFoProperty property;
        const char *value;
    } rows[] = {
        { "baseline", NSK_P_ALIGNMENT_BASELINE, "baseline" },
        { "sub", NSK_P_BASELINE_SHIFT, "sub" },
        { "super", NSK_P_BASELINE_SHIFT, "super" },
        { "top", NSK_P_ALIGNMENT_BASELINE, "before-edge" },
        { "text-top", NSK_P_ALIGNMENT_BASELINE, "text-before-edge" },
        { "middle", NSK_P_ALIGNMENT_BASELINE, "middle" },
        { "bottom", NSK_P_ALIGNMENT_BASELINE, "after-edge" },
        { "text-bottom", NSK_P_ALIGNMENT_BASELINE, "text-after-edge" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (strcmp(rows[i].word, text) == 0)
            return set_one(self, node, rows[i].property, rows[i].value);
    }
    return set_one(self, node, NSK_P_BASELINE_SHIFT, text);
}

static bool
expand_language(NskFoTree *self, NskFoNode *node, const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, "-", 2);

    if (parts[0] == NULL)
        return set_one(self, node, NSK_P_LANGUAGE, "none");
    return set_one(self, node, NSK_P_LANGUAGE, parts[0]) &&
           (parts[1] == NULL || set_one(self, node, NSK_P_COUNTRY, parts[1]));
}

bool
nsk_fo_shorthand_expand(NskFoTree *self, NskFoNode *node, const char *name, const char *text)
{
    const Shorthand *row = find(name);

    g_assert(row != NULL);
    switch (row->way) {
    case BOX:
        return expand_box(self, node, row, text);
    case BORDER:
        return expand_border(self, node, row, text);
    case FONT:
        return expand_font(self, node, text);
    case WHITE_SPACE:
        return expand_white_space(self, node, text);
    case PAGE_BREAK:
        return expand_page_break(self, node, row, text);
    case LANGUAGE:
        return expand_language(self, node, text);
    case SPACING:
        return expand_pair(
            self, node, row, text,
            (NskFoProperty[]){ NSK_P_BORDER_SEPARATION_INLINE, NSK_P_BORDER_SEPARATION_BLOCK });
    case POSITION:
        return expand_pair(
            self, node, row, text,
            (NskFoProperty[]){ NSK_P_BACKGROUND_POSITION_H, NSK_P_BACKGROUND_POSITION_V });
    case VERTICAL:
        return expand_vertical_align(self, node, text);
    case SAME:
    case BACKGROUND:
        break;
    }
    for (int i = 0; i < row->n_targets; i++) {
        if (!set_one(self, node, (NskFoProperty)row->targets[i], text))
            return false;
    }
    return true;
}
