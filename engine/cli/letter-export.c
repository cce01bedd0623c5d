/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/limits.h"
#include "base/message.h"
#include "cli/commands.h"

static char *output;
static gboolean xml;
static gboolean html;
static char *attachment;
static int page;
static int copy;
static gboolean copies;
static int width;
static gboolean national;
static gboolean original;

static const GOptionEntry options[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_("where to write it"), "FILE" },
    { "xml", 0, 0, G_OPTION_ARG_NONE, &xml, N_("the letter's XML instead of its pages"), NULL },
    { "html", 0, 0, G_OPTION_ARG_NONE, &html, N_("one HTML page, for phones and screen readers"),
      NULL },
    { "attachment", 0, 0, G_OPTION_ARG_STRING, &attachment, N_("this attached file instead"),
      "NAME" },
    { "page", 0, 0, G_OPTION_ARG_INT, &page, N_("a picture (PNG) of this page"), "N" },
    { "copy", 0, 0, G_OPTION_ARG_INT, &copy,
      N_("the copy for this addressee, counted from 1, who stands on it alone"), "N" },
    { "copies", 0, 0, G_OPTION_ARG_NONE, &copies, N_("every copy, into a folder (-o)"), NULL },
    { "original", 0, 0, G_OPTION_ARG_NONE, &original,
      N_("of a secret letter: the signed bytes, for who sends or signs it"), NULL },
    { "width", 0, 0, G_OPTION_ARG_INT, &width, N_("how wide the picture is, in pixels (1000)"),
      "W" },
    { "for-national", 0, 0, G_OPTION_ARG_NONE, &national,
      N_("into a folder (-o): the pages, and what is typed in the national application"), NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static bool
run(NskCli *cli, GError **error)
{
    g_autoptr(GBytes) bytes = NULL;

    if (page < 0) {
        g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                            nsk_tr("--page takes the number of a page, counted from 1"));
        return false;
    }
    if (copy < 0) {
        g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                            nsk_tr("--copy takes the number of a copy, counted from 1"));
        return false;
    }
    if (width < 0 || width > NSK_LIMIT_PREVIEW_WIDTH) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    nsk_tr("--width takes 1 to %d pixels"), NSK_LIMIT_PREVIEW_WIDTH);
        return false;
    }
    NskExport what = { .form = attachment != NULL ? NSK_EXPORT_ATTACHMENT
                               : xml              ? NSK_EXPORT_XML
                               : html             ? NSK_EXPORT_HTML
                               : page > 0         ? NSK_EXPORT_PREVIEW
                               : copy > 0         ? NSK_EXPORT_COPY
                               : original         ? NSK_EXPORT_ORIGINAL
                                                  : NSK_EXPORT_PDF,
                       .page = (unsigned)(page > 0 ? page : copy),
                       .width = (unsigned)width,
                       .name = attachment };
    NskOffice *office = nsk_cli_open(cli, error);

    if (office != NULL && national)
        return nsk_cli_export_national(cli, office, output != NULL ? output : ".", error);
    if (office != NULL && copies)
        return nsk_cli_export_copies(cli, office, output != NULL ? output : ".", error);
    if (office == NULL || !nsk_office_letter_export(office, cli->args[0], &what, &bytes, error) ||
        !nsk_cli_write(output, bytes, error))
        return false;
    nsk_cli_see(office, cli->args[0]);
    if (output != NULL) {
        NskJson *result = nsk_json_object();

        nsk_json_set_text(result, "file", output);
        nsk_json_set_int(result, "size", (int64_t)g_bytes_get_size(bytes));
        nsk_cli_print(cli, result, NULL);
    }
    return true;
}

const NskCommand nsk_command_letter_export = {
    .group = "letter",
    .name = "export",
    .summary =
        N_("write a letter's pages (PDF), its XML, a picture of a page, or an attached file"),
    .usage = "LETTER",
    .examples = "    naskah letter export LETTER -o surat.pdf\n"
                "    naskah letter export LETTER --xml -o surat.xml\n"
                "    naskah letter export LETTER --html -o surat.html\n"
                "    naskah letter export LETTER --page 1 -o halaman-1.png\n"
                "    naskah letter export LETTER --copies -o salinan",
    .min_args = 1,
    .max_args = 1,
    .options = options,
    .run = run,
};
