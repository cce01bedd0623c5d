/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The record of destruction (berita acara): a letter as any other, drafted here with the list of
 * what goes and its digest, put on its route by its drafter, and signed by two.  Before that
 * nothing goes.
 */
#include "base/message.h"
#include "office/disposal-private.h"

#include <string.h>

#define MOST_LEVELS 64

static const char sql_set_letter[] = "UPDATE disposal SET letter = $2 WHERE id = $1";

/* --- Positions. ------------------------------------------------------------------------------- */

char *
nsk_disposal_archivist(NskDbTxn *txn, const char *unit, GError **error)
{
    g_autoptr(NskUnit) at = nsk_directory_get_unit(txn, unit, error);

    while (at != NULL && at->archivist[0] == '\0' && at->parent[0] != '\0') {
        NskUnit *parent = nsk_directory_get_unit(txn, at->parent, error);

        nsk_unit_free(at);
        at = parent;
    }
    if (at != NULL && at->archivist[0] != '\0')
        return g_strdup(at->archivist);
    if (at != NULL)
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("the unit '%s' has no archivist, and none above it has; name one in the "
                           "directory"),
                    unit);
    return NULL;
}

char *
nsk_disposal_head(NskDbTxn *txn, const char *unit, GError **error)
{
    g_autofree char *at = nsk_disposal_archivist(txn, unit, error);

    for (int i = 0; at != NULL && i < MOST_LEVELS; i++) {
        g_autoptr(NskPosition) position = nsk_directory_get_position(txn, at, error);

        if (position == NULL)
            return NULL;
        if (position->superior[0] == '\0')
            return g_steal_pointer(&at);
        g_free(at);
        at = g_strdup(position->superior);
    }
    if (at != NULL)
        g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                    nsk_tr("the superiors above the archivist of '%s' have no end"), unit);
    return NULL;
}

/* --- Whether it is signed. -------------------------------------------------------------------- */

static bool
refuse_unsigned(GError **error)
{
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                        nsk_tr("the record of destruction (berita acara) is not signed by all who "
                               "sign it; draft it with 'naskah records certify' and put it on its "
                               "route"));
    return false;
}

/* The letter as it is says the digest of the list. */
static bool
names_list(NskDbTxn *txn, const NskDisposalRow *row, bool *out_names, GError **error)
{
    g_autoptr(NskLetter) letter = nsk_office_read_letter(txn, row->letter, error);
    g_autoptr(GBytes) xml = letter != NULL ? nsk_letter_canonical(letter) : NULL;

    if (xml == NULL)
        return false;
    *out_names = g_strstr_len(g_bytes_get_data(xml, NULL), (gssize)g_bytes_get_size(xml),
                              row->digest) != NULL;
    return true;
}

bool
nsk_disposal_check_letter(NskDbTxn *txn, const NskDisposalRow *row, GError **error)
{
    bool names = false;

    if (row->letter == NULL)
        return refuse_unsigned(error);
    g_autoptr(NskLetterRow) letter = nsk_letter_row_load(txn, row->letter, error);
    g_autoptr(GPtrArray) parts =
        letter != NULL ? nsk_route_load(txn, letter->id, "signatory", error) : NULL;
    if (parts == NULL || !names_list(txn, row, &names, error))
        return false;
    bool done = parts->len >= 2 && names &&
                (strcmp(letter->state, "signed") == 0 || strcmp(letter->state, "archived") == 0);
    for (guint i = 0; i < parts->len; i++)
        done = done && ((const NskRoutePart *)g_ptr_array_index(parts, i))->done;
    return done || refuse_unsigned(error);
}

/* --- Drafting it. ----------------------------------------------------------------------------- */

typedef struct {
    NskDate today;
    char *archivist, *unit; /* position, name; owned */
    NskParty parties[2];
    NskJson *list;
} Draft;

static void
draft_clear(Draft *self)
{
    g_clear_pointer(&self->archivist, g_free);
    g_clear_pointer(&self->unit, g_free);
    nsk_party_clear(&self->parties[0]);
    nsk_party_clear(&self->parties[1]);
    g_clear_pointer(&self->list, nsk_json_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Draft, draft_clear)

/* Reads what the letter says; the state of the proposal is right for it. */
static bool
prepare(const NskDisposalWork *work, NskDbTxn *txn, Draft *out, GError **error)
{
    gsize size;
    const NskDisposalAct *act = work->act;
    g_autoptr(NskDisposalRow) row = nsk_disposal_load(txn, work->id, error);

    if (row == NULL || !nsk_berkas_check_archivist(work->office, txn, row->unit, error) ||
        !nsk_disposal_check_approved(txn, row, error) ||
        !nsk_office_today(txn, row->unit, work->now, &out->today, error))
        return false;
    g_autoptr(GBytes) list = nsk_disposal_check_list(txn, row, error);
    const char *text = list != NULL ? g_bytes_get_data(list, &size) : NULL;
    out->list = text != NULL ? nsk_json_parse(text, size, error) : NULL;
    g_autoptr(NskUnit) unit = nsk_directory_get_unit(txn, row->unit, error);
    out->archivist = unit != NULL ? nsk_disposal_archivist(txn, row->unit, error) : NULL;
    g_autoptr(NskPosition) own =
        out->archivist != NULL ? nsk_directory_get_position(txn, out->archivist, error) : NULL;
    if (out->list == NULL || own == NULL)
        return false;
    out->unit = g_strdup(unit->name);
    return nsk_party_find(txn, act->first != NULL ? act->first : own->superior, out->today,
                          &out->parties[0], error) &&
           nsk_party_find(txn, act->second != NULL ? act->second : out->archivist, out->today,
                          &out->parties[1], error);
}

static void
add_party(GString *xml, const NskParty *party)
{
    g_autofree char *rows = g_markup_printf_escaped(
        "<rows><row label=\"Nama\">%s%s%s</row><row label=\"Jabatan\">%s</row></rows>", party->name,
        party->nip[0] != '\0' ? ", NIP " : "", party->nip, party->title);

    g_string_append(xml, rows);
}

static size_t
add_letters(GString *xml, const NskJson *list)
{
    size_t n = 0;
    const NskJson *files = nsk_json_get(list, "files");

    for (size_t i = 0; i < nsk_json_length(files); i++) {
        const NskJson *file = nsk_json_at(files, i);
        const NskJson *letters = nsk_json_get(file, "letters");

        for (size_t k = 0; k < nsk_json_length(letters); k++) {
            const NskJson *letter = nsk_json_at(letters, k);
            const char *number = nsk_json_get_text(letter, "number");
            const char *date = nsk_json_get_text(letter, "date");
            g_autofree char *row = g_markup_printf_escaped(
                "<tr><td "
                "align=\"center\">%zu.</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>",
                ++n, nsk_json_get_text(file, "code"), number != NULL ? number : "-",
                date != NULL ? date : "-", nsk_json_get_text(letter, "kind"));

            g_string_append(xml, row);
        }
    }
    return n;
}

static void
add_head(GString *xml, const Draft *draft, const char *verb)
{
    const NskJson *first = nsk_json_at(nsk_json_get(draft->list, "files"), 0);
    g_autofree char *head = g_markup_printf_escaped(
        "<letter xmlns=\"urn:naskah:letter:1\" kind=\"berita-acara\" xml:lang=\"id\">"
        "<security>biasa</security><urgency>biasa</urgency><classification>%s</classification>"
        "<subject>%s Arsip %s</subject><to list=\"inline\"><position ref=\"%s\"/></to>",
        nsk_json_get_text(first, "code"), verb, draft->unit, draft->parties[0].position);

    g_string_append(xml, head);
}

static void
add_signatories(GString *xml, const Draft *draft)
{
    static const char *const roles[] = { "pihak-pertama", "pihak-kedua" };

    g_string_append(xml, "<signatories>");
    for (size_t i = 0; i < G_N_ELEMENTS(roles); i++) {
        g_autofree char *one = g_markup_printf_escaped(
            "<signatory position=\"%s\" capacity=\"%s\" role=\"%s\"/>", draft->parties[i].position,
            nsk_capacity_name(draft->parties[i].capacity), roles[i]);

        g_string_append(xml, one);
    }
    g_string_append(xml, "</signatories>");
}

static GBytes *
write_draft(const Draft *draft, const NskDisposalRow *row)
{
    static const char *const months[] = { "Januari",   "Februari", "Maret",    "April",
                                          "Mei",       "Juni",     "Juli",     "Agustus",
                                          "September", "Oktober",  "November", "Desember" };
    bool destroys = strcmp(row->form, "destroy") == 0;
    g_autoptr(GString) rows = g_string_new(NULL);
    size_t n = add_letters(rows, draft->list);
    GString *xml = g_string_new(NULL);

    add_head(xml, draft, destroys ? "Pemusnahan" : "Penyerahan");
    g_string_append(xml, "<attachments><attachment title=\"Daftar Arsip\" count=\"1\" "
                         "unit=\"berkas\"><table><col width=\"12mm\"/><col width=\"3\"/>"
                         "<col width=\"5\"/><col width=\"3\"/><col width=\"4\"/><thead><tr>"
                         "<th>No.</th><th>Klasifikasi</th><th>Nomor</th><th>Tanggal</th>"
                         "<th>Jenis</th></tr></thead><tbody>");
    g_string_append_len(xml, rows->str, (gssize)rows->len);
    g_string_append(xml, "</tbody></table></attachment></attachments>");
    add_signatories(xml, draft);
    g_string_append_printf(
        xml,
        "<body><p>Pada tanggal %u bulan %s tahun %u, kami yang bertanda tangan di bawah ini:</p>",
        draft->today.day, months[draft->today.month - 1], draft->today.year);
    add_party(xml, &draft->parties[0]);
    g_string_append(xml, "<p>selanjutnya disebut PIHAK PERTAMA; dan</p>");
    add_party(xml, &draft->parties[1]);
    g_string_append_printf(
        xml,
        "<p>selanjutnya disebut PIHAK KEDUA, melaksanakan:</p><ol type=\"1\"><li>%s %zu naskah "
        "sebagaimana tercantum dalam Lampiran, berdasarkan usul %s yang telah disetujui.</li>"
        "<li>Daftar arsip yang disetujui mempunyai sidik SHA-256 %s.</li></ol>"
        "<p>Berita acara ini dibuat dengan sesungguhnya untuk dipergunakan sebagaimana "
        "mestinya.</p></body></letter>",
        destroys ? "Pemusnahan" : "Penyerahan", n, row->id, row->digest);
    return g_string_free_to_bytes(xml);
}

/* A record that is on its way, or signed, is not drafted again. */
static bool
check_none(NskDbTxn *txn, const NskDisposalRow *row, GError **error)
{
    g_autoptr(NskLetterRow) letter =
        row->letter != NULL ? nsk_letter_row_load(txn, row->letter, error) : NULL;

    if (row->letter == NULL)
        return true;
    if (letter != NULL && strcmp(letter->state, "withdrawn") == 0)
        return true;
    if (letter != NULL)
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("the record of destruction was drafted already: letter %s"),
                    row->letter);
    return false;
}

typedef struct {
    const NskDisposalWork *work;
    const char *letter;
} Link;

static bool
apply_link(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    const Link *link = data;
    const NskDisposalEvent event = { .action = "disposal-certified",
                                     .sentence = "Draft the record of destruction" };
    g_autoptr(NskDisposalRow) row = nsk_disposal_load(txn, link->work->id, error);

    if (row == NULL || !check_none(txn, row, error) ||
        !nsk_disposal_check_approved(txn, row, error) ||
        !nsk_db_exec(txn, sql_set_letter,
                     NSK_DB_PARAMS(NSK_DB_TEXT(row->id), NSK_DB_TEXT(link->letter)), NULL, error) ||
        !nsk_disposal_record(link->work, txn, &event, error))
        return false;
    g_autoptr(NskDisposalRow) linked = nsk_disposal_load(txn, link->work->id, error);
    g_autoptr(NskJson) answer =
        linked != NULL ? nsk_disposal_to_json(link->work->office, txn, linked, error) : NULL;
    if (answer == NULL)
        return false;
    *out_answer = nsk_json_canonical(answer);
    return true;
}

bool
nsk_disposal_certify(const NskDisposalWork *work, NskJson **out_result, GError **error)
{
    NskOffice *self = work->office;
    g_auto(Draft) draft = { 0 };
    g_autofree char *answer = NULL;
    g_autoptr(NskJson) made = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskDisposalRow) row = txn != NULL ? nsk_disposal_load(txn, work->id, error) : NULL;

    if (row == NULL || !check_none(txn, row, error) || !prepare(work, txn, &draft, error))
        return false;
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    g_autoptr(GBytes) xml = write_draft(&draft, row);
    NskBatchLetter letter = {
        .draft = { .name = "berita-acara.xml", .xml = xml, .position = draft.archivist }
    };
    /* asked again, it says that it was drafted */
    g_clear_pointer(&self->request_id, g_free);
    if (!nsk_do_letter_new(self, &letter, &made, error))
        return false;
    Link link = { work, nsk_json_get_text(made, "letter") };
    if (!nsk_office_commit(self, apply_link, &link, &answer, error))
        return false;
    *out_result = nsk_office_read_answer(answer, error);
    return *out_result != NULL;
}
