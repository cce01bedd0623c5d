/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lists of findings, bounded.
 *
 *   (1) A list keeps MAX_ISSUES findings.  One more stands at its end once any were cut, and says
 *       how many.
 *   (2) An error is cut only from a list of errors: before that, a warning makes room for it.
 */
#include <naskah/issue.h>

#include "base/message.h"

#define MAX_ISSUES 200

/* The finding at the end of a list that was cut. */
typedef struct {
    NskIssue issue;
    unsigned cut;
} Note;

static const char cut_tag[] = "issues-cut";

static void
issue_free(gpointer data)
{
    NskIssue *issue = data;

    g_free(issue->file);
    g_free(issue->text);
    g_free(issue);
}

NskIssues *
nsk_issues_new(void)
{
    return g_ptr_array_new_with_free_func(issue_free);
}

static NskIssue *
issue_new(const NskIssue *place, char *text)
{
    NskIssue *issue = g_new(NskIssue, 1);

    *issue = *place;
    issue->file = g_strdup(place->file);
    issue->text = text;
    return issue;
}

/* Makes room for an error in a full list by the last warning; false if there is none. */
static bool
remove_last_warning(NskIssues *self)
{
    for (guint i = MAX_ISSUES; i > 0; i--) {
        const NskIssue *issue = g_ptr_array_index(self, i - 1);

        if (issue->severity == NSK_SEVERITY_WARNING) {
            g_ptr_array_remove_index(self, i - 1);
            return true;
        }
    }
    return false;
}

/* Counts a finding that was cut; an error if an error was. */
static void
count_cut(NskIssues *self, NskSeverity severity)
{
    NskIssue *last = g_ptr_array_index(self, self->len - 1);

    if (last->tag != cut_tag) {
        Note *note = g_new0(Note, 1);

        note->issue.tag = cut_tag;
        note->issue.severity = NSK_SEVERITY_WARNING;
        last = &note->issue;
        g_ptr_array_add(self, note);
    }
    Note *note = (Note *)(gpointer)last;
    note->cut++;
    if (severity == NSK_SEVERITY_ERROR)
        last->severity = NSK_SEVERITY_ERROR;
    g_free(last->text);
    last->text = g_strdup_printf(
        nsk_tr("%u more findings are not listed; mend these and check again"), note->cut);
}

void
nsk_issues_add(NskIssues *self, const NskIssue *place, const char *format, ...)
{
    va_list args;

    g_return_if_fail(self != NULL && place != NULL && place->tag != NULL);
    if (self->len >= MAX_ISSUES) {
        bool has_room = place->severity == NSK_SEVERITY_ERROR && remove_last_warning(self);

        count_cut(self, has_room ? NSK_SEVERITY_WARNING : place->severity);
        if (!has_room)
            return;
    }
    va_start(args, format);
    char *text = g_strdup_vprintf(format, args);
    va_end(args);
    g_ptr_array_insert(self, (gint)MIN(self->len, MAX_ISSUES - 1), issue_new(place, text));
}

void
nsk_issues_add_all(NskIssues *self, const NskIssues *from)
{
    g_return_if_fail(from != NULL && from != self);
    for (guint i = 0; self != NULL && i < from->len; i++) {
        const NskIssue *issue = g_ptr_array_index(from, i);

        nsk_issues_add(self, issue, "%s", issue->text);
    }
}

bool
nsk_issues_has_error(const NskIssues *self)
{
    g_return_val_if_fail(self != NULL, false);
    for (guint i = 0; i < self->len; i++) {
        const NskIssue *issue = g_ptr_array_index(self, i);

        if (issue->severity == NSK_SEVERITY_ERROR)
            return true;
    }
    return false;
}

char *
nsk_issue_format(const NskIssue *self)
{
    g_autoptr(GString) text = g_string_new(self->file);

    if (self->line > 0)
        g_string_append_printf(text, "%s%u", text->len > 0 ? ":" : "", self->line);
    if (self->line > 0 && self->column > 0)
        g_string_append_printf(text, ":%u", self->column);
    if (text->len > 0)
        g_string_append(text, ": ");
    g_string_append_printf(text, "%s [%s]", self->text, self->tag);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

bool
nsk_issues_to_error(const NskIssues *self, GError **error)
{
    if (!nsk_issues_has_error(self))
        return true;

    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < self->len; i++) {
        const NskIssue *issue = g_ptr_array_index(self, i);

        if (issue->severity == NSK_SEVERITY_ERROR) {
            g_autofree char *line = nsk_issue_format(issue);

            g_string_append_printf(text, "%s%s", text->len > 0 ? "\n" : "", line);
        }
    }
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID, text->str);
    return false;
}
