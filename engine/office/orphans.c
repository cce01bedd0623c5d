/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What nobody is there for.
 *
 *     a task         all positions before which it lies are vacant, unknown, or have only people
 * who are away without a substitute; or it is with a person who is away, or holds none of these
 * positions any more a letter       its life is not over, and nothing waits: no task, no time, no
 * message, no incident
 *
 * Positions before which something lies are few, letters are many: the search begins at positions.
 */
#include "base/limits.h"
#include "base/message.h"
#include "office/duty-private.h"

#include <string.h>

static const char sql_busy_positions[] = "SELECT DISTINCT position FROM inbox ORDER BY position";
static const char sql_position_tasks[] =
    "SELECT letter, key FROM inbox WHERE position = $1 ORDER BY opened, letter, key LIMIT $2";
static const char sql_assigned_tasks[] =
    "SELECT letter, key FROM task WHERE closed IS NULL AND assignee IS NOT NULL"
    " ORDER BY opened, letter, key";
static const char sql_idle_letters[] =
    "SELECT l.id FROM letter l WHERE l.state NOT IN ('archived', 'withdrawn')"
    " AND NOT EXISTS (SELECT 1 FROM task t WHERE t.letter = l.id AND t.closed IS NULL)"
    " AND NOT EXISTS (SELECT 1 FROM wait w WHERE w.letter = l.id)"
    " AND NOT EXISTS (SELECT 1 FROM incident i WHERE i.letter = l.id)"
    " ORDER BY l.id LIMIT $1";

/* Why nobody does a task. */
typedef enum {
    LEFT_VACANT,   /* nobody holds the position */
    LEFT_AWAY,     /* who holds it is away */
    LEFT_UNKNOWN,  /* there is no such position any more */
    LEFT_ASSIGNEE, /* it is with somebody who is away or does not hold the position any more */
} LeftBy;

static const char *const left_names[] = {
    [LEFT_VACANT] = "vacant",
    [LEFT_AWAY] = "away",
    [LEFT_UNKNOWN] = "unknown",
    [LEFT_ASSIGNEE] = "assignee",
};

typedef struct {
    NskTaskRow *task;
    LeftBy why;
    NskDate back;   /* AWAY: the first day on which one is back; unset: nobody knows */
    char *superior; /* position that may hand the task over; "" if there is none */
    char *unit;     /* of the first position; "" if it is unknown */
} Orphan;

static void
orphan_free(gpointer data)
{
    Orphan *self = data;

    if (self == NULL)
        return;
    nsk_task_row_free(self->task);
    g_free(self->superior);
    g_free(self->unit);
    g_free(self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Orphan, orphan_free)

/* What is known of a position. */
typedef struct {
    bool there;
    LeftBy why;
    NskDate back;
    NskDate today;
    char *superior, *unit;
    NskAttendance attendance;
} Post;

static void
post_free(gpointer data)
{
    Post *self = data;

    nsk_attendance_clear(&self->attendance);
    g_free(self->superior);
    g_free(self->unit);
    g_free(self);
}

typedef struct {
    NskOffice *office;
    NskDbTxn *txn;
    NskInstant now;
    GHashTable *posts; /* position -> Post */
    GHashTable *seen;  /* "LETTER/KEY" of tasks that were looked at */
    GPtrArray *orphans;
} Search;

static void
search_clear(Search *self)
{
    g_clear_pointer(&self->posts, g_hash_table_unref);
    g_clear_pointer(&self->seen, g_hash_table_unref);
    g_clear_pointer(&self->orphans, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Search, search_clear)

/* --- Positions. ------------------------------------------------------------------------------- */

/* The first day on which one of those who are away is back. */
static NskDate
first_back(const GPtrArray *people)
{
    NskDate back = { 0 };

    for (guint i = 0; i < people->len; i++) {
        const NskAttendant *one = g_ptr_array_index(people, i);

        if (one->substitutes[0] == '\0' && nsk_date_is_set(one->back) &&
            (!nsk_date_is_set(back) || nsk_date_compare(one->back, back) < 0))
            back = one->back;
    }
    return back;
}

static bool
look_at_post(Search *search, const char *id, Post *post, GError **error)
{
    const NskAttendance *found = &post->attendance;
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskPosition) position = nsk_directory_get_position(search->txn, id, &fault);

    post->why = LEFT_UNKNOWN;
    post->superior = g_strdup(position != NULL ? position->superior : "");
    post->unit = g_strdup(position != NULL ? position->unit : "");
    if (g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND))
        return nsk_date_at(search->now, "UTC", &post->today, error);
    if (position == NULL) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    if (!nsk_office_today(search->txn, position->unit, search->now, &post->today, error) ||
        !nsk_directory_attendance(search->txn, id, post->today, -1, &post->attendance, error))
        return false;
    post->there = found->presence <= NSK_PRESENCE_SUBSTITUTE;
    post->why = found->presence == NSK_PRESENCE_VACANT ? LEFT_VACANT : LEFT_AWAY;
    post->back = first_back(found->people);
    return true;
}

/* What is known of the position, borrowed; NULL on error. */
static const Post *
find_post(Search *search, const char *id, GError **error)
{
    Post *post = g_hash_table_lookup(search->posts, id);

    if (post != NULL)
        return post;
    post = g_new0(Post, 1);
    if (!look_at_post(search, id, post, error)) {
        post_free(post);
        return NULL;
    }
    g_hash_table_insert(search->posts, g_strdup(id), post);
    return post;
}

/* --- Tasks. ----------------------------------------------------------------------------------- */

/* Whether @person is there for the position, and holds it. */
static bool
is_there(const Post *post, const char *person)
{
    for (guint i = 0; post->attendance.people != NULL && i < post->attendance.people->len; i++) {
        const NskAttendant *one = g_ptr_array_index(post->attendance.people, i);

        if (!one->away && one->substitutes[0] == '\0' && strcmp(one->person, person) == 0)
            return true;
    }
    return false;
}

/* Whether the person whom the task is with is there and may do it from one of its positions. */
static bool
assignee_is_there(Search *search, const NskTaskRow *task, bool *out_there, GError **error)
{
    *out_there = task->assignee == NULL;
    for (int i = 0; !*out_there && task->positions[i] != NULL; i++) {
        const Post *post = find_post(search, task->positions[i], error);

        if (post == NULL)
            return false;
        *out_there = is_there(post, task->assignee);
    }
    return true;
}

static void
add_orphan(Search *search, NskTaskRow *task, const Post *post, LeftBy why)
{
    Orphan *orphan = g_new0(Orphan, 1);

    *orphan = (Orphan){ task, why, why == LEFT_AWAY ? post->back : (NskDate){ 0 },
                        g_strdup(post->superior), g_strdup(post->unit) };
    g_ptr_array_add(search->orphans, orphan);
}

/* Takes over @task. */
static bool
judge_task(Search *search, NskTaskRow *taken, GError **error)
{
    bool mine = false;
    const Post *left = NULL;
    bool there = false;
    g_autoptr(NskTaskRow) task = taken;

    for (int i = 0; task->positions[i] != NULL; i++) {
        const Post *post = find_post(search, task->positions[i], error);

        if (post == NULL)
            return false;
        left = left == NULL || (left->there && !post->there) ? post : left;
        there = there || post->there;
    }
    if (left == NULL) /* the doctor has a finding of its own for that */
        return true;
    if (!there) {
        add_orphan(search, g_steal_pointer(&task), left, left->why);
        return true;
    }
    if (!assignee_is_there(search, task, &mine, error))
        return false;
    if (!mine)
        add_orphan(search, g_steal_pointer(&task), left, LEFT_ASSIGNEE);
    return true;
}

/* Looks at the tasks that a query names; takes @rows, which may be NULL with @error set. */
static bool
judge_tasks(Search *search, NskDbRows *taken, GError **error)
{
    bool has_row = true;
    g_autoptr(NskDbRows) rows = taken;

    while (rows != NULL && has_row && search->orphans->len < NSK_LIMIT_ORPHANS) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (!has_row)
            break;
        const char *letter = nsk_db_rows_text(rows, 0);
        const char *key = nsk_db_rows_text(rows, 1);
        if (!g_hash_table_add(search->seen, g_strconcat(letter, "/", key, NULL)))
            continue;
        NskTaskRow *task = nsk_task_load(search->txn, letter, key, error);
        if (task == NULL || !judge_task(search, task, error))
            return false;
    }
    return rows != NULL;
}

static bool
find_orphans(Search *search, GError **error)
{
    g_autoptr(GPtrArray) busy =
        nsk_db_list_texts(search->txn, sql_busy_positions, NSK_DB_NO_PARAMS, error);

    search->posts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, post_free);
    search->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    search->orphans = g_ptr_array_new_with_free_func(orphan_free);
    for (guint i = 0; busy != NULL && i < busy->len; i++) {
        const char *id = g_ptr_array_index(busy, i);
        const Post *post = find_post(search, id, error);

        if (post == NULL)
            return false;
        if (!post->there &&
            !judge_tasks(search,
                         nsk_db_query(search->txn, sql_position_tasks,
                                      NSK_DB_PARAMS(NSK_DB_TEXT(id), NSK_DB_INT(NSK_LIMIT_ORPHANS)),
                                      error),
                         error))
            return false;
    }
    return busy != NULL &&
           judge_tasks(search,
                       nsk_db_query(search->txn, sql_assigned_tasks, NSK_DB_NO_PARAMS, error),
                       error);
}

static GPtrArray *
find_idle(NskDbTxn *txn, GError **error)
{
    return nsk_db_list_texts(txn, sql_idle_letters, NSK_DB_PARAMS(NSK_DB_INT(NSK_LIMIT_ORPHANS)),
                             error);
}

/* --- Telling. --------------------------------------------------------------------------------- */

static const char *
left_words(const Orphan *orphan)
{
    switch (orphan->why) {
    case LEFT_VACANT:
        return nsk_tr("nobody holds the position; name a Plt., or hand the task over");
    case LEFT_UNKNOWN:
        return nsk_tr("there is no such position any more; hand the task over");
    case LEFT_ASSIGNEE:
        return nsk_tr("it is with somebody who is away or has left; give it to somebody else");
    case LEFT_AWAY:
    default:
        return nsk_tr("who holds the position is away, without a Plh. and without a substitute");
    }
}

bool
nsk_duty_examine(NskOffice *self, NskDbTxn *txn, NskIssues *issues, GError **error)
{
    g_auto(Search) search = { .office = self, .txn = txn, .now = nsk_clock_now(self->clock) };
    g_autoptr(GPtrArray) idle = find_idle(txn, error);

    if (idle == NULL || !find_orphans(&search, error))
        return false;
    for (guint i = 0; i < search.orphans->len; i++) {
        const Orphan *orphan = g_ptr_array_index(search.orphans, i);
        NskIssue place = { "task-orphan", NSK_SEVERITY_WARNING, orphan->task->letter, 0, 0, NULL };
        g_autofree char *positions = g_strjoinv(", ", orphan->task->positions);

        nsk_issues_add(issues, &place, nsk_tr("the task '%s' (%s) waits before '%s': %s"),
                       orphan->task->name, orphan->task->key, positions, left_words(orphan));
    }
    for (guint i = 0; i < idle->len; i++) {
        char *letter = g_ptr_array_index(idle, i);
        NskIssue place = { "letter-idle", NSK_SEVERITY_WARNING, letter, 0, 0, NULL };

        nsk_issues_add(issues, &place,
                       nsk_tr("the letter is not at its end, and nothing of it waits for anybody "
                              "or anything"));
    }
    return true;
}

/* Whether the person may know of it: he may read the letter, or looks after the position. */
static bool
may_know(Search *search, const Orphan *orphan, bool *out_may, GError **error)
{
    g_autoptr(GError) refusal = NULL;
    g_autoptr(NskLetterRow) row =
        nsk_access_letter(search->office, search->txn, orphan->task->letter, &refusal);

    *out_may = row != NULL;
    if (row == NULL && !g_error_matches(refusal, NSK_ERROR, NSK_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&refusal));
        return false;
    }
    for (int i = 0; !*out_may && orphan->task->positions[i] != NULL; i++) {
        g_auto(NskCaring) caring = { 0 };
        const Post *post = find_post(search, orphan->task->positions[i], error);
        g_autoptr(NskPosition) position =
            post != NULL && post->why != LEFT_UNKNOWN
                ? nsk_directory_get_position(search->txn, orphan->task->positions[i], error)
                : NULL;

        if (post == NULL || (position == NULL && post->why != LEFT_UNKNOWN))
            return false;
        if (position == NULL)
            continue;
        if (!nsk_duty_find_care(search->office, search->txn, position, post->today, &caring, error))
            return false;
        *out_may = caring.care != NSK_CARE_NONE;
    }
    return true;
}

static NskJson *
orphan_to_json(const Orphan *orphan)
{
    g_autofree char *back = nsk_date_is_set(orphan->back) ? nsk_date_format(orphan->back) : NULL;
    NskJson *row = nsk_task_to_json(orphan->task);

    nsk_json_set_text(row, "why", left_names[orphan->why]);
    nsk_json_set_text(row, "words", left_words(orphan));
    nsk_json_set_text(row, "back", back);
    nsk_json_set_text(row, "assignee", orphan->task->assignee);
    nsk_json_set_text(row, "superior", orphan->superior[0] != '\0' ? orphan->superior : NULL);
    return row;
}

bool
nsk_office_orphans(NskOffice *self, NskJson **out_result, GError **error)
{
    g_autoptr(NskJson) result = nsk_json_object();
    NskJson *list = nsk_json_array();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_auto(Search) search = { .office = self, .txn = txn, .now = nsk_clock_now(self->clock) };

    nsk_json_set(result, "tasks", list);
    if (txn == NULL || !find_orphans(&search, error))
        return false;
    for (guint i = 0; i < search.orphans->len; i++) {
        bool may = false;
        const Orphan *orphan = g_ptr_array_index(search.orphans, i);

        if (!may_know(&search, orphan, &may, error))
            return false;
        if (may)
            nsk_json_add(list, orphan_to_json(orphan));
    }
    *out_result = g_steal_pointer(&result);
    return true;
}
