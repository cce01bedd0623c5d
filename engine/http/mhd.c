/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/mhd.h"

#include "base/late.h"

NskMhd nsk_mhd;

bool
nsk_mhd_load(GError **error)
{
#define NAMED(name) { "MHD_" #name, &nsk_mhd.name },
    static const NskLateFunction functions[] = { NSK_MHD_FUNCTIONS(NAMED){ NULL, NULL } };
    static const NskLateLibrary library = { "libmicrohttpd.so.12", "libmicrohttpd12", functions,
                                            NULL };
    static const char *missing;
    static gsize done;

    return nsk_late_load(&library, &done, &missing, error);
}
