/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The provider of identities: settings of the office, and a key in the folder of keys, which
 * backups keep apart.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "office/admin-private.h"
#include "office/door-private.h"
#include "office/sso-private.h"

#include <string.h>

#define SETTING_ISSUER "sso-issuer"
#define SETTING_CLIENT "sso-client"
#define SETTING_NAME   "sso-name"
#define SETTING_CLAIM  "sso-claim"
#define SETTING_CA     "sso-ca"
#define KEY_FILE       "keys/sso.key"
#define KEY_MODE       0600
#define KEY_MAX        4096
#define MAX_TEXT       500 /* bytes of an address */
#define MAX_NAME       100 /* bytes of a name of the provider, and of a claim */
#define MAX_SUBJECT    255 /* OpenID Connect Core 1.0, 2 */

void
nsk_sso_provider_clear(NskSsoProvider *self)
{
    g_clear_pointer(&self->issuer, g_free);
    g_clear_pointer(&self->client, g_free);
    g_clear_pointer(&self->name, g_free);
    g_clear_pointer(&self->claim, g_free);
    g_clear_pointer(&self->ca, g_free);
}

/* NULL for what is empty or not there. */
static bool
load_setting(NskDbTxn *txn, const char *name, char **out_value, GError **error)
{
    if (!nsk_setting_find(txn, name, out_value, error))
        return false;
    if (*out_value != NULL && (*out_value)[0] == '\0')
        g_clear_pointer(out_value, g_free);
    return true;
}

bool
nsk_sso_provider_load(NskDbTxn *txn, NskSsoProvider *out_provider, GError **error)
{
    return load_setting(txn, SETTING_ISSUER, &out_provider->issuer, error) &&
           load_setting(txn, SETTING_CLIENT, &out_provider->client, error) &&
           load_setting(txn, SETTING_NAME, &out_provider->name, error) &&
           load_setting(txn, SETTING_CLAIM, &out_provider->claim, error) &&
           load_setting(txn, SETTING_CA, &out_provider->ca, error);
}

NskJwsKey *
nsk_sso_key(const NskOffice *office, GError **error)
{
    g_autofree char *path = nsk_office_path(office->dir, KEY_FILE);
    g_autoptr(GBytes) der = nsk_file_read(path, KEY_MAX, error);
    gsize size = 0;
    const void *data = der != NULL ? g_bytes_get_data(der, &size) : NULL;

    return data != NULL ? nsk_jws_key_load(data, size, error) : NULL;
}

bool
nsk_sso_is_subject(const char *name)
{
    size_t size = name != NULL ? strlen(name) : 0;

    for (size_t i = 0; i < size; i++) {
        if ((unsigned char)name[i] < ' ' || name[i] == 0x7f)
            return false;
    }
    return size > 0 && size <= MAX_SUBJECT && nsk_utf8_is_valid(name, size);
}

bool
nsk_sso_is_address(const char *url)
{
    static const char *const near[] = { "http://127.0.0.1:", "http://localhost:" };
    bool good = g_str_has_prefix(url, "https://") && url[strlen("https://")] != '\0';

    for (size_t i = 0; i < G_N_ELEMENTS(near); i++)
        good = good || g_str_has_prefix(url, near[i]);
    return good && strlen(url) <= MAX_TEXT && strpbrk(url, " \t\r\n\"<>\\") == NULL &&
           strchr(url, '#') == NULL && strchr(url, '@') == NULL;
}

/* --- Setting it ------------------------------------------------------------------------------- */

typedef struct {
    NskOffice *office;
    const NskSsoSettings *settings;
    NskInstant now;
} Work;

static bool
refuse(GError **error, const char *format, const char *what)
{
    g_autofree char *words = g_strdup_printf("'%.200s': %s", what, format);

    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID, words);
    return false;
}

/* Claims that can be another person's one day (OpenID Connect Core 1.0, 5.7). */
static bool
is_claim(const char *claim)
{
    static const char *const passing[] = { "email",       "email_verified",     "name",
                                           "given_name",  "family_name",        "nickname",
                                           "middle_name", "preferred_username", "phone_number" };

    for (size_t i = 0; i < G_N_ELEMENTS(passing); i++) {
        if (strcmp(claim, passing[i]) == 0)
            return false;
    }
    return claim[0] != '\0' && strlen(claim) <= MAX_NAME &&
           strspn(claim, "abcdefghijklmnopqrstuvwxyz_0123456789") == strlen(claim);
}

static bool
check_settings(const NskSsoSettings *settings, GError **error)
{
    const char *client = settings->client != NULL ? settings->client : "";
    const char *name = settings->name != NULL ? settings->name : "";

    if (!nsk_sso_is_address(settings->issuer) || strchr(settings->issuer, '?') != NULL)
        return refuse(error,
                      nsk_tr("this is no issuer; it is an address under https, as the provider "
                             "gives it, such as https://sso.example.go.id"),
                      settings->issuer);
    if (client[0] == '\0' || strlen(client) > MAX_TEXT || !nsk_sso_is_subject(client))
        return refuse(error,
                      nsk_tr("give the office's name at the provider, as it was registered there "
                             "(client ID)"),
                      client);
    if (strlen(name) > MAX_NAME || !nsk_sso_is_subject(name))
        return refuse(error, nsk_tr("say what people call the provider, such as 'SSO Pemda'"),
                      name);
    if (settings->claim != NULL && !is_claim(settings->claim))
        return refuse(error,
                      nsk_tr("this claim does not name one person for ever; take 'sub', or one "
                             "such as 'nip' if the provider has it"),
                      settings->claim);
    return true;
}

static bool
put(NskDbTxn *txn, const char *name, const char *value, GError **error)
{
    return nsk_setting_put(txn, name, value != NULL ? value : "", error);
}

static bool
apply_settings(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Work *work = data;
    const NskSsoSettings *settings = work->settings;
    const NskOfficeEvent event = { .origin = work->office->origin,
                                   .history = NSK_SETTINGS_HISTORY,
                                   .actor = nsk_admin_actor(work->office, "naskah-sso"),
                                   .auth = work->office->auth,
                                   .action = "provider-set",
                                   .sentence = "Name the provider of identities",
                                   .reason = settings->issuer,
                                   .now = work->now };

    return nsk_admin_check(work->office, txn, error) &&
           put(txn, SETTING_ISSUER, settings->issuer, error) &&
           put(txn, SETTING_CLIENT, settings->client, error) &&
           put(txn, SETTING_NAME, settings->name, error) &&
           put(txn, SETTING_CLAIM, settings->claim, error) &&
           put(txn, SETTING_CA, settings->ca, error) &&
           nsk_record_office_rows(txn, NSK_KEPT_SETTINGS, &event, error);
}

/* The one that is there goes on: a provider knows it. */
static bool
make_key(const NskOffice *office, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskJwsKey) known = nsk_sso_key(office, &fault);
    g_autofree char *path = nsk_office_path(office->dir, KEY_FILE);

    if (known != NULL)
        return true;
    if (!g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    g_autoptr(NskJwsKey) key = nsk_jws_key_new(error);
    g_autoptr(GBytes) der = key != NULL ? nsk_jws_key_save(key, error) : NULL;
    gsize size = 0;
    const void *data = der != NULL ? g_bytes_get_data(der, &size) : NULL;

    return data != NULL && nsk_file_write(path, data, size, KEY_MODE, error);
}

static bool
load(NskOffice *self, NskSsoProvider *out_provider, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);

    return txn != NULL && nsk_sso_provider_load(txn, out_provider, error);
}

/* Who comes through the door makes this machine ask no address of its own that its owner did not
 * name. */
static bool
check_near(const NskSsoProvider *known, const char *issuer, GError **error)
{
    return g_str_has_prefix(issuer, "https://") || g_strcmp0(issuer, known->issuer) == 0 ||
           refuse(error,
                  nsk_tr("this is no issuer; it is an address under https, as the provider "
                         "gives it, such as https://sso.example.go.id"),
                  issuer);
}

bool
nsk_office_sso_set(NskOffice *self, const NskSsoSettings *settings, GError **error)
{
    const NskSsoSettings none = { 0 };
    bool is_one = settings->issuer != NULL;
    bool is_guest = nsk_admin_comes_by_door(self), may = false;
    g_auto(NskSsoProvider) known = { 0 };
    NskSsoSettings wanted = is_one ? *settings : none;
    Work work = { self, &wanted, nsk_clock_now(self->clock) };

    if (!nsk_office_may_administer(self, &may, error) || !load(self, &known, error))
        return false;
    if (is_guest)
        wanted.ca = is_one ? known.ca : NULL;
    /* the change itself refuses who may not; the key is made before it */
    if (may && is_one &&
        (!check_settings(settings, error) ||
         (is_guest && !check_near(&known, settings->issuer, error)) || !make_key(self, error)))
        return false;
    return nsk_office_commit(self, apply_settings, &work, NULL, error);
}

/* --- Showing it ------------------------------------------------------------------------------- */

bool
nsk_office_sso_show(NskOffice *self, NskJson **out_result, GError **error)
{
    g_auto(NskSsoProvider) provider = { 0 };
    g_autoptr(NskJson) result = nsk_json_object();

    if (!load(self, &provider, error))
        return false;
    g_autoptr(NskJwsKey) key = provider.issuer != NULL ? nsk_sso_key(self, error) : NULL;
    if (provider.issuer != NULL && key == NULL)
        return false;
    NskJson *keys = nsk_json_array();
    NskJson *ways = nsk_json_array();
    if (key != NULL)
        nsk_json_add(keys, nsk_jws_key_public(key));
    nsk_json_add_text(ways, "/masuk/sso/kembali");
    nsk_json_add_text(ways, "/profil/sso/kembali");
    nsk_json_add_text(ways, "/keluar/sso/kembali");
    nsk_json_set_text(result, "issuer", provider.issuer);
    nsk_json_set_text(result, "client", provider.client);
    nsk_json_set_text(result, "name", provider.name);
    nsk_json_set_text(result, "claim", provider.claim != NULL ? provider.claim : "sub");
    nsk_json_set(result, "keys", keys);
    nsk_json_set(result, "ways", ways);
    *out_result = g_steal_pointer(&result);
    return true;
}

bool
nsk_office_sso_name(NskOffice *self, char **out_name, bool *out_linked, GError **error)
{
    g_auto(NskSsoProvider) provider = { 0 };
    g_autofree char *subject = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);

    if (txn == NULL || !nsk_sso_provider_load(txn, &provider, error) ||
        (provider.issuer != NULL && self->person != NULL &&
         !nsk_subject_of(txn, provider.issuer, self->person, &subject, error)))
        return false;
    *out_linked = subject != NULL;
    *out_name = provider.issuer != NULL ? g_steal_pointer(&provider.name) : NULL;
    return true;
}

/* --- Links, by the owner of the folder -------------------------------------------------------- */

typedef struct {
    const NskOffice *office;
    const char *person;
    const NskSubject *subject; /* NULL: the link is undone */
    NskInstant now;
} Link;

static bool
apply_link(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Link *link = data;
    g_autoptr(NskAccount) account = NULL;
    const NskDoorEvent event = { .origin = link->office->origin,
                                 .action = link->subject != NULL ? "provider-linked"
                                                                 : "provider-unlinked",
                                 .actor = "naskah-sso",
                                 .detail = link->person,
                                 .person = link->person,
                                 .now = link->now };

    if (!nsk_account_of(txn, link->person, &account, error))
        return false;
    if (account == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("'%.200s' has no account; make one with 'naskah account add'"),
                    link->person);
        return false;
    }
    return (link->subject != NULL
                ? nsk_subject_keep(txn, link->subject, link->person, link->now, error)
                : nsk_subject_end(txn, link->person, error)) &&
           nsk_door_record(txn, &event, error);
}

bool
nsk_do_sso_link(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    const NskSsoLink *wanted = arguments;
    g_auto(NskSsoProvider) provider = { 0 };

    g_clear_pointer(&self->request_id, g_free); /* done twice it is refused or the same */
    if (!load(self, &provider, error))
        return false;
    const NskSubject known = { provider.issuer, wanted->subject };
    bool is_new = wanted->subject != NULL;
    Link link = { self, wanted->person, is_new ? &known : NULL, nsk_clock_now(self->clock) };
    if (is_new && provider.issuer == NULL) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                            nsk_tr("there is no identity provider; name it with 'naskah sso "
                                   "provider'"));
        return false;
    }
    if (is_new && !nsk_sso_is_subject(wanted->subject))
        return refuse(error, nsk_tr("this cannot be the provider's name of somebody"),
                      wanted->subject);
    if (!nsk_office_commit(self, apply_link, &link, NULL, error))
        return false;
    *out_result = nsk_json_object();
    nsk_json_set_text(*out_result, "person", wanted->person);
    return true;
}
