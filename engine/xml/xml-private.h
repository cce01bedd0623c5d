/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "xml/xml.h"

#include <libxml/tree.h>
#include <libxml/xpath.h>

/*
 * Shared by the files of this module only.
 *
 * A document's xmlDoc._private is its NskXmlDoc; an element's xmlNode._private is its place, the
 * line in the upper and the column in the lower 32 bits, so that a place costs no memory.
 */
struct _NskXmlDoc {
    char *name;
    xmlDoc *doc;
    bool is_built_in; /* read from a file of the program */
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlDoc, xmlFreeDoc)

/* libxml2 takes pointers to things that it does not change without const. */
static inline xmlNode *
nsk_xml_unconst(const NskXmlNode *node)
{
    return (xmlNode *)(uintptr_t)node;
}

static inline const xmlChar *
nsk_xml_chars(const char *text)
{
    return (const xmlChar *)text;
}

static inline const char *
nsk_xml_plain(const xmlChar *text)
{
    return (const char *)text;
}

/* Initialises the foreign libraries, once for the process; called by all that use them first. */
void nsk_xml_init(void);
/* As nsk_xml_parse(), for a library that takes the document; names are in @dict, which may be NULL.
 */
xmlDoc *nsk_xml_parse_foreign(const char *name,
                              const void *data,
                              size_t size,
                              xmlDict *dict,
                              GError **error);
/* Takes @doc. */
NskXmlDoc *nsk_xml_doc_wrap(const char *name, xmlDoc *doc);
void nsk_xml_set_place(xmlNode *node, unsigned line, unsigned column);
/* Gives @to and all beneath it the places of @from, of which it is a copy. */
void nsk_xml_copy_places(xmlNode *to, const xmlNode *from);
/* The next element in document order that is not outside @top, or NULL. */
xmlNode *nsk_xml_walk(const xmlNode *node, const xmlNode *top);
/* canonical.c: the canonical form of the document of which @root is the root, or NULL if it is not
 * one that our own writers make. */
GBytes *nsk_xml_canonical_simple(const NskXmlNode *root);
/* build.c: the same of any document, by libxml2. */
GBytes *nsk_xml_canonical_foreign(xmlDoc *doc, GError **error);
/* The same document without anything shared, for a library that writes into what it reads. */
xmlDoc *nsk_xml_doc_clone(const NskXmlDoc *self);

/*
 * What the foreign libraries complain about on this thread between these two calls.  Not nested.
 * nsk_xml_catch_end() returns it on one line, or NULL if there was nothing; freed with g_free().
 */
void nsk_xml_catch_begin(void);
char *nsk_xml_catch_end(void);
/* The position in an expression of the last complaint since nsk_xml_catch_begin(), or -1. */
int nsk_xml_catch_position(void);
/* A foreign complaint in the form of our own messages; freed with g_free(). */
char *nsk_xml_tidy_message(const char *message);

/* Words of an XPath expression. */
typedef enum {
    NSK_XPATH_WORD_END,
    NSK_XPATH_WORD_VARIABLE, /* $name */
    NSK_XPATH_WORD_FUNCTION, /* name before a parenthesis */
    NSK_XPATH_WORD_NAME,     /* another name that may have a prefix */
    NSK_XPATH_WORD_OPEN,     /* ( or [ */
    NSK_XPATH_WORD_CLOSE,    /* ) or ] */
    NSK_XPATH_WORD_OTHER
} NskXPathWordKind;

typedef struct {
    NskXPathWordKind kind;
    const char *prefix; /* not terminated; NULL if none */
    size_t prefix_size;
    const char *name; /* of a variable, function or name; not terminated */
    size_t name_size;
    size_t offset; /* bytes from the beginning */
} NskXPathWord;

typedef struct {
    const char *text;
    const char *at;
    bool operand_before; /* an operator name may stand here */
} NskXPathLexer;

/* Reads the next word; its kind is NSK_XPATH_WORD_END behind the last one. */
NskXPathWord nsk_xpath_lex(NskXPathLexer *self);
