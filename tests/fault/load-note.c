/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the load writes down, and the changes that no use case makes by itself. */
#include "load.h"
#include "office/office-private.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char sql_find_newest[] =
    "SELECT h.version, hex(h.oid), j.letter_seq, hex(j.hash) FROM head h"
    " JOIN journal j ON j.letter = h.letter WHERE h.letter = $1 ORDER BY j.letter_seq DESC LIMIT 1";

/* One write, so that a line is there whole or not at all. */
static void
write_line(Load *load, const char *line)
{
    size_t size = strlen(line);

    if (write(load->log_fd, line, size) != (ssize_t)size)
        g_error("the load cannot write its log");
}

/* "VERSION OID SEQ HASH" of a letter now. */
static char *
describe_newest(LoadClient *client, const char *letter)
{
    bool has_row = false;
    g_autoptr(GError) error = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(client->reader, &error);
    g_autoptr(NskDbRows) rows =
        txn != NULL ? nsk_db_query(txn, sql_find_newest, NSK_DB_PARAMS(NSK_DB_TEXT(letter)), &error)
                    : NULL;

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, &error) || !has_row) {
        g_printerr("load: %s is not there: %s\n", letter, error != NULL ? error->message : "");
        return g_strdup("0 missing 0 missing");
    }
    return g_strdup_printf("%" G_GINT64_FORMAT " %s %" G_GINT64_FORMAT " %s",
                           nsk_db_rows_int(rows, 0), nsk_db_rows_text(rows, 1),
                           nsk_db_rows_int(rows, 2), nsk_db_rows_text(rows, 3));
}

void
load_note(LoadClient *client,
          const char *request,
          const char *action,
          const char *letter,
          const char *number)
{
    bool agenda = strcmp(action, "agenda") == 0;
    g_autofree char *newest = agenda ? g_strdup("- - - -") : describe_newest(client, letter);
    g_autofree char *line = g_strdup_printf("ack %s %s %s %s %s\n", request, action, letter, newest,
                                            number != NULL && number[0] != '\0' ? number : "-");

    write_line(client->load, line);
    (void)g_atomic_int_add(&client->load->acknowledged, 1);
    client->done++;
}

void
load_note_odd(Load *load, const GError *fault)
{
    g_autofree char *line = g_strdup_printf("odd %d %s\n", fault->code, fault->message);

    write_line(load, line);
    (void)g_atomic_int_add(&load->odd, 1);
}

void
load_note_stumble(Load *load, const GError *fault)
{
    g_autofree char *line = g_strdup_printf("stumble %d %s\n", fault->code, fault->message);

    write_line(load, line);
    (void)g_atomic_int_add(&load->stumbled, 1);
}

void
load_note_unsure(Load *load, const char *request)
{
    g_autofree char *line = g_strdup_printf("unsure %s\n", request);

    write_line(load, line);
    (void)g_atomic_int_add(&load->unsure, 1);
}

typedef struct {
    Load *load;
    const char *request;
} Wish;

/* A number for something that is no letter, such as an agenda of incoming mail. */
static bool
apply_number(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    const Wish *wish = data;
    NskNumberRequest request = { .letter = wish->request,
                                 .now = nsk_clock_now(&wish->load->clock) };
    g_autoptr(NskRegisterEntry) entry = NULL;
    g_autoptr(NskSeries) series =
        nsk_series_new(&(NskSeriesText){ .name = "agenda",
                                         .scope = "unit year",
                                         .pattern = "{seq}/{unit}/{year}" },
                       error);

    if (series == NULL || !nsk_date_at(request.now, "Asia/Jakarta", &request.today, error))
        return false;
    request.parts.unit = "BU";
    request.scope = (NskScopeValues){ .unit = "biro-umum", .date = request.today };
    if (!nsk_registry_reserve(txn, series, &request, &entry, error))
        return false;
    *out_answer = g_strdup(entry->number);
    return true;
}

bool
load_take_number(LoadClient *client, const char *request, char **out_number, GError **error)
{
    Wish wish = { client->load, request };
    NskChange change = { { request, "agenda" }, apply_number, &wish, NULL };

    return nsk_office_service_commit(client->load->service, &change, out_number, error);
}

static bool
apply_hold(G_GNUC_UNUSED NskDbTxn *txn,
           void *data,
           G_GNUC_UNUSED char **out_answer,
           G_GNUC_UNUSED GError **error)
{
    g_usleep((gulong)((const Load *)data)->hold * 1000);
    return true;
}

bool
load_hold(LoadClient *client, GError **error)
{
    NskChange change = { .apply = apply_hold, .data = client->load };

    return nsk_office_service_commit(client->load->service, &change, NULL, error);
}
