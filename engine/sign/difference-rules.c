/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rules by which an object may change, or come new, after a signature: one for each part that
 * an object plays (see difference.c for what they keep).  What no rule names is refused.
 */
#include "base/message.h"
#include "sign/difference-private.h"

#include <math.h>
#include <string.h>

#define MAX_APPEARANCE 60000.0 /* square points: a tenth of a page, a large visible signature */

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
        return refuse_change(self, number, N_("a list of fields or annotations lost entries"));
    for (uint32_t i = 0; i < after->n; i++) {
        const PdfValue *item = after->u.items[i];

        if (i < old ? !pdf_equal(before->u.items[i], item)
                    : !is_time_stamp_field(self, item) && !is_own_field(self, item) &&
                          !is_allowed_annotation(self, item))
            return refuse_change(self, number, N_("a field or annotation was added or exchanged"));
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
        return refuse_change(self, number, N_("it is of another type now"));
    if (before->data_size != after->data_size)
        return refuse_change(self, number, N_("its data changed"));
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

    add_issue(self->issues, "pdf-change", NSK_SEVERITY_ERROR,
              nsk_tr("revision %u changed object %u after a signature: its key /%s may not change"),
              self->revision + 1, number, shown);
    return false;
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
                return refuse_change(self, number, N_("validation data was removed"));
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
        return refuse_change(self, number, N_("its metadata was exchanged"));
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
        return refuse_change(self, number, N_("its annotations are another object now"));
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
            return refuse_change(self, number, N_("its value is no new signature"));
        if (!is_time_stamp(value))
            return may_fill(self, number);
        return area_of(self, number) == 0 ||
               refuse_change(self, number,
                             N_("a time stamp, which anybody can get, fills a visible field"));
    }
    if (strcmp(key, "M") == 0 && after != NULL && after->type == PDF_STRING)
        return true; /* when the annotation was changed: shown nowhere */
    if (strcmp(key, "AS") == 0 && after != NULL && after->type == PDF_NAME)
        return area_of(self, number) <= MAX_APPEARANCE || refuse_key(self, number, key);
    if (strcmp(key, "AP") == 0 && after != NULL) {
        if (!(area_of(self, number) <= MAX_APPEARANCE))
            return refuse_change(self, number,
                                 N_("a signature's new appearance could hide the page"));
        return true;
    }
    return refuse_key(self, number, key);
}

/* An appearance may only change while its field is being signed. */
static bool
check_field(Difference *self, uint32_t number, const PdfValue *before, const PdfValue *after)
{
    if (pdf_is_dict(before) && pdf_get(before, "V") != NULL)
        return refuse_change(self, number, N_("it is a field that was signed before"));
    if (pdf_get(after, "V") == NULL)
        return refuse_change(self, number, N_("it is a signature field, but was not signed"));
    return check_keys(self, number, before, after, field_rule);
}

static bool
check_dss(Difference *self, uint32_t number, const PdfValue *before, const PdfValue *after)
{
    if (pdf_find_slot(self->document, self->first, number) != NULL)
        return refuse_change(self, number, N_("it is older than the signature"));
    if (before->type != after->type || (before->type != PDF_DICT && before->type != PDF_ARRAY))
        return refuse_change(self, number, N_("validation data was exchanged"));
    if (before->type == PDF_DICT)
        return keeps_dss(self, number, before, after);
    for (uint32_t i = 0; i < before->n; i++)
        if (!has_item(self, after, before->u.items[i]))
            return refuse_change(self, number, N_("validation data was removed"));
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

bool
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
    return refuse_change(self, number, N_("only signatures and validation data may be added"));
}
