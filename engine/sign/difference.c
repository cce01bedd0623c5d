/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What later revisions of a signed PDF changed (ISO 32000-2, 12.8.2.2), rejecting by default.
 *
 * Allowed are only: filling an empty signature field (/V, and /AP of a small one), validation
 * data (/DSS), document time stamps (an invisible field added to form and page), and, told to the
 * reader, one small field that a later signature brought along and signed in the same revision, as
 * services do that sign whole documents (then also the file's Info and metadata).  What a
 * certification forbids or allows (DocMDP) and what a signature locks (FieldMDP) comes on top.
 *
 * INVARIANTS:
 *   (1) an object that existed before may only change by the rule for the part it plays in the
 *       revision before; no rule for its part, no change;
 *   (2) a new object's number was named by no object before it, so that nothing old can come to
 *       show it; it is reached only through an allowed change;
 *   (3) no object is freed, no generation changes, the trailer names the same catalog;
 *   (4) validation data may only be changed again if it came after the first signature: then no
 *       page can share its objects; nothing that it named is lost;
 *   (5) Info and metadata may only be written again if nothing else names them;
 *   (6) what anybody may add, without a certificate, is never seen: validation data, and time
 *       stamps in invisible fields.
 */
#include "base/message.h"
#include "sign/difference-private.h"

#include <string.h>

#define SEVERAL G_MAXUINT32

bool
refuse_change(Difference *self, uint32_t number, const char *what)
{
    add_issue(self->issues, "pdf-change", NSK_SEVERITY_ERROR,
              nsk_tr("revision %u changed object %u after a signature: %s"), self->revision + 1,
              number, nsk_tr(what));
    return false;
}

bool
is_time_stamp(const PdfValue *value)
{
    return pdf_is_name(pdf_get(value, "Type"), "DocTimeStamp") ||
           pdf_is_name(pdf_get(value, "SubFilter"), "ETSI.RFC3161");
}

bool
is_signature_dictionary(const PdfValue *value)
{
    return pdf_is_dict(value) &&
           (pdf_is_name(pdf_get(value, "Type"), "Sig") || is_time_stamp(value) ||
            (pdf_get(value, "ByteRange") != NULL && pdf_get(value, "Contents") != NULL));
}

/* Records the numbers in @value, which object @holder has; 0: the trailer. */
static void
collect_names(const PdfValue *value, uint32_t holder, GHashTable *named)
{
    if (value->type == PDF_REF) {
        gpointer key = GUINT_TO_POINTER(value->u.ref.number);
        uint32_t before = GPOINTER_TO_UINT(g_hash_table_lookup(named, key));

        g_hash_table_insert(
            named, key,
            GUINT_TO_POINTER(before == 0 || before == holder + 1 ? holder + 1 : SEVERAL));
    }
    for (uint32_t i = 0; value->type == PDF_ARRAY && i < value->n; i++)
        collect_names(value->u.items[i], holder, named);
    for (uint32_t i = 0; pdf_is_dict(value) && i < value->n; i++)
        collect_names(value->u.pairs[i].value, holder, named);
}

static void
collect_revision(Difference *self, unsigned revision)
{
    const PdfRevision *own = pdf_revision(self->document, revision);

    collect_names(own->trailer, 0, self->named);
    for (guint i = 0; i < own->slots->len; i++) {
        const PdfSlot *slot = &g_array_index(own->slots, PdfSlot, i);

        /* a cross-reference stream is a trailer, too */
        if (slot->kind != 0 && !pdf_is_name(pdf_get(slot->value, "Type"), "XRef"))
            collect_names(slot->value, slot->number, self->named);
    }
}

/* The first part an object was found in is the one it has. */
static void
give_role(Difference *self, const PdfValue *ref, Role role)
{
    if (ref != NULL && ref->type == PDF_REF &&
        !g_hash_table_contains(self->roles, GUINT_TO_POINTER(ref->u.ref.number)))
        g_hash_table_insert(self->roles, GUINT_TO_POINTER(ref->u.ref.number),
                            GUINT_TO_POINTER(role));
}

static void
give_dss_roles(Difference *self, const PdfValue *catalog, unsigned before)
{
    const PdfValue *dss = pdf_resolve_key(self->document, before, catalog, "DSS");

    for (uint32_t i = 0; pdf_is_dict(dss) && i < dss->n; i++)
        give_role(self, dss->u.pairs[i].value, ROLE_DSS);
    give_role(self, pdf_get(catalog, "DSS"), ROLE_DSS);
}

static bool
give_roles(Difference *self)
{
    unsigned before = self->revision - 1;
    const PdfValue *catalog = pdf_catalog(self->document, before);
    const PdfValue *form = pdf_resolve_key(self->document, before, catalog, "AcroForm");
    g_autoptr(GArray) pages = pdf_pages(self->document, before);
    GPtrArray *fields = pdf_fields(self->document, before, &self->other_fields, NULL);

    if (fields == NULL)
        return false;
    g_clear_pointer(&self->fields, g_ptr_array_unref);
    self->fields = fields;
    give_role(self, pdf_get(pdf_revision(self->document, before)->trailer, "Root"), ROLE_CATALOG);
    give_role(self, pdf_get(catalog, "AcroForm"), ROLE_FORM);
    give_role(self, pdf_get(form, "Fields"), ROLE_LIST);
    for (guint i = 0; i < pages->len; i++) {
        uint32_t number = g_array_index(pages, uint32_t, i);
        const PdfSlot *slot = pdf_find_slot(self->document, before, number);

        g_hash_table_insert(self->roles, GUINT_TO_POINTER(number), GUINT_TO_POINTER(ROLE_PAGE));
        give_role(self, pdf_get(slot->value, "Annots"), ROLE_LIST);
    }
    for (guint i = 0; i < fields->len; i++) {
        const PdfField *field = g_ptr_array_index(fields, i);

        if (field->number != 0 &&
            !g_hash_table_contains(self->roles, GUINT_TO_POINTER(field->number)))
            g_hash_table_insert(self->roles, GUINT_TO_POINTER(field->number),
                                GUINT_TO_POINTER(ROLE_FIELD));
    }
    give_dss_roles(self, catalog, before);
    give_role(self, pdf_get(pdf_revision(self->document, before)->trailer, "Info"), ROLE_INFO);
    give_role(self, pdf_get(catalog, "Metadata"), ROLE_METADATA);
    return true;
}

/* Whether nothing but @holder names object @number. */
bool
is_only_in(const Difference *self, uint32_t number, uint32_t holder)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(self->named, GUINT_TO_POINTER(number))) ==
           holder + 1;
}

/* Whether this revision is that of a signature which holds. */
bool
is_signed_in(const Difference *self)
{
    return g_hash_table_contains(self->permissions->signed_in,
                                 GUINT_TO_POINTER(self->revision + 1));
}

/* Whether @ref names an object that this revision brought. */
bool
is_new(const Difference *self, const PdfValue *ref)
{
    if (ref == NULL || ref->type != PDF_REF)
        return false;
    const PdfSlot *slot = pdf_find_slot(self->document, self->revision, ref->u.ref.number);
    return slot != NULL && slot->revision == self->revision &&
           pdf_find_slot(self->document, self->revision - 1, ref->u.ref.number) == NULL;
}

static bool
check_slot(Difference *self, const PdfSlot *slot)
{
    const PdfSlot *before = pdf_find_slot(self->document, self->revision - 1, slot->number);

    if (slot->kind == 0)
        return refuse_change(self, slot->number, N_("it was removed"));
    if (before == NULL) {
        if (g_hash_table_contains(self->named, GUINT_TO_POINTER(slot->number)))
            return refuse_change(self, slot->number,
                                 N_("it fills a place that was left open before"));
        return true;
    }
    if (slot->kind == 1 && slot->place == pdf_revision(self->document, self->revision)->xref_at &&
        pdf_is_name(pdf_get(before->value, "Type"), "XRef") &&
        !g_hash_table_contains(self->named, GUINT_TO_POINTER(slot->number)))
        return true; /* the cross-reference stream itself, read already, that nothing names */
    if (before->generation != slot->generation)
        return refuse_change(self, slot->number, N_("its generation changed"));
    return pdf_equal(before->value, slot->value) ||
           check_changed(self, slot->number, before->value, slot->value);
}

/* Keys of a trailer that describe the section itself. */
static bool
is_section_key(const char *key)
{
    static const char *const keys[] = { "Size",   "Prev",        "Type",   "W", "Index",
                                        "Filter", "DecodeParms", "Length", "ID" };

    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
        if (strcmp(key, keys[i]) == 0)
            return true;
    return false;
}

static bool
check_trailer(Difference *self)
{
    const PdfValue *before = pdf_revision(self->document, self->revision - 1)->trailer;
    const PdfValue *after = pdf_revision(self->document, self->revision)->trailer;
    const PdfValue *dicts[] = { before, after };

    for (size_t i = 0; i < G_N_ELEMENTS(dicts); i++) {
        for (uint32_t j = 0; j < dicts[i]->n; j++) {
            const char *key = dicts[i]->u.pairs[j].key;

            if (!is_section_key(key) && !pdf_equal(pdf_get(before, key), pdf_get(after, key))) {
                add_issue(self->issues, "pdf-change", NSK_SEVERITY_ERROR,
                          nsk_tr("revision %u changed the trailer after a signature"),
                          self->revision + 1);
                return false;
            }
        }
    }
    return true;
}

static bool
check_revision(Difference *self)
{
    const PdfRevision *own = pdf_revision(self->document, self->revision);

    g_hash_table_remove_all(self->roles);
    if (!check_trailer(self) || !give_roles(self))
        return false;
    for (guint i = 0; i < own->slots->len; i++)
        if (!check_slot(self, &g_array_index(own->slots, PdfSlot, i)))
            return false;
    return true;
}

unsigned
check_differences(PdfDocument *document,
                  unsigned first,
                  const Permissions *permissions,
                  NskIssues *issues,
                  bool *out_doubt)
{
    g_autoptr(GHashTable) roles = g_hash_table_new(NULL, NULL);
    g_autoptr(GHashTable) named = g_hash_table_new(NULL, NULL);
    Difference self = { .document = document, .first = first, .permissions = permissions };
    unsigned bad = pdf_last(document) + 1;

    self.roles = roles;
    self.named = named;
    self.issues = issues;
    for (unsigned i = 0; i <= first; i++)
        collect_revision(&self, i);
    for (unsigned i = first + 1; i <= pdf_last(document) && bad > i; i++) {
        self.revision = i;
        self.own_field = 0;
        if (!check_revision(&self))
            bad = i;
        collect_revision(&self, i);
    }
    g_clear_pointer(&self.fields, g_ptr_array_unref);
    *out_doubt = self.doubtful;
    return bad;
}
