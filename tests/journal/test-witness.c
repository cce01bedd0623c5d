/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A witness on a real directory: what it signs, what it never signs, and what it still knows after
 * its end. */
#include "base/bytes.h"
#include "journal/witness.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#define ORIGIN "naskah.example/log"
#define NAME   "saksi.example/w1"
#define NOW    ((uint64_t)1700000000)
#define LEAVES 20
#define FORKED 6 /* the first leaf that differs in the other history */
#define ASKERS 8

static const uint8_t log_secret[NSK_ED25519_KEY_SIZE] = "naskah witness test log, 32 byte";
static const uint8_t false_secret[NSK_ED25519_KEY_SIZE] = "naskah witness test liar 32 byte";

/* Two histories that part at FORKED, a log's key, and a witness that knows it. */
typedef struct {
    char *dir;
    NskLogNoteKey key;
    NskWitness *witness;
} Fixture;

static NskHash
leaf_of(bool other, uint64_t index)
{
    g_autofree char *entry = g_strdup_printf("entry %" G_GUINT64_FORMAT "%s", index,
                                             other && index >= FORKED ? " of a liar" : "");

    return nsk_tree_leaf(entry, strlen(entry));
}

static bool
node_of(void *data, unsigned level, uint64_t index, NskHash *out, GError **error)
{
    NskHash left, right;

    if (level == 0) {
        *out = leaf_of(*(bool *)data, index);
        return true;
    }
    if (!node_of(data, level - 1, 2 * index, &left, error) ||
        !node_of(data, level - 1, 2 * index + 1, &right, error))
        return false;
    *out = nsk_tree_node(&left, &right);
    return true;
}

static void
make_key(NskLogNoteKey *key, const char *name, const uint8_t *of)
{
    uint8_t public[NSK_ED25519_KEY_SIZE];

    g_assert_true(nsk_ed25519_public(of, public, NULL));
    g_assert_true(nsk_log_note_key_init(key, name, NSK_NOTE_ED25519, public, NULL));
}

static NskLogNote *
checkpoint(bool other, uint64_t size, const char *origin, const uint8_t *secret)
{
    NskTree tree = { 0 };
    NskLogNoteKey key;
    NskCheckpoint said = { .size = size };

    for (uint64_t i = 0; i < size; i++) {
        NskHash leaf = leaf_of(other, i);

        nsk_tree_add(&tree, &leaf);
    }
    said.root = nsk_tree_root(&tree);
    (void)g_strlcpy(said.origin, origin, sizeof said.origin);
    g_autofree char *text = nsk_checkpoint_format(&said);
    g_autoptr(NskLogNote) note = nsk_log_note_new(text);
    make_key(&key, origin, log_secret);
    g_assert_true(nsk_log_note_sign(note, &key, secret, 0, NULL));
    return g_steal_pointer(&note);
}

/* The request that the log makes; of the other history if @other. */
static char *
request(bool other, uint64_t old, uint64_t size)
{
    NskTreeSource source = { node_of, &other };
    NskTreeProof proof;
    g_autoptr(NskLogNote) note = checkpoint(other, size, ORIGIN, log_secret);

    g_assert_true(nsk_tree_prove_growth(&source, old, size, &proof, NULL));
    return nsk_witness_request_format(old, &proof, note);
}

static void
fixture_set_up(Fixture *self, gconstpointer data)
{
    GError *error = NULL;

    (void)data;
    self->dir = g_dir_make_tmp("naskah-witness-XXXXXX", &error);
    g_assert_no_error(error);
    self->witness = nsk_witness_open(self->dir, NAME, &error);
    g_assert_no_error(error);
    make_key(&self->key, ORIGIN, log_secret);
    g_assert_true(nsk_witness_trust(self->witness, ORIGIN, &self->key, &error));
    g_assert_no_error(error);
}

/* The one file in DIR/logs.  Freed with g_free(). */
static char *
state_path(const Fixture *self)
{
    g_autofree char *logs = g_build_filename(self->dir, "logs", NULL);
    g_autoptr(GDir) folder = g_dir_open(logs, 0, NULL);
    char *path = g_build_filename(logs, g_dir_read_name(folder), NULL);

    g_assert_null(g_dir_read_name(folder)); /* no half-written file is left */
    return path;
}

/* Where the witness shows what it signed last.  Freed with g_free(). */
static char *
note_path(const Fixture *self)
{
    g_autofree char *place = nsk_witness_place(ORIGIN);

    return g_build_filename(self->dir, "notes", place, NULL);
}

static void
fixture_tear_down(Fixture *self, gconstpointer data)
{
    static const char *const names[] = {
        "witness.key", "witness.vkey", "lock", "logs", "notes", ""
    };
    g_autofree char *state = state_path(self);
    g_autofree char *note = note_path(self);

    (void)data;
    g_assert_cmpint(g_unlink(state), ==, 0);
    (void)g_unlink(note); /* some sign nothing */
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(self->dir, names[i], NULL);
        (void)g_remove(path);
    }
    g_assert_false(g_file_test(self->dir, G_FILE_TEST_EXISTS));
    nsk_witness_free(self->witness);
    g_free(self->dir);
}

static void
reopen(Fixture *self)
{
    GError *error = NULL;

    nsk_witness_free(self->witness);
    self->witness = nsk_witness_open(self->dir, NULL, &error);
    g_assert_no_error(error);
}

/* Asks, and gives the body of an answer of that status.  Freed with g_free(). */
static char *
ask_text(Fixture *self, const char *text, unsigned status)
{
    g_auto(NskWitnessAnswer) said = { 0 };
    GError *error = NULL;

    g_assert_true(nsk_witness_answer(self->witness, text, strlen(text), NOW, &said, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(said.status, ==, status);
    g_assert_true(g_str_has_suffix(said.body, "\n"));
    g_assert_cmpstr(said.type, ==,
                    status == NSK_WITNESS_OTHER ? "text/x.tlog.size" : "text/plain; charset=utf-8");
    if (status != NSK_WITNESS_SIGNED)
        g_assert_null(strstr(said.body, NAME));
    return g_steal_pointer(&said.body);
}

static char *
ask(Fixture *self, bool other, uint64_t old, uint64_t size, unsigned status)
{
    g_autofree char *text = request(other, old, size);

    return ask_text(self, text, status);
}

static void
expect(Fixture *self, bool other, uint64_t old, uint64_t size, unsigned status)
{
    g_free(ask(self, other, old, size, status));
}

/* That @body is a cosignature of the checkpoint of @size. */
static void
assert_cosigned(const Fixture *self, const char *body, uint64_t size)
{
    uint64_t time = 0;
    GError *error = NULL;
    g_autoptr(NskLogNote) note = checkpoint(false, size, ORIGIN, log_secret);
    g_autofree char *signed_text = nsk_log_note_format(note);
    g_autofree char *whole = g_strconcat(signed_text, body, NULL);
    g_autoptr(NskLogNote) read = nsk_log_note_parse(whole, strlen(whole), &error);

    g_assert_no_error(error);
    g_assert_cmpuint(read->lines->len, ==, 2);
    g_assert_true(nsk_log_note_check(read, nsk_witness_get_key(self->witness), &time, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(time, ==, NOW);
    g_assert_true(nsk_log_note_check(read, &self->key, NULL, &error));
}

static void
test_signs(Fixture *self, gconstpointer data)
{
    uint64_t old = 0;

    (void)data;
    for (uint64_t size = 0; size <= LEAVES; size += 1 + size / 3) {
        g_autofree char *body = ask(self, false, old, size, NSK_WITNESS_SIGNED);

        assert_cosigned(self, body, size);
        old = size;
        g_autofree char *again = ask(self, false, old, size, NSK_WITNESS_SIGNED);
        g_assert_cmpstr(again, ==, body);
        reopen(self);
    }
}

static void
test_other_history(Fixture *self, gconstpointer data)
{
    (void)data;
    expect(self, false, 0, 10, NSK_WITNESS_SIGNED);
    for (int i = 0; i < 2; i++) {
        g_autofree char *size = ask(self, true, 10, 10, NSK_WITNESS_OTHER);
        g_assert_cmpstr(size, ==, "10\n");
        g_autofree char *older = ask(self, false, 4, 8, NSK_WITNESS_OTHER);
        g_assert_cmpstr(older, ==, "10\n");
        g_autofree char *begun = ask(self, true, 0, 15, NSK_WITNESS_OTHER);
        g_assert_cmpstr(begun, ==, "10\n");
        expect(self, true, 10, 15, NSK_WITNESS_UNPROVED);
        reopen(self); /* and it knows the same after its end */
    }
    g_autofree char *body = ask(self, false, 10, 15, NSK_WITNESS_SIGNED);
    assert_cosigned(self, body, 15);
}

static void
test_proofs(Fixture *self, gconstpointer data)
{
    g_autofree char *good = request(false, 7, 19);

    (void)data;
    expect(self, false, 0, 7, NSK_WITNESS_SIGNED);
    char **lines = g_strsplit(good, "\n", -1);
    for (guint i = 1; lines[i][0] != '\0'; i++) {
        char *was = lines[i];

        lines[i] = g_strdup(was);
        lines[i][5] = was[5] == 'A' ? 'B' : 'A';
        g_autofree char *changed = g_strjoinv("\n", lines);
        g_free(ask_text(self, changed, NSK_WITNESS_UNPROVED));
        g_free(lines[i]);
        lines[i] = g_strconcat(was, "\n", was, NULL);
        g_autofree char *twice = g_strjoinv("\n", lines);
        g_free(ask_text(self, twice, NSK_WITNESS_UNPROVED));
        g_free(lines[i]);
        lines[i] = was;
    }
    g_strfreev(lines);
    g_autofree char *body = ask_text(self, good, NSK_WITNESS_SIGNED);
    assert_cosigned(self, body, 19);
}

static void
test_keys(Fixture *self, gconstpointer data)
{
    const NskTreeProof none = { 0 };
    g_autoptr(NskLogNote) forged = checkpoint(false, 3, ORIGIN, false_secret);
    g_autoptr(NskLogNote) strange = checkpoint(false, 3, "other.example/log", log_secret);
    g_autofree char *a = nsk_witness_request_format(0, &none, forged);
    g_autofree char *b = nsk_witness_request_format(0, &none, strange);
    NskLogNoteKey liar;
    GError *error = NULL;

    (void)data;
    g_free(ask_text(self, a, NSK_WITNESS_UNTRUSTED));
    g_free(ask_text(self, b, NSK_WITNESS_UNKNOWN));
    expect(self, false, 0, 3, NSK_WITNESS_SIGNED);

    /* a log is never begun again, and a witness never renamed or given another key */
    make_key(&liar, ORIGIN, false_secret);
    g_assert_false(nsk_witness_trust(self->witness, ORIGIN, &liar, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_CONFLICT);
    g_clear_error(&error);
    g_assert_false(
        nsk_witness_trust(self->witness, "x", nsk_witness_get_key(self->witness), &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    g_clear_error(&error);
    g_assert_null(nsk_witness_open(self->dir, "saksi.example/w2", &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_CONFLICT);
    g_clear_error(&error);
    g_assert_null(nsk_witness_open(self->dir, "two words", &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    g_clear_error(&error);
    g_autofree char *key = g_build_filename(self->dir, "witness.key", NULL);
    g_assert_cmpint(g_unlink(key), ==, 0);
    g_assert_null(nsk_witness_open(self->dir, NAME, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_CORRUPT);
    g_clear_error(&error);
}

static void
expect_broken(Fixture *self, const char *text, NskError code)
{
    g_auto(NskWitnessAnswer) said = { 0 };
    GError *error = NULL;

    g_assert_false(nsk_witness_answer(self->witness, text, strlen(text), NOW, &said, &error));
    g_assert_error(error, NSK_ERROR, (int)code);
    g_clear_error(&error);
    g_assert_cmpuint(said.status, ==, NSK_WITNESS_BROKEN);
    g_assert_null(strstr(said.body, NAME));
}

/* No signature leaves before its state is on the disk. */
static void
test_faults(Fixture *self, gconstpointer data)
{
    struct rlimit was, none;
    g_autofree char *text = request(false, 5, 9);
    g_autofree char *path = state_path(self);
    g_autofree char *good = NULL;
    gsize size = 0;

    (void)data;
    expect(self, false, 0, 5, NSK_WITNESS_SIGNED);
    g_assert_true(g_file_get_contents(path, &good, &size, NULL));
    (void)signal(SIGXFSZ, SIG_IGN);
    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &was), ==, 0);
    none = was;
    none.rlim_cur = 0; /* a full disk */
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &none), ==, 0);
    expect_broken(self, text, NSK_ERROR_IO);
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &was), ==, 0);
    expect(self, true, 5, 12, NSK_WITNESS_SIGNED); /* nothing else was signed at 5 */

    for (gsize n = 0; n < size; n++) {
        g_assert_true(g_file_set_contents(path, good, (gssize)n, NULL));
        expect_broken(self, text, NSK_ERROR_CORRUPT);
    }
}

typedef struct {
    Fixture *fixture;
    char *text;
    unsigned status;
} Asker;

static gpointer
ask_once(gpointer data)
{
    Asker *self = data;
    g_auto(NskWitnessAnswer) said = { 0 };

    g_assert_true(nsk_witness_answer(self->fixture->witness, self->text, strlen(self->text), NOW,
                                     &said, NULL));
    self->status = said.status;
    return NULL;
}

/* Two histories are shown at once by many: one alone is signed. */
static void
test_race(Fixture *self, gconstpointer data)
{
    Asker askers[ASKERS];
    GThread *threads[ASKERS];
    unsigned n_signed[2] = { 0 };

    (void)data;
    expect(self, false, 0, 4, NSK_WITNESS_SIGNED);
    for (unsigned i = 0; i < ASKERS; i++) {
        askers[i] = (Asker){ self, request(i % 2 == 1, 4, 13), 0 };
        threads[i] = g_thread_new("asker", ask_once, &askers[i]);
    }
    for (unsigned i = 0; i < ASKERS; i++) {
        (void)g_thread_join(threads[i]);
        n_signed[i % 2] += askers[i].status == NSK_WITNESS_SIGNED;
        g_assert_true(askers[i].status == NSK_WITNESS_SIGNED ||
                      askers[i].status == NSK_WITNESS_OTHER);
        g_free(askers[i].text);
    }
    g_assert_cmpuint(n_signed[0] + n_signed[1], ==, 1);
}

static void
test_malformed(Fixture *self, gconstpointer data)
{
    g_autofree char *good = request(false, 5, 9);
    g_autofree char *above = g_strconcat("old 10\n", good + strlen("old 5\n"), NULL);
    static const char *const heads[] = { "",
                                         "old\n",
                                         "old 05\n",
                                         "old -5\n",
                                         "old 5 \n",
                                         "old 5\r\n",
                                         "OLD 5\n",
                                         "old 5\n\n",
                                         "old 9999999999999999999\n",
                                         "size 5\nold 5\n" };
    GString *long_proof = g_string_new("old 5\n");

    (void)data;
    for (size_t n = 0; n < strlen(good); n++) {
        g_autofree char *cut = g_strndup(good, n);
        g_free(ask_text(self, cut, NSK_WITNESS_MALFORMED));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(heads); i++) {
        g_autofree char *text = g_strconcat(heads[i], good + strlen("old 5\n"), NULL);
        g_free(ask_text(self, text, NSK_WITNESS_MALFORMED));
    }
    g_free(ask_text(self, above, NSK_WITNESS_MALFORMED));
    for (int i = 0; i < NSK_WITNESS_MOST_PROOF + 1; i++)
        g_string_append(long_proof, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
    g_string_append(long_proof, strstr(good, "\n\n") + 1);
    g_free(ask_text(self, long_proof->str, NSK_WITNESS_MALFORMED));
    g_string_set_size(long_proof, NSK_WITNESS_MOST_SIZE + 1);
    memset(long_proof->str, 'x', long_proof->len);
    g_free(ask_text(self, long_proof->str, NSK_WITNESS_MALFORMED));
    g_string_free(long_proof, TRUE);
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(Fixture *, gconstpointer);
    } cases[] = {
        { "/witness/signs", test_signs },         { "/witness/other-history", test_other_history },
        { "/witness/proofs", test_proofs },       { "/witness/keys", test_keys },
        { "/witness/faults", test_faults },       { "/witness/race", test_race },
        { "/witness/malformed", test_malformed },
    };

    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        g_test_add(cases[i].name, Fixture, NULL, fixture_set_up, cases[i].run, fixture_tear_down);
    return g_test_run();
}
