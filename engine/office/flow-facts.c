/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the expressions of a workflow see of a letter.
 *
 *     letter        @id @kind @security @urgency @unit @number ("" until there is one)
 *     outcome       of the event
 *     drafter       @position @person
 *     reviewers     reviewer @position @approved
 *     signatories   signatory @position @capacity @signed
 *     addressees    addressee @position, those of the office
 *     desks         desk @name @position: what is known to sit in the letter's unit
 *     coordinators, consultants, assignment, meeting, disposition, clock
 *                   what letters do not name yet; empty, so that nothing is undefined
 *
 * The unit's zone and the calendar are looked up only if a time is asked for.
 */
#include "office/advance-private.h"

#include <string.h>

/* The lists of parts; in the order of their roles in the index of routes. */
typedef struct {
    NskXmlNode *reviewers, *signatories, *addressees;
} Lists;

static void
add_part(const Lists *lists, const NskRoutePart *part)
{
    NskXmlNode *node;

    if (strcmp(part->role, "reviewer") == 0) {
        node = nsk_xml_add(lists->reviewers, NULL, "reviewer");
        nsk_xml_set_attr(node, "position", part->position);
        nsk_xml_set_attr(node, "approved", part->done ? "true" : "false");
    } else if (strcmp(part->role, "signatory") == 0) {
        node = nsk_xml_add(lists->signatories, NULL, "signatory");
        nsk_xml_set_attr(node, "position", part->position);
        nsk_xml_set_attr(node, "capacity", part->capacity);
        nsk_xml_set_attr(node, "signed", part->done ? "true" : "false");
    } else if (strcmp(part->role, "to") == 0 && part->position[0] != '\0') {
        node = nsk_xml_add(lists->addressees, NULL, "addressee");
        nsk_xml_set_attr(node, "position", part->position);
    }
}

static bool
add_route(NskXmlNode *facts, const NskAct *act, GError **error)
{
    g_autoptr(GPtrArray) parts = nsk_route_load(act->txn, act->row->id, NULL, error);

    if (parts == NULL)
        return false;
    Lists lists = { nsk_xml_add(facts, NULL, "reviewers"), nsk_xml_add(facts, NULL, "signatories"),
                    nsk_xml_add(facts, NULL, "addressees") };
    for (guint i = 0; i < parts->len; i++)
        add_part(&lists, g_ptr_array_index(parts, i));
    return true;
}

static void
add_letter(NskXmlNode *facts, const NskLetterRow *row)
{
    NskXmlNode *letter = nsk_xml_add(facts, NULL, "letter");
    NskXmlNode *drafter = nsk_xml_add(facts, NULL, "drafter");

    nsk_xml_set_attr(letter, "id", row->id);
    nsk_xml_set_attr(letter, "kind", row->kind);
    nsk_xml_set_attr(letter, "security", row->security);
    nsk_xml_set_attr(letter, "urgency", row->urgency);
    nsk_xml_set_attr(letter, "unit", row->unit);
    nsk_xml_set_attr(letter, "number", row->number != NULL ? row->number : "");
    nsk_xml_set_attr(drafter, "position", row->drafter);
    nsk_xml_set_attr(drafter, "person", row->drafter_person);
}

/* What letters and offices do not name yet. */
static void
add_empty(NskXmlNode *facts)
{
    static const char *const lists[] = { "coordinators", "consultants", "disposition" };

    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        (void)nsk_xml_add(facts, NULL, lists[i]);
    NskXmlNode *assignment = nsk_xml_add(facts, NULL, "assignment");
    nsk_xml_set_attr(assignment, "ends", "");
    NskXmlNode *meeting = nsk_xml_add(facts, NULL, "meeting");
    nsk_xml_set_attr(meeting, "remind", "");
    nsk_xml_set_attr(meeting, "ends", "");
    NskXmlNode *clock = nsk_xml_add(facts, NULL, "clock");
    nsk_xml_set_attr(clock, "running", "false");
    nsk_xml_set_attr(clock, "warn", "");
    nsk_xml_set_attr(clock, "escalate", "");
    nsk_xml_set_attr(clock, "deemed", "");
}

static bool
add_desks(NskXmlNode *facts, NskSeen *self, GError **error)
{
    NskXmlNode *desks = nsk_xml_add(facts, NULL, "desks");
    g_autoptr(NskUnit) unit = nsk_directory_get_unit(self->act->txn, self->act->row->unit, error);

    if (unit == NULL)
        return false;
    if (unit->archivist[0] != '\0') {
        NskXmlNode *desk = nsk_xml_add(desks, NULL, "desk");

        nsk_xml_set_attr(desk, "name", "tata-usaha");
        nsk_xml_set_attr(desk, "position", unit->archivist);
    }
    self->zone = g_steal_pointer(&unit->zone);
    return true;
}

static int
zone_minutes(void *data, NskInstant at)
{
    const NskSeen *self = data;
    int minutes = 0;

    /* the directory takes no unit without a good zone */
    return nsk_zone_offset(at, self->zone, &minutes, NULL) ? minutes : 0;
}

/* A year whose calendar nobody has loaded yet must not stop a letter: Monday to Friday count. */
static bool
is_working_day(const NskCalendar *calendar, NskDate date, bool *out_is, GError **error)
{
    g_autoptr(GError) fault = NULL;

    if (nsk_calendar_is_working_day(calendar, date, out_is, &fault))
        return true;
    if (!g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    *out_is = nsk_date_weekday(date) <= 5;
    return true;
}

static bool
add_working_days(void *data, NskDate from, int days, NskDate *out_date, GError **error)
{
    const NskSeen *self = data;
    g_autoptr(NskCalendar) calendar = nsk_office_calendar(self->act->office, self->act->txn, error);
    int step = days < 0 ? -1 : 1;
    bool works;

    if (calendar == NULL)
        return false;
    for (int64_t left = (int64_t)days * step; left > 0;) {
        from = nsk_date_add_days(from, step);
        if (!is_working_day(calendar, from, &works, error))
            return false;
        left -= works ? 1 : 0;
    }
    *out_date = from;
    return true;
}

bool
nsk_seen_fill(NskSeen *self, NskAct *act, const char *outcome, GError **error)
{
    self->act = act;
    self->doc = nsk_xml_doc_new(NULL, "facts");
    NskXmlNode *facts = nsk_xml_doc_get_root(self->doc);

    add_letter(facts, act->row);
    (void)nsk_xml_add_text_element(facts, "outcome", outcome != NULL ? outcome : "");
    add_empty(facts);
    self->facts = (NskFlowFacts){ .facts = facts,
                                  .today = act->today,
                                  .now = act->now,
                                  .zone_minutes = zone_minutes,
                                  .add_working_days = add_working_days,
                                  .data = self };
    return add_route(facts, act, error) && add_desks(facts, self, error);
}

void
nsk_seen_clear(NskSeen *self)
{
    g_clear_pointer(&self->doc, nsk_xml_doc_free);
    g_clear_pointer(&self->zone, g_free);
}
