/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "render/render.h"

/*
 * Render jobs of test letters, with names out of the demo office's directory.
 *
 * As the office does it, but simply: the holder of a position is the last one that the directory
 * names in that capacity.
 */
typedef struct {
    NskXmlDoc *directory;
    NskProfile *profile;
    NskXmlDoc *agency; /* other names of units and positions; NULL: those of the directory */
    GHashTable *kinds; /* id -> NskKind */
} DemoForms;

DemoForms *demo_forms_new(void);
void demo_forms_free(DemoForms *self);
/* Takes the built-in profile @id, and the names that tests/data/agencies has for it. */
void demo_forms_use_profile(DemoForms *self, const char *id);
const NskKind *demo_forms_kind(DemoForms *self, const char *id);

typedef struct {
    NskRenderJob job;
    GPtrArray *texts; /* owned strings of the job */
    GBytes *letter;
    NskXmlDoc *doc;
    NskRenderParty *addressees;
    NskRenderParty *copies;
    NskRenderSignatory *signatories;
} DemoJob;

/* @name: "singkat" of tests/data/letters, or "surat-dinas.sample" of the built-in ones. */
DemoJob *demo_job_new(DemoForms *forms, const char *name);
/* The same of a letter's bytes; takes @letter. */
DemoJob *demo_job_new_for(DemoForms *forms, const char *name, GBytes *letter);
void demo_job_free(DemoJob *self);
/* The codes of the unit that issues the letter, from the highest down; the root of all has none. */
void demo_job_unit_codes(DemoForms *forms, const DemoJob *self, const char *out_codes[2]);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(DemoForms, demo_forms_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DemoJob, demo_job_free)
