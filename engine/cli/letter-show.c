/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

#define CONTENT_DIGITS 16

static void
print_route(const NskJson *route, bool paper)
{
    const char *hand = paper ? nsk_tr("on paper") : nsk_tr("signature");

    for (size_t i = 0; i < nsk_json_length(route); i++) {
        const NskJson *part = nsk_json_at(route, i);
        bool signatory = g_strcmp0(nsk_json_get_text(part, "role"), "signatory") == 0;
        const char *mark = nsk_json_get_bool(part, "done", false) ? "[x]" : "[ ]";

        (void)printf("  %s %-12s %s (%s)\n", mark, signatory ? hand : nsk_tr("paraf"),
                     nsk_json_get_text(part, "title"), nsk_json_get_text(part, "holder"));
    }
}

static void
print_row(const char *label, const char *value)
{
    if (value != NULL)
        (void)printf("%-14s %s\n", label, value);
}

/* What waits, and whether nobody is there for it. */
static void
print_task(const NskJson *task)
{
    const char *presence = nsk_json_get_text(task, "presence");
    bool left = g_strcmp0(presence, "away") == 0 || g_strcmp0(presence, "vacant") == 0;
    const char *signing = nsk_json_get_text(task, "signing");
    g_autofree char *text =
        g_strconcat(nsk_json_get_text(task, "name"),
                    left ? nsk_tr(" (nobody is there for it)") : "", signing != NULL ? ": " : NULL,
                    signing != NULL ? nsk_office_word_of("signing", signing) : NULL, NULL);

    print_row(nsk_tr("Waiting"), text);
}

static void
print_links(const NskJson *links)
{
    for (size_t i = 0; i < nsk_json_length(links); i++) {
        const NskJson *link = nsk_json_at(links, i);
        const char *subject = nsk_json_get_text(link, "subject");
        bool outward = strcmp(nsk_json_get_text(link, "direction"), "to") == 0;

        (void)printf("%s %s  %s  %s\n", outward ? "->" : "<-",
                     nsk_office_word(nsk_json_get_text(link, "type")),
                     nsk_json_get_text(link, "letter"), subject != NULL ? subject : "");
    }
}

static void
print_notes(const NskJson *notes)
{
    for (size_t i = 0; i < nsk_json_length(notes); i++) {
        const NskJson *note = nsk_json_at(notes, i);

        (void)printf("%s %s (%s, %s): %s\n", nsk_tr("Note"), nsk_json_get_text(note, "at"),
                     nsk_json_get_text(note, "name"), nsk_json_get_text(note, "position"),
                     nsk_json_get_text(note, "text"));
    }
}

/* A superior corrected the letter after these parafs: what for, and what changed. */
static void
print_standing(const NskJson *parafs)
{
    for (size_t i = 0; i < nsk_json_length(parafs); i++) {
        const NskJson *paraf = nsk_json_at(parafs, i);
        const char *difference = nsk_json_get_text(paraf, "difference");

        if (difference == NULL)
            continue;
        (void)printf(nsk_tr("The paraf of %s stands for version %d; corrected since:\n"),
                     nsk_json_get_text(paraf, "person"),
                     (int)nsk_json_get_int(paraf, "version", 0));
        (void)fputs(difference, stdout);
    }
}

static void
print_words(const NskJson *result)
{
    const NskJson *tasks = nsk_json_get(result, "tasks");
    g_autofree char *content = g_strndup(nsk_json_get_text(result, "content"), CONTENT_DIGITS);
    g_autofree char *version = g_strdup_printf("%d", (int)nsk_json_get_int(result, "version", 0));

    print_row(nsk_tr("Letter"), nsk_json_get_text(result, "letter"));
    print_row(nsk_tr("Subject"), nsk_json_get_text(result, "subject"));
    print_row(nsk_tr("Number"), nsk_json_get_text(result, "number"));
    print_row(nsk_tr("Date"), nsk_json_get_text(result, "date"));
    print_row(nsk_tr("State"), nsk_office_word(nsk_json_get_text(result, "state")));
    print_row(nsk_tr("Version"), version);
    print_row(nsk_tr("Content"), content);
    (void)printf("%s\n", nsk_tr("Route"));
    print_route(nsk_json_get(result, "route"), nsk_json_get_bool(result, "paper", false));
    for (size_t i = 0; i < nsk_json_length(tasks); i++)
        print_task(nsk_json_at(tasks, i));
    print_standing(nsk_json_get(result, "parafs"));
    print_links(nsk_json_get(result, "links"));
    print_notes(nsk_json_get(result, "notes"));
}

static bool
run(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL || !nsk_office_letter_show(office, cli->args[0], &result, error))
        return false;
    nsk_cli_see(office, nsk_json_get_text(result, "letter"));
    nsk_cli_print(cli, result, print_words);
    return true;
}

const NskCommand nsk_command_letter_show = {
    .group = "letter",
    .name = "show",
    .summary = N_("what a letter is, where it stands and who is next"),
    .usage = "LETTER",
    .examples = "    naskah letter show B-1/SU/KP.08.1/07/2026",
    .min_args = 1,
    .max_args = 1,
    .run = run,
};
