/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the message catalogue: the part of the PO format (gettext manual, "The Format of PO Files")
 * that it needs: msgid and msgstr, each one or more quoted strings, and comments.
 */
#include "base/message.h"

#include "base/resource.h"

#include <errno.h>
#include <string.h>

#define CATALOGUE "templates/messages/id.po"

static _Thread_local const char *chosen; /* NULL: the environment's */

const char *
nsk_language_use(const char *language)
{
    const char *before = chosen;

    if (language != NULL)
        chosen = strcmp(language, "id") == 0 ? "id" : "en";
    else
        chosen = NULL;
    return before;
}

const char *
nsk_language(void)
{
    static const char *const variables[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

    if (chosen != NULL)
        return chosen;
    for (size_t i = 0; i < G_N_ELEMENTS(variables); i++) {
        const char *value = g_getenv(variables[i]);

        if (value != NULL && value[0] != '\0')
            return g_str_has_prefix(value, "id") ? "id" : "en";
    }
    return "en";
}

/* Adds the quoted string in @line, if there is one, to @text. */
static void
append_quoted(GString *text, const char *line)
{
    const char *begin = strchr(line, '"');
    const char *end = strrchr(line, '"');

    if (begin == NULL || end == begin)
        return;
    g_autofree char *raw = g_strndup(begin + 1, (size_t)(end - begin - 1));
    g_autofree char *plain = g_strcompress(raw);
    g_string_append(text, plain);
}

static void
keep_pair(GHashTable *catalogue, GString *id, GString *text)
{
    if (id->len > 0 && text->len > 0)
        g_hash_table_insert(catalogue, g_strdup(id->str), g_strdup(text->str));
    g_string_truncate(id, 0);
    g_string_truncate(text, 0);
}

static GHashTable *
read_catalogue(void)
{
    GHashTable *catalogue = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(GBytes) bytes = nsk_resource_load(CATALOGUE, NULL);

    g_assert(bytes != NULL);
    g_autofree char *all = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    g_auto(GStrv) lines = g_strsplit(all, "\n", -1);
    g_autoptr(GString) id = g_string_new(NULL);
    g_autoptr(GString) text = g_string_new(NULL);
    GString *current = id;

    for (int i = 0; lines[i] != NULL; i++) {
        if (lines[i][0] == '#')
            continue;
        if (g_str_has_prefix(lines[i], "msgid ")) {
            keep_pair(catalogue, id, text);
            current = id;
        } else if (g_str_has_prefix(lines[i], "msgstr ")) {
            current = text;
        }
        append_quoted(current, lines[i]);
    }
    keep_pair(catalogue, id, text);
    return catalogue;
}

const char *
nsk_tr(const char *english)
{
    static GHashTable *catalogue;

    if (strcmp(nsk_language(), "id") != 0)
        return english;
    int saved = errno;
    if (g_once_init_enter(&catalogue))
        g_once_init_leave(&catalogue, read_catalogue());
    errno = saved;
    const char *found = g_hash_table_lookup(catalogue, english);
    return found != NULL ? found : english;
}

const char *
nsk_reason(int code)
{
    static const struct {
        int code;
        const char *words; /* of the C library in its own language */
    } reasons[] = {
        { EACCES, N_("Permission denied") },
        { EDQUOT, N_("Disk quota exceeded") },
        { EEXIST, N_("File exists") },
        { EIO, N_("Input/output error") },
        { EISDIR, N_("Is a directory") },
        { ELOOP, N_("Too many levels of symbolic links") },
        { EMFILE, N_("Too many open files") },
        { ENAMETOOLONG, N_("File name too long") },
        { ENOENT, N_("No such file or directory") },
        { ENOMEM, N_("Cannot allocate memory") },
        { ENOSPC, N_("No space left on device") },
        { ENOTDIR, N_("Not a directory") },
        { ENOTEMPTY, N_("Directory not empty") },
        { EPERM, N_("Operation not permitted") },
        { EPIPE, N_("Broken pipe") },
        { EROFS, N_("Read-only file system") },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(reasons); i++) {
        if (reasons[i].code == code)
            return nsk_tr(reasons[i].words);
    }
    return g_strerror(code);
}
