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
 *     desks         desk @name @position: those of the profile in force for the letter's unit
 *     coordinators  coordinator @position @approved
 *     consultants   consultant @desk @approved: by who sits at the desk now
 *     assignment    @begins @ends, assignee @position
 *     meeting       @day @until @remind: if the letter does not say, the working day before
 *     disposition   recipient @position: whom the disposition names that is being given
 *     clock
 *                   what letters do not name yet; empty, so that nothing is undefined
 *
 * The unit's zone and the calendar are looked up only if a time is asked for.
 */
#include "office/clock-private.h"

#include <string.h>

/* Where parts of a role are told: in a list, as one more of it. */
static const struct {
    const char *role, *list, *entry;
    const char *done; /* name of the attribute that says whether the part is done; NULL: none */
} lists[] = {
    { "assignee", "assignment", "assignee", NULL },
    { "coordinator", "coordinators", "coordinator", "approved" },
    { "reviewer", "reviewers", "reviewer", "approved" },
    { "signatory", "signatories", "signatory", "signed" },
    { "to", "addressees", "addressee", NULL },
};

/* Days: an attribute of an element. */
static const struct {
    const char *role, *element, *attribute;
} day_facts[] = {
    { "assignment-begins", "assignment", "begins" },
    { "assignment-ends", "assignment", "ends" },
    { "meeting-day", "meeting", "day" },
    { "meeting-remind", "meeting", "remind" },
    { "meeting-until", "meeting", "until" },
};

/* Everything there may be, so that nothing is undefined. */
static void
add_empty(NskXmlNode *facts)
{
    (void)nsk_xml_add(facts, NULL, "disposition");
    (void)nsk_xml_add(facts, NULL, "consultants");
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        (void)nsk_xml_add(facts, NULL, lists[i].list);
    (void)nsk_xml_add(facts, NULL, "meeting");
    for (size_t i = 0; i < G_N_ELEMENTS(day_facts); i++)
        nsk_xml_set_attr(nsk_xml_child(facts, day_facts[i].element), day_facts[i].attribute, "");
    NskXmlNode *clock = nsk_xml_add(facts, NULL, "clock");
    nsk_xml_set_attr(clock, "running", "false");
    nsk_xml_set_attr(clock, "warn", "");
    nsk_xml_set_attr(clock, "escalate", "");
    nsk_xml_set_attr(clock, "deemed", "");
}

static void
add_entry(NskXmlNode *facts, size_t list, const NskRoutePart *part)
{
    if (part->position[0] == '\0')
        return;
    NskXmlNode *node = nsk_xml_add(nsk_xml_child(facts, lists[list].list), NULL, lists[list].entry);
    nsk_xml_set_attr(node, "position", part->position);
    if (part->capacity[0] != '\0')
        nsk_xml_set_attr(node, "capacity", part->capacity);
    if (lists[list].done != NULL)
        nsk_xml_set_attr(node, lists[list].done, part->done ? "true" : "false");
}

static bool
add_consultant(NskXmlNode *facts, const NskAct *act, const NskRoutePart *part, GError **error)
{
    bool approved = false;
    NskXmlNode *desks = nsk_xml_child(facts, "desks");
    NskXmlNode *desk = nsk_xml_first(desks);
    NskXmlNode *node = nsk_xml_add(nsk_xml_child(facts, "consultants"), NULL, "consultant");

    while (desk != NULL && strcmp(nsk_xml_attr(desk, "name"), part->says) != 0)
        desk = nsk_xml_next(desk);
    if (desk != NULL &&
        !nsk_paraf_holds(act->txn, act->row->id, nsk_xml_attr(desk, "position"), &approved, error))
        return false;
    nsk_xml_set_attr(node, "desk", part->says);
    nsk_xml_set_attr(node, "approved", approved ? "true" : "false");
    return true;
}

static bool
add_part(NskXmlNode *facts, const NskAct *act, const NskRoutePart *part, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
        if (strcmp(part->role, lists[i].role) == 0) {
            add_entry(facts, i, part);
            return true;
        }
    }
    for (size_t i = 0; i < G_N_ELEMENTS(day_facts); i++) {
        if (strcmp(part->role, day_facts[i].role) == 0)
            nsk_xml_set_attr(nsk_xml_child(facts, day_facts[i].element), day_facts[i].attribute,
                             part->says);
    }
    return strcmp(part->role, "consultant") != 0 || add_consultant(facts, act, part, error);
}

/* The desks must be there already. */
static bool
add_route(NskXmlNode *facts, const NskAct *act, GError **error)
{
    g_autoptr(GPtrArray) parts = nsk_route_load(act->txn, act->row->id, NULL, error);

    for (guint i = 0; parts != NULL && i < parts->len; i++) {
        if (!add_part(facts, act, g_ptr_array_index(parts, i), error))
            return false;
    }
    return parts != NULL;
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

static void
add_desk(NskXmlNode *desks, const char *name, const char *position)
{
    NskXmlNode *desk = nsk_xml_add(desks, NULL, "desk");

    nsk_xml_set_attr(desk, "name", name);
    nsk_xml_set_attr(desk, "position", position);
}

/* Desks move while letters are on their way, so it is the profile of today that says who sits
 * there. */
static bool
add_desks(NskXmlNode *facts, NskSeen *self, GError **error)
{
    const NskAct *act = self->act;
    NskXmlNode *desks = nsk_xml_add(facts, NULL, "desks");
    g_autofree char *version = nsk_rule_current(act->txn, "profile", act->row->profile, error);
    const NskProfile *profile =
        version != NULL
            ? nsk_office_profile(act->office, act->txn, act->row->profile, version, error)
            : NULL;
    g_autoptr(NskUnit) unit =
        profile != NULL ? nsk_directory_get_unit(act->txn, act->row->unit, error) : NULL;

    if (unit == NULL)
        return false;
    for (size_t i = 0; i < nsk_profile_count_desks(profile); i++) {
        const NskProfileDesk *desk = nsk_profile_get_desk(profile, i);

        if (nsk_profile_find_desk(profile, desk->name, unit->id) == desk)
            add_desk(desks, desk->name, desk->position);
    }
    if (unit->archivist[0] != '\0' &&
        nsk_profile_find_desk(profile, NSK_DESK_OFFICE, unit->id) == NULL)
        add_desk(desks, NSK_DESK_OFFICE, unit->archivist);
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

static bool
add_working_days(void *data, NskDate from, int days, NskDate *out_date, GError **error)
{
    const NskSeen *self = data;
    g_autoptr(NskCalendar) calendar = nsk_office_calendar(self->act->office, self->act->txn, error);

    if (calendar == NULL)
        return false;
    *out_date = nsk_term_move(calendar, from, days);
    return true;
}

/* People are reminded the working day before, unless the letter says when. */
static bool
add_reminder(NskXmlNode *facts, NskSeen *self, GError **error)
{
    NskXmlNode *meeting = nsk_xml_child(facts, "meeting");
    NskDate day, before;

    if (nsk_xml_attr(meeting, "day")[0] == '\0' || nsk_xml_attr(meeting, "remind")[0] != '\0')
        return true;
    if (!nsk_date_parse(nsk_xml_attr(meeting, "day"), &day, error) ||
        !add_working_days(self, day, -1, &before, error))
        return false;
    g_autofree char *text = nsk_date_format(before);
    nsk_xml_set_attr(meeting, "remind", text);
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
    return add_desks(facts, self, error) && add_route(facts, act, error) &&
           add_reminder(facts, self, error) &&
           nsk_term_fill_fact(nsk_xml_child(facts, "clock"), act, error);
}

void
nsk_seen_add_receivers(NskSeen *self, char *const *receivers)
{
    NskXmlNode *list = nsk_xml_child(nsk_xml_doc_get_root(self->doc), "disposition");

    for (int i = 0; receivers != NULL && receivers[i] != NULL; i++)
        nsk_xml_set_attr(nsk_xml_add(list, NULL, "recipient"), "position", receivers[i]);
}

void
nsk_seen_clear(NskSeen *self)
{
    g_clear_pointer(&self->doc, nsk_xml_doc_free);
    g_clear_pointer(&self->zone, g_free);
}
