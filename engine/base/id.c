/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/id.h"

#include "base/bytes.h"

#include <string.h>
#include <sys/random.h>

#define MAX_NAME_LEN 64

char *
nsk_id_new(const NskClock *clock)
{
    uint64_t ms = (uint64_t)(nsk_clock_now(clock) / 1000);
    uint8_t id[16];

    if (getrandom(id, sizeof id, 0) != (ssize_t)sizeof id)
        g_error("the system gives no random bytes"); /* nothing is safe without them */
    for (int i = 0; i < 6; i++)
        id[i] = (uint8_t)(ms >> (40 - 8 * i));
    id[6] = (uint8_t)(0x70 | (id[6] & 0x0f)); /* version 7 */
    id[8] = (uint8_t)(0x80 | (id[8] & 0x3f)); /* variant */

    g_autofree char *hex = nsk_hex(id, sizeof id);
    return g_strdup_printf("%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

bool
nsk_id_is_valid(const char *text)
{
    if (strlen(text) != NSK_ID_LEN)
        return false;
    for (int i = 0; i < NSK_ID_LEN; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (dash ? text[i] != '-' : strchr("0123456789abcdef", text[i]) == NULL)
            return false;
    }
    return true;
}

bool
nsk_name_is_valid(const char *text)
{
    size_t len = strlen(text);

    if (len == 0 || len > MAX_NAME_LEN || text[0] == '-' || text[0] == '.' || text[0] == '_' ||
        strstr(text, "..") != NULL || g_str_has_suffix(text, ".lock") || text[len - 1] == '.')
        return false;
    return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-._") == len;
}
