/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <git2.h>
#include <git2/sys/midx.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/refdb_backend.h>
#include <git2/sys/refs.h>
#include <git2/sys/repository.h>

/*
 * libgit2, loaded by nsk_git_init(): it brings libraries for fetching over networks, which the
 * store never does and most commands need not wait for.
 */

/* What is used of it. */
#define NSK_GIT_FUNCTIONS(X)                                                                       \
    X(buf_dispose)                                                                                 \
    X(commit_author)                                                                               \
    X(commit_free)                                                                                 \
    X(commit_lookup)                                                                               \
    X(commit_message)                                                                              \
    X(error_last)                                                                                  \
    X(error_set_str)                                                                               \
    X(libgit2_init)                                                                                \
    X(midx_writer_add)                                                                             \
    X(midx_writer_dump)                                                                            \
    X(midx_writer_free)                                                                            \
    X(midx_writer_new)                                                                             \
    X(odb_add_backend)                                                                             \
    X(odb_backend_data_alloc)                                                                      \
    X(odb_backend_one_pack)                                                                        \
    X(odb_exists_ext)                                                                              \
    X(odb_free)                                                                                    \
    X(odb_hash)                                                                                    \
    X(odb_init_backend)                                                                            \
    X(odb_new)                                                                                     \
    X(odb_object_data)                                                                             \
    X(odb_object_free)                                                                             \
    X(odb_object_size)                                                                             \
    X(odb_object_type)                                                                             \
    X(odb_open)                                                                                    \
    X(odb_read)                                                                                    \
    X(refdb_free)                                                                                  \
    X(refdb_init_backend)                                                                          \
    X(refdb_new)                                                                                   \
    X(refdb_set_backend)                                                                           \
    X(reference__alloc)                                                                            \
    X(reference_free)                                                                              \
    X(repository_free)                                                                             \
    X(repository_set_refdb)                                                                        \
    X(repository_wrap_odb)                                                                         \
    X(revwalk_free)                                                                                \
    X(revwalk_new)                                                                                 \
    X(revwalk_next)                                                                                \
    X(revwalk_push_ref)                                                                            \
    X(revwalk_sorting)

#define NSK_GIT_MEMBER(name) __typeof__(&git_##name) name;
typedef struct {
    NSK_GIT_FUNCTIONS(NSK_GIT_MEMBER)
} NskGit;

extern NskGit nsk_git;
