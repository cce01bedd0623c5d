/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What later revisions of a signed PDF changed (ISO 32000-2, 12.8.2.2), rejecting by default.
 *
 * Allowed are only: filling an empty signature field (/V, and /AP of a small one), validation
 * data (/DSS) and document time stamps (an invisible field added to form and page).
 *
 * INVARIANTS:
 *   (1) an object that existed before may only change by the rule for the part it plays in the
 *       revision before; no rule for its part, no change;
 *   (2) a new object's number was named by no object before it, so that nothing old can come to
 *       show it; it is reached only through an allowed change;
 *   (3) no object is freed, no generation changes, the trailer names the same catalog;
 *   (4) validation data may only be changed again if it came after the first signature: then no
 *       page can share its objects.
 */
#include "base/message.h"
#include "sign/sign-private.h"

#include <math.h>
#include <string.h>

#define MAX_APPEARANCE 60000.0 /* square points: a tenth of a page, a large visible signature */

/* What an object is to the document. */
typedef enum {
    ROLE_NONE,
    ROLE_CATALOG,
    ROLE_FORM,
    ROLE_LIST,
    ROLE_DSS,
    ROLE_PAGE,
    ROLE_FIELD
} Role;

typedef struct {
    PdfDocument *document;
    unsigned first;
    unsigned revision; /* the later one */
    bool fills_allowed;
    GHashTable *roles; /* object number -> Role, in the revision before */
    GHashTable *named; /* object numbers that objects before this revision name */
    NskIssues *issues;
} Difference;

static bool
refuse(Difference *self, uint32_t number, const char *what)
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

/* Records the numbers in @value. */
static void
collect_names(const PdfValue *value, GHashTable *names)
{
    if (value->type == PDF_REF)
        g_hash_table_add(names, GUINT_TO_POINTER(value->u.ref.number));
    for (uint32_t i = 0; value->type == PDF_ARRAY && i < value->n; i++)
        collect_names(value->u.items[i], names);
    for (uint32_t i = 0; pdf_is_dict(value) && i < value->n; i++)
        collect_names(value->u.pairs[i].value, names);
}

static void
collect_revision(Difference *self, unsigned revision)
{
    const PdfRevision *own = pdf_revision(self->document, revision);

    collect_names(own->trailer, self->named);
    for (guint i = 0; i < own->slots->len; i++) {
        const PdfSlot *slot = &g_array_index(own->slots, PdfSlot, i);

        if (slot->kind != 0)
            collect_names(slot->value, self->named);
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
    g_autoptr(GPtrArray) fields = pdf_fields(self->document, before, NULL, NULL);

    if (fields == NULL)
        return false;
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
    return true;
}

/* Whether @ref names an object that this revision brought. */
static bool
is_new(const Difference *self, const PdfValue *ref)
{
    if (ref == NULL || ref->type != PDF_REF)
        return false;
    const PdfSlot *slot = pdf_find_slot(self->document, self->revision, ref->u.ref.number);
    return slot != NULL && slot->revision == self->revision &&
           pdf_find_slot(self->document, self->revision - 1, ref->u.ref.number) == NULL;
}

static bool
is_invisible(const Difference *self, const PdfValue *dict)
{
    const PdfValue *rect = pdf_resolve_key(self->document, self->revision, dict, "Rect");

    if (rect == NULL)
        return true;
    if (rect->type != PDF_ARRAY)
        return false;
    for (uint32_t i = 0; i < rect->n; i++)
        if (rect->u.items[i]->type != PDF_INT || rect->u.items[i]->u.integer != 0)
            return false;
    return true;
}

/* A new, invisible field with a document time stamp. */
static bool
is_time_stamp_field(const Difference *self, const PdfValue *ref)
{
    const PdfValue *dict = pdf_resolve(self->document, self->revision, ref);

    return is_new(self, ref) && pdf_is_name(pdf_get(dict, "FT"), "Sig") &&
           is_time_stamp(pdf_resolve_key(self->document, self->revision, dict, "V")) &&
           is_invisible(self, dict);
}

/* A list that may only have grown by fields of time stamps.  NULL is the empty list. */
static bool
check_list(Difference *self, uint32_t number, const PdfValue *before, const PdfValue *after)
{
    uint32_t old = before != NULL ? before->n : 0;

    if ((before != NULL && before->type != PDF_ARRAY) || after == NULL ||
        after->type != PDF_ARRAY || after->n < old)
        return refuse(self, number, N_("a list of fields or annotations lost entries"));
    for (uint32_t i = 0; i < after->n; i++) {
        if (i < old ? !pdf_equal(before->u.items[i], after->u.items[i])
                    : !is_time_stamp_field(self, after->u.items[i]))
            return refuse(self, number, N_("a field or annotation was added or exchanged"));
    }
    return true;
}

typedef bool (*KeyRule)(Difference *self,
                        uint32_t number,
                        const char *key,
                        const PdfValue *before,
                        const PdfValue *after);

/* Every key that differs must be allowed by @rule; NULL stands for a missing value. */
static bool
check_keys(Difference *self,
           uint32_t number,
           const PdfValue *before,
           const PdfValue *after,
           KeyRule rule)
{
    if (!pdf_is_dict(before) || before->type != after->type)
        return refuse(self, number, N_("it is of another type now"));
    if (before->data_size != after->data_size)
        return refuse(self, number, N_("its data changed"));
    for (uint32_t i = 0; i < before->n; i++) {
        const PdfPair *pair = &before->u.pairs[i];
        const PdfValue *now = pdf_get(after, pair->key);

        if (!pdf_equal(pair->value, now) && !rule(self, number, pair->key, pair->value, now))
            return false;
    }
    for (uint32_t i = 0; i < after->n; i++) {
        const PdfPair *pair = &after->u.pairs[i];

        if (pdf_get(before, pair->key) == NULL && !rule(self, number, pair->key, NULL, pair->value))
            return false;
    }
    return true;
}

static bool
refuse_key(Difference *self, uint32_t number, const char *key)
{
    g_autofree char *shown = g_strescape(key, NULL);
    g_autofree char *text = g_strdup_printf("its key /%s may not change", shown);

    return refuse(self, number, text);
}

static bool
form_rule(Difference *self,
          uint32_t number,
          const char *key,
          const PdfValue *before,
          const PdfValue *after)
{
    if (strcmp(key, "SigFlags") == 0 && after != NULL && after->type == PDF_INT)
        return true;
    if (strcmp(key, "Fields") == 0 && before != NULL)
        return check_list(self, number, before, after);
    return refuse_key(self, number, key);
}

static bool
catalog_rule(Difference *self,
             uint32_t number,
             const char *key,
             const PdfValue *before,
             const PdfValue *after)
{
    if (strcmp(key, "AcroForm") == 0 && before != NULL && before->type == PDF_DICT &&
        after != NULL && after->type == PDF_DICT)
        return check_keys(self, number, before, after, form_rule);
    if (strcmp(key, "DSS") == 0 && after != NULL &&
        (after->type == PDF_DICT || is_new(self, after)))
        return true;
    if (strcmp(key, "Extensions") == 0 && before == NULL && after->type == PDF_DICT)
        return true;
    return refuse_key(self, number, key);
}

static bool
page_rule(Difference *self,
          uint32_t number,
          const char *key,
          const PdfValue *before,
          const PdfValue *after)
{
    if (strcmp(key, "Annots") != 0)
        return refuse_key(self, number, key);
    if (before != NULL && before->type == PDF_REF)
        return refuse(self, number, N_("its annotations are another object now"));
    if (before == NULL && is_new(self, after))
        after = pdf_resolve(self->document, self->revision, after);
    return check_list(self, number, before, after);
}

/* The area of an annotation; infinite if it cannot be told. */
static double
area_of(const Difference *self, uint32_t number)
{
    g_autoptr(GPtrArray) fields = pdf_fields(self->document, self->revision - 1, NULL, NULL);

    for (guint i = 0; fields != NULL && i < fields->len; i++) {
        const PdfField *field = g_ptr_array_index(fields, i);

        if (field->number == number)
            return fabs((field->rect[2] - field->rect[0]) * (field->rect[3] - field->rect[1]));
    }
    return HUGE_VAL;
}

static bool
field_rule(Difference *self,
           uint32_t number,
           const char *key,
           const PdfValue *before,
           const PdfValue *after)
{
    if (strcmp(key, "V") == 0 && before == NULL) {
        const PdfValue *value = pdf_resolve(self->document, self->revision, after);

        if (!is_signature_dictionary(value) || (after->type == PDF_REF && !is_new(self, after)))
            return refuse(self, number, N_("its value is no new signature"));
        if (!self->fills_allowed && !is_time_stamp(value)) {
            add_issue(self->issues, "pdf-docmdp", NSK_SEVERITY_ERROR,
                      nsk_tr("revision %u signed again, which the certification before it forbids"),
                      self->revision + 1);
            return false;
        }
        return true;
    }
    if (strcmp(key, "AP") == 0 && after != NULL) {
        if (!(area_of(self, number) <= MAX_APPEARANCE))
            return refuse(self, number, N_("a signature's new appearance could hide the page"));
        return true;
    }
    return refuse_key(self, number, key);
}

/* An appearance may only change while its field is being signed. */
static bool
check_field(Difference *self, uint32_t number, const PdfValue *before, const PdfValue *after)
{
    if (pdf_is_dict(before) && pdf_get(before, "V") != NULL)
        return refuse(self, number, N_("it is a field that was signed before"));
    if (pdf_get(after, "V") == NULL)
        return refuse(self, number, N_("it is a signature field, but was not signed"));
    return check_keys(self, number, before, after, field_rule);
}

static bool
check_dss(Difference *self, uint32_t number, const PdfValue *before, const PdfValue *after)
{
    if (pdf_find_slot(self->document, self->first, number) != NULL)
        return refuse(self, number, N_("it is older than the signature"));
    if (before->type != after->type || (before->type != PDF_DICT && before->type != PDF_ARRAY))
        return refuse(self, number, N_("validation data was exchanged"));
    return true;
}

static bool
check_changed(Difference *self, uint32_t number, const PdfValue *before, const PdfValue *after)
{
    Role role = GPOINTER_TO_UINT(g_hash_table_lookup(self->roles, GUINT_TO_POINTER(number)));

    switch (role) {
    case ROLE_CATALOG:
        return check_keys(self, number, before, after, catalog_rule);
    case ROLE_FORM:
        return check_keys(self, number, before, after, form_rule);
    case ROLE_LIST:
        return check_list(self, number, before, after);
    case ROLE_DSS:
        return check_dss(self, number, before, after);
    case ROLE_PAGE:
        return check_keys(self, number, before, after, page_rule);
    case ROLE_FIELD:
        return check_field(self, number, before, after);
    case ROLE_NONE:
        break;
    }
    return refuse(self, number, N_("only signatures and validation data may be added"));
}

static bool
check_slot(Difference *self, const PdfSlot *slot)
{
    const PdfSlot *before = pdf_find_slot(self->document, self->revision - 1, slot->number);

    if (slot->kind == 0)
        return refuse(self, slot->number, N_("it was removed"));
    if (slot->kind == 1 && slot->place == pdf_revision(self->document, self->revision)->xref_at &&
        (before == NULL || pdf_is_name(pdf_get(before->value, "Type"), "XRef")))
        return true; /* the cross-reference stream itself, read already */
    if (before == NULL) {
        if (g_hash_table_contains(self->named, GUINT_TO_POINTER(slot->number)))
            return refuse(self, slot->number, N_("it fills a place that was left open before"));
        return true;
    }
    if (before->generation != slot->generation)
        return refuse(self, slot->number, N_("its generation changed"));
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
check_differences(PdfDocument *document, unsigned first, unsigned no_fills_after, NskIssues *issues)
{
    g_autoptr(GHashTable) roles = g_hash_table_new(NULL, NULL);
    g_autoptr(GHashTable) named = g_hash_table_new(NULL, NULL);
    Difference self = { .document = document, .first = first };

    self.roles = roles;
    self.named = named;
    self.issues = issues;
    for (unsigned i = 0; i <= first; i++)
        collect_revision(&self, i);
    for (unsigned i = first + 1; i <= pdf_last(document); i++) {
        self.revision = i;
        self.fills_allowed = i <= no_fills_after;
        if (!check_revision(&self))
            return i;
        collect_revision(&self, i);
    }
    return pdf_last(document) + 1;
}
