/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The form of an entry: one line of canonical JSON with all of these members, null where an event
 * has none.
 *
 *   v             1
 *   log           name of the log
 *   letter, letter_seq, prev (hex)
 *   time          UTC, microseconds
 *   actor         {id, level, position, capacity}
 *   on_behalf_of, action, task, workflow, commit (git oid, for finding one's way)
 *   object        [{kind, sha256, size}]
 *   state         {from, to}
 *   reason_hash   hex HMAC-SHA-256 of the reason
 *   texts         {name: hex HMAC-SHA-256}
 *   salt          16 random bytes, hex: who sees only the entry's hash cannot guess the entry
 *
 * INVARIANTS
 *   (1) Bytes that are read must be the canonical form of the value that they spell: there is one
 *       spelling of an entry.
 *   (2) No name, note or reason stands in an entry.
 */
#include "base/bytes.h"
#include "base/id.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/message.h"
#include "journal/journal-private.h"

#include <stdlib.h>
#include <string.h>

#define OFFICE_PREFIX      "office/"
#define OID_LEN            40
#define TIME_LIMIT_SECONDS G_GINT64_CONSTANT(253402300800) /* the year 10000 */

/* What an NskJournalEntry owns behind its event. */
typedef struct {
    NskJson *json;
    GArray *objects;    /* NskJournalObject; kinds point into json */
    GArray *texts;      /* NskJournalText; strings are in @strings */
    NskJson *named;     /* texts added so far, as the entry would name them */
    GPtrArray *strings; /* owned */
} Owner;

static bool
invalid(GError **error, const char *field, const char *why)
{
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID, nsk_tr("cannot write the journal: %s %s"),
                field, nsk_tr(why));
    return false;
}

/* Printable ASCII is UTF-8 in NFC without control characters. */
static bool
is_plain_ascii(const char *text)
{
    while (*text >= ' ' && *text <= '~')
        text++;
    return *text == '\0';
}

/* A field of the entry itself; NULL is well formed unless @needed. */
static bool
check_field(const char *field, const char *value, bool needed, GError **error)
{
    if (value == NULL || *value == '\0')
        return value == NULL && !needed ? true : invalid(error, field, N_("is empty"));
    if (strlen(value) > NSK_LIMIT_JOURNAL_FIELD)
        return invalid(error, field, N_("is too long"));
    if (is_plain_ascii(value))
        return true;
    if (!g_utf8_validate(value, -1, NULL))
        return invalid(error, field, N_("is not UTF-8"));
    for (glong i = 0, n = g_utf8_strlen(value, -1); i < n; i++) {
        if (g_unichar_iscntrl(g_utf8_get_char(g_utf8_offset_to_pointer(value, i))))
            return invalid(error, field, N_("has control characters"));
    }
    g_autofree char *composed = g_utf8_normalize(value, -1, G_NORMALIZE_NFC);
    return strcmp(composed, value) == 0 ? true : invalid(error, field, N_("is not in NFC"));
}

static bool
letter_is_valid(const char *letter)
{
    if (letter == NULL)
        return false;
    if (g_str_has_prefix(letter, OFFICE_PREFIX))
        return nsk_name_is_valid(letter + strlen(OFFICE_PREFIX));
    return nsk_id_is_valid(letter);
}

static bool
oid_is_valid(const char *oid)
{
    return strlen(oid) == OID_LEN && strspn(oid, "0123456789abcdef") == OID_LEN;
}

static bool
check_text(const char *name, const char *text, GError **error)
{
    if (text == NULL || !g_utf8_validate(text, -1, NULL))
        return invalid(error, name, N_("is not UTF-8"));
    if (strlen(text) <= NSK_LIMIT_JOURNAL_TEXT)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                nsk_tr("the text '%s' of a journal entry has %zu bytes; the limit is %d"), name,
                strlen(text), NSK_LIMIT_JOURNAL_TEXT);
    return false;
}

static bool
check_lists(const NskJournalEvent *event, GError **error)
{
    if (event->n_objects > NSK_LIMIT_JOURNAL_LIST || event->n_texts > NSK_LIMIT_JOURNAL_LIST) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("a journal entry has at most %d objects and %d texts"),
                    NSK_LIMIT_JOURNAL_LIST, NSK_LIMIT_JOURNAL_LIST);
        return false;
    }
    for (size_t i = 0; i < event->n_objects; i++) {
        const NskJournalObject *object = &event->objects[i];

        if (object->kind == NULL || !nsk_name_is_valid(object->kind) || object->size < 0)
            return invalid(error, "object", N_("has no kind or no size"));
    }
    for (size_t i = 0; i < event->n_texts; i++) {
        const NskJournalText *text = &event->texts[i];

        if (text->name == NULL || !nsk_name_is_valid(text->name) ||
            strcmp(text->name, NSK_JOURNAL_REASON) == 0)
            return invalid(error, "texts", N_("have a name that is not well formed"));
        for (size_t j = 0; j < i; j++) {
            if (strcmp(event->texts[j].name, text->name) == 0)
                return invalid(error, text->name, N_("is given twice"));
        }
        if (!check_text(text->name, text->text, error))
            return false;
    }
    return event->reason == NULL || check_text(NSK_JOURNAL_REASON, event->reason, error);
}

bool
nsk_journal_event_check(const NskJournalEvent *event, GError **error)
{
    const struct {
        const char *field, *value;
        bool needed;
    } fields[] = {
        { "log", event->origin, true },
        { "actor", event->actor, true },
        { "position", event->position, false },
        { "capacity", event->capacity, false },
        { "auth_level", event->auth_level, false },
        { "on_behalf_of", event->on_behalf_of, false },
        { "state_from", event->state_from, false },
        { "state_to", event->state_to, false },
        { "task", event->task, false },
        { "workflow", event->workflow, false },
    };

    if (!letter_is_valid(event->letter))
        return invalid(error, "letter", N_("is neither a letter id nor 'office/NAME'"));
    if (event->at < 0 || event->at / G_USEC_PER_SEC >= TIME_LIMIT_SECONDS)
        return invalid(error, "time", N_("is before 1970 or after 9999"));
    if (event->action == NULL || !nsk_name_is_valid(event->action))
        return invalid(error, "action", N_("is not a name such as 'letter-created'"));
    if (event->commit != NULL && !oid_is_valid(event->commit))
        return invalid(error, "commit", N_("is not the 40 hex digits of a version"));
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        if (!check_field(fields[i].field, fields[i].value, fields[i].needed, error))
            return false;
    }
    return check_lists(event, error);
}

char *
nsk_journal_text_hash(const void *salt, const char *text)
{
    uint8_t hash[NSK_SHA256_SIZE];

    nsk_hmac_sha256(salt, NSK_JOURNAL_SALT_SIZE, text, strlen(text), hash);
    return nsk_hex(hash, sizeof hash);
}

static void
append_hex(GString *out, const void *data, size_t size)
{
    g_autofree char *hex = nsk_hex(data, size);

    nsk_json_append_text(out, hex);
}

/* Appends "KEY":VALUE, after what stands before it. */
static void
append_member(GString *out, const char *before, const char *value)
{
    g_string_append(out, before);
    nsk_json_append_text(out, value);
}

static void
append_objects(GString *out, const NskJournalEvent *event)
{
    g_string_append(out, ",\"object\":[");
    for (size_t i = 0; i < event->n_objects; i++) {
        append_member(out, i > 0 ? ",{\"kind\":" : "{\"kind\":", event->objects[i].kind);
        g_string_append(out, ",\"sha256\":");
        append_hex(out, event->objects[i].sha256, NSK_SHA256_SIZE);
        g_string_append(out, ",\"size\":");
        nsk_json_append_int(out, event->objects[i].size);
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, ']');
}

static int
compare_texts(const void *a, const void *b)
{
    return strcmp((*(const NskSaltedText *const *)a)->name,
                  (*(const NskSaltedText *const *)b)->name);
}

/* The texts but the reason, whose hash becomes *out_reason (owned), sorted by name; borrowed. */
static GPtrArray *
sort_texts(const GArray *texts, char **out_reason)
{
    GPtrArray *sorted = g_ptr_array_new();

    for (guint i = 0; i < texts->len; i++) {
        NskSaltedText *text = &g_array_index(texts, NskSaltedText, i);

        if (strcmp(text->name, NSK_JOURNAL_REASON) == 0)
            *out_reason = nsk_journal_text_hash(text->salt, text->text);
        else
            g_ptr_array_add(sorted, text);
    }
    if (sorted->len > 1)
        qsort(sorted->pdata, sorted->len, sizeof sorted->pdata[0], compare_texts);
    return sorted;
}

static void
append_texts(GString *out, const GPtrArray *texts)
{
    g_string_append(out, ",\"texts\":{");
    for (guint i = 0; i < texts->len; i++) {
        const NskSaltedText *text = g_ptr_array_index(texts, i);
        g_autofree char *hash = nsk_journal_text_hash(text->salt, text->text);

        g_string_append(out, i > 0 ? "," : "");
        nsk_json_append_text(out, text->name);
        append_member(out, ":", hash);
    }
    g_string_append_c(out, '}');
}

/* The members up to "prev", in the order of their names. */
static void
append_first_half(GString *out, const NskJournalEvent *event, const NskJournalPlace *place)
{
    append_member(out, "{\"action\":", event->action);
    append_member(out, ",\"actor\":{\"capacity\":", event->capacity);
    append_member(out, ",\"id\":", event->actor);
    append_member(out, ",\"level\":", event->auth_level);
    append_member(out, ",\"position\":", event->position);
    append_member(out, "},\"commit\":", event->commit);
    append_member(out, ",\"letter\":", event->letter);
    g_string_append(out, ",\"letter_seq\":");
    nsk_json_append_int(out, place->seq);
    append_member(out, ",\"log\":", event->origin);
    append_objects(out, event);
    append_member(out, ",\"on_behalf_of\":", event->on_behalf_of);
    g_string_append(out, ",\"prev\":");
    append_hex(out, place->prev, sizeof place->prev);
}

GBytes *
nsk_journal_entry_format(const NskJournalEvent *event,
                         const NskJournalPlace *place,
                         const GArray *texts,
                         GError **error)
{
    GString *out = g_string_sized_new(1024);
    g_autofree char *reason = NULL;
    g_autofree char *time = nsk_instant_format(event->at);
    g_autoptr(GPtrArray) sorted = sort_texts(texts, &reason);

    append_first_half(out, event, place);
    append_member(out, ",\"reason_hash\":", reason);
    g_string_append(out, ",\"salt\":");
    append_hex(out, place->salt, sizeof place->salt);
    append_member(out, ",\"state\":{\"from\":", event->state_from);
    append_member(out, ",\"to\":", event->state_to);
    append_member(out, "},\"task\":", event->task);
    append_texts(out, sorted);
    append_member(out, ",\"time\":", time);
    g_string_append(out, ",\"v\":");
    nsk_json_append_int(out, NSK_JOURNAL_VERSION);
    append_member(out, ",\"workflow\":", event->workflow);
    g_string_append_c(out, '}');
    if (out->len <= NSK_JOURNAL_ENTRY_SIZE)
        return g_string_free_to_bytes(out);
    g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                nsk_tr("a journal entry would have %zu bytes; the limit is %d"), out->len,
                NSK_JOURNAL_ENTRY_SIZE);
    (void)g_string_free(out, TRUE);
    return NULL;
}

static bool
parse_objects(Owner *owner, const NskJson *list)
{
    size_t n = list != NULL ? nsk_json_length(list) : 0;

    for (size_t i = 0; i < n && i < NSK_LIMIT_JOURNAL_LIST; i++) {
        const NskJson *item = nsk_json_at(list, i);
        const char *hex = nsk_json_get_text(item, "sha256");
        NskJournalObject object = { .kind = nsk_json_get_text(item, "kind"),
                                    .size = nsk_json_get_int(item, "size", -1) };

        if (object.kind == NULL || hex == NULL || !nsk_unhex(hex, object.sha256, NSK_SHA256_SIZE))
            return false;
        g_array_append_val(owner->objects, object);
    }
    return list != NULL && n <= NSK_LIMIT_JOURNAL_LIST;
}

static bool
parse_members(NskJournalEntry *self, Owner *owner)
{
    const NskJson *json = owner->json;
    const NskJson *actor = nsk_json_get(json, "actor");
    const NskJson *state = nsk_json_get(json, "state");
    const char *time = nsk_json_get_text(json, "time");
    const char *prev = nsk_json_get_text(json, "prev");

    if (nsk_json_get_int(json, "v", 0) != NSK_JOURNAL_VERSION || actor == NULL || state == NULL ||
        time == NULL || prev == NULL || !nsk_unhex(prev, self->prev, sizeof self->prev) ||
        !nsk_instant_parse(time, &self->event.at, NULL) ||
        !parse_objects(owner, nsk_json_get(json, "object")))
        return false;
    self->seq = nsk_json_get_int(json, "letter_seq", 0);
    self->has_reason = nsk_json_get_text(json, "reason_hash") != NULL;
    self->event.origin = nsk_json_get_text(json, "log");
    self->event.letter = nsk_json_get_text(json, "letter");
    self->event.actor = nsk_json_get_text(actor, "id");
    self->event.auth_level = nsk_json_get_text(actor, "level");
    self->event.position = nsk_json_get_text(actor, "position");
    self->event.capacity = nsk_json_get_text(actor, "capacity");
    self->event.on_behalf_of = nsk_json_get_text(json, "on_behalf_of");
    self->event.action = nsk_json_get_text(json, "action");
    self->event.state_from = nsk_json_get_text(state, "from");
    self->event.state_to = nsk_json_get_text(state, "to");
    self->event.task = nsk_json_get_text(json, "task");
    self->event.workflow = nsk_json_get_text(json, "workflow");
    self->event.commit = nsk_json_get_text(json, "commit");
    self->event.objects = (const NskJournalObject *)owner->objects->data;
    self->event.n_objects = owner->objects->len;
    return self->seq >= 1 && nsk_journal_event_check(&self->event, NULL);
}

/* Whether the bytes are those that the parsed value has. */
static bool
is_canonical(const NskJson *json, GBytes *bytes)
{
    size_t size;
    const void *data = g_bytes_get_data(bytes, &size);
    g_autofree char *line = nsk_json_canonical(json);

    return line != NULL && strlen(line) == size && memcmp(line, data, size) == 0;
}

NskJournalEntry *
nsk_journal_entry_parse(GBytes *bytes)
{
    size_t size;
    const char *data = g_bytes_get_data(bytes, &size);

    if (size == 0 || size > NSK_JOURNAL_ENTRY_SIZE)
        return NULL;
    g_autoptr(NskJson) json = nsk_json_parse(data, size, NULL);
    if (json == NULL || !is_canonical(json, bytes))
        return NULL;
    Owner *owner = g_new0(Owner, 1);
    g_autoptr(NskJournalEntry) self = g_new0(NskJournalEntry, 1);
    self->owner = owner;
    self->bytes = g_bytes_ref(bytes);
    owner->json = g_steal_pointer(&json);
    owner->objects = g_array_new(FALSE, TRUE, sizeof(NskJournalObject));
    owner->texts = g_array_new(FALSE, TRUE, sizeof(NskJournalText));
    owner->named = nsk_json_object();
    owner->strings = g_ptr_array_new_with_free_func(g_free);
    nsk_sha256(data, size, self->hash);
    return parse_members(self, owner) ? g_steal_pointer(&self) : NULL;
}

void
nsk_journal_entry_free(NskJournalEntry *self)
{
    if (self == NULL)
        return;
    Owner *owner = self->owner;
    nsk_json_unref(owner->json);
    nsk_json_unref(owner->named);
    g_array_unref(owner->objects);
    g_array_unref(owner->texts);
    g_ptr_array_unref(owner->strings);
    g_free(owner);
    g_bytes_unref(self->bytes);
    g_free(self);
}

const char *
nsk_journal_entry_text_hash(const NskJournalEntry *self, const char *name)
{
    const NskJson *json = ((const Owner *)self->owner)->json;
    const NskJson *texts = nsk_json_get(json, "texts");

    if (strcmp(name, NSK_JOURNAL_REASON) == 0)
        return nsk_json_get_text(json, "reason_hash");
    return texts != NULL ? nsk_json_get_text(texts, name) : NULL;
}

static const char *
keep_string(Owner *owner, const char *text)
{
    char *copy = g_strdup(text);

    if (copy != NULL)
        g_ptr_array_add(owner->strings, copy);
    return copy;
}

void
nsk_journal_entry_add_text(NskJournalEntry *self, const char *name, const char *text)
{
    Owner *owner = self->owner;

    if (strcmp(name, NSK_JOURNAL_REASON) == 0) {
        self->event.reason = keep_string(owner, text);
        return;
    }
    NskJournalText kept = { keep_string(owner, name), keep_string(owner, text) };
    g_array_append_val(owner->texts, kept);
    nsk_json_set_text(owner->named, name, nsk_journal_entry_text_hash(self, name));
    self->event.texts = (const NskJournalText *)owner->texts->data;
    self->event.n_texts = owner->texts->len;
}

bool
nsk_journal_entry_has_all_texts(const NskJournalEntry *self)
{
    const Owner *owner = self->owner;
    const NskJson *texts = nsk_json_get(owner->json, "texts");

    if (texts == NULL)
        return false;
    g_autofree char *said = nsk_json_canonical(texts);
    g_autofree char *kept = nsk_json_canonical(owner->named);
    return strcmp(said, kept) == 0;
}
