/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The office's side of a signer: says what it wants over the signer's socket, and judges what comes
 * back.
 *
 * 1. Secrets are written from locked memory to the socket, behind the frame that tells their size.
 * 2. Before the request to sign was written whole, nothing is signed; after it, silence means
 *    UNKNOWN.
 * 3. Each element of the job gets one result: the first that comes; a second one is a fault of the
 *    helper.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/message.h"
#include "ipc/ipc.h"
#include "signer/signer-private.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct _NskSigner {
    NskSigners *signers;
    NskSignerTarget target; /* owns what it points to */
    int fd;
    unsigned timeout_ms;
    NskSignerFacts facts;
    GPtrArray *chain;
    NskSignerFault fault;
    gint cancelled;
    size_t n;       /* of the authorised job */
    size_t results; /* that came */
    bool *came;     /* @n of them */
    bool signing;
};

/* --- Talking --------------------------------------------------------------------------------- */

static NskIpcPatience
patience_of(const NskSigner *self)
{
    return (NskIpcPatience){ self->timeout_ms, self->timeout_ms * 2, -1 };
}

/* The connection broke, or the helper hangs. */
static bool
fail_lost(NskSigner *self, const GError *cause, GError **error)
{
    bool cancelled = g_atomic_int_get(&self->cancelled) != 0;

    if (!cancelled && g_error_matches(cause, NSK_ERROR, NSK_ERROR_BUSY))
        signer_helper_kill(self->signers, &self->target);
    if (self->signing)
        return signer_fail(
            &self->fault, NSK_SIGNER_FAULT_UNKNOWN, error,
            nsk_tr("the signer '%s' broke off while it was signing; whether a signature was made "
                   "is not known, and it is not in the letter: %s"),
            self->target.name, cause->message);
    if (cancelled)
        return signer_fail(&self->fault, NSK_SIGNER_FAULT_CANCELLED, error,
                           nsk_tr("signing with '%s' was given up; nothing was signed"),
                           self->target.name);
    self->fault.seconds = 1;
    return signer_fail(&self->fault, NSK_SIGNER_FAULT_LATER, error,
                       nsk_tr("the signer '%s' does not answer; nothing was signed, try again: %s"),
                       self->target.name, cause->message);
}

static bool
send_frame(NskSigner *self, const NskJson *value, GBytes *const *parts, size_t n, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autoptr(GBytes) frame = nsk_frame_encode(value, parts, n, &fault);
    NskIpcPatience patience = patience_of(self);

    if (frame == NULL)
        return signer_fail(&self->fault, NSK_SIGNER_FAULT_SETTINGS, error,
                           nsk_tr("the signer '%s' cannot be asked: %s"), self->target.name,
                           fault->message);
    return nsk_ipc_send(self->fd, frame, &patience, &fault) || fail_lost(self, fault, error);
}

/* Writes a secret as it is; NULL: nothing. */
static bool
send_secret(NskSigner *self, const NskLocked *secret, GError **error)
{
    size_t left = secret != NULL ? nsk_locked_size(secret) : 0;
    const char *at = secret != NULL ? nsk_locked_text(secret) : NULL;

    while (left > 0) {
        ssize_t n = send(self->fd, at, left, MSG_NOSIGNAL);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            g_autoptr(GError) fault =
                g_error_new_literal(NSK_ERROR, NSK_ERROR_IO, nsk_reason(errno));
            return fail_lost(self, fault, error);
        }
        at += n;
        left -= (size_t)n;
    }
    return true;
}

/* Reads fault and seconds of an answer; false if there is a fault. */
static bool
take_fault(const NskJson *value, NskSignerFault *out_fault)
{
    const char *name = nsk_json_get_text(value, "fault");

    *out_fault = (NskSignerFault){ NSK_SIGNER_FAULT_NONE, 0 };
    if (name == NULL)
        return true;
    if (!signer_fault_parse(name, &out_fault->kind))
        out_fault->kind = NSK_SIGNER_FAULT_ANSWER;
    out_fault->seconds = (unsigned)CLAMP(nsk_json_get_int(value, "seconds", 0), 0, 86400);
    return out_fault->kind == NSK_SIGNER_FAULT_NONE;
}

static NskFrame *
receive_frame(NskSigner *self, GError **error)
{
    g_autoptr(GError) fault = NULL;
    NskIpcPatience patience = patience_of(self);
    NskFrame *frame = nsk_ipc_receive(self->fd, &patience, &fault);

    if (frame == NULL)
        fail_lost(self, fault, error);
    return frame;
}

/* The next answer, which may be a fault. */
static NskFrame *
receive(NskSigner *self, GError **error)
{
    g_autoptr(NskFrame) frame = receive_frame(self, error);

    if (frame == NULL || take_fault(frame->value, &self->fault))
        return g_steal_pointer(&frame);
    const char *words = nsk_json_get_text(frame->value, "message");
    g_set_error_literal(error, NSK_ERROR, (gint)signer_fault_code(self->fault.kind),
                        words != NULL ? words : nsk_signer_fault_name(self->fault.kind));
    return NULL;
}

static NskFrame *
ask(NskSigner *self, const NskJson *value, GBytes *const *parts, size_t n, GError **error)
{
    return send_frame(self, value, parts, n, error) ? receive(self, error) : NULL;
}

static NskJson *
request(const char *what)
{
    NskJson *value = nsk_json_object();

    nsk_json_set_text(value, "do", what);
    return value;
}

/* --- Opening --------------------------------------------------------------------------------- */

static void
keep_target(NskSigner *self, const NskSignerTarget *target)
{
    self->target = *target;
    self->target.name = g_strdup(target->name);
    self->target.settings = nsk_json_ref(target->settings);
    /* the helper's own folder is the root */
    self->target.office =
        target->office != NULL ? g_canonicalize_filename(target->office, NULL) : NULL;
    self->target.key = g_strdup(target->key);
    self->target.fingerprint = g_strdup(target->fingerprint);
    self->target.file = target->file != NULL ? g_bytes_ref(target->file) : NULL;
    self->target.chain = target->chain != NULL ? g_ptr_array_ref(target->chain) : NULL;
}

static bool
send_open(NskSigner *self, GError **error)
{
    const NskSignerTarget *target = &self->target;
    g_autoptr(NskJson) value = request("open");

    nsk_json_set_text(value, "name", target->name);
    nsk_json_set_text(value, "kind", nsk_signer_kind_name(target->kind));
    nsk_json_set(value, "settings", nsk_json_ref(target->settings));
    nsk_json_set_text(value, "office", target->office);
    nsk_json_set_text(value, "key", target->key);
    nsk_json_set_text(value, "fingerprint", target->fingerprint);
    nsk_json_set_int(value, "now", target->now);
    nsk_json_set(value, "chain", signer_chain_write(target->chain));
    nsk_json_set_text(value, "language", nsk_language());
    g_autoptr(NskFrame) frame =
        ask(self, value, &target->file, target->file != NULL ? 1 : 0, error);
    return frame != NULL;
}

NskSigner *
nsk_signer_open(NskSigners *signers, const NskSignerTarget *target, GError **error)
{
    if (!nsk_signer_check_settings(target->kind, target->settings, error))
        return NULL;
    int fd = signer_helper_connect(signers, target, error);
    if (fd < 0)
        return NULL;
    g_autoptr(NskSigner) self = g_new0(NskSigner, 1);
    self->signers = signers;
    self->fd = fd;
    self->timeout_ms = signer_timeout_ms(target->settings);
    keep_target(self, target);
    return send_open(self, error) ? g_steal_pointer(&self) : NULL;
}

static void
drop(const void *owned)
{
    g_free((gpointer)(guintptr)owned);
}

void
nsk_signer_free(NskSigner *self)
{
    if (self == NULL)
        return;
    (void)close(self->fd);
    drop(self->target.name);
    drop(self->target.office);
    drop(self->target.key);
    drop(self->target.fingerprint);
    nsk_json_unref((NskJson *)(guintptr)self->target.settings);
    g_clear_pointer(&self->target.file, g_bytes_unref);
    g_clear_pointer(&self->target.chain, g_ptr_array_unref);
    g_clear_pointer(&self->chain, g_ptr_array_unref);
    g_free(self->came);
    g_free(self);
}

/* What "describe" and "unlock" answer. */
static bool
take_facts(NskSigner *self, const NskFrame *frame, GError **error)
{
    if (!signer_facts_read(nsk_json_get(frame->value, "facts"), &self->facts))
        return signer_fail(&self->fault, NSK_SIGNER_FAULT_ANSWER, error,
                           nsk_tr("the signer '%s' does not say what it can do"),
                           self->target.name);
    g_clear_pointer(&self->chain, g_ptr_array_unref);
    self->chain = signer_chain_read(nsk_json_get(frame->value, "chain"));
    return true;
}

bool
nsk_signer_describe(NskSigner *self, GError **error)
{
    g_autoptr(NskJson) value = request("describe");
    g_autoptr(NskFrame) frame = ask(self, value, NULL, 0, error);

    return frame != NULL && take_facts(self, frame, error);
}

const NskSignerFacts *
nsk_signer_get_facts(const NskSigner *self)
{
    return &self->facts;
}

GPtrArray *
nsk_signer_get_chain(const NskSigner *self)
{
    return self->chain;
}

NskSignerFault
nsk_signer_get_fault(const NskSigner *self)
{
    return self->fault;
}

bool
nsk_signer_unlock(NskSigner *self, const NskLocked *secret, GError **error)
{
    g_autoptr(NskJson) value = request("unlock");

    nsk_json_set_int(value, "secret", (int64_t)nsk_locked_size(secret));
    if (!send_frame(self, value, NULL, 0, error) || !send_secret(self, secret, error))
        return false;
    g_autoptr(NskFrame) frame = receive(self, error);
    return frame != NULL && take_facts(self, frame, error);
}

bool
nsk_signer_send_code(NskSigner *self, GError **error)
{
    g_autoptr(NskJson) value = request("code");
    g_autoptr(NskFrame) frame = ask(self, value, NULL, 0, error);

    return frame != NULL;
}

/* --- The job --------------------------------------------------------------------------------- */

static bool
check_job(NskSigner *self, const NskSignerJob *job, GError **error)
{
    if (job->n < 1 || job->n > self->facts.batch)
        return signer_fail(&self->fault, NSK_SIGNER_FAULT_SETTINGS, error,
                           nsk_tr("the signer '%s' signs 1 to %u letters with one authorisation, "
                                  "not %zu"),
                           self->target.name, self->facts.batch, job->n);
    g_assert(self->facts.whole_pdf ? job->pdfs != NULL : job->digests != NULL);
    for (size_t i = 0; job->pdfs != NULL && i < job->n; i++)
        if (g_bytes_get_size(job->pdfs[i]) > NSK_LIMIT_SIGNER_PDF)
            return signer_fail(&self->fault, NSK_SIGNER_FAULT_SETTINGS, error,
                               nsk_tr("a PDF of more than %d bytes cannot be signed by '%s'"),
                               NSK_LIMIT_SIGNER_PDF, self->target.name);
    return true;
}

static NskJson *
write_place(const NskSignerPlace *place)
{
    NskJson *json = nsk_json_object();
    NskJson *rect = nsk_json_object();
    static const char *const sides[] = { "left", "bottom", "right", "top" };

    for (size_t i = 0; i < G_N_ELEMENTS(sides); i++)
        nsk_json_set_real(rect, sides[i], place->rect[i]);
    nsk_json_set_int(json, "page", place->page);
    nsk_json_set(json, "rect", rect);
    return json;
}

/* Fills @value with the job, sends it, and the bytes that belong to it. */
static bool
send_job(NskSigner *self, NskJson *value, const NskSignerJob *job, GError **error)
{
    g_autoptr(GBytes) digests =
        job->digests != NULL ? g_bytes_new(job->digests, job->n * NSK_SHA256_SIZE) : NULL;
    g_autoptr(NskJson) frame = nsk_json_object();

    nsk_json_set_int(value, "n", (int64_t)job->n);
    nsk_json_set_text(value, "reason", job->reason);
    nsk_json_set_text(value, "location", job->location);
    if (job->places != NULL) {
        NskJson *places = nsk_json_array();

        for (size_t i = 0; i < job->n; i++)
            nsk_json_add(places, write_place(&job->places[i]));
        nsk_json_set(value, "places", places);
    }
    if (!send_frame(self, value, &digests, digests != NULL ? 1 : 0, error))
        return false;
    for (size_t i = 0; digests == NULL && i < job->n; i++) {
        GBytes *const parts[] = { job->pdfs[i], job->places != NULL ? job->places[i].image : NULL };

        if (!send_frame(self, frame, parts, parts[1] != NULL ? 2 : 1, error))
            return false;
    }
    return true;
}

static void
begin_job(NskSigner *self, const NskSignerJob *job)
{
    g_free(self->came);
    self->n = job->n;
    self->results = 0;
    self->came = g_new0(bool, job->n);
}

bool
nsk_signer_authorise(NskSigner *self,
                     const NskSignerJob *job,
                     const NskSignerProof *proof,
                     NskInstant *out_until,
                     GError **error)
{
    g_autoptr(NskJson) value = request("authorise");

    if (!check_job(self, job, error))
        return false;
    if (proof->secret != NULL)
        nsk_json_set_int(value, "secret", (int64_t)nsk_locked_size(proof->secret));
    if (proof->code != NULL)
        nsk_json_set_int(value, "code", (int64_t)nsk_locked_size(proof->code));
    if (!send_job(self, value, job, error) || !send_secret(self, proof->secret, error) ||
        !send_secret(self, proof->code, error))
        return false;
    g_autoptr(NskFrame) frame = receive(self, error);
    if (frame == NULL)
        return false;
    begin_job(self, job);
    if (out_until != NULL)
        *out_until = nsk_json_get_int(frame->value, "until", 0);
    return true;
}

/* The helper says that it begins; from then on it may be signing. */
static bool
begin_signing(NskSigner *self, GError **error)
{
    self->signing = true;
    g_autoptr(NskFrame) frame = receive(self, error);
    if (frame != NULL)
        return true;
    if (self->fault.kind != NSK_SIGNER_FAULT_UNKNOWN)
        self->signing = false;
    return false;
}

bool
nsk_signer_sign(NskSigner *self, GError **error)
{
    g_autoptr(NskJson) value = request("sign");

    if (self->n == 0)
        return signer_fail(&self->fault, NSK_SIGNER_FAULT_EXPIRED, error,
                           nsk_tr("nothing is authorised with '%s'; authorise it first"),
                           self->target.name);
    return send_frame(self, value, NULL, 0, error) && begin_signing(self, error);
}

bool
nsk_signer_poll(NskSigner *self, const NskSignerJob *job, const char *ticket, GError **error)
{
    g_autoptr(NskJson) value = request("poll");

    if (!self->facts.can_poll)
        return signer_fail(&self->fault, NSK_SIGNER_FAULT_SETTINGS, error,
                           nsk_tr("the signer '%s' cannot be asked what became of a signature"),
                           self->target.name);
    if (!check_job(self, job, error))
        return false;
    nsk_json_set_text(value, "ticket", ticket);
    begin_job(self, job);
    return send_job(self, value, job, error) && begin_signing(self, error);
}

/* --- Results --------------------------------------------------------------------------------- */

static bool
fail_results(NskSigner *self, GError **error)
{
    self->n = 0;
    return signer_fail(&self->fault, NSK_SIGNER_FAULT_UNKNOWN, error,
                       nsk_tr("the signer '%s' does not give one result for each letter; whether a "
                              "signature was made is not known"),
                       self->target.name);
}

static NskSignerResult *
read_result(const NskFrame *frame, size_t index)
{
    NskSignerResult *result = g_new0(NskSignerResult, 1);

    result->index = index;
    (void)take_fault(frame->value, &result->fault);
    result->message = g_strdup(nsk_json_get_text(frame->value, "message"));
    result->ticket = g_strdup(nsk_json_get_text(frame->value, "ticket"));
    /* the frame's own memory goes with it, with all that was secret in it */
    if (frame->n_parts > 0)
        result->value =
            g_bytes_new(g_bytes_get_data(frame->parts[0], NULL), g_bytes_get_size(frame->parts[0]));
    if (result->fault.kind == NSK_SIGNER_FAULT_NONE && result->value == NULL)
        result->fault.kind = NSK_SIGNER_FAULT_UNKNOWN;
    return result;
}

bool
nsk_signer_next(NskSigner *self, NskSignerResult **out_result, GError **error)
{
    if (!self->signing || self->n == 0) {
        *out_result = NULL;
        return true;
    }
    g_autoptr(NskFrame) frame = receive_frame(self, error);
    if (frame == NULL) {
        self->n = 0;
        return false;
    }
    if (nsk_json_get_bool(frame->value, "done", false)) {
        self->signing = false;
        if (self->results < self->n)
            return fail_results(self, error);
        self->n = 0;
        *out_result = NULL;
        return true;
    }
    int64_t index = nsk_json_get_int(frame->value, "index", -1);
    if (index < 0 || (size_t)index >= self->n || self->came[index])
        return fail_results(self, error);
    self->came[index] = true;
    self->results++;
    *out_result = read_result(frame, (size_t)index);
    return true;
}

void
nsk_signer_cancel(NskSigner *self)
{
    g_atomic_int_set(&self->cancelled, 1);
    (void)shutdown(self->fd, SHUT_RDWR);
}
