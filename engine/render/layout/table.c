/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/layout/layout.h"

void
nsk_table_add(NskBuilder *builder, NskFoNode *table)
{
    nsk_fo_error(nsk_builder_layout(builder)->tree, table, "fo-element", "table is not supported");
}
