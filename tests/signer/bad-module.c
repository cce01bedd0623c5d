/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A PKCS#11 module around SoftHSM2 that behaves as cards do on bad days.  What goes wrong stands in
 * the file that BAD_MODULE names, looked at anew at each call:
 *
 *   removed   the card is pulled out before it signs
 *   removed N the same after N signatures
 *   locked    the PIN is locked
 *   pad       the reader takes the PIN on keys of its own
 *   wrong     signatures of another digest
 *   refused   the card does not sign
 *   crash     the module dies while it signs
 *   hang      it never comes back
 */
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static CK_FUNCTION_LIST changed;
static CK_FUNCTION_LIST *original;
static unsigned long made; /* signatures of this process */

__attribute__((visibility("default"))) CK_RV C_GetFunctionList(CK_FUNCTION_LIST **out_list);

/* The line of today; @line is all zero if there is none. */
static void
read_today(char line[32])
{
    const char *path = getenv("BAD_MODULE");
    FILE *file = path != NULL ? fopen(path, "re") : NULL;

    memset(line, 0, 32);
    if (file == NULL)
        return;
    if (fgets(line, 32, file) == NULL)
        line[0] = '\0';
    (void)fclose(file);
    line[strcspn(line, "\n")] = '\0';
}

static int
is_today(const char *what)
{
    char line[32];

    read_today(line);
    return strcmp(line, what) == 0;
}

/* Whether the card is out by now. */
static int
is_removed(void)
{
    char line[32];

    read_today(line);
    if (strncmp(line, "removed", 7) != 0)
        return 0;
    return line[7] == '\0' || made >= strtoul(line + 7, NULL, 10);
}

static CK_RV
log_in(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR *pin, CK_ULONG size)
{
    return is_today("locked") ? CKR_PIN_LOCKED : original->C_Login(session, user, pin, size);
}

static CK_RV
get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
    CK_RV rv = original->C_GetTokenInfo(slot, info);

    if (rv == CKR_OK && is_today("pad"))
        info->flags |= CKF_PROTECTED_AUTHENTICATION_PATH;
    return rv;
}

static CK_RV
sign(CK_SESSION_HANDLE session, CK_BYTE *data, CK_ULONG size, CK_BYTE *value, CK_ULONG *value_size)
{
    if (is_removed())
        return CKR_DEVICE_REMOVED;
    if (is_today("refused"))
        return CKR_FUNCTION_REJECTED;
    if (is_today("crash"))
        abort();
    while (is_today("hang"))
        (void)usleep(10000);
    if (is_today("wrong") && size > 0)
        data[size - 1] ^= 1;
    made++;
    return original->C_Sign(session, data, size, value, value_size);
}

CK_RV
C_GetFunctionList(CK_FUNCTION_LIST **out_list)
{
    CK_C_GetFunctionList get = NULL;
    void *library = dlopen(getenv("BAD_MODULE_OF"), RTLD_NOW | RTLD_LOCAL);

    if (library != NULL)
        *(void **)&get = dlsym(library, "C_GetFunctionList");
    if (get == NULL || get(&original) != CKR_OK)
        return CKR_GENERAL_ERROR;
    changed = *original;
    changed.C_GetTokenInfo = get_token_info;
    changed.C_Login = log_in;
    changed.C_Sign = sign;
    *out_list = &changed;
    return CKR_OK;
}
