/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/statement.h"

#include "base/json.h"

#include <string.h>

GBytes *
nsk_statement_write(const NskStatement *self, const NskStatementObject *objects, size_t n_objects)
{
    g_autoptr(NskJson) json = nsk_json_object();

    for (size_t i = 0; i < n_objects; i++)
        nsk_json_set_text(json, objects[i].kind, objects[i].sha256);
    nsk_json_set_text(json, "at", self->at);
    nsk_json_set_text(json, "capacity", self->capacity != NULL ? self->capacity : "definitive");
    nsk_json_set_text(json, "decision", "approve");
    nsk_json_set_text(json, "letter", self->letter);
    nsk_json_set_text(json, "person", self->person);
    nsk_json_set_text(json, "position", self->position);
    char *text = nsk_json_canonical(json);
    return g_bytes_new_take(text, strlen(text));
}
