/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Giving a disposition, preparing one for the leader, and confirming it.
 *
 * A disposition goes down or beside: never back to who gave the letter, to a superior, to the giver
 * himself, or to a position in which nobody acts.  The first receiver leads the others.
 */
#include "office/disposition-give.h"

#include "base/message.h"

#include <string.h>

#define MAX_RECEIVERS 64
#define MAX_DAYS      366 /* working days until an answer */

static const char sql_confirm[] =
    "UPDATE disposition SET state = 'given', person = $3, capacity = $4, at = $5"
    " WHERE letter = $1 AND n = $2";

/* A disposition as it is to be given; all owned. */
typedef struct {
    char **receivers; /* positions, the lead first */
    char *instructions;
    char *note; /* NULL: none */
    char *due;  /* YYYY-MM-DD; NULL: none */
} Plan;

static void
plan_clear(Plan *plan)
{
    g_clear_pointer(&plan->receivers, g_strfreev);
    g_free(plan->instructions);
    g_free(plan->note);
    g_free(plan->due);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Plan, plan_clear)

/* --- Who may receive it. ---------------------------------------------------------------------- */

/* The position that a person holds, where a person was named. */
static char *
position_of_person(NskDbTxn *txn, const char *word, NskDate today, GError **error)
{
    g_autoptr(NskPerson) person = nsk_directory_get_person(txn, word, NULL);

    if (person == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("there is no position '%s'; name the position that is to have the "
                           "letter"),
                    word);
        return NULL;
    }
    g_autoptr(GPtrArray) held = nsk_directory_held_by(txn, word, today, error);
    if (held == NULL)
        return NULL;
    if (held->len == 1)
        return g_strdup(((const NskHolding *)g_ptr_array_index(held, 0))->position);
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                held->len == 0 ? nsk_tr("%s holds no position today: a disposition goes to who "
                                        "holds the position now, so name the position")
                               : nsk_tr("%s holds several positions; name the one that is to have "
                                        "the letter"),
                person->printed);
    return NULL;
}

static bool
set_refusal(const NskPosition *position, const char *why, GError **error)
{
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("the disposition cannot go to '%s': %s"), position->title, why);
    return false;
}

/* Who holds it is away, and nobody stands in for him: the letter waits for him, and the giver is
 * told. */
static void
warn_of_absence(NskDispositionWork *self,
                const NskPosition *position,
                const NskAttendance *attendance)
{
    const NskAttendant *first =
        attendance->people->len > 0 ? g_ptr_array_index(attendance->people, 0) : NULL;
    g_autofree char *back =
        first != NULL && nsk_date_is_set(first->back) ? nsk_date_format(first->back) : NULL;
    g_autofree char *words =
        back != NULL
            ? g_strdup_printf(nsk_tr("'%s': who holds it is back on %s, and nobody stands in for "
                                     "him; the letter waits until a Plh. is named"),
                              position->title, back)
            : g_strdup_printf(nsk_tr("'%s': who holds it is away, and nobody stands in for him; "
                                     "the letter waits until a Plh. is named"),
                              position->title);

    if (self->warnings == NULL)
        self->warnings = nsk_json_array();
    nsk_json_add_text(self->warnings, words);
}

/* Somebody holds the position today who is not the giver himself. */
static bool
check_holders(NskDispositionWork *self, const NskPosition *position, NskDate today, GError **error)
{
    g_auto(NskAttendance) attendance = { 0 };

    if (!nsk_directory_attendance(self->txn, position->id, today, -1, &attendance, error))
        return false;
    if (attendance.presence == NSK_PRESENCE_VACANT)
        return set_refusal(position,
                           nsk_tr("nobody holds it today, and nobody acts in it as Plt. or Plh.; "
                                  "have a substitute named, or give it to another"),
                           error);
    if (attendance.presence == NSK_PRESENCE_AWAY) {
        warn_of_absence(self, position, &attendance);
        return true;
    }
    for (guint i = 0; i < attendance.people->len; i++) {
        const NskAttendant *person = g_ptr_array_index(attendance.people, i);

        if (strcmp(person->person, self->office->person) != 0)
            return true;
    }
    return set_refusal(position, nsk_tr("you hold it yourself; do it, or give it to another"),
                       error);
}

/* No step up: not who gave it, nor a superior. */
static bool
check_downward(NskDispositionWork *self,
               const NskTree *tree,
               const NskReceiverRow *giver,
               const NskPosition *position,
               GError **error)
{
    g_autofree char *id = g_strdup(giver->position);

    if (strcmp(position->id, giver->position) == 0)
        return set_refusal(position,
                           nsk_tr("it is the one that gives it; say what you did with 'naskah "
                                  "disposition done'"),
                           error);
    for (const NskReceiverRow *above = giver; above != NULL;
         above = nsk_tree_giver(tree, above->n)) {
        if (strcmp(above->position, position->id) == 0)
            return set_refusal(position,
                               nsk_tr("it gave the letter down to you; return it with 'naskah "
                                      "disposition return', or say what was done"),
                               error);
    }
    for (;;) {
        g_autoptr(NskPosition) below = nsk_directory_get_position(self->txn, id, error);

        if (below == NULL)
            return false;
        if (below->superior[0] == '\0')
            return true;
        if (strcmp(below->superior, position->id) == 0)
            return set_refusal(position,
                               nsk_tr("it stands above the one that gives it; write a nota dinas"),
                               error);
        g_free(id);
        id = g_strdup(below->superior);
    }
}

/* Who gives it, as a receiver of the letter: before whom the task of reading lies. */
static const NskReceiverRow *
find_giver(const NskTree *tree, const NskLetterRow *row, const char *task, GError **error)
{
    const NskReceiverRow *giver = nsk_tree_find_task(tree, task);

    if (giver == NULL)
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("letter %s has no tree of dispositions to add to"), row->id);
    return giver;
}

static bool
check_receivers(NskDispositionWork *self,
                const NskTree *tree,
                const NskReceiverRow *giver,
                char *const *receivers,
                NskDate today,
                GError **error)
{
    for (int i = 0; receivers[i] != NULL; i++) {
        g_autoptr(NskPosition) position =
            nsk_directory_get_position(self->txn, receivers[i], error);

        if (position == NULL || !check_downward(self, tree, giver, position, error) ||
            !check_holders(self, position, today, error))
            return false;
        for (int j = 0; j < i; j++) {
            if (strcmp(receivers[j], receivers[i]) == 0)
                return set_refusal(position, nsk_tr("it is named twice"), error);
        }
    }
    return true;
}

/* --- What is asked for. ----------------------------------------------------------------------- */

/* Words without empty ones. */
static char **
split_words(const char *text)
{
    g_auto(GStrv) words = g_strsplit_set(text != NULL ? text : "", " ,\t\r\n", -1);
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    for (int i = 0; words[i] != NULL; i++) {
        if (words[i][0] != '\0')
            g_strv_builder_add(builder, words[i]);
    }
    return g_strv_builder_end(builder);
}

/* Positions for the words, which name positions or people. */
static char **
read_receivers(NskDispositionWork *self, NskDate today, GError **error)
{
    g_auto(GStrv) words = split_words(self->asked->receivers);
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    if (g_strv_length(words) > MAX_RECEIVERS) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("a disposition goes to at most %d positions"), MAX_RECEIVERS);
        return NULL;
    }
    for (int i = 0; words[i] != NULL; i++) {
        g_autoptr(GError) fault = NULL;
        g_autoptr(NskPosition) position = nsk_directory_get_position(self->txn, words[i], &fault);

        if (position == NULL && !g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND)) {
            g_propagate_error(error, g_steal_pointer(&fault));
            return NULL;
        }
        g_autofree char *id = position != NULL
                                  ? g_strdup(position->id)
                                  : position_of_person(self->txn, words[i], today, error);
        if (id == NULL)
            return NULL;
        g_strv_builder_add(builder, id);
    }
    return g_strv_builder_end(builder);
}

static bool
set_unknown_instruction(const NskProfile *profile, const char *word, GError **error)
{
    g_autoptr(GString) known = g_string_new(NULL);

    for (size_t i = 0; i < nsk_profile_count_instructions(profile); i++)
        g_string_append_printf(known, "%s%s", i > 0 ? ", " : "",
                               nsk_profile_get_instruction(profile, i)->id);
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("the agency has no instruction '%s'; its list has: %s; free words go into "
                       "--note"),
                word, known->len > 0 ? known->str : "-");
    return false;
}

/* Ids of the agency's instructions, each once, in the order of its list; owned. */
static char *
read_instructions(NskDispositionWork *self, const NskLetterRow *row, GError **error)
{
    g_auto(GStrv) words = split_words(self->asked->instructions);
    g_autoptr(GString) ids = g_string_new(NULL);
    const NskProfile *profile =
        nsk_office_profile(self->office, self->txn, row->profile, row->profile_version, error);

    if (profile == NULL)
        return NULL;
    for (int i = 0; words[i] != NULL; i++) {
        if (nsk_profile_find_instruction(profile, words[i]) == NULL) {
            (void)set_unknown_instruction(profile, words[i], error);
            return NULL;
        }
    }
    for (size_t i = 0; i < nsk_profile_count_instructions(profile); i++) {
        const char *id = nsk_profile_get_instruction(profile, i)->id;

        if (g_strv_contains((const char *const *)words, id))
            g_string_append_printf(ids, "%s%s", ids->len > 0 ? " " : "", id);
    }
    return g_string_free(g_steal_pointer(&ids), FALSE);
}

/* "5": working days from today; else a day.  *out_due: owned; NULL: none. */
static bool
read_due(NskDispositionWork *self, NskAct *act, char **out_due, GError **error)
{
    NskDate date;
    gint64 days = 0;
    const char *text = self->asked->due;
    g_auto(NskSeen) seen = { 0 };

    if (text == NULL)
        return true;
    if (g_ascii_string_to_signed(text, 10, 1, MAX_DAYS, &days, NULL)) {
        if (!nsk_seen_fill(&seen, act, NULL, error) ||
            !seen.facts.add_working_days(seen.facts.data, act->today, (int)days, &date, error))
            return false;
    } else if (!nsk_date_parse(text, &date, NULL)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%s' is no time to answer; write working days from 1 to %d, or a day "
                           "such as 2026-07-22"),
                    text, MAX_DAYS);
        return false;
    }
    if (nsk_date_compare(date, act->today) < 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("the day %s, until which to answer, is over"), text);
        return false;
    }
    *out_due = nsk_date_format(date);
    return true;
}

static bool
read_plan(NskDispositionWork *self, NskAct *act, Plan *out_plan, GError **error)
{
    out_plan->note = g_strdup(self->asked->note);
    out_plan->receivers = read_receivers(self, act->today, error);
    if (out_plan->receivers == NULL)
        return false;
    out_plan->instructions = read_instructions(self, act->row, error);
    return out_plan->instructions != NULL && read_due(self, act, &out_plan->due, error);
}

static NskAct
act_of(const NskDispositionWork *self, const NskDuty *duty)
{
    return (NskAct){ .office = self->office,
                     .txn = self->txn,
                     .row = duty->row,
                     .now = self->now,
                     .today = duty->today };
}

/* --- Giving. ---------------------------------------------------------------------------------- */

/* The row of the plan, borrowing from it. */
static NskDispositionRow
row_of(const NskDispositionWork *self, const Plan *plan, const NskDuty *duty)
{
    return (NskDispositionRow){ .task = duty->task->key,
                                .giver = duty->position,
                                .instructions = plan->instructions,
                                .note = plan->note != NULL ? plan->note : (char *)(uintptr_t) "",
                                .due = plan->due,
                                .at = self->now };
}

/* Moves the workflow on with the disposition @n, and says to whom it went. */
static bool
carry_out(NskDispositionWork *self, NskDuty *duty, const Plan *plan, int64_t n, GError **error)
{
    g_autofree char *to = g_strjoinv(" ", plan->receivers);
    NskJournalText texts[3] = { { "to", to } };
    NskDispositionStep step = { .outcome = NSK_OUTCOME_READING,
                                .action = "disposition-given",
                                .sentence = "Give the letter on",
                                .words = plan->note,
                                .texts = texts,
                                .n_texts = 1,
                                .giving = n,
                                .receivers = plan->receivers };

    if (plan->instructions[0] != '\0')
        texts[step.n_texts++] = (NskJournalText){ "instructions", plan->instructions };
    if (plan->due != NULL)
        texts[step.n_texts++] = (NskJournalText){ "due", plan->due };
    return nsk_disposition_answer(self, duty, &step, error);
}

/* The task of reading, which one who checks what others answered has to open again first. */
static NskDuty *
access_reading(NskDispositionWork *self, GError **error)
{
    static const NskDispositionStep again = { .outcome = "again",
                                              .action = "disposition-reopened",
                                              .sentence = "Give the letter on once more" };
    g_autoptr(NskDuty) duty = nsk_access_duty(self->office, self->txn, self->asked->task, error);

    if (duty == NULL || !nsk_duty_check_kept(duty, error))
        return NULL;
    if (nsk_task_has_outcome(duty->task, again.outcome) &&
        (!nsk_disposition_step(self, duty, &again, error) ||
         !nsk_disposition_go_on(self, duty, error)))
        return NULL;
    if (nsk_task_has_outcome(duty->task, NSK_OUTCOME_READING))
        return g_steal_pointer(&duty);
    (void)nsk_disposition_set_wrong_task(duty, error);
    return NULL;
}

bool
nsk_disposition_give(NskDispositionWork *self, GError **error)
{
    g_auto(Plan) plan = { 0 };
    g_auto(NskTree) tree = { 0 };
    g_autoptr(NskDuty) duty = access_reading(self, error);

    if (duty == NULL)
        return false;
    NskAct act = act_of(self, duty);
    if (!read_plan(self, &act, &plan, error) ||
        !nsk_tree_load(&tree, self->txn, duty->row->id, error))
        return false;
    const NskReceiverRow *giver = find_giver(&tree, duty->row, duty->task->key, error);
    if (giver == NULL || !check_receivers(self, &tree, giver, plan.receivers, duty->today, error) ||
        !nsk_proposal_drop(self->txn, duty->row->id, duty->task->key, error))
        return false;
    NskDispositionRow row = row_of(self, &plan, duty);
    row.state = (char *)(uintptr_t) "given";
    row.person = self->office->person;
    row.capacity = (char *)(uintptr_t)nsk_capacity_name(duty->capacity);
    row.from_n = giver->n;
    row.from_k = giver->k;
    return nsk_disposition_add(self->txn, duty->row->id, &row, plan.receivers, error) &&
           carry_out(self, duty, &plan, row.n, error);
}

/* --- Preparing. ------------------------------------------------------------------------------- */

bool
nsk_disposition_assists(NskOffice *office,
                        NskDbTxn *txn,
                        const char *position,
                        NskDate today,
                        bool *out_is,
                        GError **error)
{
    NskCapacity capacity;
    const char *person = office->person;

    if (!nsk_directory_is_assistant(txn, person, position, today, out_is, error) ||
        (!*out_is && !nsk_directory_is_substitute(txn, person, position, today, out_is, error)))
        return false;
    if (*out_is)
        return true;
    g_autoptr(NskPosition) found = nsk_directory_get_position(txn, position, error);
    g_autoptr(NskUnit) unit =
        found != NULL ? nsk_directory_get_unit(txn, found->unit, error) : NULL;
    *out_is = unit != NULL && unit->archivist[0] != '\0' &&
              nsk_directory_may_act(txn, person, unit->archivist, today, &capacity, NULL);
    return unit != NULL;
}

/* The tasks of reading of the letter before positions that the person assists. */
static bool
list_assisted(NskDispositionWork *self,
              NskDuty *duty,
              const char *key,
              guint *out_n,
              GError **error)
{
    g_autoptr(GPtrArray) tasks = nsk_task_list_letter(self->txn, duty->row->id, error);

    *out_n = 0;
    for (guint i = 0; tasks != NULL && i < tasks->len; i++) {
        const NskTaskRow *task = g_ptr_array_index(tasks, i);
        bool is = false;

        if (!nsk_task_has_outcome(task, NSK_OUTCOME_READING) || task->positions[0] == NULL ||
            (key != NULL && strcmp(task->key, key) != 0))
            continue;
        if (!nsk_disposition_assists(self->office, self->txn, task->positions[0], duty->today, &is,
                                     error))
            return false;
        if (!is || ++*out_n > 1)
            continue;
        duty->position = g_strdup(task->positions[0]);
        duty->task = nsk_task_load(self->txn, duty->row->id, task->key, error);
        duty->assisting = true;
        if (duty->task == NULL)
            return false;
    }
    return tasks != NULL;
}

/* The task of reading for which the person may prepare a disposition. */
static NskDuty *
access_assisted(NskDispositionWork *self, GError **error)
{
    guint found = 0;
    const char *task = self->asked->task;
    const char *slash = strchr(task, '#') != NULL ? strchr(task, '/') : NULL;
    g_autofree char *letter =
        slash != NULL ? g_strndup(task, (size_t)(slash - task)) : g_strdup(task);
    g_autoptr(NskDuty) duty = g_new0(NskDuty, 1);

    duty->row = nsk_access_letter(self->office, self->txn, letter, error);
    if (duty->row == NULL ||
        !nsk_office_today(self->txn, duty->row->unit, self->now, &duty->today, error) ||
        !list_assisted(self, duty, slash != NULL ? slash + 1 : NULL, &found, error))
        return NULL;
    if (found == 1 && !nsk_letter_row_is_secret(duty->row))
        return g_steal_pointer(&duty);
    if (found > 1)
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("several positions that you assist have letter %s to read; write which "
                           "task as LETTER/KEY"),
                    duty->row->id);
    else
        g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                    nsk_tr("no position whose tata usaha you are has letter %s to dispose of, or "
                           "it is secret"),
                    duty->row->id);
    return NULL;
}

bool
nsk_disposition_propose(NskDispositionWork *self, GError **error)
{
    g_auto(Plan) plan = { 0 };
    g_auto(NskTree) tree = { 0 };
    g_autoptr(NskDuty) duty = access_assisted(self, error);

    if (duty == NULL)
        return false;
    NskAct act = act_of(self, duty);
    if (!read_plan(self, &act, &plan, error) ||
        !nsk_tree_load(&tree, self->txn, duty->row->id, error))
        return false;
    const NskReceiverRow *giver = find_giver(&tree, duty->row, duty->task->key, error);
    NskDispositionRow row = row_of(self, &plan, duty);
    if (giver == NULL || !check_receivers(self, &tree, giver, plan.receivers, duty->today, error) ||
        !nsk_proposal_drop(self->txn, duty->row->id, duty->task->key, error))
        return false;
    row.state = (char *)(uintptr_t) "proposed";
    row.proposer = self->office->person;
    row.from_n = giver->n;
    row.from_k = giver->k;
    g_autofree char *to = g_strjoinv(" ", plan.receivers);
    NskJournalText text = { "to", to };
    NskEvent event = { .action = "disposition-proposed",
                       .sentence = "Prepare a disposition",
                       .position = duty->position,
                       .on_behalf_of = duty->position,
                       .task = duty->task->key,
                       .state_from = duty->row->state,
                       .reason = plan.note,
                       .texts = &text,
                       .n_texts = 1 };
    if (!nsk_disposition_add(self->txn, duty->row->id, &row, plan.receivers, error) ||
        !nsk_record(&act, &event, error))
        return false;
    return nsk_disposition_set_answer(self, duty, error);
}

static const NskDispositionRow *
find_proposal(const NskTree *tree, const NskDuty *duty, GError **error)
{
    for (guint i = 0; i < tree->dispositions->len; i++) {
        const NskDispositionRow *row = g_ptr_array_index(tree->dispositions, i);

        if (strcmp(row->state, "proposed") == 0 && strcmp(row->task, duty->task->key) == 0)
            return row;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                nsk_tr("nobody has prepared a disposition of letter %s for you"), duty->row->id);
    return NULL;
}

/* The plan of a disposition that was prepared. */
static void
copy_plan(const NskTree *tree, const NskDispositionRow *row, Plan *out_plan)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    for (guint i = 0; i < tree->receivers->len; i++) {
        const NskReceiverRow *receiver = g_ptr_array_index(tree->receivers, i);

        if (receiver->n == row->n)
            g_strv_builder_add(builder, receiver->position);
    }
    out_plan->receivers = g_strv_builder_end(builder);
    out_plan->instructions = g_strdup(row->instructions);
    out_plan->note = row->note[0] != '\0' ? g_strdup(row->note) : NULL;
    out_plan->due = g_strdup(row->due);
}

bool
nsk_disposition_confirm(NskDispositionWork *self, GError **error)
{
    g_auto(Plan) plan = { 0 };
    g_auto(NskTree) tree = { 0 };
    g_autoptr(NskDuty) duty = access_reading(self, error);

    if (duty == NULL || !nsk_tree_load(&tree, self->txn, duty->row->id, error))
        return false;
    const NskDispositionRow *row = find_proposal(&tree, duty, error);
    const NskReceiverRow *giver =
        row != NULL ? find_giver(&tree, duty->row, duty->task->key, error) : NULL;
    if (giver == NULL)
        return false;
    copy_plan(&tree, row, &plan);
    /* who held what may have changed since */
    return check_receivers(self, &tree, giver, plan.receivers, duty->today, error) &&
           nsk_db_exec(self->txn, sql_confirm,
                       NSK_DB_PARAMS(NSK_DB_TEXT(duty->row->id), NSK_DB_INT(row->n),
                                     NSK_DB_TEXT(self->office->person),
                                     NSK_DB_TEXT(nsk_capacity_name(duty->capacity)),
                                     NSK_DB_INT(self->now)),
                       NULL, error) &&
           carry_out(self, duty, &plan, row->n, error);
}
