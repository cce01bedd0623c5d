/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "make-pdf.h"

#define TEST_MINUTE (G_GINT64_CONSTANT(60) * 1000000)
#define TEST_HOUR   (60 * TEST_MINUTE)

/* Each raises @pdf by one level with what the demo authority gives at @at; asserts that it goes
 * well. */
GBytes *make_stamped(const Demo *demo, GBytes *pdf, const char *field, NskInstant at);
GBytes *make_lasting(const Demo *demo, GBytes *pdf, NskInstant at);
GBytes *make_sealed(const Demo *demo, GBytes *pdf, NskInstant at);

/* Signed in @field and raised to B-LTA, within the hours after @at. */
GBytes *make_lta(const Demo *demo, GBytes *base, const char *field, NskInstant at);
/* Signed twice, signatory-1 and signatory-2, each stamped, and raised to B-LTA. */
GBytes *make_two_lta(const Demo *demo, GBytes *base, NskInstant at);
/* Certified in @field. */
GBytes *make_certified(GBytes *pdf, NskIdentity *signer, const char *field);

/* The verdict at @now with the demo's root trusted. */
NskVerdict *judge_at(const Demo *demo, GBytes *pdf, NskInstant now);
