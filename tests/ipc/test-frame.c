/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/limits.h"
#include "ipc/ipc.h"

#include <string.h>

static GBytes *
encode(const char *json, GBytes *const *parts, size_t n)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) value = nsk_json_parse(json, strlen(json), &error);

    g_assert_no_error(error);
    GBytes *frame = nsk_frame_encode(value, parts, n, &error);
    g_assert_no_error(error);
    g_assert_nonnull(frame);
    return frame;
}

static void
test_what_goes_in_comes_out(void)
{
    static const char binary[] = { '\0', 'x', '\xff', '\0' };
    g_autoptr(GBytes) secret = nsk_secret_new("rahasia");
    g_autoptr(GBytes) bytes = g_bytes_new_static(binary, sizeof binary);
    g_autoptr(GBytes) empty = g_bytes_new_static("", 0);
    GBytes *const parts[] = { secret, bytes, empty };

    for (size_t n = 0; n <= G_N_ELEMENTS(parts); n++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) frame = encode("{\"do\":\"x\",\"n\":7}", parts, n);
        g_autoptr(NskFrame) read = nsk_frame_decode(frame, &error);

        g_assert_no_error(error);
        g_assert_cmpuint(read->n_parts, ==, n);
        g_assert_cmpstr(nsk_json_get_text(read->value, "do"), ==, "x");
        g_assert_cmpint(nsk_json_get_int(read->value, "n", 0), ==, 7);
        for (size_t i = 0; i < n; i++)
            g_assert_true(g_bytes_equal(read->parts[i], parts[i]));
    }
    g_assert_cmpuint(g_bytes_get_size(secret), ==, strlen("rahasia") + 1);
    g_assert_null(nsk_secret_new(NULL));
}

/* What nsk_frame_decode() says of @size bytes at @data; -1 if it takes them. */
static int
judge(const void *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new(data, size);
    g_autoptr(NskFrame) frame = nsk_frame_decode(bytes, &error);

    g_assert_true((frame != NULL) == (error == NULL));
    g_assert_true(frame != NULL || error->domain == NSK_ERROR);
    return frame != NULL ? -1 : error->code;
}

static void
test_damaged_frames_are_refused(void)
{
    /* where a byte is changed, to what, and what that is */
    static const struct {
        size_t at;
        uint8_t to;
        int code;
    } cases[] = {
        { 0, 'n', NSK_ERROR_INVALID },  { 5, 2, NSK_ERROR_UNSUPPORTED },
        { 7, 3, NSK_ERROR_INVALID },    { 7, 1, NSK_ERROR_INVALID },
        { 6, 1, NSK_ERROR_LIMIT },      { 7, NSK_LIMIT_FRAME_PARTS + 1, NSK_ERROR_LIMIT },
        { 8, 1, NSK_ERROR_LIMIT },      { 11, 3, NSK_ERROR_INVALID },
        { 11, 255, NSK_ERROR_INVALID }, { 12, 255, NSK_ERROR_LIMIT },
        { 15, 0, NSK_ERROR_INVALID },   { 16, 'x', NSK_ERROR_INVALID },
        { 26, 255, NSK_ERROR_INVALID }, { 29, 6, NSK_ERROR_INVALID },
    };
    g_autoptr(GBytes) part = g_bytes_new_static("12345", 5);
    GBytes *const parts[] = { part, part };
    g_autoptr(GBytes) frame = encode("{\"a\":\"bc\"}", parts, 2);
    size_t size;
    const uint8_t *data = g_bytes_get_data(frame, &size);

    g_assert_cmpint(judge(data, size), ==, -1);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree uint8_t *copy = g_memdup2(data, size);

        copy[cases[i].at] = cases[i].to;
        g_assert_cmpint(judge(copy, size), ==, cases[i].code);
    }
    for (size_t cut = 0; cut < size; cut++)
        g_assert_cmpint(judge(data, cut), ==, NSK_ERROR_INVALID);
}

static void
test_what_is_no_json_object_is_refused(void)
{
    static const char *const texts[] = {
        "", "{", "{}x", "nothing", "\"text\"", "{\"a\":1,\"a\":2}"
    };

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GByteArray) frame = g_byte_array_new();
        const uint8_t head[NSK_FRAME_HEAD] = {
            'N', 's', 'k', 'F', 0, 1, [11] = (uint8_t)strlen(texts[i])
        };

        g_byte_array_append(frame, head, sizeof head);
        g_byte_array_append(frame, (const uint8_t *)texts[i], (guint)strlen(texts[i]));
        g_assert_cmpint(judge(frame->data, frame->len), ==, NSK_ERROR_INVALID);
    }
}

static void
test_too_much_is_refused_before_it_is_sent(void)
{
    static uint8_t room[NSK_LIMIT_FRAME_SIZE];
    g_autoptr(NskJson) value = nsk_json_object();
    g_autoptr(NskJson) long_value = nsk_json_object();
    g_autofree char *text = g_strnfill(NSK_LIMIT_FRAME_TEXT, 'x');
    g_autoptr(GBytes) large = g_bytes_new_static(room, sizeof room);
    g_autoptr(GBytes) fitting = g_bytes_new_static(room, sizeof room - 100);
    GBytes *parts[NSK_LIMIT_FRAME_PARTS + 1];
    GBytes *const few[] = { fitting };

    for (size_t n = 0; n < G_N_ELEMENTS(parts); n++)
        parts[n] = large;
    nsk_json_set_text(long_value, "a", text);
    for (size_t n = 1; n <= G_N_ELEMENTS(parts); n++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(nsk_frame_encode(value, parts, n, &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_LIMIT);
    }
    g_autoptr(GError) error = NULL;
    g_assert_null(nsk_frame_encode(long_value, NULL, 0, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_LIMIT);
    g_autoptr(GBytes) frame = nsk_frame_encode(value, few, 1, NULL);
    g_assert_nonnull(frame);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ipc/frame/what-goes-in-comes-out", test_what_goes_in_comes_out);
    g_test_add_func("/ipc/frame/damaged-frames-are-refused", test_damaged_frames_are_refused);
    g_test_add_func("/ipc/frame/what-is-no-json-object-is-refused",
                    test_what_is_no_json_object_is_refused);
    g_test_add_func("/ipc/frame/too-much-is-refused-before-it-is-sent",
                    test_too_much_is_refused_before_it_is_sent);
    return g_test_run();
}
