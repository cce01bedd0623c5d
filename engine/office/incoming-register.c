/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A letter that came in is registered: as a letter of the unit whose TU took it, with its scan, a
 * number in the unit's agenda and its workflow begun, all in one change.
 *
 * Who may is the TU of a unit: its archivist, or who assists a position of the unit.  The letter is
 * the archivist's, whoever registers it.
 */
#include "base/bytes.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/message.h"
#include "office/delivery-private.h"
#include "office/incoming-private.h"

#include <string.h>

void
nsk_receiving_clerk_free(NskReceivingClerk *self)
{
    if (self == NULL)
        return;
    nsk_unit_free(self->unit);
    g_free(self);
}

bool
nsk_receiving_clerk_is(const NskReading *reading)
{
    return reading->as == NSK_READS_AS_ARCHIVIST || reading->as == NSK_READS_AS_ASSISTANT;
}

/* The first reading by which the person is TU of @unit; archivists come after assistants, but
 * their own right comes first. */
static const NskReading *
find_reading(const GPtrArray *readings, const char *unit)
{
    const NskReading *found = NULL;

    for (guint i = 0; i < readings->len; i++) {
        const NskReading *reading = g_ptr_array_index(readings, i);

        if (nsk_receiving_clerk_is(reading) && strcmp(reading->unit, unit) == 0 &&
            (found == NULL || reading->as == NSK_READS_AS_ARCHIVIST))
            found = reading;
    }
    return found;
}

/* The nearest unit around @position whose TU the person is; *out_unit: owned, or NULL. */
static bool
find_around(NskDbTxn *txn,
            const GPtrArray *readings,
            const char *position,
            char **out_unit,
            GError **error)
{
    g_autoptr(NskPosition) held = nsk_directory_get_position(txn, position, error);
    g_autofree char *id = held != NULL ? g_strdup(held->unit) : NULL;

    if (id == NULL)
        return false;
    while (id[0] != '\0') {
        if (find_reading(readings, id) != NULL) {
            *out_unit = g_steal_pointer(&id);
            return true;
        }
        g_autoptr(NskUnit) unit = nsk_directory_get_unit(txn, id, error);
        if (unit == NULL)
            return false;
        g_free(id);
        id = g_strdup(unit->parent);
    }
    return true;
}

/* The only unit whose TU the person is; NULL with words if there are none or several. */
static char *
only_unit(const GPtrArray *readings, GError **error)
{
    g_autoptr(GString) names = g_string_new(NULL);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    const char *first = NULL;

    for (guint i = 0; i < readings->len; i++) {
        const NskReading *reading = g_ptr_array_index(readings, i);

        if (!nsk_receiving_clerk_is(reading) || !g_hash_table_add(seen, reading->unit))
            continue;
        first = first != NULL ? first : reading->unit;
        g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "", reading->unit);
    }
    if (g_hash_table_size(seen) == 1)
        return g_strdup(first);
    if (first == NULL)
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_DENIED,
                            nsk_tr("you are the TU of no unit today: letters that come in are "
                                   "registered by a unit's archivist or the assistants of its "
                                   "positions"));
    else
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("say for which unit the letter is registered, with --unit: %s"),
                    names->str);
    return NULL;
}

char *
nsk_receiving_clerk_choose_unit(NskOffice *office,
                                NskDbTxn *txn,
                                const char *position,
                                NskDate date,
                                GError **error)
{
    g_autofree char *unit = NULL;
    g_autoptr(GPtrArray) readings = nsk_directory_readings(txn, office->person, date, error);

    if (readings == NULL ||
        (position != NULL && !find_around(txn, readings, position, &unit, error)))
        return NULL;
    return unit != NULL ? g_steal_pointer(&unit) : only_unit(readings, error);
}

NskReceivingClerk *
nsk_receiving_clerk_find(NskOffice *office,
                         NskDbTxn *txn,
                         const char *unit,
                         NskInstant now,
                         GError **error)
{
    g_autoptr(NskReceivingClerk) self = g_new0(NskReceivingClerk, 1);

    self->unit = nsk_directory_get_unit(txn, unit, error);
    if (self->unit == NULL || !nsk_date_at(now, self->unit->zone, &self->today, error))
        return NULL;
    g_autoptr(GPtrArray) readings = nsk_directory_readings(txn, office->person, self->today, error);
    const NskReading *reading = readings != NULL ? find_reading(readings, unit) : NULL;
    if (readings == NULL)
        return NULL;
    if (reading == NULL || self->unit->archivist[0] == '\0') {
        g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                    reading == NULL
                        ? nsk_tr("you are not the TU of the unit '%s' today")
                        : nsk_tr("the unit '%s' has no archivist, before whom its letters could "
                                 "lie; name one in the directory"),
                    unit);
        return NULL;
    }
    self->assisting = reading->as == NSK_READS_AS_ASSISTANT;
    return self->assisting || nsk_directory_may_act(txn, office->person, self->unit->archivist,
                                                    self->today, &self->capacity, error)
               ? g_steal_pointer(&self)
               : NULL;
}

/* --- The change. ------------------------------------------------------------------------------ */

typedef struct {
    NskOffice *office;
    const NskIncomingChange *change;
    NskLetter *letter;
    GBytes *xml;
    char *words;        /* signature of the scan's text */
    NskStoreBlob *file; /* the letter's XML */
    NskStoreBlob *scan; /* NULL: none */
    NskStoreBlob *text; /* of the scan; NULL: none */
    NskJournalObject scan_object;
    NskInstant now;
    NskIssues *issues; /* what is odd about it */
} Work;

static void
work_clear(Work *work)
{
    g_clear_pointer(&work->issues, g_ptr_array_unref);
    g_clear_pointer(&work->letter, nsk_letter_unref);
    g_clear_pointer(&work->xml, g_bytes_unref);
    g_clear_pointer(&work->words, g_free);
    nsk_store_blob_unref(work->file);
    nsk_store_blob_unref(work->scan);
    nsk_store_blob_unref(work->text);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, work_clear)

static NskLetterRow *
make_row(const Work *work, NskDbTxn *txn, const NskReceivingClerk *clerk, GError **error)
{
    g_autoptr(NskLetterRow) row = g_new0(NskLetterRow, 1);

    row->id = g_strdup(work->change->letter);
    row->unit = g_strdup(clerk->unit->id);
    row->kind = g_strdup(nsk_letter_get_facts(work->letter)->kind);
    row->state = g_strdup("received");
    row->drafter = g_strdup(clerk->unit->archivist);
    row->drafter_person = g_strdup(work->office->person);
    row->flow = g_strdup("");
    row->created = row->changed = work->now;
    nsk_letter_row_take_content(row, work->letter);
    return nsk_letter_bind_rules(work->office, txn, row, error) ? g_steal_pointer(&row) : NULL;
}

/* The id was made by who asks; it must be new. */
static bool
check_new(NskDbTxn *txn, const char *id, GError **error)
{
    g_autoptr(GError) fault = NULL;

    if (nsk_store_head(txn, id, NULL, NULL, &fault)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT, nsk_tr("there is a letter '%s' already"),
                    id);
        return false;
    }
    if (g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND))
        return true;
    g_propagate_error(error, g_steal_pointer(&fault));
    return false;
}

/* Why two letters are taken for one; for nsk_tr(). */
static const char *
why_double(const NskIncomingRow *row, const NskIncomingRow *other)
{
    if (row->sender[0] != '\0' && strcmp(row->sender, other->sender) == 0)
        return N_("the same sender gave it the same number");
    if (row->file[0] != '\0' && strcmp(row->file, other->file) == 0)
        return N_("it is the same file");
    return N_("it has nearly the same words");
}

bool
nsk_incoming_check_double(NskOffice *office,
                          NskDbTxn *txn,
                          const NskIncomingRow *row,
                          GError **error)
{
    g_autoptr(NskIncomingRow) other = NULL;

    if (!nsk_incoming_find_double(txn, row, &other, error))
        return false;
    if (other == NULL)
        return true;
    g_free(office->incoming_double);
    office->incoming_double = g_strdup(other->letter);
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                nsk_tr("this seems to be letter %s (agenda %s): %s; if it is, enter it with "
                       "--duplicate-of %s, else with --not-duplicate"),
                other->letter, other->agenda != NULL ? other->agenda : "-",
                nsk_tr(why_double(row, other)), other->letter);
    return false;
}

/* Refuses what is in an agenda already, unless it was said what it is. */
static bool
check_double(const Work *work, NskDbTxn *txn, GError **error)
{
    const NskIncomingChange *change = work->change;

    if (change->double_said != 0)
        return true;
    g_autoptr(NskIncomingRow) row =
        nsk_incoming_describe(work->letter, change->letter, change->unit, work->words);
    return nsk_incoming_check_double(work->office, txn, row, error);
}

const char *
nsk_office_incoming_double(const NskOffice *self)
{
    return self->incoming_double;
}

static NskExternal
former_name(const NskIncomingChange *change)
{
    return (NskExternal){ .letter = change->letter,
                          .system = change->system,
                          .number = change->former_number,
                          .id = change->former_id };
}

/* What a letter out of an archive was called there. */
static bool
save_former(const Work *work, NskDbTxn *txn, GError **error)
{
    NskExternal former = former_name(work->change);

    return former.system == NULL ||
           nsk_external_enter(txn, former.letter, &former, work->now, error);
}

/* The rows, before anything is recorded. */
static bool
save_rows(const Work *work, NskDbTxn *txn, const NskLetterRow *row, GError **error)
{
    return nsk_letter_row_save(txn, row, error) &&
           nsk_route_save(txn, row->id, work->letter, error) &&
           nsk_link_save(txn, row->id, work->letter, error) &&
           nsk_incoming_take_content(txn, row, work->letter, error) &&
           (work->words[0] == '\0' || nsk_incoming_set_words(txn, row->id, work->words, error)) &&
           nsk_incoming_add_readers(txn, row, error) && check_double(work, txn, error) &&
           save_former(work, txn, error);
}

static NskJournalObject
describe_content(const NskLetterRow *row, GBytes *xml)
{
    NskJournalObject object = { .kind = "content", .size = (int64_t)g_bytes_get_size(xml) };

    memcpy(object.sha256, row->content, sizeof object.sha256);
    return object;
}

/* Of what is taken in from an archive the history says that nobody here saw it come. */
static NskEvent
describe_event(const Work *work, const NskLetterRow *row, const NskReceivingClerk *clerk)
{
    bool imports = work->change->system != NULL;

    return (NskEvent){ .action = imports ? "letter-imported" : "letter-registered",
                       .sentence = imports ? "Take in a letter of an older archive, not witnessed"
                                           : "Register a letter that came in",
                       .position = row->drafter,
                       .capacity = clerk->assisting ? NULL : nsk_capacity_name(clerk->capacity),
                       .on_behalf_of = clerk->assisting ? row->drafter : NULL };
}

/* The act, and what the workflow makes of it. */
static bool
record_register(const Work *work, NskAct *act, const NskReceivingClerk *clerk, GError **error)
{
    const NskIncomingChange *change = work->change;
    g_autofree char *name = nsk_office_file_name(act->row->id, ".xml");
    g_autofree char *text_name = nsk_office_file_name(act->row->id, ".txt");
    NskJournalObject objects[2] = { describe_content(act->row, work->xml), work->scan_object };
    NskJournalText texts[] = { { "system", change->system },
                               { "number", change->former_number },
                               { "id", change->former_id } };
    NskStoreFile files[3] = { { .name = name, .content = work->xml, .blob = work->file },
                              { .name = change->file_name, .blob = work->scan },
                              { .name = text_name, .blob = work->text } };
    NskAdvance advance = { .flow_event = { .type = NSK_FLOW_START },
                           .record = describe_event(work, act->row, clerk),
                           .state_if_done = change->system != NULL ? "archived" : NULL };

    advance.record.files = files;
    advance.record.n_files = work->scan == NULL ? 1 : work->text == NULL ? 2 : 3;
    advance.record.objects = objects;
    advance.record.n_objects = work->scan == NULL ? 1 : 2;
    advance.record.texts = texts;
    advance.record.n_texts = change->system != NULL ? G_N_ELEMENTS(texts) : 0;
    return nsk_advance(act, &advance, error);
}

static bool
apply_register(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    const Work *work = data;
    const NskIncomingChange *change = work->change;
    g_autoptr(NskReceivingClerk) clerk =
        nsk_receiving_clerk_find(work->office, txn, change->unit, work->now, error);
    g_autoptr(NskLetterRow) row = clerk != NULL && check_new(txn, change->letter, error)
                                      ? make_row(work, txn, clerk, error)
                                      : NULL;

    if (row == NULL || !save_rows(work, txn, row, error))
        return false;
    NskAct act = { work->office, txn, row, work->now, clerk->today, NULL };
    if (!record_register(work, &act, clerk, error))
        return false;
    *out_answer = nsk_incoming_answer(&act, error);
    return *out_answer != NULL;
}

char *
nsk_incoming_answer(const NskAct *act, GError **error)
{
    g_autoptr(NskIncomingRow) incoming = NULL;
    g_autofree char *text = nsk_act_answer(act, NULL, NULL, error);
    g_autoptr(NskJson) answer = text != NULL ? nsk_json_parse(text, strlen(text), error) : NULL;

    if (answer == NULL || !nsk_incoming_find(act->txn, act->row->id, &incoming, error))
        return NULL;
    nsk_json_set_text(answer, "agenda", incoming != NULL ? incoming->agenda : NULL);
    nsk_json_set_text(answer, "unit", act->row->unit);
    return nsk_json_canonical(answer);
}

/* What a letter that came in must hold to beyond its kind. */
static bool
check_letter(const Work *work, GError **error)
{
    const NskIncomingChange *change = work->change;
    const NskLetterFacts *facts = nsk_letter_get_facts(work->letter);
    bool said = facts->n_attachments > 0 && facts->attachments[0].file_name != NULL;
    const char *wrong = NULL;

    if (facts->received == NULL)
        wrong = nsk_tr("a letter that came in says how: it has an element <received>");
    else if (facts->n_signatories > 0 || facts->body != NULL || facts->number != NULL)
        wrong = nsk_tr("a letter that came in has no number, body or signatories of ours");
    else if (facts->received->at > work->now)
        wrong = nsk_tr("the letter cannot have come later than now; correct the time of receipt");
    else if (said != (change->file_name != NULL))
        wrong = nsk_tr("the letter does not name the file that is stored with it");
    if (wrong == NULL)
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID, wrong);
    return false;
}

/* Only kinds that come in have a workflow that begins with the agenda, and one is for what is taken
 * in from an archive. */
static bool
check_kind(const Work *work, NskDbTxn *txn, GError **error)
{
    const char *id = nsk_letter_get_facts(work->letter)->kind;
    bool imports = work->change->system != NULL;

    if ((strcmp(id, NSK_IMPORT_KIND) == 0) != imports) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("letters of kind '%s' are taken in with 'naskah archive import', and "
                           "others are registered"),
                    NSK_IMPORT_KIND);
        return false;
    }
    g_autoptr(NskKind) kind = nsk_office_find_kind(work->office, txn, id, error);

    if (kind == NULL || nsk_kind_requires(kind, "received"))
        return kind != NULL;
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("letters of kind '%s' are written here, and do not come in"), id);
    return false;
}

bool
nsk_incoming_check_channel(NskOffice *office, NskDbTxn *txn, const char *channel, GError **error)
{
    g_autofree char *version = nsk_rule_current(txn, "profile", "agency", error);
    const NskProfile *profile =
        version != NULL ? nsk_office_profile(office, txn, "agency", version, error) : NULL;

    if (profile == NULL)
        return false;
    if (nsk_profile_get_channel_print(profile, channel) != NULL)
        return true;
    g_autofree char *names = nsk_profile_list_channels(profile);
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("the profile knows no channel '%s'; it has: %s"), channel, names);
    return false;
}

/* What kind, directory, profile and the agendas say against it. */
static bool
check_content(Work *work, GError **error)
{
    const char *channel = nsk_letter_get_facts(work->letter)->received->channel;
    NskOffice *office = work->office;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(office->reader, error);

    if (txn == NULL ||
        (work->change->system == NULL && !nsk_incoming_check_channel(office, txn, channel, error)))
        return false;
    if (!check_kind(work, txn, error) || !check_double(work, txn, error))
        return false;
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    return nsk_office_file_check(office, nsk_letter_get_facts(work->letter)->kind, work->xml,
                                 work->issues, error) &&
           nsk_issues_to_error(work->issues, error);
}

static bool
prepare_scan(Work *work, GError **error)
{
    const NskIncomingChange *change = work->change;
    NskLetterEdit edit = { .letter = change->letter,
                           .file_name = change->file_name,
                           .file = change->file,
                           .file_sha256 = change->file_sha256 };
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(work->office->reader, error);
    g_autofree char *name = nsk_office_file_name(change->letter, ".txt");

    if (txn == NULL || !nsk_attach_prepare(txn, &edit, &work->scan, error) ||
        !nsk_attach_check(&edit, work->letter, work->scan, error))
        return false;
    if (work->scan == NULL)
        return true;
    work->scan_object = nsk_attach_describe(work->scan);
    if (change->text == NULL)
        return true;
    work->text = nsk_store_prepare(NULL, change->letter, name, change->text, error);
    return work->text != NULL;
}

/* A former system names each letter. */
static bool
check_former(const NskIncomingChange *change, GError **error)
{
    NskExternal former = former_name(change);

    if (former.system == NULL)
        return true;
    if (former.id != NULL && former.id[0] != '\0')
        return nsk_external_check(&former, error);
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("a letter of an older archive has an id there; give it one"));
    return false;
}

/* Reads the letter, and all that can be said against it. */
static bool
read_letter(Work *work, GError **error)
{
    const NskIncomingChange *change = work->change;
    g_autofree char *name = nsk_office_file_name(change->letter, ".xml");
    g_autofree char *text = change->text != NULL ? g_strndup(g_bytes_get_data(change->text, NULL),
                                                             g_bytes_get_size(change->text))
                                                 : g_strdup("");

    if (!nsk_id_is_valid(change->letter)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID, nsk_tr("'%s' is no id of a letter"),
                    change->letter);
        return false;
    }
    if (!check_former(change, error))
        return false;
    work->letter = nsk_letter_parse(name, g_bytes_get_data(change->xml, NULL),
                                    g_bytes_get_size(change->xml), NULL, error);
    if (work->letter == NULL || !check_letter(work, error))
        return false;
    work->xml = nsk_letter_canonical(work->letter);
    work->issues = nsk_issues_new();
    work->words = nsk_near_signature(text);
    return check_content(work, error);
}

bool
nsk_incoming_check(NskOffice *self, const NskIncomingChange *change, GError **error)
{
    g_auto(Work) work = { .office = self, .change = change, .now = nsk_clock_now(self->clock) };

    return read_letter(&work, error);
}

/* All that takes time, before the change. */
static bool
prepare(Work *work, GError **error)
{
    g_autofree char *name = nsk_office_file_name(work->change->letter, ".xml");

    if (!read_letter(work, error) || !prepare_scan(work, error))
        return false;
    work->file = nsk_store_prepare(NULL, work->change->letter, name, work->xml, error);
    return work->file != NULL;
}

/* What was done before is its own double. */
static bool
find_answer(NskOffice *self, bool *out_done, char **out_answer, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);

    return txn != NULL && nsk_office_find_request(self, txn, out_done, out_answer, error);
}

bool
nsk_do_incoming_register(NskOffice *self,
                         const void *arguments,
                         NskJson **out_result,
                         GError **error)
{
    const NskIncomingChange *change = arguments;
    bool done = false;
    g_autofree char *answer = NULL;
    g_auto(Work) work = { .office = self, .change = change, .now = nsk_clock_now(self->clock) };

    NSK_REQUEST(self, "incoming-register", change->act, change->unit);
    if (!find_answer(self, &done, &answer, error) || (!done && !prepare(&work, error)))
        return false;
    if (!done && !nsk_office_commit(self, apply_register, &work, &answer, error))
        return false;
    *out_result = nsk_office_read_answer(answer, error);
    if (*out_result != NULL && work.issues != NULL)
        nsk_incoming_add_warnings(*out_result, work.issues);
    return *out_result != NULL;
}

void
nsk_incoming_add_warnings(NskJson *result, const NskIssues *issues)
{
    NskJson *list = nsk_json_array();

    for (guint i = 0; i < issues->len; i++)
        nsk_json_add_text(list, ((const NskIssue *)g_ptr_array_index(issues, i))->text);
    nsk_json_set(result, "warnings", list);
}
