/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/clock.h"
#include "base/json.h"
#include "base/locked.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Requests to other machines over HTTP and HTTPS, and mail over SMTP: the only user of libcurl.
 *
 * Every request has a deadline and a bound on its answer, follows no redirect, keeps no cookies,
 * uses no proxy that the request does not name, and speaks TLS 1.2 or later with the server's
 * certificate and name verified: there is no switch for that.  What must stay secret goes only over
 * TLS, or to this machine.  Any thread; a call blocks until its answer or its deadline.
 */

/* A piece of a body; borrowed. */
typedef struct {
    const void *data;
    size_t size;
} NskNetPiece;

/* One request; everything borrowed, zero stands for the default. */
typedef struct {
    const char *url;           /* http or https, without user, password and fragment */
    bool post;                 /* else GET */
    const char *type;          /* of the body: Content-Type; NULL: none */
    const NskNetPiece *pieces; /* of a POST: its body, sent one after the other */
    size_t n_pieces;
    const char *accept;          /* media type asked for; NULL: any */
    const char *const *headers;  /* others, each "Name: value"; NULL at the end; NULL: none */
    const char *user;            /* HTTP Basic; NULL: none */
    const NskLocked *password;   /* with @user */
    const NskLocked *bearer;     /* RFC 6750; NULL: none */
    bool secret;                 /* there is a secret in the body: demands TLS or this machine */
    const char *const *hosts;    /* names that may be asked, NULL at the end; NULL: any */
    bool public_only;            /* refuse private addresses of names that are not in @hosts */
    const char *const *near;     /* with @public_only: more names that may have one; NULL: none */
    const char *const *resolved; /* names with their addresses, "HOST:PORT:ADDRESS,...", which the
                                    system is not asked for; NULL at the end; NULL: none */
    const char *ca;              /* PEM file of authorities instead of the system's */
    unsigned timeout_ms;         /* of the whole; 0: 30,000 */
    size_t limit;                /* bytes of the answer at most; 0: 1 MB */
    int stop_fd;                 /* closed at its other end: give up; 0: there is none */
    const char *keep_header;     /* name of a header of the answer that is wanted; NULL */
} NskNetRequest;

/* Where it broke off, if it did. */
typedef enum {
    NSK_NET_DONE,    /* an answer came, whatever its status says */
    NSK_NET_UNSENT,  /* the other side has not got the request */
    NSK_NET_UNKNOWN, /* it may have got it, and done it */
} NskNetEnd;

typedef struct {
    NskNetEnd end;
    int status;           /* of HTTP */
    char *type;           /* media type, lower case, without parameters; NULL: none */
    char *header;         /* value of @keep_header; NULL */
    unsigned retry_after; /* seconds, if the answer has them (429, 503); else 0 */
    GBytes *body;         /* never NULL when an answer came */
} NskNetAnswer;
void nsk_net_answer_clear(NskNetAnswer *self);

/*
 * Any HTTP status is an answer.  @out_answer is always written, so that its @end can be looked at
 * after a failure.  A name is resolved once; what it may not be asked at is looked at when the
 * socket is opened, to that address.  Errors: INVALID for the URL or a header; DENIED if it may not
 * be asked; BUSY if it cannot be reached, broke off, or was too late; LIMIT for too long an answer;
 * UNTRUSTED if its certificate does not hold; CANCELLED.
 */
bool nsk_net_ask(const NskNetRequest *request,
                 NskNetAnswer *out_answer,
                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether @url could be asked, as NskNetRequest.url says; *out_host (may be NULL): owned.  Errors:
 * INVALID; IO. */
bool nsk_net_check_url(const char *url, char **out_host, GError **error);

/* --- Mail ------------------------------------------------------------------------------------- */

/* Whether @text is an address that mail can be sent to: name@host as RFC 5321, section 4.1.2, has
 * it without quotes, in ASCII. */
bool nsk_net_is_mail_address(const char *text);

/* What a mail says; all borrowed. */
typedef struct {
    const char *from_name; /* whose office it is */
    const char *from;      /* address */
    const char *to;
    const char *subject; /* one line */
    const char *text;    /* lines end in \n */
    const char *id;      /* of Message-ID, without its host: the same for the same mail, always */
    NskInstant at;
} NskNetMailText;
/* The message (RFC 5322, RFC 2045, RFC 2047), its lines end in CRLF: the same for the same text.
 * It says that a machine wrote it (RFC 3834).  Owned. */
GBytes *nsk_net_mail_compose(const NskNetMailText *text);

/* Whether @url is that of a mail server, as NskNetMail.url.  Errors: INVALID; IO. */
bool nsk_net_check_mail_server(const char *url, GError **error);

/* One mail to one address; everything borrowed, zero stands for the default. */
typedef struct {
    const char *url;  /* of the server that takes it: smtp://HOST:PORT, smtps://HOST:PORT */
    const char *user; /* NULL: it asks for none */
    const NskLocked *password;
    const char *ca; /* PEM file of authorities instead of the system's */
    const char *from, *to;
    GBytes *message;
    unsigned timeout_ms; /* of the whole; 0: 30,000 */
} NskNetMail;
/*
 * Gives the mail to the server (RFC 5321).  An smtp: server has to offer STARTTLS (RFC 3207), but
 * on this machine.  Errors: INVALID for the URL or an address; DENIED if the server refuses it for
 * good; UNTRUSTED if its certificate does not hold; BUSY otherwise, and then the server may have
 * it.
 */
bool nsk_net_mail(const NskNetMail *mail, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskNetAnswer, nsk_net_answer_clear)
