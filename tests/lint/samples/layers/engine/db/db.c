/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/thing-private.h" /* expect: private to base */
#include <sqlite3.h>
