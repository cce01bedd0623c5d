/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <naskah/issue.h>

#include <stdbool.h>
#include <stddef.h>

/*
 * XML, the only user of libxml2 and libxslt.
 *
 * Reading refuses any DOCTYPE, resolves no entity but the five built in, opens no file and no
 * network, and is bounded in size, depth and number of elements and attributes (base/limits.h).
 * Only UTF-8 is read.  Comments and processing instructions are not kept.  Every element remembers
 * the line and column where it began; columns count characters from 1.  One thread at a time for
 * each document; compiled schemas, stylesheets and expressions are immutable and may be shared.
 *
 * Specifications: XML 1.0 (fifth edition), Namespaces in XML 1.0, Canonical XML 1.0, RELAX NG
 * (ISO/IEC 19757-2), XSLT 1.0, XPath 1.0.
 */
typedef struct _NskXmlDoc NskXmlDoc;
/* A node, borrowed from its document. */
typedef struct _xmlNode NskXmlNode;

/*
 * @name is what messages call the document; @data may be NULL if @size is 0.  Errors: INVALID
 * "name:line:column: ..."; LIMIT.
 */
NskXmlDoc *nsk_xml_parse(const char *name, const void *data, size_t size, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* A new document with an empty root element; @ns may be NULL.  Its name is "". */
NskXmlDoc *nsk_xml_doc_new(const char *ns, const char *root);
void nsk_xml_doc_free(NskXmlDoc *self);
const char *nsk_xml_doc_get_name(const NskXmlDoc *self);
NskXmlNode *nsk_xml_doc_get_root(const NskXmlDoc *self);
/* A copy of @node as a document of its own, with the name and places of the original. */
NskXmlDoc *nsk_xml_doc_copy(const NskXmlNode *node);

/* Elements only; NULL when there is none. */
NskXmlNode *nsk_xml_first(const NskXmlNode *node);
NskXmlNode *nsk_xml_next(const NskXmlNode *node);
NskXmlNode *nsk_xml_parent(const NskXmlNode *node);
/* The first child element of that local name in any namespace, or NULL. */
NskXmlNode *nsk_xml_child(const NskXmlNode *node, const char *name);
/* Elements and text alike, for mixed content. */
NskXmlNode *nsk_xml_first_any(const NskXmlNode *node);
NskXmlNode *nsk_xml_next_any(const NskXmlNode *node);
bool nsk_xml_is_text(const NskXmlNode *node);

const char *nsk_xml_name(const NskXmlNode *node); /* local name; "" for text */
const char *nsk_xml_ns(const NskXmlNode *node);   /* "" if none */
bool nsk_xml_is(const NskXmlNode *node, const char *ns, const char *name);
/* Borrowed; NULL if absent.  An attribute without namespace, and one in @ns. */
const char *nsk_xml_attr(const NskXmlNode *node, const char *name);
const char *nsk_xml_attr_ns(const NskXmlNode *node, const char *ns, const char *name);
/* The attribute at @index in the order of the document, borrowed; *out_ns is "" if it has none.
 * False behind the last. */
bool nsk_xml_attr_at(const NskXmlNode *node,
                     size_t index,
                     const char **out_ns,
                     const char **out_name,
                     const char **out_value);
/* All text beneath, in order; blanks kept.  Freed with g_free(). */
char *nsk_xml_text(const NskXmlNode *node);
/* The same where it lies in the tree in one piece, borrowed until the tree changes; NULL where it
 * does not, which says nothing about the text.  Never NULL for text itself. */
const char *nsk_xml_text_in_place(const NskXmlNode *node);
/* As nsk_xml_text(), with runs of white space made one blank and ends trimmed. */
char *nsk_xml_text_folded(const NskXmlNode *node);
/* The text of the named child, folded; NULL if there is no such child.  Freed with g_free(). */
char *nsk_xml_child_text(const NskXmlNode *node, const char *name);
/* 0 for what was built and not read.  Text and attributes have the place of their element. */
unsigned nsk_xml_line(const NskXmlNode *node);
unsigned nsk_xml_column(const NskXmlNode *node);
/* Adds a finding at @node's place. */
void nsk_xml_issue(const NskXmlDoc *doc,
                   const NskXmlNode *node,
                   NskIssues *issues,
                   const char *tag,
                   const char *format,
                   ...) G_GNUC_PRINTF(5, 6);

/*
 * Building.  The namespace of a new element is its parent's if @ns is NULL, none if it is "".
 * Characters that XML forbids, and bytes that are not UTF-8, become U+FFFD.
 */
NskXmlNode *nsk_xml_add(NskXmlNode *parent, const char *ns, const char *name);
NskXmlNode *nsk_xml_add_text_element(NskXmlNode *parent, const char *name, const char *text);
/* A new element of the same namespace before @sibling, which is not the root. */
NskXmlNode *nsk_xml_add_before(NskXmlNode *sibling, const char *name);
void nsk_xml_add_text(NskXmlNode *parent, const char *text); /* NULL adds nothing */
/* NULL removes.  "xml:lang" and its like are of the XML namespace; all others of none. */
void nsk_xml_set_attr(NskXmlNode *node, const char *name, const char *value);
/* Gives a built element the place of another, for findings about it. */
void nsk_xml_set_place_of(NskXmlNode *node, const NskXmlNode *from);
/* Copies @node with all beneath it, of this or another document, as the last child of @parent. */
NskXmlNode *nsk_xml_add_copy(NskXmlNode *parent, const NskXmlNode *node);
void nsk_xml_set_text(NskXmlNode *node, const char *text);
/* Frees @node with all beneath it. */
void nsk_xml_remove(NskXmlNode *node);

/*
 * Canonical XML 1.0 without comments (C14N): the same content always gives the same bytes.  A node
 * that is not the root is taken as a document of its own.  Errors: INVALID for a relative namespace
 * name, which has no canonical form.
 */
GBytes *nsk_xml_canonical(const NskXmlNode *node, GError **error);
/* Whether @root is the root of a document that has one default namespace, declared there, and no
 * other; whose attributes, of no namespace or of xml:, stand in canonical order; and which has no
 * text beside a text. */
bool nsk_xml_is_tidy(const NskXmlNode *root);
/* Puts the attributes of @node, and of all beneath it, in canonical order. */
void nsk_xml_sort_attributes(NskXmlNode *node);
/*
 * Indented where there is no mixed content, with an XML declaration.  An element is taken as mixed
 * if it holds text that is not blank; blanks between elements are thought to be layout.
 */
GBytes *nsk_xml_pretty(const NskXmlDoc *self, GError **error);
/* The same, but elements with these local names keep their content as it is: NULL-terminated. */
GBytes *nsk_xml_pretty_mixed(const NskXmlDoc *self, const char *const *mixed, GError **error);

/* A RELAX NG schema (XML syntax).  Includes are resolved among the built-in resources. */
typedef struct _NskXmlSchema NskXmlSchema;
NskXmlSchema *nsk_xml_schema_parse(const char *name, const void *data, size_t size, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
void nsk_xml_schema_free(NskXmlSchema *self);
/*
 * Checks @doc.  Each finding has line, column, what is wrong and what is allowed there.
 * Returns true if there was none.
 */
bool nsk_xml_schema_check(const NskXmlSchema *self, const NskXmlDoc *doc, NskIssues *issues);
/*
 * Checks @doc by the built-in schema at @path; findings are in @issues and no error.  A file of the
 * program, read from where it lies in it, passed when the program was tested and is not checked
 * again.  Errors: those of a schema that is not there.
 */
bool
nsk_xml_schema_check_by(const char *path, const NskXmlDoc *doc, NskIssues *issues, GError **error);

/*
 * An XSLT 1.0 stylesheet.  Imports and includes are resolved among the built-in resources,
 * relative to the stylesheet's name or absolute as "naskah:templates/...": no document(), no
 * writing, no file or network access; bounded depth and operations.  Of extensions there is only
 * what libxslt has in itself, above all exsl:node-set().
 */
typedef struct _NskXmlStyle NskXmlStyle;
NskXmlStyle *nsk_xml_style_parse(const char *name, const void *data, size_t size, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
void nsk_xml_style_free(NskXmlStyle *self);
/*
 * @params: NULL-terminated name, value, name, value ...; values are strings, never expressions; may
 * be NULL.  Errors: INVALID with the stylesheet's line, LIMIT.  xsl:message terminate="yes" is
 * INVALID; another message is dropped.
 */
NskXmlDoc *nsk_xml_style_apply(const NskXmlStyle *self,
                               const NskXmlDoc *doc,
                               const char *const *params,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for a document that nobody needs afterwards: it is the source itself, not a copy, and is
 * freed, also after an error. */
NskXmlDoc *nsk_xml_style_apply_once(const NskXmlStyle *self,
                                    NskXmlDoc *doc,
                                    const char *const *params,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The result as the stylesheet's xsl:output wants it (XML, HTML or text).  Errors: IO. */
GBytes *nsk_xml_style_write(const NskXmlStyle *self, const NskXmlDoc *result, GError **error);

/* A compiled XPath 1.0 expression. */
typedef struct _NskXPath NskXPath;

typedef enum {
    NSK_XPATH_NULL,
    NSK_XPATH_BOOL,
    NSK_XPATH_NUMBER,
    NSK_XPATH_TEXT,
    NSK_XPATH_NODES
} NskXPathType;

typedef struct {
    NskXPathType type;
    bool boolean;
    double number;
    char *text;       /* owned */
    GPtrArray *nodes; /* owned array of borrowed NskXmlNode, in document order */
} NskXPathValue;

/*
 * Where an expression finds names.  Any function may be NULL.  None may evaluate the expression
 * that called it.  Nodes in values must live until the evaluation is over.
 */
typedef struct {
    /* Fills *out_value for $name; false if there is no such variable. */
    bool (*variable)(void *data, const char *name, NskXPathValue *out_value);
    /*
     * Calls {ns}name(args); @ns is "" for a name without prefix.  The functions of XPath 1.0 itself
     * never come here.  Returns false if there is no such function with such arguments;
     * out_value->text may then say why.
     */
    bool (*call)(void *data,
                 const char *ns,
                 const char *name,
                 const NskXPathValue *args,
                 size_t n_args,
                 NskXPathValue *out_value);
    void *data;
} NskXPathScope;

/*
 * Compiles @text.  Prefixes are resolved by the namespace declarations in scope at @context, which
 * may be NULL.  Errors: INVALID with the place in the expression, also for a prefix that is not
 * declared; LIMIT if it is too long or too deep.
 */
NskXPath *nsk_xpath_compile(const char *text,
                            const NskXmlNode *context,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
void nsk_xpath_free(NskXPath *self);
const char *nsk_xpath_get_text(const NskXPath *self);
/* Names of variables, and "prefix:function" names, that the expression uses, each once, without
 * the functions of XPath 1.0 itself; NULL-terminated, freed with g_strfreev().  What deployment
 * checks against what the engine knows. */
char **nsk_xpath_variables(const NskXPath *self);
char **nsk_xpath_functions(const NskXPath *self);
/*
 * Evaluates with @node as context node; @scope may be NULL.  Errors: INVALID for an unknown
 * variable or function, LIMIT above NSK_LIMIT_XPATH_STEPS.  @out_value is written on success only
 * and is then the caller's to clear.
 */
bool nsk_xpath_eval(const NskXPath *self,
                    const NskXmlNode *node,
                    const NskXPathScope *scope,
                    NskXPathValue *out_value,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
void nsk_xpath_value_clear(NskXPathValue *value);
/* As XPath's boolean() and string(). */
bool nsk_xpath_value_bool(const NskXPathValue *value);
char *nsk_xpath_value_text(const NskXPathValue *value); /* freed with g_free() */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskXmlDoc, nsk_xml_doc_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskXmlSchema, nsk_xml_schema_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskXmlStyle, nsk_xml_style_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskXPath, nsk_xpath_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskXPathValue, nsk_xpath_value_clear)
