/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The numbering pattern of a series.
 *
 * A pattern is cut once into pieces, each either literal text or a field, with the group of square
 * brackets that it stands in; writing a number walks the pieces.  Groups do not nest, so a group is
 * just a number, counted from 1, and 0 is "outside".
 *
 * INVARIANTS of a parsed scheme:
 *   (1) exactly one piece is the position, and it stands outside groups;
 *   (2) each group has at least one field;
 *   (3) pieces never change, which is what makes a scheme safe to share (see the public header).
 */
#include <naskah/number-scheme.h>

#include "base/message.h"

#include <stdbool.h>
#include <string.h>

typedef enum {
    PIECE_TEXT,
    PIECE_SEQ,
    PIECE_CLASS,
    PIECE_KIND,
    PIECE_UNIT,
    PIECE_UNIT_LEVEL,
    PIECE_POST,
    PIECE_KKA,
    PIECE_MONTH,
    PIECE_MONTH_ROMAN,
    PIECE_YEAR
} PieceKind;

typedef struct {
    PieceKind kind;
    unsigned group; /* 0: outside brackets */
    char *text;     /* owned; PIECE_TEXT only */
    int width;      /* digits of SEQ and MONTH, 0 for no zeros; level of UNIT_LEVEL, from 0 */
} Piece;

struct _NskNumberScheme {
    char *pattern;
    GArray *pieces; /* owned array of Piece */
};

/* While a pattern is read. */
typedef struct {
    const char *pattern;
    const char *at;
    GArray *pieces;
    unsigned n_groups;
    unsigned group; /* the open group, or 0 */
    bool group_has_field;
    unsigned n_seq;
} Reader;

static const char *const roman_months[] = { "I",   "II",   "III", "IV", "V",  "VI",
                                            "VII", "VIII", "IX",  "X",  "XI", "XII" };

static const struct {
    const char *name;
    PieceKind kind;
    int width;
} fields[] = {
    { "seq", PIECE_SEQ, 0 },          { "class", PIECE_CLASS, 0 },
    { "kind", PIECE_KIND, 0 },        { "unit", PIECE_UNIT, 0 },
    { "unit1", PIECE_UNIT_LEVEL, 0 }, { "unit2", PIECE_UNIT_LEVEL, 1 },
    { "unit3", PIECE_UNIT_LEVEL, 2 }, { "post", PIECE_POST, 0 },
    { "kka", PIECE_KKA, 0 },          { "month", PIECE_MONTH, 0 },
    { "month:2", PIECE_MONTH, 2 },    { "month:roman", PIECE_MONTH_ROMAN, 0 },
    { "year", PIECE_YEAR, 0 },
};

static void
piece_clear(gpointer data)
{
    Piece *piece = data;

    g_free(piece->text);
}

static void
scheme_clear(gpointer data)
{
    NskNumberScheme *self = data;

    g_clear_pointer(&self->pieces, g_array_unref);
    g_free(self->pattern);
}

static bool
pattern_error(const Reader *reader, const char *what, GError **error)
{
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("%s at byte %zu of numbering pattern '%s'"), nsk_tr(what),
                (size_t)(reader->at - reader->pattern), reader->pattern);
    return false;
}

/* Reads the inside of one pair of braces, @len bytes at @name. */
static bool
find_field(const char *name, size_t len, Piece *out_piece)
{
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        if (strlen(fields[i].name) == len && memcmp(fields[i].name, name, len) == 0) {
            *out_piece = (Piece){ .kind = fields[i].kind, .width = fields[i].width };
            return true;
        }
    }
    if (len == 5 && memcmp(name, "seq:", 4) == 0 && name[4] >= '1' && name[4] <= '9') {
        *out_piece = (Piece){ .kind = PIECE_SEQ, .width = name[4] - '0' };
        return true;
    }
    return false;
}

static bool
read_field(Reader *reader, GError **error)
{
    const char *end = strchr(reader->at, '}');
    Piece piece;

    if (end == NULL || !find_field(reader->at + 1, (size_t)(end - reader->at - 1), &piece))
        return pattern_error(reader, N_("unknown field"), error);
    if (piece.kind == PIECE_SEQ && reader->group != 0)
        return pattern_error(reader, N_("{seq} in brackets"), error);
    piece.group = reader->group;
    reader->n_seq += piece.kind == PIECE_SEQ;
    reader->group_has_field = true;
    g_array_append_val(reader->pieces, piece);
    reader->at = end + 1;
    return true;
}

static bool
read_bracket(Reader *reader, GError **error)
{
    bool opens = *reader->at == '[';

    if (opens && reader->group != 0)
        return pattern_error(reader, N_("bracket inside brackets"), error);
    if (!opens && reader->group == 0)
        return pattern_error(reader, N_("closing bracket without an opening one"), error);
    if (!opens && !reader->group_has_field)
        return pattern_error(reader, N_("brackets without a field"), error);
    reader->group = opens ? ++reader->n_groups : 0;
    reader->group_has_field = false;
    reader->at++;
    return true;
}

static bool
read_pieces(Reader *reader, GError **error)
{
    while (*reader->at != '\0') {
        size_t len = strcspn(reader->at, "{}[]");

        if (len > 0) {
            Piece piece = { .kind = PIECE_TEXT,
                            .group = reader->group,
                            .text = g_strndup(reader->at, len) };

            g_array_append_val(reader->pieces, piece); /* takes over piece.text */
            reader->at += len;
        } else if (*reader->at == '{') {
            if (!read_field(reader, error))
                return false;
        } else if (*reader->at == '}') {
            return pattern_error(reader, N_("closing brace without an opening one"), error);
        } else if (!read_bracket(reader, error)) {
            return false;
        }
    }
    if (reader->group != 0)
        return pattern_error(reader, N_("bracket that is not closed"), error);
    if (reader->n_seq != 1) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("numbering pattern '%s' has %u {seq} fields, needs exactly one"),
                    reader->pattern, reader->n_seq);
        return false;
    }
    return true;
}

/* Whether @text is UTF-8 of at most @limit bytes on one line. */
static bool
is_plain(const char *text, size_t limit)
{
    if (strlen(text) > limit || !g_utf8_validate(text, -1, NULL))
        return false;
    for (const char *at = text; *at != '\0'; at += g_utf8_skip[(guchar)*at]) {
        if (!g_unichar_isprint(g_utf8_get_char(at)))
            return false;
    }
    return true;
}

NskNumberScheme *
nsk_number_scheme_parse(const char *pattern, GError **error)
{
    g_return_val_if_fail(pattern != NULL, NULL);
    g_return_val_if_fail(error == NULL || *error == NULL, NULL);

    if (strlen(pattern) > NSK_NUMBER_SCHEME_MAX_LEN) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("numbering pattern is over %d bytes; write a shorter one"),
                    NSK_NUMBER_SCHEME_MAX_LEN);
        return NULL;
    }
    if (!is_plain(pattern, NSK_NUMBER_SCHEME_MAX_LEN)) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("numbering pattern is not one line of UTF-8 text"));
        return NULL;
    }

    g_autoptr(NskNumberScheme) self = g_atomic_rc_box_new0(NskNumberScheme);
    self->pattern = g_strdup(pattern);
    self->pieces = g_array_new(FALSE, TRUE, sizeof(Piece));
    g_array_set_clear_func(self->pieces, piece_clear);

    Reader reader = { .pattern = pattern, .at = pattern, .pieces = self->pieces };
    if (!read_pieces(&reader, error))
        return NULL;
    return g_steal_pointer(&self);
}

/* The part of a textual field, or NULL. */
static const char *
get_part(const Piece *piece, const NskNumberParts *parts)
{
    const char *value = NULL;

    if (piece->kind == PIECE_CLASS)
        value = parts->security;
    else if (piece->kind == PIECE_KIND)
        value = parts->kind;
    else if (piece->kind == PIECE_UNIT)
        value = parts->unit;
    else if (piece->kind == PIECE_UNIT_LEVEL)
        value = parts->units[piece->width];
    else if (piece->kind == PIECE_POST)
        value = parts->post;
    else if (piece->kind == PIECE_KKA)
        value = parts->kka;
    return value != NULL && *value != '\0' ? value : NULL;
}

/* Writes one field; false if it has no value. */
static bool
write_field(const Piece *piece, const NskNumberParts *parts, GString *text)
{
    const char *value;

    switch (piece->kind) {
    case PIECE_SEQ:
        if (parts->seq == 0 || parts->seq > NSK_NUMBER_SEQ_MAX)
            return false;
        g_string_append_printf(text, "%0*u", piece->width, parts->seq);
        return true;
    case PIECE_MONTH:
    case PIECE_MONTH_ROMAN:
        if (parts->month < 1 || parts->month > 12)
            return false;
        if (piece->kind == PIECE_MONTH)
            g_string_append_printf(text, "%0*u", piece->width, parts->month);
        else
            g_string_append(text, roman_months[parts->month - 1]);
        return true;
    case PIECE_YEAR:
        if (parts->year < 1000 || parts->year > 9999)
            return false;
        g_string_append_printf(text, "%u", parts->year);
        return true;
    case PIECE_TEXT:
        g_string_append(text, piece->text);
        return true;
    case PIECE_CLASS:
    case PIECE_KIND:
    case PIECE_UNIT:
    case PIECE_UNIT_LEVEL:
    case PIECE_POST:
    case PIECE_KKA:
    default:
        value = get_part(piece, parts);
        if (value == NULL || !is_plain(value, NSK_NUMBER_PART_MAX_LEN))
            return false;
        g_string_append(text, value);
        return true;
    }
}

static const char *
field_name(const Piece *piece)
{
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        if (fields[i].kind == piece->kind &&
            (piece->kind != PIECE_UNIT_LEVEL || fields[i].width == piece->width))
            return fields[i].name;
    }
    return "text";
}

/* Whether a field of @group has no value, so that the whole group vanishes. */
static bool
is_group_empty(const NskNumberScheme *self, const NskNumberParts *parts, unsigned group)
{
    for (guint i = 0; i < self->pieces->len; i++) {
        const Piece *piece = &g_array_index(self->pieces, Piece, i);

        if (piece->group == group && piece->kind >= PIECE_CLASS && piece->kind <= PIECE_KKA &&
            get_part(piece, parts) == NULL)
            return true;
    }
    return false;
}

/* Writes all pieces; the first that has no value goes to *out_missing, and "..." stands for it. */
static char *
write_number(const NskNumberScheme *self, const NskNumberParts *parts, const Piece **out_missing)
{
    g_autoptr(GString) text = g_string_new(NULL);

    *out_missing = NULL;
    for (guint i = 0; i < self->pieces->len; i++) {
        const Piece *piece = &g_array_index(self->pieces, Piece, i);

        if (piece->group != 0 && is_group_empty(self, parts, piece->group))
            continue;
        if (write_field(piece, parts, text))
            continue;
        g_string_append(text, "...");
        if (*out_missing == NULL)
            *out_missing = piece;
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

char *
nsk_number_scheme_format(const NskNumberScheme *self, const NskNumberParts *parts, GError **error)
{
    const Piece *missing;

    g_return_val_if_fail(self != NULL && parts != NULL, NULL);
    g_return_val_if_fail(error == NULL || *error == NULL, NULL);

    g_autofree char *text = write_number(self, parts, &missing);
    if (missing != NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("the number '%s' needs {%s}, which is missing or out of range"),
                    self->pattern, field_name(missing));
        return NULL;
    }
    return g_steal_pointer(&text);
}

char *
nsk_number_scheme_draft(const NskNumberScheme *self, const NskNumberParts *parts)
{
    const Piece *missing;
    NskNumberParts draft = *parts;

    g_return_val_if_fail(self != NULL, NULL);
    draft.seq = 0;
    return write_number(self, &draft, &missing);
}

const char *
nsk_number_scheme_get_pattern(const NskNumberScheme *self)
{
    g_return_val_if_fail(self != NULL, NULL);
    return self->pattern;
}

NskNumberScheme *
nsk_number_scheme_ref(NskNumberScheme *self)
{
    return g_atomic_rc_box_acquire(self);
}

void
nsk_number_scheme_unref(NskNumberScheme *self)
{
    if (self != NULL)
        g_atomic_rc_box_release_full(self, scheme_clear);
}
