/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole directory: read, checked, stored, written. */
#include "base/bytes.h"
#include "demo-office.h"

#include <glib/gstdio.h>

static char *
canonical(NskDirectory *directory)
{
    g_autoptr(NskXmlDoc) doc = nsk_directory_to_xml(directory);
    g_autoptr(GBytes) bytes = nsk_xml_canonical(nsk_xml_doc_get_root(doc), NULL);

    return g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static NskDirectory *
read_stored(NskDb *db)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, NULL);
    NskDirectory *directory = nsk_directory_read_db(txn, NULL);

    g_assert_nonnull(directory);
    return directory;
}

static void
test_round_trip(void)
{
    g_autoptr(NskDb) db = open_demo();
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(NskDirectory) demo = read_demo();
    g_autoptr(NskDirectory) stored = read_stored(db);
    g_autofree char *from_file = canonical(demo);
    g_autofree char *from_db = canonical(stored);
    g_autoptr(NskDirectory) again = read_text(from_db, issues, &error);
    g_assert_no_error(error);
    g_autofree char *twice = canonical(again);

    g_assert_cmpstr(from_file, ==, from_db);
    g_assert_cmpstr(from_db, ==, twice);
    g_assert_nonnull(strstr(from_db, "kinds=\"nota-dinas surat-dinas surat-undangan\""));
    g_assert_null(strstr(from_db, "9999"));
}

/* A small office; %s places: more of each table. */
#define DOC(units, positions, people, holdings, mandates, assistants)                              \
    "<directory xmlns='urn:naskah:directory:1'><units>"                                            \
    "<unit id='u' name='U' place='P' zone='Asia/Jakarta'/>" units "</units>\n<positions>"          \
    "<position id='a' unit='u' title='A' echelon='I.a'/>"                                          \
    "<position id='b' unit='u' title='B' superior='a'/>" positions "</positions>\n<people>"        \
    "<person id='x' name='X'/><person id='y' name='Y'/>" people "</people>\n<holdings>" holdings   \
    "</holdings>\n<mandates>" mandates "</mandates>\n<assistants>" assistants                      \
    "</assistants></directory>"

static void
test_faults_have_tags_and_lines(void)
{
    static const struct {
        const char *text;
        const char *tag;
        unsigned line;
    } cases[] = {
        { DOC("<unit id='u' name='V' place='P' zone='Asia/Jakarta'/>", "", "", "", "", ""),
          "directory-duplicate", 1 },
        { DOC("<unit id='v' name='V' parent='w' place='P' zone='Asia/Jakarta'/>", "", "", "", "",
              ""),
          "directory-dangling", 1 },
        { DOC("<unit id='v' name='V' place='P' zone='Mars/Olympus'/>", "", "", "", "", ""),
          "directory-zone", 1 },
        { DOC("<unit id='v' name='V' parent='w' place='P' zone='Asia/Jakarta'/>"
              "<unit id='w' name='W' parent='v' place='P' zone='Asia/Jakarta'/>",
              "", "", "", "", ""),
          "directory-cycle", 1 },
        { DOC("", "<position id='c' unit='u' title='C' superior='c'/>", "", "", "", ""),
          "directory-cycle", 2 },
        { DOC("", "<position id='c' unit='none' title='C'/>", "", "", "", ""), "directory-dangling",
          2 },
        { DOC("", "", "<person id='z' name='Z' nip='19800101200501200'/>", "", "", ""),
          "directory-nip", 3 },
        { DOC("", "", "<person id='z' name='Z' nip='198013012005012001'/>", "", "", ""),
          "directory-nip", 3 },
        { DOC("", "", "<person id='z' name='Z' nip='198001012005013001'/>", "", "", ""),
          "directory-nip", 3 },
        { DOC("", "",
              "<person id='z' name='Z' nip='198001012005012001'/><person id='q' name='Q' "
              "nip='198001012005012001'/>",
              "", "", ""),
          "directory-nip-double", 3 },
        { DOC("", "", "",
              "<holding person='x' position='a' capacity='definitive' from='2026-02-02' "
              "until='2026-02-01'/>",
              "", ""),
          "directory-period", 4 },
        { DOC("", "", "",
              "<holding person='x' position='a' capacity='definitive' from='2026-02-30'/>", "", ""),
          "directory-value", 4 },
        { DOC("", "", "",
              "<holding person='x' position='a' capacity='definitive' from='2026-01-01' "
              "until='2026-03-01'/>"
              "<holding person='y' position='a' capacity='definitive' from='2026-03-01'/>",
              "", ""),
          "directory-two-holders", 4 },
        { DOC("", "", "",
              "<holding person='x' position='a' capacity='plt' from='2026-01-01'/>"
              "<holding person='y' position='a' capacity='plt' from='2026-03-01'/>",
              "", ""),
          "directory-two-acting", 4 },
        { DOC("", "", "",
              "<holding person='x' position='a' capacity='definitive' from='2026-01-01'/>"
              "<holding person='y' position='a' capacity='plt' from='2026-03-01'/>",
              "", ""),
          "directory-plt-definitive", 4 },
        { DOC("", "", "",
              "<holding person='x' position='a' capacity='pj' from='2026-01-01'/>"
              "<holding person='y' position='a' capacity='plt' from='2026-03-01'/>",
              "", ""),
          "directory-plt-definitive", 4 },
        { DOC("", "", "",
              "<holding person='x' position='a' capacity='pj' from='2026-01-01'/>"
              "<holding person='y' position='a' capacity='definitive' from='2026-03-01'/>",
              "", ""),
          "directory-two-holders", 4 },
        { DOC("", "", "", "",
              "<mandate id='m' giver='a' receiver='b' capacity='pj' from='2026-01-01'/>", ""),
          "xml-schema", 5 },
        { DOC("", "", "", "",
              "<mandate id='m' giver='a' receiver='a' capacity='an' from='2026-01-01'/>", ""),
          "directory-mandate", 5 },
        { DOC("", "", "", "", "",
              "<assistant position='a' assistant-position='c' from='2026-01-01'/>"),
          "directory-dangling", 6 },
        { DOC("", "", "", "", "", "<assistant position='a' from='2026-01-01'/>"), "xml-schema", 6 },
        { DOC("<unit id='U' name='V' place='P' zone='Asia/Jakarta'/>", "", "", "", "", ""),
          "xml-schema", 1 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NskIssues) issues = nsk_issues_new();
        g_autoptr(NskDirectory) directory = read_text(cases[i].text, issues, &error);
        const NskIssue *issue;

        g_assert_null(directory);
        g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
        g_assert_cmpuint(issues->len, >=, 1);
        issue = g_ptr_array_index(issues, 0);
        g_test_message("%s", issue->text);
        g_assert_cmpstr(issue->tag, ==, cases[i].tag);
        g_assert_cmpuint(issue->line, ==, cases[i].line);
        g_assert_cmpstr(issue->file, ==, "d.xml");
    }
}

static void
test_doubtful_things_are_warnings(void)
{
    static const struct {
        const char *text;
        const char *tag;
    } cases[] = {
        { DOC("", "", "", "<holding person='x' position='a' capacity='plh' from='2026-01-01'/>", "",
              ""),
          "directory-plh-vacant" },
        { DOC("", "", "", "",
              "<mandate id='m' giver='b' receiver='a' capacity='an' from='2026-01-01'/>", ""),
          "directory-mandate-level" },
        { DOC("", "", "", "",
              "<mandate id='m' giver='a' receiver='b' capacity='ub' from='2026-01-01'/>", ""),
          "directory-ub-alone" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NskIssues) issues = nsk_issues_new();
        g_autoptr(NskDirectory) directory = read_text(cases[i].text, issues, &error);

        g_assert_no_error(error);
        g_assert_cmpuint(issues->len, ==, 1);
        const NskIssue *issue = g_ptr_array_index(issues, 0);
        g_assert_cmpstr(issue->tag, ==, cases[i].tag);
        g_assert_cmpint(issue->severity, ==, NSK_SEVERITY_WARNING);
    }
}

/* Holdings that only look wrong. */
static void
test_neighbours_and_staff_are_fine(void)
{
    static const char text[] =
        DOC("", "", "",
            "<holding person='x' position='a' capacity='definitive' from='2026-01-01' "
            "until='2026-02-28'/>"
            "<holding person='y' position='a' capacity='plt' from='2026-03-01' until='2026-03-31'/>"
            "<holding person='y' position='a' capacity='definitive' from='2026-04-01'/>"
            "<holding person='x' position='a' capacity='plh' from='2026-05-01' "
            "until='2026-05-10'/>"
            "<holding person='x' position='b' capacity='plh' from='2026-02-20' "
            "until='2026-03-01'/>"
            "<holding person='x' position='b' capacity='definitive' from='2026-03-01'/>"
            "<holding person='y' position='b' capacity='definitive' from='2026-03-01'/>",
            "", "");
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskDirectory) directory = read_text(text, issues, &error);

    g_assert_no_error(error);
    g_assert_nonnull(directory);
    g_assert_cmpuint(issues->len, ==, 0);
}

static const char small_office[] =
    DOC("",
        "",
        "",
        "<holding person='x' position='a' capacity='definitive' from='2026-01-01'/>",
        "",
        "");

#define PART(people, holdings)                                                                     \
    "<directory xmlns='urn:naskah:directory:1'><units/><positions/><people>" people                \
    "</people><holdings>" holdings "</holdings><mandates/><assistants/></directory>"

/* A part of a directory, which alone would have dangling ids. */
static NskDirectory *
read_part(const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse("part.xml", text, strlen(text), &error);
    NskDirectory *part = nsk_directory_read_part(doc, issues, &error);

    g_assert_no_error(error);
    return part;
}

static void
test_merge_replaces_and_adds(void)
{
    static const char more[] =
        PART("<person id='x' name='X' printed='Dr. X'/><person id='z' name='Z'/>",
             "<holding person='x' position='a' capacity='definitive' from='2026-01-01' "
             "until='2026-03-31'/>"
             "<holding person='z' position='a' capacity='plt' from='2026-04-01'/>");
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskDb) db = nsk_db_open(":memory:", NSK_DB_WRITE, &error);
    g_autoptr(NskDirectory) base = read_text(small_office, issues, &error);
    g_assert_no_error(error);
    g_autoptr(NskDirectory) part = read_part(more);

    g_assert_true(store(db, base, NSK_DIRECTORY_REPLACE, issues, &error));
    g_assert_true(store(db, part, NSK_DIRECTORY_MERGE, issues, &error));
    g_assert_no_error(error);
    g_autoptr(NskDirectory) stored = read_stored(db);
    g_autofree char *text = canonical(stored);
    g_assert_nonnull(strstr(text, "printed=\"Dr. X\""));
    g_assert_nonnull(strstr(text, "id=\"y\""));
    g_assert_nonnull(strstr(text, "until=\"2026-03-31\""));
    g_assert_nonnull(strstr(text, "person=\"z\""));
}

static void
test_bad_merge_writes_nothing(void)
{
    static const char more[] =
        PART("<person id='z' name='Z'/>",
             "<holding person='z' position='a' capacity='definitive' from='2026-04-01'/>");
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskDb) db = nsk_db_open(":memory:", NSK_DB_WRITE, &error);
    g_autoptr(NskDirectory) base = read_text(small_office, issues, &error);
    g_autoptr(NskDirectory) part = read_part(more);
    g_assert_true(store(db, base, NSK_DIRECTORY_REPLACE, issues, &error));
    g_autoptr(NskDirectory) before = read_stored(db);
    g_autofree char *text = canonical(before);

    g_assert_false(store(db, part, NSK_DIRECTORY_MERGE, issues, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    g_assert_nonnull(strstr(error->message, "directory-two-holders"));
    g_assert_nonnull(strstr(error->message, "part.xml:1"));
    g_autoptr(NskDirectory) after = read_stored(db);
    g_autofree char *same = canonical(after);
    g_assert_cmpstr(text, ==, same);
}

static void
test_people_may_swap_their_nip(void)
{
    static const char one[] = DOC("", "",
                                  "<person id='p' name='P' nip='198001012005012001'/>"
                                  "<person id='q' name='Q' nip='198001012005012002'/>",
                                  "", "", "");
    static const char other[] = PART("<person id='p' name='P' nip='198001012005012002'/>"
                                     "<person id='q' name='Q' nip='198001012005012001'/>",
                                     "");
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskDb) db = nsk_db_open(":memory:", NSK_DB_WRITE, &error);
    g_autoptr(NskDirectory) base = read_text(one, issues, &error);
    g_autoptr(NskDirectory) part = read_part(other);

    g_assert_true(store(db, base, NSK_DIRECTORY_REPLACE, issues, &error));
    g_assert_true(store(db, part, NSK_DIRECTORY_MERGE, issues, &error));
    g_assert_no_error(error);
}

/* --- CSV folders --- */

typedef struct {
    const char *name;
    const char *text;
} File;

static NskDirectory *
read_folder(const File *files, size_t n, NskIssues *issues, GError **error)
{
    g_autofree char *folder = g_dir_make_tmp("naskah-csv-XXXXXX", NULL);

    for (size_t i = 0; i < n; i++) {
        g_autofree char *path = g_build_filename(folder, files[i].name, NULL);
        g_assert_true(g_file_set_contents(path, files[i].text, -1, NULL));
    }
    NskDirectory *directory = nsk_directory_read_csv(folder, issues, error);
    for (size_t i = 0; i < n; i++) {
        g_autofree char *path = g_build_filename(folder, files[i].name, NULL);
        g_assert_cmpint(g_unlink(path), ==, 0);
    }
    g_assert_cmpint(g_rmdir(folder), ==, 0);
    return directory;
}

static void
test_csv_is_the_same_as_xml(void)
{
    static const File files[] = {
        { "units.csv", "name,id,place,zone\r\nU,u,P,Asia/Jakarta\r\n" },
        { "positions.csv", "id,unit,title,echelon,superior\na,u,A,I.a,\nb,u,B,,a\n" },
        { "people.csv", "id,name\nx,X\ny,Y\n" },
        { "holdings.csv", "position,person,capacity,from,until\na,x,definitive,2026-01-01,\n" },
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskDirectory) csv = read_folder(files, G_N_ELEMENTS(files), issues, &error);
    g_assert_no_error(error);
    g_autoptr(NskDirectory) xml = read_text(small_office, issues, &error);
    g_assert_no_error(error);
    g_autofree char *a = canonical(csv);
    g_autofree char *b = canonical(xml);

    g_assert_cmpstr(a, ==, b);
}

/* Whether a line of @message has both texts. */
static bool
has_finding(const char *message, const char *place, const char *tag)
{
    g_auto(GStrv) lines = g_strsplit(message, "\n", -1);

    for (size_t i = 0; lines[i] != NULL; i++) {
        if (strstr(lines[i], place) != NULL && strstr(lines[i], tag) != NULL)
            return true;
    }
    return false;
}

static void
test_all_csv_faults_are_reported_by_line(void)
{
    static const File files[] = {
        { "units.csv", "id,name,place,zone\nu,U,P,Asia/Jakarta\nV,,P,Asia/Jakarta\nw,W,P\n" },
        { "positions.csv", "id,unit,title,salary\na,u,A,9\n" },
        { "people.csv", "id,name,nip\nx,X,12\n" },
        { "holdings.csv", "position,person,capacity,from\na,x,boss,yesterday\n" },
        { "mandates.csv", "" },
        { "assistants.csv", "position,from\na,2026-01-01\n" },
    };
    static const struct {
        const char *place;
        const char *tag;
    } expected[] = {
        { "units.csv:3", "[directory-value]" },          { "units.csv:4", "[csv-columns]" },
        { "positions.csv:1", "[csv-columns]" },          { "people.csv:2", "[directory-nip]" },
        { "holdings.csv:2", "[directory-value]" },       { "mandates.csv:1", "[csv-columns]" },
        { "assistants.csv:2", "[directory-assistant]" },
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();

    g_assert_null(read_folder(files, G_N_ELEMENTS(files), issues, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
        g_test_message("%s %s", expected[i].place, expected[i].tag);
        g_assert_true(has_finding(error->message, expected[i].place, expected[i].tag));
    }
}

static void
test_csv_needs_units(void)
{
    static const File files[] = { { "people.csv", "id,name\nx,X\n" } };
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();

    g_assert_null(read_folder(files, 1, issues, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND);
    g_assert_nonnull(strstr(error->message, "units.csv"));
}

/* --- looking up --- */

typedef struct {
    const char *user;
    const char *person;
} Account;

static bool
apply_account(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Account *account = data;

    return nsk_directory_set_account(txn, account->user, account->person, error);
}

static bool
set_account(NskDb *db, const char *user, const char *person, GError **error)
{
    Account account = { user, person };

    return nsk_db_commit(db, &(NskChange){ .apply = apply_account, .data = &account }, NULL, error);
}

static void
assert_account(NskDb *db, const char *user, const char *expected)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, NULL);
    g_autofree char *person = NULL;

    g_assert_true(nsk_directory_find_account(txn, user, &person, NULL));
    g_assert_cmpstr(person, ==, expected);
}

static void
test_accounts(void)
{
    g_autoptr(NskDb) db = open_demo();
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();

    assert_account(db, "root", NULL);
    g_assert_true(set_account(db, "root", "sekar", &error));
    g_assert_true(set_account(db, "root", "budi", &error));
    g_assert_true(set_account(db, "guest", "sekar", &error));
    g_assert_true(set_account(db, "guest", NULL, &error));
    g_assert_no_error(error);
    assert_account(db, "root", "budi");
    assert_account(db, "guest", NULL);
    g_assert_false(set_account(db, "x", "nobody", &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND);
    g_clear_error(&error);
    g_assert_false(set_account(db, "", "budi", &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    g_clear_error(&error);

    g_autoptr(NskDirectory) other = read_text(small_office, issues, &error);
    g_assert_true(store(db, other, NSK_DIRECTORY_REPLACE, issues, &error));
    assert_account(db, "root", NULL); /* budi is gone */
}

static void
test_things_are_found(void)
{
    g_autoptr(NskDb) db = open_demo();
    g_autoptr(GError) error = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, &error);
    g_autoptr(NskUnit) unit = nsk_directory_get_unit(txn, "balai-sagara", &error);
    g_autoptr(NskPosition) position =
        nsk_directory_get_position(txn, "kepala-subdirektorat-imbuhan", &error);
    g_autoptr(NskPerson) person = nsk_directory_get_person(txn, "sekar", &error);
    g_autoptr(NskMandate) mandate = nsk_directory_get_mandate(txn, "an-biro-umum", &error);

    g_assert_no_error(error);
    g_assert_cmpstr(unit->zone, ==, "Asia/Makassar");
    g_assert_cmpuint(g_utf8_strlen(position->title, -1), >, 120);
    g_assert_cmpstr(position->superior, ==, "deputi-bidang-konservasi");
    g_assert_cmpstr(person->printed, ==, "Dr. Sekar Wulandari, S.H., M.Si.");
    g_assert_cmpstr(person->nip, ==, "198001012005012001");
    g_assert_cmpuint(g_strv_length(mandate->kinds), ==, 4);
    g_assert_false(nsk_date_is_set(mandate->until));
    g_assert_null(nsk_directory_get_unit(txn, "x' OR '1'='1", &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND);
}

static void
test_unit_codes_go_down(void)
{
    static const struct {
        const char *unit;
        const char *codes;
    } cases[] = {
        { "biro-umum", "SU BU" },
        { "sekretariat-utama", "SU" },
        { "bpatn", "BPATN" },
        { "direktorat-jaringan-pantau", "D.I Dit.1" },
    };
    g_autoptr(NskDb) db = open_demo();
    g_autoptr(GError) error = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, &error);

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(GStrv) codes = nsk_directory_unit_codes(txn, cases[i].unit, &error);
        g_assert_no_error(error);
        g_autofree char *text = g_strjoinv(" ", codes);

        g_assert_cmpstr(text, ==, cases[i].codes);
    }
    g_assert_null(nsk_directory_unit_codes(txn, "none", &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND);
}

static void
test_listing_goes_by_pages(void)
{
    g_autoptr(NskDb) db = open_demo();
    g_autoptr(GError) error = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, &error);
    g_autoptr(GPtrArray) units =
        nsk_directory_list(txn, NSK_DIRECTORY_UNIT, NULL, "biro-sdm", 2, &error);
    g_autoptr(GPtrArray) people =
        nsk_directory_list(txn, NSK_DIRECTORY_PERSON, "WULANDARI", NULL, 10, &error);
    g_autoptr(GPtrArray) positions =
        nsk_directory_list(txn, NSK_DIRECTORY_POSITION, NULL, "", 100, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(units->len, ==, 2);
    const NskDirectoryHit *hit = g_ptr_array_index(units, 0);
    g_assert_cmpstr(hit->id, ==, "biro-umum");
    g_assert_cmpstr(hit->unit, ==, "sekretariat-utama");
    g_assert_cmpuint(people->len, ==, 1);
    g_assert_cmpuint(positions->len, ==, 32);
}

static void
test_no_fault_leaves_a_half(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskDirectory) other = read_text(small_office, issues, &error);
    g_autoptr(NskDb) db = open_demo();
    g_autoptr(NskDirectory) demo = read_demo();
    g_autofree char *whole = canonical(demo);

    for (unsigned nth = 1;; nth++) {
        g_autoptr(GError) fault = NULL;

        nsk_db_fail_nth(db, nth);
        bool ok = store(db, other, NSK_DIRECTORY_REPLACE, issues, &fault);
        nsk_db_fail_nth(db, 0);
        if (ok) {
            g_assert_cmpuint(nth, >, 12);
            return;
        }
        g_autoptr(NskDirectory) stored = read_stored(db);
        g_autofree char *text = canonical(stored);
        g_assert_cmpstr(text, ==, whole);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/directory/xml/round-trip-is-stable", test_round_trip);
    g_test_add_func("/directory/check/faults-have-tags-and-lines", test_faults_have_tags_and_lines);
    g_test_add_func("/directory/check/doubtful-things-are-warnings",
                    test_doubtful_things_are_warnings);
    g_test_add_func("/directory/check/neighbours-and-staff-are-fine",
                    test_neighbours_and_staff_are_fine);
    g_test_add_func("/directory/merge/replaces-and-adds", test_merge_replaces_and_adds);
    g_test_add_func("/directory/merge/bad-one-writes-nothing", test_bad_merge_writes_nothing);
    g_test_add_func("/directory/merge/people-may-swap-their-nip", test_people_may_swap_their_nip);
    g_test_add_func("/directory/csv-folder/is-the-same-as-xml", test_csv_is_the_same_as_xml);
    g_test_add_func("/directory/csv-folder/all-faults-are-reported-by-line",
                    test_all_csv_faults_are_reported_by_line);
    g_test_add_func("/directory/csv-folder/needs-units", test_csv_needs_units);
    g_test_add_func("/directory/accounts/follow-people", test_accounts);
    g_test_add_func("/directory/lookup/things-are-found", test_things_are_found);
    g_test_add_func("/directory/lookup/unit-codes-go-down", test_unit_codes_go_down);
    g_test_add_func("/directory/lookup/listing-goes-by-pages", test_listing_goes_by_pages);
    g_test_add_func("/directory/fault/no-fault-leaves-a-half", test_no_fault_leaves_a_half);
    return g_test_run();
}
