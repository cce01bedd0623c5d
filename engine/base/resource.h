/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <naskah/error.h>

#include <stdbool.h>

/*
 * Files built into the program: schemas, stylesheets, shipped kinds, profiles, workflows.  @path is
 * relative to the repository's templates/, workflows/, engine/db/ or engine/archive/,
 * such as "templates/schema/letter.rng".  The list is templates/naskah.gresource.xml.  Any thread.
 * Errors: NOT_FOUND.
 */
GBytes *nsk_resource_load(const char *path, GError **error);
/* Whether @data is where the file lies in the program itself, and no copy of it. */
bool nsk_resource_holds(const char *path, const void *data);
/* Names of the resources directly under @folder ("workflows"), sorted; freed with
 * g_strfreev(). */
char **nsk_resource_list(const char *folder, GError **error);
