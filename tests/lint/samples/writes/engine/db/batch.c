/* SPDX-License-Identifier: GPL-3.0-or-later */
static const char sql_begin[] = "BEGIN IMMEDIATE";
