/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Judging the signatures of a PDF (ETSI EN 319 142-1; ISO 32000-2, 12.8).
 *
 * A signature holds if its dictionary is well formed, its ByteRange is all of its revision but
 * its own Contents, the CMS in Contents is good over those bytes, and later revisions changed
 * only what may be changed (difference.c).
 *
 * INVARIANTS:
 *   (1) a file with any trace of a signature is never UNSIGNED: a field with a value, a
 *       signature dictionary that no field leads to, or the word ByteRange anywhere;
 *   (2) the result is VALID or INDETERMINATE only if not one error was found, counted apart
 *       from the list of issues, which is cut when it grows too long;
 *   (3) document time stamps alone never make a file VALID.
 */
#include "base/limits.h"
#include "base/message.h"
#include "sign/sign-private.h"

#include <string.h>

#define MAX_WORK     G_GINT64_CONSTANT(50000000) /* revisions times objects and values */
#define MAX_DIGESTED (UINT64_C(4) << 30)         /* bytes; each signature covers all before it */
#define MAX_SKEW     (G_GINT64_CONSTANT(300) * 1000000) /* clocks differ */

typedef struct {
    PdfDocument *document;
    const Judging *judging;
    NskVerdict *verdict;
    GPtrArray *judged;       /* Judged, as many as signatures */
    Permissions permissions; /* what signatures forbid */
    bool failed;             /* invariant (2) */
    bool doubtful;           /* something was added that a reader must look at */
    uint64_t digested;       /* bytes that the signatures judged so far cover */
} Verifier;

static void
signature_free(gpointer data)
{
    NskSignature *self = data;

    g_free(self->field);
    nsk_cert_unref(self->signer);
    g_free(self->reason);
    g_free(self->location);
    g_free(self->name);
    g_ptr_array_unref(self->issues);
    g_free(self);
}

void
nsk_verdict_free(NskVerdict *self)
{
    if (self == NULL)
        return;
    g_ptr_array_unref(self->signatures);
    g_ptr_array_unref(self->issues);
    g_free(self);
}

const char *
nsk_verdict_result_name(NskVerdictResult result)
{
    static const char *const names[] = {
        [NSK_VERDICT_VALID] = "VALID",
        [NSK_VERDICT_INVALID] = "INVALID",
        [NSK_VERDICT_INDETERMINATE] = "INDETERMINATE",
        [NSK_VERDICT_UNSIGNED] = "UNSIGNED",
    };

    g_assert(result < G_N_ELEMENTS(names));
    return names[result];
}

const char *
nsk_level_name(NskLevel level)
{
    static const char *const names[] = {
        [NSK_LEVEL_NONE] = "",
        [NSK_LEVEL_B] = "PAdES-BASELINE-B",
        [NSK_LEVEL_T] = "PAdES-BASELINE-T",
        [NSK_LEVEL_LT] = "PAdES-BASELINE-LT",
        [NSK_LEVEL_LTA] = "PAdES-BASELINE-LTA",
    };

    g_assert(level < G_N_ELEMENTS(names));
    return names[level];
}

static bool
fail_file(Verifier *self, const char *tag, const char *text)
{
    self->failed = true;
    add_issue(self->verdict->issues, tag, NSK_SEVERITY_ERROR, "%s", text);
    return false;
}

static void
fail_fault(Verifier *self, const GError *fault)
{
    fail_file(self, pdf_fault_tag(fault), fault->message);
}

static bool
fail_signature(Verifier *self, NskSignature *signature, const char *tag, const char *text)
{
    self->failed = true;
    add_issue(signature->issues, tag, NSK_SEVERITY_ERROR, "%s", text);
    return false;
}

static void
warn(NskSignature *signature, const char *tag, const char *text)
{
    add_issue(signature->issues, tag, NSK_SEVERITY_WARNING, "%s", text);
}

/* What the signature claims; nothing of it is proven. */
static void
read_claims(Verifier *self, NskSignature *signature, const PdfValue *dict)
{
    const PdfValue *m = pdf_get(dict, "M");

    signature->reason = pdf_text(pdf_get(dict, "Reason"));
    signature->location = pdf_text(pdf_get(dict, "Location"));
    signature->name = pdf_text(pdf_get(dict, "Name"));
    signature->is_time_stamp = is_time_stamp(dict);
    if (signature->is_time_stamp)
        return;
    if (m == NULL || m->type != PDF_STRING ||
        !pdf_date_parse(m->u.bytes, &signature->at, &signature->offset_minutes))
        warn(signature, "pdf-time", nsk_tr("the signature claims no time that can be read"));
    else if (signature->at > self->judging->now + MAX_SKEW)
        warn(signature, "pdf-time", nsk_tr("the signature claims a time in the future"));
}

/* Whether @size bytes are hexadecimal digits and nothing else, letters all of one case.  The
 * signature does not cover them: a blank in place of a digit, or another case, would otherwise be a
 * change that nobody notices. */
static bool
is_plain_hex(const char *digits, size_t size)
{
    bool has_upper = false;
    bool has_lower = false;

    for (size_t i = 0; i < size; i++) {
        char c = digits[i];

        if (c >= '0' && c <= '9')
            continue;
        if (!g_ascii_isxdigit(c))
            return false;
        has_upper = has_upper || g_ascii_isupper(c);
        has_lower = has_lower || g_ascii_islower(c);
    }
    return !has_upper || !has_lower;
}

/* Contents: a hexadecimal string in the file, nothing but digits. */
static bool
check_contents(Verifier *self,
               NskSignature *signature,
               const PdfValue *contents,
               size_t *out_offset)
{
    const char *file = g_bytes_get_data(self->document->bytes, NULL);

    if (contents == NULL || contents->type != PDF_STRING || !contents->is_hex || contents->n == 0 ||
        contents->raw_size != 2 * (size_t)contents->n + 2 ||
        !pdf_offset(self->document, contents, out_offset) ||
        !is_plain_hex(file + *out_offset + 1, contents->raw_size - 2))
        return fail_signature(self, signature, "pdf-contents",
                              nsk_tr("the signature's Contents is missing, empty or not a plain "
                                     "hexadecimal string"));
    return true;
}

/* ByteRange is [0 a b c], and the gap from a to b is this Contents and nothing else. */
static bool
check_byte_range(Verifier *self, NskSignature *signature, const PdfValue *dict, size_t *out_gap)
{
    const PdfValue *range = pdf_get(dict, "ByteRange");
    const PdfValue *contents = pdf_get(dict, "Contents");
    uint64_t numbers[4] = { 0 };
    size_t at = 0;

    if (!check_contents(self, signature, contents, &at))
        return false;
    bool good = range != NULL && range->type == PDF_ARRAY && range->n == 4;
    for (uint32_t i = 0; good && i < 4; i++) {
        const PdfValue *item = range->u.items[i];

        good = item->type == PDF_INT && item->u.integer >= 0;
        numbers[i] = good ? (uint64_t)item->u.integer : 0;
    }
    if (!good)
        return fail_signature(self, signature, "pdf-byte-range",
                              nsk_tr("the signature's ByteRange is missing or not four numbers"));
    if (numbers[0] != 0 || numbers[1] != at || numbers[2] != at + contents->raw_size)
        return fail_signature(self, signature, "pdf-byte-range",
                              nsk_tr("the signature does not cover all of the file around itself"));
    if (numbers[3] == 0 || numbers[3] > self->document->size - numbers[2])
        return fail_signature(self, signature, "pdf-byte-range",
                              nsk_tr("the signature covers bytes outside of the file"));
    *out_gap = at;
    signature->covered_size = (size_t)(numbers[2] + numbers[3]);
    return true;
}

/* The covered bytes are exactly the revision that has the signature. */
static bool
check_coverage(Verifier *self, NskSignature *signature, const PdfSlot *slot, size_t gap)
{
    unsigned last = pdf_last(self->document);

    for (unsigned i = 0; i <= last; i++) {
        const PdfRevision *revision = pdf_revision(self->document, i);

        if (signature->covered_size < revision->end_min ||
            signature->covered_size > revision->end_max)
            continue;
        if (slot == NULL || slot->revision != i || gap < revision->start ||
            gap >= revision->end_min)
            break;
        signature->revision = i + 1;
        signature->covers_document = i == last;
        return true;
    }
    return fail_signature(self, signature, "pdf-coverage",
                          nsk_tr("the signature does not end where its revision of the file ends"));
}

static bool
check_subfilter(Verifier *self, NskSignature *signature, const PdfValue *dict)
{
    const PdfValue *subfilter = pdf_get(dict, "SubFilter");

    signature->is_pades = pdf_is_name(subfilter, "ETSI.CAdES.detached");
    if (signature->is_pades)
        return true;
    if (!pdf_is_name(subfilter, "adbe.pkcs7.detached"))
        return fail_signature(self, signature, "pdf-subfilter",
                              nsk_tr("the signature is of a kind that is not checked here"));
    warn(signature, "pdf-not-pades",
         nsk_tr("the signature is not of the PAdES kind (adbe.pkcs7.detached)"));
    return true;
}

/* The two ranges around Contents. */
static void
cut_content(Verifier *self,
            const NskSignature *signature,
            const PdfValue *contents,
            size_t gap,
            GBytes *out[2])
{
    size_t second = gap + contents->raw_size;

    out[0] = g_bytes_new_from_bytes(self->document->bytes, 0, gap);
    out[1] =
        g_bytes_new_from_bytes(self->document->bytes, second, signature->covered_size - second);
}

/* The time stamps inside a signature: one that was not made for it is a forgery. */
static bool
check_stamps(Verifier *self, Judged *judged)
{
    NskSignature *signature = judged->signature;

    for (guint i = 0; i < judged->cms->stamps->len; i++) {
        GBytes *stamp = g_ptr_array_index(judged->cms->stamps, i);
        NskTokenVerdict *token =
            nsk_token_check(&(NskTokenCheck){ .token = g_bytes_get_data(stamp, NULL),
                                              .token_size = g_bytes_get_size(stamp),
                                              .content = &judged->cms->value,
                                              .n_content = 1,
                                              .pool = self->judging->pool });

        g_ptr_array_add(judged->stamps, token);
        if (!token->intact) {
            nsk_issues_add_all(signature->issues, token->issues);
            return fail_signature(self, signature, "pdf-time-stamp",
                                  nsk_tr("the time stamp inside the signature does not hold"));
        }
        if (signature->stamped_at == 0 || token->at < signature->stamped_at)
            signature->stamped_at = token->at;
    }
    return true;
}

static bool
check_cms(Verifier *self, Judged *judged, const PdfValue *contents, size_t gap)
{
    NskSignature *signature = judged->signature;
    GBytes *content[2];
    cut_content(self, signature, contents, gap, content);
    NskCmsCheck check = {
        .cms = contents->u.bytes,
        .cms_size = contents->n,
        .content = content,
        .n_content = G_N_ELEMENTS(content),
        .pades = signature->is_pades,
        .only_integrity = true,
        .pool = self->judging->pool,
    };
    judged->cms = nsk_cms_check(&check);

    g_bytes_unref(content[0]);
    g_bytes_unref(content[1]);
    nsk_issues_add_all(signature->issues, judged->cms->issues);
    signature->signer = judged->cms->signer != NULL ? nsk_cert_ref(judged->cms->signer) : NULL;
    signature->intact = judged->cms->intact && check_stamps(self, judged);
    if (!signature->intact)
        self->failed = true;
    return signature->intact;
}

/* A document time stamp (12.8.5): its token must be over the two ranges. */
static bool
check_token(Verifier *self, Judged *judged, const PdfValue *dict, size_t gap)
{
    NskSignature *signature = judged->signature;
    const PdfValue *contents = pdf_get(dict, "Contents");
    GBytes *content[2];

    if (!pdf_is_name(pdf_get(dict, "SubFilter"), "ETSI.RFC3161"))
        return fail_signature(self, signature, "pdf-subfilter",
                              nsk_tr("the time stamp is of a kind that is not checked here"));
    cut_content(self, signature, contents, gap, content);
    judged->token = nsk_token_check(&(NskTokenCheck){ .token = contents->u.bytes,
                                                      .token_size = contents->n,
                                                      .content = content,
                                                      .n_content = G_N_ELEMENTS(content),
                                                      .pool = self->judging->pool });
    g_bytes_unref(content[0]);
    g_bytes_unref(content[1]);
    signature->signer =
        judged->token->authority != NULL ? nsk_cert_ref(judged->token->authority) : NULL;
    signature->at = signature->stamped_at = judged->token->at;
    signature->intact = judged->token->intact;
    if (signature->intact)
        return true;
    nsk_issues_add_all(signature->issues, judged->token->issues);
    return fail_signature(self, signature, "pdf-time-stamp",
                          nsk_tr("the document's time stamp does not hold"));
}

static void
check_claimed_time(NskSignature *signature)
{
    const NskCertFacts *facts = nsk_cert_facts(signature->signer);

    if (signature->at != 0 &&
        (signature->at < facts->not_before || signature->at > facts->not_after))
        warn(signature, "pdf-time",
             nsk_tr("the claimed time is outside of the certificate's validity"));
}

/* A FieldMDP: which fields may not be filled after this signature. */
static void
read_lock(Verifier *self, const NskSignature *signature, const PdfValue *params)
{
    unsigned last = pdf_last(self->document);
    const PdfValue *names = pdf_resolve_key(self->document, last, params, "Fields");
    const PdfValue *action = pdf_get(params, "Action");
    bool include = pdf_is_name(action, "Include");
    FieldLock *lock = g_new0(FieldLock, 1);

    lock->revision = signature->revision - 1;
    lock->except = !include; /* "All" is all but none; what is not known is taken for it */
    lock->names = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(self->permissions.locks, lock);
    if (!include && !pdf_is_name(action, "Exclude"))
        return;
    for (uint32_t i = 0; names != NULL && names->type == PDF_ARRAY && i < names->n; i++) {
        char *name = pdf_text(names->u.items[i]);

        if (name != NULL)
            g_ptr_array_add(lock->names, name);
    }
}

/* A DocMDP (12.8.2.2): P 1 forbids any later filling, P 3 allows annotations too. */
static void
read_certification(Verifier *self, NskSignature *signature, const PdfValue *params)
{
    Permissions *permissions = &self->permissions;
    unsigned revision = signature->revision - 1;
    int64_t p = 2;

    pdf_get_int(params, "P", &p);
    signature->certifies = true;
    signature->permits = p >= 1 && p <= 3 ? (int)p : 1;
    permissions->certified = MIN(permissions->certified, revision);
    if (signature->permits == 1)
        permissions->no_fills_after = MIN(permissions->no_fills_after, revision);
    if (signature->permits == 3)
        permissions->may_annotate = MIN(permissions->may_annotate, revision);
}

static void
read_references(Verifier *self, NskSignature *signature, const PdfValue *dict)
{
    const PdfValue *references = pdf_get(dict, "Reference");
    unsigned last = pdf_last(self->document);

    for (uint32_t i = 0; references != NULL && references->type == PDF_ARRAY && i < references->n;
         i++) {
        const PdfValue *reference = pdf_resolve(self->document, last, references->u.items[i]);
        const PdfValue *method = pdf_get(reference, "TransformMethod");
        const PdfValue *params =
            pdf_resolve_key(self->document, last, reference, "TransformParams");

        if (pdf_is_name(method, "DocMDP"))
            read_certification(self, signature, params);
        else if (pdf_is_name(method, "FieldMDP"))
            read_lock(self, signature, params);
    }
}

/* What the field itself locks once it is signed (12.7.5.5), whether or not the program that signed
 * wrote it into the signature as well. */
static void
read_field_lock(Verifier *self, const NskSignature *signature, const PdfValue *field)
{
    const PdfValue *lock = pdf_resolve_key(self->document, pdf_last(self->document), field, "Lock");
    unsigned revision = signature->revision - 1;
    int64_t p = 0;

    if (lock == NULL)
        return;
    read_lock(self, signature, lock);
    if (pdf_get_int(lock, "P", &p) && p == 1)
        self->permissions.no_fills_after = MIN(self->permissions.no_fills_after, revision);
}

static void
check_signature(Verifier *self, Judged *judged, const PdfField *field)
{
    NskSignature *signature = judged->signature;
    unsigned last = pdf_last(self->document);
    const PdfValue *dict = field->value;
    uint32_t holder = field->value_number != 0 ? field->value_number : field->number;
    const PdfSlot *slot = holder != 0 ? pdf_find_slot(self->document, last, holder) : NULL;
    size_t gap = 0;

    if (!is_signature_dictionary(dict)) {
        fail_signature(self, signature, "pdf-signature-dictionary",
                       nsk_tr("the field's value is no signature dictionary"));
        return;
    }
    read_claims(self, signature, dict);
    if (!check_byte_range(self, signature, dict, &gap) ||
        !check_coverage(self, signature, slot, gap))
        return;
    self->digested += signature->covered_size;
    if (self->digested > MAX_DIGESTED) {
        fail_signature(self, signature, "pdf-limit",
                       nsk_tr("the file has too many signatures over too much"));
        return;
    }
    if (signature->is_time_stamp) {
        check_token(self, judged, dict, gap);
        return;
    }
    if (!check_subfilter(self, signature, dict) ||
        !check_cms(self, judged, pdf_get(dict, "Contents"), gap))
        return;
    g_hash_table_add(self->permissions.signed_in, GUINT_TO_POINTER(signature->revision));
    check_claimed_time(signature);
    read_references(self, signature, dict);
    read_field_lock(self, signature, field->dict);
}

static Judged *
add_signature(Verifier *self, const char *field)
{
    NskSignature *signature = g_new0(NskSignature, 1);
    Judged *judged = g_new0(Judged, 1);

    signature->field = g_strdup(field);
    signature->issues = nsk_issues_new();
    g_ptr_array_add(self->verdict->signatures, signature);
    judged->signature = signature;
    judged->stamps = g_ptr_array_new_with_free_func((GDestroyNotify)nsk_token_verdict_free);
    g_ptr_array_add(self->judged, judged);
    return judged;
}

/* Whether a field of @fields has @value. */
static bool
has_value(GPtrArray *fields, const PdfValue *value)
{
    for (guint i = 0; i < fields->len; i++) {
        const PdfField *field = g_ptr_array_index(fields, i);

        if (field->value == value)
            return true;
    }
    return false;
}

/* No earlier revision has a signature that the last one does not show. */
static void
check_removed(Verifier *self, GPtrArray *fields)
{
    for (unsigned i = 0; i < pdf_last(self->document); i++) {
        g_autoptr(GError) fault = NULL;
        g_autoptr(GPtrArray) before = pdf_fields(self->document, i, NULL, &fault);

        if (before == NULL) {
            fail_fault(self, fault);
            return;
        }
        for (guint j = 0; j < before->len; j++) {
            const PdfField *field = g_ptr_array_index(before, j);

            if (field->value != NULL && !has_value(fields, field->value)) {
                fail_file(
                    self, "pdf-signature-removed",
                    nsk_tr("a signature of an earlier revision was removed or exchanged later"));
                return;
            }
        }
    }
}

/* No object is a signature without being the value of a field. */
static void
check_orphans(Verifier *self, GPtrArray *fields)
{
    for (unsigned i = 0; i <= pdf_last(self->document); i++) {
        const PdfRevision *revision = pdf_revision(self->document, i);

        for (guint j = 0; j < revision->slots->len; j++) {
            const PdfSlot *slot = &g_array_index(revision->slots, PdfSlot, j);

            if (slot->kind != 0 && is_signature_dictionary(slot->value) &&
                !has_value(fields, slot->value)) {
                fail_file(self, "pdf-orphan-signature",
                          nsk_tr("the file has a signature that no field of its form leads to"));
                return;
            }
        }
    }
}

static bool
has_trace(const PdfDocument *document)
{
    return memmem(document->data, document->size, "/ByteRange", strlen("/ByteRange")) != NULL;
}

/* Bytes behind the last revision are in no signature; blanks may stand in an unsigned file. */
static void
check_trailing(Verifier *self)
{
    const PdfRevision *last = pdf_revision(self->document, pdf_last(self->document));
    size_t at = last->end_max;

    while (self->verdict->signatures->len == 0 && at < self->document->size &&
           g_ascii_isspace(self->document->data[at]))
        at++;
    if (at < self->document->size)
        fail_file(self, "pdf-trailing",
                  nsk_tr("bytes follow the last revision, which nothing protects"));
}

static gint
compare_signatures(gconstpointer a, gconstpointer b)
{
    const NskSignature *x = *(NskSignature *const *)a, *y = *(NskSignature *const *)b;

    return x->revision != y->revision ? (x->revision > y->revision) - (x->revision < y->revision)
                                      : strcmp(x->field, y->field);
}

static gint
compare_judged(gconstpointer a, gconstpointer b)
{
    const Judged *x = *(Judged *const *)a, *y = *(Judged *const *)b;

    return compare_signatures(&x->signature, &y->signature);
}

/* Two signatures cannot both end one revision: each would have to cover the other. */
static void
check_changes(Verifier *self)
{
    GPtrArray *signatures = self->verdict->signatures;
    unsigned first = 0;

    for (guint i = 0; i < signatures->len && first == 0; i++)
        first = ((NskSignature *)g_ptr_array_index(signatures, i))->revision;
    if (first == 0)
        return;
    unsigned bad = check_differences(self->document, first - 1, &self->permissions,
                                     self->verdict->issues, &self->doubtful);
    if (bad > pdf_last(self->document))
        return;
    self->failed = true;
    for (guint i = 0; i < signatures->len; i++) {
        NskSignature *signature = g_ptr_array_index(signatures, i);

        if (signature->revision == 0 || signature->revision > bad)
            continue;
        signature->intact = signature->trusted = false;
        fail_signature(self, signature, "pdf-change",
                       nsk_tr("the document was changed after this signature"));
    }
}

static void
check_fields(Verifier *self, GPtrArray *fields)
{
    g_autoptr(GHashTable) values = g_hash_table_new(NULL, NULL);

    for (guint i = 0; i < fields->len; i++) {
        const PdfField *field = g_ptr_array_index(fields, i);
        const PdfValue *value = pdf_get(field->dict, "V");

        if (value == NULL || value->type == PDF_NULL)
            continue;
        if (field->value != NULL && !g_hash_table_add(values, (gpointer)(uintptr_t)field->value))
            fail_file(self, "pdf-duplicate-field",
                      nsk_tr("two fields show one and the same signature"));
        check_signature(self, add_signature(self, field->name), field);
    }
    g_ptr_array_sort(self->verdict->signatures, compare_signatures);
    g_ptr_array_sort(self->judged, compare_judged);
}

static NskVerdictResult
conclude(const Verifier *self)
{
    GPtrArray *signatures = self->verdict->signatures;
    bool all_trusted = true, any = false;

    if (self->failed)
        return NSK_VERDICT_INVALID;
    if (signatures->len == 0)
        return NSK_VERDICT_UNSIGNED;
    for (guint i = 0; i < signatures->len; i++) {
        const NskSignature *signature = g_ptr_array_index(signatures, i);

        any = any || !signature->is_time_stamp;
        all_trusted = all_trusted && (signature->trusted || signature->is_time_stamp);
    }
    return any && all_trusted && !self->doubtful ? NSK_VERDICT_VALID : NSK_VERDICT_INDETERMINATE;
}

static void
judge(Verifier *self)
{
    PdfDocument *document = self->document;
    g_autoptr(GError) fault = NULL;

    if (!pdf_load_all(document, &fault)) {
        fail_fault(self, fault);
        return;
    }
    if ((int64_t)document->revisions->len *
            (int64_t)(document->n_slots + pdf_arena_count(document->arena) + 1) >
        MAX_WORK) {
        fail_file(self, "pdf-limit", nsk_tr("the file has too many revisions of too many objects"));
        return;
    }
    g_autoptr(GPtrArray) fields = pdf_fields(document, pdf_last(document), NULL, &fault);
    if (fields == NULL) {
        fail_fault(self, fault);
        return;
    }
    check_fields(self, fields);
    check_orphans(self, fields);
    check_removed(self, fields);
    check_trailing(self);
    if (self->verdict->signatures->len > 0) {
        check_changes(self);
        prove_times(document, self->judged, self->judging, self->verdict);
    } else if (has_trace(document)) {
        fail_file(
            self, "pdf-orphan-signature",
            nsk_tr("the file has the remains of a signature that no field of its form leads to"));
    }
}

static NskVerdict *
verdict_new(void)
{
    NskVerdict *verdict = g_new0(NskVerdict, 1);

    verdict->result = NSK_VERDICT_INVALID;
    verdict->signatures = g_ptr_array_new_with_free_func(signature_free);
    verdict->issues = nsk_issues_new();
    return verdict;
}

static void
lock_free(gpointer data)
{
    FieldLock *self = data;

    g_ptr_array_unref(self->names);
    g_free(self);
}

NskVerdict *
verify_document(PdfDocument *document, const Judging *judging)
{
    NskVerdict *verdict = verdict_new();
    g_autoptr(GPtrArray) judged = g_ptr_array_new_with_free_func(judged_free);
    g_autoptr(GPtrArray) locks = g_ptr_array_new_with_free_func(lock_free);
    g_autoptr(GHashTable) signed_in = g_hash_table_new(NULL, NULL);
    g_autoptr(NskCertPool) pool = nsk_cert_pool_new();
    Judging own = *judging;
    Verifier self = { .document = document, .judging = &own, .verdict = verdict };

    own.pool = pool;
    self.judged = judged;
    self.permissions = (Permissions){ G_MAXUINT, G_MAXUINT, G_MAXUINT, locks, signed_in };
    verdict->n_revisions = document->revisions->len;
    judge(&self);
    verdict->result = conclude(&self);
    return verdict;
}

bool
nsk_sign_verify(GBytes *pdf,
                const NskTrust *trust,
                NskInstant now,
                NskVerdict **out_verdict,
                GError **error)
{
    g_autoptr(GError) fault = NULL;
    gsize size;
    const uint8_t *data = g_bytes_get_data(pdf, &size);

    if (size > NSK_LIMIT_PDF_SIZE) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("the PDF has %zu bytes; at most %d are checked"), (size_t)size,
                    NSK_LIMIT_PDF_SIZE);
        return false;
    }
    if (size < 5 || memmem(data, MIN(size, 1024), "%PDF-", 5) == NULL) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("the file is no PDF; choose the signed PDF itself"));
        return false;
    }
    g_autoptr(PdfDocument) document = pdf_open(pdf, &fault);
    if (document == NULL) {
        NskVerdict *verdict = verdict_new();

        add_issue(verdict->issues, pdf_fault_tag(fault), NSK_SEVERITY_ERROR, "%s", fault->message);
        *out_verdict = verdict;
        return true;
    }
    *out_verdict = verify_document(document, &(Judging){ .trust = trust, .now = now });
    return true;
}
