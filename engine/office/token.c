/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tokens by which programs act for a person.
 *
 * INVARIANTS
 *   (1) The token itself is in no change, so that neither the answers that are kept for repeated
 *       requests nor the journal have it.
 *   (2) A handle that acts by a token has NSK_AUTH_TOKEN, by which signing refuses it.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "office/door-private.h"
#include "office/token-private.h"

#include <string.h>

#define DAY ((int64_t)24 * 3600 * G_USEC_PER_SEC)

/* --- Visits ---------------------------------------------------------------------------------- */

void
nsk_token_visitor_free(NskTokenVisitor *self)
{
    if (self == NULL)
        return;
    g_free(self->id);
    g_free(self->person);
    g_free(self->name);
    g_strfreev(self->scopes);
    g_free(self);
}

typedef struct {
    const char *id;
    NskInstant now;
} Touch;

static bool
apply_touch(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Touch *touch = data;

    return nsk_api_token_touch(txn, touch->id, touch->now, error);
}

/* The token and its person, in one look; both NULL without error if there is no such token. */
static bool
read_visit(NskOffice *self,
           const char *text,
           NskApiToken **out_token,
           NskPerson **out_person,
           GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);

    if (txn == NULL || !nsk_api_token_find(txn, text, nsk_clock_now(self->clock), out_token, error))
        return false;
    if (*out_token != NULL)
        *out_person = nsk_directory_get_person(txn, (*out_token)->person, error);
    return *out_token == NULL || *out_person != NULL;
}

bool
nsk_office_token_visit(NskOffice *self,
                       const char *text,
                       NskTokenVisitor **out_visitor,
                       GError **error)
{
    g_autoptr(NskApiToken) token = NULL;
    g_autoptr(NskPerson) person = NULL;

    nsk_office_act_for_nobody(self);
    if (!read_visit(self, text, &token, &person, error))
        return false;
    *out_visitor = NULL;
    if (token == NULL)
        return true;
    Touch touch = { token->id, nsk_clock_now(self->clock) };
    self->person = g_strdup(person->id);
    self->auth = NSK_AUTH_TOKEN;
    /* a writer that has no time now is told at the next request */
    if (nsk_api_token_is_stale(token, touch.now))
        (void)nsk_office_commit(self, apply_touch, &touch, NULL, NULL);
    NskTokenVisitor *visitor = g_new0(NskTokenVisitor, 1);
    visitor->id = g_steal_pointer(&token->id);
    visitor->person = g_steal_pointer(&person->id);
    visitor->name = g_steal_pointer(&person->printed);
    visitor->scopes = g_strsplit(token->scopes, " ", -1);
    *out_visitor = visitor;
    return true;
}

bool
nsk_office_act_for_program(NskOffice *self, const char *person, GError **error)
{
    if (!nsk_office_act_for(self, person, error))
        return false;
    self->auth = NSK_AUTH_TOKEN;
    return true;
}

bool
nsk_token_refuse_signing(const NskOffice *self, GError **error)
{
    if (self->auth == NULL || strcmp(self->auth, NSK_AUTH_TOKEN) != 0)
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_DENIED,
                        nsk_tr("a program does not sign: the signatory signs himself, after the "
                               "pages were shown to him"));
    return false;
}

/* --- Making and revoking --------------------------------------------------------------------- */

static NskJson *
scopes_to_json(const char *text)
{
    g_auto(GStrv) scopes = g_strsplit(text, " ", -1);
    NskJson *list = nsk_json_array();

    for (char **scope = scopes; *scope != NULL; scope++)
        nsk_json_add_text(list, *scope);
    return list;
}

static NskJson *
token_to_json(const NskApiToken *token)
{
    NskJson *row = nsk_json_object();
    g_autofree char *made = nsk_instant_format(token->made);
    g_autofree char *until = nsk_instant_format(token->until);
    g_autofree char *used = token->used != 0 ? nsk_instant_format(token->used) : NULL;

    nsk_json_set_text(row, "id", token->id);
    nsk_json_set_text(row, "label", token->label);
    nsk_json_set(row, "scopes", scopes_to_json(token->scopes));
    nsk_json_set_text(row, "made", made);
    nsk_json_set_text(row, "until", until);
    nsk_json_set_text(row, "used", used);
    return row;
}

/* A change of the person's tokens. */
typedef struct {
    const NskOffice *office;
    const char *text; /* of a new one */
    NskApiToken token;
    NskInstant now;
} Change;

static bool
record(const Change *change, NskDbTxn *txn, const char *action, GError **error)
{
    const NskDoorEvent event = { .origin = change->office->origin,
                                 .auth = change->office->auth,
                                 .action = action,
                                 .actor = change->office->person,
                                 .person = change->office->person,
                                 .detail = change->token.id,
                                 .now = change->now };

    return nsk_door_record(txn, &event, error);
}

static bool
apply_make(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    const Change *change = data;

    if (!nsk_api_token_keep(txn, change->text, &change->token, error) ||
        !record(change, txn, "token-made", error))
        return false;
    g_autoptr(NskJson) row = token_to_json(&change->token);
    *out_answer = nsk_json_canonical(row);
    return true;
}

/* The token's text is told if this call made it. */
static NskJson *
tell_token(const Change *change, const char *answer, GError **error)
{
    NskJson *result = nsk_office_read_answer(answer, error);
    bool is_new =
        result != NULL && g_strcmp0(nsk_json_get_text(result, "id"), change->token.id) == 0;

    if (result != NULL)
        nsk_json_set_text(result, "token", is_new ? change->text : NULL);
    return result;
}

static bool
make_token(Change *change, NskOffice *self, NskJson **out_result, GError **error)
{
    g_autofree char *answer = NULL;
    g_autofree char *until = g_strdup_printf("%" G_GINT64_FORMAT, change->token.until);

    NSK_REQUEST(self, "token-make", change->token.label, change->token.scopes);
    if (!nsk_office_commit(self, apply_make, change, &answer, error))
        return false;
    *out_result = tell_token(change, answer, error);
    return *out_result != NULL;
}

bool
nsk_do_token_make(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    const NskTokenWish *wish = arguments;
    NskInstant now = nsk_clock_now(self->clock);
    g_autofree char *scopes = nsk_api_scopes_read(wish->scopes, error);

    if (scopes == NULL || !nsk_token_refuse_signing(self, error))
        return false;
    char *text = nsk_api_token_new();
    g_autofree char *id = nsk_api_token_id(text);
    int64_t days = CLAMP(wish->days, 0, NSK_API_TOKEN_DAYS + 1);
    Change change = { self,
                      text,
                      { .id = id,
                        .person = self->person,
                        .label = (char *)(uintptr_t)wish->label,
                        .scopes = scopes,
                        .made = now,
                        .until = now + days * DAY },
                      now };
    bool ok = make_token(&change, self, out_result, error);
    nsk_wipe(text, strlen(text));
    g_free(text);
    return ok;
}

static bool
apply_revoke(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    const Change *change = data;

    if (!nsk_api_token_end(txn, change->office->person, change->token.id, error) ||
        !record(change, txn, "token-revoked", error))
        return false;
    g_autoptr(NskJson) row = nsk_json_object();
    nsk_json_set_text(row, "id", change->token.id);
    *out_answer = nsk_json_canonical(row);
    return true;
}

bool
nsk_do_token_revoke(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    const NskTokenRevocation *which = arguments;
    g_autofree char *answer = NULL;
    Change change = { .office = self,
                      .token = { .id = (char *)(uintptr_t)which->id },
                      .now = nsk_clock_now(self->clock) };

    NSK_REQUEST(self, "token-revoke", which->id);
    if (!nsk_office_commit(self, apply_revoke, &change, &answer, error))
        return false;
    *out_result = nsk_office_read_answer(answer, error);
    return *out_result != NULL;
}

bool
nsk_office_token_list(NskOffice *self, NskJson **out_result, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(GPtrArray) tokens =
        txn != NULL ? nsk_api_token_list(txn, self->person, nsk_clock_now(self->clock), error)
                    : NULL;

    if (tokens == NULL)
        return false;
    NskJson *rows = nsk_json_array();
    for (guint i = 0; i < tokens->len; i++)
        nsk_json_add(rows, token_to_json(g_ptr_array_index(tokens, i)));
    *out_result = nsk_json_object();
    nsk_json_set(*out_result, "tokens", rows);
    return true;
}

/* --- Who acts -------------------------------------------------------------------------------- */

bool
nsk_office_me(NskOffice *self, NskJson **out_result, GError **error)
{
    NskInstant now = nsk_clock_now(self->clock);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskPerson) person =
        txn != NULL ? nsk_directory_get_person(txn, self->person, error) : NULL;
    g_autoptr(NskJson) positions =
        person != NULL ? nsk_door_positions(txn, person->id, now, error) : NULL;

    if (positions == NULL)
        return false;
    *out_result = nsk_json_object();
    nsk_json_set_text(*out_result, "person", person->id);
    nsk_json_set_text(*out_result, "name", person->printed);
    nsk_json_set(*out_result, "positions", g_steal_pointer(&positions));
    return true;
}

/* --- Requests that are repeated -------------------------------------------------------------- */

void
nsk_office_add_to_request(NskOffice *self, const char *digest)
{
    g_free(self->request_more);
    self->request_more = g_strdup(digest);
}

bool
nsk_office_request_is_known(NskOffice *self, const char *id)
{
    bool found = false;
    g_autofree char *answer = NULL;
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, NULL);
    const NskRequest request = { id, "" };

    /* one that was for something else is a CONFLICT */
    return txn != NULL && (!nsk_db_find_request(txn, &request, &found, &answer, &fault) || found) &&
           (fault == NULL || g_error_matches(fault, NSK_ERROR, NSK_ERROR_CONFLICT));
}

bool
nsk_office_request_is_other(NskOffice *self, const char *id)
{
    bool found = false;
    g_autofree char *answer = NULL;
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, NULL);
    const NskRequest request = { id, self->request_act };

    return txn != NULL && request.act != NULL &&
           !nsk_db_find_request(txn, &request, &found, &answer, &fault) &&
           g_error_matches(fault, NSK_ERROR, NSK_ERROR_CONFLICT);
}
