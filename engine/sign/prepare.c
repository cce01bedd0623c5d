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

#include <string.h>

#define CONTENTS_SIZE  16384 /* bytes of CMS; a chain needs 2, a time stamp 5 kB more */
#define RANGE_WIDTH    48    /* "[0 a b c]" with three numbers of up to 13 digits */
#define MAX_OFFSET_MIN (14 * 60)
#define SIG_FLAGS      3 /* SignaturesExist, AppendOnly */

struct _NskSigning {
    GBytes *prepared;
    size_t gap; /* offset of Contents' '<' */
    NskCms *cms;
    uint8_t digest[NSK_SHA256_SIZE];
    char *field;
    NskInstant at;
};

/* One object of the update. */
typedef struct {
    uint32_t number;
    uint32_t generation;
    size_t offset;
} Written;

typedef struct {
    PdfDocument *document;
    const NskSignRequest *request;
    const PdfField *field;
    GString *out;
    GArray *written; /* Written */
    uint32_t value_number;
    size_t range_at; /* where ByteRange goes */
    size_t gap;
} Update;

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

/* The base must be whole and, where it is signed already, hold. */
static bool
check_base(PdfDocument *document, NskInstant at, GError **error)
{
    g_autoptr(NskVerdict) verdict = verify_document(document, NULL, at);
    const PdfRevision *last = pdf_revision(document, pdf_last(document));

    if (document->size > last->end_max)
        return invalid(error, nsk_tr("the PDF has bytes behind its end; make it again"));
    if (verdict->result != NSK_VERDICT_INVALID)
        return check_static(document, error);

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

/* Text as a PDF string: literal for printable ASCII, else UTF-16 with its mark. */
static void
write_text(GString *out, const char *text)
{
    bool plain = true;

    for (const char *at = text; *at != '\0'; at++)
        plain = plain && g_ascii_isprint(*at);
    if (plain) {
        g_string_append_c(out, '(');
        for (const char *at = text; *at != '\0'; at++) {
            if (*at == '(' || *at == ')' || *at == '\\')
                g_string_append_c(out, '\\');
            g_string_append_c(out, *at);
        }
        g_string_append_c(out, ')');
        return;
    }
    glong units = 0;
    g_autofree gunichar2 *utf16 = g_utf8_to_utf16(text, -1, NULL, &units, NULL);
    g_string_append(out, "<FEFF");
    for (glong i = 0; i < units; i++)
        g_string_append_printf(out, "%04X", utf16[i]);
    g_string_append_c(out, '>');
}

static void
write_name(GString *out, const char *name)
{
    g_string_append_c(out, '/');
    for (const char *at = name; *at != '\0'; at++) {
        if (g_ascii_isgraph(*at) && strchr("()<>[]{}/%#", *at) == NULL)
            g_string_append_c(out, *at);
        else
            g_string_append_printf(out, "#%02X", (uint8_t)*at);
    }
}

/* Copies @dict as it is written, with @key set to @text. */
static void
write_dict(GString *out, const PdfValue *dict, const char *key, const char *text)
{
    g_string_append(out, "<<");
    for (uint32_t i = 0; i < dict->n; i++) {
        const PdfPair *pair = &dict->u.pairs[i];

        if (strcmp(pair->key, key) == 0)
            continue;
        write_name(out, pair->key);
        g_string_append_c(out, ' ');
        g_string_append_len(out, (const char *)pair->value->raw, (gssize)pair->value->raw_size);
        g_string_append_c(out, '\n');
    }
    write_name(out, key);
    g_string_append_printf(out, " %s>>", text);
}

static void
begin_object(Update *self, uint32_t number, uint32_t generation)
{
    Written written = { number, generation, self->out->len };

    g_array_append_val(self->written, written);
    g_string_append_printf(self->out, "%u %u obj\n", number, generation);
}

static void
end_object(Update *self)
{
    g_string_append(self->out, "\nendobj\n");
}

static void
write_claim(GString *out, const char *key, const char *text)
{
    if (text == NULL || text[0] == '\0')
        return;
    g_string_append(out, key);
    write_text(out, text);
}

static bool
write_signature(Update *self, GError **error)
{
    const NskSignRequest *request = self->request;
    g_autofree char *date = pdf_date_format(request->at, request->offset_minutes);

    if (date == NULL)
        return invalid(error, nsk_tr("the time of signing is not possible"));
    begin_object(self, self->value_number, 0);
    g_string_append_printf(self->out,
                           "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached"
                           "\n/M(%s)",
                           date);
    write_claim(self->out, "\n/Name", request->name);
    write_claim(self->out, "\n/Reason", request->reason);
    write_claim(self->out, "\n/Location", request->location);
    g_string_append(self->out, "\n/ByteRange");
    self->range_at = self->out->len;
    g_string_append_printf(self->out, "%*s/Contents", RANGE_WIDTH, "");
    self->gap = self->out->len;
    g_string_append_c(self->out, '<');
    g_string_set_size(self->out, self->gap + 1 + 2 * (size_t)CONTENTS_SIZE);
    memset(self->out->str + self->gap + 1, '0', 2 * (size_t)CONTENTS_SIZE);
    g_string_append(self->out, ">>>");
    end_object(self);
    return true;
}

/* Writes object @number again with @key set. */
static void
write_changed(Update *self,
              uint32_t number,
              const PdfValue *dict,
              const char *key,
              const char *text)
{
    const PdfSlot *slot = pdf_find_slot(self->document, pdf_last(self->document), number);

    begin_object(self, number, slot->kind == 1 ? slot->generation : 0);
    write_dict(self->out, dict, key, text);
    end_object(self);
}

/* SigFlags stands in the form, which stands alone or in the catalog. */
static void
write_flags(Update *self)
{
    unsigned last = pdf_last(self->document);
    const PdfValue *catalog = pdf_catalog(self->document, last);
    const PdfValue *ref = pdf_get(catalog, "AcroForm");
    const PdfValue *form = pdf_resolve(self->document, last, ref);
    const PdfValue *root = pdf_get(pdf_revision(self->document, last)->trailer, "Root");
    int64_t flags = 0;

    pdf_get_int(form, "SigFlags", &flags);
    if ((flags & SIG_FLAGS) == SIG_FLAGS)
        return;
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, flags | SIG_FLAGS);
    if (ref->type == PDF_REF) {
        write_changed(self, ref->u.ref.number, form, "SigFlags", text);
        return;
    }
    g_autoptr(GString) inner = g_string_new(NULL);
    write_dict(inner, form, "SigFlags", text);
    write_changed(self, root->u.ref.number, catalog, "AcroForm", inner->str);
}

/* The keys of the trailer that stay; the second string of ID is new. */
static void
write_trailer_keys(Update *self, uint32_t size)
{
    static const char *const own[] = { "Size",  "Prev",   "ID",          "Type",  "W",
                                       "Index", "Filter", "DecodeParms", "Length" };
    const PdfRevision *last = pdf_revision(self->document, pdf_last(self->document));
    const PdfValue *id = pdf_get(last->trailer, "ID");

    g_string_append_printf(self->out, "/Size %u/Prev %zu", size, last->xref_at);
    for (uint32_t i = 0; i < last->trailer->n; i++) {
        const PdfPair *pair = &last->trailer->u.pairs[i];
        bool is_own = false;

        for (size_t j = 0; j < G_N_ELEMENTS(own); j++)
            is_own = is_own || strcmp(pair->key, own[j]) == 0;
        if (is_own)
            continue;
        write_name(self->out, pair->key);
        g_string_append_c(self->out, ' ');
        g_string_append_len(self->out, (const char *)pair->value->raw,
                            (gssize)pair->value->raw_size);
    }
    if (id != NULL && id->type == PDF_ARRAY && id->n == 2 && id->u.items[0]->type == PDF_STRING) {
        uint8_t digest[NSK_SHA256_SIZE];
        const PdfValue *first = id->u.items[0];

        nsk_sha256(self->out->str, self->out->len, digest); /* all that was written so far */
        g_string_append(self->out, "/ID[");
        g_string_append_len(self->out, (const char *)first->raw, (gssize)first->raw_size);
        g_string_append_c(self->out, '<');
        for (size_t i = 0; i < 16; i++)
            g_string_append_printf(self->out, "%02X", digest[i]);
        g_string_append(self->out, ">]");
    }
}

static gint
compare_written(gconstpointer a, gconstpointer b)
{
    const Written *x = a, *y = b;

    return (x->number > y->number) - (x->number < y->number);
}

static void
write_table(Update *self, uint32_t size)
{
    g_string_append(self->out, "xref\n");
    for (guint i = 0; i < self->written->len; i++) {
        const Written *written = &g_array_index(self->written, Written, i);

        g_string_append_printf(self->out, "%u 1\n%010zu %05u n \n", written->number,
                               written->offset, written->generation);
    }
    g_string_append(self->out, "trailer\n<<");
    write_trailer_keys(self, size);
    g_string_append(self->out, ">>\n");
}

/* A cross-reference stream, not compressed, that lists itself (ISO 32000-1, 7.5.8). */
static void
write_stream(Update *self, uint32_t number)
{
    Written own = { number, 0, self->out->len };

    g_array_append_val(self->written, own);
    g_string_append_printf(self->out, "%u 0 obj\n<</Type/XRef/W[1 5 2]/Length %u/Index[", number,
                           self->written->len * 8);
    for (guint i = 0; i < self->written->len; i++)
        g_string_append_printf(self->out, "%s%u 1", i > 0 ? " " : "",
                               g_array_index(self->written, Written, i).number);
    g_string_append_c(self->out, ']');
    write_trailer_keys(self, number + 1);
    g_string_append(self->out, ">>\nstream\n");
    for (guint i = 0; i < self->written->len; i++) {
        const Written *written = &g_array_index(self->written, Written, i);

        g_string_append_c(self->out, 1);
        for (int shift = 32; shift >= 0; shift -= 8)
            g_string_append_c(self->out, (char)(uint8_t)((uint64_t)written->offset >> shift));
        g_string_append_c(self->out, (char)(uint8_t)(written->generation >> 8));
        g_string_append_c(self->out, (char)(uint8_t)written->generation);
    }
    g_string_append(self->out, "\nendstream\nendobj\n");
}

/* The number behind the highest in use. */
static uint32_t
next_number(const PdfDocument *document)
{
    int64_t size = 0;
    uint32_t next;

    pdf_get_int(pdf_revision(document, pdf_last(document))->trailer, "Size", &size);
    next = size > 0 && size < NSK_LIMIT_PDF_OBJECTS ? (uint32_t)size : 1;
    for (unsigned i = 0; i <= pdf_last(document); i++) {
        const GArray *slots = pdf_revision(document, i)->slots;

        if (slots->len > 0) /* they are sorted */
            next = MAX(next, g_array_index(slots, PdfSlot, slots->len - 1).number + 1);
    }
    return next;
}

static void
write_cross_reference(Update *self)
{
    size_t at = self->out->len;

    g_array_sort(self->written, compare_written);
    if (pdf_revision(self->document, pdf_last(self->document))->is_stream)
        write_stream(self, self->value_number + 1);
    else
        write_table(self, self->value_number + 1);
    g_string_append_printf(self->out, "startxref\n%zu\n%%%%EOF\n", at);
}

static void
write_range(Update *self)
{
    size_t second = self->gap + 2 * (size_t)CONTENTS_SIZE + 2;
    g_autofree char *text =
        g_strdup_printf("[0 %zu %zu %zu]", self->gap, second, self->out->len - second);

    g_assert(strlen(text) <= RANGE_WIDTH);
    memcpy(self->out->str + self->range_at, text, strlen(text));
}

/* The base and the whole update, Contents still zero. */
static bool
write_update(Update *self, GError **error)
{
    PdfDocument *document = self->document;
    uint8_t last = document->data[document->size - 1];
    g_autofree char *value = g_strdup_printf("%u 0 R", self->value_number);

    g_string_append_len(self->out, (const char *)document->data, (gssize)document->size);
    if (last != '\n' && last != '\r')
        g_string_append_c(self->out, '\n');
    if (!write_signature(self, error))
        return false;
    write_changed(self, self->field->number, self->field->dict, "V", value);
    write_flags(self);
    write_cross_reference(self);
    write_range(self);
    return true;
}

static bool
prepare_cms(NskSigning *self, const NskSignRequest *request, GError **error)
{
    uint8_t digest[NSK_SHA256_SIZE];
    g_autoptr(NskSha256) sha = nsk_sha256_new();
    gsize size;
    const uint8_t *data = g_bytes_get_data(self->prepared, &size);
    size_t second = self->gap + 2 * (size_t)CONTENTS_SIZE + 2;

    nsk_sha256_add(sha, data, self->gap);
    nsk_sha256_add(sha, data + second, size - second);
    nsk_sha256_finish(sha, digest);
    self->cms = nsk_cms_prepare(request->chain, request->scheme, digest, self->digest, error);
    return self->cms != NULL;
}

static NskSigning *
build(PdfDocument *document, const PdfField *field, const NskSignRequest *request, GError **error)
{
    g_autoptr(NskSigning) self = g_new0(NskSigning, 1);
    g_autoptr(GArray) written = g_array_new(FALSE, FALSE, sizeof(Written));
    g_autoptr(GString) out = g_string_sized_new(document->size + 4 * (size_t)CONTENTS_SIZE);
    Update update = { .document = document, .request = request, .field = field };

    update.out = out;
    update.written = written;
    update.value_number = next_number(document);
    if (!write_update(&update, error))
        return NULL;
    self->gap = update.gap;
    self->field = g_strdup(request->field);
    self->at = request->at;
    self->prepared = g_string_free_to_bytes(g_steal_pointer(&out));
    return prepare_cms(self, request, error) ? g_steal_pointer(&self) : NULL;
}

NskSigning *
nsk_sign_prepare(GBytes *pdf, const NskSignRequest *request, GError **error)
{
    bool has_other = false;
    GError *fault = NULL;

    if (!check_request(request, error))
        return NULL;
    g_autoptr(PdfDocument) document = open_document(pdf, error);
    if (document == NULL || !check_base(document, request->at, error))
        return NULL;
    g_autoptr(GPtrArray) fields = pdf_fields(document, pdf_last(document), &has_other, &fault);
    if (fields == NULL) {
        pdf_fault_propagate(error, fault);
        return NULL;
    }
    if (has_other) {
        invalid(error,
                nsk_tr("the PDF has form fields to fill in, so that it may look different later; "
                       "make it again without"));
        return NULL;
    }
    const PdfField *field = find_field(fields, request->field, error);
    return field != NULL ? build(document, field, request, error) : NULL;
}

const uint8_t *
nsk_signing_get_digest(const NskSigning *self)
{
    return self->digest;
}

/* Invariant (4). */
static bool
check_result(const NskSigning *self, GBytes *pdf, GError **error)
{
    g_autoptr(NskVerdict) verdict = NULL;

    if (!nsk_sign_verify(pdf, NULL, self->at, &verdict, error))
        return false;
    for (guint i = 0; i < verdict->signatures->len; i++) {
        const NskSignature *signature = g_ptr_array_index(verdict->signatures, i);

        if (verdict->result == NSK_VERDICT_INDETERMINATE &&
            strcmp(signature->field, self->field) == 0 && signature->intact &&
            signature->covers_document)
            return true;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_INTERNAL,
                "the signed PDF was thrown away because it does not pass the check");
    return false;
}

GBytes *
nsk_sign_complete(NskSigning *self, GBytes *signature, GError **error)
{
    static const char digits[] = "0123456789ABCDEF";
    g_autoptr(GBytes) der = nsk_cms_complete(self->cms, g_bytes_get_data(signature, NULL),
                                             g_bytes_get_size(signature), error);
    gsize size, der_size;

    if (der == NULL)
        return NULL;
    const uint8_t *cms = g_bytes_get_data(der, &der_size);
    if (der_size > CONTENTS_SIZE) {
        g_set_error(
            error, NSK_ERROR, NSK_ERROR_LIMIT,
            nsk_tr("the signature with its certificates has %zu bytes, there is room for %d; use "
                   "a shorter chain"),
            (size_t)der_size, CONTENTS_SIZE);
        return NULL;
    }
    const uint8_t *prepared = g_bytes_get_data(self->prepared, &size);
    uint8_t *copy = g_memdup2(prepared, size);
    for (size_t i = 0; i < der_size; i++) {
        copy[self->gap + 1 + 2 * i] = (uint8_t)digits[cms[i] >> 4];
        copy[self->gap + 2 + 2 * i] = (uint8_t)digits[cms[i] & 15];
    }
    g_autoptr(GBytes) pdf = g_bytes_new_take(copy, size);
    return check_result(self, pdf, error) ? g_steal_pointer(&pdf) : NULL;
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
    GError *fault = NULL;
    g_autoptr(PdfDocument) document = open_document(pdf, error);
    g_autoptr(GPtrArray) fields =
        document != NULL ? pdf_fields(document, pdf_last(document), NULL, &fault) : NULL;

    if (fields == NULL) {
        if (fault != NULL)
            pdf_fault_propagate(error, fault);
        return NULL;
    }
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
