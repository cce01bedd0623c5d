/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/bytes.h"
#include "base/message.h"
#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void
nsk_cli_print(const NskCli *cli, NskJson *result, NskCliWords words)
{
    if (cli->json) {
        g_autofree char *text = nsk_json_canonical(result);

        (void)puts(text);
    } else if (words != NULL) {
        words(result);
    }
    nsk_json_unref(result);
}

NskJson *
nsk_cli_issue_to_json(const NskIssue *issue)
{
    NskJson *row = nsk_json_object();

    nsk_json_set_text(row, "tag", issue->tag);
    nsk_json_set_text(row, "severity", issue->severity == NSK_SEVERITY_ERROR ? "error" : "warning");
    nsk_json_set_text(row, "file", issue->file);
    nsk_json_set_int(row, "line", issue->line);
    nsk_json_set_int(row, "column", issue->column);
    nsk_json_set_text(row, "text", issue->text);
    return row;
}

void
nsk_cli_print_issues(const NskCli *cli, const NskIssues *issues)
{
    g_autoptr(NskJson) result = nsk_json_object();
    NskJson *list = nsk_json_array();

    nsk_json_set(result, "issues", list);
    for (guint i = 0; i < issues->len; i++) {
        const NskIssue *issue = g_ptr_array_index(issues, i);
        g_autofree char *line = nsk_issue_format(issue);

        nsk_json_add(list, nsk_cli_issue_to_json(issue));
        if (!cli->json)
            (void)printf("%s\n", line);
    }
    if (cli->json) {
        g_autofree char *text = nsk_json_canonical(result);

        (void)puts(text);
    }
}

void
nsk_cli_write_done(const NskJson *result)
{
    const NskJson *next = nsk_json_get(result, "next");

    (void)printf(nsk_tr("Done. The letter is now: %s\n"),
                 nsk_office_word(nsk_json_get_text(result, "state")));
    for (size_t i = 0; i < nsk_json_length(next); i++)
        (void)printf(nsk_tr("Next: %s\n"), nsk_json_get_text(nsk_json_at(next, i), "name"));
}

void
nsk_cli_say(const NskCli *cli, const char *format, ...)
{
    va_list args;

    if (cli->json)
        return;
    va_start(args, format);
    (void)vfprintf(stderr, format, args);
    va_end(args);
    (void)fputc('\n', stderr);
}

/* Standard input, of at most @limit bytes. */
static GBytes *
read_stdin(size_t limit, GError **error)
{
    g_autoptr(GByteArray) all = g_byte_array_new();
    uint8_t block[65536];
    size_t n;

    while ((n = fread(block, 1, sizeof block, stdin)) > 0) {
        if (all->len + n > limit) {
            g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                        nsk_tr("standard input has more than %zu bytes, the limit here"), limit);
            return NULL;
        }
        g_byte_array_append(all, block, (guint)n);
    }
    return g_byte_array_free_to_bytes(g_steal_pointer(&all));
}

GBytes *
nsk_cli_read(const char *path, size_t limit, GError **error)
{
    return strcmp(path, "-") == 0 ? read_stdin(limit, error) : nsk_file_read(path, limit, error);
}

bool
nsk_cli_write(const char *path, GBytes *bytes, GError **error)
{
    size_t size;
    const void *data = g_bytes_get_data(bytes, &size);

    if (path != NULL && strcmp(path, "-") != 0)
        return nsk_file_write(path, data, size, 0600, error);
    if (isatty(STDOUT_FILENO) && memchr(data, '\0', size) != NULL) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("this is not text: name a file with --output"));
        return false;
    }
    if (fwrite(data, 1, size, stdout) != size || fflush(stdout) != 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot write to standard output: %s"),
                    nsk_reason(errno));
        return false;
    }
    return true;
}

void
nsk_cli_see(NskOffice *office, const char *letter)
{
    (void)nsk_office_disposition_see(office, letter, NULL);
}

void
nsk_cli_warn(const NskJson *result)
{
    const NskJson *warnings = nsk_json_get(result, "warnings");

    for (size_t i = 0; i < nsk_json_length(warnings); i++)
        (void)fprintf(stderr, "%s: %s\n", nsk_tr("warning"), nsk_json_text_at(warnings, i));
}
