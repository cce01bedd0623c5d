/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs a fuzz target without a fuzzer: over each file of its corpus, and over copies of each file
 * with a few bytes changed, always the same ones.  One test case a file.
 */
#include <glib.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define COPIES      256
#define MOST_EDITS  8
#define MOST_PASSED (64 * 1024) /* larger files are run as they are: copies would take too long */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* xorshift64 (Marsaglia 2003): the same numbers on every machine. */
static uint64_t
next_number(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* A block of exactly @size bytes, so that the address sanitizer sees one byte too far; never NULL.
 */
static uint8_t *
copy_exactly(const uint8_t *data, size_t size)
{
    uint8_t *copy = g_malloc(MAX(size, 1));

    if (size > 0)
        memcpy(copy, data, size);
    return copy;
}

/* A copy with some bytes changed, and perhaps cut off. */
static void
run_copy(const uint8_t *data, size_t size, uint64_t *state)
{
    size_t length = next_number(state) % 4 == 0 ? (size_t)(next_number(state) % (size + 1)) : size;
    g_autofree uint8_t *copy = copy_exactly(data, length);
    uint64_t edits = next_number(state) % MOST_EDITS + 1;

    for (uint64_t i = 0; i < edits && length > 0; i++)
        copy[next_number(state) % length] = (uint8_t)next_number(state);
    (void)LLVMFuzzerTestOneInput(copy, length);
}

static void
run_file(gconstpointer path)
{
    gsize size = 0;
    g_autofree char *data = NULL;
    uint64_t state = 88172645463325252u;

    g_assert_true(g_file_get_contents(path, &data, &size, NULL));
    g_autofree uint8_t *exact = copy_exactly((const uint8_t *)data, size);
    (void)LLVMFuzzerTestOneInput(exact, size);
    for (int i = 0; i < COPIES && size > 0 && size <= MOST_PASSED; i++)
        run_copy(exact, size, &state);
}

static int
by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int
main(int argc, char **argv)
{
    const char *name;

    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(argc, ==, 2);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(argv[1], 0, NULL);
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
        g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, by_name);
    g_assert_cmpuint(names->len, >, 0); /* a target without seeds shows nothing */
    for (guint i = 0; i < names->len; i++) {
        const char *file = g_ptr_array_index(names, i);
        char *path = g_build_filename(argv[1], file, NULL);
        g_autofree char *folder = g_path_get_basename(argv[1]);
        g_autofree char *test = g_strdup_printf("/fuzz/%s/%s", folder, file);

        g_test_add_data_func_full(test, path, run_file, g_free);
    }
    return g_test_run();
}
