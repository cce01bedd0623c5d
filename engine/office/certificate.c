/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When certificates end: those with which people signed last and what issued them, the authorities
 * that the office trusts, and the time-stamp authorities behind its letters.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/message.h"
#include "office/sign-private.h"

#include <string.h>

#define DAY        ((int64_t)24 * 3600 * G_USEC_PER_SEC)
#define MOST_SHOWN 5000

/* of each person and signer the newest try whose certificates are known */
static const char sql_holders[] =
    "SELECT s.person, t.signer, t.chain, max(t.signed_at) FROM signing_session t"
    " JOIN signing s ON s.letter = t.letter AND s.n = t.n WHERE t.chain <> ''"
    " GROUP BY s.person, t.signer ORDER BY s.person, t.signer LIMIT $1";
static const char sql_stamps[] =
    "SELECT DISTINCT authority FROM preservation WHERE authority <> '' LIMIT $1";

typedef struct {
    NskJson *list;
    GHashTable *seen; /* fingerprints */
    NskInstant now;
    int64_t warnings;
} Listing;

/* From how many days before its end somebody has to do something about it; "" not yet. */
static const char *
find_warning(int64_t days, bool ended)
{
    if (ended)
        return "ended";
    return days < 1 ? "1" : days < 7 ? "7" : days < 30 ? "30" : "";
}

/* Each certificate stands there once; @person NULL: nobody's. */
static void
add_cert(Listing *listing, const NskCert *cert, const char *what, const char *person)
{
    const NskCertFacts *facts = nsk_cert_facts(cert);
    int64_t days = (facts->not_after - listing->now) / DAY;
    const char *warning = find_warning(days, facts->not_after <= listing->now);
    g_autofree char *until = nsk_instant_format(facts->not_after);

    if (!g_hash_table_add(listing->seen, g_strdup(facts->fingerprint)))
        return;
    NskJson *row = nsk_json_object();
    nsk_json_set_text(row, "what", what);
    nsk_json_set_text(row, "person", person);
    nsk_json_set_text(row, "subject", facts->subject);
    nsk_json_set_text(row, "issuer", facts->issuer);
    nsk_json_set_text(row, "serial", facts->serial);
    nsk_json_set_text(row, "fingerprint", facts->fingerprint);
    nsk_json_set_text(row, "until", until);
    nsk_json_set_int(row, "days", days);
    nsk_json_set_text(row, "warning", warning);
    nsk_json_add(listing->list, row);
    if (warning[0] != '\0')
        listing->warnings++;
}

static bool
add_chain(Listing *listing, const char *person, const char *pem, GError **error)
{
    g_autoptr(GPtrArray) chain = nsk_certs_parse(pem, strlen(pem), error);

    for (guint i = 0; chain != NULL && i < chain->len; i++)
        add_cert(listing, g_ptr_array_index(chain, i), i == 0 ? "holder" : "authority",
                 i == 0 ? person : NULL);
    return chain != NULL;
}

static bool
add_holders(Listing *listing, NskDbTxn *txn, GError **error)
{
    bool has_row = true;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_holders, NSK_DB_PARAMS(NSK_DB_INT(MOST_SHOWN)), error);

    while (rows != NULL && has_row) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (has_row &&
            !add_chain(listing, nsk_db_rows_text(rows, 0), nsk_db_rows_text(rows, 2), error))
            return false;
    }
    return rows != NULL;
}

static bool
add_stamps(Listing *listing, NskDbTxn *txn, GError **error)
{
    g_autoptr(GPtrArray) list =
        nsk_db_list_texts(txn, sql_stamps, NSK_DB_PARAMS(NSK_DB_INT(MOST_SHOWN)), error);

    for (guint i = 0; list != NULL && i < list->len; i++) {
        const char *pem = g_ptr_array_index(list, i);
        g_autoptr(NskCert) cert = nsk_cert_parse(pem, strlen(pem), error);

        if (cert == NULL)
            return false;
        add_cert(listing, cert, "time-stamp", NULL);
    }
    return list != NULL;
}

/* The roots that the office trusts; no folder is no trust. */
static bool
add_roots(Listing *listing, const char *office, GError **error)
{
    const char *name;
    g_autofree char *folder = nsk_office_path(office, "trust");
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_autoptr(GBytes) bytes =
            g_str_has_suffix(name, ".pem") ? nsk_file_read(path, NSK_LIMIT_KEY_SIZE, error) : NULL;

        if (!g_str_has_suffix(name, ".pem"))
            continue;
        g_autoptr(GPtrArray) certs = bytes != NULL ? nsk_certs_parse(g_bytes_get_data(bytes, NULL),
                                                                     g_bytes_get_size(bytes), error)
                                                   : NULL;
        for (guint i = 0; certs != NULL && i < certs->len; i++)
            add_cert(listing, g_ptr_array_index(certs, i), "root", NULL);
        if (certs == NULL)
            return false;
    }
    return true;
}

bool
nsk_office_certificate_status(NskOffice *self, NskJson **out_result, GError **error)
{
    g_autoptr(NskJson) result = nsk_json_object();
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Listing listing = { nsk_json_array(), seen, nsk_clock_now(self->clock), 0 };
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);

    nsk_json_set(result, "certificates", listing.list);
    if (txn == NULL || !add_holders(&listing, txn, error) || !add_stamps(&listing, txn, error) ||
        !add_roots(&listing, self->dir, error))
        return false;
    nsk_json_set_int(result, "warnings", listing.warnings);
    *out_result = g_steal_pointer(&result);
    return true;
}
