/* SPDX-License-Identifier: BSD-3-Clause */
/* save_file: the file of a saved network, and the stream of numbers through which its parts are
 * written and read. All words and doubles are little-endian:
 *
 *     magic       8 bytes, SAVE_MAGIC
 *     version     u32, SAVE_VERSION
 *     reserved    u32, 0
 *     length      u64, of the file
 *     model       32 bytes, the network's digest
 *     sections    each: u32 its kind, u32 0, u64 how many bytes follow; then these
 *     hash        32 bytes: SHA-256 of all before
 *
 * The same code says what a section holds whether it is counted, written, checked or read: each
 * function takes a value and gives back the file's, or the value itself where it is written. */
#ifndef HK_CORE_SAVE_FILE_H
#define HK_CORE_SAVE_FILE_H
#include "hash.h"
#include "hillock/context.h"
#include <stdio.h>

#define SAVE_MAGIC "hk save" /* 8 bytes with its final zero */
#define SAVE_VERSION 1

enum save_way {
    SAVE_COUNT, /* adds up how long it is */
    SAVE_WRITE,
    SAVE_CHECK, /* goes through the file and changes nothing */
    SAVE_READ
};

struct save_stream {
    hk_context *ctx;
    const char *path;
    enum save_way way;
    uint64_t length; /* SAVE_COUNT */
    FILE *file;      /* SAVE_WRITE, by way of `room` */
    struct hash hash;
    size_t used;
    unsigned char room[1 << 16];
    const unsigned char *at; /* SAVE_CHECK and SAVE_READ */
    uint64_t left;
    bool is_short; /* more was asked for than is there: values are 0 from then on */
};

uint64_t save_word(struct save_stream *s, uint64_t value);
double save_double(struct save_stream *s, double value);

/* The value, which SAVE_READ alone changes. */
void save_value(struct save_stream *s, double *value);

/* Bytes; gives where they are in the file (SAVE_CHECK, SAVE_READ) or the bytes themselves; NULL
 * where it is short. */
const void *save_bytes(struct save_stream *s, const void *bytes, uint64_t n);

static inline bool save_is_read(const struct save_stream *s) {
    return s->way >= SAVE_CHECK;
}

/* HK_SYNTAX: the file is damaged, and how. */
hk_status save_damaged(const struct save_stream *s, const char *how);

/* ---- the file as a whole */

/* What a section holds. */
struct save_part {
    const char *name; /* 4 letters */
    hk_status (*pass)(struct save_stream *s, void *all);
};

/* Writes PATH.part, with the parts in this order, makes sure that it is on disk, and gives it its
 * name. Where it fails (HK_FILE, or a part does), what was at path stays there. */
hk_status save_file_write(hk_context *ctx, const char *path, const unsigned char digest[32],
                          const struct save_part *part, uint32_t n_part, void *all);

struct save_file {
    unsigned char *byte; /* all of it */
    uint64_t length;
    unsigned char digest[32]; /* of the model */
};

/* Reads the file and holds it against its length and hash. HK_FILE: it cannot be read; HK_SYNTAX:
 * it is none, of another version, cut short or altered. */
hk_status save_file_open(hk_context *ctx, const char *path, struct save_file *out);
void save_file_close(struct save_file *file);

/* Goes through all parts, which must be those that the file has; SAVE_CHECK or SAVE_READ. */
hk_status save_file_pass(hk_context *ctx, const char *path, const struct save_file *file,
                         enum save_way way, const struct save_part *part, uint32_t n_part,
                         void *all);

#endif
