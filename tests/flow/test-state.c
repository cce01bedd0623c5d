/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow-helper.h"

#define TOKENS(text) "{\"format\":2,\"next\":9,\"process\":\"p\",\"tokens\":[" text "]}"

static const char running[] =
    "{\"format\":2,\"next\":4,\"process\":\"surat-keluar\","
    "\"tokens\":[{\"id\":1,\"node\":\"a\"},{\"id\":3,\"node\":\"paraf\"}]}";
static const char ended[] = "{\"end\":\"completed\",\"format\":2,\"next\":9,\"process\":\"p\"}";
/* everything that a state can hold */
static const char full[] =
    "{\"armed\":[{\"at\":\"lewat\",\"due\":1784682000000000,\"id\":12,\"of\":3,\"turns\":-1},"
    "{\"at\":\"lain/syarat\",\"id\":13,\"of\":5,\"true\":true}],"
    "\"done\":[{\"id\":2,\"in\":1,\"node\":\"nomor\",\"serial\":7}],"
    "\"format\":2,\"incidents\":[{\"class\":\"uncaught\",\"id\":6,\"words\":\"E \\\"1\\\"\"}],"
    "\"next\":20,\"process\":\"p\",\"suspended\":true,"
    "\"tokens\":[{\"id\":1,\"is\":\"sub\",\"node\":\"s\"},{\"id\":3,\"in\":1,\"node\":\"paraf\"},"
    "{\"by\":\"f\",\"id\":4,\"in\":1,\"is\":\"join\",\"node\":\"g\"},"
    "{\"id\":5,\"is\":\"call\",\"node\":\"c\"},"
    "{\"id\":6,\"in\":5,\"is\":\"fault\",\"node\":\"lain/e\"},"
    "{\"completed\":1,\"id\":8,\"is\":\"body\",\"node\":\"m\",\"started\":2,\"total\":3},"
    "{\"id\":9,\"in\":8,\"index\":1,\"is\":\"instance\",\"node\":\"m\"},"
    "{\"id\":10,\"in\":9,\"node\":\"m\"},"
    "{\"handled\":true,\"id\":11,\"is\":\"undo\",\"mark\":11,\"node\":\"t\",\"released\":true,"
    "\"target\":1},"
    "{\"id\":14,\"is\":\"event\",\"node\":\"k\"},{\"id\":15,\"is\":\"handler\",\"node\":\"h\"}],"
    "\"vars\":[{\"name\":\"angka\",\"value\":-3},{\"name\":\"besar\",\"value\":1e+20},"
    "{\"name\":\"pecah\",\"value\":0.1},{\"in\":2,\"name\":\"lama\",\"value\":false},"
    "{\"in\":8,\"name\":\"2\",\"value\":\"kabag\"},"
    "{\"in\":9,\"name\":\"pemaraf\",\"value\":\"kasubag \\u00e9\"}]}";

static void
test_json_comes_back(void)
{
    static const char *const texts[] = { running, ended };

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NskFlowState) state = nsk_flow_state_parse(texts[i], strlen(texts[i]), &error);

        g_assert_no_error(error);
        g_autofree char *json = nsk_flow_state_format(state);
        g_assert_cmpstr(json, ==, texts[i]);
        g_assert_true(nsk_flow_state_is_ended(state) == (texts[i] == ended));
        g_assert_false(nsk_flow_state_is_suspended(state));
    }
}

/* The first writing may spell a letter or a number in another way; from then on it is the same. */
static void
test_everything_comes_back(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskFlowState) state = nsk_flow_state_parse(full, strlen(full), &error);
    NskFlowVariable variable;

    g_assert_no_error(error);
    g_assert_true(nsk_flow_state_is_suspended(state));
    g_assert_true(nsk_flow_state_get_variable(state, "pecah", &variable));
    g_assert_cmpint(variable.type, ==, NSK_FLOW_NUMBER);
    g_assert_cmpfloat(variable.number, ==, 0.1);
    g_assert_false(nsk_flow_state_get_variable(state, "pemaraf", &variable));

    g_autofree char *json = nsk_flow_state_format(state);
    g_autoptr(NskFlowState) again = nsk_flow_state_parse(json, strlen(json), &error);
    g_assert_no_error(error);
    g_autofree char *second = nsk_flow_state_format(again);
    g_assert_cmpstr(second, ==, json);
    g_assert_cmpuint(strlen(json), ==, strlen(full) - strlen("\\u00e9") + strlen("é"));
}

static void
test_states_of_the_first_format_are_read(void)
{
    static const char old[] =
        "{\"end\":null,\"format\":1,\"next\":4,\"process\":\"surat-keluar\",\"tokens\":"
        "[{\"id\":1,\"node\":\"a\",\"scope\":0},{\"id\":3,\"node\":\"paraf\",\"scope\":0}]}";
    static const char old_end[] =
        "{\"end\":\"completed\",\"format\":1,\"next\":9,\"process\":\"p\",\"tokens\":[]}";
    g_autoptr(NskFlowState) state = nsk_flow_state_parse(old, strlen(old), NULL);
    g_autoptr(NskFlowState) over = nsk_flow_state_parse(old_end, strlen(old_end), NULL);
    g_autofree char *json = nsk_flow_state_format(state);
    g_autofree char *over_json = nsk_flow_state_format(over);

    g_assert_cmpstr(json, ==, running);
    g_assert_cmpstr(over_json, ==, ended);
}

static void
test_what_a_call_keeps_comes_back(void)
{
    static const char kept[] =
        "{\"format\":2,\"next\":9,\"process\":\"p\",\"tokens\":[{\"id\":2,\"is\":\"call\",\"node\":"
        "\"c\"},{\"id\":3,\"in\":2,\"node\":\"q/a\"}],\"vars\":[{\"name\":\"v\",\"value\":2},"
        "{\"in\":2,\"kept\":true,\"name\":\"v\",\"value\":1},{\"in\":2,\"kept\":true,\"name\":"
        "\"w\"}]}";
    g_autoptr(GError) error = NULL;
    g_autoptr(NskFlowState) state = nsk_flow_state_parse(kept, strlen(kept), &error);

    g_assert_no_error(error);
    g_autofree char *json = nsk_flow_state_format(state);
    g_assert_cmpstr(json, ==, kept);
}

static void
test_keys_name_node_and_token(void)
{
    g_autoptr(NskFlowState) state = nsk_flow_state_parse(running, strlen(running), NULL);
    g_autoptr(NskFlowState) again = nsk_flow_state_ref(state);
    g_auto(GStrv) keys = nsk_flow_state_get_keys(again);

    g_assert_cmpuint(g_strv_length(keys), ==, 2);
    g_assert_cmpstr(keys[0], ==, "a#1");
    g_assert_cmpstr(keys[1], ==, "paraf#3");
}

static void
test_broken_states_are_refused(void)
{
    static const char *const bad[] = {
        "",
        "[]",
        "{",
        "{\"format\":3,\"next\":1,\"process\":\"p\",\"tokens\":[]}",
        "{\"format\":2,\"next\":1,\"process\":\"p\"}",
        "{\"format\":2,\"next\":0,\"process\":\"p\",\"end\":\"x\"}",
        "{\"end\":null,\"format\":1,\"next\":2,\"process\":\"p\",\"tokens\":[]}",
        "{\"end\":\"x\",\"format\":1,\"next\":2,\"process\":\"p\","
        "\"tokens\":[{\"id\":1,\"node\":\"a\",\"scope\":0}]}",
        "{\"end\":null,\"format\":1,\"next\":1,\"process\":\"p\","
        "\"tokens\":[{\"id\":1,\"node\":\"a\",\"scope\":0}]}",
        "{\"end\":null,\"format\":1,\"next\":9,\"process\":\"p\","
        "\"tokens\":[{\"id\":2,\"node\":\"a\",\"scope\":0},{\"id\":2,\"node\":\"b\",\"scope\":0}]}",
        "{\"end\":null,\"format\":1,\"next\":9,\"process\":\"p\","
        "\"tokens\":[{\"id\":0,\"node\":\"a\",\"scope\":0}]}",
        "{\"end\":null,\"format\":1,\"next\":9,\"process\":\"p\","
        "\"tokens\":[{\"id\":1,\"node\":\"a\",\"scope\":-1}]}",
        "{\"end\":null,\"format\":1,\"next\":9,\"process\":\"p\","
        "\"tokens\":[{\"id\":1,\"node\":\"\",\"scope\":0}]}",
        "{\"end\":null,\"format\":1,\"next\":99999999999,\"process\":\"p\","
        "\"tokens\":[{\"id\":1,\"node\":\"a\",\"scope\":0}]}",
        /* format 2: in no scope, in a leaf, in itself; unknown kind; bound twice; strange values */
        TOKENS("{\"id\":2,\"in\":1,\"node\":\"a\"}"),
        TOKENS("{\"id\":1,\"node\":\"a\"},{\"id\":2,\"in\":1,\"node\":\"a\"}"),
        TOKENS("{\"id\":2,\"in\":2,\"is\":\"sub\",\"node\":\"a\"}"),
        TOKENS("{\"id\":2,\"is\":\"root\",\"node\":\"a\"}"),
        TOKENS("{\"id\":2,\"is\":7,\"node\":\"a\"}"),
        TOKENS("{\"id\":\"2\",\"node\":\"a\"}"),
        TOKENS("{\"id\":2,\"node\":\"a\"}],\"armed\":[{\"at\":\"b\",\"id\":3,\"of\":4}"),
        TOKENS("{\"id\":2,\"node\":\"a\"}],\"armed\":[{\"at\":\"b\",\"id\":2,\"of\":2}"),
        TOKENS("{\"id\":2,\"node\":\"a\"}],\"armed\":[{\"at\":\"b\",\"id\":3,\"turns\":-2}"),
        TOKENS("{\"id\":2,\"node\":\"a\"}],\"done\":[{\"id\":2,\"node\":\"b\",\"serial\":3}"),
        TOKENS("{\"id\":2,\"node\":\"a\"}],\"done\":[{\"id\":3,\"in\":3,\"node\":\"b\"}"),
        TOKENS("{\"id\":2,\"node\":\"a\"}],\"incidents\":[{\"class\":\"x\",\"id\":5}"),
        TOKENS("{\"id\":2,\"node\":\"a\"}],\"vars\":[{\"in\":5,\"name\":\"x\",\"value\":1}"),
        TOKENS("{\"id\":2,\"node\":\"a\"}],\"vars\":[{\"name\":\"x\",\"value\":null}"),
        TOKENS("{\"id\":2,\"node\":\"a\"}],\"vars\":[{\"name\":\"x\"}"),
        TOKENS("{\"id\":2,\"node\":\"a\"}],\"vars\":[{\"kept\":true,\"name\":\"x\"}"),
        TOKENS("{\"id\":2,\"node\":\"a\"}],\"vars\":[{\"in\":2,\"kept\":true,\"name\":\"x\","
               "\"value\":1}"),
        TOKENS("{\"id\":2,\"node\":\"a\"}],\"armed\":[{\"at\":\"b\",\"id\":3,\"nth\":-1}"),
        TOKENS("{\"id\":2,\"node\":\"a\"}],\"vars\":[{\"name\":\"x\",\"value\":1},"
               "{\"name\":\"x\",\"value\":2}"),
        "{\"end\":null,\"format\":1,\"next\":9,\"process\":\"p\",\"tokens\":[1]}",
        "{\"end\":null,\"format\":1,\"next\":9,\"process\":\"p\",\"tokens\":{}}",
        "{\"end\":null,\"format\":1,\"next\":9,\"process\":7,\"tokens\":[]}",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(nsk_flow_state_parse(bad[i], strlen(bad[i]), &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_CORRUPT);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flow/state/json-comes-back", test_json_comes_back);
    g_test_add_func("/flow/state/everything-comes-back", test_everything_comes_back);
    g_test_add_func("/flow/state/states-of-the-first-format-are-read",
                    test_states_of_the_first_format_are_read);
    g_test_add_func("/flow/state/what-a-call-keeps-comes-back", test_what_a_call_keeps_comes_back);
    g_test_add_func("/flow/state/keys-name-node-and-token", test_keys_name_node_and_token);
    g_test_add_func("/flow/state/broken-states-are-refused", test_broken_states_are_refused);
    return g_test_run();
}
