/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/json.h"
#include "base/locked.h"
#include "office/office.h"

#include <stdio.h>

/*
 * The command line.  A command is one file with one NskCommand, listed in commands.c.  Data goes to
 * stdout, words to stderr; with --json the data is one line of canonical JSON.
 */
typedef struct _NskCli NskCli;
typedef struct _NskCommand NskCommand;

struct _NskCli {
    const NskCommand *command;
    char *dir;        /* owned; office folder: --dir, or NASKAH_DIR, or "naskah-office" */
    bool dir_given;   /* by --dir or NASKAH_DIR */
    char *as;         /* owned; --as, or NULL */
    char *at;         /* owned; --at, or NULL */
    char *request_id; /* owned; --request, or NULL */
    gboolean json;    /* as GOption writes it */
    char **args;      /* what is left after the options; NULL-terminated */
    int n_args;
    int status;        /* what to exit with when run() succeeds; EXIT_SUCCESS unless it says so */
    NskOffice *office; /* opened by nsk_cli_open(); closed by main */
    bool of_nobody;    /* office was opened without a person */
    const char *progress_what; /* that the bar shows; NULL: there is no bar */
    int progress_percent;
};

struct _NskCommand {
    const char *group;    /* "letter", or NULL */
    const char *name;     /* "show" */
    const char *summary;  /* one line, English; shown through nsk_tr() */
    const char *usage;    /* what stands behind the options: "LETTER" */
    const char *examples; /* lines of command and comment */
    int min_args;
    int max_args;
    const GOptionEntry *options; /* its own, NULL-terminated; or NULL */
    bool (*run)(NskCli *cli, GError **error);
};

extern const NskCommand *const nsk_commands[]; /* NULL-terminated, in the order of the help */

/* Whether there are commands "NAME ..."; the group's commands with what each does; all commands. */
bool nsk_cli_is_group(const char *name);
void nsk_cli_print_group(const char *group, FILE *to);
void nsk_cli_print_overview(FILE *to);

/* Opens the office that the options name, as the person they name.  Borrowed; NULL with @error.
 * One opened without a person before is closed first. */
NskOffice *nsk_cli_open(NskCli *cli, GError **error);
/* The same for work that needs nobody's authority but the folder's owner's. */
NskOffice *nsk_cli_open_without_person(NskCli *cli, GError **error);
/* The same for commands that need no office: *out_office is NULL if none was named. */
bool nsk_cli_open_if_named(NskCli *cli, NskOffice **out_office, GError **error);

/* Writes how a result reads in words. */
typedef void (*NskCliWords)(const NskJson *result);
/* Prints @result: as JSON, or by @words.  Takes over @result. */
void nsk_cli_print(const NskCli *cli, NskJson *result, NskCliWords words);
NskJson *nsk_cli_issue_to_json(const NskIssue *issue);
/* Prints findings, a line each, or as JSON {"issues": [...]}. */
void nsk_cli_print_issues(const NskCli *cli, const NskIssues *issues);

/* Writes what became of a letter by an act: "state" and "next" of its result. */
void nsk_cli_write_done(const NskJson *result);

/* Where the legal clock of a letter stands, in a line. */
void nsk_cli_print_clock(const NskJson *clock);
/* How near the end is, to be put behind a line; "" if it is not. */
const char *nsk_cli_alarm(const char *alarm);
/* Writes the result of nsk_office_letter_history() for people. */
void nsk_cli_write_history(FILE *to, const NskJson *result);

/* Where a secret comes from. */
typedef struct {
    const char *file; /* its first line; NULL: */
    int fd;           /* an open descriptor; below 0: the terminal */
} NskCliSecret;
/* @what is asked on a terminal.  Errors: INVALID if there is none; NOT_FOUND; as
 * nsk_locked_read_line(). */
NskLocked *nsk_cli_read_secret(const NskCliSecret *from, const char *what, GError **error);
/* From the terminal, without showing what is typed. */
NskLocked *nsk_cli_ask_secret(const char *what, GError **error);

/* A line of words on stderr; nothing with --json. */
void nsk_cli_say(const NskCli *cli, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The person's waiting tasks of that role in the letters of a batch: owned texts, for nsk_office.
 * Errors: CONFLICT if there is none. */
GPtrArray *
nsk_cli_batch_tasks(NskOffice *office, const char *name, const char *role, GError **error);

/* Writes a letter's pages and what is typed of it in the national application into @folder. */
bool nsk_cli_export_national(NskCli *cli, NskOffice *office, const char *folder, GError **error);
/* Tells the "warnings" of what was done nevertheless. */
void nsk_cli_warn(const NskJson *result);
/* The person has seen the letter by this command.  That it could not be noted is no reason not to
 * show it: the next look notes it. */
void nsk_cli_see(NskOffice *office, const char *letter);
/* Writes every copy of a letter to many into @folder. */
bool nsk_cli_export_copies(NskCli *cli, NskOffice *office, const char *folder, GError **error);

/* How far long work has come, as NskOfficeProgress; @data is the NskCli.  A bar on stderr where
 * that is a terminal, and nothing with --json; the end takes it away. */
void nsk_cli_progress(const char *what, int64_t done, int64_t total, void *data);
void nsk_cli_progress_end(NskCli *cli);

/* A file, or standard input for "-".  Errors: as nsk_file_read(). */
GBytes *nsk_cli_read(const char *path, size_t limit, GError **error);
/* Writes @bytes to the file @path, or to stdout if it is NULL or "-". */
bool nsk_cli_write(const char *path, GBytes *bytes, GError **error);

/* The exit status of a kind of failure (architecture.md, section 6). */
int nsk_cli_exit_status(const GError *error);
