/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "crypto/crypto.h"

/* 2026-07-22T02:00:00Z */
#define TEST_NOW  G_GINT64_CONSTANT(1784685600000000)
#define TEST_DAY  (G_GINT64_CONSTANT(86400) * 1000000)
#define TEST_PASS "sandi uji coba"

/* A demo authority, one person certified by it, and trust in its root. */
typedef struct {
    NskDemoAuthority *authority;
    NskIdentity *signer;
    NskTrust *trust;
    char *folder; /* for the files of other programs; removed at the end */
} Demo;

/* A test over a Demo of its own. */
typedef struct {
    const char *path;
    void (*run)(Demo *, gconstpointer);
} DemoTest;

/* What main() is for a file of such tests. */
int demo_main(int argc, char **argv, const DemoTest *tests, size_t n);

void demo_set_up(Demo *demo, gconstpointer data);
void demo_tear_down(Demo *demo, gconstpointer data);

/* A new identity of the authority; @rsa_bits as in NskDemoPerson. */
NskIdentity *demo_identity(NskDemoAuthority *authority, const char *name, int rsa_bits);
/* The signature of @signer over the content @data. */
GBytes *demo_sign(NskIdentity *signer, NskScheme scheme, const void *data, size_t size);

/* A token of the authority over @data. */
GBytes *demo_stamp(NskDemoAuthority *authority, const void *data, size_t size, NskInstant at);
/* The signer's own certificate; borrowed. */
NskCert *demo_cert(const NskIdentity *signer);
/* Material of the authority at @at, with the signer's chain: 'i' the issuer's list, 'r' the root's,
 * 'o' an answer on the signer. */
NskEvidence *demo_evidence(const Demo *demo, const char *material, NskInstant at);

/* Writes a file into the folder; returns its path, freed with g_free(). */
char *demo_write(const Demo *demo, const char *name, const void *data, size_t size);
/* Writes the trusted root as PEM; returns its path. */
char *demo_write_root(const Demo *demo);
/* Runs a program in the folder; returns whether it succeeded, and what it printed. */
bool demo_run(const Demo *demo, char **out_text, const char *program, ...) G_GNUC_NULL_TERMINATED;

/* The text of the issue with @tag, or NULL. */
const char *find_issue(const NskIssues *issues, const char *tag);
