/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exit statuses: a table over the error code alone. */
#include "cli/cli.h"

int
nsk_cli_exit_status(const GError *error)
{
    static const int statuses[] = {
        [NSK_ERROR_INVALID] = 1,    [NSK_ERROR_NOT_FOUND] = 3, [NSK_ERROR_CONFLICT] = 6,
        [NSK_ERROR_DENIED] = 7,     [NSK_ERROR_BUSY] = 75,     [NSK_ERROR_LIMIT] = 1,
        [NSK_ERROR_IO] = 75,        [NSK_ERROR_CORRUPT] = 4,   [NSK_ERROR_UNTRUSTED] = 4,
        [NSK_ERROR_EXPIRED] = 7,    [NSK_ERROR_CANCELLED] = 1, [NSK_ERROR_UNSUPPORTED] = 1,
        [NSK_ERROR_UNCERTAIN] = 75, [NSK_ERROR_INTERNAL] = 1,  [NSK_ERROR_GONE] = 3,
    };

    if (error->domain == G_OPTION_ERROR)
        return 2;
    if (error->domain != NSK_ERROR || (size_t)error->code >= G_N_ELEMENTS(statuses))
        return 1;
    return statuses[error->code];
}
