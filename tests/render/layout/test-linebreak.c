/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Choosing line ends among breaks made by hand: words of given widths with blanks of 4 between. */
#include "render/layout/layout.h"

#define BLANK 4

typedef struct {
    GArray *breaks;
    int64_t width, stretch, shrink;
    bool ragged;
} Words;

static void
add_word(Words *self, int width)
{
    self->width += width;
}

static void
add_blank(Words *self, bool last)
{
    NskBreak brk = { .width_end = self->width,
                     .stretch_end = self->stretch,
                     .shrink_end = self->shrink,
                     .forced = last };

    self->width += BLANK;
    self->stretch += self->ragged ? 0 : BLANK / 2;
    self->shrink += self->ragged ? 0 : 1;
    brk.width_next = self->width;
    brk.stretch_next = self->stretch;
    brk.shrink_next = self->shrink;
    g_array_append_val(self->breaks, brk);
}

static void
add_hyphen(Words *self)
{
    NskBreak brk = { .width_end = self->width,
                     .width_next = self->width,
                     .stretch_end = self->stretch,
                     .stretch_next = self->stretch,
                     .shrink_end = self->shrink,
                     .shrink_next = self->shrink,
                     .hyphen = 2,
                     .penalty = 50,
                     .flagged = true };

    g_array_append_val(self->breaks, brk);
}

/* Widths of words, 0 ends; a negative width is a part of a word before a hyphen. */
static char *
choose(const int *widths, int width, bool justify)
{
    Words words = { .breaks = g_array_new(FALSE, FALSE, sizeof(NskBreak)), .ragged = !justify };
    g_autoptr(NskArena) arena = nsk_arena_new();
    NskLineShape shape = { .first_width = width,
                           .width = width,
                           .stretch = justify ? 0 : 10,
                           .last_stretch = width };
    GString *text = g_string_new(NULL);
    uint32_t *chosen = NULL;

    for (size_t i = 0; widths[i] != 0; i++) {
        add_word(&words, ABS(widths[i]));
        if (widths[i] < 0)
            add_hyphen(&words);
        else
            add_blank(&words, widths[i + 1] == 0);
        shape.hyphens |= widths[i] < 0;
    }

    size_t n = nsk_linebreak_choose(arena, (const NskBreak *)(const void *)words.breaks->data,
                                    words.breaks->len, &shape, &chosen);
    for (size_t i = 0; i < n; i++)
        g_string_append_printf(text, "%s%u", i > 0 ? " " : "", chosen[i]);
    g_array_unref(words.breaks);
    return g_string_free(text, FALSE);
}

typedef struct {
    int widths[12];
    int width;
    bool justify;
    const char *expected; /* indices of the chosen breaks */
} Case;

static const Case cases[] = {
    { { 10, 0 }, 100, true, "0" },
    { { 40, 40, 40, 0 }, 90, false, "1 2" },
    { { 40, 40, 40, 0 }, 84, false, "1 2" },
    { { 40, 40, 40, 0 }, 83, false, "0 1 2" },
    /* shrinking two blanks by 1 lets three words fit */
    { { 30, 30, 30, 30, 0 }, 96, true, "2 3" },
    /* first fit would make 0 1 | 2 3 | 4 5, with a very loose second line */
    { { 30, 30, 24, 24, 30, 30, 0 }, 66, true, "1 3 5" },
    /* a hyphen only where nothing else will do */
    { { 40, -20, 20, 40, 0 }, 68, true, "1 3" },
    /* a word wider than the line sticks out alone, and the text ends */
    { { 10, 200, 10, 0 }, 50, true, "0 1 2" },
    { { 10, 200, 10, 0 }, 50, false, "0 1 2" },
    { { 200, 200, 200, 0 }, 50, true, "0 1 2" },
    { { 200, 0 }, 50, true, "0" },
};

static void
test_cases(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *chosen = choose(cases[i].widths, cases[i].width, cases[i].justify);

        g_test_message("case %zu", i);
        g_assert_cmpstr(chosen, ==, cases[i].expected);
    }
}

static void
test_long_paragraph(void)
{
    g_autofree int *widths = g_new0(int, 100001);
    gint64 start = g_get_monotonic_time();

    for (int i = 0; i < 100000; i++)
        widths[i] = 5 + i * 7 % 23;
    g_free(choose(widths, 500, true));
    g_assert_cmpint(g_get_monotonic_time() - start, <, 20 * G_USEC_PER_SEC);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/layout/linebreak/lines-end-where-the-whole-paragraph-is-best", test_cases);
    g_test_add_func("/layout/linebreak/a-hundred-thousand-words-end-in-time", test_long_paragraph);
    return g_test_run();
}
