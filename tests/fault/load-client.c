/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One client of the load: writes letters, sends them through their reviewers, and meddles with
 * those of the others, so that several changes of one letter meet in one batch.
 */
#include "load.h"

#include <string.h>

#define WORDS_LEAST 60
#define WORDS_MORE  300
#define PAUSE_US    (20 * 1000)
#define NOTE        "Mohon diperbaiki."

typedef struct {
    const char *action; /* new edit submit approve return withdraw pages agenda */
    const char *person;
    const char *letter;
} Step;

static const char *const words[] = {
    "rapat", "rencana", "anggaran", "sumber", "air",   "pantau", "biro",   "umum", "laporan",
    "tahun", "bulan",   "kegiatan", "hasil",  "surat", "dinas",  "kepala", "data", "wilayah",
};

static GBytes *
make_letter(GRand *rand)
{
    GString *xml = g_string_sized_new(4096);
    int n = WORDS_LEAST + g_rand_int_range(rand, 0, WORDS_MORE);

    g_string_append_printf(
        xml,
        "<letter xmlns=\"urn:naskah:letter:1\" kind=\"surat-dinas\" xml:lang=\"id\">"
        "<security>biasa</security><urgency>biasa</urgency><classification>KP.08.1"
        "</classification><subject>Rencana %u</subject><to><position ref=\"kepala-biro-sdm\"/>"
        "</to><reviewers><reviewer position=\"kepala-subbagian-persuratan\"/>"
        "<reviewer position=\"kepala-bagian-tata-usaha\"/></reviewers><signatories>"
        "<signatory position=\"kepala-biro-umum\" capacity=\"definitive\"/></signatories><body><p>",
        g_rand_int(rand));
    for (int i = 0; i < n; i++)
        g_string_append_printf(xml, "%s %d ",
                               words[g_rand_int_range(rand, 0, (gint32)G_N_ELEMENTS(words))],
                               g_rand_int_range(rand, 0, 1000));
    g_string_append(xml, "</p></body></letter>");
    return g_string_free_to_bytes(xml);
}

static bool
do_new(LoadClient *self, NskJson **out_result, GError **error)
{
    g_autoptr(GBytes) xml = make_letter(self->rand);
    NskNewLetter draft = { "letter.xml", xml, NULL };

    return nsk_office_letter_new(self->office, &draft, out_result, error);
}

static bool
do_edit(LoadClient *self, const char *letter, NskJson **out_result, GError **error)
{
    g_autoptr(GBytes) xml = make_letter(self->rand);
    NskLetterEdit edit = { .letter = letter, .name = "letter.xml", .xml = xml };

    return nsk_office_letter_edit(self->office, &edit, out_result, error);
}

/* The use case of a step; with the same seed of the client's letters the same again. */
static bool
do_use_case(LoadClient *self, const Step *step, NskJson **out_result, GError **error)
{
    NskTaskAct act = { .task = step->letter, .outcome = step->action };

    if (strcmp(step->action, "new") == 0)
        return do_new(self, out_result, error);
    if (strcmp(step->action, "edit") == 0)
        return do_edit(self, step->letter, out_result, error);
    if (strcmp(step->action, "withdraw") == 0)
        return nsk_office_letter_withdraw(self->office, step->letter, NOTE, out_result, error);
    if (strcmp(step->action, "pages") == 0)
        return nsk_office_sign_prepare(self->office, step->letter, out_result, error);
    act.note = strcmp(step->action, "return") == 0 ? NOTE : NULL;
    return nsk_office_task_act(self->office, &act, out_result, error);
}

/* One try of a step; the answer is noted. */
static bool
try_step(LoadClient *self, const Step *step, const char *request, char **out_letter, GError **error)
{
    g_autoptr(NskJson) result = NULL;
    g_autofree char *number = NULL;

    if (strcmp(step->action, "agenda") == 0) {
        if (!load_take_number(self, request, &number, error))
            return false;
        load_note(self, request, step->action, request, number);
        return true;
    }
    if (!nsk_office_act_as(self->office, step->person, error) ||
        !nsk_office_set_request(self->office, request, error) ||
        !do_use_case(self, step, &result, error))
        return false;
    const char *letter = nsk_json_get_text(result, "letter");
    load_note(self, request, step->action, letter, nsk_json_get_text(result, "number"));
    if (out_letter != NULL)
        *out_letter = g_strdup(letter);
    return true;
}

/* What an error means: somebody else was first, or nothing is wrong but the disk. */
static bool
is_refusal(const GError *fault)
{
    return g_error_matches(fault, NSK_ERROR, NSK_ERROR_CONFLICT) ||
           g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND) ||
           g_error_matches(fault, NSK_ERROR, NSK_ERROR_DENIED) ||
           g_error_matches(fault, NSK_ERROR, NSK_ERROR_INVALID);
}

static bool
is_stumble(const Load *load, const GError *fault)
{
    return g_error_matches(fault, NSK_ERROR, NSK_ERROR_BUSY) ||
           (load->stumble && (g_error_matches(fault, NSK_ERROR, NSK_ERROR_IO) ||
                              g_error_matches(fault, NSK_ERROR, NSK_ERROR_UNCERTAIN)));
}

static bool
is_over(const LoadClient *self)
{
    return g_atomic_int_get(&self->load->stop) != 0 ||
           (self->load->changes > 0 && self->done >= self->load->changes);
}

/* Takes a step, again and again under one request id where the answer is to try again. */
static bool
take_step(LoadClient *self, const Step *step, char **out_letter)
{
    static gint n;
    Load *load = self->load;
    g_autofree char *request = g_strdup_printf("%" G_GINT64_FORMAT "-%d-%d", load->seed,
                                               self->index, g_atomic_int_add(&n, 1));
    guint32 seed = g_rand_int(self->rand);

    while (!is_over(self)) {
        g_autoptr(GError) fault = NULL;

        g_rand_set_seed(self->rand, seed); /* a repeated request asks for the same */
        if (try_step(self, step, request, out_letter, &fault))
            return true;
        if (is_refusal(fault)) {
            (void)g_atomic_int_add(&load->refused, 1);
            return false;
        }
        if (!is_stumble(load, fault)) {
            load_note_odd(load, fault);
            return false;
        }
        load_note_stumble(load, fault);
        if (g_error_matches(fault, NSK_ERROR, NSK_ERROR_UNCERTAIN))
            load_note_unsure(load, request);
        g_usleep(PAUSE_US);
    }
    return false;
}

static bool
chance(LoadClient *self, int one_in)
{
    return g_rand_int_range(self->rand, 0, one_in) == 0;
}

static void
publish(LoadClient *self, const char *letter)
{
    Load *load = self->load;
    size_t at = (size_t)g_rand_int_range(self->rand, 0, (gint32)G_N_ELEMENTS(load->letters));

    g_mutex_lock(&load->lock);
    g_free(load->letters[at]);
    load->letters[at] = g_strdup(letter);
    g_mutex_unlock(&load->lock);
}

/* The signatory's pages carry the number; rendering takes long, so one client does it at a time. */
static void
make_pages(LoadClient *self, const char *letter)
{
    if (!self->load->sign || !g_mutex_trylock(&self->load->pages))
        return;
    (void)take_step(self, &(Step){ "pages", "sekar", letter }, NULL);
    g_mutex_unlock(&self->load->pages);
}

/* Does something to a letter of another client, which may be doing the same. */
static void
meddle(LoadClient *self)
{
    static const char *const acts[][2] = { { "approve", "kirana" }, { "approve", "budi" },
                                           { "edit", "damar" },     { "return", "kirana" },
                                           { "submit", "damar" },   { "pages", "sekar" } };
    Load *load = self->load;
    size_t at = (size_t)g_rand_int_range(self->rand, 0, (gint32)G_N_ELEMENTS(load->letters));
    size_t act = (size_t)g_rand_int_range(self->rand, 0, (gint32)G_N_ELEMENTS(acts));

    g_mutex_lock(&load->lock);
    g_autofree char *letter = g_strdup(load->letters[at]);
    g_mutex_unlock(&load->lock);
    if (letter != NULL && strcmp(acts[act][0], "pages") == 0)
        make_pages(self, letter);
    else if (letter != NULL)
        (void)take_step(self, &(Step){ acts[act][0], acts[act][1], letter }, NULL);
}

/* From draft to pages.  A step that others made impossible is left out. */
static void
live(LoadClient *self)
{
    g_autofree char *letter = NULL;

    (void)take_step(self, &(Step){ "agenda", NULL, NULL }, NULL);
    if (!take_step(self, &(Step){ "new", "damar", NULL }, &letter))
        return;
    meddle(self);
    publish(self, letter);
    for (int i = g_rand_int_range(self->rand, 0, 3); i > 0; i--)
        (void)take_step(self, &(Step){ "edit", "damar", letter }, NULL);
    (void)take_step(self, &(Step){ "submit", "damar", letter }, NULL);
    meddle(self);
    if (chance(self, 6)) {
        (void)take_step(self, &(Step){ "return", "kirana", letter }, NULL);
        (void)take_step(self, &(Step){ "edit", "damar", letter }, NULL);
        (void)take_step(self, &(Step){ "submit", "damar", letter }, NULL);
    }
    (void)take_step(self, &(Step){ "approve", "kirana", letter }, NULL);
    (void)take_step(self, &(Step){ "approve", "budi", letter }, NULL);
    if (chance(self, 3))
        make_pages(self, letter);
    if (chance(self, 4))
        (void)take_step(self, &(Step){ "withdraw", "damar", letter }, NULL);
}

static bool
open_handles(LoadClient *self, GError **error)
{
    Load *load = self->load;
    g_autofree char *path = g_build_filename(load->dir, "office.db", NULL);
    NskOfficeOptions options = { .dir = load->dir,
                                 .service = load->service,
                                 .as = "damar",
                                 .clock = &load->clock };

    self->office = nsk_office_open(&options, error);
    if (self->office != NULL)
        self->reader = nsk_db_open(path, NSK_DB_READ, error);
    return self->reader != NULL;
}

gpointer
load_run_client(gpointer data)
{
    LoadClient *self = data;
    g_autoptr(GError) fault = NULL;

    self->rand = g_rand_new_with_seed((guint32)self->load->seed * 1000 + (guint32)self->index);
    bool ok = open_handles(self, &fault);
    if (!ok)
        load_note_odd(self->load, fault);
    while (ok && !is_over(self)) {
        live(self);
        g_clear_error(&fault);
        if (self->load->hold > 0 && self->index == 0 && !load_hold(self, &fault))
            load_note_odd(self->load, fault);
    }
    g_clear_pointer(&self->reader, nsk_db_free);
    g_clear_pointer(&self->office, nsk_office_free);
    g_rand_free(self->rand);
    return NULL;
}
