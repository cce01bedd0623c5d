/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Data types of schemas: XML Schema part 2, and the two that RELAX NG has itself. */
#include "base/message.h"
#include "xml/schema-private.h"

#include <libxml/xmlregexp.h>
#include <libxml/xmlschemastypes.h>
#include <string.h>

#define XSD_LIBRARY "http://www.w3.org/2001/XMLSchema-datatypes"
#define XSD_NS      "http://www.w3.org/2001/XMLSchema"
/* Longer text is not given to a pattern, whose time may grow faster than the text. */
#define MAX_PATTERN_TEXT 4096

struct _NskDataType {
    char *name;
    xmlSchemaType *type; /* NULL for those without rules of their own */
    bool keeps_blanks;
    char *pattern;
    xmlRegexp *regexp;
    int64_t min_length; /* in characters; -1 if not said, as all below */
    int64_t max_length;
    bool has_min;
    bool has_max;
    int64_t min; /* of a number */
    int64_t max;
    char *words;
};

NskDataType *
nsk_data_type_new(const char *library, const char *name, GError **error)
{
    xmlSchemaType *type = NULL;
    bool plain = strcmp(name, "string") == 0 || strcmp(name, "token") == 0 || *name == '\0';

    nsk_xml_init();
    if (strcmp(library, XSD_LIBRARY) == 0)
        type = xmlSchemaGetPredefinedType(nsk_xml_chars(name), nsk_xml_chars(XSD_NS));
    if (type == NULL && !plain) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_UNSUPPORTED,
                    nsk_tr("there is no data type '%s' in the library '%s'"), name, library);
        return NULL;
    }
    NskDataType *self = g_new0(NskDataType, 1);
    self->name = g_strdup(name);
    self->type = plain ? NULL : type;
    self->keeps_blanks = strcmp(name, "string") == 0;
    self->min_length = -1;
    self->max_length = -1;
    return self;
}

void
nsk_data_type_free(NskDataType *self)
{
    if (self == NULL)
        return;
    if (self->regexp != NULL)
        xmlRegFreeRegexp(self->regexp);
    g_free(self->pattern);
    g_free(self->words);
    g_free(self->name);
    g_free(self);
}

static bool
read_number(const char *text, int64_t *out_number, GError **error)
{
    return g_ascii_string_to_signed(text, 10, INT64_MIN, INT64_MAX, out_number, error);
}

static bool
add_pattern(NskDataType *self, const char *value, GError **error)
{
    if (self->regexp != NULL) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_UNSUPPORTED,
                            nsk_tr("a data type has more than one pattern"));
        return false;
    }
    nsk_xml_catch_begin();
    self->regexp = xmlRegexpCompile(nsk_xml_chars(value));
    g_autofree char *why = nsk_xml_catch_end();
    self->pattern = g_strdup(value);
    if (self->regexp == NULL)
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID, nsk_tr("the pattern '%s' is wrong: %s"),
                    value, why != NULL ? why : nsk_tr("unknown reason"));
    return self->regexp != NULL;
}

bool
nsk_data_type_add_param(NskDataType *self, const char *name, const char *value, GError **error)
{
    if (strcmp(name, "pattern") == 0)
        return add_pattern(self, value, error);
    if (strcmp(name, "minLength") == 0)
        return read_number(value, &self->min_length, error);
    if (strcmp(name, "maxLength") == 0)
        return read_number(value, &self->max_length, error);
    if (strcmp(name, "length") == 0)
        return read_number(value, &self->min_length, error) &&
               read_number(value, &self->max_length, error);
    if (strcmp(name, "minInclusive") == 0)
        return self->has_min = true, read_number(value, &self->min, error);
    if (strcmp(name, "maxInclusive") == 0)
        return self->has_max = true, read_number(value, &self->max, error);
    g_set_error(error, NSK_ERROR, NSK_ERROR_UNSUPPORTED,
                nsk_tr("the parameter '%s' is not supported"), name);
    return false;
}

void
nsk_data_type_set_words(NskDataType *self, const char *words)
{
    g_free(self->words);
    self->words = g_strdup(words);
}

/* Runs of blanks become one, none stay at the ends; as is if the type keeps them. */
static char *
fold(const NskDataType *self, const char *text)
{
    if (self->keeps_blanks)
        return g_strdup(text);
    xmlChar *collapsed = xmlSchemaCollapseString(nsk_xml_chars(text));
    char *folded = g_strdup(collapsed != NULL ? nsk_xml_plain(collapsed) : text);
    xmlFree(collapsed);
    return folded;
}

static bool
in_range(const NskDataType *self, const char *text)
{
    int64_t number;

    if (!self->has_min && !self->has_max)
        return true;
    if (!read_number(*text == '+' ? text + 1 : text, &number, NULL))
        return false;
    return (!self->has_min || number >= self->min) && (!self->has_max || number <= self->max);
}

bool
nsk_data_type_allows(const NskDataType *self, const char *text)
{
    g_autofree char *folded = fold(self, text);
    int64_t length = g_utf8_strlen(folded, -1);

    if (self->type != NULL &&
        xmlSchemaValidatePredefinedType(self->type, nsk_xml_chars(folded), NULL) != 0)
        return false;
    if ((self->min_length >= 0 && length < self->min_length) ||
        (self->max_length >= 0 && length > self->max_length))
        return false;
    if (self->regexp != NULL && (strlen(folded) > MAX_PATTERN_TEXT ||
                                 xmlRegexpExec(self->regexp, nsk_xml_chars(folded)) != 1))
        return false;
    return in_range(self, folded);
}

bool
nsk_data_type_equal(const NskDataType *self, const char *a, const char *b)
{
    g_autofree char *x = fold(self, a);
    g_autofree char *y = fold(self, b);

    return strcmp(x, y) == 0;
}

static const char *
words_of_type(const char *name)
{
    static const struct {
        const char *name;
        const char *words;
    } types[] = {
        { "positiveInteger", N_("a whole number from 1") },
        { "nonNegativeInteger", N_("a whole number from 0") },
        { "integer", N_("a whole number") },
        { "int", N_("a whole number") },
        { "decimal", N_("a number such as 2.5") },
        { "boolean", "true, false" },
        { "date", N_("a day such as 2026-07-22") },
        { "dateTime", N_("a time such as 2026-07-22T09:00:00Z") },
        { "NMTOKEN", N_("a name without blanks") },
        { "NCName", N_("a name without blanks and colons") },
        { "anyURI", N_("an address (URI)") },
        { "string", N_("text") },
        { "token", N_("text") },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        if (strcmp(types[i].name, name) == 0)
            return nsk_tr(types[i].words);
    }
    return *name == '\0' ? nsk_tr("text") : name;
}

char *
nsk_data_type_describe(const NskDataType *self)
{
    if (self->words != NULL)
        return g_strdup(nsk_tr(self->words));

    g_autoptr(GString) text = g_string_new(words_of_type(self->name));
    if (self->regexp != NULL)
        g_string_append_printf(text, nsk_tr(" of the form %s"), self->pattern);
    if (self->has_min)
        g_string_append_printf(text, nsk_tr(", at least %lld"), (long long)self->min);
    if (self->has_max)
        g_string_append_printf(text, nsk_tr(", at most %lld"), (long long)self->max);
    if (self->min_length > 0)
        g_string_append_printf(text, nsk_tr(", at least %lld characters"),
                               (long long)self->min_length);
    if (self->max_length >= 0)
        g_string_append_printf(text, nsk_tr(", at most %lld characters"),
                               (long long)self->max_length);
    return g_string_free(g_steal_pointer(&text), FALSE);
}
