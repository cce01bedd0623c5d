/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A program of this one's, where it is looked for. */
typedef struct {
    const char *name;
    const char *folder;   /* of it in a build folder, beside that of the running program */
    const char *variable; /* of the environment: names the program instead; NULL: none */
} NskProgram;

/*
 * Its path: what the variable says; else beside the running program; in a build folder; in
 * ../libexec/naskah.  NULL if it is nowhere.  *out_folder (owned; may be NULL): that of the running
 * program, for a message.  Freed with g_free().
 */
char *nsk_program_find(const NskProgram *program, char **out_folder);
