/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * zstd, with or without something before the content (a prefix) that the frame may refer to.
 *
 * A frame has no checksum and no dictionary id: what comes out is hashed by the caller, and the row
 * says what stands before it.
 *
 * INVARIANT: no more bytes come out than the caller expects, whatever the frame says.
 */
#include "store/store-private.h"

#include <string.h>
#include <zstd.h>

#define LEVEL          3  /* storage.md, section 2: level 9 saves 3 % for seven times the time */
#define SMALLEST_WORTH 64 /* bytes; below, a frame's own head eats the gain */
#define WINDOW_LOG_MIN 10
#define WINDOW_LOG_MAX 22 /* the two largest texts that are compressed one after the other */

/* One of the program's own texts, digested for both ways; shared by all threads. */
typedef struct {
    ZSTD_CDict *compressing;
    ZSTD_DDict *expanding;
} Shipped;

/*
 * Contexts are a few hundred kilobytes.  The one that was given back last is taken first, being
 * still near the processor; so there are as many as threads that compress at the same instant, and
 * not as many as threads.
 */
typedef struct {
    GMutex lock;
    GSList *idle;
} Pool;

static Pool compressors, expanders;

/* An idle context, or NULL if there is none. */
static void *
take(Pool *pool)
{
    g_mutex_lock(&pool->lock);
    void *context = pool->idle != NULL ? pool->idle->data : NULL;
    pool->idle = g_slist_delete_link(pool->idle, pool->idle);
    g_mutex_unlock(&pool->lock);
    return context;
}

static void
give_back(Pool *pool, void *context)
{
    g_mutex_lock(&pool->lock);
    pool->idle = g_slist_prepend(pool->idle, context);
    g_mutex_unlock(&pool->lock);
}

static ZSTD_CCtx *
take_compressor(void)
{
    ZSTD_CCtx *context = take(&compressors);

    context = context != NULL ? context : ZSTD_createCCtx();
    g_assert(context != NULL);
    return context;
}

static ZSTD_DCtx *
take_expander(void)
{
    ZSTD_DCtx *context = take(&expanders);

    context = context != NULL ? context : ZSTD_createDCtx();
    g_assert(context != NULL);
    return context;
}

static const Shipped *
shipped(NskShipped which)
{
    static gsize made[2];
    const char *text = which == NSK_SHIPPED_LETTER ? nsk_prefix_letter : nsk_prefix_commit;

    if (g_once_init_enter(&made[which])) {
        Shipped *self = g_new0(Shipped, 1);

        self->compressing = ZSTD_createCDict(text, strlen(text), LEVEL);
        self->expanding = ZSTD_createDDict(text, strlen(text));
        g_assert(self->compressing != NULL && self->expanding != NULL);
        g_once_init_leave(&made[which], (gsize)self);
    }
    return (const Shipped *)made[which];
}

/* The smallest window that reaches from the end of @size bytes to the beginning of the prefix. */
static int
window_log(size_t size)
{
    int log = WINDOW_LOG_MIN;

    while (log < WINDOW_LOG_MAX && ((size_t)1 << log) < size)
        log++;
    return log;
}

static size_t
squeeze_after(ZSTD_CCtx *context,
              GBytes *prefix,
              void *out,
              size_t room,
              const void *data,
              size_t size)
{
    size_t before;
    const void *bytes = g_bytes_get_data(prefix, &before);

    (void)ZSTD_CCtx_reset(context, ZSTD_reset_session_and_parameters);
    (void)ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, LEVEL);
    (void)ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log(size + before));
    (void)ZSTD_CCtx_refPrefix(context, bytes, before);
    return ZSTD_compress2(context, out, room, data, size);
}

/* Keeps a frame that is worth having. */
static GBytes *
keep(void *frame, size_t used, size_t size)
{
    if (!ZSTD_isError(used) && used < size - size / 16)
        return g_bytes_new_take(g_realloc(frame, used), used);
    g_free(frame);
    return NULL;
}

GBytes *
nsk_codec_squeeze(const void *data, size_t size, GBytes *prefix)
{
    size_t used;

    if (size < SMALLEST_WORTH)
        return NULL;
    size_t room = ZSTD_compressBound(size);
    void *frame = g_malloc(room);
    ZSTD_CCtx *context = take_compressor();
    if (prefix != NULL && g_bytes_get_size(prefix) > 0)
        used = squeeze_after(context, prefix, frame, room, data, size);
    else
        used = ZSTD_compressCCtx(context, frame, room, data, size, LEVEL);
    give_back(&compressors, context);
    return keep(frame, used, size);
}

GBytes *
nsk_codec_squeeze_shipped(const void *data, size_t size, NskShipped which)
{
    if (size < SMALLEST_WORTH)
        return NULL;
    size_t room = ZSTD_compressBound(size);
    void *frame = g_malloc(room);
    ZSTD_CCtx *context = take_compressor();
    size_t used =
        ZSTD_compress_usingCDict(context, frame, room, data, size, shipped(which)->compressing);
    give_back(&compressors, context);
    return keep(frame, used, size);
}

bool
nsk_codec_expand(const void *frame, size_t frame_size, GBytes *prefix, void *out, size_t size)
{
    ZSTD_DCtx *context = take_expander();
    size_t before = 0;
    const void *bytes = prefix != NULL ? g_bytes_get_data(prefix, &before) : NULL;

    (void)ZSTD_DCtx_reset(context, ZSTD_reset_session_and_parameters);
    if (before > 0)
        (void)ZSTD_DCtx_refPrefix(context, bytes, before);
    size_t got = ZSTD_decompressDCtx(context, out, size, frame, frame_size);
    give_back(&expanders, context);
    return got == size;
}

size_t
nsk_codec_expand_shipped(const void *frame,
                         size_t frame_size,
                         NskShipped which,
                         void *out,
                         size_t room)
{
    ZSTD_DCtx *context = take_expander();
    size_t got = ZSTD_decompress_usingDDict(context, out, room, frame, frame_size,
                                            shipped(which)->expanding);

    give_back(&expanders, context);
    return ZSTD_isError(got) ? SIZE_MAX : got;
}
