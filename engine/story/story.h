/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/clock.h"
#include "base/json.h"

#include <stdbool.h>

/*
 * What happened in a demo office before somebody looked at it: letters, and who did what with them
 * on which working day, told by an XML file (urn:naskah:story:1, templates/schema/story.rng) and
 * done through the use cases of the office, on a clock of the story's own.  Nothing is written past
 * them, so a living demo is an office like any other.
 *
 * One thread at a time.
 */
typedef struct _NskStory NskStory;

/* The story that is built in, to end shortly before @now.  Errors: INTERNAL. */
NskStory *nsk_story_load(NskInstant now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void nsk_story_free(NskStory *self);
/* A clock that stands at the beginning, at which the office is to be made; borrowed.  It goes on
 * as the story is told. */
const NskClock *nsk_story_get_clock(const NskStory *self);

typedef void (*NskStoryProgress)(int64_t done, int64_t total, void *data);
/*
 * Tells the story to the demo office in @dir.  Result: letters, acts (how many).  Errors: those of
 * the use cases, naming the place in the story; what was done before stays.
 */
bool nsk_story_tell(NskStory *self,
                    const char *dir,
                    NskStoryProgress progress,
                    void *data,
                    NskJson **out_result,
                    GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskStory, nsk_story_free)
