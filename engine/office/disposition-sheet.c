/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sheet of a disposition as PDF: a document of what the person may see, through the stylesheet
 * templates/sheets/disposition.xsl.  It is the form of the agency, so its words are Indonesian.
 */
#include "base/message.h"
#include "base/resource.h"
#include "office/disposition-private.h"
#include "office/reader-copy-private.h"

#include <string.h>

#define STYLE    "templates/sheets/disposition.xsl"
#define SHEET_NS "urn:naskah:disposition-sheet:1"
#define TICK     "√"
#define LEAD     "1"

/* What is printed. */
typedef struct {
    NskOffice *office;
    NskDbTxn *txn;
    NskLetterRow *row;
    const NskProfile *profile;
    NskUnit *unit;
    NskIncomingRow *incoming; /* NULL: of a letter of ours */
    NskXmlNode *root;
} Sheet;

static void
sheet_clear(Sheet *sheet)
{
    g_clear_pointer(&sheet->row, nsk_letter_row_free);
    g_clear_pointer(&sheet->unit, nsk_unit_free);
    g_clear_pointer(&sheet->incoming, nsk_incoming_row_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sheet, sheet_clear)

/* The disposition @n of the tree, or the last that was given (0); NULL: there is none. */
static const NskJson *
find_disposition(const NskJson *list, int64_t n, const NskJson *found)
{
    for (size_t i = 0; i < nsk_json_length(list); i++) {
        const NskJson *item = nsk_json_at(list, i);
        const NskJson *receivers = nsk_json_get(item, "receivers");
        int64_t own = nsk_json_get_int(item, "n", 0);
        bool given = strcmp(nsk_json_get_text(item, "state"), "forwarded") != 0;

        if (n != 0 ? own == n : given && (found == NULL || own > nsk_json_get_int(found, "n", 0)))
            found = item;
        for (size_t j = 0; j < nsk_json_length(receivers); j++)
            found =
                find_disposition(nsk_json_get(nsk_json_at(receivers, j), "dispositions"), n, found);
    }
    return found;
}

/* "20 Juli 2026" of "2026-07-20", or nothing. */
static char *
long_date(const char *text)
{
    NskDate date;

    return text != NULL && nsk_date_parse(text, &date, NULL) ? nsk_date_format_id(date)
                                                             : g_strdup("");
}

/* "20 Juli 2026, 09.15" in the unit's zone. */
static char *
long_time(const Sheet *sheet, NskInstant at)
{
    NskDate date;
    g_autofree char *time = nsk_civil_format(at, sheet->unit->zone, NULL);

    if (time == NULL || !nsk_date_at(at, sheet->unit->zone, &date, NULL))
        return g_strdup("");
    g_autofree char *day = nsk_date_format_id(date);
    return g_strdup_printf("%s, %.2s.%.2s", day, time + 11, time + 14);
}

static void
add_fact(const Sheet *sheet,
         const char *label,
         const char *value,
         const char *label2,
         const char *value2)
{
    NskXmlNode *fact = nsk_xml_add(sheet->root, SHEET_NS, "fact");

    nsk_xml_set_attr(fact, "label", label);
    nsk_xml_set_attr(fact, "value", value != NULL ? value : "");
    nsk_xml_set_attr(fact, "label2", label2);
    nsk_xml_set_attr(fact, "value2", value2 != NULL ? value2 : "");
}

static void
add_letter(const Sheet *sheet)
{
    const NskIncomingRow *incoming = sheet->incoming;
    const NskLetterRow *row = sheet->row;
    g_autofree char *dated = long_date(incoming != NULL ? incoming->dated : row->letter_date);
    g_autofree char *came = incoming != NULL ? long_time(sheet, incoming->at) : g_strdup("");

    add_fact(sheet, "Surat dari", incoming != NULL ? incoming->origin : row->drafter, "Diterima",
             came);
    add_fact(sheet, "Nomor surat", incoming != NULL ? incoming->number : row->number, "No. agenda",
             incoming != NULL ? incoming->agenda : NULL);
    add_fact(sheet, "Tanggal surat", dated, "Sifat",
             nsk_profile_get_class_print(sheet->profile, row->security));
    add_fact(sheet, "Tempat", incoming != NULL ? incoming->place : sheet->unit->place, "Derajat",
             nsk_profile_get_urgency_print(sheet->profile, row->urgency));
    (void)nsk_xml_add_text_element(sheet->root, "subject", row->subject);
}

static void
add_receivers(const Sheet *sheet, const NskJson *disposition)
{
    const NskJson *list = nsk_json_get(disposition, "receivers");

    for (size_t i = 0; i < nsk_json_length(list); i++) {
        const NskJson *receiver = nsk_json_at(list, i);
        NskXmlNode *node = nsk_xml_add(sheet->root, SHEET_NS, "receiver");
        bool only = nsk_json_length(list) == 1;

        nsk_xml_set_attr(node, "title", nsk_json_get_text(receiver, "title"));
        nsk_xml_set_attr(node, "mark",
                         nsk_json_get_bool(receiver, "lead", false) && !only ? LEAD : TICK);
    }
}

static bool
is_ticked(const NskJson *list, const char *id)
{
    for (size_t i = 0; i < nsk_json_length(list); i++) {
        if (strcmp(nsk_json_get_text(nsk_json_at(list, i), "id"), id) == 0)
            return true;
    }
    return false;
}

static void
add_instructions(const Sheet *sheet, const NskJson *disposition)
{
    const NskJson *list = nsk_json_get(disposition, "instructions");

    for (size_t i = 0; i < nsk_profile_count_instructions(sheet->profile); i++) {
        const NskProfileInstruction *instruction = nsk_profile_get_instruction(sheet->profile, i);
        NskXmlNode *node = nsk_xml_add(sheet->root, SHEET_NS, "instruction");

        nsk_xml_set_attr(node, "print", instruction->print);
        nsk_xml_set_attr(node, "mark", is_ticked(list, instruction->id) ? TICK : "");
    }
}

static void
add_giver(const Sheet *sheet, const NskJson *disposition)
{
    NskInstant at = 0;
    const char *proposer = nsk_json_get_text(disposition, "proposer");
    const char *name = nsk_json_get_text(disposition, "name");
    NskXmlNode *node = nsk_xml_add(sheet->root, SHEET_NS, "giver");

    (void)nsk_instant_parse(nsk_json_get_text(disposition, "at"), &at, NULL);
    g_autofree char *time = long_time(sheet, at);
    nsk_xml_set_attr(node, "at", time);
    nsk_xml_set_attr(node, "title", nsk_json_get_text(disposition, "title"));
    nsk_xml_set_attr(node, "name", name != NULL ? name : "");
    if (proposer == NULL)
        return;
    g_autoptr(NskPerson) person = nsk_directory_get_person(sheet->txn, proposer, NULL);
    nsk_xml_set_attr(node, "proposer", person != NULL ? person->printed : proposer);
}

/* What of the disposition's life the sheet must not hide. */
static const char *
state_word(const char *state)
{
    if (strcmp(state, "recalled") == 0)
        return "DITARIK";
    return strcmp(state, "proposed") == 0 ? "USUL – belum diberikan" : NULL;
}

static void
fill_sheet(const Sheet *sheet, const NskJson *disposition)
{
    NskXmlNode *root = sheet->root;
    const char *due = nsk_json_get_text(disposition, "due");
    const char *note = nsk_json_get_text(disposition, "note");
    const char *state = state_word(nsk_json_get_text(disposition, "state"));
    g_autofree char *day = long_date(due);
    g_autofree char *foot = g_strdup_printf("%s – disposisi %d", sheet->row->id,
                                            (int)nsk_json_get_int(disposition, "n", 0));

    (void)nsk_xml_add_text_element(root, "agency", nsk_profile_get_agency(sheet->profile));
    if (strcmp(sheet->unit->name, nsk_profile_get_agency(sheet->profile)) != 0)
        (void)nsk_xml_add_text_element(root, "unit", sheet->unit->name);
    (void)nsk_xml_add_text_element(root, "foot", foot);
    if (state != NULL)
        (void)nsk_xml_add_text_element(root, "state", state);
    add_letter(sheet);
    add_receivers(sheet, disposition);
    add_instructions(sheet, disposition);
    (void)nsk_xml_add_text_element(root, "note", note != NULL ? note : "");
    if (due != NULL)
        (void)nsk_xml_add_text_element(root, "due", day);
    add_giver(sheet, disposition);
}

/* The document, as XSL-FO. */
static GBytes *
make_fo(const NskXmlDoc *doc, GError **error)
{
    g_autoptr(NskXmlStyle) style = NULL;
    g_autoptr(NskXmlDoc) fo = NULL;
    g_autoptr(GBytes) bytes = nsk_resource_load(STYLE, error);

    if (bytes != NULL)
        style = nsk_xml_style_parse(STYLE, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes),
                                    error);
    if (style != NULL)
        fo = nsk_xml_style_apply(style, doc, NULL, error);
    return fo != NULL ? nsk_xml_canonical(nsk_xml_doc_get_root(fo), error) : NULL;
}

static bool
gather(Sheet *sheet, const char *letter, GError **error)
{
    NskOffice *office = sheet->office;

    sheet->row = nsk_access_letter(office, sheet->txn, letter, error);
    if (sheet->row == NULL)
        return false;
    sheet->unit = nsk_directory_get_unit(sheet->txn, sheet->row->unit, error);
    sheet->profile = sheet->unit != NULL
                         ? nsk_office_profile(office, sheet->txn, sheet->row->profile,
                                              sheet->row->profile_version, error)
                         : NULL;
    return sheet->profile != NULL &&
           nsk_incoming_find(sheet->txn, sheet->row->id, &sheet->incoming, error);
}

bool
nsk_office_disposition_sheet(NskOffice *self,
                             const char *letter,
                             int64_t n,
                             GBytes **out_pdf,
                             GError **error)
{
    g_autoptr(NskJson) tree = NULL;
    g_autoptr(NskLetterRow) row = NULL;
    g_autoptr(NskXmlDoc) doc = nsk_xml_doc_new(SHEET_NS, "sheet");
    g_autoptr(GBytes) fo = NULL;
    NskRenderer *renderer = nsk_office_get_renderer(self, error);

    if (renderer == NULL || !nsk_office_disposition_show(self, letter, &tree, error))
        return false;
    const NskJson *found = find_disposition(nsk_json_get(tree, "dispositions"), n, NULL);
    if (found == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("letter %s has no such disposition that you may see"),
                    nsk_json_get_text(tree, "letter"));
        return false;
    }
    {
        g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
        g_auto(Sheet) sheet = { .office = self, .txn = txn, .root = nsk_xml_doc_get_root(doc) };

        if (txn == NULL || !gather(&sheet, nsk_json_get_text(tree, "letter"), error))
            return false;
        fill_sheet(&sheet, found);
        row = g_steal_pointer(&sheet.row);
    }
    fo = make_fo(doc, error);
    GBytes *made = NULL;
    if (fo == NULL || !nsk_render_fo(renderer, "disposisi", fo, NULL, &made, error))
        return false;
    g_autoptr(GBytes) pdf = made;
    if (nsk_letter_row_is_secret(row))
        return nsk_copy_give(self, row, NSK_COPY_SHEET, pdf, out_pdf, error);
    *out_pdf = g_steal_pointer(&pdf);
    return true;
}
