/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <naskah/issue.h>

#include "render/font/font.h"
#include "xml/xml.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * The tree of formatting objects with refined properties (XSL 1.1, section 5): tagged nodes and one
 * table of properties.  Private to fo/ and layout/.
 *
 * Nodes that say the same beneath ancestors that say the same share one NskFoTraits: what is said,
 * sorted by property, and what every property comes to.  Lengths are computed when they are read,
 * except for their share of a reference that only layout knows.
 */

/* Bits of text-decoration. */
enum {
    NSK_FO_UNDERLINE = 1 << 0,
    NSK_FO_OVERLINE = 1 << 1,
    NSK_FO_LINE_THROUGH = 1 << 2,
    NSK_FO_NO_SHIFT = 3, /* to the bit that takes one away */
};

/* What a formatting object is; the bits of tags.def. */
enum {
    IS_TEXT = 1 << 0,
    IS_LAYOUT = 1 << 1,
    IS_SEQUENCE = 1 << 2,
    IS_DECLARATIONS = 1 << 3,
    IS_MASTER = 1 << 4,
    IS_REGION = 1 << 5,
    IS_SUBSEQUENCE = 1 << 6,
    IS_CONDITION = 1 << 7,
    IS_FLOW = 1 << 8,
    IS_BLOCK = 1 << 9,
    IS_INLINE = 1 << 10,
    IS_FOREIGN = 1 << 11,
    IS_LIST_ITEM = 1 << 12,
    IS_LIST_PART = 1 << 13,
    IS_TABLE_PART = 1 << 14,
    IS_ROW = 1 << 15,
    IS_CELL = 1 << 16,
    IS_MARKER = 1 << 17,
    IS_NOTE = 1 << 18,
    IS_TITLE = 1 << 19,
    IS_BOOKMARKS = 1 << 20,
    IS_BOOKMARK = 1 << 21,
    IS_BOOKMARK_TITLE = 1 << 22,
    IS_CAPTION = 1 << 23,
    IS_TABLE = 1 << 24,
};

typedef enum {
#define TAG(id, name, is, holds) NSK_FO_##id,
#include "render/fo/tags.def"
#undef TAG
    NSK_FO_N_TAGS
} NskFoTag;

typedef enum {
#define PROPERTY(id, name, inherited, initial, type, words) NSK_P_##id,
#include "render/fo/properties.def"
#undef PROPERTY
    NSK_P_COUNT
} NskFoProperty;

typedef enum {
    NSK_W_NONE_OF_THEM,
#define WORD(id, text) NSK_W_##id,
#include "render/fo/words.def"
#undef WORD
    NSK_W_COUNT
} NskFoWord;

typedef enum { NSK_V_WORD, NSK_V_LENGTH, NSK_V_NUMBER, NSK_V_COLOR, NSK_V_TEXT } NskFoKind;

/* A computed value. */
typedef struct {
    NskFoKind kind;
    NskFoWord word;   /* WORD, else NONE_OF_THEM */
    double number;    /* LENGTH: its absolute part in millipoints; NUMBER: the number */
    double fraction;  /* LENGTH: plus so much of the reference; 1.0 is 100 % */
    double share;     /* LENGTH: plus so many proportional-column-width() units */
    uint32_t color;   /* COLOR: 0xRRGGBB */
    const char *text; /* TEXT: owned by the tree */
} NskFoValue;

typedef struct {
    NskFoProperty property;
    NskFoValue value;
} NskFoSetting;

/* The properties of a node; see traits.c. */
typedef struct _NskFoTraits NskFoTraits;

struct _NskFoTraits {
    const NskFoTraits *parent;
    unsigned number;        /* counted from 0 */
    NskFoSetting *settings; /* what is said, sorted by property */
    unsigned n_settings;
    unsigned room; /* for settings */
    uint64_t is_set[(NSK_P_COUNT + 63) / 64];
    const NskFoValue **values; /* of every property; NULL until all is said */
    NskFoTraits *next;         /* of all of the tree */
};

typedef struct _NskFoNode NskFoNode;

struct _NskFoNode {
    NskFoTag tag;
    unsigned line;
    unsigned column;
    NskFoNode *parent;
    NskFoNode *first;
    NskFoNode *last;
    NskFoNode *next;
    const char *text;    /* of TEXT; owned by the tree or the document */
    NskFoTraits *traits; /* of TEXT NULL: its parent's count */
    uint32_t element;    /* layout: the structure element, once it has begun; 0 before */
};

/* An attribute that is to be read. */
typedef struct {
    const char *name;
    const char *text;
    int rank;
} NskFoAttribute;

/* Nodes are made in blocks and freed with the tree. */
typedef struct _NskFoNodes NskFoNodes;

typedef struct {
    NskFoNode *root;
    NskFoNodes *nodes;
    NskFoTraits *traits; /* all of them */
    unsigned n_traits;
    unsigned n_tables;  /* of values, made so far */
    GHashTable *by_key; /* traits by what they were read from */
    GArray *attributes; /* scratch: of NskFoAttribute */
    GString *key;       /* scratch */
    unsigned n_refused; /* faults of properties so far */
    GStringChunk *strings;
    const char *file; /* name of the document, borrowed */
    NskIssues *issues;
    bool lenient; /* faults of properties are warnings */
    bool failed;  /* an error has been reported, or dropped because there were too many */
} NskFoTree;

/* Reads @doc, which must outlive the tree.  Faults go to @issues; returns the tree all the same,
 * with failed set.  NULL with NSK_ERROR_INVALID if the root is no fo:root. */
NskFoTree *nsk_fo_tree_read(const NskXmlDoc *doc, NskIssues *issues, bool lenient, GError **error);
void nsk_fo_tree_free(NskFoTree *self);
/* A node of zeros that lives as long as the tree; who asks puts it into its place. */
NskFoNode *nsk_fo_node_new(NskFoTree *self);

/* Reports a fault of a property: an error, or if the tree is lenient a warning. */
void nsk_fo_refuse(NskFoTree *self, const NskFoNode *node, const char *tag, const char *format, ...)
    G_GNUC_PRINTF(4, 5);
/* Reports an error at @node's place. */
void nsk_fo_error(NskFoTree *self, const NskFoNode *node, const char *tag, const char *format, ...)
    G_GNUC_PRINTF(4, 5);
void
nsk_fo_warning(NskFoTree *self, const NskFoNode *node, const char *tag, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

const char *nsk_fo_tag_name(NskFoTag tag);
unsigned nsk_fo_tag_is(NskFoTag tag);
unsigned nsk_fo_tag_holds(NskFoTag tag);
NskFoTag nsk_fo_tag_find(const char *name); /* NSK_FO_N_TAGS if unknown */

const char *nsk_fo_property_name(NskFoProperty property);
NskFoProperty nsk_fo_property_find(const char *name); /* NSK_P_COUNT if unknown */

/* As nsk_fo_get(), of a node whose traits are still being read. */
const NskFoValue *nsk_fo_find(const NskFoNode *node, NskFoProperty property);

/* The computed value of @property on @node; never NULL. */
static inline const NskFoValue *
nsk_fo_get(const NskFoNode *node, NskFoProperty property)
{
    if (node != NULL && node->traits != NULL && node->traits->values != NULL)
        return node->traits->values[property];
    return nsk_fo_find(node, property);
}

/* Whether the node itself says it. */
static inline bool
nsk_fo_is_set(const NskFoNode *node, NskFoProperty property)
{
    return node->traits != NULL &&
           (node->traits->is_set[property / 64] >> (property % 64) & 1) != 0;
}

static inline NskFoWord
nsk_fo_word(const NskFoNode *node, NskFoProperty property)
{
    return nsk_fo_get(node, property)->word;
}

/* Percentages are of @reference; 0 for a word such as auto. */
NskMpt nsk_fo_length(const NskFoNode *node, NskFoProperty property, NskMpt reference);
/* The number rounded towards zero, kept within 0 to 1000000; @fallback for a word. */
int nsk_fo_integer(const NskFoNode *node, NskFoProperty property, int fallback);
/* "" for a word. */
const char *nsk_fo_text(const NskFoNode *node, NskFoProperty property);
/* Strength of a keep: 0 for auto, INT_MAX for always. */
int nsk_fo_keep(const NskFoNode *node, NskFoProperty property);
/* A length value against its reference, kept within +-1000 pages. */
NskMpt nsk_fo_resolve(const NskFoValue *value, NskMpt reference);
/* Width of the border on a side (the before-style property of that side plus 0 to 3 for before,
 * after, start, end); 0 without a style. */
NskMpt nsk_fo_border_width(const NskFoNode *node, int side);

/* ---- reading values: value.c and expression.c ---- */

/*
 * Reads @text as the value of @property on @node, whose parent is in the tree and whose font size
 * is known if @property is another.  False with an issue reported at @node.
 */
bool nsk_fo_value_parse(NskFoTree *self,
                        NskFoNode *node,
                        NskFoProperty property,
                        const char *text,
                        NskFoValue *out_value);
/*
 * Evaluates an expression (section 5.9) to a LENGTH or NUMBER.  *out_why is static and says what is
 * wrong.
 */
bool nsk_fo_expression(const NskFoNode *node,
                       NskFoProperty property,
                       const char *text,
                       NskFoValue *out_value,
                       const char **out_why);
/*
 * Whether @text is nothing but from-parent(), from-nearest-specified-value(),
 * inherited-property-value() or from-table-column() (section 5.10.4), whose value is taken as it
 * is, word or length.  *out_found is false if the property named there is none.
 */
bool nsk_fo_reference(const NskFoNode *node,
                      NskFoProperty property,
                      const char *text,
                      bool *out_found,
                      NskFoValue *out_value);
const NskFoValue *nsk_fo_initial(NskFoProperty property);
bool nsk_fo_is_inherited(NskFoProperty property);
/* A colour name, #rgb, #rrggbb or rgb(r, g, b). */
bool nsk_fo_color_parse(const char *text, uint32_t *out_color);
void nsk_fo_set(NskFoNode *node, NskFoProperty property, const NskFoValue *value);

/* ---- traits.c ---- */

/* Reads the attributes of @xml into the traits of @node; faults are reported at the node. */
void nsk_fo_traits_read(NskFoTree *self, NskFoNode *node, const NskXmlNode *xml);
void nsk_fo_traits_free_all(NskFoTree *self);

/* ---- shorthands: shorthand.c ---- */

/* How late a property is expanded: later ones win over earlier; -1 if the name is no shorthand. */
int nsk_fo_shorthand_rank(const char *name);
bool nsk_fo_shorthand_expand(NskFoTree *self, NskFoNode *node, const char *name, const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskFoTree, nsk_fo_tree_free)
