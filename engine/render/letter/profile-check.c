/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is wrong with a profile beyond its schema; each an issue at its place:
 *
 *   (1) of elements for some kinds no kind is named by two, at most one holds for all others, and
 *       where every letter needs one there is one;
 *   (2) the margins leave room for text, for the signature and for the page number above it;
 *   (3) labels, classes, urgencies, capacities, names, series and uses are there once each; no
 *       label, security class, urgency, capacity or family is missing;
 *   (4) a use names a series that exists;
 *   (5) a desk of a unit is there once;
 *   (6) a row at the head has a label.
 */
#include "base/message.h"
#include "render/letter/letter-private.h"

#include <string.h>

/* Hundredths of a millimetre. */
#define MIN_TEXT_WIDTH 9000
#define MIN_TOP        2000
#define MIN_BOTTOM     2000
#define MIN_SIGNATURE  5000

/* A scoped element: at most one that holds for all, and no kind named twice. */
typedef struct {
    const char *parent; /* NULL: the root */
    const char *name;
    bool needed; /* one that holds for all must be there */
} Scoped;

/* (1) */
static const Scoped scoped[] = {
    { NULL, "letterhead", true },    { NULL, "page", true },        { NULL, "text", true },
    { NULL, "spacing", false },      { NULL, "page-number", true }, { NULL, "catch-word", true },
    { NULL, "title", false },        { NULL, "date-line", false },  { NULL, "addressing", true },
    { NULL, "enacting", false },     { NULL, "copies", true },      { NULL, "attachment", true },
    { NULL, "statement", false },    { "head", "rows", false },     { "signature", "names", false },
    { "signature", "mark", true },   { NULL, "signing", false },    { NULL, "paraf", false },
    { NULL, "distribution", false },
};

static void
check_words(const NskXmlDoc *doc, const NskXmlNode *node, GHashTable *kinds, NskIssues *issues)
{
    g_auto(GStrv) words = g_strsplit_set(nsk_xml_attr(node, "kinds"), " \t\r\n", -1);

    for (char **word = words; *word != NULL; word++) {
        if (**word != '\0' && !g_hash_table_add(kinds, g_strdup(*word)))
            nsk_xml_issue(doc, node, issues, "profile-scope",
                          nsk_tr("the kind '%s' has two elements '%s'; remove it from one"), *word,
                          nsk_xml_name(node));
    }
}

static void
check_scoped(const NskXmlDoc *doc, const Scoped *scope, NskIssues *issues)
{
    g_autoptr(GHashTable) kinds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    NskXmlNode *parent = nsk_xml_doc_get_root(doc);
    unsigned n_general = 0;

    if (scope->parent != NULL)
        parent = nsk_xml_child(parent, scope->parent);
    for (NskXmlNode *node = nsk_xml_first(parent); node != NULL; node = nsk_xml_next(node)) {
        if (strcmp(nsk_xml_name(node), scope->name) != 0 ||
            nsk_xml_attr(node, "positions") != NULL || nsk_xml_attr(node, "family") != NULL)
            continue;
        if (nsk_xml_attr(node, "kinds") != NULL)
            check_words(doc, node, kinds, issues);
        else if (++n_general == 2)
            nsk_xml_issue(
                doc, node, issues, "profile-scope",
                nsk_tr("a second element '%s' without 'kinds'; say which kinds it is for"),
                scope->name);
    }
    if (n_general == 0 && scope->needed)
        nsk_xml_issue(
            doc, parent, issues, "profile-scope",
            nsk_tr("no element '%s' without 'kinds'; add one that holds for all other kinds"),
            scope->name);
}

/* Hundredths of a millimetre. */
static int
paper_width(const NskXmlNode *page)
{
    const char *paper = nsk_xml_attr(page, "paper");

    if (g_strcmp0(paper, "F4") == 0)
        return 21500;
    return g_strcmp0(paper, "A5") == 0 ? 14800 : 21000;
}

/* (2) */
static void
check_margins(const NskXmlDoc *doc, NskIssues *issues)
{
    NskXmlNode *root = nsk_xml_doc_get_root(doc);
    int start = nsk_form_mm(nsk_xml_child(root, "signature"), "start");

    for (NskXmlNode *page = nsk_xml_first(root); page != NULL; page = nsk_xml_next(page)) {
        int width = paper_width(page) - nsk_form_mm(page, "left") - nsk_form_mm(page, "right");

        if (strcmp(nsk_xml_name(page), "page") != 0)
            continue;
        if (width < MIN_TEXT_WIDTH)
            nsk_xml_issue(
                doc, page, issues, "profile-margins",
                nsk_tr("the margins leave %d mm for text; make them smaller, at least %d mm are "
                       "needed"),
                width / 100, MIN_TEXT_WIDTH / 100);
        else if (start > width - MIN_SIGNATURE)
            nsk_xml_issue(
                doc, page, issues, "profile-margins",
                nsk_tr("the signature block begins at %d mm and has less than 50 mm of the "
                       "%d mm; make signature/@start smaller"),
                start / 100, width / 100);
        if (nsk_form_mm(page, "top") < MIN_TOP || nsk_form_mm(page, "bottom") < MIN_BOTTOM)
            nsk_xml_issue(
                doc, page, issues, "profile-margins",
                nsk_tr("top and bottom margins are at least 20 mm, for page number and statement; "
                       "make them larger"));
    }
}

typedef struct {
    const char *parent;
    const char *child;
    const char *attr;
    const char *values; /* those that must be there, with blanks between; "" for none */
} Table;

/* (3) */
static const Table tables[] = {
    { "head", "label", "field", "number class attachments subject to from date" },
    { "classes", "class", "security", "biasa terbatas rahasia sangat-rahasia" },
    { "urgencies", "class", "urgency", "biasa segera sangat-segera" },
    { "signature", "capacity", "name", "plt plh an ub" },
    { "signature", "names", "family", "arahan korespondensi khusus" },
    { "numbering", "series", "name", "" },
    { "numbering", "use", "kind", "" },
};

static void
check_table(const NskXmlDoc *doc, const Table *table, NskIssues *issues)
{
    NskXmlNode *parent = nsk_xml_child(nsk_xml_doc_get_root(doc), table->parent);
    g_auto(GStrv) values = g_strsplit(table->values, " ", -1);

    nsk_form_check_unique(doc, parent, table->child, table->attr, issues);
    for (char **value = values; *value != NULL; value++) {
        if (nsk_form_find(parent, table->child, table->attr, *value) == NULL)
            nsk_xml_issue(doc, parent, issues, "profile-missing",
                          nsk_tr("'%s' has no element '%s' with %s=\"%s\"; add it"), table->parent,
                          table->child, table->attr, *value);
    }
}

/* (4) */
static void
check_uses(const NskXmlDoc *doc, NskIssues *issues)
{
    NskXmlNode *numbering = nsk_xml_child(nsk_xml_doc_get_root(doc), "numbering");

    for (NskXmlNode *use = nsk_xml_first(numbering); use != NULL; use = nsk_xml_next(use)) {
        const char *series = nsk_xml_attr(use, "series");

        if (series != NULL && nsk_form_find(numbering, "series", "name", series) == NULL)
            nsk_xml_issue(doc, use, issues, "profile-series",
                          nsk_tr("there is no series '%s'; add it, or correct the name"), series);
    }
}

/* (5) */
static void
check_desks(const NskXmlDoc *doc, NskIssues *issues)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const NskXmlNode *desks = nsk_xml_child(nsk_xml_doc_get_root(doc), "desks");
    const NskXmlNode *desk = desks != NULL ? nsk_xml_first(desks) : NULL;

    for (; desk != NULL; desk = nsk_xml_next(desk)) {
        const char *name = nsk_xml_attr(desk, "name");
        const char *unit = nsk_xml_attr(desk, "unit");

        if (name != NULL &&
            !g_hash_table_add(seen, g_strconcat(name, " ", unit != NULL ? unit : "", NULL)))
            nsk_xml_issue(doc, desk, issues, "profile-desk",
                          nsk_tr("the desk '%s' stands there twice; take one away"), name);
    }
}

static void
check_channels(const NskXmlDoc *doc, NskIssues *issues)
{
    NskXmlNode *channels = nsk_xml_child(nsk_xml_doc_get_root(doc), "channels");

    if (channels != NULL)
        nsk_form_check_unique(doc, channels, "channel", "name", issues);
}

static void
check_instructions(const NskXmlDoc *doc, NskIssues *issues)
{
    NskXmlNode *list = nsk_xml_child(nsk_xml_doc_get_root(doc), "dispositions");

    if (list != NULL)
        nsk_form_check_unique(doc, list, "instruction", "name", issues);
}

/* (6) */
static void
check_rows(const NskXmlDoc *doc, NskIssues *issues)
{
    NskXmlNode *head = nsk_xml_child(nsk_xml_doc_get_root(doc), "head");

    for (NskXmlNode *rows = nsk_xml_first(head); rows != NULL; rows = nsk_xml_next(rows)) {
        for (NskXmlNode *row = nsk_xml_first(rows); row != NULL; row = nsk_xml_next(row)) {
            const char *field = nsk_xml_attr(row, "field");

            if (strcmp(nsk_xml_name(rows), "rows") == 0 &&
                nsk_form_find(head, "label", "field", field) == NULL)
                nsk_xml_issue(doc, row, issues, "profile-label",
                              nsk_tr("the line '%s' has no label; add <label field=\"%s\">"), field,
                              field);
        }
    }
}

void
nsk_profile_check_doc(const NskXmlDoc *doc, NskIssues *issues)
{
    for (size_t i = 0; i < G_N_ELEMENTS(scoped); i++)
        check_scoped(doc, &scoped[i], issues);
    check_margins(doc, issues);
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++)
        check_table(doc, &tables[i], issues);
    check_uses(doc, issues);
    check_desks(doc, issues);
    check_channels(doc, issues);
    check_instructions(doc, issues);
    check_rows(doc, issues);
}
