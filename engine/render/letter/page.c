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

/* What our fonts have in place of a font of the document, by its name in the PDF; NULL: unknown. */
static const char *
find_family(const char *font)
{
    static const struct {
        const char *part;
        const char *family;
    } known[] = {
        { "bonum", "Bookman Old Style" },
        { "bookman", "Bookman Old Style" },
        { "mono", "Courier New" },
        { "courier", "Courier New" },
        { "sans", "Arial" },
        { "arial", "Arial" },
        { "helvet", "Arial" },
        { "calibri", "Arial" },
        { "carlito", "Arial" },
        { "heros", "Arial" },
        { "serif", "Times New Roman" },
        { "times", "Times New Roman" },
        { "termes", "Times New Roman" },
        { "roman", "Times New Roman" },
        { "cambria", "Times New Roman" },
        { "caladea", "Times New Roman" },
        { "georgia", "Times New Roman" },
        { "garamond", "Times New Roman" },
    };
    g_autofree char *lower = g_ascii_strdown(font != NULL ? font : "", -1);

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        if (strstr(lower, known[i].part) != NULL)
            return known[i].family;
    }
    return NULL;
}

static bool
is_bold(const char *font)
{
    g_autofree char *lower = g_ascii_strdown(font != NULL ? font : "", -1);

    return strstr(lower, "bold") != NULL;
}

/* "${ttd_2}" as the name "ttd" and the signatory 2; those without a number are of the first. */
static char *
read_mark(const char *text, unsigned *out_signatory)
{
    size_t size = strcspn(text, "}");
    char *name = size > 2 ? g_strndup(text + 2, size - 2) : g_strdup("");
    char *number = strrchr(name, '_');

    *out_signatory = 1;
    if (number != NULL && number[1] >= '1' && number[1] <= '9' && number[2] == '\0') {
        *out_signatory = (unsigned)(number[1] - '0');
        *number = '\0';
    }
    return name;
}

static bool
mark_is_known(const char *name, unsigned signatory, size_t n_signatories)
{
    static const char *const once[] = { "nomor", "tanggal", "hal", "qr", NULL };
    static const char *const each[] = { "ttd", "nama", "nip", "jabatan", NULL };

    return g_strv_contains(once, name) ||
           (g_strv_contains(each, name) && signatory <= n_signatories);
}

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

/* Those that can be filled; @signed_by has a bit for each signatory whose place is there. */
static void
add_marks(const NskRenderJob *job, const NskRenderPage *page, NskXmlNode *node, unsigned *signed_by)
{
    for (size_t i = 0; i < page->n_marks; i++) {
        unsigned signatory;
        g_autofree char *name = read_mark(page->marks[i].text, &signatory);
        bool signature = strcmp(name, "ttd") == 0;
        NskXmlNode *place;

        if (!mark_is_known(name, signatory, job->n_signatories) ||
            (signature && (*signed_by & 1u << signatory) != 0))
            continue; /* a field can be there only once */
        if (signature)
            *signed_by |= 1u << signatory;
        add_place(node, "mark", &page->marks[i], &place);
        nsk_xml_set_attr(place, "name", name);
        nsk_xml_set_attr(place, "tail",
                         page->marks[i].text + strcspn(page->marks[i].text, "}") + 1);
        set_number(place, "size", page->marks[i].size);
        nsk_xml_set_attr(place, "font", find_family(page->marks[i].font));
        if (is_bold(page->marks[i].font))
            nsk_xml_set_attr(place, "bold", "yes");
        set_number(place, "room", MAX(page->marks[i].room, page->marks[i].width));
        set_count(place, "signatory", signatory);
    }
}

static void
check_signature(const NskIssue *place,
                unsigned signatory,
                unsigned count,
                size_t n_signatories,
                NskIssues *issues)
{
    g_autofree char *mark =
        n_signatories > 1 ? g_strdup_printf("${ttd_%u}", signatory) : g_strdup("${ttd}");

    if (count == 0)
        nsk_issues_add(issues, place,
                       nsk_tr("the document has no mark %s; write it once, where signatory %u is "
                              "to sign, and attach the file anew"),
                       mark, signatory);
    else if (count > 1)
        nsk_issues_add(issues, place,
                       nsk_tr("the document has the mark %s %u times, and a signature has one "
                              "place; leave one, and attach the file anew"),
                       mark, count);
}

void
nsk_render_check_marks(const char *file,
                       const NskRenderMark *marks,
                       size_t n_marks,
                       size_t n_signatories,
                       NskIssues *issues)
{
    g_autofree char *name_of_file = g_strdup(file);
    const NskIssue place = { "document-mark", NSK_SEVERITY_ERROR, name_of_file, 0, 0, NULL };
    unsigned signatures[10] = { 0 };
    unsigned numbers = 0;

    for (size_t i = 0; i < n_marks; i++) {
        unsigned signatory;
        g_autofree char *name = read_mark(marks[i].text, &signatory);

        if (!mark_is_known(name, signatory, n_signatories))
            nsk_issues_add(issues, &place,
                           nsk_tr("page %u of the document has the mark '%s', which nothing fills; "
                                  "take it out, or use %s"),
                           marks[i].page, marks[i].text, KNOWN_MARKS);
        numbers += strcmp(name, "nomor") == 0;
        signatures[signatory] += strcmp(name, "ttd") == 0;
    }
    if (numbers == 0)
        nsk_issues_add(issues, &place,
                       nsk_tr("the document has no mark ${nomor}; write it where the number is to "
                              "stand, and attach the file anew"));
    for (unsigned i = 1; i <= n_signatories && i < G_N_ELEMENTS(signatures); i++)
        check_signature(&place, i, signatures[i], n_signatories, issues);
}

/* The first fault of the marks on the pages, as an error. */
static bool
check_marks(const NskRenderJob *job, GError **error)
{
    g_autoptr(GArray) marks = g_array_new(FALSE, FALSE, sizeof(NskRenderMark));
    g_autoptr(NskIssues) issues = nsk_issues_new();

    for (size_t i = 0; i < job->n_pages; i++) {
        const NskRenderPage *page = &job->pages[i];

        for (size_t k = 0; page->attachment == 0 && k < page->n_marks; k++) {
            NskRenderMark mark = { page->marks[k].text, page->n };

            g_array_append_val(marks, mark);
        }
    }
    nsk_render_check_marks(job->name, (const NskRenderMark *)(void *)marks->data, marks->len,
                           job->n_signatories, issues);
    if (issues->len == 0)
        return true;
    const NskIssue *first = g_ptr_array_index(issues, 0);
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID, first->text);
    return false;
}

/* A mark is no word of the document: what stands in its place is read instead. */
static void
blank_marks(const NskRenderPage *page, char *text)
{
    for (size_t i = 0; i < page->n_marks; i++) {
        size_t size = strlen(page->marks[i].text);

        for (char *at = strstr(text, page->marks[i].text); size > 0 && at != NULL;
             at = strstr(at, page->marks[i].text))
            memset(at, ' ', size);
    }
}

static void
add_lines(const NskRenderPage *page, NskXmlNode *node, bool marked)
{
    for (size_t i = 0; i < page->n_lines; i++) {
        g_autofree char *text = plain_text(page->lines[i].text);
        NskXmlNode *line;

        if (marked)
            blank_marks(page, text);
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
    unsigned signed_by = 0;

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
        add_lines(page, node, uploaded && page->attachment == 0);
        if (uploaded && page->attachment == 0)
            add_marks(job, page, node, &signed_by);
    }
    if (!uploaded || job->draft)
        return true;
    if (job->n_pages == 0 || job->pages[0].attachment != 0) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("the document of this letter is its first attached file, which "
                                   "must be a PDF or a DOCX; attach it"));
        return false;
    }
    return check_marks(job, error);
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
