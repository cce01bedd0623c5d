/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What waits for somebody.
 *
 *     /beranda                       how much of what kind, the newest of it, who is away
 *     /tugas?jenis=&mendesak=&setelah=   the tasks, by kind and urgency, in pieces
 *     /tugas (POST)                  a paraf on several that were opened: fields "tugas"
 *
 * The list of the office knows no kinds: pieces of it are read until a page is full.
 */
#include "base/limits.h"
#include "base/message.h"
#include "http/site-private.h"

#include <string.h>

#define PIECE      50  /* tasks read at once */
#define MOST_READ  500 /* tasks that are looked at for one page */
#define ON_DESK    5   /* tasks shown on the first page */
#define MOST_AWAY  20
#define MOST_BATCH 100

static const char *const natures[] = {
    "paraf", "tanda-tangan", "disposisi", "konsep", "lain", NULL
};

/* What a redirect tells the page to say. */
static const struct {
    const char *code;
    const char *words;
} told[] = {
    { "paraf", N_("Your paraf is given.") },
    { "tanda-tangan", N_("The letter is signed.") },
    { "kembali", N_("The letter is returned.") },
    { "disposisi", N_("The disposition is given. You can take it back until somebody answers.") },
    { "batal",
      N_("The disposition is undone. The letter waits for you again, and nobody has seen it.") },
    { "usul", N_("The disposition is prepared. It waits for the leader to give it.") },
    { "tarik", N_("The disposition is taken back.") },
    { "terdaftar", N_("The letter is registered.") },
    { "selesai", N_("Done.") },
    { "lampir", N_("The file is attached.") },
    { "lepas", N_("The file is taken out.") },
    { "catatan", N_("Your note is kept with the letter.") },
    { "simpan", N_("The search is kept.") },
    { "lupakan", N_("The search is kept no more.") },
};

void
nsk_http_tell_done(const NskHttpVisit *visit, NskJson *view)
{
    const char *done = nsk_http_request_get_query(visit->request, "pesan");

    for (size_t i = 0; done != NULL && i < G_N_ELEMENTS(told); i++) {
        if (strcmp(told[i].code, done) == 0)
            nsk_json_set_text(view, "done", nsk_tr(told[i].words));
    }
}

char *
nsk_http_task_named(const NskHttpRequest *request)
{
    const char *letter = nsk_http_request_get_piece(request, "letter");
    const char *key = nsk_http_request_get_piece(request, "key");

    return g_strdelimit(g_strconcat(letter, "/", key, NULL), "~", '#');
}

static bool
has_outcome(const NskJson *task, const char *outcome)
{
    const NskJson *list = nsk_json_get(task, "outcomes");

    for (size_t i = 0; i < nsk_json_length(list); i++) {
        if (strcmp(nsk_json_text_at(list, i), outcome) == 0)
            return true;
    }
    return false;
}

const char *
nsk_http_task_nature(const NskJson *task)
{
    const char *role = nsk_json_get_text(task, "role");

    if (g_strcmp0(role, "review") == 0)
        return "paraf";
    if (g_strcmp0(role, "sign") == 0)
        return "tanda-tangan";
    if (g_strcmp0(role, "draft") == 0)
        return "konsep";
    return has_outcome(task, "dispose") ? "disposisi" : "lain";
}

/* --- Lists ----------------------------------------------------------------------------------- */

/* Which of the tasks a page shows, by its address. */
typedef struct {
    const char *nature; /* NULL: all */
    bool urgent;        /* no other */
} Filter;

static Filter
read_filter(const NskHttpRequest *request)
{
    const char *nature = nsk_http_request_get_query(request, "jenis");
    const char *urgent = nsk_http_request_get_query(request, "mendesak");

    return (Filter){ nature != NULL && g_strv_contains(natures, nature) ? nature : NULL,
                     g_strcmp0(urgent, "1") == 0 };
}

static bool
is_urgent(const NskJson *task)
{
    return g_strcmp0(nsk_json_get_text(task, "urgency"), "biasa") != 0;
}

static bool
passes(const Filter *filter, const NskJson *task)
{
    return (filter->nature == NULL || strcmp(nsk_http_task_nature(task), filter->nature) == 0) &&
           (!filter->urgent || is_urgent(task));
}

/* What a list shows of a task, and no more: a page costs by what it is told.  What is as usual is
 * left out. */
static NskJson *
make_row(const NskHttpVisit *visit, const NskJson *task)
{
    static const char *const members[] = { "name", "subject", "opened" };
    NskJson *row = nsk_json_object();
    const char *id = nsk_json_get_text(task, "task");
    g_autofree char *address = nsk_office_task_path(id);
    const char *nature = nsk_http_task_nature(task);
    const char *as = nsk_json_get_text(task, "as");

    for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
        nsk_json_set(row, members[i], nsk_json_ref(nsk_json_get(task, members[i])));
    nsk_json_set_text(row, "href", address);
    if (is_urgent(task))
        nsk_json_set_text(row, "urgency", nsk_json_get_text(task, "urgency"));
    if (g_strcmp0(as, "holder") != 0)
        nsk_json_set_text(row, "as", as);
    if (nsk_json_get_bool(task, "alarm", false))
        nsk_json_set_text(row, "deemed", nsk_json_get_text(task, "deemed"));
    if (strcmp(nature, "paraf") == 0) {
        g_autofree char *content = nsk_http_seen_content(visit, id);

        if (content != NULL) {
            nsk_json_set_text(row, "task", id);
            nsk_json_set_bool(row, "opened_by_me", true);
        }
    }
    return row;
}

/* The next piece of what waits; *after is owned, and becomes where to go on, or NULL. */
static NskJson *
read_piece(NskHttpVisit *visit, char **after, GError **error)
{
    const NskTaskListAsk ask = { .limit = PIECE, .after = *after, .brief = true };
    NskJson *piece = NULL;

    if (!nsk_office_task_list(visit->office, &ask, &piece, error))
        return NULL;
    g_free(*after);
    *after = g_strdup(nsk_json_get_text(piece, "next"));
    return piece;
}

/* Reads pieces until a page is full of tasks of the filter. */
static bool
read_tasks(NskHttpVisit *visit, const Filter *filter, NskJson *view, GError **error)
{
    g_autofree char *after = g_strdup(nsk_http_request_get_query(visit->request, "setelah"));
    NskJson *list = nsk_json_array();

    nsk_json_set(view, "tasks", list);
    for (unsigned looked = 0; looked < MOST_READ; looked += PIECE) {
        g_autoptr(NskJson) piece = read_piece(visit, &after, error);

        if (piece == NULL)
            return false;
        const NskJson *tasks = nsk_json_get(piece, "tasks");
        for (size_t i = 0; i < nsk_json_length(tasks); i++) {
            if (passes(filter, nsk_json_at(tasks, i)))
                nsk_json_add(list, make_row(visit, nsk_json_at(tasks, i)));
        }
        if (looked == 0)
            nsk_json_set(view, "notices", nsk_json_ref(nsk_json_get(piece, "notices")));
        if (after == NULL || nsk_json_length(list) >= PIECE)
            break;
    }
    nsk_json_set_text(view, "next", after);
    return true;
}

static bool
show_list(NskHttpVisit *visit, NskJson *view, GError **error)
{
    const Filter filter = read_filter(visit->request);
    g_autofree char *query = g_strconcat(filter.nature != NULL ? "&jenis=" : "",
                                         filter.nature != NULL ? filter.nature : "",
                                         filter.urgent ? "&mendesak=1" : "", NULL);

    nsk_json_set_text(view, "nature", filter.nature != NULL ? filter.nature : "");
    nsk_json_set_bool(view, "urgent", filter.urgent);
    nsk_json_set_text(view, "query", query);
    return read_tasks(visit, &filter, view, error) &&
           nsk_http_add_searches(visit, "tugas", view, error) &&
           nsk_http_visit_show(visit, "tasks", view, error);
}

static bool
show_tasks(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();

    nsk_http_tell_done(visit, view);
    return show_list(visit, view, error);
}

/* --- Several at once ------------------------------------------------------------------------- */

/* What became of each, in words. */
static void
tell_batch(const NskJson *result, NskJson *view)
{
    const NskJson *results = nsk_json_get(result, "results");
    int64_t failed = nsk_json_get_int(result, "failed", 0);
    g_autofree char *done = g_strdup_printf(nsk_tr("%d of %d letters have your paraf."),
                                            (int)((int64_t)nsk_json_length(results) - failed),
                                            (int)nsk_json_length(results));

    nsk_json_set_text(view, "done", done);
    for (size_t i = 0; i < nsk_json_length(results); i++) {
        const char *fault = nsk_json_get_text(nsk_json_at(results, i), "error");

        if (fault != NULL)
            nsk_http_add_fault(view, NULL, fault);
    }
}

/* Adds what was chosen and opened; false if one was not opened. */
static bool
read_chosen(NskHttpVisit *visit, GArray *acts, GPtrArray *texts)
{
    const char *task;

    for (size_t i = 0; i < MOST_BATCH &&
                       (task = nsk_http_request_get_field_at(visit->request, "tugas", i)) != NULL;
         i++) {
        NskTaskAct act = { .task = task, .outcome = "approve" };
        char *content = nsk_http_seen_content(visit, task);

        if (content == NULL)
            return false;
        g_ptr_array_add(texts, content);
        act.content = content;
        g_array_append_val(acts, act);
    }
    return true;
}

static bool
approve_several(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();
    g_autoptr(NskJson) result = NULL;
    g_autoptr(GArray) acts = g_array_new(FALSE, FALSE, sizeof(NskTaskAct));
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);

    if (!read_chosen(visit, acts, texts))
        nsk_http_add_fault(view, NULL, nsk_tr("open each letter before you give it your paraf"));
    else if (acts->len == 0)
        nsk_http_add_fault(view, NULL, nsk_tr("choose at least one letter"));
    if (nsk_json_get(view, "faults") != NULL) {
        nsk_http_response_set_status(visit->response, 422);
        return show_list(visit, view, error);
    }
    if (!nsk_office_task_batch(visit->office, (const NskTaskAct *)(void *)acts->data, acts->len,
                               &result, error))
        return false;
    tell_batch(result, view);
    return show_list(visit, view, error);
}

/* --- First page ------------------------------------------------------------------------------ */

/* What waits, by what it asks for. */
typedef struct {
    int64_t of[G_N_ELEMENTS(natures)];
    int64_t urgent;
    GPtrArray *newest; /* NskJson: tasks of the office's list, the newest last */
} Desk;

static void
count_task(Desk *desk, NskJson *task)
{
    const char *nature = nsk_http_task_nature(task);

    for (size_t k = 0; natures[k] != NULL; k++)
        desk->of[k] += strcmp(nature, natures[k]) == 0 ? 1 : 0;
    desk->urgent += is_urgent(task) ? 1 : 0;
    if (desk->newest->len == ON_DESK)
        g_ptr_array_remove_index(desk->newest, 0);
    g_ptr_array_add(desk->newest, nsk_json_ref(task));
}

static bool
count_tasks(NskHttpVisit *visit, Desk *desk, GError **error)
{
    g_autofree char *after = NULL;

    for (unsigned looked = 0; looked < MOST_READ && (looked == 0 || after != NULL);
         looked += PIECE) {
        g_autoptr(NskJson) piece = read_piece(visit, &after, error);

        if (piece == NULL)
            return false;
        NskJson *tasks = nsk_json_get(piece, "tasks");
        for (size_t i = 0; i < nsk_json_length(tasks); i++)
            count_task(desk, nsk_json_at(tasks, i));
    }
    return true;
}

static bool
add_desk(NskHttpVisit *visit, NskJson *view, GError **error)
{
    g_autoptr(GPtrArray) newest = g_ptr_array_new_with_free_func((GDestroyNotify)nsk_json_unref);
    Desk desk = { .newest = newest };
    NskJson *counts = nsk_json_array();
    NskJson *tasks = nsk_json_array();

    nsk_json_set(view, "counts", counts);
    nsk_json_set(view, "tasks", tasks);
    if (!count_tasks(visit, &desk, error))
        return false;
    for (size_t k = 0; natures[k] != NULL; k++) {
        NskJson *count = nsk_json_object();

        nsk_json_set_text(count, "nature", natures[k]);
        nsk_json_set_int(count, "n", desk.of[k]);
        nsk_json_add(counts, count);
    }
    nsk_json_set_int(view, "urgent", desk.urgent);
    for (guint i = newest->len; i > 0; i--)
        nsk_json_add(tasks, make_row(visit, g_ptr_array_index(newest, i - 1)));
    return true;
}

static bool
add_away(NskHttpVisit *visit, NskJson *view, GError **error)
{
    const NskDutyAsk ask = { .date = NULL };
    g_autoptr(NskJson) duty = NULL;
    NskJson *list = nsk_json_array();

    nsk_json_set(view, "away", list);
    if (!nsk_office_duty_list(visit->office, &ask, &duty, error))
        return false;
    const NskJson *turns = nsk_json_get(duty, "turns");
    for (size_t i = 0; i < nsk_json_length(turns) && nsk_json_length(list) < MOST_AWAY; i++) {
        NskJson *turn = nsk_json_at(turns, i);
        const char *what = nsk_json_get_text(turn, "what");

        if (strcmp(what, "leave") == 0 || strcmp(what, "travel") == 0)
            nsk_json_add(list, nsk_json_ref(turn));
    }
    return true;
}

static bool
show_desk(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();

    if (!add_desk(visit, view, error) || !add_away(visit, view, error))
        return false;
    nsk_http_tell_done(visit, view);
    return nsk_http_visit_show(visit, "desk", view, error);
}

const NskHttpRoute nsk_http_routes_desk[] = {
    { .method = "GET", .pattern = "/beranda", .visit = show_desk, .is_page = true },
    { .method = "GET", .pattern = "/tugas", .visit = show_tasks, .is_page = true },
    { .method = "POST",
      .pattern = "/tugas",
      .visit = approve_several,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = NULL },
};
