/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Records of a zip archive: their first four bytes, and their sizes without names (APPNOTE 4.3). */
#define NSK_ZIP_LOCAL        0x04034b50u
#define NSK_ZIP_CENTRAL      0x02014b50u
#define NSK_ZIP_END          0x06054b50u
#define NSK_ZIP_LOCAL_SIZE   30
#define NSK_ZIP_CENTRAL_SIZE 46
#define NSK_ZIP_END_SIZE     22
#define NSK_ZIP_UTF8         0x0800u /* flag: the name is UTF-8 */
/* What every member of ours says. */
#define NSK_ZIP_VERSION    20      /* needed to take it out: 2.0 */
#define NSK_ZIP_MADE_BY    0x0314u /* on Unix */
#define NSK_ZIP_FIRST_DAY  0x0021u /* 1980-01-01, at midnight */
#define NSK_ZIP_PLAIN_FILE (0100644u << 16)
