/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A kind of letter (templates/schema/kind.rng).
 *
 * Rules beyond the schema, each an issue at its place:
 *   (1) the kind has an Indonesian name; names of one language, rules, roles, slots and lines of
 * the head are there once each; (2) contexts and tests of rules are XPath 1.0 without variables and
 * foreign functions; (3) layouts but "letter" have a title; (4) the skeleton is a letter of this
 * kind.
 */
#include "base/message.h"
#include "render/letter/kind-private.h"

#include <string.h>

#define KIND_SCHEMA "templates/schema/kind.rng"

static void
rule_clear(void *data)
{
    NskKindRule *rule = data;

    nsk_xpath_free(rule->context);
    nsk_xpath_free(rule->test);
}

static void
kind_clear(void *data)
{
    NskKind *self = data;

    g_clear_pointer(&self->rules, g_array_unref);
    g_clear_pointer(&self->titles, g_hash_table_unref);
    g_clear_pointer(&self->skeleton, g_bytes_unref);
    g_clear_pointer(&self->doc, nsk_xml_doc_free);
}

const char *
nsk_kind_language(const NskXmlNode *node)
{
    return nsk_xml_attr_ns(node, "http://www.w3.org/XML/1998/namespace", "lang");
}

/* (2): an expression at attribute @attr of @node; NULL with an issue if it cannot be used. */
static NskXPath *
compile(const NskXmlDoc *doc, const NskXmlNode *node, const char *attr, NskIssues *issues)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskXPath) path = nsk_xpath_compile(nsk_xml_attr(node, attr), node, &error);

    if (path == NULL) {
        nsk_xml_issue(doc, node, issues, "kind-rule", nsk_tr("the rule's %s cannot be read: %s"),
                      attr, error->message);
        return NULL;
    }
    g_auto(GStrv) variables = nsk_xpath_variables(path);
    g_auto(GStrv) functions = nsk_xpath_functions(path);
    if (variables[0] != NULL || functions[0] != NULL) {
        nsk_xml_issue(
            doc, node, issues, "kind-rule",
            nsk_tr("the rule's %s uses '%s', which does not exist; rules have the functions of "
                   "XPath 1.0 alone, and no variables"),
            attr, variables[0] != NULL ? variables[0] : functions[0]);
        return NULL;
    }
    return g_steal_pointer(&path);
}

GArray *
nsk_kind_rules_compile(const NskXmlDoc *doc, const char *prefix, NskIssues *issues)
{
    const NskXmlNode *root = nsk_xml_doc_get_root(doc);
    GArray *rules = g_array_new(FALSE, FALSE, sizeof(NskKindRule));

    g_array_set_clear_func(rules, rule_clear);
    for (NskXmlNode *node = nsk_xml_first(root); node != NULL; node = nsk_xml_next(node)) {
        if (strcmp(nsk_xml_name(node), "rule") != 0)
            continue;
        g_autofree char *tag = g_strconcat(prefix, nsk_xml_attr(node, "name"), NULL);
        bool warning = strcmp(nsk_xml_attr(node, "severity"), "warning") == 0;
        NskKindRule rule = {
            .tag = g_intern_string(tag),
            .severity = warning ? NSK_SEVERITY_WARNING : NSK_SEVERITY_ERROR,
            .context = compile(doc, node, "context", issues),
            .test = compile(doc, node, "test", issues),
            .node = node,
        };
        g_array_append_val(rules, rule);
    }
    return rules;
}

/* (1) */
static void
take_titles(NskKind *self, NskIssues *issues)
{
    NskXmlNode *root = nsk_xml_doc_get_root(self->doc);

    for (NskXmlNode *node = nsk_xml_first(root); node != NULL; node = nsk_xml_next(node)) {
        if (strcmp(nsk_xml_name(node), "name") != 0)
            continue;
        if (!g_hash_table_replace(self->titles, g_strdup(nsk_kind_language(node)),
                                  nsk_xml_text_folded(node)))
            nsk_xml_issue(self->doc, node, issues, "kind-name",
                          nsk_tr("there are two names in the language '%s'; remove one"),
                          nsk_kind_language(node));
    }
    if (!g_hash_table_contains(self->titles, "id"))
        nsk_xml_issue(self->doc, root, issues, "kind-name",
                      nsk_tr("the kind has no Indonesian name; add <name xml:lang=\"id\">"));
}

/* (3), (4) */
static void
take_skeleton(NskKind *self, NskIssues *issues)
{
    NskXmlNode *root = nsk_xml_doc_get_root(self->doc);
    NskXmlNode *letter = nsk_xml_first(nsk_xml_child(root, "skeleton"));
    const char *kind = nsk_xml_attr(letter, "kind");
    g_autoptr(GError) error = NULL;

    if (g_strcmp0(nsk_kind_get_layout(self), "letter") != 0 && nsk_xml_child(root, "title") == NULL)
        nsk_xml_issue(self->doc, root, issues, "kind-title",
                      nsk_tr("this layout prints a title; add the element 'title'"));
    if (g_strcmp0(kind, nsk_kind_get_id(self)) != 0) {
        nsk_xml_issue(self->doc, letter, issues, "kind-skeleton",
                      nsk_tr("the skeleton is a letter of kind '%s'; write kind=\"%s\""),
                      kind != NULL ? kind : "", nsk_kind_get_id(self));
        return;
    }
    g_autoptr(NskXmlDoc) copy = nsk_xml_doc_copy(letter);
    self->skeleton = nsk_xml_pretty(copy, &error);
    if (self->skeleton == NULL)
        nsk_xml_issue(self->doc, letter, issues, "kind-skeleton",
                      nsk_tr("the skeleton cannot be written: %s"), error->message);
}

NskKind *
nsk_kind_parse(const char *name, const void *data, size_t size, NskIssues *issues, GError **error)
{
    g_autoptr(GBytes) bytes = g_bytes_new_static(data, size);
    g_autoptr(NskIssues) found = nsk_issues_new();
    g_autoptr(NskXmlDoc) doc = nsk_form_read(KIND_SCHEMA, name, bytes, found, error);

    if (doc == NULL) {
        nsk_form_move_issues(found, issues);
        return NULL;
    }
    g_autoptr(NskKind) self = g_atomic_rc_box_new0(NskKind);
    self->doc = g_steal_pointer(&doc);
    self->titles = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

    NskXmlNode *root = nsk_xml_doc_get_root(self->doc);
    if (strcmp(nsk_xml_name(root), "kind") != 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%s' is no kind of letter: its root is '%s', not 'kind'"), name,
                    nsk_xml_name(root));
        return NULL;
    }
    take_titles(self, found);
    self->rules = nsk_kind_rules_compile(self->doc, "kind-", found);
    take_skeleton(self, found);
    nsk_form_check_unique(self->doc, root, "rule", "name", found);
    nsk_form_check_unique(self->doc, root, "part", "name", found);
    nsk_form_check_unique(self->doc, root, "role", "name", found);
    nsk_form_check_unique(self->doc, root, "slot", "name", found);
    nsk_form_check_unique(self->doc, nsk_xml_child(root, "head"), "row", "field", found);
    bool ok = nsk_issues_to_error(found, error);
    nsk_form_move_issues(found, issues);
    return ok ? g_steal_pointer(&self) : NULL;
}

NskKind *
nsk_kind_ref(const NskKind *self)
{
    return g_atomic_rc_box_acquire((NskKind *)(uintptr_t)self);
}

void
nsk_kind_unref(NskKind *self)
{
    if (self != NULL)
        g_atomic_rc_box_release_full(self, kind_clear);
}

const NskXmlNode *
nsk_kind_get_root(const NskKind *self)
{
    return nsk_xml_doc_get_root(self->doc);
}

const char *
nsk_kind_get_id(const NskKind *self)
{
    return nsk_xml_attr(nsk_kind_get_root(self), "id");
}

const char *
nsk_kind_get_title(const NskKind *self, const char *language)
{
    const char *title = g_hash_table_lookup(self->titles, language);

    return title != NULL ? title : g_hash_table_lookup(self->titles, "id");
}

const char *
nsk_kind_get_family(const NskKind *self)
{
    return nsk_xml_attr(nsk_kind_get_root(self), "family");
}

bool
nsk_kind_is_paper(const NskKind *self)
{
    return g_strcmp0(nsk_xml_attr(nsk_kind_get_root(self), "signature"), "paper") == 0;
}

bool
nsk_kind_is_uploaded(const NskKind *self)
{
    return g_strcmp0(nsk_xml_attr(nsk_kind_get_root(self), "layout"), "upload") == 0;
}

const char *
nsk_kind_get_layout(const NskKind *self)
{
    return nsk_xml_attr(nsk_kind_get_root(self), "layout");
}

const char *
nsk_kind_get_workflow(const NskKind *self)
{
    return nsk_xml_attr(nsk_xml_child(nsk_kind_get_root(self), "workflow"), "default");
}

const char *
nsk_kind_get_code(const NskKind *self)
{
    const char *code = nsk_xml_attr(nsk_kind_get_root(self), "code");

    return code != NULL ? code : "";
}

bool
nsk_kind_requires(const NskKind *self, const char *part)
{
    for (NskXmlNode *node = nsk_xml_first(nsk_kind_get_root(self)); node != NULL;
         node = nsk_xml_next(node)) {
        if (strcmp(nsk_xml_name(node), "part") == 0 &&
            strcmp(nsk_xml_attr(node, "name"), part) == 0)
            return strcmp(nsk_xml_attr(node, "use"), "required") == 0;
    }
    return false;
}

/* A count that the kind gives for @name; 0 if it gives none. */
static unsigned
count_of(const NskKind *self, const char *name, const char *attr)
{
    const char *count = nsk_xml_attr(nsk_xml_child(nsk_kind_get_root(self), name), attr);

    return count != NULL ? (unsigned)g_ascii_strtoull(count, NULL, 10) : 0;
}

unsigned
nsk_kind_get_max_addressees(const NskKind *self)
{
    return count_of(self, "addressees", "max");
}

unsigned
nsk_kind_get_max_signatories(const NskKind *self)
{
    return count_of(self, "signatories", "max");
}

GBytes *
nsk_kind_get_skeleton(const NskKind *self)
{
    return self->skeleton;
}

unsigned
nsk_kind_get_min_signatories(const NskKind *self)
{
    unsigned min = count_of(self, "signatories", "min");

    return min > 0 ? min : MIN(1, nsk_kind_get_max_signatories(self));
}

const char *
nsk_kind_get_lowest_echelon(const NskKind *self)
{
    return nsk_xml_attr(nsk_xml_child(nsk_kind_get_root(self), "signatories"), "echelon");
}
