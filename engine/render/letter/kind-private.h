/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "render/letter/letter-private.h"

/* Shared by kind.c, which reads kinds, and kind-check.c, which checks letters against them. */

/* A compiled rule. */
typedef struct {
    const char *tag; /* "kind-NAME"; static */
    NskSeverity severity;
    NskXPath *context;
    NskXPath *test;
    const NskXmlNode *node; /* borrowed from the document that it stands in */
} NskKindRule;

struct _NskKind {
    NskXmlDoc *doc;
    GHashTable *titles; /* language -> name */
    GArray *rules;      /* of NskKindRule */
    GBytes *skeleton;
};

/* Compiles the rules of @doc; tags are @prefix and the name.  What cannot be used is told. */
GArray *nsk_kind_rules_compile(const NskXmlDoc *doc, const char *prefix, NskIssues *issues);
/* xml:lang, or NULL. */
const char *nsk_kind_language(const NskXmlNode *node);

/* A check that goes on. */
typedef struct {
    const NskXmlDoc *letter;
    const char *language; /* of the sentences: "id" or "en" */
    NskIssues *issues;
} NskKindCheck;

/* The sentence in the language asked for; a macro, so that the compiler sees the formats. */
#define NSK_KIND_SAY(check, english, indonesian)                                                   \
    (strcmp((check)->language, "en") == 0 ? (english) : (indonesian))

/* What is wrong with the places of the body that @slot, of a kind, is about; tag "kind-slot". */
void nsk_kind_check_slot(const NskKindCheck *check, const NskXmlNode *slot);
