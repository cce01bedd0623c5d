/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <naskah/issue.h>

#include <stdbool.h>
#include <stddef.h>

/*
 * Pictures of workflows: a BPMN file, and if wanted where an instance stands in it, as one SVG 1.1
 * document (BPMN 2.0.2, formal/13-12-09, sections 7 and 12).
 *
 * The picture follows the file's diagram data (BPMN DI).  What has none, or has data that cannot be
 * drawn, is laid out by the program.  Every element of BPMN is drawn, also those that the engine
 * refuses to run: a picture of a refused file helps to mend it.  Each state has a symbol and a word
 * as well as a colour, and can be told apart on black and white paper.  Each element is a group
 * with `data-id`, a title and an aria-label.  There is no script, style sheet, link or foreign font
 * in the picture, and all text of the file is escaped.
 */

/* Where an instance is, at one node. */
typedef enum {
    NSK_FLOW_MARK_DONE,
    NSK_FLOW_MARK_WAITING,
    NSK_FLOW_MARK_OVERDUE,
    NSK_FLOW_MARK_INCIDENT,
    NSK_FLOW_MARK_CANCELLED,
} NskFlowMarkStatus;

/* Texts are as people shall read them (no zone or language is known here); NULL or "": not said.
 * All borrowed. */
typedef struct {
    const char *node; /* id */
    const char *name; /* what the list calls a node that the file does not have, such as one of a
                       * called process; NULL: it is passed over */
    NskFlowMarkStatus status;
    const char *who;   /* whom it waits for, or who did it */
    const char *since; /* when it began to wait, or when it was done */
    const char *due;
    const char *note; /* what the incident is, or the outcome */
    unsigned count;   /* how many times it was reached, or instances are open; told from 2 on */
} NskFlowMark;

/* A sequence flow that was taken. */
typedef struct {
    const char *flow; /* id */
    unsigned count;   /* told from 2 on */
} NskFlowTaken;

/* All borrowed; zero is the default. */
typedef struct {
    const char *name;         /* what messages call the document */
    const char *process;      /* id of the process to draw alone; NULL: all of the file */
    const char *title;        /* over the picture, such as the letter's subject; NULL: nothing */
    const NskFlowMark *marks; /* at most one a node is drawn: the first */
    size_t n_marks;
    const NskFlowTaken *taken;
    size_t n_taken;
} NskFlowDiagram;

/*
 * Draws the BPMN document @data: the same input gives the same bytes, words are in the language of
 * the thread.  Adds a warning `flow-diagram` to @issues for each part whose diagram data could not
 * be used, and draws it by its own layout.  Any thread.
 *
 * Errors: INVALID for what is no XML or no BPMN, or has nothing to draw; NOT_FOUND if there is no
 * such process; LIMIT for more elements than NSK_LIMIT_DIAGRAM_SHAPES.
 */
GBytes *nsk_flow_diagram(const NskFlowDiagram *ask,
                         const void *data,
                         size_t size,
                         NskIssues *issues,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
