/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Templates of the national application: the tags of a DOCX, and its text as a draft. */
#include "base/id.h"
#include "base/message.h"
#include "docx/docx.h"
#include "office/office-private.h"
#include "worker/worker.h"

/* What a letter has for tags; any part may be missing. */
typedef struct {
    NskOffice *office;
    NskDbTxn *txn;
    NskLetter *letter;
    NskDate today;
    unsigned most; /* signatories that letters of the kind have; 0: nobody said */
    const char *name;
    NskIssues *issues;
} Values;

static NskDocx *
read_docx(const NskOfficeFile *file, NskIssues *issues, GError **error)
{
    g_autoptr(GHashTable) parts = NULL;

    if (!nsk_worker_docx(file->bytes, NULL, &parts, error))
        return NULL;
    return nsk_docx_read(file->name, parts, issues, error);
}

static bool
find_kind(NskOffice *self, const char *kind, unsigned *out_most, GError **error)
{
    g_autoptr(NskDbTxn) txn = self != NULL ? nsk_db_snapshot(self->reader, error) : NULL;
    g_autoptr(NskKind) found =
        self == NULL || txn != NULL ? nsk_office_find_kind(self, txn, kind, error) : NULL;

    if (found != NULL)
        *out_most = nsk_kind_get_max_signatories(found);
    return found != NULL;
}

static NskSignatory *
find_signatory(const Values *self, unsigned number)
{
    const NskLetterFacts *facts = nsk_letter_get_facts(self->letter);
    NskSignatory *found = NULL;

    if (number > facts->n_signatories)
        return NULL;
    const NskLetterSignatory *wanted = &facts->signatories[number - 1];
    NskSignatoryQuery query = { .position = wanted->position,
                                .capacity = wanted->capacity,
                                .mandate = wanted->mandate,
                                .kind = facts->kind,
                                .date = self->today };
    return nsk_directory_check_signatory(self->txn, &query, &found, NULL) ? found : NULL;
}

/* What stands in the letter for the tag; NULL: nothing.  *out_later: the signing brings it. */
static char *
find_value(const Values *self, const NskDocxTag *tag, bool *out_later)
{
    const NskLetterFacts *facts = nsk_letter_get_facts(self->letter);
    g_autoptr(NskSignatory) signatory = NULL;

    *out_later = false;
    if (tag->signatory > 0)
        signatory = find_signatory(self, tag->signatory);
    switch (tag->meaning) {
    case NSK_DOCX_NUMBER:
        *out_later = facts->number == NULL;
        return g_strdup(facts->number);
    case NSK_DOCX_DATE:
        *out_later = !nsk_date_is_set(facts->date);
        return *out_later ? NULL : nsk_date_format(facts->date);
    case NSK_DOCX_CLASS:
        return g_strdup(nsk_security_name(facts->security));
    case NSK_DOCX_SUBJECT:
        return g_strdup(facts->subject);
    case NSK_DOCX_SIGNATORY_NAME:
        return signatory != NULL ? g_strdup(signatory->person->printed) : NULL;
    case NSK_DOCX_SIGNATORY_NIP:
        return signatory != NULL ? g_strdup(signatory->person->nip) : NULL;
    case NSK_DOCX_SIGNATORY_POST:
        return signatory != NULL ? g_strdup(signatory->title) : NULL;
    case NSK_DOCX_SIGNATURE:
        *out_later = signatory != NULL;
        return NULL;
    case NSK_DOCX_QR:
        *out_later = true;
        return NULL;
    case NSK_DOCX_UNKNOWN:
    case NSK_DOCX_BROKEN:
    default:
        return NULL;
    }
}

static void
tell_unfilled(const Values *self, const NskDocxTag *tag, bool later)
{
    g_autofree char *file = g_strdup(self->name);
    const NskIssue place = {
        "docx-tag-unfilled", later ? NSK_SEVERITY_WARNING : NSK_SEVERITY_ERROR, file, 0, 0, NULL
    };
    const char *where = g_ptr_array_index(tag->places, 0);

    if (later)
        nsk_issues_add(self->issues, &place,
                       nsk_tr("%s: the letter has nothing for '%s' before it is signed"), where,
                       tag->text);
    else
        nsk_issues_add(self->issues, &place, nsk_tr("%s: the letter has nothing for '%s'"), where,
                       tag->text);
}

static void
check_signatory_count(const Values *self, const NskDocxTag *tag)
{
    g_autofree char *file = g_strdup(self->name);
    const NskIssue place = { "docx-tag-unfilled", NSK_SEVERITY_ERROR, file, 0, 0, NULL };

    if (self->most > 0 && tag->signatory > self->most)
        nsk_issues_add(self->issues, &place,
                       nsk_tr("%s: '%s' is of signatory %u, and letters of the kind have %u"),
                       (const char *)g_ptr_array_index(tag->places, 0), tag->text, tag->signatory,
                       self->most);
}

static NskJson *
describe_tag(const Values *self, const NskDocxTag *tag)
{
    NskJson *result = nsk_json_object();
    NskJson *places = nsk_json_array();
    bool known = tag->meaning != NSK_DOCX_UNKNOWN && tag->meaning != NSK_DOCX_BROKEN;

    for (guint i = 0; i < tag->places->len; i++)
        nsk_json_add_text(places, g_ptr_array_index(tag->places, i));
    nsk_json_set_text(result, "tag", tag->text);
    nsk_json_set_text(result, "means", nsk_docx_meaning_name(tag->meaning));
    nsk_json_set_bool(result, "known", known);
    nsk_json_set_int(result, "count", tag->count);
    nsk_json_set(result, "places", places);
    if (tag->signatory > 0)
        nsk_json_set_int(result, "signatory", tag->signatory);
    if (!known)
        nsk_json_set_text(result, "nearest", tag->nearest);
    check_signatory_count(self, tag);
    if (self->letter == NULL || !known)
        return result;

    bool later;
    g_autofree char *value = find_value(self, tag, &later);
    nsk_json_set_text(result, "value", value);
    if (value == NULL || *value == '\0')
        tell_unfilled(self, tag, later);
    return result;
}

static bool
open_letter(Values *self, const char *letter, GError **error)
{
    g_autoptr(NskLetterRow) row = NULL;

    self->txn = nsk_db_snapshot(self->office->reader, error);
    row = self->txn != NULL ? nsk_access_letter(self->office, self->txn, letter, error) : NULL;
    if (row == NULL || !nsk_office_today(self->txn, row->unit, nsk_clock_now(self->office->clock),
                                         &self->today, error))
        return false;
    self->letter = nsk_office_read_letter(self->txn, row->id, error);
    return self->letter != NULL;
}

static NskJson *
describe_tags(const Values *self, const NskDocx *docx)
{
    g_autoptr(GPtrArray) tags = nsk_docx_tags(docx, self->issues);
    NskJson *result = nsk_json_object();
    NskJson *list = nsk_json_array();

    for (guint i = 0; i < tags->len; i++)
        nsk_json_add(list, describe_tag(self, g_ptr_array_index(tags, i)));
    nsk_json_set_text(result, "file", self->name);
    nsk_json_set(result, "tags", list);
    return result;
}

bool
nsk_office_docx_tags(NskOffice *self,
                     const NskOfficeDocx *docx,
                     NskIssues *issues,
                     NskJson **out_result,
                     GError **error)
{
    Values values = { .office = self, .name = docx->file.name, .issues = issues };
    g_autoptr(NskDocx) read = NULL;
    bool done = docx->kind == NULL || find_kind(self, docx->kind, &values.most, error);

    if (done && docx->letter != NULL)
        done = open_letter(&values, docx->letter, error);
    read = done ? read_docx(&docx->file, issues, error) : NULL;
    if (read != NULL)
        *out_result = describe_tags(&values, read);
    if (values.letter != NULL)
        nsk_letter_unref(values.letter);
    if (values.txn != NULL)
        nsk_db_snapshot_free(values.txn);
    return read != NULL;
}

static bool
check_names(const NskOfficeDocx *docx, GError **error)
{
    const char *const names[] = { docx->signatory, docx->to };

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (names[i] == NULL || nsk_name_is_valid(names[i]))
            continue;
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%s' is no name of a position; 'naskah directory list' has them"),
                    names[i]);
        return false;
    }
    return true;
}

bool
nsk_office_docx_draft(NskOffice *self,
                      const NskOfficeDocx *docx,
                      NskIssues *issues,
                      GBytes **out_xml,
                      GError **error)
{
    const NskDocxDraft draft = { docx->kind, docx->classification, docx->signatory, docx->to };
    unsigned most;

    if (!check_names(docx, error) ||
        (docx->kind != NULL && !find_kind(self, docx->kind, &most, error)))
        return false;
    g_autoptr(NskDocx) read = read_docx(&docx->file, issues, error);
    GBytes *xml = read != NULL ? nsk_docx_to_letter(read, &draft, issues, error) : NULL;
    if (xml != NULL)
        *out_xml = xml;
    return xml != NULL;
}
