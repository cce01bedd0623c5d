/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Letters that correct (ralat) or revoke one that was sent.
 *
 * That a letter does so stands in its references, which paraf and signature bind.  When it is sent,
 * the history of the first one says so, and whoever had the first may read the second.  It counts
 * only for a letter of the same unit that was sent: nobody takes back what another wrote.
 */
#include "base/message.h"
#include "office/delivery-private.h"

#include <string.h>

static const char sql_tell_readers[] =
    "INSERT INTO reader (position, letter, level)"
    " SELECT DISTINCT r.position, $1, 'delivery' FROM letter_link l"
    " JOIN letter t ON t.id = l.target JOIN letter s ON s.id = l.letter"
    " JOIN route r ON r.letter = l.target"
    " WHERE l.letter = $1 AND (l.type = 'corrects' OR l.type = 'revokes') AND t.unit = s.unit"
    " AND t.dispatched IS NOT NULL AND s.dispatched IS NOT NULL"
    " AND (r.role = 'to' OR r.role = 'copy') AND r.position <> '' ON CONFLICT DO NOTHING";

bool
nsk_supersede_restore(NskDbTxn *txn, const char *id, GError **error)
{
    return nsk_db_exec(txn, sql_tell_readers, NSK_DB_PARAMS(NSK_DB_TEXT(id)), NULL, error);
}

static bool
supersedes(const NskLinkRow *link)
{
    return link->relation == NSK_RELATION_CORRECTS || link->relation == NSK_RELATION_REVOKES;
}

/* The letter that is corrected or revoked; NULL without error if the link does not count. */
static bool
load_target(NskAct *act, const NskLinkRow *link, NskLetterRow **out_row, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskLetterRow) row = nsk_letter_row_load(act->txn, link->target, &fault);

    *out_row = NULL;
    if (row == NULL && !g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    if (row != NULL && row->dispatched != 0 && strcmp(row->unit, act->row->unit) == 0 &&
        strcmp(row->id, act->row->id) != 0)
        *out_row = g_steal_pointer(&row);
    return true;
}

/* Says in the history of the first letter what became of it. */
static bool
tell_target(NskAct *act, const NskLinkRow *link, GError **error)
{
    bool corrects = link->relation == NSK_RELATION_CORRECTS;
    g_autoptr(NskLetterRow) row = NULL;

    if (!load_target(act, link, &row, error))
        return false;
    if (row == NULL)
        return true;
    NskAct first = { act->office, act->txn, row, act->now, act->today, "naskah-dispatch" };
    NskJournalText text = { "by", act->row->id };
    NskEvent event = { .action = corrects ? "letter-corrected" : "letter-revoked",
                       .sentence = corrects ? "Another letter corrects this one"
                                            : "Another letter revokes this one",
                       .state_from = row->state,
                       .reason = act->row->number != NULL ? act->row->number : act->row->id,
                       .kept = NSK_RECORD_SAME,
                       .texts = &text,
                       .n_texts = 1 };

    return nsk_record(&first, &event, error);
}

bool
nsk_supersede_tell(NskAct *act, GError **error)
{
    bool any = false;
    g_autoptr(GPtrArray) links = nsk_link_list(act->txn, act->row->id, error);

    for (guint i = 0; links != NULL && i < links->len; i++) {
        const NskLinkRow *link = g_ptr_array_index(links, i);

        if (!supersedes(link))
            continue;
        any = true;
        if (!tell_target(act, link, error))
            return false;
    }
    /* the row says only now that the letter was sent */
    return links != NULL && (!any || (nsk_letter_row_save(act->txn, act->row, error) &&
                                      nsk_supersede_restore(act->txn, act->row->id, error)));
}

/* --- A draft of such a letter ---------------------------------------------------------------- */

/* Behind what a letter's references stand, by the schema. */
static bool
stands_before(const char *name)
{
    static const char *const before[] = { "security", "urgency", "classification", "subject",
                                          "number",   "date",    "place",          "to",
                                          "copies",   NULL };

    return g_strv_contains(before, name);
}

static NskXmlNode *
find_references(NskXmlNode *root)
{
    NskXmlNode *list = nsk_xml_child(root, "references");
    NskXmlNode *child = nsk_xml_first(root);

    if (list != NULL)
        return list;
    while (child != NULL && stands_before(nsk_xml_name(child)))
        child = nsk_xml_next(child);
    return child != NULL ? nsk_xml_add_before(child, "references")
                         : nsk_xml_add(root, NULL, "references");
}

/* The letter that is to be corrected or revoked.  Errors: CONFLICT, DENIED. */
static NskLetterRow *
find_first(NskOffice *self, NskDbTxn *txn, const char *letter, GError **error)
{
    NskDate today;
    g_auto(NskClerk) clerk = { 0 };
    g_autoptr(NskLetterRow) row = nsk_access_route(self, txn, letter, error);

    if (row == NULL ||
        !nsk_office_today(txn, row->unit, nsk_clock_now(self->clock), &today, error) ||
        !nsk_access_clerk(self, txn, row, today, &clerk, error))
        return NULL;
    if (row->dispatched != 0 && row->number != NULL)
        return g_steal_pointer(&row);
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                nsk_tr("letter %s was not sent (its state is '%s'): change or withdraw it instead"),
                row->id, nsk_office_word(row->state));
    return NULL;
}

bool
nsk_office_letter_refer(NskOffice *self,
                        const NskReferral *referral,
                        GBytes **out_xml,
                        GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskLetterRow) row =
        txn != NULL ? find_first(self, txn, referral->letter, error) : NULL;
    g_autoptr(NskXmlDoc) doc =
        row != NULL ? nsk_xml_parse(referral->name, g_bytes_get_data(referral->xml, NULL),
                                    g_bytes_get_size(referral->xml), error)
                    : NULL;

    if (doc == NULL)
        return false;
    NskXmlNode *list = find_references(nsk_xml_doc_get_root(doc));
    NskXmlNode *reference = nsk_xml_add_text_element(list, "reference", row->subject);
    nsk_xml_set_attr(reference, "type", referral->revokes ? "revokes" : "corrects");
    nsk_xml_set_attr(reference, "number", row->number);
    nsk_xml_set_attr(reference, "date", row->letter_date);
    nsk_xml_set_attr(reference, "letter", row->id);
    *out_xml = nsk_xml_canonical(nsk_xml_doc_get_root(doc), error);
    return *out_xml != NULL;
}
