/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PKCS#11 modules, tokens, sessions, keys and certificates. */
#include "base/message.h"
#include "signer/child-pkcs11.h"

#include <dlfcn.h>
#include <string.h>

#define MAX_SLOTS     256
#define MAX_FOUND     1000  /* objects of a search */
#define MAX_ATTRIBUTE 65536 /* bytes */
#define MAX_SIGNATURE 4096  /* bytes */
#define MAX_ID        128   /* bytes */

struct _P11Token {
    CK_FUNCTION_LIST *functions;
    CK_SLOT_ID slot;
    GMutex lock;
};

/* This process has one module; it is loaded once. */
static GMutex module_lock;
static char *module_path;
static CK_FUNCTION_LIST *module_functions;
static GHashTable *tokens; /* slot -> P11Token */

/* --- The module ------------------------------------------------------------------------------- */

static CK_RV
initialise(const char *path, CK_FUNCTION_LIST **out_functions)
{
    CK_C_INITIALIZE_ARGS threads = { .flags = CKF_OS_LOCKING_OK };
    CK_C_GetFunctionList get = NULL;
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);

    if (library != NULL)
        *(void **)&get = dlsym(library, "C_GetFunctionList");
    if (get == NULL || get(out_functions) != CKR_OK || *out_functions == NULL)
        return CKR_GENERAL_ERROR;
    CK_RV rv = (*out_functions)->C_Initialize(&threads);
    return rv == CKR_CRYPTOKI_ALREADY_INITIALIZED ? CKR_OK : rv;
}

/* Called with the lock held. */
static bool
load_module(ChildSession *self, GError **error)
{
    const char *path = session_text(self, "module");
    CK_FUNCTION_LIST *functions = NULL;

    if (module_functions != NULL && g_strcmp0(path, module_path) == 0)
        return true;
    if (module_functions != NULL || initialise(path, &functions) != CKR_OK)
        return session_fail(self, NSK_SIGNER_FAULT_SETTINGS, error,
                            nsk_tr("'%s' cannot be used as a PKCS#11 module; name the library that "
                                   "came with the card or the HSM, and the environment that it "
                                   "needs"),
                            path);
    module_functions = functions;
    module_path = g_strdup(path);
    tokens = g_hash_table_new(NULL, NULL);
    return true;
}

/* Whether a field of blanks behind its text is @text. */
static bool
is_field(const CK_UTF8CHAR *field, size_t size, const char *text)
{
    size_t length = size;

    while (length > 0 && (field[length - 1] == ' ' || field[length - 1] == '\0'))
        length--;
    return strlen(text) == length && memcmp(field, text, length) == 0;
}

static bool
is_wanted(const ChildSession *self, CK_SLOT_ID slot)
{
    CK_TOKEN_INFO info = { 0 };
    const char *label = session_text(self, "token");
    const char *serial = session_text(self, "serial");

    if (module_functions->C_GetTokenInfo(slot, &info) != CKR_OK ||
        (info.flags & CKF_TOKEN_INITIALIZED) == 0)
        return false;
    return (label == NULL || is_field(info.label, sizeof info.label, label)) &&
           (serial == NULL ||
            is_field((const CK_UTF8CHAR *)info.serialNumber, sizeof info.serialNumber, serial));
}

static P11Token *
keep_token(CK_SLOT_ID slot)
{
    P11Token *token = g_hash_table_lookup(tokens, GSIZE_TO_POINTER(slot + 1));

    if (token != NULL)
        return token;
    token = g_new0(P11Token, 1);
    token->functions = module_functions;
    token->slot = slot;
    g_mutex_init(&token->lock);
    g_hash_table_insert(tokens, GSIZE_TO_POINTER(slot + 1), token);
    return token;
}

/* How many of the tokens that are there now are wanted; the last of them goes to *out_slot. */
static CK_ULONG
count_tokens(const ChildSession *self, CK_SLOT_ID *out_slot)
{
    CK_SLOT_ID slots[MAX_SLOTS];
    CK_ULONG n = 0, found = 0;

    /* what came or went since is seen only when the number alone is asked for (PKCS#11, 5.5) */
    CK_RV rv = module_functions->C_GetSlotList(CK_TRUE, NULL, &n);
    n = MAX_SLOTS;
    if (rv == CKR_OK)
        rv = module_functions->C_GetSlotList(CK_TRUE, slots, &n);
    for (CK_ULONG i = 0; rv == CKR_OK && i < n; i++)
        if (is_wanted(self, slots[i])) {
            *out_slot = slots[i];
            found++;
        }
    return found;
}

/* Begins anew with the module: some see a card that was put in again only then.  Not while a token
 * of the module is in use; sessions and keys are looked for anew by each use. */
static void
start_again(void)
{
    g_autoptr(GPtrArray) locked = g_ptr_array_new();
    CK_C_INITIALIZE_ARGS threads = { .flags = CKF_OS_LOCKING_OK };
    GHashTableIter iter;
    gpointer value;
    bool idle = true;

    g_hash_table_iter_init(&iter, tokens);
    while (idle && g_hash_table_iter_next(&iter, NULL, &value)) {
        P11Token *token = value;

        idle = g_mutex_trylock(&token->lock);
        if (idle)
            g_ptr_array_add(locked, token);
    }
    CK_RV rv = idle ? module_functions->C_Finalize(NULL) : CKR_FUNCTION_FAILED;
    if (rv == CKR_OK || rv == CKR_CRYPTOKI_NOT_INITIALIZED)
        (void)module_functions->C_Initialize(&threads);
    for (guint i = 0; i < locked->len; i++) {
        P11Token *token = g_ptr_array_index(locked, i);

        g_mutex_unlock(&token->lock);
    }
}

/* Called with the lock held. */
static P11Token *
find_token(ChildSession *self, GError **error)
{
    CK_SLOT_ID slot = 0;

    if (!load_module(self, error))
        return NULL;
    CK_ULONG found = count_tokens(self, &slot);
    if (found == 0) {
        start_again();
        found = count_tokens(self, &slot);
    }
    if (found == 1)
        return keep_token(slot);
    if (found > 1)
        session_fail(self, NSK_SIGNER_FAULT_SETTINGS, error,
                     nsk_tr("%lu tokens are there for '%s'; name one with its label (token) or "
                            "number (serial)"),
                     found, self->name);
    else
        session_fail(self, NSK_SIGNER_FAULT_ABSENT, error,
                     nsk_tr("the card or token of '%s' is not there; put it in and try again"),
                     self->name);
    return NULL;
}

P11Token *
p11_token_find(ChildSession *self, GError **error)
{
    g_mutex_lock(&module_lock);
    P11Token *token = find_token(self, error);
    g_mutex_unlock(&module_lock);
    return token;
}

bool
p11_token_has_pad(P11Token *token)
{
    CK_TOKEN_INFO info = { 0 };

    g_mutex_lock(&token->lock);
    CK_RV rv = token->functions->C_GetTokenInfo(token->slot, &info);
    g_mutex_unlock(&token->lock);
    return rv == CKR_OK && (info.flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0;
}

/* --- Sessions --------------------------------------------------------------------------------- */

static CK_RV
log_in(P11Session *session, CK_USER_TYPE user, const NskLocked *pin)
{
    CK_UTF8CHAR *text = (CK_UTF8CHAR *)(guintptr)nsk_locked_text(pin);

    return session->functions->C_Login(session->handle, user, text, nsk_locked_size(pin));
}

bool
p11_begin(ChildSession *self,
          P11Token *token,
          const NskLocked *pin,
          P11Session *out_session,
          GError **error)
{
    P11Session session = { .token = token, .functions = token->functions };

    g_mutex_lock(&token->lock);
    CK_RV rv = token->functions->C_OpenSession(token->slot, CKF_SERIAL_SESSION, NULL, NULL,
                                               &session.handle);
    if (rv != CKR_OK) {
        g_mutex_unlock(&token->lock);
        return p11_fail(self, rv, error);
    }
    if (pin != NULL)
        rv = log_in(&session, CKU_USER, pin);
    session.logged_in = pin != NULL && rv == CKR_OK;
    /* somebody's login that was never ended would let everybody in */
    if (rv == CKR_USER_ALREADY_LOGGED_IN) {
        (void)token->functions->C_Logout(session.handle);
        rv = log_in(&session, CKU_USER, pin);
        session.logged_in = rv == CKR_OK;
    }
    if (rv != CKR_OK) {
        p11_end(&session);
        return p11_fail(self, rv, error);
    }
    *out_session = session;
    return true;
}

void
p11_end(P11Session *session)
{
    if (session->logged_in)
        (void)session->functions->C_Logout(session->handle);
    (void)session->functions->C_CloseSession(session->handle);
    g_mutex_unlock(&session->token->lock);
}

/* --- Objects ---------------------------------------------------------------------------------- */

/* Up to MAX_FOUND objects that have all of @wanted. */
static CK_RV
find_objects(const P11Session *session,
             CK_ATTRIBUTE *wanted,
             CK_ULONG n_wanted,
             CK_OBJECT_HANDLE found[MAX_FOUND],
             CK_ULONG *out_n)
{
    CK_RV rv = session->functions->C_FindObjectsInit(session->handle, wanted, n_wanted);

    *out_n = 0;
    if (rv != CKR_OK)
        return rv;
    for (CK_ULONG n = 1; rv == CKR_OK && n > 0 && *out_n < MAX_FOUND; *out_n += n)
        rv = session->functions->C_FindObjects(session->handle, found + *out_n, MAX_FOUND - *out_n,
                                               &n);
    (void)session->functions->C_FindObjectsFinal(session->handle);
    *out_n = MIN(*out_n, MAX_FOUND);
    return rv;
}

/* An attribute's bytes; NULL if it has none. */
static uint8_t *
read_attribute(const P11Session *session,
               CK_OBJECT_HANDLE object,
               CK_ATTRIBUTE_TYPE type,
               size_t *out_size)
{
    CK_ATTRIBUTE attribute = { type, NULL, 0 };

    if (session->functions->C_GetAttributeValue(session->handle, object, &attribute, 1) != CKR_OK ||
        attribute.ulValueLen == 0 || attribute.ulValueLen > MAX_ATTRIBUTE)
        return NULL;
    g_autofree uint8_t *value = g_malloc(attribute.ulValueLen);
    attribute.pValue = value;
    if (session->functions->C_GetAttributeValue(session->handle, object, &attribute, 1) != CKR_OK ||
        attribute.ulValueLen > MAX_ATTRIBUTE)
        return NULL;
    *out_size = attribute.ulValueLen;
    return g_steal_pointer(&value);
}

/* "id=" and hex; false if the key is named by its label, or this is no hex. */
static bool
parse_id(const char *name, uint8_t id[MAX_ID], size_t *out_size)
{
    const char *hex = g_str_has_prefix(name, "id=") ? name + 3 : NULL;
    size_t length = hex != NULL ? strlen(hex) : 0;

    if (length == 0 || length % 2 != 0 || length / 2 > MAX_ID)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (!g_ascii_isxdigit(hex[i]))
            return false;
        id[i / 2] = (uint8_t)((i % 2 == 0 ? 0 : id[i / 2] * 16) + g_ascii_xdigit_value(hex[i]));
    }
    *out_size = length / 2;
    return true;
}

/* The object of @class that the signer's key names; 0 if there is none. */
static bool
find_named(ChildSession *self,
           const P11Session *session,
           CK_OBJECT_CLASS class,
           CK_OBJECT_HANDLE *out_object,
           GError **error)
{
    CK_OBJECT_HANDLE found[MAX_FOUND];
    uint8_t id[MAX_ID];
    size_t id_size;
    CK_ULONG n;
    CK_ATTRIBUTE wanted[2] = { { CKA_CLASS, &class, sizeof class },
                               { CKA_LABEL, self->key, strlen(self->key) } };

    if (parse_id(self->key, id, &id_size))
        wanted[1] = (CK_ATTRIBUTE){ CKA_ID, id, id_size };
    CK_RV rv = find_objects(session, wanted, G_N_ELEMENTS(wanted), found, &n);
    if (rv != CKR_OK)
        return p11_fail(self, rv, error);
    if (n > 1)
        return session_fail(self, NSK_SIGNER_FAULT_SETTINGS, error,
                            nsk_tr("%lu keys of '%s' are called '%s'; name the one that is meant "
                                   "by its number, as id=HEX"),
                            n, self->name, self->key);
    *out_object = n == 1 ? found[0] : 0;
    return true;
}

bool
p11_find_key(ChildSession *self, const P11Session *session, P11Key *key, GError **error)
{
    CK_OBJECT_HANDLE private = 0, certificate = 0;

    if (!find_named(self, session, CKO_PRIVATE_KEY, &private, error) ||
        (private == 0 && !find_named(self, session, CKO_CERTIFICATE, &certificate, error)))
        return false;
    if (private == 0 && session->logged_in)
        return session_fail(self, NSK_SIGNER_FAULT_ABSENT, error,
                            nsk_tr("the token of '%s' has no key '%s'"), self->name, self->key);
    g_clear_pointer(&key->id, g_free);
    key->handle = private;
    if (private != 0 || certificate != 0)
        key->id =
            read_attribute(session, private != 0 ? private : certificate, CKA_ID, &key->id_size);
    return true;
}

static NskCert *
read_certificate(const P11Session *session, CK_OBJECT_HANDLE object)
{
    size_t size = 0;
    g_autofree uint8_t *der = read_attribute(session, object, CKA_VALUE, &size);

    return der != NULL ? nsk_cert_parse(der, size, NULL) : NULL;
}

/* Adds the issuer of the last of @chain, as long as it is among @certs and no root. */
static void
add_issuers(GPtrArray *chain, GPtrArray *certs)
{
    for (guint i = 0; i < certs->len && chain->len <= certs->len; i++) {
        const NskCertFacts *last = nsk_cert_facts(g_ptr_array_index(chain, chain->len - 1));
        NskCert *cert = g_ptr_array_index(certs, i);
        const NskCertFacts *facts = nsk_cert_facts(cert);

        if (facts->is_ca && !facts->is_self_issued &&
            strcmp(last->issuer_dn, facts->subject_dn) == 0) {
            g_ptr_array_add(chain, nsk_cert_ref(cert));
            i = G_MAXUINT; /* from the beginning */
        }
    }
}

bool
p11_find_chain(ChildSession *self,
               const P11Session *session,
               const P11Key *key,
               GPtrArray *chain,
               GError **error)
{
    CK_OBJECT_CLASS class = CKO_CERTIFICATE;
    CK_ATTRIBUTE wanted = { CKA_CLASS, &class, sizeof class };
    CK_OBJECT_HANDLE found[MAX_FOUND];
    g_autoptr(GPtrArray) others = g_ptr_array_new_with_free_func((GDestroyNotify)nsk_cert_unref);
    CK_ULONG n;
    CK_RV rv = find_objects(session, &wanted, 1, found, &n);

    if (rv != CKR_OK)
        return p11_fail(self, rv, error);
    for (CK_ULONG i = 0; i < n; i++) {
        size_t size = 0;
        NskCert *cert = read_certificate(session, found[i]);
        g_autofree uint8_t *id = read_attribute(session, found[i], CKA_ID, &size);
        bool own =
            key->id != NULL && id != NULL && size == key->id_size && memcmp(id, key->id, size) == 0;

        if (cert != NULL)
            g_ptr_array_add(own && chain->len == 0 ? chain : others, cert);
    }
    if (chain->len > 0)
        add_issuers(chain, others);
    return true;
}

/* --- Signing ---------------------------------------------------------------------------------- */

/* A key may want the PIN for each signature (CKA_ALWAYS_AUTHENTICATE). */
static CK_RV
authenticate_again(const P11Session *session, CK_OBJECT_HANDLE key, const NskLocked *pin)
{
    CK_BBOOL always = CK_FALSE;
    CK_ATTRIBUTE attribute = { CKA_ALWAYS_AUTHENTICATE, &always, sizeof always };
    P11Session copy = *session;

    if (session->functions->C_GetAttributeValue(session->handle, key, &attribute, 1) != CKR_OK ||
        always != CK_TRUE || pin == NULL)
        return CKR_OK;
    return log_in(&copy, CKU_CONTEXT_SPECIFIC, pin);
}

CK_RV
p11_sign(const P11Session *session,
         CK_OBJECT_HANDLE key,
         NskScheme scheme,
         const uint8_t digest[NSK_SHA256_SIZE],
         const NskLocked *pin,
         GBytes **out_value)
{
    CK_RSA_PKCS_PSS_PARAMS pss = { CKM_SHA256, CKG_MGF1_SHA256, NSK_SHA256_SIZE };
    CK_MECHANISM mechanism = { CKM_ECDSA, NULL, 0 };
    uint8_t input[NSK_DIGEST_INFO_SIZE], value[MAX_SIGNATURE];
    CK_ULONG input_size = NSK_SHA256_SIZE, size = sizeof value;

    memcpy(input, digest, NSK_SHA256_SIZE);
    if (scheme == NSK_SCHEME_RSA_PSS)
        mechanism = (CK_MECHANISM){ CKM_RSA_PKCS_PSS, &pss, sizeof pss };
    if (scheme == NSK_SCHEME_RSA_PKCS1) {
        mechanism = (CK_MECHANISM){ CKM_RSA_PKCS, NULL, 0 };
        nsk_rsa_digest_info(digest, input);
        input_size = sizeof input;
    }
    CK_RV rv = session->functions->C_SignInit(session->handle, &mechanism, key);
    if (rv == CKR_OK)
        rv = authenticate_again(session, key, pin);
    if (rv == CKR_OK)
        rv = session->functions->C_Sign(session->handle, input, input_size, value, &size);
    if (rv != CKR_OK)
        return rv;
    *out_value = scheme == NSK_SCHEME_ECDSA
                     ? nsk_ecdsa_from_raw(value, MIN(size, sizeof value), NULL)
                     : g_bytes_new(value, MIN(size, sizeof value));
    return *out_value != NULL ? CKR_OK : CKR_SIGNATURE_INVALID;
}
