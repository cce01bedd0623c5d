/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/limits.h"
#include "db/db.h" /* expect: flow may not include db/db.h */
#include <sqlite3.h> /* expect: only db may include <sqlite3.h> */
