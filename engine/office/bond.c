/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a paraf binds.
 *
 * To describe a letter it must be read and parsed, which takes longer than all the rest of a paraf.
 * The reviewers of a letter mostly bind the same content, so descriptions are kept for a while, by
 * that content's digest and the number: both together say all that a description is made of.
 */
#include "office/office-private.h"

#include <string.h>

#define KEPT_MOST 4096

struct _NskBonds {
    GMutex lock;
    GHashTable *known; /* NskBond -> itself */
};

static guint
hash_bond(gconstpointer key)
{
    guint hash;

    memcpy(&hash, ((const NskBond *)key)->content, sizeof hash);
    return hash;
}

static gboolean
equal_bonds(gconstpointer a, gconstpointer b)
{
    const NskBond *x = a, *y = b;

    return memcmp(x->content, y->content, sizeof x->content) == 0 &&
           g_strcmp0(x->number, y->number) == 0;
}

static void
free_bond(gpointer data)
{
    nsk_bond_clear(data);
    g_free(data);
}

NskBonds *
nsk_bonds_new(void)
{
    NskBonds *self = g_new0(NskBonds, 1);

    g_mutex_init(&self->lock);
    self->known = g_hash_table_new_full(hash_bond, equal_bonds, free_bond, NULL);
    return self;
}

void
nsk_bonds_free(NskBonds *self)
{
    if (self == NULL)
        return;
    g_hash_table_unref(self->known);
    g_mutex_clear(&self->lock);
    g_free(self);
}

void
nsk_bond_clear(NskBond *self)
{
    g_clear_pointer(&self->number, g_free);
    g_clear_pointer(&self->cms, g_free);
}

bool
nsk_bond_holds(const NskBond *self, const NskLetterRow *row)
{
    return self->n_objects > 0 && memcmp(self->content, row->content, sizeof row->content) == 0 &&
           g_strcmp0(self->number, row->number) == 0;
}

/* A bond of @row's content, without objects. */
static NskBond
begin_bond(const NskLetterRow *row)
{
    NskBond bond = { .number = g_strdup(row->number) };

    memcpy(bond.content, row->content, sizeof bond.content);
    return bond;
}

/* Fills @bond from what is known. */
static bool
recall(NskBonds *self, NskBond *bond)
{
    g_mutex_lock(&self->lock);
    const NskBond *known = g_hash_table_lookup(self->known, bond);
    if (known != NULL) {
        memcpy(bond->objects, known->objects, sizeof bond->objects);
        bond->n_objects = known->n_objects;
    }
    g_mutex_unlock(&self->lock);
    return known != NULL;
}

static void
keep(NskBonds *self, const NskBond *bond)
{
    NskBond *copy = g_memdup2(bond, sizeof *bond);

    copy->number = g_strdup(bond->number);
    g_mutex_lock(&self->lock);
    if (g_hash_table_size(self->known) >= KEPT_MOST)
        g_hash_table_remove_all(self->known);
    g_hash_table_add(self->known, copy);
    g_mutex_unlock(&self->lock);
}

/* The files attached to a letter as one object: the digest of their names, sizes and digests, and
 * how many there are. */
static NskJournalObject
describe_files(const NskLetterFacts *facts)
{
    NskJournalObject files = { .kind = "attachments" };
    g_autoptr(NskSha256) sha = nsk_sha256_new();

    for (size_t i = 0; i < facts->n_attachments; i++) {
        const NskLetterAttachment *file = &facts->attachments[i];

        if (file->file_sha256 == NULL)
            continue;
        g_autofree char *line = g_strdup_printf("%s %" G_GUINT64_FORMAT " %s\n", file->file_sha256,
                                                file->file_size, file->file_name);
        nsk_sha256_add(sha, line, strlen(line));
        files.size++;
    }
    nsk_sha256_finish(sha, files.sha256);
    return files;
}

static bool
describe(NskDbTxn *txn, const NskLetterRow *row, NskBond *bond, GError **error)
{
    g_autoptr(NskLetter) letter = nsk_office_read_letter(txn, row->id, error);

    if (letter == NULL)
        return false;
    g_autoptr(GBytes) bytes = nsk_letter_canonical(letter);
    bond->objects[0] =
        (NskJournalObject){ .kind = "content", .size = (int64_t)g_bytes_get_size(bytes) };
    memcpy(bond->objects[0].sha256, row->content, sizeof row->content);
    bond->objects[1] = describe_files(nsk_letter_get_facts(letter));
    bond->n_objects = bond->objects[1].size > 0 ? 2 : 1;
    return true;
}

bool
nsk_bond_make(NskOffice *office,
              NskDbTxn *txn,
              const NskLetterRow *row,
              NskBond *out_bond,
              GError **error)
{
    NskBonds *known =
        office->service != NULL ? nsk_office_service_get_bonds(office->service) : NULL;
    g_auto(NskBond) bond = begin_bond(row);

    if (known == NULL || !recall(known, &bond)) {
        if (!describe(txn, row, &bond, error))
            return false;
        if (known != NULL)
            keep(known, &bond);
    }
    nsk_bond_clear(out_bond);
    *out_bond = bond;
    bond.number = NULL;
    return true;
}
