/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * Words for people, in Indonesian or English.
 *
 * The source holds the English sentence; templates/messages/id.po holds the Indonesian one.  The
 * language is that of LC_ALL, LC_MESSAGES or LANG, the first that is set: Indonesian if it begins
 * with "id", else English.  A thread that works for somebody else uses that person's language.
 */

/*
 * The sentence in the user's language, or @english itself.  Static.  Any thread.  Leaves errno as
 * it is, so that it may stand beside nsk_reason(errno) among the arguments of a call.
 */
const char *nsk_tr(const char *english) G_GNUC_FORMAT(1);

/* Marks a sentence that nsk_tr() is given later. */
#define N_(english) (english)

/* What the system's error number @code means, in the user's language.  Static.  Any thread. */
const char *nsk_reason(int code);

/* "id" or "en". */
const char *nsk_language(void);
/* The language of this thread from now on; NULL: that of the environment.  Returns what was in use
 * before, to be put back. */
const char *nsk_language_use(const char *language);
