/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The agenda: the register of letters that come in.  An entry stands under the letter's id with
 * "/agenda" behind it, so that a letter may have a number of its own besides.
 *
 * An entry is bound at once, to the digest of the content that was entered: nothing renders it.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "office/office-private.h"

char *
nsk_agenda_id(const char *letter)
{
    return g_strconcat(letter, "/agenda", NULL);
}

/* The series that the profile of the letter has for its agenda. */
static NskSeries *
find_series(const NskAct *act, const NskProfile *profile, GError **error)
{
    const NskProfileSeries *rule = nsk_profile_get_agenda(profile);

    if (rule == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_UNSUPPORTED,
                    nsk_tr("the profile says no series for the agenda of '%s'; add <agenda "
                           "series=\"...\"/> to its numbering"),
                    act->row->unit);
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

static bool
reserve(NskAct *act, const char *id, NskRegisterEntry **out_entry, GError **error)
{
    const NskLetterRow *row = act->row;
    const NskProfile *profile =
        nsk_office_profile(act->office, act->txn, row->profile, row->profile_version, error);
    const NskKind *kind = profile != NULL ? nsk_office_kind(act->office, act->txn, row->kind,
                                                            row->kind_version, error)
                                          : NULL;
    g_autoptr(NskSeries) series = kind != NULL ? find_series(act, profile, error) : NULL;
    g_autoptr(NskPosition) post =
        series != NULL ? nsk_directory_get_position(act->txn, row->drafter, error) : NULL;
    g_auto(GStrv) units =
        post != NULL ? nsk_directory_unit_codes(act->txn, row->unit, error) : NULL;
    g_autoptr(NskLetter) letter =
        units != NULL ? nsk_office_read_letter(act->txn, row->id, error) : NULL;

    if (letter == NULL)
        return false;
    size_t n = g_strv_length(units);
    NskNumberRequest request = {
        .letter = id,
        .scope = { row->unit, row->drafter, row->kind, row->security, act->today },
        .parts = { .security = nsk_profile_get_class_code(profile, row->security),
                   .kind = nsk_kind_get_code(kind),
                   .unit = n > 0 ? units[n - 1] : NULL,
                   .post = post->code,
                   .kka = nsk_letter_get_facts(letter)->classification },
        .today = act->today,
        .now = act->now
    };
    for (size_t i = 0; i < MIN(n, NSK_NUMBER_UNITS); i++)
        request.parts.units[i] = units[i];
    return nsk_registry_reserve(act->txn, series, &request, out_entry, error);
}

bool
nsk_agenda_enter(NskAct *act, char **out_number, GError **error)
{
    g_autoptr(NskIncomingRow) incoming = NULL;
    g_autoptr(NskRegisterEntry) entry = NULL;
    g_autofree char *id = nsk_agenda_id(act->row->id);
    g_autofree char *content = nsk_hex(act->row->content, sizeof act->row->content);

    if (!nsk_incoming_find(act->txn, act->row->id, &incoming, error))
        return false;
    if (incoming == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("letter %s did not come in: it has no place in the agenda"),
                    act->row->id);
        return false;
    }
    if (incoming->agenda != NULL) {
        *out_number = g_strdup(incoming->agenda);
        return true;
    }
    if (!reserve(act, id, &entry, error) ||
        !nsk_registry_bind(act->txn, id, content, act->now, error) ||
        !nsk_incoming_set_agenda(act->txn, act->row->id, entry->number, error))
        return false;
    *out_number = g_strdup(entry->number);
    return true;
}

bool
nsk_agenda_void(NskAct *act, const NskEvent *because, const char *reason, GError **error)
{
    NskEvent event = *because;
    g_autoptr(NskRegisterEntry) entry = NULL;
    g_autofree char *id = nsk_agenda_id(act->row->id);

    if (!nsk_registry_find(act->txn, id, &entry, error))
        return false;
    if (entry == NULL || entry->state == NSK_ENTRY_VOID)
        return true;
    if (!nsk_registry_void(act->txn, id, reason, act->now, error))
        return false;
    event.action = "agenda-voided";
    event.sentence = "The number in the agenda is void and is not given again";
    event.kept = NSK_RECORD_LATER;
    return nsk_record(act, &event, error);
}
