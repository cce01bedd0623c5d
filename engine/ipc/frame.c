/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Frames: encoding and decoding.  (See ipc.h for the format.)
 *
 * INVARIANTS
 *   (1) Nothing is read past the bytes at hand, whatever lengths they name.
 *   (2) Every block that held a frame is overwritten before it is freed: it may hold a passphrase.
 */
#include "base/limits.h"
#include "base/message.h"
#include "ipc/ipc-private.h"

#include <string.h>

#define MAGIC       "NskF"
#define VERSION     1
#define LENGTH_SIZE 4

static uint32_t
read_u32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static uint16_t
read_u16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static void
write_u32(uint8_t *at, size_t number)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(number >> (24 - 8 * i));
}

static void
write_u16(uint8_t *at, size_t number)
{
    at[0] = (uint8_t)(number >> 8);
    at[1] = (uint8_t)number;
}

typedef struct {
    size_t size;
    uint8_t bytes[];
} Block;

static void
free_block(gpointer data)
{
    Block *block = data;

    explicit_bzero(block->bytes, block->size);
    g_free(block);
}

GBytes *
nsk_block_new(size_t size, uint8_t **out_room)
{
    Block *block = g_try_malloc(sizeof(Block) + size);

    if (block == NULL)
        return NULL;
    block->size = size;
    *out_room = block->bytes;
    return g_bytes_new_with_free_func(block->bytes, size, free_block, block);
}

GBytes *
nsk_secret_new(const char *text)
{
    uint8_t *room;

    if (text == NULL)
        return NULL;
    GBytes *bytes = nsk_block_new(strlen(text) + 1, &room);
    g_assert(bytes != NULL);
    memcpy(room, text, strlen(text) + 1);
    return bytes;
}

void
nsk_frame_free(NskFrame *self)
{
    if (self == NULL)
        return;
    for (size_t i = 0; i < self->n_parts; i++)
        g_clear_pointer(&self->parts[i], g_bytes_unref);
    g_free(self->parts);
    g_clear_pointer(&self->value, nsk_json_unref);
    g_free(self);
}

static bool
fail_limit(GError **error)
{
    g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                nsk_tr("this is more than a request to the server of an office may hold: %d MB"),
                NSK_LIMIT_FRAME_SIZE / (1024 * 1024));
    return false;
}

static bool
fail_invalid(GError **error)
{
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("this is not how one speaks with the server of an office; use the "
                               "program 'naskah'"));
    return false;
}

/* Adds @size if the sum stays within @limit. */
static bool
add_size(size_t *sum, size_t size, size_t limit)
{
    if (size > limit || *sum > limit - size)
        return false;
    *sum += size;
    return true;
}

GBytes *
nsk_frame_encode(const NskJson *value, GBytes *const *parts, size_t n, GError **error)
{
    g_autofree char *text = nsk_json_canonical(value);
    size_t text_size = strlen(text);
    size_t size = 0;
    uint8_t *at = NULL;
    bool fits = n <= NSK_LIMIT_FRAME_PARTS && text_size <= NSK_LIMIT_FRAME_TEXT;

    for (size_t i = 0; fits && i < n; i++)
        fits = add_size(&size, LENGTH_SIZE, NSK_LIMIT_FRAME_SIZE) &&
               add_size(&size, g_bytes_get_size(parts[i]), NSK_LIMIT_FRAME_SIZE);
    GBytes *frame = fits && size + text_size <= NSK_LIMIT_FRAME_SIZE
                        ? nsk_block_new(NSK_FRAME_HEAD + text_size + size, &at)
                        : NULL;
    if (frame == NULL) {
        fail_limit(error);
        return NULL;
    }
    memcpy(at, MAGIC, 4);
    write_u16(at + 4, VERSION);
    write_u16(at + 6, n);
    write_u32(at + 8, text_size);
    write_u32(at + 12, size);
    memcpy(at + NSK_FRAME_HEAD, text, text_size);
    at += NSK_FRAME_HEAD + text_size;
    for (size_t i = 0; i < n; i++) {
        size_t part_size;
        const void *part = g_bytes_get_data(parts[i], &part_size);

        write_u32(at, part_size);
        if (part_size > 0)
            memcpy(at + LENGTH_SIZE, part, part_size);
        at += LENGTH_SIZE + part_size;
    }
    return frame;
}

bool
nsk_frame_measure(const uint8_t head[NSK_FRAME_HEAD], size_t *out_size, GError **error)
{
    size_t text_size = read_u32(head + 8);
    size_t parts_size = read_u32(head + 12);

    if (memcmp(head, MAGIC, 4) != 0)
        return fail_invalid(error);
    if (read_u16(head + 4) != VERSION) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_UNSUPPORTED,
                            nsk_tr("the server of this office is another version of the program; "
                                   "start it again with this one"));
        return false;
    }
    if (read_u16(head + 6) > NSK_LIMIT_FRAME_PARTS || text_size > NSK_LIMIT_FRAME_TEXT ||
        parts_size > NSK_LIMIT_FRAME_SIZE || text_size + parts_size > NSK_LIMIT_FRAME_SIZE)
        return fail_limit(error);
    *out_size = text_size + parts_size;
    return true;
}

/* Takes the parts out of @bytes from @at on; they must fill it to its end. */
static bool
take_parts(NskFrame *self, GBytes *bytes, size_t at, size_t n)
{
    size_t size;
    const uint8_t *data = g_bytes_get_data(bytes, &size);

    self->parts = g_new0(GBytes *, n + 1);
    for (size_t i = 0; i < n; i++) {
        if (size - at < LENGTH_SIZE)
            return false;
        size_t part_size = read_u32(data + at);
        at += LENGTH_SIZE;
        if (size - at < part_size)
            return false;
        self->parts[self->n_parts++] = g_bytes_new_from_bytes(bytes, at, part_size);
        at += part_size;
    }
    return at == size;
}

NskFrame *
nsk_frame_decode(GBytes *bytes, GError **error)
{
    size_t size, rest;
    const uint8_t *data = g_bytes_get_data(bytes, &size);
    g_autoptr(NskFrame) self = g_new0(NskFrame, 1);

    if (size < NSK_FRAME_HEAD) {
        fail_invalid(error);
        return NULL;
    }
    if (!nsk_frame_measure(data, &rest, error))
        return NULL;
    size_t text_size = read_u32(data + 8);
    if (rest != size - NSK_FRAME_HEAD ||
        !take_parts(self, bytes, NSK_FRAME_HEAD + text_size, read_u16(data + 6))) {
        fail_invalid(error);
        return NULL;
    }
    self->value = nsk_json_parse((const char *)data + NSK_FRAME_HEAD, text_size, NULL);
    if (self->value == NULL) {
        fail_invalid(error);
        return NULL;
    }
    return g_steal_pointer(&self);
}
