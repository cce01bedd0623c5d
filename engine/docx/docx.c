/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a document whole: its package, its styles, its stories; and the words for places. */
#include "docx/docx.h"

#include "base/message.h"
#include "docx/docx-private.h"

#include <string.h>

char *
nsk_docx_place_words(const NskDocxPlace *place)
{
    static const char *const stories[] = {
        [NSK_DOCX_BODY] = N_("body"),       [NSK_DOCX_HEADER] = N_("header"),
        [NSK_DOCX_FOOTER] = N_("footer"),   [NSK_DOCX_FOOTNOTE] = N_("footnote"),
        [NSK_DOCX_ENDNOTE] = N_("endnote"), [NSK_DOCX_BOX] = N_("text box"),
    };
    GString *words = g_string_new(NULL);

    g_string_append(words, nsk_tr(stories[place->story]));
    if (place->number > 0)
        g_string_append_printf(words, " %u", place->number);
    if (place->table > 0 && place->row > 0)
        g_string_append_printf(words, nsk_tr(", table %u, row %u, cell %u"), place->table,
                               place->row, place->cell);
    else if (place->table > 0 && place->paragraph == 0)
        g_string_append_printf(words, nsk_tr(", table %u"), place->table);
    if (place->paragraph > 0)
        g_string_append_printf(words, nsk_tr(", paragraph %u"), place->paragraph);
    return g_string_free(words, FALSE);
}

static void
add_warning(const char *name,
            NskIssues *issues,
            const char *tag,
            const NskDocxPlace *place,
            const char *text)
{
    g_autofree char *file = g_strdup(name);
    g_autofree char *words = nsk_docx_place_words(place);
    const NskIssue where = { tag, NSK_SEVERITY_WARNING, file, 0, 0, NULL };

    nsk_issues_add(issues, &where, "%s: %s", words, text);
}

void
nsk_docx_warn(const char *name,
              NskIssues *issues,
              const char *tag,
              const NskDocxPlace *place,
              const char *format,
              ...)
{
    va_list args;

    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    add_warning(name, issues, tag, place, text);
}

void
nsk_docx_lose(NskDocx *self, const NskDocxPlace *place, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    add_warning(self->name, self->lost, "docx-lost", place, text);
}

void
nsk_docx_lose_in_letter(NskDocx *self, const NskDocxPlace *place, const char *text)
{
    add_warning(self->name, self->lost, NSK_DOCX_LOST_IN_LETTER, place, text);
}

static bool
is_document(const NskXmlNode *root)
{
    static const char *const namespaces[] = {
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
        NULL,
    };

    return g_strv_contains(namespaces, nsk_xml_ns(root));
}

/* The first part that @part names by a relationship of the type; NULL if there is none, or with
 * @error. */
static NskXmlDoc *
open_related(GHashTable *parts, NskDocx *self, const char *part, const char *type, GError **error)
{
    g_autoptr(GPtrArray) names = nsk_docx_related(parts, part, type, error);

    return names != NULL && names->len > 0
               ? nsk_docx_part(parts, self->name, g_ptr_array_index(names, 0), error)
               : NULL;
}

/* Headers and footers. */
static bool
read_edges(NskDocxReader *reader,
           GHashTable *parts,
           const char *part,
           NskDocxStoryKind kind,
           GError **error)
{
    const char *type = kind == NSK_DOCX_HEADER ? "header" : "footer";
    g_autoptr(GPtrArray) names = nsk_docx_related(parts, part, type, error);

    for (guint i = 0; names != NULL && i < names->len; i++) {
        g_autoptr(GError) fault = NULL;
        g_autoptr(NskXmlDoc) doc =
            nsk_docx_part(parts, reader->docx->name, g_ptr_array_index(names, i), &fault);

        if (fault != NULL) {
            g_propagate_error(error, g_steal_pointer(&fault));
            return false;
        }
        if (doc == NULL)
            continue;
        NskDocxStory *story = nsk_docx_read_story(reader, nsk_xml_doc_get_root(doc), kind, i + 1);
        story->part = g_strdup(g_ptr_array_index(names, i));
    }
    return names != NULL;
}

/* Footnotes and endnotes; those that Word keeps for the lines above them have a type. */
static bool
read_notes(NskDocxReader *reader,
           GHashTable *parts,
           const char *part,
           NskDocxStoryKind kind,
           GError **error)
{
    const char *type = kind == NSK_DOCX_FOOTNOTE ? "footnotes" : "endnotes";
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskXmlDoc) doc = open_related(parts, reader->docx, part, type, &fault);
    const NskXmlNode *node = doc != NULL ? nsk_xml_first(nsk_xml_doc_get_root(doc)) : NULL;
    unsigned number = 0;

    for (; node != NULL; node = nsk_xml_next(node)) {
        if (nsk_docx_attr(node, "type") == NULL ||
            strcmp(nsk_docx_attr(node, "type"), "normal") == 0)
            (void)nsk_docx_read_story(reader, node, kind, ++number);
    }
    if (fault == NULL)
        return true;
    g_propagate_error(error, g_steal_pointer(&fault));
    return false;
}

/* The part that a section names by the id of a relationship, or none. */
static void
resolve_edge(char **edge, GHashTable *relations)
{
    const char *part = *edge != NULL ? g_hash_table_lookup(relations, *edge) : NULL;

    g_free(*edge);
    *edge = g_strdup(part);
}

static bool
resolve_sheets(NskDocx *self, GHashTable *parts, const char *part, GError **error)
{
    g_autoptr(GHashTable) relations = nsk_docx_relations(parts, part, error);

    for (guint i = 0; relations != NULL && i < self->sheets->len; i++) {
        NskDocxSheet *sheet = &g_array_index(self->sheets, NskDocxSheet, i);

        for (size_t k = 0; k < G_N_ELEMENTS(sheet->headers); k++) {
            resolve_edge(&sheet->headers[k], relations);
            resolve_edge(&sheet->footers[k], relations);
        }
    }
    return relations != NULL;
}

static bool
read_stories(NskDocxReader *reader,
             GHashTable *parts,
             const char *part,
             const NskXmlDoc *doc,
             GError **error)
{
    const NskXmlNode *body = nsk_xml_child(nsk_xml_doc_get_root(doc), "body");

    if (body == NULL || !is_document(body)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%s' holds no text of a word processor (<w:body>); save it as DOCX"),
                    reader->docx->name);
        return false;
    }
    (void)nsk_docx_read_story(reader, body, NSK_DOCX_BODY, 0);
    (void)nsk_docx_add_sheet(reader->docx, nsk_xml_child(body, "sectPr"));
    return resolve_sheets(reader->docx, parts, part, error) &&
           read_edges(reader, parts, part, NSK_DOCX_HEADER, error) &&
           read_edges(reader, parts, part, NSK_DOCX_FOOTER, error) &&
           read_notes(reader, parts, part, NSK_DOCX_FOOTNOTE, error) &&
           read_notes(reader, parts, part, NSK_DOCX_ENDNOTE, error);
}

static bool
read_document(NskDocx *self, GHashTable *parts, const char *part, NskIssues *issues, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskXmlDoc) doc = nsk_docx_part(parts, self->name, part, &fault);
    g_autoptr(NskXmlDoc) styles =
        fault == NULL ? open_related(parts, self, part, "styles", &fault) : NULL;
    g_autoptr(NskXmlDoc) numbering =
        fault == NULL ? open_related(parts, self, part, "numbering", &fault) : NULL;
    NskDocxReader reader = { .docx = self };

    if (fault == NULL && doc == NULL)
        g_set_error(&fault, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%s' has no part '%s', though it names it; save it anew"), self->name,
                    part);
    if (fault == NULL) {
        reader.styles = nsk_docx_styles_new(styles, numbering);
        (void)read_stories(&reader, parts, part, doc, &fault);
        nsk_docx_styles_free(reader.styles);
    }
    if (fault == NULL && reader.insertions + reader.deletions > 0)
        nsk_docx_warn(self->name, issues, "docx-tracked", &reader.first_change,
                      nsk_tr("from here on %u insertions and %u deletions are tracked; they are "
                             "taken as accepted"),
                      reader.insertions, reader.deletions);
    if (fault == NULL)
        return true;
    g_propagate_error(error, g_steal_pointer(&fault));
    return false;
}

static void
clear_sheet(void *data)
{
    NskDocxSheet *self = data;

    for (size_t i = 0; i < G_N_ELEMENTS(self->headers); i++) {
        g_free(self->headers[i]);
        g_free(self->footers[i]);
    }
}

NskDocx *
nsk_docx_read(const char *name, GHashTable *parts, NskIssues *issues, GError **error)
{
    g_autoptr(NskDocx) self = g_new0(NskDocx, 1);
    g_autoptr(GPtrArray) names = nsk_docx_related(parts, "", "officeDocument", error);

    self->name = g_strdup(name);
    self->lost = nsk_issues_new();
    self->sheets = g_array_new(FALSE, TRUE, sizeof(NskDocxSheet));
    g_array_set_clear_func(self->sheets, clear_sheet);
    if (names == NULL)
        return NULL;
    if (names->len == 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%s' does not say which of its parts is the document; save it as DOCX"),
                    name);
        return NULL;
    }
    if (!nsk_docx_check_package(parts, name, issues, error) ||
        !read_document(self, parts, g_ptr_array_index(names, 0), issues, error))
        return NULL;
    return g_steal_pointer(&self);
}

void
nsk_docx_free(NskDocx *self)
{
    if (self == NULL)
        return;
    g_free(self->name);
    if (self->stories != NULL)
        g_ptr_array_unref(self->stories);
    g_ptr_array_unref(self->lost);
    g_array_unref(self->sheets);
    g_free(self);
}
