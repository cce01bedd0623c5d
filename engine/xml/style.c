/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * XSLT 1.0 by libxslt, with nothing but the document, the parameters and built-in stylesheets.
 *
 * INVARIANTS:
 *   (1) xsl:import and xsl:include read built-in resources; document() is an error; nothing writes;
 *   (2) a transformation works on a copy, because libxslt strips blanks and keeps notes in its
 *       source, or on a document that is freed after it; so what others hold stays as it is;
 *   (3) templates nest, and instructions and XPath operations run, only so far (base/limits.h).
 */
#include "base/limits.h"
#include "base/message.h"
#include "base/resource.h"
#include "xml/style-private.h"
#include "xml/xml-private.h"

#include <libxslt/documents.h>
#include <libxslt/imports.h>
#include <libxslt/security.h>
#include <libxslt/transform.h>
#include <libxslt/variables.h>
#include <libxslt/xsltInternals.h>
#include <libxslt/xsltutils.h>
#include <string.h>

/* What a stylesheet may write before its imports to name a built-in file from anywhere. */
#define BUILT_IN_SCHEME "naskah:"

struct _NskXmlStyle {
    char *name;
    xsltStylesheet *style;
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC(xsltStylesheet, xsltFreeStylesheet)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(xsltTransformContext, xsltFreeTransformContext)

static xsltSecurityPrefs *security;

static xmlDoc *
load_built_in(const xmlChar *url,
              xmlDict *dict,
              G_GNUC_UNUSED int options,
              G_GNUC_UNUSED void *context,
              xsltLoadType type)
{
    const char *path = nsk_xml_plain(url);
    g_autoptr(GError) error = NULL;

    if (type != XSLT_LOAD_STYLESHEET)
        return NULL;
    if (g_str_has_prefix(path, BUILT_IN_SCHEME))
        path += strlen(BUILT_IN_SCHEME);
    g_autoptr(GBytes) bytes = nsk_resource_load(path, &error);
    xmlDoc *doc = NULL;
    if (bytes != NULL) {
        gsize size;
        const void *data = g_bytes_get_data(bytes, &size);

        /* names of parameters are compared by address: all parts need one dictionary */
        doc = nsk_xml_parse_foreign(path, data, size, dict, &error);
    }
    if (doc == NULL) {
        xsltGenericError(xsltGenericErrorContext, "%s\n", error->message);
        return NULL;
    }
    doc->URL = xmlStrdup(url);
    return doc;
}

/* Compiling has no transformation; it may ask for files, and gets those of load_built_in(). */
static int
allow_compiling(G_GNUC_UNUSED xsltSecurityPrefs *prefs,
                xsltTransformContext *context,
                G_GNUC_UNUSED const char *value)
{
    return context == NULL;
}

void
nsk_xml_style_init(void)
{
    security = xsltNewSecurityPrefs();
    g_assert(security != NULL);
    bool ok =
        xsltSetSecurityPrefs(security, XSLT_SECPREF_READ_FILE, allow_compiling) == 0 &&
        xsltSetSecurityPrefs(security, XSLT_SECPREF_READ_NETWORK, allow_compiling) == 0 &&
        xsltSetSecurityPrefs(security, XSLT_SECPREF_WRITE_FILE, xsltSecurityForbid) == 0 &&
        xsltSetSecurityPrefs(security, XSLT_SECPREF_CREATE_DIRECTORY, xsltSecurityForbid) == 0 &&
        xsltSetSecurityPrefs(security, XSLT_SECPREF_WRITE_NETWORK, xsltSecurityForbid) == 0;
    g_assert(ok);
    xsltSetDefaultSecurityPrefs(security);
    xsltSetLoaderFunc(load_built_in);
}

NskXmlStyle *
nsk_xml_style_parse(const char *name, const void *data, size_t size, GError **error)
{
    xmlDoc *doc = nsk_xml_parse_foreign(name, data, size, NULL, error);

    if (doc == NULL)
        return NULL;
    doc->URL = xmlStrdup(nsk_xml_chars(name));

    nsk_xml_catch_begin();
    xsltStylesheet *style = xsltParseStylesheetDoc(doc);
    g_autofree char *why = nsk_xml_catch_end();
    if (style == NULL || style->errors > 0 || style->warnings > 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("stylesheet '%s' cannot be used: %s"), name,
                    why != NULL ? why : nsk_tr("it is not an XSLT 1.0 stylesheet"));
        if (style != NULL)
            xsltFreeStylesheet(style);
        else
            xmlFreeDoc(doc);
        return NULL;
    }
    NskXmlStyle *self = g_new0(NskXmlStyle, 1);
    self->name = g_strdup(name);
    self->style = style;
    return self;
}

void
nsk_xml_style_free(NskXmlStyle *self)
{
    if (self == NULL)
        return;
    xsltFreeStylesheet(self->style);
    g_free(self->name);
    g_free(self);
}

static xsltTransformContext *
new_context(const NskXmlStyle *self, xmlDoc *source)
{
    xsltTransformContext *context = xsltNewTransformContext(self->style, source);

    if (context == NULL)
        return NULL;
    context->maxTemplateDepth = NSK_LIMIT_XSLT_DEPTH;
    context->opLimit = NSK_LIMIT_XSLT_STEPS;
    context->xpathCtxt->opLimit = NSK_LIMIT_XSLT_STEPS;
    if (xsltSetCtxtSecurityPrefs(security, context) != 0)
        g_clear_pointer(&context, xsltFreeTransformContext);
    return context;
}

/* libxslt says only in words that a limit was met; its state is reset by then. */
static bool
met_limit(const char *why)
{
    return why != NULL && (strstr(why, "infinite template recursion") != NULL ||
                           strstr(why, "peration limit exceeded") != NULL);
}

static void
set_failure(const NskXmlStyle *self, const NskXmlDoc *doc, const char *why, GError **error)
{
    if (met_limit(why))
        g_set_error(
            error, NSK_ERROR, NSK_ERROR_LIMIT,
            nsk_tr("stylesheet '%s' cannot transform '%s': it takes more than %d operations or "
                   "%d nested templates"),
            self->name, doc->name, NSK_LIMIT_XSLT_STEPS, NSK_LIMIT_XSLT_DEPTH);
    else
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("stylesheet '%s' cannot transform '%s': %s"), self->name, doc->name,
                    why != NULL ? why : nsk_tr("unknown reason"));
}

/* libxslt wants names and values that it may not change, but without const. */
static bool
set_params(xsltTransformContext *context, const char *const *params)
{
    for (; params != NULL && params[0] != NULL; params += 2) {
        if (xsltQuoteOneUserParam(context, nsk_xml_chars(params[0]), nsk_xml_chars(params[1])) != 0)
            return false;
    }
    return true;
}

/* @source is changed and stays the caller's; @doc is what messages name. */
static NskXmlDoc *
transform(const NskXmlStyle *self,
          const NskXmlDoc *doc,
          xmlDoc *source,
          const char *const *params,
          GError **error)
{
    g_autoptr(xmlDoc) result = NULL;

    nsk_xml_catch_begin();
    g_autoptr(xsltTransformContext) context = new_context(self, source);
    if (context != NULL && set_params(context, params))
        result = xsltApplyStylesheetUser(self->style, source, NULL, NULL, NULL, context);
    g_autofree char *why = nsk_xml_catch_end();

    if (context == NULL || result == NULL || context->state != XSLT_STATE_OK) {
        set_failure(self, doc, why, error);
        return NULL;
    }
    return nsk_xml_doc_wrap(doc->name, g_steal_pointer(&result));
}

NskXmlDoc *
nsk_xml_style_apply(const NskXmlStyle *self,
                    const NskXmlDoc *doc,
                    const char *const *params,
                    GError **error)
{
    g_autoptr(xmlDoc) source = nsk_xml_doc_clone(doc);

    return transform(self, doc, source, params, error);
}

NskXmlDoc *
nsk_xml_style_apply_once(const NskXmlStyle *self,
                         NskXmlDoc *doc,
                         const char *const *params,
                         GError **error)
{
    NskXmlDoc *result = transform(self, doc, doc->doc, params, error);

    nsk_xml_doc_free(doc);
    return result;
}

static bool
writes_html(const NskXmlStyle *self)
{
    const xmlChar *method = NULL;

    XSLT_GET_IMPORT_PTR(method, self->style, method)
    return method != NULL && strcmp(nsk_xml_plain(method), "html") == 0;
}

GBytes *
nsk_xml_style_write(const NskXmlStyle *self, const NskXmlDoc *result, GError **error)
{
    xmlChar *text = NULL;
    int size = 0;

    if (writes_html(self))
        return nsk_xml_html(result->doc);
    if (xsltSaveResultToString(&text, &size, result->doc, self->style) < 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_IO,
                    nsk_tr("the result of stylesheet '%s' cannot be written"), self->name);
        return NULL;
    }
    GBytes *bytes = g_bytes_new(text, (gsize)size);
    xmlFree(text);
    return bytes;
}
