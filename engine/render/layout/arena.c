/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory that is freed all at once: what layout makes lives exactly as long as its document. */
#include "render/layout/layout.h"

#include <string.h>

#define CHUNK_SIZE ((size_t)65536)
#define ALIGN      ((size_t)16)

struct _NskArena {
    GPtrArray *chunks;
    size_t used; /* of the last chunk that is shared */
    char *current;
};

NskArena *
nsk_arena_new(void)
{
    NskArena *self = g_new0(NskArena, 1);

    self->chunks = g_ptr_array_new_with_free_func(g_free);
    self->used = CHUNK_SIZE;
    return self;
}

void
nsk_arena_free(NskArena *self)
{
    if (self == NULL)
        return;
    g_ptr_array_unref(self->chunks);
    g_free(self);
}

void *
nsk_arena_alloc(NskArena *self, size_t size, size_t count)
{
    size_t bytes;

    g_assert(!__builtin_mul_overflow(size, count, &bytes) && bytes < G_MAXSIZE - ALIGN);
    bytes = (bytes + ALIGN - 1) / ALIGN * ALIGN;
    if (bytes > CHUNK_SIZE / 4) {
        void *own = g_malloc0(bytes);

        g_ptr_array_add(self->chunks, own);
        return own;
    }
    if (self->used + bytes > CHUNK_SIZE) {
        self->current = g_malloc0(CHUNK_SIZE);
        self->used = 0;
        g_ptr_array_add(self->chunks, self->current);
    }

    void *result = self->current + self->used;
    self->used += bytes;
    return result;
}

char *
nsk_arena_strndup(NskArena *self, const char *text, size_t size)
{
    char *copy = nsk_arena_alloc(self, 1, size + 1);

    memcpy(copy, text, size);
    return copy;
}

void *
nsk_arena_copy(NskArena *self, const void *from, size_t size, size_t count)
{
    void *copy = nsk_arena_alloc(self, size, count + 1);

    if (count > 0)
        memcpy(copy, from, size * count);
    return copy;
}
