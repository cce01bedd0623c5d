/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is global in libxml2 and libxslt: initialisation, loading of further files (refused, but for
 * those built into the program), and the messages of both, caught for each thread.
 *
 * INVARIANTS:
 *   (1) nothing is ever opened by name: the entity loader refuses everything, and the loader of
 *       stylesheets (style.c) reads built-in resources only;
 *   (2) nothing is ever printed by a foreign library.
 */
#include "xml/style-private.h"
#include "xml/xml-private.h"

#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlschemastypes.h>
#include <libxslt/xsltutils.h>
#include <string.h>

/* Bytes of foreign messages that are kept. */
#define MAX_MESSAGE 2000

typedef struct {
    GString *text;
    int position;
} Caught;

static void
caught_free(gpointer data)
{
    Caught *caught = data;

    g_string_free(caught->text, TRUE);
    g_free(caught);
}

static GPrivate caught_key = G_PRIVATE_INIT(caught_free);

static Caught *
get_caught(void)
{
    Caught *caught = g_private_get(&caught_key);

    if (caught == NULL) {
        caught = g_new0(Caught, 1);
        caught->text = g_string_new(NULL);
        g_private_set(&caught_key, caught);
    }
    return caught;
}

static void
on_structured_error(G_GNUC_UNUSED void *data, xmlErrorPtr fault)
{
    Caught *caught = get_caught();

    if (fault->domain == XML_FROM_XPATH)
        caught->position = fault->int1;
    if (fault->level > XML_ERR_WARNING && fault->message != NULL && caught->text->len < MAX_MESSAGE)
        g_string_append(caught->text, fault->message);
}

static void G_GNUC_PRINTF(2, 3) on_generic_error(G_GNUC_UNUSED void *data, const char *format, ...)
{
    Caught *caught = get_caught();
    va_list args;

    if (caught->text->len >= MAX_MESSAGE)
        return;
    va_start(args, format);
    g_string_append_vprintf(caught->text, format, args);
    va_end(args);
}

static xmlParserInput *
refuse_entity(G_GNUC_UNUSED const char *url,
              G_GNUC_UNUSED const char *id,
              G_GNUC_UNUSED xmlParserCtxt *context)
{
    return NULL;
}

void
nsk_xml_init(void)
{
    static gsize done;

    if (!g_once_init_enter(&done))
        return;
    xmlInitParser();
    xmlSchemaInitTypes();
    xmlSetExternalEntityLoader(refuse_entity);
    nsk_xml_style_init();
    xsltSetGenericErrorFunc(NULL, on_generic_error);
    g_once_init_leave(&done, 1);
}

void
nsk_xml_catch_begin(void)
{
    Caught *caught = get_caught();

    g_string_truncate(caught->text, 0);
    caught->position = -1;
    /* Both are per thread in libxml2. */
    xmlSetStructuredErrorFunc(NULL, on_structured_error);
    xmlSetGenericErrorFunc(NULL, on_generic_error);
}

char *
nsk_xml_catch_end(void)
{
    Caught *caught = get_caught();

    xmlSetStructuredErrorFunc(NULL, NULL);
    if (caught->text->len == 0)
        return NULL;
    return nsk_xml_tidy_message(caught->text->str);
}

int
nsk_xml_catch_position(void)
{
    return get_caught()->position;
}

/* Makes lines one line, parted by "; ". */
static char *
join_lines(const char *message)
{
    g_auto(GStrv) lines = g_strsplit(message, "\n", -1);
    g_autoptr(GString) joined = g_string_new(NULL);

    for (char **line = lines; *line != NULL; line++) {
        const char *text = g_strstrip(*line);

        if (*text == '\0')
            continue;
        if (joined->len > 0)
            g_string_append(joined, g_str_has_suffix(joined->str, ":") ? " " : "; ");
        g_string_append(joined, text);
    }
    return g_string_free(g_steal_pointer(&joined), FALSE);
}

char *
nsk_xml_tidy_message(const char *message)
{
    static gsize compiled;
    g_autoptr(GString) text = NULL;

    /* libxslt: "runtime error: file F line N element E\n" before its message */
    if (g_once_init_enter(&compiled)) {
        GRegex *regex = g_regex_new("(?:runtime |compilation |xsl:message |XPath )?error ?: "
                                    "file (.*?) line (\\d+)(?: element (\\S+))?\\n",
                                    0, 0, NULL);

        g_once_init_leave(&compiled, (gsize)regex);
    }
    g_autofree char *valid = g_utf8_make_valid(message, -1);
    g_autofree char *placed =
        g_regex_replace((GRegex *)compiled, valid, -1, 0, "\\1:\\2: in '\\3':\n", 0, NULL);
    g_autofree char *joined = join_lines(placed != NULL ? placed : valid);

    text = g_string_new(joined);
    if (g_ascii_isupper(text->str[0]) && g_ascii_islower(text->str[1]))
        text->str[0] = g_ascii_tolower(text->str[0]);
    while (text->len > 0 && text->str[text->len - 1] == '.')
        g_string_truncate(text, text->len - 1);
    return g_string_free(g_steal_pointer(&text), FALSE);
}
