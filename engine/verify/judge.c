/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/message.h"
#include "verify/verify-private.h"

#include <string.h>

static void
add(GPtrArray *texts, const char *format, va_list args)
{
    g_ptr_array_add(texts, g_strdup_vprintf(format, args));
}

bool
nsk_judge_wrong(NskJudge *self, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add(self->report->wrong, format, args);
    va_end(args);
    return false;
}

void
nsk_judge_note(NskJudge *self, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add(self->report->notes, format, args);
    va_end(args);
}

void
nsk_judge_proved(NskJudge *self, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add(self->report->proved, format, args);
    va_end(args);
}

GBytes *
nsk_judge_find(NskJudge *self, const char *path)
{
    GBytes *content = nsk_bag_find(self->bag, path);

    if (content == NULL)
        (void)nsk_judge_wrong(self, nsk_tr("%s: it is missing"), path);
    return content;
}

bool
nsk_judge_has_digest(GBytes *content, const char *sha256)
{
    size_t size;
    const void *data = g_bytes_get_data(content, &size);
    g_autofree char *hex = nsk_sha256_hex(data, size);

    return g_strcmp0(hex, sha256) == 0;
}

NskEvidenceReport *
nsk_evidence_judge(GBytes *zip, const NskEvidenceAsk *ask)
{
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskBag) bag = nsk_bag_read(zip, &fault);
    g_autoptr(GPtrArray) entries =
        g_ptr_array_new_with_free_func((GDestroyNotify)(void (*)(void))nsk_json_unref);
    NskEvidenceReport *report = g_new0(NskEvidenceReport, 1);
    g_autoptr(GArray) leaves = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    NskJudge judge = { .ask = ask,
                       .bag = bag,
                       .report = report,
                       .entries = entries,
                       .leaves = leaves };

    report->wrong = g_ptr_array_new_with_free_func(g_free);
    report->notes = g_ptr_array_new_with_free_func(g_free);
    report->proved = g_ptr_array_new_with_free_func(g_free);
    if (bag == NULL) {
        (void)nsk_judge_wrong(&judge, "%s", fault->message);
    } else {
        report->letter = g_strdup(bag->id);
        nsk_judge_proved(&judge, nsk_tr("%d files are whole, and nothing else is in it"),
                         g_tree_nnodes(bag->files));
        if (nsk_judge_history(&judge))
            (void)nsk_judge_letter(&judge);
    }
    g_free(judge.last);
    if (report->wrong->len > 0)
        report->verdict = NSK_EVIDENCE_CONTRADICTED;
    else
        report->verdict = report->notes->len > 0 ? NSK_EVIDENCE_NOTES : NSK_EVIDENCE_PROVEN;
    return report;
}

void
nsk_evidence_report_free(NskEvidenceReport *self)
{
    if (self == NULL)
        return;
    g_free(self->letter);
    g_free(self->origin);
    g_ptr_array_unref(self->wrong);
    g_ptr_array_unref(self->notes);
    g_ptr_array_unref(self->proved);
    g_free(self);
}
