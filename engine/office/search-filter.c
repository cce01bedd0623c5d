/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an archivist asks beside words: a period, who wrote, to whom, the classification, and who
 * held a position when the letter was written.
 *
 * The index only proposes letters; these are asked of the letter itself, after it is known that the
 * person may read it.
 */
#include "base/message.h"
#include "office/search-private.h"

#include <string.h>

bool
nsk_search_has_part(const char *text, const char *part)
{
    g_autofree char *whole = text != NULL ? g_utf8_casefold(text, -1) : NULL;
    g_autofree char *folded = g_utf8_casefold(part, -1);

    return whole != NULL && strstr(whole, folded) != NULL;
}

/* By the position's id, or a part of its title. */
static bool
is_position(NskDbTxn *txn, const char *id, const char *wanted)
{
    g_autoptr(NskPosition) position = nsk_directory_get_position(txn, id, NULL);

    return strcmp(id, wanted) == 0 ||
           (position != NULL && nsk_search_has_part(position->title, wanted));
}

static bool
is_party(NskDbTxn *txn, const NskLetterParty *party, const char *wanted)
{
    return party->position != NULL ? is_position(txn, party->position, wanted)
                                   : nsk_search_has_part(party->name, wanted) ||
                                         nsk_search_has_part(party->place, wanted);
}

static bool
is_from(NskDbTxn *txn, const NskLetterFacts *facts, const char *wanted)
{
    if (facts->received != NULL)
        return is_party(txn, &facts->received->origin, wanted);
    for (size_t i = 0; i < facts->n_signatories; i++) {
        if (is_position(txn, facts->signatories[i].position, wanted))
            return true;
    }
    return false;
}

static bool
is_to(NskDbTxn *txn, const NskLetterFacts *facts, const char *wanted)
{
    for (size_t i = 0; i < facts->n_addressees; i++) {
        if (is_party(txn, &facts->addressees[i], wanted))
            return true;
    }
    for (size_t i = 0; i < facts->n_copies; i++) {
        if (is_party(txn, &facts->copies[i], wanted))
            return true;
    }
    return false;
}

/* "KP.08" is KP.08 and all below it, and not KP.081. */
static bool
is_classified(const char *code, const char *wanted)
{
    size_t size = strlen(wanted);

    return code != NULL && g_ascii_strncasecmp(code, wanted, size) == 0 &&
           !g_ascii_isalnum(code[size]);
}

static bool
holds(const GPtrArray *held, const char *position)
{
    for (guint i = 0; position != NULL && i < held->len; i++) {
        if (strcmp(((const NskHolding *)g_ptr_array_index(held, i))->position, position) == 0)
            return true;
    }
    return false;
}

/* Whether the person held on @day a position that signs the letter or that it is for. */
static bool
is_of_person(NskDbTxn *txn,
             const NskLetterFacts *facts,
             const NskSearchKnown *known,
             bool *out,
             GError **error)
{
    NskDate day;

    *out = false;
    if (!nsk_date_parse(known->day, &day, error))
        return false;
    g_autoptr(GPtrArray) held = nsk_directory_held_by(txn, known->ask->person, day, error);
    if (held == NULL)
        return false;
    for (size_t i = 0; i < facts->n_signatories; i++)
        *out = *out || holds(held, facts->signatories[i].position);
    for (size_t i = 0; i < facts->n_addressees; i++)
        *out = *out || holds(held, facts->addressees[i].position);
    for (size_t i = 0; i < facts->n_copies; i++)
        *out = *out || holds(held, facts->copies[i].position);
    return true;
}

static bool
check_day(const char *text, const char *option, GError **error)
{
    NskDate day;

    if (text == NULL || nsk_date_parse(text, &day, NULL))
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("'%s' is no date (%s); write one such as 2026-07-22"), text, option);
    return false;
}

bool
nsk_search_filter_check(const NskSearchAsk *ask, GError **error)
{
    return check_day(ask->from, "from", error) && check_day(ask->until, "until", error);
}

bool
nsk_search_filter_is_set(const NskSearchAsk *ask)
{
    const char *const values[] = { ask->from,           ask->until,    ask->sender, ask->addressee,
                                   ask->classification, ask->person,   ask->kind,   ask->year,
                                   ask->unit,           ask->security, ask->state };

    for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
        if (values[i] != NULL)
            return true;
    }
    return false;
}

bool
nsk_search_filter_passes(NskDbTxn *txn,
                         const NskLetterRow *row,
                         const NskSearchKnown *known,
                         bool *out_passes,
                         GError **error)
{
    const NskSearchAsk *ask = known->ask;
    bool of_person = true;

    *out_passes = (ask->from == NULL || strcmp(known->day, ask->from) >= 0) &&
                  (ask->until == NULL || strcmp(known->day, ask->until) <= 0);
    if (!*out_passes || (ask->sender == NULL && ask->addressee == NULL &&
                         ask->classification == NULL && ask->person == NULL))
        return true;
    g_autoptr(NskLetter) letter = nsk_office_read_letter(txn, row->id, error);
    if (letter == NULL)
        return false;
    const NskLetterFacts *facts = nsk_letter_get_facts(letter);
    *out_passes =
        (ask->sender == NULL || is_from(txn, facts, ask->sender)) &&
        (ask->addressee == NULL || is_to(txn, facts, ask->addressee)) &&
        (ask->classification == NULL || is_classified(facts->classification, ask->classification));
    if (*out_passes && ask->person != NULL && !is_of_person(txn, facts, known, &of_person, error))
        return false;
    *out_passes = *out_passes && of_person;
    return true;
}

void
nsk_search_known_clear(NskSearchKnown *self)
{
    g_free(self->number);
    g_free(self->day);
}

bool
nsk_search_known_fill(NskDbTxn *txn,
                      const NskSearchAsk *ask,
                      const NskLetterRow *row,
                      NskSearchKnown *out,
                      GError **error)
{
    g_autoptr(NskIncomingRow) incoming = NULL;
    bool dated;

    if (!nsk_incoming_find(txn, row->id, &incoming, error))
        return false;
    dated = row->letter_date != NULL || (incoming != NULL && incoming->dated[0] != '\0');
    out->ask = ask;
    out->number = row->number != NULL                               ? g_strdup(row->number)
                  : incoming != NULL && incoming->number[0] != '\0' ? g_strdup(incoming->number)
                                                                    : NULL;
    out->dated = dated;
    out->day = row->letter_date != NULL ? g_strdup(row->letter_date)
               : dated                  ? g_strdup(incoming->dated)
                                        : nsk_instant_format(row->created);
    if (!dated)
        out->day[10] = '\0';
    return true;
}
