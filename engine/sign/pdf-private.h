/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <naskah/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A strict reader of PDF files (ISO 32000-1, 7.2 to 7.5) for signing and checking.
 *
 * Everything read lives in the document's arena until the document is freed; nothing is freed
 * before.  A document is used by one thread.
 */

/* Why a file cannot be read safely. */
typedef enum {
    PDF_FAULT_SYNTAX,
    PDF_FAULT_XREF,
    PDF_FAULT_DUPLICATE,
    PDF_FAULT_HYBRID,
    PDF_FAULT_ENCRYPTED,
    PDF_FAULT_LIMIT,
    PDF_FAULT_UNSUPPORTED,
    PDF_FAULT_FIELDS,
} PdfFault;

#define PDF_FAULT (pdf_fault_quark())

GQuark pdf_fault_quark(void);
/* The tag of a fault, such as "pdf-xref"; static. */
const char *pdf_fault_tag(const GError *fault);
/* Turns a fault into an NSK_ERROR; @fault is taken. */
void pdf_fault_propagate(GError **error, GError *fault);
/* Sets a fault with the place of it and returns false. */
bool pdf_fail(GError **error, PdfFault code, size_t offset, const char *text);

typedef enum {
    PDF_NULL,
    PDF_BOOL,
    PDF_INT,
    PDF_REAL,
    PDF_NAME,
    PDF_STRING,
    PDF_ARRAY,
    PDF_DICT,
    PDF_REF,
    PDF_STREAM, /* a dictionary with data */
} PdfType;

typedef struct _PdfValue PdfValue;

typedef struct {
    const char *key;
    const PdfValue *value;
} PdfPair;

struct _PdfValue {
    PdfType type;
    bool is_hex;        /* PDF_STRING: written <...> */
    uint32_t n;         /* items, pairs, or bytes of a string or name */
    const uint8_t *raw; /* as written, in the file or in an inflated object stream */
    size_t raw_size;
    union {
        bool boolean;
        int64_t integer;
        double real;
        const char *bytes;            /* name or string, NUL after the last byte */
        const PdfValue *const *items; /* array */
        const PdfPair *pairs;         /* dictionary, also of a stream; no key twice */
        struct {
            uint32_t number;
            uint32_t generation;
        } ref;
    } u;
    const uint8_t *data; /* PDF_STREAM: as stored */
    size_t data_size;
};

/* Memory for values, freed as a whole; counts them. */
typedef struct _PdfArena PdfArena;

PdfArena *pdf_arena_new(void);
void pdf_arena_free(PdfArena *self);
void *pdf_arena_take(PdfArena *self, size_t size);
/* Keeps @bytes as long as the arena. */
void pdf_arena_keep(PdfArena *self, GBytes *bytes);
/* How many values it has given. */
size_t pdf_arena_count(const PdfArena *self);
/* A new value; false if there are too many. */
PdfValue *pdf_arena_value(PdfArena *self, PdfType type);

/* A place in a buffer. */
typedef struct {
    const uint8_t *data;
    size_t size;
    size_t at;
    unsigned depth;
    PdfArena *arena;
} PdfParser;

/* White space and comments. */
void pdf_skip_blank(PdfParser *self);
/* Takes @keyword if it stands here and ends here. */
bool pdf_take_keyword(PdfParser *self, const char *keyword);
/* Takes an unsigned integer without sign, of at most 10 digits. */
bool pdf_take_number(PdfParser *self, uint64_t *out_number);
/* The value that stands here.  Errors: PDF_FAULT. */
const PdfValue *pdf_parse_value(PdfParser *self, GError **error);

/* NULL allowed and given everywhere: a missing key, another type. */
const PdfValue *pdf_get(const PdfValue *dict, const char *key);
bool pdf_is_name(const PdfValue *value, const char *name);
bool pdf_is_dict(const PdfValue *value); /* or a stream */
bool pdf_get_int(const PdfValue *dict, const char *key, int64_t *out_integer);
/* Same type and content; references compare by number; streams with their data. */
bool pdf_equal(const PdfValue *a, const PdfValue *b);

/* One entry of a cross-reference section. */
typedef struct {
    uint32_t number;
    uint8_t kind;        /* 0 free, 1 at an offset, 2 in an object stream */
    uint32_t generation; /* kind 1 */
    uint64_t place;      /* kind 1: offset; kind 2: number of the object stream */
    uint32_t index;      /* kind 2 */
    uint32_t revision;   /* index of the revision that has it */
    const PdfValue *value;
    size_t end; /* kind 1: offset after endobj, once loaded */
    bool is_loading;
} PdfSlot;

/* What one save of the file added. */
typedef struct {
    size_t xref_at; /* what startxref names */
    size_t start;   /* first byte */
    size_t end_min; /* after %%EOF */
    size_t end_max; /* after the end of line that may follow */
    bool is_stream; /* cross-reference stream, not table */
    const PdfValue *trailer;
    GArray *slots;     /* PdfSlot by rising number */
    GHashTable *index; /* number -> position in slots + 1 */
} PdfRevision;

typedef struct {
    GBytes *bytes;
    const uint8_t *data;
    size_t size;
    PdfArena *arena;
    GPtrArray *revisions;   /* PdfRevision, oldest first */
    GHashTable *containers; /* PdfSlot of an object stream -> what is known of it */
    size_t n_slots;
    size_t inflated_size; /* bytes inflated so far */
    unsigned depth;       /* objects being loaded */
} PdfDocument;

/* Reads header and cross-references.  Errors: PDF_FAULT. */
PdfDocument *pdf_open(GBytes *bytes, GError **error);
void pdf_close(PdfDocument *self);
/* Loads every object of every revision, and sees that none overlaps another. */
bool pdf_load_all(PdfDocument *self, GError **error);
unsigned pdf_last(const PdfDocument *self); /* index of the last revision */
PdfRevision *pdf_revision(const PdfDocument *self, unsigned revision);
/* The entry of object @number as seen in @revision; NULL if unused or free. */
PdfSlot *pdf_find_slot(const PdfDocument *self, unsigned revision, uint32_t number);
/* Reads the object of a used entry into its value, once.  Errors: PDF_FAULT. */
bool pdf_load(PdfDocument *self, PdfSlot *slot, GError **error);
/* Follows a reference; other values are themselves; NULL if nothing is there or it cannot be
 * read (pdf_load_all() has told). */
const PdfValue *pdf_resolve(PdfDocument *self, unsigned revision, const PdfValue *value);
const PdfValue *
pdf_resolve_key(PdfDocument *self, unsigned revision, const PdfValue *dict, const char *key);
const PdfValue *pdf_catalog(PdfDocument *self, unsigned revision);
/* Whether @value stands in the file itself; then its offset. */
bool pdf_offset(const PdfDocument *self, const PdfValue *value, size_t *out_offset);

/* The sections of the file, filling revisions. */
bool pdf_read_xref(PdfDocument *self, GError **error);
/* Reads "N G obj" at @offset into @slot (value, end; number and generation, if its number is 0,
 * else they must agree).  Errors: PDF_FAULT. */
bool pdf_read_object(PdfDocument *self, size_t offset, PdfSlot *slot, GError **error);
void pdf_revision_free(PdfRevision *self);
/* The decoded data of a stream without filter or with FlateDecode; caller owns it. */
GBytes *pdf_stream_data(PdfDocument *self, const PdfValue *stream, GError **error);

/* A signature field at one revision; borrowed from the document but for the name. */
typedef struct {
    char *name;
    uint32_t number; /* object of the field; 0 if direct */
    const PdfValue *dict;
    const PdfValue *value; /* /V resolved; NULL if absent or null */
    uint32_t value_number; /* 0 if /V is direct */
    unsigned page;         /* counted from 1; 0: none */
    double rect[4];
} PdfField;

/* All fields of the form at @revision.  @out_other tells whether there are fields that are no
 * signature fields.  Errors: PDF_FAULT. */
GPtrArray *pdf_fields(PdfDocument *self, unsigned revision, bool *out_other, GError **error);
/* Numbers of the page objects in order; uint32_t. */
GArray *pdf_pages(PdfDocument *self, unsigned revision);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdfDocument, pdf_close)
