/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow-helper.h"

static const char running[] =
    "{\"end\":null,\"format\":1,\"next\":4,\"process\":\"surat-keluar\","
    "\"tokens\":[{\"id\":1,\"node\":\"a\",\"scope\":0},{\"id\":3,\"node\":\"paraf\",\"scope\":2}]}";
static const char ended[] =
    "{\"end\":\"completed\",\"format\":1,\"next\":9,\"process\":\"p\",\"tokens\":[]}";

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
    }
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
        "{\"format\":2,\"next\":1,\"process\":\"p\",\"tokens\":[]}",
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
    g_test_add_func("/flow/state/keys-name-node-and-token", test_keys_name_node_and_token);
    g_test_add_func("/flow/state/broken-states-are-refused", test_broken_states_are_refused);
    return g_test_run();
}
