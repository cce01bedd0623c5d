/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * XPath 1.0 by libxml2, compiled once, with variables and functions that the caller provides.
 *
 * INVARIANTS:
 *   (1) an expression is evaluated by one thread at a time: libxml2 remembers inside the compiled
 *       form which function a name was, so the context lives as long as the expression, and a lock
 *       guards both;
 *   (2) the length and the nesting are checked before libxml2, which recurses, sees the text;
 *   (3) evaluation ends after NSK_LIMIT_XPATH_STEPS operations.
 */
#include "base/limits.h"
#include "base/message.h"
#include "xml/xml-private.h"

#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <string.h>

struct _NskXPath {
    char *text;
    xmlXPathContext *context;
    xmlXPathCompExpr *compiled;
    char **variables;
    char **functions;
    GMutex lock;
    const NskXPathScope *scope; /* during an evaluation */
    char *fault;                /* what the scope did not know, during an evaluation */
};

/* XPath 1.0, section 4. */
static const char *const core_functions[] = { "last",
                                              "position",
                                              "count",
                                              "id",
                                              "local-name",
                                              "namespace-uri",
                                              "name",
                                              "string",
                                              "concat",
                                              "starts-with",
                                              "contains",
                                              "substring-before",
                                              "substring-after",
                                              "substring",
                                              "string-length",
                                              "translate",
                                              "boolean",
                                              "not",
                                              "normalize-space",
                                              "true",
                                              "false",
                                              "lang",
                                              "number",
                                              "sum",
                                              "floor",
                                              "ceiling",
                                              "round",
                                              NULL };

static void
value_from_object(const xmlXPathObject *object, NskXPathValue *out_value)
{
    *out_value = (NskXPathValue){ 0 };
    if (object->type == XPATH_BOOLEAN) {
        out_value->type = NSK_XPATH_BOOL;
        out_value->boolean = object->boolval != 0;
    } else if (object->type == XPATH_NUMBER) {
        out_value->type = NSK_XPATH_NUMBER;
        out_value->number = object->floatval;
    } else if (object->type == XPATH_STRING) {
        out_value->type = NSK_XPATH_TEXT;
        out_value->text = g_strdup(nsk_xml_plain(object->stringval));
    } else {
        out_value->type = NSK_XPATH_NODES;
        out_value->nodes = g_ptr_array_new();
        xmlXPathNodeSetSort(object->nodesetval);
        for (int i = 0; i < xmlXPathNodeSetGetLength(object->nodesetval); i++) {
            xmlNode *node = object->nodesetval->nodeTab[i];

            /* a namespace node dies with the set that holds it */
            if (node->type != XML_NAMESPACE_DECL)
                g_ptr_array_add(out_value->nodes, node);
        }
    }
}

static xmlXPathObject *
object_from_value(const NskXPathValue *value)
{
    xmlXPathObject *object = NULL;

    switch (value->type) {
    case NSK_XPATH_BOOL:
        return xmlXPathNewBoolean(value->boolean);
    case NSK_XPATH_NUMBER:
        return xmlXPathNewFloat(value->number);
    case NSK_XPATH_TEXT:
        return xmlXPathNewString(nsk_xml_chars(value->text != NULL ? value->text : ""));
    case NSK_XPATH_NULL:
    case NSK_XPATH_NODES:
        break;
    }
    object = xmlXPathNewNodeSet(NULL);
    for (guint i = 0; value->nodes != NULL && i < value->nodes->len; i++)
        xmlXPathNodeSetAdd(object->nodesetval, g_ptr_array_index(value->nodes, i));
    return object;
}

static void G_GNUC_PRINTF(2, 3) set_fault(NskXPath *self, const char *format, ...)
{
    va_list args;

    if (self->fault != NULL)
        return;
    va_start(args, format);
    self->fault = g_strdup_vprintf(format, args);
    va_end(args);
}

static xmlXPathObject *
on_variable(void *data, const xmlChar *name, const xmlChar *ns)
{
    NskXPath *self = data;
    const NskXPathScope *scope = self->scope;
    g_auto(NskXPathValue) value = { 0 };

    if (ns != NULL || scope == NULL || scope->variable == NULL ||
        !scope->variable(scope->data, nsk_xml_plain(name), &value)) {
        set_fault(self, nsk_tr("there is no variable '$%s'"), nsk_xml_plain(name));
        return NULL;
    }
    return object_from_value(&value);
}

static void
clear_values(NskXPathValue *values, size_t n_values)
{
    for (size_t i = 0; i < n_values; i++)
        nsk_xpath_value_clear(&values[i]);
    g_free(values);
}

static void
on_call(xmlXPathParserContext *parser, int n_args)
{
    NskXPath *self = parser->context->funcLookupData;
    const char *name = nsk_xml_plain(parser->context->function);
    const char *ns = nsk_xml_plain(parser->context->functionURI);
    const NskXPathScope *scope = self->scope;
    size_t count = (size_t)n_args;
    NskXPathValue *args = g_new0(NskXPathValue, count + 1);
    xmlXPathObject **objects = g_new0(xmlXPathObject *, count + 1);
    g_auto(NskXPathValue) result = { 0 };

    for (size_t i = count; i > 0; i--) {
        objects[i - 1] = valuePop(parser);
        if (objects[i - 1] != NULL)
            value_from_object(objects[i - 1], &args[i - 1]);
    }
    if (scope != NULL && scope->call != NULL &&
        scope->call(scope->data, ns != NULL ? ns : "", name, args, count, &result)) {
        valuePush(parser, object_from_value(&result));
    } else {
        if (result.text != NULL)
            set_fault(self, "%s(): %s", name, result.text);
        else
            set_fault(self, nsk_tr("there is no function '%s' with %zu arguments"), name, count);
        xmlXPathErr(parser, XPATH_UNKNOWN_FUNC_ERROR);
    }
    clear_values(args, count);
    for (size_t i = 0; i < count; i++)
        xmlXPathFreeObject(objects[i]);
    g_free(objects);
}

/* The functions of XPath itself are found by libxml2; all others by the scope. */
static xmlXPathFunction
on_function(G_GNUC_UNUSED void *data, const xmlChar *name, const xmlChar *ns)
{
    return ns == NULL && g_strv_contains(core_functions, nsk_xml_plain(name)) ? NULL : on_call;
}

static void G_GNUC_PRINTF(4, 5)
    set_error(GError **error, const char *text, size_t offset, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_autofree char *why = g_strdup_vprintf(format, args);
    va_end(args);
    glong at = g_utf8_strlen(text, (gssize)MIN(offset, strlen(text))) + 1;
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID, nsk_tr("expression \"%s\", character %ld: %s"),
                text, at, why);
}

static bool
check_size(const char *text, GError **error)
{
    NskXPathLexer lexer = { text, text, false };
    NskXPathWord word;
    unsigned depth = 0;

    if (strlen(text) > NSK_LIMIT_XPATH_SIZE) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("an expression has %zu bytes; at most %d are read"), strlen(text),
                    NSK_LIMIT_XPATH_SIZE);
        return false;
    }
    if (!g_utf8_validate(text, -1, NULL)) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("an expression is not UTF-8"));
        return false;
    }
    while ((word = nsk_xpath_lex(&lexer)).kind != NSK_XPATH_WORD_END) {
        if (word.kind == NSK_XPATH_WORD_OPEN)
            depth++;
        else if (word.kind == NSK_XPATH_WORD_CLOSE && depth > 0)
            depth--;
        if (depth > NSK_LIMIT_XPATH_DEPTH) {
            g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                        nsk_tr("an expression has more than %d open parentheses at character %zu"),
                        NSK_LIMIT_XPATH_DEPTH, word.offset + 1);
            return false;
        }
    }
    return true;
}

static void
register_prefixes(xmlXPathContext *context, const NskXmlNode *node)
{
    if (node == NULL)
        return;
    xmlNs **list = xmlGetNsList(node->doc, node);
    for (xmlNs **ns = list; ns != NULL && *ns != NULL; ns++) {
        if ((*ns)->prefix != NULL)
            xmlXPathRegisterNs(context, (*ns)->prefix, (*ns)->href);
    }
    xmlFree(list);
}

static void
add_once(GPtrArray *names, const char *name)
{
    if (!g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
        g_ptr_array_add(names, g_strdup(name));
}

/* "name" or "prefix:name"; freed with g_free(). */
static char *
word_name(const NskXPathWord *word)
{
    const char *start = word->prefix != NULL ? word->prefix : word->name;

    return g_strndup(start, (gsize)(word->name + word->name_size - start));
}

static bool
check_prefix(const NskXPath *self, const NskXPathWord *word, GError **error)
{
    if (word->prefix == NULL)
        return true;
    g_autofree char *prefix = g_strndup(word->prefix, word->prefix_size);
    if (xmlXPathNsLookup(self->context, nsk_xml_chars(prefix)) != NULL)
        return true;
    set_error(error, self->text, word->offset, nsk_tr("the prefix '%s' is not declared"), prefix);
    return false;
}

/* Lists what the expression uses; fails for an undeclared prefix. */
static bool
collect_names(NskXPath *self, GError **error)
{
    NskXPathLexer lexer = { self->text, self->text, false };
    g_autoptr(GPtrArray) variables = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) functions = g_ptr_array_new_with_free_func(g_free);
    NskXPathWord word;

    while ((word = nsk_xpath_lex(&lexer)).kind != NSK_XPATH_WORD_END) {
        g_autofree char *name = word.name != NULL ? word_name(&word) : NULL;

        if (!check_prefix(self, &word, error))
            return false;
        if (word.kind == NSK_XPATH_WORD_VARIABLE)
            add_once(variables, name);
        else if (word.kind == NSK_XPATH_WORD_FUNCTION && !g_strv_contains(core_functions, name))
            add_once(functions, name);
    }
    g_ptr_array_add(variables, NULL);
    g_ptr_array_add(functions, NULL);
    self->variables = (char **)g_ptr_array_free(g_steal_pointer(&variables), FALSE);
    self->functions = (char **)g_ptr_array_free(g_steal_pointer(&functions), FALSE);
    return true;
}

NskXPath *
nsk_xpath_compile(const char *text, const NskXmlNode *context, GError **error)
{
    nsk_xml_init();
    if (!check_size(text, error))
        return NULL;

    g_autoptr(NskXPath) self = g_new0(NskXPath, 1);
    g_mutex_init(&self->lock);
    self->text = g_strdup(text);
    self->context = xmlXPathNewContext(NULL);
    if (self->context == NULL) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_IO,
                            nsk_tr("the XPath library gives no context"));
        return NULL;
    }
    self->context->opLimit = NSK_LIMIT_XPATH_STEPS;
    xmlXPathRegisterVariableLookup(self->context, on_variable, self);
    xmlXPathRegisterFuncLookup(self->context, on_function, self);
    register_prefixes(self->context, context);

    nsk_xml_catch_begin();
    self->compiled = xmlXPathCtxtCompile(self->context, nsk_xml_chars(text));
    g_autofree char *why = nsk_xml_catch_end();
    if (self->compiled == NULL) {
        int at = nsk_xml_catch_position();

        set_error(error, text, at > 0 ? (size_t)at : 0, "%s",
                  why != NULL ? why : nsk_tr("not XPath 1.0"));
        return NULL;
    }
    if (!collect_names(self, error))
        return NULL;
    return g_steal_pointer(&self);
}

void
nsk_xpath_free(NskXPath *self)
{
    if (self == NULL)
        return;
    xmlXPathFreeCompExpr(self->compiled);
    if (self->context != NULL)
        xmlXPathFreeContext(self->context);
    g_strfreev(self->variables);
    g_strfreev(self->functions);
    g_mutex_clear(&self->lock);
    g_free(self->fault);
    g_free(self->text);
    g_free(self);
}

const char *
nsk_xpath_get_text(const NskXPath *self)
{
    return self->text;
}

char **
nsk_xpath_variables(const NskXPath *self)
{
    return g_strdupv(self->variables);
}

char **
nsk_xpath_functions(const NskXPath *self)
{
    return g_strdupv(self->functions);
}

/* Called with the lock held. */
static bool
evaluate(NskXPath *self, const NskXmlNode *node, NskXPathValue *out_value, GError **error)
{
    xmlXPathContext *context = self->context;

    context->node = nsk_xml_unconst(node);
    context->doc = node->doc;
    context->opCount = 0;
    g_clear_pointer(&self->fault, g_free);
    nsk_xml_catch_begin();
    xmlXPathObject *object = xmlXPathCompiledEval(self->compiled, context);
    g_autofree char *why = nsk_xml_catch_end();
    context->node = NULL;
    context->doc = NULL;

    if (object != NULL && self->fault == NULL && why == NULL) {
        value_from_object(object, out_value);
        xmlXPathFreeObject(object);
        return true;
    }
    xmlXPathFreeObject(object);
    if (context->opCount >= context->opLimit)
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("expression \"%s\" takes more than %d operations; make it simpler"),
                    self->text, NSK_LIMIT_XPATH_STEPS);
    else
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID, nsk_tr("expression \"%s\": %s"),
                    self->text,
                    self->fault != NULL ? self->fault
                                        : (why != NULL ? why : nsk_tr("cannot be evaluated")));
    return false;
}

bool
nsk_xpath_eval(const NskXPath *self,
               const NskXmlNode *node,
               const NskXPathScope *scope,
               NskXPathValue *out_value,
               GError **error)
{
    NskXPath *mutable = (NskXPath *)(uintptr_t)self;

    g_mutex_lock(&mutable->lock);
    mutable->scope = scope;
    bool ok = evaluate(mutable, node, out_value, error);
    mutable->scope = NULL;
    g_mutex_unlock(&mutable->lock);
    return ok;
}

void
nsk_xpath_value_clear(NskXPathValue *value)
{
    g_free(value->text);
    g_clear_pointer(&value->nodes, g_ptr_array_unref);
    *value = (NskXPathValue){ 0 };
}

bool
nsk_xpath_value_bool(const NskXPathValue *value)
{
    switch (value->type) {
    case NSK_XPATH_BOOL:
        return value->boolean;
    case NSK_XPATH_NUMBER:
        return value->number < 0 || value->number > 0; /* not for NaN */
    case NSK_XPATH_TEXT:
        return value->text != NULL && *value->text != '\0';
    case NSK_XPATH_NODES:
        return value->nodes != NULL && value->nodes->len > 0;
    case NSK_XPATH_NULL:
        break;
    }
    return false;
}

char *
nsk_xpath_value_text(const NskXPathValue *value)
{
    if (value->type == NSK_XPATH_NODES)
        return value->nodes != NULL && value->nodes->len > 0
                   ? nsk_xml_text(g_ptr_array_index(value->nodes, 0))
                   : g_strdup("");
    if (value->type == NSK_XPATH_BOOL)
        return g_strdup(value->boolean ? "true" : "false");
    if (value->type == NSK_XPATH_TEXT)
        return g_strdup(value->text != NULL ? value->text : "");
    if (value->type == NSK_XPATH_NULL)
        return g_strdup("");

    xmlChar *foreign = xmlXPathCastNumberToString(value->number);
    char *text = g_strdup(nsk_xml_plain(foreign));
    xmlFree(foreign);
    return text;
}
