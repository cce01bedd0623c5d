/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <naskah/error.h>

#include <stdint.h>

G_BEGIN_DECLS

/**
 * NskNumberScheme:
 *
 * How a series writes its numbers, such as `[{class}-]{seq}/{unit1}/{kka}/{month:2}/{year}`.
 *
 * A scheme is immutable once parsed, so it may be shared between threads without locking.  It is
 * reference counted; the last nsk_number_scheme_unref() frees it.
 *
 * Since: 0.1
 */
typedef struct _NskNumberScheme NskNumberScheme;

/**
 * NSK_NUMBER_UNITS:
 *
 * How many levels of units a number can name.
 */
#define NSK_NUMBER_UNITS 3

/**
 * NskNumberParts:
 * @seq: position in the series, counted from 1, up to %NSK_NUMBER_SEQ_MAX.
 * @year: Gregorian year of the letter date, 1000 to 9999.
 * @month: month of the letter date, 1 to 12.
 * @security: (nullable): code of the security class, such as `B`.
 * @kind: (nullable): code of the kind of letter, such as `SE`.
 * @unit: (nullable): code of the issuing unit.
 * @units: (nullable): codes of the units from the highest level down.
 * @post: (nullable): code of the signatory's post.
 * @kka: (nullable): classification code, such as `KP.08.1`.
 *
 * The values that fill a scheme; UTF-8, at most %NSK_NUMBER_PART_MAX_LEN bytes each, no control
 * characters.  %NULL and `""` both mean that there is none.  Everything is borrowed for the length
 * of the call.
 */
typedef struct {
    uint32_t seq;
    uint16_t year;
    uint8_t month;
    const char *security;
    const char *kind;
    const char *unit;
    const char *units[NSK_NUMBER_UNITS];
    const char *post;
    const char *kka;
} NskNumberParts;

/**
 * NSK_NUMBER_SCHEME_MAX_LEN:
 *
 * Longest pattern that nsk_number_scheme_parse() accepts, in bytes without the NUL.
 */
#define NSK_NUMBER_SCHEME_MAX_LEN 256

/**
 * NSK_NUMBER_PART_MAX_LEN:
 *
 * Longest value of a part, in bytes without the NUL.
 */
#define NSK_NUMBER_PART_MAX_LEN 64

/**
 * NSK_NUMBER_SEQ_MAX:
 *
 * Highest position in a series.
 */
#define NSK_NUMBER_SEQ_MAX 999999999u

/**
 * nsk_number_scheme_parse:
 * @pattern: UTF-8 text with fields in braces.
 * @error: (nullable): where to report a failure.
 *
 * Reads a numbering pattern.  Fields: `{seq}`, or `{seq:WIDTH}` with leading zeros up to WIDTH
 * digits, 1 to 9; `{class}`; `{kind}`; `{unit}`; `{unit1}`, `{unit2}`, `{unit3}`; `{post}`;
 * `{kka}`;
 * `{month}` (7), `{month:2}` (07), `{month:roman}` (VII); `{year}`.  Exactly one `{seq}` is
 * required. All else is literal text, written as it stands, case kept.
 *
 * A part in square brackets is optional: it vanishes with its separators when a field in it has no
 * value, as in `[{class}-]{seq}`.  It must have a field, and none inside another.  Outside brackets
 * a field without value is an error when a number is written.
 *
 * Errors: %NSK_ERROR_INVALID for a bad pattern, with the byte offset of the fault in the message;
 * %NSK_ERROR_LIMIT above %NSK_NUMBER_SCHEME_MAX_LEN bytes.
 *
 * Returns: (transfer full) (nullable): the scheme, or %NULL with @error set.
 */
NSK_API NskNumberScheme *nsk_number_scheme_parse(const char *pattern,
                                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * nsk_number_scheme_format:
 * @self: the scheme.
 * @parts: the values to write.
 * @error: (nullable): where to report a failure.
 *
 * Writes one number.  The result depends on the arguments only: not on the locale, the clock or the
 * time zone.
 *
 * Errors: %NSK_ERROR_INVALID if a part is out of the range that #NskNumberParts gives, or one that
 * the pattern needs is missing; the message names the part.
 *
 * Returns: (transfer full) (nullable): the number, freed with g_free(), or %NULL with @error set.
 */
NSK_API char *nsk_number_scheme_format(const NskNumberScheme *self,
                                       const NskNumberParts *parts,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * nsk_number_scheme_draft:
 * @self: the scheme.
 * @parts: the values that are known; what is out of range counts as unknown.
 *
 * Writes a number as a draft shows it: `...` stands for the position and for each field that the
 * pattern needs and @parts has not.  Cannot fail.
 *
 * Returns: (transfer full): the text, freed with g_free().
 */
NSK_API char *nsk_number_scheme_draft(const NskNumberScheme *self, const NskNumberParts *parts);

/**
 * nsk_number_scheme_get_pattern:
 * @self: the scheme.
 *
 * Returns: the text that it was parsed from, owned by @self.
 */
NSK_API const char *nsk_number_scheme_get_pattern(const NskNumberScheme *self);

/**
 * nsk_number_scheme_ref:
 * @self: the scheme.
 *
 * Takes one more reference.  May be called from any thread.
 *
 * Returns: (transfer full): @self.
 */
NSK_API NskNumberScheme *nsk_number_scheme_ref(NskNumberScheme *self);

/**
 * nsk_number_scheme_unref:
 * @self: (nullable) (transfer full): the scheme; %NULL is ignored.
 *
 * Gives up one reference.  May be called from any thread.
 */
NSK_API void nsk_number_scheme_unref(NskNumberScheme *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskNumberScheme, nsk_number_scheme_unref)

G_END_DECLS
