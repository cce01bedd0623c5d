/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A kind of letter (templates/schema/kind.rng), and the check of a letter against it.
 *
 * Rules beyond the schema, each an issue at its place:
 *   (1) the kind has an Indonesian name; names of one language, rules and lines of the head are
 * there once each; (2) contexts and tests of rules are XPath 1.0 without variables and foreign
 * functions; (3) layouts but "letter" have a title; (4) the skeleton is a letter of this kind.
 */
#include "base/message.h"
#include "render/letter/letter-private.h"

#include <string.h>

#define KIND_SCHEMA "templates/schema/kind.rng"

/* A compiled rule. */
typedef struct {
    const char *tag; /* "kind-NAME"; static */
    NskSeverity severity;
    NskXPath *context;
    NskXPath *test;
    const NskXmlNode *node; /* borrowed from the kind's document */
} Rule;

struct _NskKind {
    NskXmlDoc *doc;
    GHashTable *titles; /* language -> name */
    GArray *rules;      /* of Rule */
    GBytes *skeleton;
};

static void
rule_clear(void *data)
{
    Rule *rule = data;

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

static const char *
language_of(const NskXmlNode *node)
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

static void
take_rules(NskKind *self, NskIssues *issues)
{
    NskXmlNode *root = nsk_xml_doc_get_root(self->doc);

    for (NskXmlNode *node = nsk_xml_first(root); node != NULL; node = nsk_xml_next(node)) {
        if (strcmp(nsk_xml_name(node), "rule") != 0)
            continue;
        g_autofree char *tag = g_strconcat("kind-", nsk_xml_attr(node, "name"), NULL);
        bool warning = strcmp(nsk_xml_attr(node, "severity"), "warning") == 0;
        Rule rule = {
            .tag = g_intern_string(tag),
            .severity = warning ? NSK_SEVERITY_WARNING : NSK_SEVERITY_ERROR,
            .context = compile(self->doc, node, "context", issues),
            .test = compile(self->doc, node, "test", issues),
            .node = node,
        };
        g_array_append_val(self->rules, rule);
    }
}

/* (1) */
static void
take_titles(NskKind *self, NskIssues *issues)
{
    NskXmlNode *root = nsk_xml_doc_get_root(self->doc);

    for (NskXmlNode *node = nsk_xml_first(root); node != NULL; node = nsk_xml_next(node)) {
        if (strcmp(nsk_xml_name(node), "name") != 0)
            continue;
        if (!g_hash_table_replace(self->titles, g_strdup(language_of(node)),
                                  nsk_xml_text_folded(node)))
            nsk_xml_issue(self->doc, node, issues, "kind-name",
                          nsk_tr("there are two names in the language '%s'; remove one"),
                          language_of(node));
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
    self->rules = g_array_new(FALSE, FALSE, sizeof(Rule));
    g_array_set_clear_func(self->rules, rule_clear);

    NskXmlNode *root = nsk_xml_doc_get_root(self->doc);
    take_titles(self, found);
    take_rules(self, found);
    take_skeleton(self, found);
    nsk_form_check_unique(self->doc, root, "rule", "name", found);
    nsk_form_check_unique(self->doc, root, "part", "name", found);
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

static unsigned
max_of(const NskKind *self, const char *name)
{
    NskXmlNode *node = nsk_xml_child(nsk_kind_get_root(self), name);

    return (unsigned)g_ascii_strtoull(nsk_xml_attr(node, "max"), NULL, 10);
}

unsigned
nsk_kind_get_max_addressees(const NskKind *self)
{
    return max_of(self, "addressees");
}

unsigned
nsk_kind_get_max_signatories(const NskKind *self)
{
    return max_of(self, "signatories");
}

GBytes *
nsk_kind_get_skeleton(const NskKind *self)
{
    return self->skeleton;
}

/* --- The check of a letter ------------------------------------------------------------------ */

typedef struct {
    const NskXmlDoc *letter;
    const char *language;
    NskIssues *issues;
} Check;

/* The sentence in the language asked for; a macro, so that the compiler sees the formats. */
#define SAY(check, english, indonesian)                                                            \
    (strcmp((check)->language, "en") == 0 ? (english) : (indonesian))

static void
check_part(const Check *check, const NskXmlNode *part)
{
    const char *name = nsk_xml_attr(part, "name");
    NskXmlNode *root = nsk_xml_doc_get_root(check->letter);
    NskXmlNode *found = nsk_xml_child(root, name);
    g_autofree char *text = found != NULL ? nsk_xml_text_folded(found) : NULL;
    const char *ns, *attribute, *value;
    bool there = found != NULL && (nsk_xml_first(found) != NULL || *text != '\0' ||
                                   nsk_xml_attr_at(found, 0, &ns, &attribute, &value));
    bool required = strcmp(nsk_xml_attr(part, "use"), "required") == 0;

    if (required && !there)
        nsk_xml_issue(check->letter, found != NULL ? found : root, check->issues, "kind-part",
                      SAY(check, "letters of this kind need '%s'; fill it in",
                          "jenis surat ini memerlukan '%s'; lengkapi bagian tersebut"),
                      name);
    else if (!required && there)
        nsk_xml_issue(check->letter, found, check->issues, "kind-part",
                      SAY(check, "letters of this kind have no '%s'; remove it",
                          "jenis surat ini tidak memuat '%s'; hapus bagian tersebut"),
                      name);
}

static unsigned
count_children(const NskXmlNode *node)
{
    unsigned n = 0;

    if (node == NULL)
        return 0;
    for (NskXmlNode *child = nsk_xml_first(node); child != NULL; child = nsk_xml_next(child))
        n++;
    return n;
}

static void
check_counts(const NskKind *self, const Check *check)
{
    static const struct {
        const char *part, *max, *tag, *english, *indonesian;
    } counts[] = {
        { "to", "addressees", "kind-addressees", "addressees", "penerima" },
        { "signatories", "signatories", "kind-signatories", "signatories", "penanda tangan" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++) {
        NskXmlNode *part = nsk_xml_child(nsk_xml_doc_get_root(check->letter), counts[i].part);
        const char *noun = SAY(check, counts[i].english, counts[i].indonesian);
        unsigned n = count_children(part);
        unsigned max = max_of(self, counts[i].max);

        if (n > max)
            nsk_xml_issue(check->letter, part, check->issues, counts[i].tag,
                          SAY(check,
                              "letters of this kind have at most %u %s, this one has %u; remove "
                              "some",
                              "jenis surat ini memuat paling banyak %u %s, surat ini memuat %u; "
                              "kurangi"),
                          max, noun, n);
    }
}

static void
check_outsiders(const NskKind *self, const Check *check)
{
    NskXmlNode *rule = nsk_xml_child(nsk_kind_get_root(self), "addressees");
    NskXmlNode *to = nsk_xml_child(nsk_xml_doc_get_root(check->letter), "to");

    if (to == NULL || strcmp(nsk_xml_attr(rule, "outsiders"), "yes") == 0)
        return;
    for (NskXmlNode *node = nsk_xml_first(to); node != NULL; node = nsk_xml_next(node)) {
        if (strcmp(nsk_xml_name(node), "outsider") == 0)
            nsk_xml_issue(
                check->letter, node, check->issues, "kind-outsider", "%s",
                SAY(check,
                    "letters of this kind go to positions of the agency only; choose a "
                    "position, or another kind of letter",
                    "jenis surat ini hanya untuk jabatan di dalam instansi; pilih jabatan "
                    "atau gunakan jenis surat lain"));
    }
}

/* The rule's sentence in the language asked for, else its first. */
static char *
rule_text(const Rule *rule, const char *language)
{
    const NskXmlNode *chosen = nsk_xml_first(rule->node);

    for (NskXmlNode *node = nsk_xml_first(rule->node); node != NULL; node = nsk_xml_next(node)) {
        if (g_strcmp0(language_of(node), language) == 0)
            chosen = node;
    }
    return nsk_xml_text_folded(chosen);
}

static bool
check_rule(const Check *check, const Rule *rule, GError **error)
{
    g_auto(NskXPathValue) where = { 0 };

    if (!nsk_xpath_eval(rule->context, nsk_xml_doc_get_root(check->letter), NULL, &where, error))
        return false;
    for (guint i = 0; where.type == NSK_XPATH_NODES && i < where.nodes->len; i++) {
        const NskXmlNode *node = g_ptr_array_index(where.nodes, i);
        g_auto(NskXPathValue) value = { 0 };

        if (!nsk_xpath_eval(rule->test, node, NULL, &value, error))
            return false;
        if (nsk_xpath_value_bool(&value))
            continue;
        g_autofree char *text = rule_text(rule, check->language);
        NskIssue place = { .tag = rule->tag,
                           .severity = rule->severity,
                           .file = (char *)(uintptr_t)nsk_xml_doc_get_name(check->letter),
                           .line = nsk_xml_line(node),
                           .column = nsk_xml_column(node) };
        nsk_issues_add(check->issues, &place, "%s", text);
    }
    return true;
}

bool
nsk_kind_check_letter(const NskKind *self,
                      const NskXmlDoc *letter,
                      const char *language,
                      NskIssues *issues,
                      GError **error)
{
    const Check check = { letter, language, issues };
    NskXmlNode *root = nsk_xml_doc_get_root(letter);
    const char *kind = nsk_xml_attr(root, "kind");

    if (g_strcmp0(kind, nsk_kind_get_id(self)) != 0) {
        nsk_xml_issue(letter, root, issues, "kind-mismatch",
                      SAY(&check, "the letter is of kind '%s', not '%s'",
                          "surat ini berjenis '%s', bukan '%s'"),
                      kind != NULL ? kind : "", nsk_kind_get_id(self));
        return true;
    }
    check_counts(self, &check);
    check_outsiders(self, &check);
    for (NskXmlNode *node = nsk_xml_first(nsk_kind_get_root(self)); node != NULL;
         node = nsk_xml_next(node)) {
        if (strcmp(nsk_xml_name(node), "part") == 0)
            check_part(&check, node);
    }
    for (guint i = 0; i < self->rules->len; i++) {
        if (!check_rule(&check, &g_array_index(self->rules, Rule, i), error))
            return false;
    }
    return true;
}
