/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shipped workflows, driven from the draft to the archive as an office drives them. */
#include "base/resource.h"
#include "flow-helper.h"

/* A letter and what happened to it. */
typedef struct {
    Instance instance;
    unsigned n_reviewers;
    unsigned n_signatories;
    unsigned approved;
    unsigned signed_by;
} Letter;

static NskFlow *
load(const char *name)
{
    g_autofree char *path = g_strdup_printf("workflows/%s.bpmn", name);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = nsk_resource_load(path, &error);
    g_autoptr(NskIssues) issues = nsk_issues_new();
    gsize size;

    g_assert_no_error(error);
    const void *data = g_bytes_get_data(bytes, &size);
    NskFlow *flow = nsk_flow_parse(path, data, size, issues, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(issues->len, ==, 0);
    return flow;
}

static void
add_people(GString *text, const char *what, const char *done, unsigned count, unsigned n_done)
{
    g_string_append_printf(text, "<%s>",
                           g_str_equal(what, "reviewer") ? "reviewers" : "signatories");
    for (unsigned i = 0; i < count; i++)
        g_string_append_printf(text, "<%s position='%s-%u' capacity='definitive' %s='%s'/>", what,
                               what, i + 1, done, i < n_done ? "true" : "false");
    g_string_append_printf(text, "</%s>",
                           g_str_equal(what, "reviewer") ? "reviewers" : "signatories");
}

static char *
facts_of(const Letter *letter)
{
    g_autoptr(GString) text = g_string_new("<facts><letter id='x' kind='surat-dinas' "
                                           "security='biasa' urgency='biasa' unit='biro-umum'/>"
                                           "<outcome/><drafter position='konseptor' person='p1'/>");

    add_people(text, "reviewer", "approved", letter->n_reviewers, letter->approved);
    add_people(text, "signatory", "signed", letter->n_signatories, letter->signed_by);
    g_string_append(text, "<coordinators/></facts>");
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* Does the one thing that is open, and expects what comes of it. */
static void
act(Letter *letter, NskFlowEventType type, const char *outcome, const char *wanted)
{
    g_auto(GStrv) keys =
        letter->instance.state != NULL ? nsk_flow_state_get_keys(letter->instance.state) : NULL;
    NskFlowEvent event = { .type = type, .outcome = outcome };
    g_autofree char *facts = facts_of(letter);

    if (keys != NULL) {
        g_assert_cmpuint(g_strv_length(keys), ==, 1);
        event.key = keys[0];
    }
    helper_expect(&letter->instance, &event, facts, wanted);
}

static void
finish(Letter *letter, const char *first, unsigned n)
{
    g_autofree char *serve = g_strdup_printf("%s; serve kirim#%u dispatch", first, n);
    g_autofree char *archive = g_strdup_printf("close kirim#%u; serve arsip#%u archive", n, n + 1);
    g_autofree char *end = g_strdup_printf("close arsip#%u; end selesai completed", n + 1);

    letter->signed_by = letter->n_signatories;
    act(letter, NSK_FLOW_COMPLETE, "sign", serve);
    act(letter, NSK_FLOW_SERVICE_DONE, NULL, archive);
    act(letter, NSK_FLOW_SERVICE_DONE, NULL, end);
    g_assert_true(nsk_flow_state_is_ended(letter->instance.state));
}

static void
test_nobody_reviews(gconstpointer name)
{
    Letter letter = { .instance = { .flow = load(name) }, .n_signatories = 1 };

    act(&letter, NSK_FLOW_START, NULL, "open konsep#1 [konseptor]");
    act(&letter, NSK_FLOW_COMPLETE, "submit", "close konsep#1; open tanda-tangan#2 [signatory-1]");
    finish(&letter, "close tanda-tangan#2", 3);
    helper_clear(&letter.instance);
}

static void
test_one_reviews(gconstpointer name)
{
    Letter letter = { .instance = { .flow = load(name) }, .n_reviewers = 1, .n_signatories = 1 };

    act(&letter, NSK_FLOW_START, NULL, "open konsep#1 [konseptor]");
    act(&letter, NSK_FLOW_COMPLETE, "submit", "close konsep#1; open paraf#2 [reviewer-1]");
    letter.approved = 1;
    act(&letter, NSK_FLOW_COMPLETE, "approve", "close paraf#2; open tanda-tangan#3 [signatory-1]");
    finish(&letter, "close tanda-tangan#3", 4);
    helper_clear(&letter.instance);
}

static void
test_three_review_and_the_second_returns(gconstpointer name)
{
    Letter letter = { .instance = { .flow = load(name) }, .n_reviewers = 3, .n_signatories = 1 };

    act(&letter, NSK_FLOW_START, NULL, "open konsep#1 [konseptor]");
    act(&letter, NSK_FLOW_COMPLETE, "submit", "close konsep#1; open paraf#2 [reviewer-1]");
    letter.approved = 1;
    act(&letter, NSK_FLOW_COMPLETE, "approve", "close paraf#2; open paraf#3 [reviewer-2]");
    act(&letter, NSK_FLOW_COMPLETE, "return", "close paraf#3; open konsep#4 [konseptor]");
    letter.approved = 0; /* the drafter changed the content; the first paraf is void */
    act(&letter, NSK_FLOW_COMPLETE, "submit", "close konsep#4; open paraf#5 [reviewer-1]");
    letter.approved = 1;
    act(&letter, NSK_FLOW_COMPLETE, "approve", "close paraf#5; open paraf#6 [reviewer-2]");
    letter.approved = 2;
    act(&letter, NSK_FLOW_COMPLETE, "approve", "close paraf#6; open paraf#7 [reviewer-3]");
    letter.approved = 3;
    act(&letter, NSK_FLOW_COMPLETE, "approve", "close paraf#7; open tanda-tangan#8 [signatory-1]");
    finish(&letter, "close tanda-tangan#8", 9);
    helper_clear(&letter.instance);
}

static void
test_two_sign_and_the_second_returns(gconstpointer name)
{
    Letter letter = { .instance = { .flow = load(name) }, .n_signatories = 2 };

    act(&letter, NSK_FLOW_START, NULL, "open konsep#1 [konseptor]");
    act(&letter, NSK_FLOW_COMPLETE, "submit", "close konsep#1; open tanda-tangan#2 [signatory-1]");
    letter.signed_by = 1;
    act(&letter, NSK_FLOW_COMPLETE, "sign",
        "close tanda-tangan#2; open tanda-tangan#3 [signatory-2]");
    act(&letter, NSK_FLOW_COMPLETE, "return", "close tanda-tangan#3; open konsep#4 [konseptor]");
    letter.signed_by = 0;
    act(&letter, NSK_FLOW_COMPLETE, "submit", "close konsep#4; open tanda-tangan#5 [signatory-1]");
    letter.signed_by = 1;
    act(&letter, NSK_FLOW_COMPLETE, "sign",
        "close tanda-tangan#5; open tanda-tangan#6 [signatory-2]");
    finish(&letter, "close tanda-tangan#6", 7);
    helper_clear(&letter.instance);
}

static void
test_nobody_signs_is_refused(gconstpointer name)
{
    Letter letter = { .instance = { .flow = load(name) } };
    NskFlowEvent event = { .type = NSK_FLOW_COMPLETE, .key = "konsep#1", .outcome = "submit" };
    g_autofree char *facts = facts_of(&letter);
    g_autoptr(GError) error = NULL;

    act(&letter, NSK_FLOW_START, NULL, "open konsep#1 [konseptor]");
    g_assert_false(helper_step(&letter.instance, &event, facts, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    g_assert_nonnull(strstr(error->message, "'tanda-tangan' (Tanda tangani)"));
    helper_clear(&letter.instance);
}

static void
test_withdrawal_closes_what_is_open(gconstpointer name)
{
    Letter letter = { .instance = { .flow = load(name) }, .n_reviewers = 1, .n_signatories = 1 };

    act(&letter, NSK_FLOW_START, NULL, "open konsep#1 [konseptor]");
    act(&letter, NSK_FLOW_COMPLETE, "submit", "close konsep#1; open paraf#2 [reviewer-1]");
    act(&letter, NSK_FLOW_CANCEL, NULL, "cancel paraf#2; end cancelled");
    g_assert_true(nsk_flow_state_is_ended(letter.instance.state));
    helper_clear(&letter.instance);
}

static void
test_tasks_are_described(gconstpointer name)
{
    static const struct {
        const char *id;
        NskFlowRole role;
        const char *outcomes;
        const char *service;
    } wanted[] = {
        { "konsep", NSK_FLOW_ROLE_DRAFT, "submit", NULL },
        { "paraf", NSK_FLOW_ROLE_REVIEW, "approve return", NULL },
        { "koordinasi", NSK_FLOW_ROLE_REVIEW, "approve return", NULL }, /* not of a note */
        { "tanda-tangan", NSK_FLOW_ROLE_SIGN, "sign return", NULL },
        { "kirim", NSK_FLOW_ROLE_NONE, NULL, "dispatch" },
        { "arsip", NSK_FLOW_ROLE_NONE, NULL, "archive" },
    };
    g_autoptr(NskFlow) flow = load(name);
    bool is_note = g_str_equal(name, "nota-dinas");
    size_t count = 0;

    g_assert_cmpstr(nsk_flow_get_id(flow), ==, name);
    g_assert_cmpuint(strlen(nsk_flow_get_name(flow)), >, 0);
    g_assert_cmpuint(strlen(nsk_flow_get_documentation(flow)), >, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++) {
        if (is_note && g_str_equal(wanted[i].id, "koordinasi"))
            continue;
        const NskFlowTask *task = nsk_flow_get_task(flow, count++);

        g_assert_cmpstr(task->id, ==, wanted[i].id);
        g_assert_true(nsk_flow_find_task(flow, task->id) == task);
        g_assert_cmpint(task->role, ==, wanted[i].role);
        g_assert_cmpstr(task->service, ==, wanted[i].service);
        g_assert_cmpuint(strlen(task->documentation), >, 0);
        if (wanted[i].outcomes != NULL) {
            g_autofree char *outcomes = g_strjoinv(" ", (char **)(uintptr_t)task->outcomes);

            g_assert_cmpstr(outcomes, ==, wanted[i].outcomes);
        }
    }
    g_assert_cmpuint(nsk_flow_get_n_tasks(flow), ==, count);
}

int
main(int argc, char **argv)
{
    static const char *const names[] = { "surat-keluar", "nota-dinas" };
    static const struct {
        const char *path;
        GTestDataFunc test;
    } tests[] = {
        { "nobody-reviews", test_nobody_reviews },
        { "one-reviews", test_one_reviews },
        { "three-review-and-the-second-returns", test_three_review_and_the_second_returns },
        { "two-sign-and-the-second-returns", test_two_sign_and_the_second_returns },
        { "nobody-signs-is-refused", test_nobody_signs_is_refused },
        { "withdrawal-closes-what-is-open", test_withdrawal_closes_what_is_open },
        { "tasks-are-described", test_tasks_are_described },
    };

    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        for (size_t k = 0; k < G_N_ELEMENTS(tests); k++) {
            g_autofree char *path = g_strdup_printf("/flow/%s/%s", names[i], tests[k].path);

            g_test_add_data_func(path, names[i], tests[k].test);
        }
    }
    return g_test_run();
}
