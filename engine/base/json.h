/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <naskah/error.h>

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * JSON values (RFC 8259).  A handle: one thread at a time.  The _set_ and _add_ functions take
 * ownership of a child value; getters borrow.  Text is UTF-8; what is not, such as a file's name,
 * is stored with a replacement character (U+FFFD) for each wrong byte.
 */
typedef struct json_t NskJson;

NskJson *nsk_json_object(void);
NskJson *nsk_json_array(void);
NskJson *nsk_json_ref(const NskJson *self);
void nsk_json_unref(NskJson *self);

void nsk_json_set(NskJson *object, const char *key, NskJson *value);
void nsk_json_set_text(NskJson *object, const char *key, const char *text); /* NULL: null */
void nsk_json_set_int(NskJson *object, const char *key, int64_t number);
void nsk_json_set_real(NskJson *object, const char *key, double number);
void nsk_json_set_bool(NskJson *object, const char *key, bool value);
void nsk_json_add(NskJson *array, NskJson *value);
void nsk_json_add_text(NskJson *array, const char *text);

/* NULL if there is no such member, or it is of another type. */
NskJson *nsk_json_get(const NskJson *object, const char *key);
const char *nsk_json_get_text(const NskJson *object, const char *key);
const char *nsk_json_text(const NskJson *self);
/* @fallback if there is no such member, or it is of another type. */
int64_t nsk_json_get_int(const NskJson *object, const char *key, int64_t fallback);
double nsk_json_get_real(const NskJson *object, const char *key, double fallback); /* or integer */
bool nsk_json_get_bool(const NskJson *object, const char *key, bool fallback);
size_t nsk_json_length(const NskJson *array);
NskJson *nsk_json_at(const NskJson *array, size_t index);
const char *nsk_json_text_at(const NskJson *array, size_t index);

typedef enum {
    NSK_JSON_NULL,
    NSK_JSON_BOOL,
    NSK_JSON_NUMBER,
    NSK_JSON_TEXT,
    NSK_JSON_ARRAY,
    NSK_JSON_OBJECT,
} NskJsonType;

NskJsonType nsk_json_type(const NskJson *self);
/* The keys of an object as they stand in it, borrowed; empty for what is no object.  Freed with
 * g_ptr_array_unref(). */
GPtrArray *nsk_json_keys(const NskJson *object);

/* One line, keys sorted, no blanks: the same value always gives the same bytes (in the manner of
 * RFC 8785 for objects with ASCII keys and integers).  Freed with g_free(). */
char *nsk_json_canonical(const NskJson *self);
/* Appends @text as nsk_json_canonical() spells a string; NULL: null.  For the few forms that are
 * written so often that building a value first would cost too much. */
void nsk_json_append_text(GString *out, const char *text);
/* The same of a number. */
void nsk_json_append_int(GString *out, int64_t number);
/* Indented, keys in the order they were set.  Freed with g_free(). */
char *nsk_json_pretty(const NskJson *self);
/* Errors: INVALID with line and column. */
NskJson *nsk_json_parse(const char *text, size_t size, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskJson, nsk_json_unref)
