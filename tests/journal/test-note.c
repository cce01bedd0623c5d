/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Notes, checkpoints, cosignatures and proofs as texts; the first note is that of the format's own
 * description. */
#include "journal/proof.h"

#include <string.h>

static const char golden_text[] = "If you think cryptography is the answer to your problem,\n"
                                  "then you don't know what your problem is.\n";
static const char golden[] =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\xe2\x80\x94 PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    "\xe2\x80\x94 EnochRoot "
    "rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/"
    "5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";
static const char golden_key[] =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

static const uint8_t secret[NSK_ED25519_KEY_SIZE] = "naskah note test secret, 32 byte";
static const uint8_t secret_w[NSK_ED25519_KEY_SIZE] = "naskah note test witness 32 byte";

static void
make_key(NskLogNoteKey *key, const char *name, NskLogNoteKind kind, const uint8_t *of)
{
    uint8_t public[NSK_ED25519_KEY_SIZE];

    g_assert_true(nsk_ed25519_public(of, public, NULL));
    g_assert_true(nsk_log_note_key_init(key, name, kind, public, NULL));
}

/* RFC 8032 section 7.1, test 2. */
static void
test_ed25519(void)
{
    static const uint8_t key[] = { 0x4c, 0xcd, 0x08, 0x9b, 0x28, 0xff, 0x96, 0xda, 0x9d, 0xb6, 0xc3,
                                   0x46, 0xec, 0x11, 0x4e, 0x0f, 0x5b, 0x8a, 0x31, 0x9f, 0x35, 0xab,
                                   0xa6, 0x24, 0xda, 0x8c, 0xf6, 0xed, 0x4f, 0xb8, 0xa6, 0xfb };
    static const uint8_t wanted[] = { 0x3d, 0x40, 0x17, 0xc3, 0xe8, 0x43, 0x89, 0x5a,
                                      0x92, 0xb7, 0x0a, 0xa7, 0x4d, 0x1b, 0x7e, 0xbc,
                                      0x9c, 0x98, 0x2c, 0xcf, 0x2e, 0xc4, 0x96, 0x8c,
                                      0xc0, 0xcd, 0x55, 0xf1, 0x2a, 0xf4, 0x66, 0x0c };
    static const uint8_t begun[] = { 0x92, 0xa0, 0x09, 0xa9, 0xf0, 0xd4, 0xca, 0xb8 };
    uint8_t public[NSK_ED25519_KEY_SIZE], signature[NSK_ED25519_SIGNATURE_SIZE];

    g_assert_true(nsk_ed25519_public(key, public, NULL));
    g_assert_cmpmem(public, sizeof public, wanted, sizeof wanted);
    g_assert_true(nsk_ed25519_sign(key, "\x72", 1, signature, NULL));
    g_assert_cmpmem(signature, sizeof begun, begun, sizeof begun);
    g_assert_true(nsk_ed25519_check(public, "\x72", 1, signature));
    g_assert_false(nsk_ed25519_check(public, "\x73", 1, signature));
    signature[63] ^= 1;
    g_assert_false(nsk_ed25519_check(public, "\x72", 1, signature));
}

static void
test_golden(void)
{
    NskLogNoteKey key;
    g_autoptr(GError) error = NULL;
    g_autoptr(NskLogNote) note = nsk_log_note_parse(golden, strlen(golden), &error);

    g_assert_no_error(error);
    g_assert_cmpstr(note->text, ==, golden_text);
    g_assert_cmpuint(note->lines->len, ==, 2);
    g_assert_true(nsk_log_note_key_parse(golden_key, &key, &error));
    g_assert_true(nsk_log_note_check(note, &key, NULL, &error));
    g_autofree char *again = nsk_log_note_format(note);
    g_assert_cmpstr(again, ==, golden);
    g_autofree char *vkey = nsk_log_note_key_format(&key);
    g_assert_cmpstr(vkey, ==, golden_key);
}

static void
test_bad_notes(void)
{
    static const char *const wrong[] = {
        "",
        "text\n",
        "text\n\n",
        "text\n\n\xe2\x80\x94 a\n",
        "text\n\n\xe2\x80\x94 a AAAA\n",
        "text\n\n\xe2\x80\x94 a AAAAAAA=",
        "te\rxt\n\n\xe2\x80\x94 a AAAAAAA=\n",
        "te\x7fxt\n\n\xe2\x80\x94 a AAAAAAA=\n",
        "te\xffxt\n\n\xe2\x80\x94 a AAAAAAA=\n",
        "text\n\n- a AAAAAAA=\n",
        "text\n\n\xe2\x80\x94 a+b AAAAAAA=\n",
        "text\n\n\xe2\x80\x94 a AAAAAAA= \n",
        "text\n\n\xe2\x80\x94 a AAAAAAB=\n",
        "text\n\n\xe2\x80\x94  AAAAAAA=\n",
        "text\n\nno\n\xe2\x80\x94 a AAAAAAA=\n",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(nsk_log_note_parse(wrong[i], strlen(wrong[i]), &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    }
}

/* Unknown keys are passed over; a known one that fails makes the note worthless. */
static void
test_signatures(void)
{
    NskLogNoteKey log, witness, other;
    uint64_t time = 0;
    g_autoptr(GError) error = NULL;
    g_autoptr(NskLogNote) note = nsk_log_note_new("kantor.example/log\n0\nx\n");

    make_key(&log, "kantor.example/log", NSK_NOTE_ED25519, secret);
    make_key(&witness, "saksi.example", NSK_NOTE_COSIGNATURE, secret_w);
    make_key(&other, "kantor.example/log", NSK_NOTE_ED25519, secret_w);
    g_assert_true(nsk_log_note_sign(note, &log, secret, 0, NULL));
    g_assert_true(nsk_log_note_sign(note, &witness, secret_w, 1679315147, NULL));
    g_assert_true(nsk_log_note_check(note, &log, NULL, NULL));
    g_assert_true(nsk_log_note_check(note, &witness, &time, NULL));
    g_assert_cmpuint(time, ==, 1679315147);
    g_assert_false(nsk_log_note_check(note, &other, NULL, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND);
    g_clear_error(&error);
    note->text[0] = 'K';
    g_assert_false(nsk_log_note_check(note, &log, NULL, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED);
    g_clear_error(&error);
    note->text[0] = 'k';
    /* the same key again, with a signature that does not hold */
    NskLogNoteLine *second = g_ptr_array_index(note->lines, 1);
    g_free(second->name);
    second->name = g_strdup(log.name);
    second->id = log.id;
    g_assert_false(nsk_log_note_check(note, &log, NULL, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED);
}

static void
test_many_lines(void)
{
    NskLogNoteKey log;
    g_autoptr(NskLogNote) note = nsk_log_note_new("x\n");
    g_autoptr(GError) error = NULL;

    make_key(&log, "log", NSK_NOTE_ED25519, secret);
    for (int i = 0; i < NSK_NOTE_MOST_LINES; i++)
        g_assert_true(nsk_log_note_sign(note, &log, secret, 0, NULL));
    g_autofree char *text = nsk_log_note_format(note);
    g_autoptr(NskLogNote) read = nsk_log_note_parse(text, strlen(text), &error);
    g_assert_no_error(error);
    g_assert_cmpuint(read->lines->len, ==, NSK_NOTE_MOST_LINES);
    g_assert_true(nsk_log_note_sign(note, &log, secret, 0, NULL));
    g_autofree char *longer = nsk_log_note_format(note);
    g_assert_null(nsk_log_note_parse(longer, strlen(longer), &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_LIMIT);
}

static void
test_keys(void)
{
    static const char *const wrong[] = {
        "",
        "a",
        "a+b",
        "a+00000000+",
        "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+BhpcAA==",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/"
        "LDE4izWy10TW",
    };
    NskLogNoteKey key;

    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_assert_false(nsk_log_note_key_parse(wrong[i], &key, NULL));
}

static void
test_checkpoint(void)
{
    /* the example of the format's description */
    static const char text[] =
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
    static const char *const wrong[] = {
        "",
        "a\n",
        "a\n1\n",
        "a\n1\nx\n",
        "a\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n99999999999999999999\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",
    };
    NskCheckpoint said;

    g_assert_true(nsk_checkpoint_parse(text, &said, NULL));
    g_assert_cmpuint(said.size, ==, 20852163);
    g_autofree char *again = nsk_checkpoint_format(&said);
    g_assert_cmpstr(again, ==, text);
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_assert_false(nsk_checkpoint_parse(wrong[i], &said, NULL));
}

/* A log of two entries with a proof of the second. */
static NskProof *
make_proof(const NskLogNoteKey *log)
{
    NskProof *proof = g_new0(NskProof, 1);
    NskHash first = nsk_tree_leaf("satu", 4), second = nsk_tree_leaf("dua", 3);
    NskCheckpoint said = { "kantor.example/log", 2, nsk_tree_node(&first, &second) };
    g_autofree char *text = nsk_checkpoint_format(&said);
    g_autoptr(NskLogNote) note = nsk_log_note_new(text);

    g_assert_true(nsk_log_note_sign(note, log, secret, 0, NULL));
    proof->extra = g_bytes_new("lebih", 5);
    proof->index = 1;
    proof->path.n = 1;
    proof->path.hashes[0] = first;
    proof->checkpoint = nsk_log_note_format(note);
    return proof;
}

static void
test_proof(void)
{
    NskLogNoteKey log;
    g_autoptr(GError) error = NULL;

    make_key(&log, "kantor.example/log", NSK_NOTE_ED25519, secret);
    g_autoptr(NskProof) made = make_proof(&log);
    g_autofree char *text = nsk_proof_format(made);
    g_autoptr(NskProof) read = nsk_proof_parse(text, strlen(text), &error);
    g_assert_no_error(error);
    g_autofree char *again = nsk_proof_format(read);
    g_assert_cmpstr(again, ==, text);
    g_assert_true(nsk_proof_check(read, "dua", 3, &log, NULL, &error));
    g_assert_false(nsk_proof_check(read, "tiga", 4, &log, NULL, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED);
    g_clear_error(&error);
    read->index = 0;
    g_assert_false(nsk_proof_check(read, "dua", 3, &log, NULL, &error));
    for (size_t n = 0; n < strlen(text); n++)
        g_assert_null(nsk_proof_parse(text, n, NULL));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/note/ed25519", test_ed25519);
    g_test_add_func("/note/golden", test_golden);
    g_test_add_func("/note/bad", test_bad_notes);
    g_test_add_func("/note/signatures", test_signatures);
    g_test_add_func("/note/many-lines", test_many_lines);
    g_test_add_func("/note/keys", test_keys);
    g_test_add_func("/note/checkpoint", test_checkpoint);
    g_test_add_func("/note/proof", test_proof);
    return g_test_run();
}
