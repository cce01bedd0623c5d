/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records: schemes, and files of records (berkas). */
#include "office/records.h"

#include "base/limits.h"
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

static gboolean dry_run;
static char *day;
static char *note;
static char *held;

#define LAST                                                                                       \
    {                                                                                              \
        NULL, 0, 0, 0, NULL, NULL, NULL                                                            \
    }
#define NOTE                                                                                       \
    {                                                                                              \
        "note", 'n', 0, G_OPTION_ARG_FILENAME, &note, N_("why"), "TEXT"                            \
    }

static const GOptionEntry load_options[] = {
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, N_("only say what would change"), NULL },
    LAST,
};
static const GOptionEntry close_options[] = {
    { "date", 0, 0, G_OPTION_ARG_STRING, &day,
      N_("from which day retention counts, where that is not the closing"), "DATE" },
    NOTE,
    LAST,
};
static const GOptionEntry note_options[] = { NOTE, LAST };
static const GOptionEntry due_options[] = {
    { "on", 0, 0, G_OPTION_ARG_STRING, &day, N_("as it will stand on that day"), "DATE" },
    LAST,
};
static const GOptionEntry reason_options[] = {
    { "reason", 0, 0, G_OPTION_ARG_FILENAME, &note, N_("why"), "TEXT" },
    LAST,
};
static const GOptionEntry release_options[] = {
    { "reason", 0, 0, G_OPTION_ARG_FILENAME, &note, N_("why"), "TEXT" },
    { "hold", 0, 0, G_OPTION_ARG_STRING, &held, N_("which, where several hold the file"),
      "NUMBER" },
    LAST,
};

/* --- Schemes. --------------------------------------------------------------------------------- */

static void
print_scheme(const NskJson *result)
{
    (void)printf(nsk_tr("Scheme '%s': %d classes, %d of them with a retention rule.\n"),
                 nsk_json_get_text(result, "scheme"), (int)nsk_json_get_int(result, "classes", 0),
                 (int)nsk_json_get_int(result, "rules", 0));
    (void)printf(
        nsk_tr("New: %d. Changed: %d. Gone: %d.\n"), (int)nsk_json_get_int(result, "added", 0),
        (int)nsk_json_get_int(result, "changed", 0), (int)nsk_json_get_int(result, "gone", 0));
    (void)puts(dry_run ? nsk_tr("Nothing was changed.") : nsk_tr("It is in force."));
}

static bool
run_load(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    g_autoptr(GBytes) bytes = nsk_cli_read(cli->args[0], NSK_LIMIT_XML_SIZE, error);
    NskOffice *office = bytes != NULL ? nsk_cli_open_without_person(cli, error) : NULL;
    const NskOfficeFile file = { cli->args[0], bytes };

    if (office == NULL || !(dry_run ? nsk_office_records_check(office, &file, &result, error)
                                    : nsk_office_records_load(office, &file, &result, error)))
        return false;
    nsk_cli_print(cli, result, print_scheme);
    return true;
}

const NskCommand nsk_command_records_load = {
    .group = "records",
    .name = "load",
    .summary = N_("put a classification scheme with its retention schedule in force"),
    .usage = "FILE.csv",
    .examples = "    naskah records load kementerian.csv --dry-run\n"
                "    naskah records load kementerian.csv --dir kantor",
    .min_args = 1,
    .max_args = 1,
    .options = load_options,
    .run = run_load,
};

/* --- Files of records. ------------------------------------------------------------------------ */

static void
print_head(const NskJson *json)
{
    (void)printf("%s  %s %s, %s: %s\n", nsk_json_get_text(json, "berkas"),
                 nsk_json_get_text(json, "code"), nsk_json_get_text(json, "title"),
                 nsk_json_get_text(json, "unit"),
                 nsk_office_word_of("berkas", nsk_json_get_text(json, "state")));
}

static void
print_days(const NskJson *json)
{
    const char *inactive = nsk_json_get_text(json, "inactive_from");

    (void)printf(nsk_tr("    %s: years active %d, inactive %d, %s; then %s\n"),
                 nsk_json_get_text(json, "class"), (int)nsk_json_get_int(json, "active_years", 0),
                 (int)nsk_json_get_int(json, "inactive_years", 0),
                 nsk_office_word_of("trigger", nsk_json_get_text(json, "trigger")),
                 nsk_office_word_of("fate", nsk_json_get_text(json, "fate")));
    if (inactive != NULL)
        (void)printf(nsk_tr("    counted from %s: inactive from %s, retention over from %s\n"),
                     nsk_json_get_text(json, "counted"), inactive,
                     nsk_json_get_text(json, "due_from"));
}

static void
print_holds(const NskJson *json)
{
    const NskJson *holds = nsk_json_get(json, "holds");

    if (nsk_json_get_text(json, "moved") != NULL)
        (void)printf(nsk_tr("    at the records centre since %s\n"),
                     nsk_json_get_text(json, "moved"));
    for (size_t i = 0; i < nsk_json_length(holds); i++) {
        const NskJson *hold = nsk_json_at(holds, i);

        (void)printf(nsk_tr("    held (%d) since %s by %s\n"), (int)nsk_json_get_int(hold, "n", 0),
                     nsk_json_get_text(hold, "since"), nsk_json_get_text(hold, "by"));
    }
}

static void
print_disposal(const NskJson *json)
{
    const char *disposal = nsk_json_get_text(json, "disposal");

    if (disposal != NULL)
        (void)printf(nsk_tr("    in the proposal %s: %s\n"), disposal,
                     nsk_office_word_of("disposal", nsk_json_get_text(json, "disposal_state")));
}

static void
print_file(const NskJson *json)
{
    const NskJson *letters = nsk_json_get(json, "letters");

    print_head(json);
    print_days(json);
    print_holds(json);
    print_disposal(json);
    for (size_t i = 0; i < nsk_json_length(letters); i++) {
        const NskJson *letter = nsk_json_at(letters, i);
        const char *number = nsk_json_get_text(letter, "number");
        const char *subject = nsk_json_get_text(letter, "subject");

        const char *words = subject != NULL ? subject : nsk_tr("(not open to you)");

        if (nsk_json_get_text(letter, "destroyed") != NULL)
            words = nsk_tr("(destroyed)");
        (void)printf("    %s  %s  %s\n", nsk_json_get_text(letter, "letter"),
                     number != NULL ? number : "-", words);
    }
}

static bool
act_on(NskCli *cli, NskBerkasAct act, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    act.note = note;
    if (office == NULL || !nsk_office_berkas(office, &act, &result, error))
        return false;
    nsk_cli_print(cli, result, print_file);
    return true;
}

static bool
run_open(NskCli *cli, GError **error)
{
    return act_on(cli,
                  (NskBerkasAct){ .act = "open",
                                  .unit = cli->args[0],
                                  .scheme = cli->args[1],
                                  .code = cli->args[2],
                                  .title = cli->args[3] },
                  error);
}

static bool
run_add(NskCli *cli, GError **error)
{
    return act_on(
        cli, (NskBerkasAct){ .act = "add", .berkas = cli->args[0], .letter = cli->args[1] }, error);
}

static bool
run_close(NskCli *cli, GError **error)
{
    return act_on(cli, (NskBerkasAct){ .act = "close", .berkas = cli->args[0], .date = day },
                  error);
}

static bool
run_date(NskCli *cli, GError **error)
{
    return act_on(
        cli, (NskBerkasAct){ .act = "date", .berkas = cli->args[0], .date = cli->args[1] }, error);
}

static bool
run_show(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL || !nsk_office_berkas_show(office, cli->args[0], &result, error))
        return false;
    nsk_cli_print(cli, result, print_file);
    return true;
}

static void
print_list(const NskJson *result)
{
    const NskJson *files = nsk_json_get(result, "files");

    if (nsk_json_length(files) == 0)
        (void)puts(nsk_tr("There is no file of records that you keep."));
    for (size_t i = 0; i < nsk_json_length(files); i++)
        print_head(nsk_json_at(files, i));
}

static bool
run_list(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL ||
        !nsk_office_berkas_list(office, cli->n_args > 0 ? cli->args[0] : NULL, &result, error))
        return false;
    nsk_cli_print(cli, result, print_list);
    return true;
}

static void
print_due(const NskJson *result)
{
    const NskJson *files = nsk_json_get(result, "files");

    if (nsk_json_length(files) == 0)
        (void)puts(nsk_tr("Nothing is due of the files that you keep."));
    for (size_t i = 0; i < nsk_json_length(files); i++) {
        const NskJson *file = nsk_json_at(files, i);

        print_head(file);
        (void)printf("    %s\n", nsk_json_get_text(file, "words"));
        print_holds(file);
    }
}

static bool
run_due(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL ||
        !nsk_office_records_due(office, cli->n_args > 0 ? cli->args[0] : NULL, day, &result, error))
        return false;
    nsk_cli_print(cli, result, print_due);
    return true;
}

static bool
run_move(NskCli *cli, GError **error)
{
    return act_on(cli, (NskBerkasAct){ .act = "move", .berkas = cli->args[0] }, error);
}

static bool
run_hold(NskCli *cli, GError **error)
{
    return act_on(cli, (NskBerkasAct){ .act = "hold", .berkas = cli->args[0] }, error);
}

static bool
run_release(NskCli *cli, GError **error)
{
    return act_on(cli, (NskBerkasAct){ .act = "release", .berkas = cli->args[0], .hold = held },
                  error);
}

const NskCommand nsk_command_records_due = {
    .group = "records",
    .name = "due",
    .summary = N_("the files of records that something is due of, and by which rule"),
    .usage = "[UNIT]",
    .examples = "    naskah records due\n"
                "    naskah records due biro-umum --on 2030-01-01",
    .min_args = 0,
    .max_args = 1,
    .options = due_options,
    .run = run_due,
};

const NskCommand nsk_command_records_move = {
    .group = "records",
    .name = "move",
    .summary = N_("move an inactive file to the records centre, with the list of its letters"),
    .usage = "BERKAS",
    .examples = "    naskah records move BERKAS",
    .min_args = 1,
    .max_args = 1,
    .options = note_options,
    .run = run_move,
};

const NskCommand nsk_command_records_hold = {
    .group = "records",
    .name = "hold",
    .summary = N_("hold a file, so that nothing becomes of it"),
    .usage = "BERKAS --reason TEXT",
    .examples = "    naskah records hold BERKAS --reason \"Perkara 12/G/2026\"",
    .min_args = 1,
    .max_args = 1,
    .options = reason_options,
    .run = run_hold,
};

const NskCommand nsk_command_records_release = {
    .group = "records",
    .name = "release",
    .summary = N_("lift a hold on a file"),
    .usage = "BERKAS --reason TEXT",
    .examples = "    naskah records release BERKAS --reason \"Putusan tetap\"\n"
                "    naskah records release BERKAS --hold 2 --reason \"Audit selesai\"",
    .min_args = 1,
    .max_args = 1,
    .options = release_options,
    .run = run_release,
};

const NskCommand nsk_command_berkas_open = {
    .group = "berkas",
    .name = "open",
    .summary = N_("open a file of records of a unit under a class of a scheme"),
    .usage = "UNIT SCHEME CODE TITLE",
    .examples = "    naskah berkas open biro-umum kementerian UM.01 \"Undangan rapat 2026\"",
    .min_args = 4,
    .max_args = 4,
    .options = note_options,
    .run = run_open,
};

const NskCommand nsk_command_berkas_add = {
    .group = "berkas",
    .name = "add",
    .summary = N_("put a letter whose route has ended into a file of records"),
    .usage = "BERKAS LETTER",
    .examples = "    naskah berkas add BERKAS LETTER",
    .min_args = 2,
    .max_args = 2,
    .options = note_options,
    .run = run_add,
};

const NskCommand nsk_command_berkas_close = {
    .group = "berkas",
    .name = "close",
    .summary = N_("close a file of records, so that its retention can count"),
    .usage = "BERKAS",
    .examples = "    naskah berkas close BERKAS\n"
                "    naskah berkas close BERKAS --date 2026-12-31",
    .min_args = 1,
    .max_args = 1,
    .options = close_options,
    .run = run_close,
};

const NskCommand nsk_command_berkas_date = {
    .group = "berkas",
    .name = "date",
    .summary = N_("enter from which day the retention of a closed file counts"),
    .usage = "BERKAS DATE",
    .examples = "    naskah berkas date BERKAS 2026-12-31 --note \"kontrak selesai\"",
    .min_args = 2,
    .max_args = 2,
    .options = note_options,
    .run = run_date,
};

const NskCommand nsk_command_berkas_show = {
    .group = "berkas",
    .name = "show",
    .summary = N_("a file of records: its letters, its retention, and where it stands"),
    .usage = "BERKAS",
    .examples = "    naskah berkas show BERKAS",
    .min_args = 1,
    .max_args = 1,
    .run = run_show,
};

const NskCommand nsk_command_berkas_list = {
    .group = "berkas",
    .name = "list",
    .summary = N_("the files of records that you keep"),
    .usage = "[UNIT]",
    .examples = "    naskah berkas list biro-umum",
    .min_args = 0,
    .max_args = 1,
    .run = run_list,
};
