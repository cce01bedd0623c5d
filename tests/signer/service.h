/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fixture.h"

/* The secrets that services.py takes. */
#define SERVICE_PASS "rahasia \"uji\" \\ é"
#define SERVICE_PIN  "246810"
#define SERVICE_CODE "135790"
#define SERVICE_NIK  "3175000000000001"

/* services.py, running for one test; its files are in the desk's folder. */
typedef struct {
    Desk *desk;
    GPid pid;
    char *base; /* "https://127.0.0.1:PORT" */
    bool tls;
} Service;

/* Writes keys and authority, starts it, and waits for its port.  False: there is no Python. */
bool service_set_up(Service *self, Desk *desk, bool tls);
void service_clear(Service *self);
/* From now on things go wrong so: lines "PATH HOW"; "": nothing does. */
void service_today(const Service *self, const char *lines);
/* How often a path that ends so was asked for. */
unsigned service_count(const Service *self, const char *path);
/* Settings for a signer there, @more being members of JSON with a comma before them. */
NskJson *service_settings(const Service *self, const char *path, const char *more);
/* Writes signers/NAME.conf with @text and the mode @mode. */
void service_credentials(const Service *self, const char *name, const char *text, int mode);
/* A PDF of one page with an empty field "signatory-1"; different for each @n. */
GBytes *service_pdf(unsigned n);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Service, service_clear)
