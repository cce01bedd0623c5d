/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/bytes.h"
#include "base/message.h"
#include "cli/demo-serve.h"
#include "story/story.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static gboolean demo;
static gboolean empty;
static char *directory;
static char *profile;
static char *person;

static const GOptionEntry options[] = {
    { "demo", 0, 0, G_OPTION_ARG_NONE, &demo,
      N_("an invented agency of 30 people, with demo keys and the letters of some weeks"), NULL },
    { "empty", 0, 0, G_OPTION_ARG_NONE, &empty, N_("with --demo: no letters yet"), NULL },
    { "directory", 0, 0, G_OPTION_ARG_FILENAME, &directory,
      N_("units, positions and people: an XML file, or a folder of CSV files"), "PATH" },
    { "profile", 0, 0, G_OPTION_ARG_FILENAME, &profile, N_("the agency's profile"), "FILE" },
    { "person", 0, 0, G_OPTION_ARG_FILENAME, &person,
      N_("whom this machine's account belongs to in the office"), "ID" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static void
print_words(const NskJson *result)
{
    const char *trust = nsk_json_get_text(result, "trust");
    const char *password = nsk_json_get_text(result, "password");

    (void)printf(nsk_tr("The office is in %s\n"), nsk_json_get_text(result, "office"));
    if (nsk_json_get_int(result, "letters", 0) > 0)
        (void)printf(nsk_tr("It holds %d letters of the last weeks\n"),
                     (int)nsk_json_get_int(result, "letters", 0));
    if (trust != NULL)
        (void)printf(nsk_tr("Demo keys are in %s; the demo authority's certificate is %s\n"),
                     nsk_json_get_text(result, "keys"), trust);
    if (password != NULL)
        (void)printf(nsk_tr("In this demo everybody signs in under his id with the password %s\n"),
                     password);
}

static void
show_progress(int64_t done, int64_t total, void *data)
{
    nsk_cli_progress(N_("The letters of some weeks are written"), done, total, data);
}

/* Adds what the story made to the result of making the office. */
static bool
tell_story(NskCli *cli, NskStory *story, const char *dir, NskJson *result, GError **error)
{
    g_autoptr(NskJson) told = NULL;
    bool ok = nsk_story_tell(story, dir, show_progress, cli, &told, error);

    nsk_cli_progress_end(cli);
    if (ok)
        nsk_json_set_int(result, "letters", nsk_json_get_int(told, "letters", 0));
    return ok;
}

static bool
run(NskCli *cli, GError **error)
{
    g_autoptr(NskJson) result = NULL;
    bool living = demo && !empty && directory == NULL;
    g_autoptr(NskStory) story =
        living ? nsk_story_load(nsk_clock_now(&nsk_clock_system), error) : NULL;
    NskInitOptions wanted = { .dir = cli->n_args > 0 ? cli->args[0] : cli->dir,
                              .demo = demo,
                              .directory = directory,
                              .profile = profile,
                              .person = person,
                              .clock = living && story != NULL ? nsk_story_get_clock(story)
                                                               : &nsk_clock_system };

    if ((living && story == NULL) || !nsk_office_init(&wanted, &result, error) ||
        (living && !tell_story(cli, story, wanted.dir, result, error)))
        return false;
    nsk_cli_print(cli, g_steal_pointer(&result), print_words);
    return true;
}

bool
nsk_cli_demo_make(NskCli *cli, GError **error)
{
    NskJson *made = NULL;
    g_autoptr(NskStory) story = nsk_story_load(nsk_clock_now(&nsk_clock_system), error);

    if (story == NULL)
        return false;
    /* beside it, so that one that was cut off while it was made is none */
    g_autofree char *half = g_strconcat(cli->dir, ".half", NULL);
    const NskInitOptions wanted = { .dir = half,
                                    .demo = true,
                                    .clock = nsk_story_get_clock(story) };
    nsk_folder_remove(half);
    if (!nsk_office_init(&wanted, &made, error))
        return false;
    g_autoptr(NskJson) result = made;
    if (!tell_story(cli, story, half, result, error))
        return false;
    if (rename(half, cli->dir) == 0)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("'%s' cannot be made: %s"), cli->dir,
                g_strerror(errno));
    nsk_folder_remove(half);
    return false;
}

const NskCommand nsk_command_init = {
    .name = "init",
    .summary = N_("make a new office"),
    .usage = "[OFFICE]",
    .examples = "    naskah init kantor --demo\n"
                "    naskah init kantor --demo --empty\n"
                "    naskah init kantor --directory pegawai.xml --person sekar",
    .max_args = 1,
    .options = options,
    .run = run,
};
