/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tags of a DOCX template, or its text as a draft. */
#include "base/limits.h"
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

#define FINDINGS_STATUS 1

static gboolean convert;
static char *classification;
static char *kind;
static char *letter;
static char *output;
static char *signatory;
static char *to;

static const GOptionEntry options[] = {
    { "kind", 0, 0, G_OPTION_ARG_FILENAME, &kind, N_("for letters of this kind"), "KIND" },
    { "letter", 0, 0, G_OPTION_ARG_FILENAME, &letter,
      N_("say which tags have no value in this letter of the office"), "LETTER" },
    { "convert", 0, 0, G_OPTION_ARG_NONE, &convert, N_("write the text as the draft of a letter"),
      NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_("of --convert: where to write it"),
      "FILE" },
    { "classification", 0, 0, G_OPTION_ARG_FILENAME, &classification,
      N_("of --convert: the draft's code"), "CODE" },
    { "signatory", 0, 0, G_OPTION_ARG_FILENAME, &signatory,
      N_("of --convert: the position that signs"), "ID" },
    { "to", 0, 0, G_OPTION_ARG_FILENAME, &to,
      N_("of --convert: the position that it is addressed to"), "ID" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static void
print_tag(const NskJson *tag)
{
    const NskJson *places = nsk_json_get(tag, "places");

    (void)printf("%s\t%s", nsk_json_get_text(tag, "tag"), nsk_json_get_text(tag, "means"));
    if (nsk_json_get_text(tag, "value") != NULL)
        (void)printf(" = %s", nsk_json_get_text(tag, "value"));
    (void)printf("\t%d\n", (int)nsk_json_get_int(tag, "count", 0));
    for (size_t i = 0; i < nsk_json_length(places); i++)
        (void)printf("    %s\n", nsk_json_text_at(places, i));
}

static void
print_words(const NskJson *result)
{
    const NskJson *tags = nsk_json_get(result, "tags");

    if (tags == NULL)
        (void)printf("%s\n", nsk_json_get_text(result, "draft"));
    for (size_t i = 0; tags != NULL && i < nsk_json_length(tags); i++)
        print_tag(nsk_json_at(tags, i));
}

static void
say_issues(NskCli *cli, const NskIssues *issues)
{
    for (guint i = 0; i < issues->len; i++) {
        g_autofree char *line = nsk_issue_format(g_ptr_array_index(issues, i));

        nsk_cli_say(cli, "%s", line);
    }
}

static void
print_result(NskCli *cli, NskJson *result, const NskIssues *issues)
{
    NskJson *list = nsk_json_array();

    for (guint i = 0; i < issues->len; i++) {
        const NskIssue *issue = g_ptr_array_index(issues, i);

        nsk_json_add(list, nsk_cli_issue_to_json(issue));
    }
    say_issues(cli, issues);
    nsk_json_set(result, "issues", list);
    nsk_cli_print(cli, result, print_words);
}

static bool
list_tags(NskCli *cli, NskOffice *office, const NskOfficeDocx *docx, GError **error)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();
    NskJson *result = NULL;

    if (!nsk_office_docx_tags(office, docx, issues, &result, error))
        return false;
    size_t found = nsk_json_length(nsk_json_get(result, "tags"));
    print_result(cli, result, issues);
    if (nsk_issues_has_error(issues))
        cli->status = FINDINGS_STATUS;
    else if (found == 0)
        nsk_cli_say(cli, nsk_tr("There is no tag in it."));
    return true;
}

static bool
write_draft(NskCli *cli, NskOffice *office, const NskOfficeDocx *docx, GError **error)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GBytes) xml = NULL;

    if (!nsk_office_docx_draft(office, docx, issues, &xml, error) ||
        !nsk_cli_write(output, xml, error))
        return false;
    if (strcmp(output, "-") == 0) { /* the draft is all that goes there */
        say_issues(cli, issues);
        return true;
    }
    NskJson *result = nsk_json_object();
    nsk_json_set_text(result, "draft", output);
    nsk_json_set_int(result, "size", (int64_t)g_bytes_get_size(xml));
    print_result(cli, result, issues);
    nsk_cli_say(cli, nsk_tr("Look through it, then: naskah letter check FILE, "
                            "naskah letter new FILE"));
    return true;
}

static bool
run(NskCli *cli, GError **error)
{
    NskOffice *office = NULL;

    if (convert != (output != NULL) ||
        (!convert && (classification != NULL || signatory != NULL || to != NULL)) ||
        (convert && letter != NULL)) {
        g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                            nsk_tr("--convert goes with -o and what the draft is to say; --letter "
                                   "with the list of tags"));
        return false;
    }
    g_autoptr(GBytes) bytes = nsk_cli_read(cli->args[0], NSK_LIMIT_DOCX_SIZE, error);
    if (bytes == NULL)
        return false;
    if (letter != NULL ? (office = nsk_cli_open(cli, error)) == NULL
                       : !nsk_cli_open_if_named(cli, &office, error))
        return false;
    const NskOfficeDocx docx = { .file = { cli->args[0], bytes },
                                 .kind = kind,
                                 .letter = letter,
                                 .classification = classification,
                                 .signatory = signatory,
                                 .to = to };
    return convert ? write_draft(cli, office, &docx, error) : list_tags(cli, office, &docx, error);
}

const NskCommand nsk_command_template_docx = {
    .group = "template",
    .name = "docx",
    .summary = N_("list the ${tags} of a DOCX, or make a draft of its text"),
    .usage = "FILE.docx",
    .examples = "    naskah template docx undangan.docx\n"
                "    naskah template docx undangan.docx --letter LETTER --dir kantor\n"
                "    naskah template docx undangan.docx --convert -o undangan.xml\n"
                "    naskah template docx tugas.docx --convert --kind surat-tugas "
                "--signatory kepala-biro-umum --classification KP.08.1 -o tugas.xml",
    .min_args = 1,
    .max_args = 1,
    .options = options,
    .run = run,
};
