/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kinds whose services are not asked yet. */
#include "base/message.h"
#include "signer/child-private.h"

static bool
open_none(ChildSession *self, GError **error)
{
    return session_fail(self, NSK_SIGNER_FAULT_SETTINGS, error, "'%s' is of no kind known",
                        self->name);
}

const ChildPlug child_csc = { .open = open_none }, child_bsre = { .open = open_none };
