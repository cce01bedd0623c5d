/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/message.h"
#include "cli/commands.h"
#include "office/search.h"

#include <stdio.h>
#include <string.h>

static int limit;
static char *after;
static NskSearchAsk filter;
static gboolean facets;
static char *csv;
static char *pdf;

#define FILTER(name, member, words, value)                                                         \
    {                                                                                              \
        name, 0, 0, G_OPTION_ARG_STRING, (void *)(uintptr_t)&filter.member, words, value           \
    }

static const GOptionEntry options[] = {
    { "limit", 0, 0, G_OPTION_ARG_INT, &limit, N_("how many at most (20)"), "N" },
    { "after", 0, 0, G_OPTION_ARG_FILENAME, &after, N_("go on after the page that gave this"),
      "KEY" },
    FILTER("from", from, N_("letters of this day and later"), "YYYY-MM-DD"),
    FILTER("until", until, N_("letters of this day and earlier"), "YYYY-MM-DD"),
    FILTER("sender", sender, N_("part of who sent it, or a position that signed it"), "NAME"),
    FILTER("to", addressee, N_("part of who gets it or a copy, or a position"), "NAME"),
    FILTER("classification", classification, N_("this classification and all below it"), "CODE"),
    FILTER("person", person, N_("who held a position of it on its day"), "ID"),
    FILTER("kind", kind, N_("letters of this kind"), "KIND"),
    FILTER("year", year, N_("letters of this year"), "YEAR"),
    FILTER("unit", unit, N_("letters of this unit"), "ID"),
    FILTER("security", security, N_("letters of this security class"), "CLASS"),
    FILTER("state", state, N_("letters in this state"), "STATE"),
    { "facets", 0, 0, G_OPTION_ARG_NONE, &facets, N_("count what was found by kind, year, unit"),
      NULL },
    { "csv", 0, 0, G_OPTION_ARG_FILENAME, &csv, N_("write all that is found as a table (CSV)"),
      "FILE" },
    { "pdf", 0, 0, G_OPTION_ARG_FILENAME, &pdf, N_("write all that is found as pages (PDF)"),
      "FILE" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

/* Or a dash for what is not there. */
static const char *
or_dash(const char *text)
{
    return text != NULL ? text : "-";
}

static void
print_facets(const NskJson *list)
{
    for (size_t i = 0; i < nsk_json_length(list); i++) {
        const NskJson *facet = nsk_json_at(list, i);
        const NskJson *values = nsk_json_get(facet, "values");

        (void)printf("%s:", nsk_json_get_text(facet, "name"));
        for (size_t k = 0; k < nsk_json_length(values); k++) {
            const NskJson *value = nsk_json_at(values, k);

            (void)printf("%s %s (%d)", k > 0 ? "," : "", nsk_json_get_text(value, "value"),
                         (int)nsk_json_get_int(value, "n", 0));
        }
        (void)putchar('\n');
    }
}

static void
print_words(const NskJson *result)
{
    const NskJson *hits = nsk_json_get(result, "hits");
    const char *next = nsk_json_get_text(result, "next");

    if (nsk_json_length(hits) == 0 && next == NULL)
        (void)puts(nsk_tr("No letter that you may read has all these words."));
    for (size_t i = 0; i < nsk_json_length(hits); i++) {
        const NskJson *hit = nsk_json_at(hits, i);
        const char *snippet = nsk_json_get_text(hit, "snippet");

        (void)printf(
            "%s\n    %s  %s  %s\n    %s\n", nsk_json_get_text(hit, "letter"),
            or_dash(nsk_json_get_text(hit, "number")), or_dash(nsk_json_get_text(hit, "date")),
            nsk_office_word(nsk_json_get_text(hit, "state")), nsk_json_get_text(hit, "subject"));
        if (snippet != NULL)
            (void)printf("    %s\n", snippet);
    }
    print_facets(nsk_json_get(result, "facets"));
    if (next != NULL)
        (void)printf(nsk_tr("There may be more: go on with --after %s\n"), next);
}

/* The arguments as one search: an argument with blanks is words in this order. */
static char *
join_args(char *const *args)
{
    GString *text = g_string_new(NULL);

    for (; *args != NULL; args++) {
        bool phrase = strchr(*args, ' ') != NULL && strchr(*args, '"') == NULL;

        g_string_append_printf(text, phrase ? "%s\"%s\"" : "%s%s", text->len > 0 ? " " : "", *args);
    }
    return g_string_free(text, FALSE);
}

/* Whether an option says which letters are meant. */
static bool
has_filter(void)
{
    const char *const values[] = { filter.from,   filter.until,     filter.sender,
                                   filter.person, filter.addressee, filter.classification,
                                   filter.kind,   filter.year,      filter.unit,
                                   filter.state,  filter.security };

    for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
        if (values[i] != NULL)
            return true;
    }
    return false;
}

/* Lists that were asked for, in place of a page of hits. */
static bool
write_lists(NskOffice *office, const NskSearchAsk *ask, GError **error)
{
    const char *const paths[] = { csv, pdf };

    for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_autoptr(GBytes) bytes = NULL;

        if (paths[i] != NULL && (!nsk_office_search_write(office, ask, i == 1, &bytes, error) ||
                                 !nsk_cli_write(paths[i], bytes, error)))
            return false;
    }
    return true;
}

static bool
run(NskCli *cli, GError **error)
{
    if (cli->n_args == 0 && !has_filter()) {
        g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                            nsk_tr("write at least one word to search for, or an option such as "
                                   "--year"));
        return false;
    }

    NskJson *result = NULL;
    g_autofree char *text = join_args(cli->args);
    NskSearchAsk ask = filter;

    ask.text = text;
    ask.limit = (unsigned)limit;
    ask.after = after;
    ask.facets = facets;

    if (limit < 0) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    nsk_tr("--limit %d is no number of letters"), limit);
        return false;
    }
    NskOffice *office = nsk_cli_open(cli, error);
    if (office == NULL)
        return false;
    if (csv != NULL || pdf != NULL)
        return write_lists(office, &ask, error);
    if (!nsk_office_search(office, &ask, &result, error))
        return false;
    bool complete = nsk_json_get_bool(result, "complete", true);
    nsk_cli_print(cli, result, print_words);
    if (!complete)
        nsk_cli_say(cli,
                    nsk_tr("The search index is still being made: not every letter is in it."));
    return true;
}

const NskCommand nsk_command_archive_search = {
    .group = "archive",
    .name = "search",
    .summary = N_("find letters by their words, newest first"),
    .usage = "[WORD...]",
    .examples = "    naskah archive search rapat anggaran\n"
                "    naskah archive search \"rapat kerja\" 005/12/BU/2026\n"
                "    naskah archive search angg\\* --limit 50\n"
                "    naskah archive search sumur --from 2011-01-01 --until 2011-12-31\n"
                "        --sender 'Dinas Pengairan' --classification KP.08 --facets\n"
                "    naskah archive search --person sekar --year 2026\n"
                "    naskah archive search --classification KP.08 --pdf daftar.pdf",
    .min_args = 0,
    .max_args = 1000,
    .options = options,
    .run = run,
};
