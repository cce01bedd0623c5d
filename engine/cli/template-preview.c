/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A kind in a profile, as it prints: for whoever writes one of the two.  With --watch the pages are
 * made again when a file has changed; a fault is told and waited out.
 */
#include "base/limits.h"
#include "base/message.h"
#include "base/resource.h"
#include "cli/commands.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#define LOOK_US (100 * 1000) /* between two looks at the files */

static char *output;
static char *profile_name;
static char *sample_name;
static gboolean watch;

static const GOptionEntry options[] = {
    { "profile", 0, 0, G_OPTION_ARG_STRING, &profile_name,
      N_("a profile's file, or the name of a built-in one (demo)"), "PROFILE" },
    { "sample", 0, 0, G_OPTION_ARG_FILENAME, &sample_name,
      N_("a letter of the kind (the built-in sample)"), "FILE" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
      N_("where to write the PDF; a name in .html: one HTML page for phones and screen readers"),
      "FILE" },
    { "watch", 0, 0, G_OPTION_ARG_NONE, &watch,
      N_("make the pages again whenever one of the files changes, until interrupted"), NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

/* A file by its path, or a built-in one by its short name. */
typedef struct {
    const char *asked;
    const char *folder; /* of built-in ones */
    const char *ending;
    char *path; /* of the file; NULL: built in */
    int64_t changed_us;
} Source;

enum { KIND, PROFILE, SAMPLE, N_SOURCES };

static bool
is_short_name(const char *name)
{
    return strchr(name, '/') == NULL && strchr(name, '.') == NULL;
}

static GBytes *
source_load(const Source *self, size_t limit, GError **error)
{
    if (self->path != NULL)
        return nsk_cli_read(self->path, limit, error);
    g_autofree char *name = g_strconcat(self->folder, self->asked, self->ending, NULL);
    return nsk_resource_load(name, error);
}

/* When the file was written; 0 for a built-in one, and while it is not there. */
static int64_t
source_changed(const Source *self)
{
    GStatBuf st;

    if (self->path == NULL || g_stat(self->path, &st) != 0)
        return 0;
    return (int64_t)st.st_mtim.tv_sec * G_USEC_PER_SEC + st.st_mtim.tv_nsec / 1000;
}

static void
source_set(Source *self, const char *asked)
{
    self->asked = asked;
    self->path = is_short_name(asked) ? NULL : g_strdup(asked);
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
print_words(const NskJson *result)
{
    (void)printf(nsk_tr("%s: %d ms\n"), nsk_json_get_text(result, "file"),
                 (int)nsk_json_get_int(result, "ms", 0));
}

static bool
make_pages(NskCli *cli, const Source *sources, GError **error)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GBytes) pages = NULL;
    int64_t begun = g_get_monotonic_time();
    g_autoptr(GBytes) kind = source_load(&sources[KIND], NSK_LIMIT_FORM_SIZE, error);
    g_autoptr(GBytes) profile =
        kind != NULL ? source_load(&sources[PROFILE], NSK_LIMIT_FORM_SIZE, error) : NULL;
    g_autoptr(GBytes) letter =
        profile != NULL ? source_load(&sources[SAMPLE], NSK_LIMIT_LETTER_SIZE, error) : NULL;
    NskOfficeFile file = { sources[SAMPLE].asked, letter };
    NskOfficeRendering how = { .html = g_str_has_suffix(output, ".html"),
                               .kind = { sources[KIND].asked, kind },
                               .profile = { sources[PROFILE].asked, profile } };

    if (letter == NULL || !nsk_office_render(NULL, &file, &how, issues, &pages, error) ||
        !nsk_cli_write(output, pages, error))
        return false;
    say_issues(cli, issues);
    NskJson *result = nsk_json_object();
    nsk_json_set_text(result, "file", output);
    nsk_json_set_int(result, "size", (int64_t)g_bytes_get_size(pages));
    nsk_json_set_int(result, "warnings", issues->len);
    nsk_json_set_int(result, "ms", (g_get_monotonic_time() - begun) / 1000);
    nsk_cli_print(cli, result, print_words);
    (void)fflush(stdout);
    return true;
}

/* Whether a file is another than it was; notes what is there now. */
static bool
has_changed(Source *sources)
{
    bool changed = false;

    for (size_t i = 0; i < N_SOURCES; i++) {
        int64_t now = source_changed(&sources[i]);

        changed = changed || (now != 0 && now != sources[i].changed_us);
        sources[i].changed_us = now;
    }
    return changed;
}

/* Until interrupted. */
static void
follow(NskCli *cli, Source *sources)
{
    for (;;) {
        g_autoptr(GError) fault = NULL;

        g_usleep(LOOK_US);
        if (has_changed(sources) && !make_pages(cli, sources, &fault))
            nsk_cli_say(cli, "%s", fault->message);
    }
}

static bool
run(NskCli *cli, GError **error)
{
    Source sources[N_SOURCES] = {
        [KIND] = { .folder = "templates/letters/", .ending = ".xml" },
        [PROFILE] = { .folder = "templates/profiles/", .ending = ".xml" },
        [SAMPLE] = { .folder = "templates/letters/", .ending = ".sample.xml" },
    };
    const char *kind = cli->args[0];

    if (output == NULL || (sample_name == NULL && !is_short_name(kind))) {
        g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                            nsk_tr("say where to with -o, and for a kind of your own name a letter "
                                   "with --sample"));
        return false;
    }
    source_set(&sources[KIND], kind);
    source_set(&sources[PROFILE], profile_name != NULL ? profile_name : "demo");
    source_set(&sources[SAMPLE], sample_name != NULL ? sample_name : kind);
    (void)has_changed(sources);
    bool ok = make_pages(cli, sources, error);
    if (ok && watch)
        follow(cli, sources);
    for (size_t i = 0; i < N_SOURCES; i++)
        g_free(sources[i].path);
    return ok;
}

const NskCommand nsk_command_template_preview = {
    .group = "template",
    .name = "preview",
    .summary = N_("draw a kind of letter in a profile, with a sample"),
    .usage = "KIND",
    .examples = "    naskah template preview surat-dinas -o surat.pdf\n"
                "    naskah template preview surat-dinas --profile dinas.xml -o surat.pdf --watch\n"
                "    naskah template preview izin.xml --sample izin-contoh.xml -o izin.html",
    .min_args = 1,
    .max_args = 1,
    .options = options,
    .run = run,
};
