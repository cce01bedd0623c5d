/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The next version of a letter that came in, of which something is registered anew. */
#include "base/message.h"
#include "office/incoming-private.h"

#include <string.h>

/* What can be registered anew, and where the letter has it. */
typedef enum { OF_HEAD, OF_RECEIVED, OF_ORIGIN, ATTRIBUTE } Place;

#define NEEDED 1u
#define INSIDE 2u /* the envelope does not say it */
#define READ   4u /* nor, for who does not see the letter, of one that was opened */

#define FIELD(name, place, element, next, flags)                                                   \
    {                                                                                              \
#name, offsetof(NskIncomingAmend, name), place, element, next, flags                       \
    }

static const struct {
    const char *name; /* as people are told what changed */
    size_t at;        /* in NskIncomingAmend */
    Place place;
    const char *element; /* or attribute */
    const char *next;    /* element that it stands before; NULL: it is the last */
    unsigned flags;
} fields[] = {
    FIELD(channel, ATTRIBUTE, "channel", NULL, NEEDED),
    FIELD(number, ATTRIBUTE, "number", NULL, READ),
    FIELD(date, ATTRIBUTE, "date", NULL, READ),
    FIELD(due, ATTRIBUTE, "due", NULL, 0),
    FIELD(origin, OF_ORIGIN, "name", NULL, NEEDED),
    FIELD(place, OF_ORIGIN, "place", NULL, 0),
    FIELD(attention, OF_ORIGIN, "attention", "place", READ),
    FIELD(summary, OF_RECEIVED, "summary", NULL, INSIDE | READ),
    FIELD(subject, OF_HEAD, "subject", NULL, NEEDED | INSIDE | READ),
    FIELD(classification, OF_HEAD, "classification", NULL, NEEDED),
    FIELD(urgency, OF_HEAD, "urgency", NULL, NEEDED),
};

static const char *
asked_value(const NskIncomingAmend *asked, size_t i)
{
    const char *value;

    memcpy(&value, (const uint8_t *)asked + fields[i].at, sizeof value);
    return value;
}

static NskXmlNode *
find_parent(NskXmlNode *root, Place place)
{
    NskXmlNode *received = nsk_xml_child(root, "received");

    if (place == OF_HEAD)
        return root;
    return place == OF_ORIGIN ? nsk_xml_child(received, "origin") : received;
}

/* What stands there now; owned, NULL for nothing. */
static char *
read_value(NskXmlNode *parent, size_t i)
{
    return fields[i].place == ATTRIBUTE ? g_strdup(nsk_xml_attr(parent, fields[i].element))
                                        : nsk_xml_child_text(parent, fields[i].element);
}

static void
write_element(NskXmlNode *parent, size_t i, const char *value)
{
    NskXmlNode *child = nsk_xml_child(parent, fields[i].element);
    NskXmlNode *next = fields[i].next != NULL ? nsk_xml_child(parent, fields[i].next) : NULL;

    if (value == NULL) {
        nsk_xml_remove(child);
        return;
    }
    if (child == NULL)
        child = next != NULL ? nsk_xml_add_before(next, fields[i].element)
                             : nsk_xml_add(parent, NULL, fields[i].element);
    nsk_xml_set_text(child, value);
}

/* Writes one field; @value: as asked, not NULL. */
static bool
write_field(NskRewrite *self, NskXmlNode *root, size_t i, const char *value, GError **error)
{
    NskXmlNode *parent = find_parent(root, fields[i].place);
    g_autofree char *old = read_value(parent, i);

    if (strcmp(old != NULL ? old : "", value) == 0)
        return true;
    if (value[0] == '\0' && (fields[i].flags & NEEDED) != 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("a letter is not registered without %s; write what is right"),
                    fields[i].name);
        return false;
    }
    if (fields[i].place == ATTRIBUTE)
        nsk_xml_set_attr(parent, fields[i].element, value[0] != '\0' ? value : NULL);
    else
        write_element(parent, i, value[0] != '\0' ? value : NULL);
    g_ptr_array_add(self->changed, (char *)(uintptr_t)fields[i].name);
    self->inside = self->inside || (fields[i].flags & (self->opened ? READ : INSIDE)) != 0;
    self->compared = self->compared || strcmp(fields[i].name, "origin") == 0 ||
                     strcmp(fields[i].name, "number") == 0;
    return true;
}

/* The time of receipt, which was before the letter was registered. */
static bool
write_time(NskRewrite *self,
           NskDbTxn *txn,
           const NskLetterRow *row,
           NskXmlNode *root,
           GError **error)
{
    NskInstant at;
    const char *text = self->asked->at;
    NskXmlNode *received = nsk_xml_child(root, "received");
    g_autoptr(NskUnit) unit = nsk_directory_get_unit(txn, row->unit, error);

    if (unit == NULL || !nsk_civil_parse(text, unit->zone, &at, error))
        return false;
    if (at > row->created || at <= row->created - NSK_INCOMING_PAST) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%s' is no time at which the letter can have come; correct the time of "
                           "receipt"),
                    text);
        return false;
    }
    g_autofree char *stamp = nsk_instant_format(at);
    if (strcmp(stamp, nsk_xml_attr(received, "at")) != 0) {
        nsk_xml_set_attr(received, "at", stamp);
        g_ptr_array_add(self->changed, (char *)(uintptr_t) "at");
    }
    return true;
}

static void
note_opened(const NskRewrite *self, NskXmlNode *root)
{
    NskXmlNode *received = nsk_xml_child(root, "received");
    g_autofree char *stamp = nsk_instant_format(self->now);

    nsk_xml_set_attr(received, "unopened", NULL);
    nsk_xml_set_attr(received, "opened", stamp);
}

GBytes *
nsk_incoming_rewrite(NskRewrite *self,
                     NskDbTxn *txn,
                     const NskLetterRow *row,
                     const NskLetter *before,
                     GError **error)
{
    const NskLetterReceived *received = nsk_letter_get_facts(before)->received;
    g_autoptr(NskXmlDoc) doc = nsk_xml_doc_copy(nsk_letter_get_node(before));
    NskXmlNode *root = nsk_xml_doc_get_root(doc);

    self->opened = received != NULL && received->opened != 0;
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        const char *value = asked_value(self->asked, i);

        if (value != NULL && !write_field(self, root, i, value, error))
            return NULL;
    }
    if (self->asked->at != NULL && !write_time(self, txn, row, root, error))
        return NULL;
    if (self->scan != NULL) {
        nsk_attach_enter(doc, self->asked->file_name, "Naskah masuk", self->scan);
        g_ptr_array_add(self->changed, (char *)(uintptr_t) "scan");
        self->inside = self->compared = true;
    }
    if (strcmp(self->asked->act, NSK_INCOMING_OPEN) == 0)
        note_opened(self, root);
    return nsk_xml_canonical(root, error);
}

char *
nsk_incoming_amend_describe(const NskIncomingAmend *amend, const NskIncomingScan *scan)
{
    g_autoptr(GString) text = g_string_new(scan->sha256);

    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        const char *value = asked_value(amend, i);

        if (value != NULL)
            g_string_append_printf(text, "%s %zu:%s ", fields[i].name, strlen(value), value);
    }
    g_string_append_printf(text, "%s %s", amend->at != NULL ? amend->at : "",
                           amend->reason != NULL ? amend->reason : "");
    return nsk_sha256_hex(text->str, text->len);
}
