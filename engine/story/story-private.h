/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "directory/directory.h"
#include "office/office.h"
#include "story/story.h"
#include "xml/xml.h"

typedef struct {
    NskInstant at;
    const NskXmlNode *node;   /* borrowed: <out>, <in>, <turn> or <act> */
    const NskXmlNode *letter; /* <out> or <in> that it is of; itself for all but <act> */
} NskStoryMoment;

struct _NskStory {
    NskXmlDoc *doc;
    GArray *moments; /* of NskStoryMoment, in order */
    NskInstant now;  /* of the story */
    NskDate last;    /* day 0 */
    NskClock clock;
    NskCalendar *calendar;
    GHashTable *letters; /* id in the story -> id in the office */
    NskOffice *office;
    char *passphrase; /* of all keys of the demo */
};

/* The working day @days after day 0, or before it. */
NskDate nsk_story_day(const NskStory *self, int days);
/* A number in an attribute; 0 if it is absent. */
int nsk_story_int(const NskXmlNode *node, const char *name);
