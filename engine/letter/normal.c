/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The normal form of a letter: what is left when everything is gone that an editor may change
 * without changing the letter.
 *
 *   (1) one default namespace, no prefixes, no other declarations;
 *   (2) no blanks between elements where there is no running text;
 *   (3) in running text, and in attributes, a run of white space is one blank; there is none at the
 *       ends, nor beside a br; blanks stay inside or outside of markup as they were;
 *   (4) attributes stand in the order of their namespaces and names;
 *   (5) normalising again changes nothing.
 */
#include "letter/letter-private.h"

#include <string.h>

/* Collapsed texts of a paragraph in the order of the document. */
typedef struct {
    GPtrArray *texts;
    bool after_blank;
} Flow;

bool
nsk_letter_is_one_of(const NskXmlNode *node, const char *const *names)
{
    return strcmp(nsk_xml_ns(node), NSK_LETTER_NS) == 0 &&
           g_strv_contains(names, nsk_xml_name(node));
}

static bool
has_blocks(const NskXmlNode *node)
{
    static const char *const blocks[] = { "p", "ol", "ul", "table", "rows", NULL };

    for (const NskXmlNode *child = nsk_xml_first(node); child != NULL;
         child = nsk_xml_next(child)) {
        if (nsk_letter_is_one_of(child, blocks))
            return true;
    }
    return false;
}

bool
nsk_letter_is_running(const NskXmlNode *node)
{
    static const char *const mixed[] = { "p", "row", "li", "td", "th", NULL };
    static const char *const lines[] = { "security",  "urgency",   "classification", "subject",
                                         "number",    "date",      "place",          "name",
                                         "attention", "reference", "summary",        NULL };

    if (nsk_letter_is_one_of(node, lines))
        return true;
    return nsk_letter_is_one_of(node, mixed) && !has_blocks(node);
}

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Whether all white space in it is single blanks, as it mostly is.  No branch, so that the compiler
 * takes many bytes at once. */
static bool
is_collapsed(const char *text, size_t size)
{
    unsigned char loose = 0;

    for (size_t i = 0; i < size; i++)
        loose |= ((unsigned char)text[i] < ' ') | ((text[i] == ' ') & (text[i + 1] == ' '));
    return loose == 0;
}

static void
add_text(Flow *flow, const NskXmlNode *node)
{
    char *text = nsk_xml_text(node);
    char *to = text;
    size_t size = strlen(text);

    if (size > 0 && !(flow->after_blank && *text == ' ') && is_collapsed(text, size)) {
        flow->after_blank = text[size - 1] == ' ';
        g_ptr_array_add(flow->texts, text);
        return;
    }
    for (const char *from = text; *from != '\0'; from++) {
        if (!is_blank(*from))
            *to++ = *from;
        else if (!flow->after_blank)
            *to++ = ' ';
        flow->after_blank = is_blank(*from);
    }
    *to = '\0';
    g_ptr_array_add(flow->texts, text);
}

/* Takes the blank away with which the text so far may end. */
static void
end_line(Flow *flow)
{
    for (guint i = flow->texts->len; i > 0; i--) {
        char *text = g_ptr_array_index(flow->texts, i - 1);
        size_t size = strlen(text);

        if (size == 0)
            continue;
        if (text[size - 1] == ' ')
            text[size - 1] = '\0';
        break;
    }
    flow->after_blank = true;
}

static void
read_flow(Flow *flow, const NskXmlNode *node)
{
    for (const NskXmlNode *child = nsk_xml_first_any(node); child != NULL;
         child = nsk_xml_next_any(child)) {
        if (nsk_xml_is_text(child))
            add_text(flow, child);
        else if (strcmp(nsk_xml_name(child), "br") == 0)
            end_line(flow);
        else
            read_flow(flow, child);
    }
}

static NskXmlNode *
add_like(NskXmlNode *parent, const NskXmlNode *from)
{
    NskXmlNode *node = nsk_xml_add(parent, NULL, nsk_xml_name(from));

    nsk_xml_set_place_of(node, from);
    return node;
}

typedef struct {
    const char *ns;
    const char *name;
    const char *value;
} Attribute;

static int
compare_attributes(const void *a, const void *b)
{
    const Attribute *x = a;
    const Attribute *y = b;
    int order = strcmp(x->ns, y->ns);

    return order != 0 ? order : strcmp(x->name, y->name);
}

/* Freed with g_free(). */
static char *
fold_value(const char *value)
{
    char *folded = g_strdup(value);
    char *end = folded;

    for (const char *p = folded; *p != '\0'; p++) {
        if (!is_blank(*p))
            *end++ = *p;
        else if (end > folded && end[-1] != ' ')
            *end++ = ' ';
    }
    if (end > folded && end[-1] == ' ')
        end--;
    *end = '\0';
    return folded;
}

static void
copy_attributes(NskXmlNode *to, const NskXmlNode *from)
{
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Attribute));
    Attribute one;

    for (size_t i = 0; nsk_xml_attr_at(from, i, &one.ns, &one.name, &one.value); i++)
        g_array_append_val(all, one);
    g_array_sort(all, compare_attributes);
    for (guint i = 0; i < all->len; i++) {
        const Attribute *attribute = &g_array_index(all, Attribute, i);
        g_autofree char *name =
            g_strconcat(*attribute->ns != '\0' ? "xml:" : "", attribute->name, NULL);
        g_autofree char *value = fold_value(attribute->value);

        nsk_xml_set_attr(to, name, value);
    }
}

/* Copies running text; @texts are its collapsed texts, of which *next comes next. */
static void
write_flow(NskXmlNode *to, const NskXmlNode *from, const GPtrArray *texts, guint *next)
{
    for (const NskXmlNode *child = nsk_xml_first_any(from); child != NULL;
         child = nsk_xml_next_any(child)) {
        if (nsk_xml_is_text(child))
            nsk_xml_add_text(to, g_ptr_array_index(texts, (*next)++));
        else
            write_flow(add_like(to, child), child, texts, next);
    }
}

/* Depth is bounded by the parser. */
static void
write_element(NskXmlNode *to, const NskXmlNode *from)
{
    copy_attributes(to, from);
    if (nsk_letter_is_running(from)) {
        g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
        Flow flow = { texts, true };
        guint next = 0;

        read_flow(&flow, from);
        end_line(&flow);
        write_flow(to, from, texts, &next);
        return;
    }
    for (const NskXmlNode *child = nsk_xml_first(from); child != NULL; child = nsk_xml_next(child))
        write_element(add_like(to, child), child);
}

/* --- In place -------------------------------------------------------------------------------- */

/* Depth is bounded by the parser. */
static void
remove_layout(NskXmlNode *node)
{
    const NskXmlNode *next;

    if (nsk_letter_is_running(node))
        return;
    for (const NskXmlNode *child = nsk_xml_first_any(node); child != NULL; child = next) {
        NskXmlNode *own = (NskXmlNode *)(uintptr_t)child; /* of a document that is the caller's */

        next = nsk_xml_next_any(child);
        if (nsk_xml_is_text(child))
            nsk_xml_remove(own);
        else
            remove_layout(own);
    }
}

void
nsk_letter_tidy(NskXmlNode *letter)
{
    remove_layout(letter);
    nsk_xml_sort_attributes(letter);
}

/* --- Whether it is normal already ------------------------------------------------------------ */

/* A walk through running text. */
typedef struct {
    bool after_blank; /* the line is empty so far, or its last character is a blank */
    bool ends_blank;  /* its last character is a blank */
} Line;

static bool
text_is_normal(Line *line, const char *text)
{
    size_t size = strlen(text);

    if (size == 0 || (line->after_blank && *text == ' ') || !is_collapsed(text, size))
        return false;
    line->ends_blank = line->after_blank = text[size - 1] == ' ';
    return true;
}

static bool flow_is_normal(Line *line, const NskXmlNode *node);

static bool
part_is_normal(Line *line, const NskXmlNode *child)
{
    if (nsk_xml_is_text(child))
        return text_is_normal(line, nsk_xml_text_in_place(child));
    if (strcmp(nsk_xml_name(child), "br") != 0)
        return flow_is_normal(line, child);
    bool normal = !line->ends_blank;
    *line = (Line){ .after_blank = true };
    return normal;
}

static bool
flow_is_normal(Line *line, const NskXmlNode *node)
{
    for (const NskXmlNode *child = nsk_xml_first_any(node); child != NULL;
         child = nsk_xml_next_any(child)) {
        if (!part_is_normal(line, child))
            return false;
    }
    return true;
}

static bool
attributes_are_normal(const NskXmlNode *node)
{
    const char *ns, *name, *value;

    for (size_t i = 0; nsk_xml_attr_at(node, i, &ns, &name, &value); i++) {
        Line line = { .after_blank = true };

        if (*value != '\0' && (!text_is_normal(&line, value) || line.ends_blank))
            return false;
    }
    return true;
}

/* Depth is bounded by the parser. */
static bool
element_is_normal(const NskXmlNode *node)
{
    Line line = { .after_blank = true };

    if (!attributes_are_normal(node))
        return false;
    if (nsk_letter_is_running(node))
        return flow_is_normal(&line, node) && !line.ends_blank;
    for (const NskXmlNode *child = nsk_xml_first_any(node); child != NULL;
         child = nsk_xml_next_any(child)) {
        if (nsk_xml_is_text(child) || !element_is_normal(child))
            return false;
    }
    return true;
}

bool
nsk_letter_is_normal(const NskXmlNode *letter)
{
    return nsk_xml_is_tidy(letter) && element_is_normal(letter);
}

NskXmlDoc *
nsk_letter_normalise(const NskXmlNode *letter)
{
    NskXmlDoc *doc = nsk_xml_doc_new(NSK_LETTER_NS, "letter");
    NskXmlNode *root = nsk_xml_doc_get_root(doc);

    nsk_xml_set_place_of(root, letter);
    write_element(root, letter);
    return doc;
}
