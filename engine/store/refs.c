/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * packed-refs (git-pack-refs(1)): a head line, then "OID SP REF LF", sorted by ref.
 *
 * A hundred thousand letters are ten megabytes, of which a run changes a few lines.  So the old
 * text is searched by halving, and written anew by copying the stretches between the changes.
 *
 * INVARIANT: what is written is sorted and has each ref once; a text that is not so, or has a line
 * of another form, is not sound, and its repository is written anew.  Nor is one beside which
 * somebody put a ref of its own as a file (gitrepository-layout(5)): git would believe that one.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "store/store-private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_NAME   "packed-refs"
#define FOLDER_NAME "refs"
#define LOOSE_DEPTH 3 /* folders below it that are looked into */
#define FILE_MODE   0644
#define REFS_LIMIT  (512 * 1024 * 1024) /* bytes of packed-refs; some four million letters */
#define BUFFER_SIZE (256 * 1024)
#define PREFIX_LEN  (NSK_OID_LEN + 1) /* of a line, before its ref */

static const char text_head[] = "# pack-refs with: peeled fully-peeled sorted \n";

/* A line of the text; @ref is not terminated. */
typedef struct {
    const char *at;
    const char *ref;
    size_t ref_len;
    const char *next;
} Line;

static bool
read_line(const char *at, const char *end, Line *out)
{
    const char *stop = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;

    if (stop == NULL || stop - at <= PREFIX_LEN || at[NSK_OID_LEN] != ' ')
        return false;
    *out = (Line){ at, at + PREFIX_LEN, (size_t)(stop - at) - PREFIX_LEN, stop + 1 };
    return true;
}

static int
compare_refs(const char *a, size_t a_len, const char *b, size_t b_len)
{
    int order = memcmp(a, b, MIN(a_len, b_len));

    return order != 0 ? order : (a_len > b_len) - (a_len < b_len);
}

static bool
line_is_sound(const Line *line)
{
    for (size_t i = 0; i < NSK_OID_LEN; i++) {
        if (!g_ascii_isxdigit(line->at[i]) || g_ascii_isupper(line->at[i]))
            return false;
    }
    for (size_t i = 0; i < line->ref_len; i++) {
        if (line->ref[i] <= ' ' || line->ref[i] == 0x7f)
            return false;
    }
    return line->ref_len > strlen("refs/") && memcmp(line->ref, "refs/", strlen("refs/")) == 0;
}

/* Looks at every line once. */
static void
examine(NskRefs *self)
{
    Line line, last = { 0 };
    const char *at = self->text + self->head;
    const char *end = self->text + self->size;

    for (; at < end; at = line.next) {
        if (!read_line(at, end, &line) || !line_is_sound(&line))
            return;
        if (last.ref != NULL && compare_refs(last.ref, last.ref_len, line.ref, line.ref_len) >= 0)
            return;
        last = line;
        self->n++;
    }
    self->sound = true;
}

/* Whether there are refs as files, as far down as letters have theirs; @removes takes them away. */
static bool
has_loose(const char *folder, int depth, bool removes)
{
    const char *name;
    bool has = false;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);

        if (g_file_test(path, G_FILE_TEST_IS_DIR) && !g_file_test(path, G_FILE_TEST_IS_SYMLINK)) {
            has = (depth > 0 && has_loose(path, depth - 1, removes)) || has;
            continue;
        }
        has = true;
        if (removes)
            (void)unlink(path);
    }
    return has;
}

NskRefs *
nsk_refs_open(const char *path, GError **error)
{
    g_autoptr(NskRefs) self = g_new0(NskRefs, 1);
    g_autoptr(GError) fault = NULL;
    g_autofree char *file = g_build_filename(path, FILE_NAME, NULL);

    self->bytes = nsk_file_read(file, REFS_LIMIT, &fault);
    if (self->bytes == NULL && !g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return NULL;
    }
    if (self->bytes == NULL)
        return g_steal_pointer(&self);
    self->text = g_bytes_get_data(self->bytes, &self->size);
    self->head = strlen(text_head);
    g_autofree char *refs = g_build_filename(path, FOLDER_NAME, NULL);
    if (self->size >= self->head && memcmp(self->text, text_head, self->head) == 0 &&
        !has_loose(refs, LOOSE_DEPTH, false))
        examine(self);
    return g_steal_pointer(&self);
}

void
nsk_refs_free(NskRefs *self)
{
    if (self == NULL)
        return;
    g_clear_pointer(&self->bytes, g_bytes_unref);
    g_free(self);
}

/* The first line whose ref is not before @ref; the end of the text if there is none. */
static const char *
find_place(const NskRefs *self, const char *ref)
{
    const char *low = self->text + self->head;
    const char *end = self->text + self->size;
    const char *high = end;

    while (low < high) {
        Line line = { 0 };
        const char *middle = low + (high - low) / 2;

        while (middle > low && middle[-1] != '\n')
            middle--;
        (void)read_line(middle, end, &line);
        if (compare_refs(line.ref, line.ref_len, ref, strlen(ref)) < 0)
            low = line.next;
        else
            high = middle;
    }
    return low;
}

/* The line of @ref, if the text has one at @at. */
static bool
is_at(const NskRefs *self, const char *at, const char *ref, Line *out)
{
    return read_line(at, self->text + self->size, out) &&
           compare_refs(out->ref, out->ref_len, ref, strlen(ref)) == 0;
}

bool
nsk_refs_find(const NskRefs *self, const char *ref, git_oid *out_oid)
{
    Line line;
    char text[NSK_OID_LEN + 1] = { 0 };

    if (!self->sound || !is_at(self, find_place(self, ref), ref, &line))
        return false;
    memcpy(text, line.at, NSK_OID_LEN);
    return nsk_oid_parse(text, out_oid);
}

struct _NskRefWriter {
    char *folder;
    char *temporary; /* NULL once it has its name */
    int fd;
    GByteArray *buffer;
};

static bool
flush(NskRefWriter *self, GError **error)
{
    if (!nsk_write_all(self->fd, self->buffer->data, self->buffer->len))
        return nsk_store_io_error(error, N_("write"), self->temporary);
    g_byte_array_set_size(self->buffer, 0);
    return true;
}

static bool
put(NskRefWriter *self, const char *text, size_t size, GError **error)
{
    while (size > 0) {
        size_t part = MIN(size, BUFFER_SIZE);

        g_byte_array_append(self->buffer, (const guint8 *)text, (guint)part);
        text += part;
        size -= part;
        if (self->buffer->len >= BUFFER_SIZE && !flush(self, error))
            return false;
    }
    return true;
}

NskRefWriter *
nsk_ref_writer_new(const char *path, GError **error)
{
    g_autoptr(NskRefWriter) self = g_new0(NskRefWriter, 1);

    self->folder = g_strdup(path);
    self->temporary = g_build_filename(path, FILE_NAME ".XXXXXX", NULL);
    self->buffer = g_byte_array_new();
    self->fd = g_mkstemp_full(self->temporary, O_WRONLY | O_CLOEXEC, FILE_MODE);
    if (self->fd < 0) {
        (void)nsk_store_io_error(error, N_("create"), self->temporary);
        return NULL;
    }
    return put(self, text_head, strlen(text_head), error) ? g_steal_pointer(&self) : NULL;
}

bool
nsk_ref_writer_put(NskRefWriter *self, const char *ref, const git_oid *oid, GError **error)
{
    char line[PREFIX_LEN + 1];

    (void)nsk_oid_text(oid, line);
    line[NSK_OID_LEN] = ' ';
    return put(self, line, PREFIX_LEN, error) && put(self, ref, strlen(ref), error) &&
           put(self, "\n", 1, error);
}

bool
nsk_ref_writer_merge(NskRefWriter *self, const NskRefs *old, const GArray *changes, GError **error)
{
    const char *done = old->text + old->head;
    const char *end = old->text + old->size;

    g_assert(old->sound);
    for (guint i = 0; i < changes->len; i++) {
        const NskRefChange *change = &g_array_index(changes, NskRefChange, i);
        Line line;

        if (change->fault != NULL || nsk_oid_is_zero(&change->want))
            continue;
        const char *place = find_place(old, change->ref);
        if (!put(self, done, (size_t)(place - done), error) ||
            !nsk_ref_writer_put(self, change->ref, &change->want, error))
            return false;
        done = is_at(old, place, change->ref, &line) ? line.next : place;
    }
    return put(self, done, (size_t)(end - done), error);
}

bool
nsk_ref_writer_finish(NskRefWriter *self, GError **error)
{
    g_autofree char *file = g_build_filename(self->folder, FILE_NAME, NULL);

    if (!flush(self, error))
        return false;
    if (fchmod(self->fd, FILE_MODE) != 0 || fsync(self->fd) != 0)
        return nsk_store_io_error(error, N_("sync"), self->temporary);
    if (rename(self->temporary, file) != 0)
        return nsk_store_io_error(error, N_("rename"), self->temporary);
    g_clear_pointer(&self->temporary, g_free);
    g_autofree char *refs = g_build_filename(self->folder, FOLDER_NAME, NULL);
    (void)has_loose(refs, LOOSE_DEPTH, true);
    return nsk_dir_sync(self->folder, error);
}

void
nsk_ref_writer_free(NskRefWriter *self)
{
    if (self == NULL)
        return;
    if (self->fd >= 0)
        (void)close(self->fd);
    if (self->fd >= 0 && self->temporary != NULL)
        (void)unlink(self->temporary);
    g_byte_array_unref(self->buffer);
    g_free(self->temporary);
    g_free(self->folder);
    g_free(self);
}
