/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes an office: folder, database, rules, directory and, for a demo, keys.
 *
 *   (1) The setting "origin" is written last: an office without it was not made to its end, and
 * does not open. (2) The first thing made inside the folder is a folder that must not be there,
 * which settles who makes the office if two try. (3) What fails leaves nothing behind: every path
 * is noted before or as it is made, and removed.
 */
#include "base/bytes.h"
#include "base/fault.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/message.h"
#include "base/resource.h"
#include "office/door-private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define DEMO_DIRECTORY  "templates/demo/directory.xml"
#define SHIPPED_PROFILE "templates/profiles/demo.xml"
#define KIND_FOLDER     "templates/letters"
#define SAMPLE_ENDING   ".sample.xml"
#define WORKFLOW_FOLDER "workflows"
#define CALENDAR_FOLDER "templates/calendar"
#define PASSPHRASE_SIZE 16
#define LIST_STEP       500
#define VALID_BEFORE    G_TIME_SPAN_DAY /* a clock may be set right after the keys are made */
#define PROGRAM_PART    "naskah-init"

/* What the first change stores. */
typedef struct {
    const NskInitOptions *options;
    NskDirectory *directory;
    GBytes *directory_xml;
    GPtrArray *rules; /* owned array of Rule */
    GPtrArray *made;  /* owned paths, in the order made */
    NskInstant now;
    const char *origin; /* in the second change */
    char *password;     /* of a demo's accounts; owned */
} Plan;

typedef struct {
    const char *type;
    char *name;
    GBytes *content;
} Rule;

static void
rule_free(gpointer data)
{
    Rule *rule = data;

    g_free(rule->name);
    g_bytes_unref(rule->content);
    g_free(rule);
}

static void
plan_clear(Plan *plan)
{
    g_clear_pointer(&plan->directory, nsk_directory_free);
    g_clear_pointer(&plan->directory_xml, g_bytes_unref);
    g_clear_pointer(&plan->rules, g_ptr_array_unref);
    g_clear_pointer(&plan->made, g_ptr_array_unref);
    g_clear_pointer(&plan->password, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Plan, plan_clear)

/* Makes @path and what is missing above it, each durable and noted in @made. */
static bool
make_missing(GPtrArray *made, const char *path, GError **error)
{
    if (g_file_test(path, G_FILE_TEST_IS_DIR))
        return true;
    g_autofree char *parent = g_path_get_dirname(path);
    if (strcmp(parent, path) != 0 && !make_missing(made, parent, error))
        return false;
    if (mkdir(path, 0700) != 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("cannot make the folder '%s': %s"), path, nsk_reason(errno));
        return false;
    }
    g_ptr_array_add(made, g_strdup(path));
    return nsk_dir_sync(parent, error);
}

static bool
make_folder(Plan *plan, GError **error)
{
    const char *dir = plan->options->dir;
    g_autofree char *whole = g_canonicalize_filename(dir, NULL);
    g_autoptr(GDir) there = g_dir_open(dir, 0, NULL);

    if (there != NULL && g_dir_read_name(there) != NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("there is something in '%s' already; name an empty or a new folder"),
                    dir);
        return false;
    }
    if (!make_missing(plan->made, whole, error))
        return false;
    if (chmod(whole, 0700) == 0)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                nsk_tr("cannot close the folder '%s' to others: %s"), dir, nsk_reason(errno));
    return false;
}

/* Removes what was made, the last first.  A folder that got something else meanwhile stays. */
static void
remove_made(const Plan *plan)
{
    for (guint i = plan->made->len; i > 0; i--)
        (void)remove(g_ptr_array_index(plan->made, i - 1));
}

/* Takes over @content, which may be NULL with @error set. */
static bool
add_rule(Plan *plan, const char *type, char *name, GBytes *content)
{
    if (content == NULL) {
        g_free(name);
        return false;
    }
    Rule *rule = g_new(Rule, 1);
    *rule = (Rule){ type, name, content };
    g_ptr_array_add(plan->rules, rule);
    return true;
}

/* The shipped files of a folder with that ending, each named without it. */
static bool
add_shipped(Plan *plan, const char *type, const char *folder, const char *ending, GError **error)
{
    g_auto(GStrv) names = nsk_resource_list(folder, error);

    for (int i = 0; names != NULL && names[i] != NULL; i++) {
        g_autofree char *path = g_build_filename(folder, names[i], NULL);

        if (!g_str_has_suffix(names[i], ending) || g_str_has_suffix(names[i], SAMPLE_ENDING))
            continue;
        if (!add_rule(plan, type, g_strndup(names[i], strlen(names[i]) - strlen(ending)),
                      nsk_resource_load(path, error)))
            return false;
    }
    return names != NULL;
}

static bool
add_profile(Plan *plan, GError **error)
{
    const char *path = plan->options->profile;
    g_autoptr(GBytes) content = path != NULL ? nsk_file_read(path, NSK_LIMIT_FORM_SIZE, error)
                                             : nsk_resource_load(SHIPPED_PROFILE, error);

    if (content == NULL)
        return false;
    const NskOfficeFile file = { path != NULL ? path : SHIPPED_PROFILE, content };
    GBytes *whole = NULL;

    return nsk_office_profile_pack(&file, &whole, error) &&
           add_rule(plan, "profile", g_strdup("agency"), whole);
}

static NskDirectory *
read_directory_xml(const char *name, GBytes *content, NskIssues *issues, GError **error)
{
    g_autoptr(NskXmlDoc) doc =
        nsk_xml_parse(name, g_bytes_get_data(content, NULL), g_bytes_get_size(content), error);

    return doc != NULL ? nsk_directory_read_xml(doc, issues, error) : NULL;
}

static NskDirectory *
read_directory(const NskInitOptions *options, GError **error)
{
    const char *path = options->directory;
    g_autoptr(NskIssues) issues = nsk_issues_new();

    if (path != NULL && g_file_test(path, G_FILE_TEST_IS_DIR))
        return nsk_directory_read_csv(path, issues, error);
    if (path == NULL && !options->demo) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("an office needs people: name an XML file or a folder of CSV "
                                   "files with --directory, or make a demo office with --demo"));
        return NULL;
    }
    g_autoptr(GBytes) content = path != NULL ? nsk_file_read(path, NSK_LIMIT_XML_SIZE, error)
                                             : nsk_resource_load(DEMO_DIRECTORY, error);
    return content != NULL
               ? read_directory_xml(path != NULL ? path : DEMO_DIRECTORY, content, issues, error)
               : NULL;
}

/* Whether the person who is to own this account is one of the directory. */
static bool
check_person(const NskXmlDoc *directory, const char *id, GError **error)
{
    const NskXmlNode *people = nsk_xml_child(nsk_xml_doc_get_root(directory), "people");

    for (const NskXmlNode *person = nsk_xml_first(people); person != NULL;
         person = nsk_xml_next(person)) {
        if (strcmp(nsk_xml_attr(person, "id"), id) == 0)
            return true;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                nsk_tr("the directory has no person '%s', to whom this account could belong"), id);
    return false;
}

static bool
make_plan(Plan *plan, GError **error)
{
    const char *person = plan->options->person;

    plan->rules = g_ptr_array_new_with_free_func(rule_free);
    plan->directory = read_directory(plan->options, error);
    if (plan->directory == NULL)
        return false;
    g_autoptr(NskXmlDoc) doc = nsk_directory_to_xml(plan->directory);
    if (person != NULL && !check_person(doc, person, error))
        return false;
    plan->directory_xml = nsk_xml_pretty(doc, error);
    return plan->directory_xml != NULL && add_shipped(plan, "kind", KIND_FOLDER, ".xml", error) &&
           add_shipped(plan, "workflow", WORKFLOW_FOLDER, ".bpmn", error) &&
           add_shipped(plan, "calendar", CALENDAR_FOLDER, ".xml", error) &&
           add_profile(plan, error);
}

static bool
store_directory(NskDbTxn *txn, const Plan *plan, GError **error)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();
    NskStoreFile file = { .name = NSK_DIRECTORY_FILE, .content = plan->directory_xml };
    NskOfficeEvent event = { .origin = plan->origin,
                             .history = NSK_DIRECTORY_HISTORY,
                             .actor = PROGRAM_PART,
                             .action = "directory-loaded",
                             .sentence = "Load the directory",
                             .files = &file,
                             .n_files = 1,
                             .now = plan->now };

    return nsk_directory_store(plan->directory, txn, NSK_DIRECTORY_REPLACE, issues, error) &&
           nsk_record_office(txn, &event, error);
}

static bool
store_rules(NskDbTxn *txn, const Plan *plan, GError **error)
{
    g_autofree NskStoreFile *files = g_new0(NskStoreFile, plan->rules->len);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    NskOfficeEvent event = { .origin = plan->origin,
                             .history = NSK_RULES_HISTORY,
                             .actor = PROGRAM_PART,
                             .action = "rules-in-force",
                             .sentence = "Put kinds, workflows and profile in force",
                             .files = files,
                             .n_files = plan->rules->len,
                             .now = plan->now };

    for (guint i = 0; i < plan->rules->len; i++) {
        const Rule *rule = g_ptr_array_index(plan->rules, i);
        char *name = g_strdup_printf("%s.%s.xml", rule->type, rule->name);

        g_ptr_array_add(names, name);
        files[i] = (NskStoreFile){ .name = name, .content = rule->content };
        if (!nsk_rule_put(txn, rule->type, rule->name, rule->content, plan->now, error))
            return false;
    }
    return nsk_record_office(txn, &event, error);
}

static bool
apply_content(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Plan *plan = data;

    if (!nsk_setting_put(txn, "demo", plan->options->demo ? "yes" : "no", error) ||
        !store_directory(txn, plan, error) || !store_rules(txn, plan, error))
        return false;
    return plan->options->person == NULL ||
           nsk_directory_set_account(txn, g_get_user_name(), plan->options->person, error);
}

static bool
apply_origin(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Plan *plan = data;
    NskOfficeEvent event = { .origin = plan->origin,
                             .history = NSK_SETTINGS_HISTORY,
                             .actor = PROGRAM_PART,
                             .action = "settings-kept",
                             .sentence = "Keep the settings",
                             .now = plan->now };

    return nsk_setting_put(txn, "origin", plan->origin, error) &&
           nsk_record_office_rows(txn, NSK_KEPT_SETTINGS, &event, error);
}

/* Where demo keys go; all borrowed. */
typedef struct {
    NskDemoAuthority *authority;
    const char *passphrase;
    const char *folder;
    NskInstant now;
    GPtrArray *made; /* see Plan */
} Keys;

/* Writes the key of one person. */
static bool
issue_key(const Keys *keys, const NskPerson *person, GError **error)
{
    NskDemoPerson wanted = { .name = person->name,
                             .staff_number = person->id,
                             .passphrase = keys->passphrase,
                             .not_before = keys->now - VALID_BEFORE };
    g_autofree char *file = g_strconcat(person->id, ".p12", NULL);
    g_autofree char *path = g_build_filename(keys->folder, file, NULL);
    g_autoptr(GBytes) p12 = nsk_demo_authority_issue(keys->authority, &wanted, error);

    g_ptr_array_add(keys->made, g_strdup(path));
    return p12 != NULL &&
           nsk_file_write(path, g_bytes_get_data(p12, NULL), g_bytes_get_size(p12), 0600, error);
}

static bool
issue_keys(NskDb *db, const Keys *keys, GError **error)
{
    g_autofree char *after = g_strdup("");
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, error);
    guint found = LIST_STEP;

    while (txn != NULL && found == LIST_STEP) {
        g_autoptr(GPtrArray) people =
            nsk_directory_list(txn, NSK_DIRECTORY_PERSON, NULL, after, LIST_STEP, error);

        if (people == NULL)
            return false;
        found = people->len;
        for (guint i = 0; i < found; i++) {
            const NskDirectoryHit *hit = g_ptr_array_index(people, i);
            g_autoptr(NskPerson) person = nsk_directory_get_person(txn, hit->id, error);

            if (person == NULL || !issue_key(keys, person, error))
                return false;
            g_free(after);
            after = g_strdup(hit->id);
        }
    }
    return txn != NULL;
}

/* Keys of a demo authority, made now: one for each person, and the root to trust. */
static bool
make_demo_keys(const Plan *plan, NskDb *db, GError **error)
{
    const char *dir = plan->options->dir;
    uint8_t secret[PASSPHRASE_SIZE];
    g_autofree char *folder = nsk_office_path(dir, "keys");
    g_autofree char *note = nsk_office_path(dir, "keys/passphrase");
    g_autofree char *root = nsk_office_path(dir, "trust/demo-root.pem");
    g_autoptr(NskDemoAuthority) authority = nsk_demo_authority_new(plan->now, error);

    if (authority == NULL)
        return false;
    nsk_random(secret, sizeof secret);
    g_autofree char *passphrase = nsk_hex(secret, sizeof secret);
    g_autofree char *line = g_strdup_printf("%s\n", passphrase);
    g_autofree char *pem = nsk_cert_to_pem(nsk_demo_authority_get_root(authority));
    g_ptr_array_add(plan->made, g_strdup(note));
    g_ptr_array_add(plan->made, g_strdup(root));
    return nsk_file_write(note, line, strlen(line), 0600, error) &&
           nsk_file_write(root, pem, strlen(pem), 0644, error) &&
           issue_keys(db, &(Keys){ authority, passphrase, folder, plan->now, plan->made }, error);
}

static bool
make_subfolders(const Plan *plan, GError **error)
{
    static const char *const names[] = { "keys", "trust", "repositories" };

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = nsk_office_path(plan->options->dir, names[i]);

        if (mkdir(path, 0700) != 0) {
            g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot make the folder '%s': %s"),
                        path, nsk_reason(errno));
            return false;
        }
        g_ptr_array_add(plan->made, g_steal_pointer(&path));
    }
    return nsk_dir_sync(plan->options->dir, error);
}

static bool
apply_accounts(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    return nsk_door_demo_add(txn, data, error);
}

/* Everybody can sign in to a demo. */
static bool
make_demo_accounts(Plan *plan, NskDbWriter *writer, GError **error)
{
    g_autofree char *note = nsk_office_path(plan->options->dir, "keys/demo-password");
    g_autofree char *hash = NULL;

    g_ptr_array_add(plan->made, g_strdup(note));
    hash = nsk_door_demo_hash(note, &plan->password, error);
    NskDoorDemo demo = { plan->origin, hash, plan->now };
    NskChange change = { .apply = apply_accounts, .data = &demo };
    return hash != NULL && nsk_db_writer_commit(writer, &change, NULL, error);
}

/* Makes the database, which has files beside it. */
static bool
make_database(const Plan *plan, const char *path, GError **error)
{
    static const char *const endings[] = { "", "-journal", "-wal", "-shm", ".writer" };

    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        for (size_t i = 0; i < G_N_ELEMENTS(endings); i++)
            g_ptr_array_add(plan->made, g_strconcat(path, endings[i], NULL));
    }
    return nsk_db_create(path, error);
}

/* Everything inside the folder. */
static bool
fill_office(Plan *plan, GError **error)
{
    const NskInitOptions *options = plan->options;
    g_autofree char *path = nsk_office_path(options->dir, "office.db");

    if (!make_subfolders(plan, error) || !make_database(plan, path, error) ||
        !NSK_FAULT("init.created", error))
        return false;
    g_autoptr(NskDbWriter) writer = nsk_db_writer_open(path, error);
    g_autoptr(NskDb) db = writer != NULL ? nsk_db_open(path, NSK_DB_READ, error) : NULL;
    NskChange content = { .apply = apply_content, .data = plan };
    NskChange origin = { .apply = apply_origin, .data = plan };
    return db != NULL && nsk_db_writer_commit(writer, &content, NULL, error) &&
           (!options->demo ||
            (make_demo_keys(plan, db, error) && make_demo_accounts(plan, writer, error))) &&
           nsk_db_writer_commit(writer, &origin, NULL, error);
}

bool
nsk_office_init(const NskInitOptions *options, NskJson **out_result, GError **error)
{
    g_auto(Plan) plan = { .options = options, .now = nsk_clock_now(options->clock) };
    g_autofree char *id = nsk_id_new(options->clock);
    g_autofree char *origin = g_strconcat("naskah-", id, NULL);

    plan.origin = origin;
    plan.made = g_ptr_array_new_with_free_func(g_free);
    /* everything that can be wrong with the input is found before the first file is made */
    if (!make_plan(&plan, error))
        return false;
    if (!make_folder(&plan, error) || !fill_office(&plan, error)) {
        remove_made(&plan);
        return false;
    }

    g_autofree char *trust = nsk_office_path(options->dir, "trust/demo-root.pem");
    g_autofree char *keys = nsk_office_path(options->dir, "keys");
    NskJson *result = nsk_json_object();
    nsk_json_set_text(result, "office", options->dir);
    nsk_json_set_bool(result, "demo", options->demo);
    nsk_json_set_int(result, "rules", plan.rules->len);
    nsk_json_set_text(result, "trust", options->demo ? trust : NULL);
    nsk_json_set_text(result, "keys", keys);
    nsk_json_set_text(result, "password", plan.password);
    *out_result = result;
    return true;
}
