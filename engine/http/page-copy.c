/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Certified copies of a letter.
 *
 *     /surat/{letter}/salinan     those that there are; POST makes one, which its certifier signs
 */
#include "base/message.h"
#include "http/site-private.h"
#include "office/copy.h"

static const char *
named(const NskHttpVisit *visit)
{
    return nsk_http_request_get_piece(visit->request, "letter");
}

static bool
show_with(NskHttpVisit *visit, NskJson *view, GError **error)
{
    g_autoptr(NskJson) letter = NULL;
    g_autoptr(NskJson) found = NULL;

    if (!nsk_office_letter_show(visit->office, named(visit), &letter, error) ||
        !nsk_office_copy_list(visit->office, named(visit), &found, error))
        return false;
    nsk_json_set_text(view, "letter", nsk_json_get_text(letter, "letter"));
    nsk_json_set_text(view, "subject", nsk_json_get_text(letter, "subject"));
    nsk_json_set_text(view, "number", nsk_json_get_text(letter, "number"));
    nsk_json_set(view, "copies", nsk_json_ref(nsk_json_get(found, "copies")));
    nsk_json_set(view, "positions", nsk_json_ref(visit->visitor->positions));
    return nsk_http_visit_show(visit, "copies", view, error);
}

static bool
show(NskHttpVisit *visit, GError **error)
{
    g_autoptr(NskJson) view = nsk_json_object();

    return show_with(visit, view, error);
}

/* Tells in @view what is missing; whether anything is. */
static bool
find_missing(const NskCopyAsk *ask, NskJson *view)
{
    if (ask->recipient == NULL)
        nsk_http_add_fault(view, "untuk", nsk_tr("Write who gets the copy"));
    if (ask->purpose == NULL)
        nsk_http_add_fault(view, "keperluan", nsk_tr("Write what the copy is for"));
    return ask->recipient == NULL || ask->purpose == NULL;
}

/* What was typed comes back with what is wrong; @fault NULL: it is in @view. */
static bool
show_again(NskHttpVisit *visit,
           const NskCopyAsk *ask,
           const GError *fault,
           NskJson *view,
           GError **error)
{
    bool conflict = g_error_matches(fault, NSK_ERROR, NSK_ERROR_CONFLICT);

    nsk_json_set_text(view, "untuk", ask->recipient);
    nsk_json_set_text(view, "keperluan", ask->purpose);
    if (fault != NULL)
        nsk_http_add_fault(view, NULL, fault->message);
    nsk_http_response_set_status(visit->response, conflict ? 409 : 422);
    return show_with(visit, view, error);
}

static bool
make(NskHttpVisit *visit, GError **error)
{
    g_autofree char *recipient = nsk_http_typed(visit, "untuk");
    g_autofree char *purpose = nsk_http_typed(visit, "keperluan");
    const char *position = nsk_http_request_get_field(visit->request, "jabatan");
    const NskCopyAsk ask = { named(visit), recipient, purpose,
                             position != NULL && *position != '\0' ? position : NULL };
    g_autoptr(NskJson) result = NULL;
    g_autoptr(NskJson) view = nsk_json_object();
    g_autoptr(GError) fault = NULL;

    if (find_missing(&ask, view))
        return show_again(visit, &ask, NULL, view, error);
    if (nsk_office_copy_draft(visit->office, &ask, &result, &fault)) {
        g_autofree char *address =
            g_strconcat("/surat/", nsk_json_get_text(result, "letter"), NULL);

        nsk_http_response_redirect(visit->response, address);
        return true;
    }
    if (!g_error_matches(fault, NSK_ERROR, NSK_ERROR_INVALID) &&
        !g_error_matches(fault, NSK_ERROR, NSK_ERROR_CONFLICT) &&
        !g_error_matches(fault, NSK_ERROR, NSK_ERROR_DENIED)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    return show_again(visit, &ask, fault, view, error);
}

const NskHttpRoute nsk_http_routes_copy[] = {
    { .method = "GET", .pattern = "/surat/{letter}/salinan", .visit = show, .is_page = true },
    { .method = "POST",
      .pattern = "/surat/{letter}/salinan",
      .visit = make,
      .place = NSK_HTTP_HEAVY,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    { .method = NULL },
};
