/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/pause.h"

#include <stddef.h>

static _Thread_local const NskPauseListener *listener;

void
nsk_pause_listen(const NskPauseListener *with)
{
    listener = with;
}

void
nsk_pause_begin(void)
{
    if (listener != NULL)
        listener->began(listener->data);
}

void
nsk_pause_end(void)
{
    if (listener != NULL)
        listener->ended(listener->data);
}
