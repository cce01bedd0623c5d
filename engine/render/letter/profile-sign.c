/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a profile says of signing and paraf.
 *
 * Of several elements the best holds: one that names the position goes before one that does not,
 * then one that names the kind, then one that names its family, then one for all; among equals the
 * first.
 */
#include "render/letter/letter-private.h"

#include <string.h>

enum { FITS_NOT, FITS_ALL, FITS_FAMILY, FITS_KIND, FITS_POSITION };

/* How well the element fits; @position NULL: elements of positions do not. */
static int
fit(const NskXmlNode *node, const NskKind *kind, const char *position)
{
    int rank = FITS_ALL;

    if (nsk_xml_attr(node, "kinds") != NULL)
        rank = nsk_form_has_word(node, "kinds", nsk_kind_get_id(kind))       ? FITS_KIND
               : nsk_form_has_word(node, "kinds", nsk_kind_get_family(kind)) ? FITS_FAMILY
                                                                             : FITS_NOT;
    if (rank == FITS_NOT || nsk_xml_attr(node, "positions") == NULL)
        return rank;
    return position != NULL && nsk_form_has_word(node, "positions", position) ? FITS_POSITION + rank
                                                                              : FITS_NOT;
}

static const NskXmlNode *
choose(const NskProfile *self, const char *name, const NskKind *kind, const char *position)
{
    const NskXmlNode *best = NULL;
    int best_rank = FITS_NOT;

    for (const NskXmlNode *node = nsk_xml_first(nsk_profile_get_root(self)); node != NULL;
         node = nsk_xml_next(node)) {
        int rank = strcmp(nsk_xml_name(node), name) == 0 ? fit(node, kind, position) : FITS_NOT;

        if (rank > best_rank) {
            best = node;
            best_rank = rank;
        }
    }
    return best;
}

const char *
nsk_profile_get_signing_level(const NskProfile *self, const NskKind *kind)
{
    const NskXmlNode *node = choose(self, "signing", kind, NULL);

    return node != NULL ? nsk_xml_attr(node, "level") : "B";
}

bool
nsk_profile_certifies(const NskProfile *self, const NskKind *kind)
{
    const NskXmlNode *node = choose(self, "signing", kind, NULL);

    return node != NULL && g_strcmp0(nsk_xml_attr(node, "certify"), "yes") == 0;
}

bool
nsk_profile_shows_certificate(const NskProfile *self, const NskKind *kind)
{
    const NskXmlNode *node = choose(self, "signing", kind, NULL);

    return node != NULL && g_strcmp0(nsk_xml_attr(node, "appearance"), "certificate") == 0;
}

const char *
nsk_profile_get_lead(const NskProfile *self, const char *capacity)
{
    const NskXmlNode *signature = nsk_xml_child(nsk_profile_get_root(self), "signature");

    for (const NskXmlNode *node = nsk_xml_first(signature); node != NULL;
         node = nsk_xml_next(node)) {
        if (strcmp(nsk_xml_name(node), "capacity") == 0 &&
            g_strcmp0(nsk_xml_attr(node, "name"), capacity) == 0)
            return nsk_xml_attr(node, "lead");
    }
    return g_strcmp0(capacity, "pj") == 0 ? "Pj." : NULL;
}

NskProfileParaf
nsk_profile_get_paraf(const NskProfile *self, const NskKind *kind, const char *position)
{
    const NskXmlNode *node = choose(self, "paraf", kind, position);
    const char *corrected = node != NULL ? nsk_xml_attr(node, "corrected") : NULL;

    return (NskProfileParaf){
        .needs_certificate = node != NULL && strcmp(nsk_xml_attr(node, "by"), "certificate") == 0,
        .is_voided = corrected != NULL && strcmp(corrected, "void") == 0,
        .is_visible = node != NULL && g_strcmp0(nsk_xml_attr(node, "visible"), "yes") == 0,
    };
}
