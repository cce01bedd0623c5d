/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The server that takes the office's mail: settings of the office, and a password in the folder of
 * keys, which backups keep apart.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/message.h"
#include "net/net.h"
#include "office/mail-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define SETTING_URL   "mail-url"
#define SETTING_FROM  "mail-from"
#define SETTING_SITE  "mail-site"
#define SETTING_USER  "mail-user"
#define SETTING_CA    "mail-ca"
#define PASSWORD_FILE "keys/mail-password"
#define PASSWORD_MODE 0600
#define MAX_SITE      500

void
nsk_mail_server_clear(NskMailServer *self)
{
    g_clear_pointer(&self->url, g_free);
    g_clear_pointer(&self->from, g_free);
    g_clear_pointer(&self->site, g_free);
    g_clear_pointer(&self->user, g_free);
    g_clear_pointer(&self->ca, g_free);
    g_clear_pointer(&self->password, nsk_locked_unref);
}

/* NULL for what is empty or not there. */
static bool
load_setting(NskDbTxn *txn, const char *name, char **out_value, GError **error)
{
    if (!nsk_setting_find(txn, name, out_value, error))
        return false;
    if (*out_value != NULL && (*out_value)[0] == '\0')
        g_clear_pointer(out_value, g_free);
    return true;
}

static bool
load_password(NskOffice *office, NskMailServer *server, GError **error)
{
    g_autofree char *path = nsk_office_path(office->dir, PASSWORD_FILE);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

    if (fd < 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_IO,
                    nsk_tr("cannot read the password of the mail server, '%s': %s; give it again "
                           "with 'naskah mail server'"),
                    path, g_strerror(errno));
        return false;
    }
    server->password = nsk_locked_read_line(fd, error);
    (void)close(fd);
    return server->password != NULL;
}

bool
nsk_mail_server_load(NskOffice *office, NskDbTxn *txn, NskMailServer *out_server, GError **error)
{
    if (!load_setting(txn, SETTING_URL, &out_server->url, error) ||
        !load_setting(txn, SETTING_FROM, &out_server->from, error) ||
        !load_setting(txn, SETTING_SITE, &out_server->site, error) ||
        !load_setting(txn, SETTING_USER, &out_server->user, error) ||
        !load_setting(txn, SETTING_CA, &out_server->ca, error))
        return false;
    return out_server->url == NULL || out_server->user == NULL ||
           load_password(office, out_server, error);
}

bool
nsk_mail_server_find(NskDbTxn *txn, char **out_url, GError **error)
{
    return load_setting(txn, SETTING_URL, out_url, error);
}

bool
nsk_mail_site_find(NskDbTxn *txn, char **out_site, GError **error)
{
    if (!load_setting(txn, SETTING_SITE, out_site, error))
        return false;
    if (*out_site == NULL)
        *out_site = g_strdup("");
    return true;
}

bool
nsk_mail_ask(NskDbTxn *txn, const char *letter, NskInstant now, GError **error)
{
    g_autofree char *url = NULL;
    g_autofree char *chat = NULL;

    return nsk_mail_server_find(txn, &url, error) && nsk_chat_find(txn, &chat, error) &&
           ((url == NULL && chat == NULL) ||
            nsk_outbox_add(txn, NSK_MAIL_TOPIC, letter, "task", now, error));
}

/* --- Setting it ------------------------------------------------------------------------------- */

typedef struct {
    NskOffice *office;
    const NskMailSettings *settings;
    NskInstant now;
} Work;

static bool
put(NskDbTxn *txn, const char *name, const char *value, GError **error)
{
    return nsk_setting_put(txn, name, value != NULL ? value : "", error);
}

static bool
apply_settings(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Work *work = data;
    const NskMailSettings *settings = work->settings;
    const NskOfficeEvent event = { .origin = work->office->origin,
                                   .history = NSK_SETTINGS_HISTORY,
                                   .actor = "naskah-mail",
                                   .action = "mail-server-set",
                                   .sentence = "Name the server that takes mail",
                                   .reason = settings->url,
                                   .now = work->now };

    return put(txn, SETTING_URL, settings->url, error) &&
           put(txn, SETTING_FROM, settings->from, error) &&
           put(txn, SETTING_SITE, settings->site, error) &&
           put(txn, SETTING_USER, settings->user, error) &&
           put(txn, SETTING_CA, settings->ca, error) &&
           nsk_record_office_rows(txn, NSK_KEPT_SETTINGS, &event, error);
}

bool
nsk_mail_site_put(NskDbTxn *txn, const char *site, GError **error)
{
    return put(txn, SETTING_SITE, site, error);
}

bool
nsk_mail_check_site(const char *site, GError **error)
{
    if (strlen(site) <= MAX_SITE && strpbrk(site, " \t\r\n") == NULL &&
        (g_str_has_prefix(site, "https://") || g_str_has_prefix(site, "http://127.0.0.1")))
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("'%.200s' is no address of this office's pages; say where people open "
                       "them, such as --site https://surat.example.go.id"),
                site);
    return false;
}

static bool
check_settings(const NskMailSettings *settings, GError **error)
{
    const char *from = settings->from != NULL ? settings->from : "";

    if (!nsk_net_is_mail_address(from)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%.200s' is no address of mail; it is like name@example.go.id"), from);
        return false;
    }
    if (!nsk_mail_check_site(settings->site != NULL ? settings->site : "", error))
        return false;
    if ((settings->user != NULL) == (settings->password != NULL))
        return nsk_net_check_mail_server(settings->url, error);
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("the user of the mail server and a password go together"));
    return false;
}

/* Also takes away that of a server of before. */
static bool
put_password(NskOffice *self, const NskMailSettings *settings, GError **error)
{
    g_autofree char *path = nsk_office_path(self->dir, PASSWORD_FILE);

    if (settings->password != NULL)
        return nsk_file_write(path, nsk_locked_text(settings->password),
                              nsk_locked_size(settings->password), PASSWORD_MODE, error);
    if (unlink(path) == 0 || errno == ENOENT)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot remove '%s': %s"), path,
                g_strerror(errno));
    return false;
}

bool
nsk_office_set_mail(NskOffice *self, const NskMailSettings *settings, GError **error)
{
    Work work = { self, settings, nsk_clock_now(self->clock) };

    if (settings->url != NULL && !check_settings(settings, error))
        return false;
    return put_password(self, settings, error) &&
           nsk_office_commit(self, apply_settings, &work, NULL, error);
}
