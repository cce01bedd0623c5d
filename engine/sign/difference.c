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
    ROLE_FIELD,
    ROLE_INFO,
    ROLE_METADATA
} Role;

typedef struct {
    PdfDocument *document;
    unsigned first;
    unsigned revision; /* the later one */
    const Permissions *permissions;
    GPtrArray *fields;  /* PdfField, in the revision before */
    bool other_fields;  /* it has fields that are no signatures */
    GHashTable *roles;  /* object number -> Role, in the revision before */
    GHashTable *named;  /* object number that objects before this revision name -> the holder + 1,
                         * or SEVERAL */
    uint32_t own_field; /* the new field of this revision; 0: none */
    bool doubtful;
    NskIssues *issues;
} Difference;

#define SEVERAL G_MAXUINT32

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
static bool
is_only_in(const Difference *self, uint32_t number, uint32_t holder)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(self->named, GUINT_TO_POINTER(number))) ==
           holder + 1;
}

/* Whether this revision is that of a signature which holds. */
static bool
is_signed_in(const Difference *self)
{
    return g_hash_table_contains(self->permissions->signed_in,
                                 GUINT_TO_POINTER(self->revision + 1));
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
    if (rect->type != PDF_ARRAY || rect->n != 4)
        return false;
    for (uint32_t i = 0; i < rect->n; i++)
        if (rect->u.items[i]->type != PDF_INT || rect->u.items[i]->u.integer != 0)
            return false;
    return true;
}

/* The value of @ref if it is a signature field that this revision brought, and that can do nothing
 * but be signed: no stream, which a page could show, no widgets apart, no action, and no signature
 * of before. */
static const PdfValue *
new_field_value(const Difference *self, const PdfValue *ref)
{
    static const char *const others[] = { "Kids", "Parent", "A", "AA" };
    const PdfValue *dict = pdf_resolve(self->document, self->revision, ref);
    const PdfValue *value = pdf_get(dict, "V");

    if (!is_new(self, ref) || dict == NULL || dict->type != PDF_DICT ||
        !pdf_is_name(pdf_get(dict, "FT"), "Sig") || value == NULL ||
        (value->type == PDF_REF && !is_new(self, value)))
        return NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
        if (pdf_get(dict, others[i]) != NULL)
            return NULL;
    return pdf_resolve(self->document, self->revision, value);
}

/* A new, invisible field with a document time stamp. */
static bool
is_time_stamp_field(const Difference *self, const PdfValue *ref)
{
    const PdfValue *value = new_field_value(self, ref);

    return value != NULL && is_time_stamp(value) &&
           is_invisible(self, pdf_resolve(self->document, self->revision, ref));
}

/* The rectangle of an annotation in this revision, upright; false if it has none. */
static bool
read_rect(const Difference *self, const PdfValue *dict, double out[4])
{
    const PdfValue *rect = pdf_resolve_key(self->document, self->revision, dict, "Rect");

    if (rect == NULL || rect->type != PDF_ARRAY || rect->n != 4)
        return false;
    for (uint32_t i = 0; i < 4; i++) {
        const PdfValue *item = rect->u.items[i];

        if (item->type != PDF_INT && item->type != PDF_REAL)
            return false;
        out[i] = item->type == PDF_INT ? (double)item->u.integer : item->u.real;
    }
    for (size_t i = 0; i < 2; i++) {
        double low = MIN(out[i], out[i + 2]), high = MAX(out[i], out[i + 2]);

        out[i] = low;
        out[i + 2] = high;
    }
    return true;
}

/* Whether @rect touches a signature field that was there before. */
static bool
hides_field(const Difference *self, const double rect[4])
{
    for (guint i = 0; i < self->fields->len; i++) {
        const PdfField *field = g_ptr_array_index(self->fields, i);
        const double *other = field->rect;

        if (rect[0] < MAX(other[0], other[2]) && rect[2] > MIN(other[0], other[2]) &&
            rect[1] < MAX(other[1], other[3]) && rect[3] > MIN(other[1], other[3]))
            return true;
    }
    return false;
}

static bool
is_below(const char *name, const char *of)
{
    size_t size = strlen(of);

    return strncmp(name, of, size) == 0 && (name[size] == '\0' || name[size] == '.');
}

/* Whether an earlier signature locked the field @name (FieldMDP). */
static bool
locks_name(const Difference *self, const char *name)
{
    for (guint i = 0; i < self->permissions->locks->len; i++) {
        const FieldLock *lock = g_ptr_array_index(self->permissions->locks, i);
        bool named = false;

        for (guint j = 0; j < lock->names->len; j++)
            named = named || is_below(name, g_ptr_array_index(lock->names, j));
        if (lock->revision < self->revision && named != lock->except)
            return true;
    }
    return false;
}

/* Whether a new field has a name that an earlier signature locked. */
static bool
is_name_locked(Difference *self, const PdfValue *dict)
{
    g_autofree char *name = pdf_text(pdf_get(dict, "T"));

    if (!locks_name(self, name != NULL ? name : ""))
        return false;
    add_issue(self->issues, "pdf-fieldmdp", NSK_SEVERITY_ERROR,
              nsk_tr("revision %u filled a field that a signature before it locked"),
              self->revision + 1);
    return true;
}

/* Tells once a revision of the field that a signature brought along. */
static void
note_own_field(Difference *self, uint32_t number, const PdfValue *dict, const double rect[4])
{
    g_autofree char *name = pdf_text(pdf_get(dict, "T"));

    if (self->own_field == number)
        return;
    self->own_field = number;
    add_issue(self->issues, "pdf-new-field", NSK_SEVERITY_WARNING,
              nsk_tr("the signature of revision %u brought its own field '%s' along, which was not "
                     "prepared before the first signature; what it shows stands %d to %d points "
                     "from the left and %d to %d from the bottom of its page, look there"),
              self->revision + 1, name != NULL ? name : "?", (int)rect[0], (int)rect[2],
              (int)rect[1], (int)rect[3]);
}

/* A new field that is signed in this very revision: one only, small, beside all others, and not
 * after a certification, which allows no new fields. */
static bool
is_own_field(Difference *self, const PdfValue *ref)
{
    const PdfValue *value = new_field_value(self, ref);
    double rect[4] = { 0 };

    if (value == NULL || !is_signature_dictionary(value) || !is_signed_in(self) ||
        self->permissions->certified < self->revision ||
        (self->own_field != 0 && self->own_field != ref->u.ref.number))
        return false;
    const PdfValue *dict = pdf_resolve(self->document, self->revision, ref);
    if (is_name_locked(self, dict))
        return false;
    if (!is_invisible(self, dict) &&
        (!read_rect(self, dict, rect) ||
         !((rect[2] - rect[0]) * (rect[3] - rect[1]) <= MAX_APPEARANCE) || hides_field(self, rect)))
        return false;
    note_own_field(self, ref->u.ref.number, dict, rect);
    return true;
}

/* A new annotation that a certification allows (DocMDP, P 3): the reader must look at it. */
static bool
is_allowed_annotation(Difference *self, const PdfValue *ref)
{
    const PdfValue *dict = pdf_resolve(self->document, self->revision, ref);

    if (self->permissions->may_annotate >= self->revision || dict == NULL ||
        dict->type != PDF_DICT || self->permissions->no_fills_after < self->revision ||
        !is_new(self, ref) || pdf_is_name(pdf_get(dict, "Subtype"), "Widget") ||
        pdf_get(dict, "A") != NULL || pdf_get(dict, "AA") != NULL)
        return false;
    if (!self->doubtful)
        add_issue(self->issues, "pdf-annotation", NSK_SEVERITY_WARNING,
                  nsk_tr("revision %u added annotations, which the certification allows; compare "
                         "with the revision before what they hide"),
                  self->revision + 1);
    self->doubtful = true;
    return true;
}

/* A list that may only have grown by fields of signatures, or by annotations that are allowed.
 * NULL is the empty list. */
static bool
check_list(Difference *self, uint32_t number, const PdfValue *before, const PdfValue *after)
{
    uint32_t old = before != NULL ? before->n : 0;

    if ((before != NULL && before->type != PDF_ARRAY) || after == NULL ||
        after->type != PDF_ARRAY || after->n < old)
        return refuse(self, number, N_("a list of fields or annotations lost entries"));
    for (uint32_t i = 0; i < after->n; i++) {
        const PdfValue *item = after->u.items[i];

        if (i < old ? !pdf_equal(before->u.items[i], item)
                    : !is_time_stamp_field(self, item) && !is_own_field(self, item) &&
                          !is_allowed_annotation(self, item))
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
    /* what text fields would look like by default, if there were any */
    if ((strcmp(key, "DR") == 0 || strcmp(key, "DA") == 0) && before == NULL &&
        is_signed_in(self) && !self->other_fields)
        return true;
    return refuse_key(self, number, key);
}

static bool
has_item(Difference *self, const PdfValue *list, const PdfValue *item)
{
    const PdfValue *stream = pdf_resolve(self->document, self->revision - 1, item);

    for (uint32_t i = 0; i < list->n; i++)
        if (pdf_equal(list->u.items[i], item) ||
            (stream != NULL &&
             pdf_equal(pdf_resolve(self->document, self->revision, list->u.items[i]), stream)))
            return true;
    return false;
}

/* Whether the validation data of before is all there still; NULL @before: there was none. */
static bool
keeps_dss(Difference *self, uint32_t number, const PdfValue *before, const PdfValue *after)
{
    static const char *const keys[] = { "Certs", "CRLs", "OCSPs" };

    before = pdf_resolve(self->document, self->revision - 1, before);
    after = pdf_resolve(self->document, self->revision, after);
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        const PdfValue *old = pdf_resolve_key(self->document, self->revision - 1, before, keys[i]);
        const PdfValue *now = pdf_resolve_key(self->document, self->revision, after, keys[i]);

        for (uint32_t j = 0; old != NULL && old->type == PDF_ARRAY && j < old->n; j++)
            if (now == NULL || now->type != PDF_ARRAY || !has_item(self, now, old->u.items[j]))
                return refuse(self, number, N_("validation data was removed"));
    }
    return true;
}

/* The file's metadata, written again by the program that signed. */
static bool
check_metadata(Difference *self, uint32_t number, const PdfValue *before, const PdfValue *after)
{
    if (!is_signed_in(self) || before == NULL || after == NULL || before->type != PDF_STREAM ||
        after->type != PDF_STREAM || !pdf_is_name(pdf_get(before, "Type"), "Metadata") ||
        !pdf_is_name(pdf_get(after, "Type"), "Metadata"))
        return refuse(self, number, N_("its metadata was exchanged"));
    return true;
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
        return keeps_dss(self, number, before, after);
    if (strcmp(key, "Metadata") == 0 && before != NULL && is_signed_in(self) && is_new(self, after))
        return check_metadata(self, number, pdf_resolve(self->document, self->revision - 1, before),
                              pdf_resolve(self->document, self->revision, after));
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
    for (guint i = 0; i < self->fields->len; i++) {
        const PdfField *field = g_ptr_array_index(self->fields, i);

        if (field->number == number)
            return fabs((field->rect[2] - field->rect[0]) * (field->rect[3] - field->rect[1]));
    }
    return HUGE_VAL;
}

/* Whether an earlier signature locked the field of that object (FieldMDP). */
static bool
is_locked(const Difference *self, uint32_t number)
{
    for (guint i = 0; i < self->fields->len; i++) {
        const PdfField *field = g_ptr_array_index(self->fields, i);

        if (field->number == number)
            return locks_name(self, field->name);
    }
    return locks_name(self, "");
}

/* Whether earlier signatures allow that this field is filled. */
static bool
may_fill(Difference *self, uint32_t number)
{
    if (self->permissions->no_fills_after < self->revision) {
        add_issue(self->issues, "pdf-docmdp", NSK_SEVERITY_ERROR,
                  nsk_tr("revision %u signed again, which the certification before it forbids"),
                  self->revision + 1);
        return false;
    }
    if (is_locked(self, number)) {
        add_issue(self->issues, "pdf-fieldmdp", NSK_SEVERITY_ERROR,
                  nsk_tr("revision %u filled a field that a signature before it locked"),
                  self->revision + 1);
        return false;
    }
    return true;
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
        if (!is_time_stamp(value))
            return may_fill(self, number);
        return area_of(self, number) == 0 ||
               refuse(self, number,
                      N_("a time stamp, which anybody can get, fills a visible field"));
    }
    if (strcmp(key, "M") == 0 && after != NULL && after->type == PDF_STRING)
        return true; /* when the annotation was changed: shown nowhere */
    if (strcmp(key, "AS") == 0 && after != NULL && after->type == PDF_NAME)
        return area_of(self, number) <= MAX_APPEARANCE || refuse_key(self, number, key);
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
    if (before->type == PDF_DICT)
        return keeps_dss(self, number, before, after);
    for (uint32_t i = 0; i < before->n; i++)
        if (!has_item(self, after, before->u.items[i]))
            return refuse(self, number, N_("validation data was removed"));
    return true;
}

/* Dates and producer: what a program that signs writes of itself. */
static bool
info_rule(Difference *self,
          uint32_t number,
          const char *key,
          G_GNUC_UNUSED const PdfValue *before,
          const PdfValue *after)
{
    return (is_signed_in(self) && is_only_in(self, number, 0) && after != NULL &&
            after->type == PDF_STRING &&
            (strcmp(key, "ModDate") == 0 || strcmp(key, "Producer") == 0)) ||
           refuse_key(self, number, key);
}

static uint32_t
catalog_number(const Difference *self)
{
    return pdf_get(pdf_revision(self->document, self->revision)->trailer, "Root")->u.ref.number;
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
    case ROLE_INFO:
        return check_keys(self, number, before, after, info_rule);
    case ROLE_METADATA:
        if (is_only_in(self, number, catalog_number(self)))
            return check_metadata(self, number, before, after);
        break;
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
    if (before == NULL) {
        if (g_hash_table_contains(self->named, GUINT_TO_POINTER(slot->number)))
            return refuse(self, slot->number, N_("it fills a place that was left open before"));
        return true;
    }
    if (slot->kind == 1 && slot->place == pdf_revision(self->document, self->revision)->xref_at &&
        pdf_is_name(pdf_get(before->value, "Type"), "XRef") &&
        !g_hash_table_contains(self->named, GUINT_TO_POINTER(slot->number)))
        return true; /* the cross-reference stream itself, read already, that nothing names */
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
