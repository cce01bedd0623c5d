/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files of records, for who keeps them, and the classification for everybody.
 *
 *     /arsip/berkas?kata=&status=&kode=&unit=&setelah=   the files that I keep
 *     /arsip/berkas/baru                  opens one
 *     /arsip/berkas/{id}                  its letters, and its retention in plain words
 *     /arsip/berkas/{id}/surat, tutup, tanggal (POST)    puts a letter in, closes it, enters a day
 *     /arsip/berkas/{id}/pindah, tahan, lepas (POST)     moves it, holds it, lifts a hold
 *     /surat/{letter}/berkas (POST)       puts the letter into a file, from its own page
 *     /arsip/klasifikasi?skema=&kelas=&kata=             classes and their retention rules
 */
#include "base/clock.h"
#include "base/message.h"
#include "http/site-private.h"
#include "office/records.h"

#include <string.h>

#define LIST "/arsip/berkas"

static const struct {
    const char *code;
    const char *words;
} told[] = {
    { "buka", N_("The file is open. Now letters can be put into it.") },
    { "isi", N_("The letter is in the file.") },
    { "tutup", N_("The file is closed. It takes no letter any more.") },
    { "tanggal", N_("The day is entered. From it the retention counts.") },
    { "pindah", N_("The file is entered as moved to the records centre.") },
    { "tahan", N_("The file is held. Nothing becomes of it until that is lifted.") },
    { "lepas", N_("The hold is lifted.") },
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

char *
nsk_http_typed(const NskHttpVisit *visit, const char *name)
{
    const char *text = nsk_http_request_get_field(visit->request, name);
    char *stripped = text != NULL ? g_strstrip(g_strdup(text)) : NULL;

    if (stripped != NULL && stripped[0] != '\0')
        return stripped;
    g_free(stripped);
    return NULL;
}

static const char *
get_query(const NskHttpVisit *visit, const char *name)
{
    const char *text = nsk_http_request_get_query(visit->request, name);

    return text != NULL && text[0] != '\0' ? text : NULL;
}

/* --- The list -------------------------------------------------------------------------------- */

static const char *const filters[] = { "kata", "status", "kode", "unit" };

/* Keeps what was asked in @view, and the address' query for the next page. */
static void
keep_filters(const NskHttpVisit *visit, NskJson *view)
{
    g_autoptr(GString) query = g_string_new(NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(filters); i++) {
        const char *value = get_query(visit, filters[i]);
        g_autofree char *escaped =
            value != NULL ? g_uri_escape_string(value, NULL, FALSE) : g_strdup("");

        nsk_json_set_text(view, filters[i], value);
        if (value != NULL)
            g_string_append_printf(query, "%s=%s&", filters[i], escaped);
    }
    nsk_json_set_text(view, "query", query->str);
}

/* The last day of a period is the one before the next begins. */
static void
set_last_day(NskJson *file, const char *name, const char *next)
{
    NskDate day;
    const char *text = nsk_json_get_text(file, next);

    if (text == NULL || !nsk_date_parse(text, &day, NULL))
        return;
    g_autofree char *last = nsk_date_format(nsk_date_add_days(day, -1));
    nsk_json_set_text(file, name, last);
}

/* @state of the proposal that the file is in; NULL: in none.  What was begun is held no more. */
static void
add_disposal_words(NskJson *file, const char *state)
{
    if (state != NULL)
        nsk_json_set_text(file, "disposal_words", nsk_office_word_of("disposal", state));
    nsk_json_set_bool(file, "can_hold",
                      state == NULL ||
                          (strcmp(state, "running") != 0 && strcmp(state, "done") != 0));
}

void
nsk_http_add_berkas_words(NskJson *file)
{
    const char *trigger = nsk_json_get_text(file, "trigger");
    const char *fate = nsk_json_get_text(file, "fate");
    const char *state = nsk_json_get_text(file, "state");

    set_last_day(file, "active_until", "inactive_from");
    set_last_day(file, "kept_until", "due_from");
    if (trigger != NULL)
        nsk_json_set_text(file, "trigger_words", nsk_office_word_of("trigger", trigger));
    if (fate != NULL)
        nsk_json_set_text(file, "fate_words", nsk_office_word_of("fate", fate));
    if (state != NULL)
        nsk_json_set_text(file, "state_words", nsk_office_word_of("berkas", state));
    add_disposal_words(file, nsk_json_get_text(file, "disposal_state"));
}

static void
add_words_to_all(const NskJson *list)
{
    for (size_t i = 0; i < nsk_json_length(list); i++)
        nsk_http_add_berkas_words(nsk_json_at(list, i));
}

bool
nsk_http_add_units(NskHttpVisit *visit, NskJson *view, GError **error)
{
    g_autoptr(NskJson) kept = NULL;

    if (!nsk_office_berkas_units(visit->office, &kept, error))
        return false;
    nsk_json_set(view, "units", nsk_json_ref(nsk_json_get(kept, "units")));
    return true;
}

static bool
show_list(NskHttpVisit *visit, GError **error)
{
    const NskBerkasAsk ask = { .unit = get_query(visit, "unit"),
                               .state = get_query(visit, "status"),
                               .code = get_query(visit, "kode"),
                               .text = get_query(visit, "kata"),
                               .after = get_query(visit, "setelah") };
    g_autoptr(NskJson) view = NULL;
    g_autoptr(GError) fault = NULL;

    if (!nsk_office_berkas_find(visit->office, &ask, &view, &fault)) {
        if (!g_error_matches(fault, NSK_ERROR, NSK_ERROR_INVALID)) {
            g_propagate_error(error, g_steal_pointer(&fault));
            return false;
        }
        view = nsk_json_object();
        nsk_http_add_fault(view, NULL, fault->message);
        nsk_http_response_set_status(visit->response, 422);
    }
    add_words_to_all(nsk_json_get(view, "files"));
    keep_filters(visit, view);
    return nsk_http_add_units(visit, view, error) &&
           nsk_http_visit_show(visit, "berkas", view, error);
}

/* --- One file -------------------------------------------------------------------------------- */

static const char *
named(const NskHttpVisit *visit)
{
    return nsk_http_request_get_piece(visit->request, "id");
}

NskJson *
nsk_http_find_berkas(NskHttpVisit *visit, const char *id, GError **error)
{
    NskJson *found = NULL;
    g_autoptr(GError) fault = NULL;

    if (nsk_office_berkas_show(visit->office, id, &found, &fault))
        return found;
    if (g_error_matches(fault, NSK_ERROR, NSK_ERROR_DENIED) ||
        g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND))
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                            nsk_tr("there is no such file of records, or it is not one that you "
                                   "keep"));
    else
        g_propagate_error(error, g_steal_pointer(&fault));
    return NULL;
}

/* @field: of the form that @fault is about; both may be NULL. */
static bool
show_one(NskHttpVisit *visit, const char *id, const char *field, const char *fault, GError **error)
{
    g_autoptr(NskJson) view = nsk_http_find_berkas(visit, id, error);

    if (view == NULL || !nsk_http_add_units(visit, view, error))
        return false;
    nsk_http_add_berkas_words(view);
    if (fault != NULL) {
        g_autofree char *typed = field != NULL ? nsk_http_typed(visit, field) : NULL;

        nsk_http_add_fault(view, field, fault);
        nsk_json_set_text(view, "typed", typed);
    } else {
        tell_done(visit, view);
    }
    return nsk_http_visit_show(visit, "berkas-file", view, error);
}

static bool
show_file(NskHttpVisit *visit, GError **error)
{
    return show_one(visit, named(visit), NULL, NULL, error);
}

static bool
can_mend(const GError *fault)
{
    return g_error_matches(fault, NSK_ERROR, NSK_ERROR_INVALID) ||
           g_error_matches(fault, NSK_ERROR, NSK_ERROR_CONFLICT) ||
           g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND) ||
           g_error_matches(fault, NSK_ERROR, NSK_ERROR_DENIED);
}

/* Does it, and goes to the file; what the person can mend is told at @field there. */
static bool
act_on(NskHttpVisit *visit,
       const NskBerkasAct *act,
       const char *field,
       const char *done,
       GError **error)
{
    g_autoptr(NskJson) result = NULL;
    g_autoptr(GError) fault = NULL;

    if (nsk_office_berkas(visit->office, act, &result, &fault)) {
        g_autofree char *address =
            g_strconcat(LIST "/", nsk_json_get_text(result, "berkas"), "?pesan=", done, NULL);

        nsk_http_response_redirect(visit->response, address);
        return true;
    }
    if (!can_mend(fault)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    nsk_http_response_set_status(visit->response,
                                 g_error_matches(fault, NSK_ERROR, NSK_ERROR_CONFLICT) ? 409 : 422);
    return show_one(visit, act->berkas, field, fault->message, error);
}

static bool
put_letter(NskHttpVisit *visit, GError **error)
{
    g_autofree char *letter = nsk_http_typed(visit, "surat");
    const NskBerkasAct act = { .act = "add", .berkas = named(visit), .letter = letter };

    return act_on(visit, &act, "surat", "isi", error);
}

/* From the letter's own page. */
static bool
put_into(NskHttpVisit *visit, GError **error)
{
    g_autofree char *berkas = nsk_http_typed(visit, "berkas");
    const NskBerkasAct act = { .act = "add",
                               .berkas = berkas != NULL ? berkas : "",
                               .letter = nsk_http_request_get_piece(visit->request, "letter") };

    return act_on(visit, &act, "surat", "isi", error);
}

static bool
close_file(NskHttpVisit *visit, GError **error)
{
    g_autofree char *day = nsk_http_typed(visit, "tanggal");
    const NskBerkasAct act = { .act = "close", .berkas = named(visit), .date = day };

    return act_on(visit, &act, "tanggal", "tutup", error);
}

static bool
enter_day(NskHttpVisit *visit, GError **error)
{
    g_autofree char *day = nsk_http_typed(visit, "tanggal");
    const NskBerkasAct act = { .act = "date", .berkas = named(visit), .date = day };

    return act_on(visit, &act, "tanggal", "tanggal", error);
}

static bool
move_file(NskHttpVisit *visit, GError **error)
{
    const NskBerkasAct act = { .act = "move", .berkas = named(visit) };

    return act_on(visit, &act, NULL, "pindah", error);
}

static bool
ask_why(NskHttpVisit *visit, const char *field, GError **error)
{
    nsk_http_response_set_status(visit->response, 422);
    return show_one(visit, named(visit), field, nsk_tr("Write why"), error);
}

static bool
hold_file(NskHttpVisit *visit, GError **error)
{
    g_autofree char *why = nsk_http_typed(visit, "tahan");
    const NskBerkasAct act = { .act = "hold", .berkas = named(visit), .note = why };

    if (why == NULL)
        return ask_why(visit, "tahan", error);
    return act_on(visit, &act, "tahan", "tahan", error);
}

static bool
release_file(NskHttpVisit *visit, GError **error)
{
    g_autofree char *why = nsk_http_typed(visit, "lepas");
    g_autofree char *hold = nsk_http_typed(visit, "nomor");
    const NskBerkasAct act = { .act = "release",
                               .berkas = named(visit),
                               .note = why,
                               .hold = hold };

    if (why == NULL)
        return ask_why(visit, "lepas", error);
    return act_on(visit, &act, "lepas", "lepas", error);
}

/* --- A new one ------------------------------------------------------------------------------- */

static bool
show_new_with(NskHttpVisit *visit, NskJson *view, GError **error)
{
    const NskClassAsk ask = { .scheme = NULL };
    g_autoptr(NskJson) classes = NULL;

    if (!nsk_office_records_classes(visit->office, &ask, &classes, error) ||
        !nsk_http_add_units(visit, view, error))
        return false;
    nsk_json_set(view, "schemes", nsk_json_ref(nsk_json_get(classes, "schemes")));
    return nsk_http_visit_show(visit, "berkas-new", view, error);
}

static bool
show_new(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();

    nsk_json_set_text(view, "skema", get_query(visit, "skema"));
    nsk_json_set_text(view, "kode", get_query(visit, "kode"));
    return show_new_with(visit, view, error);
}

static bool
open_file(NskHttpVisit *visit, GError **error)
{
    g_autofree char *unit = nsk_http_typed(visit, "unit");
    g_autofree char *scheme = nsk_http_typed(visit, "skema");
    g_autofree char *code = nsk_http_typed(visit, "kode");
    g_autofree char *title = nsk_http_typed(visit, "judul");
    const NskBerkasAct act = { .act = "open",
                               .unit = unit,
                               .scheme = scheme,
                               .code = code,
                               .title = title };
    g_autoptr(NskJson) result = NULL;
    g_autoptr(NskJson) view = nsk_json_object();
    g_autoptr(GError) fault = NULL;

    if (nsk_office_berkas(visit->office, &act, &result, &fault)) {
        g_autofree char *address =
            g_strconcat(LIST "/", nsk_json_get_text(result, "berkas"), "?pesan=buka", NULL);

        nsk_http_response_redirect(visit->response, address);
        return true;
    }
    if (!can_mend(fault)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    nsk_http_response_set_status(visit->response, 422);
    nsk_http_add_fault(view, title == NULL ? "judul" : "kode", fault->message);
    nsk_json_set_text(view, "unit", unit);
    nsk_json_set_text(view, "skema", scheme);
    nsk_json_set_text(view, "kode", code);
    nsk_json_set_text(view, "judul", title);
    return show_new_with(visit, view, error);
}

/* --- The classification ---------------------------------------------------------------------- */

static bool
show_classes(NskHttpVisit *visit, GError **error)
{
    NskClassAsk ask = { .scheme = get_query(visit, "skema"),
                        .below = get_query(visit, "kelas"),
                        .text = get_query(visit, "kata") };
    g_autoptr(NskJson) view = NULL;

    if (!nsk_office_records_classes(visit->office, &ask, &view, error))
        return false;
    const NskJson *schemes = nsk_json_get(view, "schemes");
    if (ask.scheme == NULL && nsk_json_length(schemes) > 0) { /* the first, unless one is chosen */
        g_autofree char *first = g_strdup(nsk_json_get_text(nsk_json_at(schemes, 0), "scheme"));

        ask.scheme = first;
        g_clear_pointer(&view, nsk_json_unref);
        if (!nsk_office_records_classes(visit->office, &ask, &view, error))
            return false;
    }
    add_words_to_all(nsk_json_get(view, "classes"));
    nsk_json_set_text(view, "kelas", ask.below);
    nsk_json_set_text(view, "kata", ask.text);
    return nsk_http_add_units(visit, view, error) &&
           nsk_http_visit_show(visit, "berkas-classes", view, error);
}

/* clang-format off */
const NskHttpRoute nsk_http_routes_berkas[] = {
    { .method = "GET", .pattern = LIST, .visit = show_list, .is_page = true },
    { .method = "GET", .pattern = LIST "/baru", .visit = show_new, .is_page = true },
    { .method = "POST", .pattern = LIST "/baru", .visit = open_file, .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = "GET", .pattern = LIST "/{id}", .visit = show_file, .is_page = true },
    { .method = "POST", .pattern = LIST "/{id}/surat", .visit = put_letter,
      .body = NSK_HTTP_BODY_FORM, .is_page = true },
    { .method = "POST", .pattern = LIST "/{id}/tutup", .visit = close_file,
      .body = NSK_HTTP_BODY_FORM, .is_page = true },
    { .method = "POST", .pattern = LIST "/{id}/tanggal", .visit = enter_day,
      .body = NSK_HTTP_BODY_FORM, .is_page = true },
    { .method = "POST", .pattern = LIST "/{id}/pindah", .visit = move_file,
      .body = NSK_HTTP_BODY_FORM, .is_page = true },
    { .method = "POST", .pattern = LIST "/{id}/tahan", .visit = hold_file,
      .body = NSK_HTTP_BODY_FORM, .is_page = true },
    { .method = "POST", .pattern = LIST "/{id}/lepas", .visit = release_file,
      .body = NSK_HTTP_BODY_FORM, .is_page = true },
    { .method = "POST", .pattern = "/surat/{letter}/berkas", .visit = put_into,
      .body = NSK_HTTP_BODY_FORM, .is_page = true },
    { .method = "GET", .pattern = "/arsip/klasifikasi", .visit = show_classes, .is_page = true },
    { .method = NULL },
};
/* clang-format on */
