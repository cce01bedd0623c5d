/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Raising a signed PDF to the levels that last: a time stamp inside the signature (B-T), and the
 * material that tells certificates' status (B-LT, ISO 32000-2, 12.8.4.3).
 *
 * INVARIANTS:
 *   (1) a time stamp goes into the room that was left for it, so that no covered byte changes;
 *   (2) a DSS names all that the one before named.
 */
#include "base/message.h"
#include "sign/sign-private.h"
#include "sign/update-private.h"

#include <string.h>

/* Where a signature that may be stamped stands. */
typedef struct {
    size_t gap;    /* offset of Contents' '<' */
    size_t room;   /* bytes of DER that fit */
    GBytes *cms;   /* with the zeros behind it */
    GBytes *value; /* the signature value */
} Place;

static void
place_clear(Place *self)
{
    g_clear_pointer(&self->cms, g_bytes_unref);
    g_clear_pointer(&self->value, g_bytes_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Place, place_clear)

static bool
conflict(GError **error, const char *text)
{
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CONFLICT, text);
    return false;
}

/* Reads the CMS in the signature of @field, which must end the file and have no time stamp. */
static bool
read_place(PdfDocument *document, const PdfField *field, Place *out, GError **error)
{
    const PdfValue *contents = pdf_get(field->value, "Contents");
    const PdfRevision *last = pdf_revision(document, pdf_last(document));

    if (is_time_stamp(field->value) || !pdf_offset(document, contents, &out->gap) ||
        out->gap < last->start)
        return conflict(error, nsk_tr("the signature is not the last thing in the file, so that "
                                      "nothing can be put into it; add a document time stamp"));
    out->room = contents->n;
    out->cms = g_bytes_new(contents->u.bytes, contents->n);
    g_autoptr(NskCmsVerdict) verdict = nsk_cms_check(&(
        NskCmsCheck){ .cms = contents->u.bytes, .cms_size = contents->n, .only_integrity = true });
    if (verdict->stamps->len > 0)
        return conflict(error, nsk_tr("the signature has a time stamp already"));
    if (verdict->value == NULL) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("the signature cannot be read"));
        return false;
    }
    out->value = g_bytes_ref(verdict->value);
    return true;
}

static bool
find_place(GBytes *pdf, const char *name, Place *out, GError **error)
{
    g_autoptr(PdfDocument) document = pdf_open_signed(pdf, error);
    g_autoptr(GPtrArray) fields = document != NULL ? pdf_last_fields(document, NULL, error) : NULL;

    if (fields == NULL)
        return false;
    for (guint i = 0; i < fields->len; i++) {
        const PdfField *field = g_ptr_array_index(fields, i);

        if (strcmp(field->name, name) == 0 && field->value != NULL)
            return read_place(document, field, out, error);
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                nsk_tr("the PDF has no signature in a field '%s'"), name);
    return false;
}

bool
nsk_sign_get_imprint(GBytes *pdf,
                     const char *field,
                     uint8_t out_imprint[NSK_SHA256_SIZE],
                     GError **error)
{
    g_auto(Place) place = { 0 };
    gsize size;

    if (!find_place(pdf, field, &place, error))
        return false;
    const void *value = g_bytes_get_data(place.value, &size);
    nsk_sha256(value, size, out_imprint);
    return true;
}

/* Refuses a token that is not over @value. */
static bool
check_token(GBytes *token, GBytes *value, GError **error)
{
    g_autoptr(NskTokenVerdict) verdict =
        nsk_token_check(&(NskTokenCheck){ .token = g_bytes_get_data(token, NULL),
                                          .token_size = g_bytes_get_size(token),
                                          .content = &value,
                                          .n_content = 1 });

    if (verdict->intact)
        return true;
    const NskIssue *issue = g_ptr_array_index(verdict->issues, 0);
    g_set_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED, nsk_tr("the time stamp is refused: %s [%s]"),
                issue->text, issue->tag);
    return false;
}

GBytes *
nsk_sign_add_time_stamp(GBytes *pdf, const char *field, GBytes *token, GError **error)
{
    g_auto(Place) place = { 0 };

    if (!find_place(pdf, field, &place, error) || !check_token(token, place.value, error))
        return NULL;
    g_autoptr(GBytes) der = nsk_cms_add_time_stamp(g_bytes_get_data(place.cms, NULL),
                                                   g_bytes_get_size(place.cms), token, error);
    if (der == NULL)
        return NULL;
    if (g_bytes_get_size(der) > place.room) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("the signature with its time stamp has %zu bytes, there is room for "
                           "%zu; add a document time stamp"),
                    (size_t)g_bytes_get_size(der), place.room);
        return NULL;
    }
    g_autoptr(GBytes) done = pdf_fill_contents(pdf, place.gap, der);
    return pdf_check_result(done, field, 0, error) ? g_steal_pointer(&done) : NULL;
}

GPtrArray *
nsk_sign_list_missing(GBytes *pdf,
                      const NskTrust *trust,
                      const NskEvidence *evidence,
                      NskInstant now,
                      GError **error)
{
    g_autoptr(PdfDocument) document = pdf_open_signed(pdf, error);
    g_autoptr(GPtrArray) missing = missing_new();

    if (document == NULL)
        return NULL;
    g_autoptr(NskVerdict) verdict = verify_document(
        document,
        &(Judging){ .trust = trust, .now = now, .evidence = evidence, .missing = missing });
    for (guint i = 0; i < verdict->signatures->len; i++) {
        const NskSignature *signature = g_ptr_array_index(verdict->signatures, i);

        if (signature->trusted)
            continue;
        const NskIssue *issue =
            signature->issues->len > 0 ? g_ptr_array_index(signature->issues, 0) : NULL;
        g_set_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED,
                    nsk_tr("the signature in '%s' is not trusted, so that no material makes it "
                           "last: %s"),
                    signature->field, issue != NULL ? issue->text : "?");
        return NULL;
    }
    return g_steal_pointer(&missing);
}

/* The lists of a DSS. */
enum { LIST_CERTS, LIST_CRLS, LIST_OCSPS, N_LISTS };

static const char *const list_keys[N_LISTS] = { "Certs", "CRLs", "OCSPs" };

typedef struct {
    PdfUpdate *update;
    const PdfValue *dss;     /* the one before; NULL: none */
    GHashTable *known;       /* GBytes that the lists have */
    GPtrArray *kept;         /* what known borrows */
    GString *lists[N_LISTS]; /* references, as PDF */
    unsigned n_new;
} Store;

/* Takes over what the DSS before names. */
static void
keep_list(Store *self, size_t which)
{
    PdfDocument *document = self->update->document;
    unsigned last = pdf_last(document);
    const PdfValue *list = pdf_resolve_key(document, last, self->dss, list_keys[which]);

    for (uint32_t i = 0; list != NULL && list->type == PDF_ARRAY && i < list->n; i++) {
        const PdfValue *item = list->u.items[i];
        const PdfValue *stream = pdf_resolve(document, last, item);
        GBytes *data = stream != NULL && stream->type == PDF_STREAM
                           ? pdf_stream_data(document, stream, NULL)
                           : NULL;

        g_string_append_printf(self->lists[which], "%.*s ", (int)item->raw_size,
                               (const char *)item->raw);
        if (data == NULL)
            continue;
        g_ptr_array_add(self->kept, data);
        g_hash_table_add(self->known, data);
    }
}

static void
add_piece(Store *self, size_t which, GBytes *data)
{
    if (g_hash_table_contains(self->known, data))
        return;
    g_hash_table_add(self->known, data); /* borrowed from the list below */
    g_ptr_array_add(self->kept, g_bytes_ref(data));
    uint32_t number = pdf_update_reserve(self->update);
    g_string_append_printf(self->lists[which], "%u 0 R ", number);
    pdf_update_add_stream(self->update, number, data);
    self->n_new++;
}

static void
add_cert(Store *self, const NskCert *cert)
{
    g_autoptr(GBytes) der = nsk_cert_to_der(cert);

    add_piece(self, LIST_CERTS, der);
}

/* The certificates that a signature brings, and those of its time stamps. */
static void
add_signature_certs(Store *self, const PdfValue *value)
{
    const PdfValue *contents = pdf_get(value, "Contents");

    if (contents == NULL || contents->type != PDF_STRING)
        return;
    g_autoptr(GPtrArray) certs = nsk_cms_list_certs(contents->u.bytes, contents->n);
    for (guint i = 0; i < certs->len; i++)
        add_cert(self, g_ptr_array_index(certs, i));
}

static void
add_evidence(Store *self, const NskEvidence *evidence)
{
    GPtrArray *certs = nsk_evidence_get_certs(evidence);
    GPtrArray *lists[] = { nsk_evidence_get_crls(evidence), nsk_evidence_get_ocsps(evidence) };

    for (guint i = 0; i < certs->len; i++)
        add_cert(self, g_ptr_array_index(certs, i));
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        for (guint j = 0; j < lists[i]->len; j++)
            add_piece(self, LIST_CRLS + i, g_ptr_array_index(lists[i], j));
}

/* Writes the DSS: again where it stood, or as a new object that the catalog names. */
static void
write_dss(Store *self)
{
    PdfDocument *document = self->update->document;
    unsigned last = pdf_last(document);
    const PdfValue *catalog = pdf_catalog(document, last);
    const PdfValue *root = pdf_get(pdf_revision(document, last)->trailer, "Root");
    const PdfValue *ref = pdf_get(catalog, "DSS");
    PdfEdit edits[N_LISTS + 1] = { { "Type", "/DSS" } };
    size_t n = 1;

    for (size_t i = 0; i < N_LISTS; i++) {
        if (self->lists[i]->len == 0)
            continue;
        g_string_prepend_c(self->lists[i], '[');
        g_string_append_c(self->lists[i], ']');
        edits[n++] = (PdfEdit){ list_keys[i], self->lists[i]->str };
    }
    if (ref != NULL && ref->type == PDF_REF) {
        pdf_update_change(self->update, ref->u.ref.number, self->dss, edits, n);
        return;
    }
    uint32_t number = pdf_update_reserve(self->update);
    pdf_update_change(self->update, number, self->dss, edits, n);
    g_autofree char *text = g_strdup_printf("%u 0 R", number);
    pdf_update_change(self->update, root->u.ref.number, catalog, &(PdfEdit){ "DSS", text }, 1);
}

static bool
fill_store(Store *self, const NskEvidence *evidence, GError **error)
{
    PdfDocument *document = self->update->document;
    g_autoptr(GPtrArray) fields = pdf_last_fields(document, NULL, error);

    if (fields == NULL)
        return false;
    for (size_t i = 0; i < N_LISTS; i++)
        keep_list(self, i);
    for (guint i = 0; i < fields->len; i++)
        add_signature_certs(self, ((PdfField *)g_ptr_array_index(fields, i))->value);
    if (evidence != NULL)
        add_evidence(self, evidence);
    if (self->n_new == 0)
        return conflict(error, nsk_tr("the PDF has all of this validation data already"));
    write_dss(self);
    return true;
}

GBytes *
nsk_sign_add_validation(GBytes *pdf, const NskEvidence *evidence, GError **error)
{
    g_autoptr(PdfDocument) document = pdf_open_signed(pdf, error);

    if (document == NULL)
        return NULL;
    g_autoptr(PdfUpdate) update = pdf_update_new(document, (size_t)64 * 1024);
    g_autoptr(GHashTable) known = g_hash_table_new(g_bytes_hash, g_bytes_equal);
    g_autoptr(GPtrArray) kept = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    unsigned last = pdf_last(document);
    Store store = { .update = update, .known = known, .kept = kept };
    store.dss = pdf_resolve_key(document, last, pdf_catalog(document, last), "DSS");
    for (size_t i = 0; i < N_LISTS; i++)
        store.lists[i] = g_string_new(NULL);
    bool ok = fill_store(&store, evidence, error);
    for (size_t i = 0; i < N_LISTS; i++)
        g_string_free(store.lists[i], TRUE);
    if (!ok)
        return NULL;
    g_autoptr(GBytes) done = pdf_update_finish(update);
    return pdf_check_result(done, NULL, 0, error) ? g_steal_pointer(&done) : NULL;
}
