/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Checking a document by a RELAX NG schema (ISO/IEC 19757-2), with findings for people: what is
 * wrong, and what would be allowed in its place.
 *
 * The content of an element is a pattern; each attribute, each piece of text and each child takes
 * its derivative (schema-pattern.c), and what the pattern still holds when nothing fits is what was
 * allowed.  After a fault the check goes on as if it were mended: a lacking element as if it were
 * there, an element that does not belong as if it were not.  A child for which several patterns
 * would do by name is tried with each in silence.
 */
#include "base/message.h"
#include "xml/schema-private.h"

#include <string.h>

#define TAG "xml-schema"
/* Bytes of the document that a finding repeats. */
#define MAX_SHOWN 60

typedef struct {
    const NskXmlDoc *doc;
    NskIssues *issues;
    NskPatternSet *set;
    GHashTable *memo; /* Step -> pattern */
    bool silent;
    bool found;
} Check;

/* A derivative that was taken before. */
typedef struct {
    const NskPattern *p;
    const NskPattern *element;
    const NskPattern *after;
} Step;

static guint
step_hash(gconstpointer key)
{
    const Step *step = key;

    return g_direct_hash(step->p) * 31 + g_direct_hash(step->element);
}

static gboolean
step_equal(gconstpointer a, gconstpointer b)
{
    const Step *x = a;
    const Step *y = b;

    return x->p == y->p && x->element == y->element;
}

static const NskPattern *
after_element(Check *check, const NskPattern *p, const NskPattern *element)
{
    Step *step = g_hash_table_lookup(check->memo, &(Step){ p, element, NULL });

    if (step == NULL) {
        step = g_new(Step, 1);
        *step = (Step){ p, element, nsk_pattern_after_element(check->set, p, element, false) };
        g_hash_table_add(check->memo, step);
    }
    return step->after;
}

static void G_GNUC_PRINTF(3, 4)
    report(Check *check, const NskXmlNode *node, const char *format, ...)
{
    va_list args;

    check->found = true;
    if (check->silent)
        return;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    nsk_xml_issue(check->doc, node, check->issues, TAG, "%s", text);
}

static void
add_once(GPtrArray *array, const NskPattern *p)
{
    if (!g_ptr_array_find(array, p, NULL))
        g_ptr_array_add(array, (gpointer)(uintptr_t)p);
}

/* The elements and texts that may come next in @p. */
static void
collect_next(const NskPattern *p, GPtrArray *leaves)
{
    if (p->kind == NSK_PATTERN_ATTRIBUTE || p->kind <= NSK_PATTERN_NOT_ALLOWED)
        return;
    if (p->kind < NSK_PATTERN_CHOICE) {
        add_once(leaves, p);
        return;
    }
    collect_next(p->a, leaves);
    if (p->kind == NSK_PATTERN_CHOICE || p->kind == NSK_PATTERN_INTERLEAVE ||
        (p->kind == NSK_PATTERN_GROUP && p->a->nullable))
        collect_next(p->b, leaves);
}

/* Those of which one must come next in @p. */
static void
collect_required(const NskPattern *p, GPtrArray *leaves)
{
    if (p->nullable || p->kind == NSK_PATTERN_ATTRIBUTE || p->kind <= NSK_PATTERN_NOT_ALLOWED)
        return;
    if (p->kind < NSK_PATTERN_CHOICE) {
        add_once(leaves, p);
    } else if (p->kind == NSK_PATTERN_ONE_OR_MORE) {
        collect_required(p->a, leaves);
    } else if (p->kind == NSK_PATTERN_GROUP) {
        collect_required(p->a->nullable ? p->b : p->a, leaves);
    } else {
        collect_required(p->a, leaves);
        collect_required(p->b, leaves);
    }
}

static void
collect_attributes(const NskPattern *p, GPtrArray *leaves)
{
    if (p->kind == NSK_PATTERN_ATTRIBUTE)
        add_once(leaves, p);
    if (p->kind < NSK_PATTERN_CHOICE)
        return;
    collect_attributes(p->a, leaves);
    if (p->kind != NSK_PATTERN_ONE_OR_MORE)
        collect_attributes(p->b, leaves);
}

/* Attributes without which the start tag cannot end. */
static void
collect_required_attributes(Check *check, const NskPattern *p, GPtrArray *leaves)
{
    if (p->kind == NSK_PATTERN_ATTRIBUTE)
        add_once(leaves, p);
    if (p->kind < NSK_PATTERN_CHOICE ||
        nsk_pattern_close_tag(check->set, p, false)->kind != NSK_PATTERN_NOT_ALLOWED)
        return;
    collect_required_attributes(check, p->a, leaves);
    if (p->kind == NSK_PATTERN_GROUP || p->kind == NSK_PATTERN_INTERLEAVE)
        collect_required_attributes(check, p->b, leaves);
}

static void
append_names(GString *text, const NskNames *names)
{
    if (names->kind == NSK_NAMES_CHOICE) {
        append_names(text, names->a);
        g_string_append(text, ", ");
        append_names(text, names->b);
    } else if (names->kind == NSK_NAMES_ONE) {
        bool is_xml = strcmp(names->ns, (const char *)XML_XML_NAMESPACE) == 0;

        g_string_append_printf(text, "%s%s", is_xml ? "xml:" : "", names->name);
    } else if (names->kind == NSK_NAMES_ANY) {
        g_string_append(text, nsk_tr("any name"));
    } else {
        g_string_append_printf(text, nsk_tr("any name of %s"), names->ns);
    }
}

static void
append_leaf(GString *text, const NskPattern *p)
{
    g_autofree char *words = p->data != NULL ? nsk_data_type_describe(p->data) : NULL;
    g_autoptr(GPtrArray) items = NULL;

    if (p->names != NULL) {
        append_names(text, p->names);
    } else if (p->kind == NSK_PATTERN_LIST) {
        items = g_ptr_array_new();
        collect_next(p->a, items);
        g_string_append(text, nsk_tr("a list of:"));
        for (guint i = 0; i < items->len; i++) {
            g_string_append_c(text, ' ');
            append_leaf(text, g_ptr_array_index(items, i));
        }
    } else {
        g_string_append(text,
                        p->value != NULL ? p->value : (words != NULL ? words : nsk_tr("text")));
    }
}

/* "a, b, c"; freed with g_free(). */
static char *
list_leaves(const GPtrArray *leaves)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < leaves->len; i++) {
        if (i > 0)
            g_string_append(text, ", ");
        append_leaf(text, g_ptr_array_index(leaves, i));
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* What may come next in @p, in words; freed with g_free(). */
static char *
describe_next(const NskPattern *p)
{
    g_autoptr(GPtrArray) leaves = g_ptr_array_new();

    collect_next(p, leaves);
    if (leaves->len == 0)
        return g_strdup(nsk_tr("nothing more is allowed here"));
    g_autofree char *list = list_leaves(leaves);
    return g_strdup_printf(nsk_tr("allowed here: %s"), list);
}

/* On one line and not too long; freed with g_free(). */
static char *
shorten(const char *text)
{
    g_autofree char *folded = g_strdup(text);

    g_strdelimit(folded, "\t\r\n", ' ');
    g_strstrip(folded);
    if (strlen(folded) <= MAX_SHOWN)
        return g_steal_pointer(&folded);
    const char *end = g_utf8_find_prev_char(folded, folded + MAX_SHOWN + 1);
    g_autofree char *start = g_strndup(folded, (gsize)(end - folded));
    return g_strconcat(start, "...", NULL);
}

static char *
attribute_name(const NskXmlAttribute *attribute)
{
    bool is_xml = strcmp(attribute->ns, (const char *)XML_XML_NAMESPACE) == 0;

    if (*attribute->ns == '\0' || is_xml)
        return g_strconcat(is_xml ? "xml:" : "", attribute->name, NULL);
    return g_strdup_printf("{%s}%s", attribute->ns, attribute->name);
}

/* What the attributes among @leaves that have this name allow; freed with g_free(). */
static char *
describe_values(const GPtrArray *leaves, const NskXmlAttribute *attribute)
{
    g_autoptr(GPtrArray) values = g_ptr_array_new();

    for (guint i = 0; i < leaves->len; i++) {
        const NskPattern *p = g_ptr_array_index(leaves, i);

        if (nsk_names_contain(p->names, attribute->ns, attribute->name))
            collect_next(p->a, values);
    }
    return list_leaves(values);
}

static const NskPattern *
fault_in_attribute(Check *check,
                   const NskXmlNode *node,
                   const NskPattern *p,
                   const NskXmlAttribute *attribute)
{
    NskXmlAttribute any = { attribute->ns, attribute->name, NULL };
    const NskPattern *after = nsk_pattern_after_attribute(check->set, p, &any);
    g_autoptr(GPtrArray) leaves = g_ptr_array_new();
    g_autofree char *name = attribute_name(attribute);
    g_autofree char *value = shorten(attribute->value);

    collect_attributes(p, leaves);
    if (after->kind != NSK_PATTERN_NOT_ALLOWED) {
        g_autofree char *values = describe_values(leaves, attribute);

        report(check, node, nsk_tr("attribute '%s' has the value '%s'; allowed: %s"), name, value,
               values);
        return after;
    }
    g_autofree char *list = list_leaves(leaves);
    if (leaves->len > 0)
        report(check, node, nsk_tr("attribute '%s' is not allowed in '%s'; allowed here: %s"), name,
               nsk_xml_name(node), list);
    else
        report(check, node,
               nsk_tr("attribute '%s' is not allowed in '%s'; no more attributes are allowed"),
               name, nsk_xml_name(node));
    return p;
}

static const NskPattern *
check_attributes(Check *check, const NskXmlNode *node, const NskPattern *p)
{
    g_autoptr(GPtrArray) lacking = g_ptr_array_new();
    NskXmlAttribute attribute;
    const NskPattern *closed;

    for (size_t i = 0; nsk_xml_attr_at(node, i, &attribute.ns, &attribute.name, &attribute.value);
         i++) {
        const NskPattern *after = nsk_pattern_after_attribute(check->set, p, &attribute);

        if (after->kind == NSK_PATTERN_NOT_ALLOWED)
            after = fault_in_attribute(check, node, p, &attribute);
        p = after;
    }
    closed = nsk_pattern_close_tag(check->set, p, false);
    if (closed->kind != NSK_PATTERN_NOT_ALLOWED)
        return closed;
    collect_required_attributes(check, p, lacking);
    for (guint i = 0; i < lacking->len; i++) {
        const NskPattern *one = g_ptr_array_index(lacking, i);
        g_autoptr(GPtrArray) values = g_ptr_array_new();
        g_autoptr(GString) name = g_string_new(NULL);

        append_names(name, one->names);
        collect_next(one->a, values);
        g_autofree char *list = list_leaves(values);
        report(check, node, nsk_tr("element '%s' lacks the attribute '%s'; allowed: %s"),
               nsk_xml_name(node), name->str, list);
    }
    return nsk_pattern_close_tag(check->set, p, true);
}

static bool
is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

static bool check_element(Check *check, const NskXmlNode *node, const NskPattern *element);

/* The patterns that @child may be, next in @p. */
static GPtrArray *
find_candidates(const NskPattern *p, const NskXmlNode *child)
{
    g_autoptr(GPtrArray) leaves = g_ptr_array_new();
    GPtrArray *candidates = g_ptr_array_new();

    collect_next(p, leaves);
    for (guint i = 0; i < leaves->len; i++) {
        const NskPattern *leaf = g_ptr_array_index(leaves, i);

        if (leaf->kind == NSK_PATTERN_ELEMENT &&
            nsk_names_contain(leaf->names, nsk_xml_ns(child), nsk_xml_name(child)))
            add_once(candidates, leaf);
    }
    return candidates;
}

/* All elements of @p at its own level, in order. */
static void
collect_elements(const NskPattern *p, GPtrArray *leaves)
{
    if (p->kind == NSK_PATTERN_ELEMENT)
        add_once(leaves, p);
    if (p->kind < NSK_PATTERN_CHOICE)
        return;
    collect_elements(p->a, leaves);
    if (p->kind != NSK_PATTERN_ONE_OR_MORE)
        collect_elements(p->b, leaves);
}

/* @child does not fit: because something before it lacks, or because it does not belong. */
static const NskPattern *
fault_in_child(Check *check, const NskXmlNode *child, const NskPattern *p)
{
    const NskXmlNode *parent = nsk_xml_parent(child);
    g_autoptr(GPtrArray) elements = g_ptr_array_new();
    g_autoptr(GPtrArray) lacking = g_ptr_array_new();

    collect_elements(p, elements);
    for (guint i = 0; i < elements->len; i++) {
        const NskPattern *element = g_ptr_array_index(elements, i);

        if (!nsk_names_contain(element->names, nsk_xml_ns(child), nsk_xml_name(child)))
            continue;
        collect_required(p, lacking);
        g_autofree char *list = list_leaves(lacking);
        report(check, child,
               lacking->len > 1 ? nsk_tr("before '%s' there must be one of: %s")
                                : nsk_tr("before '%s' there must be an element %s"),
               nsk_xml_name(child), list);
        check_element(check, child, element);
        return nsk_pattern_after_element(check->set, p, element, true);
    }
    g_autofree char *allowed = describe_next(p);
    if (strcmp(nsk_xml_ns(child), nsk_xml_ns(parent)) == 0)
        report(check, child, nsk_tr("element '%s' is not allowed in '%s'; %s"), nsk_xml_name(child),
               nsk_xml_name(parent), allowed);
    else
        report(check, child, nsk_tr("element '%s' of the namespace %s is not allowed in '%s'; %s"),
               nsk_xml_name(child), nsk_xml_ns(child), nsk_xml_name(parent), allowed);
    return p;
}

static bool
check_in_silence(Check *check, const NskXmlNode *node, const NskPattern *element)
{
    bool silent = check->silent;
    bool found = check->found;
    bool ok;

    check->silent = true;
    ok = check_element(check, node, element);
    check->silent = silent;
    check->found = found;
    return ok;
}

static const NskPattern *
check_child(Check *check, const NskXmlNode *child, const NskPattern *p)
{
    g_autoptr(GPtrArray) candidates = find_candidates(p, child);
    const NskPattern *after = nsk_pattern_not_allowed();

    if (candidates->len == 0)
        return fault_in_child(check, child, p);
    for (guint i = 0; candidates->len > 1 && i < candidates->len; i++) {
        const NskPattern *element = g_ptr_array_index(candidates, i);

        if (check_in_silence(check, child, element))
            after = nsk_pattern_choice(check->set, after, after_element(check, p, element));
    }
    if (after->kind != NSK_PATTERN_NOT_ALLOWED)
        return after;
    check_element(check, child, g_ptr_array_index(candidates, 0));
    return after_element(check, p, g_ptr_array_index(candidates, 0));
}

static void
check_end(Check *check, const NskXmlNode *node, const NskPattern *p)
{
    g_autoptr(GPtrArray) lacking = g_ptr_array_new();

    if (p->nullable)
        return;
    collect_required(p, lacking);
    g_autofree char *list = list_leaves(lacking);
    report(check, node,
           lacking->len > 1 ? nsk_tr("element '%s' is not complete; it lacks one of: %s")
                            : nsk_tr("element '%s' is not complete; it lacks %s"),
           nsk_xml_name(node), list);
}

static const NskPattern *
check_text_piece(Check *check, const NskXmlNode *node, const char *text, const NskPattern *p)
{
    const NskPattern *after = nsk_pattern_after_text(check->set, p, text);

    if (after->kind != NSK_PATTERN_NOT_ALLOWED)
        return after;
    g_autofree char *shown = shorten(text);
    g_autofree char *allowed = describe_next(p);
    report(check, node, nsk_tr("the text '%s' is not allowed in '%s'; %s"), shown,
           nsk_xml_name(node), allowed);
    return p;
}

/* Text and elements mixed; blanks between elements never matter. */
static void
check_mixed(Check *check, const NskXmlNode *node, const NskPattern *p)
{
    for (const NskXmlNode *child = nsk_xml_first_any(node); child != NULL;
         child = nsk_xml_next_any(child)) {
        g_autofree char *text = nsk_xml_is_text(child) ? nsk_xml_text(child) : NULL;

        if (text == NULL)
            p = check_child(check, child, p);
        else if (!is_blank(text))
            p = check_text_piece(check, node, text, p);
    }
    check_end(check, node, p);
}

static bool
expects_value(const NskPattern *p)
{
    g_autoptr(GPtrArray) leaves = g_ptr_array_new();

    collect_next(p, leaves);
    for (guint i = 0; i < leaves->len; i++) {
        const NskPattern *leaf = g_ptr_array_index(leaves, i);

        if (leaf->kind == NSK_PATTERN_DATA || leaf->kind == NSK_PATTERN_VALUE ||
            leaf->kind == NSK_PATTERN_LIST)
            return true;
    }
    return false;
}

/* An element without elements in it: its text as a whole is the value. */
static void
check_value(Check *check, const NskXmlNode *node, const NskPattern *p)
{
    g_autofree char *text = nsk_xml_text(node);

    if (nsk_pattern_after_text(check->set, p, text)->nullable || (is_blank(text) && p->nullable))
        return;
    if (!expects_value(p)) {
        check_mixed(check, node, p);
        return;
    }
    g_autoptr(GPtrArray) leaves = g_ptr_array_new();
    collect_next(p, leaves);
    g_autofree char *list = list_leaves(leaves);
    g_autofree char *shown = shorten(text);
    report(check, node, nsk_tr("element '%s' has the text '%s'; allowed: %s"), nsk_xml_name(node),
           shown, list);
}

/* Depth is bounded by the parser.  Returns whether there was no fault. */
static bool
check_element(Check *check, const NskXmlNode *node, const NskPattern *element)
{
    bool found = check->found;
    bool ok;

    check->found = false;
    const NskPattern *p = check_attributes(check, node, element->a);
    if (nsk_xml_first(node) != NULL)
        check_mixed(check, node, p);
    else
        check_value(check, node, p);
    ok = !check->found;
    check->found = check->found || found;
    return ok;
}

static void
check_root(Check *check, const NskPattern *start)
{
    const NskXmlNode *root = nsk_xml_doc_get_root(check->doc);
    g_autoptr(GPtrArray) candidates = find_candidates(start, root);
    g_autoptr(GPtrArray) leaves = g_ptr_array_new();
    const NskPattern *first;

    for (guint i = 0; i + 1 < candidates->len; i++) {
        if (check_in_silence(check, root, g_ptr_array_index(candidates, i)))
            return;
    }
    if (candidates->len > 0) {
        check_element(check, root, g_ptr_array_index(candidates, candidates->len - 1));
        return;
    }
    collect_next(start, leaves);
    g_autofree char *list = list_leaves(leaves);
    first = leaves->len > 0 ? g_ptr_array_index(leaves, 0) : NULL;
    if (first != NULL && first->names != NULL && first->names->kind == NSK_NAMES_ONE)
        report(
            check, root,
            nsk_tr("the document is '%s' of the namespace '%s'; allowed: %s of the namespace '%s'"),
            nsk_xml_name(root), nsk_xml_ns(root), list, first->names->ns);
    else
        report(check, root, nsk_tr("the document cannot be '%s'; allowed: %s"), nsk_xml_name(root),
               list);
}

bool
nsk_xml_schema_check(const NskXmlSchema *self, const NskXmlDoc *doc, NskIssues *issues)
{
    Check check = { .doc = doc, .issues = issues };

    check.set = nsk_pattern_set_new(self->patterns);
    check.memo = g_hash_table_new_full(step_hash, step_equal, g_free, NULL);
    check_root(&check, self->start);
    g_hash_table_unref(check.memo);
    nsk_pattern_set_free(check.set);
    return !check.found;
}

static void
names_free(gpointer data)
{
    NskNames *names = data;

    g_free(names->ns);
    g_free(names->name);
    g_free(names);
}

NskXmlSchema *
nsk_xml_schema_parse(const char *name, const void *data, size_t size, GError **error)
{
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse(name, data, size, error);

    if (doc == NULL)
        return NULL;
    g_autoptr(NskXmlSchema) self = g_new0(NskXmlSchema, 1);
    self->name = g_strdup(name);
    self->patterns = nsk_pattern_set_new(NULL);
    self->names = g_ptr_array_new_with_free_func(names_free);
    return nsk_schema_read(self, doc, error) ? g_steal_pointer(&self) : NULL;
}

void
nsk_xml_schema_free(NskXmlSchema *self)
{
    if (self == NULL)
        return;
    nsk_pattern_set_free(self->patterns);
    g_ptr_array_unref(self->names);
    g_free(self->name);
    g_free(self);
}
