/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an administrator may say of a signer: one table of settings. */
#include "base/message.h"
#include "signer/signer-private.h"

#include <string.h>

typedef bool (*Check)(const NskJson *value);

#define OF(kind) (1U << (kind))
#define SERVICES (OF(NSK_SIGNER_CSC) | OF(NSK_SIGNER_BSRE))

#define MAX_TEXT 1024

static bool
is_text(const char *text)
{
    return text != NULL && text[0] != '\0' && strlen(text) <= MAX_TEXT;
}

/* The text of a value that is not a member of anything. */
static const char *
text_of(const NskJson *value)
{
    g_autoptr(NskJson) box = nsk_json_array();

    if (nsk_json_type(value) != NSK_JSON_TEXT)
        return NULL;
    nsk_json_add(box, nsk_json_ref(value));
    return nsk_json_text_at(box, 0);
}

static bool
check_text(const NskJson *value)
{
    return is_text(text_of(value));
}

static bool
check_path(const NskJson *value)
{
    const char *text = text_of(value);

    return is_text(text) && g_path_is_absolute(text);
}

static bool
check_url(const NskJson *value)
{
    const char *text = text_of(value);

    return is_text(text) &&
           (g_str_has_prefix(text, "https://") || g_str_has_prefix(text, "http://"));
}

static bool
check_rsa(const NskJson *value)
{
    const char *text = text_of(value);

    return g_strcmp0(text, "pss") == 0 || g_strcmp0(text, "pkcs1") == 0;
}

/* NAME=VALUE whose name cannot change what the program itself loads. */
static bool
is_variable(const char *text)
{
    size_t n = text != NULL ? strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") : 0;

    return is_text(text) && n > 0 && text[n] == '=' && !g_str_has_prefix(text, "LD_") &&
           !g_str_has_prefix(text, "GLIBC_") && !g_str_has_prefix(text, "OPENSSL_") &&
           strchr(text, '\n') == NULL;
}

static bool
check_environment(const NskJson *value)
{
    if (nsk_json_type(value) == NSK_JSON_TEXT)
        return is_variable(text_of(value));
    if (nsk_json_type(value) != NSK_JSON_ARRAY || nsk_json_length(value) > 16)
        return false;
    for (size_t i = 0; i < nsk_json_length(value); i++)
        if (!is_variable(nsk_json_text_at(value, i)))
            return false;
    return true;
}

/* The number of a value that is not a member of anything; -1 if it is none. */
static int64_t
number_of(const NskJson *value)
{
    g_autoptr(NskJson) box = nsk_json_object();

    nsk_json_set(box, "n", nsk_json_ref(value));
    return nsk_json_get_int(box, "n", -1);
}

static bool
check_batch(const NskJson *value)
{
    return number_of(value) >= 1 && number_of(value) <= 100;
}

static bool
check_version(const NskJson *value)
{
    return number_of(value) == 1 || number_of(value) == 2;
}

static bool
check_timeout(const NskJson *value)
{
    return number_of(value) >= 1 && number_of(value) <= 600;
}

static const struct {
    const char *name;
    unsigned kinds;
    unsigned needed; /* by these kinds */
    Check check;
    const char *form;
} settings_table[] = {
    { "folder", OF(NSK_SIGNER_PKCS12), 0, check_text, N_("a folder") },
    { "module", OF(NSK_SIGNER_PKCS11), OF(NSK_SIGNER_PKCS11), check_path,
      N_("the whole path of a library") },
    { "token", OF(NSK_SIGNER_PKCS11), 0, check_text, N_("a text") },
    { "serial", OF(NSK_SIGNER_PKCS11), 0, check_text, N_("a text") },
    { "environment", OF(NSK_SIGNER_PKCS11), 0, check_environment,
      N_("NAME=VALUE, or a list of such") },
    { "rsa", OF(NSK_SIGNER_PKCS11) | OF(NSK_SIGNER_CSC), 0, check_rsa, N_("\"pss\" or \"pkcs1\"") },
    { "url", SERVICES, SERVICES, check_url, N_("an address that begins with https://") },
    { "version", OF(NSK_SIGNER_BSRE), OF(NSK_SIGNER_BSRE), check_version, N_("1 or 2") },
    { "batch", SERVICES, 0, check_batch, N_("a number from 1 to 100") },
    { "credentials", SERVICES, 0, check_text, N_("a file") },
    { "ca", SERVICES, 0, check_text, N_("a file") },
    { "timeout", SERVICES, 0, check_timeout, N_("seconds from 1 to 600") },
};

static bool
check_known(NskSignerKind kind, const NskJson *settings, GError **error)
{
    g_autoptr(GPtrArray) keys = nsk_json_keys(settings);

    for (guint i = 0; i < keys->len; i++) {
        const char *name = g_ptr_array_index(keys, i);
        size_t at = 0;

        while (at < G_N_ELEMENTS(settings_table) && strcmp(settings_table[at].name, name) != 0)
            at++;
        if (at < G_N_ELEMENTS(settings_table) && (settings_table[at].kinds & OF(kind)) != 0)
            continue;
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("a signer of kind '%s' has no setting '%s'"), nsk_signer_kind_name(kind),
                    name);
        return false;
    }
    return true;
}

bool
nsk_signer_check_settings(NskSignerKind kind, const NskJson *settings, GError **error)
{
    if (!check_known(kind, settings, error))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(settings_table); i++) {
        const char *name = settings_table[i].name;
        const NskJson *value = nsk_json_get(settings, name);

        if (value == NULL && (settings_table[i].needed & OF(kind)) == 0)
            continue;
        if (value != NULL && settings_table[i].check(value))
            continue;
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    value == NULL ? nsk_tr("a signer of kind '%s' needs the setting '%s': %s")
                                  : nsk_tr("a signer of kind '%s': the setting '%s' is not %s"),
                    nsk_signer_kind_name(kind), name, nsk_tr(settings_table[i].form));
        return false;
    }
    return true;
}
