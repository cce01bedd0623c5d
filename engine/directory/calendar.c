/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The calendar of working days.
 *
 * Each year is a document of its own (templates/calendar/), with source and version, because lists
 * are amended during a year.  A day is worked if its day of the week is, and it is neither a
 * holiday nor a day of collective leave.  A year without a document is never guessed.
 */
#include "base/message.h"
#include "base/resource.h"
#include "directory/directory-private.h"

#include <string.h>

#define CALENDAR_FOLDER "templates/calendar"
#define SCHEMA_PATH     "templates/schema/calendar.rng"
#define N_MONTHS        12
#define N_DAYS          31

typedef struct {
    uint16_t year;
    bool week[8];                     /* from 1, Monday */
    char *holidays[N_MONTHS][N_DAYS]; /* name, or NULL */
} Year;

struct _NskCalendar {
    GPtrArray *years; /* owned array of Year */
};

static void
free_year(gpointer data)
{
    Year *year = data;

    for (int month = 0; month < N_MONTHS; month++) {
        for (int day = 0; day < N_DAYS; day++)
            g_free(year->holidays[month][day]);
    }
    g_free(year);
}

static void
calendar_clear(gpointer data)
{
    NskCalendar *self = data;

    g_clear_pointer(&self->years, g_ptr_array_unref);
}

NskCalendar *
nsk_calendar_ref(NskCalendar *self)
{
    return g_atomic_rc_box_acquire(self);
}

void
nsk_calendar_unref(NskCalendar *self)
{
    if (self != NULL)
        g_atomic_rc_box_release_full(self, calendar_clear);
}

static const Year *
find_year(const NskCalendar *self, uint16_t number)
{
    for (guint i = 0; i < self->years->len; i++) {
        const Year *year = g_ptr_array_index(self->years, i);

        if (year->year == number)
            return year;
    }
    return NULL;
}

/* Where the name of @date's holiday is kept. */
static char **
holiday_slot(Year *year, NskDate date)
{
    return &year->holidays[date.month - 1][date.day - 1];
}

/* An attribute that holds a date of @year; false with a finding if it does not. */
static bool
read_date(const NskXmlDoc *doc,
          const NskXmlNode *node,
          const char *name,
          NskDate *out_date,
          NskIssues *issues)
{
    g_autoptr(GError) error = NULL;

    if (nsk_date_parse(nsk_xml_attr(node, name), out_date, &error))
        return true;
    nsk_xml_issue(doc, node, issues, "calendar-date", "%s", error->message);
    return false;
}

static void
read_holiday(Year *year, const NskXmlDoc *doc, const NskXmlNode *node, NskIssues *issues)
{
    NskDate date;

    if (!read_date(doc, node, "date", &date, issues))
        return;
    if (date.year != year->year) {
        nsk_xml_issue(doc, node, issues, "calendar-date",
                      nsk_tr("this day is not in %u; put it into the calendar of its year"),
                      year->year);
        return;
    }
    char **slot = holiday_slot(year, date);
    if (*slot != NULL)
        nsk_xml_issue(doc, node, issues, "calendar-double", nsk_tr("this day is '%s' already"),
                      *slot);
    else
        *slot = g_strdup(nsk_xml_attr(node, "name"));
}

/* Hours are data for display; only their days are checked. */
static void
check_hours(const NskXmlDoc *doc, const NskXmlNode *node, NskIssues *issues)
{
    NskDate from, until;

    if (read_date(doc, node, "from", &from, issues) &&
        read_date(doc, node, "until", &until, issues) && nsk_date_compare(from, until) > 0)
        nsk_xml_issue(doc, node, issues, "calendar-date",
                      nsk_tr("these hours end before they begin"));
}

static void
read_week(Year *year, const NskXmlDoc *doc, const NskXmlNode *week, NskIssues *issues)
{
    for (const NskXmlNode *day = nsk_xml_first(week); day != NULL; day = nsk_xml_next(day)) {
        int n = *nsk_xml_attr(day, "n") - '0';

        if (year->week[n])
            nsk_xml_issue(doc, day, issues, "calendar-double",
                          nsk_tr("day %d of the week stands twice"), n);
        year->week[n] = true;
    }
}

/* Reads a document that has passed its schema. */
static void
read_year(NskCalendar *self, const NskXmlDoc *doc, NskIssues *issues)
{
    const NskXmlNode *root = nsk_xml_doc_get_root(doc);
    uint16_t number = (uint16_t)g_ascii_strtoull(nsk_xml_attr(root, "year"), NULL, 10);

    if (find_year(self, number) != NULL) {
        nsk_xml_issue(doc, root, issues, "calendar-double", nsk_tr("the year %u is there twice"),
                      number);
        return;
    }
    Year *year = g_new0(Year, 1);
    year->year = number;
    g_ptr_array_add(self->years, year);
    for (const NskXmlNode *part = nsk_xml_first(root); part != NULL; part = nsk_xml_next(part)) {
        if (strcmp(nsk_xml_name(part), "week") == 0)
            read_week(year, doc, part, issues);
        else if (strcmp(nsk_xml_name(part), "hours") == 0)
            check_hours(doc, part, issues);
    }
    const NskXmlNode *day = nsk_xml_first(nsk_xml_child(root, "holidays"));
    for (; day != NULL; day = nsk_xml_next(day))
        read_holiday(year, doc, day, issues);
}

static NskXmlSchema *
load_schema(GError **error)
{
    g_autoptr(GBytes) bytes = nsk_resource_load(SCHEMA_PATH, error);

    if (bytes == NULL)
        return NULL;
    return nsk_xml_schema_parse(SCHEMA_PATH, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes),
                                error);
}

NskCalendar *
nsk_calendar_read(const NskXmlDoc *const *docs, size_t n_docs, NskIssues *issues, GError **error)
{
    g_autoptr(NskXmlSchema) schema = load_schema(error);

    if (schema == NULL)
        return NULL;
    g_autoptr(NskCalendar) self = g_atomic_rc_box_new0(NskCalendar);
    self->years = g_ptr_array_new_with_free_func(free_year);
    for (size_t i = 0; i < n_docs; i++) {
        if (nsk_xml_schema_check(schema, docs[i], issues))
            read_year(self, docs[i], issues);
    }
    return nsk_issues_to_error(issues, error) ? g_steal_pointer(&self) : NULL;
}

/* Adds the built-in document @name. */
static bool
load_document(GPtrArray *docs, const char *name, GError **error)
{
    g_autofree char *path = g_strconcat(CALENDAR_FOLDER "/", name, NULL);
    g_autoptr(GBytes) bytes = nsk_resource_load(path, error);

    if (bytes == NULL)
        return false;
    NskXmlDoc *doc =
        nsk_xml_parse(path, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), error);
    if (doc == NULL)
        return false;
    g_ptr_array_add(docs, doc);
    return true;
}

static void
free_doc(gpointer data)
{
    nsk_xml_doc_free(data);
}

NskCalendar *
nsk_calendar_load_shipped(GError **error)
{
    g_auto(GStrv) names = nsk_resource_list(CALENDAR_FOLDER, error);
    g_autoptr(GPtrArray) docs = g_ptr_array_new_with_free_func(free_doc);
    g_autoptr(NskIssues) issues = nsk_issues_new();

    if (names == NULL)
        return NULL;
    for (size_t i = 0; names[i] != NULL; i++) {
        if (!load_document(docs, names[i], error))
            return NULL;
    }
    return nsk_calendar_read((const NskXmlDoc *const *)docs->pdata, docs->len, issues, error);
}

bool
nsk_calendar_is_working_day(const NskCalendar *self, NskDate date, bool *out_is, GError **error)
{
    const Year *year = find_year(self, date.year);

    if (year == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("there is no calendar of working days for %u; load one"), date.year);
        return false;
    }
    *out_is =
        year->week[nsk_date_weekday(date)] && year->holidays[date.month - 1][date.day - 1] == NULL;
    return true;
}

bool
nsk_calendar_works(const NskCalendar *self, NskDate date)
{
    bool is;

    return nsk_calendar_is_working_day(self, date, &is, NULL) ? is : nsk_date_weekday(date) <= 5;
}

bool
nsk_calendar_add_working_days(const NskCalendar *self,
                              NskDate date,
                              int days,
                              NskDate *out_date,
                              GError **error)
{
    int step = days < 0 ? -1 : 1;
    bool works;

    for (int64_t left = (int64_t)days * step; left > 0;) {
        date = nsk_date_add_days(date, step);
        if (!nsk_calendar_is_working_day(self, date, &works, error))
            return false;
        left -= works ? 1 : 0;
    }
    *out_date = date;
    return true;
}

bool
nsk_calendar_working_days_between(const NskCalendar *self,
                                  NskDate from,
                                  NskDate until,
                                  int *out_days,
                                  GError **error)
{
    bool backward = nsk_date_compare(until, from) < 0;
    NskDate last = backward ? from : until;
    int days = 0;
    bool works;

    for (NskDate day = backward ? until : from; nsk_date_compare(day, last) < 0;) {
        day = nsk_date_add_days(day, 1);
        if (!nsk_calendar_is_working_day(self, day, &works, error))
            return false;
        days += works ? 1 : 0;
    }
    *out_days = backward ? -days : days;
    return true;
}

const char *
nsk_calendar_get_holiday(const NskCalendar *self, NskDate date)
{
    const Year *year = find_year(self, date.year);

    return year != NULL ? year->holidays[date.month - 1][date.day - 1] : NULL;
}
