/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asking a signer: one authorisation for as many letters as he takes, and a result for each.
 *
 * What a fault of the signer means to a signature stands in one table.  An outage leaves the letter
 * "authorised" and waiting for the service; nothing is made up in its place.
 */
#include "base/id.h"
#include "base/message.h"
#include "office/sign-private.h"
#include "office/signer-private.h"

#include <string.h>

#define OWN_KEYS  "keys" /* what messages call the office's own files */
#define ASK_AGAIN 60     /* seconds after which a signer is asked what it did */

/* What a fault makes of a try. */
typedef struct {
    NskSignerFaultKind kind;
    NskSignTurn turn;
} FaultRule;

static const FaultRule rules[] = {
    { NSK_SIGNER_FAULT_SECRET,
      { .state = "prepared",
        .action = "signature-refused",
        .sentence = "The secret of the key was wrong",
        .is_try = true } },
    { NSK_SIGNER_FAULT_LOCKED,
      { .state = "refused",
        .action = "signature-refused",
        .sentence = "The key is locked after wrong secrets",
        .waits = "secret" } },
    { NSK_SIGNER_FAULT_REFUSED,
      { .state = "refused",
        .action = "signature-refused",
        .sentence = "The signer refuses the signature" } },
    { NSK_SIGNER_FAULT_ABSENT,
      { .state = "prepared",
        .action = "signature-refused",
        .sentence = "The card or the key is not there" } },
    { NSK_SIGNER_FAULT_EXPIRED,
      { .state = "expired",
        .action = "signature-expired",
        .sentence = "The authorisation ended before the signature" } },
    { NSK_SIGNER_FAULT_LATER,
      { .state = "authorised",
        .action = "signature-waiting",
        .sentence = "Wait for the signing service",
        .waits = "service",
        .in_vain = true } },
    { NSK_SIGNER_FAULT_WAITING,
      { .state = "sent",
        .action = "signature-waiting",
        .sentence = "The signing service has the letter and is at work",
        .waits = "service" } },
    { NSK_SIGNER_FAULT_UNKNOWN,
      { .state = "unknown",
        .action = "signature-unknown",
        .sentence = "Nobody knows whether the signer signed",
        .waits = "service",
        .seconds = ASK_AGAIN } },
    { NSK_SIGNER_FAULT_CANCELLED,
      { .state = "prepared",
        .action = "signature-cancelled",
        .sentence = "Give the signature up for now" } },
};

static NskSignTurn
find_turn(NskSignerFault fault)
{
    NskSignTurn turn = { .state = "refused",
                         .action = "signature-refused",
                         .sentence = "The signer could not sign" };

    for (size_t i = 0; i < G_N_ELEMENTS(rules); i++) {
        if (rules[i].kind == fault.kind)
            turn = rules[i].turn;
    }
    if (fault.seconds > 0)
        turn.seconds = fault.seconds;
    return turn;
}

/* One try's session, anew. */
static NskSessionRow *
begin_session(const NskSignWork *work, const NskSignDesk *desk)
{
    NskSessionRow *row = g_new0(NskSessionRow, 1);
    const NskSessionRow *before = work->session;

    row->session = nsk_id_new(work->office->clock);
    row->signer = g_strdup(desk->who.name);
    row->chain = g_strdup("");
    row->scheme = NSK_SCHEME_DEFAULT;
    row->signed_at = work->now;
    row->offset_minutes = work->offset_minutes;
    row->place = g_strdup(work->place);
    row->name = g_strdup(work->name);
    row->handle = g_strdup("");
    row->waits = g_strdup("");
    row->batch = g_strdup(work->batch);
    row->tries = before != NULL ? before->tries : 0;
    row->asked = before != NULL ? before->asked : 0;
    return row;
}

static void
take_session(NskSignWork *work, const NskSignDesk *desk)
{
    NskSessionRow *row = begin_session(work, desk);

    nsk_session_row_free(work->session);
    work->session = row;
    work->is_saved = false;
}

/* Tells the letter what went wrong with its signature; takes @why, which is also what the person is
 * told. */
static void
tell(NskSignWork *work, NskSignerFault fault, GError *why)
{
    NskSignTurn turn = find_turn(fault);
    g_autoptr(GError) failed = NULL;

    turn.reason = why->message;
    /* what was only looked at stays as it is */
    if (!work->is_saved && turn.is_try)
        turn.state = NULL;
    if (nsk_sign_turn(work, &turn, &failed)) {
        work->error = why;
        return;
    }
    g_error_free(why);
    work->error = g_steal_pointer(&failed);
}

static void
tell_all(NskSignDesk *desk, const GError *why)
{
    NskSignerFault fault = nsk_signer_get_fault(desk->signer);

    /* no key here is away: it rests after wrong secrets */
    if (nsk_sign_desk_is_here(desk) && fault.kind == NSK_SIGNER_FAULT_LATER)
        fault.kind = NSK_SIGNER_FAULT_LOCKED;
    for (guint i = 0; i < desk->works->len; i++) {
        NskSignWork *work = g_ptr_array_index(desk->works, i);

        if (work->error == NULL && work->answer == NULL)
            tell(work, fault, g_error_copy(why));
    }
}

/* Those without a fault so far. */
static GPtrArray *
list_good(const NskSignDesk *desk)
{
    GPtrArray *good = g_ptr_array_new();

    for (guint i = 0; i < desk->works->len; i++) {
        NskSignWork *work = g_ptr_array_index(desk->works, i);

        if (work->error == NULL)
            g_ptr_array_add(good, work);
    }
    return good;
}

bool
nsk_sign_desk_is_here(const NskSignDesk *desk)
{
    return desk->who.kind == NSK_SIGNER_PKCS12 || desk->who.kind == NSK_SIGNER_PKCS11;
}

/* --- Before anything is signed. ----------------------------------------------------------------
 */

bool
nsk_sign_desk_open(NskSignDesk *desk, GError **error)
{
    NskSignerTarget target = { .name = desk->who.name[0] != '\0' ? desk->who.name : OWN_KEYS,
                               .kind = desk->who.kind,
                               .settings = desk->who.settings,
                               .office = desk->office->dir,
                               .key = desk->who.key,
                               .chain = desk->who.chain,
                               .file = desk->key_file,
                               .fingerprint = desk->who.fingerprint,
                               .now = nsk_clock_now(desk->office->clock) };

    NskOfficeService *service = nsk_office_get_service(desk->office, error);

    g_clear_pointer(&desk->signer, nsk_signer_free);
    desk->is_unlocked = false;
    if (service != NULL)
        desk->signer = nsk_signer_open(nsk_office_service_get_signers(service), &target, error);
    return desk->signer != NULL;
}

/* Certificates that are to be read are; false with what the signer says otherwise. */
static bool
read_certificates(NskSignDesk *desk, GError **error)
{
    if (!nsk_signer_describe(desk->signer, error))
        return false;
    const NskSignerFacts *facts = nsk_signer_get_facts(desk->signer);
    if (facts->whole_pdf || nsk_signer_get_chain(desk->signer) != NULL)
        return true;
    desk->is_unlocked = true;
    return nsk_signer_unlock(desk->signer, desk->secret, error);
}

static char *
write_chain(GPtrArray *chain)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; chain != NULL && i < chain->len; i++) {
        g_autofree char *pem = nsk_cert_to_pem(g_ptr_array_index(chain, i));

        g_string_append(text, pem);
    }
    return g_string_free(text, FALSE);
}

/* Nobody signs with the certificate of another. */
static bool
check_name(const NskSignWork *work, GPtrArray *chain, GError **error)
{
    if (chain == NULL || chain->len == 0 ||
        nsk_name_in_certificate(work->name, g_ptr_array_index(chain, 0)))
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED, nsk_tr("the signature is refused: %s"),
                nsk_tr("the certificate belongs to somebody else"));
    return false;
}

/* What the signer is to sign of this letter. */
static bool
prepare(NskSignWork *work, const NskSignDesk *desk, GError **error)
{
    const NskSignerFacts *facts = nsk_signer_get_facts(desk->signer);
    GPtrArray *chain = nsk_signer_get_chain(desk->signer);
    NskSessionRow *session = work->session;

    g_free(session->chain);
    session->chain = write_chain(chain);
    session->whole = facts->whole_pdf;
    session->scheme = facts->scheme;
    memcpy(session->digest, work->shown, sizeof session->digest);
    if (session->whole)
        return true;
    if (!nsk_sign_look(work, chain, &session->look, error))
        return false;
    NskSignRequest request = nsk_sign_request(work, chain);
    g_clear_pointer(&work->signing, nsk_signing_free);
    work->signing = nsk_sign_prepare(work->pages, &request, error);
    if (work->signing == NULL)
        return false;
    memcpy(session->digest, nsk_signing_get_digest(work->signing), sizeof session->digest);
    return true;
}

/* Says yes to each and makes ready what is to be signed. */
static void
authorise_letters(NskSignDesk *desk)
{
    for (guint i = 0; i < desk->works->len; i++) {
        NskSignWork *work = g_ptr_array_index(desk->works, i);
        g_autoptr(GError) fault = NULL;

        take_session(work, desk);
        if (!check_name(work, nsk_signer_get_chain(desk->signer), &fault)) {
            tell(work, (NskSignerFault){ NSK_SIGNER_FAULT_CERTIFICATE, 0 },
                 g_steal_pointer(&fault));
            continue;
        }
        if (!prepare(work, desk, &work->error))
            continue;
        (void)nsk_sign_authorise(work, &work->error);
    }
}

/* --- The job. ----------------------------------------------------------------------------------
 */

/* What the signer is given; borrows from the letters. */
typedef struct {
    NskSignerJob job;
    uint8_t *digests;
    GBytes **pdfs;
    NskSignerPlace *places;
} Job;

static void
job_clear(Job *self)
{
    g_free(self->digests);
    g_free(self->pdfs);
    g_free(self->places);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Job, job_clear)

/* Where the signature is to be seen: in its field. */
static bool
find_place(const NskSignWork *work, NskSignerPlace *place, GError **error)
{
    g_autoptr(GPtrArray) fields = nsk_sign_fields(work->pages, error);

    for (guint i = 0; fields != NULL && i < fields->len; i++) {
        const NskSignField *field = g_ptr_array_index(fields, i);

        if (strcmp(field->name, work->field) != 0)
            continue;
        place->page = field->page;
        memcpy(place->rect, field->rect, sizeof place->rect);
    }
    return fields != NULL;
}

static bool
make_job(const GPtrArray *works, Job *out_job, GError **error)
{
    const NskSignWork *first = g_ptr_array_index(works, 0);

    *out_job = (Job){ .job = { .n = works->len, .location = first->place } };
    out_job->digests = g_malloc0_n(works->len, NSK_SHA256_SIZE);
    out_job->pdfs = g_new0(GBytes *, works->len);
    out_job->places = g_new0(NskSignerPlace, works->len);
    for (guint i = 0; i < works->len; i++) {
        const NskSignWork *work = g_ptr_array_index(works, i);

        memcpy(out_job->digests + (size_t)i * NSK_SHA256_SIZE, work->session->digest,
               NSK_SHA256_SIZE);
        out_job->pdfs[i] = work->pages;
        if (first->session->whole && !find_place(work, &out_job->places[i], error))
            return false;
    }
    if (first->session->whole) {
        out_job->job.pdfs = out_job->pdfs;
        out_job->job.places = out_job->places;
    } else {
        out_job->job.digests = out_job->digests;
    }
    return true;
}

/* --- Results. ----------------------------------------------------------------------------------
 */

/* An answer that is no signature of this letter: kept, and told. */
static void
keep_bad_answer(NskSignWork *work, const NskSignerResult *result)
{
    NskSignTurn turn = find_turn(result->fault);

    if (!nsk_sign_answer(work, &work->error))
        return;
    turn.reason = result->message;
    turn.drops_answer = true;
    if (nsk_sign_turn(work, &turn, &work->error))
        g_set_error(&work->error, NSK_ERROR, NSK_ERROR_UNTRUSTED,
                    nsk_tr("the signature is refused: %s"), result->message);
}

static int
error_code(NskSignerFaultKind kind)
{
    switch (kind) {
    case NSK_SIGNER_FAULT_LATER:
    case NSK_SIGNER_FAULT_WAITING:
        return NSK_ERROR_BUSY;
    case NSK_SIGNER_FAULT_EXPIRED:
        return NSK_ERROR_EXPIRED;
    case NSK_SIGNER_FAULT_UNKNOWN:
        return NSK_ERROR_UNCERTAIN;
    case NSK_SIGNER_FAULT_CERTIFICATE:
    case NSK_SIGNER_FAULT_ANSWER:
        return NSK_ERROR_UNTRUSTED;
    case NSK_SIGNER_FAULT_ABSENT:
        return NSK_ERROR_NOT_FOUND;
    case NSK_SIGNER_FAULT_SETTINGS:
        return NSK_ERROR_INVALID;
    case NSK_SIGNER_FAULT_CANCELLED:
        return NSK_ERROR_CANCELLED;
    case NSK_SIGNER_FAULT_NONE:
    case NSK_SIGNER_FAULT_SECRET:
    case NSK_SIGNER_FAULT_LOCKED:
    case NSK_SIGNER_FAULT_REFUSED:
    default:
        return NSK_ERROR_DENIED;
    }
}

static void
take_result(NskSignWork *work, const NskSignerResult *result)
{
    if (result->value != NULL) {
        g_clear_pointer(&work->answer, g_bytes_unref);
        work->answer = g_bytes_ref(result->value);
        if (result->fault.kind == NSK_SIGNER_FAULT_NONE)
            (void)nsk_sign_answer(work, &work->error);
        else
            keep_bad_answer(work, result);
        return;
    }
    if (result->ticket != NULL) {
        g_free(work->session->handle);
        work->session->handle = g_strdup(result->ticket);
    }
    tell(work, result->fault,
         g_error_new_literal(NSK_ERROR, error_code(result->fault.kind),
                             result->message != NULL ? result->message : ""));
}

/* Those that the signer said nothing of may have been signed. */
static void
end_without_result(const GPtrArray *works, const GError *why)
{
    for (guint i = 0; i < works->len; i++) {
        NskSignWork *work = g_ptr_array_index(works, i);

        if (work->answer == NULL && work->error == NULL)
            tell(work, (NskSignerFault){ NSK_SIGNER_FAULT_UNKNOWN, ASK_AGAIN }, g_error_copy(why));
    }
}

static void
take_results(NskSignDesk *desk, const GPtrArray *works)
{
    g_autoptr(GError) why = NULL;

    for (;;) {
        g_autoptr(NskSignerResult) result = NULL;

        if (!nsk_signer_next(desk->signer, &result, &why) || result == NULL)
            break;
        if (result->index < works->len)
            take_result(g_ptr_array_index(works, result->index), result);
    }
    if (why == NULL)
        why = g_error_new_literal(NSK_ERROR, NSK_ERROR_UNCERTAIN,
                                  nsk_tr("the signer said nothing of this letter"));
    end_without_result(works, why);
}

/* --- Signing. ----------------------------------------------------------------------------------
 */

/* From the signer's authorisation to the last answer, of letters that all said yes. */
static void
ask_signer(NskSignDesk *desk, const GPtrArray *works)
{
    g_auto(Job) job = { 0 };
    g_autoptr(GError) why = NULL;
    NskSignerProof proof = { .secret = desk->is_unlocked ? NULL : desk->secret,
                             .code = desk->code };

    if (!make_job(works, &job, &why)) {
        end_without_result(works, why);
        return;
    }
    if (!nsk_signer_authorise(desk->signer, &job.job, &proof, NULL, &why)) {
        tell_all(desk, why);
        return;
    }
    for (guint i = 0; i < works->len; i++) {
        NskSignWork *work = g_ptr_array_index(works, i);

        if (nsk_sign_send(work, &work->error))
            continue;
        /* one that may not be signed any more is in the job: none of it is sent */
        g_set_error(&why, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("nothing was signed: a letter of these may no longer be signed (%s)"),
                    work->error->message);
        for (guint j = 0; j < works->len; j++) {
            NskSignWork *other = g_ptr_array_index(works, j);

            if (other->error == NULL)
                tell(other, (NskSignerFault){ NSK_SIGNER_FAULT_CANCELLED, 0 }, g_error_copy(why));
        }
        return;
    }
    if (!nsk_signer_sign(desk->signer, &why)) {
        tell_all(desk, why);
        return;
    }
    take_results(desk, works);
}

/* Learns what the signer can do; what he says instead is told to all letters. */
static bool
know_signer(NskSignDesk *desk)
{
    g_autoptr(GError) why = NULL;

    if (!nsk_sign_desk_open(desk, &why)) {
        for (guint i = 0; i < desk->works->len; i++)
            ((NskSignWork *)g_ptr_array_index(desk->works, i))->error = g_error_copy(why);
        return false;
    }
    if (read_certificates(desk, &why))
        return true;
    for (guint i = 0; i < desk->works->len; i++)
        take_session(g_ptr_array_index(desk->works, i), desk);
    tell_all(desk, why);
    return false;
}

void
nsk_sign_desk_sign(NskSignDesk *desk, const GPtrArray *works)
{
    guint step;

    g_clear_pointer(&desk->works, g_ptr_array_unref);
    desk->works = g_ptr_array_copy((GPtrArray *)(uintptr_t)works, NULL, NULL);
    if (!know_signer(desk))
        return;
    step = MAX(nsk_signer_get_facts(desk->signer)->batch, 1);
    for (guint at = 0; at < works->len; at += step) {
        g_ptr_array_set_size(desk->works, 0);
        for (guint i = at; i < MIN(at + step, works->len); i++)
            g_ptr_array_add(desk->works, g_ptr_array_index(works, i));
        authorise_letters(desk);
        g_autoptr(GPtrArray) good = list_good(desk);
        if (good->len > 0)
            ask_signer(desk, good);
    }
}

/* The one signature value of a job of one digest. */
static GBytes *
sign_digest(NskSignDesk *desk, const uint8_t digest[NSK_SHA256_SIZE], GError **error)
{
    const NskSignerJob job = { .n = 1, .digests = digest };
    const NskSignerProof proof = { .secret = desk->is_unlocked ? NULL : desk->secret,
                                   .code = desk->code };
    g_autoptr(NskSignerResult) result = NULL;

    if (!nsk_signer_authorise(desk->signer, &job, &proof, NULL, error) ||
        !nsk_signer_sign(desk->signer, error) || !nsk_signer_next(desk->signer, &result, error))
        return NULL;
    if (result != NULL && result->value != NULL && result->fault.kind == NSK_SIGNER_FAULT_NONE)
        return g_bytes_ref(result->value);
    g_set_error_literal(error, NSK_ERROR,
                        result != NULL ? error_code(result->fault.kind) : NSK_ERROR_UNCERTAIN,
                        result != NULL && result->message != NULL
                            ? result->message
                            : nsk_tr("the signer said nothing of this letter"));
    return NULL;
}

bool
nsk_sign_desk_detached(NskSignDesk *desk,
                       const uint8_t content[NSK_SHA256_SIZE],
                       GBytes **out_cms,
                       GError **error)
{
    uint8_t digest[NSK_SHA256_SIZE];
    size_t size;

    if (!nsk_sign_desk_open(desk, error) || !read_certificates(desk, error))
        return false;
    const NskSignerFacts *facts = nsk_signer_get_facts(desk->signer);
    if (facts->whole_pdf) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_UNSUPPORTED,
                            nsk_tr("your signing service signs PDFs alone, and a paraf with a "
                                   "certificate is none; have the profile ask for sign-in"));
        return false;
    }
    g_autoptr(NskCms) cms =
        nsk_cms_prepare(nsk_signer_get_chain(desk->signer), facts->scheme, content, digest, error);
    g_autoptr(GBytes) value = cms != NULL ? sign_digest(desk, digest, error) : NULL;
    if (value == NULL)
        return false;
    const void *bytes = g_bytes_get_data(value, &size);
    *out_cms = nsk_cms_complete(cms, bytes, size, error);
    return *out_cms != NULL;
}

/* --- After a crash or an outage. ---------------------------------------------------------------
 */

bool
nsk_sign_ask(NskSignDesk *desk, NskSignWork *work, GError **error)
{
    g_auto(Job) job = { 0 };
    g_autoptr(GError) why = NULL;
    g_autoptr(GPtrArray) one = g_ptr_array_new();

    g_ptr_array_add(one, work);
    if ((desk->signer == NULL && !nsk_sign_desk_open(desk, error)) || !make_job(one, &job, error))
        return false;
    bool answers = nsk_signer_describe(desk->signer, &why);
    bool has_ticket = work->session->handle[0] != '\0';
    if (answers && has_ticket && nsk_signer_get_facts(desk->signer)->can_poll) {
        if (nsk_signer_poll(desk->signer, &job.job, work->session->handle, &why)) {
            take_results(desk, one);
            if (work->error != NULL)
                g_propagate_error(error, g_steal_pointer(&work->error));
            return work->answer != NULL;
        }
    } else if (answers) {
        /* it is there, and knows nothing of what it was asked: whatever it made came to nobody */
        work->was_asked = true;
        return true;
    }
    tell(work, (NskSignerFault){ NSK_SIGNER_FAULT_UNKNOWN, ASK_AGAIN }, g_steal_pointer(&why));
    g_propagate_error(error, g_steal_pointer(&work->error));
    return false;
}

/* --- After a return. ---------------------------------------------------------------------------
 */

/* Takes what comes for the one digest of a session; a late answer is no error. */
static bool
fetch_late(NskSignDesk *desk, NskSignWork *work, GError **error)
{
    const NskSignerJob job = { .n = 1, .digests = work->session->digest };

    if (!nsk_sign_desk_open(desk, error) || !nsk_signer_describe(desk->signer, error) ||
        !nsk_signer_get_facts(desk->signer)->can_poll ||
        !nsk_signer_poll(desk->signer, &job, work->session->handle, error))
        return false;
    for (;;) {
        g_autoptr(NskSignerResult) result = NULL;
        g_autoptr(GError) late = NULL;

        if (!nsk_signer_next(desk->signer, &result, error))
            return false;
        if (result == NULL)
            return work->is_late;
        if (result->value == NULL)
            continue;
        g_clear_pointer(&work->answer, g_bytes_unref);
        work->answer = g_bytes_ref(result->value);
        (void)nsk_sign_answer(work, &late);
        if (!work->is_late) {
            g_propagate_error(error, g_steal_pointer(&late));
            return false;
        }
    }
}

bool
nsk_sign_fetch_late(NskOffice *office, const NskOpenSigning *open, GError **error)
{
    g_auto(NskSignDesk) desk = { .office = office };
    g_autoptr(NskSigningRow) signing = NULL;
    g_auto(NskSignWork) work = { .office = office,
                                 .batch = "",
                                 .part = "naskah-sign",
                                 .now = nsk_clock_now(office->clock),
                                 .letter = g_strdup(open->letter),
                                 .n = open->n,
                                 .is_saved = true };
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(office->reader, error);

    if (txn == NULL || !nsk_signing_find(txn, open->letter, open->n, &signing, error) ||
        !nsk_session_find(txn, open->letter, open->n, &work.session, error) || signing == NULL ||
        work.session == NULL || strcmp(signing->state, "returned") != 0 ||
        !nsk_signer_of_person(txn, signing->person, &desk.who, error))
        return false;
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    return fetch_late(&desk, &work, error);
}

/* --- Whose key. ---------------------------------------------------------------------------------
 */

void
nsk_signer_of_person_clear(NskSignerOfPerson *self)
{
    g_free(self->name);
    g_clear_pointer(&self->settings, nsk_json_unref);
    g_free(self->key);
    g_free(self->fingerprint);
    g_clear_pointer(&self->chain, g_ptr_array_unref);
}

/* Who was given no signer has a file in the office's folder of keys. */
bool
nsk_signer_of_person(NskDbTxn *txn,
                     const char *person,
                     NskSignerOfPerson *out_signer,
                     GError **error)
{
    g_autoptr(NskSignerRow) row = NULL;

    if (!nsk_signer_row_find(txn, person, &row, error))
        return false;
    if (row != NULL) {
        *out_signer = (NskSignerOfPerson){ .name = g_steal_pointer(&row->name),
                                           .kind = row->kind,
                                           .settings = g_steal_pointer(&row->settings),
                                           .key = g_steal_pointer(&row->key),
                                           .fingerprint = g_steal_pointer(&row->fingerprint),
                                           .chain = g_steal_pointer(&row->chain) };
        return true;
    }
    *out_signer = (NskSignerOfPerson){ .name = g_strdup(""),
                                       .kind = NSK_SIGNER_PKCS12,
                                       .settings = nsk_json_object(),
                                       .key = g_strconcat(person, ".p12", NULL) };
    return true;
}

void
nsk_sign_desk_clear(NskSignDesk *self)
{
    g_clear_pointer(&self->works, g_ptr_array_unref);
    g_clear_pointer(&self->signer, nsk_signer_free);
    nsk_signer_of_person_clear(&self->who);
    g_clear_pointer(&self->secret, nsk_locked_unref);
    g_clear_pointer(&self->code, nsk_locked_unref);
}
