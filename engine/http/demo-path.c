/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The path through a demo office.
 *
 *   1 registered   the letter that came in is there
 *   2 disposed     its task no longer waits for the head
 *   3 replied      the reply was submitted
 *   4 reviewed     the reply waits for its signature
 *   5 signed       the reply is past that
 *   6 checked      the PDF and a changed copy were verified
 *
 * The reply has a slip, which the reviewer is to find: the number of chairs in figures and in words
 * are not the same.
 */
#include "http/demo-path.h"

#include "base/bytes.h"
#include "base/message.h"
#include "base/resource.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#define TRAIL       "coba.json"
#define TRAIL_LIMIT ((size_t)4096)
#define REPLY       "templates/demo/reply.xml"
#define SCAN        "templates/demo/scan.pdf"
#define TRUST       "trust/demo-root.pem"

#define REGISTRY "wening"
#define HEAD     "sekar"
#define CLERK    "damar"
#define CLERK_AT "staf-persuratan"
#define HEAD_AT  "kepala-biro-umum"

/* Before whom a task lies, by the position. */
static const struct {
    const char *position, *person;
} holders[] = {
    { HEAD_AT, HEAD },
    { CLERK_AT, CLERK },
    { "kepala-subbagian-persuratan", "kirana" },
    { "kepala-bagian-tata-usaha", "budi" },
    { "arsiparis-umum", REGISTRY },
};

/* --- The trail ------------------------------------------------------------------------------- */

void
demo_trail_clear(DemoTrail *self)
{
    g_free(self->incoming);
    g_free(self->reply);
    g_free(self->number);
    g_free(self->written);
    memset(self, 0, sizeof *self);
}

void
demo_trail_load(const NskHttpSite *site, DemoTrail *out_trail)
{
    g_autofree char *path = g_build_filename(site->dir, TRAIL, NULL);
    g_autoptr(GBytes) bytes = nsk_file_read(path, TRAIL_LIMIT, NULL);
    g_autoptr(NskJson) json =
        bytes != NULL ? nsk_json_parse(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), NULL)
                      : NULL;

    memset(out_trail, 0, sizeof *out_trail);
    if (json == NULL)
        return;
    out_trail->incoming = g_strdup(nsk_json_get_text(json, "incoming"));
    out_trail->reply = g_strdup(nsk_json_get_text(json, "reply"));
    out_trail->number = g_strdup(nsk_json_get_text(json, "number"));
    out_trail->written = g_strdup(nsk_json_get_text(json, "written"));
    out_trail->corrected = nsk_json_get_bool(json, "corrected", false);
    out_trail->checked = nsk_json_get_bool(json, "checked", false);
}

static bool
keep_trail(const NskHttpSite *site, const DemoTrail *trail, GError **error)
{
    g_autofree char *path = g_build_filename(site->dir, TRAIL, NULL);
    g_autoptr(NskJson) json = nsk_json_object();

    nsk_json_set_text(json, "incoming", trail->incoming);
    nsk_json_set_text(json, "reply", trail->reply);
    nsk_json_set_text(json, "number", trail->number);
    nsk_json_set_text(json, "written", trail->written);
    nsk_json_set_bool(json, "corrected", trail->corrected);
    nsk_json_set_bool(json, "checked", trail->checked);
    g_autofree char *text = nsk_json_canonical(json);
    return nsk_file_write(path, text, strlen(text), 0600, error);
}

bool
demo_trail_forget(const NskHttpSite *site, GError **error)
{
    g_autofree char *path = g_build_filename(site->dir, TRAIL, NULL);

    if (g_unlink(path) == 0 || errno == ENOENT)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot delete '%s': %s"), path,
                g_strerror(errno));
    return false;
}

/* --- Where it stands ------------------------------------------------------------------------- */

void
demo_next_clear(DemoNext *self)
{
    g_clear_pointer(&self->href, g_free);
}

/* Looks at @letter as @person. */
static NskJson *
look_at(NskOffice *office, const char *person, const char *letter, GError **error)
{
    NskJson *shown = NULL;

    if (nsk_office_act_for(office, person, error))
        (void)nsk_office_letter_show(office, letter, &shown, error);
    nsk_office_act_for_nobody(office);
    return shown;
}

/* The open task of the letter, and whose it is. */
static void
find_task(const NskJson *letter, DemoNext *next)
{
    const NskJson *tasks = nsk_json_get(letter, "tasks");

    for (size_t i = 0; i < nsk_json_length(tasks) && next->href == NULL; i++) {
        const NskJson *task = nsk_json_at(tasks, i);
        const char *position = nsk_json_text_at(nsk_json_get(task, "positions"), 0);

        for (size_t k = 0; k < G_N_ELEMENTS(holders); k++) {
            if (g_strcmp0(position, holders[k].position) != 0)
                continue;
            next->person = holders[k].person;
            next->href = nsk_office_task_path(nsk_json_get_text(task, "task"));
        }
    }
}

/* Whether the clerk has submitted it at least once. */
static bool
was_submitted(NskOffice *office, const char *letter, bool *out_was, GError **error)
{
    g_autoptr(NskJson) history = NULL;
    bool ok = nsk_office_act_for(office, CLERK, error) &&
              nsk_office_letter_history(office, letter, &history, error);

    *out_was = false;
    nsk_office_act_for_nobody(office);
    const NskJson *entries = ok ? nsk_json_get(history, "entries") : NULL;
    for (size_t i = 0; i < nsk_json_length(entries); i++)
        *out_was = *out_was || g_strcmp0(nsk_json_get_text(nsk_json_at(entries, i), "action"),
                                         "letter-submitted") == 0;
    return ok;
}

/* Of a path whose reply was begun. */
static bool
look_at_reply(NskOffice *office, const DemoTrail *trail, DemoNext *next, GError **error)
{
    bool submitted;
    g_autoptr(NskJson) letter = look_at(office, CLERK, trail->reply, error);

    if (letter == NULL || !was_submitted(office, trail->reply, &submitted, error))
        return false;
    const char *state = nsk_json_get_text(letter, "state");
    if (strcmp(state, "draft") == 0 || strcmp(state, "review") == 0) {
        next->done = submitted ? 3 : 2;
        find_task(letter, next);
        if (strcmp(state, "draft") == 0 && submitted && !trail->corrected)
            next->act = "correct";
    } else if (strcmp(state, "signing") == 0) {
        next->done = 4;
        find_task(letter, next);
    } else if (nsk_json_get_text(letter, "number") != NULL && strcmp(state, "withdrawn") != 0) {
        next->done = trail->checked ? 6 : 5;
        next->act = trail->checked ? NULL : "check";
    } else {
        next->done = 4; /* given up: nothing more to do */
    }
    return true;
}

bool
demo_path_look(NskOffice *office, const DemoTrail *trail, DemoNext *out_next, GError **error)
{
    memset(out_next, 0, sizeof *out_next);
    if (trail->incoming == NULL) {
        out_next->act = "register";
        return true;
    }
    if (trail->reply != NULL)
        return look_at_reply(office, trail, out_next, error);
    g_autoptr(NskJson) letter = look_at(office, REGISTRY, trail->incoming, error);
    if (letter == NULL)
        return false;
    find_task(letter, out_next);
    if (g_strcmp0(out_next->person, HEAD) == 0) {
        out_next->done = 1;
        return true;
    }
    demo_next_clear(out_next);
    out_next->done = 2;
    out_next->act = "reply";
    out_next->person = NULL;
    return true;
}

/* --- What the demo does itself --------------------------------------------------------------- */

/* The worker reads scans from a file. */
static char *
put_scan(const NskHttpSite *site, GError **error)
{
    g_autoptr(GBytes) scan = nsk_resource_load(SCAN, error);
    g_autofree char *path = g_build_filename(site->dir, "coba-pindaian.pdf", NULL);

    if (scan == NULL ||
        !nsk_file_write(path, g_bytes_get_data(scan, NULL), g_bytes_get_size(scan), 0600, error))
        return NULL;
    return g_steal_pointer(&path);
}

static bool
enter_letter(const NskHttpSite *site, NskOffice *office, DemoTrail *trail, GError **error)
{
    static const char *const to[] = { HEAD_AT, NULL };
    g_autofree char *path = put_scan(site, error);
    g_autoptr(NskJson) result = NULL;
    const NskIncomingAsk ask = { .channel = "pos",
                                 .origin = "Kepala Desa Banyuasri",
                                 .place = "Banyuasri",
                                 .number = trail->number,
                                 .date = trail->written,
                                 .subject = "Permohonan Peminjaman Kursi",
                                 .summary = "Mohon dipinjami 50 kursi untuk musyawarah desa, "
                                            "selama dua hari.",
                                 .classification = "PL.02.1",
                                 .to = to,
                                 .path = path,
                                 .not_duplicate = true };

    if (path == NULL || !nsk_office_act_for(office, REGISTRY, error) ||
        !nsk_office_incoming_register(office, &ask, &result, error))
        return false;
    trail->incoming = g_strdup(nsk_json_get_text(result, "letter"));
    return true;
}

bool
demo_path_register(const NskHttpSite *site, NskOffice *office, GError **error)
{
    g_auto(DemoTrail) trail = { 0 };
    g_autoptr(NskJson) passed = NULL;
    g_autoptr(GDateTime) day = g_date_time_new_now_utc();
    g_autoptr(GDateTime) written = g_date_time_add_days(day, -3);

    demo_trail_load(site, &trail);
    if (trail.incoming != NULL)
        return true;                         /* pressed twice */
    trail.number = g_strdup("470/12/DS-BA"); /* as the scan says */
    trail.written = g_date_time_format(written, "%Y-%m-%d");
    bool ok = enter_letter(site, office, &trail, error) &&
              nsk_office_incoming_forward(office, trail.incoming, NULL, NULL, &passed, error) &&
              keep_trail(site, &trail, error);
    nsk_office_act_for_nobody(office);
    return ok;
}

/* The reply, with its slip or without. */
static GBytes *
write_reply(const DemoTrail *trail, bool with_slip, GError **error)
{
    g_autoptr(GBytes) sample = nsk_resource_load(REPLY, error);

    if (sample == NULL)
        return NULL;
    const struct {
        const char *hole, *words;
    } holes[] = {
        { "${incoming}", trail->incoming },
        { "${number}", trail->number },
        { "${date}", trail->written },
        { "${count}", with_slip ? "lima belas" : "lima puluh" },
    };
    g_autoptr(GString) text =
        g_string_new_len(g_bytes_get_data(sample, NULL), (gssize)g_bytes_get_size(sample));
    for (size_t i = 0; i < G_N_ELEMENTS(holes); i++)
        (void)g_string_replace(text, holes[i].hole, holes[i].words, 0);
    return g_string_free_to_bytes(g_steal_pointer(&text));
}

/* Where the clerk goes on with the reply. */
static bool
find_way(NskOffice *office, const DemoTrail *trail, char **out_href, GError **error)
{
    g_auto(DemoNext) next = { 0 };
    g_autoptr(NskJson) letter = look_at(office, CLERK, trail->reply, error);

    if (letter == NULL)
        return false;
    find_task(letter, &next);
    *out_href = next.href != NULL ? g_steal_pointer(&next.href)
                                  : g_strconcat("/surat/", trail->reply, NULL);
    return true;
}

bool
demo_path_reply(const NskHttpSite *site, NskOffice *office, char **out_href, GError **error)
{
    g_auto(DemoTrail) trail = { 0 };
    g_autoptr(NskJson) result = NULL;

    demo_trail_load(site, &trail);
    if (trail.incoming == NULL) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                            nsk_tr("there is no letter to answer yet; begin with the first step"));
        return false;
    }
    if (trail.reply == NULL) {
        g_autoptr(GBytes) xml = write_reply(&trail, true, error);
        const NskNewLetter letter = { "reply.xml", xml, CLERK_AT };
        bool ok = xml != NULL && nsk_office_act_for(office, CLERK, error) &&
                  nsk_office_letter_new(office, &letter, &result, error);
        nsk_office_act_for_nobody(office);
        if (!ok)
            return false;
        trail.reply = g_strdup(nsk_json_get_text(result, "letter"));
        if (!keep_trail(site, &trail, error))
            return false;
    }
    return find_way(office, &trail, out_href, error);
}

/* Nothing was begun to go on with. */
static bool
need_reply(const DemoTrail *trail, GError **error)
{
    if (trail->reply == NULL)
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                            nsk_tr("there is no reply yet; go through the steps one by one"));
    return trail->reply != NULL;
}

bool
demo_path_correct(const NskHttpSite *site, NskOffice *office, char **out_href, GError **error)
{
    g_auto(DemoTrail) trail = { 0 };
    g_autoptr(NskJson) result = NULL;

    demo_trail_load(site, &trail);
    if (!need_reply(&trail, error))
        return false;
    if (!trail.corrected) {
        g_autoptr(GBytes) xml = write_reply(&trail, false, error);
        const NskLetterEdit edit = { .letter = trail.reply, .name = "reply.xml", .xml = xml };
        bool ok = xml != NULL && nsk_office_act_for(office, CLERK, error) &&
                  nsk_office_letter_edit(office, &edit, &result, error);
        nsk_office_act_for_nobody(office);
        trail.corrected = ok;
        if (!ok || !keep_trail(site, &trail, error))
            return false;
    }
    return find_way(office, &trail, out_href, error);
}

/* --- Verification ---------------------------------------------------------------------------- */

GBytes *
demo_path_pdf(const NskHttpSite *site, NskOffice *office, bool is_changed, GError **error)
{
    const NskExport what = { .form = NSK_EXPORT_PDF };
    g_auto(DemoTrail) trail = { 0 };
    g_autoptr(GBytes) pdf = NULL;
    gsize size;

    demo_trail_load(site, &trail);
    bool ok = need_reply(&trail, error) && nsk_office_act_for(office, CLERK, error) &&
              nsk_office_letter_export(office, trail.reply, &what, &pdf, error);
    nsk_office_act_for_nobody(office);
    if (!ok || !is_changed)
        return ok ? g_steal_pointer(&pdf) : NULL;
    uint8_t *copy = g_bytes_unref_to_data(g_steal_pointer(&pdf), &size);
    copy[size / 3] ^= 1; /* somewhere in the middle of the first page */
    return g_bytes_new_take(copy, size);
}

/* Adds the verdict on the reply, or on its copy, to @view. */
static bool
add_verdict(const NskHttpSite *site,
            NskOffice *office,
            const char *name,
            NskJson *view,
            GError **error)
{
    g_autofree char *trust = g_build_filename(site->dir, TRUST, NULL);
    g_autoptr(NskJson) result = NULL;
    g_autoptr(GBytes) pdf = demo_path_pdf(site, office, g_str_equal(name, "changed"), error);

    if (pdf == NULL ||
        !nsk_office_verify(NULL, pdf, trust, nsk_clock_now(site->clock), &result, error))
        return false;
    nsk_json_set_text(view, name, nsk_json_get_text(result, "verdict"));
    return true;
}

bool
demo_path_check(const NskHttpSite *site, NskOffice *office, NskJson **out_view, GError **error)
{
    g_auto(DemoTrail) trail = { 0 };
    g_autoptr(NskJson) view = nsk_json_object();

    demo_trail_load(site, &trail);
    if (!add_verdict(site, office, "right", view, error) ||
        !add_verdict(site, office, "changed", view, error))
        return false;
    trail.checked = g_strcmp0(nsk_json_get_text(view, "right"), "valid") == 0 &&
                    g_strcmp0(nsk_json_get_text(view, "changed"), "invalid") == 0;
    if (trail.checked && !keep_trail(site, &trail, error))
        return false;
    *out_view = g_steal_pointer(&view);
    return true;
}
