/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Handing archives over: a folder with the evidence file of each letter, the list, and a form for
 * the receipt.  Cut off, the same command writes it again.  The history of each letter has an entry
 * with the digest of each file that was made of it.
 *
 *     FOLDER/<letter id>.zip    as 'naskah archive export' writes it
 *     FOLDER/berita-acara.zip   the evidence file of the record that was signed
 *     FOLDER/daftar.csv         what is in which file, with its digest
 *     FOLDER/tanda-terima.txt   to be signed by who takes them
 */
#include "base/message.h"
#include "cli/commands.h"
#include "office/disposal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define FOLDER_MODE 0700

static char *output;
static char *number;

static const GOptionEntry transfer_options[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_("folder to write to"), "FOLDER" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};
static const GOptionEntry receipt_options[] = {
    { "number", 0, 0, G_OPTION_ARG_FILENAME, &number,
      N_("number of the receipt, and who signed it"), "TEXT" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

/* A field of a table (RFC 4180). */
static void
add_field(GString *out, const char *text, const char *end)
{
    g_autofree char *quoted = NULL;
    g_auto(GStrv) parts = g_strsplit(text != NULL ? text : "", "\"", -1);

    quoted = g_strjoinv("\"\"", parts);
    g_string_append_printf(out, "\"%s\"%s", quoted, end);
}

/* Writes the evidence file @name of a letter; its SHA-256 in hex, owned. */
static char *
write_evidence(NskOffice *office, const char *letter, const char *name, GError **error)
{
    g_autoptr(GBytes) zip = NULL;
    g_autofree char *path = g_build_filename(output, name, NULL);

    if (!nsk_office_archive_export(office, letter, &zip, error) || !nsk_cli_write(path, zip, error))
        return NULL;
    return g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, zip);
}

/* Takes out one letter; adds its line. */
static bool
take_out(NskOffice *office,
         const NskJson *file,
         const NskJson *letter,
         GString *list,
         GError **error)
{
    const char *id = nsk_json_get_text(letter, "letter");
    g_autofree char *name = g_strconcat(id, ".zip", NULL);
    g_autofree char *digest = write_evidence(office, id, name, error);

    if (digest == NULL)
        return false;
    add_field(list, nsk_json_get_text(file, "code"), ",");
    add_field(list, nsk_json_get_text(file, "title"), ",");
    add_field(list, nsk_json_get_text(letter, "number"), ",");
    add_field(list, nsk_json_get_text(letter, "date"), ",");
    add_field(list, nsk_json_get_text(letter, "kind"), ",");
    add_field(list, name, ",");
    add_field(list, digest, "\r\n");
    return true;
}

static bool
write_text(const char *name, const char *text, GError **error)
{
    g_autofree char *path = g_build_filename(output, name, NULL);
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));

    return nsk_cli_write(path, bytes, error);
}

static bool
write_receipt(const NskJson *result, const GString *list, GError **error)
{
    g_autofree char *digest =
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)list->str, list->len);
    g_autofree char *text = g_strdup_printf(
        nsk_tr("RECEIPT OF STATIC ARCHIVES\n\nProposal: %s\nUnit: %s\nLetters: %d\nSHA-256 of the "
               "approved list: %s\nSHA-256 of daftar.csv: %s\n\nThe files named in daftar.csv were "
               "taken "
               "over whole.\n\n"
               "Number:\nDate:\nName and position:\nSignature:\n"),
        nsk_json_get_text(result, "disposal"), nsk_json_get_text(result, "unit"),
        (int)nsk_json_get_int(result, "letters", 0), nsk_json_get_text(result, "digest"), digest);

    return write_text("tanda-terima.txt", text, error);
}

static bool
take_out_all(NskOffice *office, const NskJson *result, GError **error)
{
    const NskJson *files = nsk_json_get(result, "files");
    g_autoptr(GString) list = g_string_new("code,title,number,date,kind,file,sha256\r\n");

    if (mkdir(output, FOLDER_MODE) != 0 && errno != EEXIST) {
        g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno),
                    nsk_tr("cannot make the folder '%s': %s"), output, g_strerror(errno));
        return false;
    }
    for (size_t i = 0; i < nsk_json_length(files); i++) {
        const NskJson *file = nsk_json_at(files, i);
        const NskJson *letters = nsk_json_get(file, "letters");

        for (size_t k = 0; k < nsk_json_length(letters); k++) {
            if (!take_out(office, file, nsk_json_at(letters, k), list, error))
                return false;
        }
    }
    g_autofree char *record =
        write_evidence(office, nsk_json_get_text(result, "letter"), "berita-acara.zip", error);
    return record != NULL && write_text("daftar.csv", list->str, error) &&
           write_receipt(result, list, error);
}

static void
print_transfer(const NskJson *result)
{
    (void)printf(
        nsk_tr("%d letters are in '%s' with their list and a form for the receipt. They stay "
               "here, too; when who took them has signed: 'naskah records receipt %s "
               "--number TEXT'.\n"),
        (int)nsk_json_get_int(result, "letters", 0), output, nsk_json_get_text(result, "disposal"));
}

static bool
run_transfer(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    const NskDisposalAct act = { .act = "hand-over", .disposal = cli->args[0] };

    if (output == NULL) {
        g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                            nsk_tr("name the folder with -o FOLDER"));
        return false;
    }
    NskOffice *office = nsk_cli_open(cli, error);
    if (office == NULL || !nsk_office_disposal(office, &act, &result, error))
        return false;
    /* a file of evidence needs its letter's entries proved, also those of a try that was cut off */
    if ((nsk_office_has_written(office) && !nsk_office_sequence(office, error)) ||
        !take_out_all(office, result, error)) {
        nsk_json_unref(result);
        return false;
    }
    nsk_cli_print(cli, result, print_transfer);
    return true;
}

static void
print_received(const NskJson *result)
{
    (void)printf(nsk_tr("Proposal %s is carried out: the archives were handed over.\n"),
                 nsk_json_get_text(result, "disposal"));
}

static bool
run_receipt(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);
    const NskDisposalAct act = { .act = "receipt", .disposal = cli->args[0], .note = number };

    if (office == NULL || !nsk_office_disposal(office, &act, &result, error))
        return false;
    nsk_cli_print(cli, result, print_received);
    return true;
}

const NskCommand nsk_command_records_transfer = {
    .group = "records",
    .name = "transfer",
    .summary = N_("hand over what an approved proposal lists: evidence files, list, receipt"),
    .usage = "PROPOSAL -o FOLDER",
    .examples = "    naskah records transfer PROPOSAL -o serah",
    .min_args = 1,
    .max_args = 1,
    .options = transfer_options,
    .run = run_transfer,
};

const NskCommand nsk_command_records_receipt = {
    .group = "records",
    .name = "receipt",
    .summary = N_("enter the receipt of who took over archives"),
    .usage = "PROPOSAL --number TEXT",
    .examples = "    naskah records receipt PROPOSAL --number \"TT-12/2036, Arsip Daerah\"",
    .min_args = 1,
    .max_args = 1,
    .options = receipt_options,
    .run = run_receipt,
};
