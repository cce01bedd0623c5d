/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether a letter of the kind "salinan" is what it says: the very bytes that were signed,
 * certified by who may.
 *
 * INVARIANT: what is checked is in the content that the signature binds: the id of the first
 * letter, and size and digest of its signed PDF.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "office/access-private.h"
#include "office/copy-private.h"
#include "office/disposal-private.h"

#include <string.h>

#define DESK "salinan"

char *
nsk_copy_certifier(NskOffice *office, NskDbTxn *txn, const NskLetterRow *original, GError **error)
{
    g_autofree char *version = nsk_rule_current(txn, "profile", original->profile, error);
    const NskProfile *profile =
        version != NULL ? nsk_office_profile(office, txn, original->profile, version, error) : NULL;
    const NskProfileDesk *desk =
        profile != NULL ? nsk_profile_find_desk(profile, DESK, original->unit) : NULL;

    if (profile == NULL)
        return NULL;
    return desk != NULL ? g_strdup(desk->position)
                        : nsk_disposal_archivist(txn, original->unit, error);
}

char *
nsk_copy_line(const NskLetter *copy, const char *label)
{
    const NskXmlNode *body = nsk_letter_get_facts(copy)->body;
    const NskXmlNode *rows = body != NULL ? nsk_xml_first(body) : NULL;

    for (; rows != NULL; rows = nsk_xml_next(rows)) {
        const NskXmlNode *row =
            strcmp(nsk_xml_name(rows), "rows") == 0 ? nsk_xml_first(rows) : NULL;

        for (; row != NULL; row = nsk_xml_next(row)) {
            if (g_strcmp0(nsk_xml_attr(row, "label"), label) == 0)
                return nsk_xml_text_folded(row);
        }
    }
    return NULL;
}

/* --- What is wrong with it. ------------------------------------------------------------------- */

typedef struct {
    NskOffice *office;
    NskDbTxn *txn;
    const NskLetterRow *row;
    const NskLetter *letter;
    NskIssues *issues;
    bool by_reader; /* else by who certifies, who sees the letter in its copy */
} Check;

static void report(const Check *self, const char *tag, const char *format, ...) G_GNUC_PRINTF(3, 4);

static void
report(const Check *self, const char *tag, const char *format, ...)
{
    const NskXmlDoc *doc = nsk_letter_get_doc(self->letter);
    g_autofree char *text = NULL;
    va_list args;

    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    nsk_xml_issue(doc, nsk_xml_doc_get_root(doc), self->issues, tag, "%s", text);
}

/* The letter that it is of; NULL without error if there is none such, which is reported. */
static bool
find_original(const Check *self, NskLetterRow **out_row, GError **error)
{
    g_autoptr(GError) fault = NULL;
    const NskLetterFacts *facts = nsk_letter_get_facts(self->letter);
    const char *id = facts->n_references == 1 ? facts->references[0].letter : NULL;

    *out_row = NULL;
    if (id != NULL)
        *out_row = self->by_reader ? nsk_access_letter(self->office, self->txn, id, &fault)
                                   : nsk_letter_row_load(self->txn, id, &fault);
    if (*out_row != NULL)
        return true;
    if (fault != NULL && !g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND) &&
        !g_error_matches(fault, NSK_ERROR, NSK_ERROR_GONE)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    report(self, "copy-original",
           nsk_tr("a certified copy refers to the one letter that it is of, by its id; begin it "
                  "with 'naskah copy new'"));
    return true;
}

/* Its only attachment is the signed PDF, by its digest. */
static bool
check_bytes(const Check *self, const NskLetterRow *original, GError **error)
{
    g_autoptr(GBytes) pdf = NULL;
    const NskLetterFacts *facts = nsk_letter_get_facts(self->letter);

    if (!nsk_office_find_pages(self->txn, original->id, &pdf, error))
        return false;
    g_autofree char *sha256 =
        pdf != NULL ? nsk_sha256_hex(g_bytes_get_data(pdf, NULL), g_bytes_get_size(pdf)) : NULL;
    if (sha256 == NULL || facts->n_attachments != 1 ||
        g_strcmp0(facts->attachments[0].file_sha256, sha256) != 0)
        report(self, "copy-original",
               nsk_tr("what is attached is not the signed PDF of letter %s; begin the copy anew "
                      "with 'naskah copy new'"),
               original->id);
    return true;
}

static bool
check_certifier(const Check *self, const NskLetterRow *original, GError **error)
{
    g_autofree char *certifier = nsk_copy_certifier(self->office, self->txn, original, error);
    const NskLetterFacts *facts = nsk_letter_get_facts(self->letter);
    const NskLetterSignatory *signatory = facts->n_signatories == 1 ? facts->signatories : NULL;

    if (certifier == NULL)
        return false;
    /* a mandate to sign is not one to certify */
    if (signatory == NULL || strcmp(signatory->position, certifier) != 0 ||
        signatory->capacity == NSK_CAPACITY_AN || signatory->capacity == NSK_CAPACITY_UB)
        report(self, "copy-certifier",
               nsk_tr("copies of letters of '%s' are certified by '%s' himself, not by '%s'"),
               original->unit, certifier, signatory != NULL ? signatory->position : "-");
    return true;
}

bool
nsk_copy_check_original(NskOffice *office, NskDbTxn *txn, const NskLetterRow *row, GError **error)
{
    bool is_paper, has;
    bool is_signed = strcmp(row->state, "signed") == 0 || strcmp(row->state, "archived") == 0;

    if (!nsk_paper_is(office, txn, row, &is_paper, error) ||
        !nsk_office_has_pages(txn, row->id, &has, error))
        return false;
    if (nsk_letter_row_is_secret(row)) {
        g_set_error(
            error, NSK_ERROR, NSK_ERROR_CONFLICT,
            nsk_tr("letter %s is secret: its copies are numbered, and are made by who sends "
                   "it; it has no certified ones"),
            row->id);
        return false;
    }
    if (has && is_signed && !is_paper && strcmp(row->kind, NSK_COPY_KIND) != 0)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                strcmp(row->kind, NSK_COPY_KIND) == 0
                    ? nsk_tr("letter %s is a certified copy itself; copy the letter that it is of")
                    : nsk_tr("letter %s has no pages that were signed here: certified copies are "
                             "made of those"),
                row->id);
    return false;
}

static bool
find_faults(const Check *self, GError **error)
{
    g_autoptr(GError) refusal = NULL;
    g_autoptr(NskLetterRow) original = NULL;
    const NskLetterFacts *facts = nsk_letter_get_facts(self->letter);

    if (!find_original(self, &original, error))
        return false;
    if (original == NULL)
        return true;
    if (!nsk_copy_check_original(self->office, self->txn, original, &refusal)) {
        if (!g_error_matches(refusal, NSK_ERROR, NSK_ERROR_CONFLICT)) {
            g_propagate_error(error, g_steal_pointer(&refusal));
            return false;
        }
        report(self, "copy-original", "%s", refusal->message);
        return true;
    }
    if (strcmp(nsk_security_name(facts->security), original->security) != 0)
        report(self, "copy-original", "%s",
               nsk_tr("a copy has the security class of its original"));
    return check_bytes(self, original, error) && check_certifier(self, original, error);
}

bool
nsk_copy_find_faults(NskOffice *office,
                     NskDbTxn *txn,
                     const NskLetterRow *row,
                     const NskLetter *letter,
                     NskIssues *issues,
                     GError **error)
{
    const Check self = { office, txn, row, letter, issues, true };

    return strcmp(row->kind, NSK_COPY_KIND) != 0 || find_faults(&self, error);
}

bool
nsk_copy_check(NskOffice *office, NskDbTxn *txn, const NskLetterRow *row, GError **error)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskLetter) letter = NULL;

    if (strcmp(row->kind, NSK_COPY_KIND) != 0)
        return true;
    letter = nsk_office_read_letter(txn, row->id, error);
    const Check self = { office, txn, row, letter, issues, false };
    return letter != NULL && find_faults(&self, error) && nsk_issues_to_error(issues, error);
}

/* --- Telling it. ------------------------------------------------------------------------------ */

/* Who signed it, as printed; "" if that cannot be known. */
static char *
find_signer(NskDbTxn *txn, const char *copy)
{
    g_autoptr(NskSigningRow) signing = NULL;
    g_autoptr(NskPerson) person = NULL;

    if (nsk_signing_find(txn, copy, 1, &signing, NULL) && signing != NULL)
        person = nsk_directory_get_person(txn, signing->person, NULL);
    return g_strdup(person != NULL ? person->printed : "");
}

bool
nsk_copy_tell(NskAct *act, GError **error)
{
    g_autoptr(NskLetter) copy = NULL;

    if (strcmp(act->row->kind, NSK_COPY_KIND) != 0)
        return true;
    copy = nsk_office_read_letter(act->txn, act->row->id, error);
    if (copy == NULL)
        return false;
    const NskLetterFacts *facts = nsk_letter_get_facts(copy);
    if (facts->n_references != 1 || facts->references[0].letter == NULL ||
        facts->n_signatories != 1)
        return true; /* an agency's own kind of that name */
    g_autoptr(NskLetterRow) row = nsk_letter_row_load(act->txn, facts->references[0].letter, error);
    if (row == NULL)
        return false;
    g_autofree char *recipient = nsk_copy_line(copy, NSK_COPY_FOR);
    g_autofree char *purpose = nsk_copy_line(copy, NSK_COPY_WHY);
    g_autofree char *signer = find_signer(act->txn, act->row->id);
    /* in the language of the letters, and apart from the entry: it names people */
    g_autofree char *words =
        g_strdup_printf("%s, disahkan %s, diberikan kepada %s untuk keperluan: %s",
                        act->row->number != NULL ? act->row->number : act->row->id, signer,
                        recipient != NULL ? recipient : "-", purpose != NULL ? purpose : "-");
    const NskJournalText text = { "by", act->row->id };
    NskAct first = { act->office, act->txn, row, act->now, act->today, "naskah-dispatch" };
    const NskEvent event = { .action = "copy-certified",
                             .sentence = "A certified copy was made of this letter",
                             .position = facts->signatories[0].position,
                             .state_from = row->state,
                             .reason = words,
                             .kept = NSK_RECORD_SAME,
                             .texts = &text,
                             .n_texts = 1 };
    return nsk_record(&first, &event, error);
}
