/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BSrE's e-sign client service, which an agency runs for itself: whole PDFs go out, and come back
 * with a signature added.
 *
 *   version 1   a form a PDF to /api/sign/pdf; the PDF, or the id of one to be fetched
 *   version 2   JSON with PDFs in base64 to /api/v2/sign/pdf; the same back
 *
 * INVARIANTS:
 *   (1) what came is a result only if it begins with the very bytes that were sent: a PDF that was
 *       saved anew is told as such, and kept as evidence;
 *   (2) after a wrong secret, an answer that was lost, or a service that has no time, no further
 *       PDF of the job is sent;
 *   (3) a one-time code goes out once, with all PDFs of the job.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/message.h"
#include "signer/answer-private.h"
#include "signer/child-service.h"

#include <string.h>

#define DEFAULT_BATCH 20
#define FETCH_WAIT    30 /* seconds until a PDF that was not given is asked for again */
#define TYPE_PDF      "application/pdf"

typedef struct {
    Service service;
    bool old; /* version 1 */
} Own;

static bool
is_number(const char *text)
{
    size_t length = strlen(text);

    return length > 0 && length <= 20 && strspn(text, "0123456789") == length;
}

static bool
bsre_open(ChildSession *self, GError **error)
{
    g_auto(Service) service = { .url = NULL };
    bool old = nsk_json_get_int(self->settings, "version", 2) == 1;

    if (!service_open(self, &service, error))
        return false;
    if (!is_number(self->key) && (old || strchr(self->key, '@') == NULL))
        return session_fail(self, NSK_SIGNER_FAULT_SETTINGS, error,
                            nsk_tr("people of '%s' are named by their NIK%s"), self->name,
                            old ? "" : nsk_tr(" or their e-mail address"));
    Own *own = g_new0(Own, 1);
    own->service = service;
    own->old = old;
    service = (Service){ .url = NULL };
    self->own = own;
    return true;
}

/* --- Faults ----------------------------------------------------------------------------------- */

/* The service says no: what its code means, else what its status does. */
static bool
fail_said(ChildSession *self,
          const ServiceCall *call,
          const NskNetAnswer *answer,
          const NskJson *json,
          GError **error)
{
    const char *words = NULL;
    NskSignerFaultKind kind = bsre_read_error(json, &words);
    g_autofree char *said = service_words(self, words);

    if (kind == NSK_SIGNER_FAULT_SECRET)
        return tries_wrong(self, error);
    if (kind == NSK_SIGNER_FAULT_ABSENT)
        return session_fail(self, kind, error,
                            nsk_tr("the person is not registered at the service '%s': %s"),
                            self->name, said);
    return service_fail(self, call, answer, words, error);
}

static void
name_person(const ChildSession *self, NskJson *question)
{
    nsk_json_set_text(question, strchr(self->key, '@') != NULL ? "email" : "nik", self->key);
}

static bool
ask(ChildSession *self,
    ServiceCall *call,
    const NskJson *question,
    const ServiceMarks *marks,
    NskNetAnswer *out_answer,
    GError **error)
{
    const Own *own = self->own;
    g_autofree char *text = question != NULL ? nsk_json_canonical(question) : NULL;
    g_autoptr(GBytes) body = text != NULL ? g_bytes_new_static(text, strlen(text)) : NULL;

    if (body != NULL)
        call->body = body;
    bool done = service_ask(self, &own->service, call, marks, out_answer, error);
    if (body != NULL)
        call->body = NULL;
    return done;
}

/* --- The person ------------------------------------------------------------------------------- */

static bool
judge_person(ChildSession *self, const NskJson *json, GError **error)
{
    const char *words = NULL;
    NskSignerFaultKind kind = bsre_read_status(json, &words);
    g_autofree char *said = service_words(self, words);

    if (kind == NSK_SIGNER_FAULT_NONE)
        return true;
    if (kind == NSK_SIGNER_FAULT_EXPIRED)
        return session_fail(self, kind, error,
                            nsk_tr("the person's certificate at '%s' is over; renew it there: %s"),
                            self->name, said);
    if (kind == NSK_SIGNER_FAULT_ABSENT)
        return session_fail(self, kind, error,
                            nsk_tr("the person is not registered at the service '%s': %s"),
                            self->name, said);
    return session_fail(self, NSK_SIGNER_FAULT_REFUSED, error,
                        nsk_tr("the service '%s' does not let this person sign: %s"), self->name,
                        said);
}

static void
set_facts(ChildSession *self)
{
    const Own *own = self->own;
    int64_t batch = nsk_json_get_int(self->settings, "batch", DEFAULT_BATCH);

    self->facts = (NskSignerFacts){ .whole_pdf = true,
                                    .batch = (unsigned)batch,
                                    .proof = own->old ? NSK_SIGNER_PROOF_PASSPHRASE
                                                      : NSK_SIGNER_PROOF_PASSPHRASE_OR_CODE,
                                    .sends_code = !own->old,
                                    .can_poll = own->old };
    /* the service does not show certificates: these are what the office knows */
    if (self->given != NULL && self->chain == NULL)
        self->chain = g_ptr_array_ref(self->given);
}

static bool
bsre_describe(ChildSession *self, GError **error)
{
    const Own *own = self->own;
    g_autofree char *path = g_strconcat("/api/user/status/", self->key, NULL);
    ServiceCall call = { .path = own->old ? path : "/api/v2/user/check/status", .get = own->old };
    g_autoptr(NskJson) question = nsk_json_object();
    g_auto(NskNetAnswer) answer = { .end = NSK_NET_UNSENT };

    name_person(self, question);
    if (!ask(self, &call, own->old ? NULL : question, NULL, &answer, error))
        return false;
    g_autoptr(NskJson) json = service_json(&answer);
    if (answer.status != 200 || json == NULL)
        return fail_said(self, &call, &answer, json, error);
    if (!judge_person(self, json, error))
        return false;
    set_facts(self);
    return true;
}

static bool
bsre_send_code(ChildSession *self, GError **error)
{
    ServiceCall call = { .path = "/api/v2/sign/get/totp" };
    g_autoptr(NskJson) question = nsk_json_object();
    g_auto(NskNetAnswer) answer = { .end = NSK_NET_UNSENT };

    if (!self->facts.sends_code)
        return session_fail(self, NSK_SIGNER_FAULT_SETTINGS, error,
                            nsk_tr("the service '%s' sends no codes"), self->name);
    name_person(self, question);
    nsk_json_set_int(question, "data", 1);
    if (!ask(self, &call, question, NULL, &answer, error))
        return false;
    g_autoptr(NskJson) json = service_json(&answer);
    return answer.status == 200 || fail_said(self, &call, &answer, json, error);
}

/* The service knows no authorising: the secret is kept until it signs. */
static bool
bsre_authorise(ChildSession *self, G_GNUC_UNUSED NskInstant *out_until, GError **error)
{
    const Own *own = self->own;

    if (self->secret != NULL || (self->code != NULL && !own->old))
        return true;
    return session_fail(self, NSK_SIGNER_FAULT_SECRET, error, nsk_tr("'%s' needs the passphrase"),
                        self->name);
}

/* --- What comes back -------------------------------------------------------------------------- */

static void
tell_pdf(ChildSession *self, size_t index, GBytes *pdf)
{
    gsize size;
    const char *data = g_bytes_get_data(pdf, &size);

    if (bsre_is_update(self->job.pdfs[index], pdf)) {
        (void)session_result(self, index, pdf);
        return;
    }
    bool is_pdf = size > 5 && memcmp(data, "%PDF-", 5) == 0;
    g_autofree char *words = g_strdup_printf(
        is_pdf ? nsk_tr("the service '%s' did not add its signature to the PDF but saved it anew, "
                        "which destroys what was signed before; it is kept as evidence and not "
                        "used")
               : nsk_tr("the service '%s' answered with something that is no PDF; it is kept as "
                        "evidence and not used"),
        self->name);
    (void)session_result_fault(self, index, (NskSignerFault){ NSK_SIGNER_FAULT_ANSWER, 0 }, words,
                               size > 0 ? pdf : NULL);
}

static void
tell_waiting(ChildSession *self, size_t index, const char *id)
{
    g_autofree char *words =
        g_strdup_printf(nsk_tr("the service '%s' has signed and not given the PDF yet; ask for it "
                               "again in %d s"),
                        self->name, FETCH_WAIT);

    (void)session_result_waiting(self, index, FETCH_WAIT, words, id);
}

/* Fetches a document that was signed (version 1). */
static void
fetch(ChildSession *self, size_t index, const char *id)
{
    g_autofree char *path = g_strconcat("/api/sign/download/", id, NULL);
    ServiceCall call = { .path = path, .get = true, .limit = NSK_LIMIT_SIGNER_ANSWER };
    g_auto(NskNetAnswer) answer = { .end = NSK_NET_UNSENT };

    if (ask(self, &call, NULL, NULL, &answer, NULL) && answer.status == 200)
        tell_pdf(self, index, answer.body);
    else
        tell_waiting(self, index, id);
}

/* --- Version 1 -------------------------------------------------------------------------------- */

static void
add_field(GByteArray *form, const char *boundary, const char *name, const char *value)
{
    g_autofree char *head = g_strdup_printf(
        "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n", boundary, name);

    g_byte_array_append(form, (const uint8_t *)head, (guint)strlen(head));
    g_byte_array_append(form, (const uint8_t *)value, (guint)strlen(value));
    g_byte_array_append(form, (const uint8_t *)"\r\n", 2);
}

static void
add_number(GByteArray *form, const char *boundary, const char *name, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    add_field(form, boundary, name, g_ascii_formatd(text, sizeof text, "%.2f", value));
}

static void
add_file(GByteArray *form, const char *boundary, const char *name, GBytes *file)
{
    bool pdf = strcmp(name, "file") == 0;
    g_autofree char *head = g_strdup_printf(
        "--%s\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\n"
        "Content-Type: %s\r\n\r\n",
        boundary, name, pdf ? "naskah.pdf" : "tanda.png", pdf ? TYPE_PDF : "image/png");

    g_byte_array_append(form, (const uint8_t *)head, (guint)strlen(head));
    g_byte_array_append(form, g_bytes_get_data(file, NULL), (guint)g_bytes_get_size(file));
    g_byte_array_append(form, (const uint8_t *)"\r\n", 2);
}

static void
add_place(GByteArray *form, const char *boundary, const NskSignerPlace *place)
{
    if (place == NULL || place->page == 0) {
        add_field(form, boundary, "tampilan", "invisible");
        return;
    }
    add_field(form, boundary, "tampilan", "visible");
    add_field(form, boundary, "image", place->image != NULL ? "true" : "false");
    add_number(form, boundary, "page", place->page);
    add_number(form, boundary, "xAxis", place->rect[0]);
    add_number(form, boundary, "yAxis", place->rect[1]);
    add_number(form, boundary, "width", place->rect[2] - place->rect[0]);
    add_number(form, boundary, "height", place->rect[3] - place->rect[1]);
    if (place->image != NULL)
        add_file(form, boundary, "imageTTD", place->image);
}

static GBytes *
make_form(const ChildSession *self, size_t index, const char *boundary, const ServiceMarks *marks)
{
    const ChildJob *job = &self->job;
    g_autofree char *end = g_strdup_printf("--%s--\r\n", boundary);
    GByteArray *form = g_byte_array_new();

    add_field(form, boundary, "nik", self->key);
    add_field(form, boundary, "passphrase", marks->secret);
    add_place(form, boundary, job->places != NULL ? &job->places[index] : NULL);
    if (job->reason != NULL)
        add_field(form, boundary, "reason", job->reason);
    if (job->location != NULL)
        add_field(form, boundary, "location", job->location);
    add_file(form, boundary, "file", job->pdfs[index]);
    g_byte_array_append(form, (const uint8_t *)end, (guint)strlen(end));
    return g_byte_array_free_to_bytes(form);
}

static bool
is_pdf_answer(const NskNetAnswer *answer)
{
    return g_strcmp0(answer->type, TYPE_PDF) == 0 ||
           (g_bytes_get_size(answer->body) > 5 &&
            memcmp(g_bytes_get_data(answer->body, NULL), "%PDF-", 5) == 0);
}

static bool
sign_old(ChildSession *self, size_t index, GError **error)
{
    ServiceMarks marks;
    g_autoptr(GError) fault = NULL;
    g_auto(NskNetAnswer) answer = { .end = NSK_NET_UNSENT };

    service_marks_make(&marks);
    /* the mark of the code is not needed, and as random as a boundary must be */
    g_autofree char *type = g_strconcat("multipart/form-data; boundary=", marks.code, NULL);
    g_autoptr(GBytes) form = make_form(self, index, marks.code, &marks);
    ServiceCall call = { .path = "/api/sign/pdf",
                         .body = form,
                         .type = type,
                         .keep_header = "id_dokumen",
                         .limit = NSK_LIMIT_SIGNER_ANSWER,
                         .may_sign = true };
    if (!ask(self, &call, NULL, &marks, &answer, &fault)) {
        /* an answer that began tells where the rest of it is */
        if (bsre_is_document_id(answer.header)) {
            tell_waiting(self, index, answer.header);
            return true;
        }
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    g_autoptr(NskJson) json = is_pdf_answer(&answer) ? NULL : service_json(&answer);
    const char *id = bsre_read_document_id(json);
    if (answer.status != 200)
        return fail_said(self, &call, &answer, json, error);
    if (id != NULL)
        fetch(self, index, id);
    else
        tell_pdf(self, index, answer.body);
    return true;
}

/* --- Version 2 -------------------------------------------------------------------------------- */

static NskJson *
write_properties(const ChildJob *job, size_t index)
{
    const NskSignerPlace *place = job->places != NULL ? &job->places[index] : NULL;
    NskJson *json = nsk_json_object();

    nsk_json_set_text(json, "tampilan", place != NULL && place->page > 0 ? "VISIBLE" : "INVISIBLE");
    if (place != NULL && place->page > 0) {
        nsk_json_set_int(json, "page", place->page);
        nsk_json_set_real(json, "originX", place->rect[0]);
        nsk_json_set_real(json, "originY", place->rect[1]);
        nsk_json_set_real(json, "width", place->rect[2] - place->rect[0]);
        nsk_json_set_real(json, "height", place->rect[3] - place->rect[1]);
    }
    if (place != NULL && place->image != NULL) {
        g_autofree char *image =
            g_base64_encode(g_bytes_get_data(place->image, NULL), g_bytes_get_size(place->image));

        nsk_json_set_text(json, "imageBase64", image);
    }
    if (job->reason != NULL)
        nsk_json_set_text(json, "reason", job->reason);
    if (job->location != NULL)
        nsk_json_set_text(json, "location", job->location);
    return json;
}

/* The @n PDFs from @first on. */
static NskJson *
write_question(const ChildSession *self, size_t first, size_t n, const ServiceMarks *marks)
{
    NskJson *question = nsk_json_object();
    NskJson *properties = nsk_json_array();
    NskJson *files = nsk_json_array();

    name_person(self, question);
    if (self->code != NULL)
        nsk_json_set_text(question, "totp", marks->code);
    else
        nsk_json_set_text(question, "passphrase", marks->secret);
    for (size_t i = first; i < first + n; i++) {
        GBytes *pdf = self->job.pdfs[i];
        g_autofree char *text = g_base64_encode(g_bytes_get_data(pdf, NULL), g_bytes_get_size(pdf));

        nsk_json_add(properties, write_properties(&self->job, i));
        nsk_json_add_text(files, text);
    }
    nsk_json_set(question, "signatureProperties", properties);
    nsk_json_set(question, "file", files);
    return question;
}

/* The PDF among @n from @first on that @pdf is an update of; else the one at @at. */
static size_t
find_pdf(const ChildSession *self, size_t first, size_t n, size_t at, GBytes *pdf)
{
    for (size_t i = 0; i < n; i++) {
        size_t index = first + (at + i) % n;

        if (!self->told[index] && bsre_is_update(self->job.pdfs[index], pdf))
            return index;
    }
    return first + at;
}

static bool
sign_new(ChildSession *self, size_t first, size_t n, GError **error)
{
    ServiceMarks marks;
    ServiceCall call = { .path = "/api/v2/sign/pdf",
                         .limit = NSK_LIMIT_SIGNER_ANSWER,
                         .may_sign = true };
    g_auto(NskNetAnswer) answer = { .end = NSK_NET_UNSENT };

    service_marks_make(&marks);
    g_autoptr(NskJson) question = write_question(self, first, n, &marks);
    if (!ask(self, &call, question, &marks, &answer, error))
        return false;
    g_autoptr(NskJson) json = service_json(&answer);
    g_autoptr(GPtrArray) files = answer.status == 200 ? bsre_read_files(json, n) : NULL;
    if (answer.status != 200)
        return fail_said(self, &call, &answer, json, error);
    for (guint i = 0; files != NULL && i < files->len; i++) {
        GBytes *pdf = g_ptr_array_index(files, i);

        tell_pdf(self, find_pdf(self, first, n, i, pdf), pdf);
    }
    if (files != NULL && files->len == n)
        return true;
    return session_fail(self, NSK_SIGNER_FAULT_UNKNOWN, error,
                        nsk_tr("the service '%s' was asked to sign %zu letters and gave %u; "
                               "whether the others were signed is not known"),
                        self->name, n, files != NULL ? files->len : 0);
}

/* --- The job ---------------------------------------------------------------------------------- */

/* After this there is no use in sending the next PDF. */
static bool
is_for_all(NskSignerFaultKind kind)
{
    return kind != NSK_SIGNER_FAULT_REFUSED && kind != NSK_SIGNER_FAULT_ANSWER;
}

/* What was not sent because of an answer that was lost was not signed. */
static bool
fail_rest(ChildSession *self, GError **error)
{
    self->fault.seconds = FETCH_WAIT;
    return session_fail(self, NSK_SIGNER_FAULT_LATER, error,
                        nsk_tr("this letter was not sent to '%s', because the service broke off at "
                               "the one before; try again in %d s"),
                        self->name, FETCH_WAIT);
}

static bool
sign_each(ChildSession *self, GError **error)
{
    const Own *own = self->own;

    for (size_t i = 0; i < self->job.n; i++) {
        g_autoptr(GError) fault = NULL;

        self->fault = (NskSignerFault){ NSK_SIGNER_FAULT_NONE, 0 };
        if (own->old ? sign_old(self, i, &fault) : sign_new(self, i, 1, &fault)) {
            tries_right(self);
            continue;
        }
        if (is_for_all(self->fault.kind) && self->fault.kind != NSK_SIGNER_FAULT_UNKNOWN) {
            g_propagate_error(error, g_steal_pointer(&fault));
            return false;
        }
        (void)session_result_fault(self, i, self->fault, fault->message, NULL);
        if (self->fault.kind == NSK_SIGNER_FAULT_UNKNOWN)
            return fail_rest(self, error);
    }
    return true;
}

static bool
bsre_sign(ChildSession *self, GError **error)
{
    if (self->code == NULL)
        return sign_each(self, error);
    bool done = sign_new(self, 0, self->job.n, error);
    if (done)
        tries_right(self);
    return done;
}

/* The PDF that was signed and not given; of a job of one. */
static bool
bsre_poll(ChildSession *self, const char *ticket, GError **error)
{
    if (!bsre_is_document_id(ticket))
        return session_fail(self, NSK_SIGNER_FAULT_SETTINGS, error,
                            nsk_tr("this is no ticket of the service '%s'"), self->name);
    fetch(self, 0, ticket);
    return session_fail(self, NSK_SIGNER_FAULT_UNKNOWN, error,
                        nsk_tr("a ticket of the service '%s' is for one letter"), self->name);
}

static void
bsre_close(ChildSession *self)
{
    Own *own = self->own;

    service_clear(&own->service);
    g_free(own);
}

const ChildPlug child_bsre = {
    .open = bsre_open,
    .describe = bsre_describe,
    .send_code = bsre_send_code,
    .authorise = bsre_authorise,
    .sign = bsre_sign,
    .poll = bsre_poll,
    .close = bsre_close,
};
