/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows of the expedition book: one an addressee, one a receiver of a copy.
 *
 * INVARIANTS
 *   (1) A letter that was sent has a row for each addressee and each copy that its content names,
 *       but for letters that were sent before there was a book.
 *   (2) A row comes again from three places: the letter's record (state, channel, times), its
 *       content (who it is for), and its journal (tracking, receiver, note, proof in words).
 */
#include "base/message.h"
#include "office/delivery-private.h"

#include <string.h>

static const char sql_open_delivery[] =
    "INSERT INTO delivery (letter, role, n, unit, opened, position, party, channel, state, tries,"
    " at, sent, tracking, receiver, note) VALUES ($1, $2, $3, $4, $5, $6, $7,"
    " CASE $6 WHEN '' THEN '' ELSE 'internal' END,"
    " CASE $6 WHEN '' THEN 'waiting' ELSE 'delivered' END, $6 <> '', $5,"
    " CASE $6 WHEN '' THEN NULL ELSE $5 END, '', '', '') ON CONFLICT DO NOTHING";
static const char sql_list_deliveries[] =
    "SELECT letter, role, unit, position, party, channel, state, tracking, receiver, note, proof,"
    " n, tries, opened, at, sent FROM delivery WHERE letter = $1 ORDER BY role DESC, n";
static const char sql_list_book[] =
    "SELECT letter, role, unit, position, party, channel, state, tracking, receiver, note, proof,"
    " n, tries, opened, at, sent FROM delivery INDEXED BY delivery_book"
    " WHERE unit = $1 AND opened >= $2 AND opened < $3"
    " AND (opened, letter, role, n) > ($4, $5, $6, $7) ORDER BY opened, letter, role, n LIMIT $8";
static const char sql_list_open[] =
    "SELECT letter, role, unit, position, party, channel, state, tracking, receiver, note, proof,"
    " n, tries, opened, at, sent FROM delivery INDEXED BY delivery_open"
    " WHERE unit = $1 AND state <> 'delivered' AND opened >= $2 AND opened < $3"
    " AND (opened, letter, role, n) > ($4, $5, $6, $7) ORDER BY opened, letter, role, n LIMIT $8";
static const char sql_save_delivery[] =
    "UPDATE delivery SET channel = $4, state = $5, tries = $6, at = $7, sent = $8, tracking = $9,"
    " receiver = $10, note = $11, proof = $12 WHERE letter = $1 AND role = $2 AND n = $3";
static const char sql_name_delivery[] = "UPDATE delivery SET position = $4, party = $5"
                                        " WHERE letter = $1 AND role = $2 AND n = $3";
/* NULL: the step says nothing of it; what is sent anew ($6) begins anew */
static const char sql_tell_delivery[] =
    "UPDATE delivery SET tracking = coalesce($3, CASE $6 WHEN 1 THEN '' ELSE tracking END),"
    " receiver = coalesce($4, CASE $6 WHEN 1 THEN '' ELSE receiver END), note = coalesce($5, '')"
    " WHERE letter = $1 AND role || '-' || n = $2";

void
nsk_delivery_row_free(gpointer data)
{
    NskDeliveryRow *self = data;

    if (self == NULL)
        return;
    char *owned[] = { self->letter, self->role,     self->unit,  self->position,
                      self->party,  self->channel,  self->state, self->tracking,
                      self->note,   self->receiver, self->proof };
    for (size_t i = 0; i < G_N_ELEMENTS(owned); i++)
        g_free(owned[i]);
    g_free(self);
}

static gpointer
make_row(NskDbRows *row)
{
    NskDeliveryRow *self = g_new0(NskDeliveryRow, 1);
    char **texts[] = { &self->letter,   &self->role,    &self->unit,  &self->position,
                       &self->party,    &self->channel, &self->state, &self->tracking,
                       &self->receiver, &self->note,    &self->proof };

    for (int i = 0; i < (int)G_N_ELEMENTS(texts); i++)
        *texts[i] = g_strdup(nsk_db_rows_text(row, i));
    self->n = nsk_db_rows_int(row, 11);
    self->tries = nsk_db_rows_int(row, 12);
    self->opened = nsk_db_rows_int(row, 13);
    self->at = nsk_db_rows_int(row, 14);
    self->sent = nsk_db_rows_int(row, 15);
    return self;
}

/* The outsiders' names stand in the content alone: NULL without error if there is no outsider. */
static bool
read_outsiders(NskAct *act, const GPtrArray *parts, NskLetter **out_letter, GError **error)
{
    for (guint i = 0; i < parts->len; i++) {
        if (((const NskRoutePart *)parts->pdata[i])->position[0] != '\0')
            continue;
        *out_letter = nsk_office_read_letter(act->txn, act->row->id, error);
        return *out_letter != NULL;
    }
    return true;
}

static const char *
party_name(const NskLetter *letter, const char *role, int64_t n)
{
    const NskLetterFacts *facts = letter != NULL ? nsk_letter_get_facts(letter) : NULL;
    bool to = strcmp(role, "to") == 0;
    size_t count = facts == NULL ? 0 : to ? facts->n_addressees : facts->n_copies;

    if (n < 1 || (size_t)n > count)
        return "";
    const NskLetterParty *party = to ? &facts->addressees[n - 1] : &facts->copies[n - 1];
    return party->name != NULL ? party->name : "";
}

static bool
open_role(NskAct *act, const char *role, GError **error)
{
    g_autoptr(NskLetter) letter = NULL;
    g_autoptr(GPtrArray) parts = nsk_route_load(act->txn, act->row->id, role, error);

    if (parts == NULL || !read_outsiders(act, parts, &letter, error))
        return false;
    for (guint i = 0; i < parts->len; i++) {
        const NskRoutePart *part = g_ptr_array_index(parts, i);
        const char *name = part->position[0] == '\0' ? party_name(letter, role, part->n) : "";

        if (!nsk_db_exec(act->txn, sql_open_delivery,
                         NSK_DB_PARAMS(NSK_DB_TEXT(act->row->id), NSK_DB_TEXT(role),
                                       NSK_DB_INT(part->n), NSK_DB_TEXT(act->row->unit),
                                       NSK_DB_INT(act->now), NSK_DB_TEXT(part->position),
                                       NSK_DB_TEXT(name)),
                         NULL, error))
            return false;
    }
    return true;
}

bool
nsk_delivery_open(NskAct *act, GError **error)
{
    return open_role(act, "to", error) && open_role(act, "copy", error);
}

GPtrArray *
nsk_delivery_list(NskDbTxn *txn, const char *letter, GError **error)
{
    return nsk_db_collect(
        nsk_db_query(txn, sql_list_deliveries, NSK_DB_PARAMS(NSK_DB_TEXT(letter)), error), make_row,
        nsk_delivery_row_free, error);
}

GPtrArray *
nsk_delivery_book(NskDbTxn *txn, const NskDeliveryAsk *ask, GError **error)
{
    static const NskDeliveryPlace first = { 0, "", "", 0 };
    const NskDeliveryPlace *after = ask->after != NULL ? ask->after : &first;
    const NskDbValue params[] = { NSK_DB_TEXT(ask->unit),     NSK_DB_INT(ask->from),
                                  NSK_DB_INT(ask->until),     NSK_DB_INT(after->opened),
                                  NSK_DB_TEXT(after->letter), NSK_DB_TEXT(after->role),
                                  NSK_DB_INT(after->n),       NSK_DB_INT(ask->limit) };
    NskDbRows *rows = ask->open
                          ? nsk_db_query(txn, sql_list_open, params, G_N_ELEMENTS(params), error)
                          : nsk_db_query(txn, sql_list_book, params, G_N_ELEMENTS(params), error);

    return nsk_db_collect(rows, make_row, nsk_delivery_row_free, error);
}

bool
nsk_delivery_save(NskDbTxn *txn, const NskDeliveryRow *row, GError **error)
{
    return nsk_db_exec(
        txn, sql_save_delivery,
        NSK_DB_PARAMS(NSK_DB_TEXT(row->letter), NSK_DB_TEXT(row->role), NSK_DB_INT(row->n),
                      NSK_DB_TEXT(row->channel), NSK_DB_TEXT(row->state), NSK_DB_INT(row->tries),
                      NSK_DB_INT(row->at), row->sent != 0 ? NSK_DB_INT(row->sent) : NSK_DB_NULL,
                      NSK_DB_TEXT(row->tracking), NSK_DB_TEXT(row->receiver),
                      NSK_DB_TEXT(row->note), NSK_DB_TEXT(row->proof)),
        NULL, error);
}

/* --- Making rows again ----------------------------------------------------------------------- */

static bool
restore_names(NskDbTxn *txn,
              const char *id,
              const char *role,
              const NskLetterParty *parties,
              size_t n,
              GError **error)
{
    for (size_t i = 0; i < n; i++) {
        const char *position = parties[i].position != NULL ? parties[i].position : "";
        const char *name = parties[i].name != NULL ? parties[i].name : "";

        if (!nsk_db_exec(txn, sql_name_delivery,
                         NSK_DB_PARAMS(NSK_DB_TEXT(id), NSK_DB_TEXT(role),
                                       NSK_DB_INT((int64_t)i + 1), NSK_DB_TEXT(position),
                                       NSK_DB_TEXT(name)),
                         NULL, error))
            return false;
    }
    return true;
}

/* The text @name of an entry; NULL if it has none, or it was erased. */
static const char *
find_text(const NskJournalEvent *event, const char *name)
{
    for (size_t i = 0; i < event->n_texts; i++) {
        if (strcmp(event->texts[i].name, name) == 0)
            return event->texts[i].text;
    }
    return NULL;
}

static bool
restore_step(NskDbTxn *txn, const char *id, const NskJournalEvent *event, GError **error)
{
    if (!g_str_has_prefix(event->action, "delivery-") || event->task == NULL)
        return true;
    return nsk_db_exec(txn, sql_tell_delivery,
                       NSK_DB_PARAMS(NSK_DB_TEXT(id), NSK_DB_TEXT(event->task),
                                     NSK_DB_TEXT(find_text(event, "tracking")),
                                     NSK_DB_TEXT(find_text(event, "receiver")),
                                     NSK_DB_TEXT(event->reason),
                                     NSK_DB_INT(strcmp(event->action, "delivery-sent") == 0)),
                       NULL, error);
}

bool
nsk_delivery_restore(NskDbTxn *txn,
                     const char *id,
                     const NskLetter *letter,
                     const GPtrArray *entries,
                     GError **error)
{
    const NskLetterFacts *facts = nsk_letter_get_facts(letter);

    if (!restore_names(txn, id, "to", facts->addressees, facts->n_addressees, error) ||
        !restore_names(txn, id, "copy", facts->copies, facts->n_copies, error))
        return false;
    for (guint i = 0; i < entries->len; i++) {
        if (!restore_step(txn, id, &((const NskJournalEntry *)entries->pdata[i])->event, error))
            return false;
    }
    return true;
}

char *
nsk_delivery_name(NskDbTxn *txn, const NskDeliveryRow *row)
{
    if (row->position[0] == '\0')
        return g_strdup(row->party);
    g_autoptr(NskPosition) position = nsk_directory_get_position(txn, row->position, NULL);
    return g_strdup(position != NULL ? position->title : row->position);
}
