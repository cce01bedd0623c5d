/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One task: the letter, and what can be done with it.
 *
 *     /tugas/{letter}/{key}                what is asked, the letter's words, what changed
 *     /tugas/{letter}/{key} (POST)         the decision: fields "keputusan", "catatan" ...
 *     /tugas/{letter}/{key}/siapkan        (POST) makes the pages that will be signed, and shows
 * them /tugas/{letter}/{key}/tanda-tangan   (POST) signs them
 *
 * INVARIANTS
 *   (1) A form carries the digest of what its page showed: a decision about other words is refused,
 *       and the page comes back with them (409).
 *   (2) A form carries the id of its request: sent twice, it is done once and answered twice.
 *   (3) A secret is never in a page or an address.
 */
#include "base/id.h"
#include "base/message.h"
#include "http/site-private.h"

#include <string.h>

/* --- What a page shows ----------------------------------------------------------------------- */

/* The task among those that are open; NULL if it is done. */
static NskJson *
find_task(const NskJson *letter, const char *task)
{
    const NskJson *tasks = nsk_json_get(letter, "tasks");

    for (size_t i = 0; i < nsk_json_length(tasks); i++) {
        if (g_strcmp0(nsk_json_get_text(nsk_json_at(tasks, i), "task"), task) == 0)
            return nsk_json_at(tasks, i);
    }
    return NULL;
}

/* The version that the visitor left when he last did something; 0: he never did. */
static int64_t
find_last_act(NskHttpVisit *visit, const char *letter)
{
    g_autoptr(NskJson) history = NULL;
    int64_t last = 0;

    if (!nsk_office_letter_history(visit->office, letter, &history, NULL))
        return 0;
    const NskJson *entries = nsk_json_get(history, "entries");
    for (size_t i = 0; i < nsk_json_length(entries); i++) {
        const NskJson *entry = nsk_json_at(entries, i);

        if (g_strcmp0(nsk_json_get_text(entry, "actor"), visit->visitor->person) == 0)
            last = nsk_json_get_int(entry, "seq", 0);
    }
    return last;
}

/* What others changed since then; nothing where that cannot be told. */
static void
add_changes(NskHttpVisit *visit, const NskJson *letter, NskJson *view)
{
    const char *id = nsk_json_get_text(letter, "letter");
    NskLetterDiffAsk ask = { .letter = id, .from = find_last_act(visit, id) };
    g_autoptr(NskJson) diff = NULL;

    if (ask.from > 0 && ask.from < nsk_json_get_int(letter, "version", 0) &&
        nsk_office_letter_diff(visit->office, &ask, &diff, NULL) &&
        nsk_json_length(nsk_json_get(diff, "changes")) > 0)
        nsk_json_set(view, "diff", g_steal_pointer(&diff));
}

/* Why the letter came back to be written anew, and from whom. */
static void
add_return(NskHttpVisit *visit, const char *letter, NskJson *view)
{
    g_autoptr(NskJson) history = NULL;

    if (!nsk_office_letter_history(visit->office, letter, &history, NULL))
        return;
    const NskJson *entries = nsk_json_get(history, "entries");
    for (size_t i = nsk_json_length(entries); i > 0; i--) {
        NskJson *entry = nsk_json_at(entries, i - 1);
        const char *action = nsk_json_get_text(entry, "action");

        if (strcmp(action, "letter-submitted") == 0)
            return;
        if (strcmp(action, "letter-returned") == 0) {
            nsk_json_set(view, "returned", nsk_json_ref(entry));
            return;
        }
    }
}

/* What a leader gives away with a few taps, and what TU has prepared. */
static bool
add_disposition(NskHttpVisit *visit, const NskJson *task, NskJson *view, GError **error)
{
    const char *position = nsk_json_text_at(nsk_json_get(task, "positions"), 0);
    const char *name = nsk_json_get_text(task, "task");
    g_autoptr(NskJson) own = NULL;

    if (position == NULL)
        return true;
    if (!nsk_office_disposition_own(
            visit->office, nsk_http_request_get_piece(visit->request, "letter"), &own, error))
        return false;
    const NskJson *tasks = nsk_json_get(own, "tasks");
    for (size_t i = 0; i < nsk_json_length(tasks); i++) {
        NskJson *proposal = nsk_json_get(nsk_json_at(tasks, i), "proposal");

        if (proposal == NULL ||
            g_strcmp0(nsk_json_get_text(nsk_json_at(tasks, i), "task"), name) != 0)
            continue;
        nsk_json_set(view, "proposal", nsk_json_ref(proposal));
        if (nsk_json_get(view, "chosen") == NULL)
            nsk_json_set(view, "chosen", nsk_json_ref(proposal));
    }
    return nsk_http_add_receivers(visit, position, view, error);
}

/* Those who gave the letter to the visitor, and what was registered of it. */
static void
add_given(NskHttpVisit *visit, const char *letter, NskJson *view)
{
    g_autoptr(NskJson) given = NULL;
    g_autoptr(NskJson) incoming = NULL;

    if (nsk_office_disposition_show(visit->office, letter, &given, NULL))
        nsk_json_set(view, "given", nsk_json_ref(nsk_json_get(given, "dispositions")));
    if (nsk_office_incoming_show(visit->office, letter, &incoming, NULL))
        nsk_json_set(view, "incoming", g_steal_pointer(&incoming));
    (void)nsk_office_disposition_see(visit->office, letter, NULL);
}

/* A task that is done: where the letter stands, told plainly. */
static bool
show_done(NskHttpVisit *visit, NskJson *letter, GError **error)
{
    nsk_http_add_fault(
        letter, NULL,
        nsk_tr("this task is done, by you or somebody else; nothing was changed now"));
    nsk_http_response_set_status(visit->response, 409);
    return nsk_http_visit_show(visit, "letter", letter, error);
}

/* Adds to @view, which has faults if there are any, and answers. */
static bool
show_with(NskHttpVisit *visit, NskJson *view, GError **error)
{
    g_autofree char *id = nsk_http_task_named(visit->request);
    const char *named = nsk_http_request_get_piece(visit->request, "letter");
    g_autoptr(NskJson) letter = NULL;

    if (!nsk_office_letter_show(visit->office, named, &letter, error))
        return false;
    NskJson *task = find_task(letter, id);
    if (task == NULL)
        return show_done(visit, letter, error);
    g_autofree char *address = nsk_office_task_path(id);
    g_autofree char *request = nsk_id_new(visit->site->clock);
    g_autofree char *text = nsk_http_letter_text(visit, named);
    const char *nature = nsk_http_task_nature(task);
    nsk_json_set(view, "letter", nsk_json_ref(letter));
    nsk_json_set(view, "task", nsk_json_ref(task));
    nsk_json_set_text(view, "href", address);
    nsk_json_set_text(view, "nature", nature);
    nsk_json_set_text(view, "request", request);
    nsk_json_set_text(view, "text", text);
    nsk_http_seen_note(visit, id, nsk_json_get_text(letter, "content"));
    add_changes(visit, letter, view);
    nsk_http_add_attachments(visit, named, view);
    if (strcmp(nature, "konsep") == 0)
        add_return(visit, named, view);
    if (strcmp(nature, "disposisi") == 0 || strcmp(nature, "lain") == 0)
        add_given(visit, named, view);
    return (strcmp(nature, "disposisi") != 0 || add_disposition(visit, task, view, error)) &&
           nsk_http_visit_show(visit, "task", view, error);
}

static bool
show_task(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();

    return show_with(visit, view, error);
}

/* --- Decisions ------------------------------------------------------------------------------- */

/* The values of a field that may be there several times, parted by blanks. */
static char *
join_fields(const NskHttpRequest *request, const char *name)
{
    GString *joined = g_string_new(NULL);
    const char *value;

    for (size_t i = 0; (value = nsk_http_request_get_field_at(request, name, i)) != NULL; i++)
        g_string_append_printf(joined, "%s%s", i > 0 ? " " : "", value);
    return g_string_free(joined, FALSE);
}

/* NULL if nothing was typed. */
static const char *
get_typed(const NskHttpRequest *request, const char *name)
{
    const char *text = nsk_http_request_get_field(request, name);

    return text != NULL && text[strspn(text, " \t\r\n")] != '\0' ? text : NULL;
}

/* What a letter that came in is done with, by the word of the form. */
static const struct {
    const char *decision;
    const char *act;
} dispositions[] = {
    { "dispose", "give" }, { "confirm", "confirm" },     { "follow-up", "done" },
    { "none", "none" },    { "return-given", "return" },
};

NskJson *
nsk_http_chosen_disposition(const NskHttpRequest *request)
{
    NskJson *chosen = nsk_json_object();
    NskJson *receivers = nsk_json_array();
    NskJson *instructions = nsk_json_array();
    const char *value;

    for (size_t i = 0; (value = nsk_http_request_get_field_at(request, "penerima", i)) != NULL;
         i++) {
        NskJson *receiver = nsk_json_object();

        nsk_json_set_text(receiver, "position", value);
        nsk_json_add(receivers, receiver);
    }
    for (size_t i = 0; (value = nsk_http_request_get_field_at(request, "instruksi", i)) != NULL;
         i++)
        nsk_json_add_text(instructions, value);
    nsk_json_set(chosen, "receivers", receivers);
    nsk_json_set(chosen, "instructions", instructions);
    nsk_json_set_text(chosen, "note", get_typed(request, "catatan"));
    nsk_json_set_text(chosen, "due", get_typed(request, "tenggat"));
    return chosen;
}

bool
nsk_http_dispose(NskHttpVisit *visit, const char *task, const char *act, GError **error)
{
    const NskHttpRequest *request = visit->request;
    g_autofree char *receivers = join_fields(request, "penerima");
    g_autofree char *instructions = join_fields(request, "instruksi");
    const NskDispositionAct asked = { .act = act,
                                      .task = task,
                                      .receivers = receivers[0] != '\0' ? receivers : NULL,
                                      .instructions = instructions[0] != '\0' ? instructions : NULL,
                                      .note = get_typed(request, "catatan"),
                                      .due = get_typed(request, "tenggat") };
    g_autoptr(NskJson) result = NULL;

    return nsk_office_disposition(visit->office, &asked, &result, error);
}

static bool
do_task(NskHttpVisit *visit, const char *task, const char *decision, GError **error)
{
    const NskHttpRequest *request = visit->request;
    const char *note = get_typed(request, "catatan");
    g_autoptr(NskLocked) secret = nsk_http_get_secret(request, "sandi");
    const NskTaskAct act = { .task = task,
                             .outcome = decision,
                             .note = note,
                             .content = get_typed(request, "isi"),
                             .passphrase = secret != NULL ? nsk_locked_text(secret) : NULL,
                             .code = get_typed(request, "kode") };
    g_autoptr(NskJson) result = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(dispositions); i++) {
        if (strcmp(dispositions[i].decision, decision) == 0)
            return nsk_http_dispose(visit, task, dispositions[i].act, error);
    }
    if (strcmp(decision, "forward") == 0)
        return nsk_office_incoming_forward(visit->office, task, NULL, note, &result, error);
    if (strcmp(decision, "file") == 0)
        return nsk_office_incoming_file(visit->office, task, note, &result, error);
    return nsk_office_task_act(visit->office, &act, &result, error);
}

/* The page that follows. */
static char *
page_after(const NskHttpRequest *request, const char *decision)
{
    const char *letter = nsk_http_request_get_piece(request, "letter");

    if (strcmp(decision, "approve") == 0)
        return g_strdup("/tugas?pesan=paraf");
    if (strcmp(decision, "return") == 0 || strcmp(decision, "return-given") == 0)
        return g_strdup("/tugas?pesan=kembali");
    if (strcmp(decision, "dispose") == 0 || strcmp(decision, "confirm") == 0)
        return g_strconcat("/surat/", letter, "/diberikan", NULL);
    return g_strdup("/tugas?pesan=selesai");
}

/* Whether a person can mend it at the page where he is; else the error goes on. */
static bool
can_be_mended(const GError *fault, unsigned *out_status)
{
    *out_status = g_error_matches(fault, NSK_ERROR, NSK_ERROR_CONFLICT) ? 409 : 422;
    return *out_status == 409 || g_error_matches(fault, NSK_ERROR, NSK_ERROR_INVALID) ||
           g_error_matches(fault, NSK_ERROR, NSK_ERROR_DENIED) ||
           g_error_matches(fault, NSK_ERROR, NSK_ERROR_EXPIRED) ||
           g_error_matches(fault, NSK_ERROR, NSK_ERROR_LIMIT);
}

/* Names the change that follows by the form's own id. */
static bool
name_request(NskHttpVisit *visit, GError **error)
{
    const char *id = get_typed(visit->request, "permintaan");

    return id == NULL || nsk_office_set_request(visit->office, id, error);
}

static bool
decide(NskHttpVisit *visit, GError **error)
{
    const char *decision = nsk_http_request_get_field(visit->request, "keputusan");
    g_autofree char *task = nsk_http_task_named(visit->request);
    g_autoptr(NskJson) view = nsk_json_object();
    g_autoptr(GError) fault = NULL;
    unsigned status;

    if (decision == NULL)
        decision = "";
    if (name_request(visit, &fault) && do_task(visit, task, decision, &fault)) {
        g_autofree char *address = page_after(visit->request, decision);

        nsk_http_response_redirect(visit->response, address);
        return true;
    }
    if (!can_be_mended(fault, &status)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    nsk_json_set_text(view, "note", get_typed(visit->request, "catatan"));
    nsk_json_set(view, "chosen", nsk_http_chosen_disposition(visit->request));
    nsk_http_add_fault(view, status == 409 ? NULL : "catatan", fault->message);
    nsk_http_response_set_status(visit->response, status);
    return show_with(visit, view, error);
}

/* --- Signing --------------------------------------------------------------------------------- */

static bool
show_pages(NskHttpVisit *visit, const char *task, NskJson *view, GError **error)
{
    g_autofree char *address = nsk_office_task_path(task);
    g_autofree char *request = nsk_id_new(visit->site->clock);
    g_autoptr(NskJson) pages = NULL;
    g_autoptr(NskJson) letter = NULL;

    if (!nsk_office_sign_prepare(visit->office, task, &pages, error) ||
        !nsk_office_letter_show(visit->office, nsk_json_get_text(pages, "letter"), &letter, error))
        return false;
    NskJson *numbers = nsk_json_array();
    for (int64_t n = 1; n <= MIN(nsk_json_get_int(pages, "pages", 0), 50); n++) {
        g_autofree char *number = g_strdup_printf("%d", (int)n);

        nsk_json_add_text(numbers, number);
    }
    nsk_json_set(view, "numbers", numbers);
    nsk_json_set(view, "pages", g_steal_pointer(&pages));
    nsk_json_set_text(view, "subject", nsk_json_get_text(letter, "subject"));
    nsk_json_set_text(view, "href", address);
    nsk_json_set_text(view, "request", request);
    return nsk_http_visit_show(visit, "sign", view, error);
}

/* Signing needs a proof just now; who gives it comes back to the task. */
static bool
has_proof(NskHttpVisit *visit, const char *task)
{
    g_autofree char *address = nsk_office_task_path(task);

    return nsk_http_visit_demand_proof(visit, address);
}

static bool
prepare(NskHttpVisit *visit, GError **error)
{
    g_autofree char *task = nsk_http_task_named(visit->request);
    g_autoptr(NskJson) view = nsk_json_object();

    return !has_proof(visit, task) || show_pages(visit, task, view, error);
}

/* The page comes back with what is wrong; without the task, with where the letter stands. */
static bool
refuse_signature(NskHttpVisit *visit, const char *task, const GError *fault, GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();
    g_autoptr(NskJson) letter = NULL;
    unsigned status;

    if (!can_be_mended(fault, &status) && !g_error_matches(fault, NSK_ERROR, NSK_ERROR_BUSY) &&
        !g_error_matches(fault, NSK_ERROR, NSK_ERROR_UNTRUSTED)) {
        g_propagate_error(error, g_error_copy(fault));
        return false;
    }
    if (!nsk_office_letter_show(visit->office, nsk_http_request_get_piece(visit->request, "letter"),
                                &letter, error))
        return false;
    if (find_task(letter, task) == NULL)
        return show_done(visit, letter, error);
    nsk_http_add_fault(view, "sandi", fault->message);
    nsk_http_response_set_status(visit->response, status);
    return show_pages(visit, task, view, error);
}

static bool
sign(NskHttpVisit *visit, GError **error)
{
    const NskHttpRequest *request = visit->request;
    g_autofree char *task = nsk_http_task_named(request);
    g_autoptr(NskLocked) secret = nsk_http_get_secret(request, "sandi");
    const NskSignAct act = { .task = task,
                             .sha256 = nsk_http_request_get_field(request, "sha256"),
                             .passphrase = secret != NULL ? nsk_locked_text(secret) : NULL,
                             .code = get_typed(request, "kode") };
    g_autoptr(NskJson) result = NULL;
    g_autoptr(GError) fault = NULL;

    if (!has_proof(visit, task))
        return true;
    if (name_request(visit, &fault) &&
        nsk_office_sign_confirm(visit->office, &act, &result, &fault)) {
        nsk_http_response_redirect(visit->response, "/tugas?pesan=tanda-tangan");
        return true;
    }
    return refuse_signature(visit, task, fault, error);
}

#define TASK "/tugas/{letter}/{key}"

const NskHttpRoute nsk_http_routes_task[] = {
    { .method = "GET", .pattern = TASK, .visit = show_task, .is_page = true },
    { .method = "POST",
      .pattern = TASK,
      .visit = decide,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = "POST",
      .pattern = TASK "/siapkan",
      .visit = prepare,
      .place = NSK_HTTP_HEAVY,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = "POST",
      .pattern = TASK "/tanda-tangan",
      .visit = sign,
      .place = NSK_HTTP_HEAVY,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = NULL },
};
