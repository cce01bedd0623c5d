/* SPDX-License-Identifier: GPL-3.0-or-later */
static const char *const words[] = {
    N_("good %s"),
    N_("wrong %d"),
    N_("forgotten"), /* expect: not in id.po */
};
