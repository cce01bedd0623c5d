/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A second factor of somebody who is inside: begun, confirmed by a first code, ended.
 *
 * Between beginning and confirming nothing is kept: the page has the secret, under a proof that it
 * was made here for this person not long ago.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "office/door-private.h"
#include "render/render.h"

#include <string.h>

#define BEGIN_US   ((int64_t)15 * 60 * G_USEC_PER_SEC)
#define TICKET_MAX 400 /* bytes */
#define SECRET_KEY "secret="

/* The person's sign-in name; NULL with @error if he has no account. */
static NskAccount *
read_account(const NskOffice *self, NskDbTxn *txn, GError **error)
{
    NskAccount *account = NULL;

    if (self->person != NULL && !nsk_account_of(txn, self->person, &account, error))
        return NULL;
    if (account == NULL)
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_DENIED,
                            nsk_tr("you are not signed in any more; sign in again"));
    return account;
}

static char *
make_ticket(NskOffice *self, const NskCodeSecret *secret, GError **error)
{
    g_autofree char *hex = nsk_hex(secret->bytes, sizeof secret->bytes);
    g_autofree char *text = g_strdup_printf("%s:%" G_GINT64_FORMAT ":%s", hex,
                                            nsk_clock_now(self->clock) + BEGIN_US, self->person);

    return nsk_door_seal(self, "codes-begun", text, error);
}

static void
draw(NskJson *result, const char *address)
{
    int modules;
    g_autofree char *path = nsk_qr_path(address, &modules);
    const char *from = strstr(address, SECRET_KEY) + strlen(SECRET_KEY);
    g_autofree char *secret = g_strndup(from, strcspn(from, "&"));

    nsk_json_set_text(result, "address", address);
    nsk_json_set_text(result, "secret", secret);
    nsk_json_set_text(result, "picture", path);
    nsk_json_set_int(result, "modules", modules);
}

/* --- Beginning and changing
 * --------------------------------------------------------------------------------- */

typedef struct {
    NskOffice *office;
    NskCodeSecret secret;
    int64_t step;
    char **recovery; /* NULL: the factor ends */
    uint8_t key[NSK_CODE_KEY_SIZE];
    NskInstant now;
} Factor;

static void
factor_clear(Factor *self)
{
    g_strfreev(self->recovery);
    nsk_wipe(self, sizeof *self);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Factor, factor_clear)

/* The secret of the ticket; EXPIRED if it is none, too old, or somebody else's. */
static bool
read_ticket(Factor *factor, const char *ticket, GError **error)
{
    NskOffice *office = factor->office;
    g_autoptr(GError) fault = NULL;
    g_autofree char *text = strlen(ticket) <= TICKET_MAX
                                ? nsk_door_unseal(office, "codes-begun", ticket, &fault)
                                : NULL;
    g_auto(GStrv) parts = text != NULL ? g_strsplit(text, ":", 3) : NULL;

    if (fault != NULL) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    if (parts != NULL && g_strv_length(parts) == 3 &&
        g_ascii_strtoll(parts[1], NULL, 10) >= factor->now &&
        g_strcmp0(parts[2], office->person) == 0 &&
        nsk_unhex(parts[0], factor->secret.bytes, sizeof factor->secret.bytes))
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_EXPIRED,
                        nsk_tr("this took too long; begin the second step of signing in again"));
    return false;
}

bool
nsk_office_door_begin_codes(NskOffice *self,
                            const char *agency,
                            const char *ticket,
                            NskJson **out_result,
                            GError **error)
{
    g_auto(Factor) factor = { .office = self, .now = nsk_clock_now(self->clock) };
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskAccount) account = txn != NULL ? read_account(self, txn, error) : NULL;

    if (account == NULL)
        return false;
    if (ticket == NULL || !read_ticket(&factor, ticket, NULL))
        nsk_code_secret_new(&factor.secret);
    g_autofree char *address = nsk_code_secret_address(&factor.secret, agency, account->name);
    g_autofree char *next = make_ticket(self, &factor.secret, error);
    if (next == NULL)
        return false;
    *out_result = nsk_json_object();
    nsk_json_set_text(*out_result, "ticket", next);
    draw(*out_result, address);
    return true;
}

static bool
apply_factor(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Factor *factor = data;
    bool begins = factor->recovery != NULL;
    const NskCodeOwner owner = { factor->office->person, factor->key };
    const NskDoorEvent event = { .origin = factor->office->origin,
                                 .action = begins ? "codes-begun" : "codes-ended",
                                 .actor = owner.person,
                                 .person = owner.person,
                                 .auth = factor->office->auth,
                                 .now = factor->now };
    bool ok = begins ? nsk_codes_begin(txn, &owner, &factor->secret, factor->step,
                                       (const char *const *)factor->recovery, error)
                     : nsk_codes_end(txn, owner.person, error);

    return ok && nsk_door_record(txn, &event, error);
}

bool
nsk_office_door_confirm_codes(NskOffice *self,
                              const char *ticket,
                              const char *code,
                              NskJson **out_result,
                              GError **error)
{
    g_auto(Factor) factor = { .office = self, .now = nsk_clock_now(self->clock) };

    if (!read_ticket(&factor, ticket, error))
        return false;
    if (!nsk_code_check(&factor.secret, code, factor.now, &factor.step)) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("this is not the code that the app shows now; look at the app "
                                   "and type the six digits"));
        return false;
    }
    factor.recovery = nsk_recovery_codes_new();
    if (!nsk_door_key(self, "codes", factor.key, error) ||
        !nsk_office_commit(self, apply_factor, &factor, NULL, error))
        return false;
    NskJson *codes = nsk_json_array();
    for (int i = 0; factor.recovery[i] != NULL; i++)
        nsk_json_add_text(codes, factor.recovery[i]);
    *out_result = nsk_json_object();
    nsk_json_set(*out_result, "recovery", codes);
    return true;
}

bool
nsk_office_door_end_codes(NskOffice *self, GError **error)
{
    g_auto(Factor) factor = { .office = self, .now = nsk_clock_now(self->clock) };
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskAccount) account = txn != NULL ? read_account(self, txn, error) : NULL;

    if (account == NULL)
        return false;
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    return nsk_office_commit(self, apply_factor, &factor, NULL, error);
}
