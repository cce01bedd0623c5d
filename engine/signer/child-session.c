/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One open signer in the helper: reads what is asked, lets the plug do it, answers.
 *
 * 1. A secret is read into locked memory, and wiped with the authorisation that it was for.
 * 2. An authorisation is good for one signing, and for the job that it was given with.
 * 3. Each element of a job gets exactly one result.
 */
#include "base/limits.h"
#include "base/message.h"
#include "ipc/ipc.h"
#include "signer/child-private.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

/* for the next request a person may think as long as he likes; the rest follows at once */
static const NskIpcPatience waiting = { G_MAXINT, G_MAXINT, -1 };
static const NskIpcPatience moving = { 20000, 120000, -1 };

static const ChildPlug *const plugs[] = {
    [NSK_SIGNER_PKCS12] = &child_pkcs12,
    [NSK_SIGNER_PKCS11] = &child_pkcs11,
    [NSK_SIGNER_CSC] = &child_csc,
    [NSK_SIGNER_BSRE] = &child_bsre,
};

/* --- Answers --------------------------------------------------------------------------------- */

static bool
say(ChildSession *self, const NskJson *value, GBytes *part)
{
    g_autoptr(GBytes) frame = nsk_frame_encode(value, &part, part != NULL ? 1 : 0, NULL);

    return frame != NULL && nsk_ipc_send(self->fd, frame, &moving, NULL);
}

static void
set_fault(NskJson *value, NskSignerFault fault, const char *message)
{
    nsk_json_set_text(value, "fault", nsk_signer_fault_name(fault.kind));
    nsk_json_set_int(value, "seconds", fault.seconds);
    nsk_json_set_text(value, "message", message);
}

/* What a failed call left; a plug that forgot to say why is told of as such. */
static NskSignerFault
fault_of(const ChildSession *self)
{
    NskSignerFault fault = self->fault;

    if (fault.kind == NSK_SIGNER_FAULT_NONE)
        fault.kind = NSK_SIGNER_FAULT_REFUSED;
    return fault;
}

static bool
say_fault(ChildSession *self, const GError *error)
{
    g_autoptr(NskJson) value = nsk_json_object();

    set_fault(value, fault_of(self), error->message);
    return say(self, value, NULL);
}

static bool
send_result(ChildSession *self, size_t index, NskJson *value, GBytes *part)
{
    if (index >= self->job.n || self->told[index])
        return true;
    self->told[index] = true;
    nsk_json_set_int(value, "index", (int64_t)index);
    return say(self, value, part);
}

bool
session_result(ChildSession *self, size_t index, GBytes *value)
{
    g_autoptr(NskJson) result = nsk_json_object();

    return send_result(self, index, result, value);
}

bool
session_result_fault(ChildSession *self,
                     size_t index,
                     NskSignerFault fault,
                     const char *message,
                     GBytes *value)
{
    g_autoptr(NskJson) result = nsk_json_object();

    set_fault(result, fault, message);
    return send_result(self, index, result, value);
}

bool
session_result_waiting(ChildSession *self,
                       size_t index,
                       unsigned seconds,
                       const char *message,
                       const char *ticket)
{
    g_autoptr(NskJson) result = nsk_json_object();

    set_fault(result, (NskSignerFault){ NSK_SIGNER_FAULT_WAITING, seconds }, message);
    nsk_json_set_text(result, "ticket", ticket);
    return send_result(self, index, result, NULL);
}

bool
session_judge(ChildSession *self, size_t index, GBytes *value)
{
    const NskCert *cert = g_ptr_array_index(self->chain, 0);

    if (nsk_cert_check_value(cert, self->facts.scheme, self->job.digests[index], value))
        return session_result(self, index, value);
    g_autofree char *words =
        g_strdup_printf(nsk_tr("what '%s' answered is no signature of the key of %s over what was "
                               "sent; it is kept as evidence and not used"),
                        self->name, nsk_cert_facts(cert)->subject);
    return session_result_fault(self, index, (NskSignerFault){ NSK_SIGNER_FAULT_ANSWER, 0 }, words,
                                value);
}

/* --- What plugs ask of it -------------------------------------------------------------------- */

const char *
session_text(const ChildSession *self, const char *name)
{
    return nsk_json_get_text(self->settings, name);
}

char *
session_path(const ChildSession *self, const char *path)
{
    return g_path_is_absolute(path) ? g_strdup(path) : g_build_filename(self->office, path, NULL);
}

NskInstant
session_now(const ChildSession *self)
{
    return self->now != 0 ? self->now : nsk_clock_now(&nsk_clock_system);
}

static bool
check_certificate(ChildSession *self, const NskCertFacts *facts, GError **error)
{
    NskInstant now = session_now(self);

    if (self->fingerprint != NULL && strcmp(self->fingerprint, facts->fingerprint) != 0)
        return session_fail(
            self, NSK_SIGNER_FAULT_CERTIFICATE, error,
            nsk_tr("the key at '%s' has another certificate than the one it was assigned with (it "
                   "is now that of %s); if that is right, assign it again"),
            self->name, facts->subject);
    if (now > facts->not_after || now < facts->not_before) {
        g_autofree char *from = nsk_instant_format(facts->not_before);
        g_autofree char *until = nsk_instant_format(facts->not_after);

        return session_fail(self, NSK_SIGNER_FAULT_EXPIRED, error,
                            nsk_tr("the certificate of %s at '%s' is good from %s to %s, and not "
                                   "now; ask for a new one, or set the clock right"),
                            facts->subject, self->name, from, until);
    }
    return facts->can_sign ||
           session_fail(self, NSK_SIGNER_FAULT_CERTIFICATE, error,
                        nsk_tr("the certificate of %s at '%s' is not one for signing"),
                        facts->subject, self->name);
}

bool
session_take_chain(ChildSession *self, GPtrArray *chain, GError **error)
{
    g_autoptr(GError) fault = NULL;
    const NskCert *cert = g_ptr_array_index(chain, 0);
    NskScheme wanted = g_strcmp0(session_text(self, "rsa"), "pkcs1") == 0 ? NSK_SCHEME_RSA_PKCS1
                                                                          : NSK_SCHEME_DEFAULT;

    if (!check_certificate(self, nsk_cert_facts(cert), error))
        return false;
    if (!nsk_cert_find_scheme(cert, wanted, &self->facts.scheme, &fault))
        return session_fail(self, NSK_SIGNER_FAULT_CERTIFICATE, error, "%s", fault->message);
    g_clear_pointer(&self->chain, g_ptr_array_unref);
    self->chain = g_ptr_array_ref(chain);
    return true;
}

/* --- The job --------------------------------------------------------------------------------- */

static void
job_clear(ChildSession *self)
{
    ChildJob *job = &self->job;

    for (size_t i = 0; i < job->n; i++) {
        if (job->pdfs != NULL)
            g_clear_pointer(&job->pdfs[i], g_bytes_unref);
        if (job->places != NULL)
            g_clear_pointer(&job->places[i].image, g_bytes_unref);
    }
    g_free(job->digests);
    g_free(job->pdfs);
    g_free(job->places);
    g_free(job->reason);
    g_free(job->location);
    g_clear_pointer(&self->told, g_free);
    *job = (ChildJob){ 0 };
}

/* The authorisation, its job and its secrets go. */
static void
forget(ChildSession *self)
{
    if (self->plug != NULL && self->plug->forget != NULL && self->own != NULL)
        self->plug->forget(self);
    g_clear_pointer(&self->secret, nsk_locked_unref);
    g_clear_pointer(&self->code, nsk_locked_unref);
    job_clear(self);
    self->authorised = false;
}

static void
read_places(ChildJob *job, const NskJson *places)
{
    static const char *const sides[] = { "left", "bottom", "right", "top" };

    if (places == NULL || nsk_json_length(places) != job->n)
        return;
    job->places = g_new0(NskSignerPlace, job->n);
    for (size_t i = 0; i < job->n; i++) {
        const NskJson *place = nsk_json_at(places, i);
        const NskJson *rect = nsk_json_get(place, "rect");

        job->places[i].page = (unsigned)CLAMP(nsk_json_get_int(place, "page", 0), 0, 100000);
        for (size_t k = 0; rect != NULL && k < G_N_ELEMENTS(sides); k++) {
            double side = nsk_json_get_real(rect, sides[k], 0);

            job->places[i].rect[k] = isfinite(side) ? CLAMP(side, -100000.0, 100000.0) : 0;
        }
    }
}

static bool
read_digests(ChildJob *job, const NskFrame *frame)
{
    size_t size = 0;
    const void *data = frame->n_parts > 0 ? g_bytes_get_data(frame->parts[0], &size) : NULL;

    if (size != job->n * NSK_SHA256_SIZE)
        return false;
    job->digests = g_malloc(size);
    memcpy(job->digests, data, size);
    return true;
}

/* A frame a PDF, with its image. */
static bool
read_pdfs(ChildSession *self)
{
    ChildJob *job = &self->job;

    job->pdfs = g_new0(GBytes *, job->n);
    for (size_t i = 0; i < job->n; i++) {
        g_autoptr(NskFrame) frame = nsk_ipc_receive(self->fd, &moving, NULL);

        if (frame == NULL || frame->n_parts < 1)
            return false;
        job->pdfs[i] = g_bytes_ref(frame->parts[0]);
        if (frame->n_parts > 1 && job->places != NULL)
            job->places[i].image = g_bytes_ref(frame->parts[1]);
    }
    return true;
}

/* Reads the job; false if the other side does not keep to the form. */
static bool
read_job(ChildSession *self, const NskFrame *frame)
{
    int64_t n = nsk_json_get_int(frame->value, "n", 0);

    NskLocked *unlocked = self->job.n == 0 ? g_steal_pointer(&self->secret) : NULL;
    forget(self);
    self->secret = unlocked;
    if (n < 1 || n > NSK_LIMIT_SIGNER_BATCH)
        return false;
    self->job.n = (size_t)n;
    self->told = g_new0(bool, self->job.n);
    self->job.reason = g_strdup(nsk_json_get_text(frame->value, "reason"));
    self->job.location = g_strdup(nsk_json_get_text(frame->value, "location"));
    read_places(&self->job, nsk_json_get(frame->value, "places"));
    return self->facts.whole_pdf ? read_pdfs(self) : read_digests(&self->job, frame);
}

/* The secret that follows the frame, if it says so; else that which is there stays. */
static bool
read_secret(ChildSession *self, const NskFrame *frame, const char *name, NskLocked **out_secret)
{
    int64_t size = nsk_json_get_int(frame->value, name, -1);

    if (size < 0)
        return true;
    g_clear_pointer(out_secret, nsk_locked_unref);
    if (size <= NSK_LIMIT_SECRET)
        *out_secret = nsk_locked_read(self->fd, (size_t)size, NULL);
    return *out_secret != NULL;
}

/* --- What is asked.  Each returns false if the session is to end. ----------------------------- */

static char *
copy_text(const NskFrame *frame, const char *name)
{
    return g_strdup(nsk_json_get_text(frame->value, name));
}

static bool
do_open(ChildSession *self, const NskFrame *frame, GError **error)
{
    const NskJson *settings = nsk_json_get(frame->value, "settings");

    if (self->plug != NULL || settings == NULL ||
        !nsk_signer_kind_parse(nsk_json_get_text(frame->value, "kind"), &self->kind))
        return session_fail(self, NSK_SIGNER_FAULT_SETTINGS, error, "this is no signer");
    (void)nsk_language_use(
        g_strcmp0(nsk_json_get_text(frame->value, "language"), "id") == 0 ? "id" : "en");
    self->name = copy_text(frame, "name");
    self->office = copy_text(frame, "office");
    self->key = copy_text(frame, "key");
    self->fingerprint = copy_text(frame, "fingerprint");
    self->settings = nsk_json_ref(settings);
    self->now = nsk_json_get_int(frame->value, "now", 0);
    self->given = signer_chain_read(nsk_json_get(frame->value, "chain"));
    if (frame->n_parts > 0)
        self->file = g_bytes_ref(frame->parts[0]);
    self->plug = plugs[self->kind];
    return self->plug->open(self, error);
}

static void
add_facts(const ChildSession *self, NskJson *answer)
{
    nsk_json_set(answer, "facts", signer_facts_write(&self->facts));
    nsk_json_set(answer, "chain", signer_chain_write(self->chain));
}

static bool
describe(ChildSession *self, GError **error)
{
    self->described = self->described || self->plug->describe(self, error);
    return self->described;
}

static bool
do_unlock(ChildSession *self, const NskLocked *secret, GError **error)
{
    if (self->plug->unlock == NULL)
        return session_fail(self, NSK_SIGNER_FAULT_SETTINGS, error,
                            nsk_tr("'%s' has nothing to be unlocked"), self->name);
    return describe(self, error) && tries_check(self, error) &&
           self->plug->unlock(self, secret, error);
}

static bool
do_authorise(ChildSession *self, NskJson *answer, GError **error)
{
    NskInstant until = 0;

    if ((self->secret != NULL || self->code != NULL) && !tries_check(self, error))
        return false;
    if (!self->plug->authorise(self, &until, error))
        return false;
    self->authorised = true;
    nsk_json_set_int(answer, "until", until);
    return true;
}

/* After the plug: what has no result gets the fault for all. */
static bool
end_results(ChildSession *self, bool done, const GError *error)
{
    g_autoptr(NskJson) end = nsk_json_object();
    bool heard = true;

    for (size_t i = 0; i < self->job.n && heard; i++) {
        NskSignerFault fault =
            done ? (NskSignerFault){ NSK_SIGNER_FAULT_UNKNOWN, 0 } : fault_of(self);

        if (!self->told[i])
            heard =
                session_result_fault(self, i, fault, error != NULL ? error->message : NULL, NULL);
    }
    nsk_json_set_bool(end, "done", true);
    heard = heard && say(self, end, NULL);
    forget(self);
    return heard;
}

static bool
do_sign(ChildSession *self, const char *ticket, GError **error)
{
    g_autoptr(NskJson) begun = nsk_json_object();
    g_autoptr(GError) fault = NULL;
    bool may = ticket != NULL ? self->plug->poll != NULL : self->authorised;

    if (!may)
        return session_fail(self, NSK_SIGNER_FAULT_EXPIRED, error,
                            nsk_tr("nothing is authorised with '%s'; authorise it first"),
                            self->name);
    self->authorised = false;
    if (!say(self, begun, NULL))
        return true;
    self->fault = (NskSignerFault){ NSK_SIGNER_FAULT_NONE, 0 };
    bool done =
        ticket != NULL ? self->plug->poll(self, ticket, &fault) : self->plug->sign(self, &fault);
    (void)end_results(self, done, fault);
    return true;
}

/* Reads the job, and what follows it. */
static bool
take_job(ChildSession *self, const NskFrame *frame)
{
    return self->described && read_job(self, frame) &&
           read_secret(self, frame, "secret", &self->secret) &&
           read_secret(self, frame, "code", &self->code);
}

typedef enum { ENDED, FAILED, ANSWERED, SILENT } Outcome;

static Outcome
outcome(bool ok)
{
    return ok ? ANSWERED : FAILED;
}

/* Does what the frame asks; fills @answer. */
static Outcome
act(ChildSession *self, const NskFrame *frame, NskJson *answer, GError **error)
{
    const char *what = nsk_json_get_text(frame->value, "do");

    self->fault = (NskSignerFault){ NSK_SIGNER_FAULT_NONE, 0 };
    if (g_strcmp0(what, "open") == 0)
        return outcome(do_open(self, frame, error));
    if (self->plug == NULL || self->own == NULL)
        return ENDED;
    if (g_strcmp0(what, "describe") == 0) {
        if (!describe(self, error))
            return FAILED;
        add_facts(self, answer);
        return ANSWERED;
    }
    if (g_strcmp0(what, "unlock") == 0) {
        g_autoptr(NskLocked) secret = NULL;

        if (!read_secret(self, frame, "secret", &secret) || secret == NULL)
            return ENDED;
        if (!do_unlock(self, secret, error))
            return FAILED;
        add_facts(self, answer);
        return ANSWERED;
    }
    if (g_strcmp0(what, "code") == 0 && self->plug->send_code != NULL)
        return outcome(describe(self, error) && self->plug->send_code(self, error));
    if (g_strcmp0(what, "authorise") == 0)
        return take_job(self, frame) ? outcome(do_authorise(self, answer, error)) : ENDED;
    if (g_strcmp0(what, "sign") == 0)
        return do_sign(self, NULL, error) ? SILENT : FAILED;
    const char *ticket = nsk_json_get_text(frame->value, "ticket");
    if (g_strcmp0(what, "poll") == 0 && ticket != NULL && take_job(self, frame))
        return do_sign(self, ticket, error) ? SILENT : FAILED;
    return ENDED;
}

static bool
serve_one(ChildSession *self)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) answer = nsk_json_object();
    g_autoptr(NskFrame) frame = nsk_ipc_receive(self->fd, &waiting, NULL);

    if (frame == NULL)
        return false;
    switch (act(self, frame, answer, &error)) {
    case FAILED:
        if (!self->authorised)
            forget(self);
        return say_fault(self, error);
    case ANSWERED:
        return say(self, answer, NULL);
    case SILENT:
        return true;
    case ENDED:
    default:
        return false;
    }
}

void
child_serve(int fd)
{
    ChildSession self = { .fd = fd };

    while (serve_one(&self))
        continue;
    forget(&self);
    if (self.own != NULL)
        self.plug->close(&self);
    (void)close(fd);
    g_free(self.name);
    g_free(self.office);
    g_free(self.key);
    g_free(self.fingerprint);
    g_clear_pointer(&self.settings, nsk_json_unref);
    g_clear_pointer(&self.file, g_bytes_unref);
    g_clear_pointer(&self.chain, g_ptr_array_unref);
    g_clear_pointer(&self.given, g_ptr_array_unref);
}
