/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Replies: a letter that answers another carries its addressee, subject and reference, and when it
 * is sent what those who made it still had to do about the other is done.
 *
 * The other letter is told after the change that sends the reply, in one of its own, as are all
 * messages between letters: what fails there does not hold up the sending.
 *
 * The decision on an application is a reply too.  The task of deciding has the outcome "answered",
 * which nobody can give before a letter that answers the application was sent; the legal clock
 * stops on the day on which it was, whenever the application is told.
 */
#include "base/message.h"
#include "office/clock-private.h"
#include "office/disposition-give.h"

#include <string.h>

#define PART      "naskah-reply" /* who acts, in journal and history */
#define MAX_STEPS 64             /* of one reply in one letter */

/* --- What a reply starts from. ---------------------------------------------------------------- */

/* The empty list in its place among the parts of a letter. */
static NskXmlNode *
add_references(NskXmlNode *root)
{
    static const char *const behind[] = { "attachments", "reviewers", "signatories", "body" };

    for (size_t i = 0; i < G_N_ELEMENTS(behind); i++) {
        NskXmlNode *next = nsk_xml_child(root, behind[i]);

        if (next != NULL)
            return nsk_xml_add_before(next, "references");
    }
    return nsk_xml_add(root, nsk_xml_ns(root), "references");
}

static void
add_outsider(NskXmlNode *to, const NskLetterParty *party)
{
    const char *ns = nsk_xml_ns(to);
    NskXmlNode *outsider = nsk_xml_add(to, ns, "outsider");

    (void)nsk_xml_add_text_element(outsider, "name", party->name);
    if (party->attention != NULL)
        (void)nsk_xml_add_text_element(outsider, "attention", party->attention);
    if (party->place != NULL)
        (void)nsk_xml_add_text_element(outsider, "place", party->place);
}

/* To the sender: the outsider of a letter that came in, else who signed it. */
static void
fill_addressees(NskXmlNode *to, const NskLetterFacts *facts)
{
    NskXmlNode *child;

    while ((child = nsk_xml_first(to)) != NULL)
        nsk_xml_remove(child);
    if (facts->received != NULL)
        add_outsider(to, &facts->received->origin);
    for (size_t i = 0; facts->received == NULL && i < facts->n_signatories; i++)
        nsk_xml_set_attr(nsk_xml_add(to, nsk_xml_ns(to), "position"), "ref",
                         facts->signatories[i].position);
}

/* What the sender calls it; NULL: it has no number and date by which to refer to it. */
static const char *
sender_number(const NskLetterRow *row, const NskLetterFacts *facts, NskDate *out_date)
{
    const char *number = facts->received != NULL ? facts->received->number : row->number;

    *out_date = facts->received != NULL ? facts->received->date : facts->date;
    return nsk_date_is_set(*out_date) ? number : NULL;
}

static void
set_subject(NskXmlNode *root, const char *subject)
{
    NskXmlNode *node = nsk_xml_child(root, "subject");
    NskXmlNode *fresh = nsk_xml_add_before(node, "subject");

    nsk_xml_add_text(fresh, subject);
    nsk_xml_remove(node);
}

static void
fill_reply(NskXmlNode *root, const NskLetterRow *row, const NskLetterFacts *facts)
{
    NskDate date;
    const char *number = sender_number(row, facts, &date);
    /* without a number of the sender, the day on which it came */
    g_autofree char *day = number != NULL ? nsk_date_format(date) : NULL;
    g_autofree char *came = nsk_instant_format(row->created);

    came[10] = '\0';
    set_subject(root, facts->subject);
    fill_addressees(nsk_xml_child(root, "to"), facts);
    NskXmlNode *list = add_references(root);
    NskXmlNode *reference = nsk_xml_add(list, nsk_xml_ns(root), "reference");
    nsk_xml_set_attr(reference, "type", nsk_relation_name(NSK_RELATION_ANSWERS));
    nsk_xml_set_attr(reference, "number", number != NULL ? number : "-");
    nsk_xml_set_attr(reference, "date", day != NULL ? day : came);
    nsk_xml_set_attr(reference, "letter", row->id);
    nsk_xml_add_text(reference, facts->subject);
}

bool
nsk_office_reply_skeleton(NskOffice *self,
                          const char *kind,
                          const char *letter,
                          GBytes **out_xml,
                          GError **error)
{
    g_autoptr(GBytes) skeleton = NULL;
    g_autoptr(NskXmlDoc) doc = NULL;

    if (!nsk_office_letter_skeleton(self, kind, &skeleton, error))
        return false;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskLetterRow) row = txn != NULL ? nsk_access_letter(self, txn, letter, error) : NULL;
    bool kept = row != NULL && nsk_reading_keep(self, &txn, row, NSK_READING_OPENED, error);
    g_autoptr(NskLetter) read = kept ? nsk_office_read_letter(txn, row->id, error) : NULL;
    if (read != NULL)
        doc = nsk_xml_parse(kind, g_bytes_get_data(skeleton, NULL), g_bytes_get_size(skeleton),
                            error);
    if (doc == NULL)
        return false;
    NskXmlNode *root = nsk_xml_doc_get_root(doc);
    if (nsk_xml_child(root, "to") == NULL || nsk_xml_child(root, "subject") == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("letters of kind '%s' have no addressee or subject to reply with"),
                    kind);
        return false;
    }
    fill_reply(root, row, nsk_letter_get_facts(read));
    *out_xml = nsk_xml_pretty(doc, error);
    return *out_xml != NULL;
}

/* --- When it is sent. ------------------------------------------------------------------------- */

bool
nsk_reply_tell(NskAct *act, GError **error)
{
    g_autofree char *word = nsk_flow_word('a', act->row->id);
    g_autoptr(GPtrArray) links = nsk_link_list(act->txn, act->row->id, error);

    for (guint i = 0; links != NULL && i < links->len; i++) {
        const NskLinkRow *link = g_ptr_array_index(links, i);

        if (link->relation == NSK_RELATION_ANSWERS &&
            !nsk_outbox_add(act->txn, NSK_FLOW_TOPIC, link->target, word, act->now, error))
            return false;
    }
    return links != NULL;
}

typedef struct {
    NskOffice *office;
    const char *letter; /* that is answered */
    const char *reply;  /* its answer */
    NskInstant now;
} Answering;

/* Positions that had a part in making the reply; NULL-terminated. */
static char **
list_makers(NskDbTxn *txn, const NskLetterRow *reply, GError **error)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_autoptr(GPtrArray) parts = nsk_route_load(txn, reply->id, NULL, error);

    if (parts == NULL)
        return NULL;
    g_strv_builder_add(builder, reply->drafter);
    for (guint i = 0; i < parts->len; i++) {
        const NskRoutePart *part = g_ptr_array_index(parts, i);

        if (strcmp(part->role, "reviewer") == 0 || strcmp(part->role, "signatory") == 0)
            g_strv_builder_add(builder, part->position);
    }
    return g_strv_builder_end(builder);
}

/* How a task of a disposition ends when the letter is answered; NULL: it is none. */
static const char *
ending(const NskTaskRow *task)
{
    static const char *const outcomes[] = { NSK_OUTCOME_ANSWERED, "done", "accept", "follow-up" };

    for (size_t i = 0; i < G_N_ELEMENTS(outcomes); i++) {
        if (nsk_task_has_outcome(task, outcomes[i]))
            return outcomes[i];
    }
    return NULL;
}

/* The next task that the reply does; *out_task is NULL if there is none. */
static bool
find_task(NskAct *act, char *const *makers, NskTaskRow **out_task, GError **error)
{
    g_autoptr(GPtrArray) tasks = nsk_task_list_letter(act->txn, act->row->id, error);

    *out_task = NULL;
    for (guint i = 0; tasks != NULL && i < tasks->len; i++) {
        const NskTaskRow *task = g_ptr_array_index(tasks, i);

        if (ending(task) == NULL || task->positions[0] == NULL ||
            !g_strv_contains((const char *const *)makers, task->positions[0]))
            continue;
        *out_task = g_ptr_array_steal_index(tasks, i);
        return true;
    }
    return tasks != NULL;
}

/* The day on which it was sent, in the zone of the letter of @act. */
static bool
find_sent(const NskAct *act, const NskLetterRow *reply, NskDate *out_day, GError **error)
{
    return nsk_office_today(act->txn, act->row->unit, reply->dispatched, out_day, error);
}

/* The application is decided by @reply. */
static bool
decide(NskAct *act,
       const NskTaskRow *task,
       const NskLetterRow *reply,
       NskAdvance *advance,
       const NskJournalText *text,
       GError **error)
{
    NskDate sent;
    g_autofree char *state = g_strdup(act->row->state);
    g_autofree char *words = g_strdup_printf(nsk_tr("decided by letter %s"),
                                             reply->number != NULL ? reply->number : reply->id);

    advance->record = (NskEvent){ .action = "application-decided",
                                  .sentence = "The decision on the application was sent",
                                  .task = task->key,
                                  .state_from = state,
                                  .reason = words,
                                  .texts = text,
                                  .n_texts = 1 };
    return find_sent(act, reply, &sent, error) && nsk_term_decide(act, sent, error) &&
           nsk_advance(act, advance, error);
}

bool
nsk_reply_find_sent(NskDbTxn *txn, const char *letter, NskLetterRow **out_reply, GError **error)
{
    g_autoptr(NskLetterRow) first = NULL;
    g_autoptr(GPtrArray) links = nsk_link_list_to(txn, letter, error);

    for (guint i = 0; links != NULL && i < links->len; i++) {
        const NskLinkRow *link = g_ptr_array_index(links, i);

        if (link->relation != NSK_RELATION_ANSWERS)
            continue;
        g_autoptr(NskLetterRow) row = nsk_letter_row_load(txn, link->letter, error);
        if (row == NULL)
            return false;
        if (row->dispatched == 0 || (first != NULL && first->dispatched <= row->dispatched))
            continue;
        nsk_letter_row_free(first);
        first = g_steal_pointer(&row);
    }
    *out_reply = g_steal_pointer(&first);
    return links != NULL;
}

bool
nsk_reply_decide(NskAct *act, GError **error)
{
    NskDate sent;
    g_autoptr(NskLetterRow) reply = NULL;

    if (!nsk_reply_find_sent(act->txn, act->row->id, &reply, error))
        return false;
    if (reply != NULL)
        return find_sent(act, reply, &sent, error) && nsk_term_decide(act, sent, error);
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("no letter that answers letter %s was sent yet; begin it with 'naskah "
                       "letter new --kind KIND --reply-to %s': this task ends by itself when it is "
                       "sent"),
                act->row->id, act->row->id);
    return false;
}

static bool
end_task(NskAct *act, const NskTaskRow *task, const NskLetterRow *reply, GError **error)
{
    g_autofree char *state = g_strdup(act->row->state);
    g_autofree char *words = g_strdup_printf(nsk_tr("answered by letter %s"),
                                             reply->number != NULL ? reply->number : reply->id);
    NskJournalText text = { "reply", reply->id };
    NskAdvance advance = {
        .flow_event = { .type = NSK_FLOW_COMPLETE, .key = task->key, .outcome = ending(task) }
    };

    if (strcmp(ending(task), NSK_OUTCOME_ANSWERED) == 0)
        return decide(act, task, reply, &advance, &text, error);
    advance.record = (NskEvent){ .action = "disposition-answered",
                                 .sentence = "A letter that answers this one was sent",
                                 .task = task->key,
                                 .state_from = state,
                                 .reason = words,
                                 .texts = &text,
                                 .n_texts = 1 };
    return nsk_advance(act, &advance, error);
}

static bool
apply_answer(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    NskDate today;
    const Answering *work = data;
    g_autoptr(NskLetterRow) row = nsk_letter_row_load(txn, work->letter, error);
    g_autoptr(NskLetterRow) reply =
        row != NULL ? nsk_letter_row_load(txn, work->reply, error) : NULL;
    g_auto(GStrv) makers = reply != NULL ? list_makers(txn, reply, error) : NULL;

    if (makers == NULL || !nsk_office_today(txn, row->unit, work->now, &today, error))
        return false;
    NskAct act = { .office = work->office,
                   .txn = txn,
                   .row = row,
                   .now = work->now,
                   .today = today,
                   .part = PART };
    for (int n = 0; n < MAX_STEPS && strcmp(row->state, "received") == 0; n++) {
        g_autoptr(NskTaskRow) task = NULL;

        if (!find_task(&act, makers, &task, error))
            return false;
        if (task == NULL)
            return true;
        if (!end_task(&act, task, reply, error))
            return false;
    }
    return true;
}

bool
nsk_reply_close(NskOffice *self, const char *letter, const char *reply, GError **error)
{
    g_autoptr(GError) fault = NULL;
    Answering work = { self, letter, reply, nsk_clock_now(self->clock) };

    if (nsk_office_commit(self, apply_answer, &work, NULL, &fault))
        return true;
    /* a letter of another office, or one that is gone */
    if (g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND))
        return true;
    g_propagate_error(error, g_steal_pointer(&fault));
    return false;
}
