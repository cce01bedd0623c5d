/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define MAX_PASSPHRASE 1024
#define MAX_TASKS      1000 /* of one command */

static char *confirm;
static char *key;
static char *passphrase_file;
static char *output;
static char *batch;

static const GOptionEntry options[] = {
    { "confirm", 0, 0, G_OPTION_ARG_FILENAME, &confirm,
      N_("sign the pages with this SHA-256, as printed when they were made"), "SHA256" },
    { "key", 0, 0, G_OPTION_ARG_FILENAME, &key, N_("your PKCS#12 file"), "FILE" },
    { "passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &passphrase_file,
      N_("a file whose first line is its passphrase; else it is asked for"), "FILE" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_("where to write the pages to look at"),
      "FILE" },
    { "batch", 0, 0, G_OPTION_ARG_FILENAME, &batch,
      N_("all letters of this batch that wait for your signature"), "NAME" },
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

/* --- Several in one confirmation ------------------------------------------------------------- */

/* A line a letter: what it is and the digest of its pages, or why there are none. */
static void
print_all(const NskJson *result)
{
    const NskJson *list = nsk_json_get(result, "results");
    const char *digest = nsk_json_get_text(result, "digest");

    for (size_t i = 0; i < nsk_json_length(list); i++) {
        const NskJson *item = nsk_json_at(list, i);
        const NskJson *pages = nsk_json_get(item, "result");
        const char *fault = nsk_json_get_text(item, "error");

        if (fault != NULL)
            (void)printf("%s  %s\n", nsk_json_get_text(item, "task"), fault);
        else
            (void)printf("%s  %s  %s\n", nsk_json_get_text(pages, "letter"),
                         nsk_json_get_text(pages, "number"), nsk_json_get_text(pages, "sha256"));
    }
    if (digest != NULL)
        (void)printf(nsk_tr("SHA-256 of all %d together: %s\n"), (int)nsk_json_length(list),
                     digest);
}

/* Writes the pages of each into the folder. */
static bool
write_pages(NskOffice *office, const NskJson *result, GError **error)
{
    const NskJson *list = nsk_json_get(result, "results");

    for (size_t i = 0; i < nsk_json_length(list); i++) {
        const char *letter =
            nsk_json_get_text(nsk_json_get(nsk_json_at(list, i), "result"), "letter");
        NskExport pages = { .form = NSK_EXPORT_PDF };
        g_autoptr(GBytes) pdf = NULL;

        if (letter == NULL)
            continue;
        g_autofree char *name = g_strconcat(letter, ".pdf", NULL);
        g_autofree char *path = g_build_filename(output, name, NULL);
        if (!nsk_office_letter_export(office, letter, &pages, &pdf, error) ||
            !nsk_cli_write(path, pdf, error))
            return false;
    }
    return true;
}

static bool
prepare_all(NskCli *cli, NskOffice *office, const GPtrArray *tasks, GError **error)
{
    NskJson *result = NULL;

    if (!nsk_office_sign_prepare_all(office, (const char *const *)tasks->pdata, tasks->len, &result,
                                     error))
        return false;
    if (output != NULL && !write_pages(office, result, error)) {
        nsk_json_unref(result);
        return false;
    }
    cli->status = nsk_json_get_int(result, "failed", 0) > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
    if (cli->status == EXIT_SUCCESS)
        nsk_cli_say(cli, nsk_tr("Look at the pages, then sign them all with --confirm SHA256."));
    nsk_cli_print(cli, result, print_all);
    return true;
}

static void
print_signed_all(const NskJson *result)
{
    const NskJson *list = nsk_json_get(result, "results");
    size_t n = nsk_json_length(list);

    for (size_t i = 0; i < n; i++) {
        const NskJson *item = nsk_json_at(list, i);
        const char *fault = nsk_json_get_text(item, "error");

        if (fault != NULL)
            (void)printf("%s  %s\n", nsk_json_get_text(item, "task"), fault);
    }
    (void)printf(nsk_tr("%d of %d letters are signed.\n"),
                 (int)n - (int)nsk_json_get_int(result, "failed", 0), (int)n);
}

/* The tasks that are named, or those of the batch; owned. */
static GPtrArray *
list_tasks(const NskCli *cli, NskOffice *office, GError **error)
{
    GPtrArray *tasks;

    if (batch != NULL)
        return nsk_cli_batch_tasks(office, batch, "sign", error);
    tasks = g_ptr_array_new_with_free_func(g_free);
    for (int i = 0; i < cli->n_args; i++)
        g_ptr_array_add(tasks, g_strdup(cli->args[i]));
    return tasks;
}

/* --- Signing --------------------------------------------------------------------------------- */

/* Signs what was shown; several if there are, one if not. */
static bool
sign(NskCli *cli, NskOffice *office, const GPtrArray *tasks, NskSignAct *act, GError **error)
{
    NskJson *result = NULL;
    bool several = batch != NULL || tasks->len > 1;
    bool ok = several ? nsk_office_sign_confirm_all(office, (const char *const *)tasks->pdata,
                                                    tasks->len, act, &result, error)
                      : nsk_office_sign_confirm(office, act, &result, error);

    if (!ok)
        return false;
    if (several && nsk_json_get_int(result, "failed", 0) > 0)
        cli->status = EXIT_FAILURE;
    nsk_cli_print(cli, result, several ? print_signed_all : print_signed);
    return true;
}

static bool
run(NskCli *cli, GError **error)
{
    if ((batch != NULL) == (cli->n_args > 0)) {
        g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                            nsk_tr("name what it is about, or a --batch"));
        return false;
    }
    NskOffice *office = nsk_cli_open(cli, error);
    g_autoptr(GPtrArray) tasks = office != NULL ? list_tasks(cli, office, error) : NULL;

    if (tasks == NULL)
        return false;
    if (confirm == NULL)
        return batch != NULL || tasks->len > 1 ? prepare_all(cli, office, tasks, error)
                                               : prepare(cli, office, error);
    g_autoptr(GBytes) p12 = NULL;
    char *passphrase = read_key(&p12, error) ? read_passphrase(error) : NULL;
    if (passphrase == NULL)
        return false;
    NskSignAct act = { g_ptr_array_index(tasks, 0), confirm, p12, passphrase };
    bool ok = sign(cli, office, tasks, &act, error);
    explicit_bzero(passphrase, strlen(passphrase));
    g_free(passphrase);
    return ok;
}

const NskCommand nsk_command_task_sign = {
    .group = "task",
    .name = "sign",
    .summary = N_("freeze a letter's pages, look at them, and sign them"),
    .usage = "TASK|LETTER...",
    .examples = "    naskah task sign LETTER -o halaman.pdf\n"
                "    naskah task sign LETTER --confirm SHA256\n"
                "    naskah task sign --batch undangan-agustus -o FOLDER",
    .max_args = MAX_TASKS,
    .options = options,
    .run = run,
};
