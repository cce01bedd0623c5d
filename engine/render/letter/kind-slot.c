/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Slots: what the body of a letter is to hold.  A slot is found by what is printed: a row of labels
 * by its label, a section by its title, whatever the capitals and a colon at the end; a table, list
 * or paragraph by being there.  All that match are looked at.
 */
#include "render/letter/kind-private.h"

#include <string.h>

#define NIP_DIGITS 18

typedef struct {
    const NskKindCheck *check;
    const NskXmlNode *slot;
    const char *element; /* of the letter */
    const char *attr;    /* by which it is found; NULL: by nothing */
    char *label;         /* folded */
    unsigned found;
} Search;

/* Freed with g_free(). */
static char *
fold_label(const char *label)
{
    g_autofree char *folded = g_utf8_casefold(label, -1);
    size_t size = strlen(g_strstrip(folded));

    if (size > 0 && folded[size - 1] == ':')
        folded[size - 1] = '\0';
    return g_strdup(g_strstrip(folded));
}

static void G_GNUC_PRINTF(3, 4)
    tell(const Search *self, const NskXmlNode *node, const char *format, ...)
{
    const char *source = nsk_xml_attr(self->slot, "source");
    va_list args;

    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    nsk_xml_issue(self->check->letter, node, self->check->issues, "kind-slot", "%s%s%s%s", text,
                  source != NULL ? " (" : "", source != NULL ? source : "",
                  source != NULL ? ")" : "");
}

static const char *
name_of(const Search *self)
{
    const char *label = nsk_xml_attr(self->slot, "label");

    return label != NULL ? label : nsk_xml_attr(self->slot, "name");
}

/* Whether each "NIP" in @text is followed by 18 digits and nothing that parts them. */
static bool
nips_are_whole(const char *text)
{
    for (const char *at = strstr(text, "NIP"); at != NULL; at = strstr(at, "NIP")) {
        at += 3;
        at += strspn(at, " :");
        size_t digits = strspn(at, "0123456789");

        if (digits != NIP_DIGITS && (digits > 0 || *at == '.'))
            return false;
    }
    return true;
}

static bool
has_month(const char *text)
{
    static const char *const months[] = { "januari",   "februari", "maret",    "april",
                                          "mei",       "juni",     "juli",     "agustus",
                                          "september", "oktober",  "november", "desember" };
    g_autofree char *lower = g_utf8_strdown(text, -1);

    for (size_t i = 0; i < G_N_ELEMENTS(months); i++) {
        if (strstr(lower, months[i]) != NULL)
            return true;
    }
    return false;
}

/* Whether @name stands somewhere below.  Depth is bounded by the parser. */
static bool
has_below(const NskXmlNode *node, const char *name)
{
    for (const NskXmlNode *child = nsk_xml_first(node); child != NULL;
         child = nsk_xml_next(child)) {
        if (strcmp(nsk_xml_name(child), name) == 0 || has_below(child, name))
            return true;
    }
    return false;
}

static void
check_content(const Search *self, const NskXmlNode *node)
{
    const NskKindCheck *check = self->check;
    const char *holds = nsk_xml_attr(self->slot, "holds");
    g_autofree char *text = nsk_xml_text_folded(node);

    if (*text == '\0') {
        if (strcmp(nsk_xml_attr(self->slot, "use"), "required") == 0)
            tell(self, node,
                 NSK_KIND_SAY(check, "'%s' is empty; fill it in", "'%s' masih kosong; lengkapi"),
                 name_of(self));
    } else if (strcmp(holds, "person") == 0 && !nips_are_whole(text)) {
        tell(self, node,
             NSK_KIND_SAY(check, "the NIP in '%s' has not 18 digits without dots and blanks",
                          "NIP pada '%s' harus 18 angka tanpa titik dan spasi"),
             name_of(self));
    } else if (strcmp(holds, "date") == 0 && !has_month(text)) {
        tell(self, node,
             NSK_KIND_SAY(check, "'%s' names no day; write it as in 3 Agustus 2026",
                          "'%s' tidak memuat tanggal; tulis seperti 3 Agustus 2026"),
             name_of(self));
    } else if (strcmp(holds, "table") == 0 && strcmp(nsk_xml_name(node), "table") != 0 &&
               !has_below(node, "table")) {
        tell(
            self, node,
            NSK_KIND_SAY(check, "'%s' has no table; add one", "'%s' belum memuat tabel; tambahkan"),
            name_of(self));
    } else if (strcmp(holds, "list") == 0 && !has_below(node, "li")) {
        tell(self, node,
             NSK_KIND_SAY(check, "'%s' is no list; write it as one",
                          "'%s' belum berupa rincian; tulis sebagai daftar"),
             name_of(self));
    }
}

/* Depth is bounded by the parser. */
static void
search(Search *self, const NskXmlNode *parent)
{
    for (const NskXmlNode *node = nsk_xml_first(parent); node != NULL; node = nsk_xml_next(node)) {
        bool same = strcmp(nsk_xml_name(node), self->element) == 0;

        if (same && self->attr != NULL) {
            g_autofree char *label = fold_label(nsk_xml_attr(node, self->attr));

            same = strcmp(label, self->label) == 0;
        }
        if (same) {
            self->found++;
            check_content(self, node);
        }
        search(self, node);
    }
}

void
nsk_kind_check_slot(const NskKindCheck *check, const NskXmlNode *slot)
{
    static const struct {
        const char *in, *element, *attr;
    } places[] = {
        { "row", "row", "label" }, { "section", "section", "title" }, { "table", "table", NULL },
        { "list", "li", NULL },    { "paragraph", "p", NULL },
    };
    const NskXmlNode *body = nsk_xml_child(nsk_xml_doc_get_root(check->letter), "body");
    const char *in = nsk_xml_attr(slot, "in");
    size_t k = 0;

    while (k + 1 < G_N_ELEMENTS(places) && strcmp(places[k].in, in) != 0)
        k++;
    Search self = { check, slot, places[k].element, places[k].attr, NULL, 0 };
    g_autofree char *label =
        self.attr != NULL ? fold_label(nsk_xml_attr(slot, "label")) : g_strdup("");
    if (body == NULL)
        return;
    self.label = label;
    search(&self, body);
    if (self.found > 0 || strcmp(nsk_xml_attr(slot, "use"), "required") != 0)
        return;
    tell(&self, body,
         self.attr != NULL ? NSK_KIND_SAY(check, "the body has no '%s'; add it",
                                          "isi surat belum memuat '%s'; tambahkan")
                           : NSK_KIND_SAY(check, "the body has no part '%s'; add it",
                                          "isi surat belum memuat bagian '%s'; tambahkan"),
         name_of(&self));
}
