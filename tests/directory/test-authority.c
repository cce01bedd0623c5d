/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may act and sign in the demo office, day by day. */
#include "demo-office.h"

typedef struct {
    NskDb *db;
    NskDbTxn *txn;
} Fixture;

static void
setup(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    f->db = open_demo();
    f->txn = nsk_db_snapshot(f->db, NULL);
    g_assert_nonnull(f->txn);
}

static void
teardown(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    nsk_db_snapshot_free(f->txn);
    nsk_db_free(f->db);
}

static NskDate
day(const char *text)
{
    NskDate date;

    g_assert_true(nsk_date_parse(text, &date, NULL));
    return date;
}

static void
test_may_act(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        const char *person;
        const char *position;
        const char *date;
        const char *capacity;
    } cases[] = {
        { "sekar", "kepala-biro-umum", "2026-07-22", "definitive" },
        { "sekar", "kepala-biro-umum", "2023-01-02", "definitive" },
        { "galih", "kepala-biro-sdm", "2026-07-22", "plt" },
        { "galih", "kepala-bagian-kinerja", "2026-07-22", "definitive" },
        { "handoko", "kepala-biro-sdm", "2026-02-28", "definitive" },
        { "maheswari", "kepala-biro-keuangan", "2026-07-13", "plh" },
        { "maheswari", "kepala-biro-keuangan", "2026-07-24", "plh" },
        { "wahyu", "kepala-biro-keuangan", "2026-07-20", "definitive" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        NskCapacity capacity;

        g_assert_true(nsk_directory_may_act(f->txn, cases[i].person, cases[i].position,
                                            day(cases[i].date), &capacity, &error));
        g_assert_no_error(error);
        g_assert_cmpstr(nsk_capacity_name(capacity), ==, cases[i].capacity);
    }
}

static void
test_may_not_act(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        const char *person;
        const char *position;
        const char *date;
        NskError code;
        const char *message;
    } cases[] = {
        { "budi", "kepala-biro-umum", "2026-07-22", NSK_ERROR_DENIED,
          "Budi Hargotama is not 'Kepala Biro Umum' on 2026-07-22" },
        { "kirana", "kepala-biro-umum", "2026-07-22", NSK_ERROR_DENIED,
          "Kirana Setyoningrum is not 'Kepala Biro Umum' on 2026-07-22" },
        { "maheswari", "kepala-biro-keuangan", "2026-07-25", NSK_ERROR_EXPIRED,
          "Maheswari Dwi Astagina was 'Plh. Kepala Biro Perencanaan dan Keuangan' only until "
          "2026-07-24" },
        { "maheswari", "kepala-biro-keuangan", "2026-07-12", NSK_ERROR_DENIED,
          "Maheswari Dwi Astagina is 'Plh. Kepala Biro Perencanaan dan Keuangan' only from "
          "2026-07-13" },
        { "handoko", "kepala-biro-sdm", "2026-03-01", NSK_ERROR_EXPIRED,
          "Handoko Sasmitajaya was 'Kepala Biro Sumber Daya Manusia dan Organisasi' only until "
          "2026-02-28" },
        { "nobody", "kepala-biro-umum", "2026-07-22", NSK_ERROR_NOT_FOUND,
          "there is no person 'nobody' in the directory" },
        { "sekar", "nowhere", "2026-07-22", NSK_ERROR_NOT_FOUND,
          "there is no position 'nowhere' in the directory" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        NskCapacity capacity;

        g_assert_false(nsk_directory_may_act(f->txn, cases[i].person, cases[i].position,
                                             day(cases[i].date), &capacity, &error));
        g_assert_error(error, NSK_ERROR, (int)cases[i].code);
        g_assert_cmpstr(error->message, ==, cases[i].message);
    }
}

static void
test_holders_are_definitive_first(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GPtrArray) list =
        nsk_directory_holders(f->txn, "kepala-biro-keuangan", day("2026-07-20"), NULL);
    const NskHolding *first = g_ptr_array_index(list, 0);
    const NskHolding *second = g_ptr_array_index(list, 1);

    g_assert_cmpuint(list->len, ==, 2);
    g_assert_cmpstr(first->person, ==, "wahyu");
    g_assert_false(nsk_date_is_set(first->until));
    g_assert_cmpstr(second->person, ==, "maheswari");
    g_assert_cmpint(nsk_date_compare(second->until, day("2026-07-24")), ==, 0);

    g_autoptr(GPtrArray) held = nsk_directory_held_by(f->txn, "galih", day("2026-07-20"), NULL);
    g_assert_cmpuint(held->len, ==, 2);
    g_autoptr(GPtrArray) before = nsk_directory_held_by(f->txn, "galih", day("2020-01-01"), NULL);
    g_assert_cmpuint(before->len, ==, 0);
}

static void
test_assistants(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        const char *person;
        const char *position;
        const char *date;
        bool is;
    } cases[] = {
        { "damar", "kepala-biro-umum", "2026-07-22", true },  /* named */
        { "kirana", "kepala-biro-umum", "2026-07-22", true }, /* by position */
        { "damar", "kepala-biro-umum", "2024-12-31", false },
        { "budi", "kepala-biro-umum", "2026-07-22", false },
        { "handoko", "kepala-badan", "2026-03-01", false }, /* does not hold the post yet */
        { "handoko", "kepala-badan", "2026-03-02", true },
        { "sekar", "kepala-biro-umum", "2026-07-22", false },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        bool is;

        g_assert_true(nsk_directory_is_assistant(f->txn, cases[i].person, cases[i].position,
                                                 day(cases[i].date), &is, &error));
        g_assert_cmpint(is, ==, cases[i].is);
    }
}

static void
test_readings(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        const char *person;
        const char *readings;
    } cases[] = {
        { "kirana", "0 kepala-subbagian-persuratan biro-umum;1 kepala-biro-umum biro-umum;" },
        { "melati", "0 staf-tu-deputi-pemantauan deputi-pemantauan;1 deputi-bidang-konservasi "
                    "deputi-konservasi;1 deputi-bidang-pemantauan deputi-pemantauan;" },
        { "ilham", "0 arsiparis-sekretariat sekretariat-utama;2 arsiparis-sekretariat "
                   "biro-keuangan;2 arsiparis-sekretariat biro-sdm;2 arsiparis-sekretariat "
                   "sekretariat-utama;" },
        { "nobody", "" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GString) text = g_string_new(NULL);
        g_autoptr(GPtrArray) list =
            nsk_directory_readings(f->txn, cases[i].person, day("2026-07-22"), &error);

        g_assert_no_error(error);
        for (guint k = 0; k < list->len; k++) {
            const NskReading *one = g_ptr_array_index(list, k);

            g_string_append_printf(text, "%d %s %s;", one->as, one->position, one->unit);
        }
        g_assert_cmpstr(text->str, ==, cases[i].readings);
    }
}

static void
test_mandates(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        NskMandateQuery query;
        NskMandateState state;
        const char *id;
    } cases[] = {
        { { "sekretaris-utama",
            "kepala-biro-umum",
            NSK_CAPACITY_AN,
            "surat-dinas",
            { 2026, 7, 22 } },
          NSK_MANDATE_VALID,
          "an-biro-umum" },
        { { "sekretaris-utama", "kepala-biro-umum", NSK_CAPACITY_AN, NULL, { 2026, 7, 22 } },
          NSK_MANDATE_VALID,
          "an-biro-umum" },
        { { "sekretaris-utama", "kepala-biro-umum", NSK_CAPACITY_AN, "keputusan", { 2026, 7, 22 } },
          NSK_MANDATE_OTHER_KIND,
          "an-biro-umum" },
        { { "sekretaris-utama",
            "kepala-biro-umum",
            NSK_CAPACITY_AN,
            "surat-dinas",
            { 2025, 1, 1 } },
          NSK_MANDATE_NOT_YET,
          "an-biro-umum" },
        { { "sekretaris-utama",
            "kepala-biro-umum",
            NSK_CAPACITY_UB,
            "surat-dinas",
            { 2026, 7, 22 } },
          NSK_MANDATE_NONE,
          NULL },
        { { "kepala-badan", "deputi-bidang-pemantauan", NSK_CAPACITY_AN, NULL, { 2026, 6, 30 } },
          NSK_MANDATE_VALID,
          "an-deputi-pemantauan" },
        { { "kepala-badan", "deputi-bidang-pemantauan", NSK_CAPACITY_AN, NULL, { 2026, 7, 1 } },
          NSK_MANDATE_ENDED,
          "an-deputi-pemantauan" },
        { { "kepala-badan", "sekretaris-utama", NSK_CAPACITY_AN, "any-kind", { 2026, 7, 1 } },
          NSK_MANDATE_VALID,
          "an-sekretaris-utama" },
        { { "kepala-badan", "sekretaris-utama", NSK_CAPACITY_AN, "dinas", { 2024, 6, 2 } },
          NSK_MANDATE_NOT_YET,
          "an-sekretaris-utama" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NskMandate) mandate = NULL;
        NskMandateState state;

        g_assert_true(
            nsk_directory_find_mandate(f->txn, &cases[i].query, &state, &mandate, &error));
        g_assert_cmpint(state, ==, cases[i].state);
        g_assert_cmpstr(mandate != NULL ? mandate->id : NULL, ==, cases[i].id);
    }
}

/* Shows how a block is printed. */
static char *
show(const NskSignatory *s)
{
    return g_strdup_printf("%s|%s|%s%s|%s|%s", s->for_title, s->through_title,
                           s->capacity <= NSK_CAPACITY_PLH ? nsk_capacity_print(s->capacity) : "",
                           s->title, s->person->printed, s->mandate);
}

static void
test_signatories(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        NskSignatoryQuery query;
        const char *block;
    } cases[] = {
        { { "kepala-biro-umum",
            NSK_CAPACITY_DEFINITIVE,
            NULL,
            "surat-dinas",
            NULL,
            { 2026, 7, 22 } },
          "||Kepala Biro Umum|Dr. Sekar Wulandari, S.H., M.Si.|" },
        { { "kepala-biro-sdm", NSK_CAPACITY_PLT, NULL, "surat-dinas", "galih", { 2026, 7, 22 } },
          "||Plt. Kepala Biro Sumber Daya Manusia dan Organisasi|Galih Pradiptaraga, S.Psi., "
          "M.M.|plt-biro-sdm" },
        { { "kepala-biro-keuangan", NSK_CAPACITY_PLH, NULL, "x", NULL, { 2026, 7, 22 } },
          "||Plh. Kepala Biro Perencanaan dan Keuangan|Maheswari Dwi Astagina, S.E., M.Si.|" },
        { { "kepala-biro-umum", NSK_CAPACITY_AN, NULL, "surat-dinas", "sekar", { 2026, 7, 22 } },
          "Sekretaris Utama||Kepala Biro Umum|Dr. Sekar Wulandari, S.H., M.Si.|an-biro-umum" },
        { { "kepala-biro-umum",
            NSK_CAPACITY_AN,
            "an-biro-umum",
            "surat-dinas",
            NULL,
            { 2026, 7, 22 } },
          "Sekretaris Utama||Kepala Biro Umum|Dr. Sekar Wulandari, S.H., M.Si.|an-biro-umum" },
        { { "kepala-bagian-tata-usaha",
            NSK_CAPACITY_UB,
            NULL,
            "surat-dinas",
            NULL,
            { 2026, 7, 22 } },
          "Sekretaris Utama|Kepala Biro Umum|Kepala Bagian Tata Usaha dan Kearsipan|Budi "
          "Hargotama, "
          "S.Sos., M.A.P.|ub-tata-usaha" },
        { { "kepala-biro-keuangan", NSK_CAPACITY_UB, NULL, "surat-dinas", NULL, { 2026, 7, 22 } },
          "Kepala Badan Pengelola Air Tanah Nusantara|Sekretaris Utama|Kepala Biro Perencanaan dan "
          "Keuangan|Maheswari Dwi Astagina, S.E., M.Si.|ub-biro-keuangan" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NskSignatory) signatory = NULL;

        g_assert_true(nsk_directory_check_signatory(f->txn, &cases[i].query, &signatory, &error));
        g_assert_no_error(error);
        g_autofree char *block = show(signatory);
        g_assert_cmpstr(block, ==, cases[i].block);
    }
}

/* The demo office, in which Galih is not the Plt. but the Pj. of his bureau. */
static NskDb *
open_with_pj(void)
{
    static const char plt[] = "position=\"kepala-biro-sdm\" capacity=\"plt\"";
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GBytes) bytes = nsk_resource_load("templates/demo/directory.xml", &error);
    g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    char *at = strstr(text, plt);

    g_assert_nonnull(at);
    at = strstr(at, "\"plt\"");
    memcpy(at, "\"pj\" ", 5);
    g_autoptr(NskDirectory) directory = read_text(text, issues, &error);
    g_assert_no_error(error);
    NskDb *db = nsk_db_open(":memory:", NSK_DB_WRITE, &error);
    g_assert_true(store(db, directory, NSK_DIRECTORY_REPLACE, issues, &error));
    g_assert_no_error(error);
    return db;
}

/* A mandate limits what a Plt. may sign, but not a Pj., who has none and needs none. */
static void
test_pj(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskDb) db = open_with_pj();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, NULL);
    NskSignatoryQuery query = { .position = "kepala-biro-sdm",
                                .capacity = NSK_CAPACITY_PJ,
                                .kind = "keputusan",
                                .date = { 2026, 7, 22 } };
    g_autoptr(NskSignatory) signatory = NULL;
    NskAttendance attendance;

    g_assert_true(nsk_directory_check_signatory(txn, &query, &signatory, &error));
    g_assert_no_error(error);
    g_autofree char *block = show(signatory);
    g_assert_cmpstr(block, ==,
                    "||Pj. Kepala Biro Sumber Daya Manusia dan Organisasi|Galih Pradiptaraga, "
                    "S.Psi., M.M.|");
    static const NskCapacity others[] = { NSK_CAPACITY_DEFINITIVE, NSK_CAPACITY_PLT,
                                          NSK_CAPACITY_PLH };
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        g_autoptr(GError) refused = NULL;
        g_autoptr(NskSignatory) none = NULL;

        query.capacity = others[i];
        query.person = "galih";
        g_assert_false(nsk_directory_check_signatory(txn, &query, &none, &refused));
        g_assert_error(refused, NSK_ERROR, NSK_ERROR_DENIED);
        g_assert_nonnull(strstr(refused->message, "as pj, but the letter says"));
    }
    g_assert_true(
        nsk_directory_attendance(txn, "kepala-biro-sdm", query.date, 600, &attendance, &error));
    g_assert_cmpint(attendance.presence, ==, NSK_PRESENCE_HOLDER);
    nsk_attendance_clear(&attendance);
}

static void
test_refused_signatories(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        NskSignatoryQuery query;
        NskError code;
        const char *words;
    } cases[] = {
        { { "kepala-biro-sdm", NSK_CAPACITY_DEFINITIVE, NULL, "k", NULL, { 2026, 7, 22 } },
          NSK_ERROR_DENIED,
          "nobody is 'Kepala Biro Sumber Daya Manusia dan Organisasi' as definitive" },
        { { "kepala-biro-sdm", NSK_CAPACITY_DEFINITIVE, NULL, "k", "galih", { 2026, 7, 22 } },
          NSK_ERROR_DENIED,
          "as plt, but the letter says definitive" },
        { { "kepala-biro-sdm", NSK_CAPACITY_PLT, NULL, "keputusan", "galih", { 2026, 7, 22 } },
          NSK_ERROR_DENIED,
          "does not cover the kind 'keputusan'" },
        { { "kepala-biro-keuangan", NSK_CAPACITY_PLH, NULL, "k", "maheswari", { 2026, 7, 25 } },
          NSK_ERROR_EXPIRED,
          "only until 2026-07-24" },
        { { "deputi-bidang-pemantauan",
            NSK_CAPACITY_AN,
            NULL,
            "surat-dinas",
            NULL,
            { 2026, 7, 22 } },
          NSK_ERROR_EXPIRED,
          "mandate 'an-deputi-pemantauan' (a.n. 'Kepala Badan Pengelola Air Tanah Nusantara') "
          "ended "
          "on 2026-06-30" },
        { { "kepala-biro-umum", NSK_CAPACITY_AN, NULL, "surat-dinas", NULL, { 2024, 7, 22 } },
          NSK_ERROR_DENIED,
          "begins only on 2025-01-02" },
        { { "kepala-badan", NSK_CAPACITY_AN, NULL, "k", NULL, { 2026, 7, 22 } },
          NSK_ERROR_DENIED,
          "has no superior" },
        { { "sekretaris-utama", NSK_CAPACITY_UB, NULL, "k", NULL, { 2026, 7, 22 } },
          NSK_ERROR_DENIED,
          "has no superior" },
        { { "kepala-biro-keuangan", NSK_CAPACITY_AN, NULL, "k", NULL, { 2026, 7, 22 } },
          NSK_ERROR_DENIED,
          "has no mandate to sign a.n. 'Sekretaris Utama'" },
        { { "kepala-biro-umum", NSK_CAPACITY_AN, "an-balai-sagara", "k", NULL, { 2026, 7, 22 } },
          NSK_ERROR_INVALID,
          "not what this signature needs" },
        { { "kepala-biro-umum", NSK_CAPACITY_AN, "no-such", "k", NULL, { 2026, 7, 22 } },
          NSK_ERROR_NOT_FOUND,
          "no mandate 'no-such'" },
        { { "no-such", NSK_CAPACITY_AN, NULL, "k", NULL, { 2026, 7, 22 } },
          NSK_ERROR_NOT_FOUND,
          "no position 'no-such'" },
        { { "staf-persuratan", NSK_CAPACITY_DEFINITIVE, NULL, "k", NULL, { 2021, 7, 22 } },
          NSK_ERROR_INVALID,
          "held by 2 people; name the one" },
        { { "kepala-biro-umum", NSK_CAPACITY_AN, NULL, "surat-dinas", "budi", { 2026, 7, 22 } },
          NSK_ERROR_DENIED,
          "is not 'Kepala Biro Umum'" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NskSignatory) signatory = NULL;

        g_assert_false(nsk_directory_check_signatory(f->txn, &cases[i].query, &signatory, &error));
        g_assert_error(error, NSK_ERROR, (int)cases[i].code);
        g_assert_nonnull(strstr(error->message, cases[i].words));
        g_assert_null(signatory);
    }
}

static bool
apply_sql(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    return nsk_db_exec(txn, data, NSK_DB_NO_PARAMS, NULL, error);
}

/* An a.n. that ends takes the u.b. beneath it along. */
static void
test_ub_stands_only_under_an(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    NskSignatoryQuery query = {
        "kepala-bagian-tata-usaha", NSK_CAPACITY_UB, NULL, "surat-dinas", NULL, { 2026, 7, 22 }
    };
    static const char sql_end[] =
        "UPDATE mandate SET until = '2026-07-21' WHERE id = 'an-biro-umum'";
    g_autoptr(GError) error = NULL;
    g_autoptr(NskSignatory) signatory = NULL;

    g_clear_pointer(&f->txn, nsk_db_snapshot_free);
    g_assert_true(
        nsk_db_commit(f->db, &(NskChange){ .apply = apply_sql, .data = (void *)(guintptr)sql_end },
                      NULL, &error));
    f->txn = nsk_db_snapshot(f->db, &error);
    g_assert_false(nsk_directory_check_signatory(f->txn, &query, &signatory, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_EXPIRED);
    g_assert_cmpstr(error->message, ==,
                    "u.b. stands only under an a.n.: mandate 'an-biro-umum' (a.n. 'Sekretaris "
                    "Utama') ended on 2026-07-21");
}

/* What the official reads, in the language of the office. */
static void
test_refusals_speak_indonesian(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    NskSignatoryQuery query = {
        "kepala-bagian-tata-usaha", NSK_CAPACITY_UB, NULL, "surat-dinas", NULL, { 1999, 7, 22 }
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(NskSignatory) signatory = NULL;

    g_setenv("LC_ALL", "id_ID.UTF-8", TRUE);
    g_assert_false(nsk_directory_check_signatory(f->txn, &query, &signatory, &error));
    g_setenv("LC_ALL", "C.UTF-8", TRUE);
    g_assert_error(error, NSK_ERROR, NSK_ERROR_DENIED);
    g_assert_cmpstr(error->message, ==,
                    "tidak ada yang menjabat 'Kepala Bagian Tata Usaha dan Kearsipan' sebagai "
                    "ub pada 1999-07-22");
}

#define ADD(name, function) g_test_add("/directory/" name, Fixture, NULL, setup, function, teardown)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("may-act/holders-may-in-their-capacity", test_may_act);
    ADD("may-act/others-are-told-why-not", test_may_not_act);
    ADD("holders/are-definitive-first", test_holders_are_definitive_first);
    ADD("assistant/is-named-or-holds-the-post", test_assistants);
    ADD("readings/are-own-assisted-and-kept", test_readings);
    ADD("mandate/is-told-none-early-ended-or-other-kind", test_mandates);
    ADD("signatory/block-is-resolved", test_signatories);
    ADD("signatory/is-refused-with-a-sentence", test_refused_signatories);
    g_test_add_func("/directory/signatory/a-pj-needs-no-mandate-and-is-the-holder", test_pj);
    ADD("signatory/ub-stands-only-under-an", test_ub_stands_only_under_an);
    ADD("signatory/is-refused-in-indonesian-too", test_refusals_speak_indonesian);
    return g_test_run();
}
