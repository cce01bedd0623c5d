/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the handles of one process share: the one writer.  (See office.h.)
 */
#include "office/office-private.h"

struct _NskOfficeService {
    char *dir;
    NskDbWriter *writer;
};

NskOfficeService *
nsk_office_service_start(const char *dir, GError **error)
{
    g_autofree char *path = nsk_office_path(dir, "office.db");
    NskDbWriter *writer = nsk_db_writer_open(path, error);

    if (writer == NULL)
        return NULL;
    NskOfficeService *self = g_new0(NskOfficeService, 1);
    self->dir = g_strdup(dir);
    self->writer = writer;
    return self;
}

void
nsk_office_service_stop(NskOfficeService *self)
{
    if (self == NULL)
        return;
    nsk_db_writer_free(self->writer);
    g_free(self->dir);
    g_free(self);
}

bool
nsk_office_service_commit(NskOfficeService *self,
                          const NskChange *change,
                          char **out_answer,
                          GError **error)
{
    return nsk_db_writer_commit(self->writer, change, out_answer, error);
}

void
nsk_office_service_get_stats(NskOfficeService *self, NskOfficeStats *out_stats)
{
    NskDbWriterStats stats;

    nsk_db_writer_get_stats(self->writer, &stats);
    *out_stats = (NskOfficeStats){ .changes = stats.changes,
                                   .batches = stats.batches,
                                   .refused = stats.refused,
                                   .syncs = stats.syncs };
}
