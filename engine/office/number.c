/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A letter's number and date (architecture.md, invariant 5): taken when the signatory is about to
 * sign, or by the service "number" of a workflow before.  In one change the content is locked, the
 * number reserved and written in, and settled who is to sign: the pages name them.
 */
#include "base/message.h"
#include "office/office-private.h"

#include <string.h>

#define MAX_UNIT_CODES NSK_NUMBER_UNITS

/* The series that numbers the letter, ready for the registry. */
static NskSeries *
find_series(NskOffice *office, NskDbTxn *txn, const NskLetterRow *row, GError **error)
{
    const NskProfile *profile =
        nsk_office_profile(office, txn, row->profile, row->profile_version, error);
    const NskProfileSeries *rule =
        profile != NULL ? nsk_profile_find_series(profile, row->kind) : NULL;

    if (profile == NULL)
        return NULL;
    if (rule == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_UNSUPPORTED,
                    nsk_tr("the profile has no number series for letters of kind '%s'"), row->kind);
        return NULL;
    }
    NskSeriesText text = { .name = rule->name,
                           .scope = rule->scope,
                           .taken = rule->taken,
                           .max_lag_days = rule->max_lag_days,
                           .width = rule->width,
                           .start = rule->start,
                           .pattern = rule->pattern };
    return nsk_series_new(&text, error);
}

/* What fills the number's pattern; strings are borrowed from the arguments and the rules. */
static bool
fill_parts(const NskAct *act, char **units, const char *post, NskNumberParts *parts, GError **error)
{
    const NskLetterRow *row = act->row;
    const NskProfile *profile =
        nsk_office_profile(act->office, act->txn, row->profile, row->profile_version, error);
    const NskKind *kind =
        nsk_office_kind(act->office, act->txn, row->kind, row->kind_version, error);
    size_t n = g_strv_length(units);

    if (profile == NULL || kind == NULL)
        return false;
    *parts = (NskNumberParts){ .security = nsk_profile_get_class_code(profile, row->security),
                               .kind = nsk_kind_get_code(kind),
                               .unit = n > 0 ? units[n - 1] : NULL,
                               .post = post };
    for (size_t i = 0; i < MIN(n, MAX_UNIT_CODES); i++)
        parts->units[i] = units[i];
    return true;
}

/* Takes the number; *out_entry: owned. */
static bool
take_number(NskAct *act,
            const NskLetter *letter,
            const NskRoutePart *part,
            NskRegisterEntry **out_entry,
            GError **error)
{
    const NskLetterRow *row = act->row;
    const NskLetterFacts *facts = nsk_letter_get_facts(letter);
    NskNumberRequest request = { .letter = row->id, .today = act->today, .now = act->now };
    g_autoptr(NskSeries) series = find_series(act->office, act->txn, row, error);
    g_autoptr(NskPosition) post =
        series != NULL ? nsk_directory_get_position(act->txn, part->position, error) : NULL;
    g_auto(GStrv) units =
        post != NULL ? nsk_directory_unit_codes(act->txn, row->unit, error) : NULL;

    if (units == NULL || !fill_parts(act, units, post->code, &request.parts, error))
        return false;
    request.parts.kka = facts->classification;
    request.date_asked = nsk_date_is_set(facts->date);
    request.scope =
        (NskScopeValues){ .unit = row->unit,
                          .post = part->position,
                          .kind = row->kind,
                          .security = row->security,
                          .date = nsk_date_is_set(facts->date) ? facts->date : act->today };
    return nsk_registry_reserve(act->txn, series, &request, out_entry, error);
}

/* A number that the letter had, and that could not stay its own, is told to be void. */
static bool
tell_void_number(NskAct *act,
                 const NskEvent *because,
                 const NskRegisterEntry *before,
                 GError **error)
{
    g_autoptr(NskRegisterEntry) now = NULL;
    g_autoptr(NskRegisterEntry) voided = NULL;

    if (before == NULL || before->state == NSK_ENTRY_VOID ||
        !nsk_registry_find(act->txn, act->row->id, &now, error))
        return before == NULL || before->state == NSK_ENTRY_VOID;
    if (now->seq == before->seq && strcmp(now->series, before->series) == 0 &&
        strcmp(now->unit, before->unit) == 0 && strcmp(now->scope, before->scope) == 0)
        return true;
    if (!nsk_registry_reload(act->txn, before, &voided, error))
        return false;
    g_autofree char *told = g_strdup_printf("%s: %s", before->number, voided->reason);
    NskEvent event = *because;
    event.action = "number-voided";
    event.sentence = "The number is void and is not given again";
    event.reason = told;
    event.kept = NSK_RECORD_LATER;
    return nsk_record(act, &event, error);
}

/* Puts one signature at its beginning, for the person whose name the pages will show; a step taken
 * already stays, for the same person only. */
bool
nsk_signing_reserve(NskAct *act,
                    const NskSignatory *signatory,
                    const NskRoutePart *part,
                    GError **error)
{
    g_autoptr(NskSigningRow) row = NULL;
    g_autofree char *field = g_strdup_printf("signatory-%" G_GINT64_FORMAT, part->n);

    if (!nsk_signing_find(act->txn, act->row->id, part->n, &row, error))
        return false;
    if (row != NULL && strcmp(row->state, "returned") != 0 && strcmp(row->state, "late") != 0)
        return nsk_check_signing_person(act->txn, row, signatory, error);
    NskSigningRow fresh = { .n = part->n,
                            .state = (char[]){ "reserved" },
                            .field = field,
                            .position = signatory->position,
                            .person = signatory->person->id,
                            .capacity = part->capacity };
    return nsk_signing_save(act->txn, act->row->id, &fresh, act->now, error);
}

/* Who signs what is settled for all signatories when the content is locked: the pages name them. */
bool
nsk_signing_reserve_others(NskAct *act, const NskRoutePart *own, GError **error)
{
    g_autoptr(GPtrArray) parts = nsk_route_load(act->txn, act->row->id, "signatory", error);

    for (guint i = 0; parts != NULL && i < parts->len; i++) {
        const NskRoutePart *part = g_ptr_array_index(parts, i);
        g_autoptr(NskSignatory) signatory = NULL;

        if (own != NULL && part->n == own->n)
            continue;
        signatory = nsk_check_signatory(act, part, NULL, error);
        if (signatory == NULL || !nsk_signing_reserve(act, signatory, part, error))
            return false;
    }
    return parts != NULL;
}

bool
nsk_number_take(NskAct *act, const NskRoutePart *part, const NskEvent *because, GError **error)
{
    NskLetterRow *row = act->row;
    g_autoptr(NskRegisterEntry) entry = NULL;
    g_autofree char *name = nsk_office_file_name(row->id, ".xml");
    g_autoptr(NskLetter) letter = nsk_office_read_letter(act->txn, row->id, error);

    g_autoptr(NskRegisterEntry) before = NULL;
    if (letter == NULL || !nsk_registry_find(act->txn, row->id, &before, error) ||
        !take_number(act, letter, part, &entry, error) ||
        !tell_void_number(act, because, before, error))
        return false;
    g_autoptr(NskLetter) numbered =
        nsk_letter_with_number(letter, entry->number, entry->letter_date, error);
    g_autoptr(GBytes) xml = numbered != NULL ? nsk_letter_canonical(numbered) : NULL;
    if (xml == NULL)
        return false;
    if (!nsk_store_head(act->txn, row->id, &row->draft, NULL, error))
        return false;
    row->locked = true;
    row->number = g_strdup(entry->number);
    row->letter_date = nsk_date_format(entry->letter_date);
    NskStoreFile file = { .name = name, .content = xml };
    NskJournalObject object = nsk_describe_bytes("letter", xml);
    NskJournalText texts[] = { { "number", row->number }, { "date", row->letter_date } };
    NskEvent event = *because;
    event.action = "number-taken";
    event.sentence = "Take the number and freeze the content";
    event.files = &file;
    event.n_files = 1;
    event.objects = &object;
    event.n_objects = 1;
    event.texts = texts;
    event.n_texts = G_N_ELEMENTS(texts);
    return nsk_record(act, &event, error);
}

bool
nsk_number_is_at_signing(NskOffice *office,
                         NskDbTxn *txn,
                         const NskLetterRow *row,
                         bool *out_is,
                         GError **error)
{
    g_autoptr(NskSeries) series = find_series(office, txn, row, error);

    if (series == NULL)
        return false;
    *out_is = nsk_series_get_taken(series) == NSK_TAKEN_SIGNING;
    return true;
}

bool
nsk_number_take_before(NskAct *act, const NskEvent *because, GError **error)
{
    g_autoptr(GPtrArray) parts = nsk_route_load(act->txn, act->row->id, "signatory", error);

    if (parts == NULL)
        return false;
    if (parts->len == 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("letter %s has nobody to sign it, so it gets no number"), act->row->id);
        return false;
    }
    return nsk_signing_reserve_others(act, NULL, error) &&
           nsk_number_take(act, g_ptr_array_index(parts, 0), because, error);
}
