/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Disposal of records (penyusutan), for archivists, those who appraise, and the head of the agency.
 *
 *     /arsip/penyusutan?per=              what is due, and the proposals; POST proposes
 *     /arsip/penyusutan/{id}              a proposal with its letters, opinions and decision
 *     /arsip/penyusutan/{id}/pendapat, tarik, berita-acara, tanda-terima (POST)
 *     /arsip/penyusutan/{id}/putusan      asks who decides, after a proof; POST decides
 *     /arsip/musnah/{letter}              what is left of a destroyed letter
 *
 * Nothing is destroyed or handed over here: that takes minutes, may be cut off, and is run by the
 * archivist from the command line.  The page tells the command.
 */
#include "base/message.h"
#include "http/site-private.h"
#include "office/disposal.h"
#include "office/records.h"

#include <string.h>

#define LIST         "/arsip/penyusutan"
#define MOST_LETTERS 500 /* of a proposal on its page */

static const struct {
    const char *code;
    const char *words;
} told[] = {
    { "usul", N_("It is proposed. Now another person judges it.") },
    { "pendapat", N_("Your opinion is entered.") },
    { "setuju", N_("The proposal is approved.") },
    { "tolak", N_("The proposal is refused. Nothing becomes of the files.") },
    { "tarik", N_("The proposal is withdrawn. Nothing becomes of the files.") },
    { "konsep", N_("The record is drafted. It goes its way as every letter.") },
    { "terima", N_("The receipt is entered. The archives were handed over.") },
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

static bool
can_mend(const GError *fault)
{
    return g_error_matches(fault, NSK_ERROR, NSK_ERROR_INVALID) ||
           g_error_matches(fault, NSK_ERROR, NSK_ERROR_CONFLICT) ||
           g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND) ||
           g_error_matches(fault, NSK_ERROR, NSK_ERROR_UNTRUSTED) ||
           g_error_matches(fault, NSK_ERROR, NSK_ERROR_DENIED);
}

static unsigned
status_of(const GError *fault)
{
    return g_error_matches(fault, NSK_ERROR, NSK_ERROR_CONFLICT) ? 409 : 422;
}

/* --- What is due ----------------------------------------------------------------------------- */

/* The group of @view's files that may be in one proposal: of one unit, with one fate. */
static NskJson *
find_group(NskJson *view, const NskJson *file, const char *next)
{
    const char *unit = nsk_json_get_text(file, "unit");
    NskJson *groups = nsk_json_get(view, "groups");

    for (size_t i = 0; i < nsk_json_length(groups); i++) {
        NskJson *group = nsk_json_at(groups, i);

        if (strcmp(nsk_json_get_text(group, "unit"), unit) == 0 &&
            strcmp(nsk_json_get_text(group, "fate"), next) == 0)
            return nsk_json_get(group, "files");
    }
    NskJson *group = nsk_json_object();
    NskJson *files = nsk_json_array();
    nsk_json_set_text(group, "unit", unit);
    nsk_json_set_text(group, "fate", next);
    nsk_json_set(group, "files", files);
    nsk_json_add(groups, group);
    return files;
}

/* Parts what is due by what is to be done with it. */
static void
sort_files(const NskJson *files, NskJson *view)
{
    NskJson *moves = nsk_json_array();
    NskJson *held = nsk_json_array();

    nsk_json_set(view, "groups", nsk_json_array());
    nsk_json_set(view, "moves", moves);
    nsk_json_set(view, "held", held);
    for (size_t i = 0; i < nsk_json_length(files); i++) {
        NskJson *file = nsk_json_at(files, i);
        const char *next = nsk_json_get_text(file, "next");

        nsk_http_add_berkas_words(file);
        if (next == NULL)
            nsk_json_add(held, nsk_json_ref(file));
        else if (strcmp(next, "move") == 0)
            nsk_json_add(moves, nsk_json_ref(file));
        else
            nsk_json_add(find_group(view, file, next), nsk_json_ref(file));
    }
}

static void
add_words(NskJson *proposal)
{
    const char *state = nsk_json_get_text(proposal, "state");

    nsk_json_set_text(proposal, "state_words", nsk_office_word_of("disposal", state));
}

static bool
add_proposals(NskHttpVisit *visit, NskJson *view, GError **error)
{
    g_autoptr(NskJson) found = NULL;

    if (!nsk_office_disposal_list(visit->office, &found, error))
        return false;
    NskJson *list = nsk_json_get(found, "disposals");
    for (size_t i = 0; i < nsk_json_length(list); i++)
        add_words(nsk_json_at(list, i));
    nsk_json_set(view, "disposals", nsk_json_ref(list));
    return true;
}

/* What is due on the day @on (NULL: today); a day that is none is told in @view. */
static bool
add_due(NskHttpVisit *visit, const char *on, NskJson *view, GError **error)
{
    g_autoptr(NskJson) due = NULL;
    g_autoptr(GError) fault = NULL;

    nsk_json_set_text(view, "per", on);
    if (nsk_office_records_due(visit->office, NULL, on, &due, &fault)) {
        sort_files(nsk_json_get(due, "files"), view);
        return true;
    }
    if (!g_error_matches(fault, NSK_ERROR, NSK_ERROR_INVALID)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    nsk_http_add_fault(view, "per", fault->message);
    nsk_http_response_set_status(visit->response, 422);
    return true;
}

static bool
show_list_with(NskHttpVisit *visit, const char *on, NskJson *view, GError **error)
{
    return add_due(visit, on, view, error) && add_proposals(visit, view, error) &&
           nsk_http_add_units(visit, view, error) &&
           nsk_http_visit_show(visit, "disposals", view, error);
}

static bool
show_list(NskHttpVisit *visit, GError **error)
{
    const char *on = nsk_http_request_get_query(visit->request, "per");
    g_autoptr(NskJson) view = nsk_json_object();

    tell_done(visit, view);
    return show_list_with(visit, on != NULL && on[0] != '\0' ? on : NULL, view, error);
}

/* The files that were ticked, as the office takes them; owned. */
static char *
ticked_files(const NskHttpVisit *visit)
{
    GString *berkas = g_string_new(NULL);

    for (size_t i = 0; nsk_http_request_get_field_at(visit->request, "berkas", i) != NULL; i++)
        g_string_append_printf(berkas, "%s ",
                               nsk_http_request_get_field_at(visit->request, "berkas", i));
    return g_string_free(berkas, FALSE);
}

static bool
go_to(NskHttpVisit *visit, const NskJson *proposal, const char *done)
{
    g_autofree char *address =
        g_strconcat(LIST "/", nsk_json_get_text(proposal, "disposal"), "?pesan=", done, NULL);

    nsk_http_response_redirect(visit->response, address);
    return true;
}

static bool
propose(NskHttpVisit *visit, GError **error)
{
    g_autofree char *berkas = ticked_files(visit);
    g_autofree char *fate = nsk_http_typed(visit, "nasib");
    const NskDisposalAct act = { .act = "propose", .berkas = berkas, .as = fate };
    g_autoptr(NskJson) result = NULL;
    g_autoptr(NskJson) view = nsk_json_object();
    g_autoptr(GError) fault = NULL;

    if (berkas[0] == '\0') {
        nsk_http_add_fault(view, NULL, nsk_tr("Tick at least one file that the proposal is about"));
        nsk_http_response_set_status(visit->response, 422);
        return show_list_with(visit, NULL, view, error);
    }
    if (nsk_office_disposal(visit->office, &act, &result, &fault))
        return go_to(visit, result, "usul");
    if (!can_mend(fault)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    nsk_http_add_fault(view, NULL, fault->message);
    nsk_http_response_set_status(visit->response, status_of(fault));
    return show_list_with(visit, NULL, view, error);
}

/* --- One proposal ---------------------------------------------------------------------------- */

static const char *
named(const NskHttpVisit *visit)
{
    return nsk_http_request_get_piece(visit->request, "id");
}

NskJson *
nsk_http_find_disposal(NskHttpVisit *visit, const char *id, GError **error)
{
    NskJson *found = NULL;
    g_autoptr(GError) fault = NULL;

    if (nsk_office_disposal_show(visit->office, id, &found, &fault))
        return found;
    if (g_error_matches(fault, NSK_ERROR, NSK_ERROR_DENIED) ||
        g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND))
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                            nsk_tr("there is no such proposal, or it is not one for you"));
    else
        g_propagate_error(error, g_steal_pointer(&fault));
    return NULL;
}

/* The acts as members, which templates ask for by name. */
static void
name_acts(NskJson *view)
{
    const NskJson *acts = nsk_json_get(view, "acts");
    NskJson *may = nsk_json_object();

    for (size_t i = 0; i < nsk_json_length(acts); i++)
        nsk_json_set_bool(may, nsk_json_text(nsk_json_at(acts, i)), true);
    nsk_json_set(view, "may", may);
}

/* A page has so many letters; the rest are counted. */
static void
shorten(NskJson *view)
{
    size_t left = MOST_LETTERS;
    NskJson *files = nsk_json_get(view, "files");

    for (size_t i = 0; i < nsk_json_length(files); i++) {
        NskJson *file = nsk_json_at(files, i);
        const NskJson *letters = nsk_json_get(file, "letters");
        NskJson *shown = nsk_json_array();

        nsk_json_set_int(file, "count", (int64_t)nsk_json_length(letters));
        for (size_t j = 0; j < MIN(left, nsk_json_length(letters)); j++)
            nsk_json_add(shown, nsk_json_ref(nsk_json_at(letters, j)));
        left -= nsk_json_length(shown);
        nsk_json_set(file, "letters", shown);
    }
    nsk_json_set_bool(view, "shortened", left == 0);
}

static void
prepare_view(NskJson *view)
{
    g_autofree char *digits = g_strndup(nsk_json_get_text(view, "digest"), 8);
    const NskJson *opinions = nsk_json_get(view, "opinions");
    int64_t agree = 0;

    /* "done" is what a page says was just done */
    nsk_json_set_text(view, "done_at", nsk_json_get_text(view, "done"));
    nsk_json_set_text(view, "done", NULL);
    add_words(view);
    name_acts(view);
    shorten(view);
    nsk_json_set_text(view, "digits", digits);
    for (size_t i = 0; i < nsk_json_length(opinions); i++) {
        NskJson *opinion = nsk_json_at(opinions, i);
        const char *said = nsk_json_get_text(opinion, "view");

        agree += strcmp(said, "agree") == 0;
        nsk_json_set_text(opinion, "view_words", nsk_office_word_of("view", said));
    }
    nsk_json_set_int(view, "agree", agree);
    nsk_json_set_int(view, "disagree", (int64_t)nsk_json_length(opinions) - agree);
}

/* @page: "disposal" or "disposal-decide"; @field is what @fault is about; both may be NULL. */
static bool
show_one(NskHttpVisit *visit,
         const char *page,
         const char *field,
         const char *fault,
         GError **error)
{
    g_autoptr(NskJson) view = nsk_http_find_disposal(visit, named(visit), error);

    if (view == NULL)
        return false;
    prepare_view(view);
    if (fault != NULL) {
        g_autofree char *note = nsk_http_typed(visit, "alasan");
        g_autofree char *consent = nsk_http_typed(visit, "persetujuan");

        nsk_http_add_fault(view, field, fault);
        nsk_json_set_text(view, "typed", note);
        nsk_json_set_text(view, "typed_consent", consent);
    } else {
        tell_done(visit, view);
    }
    return nsk_http_visit_show(visit, page, view, error);
}

static bool
show_proposal(NskHttpVisit *visit, GError **error)
{
    return show_one(visit, "disposal", NULL, NULL, error);
}

/* Where an act is asked for, and told of. */
typedef struct {
    const char *page;
    const char *field; /* that what is wrong is told at; NULL: none */
    const char *done;
} Place;

static bool
act_on(NskHttpVisit *visit, const NskDisposalAct *act, const Place *place, GError **error)
{
    g_autoptr(NskJson) result = NULL;
    g_autoptr(GError) fault = NULL;

    if (nsk_office_disposal(visit->office, act, &result, &fault))
        return go_to(visit, result, place->done);
    if (!can_mend(fault)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    nsk_http_response_set_status(visit->response, status_of(fault));
    return show_one(visit, place->page, place->field, fault->message, error);
}

static bool
give_opinion(NskHttpVisit *visit, GError **error)
{
    g_autofree char *view = nsk_http_typed(visit, "pendapat");
    g_autofree char *note = nsk_http_typed(visit, "alasan");
    bool agrees = view != NULL && strcmp(view, "setuju") == 0;
    const NskDisposalAct act = { .act = "opinion",
                                 .disposal = named(visit),
                                 .as = agrees ? "agree" : "disagree",
                                 .note = note };

    if (view == NULL || note == NULL) {
        nsk_http_response_set_status(visit->response, 422);
        return show_one(visit, "disposal", "alasan",
                        nsk_tr("Choose your opinion, and write why you think so"), error);
    }
    return act_on(visit, &act, &(Place){ "disposal", "alasan", "pendapat" }, error);
}

static bool
withdraw(NskHttpVisit *visit, GError **error)
{
    const NskDisposalAct act = { .act = "withdraw", .disposal = named(visit) };

    return act_on(visit, &act, &(Place){ "disposal", NULL, "tarik" }, error);
}

static bool
certify(NskHttpVisit *visit, GError **error)
{
    const NskDisposalAct act = { .act = "certify", .disposal = named(visit) };

    return act_on(visit, &act, &(Place){ "disposal", NULL, "konsep" }, error);
}

static bool
enter_receipt(NskHttpVisit *visit, GError **error)
{
    g_autofree char *note = nsk_http_typed(visit, "alasan");
    const NskDisposalAct act = { .act = "receipt", .disposal = named(visit), .note = note };

    if (note == NULL) {
        nsk_http_response_set_status(visit->response, 422);
        return show_one(visit, "disposal", "alasan",
                        nsk_tr("Write the number of the receipt, and who signed it"), error);
    }
    return act_on(visit, &act, &(Place){ "disposal", "alasan", "terima" }, error);
}

/* --- Deciding: as with a signature, by who proves just now that it is he. ----------------------
 */

/* Who gives the proof comes back to the question. */
static bool
has_proof(NskHttpVisit *visit)
{
    g_autofree char *address = g_strconcat(LIST "/", named(visit), "/putusan", NULL);

    return nsk_http_visit_demand_proof(visit, address);
}

static bool
ask_decision(NskHttpVisit *visit, GError **error)
{
    return !has_proof(visit) || show_one(visit, "disposal-decide", NULL, NULL, error);
}

static bool
decide(NskHttpVisit *visit, GError **error)
{
    g_autofree char *answer = nsk_http_typed(visit, "putusan");
    g_autofree char *note = nsk_http_typed(visit, "alasan");
    g_autofree char *consent = nsk_http_typed(visit, "persetujuan");
    bool approves = answer != NULL && strcmp(answer, "setuju") == 0;
    const NskDisposalAct act = { .act = approves ? "approve" : "refuse",
                                 .disposal = named(visit),
                                 .note = note,
                                 .consent = approves ? consent : NULL };
    const Place place = { "disposal-decide", approves ? "persetujuan" : "alasan",
                          approves ? "setuju" : "tolak" };

    if (!has_proof(visit))
        return true;
    if (answer == NULL || (!approves && note == NULL)) {
        nsk_http_response_set_status(visit->response, 422);
        return show_one(visit, "disposal-decide", answer == NULL ? NULL : "alasan",
                        answer == NULL ? nsk_tr("Choose whether you approve or refuse the proposal")
                                       : nsk_tr("Write why you refuse it"),
                        error);
    }
    return act_on(visit, &act, &place, error);
}

/* --- What is left ---------------------------------------------------------------------------- */

static bool
show_residual(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) view = NULL;
    const char *letter = nsk_http_request_get_piece(visit->request, "letter");

    return nsk_office_residual(visit->office, letter, &view, error) &&
           nsk_http_visit_show(visit, "residual", view, error);
}

/* clang-format off */
const NskHttpRoute nsk_http_routes_disposal[] = {
    { .method = "GET", .pattern = LIST, .visit = show_list, .is_page = true },
    { .method = "POST", .pattern = LIST, .visit = propose, .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = "GET", .pattern = LIST "/{id}", .visit = show_proposal, .is_page = true },
    { .method = "POST", .pattern = LIST "/{id}/pendapat", .visit = give_opinion,
      .body = NSK_HTTP_BODY_FORM, .is_page = true },
    { .method = "POST", .pattern = LIST "/{id}/tarik", .visit = withdraw,
      .body = NSK_HTTP_BODY_FORM, .is_page = true },
    { .method = "POST", .pattern = LIST "/{id}/berita-acara", .visit = certify,
      .body = NSK_HTTP_BODY_FORM, .is_page = true },
    { .method = "POST", .pattern = LIST "/{id}/tanda-terima", .visit = enter_receipt,
      .body = NSK_HTTP_BODY_FORM, .is_page = true },
    { .method = "GET", .pattern = LIST "/{id}/putusan", .visit = ask_decision, .is_page = true },
    { .method = "POST", .pattern = LIST "/{id}/putusan", .visit = decide,
      .body = NSK_HTTP_BODY_FORM, .is_page = true },
    { .method = "GET", .pattern = "/arsip/musnah/{letter}", .visit = show_residual,
      .is_page = true },
    { .method = NULL },
};
/* clang-format on */
