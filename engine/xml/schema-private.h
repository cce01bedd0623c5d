/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "xml/xml-private.h"

/*
 * RELAX NG inside: patterns as in James Clark's "An algorithm for RELAX NG validation".
 *
 * A pattern is immutable once its schema is read and lives as long as its set.  Within a set, and
 * the set beneath it, equal patterns of two operands are the same pointer, which keeps derivatives
 * small.
 */
typedef enum {
    NSK_PATTERN_EMPTY,
    NSK_PATTERN_NOT_ALLOWED,
    NSK_PATTERN_TEXT,
    NSK_PATTERN_DATA,
    NSK_PATTERN_VALUE,
    NSK_PATTERN_LIST,        /* a */
    NSK_PATTERN_ATTRIBUTE,   /* names, a */
    NSK_PATTERN_ELEMENT,     /* names, a */
    NSK_PATTERN_CHOICE,      /* a, b */
    NSK_PATTERN_GROUP,       /* a, b */
    NSK_PATTERN_INTERLEAVE,  /* a, b */
    NSK_PATTERN_ONE_OR_MORE, /* a */
} NskPatternKind;

/* A name class (RELAX NG specification, section 3). */
typedef enum { NSK_NAMES_ONE, NSK_NAMES_OF_NS, NSK_NAMES_ANY, NSK_NAMES_CHOICE } NskNamesKind;

typedef struct _NskNames NskNames;
struct _NskNames {
    NskNamesKind kind;
    char *ns;
    char *name;
    const NskNames *a; /* of a choice */
    const NskNames *b;
    const NskNames *except; /* of OF_NS and ANY; or NULL */
};

typedef struct _NskDataType NskDataType;

typedef struct _NskPattern NskPattern;
struct _NskPattern {
    NskPatternKind kind;
    bool nullable;
    const NskPattern *a;
    const NskPattern *b;
    const NskNames *names;
    NskDataType *data; /* of DATA and VALUE, owned */
    char *value;       /* of VALUE, owned */
};

/* An attribute of a document; borrowed. */
typedef struct {
    const char *ns;
    const char *name;
    const char *value;
} NskXmlAttribute;

typedef struct _NskPatternSet NskPatternSet;

/* @base may be NULL and must outlive the set; it is only read. */
NskPatternSet *nsk_pattern_set_new(const NskPatternSet *base);
void nsk_pattern_set_free(NskPatternSet *self);
const NskPattern *nsk_pattern_empty(void);
const NskPattern *nsk_pattern_not_allowed(void);
const NskPattern *nsk_pattern_text(void);
/* A new pattern with an identity of its own, to be filled. */
NskPattern *nsk_pattern_new(NskPatternSet *set, NskPatternKind kind);
const NskPattern *nsk_pattern_choice(NskPatternSet *set, const NskPattern *a, const NskPattern *b);
const NskPattern *nsk_pattern_group(NskPatternSet *set, const NskPattern *a, const NskPattern *b);
const NskPattern *
nsk_pattern_interleave(NskPatternSet *set, const NskPattern *a, const NskPattern *b);
const NskPattern *nsk_pattern_one_or_more(NskPatternSet *set, const NskPattern *a);

/* How many patterns it holds of its own. */
size_t nsk_pattern_set_size(const NskPatternSet *self);

/* Adds @p unless it is there. */
void nsk_pattern_add_once(GPtrArray *array, const NskPattern *p);
/* Adds the elements and texts that may come next in @p, each once. */
void nsk_pattern_collect_next(const NskPattern *p, GPtrArray *leaves);
/* Adds the attributes of @p, each once. */
void nsk_pattern_collect_attributes(const NskPattern *p, GPtrArray *leaves);

bool nsk_names_contain(const NskNames *self, const char *ns, const char *name);

/* What remains of @p after the whole element @element; @skip: also if something before it lacks. */
const NskPattern *nsk_pattern_after_element(NskPatternSet *set,
                                            const NskPattern *p,
                                            const NskPattern *element,
                                            bool skip);
const NskPattern *nsk_pattern_after_text(NskPatternSet *set, const NskPattern *p, const char *text);
/* After an attribute; @value NULL stands for any value. */
const NskPattern *nsk_pattern_after_attribute(NskPatternSet *set,
                                              const NskPattern *p,
                                              const NskXmlAttribute *attribute);
/* @p at the end of a start tag; @forgive: as if lacking attributes were there. */
const NskPattern *nsk_pattern_close_tag(NskPatternSet *set, const NskPattern *p, bool forgive);

/* schema-state.c: a pattern in a check, and what it is known to become. */
typedef struct _NskState NskState;

typedef struct _NskStep NskStep;
struct _NskStep {
    const NskPattern *leaf; /* the attribute or element */
    bool is_only;           /* nothing else may have the only name of @leaf there */
    NskState *inside;       /* of an element: its attributes and content */
    NskState *after;
    NskStep *next;
};

struct _NskState {
    const NskPattern *p;
    bool takes_value; /* text that comes next must be of a certain form */
    bool knows_closed;
    bool knows_text;
    NskState *closed;     /* NULL: attributes lack */
    NskState *after_text; /* NULL: none is allowed; unused if it takes a value */
    NskStep *attributes;
    NskStep *children;
};

/* The states of one check at a time. */
typedef struct _NskStates NskStates;
/* States between checks; any thread. */
typedef struct _NskStatePool NskStatePool;

/* @base must outlive the pool and not change any more. */
NskStatePool *nsk_state_pool_new(const NskPatternSet *base);
void nsk_state_pool_free(NskStatePool *self);
/* To be given back. */
NskStates *nsk_state_pool_take(NskStatePool *self);
void nsk_state_pool_give(NskStatePool *self, NskStates *states);

/* Borrowed. */
NskPatternSet *nsk_states_get_set(const NskStates *self);
NskState *nsk_states_get(NskStates *self, const NskPattern *p);
/* These return NULL where the attribute, the end of the start tag or the text is not allowed. */
NskState *
nsk_state_after_attribute(NskStates *self, NskState *state, const NskXmlAttribute *attribute);
NskState *nsk_state_close_tag(NskStates *self, NskState *state);
NskState *nsk_state_after_text(NskStates *self, NskState *state, const char *text);
/* The step over @element, which may come next in @state; made if need be. */
NskStep *nsk_state_step(NskStates *self, NskState *state, const NskPattern *element);
/* The step over @child if it is known and is the only one that may have the name, else NULL. */
const NskStep *nsk_state_find_child(const NskState *state, const NskXmlNode *child);

/* Data types: XML Schema part 2 by libxml2, and "string" and "token" of RELAX NG itself. */
/* @name "" means token.  Errors: UNSUPPORTED. */
NskDataType *nsk_data_type_new(const char *library, const char *name, GError **error);
void nsk_data_type_free(NskDataType *self);
bool
nsk_data_type_add_param(NskDataType *self, const char *name, const char *value, GError **error);
/* What a message says instead of the technical description. */
void nsk_data_type_set_words(NskDataType *self, const char *words);
bool nsk_data_type_allows(const NskDataType *self, const char *text);
bool nsk_data_type_equal(const NskDataType *self, const char *a, const char *b);
/* In words, for messages.  Freed with g_free(). */
char *nsk_data_type_describe(const NskDataType *self);

struct _NskXmlSchema {
    char *name;
    NskPatternSet *patterns;
    GPtrArray *names; /* all NskNames */
    const NskPattern *start;
    NskStatePool *pool; /* made once the grammar is read */
};

/* Reads the grammar of @doc into @self.  Errors: INVALID, UNSUPPORTED with the place. */
bool nsk_schema_read(NskXmlSchema *self, const NskXmlDoc *doc, GError **error);
