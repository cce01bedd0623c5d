/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A signature from one state to the next (architecture.md, section 2):
 *
 *     prepared -> authorised   the signatory said yes to exactly these pages, and may sign now
 *     authorised -> sent       the signer is asked; from here on a signature may exist
 *     sent -> answered         its answer is stored before anybody judges it
 *     answered -> checked      it holds; the time stamp is still missing
 *     -> stored                it is the letter
 *     -> refused, expired      to be authorised anew
 *     -> unknown               nobody knows what the signer did; it is asked before another try
 *
 * Each step is a change of its own, which tells the letter's history.
 *
 * INVARIANTS
 *   (1) A step is taken from the state before it by the session that is in the database, or not at
 *       all: two processes never go on with one signature.
 *   (2) Who gives the signature may do so at authorising, at sending and at storing; what only
 *       tells what happened asks for no right.
 *   (3) An answer is never lost: it is the letter, or waits to be checked, or is evidence.
 */
#include "base/bytes.h"
#include "base/fault.h"
#include "base/id.h"
#include "base/message.h"
#include "office/sign-private.h"

#include <string.h>

#define LEASE      ((int64_t)180 * G_USEC_PER_SEC) /* of who asks the signer */
#define MOST_TRIES 3                               /* wrong secrets in a row */
#define TRIES_REST ((int64_t)15 * 60 * G_USEC_PER_SEC)
#define PAUSE      ((int64_t)60 * G_USEC_PER_SEC) /* before the second look; doubled each time */
#define MOST_PAUSE ((int64_t)6 * 3600 * G_USEC_PER_SEC)

void
nsk_sign_work_clear(NskSignWork *self)
{
    g_free(self->request);
    g_free(self->letter);
    g_free(self->key);
    g_free(self->field);
    g_free(self->state);
    g_clear_pointer(&self->session, nsk_session_row_free);
    g_free(self->place);
    g_free(self->name);
    g_free(self->post);
    g_free(self->agency);
    g_clear_pointer(&self->pages, g_bytes_unref);
    g_clear_pointer(&self->answer, g_bytes_unref);
    g_clear_pointer(&self->pdf, g_bytes_unref);
    g_clear_pointer(&self->signing, nsk_signing_free);
    g_free(self->result);
    g_clear_error(&self->error);
}

void
nsk_sign_step_clear(NskSignStep *self)
{
    g_clear_pointer(&self->duty, nsk_duty_free);
    g_clear_pointer(&self->part, nsk_route_part_free);
    g_clear_pointer(&self->signatory, nsk_signatory_free);
    g_clear_pointer(&self->signing, nsk_signing_row_free);
    g_clear_pointer(&self->session, nsk_session_row_free);
}

static bool
check_pages(const NskSignWork *work, const NskSigningRow *signing, GError **error)
{
    if (signing == NULL || !signing->has_pdf || strcmp(signing->state, "returned") == 0 ||
        strcmp(signing->state, "late") == 0) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                            nsk_tr("the pages to sign are not made yet: begin with 'naskah task "
                                   "sign' without --confirm, and look at them"));
        return false;
    }
    if (memcmp(signing->pdf, work->shown, sizeof work->shown) == 0)
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                        nsk_tr("these are not the pages that wait for a signature; look at them "
                               "again with 'naskah task sign'"));
    return false;
}

bool
nsk_sign_open_step(const NskSignWork *work, NskDbTxn *txn, NskSignStep *step, GError **error)
{
    step->duty = nsk_access_signature(work->office, txn, work->task, error);
    if (step->duty == NULL)
        return false;
    step->part = nsk_find_signatory(txn, step->duty, error);
    if (step->part == NULL)
        return false;
    NskAct act = { work->office, txn, step->duty->row, work->now, step->duty->today, NULL };
    step->signatory = nsk_check_signatory(&act, step->part, work->office->person, error);
    return step->signatory != NULL &&
           nsk_signing_find(txn, step->duty->row->id, step->part->n, &step->signing, error) &&
           check_pages(work, step->signing, error) &&
           nsk_check_signing_person(txn, step->signing, step->signatory, error) &&
           nsk_session_find(txn, step->duty->row->id, step->part->n, &step->session, error);
}

bool
nsk_sign_is_free(const NskSignWork *work, const char *state)
{
    static const char *const free_states[] = { "prepared", "authorised", "refused", "expired",
                                               NULL };

    return g_strv_contains(free_states, state) ||
           (work->was_asked && (strcmp(state, "unknown") == 0 || strcmp(state, "sent") == 0));
}

static bool
set_elsewhere(GError **error)
{
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                        nsk_tr("this signature is being given elsewhere at this moment; look at "
                               "the letter and try again"));
    return false;
}

/* Whether the stored session is the one at work, in that state (@other may be NULL). */
static bool
is_ours(const NskSignWork *work,
        const NskSigningRow *signing,
        const NskSessionRow *session,
        const char *state,
        const char *other)
{
    return session != NULL && strcmp(session->session, work->session->session) == 0 &&
           (strcmp(signing->state, state) == 0 || g_strcmp0(signing->state, other) == 0);
}

/* Steps on the way do not answer the request: the last one does. */
static bool
commit(NskSignWork *work,
       bool (*apply)(NskDbTxn *, void *, char **, GError **),
       void *data,
       GError **error)
{
    return nsk_office_commit(work->office, apply, data, NULL, error);
}

static void
set_state(NskSignWork *work, const char *state)
{
    char *copy = g_strdup(state);

    g_free(work->state);
    work->state = copy;
}

/* Writes state and session. */
static bool
save(NskAct *act, NskSignWork *work, NskSigningRow *signing, const char *state, GError **error)
{
    char *copy = g_strdup(state);

    g_free(signing->state);
    signing->state = copy;
    return nsk_signing_save(act->txn, act->row->id, signing, act->now, error) &&
           nsk_session_save(act->txn, act->row->id, signing->n, work->session, error);
}

static void
fill_event(const NskSignWork *work,
           const NskSigningRow *signing,
           const NskLetterRow *row,
           NskEvent *event)
{
    event->position = signing->position;
    event->capacity = signing->capacity;
    event->task = work->key;
    event->state_from = row->state;
}

/* --- By who signs. -----------------------------------------------------------------------------
 */

static bool
apply_authorise(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    NskSignWork *work = data;
    g_auto(NskSignStep) step = { 0 };

    if (!nsk_sign_open_step(work, txn, &step, error))
        return false;
    if (!nsk_sign_is_free(work, step.signing->state))
        return set_elsewhere(error);
    NskAct act = { work->office, txn, step.duty->row, work->now, step.duty->today, NULL };
    NskJournalObject object = { .kind = "pdf", .size = (int64_t)g_bytes_get_size(work->pages) };
    NskEvent event = { .action = "signature-authorised",
                       .sentence = "Say yes to the pages shown",
                       .objects = &object,
                       .n_objects = 1 };
    memcpy(object.sha256, work->shown, sizeof object.sha256);
    fill_event(work, step.signing, act.row, &event);
    return nsk_answer_drop(txn, act.row->id, step.signing->n, error) &&
           save(&act, work, step.signing, "authorised", error) && nsk_record(&act, &event, error);
}

bool
nsk_sign_authorise(NskSignWork *work, GError **error)
{
    work->session->asked = 0;
    work->session->again = 0;
    g_free(work->session->waits);
    work->session->waits = g_strdup("");
    if (!commit(work, apply_authorise, work, error))
        return false;
    work->is_saved = true;
    set_state(work, "authorised");
    return NSK_FAULT("sign.authorised", error);
}

static bool
apply_send(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    NskSignWork *work = data;
    g_auto(NskSignStep) step = { 0 };
    NskEvent event = { .action = "signature-sent", .sentence = "Ask the signer for the signature" };

    if (!nsk_sign_open_step(work, txn, &step, error))
        return false;
    if (!is_ours(work, step.signing, step.session, "authorised", NULL))
        return set_elsewhere(error);
    NskAct act = { work->office, txn, step.duty->row, work->now, step.duty->today, NULL };
    fill_event(work, step.signing, act.row, &event);
    return save(&act, work, step.signing, "sent", error) && nsk_record(&act, &event, error);
}

bool
nsk_sign_send(NskSignWork *work, GError **error)
{
    work->session->again = work->now + LEASE;
    if (!commit(work, apply_send, work, error))
        return false;
    set_state(work, "sent");
    return NSK_FAULT("sign.sent", error);
}

/* --- What happened. ----------------------------------------------------------------------------
 */

/* A letter as it stands, whoever may act on it. */
typedef struct {
    NskLetterRow *row;
    NskDate today;
    NskSigningRow *signing;
    NskSessionRow *session;
} Scene;

static void
scene_clear(Scene *self)
{
    g_clear_pointer(&self->row, nsk_letter_row_free);
    g_clear_pointer(&self->signing, nsk_signing_row_free);
    g_clear_pointer(&self->session, nsk_session_row_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Scene, scene_clear)

static bool
open_scene(const NskSignWork *work, NskDbTxn *txn, Scene *scene, GError **error)
{
    scene->row = nsk_letter_row_load(txn, work->letter, error);
    if (scene->row == NULL ||
        !nsk_office_today(txn, scene->row->unit, work->now, &scene->today, error) ||
        !nsk_signing_find(txn, work->letter, work->n, &scene->signing, error) ||
        !nsk_session_find(txn, work->letter, work->n, &scene->session, error))
        return false;
    return scene->signing != NULL || set_elsewhere(error);
}

/* Nobody waits for the answer any more: kept, told, and never sent. */
static bool
keep_late(NskSignWork *work, NskDbTxn *txn, Scene *scene, NskEvent *event, GError **error)
{
    NskAct act = { work->office, txn, scene->row, work->now, scene->today, work->part };
    bool was_its_try = scene->session != NULL &&
                       strcmp(scene->session->session, work->session->session) == 0 &&
                       strcmp(scene->signing->state, "returned") == 0;

    event->action = "signature-late";
    event->sentence = "Keep an answer of the signer that came too late as evidence";
    work->is_late = true;
    return nsk_evidence_keep(txn, work->letter, work->session->session, work->answer, work->now,
                             error) &&
           (!was_its_try || save(&act, work, scene->signing, "late", error)) &&
           nsk_record(&act, event, error);
}

static bool
apply_answer(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    NskSignWork *work = data;
    g_auto(Scene) scene = { 0 };
    NskJournalObject object = nsk_describe_bytes("answer", work->answer);
    NskEvent event = { .action = "signature-answered",
                       .sentence = "Keep the answer of the signer",
                       .objects = &object,
                       .n_objects = 1 };

    if (!open_scene(work, txn, &scene, error))
        return false;
    work->is_late = false;
    fill_event(work, scene.signing, scene.row, &event);
    if (!is_ours(work, scene.signing, scene.session, "sent", "unknown"))
        return keep_late(work, txn, &scene, &event, error);
    NskAct act = { work->office, txn, scene.row, work->now, scene.today, work->part };
    return nsk_answer_put(txn, work->letter, work->n, work->answer, work->now, error) &&
           save(&act, work, scene.signing, "answered", error) && nsk_record(&act, &event, error);
}

bool
nsk_sign_answer(NskSignWork *work, GError **error)
{
    g_free(work->session->waits);
    work->session->waits = g_strdup("");
    work->session->again = work->now + LEASE; /* of who asked, who checks it now */
    work->session->tries = 0;
    work->session->asked = 0;
    if (!NSK_FAULT("sign.made", error) || !commit(work, apply_answer, work, error))
        return false;
    if (work->is_late) {
        set_state(work, "late");
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                            nsk_tr("the letter went back while the signer was at work: its answer "
                                   "is kept as evidence, and the letter is not signed"));
        return false;
    }
    set_state(work, "answered");
    return NSK_FAULT("sign.answered", error);
}

/* What a turn makes of the session. */
static void
turn_session(NskSignWork *work, const NskSignTurn *turn, const char **state)
{
    NskSessionRow *session = work->session;

    if (turn->in_vain) {
        int64_t pause = MIN(PAUSE << MIN(session->asked, 12), MOST_PAUSE);

        session->asked++;
        session->again = work->now + MAX(pause, (int64_t)turn->seconds * G_USEC_PER_SEC);
    } else {
        session->again =
            turn->seconds > 0 ? work->now + (int64_t)turn->seconds * G_USEC_PER_SEC : 0;
    }
    g_free(session->waits);
    session->waits = g_strdup(turn->waits != NULL ? turn->waits : "");
    if (turn->handle != NULL) {
        g_free(session->handle);
        session->handle = g_strdup(turn->handle);
    }
    if (!turn->is_try || ++session->tries < MOST_TRIES)
        return;
    session->tries = 0;
    session->again = work->now + TRIES_REST;
    g_free(session->waits);
    session->waits = g_strdup("secret");
    *state = "refused";
}

typedef struct {
    NskSignWork *work;
    const NskSignTurn *turn;
    const char *state;
} Turning;

static bool
apply_turn(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    Turning *turning = data;
    NskSignWork *work = turning->work;
    g_auto(Scene) scene = { 0 };
    NskJournalObject object = { 0 };
    NskEvent event = { .action = turning->turn->action,
                       .sentence = turning->turn->sentence,
                       .reason = turning->turn->reason };

    if (!open_scene(work, txn, &scene, error))
        return false;
    bool ours = work->is_saved ? is_ours(work, scene.signing, scene.session, work->state, NULL)
                               : nsk_sign_is_free(work, scene.signing->state);
    if (!ours)
        return set_elsewhere(error);
    NskAct act = { work->office, txn, scene.row, work->now, scene.today, work->part };
    const char *state = turning->state != NULL ? turning->state : scene.signing->state;
    g_autofree char *kept_state = g_strdup(state);
    fill_event(work, scene.signing, scene.row, &event);
    if (turning->turn->drops_answer) {
        object = nsk_describe_bytes(work->session->whole ? "pdf" : "answer", work->answer);
        event.objects = &object;
        event.n_objects = 1;
        if (!nsk_evidence_keep(txn, work->letter, work->session->session, work->answer, work->now,
                               error) ||
            !nsk_answer_drop(txn, work->letter, work->n, error))
            return false;
    }
    return save(&act, work, scene.signing, kept_state, error) && nsk_record(&act, &event, error);
}

bool
nsk_sign_turn(NskSignWork *work, const NskSignTurn *turn, GError **error)
{
    Turning turning = { work, turn, turn->state };

    turn_session(work, turn, &turning.state);
    if (!commit(work, apply_turn, &turning, error))
        return false;
    work->is_saved = true;
    if (turning.state != NULL)
        set_state(work, turning.state);
    return true;
}

/* --- The end. ----------------------------------------------------------------------------------
 */

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

/* The stored answer must be the one that was judged. */
static bool
check_answer_is_stored(const NskSignWork *work, NskDbTxn *txn, GError **error)
{
    g_autoptr(GBytes) stored = NULL;

    if (!nsk_answer_find(txn, work->letter, work->n, &stored, error))
        return false;
    return (stored != NULL && g_bytes_equal(stored, work->answer)) || set_elsewhere(error);
}

/* A letter that carries every signature is completed later, as the profile says. */
static bool
begin_preservation(const NskSignWork *work, NskAct *act, GError **error)
{
    const char *level = NULL;

    return work->signed_before + 1 < work->n_signatories ||
           (nsk_preserve_level(act->office, act->txn, act->row, &level, error) &&
            nsk_preserve_begin(act, level, error));
}

static bool
apply_store(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    NskSignWork *work = data;
    g_auto(NskSignStep) step = { 0 };

    if (!nsk_sign_open_step(work, txn, &step, error))
        return false;
    if (!is_ours(work, step.signing, step.session, "answered", "checked"))
        return set_elsewhere(error);
    if (!check_answer_is_stored(work, txn, error) ||
        !nsk_answer_drop(txn, work->letter, work->n, error))
        return false;
    NskAct act = { work->office, txn, step.duty->row, work->now, step.duty->today, NULL };
    NskJournalObject object = nsk_describe_bytes("pdf", work->pdf);
    g_autofree char *name = nsk_office_file_name(work->letter, ".pdf");
    g_autofree char *before = g_strdup(act.row->state);
    g_autofree char *hex = nsk_hex(object.sha256, sizeof object.sha256);
    NskStoreFile file = { .name = name, .content = work->pdf };
    NskAdvance advance = {
        .flow_event = { .type = NSK_FLOW_COMPLETE, .key = step.duty->task->key, .outcome = "sign" },
        .person = work->office->person,
        .state_if_done = "signed"
    };
    advance.record = (NskEvent){ .action = "letter-signed",
                                 .sentence = "Sign the letter",
                                 .files = &file,
                                 .n_files = 1,
                                 .objects = &object,
                                 .n_objects = 1 };
    fill_event(work, step.signing, act.row, &advance.record);
    advance.record.state_from = before;
    /* the number is final with the PDF that carries every signature */
    if (work->signed_before + 1 == work->n_signatories &&
        !nsk_registry_bind(txn, work->letter, hex, work->now, error))
        return false;
    if (!begin_preservation(work, &act, error) ||
        !save(&act, work, step.signing, "stored", error) || !nsk_advance(&act, &advance, error))
        return false;
    *out_answer = signature_answer(&act, step.duty->task->key, hex, error);
    return *out_answer != NULL;
}

bool
nsk_sign_store(NskSignWork *work, GError **error)
{
    work->session->again = 0;
    g_clear_pointer(&work->session->look, g_bytes_unref); /* it is in the PDF now */
    g_free(work->session->waits);
    work->session->waits = g_strdup("");
    if (!NSK_FAULT("sign.checked", error))
        return false;
    g_free(work->office->request_id);
    work->office->request_id = g_strdup(work->request);
    bool ok = nsk_office_commit(work->office, apply_store, work, &work->result, error);
    g_clear_pointer(&work->office->request_id, g_free);
    if (!ok)
        return false;
    set_state(work, "stored");
    return NSK_FAULT("sign.stored", error);
}
