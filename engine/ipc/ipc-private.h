/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ipc/ipc.h"

/* A block of @size bytes to be filled at *out_room, overwritten when it goes; NULL if there is no
 * memory for it. */
GBytes *nsk_block_new(size_t size, uint8_t **out_room);
