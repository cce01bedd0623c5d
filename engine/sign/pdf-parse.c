/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tokens and values of PDF (ISO 32000-1, 7.2 and 7.3), strictly: what the standard does not
 * allow is a fault, never a guess.
 *
 * INVARIANTS:
 *   (1) nothing is read outside data[0 .. size);
 *   (2) recursion stops at NSK_LIMIT_PDF_DEPTH, the number of values at NSK_LIMIT_PDF_VALUES;
 *   (3) no dictionary has a key twice.
 */
#include "base/limits.h"
#include "base/message.h"
#include "sign/pdf-private.h"

#include <string.h>

#define MAX_NAME   1024 /* bytes */
#define MAX_DIGITS 15   /* exact in a double, far above any offset */

static const PdfValue *
fault(const PdfParser *self, GError **error, PdfFault code, const char *text)
{
    pdf_fail(error, code, self->at, text);
    return NULL;
}

static bool
is_blank(uint8_t c)
{
    return c == 0 || c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == ' ';
}

static bool
is_delimiter(uint8_t c)
{
    return c != 0 && strchr("()<>[]{}/%", c) != NULL;
}

/* Whether a token may end here. */
static bool
at_end(const PdfParser *self, size_t at)
{
    return at >= self->size || is_blank(self->data[at]) || is_delimiter(self->data[at]);
}

void
pdf_skip_blank(PdfParser *self)
{
    while (self->at < self->size) {
        if (self->data[self->at] == '%') {
            while (self->at < self->size && self->data[self->at] != '\n' &&
                   self->data[self->at] != '\r')
                self->at++;
        } else if (is_blank(self->data[self->at])) {
            self->at++;
        } else {
            return;
        }
    }
}

bool
pdf_take_keyword(PdfParser *self, const char *keyword)
{
    size_t size = strlen(keyword);

    if (self->size - self->at < size || memcmp(self->data + self->at, keyword, size) != 0 ||
        !at_end(self, self->at + size))
        return false;
    self->at += size;
    return true;
}

bool
pdf_take_number(PdfParser *self, uint64_t *out_number)
{
    uint64_t number = 0;
    size_t at = self->at;

    while (at < self->size && g_ascii_isdigit(self->data[at]) && at - self->at < 10)
        number = number * 10 + (uint64_t)(self->data[at++] - '0');
    if (at == self->at || !at_end(self, at))
        return false;
    self->at = at;
    *out_number = number;
    return true;
}

/* A new value whose raw text begins at @start and ends here. */
static PdfValue *
make(PdfParser *self, PdfType type, size_t start, GError **error)
{
    PdfValue *value = pdf_arena_value(self->arena, type);

    if (value == NULL) {
        fault(self, error, PDF_FAULT_LIMIT, N_("it has too many values"));
        return NULL;
    }
    value->raw = self->data + start;
    value->raw_size = self->at - start;
    return value;
}

/* A string or name: @text is copied into the arena. */
static const PdfValue *
make_bytes(PdfParser *self, PdfType type, size_t start, const GString *text, GError **error)
{
    PdfValue *value = make(self, type, start, error);

    if (value == NULL)
        return NULL;
    char *copy = pdf_arena_take(self->arena, text->len + 1);
    memcpy(copy, text->str, text->len);
    value->u.bytes = copy;
    value->n = (uint32_t)text->len;
    return value;
}

static const PdfValue *
parse_name(PdfParser *self, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);
    size_t start = self->at++;

    while (!at_end(self, self->at)) {
        uint8_t c = self->data[self->at++];

        if (c == '#') {
            int high =
                self->size - self->at >= 2 ? g_ascii_xdigit_value((char)self->data[self->at]) : -1;
            int low = high >= 0 ? g_ascii_xdigit_value((char)self->data[self->at + 1]) : -1;

            if (low < 0 || high * 16 + low == 0)
                return fault(self, error, PDF_FAULT_SYNTAX, N_("a name has a wrong # code"));
            c = (uint8_t)(high * 16 + low);
            self->at += 2;
        }
        if (text->len >= MAX_NAME)
            return fault(self, error, PDF_FAULT_LIMIT, N_("a name is too long"));
        g_string_append_c(text, (char)c);
    }
    return make_bytes(self, PDF_NAME, start, text, error);
}

static int
hex_value(uint8_t c)
{
    uint8_t lower = c | 0x20;

    if (c >= '0' && c <= '9')
        return c - '0';
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* Decodes what stands up to @end into @out, which has room for half as many bytes.  A signature is
 * 32,000 digits, most of them zeros. */
static bool
take_hex(PdfParser *self, size_t end, char *out, uint32_t *out_n)
{
    uint32_t n = 0;
    int half = -1;

    for (; self->at < end; self->at++) {
        uint8_t c = self->data[self->at];
        int digit = hex_value(c);

        if (digit < 0 && !is_blank(c))
            return false;
        if (digit < 0)
            continue;
        if (half >= 0)
            out[n++] = (char)(half * 16 + digit);
        half = half >= 0 ? -1 : digit;
    }
    if (half >= 0)
        out[n++] = (char)(half * 16);
    *out_n = n;
    return true;
}

static const PdfValue *
parse_hex_string(PdfParser *self, GError **error)
{
    size_t start = self->at++;
    const uint8_t *found = memchr(self->data + self->at, '>', self->size - self->at);
    uint32_t n = 0;

    if (found == NULL)
        return fault(self, error, PDF_FAULT_SYNTAX, N_("a hexadecimal string does not end"));
    size_t end = (size_t)(found - self->data);
    char *bytes = pdf_arena_take(self->arena, (end - self->at + 1) / 2 + 1);
    if (!take_hex(self, end, bytes, &n))
        return fault(self, error, PDF_FAULT_SYNTAX, N_("a hexadecimal string has another sign"));
    self->at++;
    PdfValue *value = make(self, PDF_STRING, start, error);
    if (value == NULL)
        return NULL;
    value->u.bytes = bytes; /* the arena's memory is zero: a NUL follows */
    value->n = n;
    value->is_hex = true;
    return value;
}

/* What follows a backslash in a literal string. */
static void
parse_escape(PdfParser *self, GString *text)
{
    static const char from[] = "nrtbf";
    static const char to[] = "\n\r\t\b\f";
    uint8_t c = self->data[self->at++];
    const char *found = c != 0 ? strchr(from, c) : NULL;

    if (found != NULL) {
        g_string_append_c(text, to[found - from]);
    } else if (c >= '0' && c <= '7') {
        unsigned code = c - '0';

        for (int i = 0; i < 2 && self->at < self->size && self->data[self->at] >= '0' &&
                        self->data[self->at] <= '7';
             i++)
            code = code * 8 + (unsigned)(self->data[self->at++] - '0');
        g_string_append_c(text, (char)(uint8_t)code);
    } else if (c == '\r') {
        if (self->at < self->size && self->data[self->at] == '\n')
            self->at++;
    } else if (c != '\n') {
        g_string_append_c(text, (char)c);
    }
}

static const PdfValue *
parse_literal_string(PdfParser *self, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);
    size_t start = self->at++;
    size_t open = 1;

    while (self->at < self->size) {
        uint8_t c = self->data[self->at++];

        if (c == '\\' && self->at < self->size) {
            parse_escape(self, text);
            continue;
        }
        open += c == '(';
        open -= c == ')';
        if (open == 0)
            return make_bytes(self, PDF_STRING, start, text, error);
        g_string_append_c(text, (char)c);
    }
    return fault(self, error, PDF_FAULT_SYNTAX, N_("a string does not end"));
}

/* "G R" after an integer: then the three are a reference. */
static bool
take_reference_tail(PdfParser *self, uint64_t *out_generation)
{
    size_t back = self->at;

    pdf_skip_blank(self);
    if (self->at > back && pdf_take_number(self, out_generation)) {
        pdf_skip_blank(self);
        if (pdf_take_keyword(self, "R"))
            return true;
    }
    self->at = back;
    return false;
}

static const PdfValue *
make_reference(PdfParser *self, size_t start, int64_t number, uint64_t generation, GError **error)
{
    if (number <= 0 || number >= NSK_LIMIT_PDF_OBJECTS || generation > 65535)
        return fault(self, error, PDF_FAULT_SYNTAX, N_("a reference names an impossible object"));
    PdfValue *value = make(self, PDF_REF, start, error);
    if (value != NULL) {
        value->u.ref.number = (uint32_t)number;
        value->u.ref.generation = (uint32_t)generation;
    }
    return value;
}

static const PdfValue *
parse_number(PdfParser *self, GError **error)
{
    size_t start = self->at;
    bool has_sign = self->data[start] == '+' || self->data[start] == '-';
    bool has_point = false;
    size_t digits = 0;
    int64_t integer = 0;

    for (self->at += has_sign; !at_end(self, self->at); self->at++) {
        uint8_t c = self->data[self->at];

        if (c == '.' && !has_point) {
            has_point = true;
        } else if (g_ascii_isdigit(c) && ++digits <= MAX_DIGITS) {
            if (!has_point)
                integer = integer * 10 + (c - '0');
        } else {
            return fault(self, error, PDF_FAULT_SYNTAX, N_("a number is not well formed"));
        }
    }
    if (digits == 0)
        return fault(self, error, PDF_FAULT_SYNTAX, N_("a number has no digits"));
    uint64_t generation;
    if (!has_sign && !has_point && take_reference_tail(self, &generation))
        return make_reference(self, start, integer, generation, error);

    PdfValue *value = make(self, has_point ? PDF_REAL : PDF_INT, start, error);
    if (value == NULL)
        return NULL;
    if (has_point) {
        g_autofree char *text = g_strndup((const char *)value->raw, value->raw_size);
        value->u.real = g_ascii_strtod(text, NULL);
    } else {
        value->u.integer = self->data[start] == '-' ? -integer : integer;
    }
    return value;
}

static const PdfValue *
parse_array(PdfParser *self, GError **error)
{
    g_autoptr(GPtrArray) items = g_ptr_array_new();
    size_t start = self->at++;

    for (;;) {
        pdf_skip_blank(self);
        if (self->at < self->size && self->data[self->at] == ']')
            break;
        const PdfValue *item = pdf_parse_value(self, error);
        if (item == NULL)
            return NULL;
        g_ptr_array_add(items, (gpointer)(uintptr_t)item);
    }
    self->at++;
    PdfValue *value = make(self, PDF_ARRAY, start, error);
    if (value == NULL)
        return NULL;
    const PdfValue **copy = pdf_arena_take(self->arena, (items->len + 1) * sizeof *copy);
    for (guint i = 0; i < items->len; i++)
        copy[i] = g_ptr_array_index(items, i);
    value->u.items = copy;
    value->n = items->len;
    return value;
}

/* Reads pairs up to ">>".  A set of keys is only made for large dictionaries. */
static bool
parse_pairs(PdfParser *self, GArray *pairs, GError **error)
{
    g_autoptr(GHashTable) keys = g_hash_table_new(g_str_hash, g_str_equal);

    for (;;) {
        pdf_skip_blank(self);
        if (self->size - self->at >= 2 && memcmp(self->data + self->at, ">>", 2) == 0)
            break;
        if (self->at >= self->size || self->data[self->at] != '/')
            return pdf_fail(error, PDF_FAULT_SYNTAX, self->at, N_("a dictionary's key is no name"));
        const PdfValue *key = parse_name(self, error);
        if (key == NULL)
            return false;
        pdf_skip_blank(self);
        const PdfValue *value = pdf_parse_value(self, error);
        if (value == NULL)
            return false;
        if (!g_hash_table_add(keys, (gpointer)(uintptr_t)key->u.bytes))
            return pdf_fail(error, PDF_FAULT_DUPLICATE, self->at,
                            N_("a dictionary has a key twice, so that two programs may see two "
                               "documents"));
        PdfPair pair = { key->u.bytes, value };
        g_array_append_val(pairs, pair);
    }
    self->at += 2;
    return true;
}

static const PdfValue *
parse_dict(PdfParser *self, GError **error)
{
    g_autoptr(GArray) pairs = g_array_new(FALSE, FALSE, sizeof(PdfPair));
    size_t start = self->at;

    self->at += 2;
    if (!parse_pairs(self, pairs, error))
        return NULL;
    PdfValue *value = make(self, PDF_DICT, start, error);
    if (value == NULL)
        return NULL;
    PdfPair *copy = pdf_arena_take(self->arena, (pairs->len + 1) * sizeof *copy);
    if (pairs->len > 0)
        memcpy(copy, pairs->data, pairs->len * sizeof *copy);
    value->u.pairs = copy;
    value->n = pairs->len;
    return value;
}

static const PdfValue *
parse_word(PdfParser *self, GError **error)
{
    static const struct {
        const char *word;
        PdfType type;
        bool boolean;
    } words[] = {
        { "true", PDF_BOOL, true },
        { "false", PDF_BOOL, false },
        { "null", PDF_NULL, false },
    };
    size_t start = self->at;

    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        if (!pdf_take_keyword(self, words[i].word))
            continue;
        PdfValue *value = make(self, words[i].type, start, error);
        if (value != NULL)
            value->u.boolean = words[i].boolean;
        return value;
    }
    return fault(self, error, PDF_FAULT_SYNTAX, N_("no value stands here"));
}

static const PdfValue *
parse_inner(PdfParser *self, GError **error)
{
    uint8_t c = self->data[self->at];
    uint8_t next = self->at + 1 < self->size ? self->data[self->at + 1] : 0;

    if (c == '/')
        return parse_name(self, error);
    if (c == '(')
        return parse_literal_string(self, error);
    if (c == '<' && next == '<')
        return parse_dict(self, error);
    if (c == '<')
        return parse_hex_string(self, error);
    if (c == '[')
        return parse_array(self, error);
    if (c == '+' || c == '-' || c == '.' || g_ascii_isdigit(c))
        return parse_number(self, error);
    return parse_word(self, error);
}

const PdfValue *
pdf_parse_value(PdfParser *self, GError **error)
{
    pdf_skip_blank(self);
    if (self->at >= self->size)
        return fault(self, error, PDF_FAULT_SYNTAX, N_("the file ends inside a value"));
    if (self->depth >= NSK_LIMIT_PDF_DEPTH)
        return fault(self, error, PDF_FAULT_LIMIT, N_("values are nested too deeply"));
    self->depth++;
    const PdfValue *value = parse_inner(self, error);
    self->depth--;
    return value;
}
