/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/clock.h"
#include "crypto/crypto.h"
#include "xml/xml.h"

/*
 * The letter: the one model that all parts share, read from XML of the namespace
 * urn:naskah:letter:1 (templates/schema/letter.rng), which is also how it is stored.
 *
 * A value: immutable, counted references, any thread.
 */
#define NSK_LETTER_NS "urn:naskah:letter:1"

typedef struct _NskLetter NskLetter;

/* Security class, least first. */
typedef enum {
    NSK_SECURITY_BIASA,
    NSK_SECURITY_TERBATAS,
    NSK_SECURITY_RAHASIA,
    NSK_SECURITY_SANGAT_RAHASIA
} NskSecurity;

typedef enum { NSK_URGENCY_BIASA, NSK_URGENCY_SEGERA, NSK_URGENCY_SANGAT_SEGERA } NskUrgency;

/* By what right somebody signs. */
typedef enum {
    NSK_CAPACITY_DEFINITIVE, /* holds the position */
    NSK_CAPACITY_PJ,         /* penjabat: appointed to a vacant position with all its authority */
    NSK_CAPACITY_PLT,        /* pelaksana tugas: the position is vacant */
    NSK_CAPACITY_PLH,        /* pelaksana harian: the holder is away for days */
    NSK_CAPACITY_AN,         /* atas nama: on behalf of the superior */
    NSK_CAPACITY_UB          /* untuk beliau: on behalf of one who has it on behalf */
} NskCapacity;

/* The names that letters use: "sangat-rahasia", "segera", "plt". */
const char *nsk_security_name(NskSecurity security);
const char *nsk_urgency_name(NskUrgency urgency);
const char *nsk_capacity_name(NskCapacity capacity);
bool nsk_security_parse(const char *name, NskSecurity *out_security);
bool nsk_urgency_parse(const char *name, NskUrgency *out_urgency);
bool nsk_capacity_parse(const char *name, NskCapacity *out_capacity);

/* An addressee or a receiver of a copy: a position, or an outsider with a name. */
typedef struct {
    const char *position;  /* id in the directory; NULL for an outsider */
    const char *name;      /* of an outsider; NULL for a position */
    const char *attention; /* "u.p. ..." of an outsider, or NULL */
    const char *place;     /* of an outsider, or NULL */
    const char *note;      /* of a copy ("sebagai laporan"), or NULL */
    const char *copy;      /* number of the copy of a secret letter, or NULL: by the order */
} NskLetterParty;

/* What a letter does to one that it refers to. */
typedef enum {
    NSK_RELATION_ABOUT,
    NSK_RELATION_ANSWERS,
    NSK_RELATION_CORRECTS, /* ralat */
    NSK_RELATION_REVOKES
} NskRelation;
/* "about", "answers", "corrects", "revokes" */
const char *nsk_relation_name(NskRelation relation);
bool nsk_relation_parse(const char *name, NskRelation *out_relation);

typedef struct {
    NskRelation relation;
    const char *number;
    NskDate date;
    const char *letter; /* id, or NULL if the letter is not one of ours */
    const char *subject;
} NskLetterReference;

typedef struct {
    const char *title;
    unsigned count;            /* 0 if not said */
    const char *unit;          /* of @count ("berkas"), or NULL */
    const NskXmlNode *content; /* the attachment element, whose children are as a body's; NULL for
                                  a file */
    const char *file_name;     /* NULL if the content is in the letter */
    uint64_t file_size;        /* bytes */
    const char *file_sha256;   /* 64 lower-case hex digits */
} NskLetterAttachment;

typedef struct {
    const char *position;
    NskCapacity capacity;
    const char *mandate; /* id of the mandate that allows the capacity, or NULL */
    const char *role;    /* the kind's name for as what he signs, or NULL */
} NskLetterSignatory;

/* When people who are invited meet; @day is unset if the letter invites nobody. */
typedef struct {
    NskDate day;
    NskDate until;    /* the last day; unset: the same day */
    NskDate remind;   /* unset: the working day before */
    const char *time; /* "09:30", or NULL */
} NskLetterMeeting;

/* For which days somebody is sent; unset if nobody is. */
typedef struct {
    NskDate begins, ends;
    const char *const *assignees; /* positions */
    size_t n_assignees;
} NskLetterAssignment;

/* How a letter of somebody else came to us. */
typedef struct {
    NskInstant at;
    const char *channel;   /* one of the profile's, "pos" */
    const char *number;    /* the sender's own; NULL: it has none */
    NskDate date;          /* the sender's own; none if it has none */
    NskLetterParty origin; /* an outsider */
    const char *summary;   /* NULL: none */
    NskDate due;           /* by when it is to be answered; none if nobody said */
    bool unopened;         /* registered by its envelope: what is in it only the addressee knows */
    NskInstant opened;     /* when it was opened, of one that was registered so; else 0 */
} NskLetterReceived;

/* What a letter says.  Text is on one line, without blanks at its ends. */
typedef struct {
    const char *kind;     /* "surat-dinas" */
    const char *language; /* xml:lang: "id" or "en" */
    NskSecurity security;
    NskUrgency urgency;
    const char *classification;
    const char *subject;
    const char *number; /* NULL until it is taken */
    NskDate date;       /* none unless asked for or fixed */
    const char *place;  /* NULL: that of the unit */
    bool list_attached; /* addressees are printed as an attachment ("daftar terlampir") */
    const NskLetterParty *addressees;
    size_t n_addressees;
    const NskLetterParty *copies;
    size_t n_copies;
    const NskLetterReference *references;
    size_t n_references;
    const NskLetterAttachment *attachments;
    size_t n_attachments;
    const char *const *reviewers; /* positions, in the order of their paraf */
    size_t n_reviewers;
    const char *const *coordinators; /* positions, whose paraf is asked for at the same time */
    size_t n_coordinators;
    const char *const *consultants; /* desks of the profile, which are asked for their opinion */
    size_t n_consultants;
    NskLetterMeeting meeting;
    NskLetterAssignment assignment;
    const NskLetterSignatory *signatories;
    size_t n_signatories;
    const NskLetterReceived *received; /* NULL: it is a letter of ours */
    const NskXmlNode *body; /* in normal form, see nsk_letter_canonical(); NULL: one that came in,
                               and has none */
} NskLetterFacts;

/*
 * Reads a letter; @name is what messages call it.  A document that is no XML is only an error:
 * INVALID or LIMIT.  Faults by the schema or the rules are added to @issues (which may be NULL),
 * with their places; if there is one of severity error, the result is NULL and @error is INVALID
 * with the whole list.  Tags: "xml-schema" and those of rules.c, "letter-...".
 */
NskLetter *nsk_letter_parse(const char *name,
                            const void *data,
                            size_t size,
                            NskIssues *issues,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
NskLetter *nsk_letter_ref(const NskLetter *self);
void nsk_letter_unref(NskLetter *self);

/* Borrowed, with all in it, for the life of the letter. */
const NskLetterFacts *nsk_letter_get_facts(const NskLetter *self);
/* The letter element in normal form, to be copied into a render job.  Only read it, one thread at a
 * time. */
const NskXmlNode *nsk_letter_get_node(const NskLetter *self);
/* The document that it is the root of. */
const NskXmlDoc *nsk_letter_get_doc(const NskLetter *self);

/*
 * Canonical XML of the normal form: no prefixes, no blanks between elements, in running text every
 * run of white space one blank and none at the ends of a paragraph.  An editor's indenting changes
 * nothing.  Never fails.  This is what git stores.  Freed with g_bytes_unref().
 */
GBytes *nsk_letter_canonical(const NskLetter *self);
/* SHA-256 of the canonical form without number and date: what a paraf binds. */
void nsk_letter_content_digest(const NskLetter *self, uint8_t out[NSK_SHA256_SIZE]);
/* A copy with this number and letter date in place of those it has.  Errors: INVALID if @number
 * is empty, too long, or not one line of text, or @date is none. */
NskLetter *nsk_letter_with_number(const NskLetter *self,
                                  const char *number,
                                  NskDate date,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A copy without number and date. */
NskLetter *nsk_letter_without_number(const NskLetter *self);
/* For people and editors: indented, with an XML declaration.  Freed with g_bytes_unref(). */
GBytes *nsk_letter_to_xml_pretty(const NskLetter *self);

/*
 * A body as plain text for a form without scripts (plain-read.c says how it is written), and back.
 * What such a text cannot say is kept: a line "[[1: ...]]" stands for it, and means that block of
 * @base (may be NULL) when it is read.  Every text can be read; the result is as good as any letter
 * that somebody wrote, and is to be checked as one.  The text is freed with g_free().
 */
char *nsk_letter_plain_write(const NskXmlNode *body);
/* Adds the blocks that @text means to @parent, of the namespace of letters. */
void nsk_letter_plain_read(NskXmlNode *parent, const char *text, const NskXmlNode *base);

/* What is different between two versions of a letter. */
typedef enum { NSK_CHANGE_ADDED, NSK_CHANGE_REMOVED, NSK_CHANGE_CHANGED } NskChangeKind;
typedef enum { NSK_SEGMENT_SAME, NSK_SEGMENT_REMOVED, NSK_SEGMENT_ADDED } NskSegmentKind;
typedef enum { NSK_LETTER_WORDS_ID, NSK_LETTER_WORDS_EN } NskLetterWords;

/* A piece of a changed text: words with the blanks behind them. */
typedef struct {
    NskSegmentKind kind;
    char *text;
} NskLetterSegment;

typedef struct {
    NskChangeKind kind;
    char *where[2]; /* by NskLetterWords: "isi, paragraf 3", "body, paragraph 3" */
    char *old_text; /* NULL if added */
    char *new_text; /* NULL if removed */
    const NskLetterSegment *segments;
    size_t n_segments;
} NskLetterChange;

/* A value as the letters; freed by its one owner. */
typedef struct _NskLetterDiff NskLetterDiff;

/*
 * Changes in the order of the new letter.  Paragraphs are aligned, so that one that is inserted is
 * one change; where only the markup changed, the texts show it as tags.  Takes bounded time; above
 * a size the alignment is coarser.
 */
NskLetterDiff *nsk_letter_diff(const NskLetter *old_letter, const NskLetter *new_letter);
void nsk_letter_diff_free(NskLetterDiff *self);
size_t nsk_letter_diff_count(const NskLetterDiff *self);
const NskLetterChange *nsk_letter_diff_get(const NskLetterDiff *self, size_t index);
/*
 * For a terminal: a heading with place and kind, then the text as "same [-old-]{+new+}".  "" if
 * nothing changed.  Freed with g_free().
 */
char *nsk_letter_diff_format(const NskLetterDiff *self, NskLetterWords words);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskLetter, nsk_letter_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskLetterDiff, nsk_letter_diff_free)
