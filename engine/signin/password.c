/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Passwords by argon2id.  64 MiB and three rounds take a tenth of a second here; only a few are
 * hashed at once, so that a crowd at the door cannot take the machine's memory.
 */
#include "base/message.h"
#include "base/resource.h"
#include "signin/signin-private.h"

#include <sodium.h>
#include <string.h>

#define ROUNDS  3
#define MEMORY  ((size_t)64 * 1024 * 1024) /* bytes */
#define AT_ONCE 3
#define WORST   "templates/rules/passwords.txt" /* a line each, small letters */

static GMutex lock;
static GCond leaves;
static int inside;

static void
enter(void)
{
    if (sodium_init() < 0)
        g_error("libsodium cannot be used");
    g_mutex_lock(&lock);
    while (inside >= AT_ONCE)
        g_cond_wait(&leaves, &lock);
    inside++;
    g_mutex_unlock(&lock);
}

static void
leave(void)
{
    g_mutex_lock(&lock);
    inside--;
    g_cond_signal(&leaves);
    g_mutex_unlock(&lock);
}

static bool
is_among_worst(const char *password)
{
    g_autoptr(GBytes) bytes = nsk_resource_load(WORST, NULL);
    size_t length = strlen(password);

    g_assert(bytes != NULL); /* built in */
    const char *line = g_bytes_get_data(bytes, NULL);
    const char *end = line + g_bytes_get_size(bytes);
    while (line < end) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));

        if (stop == NULL)
            stop = end;
        if ((size_t)(stop - line) == length && g_ascii_strncasecmp(line, password, length) == 0)
            return true;
        line = stop + 1;
    }
    return false;
}

/* The same character again and again, or a row such as "1234567890". */
static bool
is_a_row(const char *password)
{
    int step = password[0] != '\0' ? password[1] - password[0] : 0;

    if (step < -1 || step > 1)
        return false;
    for (const char *c = password; c[0] != '\0' && c[1] != '\0'; c++) {
        if (c[1] - c[0] != step && !(c[0] == '9' && c[1] == '0'))
            return false;
    }
    return true;
}

bool
nsk_password_check(const NskLocked *password, const char *name, GError **error)
{
    const char *text = nsk_locked_text(password);
    const char *why = NULL;

    if (!g_utf8_validate(text, -1, NULL))
        why = nsk_tr("the password has bytes that are no characters; type another one");
    else if (g_utf8_strlen(text, -1) < NSK_PASSWORD_MIN)
        why = nsk_tr("the password is too short; take 10 characters or more, such as a sentence "
                     "that only you know");
    else if (g_ascii_strcasecmp(text, name) == 0)
        why = nsk_tr("the password is the name with which you sign in; take another one");
    else if (is_among_worst(text) || is_a_row(text))
        why = nsk_tr("the password is one of those that are tried first; take a sentence that only "
                     "you know");
    if (why != NULL)
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID, why);
    return why == NULL;
}

char *
nsk_password_hash(const NskLocked *password, GError **error)
{
    char hash[crypto_pwhash_STRBYTES];

    enter();
    int failed = crypto_pwhash_str(hash, nsk_locked_text(password), nsk_locked_size(password),
                                   ROUNDS, MEMORY);
    leave();
    if (failed == 0)
        return g_strdup(hash);
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_BUSY,
                        nsk_tr("there is no memory to keep the password safely; try again later"));
    return NULL;
}

/* Of a password that nobody has. */
static const char *
nobodys_hash(void)
{
    static char *hash;

    if (g_once_init_enter(&hash)) {
        g_autofree char *word = nsk_token_new();
        g_autoptr(NskLocked) locked = nsk_locked_new(word, strlen(word), NULL);
        char *made = locked != NULL ? nsk_password_hash(locked, NULL) : NULL;

        g_once_init_leave(&hash, made != NULL ? made : g_strdup(""));
    }
    return hash;
}

bool
nsk_password_verify(const char *hash, const NskLocked *password, bool *out_old)
{
    const char *compared = hash != NULL ? hash : nobodys_hash();

    enter();
    bool right = crypto_pwhash_str_verify(compared, nsk_locked_text(password),
                                          nsk_locked_size(password)) == 0;
    leave();
    if (out_old != NULL)
        *out_old = right && crypto_pwhash_str_needs_rehash(compared, ROUNDS, MEMORY) != 0;
    return right && hash != NULL;
}
