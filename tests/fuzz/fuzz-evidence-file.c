/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Evidence files: zip, bag, METS, and what is judged behind them. */
#include "evidence/zip.h"
#include "verify/verify.h"

#include <string.h>

/* Whose cosignature the seed cosigned.zip has. */
static const char witness[] =
    "saksi.example/1+e1a808b1+BGcjqxnJCJpspPgrnc7XDNgTTaQDt4lhn4VgijJwd08z";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static gboolean
check_member(gpointer key, gpointer value, gpointer data)
{
    uint64_t *bytes = data;

    g_assert_true(nsk_package_path_is_plain(key, strlen(key)));
    *bytes += g_bytes_get_size(value);
    return FALSE;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t bytes = 0;
    g_autoptr(GTree) members = nsk_zip_read(data, size, NULL);
    g_autoptr(GBytes) zip = g_bytes_new(data, size);
    NskLogNoteKey key;
    NskEvidenceAsk ask = { .now = 0 };
    g_autoptr(NskEvidenceReport) report = nsk_evidence_judge(zip, &ask);
    g_assert_true(nsk_log_note_key_parse(witness, &key, NULL));
    ask.witnesses = &key;
    ask.n_witnesses = 1;
    g_autoptr(NskEvidenceReport) cosigned = nsk_evidence_judge(zip, &ask);

    if (members != NULL) {
        g_tree_foreach(members, check_member, &bytes);
        g_assert_cmpuint(bytes, <=, size); /* what is stored cannot grow */
    }
    /* the file's own key proves nothing of whose log it is */
    g_assert_cmpint(report->verdict, !=, NSK_EVIDENCE_PROVEN);
    /* who demands more is told no more, but for that */
    g_assert_true(cosigned->verdict == NSK_EVIDENCE_CONTRADICTED || cosigned->n_cosigned == 1);
    if (report->verdict == NSK_EVIDENCE_CONTRADICTED)
        g_assert_cmpint(cosigned->verdict, ==, NSK_EVIDENCE_CONTRADICTED);
    return 0;
}
