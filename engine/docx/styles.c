/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Styles (17.7) and numbering (17.9) of WordprocessingML, as far as a letter shows them: bold and
 * its like, headings, alignment, and which list an item is of with which number.
 *
 * 1. What stands at a paragraph or run goes before its style, a style before what it is based on.
 * 2. Circles of styles end after MAX_CHAIN steps.
 * 3. Lists that share an abstract definition count on from each other, unless one begins anew.
 */
#include "docx/docx-private.h"

#include <string.h>

#define MAX_CHAIN  20
#define MAX_NUMBER 9999
#define LEVELS     NSK_DOCX_LEVELS

typedef struct {
    const char *type; /* as of <ol>; NULL: bullets */
    unsigned start;
    const char *format;           /* these are borrowed from the document, and may be NULL */
    const char *pattern;          /* of its label */
    const NskXmlNode *properties; /* of its paragraphs */
} Level;

typedef struct {
    unsigned counter; /* index of the Counter that it counts with */
    Level levels[LEVELS];
} List;

typedef struct {
    unsigned next[LEVELS];
} Counter;

struct _NskDocxStyles {
    GHashTable *styles;   /* id -> NskXmlNode, borrowed */
    const char *standard; /* id of the paragraphs' own style; may be NULL */
    GHashTable *lists;    /* number -> List */
    GArray *counters;
    unsigned defaults; /* size and family of what says nothing */
};

const char *
nsk_docx_attr(const NskXmlNode *node, const char *name)
{
    const char *value = nsk_xml_attr_ns(node, nsk_xml_ns(node), name);

    return value != NULL ? value : nsk_xml_attr(node, name);
}

bool
nsk_docx_is_on(const NskXmlNode *node)
{
    static const char *const no[] = { "0", "false", "off", "none", NULL };
    const char *value = nsk_docx_attr(node, "val");

    return value == NULL || !g_strv_contains(no, value);
}

unsigned
nsk_docx_number(const char *text, unsigned most, unsigned fallback)
{
    guint64 number;

    if (text == NULL || !g_ascii_string_to_unsigned(text, 10, 0, most, &number, NULL))
        return fallback;
    return (unsigned)number;
}

/* --- Lists --- */

static const char *
list_type(const char *format, const char *pattern)
{
    static const struct {
        const char *format;
        const char *types[3]; /* "1.", "1)", "(1)" */
    } known[] = {
        { "lowerLetter", { "a", "a)", "(a)" } }, { "upperLetter", { "a", "a)", "(a)" } },
        { "lowerRoman", { "i", "i", "i" } },     { "upperRoman", { "i", "i", "i" } },
        { "bullet", { NULL, NULL, NULL } },      { "none", { NULL, NULL, NULL } },
    };
    static const char *const decimal[] = { "1", "1)", "(1)" };
    unsigned form = strchr(pattern, '(') != NULL ? 2 : strchr(pattern, ')') != NULL ? 1 : 0;

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        if (g_strcmp0(format, known[i].format) == 0)
            return known[i].types[form];
    }
    return decimal[form];
}

static const char *
child_value(const NskXmlNode *node, const char *name)
{
    const NskXmlNode *child = node != NULL ? nsk_xml_child(node, name) : NULL;

    return child != NULL ? nsk_docx_attr(child, "val") : NULL;
}

static void
read_levels(const NskXmlNode *abstract, List *list)
{
    const NskXmlNode *node = nsk_xml_first(abstract);

    for (size_t i = 0; i < LEVELS; i++)
        list->levels[i] = (Level){ .type = "1", .start = 1 };
    for (; node != NULL; node = nsk_xml_next(node)) {
        unsigned at = nsk_docx_number(nsk_docx_attr(node, "ilvl"), LEVELS - 1, LEVELS);
        const char *pattern = child_value(node, "lvlText");

        if (strcmp(nsk_xml_name(node), "lvl") != 0 || at == LEVELS)
            continue;
        list->levels[at].type =
            list_type(child_value(node, "numFmt"), pattern != NULL ? pattern : "");
        list->levels[at].start = nsk_docx_number(child_value(node, "start"), MAX_NUMBER, 1);
        list->levels[at].format = child_value(node, "numFmt");
        list->levels[at].pattern = pattern;
        list->levels[at].properties = nsk_xml_child(node, "pPr");
    }
}

static void
begin_counter(GArray *counters, const List *list)
{
    Counter counter;

    for (size_t i = 0; i < LEVELS; i++)
        counter.next[i] = list->levels[i].start;
    g_array_append_val(counters, counter);
}

/* A <w:num>: an abstract list, perhaps with other beginnings. */
static void
read_list(NskDocxStyles *self, const NskXmlNode *node, GHashTable *abstracts, GHashTable *shared)
{
    const char *id = nsk_docx_attr(node, "numId");
    const char *of = child_value(node, "abstractNumId");
    const NskXmlNode *abstract = of != NULL ? g_hash_table_lookup(abstracts, of) : NULL;
    bool own = false;

    if (id == NULL || abstract == NULL)
        return;
    List *list = g_new0(List, 1);
    read_levels(abstract, list);
    for (const NskXmlNode *child = nsk_xml_first(node); child != NULL;
         child = nsk_xml_next(child)) {
        unsigned at = nsk_docx_number(nsk_docx_attr(child, "ilvl"), LEVELS - 1, LEVELS);
        const char *start = child_value(child, "startOverride");

        if (at == LEVELS || start == NULL)
            continue;
        list->levels[at].start = nsk_docx_number(start, MAX_NUMBER, 1);
        own = true;
    }
    void *counter = g_hash_table_lookup(shared, of);
    if (own || counter == NULL) {
        begin_counter(self->counters, list);
        counter = GUINT_TO_POINTER(self->counters->len);
        if (!own)
            g_hash_table_insert(shared, g_strdup(of), counter);
    }
    list->counter = GPOINTER_TO_UINT(counter) - 1;
    g_hash_table_replace(self->lists, g_strdup(id), list);
}

static void
read_lists(NskDocxStyles *self, const NskXmlNode *root)
{
    g_autoptr(GHashTable) abstracts = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) shared = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const NskXmlNode *node;

    for (node = nsk_xml_first(root); node != NULL; node = nsk_xml_next(node)) {
        const char *id = nsk_docx_attr(node, "abstractNumId");

        if (strcmp(nsk_xml_name(node), "abstractNum") == 0 && id != NULL)
            g_hash_table_insert(abstracts, (void *)(uintptr_t)id, (void *)(uintptr_t)node);
    }
    for (node = nsk_xml_first(root); node != NULL; node = nsk_xml_next(node)) {
        if (strcmp(nsk_xml_name(node), "num") == 0)
            read_list(self, node, abstracts, shared);
    }
}

/* --- Styles --- */

/* Of all that say nothing else; Word's own size is 10 points. */
static void
read_defaults(NskDocxStyles *self, const NskXmlNode *root)
{
    const NskXmlNode *node = nsk_xml_child(root, "docDefaults");

    node = node != NULL ? nsk_xml_child(node, "rPrDefault") : NULL;
    self->defaults = nsk_docx_look_apply(node != NULL ? nsk_xml_child(node, "rPr") : NULL,
                                         20u << NSK_DOCX_SIZE_SHIFT);
}

static void
read_styles(NskDocxStyles *self, const NskXmlNode *root)
{
    for (const NskXmlNode *node = nsk_xml_first(root); node != NULL; node = nsk_xml_next(node)) {
        const char *id = nsk_docx_attr(node, "styleId");
        const char *standard = nsk_docx_attr(node, "default");

        if (strcmp(nsk_xml_name(node), "style") != 0 || id == NULL)
            continue;
        g_hash_table_insert(self->styles, (void *)(uintptr_t)id, (void *)(uintptr_t)node);
        if (standard != NULL && strcmp(standard, "0") != 0 &&
            g_strcmp0(nsk_docx_attr(node, "type"), "paragraph") == 0)
            self->standard = id;
    }
}

NskDocxStyles *
nsk_docx_styles_new(const NskXmlDoc *styles, const NskXmlDoc *numbering)
{
    NskDocxStyles *self = g_new0(NskDocxStyles, 1);

    self->styles = g_hash_table_new(g_str_hash, g_str_equal);
    self->lists = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    self->counters = g_array_new(FALSE, FALSE, sizeof(Counter));
    self->defaults = 20u << NSK_DOCX_SIZE_SHIFT;
    if (styles != NULL) {
        read_defaults(self, nsk_xml_doc_get_root(styles));
        read_styles(self, nsk_xml_doc_get_root(styles));
    }
    if (numbering != NULL)
        read_lists(self, nsk_xml_doc_get_root(numbering));
    return self;
}

void
nsk_docx_styles_free(NskDocxStyles *self)
{
    if (self == NULL)
        return;
    g_hash_table_unref(self->styles);
    g_hash_table_unref(self->lists);
    g_array_unref(self->counters);
    g_free(self);
}

static unsigned
apply_marks(const NskXmlNode *properties, unsigned marks)
{
    static const struct {
        const char *name;
        unsigned mark;
    } known[] = {
        { "b", NSK_DOCX_BOLD },         { "i", NSK_DOCX_ITALIC },
        { "u", NSK_DOCX_UNDERLINE },    { "caps", NSK_DOCX_CAPS },
        { "vanish", NSK_DOCX_HIDDEN },  { "strike", NSK_DOCX_STRUCK },
        { "dstrike", NSK_DOCX_STRUCK },
    };
    const NskXmlNode *node = properties != NULL ? nsk_xml_first(properties) : NULL;

    for (; node != NULL; node = nsk_xml_next(node)) {
        for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
            if (strcmp(nsk_xml_name(node), known[i].name) == 0)
                marks = nsk_docx_is_on(node) ? marks | known[i].mark : marks & ~known[i].mark;
        }
        if (strcmp(nsk_xml_name(node), "vertAlign") == 0) {
            const char *value = nsk_docx_attr(node, "val");

            marks &= ~(unsigned)(NSK_DOCX_SUB | NSK_DOCX_SUP);
            marks |= g_strcmp0(value, "subscript") == 0     ? NSK_DOCX_SUB
                     : g_strcmp0(value, "superscript") == 0 ? NSK_DOCX_SUP
                                                            : 0u;
        }
    }
    return nsk_docx_look_apply(properties, marks);
}

/* The style and what it is based on, the basis first; gives how many. */
static size_t
chain_of(const NskDocxStyles *self, const char *id, const NskXmlNode *out[MAX_CHAIN])
{
    const NskXmlNode *up[MAX_CHAIN];
    size_t n = 0;

    while (id != NULL && n < MAX_CHAIN) {
        const NskXmlNode *style = g_hash_table_lookup(self->styles, id);

        if (style == NULL)
            break;
        up[n++] = style;
        id = child_value(style, "basedOn");
    }
    for (size_t i = 0; i < n; i++)
        out[i] = up[n - 1 - i];
    return n;
}

static void
apply_name(const NskXmlNode *style, NskDocxParagraph *paragraph)
{
    const char *name = child_value(style, "name");

    if (name == NULL)
        return;
    if (g_ascii_strncasecmp(name, "heading ", 8) == 0)
        paragraph->heading = nsk_docx_number(name + 8, 9, 0);
    else if (g_ascii_strcasecmp(name, "title") == 0)
        paragraph->title = true;
}

typedef struct {
    const char *list; /* numId */
    unsigned depth;
} Numbering;

/* What <w:pPr> says over what was said before. */
static void
apply_paragraph(const NskXmlNode *properties, NskDocxParagraph *paragraph, Numbering *numbering)
{
    const NskXmlNode *num = properties != NULL ? nsk_xml_child(properties, "numPr") : NULL;
    const char *align = child_value(properties, "jc");
    const char *outline = child_value(properties, "outlineLvl");

    if (align != NULL)
        paragraph->align = strcmp(align, "center") == 0 ? NSK_DOCX_ALIGN_CENTRE
                           : strcmp(align, "right") == 0 || strcmp(align, "end") == 0
                               ? NSK_DOCX_ALIGN_RIGHT
                               : NSK_DOCX_ALIGN_NONE;
    if (outline != NULL) {
        unsigned level = nsk_docx_number(outline, 9, 9);

        paragraph->heading = level < 9 ? level + 1 : 0;
    }
    if (num == NULL)
        return;
    const char *list = child_value(num, "numId");
    numbering->list = list != NULL ? list : numbering->list;
    numbering->depth = nsk_docx_number(child_value(num, "ilvl"), LEVELS - 1, numbering->depth);
}

/* "1." or "BAB II": levels above have been counted on already. */
static char *
make_label(const List *list, const Counter *counter, unsigned depth, unsigned number)
{
    const char *formats[LEVELS];
    unsigned numbers[LEVELS];

    for (unsigned i = 0; i < LEVELS; i++) {
        const Level *level = &list->levels[i];

        formats[i] = level->format;
        numbers[i] = counter->next[i] > level->start ? counter->next[i] - 1 : level->start;
    }
    numbers[depth] = number;
    return nsk_docx_label(list->levels[depth].pattern, depth, formats, numbers);
}

static void
count_item(NskDocxStyles *self, const Numbering *numbering, NskDocxParagraph *paragraph)
{
    const List *list =
        numbering->list != NULL ? g_hash_table_lookup(self->lists, numbering->list) : NULL;

    if (list == NULL)
        return;
    Counter *counter = &g_array_index(self->counters, Counter, list->counter);
    paragraph->listed = true;
    paragraph->list = list->counter;
    paragraph->depth = numbering->depth;
    paragraph->list_type = list->levels[numbering->depth].type;
    paragraph->number = counter->next[numbering->depth];
    paragraph->label = make_label(list, counter, numbering->depth, paragraph->number);
    if (counter->next[numbering->depth] < MAX_NUMBER)
        counter->next[numbering->depth]++;
    for (size_t i = numbering->depth + 1; i < LEVELS; i++)
        counter->next[i] = list->levels[i].start;
}

/* The level of a list indents its items, unless the paragraph itself, or the style that puts it
 * into the list, says more. */
static void
lay_out(const NskDocxStyles *self,
        const Numbering *numbering,
        const NskXmlNode *const chain[],
        size_t n,
        const NskXmlNode *properties,
        NskDocxLayout *layout)
{
    const List *list =
        numbering->list != NULL ? g_hash_table_lookup(self->lists, numbering->list) : NULL;
    const Level *level = list != NULL ? &list->levels[numbering->depth] : NULL;
    bool by_style = properties == NULL || nsk_xml_child(properties, "numPr") == NULL;

    if (level != NULL && level->properties == NULL) {
        layout->left = 720 * (int)(numbering->depth + 1);
        layout->first = -360;
    }
    if (level != NULL && by_style)
        nsk_docx_layout_apply(layout, level->properties);
    for (size_t i = 0; i < n; i++)
        nsk_docx_layout_apply(layout, nsk_xml_child(chain[i], "pPr"));
    if (level != NULL && !by_style)
        nsk_docx_layout_apply(layout, level->properties);
    nsk_docx_layout_apply(layout, properties);
}

void
nsk_docx_styles_paragraph(NskDocxStyles *self,
                          const NskXmlNode *properties,
                          NskDocxParagraph *paragraph,
                          unsigned *out_marks)
{
    const char *id = child_value(properties, "pStyle");
    const NskXmlNode *chain[MAX_CHAIN];
    size_t n = chain_of(self, id != NULL ? id : self->standard, chain);
    Numbering numbering = { NULL, 0 };
    unsigned marks = self->defaults;

    for (size_t i = 0; i < n; i++) {
        apply_name(chain[i], paragraph);
        apply_paragraph(nsk_xml_child(chain[i], "pPr"), paragraph, &numbering);
        marks = apply_marks(nsk_xml_child(chain[i], "rPr"), marks);
    }
    apply_paragraph(properties, paragraph, &numbering);
    lay_out(self, &numbering, chain, n, properties, &paragraph->layout);
    paragraph->layout.style = id != NULL ? g_str_hash(id) : 0;
    count_item(self, &numbering, paragraph);
    *out_marks = marks;
}

bool
nsk_docx_styles_ruled(const NskDocxStyles *self, const NskXmlNode *properties)
{
    const NskXmlNode *chain[MAX_CHAIN];
    size_t n = chain_of(self, child_value(properties, "tblStyle"), chain);
    int ruled = nsk_docx_borders(properties, "tblBorders");

    for (size_t i = n; ruled < 0 && i > 0; i--)
        ruled = nsk_docx_borders(nsk_xml_child(chain[i - 1], "tblPr"), "tblBorders");
    return ruled > 0;
}

unsigned
nsk_docx_styles_run(const NskDocxStyles *self, const NskXmlNode *properties, unsigned marks)
{
    const NskXmlNode *chain[MAX_CHAIN];
    size_t n = chain_of(self, child_value(properties, "rStyle"), chain);

    for (size_t i = 0; i < n; i++)
        marks = apply_marks(nsk_xml_child(chain[i], "rPr"), marks);
    return apply_marks(properties, marks);
}
