/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Outlines of glyphs, for text that is drawn as areas. */
#include "font-private.h"

#include <hb.h>

typedef struct {
    const NskFontPen *pen;
    void *data;
} Sink;

/* HarfBuzz's callbacks; quadratic curves come as cubic ones where no callback takes them. */
static void
on_move(G_GNUC_UNUSED hb_draw_funcs_t *funcs,
        void *draw_data,
        G_GNUC_UNUSED hb_draw_state_t *state,
        float x,
        float y,
        G_GNUC_UNUSED void *user_data)
{
    const Sink *sink = draw_data;

    sink->pen->move(sink->data, (double)x, (double)y);
}

static void
on_line(G_GNUC_UNUSED hb_draw_funcs_t *funcs,
        void *draw_data,
        G_GNUC_UNUSED hb_draw_state_t *state,
        float x,
        float y,
        G_GNUC_UNUSED void *user_data)
{
    const Sink *sink = draw_data;

    sink->pen->line(sink->data, (double)x, (double)y);
}

static void
on_curve(G_GNUC_UNUSED hb_draw_funcs_t *funcs,
         void *draw_data,
         G_GNUC_UNUSED hb_draw_state_t *state,
         float x1,
         float y1,
         float x2,
         float y2,
         float x3,
         float y3,
         G_GNUC_UNUSED void *user_data)
{
    /* size: callback */
    const Sink *sink = draw_data;
    const double c[6] = { (double)x1, (double)y1, (double)x2, (double)y2, (double)x3, (double)y3 };

    sink->pen->curve(sink->data, c);
}

static void
on_close(G_GNUC_UNUSED hb_draw_funcs_t *funcs,
         void *draw_data,
         G_GNUC_UNUSED hb_draw_state_t *state,
         G_GNUC_UNUSED void *user_data)
{
    const Sink *sink = draw_data;

    sink->pen->close(sink->data);
}

static hb_draw_funcs_t *
make_funcs(void)
{
    hb_draw_funcs_t *funcs = hb_draw_funcs_create();

    hb_draw_funcs_set_move_to_func(funcs, on_move, NULL, NULL);
    hb_draw_funcs_set_line_to_func(funcs, on_line, NULL, NULL);
    hb_draw_funcs_set_cubic_to_func(funcs, on_curve, NULL, NULL);
    hb_draw_funcs_set_close_path_func(funcs, on_close, NULL, NULL);
    hb_draw_funcs_make_immutable(funcs);
    return funcs;
}

void
nsk_font_outline(const NskFont *self, uint32_t glyph, const NskFontPen *pen, void *data)
{
    static gsize funcs; /* one for all threads, never freed */
    hb_font_t *font = hb_font_create(nsk_font_get_face(self));
    Sink sink = { pen, data };

    if (g_once_init_enter(&funcs))
        g_once_init_leave(&funcs, (gsize)make_funcs());
    hb_font_get_glyph_shape(font, glyph, (hb_draw_funcs_t *)funcs, &sink);
    hb_font_destroy(font);
}
