/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <naskah/issue.h>

#define MAX_ISSUES 200

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

void
nsk_issues_add(NskIssues *self, const NskIssue *place, const char *format, ...)
{
    va_list args;

    g_return_if_fail(self != NULL && place != NULL && place->tag != NULL);
    if (self->len >= MAX_ISSUES)
        return;

    NskIssue *issue = g_new(NskIssue, 1);
    *issue = *place;
    issue->file = g_strdup(place->file);
    va_start(args, format);
    issue->text = g_strdup_vprintf(format, args);
    va_end(args);
    g_ptr_array_add(self, issue);
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
