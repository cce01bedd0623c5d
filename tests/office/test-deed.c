/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people do to tasks and workflows beside doing the tasks. */
#include "fixture.h"
#include "flow-models.h"

#include <string.h>

static const char sql_parafs[] =
    "SELECT person || CASE WHEN voided IS NULL THEN '' ELSE ' void' END FROM paraf"
    " WHERE letter = $1 ORDER BY n";

static NskJson *
try_deed(Fixture *f, const char *person, const NskDeed *deed, GError **error)
{
    NskJson *result = NULL;

    f->now += 60 * G_USEC_PER_SEC;
    fixture_as(f, person);
    return nsk_office_deed(f->office, deed, &result, error) ? result : NULL;
}

static void
do_deed(Fixture *f, const char *person, NskDeed deed)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = try_deed(f, person, &deed, &error);

    g_assert_no_error(error);
    g_assert_nonnull(result);
    models_assert_whole(f);
}

static void
refuse(Fixture *f, const char *person, NskDeed deed, int code, const char *said)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = try_deed(f, person, &deed, &error);

    g_assert_null(result);
    fixture_refused(&error, code, said);
}

static void
act(Fixture *f, const char *person, const char *letter, const char *outcome, const char *note)
{
    g_autoptr(NskJson) done = fixture_act(f, person, letter, outcome, note);

    g_assert_nonnull(done);
}

/* The key of the letter's only waiting task. */
static char *
only_key(Fixture *f, const char *letter)
{
    static const char sql_keys[] = "SELECT key FROM task WHERE letter = $1 AND closed IS NULL";
    g_autofree char *key = models_look(f, sql_keys, letter);

    return g_strdup_printf("%s/%s", letter, key);
}

static void
assert_before(Fixture *f, const char *letter, const char *positions)
{
    static const char sql_inbox[] =
        "SELECT position FROM inbox WHERE letter = $1 ORDER BY position";

    models_assert_rows(f, sql_inbox, letter, positions);
}

/* --- Recall. ---------------------------------------------------------------------------------- */

static void
test_paraf_is_recalled(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });

    (void)data;
    act(f, "damar", letter, "submit", NULL);
    act(f, "kirana", letter, "approve", NULL);
    assert_before(f, letter, "kepala-bagian-tata-usaha");
    do_deed(f, "kirana", (NskDeed){ .deed = "recall", .task = letter });
    assert_before(f, letter, "kepala-subbagian-persuratan");
    models_assert_rows(f, sql_parafs, letter, "kirana void");
    act(f, "kirana", letter, "approve", NULL);
    act(f, "budi", letter, "approve", NULL);
    models_assert_rows(f, sql_parafs, letter, "kirana void; kirana; budi");
    assert_before(f, letter, "kepala-biro-umum");
    models_assert_whole(f);
}

static void
test_submission_is_recalled(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });

    (void)data;
    act(f, "damar", letter, "submit", NULL);
    do_deed(f, "damar", (NskDeed){ .deed = "recall", .task = letter, .note = "salah tekan" });
    models_assert_state(f, letter, "draft");
    g_autoptr(NskJson) edited = fixture_edit(f, "damar", letter, &(Words){ .text = "Lain." });
    g_assert_nonnull(edited);
    act(f, "damar", letter, "submit", NULL);
    g_autofree char *actions = fixture_actions(f, "damar", letter);
    g_assert_cmpstr(actions, ==,
                    "letter-created letter-submitted task-recalled letter-edited letter-submitted");
}

static void
test_what_was_touched_is_not_recalled(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });

    (void)data;
    act(f, "damar", letter, "submit", NULL);
    act(f, "kirana", letter, "approve", NULL);
    refuse(f, "budi", (NskDeed){ .deed = "recall", .task = letter }, NSK_ERROR_CONFLICT, "nothing");
    g_autofree char *task = only_key(f, letter);
    do_deed(f, "budi", (NskDeed){ .deed = "claim", .task = letter });
    refuse(f, "kirana", (NskDeed){ .deed = "recall", .task = letter }, NSK_ERROR_CONFLICT,
           "taken up");
    do_deed(f, "budi", (NskDeed){ .deed = "unclaim", .task = task });
    act(f, "budi", letter, "approve", NULL);
    refuse(f, "kirana", (NskDeed){ .deed = "recall", .task = letter }, NSK_ERROR_CONFLICT,
           "cannot be taken back");
}

static void
test_return_is_not_recalled_from_an_edited_draft(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });

    (void)data;
    act(f, "damar", letter, "submit", NULL);
    act(f, "kirana", letter, "return", "Perbaiki.");
    g_autoptr(NskJson) edited = fixture_edit(f, "damar", letter, &(Words){ .text = "Lain." });
    g_assert_nonnull(edited);
    refuse(f, "kirana", (NskDeed){ .deed = "recall", .task = letter }, NSK_ERROR_CONFLICT,
           "cannot be taken back");
}

/* --- Whose a task is. ------------------------------------------------------------------------- */

static void
test_claimed_task_is_the_claimers(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = models_begin(f, models_shared);
    NskTaskAct done = { .task = letter, .outcome = "selesai" };

    (void)data;
    act(f, "damar", letter, "submit", NULL);
    do_deed(f, "kirana", (NskDeed){ .deed = "claim", .task = letter });
    g_autofree char *said = fixture_act_fails(f, "budi", &done, NSK_ERROR_DENIED, "is doing");
    g_assert_nonnull(said);
    refuse(f, "kirana", (NskDeed){ .deed = "claim", .task = letter }, NSK_ERROR_CONFLICT,
           "already");
    do_deed(f, "kirana", (NskDeed){ .deed = "unclaim", .task = letter });
    act(f, "budi", letter, "selesai", NULL);
    models_assert_state(f, letter, "archived");
}

static void
test_superior_assigns(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = models_begin(f, models_shared);
    NskTaskAct done;

    (void)data;
    act(f, "damar", letter, "submit", NULL);
    g_autofree char *task = only_key(f, letter);
    done = (NskTaskAct){ .task = task, .outcome = "selesai" };
    refuse(f, "budi", (NskDeed){ .deed = "assign", .task = task, .to = "damar" }, NSK_ERROR_DENIED,
           "Damar");
    do_deed(f, "sekar", (NskDeed){ .deed = "assign", .task = task, .to = "budi" });
    g_autofree char *said = fixture_act_fails(f, "kirana", &done, NSK_ERROR_DENIED, "is doing");
    g_assert_nonnull(said);
    act(f, "budi", letter, "selesai", NULL);
}

static void
test_delegated_task_comes_back(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });
    NskTaskAct approve = { .task = letter, .outcome = "approve" };

    (void)data;
    act(f, "damar", letter, "submit", NULL);
    do_deed(f, "kirana",
            (NskDeed){ .deed = "delegate", .task = letter, .to = "kepala-biro-keuangan" });
    assert_before(f, letter, "kepala-biro-keuangan");
    g_assert_true(fixture_finds(f, "maheswari", letter));
    g_autofree char *said =
        fixture_act_fails(f, "maheswari", &approve, NSK_ERROR_DENIED, "hand-back");
    g_assert_nonnull(said);
    do_deed(f, "maheswari", (NskDeed){ .deed = "hand-back", .task = letter, .note = "Sudah." });
    g_assert_false(fixture_finds(f, "maheswari", letter));
    act(f, "kirana", letter, "approve", NULL);
    models_assert_rows(f, sql_parafs, letter, "kirana");
}

static void
test_delegated_task_is_taken_back(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });

    (void)data;
    act(f, "damar", letter, "submit", NULL);
    g_autofree char *task = only_key(f, letter);
    do_deed(f, "kirana",
            (NskDeed){ .deed = "delegate", .task = letter, .to = "kepala-biro-keuangan" });
    refuse(f, "kirana",
           (NskDeed){ .deed = "reassign", .task = task, .to = "kepala-biro-sdm", .note = "x" },
           NSK_ERROR_DENIED, "not yours");
    do_deed(f, "kirana", (NskDeed){ .deed = "hand-back", .task = task });
    assert_before(f, letter, "kepala-subbagian-persuratan");
}

static void
test_reassigned_task_goes_over(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = models_begin(f, models_shared);

    (void)data;
    act(f, "damar", letter, "submit", NULL);
    do_deed(f, "kirana",
            (NskDeed){ .deed = "reassign",
                       .task = letter,
                       .to = "kepala-biro-keuangan",
                       .note = "cuti" });
    assert_before(f, letter, "kepala-biro-keuangan");
    act(f, "maheswari", letter, "selesai", NULL);
    models_assert_state(f, letter, "archived");
}

static void
test_paraf_is_not_reassigned(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });
    NskDeed deed = { .deed = "reassign", .task = letter, .to = "kepala-biro-sdm", .note = "cuti" };

    (void)data;
    act(f, "damar", letter, "submit", NULL);
    refuse(f, "kirana", deed, NSK_ERROR_INVALID, "names who");
    deed.note = NULL;
    refuse(f, "kirana", deed, NSK_ERROR_INVALID, "--note");
}

static void
test_duties_are_separate(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = models_begin(f, models_separate);
    NskTaskAct done = { .task = letter, .outcome = "cocok" };

    (void)data;
    act(f, "damar", letter, "submit", NULL);
    act(f, "kirana", letter, "selesai", NULL);
    g_autofree char *said = fixture_act_fails(f, "kirana", &done, NSK_ERROR_DENIED, "another");
    g_assert_nonnull(said);
    act(f, "budi", letter, "cocok", NULL);
    models_assert_state(f, letter, "archived");
}

/* --- The workflow as a whole. ----------------------------------------------------------------- */

static void
test_letter_goes_back_to_a_stage(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });
    NskDeed deed = { .deed = "return-to", .task = letter, .to = "tanda-tangan", .note = "Ulang." };

    (void)data;
    act(f, "damar", letter, "submit", NULL);
    act(f, "kirana", letter, "approve", NULL);
    refuse(f, "budi", deed, NSK_ERROR_INVALID, "konsep");
    deed.to = "konsep";
    do_deed(f, "budi", deed);
    models_assert_state(f, letter, "draft");
    assert_before(f, letter, "staf-persuratan");
    act(f, "damar", letter, "submit", NULL);
}

static void
test_suspended_letter_rests(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = models_begin(f, models_reminded);
    NskTaskAct submit = { .task = letter, .outcome = "submit" };

    (void)data;
    refuse(f, "kirana", (NskDeed){ .deed = "suspend", .task = letter, .note = "x" },
           NSK_ERROR_DENIED, "is not");
    do_deed(f, "damar", (NskDeed){ .deed = "suspend", .task = letter, .note = "Tunggu." });
    g_autofree char *said = fixture_act_fails(f, "damar", &submit, NSK_ERROR_CONFLICT, "");
    g_assert_nonnull(said);
    f->now += 2 * MODELS_HOUR;
    g_assert_cmpint(models_run(f), ==, 0);
    do_deed(f, "damar", (NskDeed){ .deed = "resume", .task = letter });
    g_assert_cmpint(models_run(f), ==, 1);
    act(f, "damar", letter, "submit", NULL);
}

static void
test_urging_has_a_pause(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });

    (void)data;
    act(f, "damar", letter, "submit", NULL);
    do_deed(f, "damar", (NskDeed){ .deed = "urge", .task = letter, .note = "Rapat besok." });
    refuse(f, "damar", (NskDeed){ .deed = "urge", .task = letter }, NSK_ERROR_CONFLICT, "hour");
    f->now += MODELS_HOUR;
    do_deed(f, "damar", (NskDeed){ .deed = "urge", .task = letter });
}

static void
test_message_is_sent_by_hand(Fixture *f, gconstpointer data)
{
    static const char sql_messages[] = "SELECT name FROM message WHERE letter = $1 ORDER BY n";
    g_autofree char *letter = models_begin(f, models_listening);

    (void)data;
    do_deed(f, "damar", (NskDeed){ .deed = "message", .task = letter, .to = "balasan" });
    models_assert_rows(f, sql_messages, letter, "balasan");
    act(f, "damar", letter, "submit", NULL);
    models_assert_rows(f, sql_messages, letter, "");
    models_assert_state(f, letter, "archived");
}

static void
test_incident_is_listed_and_tried_again(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;
    g_autofree char *letter = models_begin(f, models_stuck);

    (void)data;
    act(f, "damar", letter, "submit", NULL);
    f->now += 2 * MODELS_HOUR;
    g_assert_cmpint(models_run(f), ==, 1);
    fixture_as(f, "damar");
    (void)nsk_office_incidents(f->office, NULL, &result, &error);
    g_assert_no_error(error);
    NskJson *list = nsk_json_get(result, "incidents");
    g_assert_cmpuint(nsk_json_length(list), ==, 1);
    const char *task = nsk_json_get_text(nsk_json_at(list, 0), "task");
    do_deed(f, "damar", (NskDeed){ .deed = "retry", .task = task });
    /* it is due again, and fails again */
    g_assert_cmpint(models_run(f), ==, 1);
    models_assert_whole(f);
}

/* --- Koreksi, several tasks, other versions. ------------------------------------------------- */

static NskJson *
correct(Fixture *f, const char *person, const char *letter, GError **error)
{
    NskJson *result = NULL;
    g_autoptr(GBytes) xml = fixture_letter(&(Words){ .text = "Isi yang dibetulkan." });
    NskLetterEdit edit = { .letter = letter, .name = "k.xml", .xml = xml, .outcome = "approve" };

    fixture_as(f, person);
    return nsk_office_letter_edit(f->office, &edit, &result, error) ? result : NULL;
}

static void
test_reviewer_corrects_and_approves(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });

    (void)data;
    g_assert_null(correct(f, "damar", letter, &error));
    fixture_refused(&error, NSK_ERROR_INVALID, "naskah letter edit");
    act(f, "damar", letter, "submit", NULL);
    g_assert_null(correct(f, "damar", letter, &error));
    fixture_refused(&error, NSK_ERROR_DENIED, "not yours");
    g_autoptr(NskJson) done = correct(f, "kirana", letter, &error);
    g_assert_no_error(error);
    g_assert_nonnull(done);
    models_assert_rows(f, sql_parafs, letter, "kirana");
    assert_before(f, letter, "kepala-bagian-tata-usaha");
    g_autofree char *actions = fixture_actions(f, "damar", letter);
    g_assert_cmpstr(actions, ==, "letter-created letter-submitted letter-edited paraf-given");
    models_assert_whole(f);
}

static void
test_several_tasks_have_results_of_their_own(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;
    g_autofree char *one = fixture_draft(f, &(Words){ 0 });
    g_autofree char *two = fixture_draft(f, &(Words){ 0 });
    NskTaskAct acts[] = { { .task = one, .outcome = "approve" },
                          { .task = two, .outcome = "approve" } };

    (void)data;
    act(f, "damar", one, "submit", NULL);
    fixture_as(f, "kirana");
    (void)nsk_office_task_batch(f->office, acts, G_N_ELEMENTS(acts), &result, &error);
    g_assert_no_error(error);
    NskJson *list = nsk_json_get(result, "results");
    g_assert_cmpuint(nsk_json_length(list), ==, 2);
    g_assert_nonnull(nsk_json_get(nsk_json_at(list, 0), "result"));
    g_assert_nonnull(nsk_json_get_text(nsk_json_at(list, 1), "error"));
    g_assert_cmpint(nsk_json_get_int(result, "failed", -1), ==, 1);
    assert_before(f, one, "kepala-bagian-tata-usaha");
    assert_before(f, two, "staf-persuratan");
}

static void
move(Fixture *f, const NskInstanceMove *ask, const char *key, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;

    fixture_as(f, "damar");
    (void)nsk_office_workflow_migrate(f->office, ask, &result, &error);
    g_assert_no_error(error);
    NskJson *list = nsk_json_get(result, "results");
    g_assert_cmpuint(nsk_json_length(list), ==, 1);
    const char *said = nsk_json_get_text(nsk_json_at(list, 0), key);
    g_assert_nonnull(said);
    if (strstr(said, expected) == NULL)
        g_test_message("'%s' is not in: %s", expected, said);
    g_assert_nonnull(strstr(said, expected));
}

static void
test_letter_moves_to_another_version(Fixture *f, gconstpointer data)
{
    static const char sql_version[] = "SELECT workflow_version FROM letter WHERE id = $1";
    static const char sql_waits[] = "SELECT type FROM wait WHERE letter = $1";
    NskInstanceMove ask = { .workflow = "surat-keluar", .dry_run = 1 };
    g_autofree char *letter = models_begin(f, models_shared);
    g_autofree char *before = models_look(f, sql_version, letter);
    g_autoptr(NskJson) deployed = models_deploy(f, models_reminded);

    (void)data;
    move(f, &ask, "done", "would-move");
    models_assert_rows(f, sql_version, letter, before);
    ask.dry_run = 0;
    move(f, &ask, "done", "moved");
    models_assert_rows(f, sql_version, letter, nsk_json_get_text(deployed, "version"));
    models_assert_rows(f, sql_waits, letter, "timer");
    models_assert_whole(f);
    act(f, "damar", letter, "submit", NULL);
    models_assert_state(f, letter, "archived");
}

static void
test_letter_stays_where_the_other_has_no_place(Fixture *f, gconstpointer data)
{
    NskInstanceMove ask = { .workflow = "surat-keluar" };
    g_autofree char *letter = models_begin(f, models_shared);

    (void)data;
    act(f, "damar", letter, "submit", NULL);
    g_autoptr(NskJson) deployed = models_deploy(f, models_reminded);
    g_assert_nonnull(deployed);
    move(f, &ask, "error", "urus");
    ask.plan = "[{\"from\":\"urus\",\"to\":\"konsep\"}]";
    move(f, &ask, "done", "moved");
    models_assert_whole(f);
}

/* --- Many at once. ---------------------------------------------------------------------------- */

static void
test_reviewer_joins_a_running_review(Fixture *f, gconstpointer data)
{
    static const char sql_key[] = "SELECT letter || '/' || key FROM inbox WHERE letter = $1"
                                  " AND position = 'kepala-subbagian-persuratan'";
    g_autofree char *letter = models_begin(f, models_parallel);

    (void)data;
    act(f, "damar", letter, "submit", NULL);
    assert_before(f, letter, "kepala-bagian-tata-usaha; kepala-subbagian-persuratan");
    g_autofree char *task = models_look(f, sql_key, letter);
    do_deed(f, "kirana", (NskDeed){ .deed = "add", .task = task, .to = "kepala-biro-keuangan" });
    assert_before(f, letter,
                  "kepala-bagian-tata-usaha; kepala-biro-keuangan; kepala-subbagian-persuratan");
    act(f, "kirana", letter, "selesai", NULL);
    act(f, "budi", letter, "selesai", NULL);
    models_assert_state(f, letter, "draft");
    act(f, "maheswari", letter, "selesai", NULL);
    models_assert_state(f, letter, "archived");
}

typedef struct {
    NskOfficeService *service;
    Fixture *f;
    const char *person;
    const char *letter;
    GError *error;
} Doer;

static gpointer
run_doer(gpointer data)
{
    Doer *doer = data;
    const NskOfficeOptions options = { .dir = doer->f->dir,
                                       .service = doer->service,
                                       .as = doer->person,
                                       .clock = &doer->f->clock };
    NskTaskAct done = { .task = doer->letter, .outcome = "selesai" };
    g_autoptr(NskJson) result = NULL;
    g_autoptr(NskOffice) office = nsk_office_open(&options, &doer->error);

    if (office != NULL)
        (void)nsk_office_task_act(office, &done, &result, &doer->error);
    return NULL;
}

static void
test_parallel_completions_both_succeed(Fixture *f, gconstpointer data)
{
    enum { ROUNDS = 5 };
    g_autoptr(GError) error = NULL;
    char *letters[ROUNDS];
    g_autofree char *first = models_begin(f, models_parallel);

    (void)data;
    letters[0] = g_strdup(first);
    for (size_t i = 1; i < ROUNDS; i++)
        letters[i] = fixture_draft(f, &(Words){ 0 });
    for (size_t i = 0; i < ROUNDS; i++)
        act(f, "damar", letters[i], "submit", NULL);
    g_clear_pointer(&f->office, nsk_office_free);
    NskOfficeService *service = nsk_office_service_start(f->dir, &error);
    g_assert_no_error(error);
    for (size_t i = 0; i < ROUNDS; i++) {
        Doer doers[2] = { { service, f, "kirana", letters[i], NULL },
                          { service, f, "budi", letters[i], NULL } };
        GThread *threads[2];

        for (size_t j = 0; j < 2; j++)
            threads[j] = g_thread_new("doer", run_doer, &doers[j]);
        for (size_t j = 0; j < 2; j++) {
            (void)g_thread_join(threads[j]);
            g_assert_no_error(doers[j].error);
        }
    }
    nsk_office_service_stop(service);
    fixture_reopen(f, NULL);
    for (size_t i = 0; i < ROUNDS; i++) {
        models_assert_state(f, letters[i], "archived");
        g_free(letters[i]);
    }
    models_assert_whole(f);
}

int
main(int argc, char **argv)
{
    static const FixtureTest tests[] = {
        { "/deed/recall/of-a-paraf-voids-it", test_paraf_is_recalled, NULL },
        { "/deed/recall/of-a-submission-gives-the-draft-back", test_submission_is_recalled, NULL },
        { "/deed/recall/is-refused-once-the-next-is-touched", test_what_was_touched_is_not_recalled,
          NULL },
        { "/deed/recall/is-refused-once-the-draft-was-edited",
          test_return_is_not_recalled_from_an_edited_draft, NULL },
        { "/deed/claim/makes-a-task-ones-own", test_claimed_task_is_the_claimers, NULL },
        { "/deed/assign/is-the-superiors-too", test_superior_assigns, NULL },
        { "/deed/delegate/lets-another-work-but-not-finish", test_delegated_task_comes_back, NULL },
        { "/deed/delegate/is-taken-back", test_delegated_task_is_taken_back, NULL },
        { "/deed/reassign/hands-a-task-over", test_reassigned_task_goes_over, NULL },
        { "/deed/reassign/is-not-for-a-paraf", test_paraf_is_not_reassigned, NULL },
        { "/deed/separate/keeps-two-tasks-apart", test_duties_are_separate, NULL },
        { "/deed/return-to/goes-where-the-letter-was", test_letter_goes_back_to_a_stage, NULL },
        { "/deed/suspend/lets-a-letter-rest", test_suspended_letter_rests, NULL },
        { "/deed/urge/has-a-pause", test_urging_has_a_pause, NULL },
        { "/deed/message/may-come-early", test_message_is_sent_by_hand, NULL },
        { "/deed/retry/tries-an-incident-again", test_incident_is_listed_and_tried_again, NULL },
        { "/deed/correct/changes-and-approves", test_reviewer_corrects_and_approves, NULL },
        { "/deed/batch/has-results-of-their-own", test_several_tasks_have_results_of_their_own,
          NULL },
        { "/deed/migrate/moves-a-letter", test_letter_moves_to_another_version, NULL },
        { "/deed/migrate/names-what-has-no-place", test_letter_stays_where_the_other_has_no_place,
          NULL },
        { "/deed/add/lets-one-more-review", test_reviewer_joins_a_running_review, NULL },
        { "/deed/parallel/completions-both-succeed", test_parallel_completions_both_succeed, NULL },
    };

    return fixture_main(argc, argv, tests, G_N_ELEMENTS(tests));
}
