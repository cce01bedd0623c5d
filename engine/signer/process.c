/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The office's side of the helper processes: start them, hand them sockets, end them.
 *
 * 1. A helper has an empty environment but for what its module needs, the root as its folder, and
 *    one descriptor: the socket over which it is sent others.
 * 2. When that socket closes, however this process ends, the helper ends.
 * 3. A helper that is gone is noticed when it is next needed, and started anew once.
 */
#include "base/message.h"
#include "base/program.h"
#include "signer/signer-private.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROGRAM       "naskah-signer"
#define END_WAIT_MS   2000
#define END_PAUSE_US  2000
#define MAX_VARIABLES 16

struct _SignerHelper {
    GPid pid;
    int fd;
};

struct _NskSigners {
    GMutex lock;
    GHashTable *helpers; /* what it is for -> SignerHelper */
};

/* Waits for the end of a helper whose socket is closed; not for ever. */
static void
reap(SignerHelper *self)
{
    int waited = 0;

    for (;;) {
        pid_t pid = waitpid(self->pid, NULL, WNOHANG);

        if (pid == self->pid || (pid < 0 && errno != EINTR))
            return;
        if (waited++ == END_WAIT_MS * 1000 / END_PAUSE_US)
            (void)kill(self->pid, SIGKILL);
        g_usleep(END_PAUSE_US);
    }
}

static void
helper_free(gpointer data)
{
    SignerHelper *self = data;

    (void)close(self->fd);
    reap(self);
    g_free(self);
}

NskSigners *
nsk_signers_new(void)
{
    NskSigners *self = g_new0(NskSigners, 1);

    g_mutex_init(&self->lock);
    self->helpers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, helper_free);
    return self;
}

void
nsk_signers_free(NskSigners *self)
{
    if (self == NULL)
        return;
    g_hash_table_unref(self->helpers);
    g_mutex_clear(&self->lock);
    g_free(self);
}

/* "NAME=VALUE" of the settings, one or a list, NULL-terminated; borrowed from them. */
static GPtrArray *
list_variables(const NskSignerTarget *target)
{
    GPtrArray *variables = g_ptr_array_new();
    const NskJson *given = nsk_json_get(target->settings, "environment");
    const char *one = nsk_json_get_text(target->settings, "environment");

    if (one != NULL)
        g_ptr_array_add(variables, (gpointer)(guintptr)one);
    for (size_t i = 0; one == NULL && given != NULL && i < nsk_json_length(given); i++)
        if (nsk_json_text_at(given, i) != NULL && i < MAX_VARIABLES)
            g_ptr_array_add(variables, (gpointer)(guintptr)nsk_json_text_at(given, i));
    g_ptr_array_add(variables, NULL);
    return variables;
}

/* What a helper is for: a kind; of PKCS#11 a module with its environment. */
static char *
helper_key(const NskSignerTarget *target)
{
    g_autoptr(GPtrArray) variables = NULL;
    const char *module = nsk_json_get_text(target->settings, "module");

    if (target->kind != NSK_SIGNER_PKCS11)
        return g_strdup(nsk_signer_kind_name(target->kind));
    variables = list_variables(target);
    g_autofree char *environment = g_strjoinv("\n", (char **)variables->pdata);
    return g_strdup_printf("pkcs11\n%s\n%s", module != NULL ? module : "", environment);
}

static bool
spawn(const NskSignerTarget *target, int fd, GPid *out_pid, GError **error)
{
    static const NskProgram program = { PROGRAM, "../signer", "NASKAH_SIGNER" };
    g_autofree char *folder = NULL;
    g_autofree char *path = nsk_program_find(&program, &folder);
    g_autoptr(GPtrArray) variables = list_variables(target);
    g_autoptr(GError) fault = NULL;
    const char *const argv[] = { path, NULL };
    char *none[] = { NULL };
    char **environment =
        target->kind == NSK_SIGNER_PKCS11 ? (char **)variables->pdata : (char **)none;

    if (path == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("cannot sign: there is no '%s' beside the program in '%s'; install it "
                           "again, or name it in NASKAH_SIGNER"),
                    PROGRAM, folder);
        return false;
    }
    if (g_spawn_async_with_pipes_and_fds(
            "/", argv, (const char *const *)environment,
            G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
            NULL, NULL, fd, -1, -1, NULL, NULL, 0, out_pid, NULL, NULL, NULL, &fault))
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot sign: cannot start '%s': %s"), path,
                fault->message);
    return false;
}

static void
set_no_socket(GError **error)
{
    g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot sign: no socket: %s"),
                nsk_reason(errno));
}

static SignerHelper *
start(const NskSignerTarget *target, GError **error)
{
    int fds[2];
    GPid pid;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0) {
        set_no_socket(error);
        return NULL;
    }
    bool done = spawn(target, fds[1], &pid, error);
    (void)close(fds[1]);
    if (!done) {
        (void)close(fds[0]);
        return NULL;
    }
    SignerHelper *self = g_new0(SignerHelper, 1);
    self->pid = pid;
    self->fd = fds[0];
    return self;
}

/* Sends @given over the helper's socket; false with errno set if the helper is gone. */
static bool
hand_over(const SignerHelper *self, int given)
{
    char byte = 's';
    struct iovec data = { &byte, 1 };
    union {
        struct cmsghdr align;
        char room[CMSG_SPACE(sizeof(int))];
    } control = { .room = { 0 } };
    struct msghdr message = { .msg_iov = &data,
                              .msg_iovlen = 1,
                              .msg_control = control.room,
                              .msg_controllen = sizeof control.room };
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);

    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(head), &given, sizeof given);
    return sendmsg(self->fd, &message, MSG_NOSIGNAL) == 1;
}

/* The helper that has the socket @given now; starts it if need be.  Called with the lock held. */
static bool
give_to_helper(NskSigners *self, const NskSignerTarget *target, int given, GError **error)
{
    g_autofree char *key = helper_key(target);

    for (int tries = 0; tries < 2; tries++) {
        SignerHelper *helper = g_hash_table_lookup(self->helpers, key);

        if (helper == NULL) {
            helper = start(target, error);
            if (helper == NULL)
                return false;
            g_hash_table_insert(self->helpers, g_strdup(key), helper);
        }
        if (hand_over(helper, given))
            return true;
        g_hash_table_remove(self->helpers, key);
    }
    set_no_socket(error);
    return false;
}

int
signer_helper_connect(NskSigners *self, const NskSignerTarget *target, GError **error)
{
    int fds[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0) {
        set_no_socket(error);
        return -1;
    }
    g_mutex_lock(&self->lock);
    bool done = give_to_helper(self, target, fds[1], error);
    g_mutex_unlock(&self->lock);
    (void)close(fds[1]);
    if (done)
        return fds[0];
    (void)close(fds[0]);
    return -1;
}

void
signer_helper_kill(NskSigners *self, const NskSignerTarget *target)
{
    g_autofree char *key = helper_key(target);

    g_mutex_lock(&self->lock);
    SignerHelper *helper = g_hash_table_lookup(self->helpers, key);
    if (helper != NULL) {
        (void)kill(helper->pid, SIGKILL);
        g_hash_table_remove(self->helpers, key);
    }
    g_mutex_unlock(&self->lock);
}
