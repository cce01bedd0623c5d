/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Functions that expressions may call beside those of XPath 1.0 itself.
 *
 * Of BPMN's namespace, or without prefix, those of table 10.66 (BPMN 2.0.2, 10.4.3): they look a
 * name up as `$name` does, whichever element declares it, for an instance has one variable of a
 * name in a scope.  The name of a process or activity that may stand first is not looked at.
 *
 * Of our own namespace: XPath 1.0 has no time.  Dates are texts such as "2026-07-22"; where one is
 * wanted a date with a time will do, of which the day counts.
 */
#include "base/message.h"
#include "flow/flow-private.h"

#include <math.h>
#include <string.h>

#define MAX_DAYS 100000

typedef bool (*Call)(FlowSight *sight,
                     const NskXPathValue *args,
                     size_t n_args,
                     NskXPathValue *out_value);

typedef struct {
    const char *ns;
    const char *name;
    size_t least;
    size_t most;
    Call call;
} Function;

static bool
fail(NskXPathValue *out_value, const char *why, const char *text)
{
    g_autofree char *shown = g_strndup(text, MIN(strlen(text), 80));
    g_autofree char *valid = g_utf8_make_valid(shown, -1);

    out_value->text = g_strconcat(why, " '", valid, "'", NULL);
    return false;
}

/* The last argument is the name. */
static bool
call_name(FlowSight *sight, const NskXPathValue *args, size_t n_args, NskXPathValue *out_value)
{
    g_autofree char *name = nsk_xpath_value_text(&args[n_args - 1]);

    if (nsk_flow_find_name(sight, name, out_value))
        return true;
    return fail(out_value, nsk_tr("there is no variable or fact"), name);
}

/* An expression is evaluated only while its process is active (13.3.2). */
static bool
call_process_attribute(FlowSight *sight,
                       const NskXPathValue *args,
                       size_t n_args,
                       NskXPathValue *out_value)
{
    g_autofree char *name = nsk_xpath_value_text(&args[n_args - 1]);

    if (strcmp(name, "state") != 0)
        return call_name(sight, args, n_args, out_value);
    out_value->type = NSK_XPATH_TEXT;
    out_value->text = g_strdup("Active");
    return true;
}

static bool
call_today(FlowSight *sight,
           G_GNUC_UNUSED const NskXPathValue *args,
           G_GNUC_UNUSED size_t n_args,
           NskXPathValue *out_value)
{
    out_value->type = NSK_XPATH_TEXT;
    out_value->text = nsk_date_format(sight->facts->today);
    return true;
}

static bool
call_now(FlowSight *sight,
         G_GNUC_UNUSED const NskXPathValue *args,
         G_GNUC_UNUSED size_t n_args,
         NskXPathValue *out_value)
{
    out_value->type = NSK_XPATH_TEXT;
    out_value->text = nsk_instant_format(sight->facts->now);
    return true;
}

static bool
read_date(const FlowSight *sight,
          const NskXPathValue *arg,
          NskDate *out_date,
          NskXPathValue *out_value)
{
    g_autofree char *text = nsk_xpath_value_text(arg);
    g_autofree char *day = g_strndup(g_strstrip(text), 10);

    if (sight->trial) {
        *out_date = (NskDate){ 2026, 1, 1 };
        return true;
    }
    if ((text[strlen(day)] == '\0' || text[strlen(day)] == 'T') &&
        nsk_date_parse(day, out_date, NULL))
        return true;
    return fail(out_value, nsk_tr("not a date such as 2026-07-22:"), text);
}

static bool
read_days(const FlowSight *sight, const NskXPathValue *arg, int *out_days, NskXPathValue *out_value)
{
    g_autofree char *text = nsk_xpath_value_text(arg);
    char *end = NULL;
    double number = g_ascii_strtod(g_strstrip(text), &end);

    *out_days = 0;
    if (sight->trial)
        return true;
    if (end == text || *end != '\0' || !isfinite(number) || fabs(number) > MAX_DAYS ||
        floor(number) < number)
        return fail(out_value, nsk_tr("not a number of days:"), text);
    *out_days = (int)number;
    return true;
}

static bool
give_date(NskDate date, NskXPathValue *out_value)
{
    out_value->type = NSK_XPATH_TEXT;
    out_value->text = nsk_date_format(date);
    return true;
}

/* Years of letters have four digits. */
static bool
is_too_far(NskDate date, int days)
{
    int year = date.year + days / 365;

    return year < 1002 || year > 9998;
}

static bool
call_add_days(FlowSight *sight,
              const NskXPathValue *args,
              G_GNUC_UNUSED size_t n_args,
              NskXPathValue *out_value)
{
    NskDate date;
    int days;

    if (!read_date(sight, &args[0], &date, out_value) ||
        !read_days(sight, &args[1], &days, out_value))
        return false;
    if (is_too_far(date, days))
        return fail(out_value, nsk_tr("the day lies beyond all calendars, counted from"),
                    "add-days");
    return give_date(nsk_date_add_days(date, days), out_value);
}

/* Monday to Friday, where the caller has no calendar. */
static NskDate
add_week_days(NskDate date, int days)
{
    int step = days < 0 ? -1 : 1;

    while (days != 0) {
        date = nsk_date_add_days(date, step);
        if (nsk_date_weekday(date) <= 5)
            days -= step;
    }
    return date;
}

static bool
call_add_working_days(FlowSight *sight,
                      const NskXPathValue *args,
                      G_GNUC_UNUSED size_t n_args,
                      NskXPathValue *out_value)
{
    g_autoptr(GError) error = NULL;
    NskDate date;
    int days;

    if (!read_date(sight, &args[0], &date, out_value) ||
        !read_days(sight, &args[1], &days, out_value))
        return false;
    if (is_too_far(date, 2 * days))
        return fail(out_value, nsk_tr("the day lies beyond all calendars, counted from"),
                    "add-working-days");
    if (sight->trial || sight->facts->add_working_days == NULL)
        return give_date(add_week_days(date, days), out_value);
    if (sight->facts->add_working_days(sight->facts->data, date, days, &date, &error))
        return give_date(date, out_value);
    out_value->text = g_strdup(error->message);
    return false;
}

/* Civil days since the year 0, of the proleptic calendar; years begin in March. */
static int
number_of_day(NskDate date)
{
    int year = date.month <= 2 ? date.year - 1 : date.year;
    int month = (date.month + 9) % 12;

    return 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + date.day - 1;
}

static bool
call_days_between(FlowSight *sight,
                  const NskXPathValue *args,
                  G_GNUC_UNUSED size_t n_args,
                  NskXPathValue *out_value)
{
    NskDate from;
    NskDate to;

    if (!read_date(sight, &args[0], &from, out_value) ||
        !read_date(sight, &args[1], &to, out_value))
        return false;
    out_value->type = NSK_XPATH_NUMBER;
    out_value->number = number_of_day(to) - number_of_day(from);
    return true;
}

/* Whether an element of that name among the facts, such as signatory, is of that position. */
static bool
has_role(const NskXmlNode *facts, const char *position, const char *role)
{
    for (NskXmlNode *fact = nsk_xml_first(facts); fact != NULL; fact = nsk_xml_next(fact)) {
        if (nsk_xml_is(fact, "", role) && g_strcmp0(nsk_xml_attr(fact, "position"), position) == 0)
            return true;
        for (NskXmlNode *one = nsk_xml_first(fact); one != NULL; one = nsk_xml_next(one)) {
            if (nsk_xml_is(one, "", role) &&
                g_strcmp0(nsk_xml_attr(one, "position"), position) == 0)
                return true;
        }
    }
    return false;
}

static bool
call_in_role(FlowSight *sight,
             const NskXPathValue *args,
             G_GNUC_UNUSED size_t n_args,
             NskXPathValue *out_value)
{
    g_autofree char *position = nsk_xpath_value_text(&args[0]);
    g_autofree char *role = nsk_xpath_value_text(&args[1]);

    out_value->type = NSK_XPATH_BOOL;
    out_value->boolean = sight->facts != NULL && sight->facts->facts != NULL &&
                         has_role(sight->facts->facts, position, role);
    return true;
}

static const Function functions[] = {
    { BPMN_NS, "getDataObject", 1, 2, call_name },
    { BPMN_NS, "getDataInput", 1, 1, call_name },
    { BPMN_NS, "getDataOutput", 1, 1, call_name },
    { BPMN_NS, "getProcessProperty", 1, 2, call_name },
    { BPMN_NS, "getActivityProperty", 2, 2, call_name },
    { BPMN_NS, "getEventProperty", 2, 2, call_name },
    { BPMN_NS, "getProcessInstanceAttribute", 1, 2, call_process_attribute },
    { BPMN_NS, "getActivityInstanceAttribute", 2, 2, call_name },
    { NSK_FLOW_NS, "today", 0, 0, call_today },
    { NSK_FLOW_NS, "now", 0, 0, call_now },
    { NSK_FLOW_NS, "add-days", 2, 2, call_add_days },
    { NSK_FLOW_NS, "add-working-days", 2, 2, call_add_working_days },
    { NSK_FLOW_NS, "days-between", 2, 2, call_days_between },
    { NSK_FLOW_NS, "in-role", 2, 2, call_in_role },
};

static const Function *
find_function(const char *ns, const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(functions); i++) {
        const Function *function = &functions[i];
        bool bare = *ns == '\0' && strcmp(function->ns, BPMN_NS) == 0;

        if (strcmp(function->name, name) == 0 && (bare || strcmp(function->ns, ns) == 0))
            return function;
    }
    return NULL;
}

bool
nsk_flow_has_function(const char *ns, const char *name)
{
    return find_function(ns, name) != NULL;
}

bool
nsk_flow_function_range(const char *name, size_t *out_least, size_t *out_most)
{
    for (size_t i = 0; i < G_N_ELEMENTS(functions); i++) {
        if (strcmp(functions[i].name, name) != 0)
            continue;
        *out_least = functions[i].least;
        *out_most = functions[i].most;
        return true;
    }
    return false;
}

bool
nsk_flow_call(void *data,
              const char *ns,
              const char *name,
              const NskXPathValue *args,
              size_t n_args,
              NskXPathValue *out_value)
{
    const Function *function = find_function(ns, name);

    if (function == NULL)
        return false;
    if (n_args >= function->least && n_args <= function->most)
        return function->call(data, args, n_args, out_value);
    out_value->text = g_strdup_printf(nsk_tr("takes %zu to %zu arguments, not %zu"),
                                      function->least, function->most, n_args);
    return false;
}
