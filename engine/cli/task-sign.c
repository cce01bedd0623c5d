/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_TASKS 1000 /* of one command */
#define MAX_TRIES 3    /* passphrases typed */

static char *confirm;
static char *key;
static char *passphrase_file;
static char *output;
static char *batch;
static int passphrase_fd = -1;
static gboolean ask_code;
static char *code_file;
static gboolean resume;
static gboolean cancel;

static const GOptionEntry options[] = {
    { "confirm", 0, 0, G_OPTION_ARG_FILENAME, &confirm,
      N_("sign the pages with this SHA-256, as printed when they were made"), "SHA256" },
    { "key", 0, 0, G_OPTION_ARG_FILENAME, &key, N_("your PKCS#12 file"), "FILE" },
    { "passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &passphrase_file,
      N_("a file whose first line is its passphrase; else it is asked for"), "FILE" },
    { "passphrase-fd", 0, 0, G_OPTION_ARG_INT, &passphrase_fd,
      N_("an open descriptor whose first line is its passphrase"), "N" },
    { "code", 0, 0, G_OPTION_ARG_NONE, &ask_code, N_("ask for a one-time code, too"), NULL },
    { "code-file", 0, 0, G_OPTION_ARG_FILENAME, &code_file,
      N_("a file whose first line is the one-time code"), "FILE" },
    { "resume", 0, 0, G_OPTION_ARG_NONE, &resume,
      N_("go on with a signature that was cut off, as far as that needs no passphrase"), NULL },
    { "cancel", 0, 0, G_OPTION_ARG_NONE, &cancel,
      N_("give up a signature that waits for its signer; the pages stay"), NULL },
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
    NskExport pages = { .form = NSK_EXPORT_ORIGINAL };

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
        NskExport pages = { .form = NSK_EXPORT_ORIGINAL };
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

/* Of two exit statuses the one that says more: what is broken, refused, changed; then what may work
 * later. */
static int
worse(int a, int b)
{
    static const int order[] = { EXIT_SUCCESS, 75, 1, 3, 6, 7, 5, 4 };
    size_t at_a = 0, at_b = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(order); i++) {
        at_a = order[i] == a ? i : at_a;
        at_b = order[i] == b ? i : at_b;
    }
    return at_a > at_b ? a : b;
}

/* The worst of what became of several. */
static int
worst_status(const NskJson *result)
{
    int status = EXIT_SUCCESS;
    const NskJson *list = nsk_json_get(result, "results");

    for (size_t i = 0; i < nsk_json_length(list); i++) {
        const NskJson *item = nsk_json_at(list, i);
        GError fault = { .domain = NSK_ERROR, .code = (int)nsk_json_get_int(item, "code", 0) };

        if (nsk_json_get(item, "code") != NULL)
            status = worse(status, nsk_cli_exit_status(&fault));
    }
    return status;
}

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
    if (several)
        cli->status = worst_status(result);
    nsk_cli_print(cli, result, several ? print_signed_all : print_signed);
    return true;
}

/* Reads the secrets and signs. */
static bool
sign_once(NskCli *cli, NskOffice *office, const GPtrArray *tasks, GBytes *p12, GError **error)
{
    const NskCliSecret from = { passphrase_file, passphrase_fd };
    const NskCliSecret code_from = { code_file, -1 };
    g_autoptr(NskLocked) passphrase =
        nsk_cli_read_secret(&from, nsk_tr("Passphrase of your key: "), error);
    g_autoptr(NskLocked) code = NULL;

    if (passphrase == NULL ||
        ((ask_code || code_file != NULL) &&
         (code = nsk_cli_read_secret(&code_from, nsk_tr("One-time code: "), error)) == NULL))
        return false;
    NskSignAct act = { g_ptr_array_index(tasks, 0), confirm, p12, nsk_locked_text(passphrase),
                       code != NULL ? nsk_locked_text(code) : NULL };
    return sign(cli, office, tasks, &act, error);
}

/* Who mistyped on a terminal may type again. */
static bool
sign_in_tries(NskCli *cli, NskOffice *office, const GPtrArray *tasks, GError **error)
{
    g_autoptr(GBytes) p12 = NULL;
    bool typed = passphrase_file == NULL && passphrase_fd < 0;

    if (!read_key(&p12, error))
        return false;
    for (int tries = 1;; tries++) {
        GError *fault = NULL;

        if (sign_once(cli, office, tasks, p12, &fault))
            return true;
        if (!typed || tries == MAX_TRIES || !g_error_matches(fault, NSK_ERROR, NSK_ERROR_DENIED)) {
            g_propagate_error(error, fault);
            return false;
        }
        nsk_cli_say(cli, "%s", fault->message);
        g_error_free(fault);
    }
}

static void
print_resumed(const NskJson *result)
{
    const char *signing = nsk_json_get_text(result, "signing");

    if (signing == NULL) {
        print_signed(result);
        return;
    }
    (void)printf("%s: %s\n", nsk_tr("Signature"), nsk_office_word_of("signing", signing));
}

/* Goes on with each, or gives it up; the first that fails ends it. */
static bool
go_on(NskCli *cli, NskOffice *office, const GPtrArray *tasks, GError **error)
{
    for (guint i = 0; i < tasks->len; i++) {
        const char *task = g_ptr_array_index(tasks, i);
        NskJson *result = NULL;

        if (!(cancel ? nsk_office_sign_cancel(office, task, &result, error)
                     : nsk_office_sign_resume(office, task, &result, error)))
            return false;
        nsk_cli_print(cli, result, print_resumed);
    }
    return true;
}

static bool
check_options(const NskCli *cli, GError **error)
{
    const char *fault = NULL;

    if ((batch != NULL) == (cli->n_args > 0))
        fault = N_("name what it is about, or a --batch");
    else if ((resume && cancel) || ((resume || cancel) && confirm != NULL))
        fault = N_("--confirm, --resume and --cancel are three things; name one");
    if (fault != NULL)
        g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, nsk_tr(fault));
    return fault == NULL;
}

static bool
run(NskCli *cli, GError **error)
{
    if (!check_options(cli, error))
        return false;
    NskOffice *office = nsk_cli_open(cli, error);
    g_autoptr(GPtrArray) tasks = office != NULL ? list_tasks(cli, office, error) : NULL;

    if (tasks == NULL)
        return false;
    if (resume || cancel)
        return go_on(cli, office, tasks, error);
    if (confirm == NULL)
        return batch != NULL || tasks->len > 1 ? prepare_all(cli, office, tasks, error)
                                               : prepare(cli, office, error);
    if (tasks->len == 0) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                            nsk_tr("nothing of this batch waits for your signature"));
        return false;
    }
    return sign_in_tries(cli, office, tasks, error);
}

const NskCommand nsk_command_task_sign = {
    .group = "task",
    .name = "sign",
    .summary = N_("freeze a letter's pages, look at them, and sign them"),
    .usage = "TASK|LETTER...",
    .examples = "    naskah task sign LETTER -o halaman.pdf\n"
                "    naskah task sign LETTER --confirm SHA256\n"
                "    naskah task sign LETTER --resume\n"
                "    naskah task sign --batch undangan-agustus -o FOLDER",
    .max_args = MAX_TASKS,
    .options = options,
    .run = run,
};
