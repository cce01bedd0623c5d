/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rules of the agency: kinds, profiles and workflows.  A letter keeps the version it was made
 * under; each version is read and parsed once for as long as the office is open, whatever the
 * number of handles.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "office/office-private.h"

#define VERSION_LEN 16

struct _NskRules {
    gint refs;
    GMutex lock;
    GHashTable *known;     /* owned: "type/name@version" -> parsed rule, in an array of one, so that
                            * each type is freed in its own way */
    NskCalendar *calendar; /* of the versions that calendar_of names; NULL: not read yet */
    char *calendar_of;
};

static const char sql_retire_rule[] = "UPDATE rule SET in_force = 0 WHERE type = $1 AND name = $2";
static const char sql_put_rule[] =
    "INSERT INTO rule (type, name, version, content, at, in_force) VALUES ($1, $2, $3, $4, $5, 1)"
    " ON CONFLICT (type, name, version) DO UPDATE SET in_force = 1";
static const char sql_current_rule[] =
    "SELECT version FROM rule WHERE type = $1 AND name = $2 AND in_force = 1";
static const char sql_rule_names[] =
    "SELECT name FROM rule WHERE type = $1 AND in_force = 1 ORDER BY name";
static const char sql_calendars[] =
    "SELECT content FROM rule WHERE type = 'calendar' AND in_force = 1 ORDER BY name";
static const char sql_calendar_versions[] =
    "SELECT version FROM rule WHERE type = 'calendar' AND in_force = 1 ORDER BY name";
static const char sql_rule_content[] =
    "SELECT content, at FROM rule WHERE type = $1 AND name = $2 AND version = $3";
static const char sql_called[] =
    "SELECT content FROM rule WHERE type = 'workflow' AND name = $1 AND at <= $2"
    " ORDER BY at DESC, version LIMIT 1";

static void
free_rule(gpointer rule)
{
    g_ptr_array_unref(rule);
}

NskRules *
nsk_rules_new(void)
{
    NskRules *self = g_new0(NskRules, 1);

    self->refs = 1;
    g_mutex_init(&self->lock);
    self->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_rule);
    return self;
}

NskRules *
nsk_rules_ref(NskRules *self)
{
    g_atomic_int_inc(&self->refs);
    return self;
}

void
nsk_rules_unref(NskRules *self)
{
    if (!g_atomic_int_dec_and_test(&self->refs))
        return;
    g_hash_table_unref(self->known);
    g_clear_pointer(&self->calendar, nsk_calendar_unref);
    g_free(self->calendar_of);
    g_mutex_clear(&self->lock);
    g_free(self);
}

bool
nsk_rule_put(NskDbTxn *txn,
             const char *type,
             const char *name,
             GBytes *content,
             NskInstant now,
             GError **error)
{
    size_t size;
    const void *data = g_bytes_get_data(content, &size);
    uint8_t digest[NSK_SHA256_SIZE];

    nsk_sha256(data, size, digest);
    g_autofree char *version = nsk_hex(digest, VERSION_LEN / 2);
    return nsk_db_exec(txn, sql_retire_rule, NSK_DB_PARAMS(NSK_DB_TEXT(type), NSK_DB_TEXT(name)),
                       NULL, error) &&
           nsk_db_exec(txn, sql_put_rule,
                       NSK_DB_PARAMS(NSK_DB_TEXT(type), NSK_DB_TEXT(name), NSK_DB_TEXT(version),
                                     NSK_DB_BLOB(data, size), NSK_DB_INT(now)),
                       NULL, error);
}

/* "a, b, c": the rules of a type that are in force; NULL on error. */
static char *
rule_names(NskDbTxn *txn, const char *type, GError **error)
{
    g_autoptr(GPtrArray) names =
        nsk_db_list_texts(txn, sql_rule_names, NSK_DB_PARAMS(NSK_DB_TEXT(type)), error);

    if (names == NULL)
        return NULL;
    g_ptr_array_add(names, NULL);
    return g_strjoinv(", ", (char **)names->pdata);
}

char *
nsk_rule_current(NskDbTxn *txn, const char *type, const char *name, GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows = nsk_db_query(
        txn, sql_current_rule, NSK_DB_PARAMS(NSK_DB_TEXT(type), NSK_DB_TEXT(name)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return NULL;
    if (has_row)
        return g_strdup(nsk_db_rows_text(rows, 0));
    g_autofree char *names = rule_names(txn, type, error);
    if (names != NULL)
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("this office has no %s '%s'; it has: %s"), nsk_office_word(type), name,
                    names);
    return NULL;
}

/* A version of a rule as it is parsed. */
typedef struct {
    const char *name;
    GBytes *content;
    NskFlowLibrary library; /* of what a workflow calls */
} RuleText;

static GBytes *
read_content(NskDbTxn *txn, RuleText *text, const char *type, const char *version, GError **error)
{
    bool has_row = false;
    size_t size;
    g_autoptr(NskDbRows) rows = nsk_db_query(
        txn, sql_rule_content,
        NSK_DB_PARAMS(NSK_DB_TEXT(type), NSK_DB_TEXT(text->name), NSK_DB_TEXT(version)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return NULL;
    if (!has_row) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                    nsk_tr("version %s of %s '%s' is missing from the office"), version,
                    nsk_office_word(type), text->name);
        return NULL;
    }
    const void *data = nsk_db_rows_blob(rows, 0, &size);
    text->library = (NskFlowLibrary){ txn, nsk_db_rows_int(rows, 1) };
    return g_bytes_new(data, size);
}

GBytes *
nsk_flow_library_find(void *data, const char *process, char **out_name)
{
    const NskFlowLibrary *self = data;
    bool has_row = false;
    size_t size;
    g_autoptr(NskDbRows) rows = nsk_db_query(
        self->txn, sql_called, NSK_DB_PARAMS(NSK_DB_TEXT(process), NSK_DB_INT(self->at)), NULL);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, NULL) || !has_row)
        return NULL;
    const void *content = nsk_db_rows_blob(rows, 0, &size);
    *out_name = g_strdup(process);
    return g_bytes_new(content, size);
}

GBytes *
nsk_rule_read(NskDbTxn *txn,
              const char *type,
              const char *name,
              const char *version,
              GError **error)
{
    RuleText text = { .name = name };

    return read_content(txn, &text, type, version, error);
}

typedef gpointer (*RuleParser)(RuleText *text, GError **error);

static gpointer
parse_flow(RuleText *text, GError **error)
{
    size_t size;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    NskFlowSource source = { .name = text->name,
                             .content = g_bytes_get_data(text->content, &size),
                             .find = nsk_flow_library_find,
                             .data = &text->library };

    source.size = size;
    return nsk_flow_load(&source, issues, error);
}

static gpointer
parse_kind(RuleText *text, GError **error)
{
    return nsk_kind_parse(text->name, g_bytes_get_data(text->content, NULL),
                          g_bytes_get_size(text->content), NULL, error);
}

static gpointer
parse_profile(RuleText *text, GError **error)
{
    return nsk_profile_parse(text->name, g_bytes_get_data(text->content, NULL),
                             g_bytes_get_size(text->content), NULL, error);
}

static const struct {
    const char *type;
    RuleParser parse;
    GDestroyNotify unref;
} parsers[] = {
    { "workflow", parse_flow, (GDestroyNotify)nsk_flow_unref },
    { "kind", parse_kind, (GDestroyNotify)nsk_kind_unref },
    { "profile", parse_profile, (GDestroyNotify)nsk_profile_unref },
};

typedef enum { RULE_FLOW, RULE_KIND, RULE_PROFILE } RuleType;

static gconstpointer
get_rule(NskOffice *self,
         NskDbTxn *txn,
         RuleType type,
         const char *name,
         const char *version,
         GError **error)
{
    g_autofree char *key = g_strconcat(parsers[type].type, "/", name, "@", version, NULL);
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->rules->lock);
    GPtrArray *known = g_hash_table_lookup(self->rules->known, key);

    (void)locker;
    if (known != NULL)
        return g_ptr_array_index(known, 0);
    RuleText text = { .name = name };
    g_autoptr(GBytes) content = read_content(txn, &text, parsers[type].type, version, error);
    text.content = content;
    gpointer rule = content != NULL ? parsers[type].parse(&text, error) : NULL;
    if (rule == NULL)
        return NULL;
    known = g_ptr_array_new_with_free_func(parsers[type].unref);
    g_ptr_array_add(known, rule);
    g_hash_table_insert(self->rules->known, g_steal_pointer(&key), known);
    return rule;
}

const NskFlow *
nsk_office_flow(NskOffice *self,
                NskDbTxn *txn,
                const char *name,
                const char *version,
                GError **error)
{
    return get_rule(self, txn, RULE_FLOW, name, version, error);
}

const NskKind *
nsk_office_kind(NskOffice *self,
                NskDbTxn *txn,
                const char *name,
                const char *version,
                GError **error)
{
    return get_rule(self, txn, RULE_KIND, name, version, error);
}

const NskProfile *
nsk_office_profile(NskOffice *self,
                   NskDbTxn *txn,
                   const char *name,
                   const char *version,
                   GError **error)
{
    return get_rule(self, txn, RULE_PROFILE, name, version, error);
}

/* The documents of the calendars in force. */
static GPtrArray *
read_calendars(NskDbTxn *txn, GError **error)
{
    bool has_row = true;
    size_t size;
    g_autoptr(GPtrArray) docs = g_ptr_array_new_with_free_func((GDestroyNotify)nsk_xml_doc_free);
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql_calendars, NSK_DB_NO_PARAMS, error);

    while (rows != NULL && has_row) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return NULL;
        if (!has_row)
            break;
        const void *content = nsk_db_rows_blob(rows, 0, &size);
        NskXmlDoc *doc = nsk_xml_parse("calendar", content, size, error);
        if (doc == NULL)
            return NULL;
        g_ptr_array_add(docs, doc);
    }
    return rows != NULL ? g_steal_pointer(&docs) : NULL;
}

NskCalendar *
nsk_office_calendar(NskOffice *self, NskDbTxn *txn, GError **error)
{
    NskRules *rules = self->rules;
    g_autoptr(GPtrArray) versions =
        nsk_db_list_texts(txn, sql_calendar_versions, NSK_DB_NO_PARAMS, error);

    if (versions == NULL)
        return NULL;
    g_ptr_array_add(versions, NULL);
    g_autofree char *now = g_strjoinv(" ", (char **)versions->pdata);
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&rules->lock);
    (void)locker;
    if (g_strcmp0(rules->calendar_of, now) == 0)
        return nsk_calendar_ref(rules->calendar);
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GPtrArray) docs = read_calendars(txn, error);
    NskCalendar *calendar = docs != NULL ? nsk_calendar_read((const NskXmlDoc *const *)docs->pdata,
                                                             docs->len, issues, error)
                                         : NULL;
    if (calendar == NULL)
        return NULL;
    g_clear_pointer(&rules->calendar, nsk_calendar_unref);
    g_free(rules->calendar_of);
    rules->calendar = calendar;
    rules->calendar_of = g_steal_pointer(&now);
    return nsk_calendar_ref(calendar);
}
