/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sizes of inline objects (XSL 1.1, section 7.15): the viewport from width and height, the content
 * in it from content-width, content-height and scaling; what is auto follows the other with the
 * image's own proportions.
 */
#include "base/message.h"
#include "render/layout/layout.h"
#include "render/svg/svg.h"

#include <string.h>

#define QR_SIZE NSK_MM(20) /* of a QR code that no size is given for */

char *
nsk_object_uri(const char *src)
{
    g_autofree char *text = g_strstrip(g_strdup(src));
    size_t length = strlen(text);

    if (g_str_has_prefix(text, "url(") && text[length - 1] == ')') {
        g_autofree char *inner = g_strstrip(g_strndup(text + 4, length - 5));
        size_t size = strlen(inner);

        if (size >= 2 && (inner[0] == '\'' || inner[0] == '"') && inner[size - 1] == inner[0])
            return g_strndup(inner + 1, size - 2);
        return g_steal_pointer(&inner);
    }
    return g_steal_pointer(&text);
}

bool
nsk_object_check_uri(NskLayout *self, const NskFoNode *node, const char *uri)
{
    static const char *const runs[] = { "javascript:", "vbscript:", "data:" };

    while (*uri != '\0' && (g_ascii_isspace(*uri) || g_ascii_iscntrl(*uri)))
        uri++;
    for (size_t i = 0; i < G_N_ELEMENTS(runs); i++) {
        if (g_ascii_strncasecmp(uri, runs[i], strlen(runs[i])) != 0)
            continue;
        nsk_fo_error(self->tree, node, "fo-link",
                     nsk_tr("a link cannot lead to '%.60s'; use http, https or mailto"), uri);
        return false;
    }
    return true;
}

static bool
load_svg(NskLayout *self, const char *name, GBytes *bytes, NskPdfImage *out_image, GError **error)
{
    gsize size;
    const void *data = g_bytes_get_data(bytes, &size);
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse(name, data, size, error);
    g_autoptr(NskPdfForm) form =
        doc != NULL ? nsk_svg_read(doc, self->options->fonts, error) : NULL;

    return form != NULL && nsk_pdf_form_load(self->pdf, form, out_image, error);
}

/* XML, after the white space and mark that may stand before it. */
static bool
is_xml(GBytes *bytes)
{
    gsize size, at = 0;
    const char *data = g_bytes_get_data(bytes, &size);

    if (size >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0)
        at = 3;
    while (at < size && g_ascii_isspace(data[at]))
        at++;
    return at < size && data[at] == '<';
}

static bool
load_bytes(NskLayout *self, const char *name, GBytes *bytes, NskPdfImage *out_image, GError **error)
{
    return is_xml(bytes) ? load_svg(self, name, bytes, out_image, error)
                         : nsk_pdf_image_load(self->pdf, bytes, out_image, error);
}

static NskPdfImage *
load_image(NskLayout *self, const NskFoNode *node, const char *name)
{
    const NskFoOptions *options = self->options;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = NULL;
    g_autofree NskPdfImage *image = g_new0(NskPdfImage, 1);

    if (options->load_image == NULL) {
        nsk_fo_error(self->tree, node, "fo-image", nsk_tr("image '%s' cannot be loaded here"),
                     name);
        return NULL;
    }
    bytes = options->load_image(options->load_data, name, &error);
    if (bytes == NULL || !load_bytes(self, name, bytes, image, &error)) {
        nsk_fo_error(self->tree, node, "fo-image", nsk_tr("image '%s': %s"), name, error->message);
        return NULL;
    }
    return g_steal_pointer(&image);
}

/* The SVG within an instream-foreign-object, known by its text. */
static const NskPdfImage *
instream_image(NskLayout *self, const NskFoNode *node)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = NULL;
    g_autofree NskPdfImage *image = g_new0(NskPdfImage, 1);
    gpointer known = NULL;

    if (g_hash_table_lookup_extended(self->images, node->first->text, NULL, &known))
        return known;
    bytes = g_bytes_new(node->first->text, strlen(node->first->text));
    if (!load_svg(self, "svg", bytes, image, &error)) {
        nsk_fo_error(self->tree, node, "fo-image", nsk_tr("image '%s': %s"), "svg", error->message);
        g_clear_pointer(&image, g_free);
    }
    known = g_steal_pointer(&image);
    g_hash_table_insert(self->images, g_strdup(node->first->text), known);
    return known;
}

const NskPdfImage *
nsk_object_image(NskLayout *self, const NskFoNode *node)
{
    if (node->tag == NSK_FO_INSTREAM_OBJECT)
        return instream_image(self, node);
    return nsk_object_load(self, node, NSK_P_SRC);
}

const NskPdfImage *
nsk_object_load(NskLayout *self, const NskFoNode *node, NskFoProperty property)
{
    g_autofree char *name = nsk_object_uri(nsk_fo_text(node, property));
    gpointer known = NULL;

    if (g_hash_table_lookup_extended(self->images, name, NULL, &known))
        return known;

    NskPdfImage *image = load_image(self, node, name);
    g_hash_table_insert(self->images, g_steal_pointer(&name), image);
    return image;
}

static bool
is_auto(const NskFoNode *node, NskFoProperty property)
{
    return nsk_fo_get(node, property)->kind == NSK_V_WORD;
}

static void
natural_size(NskLayout *self, const NskFoNode *node, NskObjectSize *size)
{
    const NskPdfImage *image;

    if (node->tag == NSK_FO_EXTERNAL_GRAPHIC || node->first->tag == NSK_FO_SVG) {
        image = nsk_object_image(self, node);
        size->content_width = image != NULL ? image->print_width : 1000;
        size->content_height = image != NULL ? image->print_height : 1000;
    } else {
        size->content_width = QR_SIZE;
        size->content_height = QR_SIZE;
    }
}

static NskMpt
in_proportion(NskMpt value, NskMpt part, NskMpt whole)
{
    int64_t scaled = whole > 0 ? (int64_t)value * part / whole : value;

    return (NskMpt)CLAMP(scaled, 1, 100000000);
}

/* Percentages of content sizes are of the image, those of the viewport of the line. */
static NskMpt
reference_of(NskFoProperty property, NskMpt line, NskMpt natural)
{
    return property == NSK_P_WIDTH || property == NSK_P_HEIGHT ? line : natural;
}

static void
scale_content(const NskFoNode *node, NskMpt reference, NskObjectSize *size)
{
    NskMpt width = size->content_width, height = size->content_height;
    NskFoProperty from[2] = { NSK_P_CONTENT_WIDTH, NSK_P_CONTENT_HEIGHT };

    for (int i = 0; i < 2; i++) {
        NskFoWord word = nsk_fo_word(node, from[i]);

        /* scale-to-fit, and no content size at all, follow the viewport */
        if (word != NSK_W_NONE_OF_THEM && !is_auto(node, i == 0 ? NSK_P_WIDTH : NSK_P_HEIGHT))
            from[i] = i == 0 ? NSK_P_WIDTH : NSK_P_HEIGHT;
    }

    bool has_width = !is_auto(node, from[0]), has_height = !is_auto(node, from[1]);
    NskMpt given_width =
        MAX(1, nsk_fo_length(node, from[0], reference_of(from[0], reference, width)));
    NskMpt given_height =
        MAX(1, nsk_fo_length(node, from[1], reference_of(from[1], reference, height)));

    if (has_width && has_height && nsk_fo_word(node, NSK_P_SCALING) == NSK_W_UNIFORM) {
        /* the larger scale that fits both */
        if ((int64_t)given_width * height <= (int64_t)given_height * width)
            has_height = false;
        else
            has_width = false;
    }
    if (has_width)
        size->content_width = given_width;
    if (has_height)
        size->content_height = given_height;
    if (has_width && !has_height)
        size->content_height = in_proportion(given_width, height, width);
    if (has_height && !has_width)
        size->content_width = in_proportion(given_height, width, height);
}

NskObjectSize
nsk_object_size(NskLayout *self, const NskFoNode *node, NskMpt reference)
{
    NskObjectSize size = { 0 };
    bool field = node->first != NULL && node->first->tag == NSK_FO_SIGNATURE_FIELD;

    natural_size(self, node, &size);
    scale_content(node, reference, &size);
    size.width = is_auto(node, NSK_P_WIDTH) ? size.content_width
                                            : nsk_fo_length(node, NSK_P_WIDTH, reference);
    size.height = is_auto(node, NSK_P_HEIGHT) ? size.content_height
                                              : nsk_fo_length(node, NSK_P_HEIGHT, reference);
    size.width = CLAMP(size.width, 0, 100000000);
    size.height = CLAMP(size.height, 0, 100000000);
    if (field) {
        size.content_width = size.width;
        size.content_height = size.height;
    }
    return size;
}

void
nsk_object_insets(const NskFoNode *node, NskMpt reference, NskMpt out_insets[4])
{
    for (int side = 0; side < 4; side++) {
        NskFoProperty padding = NSK_P_PADDING_BEFORE + (NskFoProperty)side;

        out_insets[side] =
            nsk_fo_border_width(node, side) + MAX(0, nsk_fo_length(node, padding, reference));
    }
}
