/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Font subsets by hb-subset: only the tables that a PDF reader needs (ISO 32000-1, 9.9, Table 126:
 * glyf, head, hhea, hmtx, loca, maxp; or CFF), no hints.  hb-subset is shown no other table.
 */
#include "font-private.h"

#include <hb-subset.h>

static const hb_tag_t kept[] = {
    HB_TAG('g', 'l', 'y', 'f'), HB_TAG('h', 'e', 'a', 'd'), HB_TAG('h', 'h', 'e', 'a'),
    HB_TAG('h', 'm', 't', 'x'), HB_TAG('l', 'o', 'c', 'a'), HB_TAG('m', 'a', 'x', 'p'),
    HB_TAG('C', 'F', 'F', ' '),
};

static bool
is_kept(hb_tag_t tag)
{
    for (size_t i = 0; i < G_N_ELEMENTS(kept); i++)
        if (kept[i] == tag)
            return true;
    return false;
}

/* Tables of the face @data, of which only those that are kept are shown. */
static hb_blob_t *
show_table(G_GNUC_UNUSED hb_face_t *bare, hb_tag_t tag, void *data)
{
    return is_kept(tag) ? hb_face_reference_table(data, tag) : NULL;
}

/* The same face without the other tables: hb-subset reads the whole cmap, if there is one, to find
 * out what the glyphs are for. */
static hb_face_t *
make_bare_face(hb_face_t *face)
{
    hb_face_t *bare = hb_face_create_for_tables(show_table, hb_face_reference(face),
                                                (hb_destroy_func_t)hb_face_destroy);

    hb_face_set_upem(bare, hb_face_get_upem(face));
    hb_face_set_glyph_count(bare, hb_face_get_glyph_count(face));
    return bare;
}

static GBytes *
take_blob(hb_blob_t *blob)
{
    unsigned size = 0;
    const char *data = hb_blob_get_data(blob, &size);
    GBytes *bytes = g_bytes_new_with_free_func(data, size, (GDestroyNotify)hb_blob_destroy, blob);

    return bytes;
}

/* Fills @out from a plan that was carried out. */
static bool
read_result(hb_subset_plan_t *plan, const uint32_t *glyphs, size_t n, NskFontSubset *out)
{
    hb_face_t *face = hb_subset_plan_execute_or_fail(plan);

    if (!face)
        return false;
    hb_blob_t *cff = hb_face_reference_table(face, HB_TAG('C', 'F', 'F', ' '));
    out->cff = hb_blob_get_length(cff) > 0;
    if (out->cff) {
        out->program = take_blob(cff);
    } else {
        hb_blob_destroy(cff);
        out->program = take_blob(hb_face_reference_blob(face));
    }
    const hb_map_t *map = hb_subset_plan_old_to_new_glyph_mapping(plan);
    out->new_ids = g_new(uint16_t, n + 1);
    for (size_t i = 0; i < n; i++)
        out->new_ids[i] = (uint16_t)hb_map_get(map, glyphs[i]);
    hb_face_destroy(face);
    return true;
}

bool
nsk_font_subset(const NskFont *self,
                const uint32_t *glyphs,
                size_t n,
                NskFontSubset *out,
                GError **error)
{
    hb_face_t *face = make_bare_face(nsk_font_get_face(self));
    hb_subset_input_t *input = hb_subset_input_create_or_fail();
    hb_subset_plan_t *plan = NULL;
    bool ok = false;

    if (input) {
        for (size_t i = 0; i < n; i++)
            hb_set_add(hb_subset_input_glyph_set(input), glyphs[i]);
        hb_subset_input_set_flags(input,
                                  HB_SUBSET_FLAGS_NO_HINTING |
                                      (n > 0 && glyphs[0] == 0 ? HB_SUBSET_FLAGS_NOTDEF_OUTLINE
                                                               : HB_SUBSET_FLAGS_DEFAULT));
        plan = hb_subset_plan_create_or_fail(face, input);
    }
    if (plan)
        ok = read_result(plan, glyphs, n, out);
    hb_subset_plan_destroy(plan);
    hb_subset_input_destroy(input);
    hb_face_destroy(face);
    if (!ok)
        g_set_error(error, NSK_ERROR, NSK_ERROR_INTERNAL, "cannot cut the font '%s' down",
                    nsk_font_get_name(self));
    return ok;
}

void
nsk_font_subset_clear(NskFontSubset *self)
{
    g_clear_pointer(&self->program, g_bytes_unref);
    g_clear_pointer(&self->new_ids, g_free);
}
