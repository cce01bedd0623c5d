/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Links between letters: which letter answers, corrects, revokes or is about which.
 *
 * What a letter refers to stands in its own content (<references>), so a paraf and a signature bind
 * it; the table letter_link is an index of that, for finding the way back.  A link counts for
 * others once the letter that refers was sent; before that it is what somebody intends.
 */
#include "office/office-private.h"

#include <string.h>

static const char sql_clear_links[] = "DELETE FROM letter_link WHERE letter = $1";
static const char sql_add_link[] =
    "INSERT INTO letter_link (letter, n, type, target) VALUES ($1, $2, $3, $4)";
static const char sql_links_from[] =
    "SELECT letter, n, type, target FROM letter_link WHERE letter = $1 ORDER BY n";
static const char sql_links_to[] = "SELECT letter, n, type, target FROM letter_link"
                                   " WHERE target = $1 ORDER BY type, letter, n";

void
nsk_link_row_free(gpointer link)
{
    NskLinkRow *self = link;

    g_free(self->letter);
    g_free(self->target);
    g_free(self);
}

bool
nsk_link_save(NskDbTxn *txn, const char *id, const NskLetter *letter, GError **error)
{
    const NskLetterFacts *facts = nsk_letter_get_facts(letter);

    if (!nsk_db_exec(txn, sql_clear_links, NSK_DB_PARAMS(NSK_DB_TEXT(id)), NULL, error))
        return false;
    for (size_t i = 0; i < facts->n_references; i++) {
        const NskLetterReference *reference = &facts->references[i];

        if (reference->letter == NULL)
            continue;
        if (!nsk_db_exec(txn, sql_add_link,
                         NSK_DB_PARAMS(NSK_DB_TEXT(id), NSK_DB_INT((int64_t)i + 1),
                                       NSK_DB_TEXT(nsk_relation_name(reference->relation)),
                                       NSK_DB_TEXT(reference->letter)),
                         NULL, error))
            return false;
    }
    return true;
}

static gpointer
make_link(NskDbRows *row)
{
    NskLinkRow *link = g_new0(NskLinkRow, 1);

    link->letter = g_strdup(nsk_db_rows_text(row, 0));
    link->n = nsk_db_rows_int(row, 1);
    nsk_relation_parse(nsk_db_rows_text(row, 2), &link->relation);
    link->target = g_strdup(nsk_db_rows_text(row, 3));
    return link;
}

GPtrArray *
nsk_link_list(NskDbTxn *txn, const char *letter, GError **error)
{
    NskDbRows *rows = nsk_db_query(txn, sql_links_from, NSK_DB_PARAMS(NSK_DB_TEXT(letter)), error);

    return nsk_db_collect(rows, make_link, nsk_link_row_free, error);
}

GPtrArray *
nsk_link_list_to(NskDbTxn *txn, const char *target, GError **error)
{
    NskDbRows *rows = nsk_db_query(txn, sql_links_to, NSK_DB_PARAMS(NSK_DB_TEXT(target)), error);

    return nsk_db_collect(rows, make_link, nsk_link_row_free, error);
}

/* --- For people ------------------------------------------------------------------------------ */

/* The other letter if the person may read it, else NULL without error. */
static bool
load_other(NskDbTxn *txn,
           const char *id,
           const GPtrArray *readings,
           NskLetterRow **out_row,
           GError **error)
{
    NskReaderLevel level = NSK_READER_NONE;
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskLetterRow) row = nsk_letter_row_load(txn, id, &fault);

    *out_row = NULL;
    if (row == NULL && g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND))
        return true;
    if (row == NULL) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    if (!nsk_access_level(txn, row, readings, &level, error))
        return false;
    if (level != NSK_READER_NONE)
        *out_row = g_steal_pointer(&row);
    return true;
}

static void
add_link(NskJson *list, const NskLinkRow *link, bool outward, const NskLetterRow *other)
{
    NskJson *entry = nsk_json_object();

    nsk_json_set_text(entry, "direction", outward ? "to" : "from");
    nsk_json_set_text(entry, "type", nsk_relation_name(link->relation));
    nsk_json_set_text(entry, "letter", outward ? link->target : link->letter);
    if (other != NULL) {
        nsk_json_set_text(entry, "kind", other->kind);
        nsk_json_set_text(entry, "subject", other->subject);
        nsk_json_set_text(entry, "number", other->number);
        nsk_json_set_text(entry, "date", other->letter_date);
        nsk_json_set_text(entry, "state", other->state);
    }
    nsk_json_add(list, entry);
}

static bool
add_links(NskDbTxn *txn,
          const GPtrArray *links,
          bool outward,
          const GPtrArray *readings,
          NskJson *list,
          GError **error)
{
    for (guint i = 0; links != NULL && i < links->len; i++) {
        const NskLinkRow *link = g_ptr_array_index(links, i);
        g_autoptr(NskLetterRow) other = NULL;

        if (!load_other(txn, outward ? link->target : link->letter, readings, &other, error))
            return false;
        /* what the letter refers to stands in it anyway */
        if (outward || other != NULL)
            add_link(list, link, outward, other);
    }
    return links != NULL;
}

bool
nsk_link_show(NskOffice *self,
              NskDbTxn *txn,
              const NskLetterRow *row,
              NskJson *result,
              GError **error)
{
    NskDate today;
    NskJson *list = nsk_json_array();
    g_autoptr(GPtrArray) from = NULL;
    g_autoptr(GPtrArray) to = NULL;
    g_autoptr(GPtrArray) readings = NULL;

    nsk_json_set(result, "links", list);
    from = nsk_link_list(txn, row->id, error);
    to = from != NULL ? nsk_link_list_to(txn, row->id, error) : NULL;
    if (to == NULL)
        return false;
    if (from->len == 0 && to->len == 0)
        return true;
    if (!nsk_office_today(txn, row->unit, nsk_clock_now(self->clock), &today, error))
        return false;
    readings = nsk_directory_readings(txn, self->person, today, error);
    return readings != NULL && add_links(txn, from, true, readings, list, error) &&
           add_links(txn, to, false, readings, list, error);
}
