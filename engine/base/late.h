/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <naskah/error.h>

#include <stdbool.h>
#include <stddef.h>

/*
 * Libraries that few commands need.  What a library brings with it costs a program milliseconds
 * and megabytes at its start; such a one is loaded when it is first used, and stays.
 *
 * The user of a library lists its functions once, as X(NAME) without their common beginning:
 *
 *     #define MHD_FUNCTIONS(X) X(start_daemon) X(stop_daemon)
 *     #define MEMBER(name)     __typeof__(&MHD_##name) name;
 *     static struct { MHD_FUNCTIONS(MEMBER) } mhd;
 */

/* A function, and where a pointer to it is written. */
typedef struct {
    const char *name;
    void *where; /* address of the pointer */
} NskLateFunction;

typedef struct {
    const char *file;                 /* "libcurl.so.4" */
    const char *package;              /* Debian's, for the error */
    const NskLateFunction *functions; /* up to one without a name */
    bool (*start)(void);              /* called once, behind the rest; may be NULL */
} NskLateLibrary;

/* Loads @library unless it is there, whose result is kept in @done and @missing (both static and 0
 * at first).  Any thread.  Errors: IO, when the library or a function of it is not there. */
bool
nsk_late_load(const NskLateLibrary *library, gsize *done, const char **missing, GError **error);
