/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A command's side of the socket: whether there is a server, and having it do something.
 *
 * A request names its use case, whose words it is to use, and an id: one is made if none was given,
 * so that a request whose answer was lost can be repeated safely.
 */
#include "base/id.h"
#include "base/message.h"
#include "office/remote-private.h"

#include <unistd.h>

#define WRITER_WAIT ((int64_t)10 * G_USEC_PER_SEC)
#define PROBE_PAUSE 20000 /* microseconds */
#define SEND_MS     30000
#define ANSWER_MS   240000 /* rendering and reading a PDF may take this long */

/* Whether the writer's lock is free at this moment. */
static bool
try_lock(const NskOffice *self, GError **error)
{
    g_autofree char *path = nsk_office_path(self->dir, "office.db");
    g_autoptr(NskDbLock) lock = nsk_db_lock_new(path, 0, error);

    return lock != NULL;
}

bool
nsk_remote_reach(NskOffice *self, int *out_fd, GError **error)
{
    int64_t end = g_get_monotonic_time() + WRITER_WAIT;

    *out_fd = -1;
    if (self->service != NULL)
        return true;
    for (;;) {
        g_autoptr(GError) fault = NULL;

        if (!nsk_ipc_connect(self->dir, NSK_SOCKET_NAME, out_fd, error))
            return false;
        if (*out_fd >= 0 || try_lock(self, &fault))
            return true;
        if (!g_error_matches(fault, NSK_ERROR, NSK_ERROR_BUSY) || g_get_monotonic_time() > end) {
            g_propagate_error(error, g_steal_pointer(&fault));
            return false;
        }
        g_usleep(PROBE_PAUSE);
    }
}

static GBytes *
encode_request(const NskOffice *self,
               const char *request_id,
               const NskCall *call,
               const void *arguments,
               GError **error)
{
    g_autoptr(NskJson) value = nsk_json_object();
    g_autofree char *moment =
        self->at != NULL ? nsk_instant_format(nsk_clock_now(self->clock)) : NULL;
    g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);

    nsk_json_set_text(value, "do", nsk_call_get_name(call));
    nsk_json_set_text(value, "as", g_strcmp0(self->auth, "demo") == 0 ? self->person : NULL);
    nsk_json_set_text(value, "at", moment);
    nsk_json_set_text(value, "language", nsk_language());
    nsk_json_set_text(value, "request", request_id);
    nsk_json_set(value, "arguments", nsk_call_encode(call, arguments, parts));
    return nsk_frame_encode(value, (GBytes *const *)parts->pdata, parts->len, error);
}

static bool
fail_uncertain(const char *request_id, GError **error)
{
    g_set_error(error, NSK_ERROR, NSK_ERROR_UNCERTAIN,
                nsk_tr("the connection to the server of this office was lost before it answered, "
                       "so this may be done or not; repeat the command with --request %s"),
                request_id);
    return false;
}

bool
nsk_remote_explain(GError *fault, const char *request_id, GError **error)
{
    if (!g_error_matches(fault, NSK_ERROR, NSK_ERROR_UNCERTAIN)) {
        g_propagate_error(error, fault);
        return false;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_UNCERTAIN,
                nsk_tr("%s; repeat the command with --request %s"), fault->message, request_id);
    g_error_free(fault);
    return false;
}

/* Turns the server's answer into what the use case would have given. */
static bool
read_answer(const NskFrame *frame, const char *request_id, NskJson **out_result, GError **error)
{
    NskJson *result = nsk_json_get(frame->value, "result");
    const NskJson *fault = nsk_json_get(frame->value, "error");
    const char *message = nsk_json_get_text(fault, "message");
    int64_t code = nsk_json_get_int(fault, "code", -1);

    if (result != NULL) {
        *out_result = nsk_json_ref(result);
        return true;
    }
    if (message == NULL || code < 0 || code > NSK_ERROR_INTERNAL)
        return fail_uncertain(request_id, error);
    return nsk_remote_explain(g_error_new_literal(NSK_ERROR, (gint)code, message), request_id,
                              error);
}

/* Sends the request and waits for the answer. */
static bool
converse(int fd, GBytes *request, const char *request_id, NskJson **out_result, GError **error)
{
    const NskIpcPatience sending = { SEND_MS, SEND_MS, -1 };
    const NskIpcPatience answering = { ANSWER_MS, ANSWER_MS, -1 };
    bool sent = nsk_ipc_send(fd, request, &sending, NULL);
    /* a server that refuses says so before it has read everything */
    g_autoptr(NskFrame) answer = nsk_ipc_receive(fd, &answering, NULL);

    if (answer != NULL)
        return read_answer(answer, request_id, out_result, error);
    if (sent)
        return fail_uncertain(request_id, error);
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_BUSY,
                        nsk_tr("the server of this office did not take the request; nothing was "
                               "changed, try again"));
    return false;
}

bool
nsk_remote_call(NskOffice *self,
                int fd,
                const NskCall *call,
                const void *arguments,
                NskJson **out_result,
                GError **error)
{
    g_autofree char *request_id = g_steal_pointer(&self->request_id);

    if (request_id == NULL)
        request_id = nsk_id_new(self->clock);
    g_autoptr(GBytes) request = encode_request(self, request_id, call, arguments, error);
    bool ok = request != NULL && converse(fd, request, request_id, out_result, error);
    (void)close(fd);
    return ok;
}
