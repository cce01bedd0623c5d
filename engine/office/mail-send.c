/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sending mails, and those of the day.
 *
 * A mail is settled and taken in one change, sent with no transaction open, and told in another: a
 * crash between them sends it again.  When the server cannot be asked, the rest of the round waits.
 */
#include "base/message.h"
#include "net/net.h"
#include "office/mail-private.h"

#include <string.h>

#define AT_ONCE      16
#define MOST_ROUNDS  32
#define DAILY_PEOPLE 64
#define DAILY_HOUR   7 /* in NSK_COMMON_ZONE */
#define HOUR_MINUTES 60
#define DAY_MINUTES  (24 * HOUR_MINUTES)
#define KEPT         ((int64_t)90 * G_TIME_SPAN_DAY)
#define TIMEOUT_MS   20000

/* --- What it says. ---------------------------------------------------------------------------- */

static char *
make_address(const NskMailServer *server, const NskMailRow *row)
{
    g_autofree char *path =
        row->task != NULL ? nsk_office_task_path(row->task) : g_strdup("/tugas");

    return g_strconcat(server->site, path, NULL);
}

/* In the language of this thread. */
static char *
make_text(const NskMailServer *server, const NskMailRow *row, const char *name)
{
    g_autofree char *address = make_address(server, row);
    GString *out = g_string_new(NULL);

    g_string_append_printf(out, nsk_tr("Dear %s,"), name);
    g_string_append(out, "\n\n");
    if (row->waiting == 1)
        g_string_append(out, nsk_tr("One task waits for you."));
    else
        g_string_append_printf(out, nsk_tr("%lld tasks wait for you."), (long long)row->waiting);
    g_string_append_printf(out, "\n%s\n\n", address);
    g_string_append(out, nsk_tr("You are asked to sign in before you see what it is about: this "
                                "message tells nothing of it, so that nobody else can read it."));
    g_string_append(out, "\n\n");
    g_string_append(out, nsk_tr("How often you are told is up to you:"));
    g_string_append_printf(out, "\n%s/profil\n", server->site);
    return g_string_free(out, FALSE);
}

/* One sentence, in the language of this thread. */
static char *
make_sentence(const NskMailRow *row, const char *address)
{
    g_autofree char *many = NULL;

    if (row->waiting == 1)
        return g_strdup_printf(nsk_tr("One task waits for you in Naskah; sign in to see it: %s"),
                               address);
    many = g_strdup_printf("%lld", (long long)row->waiting);
    return g_strdup_printf(nsk_tr("%s tasks wait for you in Naskah; sign in to see them: %s"), many,
                           address);
}

static bool
give_chat(NskOffice *office,
          const NskMailServer *server,
          const NskMailRow *row,
          const NskMailChoice *choice,
          GError **error)
{
    const char *before = nsk_language_use(choice->language);
    g_autofree char *address = make_address(server, row);
    g_autofree char *text = make_sentence(row, address);
    const NskChatNotice notice = { .id = row->id,
                                   .to = choice->handle,
                                   .language = choice->language,
                                   .text = text,
                                   .link = address,
                                   .at = row->made };

    (void)nsk_language_use(before);
    return nsk_chat_give(office, &notice, error);
}

static GBytes *
compose(const NskMailServer *server,
        const NskMailRow *row,
        const NskPerson *person,
        const char *language)
{
    const char *before = nsk_language_use(language);
    g_autofree char *text = make_text(server, row, person->name);
    const NskNetMailText mail = {
        .from_name = "Naskah",
        .from = server->from,
        .to = person->email,
        .subject = row->daily ? nsk_tr("What waits for you today") : nsk_tr("Tasks wait for you"),
        .text = text,
        .id = row->id,
        .at = row->made,
    };
    GBytes *message = nsk_net_mail_compose(&mail);

    (void)nsk_language_use(before);
    return message;
}

/* --- Sending it. ------------------------------------------------------------------------------ */

typedef struct {
    NskOffice *office;
    NskMailServer server;
    char *chat;         /* the gateway; NULL: there is none */
    GPtrArray *rows;    /* NskMailRow */
    GError *fault;      /* the server cannot be asked */
    GError *chat_fault; /* the gateway cannot */
} Round;

static void
round_clear(Round *self)
{
    nsk_mail_server_clear(&self->server);
    g_clear_pointer(&self->rows, g_ptr_array_unref);
    g_clear_pointer(&self->chat, g_free);
    g_clear_error(&self->fault);
    g_clear_error(&self->chat_fault);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Round, round_clear)

static bool
give_mail(const Round *self,
          const NskMailRow *row,
          const NskPerson *person,
          const char *language,
          GError **error)
{
    if (self->server.url == NULL) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_BUSY,
                            nsk_tr("no server for mail is named; name one with 'naskah mail "
                                   "server'"));
        return false;
    }
    g_autoptr(GBytes) message = compose(&self->server, row, person, language);
    const NskNetMail mail = { .url = self->server.url,
                              .user = self->server.user,
                              .password = self->server.password,
                              .ca = self->server.ca,
                              .from = self->server.from,
                              .to = person->email,
                              .message = message,
                              .timeout_ms = TIMEOUT_MS };
    return nsk_net_mail(&mail, error);
}

/* Gives it to the server or to the gateway, unless that one failed in this round: *out_way. */
static bool
give(Round *self, const NskMailRow *row, GError ***out_way, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->office->reader, error);
    g_auto(NskMailChoice) choice = { 0 };
    g_autoptr(NskPerson) person =
        txn != NULL ? nsk_directory_get_person(txn, row->person, error) : NULL;

    *out_way = &self->fault;
    if (person == NULL || !nsk_mail_choice_load(txn, row->person, &choice, error))
        return false;
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    bool by_chat = choice.handle != NULL && self->chat != NULL;
    *out_way = by_chat ? &self->chat_fault : &self->fault;
    if (**out_way != NULL) {
        g_propagate_error(error, g_error_copy(**out_way));
        return false;
    }
    return by_chat ? give_chat(self->office, &self->server, row, &choice, error)
                   : give_mail(self, row, person, choice.language, error);
}

static void
send_row(Round *self, NskMailRow *row)
{
    GError **way;
    g_autoptr(GError) fault = NULL;

    if (give(self, row, &way, &fault))
        return;
    row->fault = g_strdup(fault->message);
    row->refused = g_error_matches(fault, NSK_ERROR, NSK_ERROR_DENIED) ||
                   g_error_matches(fault, NSK_ERROR, NSK_ERROR_INVALID) ||
                   g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND);
    if (!row->refused && *way == NULL)
        *way = g_steal_pointer(&fault);
}

static bool
apply_claim(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    Round *self = data;

    g_clear_pointer(&self->rows, g_ptr_array_unref);
    self->rows = nsk_mail_claim(txn, nsk_clock_now(self->office->clock), AT_ONCE, error);
    return self->rows != NULL;
}

static bool
apply_tell(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Round *self = data;

    for (guint i = 0; i < self->rows->len; i++)
        if (!nsk_mail_tell(txn, self->rows->pdata[i], nsk_clock_now(self->office->clock), error))
            return false;
    return true;
}

static bool
send_some(Round *self, bool *out_more, GError **error)
{
    if (!nsk_office_commit(self->office, apply_claim, self, NULL, error))
        return false;
    for (guint i = 0; i < self->rows->len; i++)
        send_row(self, self->rows->pdata[i]);
    *out_more = self->rows->len == AT_ONCE && self->fault == NULL && self->chat_fault == NULL;
    return self->rows->len == 0 || nsk_office_commit(self->office, apply_tell, self, NULL, error);
}

static bool
send_ready(Round *self, GError **error)
{
    bool more = true;

    for (int i = 0; more && i < MOST_ROUNDS; i++) {
        if (nsk_office_service_is_stopping(self->office->service))
            return true;
        if (!send_some(self, &more, error))
            return false;
    }
    GError **fault = self->fault != NULL ? &self->fault : &self->chat_fault;
    if (*fault == NULL)
        return true;
    g_propagate_error(error, g_steal_pointer(fault));
    return false;
}

/* --- Once a day. ------------------------------------------------------------------------------ */

static const char sql_count_waiting[] = "SELECT count(*) FROM inbox WHERE position = $1";

typedef struct {
    NskOffice *office;
    NskDate today;
    char *day;
    guint people; /* that were looked at */
} Daily;

static bool
count_waiting(const Daily *self,
              NskDbTxn *txn,
              const char *person,
              int64_t *out_waiting,
              GError **error)
{
    g_autoptr(GPtrArray) readings = nsk_directory_readings(txn, person, self->today, error);

    *out_waiting = 0;
    for (guint i = 0; readings != NULL && i < readings->len; i++) {
        const NskReading *reading = readings->pdata[i];
        bool has_row = false;

        if (reading->as != NSK_READS_AS_HOLDER)
            continue;
        g_autoptr(NskDbRows) rows = nsk_db_query(
            txn, sql_count_waiting, NSK_DB_PARAMS(NSK_DB_TEXT(reading->position)), error);
        if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
            return false;
        *out_waiting += nsk_db_rows_int(rows, 0);
    }
    return readings != NULL;
}

static bool
apply_daily(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    Daily *self = data;
    g_autoptr(GPtrArray) people = nsk_mail_list_daily(txn, self->day, DAILY_PEOPLE, error);

    for (guint i = 0; people != NULL && i < people->len; i++) {
        int64_t waiting;

        if (!count_waiting(self, txn, people->pdata[i], &waiting, error) ||
            !nsk_mail_add_daily(self->office, txn, people->pdata[i], self->day, waiting, error))
            return false;
    }
    self->people = people != NULL ? people->len : 0;
    return people != NULL;
}

static bool
is_morning(NskOffice *office, NskDate *out_today, bool *out_is, GError **error)
{
    NskInstant now = nsk_clock_now(office->clock);
    int offset;

    if (!nsk_office_common_day(now, out_today, error) ||
        !nsk_zone_offset(now, NSK_COMMON_ZONE, &offset, error))
        return false;
    int64_t minutes = (now / G_TIME_SPAN_MINUTE + offset) % DAY_MINUTES;
    *out_is = minutes >= DAILY_HOUR * HOUR_MINUTES;
    return true;
}

static bool
add_daily(NskOffice *office, GError **error)
{
    Daily daily = { .office = office };
    bool due;

    if (!is_morning(office, &daily.today, &due, error))
        return false;
    g_autofree char *day = nsk_date_format(daily.today);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(office->reader, error);
    g_autoptr(GPtrArray) some = txn != NULL ? nsk_mail_list_daily(txn, day, 1, error) : NULL;
    if (some == NULL)
        return false;
    daily.day = day;
    daily.people = due && some->len > 0 ? DAILY_PEOPLE : 0;
    while (daily.people == DAILY_PEOPLE)
        if (!nsk_office_commit(office, apply_daily, &daily, NULL, error))
            return false;
    return true;
}

/* --- All of it. ------------------------------------------------------------------------------- */

static bool
load_server(Round *self, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->office->reader, error);

    return txn != NULL && nsk_mail_server_load(self->office, txn, &self->server, error) &&
           nsk_chat_find(txn, &self->chat, error);
}

bool
nsk_office_run_mail(NskOffice *self, GError **error)
{
    g_auto(Round) round = { .office = self };

    if (!load_server(&round, error))
        return false;
    if (round.server.url == NULL && round.chat == NULL)
        return true;
    return nsk_mail_gather(self, error) && add_daily(self, error) && send_ready(&round, error);
}

static bool
apply_forget(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const NskOffice *self = data;

    return nsk_mail_forget(txn, nsk_clock_now(self->clock) - KEPT, error);
}

bool
nsk_office_forget_mail(NskOffice *self, GError **error)
{
    return nsk_office_commit(self, apply_forget, self, NULL, error);
}
