/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the text of one property into its computed value, by the type that properties.def gives. */
#include "render/fo/tree.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef enum {
    TYPE_WORD,
    TYPE_LENGTH,
    TYPE_NUMBER,
    TYPE_INTEGER,
    TYPE_KEEP,
    TYPE_COLOR,
    TYPE_STRING,
    TYPE_FAMILY,
    TYPE_FONT_SIZE,
    TYPE_FONT_WEIGHT,
    TYPE_DECORATION,
    TYPE_LINE_HEIGHT,
    TYPE_BORDER_WIDTH,
    TYPE_ANGLE,
} Type;

typedef struct {
    const char *name;
    const char *initial;
    const char *words;
    Type type;
    bool inherited;
} Property;

static const Property properties[] = {
#define PROPERTY(id, name, inherited, initial, type, words)                                        \
    { name, initial, words, TYPE_##type, inherited },
#include "render/fo/properties.def"
#undef PROPERTY
};

static const char *const word_texts[] = {
    "",
#define WORD(id, text) text,
#include "render/fo/words.def"
#undef WORD
};

static NskFoValue initial_values[NSK_P_COUNT];

static bool read_value(const NskFoNode *node,
                       NskFoProperty property,
                       const char *text,
                       NskFoValue *out,
                       const char **out_why);

const char *
nsk_fo_property_name(NskFoProperty property)
{
    return properties[property].name;
}

static GHashTable *
property_index(void)
{
    static GHashTable *index;
    static gsize once;

    if (g_once_init_enter(&once)) {
        index = g_hash_table_new(g_str_hash, g_str_equal);
        for (size_t i = 0; i < NSK_P_COUNT; i++)
            g_hash_table_insert(index, (gpointer)(uintptr_t)properties[i].name,
                                GSIZE_TO_POINTER(i + 1));
        g_once_init_leave(&once, 1);
    }
    return index;
}

NskFoProperty
nsk_fo_property_find(const char *name)
{
    size_t found = GPOINTER_TO_SIZE(g_hash_table_lookup(property_index(), name));

    return found == 0 ? NSK_P_COUNT : (NskFoProperty)(found - 1);
}

static int
compare_words(const void *key, const void *item)
{
    return strcmp(key, *(const char *const *)item);
}

static NskFoWord
find_word(const char *text)
{
    const char *const *found =
        bsearch(text, word_texts + 1, NSK_W_COUNT - 1, sizeof word_texts[0], compare_words);

    return found == NULL ? NSK_W_NONE_OF_THEM : (NskFoWord)(found - word_texts);
}

/* Whether @word stands in the blank-separated list @allowed. */
static bool
is_allowed(const char *allowed, const char *word)
{
    size_t length = strlen(word);
    const char *at = allowed;

    while (length > 0 && (at = strstr(at, word)) != NULL) {
        if ((at == allowed || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
        at += length;
    }
    return false;
}

static NskFoValue
length_value(double mpt)
{
    return (NskFoValue){ .kind = NSK_V_LENGTH, .number = mpt };
}

static bool
read_number(const NskFoNode *node,
            NskFoProperty property,
            const char *text,
            NskFoValue *out,
            const char **out_why)
{
    if (!nsk_fo_expression(node, property, text, out, out_why))
        return false;
    *out_why = "it must be a plain number";
    return out->kind == NSK_V_NUMBER;
}

static bool
read_length(const NskFoNode *node,
            NskFoProperty property,
            const char *text,
            NskFoValue *out,
            const char **out_why)
{
    if (!nsk_fo_expression(node, property, text, out, out_why))
        return false;
    *out_why = "a length needs a unit (pt, mm, cm, in, em or %)";
    if (out->kind == NSK_V_NUMBER && out->number != 0)
        return false;
    out->kind = NSK_V_LENGTH;
    return true;
}

/* Sizes are computed at once, for descendants inherit the result and not the words. */
static bool
read_font_size(const NskFoNode *node, const char *text, NskFoValue *out, const char **out_why)
{
    static const char *const words[] = { "xx-small", "x-small", "small",   "medium",
                                         "large",    "x-large", "xx-large" };
    double parent = node != NULL && node->parent != NULL
                        ? nsk_fo_get(node->parent, NSK_P_FONT_SIZE)->number
                        : 12000.0;
    double size = 12000.0 / 1.2 / 1.2 / 1.2;

    for (size_t i = 0; i < G_N_ELEMENTS(words); i++, size *= 1.2) {
        if (strcmp(words[i], text) == 0) {
            *out = length_value(floor(size + 0.5));
            return true;
        }
    }
    if (strcmp(text, "smaller") == 0 || strcmp(text, "larger") == 0) {
        *out = length_value(floor(CLAMP(text[0] == 's' ? parent / 1.2 : parent * 1.2, 1e3, 1e6)));
        return true;
    }
    if (!read_length(node, NSK_P_FONT_SIZE, text, out, out_why))
        return false;
    *out = length_value(out->number + out->fraction * parent);
    *out_why = "the font size must be between 1pt and 1000pt";
    return out->number >= 1000 && out->number <= 1000000;
}

/* The relative words step from what is inherited between the two weights that families have. */
static bool
read_font_weight(const NskFoNode *node, const char *text, NskFoValue *out, const char **out_why)
{
    if (strcmp(text, "bolder") == 0 || strcmp(text, "lighter") == 0) {
        *out =
            (NskFoValue){ .kind = NSK_V_WORD, .word = text[0] == 'b' ? NSK_W_BOLD : NSK_W_NORMAL };
        return true;
    }
    return read_number(node, NSK_P_FONT_WEIGHT, text, out, out_why);
}

/* Any of the words together, as bits of NSK_FO_UNDERLINE and its like. */
static bool
read_decoration(const char *text, NskFoValue *out, const char **out_why)
{
    static const char *const words[] = { "underline",    "overline",    "line-through",
                                         "no-underline", "no-overline", "no-line-through" };
    g_auto(GStrv) given = g_strsplit_set(text, " \t\r\n", 20);
    unsigned bits = 0;

    *out_why = "it is none, or underline, overline, line-through or no- before one of them";
    for (size_t i = 0; given[i] != NULL; i++) {
        size_t word = 0;

        if (given[i][0] == '\0' || strcmp(given[i], "blink") == 0 ||
            strcmp(given[i], "no-blink") == 0)
            continue;
        while (word < G_N_ELEMENTS(words) && strcmp(words[word], given[i]) != 0)
            word++;
        if (word == G_N_ELEMENTS(words))
            return false;
        bits |= 1u << word;
    }
    *out = (NskFoValue){ .kind = NSK_V_NUMBER, .number = bits };
    return true;
}

static bool
read_relative_to_font(const NskFoNode *node,
                      NskFoProperty property,
                      const char *text,
                      NskFoValue *out,
                      const char **out_why)
{
    double size = node != NULL ? nsk_fo_get(node, NSK_P_FONT_SIZE)->number : 12000.0;

    if (!nsk_fo_expression(node, property, text, out, out_why))
        return false;
    if (out->kind == NSK_V_LENGTH)
        *out = length_value(out->number + out->fraction * size);
    *out_why = "it must be between 0 and 1000pt";
    return property != NSK_P_LINE_HEIGHT || (out->number >= 0 && out->number <= 1000000);
}

static bool
read_border_width(const NskFoNode *node,
                  NskFoProperty property,
                  const char *text,
                  NskFoValue *out,
                  const char **out_why)
{
    if (strcmp(text, "thin") == 0)
        *out = length_value(500);
    else if (strcmp(text, "medium") == 0)
        *out = length_value(1000);
    else if (strcmp(text, "thick") == 0)
        *out = length_value(2000);
    else
        return read_length(node, property, text, out, out_why);
    return true;
}

/* An angle of whole quarters, kept as 0, 90, 180 or 270. */
static bool
read_quarter(const char *text, NskFoValue *out, const char **out_why)
{
    char *end = NULL;
    gint64 angle = g_ascii_strtoll(text, &end, 10);

    *out_why = "it must be 0, 90, 180 or 270, or the negative of one";
    if (end == text || (*end != '\0' && strcmp(end, "deg") != 0) || angle % 90 != 0 ||
        angle < -270 || angle > 270)
        return false;
    *out = (NskFoValue){ .kind = NSK_V_NUMBER, .number = (double)((angle + 360) % 360) };
    return true;
}

static bool
read_by_type(const NskFoNode *node,
             NskFoProperty property,
             const char *text,
             NskFoValue *out,
             const char **out_why)
{
    switch (properties[property].type) {
    case TYPE_LENGTH:
        return read_length(node, property, text, out, out_why);
    case TYPE_NUMBER:
    case TYPE_INTEGER:
    case TYPE_KEEP:
        return read_number(node, property, text, out, out_why);
    case TYPE_COLOR:
        *out = (NskFoValue){ .kind = NSK_V_COLOR };
        *out_why = "a colour is a name, #rgb, #rrggbb or rgb(r, g, b)";
        return nsk_fo_color_parse(text, &out->color);
    case TYPE_FAMILY:
    case TYPE_STRING:
        *out = (NskFoValue){ .kind = NSK_V_TEXT, .text = text };
        return true;
    case TYPE_FONT_SIZE:
        return read_font_size(node, text, out, out_why);
    case TYPE_FONT_WEIGHT:
        return read_font_weight(node, text, out, out_why);
    case TYPE_DECORATION:
        return read_decoration(text, out, out_why);
    case TYPE_LINE_HEIGHT:
        return read_relative_to_font(node, property, text, out, out_why);
    case TYPE_BORDER_WIDTH:
        return read_border_width(node, property, text, out, out_why);
    case TYPE_ANGLE:
        return read_quarter(text, out, out_why);
    case TYPE_WORD:
        break;
    }
    *out_why = "this word is not supported here";
    return false;
}

static bool
read_value(const NskFoNode *node,
           NskFoProperty property,
           const char *text,
           NskFoValue *out,
           const char **out_why)
{
    if (properties[property].type != TYPE_STRING && is_allowed(properties[property].words, text)) {
        *out = (NskFoValue){ .kind = NSK_V_WORD, .word = find_word(text) };
        return true;
    }
    return read_by_type(node, property, text, out, out_why);
}

static const NskFoValue *
initial_value(NskFoProperty property)
{
    static gsize once;

    if (g_once_init_enter(&once)) {
        for (size_t i = 0; i < NSK_P_COUNT; i++) {
            const char *why = NULL;
            bool ok =
                read_value(NULL, (NskFoProperty)i, properties[i].initial, &initial_values[i], &why);

            g_assert(ok);
        }
        g_once_init_leave(&once, 1);
    }
    return &initial_values[property];
}

bool
nsk_fo_value_parse(NskFoTree *self,
                   NskFoNode *node,
                   NskFoProperty property,
                   const char *text,
                   NskFoValue *out_value)
{
    bool found;

    if (nsk_fo_reference(node, property, text, &found, out_value)) {
        if (!found)
            nsk_fo_refuse(self, node, "fo-value", "property %s of %s: '%.60s' leads to no property",
                          properties[property].name, nsk_fo_tag_name(node->tag), text);
        return found;
    }
    bool keep_blanks = properties[property].type == TYPE_STRING;
    g_autofree char *trimmed = keep_blanks ? g_strdup(text) : g_strstrip(g_strdup(text));
    const char *why = "";
    NskFoValue value;

    if (strcmp(trimmed, "inherit") == 0) {
        *out_value =
            node->parent != NULL ? *nsk_fo_get(node->parent, property) : *initial_value(property);
        return true;
    }
    if (!read_value(node, property, trimmed, &value, &why)) {
        nsk_fo_refuse(self, node, "fo-value", "property %s of %s cannot be '%.60s': %s%s%s",
                      properties[property].name, nsk_fo_tag_name(node->tag), trimmed, why,
                      properties[property].words[0] != '\0' ? "; words allowed: " : "",
                      properties[property].words);
        return false;
    }
    if (value.kind == NSK_V_TEXT)
        value.text = g_string_chunk_insert_const(self->strings, value.text);
    *out_value = value;
    return true;
}

const NskFoValue *
nsk_fo_initial(NskFoProperty property)
{
    return initial_value(property);
}

bool
nsk_fo_is_inherited(NskFoProperty property)
{
    return properties[property].inherited;
}

static const NskFoValue *
find_setting(const NskFoTraits *traits, NskFoProperty property)
{
    unsigned low = 0, high = traits->n_settings;

    while (low < high) {
        unsigned middle = (low + high) / 2;

        if (traits->settings[middle].property < property)
            low = middle + 1;
        else
            high = middle;
    }
    return &traits->settings[low].value;
}

const NskFoValue *
nsk_fo_find(const NskFoNode *node, NskFoProperty property)
{
    for (; node != NULL; node = node->parent) {
        if (node->traits != NULL && node->traits->values != NULL)
            return node->traits->values[property];
        if (nsk_fo_is_set(node, property))
            return find_setting(node->traits, property);
        if (!properties[property].inherited)
            break;
    }
    return initial_value(property);
}

void
nsk_fo_set(NskFoNode *node, NskFoProperty property, const NskFoValue *value)
{
    NskFoTraits *traits = node->traits;
    NskFoValue copy = *value; /* it may lie in the settings that move */
    unsigned at = traits->n_settings;

    while (at > 0 && traits->settings[at - 1].property >= property)
        at--;
    if (!nsk_fo_is_set(node, property)) {
        if (traits->n_settings == traits->room) {
            traits->room = traits->room * 2 + 8;
            traits->settings = g_renew(NskFoSetting, traits->settings, traits->room);
        }
        memmove(traits->settings + at + 1, traits->settings + at,
                (traits->n_settings - at) * sizeof *traits->settings);
        traits->n_settings++;
        traits->is_set[property / 64] |= (uint64_t)1 << (property % 64);
    }
    traits->settings[at] = (NskFoSetting){ property, copy };
}

NskMpt
nsk_fo_resolve(const NskFoValue *value, NskMpt reference)
{
    double length = value->number + value->fraction * reference;

    if (value->kind != NSK_V_LENGTH)
        return 0;
    length = CLAMP(length, -1e8, 1e8);
    return (NskMpt)(length < 0 ? length - 0.5 : length + 0.5);
}

NskMpt
nsk_fo_length(const NskFoNode *node, NskFoProperty property, NskMpt reference)
{
    return nsk_fo_resolve(nsk_fo_get(node, property), reference);
}

int
nsk_fo_integer(const NskFoNode *node, NskFoProperty property, int fallback)
{
    const NskFoValue *value = nsk_fo_get(node, property);

    return value->kind == NSK_V_NUMBER ? (int)CLAMP(value->number, 0, 1000000) : fallback;
}

const char *
nsk_fo_text(const NskFoNode *node, NskFoProperty property)
{
    const NskFoValue *value = nsk_fo_get(node, property);

    return value->kind == NSK_V_TEXT ? value->text : "";
}

int
nsk_fo_keep(const NskFoNode *node, NskFoProperty property)
{
    const NskFoValue *value = nsk_fo_get(node, property);

    if (value->kind == NSK_V_NUMBER)
        return (int)CLAMP(value->number, 0, 1000000);
    return value->word == NSK_W_ALWAYS ? G_MAXINT : 0;
}

NskMpt
nsk_fo_border_width(const NskFoNode *node, int side)
{
    NskFoProperty property = NSK_P_BORDER_BEFORE_STYLE + (NskFoProperty)side;
    NskFoWord style;

    if (!nsk_fo_is_set(node, property))
        return 0;
    style = nsk_fo_word(node, property);
    if (style == NSK_W_NONE || style == NSK_W_HIDDEN)
        return 0;
    return MAX(0, nsk_fo_length(node, NSK_P_BORDER_BEFORE_WIDTH + (NskFoProperty)side, 0));
}
