/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How an office is told of its signers, and of who signs with which key there.
 *
 * INVARIANTS:
 *   (1) no secret is among what is kept: credentials stand in files of the office's folder, and
 *       people's passphrases nowhere;
 *   (2) a key is assigned only with a certificate that bears the person's name, or, where the
 *       signer shows none before it is unlocked, with any: then the signing itself looks at it;
 *   (3) signers are asked with no transaction open.
 */
#include "base/id.h"
#include "base/limits.h"
#include "base/message.h"
#include "office/admin-private.h"
#include "office/signer-private.h"

#include <string.h>

#define PART         "naskah-signer"
#define DAY_US       (G_GINT64_CONSTANT(86400) * 1000000)
#define MAX_KEY      200 /* bytes of what a signer calls a key */
#define SHOWN_DIGITS 4   /* of a key that is a person's number, at its end */

typedef struct {
    NskOffice *office;
    const NskSignerEntry *entry;
    NskSignerKind kind;
    char *settings;
    NskSignerRow *row; /* of an assignment; its name NULL: none any more */
    NskInstant now;
} Work;

static void
work_clear(Work *self)
{
    g_free(self->settings);
    nsk_signer_row_free(self->row);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, work_clear)

/* Writes what happened into the history of the office's rules. */
static bool
record(const Work *work, NskDbTxn *txn, NskOfficeEvent event, GError **error)
{
    event.origin = work->office->origin;
    event.history = NSK_RULES_HISTORY;
    event.actor = nsk_admin_actor(work->office, PART);
    event.auth = work->office->auth;
    event.now = work->now;
    return nsk_admin_check(work->office, txn, error) && nsk_record_office(txn, &event, error);
}

/* --- Adding ---------------------------------------------------------------------------------- */

static bool
apply_add(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    const Work *work = data;
    const char *name = work->entry->name;
    g_autoptr(NskJson) answer = nsk_json_object();

    if (!nsk_signer_put(txn, name, work->kind, work->settings, work->now, error) ||
        !record(work, txn,
                (NskOfficeEvent){ .action = "signer-added",
                                  .sentence = "Add or change a signer",
                                  .reason = name },
                error))
        return false;
    nsk_json_set_text(answer, "signer", name);
    nsk_json_set_text(answer, "kind", nsk_signer_kind_name(work->kind));
    *out_answer = nsk_json_canonical(answer);
    return true;
}

/* Judges what was entered. */
static bool
read_entry(Work *work, GError **error)
{
    const NskSignerEntry *entry = work->entry;
    g_autoptr(NskJson) settings = nsk_json_parse(entry->settings, strlen(entry->settings), error);

    if (settings == NULL)
        return false;
    if (!nsk_name_is_valid(entry->name)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%s' is no name of a signer: 1 to 64 of a-z, 0-9, '-', '.' and '_'"),
                    entry->name);
        return false;
    }
    if (!nsk_signer_kind_parse(entry->kind, &work->kind)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%s' is no kind of signer; it is pkcs12, pkcs11, csc or bsre"),
                    entry->kind);
        return false;
    }
    if (!nsk_signer_check_settings(work->kind, settings, error))
        return false;
    work->settings = nsk_json_canonical(settings);
    return true;
}

bool
nsk_do_signer_add(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    g_autofree char *answer = NULL;
    g_auto(Work) work = { .office = self, .entry = arguments, .now = nsk_clock_now(self->clock) };

    /* the same again changes nothing, so a request id is not needed */
    g_clear_pointer(&self->request_id, g_free);
    if (!read_entry(&work, error) || !nsk_office_commit(self, apply_add, &work, &answer, error))
        return false;
    *out_result = nsk_office_read_answer(answer, error);
    return *out_result != NULL;
}

/* --- Asking a signer ------------------------------------------------------------------------- */

/* The certificate, as it is told. */
static NskJson *
write_certificate(GPtrArray *chain, NskInstant now)
{
    const NskCertFacts *facts = chain != NULL ? nsk_cert_facts(g_ptr_array_index(chain, 0)) : NULL;
    NskJson *json = nsk_json_object();

    if (facts == NULL)
        return json;
    g_autofree char *until = nsk_instant_format(facts->not_after);
    nsk_json_set_text(json, "subject", facts->subject);
    nsk_json_set_text(json, "issuer", facts->issuer);
    nsk_json_set_text(json, "serial", facts->serial);
    nsk_json_set_text(json, "fingerprint", facts->fingerprint);
    nsk_json_set_text(json, "until", until);
    nsk_json_set_int(json, "days", (facts->not_after - now) / DAY_US);
    return json;
}

/* Asks what the key can do.  The signer is returned, for its facts and certificates. */
static NskSigner *
ask_signer(NskOffice *office,
           NskSigners *signers,
           const NskSignerRow *row,
           NskSignerFault *out_fault,
           GError **error)
{
    NskSignerTarget target = { .name = row->name,
                               .kind = row->kind,
                               .settings = row->settings,
                               .office = office->dir,
                               .key = row->key,
                               .chain = row->chain,
                               .fingerprint = row->fingerprint,
                               .now = nsk_clock_now(office->clock) };
    g_autoptr(NskSigner) signer = nsk_signer_open(signers, &target, error);

    out_fault->kind = NSK_SIGNER_FAULT_SETTINGS;
    if (signer == NULL)
        return NULL;
    bool good = nsk_signer_describe(signer, error);
    *out_fault = nsk_signer_get_fault(signer);
    return good ? g_steal_pointer(&signer) : NULL;
}

/* --- Assigning ------------------------------------------------------------------------------- */

static bool
check_name(const NskPerson *person, GPtrArray *chain, GError **error)
{
    const NskCert *cert = g_ptr_array_index(chain, 0);

    if (nsk_name_in_certificate(person->name, cert))
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED,
                nsk_tr("the certificate is that of %s, and not of %s; nothing was assigned"),
                nsk_cert_facts(cert)->subject, person->name);
    return false;
}

/* What is known of the signer and the person; the certificate if it was given. */
static bool
read_assignment(Work *work,
                const NskSignerAssignment *given,
                NskPerson **out_person,
                GError **error)
{
    NskSignerRow *row = work->row;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(work->office->reader, error);

    if (txn == NULL)
        return false;
    *out_person = nsk_directory_get_person(txn, given->person, error);
    if (*out_person == NULL)
        return false;
    row->person = g_strdup(given->person);
    if (given->signer == NULL)
        return true;
    row->name = g_strdup(given->signer);
    row->key = g_strdup(given->key);
    if (given->key == NULL || given->key[0] == '\0' || strlen(given->key) > MAX_KEY) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("say which key of '%s' it is: a file, a label, an id or a NIK"),
                    given->signer);
        return false;
    }
    if (given->certificate != NULL) {
        row->chain = nsk_certs_parse(g_bytes_get_data(given->certificate, NULL),
                                     g_bytes_get_size(given->certificate), error);
        if (row->chain == NULL)
            return false;
    }
    return nsk_signer_get(txn, row->name, &row->kind, &row->settings, error);
}

/* Takes the certificate that is expected from now on: the one given, or what the signer shows. */
static bool
find_certificate(Work *work, const NskPerson *person, GError **error)
{
    NskSignerRow *row = work->row;

    if (row->chain == NULL) {
        NskSignerFault fault;
        g_autoptr(NskSigners) signers = nsk_signers_new();
        g_autoptr(NskSigner) signer = ask_signer(work->office, signers, row, &fault, error);

        if (signer == NULL)
            return false;
        if (nsk_signer_get_chain(signer) != NULL)
            row->chain = g_ptr_array_ref(nsk_signer_get_chain(signer));
        g_clear_pointer(&signer, nsk_signer_free);
    }
    if (row->chain == NULL)
        return true;
    if (!check_name(person, row->chain, error))
        return false;
    row->fingerprint = g_strdup(nsk_cert_facts(g_ptr_array_index(row->chain, 0))->fingerprint);
    return true;
}

static bool
apply_assign(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    Work *work = data;
    const NskSignerRow *row = work->row;
    bool had = true;
    g_autoptr(NskJson) answer = nsk_json_object();
    g_autofree char *reason =
        g_strdup_printf("%s: %s", row->person, row->name != NULL ? row->name : "-");
    bool ok = row->name != NULL ? nsk_signer_key_put(txn, row, work->now, error)
                                : nsk_signer_key_drop(txn, row->person, &had, error);

    if (!ok || !record(work, txn,
                       (NskOfficeEvent){ .action = "signer-assigned",
                                         .sentence = "Say who signs with which key",
                                         .reason = reason },
                       error))
        return false;
    nsk_json_set_text(answer, "person", row->person);
    nsk_json_set_text(answer, "signer", row->name);
    nsk_json_set_bool(answer, "had", had);
    nsk_json_set(answer, "certificate", write_certificate(row->chain, work->now));
    *out_answer = nsk_json_canonical(answer);
    return true;
}

bool
nsk_do_signer_assign(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    const NskSignerAssignment *given = arguments;
    g_autofree char *answer = NULL;
    g_autoptr(NskPerson) person = NULL;
    g_auto(Work) work = { .office = self,
                          .row = g_new0(NskSignerRow, 1),
                          .now = nsk_clock_now(self->clock) };

    g_clear_pointer(&self->request_id, g_free);
    if (!read_assignment(&work, given, &person, error) ||
        (work.row->name != NULL && !find_certificate(&work, person, error)) ||
        !nsk_office_commit(self, apply_assign, &work, &answer, error))
        return false;
    *out_result = nsk_office_read_answer(answer, error);
    return *out_result != NULL;
}

/* --- Listing and checking -------------------------------------------------------------------- */

/* A NIK is not for everybody's eyes: its last digits tell it apart. */
static char *
write_key(const NskSignerRow *row)
{
    size_t length = strlen(row->key);

    if (row->kind != NSK_SIGNER_BSRE || length <= SHOWN_DIGITS || strchr(row->key, '@') != NULL)
        return g_strdup(row->key);
    return g_strconcat("...", row->key + length - SHOWN_DIGITS, NULL);
}

static NskJson *
write_row(NskDbTxn *txn, const NskSignerRow *row, NskInstant now)
{
    NskJson *json = nsk_json_object();
    g_autofree char *key = write_key(row);
    g_autoptr(NskPerson) person = nsk_directory_get_person(txn, row->person, NULL);

    nsk_json_set_text(json, "person", row->person);
    nsk_json_set_text(json, "name", person != NULL ? person->printed : row->person);
    nsk_json_set_text(json, "signer", row->name);
    nsk_json_set_text(json, "key", key);
    nsk_json_set(json, "certificate", write_certificate(row->chain, now));
    return json;
}

static NskJson *
write_signer(NskDbTxn *txn, const char *name, GPtrArray *rows, NskInstant now, GError **error)
{
    NskSignerKind kind;
    NskJson *settings = NULL;

    if (!nsk_signer_get(txn, name, &kind, &settings, error))
        return NULL;
    NskJson *json = nsk_json_object();
    NskJson *people = nsk_json_array();
    nsk_json_set_text(json, "signer", name);
    nsk_json_set_text(json, "kind", nsk_signer_kind_name(kind));
    nsk_json_set(json, "settings", settings);
    for (guint i = 0; i < rows->len; i++) {
        const NskSignerRow *row = g_ptr_array_index(rows, i);

        if (strcmp(row->name, name) == 0)
            nsk_json_add(people, write_row(txn, row, now));
    }
    nsk_json_set(json, "people", people);
    return json;
}

bool
nsk_office_signer_list(NskOffice *self, NskJson **out_result, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(GPtrArray) names = txn != NULL ? nsk_signer_list_names(txn, error) : NULL;
    g_autoptr(GPtrArray) rows = names != NULL ? nsk_signer_rows_list(txn, error) : NULL;
    g_autoptr(NskJson) list = nsk_json_array();

    if (rows == NULL)
        return false;
    for (guint i = 0; i < names->len; i++) {
        NskJson *one =
            write_signer(txn, g_ptr_array_index(names, i), rows, nsk_clock_now(self->clock), error);

        if (one == NULL)
            return false;
        nsk_json_add(list, one);
    }
    *out_result = nsk_json_object();
    nsk_json_set(*out_result, "signers", g_steal_pointer(&list));
    return true;
}

/* Asks about one key, and adds to @json what came of it. */
static bool
check_row(NskOffice *office, NskSigners *signers, const NskSignerRow *row, NskJson *json)
{
    NskSignerFault fault = { NSK_SIGNER_FAULT_NONE, 0 };
    g_autoptr(GError) why = NULL;
    g_autoptr(NskSigner) signer = ask_signer(office, signers, row, &fault, &why);

    nsk_json_set_text(json, "state", signer != NULL ? "ready" : nsk_signer_fault_name(fault.kind));
    if (signer == NULL) {
        nsk_json_set_text(json, "error", why->message);
        return false;
    }
    const NskSignerFacts *facts = nsk_signer_get_facts(signer);
    nsk_json_set_text(json, "proof", nsk_signer_proof_name(facts->proof));
    nsk_json_set_int(json, "batch", facts->batch);
    nsk_json_set_bool(json, "whole_pdf", facts->whole_pdf);
    if (nsk_signer_get_chain(signer) != NULL)
        nsk_json_set(json, "certificate",
                     write_certificate(nsk_signer_get_chain(signer), nsk_clock_now(office->clock)));
    return true;
}

/* The keys that are asked about; those of one person or signer only, if it is named. */
static bool
is_asked(const NskSignerRow *row, const char *only)
{
    return only == NULL || strcmp(row->name, only) == 0 || strcmp(row->person, only) == 0;
}

bool
nsk_office_signer_check(NskOffice *self, const char *only, NskJson **out_result, GError **error)
{
    g_autoptr(NskSigners) signers = nsk_signers_new();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(GPtrArray) rows = txn != NULL ? nsk_signer_rows_list(txn, error) : NULL;
    g_autoptr(NskJson) list = nsk_json_array();
    int64_t failed = 0;

    for (guint i = 0; rows != NULL && i < rows->len; i++)
        if (is_asked(g_ptr_array_index(rows, i), only))
            nsk_json_add(list,
                         write_row(txn, g_ptr_array_index(rows, i), nsk_clock_now(self->clock)));
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    for (guint i = 0, at = 0; rows != NULL && i < rows->len; i++)
        if (is_asked(g_ptr_array_index(rows, i), only) &&
            !check_row(self, signers, g_ptr_array_index(rows, i), nsk_json_at(list, at++)))
            failed++;
    if (rows == NULL)
        return false;
    if (only != NULL && nsk_json_length(list) == 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("nobody signs with '%s', and '%s' is nobody who signs; see 'naskah "
                           "signer list'"),
                    only, only);
        return false;
    }
    *out_result = nsk_json_object();
    nsk_json_set(*out_result, "keys", g_steal_pointer(&list));
    nsk_json_set_int(*out_result, "failed", failed);
    return true;
}
