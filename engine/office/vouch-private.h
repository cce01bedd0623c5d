/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/log-private.h"

/* Every time stamp and cosignature that is kept must be of this log and of its tree; findings have
 * the tags audit-anchor and audit-cosigned.  Fills in, of the result of nsk_office_audit_verify(),
 * what it says of them.  Errors: IO. */
bool nsk_log_check_vouched(NskOffice *office, NskIssues *issues, NskJson *result, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
