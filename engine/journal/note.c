/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys, notes and their signatures.  A note has one spelling only: what is read is what is written.
 */
#include "journal/note.h"

#include "base/bytes.h"
#include "base/message.h"

#include <string.h>

#define LINE_MARK "\xe2\x80\x94 " /* em dash, blank */
#define ID_SIZE   4
#define TIME_SIZE 8
#define MOST_LINE 8192 /* bytes of a signature's base64: room for kinds that we do not know */

static bool
refuse(GError **error, const char *what)
{
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID, what);
    return false;
}

/* --- Base64 and numbers ----------------------------------------------------------------------- */

/* Bytes of a base64 text in its only spelling, or NULL. */
static GBytes *
read_base64(const char *text, size_t size)
{
    gsize n = 0;

    if (size == 0 || size % 4 != 0 || memchr(text, '\0', size) != NULL)
        return NULL;
    g_autofree char *copy = g_strndup(text, size);
    guchar *bytes = g_base64_decode(copy, &n);
    g_autofree char *again = g_base64_encode(bytes, n);
    if (strcmp(copy, again) != 0) {
        g_free(bytes);
        return NULL;
    }
    return g_bytes_new_take(bytes, n);
}

bool
nsk_hash_parse(const char *text, size_t size, NskHash *out)
{
    g_autoptr(GBytes) bytes = size == 44 ? read_base64(text, size) : NULL;

    if (bytes == NULL || g_bytes_get_size(bytes) != sizeof out->bytes)
        return false;
    memcpy(out->bytes, g_bytes_get_data(bytes, NULL), sizeof out->bytes);
    return true;
}

char *
nsk_hash_format(const NskHash *hash)
{
    return g_base64_encode(hash->bytes, sizeof hash->bytes);
}

bool
nsk_tree_number_parse(const char *text, size_t size, uint64_t most, uint64_t *out)
{
    uint64_t number = 0;

    if (size == 0 || (size > 1 && text[0] == '0'))
        return false;
    for (size_t i = 0; i < size; i++) {
        if (!g_ascii_isdigit(text[i]))
            return false;
        uint64_t digit = (uint64_t)(text[i] - '0');
        if (number > (most - digit) / 10 || digit > most)
            return false;
        number = number * 10 + digit;
    }
    *out = number;
    return true;
}

/* --- Keys ------------------------------------------------------------------------------------- */

static bool
is_name(const char *name, size_t size)
{
    if (size == 0 || size >= sizeof((NskLogNoteKey *)NULL)->name ||
        !g_utf8_validate_len(name, size, NULL))
        return false;
    for (const char *at = name; at < name + size; at += g_utf8_skip[*(const guchar *)at]) {
        gunichar c = g_utf8_get_char(at);

        if (c == '+' || g_unichar_isspace(c) || g_unichar_iscntrl(c))
            return false;
    }
    return true;
}

/* The first bytes of SHA-256(name, line feed, kind, key). */
static uint32_t
key_id(const NskLogNoteKey *key)
{
    uint8_t digest[NSK_SHA256_SIZE];
    g_autoptr(GByteArray) block = g_byte_array_new();
    uint8_t middle[2] = { '\n', (uint8_t)key->kind };

    g_byte_array_append(block, (const uint8_t *)key->name, (guint)strlen(key->name));
    g_byte_array_append(block, middle, sizeof middle);
    g_byte_array_append(block, key->key, sizeof key->key);
    nsk_sha256(block->data, block->len, digest);
    return (uint32_t)digest[0] << 24 | (uint32_t)digest[1] << 16 | (uint32_t)digest[2] << 8 |
           digest[3];
}

bool
nsk_log_note_key_init(NskLogNoteKey *self,
                      const char *name,
                      NskLogNoteKind kind,
                      const uint8_t key[NSK_ED25519_KEY_SIZE],
                      GError **error)
{
    if (!is_name(name, strlen(name)))
        return refuse(error, nsk_tr("the name of a key may not be empty, be longer than 255 bytes, "
                                    "or have blanks or '+' in it"));
    memset(self, 0, sizeof *self);
    (void)g_strlcpy(self->name, name, sizeof self->name);
    self->kind = kind;
    memcpy(self->key, key, sizeof self->key);
    self->id = key_id(self);
    return true;
}

bool
nsk_log_note_key_parse(const char *text, NskLogNoteKey *out, GError **error)
{
    const char *first = strchr(text, '+');
    const char *second = first != NULL ? strchr(first + 1, '+') : NULL;
    size_t size = 0;
    uint8_t id[ID_SIZE];

    if (second == NULL || second - first != 1 + 2 * ID_SIZE)
        return refuse(error, nsk_tr("this is no key of a log or witness: NAME+ID+KEY is wanted"));
    g_autofree char *name = g_strndup(text, (size_t)(first - text));
    g_autofree char *hex = g_strndup(first + 1, (size_t)2 * ID_SIZE);
    g_autoptr(GBytes) bytes = read_base64(second + 1, strlen(second + 1));
    const uint8_t *data = bytes != NULL ? g_bytes_get_data(bytes, &size) : NULL;
    if (data == NULL || !nsk_unhex(hex, id, sizeof id))
        return refuse(error, nsk_tr("the key of a log or witness is not complete"));
    if (size != 1 + NSK_ED25519_KEY_SIZE ||
        (data[0] != NSK_NOTE_ED25519 && data[0] != NSK_NOTE_COSIGNATURE)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_UNSUPPORTED,
                    nsk_tr("the key of '%s' is of kind %d; only Ed25519 is known here"), name,
                    size > 0 ? data[0] : 0);
        return false;
    }
    if (!nsk_log_note_key_init(out, name, (NskLogNoteKind)data[0], data + 1, error))
        return false;
    g_autofree char *said = g_strdup_printf("%08x", out->id);
    return strcmp(said, hex) == 0 ||
           refuse(error, nsk_tr("the key of a log or witness does not have the id that it says"));
}

char *
nsk_log_note_key_format(const NskLogNoteKey *self)
{
    uint8_t block[1 + NSK_ED25519_KEY_SIZE] = { (uint8_t)self->kind };

    memcpy(block + 1, self->key, sizeof self->key);
    g_autofree char *base64 = g_base64_encode(block, sizeof block);
    return g_strdup_printf("%s+%08x+%s", self->name, self->id, base64);
}

/* --- Notes ------------------------------------------------------------------------------------ */

static void
line_free(gpointer data)
{
    NskLogNoteLine *line = data;

    g_free(line->name);
    g_bytes_unref(line->signature);
    g_free(line);
}

NskLogNote *
nsk_log_note_new(const char *text)
{
    NskLogNote *self = g_new0(NskLogNote, 1);

    self->text = g_strdup(text);
    self->lines = g_ptr_array_new_with_free_func(line_free);
    return self;
}

void
nsk_log_note_free(NskLogNote *self)
{
    if (self == NULL)
        return;
    g_free(self->text);
    g_ptr_array_unref(self->lines);
    g_free(self);
}

static void
add_line(NskLogNote *self, const char *name, uint32_t id, GBytes *signature)
{
    NskLogNoteLine *line = g_new0(NskLogNoteLine, 1);

    line->name = g_strdup(name);
    line->id = id;
    line->signature = signature;
    g_ptr_array_add(self->lines, line);
}

/* UTF-8 without control characters but line feeds. */
static bool
is_clean(const char *text, size_t size)
{
    if (!g_utf8_validate_len(text, size, NULL))
        return false;
    for (size_t i = 0; i < size; i++) {
        if (((uint8_t)text[i] < 0x20 && text[i] != '\n') || text[i] == 0x7f)
            return false;
    }
    return true;
}

static bool
parse_line(NskLogNote *self, const char *line, size_t size, GError **error)
{
    const size_t mark = strlen(LINE_MARK);
    const char *name = line + mark;
    const char *blank =
        size > mark && memcmp(line, LINE_MARK, mark) == 0 ? memchr(name, ' ', size - mark) : NULL;

    if (blank == NULL || !is_name(name, (size_t)(blank - name)))
        return refuse(error, nsk_tr("a line of the note is no signature: '— NAME SIGNATURE' is "
                                    "wanted"));
    size_t rest = size - (size_t)(blank + 1 - line);
    g_autoptr(GBytes) bytes = rest <= MOST_LINE ? read_base64(blank + 1, rest) : NULL;
    if (bytes == NULL || g_bytes_get_size(bytes) <= ID_SIZE)
        return refuse(error, nsk_tr("a signature of the note is not base64"));
    const uint8_t *data = g_bytes_get_data(bytes, NULL);
    uint32_t id =
        (uint32_t)data[0] << 24 | (uint32_t)data[1] << 16 | (uint32_t)data[2] << 8 | data[3];
    g_autofree char *copy = g_strndup(name, (size_t)(blank - name));
    add_line(self, copy, id,
             g_bytes_new_from_bytes(bytes, ID_SIZE, g_bytes_get_size(bytes) - ID_SIZE));
    return true;
}

NskLogNote *
nsk_log_note_parse(const void *data, size_t size, GError **error)
{
    const char *text = data;

    if (size > NSK_NOTE_MOST_SIZE) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("a signed note may have %d bytes at most"), NSK_NOTE_MOST_SIZE);
        return NULL;
    }
    if (size == 0 || text[size - 1] != '\n' || !is_clean(text, size)) {
        (void)refuse(error, nsk_tr("the note is no text that ends with a line feed, or has control "
                                   "characters in it"));
        return NULL;
    }
    /* signatures follow the last empty line; texts may have some of their own */
    const char *parting = g_strrstr_len(text, (gssize)size, "\n\n");
    if (parting == NULL) {
        (void)refuse(error, nsk_tr("the note has no empty line before its signatures"));
        return NULL;
    }
    g_autofree char *head = g_strndup(text, (size_t)(parting + 1 - text));
    g_autoptr(NskLogNote) self = nsk_log_note_new(head);
    for (const char *at = parting + 2; at < text + size;) {
        const char *end = memchr(at, '\n', (size_t)(text + size - at));

        if (self->lines->len >= NSK_NOTE_MOST_LINES) {
            g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                        nsk_tr("a signed note may have %d signatures at most"),
                        NSK_NOTE_MOST_LINES);
            return NULL;
        }
        if (!parse_line(self, at, (size_t)(end - at), error))
            return NULL;
        at = end + 1;
    }
    if (self->lines->len == 0) {
        (void)refuse(error, nsk_tr("the note is not signed"));
        return NULL;
    }
    return g_steal_pointer(&self);
}

static bool
is_of_key(const NskLogNoteLine *line, const NskLogNoteKey *key)
{
    return line->id == key->id && strcmp(line->name, key->name) == 0;
}

void
nsk_log_note_take(NskLogNote *self, const NskLogNote *from, const NskLogNoteKey *key)
{
    for (guint i = 0; i < from->lines->len; i++) {
        const NskLogNoteLine *line = g_ptr_array_index(from->lines, i);

        if (is_of_key(line, key))
            add_line(self, line->name, line->id, g_bytes_ref(line->signature));
    }
}

char *
nsk_log_note_line_format(const NskLogNoteLine *line)
{
    size_t size;
    const void *data = g_bytes_get_data(line->signature, &size);
    g_autoptr(GByteArray) block = g_byte_array_new();
    uint8_t id[ID_SIZE] = { (uint8_t)(line->id >> 24), (uint8_t)(line->id >> 16),
                            (uint8_t)(line->id >> 8), (uint8_t)line->id };

    g_byte_array_append(block, id, sizeof id);
    g_byte_array_append(block, data, (guint)size);
    g_autofree char *base64 = g_base64_encode(block->data, block->len);
    return g_strdup_printf(LINE_MARK "%s %s\n", line->name, base64);
}

char *
nsk_log_note_format(const NskLogNote *self)
{
    GString *out = g_string_new(self->text);

    g_string_append_c(out, '\n');
    for (guint i = 0; i < self->lines->len; i++) {
        g_autofree char *line = nsk_log_note_line_format(g_ptr_array_index(self->lines, i));

        g_string_append(out, line);
    }
    return g_string_free(out, FALSE);
}

/* --- Signatures ------------------------------------------------------------------------------- */

/* What a key of @kind signs of @text.  Freed with g_free(). */
static char *
message_of(NskLogNoteKind kind, const char *text, uint64_t time)
{
    return kind == NSK_NOTE_ED25519
               ? g_strdup(text)
               : g_strdup_printf("cosignature/v1\ntime %" G_GUINT64_FORMAT "\n%s", time, text);
}

bool
nsk_log_note_sign(NskLogNote *self,
                  const NskLogNoteKey *key,
                  const uint8_t secret[NSK_ED25519_KEY_SIZE],
                  uint64_t time,
                  GError **error)
{
    uint8_t block[TIME_SIZE + NSK_ED25519_SIGNATURE_SIZE];
    size_t skip = key->kind == NSK_NOTE_COSIGNATURE ? 0 : TIME_SIZE;
    g_autofree char *message = message_of(key->kind, self->text, time);

    for (size_t i = 0; i < TIME_SIZE; i++)
        block[i] = (uint8_t)(time >> (8 * (TIME_SIZE - 1 - i)));
    if (!nsk_ed25519_sign(secret, message, strlen(message), block + TIME_SIZE, error))
        return false;
    add_line(self, key->name, key->id, g_bytes_new(block + skip, sizeof block - skip));
    return true;
}

static bool
check_line(const NskLogNote *self,
           const NskLogNoteLine *line,
           const NskLogNoteKey *key,
           uint64_t *out_time)
{
    size_t size, skip = key->kind == NSK_NOTE_COSIGNATURE ? TIME_SIZE : 0;
    const uint8_t *data = g_bytes_get_data(line->signature, &size);
    uint64_t time = 0;

    if (size != skip + NSK_ED25519_SIGNATURE_SIZE)
        return false;
    for (size_t i = 0; i < skip; i++)
        time = time << 8 | data[i];
    if (time > INT64_MAX)
        return false;
    if (out_time != NULL)
        *out_time = time;
    g_autofree char *message = message_of(key->kind, self->text, time);
    return nsk_ed25519_check(key->key, message, strlen(message), data + skip);
}

bool
nsk_log_note_check(const NskLogNote *self,
                   const NskLogNoteKey *key,
                   uint64_t *out_time,
                   GError **error)
{
    bool found = false;

    for (guint i = 0; i < self->lines->len; i++) {
        const NskLogNoteLine *line = g_ptr_array_index(self->lines, i);

        if (!is_of_key(line, key))
            continue;
        if (!check_line(self, line, key, out_time)) {
            g_set_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED,
                        nsk_tr("the signature of '%s' on the note does not hold: the note was "
                               "changed, or another key signed it"),
                        key->name);
            return false;
        }
        found = true;
    }
    if (!found)
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND, nsk_tr("'%s' did not sign the note"),
                    key->name);
    return found;
}

/* --- Checkpoints ------------------------------------------------------------------------------ */

char *
nsk_checkpoint_format(const NskCheckpoint *self)
{
    g_autofree char *root = nsk_hash_format(&self->root);

    return g_strdup_printf("%s\n%" G_GUINT64_FORMAT "\n%s\n", self->origin, self->size, root);
}

bool
nsk_checkpoint_parse(const char *text, NskCheckpoint *out, GError **error)
{
    const char *first = strchr(text, '\n');
    const char *second = first != NULL ? strchr(first + 1, '\n') : NULL;
    const char *third = second != NULL ? strchr(second + 1, '\n') : NULL;

    if (third == NULL || first == text || (size_t)(first - text) >= sizeof out->origin)
        return refuse(error, nsk_tr("this is no checkpoint: origin, size and root are wanted, a "
                                    "line each"));
    memset(out, 0, sizeof *out);
    memcpy(out->origin, text, (size_t)(first - text));
    if (!nsk_tree_number_parse(first + 1, (size_t)(second - first - 1), NSK_TREE_MOST_SIZE,
                               &out->size))
        return refuse(error, nsk_tr("the size in line 2 of the checkpoint is no number"));
    if (!nsk_hash_parse(second + 1, (size_t)(third - second - 1), &out->root))
        return refuse(error, nsk_tr("the root in line 3 of the checkpoint is no hash in base64"));
    return true;
}
