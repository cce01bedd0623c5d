/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A view as XML: the shape of its JSON, with days, times and codes in words beside their values. */
#include "base/message.h"
#include "page/page-private.h"

#include <string.h>

static const char *const english_months[] = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December",
};

static char *
spell_date(const NskPageFrame *frame, NskDate date)
{
    return strcmp(frame->language, "id") == 0
               ? nsk_date_format_id(date)
               : g_strdup_printf("%u %s %u", date.day, english_months[date.month - 1], date.year);
}

static bool
is_digits(const char *text, const char *shape)
{
    for (; *shape != '\0'; text++, shape++) {
        if (*shape == '0' ? !g_ascii_isdigit(*text) : *text != *shape)
            return false;
    }
    return true;
}

/* Adds a day or moment in words: @date, and @told, which has the time of day as well.  Nothing is
 * added for what only looks like one. */
static bool
add_time(NskXmlNode *node, const NskPageFrame *frame, const char *text, GError **error)
{
    NskDate date;
    NskInstant at;
    const char *last = text + strlen(text);

    if (!is_digits(text, "0000-00-00"))
        return true;
    if (last == text + 10 && nsk_date_parse(text, &date, NULL)) {
        g_autofree char *words = spell_date(frame, date);

        nsk_xml_set_attr(node, "date", words);
        nsk_xml_set_attr(node, "told", words);
        return true;
    }
    if (!nsk_instant_parse(text, &at, NULL))
        return true;
    g_autofree char *civil = nsk_civil_format(at, frame->zone, error);
    if (civil == NULL || !nsk_date_at(at, frame->zone, &date, error))
        return false;
    g_autofree char *words = spell_date(frame, date);
    g_autofree char *told = g_strdup_printf("%s, %.2s.%.2s", words, civil + 11, civil + 14);

    nsk_xml_set_attr(node, "date", words);
    nsk_xml_set_attr(node, "told", told);
    return true;
}

static bool
add_text(NskXmlNode *node, const NskPageFrame *frame, const char *text, GError **error)
{
    const char *words = frame->word != NULL && text[0] != '\0' ? frame->word(text) : NULL;

    nsk_xml_set_text(node, text);
    if (words != NULL)
        nsk_xml_set_attr(node, "words", words);
    return add_time(node, frame, text, error);
}

/* An element of that name, or an <item> where XML has no such name. */
static NskXmlNode *
add_member(NskXmlNode *node, const char *key)
{
    bool is_name = g_ascii_isalpha(key[0]);

    for (const char *c = key; is_name && *c != '\0'; c++)
        is_name = g_ascii_isalnum(*c) || strchr("_-.", *c) != NULL;
    NskXmlNode *member = nsk_xml_add(node, "", is_name ? key : "item");
    if (!is_name)
        nsk_xml_set_attr(member, "key", key);
    return member;
}

static bool
add_members(NskXmlNode *node, const NskPageFrame *frame, const NskJson *object, GError **error)
{
    g_autoptr(GPtrArray) keys = nsk_json_keys(object);

    for (guint i = 0; i < keys->len; i++) {
        const char *key = keys->pdata[i];
        const NskJson *value = nsk_json_get(object, key);

        if (nsk_json_type(value) != NSK_JSON_NULL &&
            !nsk_page_add_view(add_member(node, key), frame, value, error))
            return false;
    }
    return true;
}

bool
nsk_page_add_view(NskXmlNode *parent,
                  const NskPageFrame *frame,
                  const NskJson *view,
                  GError **error)
{
    switch (nsk_json_type(view)) {
    case NSK_JSON_OBJECT:
        return add_members(parent, frame, view, error);
    case NSK_JSON_ARRAY:
        for (size_t i = 0; i < nsk_json_length(view); i++) {
            if (!nsk_page_add_view(nsk_xml_add(parent, "", "item"), frame, nsk_json_at(view, i),
                                   error))
                return false;
        }
        return true;
    case NSK_JSON_TEXT:
        return add_text(parent, frame, nsk_json_text(view), error);
    case NSK_JSON_BOOL:
    case NSK_JSON_NUMBER: {
        g_autofree char *text = nsk_json_canonical(view);

        nsk_xml_set_text(parent, text);
        return true; /* as JSON writes them */
    }
    case NSK_JSON_NULL:
    default:
        return true;
    }
}
