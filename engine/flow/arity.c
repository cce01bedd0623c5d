/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether the functions of an expression are called with as many arguments as they take: XPath
 * finds that out only when it comes to a call, and behind an `and` it may not for years.
 *
 * The expression has compiled, so parentheses match and what stands before one is a function, a
 * node type, or an operator.
 */
#include "flow/read-private.h"

#include <string.h>

#define MANY 1000

/* XPath 1.0, section 4. */
static const struct {
    const char *name;
    size_t least;
    size_t most;
} core[] = {
    { "last", 0, 0 },
    { "position", 0, 0 },
    { "count", 1, 1 },
    { "id", 1, 1 },
    { "local-name", 0, 1 },
    { "namespace-uri", 0, 1 },
    { "name", 0, 1 },
    { "string", 0, 1 },
    { "concat", 2, MANY },
    { "starts-with", 2, 2 },
    { "contains", 2, 2 },
    { "substring-before", 2, 2 },
    { "substring-after", 2, 2 },
    { "substring", 2, 3 },
    { "string-length", 0, 1 },
    { "normalize-space", 0, 1 },
    { "translate", 3, 3 },
    { "boolean", 1, 1 },
    { "not", 1, 1 },
    { "true", 0, 0 },
    { "false", 0, 0 },
    { "lang", 1, 1 },
    { "number", 0, 1 },
    { "sum", 1, 1 },
    { "floor", 1, 1 },
    { "ceiling", 1, 1 },
    { "round", 1, 1 },
};

static bool
is_name_char(char c)
{
    return g_ascii_isalnum(c) || c == '-' || c == '_' || c == '.' || ((unsigned char)c & 0x80) != 0;
}

/* Behind a literal that begins at @at, or behind the one character there. */
static const char *
skip(const char *at)
{
    const char *end = *at == '\'' || *at == '"' ? strchr(at + 1, *at) : NULL;

    return end != NULL ? end + 1 : at + 1;
}

/* Of the call whose '(' is at @at. */
static size_t
count_arguments(const char *at)
{
    size_t commas = 0;
    unsigned depth = 0;
    bool empty = true;

    for (const char *p = at; *p != '\0'; p = skip(p)) {
        if (*p == ')' || *p == ']')
            depth--;
        if (depth == 0 && p > at)
            break;
        if (p > at && !g_ascii_isspace(*p))
            empty = false;
        if (*p == '(' || *p == '[')
            depth++;
        else if (*p == ',' && depth == 1)
            commas++;
    }
    return empty ? 0 : commas + 1;
}

/* The local name before the '(' at @at; "" if none.  Freed with g_free(). */
static char *
name_before(const char *text, const char *at)
{
    const char *end = at;
    const char *start = NULL;

    while (end > text && g_ascii_isspace(end[-1]))
        end--;
    start = end;
    while (start > text && is_name_char(start[-1]))
        start--;
    return g_strndup(start, (gsize)(end - start));
}

static bool
find_range(const char *name, size_t *out_least, size_t *out_most)
{
    for (size_t i = 0; i < G_N_ELEMENTS(core); i++) {
        if (strcmp(core[i].name, name) != 0)
            continue;
        *out_least = core[i].least;
        *out_most = core[i].most;
        return true;
    }
    return nsk_flow_function_range(name, out_least, out_most);
}

char *
nsk_flow_find_bad_call(const char *text, size_t *out_least, size_t *out_most, size_t *out_count)
{
    for (const char *at = text; *at != '\0'; at = skip(at)) {
        g_autofree char *name = *at == '(' ? name_before(text, at) : NULL;

        if (name == NULL || !find_range(name, out_least, out_most))
            continue;
        *out_count = count_arguments(at);
        if (*out_count < *out_least || *out_count > *out_most)
            return g_steal_pointer(&name);
    }
    return NULL;
}
