/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The steps of the expedition book.
 *
 *     waiting --send--> sent --proof--> delivered --proof--> delivered
 *                        ^ \
 *                     send  return
 *                        \   v
 *                       returned
 *
 * A step of several parties is one change: all of them or none, each an entry of the letter's
 * history.  A file that shows a delivery is kept in the letter's versions as
 * "<letter>.bukti-<party>.<ending>"; a newer one takes its place, and the older stays in the
 * version before.
 *
 * INVARIANTS
 *   (1) A party is given to a channel only while it waits or after it came back: nothing is sent
 *       twice.
 *   (2) Names of receivers and numbers of carriers stand in the journal's texts, never in git.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/message.h"
#include "office/access-private.h"
#include "office/delivery-private.h"

#include <string.h>

typedef enum { STEP_SEND, STEP_PROOF, STEP_RETURN } Step;

static const struct {
    const char *name, *action, *sentence;
} steps[] = {
    [STEP_SEND] = { "send", "delivery-sent", "Give the letter to a carrier" },
    [STEP_PROOF] = { "proof", "delivery-proved", "The letter reached its receiver" },
    [STEP_RETURN] = { "return", "delivery-returned", "The letter came back" },
};

typedef struct {
    NskOffice *office;
    const NskDispatchWork *work;
    Step step;
    NskInstant now;
} Work;

void
nsk_clerk_clear(NskClerk *self)
{
    g_clear_pointer(&self->position, g_free);
}

/* --- Who may --------------------------------------------------------------------------------- */

static bool
keeps_unit(const GPtrArray *readings, const char *unit, NskClerk *out_clerk)
{
    for (guint i = 0; i < readings->len; i++) {
        const NskReading *reading = g_ptr_array_index(readings, i);

        if (reading->as != NSK_READS_AS_ARCHIVIST || strcmp(reading->unit, unit) != 0)
            continue;
        out_clerk->position = g_strdup(reading->position);
        return true;
    }
    return false;
}

bool
nsk_access_clerk(NskOffice *office,
                 NskDbTxn *txn,
                 const NskLetterRow *row,
                 NskDate today,
                 NskClerk *out_clerk,
                 GError **error)
{
    bool assists = false;
    NskCapacity capacity;
    bool keeper_reads = nsk_access_most(row->security, NSK_TIE_KEEPS) != NSK_READER_NONE;
    bool assistant_reads = nsk_access_most(row->security, NSK_TIE_HELPS) != NSK_READER_NONE;
    g_autoptr(GPtrArray) readings = nsk_directory_readings(txn, office->person, today, error);

    *out_clerk = (NskClerk){ 0 };
    if (readings == NULL)
        return false;
    if (nsk_directory_may_act(txn, office->person, row->drafter, today, &capacity, NULL)) {
        out_clerk->position = g_strdup(row->drafter);
        out_clerk->capacity = nsk_capacity_name(capacity);
        return true;
    }
    if (keeper_reads && keeps_unit(readings, row->unit, out_clerk))
        return true;
    if (assistant_reads &&
        !nsk_directory_is_assistant(txn, office->person, row->drafter, today, &assists, error))
        return false;
    if (assists) {
        out_clerk->position = g_strdup(row->drafter);
        out_clerk->assisting = true;
        return true;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                nsk_tr("sending letter %s and keeping its proofs is for the office (TU) of unit "
                       "'%s' and for who drafted it"),
                row->id, row->unit);
    return false;
}

/* --- What is asked --------------------------------------------------------------------------- */

/* One line of printable text. */
static bool
check_text(const char *name, const char *text, GError **error)
{
    size_t size = text != NULL ? strlen(text) : 0;
    bool fits = size <= NSK_LIMIT_TEXT && (text == NULL || nsk_utf8_is_valid(text, size));

    for (size_t i = 0; i < size && fits; i++)
        fits = (unsigned char)text[i] >= ' ' && text[i] != 0x7f;
    if (fits && (text == NULL || text[strspn(text, " ")] != '\0'))
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("--%s takes one line of text of at most %d bytes"), name, NSK_LIMIT_TEXT);
    return false;
}

static bool
check_channel(const NskDispatchStep *step, GError **error)
{
    static const char *const channels[] = { "email", "post", "courier", "hand", NULL };

    if (step->channel != NULL && g_strv_contains(channels, step->channel))
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("say how it goes, with --channel email, post, courier or hand"));
    return false;
}

static bool
refuse(GError **error, const char *words)
{
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID, words);
    return false;
}

/* What the step must say, and may not. */
static bool
check_words(const NskDispatchWork *work, Step step, GError **error)
{
    const NskDispatchStep *asked = &work->step;
    bool has_file = work->file != NULL || work->file_sha256 != NULL;

    if (!check_text("tracking", asked->tracking, error) ||
        !check_text("receiver", asked->receiver, error) || !check_text("note", asked->note, error))
        return false;
    if (step == STEP_SEND)
        return check_channel(asked, error);
    if (step == STEP_RETURN && asked->note == NULL)
        return refuse(error, nsk_tr("say why it came back, with --note"));
    if (step == STEP_PROOF && asked->receiver == NULL && asked->tracking == NULL && !has_file)
        return refuse(error, nsk_tr("say what shows that it is there: --receiver, --tracking or "
                                    "--file"));
    return true;
}

static bool
find_step(const char *name, Step *out_step, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        if (g_strcmp0(steps[i].name, name) != 0)
            continue;
        *out_step = (Step)i;
        return true;
    }
    return refuse(error, nsk_tr("the book knows the steps send, proof and return"));
}

/* --- Which parties --------------------------------------------------------------------------- */

static char *
party_key(const NskDeliveryRow *row)
{
    return g_strdup_printf("%s-%" G_GINT64_FORMAT, row->role, row->n);
}

/* Whether the party is where the step begins. */
static bool
fits(const NskDeliveryRow *row, Step step)
{
    if (strcmp(row->channel, "internal") == 0)
        return false;
    if (step == STEP_SEND)
        return strcmp(row->state, "waiting") == 0 || strcmp(row->state, "returned") == 0;
    return strcmp(row->state, "sent") == 0 ||
           (step == STEP_PROOF && strcmp(row->state, "delivered") == 0);
}

static bool
fail_unfit(const NskDeliveryRow *row, GError **error)
{
    g_autofree char *key = party_key(row);

    if (strcmp(row->channel, "internal") == 0)
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("%s is a position of this office, where the letter is already"), key);
    else
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("%s of letter %s is: %s; see 'naskah dispatch list %s'"), key,
                    row->letter, nsk_office_word(row->state), row->letter);
    return false;
}

/* Takes the named party out of @rows into @chosen. */
static bool
choose_named(GPtrArray *rows, const char *name, Step step, GPtrArray *chosen, GError **error)
{
    for (guint i = 0; i < rows->len; i++) {
        NskDeliveryRow *row = g_ptr_array_index(rows, i);
        g_autofree char *key = party_key(row);

        if (strcmp(key, name) != 0)
            continue;
        if (!fits(row, step))
            return fail_unfit(row, error);
        g_ptr_array_add(chosen, g_ptr_array_steal_index(rows, i));
        return true;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                nsk_tr("the letter has no party '%s' in the expedition book; 'naskah dispatch list "
                       "LETTER' tells them (to-1, copy-1 ...)"),
                name);
    return false;
}

/* Without names: all that the step fits, of a proof those that are still on their way. */
static bool
choose_all(GPtrArray *rows, const Work *work, GPtrArray *chosen, GError **error)
{
    for (guint i = 0; i < rows->len;) {
        NskDeliveryRow *row = g_ptr_array_index(rows, i);

        if (fits(row, work->step) && strcmp(row->state, "delivered") != 0)
            g_ptr_array_add(chosen, g_ptr_array_steal_index(rows, i));
        else
            i++;
    }
    if (chosen->len == 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("nothing of letter %s is at this step; see 'naskah dispatch list %s'"),
                    work->work->step.letter, work->work->step.letter);
        return false;
    }
    if (chosen->len == 1 || work->step == STEP_SEND)
        return true;
    return refuse(error, nsk_tr("several are on their way: name the one that this is about, such "
                                "as to-1"));
}

static GPtrArray *
choose(const Work *work, NskDbTxn *txn, const NskLetterRow *row, GError **error)
{
    g_autoptr(GPtrArray) chosen = g_ptr_array_new_with_free_func(nsk_delivery_row_free);
    g_autoptr(GPtrArray) rows = nsk_delivery_list(txn, row->id, error);
    const char *parties = work->work->step.parties;

    if (rows == NULL)
        return NULL;
    if (row->dispatched == 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("letter %s is not sent yet (its state is '%s')"), row->id,
                    nsk_office_word(row->state));
        return NULL;
    }
    if (parties == NULL)
        return choose_all(rows, work, chosen, error) ? g_steal_pointer(&chosen) : NULL;
    g_auto(GStrv) names = g_strsplit(parties, " ", -1);
    for (int i = 0; names[i] != NULL; i++) {
        if (!choose_named(rows, names[i], work->step, chosen, error))
            return NULL;
    }
    return g_steal_pointer(&chosen);
}

/* --- The step -------------------------------------------------------------------------------- */

static void
replace_text(char **text, const char *with)
{
    g_free(*text);
    *text = g_strdup(with);
}

static void
take_step(const Work *work, NskDeliveryRow *row)
{
    const NskDispatchStep *asked = &work->work->step;

    row->at = work->now;
    replace_text(&row->note, asked->note != NULL ? asked->note : "");
    if (work->step == STEP_SEND) {
        replace_text(&row->state, "sent");
        replace_text(&row->channel, asked->channel);
        replace_text(&row->tracking, "");
        replace_text(&row->receiver, "");
        row->sent = work->now;
        row->tries++;
    } else {
        replace_text(&row->state, work->step == STEP_PROOF ? "delivered" : "returned");
    }
    if (asked->tracking != NULL)
        replace_text(&row->tracking, asked->tracking);
    if (asked->receiver != NULL)
        replace_text(&row->receiver, asked->receiver);
}

/* Keeps the file of the step, if it has one, with the version; *out_blob is NULL if not. */
static bool
keep_file(const Work *work,
          NskDbTxn *txn,
          NskDeliveryRow *row,
          NskStoreBlob **out_blob,
          GError **error)
{
    const NskDispatchWork *asked = work->work;
    g_autofree char *key = party_key(row);

    *out_blob = NULL;
    if (asked->file == NULL && asked->file_sha256 == NULL)
        return true;
    g_autofree char *name = g_strdup_printf("%s.bukti-%s.%s", row->letter, key, asked->ending);
    *out_blob = asked->file != NULL
                    ? nsk_store_prepare(txn, row->letter, name, asked->file, error)
                    : nsk_store_prepare_kept(txn, row->letter, name, asked->file_sha256, error);
    replace_text(&row->proof, name);
    return *out_blob != NULL;
}

static bool
record_step(const Work *work,
            NskAct *act,
            const NskClerk *clerk,
            NskDeliveryRow *row,
            bool last,
            GError **error)
{
    const NskDispatchStep *asked = &work->work->step;
    NskJournalText texts[3];
    NskJournalObject object;
    g_autoptr(NskStoreBlob) blob = NULL;
    g_autofree char *key = party_key(row);
    NskEvent event = { .action = steps[work->step].action,
                       .sentence = steps[work->step].sentence,
                       .position = clerk->position,
                       .capacity = clerk->capacity,
                       .on_behalf_of = clerk->assisting ? clerk->position : NULL,
                       .task = key,
                       .state_from = act->row->state,
                       .reason = asked->note,
                       .kept = last ? NSK_RECORD_WRITE : NSK_RECORD_LATER,
                       .texts = texts };

    if (asked->channel != NULL)
        texts[event.n_texts++] = (NskJournalText){ "channel", asked->channel };
    if (asked->tracking != NULL)
        texts[event.n_texts++] = (NskJournalText){ "tracking", asked->tracking };
    if (asked->receiver != NULL)
        texts[event.n_texts++] = (NskJournalText){ "receiver", asked->receiver };
    if (!keep_file(work, act->txn, row, &blob, error))
        return false;
    NskStoreFile file = { .name = row->proof, .blob = blob };
    if (blob != NULL) {
        object = nsk_attach_describe(blob);
        event.files = &file;
        event.objects = &object;
        event.n_files = event.n_objects = 1;
    }
    take_step(work, row);
    return nsk_delivery_save(act->txn, row, error) && nsk_record(act, &event, error);
}

static char *
tell_step(NskDbTxn *txn, const NskLetterRow *letter, const GPtrArray *rows)
{
    g_autoptr(NskJson) answer = nsk_json_object();
    NskJson *list = nsk_json_array();

    nsk_json_set(answer, "deliveries", list);
    for (guint i = 0; i < rows->len; i++)
        nsk_json_add(list, nsk_delivery_to_json(txn, g_ptr_array_index(rows, i), letter));
    nsk_json_set_text(answer, "letter", letter->id);
    nsk_json_set_text(answer, "number", letter->number);
    return nsk_json_canonical(answer);
}

static bool
apply_step(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    Work *work = data;
    NskDate today;
    g_auto(NskClerk) clerk = { 0 };
    g_autoptr(NskLetterRow) row =
        nsk_access_route(work->office, txn, work->work->step.letter, error);

    if (row == NULL || !nsk_office_today(txn, row->unit, work->now, &today, error) ||
        !nsk_access_clerk(work->office, txn, row, today, &clerk, error))
        return false;
    g_autoptr(GPtrArray) rows = choose(work, txn, row, error);
    if (rows == NULL)
        return false;
    NskAct act = { work->office, txn, row, work->now, today, NULL };
    for (guint i = 0; i < rows->len; i++) {
        if (!record_step(work, &act, &clerk, g_ptr_array_index(rows, i), i + 1 == rows->len, error))
            return false;
    }
    *out_answer = tell_step(txn, row, rows);
    return true;
}

static const char *
word(const char *text)
{
    return text != NULL ? text : "";
}

bool
nsk_do_dispatch(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    const NskDispatchWork *asked = arguments;
    const NskDispatchStep *step = &asked->step;
    Work work = { .office = self, .work = asked, .now = nsk_clock_now(self->clock) };
    g_autofree char *answer = NULL;

    if (!find_step(step->step, &work.step, error) || !check_words(asked, work.step, error))
        return false;
    g_autofree char *digest = asked->file != NULL ? nsk_office_digest(self, asked->file)
                                                  : g_strdup(word(asked->file_sha256));
    NSK_REQUEST(self, "dispatch", step->step, step->letter, word(step->parties),
                word(step->channel), word(step->tracking), word(step->receiver), word(step->note),
                digest);
    if (!nsk_office_commit(self, apply_step, &work, &answer, error))
        return false;
    *out_result = nsk_office_read_answer(answer, error);
    return *out_result != NULL;
}

/* --- The file that shows it --------------------------------------------------------------------
 */

static bool
begins_with(GBytes *bytes, const char *magic, size_t size)
{
    return g_bytes_get_size(bytes) > size &&
           memcmp(g_bytes_get_data(bytes, NULL), magic, size) == 0;
}

/* What its first bytes say that it is; NULL with @error for anything else. */
static const char *
find_ending(const char *path, GBytes *head, GError **error)
{
    static const struct {
        const char *magic;
        size_t size;
        const char *ending;
    } known[] = { { "\xff\xd8\xff", 3, "jpg" },
                  { "\x89PNG\r\n\x1a\n", 8, "png" },
                  { "%PDF-", 5, "pdf" } };

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        if (begins_with(head, known[i].magic, known[i].size))
            return known[i].ending;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("'%s' is no photograph (JPEG, PNG) and no PDF; a proof is one of these"),
                path);
    return NULL;
}

/* Who may not keep the book does not fill the disk either; *out_id is the letter's. */
static bool
check_right(NskOffice *self, NskDbTxn *txn, const char *letter, char **out_id, GError **error)
{
    NskDate today;
    g_auto(NskClerk) clerk = { 0 };
    g_autoptr(NskLetterRow) row = nsk_access_route(self, txn, letter, error);

    if (row == NULL ||
        !nsk_office_today(txn, row->unit, nsk_clock_now(self->clock), &today, error) ||
        !nsk_access_clerk(self, txn, row, today, &clerk, error))
        return false;
    *out_id = g_strdup(row->id);
    return true;
}

bool
nsk_office_dispatch(NskOffice *self,
                    const NskDispatchStep *step,
                    NskJson **out_result,
                    GError **error)
{
    NskDispatchWork work = { .step = *step };
    g_autofree char *id = NULL;
    g_autofree char *sha256 = NULL;
    g_autoptr(GBytes) small = NULL;
    uint8_t digest[NSK_SHA256_SIZE];

    if (step->path == NULL)
        return nsk_office_dispatch_work(self, &work, out_result, error);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    if (txn == NULL || !check_right(self, txn, step->letter, &id, error))
        return false;
    small = nsk_file_read(step->path, NSK_LIMIT_PDF_SIZE, error);
    work.ending = small != NULL ? find_ending(step->path, small, error) : NULL;
    if (work.ending == NULL)
        return false;
    if (g_bytes_get_size(small) > NSK_LIMIT_ATTACHMENT) {
        g_autoptr(NskStoreBlob) blob = nsk_store_prepare_file(txn, id, "bukti", step->path, error);

        if (blob == NULL)
            return false;
        nsk_store_blob_digest(blob, digest);
        work.file_sha256 = sha256 = nsk_hex(digest, sizeof digest);
    } else {
        work.file = small;
    }
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    return nsk_office_dispatch_work(self, &work, out_result, error);
}

bool
nsk_office_dispatch_proof(NskOffice *self,
                          const char *letter,
                          const char *party,
                          GBytes **out_bytes,
                          GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskLetterRow) row = txn != NULL ? nsk_access_route(self, txn, letter, error) : NULL;
    g_autoptr(GPtrArray) rows = row != NULL ? nsk_delivery_list(txn, row->id, error) : NULL;

    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        const NskDeliveryRow *one = g_ptr_array_index(rows, i);
        g_autofree char *key = party_key(one);

        if (strcmp(key, party) != 0 || one->proof == NULL)
            continue;
        *out_bytes = nsk_store_read(txn, row->id, NULL, one->proof, error);
        return *out_bytes != NULL;
    }
    if (rows != NULL)
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("letter %s has no file that proves the delivery to '%s'"), row->id,
                    party);
    return false;
}
