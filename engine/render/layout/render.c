/* SPDX-License-Identifier: GPL-3.0-or-later */
/* nsk_fo_render(): the steps from a document of formatting objects to the bytes of a PDF. */
#include "base/message.h"
#include "render/layout/layout.h"

static const char *
language_of(const NskLayout *self)
{
    const char *language = nsk_fo_text(self->tree->root, NSK_P_LANGUAGE);

    if (self->options->language != NULL)
        return self->options->language;
    return g_strcmp0(language, "none") != 0 && language[0] != '\0' ? language : "id";
}

/* The PDF's title: what the caller says, or the first fo:title. */
static char *
title_of(const NskFoTree *tree, const NskFoOptions *options)
{
    GString *title = g_string_new(options->title);

    for (const NskFoNode *node = tree->root->first; node != NULL && title->len == 0;
         node = node->next) {
        const NskFoNode *child = node->first;

        while (child != NULL && child->tag != NSK_FO_TITLE)
            child = child->next;
        for (child = child != NULL ? child->first : NULL; child != NULL; child = child->next)
            g_string_append(title, child->tag == NSK_FO_TEXT ? child->text : "");
    }
    return g_strstrip(g_string_free(title, FALSE));
}

static NskLayout *
layout_alloc(NskFoTree *tree, const NskFoOptions *options)
{
    NskLayout *self = g_new0(NskLayout, 1);

    self->tree = tree;
    self->options = options;
    self->builders = g_ptr_array_new_with_free_func(nsk_builder_free);
    self->document = nsk_arena_new();
    self->arena = nsk_arena_new();
    self->pages = g_ptr_array_new_with_free_func(nsk_page_free);
    for (size_t i = 0; i < G_N_ELEMENTS(self->fonts); i++)
        self->fonts[i] = g_hash_table_new(NULL, NULL);
    self->images = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    self->destinations = g_hash_table_new(NULL, NULL);
    self->carried = g_hash_table_new(g_str_hash, g_str_equal);

    g_autofree char *title = title_of(tree, options);
    NskPdfInfo info = { .title = title,
                        .language = language_of(self),
                        .author = options->author,
                        .date = options->at };
    self->pdf = nsk_pdf_new(&info);
    return self;
}

void
nsk_layout_free(NskLayout *self)
{
    if (self == NULL)
        return;
    nsk_pdf_free(self->pdf);
    g_ptr_array_unref(self->pages);
    g_ptr_array_unref(self->builders);
    for (size_t i = 0; i < G_N_ELEMENTS(self->fonts); i++)
        g_hash_table_unref(self->fonts[i]);
    g_hash_table_unref(self->images);
    g_hash_table_unref(self->destinations);
    g_hash_table_unref(self->carried);
    g_clear_pointer(&self->first_pages, g_hash_table_unref);
    g_clear_pointer(&self->last_pages, g_hash_table_unref);
    g_clear_pointer(&self->old_first_pages, g_hash_table_unref);
    g_clear_pointer(&self->old_last_pages, g_hash_table_unref);
    g_clear_error(&self->error);
    nsk_arena_free(self->arena);
    nsk_arena_free(self->document);
    nsk_fo_tree_free(self->tree);
    g_free(self);
}

static bool
check(const NskLayout *self, GError **error)
{
    if (!self->tree->failed)
        return true;
    if (nsk_issues_to_error(self->options->issues, error))
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID, nsk_tr("%s: too many findings to list"),
                    self->tree->file);
    return false;
}

static NskLayout *
lay_out(const NskXmlDoc *fo, const NskFoOptions *options, bool keeps_all, GError **error)
{
    NskFoTree *tree = nsk_fo_tree_read(fo, options->issues, options->lenient, error);

    if (tree == NULL)
        return NULL;

    g_autoptr(NskLayout) self = layout_alloc(tree, options);
    self->keeps_all = keeps_all;
    if (!check(self, error) || !nsk_page_layout(self, error) || !check(self, error))
        return NULL;
    return g_steal_pointer(&self);
}

NskLayout *
nsk_layout_new(const NskXmlDoc *fo, const NskFoOptions *options, GError **error)
{
    return lay_out(fo, options, true, error);
}

static bool
attach_files(NskLayout *self, GError **error)
{
    for (size_t i = 0; i < self->options->n_attachments; i++) {
        const NskFoAttachment *from = &self->options->attachments[i];
        NskPdfFile file = { .name = from->name,
                            .media_type = from->media_type,
                            .description = from->description,
                            .relation = i == 0 ? NSK_PDF_FILE_SOURCE : NSK_PDF_FILE_SUPPLEMENT,
                            .data = from->bytes };

        if (!nsk_pdf_attach(self->pdf, &file, error))
            return false;
    }
    return true;
}

GBytes *
nsk_fo_render(const NskXmlDoc *fo, const NskFoOptions *options, GError **error)
{
    g_autoptr(NskLayout) self = lay_out(fo, options, false, error);

    if (self == NULL || !nsk_draw_pages(self, error))
        return NULL;
    nsk_bookmark_draw(self);
    if (!check(self, error) || !attach_files(self, error))
        return NULL;
    return nsk_pdf_finish(self->pdf, error);
}
