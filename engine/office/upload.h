/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/office.h"

/*
 * Files that come in pieces, so that a weak line, or a server that dies, costs a piece and not the
 * file.
 *
 * An upload is its maker's alone: to everybody else it does not exist (NOT_FOUND).  What was
 * answered for is on the disk.  It lasts a day; once it is part of a letter, some minutes, in which
 * a repeated request finds it.  A handle: one thread at a time; several handles may take pieces of
 * one upload, of which one is told BUSY.  Errors as in office.h.
 */

#define NSK_UPLOAD_SIZE  ((int64_t)200 * 1024 * 1024) /* most bytes of a file */
#define NSK_UPLOAD_PIECE ((int64_t)16 * 1024 * 1024)  /* most bytes of a piece */

/* Borrowed. */
typedef struct {
    const char *name;   /* what the sender calls it: a file's name without a folder */
    int64_t size;       /* bytes, 1 to NSK_UPLOAD_SIZE */
    const char *sha256; /* lower-case hex; NULL: the sender does not say */
} NskUploadWish;
/* Result as of nsk_office_upload_show().  Errors: INVALID; LIMIT for a file that is too large, or a
 * person with too many; BUSY without room on the disk. */
bool nsk_office_upload_make(NskOffice *self,
                            const NskUploadWish *wish,
                            NskJson **out_result,
                            GError **error);
/* Result: upload (its id), name, size, offset (bytes that are here for good), sha256 (null until
 * all are), until. */
bool nsk_office_upload_show(NskOffice *self, const char *id, NskJson **out_result, GError **error);
/* Result: uploads, those of the person that no letter has yet. */
bool nsk_office_upload_list(NskOffice *self, NskJson **out_result, GError **error);

typedef struct {
    const char *upload; /* its id */
    int64_t offset;     /* where the piece begins */
    int fd;             /* a file that is the piece; borrowed */
    int64_t size;       /* bytes of it */
} NskUploadPiece;
/*
 * Result as of nsk_office_upload_show(), after the piece is durable.  Errors: CONFLICT for another
 * offset than the upload's; LIMIT for a piece behind the file's end; BUSY while another piece is
 * taken; UNTRUSTED for a whole file that has not the promised digest: it is thrown away.
 */
bool nsk_office_upload_add(NskOffice *self,
                           const NskUploadPiece *piece,
                           NskJson **out_result,
                           GError **error);
/* Throws it away. */
bool nsk_office_upload_drop(NskOffice *self, const char *id, GError **error);

/* A file that is here whole, as it was sent. */
typedef struct {
    char *id;
    char *name;
    char *path; /* of the open file; as long as this */
    int64_t size;
    char *sha256; /* lower-case hex */
    int fd;       /* at its beginning */
} NskUploaded;
void nsk_uploaded_free(NskUploaded *self);
/* Reads it once to see that it is what came.  Errors: INVALID while parts are missing; CORRUPT. */
bool
nsk_office_upload_open(NskOffice *self, const char *id, NskUploaded **out_uploaded, GError **error);
/* It is part of a letter now; what fails here is left to nsk_office_forget_uploads(). */
void nsk_office_upload_use(NskOffice *self, const NskUploaded *uploaded);

/* Of the server's own worker: throws away what is over. */
bool nsk_office_forget_uploads(NskOffice *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskUploaded, nsk_uploaded_free)
