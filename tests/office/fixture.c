/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MINUTE     (60 * G_USEC_PER_SEC)
#define COPY_LIMIT (64 * 1024 * 1024)
#define NS         "urn:naskah:letter:1"

static char *base; /* folder of the program */

static const char sql_drop_update_guard[] = "DROP TRIGGER IF EXISTS journal_is_not_changed";
static const char sql_drop_delete_guard[] = "DROP TRIGGER IF EXISTS journal_is_not_cut";
static const char sql_defer_keys[] = "PRAGMA defer_foreign_keys = ON";

/* --- Folders --------------------------------------------------------------------------------- */

static void
copy_folder(const char *from, const char *to)
{
    const char *name;
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) dir = g_dir_open(from, 0, &error);

    g_assert_no_error(error);
    g_assert_cmpint(g_mkdir_with_parents(to, 0700), ==, 0);
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *source = g_build_filename(from, name, NULL);
        g_autofree char *target = g_build_filename(to, name, NULL);

        if (g_file_test(source, G_FILE_TEST_IS_DIR)) {
            copy_folder(source, target);
            continue;
        }
        g_autoptr(GBytes) bytes = nsk_file_read(source, COPY_LIMIT, &error);
        g_assert_no_error(error);
        g_file_set_contents_full(target, g_bytes_get_data(bytes, NULL),
                                 (gssize)g_bytes_get_size(bytes), G_FILE_SET_CONTENTS_NONE, 0600,
                                 &error);
        g_assert_no_error(error);
    }
}

static int
remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static NskInstant
read_clock(void *data)
{
    return ((const Fixture *)data)->now;
}

NskInstant
fixture_morning(const char *date)
{
    g_autofree char *text = g_strdup_printf("%sT02:00:00.000000Z", date);
    g_autoptr(GError) error = NULL;
    NskInstant at = 0;

    g_assert_true(nsk_instant_parse(text, &at, &error));
    g_assert_no_error(error);
    return at;
}

static void
make_template(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;
    Fixture f = { .now = fixture_morning(FIXTURE_FIRST_DAY), .clock = { read_clock, &f } };

    base = g_dir_make_tmp("naskah-office-XXXXXX", &error);
    g_assert_no_error(error);
    g_autofree char *dir = g_build_filename(base, "template", NULL);
    NskInitOptions options = { .dir = dir, .demo = true, .clock = &f.clock };
    bool ok = nsk_office_init(&options, &result, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
}

void
fixture_reopen(Fixture *f, const char *request_id)
{
    g_autoptr(GError) error = NULL;
    NskOfficeOptions options = { .dir = f->dir,
                                 .nobody = true,
                                 .request_id = request_id,
                                 .clock = &f->clock };

    g_clear_pointer(&f->office, nsk_office_free);
    f->office = nsk_office_open(&options, &error);
    g_assert_no_error(error);
    g_assert_nonnull(f->office);
}

static void
set_up(Fixture *f, gconstpointer data)
{
    static unsigned n;
    const FixtureTest *test = data;
    g_autoptr(GError) error = NULL;
    g_autofree char *name = g_strdup_printf("%u", ++n);
    g_autofree char *from = g_build_filename(base, "template", NULL);

    f->dir = g_build_filename(base, name, "office", NULL);
    f->now = fixture_morning(test->date != NULL ? test->date : FIXTURE_DAY);
    f->clock = (NskClock){ read_clock, f };
    copy_folder(from, f->dir);
    g_autofree char *note = g_build_filename(f->dir, "keys/passphrase", NULL);
    g_file_get_contents(note, &f->passphrase, NULL, &error);
    g_assert_no_error(error);
    g_strchomp(f->passphrase);
    f->trust = g_build_filename(f->dir, "trust/demo-root.pem", NULL);
    fixture_reopen(f, NULL);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    (void)data;
    nsk_office_free(f->office);
    g_free(f->dir);
    g_free(f->passphrase);
    g_free(f->trust);
}

int
fixture_main(int argc, char **argv, const FixtureTest *tests, size_t n)
{
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < n; i++)
        g_test_add(tests[i].path, Fixture, &tests[i], set_up, tests[i].run, tear_down);
    make_template();
    int status = g_test_run();
    nftw(base, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    g_clear_pointer(&base, g_free);
    return status;
}

char *
fixture_path(const Fixture *f, const char *name)
{
    g_autofree char *parent = g_path_get_dirname(f->dir);

    return g_build_filename(parent, name, NULL);
}

void
fixture_as(Fixture *f, const char *person)
{
    g_autoptr(GError) error = NULL;
    bool ok = nsk_office_act_as(f->office, person, &error);

    g_assert_no_error(error);
    g_assert_true(ok);
    f->now += MINUTE;
}

/* --- Letters --------------------------------------------------------------------------------- */

static void
add_positions(GString *xml, const char *list, const char *wrapper, const char *format)
{
    g_auto(GStrv) words = g_strsplit(list != NULL ? list : "", " ", -1);

    if (list == NULL || list[0] == '\0')
        return;
    g_string_append_printf(xml, "<%s>", wrapper);
    for (int i = 0; words[i] != NULL; i++) {
        g_auto(GStrv) parts = g_strsplit(format, "@", 2);

        g_string_append_printf(xml, "%s%s%s", parts[0], words[i], parts[1]);
    }
    g_string_append_printf(xml, "</%s>", wrapper);
}

static void
add_signatories(GString *xml, const char *list)
{
    g_auto(GStrv) words = g_strsplit(list, " ", -1);

    g_string_append(xml, "<signatories>");
    for (int i = 0; words[i] != NULL; i++) {
        g_auto(GStrv) parts = g_strsplit(words[i], ":", 3);

        g_assert_cmpuint(g_strv_length(parts), >=, 2);
        g_string_append_printf(xml, "<signatory position=\"%s\" capacity=\"%s\"", parts[0],
                               parts[1]);
        if (parts[2] != NULL)
            g_string_append_printf(xml, " mandate=\"%s\"", parts[2]);
        g_string_append(xml, "/>");
    }
    g_string_append(xml, "</signatories>");
}

static void
add_references(GString *xml, const char *list)
{
    g_auto(GStrv) words = g_strsplit(list, " ", -1);

    g_string_append(xml, "<references>");
    for (int i = 0; words[i] != NULL; i++) {
        g_auto(GStrv) parts = g_strsplit(words[i], ":", 2);

        g_string_append_printf(xml,
                               "<reference type=\"%s\" number=\"B-1\" date=\"2026-07-01\""
                               " letter=\"%s\">Permintaan</reference>",
                               parts[0], parts[1]);
    }
    g_string_append(xml, "<reference number=\"L-9\" date=\"2026-07-02\">Surat luar</reference>"
                         "</references>");
}

static const char *
either(const char *text, const char *otherwise)
{
    return text != NULL ? text : otherwise;
}

GBytes *
fixture_letter(const Words *words)
{
    GString *xml = g_string_new(NULL);

    g_string_append_printf(xml,
                           "<letter xmlns=\"" NS "\" kind=\"%s\" xml:lang=\"id\">\n"
                           "<security>%s</security><urgency>biasa</urgency>"
                           "<classification>KP.08.1</classification>\n<subject>%s</subject>",
                           either(words->kind, "surat-dinas"), either(words->security, "biasa"),
                           either(words->subject, "Undangan Rapat"));
    if (words->number != NULL)
        g_string_append_printf(xml, "<number>%s</number>", words->number);
    if (words->date != NULL)
        g_string_append_printf(xml, "<date>%s</date>", words->date);
    g_string_append_c(xml, '\n');
    add_positions(xml, either(words->to, "kepala-biro-sdm"), "to", "<position ref=\"@\"/>");
    add_positions(xml, words->copies, "copies", "<position ref=\"@\"/>");
    if (words->references != NULL)
        add_references(xml, words->references);
    add_positions(xml,
                  either(words->reviewers, "kepala-subbagian-persuratan kepala-bagian-tata-usaha"),
                  "reviewers", "<reviewer position=\"@\"/>");
    add_signatories(xml, either(words->signatories, "kepala-biro-umum:definitive"));
    g_string_append_printf(xml, "\n<body><p>%s</p></body>\n</letter>\n",
                           either(words->text, "Rapat diadakan di Aula Tirta."));
    return g_string_free_to_bytes(xml);
}

char *
fixture_draft_of(Fixture *f, const char *person, const char *position, GBytes *xml)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;
    NskNewLetter draft = { "letter.xml", xml, position };

    fixture_as(f, person);
    bool ok = nsk_office_letter_new(f->office, &draft, &result, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
    return g_strdup(nsk_json_get_text(result, "letter"));
}

char *
fixture_draft(Fixture *f, const Words *words)
{
    g_autoptr(GBytes) xml = fixture_letter(words);

    return fixture_draft_of(f, "damar", NULL, xml);
}

NskJson *
fixture_edit(Fixture *f, const char *person, const char *letter, const Words *words)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) xml = fixture_letter(words);
    NskLetterEdit edit = { .letter = letter, .name = "letter.xml", .xml = xml };
    NskJson *result = NULL;

    fixture_as(f, person);
    bool ok = nsk_office_letter_edit(f->office, &edit, &result, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
    return result;
}

NskJson *
fixture_act(Fixture *f,
            const char *person,
            const char *letter,
            const char *outcome,
            const char *note)
{
    g_autoptr(GError) error = NULL;
    NskTaskAct act = { .task = letter, .outcome = outcome, .note = note };
    NskJson *result = NULL;

    fixture_as(f, person);
    bool ok = nsk_office_task_act(f->office, &act, &result, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
    return result;
}

char *
fixture_to_signatory(Fixture *f, const Words *words)
{
    static const char *const steps[][2] = { { "damar", "submit" },
                                            { "kirana", "approve" },
                                            { "budi", "approve" } };
    char *letter = fixture_draft(f, words);

    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        g_autoptr(NskJson) done = fixture_act(f, steps[i][0], letter, steps[i][1], NULL);

        g_assert_cmpstr(nsk_json_get_text(done, "letter"), ==, letter);
    }
    return letter;
}

NskJson *
fixture_show(Fixture *f, const char *person, const char *letter)
{
    g_autoptr(GError) error = NULL;
    NskJson *result = NULL;

    fixture_as(f, person);
    bool ok = nsk_office_letter_show(f->office, letter, &result, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
    return result;
}

char *
fixture_prepare(Fixture *f, const char *person, const char *letter)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;

    fixture_as(f, person);
    bool ok = nsk_office_sign_prepare(f->office, letter, &result, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
    g_assert_cmpint(nsk_json_get_int(result, "pages", 0), >=, 1);
    return g_strdup(nsk_json_get_text(result, "sha256"));
}

bool
fixture_confirm(Fixture *f,
                const char *person,
                const NskSignAct *act,
                NskJson **out_result,
                GError **error)
{
    fixture_as(f, person);
    return nsk_office_sign_confirm(f->office, act, out_result, error);
}

NskJson *
fixture_sign(Fixture *f, const char *person, const char *letter)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *shown = fixture_prepare(f, person, letter);
    NskSignAct act = { letter, shown, NULL, f->passphrase, NULL };
    NskJson *result = NULL;
    bool ok = fixture_confirm(f, person, &act, &result, &error);

    g_assert_no_error(error);
    g_assert_true(ok);
    return result;
}

GBytes *
fixture_export(Fixture *f, const char *person, const char *letter, int form)
{
    g_autoptr(GError) error = NULL;
    NskExport what = { .form = form, .page = 1 };
    GBytes *bytes = NULL;

    fixture_as(f, person);
    bool ok = nsk_office_letter_export(f->office, letter, &what, &bytes, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
    return bytes;
}

NskJson *
fixture_history(Fixture *f, const char *person, const char *letter)
{
    g_autoptr(GError) error = NULL;
    NskJson *result = NULL;

    fixture_as(f, person);
    bool ok = nsk_office_letter_history(f->office, letter, &result, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
    g_assert_true(nsk_json_get_bool(result, "verified", false));
    return result;
}

char *
fixture_actions(Fixture *f, const char *person, const char *letter)
{
    g_autoptr(NskJson) result = fixture_history(f, person, letter);
    const NskJson *entries = nsk_json_get(result, "entries");
    GString *actions = g_string_new(NULL);

    for (size_t i = 0; i < nsk_json_length(entries); i++) {
        const NskJson *entry = nsk_json_at(entries, i);

        g_assert_cmpint(nsk_json_get_int(entry, "seq", 0), ==, (int64_t)i + 1);
        g_string_append_printf(actions, "%s%s", i > 0 ? " " : "",
                               nsk_json_get_text(entry, "action"));
    }
    return g_string_free(actions, FALSE);
}

/* --- Refusals -------------------------------------------------------------------------------- */

void
fixture_refused(GError **error, int code, const char *said)
{
    g_assert_error(*error, NSK_ERROR, code);
    if (strstr((*error)->message, said) == NULL)
        g_test_message("'%s' is not in: %s", said, (*error)->message);
    g_assert_nonnull(strstr((*error)->message, said));
    g_assert_false(g_str_has_suffix((*error)->message, "."));
    g_clear_error(error);
}

char *
fixture_act_fails(Fixture *f, const char *person, const NskTaskAct *act, int code, const char *said)
{
    GError *error = NULL;
    NskJson *result = NULL;

    fixture_as(f, person);
    g_assert_false(nsk_office_task_act(f->office, act, &result, &error));
    g_assert_null(result);
    g_assert_nonnull(error);
    char *message = g_strdup(error->message);
    fixture_refused(&error, code, said);
    return message;
}

bool
fixture_finds(Fixture *f, const char *person, const char *letter)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;

    fixture_as(f, person);
    if (nsk_office_letter_show(f->office, letter, &result, &error))
        return true;
    g_assert_null(result);
    g_assert_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND);
    return false;
}

/* --- Damage ---------------------------------------------------------------------------------- */

typedef struct {
    const char *sql;
    const char *letter;
} Damage;

static bool
apply_damage(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    const Damage *damage = data;

    const NskDbValue letter = NSK_DB_TEXT(damage->letter);

    (void)out_answer;
    return nsk_db_exec(txn, sql_drop_update_guard, NSK_DB_NO_PARAMS, NULL, error) &&
           nsk_db_exec(txn, sql_drop_delete_guard, NSK_DB_NO_PARAMS, NULL, error) &&
           nsk_db_exec(txn, sql_defer_keys, NSK_DB_NO_PARAMS, NULL, error) &&
           nsk_db_exec(txn, damage->sql, &letter, damage->letter != NULL ? 1 : 0, NULL, error);
}

void
fixture_damage(Fixture *f, const char *sql, const char *letter)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(f->dir, "office.db", NULL);
    Damage damage = { sql, letter };

    g_clear_pointer(&f->office, nsk_office_free);
    g_autoptr(NskDb) db = nsk_db_open(path, NSK_DB_WRITE, &error);
    g_assert_no_error(error);
    bool ok =
        nsk_db_commit(db, &(NskChange){ .apply = apply_damage, .data = &damage }, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
    g_clear_pointer(&db, nsk_db_free);
}

void
fixture_tamper(Fixture *f, const char *sql, const char *letter)
{
    fixture_damage(f, sql, letter);
    fixture_reopen(f, NULL);
}

char *
fixture_doctor(Fixture *f)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    GString *tags = g_string_new(NULL);
    bool ok = nsk_office_doctor(f->office, issues, &result, &error);

    g_assert_no_error(error);
    g_assert_true(ok);
    for (guint i = 0; i < issues->len; i++) {
        const NskIssue *issue = g_ptr_array_index(issues, i);
        g_autofree char *line = nsk_issue_format(issue);

        g_test_message("%s", line);
        if (issue->severity == NSK_SEVERITY_ERROR)
            g_string_append_printf(tags, "%s%s", tags->len > 0 ? " " : "", issue->tag);
    }
    return g_string_free(tags, FALSE);
}

char *
fixture_sha256(GBytes *bytes)
{
    return g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
}
