/* SPDX-License-Identifier: GPL-3.0-or-later */
/* States and actions, which JSON and journal write as codes, as people read them. */
#include "base/message.h"
#include "office/office-private.h"

#include <string.h>

static const struct {
    const char *code;
    const char *words;
} table[] = {
    { "draft", N_("draft") },
    { "review", N_("in review") },
    { "signing", N_("waiting for signature") },
    { "received", N_("received") },
    { "signed", N_("signed") },
    { "archived", N_("filed") },
    { "withdrawn", N_("withdrawn") },
    { "letter-created", N_("letter begun") },
    { "letter-edited", N_("draft changed") },
    { "letter-submitted", N_("draft submitted") },
    { "letter-returned", N_("returned to the drafter") },
    { "paraf-given", N_("paraf given") },
    { "paraf-voided", N_("paraf void") },
    { "number-taken", N_("number taken") },
    { "pages-frozen", N_("pages frozen") },
    { "number-voided", N_("number void") },
    { "content-unlocked", N_("number and pages taken out") },
    { "signature-authorised", N_("pages accepted") },
    { "signature-refused", N_("signature refused") },
    { "letter-signed", N_("letter signed") },
    { "letter-dispatched", N_("letter sent") },
    { "letter-archived", N_("letter filed") },
    { "letter-withdrawn", N_("letter withdrawn") },
    { "work:drafted", N_("letters begun") },
    { "work:reviewed", N_("parafs given") },
    { "work:letters_signed", N_("letters signed") },
    { "work:disposed", N_("dispositions closed") },
    { "work:returned", N_("returned to others") },
    { "work:sent_back", N_("own drafts returned") },
    { "work:done", N_("tasks done") },
    { "work:late", N_("of them late") },
    { "work:open", N_("open now") },
    { "work:overdue", N_("of them overdue") },
    { "work:held_median_minutes", N_("held, the median") },
    { "work:held_p90_minutes", N_("held, nine in ten at most") },
    { "letter-registered", N_("letter registered") },
    { "agenda-entered", N_("entered in the agenda") },
    { "letter-forwarded", N_("letter passed on") },
    { "agenda-voided", N_("agenda number void") },
    { "letter-readdressed", N_("addressees changed") },
    { "record-kept", N_("record kept") },
    { "kind", N_("kind of letter") },
    { "profile", N_("profile") },
    { "workflow", N_("workflow") },
    { "calendar", N_("calendar of working days") },
    { "directory-loaded", N_("directory loaded") },
    { "handover-prepared", N_("handover listed") },
    { "handover-replaced", N_("another list of the handover") },
    { "handover-given", N_("handover confirmed by the giver") },
    { "handover-received", N_("handover confirmed by the receiver") },
    { "roster-changed", N_("roster changed") },
    { "task-done", N_("task done") },
    { "workflow-changed", N_("another version of the workflow") },
    { "task-recalled", N_("taken back") },
    { "task-claimed", N_("task taken") },
    { "task-unclaimed", N_("task left to others") },
    { "task-assigned", N_("task given to somebody") },
    { "task-reassigned", N_("task handed over") },
    { "task-delegated", N_("task delegated") },
    { "task-handed-back", N_("task handed back") },
    { "letter-urged", N_("urged") },
    { "reviewer-added", N_("position added") },
    { "letter-suspended", N_("suspended") },
    { "letter-resumed", N_("resumed") },
    { "timer-fired", N_("a time came") },
    { "message-sent", N_("message sent") },
    { "message-received", N_("message received") },
    { "signal-received", N_("signal heard") },
    { "incident-opened", N_("incident") },
    { "incident-retried", N_("tried again") },
    { "service-failed", N_("service failed") },
    { "service-done", N_("service done") },
    { "notice-given", N_("notice given") },
    { "reserved", N_("reserved") },
    { "bound", N_("given") },
    { "void", N_("void") },
    { "paper", N_("set aside for paper") },
    { "skipped", N_("skipped") },
    { "waiting", N_("waits to be sent") },
    { "sent", N_("on its way") },
    { "delivered", N_("delivered") },
    { "returned", N_("came back") },
    { "internal", N_("inside the office") },
    { "email", N_("e-mail") },
    { "post", N_("post") },
    { "courier", N_("courier") },
    { "hand", N_("by hand") },
    { "letter-corrected", N_("corrected by another letter") },
    { "letter-revoked", N_("revoked by another letter") },
    { "external-recorded", N_("name in another application entered") },
    { "delivery-sent", N_("given to a carrier") },
    { "delivery-proved", N_("delivery proved") },
    { "delivery-returned", N_("came back from the carrier") },
    { "clock-started", N_("the legal clock runs") },
    { "clock-stopped", N_("the legal clock stands still") },
    { "deemed-granted", N_("deemed granted") },
    { "about", N_("is about") },
    { "answers", N_("answers") },
    { "corrects", N_("corrects") },
    { "revokes", N_("revokes") },
    { "note-added", N_("note") },
    { "disposition-proposed", N_("disposition prepared") },
    { "disposition-given", N_("disposition given") },
    { "disposition-taken-up", N_("disposition taken in hand") },
    { "disposition-reopened", N_("disposition opened again") },
    { "disposition-done", N_("disposition done") },
    { "disposition-answered", N_("disposition answered by a letter") },
    { "disposition-returned", N_("disposition returned") },
    { "disposition-none", N_("no disposition needed") },
    { "disposition-recalled", N_("disposition recalled") },
    { "disposition-urged", N_("disposition urged") },
    { "disposition-read", N_("disposition seen") },
    { "disposition:waiting", N_("not seen yet") },
    { "disposition:read", N_("seen") },
    { "disposition:working", N_("in hand") },
    { "disposition:disposed", N_("given on") },
    { "disposition:done", N_("done") },
    { "disposition:noted", N_("noted") },
    { "disposition:returned", N_("returned") },
    { "disposition:recalled", N_("recalled") },
    { "disposition:forwarded", N_("passed on") },
    { "disposition:proposed", N_("prepared") },
    { "disposition:given", N_("given to them") },
};

const char *
nsk_office_word(const char *code)
{
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        if (strcmp(code, table[i].code) == 0)
            return nsk_tr(table[i].words);
    }
    return code;
}

const char *
nsk_office_word_of(const char *context, const char *code)
{
    g_autofree char *whole = g_strconcat(context, ":", code, NULL);
    const char *words = nsk_office_word(whole);

    return words != whole ? words : nsk_office_word(code);
}
