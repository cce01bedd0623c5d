/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What commands there are.  Most belong to a group, a noun; the overview names the groups with
 * their commands in few lines, and "naskah GROUP" says what each of one group does: a page that
 * lists everything is one that nobody reads.
 */
#include "base/message.h"
#include "cli/cli.h"

#include <string.h>

#define NAME_COLUMN 16
#define LAST_COLUMN 78

bool
nsk_cli_is_group(const char *name)
{
    for (int i = 0; nsk_commands[i] != NULL; i++) {
        if (nsk_commands[i]->group != NULL && strcmp(nsk_commands[i]->group, name) == 0)
            return true;
    }
    return false;
}

void
nsk_cli_print_group(const char *group, FILE *to)
{
    (void)fprintf(to, "%s\n", nsk_tr("Commands:"));
    for (int i = 0; nsk_commands[i] != NULL; i++) {
        const NskCommand *command = nsk_commands[i];

        if (command->group != NULL && strcmp(command->group, group) == 0) {
            g_autofree char *name = g_strdup_printf("%s %s", group, command->name);

            (void)fprintf(to, "    %-22s %s\n", name, nsk_tr(command->summary));
        }
    }
    (void)fprintf(to, "\n%s\n",
                  nsk_tr("'naskah COMMAND --help' explains a command, with examples."));
}

static void
print_single_commands(FILE *to)
{
    (void)fprintf(to, "%s\n", nsk_tr("Commands:"));
    for (int i = 0; nsk_commands[i] != NULL; i++) {
        if (nsk_commands[i]->group == NULL)
            (void)fprintf(to, "    %-*s %s\n", NAME_COLUMN, nsk_commands[i]->name,
                          nsk_tr(nsk_commands[i]->summary));
    }
}

/* One group with the names of its commands, the first of which is @first. */
static void
print_names(int first, FILE *to)
{
    const char *group = nsk_commands[first]->group;
    size_t column = 4 + NAME_COLUMN;

    (void)fprintf(to, "    %-*s", NAME_COLUMN, group);
    for (int i = first; nsk_commands[i] != NULL; i++) {
        const NskCommand *command = nsk_commands[i];

        if (command->group == NULL || strcmp(command->group, group) != 0)
            continue;
        if (column + strlen(command->name) + 1 > LAST_COLUMN) {
            (void)fprintf(to, "\n%*s", 4 + NAME_COLUMN, "");
            column = 4 + NAME_COLUMN;
        }
        column += strlen(command->name) + 1;
        (void)fprintf(to, " %s", command->name);
    }
    (void)fputc('\n', to);
}

static bool
is_first_of_group(int i)
{
    for (int before = 0; before < i; before++) {
        if (g_strcmp0(nsk_commands[before]->group, nsk_commands[i]->group) == 0)
            return false;
    }
    return nsk_commands[i]->group != NULL;
}

void
nsk_cli_print_overview(FILE *to)
{
    (void)fprintf(to, "%s\n\n", nsk_tr("Naskah: official letters, from draft to archive."));
    (void)fprintf(to,
                  "%s\n\n    naskah demo --once\n    naskah init OFFICE --demo\n"
                  "    naskah letter new surat.xml --dir OFFICE\n"
                  "    naskah verify surat.pdf\n\n",
                  nsk_tr("Examples:"));
    print_single_commands(to);
    (void)fprintf(to, "\n%s\n", nsk_tr("Commands of two words, such as 'naskah letter new':"));
    for (int i = 0; nsk_commands[i] != NULL; i++) {
        if (is_first_of_group(i))
            print_names(i, to);
    }
    (void)fprintf(to, "\n%s\n%s\n%s\n",
                  nsk_tr("'naskah letter --help' says what each command for letters does."),
                  nsk_tr("'naskah COMMAND --help' explains a command; every command takes "
                         "--dir OFFICE and --json."),
                  nsk_tr("'naskah help' is the manual."));
}
