/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Photographs of pages as one PDF: each is read, turned upright, made as large as a page needs it,
 * and written anew.  Nothing of what a camera or a stranger put beside the picture stays: place,
 * device, thumbnails, profiles, bytes behind its end.
 *
 *     JPEG (libjpeg), PNG (cairo)  ->  upright picture in RGB  ->  JPEG on a page of A4 (cairo)
 */
#include "base/limits.h"
#include "base/message.h"
#include "worker/child-photo-private.h"

#include <cairo-pdf.h>
#include <cairo.h>
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* clang-format off */
#include <jpeglib.h> /* needs what stands above it */
#include <jerror.h>
/* clang-format on */

#define PAGE_SHORT  595.276 /* A4, points */
#define PAGE_LONG   841.89
#define PIXELS_LONG 2339 /* of a page's longer side: 200 dots an inch */
#define QUALITY     80
#define MOST_PIXELS ((uint64_t)120 * 1000 * 1000) /* of a photograph */
#define MOST_SIDE   30000
#define DEFLATED    ((uint64_t)50 * 1000 * 1000) /* pixels of a PNG, which is read whole */

typedef cairo_surface_t Surface;
typedef cairo_t Drawing;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Surface, cairo_surface_destroy)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Drawing, cairo_destroy)

/* A picture as it came, and how it is to be turned (Exif 2.3, orientation, 1 to 8). */
typedef struct {
    Surface *surface; /* owned */
    int orientation;
} Photo;

static bool
set_damaged(uint32_t page, GError **error)
{
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("photograph %u is no JPEG or PNG that can be read, or is damaged; take it "
                       "again"),
                page);
    return false;
}

static bool
check_size(uint64_t width, uint64_t height, uint64_t most, uint32_t page, GError **error)
{
    if (width > 0 && height > 0 && width <= MOST_SIDE && height <= MOST_SIDE &&
        width * height <= most)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                nsk_tr("photograph %u has %u x %u points; at most %u million are read"), page,
                (unsigned)width, (unsigned)height, (unsigned)(most / 1000000));
    return false;
}

/* --- How it is turned (Exif) ----------------------------------------------------------------- */

static unsigned
take_short(const uint8_t *at, bool little)
{
    return little ? at[0] | (unsigned)at[1] << 8 : (unsigned)at[0] << 8 | at[1];
}

static uint32_t
take_long(const uint8_t *at, bool little)
{
    return little ? take_short(at, true) | (uint32_t)take_short(at + 2, true) << 16
                  : (uint32_t)take_short(at, false) << 16 | take_short(at + 2, false);
}

/* The orientation in a TIFF's first directory; 1 where there is none. */
static int
read_orientation(const uint8_t *tiff, size_t size)
{
    if (size < 8 || (memcmp(tiff, "II*\0", 4) != 0 && memcmp(tiff, "MM\0*", 4) != 0))
        return 1;
    bool little = tiff[0] == 'I';
    size_t at = take_long(tiff + 4, little);
    if (at > size - 2)
        return 1;
    unsigned n = take_short(tiff + at, little);
    at += 2;
    for (; n > 0 && at <= size && size - at >= 12; n--, at += 12) {
        unsigned value = take_short(tiff + at + 8, little);

        if (take_short(tiff + at, little) == 0x0112)
            return value >= 1 && value <= 8 ? (int)value : 1;
    }
    return 1;
}

static int
find_orientation(const struct jpeg_decompress_struct *jpeg)
{
    static const char head[] = "Exif\0"; /* and the NUL of the literal */

    for (const struct jpeg_marker_struct *marker = jpeg->marker_list; marker != NULL;
         marker = marker->next) {
        if (marker->marker == JPEG_APP0 + 1 && marker->data_length > sizeof head &&
            memcmp(marker->data, head, sizeof head) == 0)
            return read_orientation(marker->data + sizeof head, marker->data_length - sizeof head);
    }
    return 1;
}

/* --- JPEG ------------------------------------------------------------------------------------ */

typedef struct {
    struct jpeg_error_mgr base;
    jmp_buf out;
} Errors;

static G_NORETURN void
give_up(j_common_ptr jpeg)
{
    longjmp(((Errors *)(void *)jpeg->err)->out, 1);
}

/* What is cut off is no page; other slips of cameras are passed over. */
static void
note_slip(j_common_ptr jpeg, int level)
{
    int code = jpeg->err->msg_code;

    if (level < 0 && (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER))
        give_up(jpeg);
}

static void
init_errors(Errors *self)
{
    (void)jpeg_std_error(&self->base);
    self->base.error_exit = give_up;
    self->base.emit_message = note_slip;
}

/* The least eighths of its size that are still as large as a page needs it. */
static unsigned
choose_scale(unsigned width, unsigned height)
{
    unsigned eighths = 1;

    while (eighths < 8 && MAX(width, height) * eighths / 8 < PIXELS_LONG)
        eighths++;
    return eighths;
}

/* Rows of three bytes into cairo's words. */
static void
read_rows(struct jpeg_decompress_struct *jpeg, Surface *surface, JSAMPLE *row)
{
    unsigned char *data = cairo_image_surface_get_data(surface);
    size_t stride = (size_t)cairo_image_surface_get_stride(surface);

    while (jpeg->output_scanline < jpeg->output_height) {
        uint32_t *to = (void *)(data + jpeg->output_scanline * stride);

        (void)jpeg_read_scanlines(jpeg, &row, 1);
        for (JDIMENSION x = 0; x < jpeg->output_width; x++)
            to[x] = (uint32_t)row[3 * x] << 16 | (uint32_t)row[3 * x + 1] << 8 | row[3 * x + 2];
    }
    cairo_surface_mark_dirty(surface);
}

/* What is allocated between is kept where a jump finds it. */
typedef struct {
    struct jpeg_decompress_struct jpeg;
    Errors errors;
    Surface *surface;
    JSAMPLE *row;
    GError *fault;
} Decoding;

static bool
decode(Decoding *self, GBytes *file, uint32_t page, int *out_orientation)
{
    gsize size;
    const unsigned char *data = g_bytes_get_data(file, &size);

    if (setjmp(self->errors.out) != 0)
        return false;
    jpeg_create_decompress(&self->jpeg);
    jpeg_mem_src(&self->jpeg, data, size);
    jpeg_save_markers(&self->jpeg, JPEG_APP0 + 1, 0xffff);
    (void)jpeg_read_header(&self->jpeg, TRUE);
    if (!check_size(self->jpeg.image_width, self->jpeg.image_height, MOST_PIXELS, page,
                    &self->fault))
        return false;
    *out_orientation = find_orientation(&self->jpeg);
    self->jpeg.scale_num = choose_scale(self->jpeg.image_width, self->jpeg.image_height);
    self->jpeg.scale_denom = 8;
    self->jpeg.out_color_space = JCS_RGB;
    (void)jpeg_start_decompress(&self->jpeg);
    self->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)self->jpeg.output_width,
                                               (int)self->jpeg.output_height);
    self->row = g_malloc((size_t)self->jpeg.output_width * 3);
    if (cairo_surface_status(self->surface) != CAIRO_STATUS_SUCCESS ||
        self->jpeg.output_components != 3)
        return false;
    read_rows(&self->jpeg, self->surface, self->row);
    (void)jpeg_finish_decompress(&self->jpeg);
    return true;
}

static bool
read_jpeg(GBytes *file, uint32_t page, Photo *out_photo, GError **error)
{
    Decoding self = { 0 };

    self.jpeg.err = &self.errors.base;
    init_errors(&self.errors);
    bool ok = decode(&self, file, page, &out_photo->orientation);
    jpeg_destroy_decompress(&self.jpeg);
    g_free(self.row);
    out_photo->surface = self.surface;
    if (self.fault != NULL)
        g_propagate_error(error, self.fault);
    return ok || self.fault != NULL ? ok : set_damaged(page, error);
}

typedef struct {
    struct jpeg_compress_struct jpeg;
    Errors errors;
    unsigned char *data;
    unsigned long size;
    JSAMPLE *row;
} Encoding;

static bool
encode(Encoding *self, Surface *surface)
{
    const unsigned char *data = cairo_image_surface_get_data(surface);
    size_t stride = (size_t)cairo_image_surface_get_stride(surface);

    if (setjmp(self->errors.out) != 0)
        return false;
    jpeg_create_compress(&self->jpeg);
    jpeg_mem_dest(&self->jpeg, &self->data, &self->size);
    self->jpeg.image_width = (JDIMENSION)cairo_image_surface_get_width(surface);
    self->jpeg.image_height = (JDIMENSION)cairo_image_surface_get_height(surface);
    self->jpeg.input_components = 3;
    self->jpeg.in_color_space = JCS_RGB;
    jpeg_set_defaults(&self->jpeg);
    jpeg_set_quality(&self->jpeg, QUALITY, TRUE);
    jpeg_start_compress(&self->jpeg, TRUE);
    self->row = g_malloc((size_t)self->jpeg.image_width * 3);
    while (self->jpeg.next_scanline < self->jpeg.image_height) {
        const uint32_t *from = (const void *)(data + self->jpeg.next_scanline * stride);

        for (JDIMENSION x = 0; x < self->jpeg.image_width; x++) {
            self->row[3 * x] = (JSAMPLE)(from[x] >> 16);
            self->row[3 * x + 1] = (JSAMPLE)(from[x] >> 8);
            self->row[3 * x + 2] = (JSAMPLE)from[x];
        }
        (void)jpeg_write_scanlines(&self->jpeg, &self->row, 1);
    }
    jpeg_finish_compress(&self->jpeg);
    return true;
}

/* Has the picture stand in the PDF as a JPEG made here. */
static bool
attach_jpeg(Surface *surface)
{
    Encoding self = { 0 };

    self.jpeg.err = &self.errors.base;
    init_errors(&self.errors);
    cairo_surface_flush(surface);
    bool ok = encode(&self, surface);
    jpeg_destroy_compress(&self.jpeg);
    g_free(self.row);
    ok = ok && cairo_surface_set_mime_data(surface, CAIRO_MIME_TYPE_JPEG, self.data, self.size,
                                           free, self.data) == CAIRO_STATUS_SUCCESS;
    if (!ok)
        free(self.data);
    return ok;
}

/* --- PNG ------------------------------------------------------------------------------------- */

typedef struct {
    const uint8_t *at;
    size_t left;
} Source;

static cairo_status_t
give_bytes(void *data, unsigned char *to, unsigned size)
{
    Source *source = data;

    if (size > source->left)
        return CAIRO_STATUS_READ_ERROR;
    memcpy(to, source->at, size);
    source->at += size;
    source->left -= size;
    return CAIRO_STATUS_SUCCESS;
}

static bool
read_png(GBytes *file, uint32_t page, Photo *out_photo, GError **error)
{
    Source source;

    source.at = g_bytes_get_data(file, &source.left);
    if (source.left < 33 || memcmp(source.at + 12, "IHDR", 4) != 0)
        return set_damaged(page, error);
    if (!check_size(take_long(source.at + 16, false), take_long(source.at + 20, false), DEFLATED,
                    page, error))
        return false;
    out_photo->orientation = 1;
    out_photo->surface = cairo_image_surface_create_from_png_stream(give_bytes, &source);
    return cairo_surface_status(out_photo->surface) == CAIRO_STATUS_SUCCESS ||
           set_damaged(page, error);
}

static bool
read_photo(GBytes *file, uint32_t page, Photo *out_photo, GError **error)
{
    gsize size;
    const uint8_t *data = g_bytes_get_data(file, &size);

    if (size > 3 && memcmp(data, "\xff\xd8\xff", 3) == 0)
        return read_jpeg(file, page, out_photo, error);
    if (size > 8 && memcmp(data, "\x89PNG\r\n\x1a\n", 8) == 0)
        return read_png(file, page, out_photo, error);
    return set_damaged(page, error);
}

/* --- The page -------------------------------------------------------------------------------- */

/* Turns what follows so that a picture of @width x @height stands upright (Exif 2.3, 4.6.4). */
static void
turn(Drawing *drawing, int orientation, double width, double height)
{
    static const double turns[9][4] = {
        { 0 },          { 1, 0, 0, 1 },  { -1, 0, 0, 1 },  { -1, 0, 0, -1 }, { 1, 0, 0, -1 },
        { 0, 1, 1, 0 }, { 0, 1, -1, 0 }, { 0, -1, -1, 0 }, { 0, -1, 1, 0 }
    };
    const double *m = turns[orientation];
    cairo_matrix_t matrix = { .xx = m[0], .yx = m[1], .xy = m[2], .yy = m[3] };

    /* what went below zero comes back */
    matrix.x0 = (matrix.xx < 0 ? width : 0) + (matrix.xy < 0 ? height : 0);
    matrix.y0 = (matrix.yx < 0 ? width : 0) + (matrix.yy < 0 ? height : 0);
    cairo_transform(drawing, &matrix);
}

/* The picture upright, on white, as large as a page needs it; NULL without memory. */
static Surface *
make_upright(const Photo *photo)
{
    double width = cairo_image_surface_get_width(photo->surface);
    double height = cairo_image_surface_get_height(photo->surface);
    bool lies = photo->orientation >= 5;
    double scale = MIN(1, PIXELS_LONG / MAX(width, height));
    int across = (int)MAX(1, round((lies ? height : width) * scale));
    int down = (int)MAX(1, round((lies ? width : height) * scale));
    Surface *upright = cairo_image_surface_create(CAIRO_FORMAT_RGB24, across, down);
    g_autoptr(Drawing) drawing = cairo_create(upright);

    cairo_set_source_rgb(drawing, 1, 1, 1);
    cairo_paint(drawing);
    cairo_scale(drawing, across / (lies ? height : width), down / (lies ? width : height));
    turn(drawing, photo->orientation, width, height);
    cairo_set_source_surface(drawing, photo->surface, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(drawing), CAIRO_FILTER_GOOD);
    cairo_paint(drawing);
    if (cairo_status(drawing) == CAIRO_STATUS_SUCCESS)
        return upright;
    cairo_surface_destroy(upright);
    return NULL;
}

/* A page of A4 the way the picture lies, which fills it. */
static bool
add_page(Surface *pdf, Drawing *drawing, Surface *picture)
{
    double across = cairo_image_surface_get_width(picture);
    double down = cairo_image_surface_get_height(picture);
    double width = across > down ? PAGE_LONG : PAGE_SHORT;
    double height = across > down ? PAGE_SHORT : PAGE_LONG;
    double scale = MIN(width / across, height / down);

    if (!attach_jpeg(picture))
        return false;
    cairo_pdf_surface_set_size(pdf, width, height);
    cairo_save(drawing);
    cairo_translate(drawing, (width - across * scale) / 2, (height - down * scale) / 2);
    cairo_scale(drawing, scale, scale);
    cairo_set_source_surface(drawing, picture, 0, 0);
    cairo_paint(drawing);
    cairo_restore(drawing);
    cairo_show_page(drawing);
    return cairo_status(drawing) == CAIRO_STATUS_SUCCESS;
}

static bool
add_photo(Surface *pdf, Drawing *drawing, GBytes *file, uint32_t page, GError **error)
{
    Photo photo = { 0 };
    bool ok = read_photo(file, page, &photo, error);
    g_autoptr(Surface) picture = ok ? make_upright(&photo) : NULL;

    if (photo.surface != NULL)
        cairo_surface_destroy(photo.surface);
    if (ok && (picture == NULL || !add_page(pdf, drawing, picture)))
        return set_damaged(page, error);
    return ok;
}

static cairo_status_t
append(void *to, const unsigned char *bytes, unsigned size)
{
    GByteArray *array = to;

    if (size > NSK_LIMIT_WORKER_REPLY - 1024 - array->len)
        return CAIRO_STATUS_WRITE_ERROR;
    g_byte_array_append(array, bytes, size);
    return CAIRO_STATUS_SUCCESS;
}

static bool
draw_all(NskWorkerReader *reader, size_t n, GByteArray *out, GError **error)
{
    g_autoptr(Surface) pdf =
        cairo_pdf_surface_create_for_stream(append, out, PAGE_SHORT, PAGE_LONG);
    g_autoptr(Drawing) drawing = cairo_create(pdf);

    /* the same photographs give the same file */
    cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z");
    for (uint32_t page = 1; page <= n; page++) {
        size_t size;
        const uint8_t *data = nsk_worker_take_data(reader, &size);
        g_autoptr(GBytes) file = g_bytes_new_static(data, size);

        if (!add_photo(pdf, drawing, file, page, error))
            return false;
    }
    cairo_surface_finish(pdf);
    if (cairo_surface_status(pdf) == CAIRO_STATUS_SUCCESS)
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_LIMIT,
                        nsk_tr("the photographs are too large together; take fewer of them"));
    return false;
}

bool
nsk_worker_do_photos(GBytes *file, GByteArray *message, GError **error)
{
    gsize size;
    const void *data = g_bytes_get_data(file, &size);
    NskWorkerReader reader = nsk_worker_reader(data, size);
    size_t n = nsk_worker_take_count(&reader, 4, NSK_WORKER_MOST_PHOTOS);
    g_autoptr(GByteArray) pdf = g_byte_array_new();

    if (reader.bad || n == 0) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_IO, "the worker was given no photographs");
        return false;
    }
    if (!draw_all(&reader, n, pdf, error))
        return false;
    nsk_worker_put_data(message, pdf->data, pdf->len);
    return true;
}
