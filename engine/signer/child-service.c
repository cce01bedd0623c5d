/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asking a signing service.
 *
 * INVARIANTS:
 *   (1) a secret is written into a request piece by piece from locked memory: the text around it
 *       never holds it;
 *   (2) what a service says is repeated only if no secret of the session stands in it.
 */
#include "signer/child-service.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "base/message.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEFAULT_TIMEOUT 60  /* seconds */
#define DEFAULT_WAIT    30  /* seconds, where a service does not say when to come again */
#define MOST_WORDS      200 /* bytes of a service's own words */
#define MOST_LINES      16  /* of a credentials file */
#define MOST_PIECES     5

/* --- What lets the office in -------------------------------------------------------------------
 */

/* "name value": keeps the value if the name is known. */
static bool
take_line(Service *self, const NskLocked *line)
{
    const char *text = nsk_locked_text(line);
    const char *value = strchr(text, ' ');
    size_t length = value != NULL ? (size_t)(value - text) : 0;

    if (text[0] == '\0' || text[0] == '#')
        return true;
    if (value == NULL || value[1] == '\0')
        return false;
    value++;
    if (length == strlen("user") && strncmp(text, "user", length) == 0) {
        g_free(self->user);
        self->user = g_strdup(value);
        return true;
    }
    bool bearer = length == strlen("bearer") && strncmp(text, "bearer", length) == 0;
    bool password = length == strlen("password") && strncmp(text, "password", length) == 0;
    NskLocked **out = bearer ? &self->bearer : &self->password;
    if (!bearer && !password)
        return false;
    g_clear_pointer(out, nsk_locked_unref);
    *out = nsk_locked_new(value, strlen(value), NULL);
    return *out != NULL;
}

static bool
take_lines(Service *self, int fd)
{
    for (int i = 0; i < MOST_LINES; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NskLocked) line = nsk_locked_read_line(fd, &error);

        if (line == NULL)
            return g_error_matches(error, NSK_ERROR, NSK_ERROR_CANCELLED);
        if (!take_line(self, line))
            return false;
    }
    return false;
}

/* Nobody but this user may read it. */
static bool
is_private(int fd)
{
    struct stat info;

    return fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && (info.st_mode & 077) == 0 &&
           (info.st_uid == geteuid() || info.st_uid == 0);
}

static bool
read_credentials(ChildSession *session, Service *self, GError **error)
{
    const char *named = session_text(session, "credentials");
    g_autofree char *own = g_strdup_printf("signers/%s.conf", session->name);
    g_autofree char *path = session_path(session, named != NULL ? named : own);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (fd < 0 && errno == ENOENT && named == NULL)
        return true; /* a service on this machine may let everybody in */
    if (fd < 0)
        return session_fail(session, NSK_SIGNER_FAULT_SETTINGS, error,
                            nsk_tr("the credentials of '%s' cannot be read: '%s': %s"),
                            session->name, path, nsk_reason(errno));
    bool closed = is_private(fd);
    bool read = closed && take_lines(self, fd);
    (void)close(fd);
    if (!closed)
        return session_fail(session, NSK_SIGNER_FAULT_SETTINGS, error,
                            nsk_tr("others may read the credentials of '%s'; run: chmod 600 %s"),
                            session->name, path);
    return read || session_fail(session, NSK_SIGNER_FAULT_SETTINGS, error,
                                nsk_tr("the credentials of '%s' are not lines \"bearer TOKEN\", or "
                                       "\"user NAME\" and \"password TEXT\": '%s'"),
                                session->name, path);
}

bool
service_open(ChildSession *self, Service *out_service, GError **error)
{
    g_auto(Service) service = { .url = g_strdup(session_text(self, "url")) };
    const char *ca = session_text(self, "ca");
    int64_t seconds = nsk_json_get_int(self->settings, "timeout", DEFAULT_TIMEOUT);

    if (self->key == NULL || self->key[0] == '\0' || strlen(self->key) > 200)
        return session_fail(self, NSK_SIGNER_FAULT_SETTINGS, error,
                            nsk_tr("whose key of '%s' is not said"), self->name);
    for (size_t n = strlen(service.url); n > 0 && service.url[n - 1] == '/'; n--)
        service.url[n - 1] = '\0';
    service.ca = ca != NULL ? session_path(self, ca) : NULL;
    service.timeout_ms = (unsigned)seconds * 1000;
    if (!read_credentials(self, &service, error))
        return false;
    *out_service = service;
    service = (Service){ .url = NULL };
    return true;
}

void
service_clear(Service *self)
{
    g_clear_pointer(&self->url, g_free);
    g_clear_pointer(&self->ca, g_free);
    g_clear_pointer(&self->user, g_free);
    g_clear_pointer(&self->password, nsk_locked_unref);
    g_clear_pointer(&self->bearer, nsk_locked_unref);
}

/* --- Bodies ------------------------------------------------------------------------------------
 */

static void
make_mark(char mark[SERVICE_MARK_SIZE + 1])
{
    uint8_t bytes[SERVICE_MARK_SIZE / 2];

    nsk_random(bytes, sizeof bytes);
    g_autofree char *hex = nsk_hex(bytes, sizeof bytes);
    memcpy(mark, hex, SERVICE_MARK_SIZE + 1);
}

void
service_marks_make(ServiceMarks *out_marks)
{
    make_mark(out_marks->secret);
    make_mark(out_marks->code);
}

/* One byte of a secret as it stands in a JSON string; returns how many. */
static size_t
escape_byte(uint8_t byte, char out[6])
{
    static const char digits[] = "0123456789abcdef";
    const char control[6] = { '\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15] };

    if (byte < 0x20) {
        memcpy(out, control, sizeof control);
        return sizeof control;
    }
    out[0] = '\\';
    out[byte == '"' || byte == '\\' ? 1 : 0] = (char)byte;
    return byte == '"' || byte == '\\' ? 2 : 1;
}

/* The secret as it stands in JSON; NULL if that is too long. */
static NskLocked *
escape(const NskLocked *secret)
{
    char room[NSK_LIMIT_SECRET + 6];
    size_t n = 0;

    for (size_t i = 0; i < nsk_locked_size(secret) && n <= NSK_LIMIT_SECRET; i++)
        n += escape_byte((uint8_t)nsk_locked_text(secret)[i], room + n);
    NskLocked *escaped = nsk_locked_new(room, n, NULL);
    explicit_bzero(room, sizeof room);
    return escaped;
}

typedef struct {
    NskNetPiece pieces[MOST_PIECES];
    size_t n;
    bool secret;
} Body;

static void
add_piece(Body *body, const void *data, size_t size)
{
    if (size > 0 && body->n < MOST_PIECES)
        body->pieces[body->n++] = (NskNetPiece){ data, size };
}

/* Splits the text at the marks that stand in it, and puts the secrets there. */
static void
split(Body *body, GBytes *text, const ServiceMarks *marks, const NskLocked *const secrets[2])
{
    size_t left;
    const char *at = g_bytes_get_data(text, &left);
    const char *const names[2] = { marks != NULL ? marks->secret : NULL,
                                   marks != NULL ? marks->code : NULL };

    for (;;) {
        const char *first = NULL;
        size_t which = 0;

        for (size_t i = 0; i < 2 && at != NULL; i++) {
            const char *found = secrets[i] != NULL && names[i] != NULL
                                    ? memmem(at, left, names[i], SERVICE_MARK_SIZE)
                                    : NULL;

            if (found != NULL && (first == NULL || found < first)) {
                first = found;
                which = i;
            }
        }
        if (first == NULL)
            break;
        add_piece(body, at, (size_t)(first - at));
        add_piece(body, nsk_locked_text(secrets[which]), nsk_locked_size(secrets[which]));
        body->secret = true;
        left -= (size_t)(first - at) + SERVICE_MARK_SIZE;
        at = first + SERVICE_MARK_SIZE;
    }
    add_piece(body, at, left);
}

/* --- Asking ------------------------------------------------------------------------------------
 */

/* What a request that got no answer means. */
static bool
fail_net(ChildSession *self,
         const ServiceCall *call,
         const NskNetAnswer *answer,
         const GError *cause,
         GError **error)
{
    bool unknown = call->may_sign && answer->end == NSK_NET_UNKNOWN;

    if (unknown)
        return session_fail(self, NSK_SIGNER_FAULT_UNKNOWN, error,
                            nsk_tr("the service '%s' was asked to sign and did not finish its "
                                   "answer; whether a signature was made is not known, and it is "
                                   "not in the letter: %s"),
                            self->name, cause->message);
    if (g_error_matches(cause, NSK_ERROR, NSK_ERROR_LIMIT))
        return session_fail(self, NSK_SIGNER_FAULT_ANSWER, error,
                            nsk_tr("the service '%s' does not answer as it should: %s"), self->name,
                            cause->message);
    if (g_error_matches(cause, NSK_ERROR, NSK_ERROR_BUSY)) {
        self->fault.seconds = DEFAULT_WAIT;
        return session_fail(self, NSK_SIGNER_FAULT_LATER, error,
                            nsk_tr("the service '%s' cannot be reached; nothing was signed: %s"),
                            self->name, cause->message);
    }
    if (g_error_matches(cause, NSK_ERROR, NSK_ERROR_CANCELLED))
        return session_fail(self, NSK_SIGNER_FAULT_CANCELLED, error, "%s", cause->message);
    return session_fail(self, NSK_SIGNER_FAULT_SETTINGS, error,
                        nsk_tr("the service '%s' may not be asked: %s"), self->name,
                        cause->message);
}

bool
service_ask(ChildSession *self,
            const Service *service,
            const ServiceCall *call,
            const ServiceMarks *marks,
            NskNetAnswer *out_answer,
            GError **error)
{
    bool json = call->type == NULL;
    g_autofree char *url = g_strconcat(service->url, call->path, NULL);
    g_autoptr(GBytes) empty = g_bytes_new_static("{}", 2);
    g_autoptr(NskLocked) secret = self->secret != NULL && json ? escape(self->secret) : NULL;
    g_autoptr(NskLocked) code = self->code != NULL && json ? escape(self->code) : NULL;
    const NskLocked *const secrets[2] = { json ? secret : self->secret, json ? code : self->code };
    g_autoptr(GError) cause = NULL;
    Body body = { .n = 0 };

    split(&body, call->body != NULL ? call->body : empty, marks, secrets);
    NskNetRequest request = { .url = url,
                              .post = !call->get,
                              .type = json ? "application/json" : call->type,
                              .pieces = body.pieces,
                              .n_pieces = call->get ? 0 : body.n,
                              .accept = call->accept,
                              .user = call->anonymous ? NULL : service->user,
                              .password = call->anonymous ? NULL : service->password,
                              .bearer = call->anonymous ? NULL : service->bearer,
                              .secret = true,
                              .ca = service->ca,
                              .timeout_ms = service->timeout_ms,
                              .limit = call->limit != 0 ? call->limit : NSK_LIMIT_SIGNER_FACTS,
                              .stop_fd = self->fd,
                              .keep_header = call->keep_header };
    return nsk_net_ask(&request, out_answer, &cause) ||
           fail_net(self, call, out_answer, cause, error);
}

NskJson *
service_json(const NskNetAnswer *answer)
{
    size_t size;
    const char *text = g_bytes_get_data(answer->body, &size);

    return size > 0 ? nsk_json_parse(text, size, NULL) : NULL;
}

/* Whether the secret stands there, as it is or as it was sent in JSON. */
static bool
has_secret(const char *words, const NskLocked *secret)
{
    g_autoptr(NskLocked) escaped = secret != NULL ? escape(secret) : NULL;

    if (secret == NULL || nsk_locked_size(secret) == 0)
        return false;
    return escaped == NULL || strstr(words, nsk_locked_text(secret)) != NULL ||
           strstr(words, nsk_locked_text(escaped)) != NULL;
}

char *
service_words(const ChildSession *self, const char *words)
{
    if (words == NULL || words[0] == '\0' || has_secret(words, self->secret) ||
        has_secret(words, self->code))
        return g_strdup(nsk_tr("no reason is given"));
    g_autofree char *valid = g_utf8_make_valid(words, (gssize)strnlen(words, MOST_WORDS));
    for (char *at = valid; *at != '\0'; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            *at = ' ';
    return g_steal_pointer(&valid);
}

bool
service_fail(ChildSession *self,
             const ServiceCall *call,
             const NskNetAnswer *answer,
             const char *words,
             GError **error)
{
    g_autofree char *said = service_words(self, words);
    int status = answer->status;

    if (status == 401 || status == 403)
        return session_fail(self, NSK_SIGNER_FAULT_SETTINGS, error,
                            nsk_tr("the service '%s' does not let this office in (status %d); "
                                   "renew its credentials: %s"),
                            self->name, status, said);
    if (call->may_sign && status >= 500 && status != 503)
        return session_fail(self, NSK_SIGNER_FAULT_UNKNOWN, error,
                            nsk_tr("the service '%s' failed while it was signing (status %d); "
                                   "whether a signature was made is not known, and it is not in "
                                   "the letter: %s"),
                            self->name, status, said);
    if (status == 429 || status == 408 || status >= 500) {
        self->fault.seconds = answer->retry_after > 0 ? answer->retry_after : DEFAULT_WAIT;
        return session_fail(self, NSK_SIGNER_FAULT_LATER, error,
                            nsk_tr("the service '%s' has no time (status %d); nothing was signed, "
                                   "try again in %u s: %s"),
                            self->name, status, self->fault.seconds, said);
    }
    if (status == 200)
        return session_fail(self, NSK_SIGNER_FAULT_ANSWER, error,
                            nsk_tr("the service '%s' does not answer as it should: %s"), self->name,
                            said);
    return session_fail(self, NSK_SIGNER_FAULT_REFUSED, error,
                        nsk_tr("the service '%s' refuses (status %d): %s"), self->name, status,
                        said);
}
