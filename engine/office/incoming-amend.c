/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is registered of a letter that came in is made right, or more (incoming-rewrite.c): TU
 * corrects what it entered, for a reason; and who a letter is for, that was registered by its
 * envelope, opens it and enters what is in it.  Either is a version of the letter: what stood there
 * before stays in its history.
 *
 * INVARIANTS
 *   (1) The number in the agenda, the unit, the kind, the class and the addressees stay.
 *   (2) Of a secret letter TU corrects what the envelope says, and nothing else; what is behind it
 *       is for those whom the letter is for.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "office/incoming-private.h"

#include <string.h>

typedef struct {
    NskOffice *office;
    const NskIncomingAmend *asked;
    NskInstant now;
    /* what was found before the change: */
    int64_t version; /* that the new one is made from */
    NskRewrite made;
    bool has_text;     /* the letter has words of a scan */
    bool scan_follows; /* it is not put in its place yet */
    GBytes *xml;
    NskLetter *letter;
    char *words;
    NskStoreBlob *file, *text; /* NULL: the letter's stay */
    NskJournalObject scan_object;
    NskIssues *issues; /* what is odd about it */
} Work;

static void
work_clear(Work *work)
{
    g_clear_pointer(&work->issues, g_ptr_array_unref);
    g_clear_pointer(&work->made.changed, g_ptr_array_unref);
    g_clear_pointer(&work->xml, g_bytes_unref);
    g_clear_pointer(&work->letter, nsk_letter_unref);
    g_clear_pointer(&work->words, g_free);
    nsk_store_blob_unref(work->file);
    nsk_store_blob_unref(work->made.scan);
    nsk_store_blob_unref(work->text);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, work_clear)

static bool
is_opening(const Work *work)
{
    return strcmp(work->asked->act, NSK_INCOMING_OPEN) == 0;
}

/* --- Who may. --------------------------------------------------------------------------------- */

/* As whom the person acts. */
typedef struct {
    NskDate today;
    char *position;
    const char *capacity; /* NULL: he assists */
} Right;

static void
right_clear(Right *right)
{
    g_clear_pointer(&right->position, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Right, right_clear)

/* He acts in a position that the letter is for. */
static bool
find_addressee(const Work *work, NskDbTxn *txn, const NskLetterRow *row, Right *out, GError **error)
{
    NskCapacity capacity;
    g_autoptr(GPtrArray) parts = nsk_route_load(txn, row->id, "to", error);

    if (parts == NULL || !nsk_office_today(txn, row->unit, work->now, &out->today, error))
        return false;
    for (guint i = 0; i < parts->len; i++) {
        const NskRoutePart *part = g_ptr_array_index(parts, i);

        if (!nsk_directory_may_act(txn, work->office->person, part->position, out->today, &capacity,
                                   NULL))
            continue;
        out->position = g_strdup(part->position);
        out->capacity = nsk_capacity_name(capacity);
        return true;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                nsk_tr("what is in letter %s is for who holds a position that it is addressed to"),
                row->id);
    return false;
}

static bool
find_clerk(const Work *work, NskDbTxn *txn, const NskLetterRow *row, Right *out, GError **error)
{
    g_autoptr(NskReceivingClerk) clerk =
        nsk_receiving_clerk_find(work->office, txn, row->unit, work->now, error);

    if (clerk == NULL)
        return false;
    out->today = clerk->today;
    out->position = g_strdup(clerk->unit->archivist);
    out->capacity = clerk->assisting ? NULL : nsk_capacity_name(clerk->capacity);
    return true;
}

static bool
check_closed(const NskIncomingRow *incoming, GError **error)
{
    if (incoming->unopened && incoming->forwarded != 0)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                incoming->unopened
                    ? nsk_tr("letter %s was not passed on yet; its tata usaha does so first")
                    : nsk_tr("letter %s is open: it was not registered by its envelope, or "
                             "somebody opened it"),
                incoming->letter);
    return false;
}

static bool
find_right(const Work *work,
           NskDbTxn *txn,
           const NskLetterRow *row,
           const NskIncomingRow *incoming,
           Right *out,
           GError **error)
{
    if (is_opening(work))
        return find_addressee(work, txn, row, out, error) && check_closed(incoming, error);
    if (work->made.inside && incoming->unopened) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("letter %s was registered by its envelope: what is in it is entered by "
                           "who it is for, with 'naskah incoming open'"),
                    row->id);
        return false;
    }
    return work->made.inside && nsk_letter_row_is_secret(row)
               ? find_addressee(work, txn, row, out, error)
               : find_clerk(work, txn, row, out, error);
}

/* --- Before the change. ----------------------------------------------------------------------- */

static bool
check_asked(const NskIncomingAmend *asked, GError **error)
{
    bool opens = strcmp(asked->act, NSK_INCOMING_OPEN) == 0;
    const char *wrong = NULL;

    if (!opens && strcmp(asked->act, "correct") != 0)
        wrong = nsk_tr("a letter that came in is corrected or opened, and nothing else");
    else if (opens && (asked->subject == NULL || asked->subject[0] == '\0'))
        wrong = nsk_tr("say what the letter is about, with --subject");
    else if (!opens && (asked->reason == NULL || asked->reason[0] == '\0'))
        wrong = nsk_tr("say why it is corrected, with --note");
    if (wrong == NULL)
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID, wrong);
    return false;
}

static bool
check_state(const NskLetterRow *row, GError **error)
{
    if (strcmp(row->state, "withdrawn") != 0)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                nsk_tr("letter %s was withdrawn; what was registered of it stays as it is"),
                row->id);
    return false;
}

/* The scan and its words; those of a secret letter are for nobody to search. */
static bool
prepare_scan(Work *work, NskDbTxn *txn, const NskLetterRow *row, GError **error)
{
    const NskIncomingAmend *asked = work->asked;
    NskLetterEdit edit = { .letter = row->id,
                           .file_name = asked->file_name,
                           .file = asked->file,
                           .file_sha256 = asked->file_sha256 };
    g_autofree char *name = nsk_office_file_name(row->id, ".txt");
    g_autoptr(GBytes) old = nsk_store_read(txn, row->id, NULL, name, NULL);

    work->has_text = old != NULL;
    work->words = g_strdup("");
    if (!nsk_attach_prepare(txn, &edit, &work->made.scan, error))
        return false;
    if (work->made.scan == NULL)
        return true;
    work->scan_object = nsk_attach_describe(work->made.scan);
    if (asked->text == NULL || nsk_letter_row_is_secret(row))
        return true;
    g_autofree char *text =
        g_strndup(g_bytes_get_data(asked->text, NULL), g_bytes_get_size(asked->text));
    g_free(work->words);
    work->words = nsk_near_signature(text);
    work->text = nsk_store_prepare(txn, row->id, name, asked->text, error);
    return work->text != NULL;
}

/* Refuses what is another letter by now, unless that was said. */
static bool
check_double(const Work *work, NskDbTxn *txn, const NskLetterRow *row, GError **error)
{
    if (work->asked->double_said != 0 || !work->made.compared)
        return true;
    g_autoptr(NskIncomingRow) described =
        nsk_incoming_describe(work->letter, row->id, row->unit, work->words);
    return nsk_incoming_check_double(work->office, txn, described, error);
}

/* Makes the new version of what is there. */
static bool
look(Work *work, NskDbTxn *txn, GError **error)
{
    g_auto(Right) right = { 0 };
    g_autoptr(NskIncomingRow) incoming = NULL;
    g_autoptr(NskLetterRow) row =
        nsk_incoming_access(work->office, txn, work->asked->letter, &incoming, error);
    g_autoptr(NskLetter) before =
        row != NULL && check_state(row, error) ? nsk_office_read_letter(txn, row->id, error) : NULL;

    if (before == NULL || !nsk_store_head(txn, row->id, NULL, &work->version, error) ||
        !prepare_scan(work, txn, row, error))
        return false;
    work->made.asked = work->asked;
    work->made.now = work->now;
    work->xml = nsk_incoming_rewrite(&work->made, txn, row, before, error);
    if (work->xml == NULL || !find_right(work, txn, row, incoming, &right, error))
        return false;
    if (work->made.changed->len == 0 && !work->scan_follows) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("nothing of that is different from what is registered"));
        return false;
    }
    work->letter = nsk_letter_parse(row->id, g_bytes_get_data(work->xml, NULL),
                                    g_bytes_get_size(work->xml), NULL, error);
    if (work->letter == NULL)
        return false;
    g_autofree char *name = nsk_office_file_name(row->id, ".xml");
    work->file = nsk_store_prepare(txn, row->id, name, work->xml, error);
    return work->file != NULL && check_double(work, txn, row, error) &&
           (work->asked->channel == NULL ||
            nsk_incoming_check_channel(work->office, txn, work->asked->channel, error));
}

static bool
prepare(Work *work, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(work->office->reader, error);

    work->made.changed = g_ptr_array_new();
    work->issues = nsk_issues_new();
    if (txn == NULL || !look(work, txn, error))
        return false;
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    return nsk_office_file_check(work->office, nsk_letter_get_facts(work->letter)->kind, work->xml,
                                 work->issues, error) &&
           nsk_issues_to_error(work->issues, error);
}

/* --- The change. ------------------------------------------------------------------------------ */

static bool
check_version(const Work *work, NskDbTxn *txn, const NskLetterRow *row, GError **error)
{
    int64_t version;

    if (!nsk_store_head(txn, row->id, NULL, &version, error))
        return false;
    if (version == work->version)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                nsk_tr("letter %s was changed meanwhile; look at it, and repeat what is still to "
                       "be corrected"),
                row->id);
    return false;
}

static bool
save_rows(const Work *work, NskDbTxn *txn, NskLetterRow *row, GError **error)
{
    nsk_letter_row_take_content(row, work->letter);
    return nsk_incoming_take_content(txn, row, work->letter, error) &&
           (work->made.scan == NULL || nsk_incoming_set_words(txn, row->id, work->words, error)) &&
           check_double(work, txn, row, error);
}

/* One version and its entry. */
static bool
record(const Work *work, NskAct *act, const Right *right, GError **error)
{
    NskLetterRow *row = act->row;
    g_autofree char *name = nsk_office_file_name(row->id, ".xml");
    g_autofree char *text_name = nsk_office_file_name(row->id, ".txt");
    g_autoptr(GString) names = g_string_new(NULL);
    const char *const removed[] = { text_name, NULL };
    NskJournalObject objects[2] = { { .kind = "content",
                                      .size = (int64_t)g_bytes_get_size(work->xml) },
                                    work->scan_object };
    NskStoreFile files[3] = { { .name = name, .content = work->xml, .blob = work->file },
                              { .name = work->asked->file_name, .blob = work->made.scan },
                              { .name = text_name, .blob = work->text } };

    memcpy(objects[0].sha256, row->content, sizeof objects[0].sha256);
    for (guint i = 0; i < work->made.changed->len; i++)
        g_string_append_printf(names, "%s%s", i > 0 ? " " : "",
                               (const char *)g_ptr_array_index(work->made.changed, i));
    NskJournalText changed = { "changed", names->str };
    NskEvent event = { .action = is_opening(work) ? "envelope-opened" : "registration-corrected",
                       .sentence = is_opening(work) ? "Open the letter"
                                                    : "Correct what was registered of the letter",
                       .position = right->position,
                       .capacity = right->capacity,
                       .on_behalf_of = right->capacity == NULL ? right->position : NULL,
                       .state_from = row->state,
                       .reason = work->asked->reason,
                       .files = files,
                       .n_files = work->made.scan == NULL ? 1
                                  : work->text == NULL    ? 2
                                                          : 3,
                       .objects = objects,
                       .n_objects = work->made.scan == NULL ? 1 : 2,
                       .texts = &changed,
                       .n_texts = 1 };
    if (work->made.scan != NULL && work->text == NULL && work->has_text)
        event.removed = removed;
    return nsk_record(act, &event, error);
}

static char *
answer_of(const Work *work, const NskAct *act, GError **error)
{
    g_autofree char *text = nsk_incoming_answer(act, error);
    g_autoptr(NskJson) answer = text != NULL ? nsk_json_parse(text, strlen(text), error) : NULL;
    NskJson *names = answer != NULL ? nsk_json_array() : NULL;

    if (answer == NULL)
        return NULL;
    for (guint i = 0; i < work->made.changed->len; i++)
        nsk_json_add_text(names, g_ptr_array_index(work->made.changed, i));
    nsk_json_set(answer, "changed", names);
    nsk_json_set_int(answer, "version", work->version + 1);
    return nsk_json_canonical(answer);
}

static bool
apply_amend(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    const Work *work = data;
    g_auto(Right) right = { 0 };
    g_autoptr(NskIncomingRow) incoming = NULL;
    g_autoptr(NskLetterRow) row =
        nsk_incoming_access(work->office, txn, work->asked->letter, &incoming, error);

    if (row == NULL || !check_state(row, error) || !check_version(work, txn, row, error) ||
        !find_right(work, txn, row, incoming, &right, error) || !save_rows(work, txn, row, error))
        return false;
    NskAct act = { work->office, txn, row, work->now, right.today, NULL };
    if (!record(work, &act, &right, error))
        return false;
    *out_answer = answer_of(work, &act, error);
    return *out_answer != NULL;
}

static bool
find_answer(NskOffice *self, bool *out_done, char **out_answer, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);

    return txn != NULL && nsk_office_find_request(self, txn, out_done, out_answer, error);
}

bool
nsk_do_incoming_amend(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    const NskIncomingAmend *asked = arguments;
    bool done = false;
    g_autofree char *answer = NULL;
    g_auto(Work) work = { .office = self, .asked = asked, .now = nsk_clock_now(self->clock) };

    if (!check_asked(asked, error))
        return false;
    NSK_REQUEST(self, "incoming-amend", asked->act, asked->letter, asked->request);
    if (!find_answer(self, &done, &answer, error) || (!done && !prepare(&work, error)))
        return false;
    if (!done && !nsk_office_commit(self, apply_amend, &work, &answer, error))
        return false;
    *out_result = nsk_office_read_answer(answer, error);
    if (*out_result != NULL && work.issues != NULL)
        nsk_incoming_add_warnings(*out_result, work.issues);
    return *out_result != NULL;
}

/* --- Asking. ---------------------------------------------------------------------------------- */

/* Whether it would be refused as things stand; before a large scan is put in its place. */
static bool
check_first(NskOffice *self, const NskIncomingAmend *amend, GError **error)
{
    NskIncomingAmend trial = *amend;
    g_auto(Work) work = { .office = self, .asked = &trial, .now = nsk_clock_now(self->clock) };

    trial.file_name = NULL;
    work.made.inside = work.scan_follows = true;
    return check_asked(amend, error) && prepare(&work, error);
}

/* Puts the scan where it belongs, or into what travels. */
static bool
place_scan(NskOffice *self, NskIncomingAmend *amend, const NskIncomingPlace *place, GError **error)
{
    if (place->scan->pdf == NULL)
        return true;
    amend->file_name = NSK_INCOMING_SCAN;
    amend->text = place->scan->text;
    if (nsk_incoming_scan_is_large(place->scan) && self->request_id == NULL &&
        !check_first(self, amend, error))
        return false;
    return nsk_incoming_scan_place(self, place, &amend->file, &amend->file_sha256, error);
}

static bool
ask(NskOffice *self,
    NskIncomingAmend *amend,
    const char *path,
    NskJson **out_result,
    GError **error)
{
    g_auto(NskIncomingScan) scan = { 0 };
    g_autoptr(NskIncomingRow) incoming = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskLetterRow) row =
        txn != NULL ? nsk_incoming_access(self, txn, amend->letter, &incoming, error) : NULL;

    g_clear_pointer(&txn, nsk_db_snapshot_free);
    if (row == NULL || !check_asked(amend, error) || !nsk_incoming_scan_read(path, &scan, error))
        return false;
    NskIncomingPlace place = { .scan = &scan, .path = path, .letter = row->id };
    g_autofree char *request = nsk_incoming_amend_describe(amend, &scan);
    amend->letter = row->id;
    amend->request = request;
    return place_scan(self, amend, &place, error) &&
           nsk_call_incoming_amend(self, amend, out_result, error);
}

/* Copies what can be registered anew. */
static NskIncomingAmend
amend_of(const char *letter, const NskIncomingAsk *wanted)
{
    return (NskIncomingAmend){ .letter = letter,
                               .channel = wanted->channel,
                               .origin = wanted->origin,
                               .attention = wanted->attention,
                               .place = wanted->place,
                               .number = wanted->number,
                               .date = wanted->date,
                               .due = wanted->due,
                               .at = wanted->at,
                               .subject = wanted->subject,
                               .summary = wanted->summary,
                               .classification = wanted->classification,
                               .urgency = wanted->urgency,
                               .double_said = wanted->not_duplicate ? 1 : 0 };
}

/* What stays, whoever asks. */
static bool
check_kept(const NskIncomingAsk *wanted, GError **error)
{
    if (wanted->kind == NULL && wanted->unit == NULL && wanted->security == NULL &&
        wanted->language == NULL && wanted->to == NULL && !wanted->unopened)
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("agenda number, unit, kind, class and envelope of a letter stay; it "
                               "gets other addressees when it is passed on, with 'naskah incoming "
                               "forward --to'"));
    return false;
}

bool
nsk_office_incoming_correct(NskOffice *self,
                            const NskIncomingCorrection *correction,
                            NskJson **out_result,
                            GError **error)
{
    NskIncomingAmend amend = amend_of(correction->letter, correction->ask);

    amend.act = "correct";
    amend.reason = correction->reason;
    return check_kept(correction->ask, error) &&
           ask(self, &amend, correction->ask->path, out_result, error);
}

bool
nsk_office_incoming_open(NskOffice *self,
                         const char *letter,
                         const NskIncomingAsk *inside,
                         NskJson **out_result,
                         GError **error)
{
    NskIncomingAmend amend = { .letter = letter,
                               .act = NSK_INCOMING_OPEN,
                               .attention = inside->attention,
                               .number = inside->number,
                               .date = inside->date,
                               .due = inside->due,
                               .subject = inside->subject,
                               .summary = inside->summary,
                               .double_said = 1 };

    return ask(self, &amend, inside->path, out_result, error);
}
