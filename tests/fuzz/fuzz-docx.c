/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * DOCX files as a stranger would upload them.  Checksums keep most changes of a package from its
 * XML, so the first byte chooses: even, what follows is a package; odd, it is the document in a
 * package of ours, with the parts that the seeds have.  Whatever can be read makes a draft that
 * passes the schema and the rules, or is too large; and pages.
 */
#include "docx/docx.h"
#include "worker/child-docx-private.h"

#include <string.h>

#define W "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\""
#define REL(id, type, target)                                                                      \
    "<Relationship Id=\"" id "\" Type=\"urn:x/" type "\" Target=\"" target "\"/>"
#define RELS(inner) "<Relationships>" inner "</Relationships>"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct {
    const char *name;
    const char *text;
} frame[] = {
    { "_rels/.rels", RELS(REL("a", "officeDocument", "word/document.xml")) },
    { "word/_rels/document.xml.rels",
      RELS(REL("a", "styles", "styles.xml") REL("b", "numbering", "numbering.xml")) },
    { "word/styles.xml",
      "<w:styles " W "><w:style w:type=\"paragraph\" w:styleId=\"Judul1\"><w:name "
      "w:val=\"heading 1\"/></w:style><w:style w:type=\"paragraph\" w:styleId=\"Judul2\"><w:name "
      "w:val=\"heading 2\"/><w:basedOn w:val=\"Judul2\"/></w:style></w:styles>" },
    { "word/numbering.xml",
      "<w:numbering " W "><w:abstractNum w:abstractNumId=\"0\"><w:lvl w:ilvl=\"0\"><w:numFmt "
      "w:val=\"decimal\"/><w:lvlText w:val=\"%1.\"/></w:lvl><w:lvl w:ilvl=\"1\"><w:numFmt "
      "w:val=\"lowerLetter\"/><w:lvlText w:val=\"%2)\"/></w:lvl></w:abstractNum><w:abstractNum "
      "w:abstractNumId=\"1\"><w:lvl w:ilvl=\"0\"><w:numFmt w:val=\"bullet\"/></w:lvl>"
      "</w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num><w:num "
      "w:numId=\"2\"><w:abstractNumId w:val=\"1\"/></w:num></w:numbering>" },
};

static void
free_part(void *bytes)
{
    if (bytes != NULL)
        g_bytes_unref(bytes);
}

static GHashTable *
frame_document(const uint8_t *data, size_t size)
{
    GHashTable *parts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_part);

    for (size_t i = 0; i < G_N_ELEMENTS(frame); i++)
        g_hash_table_insert(parts, g_strdup(frame[i].name),
                            g_bytes_new_static(frame[i].text, strlen(frame[i].text)));
    g_hash_table_insert(parts, g_strdup("word/document.xml"), g_bytes_new(data, size));
    return parts;
}

/* As the worker unpacks it and the office reads the answer. */
static GHashTable *
unpack(const uint8_t *data, size_t size)
{
    const NskWorkerRequest request = { .job = NSK_WORKER_JOB_DOCX };
    g_autoptr(GBytes) docx = g_bytes_new(data, size);
    g_autoptr(GByteArray) message = nsk_worker_message_begin();
    g_autoptr(GError) error = NULL;
    GHashTable *parts = NULL;

    nsk_worker_put_number(message, 0);
    if (!nsk_worker_do_docx(docx, &request, message, &error)) {
        g_assert_nonnull(error);
        return NULL;
    }
    nsk_worker_message_finish(message);
    NskWorkerReader reader = nsk_worker_reader(message->data, message->len);
    bool ok = nsk_worker_read_docx(&reader, &parts, &error);
    g_assert_true(ok);
    return parts;
}

static void
use(const NskDocx *docx)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GPtrArray) tags = nsk_docx_tags(docx, issues);
    g_autoptr(GError) error = NULL;
    const NskDocxDraft draft = { NULL, NULL, NULL, NULL };
    g_autoptr(GBytes) xml = nsk_docx_to_letter(docx, &draft, issues, &error);

    for (guint i = 0; i < tags->len; i++)
        g_assert_cmpuint(((const NskDocxTag *)g_ptr_array_index(tags, i))->places->len, >, 0);
    g_autoptr(GError) fault = NULL;
    g_autoptr(GBytes) fo = nsk_docx_to_fo(docx, issues, &fault);
    g_autofree char *words = nsk_docx_text(docx);

    g_assert_no_error(fault);
    if (xml == NULL && error->code != NSK_ERROR_LIMIT)
        g_error("a draft that is no letter: %s", error->message);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(GHashTable) parts = NULL;

    if (size == 0)
        return 0;
    parts = data[0] % 2 == 0 ? unpack(data + 1, size - 1) : frame_document(data + 1, size - 1);
    if (parts == NULL)
        return 0;
    g_autoptr(NskDocx) docx = nsk_docx_read("a.docx", parts, issues, &error);
    g_assert_true((docx == NULL) == (error != NULL));
    if (docx != NULL)
        use(docx);
    return 0;
}
