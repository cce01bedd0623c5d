/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A letter out of an older archive: its file, looked at in the worker, and its XML. */
#include "base/bytes.h"
#include "base/message.h"
#include "office/import-private.h"

void
nsk_import_scan(NskImportRow *row)
{
    bool scripts = false;

    if (!nsk_incoming_scan_look(row->path, &row->scan, &scripts, &row->scan_fault) || !scripts)
        return;
    nsk_incoming_scan_clear(&row->scan);
    g_set_error_literal(&row->scan_fault, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("the PDF holds scripts (JavaScript), which an archive does not "
                               "keep; print it to a new PDF and name that"));
}

static void
add_text(NskXmlNode *node, const char *name, const char *value)
{
    if (value[0] != '\0')
        (void)nsk_xml_add_text_element(node, name, value);
}

static void
write_received(const NskImportRow *row, NskInstant now, NskXmlNode *root)
{
    const char *const *values = row->values;
    g_autofree char *at = nsk_instant_format(now);
    NskXmlNode *received = nsk_xml_add(root, NSK_LETTER_NS, "received");
    NskXmlNode *origin = nsk_xml_add(received, NSK_LETTER_NS, "origin");

    nsk_xml_set_attr(received, "at", at);
    nsk_xml_set_attr(received, "channel", NSK_IMPORT_CHANNEL);
    if (values[NSK_IMPORT_NUMBER][0] != '\0')
        nsk_xml_set_attr(received, "number", values[NSK_IMPORT_NUMBER]);
    if (nsk_date_is_set(row->date)) {
        g_autofree char *date = nsk_date_format(row->date);

        nsk_xml_set_attr(received, "date", date);
    }
    add_text(origin, "name", values[NSK_IMPORT_SENDER]);
    add_text(origin, "place", values[NSK_IMPORT_PLACE]);
    add_text(received, "summary", values[NSK_IMPORT_SUMMARY]);
}

static void
write_scan(const NskIncomingScan *scan, NskXmlNode *root)
{
    g_autofree char *size = g_strdup_printf("%zu", g_bytes_get_size(scan->pdf));
    NskXmlNode *list = nsk_xml_add(root, NSK_LETTER_NS, "attachments");
    NskXmlNode *attachment = nsk_xml_add(list, NSK_LETTER_NS, "attachment");
    NskXmlNode *file = nsk_xml_add(attachment, NSK_LETTER_NS, "file");

    nsk_xml_set_attr(attachment, "title", "Naskah arsip lama");
    nsk_xml_set_attr(file, "name", NSK_INCOMING_SCAN);
    nsk_xml_set_attr(file, "size", size);
    nsk_xml_set_attr(file, "sha256", scan->sha256);
}

GBytes *
nsk_import_write(const NskImportRow *row, NskInstant now, GError **error)
{
    const char *const *values = row->values;
    const char *security = values[NSK_IMPORT_SECURITY];
    g_autoptr(NskXmlDoc) doc = nsk_xml_doc_new(NSK_LETTER_NS, "letter");
    NskXmlNode *root = nsk_xml_doc_get_root(doc);

    nsk_xml_set_attr(root, "kind", NSK_IMPORT_KIND);
    nsk_xml_set_attr(root, "xml:lang", "id");
    add_text(root, "security", security[0] != '\0' ? security : "biasa");
    add_text(root, "urgency", "biasa");
    add_text(root, "classification", values[NSK_IMPORT_CLASSIFICATION]);
    add_text(root, "subject", values[NSK_IMPORT_SUBJECT]);
    NskXmlNode *to = nsk_xml_add(root, NSK_LETTER_NS, "to");
    add_text(nsk_xml_add(to, NSK_LETTER_NS, "outsider"), "name", values[NSK_IMPORT_RECEIVER]);
    write_received(row, now, root);
    write_scan(&row->scan, root);
    return nsk_xml_canonical(root, error);
}
