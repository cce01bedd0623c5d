/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pages of attached PDFs in a render job.
 *
 * The document of an uploaded kind has marked places, which are words in it:
 *
 *     ${nomor}              the number of the letter; must be there, once or more
 *     ${ttd} or ${ttd_1}    the signature of the first signatory, ${ttd_2} of the second ...; each
 *                           must be there once
 *     ${tanggal} ${hal} ${qr} ${nama} ${nip} ${jabatan}
 *                           may be there; of several signatories ${nama_2} ...
 *
 * Invariant: a final document has each place that must be, and no other.  A draft shows what it
 * has.
 */
#include "base/message.h"
#include "render/letter/letter-private.h"

#include <string.h>

#define JOB_NS      "urn:naskah:render-job:1"
#define KNOWN_MARKS "${nomor}, ${tanggal}, ${hal}, ${qr}, ${ttd}, ${nama}, ${nip}, ${jabatan}"

static void
set_number(NskXmlNode *node, const char *name, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    nsk_xml_set_attr(node, name, g_ascii_formatd(text, sizeof(text), "%.3f", value));
}

static void
set_count(NskXmlNode *node, const char *name, size_t value)
{
    g_autofree char *text = g_strdup_printf("%zu", value);

    nsk_xml_set_attr(node, name, text);
}

/* What our fonts have and XML may hold; the rest becomes blanks: it can be seen in the picture. */
static char *
plain_text(const char *text)
{
    GString *plain = g_string_new(NULL);

    for (const char *p = text; *p != '\0'; p += g_utf8_skip[(unsigned char)*p]) {
        gunichar c = g_utf8_get_char(p);
        bool known = (c >= 0x20 && c < 0x7f) || (c >= 0xa0 && c < 0x180 && c != 0xad) ||
                     (c >= 0x2012 && c <= 0x201e) || c == 0x2022 || c == 0x2026;

        g_string_append_unichar(plain, known ? c : ' ');
    }
    return g_string_free(plain, FALSE);
}

/* "${ttd_2}" as the name "ttd" and the signatory 2; those without a number are of the first. */
static char *
read_mark(const char *text, unsigned *out_signatory)
{
    size_t size = strlen(text);
    char *name = size > 3 ? g_strndup(text + 2, size - 3) : g_strdup("");
    char *number = strrchr(name, '_');

    *out_signatory = 1;
    if (number != NULL && number[1] >= '1' && number[1] <= '9' && number[2] == '\0') {
        *out_signatory = (unsigned)(number[1] - '0');
        *number = '\0';
    }
    return name;
}

static bool
mark_is_known(const NskRenderJob *job, const char *name, unsigned signatory)
{
    static const char *const once[] = { "nomor", "tanggal", "hal", "qr", NULL };
    static const char *const each[] = { "ttd", "nama", "nip", "jabatan", NULL };

    return g_strv_contains(once, name) ||
           (g_strv_contains(each, name) && signatory <= job->n_signatories);
}

/* How often the marks were there that must be. */
typedef struct {
    unsigned numbers;
    unsigned signatures[10];
} Marks;

static void
add_place(NskXmlNode *node, const char *element, const NskRenderText *text, NskXmlNode **out)
{
    NskXmlNode *place = nsk_xml_add(node, JOB_NS, element);

    set_number(place, "x", text->x);
    set_number(place, "y", text->y);
    set_number(place, "width", text->width);
    set_number(place, "height", text->height);
    *out = place;
}

static bool
add_marks(const NskRenderJob *job,
          const NskRenderPage *page,
          NskXmlNode *node,
          Marks *marks,
          GError **error)
{
    for (size_t i = 0; i < page->n_marks; i++) {
        unsigned signatory;
        g_autofree char *name = read_mark(page->marks[i].text, &signatory);
        NskXmlNode *place;

        if (!mark_is_known(job, name, signatory)) {
            if (job->draft)
                continue;
            g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("page %u of the document has the mark '%s', which nothing fills; "
                               "take it out, or use %s"),
                        page->n, page->marks[i].text, KNOWN_MARKS);
            return false;
        }
        marks->numbers += strcmp(name, "nomor") == 0;
        if (strcmp(name, "ttd") == 0 && ++marks->signatures[signatory] > 1)
            continue; /* a field can be there only once; told by check_marks() */
        add_place(node, "mark", &page->marks[i], &place);
        nsk_xml_set_attr(place, "name", name);
        set_number(place, "room", MAX(page->marks[i].room, page->marks[i].width));
        set_count(place, "signatory", signatory);
    }
    return true;
}

static bool
check_marks(const NskRenderJob *job, const Marks *marks, GError **error)
{
    if (marks->numbers == 0) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("the document has no mark ${nomor}; write it where the number "
                                   "is to stand, save the file as PDF and attach it anew"));
        return false;
    }
    for (unsigned i = 1; i <= job->n_signatories && i < G_N_ELEMENTS(marks->signatures); i++) {
        if (marks->signatures[i] == 1)
            continue;
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("the document has the mark ${ttd_%u} %u times; write it once, where "
                           "signatory %u is to sign, save the file as PDF and attach it anew"),
                    i, marks->signatures[i], i);
        return false;
    }
    return true;
}

static void
add_lines(const NskRenderPage *page, NskXmlNode *node)
{
    for (size_t i = 0; i < page->n_lines; i++) {
        g_autofree char *text = plain_text(page->lines[i].text);
        NskXmlNode *line;

        if (*g_strstrip(text) == '\0')
            continue;
        add_place(node, "line", &page->lines[i], &line);
        nsk_xml_add_text(line, text);
    }
}

bool
nsk_job_add_pages(const NskRenderJob *job, NskXmlNode *root, GError **error)
{
    bool uploaded = nsk_kind_is_uploaded(job->kind);
    Marks marks = { 0 };

    for (size_t i = 0; i < job->n_pages; i++) {
        const NskRenderPage *page = &job->pages[i];
        NskXmlNode *node = nsk_xml_add(root, JOB_NS, "page");
        g_autofree char *image = g_strdup_printf("page-%zu", i + 1);

        set_count(node, "attachment", page->attachment + 1);
        set_count(node, "n", page->n);
        set_count(node, "of", page->of);
        nsk_xml_set_attr(node, "image", image);
        set_number(node, "width", page->width);
        set_number(node, "height", page->height);
        add_lines(page, node);
        if (uploaded && page->attachment == 0 && !add_marks(job, page, node, &marks, error))
            return false;
    }
    if (!uploaded || job->draft)
        return true;
    if (job->n_pages == 0 || job->pages[0].attachment != 0) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("the document of this letter is its first attached file, which "
                                   "must be a PDF; attach it"));
        return false;
    }
    return check_marks(job, &marks, error);
}

GBytes *
nsk_job_page_image(const NskRenderJob *job, const char *name)
{
    char *end;

    if (!g_str_has_prefix(name, "page-"))
        return NULL;
    guint64 n = g_ascii_strtoull(name + strlen("page-"), &end, 10);
    return *end == '\0' && n >= 1 && n <= job->n_pages ? job->pages[n - 1].png : NULL;
}
