/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/clock.h"
#include "base/json.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Reading PDF and DOCX files of strangers, in a process of its own.
 *
 * poppler and libzip run nowhere but in `naskah-worker`, started anew for each job with an empty
 * environment, the file as a sealed memory descriptor, resource limits, no_new_privs, Landlock
 * (nothing but font folders can be read) and a seccomp list of allowed system calls (no socket, no
 * execve, no opening for writing).  The answer is one message with bounded sizes.  A job that lasts
 * too long is killed and reaped.  Any thread; each call blocks until its answer or its deadline.
 *
 * The worker is found beside the running program; the environment variable NASKAH_WORKER names
 * another by its whole path.
 *
 * Errors of all jobs: INVALID: not such a file, or damaged beyond reading; UNSUPPORTED: encrypted
 * with a password; LIMIT: too large, or took too long; NOT_FOUND: no such page, or the worker
 * program is missing; IO: the worker died or broke its own rules.
 */

/* Zero in a field, or NULL for all, stands for the default. */
typedef struct {
    size_t memory;        /* bytes of address space; default and most: NSK_LIMIT_WORKER_MEMORY */
    unsigned cpu_seconds; /* default and most: NSK_LIMIT_WORKER_SECONDS */
    unsigned wall_ms;     /* until it is killed; default NSK_LIMIT_WORKER_WALL_MS */
    unsigned pages;       /* default and most: NSK_LIMIT_PAGES */
} NskWorkerLimits;

/* The text of each page in reading order, UTF-8; @out_pages owns its strings. */
bool nsk_worker_text(GBytes *pdf,
                     const NskWorkerLimits *limits,
                     GPtrArray **out_pages,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
    double width; /* points */
    double height;
} NskWorkerPage;

typedef struct {
    char *name;    /* as the file says; may be "" */
    bool embedded; /* the file holds the font */
    bool subset;   /* only the glyphs in use */
} NskWorkerFont;

typedef struct {
    size_t n_pages;
    NskWorkerPage *pages;
    size_t n_fonts; /* in the order they are first used */
    NskWorkerFont *fonts;
    bool javascript; /* the file holds scripts */
} NskWorkerInfo;

bool nsk_worker_info(GBytes *pdf,
                     const NskWorkerLimits *limits,
                     NskWorkerInfo **out_info,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
void nsk_worker_info_free(NskWorkerInfo *self);

/*
 * What is asked of a scan, in one start of the worker: whether every page can be shown, whether the
 * file holds scripts, and the text of each page.  Pages whose text is too much have none (""), and
 * *@out_pages is empty if the whole file's text is; only pages that cannot be shown are an error.
 */
bool nsk_worker_scan(GBytes *pdf, bool *out_scripts, GPtrArray **out_pages, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/*
 * A picture of the page @page, counted from 0, on white: a PNG exactly @width_px (1 to 4000) wide.
 * LIMIT if it would have more than NSK_LIMIT_PREVIEW_PIXELS.
 */
bool nsk_worker_preview(GBytes *pdf,
                        unsigned page,
                        unsigned width_px,
                        GBytes **out_png,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef enum {
    NSK_WORKER_OPINION_NONE, /* it does not say: nobody signed, or not a kind that it checks */
    NSK_WORKER_OPINION_GOOD, /* digest and key are right; certificate and later changes not looked
                                at */
    NSK_WORKER_OPINION_BAD,
} NskWorkerOpinion;

typedef struct {
    char *field; /* full name of the signature field */
    NskWorkerOpinion opinion;
} NskWorkerSignature;

/*
 * What poppler says of each signature field, up to 200 of them: a second opinion beside that of
 * nsk_sign_verify(), never a verdict.  NskWorkerSignature, owned by the list.
 */
bool nsk_worker_opinions(GBytes *pdf,
                         const NskWorkerLimits *limits,
                         GPtrArray **out_opinions,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whom a judge believes, and when he judges; borrowed. */
typedef struct {
    const char *roots; /* certificates, PEM */
    NskInstant now;
} NskWorkerBelief;

/*
 * The verdict of nsk_sign_verify() on the file, with the members of nsk_verdict_to_json(), each of
 * its own type and none besides.  The process has a low priority: many such files make each other
 * slow and not the server.  A file that takes the process over may give itself any verdict, and
 * nothing else.
 */
bool nsk_worker_judge(GBytes *pdf,
                      const NskWorkerBelief *belief,
                      const NskWorkerLimits *limits,
                      NskJson **out_verdict,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A line of text of a page, or a marked place in it such as ${nomor}. */
typedef struct {
    double x, y, width, height; /* points, from the top left corner of the page */
    double room; /* of a mark: to the text at its right, or to the edge of the page */
    double size; /* of a mark: of its font, points; 0: unknown */
    char *font;  /* of a mark: as the PDF calls it; may be "" */
    char *text;
} NskWorkerText;

/* A page as it goes into a letter. */
typedef struct {
    unsigned n_pages; /* of the file */
    double width;     /* points */
    double height;
    GBytes *png;   /* in grey, if the page has no colour */
    GArray *lines; /* of NskWorkerText, in reading order */
    GArray *marks; /* the same; their text is all of the mark, and a comma or stop that stands right
                    * behind it: "${nomor}", "${jabatan}," */
} NskWorkerImport;

/*
 * The page @page, counted from 0, drawn with @dpi dots an inch (36 to 600; fewer if that were more
 * pixels than an image in a letter may have).  Whatever is in it but can not be seen stays out:
 * scripts, links, forms, layers that are off.
 */
bool nsk_worker_import(GBytes *pdf,
                       unsigned page,
                       unsigned dpi,
                       NskWorkerImport **out_import,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void nsk_worker_import_free(NskWorkerImport *self);
/* The bytes of a mark ("${nomor}") that @text begins with; 0 if it begins with none. */
size_t nsk_worker_mark_size(const char *text);

/*
 * What a DOCX is made of: *out_parts has the name of each file in the package ("word/document.xml")
 * with its bytes, a GBytes; NULL for what no text is in (pictures, macros, embedded files), which
 * is not unpacked.  The package is bounded in entries, sizes and ratio; names that lead elsewhere,
 * twins and encrypted entries are refused.  The parts are a stranger's bytes still.
 */
bool nsk_worker_docx(GBytes *docx,
                     const NskWorkerLimits *limits,
                     GHashTable **out_parts,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

#define NSK_WORKER_MOST_PHOTOS 30
/*
 * Photographs of the pages of a letter (JPEG or PNG; GBytes), in their order, as one PDF: upright
 * as the camera says, a page of A4 each with at most 200 dots an inch, without anything that stood
 * beside the picture (place, device).  The same photographs give the same bytes.
 */
bool nsk_worker_photos(const GPtrArray *photos,
                       const NskWorkerLimits *limits,
                       GBytes **out_pdf,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A reader's copy; all borrowed. */
typedef struct {
    GBytes *pdf;
    GBytes *marks; /* a PDF of our own: page 1 the line below each page, page 2 what is across */
    const char *title; /* of the copy */
    unsigned page;     /* this one alone, counted from 1; 0: all */
} NskWorkerMark;

/*
 * The pages of a PDF with marks on each: below, in a band of its own, and pale across the page.
 * The pages keep their size, their text stays text; signatures, scripts, links and forms are not in
 * the copy.  The same marks and PDF give the same bytes.
 */
bool nsk_worker_mark(const NskWorkerMark *what,
                     const NskWorkerLimits *limits,
                     GBytes **out_pdf,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What holds a job on this machine, as the worker itself reports it. */
typedef struct {
    bool no_new_privs;
    bool seccomp;
    bool memory_limit;     /* false in a build with a sanitizer */
    unsigned landlock_abi; /* 0: the kernel has none; then the worker opens no file at all */
} NskWorkerSandbox;

bool nsk_worker_sandbox(NskWorkerSandbox *out_sandbox, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskWorkerInfo, nsk_worker_info_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskWorkerImport, nsk_worker_import_free)
