/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A worker of the outbox: claims, lets the work be done, and says what became of it; and what is to
 * be done now and then without a row of it.
 *
 * Claiming and telling go through the writer in small portions, so that people who act meanwhile do
 * not wait for thousands of rows.
 */
#include "base/id.h"
#include "base/limits.h"
#include "office/office-private.h"

#define ROWS_AT_ONCE 4096
#define PORTION      512                            /* rows a change */
#define LEASE        ((int64_t)60 * G_USEC_PER_SEC) /* of work that takes seconds */
#define MOST_FORGOT  16                             /* portions of answers forgotten at once */

typedef struct {
    NskOutboxClaim claim;
    GPtrArray *rows; /* claimed; or all of those to be told of */
    guint first;     /* of those to be told of in this change */
} Portion;

static bool
apply_claim(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    Portion *portion = data;

    g_clear_pointer(&portion->rows, g_ptr_array_unref);
    portion->rows = nsk_outbox_claim(txn, &portion->claim, error);
    return portion->rows != NULL;
}

static bool
apply_done(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    Portion *portion = data;
    NskOutboxRow *const *rows = (NskOutboxRow *const *)portion->rows->pdata;
    guint n = MIN(portion->rows->len - portion->first, PORTION);

    return nsk_outbox_done(txn, &portion->claim, rows + portion->first, n, error);
}

/* Claims rows until there are enough or none waits. */
static GPtrArray *
claim_rows(NskOffice *self, const NskOutboxClaim *claim, GError **error)
{
    g_autoptr(GPtrArray) all = NULL;
    bool more = true;

    while (more && (all == NULL || all->len < ROWS_AT_ONCE)) {
        Portion portion = { .claim = *claim };

        portion.claim.now = nsk_clock_now(self->clock);
        if (!nsk_office_commit(self, apply_claim, &portion, NULL, error)) {
            g_clear_pointer(&portion.rows, g_ptr_array_unref);
            return NULL;
        }
        more = portion.rows->len == claim->limit;
        if (all == NULL)
            all = portion.rows;
        else
            g_ptr_array_extend_and_steal(all, portion.rows);
    }
    return g_steal_pointer(&all);
}

static bool
tell_rows(NskOffice *self, const NskOutboxClaim *claim, GPtrArray *rows, GError **error)
{
    Portion portion = { .claim = *claim, .rows = rows };

    portion.claim.now = nsk_clock_now(self->clock);
    for (; portion.first < rows->len; portion.first += PORTION) {
        if (!nsk_office_commit(self, apply_done, &portion, NULL, error))
            return false;
    }
    return true;
}

bool
nsk_office_work(NskOffice *self, const char *topic, NskWork work, void *data, GError **error)
{
    g_autofree char *worker = nsk_id_new(self->clock);
    NskOutboxClaim claim = { .topic = topic, .worker = worker, .lease = LEASE, .limit = PORTION };
    g_autoptr(GError) first = NULL;
    bool more = true;

    while (more) {
        g_autoptr(GError) fault = NULL;
        g_autoptr(GPtrArray) rows = claim_rows(self, &claim, error);

        if (rows == NULL)
            return false;
        more = rows->len >= ROWS_AT_ONCE && !nsk_office_service_is_stopping(self->service);
        if (rows->len > 0 && !work(self, rows, data, &fault) && first == NULL)
            first = g_steal_pointer(&fault);
        if (!tell_rows(self, &claim, rows, error))
            return false;
    }
    if (first == NULL)
        return true;
    g_propagate_error(error, g_steal_pointer(&first));
    return false;
}

/* --- Answers of old requests. ----------------------------------------------------------------- */

typedef struct {
    NskInstant before;
    int64_t gone;
} Forgetting;

static bool
apply_forget(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    Forgetting *forgetting = data;

    return nsk_db_forget_requests(txn, forgetting->before, PORTION, &forgetting->gone, error);
}

bool
nsk_office_forget_requests(NskOffice *self, GError **error)
{
    int64_t kept = (int64_t)NSK_LIMIT_REQUEST_DAYS * G_TIME_SPAN_DAY;
    Forgetting forgetting = { .before = nsk_clock_now(self->clock) - kept };

    for (int i = 0; i < MOST_FORGOT && !nsk_office_service_is_stopping(self->service); i++) {
        if (!nsk_office_commit(self, apply_forget, &forgetting, NULL, error))
            return false;
        if (forgetting.gone < PORTION)
            break;
    }
    return true;
}
