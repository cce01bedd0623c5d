/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Texts that stand before the first version of a file, or before a commit, when it is compressed:
 * what letters and commits have in common need not be stored with each of them.
 *
 * INVARIANT: they are part of the stored format (codecs 3 and 4 of the table object).  Not one byte
 * of them may ever change; a better text would need codecs of its own.
 */
#include "store/store-private.h"

const char nsk_prefix_letter[] =
    "</col></th></thead><tbody><tr><td align=\"right\"></td></tr></tbody></table>"
    "<b></b><i></i><u></u><br></br><li></li><ul><li><p></p></li></ul><ol type=\"a\"><li>"
    "hari/tanggal Senin, Selasa, Rabu, Kamis, Jumat, pukul 08.30 WIB, Januari Februari Maret April "
    "Mei Juni Juli Agustus September Oktober November Desember Ruang Rapat lantai tempat acara "
    "perihal hal lampiran nomor tanggal tahun anggaran 2026 Peraturan Menteri Undang-Undang Nomor "
    "Keputusan Kepala tentang Pedoman Tata Naskah Dinas pegawai jabatan pangkat golongan NIP "
    "peserta kegiatan pelaksanaan penyusunan pengelolaan pemeriksaan pelaporan persuratan "
    "kearsipan elektronik laporan rencana program kebutuhan barang dan jasa negara Republik "
    "Indonesia Provinsi Kabupaten Kota Kementerian Badan Dinas Sekretariat Direktorat Jenderal "
    "Inspektorat Pusat Balai Biro Bagian Subbagian Umum Keuangan Kepegawaian Hukum Perencanaan "
    "terlampir terhitung mulai tanggal sampai dengan paling lambat antara lain sebagai berikut:"
    "</p><p>Sehubungan dengan hal tersebut di atas, kami mohon bantuan Saudara untuk dapat "
    "menugaskan dan menyampaikan kepada kami dalam rangka menindaklanjuti surat dari yang telah "
    "ditetapkan oleh serta berdasarkan hasil rapat koordinasi pada bersama ini kami sampaikan "
    "dengan hormat bahwa akan dilaksanakan dan diharapkan tidak ada untuk itu sesuai dengan "
    "ketentuan peraturan perundang-undangan yang berlaku. Dalam hal terdapat perubahan lebih "
    "lanjut dapat menghubungi narahubung melalui pos-el</p><p>Menindaklanjuti</p><p>"
    "<letter xmlns=\"urn:naskah:letter:1\" kind=\"nota-dinas\" xml:lang=\"id\"><security>terbatas"
    "</security><urgency>sangat-segera</urgency><attachment file=\"\" size=\"\" sha256=\"\">"
    "</attachment>"
    "<letter xmlns=\"urn:naskah:letter:1\" kind=\"surat-dinas\" xml:lang=\"id\"><security>biasa"
    "</security><urgency>biasa</urgency><classification>KP.01.1</classification><subject>"
    "Penyampaian Laporan Undangan Permohonan</subject><number></number><date>2026-01-01</date>"
    "<to list=\"inline\"><position ref=\"kepala-biro-umum\"></position><position ref=\"kepala-"
    "bagian-tata-usaha\"></position></to><copies><position note=\"sebagai laporan\" ref=\""
    "sekretaris-utama\"></position></copies><reviewers><reviewer position=\"kepala-subbagian-"
    "persuratan\"></reviewer></reviewers><signatories><signatory capacity=\"definitive\" position="
    "\"kepala-biro-umum\"></signatory></signatories><body><p>Dalam rangka</p><p>Demikian kami "
    "sampaikan. Atas perhatian dan kerja sama Saudara, kami ucapkan terima kasih.</p></body>"
    "</letter>";

const char nsk_prefix_commit[] =
    "Void the number\nEvent: number-voided\nThe number is void and is not given again\n\n"
    "Event: paraf-voided\nA paraf no longer holds: the content changed\n\nEvent: "
    "signature-authorised\nEvent: signature-stored\nEvent: signing-refused\nEvent: "
    "content-unlocked\nTake number and pages out of the letter again\n\nEvent: letter-withdrawn\n"
    "Withdraw the letter\n\nEvent: letter-dispatched\nSend the letter to its addressees\n\nEvent: "
    "letter-archived\nFile the letter in the archive\n\nEvent: number-taken\nTake the number and "
    "freeze the content\n\nEvent: pages-frozen\nFreeze the pages for signing\n\nEvent: "
    "letter-returned\nReturn the letter to its drafter\n\nEvent: paraf-given\nGive the paraf\n\n"
    "Event: letter-submitted\nSubmit the draft\n\nEvent: task-done\nDo a task\n\nEvent: "
    "letter-created\nBegin the letter\n\nEvent: letter-edited\nChange the draft\n\nActor: \n"
    "On-Behalf-Of: \nTask: konsep#1\nTask: paraf#2\nTask: tanda-tangan#4\nWorkflow: nota-dinas@\n"
    "Drs. Dr. Ir. , S.H., S.E., S.T., S.Kom., M.Si. <@localhost> 1790000000 +0900\n"
    "<@localhost> 1780000000 +0800\n, S.Sos., M.M. <@localhost> 1795000000 +0700\n\n"
    "Change the draft\n\nEvent: letter-edited\nActor: \nTask: konsep#1\nWorkflow: surat-keluar@\n"
    "Journal: \001/1\n";
