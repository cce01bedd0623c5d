/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <naskah/issue.h>

#include "base/clock.h"
#include "xml/xml.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * From a letter to its pages.
 *
 *     letter + kind + profile + resolved names --XSLT--> XSL-FO 1.1 --layout--> PDF
 *
 * The rules of an agency are data: a *profile* (urn:naskah:profile:1, templates/schema/profile.rng)
 * says how its letters look and how they are numbered; a *kind* (urn:naskah:kind:1,
 * templates/schema/kind.rng) says what one sort of letter is made of.  Both are kept by version, so
 * an old letter is always rendered with what it was made under.  Rendering is deterministic: the
 * same job gives the same bytes; no clock, locale or file of the machine but its fonts is read.
 *
 * NskProfile and NskKind are values: immutable, counted, any thread.  An NskRenderer is a handle:
 * one thread at a time; each thread that renders opens its own and keeps it, for opening reads the
 * fonts, and the first letter of a layout compiles its stylesheet.
 */

/* --- Profile of an agency ------------------------------------------------------------------- */

typedef struct _NskProfile NskProfile;

/* A number series as the profile writes it; understood by registry alone (nsk_series_new() takes
 * the same fields).  Borrowed from the profile; NULL where the profile does not say. */
typedef struct {
    const char *name;
    const char *scope;        /* words of: year month unit post kind class; may be "" */
    const char *taken;        /* "signing", "before", "paper" */
    const char *max_lag_days; /* how far the letter date may lie behind the day of signing */
    const char *width;        /* digits of {seq} */
    const char *start;        /* first number */
    const char *pattern;      /* "{class}-{seq}/{unit1}/..." */
} NskProfileSeries;

/*
 * Reads and checks a profile.  @name is what findings call the file.  Findings go to @issues, which
 * may be NULL.  Returns NULL with INVALID (all errors, a line each) if it cannot be used; LIMIT.
 */
NskProfile *nsk_profile_parse(const char *name,
                              const void *data,
                              size_t size,
                              NskIssues *issues,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
NskProfile *nsk_profile_ref(const NskProfile *self);
void nsk_profile_unref(NskProfile *self);

/* A profile that is not in force yet; all borrowed. */
typedef struct {
    const char *name; /* what findings call the file */
    GBytes *bytes;
    /* The bytes of the image @file beside the profile, owned; NULL if there is none.  May be NULL.
     */
    GBytes *(*load)(void *data, const char *file);
    void *data;
} NskProfileProof;

/*
 * Everything that is wrong with a profile: what nsk_profile_parse() finds, fonts and emblems that
 * are missing here, and what the shipped samples look like in it; findings go to @issues.  Slow: it
 * opens fonts and renders.  Returns false only if it cannot be looked at: INVALID for what is no
 * XML, LIMIT.
 */
bool nsk_profile_prove(const NskProfileProof *request, NskIssues *issues, GError **error);
/*
 * The profile with the bytes of the emblems beside it, so that it is whole wherever it is kept.
 * *out_bytes: owned; the bytes given if nothing had to be added.  Errors: as nsk_profile_parse();
 * NOT_FOUND for an emblem that is nowhere.
 */
bool nsk_profile_pack(const NskProfileProof *request, GBytes **out_bytes, GError **error);

/* The id ("demo") and the agency's name as printed. */
const char *nsk_profile_get_id(const NskProfile *self);
const char *nsk_profile_get_agency(const NskProfile *self);
/* The file name of the emblem in a letterhead, counted from 0; NULL if there are no more. */
const char *nsk_profile_get_logo(const NskProfile *self, size_t index);
/* The image of that name whose bytes stand in the profile; NULL if there is none.  Borrowed. */
GBytes *nsk_profile_get_image(const NskProfile *self, const char *file);
/* The whole series, in the order of the file. */
size_t nsk_profile_count_series(const NskProfile *self);
const NskProfileSeries *nsk_profile_get_series(const NskProfile *self, size_t index);
/* The legal term of a decision, in working days. */
typedef struct {
    int days;     /* from when the file is complete */
    int warn;     /* before the day on which it counts as granted */
    int escalate; /* the same */
} NskProfileTerm;
/* The term of letters of @kind; false if the profile has none for it. */
bool nsk_profile_find_term(const NskProfile *self, const char *kind, NskProfileTerm *out_term);
/* Whom it is to be told that the term comes to its end; borrowed from the profile. */
typedef struct {
    const char *on;       /* "warn", "escalate", or "deemed": the day itself */
    const char *position; /* id of a position; NULL: */
    int up;               /* so many steps above those before whom it lies; 0: they themselves */
} NskProfileTell;
/* In the order of the file; an array to be freed with g_array_unref(), empty if the term says
 * nothing of it. */
GArray *nsk_profile_list_tells(const NskProfile *self, const char *kind);
/* The series that numbers letters of @kind (a kind's id); NULL if the profile has none for it. */
const NskProfileSeries *nsk_profile_find_series(const NskProfile *self, const char *kind);
/* An instruction that dispositions of the agency may have; borrowed from the profile. */
typedef struct {
    const char *id;    /* "tindak-lanjut" */
    const char *print; /* "Selesaikan/tindak lanjuti" */
} NskProfileInstruction;
/* In the order of the file. */
size_t nsk_profile_count_instructions(const NskProfile *self);
const NskProfileInstruction *nsk_profile_get_instruction(const NskProfile *self, size_t index);
/* How it prints; NULL if the profile has none of that id. */
const char *nsk_profile_find_instruction(const NskProfile *self, const char *id);
/* The {class} code in numbers ("B") and the printed name ("Biasa") of a security class given as the
 * letter has it ("biasa"); NULL if the profile does not know it. */
const char *nsk_profile_get_class_code(const NskProfile *self, const char *security);
const char *nsk_profile_get_class_print(const NskProfile *self, const char *security);
/* Printed name ("Sangat Segera") of an urgency; NULL if the profile does not know it. */
const char *nsk_profile_get_urgency_print(const NskProfile *self, const char *urgency);
/* What numbers the agenda of letters that come in; NULL if the profile has none. */
const NskProfileSeries *nsk_profile_get_agenda(const NskProfile *self);
/* Printed name ("Pos") of a way by which letters come and go; NULL if the profile does not know
 * it. */
const char *nsk_profile_get_channel_print(const NskProfile *self, const char *channel);
/* Names of the channels, with ", " between; "" if there are none.  Freed with g_free(). */
char *nsk_profile_list_channels(const NskProfile *self);
/* A desk that workflows ask, and which position sits at it. */
typedef struct {
    const char *name;     /* "hukum" */
    const char *unit;     /* id; NULL: for every unit that has none of its own */
    const char *position; /* id */
} NskProfileDesk;
size_t nsk_profile_count_desks(const NskProfile *self);
const NskProfileDesk *nsk_profile_get_desk(const NskProfile *self, size_t index);
/* The desk @name of @unit; NULL if the profile has none. */
const NskProfileDesk *
nsk_profile_find_desk(const NskProfile *self, const char *name, const char *unit);
/* What the QR code of letter @letter_id says: the profile's verification address with the id in its
 * place, or "naskah:ID" if there is none.  Freed with g_free(). */
char *nsk_profile_qr_text(const NskProfile *self, const char *letter_id);

/* --- Kind of letter ------------------------------------------------------------------------- */

typedef struct _NskKind NskKind;

/* As nsk_profile_parse().  Rules are compiled, and the skeleton is checked for its namespace and
 * kind. */
NskKind *nsk_kind_parse(const char *name,
                        const void *data,
                        size_t size,
                        NskIssues *issues,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
NskKind *nsk_kind_ref(const NskKind *self);
void nsk_kind_unref(NskKind *self);

const char *nsk_kind_get_id(const NskKind *self); /* "surat-dinas" */
/* Name for people in @language ("id", "en"); Indonesian if it has no other. */
const char *nsk_kind_get_title(const NskKind *self, const char *language);
/* "arahan", "korespondensi" or "khusus"; decides how signatories' names are written. */
const char *nsk_kind_get_family(const NskKind *self);
/* How long signatures of such letters are to be good: "B", "T", "LT" or "LTA" (PAdES). */
const char *nsk_profile_get_signing_level(const NskProfile *self, const NskKind *kind);
/* Whether the first signature of such letters certifies them: what follows may only be signatures.
 */
bool nsk_profile_certifies(const NskProfile *self, const NskKind *kind);
/* Whether the field of a signature shows what its certificate says; else it stays as it is. */
bool nsk_profile_shows_certificate(const NskProfile *self, const NskKind *kind);
/* What stands before the post of who signs in that capacity ("plt": "Plt."); NULL: nothing. */
const char *nsk_profile_get_lead(const NskProfile *self, const char *capacity);
/* What the paraf of a position in such letters needs. */
typedef struct {
    bool needs_certificate; /* else signing in is enough */
    bool is_voided;         /* by a superior's correction; else it stands for its version */
    bool is_visible;        /* the final pages tell who gave it, and when */
} NskProfileParaf;
NskProfileParaf
nsk_profile_get_paraf(const NskProfile *self, const NskKind *kind, const char *position);
/* Whether it is signed by hand, on the printed pages: these then have no field for a signature. */
bool nsk_kind_is_paper(const NskKind *self);
/* Whether its document is the first attached file, and only number, date, QR code and signatures
 * are put into its marked places. */
bool nsk_kind_is_uploaded(const NskKind *self);
/* Id of the workflow that a letter of this kind starts if nobody chooses another. */
const char *nsk_kind_get_workflow(const NskKind *self);
/* The {kind} code in numbers ("ND"); "" if it has none. */
const char *nsk_kind_get_code(const NskKind *self);
/* Whether a letter of this kind must have the part ("received"). */
bool nsk_kind_requires(const NskKind *self, const char *part);
unsigned nsk_kind_get_max_addressees(const NskKind *self);
unsigned nsk_kind_get_max_signatories(const NskKind *self);
unsigned nsk_kind_get_min_signatories(const NskKind *self);
/* The lowest echelon whose posts may sign it: "I" to "IV"; NULL: any. */
const char *nsk_kind_get_lowest_echelon(const NskKind *self);
/* The draft that a new letter starts from: a whole letter document with empty parts, as readable
 * XML.  Owned by the kind. */
GBytes *nsk_kind_get_skeleton(const NskKind *self);
/*
 * Checks a letter against what the kind demands: its required parts, numbers of addressees and
 * signatories, what the body is to hold, and its own rules (XPath; the tag is "kind-NAME"); and
 * against the rules for letters of all kinds (templates/rules/letter.xml; "rule-NAME").  The
 * sentence ends with the regulation that the rule comes from.  The letter has passed its schema.
 * @language: of the sentences, "id" or "en".  Findings with the letter's places go to @issues.
 * Returns false only for failures of the check itself: LIMIT.
 */
bool nsk_kind_check_letter(const NskKind *self,
                           const NskXmlDoc *letter,
                           const char *language,
                           NskIssues *issues,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* --- Rendering ------------------------------------------------------------------------------ */

typedef struct _NskRenderer NskRenderer;

/* An addressee or a copy as it prints, names resolved by the directory.  NULL is "". */
typedef struct {
    const char *print;     /* "Kepala Biro Umum" */
    const char *attention; /* addressees: "u.p. Kepala Bagian Tata Usaha" */
    const char *place;     /* addressees: "Sagara" */
    const char *note;      /* copies: "sebagai laporan" */
} NskRenderParty;

typedef struct {
    const char *field;        /* name of the signature field in the PDF; NULL: "signatory-N" */
    const char *capacity;     /* "definitive", "pj", "plt", "plh", "an", "ub" */
    const char *holding;      /* an, ub: how the post itself is held: NULL, "pj", "plt" or "plh" */
    const char *position;     /* the signatory's own post */
    const char *for_position; /* the mandator's post, for an and ub */
    const char *through;      /* the post between, for ub */
    const char *person;       /* name with titles */
    const char *plain_name;   /* name without titles */
    const char *nip;          /* 18 digits */
    const char *rank;         /* "Pembina Utama Muda (IV/c)"; may be NULL */
} NskRenderSignatory;

/* A paraf that the pages tell of (NskProfileParaf.is_visible). */
typedef struct {
    const char *position; /* the post of who gave it, as printed: "Plt. Kepala Bagian Tata Usaha" */
    const char *person;   /* name without titles */
    NskDate date;         /* in the issuing unit's zone */
} NskRenderParaf;

/* An image that the profile names; borrowed. */
typedef struct {
    const char *name; /* "lambang.png" */
    GBytes *png;
} NskRenderImage;

/* A line of text of an uploaded page, or a marked place such as "${nomor}"; points from its top
 * left corner. */
typedef struct {
    double x, y, width, height;
    double room;      /* of a mark: from x as far as nothing else stands */
    const char *text; /* of a mark: "${nomor}", or "${nomor}," with the sign behind it */
    double size;      /* of a mark: of its font; 0: unknown */
    const char *font; /* of a mark: as a PDF calls it; may be NULL */
} NskRenderText;

/*
 * A page of a PDF that is attached to the letter, or that is the letter itself where the kind is
 * uploaded (nsk_kind_is_uploaded()).  It goes into the letter as a picture over its own text, so
 * that the pages stay what a PDF/A may hold, whatever the file was made with, and can be searched
 * and read aloud.
 */
typedef struct {
    size_t attachment; /* of the letter, counted from 0 */
    unsigned n, of;    /* page of the file, counted from 1 */
    double width;      /* points */
    double height;
    GBytes *png;
    const NskRenderText *lines; /* in reading order */
    size_t n_lines;
    const NskRenderText *marks; /* looked at in uploaded kinds alone */
    size_t n_marks;
} NskRenderPage;

/* A mark in the document of an uploaded kind; borrowed. */
typedef struct {
    const char *text; /* "${ttd_2}" */
    unsigned page;    /* counted from 1 */
} NskRenderMark;
/* What is wrong with all the marks of a document @file, as its signing would refuse it: findings
 * "document-mark". */
void nsk_render_check_marks(const char *file,
                            const NskRenderMark *marks,
                            size_t n_marks,
                            size_t n_signatories,
                            NskIssues *issues);

/* Everything borrowed for the length of the call. */
typedef struct {
    const char *name; /* what messages call the letter; also the PDF's embedded file name */
    GBytes *letter;   /* the letter's XML, with number and date if it has them; this is what
                       * is rendered and what is embedded, byte for byte */
    const NskProfile *profile; /* the version it was made under */
    const NskKind *kind;
    const char *unit; /* the issuing unit: id, printed name, place ("Arunika"), IANA zone */
    const char *unit_name;
    const char *place;
    const char *zone;
    const NskRenderParty *addressees; /* one for each child of <to>, in order */
    size_t n_addressees;
    const NskRenderParty *copies; /* one for each child of <copies>, in order */
    size_t n_copies;
    const NskRenderSignatory *signatories; /* one for each <signatory>, in order */
    size_t n_signatories;
    const NskRenderParaf *parafs; /* as they were given; none in drafts */
    size_t n_parafs;
    const NskRenderImage
        *images; /* then those in the profile, then those of the built-in profiles */
    size_t n_images;
    const NskRenderPage *pages; /* those of one file together, in order; an attached file without
                                 * pages prints as its name, size and digest */
    size_t n_pages;
    /* Pages to be printed for one of many, of a letter that has been signed: no signature fields.
     */
    unsigned copy; /* number of the copy, from 1; 0: these are the letter's own pages */
    unsigned only; /* number of the addressee that stands there alone, from 1; 0: all */
    bool draft;    /* "KONSEP", grey places for what is not final, no signature fields, no QR */
    const char *qr_text; /* NULL: no QR; see nsk_profile_qr_text() */
} NskRenderJob;

/* Opens the fonts.  Errors: NOT_FOUND for a missing font or hyphenation file, with the package to
 * install. */
NskRenderer *nsk_renderer_new(GError **error) G_GNUC_WARN_UNUSED_RESULT;
void nsk_renderer_free(NskRenderer *self);

/*
 * Renders a letter.  *out_pdf: owned.  Findings (overfull lines, characters that no font has) go to
 * @issues, which may be NULL.  With an unfinished draft (job->draft) missing parts print as grey
 * places.  Errors: INVALID if letter, kind and profile do not fit together or the counts of
 * resolved names are not the letter's; LIMIT above NSK_LIMIT_PAGES; UNSUPPORTED.
 */
bool nsk_render_letter(NskRenderer *self,
                       const NskRenderJob *job,
                       NskIssues *issues,
                       GBytes **out_pdf,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/*
 * The same letter for reading on a phone and by screen readers: one HTML page without scripts and
 * without anything from outside, with the words of the pages in their order.  *out_html: owned.
 * Errors: as nsk_render_letter().
 */
bool nsk_render_letter_html(NskRenderer *self,
                            const NskRenderJob *job,
                            GBytes **out_html,
                            GError **error);
/* A QR code of @text as a path of SVG in modules; NULL if it is empty or too long.  Any thread. */
char *nsk_qr_path(const char *text, int *out_modules);
/* The XSL-FO that nsk_render_letter() lays out, for experts and tests.  *out_fo: owned. */
bool nsk_render_letter_fo(NskRenderer *self,
                          const NskRenderJob *job,
                          GBytes **out_fo,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Renders plain XSL-FO (manuals, registers).  Images: only those of the built-in resources. */
bool nsk_render_fo(NskRenderer *self,
                   const char *name,
                   GBytes *fo,
                   NskIssues *issues,
                   GBytes **out_pdf,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* XSL-FO from anyone; all borrowed. */
typedef struct {
    const NskXmlDoc *fo;
    const char *folder; /* where relative names of images begin */
    bool lenient;       /* unsupported properties are warnings */
} NskRenderFile;

/*
 * Renders a file of XSL-FO with the fonts that it names, found by fontconfig, and the images of the
 * disk that it names; nothing is fetched from a network.  Findings go to @issues.  Errors: INVALID,
 * NOT_FOUND for a font with the package to install, LIMIT.
 */
bool
nsk_render_file(const NskRenderFile *file, NskIssues *issues, GBytes **out_pdf, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskProfile, nsk_profile_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskKind, nsk_kind_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskRenderer, nsk_renderer_free)
