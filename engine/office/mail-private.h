/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/office-private.h"

/*
 * Telling people by mail that something waits for them.
 *
 *   a task opens -> outbox -> mail-gather.c: whom, once a task and person -> mail
 *   the morning  -> mail-daily.c: those who want one mail a day           -> mail
 *   mail -> mail-send.c: settled, sent, told
 *
 * No mail names a letter, its subject or its people: it says how many, and where to look, which
 * asks to sign in.  At least once: a mail that may have come is sent again with its own
 * Message-ID and the same words.
 */

/* --- mail-server.c --- */

/* What the office knows of the server that takes its mail; all owned. */
typedef struct {
    char *url; /* NULL: no mail is sent */
    char *from;
    char *site; /* address of the pages, without a slash at its end */
    char *user; /* NULL: none */
    char *ca;   /* NULL: the system's */
    NskLocked *password;
} NskMailServer;
void nsk_mail_server_clear(NskMailServer *self);
/* Also the password, from the folder of keys.  Errors: IO. */
bool
nsk_mail_server_load(NskOffice *office, NskDbTxn *txn, NskMailServer *out_server, GError **error);
/* Where people open the office's pages, without a slash at its end; "": not known.  Owned. */
bool nsk_mail_site_find(NskDbTxn *txn, char **out_site, GError **error);
/* Its address alone; NULL: no mail is sent.  Owned. */
bool nsk_mail_server_find(NskDbTxn *txn, char **out_url, GError **error);
/* Inside a change: has the people told of what waits in @letter, if mail is sent at all. */
bool nsk_mail_ask(NskDbTxn *txn, const char *letter, NskInstant now, GError **error);

/* Whether it is the address of an office's pages.  Errors: INVALID. */
bool nsk_mail_check_site(const char *site, GError **error);
bool nsk_mail_site_put(NskDbTxn *txn, const char *site, GError **error);

/* --- mail-chat.c --- */

/* The gateway for chats; NULL: there is none.  Owned. */
bool nsk_chat_find(NskDbTxn *txn, char **out_url, GError **error);
/* A number or name as it is kept; owned.  Errors: INVALID. */
char *nsk_chat_read_handle(const char *text, GError **error);
/* What a gateway is given; all borrowed. */
typedef struct {
    const char *id; /* of the mail in whose place it goes */
    const char *to;
    const char *language;
    const char *text; /* one sentence, with the link */
    const char *link;
    NskInstant at;
} NskChatNotice;
/* Errors: DENIED if the gateway refuses it for good; BUSY otherwise, and then it may have it. */
bool nsk_chat_give(NskOffice *office, const NskChatNotice *notice, GError **error);

/* --- mail.c --- */

/* For the doctor: adds mails that fail.  *out_url: the server, owned; NULL: there is none. */
bool nsk_mail_check(NskDbTxn *txn, NskIssues *issues, char **out_url, GError **error);

/* --- mail-gather.c --- */

/* Makes mails of what waits in the outbox. */
bool nsk_mail_gather(NskOffice *office, GError **error);

/* --- mail-rows.c --- */

typedef struct {
    char *id;
    char *person;
    bool daily;
    NskInstant made;
    int64_t tries;   /* before */
    int64_t waiting; /* tasks */
    char *task;      /* NULL: several */
    char *fault;     /* of this try; NULL: none */
    bool refused;    /* for good */
} NskMailRow;
void nsk_mail_row_free(gpointer row);

/* "now", "daily", "never"; the language is "id" or "en".  Owned. */
typedef struct {
    char *tasks;
    char *language;
    char *handle; /* of a chat, in place of mail; NULL: by mail */
} NskMailChoice;
void nsk_mail_choice_clear(NskMailChoice *self);
bool
nsk_mail_choice_load(NskDbTxn *txn, const char *person, NskMailChoice *out_choice, GError **error);
bool nsk_mail_choice_put(NskDbTxn *txn,
                         const char *person,
                         const char *tasks,
                         const char *language,
                         GError **error);
/* @handle NULL: by mail. */
bool
nsk_mail_choice_put_handle(NskDbTxn *txn, const char *person, const char *handle, GError **error);

/* What is to be told, and to whom. */
typedef struct {
    const char *person;
    const char *letter;
    const char *key;
    bool urgent;
} NskMailItem;
/* Nothing if he was told before. */
bool nsk_mail_add_item(NskOffice *office,
                       NskDbTxn *txn,
                       const NskMailItem *item,
                       NskInstant now,
                       GError **error);
/* A mail of the day @day about so many tasks. */
bool nsk_mail_add_daily(NskOffice *office,
                        NskDbTxn *txn,
                        const char *person,
                        const char *day,
                        int64_t waiting,
                        GError **error);
/* Persons who want a mail a day and had none on @day; owned texts. */
GPtrArray *nsk_mail_list_daily(NskDbTxn *txn, const char *day, int limit, GError **error);
/* Settles what mails say that are ready, and takes them: NskMailRow.  What nobody waits for any
 * more is done. */
GPtrArray *nsk_mail_claim(NskDbTxn *txn, NskInstant now, int limit, GError **error);
/* Says what became of it. */
bool nsk_mail_tell(NskDbTxn *txn, const NskMailRow *row, NskInstant now, GError **error);
/* Takes out what was done before @before. */
bool nsk_mail_forget(NskDbTxn *txn, NskInstant before, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskMailServer, nsk_mail_server_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskMailChoice, nsk_mail_choice_clear)
