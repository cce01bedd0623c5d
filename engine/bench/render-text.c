/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Letters to be made into pages.  Their words are common Indonesian ones, so that lines break and
 * fonts are cut as for real letters; no two letters have a sentence in common.
 */
#include "bench/bench-private.h"

#include <string.h>

#define PARAGRAPHS 6
#define ITEMS      5
#define ROWS       12
#define LONG_ROWS  500
#define SHORT_WORD 6
#define YEAR       2026
/* of a report; so many fill a page */
#define SECTION_PARAGRAPHS 6

static const char *const words[] = {
    "dan",          "yang",       "untuk",       "dengan",      "pada",         "dalam",
    "dari",         "kepada",     "oleh",        "serta",       "akan",         "telah",
    "agar",         "sesuai",     "tersebut",    "setiap",      "paling",       "lambat",
    "kegiatan",     "penataan",   "arsip",       "dinamis",     "naskah",       "dinas",
    "pelaksanaan",  "anggaran",   "pegawai",     "peserta",     "jadwal",       "rapat",
    "pimpinan",     "penyusunan", "laporan",     "triwulan",    "unit",         "kerja",
    "pemantauan",   "air",        "tanah",       "wilayah",     "sumur",        "pantau",
    "pengukuran",   "muka",       "debit",       "data",        "hasil",        "kajian",
    "konservasi",   "imbuhan",    "cekungan",    "izin",        "pengambilan",  "pengusahaan",
    "perusahaan",   "masyarakat", "daerah",      "kabupaten",   "provinsi",     "koordinasi",
    "kewenangan",   "ketentuan",  "peraturan",   "perundangan", "keputusan",    "pejabat",
    "penanda",      "tangan",     "elektronik",  "sistem",      "informasi",    "persuratan",
    "klasifikasi",  "keamanan",   "kecepatan",   "penyampaian", "tanggal",      "bulan",
    "tahun",        "minggu",     "hari",        "pukul",       "tempat",       "ruang",
    "bimbingan",    "teknis",     "pelatihan",   "narasumber",  "materi",       "evaluasi",
    "tindak",       "lanjut",     "permohonan",  "tanggapan",   "keterangan",   "tambahan",
    "biaya",        "perjalanan", "penginapan",  "dibebankan",  "menyampaikan", "melaksanakan",
    "mengusulkan",  "memeriksa",  "menyetujui",  "menugaskan",  "bertanggung",  "jawab",
    "berkas",       "aktif",      "inaktif",     "retensi",     "pemusnahan",   "penyerahan",
    "Sekretariat",  "Biro",       "Umum",        "Badan",       "Pengelola",    "Nusantara",
    "Sagara",       "Arunika",    "Direktorat",  "Balai",       "Kepala",       "Bagian",
    "optimalisasi", "efisiensi",  "verifikasi",  "fasilitas",   "kualitas",     "zona",
    "jaringan",     "perangkat",  "aplikasi",    "pengguna",    "akun",         "kuota",
    "2.450",        "17",         "Rp1.250.000", "30%",         "(tiga)",       "8,5",
};

/* The product of two draws makes the first words frequent. */
static const char *
draw_word(uint64_t *state)
{
    uint64_t draw = nsk_bench_draw(state);
    uint64_t first = draw >> 48, second = (draw >> 16) & 0xffff;

    return words[(first * second * G_N_ELEMENTS(words)) >> 32];
}

static unsigned
draw_below(uint64_t *state, unsigned bound)
{
    return (unsigned)((nsk_bench_draw(state) >> 32) % bound);
}

/* So many words, the first with a capital. */
static void
append_words(GString *out, uint64_t *state, unsigned n)
{
    gsize begun = out->len;

    for (unsigned i = 0; i < n; i++) {
        g_string_append(out, i > 0 ? " " : "");
        g_string_append(out, draw_word(state));
    }
    out->str[begun] = g_ascii_toupper(out->str[begun]);
}

static void
append_sentences(GString *out, uint64_t *state, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        g_string_append(out, i > 0 ? " " : "");
        append_words(out, state, 6 + draw_below(state, 5));
        g_string_append(out, ", ");
        append_words(out, state, 8 + draw_below(state, 6));
        g_string_append_c(out, '.');
    }
}

static void
append_paragraph(GString *out, uint64_t *state, unsigned sentences)
{
    g_string_append(out, "<p>");
    append_sentences(out, state, sentences);
    g_string_append(out, "</p>\n");
}

static void
append_list(GString *out, uint64_t *state)
{
    g_string_append(out, "<ol type=\"a\">");
    for (unsigned i = 0; i < ITEMS; i++) {
        g_string_append(out, "<li>");
        append_words(out, state, 12 + draw_below(state, SHORT_WORD));
        g_string_append(out, i + 1 < ITEMS ? ";</li>\n" : ".</li>\n");
    }
    g_string_append(out, "</ol>\n");
}

/* A brief one has one line. */
static void
append_row(GString *out, uint64_t *state, unsigned n, bool brief)
{
    g_string_append_printf(out, "<tr><td align=\"center\">%u.</td><td>", n + 1);
    append_words(out, state, brief ? 1 : 3);
    g_string_append(out, "</td><td>");
    append_words(out, state, brief ? 2 : 4 + draw_below(state, 3));
    g_string_append_printf(out, "</td><td align=\"right\">%u.%03u</td></tr>\n",
                           1 + draw_below(state, 900), draw_below(state, 1000));
}

static void
append_table(GString *out, uint64_t *state, unsigned rows)
{
    g_string_append(out, "<table><col width=\"12mm\"/><col width=\"6\"/><col width=\"9\"/>"
                         "<col width=\"4\"/>\n<thead><tr><th>No.</th><th>Unit Kerja</th>"
                         "<th>Uraian</th><th>Jumlah (Rp)</th></tr></thead>\n<tbody>");
    for (unsigned i = 0; i < rows; i++)
        append_row(out, state, i, rows == LONG_ROWS);
    g_string_append(out, "</tbody></table>\n");
}

static void
append_head(GString *out, uint64_t *state, uint64_t seed)
{
    g_string_append(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                         "<letter xmlns=\"urn:naskah:letter:1\" kind=\"surat-dinas\" "
                         "xml:lang=\"id\">\n<security>biasa</security>\n<urgency>segera</urgency>\n"
                         "<classification>KP.08.1</classification>\n<subject>");
    append_words(out, state, 9);
    g_string_append_printf(out,
                           "</subject>\n<number>B-%" G_GUINT64_FORMAT "/BU/KP.08.1/11/%d</number>\n"
                           "<date>%d-11-%02u</date>\n<to list=\"inline\">\n",
                           seed % 10000 + 1, YEAR, YEAR, 1 + draw_below(state, 28));
    g_string_append(out,
                    "<position ref=\"kepala-biro-sdm\"/><position ref=\"kepala-biro-keuangan\"/>"
                    "<position ref=\"kepala-balai-sagara\"/>\n</to>\n<copies>"
                    "<position ref=\"sekretaris-utama\" note=\"sebagai laporan\"/>"
                    "<position ref=\"deputi-bidang-pemantauan\"/>"
                    "<position ref=\"deputi-bidang-konservasi\"/></copies>\n<signatories>"
                    "<signatory position=\"kepala-biro-umum\" capacity=\"definitive\"/>"
                    "</signatories>\n<body>\n");
}

static void
append_letter_body(GString *out, uint64_t *state)
{
    for (unsigned i = 0; i < PARAGRAPHS; i++) {
        append_paragraph(out, state, 2);
        if (i == 1)
            append_list(out, state);
        if (i == 3)
            append_table(out, state, ROWS);
    }
}

/* One page or so: a heading, paragraphs, now and then a list or a table. */
static void
append_section(GString *out, uint64_t *state, unsigned n)
{
    g_string_append_printf(out, "<p><b>%u. ", n + 1);
    append_words(out, state, 4);
    g_string_append(out, "</b></p>\n");
    for (unsigned i = 0; i < SECTION_PARAGRAPHS + n % 2; i++)
        append_paragraph(out, state, 3);
    if (n % 3 == 0)
        append_list(out, state);
    if (n % 5 == 0)
        append_table(out, state, ROWS);
}

GBytes *
nsk_bench_paged_xml(NskBenchPaged what, unsigned sections, uint64_t seed)
{
    uint64_t state = (seed + 1) * UINT64_C(0x9e3779b97f4a7c15) + 1;
    GString *out = g_string_sized_new(8192);

    append_head(out, &state, seed);
    if (what == NSK_BENCH_TABLE) {
        append_paragraph(out, &state, 2);
        append_table(out, &state, LONG_ROWS);
    } else if (what == NSK_BENCH_REPORT) {
        for (unsigned i = 0; i < sections; i++)
            append_section(out, &state, i);
    } else {
        append_letter_body(out, &state);
    }
    g_string_append(out, "</body>\n</letter>\n");
    return g_string_free_to_bytes(out);
}
