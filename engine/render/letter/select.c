/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a profile says for one letter.
 *
 * The job's profile holds, of elements that are there for some kinds, families or posts only, the
 * one that fits the letter best, so that stylesheets need not choose:
 *
 *   4  its positions name the signatory, and one of 3 to 1; one for those who act in his capacity
 *      comes before one for every holder
 *   3  its kinds name the letter's kind
 *   2  its kinds name the family of the kind
 *   1  it is for all
 *
 * Among equals the first holds.  Values that may be absent are there, as the schema says what
 * absent means.  What no page shows is left out; of how letters are signed, the mark has the one
 * thing that its room depends on: appearance, if the field is to show what the certificate says.
 */
#include "render/letter/letter-private.h"

#include <string.h>

#define PROFILE_NS "urn:naskah:profile:1"

enum { FITS_NOT, FITS_ALL = 2, FITS_FAMILY = 4, FITS_KIND = 6, FITS_POST = 8, FITS_ACTING = 1 };

/* Whether a part for those who act is for the capacity. */
static bool
is_for_acting(const NskXmlNode *node, const char *capacity)
{
    static const char *const acting[] = { "pj", "plt", "plh", NULL };
    const char *wanted = nsk_xml_attr(node, "acting");

    if (wanted == NULL)
        return true;
    if (capacity == NULL)
        return false;
    return strcmp(wanted, "yes") == 0 ? g_strv_contains(acting, capacity)
                                      : nsk_form_has_word(node, "acting", capacity);
}

/* Whether @node is for the posts that @signatory holds. */
static bool
is_for_post(const NskXmlNode *node, const NskXmlNode *signatory)
{
    const char *position = signatory != NULL ? nsk_xml_attr(signatory, "position") : NULL;
    const char *capacity = signatory != NULL ? nsk_xml_attr(signatory, "capacity") : NULL;

    return position != NULL && nsk_form_has_word(node, "positions", position) &&
           is_for_acting(node, capacity);
}

static int
fit(const NskXmlNode *node, const NskKind *kind, const NskXmlNode *signatory)
{
    const char *kinds = nsk_xml_attr(node, "kinds");
    const char *family = nsk_xml_attr(node, "family");
    int rank = FITS_ALL;

    if (family != NULL && strcmp(family, nsk_kind_get_family(kind)) != 0)
        return FITS_NOT;
    if (kinds != NULL) {
        rank = nsk_form_has_word(node, "kinds", nsk_kind_get_id(kind))       ? FITS_KIND
               : nsk_form_has_word(node, "kinds", nsk_kind_get_family(kind)) ? FITS_FAMILY
                                                                             : FITS_NOT;
        if (rank == FITS_NOT)
            return FITS_NOT;
    }
    if (nsk_xml_attr(node, "positions") == NULL)
        return rank;
    if (!is_for_post(node, signatory))
        return FITS_NOT;
    return FITS_POST + rank + (nsk_xml_attr(node, "acting") != NULL ? FITS_ACTING : 0);
}

/* The element @name beneath @parent that fits best; NULL if none does. */
static const NskXmlNode *
best(const NskXmlNode *parent, const char *name, const NskKind *kind, const NskXmlNode *signatory)
{
    const NskXmlNode *found = NULL;
    int most = FITS_NOT;

    for (const NskXmlNode *node = nsk_xml_first(parent); node != NULL; node = nsk_xml_next(node)) {
        int rank = strcmp(nsk_xml_name(node), name) == 0 ? fit(node, kind, signatory) : FITS_NOT;

        if (rank > most) {
            found = node;
            most = rank;
        }
    }
    return found;
}

/* Whether an element comes once for each kind, family or post. */
static bool
is_chosen(const NskXmlNode *node)
{
    static const char *const names[] = {
        "letterhead", "page",       "text",      "spacing",      "page-number",
        "catch-word", "title",      "date-line", "addressing",   "enacting",
        "copies",     "attachment", "statement", "distribution",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (strcmp(nsk_xml_name(node), names[i]) == 0)
            return true;
    }
    return false;
}

/* Whether a page may show it. */
static bool
is_shown(const NskXmlNode *node)
{
    static const char *const others[] = { "dispositions", "numbering",    "channels", "desks",
                                          "terms",        "verification", "signing",  "paraf" };

    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        if (strcmp(nsk_xml_name(node), others[i]) == 0)
            return false;
    }
    return true;
}

/* What stands for an absent attribute, and for an absent element that has one. */
static const struct {
    const char *element, *attr, *value;
} defaults[] = {
    { "letterhead", "after", "5mm" },    { "letterhead", "center-on", "rest" },
    { "logo", "place", "left" },         { "spacing", "title", "0pt" },
    { "spacing", "after-title", "9pt" }, { "spacing", "addressees", "14pt" },
    { "spacing", "signature", "14pt" },  { "spacing", "copies", "12pt" },
    { "spacing", "hand", "25mm" },       { "page-number", "place", "top" },
    { "head", "width", "21mm" },         { "title", "number", "NOMOR" },
    { "title", "bold", "yes" },          { "date-line", "place", "row" },
    { "addressing", "place", "left" },   { "dictum", "first", "KESATU" },
    { "signature", "align", "left" },    { "signature", "post-comma", "yes" },
    { "signature", "nip-label", "NIP" }, { "mark", "form", "beside" },
    { "copies", "numbered", "no" },      { "attachment", "form", "letter" },
    { "attachment", "numbered", "no" },  { "attachment", "start", "85mm" },
};

static void
fill_in(NskXmlNode *node)
{
    for (size_t i = 0; node != NULL && i < G_N_ELEMENTS(defaults); i++) {
        if (strcmp(nsk_xml_name(node), defaults[i].element) == 0 &&
            nsk_xml_attr(node, defaults[i].attr) == NULL)
            nsk_xml_set_attr(node, defaults[i].attr, defaults[i].value);
    }
}

/* The elements that stylesheets rely on and a profile may leave out. */
static void
add_absent(NskXmlNode *profile)
{
    static const char *const names[] = { "spacing", "title", "date-line", "dictum" };
    NskXmlNode *addressing = nsk_xml_child(profile, "addressing");
    const NskXmlNode *signature = nsk_xml_child(profile, "signature");

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (nsk_xml_child(profile, names[i]) == NULL)
            fill_in(nsk_xml_add(profile, NULL, names[i]));
    }
    if (nsk_xml_attr(addressing, "start") == NULL)
        nsk_xml_set_attr(addressing, "start", nsk_xml_attr(signature, "start"));
}

/* Takes away from @parent all elements @name but the one that fits best. */
static void
keep_best(NskXmlNode *parent, const char *name, const NskKind *kind)
{
    const NskXmlNode *kept = best(parent, name, kind, NULL);
    NskXmlNode *next;

    for (NskXmlNode *node = nsk_xml_first(parent); node != NULL; node = next) {
        next = nsk_xml_next(node);
        if (strcmp(nsk_xml_name(node), name) == 0 && node != kept)
            nsk_xml_remove(node);
    }
}

static void
drop_all(NskXmlNode *parent, const char *name)
{
    NskXmlNode *node;

    while ((node = nsk_xml_child(parent, name)) != NULL)
        nsk_xml_remove(node);
}

/* The signatory, if he signs in his own right. */
static const NskXmlNode *
holder(const NskXmlNode *signatory)
{
    const char *capacity = signatory != NULL ? nsk_xml_attr(signatory, "capacity") : NULL;

    return capacity != NULL && strcmp(capacity, "an") != 0 && strcmp(capacity, "ub") != 0
               ? signatory
               : NULL;
}

static void
add_part(NskXmlNode *profile, const NskXmlNode *node, const NskKind *kind, bool shows_certificate)
{
    NskXmlNode *copy = nsk_xml_add_copy(profile, node);
    const char *name = nsk_xml_name(node);

    fill_in(copy);
    if (strcmp(name, "letterhead") == 0 && nsk_xml_child(copy, "logo") != NULL) {
        nsk_xml_set_text(nsk_xml_child(copy, "logo"), ""); /* the image itself */
        fill_in(nsk_xml_child(copy, "logo"));
    } else if (strcmp(name, "head") == 0) {
        keep_best(copy, "rows", kind);
    } else if (strcmp(name, "signature") == 0) {
        keep_best(copy, "mark", kind);
        fill_in(nsk_xml_child(copy, "mark"));
        if (shows_certificate)
            nsk_xml_set_attr(nsk_xml_child(copy, "mark"), "appearance", "certificate");
        drop_all(copy, "names");
    }
}

void
nsk_profile_add_chosen(const NskProfile *self,
                       const NskKind *kind,
                       const NskXmlNode *signatory,
                       NskXmlNode *parent)
{
    const NskXmlNode *root = nsk_profile_get_root(self);
    NskXmlNode *profile = nsk_xml_add(parent, PROFILE_NS, "profile");

    for (const NskXmlNode *node = nsk_xml_first(root); node != NULL; node = nsk_xml_next(node)) {
        if (is_shown(node) &&
            (!is_chosen(node) || best(root, nsk_xml_name(node), kind, holder(signatory)) == node))
            add_part(profile, node, kind, nsk_profile_shows_certificate(self, kind));
    }
    add_absent(profile);
}

void
nsk_profile_add_names(const NskProfile *self,
                      const NskKind *kind,
                      const NskXmlNode *signatory,
                      NskXmlNode *parent)
{
    const NskXmlNode *signature = nsk_xml_child(nsk_profile_get_root(self), "signature");
    const NskXmlNode *names = best(signature, "names", kind, signatory);

    if (names != NULL)
        nsk_xml_add_copy(parent, names);
}
