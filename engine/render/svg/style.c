/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Style sheets (section 6.4, CSS 2.1): rules whose selectors name a tag, a class, an id, or several
 * of these of one element.  A selector of more than that is refused, for what it means to pick
 * would look otherwise.
 */
#include "base/message.h"
#include "render/svg/svg-private.h"

#include <string.h>

#define MAX_RULES 1000

void
svg_rule_clear(void *data)
{
    SvgRule *rule = data;

    g_free(rule->tag);
    g_free(rule->name);
    g_free(rule->id);
    g_free(rule->declarations);
}

static bool
is_letter(char c)
{
    return g_ascii_isalnum(c) || c == '-' || c == '_' || (unsigned char)c >= 0x80;
}

/* "tag.class#id" of one element; false if it is more. */
static bool
read_selector(const char *text, SvgRule *rule)
{
    const char *at = text;

    if (*at == '*')
        at++;
    while (*at != '\0') {
        char kind = *at == '.' || *at == '#' ? *at++ : 'a';
        const char *start = at;

        while (is_letter(*at))
            at++;
        char **part = kind == '.' ? &rule->name : kind == '#' ? &rule->id : &rule->tag;
        if (at == start || *part != NULL)
            return false;
        *part = g_strndup(start, (gsize)(at - start));
        rule->weight += kind == '#' ? 100 : kind == '.' ? 10 : 1;
    }
    return true;
}

static bool
add_rule(SvgReader *self, const char *selectors, const char *declarations)
{
    g_auto(GStrv) each = g_strsplit(selectors, ",", 100);

    for (size_t i = 0; each[i] != NULL; i++) {
        SvgRule rule = { .declarations = g_strdup(declarations) };

        if (!read_selector(g_strstrip(each[i]), &rule) || self->rules->len >= MAX_RULES) {
            svg_rule_clear(&rule);
            return svg_refuse(self, nsk_tr("the style rule"), each[i]);
        }
        g_array_append_val(self->rules, rule);
    }
    return true;
}

/* What stands between comments. */
static char *
without_comments(const char *text)
{
    GString *plain = g_string_new(NULL);

    for (const char *at = text; *at != '\0';) {
        const char *end = g_str_has_prefix(at, "/*") ? strstr(at + 2, "*/") : NULL;

        if (g_str_has_prefix(at, "/*")) {
            at = end != NULL ? end + 2 : at + strlen(at);
            continue;
        }
        g_string_append_c(plain, *at++);
    }
    return g_string_free(plain, FALSE);
}

static bool
read_sheet(SvgReader *self)
{
    g_autofree char *raw = nsk_xml_text(self->node);
    g_autofree char *text = without_comments(raw);
    g_auto(GStrv) rules = g_strsplit(text, "}", -1);

    for (size_t i = 0; rules[i] != NULL; i++) {
        char *brace = strchr(rules[i], '{');

        g_strstrip(rules[i]);
        if (*rules[i] == '\0')
            continue;
        if (*rules[i] == '@' || brace == NULL)
            return svg_refuse(self, nsk_tr("the style rule"), rules[i]);
        brace = strchr(rules[i], '{');
        *brace = '\0';
        if (!add_rule(self, rules[i], brace + 1))
            return false;
    }
    return true;
}

static bool
find_sheets(SvgReader *self, const NskXmlNode *node)
{
    for (const NskXmlNode *child = nsk_xml_first(node); child != NULL;
         child = nsk_xml_next(child)) {
        self->node = child;
        if (nsk_xml_is(child, NSK_SVG_NS, "script"))
            return svg_refuse(self, nsk_tr("the element"), "script");
        if (nsk_xml_is(child, NSK_SVG_NS, "style") ? !read_sheet(self) : !find_sheets(self, child))
            return false;
    }
    return true;
}

bool
svg_style_read(SvgReader *self, const NskXmlNode *root)
{
    if (!find_sheets(self, root))
        return false;
    /* later rules win over earlier ones of the same weight: an insertion sort keeps their order */
    for (guint i = 1; i < self->rules->len; i++) {
        SvgRule *all = (SvgRule *)(void *)self->rules->data, rule = all[i];
        guint to = i;

        for (; to > 0 && all[to - 1].weight > rule.weight; to--)
            all[to] = all[to - 1];
        all[to] = rule;
    }
    return true;
}

static bool
has_class(const NskXmlNode *node, const char *name)
{
    const char *text = nsk_xml_attr(node, "class");
    g_auto(GStrv) all = g_strsplit_set(text != NULL ? text : "", " \t\r\n", 50);

    return g_strv_contains((const char *const *)all, name);
}

static bool
holds_for(const SvgRule *rule, const NskXmlNode *node)
{
    return (rule->tag == NULL || strcmp(rule->tag, nsk_xml_name(node)) == 0) &&
           (rule->id == NULL || g_strcmp0(rule->id, nsk_xml_attr(node, "id")) == 0) &&
           (rule->name == NULL || has_class(node, rule->name));
}

bool
svg_style_declare(SvgReader *self, SvgLook *look, const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, ";", 200);

    for (size_t i = 0; parts[i] != NULL; i++) {
        char *colon = strchr(parts[i], ':');

        if (colon == NULL)
            continue;
        *colon = '\0';
        if (strchr(colon + 1, '!') != NULL)
            return svg_refuse(self, nsk_tr("the style rule"), g_strstrip(colon + 1));
        if (!svg_look_set(self, look, g_strstrip(parts[i]), g_strstrip(colon + 1)))
            return false;
    }
    return true;
}

bool
svg_style_apply(SvgReader *self, SvgLook *look)
{
    for (guint i = 0; i < self->rules->len; i++) {
        const SvgRule *rule = &g_array_index(self->rules, SvgRule, i);

        if (holds_for(rule, self->node) && !svg_style_declare(self, look, rule->declarations))
            return false;
    }
    return true;
}
