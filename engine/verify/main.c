/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * naskah-verify: one evidence file, one verdict, for somebody who trusts neither the office nor its
 * server.  Reads the file and what is named with --key and --trust, and nothing else.
 */
#include "base/bytes.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/message.h"
#include "verify/verify-private.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

#define STATUS_USAGE 2
#define STATUS_IO    1

static char *key_given;
static char **trust_given, **witness_given;
static gboolean as_json;
static gboolean tell_version;

static GOptionEntry options[] = {
    { "key", 0, 0, G_OPTION_ARG_STRING, &key_given,
      N_("the key of the office's log, or a file that has it"), "KEY" },
    { "trust", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &trust_given,
      N_("certificates of authorities to believe; may be repeated"), "FILE" },
    { "witness", 0, 0, G_OPTION_ARG_STRING_ARRAY, &witness_given,
      N_("the key of a witness that must have cosigned the log, or a file that has it; each that "
         "is "
         "named must have"),
      "KEY" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_("answer as JSON, for programs"), NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &tell_version, N_("tell the program's version"), NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

/* By verdict; the statuses are those of 'naskah verify'. */
static const struct {
    const char *name, *words;
    int status;
} verdicts[] = {
    [NSK_EVIDENCE_PROVEN] = { "proven",
                              N_("PROVEN: this letter and these entries of its history are in the "
                                 "office's log"),
                              0 },
    [NSK_EVIDENCE_NOTES] = { "proven-with-notes",
                             N_("PROVEN WITH NOTES: nothing is wrong; what is not proved is told "
                                "below"),
                             5 },
    [NSK_EVIDENCE_CONTRADICTED] = { "not-proven", N_("NOT PROVEN: do not believe this file"), 4 },
};

/* --- What is brought along ----------------------------------------------------------------------
 */

/* A key, or the first line of the file of that name. */
static bool
read_key(const char *given, NskLogNoteKey *out, GError **error)
{
    g_autoptr(GBytes) file = NULL;
    g_autofree char *text = g_strdup(given);

    if (g_file_test(given, G_FILE_TEST_IS_REGULAR)) {
        file = nsk_file_read(given, NSK_LIMIT_KEY_SIZE, error);
        if (file == NULL)
            return false;
        g_free(text);
        text = g_strndup(g_bytes_get_data(file, NULL), g_bytes_get_size(file));
    }
    text[strcspn(text, "\r\n")] = '\0';
    return nsk_log_note_key_parse(text, out, error);
}

/* Of NskLogNoteKey. */
static GArray *
read_witnesses(GError **error)
{
    g_autoptr(GArray) keys = g_array_new(FALSE, FALSE, sizeof(NskLogNoteKey));

    for (char **given = witness_given; given != NULL && *given != NULL; given++) {
        NskLogNoteKey key;

        if (!read_key(*given, &key, error)) {
            g_prefix_error(error, "--witness: ");
            return NULL;
        }
        if (key.kind != NSK_NOTE_COSIGNATURE) {
            g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("--witness: '%s' is the key of a log, not of a witness"), key.name);
            return NULL;
        }
        g_array_append_val(keys, key);
    }
    return g_steal_pointer(&keys);
}

static bool
read_trust(NskTrust *trust, GError **error)
{
    for (char **path = trust_given; path != NULL && *path != NULL; path++) {
        g_autoptr(GBytes) file = nsk_file_read(*path, NSK_LIMIT_KEY_SIZE, error);
        g_autoptr(GPtrArray) roots = file != NULL ? nsk_certs_parse(g_bytes_get_data(file, NULL),
                                                                    g_bytes_get_size(file), error)
                                                  : NULL;

        if (roots == NULL) {
            g_prefix_error(error, "'%s': ", *path);
            return false;
        }
        for (guint i = 0; i < roots->len; i++)
            nsk_trust_add(trust, g_ptr_array_index(roots, i));
    }
    return true;
}

/* --- Telling ------------------------------------------------------------------------------------
 */

static void
print_texts(const char *mark, const GPtrArray *texts)
{
    for (guint i = 0; i < texts->len; i++)
        (void)printf("  %s %s\n", mark, (const char *)g_ptr_array_index(texts, i));
}

static void
print_words(const char *file, const NskEvidenceReport *report)
{
    (void)printf("%s: %s\n", file, nsk_tr(verdicts[report->verdict].words));
    if (report->letter != NULL)
        (void)printf(nsk_tr("  letter %s\n"), report->letter);
    print_texts("-", report->wrong);
    if (report->verdict == NSK_EVIDENCE_CONTRADICTED)
        return;
    print_texts("+", report->proved);
    print_texts("?", report->notes);
}

static NskJson *
list_texts(const GPtrArray *texts)
{
    NskJson *list = nsk_json_array();

    for (guint i = 0; i < texts->len; i++)
        nsk_json_add_text(list, g_ptr_array_index(texts, i));
    return list;
}

static void
print_json(const char *file, const NskEvidenceReport *report)
{
    g_autoptr(NskJson) json = nsk_json_object();

    nsk_json_set_text(json, "file", file);
    nsk_json_set_text(json, "verdict", verdicts[report->verdict].name);
    nsk_json_set_text(json, "letter", report->letter);
    nsk_json_set_text(json, "log", report->origin);
    nsk_json_set_int(json, "log_size", (int64_t)report->log_size);
    nsk_json_set_int(json, "entries", report->n_entries);
    nsk_json_set_int(json, "cosigned", report->n_cosigned);
    nsk_json_set(json, "wrong", list_texts(report->wrong));
    nsk_json_set(json, "notes", list_texts(report->notes));
    nsk_json_set(json, "proved", list_texts(report->proved));
    g_autofree char *text = nsk_json_canonical(json);
    (void)printf("%s\n", text);
}

/* --- The program --------------------------------------------------------------------------------
 */

static int
fail(int status, const GError *error)
{
    (void)fprintf(stderr, "naskah-verify: %s\n", error->message);
    return status;
}

static int
judge(const char *file)
{
    NskLogNoteKey key;
    g_autoptr(GError) error = NULL;
    g_autoptr(NskTrust) trust = nsk_trust_new();

    g_autoptr(GArray) witnesses = read_witnesses(&error);
    if (witnesses == NULL || (key_given != NULL && !read_key(key_given, &key, &error)) ||
        !read_trust(trust, &error))
        return fail(STATUS_USAGE, error);
    g_autoptr(GBytes) zip = nsk_file_read(file, NSK_LIMIT_PACKAGE, &error);
    if (zip == NULL)
        return fail(STATUS_IO, error);
    const NskEvidenceAsk ask = { .key = key_given != NULL ? &key : NULL,
                                 .witnesses = (const NskLogNoteKey *)(void *)witnesses->data,
                                 .n_witnesses = witnesses->len,
                                 .trust = trust_given != NULL ? trust : NULL,
                                 .now = nsk_clock_now(&nsk_clock_system) };
    g_autoptr(NskEvidenceReport) report = nsk_evidence_judge(zip, &ask);
    if (as_json)
        print_json(file, report);
    else
        print_words(file, report);
    return verdicts[report->verdict].status;
}

static GOptionContext *
make_context(void)
{
    GOptionContext *context = g_option_context_new("FILE.zip");

    for (GOptionEntry *entry = options; entry->long_name != NULL; entry++)
        entry->description = nsk_tr(entry->description);
    g_option_context_add_main_entries(context, options, NULL);
    g_option_context_set_summary(
        context, nsk_tr("Judges the evidence file of a letter (naskah archive export) offline, and "
                        "prints one verdict with its reasons."));
    g_option_context_set_description(
        context,
        nsk_tr("Get the key of the office's log from the office, or from somebody who had it "
               "before you had\nthe file: with the key that is in the file the verdict says no "
               "more than that the file fits itself.\nWith --witness nobody can have shown you "
               "another log than those witnesses saw.\nWhat happened after the file was made it "
               "cannot tell.\n\nExit status: 0 proven, 5 with notes, 4 not "
               "proven, 1 the file cannot be read, 2 wrong use."));
    return context;
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GOptionContext) context = NULL;

    (void)setlocale(LC_ALL, "");
    context = make_context();
    if (!g_option_context_parse(context, &argc, &argv, &error))
        return fail(STATUS_USAGE, error);
    if (tell_version) {
        (void)printf("naskah-verify %s\n", NSK_VERSION);
        return 0;
    }
    if (argc == 2)
        return judge(argv[1]);
    (void)fprintf(stderr, "naskah-verify: %s\n",
                  nsk_tr("give one evidence file; 'naskah-verify --help' explains it"));
    return STATUS_USAGE;
}
