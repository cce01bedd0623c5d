/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Telling a story to an office: each element is a use case. */
#include "base/bytes.h"
#include "base/message.h"
#include "story/story-private.h"

#include <string.h>

#define MOST_PASSPHRASE 1024

/* The file in the office of the letter that the story calls so. */
static const char *
letter_id(const NskStory *self, const NskStoryMoment *moment)
{
    return g_hash_table_lookup(self->letters, nsk_xml_attr(moment->letter, "id"));
}

static void
note_letter(NskStory *self, const NskStoryMoment *moment, const NskJson *result)
{
    g_hash_table_insert(self->letters, g_strdup(nsk_xml_attr(moment->letter, "id")),
                        g_strdup(nsk_json_get_text(result, "letter")));
}

/* --- Letters begun and received ----------------------------------------------------------------
 */

/* The <letter> inside @node; one that answers another gets its reference. */
static GBytes *
write_letter(const NskStory *self, const NskXmlNode *node, GError **error)
{
    const NskXmlNode *letter = nsk_xml_child(node, "letter");
    g_autoptr(NskXmlDoc) copy = nsk_xml_doc_copy(letter);
    NskXmlNode *references = nsk_xml_child(nsk_xml_doc_get_root(copy), "references");

    for (NskXmlNode *one = references != NULL ? nsk_xml_first(references) : NULL; one != NULL;
         one = nsk_xml_next(one)) {
        const char *other = nsk_xml_attr(one, "letter");

        if (other != NULL)
            nsk_xml_set_attr(one, "letter", g_hash_table_lookup(self->letters, other));
    }
    return nsk_xml_canonical(nsk_xml_doc_get_root(copy), error);
}

static bool
begin(NskStory *self, const NskStoryMoment *moment, GError **error)
{
    g_autoptr(NskJson) result = NULL;
    g_autoptr(GBytes) xml = write_letter(self, moment->node, error);
    NskNewLetter draft = { "surat.xml", xml, nsk_xml_attr(moment->node, "position") };

    if (xml == NULL || !nsk_office_letter_new(self->office, &draft, &result, error))
        return false;
    note_letter(self, moment, result);
    return true;
}

static bool
receive(NskStory *self, const NskStoryMoment *moment, GError **error)
{
    const NskXmlNode *node = moment->node;
    g_autoptr(NskJson) result = NULL;
    g_auto(GStrv) to = g_strsplit(nsk_xml_attr(node, "to"), " ", -1);
    g_autofree char *written = nsk_date_format(nsk_story_day(self, nsk_story_int(node, "written")));
    g_autofree char *due = nsk_xml_attr(node, "due") != NULL
                               ? nsk_date_format(nsk_story_day(self, nsk_story_int(node, "due")))
                               : NULL;
    g_autofree char *subject = nsk_xml_child_text(node, "subject");
    g_autofree char *summary = nsk_xml_child_text(node, "summary");
    NskIncomingAsk ask = { .kind = nsk_xml_attr(node, "kind"),
                           .unit = nsk_xml_attr(node, "unit"),
                           .channel = nsk_xml_attr(node, "channel"),
                           .origin = nsk_xml_attr(node, "origin"),
                           .place = nsk_xml_attr(node, "place"),
                           .number = nsk_xml_attr(node, "number"),
                           .date = written,
                           .subject = subject,
                           .summary = summary,
                           .classification = nsk_xml_attr(node, "classification"),
                           .security = nsk_xml_attr(node, "security"),
                           .urgency = nsk_xml_attr(node, "urgency"),
                           .due = due,
                           .to = (const char *const *)to,
                           .unopened = g_strcmp0(nsk_xml_attr(node, "unopened"), "yes") == 0 };

    if (!nsk_office_incoming_register(self->office, &ask, &result, error))
        return false;
    note_letter(self, moment, result);
    return true;
}

/* --- Acts --------------------------------------------------------------------------------------
 */

static bool
sign(NskStory *self, const NskStoryMoment *moment, GError **error)
{
    g_autoptr(NskJson) shown = NULL;
    g_autoptr(NskJson) result = NULL;

    if (!nsk_office_sign_prepare(self->office, letter_id(self, moment), &shown, error))
        return false;
    NskSignAct act = { letter_id(self, moment), nsk_json_get_text(shown, "sha256"), NULL,
                       self->passphrase, NULL };
    return nsk_office_sign_confirm(self->office, &act, &result, error);
}

static bool
edit(NskStory *self, const NskStoryMoment *moment, GError **error)
{
    g_autoptr(NskJson) result = NULL;
    g_autoptr(GBytes) xml = write_letter(self, moment->node, error);
    NskLetterEdit change = { .letter = letter_id(self, moment), .name = "surat.xml", .xml = xml };

    return xml != NULL && nsk_office_letter_edit(self->office, &change, &result, error);
}

static bool
withdraw(NskStory *self, const NskStoryMoment *moment, GError **error)
{
    g_autoptr(NskJson) result = NULL;
    g_autofree char *note = nsk_xml_child_text(moment->node, "note");

    return nsk_office_letter_withdraw(self->office, letter_id(self, moment), note, &result, error);
}

static bool
add_note(NskStory *self, const NskStoryMoment *moment, GError **error)
{
    g_autoptr(NskJson) result = NULL;
    g_autofree char *text = nsk_xml_child_text(moment->node, "note");
    NskLetterNote note = { letter_id(self, moment), text };

    return nsk_office_letter_note(self->office, &note, &result, error);
}

/* What is done with a disposition is called "dispose-" and the act's name. */
static bool
dispose(NskStory *self, const NskStoryMoment *moment, const char *name, GError **error)
{
    g_autoptr(NskJson) result = NULL;
    g_autofree char *note = nsk_xml_child_text(moment->node, "note");
    NskDispositionAct act = { .act = name,
                              .task = letter_id(self, moment),
                              .receivers = nsk_xml_attr(moment->node, "to"),
                              .instructions = nsk_xml_attr(moment->node, "instructions"),
                              .note = note,
                              .due = nsk_xml_attr(moment->node, "due") };

    return nsk_office_disposition(self->office, &act, &result, error);
}

/* A task is done with the outcome of that name. */
static bool
complete(NskStory *self, const NskStoryMoment *moment, const char *outcome, GError **error)
{
    g_autoptr(NskJson) result = NULL;
    g_autofree char *note = nsk_xml_child_text(moment->node, "note");
    NskTaskAct act = { .task = letter_id(self, moment), .outcome = outcome, .note = note };

    return nsk_office_task_act(self->office, &act, &result, error);
}

static bool
tell_act(NskStory *self, const NskStoryMoment *moment, GError **error)
{
    static const struct {
        const char *name;
        bool (*run)(NskStory *, const NskStoryMoment *, GError **);
    } acts[] = { { "sign", sign },
                 { "edit", edit },
                 { "withdraw", withdraw },
                 { "note", add_note } };
    const char *name = nsk_xml_attr(moment->node, "do");

    if (letter_id(self, moment) == NULL) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            "the letter is acted on before it begins");
        return false;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(acts); i++) {
        if (strcmp(acts[i].name, name) == 0)
            return acts[i].run(self, moment, error);
    }
    return g_str_has_prefix(name, "dispose-")
               ? dispose(self, moment, name + strlen("dispose-"), error)
               : complete(self, moment, name, error);
}

/* A turn of the roster. */
static bool
enter_turn(NskStory *self, const NskStoryMoment *moment, GError **error)
{
    const NskXmlNode *node = moment->node;
    g_autoptr(NskJson) result = NULL;
    g_autofree char *from = nsk_date_format(nsk_story_day(self, nsk_story_int(node, "from")));
    g_autofree char *until = nsk_date_format(nsk_story_day(self, nsk_story_int(node, "until")));
    g_autofree char *note = nsk_xml_child_text(node, "note");
    NskTurnAct act = { .what = nsk_xml_attr(node, "what"),
                       .person = nsk_xml_attr(node, "person"),
                       .position = nsk_xml_attr(node, "position"),
                       .from = from,
                       .until = until,
                       .hours = nsk_xml_attr(node, "hours"),
                       .substitute = nsk_xml_attr(node, "substitute"),
                       .note = note };

    return nsk_office_roster(self->office, &act, &result, error);
}

static bool
tell_moment(NskStory *self, const NskStoryMoment *moment, GError **error)
{
    const char *kind = nsk_xml_name(moment->node);
    bool ok;

    self->now = MAX(self->now, moment->at);
    if (!nsk_office_act_as(self->office, nsk_xml_attr(moment->node, "by"), error))
        return false;
    ok = strcmp(kind, "out") == 0    ? begin(self, moment, error)
         : strcmp(kind, "in") == 0   ? receive(self, moment, error)
         : strcmp(kind, "turn") == 0 ? enter_turn(self, moment, error)
                                     : tell_act(self, moment, error);
    if (!ok)
        g_prefix_error(error, "%s:%u: ", nsk_xml_doc_get_name(self->doc),
                       nsk_xml_line(moment->node));
    return ok;
}

/* --- The whole ---------------------------------------------------------------------------------
 */

static bool
open_office(NskStory *self, const char *dir, GError **error)
{
    NskOfficeOptions options = { .dir = dir, .nobody = true, .clock = &self->clock };
    g_autofree char *path = g_build_filename(dir, "keys", "passphrase", NULL);
    g_autoptr(GBytes) line = nsk_file_read(path, MOST_PASSPHRASE, error);

    if (line == NULL)
        return false;
    self->passphrase = g_strndup(g_bytes_get_data(line, NULL), g_bytes_get_size(line));
    g_strchomp(self->passphrase);
    self->office = nsk_office_open(&options, error);
    return self->office != NULL;
}

bool
nsk_story_tell(NskStory *self,
               const char *dir,
               NskStoryProgress progress,
               void *data,
               NskJson **out_result,
               GError **error)
{
    int64_t day = 0;

    if (!open_office(self, dir, error))
        return false;
    for (guint i = 0; i < self->moments->len; i++) {
        const NskStoryMoment *moment = &g_array_index(self->moments, NskStoryMoment, i);

        if (moment->at / G_TIME_SPAN_DAY != day) {
            day = moment->at / G_TIME_SPAN_DAY;
            self->now = MAX(self->now, day * G_TIME_SPAN_DAY);
            if (!nsk_office_run_flow(self->office, NULL, error))
                return false;
        }
        if (!tell_moment(self, moment, error))
            return false;
        if (progress != NULL)
            progress(i + 1, self->moments->len, data);
    }
    *out_result = nsk_json_object();
    nsk_json_set_int(*out_result, "letters", g_hash_table_size(self->letters));
    nsk_json_set_int(*out_result, "acts", self->moments->len);
    return nsk_office_project(self->office, error) && nsk_office_index(self->office, error);
}
