/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <naskah/error.h>

#include <stdbool.h>

/*
 * Fault points: named places where a test makes the program fail or die.
 *
 * A build with -Dfaults=true reads NASKAH_FAULT, "POINT:N:kill" or "POINT:N:fail": at the Nth
 * pass of that point the process kills itself with SIGKILL, or the call fails with
 * NSK_ERROR_IO.  "*:N:kill" counts the passes of all points together.  With
 * NASKAH_FAULT_COUNT=FILE the number of passes is written to FILE at exit.  Any other build
 * compiles NSK_FAULT() to true.
 */
#ifdef NSK_FAULTS
#define NSK_FAULT(point, error) nsk_fault_pass((point), (error))
#else
#define NSK_FAULT(point, error) ((void)(error), true)
#endif

/* Passes the point @point.  Returns false with @error set if it is to fail. */
bool nsk_fault_pass(const char *point, GError **error);
