/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Standing in for one another.
 *
 *     /wakil                  who is there for my positions, when I am away, whom I stand in for,
 *                             what nobody is there for, handovers
 *     /wakil (POST)           I am away, or travel
 *     /wakil/akhir (POST)     I am back
 *     /wakil/serah (POST)     the list of a position's open work is made, to hand it over
 *     /wakil/serah/{id}       that list; POST confirms it
 *
 * People are named as they are known: by a part of the name.
 */
#include "base/message.h"
#include "http/site-private.h"

#include <string.h>

#define ZONE       "Asia/Jakarta" /* in which days are meant where no position says another */
#define AHEAD_DAYS 366
#define MOST_FOUND 8 /* people who are named where a name means several */

static const struct {
    const char *code;
    const char *words;
} told[] = {
    { "pergi", N_("It is in the roster. Everybody can see that you are away.") },
    { "dinas", N_("It is in the roster. You can go on deciding from where you are.") },
    { "kembali", N_("The roster is changed.") },
    { "serah", N_("The list is made. Both of you confirm it.") },
    { "sah", N_("Your confirmation is kept.") },
};

static void
tell_done(const NskHttpVisit *visit, NskJson *view)
{
    const char *done = nsk_http_request_get_query(visit->request, "pesan");

    for (size_t i = 0; done != NULL && i < G_N_ELEMENTS(told); i++) {
        if (strcmp(told[i].code, done) == 0)
            nsk_json_set_text(view, "done", nsk_tr(told[i].words));
    }
}

static const char *
get_field(const NskHttpVisit *visit, const char *name)
{
    const char *text = nsk_http_request_get_field(visit->request, name);

    return text != NULL && text[strspn(text, " ")] != '\0' ? text : NULL;
}

static bool
get_today(const NskHttpVisit *visit, NskDate *out, GError **error)
{
    return nsk_date_at(nsk_clock_now(visit->site->clock), ZONE, out, error);
}

/* --- What is shown --------------------------------------------------------------------------- */

static bool
add_presence(NskHttpVisit *visit, NskJson *view, GError **error)
{
    const NskJson *positions = visit->visitor->positions;
    NskJson *list = nsk_json_array();

    nsk_json_set(view, "positions", list);
    for (size_t i = 0; i < nsk_json_length(positions); i++) {
        const NskDutyAsk ask = { .position =
                                     nsk_json_get_text(nsk_json_at(positions, i), "position") };
        NskJson *row = NULL;

        if (!nsk_office_duty_show(visit->office, &ask, &row, error))
            return false;
        nsk_json_set_text(row, "says",
                          nsk_office_word_of("presence", nsk_json_get_text(row, "presence")));
        nsk_json_add(list, row);
    }
    return true;
}

static bool
is_absence(const NskJson *turn)
{
    const char *what = nsk_json_get_text(turn, "what");

    return strcmp(what, "leave") == 0 || strcmp(what, "travel") == 0;
}

/* "mine": when I am away; "others": when I stand in for somebody. */
static bool
add_turns(NskHttpVisit *visit, NskJson *view, GError **error)
{
    NskDate today;
    g_autoptr(NskJson) roster = NULL;
    NskJson *mine = nsk_json_array();
    NskJson *others = nsk_json_array();

    nsk_json_set(view, "mine", mine);
    nsk_json_set(view, "others", others);
    if (!get_today(visit, &today, error))
        return false;
    g_autofree char *day = nsk_date_format(today);
    g_autofree char *until = nsk_date_format(nsk_date_add_days(today, AHEAD_DAYS));
    const NskDutyAsk ask = { .date = day, .until = until };
    nsk_json_set_text(view, "today", day);
    if (!nsk_office_duty_list(visit->office, &ask, &roster, error))
        return false;
    const NskJson *turns = nsk_json_get(roster, "turns");
    for (size_t i = 0; i < nsk_json_length(turns); i++) {
        NskJson *turn = nsk_json_at(turns, i);

        if (!is_absence(turn))
            continue;
        nsk_json_set_bool(turn, "begun", strcmp(nsk_json_get_text(turn, "from"), day) <= 0);
        if (strcmp(nsk_json_get_text(turn, "person"), visit->visitor->person) == 0)
            nsk_json_add(mine, nsk_json_ref(turn));
        else if (g_strcmp0(nsk_json_get_text(turn, "substitute"), visit->visitor->person) == 0)
            nsk_json_add(others, nsk_json_ref(turn));
    }
    return true;
}

static void
name_states(NskJson *list)
{
    for (size_t i = 0; i < nsk_json_length(list); i++) {
        NskJson *row = nsk_json_at(list, i);

        nsk_json_set_text(row, "says",
                          nsk_office_word_of("handover", nsk_json_get_text(row, "state")));
    }
}

static bool
show_with(NskHttpVisit *visit, NskJson *view, GError **error)
{
    g_autoptr(NskJson) handovers = NULL;
    g_autoptr(NskJson) orphans = NULL;

    if (!add_presence(visit, view, error) || !add_turns(visit, view, error) ||
        !nsk_office_handover_list(visit->office, NULL, &handovers, error) ||
        !nsk_office_orphans(visit->office, &orphans, error))
        return false;
    name_states(nsk_json_get(handovers, "handovers"));
    nsk_json_set(view, "handovers", nsk_json_ref(nsk_json_get(handovers, "handovers")));
    nsk_json_set(view, "orphans", nsk_json_ref(nsk_json_get(orphans, "tasks")));
    return nsk_http_visit_show(visit, "deputies", view, error);
}

static bool
show_deputies(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();

    tell_done(visit, view);
    return show_with(visit, view, error);
}

/* --- Acts ------------------------------------------------------------------------------------ */

/* What was typed, for the page that says what is wrong with it. */
static NskJson *
keep_typed(const NskHttpVisit *visit)
{
    static const char *const fields[] = { "macam",     "dari",     "sampai",
                                          "pengganti", "penerima", "jabatan" };
    NskJson *typed = nsk_json_object();

    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
        nsk_json_set_text(typed, fields[i], nsk_http_request_get_field(visit->request, fields[i]));
    return typed;
}

/* Tells at @field (NULL: nowhere) what the person can mend; else the error goes on. */
static bool
refuse(NskHttpVisit *visit, const char *field, GError *fault, GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();

    if (!g_error_matches(fault, NSK_ERROR, NSK_ERROR_INVALID) &&
        !g_error_matches(fault, NSK_ERROR, NSK_ERROR_DENIED) &&
        !g_error_matches(fault, NSK_ERROR, NSK_ERROR_CONFLICT) &&
        !g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_error_copy(fault));
        return false;
    }
    nsk_http_response_set_status(visit->response, 422);
    nsk_json_set(view, "typed", keep_typed(visit));
    nsk_http_add_fault(view, field, fault->message);
    return show_with(visit, view, error);
}

/* "Budi Hargotama, Budi Santosa" */
static char *
list_names(const NskJson *rows)
{
    GString *text = g_string_new(NULL);

    for (size_t i = 0; i < nsk_json_length(rows) && i < MOST_FOUND; i++) {
        const NskJson *row = nsk_json_at(rows, i);

        g_string_append_printf(text, "%s%s (%s)", i > 0 ? "; " : "", nsk_json_get_text(row, "name"),
                               nsk_json_get_text(row, "id"));
    }
    return g_string_free(text, FALSE);
}

bool
nsk_http_find_person(NskHttpVisit *visit, const char *typed, char **out_id, GError **error)
{
    g_autofree char *text = g_strstrip(g_strdup(typed));
    const NskDirectoryAsk ask = { .what = "people", .text = text };
    g_autoptr(NskJson) found = NULL;

    if (!nsk_office_directory_list(visit->office, &ask, &found, error))
        return false;
    const NskJson *rows = nsk_json_get(found, "rows");
    size_t n = nsk_json_length(rows);
    for (size_t i = 0; i < n; i++) {
        const char *id = nsk_json_get_text(nsk_json_at(rows, i), "id");

        if (n == 1 || strcmp(id, text) == 0) {
            *out_id = g_strdup(id);
            return true;
        }
    }
    g_autofree char *names = list_names(rows);
    if (n == 0)
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("nobody here is called '%s'; type a part of the name"), text);
    else
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%s' means several: %s; type more of the name, or the short one in "
                           "brackets"),
                    text, names);
    return false;
}

static bool
go_back(NskHttpVisit *visit, const char *message)
{
    g_autofree char *address = g_strconcat("/wakil?pesan=", message, NULL);

    nsk_http_response_redirect(visit->response, address);
    return true;
}

static bool
enter_absence(NskHttpVisit *visit, GError **error)
{
    const char *what = get_field(visit, "macam");
    const char *named = get_field(visit, "pengganti");
    g_autofree char *substitute = NULL;
    g_autoptr(NskJson) result = NULL;
    g_autoptr(GError) fault = NULL;

    if (named != NULL && !nsk_http_find_person(visit, named, &substitute, &fault))
        return refuse(visit, "pengganti", fault, error);
    const char *from = get_field(visit, "dari");
    const NskTurnAct act = { .what = g_strcmp0(what, "travel") == 0 ? "travel" : "leave",
                             .person = visit->visitor->person,
                             .from = from != NULL ? from : "",
                             .until = get_field(visit, "sampai"),
                             .substitute = substitute,
                             .note = get_field(visit, "alasan") };
    if (!nsk_office_roster(visit->office, &act, &result, &fault))
        return refuse(visit, from == NULL ? "dari" : NULL, fault, error);
    return go_back(visit, strcmp(act.what, "travel") == 0 ? "dinas" : "pergi");
}

/* What has begun ends yesterday; what has not, or began today, goes as a whole. */
static bool
end_absence(NskHttpVisit *visit, GError **error)
{
    NskDate today;
    const char *from = get_field(visit, "dari");
    const char *what = get_field(visit, "macam");
    g_autoptr(NskJson) result = NULL;
    g_autoptr(GError) fault = NULL;

    if (!get_today(visit, &today, error))
        return false;
    g_autofree char *day = nsk_date_format(today);
    g_autofree char *last = nsk_date_format(nsk_date_add_days(today, -1));
    const NskTurnAct act = { .what = what != NULL ? what : "leave",
                             .person = visit->visitor->person,
                             .position = get_field(visit, "jabatan"),
                             .from = from != NULL ? from : "",
                             .until = from != NULL && strcmp(from, day) < 0 ? last : NULL,
                             .end = 1 };
    if (!nsk_office_roster(visit->office, &act, &result, &fault))
        return refuse(visit, NULL, fault, error);
    return go_back(visit, "kembali");
}

/* --- Handing over ---------------------------------------------------------------------------- */

static bool
begin_handover(NskHttpVisit *visit, GError **error)
{
    const char *named = get_field(visit, "penerima");
    const char *position = get_field(visit, "jabatan");
    g_autofree char *receiver = NULL;
    g_autoptr(NskJson) result = NULL;
    g_autoptr(GError) fault = NULL;

    if (!nsk_http_find_person(visit, named != NULL ? named : "-", &receiver, &fault))
        return refuse(visit, "penerima", fault, error);
    const NskHandoverAct act = { .position = position != NULL ? position : "",
                                 .giver = visit->visitor->person,
                                 .receiver = receiver };
    if (!nsk_office_handover(visit->office, &act, &result, &fault))
        return refuse(visit, NULL, fault, error);
    g_autofree char *address =
        g_strconcat("/wakil/serah/", nsk_json_get_text(result, "handover"), "?pesan=serah", NULL);
    nsk_http_response_redirect(visit->response, address);
    return true;
}

static bool
show_handover_with(NskHttpVisit *visit, const char *fault, GError **error)
{
    g_autoptr(NskJson) view = NULL;
    const char *id = nsk_http_request_get_piece(visit->request, "id");

    if (!nsk_office_handover_show(visit->office, id, &view, error))
        return false;
    nsk_json_set_text(view, "says",
                      nsk_office_word_of("handover", nsk_json_get_text(view, "state")));
    tell_done(visit, view);
    if (fault != NULL)
        nsk_http_add_fault(view, NULL, fault);
    return nsk_http_visit_show(visit, "handover", view, error);
}

static bool
show_handover(NskHttpVisit *visit, GError **error)
{
    return show_handover_with(visit, NULL, error);
}

static bool
confirm_handover(NskHttpVisit *visit, GError **error)
{
    const char *id = nsk_http_request_get_piece(visit->request, "id");
    const NskHandoverAct act = { .id = id };
    g_autoptr(NskJson) result = NULL;
    g_autoptr(GError) fault = NULL;

    if (nsk_office_handover(visit->office, &act, &result, &fault)) {
        g_autofree char *address = g_strconcat("/wakil/serah/", id, "?pesan=sah", NULL);

        nsk_http_response_redirect(visit->response, address);
        return true;
    }
    if (!g_error_matches(fault, NSK_ERROR, NSK_ERROR_CONFLICT) &&
        !g_error_matches(fault, NSK_ERROR, NSK_ERROR_DENIED)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    nsk_http_response_set_status(visit->response, 409);
    return show_handover_with(visit, fault->message, error);
}

const NskHttpRoute nsk_http_routes_deputies[] = {
    { .method = "GET", .pattern = "/wakil", .visit = show_deputies, .is_page = true },
    { .method = "POST",
      .pattern = "/wakil",
      .visit = enter_absence,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = "POST",
      .pattern = "/wakil/akhir",
      .visit = end_absence,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = "POST",
      .pattern = "/wakil/serah",
      .visit = begin_handover,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = "GET", .pattern = "/wakil/serah/{id}", .visit = show_handover, .is_page = true },
    { .method = "POST",
      .pattern = "/wakil/serah/{id}",
      .visit = confirm_handover,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = NULL },
};
