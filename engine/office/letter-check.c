/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is wrong with a letter before it is submitted: by its kind, and by the directory (positions
 * that do not exist, a signatory who may not sign); and of an uploaded kind, by its document.
 */
#include "base/message.h"
#include "base/resource.h"
#include "office/copy-private.h"
#include "office/office-private.h"

#include <string.h>

/* What a check looks at; @txn NULL: no directory at hand. */
typedef struct {
    NskDbTxn *txn;
    const NskXmlDoc *doc;
    const char *kind;
    NskDate today;
    NskIssues *issues;
    const NskKind *rules; /* of the kind */
} Check;

/* Adds a finding for an error of the directory; other errors stay errors. */
static bool
report(const Check *check, const NskXmlNode *node, GError *fault, GError **error)
{
    if (g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND) ||
        g_error_matches(fault, NSK_ERROR, NSK_ERROR_DENIED) ||
        g_error_matches(fault, NSK_ERROR, NSK_ERROR_EXPIRED) ||
        g_error_matches(fault, NSK_ERROR, NSK_ERROR_INVALID)) {
        nsk_xml_issue(check->doc, node, check->issues, "letter-directory", "%s", fault->message);
        g_error_free(fault);
        return true;
    }
    g_propagate_error(error, fault);
    return false;
}

static bool
check_position(const Check *check, const NskXmlNode *node, const char *id, GError **error)
{
    GError *fault = NULL;
    g_autoptr(NskPosition) position = nsk_directory_get_position(check->txn, id, &fault);

    return position != NULL || report(check, node, fault, error);
}

/* "III.a" is 3; 6 for posts without an echelon, which are below all. */
static unsigned
echelon_rank(const char *echelon)
{
    static const char *const ranks[] = { "I", "II", "III", "IV", "V" };
    size_t size = strcspn(echelon, ".");

    for (unsigned i = 0; i < G_N_ELEMENTS(ranks); i++) {
        if (strlen(ranks[i]) == size && strncmp(ranks[i], echelon, size) == 0)
            return i + 1;
    }
    return G_N_ELEMENTS(ranks) + 1;
}

/* Whether the post is high enough to sign letters of the kind. */
static bool
check_authority(const Check *check, const NskXmlNode *node, GError **error)
{
    const char *lowest = nsk_kind_get_lowest_echelon(check->rules);
    g_autoptr(NskPosition) position =
        nsk_directory_get_position(check->txn, nsk_xml_attr(node, "position"), error);

    if (position == NULL)
        return false;
    if (lowest != NULL && echelon_rank(position->echelon) > echelon_rank(lowest))
        nsk_xml_issue(check->doc, node, check->issues, "letter-authority",
                      nsk_tr("letters of this kind are signed from echelon %s upwards, and '%s' is "
                             "below it; choose a superior"),
                      lowest, position->title);
    return true;
}

static bool
check_signatory(const Check *check, const NskXmlNode *node, GError **error)
{
    GError *fault = NULL;
    g_autoptr(NskSignatory) signatory = NULL;
    NskSignatoryQuery query = { .position = nsk_xml_attr(node, "position"),
                                .mandate = nsk_xml_attr(node, "mandate"),
                                .kind = check->kind,
                                .date = check->today };
    bool known = nsk_capacity_parse(nsk_xml_attr(node, "capacity"), &query.capacity);

    g_assert(known); /* the schema allows no other */
    if (!nsk_directory_check_signatory(check->txn, &query, &signatory, &fault))
        return report(check, node, fault, error);
    return check_authority(check, node, error);
}

/* Every element below @node that names a position. */
static bool
check_positions(const Check *check, const NskXmlNode *node, GError **error)
{
    static const char *const people[] = { "reviewer", "coordinator", "assignee", NULL };

    for (NskXmlNode *child = nsk_xml_first(node); child != NULL; child = nsk_xml_next(child)) {
        const char *name = nsk_xml_name(child);
        const char *id = strcmp(name, "position") == 0   ? nsk_xml_attr(child, "ref")
                         : g_strv_contains(people, name) ? nsk_xml_attr(child, "position")
                                                         : NULL;

        if (strcmp(name, "signatory") == 0 && !check_signatory(check, child, error))
            return false;
        if (id != NULL && !check_position(check, child, id, error))
            return false;
        if (strcmp(name, "body") != 0 && !check_positions(check, child, error))
            return false;
    }
    return true;
}

/* Whether the profile can number the letter when it is signed. */
static void
check_series(const Check *check, const NskProfileSeries *series)
{
    const NskXmlNode *root = nsk_xml_doc_get_root(check->doc);

    if (series == NULL)
        nsk_xml_issue(check->doc, root, check->issues, "letter-series",
                      nsk_tr("the profile has no number series for letters of kind '%s'"),
                      check->kind);
}

/* Whether somebody sits at every desk that the letter asks: else it would wait for nobody. */
static bool
check_desks(const Check *check, NskOffice *office, const NskLetterRow *row, GError **error)
{
    const NskXmlNode *list = nsk_xml_child(nsk_xml_doc_get_root(check->doc), "consultants");
    const NskXmlNode *node = list != NULL ? nsk_xml_first(list) : NULL;

    if (node == NULL)
        return true;
    g_autofree char *version = nsk_rule_current(check->txn, "profile", row->profile, error);
    const NskProfile *profile =
        version != NULL ? nsk_office_profile(office, check->txn, row->profile, version, error)
                        : NULL;
    for (; profile != NULL && node != NULL; node = nsk_xml_next(node)) {
        const char *desk = nsk_xml_attr(node, "desk");

        if (nsk_profile_find_desk(profile, desk, row->unit) == NULL)
            nsk_xml_issue(check->doc, node, check->issues, "letter-desk",
                          nsk_tr("the profile names no position for the desk '%s'; take it out, or "
                                 "have the profile completed"),
                          desk);
    }
    return profile != NULL;
}

/* A letter date that was asked for must not be too old already.  One that is still to come is good:
 * the letter may be signed on that day. */
static void
check_date(const Check *check, const NskProfileSeries *series)
{
    const NskXmlNode *node = nsk_xml_child(nsk_xml_doc_get_root(check->doc), "date");
    g_autofree char *text = node != NULL ? nsk_xml_text_folded(node) : NULL;
    gint64 lag = -1;
    NskDate date;

    if (text == NULL || !nsk_date_parse(text, &date, NULL))
        return;
    if (series != NULL && series->max_lag_days != NULL)
        (void)g_ascii_string_to_signed(series->max_lag_days, 10, 0, G_MAXINT16, &lag, NULL);
    if (lag >= 0 && nsk_date_compare(nsk_date_add_days(date, (int)lag), check->today) < 0)
        nsk_xml_issue(check->doc, node, check->issues, "letter-date",
                      nsk_tr("the letter date %s is more than %d days ago; write a later one or "
                             "leave it out"),
                      text, (int)lag);
}

/* Adds what is wrong with @doc, a form of the letter of @row. */
static bool
check_form(NskOffice *office,
           NskDbTxn *txn,
           const NskLetterRow *row,
           const NskXmlDoc *doc,
           NskIssues *issues,
           GError **error)
{
    const NskKind *kind = nsk_office_kind(office, txn, row->kind, row->kind_version, error);
    const NskProfile *profile =
        kind != NULL ? nsk_office_profile(office, txn, row->profile, row->profile_version, error)
                     : NULL;
    Check check = { .txn = txn, .doc = doc, .kind = row->kind, .issues = issues, .rules = kind };

    if (profile == NULL ||
        !nsk_office_today(txn, row->unit, nsk_clock_now(office->clock), &check.today, error))
        return false;
    const NskProfileSeries *series = nsk_profile_find_series(profile, row->kind);
    /* what came in is not signed */
    if (nsk_xml_child(nsk_xml_doc_get_root(doc), "signatories") != NULL)
        check_series(&check, series);
    check_date(&check, series);
    if (!check_desks(&check, office, row, error))
        return false;
    return nsk_kind_check_letter(kind, doc, nsk_language(), issues, error) &&
           check_positions(&check, nsk_xml_doc_get_root(doc), error);
}

bool
nsk_letter_find_faults(NskOffice *office,
                       NskDbTxn *txn,
                       const NskLetterRow *row,
                       NskIssues *issues,
                       GError **error)
{
    g_autoptr(NskIssues) trial = nsk_issues_new();
    g_autoptr(NskLetter) letter = nsk_office_read_letter(txn, row->id, error);

    /* mostly there are none, and then it does not matter where they would be */
    if (letter == NULL || !check_form(office, txn, row, nsk_letter_get_doc(letter), trial, error))
        return false;
    if (!nsk_document_find_faults(office, txn, row, letter, issues, error) ||
        !nsk_copy_find_faults(office, txn, row, letter, issues, error))
        return false;
    if (trial->len == 0)
        return true;
    /* places are those of the form that is exported to be edited: what is stored is one line */
    g_autofree char *name = nsk_office_file_name(row->id, ".xml");
    g_autoptr(GBytes) xml = nsk_letter_to_xml_pretty(letter);
    g_autoptr(NskXmlDoc) doc =
        nsk_xml_parse(name, g_bytes_get_data(xml, NULL), g_bytes_get_size(xml), error);
    return doc != NULL && check_form(office, txn, row, doc, issues, error);
}

bool
nsk_office_letter_check(NskOffice *self, const char *letter, NskIssues *issues, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskLetterRow) row = txn != NULL ? nsk_access_letter(self, txn, letter, error) : NULL;

    /* findings quote what they are about */
    return row != NULL && nsk_reading_keep(self, &txn, row, NSK_READING_OPENED, error) &&
           nsk_letter_find_faults(self, txn, row, issues, error);
}

/* A kind that comes with the program. */
static NskKind *
load_shipped_kind(const char *id, GError **error)
{
    g_autofree char *file = g_strconcat(id, ".xml", NULL);
    g_autofree char *path = g_build_filename("templates/letters", file, NULL);
    g_autoptr(GBytes) bytes = nsk_resource_load(path, NULL);

    if (bytes == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("there is no kind of letter '%s' in this program"), id);
        return NULL;
    }
    return nsk_kind_parse(path, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), NULL,
                          error);
}

NskKind *
nsk_office_find_kind(NskOffice *office, NskDbTxn *txn, const char *id, GError **error)
{
    if (office == NULL)
        return load_shipped_kind(id, error);
    g_autofree char *version = nsk_rule_current(txn, "kind", id, error);
    const NskKind *kind = version != NULL ? nsk_office_kind(office, txn, id, version, error) : NULL;
    return kind != NULL ? nsk_kind_ref(kind) : NULL;
}

/* The checks beyond the schema, of a file that passed it. */
static bool
check_file(NskOffice *office,
           NskDbTxn *txn,
           const NskXmlDoc *doc,
           NskIssues *issues,
           GError **error)
{
    const NskXmlNode *root = nsk_xml_doc_get_root(doc);
    Check check = { txn, doc, nsk_xml_attr(root, "kind"), { 0 }, issues, NULL };
    g_autoptr(NskKind) kind = nsk_office_find_kind(office, txn, check.kind, error);

    check.rules = kind;
    if (kind == NULL || !nsk_kind_check_letter(kind, doc, nsk_language(), issues, error))
        return false;
    return txn == NULL ||
           (nsk_office_common_day(nsk_clock_now(office->clock), &check.today, error) &&
            check_positions(&check, root, error));
}

bool
nsk_office_file_check(NskOffice *self,
                      const char *name,
                      GBytes *xml,
                      NskIssues *issues,
                      GError **error)
{
    size_t size;
    guint before = issues->len;
    const void *data = g_bytes_get_data(xml, &size);
    g_autoptr(NskDbTxn) txn = NULL;
    g_autoptr(NskLetter) letter = nsk_letter_parse(name, data, size, issues, error);

    if (letter == NULL) {
        /* faults of the document are findings, and told as such */
        if (issues->len > before)
            g_clear_error(error);
        return issues->len > before;
    }
    if (self != NULL && (txn = nsk_db_snapshot(self->reader, error)) == NULL)
        return false;
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse(name, data, size, error);
    return doc != NULL && check_file(self, txn, doc, issues, error);
}
