/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files of records as who keeps them looks for them, and the schemes as everybody may read them.
 *
 * Which units somebody keeps is asked once for a list: a unit without an archivist of its own is
 * kept by that of the unit above it.
 */
#include "base/message.h"
#include "office/records-private.h"

#include <string.h>

#define PAGE         50 /* files of a page, if nobody says how many */
#define PAGE_MOST    200
#define SCANNED_MOST 5000 /* files that are looked at for one page */
#define OFFERED      100  /* files that a letter may be put into */
#define CLASSES_MOST 300  /* of a scheme at once; of more only those next below */

static const char sql_kept[] =
    "WITH RECURSIVE kept (id, name, archivist) AS ("
    " SELECT id, name, archivist FROM unit WHERE parent = ''"
    " UNION ALL SELECT u.id, u.name,"
    "  CASE WHEN u.archivist <> '' THEN u.archivist ELSE k.archivist END"
    "  FROM kept k JOIN unit u ON u.parent = k.id)"
    " SELECT id, name, archivist FROM kept WHERE archivist <> '' ORDER BY archivist, id";
static const char sql_find[] = "SELECT " NSK_BERKAS_COLUMNS " FROM berkas"
                               " WHERE ($1 = '' OR unit = $1) AND ($2 = '' OR code = $2"
                               "  OR substr(code, 1, length($2) + 1) = $2 || '.')"
                               " AND ($3 = '' OR (closed IS NULL) = ($3 = 'open'))"
                               " AND (opened < $4 OR (opened = $4 AND id < $5))"
                               " ORDER BY opened DESC, id DESC LIMIT $6";
static const char sql_of_letter[] =
    "SELECT b.id, b.code, b.title FROM berkas_item i JOIN berkas b ON b.id = i.berkas"
    " WHERE i.letter = $1";
static const char sql_open_of_unit[] =
    "SELECT id, code, title FROM berkas WHERE unit = $1 AND closed IS NULL"
    " ORDER BY opened DESC, id LIMIT $2";
static const char sql_schemes[] =
    "SELECT name, version, at FROM rule WHERE type = 'scheme' AND in_force = 1 ORDER BY name";

/* --- The units that somebody keeps. ----------------------------------------------------------- */

static bool
acts_as(NskOffice *self, NskDbTxn *txn, const char *unit, bool *out_acts, GError **error)
{
    g_autoptr(GError) refusal = NULL;

    *out_acts = nsk_berkas_check_archivist(self, txn, unit, &refusal);
    if (*out_acts || g_error_matches(refusal, NSK_ERROR, NSK_ERROR_DENIED))
        return true;
    g_propagate_error(error, g_steal_pointer(&refusal));
    return false;
}

GHashTable *
nsk_berkas_list_kept(NskOffice *self, NskDbTxn *txn, GError **error)
{
    bool has_row = true, acts = false;
    g_autofree char *archivist = NULL;
    g_autoptr(GHashTable) kept = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql_kept, NSK_DB_NO_PARAMS, error);

    while (rows != NULL) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return NULL;
        if (!has_row)
            return g_steal_pointer(&kept);
        const char *unit = nsk_db_rows_text(rows, 0);
        if (g_strcmp0(archivist, nsk_db_rows_text(rows, 2)) != 0) {
            g_free(archivist);
            archivist = g_strdup(nsk_db_rows_text(rows, 2));
            if (!acts_as(self, txn, unit, &acts, error))
                return NULL;
        }
        if (acts)
            g_hash_table_insert(kept, g_strdup(unit), g_strdup(nsk_db_rows_text(rows, 1)));
    }
    return NULL;
}

static NskJson *
units_to_json(GHashTable *kept)
{
    NskJson *list = nsk_json_array();
    g_autoptr(GList) ids = g_list_sort(g_hash_table_get_keys(kept), (GCompareFunc)strcmp);

    for (const GList *at = ids; at != NULL; at = at->next) {
        NskJson *unit = nsk_json_object();

        nsk_json_set_text(unit, "id", at->data);
        nsk_json_set_text(unit, "name", g_hash_table_lookup(kept, at->data));
        nsk_json_add(list, unit);
    }
    return list;
}

bool
nsk_office_berkas_units(NskOffice *self, NskJson **out_result, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(GHashTable) kept = txn != NULL ? nsk_berkas_list_kept(self, txn, error) : NULL;

    if (kept == NULL)
        return false;
    *out_result = nsk_json_object();
    nsk_json_set(*out_result, "units", units_to_json(kept));
    return true;
}

/* --- Looking for files. ----------------------------------------------------------------------- */

/* Where a page begins: behind the file opened at @opened with the id @id. */
typedef struct {
    NskInstant opened;
    const char *id;
} Cursor;

static bool
read_cursor(const char *after, Cursor *out, GError **error)
{
    const char *dot = after != NULL ? strchr(after, '.') : NULL;
    g_autofree char *digits = dot != NULL ? g_strndup(after, (size_t)(dot - after)) : NULL;

    *out = (Cursor){ G_MAXINT64, "" };
    if (after == NULL || after[0] == '\0')
        return true;
    if (digits != NULL && g_ascii_string_to_signed(digits, 10, 0, G_MAXINT64, &out->opened, NULL)) {
        out->id = dot + 1;
        return true;
    }
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("'after' is what the page before gave as its next"));
    return false;
}

static bool
check_state(const char *state, GError **error)
{
    static const char *const states[] = { "open", "waiting", "active", "inactive", "due", NULL };

    if (state[0] == '\0' || g_strv_contains(states, state))
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("a file of records is open, waiting, active, inactive or due, and not '%s'"),
                state);
    return false;
}

/* Whether all words stand in the file's title, code or class, whatever their letters' case. */
static bool
has_words(const NskJson *file, const char *text)
{
    g_autofree char *joined =
        g_strjoin(" ", nsk_json_get_text(file, "title"), nsk_json_get_text(file, "code"),
                  nsk_json_get_text(file, "class"), nsk_json_get_text(file, "berkas"), NULL);
    g_autofree char *all = g_utf8_casefold(joined, -1);
    g_autofree char *asked = g_utf8_casefold(text, -1);
    g_auto(GStrv) words = g_strsplit_set(asked, " \t", -1);

    for (char **word = words; *word != NULL; word++) {
        if (strstr(all, *word) == NULL)
            return false;
    }
    return true;
}

typedef struct {
    NskOffice *office;
    NskDbTxn *txn;
    GHashTable *kept;
    const char *state, *text; /* "": any */
    size_t limit;
    NskJson *files;
    char *last; /* cursor of the last that was taken; owned */
    bool more;
} Finding;

/* Takes the file, if it is one that was asked for. */
static bool
take_file(Finding *finding, const NskBerkasRow *row, GError **error)
{
    g_autoptr(NskJson) json = NULL;

    if (!g_hash_table_contains(finding->kept, row->unit))
        return true;
    json = nsk_berkas_to_json(finding->office, finding->txn, row, error);
    if (json == NULL)
        return false;
    if ((finding->state[0] != '\0' &&
         strcmp(finding->state, nsk_json_get_text(json, "state")) != 0) ||
        !has_words(json, finding->text))
        return true;
    finding->more = nsk_json_length(finding->files) == finding->limit;
    if (finding->more)
        return true;
    g_free(finding->last);
    finding->last = g_strdup_printf("%" G_GINT64_FORMAT ".%s", row->opened, row->id);
    nsk_json_add(finding->files, g_steal_pointer(&json));
    return true;
}

static bool
find_files(Finding *finding, const NskBerkasAsk *ask, const Cursor *cursor, GError **error)
{
    bool has_row = true;
    const NskDbValue params[] = { NSK_DB_TEXT(ask->unit != NULL ? ask->unit : ""),
                                  NSK_DB_TEXT(ask->code != NULL ? ask->code : ""),
                                  NSK_DB_TEXT(finding->state),
                                  NSK_DB_INT(cursor->opened),
                                  NSK_DB_TEXT(cursor->id),
                                  NSK_DB_INT(SCANNED_MOST) };
    g_autoptr(NskDbRows) rows =
        nsk_db_query(finding->txn, sql_find, params, G_N_ELEMENTS(params), error);

    while (rows != NULL && has_row && !finding->more) {
        g_autoptr(NskBerkasRow) row = NULL;

        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        row = has_row ? nsk_berkas_from_row(rows) : NULL;
        if (row != NULL && !take_file(finding, row, error))
            return false;
    }
    return rows != NULL;
}

bool
nsk_office_berkas_find(NskOffice *self,
                       const NskBerkasAsk *ask,
                       NskJson **out_result,
                       GError **error)
{
    Cursor cursor;
    g_autoptr(NskJson) result = nsk_json_object();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(GHashTable) kept = txn != NULL ? nsk_berkas_list_kept(self, txn, error) : NULL;
    Finding finding = { .office = self,
                        .txn = txn,
                        .kept = kept,
                        .state = ask->state != NULL ? ask->state : "",
                        .text = ask->text != NULL ? ask->text : "",
                        .limit = ask->limit > 0 ? MIN(ask->limit, PAGE_MOST) : PAGE,
                        .files = nsk_json_array() };

    nsk_json_set(result, "files", finding.files);
    bool ok = kept != NULL && check_state(finding.state, error) &&
              read_cursor(ask->after, &cursor, error) && find_files(&finding, ask, &cursor, error);
    g_autofree char *last = finding.last;
    if (!ok)
        return false;
    nsk_json_set_text(result, "next", finding.more ? last : NULL);
    *out_result = g_steal_pointer(&result);
    return true;
}

/* --- The file of a letter. -------------------------------------------------------------------- */

/* Files of a query over id, code and title. */
static NskJson *
list_heads(NskDbTxn *txn, const char *sql, const NskDbValue *params, size_t n, GError **error)
{
    bool has_row = true;
    g_autoptr(NskJson) list = nsk_json_array();
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql, params, n, error);

    while (rows != NULL) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return NULL;
        if (!has_row)
            return g_steal_pointer(&list);
        NskJson *head = nsk_json_object();
        nsk_json_set_text(head, "berkas", nsk_db_rows_text(rows, 0));
        nsk_json_set_text(head, "code", nsk_db_rows_text(rows, 1));
        nsk_json_set_text(head, "title", nsk_db_rows_text(rows, 2));
        nsk_json_add(list, head);
    }
    return NULL;
}

bool
nsk_office_berkas_of(NskOffice *self, const char *letter, NskJson **out_result, GError **error)
{
    bool keeps = false;
    g_autoptr(NskJson) in = NULL, open = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskLetterRow) row = txn != NULL ? nsk_access_letter(self, txn, letter, error) : NULL;

    if (row == NULL || !acts_as(self, txn, row->unit, &keeps, error))
        return false;
    bool ended = strcmp(row->state, "archived") == 0 || strcmp(row->state, "withdrawn") == 0;
    const NskDbValue of_letter[] = { NSK_DB_TEXT(row->id) };
    const NskDbValue of_unit[] = { NSK_DB_TEXT(row->unit), NSK_DB_INT(OFFERED) };
    if (keeps) {
        in = list_heads(txn, sql_of_letter, of_letter, G_N_ELEMENTS(of_letter), error);
        open = list_heads(txn, sql_open_of_unit, of_unit, G_N_ELEMENTS(of_unit), error);
        if (in == NULL || open == NULL)
            return false;
    }
    *out_result = nsk_json_object();
    nsk_json_set_bool(*out_result, "keeps", keeps);
    nsk_json_set_bool(*out_result, "ended", ended);
    if (keeps) {
        nsk_json_set(*out_result, "in", g_steal_pointer(&in));
        nsk_json_set(*out_result, "open", g_steal_pointer(&open));
    }
    return true;
}

/* --- Schemes. --------------------------------------------------------------------------------- */

static NskJson *
list_schemes(NskDbTxn *txn, GError **error)
{
    bool has_row = true;
    g_autoptr(NskJson) list = nsk_json_array();
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql_schemes, NSK_DB_NO_PARAMS, error);

    while (rows != NULL) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return NULL;
        if (!has_row)
            return g_steal_pointer(&list);
        NskJson *scheme = nsk_json_object();
        g_autofree char *since = nsk_instant_format(nsk_db_rows_int(rows, 2));
        nsk_json_set_text(scheme, "scheme", nsk_db_rows_text(rows, 0));
        nsk_json_set_text(scheme, "version", nsk_db_rows_text(rows, 1));
        nsk_json_set_text(scheme, "since", since);
        nsk_json_add(list, scheme);
    }
    return NULL;
}

static unsigned
level_of(const char *code)
{
    unsigned level = 0;

    for (; *code != '\0'; code++)
        level += *code == '.';
    return level;
}

static bool
is_asked(const NskRecordClass *class, const NskClassAsk *ask)
{
    const char *below = ask->below != NULL ? ask->below : "";
    size_t size = strlen(below);

    if (size > 0 && (strncmp(class->code, below, size) != 0 ||
                     (class->code[size] != '.' && class->code[size] != '\0')))
        return false;
    if (ask->text == NULL || ask->text[0] == '\0')
        return true;
    g_autofree char *joined = g_strjoin(" ", class->code, class->name, NULL);
    g_autofree char *all = g_utf8_casefold(joined, -1);
    g_autofree char *text = g_utf8_casefold(ask->text, -1);
    return strstr(all, g_strstrip(text)) != NULL;
}

static NskJson *
class_to_json(const NskClassScheme *scheme, size_t at)
{
    NskJson *json = nsk_json_object();
    const NskRecordClass *class = nsk_class_scheme_at(scheme, at);
    size_t size = strlen(class->code);
    const char *next =
        at + 1 < nsk_class_scheme_size(scheme) ? nsk_class_scheme_at(scheme, at + 1)->code : "";

    nsk_json_set_text(json, "code", class->code);
    nsk_json_set_text(json, "name", class->name);
    nsk_json_set_int(json, "level", level_of(class->code));
    nsk_json_set_bool(json, "parted", strncmp(next, class->code, size) == 0 && next[size] == '.');
    nsk_json_set_text(json, "trigger", class->has_rule ? nsk_trigger_name(class->trigger) : NULL);
    nsk_json_set_text(json, "fate", class->has_rule ? nsk_fate_name(class->fate) : NULL);
    if (class->has_rule) {
        nsk_json_set_int(json, "active_years", class->active);
        nsk_json_set_int(json, "inactive_years", class->inactive);
    }
    return json;
}

/* Those that were asked for; of very many only those next below, or the first that have the words,
 * and *out_shortened. */
static NskJson *
list_classes(const NskClassScheme *scheme, const NskClassAsk *ask, bool *out_shortened)
{
    size_t n = 0;
    NskJson *list = nsk_json_array();
    bool by_words = ask->text != NULL && ask->text[0] != '\0';
    bool below = ask->below != NULL && ask->below[0] != '\0';
    unsigned deepest = below ? level_of(ask->below) + 1 : 0;

    for (size_t i = 0; i < nsk_class_scheme_size(scheme); i++)
        n += is_asked(nsk_class_scheme_at(scheme, i), ask);
    *out_shortened = n > CLASSES_MOST;
    for (size_t i = 0; i < nsk_class_scheme_size(scheme); i++) {
        const NskRecordClass *class = nsk_class_scheme_at(scheme, i);

        if (!is_asked(class, ask) ||
            (*out_shortened &&
             (by_words ? nsk_json_length(list) >= CLASSES_MOST : level_of(class->code) > deepest)))
            continue;
        nsk_json_add(list, class_to_json(scheme, i));
    }
    return list;
}

bool
nsk_office_records_classes(NskOffice *self,
                           const NskClassAsk *ask,
                           NskJson **out_result,
                           GError **error)
{
    bool shortened;
    g_autofree char *version = NULL;
    g_autoptr(NskClassScheme) scheme = NULL;
    g_autoptr(NskJson) result = nsk_json_object();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    NskJson *schemes = txn != NULL ? list_schemes(txn, error) : NULL;

    if (schemes == NULL)
        return false;
    nsk_json_set(result, "schemes", schemes);
    if (ask->scheme != NULL) {
        version = nsk_rule_current(txn, "scheme", ask->scheme, error);
        scheme = version != NULL ? nsk_records_scheme(txn, ask->scheme, version, error) : NULL;
        if (scheme == NULL)
            return false;
        nsk_json_set_text(result, "scheme", ask->scheme);
        nsk_json_set_text(result, "version", version);
        nsk_json_set(result, "classes", list_classes(scheme, ask, &shortened));
        nsk_json_set_bool(result, "shortened", shortened);
    }
    *out_result = g_steal_pointer(&result);
    return true;
}
