/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The signature itself, in steps that a crash may part (architecture.md, section 2):
 *
 *     prepared -> authorised   the signatory said yes to exactly these pages, and may sign now
 *     authorised -> answered   the signer's answer is stored before anybody judges it
 *     answered -> stored       the answer was checked; it is the letter from now on
 *
 * An answer that does not hold makes the signing "prepared" again.  A key in a file has no state
 * of its own, so an "authorised" signing that was cut off is simply signed again.
 */
#include "base/bytes.h"
#include "base/fault.h"
#include "base/limits.h"
#include "base/message.h"
#include "office/office-private.h"
#include "sign/sign.h"

#include <string.h>

typedef struct {
    NskOffice *office;
    const NskSignAct *act;
    NskInstant now;
    uint8_t shown[NSK_SHA256_SIZE];
    size_t n_signatories;
    size_t signed_before; /* how many of them have signed */
    char *letter;         /* id */
    char *field;
    char *place; /* of the issuing unit */
    int offset_minutes;
    char *person_name; /* without titles: what the certificate must say */
    GBytes *pages;     /* what was shown */
    GBytes *answer;    /* signed */
    const char *fault; /* why the answer is refused, or NULL */
} Work;

static void
work_clear(Work *work)
{
    g_free(work->letter);
    g_free(work->field);
    g_free(work->place);
    g_free(work->person_name);
    g_clear_pointer(&work->pages, g_bytes_unref);
    g_clear_pointer(&work->answer, g_bytes_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, work_clear)

/* One step's view of the letter, all authority checked anew. */
typedef struct {
    NskDuty *duty;
    NskRoutePart *part;
    NskSignatory *signatory;
    NskSigningRow *signing;
} Step;

static void
step_clear(Step *step)
{
    g_clear_pointer(&step->duty, nsk_duty_free);
    g_clear_pointer(&step->part, nsk_route_part_free);
    g_clear_pointer(&step->signatory, nsk_signatory_free);
    g_clear_pointer(&step->signing, nsk_signing_row_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Step, step_clear)

static bool
open_step(const Work *work, NskDbTxn *txn, Step *step, GError **error)
{
    step->duty = nsk_access_signature(work->office, txn, work->act->task, error);
    if (step->duty == NULL)
        return false;
    step->part = nsk_find_signatory(txn, step->duty, error);
    if (step->part == NULL)
        return false;
    NskAct act = { work->office, txn, step->duty->row, work->now, step->duty->today, NULL };
    step->signatory = nsk_check_signatory(&act, step->part, work->office->person, error);
    if (step->signatory == NULL ||
        !nsk_signing_find(txn, step->duty->row->id, step->part->n, &step->signing, error))
        return false;
    if (step->signing == NULL || !step->signing->has_pdf ||
        strcmp(step->signing->state, "returned") == 0) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                            nsk_tr("the pages to sign are not made yet: begin with 'naskah task "
                                   "sign' without --confirm, and look at them"));
        return false;
    }
    if (!nsk_check_signing_person(txn, step->signing, step->signatory, error))
        return false;
    if (memcmp(step->signing->pdf, work->shown, sizeof work->shown) == 0)
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                        nsk_tr("these are not the pages that wait for a signature; look at them "
                               "again with 'naskah task sign'"));
    return false;
}

/* A step is taken from the state before it, or nothing is done: another process may have been here.
 * @other may be NULL. */
static bool
expect_state(const Step *step, const char *state, const char *other, GError **error)
{
    const char *now = step->signing->state;

    if (strcmp(now, state) == 0 || g_strcmp0(now, other) == 0)
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                        nsk_tr("this signature is being given elsewhere at this moment; look at "
                               "the letter and try again"));
    return false;
}

/* The same, for a step that judges the stored answer: it must be the one that was judged. */
static bool
expect_answer(const Work *work, const Step *step, GError **error)
{
    const GBytes *stored = step->signing->answer;
    bool same = stored != NULL && g_bytes_equal(stored, work->answer);

    return expect_state(step, same ? "answered" : "", NULL, error);
}

/* Records a step of the signing; its files and objects may be NULL. */
static void
fill_event(const Step *step, const char *action, const char *sentence, NskEvent *event)
{
    *event = (NskEvent){ .action = action,
                         .sentence = sentence,
                         .position = step->duty->position,
                         .capacity = step->part->capacity,
                         .task = step->duty->task->key,
                         .state_from = step->duty->row->state };
}

static bool
set_signing(NskAct *act, Step *step, const char *state, GBytes *answer, GError **error)
{
    g_free(step->signing->state);
    step->signing->state = g_strdup(state);
    g_clear_pointer(&step->signing->answer, g_bytes_unref);
    step->signing->answer = answer != NULL ? g_bytes_ref(answer) : NULL;
    return nsk_signing_save(act->txn, act->row->id, step->signing, act->now, error);
}

static bool
apply_authorise(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    Work *work = data;
    g_auto(Step) step = { 0 };
    NskEvent event;

    if (!open_step(work, txn, &step, error) ||
        !expect_state(&step, "prepared", "authorised", error))
        return false;
    NskAct act = { work->office, txn, step.duty->row, work->now, step.duty->today, NULL };
    NskJournalObject object = { .kind = "pdf", .size = (int64_t)g_bytes_get_size(work->pages) };
    memcpy(object.sha256, work->shown, sizeof object.sha256);
    fill_event(&step, "signature-authorised", "Say yes to the pages shown", &event);
    event.objects = &object;
    event.n_objects = 1;
    return set_signing(&act, &step, "authorised", NULL, error) && nsk_record(&act, &event, error);
}

static bool
apply_answer(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    Work *work = data;
    g_auto(Step) step = { 0 };

    if (!open_step(work, txn, &step, error) || !expect_state(&step, "authorised", NULL, error))
        return false;
    NskAct act = { work->office, txn, step.duty->row, work->now, step.duty->today, NULL };
    return set_signing(&act, &step, "answered", work->answer, error);
}

/* An answer that does not hold: kept out of the letter, told in its history. */
static bool
apply_refuse(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    Work *work = data;
    g_auto(Step) step = { 0 };
    NskEvent event;

    if (!open_step(work, txn, &step, error) || !expect_answer(work, &step, error))
        return false;
    NskAct act = { work->office, txn, step.duty->row, work->now, step.duty->today, NULL };
    NskJournalObject object = nsk_describe_bytes("pdf", work->answer);
    fill_event(&step, "signature-refused", "Refuse a signature that does not hold", &event);
    event.reason = work->fault;
    event.objects = &object;
    event.n_objects = 1;
    return set_signing(&act, &step, "prepared", NULL, error) && nsk_record(&act, &event, error);
}

/* The answer of an act, and what was stored. */
static char *
signature_answer(const NskAct *act, const char *task, const char *sha256, GError **error)
{
    g_autofree char *text = nsk_act_answer(act, task, "sign", error);
    g_autoptr(NskJson) answer = text != NULL ? nsk_json_parse(text, strlen(text), error) : NULL;

    if (answer == NULL)
        return NULL;
    nsk_json_set_text(answer, "sha256", sha256);
    return nsk_json_canonical(answer);
}

static bool
apply_store(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    Work *work = data;
    g_auto(Step) step = { 0 };

    if (!open_step(work, txn, &step, error) || !expect_answer(work, &step, error))
        return false;
    NskAct act = { work->office, txn, step.duty->row, work->now, step.duty->today, NULL };
    NskJournalObject object = nsk_describe_bytes("pdf", work->answer);
    g_autofree char *name = nsk_office_file_name(work->letter, ".pdf");
    g_autofree char *before = g_strdup(act.row->state);
    g_autofree char *hex = nsk_hex(object.sha256, sizeof object.sha256);
    NskStoreFile file = { .name = name, .content = work->answer };
    NskAdvance advance = {
        .flow_event = { .type = NSK_FLOW_COMPLETE, .key = step.duty->task->key, .outcome = "sign" },
        .person = work->office->person,
        .state_if_done = "signed"
    };
    fill_event(&step, "letter-signed", "Sign the letter", &advance.record);
    advance.record.state_from = before;
    advance.record.files = &file;
    advance.record.n_files = 1;
    advance.record.objects = &object;
    advance.record.n_objects = 1;
    /* the number is final with the PDF that carries every signature */
    if (work->signed_before + 1 == work->n_signatories &&
        !nsk_registry_bind(txn, work->letter, hex, work->now, error))
        return false;
    if (!set_signing(&act, &step, "stored", NULL, error) || !nsk_advance(&act, &advance, error))
        return false;
    *out_answer = signature_answer(&act, step.duty->task->key, hex, error);
    return *out_answer != NULL;
}

/* Counts who has signed before. */
static bool
count_signatures(Work *work, NskDbTxn *txn, const NskLetterRow *row, GError **error)
{
    g_autoptr(GPtrArray) parts = nsk_route_load(txn, row->id, "signatory", error);

    for (guint i = 0; parts != NULL && i < parts->len; i++) {
        const NskRoutePart *part = g_ptr_array_index(parts, i);

        work->signed_before += part->done ? 1 : 0;
        work->n_signatories++;
    }
    return parts != NULL;
}

/* The stored pages must be the bytes that were shown, whatever the row says of them. */
static bool
read_shown_pages(Work *work, NskDbTxn *txn, GError **error)
{
    if (!nsk_office_find_pages(txn, work->letter, &work->pages, error))
        return false;
    if (work->pages != NULL) {
        NskJournalObject stored = nsk_describe_bytes("pdf", work->pages);

        if (memcmp(stored.sha256, work->shown, sizeof work->shown) == 0)
            return true;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                nsk_tr("the stored pages of letter %s are not those that were shown; run 'naskah "
                       "doctor'"),
                work->letter);
    return false;
}

/* Reads what the signature is about, and an answer that was stored before a crash. */
static bool
load_pages(Work *work, NskDbTxn *txn, GError **error)
{
    g_auto(Step) step = { 0 };

    if (!open_step(work, txn, &step, error))
        return false;
    g_autoptr(NskUnit) unit = nsk_directory_get_unit(txn, step.duty->row->unit, error);
    if (unit == NULL || !nsk_zone_offset(work->now, unit->zone, &work->offset_minutes, error))
        return false;
    work->letter = g_strdup(step.duty->row->id);
    work->field = g_strdup(step.signing->field);
    work->place = g_strdup(unit->place);
    work->person_name = g_strdup(step.signatory->person->name);
    if (strcmp(step.signing->state, "answered") == 0 && step.signing->answer != NULL)
        work->answer = g_bytes_ref(step.signing->answer);
    return count_signatures(work, txn, step.duty->row, error) && read_shown_pages(work, txn, error);
}

static NskIdentity *
load_key(const Work *work, GError **error)
{
    g_autofree char *file = g_strconcat(work->office->person, ".p12", NULL);
    g_autofree char *own = g_build_filename(work->office->dir, "keys", file, NULL);
    g_autoptr(GBytes) p12 = work->act->key != NULL ? g_bytes_ref(work->act->key)
                                                   : nsk_file_read(own, NSK_LIMIT_KEY_SIZE, error);

    if (p12 == NULL) {
        g_prefix_error(error, "%s", nsk_tr("your key for signing: "));
        return NULL;
    }
    return nsk_identity_load(g_bytes_get_data(p12, NULL), g_bytes_get_size(p12),
                             work->act->passphrase, error);
}

/* Lets the key sign. */
static bool
make_answer(Work *work, NskIdentity *key, GError **error)
{
    NskSignRequest request = { .field = work->field,
                               .chain = nsk_identity_get_chain(key),
                               .at = work->now,
                               .offset_minutes = work->offset_minutes,
                               .location = work->place,
                               .name = work->person_name };
    g_autoptr(NskSigning) signing = nsk_sign_prepare(work->pages, &request, error);
    g_autoptr(GBytes) value =
        signing != NULL
            ? nsk_identity_sign(key, NSK_SCHEME_DEFAULT, nsk_signing_get_digest(signing), error)
            : NULL;

    work->answer = value != NULL ? nsk_sign_complete(signing, value, error) : NULL;
    return work->answer != NULL;
}

/* Why the stored answer may not become the letter; NULL if nothing speaks against it. */
static const char *
find_fault(const Work *work, const NskVerdict *verdict)
{
    const NskSignature *last =
        verdict->signatures->len > 0
            ? g_ptr_array_index(verdict->signatures, verdict->signatures->len - 1)
            : NULL;
    size_t shown = g_bytes_get_size(work->pages);

    if (verdict->result != NSK_VERDICT_VALID)
        return N_("the signature does not lead to an authority that this office trusts");
    if (last == NULL || strcmp(last->field, work->field) != 0 || !last->covers_document)
        return N_("the signature is not in its field, or does not cover the whole document");
    if (verdict->signatures->len != work->signed_before + 1)
        return N_("the signed file does not carry exactly the signatures before and this one");
    if (g_bytes_get_size(work->answer) < shown ||
        memcmp(g_bytes_get_data(work->answer, NULL), g_bytes_get_data(work->pages, NULL), shown) !=
            0)
        return N_("the signed file does not begin with the pages that were shown");
    if (!nsk_name_in_certificate(work->person_name, last->signer))
        return N_("the certificate belongs to somebody else");
    return NULL;
}

static bool
check_answer(Work *work, GError **error)
{
    g_autoptr(NskVerdict) verdict = NULL;
    g_autoptr(NskTrust) trust = nsk_office_load_trust(work->office->dir, NULL, error);

    if (trust == NULL || !nsk_sign_verify(work->answer, trust, work->now, &verdict, error))
        return false;
    work->fault = find_fault(work, verdict);
    if (work->fault == NULL)
        return true;
    if (!nsk_office_commit(work->office, apply_refuse, work, NULL, error))
        return false;
    g_set_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED, nsk_tr("the signature is refused: %s"),
                nsk_tr(work->fault));
    return false;
}

/* From "prepared" to "answered". */
static bool
sign_pages(Work *work, GError **error)
{
    g_autoptr(NskIdentity) key = load_key(work, error);

    return key != NULL && nsk_office_commit(work->office, apply_authorise, work, NULL, error) &&
           NSK_FAULT("sign.authorised", error) && make_answer(work, key, error) &&
           NSK_FAULT("sign.made", error) &&
           nsk_office_commit(work->office, apply_answer, work, NULL, error) &&
           NSK_FAULT("sign.answered", error);
}

/* The steps up to the last.  *out_done is set if the request was done before. */
static bool
begin(Work *work, char **out_answer, bool *out_done, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(work->office->reader, error);

    if (txn == NULL || !nsk_office_find_request(work->office, txn, out_done, out_answer, error))
        return false;
    if (*out_done)
        return true;
    bool ok = load_pages(work, txn, error);
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    /* the request is answered by its last change; those before it are steps on the way */
    g_autofree char *request_id = g_steal_pointer(&work->office->request_id);
    ok = ok && (work->answer != NULL || sign_pages(work, error)) && check_answer(work, error);
    work->office->request_id = g_steal_pointer(&request_id);
    return ok;
}

static bool
confirm(Work *work, NskJson **out_result, GError **error)
{
    g_autofree char *answer = NULL;
    bool done;

    if (!begin(work, &answer, &done, error))
        return false;
    if (!done && (!NSK_FAULT("sign.checked", error) ||
                  !nsk_office_commit(work->office, apply_store, work, &answer, error) ||
                  !NSK_FAULT("sign.stored", error)))
        return false;
    *out_result = nsk_office_read_answer(answer, error);
    return *out_result != NULL;
}

bool
nsk_do_sign_confirm(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    const NskSignAct *act = arguments;
    g_auto(Work) work = { .office = self, .act = act, .now = nsk_clock_now(self->clock) };

    if (!nsk_unhex(act->sha256, work.shown, sizeof work.shown)) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("--confirm takes the 64 hexadecimal digits that 'naskah task "
                                   "sign' printed with the pages"));
        return false;
    }
    NSK_REQUEST(self, "sign-confirm", act->task, act->sha256);
    return confirm(&work, out_result, error) || nsk_explain_signed(self, act->task, error);
}
