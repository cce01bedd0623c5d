/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Telling a story.
 *
 * A moment is a working day counted from today (0; -1 is the one before) and a time of it, so that
 * a demo is always of the last weeks.  All acts are put in the order of their moments, whatever
 * letter they are of; before the first of each day the workflows' own times are looked at, as a
 * server would have done.
 */
#include "base/resource.h"
#include "story/story-private.h"

#include <string.h>

#define STORY   "templates/demo/story.xml"
#define ZONE    "Asia/Jakarta"
#define TICK    G_TIME_SPAN_MILLISECOND
#define OPENING 7 /* o'clock, when the office is made */

static NskInstant
story_now(void *data)
{
    NskStory *self = data;

    self->now += TICK;
    return self->now;
}

/* --- When ------------------------------------------------------------------------------------ */

NskDate
nsk_story_day(const NskStory *self, int days)
{
    NskDate date = self->last;
    int step = days < 0 ? -1 : 1;

    while (days != 0) {
        date = nsk_date_add_days(date, step);
        days -= nsk_calendar_works(self->calendar, date) ? step : 0;
    }
    return date;
}

static NskInstant
moment_at(NskDate date, int minute)
{
    NskInstant at = 0;

    /* there is no machine without this zone: the story's days were found in it */
    (void)nsk_civil_moment(date, minute, ZONE, &at, NULL);
    return at;
}

int
nsk_story_int(const NskXmlNode *node, const char *name)
{
    const char *text = nsk_xml_attr(node, name);

    return text != NULL ? (int)g_ascii_strtoll(text, NULL, 10) : 0;
}

static void
add_moment(NskStory *self, const NskXmlNode *node, const NskXmlNode *letter)
{
    const char *time = nsk_xml_attr(node, "time"); /* "08.15", by the schema */
    int minutes = (int)g_ascii_strtoll(time, NULL, 10) * 60 +
                  (int)g_ascii_strtoll(time + strlen("08."), NULL, 10);
    NskStoryMoment moment = { moment_at(nsk_story_day(self, nsk_story_int(node, "day")), minutes),
                              node, letter };

    g_array_append_val(self->moments, moment);
}

/* By time; what is at the same moment as the file has it. */
static int
compare_moments(gconstpointer a, gconstpointer b)
{
    const NskStoryMoment *left = a;
    const NskStoryMoment *right = b;
    unsigned lines[] = { nsk_xml_line(left->node), nsk_xml_line(right->node) };

    return left->at != right->at ? (left->at > right->at) - (left->at < right->at)
                                 : (lines[0] > lines[1]) - (lines[0] < lines[1]);
}

static void
read_moments(NskStory *self)
{
    NskXmlNode *root = nsk_xml_doc_get_root(self->doc);

    for (NskXmlNode *letter = nsk_xml_first(root); letter != NULL; letter = nsk_xml_next(letter)) {
        add_moment(self, letter, letter);
        for (NskXmlNode *act = nsk_xml_first(letter); act != NULL; act = nsk_xml_next(act)) {
            if (strcmp(nsk_xml_name(act), "act") == 0)
                add_moment(self, act, letter);
        }
    }
    g_array_sort(self->moments, compare_moments);
}

/* The last working day of which the whole story is over at @now. */
static bool
find_last_day(NskStory *self, NskInstant now, GError **error)
{
    if (!nsk_date_at(now, ZONE, &self->last, error))
        return false;
    self->last = nsk_date_add_days(self->last, 1);
    self->last = nsk_story_day(self, -1);
    if (moment_at(self->last, 18 * 60) > now)
        self->last = nsk_story_day(self, -1);
    return true;
}

NskStory *
nsk_story_load(NskInstant now, GError **error)
{
    g_autoptr(NskStory) self = g_new0(NskStory, 1);
    g_autoptr(GBytes) bytes = nsk_resource_load(STORY, error);

    self->moments = g_array_new(FALSE, FALSE, sizeof(NskStoryMoment));
    self->letters = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    if (bytes == NULL || (self->calendar = nsk_calendar_load_shipped(error)) == NULL)
        return NULL;
    self->doc = nsk_xml_parse(STORY, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), error);
    if (self->doc == NULL || !find_last_day(self, now, error))
        return NULL;
    read_moments(self);
    NskDate first;
    if (!nsk_date_at(g_array_index(self->moments, NskStoryMoment, 0).at, ZONE, &first, error))
        return NULL;
    self->now = moment_at(first, OPENING * 60);
    self->clock = (NskClock){ story_now, self };
    return g_steal_pointer(&self);
}

void
nsk_story_free(NskStory *self)
{
    if (self == NULL)
        return;
    g_clear_pointer(&self->office, nsk_office_free);
    g_clear_pointer(&self->doc, nsk_xml_doc_free);
    g_clear_pointer(&self->moments, g_array_unref);
    g_clear_pointer(&self->letters, g_hash_table_unref);
    g_clear_pointer(&self->calendar, nsk_calendar_unref);
    g_free(self->passphrase);
    g_free(self);
}

const NskClock *
nsk_story_get_clock(const NskStory *self)
{
    return &self->clock;
}
