/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What has to be done before a letter that came in is registered: its XML is written, and its scan
 * is looked at in the worker, beside the program that asks.
 */
#include "base/bytes.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/message.h"
#include "office/incoming-private.h"
#include "worker/worker.h"

#include <string.h>

#define NSK_INCOMING_SCAN "naskah-masuk.pdf"

typedef struct {
    NskOffice *office;
    const NskIncomingAsk *ask;
    NskInstant now;
    char *id;
    NskUnit *unit;
    NskInstant at;
    NskIncomingScan scan;
    char *other_number; /* of the letter that this one repeats; NULL: none */
    char *other_date;
    char *other_id;
} Asking;

static void
asking_clear(Asking *self)
{
    g_free(self->id);
    nsk_unit_free(self->unit);
    nsk_incoming_scan_clear(&self->scan);
    g_free(self->other_number);
    g_free(self->other_date);
    g_free(self->other_id);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Asking, asking_clear)

/* --- The time of receipt. --------------------------------------------------------------------- */

static bool
find_time(Asking *self, GError **error)
{
    const char *text = self->ask->at;

    self->at = self->now;
    if (text == NULL)
        return true;
    if (!nsk_civil_parse(text, self->unit->zone, &self->at, error))
        return false;
    if (self->at <= self->now && self->at > self->now - NSK_INCOMING_PAST)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("'%s' is no time at which the letter can have come; correct the time of "
                       "receipt"),
                text);
    return false;
}

/* --- The letter. ------------------------------------------------------------------------------ */

static void
set_optional(NskXmlNode *node, const char *name, const char *value)
{
    if (value != NULL)
        nsk_xml_set_attr(node, name, value);
}

static void
add_optional(NskXmlNode *node, const char *name, const char *value)
{
    if (value != NULL)
        (void)nsk_xml_add_text_element(node, name, value);
}

static void
write_received(const Asking *self, NskXmlNode *root)
{
    const NskIncomingAsk *ask = self->ask;
    g_autofree char *at = nsk_instant_format(self->at);
    NskXmlNode *received = nsk_xml_add(root, NSK_LETTER_NS, "received");
    NskXmlNode *origin = nsk_xml_add(received, NSK_LETTER_NS, "origin");

    nsk_xml_set_attr(received, "at", at);
    set_optional(received, "channel", ask->channel);
    set_optional(received, "number", ask->number);
    set_optional(received, "date", ask->date);
    set_optional(received, "due", ask->due);
    if (ask->unopened)
        nsk_xml_set_attr(received, "unopened", "yes");
    add_optional(origin, "name", ask->origin);
    add_optional(origin, "attention", ask->attention);
    add_optional(origin, "place", ask->place);
    add_optional(received, "summary", ask->summary);
}

static void
write_scan(const Asking *self, NskXmlNode *root)
{
    if (self->scan.pdf == NULL)
        return;
    g_autofree char *size = g_strdup_printf("%zu", g_bytes_get_size(self->scan.pdf));
    NskXmlNode *list = nsk_xml_add(root, NSK_LETTER_NS, "attachments");
    NskXmlNode *attachment = nsk_xml_add(list, NSK_LETTER_NS, "attachment");
    NskXmlNode *file = nsk_xml_add(attachment, NSK_LETTER_NS, "file");

    nsk_xml_set_attr(attachment, "title", "Naskah masuk");
    nsk_xml_set_attr(file, "name", NSK_INCOMING_SCAN);
    nsk_xml_set_attr(file, "size", size);
    nsk_xml_set_attr(file, "sha256", self->scan.sha256);
}

static const char *
or_else(const char *text, const char *otherwise)
{
    return text != NULL ? text : otherwise;
}

static NskXmlDoc *
write_letter(const Asking *self)
{
    const NskIncomingAsk *ask = self->ask;
    NskXmlDoc *doc = nsk_xml_doc_new(NSK_LETTER_NS, "letter");
    NskXmlNode *root = nsk_xml_doc_get_root(doc);

    nsk_xml_set_attr(root, "kind", or_else(ask->kind, "surat-masuk"));
    nsk_xml_set_attr(root, "xml:lang", or_else(ask->language, "id"));
    add_optional(root, "security", or_else(ask->security, "biasa"));
    add_optional(root, "urgency", or_else(ask->urgency, "biasa"));
    add_optional(root, "classification", ask->classification);
    add_optional(root, "subject",
                 or_else(ask->subject, ask->unopened ? "Surat tertutup, belum dibuka" : NULL));
    NskXmlNode *to = nsk_xml_add(root, NSK_LETTER_NS, "to");
    for (size_t i = 0; ask->to != NULL && ask->to[i] != NULL; i++)
        nsk_xml_set_attr(nsk_xml_add(to, NSK_LETTER_NS, "position"), "ref", ask->to[i]);
    if (self->other_id != NULL) {
        NskXmlNode *list = nsk_xml_add(root, NSK_LETTER_NS, "references");
        NskXmlNode *reference = nsk_xml_add(list, NSK_LETTER_NS, "reference");

        nsk_xml_set_attr(reference, "number", self->other_number);
        nsk_xml_set_attr(reference, "date", self->other_date);
        nsk_xml_set_attr(reference, "letter", self->other_id);
        nsk_xml_set_text(reference, "duplikat");
    }
    write_received(self, root);
    write_scan(self, root);
    return doc;
}

/* --- Asking. ---------------------------------------------------------------------------------- */

/* What must be said, in one sentence for what is lacking. */
static bool
check_ask(const NskIncomingAsk *ask, GError **error)
{
    const char *lacking = NULL;

    if (ask->channel == NULL)
        lacking = "--channel";
    else if (ask->origin == NULL)
        lacking = "--from";
    else if (ask->to == NULL || ask->to[0] == NULL)
        lacking = "--to";
    else if (ask->classification == NULL)
        lacking = "--classification";
    else if (ask->subject == NULL && !ask->unopened)
        lacking = "--subject";
    if (lacking != NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("a letter that came in is not registered without %s"), lacking);
        return false;
    }
    if (!ask->unopened || (ask->path == NULL && ask->summary == NULL && ask->subject == NULL))
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("of an unopened letter only the envelope is known: leave out file, "
                               "subject and summary"));
    return false;
}

/* The letter that this one is said to repeat; the person must know of it. */
static bool
find_other(Asking *self, NskDbTxn *txn, GError **error)
{
    NskDate day;
    const char *said = self->ask->duplicate_of;
    g_autoptr(NskIncomingRow) incoming = NULL;
    g_autoptr(NskLetterRow) row =
        said != NULL ? nsk_incoming_access(self->office, txn, said, &incoming, error) : NULL;

    if (said == NULL)
        return true;
    if (row == NULL || !nsk_date_at(incoming->at, self->unit->zone, &day, error))
        return false;
    self->other_id = g_strdup(row->id);
    self->other_number = g_strdup(incoming->agenda);
    self->other_date = nsk_date_format(day);
    return true;
}

static bool
look_first(Asking *self, GError **error)
{
    NskDate day;
    const NskIncomingAsk *ask = self->ask;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->office->reader, error);

    if (txn == NULL || !nsk_office_common_day(self->now, &day, error))
        return false;
    g_autofree char *unit =
        ask->unit != NULL
            ? g_strdup(ask->unit)
            : nsk_receiving_clerk_choose_unit(self->office, txn, ask->to[0], day, error);
    g_autoptr(NskReceivingClerk) clerk =
        unit != NULL ? nsk_receiving_clerk_find(self->office, txn, unit, self->now, error) : NULL;
    if (clerk == NULL)
        return false;
    self->unit = g_steal_pointer(&clerk->unit);
    return find_time(self, error) && find_other(self, txn, error);
}

/* What the request is, whenever it is repeated; owned. */
static char *
describe_ask(const Asking *self)
{
    const NskIncomingAsk *ask = self->ask;
    g_autofree char *to = g_strjoinv(" ", (char **)(uintptr_t)ask->to);
    const char *const words[] = {
        or_else(ask->kind, ""),         or_else(ask->channel, ""),
        or_else(ask->origin, ""),       or_else(ask->number, ""),
        or_else(ask->date, ""),         or_else(ask->subject, ""),
        or_else(ask->summary, ""),      or_else(ask->security, ""),
        or_else(ask->urgency, ""),      or_else(ask->due, ""),
        or_else(ask->at, ""),           or_else(ask->duplicate_of, ""),
        or_else(self->scan.sha256, ""), to,
        ask->not_duplicate ? "1" : "0",
    };
    g_autoptr(GString) text = g_string_new(NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        g_string_append_printf(text, "%zu:%s", strlen(words[i]), words[i]);
    return nsk_sha256_hex(text->str, text->len);
}

/* What is refused leaves nothing behind; a repeated request has its answer already. */
static bool
place_scan(const Asking *self, NskIncomingChange *change, GError **error)
{
    NskIncomingPlace place = { .scan = &self->scan, .path = self->ask->path, .letter = self->id };

    if (self->scan.pdf == NULL)
        return true;
    change->file_name = NSK_INCOMING_SCAN;
    if (nsk_incoming_scan_is_large(&self->scan) && self->office->request_id == NULL &&
        !nsk_incoming_check(self->office, change, error))
        return false;
    return nsk_incoming_scan_place(self->office, &place, &change->file, &change->file_sha256,
                                   error);
}

bool
nsk_office_incoming_register(NskOffice *self,
                             const NskIncomingAsk *ask,
                             NskJson **out_result,
                             GError **error)
{
    g_auto(Asking) asking = { .office = self,
                              .ask = ask,
                              .now = nsk_clock_now(self->clock),
                              .id = nsk_id_new(self->clock) };

    if (!check_ask(ask, error) || !look_first(&asking, error) ||
        !nsk_incoming_scan_read(ask->path, &asking.scan, error))
        return false;
    g_autoptr(NskXmlDoc) doc = write_letter(&asking);
    g_autoptr(GBytes) xml = nsk_xml_canonical(nsk_xml_doc_get_root(doc), error);
    g_autofree char *act = describe_ask(&asking);
    NskIncomingChange change = { .letter = asking.id,
                                 .xml = xml,
                                 .unit = asking.unit->id,
                                 .text = asking.scan.text,
                                 .act = act,
                                 .double_said =
                                     ask->not_duplicate || ask->duplicate_of != NULL ? 1 : 0 };
    return xml != NULL && place_scan(&asking, &change, error) &&
           nsk_call_incoming_register(self, &change, out_result, error);
}
