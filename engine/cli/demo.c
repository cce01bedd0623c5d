/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A letter's life, from draft to archive, in an office made for it.  Everything is done through the
 * use cases that the other commands call; nothing is prepared but the words of the letter.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "base/resource.h"
#include "cli/demo-serve.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SAMPLE "templates/letters/surat-dinas.sample.xml"
/* The slip of the pen that the first reviewer finds: the 29th of July 2026 is a Wednesday. */
#define RIGHT_DAY "Rabu, 29 Juli 2026"
#define WRONG_DAY "Kamis, 29 Juli 2026"

#define CLERK    "damar"
#define CLERK_AT "staf-persuratan"
#define REVIEWER "kirana"
#define HEAD     "budi"
#define OFFICIAL "sekar"

static gboolean once;
static char *listen_at;

static const GOptionEntry options[] = {
    { "once", 0, 0, G_OPTION_ARG_NONE, &once,
      N_("run straight through, without waiting at each step"), NULL },
    { "listen", 0, 0, G_OPTION_ARG_STRING, &listen_at,
      N_("serve a demo office to browsers of this machine"), "127.0.0.1:PORT" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

typedef struct {
    NskCli *cli;
    FILE *words;
    char *dir;
    NskOffice *office;
    char *letter; /* id */
    char *shown;  /* SHA-256 of the pages */
    char *pdf;    /* path */
    char *trust;  /* path */
    NskJson *history;
    int64_t began; /* monotonic microseconds */
} Demo;

static void
demo_clear(Demo *demo)
{
    g_clear_pointer(&demo->office, nsk_office_free);
    g_free(demo->dir);
    g_free(demo->letter);
    g_free(demo->shown);
    g_free(demo->pdf);
    g_free(demo->trust);
    g_clear_pointer(&demo->history, nsk_json_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Demo, demo_clear)

/* --- Steps ----------------------------------------------------------------------------------- */

static bool
make_office(Demo *demo, GError **error)
{
    NskJson *result = NULL;
    NskInitOptions wanted = { .dir = demo->dir, .demo = true, .clock = &nsk_clock_system };
    NskOfficeOptions open = { .dir = demo->dir, .as = CLERK, .clock = &nsk_clock_system };

    if (!nsk_office_init(&wanted, &result, error))
        return false;
    demo->trust = g_strdup(nsk_json_get_text(result, "trust"));
    nsk_json_unref(result);
    demo->office = nsk_office_open(&open, error);
    return demo->office != NULL;
}

/* The sample letter, as the clerk first wrote it or as it should be. */
static GBytes *
write_letter(bool with_slip, GError **error)
{
    g_autoptr(GBytes) sample = nsk_resource_load(SAMPLE, error);

    if (sample == NULL)
        return NULL;
    g_autoptr(GString) text =
        g_string_new_len(g_bytes_get_data(sample, NULL), (gssize)g_bytes_get_size(sample));
    if (with_slip)
        (void)g_string_replace(text, RIGHT_DAY, WRONG_DAY, 1);
    return g_string_free_to_bytes(g_steal_pointer(&text));
}

static bool
draft(Demo *demo, GError **error)
{
    NskJson *result = NULL;
    g_autoptr(GBytes) xml = write_letter(true, error);
    NskNewLetter letter = { "surat-dinas.xml", xml, CLERK_AT };

    if (xml == NULL || !nsk_office_act_as(demo->office, CLERK, error) ||
        !nsk_office_letter_new(demo->office, &letter, &result, error))
        return false;
    demo->letter = g_strdup(nsk_json_get_text(result, "letter"));
    nsk_json_unref(result);
    return true;
}

/* Lets @person do his waiting task of the letter. */
static bool
act(Demo *demo, const char *person, const char *outcome, const char *note, GError **error)
{
    NskJson *result = NULL;
    NskTaskAct wanted = { .task = demo->letter, .outcome = outcome, .note = note };

    if (!nsk_office_act_as(demo->office, person, error) ||
        !nsk_office_task_act(demo->office, &wanted, &result, error))
        return false;
    nsk_json_unref(result);
    return true;
}

static bool
submit(Demo *demo, GError **error)
{
    return act(demo, CLERK, "submit", NULL, error);
}

static bool
send_back(Demo *demo, GError **error)
{
    return act(demo, REVIEWER, "return",
               "Tanggal 29 Juli 2026 jatuh pada hari Rabu, bukan Kamis. Mohon dibetulkan.", error);
}

static bool
revise(Demo *demo, GError **error)
{
    NskJson *result = NULL;
    NskLetterDiffAsk ask = { .letter = demo->letter };
    g_autoptr(GBytes) xml = write_letter(false, error);
    NskLetterEdit edit = { .letter = demo->letter, .name = "surat-dinas.xml", .xml = xml };

    if (xml == NULL || !nsk_office_act_as(demo->office, CLERK, error) ||
        !nsk_office_letter_edit(demo->office, &edit, &result, error))
        return false;
    nsk_json_unref(result);
    if (!nsk_office_letter_diff(demo->office, &ask, &result, error))
        return false;
    (void)fprintf(demo->words, "%s", nsk_json_get_text(result, "text"));
    nsk_json_unref(result);
    return true;
}

static bool
first_paraf(Demo *demo, GError **error)
{
    return act(demo, REVIEWER, "approve", NULL, error);
}

static bool
second_paraf(Demo *demo, GError **error)
{
    return act(demo, HEAD, "approve", NULL, error);
}

static bool
freeze_pages(Demo *demo, GError **error)
{
    NskJson *result = NULL;

    if (!nsk_office_act_as(demo->office, OFFICIAL, error) ||
        !nsk_office_sign_prepare(demo->office, demo->letter, &result, error))
        return false;
    demo->shown = g_strdup(nsk_json_get_text(result, "sha256"));
    (void)fprintf(demo->words, nsk_tr("      number %s, %d pages, SHA-256 %.16s...\n"),
                  nsk_json_get_text(result, "number"), (int)nsk_json_get_int(result, "pages", 0),
                  demo->shown);
    nsk_json_unref(result);
    return true;
}

static bool
sign(Demo *demo, GError **error)
{
    NskJson *result = NULL;
    g_autofree char *path = g_build_filename(demo->dir, "keys", "passphrase", NULL);
    g_autoptr(GBytes) line = nsk_file_read(path, 1024, error);

    if (line == NULL)
        return false;
    g_autofree char *passphrase = g_strndup(g_bytes_get_data(line, NULL), g_bytes_get_size(line));
    g_strchomp(passphrase);
    NskSignAct wanted = { demo->letter, demo->shown, NULL, passphrase, NULL };
    if (!nsk_office_sign_confirm(demo->office, &wanted, &result, error))
        return false;
    nsk_json_unref(result);
    return true;
}

static bool
export_pdf(Demo *demo, GError **error)
{
    NskExport what = { .form = NSK_EXPORT_PDF };
    g_autoptr(GBytes) pdf = NULL;

    demo->pdf = g_build_filename(demo->dir, "surat-demo.pdf", NULL);
    return nsk_office_letter_export(demo->office, demo->letter, &what, &pdf, error) &&
           nsk_cli_write(demo->pdf, pdf, error) && nsk_office_sequence(demo->office, error) &&
           nsk_office_project(demo->office, error) && nsk_office_index(demo->office, error);
}

static bool
tell_history(Demo *demo, GError **error)
{
    if (!nsk_office_letter_history(demo->office, demo->letter, &demo->history, error))
        return false;
    nsk_cli_write_history(demo->words, demo->history);
    return true;
}

/* The verdict on @pdf must be @expected. */
static bool
expect_verdict(Demo *demo, GBytes *pdf, const char *expected, GError **error)
{
    NskJson *result = NULL;

    if (!nsk_office_verify(NULL, pdf, demo->trust, nsk_clock_now(&nsk_clock_system), &result,
                           error))
        return false;
    const char *verdict = nsk_json_get_text(result, "verdict");
    bool ok = strcmp(verdict, expected) == 0;
    if (!ok)
        g_set_error(error, NSK_ERROR, NSK_ERROR_INTERNAL,
                    nsk_tr("the verdict should be '%s' and is '%s'"), expected, verdict);
    nsk_json_unref(result);
    return ok;
}

static bool
verify(Demo *demo, GError **error)
{
    g_autoptr(GBytes) pdf = nsk_file_read(demo->pdf, SIZE_MAX, error);

    return pdf != NULL && expect_verdict(demo, pdf, "valid", error);
}

static bool
verify_changed_copy(Demo *demo, GError **error)
{
    gsize size;
    g_autoptr(GBytes) pdf = nsk_file_read(demo->pdf, SIZE_MAX, error);

    if (pdf == NULL)
        return false;
    uint8_t *copy = g_bytes_unref_to_data(g_steal_pointer(&pdf), &size);
    copy[size / 3] ^= 1; /* somewhere in the middle of the first page */
    g_autoptr(GBytes) changed = g_bytes_new_take(copy, size);
    return expect_verdict(demo, changed, "invalid", error);
}

static const struct {
    const char *words;
    bool (*run)(Demo *demo, GError **error);
} steps[] = {
    { N_("An office is made: an invented agency of 30 people, with keys of a demo authority"),
      make_office },
    { N_("Damar, a clerk, drafts an official letter of two pages"), draft },
    { N_("Damar submits it for review"), submit },
    { N_("Kirana, the first reviewer, sends it back: the 29th is no Thursday"), send_back },
    { N_("Damar revises it; what changed:"), revise },
    { N_("Damar submits it again"), submit },
    { N_("Kirana gives her paraf"), first_paraf },
    { N_("Budi, the second reviewer, gives his"), second_paraf },
    { N_("Dr. Sekar, the official, opens it: the number is taken, the pages are frozen"),
      freeze_pages },
    { N_("She has seen the pages and signs them; the letter is sent and filed"), sign },
    { N_("Pages and history go to ordinary files: a PDF and a git repository"), export_pdf },
    { N_("The letter's history, checked as it is read:"), tell_history },
    { N_("The PDF is verified: signed, unchanged, vouched for"), verify },
    { N_("One bit of a copy is flipped: verification refuses it"), verify_changed_copy },
};

/* On a terminal, without --once, waits for Enter. */
static void
wait_for_reader(const Demo *demo)
{
    if (once || demo->cli->json || !isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return;
    (void)fputs(nsk_tr("      (Enter goes on) "), demo->words);
    (void)fflush(demo->words);
    for (int c = getchar(); c != '\n' && c != EOF; c = getchar())
        continue;
}

static bool
run_steps(Demo *demo, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        int64_t began = g_get_monotonic_time();

        (void)fprintf(demo->words, "%3zu.  %s\n", i + 1, nsk_tr(steps[i].words));
        (void)fflush(demo->words);
        if (!steps[i].run(demo, error)) {
            g_prefix_error(error, nsk_tr("step %d of the demo: "), (int)i + 1);
            return false;
        }
        (void)fprintf(demo->words, nsk_tr("      done in %.1f ms\n"),
                      (double)(g_get_monotonic_time() - began) / 1000.0);
        if (i + 1 < G_N_ELEMENTS(steps))
            wait_for_reader(demo);
    }
    return true;
}

/* --- Around them -------------------------------------------------------------------------------
 */

static char *
find_repository(const Demo *demo, GError **error)
{
    g_autofree char *folder = g_build_filename(demo->dir, "repositories", NULL);
    NskJson *shown = NULL;

    if (!nsk_office_letter_show(demo->office, demo->letter, &shown, error))
        return NULL;
    g_autofree char *name = g_strdup(nsk_json_get_text(shown, "repository"));
    nsk_json_unref(shown);
    return g_strdup_printf("%s/%s.git", folder, name);
}

static bool
sum_up(Demo *demo, GError **error)
{
    g_autofree char *repository = find_repository(demo, error);
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    const char *program = self != NULL ? self : "naskah";

    if (repository == NULL)
        return false;
    (void)fprintf(demo->words, nsk_tr("\nAll of it in %.2f s. Look for yourself:\n"),
                  (double)(g_get_monotonic_time() - demo->began) / 1e6);
    (void)fprintf(demo->words, "  PDF         %s\n", demo->pdf);
    (void)fprintf(demo->words, "  git         git -C %s log refs/letters/%s\n", repository,
                  demo->letter);
    (void)fprintf(demo->words, "  naskah      %s letter show %s --dir %s --as %s\n", program,
                  demo->letter, demo->dir, OFFICIAL);
    (void)fprintf(demo->words, "  naskah      %s verify %s --trust %s\n", program, demo->pdf,
                  demo->trust);
    (void)fprintf(demo->words, "%s\n",
                  nsk_tr("Agency, people and keys are invented: the signature is a DEMO and has no "
                         "legal force."));
    NskJson *result = nsk_json_object();
    nsk_json_set_text(result, "letter", demo->letter);
    nsk_json_set_text(result, "pdf", demo->pdf);
    nsk_json_set_text(result, "repository", repository);
    nsk_json_set_text(result, "office", demo->dir);
    nsk_json_set_text(result, "trust", demo->trust);
    nsk_cli_print(demo->cli, result, NULL);
    return true;
}

/* The folder, as an absolute path so that what is printed can be used from anywhere. */
static char *
choose_folder(const NskCli *cli, GError **error)
{
    g_autoptr(GError) fault = NULL;

    if (cli->dir_given)
        return g_canonicalize_filename(cli->dir, NULL);
    char *folder = g_dir_make_tmp("naskah-demo-XXXXXX", &fault);
    if (folder == NULL)
        g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot make a temporary folder: %s"),
                    fault->message);
    return folder;
}

static bool
run(NskCli *cli, GError **error)
{
    g_auto(Demo) demo = { .cli = cli, .words = cli->json ? stderr : stdout };

    if (listen_at != NULL) {
        g_autofree char *folder = choose_folder(cli, error);
        if (folder == NULL)
            return false;
        g_free(cli->dir);
        cli->dir = g_steal_pointer(&folder);
        return nsk_cli_demo_serve(cli, listen_at, error);
    }
    demo.began = g_get_monotonic_time();
    demo.dir = choose_folder(cli, error);
    return demo.dir != NULL && run_steps(&demo, error) && sum_up(&demo, error);
}

const NskCommand nsk_command_demo = {
    .name = "demo",
    .summary = N_("show a letter's life, from draft to archive, in an office made for it"),
    .usage = "",
    .examples = "    naskah demo\n"
                "    naskah demo --once --json\n"
                "    naskah demo --dir kantor-demo --listen 127.0.0.1:8080",
    .options = options,
    .run = run,
};
