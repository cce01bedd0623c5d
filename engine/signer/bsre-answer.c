/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What BSrE's e-sign client service answers.  There is no public text of its form: this is what
 * clients in use read, and every word that is not known means no.
 */
#include "base/limits.h"
#include "signer/answer-private.h"

#include <string.h>

#define MAX_ID        100
#define PDF_TAIL      1024 /* bytes in which the end of a PDF stands */
#define CODE_NO_USER  2011
#define CODE_PASSWORD 2031

GPtrArray *
bsre_read_files(const NskJson *answer, size_t most)
{
    const NskJson *list = nsk_json_get(answer, "file");

    if (list == NULL || nsk_json_type(list) != NSK_JSON_ARRAY)
        return NULL;
    GPtrArray *files = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    for (size_t i = 0; i < nsk_json_length(list) && i < most; i++) {
        const char *text = nsk_json_text_at(list, i);
        gsize size = 0;
        guchar *data = text != NULL ? g_base64_decode(text, &size) : NULL;

        g_ptr_array_add(files, g_bytes_new_take(data, size));
    }
    return files;
}

bool
bsre_is_document_id(const char *text)
{
    size_t length = text != NULL ? strlen(text) : 0;

    return length > 0 && length <= MAX_ID && text[0] != '.' &&
           strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.") ==
               length;
}

const char *
bsre_read_document_id(const NskJson *answer)
{
    const char *id = nsk_json_get_text(answer, "id_dokumen");

    return bsre_is_document_id(id) ? id : NULL;
}

/* A number that may be written as a text. */
static int64_t
number_of(const NskJson *answer, const char *name)
{
    const char *text = nsk_json_get_text(answer, name);

    return text != NULL ? g_ascii_strtoll(text, NULL, 10) : nsk_json_get_int(answer, name, 0);
}

static const char *
first_text(const NskJson *answer, const char *const *names)
{
    for (; *names != NULL; names++)
        if (nsk_json_get_text(answer, *names) != NULL)
            return nsk_json_get_text(answer, *names);
    return NULL;
}

NskSignerFaultKind
bsre_read_status(const NskJson *answer, const char **out_words)
{
    static const char *const names[] = { "message", "error", "status", NULL };
    static const struct {
        const char *state;
        NskSignerFaultKind kind;
    } states[] = {
        { "ISSUE", NSK_SIGNER_FAULT_NONE },
        { "ISSUED", NSK_SIGNER_FAULT_NONE },
        { "EXPIRED", NSK_SIGNER_FAULT_EXPIRED },
        { "EXPIRE", NSK_SIGNER_FAULT_EXPIRED },
        { "NOT_REGISTERED", NSK_SIGNER_FAULT_ABSENT },
        { "NO_CERTIFICATE", NSK_SIGNER_FAULT_ABSENT },
        { "NEW", NSK_SIGNER_FAULT_ABSENT },
    };
    const char *state = nsk_json_get_text(answer, "status");

    *out_words = first_text(answer, names);
    for (size_t i = 0; state != NULL && i < G_N_ELEMENTS(states); i++)
        if (g_ascii_strcasecmp(state, states[i].state) == 0)
            return states[i].kind;
    /* the older form tells it with a number alone */
    if (state == NULL && number_of(answer, "status_code") == 1111)
        return NSK_SIGNER_FAULT_NONE;
    return number_of(answer, "status_code") == CODE_NO_USER ? NSK_SIGNER_FAULT_ABSENT
                                                            : NSK_SIGNER_FAULT_REFUSED;
}

NskSignerFaultKind
bsre_read_error(const NskJson *answer, const char **out_words)
{
    static const char *const names[] = { "error", "message", NULL };

    *out_words = first_text(answer, names);
    switch (number_of(answer, "status_code")) {
    case CODE_NO_USER:
        return NSK_SIGNER_FAULT_ABSENT;
    case CODE_PASSWORD:
        return NSK_SIGNER_FAULT_SECRET;
    default:
        return NSK_SIGNER_FAULT_NONE;
    }
}

bool
bsre_is_update(GBytes *sent, GBytes *answer)
{
    gsize sent_size, size;
    const char *before = g_bytes_get_data(sent, &sent_size);
    const char *data = g_bytes_get_data(answer, &size);

    if (size <= sent_size || memcmp(data, before, sent_size) != 0)
        return false;
    size_t tail = MIN(PDF_TAIL, size - sent_size);
    return memmem(data + size - tail, tail, "%%EOF", 5) != NULL;
}
