/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The use cases that change something, as a table: what each is called on the socket, what its
 * arguments are, and what does it.  A handle of a process that writes does it at once; any other
 * has the server of the office do it, if there is one.
 *
 * Texts travel with their NUL as parts of the frame, numbers in its JSON; paths never do.
 */
#include "base/bytes.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/message.h"
#include "office/delivery-private.h"
#include "office/disposal.h"
#include "office/door.h"
#include "office/incoming-private.h"
#include "office/loan.h"
#include "office/records.h"
#include "office/remote-private.h"
#include "office/sso.h"
#include "office/token-private.h"

#include <string.h>

#define WORDS_LIMIT 131072 /* bytes of a text, as of a word on the command line */

typedef enum { FIELD_TEXT, FIELD_BYTES, FIELD_NUMBER } FieldType;

typedef struct {
    const char *name; /* NULL ends a table */
    FieldType type;
    bool needed;
    size_t at;    /* in the structure of the arguments */
    size_t limit; /* bytes */
} Field;

struct _NskCall {
    const char *name;
    const Field *fields;
    size_t size; /* of the structure of the arguments */
    bool (*run)(NskOffice *, const void *, NskJson **, GError **);
    bool owners; /* for the owner of the office's folder, who need be nobody in the office */
};

#define TEXT(type, member, needed)                                                                 \
    {                                                                                              \
#member, FIELD_TEXT, needed, offsetof(type, member), WORDS_LIMIT                           \
    }
#define BYTES(type, member, needed, limit)                                                         \
    {                                                                                              \
#member, FIELD_BYTES, needed, offsetof(type, member), limit                                \
    }
#define NUMBER(type, member)                                                                       \
    {                                                                                              \
#member, FIELD_NUMBER, true, offsetof(type, member), 0                                     \
    }
#define END                                                                                        \
    {                                                                                              \
        NULL, FIELD_TEXT, false, 0, 0                                                              \
    }

static const Field letter_new_fields[] = {
    TEXT(NskBatchLetter, draft.name, true),
    BYTES(NskBatchLetter, draft.xml, true, NSK_LIMIT_LETTER_SIZE),
    TEXT(NskBatchLetter, draft.position, false),
    TEXT(NskBatchLetter, batch, false),
    NUMBER(NskBatchLetter, line),
    END,
};

static const Field letter_edit_fields[] = {
    TEXT(NskLetterEdit, letter, true),
    TEXT(NskLetterEdit, name, true),
    BYTES(NskLetterEdit, xml, true, NSK_LIMIT_LETTER_SIZE),
    NUMBER(NskLetterEdit, base),
    TEXT(NskLetterEdit, file_name, false),
    BYTES(NskLetterEdit, file, false, NSK_LIMIT_ATTACHMENT),
    TEXT(NskLetterEdit, file_sha256, false),
    TEXT(NskLetterEdit, removed, false),
    TEXT(NskLetterEdit, outcome, false),
    TEXT(NskLetterEdit, note, false),
    TEXT(NskLetterEdit, act, false),
    END,
};

static const Field letter_withdraw_fields[] = {
    TEXT(NskWithdrawal, letter, true),
    TEXT(NskWithdrawal, reason, false),
    END,
};

static const Field incoming_register_fields[] = {
    TEXT(NskIncomingChange, letter, true),
    BYTES(NskIncomingChange, xml, true, NSK_LIMIT_LETTER_SIZE),
    TEXT(NskIncomingChange, unit, true),
    TEXT(NskIncomingChange, file_name, false),
    BYTES(NskIncomingChange, file, false, NSK_LIMIT_ATTACHMENT),
    TEXT(NskIncomingChange, file_sha256, false),
    BYTES(NskIncomingChange, text, false, NSK_LIMIT_SEARCH_TEXT),
    TEXT(NskIncomingChange, act, true),
    NUMBER(NskIncomingChange, double_said),
    TEXT(NskIncomingChange, system, false),
    TEXT(NskIncomingChange, former_id, false),
    TEXT(NskIncomingChange, former_number, false),
    END,
};

static const Field incoming_act_fields[] = {
    TEXT(NskIncomingAct, task, true),
    TEXT(NskIncomingAct, outcome, true),
    TEXT(NskIncomingAct, to, false),
    TEXT(NskIncomingAct, note, false),
    END,
};

static const Field incoming_amend_fields[] = {
    TEXT(NskIncomingAmend, letter, true),
    TEXT(NskIncomingAmend, act, true),
    TEXT(NskIncomingAmend, reason, false),
    TEXT(NskIncomingAmend, channel, false),
    TEXT(NskIncomingAmend, origin, false),
    TEXT(NskIncomingAmend, attention, false),
    TEXT(NskIncomingAmend, place, false),
    TEXT(NskIncomingAmend, number, false),
    TEXT(NskIncomingAmend, date, false),
    TEXT(NskIncomingAmend, due, false),
    TEXT(NskIncomingAmend, at, false),
    TEXT(NskIncomingAmend, subject, false),
    TEXT(NskIncomingAmend, summary, false),
    TEXT(NskIncomingAmend, classification, false),
    TEXT(NskIncomingAmend, urgency, false),
    TEXT(NskIncomingAmend, file_name, false),
    BYTES(NskIncomingAmend, file, false, NSK_LIMIT_ATTACHMENT),
    TEXT(NskIncomingAmend, file_sha256, false),
    BYTES(NskIncomingAmend, text, false, NSK_LIMIT_SEARCH_TEXT),
    TEXT(NskIncomingAmend, request, true),
    NUMBER(NskIncomingAmend, double_said),
    END,
};

static const Field task_act_fields[] = {
    TEXT(NskTaskAct, task, true),
    TEXT(NskTaskAct, outcome, true),
    TEXT(NskTaskAct, note, false),
    TEXT(NskTaskAct, content, false),
    BYTES(NskTaskAct, key, false, NSK_LIMIT_KEY_SIZE),
    TEXT(NskTaskAct, passphrase, false),
    TEXT(NskTaskAct, code, false),
    END,
};

static const Field deed_fields[] = {
    TEXT(NskDeed, deed, true),  TEXT(NskDeed, task, true), TEXT(NskDeed, to, false),
    TEXT(NskDeed, note, false), NUMBER(NskDeed, number),   END,
};

static const Field handover_fields[] = {
    TEXT(NskHandoverAct, id, false),    TEXT(NskHandoverAct, position, false),
    TEXT(NskHandoverAct, giver, false), TEXT(NskHandoverAct, receiver, false),
    TEXT(NskHandoverAct, note, false),  END,
};

static const Field berkas_fields[] = {
    TEXT(NskBerkasAct, act, true),
    TEXT(NskBerkasAct, berkas, false),
    TEXT(NskBerkasAct, unit, false),
    TEXT(NskBerkasAct, scheme, false),
    TEXT(NskBerkasAct, code, false),
    TEXT(NskBerkasAct, title, false),
    TEXT(NskBerkasAct, letter, false),
    TEXT(NskBerkasAct, date, false),
    TEXT(NskBerkasAct, note, false),
    TEXT(NskBerkasAct, hold, false),
    END,
};

static const Field loan_fields[] = {
    TEXT(NskLoanAct, act, true),    TEXT(NskLoanAct, loan, false),  TEXT(NskLoanAct, unit, false),
    TEXT(NskLoanAct, what, false),  TEXT(NskLoanAct, until, false), TEXT(NskLoanAct, letter, false),
    TEXT(NskLoanAct, place, false), TEXT(NskLoanAct, note, false),  END,
};

static const Field disposal_fields[] = {
    TEXT(NskDisposalAct, act, true),      TEXT(NskDisposalAct, disposal, false),
    TEXT(NskDisposalAct, berkas, false),  TEXT(NskDisposalAct, as, false),
    TEXT(NskDisposalAct, note, false),    TEXT(NskDisposalAct, consent, false),
    TEXT(NskDisposalAct, first, false),   TEXT(NskDisposalAct, second, false),
    TEXT(NskDisposalAct, confirm, false), END,
};

static const Field roster_fields[] = {
    TEXT(NskTurnAct, what, true),
    TEXT(NskTurnAct, person, true),
    TEXT(NskTurnAct, position, false),
    TEXT(NskTurnAct, from, true),
    TEXT(NskTurnAct, until, false),
    TEXT(NskTurnAct, hours, false),
    TEXT(NskTurnAct, substitute, false),
    TEXT(NskTurnAct, note, false),
    NUMBER(NskTurnAct, end),
    END,
};

static const Field disposition_fields[] = {
    TEXT(NskDispositionAct, act, true),
    TEXT(NskDispositionAct, task, true),
    TEXT(NskDispositionAct, receivers, false),
    TEXT(NskDispositionAct, instructions, false),
    TEXT(NskDispositionAct, note, false),
    TEXT(NskDispositionAct, due, false),
    END,
};

static const Field letter_note_fields[] = {
    TEXT(NskLetterNote, letter, true),
    TEXT(NskLetterNote, text, true),
    END,
};

static const Field workflow_migrate_fields[] = {
    TEXT(NskInstanceMove, workflow, true),
    TEXT(NskInstanceMove, letter, false),
    TEXT(NskInstanceMove, plan, false),
    NUMBER(NskInstanceMove, dry_run),
    END,
};

static const Field workflow_deploy_fields[] = {
    TEXT(NskDeployment, name, true),
    BYTES(NskDeployment, content, true, NSK_LIMIT_FLOW_SIZE),
    END,
};

static const Field profile_deploy_fields[] = {
    TEXT(NskDeployment, name, true),
    BYTES(NskDeployment, content, true, NSK_LIMIT_FORM_SIZE),
    END,
};

static const Field token_make_fields[] = {
    TEXT(NskTokenWish, label, true),
    TEXT(NskTokenWish, scopes, true),
    NUMBER(NskTokenWish, days),
    END,
};

static const Field token_revoke_fields[] = {
    TEXT(NskTokenRevocation, id, true),
    END,
};

static const Field sign_prepare_fields[] = {
    TEXT(NskSignAct, task, true),
    END,
};

static const Field sign_confirm_fields[] = {
    TEXT(NskSignAct, task, true),
    TEXT(NskSignAct, sha256, true),
    BYTES(NskSignAct, key, false, NSK_LIMIT_KEY_SIZE),
    TEXT(NskSignAct, passphrase, false),
    TEXT(NskSignAct, code, false),
    END,
};

static const Field sign_batch_fields[] = {
    TEXT(NskSignBatch, tasks, true),
    TEXT(NskSignBatch, sha256, true),
    BYTES(NskSignBatch, key, false, NSK_LIMIT_KEY_SIZE),
    TEXT(NskSignBatch, passphrase, false),
    TEXT(NskSignBatch, code, false),
    END,
};

static const Field external_fields[] = {
    TEXT(NskExternal, letter, true),
    TEXT(NskExternal, system, false),
    TEXT(NskExternal, number, true),
    TEXT(NskExternal, id, false),
    END,
};

static const Field dispatch_fields[] = {
    TEXT(NskDispatchWork, step.step, true),
    TEXT(NskDispatchWork, step.letter, true),
    TEXT(NskDispatchWork, step.parties, false),
    TEXT(NskDispatchWork, step.channel, false),
    TEXT(NskDispatchWork, step.tracking, false),
    TEXT(NskDispatchWork, step.receiver, false),
    TEXT(NskDispatchWork, step.note, false),
    BYTES(NskDispatchWork, file, false, NSK_LIMIT_ATTACHMENT),
    TEXT(NskDispatchWork, file_sha256, false),
    TEXT(NskDispatchWork, ending, false),
    END,
};

static const Field letter_print_fields[] = {
    TEXT(NskPrint, letter, true),
    END,
};

static const Field evidence_record_fields[] = {
    TEXT(NskEvidenceRecord, letter, true),
    TEXT(NskEvidenceRecord, sha256, true),
    NUMBER(NskEvidenceRecord, size),
    END,
};

static const Field reading_record_fields[] = {
    TEXT(NskReadingRecord, letter, true), TEXT(NskReadingRecord, how, true),
    TEXT(NskReadingRecord, what, false),  TEXT(NskReadingRecord, sha256, false),
    NUMBER(NskReadingRecord, size),       END,
};

static const Field task_scan_fields[] = {
    TEXT(NskScan, task, true),
    BYTES(NskScan, pdf, true, NSK_LIMIT_SCAN_SIZE),
    TEXT(NskScan, note, false),
    END,
};

static const Field signer_add_fields[] = {
    TEXT(NskSignerEntry, name, true),
    TEXT(NskSignerEntry, kind, true),
    TEXT(NskSignerEntry, settings, true),
    END,
};

static const Field mail_choose_fields[] = {
    TEXT(NskMailWish, tasks, false),
    TEXT(NskMailWish, language, false),
    TEXT(NskMailWish, handle, false),
    END,
};

static const Field signer_assign_fields[] = {
    TEXT(NskSignerAssignment, person, true),
    TEXT(NskSignerAssignment, signer, false),
    TEXT(NskSignerAssignment, key, false),
    BYTES(NskSignerAssignment, certificate, false, NSK_LIMIT_KEY_SIZE),
    END,
};

static const Field account_fields[] = {
    TEXT(NskAccountAct, person, true),
    TEXT(NskAccountAct, act, true),
    TEXT(NskAccountAct, name, false),
    TEXT(NskAccountAct, hash, false),
    END,
};

static const Field sso_link_fields[] = {
    TEXT(NskSsoLink, person, true),
    TEXT(NskSsoLink, subject, false),
    END,
};

static const Field office_file_fields[] = {
    TEXT(NskOfficeFile, name, true),
    BYTES(NskOfficeFile, bytes, true, NSK_LIMIT_XML_SIZE),
    END,
};

enum {
    LETTER_NEW,
    LETTER_EDIT,
    LETTER_WITHDRAW,
    TASK_ACT,
    SIGN_PREPARE,
    SIGN_CONFIRM,
    SIGN_BATCH,
    SIGN_RESUME,
    SIGN_CANCEL,
    LETTER_PRINT,
    EVIDENCE_RECORD,
    READING_RECORD,
    TASK_SCAN,
    TOKEN_MAKE,
    TOKEN_REVOKE,
    WORKFLOW_DEPLOY,
    PROFILE_DEPLOY,
    DEED,
    WORKFLOW_MIGRATE,
    DISPATCH,
    LETTER_EXTERNAL,
    ROSTER,
    HANDOVER,
    INCOMING_REGISTER,
    INCOMING_ACT,
    INCOMING_AMEND,
    DISPOSITION,
    LETTER_NOTE,
    SIGNER_ADD,
    SIGNER_ASSIGN,
    ACCOUNT,
    SSO_LINK,
    MAIL_CHOOSE,
    DIRECTORY_LOAD,
    CALENDAR_LOAD,
    RECORDS_LOAD,
    BERKAS,
    DISPOSAL,
    LOAN,
};

static const NskCall calls[] = {
    [LETTER_NEW] = { "letter-new", letter_new_fields, sizeof(NskBatchLetter), nsk_do_letter_new },
    [LETTER_EDIT] = { "letter-edit", letter_edit_fields, sizeof(NskLetterEdit),
                      nsk_do_letter_edit },
    [LETTER_WITHDRAW] = { "letter-withdraw", letter_withdraw_fields, sizeof(NskWithdrawal),
                          nsk_do_letter_withdraw },
    [INCOMING_REGISTER] = { "incoming-register", incoming_register_fields,
                            sizeof(NskIncomingChange), nsk_do_incoming_register },
    [INCOMING_ACT] = { "incoming-act", incoming_act_fields, sizeof(NskIncomingAct),
                       nsk_do_incoming_act },
    [INCOMING_AMEND] = { "incoming-amend", incoming_amend_fields, sizeof(NskIncomingAmend),
                         nsk_do_incoming_amend },
    [TASK_ACT] = { "task-act", task_act_fields, sizeof(NskTaskAct), nsk_do_task_act },
    [SIGN_PREPARE] = { "sign-prepare", sign_prepare_fields, sizeof(NskSignAct),
                       nsk_do_sign_prepare },
    [SIGN_CONFIRM] = { "sign-confirm", sign_confirm_fields, sizeof(NskSignAct),
                       nsk_do_sign_confirm },
    [SIGN_BATCH] = { "sign-batch", sign_batch_fields, sizeof(NskSignBatch), nsk_do_sign_batch },
    [SIGN_RESUME] = { "sign-resume", sign_prepare_fields, sizeof(NskSignAct), nsk_do_sign_resume },
    [SIGN_CANCEL] = { "sign-cancel", sign_prepare_fields, sizeof(NskSignAct), nsk_do_sign_cancel },
    [LETTER_PRINT] = { "letter-print", letter_print_fields, sizeof(NskPrint), nsk_do_letter_print },
    [EVIDENCE_RECORD] = { "evidence-record", evidence_record_fields, sizeof(NskEvidenceRecord),
                          nsk_do_evidence_record },
    [READING_RECORD] = { "reading-record", reading_record_fields, sizeof(NskReadingRecord),
                         nsk_do_reading_record },
    [TASK_SCAN] = { "task-scan", task_scan_fields, sizeof(NskScan), nsk_do_task_scan },
    [DEED] = { "deed", deed_fields, sizeof(NskDeed), nsk_do_deed },
    [HANDOVER] = { "handover", handover_fields, sizeof(NskHandoverAct), nsk_do_handover },
    [RECORDS_LOAD] = { "records-load", office_file_fields, sizeof(NskOfficeFile),
                       nsk_do_records_load, true },
    [BERKAS] = { "berkas", berkas_fields, sizeof(NskBerkasAct), nsk_do_berkas },
    [LOAN] = { "loan", loan_fields, sizeof(NskLoanAct), nsk_do_loan },
    [DISPOSAL] = { "disposal", disposal_fields, sizeof(NskDisposalAct), nsk_do_disposal },
    [ROSTER] = { "roster", roster_fields, sizeof(NskTurnAct), nsk_do_roster },
    [DISPOSITION] = { "disposition", disposition_fields, sizeof(NskDispositionAct),
                      nsk_do_disposition },
    [LETTER_NOTE] = { "letter-note", letter_note_fields, sizeof(NskLetterNote),
                      nsk_do_letter_note },
    [WORKFLOW_MIGRATE] = { "workflow-migrate", workflow_migrate_fields, sizeof(NskInstanceMove),
                           nsk_do_workflow_migrate },
    [LETTER_EXTERNAL] = { "letter-external", external_fields, sizeof(NskExternal),
                          nsk_do_letter_external },
    [DISPATCH] = { "dispatch", dispatch_fields, sizeof(NskDispatchWork), nsk_do_dispatch },
    [DIRECTORY_LOAD] = { "directory-load", office_file_fields, sizeof(NskOfficeFile),
                         nsk_do_directory_load, true },
    [SIGNER_ADD] = { "signer-add", signer_add_fields, sizeof(NskSignerEntry), nsk_do_signer_add,
                     true },
    [SIGNER_ASSIGN] = { "signer-assign", signer_assign_fields, sizeof(NskSignerAssignment),
                        nsk_do_signer_assign, true },
    [ACCOUNT] = { "account", account_fields, sizeof(NskAccountAct), nsk_do_account, true },
    [SSO_LINK] = { "sso-link", sso_link_fields, sizeof(NskSsoLink), nsk_do_sso_link, true },
    [MAIL_CHOOSE] = { "mail-choose", mail_choose_fields, sizeof(NskMailWish), nsk_do_mail_choose },
    [CALENDAR_LOAD] = { "calendar-load", office_file_fields, sizeof(NskOfficeFile),
                        nsk_do_calendar_load, true },
    [TOKEN_MAKE] = { "token-make", token_make_fields, sizeof(NskTokenWish), nsk_do_token_make },
    [TOKEN_REVOKE] = { "token-revoke", token_revoke_fields, sizeof(NskTokenRevocation),
                       nsk_do_token_revoke },
    [WORKFLOW_DEPLOY] = { "workflow-deploy", workflow_deploy_fields, sizeof(NskDeployment),
                          nsk_do_workflow_deploy },
    [PROFILE_DEPLOY] = { "profile-deploy", profile_deploy_fields, sizeof(NskDeployment),
                         nsk_do_profile_deploy },
};

/* --- The table ------------------------------------------------------------------------------- */

const NskCall *
nsk_call_find(const char *name)
{
    for (size_t i = 0; name != NULL && i < G_N_ELEMENTS(calls); i++) {
        if (strcmp(calls[i].name, name) == 0)
            return &calls[i];
    }
    return NULL;
}

const char *
nsk_call_get_name(const NskCall *self)
{
    return self->name;
}

bool
nsk_call_is_owners(const NskCall *self)
{
    return self->owners;
}

bool
nsk_call_run(const NskCall *self,
             NskOffice *office,
             const void *arguments,
             NskJson **out_result,
             GError **error)
{
    return self->run(office, arguments, out_result, error);
}

/* What a field holds, as bytes; NULL if nothing. */
static GBytes *
field_bytes(const Field *field, const void *arguments)
{
    const uint8_t *at = (const uint8_t *)arguments + field->at;
    const char *text;
    GBytes *bytes;

    if (field->type == FIELD_TEXT) {
        memcpy(&text, at, sizeof text);
        return nsk_secret_new(text);
    }
    memcpy(&bytes, at, sizeof bytes);
    return bytes != NULL ? g_bytes_ref(bytes) : NULL;
}

NskJson *
nsk_call_encode(const NskCall *self, const void *arguments, GPtrArray *parts)
{
    NskJson *value = nsk_json_object();

    for (const Field *field = self->fields; field->name != NULL; field++) {
        int64_t number;

        if (field->type == FIELD_NUMBER) {
            memcpy(&number, (const uint8_t *)arguments + field->at, sizeof number);
            nsk_json_set_int(value, field->name, number);
            continue;
        }
        GBytes *bytes = field_bytes(field, arguments);
        if (bytes == NULL)
            continue;
        nsk_json_set_int(value, field->name, (int64_t)parts->len);
        g_ptr_array_add(parts, bytes);
    }
    return value;
}

/* A text is whole: it is UTF-8 and ends in the one NUL that it has. */
static bool
is_text(GBytes *part)
{
    size_t size;
    const char *data = g_bytes_get_data(part, &size);

    return size > 0 && memchr(data, '\0', size) == data + size - 1 &&
           nsk_utf8_is_valid(data, size - 1);
}

/* Puts the part that @value names for the field into the arguments. */
static bool
decode_part(const Field *field, const NskJson *value, const NskFrame *frame, gpointer arguments)
{
    int64_t index = nsk_json_get_int(value, field->name, -1);
    uint8_t *at = (uint8_t *)arguments + field->at;

    if (nsk_json_get(value, field->name) == NULL)
        return !field->needed;
    if (index < 0 || (uint64_t)index >= frame->n_parts)
        return false;
    GBytes *part = frame->parts[index];
    if (g_bytes_get_size(part) > field->limit)
        return false;
    if (field->type == FIELD_TEXT) {
        const char *text = g_bytes_get_data(part, NULL);

        memcpy(at, &text, sizeof text);
        return is_text(part);
    }
    memcpy(at, &part, sizeof part);
    return true;
}

static bool
decode_field(const Field *field, const NskJson *value, const NskFrame *frame, gpointer arguments)
{
    if (field->type != FIELD_NUMBER)
        return decode_part(field, value, frame, arguments);
    int64_t number = nsk_json_get_int(value, field->name, 0);
    memcpy((uint8_t *)arguments + field->at, &number, sizeof number);
    return true;
}

gpointer
nsk_call_decode(const NskCall *self, const NskFrame *frame, GError **error)
{
    const NskJson *value = nsk_json_get(frame->value, "arguments");
    g_autofree gpointer arguments = g_malloc0(self->size);

    for (const Field *field = self->fields; field->name != NULL; field++) {
        if (decode_field(field, value, frame, arguments))
            continue;
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("the request '%s' has no good '%s'; use the program 'naskah'"),
                    self->name, field->name);
        return NULL;
    }
    return g_steal_pointer(&arguments);
}

/* --- The use cases --------------------------------------------------------------------------- */

/* Does it here, in a process that ends with it: under an id, made if none was given, by which it
 * can be repeated should it not be known whether it was done. */
static bool
run_alone(NskOffice *self,
          const NskCall *call,
          const void *arguments,
          NskJson **out_result,
          GError **error)
{
    GError *fault = NULL;
    g_autofree char *id =
        self->request_id != NULL ? g_strdup(self->request_id) : nsk_id_new(self->clock);

    if (self->request_id == NULL)
        self->request_id = g_strdup(id);
    bool ok = call->run(self, arguments, out_result, &fault);
    g_clear_pointer(&self->request_id, g_free);
    return ok || nsk_remote_explain(fault, id, error);
}

static bool
call(NskOffice *self, int which, const void *arguments, NskJson **out_result, GError **error)
{
    int fd;

    if (!nsk_remote_reach(self, &fd, error))
        return false;
    if (fd >= 0)
        return nsk_remote_call(self, fd, &calls[which], arguments, out_result, error);
    if (self->service == self->own_service)
        return run_alone(self, &calls[which], arguments, out_result, error);
    return calls[which].run(self, arguments, out_result, error);
}

bool
nsk_office_letter_new(NskOffice *self,
                      const NskNewLetter *draft,
                      NskJson **out_result,
                      GError **error)
{
    const NskBatchLetter letter = { .draft = *draft };

    return call(self, LETTER_NEW, &letter, out_result, error);
}

bool
nsk_office_letter_of_batch(NskOffice *self,
                           const NskBatchLetter *letter,
                           NskJson **out_result,
                           GError **error)
{
    return call(self, LETTER_NEW, letter, out_result, error);
}

bool
nsk_office_letter_edit(NskOffice *self,
                       const NskLetterEdit *edit,
                       NskJson **out_result,
                       GError **error)
{
    return call(self, LETTER_EDIT, edit, out_result, error);
}

bool
nsk_office_letter_withdraw(NskOffice *self,
                           const char *letter,
                           const char *reason,
                           NskJson **out_result,
                           GError **error)
{
    const NskWithdrawal withdrawal = { letter, reason };

    return call(self, LETTER_WITHDRAW, &withdrawal, out_result, error);
}

bool
nsk_call_incoming_register(NskOffice *self,
                           const NskIncomingChange *change,
                           NskJson **out_result,
                           GError **error)
{
    return call(self, INCOMING_REGISTER, change, out_result, error);
}

bool
nsk_call_incoming_act(NskOffice *self,
                      const NskIncomingAct *act,
                      NskJson **out_result,
                      GError **error)
{
    return call(self, INCOMING_ACT, act, out_result, error);
}

bool
nsk_call_incoming_amend(NskOffice *self,
                        const NskIncomingAmend *amend,
                        NskJson **out_result,
                        GError **error)
{
    return call(self, INCOMING_AMEND, amend, out_result, error);
}

bool
nsk_office_task_act(NskOffice *self, const NskTaskAct *act, NskJson **out_result, GError **error)
{
    return call(self, TASK_ACT, act, out_result, error);
}

bool
nsk_office_sign_prepare(NskOffice *self, const char *task, NskJson **out_result, GError **error)
{
    const NskSignAct act = { .task = task };

    return call(self, SIGN_PREPARE, &act, out_result, error);
}

bool
nsk_office_sign_confirm(NskOffice *self,
                        const NskSignAct *act,
                        NskJson **out_result,
                        GError **error)
{
    return call(self, SIGN_CONFIRM, act, out_result, error);
}

bool
nsk_office_sign_confirm_all(NskOffice *self,
                            const char *const *tasks,
                            size_t n,
                            const NskSignAct *act,
                            NskJson **out_result,
                            GError **error)
{
    g_autoptr(GString) all = g_string_new(NULL);

    for (size_t i = 0; i < n; i++)
        g_string_append_printf(all, "%s%s", i > 0 ? "\n" : "", tasks[i]);
    const NskSignBatch batch = { all->str, act->sha256, act->key, act->passphrase, act->code };
    return call(self, SIGN_BATCH, &batch, out_result, error);
}

bool
nsk_office_sign_resume(NskOffice *self, const char *task, NskJson **out_result, GError **error)
{
    const NskSignAct act = { .task = task };

    return call(self, SIGN_RESUME, &act, out_result, error);
}

bool
nsk_office_sign_cancel(NskOffice *self, const char *task, NskJson **out_result, GError **error)
{
    const NskSignAct act = { .task = task };

    return call(self, SIGN_CANCEL, &act, out_result, error);
}

bool
nsk_office_letter_print(NskOffice *self, const char *letter, NskJson **out_result, GError **error)
{
    const NskPrint print = { letter };

    return call(self, LETTER_PRINT, &print, out_result, error);
}

bool
nsk_call_evidence_record(NskOffice *self,
                         const NskEvidenceRecord *record,
                         NskJson **out_result,
                         GError **error)
{
    return call(self, EVIDENCE_RECORD, record, out_result, error);
}

bool
nsk_call_reading_record(NskOffice *self,
                        const NskReadingRecord *record,
                        NskJson **out_result,
                        GError **error)
{
    return call(self, READING_RECORD, record, out_result, error);
}

bool
nsk_office_task_scan(NskOffice *self, const NskScan *scan, NskJson **out_result, GError **error)
{
    return call(self, TASK_SCAN, scan, out_result, error);
}

bool
nsk_office_workflow_deploy(NskOffice *self,
                           const NskDeployment *deployment,
                           NskJson **out_result,
                           GError **error)
{
    return call(self, WORKFLOW_DEPLOY, deployment, out_result, error);
}

bool
nsk_office_profile_deploy(NskOffice *self,
                          const NskDeployment *deployment,
                          NskJson **out_result,
                          GError **error)
{
    return call(self, PROFILE_DEPLOY, deployment, out_result, error);
}

bool
nsk_office_handover(NskOffice *self,
                    const NskHandoverAct *act,
                    NskJson **out_result,
                    GError **error)
{
    return call(self, HANDOVER, act, out_result, error);
}

bool
nsk_office_records_load(NskOffice *self,
                        const NskOfficeFile *file,
                        NskJson **out_result,
                        GError **error)
{
    return call(self, RECORDS_LOAD, file, out_result, error);
}

bool
nsk_office_berkas(NskOffice *self, const NskBerkasAct *act, NskJson **out_result, GError **error)
{
    return call(self, BERKAS, act, out_result, error);
}

bool
nsk_office_loan(NskOffice *self, const NskLoanAct *act, NskJson **out_result, GError **error)
{
    return call(self, LOAN, act, out_result, error);
}

bool
nsk_office_disposal(NskOffice *self,
                    const NskDisposalAct *act,
                    NskJson **out_result,
                    GError **error)
{
    return call(self, DISPOSAL, act, out_result, error);
}

bool
nsk_office_roster(NskOffice *self, const NskTurnAct *act, NskJson **out_result, GError **error)
{
    return call(self, ROSTER, act, out_result, error);
}

bool
nsk_office_deed(NskOffice *self, const NskDeed *deed, NskJson **out_result, GError **error)
{
    return call(self, DEED, deed, out_result, error);
}

bool
nsk_office_workflow_migrate(NskOffice *self,
                            const NskInstanceMove *move,
                            NskJson **out_result,
                            GError **error)
{
    return call(self, WORKFLOW_MIGRATE, move, out_result, error);
}

bool
nsk_office_dispatch_work(NskOffice *self,
                         const NskDispatchWork *work,
                         NskJson **out_result,
                         GError **error)
{
    return call(self, DISPATCH, work, out_result, error);
}

bool
nsk_office_disposition(NskOffice *self,
                       const NskDispositionAct *act,
                       NskJson **out_result,
                       GError **error)
{
    return call(self, DISPOSITION, act, out_result, error);
}

bool
nsk_office_letter_note(NskOffice *self,
                       const NskLetterNote *note,
                       NskJson **out_result,
                       GError **error)
{
    return call(self, LETTER_NOTE, note, out_result, error);
}

bool
nsk_call_directory_load(NskOffice *self,
                        const NskOfficeFile *file,
                        NskJson **out_result,
                        GError **error)
{
    return call(self, DIRECTORY_LOAD, file, out_result, error);
}

bool
nsk_office_signer_add(NskOffice *self,
                      const NskSignerEntry *entry,
                      NskJson **out_result,
                      GError **error)
{
    return call(self, SIGNER_ADD, entry, out_result, error);
}

bool
nsk_office_mail_choose(NskOffice *self,
                       const NskMailWish *wish,
                       NskJson **out_result,
                       GError **error)
{
    return call(self, MAIL_CHOOSE, wish, out_result, error);
}

bool
nsk_office_signer_assign(NskOffice *self,
                         const NskSignerAssignment *given,
                         NskJson **out_result,
                         GError **error)
{
    return call(self, SIGNER_ASSIGN, given, out_result, error);
}

bool
nsk_office_account_act(NskOffice *self,
                       const NskAccountAct *act,
                       NskJson **out_result,
                       GError **error)
{
    return call(self, ACCOUNT, act, out_result, error);
}

bool
nsk_office_sso_link(NskOffice *self, const NskSsoLink *link, NskJson **out_result, GError **error)
{
    return call(self, SSO_LINK, link, out_result, error);
}

bool
nsk_office_calendar_load(NskOffice *self,
                         const NskOfficeFile *file,
                         NskJson **out_result,
                         GError **error)
{
    return call(self, CALENDAR_LOAD, file, out_result, error);
}

bool
nsk_office_letter_external(NskOffice *self,
                           const NskExternal *external,
                           NskJson **out_result,
                           GError **error)
{
    return call(self, LETTER_EXTERNAL, external, out_result, error);
}

bool
nsk_office_token_make(NskOffice *self,
                      const NskTokenWish *wish,
                      NskJson **out_result,
                      GError **error)
{
    return call(self, TOKEN_MAKE, wish, out_result, error);
}

bool
nsk_office_token_revoke(NskOffice *self, const char *id, NskJson **out_result, GError **error)
{
    const NskTokenRevocation which = { id };

    return call(self, TOKEN_REVOKE, &which, out_result, error);
}
