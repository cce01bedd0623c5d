/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading XML 1.0 (fifth edition) with namespaces, as safely as untrusted bytes demand.
 *
 * Two passes: a scan of the tags by ourselves, which needs no memory, checks all limits and finds a
 * DOCTYPE; then libxml2, stopped at its first complaint.  In a well-formed document without DOCTYPE
 * a tag can be found without grammar: outside comments, CDATA and processing instructions, every
 * '<' begins one.  Hence the nth start tag of the scan is the nth element of the tree, which gives
 * each element its line and column; libxml2 itself knows only the line where the tag ends.
 *
 * INVARIANTS:
 *   (1) libxml2 sees no byte of a document that is too large, too deep, has too many elements or
 *       attributes (its check for doubled attributes takes quadratic time), or has a DOCTYPE;
 *   (2) comments and processing instructions are not in the tree; CDATA is text.
 */
#include "base/limits.h"
#include "base/message.h"
#include "base/resource.h"
#include "xml/xml-private.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <string.h>

typedef enum { TAG_START, TAG_EMPTY, TAG_END, TAG_DOCTYPE } TagKind;

typedef struct {
    TagKind kind;
    const char *at;
    unsigned n_attrs;
} Tag;

/* What is left of the text. */
typedef struct {
    const char *at;
    const char *end;
} Scan;

/* A place in the text as people count it; columns count characters. */
typedef struct {
    const char *at;
    unsigned line;
    unsigned column;
} Place;

typedef struct {
    const char *name;
    const char *data;
    size_t size;
    xmlDict *dict; /* for names; NULL for one of its own */
    GError *error;
} Parse;

/* Characters: bytes that do not continue one.  Without a branch, so that the compiler takes many
 * bytes at once. */
static unsigned
count_characters(const char *from, const char *to)
{
    unsigned n = 0;

    for (; from < to; from++)
        n += ((unsigned char)*from & 0xc0) != 0x80;
    return n;
}

/* Follows the text up to @to. */
static void
advance(Place *place, const char *to)
{
    const char *end_of_line;

    while (place->at < to &&
           (end_of_line = memchr(place->at, '\n', (size_t)(to - place->at))) != NULL) {
        place->line++;
        place->column = 1;
        place->at = end_of_line + 1;
    }
    if (place->at < to) {
        place->column += count_characters(place->at, to);
        place->at = to;
    }
}

static bool
looking_at(const Scan *scan, const char *text)
{
    size_t size = strlen(text);

    return (size_t)(scan->end - scan->at) >= size && memcmp(scan->at, text, size) == 0;
}

static void
skip_past(Scan *scan, size_t from, const char *text)
{
    const char *start = scan->at + from;
    const char *found = memmem(start, (size_t)(scan->end - start), text, strlen(text));

    scan->at = found != NULL ? found + strlen(text) : scan->end;
}

/* Reads the tag at the scan's place up to its '>', minding quotes. */
static void
read_tag(Scan *scan, Tag *out_tag)
{
    const char *p = scan->at + 1;

    out_tag->kind = looking_at(scan, "</") ? TAG_END : TAG_START;
    for (; p < scan->end && *p != '>'; p++) {
        if (*p == '=')
            out_tag->n_attrs++;
        else if ((*p == '"' || *p == '\'') &&
                 (p = memchr(p + 1, *p, (size_t)(scan->end - p - 1))) == NULL)
            p = scan->end - 1;
    }
    if (out_tag->kind == TAG_START && p[-1] == '/')
        out_tag->kind = TAG_EMPTY;
    scan->at = p < scan->end ? p + 1 : p;
}

/* Finds the next tag or DOCTYPE; false at the end of the text. */
static bool
next_tag(Scan *scan, Tag *out_tag)
{
    const char *found;

    while ((found = memchr(scan->at, '<', (size_t)(scan->end - scan->at))) != NULL) {
        scan->at = found;
        if (looking_at(scan, "<!--")) {
            skip_past(scan, 4, "-->");
        } else if (looking_at(scan, "<![CDATA[")) {
            skip_past(scan, 9, "]]>");
        } else if (looking_at(scan, "<?")) {
            skip_past(scan, 2, "?>");
        } else {
            *out_tag = (Tag){ TAG_DOCTYPE, found, 0 };
            if (looking_at(scan, "<!"))
                scan->at += 2;
            else
                read_tag(scan, out_tag);
            return true;
        }
    }
    return false;
}

static Scan
scan_begin(const Parse *parse)
{
    return (Scan){ parse->data, parse->data + parse->size };
}

static Place
place_begin(const Parse *parse)
{
    return (Place){ parse->data, 1, 1 };
}

static void G_GNUC_PRINTF(4, 5)
    fail_at(Parse *parse, NskError code, const char *place, const char *format, ...)
{
    Place counted = place_begin(parse);
    va_list args;

    advance(&counted, place);
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error(&parse->error, NSK_ERROR, (int)code, "%s:%u:%u: %s", parse->name, counted.line,
                counted.column, text);
}

static bool
check_tag(Parse *parse, const Tag *tag, unsigned depth, unsigned n_elements)
{
    g_autofree char *wrong = NULL;

    if (tag->kind == TAG_DOCTYPE) {
        fail_at(parse, NSK_ERROR_INVALID, tag->at,
                nsk_tr("a document type (DOCTYPE) is not allowed; remove it"));
        return false;
    }
    if (depth > NSK_LIMIT_XML_DEPTH) {
        wrong = g_strdup_printf(nsk_tr("elements are nested too deep; at most %d levels are read"),
                                NSK_LIMIT_XML_DEPTH);
    } else if (n_elements > NSK_LIMIT_XML_NODES) {
        wrong = g_strdup_printf(nsk_tr("there are too many elements; at most %d are read"),
                                NSK_LIMIT_XML_NODES);
    } else if (tag->n_attrs > NSK_LIMIT_XML_ATTRIBUTES) {
        wrong = g_strdup_printf(nsk_tr("the element has too many attributes; at most %d are read"),
                                NSK_LIMIT_XML_ATTRIBUTES);
    }
    if (wrong == NULL)
        return true;
    fail_at(parse, NSK_ERROR_LIMIT, tag->at, "%s", wrong);
    return false;
}

/* Checks all that can be known from the tags alone. */
static bool
check_tags(Parse *parse)
{
    Scan scan = scan_begin(parse);
    unsigned depth = 0;
    unsigned n_elements = 0;
    Tag tag;

    while (next_tag(&scan, &tag)) {
        if (tag.kind == TAG_START || tag.kind == TAG_EMPTY)
            n_elements++;
        if (tag.kind == TAG_START)
            depth++;
        else if (tag.kind == TAG_END && depth > 0)
            depth--;
        if (!check_tag(parse, &tag, depth + (tag.kind == TAG_EMPTY), n_elements))
            return false;
    }
    return true;
}

static const char *
skip_blanks(const char *p)
{
    return p + strspn(p, " \t\r\n");
}

/* The value of encoding="..." in the XML declaration, or NULL; freed with g_free(). */
static char *
declared_encoding(const Parse *parse)
{
    static const char word[] = "encoding";

    if (parse->size < 6 || memcmp(parse->data, "<?xml", 5) != 0)
        return NULL;
    const char *end = memmem(parse->data, parse->size, "?>", 2);
    if (end == NULL)
        return NULL;
    g_autofree char *declaration = g_strndup(parse->data, (gsize)(end - parse->data));
    for (const char *p = declaration; (p = strstr(p, word)) != NULL; p++) {
        const char *value = skip_blanks(p + strlen(word));

        if (!g_ascii_isspace(p[-1]) || *value != '=')
            continue;
        value = skip_blanks(value + 1);
        if (*value != '"' && *value != '\'')
            continue;
        size_t size = strcspn(++value, "\"'");
        if (value[size] != '\0')
            return g_strndup(value, size);
    }
    return NULL;
}

/* How many bytes at the beginning are ASCII and not NUL, or fewer: whole blocks only. */
static size_t
measure_ascii(const char *data, size_t size)
{
    const char *nul = memchr(data, '\0', size);
    size_t plain = nul != NULL ? (size_t)(nul - data) : size;
    uint64_t block[4];
    size_t at = 0;

    for (; at + sizeof block <= plain; at += sizeof block) {
        memcpy(block, data + at, sizeof block);
        if (((block[0] | block[1] | block[2] | block[3]) & UINT64_C(0x8080808080808080)) != 0)
            break;
    }
    return at;
}

static bool
check_bytes(Parse *parse)
{
    const char *bad = NULL;
    size_t plain = 0;

    if (parse->size > NSK_LIMIT_XML_SIZE) {
        g_set_error(&parse->error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("%s: the document has %zu bytes; at most %d are read"), parse->name,
                    parse->size, NSK_LIMIT_XML_SIZE);
        return false;
    }
    plain = measure_ascii(parse->data, parse->size);
    if (!g_utf8_validate_len(parse->data + plain, parse->size - plain, &bad)) {
        if (*bad == '\0')
            fail_at(parse, NSK_ERROR_INVALID, bad,
                    nsk_tr("there is a NUL byte, which no XML may have"));
        else
            fail_at(parse, NSK_ERROR_INVALID, bad,
                    nsk_tr("the byte 0x%02x is not UTF-8; save the document as UTF-8"),
                    (unsigned)(unsigned char)*bad);
        return false;
    }
    g_autofree char *encoding = declared_encoding(parse);
    if (encoding != NULL && g_ascii_strcasecmp(encoding, "UTF-8") != 0) {
        fail_at(parse, NSK_ERROR_INVALID, parse->data,
                nsk_tr("the document declares the encoding '%s'; only UTF-8 is read"), encoding);
        return false;
    }
    return true;
}

/* The parser's own sentence, in the user's language where writers of letters meet it; freed with
 * g_free(). */
static char *
words_of_fault(const xmlError *fault)
{
    static const char *const known[] = {
        N_("attValue: \" or ' expected"),
        N_("attributes construct error"),
        N_("document is empty"),
        N_("error parsing attribute name"),
        N_("extra content at the end of the document"),
        N_("start tag expected, '<' not found"),
        N_("unescaped '<' not allowed in attributes values"),
        N_("xmlParseEntityRef: no name"),
    };
    const char *name = fault->str1 != NULL ? fault->str1 : "";

    if (fault->code == XML_ERR_TAG_NAME_MISMATCH && fault->str2 != NULL)
        return g_strdup_printf(nsk_tr("opening and ending tag mismatch: %s line %d and %s"), name,
                               fault->int1, fault->str2);
    if (fault->code == XML_ERR_TAG_NOT_FINISHED)
        return g_strdup_printf(nsk_tr("premature end of data in tag %s line %d"), name,
                               fault->int1);
    if (fault->code == XML_ERR_UNDECLARED_ENTITY)
        return g_strdup_printf(nsk_tr("entity '%s' not defined"), name);
    if (fault->code == XML_ERR_ATTRIBUTE_REDEFINED)
        return g_strdup_printf(nsk_tr("attribute %s redefined"), name);
    if (fault->code == XML_ERR_ATTRIBUTE_WITHOUT_VALUE)
        return g_strdup_printf(nsk_tr("specification mandates value for attribute %s"), name);
    g_autofree char *text =
        nsk_xml_tidy_message(fault->message != NULL ? fault->message : nsk_tr("not well-formed"));
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        if (strcmp(text, known[i]) == 0)
            return g_strdup(nsk_tr(known[i]));
    }
    return g_steal_pointer(&text);
}

/* The first complaint stops the parser: what it would say next is only a consequence. */
static void
on_parser_error(void *data, xmlErrorPtr fault)
{
    xmlParserCtxt *context = data;
    Parse *parse = context->_private;

    if (fault->level < XML_ERR_ERROR || parse->error != NULL)
        return;
    size_t offset = 0;
    if (context->input != NULL)
        offset = context->input->consumed + (size_t)(context->input->cur - context->input->base);
    g_autofree char *text = words_of_fault(fault);
    fail_at(parse, NSK_ERROR_INVALID, parse->data + MIN(offset, parse->size), "%s", text);
    xmlStopParser(context);
}

/* A second fence behind check_tags(). */
static void
on_doctype(void *data,
           G_GNUC_UNUSED const xmlChar *name,
           G_GNUC_UNUSED const xmlChar *public_id,
           G_GNUC_UNUSED const xmlChar *system_id)
{
    xmlStopParser(data);
}

static xmlDoc *
run_parser(Parse *parse)
{
    xmlParserCtxt *context = xmlNewParserCtxt();

    if (context == NULL)
        return NULL;
    context->_private = parse;
    context->sax->serror = on_parser_error;
    context->sax->internalSubset = on_doctype;
    context->sax->comment = NULL;
    context->sax->processingInstruction = NULL;
    if (parse->dict != NULL) {
        xmlDictFree(context->dict);
        context->dict = parse->dict;
        xmlDictReference(parse->dict);
    }
    xmlDoc *doc = xmlCtxtReadMemory(context, parse->data, (int)parse->size, NULL, NULL,
                                    XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_IGNORE_ENC |
                                        XML_PARSE_NOXINCNODE | XML_PARSE_BIG_LINES);
    if (doc == NULL && parse->error == NULL)
        g_set_error(&parse->error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("%s:1:1: the document is empty or cannot be read"), parse->name);
    if (parse->error != NULL)
        g_clear_pointer(&doc, xmlFreeDoc);
    xmlFreeParserCtxt(context);
    return doc;
}

/* See the head of this file for why the nth tag is the nth element. */
static void
place_elements(const Parse *parse, xmlDoc *doc)
{
    Scan scan = scan_begin(parse);
    Place place = place_begin(parse);
    xmlNode *top = xmlDocGetRootElement(doc);
    Tag tag;

    for (xmlNode *node = top; node != NULL; node = nsk_xml_walk(node, top)) {
        do {
            if (!next_tag(&scan, &tag))
                return;
        } while (tag.kind == TAG_END);
        advance(&place, tag.at);
        nsk_xml_set_place(node, place.line, place.column);
    }
}

static xmlDoc *
parse_bytes(Parse *parse, GError **error)
{
    nsk_xml_init();
    /* a file of the program is what its tests have read */
    bool is_known = nsk_resource_holds(parse->name, parse->data);
    if (parse->size >= 3 && memcmp(parse->data, "\xef\xbb\xbf", 3) == 0) {
        parse->data += 3;
        parse->size -= 3;
    }
    xmlDoc *doc = is_known || (check_bytes(parse) && check_tags(parse)) ? run_parser(parse) : NULL;
    if (doc == NULL)
        g_propagate_error(error, parse->error);
    return doc;
}

xmlDoc *
nsk_xml_parse_foreign(const char *name,
                      const void *data,
                      size_t size,
                      xmlDict *dict,
                      GError **error)
{
    Parse parse = { .name = name, .data = size > 0 ? data : "", .size = size, .dict = dict };

    return parse_bytes(&parse, error);
}

NskXmlDoc *
nsk_xml_parse(const char *name, const void *data, size_t size, GError **error)
{
    Parse parse = { .name = name, .data = size > 0 ? data : "", .size = size };
    xmlDoc *doc = parse_bytes(&parse, error);

    if (doc == NULL)
        return NULL;
    place_elements(&parse, doc);
    NskXmlDoc *self = nsk_xml_doc_wrap(name, doc);
    self->is_built_in = nsk_resource_holds(name, data);
    return self;
}
