/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the document says of itself: XMP (ISO 16684-1), the Info dictionary with the same values,
 * the output intent, embedded files (ISO 19005-3, 6.6, 6.2.3 and 6.8; ISO 14289-1, 5).
 *
 * 1. XMP and Info agree in every value (ISO 19005-3, 6.6.3).
 * 2. The colour profile is the same bytes whenever it is made: its date is fixed.
 */
#include "base/limits.h"
#include "base/message.h"
#include "pdf-private.h"

#include <lcms2.h>
#include <string.h>

enum { PROFILE_LEVEL = 9 }; /* those above take megabytes to work in */

static const char creator[] = "Naskah";
static const char producer[] = "Naskah " NSK_VERSION;

/* The date in the document's zone, as broken-down parts; freed with g_date_time_unref(). */
static GDateTime *
local_date(const NskPdf *self)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_offset(self->offset_minutes * 60);
    /* the years that both spellings have room for, less a day for the zone */
    int64_t seconds = CLAMP(self->date / G_USEC_PER_SEC, G_GINT64_CONSTANT(-30610224000),
                            G_GINT64_CONSTANT(253402214400));
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(seconds);

    return g_date_time_to_timezone(utc, zone);
}

char *
nsk_pdf_date(const NskPdf *self)
{
    g_autoptr(GDateTime) date = local_date(self);
    g_autofree char *digits = g_date_time_format(date, "%Y%m%d%H%M%S");
    int minutes = ABS(self->offset_minutes);

    return g_strdup_printf("D:%s%c%02d'%02d'", digits, self->offset_minutes < 0 ? '-' : '+',
                           minutes / 60, minutes % 60);
}

static char *
xmp_date(const NskPdf *self)
{
    g_autoptr(GDateTime) date = local_date(self);

    return g_date_time_format(date, "%Y-%m-%dT%H:%M:%S%:z");
}

/* <name>value</name> if there is a value; @open and @close go around it. */
static void
put_element(GString *to, const char *open, const char *value, const char *close)
{
    if (!value)
        return;
    g_autofree char *escaped = g_markup_escape_text(value, -1);
    nsk_pdf_put(to, open);
    nsk_pdf_put(to, escaped);
    nsk_pdf_put(to, close);
}

static const char xmp_head[] =
    "<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
    "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">"
    "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
    "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\""
    " xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\""
    " xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\""
    " xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\""
    " xmlns:pdfaExtension=\"http://www.aiim.org/pdfa/ns/extension/\""
    " xmlns:pdfaSchema=\"http://www.aiim.org/pdfa/ns/schema#\""
    " xmlns:pdfaProperty=\"http://www.aiim.org/pdfa/ns/property#\">"
    "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>"
    "<pdfuaid:part>1</pdfuaid:part>";

/* PDF/A wants a description of every schema that it does not know (6.6.2.3). */
static const char xmp_tail[] =
    "<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType=\"Resource\">"
    "<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>"
    "<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>"
    "<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType=\"Resource\">"
    "<pdfaProperty:name>part</pdfaProperty:name>"
    "<pdfaProperty:valueType>Integer</pdfaProperty:valueType>"
    "<pdfaProperty:category>internal</pdfaProperty:category>"
    "<pdfaProperty:description>Part of ISO 14289 to which the document conforms"
    "</pdfaProperty:description>"
    "</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>"
    "</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"w\"?>";

NskPdfRef
nsk_pdf_metadata_write(NskPdf *self)
{
    NskPdfRef ref = nsk_pdf_out_reserve(&self->out);
    g_autoptr(GString) xmp = g_string_new(xmp_head);
    g_autofree char *date = xmp_date(self);

    put_element(xmp, "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">", self->title,
                "</rdf:li></rdf:Alt></dc:title>");
    put_element(xmp, "<dc:creator><rdf:Seq><rdf:li>", self->author,
                "</rdf:li></rdf:Seq></dc:creator>");
    put_element(xmp, "<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">", self->subject,
                "</rdf:li></rdf:Alt></dc:description>");
    put_element(xmp, "<dc:language><rdf:Bag><rdf:li>", self->language,
                "</rdf:li></rdf:Bag></dc:language>");
    put_element(xmp, "<pdf:Keywords>", self->keywords, "</pdf:Keywords>");
    put_element(xmp, "<pdf:Producer>", producer, "</pdf:Producer>");
    put_element(xmp, "<xmp:CreatorTool>", creator, "</xmp:CreatorTool>");
    put_element(xmp, "<xmp:CreateDate>", date, "</xmp:CreateDate>");
    put_element(xmp, "<xmp:ModifyDate>", date, "</xmp:ModifyDate>");
    nsk_pdf_put(xmp, xmp_tail);
    /* not deflated, so that a program without a PDF reader finds it */
    nsk_pdf_out_stream(&self->out, ref, "/Type/Metadata/Subtype/XML", xmp->str, xmp->len);
    return ref;
}

static void
put_info(GString *to, const char *key, const char *value)
{
    if (!value)
        return;
    nsk_pdf_put(to, key);
    nsk_pdf_put_text(to, value);
}

NskPdfRef
nsk_pdf_info_write(NskPdf *self)
{
    NskPdfRef ref = nsk_pdf_out_reserve(&self->out);
    GString *to = self->out.bytes;
    g_autofree char *date = nsk_pdf_date(self);

    nsk_pdf_out_begin(&self->out, ref);
    nsk_pdf_put(to, "<<");
    put_info(to, "/Title", self->title);
    put_info(to, "/Author", self->author);
    put_info(to, "/Subject", self->subject);
    put_info(to, "/Keywords", self->keywords);
    put_info(to, "/Creator", creator);
    put_info(to, "/Producer", producer);
    put_info(to, "/CreationDate", date);
    put_info(to, "/ModDate", date);
    nsk_pdf_put(to, ">>");
    nsk_pdf_out_end(&self->out);
    return ref;
}

/* What is the same in every file is packed once. */
static GBytes *
pack(const void *data, size_t size)
{
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(PROFILE_LEVEL);
    uint8_t *packed;
    size_t n;

    if (!compressor)
        g_error("out of memory");
    packed = g_malloc(libdeflate_zlib_compress_bound(compressor, size));
    n = libdeflate_zlib_compress(compressor, data, size, packed,
                                 libdeflate_zlib_compress_bound(compressor, size));
    libdeflate_free_compressor(compressor);
    return g_bytes_new_take(packed, n);
}

/* The sRGB profile (IEC 61966-2-1) with the date of its header (ICC.1, 7.2.8) fixed; deflated. */
static void *
make_profile(void *unused)
{
    static const uint8_t date[12] = { 0x07, 0xea, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0 }; /* 2026-01-01 */
    cmsContext context = cmsCreateContext(NULL, NULL);
    cmsHPROFILE profile = cmsCreate_sRGBProfileTHR(context);
    cmsUInt32Number size = 0;
    g_autofree uint8_t *data = NULL;

    (void)unused;
    if (!profile || !cmsSaveProfileToMem(profile, NULL, &size) || size < 128)
        g_error("lcms2 cannot make the sRGB profile");
    data = g_malloc(size);
    if (!cmsSaveProfileToMem(profile, data, &size))
        g_error("lcms2 cannot make the sRGB profile");
    memcpy(data + 24, date, sizeof date);
    cmsCloseProfile(profile);
    cmsDeleteContext(context);
    return pack(data, size);
}

NskPdfRef
nsk_pdf_intent_write(NskPdf *self)
{
    static GOnce once = G_ONCE_INIT;
    GBytes *profile = g_once(&once, make_profile, NULL);
    NskPdfRef stream = nsk_pdf_out_reserve(&self->out), ref = nsk_pdf_out_reserve(&self->out);
    size_t size;
    const void *data = g_bytes_get_data(profile, &size);

    nsk_pdf_out_stream(&self->out, stream, "/N 3/Filter/FlateDecode", data, size);
    nsk_pdf_out_begin(&self->out, ref);
    nsk_pdf_put(self->out.bytes,
                "<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB IEC61966-2.1)"
                "/Info(sRGB IEC61966-2.1)/RegistryName(http://www.color.org)"
                "/DestOutputProfile ");
    nsk_pdf_put_ref(self->out.bytes, stream);
    nsk_pdf_put(self->out.bytes, ">>");
    nsk_pdf_out_end(&self->out);
    return ref;
}

void
nsk_pdf_embedded_free(void *data)
{
    NskPdfEmbedded *file = data;

    g_free(file->name);
    g_free(file->media_type);
    g_free(file->description);
    g_bytes_unref(file->data);
    g_free(file);
}

bool
nsk_pdf_attach(NskPdf *self, const NskPdfFile *file, GError **error)
{
    size_t size = g_bytes_get_size(file->data);

    for (unsigned i = 0; i < self->files->len; i++) {
        const NskPdfEmbedded *other = self->files->pdata[i];

        size += g_bytes_get_size(other->data);
        if (!g_str_equal(other->name, file->name))
            continue;
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("two files inside the PDF have the name '%s'; rename one"), file->name);
        return false;
    }
    if (size > NSK_LIMIT_PDF_SIZE) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("the files inside the PDF have more than %d bytes; send '%s' apart"),
                    NSK_LIMIT_PDF_SIZE, file->name);
        return false;
    }
    NskPdfEmbedded *copy = g_new0(NskPdfEmbedded, 1);
    copy->name = g_strdup(file->name);
    copy->media_type = g_strdup(file->media_type);
    copy->description = g_strdup(file->description);
    copy->relation = file->relation;
    copy->data = g_bytes_ref(file->data);
    g_ptr_array_add(self->files, copy);
    return true;
}

/* Order of the name tree's keys as they are spelt: ASCII ones before those in UTF-16. */
static int
compare_names(gconstpointer a, gconstpointer b)
{
    const NskPdfEmbedded *one = *(NskPdfEmbedded *const *)a, *two = *(NskPdfEmbedded *const *)b;
    bool one_is_ascii = g_str_is_ascii(one->name), two_is_ascii = g_str_is_ascii(two->name);

    if (one_is_ascii != two_is_ascii)
        return one_is_ascii ? -1 : 1;
    return strcmp(one->name, two->name);
}

static void
write_file(NskPdf *self, NskPdfEmbedded *file)
{
    static const char *const relations[] = { "Source", "Data", "Supplement" };
    NskPdfRef stream = nsk_pdf_out_reserve(&self->out);
    g_autoptr(GString) dict = g_string_new("/Type/EmbeddedFile/Subtype");
    g_autofree char *date = nsk_pdf_date(self);
    GString *to = self->out.bytes;
    size_t size;
    const void *data = g_bytes_get_data(file->data, &size);

    nsk_pdf_put_name(dict, file->media_type);
    g_string_append_printf(dict, "/Params<</Size %zu/CreationDate(%s)/ModDate(%s)>>", size, date,
                           date);
    nsk_pdf_out_deflated(&self->out, stream, dict->str, size ? data : "", size);
    file->ref = nsk_pdf_out_reserve(&self->out);
    nsk_pdf_out_begin(&self->out, file->ref);
    put_info(to, "<</Type/Filespec/F", file->name);
    put_info(to, "/UF", file->name);
    put_info(to, "/Desc", file->description);
    g_string_append_printf(to, "/AFRelationship/%s/EF<</F %u 0 R/UF %u 0 R>>>>",
                           relations[file->relation], stream, stream);
    nsk_pdf_out_end(&self->out);
}

void
nsk_pdf_files_write(NskPdf *self)
{
    g_ptr_array_sort(self->files, compare_names);
    for (unsigned i = 0; i < self->files->len; i++)
        write_file(self, self->files->pdata[i]);
}
