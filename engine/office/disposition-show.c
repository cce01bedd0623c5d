/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tree of dispositions as a person may see it; see disposition-tree.c. */
#include "base/message.h"
#include "office/disposition-private.h"

#include <string.h>

/* What is shown, and with which words. */
typedef struct {
    NskOffice *office;
    NskDbTxn *txn;
    const NskLetterRow *row;
    const NskProfile *profile;
    NskDate today;
    NskTree tree;
} View;

/* --- Names. ----------------------------------------------------------------------------------- */

/* What a directory has no more stands as its id. */
static void
set_title(const View *view, NskJson *json, const char *key, const char *position)
{
    g_autoptr(NskPosition) found = nsk_directory_get_position(view->txn, position, NULL);

    nsk_json_set_text(json, key, found != NULL ? found->title : position);
}

static void
set_name(const View *view, NskJson *json, const char *person)
{
    g_autoptr(NskPerson) found =
        person != NULL ? nsk_directory_get_person(view->txn, person, NULL) : NULL;
    bool is_program = person != NULL && person[0] == '\0';

    nsk_json_set_text(json, "name", found != NULL ? found->printed : is_program ? NULL : person);
}

static void
set_time(NskJson *json, const char *key, NskInstant at)
{
    g_autofree char *text = at != 0 ? nsk_instant_format(at) : NULL;

    nsk_json_set_text(json, key, text);
}

/* Who holds the position today. */
static void
set_holder(const View *view, NskJson *json, const char *position)
{
    g_autoptr(GPtrArray) holders = nsk_directory_holders(view->txn, position, view->today, NULL);
    const NskHolding *first =
        holders != NULL && holders->len > 0 ? g_ptr_array_index(holders, 0) : NULL;
    g_autoptr(NskPerson) person =
        first != NULL ? nsk_directory_get_person(view->txn, first->person, NULL) : NULL;

    nsk_json_set_text(json, "holder", person != NULL ? person->printed : NULL);
}

static NskJson *
instruction_to_json(const char *id, const char *print)
{
    NskJson *json = nsk_json_object();

    nsk_json_set_text(json, "id", id);
    nsk_json_set_text(json, "print", print != NULL ? print : id);
    return json;
}

static NskJson *
instructions_to_json(const View *view, const char *ids)
{
    NskJson *list = nsk_json_array();
    g_auto(GStrv) words = g_strsplit(ids, " ", -1);

    for (int i = 0; words[i] != NULL; i++) {
        if (words[i][0] != '\0')
            nsk_json_add(list, instruction_to_json(words[i], nsk_profile_find_instruction(
                                                                 view->profile, words[i])));
    }
    return list;
}

/* --- The tree. -------------------------------------------------------------------------------- */

/* Whether the way from @receiver down leads to one that the person sees. */
static bool
leads_to_own(const View *view, const NskReceiverRow *receiver)
{
    for (guint i = 0; i < view->tree.receivers->len; i++) {
        const NskReceiverRow *other = g_ptr_array_index(view->tree.receivers, i);

        if (nsk_tree_sees(&view->tree, other) && nsk_tree_is_below(&view->tree, other, receiver))
            return true;
    }
    return false;
}

/* Whether @receiver is led, in the disposition @n, by a position of the person. */
static bool
is_led(const View *view, int64_t n)
{
    for (guint i = 0; i < view->tree.receivers->len; i++) {
        const NskReceiverRow *other = g_ptr_array_index(view->tree.receivers, i);

        if (other->n == n && other->lead && nsk_tree_is_own(&view->tree, other->position))
            return true;
    }
    return false;
}

static NskJson *list_below(const View *view, const NskReceiverRow *giver);

static bool
is_overdue(const View *view, const NskReceiverRow *receiver)
{
    NskDate due;
    const NskDispositionRow *row = nsk_tree_disposition(&view->tree, receiver->n);

    return row != NULL && row->due != NULL && nsk_receiver_is_open(receiver) &&
           nsk_date_parse(row->due, &due, NULL) && nsk_date_compare(due, view->today) < 0;
}

/* What only those above, and the receiver himself, are told. */
static void
set_answer(const View *view, NskJson *json, const NskReceiverRow *receiver)
{
    nsk_json_set_text(json, "state", receiver->state);
    nsk_json_set_text(json, "task", receiver->task);
    set_time(json, "read", receiver->read);
    set_time(json, "answered", receiver->answered);
    set_time(json, "urged", receiver->urged);
    set_name(view, json, receiver->doer);
    nsk_json_set_text(json, "report", receiver->report[0] != '\0' ? receiver->report : NULL);
    nsk_json_set_bool(json, "overdue", is_overdue(view, receiver));
}

static NskJson *
receiver_to_json(const View *view, const NskReceiverRow *receiver)
{
    NskJson *json = nsk_json_object();
    bool sees = nsk_tree_sees(&view->tree, receiver);

    nsk_json_set_text(json, "position", receiver->position);
    set_title(view, json, "title", receiver->position);
    nsk_json_set_bool(json, "lead", receiver->lead);
    nsk_json_set_bool(json, "mine", nsk_tree_is_own(&view->tree, receiver->position));
    set_holder(view, json, receiver->position);
    if (sees)
        set_answer(view, json, receiver);
    if (sees || leads_to_own(view, receiver))
        nsk_json_set(json, "dispositions", list_below(view, receiver));
    return json;
}

static NskJson *
disposition_to_json(const View *view, const NskDispositionRow *row)
{
    NskJson *json = nsk_json_object();
    NskJson *receivers = nsk_json_array();

    nsk_json_set_int(json, "n", row->n);
    nsk_json_set_text(json, "state", row->state);
    nsk_json_set_text(json, "giver", row->giver);
    set_title(view, json, "title", row->giver);
    set_name(view, json, row->person);
    nsk_json_set_text(json, "capacity", row->capacity);
    nsk_json_set_text(json, "proposer", row->proposer);
    set_time(json, "at", row->at);
    nsk_json_set(json, "instructions", instructions_to_json(view, row->instructions));
    nsk_json_set_text(json, "note", row->note[0] != '\0' ? row->note : NULL);
    nsk_json_set_text(json, "due", row->due);
    set_time(json, "recalled", row->recalled);
    nsk_json_set_text(json, "why", row->why[0] != '\0' ? row->why : NULL);
    nsk_json_set(json, "receivers", receivers);
    for (guint i = 0; i < view->tree.receivers->len; i++) {
        const NskReceiverRow *receiver = g_ptr_array_index(view->tree.receivers, i);

        if (receiver->n == row->n &&
            (nsk_tree_sees(&view->tree, receiver) || leads_to_own(view, receiver) ||
             is_led(view, row->n) || strcmp(row->state, "proposed") == 0))
            nsk_json_add(receivers, receiver_to_json(view, receiver));
    }
    return json;
}

/* Whether the person is told of the disposition: he gave it, is above, or it leads to him.  What
 * was only prepared is between him who prepared it and him for whom. */
static bool
shows(const View *view, const NskDispositionRow *row)
{
    const NskReceiverRow *giver = nsk_tree_giver(&view->tree, row->n);

    if (strcmp(row->state, "dropped") == 0)
        return false;
    if (view->tree.sees_all || (giver != NULL && nsk_tree_sees(&view->tree, giver)))
        return true;
    for (guint i = 0; i < view->tree.receivers->len; i++) {
        const NskReceiverRow *receiver = g_ptr_array_index(view->tree.receivers, i);

        if (receiver->n == row->n && leads_to_own(view, receiver))
            return true;
    }
    return false;
}

/* What @giver gave; NULL: the first. */
static NskJson *
list_below(const View *view, const NskReceiverRow *giver)
{
    NskJson *list = nsk_json_array();

    for (guint i = 0; i < view->tree.dispositions->len; i++) {
        const NskDispositionRow *row = g_ptr_array_index(view->tree.dispositions, i);

        if (nsk_tree_giver(&view->tree, row->n) == giver && shows(view, row))
            nsk_json_add(list, disposition_to_json(view, row));
    }
    return list;
}

/* Whether something lies unseen before a position that the person holds. */
static bool
has_unread(const View *view)
{
    NskCapacity capacity;

    for (guint i = 0; i < view->tree.receivers->len; i++) {
        const NskReceiverRow *receiver = g_ptr_array_index(view->tree.receivers, i);

        if (receiver->read == 0 && nsk_receiver_is_open(receiver) &&
            nsk_directory_may_act(view->txn, view->office->person, receiver->position, view->today,
                                  &capacity, NULL))
            return true;
    }
    return false;
}

bool
nsk_office_disposition_show(NskOffice *self,
                            const char *letter,
                            NskJson **out_result,
                            GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskLetterRow) row = txn != NULL ? nsk_access_letter(self, txn, letter, error) : NULL;
    View view = { .office = self, .row = row };

    if (row == NULL || !nsk_reading_keep(self, &txn, row, NSK_READING_OPENED, error))
        return false;
    view.txn = txn;
    view.profile = nsk_office_profile(self, txn, row->profile, row->profile_version, error);
    bool ok = view.profile != NULL && nsk_tree_load(&view.tree, txn, row->id, error) &&
              nsk_tree_look(&view.tree, self, txn, row, error) &&
              nsk_office_today(txn, row->unit, nsk_clock_now(self->clock), &view.today, error);
    if (ok) {
        NskJson *result = nsk_json_object();

        nsk_json_set_text(result, "letter", row->id);
        nsk_json_set_text(result, "subject", row->subject);
        nsk_json_set_text(result, "state", row->state);
        nsk_json_set_bool(result, "unread", has_unread(&view));
        nsk_json_set(result, "dispositions", list_below(&view, NULL));
        *out_result = result;
    }
    nsk_tree_clear(&view.tree);
    return ok;
}

bool
nsk_office_disposition_see(NskOffice *self, const char *letter, GError **error)
{
    bool unread = false;
    g_autoptr(NskJson) done = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskLetterRow) row = txn != NULL ? nsk_access_letter(self, txn, letter, error) : NULL;
    View view = { .office = self, .txn = txn, .row = row };

    if (row == NULL)
        return false;
    bool ok = nsk_tree_load(&view.tree, txn, row->id, error) &&
              nsk_office_today(txn, row->unit, nsk_clock_now(self->clock), &view.today, error);
    if (ok)
        unread = has_unread(&view);
    nsk_tree_clear(&view.tree);
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    if (!ok || !unread)
        return ok;
    NskDispositionAct act = { .act = "read", .task = row->id };
    return nsk_office_disposition(self, &act, &done, error);
}

bool
nsk_office_disposition_instructions(NskOffice *self, NskJson **out_result, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autofree char *version =
        txn != NULL ? nsk_rule_current(txn, "profile", "agency", error) : NULL;
    const NskProfile *profile =
        version != NULL ? nsk_office_profile(self, txn, "agency", version, error) : NULL;

    if (profile == NULL)
        return false;
    NskJson *result = nsk_json_object();
    NskJson *list = nsk_json_array();
    for (size_t i = 0; i < nsk_profile_count_instructions(profile); i++) {
        const NskProfileInstruction *instruction = nsk_profile_get_instruction(profile, i);

        nsk_json_add(list, instruction_to_json(instruction->id, instruction->print));
    }
    nsk_json_set(result, "instructions", list);
    *out_result = result;
    return true;
}
