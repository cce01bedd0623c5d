/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Destinations and bookmarks (ISO 32000-1, 12.3): the outline is a tree of entries, each of which
 * knows its parent, its neighbours, its first and last child, and how many entries are shown
 * beneath it when it is open (negative: it is closed).
 *
 * 1. A parent has a smaller number than its children.
 */
#include "pdf-private.h"

static void
entry_clear(void *data)
{
    NskPdfEntry *self = data;

    g_free(self->title);
    g_free(self->uri);
}

GArray *
nsk_pdf_bookmarks_new(void)
{
    GArray *entries = g_array_new(FALSE, TRUE, sizeof(NskPdfEntry));
    NskPdfEntry root = { .title = NULL };

    g_array_set_clear_func(entries, entry_clear);
    g_array_append_val(entries, root);
    return entries;
}

static NskPdfEntry *
entry(const NskPdf *self, unsigned number)
{
    return &g_array_index(self->bookmarks, NskPdfEntry, number);
}

unsigned
nsk_pdf_bookmark_add(NskPdf *self, unsigned parent, const NskPdfBookmark *from)
{
    unsigned number = self->bookmarks->len;
    NskPdfEntry it = { .title = g_strdup(from->title),
                       .uri = from->uri != NULL ? nsk_pdf_escape_uri(from->uri) : NULL,
                       .page = from->page,
                       .y = from->y,
                       .colour = from->colour,
                       .bold = from->bold,
                       .italic = from->italic,
                       .closed = from->closed,
                       .parent = parent };

    g_assert(parent < number);
    it.previous = entry(self, parent)->last;
    g_array_append_val(self->bookmarks, it);
    if (it.previous != 0)
        entry(self, it.previous)->next = number;
    else
        entry(self, parent)->first = number;
    entry(self, parent)->last = number;
    return number;
}

void
nsk_pdf_put_destination(const NskPdf *self, GString *to, unsigned number, NskMpt y)
{
    const NskPdfPage *page = self->pages->pdata[MIN(number, self->pages->len - 1)];

    nsk_pdf_put(to, "/Dest[");
    nsk_pdf_put_ref(to, page->ref);
    nsk_pdf_put(to, "/XYZ null ");
    nsk_pdf_put_mpt(to, page->height - y);
    nsk_pdf_put(to, " null]");
}

char *
nsk_pdf_escape_uri(const char *uri)
{
    return g_uri_escape_string(uri, ":/?#[]@!$&'*+,;=%", FALSE);
}

void
nsk_pdf_put_uri(GString *to, const char *uri)
{
    nsk_pdf_put(to, "/A<</S/URI/URI");
    nsk_pdf_put_string(to, uri);
    nsk_pdf_put(to, ">>");
}

/* Numbers the objects and counts what is shown, children before their parents. */
static void
prepare(NskPdf *self)
{
    for (unsigned i = 0; i < self->bookmarks->len; i++)
        entry(self, i)->ref = nsk_pdf_out_reserve(&self->out);
    for (unsigned i = self->bookmarks->len - 1; i > 0; i--) {
        const NskPdfEntry *it = entry(self, i);

        entry(self, it->parent)->shown += 1 + (it->closed ? 0 : it->shown);
    }
}

static void
put_link(const NskPdf *self, GString *to, const char *key, unsigned number)
{
    if (number == 0)
        return;
    nsk_pdf_put(to, key);
    nsk_pdf_put_ref(to, entry(self, number)->ref);
}

static void
put_look(GString *to, const NskPdfEntry *it)
{
    if (it->bold || it->italic) {
        nsk_pdf_put(to, "/F ");
        nsk_pdf_put_int(to, (it->italic ? 1 : 0) + (it->bold ? 2 : 0));
    }
    if (it->colour == 0)
        return;
    for (int shift = 16; shift >= 0; shift -= 8) {
        nsk_pdf_put(to, shift == 16 ? "/C[" : " ");
        nsk_pdf_put_mpt(to, ((it->colour >> shift & 255) * 1000 + 127) / 255);
    }
    g_string_append_c(to, ']');
}

static void
write_entry(NskPdf *self, unsigned number)
{
    const NskPdfEntry *it = entry(self, number);
    GString *to = self->out.bytes;

    nsk_pdf_out_begin(&self->out, it->ref);
    nsk_pdf_put(to, "<<");
    if (number == 0) {
        nsk_pdf_put(to, "/Type/Outlines");
    } else {
        nsk_pdf_put(to, "/Title");
        nsk_pdf_put_text(to, it->title);
        nsk_pdf_put(to, "/Parent ");
        nsk_pdf_put_ref(to, entry(self, it->parent)->ref);
        if (it->uri != NULL)
            nsk_pdf_put_uri(to, it->uri);
        else
            nsk_pdf_put_destination(self, to, it->page, it->y);
        put_look(to, it);
    }
    put_link(self, to, "/Prev ", it->previous);
    put_link(self, to, "/Next ", it->next);
    put_link(self, to, "/First ", it->first);
    put_link(self, to, "/Last ", it->last);
    if (it->first != 0) {
        nsk_pdf_put(to, it->closed ? "/Count -" : "/Count ");
        nsk_pdf_put_int(to, it->shown);
    }
    nsk_pdf_put(to, ">>");
    nsk_pdf_out_end(&self->out);
}

NskPdfRef
nsk_pdf_bookmarks_write(NskPdf *self)
{
    if (self->bookmarks->len == 1)
        return 0;
    prepare(self);
    for (unsigned i = 0; i < self->bookmarks->len; i++)
        write_entry(self, i);
    return entry(self, 0)->ref;
}
