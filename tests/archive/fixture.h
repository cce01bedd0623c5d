/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "archive/archive.h"

/* A search index in a folder of the test's own, open for writing. */
typedef struct {
    char *folder;
    char *path;
    NskSearch *index;
} Fixture;

#define NOW ((NskInstant)1784685600 * G_USEC_PER_SEC) /* 2026-07-22T02:00:00Z */

void fixture_set_up(Fixture *f, gconstpointer data);
void fixture_tear_down(Fixture *f, gconstpointer data);
/* Puts a letter that positions (parted by blanks) may read. */
void fixture_put(Fixture *f, const char *letter, const NskSearchDoc *doc, const char *positions);
/* The letters that whoever holds the positions finds, newest first, parted by blanks. */
char *fixture_find(Fixture *f, const char *text, const char *positions);
/* How often @bytes are in the file and its log. */
unsigned fixture_count_bytes(const Fixture *f, const char *bytes);
