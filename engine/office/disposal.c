/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Proposals to dispose of files of records, and what is said and decided of them.
 *
 *     propose -> opinions -> approve (or refuse) -> certify: the record of destruction is drafted
 *        -> destroy: disposal-destroy.c; or hand over and, when it comes, enter the receipt
 *
 * INVARIANTS
 *   (1) What is approved is the digest of a list that never changes; what is carried out is
 * compared with it and with the journal, not with rows. (2) Nobody decides of his own proposal, and
 * only the head of the agency decides. (3) A file is in one open proposal at most, and a held one
 * in none.
 */
#include "base/id.h"
#include "base/message.h"
#include "office/disposal-private.h"

#include <string.h>

#define MOST_FILES     200
#define LONG_RETENTION 10  /* years, from which on the national archives have to consent */
#define MAX_CONSENT    200 /* bytes */

static const char sql_add[] = "INSERT INTO disposal (id, unit, form, state, digest, at, by)"
                              " VALUES ($1, $2, $3, 'proposed', $4, $5, $6)";
static const char sql_add_item[] =
    "INSERT INTO disposal_item (disposal, n, berkas)"
    " SELECT $1, coalesce(max(n), 0) + 1, $2 FROM disposal_item WHERE disposal = $1";
static const char sql_find_open[] =
    "SELECT d.id FROM disposal_item i JOIN disposal d ON d.id = i.disposal WHERE i.berkas = $1"
    " AND (d.state IN ('proposed', 'approved', 'running') OR d.state = 'done' AND d.form <> "
    "'review')";
static const char sql_add_opinion[] =
    "INSERT INTO disposal_opinion (disposal, n, at, person, position, view)"
    " SELECT $1, coalesce(max(n), 0) + 1, $2, $3, $4, $5 FROM disposal_opinion WHERE disposal = $1";
static const char sql_find_agree[] = "SELECT 1 FROM disposal_opinion WHERE disposal = $1 AND view "
                                     "= 'agree' AND person <> $2 LIMIT 1";
static const char sql_decide[] =
    "UPDATE disposal SET state = $2, decided = $3, decided_by = $4, position = $5, capacity = $6,"
    " consent = $7 WHERE id = $1";
static const char sql_hand_over[] =
    "UPDATE disposal SET state = 'running', done_by = $2 WHERE id = $1";
static const char sql_received[] = "UPDATE disposal SET state = 'done', done = $2 WHERE id = $1";
static const char sql_withdraw[] = "UPDATE disposal SET state = 'withdrawn' WHERE id = $1";

static bool
refuse(int code, const char *words, GError **error)
{
    g_set_error_literal(error, NSK_ERROR, code, words);
    return false;
}

static bool
has_text(const char *text)
{
    return text != NULL && text[strspn(text, " \t\n")] != '\0';
}

bool
nsk_disposal_record(const NskDisposalWork *work,
                    NskDbTxn *txn,
                    const NskDisposalEvent *what,
                    GError **error)
{
    g_autofree char *history = g_strconcat(NSK_DISPOSAL_HISTORY, work->id, NULL);
    NskStoreFile file = { .name = NSK_DISPOSAL_LIST, .content = what->list };
    NskJournalObject object = { .kind = "disposal-list" };
    NskOfficeEvent event = { .origin = work->office->origin,
                             .history = history,
                             .actor = work->office->person,
                             .auth = work->office->auth,
                             .position = what->position,
                             .capacity = what->capacity,
                             .reason = work->act->note,
                             .action = what->action,
                             .sentence = what->sentence,
                             .now = work->now };

    if (what->list != NULL) {
        gsize size;
        const void *data = g_bytes_get_data(what->list, &size);

        nsk_sha256(data, size, object.sha256);
        object.size = (int64_t)size;
        event.objects = &object;
        event.n_objects = 1;
    }
    if (what->keep) {
        event.files = &file;
        event.n_files = 1;
    }
    return nsk_record_office_rows(txn, NSK_KEPT_DISPOSAL, &event, error);
}

/* --- Proposing. ------------------------------------------------------------------------------- */

/* In no proposal that is open or was carried out. */
static bool
check_free(NskDbTxn *txn, const char *berkas, GError **error)
{
    g_autoptr(GPtrArray) found =
        nsk_db_list_texts(txn, sql_find_open, NSK_DB_PARAMS(NSK_DB_TEXT(berkas)), error);

    if (found == NULL || found->len == 0)
        return found != NULL;
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                nsk_tr("the file %s is in the proposal %s already"), berkas,
                (const char *)g_ptr_array_index(found, 0));
    return false;
}

/* What the proposal says becomes of the file is what its class lets become of it. */
static bool
check_form(const NskBerkasRow *row,
           const NskBerkasStanding *standing,
           const char *as,
           GError **error)
{
    static const char
        *const forms[] = { [NSK_FATE_DESTROY] = "destroy", [NSK_FATE_PERMANENT] = "transfer" };

    if (standing->state != NSK_RECORD_DUE) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("the retention of the file %s is not over; see 'naskah records due'"),
                    row->id);
        return false;
    }
    if (standing->fate == NSK_FATE_REVIEW || strcmp(forms[standing->fate], as) == 0)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                nsk_tr("by its class the file %s is to be: %s; it cannot be: %s"), row->id,
                nsk_office_word_of("next", forms[standing->fate]), nsk_office_word_of("next", as));
    return false;
}

static bool
check_file(const NskDisposalWork *work, NskDbTxn *txn, const char *id, char **unit, GError **error)
{
    bool held = false;
    NskBerkasStanding standing;
    g_autoptr(NskBerkasRow) row = nsk_berkas_load(txn, id, error);

    if (row == NULL || !nsk_berkas_check_archivist(work->office, txn, row->unit, error) ||
        !nsk_berkas_stand(work->office, txn, row, (NskDate){ 0 }, &standing, error) ||
        !check_form(row, &standing, work->act->as, error) || !check_free(txn, id, error) ||
        !nsk_berkas_is_held(txn, id, &held, error))
        return false;
    if (held) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("the file %s is held; see 'naskah berkas show'"), id);
        return false;
    }
    if (*unit == NULL)
        *unit = g_strdup(row->unit);
    return strcmp(*unit, row->unit) == 0 ||
           refuse(NSK_ERROR_INVALID, nsk_tr("the files of a proposal are all of one unit"), error);
}

/* The files that are named, each once. */
static GPtrArray *
read_files(const char *berkas, GError **error)
{
    g_auto(GStrv) words = g_strsplit_set(berkas != NULL ? berkas : "", " \n", -1);
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);

    for (int i = 0; words[i] != NULL; i++) {
        if (words[i][0] != '\0' &&
            !g_ptr_array_find_with_equal_func(files, words[i], g_str_equal, NULL))
            g_ptr_array_add(files, g_strdup(words[i]));
    }
    if (files->len > 0 && files->len <= MOST_FILES)
        return g_steal_pointer(&files);
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID, nsk_tr("name from 1 to %d files of records"),
                MOST_FILES);
    return NULL;
}

static bool
add_files(const NskDisposalWork *work, NskDbTxn *txn, const GPtrArray *files, GError **error)
{
    for (guint i = 0; i < files->len; i++) {
        if (!nsk_db_exec(
                txn, sql_add_item,
                NSK_DB_PARAMS(NSK_DB_TEXT(work->id), NSK_DB_TEXT(g_ptr_array_index(files, i))),
                NULL, error))
            return false;
    }
    return true;
}

static bool
propose(const NskDisposalWork *work, NskDbTxn *txn, GError **error)
{
    static const char *const forms[] = { "destroy", "transfer", "review", NULL };
    g_autofree char *unit = NULL;
    g_autoptr(GPtrArray) files = read_files(work->act->berkas, error);

    if (files == NULL)
        return false;
    if (work->act->as == NULL || !g_strv_contains(forms, work->act->as))
        return refuse(
            NSK_ERROR_INVALID,
            nsk_tr("say what is to become of the files: --fate destroy, transfer or review"),
            error);
    for (guint i = 0; i < files->len; i++) {
        if (!check_file(work, txn, g_ptr_array_index(files, i), &unit, error))
            return false;
    }
    g_autoptr(GBytes) list = nsk_disposal_make_list(txn, unit, files, error);
    if (list == NULL)
        return false;
    g_autofree char *digest = nsk_sha256_hex(g_bytes_get_data(list, NULL), g_bytes_get_size(list));
    const NskDisposalEvent event = { .action = "disposal-proposed",
                                     .sentence = "Propose to dispose of files of records",
                                     .list = list,
                                     .keep = true };
    return nsk_db_exec(txn, sql_add,
                       NSK_DB_PARAMS(NSK_DB_TEXT(work->id), NSK_DB_TEXT(unit),
                                     NSK_DB_TEXT(work->act->as), NSK_DB_TEXT(digest),
                                     NSK_DB_INT(work->now), NSK_DB_TEXT(work->office->person)),
                       NULL, error) &&
           add_files(work, txn, files, error) && nsk_disposal_record(work, txn, &event, error);
}

/* --- Who may say and decide. ------------------------------------------------------------------ */

static bool
check_state(const NskDisposalRow *row, const char *state, GError **error)
{
    if (strcmp(row->state, state) == 0)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                nsk_tr("the state of the proposal is '%s'; this is not done with it now"),
                nsk_office_word_of("disposal", row->state));
    return false;
}

static bool
check_other(const NskDisposalWork *work, const NskDisposalRow *row, GError **error)
{
    return strcmp(row->by, work->office->person) != 0 ||
           refuse(NSK_ERROR_DENIED,
                  nsk_tr("you proposed it yourself: another person has to judge it"), error);
}

bool
nsk_disposal_check_head(const NskDisposalWork *work,
                        NskDbTxn *txn,
                        const NskDisposalRow *row,
                        char **out_position,
                        NskCapacity *out_capacity,
                        GError **error)
{
    NskDate today;
    g_autoptr(GError) refusal = NULL;
    g_autofree char *head = nsk_disposal_head(txn, row->unit, error);

    if (head == NULL || !nsk_office_today(txn, row->unit, work->now, &today, error))
        return false;
    if (!nsk_directory_may_act(txn, work->office->person, head, today, out_capacity, &refusal)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                    nsk_tr("a disposal is approved or refused by who acts as '%s'"), head);
        return false;
    }
    if (*out_capacity == NSK_CAPACITY_PLH)
        return refuse(
            NSK_ERROR_DENIED,
            nsk_tr("a Plh. does not decide of disposals; wait for the head of the agency, "
                   "a Pj. or a Plt."),
            error);
    *out_position = g_steal_pointer(&head);
    return true;
}

/* --- Opinions. -------------------------------------------------------------------------------- */

/* Tries a position from which an opinion may be given; *out_position is set if it is one. */
static void
try_position(const NskDisposalWork *work,
             NskDbTxn *txn,
             const char *position,
             NskDate today,
             char **out_position)
{
    NskCapacity capacity;

    if (*out_position == NULL && position[0] != '\0' &&
        nsk_directory_may_act(txn, work->office->person, position, today, &capacity, NULL))
        *out_position = g_strdup(position);
}

bool
nsk_disposal_find_appraiser(const NskDisposalWork *work,
                            NskDbTxn *txn,
                            const NskDisposalRow *row,
                            char **out_position,
                            GError **error)
{
    NskDate today;
    g_autofree char *own = nsk_disposal_archivist(txn, row->unit, error);
    g_autoptr(NskPosition) archivist =
        own != NULL ? nsk_directory_get_position(txn, own, error) : NULL;
    g_autoptr(NskUnit) at =
        archivist != NULL ? nsk_directory_get_unit(txn, row->unit, error) : NULL;

    if (at == NULL || !nsk_office_today(txn, row->unit, work->now, &today, error))
        return false;
    try_position(work, txn, archivist->superior, today, out_position);
    while (*out_position == NULL && at->parent[0] != '\0') {
        NskUnit *parent = nsk_directory_get_unit(txn, at->parent, error);

        if (parent == NULL)
            return false;
        nsk_unit_free(at);
        at = parent;
        if (strcmp(at->archivist, own) != 0)
            try_position(work, txn, at->archivist, today, out_position);
    }
    return *out_position != NULL ||
           refuse(NSK_ERROR_DENIED,
                  nsk_tr("opinions are given by the superior of the unit's archivist and by the "
                         "archivists of the units above"),
                  error);
}

static bool
give_opinion(const NskDisposalWork *work, NskDbTxn *txn, const NskDisposalRow *row, GError **error)
{
    static const char *const views[] = { "agree", "disagree", NULL };
    g_autofree char *position = NULL;

    if (!check_state(row, "proposed", error) || !check_other(work, row, error) ||
        !nsk_disposal_find_appraiser(work, txn, row, &position, error))
        return false;
    if (work->act->as == NULL || !g_strv_contains(views, work->act->as) ||
        !has_text(work->act->note))
        return refuse(NSK_ERROR_INVALID,
                      nsk_tr("an opinion is 'agree' or 'disagree', with a reason: --reason"),
                      error);
    g_autoptr(GBytes) list = nsk_disposal_check_list(txn, row, error);
    const NskDisposalEvent event = { .action = strcmp(work->act->as, "agree") == 0
                                                   ? "disposal-supported"
                                                   : "disposal-doubted",
                                     .sentence = "Give an opinion on the proposal",
                                     .position = position,
                                     .list = list };
    return list != NULL &&
           nsk_db_exec(txn, sql_add_opinion,
                       NSK_DB_PARAMS(NSK_DB_TEXT(row->id), NSK_DB_INT(work->now),
                                     NSK_DB_TEXT(work->office->person), NSK_DB_TEXT(position),
                                     NSK_DB_TEXT(work->act->as)),
                       NULL, error) &&
           nsk_disposal_record(work, txn, &event, error);
}

/* --- Deciding. -------------------------------------------------------------------------------- */

/* Somebody who neither proposes nor decides has agreed. */
static bool
check_opinions(const NskDisposalWork *work,
               NskDbTxn *txn,
               const NskDisposalRow *row,
               GError **error)
{
    bool agreed = false;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_find_agree,
                     NSK_DB_PARAMS(NSK_DB_TEXT(row->id), NSK_DB_TEXT(work->office->person)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &agreed, error))
        return false;
    return agreed || refuse(NSK_ERROR_CONFLICT,
                            nsk_tr("nobody who appraises has agreed yet; an opinion comes first: "
                                   "'naskah records appraise'"),
                            error);
}

bool
nsk_disposal_check_consent(const NskDisposalWork *work,
                           NskDbTxn *txn,
                           const NskDisposalRow *row,
                           GError **error)
{
    const char *consent = work->act->consent;
    g_autoptr(GPtrArray) files = nsk_disposal_files(txn, row->id, error);

    if (files == NULL)
        return false;
    if (consent != NULL && (!has_text(consent) || strlen(consent) > MAX_CONSENT))
        return refuse(NSK_ERROR_INVALID,
                      nsk_tr("a consent is the number of a letter, of at most 200 bytes"), error);
    for (guint i = 0; i < files->len && consent == NULL; i++) {
        NskBerkasStanding standing;
        g_autoptr(NskBerkasRow) file = nsk_berkas_load(txn, g_ptr_array_index(files, i), error);

        if (file == NULL ||
            !nsk_berkas_stand(work->office, txn, file, (NskDate){ 0 }, &standing, error))
            return false;
        if (standing.years < LONG_RETENTION)
            continue;
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("the file %s was kept for %u years: from ten on the national archives "
                           "have to consent; say by which letter, with --consent"),
                    file->id, standing.years);
        return false;
    }
    return true;
}

/* Sets what was decided. */
static bool
decide(const NskDisposalWork *work,
       NskDbTxn *txn,
       const NskDisposalRow *row,
       bool approved,
       GError **error)
{
    NskCapacity capacity;
    g_autofree char *position = NULL;
    const char *state = !approved                          ? "refused"
                        : strcmp(row->form, "review") == 0 ? "done"
                                                           : "approved";

    if (!check_state(row, "proposed", error) || !check_other(work, row, error) ||
        !nsk_disposal_check_head(work, txn, row, &position, &capacity, error))
        return false;
    if (!approved && !has_text(work->act->note))
        return refuse(NSK_ERROR_INVALID, nsk_tr("say why it is refused, with --reason"), error);
    if (approved && (!check_opinions(work, txn, row, error) ||
                     (strcmp(row->form, "destroy") == 0 &&
                      !nsk_disposal_check_consent(work, txn, row, error)) ||
                     !nsk_disposal_check_holds(txn, row, error)))
        return false;
    g_autoptr(GBytes) list = approved ? nsk_disposal_check_list(txn, row, error)
                                      : nsk_disposal_read_list(txn, row, error);
    const NskDisposalEvent event = { .action = approved ? "disposal-approved" : "disposal-refused",
                                     .sentence =
                                         approved ? "Approve the proposal" : "Refuse the proposal",
                                     .position = position,
                                     .capacity = nsk_capacity_name(capacity),
                                     .list = list };
    return list != NULL &&
           nsk_db_exec(txn, sql_decide,
                       NSK_DB_PARAMS(NSK_DB_TEXT(row->id), NSK_DB_TEXT(state),
                                     NSK_DB_INT(work->now), NSK_DB_TEXT(work->office->person),
                                     NSK_DB_TEXT(position),
                                     NSK_DB_TEXT(nsk_capacity_name(capacity)),
                                     NSK_DB_TEXT(work->act->consent)),
                       NULL, error) &&
           nsk_disposal_record(work, txn, &event, error);
}

static bool
approve(const NskDisposalWork *work, NskDbTxn *txn, const NskDisposalRow *row, GError **error)
{
    return decide(work, txn, row, true, error);
}

static bool
refuse_proposal(const NskDisposalWork *work,
                NskDbTxn *txn,
                const NskDisposalRow *row,
                GError **error)
{
    return decide(work, txn, row, false, error);
}

static bool
withdraw(const NskDisposalWork *work, NskDbTxn *txn, const NskDisposalRow *row, GError **error)
{
    const NskDisposalEvent event = { .action = "disposal-withdrawn",
                                     .sentence = "Withdraw the proposal" };

    if (strcmp(row->by, work->office->person) != 0)
        return refuse(NSK_ERROR_DENIED, nsk_tr("a proposal is withdrawn by who made it"), error);
    if (strcmp(row->state, "proposed") != 0 && strcmp(row->state, "approved") != 0)
        return check_state(row, "proposed", error);
    return nsk_db_exec(txn, sql_withdraw, NSK_DB_PARAMS(NSK_DB_TEXT(row->id)), NULL, error) &&
           nsk_disposal_record(work, txn, &event, error);
}

/* --- Handing over. ---------------------------------------------------------------------------- */

/* What is asked again goes on. */
static bool
hand_over(const NskDisposalWork *work, NskDbTxn *txn, const NskDisposalRow *row, GError **error)
{
    const bool running = strcmp(row->state, "running") == 0;

    if (!nsk_berkas_check_archivist(work->office, txn, row->unit, error) ||
        !nsk_disposal_check_approved(txn, row, error))
        return false;
    if (strcmp(row->form, "transfer") != 0)
        return refuse(NSK_ERROR_CONFLICT,
                      nsk_tr("it was not approved that these files are handed over"), error);
    g_autoptr(GBytes) list = nsk_disposal_check_list(txn, row, error);
    const NskDisposalEvent event = { .action = "disposal-handed",
                                     .sentence = "Hand over what the list names",
                                     .list = list };
    if (list == NULL || running)
        return list != NULL;
    return nsk_disposal_check_letter(txn, row, error) &&
           nsk_disposal_check_holds(txn, row, error) &&
           nsk_db_exec(txn, sql_hand_over,
                       NSK_DB_PARAMS(NSK_DB_TEXT(row->id), NSK_DB_TEXT(work->office->person)), NULL,
                       error) &&
           nsk_disposal_record(work, txn, &event, error);
}

/* Who got them has said so. */
static bool
enter_receipt(const NskDisposalWork *work, NskDbTxn *txn, const NskDisposalRow *row, GError **error)
{
    const NskDisposalEvent event = { .action = "disposal-received",
                                     .sentence = "Enter the receipt of who got the archives" };

    if (!nsk_berkas_check_archivist(work->office, txn, row->unit, error) ||
        !nsk_disposal_check_approved(txn, row, error))
        return false;
    if (strcmp(row->form, "transfer") != 0 || strcmp(row->state, "running") != 0)
        return refuse(NSK_ERROR_CONFLICT,
                      nsk_tr("a receipt is entered once the archives were handed over"), error);
    if (!has_text(work->act->note))
        return refuse(NSK_ERROR_INVALID,
                      nsk_tr("say by which receipt they were taken, with --number"), error);
    return nsk_db_exec(txn, sql_received,
                       NSK_DB_PARAMS(NSK_DB_TEXT(row->id), NSK_DB_INT(work->now)), NULL, error) &&
           nsk_disposal_record(work, txn, &event, error);
}

/* --- The change. ------------------------------------------------------------------------------ */

static const struct {
    const char *name;
    bool (*run)(const NskDisposalWork *work,
                NskDbTxn *txn,
                const NskDisposalRow *row,
                GError **error);
} acts[] = {
    { "opinion", give_opinion }, { "approve", approve },     { "refuse", refuse_proposal },
    { "withdraw", withdraw },    { "hand-over", hand_over }, { "receipt", enter_receipt }
};

static bool
act_on(const NskDisposalWork *work, NskDbTxn *txn, GError **error)
{
    g_autoptr(NskDisposalRow) row = nsk_disposal_load(txn, work->id, error);

    for (size_t i = 0; row != NULL && i < G_N_ELEMENTS(acts); i++) {
        if (strcmp(work->act->act, acts[i].name) == 0)
            return acts[i].run(work, txn, row, error);
    }
    if (row != NULL)
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%s' is nothing that is done with a proposal"), work->act->act);
    return false;
}

static bool
apply_disposal(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    const NskDisposalWork *work = data;

    if (!(work->act->disposal == NULL ? propose(work, txn, error) : act_on(work, txn, error)))
        return false;
    g_autoptr(NskDisposalRow) row = nsk_disposal_load(txn, work->id, error);
    g_autoptr(NskJson) answer =
        row != NULL ? nsk_disposal_to_json(work->office, txn, row, error) : NULL;
    if (answer == NULL)
        return false;
    *out_answer = nsk_json_canonical(answer);
    return true;
}

bool
nsk_do_disposal(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    const NskDisposalAct *act = arguments;
    g_autofree char *answer = NULL;
    g_autofree char *id = nsk_id_new(self->clock);
    NskDisposalWork work = { self, act, act->disposal != NULL ? act->disposal : id,
                             nsk_clock_now(self->clock) };

    if (strcmp(act->act, "certify") == 0 && act->disposal != NULL)
        return nsk_disposal_certify(&work, out_result, error);
    if (strcmp(act->act, "destroy") == 0 && act->disposal != NULL)
        return nsk_disposal_destroy(&work, out_result, error);
    NSK_REQUEST(self, "disposal", act->act, act->disposal != NULL ? act->disposal : "",
                act->berkas != NULL ? act->berkas : "", act->as != NULL ? act->as : "",
                act->note != NULL ? act->note : "");
    if (!nsk_office_commit(self, apply_disposal, &work, &answer, error))
        return false;
    *out_result = nsk_office_read_answer(answer, error);
    return *out_result != NULL;
}
