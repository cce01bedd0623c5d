/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signing: an incremental update that fills an empty signature field (ISO 32000-2, 7.5.6 and
 * 12.8.1; ETSI EN 319 142-1, level B-B), in two steps so that the key may live elsewhere.
 *
 * The update has the signature dictionary (a new object), the field with /V added, the form or
 * the catalog if SigFlags was not 3, and a cross-reference of the same kind as the base's last.
 *
 * INVARIANTS:
 *   (1) the result begins with the base, byte for byte;
 *   (2) every key of a changed object but the one added stays as it was written;
 *   (3) ByteRange is [0 a b c] with a at the '<' and b behind the '>' of Contents, and c to the
 *       last byte: it is written before the digest is made, at a fixed width;
 *   (4) no signed PDF leaves this file that the verifier of this module does not accept.
 */
#include "base/limits.h"
#include "base/message.h"
#include "sign/sign-private.h"
#include "sign/update-private.h"

#include <string.h>

#define CONTENTS_SIZE  16384 /* bytes of CMS; a chain needs 2, a time stamp 5 kB more */
#define STAMP_SIZE     20480 /* bytes of a document time stamp's token */
#define MAX_OFFSET_MIN (14 * 60)
#define PDF_SIG_FLAGS  3 /* SignaturesExist, AppendOnly */

struct _NskSigning {
    GBytes *prepared;
    size_t gap;  /* offset of Contents' '<' */
    size_t room; /* bytes of DER that fit */
    NskCms *cms; /* NULL: a document time stamp */
    uint8_t digest[NSK_SHA256_SIZE];
    char *field;
    NskInstant at;
};

static bool
invalid(GError **error, const char *text)
{
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID, text);
    return false;
}

static bool
check_request(const NskSignRequest *request, GError **error)
{
    const char *texts[] = { request->reason, request->location, request->name };

    if (request->field == NULL || request->chain == NULL || request->chain->len == 0)
        return invalid(error, nsk_tr("signing needs the name of a field and a certificate"));
    if (ABS(request->offset_minutes) > MAX_OFFSET_MIN || request->at < 0)
        return invalid(error, nsk_tr("the time of signing or its zone is not possible"));
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        if (texts[i] != NULL &&
            (strlen(texts[i]) > NSK_LIMIT_TEXT || !g_utf8_validate(texts[i], -1, NULL)))
            return invalid(
                error, nsk_tr("reason, place or name of the signature is too long or no UTF-8"));
    }
    return true;
}

/* Opens and loads @pdf, turning faults into errors. */
static PdfDocument *
open_document(GBytes *pdf, GError **error)
{
    GError *fault = NULL;
    g_autoptr(PdfDocument) document = pdf_open(pdf, &fault);

    if (document != NULL && pdf_load_all(document, &fault))
        return g_steal_pointer(&document);
    pdf_fault_propagate(error, fault);
    return NULL;
}

GPtrArray *
pdf_last_fields(PdfDocument *document, bool *out_other, GError **error)
{
    GError *fault = NULL;
    GPtrArray *fields = pdf_fields(document, pdf_last(document), out_other, &fault);

    if (fields == NULL)
        pdf_fault_propagate(error, fault);
    return fields;
}

/* The base must be whole and, where it is signed already, hold. */
static bool
check_holds(PdfDocument *document, const NskVerdict *verdict, GError **error)
{
    const PdfRevision *last = pdf_revision(document, pdf_last(document));

    if (document->size > last->end_max)
        return invalid(error, nsk_tr("the PDF has bytes behind its end; make it again"));
    if (verdict->result != NSK_VERDICT_INVALID)
        return true;

    const NskIssue *issue = verdict->issues->len > 0 ? g_ptr_array_index(verdict->issues, 0) : NULL;
    for (guint i = 0; issue == NULL && i < verdict->signatures->len; i++) {
        const NskSignature *signature = g_ptr_array_index(verdict->signatures, i);

        if (nsk_issues_has_error(signature->issues))
            issue = g_ptr_array_index(signature->issues, 0);
    }
    g_set_error(
        error, NSK_ERROR, NSK_ERROR_UNTRUSTED,
        nsk_tr("the PDF cannot be signed because what is signed in it does not hold: %s [%s]"),
        issue != NULL ? issue->text : nsk_tr("it was changed"),
        issue != NULL ? issue->tag : "pdf-change");
    return false;
}

PdfDocument *
pdf_open_signed(GBytes *pdf, GError **error)
{
    g_autoptr(PdfDocument) document = open_document(pdf, error);

    if (document == NULL)
        return NULL;
    g_autoptr(NskVerdict) verdict = verify_document(document, &(Judging){ .now = 0 });
    if (!check_holds(document, verdict, error))
        return NULL;
    if (verdict->result == NSK_VERDICT_UNSIGNED) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                            nsk_tr("the PDF is not signed; sign it first"));
        return NULL;
    }
    return g_steal_pointer(&document);
}

static bool
check_base(PdfDocument *document, NskInstant at, GError **error)
{
    g_autoptr(NskVerdict) verdict = verify_document(document, &(Judging){ .now = at });

    return check_holds(document, verdict, error) && check_static(document, error);
}

static const PdfField *
find_field(GPtrArray *fields, const char *name, GError **error)
{
    for (guint i = 0; i < fields->len; i++) {
        const PdfField *field = g_ptr_array_index(fields, i);

        if (strcmp(field->name, name) != 0)
            continue;
        if (field->value != NULL || pdf_get(field->dict, "V") != NULL) {
            g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                        nsk_tr("the field '%s' is signed already"), name);
            return NULL;
        }
        if (field->number == 0) {
            invalid(error,
                    nsk_tr("the signature field is no object of its own; make the PDF again"));
            return NULL;
        }
        return field;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                nsk_tr("the PDF has no signature field '%s'; it has %u others"), name, fields->len);
    return NULL;
}

static void
write_claim(GString *out, const char *key, const char *text)
{
    if (text == NULL || text[0] == '\0')
        return;
    g_string_append(out, key);
    pdf_write_text(out, text);
}

/* A certification's reference: later only filling and signing (ISO 32000-2, 12.8.2.2). */
#define CERTIFIES                                                                                  \
    "\n/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams"    \
    "/P 2/V/1.2>>>>]"

static bool
write_signature(PdfUpdate *update, const NskSignRequest *request, uint32_t number, GError **error)
{
    g_autofree char *date = pdf_date_format(request->at, request->offset_minutes);

    if (date == NULL)
        return invalid(error, nsk_tr("the time of signing is not possible"));
    pdf_update_begin(update, number);
    g_string_append_printf(update->out,
                           "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached"
                           "\n/M(%s)",
                           date);
    write_claim(update->out, "\n/Name", request->name);
    write_claim(update->out, "\n/Reason", request->reason);
    write_claim(update->out, "\n/Location", request->location);
    if (request->certify)
        g_string_append(update->out, CERTIFIES);
    g_string_append_c(update->out, '\n');
    pdf_update_add_contents(update, CONTENTS_SIZE);
    g_string_append(update->out, ">>");
    pdf_update_end(update);
    return true;
}

/* What the catalog must say: the form's flags if it stands inside it, and a certification. */
static void
write_catalog(PdfUpdate *update, const char *form, const char *permissions)
{
    unsigned last = pdf_last(update->document);
    const PdfValue *catalog = pdf_catalog(update->document, last);
    const PdfValue *root = pdf_get(pdf_revision(update->document, last)->trailer, "Root");
    PdfEdit edits[2];
    size_t n = 0;

    if (form != NULL)
        edits[n++] = (PdfEdit){ "AcroForm", form };
    if (permissions != NULL)
        edits[n++] = (PdfEdit){ "Perms", permissions };
    if (n > 0)
        pdf_update_change(update, root->u.ref.number, catalog, edits, n);
}

/* SigFlags stands in the form, which stands alone or in the catalog. */
static void
write_flags(PdfUpdate *update, const char *permissions)
{
    unsigned last = pdf_last(update->document);
    const PdfValue *catalog = pdf_catalog(update->document, last);
    const PdfValue *ref = pdf_get(catalog, "AcroForm");
    const PdfValue *form = pdf_resolve(update->document, last, ref);
    g_autoptr(GString) inner = g_string_new(NULL);
    int64_t flags = 0;

    pdf_get_int(form, "SigFlags", &flags);
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, flags | PDF_SIG_FLAGS);
    PdfEdit edit = { "SigFlags", text };
    bool is_set = (flags & PDF_SIG_FLAGS) == PDF_SIG_FLAGS;
    if (!is_set && ref->type == PDF_REF)
        pdf_update_change(update, ref->u.ref.number, form, &edit, 1);
    else if (!is_set)
        pdf_write_dict(inner, form, &edit, 1);
    write_catalog(update, inner->len > 0 ? inner->str : NULL, permissions);
}

/* The digest of all of the prepared file but the room for Contents. */
static void
digest_ranges(const NskSigning *self, uint8_t out[NSK_SHA256_SIZE])
{
    g_autoptr(NskSha256) sha = nsk_sha256_new();
    gsize size;
    const uint8_t *data = g_bytes_get_data(self->prepared, &size);
    size_t second = self->gap + 2 * self->room + 2;

    nsk_sha256_add(sha, data, self->gap);
    nsk_sha256_add(sha, data + second, size - second);
    nsk_sha256_finish(sha, out);
}

/* A handle over the finished @update. */
static NskSigning *
signing_new(PdfUpdate *update, const char *field)
{
    NskSigning *self = g_new0(NskSigning, 1);

    self->prepared = pdf_update_finish(update);
    self->gap = update->gap;
    self->room = update->contents_size;
    self->field = g_strdup(field);
    return self;
}

/* The field with its value, and how it looks if the request says so. */
static bool
write_field(PdfUpdate *update,
            const PdfField *field,
            const NskSignRequest *request,
            const char *value,
            GError **error)
{
    g_autofree char *look = NULL;
    PdfEdit edits[2] = { { "V", value } };
    size_t n = 1;

    if (request->look != NULL) {
        uint32_t number = pdf_update_add_look(update, request->look, field->rect, error);

        if (number == 0)
            return false;
        look = g_strdup_printf("<</N %u 0 R>>", number);
        edits[n++] = (PdfEdit){ "AP", look };
    }
    pdf_update_change(update, field->number, field->dict, edits, n);
    return true;
}

static NskSigning *
build(PdfDocument *document, const PdfField *field, const NskSignRequest *request, GError **error)
{
    g_autoptr(PdfUpdate) update = pdf_update_new(document, 4 * (size_t)CONTENTS_SIZE);
    uint32_t number = pdf_update_reserve(update);
    g_autofree char *value = g_strdup_printf("%u 0 R", number);
    g_autofree char *permissions =
        request->certify ? g_strdup_printf("<</DocMDP %s>>", value) : NULL;
    uint8_t digest[NSK_SHA256_SIZE];

    if (!write_signature(update, request, number, error))
        return NULL;
    if (!write_field(update, field, request, value, error))
        return NULL;
    write_flags(update, permissions);
    g_autoptr(NskSigning) self = signing_new(update, request->field);
    self->at = request->at;
    digest_ranges(self, digest);
    self->cms = nsk_cms_prepare(request->chain, request->scheme, digest, self->digest, error);
    return self->cms != NULL ? g_steal_pointer(&self) : NULL;
}

/* Only the first signature may certify. */
static bool
check_certify(GPtrArray *fields, const NskSignRequest *request, GError **error)
{
    for (guint i = 0; request->certify && i < fields->len; i++)
        if (((const PdfField *)g_ptr_array_index(fields, i))->value != NULL) {
            g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                                nsk_tr("the PDF is signed already; only its first signature can "
                                       "certify it"));
            return false;
        }
    return true;
}

NskSigning *
nsk_sign_prepare(GBytes *pdf, const NskSignRequest *request, GError **error)
{
    bool has_other = false;

    if (!check_request(request, error))
        return NULL;
    g_autoptr(PdfDocument) document = open_document(pdf, error);
    if (document == NULL || !check_base(document, request->at, error))
        return NULL;
    g_autoptr(GPtrArray) fields = pdf_last_fields(document, &has_other, error);
    if (fields == NULL)
        return NULL;
    if (has_other) {
        invalid(error,
                nsk_tr("the PDF has form fields to fill in, so that it may look different later; "
                       "make it again without"));
        return NULL;
    }
    const PdfField *field = find_field(fields, request->field, error);
    return field != NULL && check_certify(fields, request, error)
               ? build(document, field, request, error)
               : NULL;
}

/* A name that no field has yet. */
static char *
free_name(GPtrArray *fields)
{
    for (unsigned n = 1;; n++) {
        g_autofree char *name = g_strdup_printf("document-time-stamp-%u", n);
        bool is_free = true;

        for (guint i = 0; i < fields->len; i++)
            is_free =
                is_free && strcmp(((PdfField *)g_ptr_array_index(fields, i))->name, name) != 0;
        if (is_free)
            return g_steal_pointer(&name);
    }
}

/* The form with one field more; the list stands alone or in the form. */
static void
write_form(PdfUpdate *update, uint32_t field)
{
    unsigned last = pdf_last(update->document);
    const PdfValue *ref = pdf_get(pdf_catalog(update->document, last), "AcroForm");
    const PdfValue *form = pdf_resolve(update->document, last, ref);
    const PdfValue *list_ref = pdf_get(form, "Fields");
    const PdfValue *list = pdf_resolve(update->document, last, list_ref);
    g_autoptr(GString) items = g_string_new("[");
    g_autoptr(GString) inner = g_string_new(NULL);
    int64_t flags = 0;

    for (uint32_t i = 0; list != NULL && list->type == PDF_ARRAY && i < list->n; i++)
        g_string_append_printf(items, "%.*s ", (int)list->u.items[i]->raw_size,
                               (const char *)list->u.items[i]->raw);
    g_string_append_printf(items, "%u 0 R]", field);
    pdf_get_int(form, "SigFlags", &flags);
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, flags | PDF_SIG_FLAGS);
    PdfEdit edits[] = { { "SigFlags", text }, { "Fields", items->str } };
    if (list_ref != NULL && list_ref->type == PDF_REF) {
        pdf_update_begin(update, list_ref->u.ref.number);
        g_string_append(update->out, items->str);
        pdf_update_end(update);
        if ((flags & PDF_SIG_FLAGS) == PDF_SIG_FLAGS)
            return;
    }
    size_t n = list_ref != NULL && list_ref->type == PDF_REF ? 1 : 2;
    if (ref != NULL && ref->type == PDF_REF) {
        pdf_update_change(update, ref->u.ref.number, form, edits, n);
        return;
    }
    pdf_write_dict(inner, form, edits, n);
    write_catalog(update, inner->str, NULL);
}

NskSigning *
nsk_sign_prepare_time_stamp(GBytes *pdf, GError **error)
{
    g_autoptr(PdfDocument) document = pdf_open_signed(pdf, error);
    g_autoptr(GPtrArray) fields = document != NULL ? pdf_last_fields(document, NULL, error) : NULL;

    if (fields == NULL)
        return NULL;
    g_autofree char *name = free_name(fields);
    g_autoptr(PdfUpdate) update = pdf_update_new(document, 4 * (size_t)STAMP_SIZE);
    g_autoptr(GArray) pages = pdf_pages(document, pdf_last(document));
    uint32_t number = pdf_update_begin(update, 0);
    g_string_append(update->out,
                    "<</Type/DocTimeStamp/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161\n");
    pdf_update_add_contents(update, STAMP_SIZE);
    g_string_append(update->out, ">>");
    pdf_update_end(update);
    uint32_t field = pdf_update_begin(update, 0);
    g_string_append_printf(update->out,
                           "<</Type/Annot/Subtype/Widget/FT/Sig/T(%s)/F 132/Rect[0 0 0 0]"
                           "/V %u 0 R",
                           name, number);
    if (pages->len > 0)
        g_string_append_printf(update->out, "/P %u 0 R", g_array_index(pages, uint32_t, 0));
    g_string_append(update->out, ">>");
    pdf_update_end(update);
    write_form(update, field);
    NskSigning *self = signing_new(update, name);
    digest_ranges(self, self->digest);
    return self;
}

const uint8_t *
nsk_signing_get_digest(const NskSigning *self)
{
    return self->digest;
}

bool
pdf_check_result(GBytes *pdf, const char *field, NskInstant at, GError **error)
{
    g_autoptr(NskVerdict) verdict = NULL;

    if (!nsk_sign_verify(pdf, NULL, at, &verdict, error))
        return false;
    for (guint i = 0; i < verdict->signatures->len; i++) {
        const NskSignature *signature = g_ptr_array_index(verdict->signatures, i);

        if (verdict->result == NSK_VERDICT_INDETERMINATE && signature->intact &&
            (field == NULL || (strcmp(signature->field, field) == 0 && signature->covers_document)))
            return true;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_INTERNAL,
                "the new PDF was thrown away because it does not pass the check");
    return false;
}

/* The token that was asked for: over this digest, and whole. */
static GBytes *
check_token(const NskSigning *self, GBytes *token, GError **error)
{
    g_autoptr(NskTokenVerdict) verdict =
        nsk_token_check(&(NskTokenCheck){ .token = g_bytes_get_data(token, NULL),
                                          .token_size = g_bytes_get_size(token),
                                          .imprint = self->digest });

    if (verdict->intact)
        return g_bytes_ref(token);
    const NskIssue *issue = g_ptr_array_index(verdict->issues, 0);
    g_set_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED, nsk_tr("the time stamp is refused: %s [%s]"),
                issue->text, issue->tag);
    return NULL;
}

GBytes *
nsk_sign_complete(NskSigning *self, GBytes *signature, GError **error)
{
    g_autoptr(GBytes) der = self->cms != NULL
                                ? nsk_cms_complete(self->cms, g_bytes_get_data(signature, NULL),
                                                   g_bytes_get_size(signature), error)
                                : check_token(self, signature, error);

    if (der == NULL)
        return NULL;
    if (g_bytes_get_size(der) > self->room) {
        g_set_error(
            error, NSK_ERROR, NSK_ERROR_LIMIT,
            nsk_tr("the signature with its certificates has %zu bytes, there is room for %zu; use "
                   "a shorter chain"),
            (size_t)g_bytes_get_size(der), self->room);
        return NULL;
    }
    g_autoptr(GBytes) pdf = pdf_fill_contents(self->prepared, self->gap, der);
    return pdf_check_result(pdf, self->field, self->at, error) ? g_steal_pointer(&pdf) : NULL;
}

void
nsk_signing_free(NskSigning *self)
{
    if (self == NULL)
        return;
    if (self->prepared != NULL)
        g_bytes_unref(self->prepared);
    nsk_cms_free(self->cms);
    g_free(self->field);
    g_free(self);
}

static void
sign_field_free(gpointer data)
{
    NskSignField *field = data;

    g_free(field->name);
    g_free(field);
}

GPtrArray *
nsk_sign_fields(GBytes *pdf, GError **error)
{
    g_autoptr(PdfDocument) document = open_document(pdf, error);
    g_autoptr(GPtrArray) fields = document != NULL ? pdf_last_fields(document, NULL, error) : NULL;

    if (fields == NULL)
        return NULL;
    GPtrArray *list = g_ptr_array_new_with_free_func(sign_field_free);
    for (guint i = 0; i < fields->len; i++) {
        const PdfField *field = g_ptr_array_index(fields, i);
        NskSignField *copy = g_new0(NskSignField, 1);

        copy->name = g_strdup(field->name);
        copy->is_signed = pdf_get(field->dict, "V") != NULL;
        copy->page = field->page;
        memcpy(copy->rect, field->rect, sizeof copy->rect);
        g_ptr_array_add(list, copy);
    }
    return list;
}
