/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The evidence sheet of somebody's work, for SKP and audits: the figures, then every event that
 * they were counted from, with the journal's entry that proves it.
 */
#include "base/message.h"
#include "office/sheet-private.h"
#include "office/work-private.h"

#include <string.h>

/* In pages; the table has all of both. */
#define HASH_SHOWN    16 /* digits of an entry's hash */
#define LETTER_HIDDEN 24 /* of a letter's id: its last twelve name it */

#define MOST_FACTS 16

char *
nsk_office_hours_text(int64_t minutes)
{
    return g_strdup_printf(nsk_tr("%d h %02d min"), (int)(minutes / 60), (int)(minutes % 60));
}

/* @values: owned texts, one a fact; returns how many. */
static size_t
fill_facts(const NskJson *report, NskSheetFact facts[MOST_FACTS], GPtrArray *values)
{
    size_t n = 0;

    for (; nsk_office_work_figures[n] != NULL; n++) {
        const char *key = nsk_office_work_figures[n];
        int64_t value = nsk_json_get_int(report, key, 0);

        g_assert(n < MOST_FACTS);
        g_ptr_array_add(values, g_str_has_suffix(key, "_minutes")
                                    ? nsk_office_hours_text(value)
                                    : g_strdup_printf("%" G_GINT64_FORMAT, value));
        facts[n] = (NskSheetFact){ nsk_office_word_of("work", key), g_ptr_array_index(values, n) };
    }
    return n;
}

static const char *
or_empty(const char *text)
{
    return text != NULL ? text : "";
}

static char **
make_row(const NskJson *line, guint number, bool whole)
{
    const char *subject = nsk_json_get_text(line, "subject");
    const char *entry = nsk_json_get_text(line, "entry");
    bool timed = nsk_json_get(line, "minutes") != NULL;
    bool late = nsk_json_get_bool(line, "late", false);
    GPtrArray *row = g_ptr_array_new();

    g_ptr_array_add(row, g_strdup_printf("%u", number));
    g_ptr_array_add(row, g_strdup(nsk_json_get_text(line, "local")));
    g_ptr_array_add(row, g_strdup(nsk_office_word(nsk_json_get_text(line, "action"))));
    g_ptr_array_add(row, g_strdup(or_empty(nsk_json_get_text(line, "number"))));
    g_ptr_array_add(row, g_strdup(or_empty(subject)));
    g_ptr_array_add(row, timed ? nsk_office_hours_text(nsk_json_get_int(line, "minutes", 0))
                               : g_strdup(""));
    g_ptr_array_add(row, g_strdup(late ? nsk_tr("late") : ""));
    g_ptr_array_add(row, g_strdup(whole ? entry : entry + LETTER_HIDDEN));
    g_ptr_array_add(
        row, g_strdup_printf("%.*s", whole ? 64 : HASH_SHOWN, nsk_json_get_text(line, "hash")));
    g_ptr_array_add(row, NULL);
    return (char **)g_ptr_array_free(row, FALSE);
}

static GPtrArray *
make_rows(const NskJson *report, bool whole)
{
    const NskJson *evidence = nsk_json_get(report, "evidence");
    GPtrArray *rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);

    for (size_t i = 0; i < nsk_json_length(evidence); i++)
        g_ptr_array_add(rows, make_row(nsk_json_at(evidence, i), (guint)i + 1, whole));
    return rows;
}

bool
nsk_office_report_work_sheet(NskOffice *self,
                             const NskWorkAsk *ask,
                             NskSheetForm form,
                             GBytes **out_bytes,
                             GError **error)
{
    NskWorkAsk whole = *ask;
    NskSheetFact facts[MOST_FACTS];
    g_autoptr(NskJson) report = NULL;
    g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);
    const NskSheetColumn columns[] = {
        { nsk_tr("No."), 2, true },       { nsk_tr("Time"), 5, false },
        { nsk_tr("What"), 5, false },     { nsk_tr("Number"), 6, false },
        { nsk_tr("Hal"), 14, false },     { nsk_tr("Held"), 4, true },
        { nsk_tr("Late?"), 3, false },    { nsk_tr("Entry of the journal"), 8, false },
        { nsk_tr("Its hash"), 7, false },
    };

    whole.evidence = true;
    if (!nsk_office_report_work(self, &whole, &report, error))
        return false;
    g_autoptr(GPtrArray) rows = make_rows(report, form == NSK_SHEET_CSV);
    g_autofree char *title =
        g_strdup_printf(nsk_tr("Work done: %s"), nsk_json_get_text(report, "name"));
    g_autofree char *period =
        g_strdup_printf(nsk_tr("%s until %s"), nsk_json_get_text(report, "from"),
                        nsk_json_get_text(report, "until"));
    NskSheet sheet = { .title = title,
                       .subtitle = period,
                       .landscape = true,
                       .facts = facts,
                       .n_facts = fill_facts(report, facts, values),
                       .columns = columns,
                       .n_columns = G_N_ELEMENTS(columns),
                       .rows = rows,
                       .note = nsk_tr(
                           "Counted from the journal, of which each line names the entry. "
                           "What was held is counted in working days on which he was there.") };
    if (form == NSK_SHEET_CSV) {
        *out_bytes = nsk_sheet_to_csv(&sheet);
        return true;
    }
    return nsk_sheet_to_pdf(self, &sheet, out_bytes, error);
}
