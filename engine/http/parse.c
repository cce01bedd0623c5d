/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The texts of a request: its target, query, form, cookies and lists with weights.
 *
 * libmicrohttpd decodes some of them too, and is lenient; its results are not used.  Here there is
 * one reading of each text, and what has none is refused.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "http/http-private.h"

#include <string.h>

/* --- Pairs ----------------------------------------------------------------------------------- */

static void
clear_pair(gpointer data)
{
    NskHttpPair *pair = data;

    g_free(pair->name);
    g_free(pair->value);
}

GArray *
nsk_http_pairs_new(void)
{
    GArray *pairs = g_array_new(FALSE, FALSE, sizeof(NskHttpPair));

    g_array_set_clear_func(pairs, clear_pair);
    return pairs;
}

void
nsk_http_pairs_add(GArray *pairs, char *name, char *value)
{
    const NskHttpPair pair = { name, value };

    g_array_append_val(pairs, pair);
}

static const char *
find_pair(const GArray *pairs, const char *name, size_t index, bool fold)
{
    for (guint i = 0; pairs != NULL && i < pairs->len; i++) {
        const NskHttpPair *pair = &g_array_index(pairs, NskHttpPair, i);
        bool is_it =
            fold ? g_ascii_strcasecmp(pair->name, name) == 0 : strcmp(pair->name, name) == 0;

        if (is_it && index-- == 0)
            return pair->value;
    }
    return NULL;
}

const char *
nsk_http_pairs_find(const GArray *pairs, const char *name, size_t index)
{
    return find_pair(pairs, name, index, false);
}

const char *
nsk_http_headers_find(const GArray *pairs, const char *name, size_t index)
{
    return find_pair(pairs, name, index, true);
}

/* --- Decoding -------------------------------------------------------------------------------- */

bool
nsk_http_is_token(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (!g_ascii_isalnum(text[i]) &&
            (text[i] == '\0' || strchr("!#$%&'*+-.^_`|~", text[i]) == NULL))
            return false;
    }
    return size > 0;
}

static bool
has_control(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((guchar)*text < 0x20 || *text == 0x7f)
            return true;
    }
    return false;
}

char *
nsk_http_decode(const char *text, size_t size, bool form)
{
    g_autoptr(GString) out = g_string_sized_new(size);

    for (size_t i = 0; i < size; i++) {
        char c = text[i];

        if (c == '%') {
            if (size - i < 3 || !g_ascii_isxdigit(text[i + 1]) || !g_ascii_isxdigit(text[i + 2]))
                return NULL;
            c = (char)(g_ascii_xdigit_value(text[i + 1]) << 4 | g_ascii_xdigit_value(text[i + 2]));
            i += 2;
        } else if (c == '+' && form) {
            c = ' ';
        }
        g_string_append_c(out, c);
    }
    if (!nsk_utf8_is_valid(out->str, out->len) || (!form && has_control(out->str)))
        return NULL;
    return g_string_free(g_steal_pointer(&out), FALSE);
}

GArray *
nsk_http_parse_form(const char *text, size_t size)
{
    g_autoptr(GArray) pairs = nsk_http_pairs_new();
    size_t begin = 0;

    while (begin < size) {
        const char *amp = memchr(text + begin, '&', size - begin);
        size_t end = amp != NULL ? (size_t)(amp - text) : size;
        const char *equal = memchr(text + begin, '=', end - begin);
        size_t middle = equal != NULL ? (size_t)(equal - text) : end;
        size_t value = equal != NULL ? middle + 1 : end;

        if (end > begin) {
            char *name = nsk_http_decode(text + begin, middle - begin, true);
            char *content = nsk_http_decode(text + value, end - value, true);

            nsk_http_pairs_add(pairs, name, content);
            if (name == NULL || content == NULL || pairs->len > NSK_LIMIT_HTTP_FIELDS)
                return NULL;
        }
        begin = end + 1;
    }
    return g_steal_pointer(&pairs);
}

GArray *
nsk_http_parse_cookies(const char *text)
{
    GArray *pairs = nsk_http_pairs_new();
    g_auto(GStrv) parts = g_strsplit(text != NULL ? text : "", ";", NSK_LIMIT_HTTP_FIELDS);

    for (size_t i = 0; parts[i] != NULL; i++) {
        char *part = g_strstrip(parts[i]);
        char *equal = strchr(part, '=');
        size_t size = equal != NULL ? strlen(equal + 1) : 0;

        if (equal == NULL || !nsk_http_is_token(part, (size_t)(equal - part)) ||
            !nsk_utf8_is_valid(equal + 1, size))
            continue;
        if (size >= 2 && equal[1] == '"' && equal[size] == '"')
            nsk_http_pairs_add(pairs, g_strndup(part, (size_t)(equal - part)),
                               g_strndup(equal + 2, size - 2));
        else
            nsk_http_pairs_add(pairs, g_strndup(part, (size_t)(equal - part)), g_strdup(equal + 1));
    }
    return pairs;
}

/* --- The target ------------------------------------------------------------------------------ */

void
nsk_http_target_clear(NskHttpTarget *self)
{
    g_clear_pointer(&self->path, g_free);
    g_clear_pointer(&self->pieces, g_strfreev);
    g_clear_pointer(&self->query, g_array_unref);
}

/* Takes "http://HOST" off, if it is there: NULL if it names another host. */
static const char *
skip_authority(const char *text, const char *host)
{
    size_t size = strlen(host);

    if (text[0] == '/')
        return text;
    if (g_ascii_strncasecmp(text, "http://", 7) == 0)
        text += 7;
    else if (g_ascii_strncasecmp(text, "https://", 8) == 0)
        text += 8;
    else
        return NULL;
    if (g_ascii_strncasecmp(text, host, size) != 0 || (text[size] != '/' && text[size] != '\0'))
        return NULL;
    return text[size] == '\0' ? "/" : text + size;
}

static bool
is_good_piece(const char *piece)
{
    return piece != NULL && piece[0] != '\0' && strcmp(piece, ".") != 0 &&
           strcmp(piece, "..") != 0 && strpbrk(piece, "/\\") == NULL;
}

static char **
split_path(const char *path)
{
    g_autoptr(GPtrArray) pieces = g_ptr_array_new_with_free_func(g_free);

    while (path[0] == '/' && path[1] != '\0') {
        size_t size = strcspn(path + 1, "/");
        char *piece = nsk_http_decode(path + 1, size, false);

        g_ptr_array_add(pieces, piece);
        if (!is_good_piece(piece) || pieces->len > NSK_LIMIT_HTTP_PIECES)
            return NULL;
        path += size + 1;
        if (path[0] == '/' && path[1] == '\0')
            return NULL; /* one page has one address */
    }
    g_ptr_array_add(pieces, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&pieces), FALSE);
}

bool
nsk_http_target_parse(const char *text, const char *host, NskHttpTarget *out)
{
    const char *path = skip_authority(text, host);
    size_t size = path != NULL ? strcspn(path, "?") : 0;

    if (path == NULL || strchr(path, '#') != NULL)
        return false;
    g_auto(NskHttpTarget) target = { .path = g_strndup(path, size) };
    target.pieces = split_path(target.path);
    const char *query = path[size] == '?' ? path + size + 1 : "";
    target.query = nsk_http_parse_form(query, strlen(query));
    if (target.pieces == NULL || target.query == NULL)
        return false;
    *out = target;
    memset(&target, 0, sizeof target);
    return true;
}

/* --- Lists ----------------------------------------------------------------------------------- */

/* "q=0.5" in thousandths; 1000 if it is none. */
static int
read_weight(const char *params)
{
    const char *q = params;

    while (q != NULL && (q = strchr(q, ';')) != NULL) {
        q++;
        q += strspn(q, " \t");
        if (g_ascii_strncasecmp(q, "q=", 2) == 0) {
            double weight = g_ascii_strtod(q + 2, NULL);

            return weight >= 0 && weight <= 1 ? (int)(weight * 1000) : 0;
        }
    }
    return 1000;
}

int
nsk_http_weigh(const char *list, const char *item, bool prefix)
{
    g_auto(GStrv) parts = g_strsplit(list != NULL ? list : "", ",", NSK_LIMIT_HTTP_FIELDS);
    size_t size = strlen(item);
    int found = -1, any = -1;

    for (size_t i = 0; parts[i] != NULL; i++) {
        const char *part = g_strstrip(parts[i]);
        size_t end = strcspn(part, "; \t");

        if (end == 1 && part[0] == '*')
            any = read_weight(part);
        else if (g_ascii_strncasecmp(part, item, size) == 0 &&
                 (end == size || (prefix && part[size] == '-')))
            found = MAX(found, read_weight(part));
    }
    return found >= 0 ? found : any;
}

const char *
nsk_http_choose_language(const char *accept)
{
    return nsk_http_weigh(accept, "en", true) > nsk_http_weigh(accept, "id", true) ? "en" : "id";
}

bool
nsk_http_names_etag(const char *list, const char *etag)
{
    g_auto(GStrv) parts = g_strsplit(list != NULL ? list : "", ",", NSK_LIMIT_HTTP_FIELDS);
    size_t size = strlen(etag);

    for (size_t i = 0; parts[i] != NULL; i++) {
        const char *part = g_strstrip(parts[i]);

        if (strcmp(part, "*") == 0)
            return true;
        if (g_str_has_prefix(part, "W/"))
            part += 2;
        if (part[0] == '"' && strncmp(part + 1, etag, size) == 0 &&
            (strcmp(part + 1 + size, "\"") == 0 || strcmp(part + 1 + size, "-gz\"") == 0))
            return true;
    }
    return false;
}

char *
nsk_http_clean_name(const char *name)
{
    const char *begin = name;

    for (const char *p = name; *p != '\0'; p++) {
        if (*p == '/' || *p == '\\')
            begin = p + 1;
    }
    if (begin[0] == '\0' || strcmp(begin, ".") == 0 || strcmp(begin, "..") == 0 ||
        strlen(begin) > NSK_LIMIT_HTTP_FILE_NAME || !nsk_utf8_is_valid(begin, strlen(begin)) ||
        has_control(begin))
        return NULL;
    return g_strdup(begin);
}

/* A quoted string (RFC 9110, 5.6.4) behind its first mark; NULL if it does not end. */
static char *
read_quoted(const char *text)
{
    g_autoptr(GString) out = g_string_new(NULL);

    for (; *text != '"'; text++) {
        if (*text == '\\' && text[1] != '\0')
            text++;
        if (*text == '\0')
            return NULL;
        g_string_append_c(out, *text);
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* Behind the ';' that ends a parameter; at the end if it is the last. */
static const char *
skip_param(const char *text)
{
    bool quoted = false;

    for (; *text != '\0' && (quoted || *text != ';'); text++) {
        if (*text == '"')
            quoted = !quoted;
        else if (quoted && *text == '\\' && text[1] != '\0')
            text++;
    }
    return *text == ';' ? text + 1 : text;
}

char *
nsk_http_header_param(const char *header, const char *name)
{
    size_t size = strlen(name);
    const char *at = skip_param(header);

    while (*at != '\0') {
        at += strspn(at, " \t");
        if (g_ascii_strncasecmp(at, name, size) == 0 && at[size] == '=') {
            at += size + 1;
            return *at == '"' ? read_quoted(at + 1) : g_strndup(at, strcspn(at, "; \t"));
        }
        at = skip_param(at);
    }
    return NULL;
}
