/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The check of a letter against its kind: parts, counts, roles, slots of the body (kind-slot.c),
 * rules of the kind and of all kinds.  Sentences are in the language asked for.
 */
#include "base/resource.h"
#include "render/letter/kind-private.h"

#include <string.h>

#define KIND_SCHEMA   "templates/schema/kind.rng"
#define GENERAL_RULES "templates/rules/letter.xml"

static void
check_part(const NskKindCheck *check, const NskXmlNode *part)
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
                      NSK_KIND_SAY(check, "letters of this kind need '%s'; fill it in",
                                   "jenis surat ini memerlukan '%s'; lengkapi bagian tersebut"),
                      name);
    else if (!required && there)
        nsk_xml_issue(check->letter, found, check->issues, "kind-part",
                      NSK_KIND_SAY(check, "letters of this kind have no '%s'; remove it",
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

/* The child @name of @parent whose attribute is @value; NULL if there is none. */
static const NskXmlNode *
find_by_name(const NskXmlNode *parent, const char *name, const char *attr, const char *value)
{
    const NskXmlNode *node = nsk_xml_first(parent);

    while (node != NULL && (strcmp(nsk_xml_name(node), name) != 0 ||
                            g_strcmp0(nsk_xml_attr(node, attr), value) != 0))
        node = nsk_xml_next(node);
    return node;
}

static void
check_counts(const NskKind *self, const NskKindCheck *check)
{
    static const struct {
        const char *part, *max, *tag, *english, *indonesian;
    } counts[] = {
        { "to", "addressees", "kind-addressees", "addressees", "penerima" },
        { "signatories", "signatories", "kind-signatories", "signatories", "penanda tangan" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++) {
        NskXmlNode *part = nsk_xml_child(nsk_xml_doc_get_root(check->letter), counts[i].part);
        const char *noun = NSK_KIND_SAY(check, counts[i].english, counts[i].indonesian);
        unsigned n = count_children(part);
        unsigned max = strcmp(counts[i].max, "addressees") == 0
                           ? nsk_kind_get_max_addressees(self)
                           : nsk_kind_get_max_signatories(self);

        if (n > max)
            nsk_xml_issue(
                check->letter, part, check->issues, counts[i].tag,
                NSK_KIND_SAY(check,
                             "letters of this kind have at most %u %s, this one has %u; remove "
                             "some",
                             "jenis surat ini memuat paling banyak %u %s, surat ini memuat %u; "
                             "kurangi"),
                max, noun, n);
    }
}

/* Too few signatories, and those in no role of the kind's or in none that it asks for. */
static void
check_roles(const NskKind *self, const NskKindCheck *check)
{
    const NskXmlNode *kind = nsk_kind_get_root(self);
    const NskXmlNode *root = nsk_xml_doc_get_root(check->letter);
    const NskXmlNode *list = nsk_xml_child(root, "signatories");
    const NskXmlNode *node = list != NULL ? nsk_xml_first(list) : NULL;
    unsigned n = count_children(list), min = nsk_kind_get_min_signatories(self);

    if (n < min && min > 1)
        nsk_xml_issue(check->letter, list != NULL ? list : root, check->issues, "kind-signatories",
                      NSK_KIND_SAY(check,
                                   "letters of this kind have %u signatories at least, this one "
                                   "has %u; add who signs",
                                   "jenis surat ini ditandatangani paling sedikit %u orang, surat "
                                   "ini baru %u; tambahkan penanda tangan"),
                      min, n);
    for (; node != NULL; node = nsk_xml_next(node)) {
        const char *role = nsk_xml_attr(node, "role");

        if (role != NULL && find_by_name(kind, "role", "name", role) == NULL)
            nsk_xml_issue(check->letter, node, check->issues, "kind-role",
                          NSK_KIND_SAY(check,
                                       "nobody signs letters of this kind as '%s'; use a role of "
                                       "the kind's",
                                       "jenis surat ini tidak mengenal peran '%s'; gunakan peran "
                                       "yang ada pada jenisnya"),
                          role);
    }
    for (node = nsk_xml_first(kind); node != NULL; node = nsk_xml_next(node)) {
        if (strcmp(nsk_xml_name(node), "role") == 0 &&
            strcmp(nsk_xml_attr(node, "use"), "required") == 0 && n > 0 &&
            find_by_name(list, "signatory", "role", nsk_xml_attr(node, "name")) == NULL)
            nsk_xml_issue(check->letter, list, check->issues, "kind-role",
                          NSK_KIND_SAY(check, "nobody signs as '%s'; give a signatory this role",
                                       "belum ada yang menandatangani sebagai '%s'; beri peran ini "
                                       "kepada seorang penanda tangan"),
                          nsk_xml_attr(node, "name"));
    }
}

static void
check_outsiders(const NskKind *self, const NskKindCheck *check)
{
    NskXmlNode *rule = nsk_xml_child(nsk_kind_get_root(self), "addressees");
    NskXmlNode *to = nsk_xml_child(nsk_xml_doc_get_root(check->letter), "to");

    if (to == NULL || strcmp(nsk_xml_attr(rule, "outsiders"), "yes") == 0)
        return;
    for (NskXmlNode *node = nsk_xml_first(to); node != NULL; node = nsk_xml_next(node)) {
        if (strcmp(nsk_xml_name(node), "outsider") == 0)
            nsk_xml_issue(
                check->letter, node, check->issues, "kind-outsider", "%s",
                NSK_KIND_SAY(check,
                             "letters of this kind go to positions of the agency only; choose a "
                             "position, or another kind of letter",
                             "jenis surat ini hanya untuk jabatan di dalam instansi; pilih jabatan "
                             "atau gunakan jenis surat lain"));
    }
}

/* The rule's sentence in the language asked for, else its first; and where the rule comes from. */
static char *
rule_text(const NskXmlNode *rule, const char *language)
{
    const NskXmlNode *chosen = nsk_xml_first(rule);
    const char *source = nsk_xml_attr(rule, "source");

    for (NskXmlNode *node = nsk_xml_first(rule); node != NULL; node = nsk_xml_next(node)) {
        if (g_strcmp0(nsk_kind_language(node), language) == 0)
            chosen = node;
    }
    g_autofree char *text = nsk_xml_text_folded(chosen);
    return source != NULL ? g_strdup_printf("%s (%s)", text, source) : g_steal_pointer(&text);
}

static bool
check_rule(const NskKindCheck *check, const NskKindRule *rule, GError **error)
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
        g_autofree char *text = rule_text(rule->node, check->language);
        NskIssue place = { .tag = rule->tag,
                           .severity = rule->severity,
                           .file = (char *)(uintptr_t)nsk_xml_doc_get_name(check->letter),
                           .line = nsk_xml_line(node),
                           .column = nsk_xml_column(node) };
        nsk_issues_add(check->issues, &place, "%s", text);
    }
    return true;
}

static bool
check_rules(const NskKindCheck *check, const GArray *rules, GError **error)
{
    for (guint i = 0; i < rules->len; i++) {
        if (!check_rule(check, &g_array_index(rules, NskKindRule, i), error))
            return false;
    }
    return true;
}

/* Reads the rules of all kinds; NULL if the program's own file is broken. */
static GArray *
load_general(void)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = nsk_resource_load(GENERAL_RULES, &error);
    NskXmlDoc *doc =
        bytes != NULL ? nsk_form_read(KIND_SCHEMA, GENERAL_RULES, bytes, issues, &error) : NULL;
    GArray *rules = doc != NULL ? nsk_kind_rules_compile(doc, "rule-", issues) : NULL;

    if (rules == NULL || issues->len > 0)
        g_error("%s is broken: %s", GENERAL_RULES,
                error != NULL ? error->message : "a rule cannot be compiled");
    return rules; /* for as long as the program runs, with the document */
}

static const GArray *
general_rules(void)
{
    static GArray *rules;

    if (g_once_init_enter(&rules))
        g_once_init_leave(&rules, load_general());
    return rules;
}

bool
nsk_kind_check_letter(const NskKind *self,
                      const NskXmlDoc *letter,
                      const char *language,
                      NskIssues *issues,
                      GError **error)
{
    const NskKindCheck check = { letter, language, issues };
    NskXmlNode *root = nsk_xml_doc_get_root(letter);
    const char *kind = nsk_xml_attr(root, "kind");

    if (g_strcmp0(kind, nsk_kind_get_id(self)) != 0) {
        nsk_xml_issue(letter, root, issues, "kind-mismatch",
                      NSK_KIND_SAY(&check, "the letter is of kind '%s', not '%s'",
                                   "surat ini berjenis '%s', bukan '%s'"),
                      kind != NULL ? kind : "", nsk_kind_get_id(self));
        return true;
    }
    check_counts(self, &check);
    check_outsiders(self, &check);
    check_roles(self, &check);
    for (NskXmlNode *node = nsk_xml_first(nsk_kind_get_root(self)); node != NULL;
         node = nsk_xml_next(node)) {
        if (strcmp(nsk_xml_name(node), "part") == 0)
            check_part(&check, node);
        if (strcmp(nsk_xml_name(node), "slot") == 0)
            nsk_kind_check_slot(&check, node);
    }
    /* what came in was written by others, by rules of their own */
    return check_rules(&check, self->rules, error) &&
           (nsk_xml_child(root, "received") != NULL || check_rules(&check, general_rules(), error));
}
