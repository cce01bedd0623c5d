/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The doctor's look at the repositories.  Each is looked at under the projector's lock, from a
 * snapshot of its own that is taken after, so that nothing changes meanwhile and the server's
 * projector waits for one repository at most.
 */
#include "base/message.h"
#include "office/backup-private.h"

#define TRIES    100
#define PAUSE_US (G_USEC_PER_SEC / 10)

/* The projector, of which there is one: that of a server gives way after a second or so. */
static NskProjector *
wait_for_projector(const char *folder, GError **error)
{
    for (int i = 0;; i++) {
        g_autoptr(GError) fault = NULL;
        NskProjector *projector = nsk_projector_open(folder, &fault);

        if (projector != NULL)
            return projector;
        if (i >= TRIES || !g_error_matches(fault, NSK_ERROR, NSK_ERROR_BUSY)) {
            g_propagate_error(error, g_steal_pointer(&fault));
            return NULL;
        }
        g_usleep(PAUSE_US);
    }
}

static bool
check_copy(NskOffice *self, const char *name, NskIssues *issues, GError **error)
{
    g_autofree char *folder = nsk_office_path(self->dir, "repositories");
    g_autoptr(NskProjector) projector = wait_for_projector(folder, error);
    g_autoptr(NskDbTxn) txn = projector != NULL ? nsk_db_snapshot(self->reader, error) : NULL;

    return txn != NULL && nsk_projector_check(projector, txn, name, issues, error);
}

static GPtrArray *
list_copies(NskOffice *self, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);

    return txn != NULL ? nsk_store_list_repositories(txn, error) : NULL;
}

bool
nsk_office_examine_copies(NskOffice *self, NskIssues *issues, GError **error)
{
    g_autoptr(GPtrArray) names = list_copies(self, error);

    for (guint i = 0; names != NULL && i < names->len; i++) {
        g_autoptr(GError) fault = NULL;
        char *name = g_ptr_array_index(names, i);

        if (check_copy(self, name, issues, &fault))
            continue;
        if (!g_error_matches(fault, NSK_ERROR, NSK_ERROR_BUSY)) {
            g_propagate_error(error, g_steal_pointer(&fault));
            return false;
        }
        nsk_issues_add(issues,
                       &(NskIssue){ .tag = "store-repository-unchecked",
                                    .severity = NSK_SEVERITY_WARNING,
                                    .file = name },
                       "%s", fault->message);
    }
    return names != NULL;
}
