/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What poppler says of the signatures of a PDF, beside our own verdict and never in its place: it
 * looks at digest and key, and knows nothing of certificates here, nor of what was changed later.
 */
#include "base/message.h"
#include "office/office-private.h"
#include "worker/worker.h"

#include <string.h>

#define WALL_MS 5000 /* a second opinion is not worth waiting longer */

static NskJson *
opinions_to_json(GPtrArray *opinions)
{
    static const char *const names[] = {
        [NSK_WORKER_OPINION_NONE] = "none",
        [NSK_WORKER_OPINION_GOOD] = "good",
        [NSK_WORKER_OPINION_BAD] = "bad",
    };
    NskJson *list = nsk_json_array();

    for (guint i = 0; i < opinions->len; i++) {
        const NskWorkerSignature *signature = g_ptr_array_index(opinions, i);
        NskJson *row = nsk_json_object();

        nsk_json_set_text(row, "field", signature->field);
        nsk_json_set_text(row, "opinion", names[signature->opinion]);
        nsk_json_add(list, row);
    }
    return list;
}

/* Whether a reader who asked poppler alone would be told another thing than our verdict. */
static bool
differs(GPtrArray *opinions, const char *verdict)
{
    unsigned good = 0, bad = 0;

    for (guint i = 0; i < opinions->len; i++) {
        const NskWorkerSignature *signature = g_ptr_array_index(opinions, i);

        good += signature->opinion == NSK_WORKER_OPINION_GOOD;
        bad += signature->opinion == NSK_WORKER_OPINION_BAD;
    }
    if (strcmp(verdict, "valid") == 0 || strcmp(verdict, "indeterminate") == 0)
        return bad > 0;
    if (strcmp(verdict, "invalid") == 0)
        return good > 0 && bad == 0;
    return good + bad > 0;
}

void
nsk_office_add_opinion(GBytes *pdf, NskJson *verdict)
{
    g_autoptr(GPtrArray) opinions = NULL;
    g_autoptr(GError) error = NULL;
    NskWorkerLimits limits = { .wall_ms = WALL_MS };
    NskJson *poppler = nsk_json_object();

    if (nsk_worker_opinions(pdf, &limits, &opinions, &error)) {
        nsk_json_set(poppler, "signatures", opinions_to_json(opinions));
        nsk_json_set_bool(poppler, "differs",
                          differs(opinions, nsk_json_get_text(verdict, "verdict")));
    } else {
        nsk_json_set_text(poppler, "problem", error->message);
    }
    nsk_json_set(verdict, "poppler", poppler);
}
