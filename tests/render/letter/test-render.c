/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole letters to PDF, read back with poppler's tools. */
#include <naskah/error.h>

#include "base/resource.h"
#include "demo-job.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

typedef struct {
    DemoForms *forms;
    NskRenderer *renderer;
    char *folder;
} Fixture;

static void
setup(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    f->forms = demo_forms_new();
    f->renderer = nsk_renderer_new(&error);
    g_assert_no_error(error);
    f->folder = g_dir_make_tmp("naskah-render-XXXXXX", &error);
    g_assert_no_error(error);
}

static void
teardown(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autofree char *pdf = g_build_filename(f->folder, "letter.pdf", NULL);

    remove(pdf);
    remove(f->folder);
    g_free(f->folder);
    nsk_renderer_free(f->renderer);
    demo_forms_free(f->forms);
}

static GBytes *
render(Fixture *f, const DemoJob *job)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    GBytes *pdf = NULL;
    bool ok = nsk_render_letter(f->renderer, &job->job, issues, &pdf, &error);

    for (guint i = 0; i < issues->len; i++) {
        g_autofree char *line = nsk_issue_format(g_ptr_array_index(issues, i));

        g_test_message("%s", line);
    }
    g_assert_no_error(error);
    g_assert_true(ok);
    g_assert_cmpuint(issues->len, ==, 0);
    return pdf;
}

/* What a command says about @pdf; "FILE" among @command is the file's name. */
static char *
ask(Fixture *f, GBytes *pdf, const char *const *command)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(f->folder, "letter.pdf", NULL);
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    char *out = NULL;
    int status = 0;

    g_file_set_contents(path, g_bytes_get_data(pdf, NULL), (gssize)g_bytes_get_size(pdf), &error);
    g_assert_no_error(error);
    for (; *command != NULL; command++)
        g_ptr_array_add(argv, strcmp(*command, "FILE") == 0 ? path : (char *)(uintptr_t)*command);
    g_ptr_array_add(argv, NULL);
    g_spawn_sync(NULL, (char **)argv->pdata, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL,
                 &status, &error);
    g_assert_no_error(error);
    g_assert_cmpint(status, ==, 0);
    return out;
}

/* The text in reading order, blanks and line ends as one blank. */
static char *
text_of(Fixture *f, GBytes *pdf)
{
    static const char *const command[] = { "pdftotext", "-raw", "FILE", "-", NULL };
    g_autofree char *raw = ask(f, pdf, command);
    g_autoptr(GRegex) blanks = g_regex_new("[\\s\\x{a0}]+", 0, 0, NULL);

    return g_regex_replace(blanks, raw, -1, 0, " ", 0, NULL);
}

static int
pages_of(Fixture *f, GBytes *pdf)
{
    static const char *const command[] = { "pdfinfo", "FILE", NULL };
    g_autofree char *info = ask(f, pdf, command);
    const char *at = strstr(info, "Pages:");

    g_assert_nonnull(at);
    return (int)g_ascii_strtoll(at + strlen("Pages:"), NULL, 10);
}

/* Asserts that @needles, divided by '|', stand in @text one after the other. */
static void
assert_in_order(const char *text, const char *needles)
{
    g_auto(GStrv) parts = g_strsplit(needles, "|", -1);

    for (char **part = parts; *part != NULL; part++) {
        const char *at = strstr(text, *part);

        if (at == NULL)
            g_test_message("'%s' is not (any more) in: %s", *part, text);
        g_assert_nonnull(at);
        text = at + strlen(*part);
    }
}

static const struct {
    const char *name;
    int pages;
    const char *text;   /* in this order */
    const char *around; /* at the heads and feet of the pages, in this order */
} letters[] = {
    { "surat-dinas.sample", 2,
      "BADAN PENGELOLA AIR TANAH NUSANTARA|BIRO UMUM|Nomor : [Nomor Naskah]|"
      "Arunika, [Tanggal Naskah]|Sifat : Segera|Hal : Pelaksanaan Bimbingan Teknis|Yth.|"
      "1. Kepala Biro Sumber Daya Manusia dan Organisasi|5. Kepala Balai Air Tanah Wilayah Sagara|"
      "Dalam rangka|No. Hari/Tanggal Waktu (WIB) Materi Ruang|1. Nama, NIP, dan jabatan|"
      "a. komputer jinjing|Rp1.250.000,00|Kepala Biro Umum,|[Tanda tangan]|"
      "Dr. Sekar Wulandari, S.H., M.Si.|NIP 198001012005012001|Tembusan:|"
      "1. Sekretaris Utama (sebagai laporan)|3. Deputi Bidang Konservasi Air Tanah",
      "KONSEP|KONSEP|- 2 -" },
    { "nota-dinas.sample", 1,
      "NOTA DINAS|NOMOR [Nomor Naskah]|Yth. : Sekretaris Utama|Dari : Kepala Biro Umum|"
      "Hal : Laporan Persiapan|Tanggal : [Tanggal Naskah]|Menindaklanjuti|Kepala Biro Umum,|"
      "Tembusan:|Kepala Biro Perencanaan dan Keuangan",
      "KONSEP" },
    { "hal-panjang", 1,
      "Nomor : B-104/D.I/PW.01.4/07/2026|Arunika, 22 Juli 2026|Hal : Penyampaian Hasil Pemantauan|"
      "u.p. Kepala Bidang Geologi dan Air Tanah|26,5 °C|1.500 µS/cm|12,6 km2 menjadi 15,3 km2|"
      "Deputi Bidang Pemantauan Air Tanah,|Ditandatangani secara elektronik oleh:|"
      "Prof. Dr. Tirta Bayusegara, S.T., M.T.|2. Bupati Sagara Utara (untuk diketahui)",
      "Dokumen ini ditandatangani secara elektronik" },
    { "tabel-lintas-halaman", 2,
      "No. Kode Sumur Lokasi Data Teknis|SP-ARN-001|SP-SGR|Biaya (Rp)|SP-HLS-006|Jumlah|"
      "127.555.000,00|Plh. Kepala Biro Perencanaan dan Keuangan,|5. Arsip",
      "- 2 -" },
    { "empat-tingkat", 2,
      "1. Surat masuk.|a. Surat yang diterima|1) dicatat|a) tanggal penerimaan;|2) dipindai|"
      "10. Nomor cadangan|11. Petunjuk|a.n.|Sekretaris Utama|Kepala Biro Umum|u.b.|"
      "Kepala Bagian Tata Usaha dan Kearsipan,|Budi Hargotama",
      "- 2 -" },
    { "dua-penanda-tangan", 1,
      "Hari/tanggal : Kamis, 23 Juli 2026|Kepala Biro Umum,|Plh. Kepala Biro Perencanaan dan|"
      "Sekar Wulandari|NIP 198001012005012001|Maheswari|NIP 198304282009012006|Tembusan:",
      "Dokumen ini ditandatangani secara elektronik" },
    { "nota-dinas-plt", 2,
      "NOMOR ND-77/SDM/KP.03.2/07/2026|2. Deputi Bidang Konservasi|"
      "Dari : Plt. Kepala Biro Sumber Daya Manusia|Lampiran : 1 (satu) lembar|Tanggal : 21 Juli|"
      "Plt. Kepala Biro|Galih Pradiptaraga|Lampiran|DAFTAR CALON PESERTA PELATIHAN|"
      "Jatmiko Suryalaga, S.T.|198912012015021006",
      "- 2 -" },
    { "rahasia", 3,
      "Sifat : Sangat Segera|Lampiran : 12 (dua belas) lembar|Anindita|"
      "BERITA ACARA PEMERIKSAAN LAPANGAN|berita-acara-pemeriksaan.pdf|1.843.200 bita|"
      "3f79bb7b435b05321651daefd374cdc6|DAFTAR DISTRIBUSI|Nomor R-3/D.II/PS.00.1/07/2026, 22 Juli "
      "2026|salinan|Penerima|Keterangan|1 Kepala Badan Pengelola Air Tanah|Penerima surat",
      "RAHASIA|Salinan nomor 1 dari 1|RAHASIA|RAHASIA|- 2 -|RAHASIA|RAHASIA|- 3 -|RAHASIA" },
    { "rahasia-berdaftar", 2,
      "2. Kepala Kejaksaan Negeri Arunika|3. Kepala Kepolisian|Tembusan:|DAFTAR DISTRIBUSI|"
      "1 Kepala Badan|2 Sekretaris Utama|Tembusan (sebagai laporan)|3 Kepala Kepolisian|Arunika|"
      "4 Kepala Kejaksaan|u.p. Kepala Seksi Intelijen|7 Arsip|Tembusan",
      "SANGAT RAHASIA|Salinan nomor menurut daftar distribusi|SANGAT RAHASIA|- 2 -" },
    { "penjabat", 1, "Pj. Kepala Badan Pengelola Air Tanah Nusantara,|Bramantya", "" },
    { "singkat", 1, "Sagara, 3 Juli 2026|Yth. Ketua Kelompok Tani Banyu Bening Sagara|Yosefina",
      "Dokumen ini ditandatangani secara elektronik" },
    { "undangan-daftar-terlampir", 5,
      "Lampiran : 1 (satu) berkas|Yth. (daftar terlampir)|Hari/tanggal : Kamis, 13 Agustus 2026|"
      "a.n.|Kepala Badan Pengelola Air Tanah Nusantara|Sekretaris Utama,|Tembusan:|Lampiran I |"
      "DAFTAR PENERIMA SURAT|No. Penerima Tempat|1. Kepala Dinas|No. Penerima Tempat|"
      "60. Camat Wanasari Kota|Lampiran II|SUSUNAN ACARA RAPAT KOORDINASI NASIONAL|08.00–08.30",
      "- 2 -|- 3 -|- 4 -|- 5 -" },
};

static void
test_text_is_complete_and_in_order(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    const char *keep = g_getenv("NASKAH_KEEP_PDF"); /* a folder, to look at the pages */

    for (size_t i = 0; i < G_N_ELEMENTS(letters); i++) {
        g_autoptr(DemoJob) job = demo_job_new(f->forms, letters[i].name);
        g_autoptr(GBytes) pdf = render(f, job);

        g_test_message("%s", letters[i].name);
        if (keep != NULL) {
            g_autofree char *file = g_strdup_printf("%s/%s.pdf", keep, letters[i].name);

            g_file_set_contents(file, g_bytes_get_data(pdf, NULL), (gssize)g_bytes_get_size(pdf),
                                NULL);
        }
        g_autofree char *text = text_of(f, pdf);
        assert_in_order(text, letters[i].text);
        assert_in_order(text, letters[i].around);
        g_assert_cmpint(pages_of(f, pdf), ==, letters[i].pages);
    }
}

static void
test_fonts_are_embedded_and_subset(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const char *const command[] = { "pdffonts", "FILE", NULL };
    g_autoptr(DemoJob) job = demo_job_new(f->forms, "hal-panjang");
    g_autoptr(GBytes) pdf = render(f, job);
    g_autofree char *out = ask(f, pdf, command);
    g_auto(GStrv) lines = g_strsplit(out, "\n", -1);
    unsigned n = 0;

    for (char **line = lines; *line != NULL; line++) {
        if (strstr(*line, "Liberation") == NULL)
            continue;
        n++;
        g_assert_nonnull(strstr(*line, "yes yes yes")); /* embedded, subset, with ToUnicode */
    }
    g_assert_cmpuint(n, ==, 3); /* regular, bold, italic */
}

/* A report of many pages, whose headings are the outline. */
static void
test_long_letters_have_bookmarks(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const char *const command[] = { "mutool", "show", "FILE", "outline", NULL };
    g_autoptr(DemoJob) invitation = demo_job_new(f->forms, "undangan-daftar-terlampir");
    g_autoptr(DemoJob) sample = demo_job_new(f->forms, "laporan.sample");
    g_autoptr(GBytes) short_pdf = render(f, sample);
    g_autoptr(GBytes) pdf = render(f, invitation);
    g_autofree char *out = ask(f, pdf, command), *none = ask(f, short_pdf, command);
    g_autofree char *bytes =
        g_strndup(g_bytes_get_data(sample->letter, NULL), g_bytes_get_size(sample->letter));
    g_autoptr(GString) longer = g_string_new(bytes);
    char *end = strstr(longer->str, "</section>");

    g_assert_cmpstr(none, ==, "");
    assert_in_order(out, "Undangan Rapat|#page=1|Lampiran I: Daftar Penerima Surat|#page=2|"
                         "Lampiran II: Susunan Acara|#page=5");
    g_assert_nonnull(end);
    gssize at = end - longer->str;
    for (int i = 0; i < 90; i++)
        g_string_insert(longer, at, "<p>Kalimat tambahan yang mengisi satu baris laporan.</p>");

    g_autoptr(DemoJob) job =
        demo_job_new_for(f->forms, "laporan", g_bytes_new(longer->str, longer->len));
    g_autoptr(GBytes) long_pdf = render(f, job);
    g_autofree char *headings = ask(f, long_pdf, command);
    g_test_message("%s", headings);
    assert_in_order(
        headings,
        "LAPORAN|#page=1|Pendahuluan|#page=1|Umum|#page=1|Maksud dan Tujuan|Kegiatan yang");
}

/* Each block looks at its neighbours alone: thousands of them do not meet the limit of operations.
 */
static void
test_long_bodies_take_linear_time(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(DemoJob) sample = demo_job_new(f->forms, "surat-dinas.sample");
    g_autofree char *bytes =
        g_strndup(g_bytes_get_data(sample->letter, NULL), g_bytes_get_size(sample->letter));
    g_autoptr(GString) longer = g_string_new(bytes);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) fo = NULL;
    char *body = strstr(longer->str, "<body>");

    g_assert_nonnull(body);
    gssize at = body + strlen("<body>") - longer->str;
    for (int i = 0; i < 3000; i++)
        g_string_insert(longer, at,
                        i % 10 == 0 ? "<ol><li>Butir.</li><li>Butir.</li></ol>"
                                    : "<p>Kalimat.</p>");

    g_autoptr(DemoJob) job =
        demo_job_new_for(f->forms, "surat-dinas", g_bytes_new(longer->str, longer->len));
    g_assert_true(nsk_render_letter_fo(f->renderer, &job->job, &fo, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(g_bytes_get_size(fo), >, 200000);
}

static void
test_same_letter_same_bytes(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DemoJob) job = demo_job_new(f->forms, "nota-dinas-plt");
    g_autoptr(DemoJob) other = demo_job_new(f->forms, "singkat");
    g_autoptr(GBytes) first = render(f, job);
    g_autoptr(GBytes) between = render(f, other);
    g_autoptr(GBytes) second = render(f, job);
    g_autoptr(NskRenderer) renderer = nsk_renderer_new(&error);
    g_autoptr(GBytes) third = NULL;

    g_assert_no_error(error);
    g_assert_true(nsk_render_letter(renderer, &job->job, NULL, &third, &error));
    g_assert_no_error(error);
    g_assert_true(g_bytes_equal(first, second));
    g_assert_true(g_bytes_equal(first, third));
    g_assert_false(g_bytes_equal(first, between));
}

static void
test_the_letter_itself_is_embedded(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const char *const command[] = { "pdfdetach",   "-save", "1", "-o",
                                           "/dev/stdout", "FILE",  NULL };
    g_autoptr(DemoJob) job = demo_job_new(f->forms, "singkat");
    g_autoptr(GBytes) pdf = render(f, job);
    g_autofree char *out = ask(f, pdf, command);

    g_assert_cmpmem(out, strlen(out), g_bytes_get_data(job->letter, NULL),
                    g_bytes_get_size(job->letter));
}

static void
test_final_letters_have_fields_and_drafts_none(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const char *const command[] = { "sh", "-c", "pdfsig \"$0\" 2>&1 || true", "FILE", NULL };
    g_autoptr(DemoJob) two = demo_job_new(f->forms, "dua-penanda-tangan");
    g_autoptr(DemoJob) draft = demo_job_new(f->forms, "surat-dinas.sample");
    g_autoptr(GBytes) final = render(f, two);
    g_autoptr(GBytes) open = render(f, draft);
    g_autofree char *fields = ask(f, final, command);
    g_autofree char *none = ask(f, open, command);
    g_autofree char *text = text_of(f, final);

    assert_in_order(fields,
                    "Signature #1|signatory-1|not signed|Signature #2|signatory-2|not signed");
    g_assert_null(strstr(fields, "Signature #3"));
    g_assert_nonnull(strstr(none, "does not contain any signatures"));
    g_assert_null(strstr(text, "KONSEP"));
    g_assert_null(strstr(text, "[Nomor"));
    g_assert_nonnull(strstr(text, "Dokumen ini ditandatangani secara elektronik"));
}

static void
test_an_empty_skeleton_shows_its_places(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const char *const ids[] = { "surat-dinas", "nota-dinas" };

    for (size_t i = 0; i < G_N_ELEMENTS(ids); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) pdf = NULL;
        const NskKind *kind = demo_forms_kind(f->forms, ids[i]);
        NskRenderJob job = { .name = "skeleton.xml",
                             .letter = nsk_kind_get_skeleton(kind),
                             .profile = f->forms->profile,
                             .kind = kind,
                             .unit_name = "Biro Umum",
                             .place = "Arunika",
                             .draft = true };

        bool ok = nsk_render_letter(f->renderer, &job, NULL, &pdf, &error);
        g_assert_no_error(error);
        g_assert_true(ok);
        g_autofree char *text = text_of(f, pdf);
        assert_in_order(text, "[Nomor Naskah]|KONSEP");
        assert_in_order(text, "[Penerima]");
        assert_in_order(text, "[Hal]|terima kasih.|[Penanda tangan]");
    }
}

static void
test_what_does_not_fit_together_is_refused(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        const char *what, *said;
    } cases[] = {
        { "addressees", "letter 'letter.xml' has 1 in 'to', but 0 names were resolved" },
        { "kind", "is not of the kind 'nota-dinas'" },
        { "text", "letter.xml:1:" },
        { "other", "is not a letter" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) text = g_bytes_new_static("<letter", 7);
        g_autoptr(GBytes) other = g_bytes_new_static("<letter/>", 9);
        g_autoptr(DemoJob) demo = demo_job_new(f->forms, "singkat");
        NskRenderJob job = demo->job;
        GBytes *pdf = NULL;

        if (i == 0)
            job.n_addressees = 0;
        else if (i == 1)
            job.kind = demo_forms_kind(f->forms, "nota-dinas");
        else
            job.letter = i == 2 ? text : other;
        g_assert_false(nsk_render_letter(f->renderer, &job, NULL, &pdf, &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
        g_assert_nonnull(strstr(error->message, cases[i].said));
        g_assert_null(pdf);
    }
}

static void
test_fo_is_there_to_read(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DemoJob) job = demo_job_new(f->forms, "singkat");
    g_autoptr(GBytes) fo = NULL;
    g_autoptr(GBytes) again = NULL;

    g_assert_true(nsk_render_letter_fo(f->renderer, &job->job, &fo, &error));
    g_assert_no_error(error);
    g_assert_true(g_str_has_prefix(g_bytes_get_data(fo, NULL), "<fo:root"));
    g_assert_true(nsk_render_fo(f->renderer, "letter.fo", fo, NULL, &again, &error));
    g_assert_no_error(error);
    g_assert_cmpint(pages_of(f, again), ==, 1);
}

static void
test_letters_are_valid_and_keep_their_kinds_rules(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = nsk_resource_load("templates/schema/letter.rng", &error);
    g_autoptr(NskIssues) issues = nsk_issues_new();
    gsize size;
    const void *text = g_bytes_get_data(bytes, &size);
    g_autoptr(NskXmlSchema) schema = nsk_xml_schema_parse("letter.rng", text, size, &error);

    g_assert_no_error(error);
    for (size_t i = 0; i < G_N_ELEMENTS(letters); i++) {
        g_autoptr(DemoJob) job = demo_job_new(f->forms, letters[i].name);

        g_test_message("%s", letters[i].name);
        nsk_xml_schema_check(schema, job->doc, issues);
        g_assert_true(nsk_kind_check_letter(job->job.kind, job->doc, "id", issues, &error));
        g_assert_no_error(error);
        for (guint k = 0; k < issues->len; k++) {
            g_autofree char *line = nsk_issue_format(g_ptr_array_index(issues, k));

            g_test_message("%s", line);
        }
        g_assert_cmpuint(issues->len, ==, 0);
    }
}

/* The letter "singkat" with the place of its only paragraph taken by @body. */
static GBytes *
with_body(const DemoJob *job, const char *body)
{
    g_autofree char *text =
        g_strndup(g_bytes_get_data(job->letter, NULL), g_bytes_get_size(job->letter));
    char *from = strstr(text, "<body>");
    const char *after = strstr(text, "</body>");
    GString *out = g_string_new_len(text, from - text + (gssize)strlen("<body>"));

    g_string_append(out, body);
    g_string_append(out, after);
    return g_string_free_to_bytes(out);
}

/* Lines of the body on the page where the signature stands; -1 if post and name are apart. */
static int
lines_with_signature(Fixture *f, GBytes *pdf)
{
    static const char *const command[] = { "pdftotext", "-raw", "FILE", "-", NULL };
    g_autofree char *text = ask(f, pdf, command);
    g_auto(GStrv) pages = g_strsplit(text, "\f", -1);

    for (char **page = pages; *page != NULL; page++) {
        const char *name = strstr(*page, "NIP 197910142006042002");
        int n = 0;

        if (name == NULL)
            continue;
        if (strstr(*page, "Kepala Balai Air Tanah Wilayah Sagara,") == NULL)
            return -1;
        for (const char *at = *page; (at = strstr(at, "baris")) != NULL && at < name; at++)
            n++;
        return n;
    }
    return -1;
}

/*
 * Bodies that end a little further down each time, so that some break just before the signature:
 * with one closing line, and with a long last paragraph.
 */
static void
test_a_signature_is_never_alone_on_a_page(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(DemoJob) job = demo_job_new(f->forms, "singkat");
    unsigned n_second = 0;

    for (int n = 16; n < 40; n++) {
        g_autoptr(GString) body = g_string_new(NULL);

        for (int i = 0; i < n; i++)
            g_string_append_printf(body, n % 2 == 0 ? "<p>baris %d</p>" : "baris %d<br/>", i);
        if (n % 2 == 1) {
            g_string_prepend(body, "<p>");
            g_string_append(body, "baris akhir</p>");
        }
        g_autoptr(GBytes) letter = with_body(job, body->str);
        job->job.letter = letter;
        g_autoptr(GBytes) pdf = render(f, job);
        n_second += pages_of(f, pdf) == 2;
        g_test_message("%d lines", n);
        g_assert_cmpint(lines_with_signature(f, pdf), >=, 2);
    }
    g_assert_cmpuint(n_second, >, 3);
    g_assert_cmpuint(n_second, <, 24);
}

static NskProfile *
changed_profile(const char *const (*changes)[2], size_t n)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = nsk_resource_load("templates/profiles/demo.xml", &error);
    char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));

    for (size_t i = 0; i < n; i++) {
        g_auto(GStrv) parts = g_strsplit(text, changes[i][0], -1);

        g_assert_cmpuint(g_strv_length(parts), >, 1);
        g_free(text);
        text = g_strjoinv(changes[i][1], parts);
    }
    NskProfile *profile = nsk_profile_parse("changed.xml", text, strlen(text), NULL, &error);
    g_free(text);
    g_assert_no_error(error);
    return profile;
}

static void
test_another_profile_makes_another_letter(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const char *const changes[][2] = {
        { "paper=\"A4\"", "paper=\"F4\"" },
        { "font=\"Arial\"", "font=\"Times New Roman\"" },
        { "class-prints=\"urgency\"", "class-prints=\"security\"" },
        { "count=\"both\"", "count=\"words\"" },
        { "\"subject\">Hal<", "\"subject\">Perihal<" },
        { "family=\"korespondensi\" titles=\"yes\" rank=\"no\" nip=\"yes\"",
          "family=\"korespondensi\" titles=\"no\" rank=\"yes\" nip=\"no\"" },
        { "before=\"- \" after=\" -\"", "before=\"\" after=\"\"" },
        { "<numbering>", "<numbering><!-- another -->" },
    };
    static const char *const info[] = { "pdfinfo", "FILE", NULL };
    static const char *const fonts[] = { "pdffonts", "FILE", NULL };
    g_autoptr(NskProfile) profile = changed_profile(changes, G_N_ELEMENTS(changes));
    g_autoptr(DemoJob) job = demo_job_new(f->forms, "rahasia");

    job->job.profile = profile;
    g_autoptr(GBytes) pdf = render(f, job);
    g_autofree char *text = text_of(f, pdf);
    g_autofree char *size = ask(f, pdf, info);
    g_autofree char *used = ask(f, pdf, fonts);
    assert_in_order(text, "Sifat : Rahasia|Lampiran : Dua belas lembar|Perihal : Hasil|"
                          "Anindita Rarasmaya Pembina Utama Madya (IV/d)");
    g_assert_null(strstr(text, "NIP"));
    g_assert_null(strstr(text, "S.Si., M.Sc."));
    g_assert_nonnull(strstr(size, "609.4"));
    g_assert_nonnull(strstr(size, "935.4"));
    g_assert_nonnull(strstr(used, "LiberationSerif"));
    g_assert_null(strstr(used, "LiberationSans"));
}

static void
test_an_agencys_own_emblem(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const char *const changes[][2] = { { "demo.png", "lambang.png" } };
    static const char *const images[] = { "pdfimages", "-list", "FILE", NULL };
    g_autoptr(GError) error = NULL;
    g_autoptr(GError) missing = NULL;
    g_autoptr(GBytes) png = nsk_resource_load("templates/profiles/demo.png", &error);
    g_autoptr(NskProfile) profile = changed_profile(changes, 1);
    g_autoptr(DemoJob) job = demo_job_new(f->forms, "singkat");
    const NskRenderImage own = { nsk_profile_get_logo(profile, 0), png };
    GBytes *none = NULL;

    job->job.profile = profile;
    g_assert_false(nsk_render_letter(f->renderer, &job->job, NULL, &none, &missing));
    g_assert_nonnull(strstr(missing->message, "lambang.png"));
    job->job.images = &own;
    job->job.n_images = 1;
    g_autoptr(GBytes) pdf = render(f, job);
    g_autofree char *list = ask(f, pdf, images);
    g_assert_nonnull(strstr(list, "320   320"));
}

/* How much processor time one letter takes; a figure for people, not a test of speed. */
static void
test_tells_how_long_a_letter_takes(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    enum { ROUNDS = 10 };
    g_autoptr(DemoJob) job = demo_job_new(f->forms, "surat-dinas.sample");

    clock_t start = clock();
    for (int i = 0; i < ROUNDS; i++) {
        g_autoptr(GBytes) fo = NULL;

        g_assert_true(nsk_render_letter_fo(f->renderer, &job->job, &fo, NULL));
    }
    clock_t middle = clock();
    for (int i = 0; i < ROUNDS; i++) {
        g_autoptr(GBytes) pdf = render(f, job);

        g_assert_cmpuint(g_bytes_get_size(pdf), >, 10000);
    }
    clock_t end = clock();
    double ms = 1000.0 / CLOCKS_PER_SEC / ROUNDS;
    g_test_message("two pages: %.2f ms to XSL-FO, %.2f ms to PDF", (double)(middle - start) * ms,
                   (double)(end - middle) * ms);
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *path;
        void (*run)(Fixture *f, gconstpointer data);
    } tests[] = {
        { "/render/letter/text-is-complete-and-in-order", test_text_is_complete_and_in_order },
        { "/render/letter/fonts-are-embedded-and-subset", test_fonts_are_embedded_and_subset },
        { "/render/letter/long-letters-have-bookmarks", test_long_letters_have_bookmarks },
        { "/render/letter/long-bodies-take-linear-time", test_long_bodies_take_linear_time },
        { "/render/letter/same-letter-same-bytes", test_same_letter_same_bytes },
        { "/render/letter/the-letter-itself-is-embedded", test_the_letter_itself_is_embedded },
        { "/render/letter/final-letters-have-fields-and-drafts-none",
          test_final_letters_have_fields_and_drafts_none },
        { "/render/letter/an-empty-skeleton-shows-its-places",
          test_an_empty_skeleton_shows_its_places },
        { "/render/letter/what-does-not-fit-together-is-refused",
          test_what_does_not_fit_together_is_refused },
        { "/render/letter/fo-is-there-to-read", test_fo_is_there_to_read },
        { "/render/letter/letters-are-valid-and-keep-their-kinds-rules",
          test_letters_are_valid_and_keep_their_kinds_rules },
        { "/render/letter/a-signature-is-never-alone-on-a-page",
          test_a_signature_is_never_alone_on_a_page },
        { "/render/letter/another-profile-makes-another-letter",
          test_another_profile_makes_another_letter },
        { "/render/letter/an-agencys-own-emblem", test_an_agencys_own_emblem },
        { "/render/letter/tells-how-long-a-letter-takes", test_tells_how_long_a_letter_takes },
    };

    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].path, Fixture, NULL, setup, tests[i].run, teardown);
    return g_test_run();
}
