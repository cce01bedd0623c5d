/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a letter of the office to a job for the renderer: the names of positions and people, as they
 * are on the day, are looked up here and nowhere else.
 */
#include "base/message.h"
#include "base/resource.h"
#include "office/office-private.h"

#include <string.h>

#define DEMO_DIRECTORY  "templates/demo/directory.xml"
#define SHIPPED_PROFILE "templates/profiles/demo.xml"

/* A job and what its strings point into. */
typedef struct {
    NskRenderJob job;
    const char *id; /* of the letter; NULL: a file, always a draft; borrowed */
    GBytes *typed;  /* NULL: the letter as it is stored; borrowed */
    NskLetter *letter;
    NskKind *kind;
    NskProfile *profile;
    NskUnit *unit;
    GBytes *xml;
    char *qr_text;
    GArray *parties;               /* NskRenderParty; addressees first, then copies */
    GArray *signatories;           /* NskRenderSignatory */
    GArray *parafs;                /* NskRenderParaf; NULL: none */
    GPtrArray *owned;              /* strings, positions, signatories */
    const NskOfficeRendering *how; /* of a file; borrowed */
    NskPagesIn *pages;             /* of attached PDFs; NULL: none */
} JobText;

static void
job_clear(JobText *self)
{
    g_clear_pointer(&self->letter, nsk_letter_unref);
    g_clear_pointer(&self->kind, nsk_kind_unref);
    g_clear_pointer(&self->profile, nsk_profile_unref);
    g_clear_pointer(&self->unit, nsk_unit_free);
    g_clear_pointer(&self->xml, g_bytes_unref);
    g_clear_pointer(&self->qr_text, g_free);
    g_clear_pointer(&self->parties, g_array_unref);
    g_clear_pointer(&self->signatories, g_array_unref);
    g_clear_pointer(&self->parafs, g_array_unref);
    g_clear_pointer(&self->owned, g_ptr_array_unref);
    g_clear_pointer(&self->pages, nsk_pages_in_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(JobText, job_clear)

/* Keeps a string as long as the job. */
static const char *
keep(JobText *self, const char *text)
{
    char *copy = g_strdup(text);

    if (copy != NULL)
        g_ptr_array_add(self->owned, copy);
    return copy;
}

static bool
add_party(JobText *self, NskDbTxn *txn, const NskLetterParty *party, GError **error)
{
    NskRenderParty print = { .print = party->name,
                             .attention = party->attention,
                             .place = party->place,
                             .note = party->note };

    if (party->position != NULL) {
        g_autoptr(NskPosition) position = nsk_directory_get_position(txn, party->position, error);

        if (position == NULL)
            return false;
        print.print = keep(self, position->title);
    }
    g_array_append_val(self->parties, print);
    return true;
}

/* The block of somebody who cannot sign today, as a draft shows it: the post alone. */
static bool
add_unknown_signatory(JobText *self,
                      NskDbTxn *txn,
                      const NskLetterSignatory *wanted,
                      GError **error)
{
    g_autoptr(NskPosition) position = nsk_directory_get_position(txn, wanted->position, error);

    if (position == NULL)
        return false;
    NskRenderSignatory print = { .capacity = nsk_capacity_name(wanted->capacity),
                                 .position = keep(self, position->title),
                                 .person = "",
                                 .plain_name = "",
                                 .nip = "" };
    g_array_append_val(self->signatories, print);
    return true;
}

static bool
add_signatory(JobText *self, NskDbTxn *txn, size_t n, NskDate today, GError **error)
{
    const NskLetterFacts *facts = nsk_letter_get_facts(self->letter);
    const NskLetterSignatory *wanted = &facts->signatories[n];
    g_autoptr(NskSigningRow) signing = NULL;
    NskSignatoryQuery query = { .position = wanted->position,
                                .capacity = wanted->capacity,
                                .mandate = wanted->mandate,
                                .kind = facts->kind,
                                .date = today };
    g_autoptr(NskSignatory) found = NULL;

    /* final pages name the person for whom the signature was reserved, and nobody else */
    if (!self->job.draft) {
        if (!nsk_signing_find(txn, self->id, (int64_t)n + 1, &signing, error))
            return false;
        query.person = signing != NULL ? signing->person : NULL;
    }

    if (!nsk_directory_check_signatory(txn, &query, &found, self->job.draft ? NULL : error))
        return self->job.draft && add_unknown_signatory(self, txn, wanted, error);
    NskRenderSignatory print = { .capacity = nsk_capacity_name(wanted->capacity),
                                 .position = keep(self, found->title),
                                 .holding = found->holding != found->capacity
                                                ? nsk_capacity_name(found->holding)
                                                : NULL,
                                 .for_position = keep(self, found->for_title),
                                 .through = keep(self, found->through_title),
                                 .person = keep(self, found->person->printed),
                                 .plain_name = keep(self, found->person->name),
                                 .nip = keep(self, found->person->nip),
                                 .rank = keep(self, found->person->rank) };
    g_array_append_val(self->signatories, print);
    return true;
}

static bool
refuse_pages(GError **error)
{
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("a letter that came in has no pages of ours; export the file that "
                               "is attached to it"));
    return false;
}

/* Looks up every name of the letter. */
static bool
resolve_names(JobText *self, NskDbTxn *txn, NskDate today, GError **error)
{
    const NskLetterFacts *facts = nsk_letter_get_facts(self->letter);

    if (facts->n_signatories == 0 || facts->body == NULL)
        return refuse_pages(error);
    self->owned = g_ptr_array_new_with_free_func(g_free);
    self->parties = g_array_new(FALSE, TRUE, sizeof(NskRenderParty));
    self->signatories = g_array_new(FALSE, TRUE, sizeof(NskRenderSignatory));
    for (size_t i = 0; i < facts->n_addressees; i++) {
        if (!add_party(self, txn, &facts->addressees[i], error))
            return false;
    }
    for (size_t i = 0; i < facts->n_copies; i++) {
        if (!add_party(self, txn, &facts->copies[i], error))
            return false;
    }
    for (size_t i = 0; i < facts->n_signatories; i++) {
        if (!add_signatory(self, txn, i, today, error))
            return false;
    }
    return true;
}

static bool
add_paraf(JobText *self, NskDbTxn *txn, const NskParafRow *row, GError **error)
{
    g_autoptr(NskPosition) position = nsk_directory_get_position(txn, row->position, error);
    g_autoptr(NskPerson) person =
        position != NULL ? nsk_directory_get_person(txn, row->person, error) : NULL;
    NskRenderParaf print = { 0 };

    if (person == NULL || !nsk_date_at(row->at, self->unit->zone, &print.date, error))
        return false;
    const char *lead = nsk_profile_get_lead(self->profile, row->capacity);
    g_autofree char *title =
        lead != NULL ? g_strdup_printf("%s %s", lead, position->title) : g_strdup(position->title);
    print.position = keep(self, title);
    print.person = keep(self, person->name);
    g_array_append_val(self->parafs, print);
    return true;
}

/* The last paraf of its position that holds, where the profile wants it seen. */
static bool
is_seen(const JobText *self, const GPtrArray *parafs, guint i)
{
    const NskParafRow *paraf = g_ptr_array_index(parafs, i);

    for (guint later = i + 1; later < parafs->len; later++) {
        const NskParafRow *other = g_ptr_array_index(parafs, later);

        if (other->voided == 0 && strcmp(other->position, paraf->position) == 0)
            return false;
    }
    return paraf->voided == 0 &&
           nsk_profile_get_paraf(self->profile, self->kind, paraf->position).is_visible;
}

/* The parafs that final pages tell of.  They are in before the pages are made, and none comes
 * after. */
static bool
resolve_parafs(JobText *self, NskDbTxn *txn, GError **error)
{
    if (self->job.draft)
        return true;
    g_autoptr(GPtrArray) parafs = nsk_paraf_list(txn, self->id, error);
    self->parafs = g_array_new(FALSE, TRUE, sizeof(NskRenderParaf));
    for (guint i = 0; parafs != NULL && i < parafs->len; i++) {
        if (is_seen(self, parafs, i) && !add_paraf(self, txn, g_ptr_array_index(parafs, i), error))
            return false;
    }
    return parafs != NULL;
}

/* Fills the job from its resolved parts. */
static void
fill_job(JobText *self, const char *name)
{
    const NskLetterFacts *facts = nsk_letter_get_facts(self->letter);
    const NskRenderParty *parties = (const NskRenderParty *)(void *)self->parties->data;

    self->job.name = name;
    self->job.letter = self->xml;
    self->job.profile = self->profile;
    self->job.kind = self->kind;
    self->job.unit = self->unit->id;
    self->job.unit_name = self->unit->name;
    self->job.place = facts->place != NULL ? facts->place : self->unit->place;
    self->job.zone = self->unit->zone;
    self->job.addressees = parties;
    self->job.n_addressees = facts->n_addressees;
    self->job.copies = parties + facts->n_addressees;
    self->job.n_copies = facts->n_copies;
    self->job.signatories = (const NskRenderSignatory *)(void *)self->signatories->data;
    self->job.n_signatories = self->signatories->len;
    if (self->parafs != NULL) {
        self->job.parafs = (const NskRenderParaf *)(void *)self->parafs->data;
        self->job.n_parafs = self->parafs->len;
    }
    self->job.pages = nsk_pages_in_get(self->pages, &self->job.n_pages);
    self->job.qr_text = self->qr_text;
}

/* Whom the copy is for. */
static bool
choose_copy(JobText *self, GError **error)
{
    const NskLetterFacts *facts = nsk_letter_get_facts(self->letter);
    size_t last = facts->n_addressees + facts->n_copies;

    if (self->job.copy <= last) {
        self->job.only = self->job.copy <= facts->n_addressees ? self->job.copy : 0;
        return true;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                nsk_tr("the letter has no copy %u: with those for tembusan it has %zu"),
                self->job.copy, last);
    return false;
}

/* The letter's XML and what it says. */
static bool
read_letter(NskDbTxn *txn, const NskLetterRow *row, JobText *self, GError **error)
{
    g_autofree char *name = nsk_office_file_name(row->id, ".xml");

    if (self->typed != NULL) {
        self->xml = g_bytes_ref(self->typed);
        self->letter = nsk_letter_parse(name, g_bytes_get_data(self->xml, NULL),
                                        g_bytes_get_size(self->xml), NULL, error);
        return self->letter != NULL;
    }
    self->xml = nsk_store_read(txn, row->id, NULL, name, error);
    self->letter = self->xml != NULL ? nsk_office_read_letter(txn, row->id, error) : NULL;
    return self->letter != NULL;
}

/* Reads what the pages of a stored letter need; all of it, so that no snapshot stays open while
 * they are made. */
static bool
gather_job(NskOffice *office, const NskLetterRow *row, JobText *self, GError **error)
{
    NskDate today;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(office->reader, error);
    const NskKind *kind =
        txn != NULL ? nsk_office_kind(office, txn, row->kind, row->kind_version, error) : NULL;
    const NskProfile *profile =
        kind != NULL ? nsk_office_profile(office, txn, row->profile, row->profile_version, error)
                     : NULL;

    if (profile == NULL)
        return false;
    self->kind = nsk_kind_ref(kind);
    self->profile = nsk_profile_ref(profile);
    self->unit = nsk_directory_get_unit(txn, row->unit, error);
    if (self->unit == NULL || !read_letter(txn, row, self, error))
        return false;
    if (!self->job.draft)
        self->qr_text = nsk_profile_qr_text(profile, row->id);
    if (!choose_copy(self, error) ||
        !nsk_pages_in_read(txn, row->id, self->letter, nsk_kind_is_uploaded(kind), &self->pages,
                           error) ||
        !nsk_date_at(nsk_clock_now(office->clock), self->unit->zone, &today, error))
        return false;
    /* who signed may have left since */
    if (self->job.copy != 0 && nsk_date_is_set(nsk_letter_get_facts(self->letter)->date))
        today = nsk_letter_get_facts(self->letter)->date;
    return resolve_names(self, txn, today, error) && resolve_parafs(self, txn, error);
}

bool
nsk_office_render_letter(NskOffice *self,
                         const NskLetterRow *row,
                         const NskLetterForm *form,
                         GBytes **out_bytes,
                         GError **error)
{
    g_auto(JobText) text = { .job.draft = form->draft,
                             .job.copy = form->copy,
                             .id = row->id,
                             .typed = form->typed };
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autofree char *name = nsk_office_file_name(row->id, ".xml");
    NskRenderer *renderer = nsk_office_get_renderer(self, error);

    if (renderer == NULL || !gather_job(self, row, &text, error) ||
        (!form->html && !nsk_pages_in_draw(text.pages, renderer, error)))
        return false;
    fill_job(&text, name);
    return form->html ? nsk_render_letter_html(renderer, &text.job, out_bytes, error)
                      : nsk_render_letter(renderer, &text.job, issues, out_bytes, error);
}

/* --- A file of anybody -------------------------------------------------------------------------
 */

static bool
apply_demo_directory(NskDbTxn *txn,
                     G_GNUC_UNUSED void *data,
                     G_GNUC_UNUSED char **out_answer,
                     GError **error)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GBytes) bytes = nsk_resource_load(DEMO_DIRECTORY, error);
    g_autoptr(NskXmlDoc) doc = bytes != NULL
                                   ? nsk_xml_parse(DEMO_DIRECTORY, g_bytes_get_data(bytes, NULL),
                                                   g_bytes_get_size(bytes), error)
                                   : NULL;
    g_autoptr(NskDirectory) directory =
        doc != NULL ? nsk_directory_read_xml(doc, issues, error) : NULL;

    return directory != NULL &&
           nsk_directory_store(directory, txn, NSK_DIRECTORY_REPLACE, issues, error);
}

/* The tables of the directory alone: making them all takes longer than the pages. */
#define NAMES_SCHEMA "engine/db/names"

/* The names of the demo agency, for files rendered where there is no office. */
static NskDb *
open_demo_names(GError **error)
{
    g_autoptr(NskDb) db = nsk_db_open_scratch(NAMES_SCHEMA, error);

    if (db == NULL ||
        !nsk_db_commit(db, &(NskChange){ .apply = apply_demo_directory, .data = NULL }, NULL,
                       error))
        return NULL;
    return g_steal_pointer(&db);
}

/* The kind of the file at hand, or the one that the letter names. */
static NskKind *
find_kind(NskOffice *office, NskDbTxn *txn, const JobText *self, GError **error)
{
    const NskOfficeFile *given = &self->how->kind;

    if (given->bytes == NULL)
        return nsk_office_find_kind(office, txn, nsk_letter_get_facts(self->letter)->kind, error);
    return nsk_kind_parse(given->name, g_bytes_get_data(given->bytes, NULL),
                          g_bytes_get_size(given->bytes), NULL, error);
}

static NskProfile *
find_profile(NskOffice *office, NskDbTxn *txn, const JobText *self, GError **error)
{
    const NskOfficeFile *given = &self->how->profile;

    if (given->bytes != NULL)
        return nsk_profile_parse(given->name, g_bytes_get_data(given->bytes, NULL),
                                 g_bytes_get_size(given->bytes), NULL, error);
    if (office != NULL) {
        g_autofree char *version = nsk_rule_current(txn, "profile", "agency", error);
        const NskProfile *profile =
            version != NULL ? nsk_office_profile(office, txn, "agency", version, error) : NULL;

        return profile != NULL ? nsk_profile_ref(profile) : NULL;
    }
    g_autoptr(GBytes) bytes = nsk_resource_load(SHIPPED_PROFILE, error);
    return bytes != NULL ? nsk_profile_parse(SHIPPED_PROFILE, g_bytes_get_data(bytes, NULL),
                                             g_bytes_get_size(bytes), NULL, error)
                         : NULL;
}

/* What a file's pages need: the unit is that of its first signatory. */
static bool
gather_file(NskOffice *office, NskDbTxn *txn, JobText *self, GError **error)
{
    NskDate today;
    const NskLetterFacts *facts = nsk_letter_get_facts(self->letter);
    const NskClock *clock = office != NULL ? office->clock : &nsk_clock_system;

    if (facts->n_signatories == 0)
        return refuse_pages(error);
    g_autoptr(NskPosition) first =
        nsk_directory_get_position(txn, facts->signatories[0].position, error);

    self->kind = first != NULL ? find_kind(office, txn, self, error) : NULL;
    self->profile = self->kind != NULL ? find_profile(office, txn, self, error) : NULL;
    self->unit = self->profile != NULL ? nsk_directory_get_unit(txn, first->unit, error) : NULL;
    return self->unit != NULL &&
           nsk_date_at(nsk_clock_now(clock), self->unit->zone, &today, error) &&
           resolve_names(self, txn, today, error);
}

static bool
render_letter_file(NskOffice *office,
                   const NskOfficeFile *file,
                   const NskOfficeRendering *how,
                   NskIssues *issues,
                   GBytes **out_bytes,
                   GError **error)
{
    g_auto(JobText) text = { .job.draft = true, .how = how };
    g_autoptr(NskDb) names = office == NULL ? open_demo_names(error) : NULL;
    NskDb *db = office != NULL ? office->reader : names;

    text.xml = g_bytes_ref(file->bytes);
    text.letter = nsk_letter_parse(file->name, g_bytes_get_data(file->bytes, NULL),
                                   g_bytes_get_size(file->bytes), NULL, error);
    if (text.letter == NULL || db == NULL)
        return false;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, error);
    bool ok = txn != NULL && gather_file(office, txn, &text, error);
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    if (!ok)
        return false;
    fill_job(&text, file->name);
    g_autoptr(NskRenderer) renderer = nsk_renderer_new(error);
    if (renderer == NULL)
        return false;
    return how->html ? nsk_render_letter_html(renderer, &text.job, out_bytes, error)
                     : nsk_render_letter(renderer, &text.job, issues, out_bytes, error);
}

bool
nsk_office_render(NskOffice *self,
                  const NskOfficeFile *file,
                  const NskOfficeRendering *how,
                  NskIssues *issues,
                  GBytes **out_bytes,
                  GError **error)
{
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse(file->name, g_bytes_get_data(file->bytes, NULL),
                                             g_bytes_get_size(file->bytes), error);

    if (doc == NULL)
        return false;
    if (strcmp(nsk_xml_ns(nsk_xml_doc_get_root(doc)), NSK_LETTER_NS) != 0) {
        g_autofree char *folder = g_path_get_dirname(file->name);
        if (how->html) {
            g_set_error(error, NSK_ERROR, NSK_ERROR_UNSUPPORTED,
                        nsk_tr("'%s' is no letter; only a letter becomes HTML"), file->name);
            return false;
        }
        NskRenderFile fo = { doc, folder, how->lenient };

        return nsk_render_file(&fo, issues, out_bytes, error);
    }
    return render_letter_file(self, file, how, issues, out_bytes, error);
}
