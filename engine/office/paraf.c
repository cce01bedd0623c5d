/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Paraf with a certificate, where the profile asks for one: a detached CMS (ETSI EN 319 122-1, B-B
 * without signing time) over what the paraf binds, kept as text "cms" beside its journal entry.
 * What it covers is a statement of nothing but the entry's own words (evidence/statement.h).
 */
#include "base/bytes.h"
#include "base/message.h"
#include "evidence/statement.h"
#include "office/sign-private.h"

#include <string.h>

/* What is said; all borrowed. */
typedef struct {
    const char *letter, *person, *position, *capacity;
    NskInstant at;
    const NskJournalObject *objects;
    size_t n_objects;
} Statement;

static GBytes *
write_statement(const Statement *self)
{
    g_autofree char *at = nsk_instant_format(self->at);
    g_autoptr(GPtrArray) digests = g_ptr_array_new_with_free_func(g_free);
    g_autofree NskStatementObject *objects = g_new0(NskStatementObject, self->n_objects);
    const NskStatement statement = { .letter = self->letter,
                                     .person = self->person,
                                     .position = self->position,
                                     .capacity = self->capacity,
                                     .at = at };

    for (size_t i = 0; i < self->n_objects; i++) {
        char *hex = nsk_hex(self->objects[i].sha256, NSK_SHA256_SIZE);

        g_ptr_array_add(digests, hex);
        objects[i] = (NskStatementObject){ self->objects[i].kind, hex };
    }
    return nsk_statement_write(&statement, objects, self->n_objects);
}

bool
nsk_paraf_rule(NskOffice *office,
               NskDbTxn *txn,
               const NskLetterRow *row,
               const char *position,
               NskProfileParaf *out_rule,
               GError **error)
{
    const NskProfile *profile =
        nsk_office_profile(office, txn, row->profile, row->profile_version, error);
    const NskKind *kind =
        profile != NULL ? nsk_office_kind(office, txn, row->kind, row->kind_version, error) : NULL;

    if (kind == NULL)
        return false;
    *out_rule = nsk_profile_get_paraf(profile, kind, position);
    return true;
}

/* --- Giving it. --------------------------------------------------------------------------------
 */

/* The try that failed, in the letter's history. */
typedef struct {
    NskOffice *office;
    const char *task;
    const char *reason;
    NskInstant now;
} Refusal;

static bool
apply_refusal(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    Refusal *work = data;
    g_autoptr(NskDuty) duty = nsk_access_duty(work->office, txn, work->task, error);

    if (duty == NULL)
        return false;
    NskAct act = { work->office, txn, duty->row, work->now, duty->today, NULL };
    NskEvent event = { .action = "paraf-refused",
                       .sentence = "A paraf could not be given with a certificate",
                       .position = duty->position,
                       .task = duty->task->key,
                       .state_from = duty->row->state,
                       .reason = work->reason };
    return nsk_record(&act, &event, error);
}

/* Tells the try, and is the error of it; takes @why. */
static bool
refuse(NskOffice *office, const NskTaskAct *act, NskInstant now, GError *why, GError **error)
{
    g_autoptr(GError) fault = NULL;
    Refusal refusal = { office, act->task, why->message, now };
    g_autofree char *request_id = g_steal_pointer(&office->request_id);
    bool told = nsk_office_commit(office, apply_refusal, &refusal, NULL, &fault);

    office->request_id = g_steal_pointer(&request_id);
    if (told) {
        g_propagate_error(error, why);
        return false;
    }
    g_error_free(why);
    g_propagate_error(error, g_steal_pointer(&fault));
    return false;
}

/* The certificate is the reviewer's own, and leads to an authority that the office trusts. */
static bool
check_signer(NskOffice *office, GBytes *statement, GBytes *cms, const char *name, GError **error)
{
    g_autoptr(NskTrust) trust = nsk_office_load_trust(office->dir, NULL, error);
    size_t size;
    const void *bytes = g_bytes_get_data(cms, &size);

    if (trust == NULL)
        return false;
    NskCmsCheck check = { .cms = bytes,
                          .cms_size = size,
                          .content = &statement,
                          .n_content = 1,
                          .pades = true,
                          .trust = trust,
                          .at = nsk_clock_now(office->clock) };
    g_autoptr(NskCmsVerdict) verdict = nsk_cms_check(&check);
    if (!verdict->intact || !verdict->trusted) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_UNTRUSTED,
                            nsk_tr("the certificate does not lead to an authority that this office "
                                   "trusts, or may not sign"));
        return false;
    }
    if (nsk_name_in_certificate(name, verdict->signer))
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_UNTRUSTED,
                        nsk_tr("the certificate belongs to somebody else"));
    return false;
}

bool
nsk_paraf_sign(NskOffice *office, const NskParafAsk *ask, char **out_cms, GError **error)
{
    uint8_t digest[NSK_SHA256_SIZE];
    size_t size;
    g_auto(NskSignDesk) desk = { .office = office };
    g_autoptr(GBytes) cms = NULL;
    GError *why = NULL;
    const NskSignAct secrets = { .key = ask->act->key,
                                 .passphrase = ask->act->passphrase,
                                 .code = ask->act->code };
    Statement statement = { .letter = ask->duty->row->id,
                            .person = office->person,
                            .position = ask->duty->position,
                            .capacity = nsk_capacity_name(ask->duty->capacity),
                            .at = ask->now,
                            .objects = ask->bond->objects,
                            .n_objects = ask->bond->n_objects };

    if (ask->act->passphrase == NULL) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("this paraf is given with your certificate, as the profile "
                                   "says: add --sign, and give its passphrase"));
        return false;
    }
    if (!nsk_sign_desk_fill(&desk, &secrets, error))
        return false;
    g_autoptr(GBytes) text = write_statement(&statement);
    const void *bytes = g_bytes_get_data(text, &size);
    nsk_sha256(bytes, size, digest);
    if (!nsk_sign_desk_detached(&desk, digest, &cms, &why) ||
        !check_signer(office, text, cms, ask->name, &why))
        return refuse(office, ask->act, ask->now, why, error);
    *out_cms = g_base64_encode(g_bytes_get_data(cms, NULL), g_bytes_get_size(cms));
    return true;
}

/* --- Checking it. ------------------------------------------------------------------------------
 */

static const char *
find_cms(const NskJournalEvent *event)
{
    for (size_t i = 0; i < event->n_texts; i++) {
        if (strcmp(event->texts[i].name, NSK_PARAF_TEXT) == 0)
            return event->texts[i].text;
    }
    return NULL;
}

/* Whether the CMS is of this entry; trust is judged for the day on which it was given. */
static bool
holds(const NskJournalEvent *event, const char *cms)
{
    gsize size = 0;
    g_autofree guchar *bytes = g_base64_decode(cms, &size);
    Statement statement = { .letter = event->letter,
                            .person = event->actor,
                            .position = event->position,
                            .capacity = event->capacity,
                            .at = event->at,
                            .objects = event->objects,
                            .n_objects = event->n_objects };

    g_autoptr(GBytes) text = write_statement(&statement);
    NskCmsCheck check = { .cms = bytes,
                          .cms_size = size,
                          .content = &text,
                          .n_content = 1,
                          .pades = true,
                          .at = event->at,
                          .only_integrity = true };
    g_autoptr(NskCmsVerdict) verdict = nsk_cms_check(&check);
    return verdict->intact;
}

void
nsk_paraf_check(const GPtrArray *entries, NskIssues *issues)
{
    for (guint i = 0; i < entries->len; i++) {
        const NskJournalEntry *entry = g_ptr_array_index(entries, i);
        const char *cms =
            strcmp(entry->event.action, "paraf-given") == 0 ? find_cms(&entry->event) : NULL;

        if (cms == NULL || holds(&entry->event, cms))
            continue;
        g_autofree char *letter = g_strdup(entry->event.letter);
        NskIssue place = {
            "paraf-signature", NSK_SEVERITY_ERROR, letter, (unsigned)entry->seq, 0, NULL
        };

        nsk_issues_add(issues, &place,
                       nsk_tr("the signature of the paraf of '%s' does not fit what it was given "
                              "for"),
                       entry->event.actor);
    }
}
