/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Passphrases, PINs and codes: from a terminal without echo, a file, or a descriptor; never from
 * the command line, which others of the machine can read. */
#include "base/message.h"
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

/* Asks on the terminal, without showing what is typed. */
NskLocked *
nsk_cli_ask_secret(const char *what, GError **error)
{
    struct termios shown, hidden;

    if (tcgetattr(STDIN_FILENO, &shown) != 0) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("there is no terminal to ask for the passphrase; name a file "
                                   "with --passphrase-file, or a descriptor with "
                                   "--passphrase-fd"));
        return NULL;
    }
    hidden = shown;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    (void)fputs(what, stderr);
    (void)fflush(stderr);
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    NskLocked *secret = nsk_locked_read_line(STDIN_FILENO, error);
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
    (void)fputc('\n', stderr);
    if (secret == NULL)
        g_prefix_error(error, "%s", nsk_tr("nothing was signed: no passphrase was given: "));
    return secret;
}

NskLocked *
nsk_cli_read_secret(const NskCliSecret *from, const char *what, GError **error)
{
    if (from->fd >= 0)
        return nsk_locked_read_line(from->fd, error);
    if (from->file == NULL)
        return nsk_cli_ask_secret(what, error);
    int fd = open(from->file, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND, nsk_tr("cannot read '%s': %s"),
                    from->file, g_strerror(errno));
        return NULL;
    }
    NskLocked *secret = nsk_locked_read_line(fd, error);
    (void)close(fd);
    return secret;
}
