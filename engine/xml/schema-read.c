/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading a RELAX NG grammar (XML syntax) into patterns.
 *
 * A definition is read when it is first referred to, and once; the content of an element when all
 * that led to it has been read, so that definitions may refer to themselves through elements.
 * Not supported, and said so: nested grammars, externalRef, parentRef, definitions inside include,
 * and data with except.
 *
 * An attribute "says" of the namespace urn:naskah:schema:1 on data gives the words by which
 * messages describe it to people.
 */
#include "base/message.h"
#include "base/resource.h"
#include "xml/schema-private.h"

#include <string.h>

#define RNG_NS  "http://relaxng.org/ns/structure/1.0"
#define SAYS_NS "urn:naskah:schema:1"

typedef struct {
    NskXmlSchema *schema;
    GHashTable *defines;  /* name -> GPtrArray of borrowed define nodes; "" is start */
    GHashTable *patterns; /* name -> pattern; NULL while it is being read */
    GPtrArray *docs;      /* included documents, owned */
    GQueue *todo;         /* Pending */
    GError **error;
} Reader;

/* An element whose content has still to be read. */
typedef struct {
    NskPattern *pattern;
    const NskXmlNode *node;
    bool after_name_class;
} Pending;

static const NskPattern *read_pattern(Reader *reader, const NskXmlNode *node);

static void G_GNUC_PRINTF(4, 5)
    fail(Reader *reader, const NskXmlNode *node, NskError code, const char *format, ...)
{
    const NskXmlDoc *doc = node->doc->_private;
    va_list args;

    if (*reader->error != NULL)
        return;
    va_start(args, format);
    g_autofree char *why = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error(reader->error, NSK_ERROR, (int)code, "%s:%u:%u: %s", doc->name, nsk_xml_line(node),
                nsk_xml_column(node), why);
}

static bool
is_rng(const NskXmlNode *node, const char *name)
{
    return nsk_xml_is(node, RNG_NS, name);
}

/* Elements of other namespaces are annotations. */
static const NskXmlNode *
skip_foreign(const NskXmlNode *node)
{
    while (node != NULL && strcmp(nsk_xml_ns(node), RNG_NS) != 0)
        node = nsk_xml_next(node);
    return node;
}

static const NskXmlNode *
first_rng(const NskXmlNode *node)
{
    return skip_foreign(nsk_xml_first(node));
}

static const NskXmlNode *
next_rng(const NskXmlNode *node)
{
    return skip_foreign(nsk_xml_next(node));
}

/* The attribute of the nearest ancestor that has it, or "". */
static const char *
inherited(const NskXmlNode *node, const char *name)
{
    for (; node != NULL; node = nsk_xml_parent(node)) {
        const char *value = nsk_xml_attr(node, name);

        if (value != NULL)
            return value;
    }
    return "";
}

static NskNames *
new_names(Reader *reader, NskNamesKind kind)
{
    NskNames *names = g_new0(NskNames, 1);

    names->kind = kind;
    g_ptr_array_add(reader->schema->names, names);
    return names;
}

static const NskNames *
one_name(Reader *reader, const NskXmlNode *node, const char *qname, const char *default_ns)
{
    NskNames *names = new_names(reader, NSK_NAMES_ONE);
    const char *colon = strchr(qname, ':');

    names->ns = g_strdup(default_ns);
    names->name = g_strdup(colon != NULL ? colon + 1 : qname);
    if (colon != NULL) {
        g_autofree char *prefix = g_strndup(qname, (gsize)(colon - qname));
        xmlNs *ns = xmlSearchNs(node->doc, nsk_xml_unconst(node), nsk_xml_chars(prefix));

        if (ns == NULL)
            fail(reader, node, NSK_ERROR_INVALID, nsk_tr("the prefix '%s' is not declared"),
                 prefix);
        g_free(names->ns);
        names->ns = g_strdup(ns != NULL ? nsk_xml_plain(ns->href) : "");
    }
    return names;
}

static const NskNames *read_names(Reader *reader, const NskXmlNode *node);

static const NskNames *
join_names(Reader *reader, const NskXmlNode *parent)
{
    const NskNames *all = NULL;

    for (const NskXmlNode *child = first_rng(parent); child != NULL; child = next_rng(child)) {
        const NskNames *one = read_names(reader, child);

        if (all != NULL) {
            NskNames *choice = new_names(reader, NSK_NAMES_CHOICE);

            choice->a = all;
            choice->b = one;
            all = choice;
        } else {
            all = one;
        }
    }
    if (all == NULL) {
        fail(reader, parent, NSK_ERROR_INVALID, nsk_tr("'%s' holds no name"), nsk_xml_name(parent));
        all = new_names(reader, NSK_NAMES_ANY);
    }
    return all;
}

static const NskNames *
read_names(Reader *reader, const NskXmlNode *node)
{
    NskNames *names;

    if (is_rng(node, "name")) {
        g_autofree char *text = nsk_xml_text_folded(node);

        return one_name(reader, node, text, inherited(node, "ns"));
    }
    if (is_rng(node, "choice"))
        return join_names(reader, node);
    if (!is_rng(node, "anyName") && !is_rng(node, "nsName"))
        fail(reader, node, NSK_ERROR_INVALID, nsk_tr("'%s' is not a name class"),
             nsk_xml_name(node));
    names = new_names(reader, is_rng(node, "nsName") ? NSK_NAMES_OF_NS : NSK_NAMES_ANY);
    names->ns = g_strdup(inherited(node, "ns"));
    if (first_rng(node) != NULL)
        names->except = join_names(reader, first_rng(node));
    return names;
}

typedef const NskPattern *(*Combine)(NskPatternSet *, const NskPattern *, const NskPattern *);

/* The patterns from @first on, as one. */
static const NskPattern *
read_all(Reader *reader, const NskXmlNode *first, Combine combine)
{
    const NskPattern *all = NULL;

    for (const NskXmlNode *child = first; child != NULL; child = next_rng(child)) {
        const NskPattern *one = read_pattern(reader, child);

        all = all == NULL ? one : combine(reader->schema->patterns, all, one);
    }
    return all != NULL ? all : nsk_pattern_empty();
}

static const NskPattern *
read_named(Reader *reader, const NskXmlNode *node, NskPatternKind kind)
{
    NskPattern *p = nsk_pattern_new(reader->schema->patterns, kind);
    const char *name = nsk_xml_attr(node, "name");
    const NskXmlNode *content = first_rng(node);
    const char *own_ns = nsk_xml_attr(node, "ns");
    bool is_element = kind == NSK_PATTERN_ELEMENT;

    if (name == NULL && content == NULL) {
        fail(reader, node, NSK_ERROR_INVALID, nsk_tr("'%s' has no name"), nsk_xml_name(node));
        return nsk_pattern_not_allowed();
    }
    if (name != NULL) {
        p->names = one_name(reader, node, name,
                            is_element ? inherited(node, "ns") : (own_ns != NULL ? own_ns : ""));
    } else {
        p->names = read_names(reader, content);
        content = next_rng(content);
    }
    p->a = nsk_pattern_not_allowed();
    if (is_element) {
        Pending *pending = g_new(Pending, 1);

        *pending = (Pending){ p, node, name == NULL };
        g_queue_push_tail(reader->todo, pending);
    } else {
        p->a = content != NULL ? read_all(reader, content, nsk_pattern_group) : nsk_pattern_text();
    }
    return p;
}

static const NskPattern *
read_data(Reader *reader, const NskXmlNode *node)
{
    bool is_value = is_rng(node, "value");
    NskPattern *p =
        nsk_pattern_new(reader->schema->patterns, is_value ? NSK_PATTERN_VALUE : NSK_PATTERN_DATA);
    const char *type = nsk_xml_attr(node, "type");
    const char *words = nsk_xml_attr_ns(node, SAYS_NS, "says");
    g_autoptr(GError) error = NULL;

    p->data = nsk_data_type_new(type != NULL ? inherited(node, "datatypeLibrary") : "",
                                type != NULL ? type : "", &error);
    if (is_value)
        p->value = nsk_xml_text(node);
    if (words != NULL && p->data != NULL)
        nsk_data_type_set_words(p->data, words);
    for (const NskXmlNode *param = is_value ? NULL : first_rng(node);
         param != NULL && error == NULL; param = next_rng(param)) {
        g_autofree char *value = nsk_xml_text(param);
        const char *name = is_rng(param, "param") ? nsk_xml_attr(param, "name") : NULL;

        nsk_data_type_add_param(p->data, name != NULL ? name : nsk_xml_name(param), value, &error);
    }
    if (error != NULL)
        fail(reader, node, NSK_ERROR_UNSUPPORTED, "%s", error->message);
    return error == NULL ? p : nsk_pattern_not_allowed();
}

static const NskPattern *
read_definition(Reader *reader, const NskXmlNode *user, const char *name)
{
    GPtrArray *nodes = g_hash_table_lookup(reader->defines, name);
    const NskPattern *all = NULL;
    gpointer known = NULL;

    if (g_hash_table_lookup_extended(reader->patterns, name, NULL, &known)) {
        if (known == NULL)
            fail(reader, user, NSK_ERROR_INVALID,
                 nsk_tr("'%s' refers to itself without an element"), name);
        return known != NULL ? known : nsk_pattern_not_allowed();
    }
    if (nodes == NULL) {
        fail(reader, user, NSK_ERROR_INVALID, nsk_tr("there is no definition '%s'"), name);
        return nsk_pattern_not_allowed();
    }
    g_hash_table_insert(reader->patterns, g_strdup(name), NULL);
    for (guint i = 0; i < nodes->len; i++) {
        const NskXmlNode *node = g_ptr_array_index(nodes, i);
        const char *combine = nsk_xml_attr(node, "combine");
        const NskPattern *one = read_all(reader, first_rng(node), nsk_pattern_group);

        if (all == NULL)
            all = one;
        else if (combine != NULL && strcmp(combine, "interleave") == 0)
            all = nsk_pattern_interleave(reader->schema->patterns, all, one);
        else
            all = nsk_pattern_choice(reader->schema->patterns, all, one);
    }
    g_hash_table_insert(reader->patterns, g_strdup(name), (gpointer)(uintptr_t)all);
    return all;
}

static const NskPattern *
read_ref(Reader *reader, const NskXmlNode *node)
{
    const char *name = nsk_xml_attr(node, "name");

    if (name != NULL && *name != '\0')
        return read_definition(reader, node, name);
    fail(reader, node, NSK_ERROR_INVALID, nsk_tr("a ref has no name"));
    return nsk_pattern_not_allowed();
}

static const NskPattern *
read_repeated(Reader *reader, const NskXmlNode *node)
{
    NskPatternSet *set = reader->schema->patterns;
    const NskPattern *content = read_all(reader, first_rng(node), nsk_pattern_group);

    if (is_rng(node, "optional"))
        return nsk_pattern_choice(set, content, nsk_pattern_empty());
    content = nsk_pattern_one_or_more(set, content);
    if (is_rng(node, "oneOrMore"))
        return content;
    return nsk_pattern_choice(set, content, nsk_pattern_empty());
}

static const NskPattern *
read_list(Reader *reader, const NskXmlNode *node)
{
    const NskPattern *content = read_all(reader, first_rng(node), nsk_pattern_group);
    NskPattern *p;

    if (is_rng(node, "mixed"))
        return nsk_pattern_interleave(reader->schema->patterns, nsk_pattern_text(), content);
    p = nsk_pattern_new(reader->schema->patterns, NSK_PATTERN_LIST);
    p->a = content;
    return p;
}

/* The order is that of use in schemas; each name is an element of RELAX NG, section 3. */
static const NskPattern *
read_pattern(Reader *reader, const NskXmlNode *node)
{
    if (is_rng(node, "ref"))
        return read_ref(reader, node);
    if (is_rng(node, "element"))
        return read_named(reader, node, NSK_PATTERN_ELEMENT);
    if (is_rng(node, "attribute"))
        return read_named(reader, node, NSK_PATTERN_ATTRIBUTE);
    if (is_rng(node, "data") || is_rng(node, "value"))
        return read_data(reader, node);
    if (is_rng(node, "optional") || is_rng(node, "zeroOrMore") || is_rng(node, "oneOrMore"))
        return read_repeated(reader, node);
    if (is_rng(node, "choice"))
        return read_all(reader, first_rng(node), nsk_pattern_choice);
    if (is_rng(node, "group"))
        return read_all(reader, first_rng(node), nsk_pattern_group);
    if (is_rng(node, "interleave"))
        return read_all(reader, first_rng(node), nsk_pattern_interleave);
    if (is_rng(node, "list") || is_rng(node, "mixed"))
        return read_list(reader, node);
    if (is_rng(node, "text"))
        return nsk_pattern_text();
    if (is_rng(node, "empty"))
        return nsk_pattern_empty();
    if (!is_rng(node, "notAllowed"))
        fail(reader, node, NSK_ERROR_UNSUPPORTED, nsk_tr("'%s' is not supported in a schema"),
             nsk_xml_name(node));
    return nsk_pattern_not_allowed();
}

static bool collect(Reader *reader, const NskXmlNode *grammar);

static void
include(Reader *reader, const NskXmlNode *node)
{
    const char *path = nsk_xml_attr(node, "href");
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = NULL;
    NskXmlDoc *doc = NULL;

    if (path == NULL || first_rng(node) != NULL || reader->docs->len >= 20) {
        fail(reader, node, NSK_ERROR_UNSUPPORTED,
             nsk_tr("include needs href and has no content; at most 20 are read"));
        return;
    }
    bytes = nsk_resource_load(path, &error);
    if (bytes != NULL)
        doc = nsk_xml_parse(path, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), &error);
    if (doc == NULL) {
        fail(reader, node, NSK_ERROR_INVALID, "%s", error->message);
        return;
    }
    g_ptr_array_add(reader->docs, doc);
    collect(reader, nsk_xml_doc_get_root(doc));
}

/* Notes where each definition of the grammar is. */
static bool
collect(Reader *reader, const NskXmlNode *grammar)
{
    for (const NskXmlNode *node = first_rng(grammar); node != NULL; node = next_rng(node)) {
        const char *name = is_rng(node, "start") ? "" : nsk_xml_attr(node, "name");
        GPtrArray *nodes;

        if (is_rng(node, "include")) {
            include(reader, node);
        } else if (is_rng(node, "div")) {
            collect(reader, node);
        } else if (name == NULL || !(is_rng(node, "define") || is_rng(node, "start"))) {
            fail(reader, node, NSK_ERROR_INVALID, nsk_tr("'%s' is not a definition"),
                 nsk_xml_name(node));
        } else {
            nodes = g_hash_table_lookup(reader->defines, name);
            if (nodes == NULL) {
                nodes = g_ptr_array_new();
                g_hash_table_insert(reader->defines, g_strdup(name), nodes);
            }
            g_ptr_array_add(nodes, nsk_xml_unconst(node));
        }
    }
    return *reader->error == NULL;
}

static void
read_contents(Reader *reader)
{
    Pending *pending;

    while ((pending = g_queue_pop_head(reader->todo)) != NULL) {
        const NskXmlNode *content = first_rng(pending->node);

        if (pending->after_name_class)
            content = next_rng(content);
        pending->pattern->a = read_all(reader, content, nsk_pattern_group);
        g_free(pending);
    }
}

static void
doc_free(gpointer data)
{
    nsk_xml_doc_free(data);
}

static void
nodes_free(gpointer data)
{
    g_ptr_array_unref(data);
}

bool
nsk_schema_read(NskXmlSchema *self, const NskXmlDoc *doc, GError **error)
{
    const NskXmlNode *root = nsk_xml_doc_get_root(doc);
    g_autoptr(GError) fault = NULL;
    Reader reader = { .schema = self, .error = &fault };

    reader.defines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, nodes_free);
    reader.patterns = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    reader.docs = g_ptr_array_new_with_free_func(doc_free);
    reader.todo = g_queue_new();
    if (is_rng(root, "grammar")) {
        if (collect(&reader, root))
            self->start = read_definition(&reader, root, "");
    } else {
        self->start = read_pattern(&reader, root);
    }
    read_contents(&reader);

    g_hash_table_unref(reader.defines);
    g_hash_table_unref(reader.patterns);
    g_ptr_array_unref(reader.docs);
    g_queue_free(reader.todo);
    if (fault == NULL)
        return true;
    g_propagate_error(error, g_steal_pointer(&fault));
    return false;
}
