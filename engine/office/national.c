/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Beside the national application: what a letter is called there, and what its operators type when
 * they enter a letter of ours, in the order of their form.
 */
#include "base/id.h"
#include "base/limits.h"
#include "base/message.h"
#include "office/delivery-private.h"

#include <string.h>

#define NATIONAL "nasional" /* the system that is meant if none is named */

static const char sql_find_external[] = "SELECT letter FROM letter_external WHERE system = $1 AND "
                                        "id = $2 AND id <> '' AND letter <> $3";
static const char sql_put_external[] =
    "INSERT INTO letter_external (letter, system, number, id, at) VALUES ($1, $2, $3, $4, $5)"
    " ON CONFLICT (letter, system) DO UPDATE SET number = excluded.number, id = excluded.id,"
    " at = excluded.at";
static const char sql_list_external[] =
    "SELECT system || ': ' || number FROM letter_external WHERE letter = $1 ORDER BY system";

typedef struct {
    NskOffice *office;
    const NskExternal *external;
    NskInstant now;
} Work;

static const char *
system_of(const NskExternal *external)
{
    return external->system != NULL ? external->system : NATIONAL;
}

/* One line of printable text that git may keep. */
static bool
is_label(const char *text)
{
    size_t size = strlen(text);

    for (size_t i = 0; i < size; i++) {
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
            return false;
    }
    return size > 0 && size <= NSK_LIMIT_JOURNAL_FIELD && text[strspn(text, " ")] != '\0' &&
           g_utf8_validate(text, -1, NULL);
}

bool
nsk_external_check(const NskExternal *external, GError **error)
{
    if (nsk_name_is_valid(system_of(external)) && external->number != NULL &&
        is_label(external->number) && (external->id == NULL || is_label(external->id)))
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("--number and --id take one line of at most %d bytes, --system a name of "
                       "small letters"),
                NSK_LIMIT_JOURNAL_FIELD);
    return false;
}

/* No two letters are the same one there. */
static bool
check_unique(NskDbTxn *txn, const char *letter, const NskExternal *external, GError **error)
{
    const char *id = external->id != NULL ? external->id : "";
    g_autoptr(GPtrArray) others = nsk_db_list_texts(
        txn, sql_find_external,
        NSK_DB_PARAMS(NSK_DB_TEXT(system_of(external)), NSK_DB_TEXT(id), NSK_DB_TEXT(letter)),
        error);

    if (others == NULL || others->len == 0)
        return others != NULL;
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                nsk_tr("'%s' is another letter of this office there already"), id);
    return false;
}

bool
nsk_external_enter(NskDbTxn *txn,
                   const char *letter,
                   const NskExternal *external,
                   NskInstant now,
                   GError **error)
{
    return check_unique(txn, letter, external, error) &&
           nsk_db_exec(txn, sql_put_external,
                       NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_TEXT(system_of(external)),
                                     NSK_DB_TEXT(external->number),
                                     NSK_DB_TEXT(external->id != NULL ? external->id : ""),
                                     NSK_DB_INT(now)),
                       NULL, error);
}

static bool
record_external(const Work *work, NskAct *act, const NskClerk *clerk, GError **error)
{
    const NskExternal *external = work->external;
    const char *id = external->id != NULL ? external->id : "";
    NskJournalText texts[] = { { "system", system_of(external) },
                               { "number", external->number },
                               { "id", id } };
    NskEvent event = { .action = "external-recorded",
                       .sentence = "Enter what the letter is called elsewhere",
                       .position = clerk->position,
                       .capacity = clerk->capacity,
                       .on_behalf_of = clerk->assisting ? clerk->position : NULL,
                       .state_from = act->row->state,
                       .texts = texts,
                       .n_texts = id[0] != '\0' ? 3 : 2 };

    return nsk_external_enter(act->txn, act->row->id, external, work->now, error) &&
           nsk_record(act, &event, error);
}

static bool
apply_external(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    Work *work = data;
    NskDate today;
    g_auto(NskClerk) clerk = { 0 };
    g_autoptr(NskLetterRow) row =
        nsk_access_route(work->office, txn, work->external->letter, error);

    if (row == NULL || !nsk_office_today(txn, row->unit, work->now, &today, error) ||
        !nsk_access_clerk(work->office, txn, row, today, &clerk, error))
        return false;
    NskAct act = { work->office, txn, row, work->now, today, NULL };
    if (!record_external(work, &act, &clerk, error))
        return false;
    g_autoptr(NskJson) answer = nsk_json_object();
    nsk_json_set_text(answer, "letter", row->id);
    nsk_json_set_text(answer, "system", system_of(work->external));
    nsk_json_set_text(answer, "number", work->external->number);
    nsk_json_set_text(answer, "id", work->external->id);
    *out_answer = nsk_json_canonical(answer);
    return true;
}

bool
nsk_do_letter_external(NskOffice *self, const void *arguments, NskJson **out, GError **error)
{
    const NskExternal *external = arguments;
    Work work = { self, external, nsk_clock_now(self->clock) };
    g_autofree char *answer = NULL;

    if (!nsk_external_check(external, error))
        return false;
    NSK_REQUEST(self, "letter-external", external->letter, system_of(external), external->number,
                external->id != NULL ? external->id : "");
    if (!nsk_office_commit(self, apply_external, &work, &answer, error))
        return false;
    *out = nsk_office_read_answer(answer, error);
    return *out != NULL;
}

/* --- What is typed there --------------------------------------------------------------------- */

static void
add_field(NskJson *fields, const char *label, const char *value)
{
    NskJson *field = nsk_json_object();

    nsk_json_set_text(field, "label", label);
    nsk_json_set_text(field, "value", value != NULL ? value : "");
    nsk_json_add(fields, field);
}

/* The parties, parted by semicolons, each as inside or outside; owned. */
static char *
list_parties(NskDbTxn *txn, const NskLetterParty *parties, size_t n)
{
    GString *text = g_string_new(NULL);

    for (size_t i = 0; i < n; i++) {
        g_autoptr(NskPosition) position =
            parties[i].position != NULL ? nsk_directory_get_position(txn, parties[i].position, NULL)
                                        : NULL;
        const char *name = position != NULL ? position->title : parties[i].name;

        g_string_append_printf(text, "%s%s (%s)", i > 0 ? "; " : "",
                               name != NULL ? name : parties[i].position,
                               parties[i].position != NULL ? "internal" : "eksternal");
    }
    return g_string_free(text, FALSE);
}

/* Name, NIP and post of whoever signed, or is to. */
static bool
add_signatories(NskDbTxn *txn, const NskLetterRow *row, NskJson *fields, GError **error)
{
    g_autoptr(GPtrArray) parts = nsk_route_load(txn, row->id, "signatory", error);

    for (guint i = 0; parts != NULL && i < parts->len; i++) {
        const NskRoutePart *part = g_ptr_array_index(parts, i);
        g_autoptr(NskSigningRow) signing = NULL;
        g_autoptr(NskPosition) position = nsk_directory_get_position(txn, part->position, NULL);

        if (!nsk_signing_find(txn, row->id, part->n, &signing, error))
            return false;
        g_autoptr(NskPerson) person =
            signing != NULL ? nsk_directory_get_person(txn, signing->person, NULL) : NULL;
        add_field(fields, "Penanda Tangan", person != NULL ? person->printed : NULL);
        add_field(fields, "NIP", person != NULL ? person->nip : NULL);
        add_field(fields, "Jabatan", position != NULL ? position->title : part->position);
    }
    return parts != NULL;
}

static bool
add_external(NskDbTxn *txn, const char *id, NskJson *fields, GError **error)
{
    g_autoptr(GPtrArray) list =
        nsk_db_list_texts(txn, sql_list_external, NSK_DB_PARAMS(NSK_DB_TEXT(id)), error);

    for (guint i = 0; list != NULL && i < list->len; i++)
        add_field(fields, "Nomor di aplikasi lain", g_ptr_array_index(list, i));
    return list != NULL;
}

static void
add_letter(NskDbTxn *txn, const NskLetterRow *row, const NskLetterFacts *facts, NskJson *fields)
{
    g_autoptr(NskUnit) unit = nsk_directory_get_unit(txn, row->unit, NULL);
    g_autofree char *to = list_parties(txn, facts->addressees, facts->n_addressees);
    g_autofree char *copies = list_parties(txn, facts->copies, facts->n_copies);
    g_autofree char *attachments = g_strdup_printf("%zu", facts->n_attachments);

    add_field(fields, "Unit Pencatat", unit != NULL ? unit->name : row->unit);
    add_field(fields, "Jenis Naskah", row->kind);
    add_field(fields, "Sifat Naskah", row->security);
    add_field(fields, "Tingkat Urgensi", row->urgency);
    add_field(fields, "Klasifikasi", facts->classification);
    add_field(fields, "Nomor Naskah", row->number);
    add_field(fields, "Tanggal Naskah", row->letter_date);
    add_field(fields, "Hal", row->subject);
    add_field(fields, "Tujuan", to);
    add_field(fields, "Tembusan", copies);
    add_field(fields, "Jumlah Lampiran", attachments);
}

bool
nsk_office_letter_national(NskOffice *self,
                           const char *letter,
                           NskJson **out_result,
                           GError **error)
{
    g_autoptr(NskJson) result = nsk_json_object();
    NskJson *fields = nsk_json_array();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskLetterRow) row = txn != NULL ? nsk_access_route(self, txn, letter, error) : NULL;
    bool kept = row != NULL && nsk_reading_keep(self, &txn, row, NSK_READING_OPENED, error);
    g_autoptr(NskLetter) read = kept ? nsk_office_read_letter(txn, row->id, error) : NULL;

    nsk_json_set(result, "fields", fields);
    if (read == NULL)
        return false;
    if (row->dispatched == 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("letter %s is not sent yet (its state is '%s')"), row->id,
                    nsk_office_word(row->state));
        return false;
    }
    add_letter(txn, row, nsk_letter_get_facts(read), fields);
    if (!add_signatories(txn, row, fields, error) || !add_external(txn, row->id, fields, error))
        return false;
    add_field(fields, "Berkas", "surat.pdf");
    nsk_json_set_text(result, "letter", row->id);
    *out_result = g_steal_pointer(&result);
    return true;
}
