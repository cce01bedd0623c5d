/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which tables a statement reads and writes, as SQLite itself tells while it prepares it: the
 * authorizer is asked once for each, triggers included.  So what is remembered of a table is
 * dropped by whatever statement writes it, whoever wrote that statement.
 */
#include "db/db-private.h"

/* The directory and the rules: read by every change, changed some times a week. */
static const char *const still_tables[] = { "assistant", "holding", "mandate", "person", "position",
                                            "roster",    "rule",    "setting", "unit",   NULL };

static void
note_written(NskTouch *touch, const char *table)
{
    GQuark quark = g_quark_from_string(table);

    for (guint i = 0; i < touch->n_written; i++) {
        if (touch->written[i] == quark)
            return;
    }
    g_assert(touch->n_written < G_N_ELEMENTS(touch->written));
    touch->written[touch->n_written++] = quark;
    touch->stirs = touch->stirs || g_strv_contains(still_tables, table);
}

static int
note_access(void *data,
            int action,
            const char *table,
            G_GNUC_UNUSED const char *column,
            G_GNUC_UNUSED const char *database,
            G_GNUC_UNUSED const char *trigger)
{
    NskTouch *touch = ((NskDb *)data)->touch;

    if (touch == NULL || table == NULL)
        return SQLITE_OK;
    if (action == SQLITE_READ) {
        touch->reads_still = touch->reads_still || g_strv_contains(still_tables, table);
        touch->reads_other = touch->reads_other || !g_strv_contains(still_tables, table);
    } else if (action == SQLITE_INSERT || action == SQLITE_UPDATE || action == SQLITE_DELETE) {
        note_written(touch, table);
    }
    return SQLITE_OK;
}

void
nsk_touch_watch(NskDb *self)
{
    self->remembers = sqlite3_set_authorizer(self->handle, note_access, self) == SQLITE_OK;
}
