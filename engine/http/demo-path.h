/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "http/site-private.h"

/*
 * The path of six steps through a demo office: which of them are done, by what really happened in
 * the office, and what is to be done next.  Which letters the path goes along stands in the file
 * coba.json of the office's folder.
 *
 * A handle acts as whoever a step is of, and is nobody's when a function returns.
 */

enum { DEMO_STEPS = 6 };

/* A request to a demo with an office handle that acts as nobody. */
typedef struct {
    NskHttpSite *site;
    NskOffice *office;
    NskHttpRequest *request;
    NskHttpResponse *response;
} NskHttpDemoCall;
typedef bool (*NskHttpDemoDeed)(const NskHttpDemoCall *call, GError **error);
/* Does @deed for who calls this machine by its own address.  Else error: DENIED. */
bool nsk_http_demo_call(NskHttpSite *site,
                        NskHttpRequest *request,
                        NskHttpResponse *response,
                        NskHttpDemoDeed deed,
                        GError **error);
/* A line of the office's folder of keys; owned.  Errors: as nsk_file_read(). */
char *nsk_http_demo_secret(const NskHttpSite *site, const char *name, GError **error);
/* The server serves, perhaps again (demo-kill.c). */
void nsk_http_demo_came_back(NskHttpDemo *demo);

/* Owned. */
typedef struct {
    char *incoming; /* id of the letter that came in; NULL: not registered yet */
    char *reply;    /* id; NULL: not begun */
    char *number;   /* that the sender gave it */
    char *written;  /* its date, YYYY-MM-DD */
    bool corrected; /* the reply has the right words */
    bool checked;   /* somebody has verified it */
} DemoTrail;
/* An empty one where there is none. */
void demo_trail_load(const NskHttpSite *site, DemoTrail *out_trail);
void demo_trail_clear(DemoTrail *self);
/* Begins anew: the letters stay in the office. */
bool demo_trail_forget(const NskHttpSite *site, GError **error);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DemoTrail, demo_trail_clear)

typedef struct {
    int done;           /* steps, from the first */
    const char *act;    /* what the demo does itself: "register", "reply", "correct", "check"; or
                           NULL, and then: */
    const char *person; /* whose task waits; NULL: the path ended otherwise */
    char *href;         /* where it waits; owned, may be NULL */
} DemoNext;
void demo_next_clear(DemoNext *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DemoNext, demo_next_clear)
bool demo_path_look(NskOffice *office, const DemoTrail *trail, DemoNext *out_next, GError **error);

/* What the demo does itself, for the person who would; *out_href (owned) is where to go on. */
bool demo_path_register(const NskHttpSite *site, NskOffice *office, GError **error);
bool demo_path_reply(const NskHttpSite *site, NskOffice *office, char **out_href, GError **error);
bool demo_path_correct(const NskHttpSite *site, NskOffice *office, char **out_href, GError **error);
/* The reply as it was signed, or with one bit of it changed. */
GBytes *demo_path_pdf(const NskHttpSite *site, NskOffice *office, bool is_changed, GError **error);
/* Verifies both; *out_view: right, changed (verdicts), sha256. */
bool
demo_path_check(const NskHttpSite *site, NskOffice *office, NskJson **out_view, GError **error);
