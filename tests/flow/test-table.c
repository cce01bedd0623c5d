/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The manual's table of BPMN 2.0.2 (templates/manual/bpmn.xml) is true and complete: each row is
 * held against what the reader does with a small model that has the element.
 *
 * 1. A row is "NAME, NAME: STATE", or "PLACE + TRIGGER, TRIGGER: STATE" for events.
 * 2. Of each model and each event there is one row, and of each row a model.
 * 3. What is shown only leaves the way of a letter as it is without it.
 * 4. The section "expressions" is no part of the table: its terms are functions there are.
 */
#include "base/resource.h"
#include "flow/flow-private.h"
#include "table-helper.h"

#define XML_NS "http://www.w3.org/XML/1998/namespace"

/* A row of the table, as the page says it. */
typedef struct {
    char **names; /* or places, if there are triggers */
    char **triggers;
    char *state;
} Row;

static void
row_free(Row *self)
{
    g_strfreev(self->names);
    g_strfreev(self->triggers);
    g_free(self->state);
    g_free(self);
}

/* "executed", "shown only", "refused (tag)", in the words of one language. */
static Row *
read_row(const char *term)
{
    const char *colon = strrchr(term, ':');
    const char *plus = strstr(term, " + ");
    Row *row = g_new0(Row, 1);

    g_assert_nonnull(colon);
    g_assert_cmpint(colon[1], ==, ' ');
    row->state = g_strdup(colon + 2);
    g_autofree char *left = g_strndup(term, (gsize)((plus != NULL ? plus : colon) - term));
    row->names = g_strsplit(left, ", ", -1);
    if (plus != NULL) {
        g_autofree char *right = g_strndup(plus + 3, (gsize)(colon - plus - 3));

        row->triggers = g_strsplit(right, ", ", -1);
    }
    return row;
}

static NskXmlDoc *
load_page(void)
{
    static const char path[] = "templates/manual/bpmn.xml";
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = nsk_resource_load(path, &error);

    g_assert_no_error(error);
    NskXmlDoc *doc =
        nsk_xml_parse(path, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), &error);
    g_assert_no_error(error);
    return doc;
}

static NskXmlNode *
text_of(NskXmlDoc *page, const char *language)
{
    NskXmlNode *text = nsk_xml_first(nsk_xml_doc_get_root(page));

    while (g_strcmp0(nsk_xml_attr_ns(text, XML_NS, "lang"), language) != 0)
        text = nsk_xml_next(text);
    return text;
}

static bool
is_about_expressions(NskXmlNode *section)
{
    return g_strcmp0(nsk_xml_attr(section, "id"), "expressions") == 0;
}

/* The rows of the page in one language; its lists but one are the table. */
static GPtrArray *
read_table(const char *language)
{
    g_autoptr(NskXmlDoc) page = load_page();
    GPtrArray *rows = g_ptr_array_new_with_free_func((GDestroyNotify)row_free);

    for (NskXmlNode *section = nsk_xml_first(text_of(page, language)); section != NULL;
         section = nsk_xml_next(section)) {
        NskXmlNode *list = nsk_xml_child(section, "list");
        NskXmlNode *item = list != NULL ? nsk_xml_first(list) : NULL;

        for (; item != NULL && !is_about_expressions(section); item = nsk_xml_next(item))
            g_ptr_array_add(rows, read_row(nsk_xml_attr(item, "term")));
    }
    return rows;
}

static char *
wrap(const char *roots, const char *elements)
{
    return g_strconcat(HEAD ROOTS, roots, "<b:process id='pr' isExecutable='true'>", elements,
                       "</b:process>\n" TAIL, NULL);
}

/* What a letter does at the start, and where it then is. */
static char *
start_of(NskFlow *flow)
{
    g_auto(Instance) self = { .flow = nsk_flow_ref(flow) };
    NskFlowEvent event = { .type = NSK_FLOW_START };
    g_autoptr(GError) error = NULL;

    helper_step(&self, &event, "<facts><drafter position='staf'/></facts>", &error);
    g_assert_no_error(error);
    g_autofree char *actions = helper_describe(self.actions);
    g_autofree char *state = nsk_flow_state_format(self.state);
    return g_strconcat(actions, "\n", state, NULL);
}

static void
check_shown(const char *name, NskFlow *flow)
{
    g_autoptr(NskFlow) plain = helper_process(PLAIN);
    g_autofree char *without = start_of(plain);
    g_autofree char *with = start_of(flow);

    if (!g_str_equal(without, with))
        g_error("'%s' changes what is done: %s", name, with);
}

/* Every fault found must be the one that the row tells. */
static void
check_tags(const char *name, const char *state, const NskIssues *issues)
{
    for (guint i = 0; i < issues->len; i++) {
        const NskIssue *issue = g_ptr_array_index(issues, i);
        g_autofree char *told = g_strdup_printf("refused (%s)", issue->tag);

        if (issue->severity == NSK_SEVERITY_ERROR && !g_str_equal(told, state))
            g_error("'%s' is %s, the table says %s: %s", name, told, state, issue->text);
    }
}

static void
check_model(const char *name, const char *state, const char *text)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(NskFlow) flow = nsk_flow_parse("contoh.bpmn", text, strlen(text), issues, &error);

    if (flow == NULL) {
        g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
        check_tags(name, state, issues);
        return;
    }
    if (g_str_equal(state, "shown only"))
        check_shown(name, flow);
    else if (!g_str_equal(state, "executed"))
        g_error("'%s' is accepted, the table says %s", name, state);
}

/* A link has two ends, and compensation a handler. */
static char *
model_of_event(size_t place, size_t trigger)
{
    bool boundary = g_str_has_prefix(places[place].name, "boundary");
    g_auto(GStrv) parts = g_strsplit(places[place].elements, "@", 2);
    g_autofree char *event = g_strjoinv(triggers[trigger].definition, parts);
    g_auto(GStrv) around = g_strsplit(event, "#", 2);
    g_autofree char *elements = g_strjoinv(triggers[trigger].attribute, around);

    if (g_str_equal(triggers[trigger].name, "link") &&
        g_str_has_prefix(places[place].name, "intermediate"))
        return wrap("", START LINKS F("f1", "s", "l1"));
    if (!boundary || !g_str_equal(triggers[trigger].name, "compensate"))
        return wrap("", elements);
    g_autofree char *with = g_strconcat(elements,
                                        "<b:task id='y' isForCompensation='true'/>"
                                        "<b:association sourceRef='x' targetRef='y'/>",
                                        NULL);
    return wrap("", with);
}

/* Once each. */
static void
note(GHashTable *seen, const char *first, const char *second)
{
    char *name = g_strconcat(first, second, NULL);

    if (!g_hash_table_add(seen, name))
        g_error("the table has two rows of '%s'", first);
}

static void
check_event(const char *place, const char *trigger, const char *state, GHashTable *seen)
{
    bool every = g_str_equal(place, "every event");
    unsigned found = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
        for (size_t k = 0; k < G_N_ELEMENTS(triggers); k++) {
            g_autofree char *text = NULL;

            if ((!every && !g_str_equal(place, places[i].name)) ||
                !g_str_equal(trigger, triggers[k].name))
                continue;
            found++;
            text = model_of_event(i, k);
            check_model(places[i].name, state, text);
            note(seen, places[i].name, trigger);
        }
    }
    if (found == 0)
        g_error("'%s + %s' is no event", place, trigger);
}

static void
check_element(const char *name, const char *state, GHashTable *seen)
{
    for (size_t i = 0; i < G_N_ELEMENTS(models); i++) {
        if (!g_str_equal(name, models[i].name))
            continue;
        g_autofree char *text = wrap(models[i].roots, models[i].elements);

        check_model(name, state, text);
        note(seen, name, "");
        return;
    }
    g_error("there is no model of '%s'", name);
}

static void
check_row(const Row *row, GHashTable *seen)
{
    for (size_t i = 0; row->names[i] != NULL; i++) {
        if (row->triggers == NULL)
            check_element(row->names[i], row->state, seen);
        for (size_t k = 0; row->triggers != NULL && row->triggers[k] != NULL; k++)
            check_event(row->names[i], row->triggers[k], row->state, seen);
    }
}

static void
test_rows(void)
{
    g_autoptr(GPtrArray) rows = read_table("en");
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < rows->len; i++)
        check_row(g_ptr_array_index(rows, i), seen);
    for (size_t i = 0; i < G_N_ELEMENTS(models); i++) {
        if (!g_hash_table_contains(seen, models[i].name))
            g_error("the table has no row of '%s'", models[i].name);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(places) * G_N_ELEMENTS(triggers); i++) {
        g_autofree char *name = g_strconcat(places[i / G_N_ELEMENTS(triggers)].name,
                                            triggers[i % G_N_ELEMENTS(triggers)].name, NULL);

        if (!g_hash_table_contains(seen, name))
            g_error("the table has no row of '%s'", name);
    }
}

static bool
has_name(const GPtrArray *rows, const char *name)
{
    g_autofree char *trigger = g_str_has_suffix(name, "EventDefinition")
                                   ? g_strndup(name, strlen(name) - strlen("EventDefinition"))
                                   : NULL;

    for (guint i = 0; i < rows->len; i++) {
        const Row *row = g_ptr_array_index(rows, i);

        if (g_strv_contains((const char *const *)row->names, name) ||
            (trigger != NULL && row->triggers != NULL &&
             g_strv_contains((const char *const *)row->triggers, trigger)))
            return true;
    }
    return false;
}

static void
test_complete(void)
{
    g_autoptr(GPtrArray) rows = read_table("en");

    for (size_t i = 0; i < G_N_ELEMENTS(elements_of_bpmn); i++) {
        if (!has_name(rows, elements_of_bpmn[i]))
            g_error("the table has no row of '%s'", elements_of_bpmn[i]);
    }
}

static bool
same_words(char **one, char **other)
{
    if (one == NULL || other == NULL)
        return one == other;
    return g_strv_equal((const char *const *)one, (const char *const *)other);
}

static void
test_languages(void)
{
    static const struct {
        const char *english;
        const char *indonesian;
    } words[] = {
        { "executed", "dijalankan" },
        { "shown only", "hanya ditampilkan" },
        { "refused", "ditolak" },
    };
    g_autoptr(GPtrArray) english = read_table("en");
    g_autoptr(GPtrArray) indonesian = read_table("id");

    g_assert_cmpuint(english->len, ==, indonesian->len);
    for (guint i = 0; i < english->len; i++) {
        Row *row = g_ptr_array_index(english, i);
        Row *other = g_ptr_array_index(indonesian, i);
        bool same = false;

        g_assert_true(same_words(row->names, other->names));
        g_assert_true(same_words(row->triggers, other->triggers));
        for (size_t k = 0; k < G_N_ELEMENTS(words); k++)
            same = same || (g_str_has_prefix(row->state, words[k].english) &&
                            g_str_has_prefix(other->state, words[k].indonesian) &&
                            g_str_equal(row->state + strlen(words[k].english),
                                        other->state + strlen(words[k].indonesian)));
        if (!same)
            g_error("'%s' is %s and %s", row->names[0], row->state, other->state);
    }
}

/* The functions that the page lists in one language, each of them there; how many of our own. */
static unsigned
check_functions(const char *language)
{
    g_autoptr(NskXmlDoc) page = load_page();
    NskXmlNode *section = nsk_xml_first(text_of(page, language));
    unsigned own = 0;

    while (section != NULL && !is_about_expressions(section))
        section = nsk_xml_next(section);
    g_assert_nonnull(section);
    for (NskXmlNode *item = nsk_xml_first(nsk_xml_child(section, "list")); item != NULL;
         item = nsk_xml_next(item)) {
        const char *term = nsk_xml_attr(item, "term");
        bool is_own = g_str_has_prefix(term, "naskah:");
        const char *start = is_own ? term + strlen("naskah:") : term;
        g_autofree char *name = g_strndup(start, strcspn(start, "("));

        if (!nsk_flow_has_function(is_own ? NSK_FLOW_NS : BPMN_NS, name))
            g_error("there is no function '%s'", term);
        own += is_own ? 1 : 0;
    }
    return own;
}

static void
test_functions(void)
{
    static const char *const all[] = {
        "today", "now", "add-days", "add-working-days", "days-between", "in-role",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        g_assert_true(nsk_flow_has_function(NSK_FLOW_NS, all[i]));
    g_assert_cmpuint(check_functions("id"), ==, G_N_ELEMENTS(all));
    g_assert_cmpuint(check_functions("en"), ==, G_N_ELEMENTS(all));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flow/table/each-row-is-what-the-reader-does", test_rows);
    g_test_add_func("/flow/table/every-element-of-the-standard-has-a-row", test_complete);
    g_test_add_func("/flow/table/both-languages-say-the-same", test_languages);
    g_test_add_func("/flow/table/the-functions-listed-are-those-there-are", test_functions);
    return g_test_run();
}
