/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define MAX_PASSPHRASE 1024

static char *confirm;
static char *key;
static char *passphrase_file;
static char *output;

static const GOptionEntry options[] = {
    { "confirm", 0, 0, G_OPTION_ARG_FILENAME, &confirm,
      N_("sign the pages with this SHA-256, as printed when they were made"), "SHA256" },
    { "key", 0, 0, G_OPTION_ARG_FILENAME, &key, N_("your PKCS#12 file"), "FILE" },
    { "passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &passphrase_file,
      N_("a file whose first line is its passphrase; else it is asked for"), "FILE" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_("where to write the pages to look at"),
      "FILE" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static void
print_pages(const NskJson *result)
{
    (void)printf(nsk_tr("Number %s of %s, %d pages.\nSHA-256 of the pages: %s\n"),
                 nsk_json_get_text(result, "number"), nsk_json_get_text(result, "date"),
                 (int)nsk_json_get_int(result, "pages", 0), nsk_json_get_text(result, "sha256"));
}

static void
print_signed(const NskJson *result)
{
    (void)printf(nsk_tr("Signed. The letter is now: %s\n"),
                 nsk_office_word(nsk_json_get_text(result, "state")));
}

/* Asks on the terminal, without showing what is typed. */
static char *
ask_passphrase(GError **error)
{
    struct termios shown, hidden;
    char line[MAX_PASSPHRASE];

    if (tcgetattr(STDIN_FILENO, &shown) != 0) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("there is no terminal to ask for the passphrase; name a file "
                                   "with --passphrase-file"));
        return NULL;
    }
    hidden = shown;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    (void)fputs(nsk_tr("Passphrase of your key: "), stderr);
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    const char *got = fgets(line, sizeof line, stdin);
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
    (void)fputc('\n', stderr);
    if (got == NULL) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CANCELLED,
                            nsk_tr("nothing was signed: no passphrase was given"));
        return NULL;
    }
    char *passphrase = g_strndup(line, strcspn(line, "\r\n"));
    explicit_bzero(line, sizeof line);
    return passphrase;
}

static char *
read_passphrase(GError **error)
{
    if (passphrase_file == NULL)
        return ask_passphrase(error);
    g_autoptr(GBytes) bytes = nsk_file_read(passphrase_file, MAX_PASSPHRASE, error);
    if (bytes == NULL)
        return NULL;
    g_autofree char *all = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    return g_strndup(all, strcspn(all, "\r\n"));
}

/* The key that was named; *out_key is NULL if none was. */
static bool
read_key(GBytes **out_key, GError **error)
{
    *out_key = key != NULL ? nsk_file_read(key, NSK_LIMIT_KEY_SIZE, error) : NULL;
    if (key == NULL || *out_key != NULL)
        return true;
    g_prefix_error(error, "%s", nsk_tr("your key for signing: "));
    return false;
}

/* Makes the pages and lets the signatory look at them. */
static bool
prepare(NskCli *cli, NskOffice *office, GError **error)
{
    NskJson *result = NULL;
    g_autoptr(GBytes) pdf = NULL;
    NskExport pages = { .form = NSK_EXPORT_PDF };

    if (!nsk_office_sign_prepare(office, cli->args[0], &result, error))
        return false;
    if (output != NULL && (!nsk_office_letter_export(office, nsk_json_get_text(result, "letter"),
                                                     &pages, &pdf, error) ||
                           !nsk_cli_write(output, pdf, error))) {
        nsk_json_unref(result);
        return false;
    }
    nsk_cli_say(cli, nsk_tr("Look at the pages, then sign them with --confirm SHA256."));
    nsk_cli_print(cli, result, print_pages);
    return true;
}

static bool
run(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL)
        return false;
    if (confirm == NULL)
        return prepare(cli, office, error);
    g_autoptr(GBytes) p12 = NULL;
    char *passphrase = read_key(&p12, error) ? read_passphrase(error) : NULL;
    if (passphrase == NULL)
        return false;
    NskSignAct act = { cli->args[0], confirm, p12, passphrase };
    bool ok = nsk_office_sign_confirm(office, &act, &result, error);
    explicit_bzero(passphrase, strlen(passphrase));
    g_free(passphrase);
    if (ok)
        nsk_cli_print(cli, result, print_signed);
    return ok;
}

const NskCommand nsk_command_task_sign = {
    .group = "task",
    .name = "sign",
    .summary = N_("freeze a letter's pages, look at them, and sign them"),
    .usage = "TASK|LETTER",
    .examples = "    naskah task sign LETTER -o halaman.pdf\n"
                "    naskah task sign LETTER --confirm SHA256",
    .min_args = 1,
    .max_args = 1,
    .options = options,
    .run = run,
};
