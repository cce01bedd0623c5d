/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Loans of records: who needs something asks for it in words; the unit's archivist finds what is
 * meant, lends it, and takes it back.
 *
 *     /arsip/pinjaman?terlambat=1            those that I asked for, and those of files that I keep
 *     /arsip/pinjaman/baru                   asks
 *     /arsip/pinjaman/{id}                   one, with what can be done
 *     /arsip/pinjaman/{id}/kabul, tolak, serah, kembali, tarik (POST)
 *     /surat/{letter}/pinjam (POST)          grants a request by the letter, from its own page
 */
#include "base/message.h"
#include "http/site-private.h"
#include "office/loan.h"

#include <string.h>

#define LIST "/arsip/pinjaman"

static const struct {
    const char *word;  /* of the address, and of what was done */
    const char *act;   /* of the office */
    const char *field; /* that what is wrong is told at */
    const char *done;
} acts[] = {
    { "minta", "ask", NULL, N_("The archivist of the unit sees your request now.") },
    { "kabul", "grant", "surat", N_("The loan is granted. Now give what is lent.") },
    { "tolak", "refuse", "alasan", N_("The loan is refused.") },
    { "serah", "give", NULL, N_("It is entered as given. A letter that is lent is open now.") },
    { "kembali", "return", NULL, N_("It is entered as returned.") },
    { "tarik", "withdraw", NULL, N_("The request is withdrawn.") },
};

static void
tell_done(const NskHttpVisit *visit, NskJson *view)
{
    const char *done = nsk_http_request_get_query(visit->request, "pesan");

    for (size_t i = 0; done != NULL && i < G_N_ELEMENTS(acts); i++) {
        if (strcmp(acts[i].word, done) == 0)
            nsk_json_set_text(view, "done", nsk_tr(acts[i].done));
    }
}

static bool
can_mend(const GError *fault)
{
    return g_error_matches(fault, NSK_ERROR, NSK_ERROR_INVALID) ||
           g_error_matches(fault, NSK_ERROR, NSK_ERROR_CONFLICT) ||
           g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND) ||
           g_error_matches(fault, NSK_ERROR, NSK_ERROR_DENIED);
}

static void
add_words(NskJson *loan)
{
    nsk_json_set_text(loan, "state_words",
                      nsk_office_word_of("loan", nsk_json_get_text(loan, "state")));
}

/* --- The list -------------------------------------------------------------------------------- */

static bool
show_list(NskHttpVisit *visit, GError **error)
{
    const char *late = nsk_http_request_get_query(visit->request, "terlambat");
    bool overdue = late != NULL && late[0] != '\0';
    g_autoptr(NskJson) view = NULL;

    if (!nsk_office_loan_list(visit->office, overdue, &view, error))
        return false;
    NskJson *loans = nsk_json_get(view, "loans");
    for (size_t i = 0; i < nsk_json_length(loans); i++)
        add_words(nsk_json_at(loans, i));
    nsk_json_set_bool(view, "only_late", overdue);
    return nsk_http_add_units(visit, view, error) &&
           nsk_http_visit_show(visit, "loans", view, error);
}

/* --- Asking ---------------------------------------------------------------------------------- */

static bool
show_new_with(NskHttpVisit *visit, NskJson *view, GError **error)
{
    const NskDirectoryAsk ask_units = { .what = "units" };
    g_autoptr(NskJson) found = NULL;

    if (!nsk_office_directory_list(visit->office, &ask_units, &found, error))
        return false;
    nsk_json_set(view, "units", nsk_json_ref(nsk_json_get(found, "rows")));
    return nsk_http_visit_show(visit, "loan-new", view, error);
}

static bool
show_new(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();

    return show_new_with(visit, view, error);
}

static bool
go_to(NskHttpVisit *visit, const NskJson *loan, const char *done)
{
    g_autofree char *address =
        g_strconcat(LIST "/", nsk_json_get_text(loan, "loan"), "?pesan=", done, NULL);

    nsk_http_response_redirect(visit->response, address);
    return true;
}

static bool
ask(NskHttpVisit *visit, GError **error)
{
    g_autofree char *unit = nsk_http_typed(visit, "unit");
    g_autofree char *what = nsk_http_typed(visit, "perlu");
    g_autofree char *until = nsk_http_typed(visit, "sampai");
    g_autofree char *why = nsk_http_typed(visit, "alasan");
    const NskLoanAct act = { .act = "ask",
                             .unit = unit,
                             .what = what,
                             .until = until,
                             .note = why };
    g_autoptr(NskJson) result = NULL;
    g_autoptr(NskJson) view = nsk_json_object();
    g_autoptr(GError) fault = NULL;

    if (nsk_office_loan(visit->office, &act, &result, &fault))
        return go_to(visit, result, "minta");
    if (!can_mend(fault)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    nsk_http_response_set_status(visit->response, 422);
    nsk_http_add_fault(view,
                       what == NULL  ? "perlu"
                       : why == NULL ? "alasan"
                                     : "sampai",
                       fault->message);
    nsk_json_set_text(view, "unit", unit);
    nsk_json_set_text(view, "perlu", what);
    nsk_json_set_text(view, "sampai", until);
    nsk_json_set_text(view, "alasan", why);
    return show_new_with(visit, view, error);
}

/* --- One loan -------------------------------------------------------------------------------- */

/* @act: whose field @fault is about; 0: none. */
static bool
show_one(NskHttpVisit *visit, const char *id, size_t act, const char *fault, GError **error)
{
    g_autoptr(NskJson) view = NULL;

    if (!nsk_office_loan_show(visit->office, id, &view, error))
        return false;
    add_words(view);
    nsk_json_set_bool(view, "mine",
                      strcmp(nsk_json_get_text(view, "person"), visit->visitor->person) == 0);
    if (fault != NULL) {
        g_autofree char *letter = nsk_http_typed(visit, "surat");
        g_autofree char *place = nsk_http_typed(visit, "tempat");
        g_autofree char *note = nsk_http_typed(visit, "alasan");

        nsk_http_add_fault(view, acts[act].field, fault);
        nsk_json_set_text(view, "typed_letter", letter);
        nsk_json_set_text(view, "typed_place", place);
        nsk_json_set_text(view, "typed_note", note);
    } else {
        tell_done(visit, view);
    }
    return nsk_http_visit_show(visit, "loan", view, error);
}

static const char *
named(const NskHttpVisit *visit)
{
    return nsk_http_request_get_piece(visit->request, "id");
}

static bool
show_loan(NskHttpVisit *visit, GError **error)
{
    return show_one(visit, named(visit), 0, NULL, error);
}

/* Does acts[@n] with @letter; what the person can mend is told on the loan's page. */
static bool
act_on(NskHttpVisit *visit, size_t n, const char *id, const char *letter, GError **error)
{
    g_autofree char *until = nsk_http_typed(visit, "sampai");
    g_autofree char *place = nsk_http_typed(visit, "tempat");
    g_autofree char *note = nsk_http_typed(visit, "alasan");
    const NskLoanAct act = { .act = acts[n].act,
                             .loan = id,
                             .until = until,
                             .letter = letter,
                             .place = place,
                             .note = note };
    g_autoptr(NskJson) result = NULL;
    g_autoptr(GError) fault = NULL;

    if (nsk_office_loan(visit->office, &act, &result, &fault))
        return go_to(visit, result, acts[n].word);
    if (!can_mend(fault)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    nsk_http_response_set_status(visit->response,
                                 g_error_matches(fault, NSK_ERROR, NSK_ERROR_CONFLICT) ? 409 : 422);
    return show_one(visit, id, n, fault->message, error);
}

static bool
act_on_loan(NskHttpVisit *visit, GError **error)
{
    const char *word = nsk_http_request_get_piece(visit->request, "act");
    g_autofree char *letter = nsk_http_typed(visit, "surat");

    for (size_t i = 1; i < G_N_ELEMENTS(acts); i++) {
        if (strcmp(acts[i].word, word) == 0)
            return act_on(visit, i, named(visit), letter, error);
    }
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                        nsk_tr("there is no such page here"));
    return false;
}

/* From the letter's own page. */
static bool
lend_letter(NskHttpVisit *visit, GError **error)
{
    g_autofree char *id = nsk_http_typed(visit, "pinjaman");

    return act_on(visit, 1, id != NULL ? id : "",
                  nsk_http_request_get_piece(visit->request, "letter"), error);
}

/* clang-format off */
const NskHttpRoute nsk_http_routes_loan[] = {
    { .method = "GET", .pattern = LIST, .visit = show_list, .is_page = true },
    { .method = "GET", .pattern = LIST "/baru", .visit = show_new, .is_page = true },
    { .method = "POST", .pattern = LIST "/baru", .visit = ask, .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = "GET", .pattern = LIST "/{id}", .visit = show_loan, .is_page = true },
    { .method = "POST", .pattern = LIST "/{id}/{act}", .visit = act_on_loan,
      .body = NSK_HTTP_BODY_FORM, .is_page = true },
    { .method = "POST", .pattern = "/surat/{letter}/pinjam", .visit = lend_letter,
      .body = NSK_HTTP_BODY_FORM, .is_page = true },
    { .method = NULL },
};
/* clang-format on */
