/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Recall: somebody takes back what he has just done, as long as nobody has touched what it led to.
 */
#include "base/message.h"
#include "flow/step-private.h"

bool
nsk_flow_run_recall(FlowRun *self, GError **error)
{
    g_set_error(error, NSK_ERROR, NSK_ERROR_UNSUPPORTED, "the workflow '%s' cannot recall",
                nsk_flow_get_id(self->flow));
    return false;
}
