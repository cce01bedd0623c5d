/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Mandates, and who may sign how.
 *
 *     definitive, pj   the person holds the position in that capacity on the day; a Pj. was
 *                      appointed to it with all its authority, and nobody gave him a mandate
 *     plt, plh         the same; where he has a mandate of his own, it must cover the kind of
 * letter an               an a.n. mandate from the direct superior to the position ub a u.b.
 * mandate from the direct superior, who has an a.n. mandate from his own direct superior: two
 * levels, never more
 *
 * Responsibility stays with the mandator, so it does not matter who holds his position on that day.
 */
#include "base/message.h"
#include "directory/directory-private.h"

#include <string.h>

static const char sql_find_mandates[] =
    "SELECT id, giver, receiver, capacity, kinds, since, until, document FROM mandate"
    " WHERE receiver = $1 AND capacity = $2 AND giver = $3 ORDER BY since, id";

static const char sql_find_acting_mandates[] =
    "SELECT id, giver, receiver, capacity, kinds, since, until, document FROM mandate"
    " WHERE receiver IN (SELECT position FROM holding"
    "  WHERE person = $1 AND since <= $4 AND until >= $4)"
    " AND capacity = $2 AND giver = $3 ORDER BY since, id";

/* While a signatory is checked; all but the result borrowed. */
typedef struct {
    NskDbTxn *txn;
    const NskSignatoryQuery *query;
    NskSignatory *result;
} Checker;

void
nsk_signatory_free(NskSignatory *self)
{
    if (self == NULL)
        return;
    g_free(self->position);
    g_free(self->title);
    g_free(self->for_title);
    g_free(self->through_title);
    g_free(self->mandate);
    nsk_person_free(self->person);
    g_free(self);
}

static bool
covers_kind(const NskMandate *mandate, const char *kind)
{
    return kind == NULL || mandate->kinds[0] == NULL ||
           g_strv_contains((const char *const *)mandate->kinds, kind);
}

static NskMandateState
judge(const NskMandate *mandate, const char *kind, NskDate date)
{
    if (nsk_date_compare(date, mandate->from) < 0)
        return NSK_MANDATE_NOT_YET;
    if (nsk_date_is_set(mandate->until) && nsk_date_compare(date, mandate->until) > 0)
        return NSK_MANDATE_ENDED;
    return covers_kind(mandate, kind) ? NSK_MANDATE_VALID : NSK_MANDATE_OTHER_KIND;
}

/* How good a state is to tell; higher is better. */
static int
rank(NskMandateState state)
{
    static const int ranks[] = { [NSK_MANDATE_NONE] = 0,
                                 [NSK_MANDATE_NOT_YET] = 1,
                                 [NSK_MANDATE_ENDED] = 2,
                                 [NSK_MANDATE_OTHER_KIND] = 3,
                                 [NSK_MANDATE_VALID] = 4 };

    return ranks[state];
}

/* Whether @next, which begins no earlier, is to be told rather than @best of the same state. */
static bool
is_later_end(const NskMandate *next, const NskMandate *best, NskMandateState state)
{
    return state == NSK_MANDATE_ENDED && nsk_date_compare(next->until, best->until) > 0;
}

/* The best of all rows; @rows may be NULL. */
static bool
pick_mandate(NskDbRows *rows,
             const NskMandateQuery *query,
             NskMandateState *out_state,
             NskMandate **out_mandate,
             GError **error)
{
    bool has_row;
    NskMandateState state = NSK_MANDATE_NONE;
    g_autoptr(NskMandate) best = NULL;

    if (rows == NULL)
        return false;
    for (;;) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (!has_row)
            break;
        g_autoptr(NskMandate) next = nsk_directory_mandate_from_row(rows);
        NskMandateState next_state = judge(next, query->kind, query->date);

        if (best == NULL || rank(next_state) > rank(state) ||
            (next_state == state && is_later_end(next, best, state))) {
            nsk_mandate_free(best);
            best = g_steal_pointer(&next);
            state = next_state;
        }
    }
    *out_state = state;
    if (out_mandate != NULL)
        *out_mandate = g_steal_pointer(&best);
    return true;
}

bool
nsk_directory_find_mandate(NskDbTxn *txn,
                           const NskMandateQuery *query,
                           NskMandateState *out_state,
                           NskMandate **out_mandate,
                           GError **error)
{
    g_autoptr(NskDbRows) rows = nsk_db_query(
        txn, sql_find_mandates,
        NSK_DB_PARAMS(NSK_DB_TEXT(query->receiver), NSK_DB_TEXT(nsk_capacity_name(query->capacity)),
                      NSK_DB_TEXT(query->giver)),
        error);

    return pick_mandate(rows, query, out_state, out_mandate, error);
}

/* Turns a mandate that is not valid into one sentence; true if it is. */
static bool
require_valid(const Checker *checker,
              NskMandateState state,
              const NskMandate *mandate,
              GError **error)
{
    if (state == NSK_MANDATE_VALID)
        return true;
    g_autoptr(NskPosition) giver = nsk_directory_get_position(checker->txn, mandate->giver, error);
    if (giver == NULL)
        return false;
    g_autofree char *from = nsk_date_format(mandate->from);
    g_autofree char *until = nsk_date_format(mandate->until);
    const char *print = nsk_capacity_print(mandate->capacity);
    if (state == NSK_MANDATE_ENDED)
        g_set_error(error, NSK_ERROR, NSK_ERROR_EXPIRED,
                    nsk_tr("mandate '%s' (%s'%s') ended on %s"), mandate->id, print, giver->title,
                    until);
    else if (state == NSK_MANDATE_NOT_YET)
        g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                    nsk_tr("mandate '%s' (%s'%s') begins only on %s"), mandate->id, print,
                    giver->title, from);
    else
        g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                    nsk_tr("mandate '%s' (%s'%s') does not cover the kind '%s'"), mandate->id,
                    print, giver->title, checker->query->kind);
    return false;
}

/* The mandate that the letter names.  Errors: NOT_FOUND; INVALID if it is between others. */
static NskMandate *
get_named(const Checker *checker, const char *giver, const char *receiver, GError **error)
{
    const NskSignatoryQuery *query = checker->query;
    g_autoptr(NskMandate) mandate = nsk_directory_get_mandate(checker->txn, query->mandate, error);

    if (mandate == NULL)
        return NULL;
    if (mandate->capacity != query->capacity || strcmp(mandate->giver, giver) != 0 ||
        (receiver != NULL && strcmp(mandate->receiver, receiver) != 0)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("mandate '%s' is %sfrom '%s' to '%s', not what this signature needs"),
                    mandate->id, nsk_capacity_print(mandate->capacity), mandate->giver,
                    mandate->receiver);
        return NULL;
    }
    return g_steal_pointer(&mandate);
}

/* A valid mandate of @capacity from @giver to @receiver. */
static NskMandate *
require_mandate(const Checker *checker,
                const NskPosition *giver,
                const NskPosition *receiver,
                NskCapacity capacity,
                GError **error)
{
    const NskSignatoryQuery *query = checker->query;
    NskMandateState state;
    g_autoptr(NskMandate) mandate = NULL;

    if (query->mandate != NULL && capacity == query->capacity) {
        mandate = get_named(checker, giver->id, receiver->id, error);
        if (mandate == NULL)
            return NULL;
        state = judge(mandate, query->kind, query->date);
    } else {
        NskMandateQuery wanted = { giver->id, receiver->id, capacity, query->kind, query->date };

        if (!nsk_directory_find_mandate(checker->txn, &wanted, &state, &mandate, error))
            return NULL;
    }
    if (mandate == NULL) {
        g_set_error(
            error, NSK_ERROR, NSK_ERROR_DENIED,
            nsk_tr("'%s' has no mandate to sign %s'%s'; ask for one or change the signatory"),
            receiver->title, nsk_capacity_print(capacity), giver->title);
        return NULL;
    }
    return require_valid(checker, state, mandate, error) ? g_steal_pointer(&mandate) : NULL;
}

/* The direct superior of @position.  Errors: DENIED at the top. */
static NskPosition *
get_superior(const Checker *checker, const NskPosition *position, GError **error)
{
    if (*position->superior == '\0') {
        g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                    nsk_tr("'%s' has no superior to sign for; sign in its own name"),
                    position->title);
        return NULL;
    }
    return nsk_directory_get_position(checker->txn, position->superior, error);
}

static bool
check_an(const Checker *checker, const NskPosition *position, GError **error)
{
    g_autoptr(NskPosition) giver = get_superior(checker, position, error);

    if (giver == NULL)
        return false;
    g_autoptr(NskMandate) mandate =
        require_mandate(checker, giver, position, NSK_CAPACITY_AN, error);
    if (mandate == NULL)
        return false;
    checker->result->for_title = g_steal_pointer(&giver->title);
    checker->result->through_title = g_strdup("");
    checker->result->mandate = g_steal_pointer(&mandate->id);
    return true;
}

static bool
check_ub(const Checker *checker, const NskPosition *position, GError **error)
{
    g_autoptr(NskPosition) middle = get_superior(checker, position, error);

    if (middle == NULL)
        return false;
    g_autoptr(NskPosition) top = get_superior(checker, middle, error);
    if (top == NULL)
        return false;
    g_autoptr(NskMandate) ub = require_mandate(checker, middle, position, NSK_CAPACITY_UB, error);
    if (ub == NULL)
        return false;
    g_autoptr(NskMandate) an = require_mandate(checker, top, middle, NSK_CAPACITY_AN, error);
    if (an == NULL) {
        g_prefix_error(error, nsk_tr("u.b. stands only under an a.n.: "));
        return false;
    }
    checker->result->for_title = g_steal_pointer(&top->title);
    checker->result->through_title = g_steal_pointer(&middle->title);
    checker->result->mandate = g_steal_pointer(&ub->id);
    return true;
}

/* A Plt. or Plh. without a mandate of his own may sign every kind. */
static bool
check_acting(const Checker *checker,
             const NskPosition *position,
             const char *person,
             GError **error)
{
    const NskSignatoryQuery *query = checker->query;
    NskMandateQuery wanted = { .kind = query->kind, .date = query->date };
    NskMandateState state = NSK_MANDATE_NONE;
    g_autoptr(NskMandate) mandate = NULL;
    g_autofree char *day = nsk_date_format(query->date);

    if (query->mandate != NULL) {
        mandate = get_named(checker, position->id, NULL, error);
        if (mandate == NULL)
            return false;
        state = judge(mandate, query->kind, query->date);
    } else {
        g_autoptr(NskDbRows) rows = nsk_db_query(
            checker->txn, sql_find_acting_mandates,
            NSK_DB_PARAMS(NSK_DB_TEXT(person), NSK_DB_TEXT(nsk_capacity_name(query->capacity)),
                          NSK_DB_TEXT(position->id), NSK_DB_TEXT(day)),
            error);

        if (!pick_mandate(rows, &wanted, &state, &mandate, error))
            return false;
    }
    if (mandate != NULL && !require_valid(checker, state, mandate, error))
        return false;
    checker->result->mandate = g_strdup(mandate != NULL ? mandate->id : "");
    return true;
}

static bool
is_block(NskCapacity capacity)
{
    return capacity == NSK_CAPACITY_AN || capacity == NSK_CAPACITY_UB;
}

static bool
refuse_capacity(const NskPosition *position, const NskSignatoryQuery *query, GError **error)
{
    g_autofree char *day = nsk_date_format(query->date);

    g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED, nsk_tr("nobody is '%s' as %s on %s"),
                position->title, nsk_capacity_name(query->capacity), day);
    return false;
}

/*
 * Who is to sign if the letter names nobody: the only holder in that capacity.  For a.n. and u.b.
 * one who acts comes before the holder, who is away.
 */
static bool
pick_holder(const Checker *checker, const NskPosition *position, char **out_person, GError **error)
{
    const NskSignatoryQuery *query = checker->query;
    const NskHolding *best = NULL;
    unsigned n = 0;
    g_autoptr(GPtrArray) holders =
        nsk_directory_holders(checker->txn, position->id, query->date, error);

    if (holders == NULL)
        return false;
    for (guint i = 0; i < holders->len; i++) {
        const NskHolding *holding = g_ptr_array_index(holders, i);

        if (!is_block(query->capacity) && holding->capacity != query->capacity)
            continue;
        n = best == NULL || holding->capacity != best->capacity ? 1 : n + 1;
        best = holding;
    }
    if (best == NULL)
        return refuse_capacity(position, query, error);
    if (n > 1) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%s' is held by %u people; name the one who signs"), position->title,
                    n);
        return false;
    }
    *out_person = g_strdup(best->person);
    return true;
}

/* Fills in the person and how he holds the position, which must be as the letter says. */
static bool
check_person(const Checker *checker, const NskPosition *position, GError **error)
{
    const NskSignatoryQuery *query = checker->query;
    NskSignatory *result = checker->result;
    g_autofree char *person = g_strdup(query->person);

    if (person == NULL && !pick_holder(checker, position, &person, error))
        return false;
    if (!nsk_directory_may_act(checker->txn, person, position->id, query->date, &result->holding,
                               error))
        return false;
    result->person = nsk_directory_get_person(checker->txn, person, error);
    if (result->person == NULL)
        return false;
    if (is_block(query->capacity) || result->holding == query->capacity)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                nsk_tr("%s is '%s' as %s, but the letter says %s; correct the signatory"),
                result->person->name, position->title, nsk_capacity_name(result->holding),
                nsk_capacity_name(query->capacity));
    return false;
}

static bool
check_authority(const Checker *checker, const NskPosition *position, GError **error)
{
    if (checker->query->capacity == NSK_CAPACITY_AN)
        return check_an(checker, position, error);
    if (checker->query->capacity == NSK_CAPACITY_UB)
        return check_ub(checker, position, error);

    checker->result->for_title = g_strdup("");
    checker->result->through_title = g_strdup("");
    if (checker->query->capacity > NSK_CAPACITY_PJ)
        return check_acting(checker, position, checker->result->person->id, error);
    checker->result->mandate = g_strdup("");
    return true;
}

bool
nsk_directory_check_signatory(NskDbTxn *txn,
                              const NskSignatoryQuery *query,
                              NskSignatory **out_signatory,
                              GError **error)
{
    g_autoptr(NskPosition) position = nsk_directory_get_position(txn, query->position, error);

    if (position == NULL)
        return false;
    g_autoptr(NskSignatory) result = g_new0(NskSignatory, 1);
    Checker checker = { txn, query, result };
    result->capacity = query->capacity;
    if (!check_person(&checker, position, error) || !check_authority(&checker, position, error))
        return false;
    result->position = g_steal_pointer(&position->id);
    result->title = g_steal_pointer(&position->title);
    *out_signatory = g_steal_pointer(&result);
    return true;
}
