/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Checking a document by a RELAX NG schema (ISO/IEC 19757-2), with findings for people: what is
 * wrong, and what would be allowed in its place.
 *
 * The content of an element is a pattern; each attribute, each piece of text and each child takes
 * its derivative (schema-pattern.c), and what the pattern still holds when nothing fits is what was
 * allowed.  After a fault the check goes on as if it were mended: a lacking element as if it were
 * there, an element that does not belong as if it were not.  A child for which several patterns
 * would do by name is tried with each in silence.  What a pattern becomes is remembered from one
 * check to the next (schema-state.c).
 */
#include "base/message.h"
#include "base/resource.h"
#include "xml/schema-private.h"

#include <string.h>

#define TAG "xml-schema"
/* Bytes of the document that a finding repeats. */
#define MAX_SHOWN 60

typedef struct {
    const NskXmlDoc *doc;
    NskIssues *issues;
    NskStates *states;
    NskPatternSet *set; /* of the states */
    bool silent;
    bool found;
} Check;

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

/* Those of which one must come next in @p. */
static void
collect_required(const NskPattern *p, GPtrArray *leaves)
{
    if (p->nullable || p->kind == NSK_PATTERN_ATTRIBUTE || p->kind <= NSK_PATTERN_NOT_ALLOWED)
        return;
    if (p->kind < NSK_PATTERN_CHOICE) {
        nsk_pattern_add_once(leaves, p);
    } else if (p->kind == NSK_PATTERN_ONE_OR_MORE) {
        collect_required(p->a, leaves);
    } else if (p->kind == NSK_PATTERN_GROUP) {
        collect_required(p->a->nullable ? p->b : p->a, leaves);
    } else {
        collect_required(p->a, leaves);
        collect_required(p->b, leaves);
    }
}

/* Attributes without which the start tag cannot end. */
static void
collect_required_attributes(Check *check, const NskPattern *p, GPtrArray *leaves)
{
    if (p->kind == NSK_PATTERN_ATTRIBUTE)
        nsk_pattern_add_once(leaves, p);
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
        nsk_pattern_collect_next(p->a, items);
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

    nsk_pattern_collect_next(p, leaves);
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
            nsk_pattern_collect_next(p->a, values);
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

    nsk_pattern_collect_attributes(p, leaves);
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
fault_of_lacking(Check *check, const NskXmlNode *node, const NskPattern *p)
{
    g_autoptr(GPtrArray) lacking = g_ptr_array_new();

    collect_required_attributes(check, p, lacking);
    for (guint i = 0; i < lacking->len; i++) {
        const NskPattern *one = g_ptr_array_index(lacking, i);
        g_autoptr(GPtrArray) values = g_ptr_array_new();
        g_autoptr(GString) name = g_string_new(NULL);

        append_names(name, one->names);
        nsk_pattern_collect_next(one->a, values);
        g_autofree char *list = list_leaves(values);
        report(check, node, nsk_tr("element '%s' lacks the attribute '%s'; allowed: %s"),
               nsk_xml_name(node), name->str, list);
    }
    return nsk_pattern_close_tag(check->set, p, true);
}

/* The state of the content. */
static NskState *
check_attributes(Check *check, const NskXmlNode *node, NskState *state)
{
    NskXmlAttribute attribute;
    NskState *closed;

    for (size_t i = 0; nsk_xml_attr_at(node, i, &attribute.ns, &attribute.name, &attribute.value);
         i++) {
        NskState *after = nsk_state_after_attribute(check->states, state, &attribute);

        if (after == NULL)
            after = nsk_states_get(check->states,
                                   fault_in_attribute(check, node, state->p, &attribute));
        state = after;
    }
    closed = nsk_state_close_tag(check->states, state);
    return closed != NULL ? closed
                          : nsk_states_get(check->states, fault_of_lacking(check, node, state->p));
}

static bool
is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

static bool check_element(Check *check, const NskXmlNode *node, NskState *inside);

/* The patterns that @child may be, next in @p. */
static GPtrArray *
find_candidates(const NskPattern *p, const NskXmlNode *child)
{
    g_autoptr(GPtrArray) leaves = g_ptr_array_new();
    GPtrArray *candidates = g_ptr_array_new();

    nsk_pattern_collect_next(p, leaves);
    for (guint i = 0; i < leaves->len; i++) {
        const NskPattern *leaf = g_ptr_array_index(leaves, i);

        if (leaf->kind == NSK_PATTERN_ELEMENT &&
            nsk_names_contain(leaf->names, nsk_xml_ns(child), nsk_xml_name(child)))
            nsk_pattern_add_once(candidates, leaf);
    }
    return candidates;
}

/* All elements of @p at its own level, in order. */
static void
collect_elements(const NskPattern *p, GPtrArray *leaves)
{
    if (p->kind == NSK_PATTERN_ELEMENT)
        nsk_pattern_add_once(leaves, p);
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
        check_element(check, child, nsk_states_get(check->states, element->a));
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
    ok = check_element(check, node, nsk_states_get(check->states, element->a));
    check->silent = silent;
    check->found = found;
    return ok;
}

/* @child, over which no step is known. */
static NskState *
check_new_child(Check *check, const NskXmlNode *child, NskState *state)
{
    g_autoptr(GPtrArray) candidates = find_candidates(state->p, child);
    const NskPattern *after = nsk_pattern_not_allowed();

    if (candidates->len == 0)
        return nsk_states_get(check->states, fault_in_child(check, child, state->p));
    for (guint i = 0; candidates->len > 1 && i < candidates->len; i++) {
        const NskPattern *element = g_ptr_array_index(candidates, i);

        if (check_in_silence(check, child, element))
            after = nsk_pattern_choice(check->set, after,
                                       nsk_state_step(check->states, state, element)->after->p);
    }
    if (after->kind != NSK_PATTERN_NOT_ALLOWED)
        return nsk_states_get(check->states, after);
    const NskPattern *first = g_ptr_array_index(candidates, 0);
    NskStep *step = nsk_state_step(check->states, state, first);
    step->is_only = candidates->len == 1 && first->names->kind == NSK_NAMES_ONE;
    check_element(check, child, step->inside);
    return step->after;
}

static NskState *
check_child(Check *check, const NskXmlNode *child, NskState *state)
{
    const NskStep *step = nsk_state_find_child(state, child);

    if (step == NULL)
        return check_new_child(check, child, state);
    check_element(check, child, step->inside);
    return step->after;
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

static NskState *
check_text_piece(Check *check, const NskXmlNode *node, const char *text, NskState *state)
{
    NskState *after = nsk_state_after_text(check->states, state, text);

    if (after != NULL)
        return after;
    g_autofree char *shown = shorten(text);
    g_autofree char *allowed = describe_next(state->p);
    report(check, node, nsk_tr("the text '%s' is not allowed in '%s'; %s"), shown,
           nsk_xml_name(node), allowed);
    return state;
}

/* Text and elements mixed; blanks between elements never matter. */
static void
check_mixed(Check *check, const NskXmlNode *node, NskState *state)
{
    for (const NskXmlNode *child = nsk_xml_first_any(node); child != NULL;
         child = nsk_xml_next_any(child)) {
        const char *text = nsk_xml_is_text(child) ? nsk_xml_text_in_place(child) : NULL;

        if (text == NULL)
            state = check_child(check, child, state);
        else if (!is_blank(text))
            state = check_text_piece(check, node, text, state);
    }
    check_end(check, node, state->p);
}

/* An element without elements in it: its text as a whole is the value. */
static void
check_value(Check *check, const NskXmlNode *node, NskState *state)
{
    const char *in_place = nsk_xml_text_in_place(node);
    g_autofree char *whole = in_place == NULL ? nsk_xml_text(node) : NULL;
    const char *text = in_place != NULL ? in_place : whole;
    const NskState *after = nsk_state_after_text(check->states, state, text);

    if ((after != NULL && after->p->nullable) || (state->p->nullable && is_blank(text)))
        return;
    if (!state->takes_value) {
        check_mixed(check, node, state);
        return;
    }
    g_autoptr(GPtrArray) leaves = g_ptr_array_new();
    nsk_pattern_collect_next(state->p, leaves);
    g_autofree char *list = list_leaves(leaves);
    g_autofree char *shown = shorten(text);
    report(check, node, nsk_tr("element '%s' has the text '%s'; allowed: %s"), nsk_xml_name(node),
           shown, list);
}

/* Depth is bounded by the parser.  Returns whether there was no fault. */
static bool
check_element(Check *check, const NskXmlNode *node, NskState *inside)
{
    bool found = check->found;
    bool ok;

    check->found = false;
    NskState *content = check_attributes(check, node, inside);
    if (nsk_xml_first(node) != NULL)
        check_mixed(check, node, content);
    else
        check_value(check, node, content);
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
        const NskPattern *last = g_ptr_array_index(candidates, candidates->len - 1);

        check_element(check, root, nsk_states_get(check->states, last->a));
        return;
    }
    nsk_pattern_collect_next(start, leaves);
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

    check.states = nsk_state_pool_take(self->pool);
    check.set = nsk_states_get_set(check.states);
    check_root(&check, self->start);
    nsk_state_pool_give(self->pool, check.states);
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
    if (!nsk_schema_read(self, doc, error))
        return NULL;
    self->pool = nsk_state_pool_new(self->patterns);
    return g_steal_pointer(&self);
}

void
nsk_xml_schema_free(NskXmlSchema *self)
{
    if (self == NULL)
        return;
    nsk_state_pool_free(self->pool);
    nsk_pattern_set_free(self->patterns);
    g_ptr_array_unref(self->names);
    g_free(self->name);
    g_free(self);
}

bool
nsk_xml_schema_check_by(const char *path, const NskXmlDoc *doc, NskIssues *issues, GError **error)
{
    if (doc->is_built_in)
        return true;
    g_autoptr(GBytes) bytes = nsk_resource_load(path, error);
    g_autoptr(NskXmlSchema) schema = bytes != NULL
                                         ? nsk_xml_schema_parse(path, g_bytes_get_data(bytes, NULL),
                                                                g_bytes_get_size(bytes), error)
                                         : NULL;

    if (schema == NULL)
        return false;
    (void)nsk_xml_schema_check(schema, doc, issues);
    return true;
}
