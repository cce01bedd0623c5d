/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Messages between the office and the worker: writing and reading.  The format is described in
 * worker-private.h.  Used by both sides.
 *
 * 1. A reader never looks beyond the message, whatever numbers it holds.
 * 2. A reader never makes an array larger than the message could fill.
 */
#include "worker/worker-private.h"

#include <string.h>

#define MARK_LENGTH 40 /* characters of a mark's name at most */

#define NUMBER 4

static void
store_number(uint8_t *out, uint32_t number)
{
    out[0] = (uint8_t)(number >> 24);
    out[1] = (uint8_t)(number >> 16);
    out[2] = (uint8_t)(number >> 8);
    out[3] = (uint8_t)number;
}

static uint32_t
load_number(const uint8_t *in)
{
    return (uint32_t)in[0] << 24 | (uint32_t)in[1] << 16 | (uint32_t)in[2] << 8 | in[3];
}

GByteArray *
nsk_worker_message_begin(void)
{
    GByteArray *message = g_byte_array_new();

    nsk_worker_put_number(message, 0);
    return message;
}

void
nsk_worker_put_number(GByteArray *message, uint32_t number)
{
    uint8_t bytes[NUMBER];

    store_number(bytes, number);
    g_byte_array_append(message, bytes, NUMBER);
}

void
nsk_worker_put_data(GByteArray *message, const void *data, size_t size)
{
    g_assert(size <= G_MAXUINT32 - message->len - 2 * NUMBER);
    nsk_worker_put_number(message, (uint32_t)size);
    if (size > 0)
        g_byte_array_append(message, data, (guint)size);
}

void
nsk_worker_put_text(GByteArray *message, const char *text)
{
    nsk_worker_put_data(message, text, strlen(text));
}

void
nsk_worker_message_finish(GByteArray *message)
{
    store_number(message->data, message->len - NUMBER);
}

NskWorkerReader
nsk_worker_reader(const void *data, size_t size)
{
    NskWorkerReader self = { .at = data, .left = size };

    if (nsk_worker_take_number(&self) != self.left)
        self.bad = true;
    return self;
}

uint32_t
nsk_worker_take_number(NskWorkerReader *self)
{
    if (self->bad || self->left < NUMBER) {
        self->bad = true;
        return 0;
    }

    uint32_t number = load_number(self->at);
    self->at += NUMBER;
    self->left -= NUMBER;
    return number;
}

size_t
nsk_worker_take_count(NskWorkerReader *self, size_t each, size_t most)
{
    size_t count = nsk_worker_take_number(self);

    if (count > most || count > self->left / each) {
        self->bad = true;
        return 0;
    }
    return count;
}

const uint8_t *
nsk_worker_take_data(NskWorkerReader *self, size_t *out_size)
{
    size_t size = nsk_worker_take_count(self, 1, G_MAXUINT32);
    const uint8_t *data = self->at;

    if (self->bad)
        size = 0;
    self->at += size;
    self->left -= size;
    *out_size = size;
    return data;
}

char *
nsk_worker_take_text(NskWorkerReader *self)
{
    size_t size;
    const char *text = (const char *)nsk_worker_take_data(self, &size);

    if (size > 0 && !g_utf8_validate_len(text, size, NULL)) {
        self->bad = true;
        size = 0;
    }
    return g_strndup(size > 0 ? text : "", size);
}

bool
nsk_worker_reader_is_done(const NskWorkerReader *self)
{
    return !self->bad && self->left == 0;
}

void
nsk_worker_put_request(GByteArray *message, const NskWorkerRequest *request)
{
    nsk_worker_put_number(message, request->job);
    nsk_worker_put_number(message, request->page);
    nsk_worker_put_number(message, request->width_px);
    nsk_worker_put_number(message, request->pages);
    nsk_worker_put_number(message, request->cpu_seconds);
    nsk_worker_put_number(message, request->memory_mb);
    nsk_worker_put_number(message, request->indonesian);
}

bool
nsk_worker_take_request(NskWorkerReader *self, NskWorkerRequest *out_request)
{
    NskWorkerRequest request = { .job = nsk_worker_take_number(self) };

    request.page = nsk_worker_take_number(self);
    request.width_px = nsk_worker_take_number(self);
    request.pages = nsk_worker_take_number(self);
    request.cpu_seconds = nsk_worker_take_number(self);
    request.memory_mb = nsk_worker_take_number(self);
    request.indonesian = nsk_worker_take_number(self);
    if (!nsk_worker_reader_is_done(self))
        return false;
    *out_request = request;
    return true;
}

size_t
nsk_worker_mark_size(const char *text)
{
    if (!g_str_has_prefix(text, "${"))
        return 0;
    size_t name = strspn(text + 2, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return name > 0 && name <= MARK_LENGTH && text[2 + name] == '}' ? name + 3 : 0;
}
