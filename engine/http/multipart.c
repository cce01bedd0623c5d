/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * multipart/form-data (RFC 7578; the framing is RFC 2046, 5.1) in pieces as they come.
 *
 *     CR LF "--" boundary CR LF  headers CR LF CR LF  content   ...   CR LF "--" boundary "--"
 *
 * What has come and is not understood yet is kept: at most a part's headers, or as many bytes as a
 * delimiter has, since content is passed on as soon as it cannot be the beginning of one.
 *
 * INVARIANTS
 *   (1) A part with a file name is a file, and goes to the disk; any other is text in UTF-8, and
 * all of these together have at most NSK_LIMIT_HTTP_FORM_TEXT bytes. (2) The first delimiter stands
 * at the very beginning (no preamble), each line ends in CR LF. Browsers do so; what does not is
 * refused. (3) Cutting the same bytes into other pieces gives the same result.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/message.h"
#include "http/http-private.h"

#include <string.h>

#define HEAD_LIMIT     4096 /* bytes of a part's headers */
#define BOUNDARY_LIMIT 70   /* RFC 2046, 5.1.1 */

typedef enum { AT_START, IN_HEAD, IN_CONTENT, BEHIND_DELIMITER, AT_END } State;

struct _NskHttpMultipart {
    char *folder;
    GString *delimiter; /* CR LF "--" boundary */
    GString *kept;      /* not understood yet */
    State state;
    size_t text_size; /* of all fields with their names */
    unsigned parts;
    char *field;        /* of the part that is read */
    NskHttpFile *about; /* names of a file that is being read; NULL: it is text */
    NskHttpSpool *spool;
    GString *text;
    GArray *fields;
    GPtrArray *files;
};

static bool
fail(GError **error)
{
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("the form was not sent as multipart/form-data is written; send it "
                               "again from the page"));
    return false;
}

static bool
is_boundary(const char *text)
{
    size_t size = text != NULL ? strlen(text) : 0;

    for (size_t i = 0; i < size; i++) {
        if (!g_ascii_isalnum(text[i]) && strchr("'()+_,-./:=? ", text[i]) == NULL)
            return false;
    }
    return size >= 1 && size <= BOUNDARY_LIMIT && text[size - 1] != ' ';
}

NskHttpMultipart *
nsk_http_multipart_new(const char *content_type, const char *folder, GError **error)
{
    g_autofree char *boundary = nsk_http_header_param(content_type, "boundary");

    if (!is_boundary(boundary)) {
        (void)fail(error);
        return NULL;
    }
    NskHttpMultipart *self = g_new0(NskHttpMultipart, 1);
    self->folder = g_strdup(folder);
    self->delimiter = g_string_new("\r\n--");
    g_string_append(self->delimiter, boundary);
    /* as if a line had ended before the first delimiter */
    self->kept = g_string_new("\r\n");
    self->fields = nsk_http_pairs_new();
    self->files = g_ptr_array_new_with_free_func((GDestroyNotify)nsk_http_file_free);
    return self;
}

static void
forget_part(NskHttpMultipart *self)
{
    g_clear_pointer(&self->field, g_free);
    g_clear_pointer(&self->about, nsk_http_file_free);
    g_clear_pointer(&self->spool, nsk_http_spool_free);
    if (self->text != NULL)
        (void)g_string_free(g_steal_pointer(&self->text), TRUE);
}

void
nsk_http_multipart_free(NskHttpMultipart *self)
{
    if (self == NULL)
        return;
    forget_part(self);
    (void)g_string_free(self->delimiter, TRUE);
    (void)g_string_free(self->kept, TRUE);
    g_clear_pointer(&self->fields, g_array_unref);
    g_clear_pointer(&self->files, g_ptr_array_unref);
    g_free(self->folder);
    g_free(self);
}

/* --- One part -------------------------------------------------------------------------------- */

/* Browsers write '"' in a name as %22 and line ends as %0D%0A (HTML, "multipart form data"). */
static char *
undo_escapes(const char *name)
{
    g_autoptr(GString) out = g_string_new(name);

    (void)g_string_replace(out, "%22", "\"", 0);
    (void)g_string_replace(out, "%0D%0A", "\n", 0);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* Reads "Content-Disposition: form-data; name=...". */
static bool
read_disposition(NskHttpMultipart *self, const char *value, GError **error)
{
    g_autofree char *name = nsk_http_header_param(value, "name");
    g_autofree char *file = nsk_http_header_param(value, "filename");

    if (self->field != NULL || g_ascii_strncasecmp(value, "form-data", 9) != 0 || name == NULL ||
        !nsk_utf8_is_valid(name, strlen(name)))
        return fail(error);
    self->field = undo_escapes(name);
    if (file == NULL)
        return true;
    self->about = g_new0(NskHttpFile, 1);
    self->about->fd = -1;
    g_autofree char *plain = undo_escapes(file);
    self->about->name = nsk_http_clean_name(plain);
    return true;
}

static bool
read_part_header(NskHttpMultipart *self, char *line, char **type, GError **error)
{
    char *colon = strchr(line, ':');

    if (colon == NULL || !nsk_http_is_token(line, (size_t)(colon - line)))
        return fail(error);
    *colon = '\0';
    const char *value = g_strstrip(colon + 1);
    if (g_ascii_strcasecmp(line, "Content-Disposition") == 0)
        return read_disposition(self, value, error);
    if (g_ascii_strcasecmp(line, "Content-Type") == 0 && strlen(value) <= 255 &&
        nsk_utf8_is_valid(value, strlen(value))) {
        g_free(*type);
        *type = g_strdup(value);
    }
    return true;
}

static bool
begin_content(NskHttpMultipart *self, char *type, GError **error)
{
    g_autofree char *owned = type;

    if (self->field == NULL)
        return fail(error);
    if (++self->parts > NSK_LIMIT_HTTP_FIELDS ||
        (self->about != NULL && self->files->len >= NSK_LIMIT_HTTP_FORM_FILES)) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_LIMIT,
                            nsk_tr("the form has too many fields or files; send fewer at a time"));
        return false;
    }
    if (self->about == NULL) {
        self->text = g_string_new(NULL);
        return true;
    }
    self->about->type = g_steal_pointer(&owned);
    self->spool = nsk_http_spool_new(self->folder, error);
    return self->spool != NULL;
}

/* Reads the headers in @head, lines that end in CR LF. */
static bool
begin_part(NskHttpMultipart *self, const char *head, GError **error)
{
    g_auto(GStrv) lines = g_strsplit(head, "\r\n", -1);
    g_autofree char *type = NULL;

    for (size_t i = 0; lines[i] != NULL; i++) {
        if (lines[i][0] != '\0' && !read_part_header(self, lines[i], &type, error))
            return false;
    }
    return begin_content(self, g_steal_pointer(&type), error);
}

static bool
add_content(NskHttpMultipart *self, const char *data, size_t size, GError **error)
{
    if (size == 0)
        return true;
    if (self->spool != NULL)
        return nsk_http_spool_write(self->spool, data, size, error);
    self->text_size += size;
    if (self->text_size > NSK_LIMIT_HTTP_FORM_TEXT) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_LIMIT,
                            nsk_tr("the text in the form is too long; shorten it"));
        return false;
    }
    g_string_append_len(self->text, data, (gssize)size);
    return true;
}

static bool
end_part(NskHttpMultipart *self, GError **error)
{
    if (self->spool != NULL) {
        NskHttpFile *file = nsk_http_spool_finish(g_steal_pointer(&self->spool), error);

        if (file == NULL)
            return false;
        file->field = g_steal_pointer(&self->field);
        file->name = g_steal_pointer(&self->about->name);
        file->type = g_steal_pointer(&self->about->type);
        /* an empty file without a name is a field where nothing was chosen */
        if (file->name == NULL && file->size == 0)
            nsk_http_file_free(file);
        else
            g_ptr_array_add(self->files, file);
    } else {
        if (!nsk_utf8_is_valid(self->text->str, self->text->len))
            return fail(error);
        nsk_http_pairs_add(self->fields, g_steal_pointer(&self->field),
                           g_string_free(g_steal_pointer(&self->text), FALSE));
    }
    forget_part(self);
    return true;
}

/* --- The framing ----------------------------------------------------------------------------- */

/* Takes @size bytes off the front of what is kept. */
static void
take(NskHttpMultipart *self, size_t size)
{
    g_string_erase(self->kept, 0, (gssize)size);
}

/* Passes content on up to the delimiter, or to where one could begin.  *out_more: it was found. */
static bool
step_content(NskHttpMultipart *self, bool *out_more, GError **error)
{
    const char *end =
        memmem(self->kept->str, self->kept->len, self->delimiter->str, self->delimiter->len);
    size_t keep = MIN(self->kept->len, self->delimiter->len - 1);
    size_t size = end != NULL ? (size_t)(end - self->kept->str) : self->kept->len - keep;

    if (!add_content(self, self->kept->str, size, error) || (end != NULL && !end_part(self, error)))
        return false;
    take(self, size + (end != NULL ? self->delimiter->len : 0));
    if (end != NULL)
        self->state = BEHIND_DELIMITER;
    *out_more = end != NULL;
    return true;
}

/* Two bytes say whether another part follows. */
static bool
step_delimiter(NskHttpMultipart *self, bool *out_more, GError **error)
{
    *out_more = self->kept->len >= 2;
    if (!*out_more)
        return true;
    if (memcmp(self->kept->str, "--", 2) == 0)
        self->state = AT_END;
    else if (memcmp(self->kept->str, "\r\n", 2) == 0)
        self->state = IN_HEAD;
    else
        return fail(error);
    take(self, 2);
    return true;
}

static bool
step_start(NskHttpMultipart *self, bool *out_more, GError **error)
{
    size_t size = MIN(self->kept->len, self->delimiter->len);

    if (memcmp(self->kept->str, self->delimiter->str, size) != 0)
        return fail(error);
    *out_more = size == self->delimiter->len;
    if (*out_more) {
        take(self, size);
        self->state = BEHIND_DELIMITER;
    }
    return true;
}

static bool
step_head(NskHttpMultipart *self, bool *out_more, GError **error)
{
    const char *end = memmem(self->kept->str, self->kept->len, "\r\n\r\n", 4);
    size_t size = end != NULL ? (size_t)(end - self->kept->str) : self->kept->len;

    *out_more = end != NULL;
    if (size > HEAD_LIMIT + (end == NULL ? 3 : 0) ||
        (end != NULL && memchr(self->kept->str, '\0', size) != NULL))
        return fail(error);
    if (end == NULL)
        return true;
    g_autofree char *head = g_strndup(self->kept->str, size);
    take(self, size + 4);
    self->text_size += size;
    self->state = IN_CONTENT;
    return begin_part(self, head, error);
}

static bool
step(NskHttpMultipart *self, bool *out_more, GError **error)
{
    switch (self->state) {
    case AT_START:
        return step_start(self, out_more, error);
    case BEHIND_DELIMITER:
        return step_delimiter(self, out_more, error);
    case IN_HEAD:
        return step_head(self, out_more, error);
    case IN_CONTENT:
        return step_content(self, out_more, error);
    case AT_END:
        break;
    }
    *out_more = false; /* an epilogue is passed over */
    g_string_truncate(self->kept, 0);
    return true;
}

bool
nsk_http_multipart_feed(NskHttpMultipart *self, const char *data, size_t size, GError **error)
{
    bool more = true;

    g_string_append_len(self->kept, data, (gssize)size);
    while (more) {
        if (!step(self, &more, error))
            return false;
    }
    return true;
}

bool
nsk_http_multipart_finish(NskHttpMultipart *self,
                          GArray **out_fields,
                          GPtrArray **out_files,
                          GError **error)
{
    if (self->state != AT_END)
        return fail(error);
    *out_fields = g_steal_pointer(&self->fields);
    *out_files = g_steal_pointer(&self->files);
    return true;
}
