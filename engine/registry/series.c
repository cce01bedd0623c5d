/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A series: the rule by which letters get numbers, read from an agency's profile.
 *
 *     <series name="keluar" scope="year unit" taken="signing" max-lag-days="3" width="3" start="1">
 *       <pattern>{class}-{seq}/{unit1}/{kka}/{month:2}/{year}</pattern>
 *     </series>
 */
#include "base/id.h"
#include "base/message.h"
#include "registry/registry-private.h"

#include <string.h>

#define MAX_LAG_DAYS 366
#define MAX_WIDTH    9

static const struct {
    const char *name;
    NskScope bit;
} scope_words[] = {
    { "unit", NSK_SCOPE_UNIT },   { "post", NSK_SCOPE_POST }, { "kind", NSK_SCOPE_KIND },
    { "class", NSK_SCOPE_CLASS }, { "year", NSK_SCOPE_YEAR }, { "month", NSK_SCOPE_MONTH },
};

static const char *const taken_words[] = {
    [NSK_TAKEN_SIGNING] = "signing",
    [NSK_TAKEN_BEFORE] = "before",
    [NSK_TAKEN_PAPER] = "paper",
};

static void
series_clear(gpointer data)
{
    NskSeries *self = data;

    g_free(self->name);
    g_clear_pointer(&self->scheme, nsk_number_scheme_unref);
}

static bool
add_scope_word(const char *word, unsigned *scope)
{
    for (size_t i = 0; i < G_N_ELEMENTS(scope_words); i++) {
        if (strcmp(word, scope_words[i].name) == 0 && (*scope & scope_words[i].bit) == 0) {
            *scope |= scope_words[i].bit;
            return true;
        }
    }
    return false;
}

static bool
parse_scope(const char *text, unsigned *out_scope, GError **error)
{
    unsigned scope = 0;
    g_auto(GStrv) words = g_strsplit_set(text, " \t\r\n", -1);

    for (size_t i = 0; words[i] != NULL; i++) {
        if (*words[i] == '\0' || add_scope_word(words[i], &scope))
            continue;
        g_set_error(
            error, NSK_ERROR, NSK_ERROR_INVALID,
            nsk_tr("'%s' in the scope is unknown or there twice; use unit, post, kind, class, year "
                   "and month"),
            words[i]);
        return false;
    }
    if ((scope & NSK_SCOPE_MONTH) != 0)
        scope |= NSK_SCOPE_YEAR; /* July of which year? */
    *out_scope = scope;
    return true;
}

static bool
parse_taken(const char *text, NskTaken *out_taken, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(taken_words); i++) {
        if (strcmp(text, taken_words[i]) == 0) {
            *out_taken = (NskTaken)i;
            return true;
        }
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("a number cannot be taken '%s'; use signing, before or paper"), text);
    return false;
}

/* Reads a whole number; *out_count stays as it is if @text is NULL. */
static bool
parse_count(const char *what,
            const char *text,
            guint64 min,
            guint64 max,
            int64_t *out_count,
            GError **error)
{
    guint64 count;

    if (text == NULL)
        return true;
    if (!g_ascii_string_to_unsigned(text, 10, min, max, &count, NULL)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("%s is '%s'; write a number from %llu to %llu"), what, text,
                    (unsigned long long)min, (unsigned long long)max);
        return false;
    }
    *out_count = (int64_t)count;
    return true;
}

/* The pattern with the series' width put into a {seq} that has none. */
static char *
widen_pattern(const char *pattern, int64_t width)
{
    const char *at = width > 0 ? strstr(pattern, "{seq}") : NULL;

    if (at == NULL)
        return g_strdup(pattern);
    return g_strdup_printf("%.*s{seq:%d}%s", (int)(at - pattern), pattern, (int)width,
                           at + strlen("{seq}"));
}

static bool
fill_series(NskSeries *self, const NskSeriesText *text, GError **error)
{
    int64_t lag = -1;
    int64_t width = 0;
    int64_t start = 1;

    if (text->pattern == NULL) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID, nsk_tr("there is no pattern"));
        return false;
    }
    if (!parse_scope(text->scope != NULL ? text->scope : "year", &self->scope, error) ||
        !parse_taken(text->taken != NULL ? text->taken : "signing", &self->taken, error) ||
        !parse_count("max-lag-days", text->max_lag_days, 0, MAX_LAG_DAYS, &lag, error) ||
        !parse_count("width", text->width, 1, MAX_WIDTH, &width, error) ||
        !parse_count("start", text->start, 1, NSK_NUMBER_SEQ_MAX, &start, error))
        return false;
    self->max_lag_days = (int)lag;
    self->start = (uint32_t)start;
    g_autofree char *pattern = widen_pattern(text->pattern, width);
    self->scheme = nsk_number_scheme_parse(pattern, error);
    return self->scheme != NULL;
}

NskSeries *
nsk_series_new(const NskSeriesText *text, GError **error)
{
    if (text->name == NULL || !nsk_name_is_valid(text->name)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%s' is not a name of a series; use a-z, 0-9, '-', '.' and '_'"),
                    text->name != NULL ? text->name : "");
        return NULL;
    }
    g_autoptr(NskSeries) self = g_atomic_rc_box_new0(NskSeries);
    self->name = g_strdup(text->name);
    if (!fill_series(self, text, error)) {
        g_prefix_error(error, nsk_tr("series '%s': "), text->name);
        return NULL;
    }
    return g_steal_pointer(&self);
}

NskSeries *
nsk_series_read(const NskXmlDoc *doc, const NskXmlNode *node, NskIssues *issues)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *pattern = nsk_xml_child_text(node, "pattern");
    NskSeriesText text = { .name = nsk_xml_attr(node, "name"),
                           .scope = nsk_xml_attr(node, "scope"),
                           .taken = nsk_xml_attr(node, "taken"),
                           .max_lag_days = nsk_xml_attr(node, "max-lag-days"),
                           .width = nsk_xml_attr(node, "width"),
                           .start = nsk_xml_attr(node, "start"),
                           .pattern = pattern };
    NskSeries *self = nsk_series_new(&text, &error);

    if (self == NULL)
        nsk_xml_issue(doc, node, issues, "series", "%s", error->message);
    return self;
}

NskSeries *
nsk_series_ref(NskSeries *self)
{
    return g_atomic_rc_box_acquire(self);
}

void
nsk_series_unref(NskSeries *self)
{
    if (self != NULL)
        g_atomic_rc_box_release_full(self, series_clear);
}

const char *
nsk_series_get_name(const NskSeries *self)
{
    return self->name;
}

unsigned
nsk_series_get_scope(const NskSeries *self)
{
    return self->scope;
}

NskTaken
nsk_series_get_taken(const NskSeries *self)
{
    return self->taken;
}

int
nsk_series_get_max_lag_days(const NskSeries *self)
{
    return self->max_lag_days;
}

const NskNumberScheme *
nsk_series_get_scheme(const NskSeries *self)
{
    return self->scheme;
}
