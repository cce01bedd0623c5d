/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What waits for a person.
 *
 * Each position that he holds, assists or stands in for has its tasks in the order of (opened,
 * letter, key), which is that of the index.  The list is a merge of these: it has the first of
 * each, takes the least, and reads on behind it.  So the time is that of one page, however much
 * waits.
 *
 * INVARIANTS
 *   (1) A task that lies in front of several of his positions is shown once, through the first.
 *   (2) Through an assistant's position only tasks of drafting are shown: paraf and signature are
 *       the holder's own.  A substitute is shown what lies there, and so is who asks for the inbox
 *       of the position.  None of them is shown one of a secret letter.
 */
#include "base/limits.h"
#include "base/message.h"
#include "office/clock-private.h"

#include <string.h>

#define DEFAULT_TASKS 20

/* The tasks in front of one position. */
typedef struct {
    const char *position;
    NskReadsAs as;
    NskDbRows *rows;
    NskTaskPlace *first; /* of those that may be shown and were not taken; NULL: there is none */
} Source;

typedef struct {
    NskOffice *office;
    NskDbTxn *txn;
    Source *sources;
    guint n;
    bool brief;
} Merge;

static const char *const rights[] = {
    [NSK_READS_AS_HOLDER] = "holder",
    [NSK_READS_AS_ASSISTANT] = "assistant",
    [NSK_READS_AS_ARCHIVIST] = "archivist",
    [NSK_READS_AS_SUBSTITUTE] = "substitute",
};

static void
merge_clear(Merge *merge)
{
    for (guint i = 0; i < merge->n; i++) {
        g_clear_pointer(&merge->sources[i].first, nsk_task_place_free);
        g_clear_pointer(&merge->sources[i].rows, nsk_db_rows_free);
    }
    g_free(merge->sources);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Merge, merge_clear)

/* Goes to the source's next task that may be shown, if there is one. */
static bool
advance(Source *source, GError **error)
{
    do {
        g_clear_pointer(&source->first, nsk_task_place_free);
        if (!nsk_task_places_next(source->rows, &source->first, error))
            return false;
    } while (source->first != NULL && source->first->secret && source->as != NSK_READS_AS_HOLDER);
    return true;
}

static bool
add_source(Merge *merge, const NskTaskPlacesAsk *ask, NskReadsAs as, GError **error)
{
    NskDbRows *rows = nsk_task_places(merge->txn, ask, error);
    Source *source = &merge->sources[merge->n];

    if (rows == NULL)
        return false;
    *source = (Source){ .position = ask->position, .as = as, .rows = rows };
    merge->n++;
    return advance(source, error);
}

static bool
merge_begin(Merge *merge, const GPtrArray *readings, const NskTaskPlace *after, GError **error)
{
    merge->sources = g_new0(Source, readings->len);
    for (guint i = 0; i < readings->len; i++) {
        const NskReading *reading = g_ptr_array_index(readings, i);
        const NskTaskPlacesAsk ask = { .position = reading->position,
                                       .drafting = reading->as == NSK_READS_AS_ASSISTANT,
                                       .after = after };

        if (reading->as != NSK_READS_AS_ARCHIVIST && !add_source(merge, &ask, reading->as, error))
            return false;
    }
    return true;
}

/* By what right the person sees the inbox of @position, the best first; it is in one of his units,
 * or one of his own.  Errors: NOT_FOUND, DENIED. */
static bool
find_right(NskDbTxn *txn,
           const GPtrArray *readings,
           const char *position,
           NskReadsAs *out_as,
           GError **error)
{
    g_autoptr(NskPosition) found = nsk_directory_get_position(txn, position, error);
    bool may = false;

    if (found == NULL)
        return false;
    for (guint i = 0; i < readings->len; i++) {
        const NskReading *reading = g_ptr_array_index(readings, i);
        bool own = reading->as == NSK_READS_AS_ARCHIVIST ? strcmp(reading->unit, found->unit) == 0
                                                         : strcmp(reading->position, position) == 0;

        if (!own || (may && *out_as <= reading->as))
            continue;
        *out_as = reading->as;
        may = true;
    }
    if (!may)
        g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                    nsk_tr("what waits for '%s' is shown to who holds it, assists it, stands in "
                           "for it, or keeps the letters of its unit"),
                    found->title);
    return may;
}

/* The inbox of one position. */
static bool
merge_begin_inbox(Merge *merge,
                  const GPtrArray *readings,
                  const char *position,
                  const NskTaskPlace *after,
                  GError **error)
{
    NskReadsAs as = NSK_READS_AS_HOLDER;
    const NskTaskPlacesAsk ask = { .position = position, .after = after };

    if (!find_right(merge->txn, readings, position, &as, error))
        return false;
    merge->sources = g_new0(Source, 1);
    return add_source(merge, &ask, as, error);
}

/* The source with the oldest task; the first of those that have it; NULL: nothing waits. */
static Source *
merge_peek(const Merge *merge)
{
    Source *oldest = NULL;

    for (guint i = 0; i < merge->n; i++) {
        Source *source = &merge->sources[i];

        if (source->first != NULL &&
            (oldest == NULL || nsk_task_place_compare(source->first, oldest->first) < 0))
            oldest = source;
    }
    return oldest;
}

/* Takes the task from every source that has it. */
static bool
merge_take(Merge *merge, const NskTaskPlace *task, GError **error)
{
    for (guint i = 0; i < merge->n; i++) {
        Source *source = &merge->sources[i];

        if (source->first != NULL && nsk_task_place_compare(source->first, task) == 0 &&
            !advance(source, error))
            return false;
    }
    return true;
}

/* Words that are parted by blanks, as a list. */
static NskJson *
write_words(const char *text)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    NskJson *list = nsk_json_array();

    for (int i = 0; words[i] != NULL; i++)
        nsk_json_add_text(list, words[i]);
    return list;
}

NskJson *
nsk_task_to_json(const NskTaskRow *task)
{
    g_autofree char *id = g_strconcat(task->letter, "/", task->key, NULL);
    g_autofree char *opened = nsk_instant_format(task->opened);
    NskJson *row = nsk_json_object();
    NskJson *positions = nsk_json_array();

    for (int i = 0; task->positions[i] != NULL; i++)
        nsk_json_add_text(positions, task->positions[i]);
    nsk_json_set_text(row, "task", id);
    nsk_json_set_text(row, "letter", task->letter);
    nsk_json_set_text(row, "name", task->name);
    nsk_json_set_text(row, "role", task->role);
    nsk_json_set_text(row, "opened", opened);
    nsk_json_set(row, "positions", positions);
    nsk_json_set(row, "outcomes", write_words(task->outcomes));
    return row;
}

/* What a page lists of a task. */
static NskJson *
write_brief(const NskTaskPlace *task, const char *as)
{
    g_autofree char *id = g_strconcat(task->letter, "/", task->key, NULL);
    g_autofree char *opened = nsk_instant_format(task->opened);
    NskJson *row = nsk_json_object();

    nsk_json_set_text(row, "task", id);
    nsk_json_set_text(row, "name", task->name);
    nsk_json_set_text(row, "role", task->role);
    if (task->role[0] == '\0')
        nsk_json_set(row, "outcomes", write_words(task->outcomes));
    nsk_json_set_text(row, "opened", opened);
    nsk_json_set_text(row, "subject", task->subject);
    nsk_json_set_text(row, "urgency", task->urgency);
    nsk_json_set_text(row, "as", as);
    return row;
}

/* All that is known; NULL on error. */
static NskJson *
write_whole(const Merge *merge, const NskTaskPlace *task, const Source *source, GError **error)
{
    g_auto(GStrv) positions = nsk_task_positions(merge->txn, task->letter, task->key, error);
    const NskTaskRow known = { .letter = task->letter,
                               .key = task->key,
                               .name = task->name,
                               .role = task->role,
                               .outcomes = task->outcomes,
                               .opened = task->opened,
                               .positions = positions };

    if (positions == NULL)
        return NULL;
    g_autoptr(NskJson) row = nsk_task_to_json(&known);
    nsk_json_set_text(row, "subject", task->subject);
    nsk_json_set_text(row, "kind", task->kind);
    nsk_json_set_text(row, "urgency", task->urgency);
    nsk_json_set_text(row, "position", source->position);
    nsk_json_set_text(row, "as", rights[source->as]);
    if (strcmp(task->role, "sign") == 0 && !nsk_signing_mark(merge->txn, task->letter, row, error))
        return NULL;
    return g_steal_pointer(&row);
}

static bool
add_task(const Merge *merge,
         const Source *source,
         const NskTaskPlace *task,
         NskJson *list,
         GError **error)
{
    NskJson *row = merge->brief ? write_brief(task, rights[source->as])
                                : write_whole(merge, task, source, error);

    if (row == NULL)
        return false;
    nsk_json_add(list, row);
    return !task->has_term || nsk_notice_mark(merge->office, merge->txn, task->letter, row, error);
}

/* Adds @limit tasks to @list at most; *out_next: where to go on (owned), or NULL. */
static bool
fill_page(Merge *merge, unsigned limit, NskJson *list, char **out_next, GError **error)
{
    g_autoptr(NskTaskPlace) last = NULL;

    *out_next = NULL;
    for (unsigned n = 0; n < limit; n++) {
        Source *source = merge_peek(merge);

        if (source == NULL)
            return true;
        nsk_task_place_free(last);
        last = g_steal_pointer(&source->first);
        if (!add_task(merge, source, last, list, error) || !advance(source, error) ||
            !merge_take(merge, last, error))
            return false;
    }
    if (merge_peek(merge) != NULL)
        *out_next =
            g_strdup_printf("%" G_GINT64_FORMAT "/%s/%s", last->opened, last->letter, last->key);
    return true;
}

/* Terms of which the person was told come with the first page. */
static bool
add_notices(NskOffice *self,
            NskDbTxn *txn,
            const GPtrArray *readings,
            NskJson *result,
            GError **error)
{
    NskJson *notices = nsk_notice_list(self, txn, readings, error);

    if (notices == NULL)
        return false;
    nsk_json_set(result, "notices", notices);
    return true;
}

/* Reads "next" of the piece before. */
static bool
read_after(const char *text, NskTaskPlace **out_after, GError **error)
{
    NskInstant opened;
    g_auto(GStrv) parts = g_strsplit(text, "/", 3);

    if (g_strv_length(parts) == 3 && *parts[1] != '\0' && g_utf8_validate(text, -1, NULL) &&
        g_ascii_string_to_signed(parts[0], 10, 0, INT64_MAX, &opened, NULL)) {
        NskTaskPlace *after = g_new0(NskTaskPlace, 1);

        after->opened = opened;
        after->letter = g_strdup(parts[1]);
        after->key = g_strdup(parts[2]);
        *out_after = after;
        return true;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("'%s' is no place to go on at; take the one that the page before gave"),
                text);
    return false;
}

static bool
read_ask(const NskTaskListAsk *ask, unsigned *out_limit, NskTaskPlace **out_after, GError **error)
{
    *out_limit = ask->limit != 0 ? ask->limit : DEFAULT_TASKS;
    if (*out_limit <= NSK_LIMIT_TASK_PAGE)
        return ask->after == NULL || read_after(ask->after, out_after, error);
    g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                nsk_tr("a page of %u tasks is too long; ask for at most %d and go on with the next "
                       "page"),
                *out_limit, NSK_LIMIT_TASK_PAGE);
    return false;
}

char *
nsk_office_task_path(const char *task)
{
    return g_strdelimit(g_strconcat("/tugas/", task, NULL), "#", '~');
}

bool
nsk_office_task_list(NskOffice *self,
                     const NskTaskListAsk *ask,
                     NskJson **out_result,
                     GError **error)
{
    NskDate today;
    unsigned limit;
    g_autofree char *next = NULL;
    g_autoptr(NskTaskPlace) after = NULL;
    g_autoptr(NskJson) result = nsk_json_object();
    NskJson *list = nsk_json_array();
    g_autoptr(NskDbTxn) txn = NULL;
    g_autoptr(GPtrArray) readings = NULL;
    g_auto(Merge) merge = { 0 };

    nsk_json_set(result, "tasks", list);
    /* Jakarta's is the last of the country's zones to begin a day.  Tasks lie in units of all
     * three, so in the two hours around a change of holder the list may show one too many or too
     * few; what decides is the unit's own zone, in which a task is checked again when it is done */
    if (!read_ask(ask, &limit, &after, error) ||
        !nsk_office_common_day(nsk_clock_now(self->clock), &today, error) ||
        (txn = nsk_db_snapshot(self->reader, error)) == NULL ||
        (readings = nsk_directory_readings(txn, self->person, today, error)) == NULL)
        return false;
    merge.office = self;
    merge.txn = txn;
    merge.brief = ask->brief;
    if (!(ask->position != NULL ? merge_begin_inbox(&merge, readings, ask->position, after, error)
                                : merge_begin(&merge, readings, after, error)) ||
        !fill_page(&merge, limit, list, &next, error))
        return false;
    nsk_json_set_text(result, "next", next);
    if (after == NULL && ask->position == NULL && !add_notices(self, txn, readings, result, error))
        return false;
    *out_result = g_steal_pointer(&result);
    return true;
}
