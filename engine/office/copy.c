/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certified copies: the draft, and which there are. */
#include "base/bytes.h"
#include "base/message.h"
#include "office/access-private.h"
#include "office/copy-private.h"
#include "office/sign-private.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MOST_WORDS 300 /* bytes of each; they print in a line or two */
#define FILE_NAME  "naskah-asli.pdf"

/* What the draft is made of. */
typedef struct {
    NskLetterRow *row; /* the letter that is copied; owned */
    NskParty certifier;
    char *kind;           /* of the letter, as people call it; owned */
    char *classification; /* owned */
    char *date;           /* of the letter, as it prints; owned */
} Draft;

static void
draft_clear(Draft *self)
{
    g_clear_pointer(&self->row, nsk_letter_row_free);
    nsk_party_clear(&self->certifier);
    g_clear_pointer(&self->kind, g_free);
    g_clear_pointer(&self->classification, g_free);
    g_clear_pointer(&self->date, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Draft, draft_clear)

static bool
has_text(const char *text)
{
    return text != NULL && text[strspn(text, " \t\n")] != '\0';
}

static bool
prepare(NskOffice *self, const NskCopyAsk *ask, Draft *out, GError **error)
{
    NskDate today, day;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);

    if (txn == NULL || (out->row = nsk_access_letter(self, txn, ask->letter, error)) == NULL ||
        !nsk_copy_check_original(self, txn, out->row, error) ||
        !nsk_office_today(txn, out->row->unit, nsk_clock_now(self->clock), &today, error) ||
        !nsk_date_parse(out->row->letter_date, &day, error))
        return false;
    const NskKind *kind = nsk_office_kind(self, txn, out->row->kind, out->row->kind_version, error);
    g_autofree char *certifier =
        kind != NULL ? nsk_copy_certifier(self, txn, out->row, error) : NULL;
    g_autoptr(NskLetter) letter =
        certifier != NULL ? nsk_office_read_letter(txn, out->row->id, error) : NULL;
    if (letter == NULL || !nsk_party_find(txn, certifier, today, &out->certifier, error))
        return false;
    out->classification = g_strdup(nsk_letter_get_facts(letter)->classification);
    out->kind = g_strdup(nsk_kind_get_title(kind, "id"));
    out->date = nsk_date_format_id(day);
    return true;
}

/* --- Its XML. --------------------------------------------------------------------------------- */

static void
add_head(GString *xml, const Draft *draft)
{
    const NskLetterRow *row = draft->row;
    g_autofree char *head = g_markup_printf_escaped(
        "<letter xmlns=\"urn:naskah:letter:1\" kind=\"" NSK_COPY_KIND "\" xml:lang=\"id\">"
        "<security>%s</security><urgency>biasa</urgency><classification>%s</classification>"
        "<subject>Salinan %s Nomor %s</subject><to list=\"inline\"><position ref=\"%s\"/></to>"
        "<references><reference number=\"%s\" date=\"%s\" letter=\"%s\">%s</reference>"
        "</references>",
        row->security, draft->classification, draft->kind, row->number, draft->certifier.position,
        row->number, row->letter_date, row->id, row->subject);

    g_string_append(xml, head);
}

static void
add_attached(GString *xml, const Draft *draft, GBytes *pdf)
{
    size_t size;
    const void *data = g_bytes_get_data(pdf, &size);
    g_autofree char *sha256 = nsk_sha256_hex(data, size);
    g_autofree char *attached = g_markup_printf_escaped(
        "<attachments><attachment title=\"Naskah asli Nomor %s\"><file name=\"" FILE_NAME
        "\" size=\"%zu\" sha256=\"%s\"/></attachment></attachments>"
        "<signatories><signatory position=\"%s\" capacity=\"%s\"/></signatories>",
        draft->row->number, size, sha256, draft->certifier.position,
        nsk_capacity_name(draft->certifier.capacity));

    g_string_append(xml, attached);
}

static void
add_body(GString *xml, const Draft *draft, const NskCopyAsk *ask, GBytes *pdf)
{
    const NskParty *who = &draft->certifier;
    g_autofree char *sha256 = nsk_sha256_hex(g_bytes_get_data(pdf, NULL), g_bytes_get_size(pdf));
    g_autofree char *body = g_markup_printf_escaped(
        "<body><p>Yang bertanda tangan di bawah ini:</p><rows><row label=\"Nama\">%s%s%s</row>"
        "<row label=\"Jabatan\">%s</row></rows><p>menerangkan bahwa halaman-halaman terlampir "
        "adalah salinan yang sesuai dengan aslinya dari:</p><rows><row label=\"Naskah\">%s</row>"
        "<row label=\"Nomor\">%s</row><row label=\"Tanggal\">%s</row><row label=\"Hal\">%s</row>"
        "<row label=\"Sidik SHA-256\">%.32s %.32s</row></rows><p>Salinan ini:</p><rows>"
        "<row label=\"" NSK_COPY_FOR "\">%s</row><row label=\"" NSK_COPY_WHY "\">%s</row></rows>"
        "</body></letter>",
        who->name, who->nip[0] != '\0' ? ", NIP " : "", who->nip, who->title, draft->kind,
        draft->row->number, draft->date, draft->row->subject, sha256, sha256 + 32, ask->recipient,
        ask->purpose);

    g_string_append(xml, body);
}

/* --- Making it. ------------------------------------------------------------------------------- */

/* The bytes as a file that no name leads to, so that none is left behind; -1: there is none. */
static int
open_bytes(GBytes *bytes, GError **error)
{
    size_t size, at = 0;
    const uint8_t *data = g_bytes_get_data(bytes, &size);
    int fd = memfd_create(FILE_NAME, MFD_CLOEXEC);

    while (fd >= 0 && at < size) {
        ssize_t n = write(fd, data + at, size - at);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        at += (size_t)n;
    }
    if (fd >= 0 && at == size)
        return fd;
    g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("the signed PDF cannot be laid ready: %s"),
                g_strerror(errno));
    if (fd >= 0)
        (void)close(fd);
    return -1;
}

static bool
attach(NskOffice *self, const char *letter, GBytes *pdf, GError **error)
{
    g_autoptr(NskJson) told = NULL;
    int fd = open_bytes(pdf, error);
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
    const NskAttachFile file = { .letter = letter, .path = path, .name = FILE_NAME };
    bool ok = fd >= 0 && nsk_office_letter_attach(self, &file, &told, error);

    if (fd >= 0)
        (void)close(fd);
    return ok;
}

static bool
check_words(const NskCopyAsk *ask, GError **error)
{
    if (has_text(ask->recipient) && has_text(ask->purpose) &&
        strlen(ask->recipient) <= MOST_WORDS && strlen(ask->purpose) <= MOST_WORDS)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("say for whom the copy is and what for, with --for and --purpose; each at "
                       "most %d bytes"),
                MOST_WORDS);
    return false;
}

bool
nsk_office_copy_draft(NskOffice *self, const NskCopyAsk *ask, NskJson **out_result, GError **error)
{
    g_auto(Draft) draft = { 0 };
    g_autoptr(NskJson) made = NULL;
    g_autoptr(GBytes) pdf = NULL;
    const NskExport what = { .form = NSK_EXPORT_PDF };

    if (!check_words(ask, error) || !prepare(self, ask, &draft, error) ||
        !nsk_office_letter_export(self, draft.row->id, &what, &pdf, error))
        return false;
    GString *text = g_string_new(NULL);
    add_head(text, &draft);
    add_attached(text, &draft, pdf);
    add_body(text, &draft, ask, pdf);
    g_autoptr(GBytes) xml = g_string_free_to_bytes(text);
    const NskNewLetter begun = { NSK_COPY_KIND ".xml", xml, ask->position };
    if (!nsk_office_letter_new(self, &begun, &made, error))
        return false;
    const char *id = nsk_json_get_text(made, "letter");
    const NskTaskAct submit = { .task = id, .outcome = "submit" };
    if (!attach(self, id, pdf, error) || !nsk_office_task_act(self, &submit, out_result, error)) {
        g_prefix_error(error, nsk_tr("the copy was begun as letter %s: "), id);
        return false;
    }
    nsk_json_set_text(*out_result, "certifier", draft.certifier.position);
    nsk_json_set_text(*out_result, "original", draft.row->id);
    return true;
}

/* --- Which there are. ------------------------------------------------------------------------- */

static void
describe(NskOffice *self, NskDbTxn *txn, const NskLetterRow *row, NskJson *list)
{
    g_autoptr(NskLetterRow) open = nsk_access_letter(self, txn, row->id, NULL);
    g_autoptr(NskLetter) copy = open != NULL ? nsk_office_read_letter(txn, row->id, NULL) : NULL;
    g_autofree char *recipient = copy != NULL ? nsk_copy_line(copy, NSK_COPY_FOR) : NULL;
    g_autofree char *purpose = copy != NULL ? nsk_copy_line(copy, NSK_COPY_WHY) : NULL;
    const NskLetterFacts *facts = copy != NULL ? nsk_letter_get_facts(copy) : NULL;
    NskJson *entry = nsk_json_object();

    nsk_json_set_text(entry, "letter", row->id);
    nsk_json_set_text(entry, "number", row->number);
    nsk_json_set_text(entry, "date", row->letter_date);
    nsk_json_set_text(entry, "state", row->state);
    nsk_json_set_text(entry, "position",
                      facts != NULL && facts->n_signatories > 0 ? facts->signatories[0].position
                                                                : NULL);
    nsk_json_set_text(entry, "recipient", recipient);
    nsk_json_set_text(entry, "purpose", purpose);
    nsk_json_add(list, entry);
}

bool
nsk_office_copy_list(NskOffice *self, const char *letter, NskJson **out_result, GError **error)
{
    NskJson *list = nsk_json_array();
    g_autoptr(NskJson) result = nsk_json_object();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskLetterRow) row = txn != NULL ? nsk_access_route(self, txn, letter, error) : NULL;
    g_autoptr(GPtrArray) links = row != NULL ? nsk_link_list_to(txn, row->id, error) : NULL;

    nsk_json_set(result, "copies", list);
    for (guint i = 0; links != NULL && i < links->len; i++) {
        const NskLinkRow *link = g_ptr_array_index(links, i);
        g_autoptr(NskLetterRow) copy = nsk_letter_row_load(txn, link->letter, NULL);

        /* what is not certified yet is somebody's draft */
        if (copy != NULL && strcmp(copy->kind, NSK_COPY_KIND) == 0 && copy->dispatched != 0)
            describe(self, txn, copy, list);
    }
    if (links == NULL)
        return false;
    nsk_json_set_text(result, "letter", row->id);
    *out_result = g_steal_pointer(&result);
    return true;
}
