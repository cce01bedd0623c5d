/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files share that judge what later revisions of a signed PDF changed. */
#pragma once

#include "sign/sign-private.h"

/* What an object is to the document. */
typedef enum {
    ROLE_NONE,
    ROLE_CATALOG,
    ROLE_FORM,
    ROLE_LIST,
    ROLE_DSS,
    ROLE_PAGE,
    ROLE_FIELD,
    ROLE_INFO,
    ROLE_METADATA
} Role;

typedef struct {
    PdfDocument *document;
    unsigned first;
    unsigned revision; /* the later one */
    const Permissions *permissions;
    GPtrArray *fields;  /* PdfField, in the revision before */
    bool other_fields;  /* it has fields that are no signatures */
    GHashTable *roles;  /* object number -> Role, in the revision before */
    GHashTable *named;  /* object number that objects before this revision name -> the holder + 1,
                         * or SEVERAL */
    uint32_t own_field; /* the new field of this revision; 0: none */
    bool doubtful;
    NskIssues *issues;
} Difference;

/* Adds the issue that object @number was changed so; @what is a sentence's end.  Returns false. */
bool refuse_change(Difference *self, uint32_t number, const char *what);
/* Whether nothing but @holder names object @number. */
bool is_only_in(const Difference *self, uint32_t number, uint32_t holder);
/* Whether this revision is that of a signature which holds. */
bool is_signed_in(const Difference *self);
/* Whether @ref names an object that this revision brought. */
bool is_new(const Difference *self, const PdfValue *ref);
/* Judges an object that was there before by the rule for its part in the revision before. */
bool
check_changed(Difference *self, uint32_t number, const PdfValue *before, const PdfValue *after);
