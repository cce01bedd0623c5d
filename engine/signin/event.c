/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happened to a person's account, for himself to look at. */
#include "signin/signin-private.h"

#define AGENT_MAX  200 /* bytes */
#define LISTED_MAX 100

/* the same thing twice in one microsecond is told once */
static const char sql_add[] = "INSERT OR REPLACE INTO login_event (person, at, action, agent,"
                              " address) VALUES ($1, $2, $3, $4, $5)";
static const char sql_forget[] = "DELETE FROM login_event WHERE person = $1 AND at < $2";
static const char sql_list[] = "SELECT at, action, agent, address FROM login_event"
                               " WHERE person = $1 AND at >= $2 ORDER BY at DESC, action LIMIT $3";
static const char sql_drop[] = "DELETE FROM login_event WHERE person = $1";

void
nsk_login_event_free(NskLoginEvent *self)
{
    if (self == NULL)
        return;
    g_free(self->action);
    g_free(self->agent);
    g_free(self->address);
    g_free(self);
}

static void
free_event(gpointer event)
{
    nsk_login_event_free(event);
}

bool
nsk_login_event_add(NskDbTxn *txn, const char *person, const NskLoginNews *news, GError **error)
{
    g_autofree char *agent = nsk_signin_shorten(news->agent, AGENT_MAX);

    return nsk_db_exec(
               txn, sql_forget,
               NSK_DB_PARAMS(NSK_DB_TEXT(person), NSK_DB_INT(news->at - NSK_LOGIN_EVENT_KEPT)),
               NULL, error) &&
           nsk_db_exec(txn, sql_add,
                       NSK_DB_PARAMS(NSK_DB_TEXT(person), NSK_DB_INT(news->at),
                                     NSK_DB_TEXT(news->action), NSK_DB_TEXT(agent),
                                     NSK_DB_TEXT(news->address != NULL ? news->address : "")),
                       NULL, error);
}

static gpointer
make_event(NskDbRows *row)
{
    NskLoginEvent *event = g_new(NskLoginEvent, 1);

    *event = (NskLoginEvent){ .at = nsk_db_rows_int(row, 0),
                              .action = g_strdup(nsk_db_rows_text(row, 1)),
                              .agent = g_strdup(nsk_db_rows_text(row, 2)),
                              .address = g_strdup(nsk_db_rows_text(row, 3)) };
    return event;
}

GPtrArray *
nsk_login_event_list(NskDbTxn *txn, const char *person, NskInstant now, GError **error)
{
    return nsk_db_collect(
        nsk_db_query(txn, sql_list,
                     NSK_DB_PARAMS(NSK_DB_TEXT(person), NSK_DB_INT(now - NSK_LOGIN_EVENT_KEPT),
                                   NSK_DB_INT(LISTED_MAX)),
                     error),
        make_event, free_event, error);
}

bool
nsk_login_events_end(NskDbTxn *txn, const char *person, GError **error)
{
    return nsk_db_exec(txn, sql_drop, NSK_DB_PARAMS(NSK_DB_TEXT(person)), NULL, error);
}
