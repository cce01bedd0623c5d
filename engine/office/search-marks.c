/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Marks: by what a letter is found beside its words, so that a search for a sender's letters does
 * not look at all others.
 *
 * INVARIANT
 *   A search that is narrowed by marks finds every letter that search-filter.c lets pass; that one
 *   still decides.  But a part of a name that does not begin a word of it is looked for as a
 *   beginning of words: "hubungan" does not find "Dinas Perhubungan".
 */
#include "office/search-private.h"

#include <string.h>

#define MOST_POSITIONS                                                                             \
    200                /* by whose marks a search is narrowed; more have most letters anyway       \
                        */
#define MOST_MONTHS 36 /* a longer time is narrowed by years */
#define MOST_YEARS  120

#define MONTH_SIZE 7 /* bytes of YYYY-MM */
#define YEAR_SIZE  4

static const char sql_list_positions[] = "SELECT id, title FROM position";
static const char sql_ever_held[] = "SELECT DISTINCT position FROM holding WHERE person = $1";

/* --- Of a letter ------------------------------------------------------------------------------ */

static void
add_party(GArray *marks, NskSearchSort sort, const char *position)
{
    if (position != NULL)
        nsk_search_marks_add(marks, sort, position, -1);
}

/* KP.08.01 is found by KP, KP.08 and KP.08.01. */
static void
add_classes(GArray *marks, const char *code)
{
    g_autofree char *upper = g_ascii_strup(code, -1);

    for (const char *c = upper + 1; upper[0] != '\0' && c[-1] != '\0'; c++) {
        if (!g_ascii_isalnum(*c))
            nsk_search_marks_add(marks, NSK_SEARCH_BY_CLASS, upper, c - upper);
    }
}

GArray *
nsk_search_marks(const NskLetterRow *row, const NskLetterFacts *facts, const char *day)
{
    GArray *marks = nsk_search_marks_new();

    nsk_search_marks_add(marks, NSK_SEARCH_BY_KIND, row->kind, -1);
    nsk_search_marks_add(marks, NSK_SEARCH_BY_YEAR, day, YEAR_SIZE);
    nsk_search_marks_add(marks, NSK_SEARCH_BY_MONTH, day, MONTH_SIZE);
    if (facts->classification != NULL)
        add_classes(marks, facts->classification);
    if (facts->received != NULL)
        add_party(marks, NSK_SEARCH_BY_SENDER, facts->received->origin.position);
    for (size_t i = 0; i < facts->n_signatories; i++)
        add_party(marks, NSK_SEARCH_BY_SENDER, facts->signatories[i].position);
    for (size_t i = 0; i < facts->n_addressees; i++)
        add_party(marks, NSK_SEARCH_BY_ADDRESSEE, facts->addressees[i].position);
    for (size_t i = 0; i < facts->n_copies; i++)
        add_party(marks, NSK_SEARCH_BY_ADDRESSEE, facts->copies[i].position);
    return marks;
}

/* --- Of a question ---------------------------------------------------------------------------- */

/* Adds the positions that have that id or title; false if they are too many, or on error. */
static bool
add_positions(NskDbTxn *txn, NskSearchSort sort, const char *wanted, GArray *marks, GError **error)
{
    bool has_row = true;
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql_list_positions, NSK_DB_NO_PARAMS, error);

    while (rows != NULL && has_row && marks->len <= MOST_POSITIONS) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (has_row && (strcmp(nsk_db_rows_text(rows, 0), wanted) == 0 ||
                        nsk_search_has_part(nsk_db_rows_text(rows, 1), wanted)))
            nsk_search_marks_add(marks, sort, nsk_db_rows_text(rows, 0), -1);
    }
    return rows != NULL;
}

/* By a party: a position, or somebody else whose name is in the letter. */
static bool
narrow_by_party(NskDbTxn *txn,
                NskSearchSort sort,
                const char *wanted,
                NskSearchQuery *query,
                GError **error)
{
    g_autoptr(GArray) marks = nsk_search_marks_new();

    if (wanted == NULL)
        return true;
    if (!add_positions(txn, sort, wanted, marks, error))
        return false;
    if (marks->len <= MOST_POSITIONS)
        (void)nsk_search_query_narrow(query, marks, wanted);
    return true;
}

/* By all that the person ever held. */
static bool
narrow_by_person(NskDbTxn *txn, const char *person, NskSearchQuery *query, GError **error)
{
    g_autoptr(GArray) marks = nsk_search_marks_new();
    g_autoptr(GPtrArray) held = NULL;

    if (person == NULL)
        return true;
    held = nsk_db_list_texts(txn, sql_ever_held, NSK_DB_PARAMS(NSK_DB_TEXT(person)), error);
    if (held == NULL)
        return false;
    for (guint i = 0; i < held->len; i++) {
        nsk_search_marks_add(marks, NSK_SEARCH_BY_SENDER, held->pdata[i], -1);
        nsk_search_marks_add(marks, NSK_SEARCH_BY_ADDRESSEE, held->pdata[i], -1);
    }
    (void)nsk_search_query_narrow(query, marks, NULL);
    return true;
}

static void
narrow_by_one(NskSearchSort sort, const char *value, NskSearchQuery *query)
{
    g_autoptr(GArray) marks = nsk_search_marks_new();

    if (value == NULL)
        return;
    nsk_search_marks_add(marks, sort, value, -1);
    (void)nsk_search_query_narrow(query, marks, NULL);
}

/* Months and years since the year 0. */
typedef struct {
    int first, last;
} Span;

static void
add_span(GArray *marks, const Span *months)
{
    bool by_month = months->last - months->first < MOST_MONTHS;
    int part = by_month ? 1 : 12;

    for (int n = months->first / part; n <= months->last / part; n++) {
        char text[16];

        if (by_month)
            (void)g_snprintf(text, sizeof text, "%04d-%02d", n / 12, n % 12 + 1);
        else
            (void)g_snprintf(text, sizeof text, "%04d", n);
        nsk_search_marks_add(marks, by_month ? NSK_SEARCH_BY_MONTH : NSK_SEARCH_BY_YEAR, text, -1);
    }
}

/* Days that were checked. */
static bool
narrow_by_period(const NskSearchAsk *ask, NskSearchQuery *query, GError **error)
{
    NskDate from, until;
    g_autoptr(GArray) marks = nsk_search_marks_new();
    Span months = { 0 };

    if (ask->from == NULL && ask->until == NULL)
        return true;
    if ((ask->from != NULL && !nsk_date_parse(ask->from, &from, error)) ||
        (ask->until != NULL && !nsk_date_parse(ask->until, &until, error)))
        return false;
    if (ask->from != NULL)
        months.first = from.year * 12 + from.month - 1;
    if (ask->until != NULL)
        months.last = until.year * 12 + until.month - 1;
    if (ask->from == NULL)
        months.first = MAX(months.last - MOST_YEARS * 12, 0);
    if (ask->until == NULL)
        months.last = months.first + MOST_YEARS * 12;
    if (months.last - months.first > MOST_YEARS * 12)
        return true;
    add_span(marks, &months);
    (void)nsk_search_query_narrow(query, marks, NULL);
    return true;
}

bool
nsk_search_narrow(NskDbTxn *txn, const NskSearchAsk *ask, NskSearchQuery *query, GError **error)
{
    g_autofree char *class =
        ask->classification != NULL ? g_ascii_strup(ask->classification, -1) : NULL;

    narrow_by_one(NSK_SEARCH_BY_CLASS, class, query);
    narrow_by_one(NSK_SEARCH_BY_KIND, ask->kind, query);
    narrow_by_one(NSK_SEARCH_BY_YEAR, ask->year, query);
    narrow_by_one(NSK_SEARCH_BY_UNIT, ask->unit, query);
    return narrow_by_period(ask, query, error) &&
           narrow_by_person(txn, ask->person, query, error) &&
           narrow_by_party(txn, NSK_SEARCH_BY_SENDER, ask->sender, query, error) &&
           narrow_by_party(txn, NSK_SEARCH_BY_ADDRESSEE, ask->addressee, query, error);
}
