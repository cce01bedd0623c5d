/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a letter must hold to beyond its schema.  Each rule is a function and has its own tag:
 *
 *   letter-too-many      more addressees, reviewers, signatories ... than a letter may have
 *   letter-twice         the same addressee, copy, reviewer or signatory twice
 *   letter-own-review    a reviewer or coordinator who also signs
 *   letter-list-depth    lists nested more than four deep
 *   letter-table         rows of differing width; cells that span rows which are not there
 *   letter-text          a one-line field that is empty or too long
 *   letter-character     characters that cannot be seen but change what is seen
 *   letter-date          a day that does not exist
 *   letter-days          a meeting or an assignment that ends before it begins
 *   letter-time          a time that does not exist
 *   letter-unopened      more than the envelope says of a letter that nobody opened
 *   letter-file          an attached file's name that is no plain name
 *   letter-body-empty    (warning) a body without text
 *   letter-copy          (warning) a copy to an addressee
 *   letter-copy-number   numbers of copies of a letter that is not secret, or that came in; only
 * some numbered; one number twice
 */
#include "base/limits.h"
#include "base/message.h"
#include "letter/letter-private.h"

#include <string.h>

#define MAX_REVIEWERS    9
#define MAX_COORDINATORS 20
#define MAX_SIGNATORIES  4
#define MAX_ENTRIES      100
#define MAX_LIST_DEPTH   4
#define MAX_COLUMNS      50

typedef struct {
    const NskXmlDoc *doc;
    const NskXmlNode *root;
    NskIssues *issues;
} Rules;

static void G_GNUC_PRINTF(4, 5)
    warn(const Rules *rules, const NskXmlNode *node, const char *tag, const char *format, ...)
{
    g_autofree char *file = g_strdup(nsk_xml_doc_get_name(rules->doc));
    NskIssue place = { tag, NSK_SEVERITY_WARNING, file, nsk_xml_line(node), nsk_xml_column(node),
                       NULL };
    va_list args;

    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    nsk_issues_add(rules->issues, &place, "%s", text);
}

static void
check_count(const Rules *rules, const char *list, const char *words, unsigned limit)
{
    const NskXmlNode *node = nsk_xml_child(rules->root, list);
    const NskXmlNode *child = node != NULL ? nsk_xml_first(node) : NULL;
    unsigned count = 0;

    for (; child != NULL; child = nsk_xml_next(child)) {
        if (++count == limit + 1)
            nsk_xml_issue(rules->doc, child, rules->issues, "letter-too-many",
                          nsk_tr("a letter has at most %u %s; take the rest away"), limit,
                          nsk_tr(words));
    }
}

/* Who an entry of <to>, <copies>, <reviewers> or <signatories> is; freed with g_free(). */
static char *
identify(const NskXmlNode *entry)
{
    const char *position = nsk_xml_attr(entry, "ref");
    g_autofree char *name = NULL;
    g_autofree char *place = NULL;

    if (position == NULL)
        position = nsk_xml_attr(entry, "position");
    if (position == NULL)
        position = nsk_xml_attr(entry, "desk");
    if (position != NULL)
        return g_strdup(position);
    name = nsk_xml_child_text(entry, "name");
    place = nsk_xml_child_text(entry, "place");
    return g_strconcat(name, place != NULL ? ", " : "", place, NULL);
}

/* Reports who stands in the list twice.  Returns the set of all in it. */
static GHashTable *
check_twice(const Rules *rules, const char *list)
{
    GHashTable *seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const NskXmlNode *node = nsk_xml_child(rules->root, list);
    const NskXmlNode *child = node != NULL ? nsk_xml_first(node) : NULL;

    for (; child != NULL; child = nsk_xml_next(child)) {
        char *who = identify(child);

        if (g_hash_table_contains(seen, who))
            nsk_xml_issue(rules->doc, child, rules->issues, "letter-twice",
                          nsk_tr("'%s' stands twice in '%s'; take one away"), who, list);
        g_hash_table_add(seen, who);
    }
    return seen;
}

static void
forbid_twice(const Rules *rules, const char *part)
{
    g_hash_table_unref(check_twice(rules, part));
}

static void
check_people(const Rules *rules)
{
    g_autoptr(GHashTable) to = check_twice(rules, "to");
    g_autoptr(GHashTable) reviewers = check_twice(rules, "reviewers");
    const NskXmlNode *node = nsk_xml_child(rules->root, "signatories");

    g_autoptr(GHashTable) coordinators = check_twice(rules, "coordinators");

    forbid_twice(rules, "copies");
    forbid_twice(rules, "signatories");
    forbid_twice(rules, "consultants");
    forbid_twice(rules, "assignment");
    for (node = node != NULL ? nsk_xml_first(node) : NULL; node != NULL;
         node = nsk_xml_next(node)) {
        const char *position = nsk_xml_attr(node, "position");

        if (g_hash_table_contains(reviewers, position) ||
            g_hash_table_contains(coordinators, position))
            nsk_xml_issue(
                rules->doc, node, rules->issues, "letter-own-review",
                nsk_tr("'%s' signs and cannot also be a reviewer; take the reviewer away"),
                position);
    }
    node = nsk_xml_child(rules->root, "copies");
    for (node = node != NULL ? nsk_xml_first(node) : NULL; node != NULL;
         node = nsk_xml_next(node)) {
        g_autofree char *who = identify(node);

        if (g_hash_table_contains(to, who))
            warn(rules, node, "letter-copy", nsk_tr("'%s' gets a copy and is an addressee already"),
                 who);
    }
}

/* Whether copies of the letter have numbers. */
static bool
is_numbered(const Rules *rules)
{
    g_autofree char *text = nsk_xml_child_text(rules->root, "security");
    NskSecurity security = NSK_SECURITY_BIASA;

    return nsk_security_parse(text, &security) && security >= NSK_SECURITY_RAHASIA &&
           nsk_xml_child(rules->root, "received") == NULL;
}

/* The copies of one list; *n_without: how many have no number. */
static void
check_copies_of(const Rules *rules, const char *list, GHashTable *numbers, unsigned *n_without)
{
    const NskXmlNode *node = nsk_xml_child(rules->root, list);

    for (node = node != NULL ? nsk_xml_first(node) : NULL; node != NULL;
         node = nsk_xml_next(node)) {
        const char *number = nsk_xml_attr(node, "copy");

        if (number == NULL)
            *n_without += 1;
        else if (!is_numbered(rules))
            nsk_xml_issue(
                rules->doc, node, rules->issues, "letter-copy-number",
                nsk_tr("only the copies of a secret letter of ours have numbers; take the "
                       "number away"));
        else if (!g_hash_table_add(numbers, (gpointer)(uintptr_t)number))
            nsk_xml_issue(rules->doc, node, rules->issues, "letter-copy-number",
                          nsk_tr("two copies have the number %s; give each a number of its own"),
                          number);
    }
}

static void
check_copy_numbers(const Rules *rules)
{
    g_autoptr(GHashTable) numbers = g_hash_table_new(g_str_hash, g_str_equal);
    unsigned n_without = 0;

    check_copies_of(rules, "to", numbers, &n_without);
    check_copies_of(rules, "copies", numbers, &n_without);
    if (g_hash_table_size(numbers) > 0 && n_without > 0)
        nsk_xml_issue(rules->doc, nsk_xml_child(rules->root, "to"), rules->issues,
                      "letter-copy-number",
                      nsk_tr("%u of those who get a copy have no number; give all a number, or "
                             "none, and they are counted in their order"),
                      n_without);
}

/* Characters that are there but not seen, or that turn the direction of what is seen. */
static bool
is_hidden(gunichar c)
{
    return (c >= 0x7f && c <= 0x9f) || c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0xfeff || (c >= 0xe0000 && c <= 0xe007f);
}

/* Whether all of it is ASCII that can be seen.  No branch, so that the compiler takes many bytes at
 * once. */
static bool
is_plain(const char *text, size_t size)
{
    unsigned char odd = 0;

    for (size_t i = 0; i < size; i++)
        odd |= (unsigned char)text[i] >= 0x7f;
    return odd == 0;
}

static void
check_characters(const Rules *rules, const NskXmlNode *node, const char *text)
{
    if (is_plain(text, strlen(text)))
        return;
    for (const char *p = text; *p != '\0'; p += g_utf8_skip[(unsigned char)*p]) {
        while (*p > '\0' && *p < 0x7f) /* ASCII up to here hides nothing */
            p++;
        if (*p == '\0')
            return;
        gunichar c = g_utf8_get_char(p);

        if (is_hidden(c)) {
            nsk_xml_issue(
                rules->doc, node, rules->issues, "letter-character",
                nsk_tr("the text holds the hidden character U+%04X; write it anew without it"),
                (unsigned)c);
            return;
        }
    }
}

static void
check_line(const Rules *rules, const NskXmlNode *node, const char *what, const char *text)
{
    if (text[strspn(text, " \t\r\n")] == '\0')
        nsk_xml_issue(rules->doc, node, rules->issues, "letter-text",
                      nsk_tr("'%s' is empty; fill it in"), what);
    else if (strlen(text) > NSK_LIMIT_TEXT)
        nsk_xml_issue(rules->doc, node, rules->issues, "letter-text",
                      nsk_tr("'%s' has %zu bytes; at most %d are allowed"), what, strlen(text),
                      NSK_LIMIT_TEXT);
}

static void
check_day(const Rules *rules, const NskXmlNode *node, const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *trimmed = g_strstrip(g_strdup(text));
    NskDate date;

    if (!nsk_date_parse(trimmed, &date, &error))
        nsk_xml_issue(rules->doc, node, rules->issues, "letter-date",
                      nsk_tr("there is no day '%s'; correct the date"), trimmed);
}

static void
check_file_name(const Rules *rules, const NskXmlNode *node, const char *name)
{
    if (*name == '.' || strpbrk(name, "/\\:*?\"<>|") != NULL || strlen(name) > 255)
        nsk_xml_issue(
            rules->doc, node, rules->issues, "letter-file",
            nsk_tr("'%s' is no plain file name; use one without signs such as '/' and ':'"), name);
}

static void
check_attribute(const Rules *rules, const NskXmlNode *node, const char *name, const char *value)
{
    static const char *const lines[] = { "title", "unit", "label", "note", "number", "name", NULL };
    static const char *const days[] = { "date",   "day",  "until", "remind",
                                        "begins", "ends", "due",   NULL };

    check_characters(rules, node, value);
    if (g_strv_contains(lines, name))
        check_line(rules, node, name, value);
    if (g_strv_contains(days, name))
        check_day(rules, node, value);
    if (strcmp(name, "name") == 0 && strcmp(nsk_xml_name(node), "file") == 0)
        check_file_name(rules, node, value);
}

static void
check_element(const Rules *rules, const NskXmlNode *node)
{
    static const char *const lines[] = { "subject",   "number",  "place", "name",
                                         "attention", "summary", NULL };
    const char *ns;
    const char *name;
    const char *value;

    for (size_t i = 0; nsk_xml_attr_at(node, i, &ns, &name, &value); i++)
        check_attribute(rules, node, name, value);
    for (const NskXmlNode *child = nsk_xml_first_any(node); child != NULL;
         child = nsk_xml_next_any(child)) {
        if (nsk_xml_is_text(child))
            check_characters(rules, node, nsk_xml_text_in_place(child));
    }
    if (nsk_letter_is_one_of(node, lines)) {
        g_autofree char *text = nsk_xml_text(node);

        check_line(rules, node, nsk_xml_name(node), text);
    }
    if (strcmp(nsk_xml_name(node), "date") == 0) {
        g_autofree char *text = nsk_xml_text(node);

        check_day(rules, node, text);
    }
}

/* A day, if there is one; false for what is none, which has been told. */
static bool
read_day(const NskXmlNode *node, const char *attribute, NskDate *out_date)
{
    const char *value = nsk_xml_attr(node, attribute);
    g_autofree char *trimmed = value != NULL ? g_strstrip(g_strdup(value)) : NULL;

    return trimmed != NULL && nsk_date_parse(trimmed, out_date, NULL);
}

static void
check_order(const Rules *rules, const char *element, const char *first, const char *last)
{
    const NskXmlNode *node = nsk_xml_child(rules->root, element);
    NskDate from, to;

    if (node != NULL && read_day(node, first, &from) && read_day(node, last, &to) &&
        nsk_date_compare(from, to) > 0)
        nsk_xml_issue(rules->doc, node, rules->issues, "letter-days",
                      nsk_tr("the day in '%s' lies before that in '%s'; correct one of them"), last,
                      first);
}

static unsigned
span_of(const NskXmlNode *cell, const char *name)
{
    const char *value = nsk_xml_attr(cell, name);

    return value != NULL ? (unsigned)g_ascii_strtoull(value, NULL, 10) : 1;
}

/* For each column, how many more rows the cell in it covers. */
typedef struct {
    unsigned rows[MAX_COLUMNS];
} Spans;

/* Lays a row's cells into the columns that are free.  Returns its width; MAX_COLUMNS + 1 if it is
 * too wide. */
static unsigned
lay_row(const NskXmlNode *row, Spans *spans)
{
    Spans next = { { 0 } };
    unsigned column = 0;
    unsigned width = 0;

    for (const NskXmlNode *cell = nsk_xml_first(row); cell != NULL; cell = nsk_xml_next(cell)) {
        while (column < MAX_COLUMNS && spans->rows[column] > 0)
            column++;
        for (unsigned n = span_of(cell, "colspan"); n > 0; n--) {
            if (column >= MAX_COLUMNS)
                return MAX_COLUMNS + 1;
            next.rows[column++] = span_of(cell, "rowspan");
        }
    }
    for (unsigned i = 0; i < MAX_COLUMNS; i++) {
        unsigned covered = MAX(next.rows[i], spans->rows[i]);

        if (covered > 0)
            width = i + 1;
        spans->rows[i] = covered > 0 ? covered - 1 : 0;
    }
    return width;
}

/* @width is what the table has so far, 0 if nothing; returns it. */
static unsigned
check_section(const Rules *rules, const NskXmlNode *section, unsigned width)
{
    Spans spans = { { 0 } };

    for (const NskXmlNode *row = nsk_xml_first(section); row != NULL; row = nsk_xml_next(row)) {
        unsigned own = lay_row(row, &spans);

        if (own > MAX_COLUMNS) {
            nsk_xml_issue(rules->doc, row, rules->issues, "letter-table",
                          nsk_tr("the row has more than %d columns"), MAX_COLUMNS);
            return width;
        }
        if (width != 0 && own != width)
            nsk_xml_issue(rules->doc, row, rules->issues, "letter-table",
                          nsk_tr("the row has %u columns, but the table has %u"), own, width);
        width = width == 0 ? own : width;
    }
    for (unsigned i = 0; i < MAX_COLUMNS; i++) {
        if (spans.rows[i] > 0) {
            nsk_xml_issue(rules->doc, section, rules->issues, "letter-table",
                          nsk_tr("a cell in column %u spans more rows than there are"), i + 1);
            break;
        }
    }
    return width;
}

static void
check_table(const Rules *rules, const NskXmlNode *table)
{
    unsigned width = 0;
    const NskXmlNode *part = nsk_xml_first(table);

    for (; part != NULL && strcmp(nsk_xml_name(part), "col") == 0; part = nsk_xml_next(part))
        width++;
    if (width > MAX_COLUMNS) {
        nsk_xml_issue(rules->doc, table, rules->issues, "letter-table",
                      nsk_tr("the table has more than %d columns"), MAX_COLUMNS);
        return;
    }
    for (; part != NULL; part = nsk_xml_next(part))
        width = check_section(rules, part, width);
}

/* Depth is bounded by the parser. */
static void
check_tree(const Rules *rules, const NskXmlNode *node, unsigned list_depth)
{
    static const char *const lists[] = { "ol", "ul", NULL };

    check_element(rules, node);
    if (nsk_letter_is_one_of(node, lists) && ++list_depth == MAX_LIST_DEPTH + 1)
        nsk_xml_issue(rules->doc, node, rules->issues, "letter-list-depth",
                      nsk_tr("lists are nested more than %d deep; make it flatter"),
                      MAX_LIST_DEPTH);
    if (strcmp(nsk_xml_name(node), "table") == 0)
        check_table(rules, node);
    for (const NskXmlNode *child = nsk_xml_first(node); child != NULL; child = nsk_xml_next(child))
        check_tree(rules, child, list_depth);
}

/* Whether there is more than blanks in it.  Depth is bounded by the parser. */
static bool
has_words(const NskXmlNode *node)
{
    if (nsk_xml_is_text(node)) {
        const char *text = nsk_xml_text_in_place(node);

        return text[strspn(text, " \t\r\n")] != '\0';
    }
    for (const NskXmlNode *child = nsk_xml_first_any(node); child != NULL;
         child = nsk_xml_next_any(child)) {
        if (has_words(child))
            return true;
    }
    return false;
}

/* What came in. */
static void
check_received(const Rules *rules, const NskXmlNode *received)
{
    static const char *const times[] = { "at", "opened" };
    NskInstant at;
    const NskXmlNode *attachments = nsk_xml_child(rules->root, "attachments");

    if (received == NULL)
        return;
    for (size_t i = 0; i < G_N_ELEMENTS(times); i++) {
        const char *text = nsk_xml_attr(received, times[i]);

        if (text != NULL && !nsk_instant_parse(text, &at, NULL))
            nsk_xml_issue(rules->doc, received, rules->issues, "letter-time",
                          nsk_tr("there is no time '%s'; correct it"), text);
    }
    if (nsk_xml_attr(received, "unopened") != NULL &&
        (attachments != NULL || nsk_xml_child(received, "summary") != NULL))
        nsk_xml_issue(rules->doc, received, rules->issues, "letter-unopened",
                      nsk_tr("a letter that is registered unopened has neither summary nor file; "
                             "take them out"));
}

void
nsk_letter_check_rules(const NskXmlDoc *doc, NskIssues *issues)
{
    Rules rules = { doc, nsk_xml_doc_get_root(doc), issues };
    const NskXmlNode *body = nsk_xml_child(rules.root, "body");

    check_count(&rules, "to", N_("addressees"), NSK_LIMIT_ADDRESSEES);
    check_count(&rules, "copies", N_("copies"), MAX_ENTRIES);
    check_count(&rules, "references", N_("references"), MAX_ENTRIES);
    check_count(&rules, "attachments", N_("attachments"), MAX_ENTRIES);
    check_count(&rules, "reviewers", N_("reviewers"), MAX_REVIEWERS);
    check_count(&rules, "coordinators", N_("coordinators"), MAX_COORDINATORS);
    check_count(&rules, "consultants", N_("consultants"), MAX_COORDINATORS);
    check_count(&rules, "assignment", N_("people who are sent"), MAX_ENTRIES);
    check_count(&rules, "signatories", N_("signatories"), MAX_SIGNATORIES);
    check_order(&rules, "meeting", "day", "until");
    check_order(&rules, "meeting", "remind", "day");
    check_order(&rules, "assignment", "begins", "ends");
    check_people(&rules);
    check_copy_numbers(&rules);
    check_received(&rules, nsk_xml_child(rules.root, "received"));
    check_tree(&rules, rules.root, 0);
    if (body != NULL && !has_words(body))
        warn(&rules, body, "letter-body-empty", nsk_tr("the body has no text yet"));
}
