/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finding letters by their words.
 *
 * INVARIANTS
 *   (1) Nothing of a letter is shown, nor counted, before nsk_access_level() allowed it in the same
 *       snapshot that its number, date and state are read from: the index only proposes.
 *   (2) Words are shown from the index only if they are of the version that this snapshot has.
 *   (3) Secret letters are left out, also while the index still has what they were before.
 */
#include "base/limits.h"
#include "base/message.h"
#include "office/search-private.h"

#include <string.h>

#define DEFAULT_HITS   20
#define HOUR           ((int64_t)3600 * G_USEC_PER_SEC)
#define MAX_CANDIDATES 2000 /* looked at for one page, should the index lag far behind */

/* What the days of the asker open, each looked up once a search. */
typedef struct {
    NskOffice *office;
    NskDbTxn *txn;
    GHashTable *days;  /* unit -> day as a number */
    GHashTable *opens; /* day as a number -> array of NskReading */
} Asker;

static void
asker_clear(Asker *asker)
{
    g_clear_pointer(&asker->days, g_hash_table_unref);
    g_clear_pointer(&asker->opens, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Asker, asker_clear)

static void
free_array(gpointer array)
{
    g_ptr_array_unref(array);
}

static gpointer
day_key(NskDate day)
{
    return GUINT_TO_POINTER(day.year * 10000u + day.month * 100u + day.day);
}

/* What the person may read through on @day; borrowed. */
static const GPtrArray *
readings_on(Asker *asker, NskDate day, GError **error)
{
    GPtrArray *readings = g_hash_table_lookup(asker->opens, day_key(day));

    if (readings == NULL) {
        readings = nsk_directory_readings(asker->txn, asker->office->person, day, error);
        if (readings != NULL)
            g_hash_table_insert(asker->opens, day_key(day), readings);
    }
    return readings;
}

/* The same today in @unit. */
static const GPtrArray *
readings_in(Asker *asker, const char *unit, GError **error)
{
    NskDate today;
    gpointer known = g_hash_table_lookup(asker->days, unit);
    NskInstant now = nsk_clock_now(asker->office->clock);

    if (known != NULL)
        return g_hash_table_lookup(asker->opens, known);
    if (!nsk_office_today(asker->txn, unit, now, &today, error))
        return NULL;
    const GPtrArray *readings = readings_on(asker, today, error);
    if (readings != NULL)
        g_hash_table_insert(asker->days, g_strdup(unit), day_key(today));
    return readings;
}

/* Adds to @positions and @units (sets of borrowed ids) through what the person reads anywhere
 * today: the day is another in other zones, so it is what any day on earth opens, and each hit is
 * checked by its own. */
static bool
gather_readers(Asker *asker, GHashTable *positions, GHashTable *units, GError **error)
{
    static const int hours[] = { -12, 0, 14 };
    NskInstant now = nsk_clock_now(asker->office->clock);

    for (size_t i = 0; i < G_N_ELEMENTS(hours); i++) {
        NskDate day;
        const GPtrArray *readings = nsk_date_at(now + hours[i] * HOUR, "UTC", &day, error)
                                        ? readings_on(asker, day, error)
                                        : NULL;

        for (guint k = 0; readings != NULL && k < readings->len; k++) {
            const NskReading *reading = g_ptr_array_index(readings, k);

            if (reading->as == NSK_READS_AS_ARCHIVIST)
                (void)g_hash_table_add(units, reading->unit);
            else
                (void)g_hash_table_add(positions, reading->position);
        }
        if (readings == NULL)
            return false;
    }
    return true;
}

/* --- Facets ---------------------------------------------------------------------------------- */

static const char *const facet_names[] = { "kind", "year", "unit", "class", "state" };
#define FACETS G_N_ELEMENTS(facet_names)

/* What the letter is in each facet; borrowed from it but the year, which is in @year. */
static void
read_facets(const NskLetterRow *row,
            const NskSearchKnown *known,
            char year[5],
            const char *values[FACETS])
{
    g_strlcpy(year, known->day, 5);
    values[0] = row->kind;
    values[1] = year;
    values[2] = row->unit;
    values[3] = row->security;
    values[4] = row->state;
}

static bool
passes(const NskSearchAsk *ask, const char *const values[FACETS])
{
    const char *const wanted[FACETS] = { ask->kind, ask->year, ask->unit, ask->security,
                                         ask->state };

    for (size_t i = 0; i < FACETS; i++) {
        if (wanted[i] != NULL && strcmp(wanted[i], values[i]) != 0)
            return false;
    }
    return true;
}

static void
count(GHashTable *counts[FACETS], const char *const values[FACETS])
{
    for (size_t i = 0; i < FACETS; i++) {
        gpointer n = g_hash_table_lookup(counts[i], values[i]);

        g_hash_table_insert(counts[i], g_strdup(values[i]),
                            GUINT_TO_POINTER(GPOINTER_TO_UINT(n) + 1));
    }
}

/* A unit by its name, a kind by its title; else the value, which has words of its own. */
static char *
name_value(Asker *asker, size_t facet, const char *value)
{
    if (strcmp(facet_names[facet], "unit") == 0) {
        g_autoptr(NskUnit) unit = nsk_directory_get_unit(asker->txn, value, NULL);

        return g_strdup(unit != NULL ? unit->name : value);
    }
    if (strcmp(facet_names[facet], "kind") == 0) {
        g_autofree char *version = nsk_rule_current(asker->txn, "kind", value, NULL);
        const NskKind *kind = version != NULL
                                  ? nsk_office_kind(asker->office, asker->txn, value, version, NULL)
                                  : NULL;

        return g_strdup(kind != NULL ? nsk_kind_get_title(kind, nsk_language()) : value);
    }
    return g_strdup(value);
}

static NskJson *
tell_facet(Asker *asker, size_t facet, GHashTable *counts)
{
    NskJson *told = nsk_json_object();
    NskJson *values = nsk_json_array();
    g_autoptr(GList) keys = g_list_sort(g_hash_table_get_keys(counts), (GCompareFunc)strcmp);

    nsk_json_set_text(told, "name", facet_names[facet]);
    nsk_json_set(told, "values", values);
    for (const GList *at = keys; at != NULL; at = at->next) {
        NskJson *value = nsk_json_object();
        g_autofree char *name = name_value(asker, facet, at->data);

        nsk_json_set_text(value, "value", at->data);
        nsk_json_set_text(value, "name", name);
        nsk_json_set_int(value, "n", GPOINTER_TO_UINT(g_hash_table_lookup(counts, at->data)));
        nsk_json_add(values, value);
    }
    return told;
}

/* A page while it is made. */
typedef struct {
    const NskSearchAsk *ask;
    GHashTable *counts[FACETS]; /* value -> how many; NULL: nothing is counted */
    unsigned counted;
    Asker asker;
    NskSearchRows *rows;
    NskSearchTaker taker; /* NULL: they become hits */
    void *taker_data;
    unsigned taken;
    unsigned candidates; /* that are looked at */
    NskJson *hits;       /* borrowed from the result; NULL: there is a taker */
    unsigned limit;
    int64_t last; /* key of the last candidate that counts */
    bool more;    /* there may be hits behind it */
} Page;

static void
page_clear(Page *page)
{
    asker_clear(&page->asker);
    nsk_search_rows_free(page->rows);
    for (size_t i = 0; i < FACETS; i++)
        g_clear_pointer(&page->counts[i], g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Page, page_clear)

static bool
start_page(Page *page, NskSearch *index, const NskSearchQuery *query, int64_t after, GError **error)
{
    g_autoptr(GHashTable) positions = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) units = g_hash_table_new(g_str_hash, g_str_equal);

    page->asker.days = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    page->asker.opens = g_hash_table_new_full(NULL, NULL, NULL, free_array);
    if (!gather_readers(&page->asker, positions, units, error))
        return false;
    g_autofree const char **position_list =
        (const char **)g_hash_table_get_keys_as_array(positions, NULL);
    g_autofree const char **unit_list = (const char **)g_hash_table_get_keys_as_array(units, NULL);
    NskSearchAsker who = { position_list, unit_list };
    page->rows = nsk_search_find(index, query, &who, after, error);
    return page->rows != NULL;
}

/* The letter of a candidate if the person may read it now; NULL without error if not. */
static bool
check_candidate(Page *page, const char *id, NskLetterRow **out_row, GError **error)
{
    NskReaderLevel level;
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskLetterRow) row = nsk_letter_row_load(page->asker.txn, id, &fault);

    *out_row = NULL;
    if (g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND))
        return true;
    if (row == NULL) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    const GPtrArray *readings = readings_in(&page->asker, row->unit, error);
    if (readings == NULL || !nsk_access_level(page->asker.txn, row, readings, &level, error))
        return false;
    if (level != NSK_READER_NONE && !nsk_letter_row_is_secret(row))
        *out_row = g_steal_pointer(&row);
    return true;
}

static bool
add_hit(Page *page,
        const NskSearchHit *candidate,
        const NskLetterRow *row,
        const NskSearchKnown *known,
        GError **error)
{
    int64_t version;
    g_autofree char *snippet = NULL;

    if (!nsk_store_head(page->asker.txn, row->id, NULL, &version, error))
        return false;
    if (version == candidate->version &&
        (snippet = nsk_search_rows_snippet(page->rows, error)) == NULL)
        return false;
    NskJson *hit = nsk_json_object();
    nsk_json_set_text(hit, "letter", row->id);
    nsk_json_set_text(hit, "subject", row->subject);
    nsk_json_set_text(hit, "number", known->number);
    nsk_json_set_text(hit, "date", known->dated ? known->day : NULL);
    nsk_json_set_text(hit, "state", row->state);
    nsk_json_set_text(hit, "snippet", snippet);
    nsk_json_add(page->hits, hit);
    return true;
}

/* A letter that was found: shown while there is room, counted while that is wanted. */
static bool
take(Page *page, const NskSearchHit *candidate, const NskLetterRow *row, GError **error)
{
    char year[5];
    bool wanted;
    const char *values[FACETS];
    g_auto(NskSearchKnown) known = { 0 };

    if (!nsk_search_known_fill(page->asker.txn, page->ask, row, &known, error))
        return false;
    read_facets(row, &known, year, values);
    if (!passes(page->ask, values))
        return true;
    if (!nsk_search_filter_passes(page->asker.txn, row, &known, &wanted, error))
        return false;
    if (!wanted)
        return true;
    if (page->counts[0] != NULL && page->counted < NSK_LIMIT_SEARCH_FACETS) {
        page->counted++;
        count(page->counts, values);
    }
    if (page->taken == page->limit) {
        page->more = true;
        return true;
    }
    page->last = candidate->key;
    page->taken++;
    return page->taker != NULL ? page->taker(page->asker.txn, row, &known, page->taker_data, error)
                               : add_hit(page, candidate, row, &known, error);
}

/* Nothing more is to be found out. */
static bool
is_full(const Page *page)
{
    bool counts = page->counts[0] != NULL && page->counted < NSK_LIMIT_SEARCH_FACETS;

    return page->taken == page->limit && !counts;
}

static bool
fill_page(Page *page, GError **error)
{
    for (unsigned seen = 0; seen < page->candidates; seen++) {
        bool has;
        NskSearchHit candidate;
        g_autoptr(NskLetterRow) row = NULL;

        if (is_full(page)) {
            page->more = true;
            return true;
        }
        if (!nsk_search_rows_next(page->rows, &candidate, &has, error))
            return false;
        if (!has)
            return true;
        if (page->taken < page->limit)
            page->last = candidate.key;
        if (!check_candidate(page, candidate.letter, &row, error) ||
            (row != NULL && !take(page, &candidate, row, error)))
            return false;
    }
    page->more = true;
    return true;
}

static void
tell_facets(Page *page, NskJson *result)
{
    NskJson *facets = nsk_json_array();

    if (!page->ask->facets) {
        nsk_json_unref(facets);
        return;
    }
    for (size_t i = 0; i < FACETS; i++)
        nsk_json_add(facets, tell_facet(&page->asker, i, page->counts[i]));
    nsk_json_set(result, "facets", facets);
    nsk_json_set_bool(result, "counted", page->counted < NSK_LIMIT_SEARCH_FACETS);
}

/* --- The use case ---------------------------------------------------------------------------- */

/* The index for asking, opened anew if it was made again since. */
static NskSearch *
get_index(NskOffice *self, GError **error)
{
    if (self->search != NULL && nsk_search_is_stale(self->search))
        g_clear_pointer(&self->search, nsk_search_free);
    if (self->search == NULL) {
        g_autofree char *path = nsk_office_path(self->dir, NSK_SEARCH_FILE);

        self->search = nsk_search_open(path, NSK_DB_READ, error);
    }
    return self->search;
}

static bool
read_ask(const NskSearchAsk *ask, unsigned *out_limit, int64_t *out_after, GError **error)
{
    *out_limit = ask->limit != 0 ? ask->limit : DEFAULT_HITS;
    *out_after = 0;
    if (*out_limit > NSK_LIMIT_SEARCH_HITS) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("a page of %u hits is too long; ask for at most %d and go on with the "
                           "next page"),
                    *out_limit, NSK_LIMIT_SEARCH_HITS);
        return false;
    }
    if (ask->after == NULL ||
        g_ascii_string_to_signed(ask->after, 10, 1, INT64_MAX - 1, out_after, NULL))
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("'%s' is no place to go on at; take the one that the page before gave"),
                ask->after);
    return false;
}

/* Finds what the page is to have, in page->asker.txn. */
static bool
run_search(NskOffice *self, Page *page, int64_t after, NskSearchProgress *progress, GError **error)
{
    const NskSearchAsk *ask = page->ask;
    g_autoptr(NskSearchQuery) query = NULL;
    NskSearch *index;

    page->asker.office = self;
    if (!nsk_search_filter_check(ask, error) ||
        (query = nsk_search_query_parse(ask->text, nsk_search_filter_is_set(ask), error)) == NULL ||
        !nsk_search_narrow(page->asker.txn, ask, query, error) ||
        (index = get_index(self, error)) == NULL ||
        !nsk_search_get_progress(index, progress, error))
        return false;
    g_clear_pointer(&progress->letter, g_free);
    /* rows of the index look at the query as long as they are read */
    bool ok = start_page(page, index, query, after, error) && fill_page(page, error);
    g_clear_pointer(&page->rows, nsk_search_rows_free);
    return ok;
}

bool
nsk_office_search(NskOffice *self, const NskSearchAsk *ask, NskJson **out_result, GError **error)
{
    int64_t after;
    NskSearchProgress progress = { 0 };
    g_auto(Page) page = { .ask = ask, .candidates = MAX_CANDIDATES };
    g_autoptr(NskJson) result = nsk_json_object();
    g_autoptr(NskDbTxn) txn = NULL;

    if (!read_ask(ask, &page.limit, &after, error) ||
        (txn = nsk_db_snapshot(self->reader, error)) == NULL)
        return false;
    page.asker.txn = txn;
    page.hits = nsk_json_array();
    nsk_json_set(result, "hits", page.hits);
    for (size_t i = 0; ask->facets && i < FACETS; i++)
        page.counts[i] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (!run_search(self, &page, after, &progress, error))
        return false;
    g_autofree char *next = page.more ? g_strdup_printf("%" G_GINT64_FORMAT, page.last) : NULL;
    nsk_json_set_bool(result, "complete", progress.whole);
    nsk_json_set_text(result, "next", next);
    tell_facets(&page, result);
    *out_result = g_steal_pointer(&result);
    return true;
}

bool
nsk_search_each(NskOffice *self,
                NskDbTxn *txn,
                const NskSearchAsk *ask,
                NskSearchTaker taker,
                void *data,
                GError **error)
{
    NskSearchProgress progress = { 0 };
    g_auto(Page) page = { .ask = ask,
                          .asker = { .txn = txn },
                          .candidates = UINT_MAX,
                          .limit = UINT_MAX,
                          .taker = taker,
                          .taker_data = data };

    return run_search(self, &page, 0, &progress, error);
}
