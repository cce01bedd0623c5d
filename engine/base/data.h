/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>

/* The files built into the program, which templates/embed.py writes as C; for resource.c. */
typedef struct {
    const char *path;
    size_t size;
    const char *bytes;
} NskDataFile;

/* Sorted by path, byte by byte. */
extern const NskDataFile nsk_data_files[];
extern const size_t nsk_data_n_files;
