/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "letter/letter.h"

/*
 * What plain-write.c and plain-read.c share: how a body is written as plain text.
 */
#define PLAIN_DEPTH 8 /* blocks within blocks; deeper ones are kept as they are */

/* A mark is a character twice; a longer run of it is text. */
typedef struct {
    const char *element;
    char sign;
} NskPlainMark;
extern const NskPlainMark nsk_plain_marks[5];

/* "1.", "a)", "(iv)" ... before an item. */
typedef struct {
    const char *type; /* of an ol; "" for an ul */
    unsigned n;       /* counted from 1 */
    size_t length;    /* bytes, with the blanks behind it */
} NskPlainMarker;
/* Whether @line begins with a marker; @within is the type of the list that it would go on, or
 * NULL: "i." is the ninth of "h." and the first of a list of its own. */
bool nsk_plain_marker(const char *line, const char *within, NskPlainMarker *out_marker);

/* Adds what @text says to @parent; @kept are the blocks that a placeholder may mean, may be NULL.
 */
void nsk_plain_read_into(NskXmlNode *parent, const char *text, const GPtrArray *kept);
