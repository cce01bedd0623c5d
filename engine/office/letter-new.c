/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A new draft, and a new version of one. */
#include "base/bytes.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/message.h"
#include "office/access-private.h"
#include "office/office-private.h"

#include <string.h>

bool
nsk_office_letter_skeleton(NskOffice *self, const char *kind, GBytes **out_xml, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autofree char *version = txn != NULL ? nsk_rule_current(txn, "kind", kind, error) : NULL;
    const NskKind *rule = version != NULL ? nsk_office_kind(self, txn, kind, version, error) : NULL;

    if (rule == NULL)
        return false;
    *out_xml = g_bytes_ref(nsk_kind_get_skeleton(rule));
    return true;
}

/* Reads a letter as a drafter may write it: without a number. */
static NskLetter *
parse_draft(const char *name, GBytes *xml, GError **error)
{
    g_autoptr(NskLetter) letter =
        nsk_letter_parse(name, g_bytes_get_data(xml, NULL), g_bytes_get_size(xml), NULL, error);

    if (letter == NULL || nsk_letter_get_facts(letter)->number == NULL)
        return g_steal_pointer(&letter);
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("'%s' has a <number>; take it out: the number is given when the letter is "
                       "signed"),
                name);
    return NULL;
}

static NskJournalObject
describe_content(const NskLetterRow *row, GBytes *xml)
{
    NskJournalObject object = { .kind = "content", .size = (int64_t)g_bytes_get_size(xml) };

    memcpy(object.sha256, row->content, sizeof object.sha256);
    return object;
}

/* --- A new letter ---------------------------------------------------------------------------- */

typedef struct {
    NskOffice *office;
    const NskNewLetter *draft;
    const NskBatchLetter *of; /* that it is in */
    NskLetter *letter;
    char *id;
    NskStoreBlob *file; /* the letter's XML */
    NskInstant now;
    NskCapacity capacity; /* how the person holds the position, unless he assists it */
    bool assisting;
} NewWork;

/* The one position that the person holds, or else assists; NULL with words if there are several. */
static char *
choose_position(NskOffice *office, NskDbTxn *txn, NskDate date, GError **error)
{
    g_autoptr(GString) names = g_string_new(NULL);
    g_autoptr(GPtrArray) readings = nsk_directory_readings(txn, office->person, date, error);
    const NskReading *first = NULL;
    guint found = 0;

    if (readings == NULL)
        return NULL;
    for (guint i = 0; i < readings->len; i++) {
        const NskReading *reading = g_ptr_array_index(readings, i);

        /* holdings come before assistances: the second sort counts only without the first */
        if (reading->as == NSK_READS_AS_ARCHIVIST || reading->as == NSK_READS_AS_SUBSTITUTE ||
            (first != NULL && reading->as != first->as))
            continue;
        first = first != NULL ? first : reading;
        found++;
        g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "", reading->position);
    }
    if (found == 1)
        return g_strdup(first->position);
    if (found == 0)
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_DENIED,
                            nsk_tr("you hold no position today, so you cannot write letters"));
    else
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("say for which position the letter is, with --position: %s"),
                    names->str);
    return NULL;
}

/* An assistant could neither read nor change a secret letter once it is stored. */
static bool
check_not_secret(const NskLetterRow *row, GError **error)
{
    if (nsk_access_most(row->security, NSK_TIE_HELPS) != NSK_READER_NONE)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                nsk_tr("assistants have no part in secret letters: who holds '%s' must write it "
                       "himself"),
                row->drafter);
    return false;
}

/* Whether the person may write for the row's position: as its holder or as an assistant. */
static bool
may_draft(NewWork *work, NskDbTxn *txn, const NskLetterRow *row, NskDate date, GError **error)
{
    const char *person = work->office->person;
    g_autoptr(GError) refusal = NULL;

    work->assisting = false;
    if (nsk_directory_may_act(txn, person, row->drafter, date, &work->capacity, &refusal))
        return true;
    if (!nsk_directory_is_assistant(txn, person, row->drafter, date, &work->assisting, error))
        return false;
    if (work->assisting)
        return check_not_secret(row, error);
    g_propagate_error(error, g_steal_pointer(&refusal));
    return false;
}

bool
nsk_letter_bind_rules(NskOffice *office, NskDbTxn *txn, NskLetterRow *row, GError **error)
{
    const NskKind *kind;

    row->kind_version = nsk_rule_current(txn, "kind", row->kind, error);
    kind = row->kind_version != NULL
               ? nsk_office_kind(office, txn, row->kind, row->kind_version, error)
               : NULL;
    if (kind == NULL)
        return false;
    row->profile = g_strdup("agency");
    row->profile_version = nsk_rule_current(txn, "profile", row->profile, error);
    row->workflow = g_strdup(nsk_kind_get_workflow(kind));
    row->workflow_version = row->profile_version != NULL
                                ? nsk_rule_current(txn, "workflow", row->workflow, error)
                                : NULL;
    return row->workflow_version != NULL;
}

/* The row of a new letter; *out_today is the civil date in its unit. */
static NskLetterRow *
make_row(NewWork *work, NskDbTxn *txn, NskDate *out_today, GError **error)
{
    const char *wanted = work->draft->position;
    g_autoptr(NskLetterRow) row = g_new0(NskLetterRow, 1);
    NskDate day;

    if (!nsk_office_common_day(work->now, &day, error))
        return NULL;
    g_autofree char *position =
        wanted != NULL ? g_strdup(wanted) : choose_position(work->office, txn, day, error);
    g_autoptr(NskPosition) held =
        position != NULL ? nsk_directory_get_position(txn, position, error) : NULL;
    if (held == NULL || !nsk_office_today(txn, held->unit, work->now, out_today, error))
        return NULL;
    row->id = g_strdup(work->id);
    row->unit = g_strdup(held->unit);
    row->kind = g_strdup(nsk_letter_get_facts(work->letter)->kind);
    row->state = g_strdup("draft");
    row->drafter = g_steal_pointer(&position);
    row->drafter_person = g_strdup(work->office->person);
    row->flow = g_strdup("");
    row->created = row->changed = work->now;
    nsk_letter_row_take_content(row, work->letter);
    return may_draft(work, txn, row, *out_today, error) &&
                   nsk_letter_bind_rules(work->office, txn, row, error)
               ? g_steal_pointer(&row)
               : NULL;
}

static bool
apply_new(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    NewWork *work = data;
    NskDate today;
    g_autoptr(NskLetterRow) row = make_row(work, txn, &today, error);

    if (row == NULL || !nsk_letter_row_add(txn, row, error) ||
        !nsk_route_save(txn, row->id, work->letter, error) ||
        !nsk_link_save(txn, row->id, work->letter, error) ||
        !nsk_batch_enter(txn, row->id, work->of, error) ||
        !nsk_reader_add(txn, row->id, row->drafter, error))
        return false;
    NskAct act = { work->office, txn, row, work->now, today, NULL };
    g_autofree char *name = nsk_office_file_name(row->id, ".xml");
    g_autoptr(GBytes) xml = nsk_letter_canonical(work->letter);
    NskJournalObject object = describe_content(row, xml);
    NskStoreFile file = { .name = name, .content = xml, .blob = work->file };
    NskAdvance advance = { .flow_event = { .type = NSK_FLOW_START } };
    advance.record =
        (NskEvent){ .action = "letter-created",
                    .sentence = "Begin the letter",
                    .position = row->drafter,
                    .capacity = work->assisting ? NULL : nsk_capacity_name(work->capacity),
                    .on_behalf_of = work->assisting ? row->drafter : NULL,
                    .files = &file,
                    .n_files = 1,
                    .objects = &object,
                    .n_objects = 1 };
    if (!nsk_advance(&act, &advance, error))
        return false;
    *out_answer = nsk_act_answer(&act, NULL, NULL, error);
    return *out_answer != NULL;
}

static bool
check_ours(const NskLetter *letter, GError **error)
{
    if (nsk_letter_get_facts(letter)->received == NULL)
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("a letter that came in is no draft: enter it with 'naskah incoming "
                               "register'"));
    return false;
}

bool
nsk_do_letter_new(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    const NskBatchLetter *of = arguments;
    const NskNewLetter *draft = &of->draft;
    g_autofree char *answer = NULL;
    g_autofree char *id = nsk_id_new(self->clock);
    g_autoptr(NskLetter) letter = parse_draft(draft->name, draft->xml, error);
    NewWork work = { .office = self,
                     .draft = draft,
                     .of = of,
                     .letter = letter,
                     .id = id,
                     .now = nsk_clock_now(self->clock) };
    if (letter == NULL || !check_ours(letter, error))
        return false;
    g_autofree char *name = nsk_office_file_name(id, ".xml");
    g_autoptr(GBytes) xml = nsk_letter_canonical(letter);
    g_autoptr(NskStoreBlob) file = nsk_store_prepare(NULL, id, name, xml, error);
    if (file == NULL)
        return false;
    work.file = file;
    g_autofree char *digest = nsk_office_digest(self, draft->xml);
    NSK_REQUEST(self, "letter-new", digest, draft->position != NULL ? draft->position : "",
                of->batch != NULL ? of->batch : "");
    if (!nsk_office_commit(self, apply_new, &work, &answer, error))
        return false;
    *out_result = nsk_office_read_answer(answer, error);
    return *out_result != NULL;
}

/* --- A new version --------------------------------------------------------------------------- */

typedef struct {
    NskOffice *office;
    const NskLetterEdit *edit;
    NskLetter *letter;
    NskInstant now;
    NskStoreBlob *file;     /* the letter's XML; NULL: it is not known yet which letter it is */
    NskStoreBlob *attached; /* NULL: none */
    NskJournalObject attachment;
} EditWork;

NskDuty *
nsk_access_draft(NskOffice *self, NskDbTxn *txn, const char *letter, GError **error)
{
    g_autoptr(NskDuty) duty = nsk_access_duty(self, txn, letter, error);

    if (duty == NULL || strcmp(duty->task->role, "draft") == 0)
        return g_steal_pointer(&duty);
    g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                nsk_tr("the letter is not with its drafter now (its state is '%s'); only a draft "
                       "can be changed"),
                nsk_office_word(duty->row->state));
    return NULL;
}

/* Who corrects the letter must have it alone before him, and before number and pages are in. */
static bool
check_correction(NskDbTxn *txn, const NskDuty *duty, GError **error)
{
    g_autoptr(GPtrArray) tasks = nsk_task_list_letter(txn, duty->row->id, error);

    if (tasks == NULL || !nsk_duty_check_kept(duty, error))
        return false;
    for (guint i = 0; i < tasks->len; i++) {
        const NskTaskRow *task = g_ptr_array_index(tasks, i);

        if (strcmp(task->role, "review") != 0 || strcmp(task->key, duty->task->key) == 0)
            continue;
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("others look at letter %s at the same time; return it with what you "
                           "propose, so that its drafter writes it in"),
                    duty->row->id);
        return false;
    }
    if (!duty->row->locked)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                nsk_tr("number and pages of letter %s are in already; return it to its drafter"),
                duty->row->id);
    return false;
}

/* The task in which the letter may be changed. */
static NskDuty *
access_edit(const EditWork *work, NskDbTxn *txn, GError **error)
{
    const NskLetterEdit *edit = work->edit;

    if (edit->outcome == NULL)
        return nsk_access_draft(work->office, txn, edit->letter, error);
    g_autoptr(NskDuty) duty = nsk_access_duty(work->office, txn, edit->letter, error);
    if (duty == NULL)
        return NULL;
    if (strcmp(edit->outcome, "approve") != 0 ||
        (strcmp(duty->task->role, "review") != 0 && strcmp(duty->task->role, "sign") != 0)) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("only who is to give a paraf or to sign corrects a letter so; "
                                   "change a draft with 'naskah letter edit'"));
        return NULL;
    }
    return check_correction(txn, duty, error) ? g_steal_pointer(&duty) : NULL;
}

static bool
check_edit(const EditWork *work, NskDbTxn *txn, const NskDuty *duty, GError **error)
{
    int64_t version;
    const char *kind = nsk_letter_get_facts(work->letter)->kind;

    if (strcmp(kind, duty->row->kind) != 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("the letter is of kind '%s' and cannot become '%s'; begin a new letter"),
                    duty->row->kind, kind);
        return false;
    }
    if (work->edit->base == 0)
        return true;
    if (!nsk_store_head(txn, duty->row->id, NULL, &version, error))
        return false;
    if (work->edit->base == version)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                nsk_tr("somebody changed the letter since version %d; it is at version %d now: "
                       "export it again and repeat your change"),
                (int)work->edit->base, (int)version);
    return false;
}

/* Whether the change voids the paraf: a drafter's does, a superior's correction where the profile
 * says so; else it stands for its version. */
static bool
is_voided(const EditWork *work,
          const NskAct *act,
          const NskParafRow *paraf,
          bool *out_is,
          GError **error)
{
    NskProfileParaf rule = { .is_voided = true };

    if (work->edit->outcome != NULL &&
        !nsk_paraf_rule(work->office, act->txn, act->row, paraf->position, &rule, error))
        return false;
    *out_is = rule.is_voided;
    return true;
}

/* Takes those that stand out of the list, and marks the others. */
static bool
mark_voided(const EditWork *work, const NskAct *act, GPtrArray *stale, GError **error)
{
    for (guint i = stale->len; i > 0; i--) {
        const NskParafRow *paraf = g_ptr_array_index(stale, i - 1);
        bool voided;

        if (!is_voided(work, act, paraf, &voided, error))
            return false;
        if (!voided)
            g_ptr_array_remove_index(stale, i - 1);
        else if (!nsk_paraf_void(act->txn, act->row->id, paraf->n, act->now, error))
            return false;
    }
    return true;
}

/* Names of those whose paraf no longer holds, told in the history one by one. */
static bool
void_parafs(const EditWork *work, NskAct *act, const NskDuty *duty, NskJson *names, GError **error)
{
    g_autoptr(GPtrArray) voided =
        nsk_paraf_list_stale(act->txn, act->row->id, act->row->content, error);

    if (voided == NULL || !mark_voided(work, act, voided, error))
        return false;
    for (guint i = 0; i < voided->len; i++) {
        const NskParafRow *paraf = g_ptr_array_index(voided, i);
        g_autoptr(NskPerson) person = nsk_directory_get_person(act->txn, paraf->person, error);
        NskEvent event = { .action = "paraf-voided",
                           .sentence = "A paraf no longer holds: the content changed",
                           .position = duty->position,
                           .on_behalf_of = paraf->position,
                           .task = duty->task->key,
                           .state_from = act->row->state };

        event.kept = i + 1 < voided->len ? NSK_RECORD_LATER : NSK_RECORD_WRITE;
        if (person == NULL || !nsk_record(act, &event, error))
            return false;
        nsk_json_add_text(names, person->printed);
    }
    return true;
}

/* A paraf that needs a certificate is given after the correction, by itself. */
static bool
completes(const EditWork *work,
          const NskAct *act,
          const NskDuty *duty,
          bool *out_does,
          GError **error)
{
    NskProfileParaf rule = { 0 };

    *out_does = work->edit->outcome != NULL && strcmp(duty->task->role, "review") == 0;
    if (*out_does &&
        !nsk_paraf_rule(work->office, act->txn, duty->row, duty->position, &rule, error))
        return false;
    *out_does = *out_does && !rule.needs_certificate;
    return true;
}

static char *
edit_answer(const NskAct *act, NskJson *names, GError **error)
{
    int64_t version;
    g_autoptr(NskJson) answer = nsk_json_object();

    if (!nsk_store_head(act->txn, act->row->id, NULL, &version, error))
        return NULL;
    nsk_json_set_text(answer, "letter", act->row->id);
    nsk_json_set_int(answer, "version", version);
    nsk_json_set(answer, "voided", nsk_json_ref(names));
    return nsk_json_canonical(answer);
}

static bool
apply_edit(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    EditWork *work = data;
    bool completing;
    g_autoptr(NskJson) names = nsk_json_array();
    g_autoptr(NskDuty) duty = access_edit(work, txn, error);

    if (duty == NULL || !check_edit(work, txn, duty, error))
        return false;
    NskAct act = { work->office, txn, duty->row, work->now, duty->today, NULL };
    g_autofree char *name = nsk_office_file_name(duty->row->id, ".xml");
    g_autoptr(GBytes) xml = nsk_letter_canonical(work->letter);
    nsk_letter_row_take_content(duty->row, work->letter);
    if (duty->assisting && !check_not_secret(duty->row, error))
        return false;
    NskJournalObject objects[2] = { describe_content(duty->row, xml) };
    NskStoreFile files[2] = { { .name = name, .content = xml, .blob = work->file },
                              { .name = work->edit->file_name, .blob = work->attached } };
    size_t n = work->attached != NULL ? 2 : 1;
    const char *const removed[] = { work->edit->removed, NULL };
    objects[1] = work->attachment;
    NskEvent event = { .action = "letter-edited",
                       .sentence = "Change the draft",
                       .position = duty->position,
                       .capacity = duty->assisting ? NULL : nsk_capacity_name(duty->capacity),
                       .on_behalf_of = duty->assisting ? duty->position : NULL,
                       .task = duty->task->key,
                       .state_from = duty->row->state,
                       .kept = NSK_RECORD_SAME,
                       .files = files,
                       .n_files = n,
                       .removed = work->edit->removed != NULL ? removed : NULL,
                       .objects = objects,
                       .n_objects = n };
    if (!nsk_incoming_check_kept(txn, duty->row, work->letter, error) ||
        !nsk_route_save(txn, duty->row->id, work->letter, error) ||
        !nsk_link_save(txn, duty->row->id, work->letter, error) ||
        !nsk_incoming_take_content(txn, duty->row, work->letter, error) ||
        (nsk_letter_get_facts(work->letter)->received != NULL &&
         !nsk_incoming_add_readers(txn, duty->row, error)) ||
        !nsk_record(&act, &event, error) || !void_parafs(work, &act, duty, names, error) ||
        !completes(work, &act, duty, &completing, error))
        return false;
    if (completing) {
        g_auto(NskBond) bond = { 0 };
        NskTaskAct done = { .outcome = work->edit->outcome, .note = work->edit->note };

        return nsk_task_complete(&act, duty, &done, &bond, out_answer, error);
    }
    *out_answer = edit_answer(&act, names, error);
    return *out_answer != NULL;
}

/* Prepares the files where the database must be looked at. */
static bool
prepare_files(EditWork *work, const char *name, GBytes *xml, GError **error)
{
    const NskLetterEdit *edit = work->edit;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(work->office->reader, error);

    if (txn == NULL || !nsk_attach_prepare(txn, edit, &work->attached, error))
        return false;
    if (work->attached != NULL)
        work->attachment = nsk_attach_describe(work->attached);
    if (work->file == NULL)
        work->file = nsk_store_prepare(txn, edit->letter, name, xml, error);
    return work->file != NULL;
}

/* Prepares the files for the letter, if it is named by its id. */
static bool
prepare_edit(EditWork *work, GError **error)
{
    const NskLetterEdit *edit = work->edit;

    if (!nsk_id_is_valid(edit->letter)) {
        if (edit->file_name == NULL && edit->removed == NULL)
            return true;
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("files are attached to a letter by its whole id"));
        return false;
    }
    g_autofree char *name = nsk_office_file_name(edit->letter, ".xml");
    g_autoptr(GBytes) xml = nsk_letter_canonical(work->letter);
    return nsk_store_prepare_next(nsk_office_recent(work->office), edit->letter, name, xml,
                                  &work->file, error) &&
           ((work->file != NULL && edit->file_name == NULL) ||
            prepare_files(work, name, xml, error)) &&
           nsk_attach_check(edit, work->letter, work->attached, error);
}

static bool
check_file(NskOffice *self, const NskLetterEdit *edit, GError **error)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();

    return nsk_office_file_check(self, edit->name, edit->xml, issues, error) &&
           nsk_issues_to_error(issues, error);
}

static void
edit_work_clear(EditWork *work)
{
    nsk_store_blob_unref(work->file);
    nsk_store_blob_unref(work->attached);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(EditWork, edit_work_clear)

bool
nsk_do_letter_edit(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    const NskLetterEdit *edit = arguments;
    g_autofree char *answer = NULL;
    g_autoptr(NskLetter) letter = parse_draft(edit->name, edit->xml, error);
    g_auto(EditWork) work = { .office = self,
                              .edit = edit,
                              .letter = letter,
                              .now = nsk_clock_now(self->clock) };

    /* nobody looks again at what is corrected */
    if (letter == NULL || (edit->outcome != NULL && !check_file(self, edit, error)) ||
        !prepare_edit(&work, error))
        return false;
    g_autofree char *digest = nsk_office_digest(self, edit->xml);
    NSK_REQUEST(self, "letter-edit", edit->letter, edit->act != NULL ? edit->act : digest);
    if (!nsk_office_commit(self, apply_edit, &work, &answer, error))
        return false;
    *out_result = nsk_office_read_answer(answer, error);
    return *out_result != NULL;
}
